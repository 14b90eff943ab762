//! `BufferedReader`, `BufferedWriter`, `BufferedRandom` and `BufferedRWPair`.
//!
//! Invariant: at most one of the two buffers holds anything: bytes read ahead and not yet asked for, or bytes not yet written. Neither
//! is borrowed while the raw file is called.

use super::base::{answers, chain, count_between, finalize, invoke, is_closed, writable_room};
use super::file::FileIo;
use super::{size_argument, unsupported};
use std::cell::{Cell, RefCell};
use taipan_heap::{Charge, Obj, OutOfMemory, Payload, Ref, Slot, Value, flags};
use taipan_macros::pytype;
use taipan_objects::builtins::{NONE, buffer, bytearray::ByteArray, bytes::Bytes, int, is_none, str::Str};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// A file with a buffer before it.
#[derive(Payload)]
#[payload(name = "_io._Buffered")]
pub struct Buffered {
    raw: Slot,
    ahead: RefCell<Vec<u8>>,
    /// How much of `ahead` has been handed out.
    used: Cell<usize>,
    pending: RefCell<Vec<u8>>,
    /// For both.
    charge: Charge,
    size: Cell<usize>,
    ready: Cell<bool>,
    detached: Cell<bool>,
    finalizing: Cell<bool>,
    /// The raw file is being closed: what is written now would be lost.
    closing: Cell<bool>,
}

/// `BufferedReader`
pub struct BufferedReader;
/// `BufferedWriter`
pub struct BufferedWriter;
/// `BufferedRandom`
pub struct BufferedRandom;

impl Buffered {
    fn blank() -> Buffered {
        Buffered {
            raw: Slot::default(),
            ahead: RefCell::default(),
            used: Cell::new(0),
            pending: RefCell::default(),
            charge: Charge::default(),
            size: Cell::new(super::DEFAULT_BUFFER_SIZE),
            ready: Cell::new(false),
            detached: Cell::new(false),
            finalizing: Cell::new(false),
            closing: Cell::new(false),
        }
    }

    fn start(&self, vm: &Vm, raw: &Value, size: i64, wanted: &[(&str, &str)]) -> PyResult<()> {
        self.ready.set(false);
        for (method, message) in wanted {
            if !answers(vm, raw, method)? {
                return Err(unsupported(vm, message));
            }
        }
        if size <= 0 {
            return Err(vm.value_error("buffer size must be strictly positive"));
        }
        self.raw.set(Some(raw.clone()));
        self.size.set(size as usize);
        self.detached.set(false);
        self.ready.set(true);
        Ok(())
    }

    /// The raw file.
    fn raw(&self, vm: &Vm) -> PyResult<Value> {
        match self.raw.get() {
            Some(raw) if self.ready.get() => Ok(raw),
            _ if self.detached.get() => Err(vm.value_error("raw stream has been detached")),
            _ => Err(vm.value_error("I/O operation on uninitialized object")),
        }
    }

    fn native(raw: &Value) -> Option<&Obj<FileIo>> {
        raw.downcast::<FileIo>().filter(|_| raw.header().is_some_and(|header| header.kind().has(flags::EXACT)))
    }

    /// The raw file, open; ValueError says what was tried.
    fn open_raw(&self, vm: &Vm, what: &str) -> PyResult<Value> {
        let raw = self.raw(vm)?;
        if is_closed(vm, &raw)? {
            return Err(vm.value_error(if what.is_empty() { "I/O operation on closed file" } else { what }));
        }
        Ok(raw)
    }

    fn unread(&self) -> usize {
        self.ahead.borrow().len() - self.used.get()
    }

    fn forget_ahead(&self) {
        self.ahead.borrow_mut().clear();
        self.used.set(0);
    }

    /// Lets `data` wait to be written.
    fn keep(&self, vm: &Vm, data: &[u8]) -> PyResult<()> {
        let waiting = self.pending.borrow().len();
        vm.recharge(&self.charge, self.ahead.borrow().capacity() + waiting + data.len())?;
        let mut pending = self.pending.borrow_mut();
        pending.try_reserve(data.len()).map_err(|_| vm.out_of_memory(OutOfMemory))?;
        pending.extend_from_slice(data);
        Ok(())
    }

