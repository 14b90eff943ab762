//! The storage of a deque: a ring whose memory belongs to the heap's byte total.
//!
//! Invariant: the buffer's length is 0 or a power of two; exactly the `len` places from `head` on, around the end, are filled.

use taipan_heap::{Buffer, Heap, OutOfMemory, Traverse, Value};

/// A ring of values.
#[derive(Default, Traverse)]
pub struct Ring {
    places: Buffer<Option<Value>>,
    head: usize,
    len: usize,
}

impl Ring {
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Bytes of the places.
    pub(crate) fn bytes(&self) -> usize {
        self.places.len() * size_of::<Value>()
    }

    #[inline]
    fn place(&self, index: usize) -> usize {
        (self.head + index) & self.places.len().wrapping_sub(1)
    }

    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<&Value> {
        if index < self.len { self.places.get(self.place(index))?.as_ref() } else { None }
    }

    /// Puts `value` at a filled place and returns what was there.
    pub(crate) fn replace(&mut self, index: usize, value: Value) -> Option<Value> {
        let place = self.place(index);
        self.places.get_mut(place)?.replace(value)
    }

    fn grow(&mut self, heap: &Heap) -> Result<(), OutOfMemory> {
        let capacity = (self.places.len() * 2).max(8);
        let mut places = Buffer::with_capacity(heap, capacity)?;
        places.extend(heap, (0..capacity).map(|_| None))?;
        for index in 0..self.len {
            let place = self.place(index);
            places[index] = self.places[place].take();
        }
        self.places = places;
        self.head = 0;
        Ok(())
    }

    #[inline]
    pub(crate) fn push_back(&mut self, heap: &Heap, value: Value) -> Result<(), OutOfMemory> {
        if self.len == self.places.len() {
            self.grow(heap)?;
        }
        let place = self.place(self.len);
        self.places[place] = Some(value);
        self.len += 1;
        Ok(())
    }

    #[inline]
    pub(crate) fn push_front(&mut self, heap: &Heap, value: Value) -> Result<(), OutOfMemory> {
        if self.len == self.places.len() {
            self.grow(heap)?;
        }
        self.head = self.head.wrapping_sub(1) & (self.places.len() - 1);
        let head = self.head;
        self.places[head] = Some(value);
        self.len += 1;
        Ok(())
    }

    #[inline]
    pub(crate) fn pop_back(&mut self) -> Option<Value> {
        self.len = self.len.checked_sub(1)?;
        let place = self.place(self.len);
        self.places[place].take()
    }

    #[inline]
    pub(crate) fn pop_front(&mut self) -> Option<Value> {
        self.len = self.len.checked_sub(1)?;
        let value = self.places[self.head].take();
        self.head = (self.head + 1) & (self.places.len() - 1);
        value
    }

    /// Exchanges two filled places.
    pub(crate) fn swap(&mut self, a: usize, b: usize) {
        let (a, b) = (self.place(a), self.place(b));
        self.places.swap(a, b);
    }

    /// Moves the last `count` values to the front.
    pub(crate) fn rotate(&mut self, count: usize) {
        for _ in 0..count {
            let last = self.place(self.len - 1);
            let value = self.places[last].take();
            self.head = self.head.wrapping_sub(1) & (self.places.len() - 1);
            let head = self.head;
            self.places[head] = value;
        }
    }

    /// Moves the first `count` values to the back.
    pub(crate) fn rotate_back(&mut self, count: usize) {
        for _ in 0..count {
            let value = self.places[self.head].take();
            self.head = (self.head + 1) & (self.places.len() - 1);
            let last = self.place(self.len - 1);
            self.places[last] = value;
        }
    }
}
