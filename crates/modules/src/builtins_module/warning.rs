//! Warnings that native code issues.
//!
//! Invariant: they pass the same filters as those of Python code.

use taipan_heap::{Obj, Value};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// `warnings.warn(text, category, stacklevel)`
pub fn warn(vm: &Vm, category: &Obj<Type>, text: &str, stack_level: i64) -> PyResult<()> {
    crate::warnings::warn(vm, category, text, stack_level)
}

/// The ResourceWarning of an object that was not closed, reported as unraisable if the filters turn it into an error.
pub fn resource_warning(vm: &Vm, source: &Value, text: &str) {
    taipan_objects::types::finalize::aside(vm, "Exception ignored while finalizing", Some(source), |vm| {
        crate::warnings::warn_about(vm, &vm.types().resource_warning, text, source)
    });
}

/// `warnings.warn_explicit(text, category, filename, line)`
pub fn warn_explicit(vm: &Vm, category: &Obj<Type>, text: &str, filename: &str, line: u32) -> PyResult<()> {
    crate::warnings::warn_at(vm, category, text, filename, line.into())
}
