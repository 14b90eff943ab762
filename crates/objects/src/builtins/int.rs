//! `int`: immediate up to 62 bits, a big integer on the heap beyond, and for instances of subclasses.
//!
//! Invariant I1: an exact int that fits 62 bits is never on the heap, so equal small ints are identical.

use crate::builtins::{FALSE, TRUE};
use crate::native::TypeSpec;
use crate::types::Type;
use crate::vm::{PyResult, Vm};
use std::borrow::Cow;
use taipan_heap::{Obj, Payload, Value};
use taipan_numeric::BigInt;

/// A big integer, or the number in an instance of a subclass of int.
#[derive(Payload)]
#[payload(name = "int")]
pub struct Int {
    value: Number,
}

struct Number(BigInt);
taipan_heap::no_references!(Number);

impl Int {
    /// The number.
    pub fn value(&self) -> &BigInt {
        &self.value.0
    }
}

/// An int of any size.
pub fn from_big(vm: &Vm, value: BigInt) -> PyResult<Value> {
    if let Some(small) = i64::try_from(&value).ok().and_then(Value::try_int) {
        return Ok(small);
    }
    Ok(vm.alloc(&*vm.types().int, Int { value: Number(value) })?.into())
}

/// An int from a machine integer.
#[inline]
pub fn from_i64(vm: &Vm, value: i64) -> PyResult<Value> {
    match Value::try_int(value) {
        Some(small) => Ok(small),
        None => from_big(vm, value.into()),
    }
}

/// An int from a wide machine integer.
#[inline]
pub fn from_i128(vm: &Vm, value: i128) -> PyResult<Value> {
    match i64::try_from(value) {
        Ok(value) => from_i64(vm, value),
        Err(_) => from_big(vm, value.into()),
    }
}

/// An instance of a subclass of int.
pub fn new_subclass(vm: &Vm, class: &Obj<Type>, value: BigInt) -> PyResult<Value> {
    Ok(vm.alloc_instance(class, Int { value: Number(value) })?.into())
}

/// The number in an int, a bool or an instance of a subclass; `None` for anything else.
pub fn as_big(value: &Value) -> Option<Cow<'_, BigInt>> {
    if let Some(small) = as_small(value) {
        return Some(Cow::Owned(small.into()));
    }
    value.downcast::<Int>().map(|int| Cow::Borrowed(int.value()))
}

/// The number in an immediate int or a bool.
#[inline]
pub fn as_small(value: &Value) -> Option<i64> {
    if let Some(n) = value.as_int() {
        Some(n)
    } else if value.is(&TRUE) {
        Some(1)
    } else if value.is(&FALSE) {
        Some(0)
    } else {
        None
    }
}

/// Whether the value is an int (or of a subclass, bool included).
#[inline]
pub fn is_int(value: &Value) -> bool {
    as_small(value).is_some() || value.downcast::<Int>().is_some()
}

/// `operator.index`: the int that `value` stands for, or TypeError.
pub fn index(vm: &Vm, value: &Value) -> PyResult<Value> {
    if is_int(value) {
        return Ok(value.clone());
    }
    let Some(function) = vm.class_of(value).slots.index.get() else {
        let given = vm.type_name(value);
        return Err(vm.type_error(format!("'{given}' object cannot be interpreted as an integer")));
    };
    let result = function(vm, value)?;
    if is_int(&result) {
        return Ok(result);
    }
    let given = vm.type_name(&result);
    Err(vm.type_error(format!("__index__ returned non-int (type {given})")))
}

/// `index` as a machine integer; `None` when it does not fit.
#[inline]
pub fn index_i64(vm: &Vm, value: &Value) -> PyResult<Option<i64>> {
    if let Some(small) = as_small(value) {
        return Ok(Some(small));
    }
    let value = index(vm, value)?;
    Ok(as_big(&value).and_then(|big| i64::try_from(big.as_ref()).ok()))
}

/// `index` as a position for slicing: out of range values are clamped to the machine's range.
pub fn index_clamped(vm: &Vm, value: &Value) -> PyResult<i64> {
    if let Some(small) = as_small(value) {
        return Ok(small);
    }
    let value = index(vm, value)?;
    Ok(as_big(&value).map_or(0, |big| {
        i64::try_from(big.as_ref()).unwrap_or(if big.sign() == taipan_numeric::Sign::Minus {
            i64::MIN
        } else {
            i64::MAX
        })
    }))
}

impl Int {
    /// The type's description.
    pub fn spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec::bare("int", <Int as Payload>::info);
        &SPEC
    }
}
