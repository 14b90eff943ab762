//! What list, tuple and their like share: comparison of runs of values, search, and the text of containers.
//!
//! Invariant: nothing here holds a borrow of a container while Python code may run; items are cloned out one by one.

use crate::builtins::list::List;
use crate::builtins::str::{Str, StrBuilder};
use crate::builtins::tuple::Tuple;
use crate::builtins::{NOT_IMPLEMENTED, boolean};
use crate::types::CompareOp;
use crate::vm::{PyResult, Vm};
use taipan_heap::Value;

/// How many items two runs have in common at their beginnings, as far as identity tells.
#[inline]
fn common(left: &[Value], right: &[Value]) -> usize {
    left.iter().zip(right).take_while(|(a, b)| a.is(b)).count()
}

/// Compares two lists, which may change while their items are compared.
pub fn compare_lists(vm: &Vm, op: CompareOp, left: &List, right: &List) -> PyResult<Value> {
    let start = common(&left.cell().borrow(), &right.cell().borrow());
    compare_from(vm, op, start, |index| left.get(index), |index| right.get(index), || (left.len(), right.len()))
}

/// Compares two sequences whose items are read through closures, as the sequences may change while their items are compared.
pub fn compare(
    vm: &Vm,
    op: CompareOp,
    left: impl Fn(usize) -> Option<Value>,
    right: impl Fn(usize) -> Option<Value>,
    lengths: impl Fn() -> (usize, usize),
) -> PyResult<Value> {
    compare_from(vm, op, 0, left, right, lengths)
}

/// As `compare`, of sequences whose items before `start` are the same.
fn compare_from(
    vm: &Vm,
    op: CompareOp,
    start: usize,
    left: impl Fn(usize) -> Option<Value>,
    right: impl Fn(usize) -> Option<Value>,
    lengths: impl Fn() -> (usize, usize),
) -> PyResult<Value> {
    let (left_len, right_len) = lengths();
    if left_len != right_len && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(boolean(op == CompareOp::Ne));
    }
    let mut index = start;
    while let (Some(a), Some(b)) = (left(index), right(index)) {
        if !matches!(op, CompareOp::Eq | CompareOp::Ne)
            && let Some(order) = quick_order(&a, &b)
            && order.is_ne()
        {
            return Ok(boolean(op.holds(order)));
        }
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
    match first_difference(vm, op, left, right)? {
        Difference::Known(holds) => Ok(boolean(holds)),
        Difference::Items(a, b) => vm.compare(op, a, b),
    }
}

/// The truth of the same.
pub fn fixed_holds(vm: &Vm, op: CompareOp, left: &[Value], right: &[Value]) -> PyResult<bool> {
    match first_difference(vm, op, left, right)? {
        Difference::Known(holds) => Ok(holds),
        Difference::Items(a, b) => vm.compare_bool(op, a, b),
    }
}

/// What decides a comparison of two sequences.
enum Difference<'a> {
    Known(bool),
    /// The comparison of these two items.
    Items(&'a Value, &'a Value),
}

fn first_difference<'a>(vm: &Vm, op: CompareOp, left: &'a [Value], right: &'a [Value]) -> PyResult<Difference<'a>> {
    if left.len() != right.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Difference::Known(op == CompareOp::Ne));
    }
    let ordered = !matches!(op, CompareOp::Eq | CompareOp::Ne);
    for (a, b) in left.iter().zip(right) {
        if a.is(b) {
            continue;
        }
        // Texts of different lengths are known to be unequal at once, so only their order is asked for here.
        let order = if ordered || a.is_int() { quick_order(a, b) } else { None };
        match (order, op) {
            (Some(std::cmp::Ordering::Equal), _) => continue,
            (Some(_), CompareOp::Eq | CompareOp::Ne) => return Ok(Difference::Known(op == CompareOp::Ne)),
            (Some(order), _) => return Ok(Difference::Known(op.holds(order))),
            (None, _) if vm.is_equal(a, b)? => continue,
            (None, CompareOp::Eq | CompareOp::Ne) => return Ok(Difference::Known(op == CompareOp::Ne)),
            (None, _) => return Ok(Difference::Items(a, b)),
        }
    }
    Ok(Difference::Known(op.holds(left.len().cmp(&right.len()))))
}

/// The order of two ints, two floats that are numbers, or two strs.
#[inline]
fn quick_order(a: &Value, b: &Value) -> Option<std::cmp::Ordering> {
    if let (Some(a), Some(b)) = (a.as_int(), b.as_int()) {
        return Some(a.cmp(&b));
    }
    if let (Some(a), Some(b)) = (a.as_float(), b.as_float()) {
        return a.partial_cmp(&b);
    }
    Some(a.downcast_exact::<Str>()?.order(b.downcast_exact::<Str>()?))
}

/// Whether `a < b` holds of numbers, strs and tuples of these, without running Python code; `None` for everything else.
#[inline]
pub fn known_less(a: &Value, b: &Value) -> Option<bool> {
    if let Some(order) = quick_order(a, b) {
        return Some(order.is_lt());
    }
    let (left, right) = (a.downcast_exact::<Tuple>()?.items(), b.downcast_exact::<Tuple>()?.items());
    for (a, b) in left.iter().zip(right).filter(|(a, b)| !a.is(b)) {
        let order = quick_order(a, b)?;
        if order.is_ne() {
            return Some(order.is_lt());
        }
    }
    Some(left.len() < right.len())
}

/// Whether two tuples of ints and strs, or of the same objects, are equal; `None` where Python code would have to be asked.
pub fn same_tuples(a: &Value, b: &Value) -> Option<bool> {
    let (left, right) = (a.downcast_exact::<Tuple>()?.items(), b.downcast_exact::<Tuple>()?.items());
    if left.len() != right.len() {
        return None;
    }
    for (a, b) in left.iter().zip(right).filter(|(a, b)| !a.is(b)) {
        let equal = match (a.downcast_exact::<Str>(), b.downcast_exact::<Str>()) {
            (Some(a), Some(b)) => a.same_text(b),
            _ if a.is_int() && b.is_int() => false,
            _ => return None,
        };
        if !equal {
            return Some(false);
        }
    }
    Some(true)
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
