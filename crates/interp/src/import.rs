//! What the import statement needs beyond `__import__`: the errors of `from … import`.
//!
//! Invariant: the machinery itself is `importlib`'s; nothing here finds or loads modules.

use taipan_heap::{Obj, Value};
use taipan_objects::builtins::exception::BaseException;
use taipan_objects::builtins::str::Str;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// The ImportError of `from module import name`.
#[cold]
pub(crate) fn cannot_import_name(vm: &Vm, module: &Value, package: Option<Value>, name: &Obj<Str>) -> Raised {
    match describe(vm, module, package, name) {
        Ok(raised) | Err(raised) => raised,
    }
}

fn describe(vm: &Vm, module: &Value, package: Option<Value>, name: &Obj<Str>) -> PyResult<Raised> {
    let shown = package.as_ref().map_or_else(|| "<unknown module name>".to_owned(), Str::display);
    let file = vm.find_attr(module, &vm.names().__file__)?.filter(|file| file.downcast::<Str>().is_some());
    let place = file.as_ref().map_or_else(|| "unknown location".to_owned(), Str::display);
    let message = format!("cannot import name '{}' from '{shown}' ({place})", name.to_lossy());
    let message = Str::new(vm, &message)?;
    let error = BaseException::make(vm, &vm.types().import_error, &[message.into()])?;
    let error_value = error.to_value();
    for (field, value) in [("name", package), ("path", file), ("name_from", Some(name.to_value()))] {
        if let Some(value) = value {
            let field = vm.intern(field)?;
            vm.set_attr(&error_value, &field, value)?;
        }
    }
    Ok(vm.raise(error))
}
