//! `_pickle`: values as a stream of operations that make them anew, and back.
//!
//! * `save`, `containers`, `reduce`, `plain`, `output` – the writing machine; `pickler` – its class.
//! * `load`, `text_operations`, `construct`, `source` – the reading machine; `unpickler` – its class.
//! * `buffer` – `PickleBuffer`; `opcodes` – the operations.
//!
//! Invariant: what is written is what the library's `pickle` would write, but for the places where frames end.

mod buffer;
mod construct;
mod containers;
mod load;
mod opcodes;
mod output;
mod pickler;
mod plain;
mod reduce;
mod save;
mod source;
mod text_operations;
mod unpickler;

pub use module::spec;

use std::cell::OnceCell;
use std::rc::Rc;
use taipan_heap::{Obj, Ref, Value};
use taipan_interp::import::import_absolute;
use taipan_macros::pymodule;
use taipan_objects::builtins::str::Str;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// What the library keeps for pickling, and the exception classes.
pub struct Library {
    error: Ref<Type>,
    pickling: Ref<Type>,
    unpickling: Ref<Type>,
    copyreg: Value,
    dispatch_table: Value,
    extensions: Value,
}

#[derive(Default)]
struct State(OnceCell<Rc<Library>>);

/// The interpreter's.
pub fn library(vm: &Vm) -> PyResult<Rc<Library>> {
    let state = vm.interp().state(State::default);
    if let Some(library) = state.0.get() {
        return Ok(library.clone());
    }
    let class = |name: &str, base: &Obj<Type>| crate::exception_class::exception_class(vm, "_pickle", name, base);
    let error = class("PickleError", &vm.types().exception)?;
    let copyreg = import_absolute(vm, "copyreg")?;
    let made = Library {
        pickling: class("PicklingError", &error)?,
        unpickling: class("UnpicklingError", &error)?,
        error,
        dispatch_table: vm.get_attr_text(&copyreg, "dispatch_table")?,
        extensions: vm.get_attr_text(&copyreg, "_extension_registry")?,
        copyreg,
    };
    Ok(state.0.get_or_init(|| Rc::new(made)).clone())
}

/// `PicklingError`
#[cold]
fn pickling_error(vm: &Vm, message: &str) -> Raised {
    library(vm).map_or_else(|raised| raised, |library| vm.raise_new(&library.pickling, message))
}

/// `UnpicklingError`
#[cold]
fn unpickling_error(vm: &Vm, message: &str) -> Raised {
    library(vm).map_or_else(|raised| raised, |library| vm.raise_new(&library.unpickling, message))
}

/// A table of the library's `_compat_pickle`.
fn compat(vm: &Vm, table: &str) -> PyResult<Value> {
    vm.get_attr_text(&import_absolute(vm, "_compat_pickle")?, table)
}

/// The attribute at the end of a dotted path.
fn dotted(vm: &Vm, object: &Value, path: &str) -> PyResult<Value> {
    path.split('.').try_fold(object.clone(), |object, name| vm.get_attr_text(&object, name))
}

/// A class's name with its module, if that needs telling.
fn shown_class(vm: &Vm, class: &Obj<Type>) -> String {
    let name = class.full_name(vm);
    name.strip_prefix("__main__.").map(str::to_owned).unwrap_or(name)
}

/// The name of a value's class.
fn class_name(vm: &Vm, value: &Value) -> String {
    shown_class(vm, vm.class_of(value))
}

fn text_option(vm: &Vm, function: &str, name: &str, value: Option<&Value>, default: &str) -> PyResult<String> {
    match value {
        None => Ok(default.to_owned()),
        Some(value) => match value.downcast::<Str>() {
            Some(text) => Ok(text.to_lossy().into_owned()),
            None => {
                let given = vm.given_name(value);
                Err(vm.type_error(format!("{function}() argument '{name}' must be str, not {given}")))
            }
        },
    }
}

