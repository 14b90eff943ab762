//! The end of cyclic trash: weak references, finalizers, resurrection, teardown. See `collect` for the order and its reasons.
//!
//! Trash is a bit per block and a chain of the pages that have such bits, so it takes no memory, however much there is.
//!
//! Invariant C1: a trash bit counts only while its block holds an object marked `CANDIDATE`: the block of an object
//! that died meanwhile may hold a new one, which is not marked.
//! Invariant C2: a page in the chain is not released before the collection ends.

use super::dealloc::drop_contents;
use super::page::{Bits, PageRef, Place, Sort};
use super::trial::{Scope, traverse_own};
use super::{Config, Heap};
use crate::header::{Header, bits};
use crate::kind::flags;
use crate::trace::{Counting, SATURATED, Set};
use crate::value::Value;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

impl Heap {
    /// Adds a page to the chain of pages with trash.
    #[inline]
    pub(super) fn chain_trash_page(&self, page: PageRef) {
        if page.in_trash_chain.replace(true) {
            return;
        }
        page.trash_next.set(None);
        match self.collector.trash_last.replace(Some(page)) {
            Some(last) => last.trash_next.set(Some(page)),
            None => self.collector.trash_first.set(Some(page)),
        }
    }

    /// Ends the chain, and releases those of its pages that are empty by now.
    pub(super) fn release_trash_pages(&self) {
        let mut next = self.collector.trash_first.take();
        self.collector.trash_last.set(None);
        while let Some(page) = next {
            next = page.trash_next.take();
            page.in_trash_chain.set(false);
            page.move_bits(Bits::Trash, None);
            if page.live.get() == 0 && page.place.get() == Place::Full {
                self.release_page(page);
            }
        }
    }

    /// Calls `f` with every object that is trash.
    #[inline]
    pub(super) fn walk_trash(&self, mut f: impl FnMut(PageRef, NonNull<Header>)) {
        let mut next = self.collector.trash_first.get();
        while let Some(page) = next {
            page.walk_bits(Bits::Trash, |object| {
                // SAFETY: C1; the walk yields live objects.
                if unsafe { object.as_ref() }.has(bits::CANDIDATE) {
                    f(page, object);
                }
            });
            next = page.trash_next.get();
        }
    }

    /// Does all that is to be done with the trash of a collection; says how many objects that was in the end.
    pub(super) fn end_trash(&self) -> usize {
        if self.collector.debug.get().collectable {
            self.report_collectable();
        }
        let special = self.collector.special_trash.get();
        let called_back = special && self.clear_weak_of_trash();
        let finalized = special && self.finalize_trash();
        if called_back || finalized {
            self.keep_resurrected(|_| false);
            self.walk_trash(|_, object| {
                // SAFETY: C1.
                drop(self.detach_weak(unsafe { object.as_ref() }));
            });
        }
        if self.collector.debug.get().save_all { self.save_trash() } else { self.tear_down() }
    }

    /// Clears all weak references to trash, then calls the callbacks of those outside. True if there were any.
    fn clear_weak_of_trash(&self) -> bool {
        let mut owners = Vec::new();
        for object in self.trash_by_birth(|header| header.has(bits::WEAKLY_REFERENCED)) {
            // SAFETY: C1: nothing has run since the walk.
            owners.extend(self.detach_weak(unsafe { object.as_ref() }));
        }
        let any = !owners.is_empty();
        for owner in owners {
            self.call_back(owner);
        }
        any
    }

    /// Calls the finalizers that have not run yet, of the oldest object first. True if there were any.
    fn finalize_trash(&self) -> bool {
        let waiting = self.trash_by_birth(|header| self.awaits_finalizer(header));
        for &object in &waiting {
            // SAFETY: C1, C2: the block is still one of a page, but a finalizer may have ended the object. The reference taken here
            // keeps it alive while its own runs.
            unsafe {
                let header = object.as_ref();
                if header.is_alive() && header.has(bits::CANDIDATE) && self.awaits_finalizer(header) {
                    header.set(bits::FINALIZED, true);
                    header.increment();
                    let value = Value::from_owned(object);
                    self.finalize(0, &value);
                }
            }
        }
        !waiting.is_empty()
    }

    fn report_collectable(&self) {
        self.walk_trash(|_, object| {
            // SAFETY: C1; the reference is only lent.
            let value = unsafe { ManuallyDrop::new(Value::from_owned(object)) };
            // The hook may not keep the object, but it may show it: let it have a count of its own.
            let shown = Value::clone(&value);
            self.at_level_zero(|hooks| hooks.collectable(&shown));
        });
    }

    /// Takes out of the trash what is reachable from outside again, or from an object that `root` names; says how many.
    pub(super) fn keep_resurrected(&self, root: impl Fn(&Header) -> bool) -> usize {
        let mut kept = 0;
        self.deduce(
            Scope::Trash,
            root,
            |object| {
                kept += 1;
                // SAFETY: C1.
                let page = unsafe { PageRef::of(object) };
                page.clear_bit(Bits::Trash, page.index_of(object));
            },
            |_, _| {},
        );
        kept
    }

