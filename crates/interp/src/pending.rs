//! Operations of builtin types that this crate needs and that are on their way.
//!
//! Invariant: each raises NotImplementedError naming itself where the type is not there.

use taipan_heap::Value;
use taipan_objects::builtins::str::Str;
use taipan_objects::vm::{PyResult, Vm};

pub(crate) fn complex(vm: &Vm, _: f64, _: f64) -> PyResult<Value> {
    Err(vm.not_implemented_error("complex"))
}
pub(crate) fn bytes(vm: &Vm, _: &[u8]) -> PyResult<Value> {
    Err(vm.not_implemented_error("bytes"))
}
pub(crate) fn join_all(vm: &Vm, parts: &[Value]) -> PyResult<Value> {
    let mut points = Vec::new();
    for part in parts {
        if let Some(text) = part.downcast::<Str>() {
            points.extend(text.points());
        }
    }
    Ok(Str::from_points(vm, &points)?.into())
}
pub(crate) fn ascii(vm: &Vm, _: &Value) -> PyResult<Value> {
    Err(vm.not_implemented_error("ascii"))
}
