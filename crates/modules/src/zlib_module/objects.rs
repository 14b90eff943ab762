//! The objects of `zlib`: compressors and decompressors.
//!
//! Invariant: a stream is taken out of its cell while it works, so nothing else can reach it.

use super::stream::{Compressor, Decompressor};
use super::{checked_bits, fail, flush_mode};
use std::cell::{Cell, RefCell};
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::{buffer, bytes::Bytes};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};
use zlib_rs::{DeflateFlush, InflateFlush};

/// `zlib.Compress`
#[derive(Payload)]
#[payload(name = "Compress")]
pub struct Compress {
    stream: RefCell<Compressor>,
    finished: Cell<bool>,
}

impl Compress {
    /// An object around a stream.
    pub fn make(vm: &Vm, stream: Compressor) -> PyResult<Value> {
        let payload = Compress { stream: RefCell::new(stream), finished: Cell::new(false) };
        Ok(vm.alloc(&*vm.native_type(Compress::spec())?, payload)?.into())
    }
}

#[pytype(name = "Compress", module = "zlib", flags = DISALLOW_INSTANTIATION)]
impl Compress {
    /// Returns a bytes object containing compressed data.
    ///
    ///   data
    ///     Binary data to be compressed.
    ///
    /// After calling this function, some of the input data may still
    /// be stored in internal buffers for later processing.
    /// Call the flush() method to clear these buffers.
    #[method(sig = "data, /")]
    fn compress(this: &Obj<Compress>, vm: &Vm, data: &Value) -> PyResult<Ref<Bytes>> {
        let data = buffer::to_vec(vm, data)?;
        if this.finished.get() {
            return Err(fail(vm, -2, "while compressing data", None));
        }
        let out = this.stream.borrow_mut().compress(vm, &data, DeflateFlush::NoFlush)?;
        Bytes::new(vm, &out)
    }

    /// Return a bytes object containing any remaining compressed data.
    ///
    ///   mode
    ///     One of the constants Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_FINISH.
    ///     If mode == Z_FINISH, the compressor object can no longer be
    ///     used after calling the flush() method.  Otherwise, more data
    ///     can still be compressed.
    #[method(sig = "mode=zlib.Z_FINISH, /")]
    fn flush(this: &Obj<Compress>, vm: &Vm, mode: Option<i32>) -> PyResult<Ref<Bytes>> {
        let mode = mode.unwrap_or(4);
        if mode == 0 {
            return Bytes::new(vm, b"");
        }
        let Some(flush) = flush_mode(mode).filter(|_| !this.finished.get()) else {
            return Err(fail(vm, -2, "while flushing", None));
        };
        let out = this.stream.borrow_mut().compress(vm, &[], flush)?;
        this.finished.set(mode == 4);
        Bytes::new(vm, &out)
    }

    /// Return a copy of the compression object.
    #[method]
    fn copy(this: &Obj<Compress>, vm: &Vm) -> PyResult<Value> {
        if this.finished.get() {
            return Err(vm.value_error("Inconsistent stream state"));
        }
        let copy = this.stream.borrow().copy(vm)?;
        Compress::make(vm, copy)
    }

    #[method]
    fn __copy__(this: &Obj<Compress>, vm: &Vm) -> PyResult<Value> {
        Compress::copy(this, vm)
    }

    #[method(sig = "memo, /")]
    fn __deepcopy__(this: &Obj<Compress>, vm: &Vm, memo: &Value) -> PyResult<Value> {
        let _ = memo;
        Compress::copy(this, vm)
    }
}

/// `zlib.Decompress`
#[derive(Payload)]
#[payload(name = "Decompress")]
pub struct Decompress {
    stream: RefCell<Decompressor>,
    unused: RefCell<Vec<u8>>,
    tail: RefCell<Vec<u8>>,
    finished: Cell<bool>,
}

impl Decompress {
    /// An object around a stream.
    pub fn make(vm: &Vm, stream: Decompressor, unused: Vec<u8>, tail: Vec<u8>) -> PyResult<Value> {
        let payload = Decompress {
            finished: Cell::new(stream.ended),
            stream: RefCell::new(stream),
            unused: RefCell::new(unused),
            tail: RefCell::new(tail),
        };
        Ok(vm.alloc(&*vm.native_type(Decompress::spec())?, payload)?.into())
    }

    fn feed(&self, vm: &Vm, input: &[u8], most: usize, flush: InflateFlush) -> PyResult<Vec<u8>> {
        let mut stream = self.stream.borrow_mut();
        let taken = stream.decompress(vm, input, most, flush)?;
        let rest = &input[taken.read..];
        if stream.ended {
            self.unused.borrow_mut().extend_from_slice(rest);
            self.tail.borrow_mut().clear();
        } else {
            *self.tail.borrow_mut() = rest.to_vec();
        }
        self.finished.set(stream.ended);
        Ok(taken.out)
    }
}

#[pytype(name = "Decompress", module = "zlib", flags = DISALLOW_INSTANTIATION)]
impl Decompress {
    /// Return a bytes object containing the decompressed version of the data.
    ///
    ///   data
    ///     The binary data to decompress.
    ///   max_length
    ///     The maximum allowable length of the decompressed data.
    ///     Unconsumed input data will be stored in
    ///     the unconsumed_tail attribute.
    ///
    /// After calling this function, some of the input data may still be stored in
    /// internal buffers for later processing.
    /// Call the flush() method to clear these buffers.
    #[method(sig = "data, /, max_length=0")]
    fn decompress(this: &Obj<Decompress>, vm: &Vm, data: &Value, max_length: Option<isize>) -> PyResult<Ref<Bytes>> {
        let data = buffer::to_vec(vm, data)?;
        let most = match max_length.unwrap_or(0) {
            most if most < 0 => return Err(vm.value_error("max_length must be non-negative")),
            0 => usize::MAX,
            most => most as usize,
        };
        Bytes::new(vm, &this.feed(vm, &data, most, InflateFlush::SyncFlush)?)
    }

