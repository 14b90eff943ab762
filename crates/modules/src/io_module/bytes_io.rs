//! `BytesIO`: a binary file in memory.
//!
//! Invariant: while a view of the memory is exported, it keeps its size; the data is not borrowed while Python code runs.

use super::base::writable_room;
use super::size_argument;
use std::cell::{Cell, RefCell};
use taipan_heap::{Charge, Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::buffer::{BufferLayout, Exports};
use taipan_objects::builtins::{buffer, bytes::Bytes, int, is_none, list::List, tuple::Tuple};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// A binary file in memory.
#[derive(Payload)]
#[payload(name = "BytesIO")]
pub struct BytesIo {
    data: RefCell<Vec<u8>>,
    charge: Charge,
    at: Cell<usize>,
    closed: Cell<bool>,
    exports: Exports,
}

impl BytesIo {
    fn check(&self, vm: &Vm) -> PyResult<()> {
        if self.closed.get() { Err(vm.value_error("I/O operation on closed file.")) } else { Ok(()) }
    }

    /// Raises BufferError while the memory is exported.
    fn check_exports(&self, vm: &Vm) -> PyResult<()> {
        match self.exports.count() {
            0 => Ok(()),
            _ => Err(vm.buffer_error("Existing exports of data: object cannot be re-sized")),
        }
    }

    fn take(&self, vm: &Vm, count: usize) -> PyResult<Ref<Bytes>> {
        let piece = {
            let data = self.data.borrow();
            let start = self.at.get().min(data.len());
            let end = start.saturating_add(count).min(data.len());
            self.at.set(self.at.get() + (end - start));
            data[start..end].to_vec()
        };
        Bytes::new(vm, &piece)
    }

    fn line_length(&self, limit: Option<usize>) -> usize {
        let data = self.data.borrow();
        let rest = data.get(self.at.get()..).unwrap_or(&[]);
        let len = rest.iter().position(|&byte| byte == b'\n').map_or(rest.len(), |at| at + 1);
        limit.map_or(len, |limit| len.min(limit))
    }

    fn put(&self, vm: &Vm, bytes: &[u8]) -> PyResult<usize> {
        let at = self.at.get();
        let Some(end) = at.checked_add(bytes.len()).filter(|&end| end <= isize::MAX as usize) else {
            return Err(vm.overflow_error("new position too large"));
        };
        if bytes.is_empty() {
            return Ok(0);
        }
        self.check_exports(vm)?;
        let mut data = self.data.borrow_mut();
        if end > data.len() {
            let more = end - data.len();
            if self.charge.resize(end.max(self.charge.bytes())).is_err() || data.try_reserve(more).is_err() {
                drop(data);
                return Err(vm.out_of_memory(taipan_heap::OutOfMemory));
            }
            data.resize(end, 0);
        }
        data[at..end].copy_from_slice(bytes);
        self.at.set(end);
        Ok(bytes.len())
    }
}

/// BytesIO(initial_bytes=b'')
/// --
///
/// Buffered I/O implementation using an in-memory bytes buffer.
#[pytype(name = "BytesIO", module = "_io", flags = BASETYPE | HAS_DICT)]
impl BytesIo {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: taipan_objects::native::Args<'_>) -> PyResult<Value> {
        let _ = args;
        let payload = BytesIo {
            data: RefCell::default(),
            charge: Charge::new(vm.heap(), 0).map_err(|error| vm.out_of_memory(error))?,
            at: Cell::new(0),
            closed: Cell::new(false),
            exports: Exports::default(),
        };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot(sig = "initial_bytes=b''")]
    fn init(this: &Obj<BytesIo>, vm: &Vm, initial_bytes: Option<&Value>) -> PyResult<()> {
        let data = match initial_bytes.filter(|bytes| !is_none(bytes)) {
            Some(bytes) => buffer::to_vec(vm, bytes)?,
            None => Vec::new(),
        };
        this.check_exports(vm)?;
        *this.data.borrow_mut() = data;
        this.at.set(0);
        Ok(())
    }

    /// Read at most size bytes, returned as a bytes object.
    #[method(sig = "size=-1, /")]
    fn read(this: &Obj<BytesIo>, vm: &Vm, size: Option<&Value>) -> PyResult<Ref<Bytes>> {
        this.check(vm)?;
        let size = size_argument(vm, size)?;
        this.take(vm, size.unwrap_or(usize::MAX))
    }

    /// Read at most size bytes, returned as a bytes object.
    #[method(sig = "size=-1, /")]
    fn read1(this: &Obj<BytesIo>, vm: &Vm, size: Option<&Value>) -> PyResult<Ref<Bytes>> {
        BytesIo::read(this, vm, size)
    }

    /// Next line from the file, as a bytes object.
    #[method(sig = "size=-1, /")]
    fn readline(this: &Obj<BytesIo>, vm: &Vm, size: Option<&Value>) -> PyResult<Ref<Bytes>> {
        this.check(vm)?;
        let limit = size_argument(vm, size)?;
        this.take(vm, this.line_length(limit))
    }

    /// List of bytes objects, each a line from the file.
    #[method(sig = "size=None, /")]
    fn readlines(this: &Obj<BytesIo>, vm: &Vm, size: Option<&Value>) -> PyResult<Ref<List>> {
        this.check(vm)?;
        let limit = size_argument(vm, size)?.filter(|&limit| limit > 0);
        let (lines, mut total) = (List::with_capacity(vm, 0)?, 0);
        loop {
            let line = this.take(vm, this.line_length(None))?;
            total += line.bytes().len();
            if line.bytes().is_empty() {
                return Ok(lines);
            }
            lines.push(vm, line.into())?;
            if limit.is_some_and(|limit| total >= limit) {
                return Ok(lines);
            }
        }
    }

    /// Read bytes into buffer.
    #[method]
    fn readinto(this: &Obj<BytesIo>, vm: &Vm, target: &Value) -> PyResult<usize> {
        this.check(vm)?;
        let room = writable_room(vm, target)?;
        let piece = this.take(vm, room)?;
        let piece = piece.bytes();
        buffer::with_bytes_mut(vm, target, |to| to[..piece.len()].copy_from_slice(piece))?;
        Ok(piece.len())
    }

    /// Write bytes to file.
    ///
    /// Return the number of bytes written.
    #[method]
    fn write(this: &Obj<BytesIo>, vm: &Vm, data: &Value) -> PyResult<usize> {
        this.check(vm)?;
        let data = buffer::bytes_of(vm, data)?;
        // Asking for the bytes may have closed the file.
        this.check(vm)?;
        this.put(vm, &data)
    }

    /// Write lines to the file.
    #[method]
    fn writelines(this: &Obj<BytesIo>, vm: &Vm, lines: &Value) -> PyResult<()> {
        this.check(vm)?;
        let iterator = vm.iter(lines)?;
        while let Some(line) = vm.next(&iterator)? {
            BytesIo::write(this, vm, &line)?;
        }
        Ok(())
    }

    /// Change stream position.
    #[method(sig = "pos, whence=0, /")]
    fn seek(this: &Obj<BytesIo>, vm: &Vm, pos: i64, whence: i64) -> PyResult<usize> {
        this.check(vm)?;
        let base = match whence {
            0 if pos < 0 => return Err(vm.value_error(format!("negative seek value {pos}"))),
            0 => 0,
            1 => this.at.get() as i64,
            2 => this.data.borrow().len() as i64,
            _ => return Err(vm.value_error(format!("invalid whence ({whence}, should be 0, 1 or 2)"))),
        };
        let Some(to) = base.checked_add(pos) else { return Err(vm.overflow_error("new position too large")) };
        this.at.set(to.max(0) as usize);
        Ok(this.at.get())
    }

    /// Current file position, an integer.
    #[method]
    fn tell(this: &Obj<BytesIo>, vm: &Vm) -> PyResult<usize> {
        this.check(vm).map(|()| this.at.get())
    }

    /// Truncate the file to at most size bytes.
    #[method(sig = "size=None, /")]
    fn truncate(this: &Obj<BytesIo>, vm: &Vm, size: Option<&Value>) -> PyResult<usize> {
        this.check(vm)?;
        let size = match size.filter(|size| !is_none(size)) {
            None => this.at.get(),
            Some(size) => {
                let size = int::index_clamped(vm, size)?;
                usize::try_from(size).map_err(|_| vm.value_error(format!("negative size value {size}")))?
            }
        };
        this.check_exports(vm)?;
        this.data.borrow_mut().truncate(size);
        Ok(size)
    }

    /// Retrieve the entire contents of the BytesIO object.
    #[method]
    fn getvalue(this: &Obj<BytesIo>, vm: &Vm) -> PyResult<Ref<Bytes>> {
        this.check(vm)?;
        let data = this.data.borrow().clone();
        Bytes::new(vm, &data)
    }

    /// Get a read-write view over the contents of the BytesIO object.
    #[method]
    fn getbuffer(this: &Obj<BytesIo>, vm: &Vm) -> PyResult<Value> {
        this.check(vm)?;
        let memory = vm.alloc(&*vm.native_type(Memory::spec())?, Memory { file: this.to_ref() })?;
        vm.call(&vm.types().memoryview.to_value(), &[memory.into()])
    }

    /// Disable all I/O operations.
    #[method]
    fn close(this: &Obj<BytesIo>, vm: &Vm) -> PyResult<()> {
        this.check_exports(vm)?;
        this.closed.set(true);
        this.data.borrow_mut().clear();
        Ok(())
    }

    /// Does nothing.
    #[method]
    fn flush(this: &Obj<BytesIo>, vm: &Vm) -> PyResult<()> {
        this.check(vm)
    }

    /// Always returns False.
    #[method]
    fn isatty(this: &Obj<BytesIo>, vm: &Vm) -> PyResult<bool> {
        this.check(vm).map(|()| false)
    }

    /// Returns True if the IO object can be read.
    #[method]
    fn readable(this: &Obj<BytesIo>, vm: &Vm) -> PyResult<bool> {
        this.check(vm).map(|()| true)
    }

    /// Returns True if the IO object can be written.
    #[method]
    fn writable(this: &Obj<BytesIo>, vm: &Vm) -> PyResult<bool> {
        this.check(vm).map(|()| true)
    }

    /// Returns True if the IO object can be seeked.
    #[method]
    fn seekable(this: &Obj<BytesIo>, vm: &Vm) -> PyResult<bool> {
        this.check(vm).map(|()| true)
    }

    /// True if the file is closed.
    #[getter(name = "closed")]
    fn is_closed(this: &Obj<BytesIo>) -> bool {
        this.closed.get()
    }

    #[slot]
    fn next(this: &Obj<BytesIo>, vm: &Vm) -> PyResult<Option<Value>> {
        this.check(vm)?;
        let line = this.take(vm, this.line_length(None))?;
        if line.bytes().is_empty() { Ok(None) } else { Ok(Some(line.into())) }
    }

    #[slot]
    fn iter(this: &Obj<BytesIo>, vm: &Vm) -> PyResult<Value> {
        this.check(vm).map(|()| this.to_value())
    }

    #[method]
    fn __getstate__(this: &Obj<BytesIo>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let data = BytesIo::getvalue(this, vm)?;
        let at = int::from_i64(vm, this.at.get() as i64)?;
        let attributes = super::own_attributes(vm, &this.to_value())?;
        Tuple::new(vm, [data.into(), at, attributes].into_iter())
    }

    #[method]
    fn __setstate__(this: &Obj<BytesIo>, vm: &Vm, state: &Value) -> PyResult<()> {
        this.check(vm)?;
        let Some([data, at, attributes, ..]) = state.downcast::<Tuple>().map(|tuple| tuple.items()) else {
            let given = vm.type_name(state);
            return Err(vm.type_error(format!("_io.BytesIO.__setstate__ argument should be 3-tuple, got {given}")));
        };
        let data = buffer::to_vec(vm, data)?;
        this.check(vm)?;
        this.check_exports(vm)?;
        this.data.borrow_mut().clear();
        this.at.set(0);
        this.put(vm, &data)?;
        this.at.set(0);
        if !int::is_int(at) {
            let given = vm.type_name(at);
            return Err(vm.type_error(format!("second item of state must be an integer, not {given}")));
        }
        match usize::try_from(int::index_clamped(vm, at)?) {
            Ok(at) => this.at.set(at),
            Err(_) => return Err(vm.value_error("position value cannot be negative")),
        }
        super::add_attributes(vm, &this.to_value(), attributes, "third")
    }
}

/// `_io._BytesIOBuffer`: the memory of a `BytesIO`, for a view.
#[derive(Payload)]
#[payload(name = "_BytesIOBuffer")]
pub struct Memory {
    file: Ref<BytesIo>,
}

#[pytype(name = "_BytesIOBuffer", module = "_io", flags = DISALLOW_INSTANTIATION, ready = ready)]
impl Memory {
    #[slot]
    fn buffer(this: &Obj<Memory>, _vm: &Vm, read: &mut dyn FnMut(&[u8])) -> PyResult<()> {
        read(&this.file.data.borrow());
        Ok(())
    }
}

fn ready(_: &Vm, class: &Obj<Type>) -> PyResult<()> {
    class.slots.buffer_write.set(Some(|_, value, write| {
        if let Some(memory) = value.downcast::<Memory>() {
            write(&mut memory.file.data.borrow_mut());
        }
        Ok(())
    }));
    class.slots.buffer_export.set(Some(|vm, value| match value.downcast::<Memory>() {
        Some(memory) => {
            let len = memory.file.data.borrow().len();
            Ok((BufferLayout::bytes(len, false), memory.file.exports.pin()))
        }
        None => Err(vm.buffer_error("not the memory of a BytesIO")),
    }));
    Ok(())
}
