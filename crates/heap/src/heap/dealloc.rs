//! Death by reference count.
//!
//! An object whose last reference goes is finalized, its weak references are cleared and their callbacks called, then its
//! contents are dropped, then its block is freed, then its class loses a reference: CPython's order for instances.
//!
//! Dropping contents may bring more objects to zero. That nests on the native stack only `DEPTH` levels deep; objects below are
//! linked into a list, through their own first eight bytes, and taken from it by the outermost level. So ten million nested
//! lists die in a few kilobytes of stack and without a byte of further memory. Code called by a hook starts at level zero
//! again: what dies in it dies at once. Only where finalizers that are not the program's own (of generators, say) have nested a hundred deep
//! is the list used instead, so that a chain of such objects needs no native stack either.
//!
//! Invariant D1: an object in `queue` or `deferred` has no references, has not been finalized in this death, and holds all of its contents but
//! references that a quiet retirement gave up (they were nothing's last).

use super::Heap;
use super::page::PageRef;
use crate::header::{Header, bits};
use crate::kind::{Kind, Payload, TailElem, flags};
use crate::reference::Obj;
use crate::slot::Slot;
use crate::value::Value;
use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

const DEPTH: u32 = 50;
/// The level at which nothing dies because something walks over the objects; no teardown reaches it.
const UNDISTURBED: u32 = DEPTH + 1;
/// What dies in code that runs this many finalizers deep waits in the list until that code has returned.
const NESTED_FINALIZERS: u32 = 100;

/// Gives up one reference; at zero the object dies.
///
/// # Safety
/// The caller owns the reference.
#[inline]
pub unsafe fn release(object: NonNull<Header>) {
    // SAFETY: H2.
    unsafe {
        if object.as_ref().decrement() {
            // The reference may have been made from a shared borrow; the block's end needs the right to write that its region has (O1).
            let block = std::ptr::with_exposed_provenance_mut::<Header>(object.addr().get());
            dealloc(NonNull::new_unchecked(block));
        }
    }
}

/// Bits of the collector word of an object whose death is no plain one.
const SPECIAL_WORD: u32 = bits::CANDIDATE | bits::WEAKLY_REFERENCED;
/// The same of its kind's flags.
const SPECIAL_KIND: u32 = flags::FINALIZER | flags::ORDERED;

/// What objects have not that own nothing: strs, bytes and numbers, for example.
const NOT_INERT: u32 = flags::RETIRES | SPECIAL_KIND | flags::TRACKED | flags::SLOTS;

/// An object's count is zero: nobody refers to it.
#[inline(never)]
unsafe fn dealloc(object: NonNull<Header>) {
    // SAFETY: H2, H3.
    unsafe {
        let kind = object.as_ref().kind();
        if kind.flags() & NOT_INERT == 0 && kind.info().drop.is_none() && object.as_ref().word.get() & SPECIAL_WORD == 0
        {
            // Nothing ends with it but perhaps its class, so nothing nests.
            let (page, counted) = (PageRef::of(object), kind.class_object().map(NonNull::from));
            if page.heap().is_undisturbed() {
                // A walk may stand in that page.
                return dealloc_whole(object);
            }
            page.heap().free_block(page, object.cast());
            if let Some(class) = counted {
                release(class);
            }
            return;
        }
        let word = object.as_ref().word.get();
        if word & SPECIAL_WORD == 0 {
            // A finalizer that has nothing to do is no reason for a long way.
            let idle = if word & bits::FINALIZED != 0 { flags::FINALIZER } else { 0 };
            match kind.flags() & (flags::RETIRES | flags::PLAIN | flags::ROW | SPECIAL_KIND) & !idle {
                flags::PLAIN => return dealloc_plain(object, kind),
                flags::ROW => {
                    if let Some(end) = kind.info().end_row {
                        return end(object);
                    }
                }
                flags::RETIRES => {
                    if let Some(retirement) = &kind.info().retire {
                        return (retirement.end)(object);
                    }
                }
                _ => {}
            }
        }
        dealloc_whole(object)
    }
}

