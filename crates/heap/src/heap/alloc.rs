//! Allocation: blocks from pages, and the objects made in them.
//!
//! Invariant L1: a block on its way to being an object has a count of zero until its payload and tail are written; so a
//! collection in between does not see it, and a panic in between frees it.

use super::arena::{HUGE, PAGE};
use super::page::{
    Bits, CLASSES, EXACT, LARGE, LARGE_FIRST, MAX_SMALL, PageRef, Place, Sort, UNLISTED, class_of, class_size,
};
use super::{AsKind, Heap, OutOfMemory, release};
use crate::buffer::Buffer;
use crate::header::{Header, bits};
use crate::kind::{ClassPayload, Kind, Payload, Tail, flags, tail_offset};
use crate::reference::{Obj, Ref};
use crate::value::Value;
use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

const MIN_OBJECT: usize = 24;
const MIN_RAW: usize = 16;

/// What an object was to be made of, of which none was made.
pub struct Unmade<T, C: ClassPayload> {
    /// The class.
    pub class: Ref<C>,
    /// The payload.
    pub payload: T,
    /// The slot that is not empty, and its value.
    pub filled: Option<(usize, Value)>,
}

/// A block that is not yet an object; dropping it frees it, and the first `written` elements of its tail.
struct Unfinished<'a, E> {
    heap: &'a Heap,
    block: NonNull<u8>,
    tail: NonNull<E>,
    written: usize,
}

impl<E> Drop for Unfinished<'_, E> {
    fn drop(&mut self) {
        let elements = std::ptr::slice_from_raw_parts_mut(self.tail.as_ptr(), self.written);
        // SAFETY: L1: nobody else knows the block; exactly these elements are initialised.
        unsafe {
            std::ptr::drop_in_place(elements);
            self.heap.free_block(PageRef::of(self.block), self.block);
        }
    }
}

impl Heap {
    /// Makes an object that belongs to no class: its kind is the payload type's own.
    ///
    /// ```
    /// use taipan_heap::{Config, Heap, OutOfMemory, Payload};
    ///
    /// #[derive(Payload)]
    /// struct Point(f64, f64);
    ///
    /// let heap = Heap::new(Config::default());
    /// let point = heap.make(Point(1.0, 2.0))?;
    /// assert_eq!(point.0 + point.1, 3.0);
    /// # Ok::<(), OutOfMemory>(())
    /// ```
    #[inline]
    pub fn make<T: Payload>(&self, payload: T) -> Result<Ref<T>, OutOfMemory> {
        check_no_tail(&payload);
        let block = self.object_block(const { tail_offset::<T>() })?;
        // SAFETY: L1: the block has room for the payload. The kind is not counted.
        Ok(unsafe { self.finish(T::static_kind(), block, payload) })
    }

    /// The same for a payload with a tail, as `alloc_with_tail` makes it.
    ///
    /// ```
    /// use taipan_heap::{Config, Heap, OutOfMemory, Payload, Tail, Value};
    ///
    /// #[derive(Payload)]
    /// #[payload(tail = items)]
    /// struct Vector {
    ///     items: Tail<Value>,
    /// }
    ///
    /// let heap = Heap::new(Config::default());
    /// let vector = heap.make_with_tail(3, |items| Vector { items }, (1..4).map(Value::small_int))?;
    /// assert_eq!(vector.items.elements()[2].as_int(), Some(3));
    /// assert_eq!(heap.size_of(vector.header()), 16 + 8 + 3 * 8);
    /// # Ok::<(), OutOfMemory>(())
    /// ```
    pub fn make_with_tail<T: Payload>(
        &self,
        len: usize,
        payload: impl FnOnce(Tail<T::Elem>) -> T,
        fill: impl IntoIterator<Item = T::Elem>,
    ) -> Result<Ref<T>, OutOfMemory> {
        self.alloc_with_tail(&T::static_kind(), len, 0, 0, payload, fill)
    }

    /// Makes an object of a class, or of a static kind.
    #[inline]
    pub fn alloc<T: Payload>(&self, class: &(impl AsKind + ?Sized), payload: T) -> Result<Ref<T>, OutOfMemory> {
        let kind = class.as_kind();
        if kind.has(flags::SLOTS) {
            return self.alloc_with_slots(class, payload, 0);
        }
        check_payload::<T>(kind);
        check_no_tail(&payload);
        let block = self.object_block(const { tail_offset::<T>() })?;
        // SAFETY: L1: the block has room for the payload.
        Ok(unsafe { self.finish(kind, block, payload) })
    }

