//! `Buffer<T>`: a growable array whose memory belongs to the heap's byte total; 16 bytes in its owner.
//!
//! Invariant B1: `pointer` is a raw block of the heap with room for `capacity` elements (dangling when that is 0), the first `len` initialised.

use crate::heap::{Heap, OutOfMemory};
use crate::trace::{Traverse, Visit, Visitor};
use crate::value::Value;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;

/// A growable array of at most 2^32 - 1 elements on the heap. Growing may fail; shrinking never does.
pub struct Buffer<T> {
    pointer: NonNull<T>,
    len: u32,
    capacity: u32,
}

impl<T> Default for Buffer<T> {
    fn default() -> Buffer<T> {
        Buffer::new()
    }
}

impl<T> Buffer<T> {
    /// An empty buffer; allocates nothing.
    pub const fn new() -> Buffer<T> {
        const { assert!(align_of::<T>() <= 8, "raw blocks are aligned to 8 bytes") };
        Buffer { pointer: NonNull::dangling(), len: 0, capacity: 0 }
    }

    /// An empty buffer with room for `capacity` elements.
    #[inline]
    pub fn with_capacity(heap: &Heap, capacity: usize) -> Result<Buffer<T>, OutOfMemory> {
        if capacity == 0 {
            return Ok(Buffer::new());
        }
        let room = u32::try_from(capacity).map_err(|_| OutOfMemory)?;
        let block = heap.raw_block(capacity.checked_mul(size_of::<T>()).ok_or(OutOfMemory)?)?;
        Ok(Buffer { pointer: block.cast(), len: 0, capacity: room })
    }

    /// The place of the first element.
    #[inline]
    pub fn as_mut_ptr(&mut self) -> *mut T {
        self.pointer.as_ptr()
    }

    /// Says that it has `len` elements.
    ///
    /// # Safety
    /// That many are initialised, and there is room for them; those behind, if there were any, are the caller's now.
    #[inline]
    pub unsafe fn set_len(&mut self, len: usize) {
        debug_assert!(len <= self.capacity as usize);
        self.len = len as u32;
    }

    /// Elements it has room for.
    pub fn capacity(&self) -> usize {
        self.capacity as usize
    }

    #[inline]
    fn set_capacity(&mut self, heap: &Heap, capacity: usize) -> Result<(), OutOfMemory> {
        if self.capacity == 0 {
            *self = Buffer::with_capacity(heap, capacity)?;
            return Ok(());
        }
        self.change_capacity(heap, capacity)
    }

    fn change_capacity(&mut self, heap: &Heap, capacity: usize) -> Result<(), OutOfMemory> {
        let capacity = u32::try_from(capacity).map_err(|_| OutOfMemory)?;
        let old = self.capacity as usize * size_of::<T>();
        let new = (capacity as usize).checked_mul(size_of::<T>()).ok_or(OutOfMemory)?;
        // SAFETY: B1: the block was made by the same function with `old` bytes.
        let block = unsafe { heap.resize_raw(self.block(), old, new)? };
        self.pointer = block.map_or(NonNull::dangling(), NonNull::cast);
        self.capacity = capacity;
        Ok(())
    }

    fn block(&self) -> Option<NonNull<u8>> {
        (self.capacity != 0).then(|| self.pointer.cast())
    }

    /// Makes room for `more` further elements, growing by an eighth and a bit when it must grow.
    #[inline]
    pub fn reserve(&mut self, heap: &Heap, more: usize) -> Result<(), OutOfMemory> {
        let needed = (self.len as usize).checked_add(more).ok_or(OutOfMemory)?;
        if needed <= self.capacity as usize { Ok(()) } else { self.grow(heap, needed) }
    }

    #[cold]
    fn grow(&mut self, heap: &Heap, needed: usize) -> Result<(), OutOfMemory> {
        let mut capacity = (needed + (needed >> 3) + 6) & !3;
        if needed - self.len as usize > capacity - needed {
            // A jump beyond the usual growth is rarely followed by another.
            capacity = (needed + 3) & !3;
        }
        self.set_capacity(heap, capacity)
    }

    /// Makes room for exactly `more` further elements.
    #[inline]
    pub fn reserve_exact(&mut self, heap: &Heap, more: usize) -> Result<(), OutOfMemory> {
        let needed = (self.len as usize).checked_add(more).ok_or(OutOfMemory)?;
        if needed <= self.capacity as usize { Ok(()) } else { self.set_capacity(heap, needed) }
    }