/// The same for an object of a plain kind, which is over at once if it ends no other object.
#[inline(always)]
unsafe fn dealloc_plain(object: NonNull<Header>, kind: &Kind) {
    // SAFETY: H2, H3; P1, P2: behind the payload a plain object has slots up to the block's end.
    unsafe {
        let page = PageRef::of(object);
        let heap = page.heap();
        let start = kind.info().end as usize;
        let first = object.cast::<u8>().add(start).cast::<Slot>();
        let slots = std::slice::from_raw_parts(first.as_ptr(), (page.block.get() - start) / 8);
        if heap.is_undisturbed() || !slots.iter().all(Slot::let_go) {
            return dealloc_whole(object);
        }
        if let Some(class) = kind.class_object()
            && !class.decrement_unless_last()
        {
            return dealloc_whole(object);
        }
        if kind.flags() & flags::TRACKED != 0 {
            heap.uncount_tracked();
        }
        heap.free_block(page, object.cast());
    }
}

/// The same for an object that owns nothing but the values of its tail, which is over at once if it ends no other object.
///
/// # Safety
/// The object's count has just become zero, its payload is a `T`.
pub(crate) unsafe fn end_row<T: Payload>(object: NonNull<Header>) {
    // SAFETY: H2, H3; P1: nobody else refers to the object, and no walk stands in it.
    unsafe {
        let page = PageRef::of(object);
        let heap = page.heap();
        let typed = object.cast::<Obj<T>>().as_ref();
        let elements = std::slice::from_raw_parts_mut(typed.tail_pointer(), typed.tail_elements().len());
        if heap.is_undisturbed() || !T::Elem::let_go(elements) {
            return dealloc_whole(object);
        }
        let kind = object.as_ref().kind();
        let counted = kind.class_object().map(NonNull::from);
        if kind.flags() & flags::TRACKED != 0 {
            heap.uncount_tracked();
        }
        heap.free_block(page, object.cast());
        if let Some(class) = counted {
            release(class);
        }
    }
}

/// The same for objects that are not, or not so easily, put on a shelf.
///
/// # Safety
/// The object's count has just become zero.
#[inline(never)]
pub(super) unsafe fn dealloc_whole(object: NonNull<Header>) {
    // SAFETY: H2; the page and the heap outlive their objects (P1).
    unsafe {
        let page = PageRef::of(object);
        let heap = page.heap();
        let kind = object.as_ref().kind.get();
        let kind_flags = kind.as_ref().flags();
        let depth = heap.depth.get();
        let word = object.as_ref().word.get();
        if word & SPECIAL_WORD | kind_flags & SPECIAL_KIND != 0 || depth >= DEPTH {
            // A finalizer that has nothing to do is no reason for a long way.
            let plain = word & (SPECIAL_WORD | bits::FINALIZED) == bits::FINALIZED && kind_flags & flags::ORDERED == 0;
            if !plain || depth >= DEPTH {
                return dealloc_slowly(heap, page, object);
            }
        }
        heap.one_deeper(depth, || {
            if kind_flags & flags::RETIRES == 0 || !heap.retire(object, kind, kind_flags) {
                heap.end(page, object, kind, kind_flags);
            }
        });
    }
}

#[cold]
#[inline(never)]
unsafe fn dealloc_slowly(heap: &Heap, page: PageRef, object: NonNull<Header>) {
    // SAFETY: as `dealloc`.
    unsafe {
        if object.as_ref().has(bits::CANDIDATE) && heap.tearing.get() {
            return;
        }
        let depth = heap.depth.get();
        if depth >= DEPTH {
            heap.push(&heap.queue, object);
            return;
        }
        heap.one_deeper(depth, || heap.destroy(page, object));
    }
}

/// Puts a number back, even if a panic passes by.
struct Restore<'a>(&'a Cell<u32>, u32);

impl Drop for Restore<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.0.set(self.1);
    }
}

/// One more in a counter, until dropped. Threads that take turns within code that the heap calls leave it in another order than they came, so
/// such a counter is counted down, not put back to what it was.
struct Counted<'a>(&'a Cell<u32>);

