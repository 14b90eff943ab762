//! `import` statements.
//!
//! Invariant: the folder's (see `slow/mod.rs`).

use super::variables::load_locals;
use crate::eval::frame::Frame;
use taipan_heap::{Obj, Value};
use taipan_objects::builtins::{NONE, str::Str};
use taipan_objects::vm::{PyResult, Vm};

pub(in crate::eval) fn import_name(vm: &Vm, frame: &Frame, block: &[Value], name: u16) -> PyResult<Value> {
    let name = frame.code.names[name as usize].to_value();
    let Some(import) = frame.builtins().get_name(vm, &vm.names().__import__)? else {
        return Err(vm.import_error("__import__ not found"));
    };
    let locals = frame.locals.clone().unwrap_or(NONE);
    vm.call(&import, &[name, frame.globals().to_value(), locals, block[1].clone(), block[0].clone()])
}

/// `from module import name`.
pub fn import_from(vm: &Vm, module: &Value, name: &Obj<Str>) -> PyResult<Value> {
    if let Some(found) = vm.find_attr(module, name)? {
        return Ok(found);
    }
    let package = vm.find_attr(module, &vm.names().__name__)?;
    if let Some(package) = package.as_ref().and_then(Value::downcast::<Str>) {
        let full = format!("{}.{}", package.to_lossy(), name.to_lossy());
        if let Some(modules) = vm.interp().modules.get()
            && let Some(found) = modules.get_text(vm, &full)?
        {
            return Ok(found);
        }
    }
    Err(crate::import::cannot_import_name(vm, module, package, name))
}

pub(in crate::eval) fn import_star(vm: &Vm, frame: &Frame, module: &Value) -> PyResult<()> {
    let names = vm.names();
    let (all, skip_private) = match vm.find_attr(module, &names.__all__)? {
        Some(all) => (vm.collect(&all)?, false),
        None => {
            let Some(dict) = vm.find_attr(module, &names.__dict__)? else {
                return Err(vm.import_error("from-import-* object has no __dict__ and no __all__"));
            };
            let keys = vm.call_method(&dict, &names.keys, &[])?;
            (vm.collect(&keys)?, true)
        }
    };
    let locals = load_locals(vm, frame)?;
    for name in all {
        let Some(text) = name.downcast::<Str>() else {
            let given = vm.type_name(&name);
            let module = vm.find_attr(module, &names.__name__)?.map_or_else(|| "?".to_owned(), |n| Str::display(&n));
            let place = if skip_private { "Key in" } else { "Item in" };
            let holder = if skip_private { "__dict__" } else { "__all__" };
            return Err(vm.type_error(format!("{place} {module}.{holder} must be str, not {given}")));
        };
        if skip_private && !text.is_empty() && text.point(0) == u32::from('_') {
            continue;
        }
        let value = vm.get_attr(module, text)?;
        vm.set_item(&locals, &name, Some(&value))?;
    }
    Ok(())
}