    /// Appends an element.
    #[inline]
    pub fn push(&mut self, heap: &Heap, element: T) -> Result<(), OutOfMemory> {
        if self.len == self.capacity {
            self.grow(heap, self.len as usize + 1)?;
        }
        // SAFETY: B1 and the room made above.
        unsafe { self.pointer.add(self.len as usize).write(element) };
        self.len += 1;
        Ok(())
    }

    /// Appends an element where there is room for it.
    #[inline]
    pub fn push_within(&mut self, element: T) {
        assert!(self.len < self.capacity, "room for one more element");
        // SAFETY: B1 and the room just seen.
        unsafe { self.pointer.add(self.len as usize).write(element) };
        self.len += 1;
    }

    /// Moves the values of `places`, up to the first empty one, to the end, which must have the room for all; the places are empty afterwards. Says whether
    /// it had.
    #[inline]
    pub fn take_all(&mut self, places: &mut [Option<T>]) -> bool {
        if self.capacity as usize - (self.len as usize) < places.len() {
            return false;
        }
        let mut len = self.len;
        for place in places {
            // Where the loop ends early too, compilers do not unroll it, which most displays are too short for.
            let Some(element) = place.take() else { break };
            // SAFETY: B1 and the room just seen.
            unsafe { self.pointer.add(len as usize).write(element) };
            len += 1;
        }
        self.len = len;
        true
    }

    /// Drops all elements from the last to the first.
    #[inline]
    pub fn clear_backward(&mut self) {
        while let Some(element) = self.pop() {
            drop(element);
        }
    }

    /// Removes and returns the last element.
    #[inline]
    pub fn pop(&mut self) -> Option<T> {
        if self.len == 0 {
            return None;
        }
        self.len -= 1;
        // SAFETY: B1: the element was initialised and is now outside `len`.
        Some(unsafe { self.pointer.add(self.len as usize).read() })
    }

    /// Empties the buffer without dropping its elements, as `std::mem::forget` does.
    #[inline]
    pub fn forget_all(&mut self) {
        self.len = 0;
    }

    /// Drops all elements from the first to the last; the buffer is empty afterwards.
    pub fn clear_forward(&mut self) {
        let elements: *mut [T] = &raw mut **self;
        self.len = 0;
        // SAFETY: B1: the elements were initialised and are now outside `len`.
        unsafe { std::ptr::drop_in_place(elements) }
    }

    /// Inserts before `index` (at most `len`).
    pub fn insert(&mut self, heap: &Heap, index: usize, element: T) -> Result<(), OutOfMemory> {
        assert!(index <= self.len as usize, "insertion index within the buffer");
        self.reserve(heap, 1)?;
        // SAFETY: B1; the elements from `index` move up by one into room made above.
        unsafe {
            let at = self.pointer.add(index);
            at.copy_to(at.add(1), self.len as usize - index);
            at.write(element);
        }
        self.len += 1;
        Ok(())
    }

    /// Removes and returns the element at `index`.
    pub fn remove(&mut self, index: usize) -> T {
        assert!(index < self.len as usize, "removal index within the buffer");
        // SAFETY: B1; the elements behind move down by one.
        unsafe {
            let at = self.pointer.add(index);
            let element = at.read();
            at.add(1).copy_to(at, self.len as usize - index - 1);
            self.len -= 1;
            element
        }
    }

    /// Moves the elements of `range` out into a vector, closing the gap, so that they can be dropped once no borrow is left.
    pub fn drain_to_vec(&mut self, range: std::ops::Range<usize>) -> Vec<T> {
        assert!(range.start <= range.end && range.end <= self.len as usize, "drained range within the buffer");
        let mut drained = Vec::with_capacity(range.len());
        // SAFETY: B1; the range's elements are copied out once and the tail moves down over them.
        unsafe {
            let at = self.pointer.add(range.start);
            std::ptr::copy_nonoverlapping(at.as_ptr(), drained.as_mut_ptr(), range.len());
            drained.set_len(range.len());
            self.pointer.add(range.end).copy_to(at, self.len as usize - range.end);
        }
        self.len -= range.len() as u32;
        drained
    }

    /// Appends all of `elements`.
    #[inline]
    pub fn extend(&mut self, heap: &Heap, elements: impl ExactSizeIterator<Item = T>) -> Result<(), OutOfMemory> {
        let told = elements.len();
        self.reserve(heap, told)?;
        let mut elements = elements;
        let mut written = 0;
        // The length is changed once, at the end: an iterator that panics leaks what it has given.
        while written < told {
            let Some(element) = elements.next() else { break };
            // SAFETY: B1 and the room made above.
            unsafe { self.pointer.add(self.len as usize + written).write(element) };
            written += 1;
        }
        self.len += written as u32;
        Ok(())
    }