    /// Makes an object with room for at least `slots` values after the payload, all empty.
    #[inline]
    pub fn alloc_with_slots<T: Payload>(
        &self,
        class: &(impl AsKind + ?Sized),
        payload: T,
        slots: usize,
    ) -> Result<Ref<T>, OutOfMemory> {
        let kind = class.as_kind();
        check_payload::<T>(kind);
        check_no_tail(&payload);
        let block = self.slotted_block::<T>(kind, slots)?;
        // SAFETY: L1: the block has room for payload and slots.
        Ok(unsafe { self.finish(kind, block, payload) })
    }

    /// Makes an instance of a class, whose reference it takes over, with room for at least `slots` values after the payload: all empty but the one that
    /// `filled` names, if there is such a slot.
    #[inline]
    pub fn alloc_owning_class<T: Payload, C: ClassPayload>(
        &self,
        class: Ref<C>,
        payload: T,
        slots: usize,
        filled: Option<(usize, Value)>,
    ) -> Result<Ref<T>, OutOfMemory> {
        let kind = class.as_kind();
        check_payload::<T>(kind);
        check_no_tail(&payload);
        check_parts(&payload);
        let block = self.slotted_block::<T>(kind, slots)?;
        // SAFETY: L1: the block has room for payload and slots. A class object's kind is counted (`check_parts`), and the reference is the object's now.
        unsafe {
            let object = block.cast::<Obj<T>>();
            (&raw mut (*object.as_ptr()).payload).write(ManuallyDrop::new(payload));
            let kind_flags = kind.flags();
            if let Some((at, value)) = filled
                && at < slots
                && kind_flags & flags::SLOTS != 0
            {
                block.add(tail_offset::<T>() + at * 8).cast::<Option<Value>>().write(Some(value));
            }
            self.publish_counted(block.cast(), kind, kind_flags);
            std::mem::forget(class);
            Ok(Ref::from_raw(object))
        }
    }

    /// As `alloc_owning_class`, but only where that needs no call at all: a block is at hand, of a page that has young objects, and no collection is due. What
    /// was given comes back otherwise. So a function that asks this first, and then goes on in another as its last step, has no registers to save.
    #[inline(always)]
    pub fn alloc_owning_class_at_once<T: Payload, C: ClassPayload>(
        &self,
        class: Ref<C>,
        payload: T,
        slots: usize,
        filled: Option<(usize, Value)>,
    ) -> Result<Ref<T>, Unmade<T, C>> {
        let kind = class.as_kind();
        let kind_flags = kind.flags();
        let size = tail_offset::<T>() + slots * 8;
        let size_class = class_of(size.clamp(MIN_OBJECT, EXACT));
        let page = self.current[Sort::Object as usize][size_class].get();
        let left = self.left.get() - class_size(size_class) as isize;
        let allocations = self.collector.allocations.get() + 1;
        if T::TAILED
            || T::CLASS
            || !std::ptr::eq(kind.info(), T::info())
            || kind_flags & (flags::TRACKED | flags::SLOTS | flags::ORDERED) != flags::TRACKED | flags::SLOTS
            || size > EXACT
            || left < 0
            || page.young_index.get() == UNLISTED
            || allocations > self.collector.trigger.get()
        {
            return Err(Unmade { class, payload, filled });
        }
        let Some(block) = page.pop() else { return Err(Unmade { class, payload, filled }) };
        self.left.set(left);
        self.collector.allocations.set(allocations);
        // SAFETY: L1: the block is of that page, has room for payload and slots, and is an object when its header is written. A class object's kind is counted
        // (`check_parts`), and the reference is the object's now.
        unsafe {
            empty_slots::<T>(block, slots);
            let object = block.cast::<Obj<T>>();
            (&raw mut (*object.as_ptr()).payload).write(ManuallyDrop::new(payload));
            if let Some((at, value)) = filled
                && at < slots
            {
                block.add(tail_offset::<T>() + at * 8).cast::<Option<Value>>().write(Some(value));
            }
            block.cast::<Header>().write(Header {
                count: Cell::new(1),
                word: Cell::new(bits::TRACKED | self.unmarked.get()),
                kind: Cell::new(NonNull::from(kind)),
            });
            page.set_bit(Bits::Young, page.index_of(block));
            std::mem::forget(class);
            Ok(Ref::from_raw(object))
        }
    }

    /// A block for an object with `slots` slots, which are empty if the kind has some at all.
    #[inline(always)]
    fn slotted_block<T: Payload>(&self, kind: &Kind, slots: usize) -> Result<NonNull<u8>, OutOfMemory> {
        let size = tail_offset::<T>() + slots * 8;
        let block = self.object_block(size)?;
        // SAFETY: L1: the block is at least that large.
        unsafe {
            if size <= EXACT {
                empty_slots::<T>(block, slots);
            } else if kind.has(flags::SLOTS) {
                zero_slots(block, tail_offset::<T>());
            }
        }
        Ok(block)
    }

