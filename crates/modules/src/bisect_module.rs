//! `_bisect`: binary search in sorted sequences.
//!
//! Invariant: only `<` is asked of the items.

pub use module::spec;

use taipan_heap::Value;
use taipan_macros::pymodule;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::{int, is_none};
use taipan_objects::types::CompareOp;
use taipan_objects::vm::{PyResult, Vm};

/// The part of the sequence to search, and what its items are compared by.
struct Search<'a> {
    sequence: &'a Value,
    low: isize,
    high: Option<&'a Value>,
    key: Option<&'a Value>,
}

impl Search<'_> {
    fn key_of(&self, vm: &Vm, item: Value) -> PyResult<Value> {
        match self.key.filter(|key| !is_none(key)) {
            Some(key) => vm.call(key, &[item]),
            None => Ok(item),
        }
    }

    fn item(&self, vm: &Vm, at: i64) -> PyResult<Value> {
        let fast = self.sequence.downcast::<List>().filter(|list| list.header().kind().has(taipan_heap::flags::EXACT));
        if let Some(item) = fast.and_then(|list| list.get(at as usize)) {
            return Ok(item);
        }
        vm.get_item(self.sequence, &int::from_i64(vm, at)?)
    }

    /// Where `x` goes: after its equals (`right`) or before them.
    fn run(&self, vm: &Vm, x: &Value, right: bool) -> PyResult<i64> {
        if self.low < 0 {
            return Err(vm.value_error("lo must be non-negative"));
        }
        let mut low = self.low as i64;
        let mut high = match self.high.filter(|high| !is_none(high)) {
            Some(high) => int::index_clamped(vm, high)?,
            None => vm.len(self.sequence)? as i64,
        };
        while low < high {
            let middle = low + (high - low) / 2;
            let item = self.item(vm, middle)?;
            let item = self.key_of(vm, item)?;
            let (a, b) = if right { (x, &item) } else { (&item, x) };
            if vm.compare_bool(CompareOp::Lt, a, b)? == right {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Ok(low)
    }

    fn insert(&self, vm: &Vm, x: Value, right: bool) -> PyResult<()> {
        let wanted = self.key_of(vm, x.clone())?;
        let at = self.run(vm, &wanted, right)?;
        if let Some(list) = self.sequence.downcast_exact::<List>() {
            return list.insert(vm, at, x);
        }
        let name = vm.intern("insert")?;
        vm.call_method(self.sequence, &name, &[int::from_i64(vm, at)?, x]).map(drop)
    }
}

/// Bisection algorithms.
///
/// This module provides support for maintaining a list in sorted order without
/// having to sort the list after each insertion.
#[pymodule(name = "_bisect")]
mod module {
    use super::*;

    /// Return the index where to insert item x in list a, assuming a is sorted.
    ///
    /// The return value i is such that all e in a[:i] have e <= x, and all e in
    /// a[i:] have e > x.
    #[function(sig = "a, x, lo=0, hi=None, *, key=None")]
    fn bisect_right(
        vm: &Vm,
        a: &Value,
        x: &Value,
        lo: isize,
        hi: Option<&Value>,
        key: Option<&Value>,
    ) -> PyResult<i64> {
        Search { sequence: a, low: lo, high: hi, key }.run(vm, x, true)
    }

    /// Return the index where to insert item x in list a, assuming a is sorted.
    ///
    /// The return value i is such that all e in a[:i] have e < x, and all e in
    /// a[i:] have e >= x.
    #[function(sig = "a, x, lo=0, hi=None, *, key=None")]
    fn bisect_left(vm: &Vm, a: &Value, x: &Value, lo: isize, hi: Option<&Value>, key: Option<&Value>) -> PyResult<i64> {
        Search { sequence: a, low: lo, high: hi, key }.run(vm, x, false)
    }

    /// Insert item x in list a, and keep it sorted assuming a is sorted.
    ///
    /// If x is already in a, insert it to the right of the rightmost x.
    #[function(sig = "a, x, lo=0, hi=None, *, key=None")]
    fn insort_right(vm: &Vm, a: &Value, x: Value, lo: isize, hi: Option<&Value>, key: Option<&Value>) -> PyResult<()> {
        Search { sequence: a, low: lo, high: hi, key }.insert(vm, x, true)
    }

    /// Insert item x in list a, and keep it sorted assuming a is sorted.
    ///
    /// If x is already in a, insert it to the left of the leftmost x.
    #[function(sig = "a, x, lo=0, hi=None, *, key=None")]
    fn insort_left(vm: &Vm, a: &Value, x: Value, lo: isize, hi: Option<&Value>, key: Option<&Value>) -> PyResult<()> {
        Search { sequence: a, low: lo, high: hi, key }.insert(vm, x, false)
    }
}
