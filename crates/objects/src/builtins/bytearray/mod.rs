//! `bytearray`: a growable run of bytes.
//!
//! Invariant: while `exports` is not 0 the length does not change, so a view's bounds stay good; `start` lies in the buffer. No borrow of the buffer is held while Python
//! code runs.

mod methods;

use crate::builtins::buffer::{BufferLayout, Exports};
use crate::builtins::iterator::reduce_remaining;
use crate::builtins::slice::position;
use crate::builtins::tuple::Tuple;
use crate::types::Type;
use crate::vm::{PyResult, Vm};
use std::cell::{Cell, RefCell};
use std::ops::Range;
use taipan_heap::{Buffer, Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;

/// A bytearray.
#[derive(Payload)]
#[payload(name = "bytearray")]
pub struct ByteArray {
    data: RefCell<Buffer<u8>>,
    /// Where in the buffer the bytes begin: what was deleted at the front is given up later.
    start: Cell<usize>,
    exports: Exports,
}

/// Gives up room that is not needed, when most is not.
fn give_back(vm: &Vm, data: &mut Buffer<u8>) {
    if data.len() < data.capacity() / 2 {
        data.shrink_to_fit(vm.heap());
    }
}

impl ByteArray {
    fn with_content(vm: &Vm, data: &[u8]) -> PyResult<ByteArray> {
        let mut buffer = Buffer::new();
        let filled = buffer.reserve_exact(vm.heap(), data.len());
        let filled = filled.and_then(|()| buffer.extend_from_slice(vm.heap(), data));
        filled.map_err(|error| vm.out_of_memory(error))?;
        Ok(ByteArray { data: RefCell::new(buffer), start: Cell::new(0), exports: Exports::default() })
    }

    /// A bytearray with this content.
    pub fn new(vm: &Vm, data: &[u8]) -> PyResult<Ref<ByteArray>> {
        vm.alloc(&*vm.types().bytearray, ByteArray::with_content(vm, data)?)
    }

    /// An empty instance of `class`.
    pub fn new_instance(vm: &Vm, class: &Obj<Type>) -> PyResult<Ref<ByteArray>> {
        vm.alloc_instance(class, ByteArray::with_content(vm, &[])?)
    }

    /// A copy of the bytes.
    pub fn snapshot(&self) -> Vec<u8> {
        self.with(<[u8]>::to_vec)
    }

    /// Number of bytes.
    pub fn len(&self) -> usize {
        self.data.borrow().len() - self.start.get()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The byte at an index, which may count from the end.
    #[inline]
    pub fn byte_at(&self, index: i64) -> Option<u8> {
        self.with(|bytes| bytes.get(position(index, bytes.len())?).copied())
    }

    /// Calls `f` with the bytes; `f` must not run Python code.
    pub fn with<R>(&self, f: impl FnOnce(&[u8]) -> R) -> R {
        f(&self.data.borrow()[self.start.get()..])
    }

    /// Calls `f` with the bytes for writing; `f` must not run Python code.
    pub fn with_mut<R>(&self, f: impl FnOnce(&mut [u8]) -> R) -> R {
        f(&mut self.data.borrow_mut()[self.start.get()..])
    }

    /// Raises BufferError while there are exports.
    pub fn check_exports(&self, vm: &Vm) -> PyResult<()> {
        if self.exports.count() == 0 {
            return Ok(());
        }
        Err(vm.buffer_error("Existing exports of data: object cannot be re-sized"))
    }

    /// Replaces a range of the bytes.
    pub fn splice(&self, vm: &Vm, range: Range<usize>, with: &[u8]) -> PyResult<()> {
        if range.len() == with.len() {
            self.with_mut(|data| data[range].copy_from_slice(with));
            return Ok(());
        }
        self.check_exports(vm)?;
        if range.start == 0 && with.is_empty() {
            self.drop_front(vm, range.end);
            return Ok(());
        }
        let start = self.start.get();
        let range = range.start + start..range.end + start;
        let mut data = self.data.borrow_mut();
        if range.end == data.len() && range.is_empty() {
            return data.extend_from_slice(vm.heap(), with).map_err(|error| vm.out_of_memory(error));
        }
        if with.is_empty() {
            data.drain_to_vec(range);
            give_back(vm, &mut data);
            return Ok(());
        }
        let len = data.len();
        let tail = data.drain_to_vec(range.end..len);
        data.drain_to_vec(range.start..range.end);
        let grown = data.reserve(vm.heap(), with.len() + tail.len());
        let result = match grown {
            Ok(()) => data.extend_from_slice(vm.heap(), with),
            Err(error) => Err(error),
        };
        let kept = data.extend(vm.heap(), tail.into_iter());
        give_back(vm, &mut data);
        result.and(kept).map_err(|error| vm.out_of_memory(error))
    }

    /// Takes `count` bytes off the front. The rest is moved up when it is no longer than what was taken off since it last was.
    fn drop_front(&self, vm: &Vm, count: usize) {
        let start = self.start.get() + count;
        let mut data = self.data.borrow_mut();
        if start >= data.len() - start {
            data.drain_to_vec(0..start);
            self.start.set(0);
            give_back(vm, &mut data);
        } else {
            self.start.set(start);
        }
    }

    /// Appends bytes.
    pub fn extend_from_slice(&self, vm: &Vm, with: &[u8]) -> PyResult<()> {
        let len = self.len();
        self.splice(vm, len..len, with)
    }

    /// Replaces all of the content.
    pub fn set_content(&self, vm: &Vm, with: &[u8]) -> PyResult<()> {
        let len = self.len();
        self.splice(vm, 0..len, with)
    }

    fn ready(_: &Vm, class: &Obj<Type>) -> PyResult<()> {
        class.slots.buffer_write.set(Some(|_, value, write| {
            if let Some(array) = value.downcast::<ByteArray>() {
                array.with_mut(write);
            }
            Ok(())
        }));
        class.slots.buffer_export.set(Some(|vm, value| match value.downcast::<ByteArray>() {
            Some(array) => Ok((BufferLayout::bytes(array.len(), false), array.exports.pin())),
            None => Err(vm.buffer_error("not a bytearray")),
        }));
        Ok(())
    }
}

/// `bytearray_iterator`
#[derive(Payload)]
#[payload(name = "bytearray_iterator")]
pub struct ByteArrayIterator {
    array: Slot,
    index: Cell<usize>,
}

fn len_of(slot: &Slot) -> usize {
    slot.with(|array| array.and_then(|array| Some(array.downcast::<ByteArray>()?.len()))).unwrap_or(0)
}

#[pytype(name = "bytearray_iterator")]
impl ByteArrayIterator {
    /// An iterator over `array`.
    pub fn over(vm: &Vm, array: &Value) -> PyResult<Value> {
        let payload = ByteArrayIterator { array: Slot::new(Some(array.clone())), index: Cell::new(0) };
        Ok(vm.alloc(&*vm.types().bytearray_iterator, payload)?.into())
    }

    #[slot]
    fn next(this: &Obj<ByteArrayIterator>) -> PyResult<Option<Value>> {
        let index = this.index.get();
        let byte = this.array.with(|array| array?.downcast::<ByteArray>()?.with(|data| data.get(index).copied()));
        match byte {
            Some(byte) => {
                this.index.set(index + 1);
                Ok(Some(Value::small_int(i32::from(byte))))
            }
            None => {
                this.array.set(None);
                Ok(None)
            }
        }
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(this: &Obj<ByteArrayIterator>) -> usize {
        len_of(&this.array).saturating_sub(this.index.get())
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<ByteArrayIterator>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        reduce_remaining(vm, "iter", || match this.array.get() {
            Some(array) => Ok((array, Some(this.index.get() as i64))),
            None => Ok((Tuple::new(vm, std::iter::empty())?.into(), None)),
        })
    }

    /// Set state information for unpickling.
    #[method(sig = "state, /")]
    fn __setstate__(this: &Obj<ByteArrayIterator>, state: isize) {
        this.index.set((state.max(0) as usize).min(len_of(&this.array)));
    }
}