    /// Makes an object with a tail: `payload` gets the tail's length field, `fill` yields exactly `len` elements.
    pub fn alloc_with_tail<T: Payload>(
        &self,
        class: &(impl AsKind + ?Sized),
        len: usize,
        meta: u8,
        slots: usize,
        payload: impl FnOnce(Tail<T::Elem>) -> T,
        fill: impl IntoIterator<Item = T::Elem>,
    ) -> Result<Ref<T>, OutOfMemory> {
        let block = self.tail_block::<T>(len, slots)?;
        // SAFETY: the tail lies in the block.
        let tail = unsafe { block.add(tail_offset::<T>()).cast::<T::Elem>() };
        let mut unfinished = Unfinished { heap: self, block, tail, written: 0 };
        let mut fill = fill.into_iter();
        while unfinished.written < len {
            let Some(element) = fill.next() else { break };
            // SAFETY: L1; the block has room for `len` elements.
            unsafe { tail.add(unfinished.written).write(element) };
            unfinished.written += 1;
        }
        assert!(unfinished.written == len, "the tail is filled");
        let payload = payload(Tail::new(len, meta));
        assert!(
            T::tail(&payload).is_some_and(|tail| tail.is_new(len, meta)),
            "the payload holds the tail it was given"
        );
        std::mem::forget(unfinished);
        // SAFETY: the tail's `len` elements are written.
        Ok(unsafe { self.finish_tailed(class.as_kind(), block, payload, size_of::<T::Elem>() * len) })
    }

    /// As `alloc_with_tail`, of the elements of a buffer, which is empty afterwards.
    pub fn alloc_with_elements<T: Payload>(
        &self,
        class: &(impl AsKind + ?Sized),
        payload: impl FnOnce(Tail<T::Elem>) -> T,
        elements: &mut Buffer<T::Elem>,
    ) -> Result<Ref<T>, OutOfMemory> {
        let len = elements.len();
        let payload = payload(Tail::new(len, 0));
        assert!(T::tail(&payload).is_some_and(|tail| tail.is_new(len, 0)), "the payload holds the tail it was given");
        let block = self.tail_block::<T>(len, 0)?;
        // SAFETY: L1; the block has room for `len` elements, and these are not the buffer's any more.
        unsafe {
            block
                .add(tail_offset::<T>())
                .cast::<T::Elem>()
                .copy_from_nonoverlapping(NonNull::new_unchecked(elements.as_mut_ptr()), len);
            elements.forget_all();
            Ok(self.finish_tailed(class.as_kind(), block, payload, size_of::<T::Elem>() * len))
        }
    }

    /// As `alloc_with_tail`, of elements at hand, but only where that needs no call at all (see `alloc_owning_class_at_once`). They come back otherwise.
    #[inline(always)]
    pub fn alloc_array_at_once<T: Payload, const N: usize>(
        &self,
        class: &(impl AsKind + ?Sized),
        payload: impl FnOnce(Tail<T::Elem>) -> T,
        elements: [T::Elem; N],
    ) -> Result<Ref<T>, [T::Elem; N]> {
        let kind = class.as_kind();
        let kind_flags = kind.flags();
        let size = const { tail_offset::<T>() + size_of::<T::Elem>() * N };
        let size_class = class_of(size.clamp(MIN_OBJECT, EXACT));
        let page = self.current[Sort::Object as usize][size_class].get();
        let left = self.left.get() - class_size(size_class) as isize;
        let allocations = self.collector.allocations.get() + 1;
        let payload = payload(Tail::new(N, 0));
        if T::CLASS
            || !std::ptr::eq(kind.info(), T::info())
            || kind_flags & (flags::TRACKED | flags::SLOTS | flags::ORDERED) != flags::TRACKED
            || !T::tail(&payload).is_some_and(|tail| tail.is_new(N, 0))
            || size > EXACT
            || left < 0
            || page.young_index.get() == UNLISTED
            || allocations > self.collector.trigger.get()
        {
            return Err(elements);
        }
        let Some(block) = page.pop() else { return Err(elements) };
        self.left.set(left);
        self.collector.allocations.set(allocations);
        // SAFETY: L1: the block is of that page, has room for payload and elements, and is an object when its header is written. K1: a counted kind stands
        // right behind the header of a class object.
        unsafe {
            if kind_flags & flags::COUNTED != 0 {
                NonNull::from(kind).cast::<Header>().sub(1).as_ref().increment();
            }
            let object = block.cast::<Obj<T>>();
            block.add(tail_offset::<T>()).cast::<[T::Elem; N]>().write(elements);
            (&raw mut (*object.as_ptr()).payload).write(ManuallyDrop::new(payload));
            if let Some(field) = T::tail(&*(*object.as_ptr()).payload) {
                field.place(block.add(tail_offset::<T>()));
            }
            block.cast::<Header>().write(Header {
                count: Cell::new(1),
                word: Cell::new(bits::TRACKED | self.unmarked.get()),
                kind: Cell::new(NonNull::from(kind)),
            });
            page.set_bit(Bits::Young, page.index_of(block));
            Ok(Ref::from_raw(object))
        }
    }