    /// Return a bytes object containing any remaining decompressed data.
    ///
    ///   length
    ///     the initial size of the output buffer.
    #[method(sig = "length=zlib.DEF_BUF_SIZE, /")]
    fn flush(this: &Obj<Decompress>, vm: &Vm, length: Option<isize>) -> PyResult<Ref<Bytes>> {
        if length.is_some_and(|length| length <= 0) {
            return Err(vm.value_error("length must be greater than zero"));
        }
        let tail = this.tail.borrow().clone();
        let out = this.feed(vm, &tail, usize::MAX, InflateFlush::SyncFlush)?;
        Bytes::new(vm, &out)
    }

    /// Return a copy of the decompression object.
    #[method]
    fn copy(this: &Obj<Decompress>, vm: &Vm) -> PyResult<Value> {
        if this.finished.get() {
            return Err(vm.value_error("Inconsistent stream state"));
        }
        let copy = this.stream.borrow().copy(vm)?;
        let (unused, tail) = (this.unused.borrow().clone(), this.tail.borrow().clone());
        Decompress::make(vm, copy, unused, tail)
    }

    #[method]
    fn __copy__(this: &Obj<Decompress>, vm: &Vm) -> PyResult<Value> {
        Decompress::copy(this, vm)
    }

    #[method(sig = "memo, /")]
    fn __deepcopy__(this: &Obj<Decompress>, vm: &Vm, memo: &Value) -> PyResult<Value> {
        let _ = memo;
        Decompress::copy(this, vm)
    }

    #[getter]
    fn unused_data(this: &Obj<Decompress>, vm: &Vm) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &this.unused.borrow())
    }

    #[getter]
    fn unconsumed_tail(this: &Obj<Decompress>, vm: &Vm) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &this.tail.borrow())
    }

    #[getter]
    fn eof(this: &Obj<Decompress>) -> bool {
        this.finished.get()
    }
}

/// `zlib._ZlibDecompressor`
#[derive(Payload)]
#[payload(name = "_ZlibDecompressor")]
pub struct ZlibDecompressor {
    stream: RefCell<Decompressor>,
    waiting: RefCell<Vec<u8>>,
    unused: RefCell<Vec<u8>>,
    needs_input: Cell<bool>,
}

/// Create a decompressor object for decompressing data incrementally.
#[pytype(name = "_ZlibDecompressor", module = "zlib")]
impl ZlibDecompressor {
    #[slot(sig = "wbits=15, zdict=b''")]
    fn new(class: &Obj<Type>, vm: &Vm, wbits: Option<i32>, zdict: Option<&Value>) -> PyResult<Value> {
        let Some(bits) = checked_bits(wbits.unwrap_or(15)) else {
            return Err(vm.value_error("Invalid initialization option"));
        };
        let dictionary = zdict.map(|zdict| buffer::to_vec(vm, zdict)).transpose()?;
        let stream = Decompressor::new(vm, bits, dictionary.filter(|dictionary| !dictionary.is_empty()))?;
        let payload = ZlibDecompressor {
            stream: RefCell::new(stream),
            waiting: RefCell::default(),
            unused: RefCell::default(),
            needs_input: Cell::new(true),
        };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    /// Decompress *data*, returning uncompressed data as bytes.
    ///
    /// If *max_length* is nonnegative, returns at most *max_length* bytes of
    /// decompressed data.  If this limit is reached and further output can be
    /// produced, *self.needs_input* will be set to ``False``.  In this case, the next
    /// call to *decompress()* may provide *data* as b'' to obtain more of the output.
    ///
    /// If all of the input data was decompressed and returned (either because this
    /// was less than *max_length* bytes, or because *max_length* was negative),
    /// *self.needs_input* will be set to True.
    ///
    /// Attempting to decompress data after the end of stream is reached raises an
    /// EOFError.  Any data found after the end of the stream is ignored and saved in
    /// the unused_data attribute.
    #[method(sig = "data, max_length=-1")]
    fn decompress(
        this: &Obj<ZlibDecompressor>,
        vm: &Vm,
        data: &Value,
        max_length: Option<isize>,
    ) -> PyResult<Ref<Bytes>> {
        if this.stream.borrow().ended {
            return Err(vm.eof_error("End of stream already reached"));
        }
        let mut input = this.waiting.take();
        input.extend_from_slice(&buffer::bytes_of(vm, data)?);
        let most = usize::try_from(max_length.unwrap_or(-1)).unwrap_or(usize::MAX);
        let mut stream = this.stream.borrow_mut();
        let taken = stream.decompress(vm, &input, most, InflateFlush::SyncFlush)?;
        let rest = input.split_off(taken.read);
        if stream.ended {
            *this.unused.borrow_mut() = rest;
            this.needs_input.set(false);
        } else {
            this.needs_input.set(rest.is_empty() && taken.out.len() < most);
            *this.waiting.borrow_mut() = rest;
        }
        Bytes::new(vm, &taken.out)
    }

    /// True if the end-of-stream marker has been reached.
    #[getter]
    fn eof(this: &Obj<ZlibDecompressor>) -> bool {
        this.stream.borrow().ended
    }

    /// Data found after the end of the compressed stream.
    #[getter]
    fn unused_data(this: &Obj<ZlibDecompressor>, vm: &Vm) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &this.unused.borrow())
    }

    /// True if more input is needed before more decompressed data can be produced.
    #[getter]
    fn needs_input(this: &Obj<ZlibDecompressor>) -> bool {
        this.needs_input.get()
    }
}
