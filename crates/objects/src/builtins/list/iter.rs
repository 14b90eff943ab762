//! Iterators over lists, forwards and backwards.
//!
//! Invariant: an exhausted iterator lets go of its list and stays exhausted, whatever happens to the list.

use super::List;
use crate::builtins::iterator::reduce_remaining;
use crate::builtins::tuple::Tuple;
use crate::types::Take;
use crate::vm::{PyResult, Vm};
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;

/// `list_iterator`
#[derive(Payload)]
#[payload(name = "list_iterator")]
pub struct ListIterator {
    list: Slot,
    index: Cell<usize>,
}

/// `list_reverseiterator`
#[derive(Payload)]
#[payload(name = "list_reverseiterator")]
pub struct ListReverseIterator {
    list: Slot,
    /// Items still to come: the next one stands at `left - 1`.
    left: Cell<usize>,
}

fn held(slot: &Slot) -> Option<Ref<List>> {
    slot.get()?.downcast_into::<List>().ok()
}

/// The item at `index` of the list in a slot; the outer `None` if there is no list.
#[inline(always)]
fn item(slot: &Slot, index: usize) -> Option<Option<Value>> {
    slot.lend(|list| list.downcast::<List>().and_then(|list| list.get(index)))
}

/// The `drive` slot of `list_reverseiterator`.
pub fn drive_reversed(vm: &Vm, this: &Value, take: &mut Take<'_>) -> PyResult<Option<Value>> {
    let Some(this) = this.downcast::<ListReverseIterator>() else { return vm.next(this) };
    let Some(list) = held(&this.list) else { return Ok(None) };
    let mut left = this.left.get();
    let mut given = None;
    while let Some(item) = list.get(left.wrapping_sub(1)).filter(|_| given.is_none()) {
        left -= 1;
        given = take(item);
    }
    this.left.set(left);
    if given.is_some() { Ok(given) } else { ListReverseIterator::next(this) }
}

fn empty(vm: &Vm) -> PyResult<Value> {
    Ok(List::with_capacity(vm, 0)?.into())
}

#[pytype(name = "list_iterator")]
impl ListIterator {
    /// An iterator over `list`.
    pub fn over(vm: &Vm, list: &Obj<List>) -> PyResult<Value> {
        let payload = ListIterator { list: Slot::new(Some(list.to_value())), index: Cell::new(0) };
        Ok(vm.alloc(&*vm.types().list_iterator, payload)?.into())
    }

    /// Its list, which it lets go of, and the index of the next item; `None` if it is exhausted.
    pub fn take(&self) -> Option<(Value, usize)> {
        self.list.take().map(|list| (list, self.index.get()))
    }

    /// The index of the next item, unless it is exhausted.
    pub fn place(&self) -> Option<usize> {
        (!self.list.is_empty()).then(|| self.index.get())
    }

    /// The next item, if there is one; the end is left to `advance`.
    #[inline(always)]
    pub fn advance_within(&self) -> Option<Value> {
        let index = self.index.get();
        let item = item(&self.list, index)??;
        self.index.set(index + 1);
        Some(item)
    }

    /// The next item; `None` at the end.
    #[inline]
    pub fn advance(&self) -> Option<Value> {
        let index = self.index.get();
        let item = item(&self.list, index)?;
        match item {
            Some(_) => self.index.set(index + 1),
            None => self.list.set(None),
        }
        item
    }

    #[slot]
    fn next(this: &Obj<ListIterator>) -> PyResult<Option<Value>> {
        Ok(this.advance())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(this: &Obj<ListIterator>) -> usize {
        held(&this.list).map_or(0, |list| list.len().saturating_sub(this.index.get()))
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<ListIterator>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        reduce_remaining(vm, "iter", || match this.list.get() {
            Some(list) => Ok((list, Some(this.index.get() as i64))),
            None => Ok((empty(vm)?, None)),
        })
    }

    /// Set state information for unpickling.
    #[method(sig = "state, /")]
    fn __setstate__(this: &Obj<ListIterator>, state: isize) {
        if let Some(list) = held(&this.list) {
            this.index.set((state.max(0) as usize).min(list.len()));
        }
    }
}

#[pytype(name = "list_reverseiterator")]
impl ListReverseIterator {
    /// A reverse iterator over `list`.
    pub fn over(vm: &Vm, list: &Obj<List>) -> PyResult<Value> {
        let payload = ListReverseIterator { list: Slot::new(Some(list.to_value())), left: Cell::new(list.len()) };
        Ok(vm.alloc(&*vm.types().list_reverse_iterator, payload)?.into())
    }

    /// Its list, which it lets go of, and how many items are still to come; `None` if it is exhausted.
    pub fn take(&self) -> Option<(Value, usize)> {
        self.list.take().map(|list| (list, self.left.get()))
    }

    #[slot]
    fn next(this: &Obj<ListReverseIterator>) -> PyResult<Option<Value>> {
        let index = this.left.get().wrapping_sub(1);
        let Some(item) = item(&this.list, index) else { return Ok(None) };
        match item {
            Some(_) => this.left.set(index),
            None => {
                this.left.set(0);
                this.list.set(None);
            }
        }
        Ok(item)
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(this: &Obj<ListReverseIterator>) -> usize {
        held(&this.list).map_or(0, |list| if list.len() < this.left.get() { 0 } else { this.left.get() })
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<ListReverseIterator>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        reduce_remaining(vm, "reversed", || match this.list.get().filter(|_| this.left.get() > 0) {
            Some(list) => Ok((list, Some(this.left.get() as i64 - 1))),
            None => Ok((empty(vm)?, None)),
        })
    }

    /// Set state information for unpickling.
    #[method(sig = "state, /")]
    fn __setstate__(this: &Obj<ListReverseIterator>, state: isize) {
        if let Some(list) = held(&this.list) {
            this.left.set((state.max(-1) + 1) as usize);
            this.left.set(this.left.get().min(list.len()));
        }
    }
}