    /// Makes an object with a tail of bytes that `fill` writes in place (they are zero before).
    pub fn alloc_with_bytes<T: Payload<Elem = u8>>(
        &self,
        class: &(impl AsKind + ?Sized),
        len: usize,
        meta: u8,
        slots: usize,
        payload: impl FnOnce(Tail<u8>) -> T,
        fill: impl FnOnce(&mut [u8]),
    ) -> Result<Ref<T>, OutOfMemory> {
        let block = self.tail_block::<T>(len, slots)?;
        // SAFETY: the tail lies in the block.
        let tail = unsafe { block.add(tail_offset::<T>()) };
        let unfinished = Unfinished { heap: self, block, tail, written: 0 };
        // SAFETY: L1; the bytes are initialised before they are lent out.
        unsafe {
            if len <= EXACT {
                // Plain writes would become a call of memset. Blocks have whole words.
                for word in 0..len.div_ceil(8) {
                    tail.cast::<u64>().add(word).write_volatile(0);
                }
            } else {
                tail.write_bytes(0, len);
            }
            fill(std::slice::from_raw_parts_mut(tail.as_ptr(), len));
        }
        let payload = payload(Tail::new(len, meta));
        assert!(
            T::tail(&payload).is_some_and(|tail| tail.is_new(len, meta)),
            "the payload holds the tail it was given"
        );
        std::mem::forget(unfinished);
        // SAFETY: the tail's bytes are written.
        Ok(unsafe { self.finish_tailed(class.as_kind(), block, payload, len) })
    }

    /// Makes the class object that is its own class.
    pub fn alloc_root_class<C: ClassPayload>(&self, payload: C) -> Result<Ref<C>, OutOfMemory> {
        check_parts(&payload);
        let block = self.object_block(tail_offset::<C>())?;
        let object = block.cast::<Obj<C>>();
        // SAFETY: L1; the kind is the payload's first field. A counted class owns a reference to itself (H3).
        unsafe {
            (&raw mut (*object.as_ptr()).payload).write(ManuallyDrop::new(payload));
            let kind = NonNull::from(ClassPayload::kind(&*(*object.as_ptr()).payload));
            block.cast::<Header>().write(Header {
                count: Cell::new(1 + u32::from(kind.as_ref().has(flags::COUNTED))),
                word: Cell::new(bits::TRACKED | self.unmarked.get()),
                kind: Cell::new(kind),
            });
            self.note_young(block.cast());
            self.count_tracked();
            Ok(Ref::from_raw(object))
        }
    }

    /// Changes the class of an object to one with the same layout.
    pub fn set_class<T: Payload, C: ClassPayload>(&self, object: &Obj<T>, class: &Obj<C>) {
        self.change_class(object.header(), class);
    }

    /// As `set_class`, for an object of any payload type.
    pub fn change_class<C: ClassPayload>(&self, object: &Header, class: &Obj<C>) {
        assert!(std::ptr::eq(object.kind().info(), class.as_kind().info()), "same payload type");
        let layout = |kind: &Kind| kind.flags() & flags::SLOTS;
        assert!(layout(object.kind()) == layout(class.as_kind()), "both with slots or both without");
        if class.as_kind().has(flags::COUNTED) {
            class.header().increment();
        }
        match (object.kind().has(flags::ORDERED), class.as_kind().has(flags::ORDERED)) {
            (false, true) => self.note_birth(object),
            (true, false) => self.forget_birth(object),
            _ => {}
        }
        let old = object.kind.replace(NonNull::from(class.as_kind()));
        // SAFETY: H3: the object owned a reference to its old class, if that is counted.
        unsafe {
            if old.as_ref().has(flags::COUNTED) {
                release(old.cast::<Header>().sub(1));
            }
        }
    }

    #[inline(always)]
    fn tail_block<T: Payload>(&self, len: usize, slots: usize) -> Result<NonNull<u8>, OutOfMemory> {
        // What is before and behind the tail has whole words, so the block is long enough, whatever the tail's length is.
        let bytes = len.checked_mul(size_of::<T::Elem>());
        let size = bytes.and_then(|bytes| bytes.checked_add(tail_offset::<T>() + slots * 8));
        self.object_block(size.ok_or(OutOfMemory)?)
    }

