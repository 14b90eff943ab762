//! The order in which objects with finalizers were made, which is the order in which those of one piece of cyclic trash are finalized and the callbacks of weak
//! references to them called.
//!
//! Addresses say nothing of it, as blocks are used again last in, first out. So objects of kinds flagged `ORDERED` have an entry in
//! a table; all others pay one test of a flag that is in a register already.
//!
//! Invariant B1: an entry's object is alive, and its kind is `ORDERED`; an object without an entry counts as older than all that have one.

use super::Heap;
use crate::header::{Header, bits};
use crate::kind::flags;
use crate::weak::AddressHasher;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ptr::NonNull;

/// Birth numbers by address.
#[derive(Default)]
pub(super) struct Births {
    last: Cell<u64>,
    table: RefCell<HashMap<usize, u64, BuildHasherDefault<AddressHasher>>>,
}

impl Heap {
    /// Notes that an object of an ordered kind was made.
    #[cold]
    pub(super) fn note_birth(&self, object: &Header) {
        let mut table = self.births.table.borrow_mut();
        // Without memory for an entry only the order is lost.
        if table.try_reserve(1).is_ok() {
            self.births.last.set(self.births.last.get() + 1);
            table.insert(object.address(), self.births.last.get());
        }
    }

    /// Forgets an object of an ordered kind, which dies or gets another kind.
    #[cold]
    pub(super) fn forget_birth(&self, object: &Header) {
        self.births.table.borrow_mut().remove(&object.address());
    }

    /// The trash that `wanted` names, oldest first.
    pub(super) fn trash_by_birth(&self, wanted: impl Fn(&Header) -> bool) -> Vec<NonNull<Header>> {
        let mut found = Vec::new();
        self.walk_trash(|_, object| {
            // SAFETY: C1: trash is live.
            if wanted(unsafe { object.as_ref() }) {
                found.push(object);
            }
        });
        let table = self.births.table.borrow();
        if !table.is_empty() {
            found.sort_by_key(|object| table.get(&object.addr().get()).copied().unwrap_or(0));
        }
        found
    }
}

impl Heap {
    /// Whether an object has a finalizer that has not run, and there is somebody to run it.
    pub(super) fn awaits_finalizer(&self, header: &Header) -> bool {
        let kind = header.kind();
        kind.has(flags::FINALIZER)
            && !header.has(bits::FINALIZED)
            && (kind.info().finalize.is_some() || self.has_hooks())
    }
}
