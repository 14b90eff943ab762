//! `bytes`: an immutable run of bytes, with its hash cached.
//!
//! Invariant: the bytes never change; the empty object and those of a single byte are shared.

pub mod algorithms;
pub(crate) mod constructor;
pub(crate) mod methods;

use crate::builtins::iterator::reduce_remaining;
use crate::builtins::tuple::Tuple;
use crate::types::Type;
use crate::vm::{PyResult, Vm};
use std::cell::Cell;
use std::ops::Range;
use taipan_heap::{Obj, OutOfMemory, Payload, Ref, Slot, Tail, Value, flags};
use taipan_macros::pytype;

/// Bytes.
#[derive(Payload)]
#[payload(name = "bytes", tail = data)]
pub struct Bytes {
    data: Tail<u8>,
    /// The hash, or -1 when it was not computed yet.
    hash: Cell<i64>,
}

impl Bytes {
    /// A bytes object with this content.
    pub fn new(vm: &Vm, data: &[u8]) -> PyResult<Ref<Bytes>> {
        let shared = match data {
            [] => Some(256),
            [byte] => Some(usize::from(*byte)),
            _ => None,
        };
        if let Some(index) = shared
            && let Some(found) = vm.types().single_bytes.get().and_then(|shared| shared.get(index))
        {
            return Ok(found.clone());
        }
        Bytes::filled(vm, data.len(), |to| to.copy_from_slice(data))
    }

    /// A bytes object of `len` bytes that `fill` writes; they are 0 before.
    pub fn filled(vm: &Vm, len: usize, fill: impl FnOnce(&mut [u8])) -> PyResult<Ref<Bytes>> {
        if len > isize::MAX as usize {
            return Err(vm.out_of_memory(OutOfMemory));
        }
        let payload = |data| Bytes { data, hash: Cell::new(-1) };
        let class = &*vm.types().bytes;
        vm.heap().alloc_with_bytes(class, len, 0, 0, payload, fill).map_err(|error| vm.out_of_memory(error))
    }

    /// An instance of a subclass.
    pub fn new_subclass(vm: &Vm, class: &Obj<Type>, data: Vec<u8>) -> PyResult<Ref<Bytes>> {
        vm.alloc_with_tail(class, data.len(), 0, |data| Bytes { data, hash: Cell::new(-1) }, data)
    }

    /// A part of an object; all of it is the object itself where that is exact.
    pub fn part(vm: &Vm, whole: &Obj<Bytes>, range: Range<usize>) -> PyResult<Ref<Bytes>> {
        if range.len() == whole.bytes().len() && whole.header().kind().has(flags::EXACT) {
            return Ok(whole.to_ref());
        }
        Bytes::new(vm, &whole.bytes()[range])
    }

    /// The bytes.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        self.data.elements()
    }

    /// The hash; equal to that of a str of the same Latin-1 characters.
    pub fn hash(&self, vm: &Vm) -> i64 {
        match self.hash.get() {
            -1 => {
                let hash = vm.interp().hash_key.hash_bytes(self.bytes());
                self.hash.set(hash);
                hash
            }
            hash => hash,
        }
    }
}

/// Makes the objects of a single byte and the empty one, which come last.
pub(crate) fn make_shared(vm: &Vm) -> PyResult<()> {
    let mut shared = Vec::with_capacity(257);
    for byte in 0..=255u8 {
        shared.push(Bytes::new(vm, &[byte])?);
    }
    shared.push(Bytes::new(vm, &[])?);
    shared.iter().for_each(|bytes| bytes.header().make_immortal());
    let _ = vm.types().single_bytes.set(shared.into());
    Ok(())
}

/// `bytes_iterator`
#[derive(Payload)]
#[payload(name = "bytes_iterator")]
pub struct BytesIterator {
    bytes: Slot,
    index: Cell<usize>,
}

fn byte_at(slot: &Slot, index: usize) -> Option<u8> {
    slot.with(|bytes| bytes?.downcast::<Bytes>()?.bytes().get(index).copied())
}

fn len_of(slot: &Slot) -> usize {
    slot.with(|bytes| bytes.and_then(|bytes| Some(bytes.downcast::<Bytes>()?.bytes().len()))).unwrap_or(0)
}

#[pytype(name = "bytes_iterator")]
impl BytesIterator {
    /// An iterator over `bytes`.
    pub fn over(vm: &Vm, bytes: &Obj<Bytes>) -> PyResult<Value> {
        let payload = BytesIterator { bytes: Slot::new(Some(bytes.to_value())), index: Cell::new(0) };
        Ok(vm.alloc(&*vm.types().bytes_iterator, payload)?.into())
    }

    #[slot]
    fn next(this: &Obj<BytesIterator>) -> PyResult<Option<Value>> {
        let index = this.index.get();
        match byte_at(&this.bytes, index) {
            Some(byte) => {
                this.index.set(index + 1);
                Ok(Some(Value::small_int(i32::from(byte))))
            }
            None => {
                this.bytes.set(None);
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
    fn __length_hint__(this: &Obj<BytesIterator>) -> usize {
        len_of(&this.bytes).saturating_sub(this.index.get())
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<BytesIterator>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        reduce_remaining(vm, "iter", || match this.bytes.get() {
            Some(bytes) => Ok((bytes, Some(this.index.get() as i64))),
            None => Ok((Tuple::new(vm, std::iter::empty())?.into(), None)),
        })
    }

    /// Set state information for unpickling.
    #[method(sig = "state, /")]
    fn __setstate__(this: &Obj<BytesIterator>, state: isize) {
        this.index.set((state.max(0) as usize).min(len_of(&this.bytes)));
    }
}