impl<'a> Counted<'a> {
    fn new(counter: &'a Cell<u32>) -> Counted<'a> {
        counter.set(counter.get() + 1);
        Counted(counter)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Heap {
    /// Does something with the nesting of teardown at `level`, then puts it back to `depth`; the outermost level sees to what had to
    /// wait meanwhile.
    #[inline(always)]
    fn with_depth<R>(&self, depth: u32, level: u32, f: impl FnOnce() -> R) -> R {
        let restore = Restore(&self.depth, depth);
        self.depth.set(level);
        let result = f();
        drop(restore);
        if depth == 0 && self.queue.get().is_some() {
            // SAFETY: D1.
            unsafe { self.drain() };
        }
        result
    }

    /// Tears something down from level `depth`.
    #[inline(always)]
    fn one_deeper(&self, depth: u32, tear_down: impl FnOnce()) {
        self.with_depth(depth, depth + 1, tear_down);
    }

    /// Tears down an object whose count is zero.
    #[inline]
    unsafe fn destroy(&self, page: PageRef, object: NonNull<Header>) {
        // SAFETY: H2, H3.
        unsafe {
            let header = object.as_ref();
            let mut kind = header.kind.get();
            let mut kind_flags = kind.as_ref().flags();
            let special = header.word.get() & bits::WEAKLY_REFERENCED;
            if special | (kind_flags & (flags::FINALIZER | flags::ORDERED)) != 0 {
                if !self.last_words(object, kind.as_ref()) {
                    return;
                }
                // The finalizer may have given the object another class.
                kind = header.kind.get();
                kind_flags = kind.as_ref().flags();
            }
            self.end(page, object, kind, kind_flags);
        }
    }

    /// Drops the contents of an object that has had its last words, and frees its block.
    #[inline(always)]
    unsafe fn end(&self, page: PageRef, object: NonNull<Header>, kind: NonNull<Kind>, kind_flags: u32) {
        // SAFETY: H2, H3.
        unsafe {
            drop_contents(object, kind.as_ref(), kind_flags);
            if kind_flags & flags::TRACKED != 0 {
                self.uncount_tracked();
            }
            self.free_block(page, object.cast());
            if kind_flags & flags::COUNTED != 0 {
                release(kind.cast::<Header>().sub(1));
            }
        }
    }

    /// Runs finalizer and weak callbacks; says whether the object really dies now.
    #[cold]
    unsafe fn last_words(&self, object: NonNull<Header>, kind: &Kind) -> bool {
        // SAFETY: H2: the count is zero, so this is the only one to touch the object; while the finalizer runs, it holds one
        // reference by way of `value`.
        unsafe {
            let header = object.as_ref();
            let finalize = self.awaits_finalizer(header);
            if self.quiet.get() && (finalize || self.has_weak_callbacks(header)) {
                self.push(&self.deferred, object);
                return false;
            }
            if finalize {
                header.set(bits::FINALIZED, true);
                header.revive();
                let value = ManuallyDrop::new(Value::from_owned(object));
                self.call_finalizer(kind, &value);
                if !header.decrement() {
                    return false;
                }
            }
            self.clear_weak(header);
            if header.kind().has(flags::ORDERED) {
                self.forget_birth(header);
            }
            true
        }
    }

    /// Calls a finalizer. One that the program wrote may nest until the program's own limit stops it; where others have nested too
    /// deeply, what dies in them waits.
    fn call_finalizer(&self, kind: &Kind, value: &Value) {
        if kind.has(flags::ORDERED) {
            return self.finalize(0, value);
        }
        let nested = Counted::new(&self.nested_finalizers);
        self.finalize(if nested.0.get() <= NESTED_FINALIZERS { 0 } else { DEPTH }, value);
    }

    /// Calls an object's own finalizer, or the embedder's.
    pub(super) fn finalize(&self, level: u32, value: &Value) {
        let Some(header) = value.header() else { return };
        match header.kind().info().finalize {
            // SAFETY: V1, and the finalizer is that of the object's payload type.
            Some(finalize) => self.at_level(level, || unsafe { finalize(NonNull::from(header), self) }),
            None => self.at_level(level, || self.with_hooks(|hooks| hooks.finalize(value))),
        }
    }

    /// Calls the hooks with the nesting of teardown started afresh.
    pub(crate) fn at_level_zero(&self, f: impl FnOnce(&dyn super::Hooks)) {
        self.at_level(0, || self.with_hooks(f));
    }

    fn with_hooks(&self, f: impl FnOnce(&dyn super::Hooks)) {
        let hooks = self.hooks.borrow().clone();
        if let Some(hooks) = hooks {
            f(&*hooks);
        }
    }

    /// Calls code that is not the heap's with the nesting of teardown at `level`.
    pub(crate) fn at_level(&self, level: u32, f: impl FnOnce()) {
        let _depth = Restore(&self.depth, self.depth.replace(level));
        let _called = Counted::new(&self.called);
        f();
    }

    /// Calls `f`, in which the calling thread lets others use the heap: what it is tearing down is its own affair, so that they begin afresh.
    pub fn aside<R>(&self, f: impl FnOnce() -> R) -> R {
        if self.depth.get() == UNDISTURBED {
            return f();
        }
        let _depth = Restore(&self.depth, self.depth.replace(0));
        let _nested = Restore(&self.nested_finalizers, self.nested_finalizers.replace(0));
        f()
    }

    /// Calls `f`, during which objects that lose their last reference stay whole, and no collection begins: what walks over objects can rely on them.
    pub(super) fn undisturbed<R>(&self, f: impl FnOnce() -> R) -> R {
        self.with_depth(self.depth.get(), UNDISTURBED, || {
            let collecting = self.collector.collecting.replace(true);
            let result = f();
            self.collector.collecting.set(collecting);
            if !collecting && !self.collector.pending.get() {
                self.reset_trigger();
            }
            result
        })
    }

    /// Whether objects that lose their last reference stay as they are for now: something walks over them, or they die too deeply nested.
    #[inline]
    pub(crate) fn is_undisturbed(&self) -> bool {
        self.depth.get() >= DEPTH
    }

    unsafe fn push(&self, list: &Cell<Option<NonNull<Header>>>, object: NonNull<Header>) {
        // SAFETY: the caller passes a dying object of this heap.
        unsafe { object.as_ref() }.enqueue(list.get());
        list.set(Some(object));
    }

    #[cold]
    unsafe fn drain(&self) {
        while let Some(object) = self.queue.get() {
            // SAFETY: D1.
            unsafe {
                self.queue.set(object.as_ref().dequeue());
                self.depth.set(1);
                self.destroy(PageRef::of(object), object);
                self.depth.set(0);
            }
        }
    }

    /// Tears down the objects whose finalizers could not run when they died (inside an allocation).
    pub(super) fn drain_deferred(&self) {
        while let Some(object) = self.deferred.get() {
            // SAFETY: D1.
            unsafe {
                self.deferred.set(object.as_ref().dequeue());
                dealloc(object);
            }
        }
    }
}

/// Drops slots, tail and payload of an object, in place.
///
/// # Safety
/// The contents are live and not used any more.
#[inline]
pub(super) unsafe fn drop_contents(object: NonNull<Header>, kind: &Kind, kind_flags: u32) {
    // SAFETY: the caller's promise; the payload is still there when the slots are found.
    unsafe {
        // Attributes go before what the builtin base holds, as in CPython's teardown of instances.
        if kind_flags & flags::SLOTS != 0 {
            for slot in find_slots(object, kind) {
                slot.drop_object();
            }
        }
        if let Some(drop) = kind.info().drop {
            drop(object);
        }
    }
}

/// The value slots at the end of an object's block.
#[inline]
pub fn slots_of(header: &Header) -> &[Slot] {
    let kind = header.kind();
    if kind.flags() & flags::SLOTS == 0 {
        return &[];
    }
    // SAFETY: H1; the kind is the object's.
    unsafe { find_slots(NonNull::from(header), kind) }
}

/// # Safety
/// The object is of that kind, which has slots; its payload is there.
#[inline(always)]
unsafe fn find_slots<'a>(object: NonNull<Header>, kind: &Kind) -> &'a [Slot] {
    // SAFETY: P2: the block is as long as its page says; the allocator emptied all slots behind payload and tail (L1).
    unsafe {
        let info = kind.info();
        let mut start = info.end as usize;
        if let Some(tail_bytes) = info.tail_bytes {
            start += tail_bytes(object).next_multiple_of(8);
        }
        let block = PageRef::of(object).block.get();
        std::slice::from_raw_parts(object.cast::<u8>().add(start).cast().as_ptr(), (block - start) / 8)
    }
}

/// An object's true size in bytes: its block.
#[inline]
pub fn block_size(header: &Header) -> usize {
    // SAFETY: H1: headers stand at the start of blocks.
    unsafe { PageRef::of(NonNull::from(header)) }.block.get()
}
