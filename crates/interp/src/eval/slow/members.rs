//! `in` for immediate ints, and for strs in lists, tuples and sets; sums of lists and of tuples, and their subscripts with slices.
//!
//! Invariant: no Python code runs, so containers are looked at where they stand.

use taipan_heap::Value;
use taipan_objects::builtins::slice::Slice;
use taipan_objects::builtins::{dict::Dict, list::List, range::Range, str::Str, tuple::Tuple};
use taipan_objects::vm::{PyResult, Vm};

/// Whether `item` is in an exact list, tuple, dict or range, as far as that can be said at once.
#[inline]
pub(in crate::eval) fn quick_member(container: &Value, item: &Value) -> Option<bool> {
    if let Some(list) = container.downcast_exact::<List>() {
        return scan(&list.cell().borrow(), item);
    }
    if let Some(tuple) = container.downcast_exact::<Tuple>() {
        return scan(tuple.items(), item);
    }
    let number = item.as_int()?;
    if let Some(dict) = container.downcast_exact::<Dict>() {
        return dict.knows_int(item, number);
    }
    let range = container.downcast_exact::<Range>()?.small()?;
    let distance = number.checked_sub(range.start)?;
    Some(distance % range.step == 0 && u64::try_from(distance / range.step).is_ok_and(|index| index < range.len))
}

/// Whether an int or a str is among values that are ints and strs before it.
fn scan(items: &[Value], item: &Value) -> Option<bool> {
    if item.is_int() {
        for own in items {
            if own.is(item) {
                return Some(true);
            }
            if !own.is_int() && own.downcast_exact::<Str>().is_none() {
                return None;
            }
        }
        return Some(false);
    }
    let text = item.downcast_exact::<Str>()?;
    for own in items {
        if own.is_int() {
            continue;
        }
        if own.downcast_exact::<Str>()?.same_text(text) {
            return Some(true);
        }
    }
    Some(false)
}

/// `dict[int]`
#[inline]
pub(in crate::eval) fn quick_number(container: &Value, key: &Value) -> Option<Value> {
    let number = key.as_int()?;
    container.downcast_exact::<Dict>()?.value_of_int(key, number)
}

/// `list[start:stop:step]`, `tuple[start:stop:step]`
#[inline]
pub(in crate::eval) fn quick_part(vm: &Vm, container: &Value, key: &Value) -> Option<PyResult<Value>> {
    let steps = key.downcast_exact::<Slice>()?.plain_steps()?;
    if let Some(list) = container.downcast_exact::<List>() {
        return Some(list.slice(vm, steps.over(list.len())).map(Value::from));
    }
    let tuple = container.downcast_exact::<Tuple>()?;
    Some(Tuple::part(vm, tuple, steps.over(tuple.items().len())).map(Value::from))
}

/// `tuple + tuple`, `list + list`
pub(in crate::eval) fn quick_sum(vm: &Vm, left: &Value, right: &Value, inplace: bool) -> Option<PyResult<Value>> {
    if let Some(tuple) = left.downcast_exact::<Tuple>() {
        return Some(Tuple::joined(vm, tuple, right.downcast_exact::<Tuple>()?).map(Value::from));
    }
    // In place, the left one grows.
    let list = left.downcast_exact::<List>().filter(|_| !inplace)?;
    Some(list.joined(vm, right.downcast_exact::<List>()?).map(Value::from))
}