    /// Hands out at most `count` of the bytes read ahead.
    fn take(&self, count: usize, out: &mut Vec<u8>) {
        let (ahead, used) = (self.ahead.borrow(), self.used.get());
        let end = used.saturating_add(count).min(ahead.len());
        out.extend_from_slice(&ahead[used..end]);
        self.used.set(end);
    }

    /// One read of the raw file; `None` when it would have to wait.
    fn read_raw(&self, vm: &Vm, raw: &Value, size: usize) -> PyResult<Option<Vec<u8>>> {
        if let Some(file) = Buffered::native(raw) {
            return file.read_bytes(vm, size);
        }
        vm.check_room(size)?;
        let room = ByteArray::new(vm, &[])?;
        room.set_content(vm, &vec![0; size])?;
        let view = vm.call(&vm.types().memoryview.to_value(), &[room.to_value()])?;
        let count = invoke(vm, raw, "readinto", &[view])?;
        if is_none(&count) {
            return Ok(None);
        }
        let count = count_between(vm, "readinto", &count, size)?;
        let mut data = room.snapshot();
        data.truncate(count);
        Ok(Some(data.to_vec()))
    }

    /// Fills the empty read-ahead buffer; false at the end of the file or when nothing is there yet.
    fn fill(&self, vm: &Vm, raw: &Value) -> PyResult<Option<bool>> {
        vm.recharge(&self.charge, self.size.get())?;
        let Some(data) = self.read_raw(vm, raw, self.size.get())? else { return Ok(None) };
        let more = !data.is_empty();
        let room = data.capacity();
        *self.ahead.borrow_mut() = data;
        self.used.set(0);
        if room < self.size.get() {
            vm.recharge(&self.charge, room)?;
        }
        Ok(Some(more))
    }

    fn before_reading(&self, vm: &Vm, what: &str) -> PyResult<Value> {
        let raw = self.open_raw(vm, what)?;
        self.flush_pending(vm, &raw)?;
        Ok(raw)
    }

    fn read_some(&self, vm: &Vm, size: Option<usize>) -> PyResult<Value> {
        let raw = self.before_reading(vm, "read of closed file")?;
        let mut out = Vec::new();
        let Some(size) = size else {
            self.take(usize::MAX, &mut out);
            self.forget_ahead();
            let rest = match vm.find_attr(&raw, &*vm.intern("readall")?)? {
                Some(readall) => vm.call(&readall, &[])?,
                None => vm.call_method(&raw, &vm.names().read, &[])?,
            };
            if is_none(&rest) {
                return if out.is_empty() { Ok(NONE) } else { Ok(Bytes::new(vm, &out)?.into()) };
            }
            let Some(bytes) = rest.downcast::<Bytes>() else {
                return Err(vm.type_error("readall() should return bytes"));
            };
            if out.is_empty() {
                return Ok(rest.clone());
            }
            out.extend_from_slice(bytes.bytes());
            return Ok(Bytes::new(vm, &out)?.into());
        };
        self.take(size, &mut out);
        while out.len() < size {
            vm.check_room(out.len())?;
            let missing = size - out.len();
            if missing >= self.size.get() {
                self.forget_ahead();
                match self.read_raw(vm, &raw, missing)? {
                    Some(data) if !data.is_empty() => out.extend_from_slice(&data),
                    Some(_) => break,
                    None if out.is_empty() => return Ok(NONE),
                    None => break,
                }
            } else {
                match self.fill(vm, &raw)? {
                    Some(true) => self.take(missing, &mut out),
                    Some(false) => break,
                    None if out.is_empty() => return Ok(NONE),
                    None => break,
                }
            }
        }
        Ok(Bytes::new(vm, &out)?.into())
    }

    fn read_once(&self, vm: &Vm, size: Option<usize>) -> PyResult<Vec<u8>> {
        let raw = self.before_reading(vm, "read of closed file")?;
        let size = size.unwrap_or(self.size.get());
        let mut out = Vec::new();
        if size == 0 {
            return Ok(out);
        }
        if self.unread() == 0 {
            self.forget_ahead();
            self.fill(vm, &raw)?;
        }
        self.take(size, &mut out);
        Ok(out)
    }

