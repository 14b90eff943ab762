//! Shelves: a few dead objects of a payload type, kept with the buffers they own, so that the next object of their kind is made without the allocator.
//!
//! Only types that `Retire` have one. Collections, limits and reports see none of this: whoever looks at the heap as a whole clears the shelves first.
//!
//! Invariant S1: an object on a shelf has a count of zero, its header's kind is the one its shelf is for, its payload is live and holds no reference, and its
//! block is neither free nor on its page's free list.

use super::AsKind;
use super::Heap;
use super::page::PageRef;
use crate::header::Header;
use crate::kind::{Kind, Retire, SHELVES, flags};
use crate::reference::{Obj, Ref};
use std::cell::Cell;
use std::ptr::NonNull;

/// Objects a shelf takes.
const ROOM: usize = 80;

struct Shelf {
    len: Cell<usize>,
    objects: [Cell<Option<NonNull<Header>>>; ROOM],
}

/// The shelves of a heap.
pub(super) struct Shelves {
    room: Cell<usize>,
    shelves: [Shelf; SHELVES],
}

impl Default for Shelves {
    fn default() -> Shelves {
        let shelf = |_| Shelf { len: Cell::new(0), objects: [const { Cell::new(None) }; ROOM] };
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
            if heap.shelve(object, &heap.shelves.shelves[T::SHELF], kind, kind.as_ref().flags()) {
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
    /// The object's count is zero, its kind is `kind`, its payload live.
    #[inline(always)]
    unsafe fn shelve(&self, object: NonNull<Header>, shelf: &Shelf, kind: NonNull<Kind>, kind_flags: u32) -> bool {
        let len = shelf.len.get();
        let Some(place) = shelf.objects.get(len).filter(|_| len < self.shelves.room.get()) else { return false };
        place.set(Some(object));
        shelf.len.set(len + 1);
        if kind_flags & flags::TRACKED != 0 {
            self.uncount_tracked();
        }
        if kind_flags & flags::COUNTED != 0 {
            // SAFETY: H3: the object gives its reference to its class up.
            unsafe { super::release(kind.cast::<Header>().sub(1)) };
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
        unsafe { self.shelve(object, shelf, kind, kind_flags) }
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
            self.publish(object, kind);
            Some(Ref::from_raw(object.cast::<Obj<T>>()))
        }
    }

    /// Frees what stands on the shelves.
    pub(super) fn clear_shelves(&self) {
        for shelf in &self.shelves.shelves {
            for place in &shelf.objects[..shelf.len.take()] {
                let Some(object) = place.take() else { continue };
                // SAFETY: S1: nobody refers to the object; its payload is live and dropped here.
                unsafe {
                    if let Some(drop) = object.as_ref().kind().info().drop {
                        drop(object);
                    }
                    self.free_block(PageRef::of(object), object.cast());
                }
            }
        }
    }

    /// Lets objects retire, or not: while allocations are counted, each is to be one.
    pub(super) fn use_shelves(&self, on: bool) {
        self.shelves.room.set(if on { ROOM } else { 0 });
        self.clear_shelves();
    }
}