/// Optimized C implementation for the Python pickle module.
#[pymodule(name = "_pickle", types(PickleBuffer, Pickler, Unpickler, PicklerMemoProxy, UnpicklerMemoProxy), init = fill)]
mod module {
    use super::buffer::PickleBuffer;
    use super::load::{Loader, Options};
    use super::pickler::{Pickler, PicklerMemoProxy};
    use super::save::{Saver, Settings};
    use super::source::Source;
    use super::unpickler::{Unpickler, UnpicklerMemoProxy};
    use super::*;
    use taipan_objects::builtins::buffer as memory;
    use taipan_objects::builtins::bytes::Bytes;
    use taipan_objects::builtins::module::{Module, ModuleObject};

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        let library = library(vm)?;
        module.set_attr(vm, "PickleError", library.error.to_value())?;
        module.set_attr(vm, "PicklingError", library.pickling.to_value())?;
        module.set_attr(vm, "UnpicklingError", library.unpickling.to_value())
    }

    /// Write a pickled representation of obj to the open file object file.
    ///
    /// This is equivalent to ``Pickler(file, protocol).dump(obj)``, but may
    /// be more efficient.
    #[function(sig = "obj, file, protocol=None, *, fix_imports=True, buffer_callback=None")]
    fn dump(
        vm: &Vm,
        obj: &Value,
        file: &Value,
        protocol: Option<&Value>,
        fix_imports: bool,
        buffer_callback: Option<&Value>,
    ) -> PyResult<()> {
        let settings = Settings::new(vm, protocol, fix_imports, buffer_callback)?;
        let write = super::pickler::write_method(vm, file)?;
        let mut saver = Saver::new(vm, settings)?;
        saver.closed = true;
        saver.dump(obj, Some(write)).map(drop)
    }

    /// Return the pickled representation of the object as a bytes object.
    #[function(sig = "obj, protocol=None, *, fix_imports=True, buffer_callback=None")]
    fn dumps(
        vm: &Vm,
        obj: &Value,
        protocol: Option<&Value>,
        fix_imports: bool,
        buffer_callback: Option<&Value>,
    ) -> PyResult<Ref<Bytes>> {
        let settings = Settings::new(vm, protocol, fix_imports, buffer_callback)?;
        let mut saver = Saver::new(vm, settings)?;
        saver.closed = true;
        let data = saver.dump(obj, None)?;
        Bytes::new(vm, &data)
    }

    /// Read and return an object from the pickle data stored in a file.
    ///
    /// This is equivalent to ``Unpickler(file).load()``, but may be more
    /// efficient.
    #[function(sig = "file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=()")]
    fn load(
        vm: &Vm,
        file: &Value,
        fix_imports: bool,
        encoding: Option<&Value>,
        errors: Option<&Value>,
        buffers: Option<&Value>,
    ) -> PyResult<Value> {
        let options = options(vm, "load", fix_imports, encoding, errors, buffers)?;
        let mut source = Source::of_file(vm, file)?;
        Loader::new(vm, &mut source, options).load()
    }

    /// Read and return an object from the given pickle data.
    #[function(sig = "data, /, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=()")]
    fn loads(
        vm: &Vm,
        data: &Value,
        fix_imports: bool,
        encoding: Option<&Value>,
        errors: Option<&Value>,
        buffers: Option<&Value>,
    ) -> PyResult<Value> {
        let options = options(vm, "loads", fix_imports, encoding, errors, buffers)?;
        let mut source = Source::of_bytes(memory::to_vec(vm, data)?);
        Loader::new(vm, &mut source, options).load()
    }

    fn options(
        vm: &Vm,
        function: &str,
        fix_imports: bool,
        encoding: Option<&Value>,
        errors: Option<&Value>,
        buffers: Option<&Value>,
    ) -> PyResult<Options> {
        Ok(Options {
            fix_imports,
            encoding: text_option(vm, function, "encoding", encoding, "ASCII")?,
            errors: text_option(vm, function, "errors", errors, "strict")?,
            buffers: super::unpickler::buffers_argument(vm, buffers)?,
        })
    }
}