    /// What `readinto1` reads: as `read_once`, but a large rest is read from the raw file, too.
    fn read_room(&self, vm: &Vm, room: usize) -> PyResult<Vec<u8>> {
        let unread = self.unread();
        if room.saturating_sub(unread) <= self.size.get() {
            return self.read_once(vm, Some(room));
        }
        let raw = self.before_reading(vm, "read of closed file")?;
        let mut out = Vec::new();
        self.take(room, &mut out);
        self.forget_ahead();
        if let Some(more) = self.read_raw(vm, &raw, room - out.len())? {
            out.extend_from_slice(&more);
        }
        Ok(out)
    }

    fn peek_ahead(&self, vm: &Vm) -> PyResult<Vec<u8>> {
        let raw = self.before_reading(vm, "peek of closed file")?;
        if self.unread() == 0 {
            self.forget_ahead();
            self.fill(vm, &raw)?;
        }
        Ok(self.ahead.borrow()[self.used.get()..].to_vec())
    }

    fn read_line(&self, vm: &Vm, limit: Option<usize>) -> PyResult<Vec<u8>> {
        let raw = self.before_reading(vm, "readline of closed file")?;
        let limit = limit.unwrap_or(usize::MAX);
        let mut line = Vec::new();
        while line.len() < limit {
            vm.check_room(line.len())?;
            if self.unread() == 0 && self.fill(vm, &raw)? != Some(true) {
                break;
            }
            let end = {
                let ahead = self.ahead.borrow();
                let rest = &ahead[self.used.get()..];
                rest.iter().position(|&byte| byte == b'\n').map(|at| at + 1)
            };
            self.take(end.unwrap_or(usize::MAX).min(limit - line.len()), &mut line);
            if end.is_some() && line.ends_with(b"\n") {
                break;
            }
        }
        Ok(line)
    }

    /// One write to the raw file; `None` when it would have to wait.
    fn write_raw(vm: &Vm, raw: &Value, data: &[u8]) -> PyResult<Option<usize>> {
        if let Some(file) = Buffered::native(raw) {
            return file.write_bytes(vm, data);
        }
        let bytes = Bytes::new(vm, data)?;
        let count = vm.call_method(raw, &vm.names().write, &[bytes.into()])?;
        if is_none(&count) {
            return Ok(None);
        }
        count_between(vm, "write", &count, data.len()).map(Some)
    }

    /// Writes everything that waits.
    fn flush_pending(&self, vm: &Vm, raw: &Value) -> PyResult<()> {
        while !self.pending.borrow().is_empty() {
            let data = self.pending.take();
            let written = Buffered::write_raw(vm, raw, &data);
            let rest = match &written {
                Ok(Some(count)) => data.get(*count..).unwrap_or(&[]),
                _ => &data[..],
            };
            let mut pending = rest.to_vec();
            pending.append(&mut self.pending.borrow_mut());
            let room = self.ahead.borrow().capacity() + pending.len();
            *self.pending.borrow_mut() = pending;
            if room < self.charge.bytes() {
                vm.recharge(&self.charge, room)?;
            }
            if written?.is_none() {
                return Err(self.would_block(vm, 0));
            }
            if !self.pending.borrow().is_empty() {
                // A write cut short by a signal is no error, and the next one may wait without end.
                crate::signal_module::run_handlers(vm)?;
            }
        }
        Ok(())
    }

    #[cold]
    fn would_block(&self, vm: &Vm, written: i64) -> taipan_objects::vm::Raised {
        let make = || {
            let text = Str::new(vm, "write could not complete without blocking")?;
            let errno = Value::small_int(taipan_host::constants::EAGAIN);
            vm.new_exception(&vm.types().blocking_io_error, &[errno, text.into(), int::from_i64(vm, written)?])
        };
        make().map_or_else(|raised| raised, |exception| vm.raise(exception))
    }

