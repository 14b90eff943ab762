//! The types of None, Ellipsis and NotImplemented, each with one instance.
//!
//! Invariant: the instances are constants, so the types make no objects.

use crate::builtins::object::Plain;
use crate::builtins::str::Str;
use crate::builtins::{ELLIPSIS, FALSE, NONE, NOT_IMPLEMENTED, TRUE};
use crate::native::Args;
use crate::types::{CompareOp, Type};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Ref, Value};
use taipan_macros::pytype;

/// `NoneType`
pub struct NoneType;

/// `ellipsis`
pub struct EllipsisType;

/// `NotImplementedType`
pub struct NotImplementedType;

fn no_arguments(vm: &Vm, class: &str, args: Args<'_>) -> PyResult<()> {
    if args.values.is_empty() { Ok(()) } else { Err(vm.type_error(format!("{class} takes no arguments"))) }
}

/// NoneType()
/// --
///
/// The type of the None singleton.
#[pytype(name = "NoneType", payload = Plain)]
impl NoneType {
    #[slot]
    fn new(_class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        no_arguments(vm, "NoneType", args).map(|()| NONE)
    }

    #[slot]
    fn repr(_this: &Value, vm: &Vm) -> PyResult<Ref<Str>> {
        vm.intern("None")
    }

    #[slot]
    fn bool(_this: &Value) -> PyResult<bool> {
        Ok(false)
    }

    #[slot]
    fn hash(_this: &Value) -> PyResult<i64> {
        Ok(0xFCA8_6420)
    }

    #[slot]
    fn compare(this: &Value, other: &Value, op: CompareOp) -> PyResult<Value> {
        Ok(match op {
            CompareOp::Eq if this.is(other) => TRUE,
            CompareOp::Ne if this.is(other) => FALSE,
            _ => NOT_IMPLEMENTED,
        })
    }
}

/// ellipsis()
/// --
///
/// The type of the Ellipsis singleton.
#[pytype(name = "ellipsis", payload = Plain)]
impl EllipsisType {
    #[slot]
    fn new(_class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        no_arguments(vm, "EllipsisType", args).map(|()| ELLIPSIS)
    }

    #[slot]
    fn repr(_this: &Value, vm: &Vm) -> PyResult<Ref<Str>> {
        vm.intern("Ellipsis")
    }

    #[method]
    fn __reduce__(_this: &Value) -> &'static str {
        "Ellipsis"
    }
}

/// NotImplementedType()
/// --
///
/// The type of the NotImplemented singleton.
#[pytype(name = "NotImplementedType", payload = Plain)]
impl NotImplementedType {
    #[slot]
    fn new(_class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        no_arguments(vm, "NotImplementedType", args).map(|()| NOT_IMPLEMENTED)
    }

    #[slot]
    fn repr(_this: &Value, vm: &Vm) -> PyResult<Ref<Str>> {
        vm.intern("NotImplemented")
    }

    #[slot]
    fn bool(_this: &Value, vm: &Vm) -> PyResult<bool> {
        Err(vm.type_error("NotImplemented should not be used in a boolean context"))
    }

    #[method]
    fn __reduce__(_this: &Value) -> &'static str {
        "NotImplemented"
    }
}
