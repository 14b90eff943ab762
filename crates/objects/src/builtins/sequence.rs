//! What list, tuple and their like share: comparison of runs of values, search, and the text of containers.
//!
//! Invariant: nothing here holds a borrow of a container while Python code may run; items are cloned out one by one.

use crate::builtins::str::{Str, StrData};
use crate::builtins::{NOT_IMPLEMENTED, boolean};
use crate::types::CompareOp;
use crate::vm::{PyResult, Vm};
use taipan_heap::{Ref, Value};

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

/// Text under construction out of str objects; grows from bytes to wide code points when it must.
#[derive(Default)]
pub struct ReprText {
    narrow: Vec<u8>,
    wide: Option<Vec<u32>>,
}

impl ReprText {
    /// Text that begins with `start`, which is ASCII.
    pub fn new(start: &str) -> ReprText {
        ReprText { narrow: start.as_bytes().to_vec(), wide: None }
    }

    /// Appends ASCII text.
    pub fn push_ascii(&mut self, text: &str) {
        match &mut self.wide {
            Some(wide) => wide.extend(text.chars().map(u32::from)),
            None => self.narrow.extend_from_slice(text.as_bytes()),
        }
    }

    /// Appends any text.
    pub fn push_text(&mut self, text: &str) {
        if text.is_ascii() {
            self.push_ascii(text);
        } else {
            self.widen().extend(text.chars().map(u32::from));
        }
    }

    /// Appends a str object's text.
    pub fn push(&mut self, text: &Str) {
        match (text.data(), &mut self.wide) {
            (StrData::Ascii(data) | StrData::Latin1(data), None) => self.narrow.extend_from_slice(data),
            _ => self.widen().extend(text.points()),
        }
    }

    /// Appends the repr of `value`.
    pub fn push_repr(&mut self, vm: &Vm, value: &Value) -> PyResult<()> {
        let text = vm.repr(value)?;
        self.push(&text);
        Ok(())
    }

    fn widen(&mut self) -> &mut Vec<u32> {
        let narrow = std::mem::take(&mut self.narrow);
        let wide = self.wide.get_or_insert_with(Vec::new);
        wide.extend(narrow.into_iter().map(u32::from));
        wide
    }

    /// The text as a str object.
    pub fn finish(self, vm: &Vm) -> PyResult<Ref<Str>> {
        match self.wide {
            Some(points) => Str::from_points(vm, &points),
            None => Str::from_latin1(vm, &self.narrow),
        }
    }
}

/// The repr of a container: `open`, the items' reprs with commas between them, `close`; `again` where it contains itself.
pub fn repr_items(
    vm: &Vm,
    this: &Value,
    [open, close, again]: [&str; 3],
    item: impl Fn(usize) -> Option<Value>,
) -> PyResult<Value> {
    let shown = vm.repr_once(this, || {
        let mut text = ReprText::new(open);
        let mut index = 0;
        while let Some(value) = item(index) {
            if index > 0 {
                text.push_ascii(", ");
            }
            text.push_repr(vm, &value)?;
            index += 1;
        }
        text.push_ascii(close);
        Ok(text.finish(vm)?.into())
    })?;
    match shown {
        Some(text) => Ok(text),
        None => Ok(Str::new(vm, again)?.into()),
    }
}
