//! `float`: nearly always immediate; on the heap for rare exponents and instances of subclasses.
//!
//! Invariant: an exact float that has an immediate form is never on the heap.

use crate::builtins::int;
use crate::native::TypeSpec;
use crate::types::Type;
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Payload, Value};

/// A float that has no immediate form, or the number in an instance of a subclass.
#[derive(Payload)]
#[payload(name = "float")]
pub struct Float {
    value: f64,
}

/// A float.
#[inline]
pub fn new(vm: &Vm, value: f64) -> PyResult<Value> {
    match Value::try_float(value) {
        Some(immediate) => Ok(immediate),
        None => Ok(vm.alloc(&*vm.types().float, Float { value })?.into()),
    }
}

/// An instance of a subclass of float.
pub fn new_subclass(vm: &Vm, class: &Obj<Type>, value: f64) -> PyResult<Value> {
    Ok(vm.alloc_instance(class, Float { value })?.into())
}

/// The number in a float or an instance of a subclass.
#[inline]
pub fn get(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| value.downcast::<Float>().map(|float| float.value))
}

/// The float that `value` stands for (`__float__`, then `__index__`), or TypeError.
pub fn as_f64(vm: &Vm, value: &Value) -> PyResult<f64> {
    if let Some(x) = get(value) {
        return Ok(x);
    }
    if let Some(n) = int::as_small(value) {
        return Ok(n as f64);
    }
    let class = vm.class_of(value);
    if let Some(function) = class.slots.float.get() {
        let result = function(vm, value)?;
        return match get(&result) {
            Some(x) => Ok(x),
            None => {
                let (class, given) = (class.name(), vm.type_name(&result));
                Err(vm.type_error(format!("{class}.__float__ returned non-float (type {given})")))
            }
        };
    }
    if class.slots.index.get().is_none() {
        let given = class.name();
        return Err(vm.type_error(format!("must be real number, not {given}")));
    }
    let index = int::index(vm, value)?;
    match int::as_big(&index).map(|big| taipan_numeric::int_float::to_float(&big)) {
        Some(Ok(x)) => Ok(x),
        _ => Err(vm.overflow_error("int too large to convert to float")),
    }
}

impl Float {
    /// The type's description.
    pub fn spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec::bare("float", <Float as Payload>::info);
        &SPEC
    }
}