    /// Keeps the trash in the list of garbage.
    fn save_trash(&self) -> usize {
        let mut saved = Vec::new();
        self.walk_trash(|_, object| {
            // SAFETY: C1; the list gets a reference of its own.
            unsafe {
                object.as_ref().set(bits::CANDIDATE, false);
                object.as_ref().increment();
                saved.push(Value::from_owned(object));
            }
        });
        let count = saved.len();
        self.collector.garbage.borrow_mut().extend(saved);
        count
    }

    /// Drops the contents of all trash, then frees its blocks.
    pub(super) fn tear_down(&self) -> usize {
        self.tearing.set(true);
        self.walk_trash_contents();
        let mut count = 0;
        self.walk_dead_trash(|page, object| {
            count += 1;
            // SAFETY: the contents are gone and nothing refers to the object.
            unsafe { self.free_block(page, object.cast()) };
        });
        self.tearing.set(false);
        count
    }

    /// Drops contents. References among the trash only count down; counts may reach zero, so these walks look at bits alone.
    fn walk_trash_contents(&self) {
        self.walk_dead_trash(|_, object| {
            // SAFETY: C1, and see `collect`: nothing outside refers to the object, nobody will look at it again.
            unsafe {
                let kind = object.as_ref().kind.get();
                let kind_flags = kind.as_ref().flags();
                drop_contents(object, kind.as_ref(), kind_flags);
                if kind_flags & flags::TRACKED != 0 {
                    self.uncount_tracked();
                }
                if kind_flags & flags::ORDERED != 0 {
                    self.forget_birth(object.as_ref());
                }
                if kind_flags & flags::COUNTED != 0 {
                    super::release(kind.cast::<Header>().sub(1));
                }
            }
        });
    }

    /// Calls `f` with every object that is trash, whatever its count.
    fn walk_dead_trash(&self, mut f: impl FnMut(PageRef, NonNull<Header>)) {
        let mut next = self.collector.trash_first.get();
        while let Some(page) = next {
            page.walk_marked(Bits::Trash, |object| {
                // SAFETY: the block is not free: it is trash, or holds an object made since.
                if unsafe { object.as_ref() }.has(bits::CANDIDATE) {
                    f(page, object);
                }
            });
            next = page.trash_next.get();
        }
    }

    /// The end of the heap: drops the contents of all objects, so that what they own outside the heap is given back. No hooks run.
    ///
    /// If references from outside the heap are left, or buffers, nothing may be dropped: then all that there is moves to a heap that stays for ever, so
    /// that they stay good.
    pub(super) fn drop_everything(&self) {
        if self.depth.get() != 0 || self.called.get() != 0 {
            // Those who have called the code that drops the heap would go on with it.
            eprintln!("a heap is dropped by code that it has called");
            std::process::abort();
        }
        self.collector.collecting.set(true);
        drop(self.collector.garbage.take());
        self.drain_deferred();
        self.clear_shelves();
        // What a panic in a `Drop` has left half torn down stays as it is.
        if self.tearing.get() || self.has_outside_references() {
            return self.live_on();
        }
        self.for_each_object_page(|page| {
            let mut any = false;
            page.walk(|object| {
                any = true;
                page.set_bit(Bits::Trash, page.index_of(object));
                // SAFETY: the walk yields live objects.
                unsafe { object.as_ref() }.set(bits::CANDIDATE, true);
            });
            if any {
                self.chain_trash_page(page);
            }
        });
        self.tearing.set(true);
        self.walk_trash_contents();
        let mut buffers = false;
        self.for_each_page(|page| buffers |= page.sort == Sort::Raw && page.live.get() != 0);
        if buffers {
            self.live_on();
        }
    }

    /// Moves all pages to a heap of their own that nobody knows and that is never dropped.
    fn live_on(&self) {
        let other = Box::leak(Box::new(Heap::new(Config::default())));
        other.disable();
        other.arenas.swap(&self.arenas);
        other.weak.swap(&self.weak);
        other.tearing.set(self.tearing.get());
        let mut object_pages = 0;
        other.for_each_page(|page| {
            object_pages += usize::from(page.sort == Sort::Object);
            page.move_to(other);
        });
        other.object_pages.set(object_pages);
        for list in [&other.young_pages, &other.middle_pages] {
            list.borrow_mut().reserve(object_pages);
        }
    }

    /// Whether anything but the heap's own objects refers to an object that is not immortal. Leaves scratch counts behind.
    fn has_outside_references(&self) -> bool {
        let mut visitor = Counting { set: Set { mask: 0, want: 0, mark: 0 } };
        let home = self.home();
        self.walk_scope(Scope::All, |_, object| {
            // SAFETY: the walk yields live objects.
            unsafe { traverse_own(object, home, &mut visitor) };
        });
        let mut outside = false;
        self.for_each_object(&mut |header| {
            let internal = header.word.get() >> bits::SCRATCH_SHIFT;
            outside |= !header.is_immortal() && internal != SATURATED && header.count() != internal;
        });
        outside
    }
}
