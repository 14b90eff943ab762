//! The 16-byte header in front of every object: reference count, collector word, kind.
//!
//! Invariant H1: a header is created by the allocator only and stays at one address until its block is freed.
//! Invariant H2: `count` is the number of owned references (`Value`, `Ref`) to the object, or has its top bit set, which makes the
//! object immortal: counting neither way touches it again.
//! Invariant H3: `kind` points to a live `Kind` for as long as the object lives; when the kind is counted (it is the
//! payload of another object), the object owns one reference to that object.

use crate::kind::Kind;
use std::cell::Cell;
use std::ptr::NonNull;

/// The count of an immortal object, as CPython 3.14 reports it.
pub const IMMORTAL_COUNT: u32 = 3 << 30;

/// The collector word's bits; the rest of the word is the scratch count of a running collection.
pub mod bits {
    /// The object takes part in cycle collection.
    pub const TRACKED: u32 = 1;
    /// The object is in the permanent generation: collections leave it alone.
    pub const FROZEN: u32 = 1 << 1;
    /// The object belongs to the set that a running collection looks at (scratch).
    pub const CANDIDATE: u32 = 1 << 2;
    /// The finalizer has run.
    pub const FINALIZED: u32 = 1 << 3;
    /// A list of weak references to the object stands in the heap's side table.
    pub const WEAKLY_REFERENCED: u32 = 1 << 4;
    /// The last full collection has found the object reachable, or it is newer; what the bit's value says changes with every one.
    pub const MARK: u32 = 1 << 5;
    /// Free for the embedder (Taipan marks interned strings).
    pub const USER: u32 = 1 << 6;
    /// A collection of some generations has found the object reachable (scratch).
    pub const REACHABLE: u32 = 1 << 7;
    /// First bit of the scratch count.
    pub const SCRATCH_SHIFT: u32 = 8;
}

/// The top three bits of the count of a dying object that waits in a list; the other 29 and the scratch bits are the link.
/// An immortal count never looks like that, unless it got there by counting to 2^31, and then its low bits are zero.
const QUEUED: u32 = 0b100;
const QUEUE_SHIFT: u32 = 29;
/// The link of the last object in a list: an address no object has.
const END: u64 = 1;

/// What stands in front of every object.
#[repr(C)]
pub struct Header {
    pub(crate) count: Cell<u32>,
    pub(crate) word: Cell<u32>,
    pub(crate) kind: Cell<NonNull<Kind>>,
}

impl Header {
    /// The number of owned references; `IMMORTAL_COUNT` or more for immortal objects.
    #[inline]
    pub fn count(&self) -> u32 {
        self.count.get()
    }

    /// Whether counting is switched off for this object for good.
    #[inline]
    pub fn is_immortal(&self) -> bool {
        (self.count.get() as i32) < 0
    }

    /// Makes the object immortal.
    pub fn make_immortal(&self) {
        self.count.set(IMMORTAL_COUNT);
    }

    /// Adds one reference; at 2^31 the object becomes immortal.
    #[inline]
    pub(crate) fn increment(&self) {
        let count = self.count.get();
        debug_assert!(count != 0, "a reference to an object that is dead");
        if (count as i32) >= 0 {
            self.count.set(count + 1);
        }
    }

    /// Gives a dying object one reference, for its finalizer.
    #[inline]
    pub(crate) fn revive(&self) {
        self.count.set(1);
    }

    /// Takes one reference away and says whether it was the last.
    #[inline]
    pub(crate) fn decrement(&self) -> bool {
        let count = self.count.get();
        debug_assert!(count != 0, "a reference too many is given up");
        if (count as i32) < 0 {
            return false;
        }
        self.count.set(count - 1);
        count == 1
    }

    /// Takes one reference away unless it is the last; says whether it did.
    #[inline]
    pub(crate) fn decrement_unless_last(&self) -> bool {
        let count = self.count.get();
        debug_assert!(count != 0, "a reference too many is given up");
        if (count as i32) > 1 {
            self.count.set(count - 1);
        }
        count != 1
    }

    /// What the heap knows of the object's class.
    #[inline]
    pub fn kind(&self) -> &Kind {
        // SAFETY: H3.
        unsafe { self.kind.get().as_ref() }
    }

    /// The collector word's flag `bit`.
    #[inline]
    pub fn has(&self, bit: u32) -> bool {
        self.word.get() & bit != 0
    }

    /// Sets or clears the flag that is the embedder's, `bits::USER`.
    #[inline]
    pub fn set_user(&self, on: bool) {
        self.set(bits::USER, on);
    }

    /// Says that there is nothing left to finalize: the object's finalizer is not called when it dies.
    #[inline]
    pub fn set_finalized(&self) {
        self.set(bits::FINALIZED, true);
    }

    /// Takes `set_finalized` back.
    #[inline]
    pub fn set_unfinalized(&self) {
        self.set(bits::FINALIZED, false);
    }

    /// Sets or clears flag `bit` of the collector word.
    #[inline]
    pub(crate) fn set(&self, bit: u32, on: bool) {
        let word = self.word.get();
        self.word.set(if on { word | bit } else { word & !bit });
    }

    /// The object's generation: 0, 1, 2, or 3 for the permanent one.
    pub fn generation(&self) -> u8 {
        crate::heap::generation_of(self)
    }

    /// Whether the block holds a live object: it is not free, not being made, and not dying.
    #[inline]
    pub(crate) fn is_alive(&self) -> bool {
        let count = self.count.get();
        // Nearly all that are alive are neither immortal nor queued.
        (count as i32) > 0 || count != 0 && (count >> QUEUE_SHIFT != QUEUED || count << (32 - QUEUE_SHIFT) == 0)
    }

    /// Links a dying object (its count is zero) into a list of objects still to be torn down.
    pub(crate) fn enqueue(&self, next: Option<NonNull<Header>>) {
        let link = next.map_or(END, |next| next.addr().get() as u64 >> 3);
        let flags = self.word.get() & ((1 << bits::SCRATCH_SHIFT) - 1);
        self.count.set(QUEUED << QUEUE_SHIFT | (link as u32 & ((1 << QUEUE_SHIFT) - 1)));
        self.word.set(flags | ((link >> QUEUE_SHIFT) as u32) << bits::SCRATCH_SHIFT);
    }

    /// Undoes `enqueue`: the count is zero again and the next object of the list is returned.
    pub(crate) fn dequeue(&self) -> Option<NonNull<Header>> {
        let low = u64::from(self.count.get() & ((1 << QUEUE_SHIFT) - 1));
        let link = low | u64::from(self.word.get() >> bits::SCRATCH_SHIFT) << QUEUE_SHIFT;
        self.count.set(0);
        self.word.set(self.word.get() & ((1 << bits::SCRATCH_SHIFT) - 1));
        if link == END {
            return None;
        }
        NonNull::new(std::ptr::with_exposed_provenance_mut((link << 3) as usize))
    }

    /// Whether the object takes part in cycle collection.
    #[inline]
    pub fn is_tracked(&self) -> bool {
        self.has(bits::TRACKED)
    }

    /// Lends the object as a value.
    pub fn with_value<R>(&self, f: impl FnOnce(&crate::value::Value) -> R) -> R {
        // SAFETY: H1: a header that is lent is that of a live object; the value is only lent, and never dropped.
        let value = unsafe { std::mem::ManuallyDrop::new(crate::value::Value::from_owned(NonNull::from(self))) };
        f(&value)
    }

    /// The object's address: unique among live objects, stable, a multiple of 8.
    #[inline]
    pub fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}
