//! Shelves: a few dead objects of a payload type, kept with the buffers they own, so that the next object of their kind is made without the allocator.
//!
//! Only types that `Retire` have one. Collections, limits and reports see none of this: whoever looks at the heap as a whole clears the shelves first.
//!
//! Invariant S1: an object on a shelf has a count of zero, its payload is live and holds no reference, it still owns the one to its class (H3), and its block is
//! neither free nor on its page's free list.
//! Invariant S2: what `young` names, if it is an object, has its young bit set.

use super::AsKind;
use super::Heap;
use super::page::PageRef;
use crate::header::{Header, bits};
use crate::kind::{Kind, Retire, SHELVES, flags};
use crate::reference::{Obj, Ref};
use std::cell::Cell;
use std::ptr::NonNull;

/// Objects a shelf takes.
const ROOM: usize = 80;

/// Places of `Shelf::young`; a power of two.
const YOUNG: usize = 128;

/// The place of an object in `Shelf::young`. Chains come back to a shelf in another order than they were taken from it.
#[inline(always)]
fn young_place(object: NonNull<Header>) -> usize {
    (object.addr().get() >> 4).wrapping_mul(0x9e37_79b1) >> 20 & (YOUNG - 1)
}

struct Shelf {
    len: Cell<usize>,
    objects: [Cell<Option<NonNull<Header>>>; ROOM],
    /// Objects that were taken since the generations have changed last, each at its `young_place`.
    young: [Cell<Option<NonNull<Header>>>; YOUNG],
}

/// The shelves of a heap.
pub(super) struct Shelves {
    room: Cell<usize>,
    shelves: [Shelf; SHELVES],
}

impl Default for Shelves {
    fn default() -> Shelves {
        let shelf = |_| Shelf {
            len: Cell::new(0),
            objects: [const { Cell::new(None) }; ROOM],
            young: [const { Cell::new(None) }; YOUNG],
        };
        Shelves { room: Cell::new(ROOM), shelves: std::array::from_fn(shelf) }
    }
}

/// Ends an object whose count is zero and whose death is a plain one: it goes on its shelf if that needs the end of no other object.
///
/// # Safety
/// The object's count has just become zero, its payload is a `T`, its kind retires.
pub(crate) unsafe fn retire_quietly<T: Retire>(object: NonNull<Header>) {
    // SAFETY: the caller's promise; H3, P1.
    unsafe {
        let heap = PageRef::of(object).heap();
        if !heap.is_undisturbed() && object.cast::<Obj<T>>().as_ref().retire_quietly() {
            let kind = object.as_ref().kind.get();
            if heap.shelve(object, &heap.shelves.shelves[T::SHELF], kind.as_ref().flags()) {
                return;
            }
        }
        super::dealloc::dealloc_whole(object);
    }
}

impl Heap {
    /// Puts an object that holds no references any more on a shelf, if that has room.
    ///
    /// # Safety
    /// The object's count is zero, its kind's flags are `kind_flags`, its payload is live.
    #[inline(always)]
    unsafe fn shelve(&self, object: NonNull<Header>, shelf: &Shelf, kind_flags: u32) -> bool {
        let len = shelf.len.get();
        let Some(place) = shelf.objects.get(len).filter(|_| len < self.shelves.room.get()) else { return false };
        place.set(Some(object));
        shelf.len.set(len + 1);
        if kind_flags & flags::TRACKED != 0 {
            self.uncount_tracked();
        }
        true
    }

    /// Puts a dying object on its shelf, if that has room; says whether it did. Its references are gone then; if not, they may be.
    ///
    /// # Safety
    /// The object's count is zero, its kind is `kind` and retires.
    #[inline]
    pub(super) unsafe fn retire(&self, object: NonNull<Header>, kind: NonNull<Kind>, kind_flags: u32) -> bool {
        // SAFETY: H3.
        let Some(retirement) = (unsafe { kind.as_ref().info().retire }) else { return false };
        // SAFETY: the caller's promise.
        if !unsafe { (retirement.retire)(object) } {
            return false;
        }
        let Some(shelf) = self.shelves.shelves.get(retirement.shelf) else { return false };
        // SAFETY: the caller's promise; the references are gone.
        unsafe { self.shelve(object, shelf, kind_flags) }
    }

