//! `_IOBase` and its three kinds: what every file has, in terms of the methods that a class fills in.
//!
//! Invariant: nothing here knows a descriptor or a buffer; an instance closed by the default `close` has the attribute `__IOBase_closed`.

use super::{size_argument, unsupported};
use taipan_heap::{Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::exception::BaseException;
use taipan_objects::builtins::object::Plain;
use taipan_objects::builtins::{NONE, buffer, bytearray::ByteArray, int, is_none, list::List};
use taipan_objects::native::{Args, FuncArgs};
use taipan_objects::types::{finalize, instance};
use taipan_objects::vm::{PyResult, Vm};

/// `_IOBase`
pub struct IoBase;
/// `_RawIOBase`
pub struct RawIoBase;
/// `_BufferedIOBase`
pub struct BufferedIoBase;
/// `_TextIOBase`
pub struct TextIoBase;

/// Calls a method by name.
pub(super) fn invoke(vm: &Vm, object: &Value, method: &str, args: &[Value]) -> PyResult<Value> {
    vm.call_method(object, &*vm.intern(method)?, args)
}

/// The truth of a method's or attribute's answer.
pub(super) fn answers(vm: &Vm, object: &Value, method: &str) -> PyResult<bool> {
    let answer = invoke(vm, object, method, &[])?;
    vm.is_true(&answer)
}

/// Whether the file says that it is closed.
pub(super) fn is_closed(vm: &Vm, file: &Value) -> PyResult<bool> {
    let closed = vm.get_attr_text(file, "closed")?;
    vm.is_true(&closed)
}

/// Raises ValueError if the file is closed.
pub(super) fn check_open(vm: &Vm, file: &Value) -> PyResult<()> {
    if is_closed(vm, file)? { Err(vm.value_error("I/O operation on closed file.")) } else { Ok(()) }
}

/// Closes a file that is going away without having been closed; what goes wrong is told to `sys.unraisablehook`.
pub(super) fn finalize(vm: &Vm, file: &Value) -> PyResult<()> {
    let closed = is_closed(vm, file);
    if vm.catch(closed, &vm.types().exception)? == Some(false)
        && let Err(raised) = invoke(vm, file, "close", &[])
    {
        let exception = vm.take_exception(raised);
        let shown = vm.repr(file);
        let shown = vm.catch(shown, &vm.types().exception)?;
        let shown = shown.map_or_else(|| vm.type_name(file).to_string(), |text| text.to_lossy().into_owned());
        finalize::unraisable(vm, exception, &format!("Exception ignored while finalizing file {shown}"), None);
    }
    Ok(())
}

/// Raises what closing raised, with what came before it as its context.
pub(super) fn chain(vm: &Vm, before: Option<Ref<BaseException>>, closed: PyResult<Value>) -> PyResult<()> {
    match (before, closed) {
        (None, closed) => closed.map(drop),
        (Some(before), Ok(_)) => Err(vm.restore(before)),
        (Some(before), Err(raised)) => {
            let later = vm.take_exception(raised);
            if !later.is_same(&*before) {
                later.set_context_value(Some(before.to_value()));
            }
            Err(vm.restore(later))
        }
    }
}

/// OSError for a raw file's answer that is no count of bytes between 0 and `room`.
pub(super) fn count_between(vm: &Vm, method: &str, answer: &Value, room: usize) -> PyResult<usize> {
    let count = match int::index(vm, answer) {
        Ok(count) => int::index_clamped(vm, &count)?,
        Err(raised) => {
            let cause = vm.take_exception(raised);
            let failed = vm.os_error_text(format!("raw {method}() failed"));
            let failed = vm.take_exception(failed);
            failed.set_context_value(Some(cause.to_value()));
            failed.set_cause_value(Some(cause.to_value()));
            return Err(vm.restore(failed));
        }
    };
    match usize::try_from(count).ok().filter(|&count| count <= room) {
        Some(count) => Ok(count),
        None => Err(vm.os_error_text(format!(
            "raw {method}() returned invalid length {count} (should have been between 0 and {room})"
        ))),
    }
}

fn marked_closed(vm: &Vm, file: &Value) -> PyResult<bool> {
    if let Some(file) = file.downcast::<super::file::FileIo>() {
        return Ok(file.was_closed());
    }
    Ok(vm.find_attr(file, &*vm.intern("__IOBase_closed")?)?.is_some())
}

/// The abstract base class for all I/O classes.
///
/// This class provides dummy implementations for many methods that
/// derived classes can override selectively; the default implementations
/// represent a file that cannot be read, written or seeked.
#[pytype(name = "_IOBase", module = "_io", payload = Plain, flags = BASETYPE | HAS_DICT)]
impl IoBase {
    #[slot]
    fn finalize(this: &Value, vm: &Vm) -> PyResult<()> {
        finalize(vm, this)
    }

    #[getter]
    fn closed(this: &Value, vm: &Vm) -> PyResult<bool> {
        marked_closed(vm, this)
    }

    /// Flush and close the IO object.
    ///
    /// This method has no effect if the file is already closed.
    #[method]
    fn close(this: &Value, vm: &Vm) -> PyResult<()> {
        if marked_closed(vm, this)? {
            return Ok(());
        }
        let flushed = vm.call_method(this, &vm.names().flush, &[]);
        if let Some(header) = this.header() {
            instance::set(vm, header, &*vm.intern("__IOBase_closed")?, Some(&taipan_objects::builtins::TRUE))?;
        }
        flushed.map(drop)
    }

    /// Flush write buffers, if applicable.
    ///
    /// This is not implemented for read-only and non-blocking streams.
    #[method]
    fn flush(this: &Value, vm: &Vm) -> PyResult<()> {
        if marked_closed(vm, this)? {
            return Err(vm.value_error("I/O operation on closed file."));
        }
        Ok(())
    }

    /// Change the stream position to the given byte offset.
    #[method]
    fn seek(_this: &Value, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let _ = args;
        Err(unsupported(vm, "seek"))
    }

    /// Return current stream position.
    #[method]
    fn tell(this: &Value, vm: &Vm) -> PyResult<Value> {
        invoke(vm, this, "seek", &[Value::small_int(0), Value::small_int(1)])
    }

    /// Truncate file to size bytes.
    #[method]
    fn truncate(_this: &Value, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let _ = args;
        Err(unsupported(vm, "truncate"))
    }

    /// Return underlying file descriptor if one exists.
    #[method]
    fn fileno(_this: &Value, vm: &Vm) -> PyResult<Value> {
        Err(unsupported(vm, "fileno"))
    }

    /// Return whether this is an 'interactive' stream.
    #[method]
    fn isatty(this: &Value, vm: &Vm) -> PyResult<bool> {
        check_open(vm, this).map(|()| false)
    }

    /// Return whether object was opened for reading.
    #[method]
    fn readable(_this: &Value) -> bool {
        false
    }

    /// Return whether object was opened for writing.
    #[method]
    fn writable(_this: &Value) -> bool {
        false
    }

    /// Return whether object supports random access.
    #[method]
    fn seekable(_this: &Value) -> bool {
        false
    }

    #[method]
    #[allow(non_snake_case)]
    fn _checkClosed(this: &Value, vm: &Vm, message: Option<&Value>) -> PyResult<()> {
        let _ = message;
        check_open(vm, this)
    }

    #[method]
    #[allow(non_snake_case)]
    fn _checkReadable(this: &Value, vm: &Vm) -> PyResult<()> {
        if answers(vm, this, "readable")? { Ok(()) } else { Err(unsupported(vm, "File or stream is not readable.")) }
    }

    #[method]
    #[allow(non_snake_case)]
    fn _checkWritable(this: &Value, vm: &Vm) -> PyResult<()> {
        if answers(vm, this, "writable")? { Ok(()) } else { Err(unsupported(vm, "File or stream is not writable.")) }
    }

    #[method]
    #[allow(non_snake_case)]
    fn _checkSeekable(this: &Value, vm: &Vm) -> PyResult<()> {
        if answers(vm, this, "seekable")? { Ok(()) } else { Err(unsupported(vm, "File or stream is not seekable.")) }
    }

    #[method]
    fn __enter__(this: &Value, vm: &Vm) -> PyResult<Value> {
        check_open(vm, this)?;
        Ok(this.clone())
    }

    #[method]
    fn __exit__(this: &Value, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let _ = args;
        invoke(vm, this, "close", &[])
    }

    #[slot]
    fn iter(this: &Value, vm: &Vm) -> PyResult<Value> {
        check_open(vm, this)?;
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Value, vm: &Vm) -> PyResult<Option<Value>> {
        let line = vm.call_method(this, &vm.names().readline, &[])?;
        Ok(if vm.len(&line)? == 0 { None } else { Some(line) })
    }

    /// Read and return a line from the stream.
    ///
    /// If size is specified, at most size bytes will be read.
    ///
    /// The line terminator is always b'\n' for binary files; for text
    /// files, the newlines argument to open can be used to select the line
    /// terminator(s) recognized.
    #[method(sig = "size=-1, /")]
    fn readline(this: &Value, vm: &Vm, size: Option<&Value>) -> PyResult<Ref<Bytes>> {
        let limit = size_argument(vm, size)?.unwrap_or(usize::MAX);
        let peek = vm.find_attr(this, &*vm.intern("peek")?)?;
        let mut line: Vec<u8> = Vec::new();
        while line.len() < limit {
            let mut wanted = 1;
            if let Some(peek) = &peek {
                let ahead = vm.call(peek, &[Value::small_int(1)])?;
                let ahead = buffer::to_vec(vm, &ahead)?;
                if !ahead.is_empty() {
                    let end = ahead.iter().position(|&byte| byte == b'\n').map_or(ahead.len(), |at| at + 1);
                    wanted = end.min(limit - line.len());
                }
            }
            let piece = vm.call_method(this, &vm.names().read, &[int::from_i64(vm, wanted as i64)?])?;
            let Some(piece) = piece.downcast::<Bytes>() else {
                let given = vm.type_name(&piece);
                return Err(vm.os_error_text(format!("read() should have returned a bytes object, not '{given}'")));
            };
            line.extend_from_slice(piece.bytes());
            if piece.bytes().is_empty() || line.ends_with(b"\n") {
                break;
            }
        }
        Bytes::new(vm, &line)
    }

    /// Return a list of lines from the stream.
    ///
    /// hint can be specified to control the number of lines read: no more
    /// lines will be read if the total size (in bytes/characters) of all
    /// lines so far exceeds hint.
    #[method(sig = "hint=-1, /")]
    fn readlines(this: &Value, vm: &Vm, hint: Option<&Value>) -> PyResult<Ref<List>> {
        let hint = size_argument(vm, hint)?.filter(|&hint| hint > 0);
        let lines = List::with_capacity(vm, 0)?;
        let iterator = vm.iter(this)?;
        let mut total = 0;
        while let Some(line) = vm.next(&iterator)? {
            total += vm.len(&line)?;
            lines.push(vm, line)?;
            if hint.is_some_and(|hint| total > hint) {
                break;
            }
        }
        Ok(lines)
    }

    /// Write a list of lines to stream.
    ///
    /// Line separators are not added, so it is usual for each of the
    /// lines provided to have a line separator at the end.
    #[method]
    fn writelines(this: &Value, vm: &Vm, lines: &Value) -> PyResult<()> {
        check_open(vm, this)?;
        let iterator = vm.iter(lines)?;
        while let Some(line) = vm.next(&iterator)? {
            vm.call_method(this, &vm.names().write, &[line])?;
        }
        Ok(())
    }

    #[slot(new)]
    fn make(class: &taipan_heap::Obj<taipan_objects::types::Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = args;
        Ok(vm.alloc_instance(class, Plain {})?.into())
    }
}

/// Base class for raw binary I/O.
#[pytype(name = "_RawIOBase", module = "_io", payload = Plain, flags = BASETYPE | HAS_DICT)]
impl RawIoBase {
    /// Read up to size bytes from the object and return them.
    #[method(sig = "size=-1, /")]
    fn read(this: &Value, vm: &Vm, size: Option<&Value>) -> PyResult<Value> {
        let Some(size) = size_argument(vm, size)? else { return invoke(vm, this, "readall", &[]) };
        let array = ByteArray::new(vm, &[])?;
        array.set_content(vm, &vec![0; size.min(1 << 30)])?;
        let count = invoke(vm, this, "readinto", &[array.to_value()])?;
        if is_none(&count) {
            return Ok(NONE);
        }
        let count = int::index(vm, &count)?;
        let data = array.snapshot();
        match int::index_i64(vm, &count)?.and_then(|count| data.get(..usize::try_from(count).ok()?)) {
            Some(read) => Ok(Bytes::new(vm, read)?.into()),
            None => {
                let count = vm.repr(&count)?;
                let message = format!("readinto returned {} outside buffer size {}", count.to_lossy(), data.len());
                Err(vm.value_error(message))
            }
        }
    }

    /// Read until EOF, using multiple read() call.
    #[method]
    fn readall(this: &Value, vm: &Vm) -> PyResult<Value> {
        let mut all: Vec<u8> = Vec::new();
        let charge = vm.charge(0)?;
        loop {
            let size = int::from_i64(vm, super::DEFAULT_BUFFER_SIZE as i64)?;
            let piece = vm.call_method(this, &vm.names().read, &[size])?;
            if is_none(&piece) {
                return if all.is_empty() { Ok(NONE) } else { Ok(Bytes::new(vm, &all)?.into()) };
            }
            let Some(piece) = piece.downcast::<Bytes>() else {
                return Err(vm.type_error("read() should return bytes"));
            };
            if piece.bytes().is_empty() {
                return Ok(Bytes::new(vm, &all)?.into());
            }
            if all.capacity() - all.len() < piece.bytes().len() {
                vm.recharge(&charge, 2 * (all.len() + piece.bytes().len()))?;
            }
            all.extend_from_slice(piece.bytes());
        }
    }

    /// Read bytes into buffer.
    #[method]
    fn readinto(_this: &Value, vm: &Vm, buffer: &Value) -> PyResult<Value> {
        let _ = buffer;
        Err(vm.not_implemented_error(""))
    }

    /// Write buffer to file.
    #[method]
    fn write(_this: &Value, vm: &Vm, data: &Value) -> PyResult<Value> {
        let _ = data;
        Err(vm.not_implemented_error(""))
    }
}

/// Base class for buffered IO objects.
///
/// The main difference with RawIOBase is that the read() method
/// supports omitting the size argument, and does not have a default
/// implementation that defers to readinto().
#[pytype(name = "_BufferedIOBase", module = "_io", payload = Plain, flags = BASETYPE | HAS_DICT)]
impl BufferedIoBase {
    /// Read and return up to n bytes.
    #[method]
    fn read(_this: &Value, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let _ = args;
        Err(unsupported(vm, "read"))
    }

    /// Read and return up to size bytes, with at most one read() call to the underlying raw stream.
    #[method]
    fn read1(_this: &Value, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let _ = args;
        Err(unsupported(vm, "read1"))
    }

    /// Write buffer b to the IO stream.
    #[method]
    fn write(_this: &Value, vm: &Vm, data: &Value) -> PyResult<Value> {
        let _ = data;
        Err(unsupported(vm, "write"))
    }

    /// Disconnect this buffer from its underlying raw stream and return it.
    #[method]
    fn detach(_this: &Value, vm: &Vm) -> PyResult<Value> {
        Err(unsupported(vm, "detach"))
    }

    /// Read bytes into buffer.
    #[method]
    fn readinto(this: &Value, vm: &Vm, target: &Value) -> PyResult<usize> {
        into_buffer(vm, this, "read", target)
    }

    /// Read bytes into buffer, with at most one read() call to the underlying raw stream.
    #[method]
    fn readinto1(this: &Value, vm: &Vm, target: &Value) -> PyResult<usize> {
        into_buffer(vm, this, "read1", target)
    }
}

fn into_buffer(vm: &Vm, file: &Value, method: &str, target: &Value) -> PyResult<usize> {
    let room = writable_room(vm, target)?;
    let data = invoke(vm, file, method, &[int::from_i64(vm, room as i64)?])?;
    let data = buffer::to_vec(vm, &data)?;
    if data.len() > room {
        return Err(
            vm.value_error(format!("read() returned too much data: {room} bytes requested, {} returned", data.len()))
        );
    }
    buffer::with_bytes_mut(vm, target, |to| to[..data.len()].copy_from_slice(&data))?;
    Ok(data.len())
}

/// The length of a writable buffer.
pub(super) fn writable_room(vm: &Vm, target: &Value) -> PyResult<usize> {
    let room = buffer::with_bytes_mut(vm, target, |to| to.len());
    match room {
        Err(raised) if vm.raised_is(&vm.types().type_error) || vm.raised_is(&vm.types().buffer_error) => {
            drop(vm.take_exception(raised));
            let given = vm.type_name(target);
            Err(vm.type_error(format!("readinto() argument must be read-write bytes-like object, not {given}")))
        }
        room => room,
    }
}

/// Base class for text I/O.
///
/// This class provides a character and line based interface to stream
/// I/O. There is no readinto method because Python's character strings
/// are immutable.
#[pytype(name = "_TextIOBase", module = "_io", payload = Plain, flags = BASETYPE | HAS_DICT)]
impl TextIoBase {
    /// Separate the underlying buffer from the TextIOBase and return it.
    #[method]
    fn detach(_this: &Value, vm: &Vm) -> PyResult<Value> {
        Err(unsupported(vm, "detach"))
    }

    /// Read at most size characters from stream.
    #[method]
    fn read(_this: &Value, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let _ = args;
        Err(unsupported(vm, "read"))
    }

    /// Read until newline or EOF.
    #[method]
    fn readline(_this: &Value, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let _ = args;
        Err(unsupported(vm, "readline"))
    }

    /// Write string s to stream.
    #[method]
    fn write(_this: &Value, vm: &Vm, text: &Value) -> PyResult<Value> {
        let _ = text;
        Err(unsupported(vm, "write"))
    }

    #[getter]
    fn encoding(_this: &Value) -> Value {
        NONE
    }

    #[getter]
    fn newlines(_this: &Value) -> Value {
        NONE
    }

    #[getter]
    fn errors(_this: &Value) -> Value {
        NONE
    }
}