    /// # Safety
    /// `block` is unfinished, large enough, and its tail of `bytes` is written.
    #[inline(always)]
    unsafe fn finish_tailed<T: Payload>(&self, kind: &Kind, block: NonNull<u8>, payload: T, bytes: usize) -> Ref<T> {
        check_payload::<T>(kind);
        // SAFETY: L1 and the caller's promise.
        unsafe {
            if kind.has(flags::SLOTS) {
                zero_slots(block, tail_offset::<T>() + bytes.next_multiple_of(8));
            }
            let object = self.finish(kind, block, payload);
            if let Some(field) = T::tail(&object) {
                field.place(block.add(tail_offset::<T>()));
            }
            object
        }
    }

    /// Writes the payload into a block, which is an object from then on.
    ///
    /// # Safety
    /// The block is unfinished and has room for the payload; tail and slots, if any, are written; the kind's instances have this payload.
    #[inline(always)]
    unsafe fn finish<T: Payload>(&self, kind: &Kind, block: NonNull<u8>, payload: T) -> Ref<T> {
        let object = block.cast::<Obj<T>>();
        check_parts(&payload);
        // SAFETY: L1 and the caller's promise.
        unsafe {
            (&raw mut (*object.as_ptr()).payload).write(ManuallyDrop::new(payload));
            if const { slack_of::<T>() } {
                // A kind may get slots later; they are empty then.
                block.add(MIN_OBJECT - 8).cast::<u64>().write(0);
            }
            self.publish(block.cast(), kind);
            Ref::from_raw(object)
        }
    }

    /// Turns a block whose payload is written into an object.
    #[inline]
    pub(super) unsafe fn publish(&self, object: NonNull<Header>, kind: &Kind) {
        let kind_flags = kind.flags();
        if kind_flags & flags::COUNTED != 0 {
            // SAFETY: K1: a counted kind stands right behind the header of a class object.
            unsafe { NonNull::from(kind).cast::<Header>().sub(1).as_ref() }.increment();
        }
        // SAFETY: the caller's promise; the class is counted.
        unsafe { self.publish_counted(object, kind, kind_flags) }
    }

    /// The same for an object that owns the reference to its class already.
    #[inline]
    pub(super) unsafe fn publish_counted(&self, object: NonNull<Header>, kind: &Kind, kind_flags: u32) {
        // SAFETY: L1: the block is large enough for a header and nobody else uses it.
        unsafe {
            object.write(Header {
                count: Cell::new(1),
                word: Cell::new(kind_flags & flags::TRACKED | self.unmarked.get()),
                kind: Cell::new(NonNull::from(kind)),
            });
            if kind_flags & flags::TRACKED != 0 {
                self.note_young(object);
                self.count_tracked();
            }
            if kind_flags & flags::ORDERED != 0 {
                self.note_birth(object.as_ref());
            }
        }
    }

    /// Sets an object's young bit.
    #[inline]
    pub(super) unsafe fn note_young(&self, object: NonNull<Header>) {
        // SAFETY: the caller passes an object of this heap.
        let page = unsafe { PageRef::of(object) };
        page.set_bit(Bits::Young, page.index_of(object));
        if page.young_index.get() == UNLISTED {
            self.list_young(page);
        }
    }

    #[cold]
    fn list_young(&self, page: PageRef) {
        let mut list = self.young_pages.borrow_mut();
        page.young_index.set(list.len() as u32);
        list.push(page);
    }

    #[inline]
    fn object_block(&self, size: usize) -> Result<NonNull<u8>, OutOfMemory> {
        let size = size.max(MIN_OBJECT);
        if size <= MAX_SMALL {
            let class = class_of(size);
            let left = self.left.get() - class_size(class) as isize;
            if left >= 0
                && let Some(block) = self.current[Sort::Object as usize][class].get().pop()
            {
                self.left.set(left);
                return Ok(block);
            }
        }
        self.block_slowly(Sort::Object, size)
    }

    #[inline]
    pub(crate) fn raw_block(&self, size: usize) -> Result<NonNull<u8>, OutOfMemory> {
        let size = size.max(MIN_RAW);
        if size <= MAX_SMALL {
            let class = class_of(size);
            let left = self.left.get() - class_size(class) as isize;
            if left >= 0
                && let Some(block) = self.current[Sort::Raw as usize][class].get().pop()
            {
                self.left.set(left);
                return Ok(block);
            }
        }
        self.block_slowly(Sort::Raw, size)
    }

    #[cold]
    #[inline(never)]
    fn block_slowly(&self, sort: Sort, size: usize) -> Result<NonNull<u8>, OutOfMemory> {
        self.close_reserve();
        if size > MAX_SMALL {
            return self.large_block(sort, size);
        }
        let class = class_of(size);
        self.charge(class_size(class))?;
        loop {
            let page = self.current[sort as usize][class].get();
            if let Some(block) = page.pop() {
                self.handed_out(sort, block, size);
                return Ok(block);
            }
            if !page.extend() && self.next_page(sort, class).is_err() {
                self.refund(class_size(class));
                return Err(OutOfMemory);
            }
        }
    }

