//! Warnings that native code issues, by way of the module `_warnings`.
//!
//! Invariant: before that module is there, a warning is dropped without a trace.

use taipan_heap::{Obj, Value};
use taipan_objects::native::{Args, IntoValue};
use taipan_objects::types::Type;
use taipan_objects::types::call::call;
use taipan_objects::vm::{PyResult, Vm};

fn function(vm: &Vm, name: &str) -> PyResult<Option<Value>> {
    let Some(modules) = vm.interp().modules.get() else { return Ok(None) };
    for module in ["warnings", "_warnings"] {
        if let Some(module) = modules.get_text(vm, module)?
            && let Some(found) = vm.find_attr(&module, &*vm.intern(name)?)?
        {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// `warnings.warn(text, category, stacklevel)`
pub fn warn(vm: &Vm, category: &Obj<Type>, text: &str, stack_level: i64) -> PyResult<()> {
    match function(vm, "warn")? {
        Some(warn) => {
            let arguments = [text.into_value(vm)?, category.to_value(), stack_level.into_value(vm)?];
            vm.call(&warn, &arguments).map(drop)
        }
        None => Ok(()),
    }
}

/// The ResourceWarning of an object that was not closed, reported as unraisable if the filters turn it into an error.
pub fn resource_warning(vm: &Vm, source: &Value, text: &str) {
    taipan_objects::types::finalize::aside(vm, "Exception ignored while finalizing", Some(source), |vm| {
        let Some(warn) = function(vm, "warn")? else { return Ok(()) };
        let values =
            [text.into_value(vm)?, vm.types().resource_warning.to_value(), Value::small_int(1), source.clone()];
        let names = [vm.intern("source")?.to_value()];
        call(vm, &warn, Args { values: &values, names: &names }).map(drop)
    });
}

/// `warnings.warn_explicit(text, category, filename, line)`
pub fn warn_explicit(vm: &Vm, category: &Obj<Type>, text: &str, filename: &str, line: u32) -> PyResult<()> {
    match function(vm, "warn_explicit")? {
        Some(warn) => {
            let arguments = [text.into_value(vm)?, category.to_value(), filename.into_value(vm)?, line.into_value(vm)?];
            vm.call(&warn, &arguments).map(drop)
        }
        None => Ok(()),
    }
}
