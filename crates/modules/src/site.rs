//! What CPython's `site` adds to `builtins` for people at the prompt: `exit`, `quit`, `copyright`, `credits`, `license`, `help`.
//!
//! Invariant: nothing is imported before one of them is called.

use taipan_heap::{Obj, Payload, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::str::Str;
use taipan_objects::native::Args;
use taipan_objects::vm::{PyResult, Vm};

/// Puts the names into `builtins`.
pub fn install(vm: &Vm) -> PyResult<()> {
    let builtins = taipan_interp::builtins_dict(vm)?;
    for name in ["quit", "exit"] {
        let quitter = vm.alloc(&*vm.native_type(Quitter::spec())?, Quitter { name })?;
        builtins.set_text(vm, name, quitter.into())?;
    }
    let printer = |text: String| vm.alloc(&*vm.native_type(Printer::spec())?, Printer { text });
    let copyright = super::sys::attribute(vm, "copyright")?.map_or_else(String::new, |text| Str::display(&text));
    builtins.set_text(vm, "copyright", printer(copyright)?.into())?;
    let credits = "Taipan stands on the work of many: the authors of Python and its library, of the ruff parser, \
                   and of the crates that its ARCHITECTURE.md lists.";
    builtins.set_text(vm, "credits", printer(credits.into())?.into())?;
    let license = "Taipan's licence is in the file LICENSE of its source; the library's is Python's own.";
    builtins.set_text(vm, "license", printer(license.into())?.into())?;
    let helper = vm.alloc(&*vm.native_type(Helper::spec())?, Helper {})?;
    builtins.set_text(vm, "help", helper.into())
}

/// `exit` and `quit`
#[derive(Payload)]
#[payload(name = "Quitter")]
pub struct Quitter {
    name: &'static str,
}

/// Ends the program when it is called.
#[pytype(name = "Quitter", module = "_sitebuiltins")]
impl Quitter {
    #[slot]
    fn repr(this: &Obj<Quitter>, vm: &Vm) -> PyResult<Value> {
        Ok(Str::new(vm, &format!("Use {}() or Ctrl-D (i.e. EOF) to exit", this.name))?.into())
    }

    /// The name under which it stands in builtins.
    #[getter]
    fn name(this: &Obj<Quitter>) -> &'static str {
        this.name
    }

    /// The key that ends the input.
    #[getter]
    fn eof(this: &Obj<Quitter>) -> &'static str {
        let _ = this;
        "Ctrl-D (i.e. EOF)"
    }

    #[slot]
    fn call(this: &Obj<Quitter>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let code = match (args.values, args.names) {
            ([], []) => None,
            ([code], names) if names.is_empty() || Str::is_text(&names[0], "code") => Some(code.clone()),
            (_, [name, ..]) => {
                let name = Str::display(name);
                return Err(vm.type_error(format!("Quitter.__call__() got an unexpected keyword argument '{name}'")));
            }
            (values, []) => {
                let given = values.len() + 1;
                return Err(vm.type_error(format!(
                    "Quitter.__call__() takes from 1 to 2 positional arguments but {given} were given"
                )));
            }
        };
        let _ = this;
        // A loop that reads standard input, such as an embedded shell, is to see its end.
        if let Ok(Some(stdin)) = super::sys::attribute(vm, "stdin")
            && let Err(raised) = vm.call_method(&stdin, &*vm.intern("close")?, &[])
        {
            drop(vm.take_exception(raised));
        }
        let exception = vm.new_exception(&vm.types().system_exit, &[code.unwrap_or(taipan_objects::builtins::NONE)])?;
        Err(vm.raise(exception))
    }
}

/// `copyright`, `credits`, `license`
#[derive(Payload)]
#[payload(name = "_Printer")]
pub struct Printer {
    text: String,
}

/// Prints its text when it is called or shown.
#[pytype(name = "_Printer", module = "_sitebuiltins")]
impl Printer {
    #[slot]
    fn repr(this: &Obj<Printer>, vm: &Vm) -> PyResult<Value> {
        Ok(Str::new(vm, &this.text)?.into())
    }

    #[slot]
    fn call(this: &Obj<Printer>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        if !args.values.is_empty() {
            let given = args.values.len() + 1;
            return Err(
                vm.type_error(format!("_Printer.__call__() takes 1 positional argument but {given} were given"))
            );
        }
        let print = taipan_interp::builtins_dict(vm)?.get_text(vm, "print")?;
        match print {
            Some(print) => vm.call(&print, &[Str::new(vm, &this.text)?.into()]),
            None => Err(vm.name_error("name 'print' is not defined")),
        }
    }
}

/// `help`
#[derive(Payload)]
#[payload(name = "_Helper")]
pub struct Helper {}

/// Shows documentation, through the library's `pydoc`.
#[pytype(name = "_Helper", module = "_sitebuiltins")]
impl Helper {
    #[slot]
    fn repr(this: &Obj<Helper>, vm: &Vm) -> PyResult<Value> {
        let _ = this;
        Ok(Str::new(vm, "Type help() for interactive help, or help(object) for help about object.")?.into())
    }

    #[slot]
    fn call(this: &Obj<Helper>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = this;
        let pydoc = taipan_interp::import::import_absolute(vm, "pydoc")?;
        let help = vm.get_attr_text(&pydoc, "help")?;
        taipan_objects::types::call::call(vm, &help, args)
    }
}