    /// Makes another page the current one of its class.
    fn next_page(&self, sort: Sort, class: usize) -> Result<(), OutOfMemory> {
        let next = match self.fullest_available(sort, class) {
            Some(page) => page,
            None => self.new_page(sort, class)?,
        };
        let old = self.current[sort as usize][class].replace(next);
        if !self.is_nowhere(old) {
            old.place.set(Place::Full);
            old.notify.set(u32::MAX);
        }
        next.place.set(Place::Current);
        next.notify.set(self.quiet_notify());
        Ok(())
    }

    fn fullest_available(&self, sort: Sort, class: usize) -> Option<PageRef> {
        let mut best = self.available[sort as usize][class].get()?;
        let mut next = best.next.get();
        for _ in 0..8 {
            let Some(page) = next else { break };
            if page.live.get() > best.live.get() {
                best = page;
            }
            next = page.next.get();
        }
        self.unlink_available(best);
        Some(best)
    }

    pub(super) fn unlink_available(&self, page: PageRef) {
        let (previous, next) = (page.previous.take(), page.next.take());
        match previous {
            Some(previous) => previous.next.set(next),
            None => self.available[page.sort as usize][page.class as usize].set(next),
        }
        if let Some(next) = next {
            next.previous.set(previous);
        }
    }

    fn link_available(&self, page: PageRef) {
        let head = self.available[page.sort as usize][page.class as usize].replace(Some(page));
        page.previous.set(None);
        page.next.set(head);
        if let Some(head) = head {
            head.previous.set(Some(page));
        }
        page.place.set(Place::Available);
        page.notify.set(self.quiet_notify());
    }

    fn new_page(&self, sort: Sort, class: usize) -> Result<PageRef, OutOfMemory> {
        self.room_in_page_lists(sort)?;
        let span = self.arenas.borrow_mut().take(1).ok_or(OutOfMemory)?;
        // SAFETY: the span was taken just now.
        Ok(unsafe { PageRef::make_small(span, self.this.get(), sort, class) })
    }

    /// Makes sure that listing any object page never has to allocate.
    fn room_in_page_lists(&self, sort: Sort) -> Result<(), OutOfMemory> {
        if sort == Sort::Object {
            let pages = self.object_pages.get() + 1;
            for list in [&self.young_pages, &self.middle_pages] {
                let mut list = list.borrow_mut();
                let more = pages.saturating_sub(list.len());
                list.try_reserve(more).map_err(|_| OutOfMemory)?;
            }
            self.object_pages.set(pages);
        }
        Ok(())
    }

    fn large_block(&self, sort: Sort, size: usize) -> Result<NonNull<u8>, OutOfMemory> {
        let block = size.checked_next_multiple_of(8).ok_or(OutOfMemory)?;
        self.charge(block)?;
        match self.large_span(sort, block) {
            Ok(page) => {
                self.handed_out(sort, page.large_block(), size);
                Ok(page.large_block())
            }
            Err(error) => {
                self.refund(block);
                Err(error)
            }
        }
    }

    /// Tells those who want to know that a block was handed out.
    #[inline(always)]
    fn handed_out(&self, sort: Sort, block: NonNull<u8>, bytes: usize) {
        if self.is_watched() {
            if sort == Sort::Object {
                self.note_made(block);
            }
            self.ledger.note_block(block, bytes);
        }
    }

    /// Tells the ledger that a raw block has another size, and perhaps another address.
    #[inline(always)]
    fn resized(&self, old: NonNull<u8>, new: NonNull<u8>, bytes: usize) {
        if self.is_watched() {
            self.ledger.forget_block(old);
            self.ledger.note_block(new, bytes);
        }
    }

    fn large_span(&self, sort: Sort, block: usize) -> Result<PageRef, OutOfMemory> {
        let len = span_len(block)?;
        self.room_in_page_lists(sort)?;
        let mut arenas = self.arenas.borrow_mut();
        let span = if len > HUGE { arenas.take_huge(len) } else { arenas.take(len / PAGE) };
        let Some(span) = span else {
            if sort == Sort::Object {
                self.object_pages.set(self.object_pages.get() - 1);
            }
            return Err(OutOfMemory);
        };
        // SAFETY: the span was taken just now.
        let page = unsafe { PageRef::make_large(span, self.this.get(), sort, block, len) };
        if sort == Sort::Object {
            // SAFETY: L1: a fresh region may hold old bytes; the block is not an object yet.
            unsafe { page.large_block().cast::<u64>().write(0) };
        }
        Ok(page)
    }