    /// As `take_retired`, but only where that needs no call at all: an object that was taken before, and no collection is due. So a function that
    /// asks this first, and then goes on in another as its last step, has no registers to save.
    #[inline(always)]
    pub fn take_retired_at_once<T: Retire>(&self, class: &(impl AsKind + ?Sized)) -> Option<Ref<T>> {
        let shelf = &self.shelves.shelves[T::SHELF];
        let last = shelf.len.get().wrapping_sub(1);
        let object = shelf.objects.get(last)?.get()?;
        let kind = class.as_kind();
        let kind_flags = kind.flags();
        let allocations = self.collector.allocations.get() + 1;
        // SAFETY: S1.
        let header = unsafe { object.as_ref() };
        if header.kind.get() != NonNull::from(kind)
            || !std::ptr::eq(kind.info(), T::info())
            || shelf.young[young_place(object)].get() != Some(object)
            || kind_flags & (flags::TRACKED | flags::ORDERED) != flags::TRACKED
            || allocations > self.collector.trigger.get()
        {
            return None;
        }
        shelf.len.set(last);
        self.collector.allocations.set(allocations);
        header.count.set(1);
        header.word.set(bits::TRACKED | self.unmarked.get());
        // SAFETY: S1: the payload is live, and of this type, as was just checked; the one reference is the result.
        Some(unsafe { Ref::from_raw(object.cast::<Obj<T>>()) })
    }

    /// An object of kind `class` from the shelf, as it was left there.
    #[inline]
    pub fn take_retired<T: Retire>(&self, class: &(impl AsKind + ?Sized)) -> Option<Ref<T>> {
        let shelf = &self.shelves.shelves[T::SHELF];
        let last = shelf.len.get().wrapping_sub(1);
        let object = shelf.objects.get(last)?.get()?;
        let kind = class.as_kind();
        // SAFETY: S1.
        let header = unsafe { object.as_ref() };
        if header.kind.get() != NonNull::from(kind) || !std::ptr::eq(kind.info(), T::info()) {
            return None;
        }
        shelf.len.set(last);
        // SAFETY: S1: the payload is live, and of this type, as was just checked; the one reference is the result.
        unsafe {
            self.publish_counted(object, kind, kind.flags());
            // S2: objects of a kind that is not tracked have no such bit.
            shelf.young[young_place(object)].set(Some(object).filter(|_| kind.has(flags::TRACKED)));
            Some(Ref::from_raw(object.cast::<Obj<T>>()))
        }
    }

    /// Frees what stands on the shelves.
    pub(super) fn clear_shelves(&self) {
        // A class that dies with the last of its objects may put others there again.
        while self.shelves.shelves.iter().any(|shelf| shelf.len.get() != 0) {
            for shelf in &self.shelves.shelves {
                self.clear_shelf(shelf);
            }
        }
    }

    fn clear_shelf(&self, shelf: &Shelf) {
        while let Some(last) = shelf.len.get().checked_sub(1) {
            shelf.len.set(last);
            let Some(object) = shelf.objects[last].take() else { continue };
            // SAFETY: S1: nobody refers to the object; its payload is live and dropped here, then it gives its reference to its class up (H3).
            unsafe {
                let kind = object.as_ref().kind.get();
                if let Some(drop) = kind.as_ref().info().drop {
                    drop(object);
                }
                self.free_block(PageRef::of(object), object.cast());
                if kind.as_ref().has(flags::COUNTED) {
                    super::release(kind.cast::<Header>().sub(1));
                }
            }
        }
    }

    /// Objects change their generation: what shelves know of young ones does not hold any more.
    pub(super) fn forget_young(&self) {
        for shelf in &self.shelves.shelves {
            for young in &shelf.young {
                young.set(None);
            }
        }
    }

    /// Lets objects retire, or not: while allocations are counted, each is to be one.
    pub(super) fn use_shelves(&self, on: bool) {
        self.shelves.room.set(if on { ROOM } else { 0 });
        self.clear_shelves();
    }
}