    fn write_data(&self, vm: &Vm, data: &[u8]) -> PyResult<usize> {
        let raw = self.open_raw(vm, "write to closed file")?;
        if self.closing.get() {
            return Err(vm.value_error("write to closed file"));
        }
        let unread = self.unread();
        if unread > 0 {
            invoke(vm, &raw, "seek", &[int::from_i64(vm, -(unread as i64))?, Value::small_int(1)])?;
        }
        self.forget_ahead();
        let size = self.size.get();
        let waiting = self.pending.borrow().len();
        if waiting > 0 && waiting + data.len() > size {
            let flushed = self.flush_pending(vm, &raw);
            if vm.catch(flushed, &vm.types().blocking_io_error)?.is_none() {
                let room = size.saturating_sub(self.pending.borrow().len());
                let kept = data.len().min(room);
                self.keep(vm, &data[..kept])?;
                return if kept == data.len() { Ok(kept) } else { Err(self.would_block(vm, kept as i64)) };
            }
        }
        let mut rest = data;
        while rest.len() > size {
            match Buffered::write_raw(vm, &raw, rest)? {
                Some(count) => rest = &rest[count..],
                None => {
                    self.keep(vm, &rest[..size])?;
                    return Err(self.would_block(vm, (data.len() - rest.len() + size) as i64));
                }
            }
            if rest.len() > size {
                // A write cut short by a signal is no error, and the next one may wait without end.
                crate::signal_module::run_handlers(vm)?;
            }
        }
        self.keep(vm, rest)?;
        Ok(data.len())
    }

    /// Where the raw file says that it is.
    fn checked_position(vm: &Vm, at: &Value) -> PyResult<i64> {
        let at = int::index(vm, at)?;
        match int::index_clamped(vm, &at)? {
            at if at < 0 => Err(vm.os_error_text(format!("Raw stream returned invalid position {at}"))),
            at => Ok(at),
        }
    }

    fn position(&self, vm: &Vm) -> PyResult<i64> {
        let raw = self.open_raw(vm, "")?;
        let at = invoke(vm, &raw, "tell", &[])?;
        let at = Buffered::checked_position(vm, &at)?;
        // Devices stand at 0 however much has been read.
        Ok((at - self.unread() as i64 + self.pending.borrow().len() as i64).max(0))
    }

    fn move_to(&self, vm: &Vm, target: &Value, whence: i64) -> PyResult<Value> {
        if !(0..=2).contains(&whence) {
            return Err(vm.value_error(format!("whence value {whence} unsupported")));
        }
        let raw = self.open_raw(vm, "seek of closed file")?;
        if !answers(vm, &raw, "seekable")? {
            return Err(unsupported(vm, "File or stream is not seekable."));
        }
        self.flush_pending(vm, &raw)?;
        let mut target = int::index(vm, target)?;
        let unread = self.unread();
        if whence == 1 && unread > 0 {
            let back = int::from_i64(vm, unread as i64)?;
            target = vm.binary(taipan_objects::types::BinaryOp::Sub, &target, &back)?;
        }
        self.forget_ahead();
        let at = invoke(vm, &raw, "seek", &[target, int::from_i64(vm, whence)?])?;
        int::from_i64(vm, Buffered::checked_position(vm, &at)?)
    }

    fn close_all(&self, vm: &Vm, this: &Value) -> PyResult<()> {
        let raw = self.raw(vm)?;
        if is_closed(vm, &raw)? {
            return Ok(());
        }
        if self.finalizing.get() {
            let warned = invoke(vm, &raw, "_dealloc_warn", std::slice::from_ref(this));
            vm.catch(warned, &vm.types().exception)?;
        }
        let flushed = vm.call_method(this, &vm.names().flush, &[]);
        let failure = flushed.err().map(|raised| vm.take_exception(raised));
        self.closing.set(true);
        let closed = invoke(vm, &raw, "close", &[]);
        self.closing.set(false);
        self.forget_ahead();
        self.pending.borrow_mut().clear();
        chain(vm, failure, closed)
    }

