//! Weak references: `WeakNode`, the part of a weak reference object that the heap knows.
//!
//! Invariant W1: a linked node stands in the list of its target exactly once, and is unlinked before either of them is freed.

use crate::header::Header;
use crate::trace::{Traverse, Visitor};
use crate::value::Value;
use std::cell::Cell;
use std::ptr::NonNull;

/// Embedded in the payload of a weak reference object; linked to its target by `Heap::link_weak`.
#[derive(Default)]
pub struct WeakNode {
    pub(crate) target: Cell<Option<NonNull<Header>>>,
    pub(crate) owner: Cell<Option<NonNull<Header>>>,
    pub(crate) next: Cell<Option<NonNull<WeakNode>>>,
    pub(crate) previous: Cell<Option<NonNull<WeakNode>>>,
    pub(crate) has_callback: Cell<bool>,
}

impl WeakNode {
    /// A node that refers to nothing yet.
    pub fn new() -> WeakNode {
        WeakNode::default()
    }

    /// A strong reference to the target while it lives.
    pub fn target(&self) -> Option<Value> {
        let target = self.target.get()?;
        // SAFETY: W1: a target clears its nodes before it dies. A count of zero means that it is dying now.
        unsafe {
            if target.as_ref().count() == 0 {
                return None;
            }
            target.as_ref().increment();
            Some(Value::from_owned(target))
        }
    }

    /// Whether the target is gone (or was never set).
    pub fn is_dead(&self) -> bool {
        self.target.get().is_none()
    }
}

impl Drop for WeakNode {
    fn drop(&mut self) {
        crate::heap::unlink_weak(self);
    }
}

impl Traverse for WeakNode {
    const HOLDS_REFERENCES: bool = false;
    fn traverse(&self, _: &mut Visitor<'_>) {}
}
