//! Operators: the ways of binary, unary and comparison operations that the loop does not take inline.
//!
//! Invariant: the folder's (see `slow/mod.rs`).

use taipan_heap::Value;
use taipan_objects::builtins::str::Str;
use taipan_objects::types::{BinaryOp, CompareOp};
use taipan_objects::vm::{PyResult, Vm};

#[inline(never)]
pub(in crate::eval) fn binary(vm: &Vm, op: BinaryOp, left: &Value, right: &Value, inplace: bool) -> PyResult<Value> {
    if inplace { vm.inplace(op, left, right) } else { vm.binary(op, left, right) }
}

#[inline(never)]
pub(in crate::eval) fn compare(vm: &Vm, op: CompareOp, left: &Value, right: &Value) -> PyResult<Value> {
    vm.compare(op, left, right)
}

#[inline(never)]
pub(in crate::eval) fn compare_truth(vm: &Vm, op: CompareOp, left: &Value, right: &Value) -> PyResult<bool> {
    let result = vm.compare(op, left, right)?;
    vm.is_true(&result)
}

/// The comparison of two strs.
#[inline(always)]
pub(in crate::eval) fn quick_compare(op: CompareOp, left: &Value, right: &Value) -> Option<bool> {
    let (left, right) = (left.downcast_exact::<Str>()?, right.downcast_exact::<Str>()?);
    Some(match op {
        CompareOp::Eq => Str::equal(left, right),
        CompareOp::Ne => !Str::equal(left, right),
        _ => Str::compared(left, right, op),
    })
}

fn unary(vm: &Vm, value: &Value, slot: Option<taipan_objects::types::UnaryFn>, symbol: &str) -> PyResult<Value> {
    match slot {
        Some(function) => function(vm, value),
        None => {
            let given = vm.type_name(value);
            Err(vm.type_error(format!("bad operand type for unary {symbol}: '{given}'")))
        }
    }
}

pub(in crate::eval) fn negative(vm: &Vm, value: &Value) -> PyResult<Value> {
    unary(vm, value, vm.class_of(value).slots.neg.get(), "-")
}

pub(in crate::eval) fn positive(vm: &Vm, value: &Value) -> PyResult<Value> {
    unary(vm, value, vm.class_of(value).slots.pos.get(), "+")
}

pub(in crate::eval) fn invert(vm: &Vm, value: &Value) -> PyResult<Value> {
    unary(vm, value, vm.class_of(value).slots.invert.get(), "~")
}
