//! `print`, `input`, `breakpoint`.
//!
//! Invariant: a text file of the native type is written to directly; anything else through its methods.

use crate::io_module::text_io::TextIoWrapper;
use taipan_heap::{Obj, Value, flags};
use taipan_macros::pymodule;
use taipan_objects::builtins::{is_none, str::Str};
use taipan_objects::native::FuncArgs;
use taipan_objects::types::call::call;
use taipan_objects::vm::{PyResult, Vm};

/// Attribute `name` of the module `sys`.
pub fn sys_attribute(vm: &Vm, name: &str) -> PyResult<Option<Value>> {
    let Some(modules) = vm.interp().modules.get() else { return Ok(None) };
    match modules.get_text(vm, "sys")? {
        Some(sys) => vm.find_attr(&sys, &*vm.intern(name)?),
        None => Ok(None),
    }
}

/// Functions of the standard streams.
#[pymodule(name = "builtins")]
pub mod functions {
    use super::*;

    /// Call sys.breakpointhook(*args, **kws).
    ///
    /// sys.breakpointhook() must accept whatever arguments are passed.
    ///
    /// By default, this drops you into the pdb debugger.
    #[function]
    pub fn breakpoint(vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        match sys_attribute(vm, "breakpointhook")? {
            Some(hook) => call(vm, &hook, args.0),
            None => Err(vm.runtime_error("lost sys.breakpointhook")),
        }
    }

    /// Read a string from standard input.  The trailing newline is stripped.
    ///
    /// The prompt string, if given, is printed to standard output without a
    /// trailing newline before reading input.
    ///
    /// If the user hits EOF (*nix: Ctrl-D, Windows: Ctrl-Z+Return), raise EOFError.
    /// On *nix systems, readline is used if available.
    #[function(sig = "prompt='', /")]
    pub fn input(vm: &Vm, prompt: Option<&Value>) -> PyResult<Value> {
        let [stdin, stdout, stderr] = [stream(vm, "stdin")?, stream(vm, "stdout")?, stream(vm, "stderr")?];
        let names = vm.names();
        let flushed = vm.call_method(&stderr, &names.flush, &[]);
        vm.catch(flushed, &vm.types().exception)?;
        if let Some(prompt) = prompt {
            let prompt = vm.str(prompt)?;
            write(vm, &stdout, &prompt)?;
        }
        let flushed = vm.call_method(&stdout, &names.flush, &[]);
        vm.catch(flushed, &vm.types().exception)?;
        let line = vm.call_method(&stdin, &names.readline, &[])?;
        let Some(text) = line.downcast::<Str>() else {
            return Err(vm.type_error("object.readline() returned non-string"));
        };
        match text.len() {
            0 => Err(vm.eof_error("EOF when reading a line")),
            len if text.point(len - 1) == 0x0A => Ok(Str::part(vm, text, 0..len - 1)?.into()),
            _ => Ok(line.clone()),
        }
    }

    /// Prints the values to a stream, or to sys.stdout by default.
    ///
    ///   sep
    ///     string inserted between values, default a space.
    ///   end
    ///     string appended after the last value, default a newline.
    ///   file
    ///     a file-like object (stream); defaults to the current sys.stdout.
    ///   flush
    ///     whether to forcibly flush the stream.
    #[function(sig = "*args, sep=' ', end='\\n', file=None, flush=False")]
    pub fn print(
        vm: &Vm,
        args: taipan_objects::native::Rest<'_>,
        sep: Option<&Value>,
        end: Option<&Value>,
        file: Option<&Value>,
        flush: Option<&Value>,
    ) -> PyResult<()> {
        let file = match file.filter(|file| !is_none(file)) {
            Some(file) => file.clone(),
            None => match sys_attribute(vm, "stdout")? {
                Some(file) if is_none(&file) => return Ok(()),
                Some(file) => file,
                None => return Err(vm.runtime_error("lost sys.stdout")),
            },
        };
        let sep = separator(vm, "sep", sep)?;
        let end = separator(vm, "end", end)?;
        let (space, newline) = (vm.intern(" ")?, vm.intern("\n")?);
        for (index, value) in args.0.iter().enumerate() {
            if index > 0 {
                write(vm, &file, sep.unwrap_or(&space))?;
            }
            let text = vm.str(value)?;
            write(vm, &file, &text)?;
        }
        write(vm, &file, end.unwrap_or(&newline))?;
        match flush {
            Some(flush) if vm.is_true(flush)? => vm.call_method(&file, &vm.names().flush, &[]).map(drop),
            _ => Ok(()),
        }
    }
}

fn stream(vm: &Vm, name: &str) -> PyResult<Value> {
    match sys_attribute(vm, name)?.filter(|stream| !is_none(stream)) {
        Some(stream) => Ok(stream),
        None => Err(vm.runtime_error(format!("input(): lost sys.{name}"))),
    }
}

fn separator<'a>(vm: &Vm, name: &str, value: Option<&'a Value>) -> PyResult<Option<&'a Obj<Str>>> {
    let Some(value) = value.filter(|value| !is_none(value)) else { return Ok(None) };
    match value.downcast::<Str>() {
        Some(text) => Ok(Some(text)),
        None => {
            let given = vm.type_name(value);
            Err(vm.type_error(format!("{name} must be None or a string, not {given}")))
        }
    }
}

fn write(vm: &Vm, file: &Value, text: &Obj<Str>) -> PyResult<()> {
    if file.header().is_some_and(|header| header.kind().has(flags::EXACT))
        && let Some(native) = file.downcast::<TextIoWrapper>()
    {
        return TextIoWrapper::write_text(native, vm, text).map(drop);
    }
    vm.call_method(file, &vm.names().write, &[text.to_value()]).map(drop)
}