    /// Frees a block: the fast path of every death.
    ///
    /// # Safety
    /// The block is `page`'s and is given up.
    #[inline]
    pub(super) unsafe fn free_block(&self, page: PageRef, block: NonNull<u8>) {
        self.left.set(self.left.get() + page.block.get() as isize);
        // SAFETY: the caller's promise.
        if unsafe { page.push(block) } {
            // SAFETY: as above.
            unsafe { self.page_event(page, block) };
        }
    }

    /// A block was freed in a page that is large, full, or empty now, or the heap is in zeal mode or keeps a ledger.
    #[cold]
    #[inline(never)]
    unsafe fn page_event(&self, page: PageRef, block: NonNull<u8>) {
        if self.is_watched() {
            self.ledger.forget_block(block);
            if self.zeal.get() != 0 {
                // SAFETY: the block is free; its first two words belong to the free list.
                unsafe { super::zeal::poison(block, page.block.get()) };
            }
        }
        if page.class == LARGE {
            return self.release_page(page);
        }
        if page.place.get() == Place::Full {
            self.link_available(page);
        }
        if page.live.get() == 0 && page.place.get() == Place::Available {
            self.unlink_available(page);
            self.release_page(page);
        }
    }

    /// Gives an empty page that is in no list of its class back to the arenas.
    pub(super) fn release_page(&self, page: PageRef) {
        if page.in_trash_chain.get() {
            // A running collection still holds on to the page; it releases it itself at its end.
            page.place.set(Place::Full);
            page.notify.set(u32::MAX);
            return;
        }
        if page.sort == Sort::Object {
            self.unlist(page);
            self.object_pages.set(self.object_pages.get() - 1);
        }
        let span = page.span.get();
        let mut arenas = self.arenas.borrow_mut();
        if span > HUGE { arenas.give_huge(page.start()) } else { arenas.give(page.start(), span / PAGE) }
    }

    fn unlist(&self, page: PageRef) {
        let young = page.young_index.replace(UNLISTED);
        if young != UNLISTED {
            let mut list = self.young_pages.borrow_mut();
            list.swap_remove(young as usize);
            if let Some(moved) = list.get(young as usize) {
                moved.young_index.set(young);
            }
        }
        let middle = page.middle_index.replace(UNLISTED);
        if middle != UNLISTED {
            let mut list = self.middle_pages.borrow_mut();
            list.swap_remove(middle as usize);
            if let Some(moved) = list.get(middle as usize) {
                moved.middle_index.set(middle);
            }
        }
    }

    /// Gives what is free back to the system: what stands on shelves, current pages that are empty, the memory of idle granules.
    pub fn trim(&self) {
        self.clear_shelves();
        for sort in [Sort::Object, Sort::Raw] {
            for class in 0..CLASSES {
                let page = self.current[sort as usize][class].get();
                if !self.is_nowhere(page) && page.live.get() == 0 {
                    self.current[sort as usize][class].set(super::nowhere());
                    self.release_page(page);
                }
            }
        }
        self.arenas.borrow_mut().trim();
    }

    /// Grows, shrinks, makes (`None`) or frees (`new` 0) a raw block.
    ///
    /// # Safety
    /// `block` came from this function on this heap with `old` bytes.
    pub unsafe fn resize_raw(
        &self,
        block: Option<NonNull<u8>>,
        old: usize,
        new: usize,
    ) -> Result<Option<NonNull<u8>>, OutOfMemory> {
        let Some(block) = block else {
            return if new == 0 { Ok(None) } else { self.raw_block(new).map(Some) };
        };
        // SAFETY: the caller's promise.
        unsafe {
            if new == 0 {
                release_raw(block, old);
                return Ok(None);
            }
            let page = PageRef::of(block);
            if !std::ptr::eq(page.heap(), self) {
                return page.heap().resize_raw(Some(block), old, new);
            }
            if page.class == LARGE && new > MAX_SMALL {
                if let Some(resized) = self.resize_large(page, new)? {
                    self.resized(block, resized, new);
                    return Ok(Some(resized));
                }
            } else if page.class != LARGE && new <= MAX_SMALL && class_of(new.max(MIN_RAW)) == page.class as usize {
                self.resized(block, block, new);
                return Ok(Some(block));
            }
            let fresh = self.raw_block(new)?;
            fresh.copy_from_nonoverlapping(block, old.min(new));
            let outgrown = page.class == LARGE && new > HUGE && page.span.get() <= HUGE;
            release_raw(block, old);
            if outgrown {
                // What has just outgrown the arenas leaves a wide gap there, and grows elsewhere from now on.
                self.arenas.borrow_mut().trim();
            }
            Ok(Some(fresh))
        }
    }