    /// Appends copies of the elements of a slice.
    pub fn extend_from_slice(&mut self, heap: &Heap, elements: &[T]) -> Result<(), OutOfMemory>
    where
        T: Copy,
    {
        self.reserve(heap, elements.len())?;
        // SAFETY: B1 and the room made above; the slice is not this buffer's own, which is borrowed for writing.
        unsafe {
            let end = self.pointer.add(self.len as usize);
            end.copy_from_nonoverlapping(std::ptr::NonNull::from(elements).cast(), elements.len());
        }
        self.len += elements.len() as u32;
        Ok(())
    }

    /// Gives unused room back.
    pub fn shrink_to_fit(&mut self, heap: &Heap) {
        if self.len < self.capacity {
            // Shrinking that fails leaves the larger block, which is as good.
            let _ = self.set_capacity(heap, self.len as usize);
        }
    }
}

impl Buffer<Value> {
    /// Replaces the elements of `range` by copies of `values`. Returns those of the old ones that are the last references to objects, to be dropped when
    /// no borrow is left.
    pub fn replace_range(
        &mut self,
        heap: &Heap,
        range: std::ops::Range<usize>,
        values: &[Value],
    ) -> Result<Vec<Value>, OutOfMemory> {
        assert!(range.start <= range.end && range.end <= self.len as usize, "replaced range within the buffer");
        self.reserve(heap, values.len().saturating_sub(range.len()))?;
        let mut last = Vec::new();
        for place in &self[range.clone()] {
            if place.header().is_some_and(|header| !header.decrement_unless_last()) {
                // SAFETY: the element's reference was not given up; the word in the buffer is overwritten below.
                last.push(unsafe { place.duplicate_uncounted() });
            }
        }
        let behind = self.len as usize - range.end;
        let added = values.len();
        // SAFETY: B1 and the room made above: the references of the range are given up, or in `last`, and nothing runs before it is written anew.
        unsafe {
            let start = self.pointer.add(range.start);
            if added != range.len() {
                self.pointer.add(range.end).copy_to(start.add(added), behind);
            }
            for (n, value) in values.iter().enumerate() {
                start.add(n).write(value.clone());
            }
        }
        self.len = (range.start + added + behind) as u32;
        Ok(last)
    }

    /// Takes elements off the end until one is the last reference to an object, which stays. Says whether the buffer is empty.
    #[inline]
    pub fn let_go_backward(&mut self) -> bool {
        let mut len = self.len;
        while len != 0 {
            // SAFETY: B1: the element is initialised. What it owned, if anything, is given up where it is counted as gone.
            let last = unsafe { self.pointer.add(len as usize - 1).as_ref() };
            if last.header().is_some_and(|header| !header.decrement_unless_last()) {
                break;
            }
            len -= 1;
        }
        self.len = len;
        len == 0
    }
}

impl<T> Deref for Buffer<T> {
    type Target = [T];
    #[inline]
    fn deref(&self) -> &[T] {
        // SAFETY: B1.
        unsafe { std::slice::from_raw_parts(self.pointer.as_ptr(), self.len as usize) }
    }
}

impl<T> DerefMut for Buffer<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: B1.
        unsafe { std::slice::from_raw_parts_mut(self.pointer.as_ptr(), self.len as usize) }
    }
}

impl<T> Drop for Buffer<T> {
    fn drop(&mut self) {
        // From the last to the first: the order in which CPython's lists let go of their items.
        if std::mem::needs_drop::<T>() {
            while let Some(element) = self.pop() {
                drop(element);
            }
        }
        // SAFETY: B1; the block is given up once, here.
        unsafe {
            if let Some(block) = self.block() {
                crate::heap::release_raw(block, self.capacity as usize * size_of::<T>());
            }
        }
    }
}

// SAFETY: what is visited is owned, and visited once.
unsafe impl<T: Traverse> Traverse for Buffer<T> {
    const HOLDS_REFERENCES: bool = T::HOLDS_REFERENCES;
    #[inline]
    fn traverse<V: Visit>(&self, visitor: &mut V) {
        if T::HOLDS_REFERENCES {
            crate::trace::traverse_elements(self, visitor);
        }
    }

    fn traverse_labelled(&self, visitor: &mut Visitor<'_>) {
        if T::HOLDS_REFERENCES {
            crate::trace::label_items(self.iter(), visitor);
        }
    }

    const OWNS_MEMORY: bool = true;
    fn memory(&self) -> usize {
        // SAFETY: B1.
        let own = self.block().map_or(0, |block| unsafe { crate::heap::raw_block_size(block) });
        let inside = if T::OWNS_MEMORY { self.iter().map(T::memory).sum() } else { 0 };
        own + inside
    }
}
