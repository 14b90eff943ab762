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
    /// The two generation bits: 0 young, 1 middle, 2 old, 3 permanent (frozen).
    pub const GENERATION_SHIFT: u32 = 1;
    /// Mask of the generation after shifting.
    pub const GENERATION_MASK: u32 = 0b11;
    /// The finalizer has run.
    pub const FINALIZED: u32 = 1 << 3;
    /// A list of weak references to the object stands in the heap's side table.
    pub const WEAKLY_REFERENCED: u32 = 1 << 4;
    /// The object is cyclic trash being torn down: its count reaching zero frees nothing.
    pub const IN_TRASH: u32 = 1 << 5;
    /// Free for the embedder (Taipan marks interned strings).
    pub const USER: u32 = 1 << 6;
    /// A collection has found the object reachable (scratch).
    pub const REACHABLE: u32 = 1 << 7;
    /// First bit of the scratch count.
    pub const SCRATCH_SHIFT: u32 = 8;
}

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
        if (count as i32) >= 0 {
            self.count.set(count + 1);
        }
    }

    /// Takes one reference away and says whether it was the last.
    #[inline]
    pub(crate) fn decrement(&self) -> bool {
        let count = self.count.get();
        if (count as i32) < 0 {
            return false;
        }
        self.count.set(count - 1);
        count == 1
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

    /// Sets or clears flag `bit` of the collector word.
    #[inline]
    pub fn set(&self, bit: u32, on: bool) {
        let word = self.word.get();
        self.word.set(if on { word | bit } else { word & !bit });
    }

    /// The object's generation: 0, 1, 2, or 3 for the permanent one.
    #[inline]
    pub fn generation(&self) -> u8 {
        ((self.word.get() >> bits::GENERATION_SHIFT) & bits::GENERATION_MASK) as u8
    }

    /// Whether the object takes part in cycle collection.
    #[inline]
    pub fn is_tracked(&self) -> bool {
        self.has(bits::TRACKED)
    }

    /// The object's address: unique among live objects, stable, a multiple of 8.
    #[inline]
    pub fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}