    /// Changes the size of a large block without copying its bytes; `None` when it has to be copied.
    unsafe fn resize_large(&self, page: PageRef, new: usize) -> Result<Option<NonNull<u8>>, OutOfMemory> {
        let new = new.checked_next_multiple_of(8).ok_or(OutOfMemory)?;
        let (old, span, len) = (page.block.get(), page.span.get(), span_len(new)?);
        if (len > HUGE) != (span > HUGE) || (len < span && span <= HUGE) {
            return Ok(None);
        }
        if new > old {
            self.charge(new - old)?;
        }
        let moved = if len == span {
            Some(page)
        } else if len > HUGE {
            let moved = self.arenas.borrow_mut().resize_huge(page.start(), len);
            // SAFETY: the moved region starts with the same page head.
            moved.map(|span| unsafe { PageRef::at(span) })
        } else {
            self.arenas.borrow_mut().extend(page.start(), span / PAGE, len / PAGE).then_some(page)
        };
        let Some(page) = moved else {
            self.refund(new.saturating_sub(old));
            return Ok(None);
        };
        self.refund(old.saturating_sub(new));
        page.block.set(new);
        page.span.set(len);
        Ok(Some(page.large_block()))
    }
}

/// Whether the smallest block has room behind the payload.
const fn slack_of<T: Payload>() -> bool {
    !T::TAILED && tail_offset::<T>() < MIN_OBJECT
}

/// A class object's kind is counted, as its instances rely on the class; a tail is as long as the block it was made for.
#[inline(always)]
fn check_parts<T: Payload>(payload: &T) {
    if T::CLASS {
        // SAFETY: `Payload`'s contract: a class begins with its kind.
        let kind = unsafe { NonNull::from(payload).cast::<Kind>().as_ref() };
        assert!(kind.has(flags::COUNTED), "the kind of a class object is counted");
    }
}

/// A payload with a tail of some length belongs into a block with room for that.
#[inline(always)]
fn check_no_tail<T: Payload>(payload: &T) {
    if T::TAILED {
        assert!(T::tail(payload).is_none_or(Tail::is_empty), "a tail is made by `alloc_with_tail`");
    }
}

/// An object of a class whose instances have another payload would be torn down as what it is not.
#[inline]
fn check_payload<T: Payload>(kind: &Kind) {
    if !std::ptr::eq(kind.info(), T::info()) {
        wrong_payload(kind, T::info().name);
    }
}

#[cold]
#[inline(never)]
fn wrong_payload(kind: &Kind, given: &str) -> ! {
    panic!("instances of this class have payload {}, not {given}", kind.info().name)
}

fn span_len(block: usize) -> Result<usize, OutOfMemory> {
    let bytes = block.checked_add(LARGE_FIRST).ok_or(OutOfMemory)?;
    let len = bytes.checked_next_multiple_of(PAGE).ok_or(OutOfMemory)?;
    if len <= HUGE { Ok(len) } else { bytes.checked_next_multiple_of(4096).ok_or(OutOfMemory) }
}

/// Empties the slots of an object in a block that is no longer than they need.
///
/// # Safety
/// The block has room for them.
#[inline(always)]
unsafe fn empty_slots<T: Payload>(block: NonNull<u8>, slots: usize) {
    // SAFETY: the caller's promise; no block is shorter than `MIN_OBJECT`.
    unsafe {
        if const { slack_of::<T>() } {
            block.add(MIN_OBJECT - 8).cast::<u64>().write(0);
        }
        let first = block.add(tail_offset::<T>()).cast::<u64>();
        for slot in 0..slots {
            // Plain writes would become a call of memset, which takes longer than the few slots there are.
            first.add(slot).write_volatile(0);
        }
    }
}

/// Empties the value slots from `start` to the end of a block.
unsafe fn zero_slots(block: NonNull<u8>, start: usize) {
    // SAFETY: the caller passes a block that is the allocator's, and an offset within it.
    unsafe {
        let end = PageRef::of(block).block.get();
        block.add(start).write_bytes(0, end - start);
    }
}

/// The bytes of a raw block.
///
/// # Safety
/// `block` is a live raw block of a heap.
pub(crate) unsafe fn raw_block_size(block: NonNull<u8>) -> usize {
    // SAFETY: the caller's promise; P1.
    unsafe { PageRef::of(block) }.block.get()
}

/// Frees a raw block of `size` bytes.
///
/// # Safety
/// `block` came from `Heap::resize_raw` with `size` bytes.
#[inline]
pub(crate) unsafe fn release_raw(block: NonNull<u8>, _size: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        let page = PageRef::of(block);
        page.heap().free_block(page, block);
    }
}