    fn shown(&self, vm: &Vm, this: &Value) -> PyResult<Ref<Str>> {
        let class = vm.class_of(this).full_name(vm);
        let name = vm.find_attr(this, &vm.names().name);
        match vm.catch(name, &vm.types().value_error)?.flatten() {
            Some(name) => Str::new(vm, &format!("<{class} name={}>", vm.repr(&name)?.to_lossy())),
            None => Str::new(vm, &format!("<{class}>")),
        }
    }
}

macro_rules! buffered_type {
    ($(#[doc = $doc:literal])* $name:ident, $text:literal, $flushes_raw:literal, [$($wanted:expr),*], { $($methods:item)* }) => {
        $(#[doc = $doc])*
        #[pytype(name = $text, module = "_io", payload = Buffered, flags = BASETYPE | HAS_DICT)]
        impl $name {
            #[slot(new)]
            fn make(class: &Obj<Type>, vm: &Vm, args: taipan_objects::native::Args<'_>) -> PyResult<Value> {
                let _ = args;
                Ok(vm.alloc_instance(class, Buffered::blank())?.into())
            }

            #[slot(sig = "raw, buffer_size=131072")]
            fn init(this: &Obj<Buffered>, vm: &Vm, raw: &Value, buffer_size: i64) -> PyResult<()> {
                this.start(vm, raw, buffer_size, &[$($wanted),*])
            }

            #[slot]
            fn finalize(this: &Obj<Buffered>, vm: &Vm) -> PyResult<()> {
                if !this.ready.get() {
                    return Ok(());
                }
                this.finalizing.set(true);
                let result = finalize(vm, &this.to_value());
                this.finalizing.set(false);
                result
            }

            #[slot]
            fn repr(this: &Obj<Buffered>, vm: &Vm) -> PyResult<Ref<Str>> {
                this.shown(vm, &this.to_value())
            }

            #[method]
            fn _dealloc_warn(this: &Obj<Buffered>, vm: &Vm, source: &Value) -> PyResult<()> {
                let raw = this.raw(vm)?;
                let warned = invoke(vm, &raw, "_dealloc_warn", std::slice::from_ref(source));
                vm.catch(warned, &vm.types().exception).map(drop)
            }

            #[getter]
            fn raw(this: &Obj<Buffered>) -> Value {
                this.raw.get().unwrap_or(NONE)
            }

            #[getter]
            fn closed(this: &Obj<Buffered>, vm: &Vm) -> PyResult<Value> {
                vm.get_attr_text(&this.raw(vm)?, "closed")
            }

            #[getter]
            fn name(this: &Obj<Buffered>, vm: &Vm) -> PyResult<Value> {
                vm.get_attr(&this.raw(vm)?, &vm.names().name)
            }

            #[getter]
            fn mode(this: &Obj<Buffered>, vm: &Vm) -> PyResult<Value> {
                vm.get_attr_text(&this.raw(vm)?, "mode")
            }

            #[method]
            fn close(this: &Obj<Buffered>, vm: &Vm) -> PyResult<()> {
                this.close_all(vm, &this.to_value())
            }

            /// Disconnect this buffer from its underlying raw stream and return it.
            #[method]
            fn detach(this: &Obj<Buffered>, vm: &Vm) -> PyResult<Value> {
                let raw = this.raw(vm)?;
                vm.call_method(&this.to_value(), &vm.names().flush, &[])?;
                this.raw.set(None);
                this.ready.set(false);
                this.detached.set(true);
                Ok(raw)
            }

            #[method]
            fn flush(this: &Obj<Buffered>, vm: &Vm) -> PyResult<()> {
                let raw = this.open_raw(vm, "flush of closed file")?;
                this.flush_pending(vm, &raw)?;
                let unread = this.unread();
                if unread > 0 && answers(vm, &raw, "seekable")? && answers(vm, &this.to_value(), "writable")? {
                    invoke(vm, &raw, "seek", &[int::from_i64(vm, -(unread as i64))?, Value::small_int(1)])?;
                    this.forget_ahead();
                }
                if $flushes_raw { invoke(vm, &raw, "flush", &[]).map(drop) } else { Ok(()) }
            }

            #[getter(member)]
            fn _finalizing(this: &Obj<Buffered>) -> bool {
                this.finalizing.get()
            }

            #[method]
            fn __getstate__(this: &Value, vm: &Vm) -> PyResult<Value> {
                Err(super::cannot_pickle(vm, this))
            }

            #[method]
            fn seekable(this: &Obj<Buffered>, vm: &Vm) -> PyResult<Value> {
                invoke(vm, &this.raw(vm)?, "seekable", &[])
            }

            #[method]
            fn fileno(this: &Obj<Buffered>, vm: &Vm) -> PyResult<Value> {
                invoke(vm, &this.raw(vm)?, "fileno", &[])
            }

            #[method]
            fn isatty(this: &Obj<Buffered>, vm: &Vm) -> PyResult<Value> {
                invoke(vm, &this.raw(vm)?, "isatty", &[])
            }

            #[method(sig = "target, whence=0, /")]
            fn seek(this: &Obj<Buffered>, vm: &Vm, target: &Value, whence: i64) -> PyResult<Value> {
                this.move_to(vm, target, whence)
            }

            #[method]
            fn tell(this: &Obj<Buffered>, vm: &Vm) -> PyResult<i64> {
                this.position(vm)
            }

            #[method(sig = "pos=None, /")]
            fn truncate(this: &Obj<Buffered>, vm: &Vm, pos: Option<&Value>) -> PyResult<Value> {
                let raw = this.open_raw(vm, "truncate of closed file")?;
                if !answers(vm, &this.to_value(), "writable")? {
                    return Err(unsupported(vm, "truncate"));
                }
                vm.call_method(&this.to_value(), &vm.names().flush, &[])?;
                let at = match pos.filter(|pos| !is_none(pos)) {
                    Some(pos) => pos.clone(),
                    None => int::from_i64(vm, this.position(vm)?)?,
                };
                invoke(vm, &raw, "truncate", &[at])
            }

            $($methods)*
        }
    };
}

/// The methods of a type that reads and of one that writes, spliced into the definitions below.
macro_rules! with_reading {
    ($(#[doc = $doc:literal])* $name:ident, $text:literal, $flushes_raw:literal, [$($wanted:expr),*], { $($more:item)* }) => {
        buffered_type! {
            $(#[doc = $doc])* $name, $text, $flushes_raw, [$($wanted),*],
            {
                #[method]
                fn readable(this: &Obj<Buffered>, vm: &Vm) -> PyResult<Value> {
                    invoke(vm, &this.raw(vm)?, "readable", &[])
                }

                /// Read and return up to n bytes.
                #[method(sig = "size=-1, /")]
                fn read(this: &Obj<Buffered>, vm: &Vm, size: Option<&Value>) -> PyResult<Value> {
                    if let Some(size) = size.filter(|size| !is_none(size))
                        && int::is_int(size)
                        && int::index_clamped(vm, size)? < -1
                    {
                        return Err(vm.value_error("read length must be non-negative or -1"));
                    }
                    this.read_some(vm, size_argument(vm, size)?)
                }

                /// Read and return up to size bytes, with at most one read of the raw stream.
                #[method(sig = "size=-1, /")]
                fn read1(this: &Obj<Buffered>, vm: &Vm, size: Option<&Value>) -> PyResult<Ref<Bytes>> {
                    Bytes::new(vm, &this.read_once(vm, size_argument(vm, size)?)?)
                }

                #[method(sig = "size=0, /")]
                fn peek(this: &Obj<Buffered>, vm: &Vm, size: Option<&Value>) -> PyResult<Ref<Bytes>> {
                    let _ = size;
                    Bytes::new(vm, &this.peek_ahead(vm)?)
                }

                #[method(sig = "size=-1, /")]
                fn readline(this: &Obj<Buffered>, vm: &Vm, size: Option<&Value>) -> PyResult<Ref<Bytes>> {
                    Bytes::new(vm, &this.read_line(vm, size_argument(vm, size)?)?)
                }

                #[method]
                fn readinto(this: &Obj<Buffered>, vm: &Vm, target: &Value) -> PyResult<Value> {
                    let room = writable_room(vm, target)?;
                    let data = this.read_some(vm, Some(room))?;
                    if is_none(&data) {
                        return Ok(NONE);
                    }
                    let data = buffer::to_vec(vm, &data)?;
                    buffer::with_bytes_mut(vm, target, |to| to[..data.len()].copy_from_slice(&data))?;
                    int::from_i64(vm, data.len() as i64)
                }

                #[method]
                fn readinto1(this: &Obj<Buffered>, vm: &Vm, target: &Value) -> PyResult<usize> {
                    let room = writable_room(vm, target)?;
                    let data = this.read_room(vm, room)?;
                    buffer::with_bytes_mut(vm, target, |to| to[..data.len()].copy_from_slice(&data))?;
                    Ok(data.len())
                }

                #[slot]
                fn next(this: &Obj<Buffered>, vm: &Vm) -> PyResult<Option<Value>> {
                    let line = if this.header().kind().has(flags::EXACT) {
                        this.read_line(vm, None)?
                    } else {
                        let line = vm.call_method(&this.to_value(), &vm.names().readline, &[])?;
                        buffer::to_vec(vm, &line)?
                    };
                    if line.is_empty() { Ok(None) } else { Ok(Some(Bytes::new(vm, &line)?.into())) }
                }

                $($more)*
            }
        }
    };
}

with_reading! {
    /// BufferedReader(raw, buffer_size=DEFAULT_BUFFER_SIZE)
    /// --
    ///
    /// Create a new buffered reader using the given readable raw IO object.
    BufferedReader, "BufferedReader", true, [("readable", "File or stream is not readable.")], {}
}

buffered_type! {
    /// BufferedWriter(raw, buffer_size=DEFAULT_BUFFER_SIZE)
    /// --
    ///
    /// A buffer for a writeable sequential RawIO object.
    ///
    /// The constructor creates a BufferedWriter for the given writeable raw
    /// stream. If the buffer_size is not given, it defaults to
    /// DEFAULT_BUFFER_SIZE.
    BufferedWriter, "BufferedWriter", false, [("writable", "File or stream is not writable.")],
    {
        #[method]
        fn writable(this: &Obj<Buffered>, vm: &Vm) -> PyResult<Value> {
            invoke(vm, &this.raw(vm)?, "writable", &[])
        }

        /// Write buffer b to the IO stream.
        #[method]
        fn write(this: &Obj<Buffered>, vm: &Vm, data: &Value) -> PyResult<usize> {
            let data = buffer::bytes_of(vm, data)?;
            this.write_data(vm, &data)
        }
    }
}

with_reading! {
    /// BufferedRandom(raw, buffer_size=DEFAULT_BUFFER_SIZE)
    /// --
    ///
    /// A buffered interface to random access streams.
    ///
    /// The constructor creates a reader and writer for a seekable stream,
    /// raw, given in the first argument. If the buffer_size is omitted it
    /// defaults to DEFAULT_BUFFER_SIZE.
    BufferedRandom, "BufferedRandom", false, [
        ("seekable", "File or stream is not seekable."),
        ("readable", "File or stream is not readable."),
        ("writable", "File or stream is not writable.")
    ],
    {
        #[method]
        fn writable(this: &Obj<Buffered>, vm: &Vm) -> PyResult<Value> {
            invoke(vm, &this.raw(vm)?, "writable", &[])
        }

        /// Write buffer b to the IO stream.
        #[method]
        fn write(this: &Obj<Buffered>, vm: &Vm, data: &Value) -> PyResult<usize> {
            let data = buffer::bytes_of(vm, data)?;
            this.write_data(vm, &data)
        }
    }
}

/// A reader and a writer as one.
#[derive(Payload)]
#[payload(name = "BufferedRWPair")]
pub struct RwPair {
    reader: Slot,
    writer: Slot,
}

impl RwPair {
    fn to(&self, vm: &Vm, slot: &Slot, method: &str, args: &[Value]) -> PyResult<Value> {
        match slot.get() {
            Some(file) => invoke(vm, &file, method, args),
            None => Err(vm.value_error("I/O operation on uninitialized object")),
        }
    }
}

/// BufferedRWPair(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /)
/// --
///
/// A buffered reader and writer object together.
///
/// A buffered reader object and buffered writer object put together to
/// form a sequential IO object that can read and write. This is typically
/// used with a socket or two-way pipe.
#[pytype(name = "BufferedRWPair", module = "_io", flags = BASETYPE | HAS_DICT)]
impl RwPair {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: taipan_objects::native::Args<'_>) -> PyResult<Value> {
        let _ = args;
        Ok(vm.alloc_instance(class, RwPair { reader: Slot::default(), writer: Slot::default() })?.into())
    }

    #[slot(sig = "reader, writer, buffer_size=131072, /")]
    fn init(this: &Obj<RwPair>, vm: &Vm, reader: &Value, writer: &Value, buffer_size: i64) -> PyResult<()> {
        if !answers(vm, reader, "readable")? {
            return Err(unsupported(vm, "File or stream is not readable."));
        }
        if !answers(vm, writer, "writable")? {
            return Err(unsupported(vm, "File or stream is not writable."));
        }
        let types = super::types(vm)?;
        let size = int::from_i64(vm, buffer_size)?;
        this.reader.set(Some(vm.call(&types.reader.to_value(), &[reader.clone(), size.clone()])?));
        this.writer.set(Some(vm.call(&types.writer.to_value(), &[writer.clone(), size])?));
        Ok(())
    }

    #[method(sig = "size=-1, /")]
    fn read(this: &Obj<RwPair>, vm: &Vm, size: Option<&Value>) -> PyResult<Value> {
        this.to(vm, &this.reader, "read", size.map_or(&[], std::slice::from_ref))
    }

    #[method(sig = "size=-1, /")]
    fn read1(this: &Obj<RwPair>, vm: &Vm, size: Option<&Value>) -> PyResult<Value> {
        this.to(vm, &this.reader, "read1", size.map_or(&[], std::slice::from_ref))
    }

    #[method(sig = "size=0, /")]
    fn peek(this: &Obj<RwPair>, vm: &Vm, size: Option<&Value>) -> PyResult<Value> {
        this.to(vm, &this.reader, "peek", size.map_or(&[], std::slice::from_ref))
    }

    #[method]
    fn readinto(this: &Obj<RwPair>, vm: &Vm, target: &Value) -> PyResult<Value> {
        this.to(vm, &this.reader, "readinto", std::slice::from_ref(target))
    }

    #[method]
    fn readinto1(this: &Obj<RwPair>, vm: &Vm, target: &Value) -> PyResult<Value> {
        this.to(vm, &this.reader, "readinto1", std::slice::from_ref(target))
    }

    #[method]
    fn write(this: &Obj<RwPair>, vm: &Vm, data: &Value) -> PyResult<Value> {
        this.to(vm, &this.writer, "write", std::slice::from_ref(data))
    }

    #[method]
    fn flush(this: &Obj<RwPair>, vm: &Vm) -> PyResult<Value> {
        this.to(vm, &this.writer, "flush", &[])
    }

    #[method]
    fn readable(this: &Obj<RwPair>, vm: &Vm) -> PyResult<Value> {
        this.to(vm, &this.reader, "readable", &[])
    }

    #[method]
    fn writable(this: &Obj<RwPair>, vm: &Vm) -> PyResult<Value> {
        this.to(vm, &this.writer, "writable", &[])
    }

    #[method]
    fn close(this: &Obj<RwPair>, vm: &Vm) -> PyResult<()> {
        let failure = this.to(vm, &this.writer, "close", &[]).err().map(|raised| vm.take_exception(raised));
        chain(vm, failure, this.to(vm, &this.reader, "close", &[]))
    }

    #[method]
    fn isatty(this: &Obj<RwPair>, vm: &Vm) -> PyResult<bool> {
        for slot in [&this.writer, &this.reader] {
            let answer = this.to(vm, slot, "isatty", &[])?;
            if vm.is_true(&answer)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    #[getter]
    fn closed(this: &Obj<RwPair>, vm: &Vm) -> PyResult<Value> {
        match this.writer.get() {
            Some(writer) => vm.get_attr_text(&writer, "closed"),
            None => Err(vm.runtime_error("the BufferedRWPair object is being garbage-collected")),
        }
    }
}
