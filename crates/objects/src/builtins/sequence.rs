//! What list, tuple and their like share: comparison of runs of values, search, and the text of containers.
//!
//! Invariant: nothing here holds a borrow of a container while Python code may run; items are cloned out one by one.

use crate::builtins::str::{Str, StrBuilder};
use crate::builtins::{NOT_IMPLEMENTED, boolean};
use crate::types::CompareOp;
use crate::vm::{PyResult, Vm};
use taipan_heap::Value;

/// Compares two sequences whose items are read through closures, as the sequences may change while their items are compared.
pub fn compare(
    vm: &Vm,
    op: CompareOp,
    left: impl Fn(usize) -> Option<Value>,
    right: impl Fn(usize) -> Option<Value>,
    lengths: impl Fn() -> (usize, usize),
) -> PyResult<Value> {
    let (left_len, right_len) = lengths();
    if left_len != right_len && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(boolean(op == CompareOp::Ne));
    }
    let mut index = 0;
    while let (Some(a), Some(b)) = (left(index), right(index)) {
        if !vm.is_equal(&a, &b)? {
            let (left_len, right_len) = lengths();
            if index >= left_len.min(right_len) {
                break;
            }
            return match op {
                CompareOp::Eq | CompareOp::Ne => Ok(boolean(op == CompareOp::Ne)),
                _ => vm.compare(op, &a, &b),
            };
        }
        index += 1;
    }
    let (left_len, right_len) = lengths();
    Ok(boolean(op.holds(left_len.cmp(&right_len))))
}

/// Compares two sequences that cannot change.
pub fn compare_fixed(vm: &Vm, op: CompareOp, left: &[Value], right: &[Value]) -> PyResult<Value> {
    compare(vm, op, |i| left.get(i).cloned(), |i| right.get(i).cloned(), || (left.len(), right.len()))
}

/// The answer of a comparison with something of another type.
pub fn not_comparable() -> PyResult<Value> {
    Ok(NOT_IMPLEMENTED)
}

/// The repr of a container: `open`, the items' reprs with commas between them, `close`; `again` where it contains itself.
pub fn repr_items(
    vm: &Vm,
    this: &Value,
    [open, close, again]: [&str; 3],
    item: impl Fn(usize) -> Option<Value>,
) -> PyResult<Value> {
    let shown = vm.repr_once(this, || {
        let mut text = StrBuilder::starting(open);
        let mut index = 0;
        while let Some(value) = item(index) {
            if index > 0 {
                text.push_str(", ");
            }
            text.push_repr(vm, &value)?;
            index += 1;
        }
        text.push_str(close);
        Ok(text.finish(vm)?.into())
    })?;
    match shown {
        Some(text) => Ok(text),
        None => Ok(Str::new(vm, again)?.into()),
    }
}
