//! Weak references: `WeakNode`, the part of a weak reference object that the heap knows.
//!
//! Invariant W1: a linked node stands in the list of its target exactly once, and is unlinked before either of them is freed.

use crate::handle::Link;
use crate::header::{Header, bits};
use crate::heap::Heap;
use crate::kind::Payload;
use crate::reference::Obj;
use crate::trace::{Traverse, Visit};
use crate::value::Value;
use std::cell::Cell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
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
            if !target.as_ref().is_alive() {
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
        self.unlink();
    }
}

// SAFETY: what is visited is owned, and visited once.
unsafe impl Traverse for WeakNode {
    const HOLDS_REFERENCES: bool = false;
    fn traverse<V: Visit>(&self, _: &mut V) {}
}

/// The heads of the lists of weak references, by the address of their target.
pub(crate) type WeakTable = HashMap<usize, NonNull<WeakNode>, BuildHasherDefault<AddressHasher>>;

/// Mixes an address with one multiplication.
#[derive(Default)]
pub(crate) struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_usize(usize::from(*byte));
        }
    }

    fn write_usize(&mut self, address: usize) {
        let mixed = (self.0 ^ address as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ mixed >> 32;
    }
}

impl Heap {
    /// Links `node`, which must be a field of `owner` (it panics otherwise), to `target`.
    pub fn link_weak<T: Payload>(
        &self,
        owner: &Obj<T>,
        node: fn(&T) -> &WeakNode,
        target: &Header,
        has_callback: bool,
    ) {
        let node = node(owner);
        let within = std::ptr::from_ref(node).addr().wrapping_sub(owner.header().address());
        assert!(within < size_of::<Obj<T>>(), "the node is a field of its owner");
        node.unlink();
        node.owner.set(Some(NonNull::from(owner.header())));
        node.target.set(Some(NonNull::from(target)));
        node.has_callback.set(has_callback);
        // A target of another heap is entered there.
        let mut table = crate::heap::heap_of(target).weak.borrow_mut();
        let head = table.insert(target.address(), NonNull::from(node));
        node.next.set(head);
        node.previous.set(None);
        if let Some(head) = head {
            // SAFETY: W1.
            unsafe { head.as_ref().previous.set(Some(NonNull::from(node))) };
        }
        target.set(bits::WEAKLY_REFERENCED, true);
    }

    /// The weak reference objects that refer to `target`, newest first.
    pub fn weak_references(&self, target: &Header) -> Vec<Value> {
        let mut found = Vec::new();
        crate::heap::heap_of(target).each_weak(target, |node| {
            if let Some(owner) = node.living_owner() {
                found.push(owner);
            }
        });
        found
    }

    fn each_weak(&self, target: &Header, mut f: impl FnMut(&WeakNode)) {
        if !target.has(bits::WEAKLY_REFERENCED) {
            return;
        }
        let mut next = self.weak.borrow().get(&target.address()).copied();
        while let Some(node) = next {
            // SAFETY: W1: nodes in the list are live.
            let node = unsafe { node.as_ref() };
            next = node.next.get();
            f(node);
        }
    }

    /// Whether a callback waits for the object's death.
    pub(crate) fn has_weak_callbacks(&self, target: &Header) -> bool {
        let mut found = false;
        self.each_weak(target, |node| found |= node.has_callback.get());
        found
    }

    /// Clears all weak references to a dying object and gives the living owners of those with callbacks, newest first.
    pub(crate) fn detach_weak(&self, target: &Header) -> Vec<Value> {
        let mut owners = Vec::new();
        if !target.has(bits::WEAKLY_REFERENCED) {
            return owners;
        }
        target.set(bits::WEAKLY_REFERENCED, false);
        let mut next = self.weak.borrow_mut().remove(&target.address());
        while let Some(node) = next {
            // SAFETY: W1.
            let node = unsafe { node.as_ref() };
            next = node.next.take();
            node.previous.set(None);
            node.target.set(None);
            if node.has_callback.get()
                && let Some(owner) = node.living_owner()
            {
                owners.push(owner);
            }
        }
        owners
    }

    /// Clears all weak references to a dying object and calls the callbacks.
    pub(crate) fn clear_weak(&self, target: &Header) {
        for owner in self.detach_weak(target) {
            self.call_back(owner);
        }
    }

    /// Calls what waits for the death of the target of weak reference object `owner`.
    pub(crate) fn call_back(&self, owner: Value) {
        match owner.downcast::<Link>() {
            Some(link) => link.call_back(self),
            None => self.at_level_zero(|hooks| hooks.weak_callback(owner)),
        }
    }
}

impl WeakNode {
    /// A reference to the weak reference object, unless it is dying itself or part of cyclic trash.
    fn living_owner(&self) -> Option<Value> {
        let owner = self.owner.get()?;
        // SAFETY: W1: the owner of a linked node is not freed.
        unsafe {
            let header = owner.as_ref();
            if !header.is_alive() || header.has(bits::CANDIDATE) {
                return None;
            }
            header.increment();
            Some(Value::from_owned(owner))
        }
    }

    /// Takes the node out of its target's list, if it is in one.
    fn unlink(&self) {
        let Some(target) = self.target.take() else { return };
        let (previous, next) = (self.previous.take(), self.next.take());
        // SAFETY: W1: target and neighbours are not freed.
        unsafe {
            if let Some(next) = next {
                next.as_ref().previous.set(previous);
            }
            if let Some(previous) = previous {
                previous.as_ref().next.set(next);
                return;
            }
            let target = target.as_ref();
            let mut table = crate::heap::heap_of(target).weak.borrow_mut();
            match next {
                Some(next) => drop(table.insert(target.address(), next)),
                None => {
                    table.remove(&target.address());
                    target.set(bits::WEAKLY_REFERENCED, false);
                }
            }
        }
    }
}
