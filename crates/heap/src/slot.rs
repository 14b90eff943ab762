//! `Slot`, `Edge` and `RefSlot`: mutable places for a value, safe to change while others hold the object.

use crate::kind::Payload;
use crate::reference::{Obj, Ref};
use crate::trace::{Traverse, Visit};
use crate::value::Value;
use std::cell::Cell;

/// A place that is empty or owns a value. Every change takes effect before the old value is dropped, so code that
/// runs from that drop sees the new state.
#[repr(transparent)]
#[derive(Default)]
pub struct Slot(Cell<Option<Value>>);

impl Slot {
    /// A slot that holds `value`.
    #[inline]
    pub const fn new(value: Option<Value>) -> Slot {
        Slot(Cell::new(value))
    }

    /// A new reference to what the slot holds.
    #[inline]
    pub fn get(&self) -> Option<Value> {
        self.peek().cloned()
    }

    /// What the slot holds, kept alive for the time of `f`, which may change the slot.
    #[inline]
    pub fn with<R>(&self, f: impl FnOnce(Option<&Value>) -> R) -> R {
        let held = self.get();
        f(held.as_ref())
    }

    /// What `f` makes of what the slot holds, which is out of the slot meanwhile, so that it need not be counted. For what looks and goes: whoever
    /// asks the slot in between finds it empty, and what `f` puts there goes again.
    #[inline(always)]
    pub fn lend<R>(&self, f: impl FnOnce(&Value) -> R) -> Option<R> {
        let held = self.0.take()?;
        let result = f(&held);
        let between = self.0.replace(Some(held));
        if between.is_some() {
            drop(between);
        }
        Some(result)
    }

    /// What the slot holds, without counting it; `f` must not change any slot, so it stays inside the crate.
    #[inline]
    pub(crate) fn with_borrowed<R>(&self, f: impl FnOnce(Option<&Value>) -> R) -> R {
        f(self.peek())
    }

    /// Puts `value` in and drops what was there.
    #[inline]
    pub fn set(&self, value: Option<Value>) {
        drop(self.0.replace(value));
    }

    /// Puts `value` in and returns what was there.
    #[inline]
    pub fn replace(&self, value: Option<Value>) -> Option<Value> {
        self.0.replace(value)
    }

    /// Empties the slot.
    #[inline]
    pub fn take(&self) -> Option<Value> {
        self.0.take()
    }

    /// Whether the slot holds nothing.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.peek().is_none()
    }

    /// Empties the slot if it holds an object.
    #[inline(always)]
    pub(crate) fn drop_object(&self) {
        if self.peek().is_some_and(Value::is_object) {
            drop(self.0.take());
        }
    }

    /// Empties the slot if it holds an object that lives on without; says whether it holds none now.
    #[inline(always)]
    pub fn let_go(&self) -> bool {
        let Some(header) = self.peek().and_then(Value::header) else { return true };
        if !header.decrement_unless_last() {
            return false;
        }
        // The reference is given up already.
        std::mem::forget(self.0.take());
        true
    }

    #[inline]
    fn peek(&self) -> Option<&Value> {
        // SAFETY: the borrow ends inside this module before any code that could write the slot runs.
        unsafe { (*self.0.as_ptr()).as_ref() }
    }
}

// SAFETY: what is visited is owned, and visited once.
unsafe impl Traverse for Slot {
    const HOLDS_REFERENCES: bool = true;
    #[inline]
    fn traverse<V: Visit>(&self, visitor: &mut V) {
        if let Some(value) = self.peek() {
            value.traverse(visitor);
        }
    }
}

/// A place that is empty or owns a reference to an object with payload `T`. As with `Slot`, every change takes effect before the old reference is dropped.
#[repr(transparent)]
pub struct Edge<T: Payload>(Cell<Option<Ref<T>>>);

impl<T: Payload> Edge<T> {
    /// An edge to `target`, or to nothing.
    #[inline]
    pub const fn new(target: Option<Ref<T>>) -> Edge<T> {
        Edge(Cell::new(target))
    }

    /// A new reference to what the edge leads to.
    #[inline]
    pub fn get(&self) -> Option<Ref<T>> {
        // SAFETY: the borrow ends before any code that could write the edge runs.
        unsafe { (*self.0.as_ptr()).clone() }
    }

    /// Makes the edge lead to `target` and drops what it led to.
    #[inline]
    pub fn set(&self, target: Option<Ref<T>>) {
        drop(self.0.replace(target));
    }

    /// Makes the edge lead to `target` and returns what it led to.
    #[inline]
    pub fn replace(&self, target: Option<Ref<T>>) -> Option<Ref<T>> {
        self.0.replace(target)
    }

    /// Makes the edge lead nowhere.
    #[inline]
    pub fn take(&self) -> Option<Ref<T>> {
        self.0.take()
    }

    /// Whether the edge leads nowhere.
    #[inline]
    pub fn is_empty(&self) -> bool {
        // SAFETY: as in `get`.
        unsafe { (*self.0.as_ptr()).is_none() }
    }
}

impl<T: Payload> Default for Edge<T> {
    fn default() -> Edge<T> {
        Edge::new(None)
    }
}

// SAFETY: what is visited is owned, and visited once.
unsafe impl<T: Payload> Traverse for Edge<T> {
    const HOLDS_REFERENCES: bool = true;
    #[inline]
    fn traverse<V: Visit>(&self, visitor: &mut V) {
        self.0.traverse(visitor);
    }
}

/// A place that always holds a reference to an object with payload `T`.
#[repr(transparent)]
pub struct RefSlot<T: Payload>(Cell<Ref<T>>);

impl<T: Payload> RefSlot<T> {
    /// A slot that holds `reference`.
    #[inline]
    pub const fn new(reference: Ref<T>) -> RefSlot<T> {
        RefSlot(Cell::new(reference))
    }

    /// A new reference to what the slot holds.
    #[inline]
    pub fn get(&self) -> Ref<T> {
        self.peek().to_ref()
    }

    /// What the slot holds, uncounted.
    ///
    /// # Safety
    /// Nothing is put into the slot while the borrow lasts.
    #[inline(always)]
    pub unsafe fn borrow(&self) -> &Obj<T> {
        self.peek()
    }

    /// Puts `reference` in and returns what was there.
    #[inline]
    pub fn replace(&self, reference: Ref<T>) -> Ref<T> {
        self.0.replace(reference)
    }

    #[inline]
    fn peek(&self) -> &Obj<T> {
        // SAFETY: as `Slot::peek`.
        unsafe { &*self.0.as_ptr() }
    }
}

// SAFETY: what is visited is owned, and visited once.
unsafe impl<T: Payload> Traverse for RefSlot<T> {
    const HOLDS_REFERENCES: bool = true;
    #[inline]
    fn traverse<V: Visit>(&self, visitor: &mut V) {
        // SAFETY: as `Slot::peek`.
        unsafe { (*self.0.as_ptr()).traverse(visitor) }
    }
}
