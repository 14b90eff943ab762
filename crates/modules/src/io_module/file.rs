//! `FileIO`: a descriptor as an unbuffered file.
//!
//! Invariant: `fd` is -1 once the file is closed or while it was never opened; no call is made on -1.

use super::base::{finalize, writable_room};
use super::{size_argument, unsupported};
use crate::posix_module::{PathArgument, blocking, descriptor, retry, retry_waiting};
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_host::{constants as c, file};
use taipan_macros::pytype;
use taipan_objects::builtins::{FALSE, NONE, TRUE, buffer, bytes::Bytes, int, is_none, str::Str};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// A file.
#[derive(Payload)]
#[payload(name = "FileIO")]
pub struct FileIo {
    fd: Cell<i32>,
    readable: Cell<bool>,
    writable: Cell<bool>,
    created: Cell<bool>,
    appending: Cell<bool>,
    seekable: Cell<Option<bool>>,
    closefd: Cell<bool>,
    finalizing: Cell<bool>,
    closed: Cell<bool>,
    block_size: Cell<i64>,
}

impl FileIo {
    fn blank() -> FileIo {
        FileIo {
            fd: Cell::new(-1),
            readable: Cell::new(false),
            writable: Cell::new(false),
            created: Cell::new(false),
            appending: Cell::new(false),
            seekable: Cell::new(None),
            closefd: Cell::new(true),
            finalizing: Cell::new(false),
            closed: Cell::new(false),
            block_size: Cell::new(super::DEFAULT_BUFFER_SIZE as i64),
        }
    }

    /// Whether `close` has run.
    pub(super) fn was_closed(&self) -> bool {
        self.closed.get()
    }

    fn open_fd(&self, vm: &Vm) -> PyResult<i32> {
        match self.fd.get() {
            -1 => Err(vm.value_error("I/O operation on closed file")),
            fd => Ok(fd),
        }
    }

    fn for_reading(&self, vm: &Vm) -> PyResult<i32> {
        let fd = self.open_fd(vm)?;
        if self.readable.get() { Ok(fd) } else { Err(unsupported(vm, "File not open for reading")) }
    }

    fn for_writing(&self, vm: &Vm) -> PyResult<i32> {
        let fd = self.open_fd(vm)?;
        if self.writable.get() { Ok(fd) } else { Err(unsupported(vm, "File not open for writing")) }
    }

    /// Reads at most `size` bytes; `None` when a descriptor that does not wait has none.
    pub fn read_bytes(&self, vm: &Vm, size: usize) -> PyResult<Option<Vec<u8>>> {
        let fd = self.for_reading(vm)?;
        let mut data = Vec::new();
        if data.try_reserve_exact(size).is_err() {
            return Err(vm.out_of_memory(taipan_heap::OutOfMemory));
        }
        data.resize(size, 0);
        let read = retry_waiting(vm, || blocking(vm, || file::read(fd, &mut data)))?;
        match read {
            Ok(count) => {
                data.truncate(count);
                Ok(Some(data))
            }
            Err(error) if taipan_host::errno(&error) == c::EAGAIN => Ok(None),
            Err(error) => Err(vm.os_error(taipan_host::errno(&error), None)),
        }
    }

    /// Writes some of the bytes; `None` when a descriptor that does not wait takes none.
    pub fn write_bytes(&self, vm: &Vm, data: &[u8]) -> PyResult<Option<usize>> {
        let fd = self.for_writing(vm)?;
        match retry(vm, || blocking(vm, || file::write(fd, data)))? {
            Ok(count) => Ok(Some(count)),
            Err(error) if taipan_host::errno(&error) == c::EAGAIN => Ok(None),
            Err(error) => Err(vm.os_error(taipan_host::errno(&error), None)),
        }
    }

    /// The text of the attribute `mode`.
    fn mode_text(&self) -> &'static str {
        match (self.created.get(), self.appending.get(), self.readable.get(), self.writable.get()) {
            (true, _, true, _) => "xb+",
            (true, ..) => "xb",
            (_, true, true, _) => "ab+",
            (_, true, ..) => "ab",
            (_, _, true, true) => "rb+",
            (_, _, true, _) => "rb",
            _ => "wb",
        }
    }

    /// Sets the ways of access that a mode asks for, and returns the system's flags.
    fn parse_mode(&self, vm: &Vm, mode: &str) -> PyResult<i32> {
        let (mut flags, mut kinds, mut plus) = (0, 0, false);
        for letter in mode.chars() {
            match letter {
                'r' | 'w' | 'a' | 'x' => kinds += 1,
                '+' => {}
                'b' => continue,
                _ => {
                    let shown = if mode.is_ascii() { mode } else { "?" };
                    return Err(vm.value_error(format!("invalid mode: {shown}")));
                }
            }
            match letter {
                'r' => self.readable.set(true),
                '+' if plus => kinds += 1,
                '+' => plus = true,
                _ => self.writable.set(true),
            }
            match letter {
                'w' => flags |= c::O_CREAT | c::O_TRUNC,
                'a' => {
                    flags |= c::O_CREAT | c::O_APPEND;
                    self.appending.set(true);
                }
                'x' => {
                    flags |= c::O_CREAT | c::O_EXCL;
                    self.created.set(true);
                }
                _ => {}
            }
        }
        if kinds != 1 {
            let message = "Must have exactly one of create/read/write/append mode and at most one plus";
            return Err(vm.value_error(message));
        }
        if plus {
            self.readable.set(true);
            self.writable.set(true);
        }
        Ok(flags
            | match (self.readable.get(), self.writable.get()) {
                (true, true) => c::O_RDWR,
                (false, true) => c::O_WRONLY,
                _ => c::O_RDONLY,
            })
    }

    fn open_path(&self, vm: &Vm, path: &PathArgument, flags: i32, opener: Option<&Value>) -> PyResult<()> {
        let fd = match opener {
            Some(opener) => {
                let answer = vm.call(opener, &[path.object.clone(), Value::small_int(flags | c::O_CLOEXEC)])?;
                if !int::is_int(&answer) {
                    return Err(vm.type_error("expected integer from opener"));
                }
                match descriptor(vm, &answer)? {
                    fd if fd < 0 => return Err(vm.value_error(format!("opener returned {fd}"))),
                    fd => fd,
                }
            }
            None => {
                let opened = retry(vm, || blocking(vm, || file::open(&path.path, flags, 0o666)))?;
                opened.map_err(|error| path.fail(vm, &error))?
            }
        };
        self.fd.set(fd);
        Ok(())
    }

    fn failed(vm: &Vm, error: &std::io::Error) -> Raised {
        vm.os_error(taipan_host::errno(error), None)
    }

    fn move_to(&self, vm: &Vm, offset: i64, whence: i32) -> PyResult<i64> {
        let fd = self.open_fd(vm)?;
        file::lseek(fd, offset, whence).map_err(|error| FileIo::failed(vm, &error))
    }

    fn close_fd(&self, vm: &Vm) -> PyResult<()> {
        let fd = self.fd.replace(-1);
        if fd < 0 || !self.closefd.get() {
            return Ok(());
        }
        blocking(vm, || file::close(fd)).map_err(|error| FileIo::failed(vm, &error))
    }
}

/// FileIO(file, mode='r', closefd=True, opener=None)
/// --
///
/// Open a file.
///
/// The mode can be 'r' (default), 'w', 'x' or 'a' for reading,
/// writing, exclusive creation or appending.  The file will be created if it
/// doesn't exist when opened for writing or appending; it will be truncated
/// when opened for writing.  A FileExistsError will be raised if it already
/// exists when opened for creating. Opening a file for creating implies
/// writing so this mode behaves in a similar way to 'w'.Add a '+' to the mode
/// to allow simultaneous reading and writing. A custom opener can be used by
/// passing a callable as *opener*. The underlying file descriptor for the file
/// object is then obtained by calling opener with (*name*, *flags*).
/// *opener* must return an open file descriptor (passing os.open as *opener*
/// results in functionality similar to passing None).
#[pytype(name = "FileIO", module = "_io", flags = BASETYPE | HAS_DICT)]
impl FileIo {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: taipan_objects::native::Args<'_>) -> PyResult<Value> {
        let _ = args;
        Ok(vm.alloc_instance(class, FileIo::blank())?.into())
    }

    #[slot(sig = "file, mode='r', closefd=True, opener=None")]
    fn init(
        this: &Obj<FileIo>,
        vm: &Vm,
        file: &Value,
        mode: Option<&Value>,
        closefd: bool,
        opener: Option<&Value>,
    ) -> PyResult<()> {
        this.close_fd(vm)?;
        for flag in [&this.readable, &this.writable, &this.created, &this.appending] {
            flag.set(false);
        }
        let mode = match mode {
            None => "r".to_owned(),
            Some(mode) if mode.downcast::<Str>().is_some() => Str::display(mode),
            Some(mode) => {
                let given = vm.given_name(mode);
                return Err(vm.type_error(format!("FileIO() argument 'mode' must be str, not {given}")));
            }
        };
        let given = if int::is_int(file) { Some(descriptor(vm, file)?) } else { None };
        if given.is_some_and(|fd| fd < 0) {
            return Err(vm.value_error("negative file descriptor"));
        }
        let flags = this.parse_mode(vm, &mode)?;
        this.closefd.set(closefd);
        this.closed.set(false);
        this.seekable.set(None);
        let shown = match given {
            Some(fd) => {
                this.fd.set(fd);
                file.clone()
            }
            None => {
                if !closefd {
                    return Err(vm.value_error("Cannot use closefd=False with file name"));
                }
                let path = PathArgument::read_for_open(vm, file)?;
                this.open_path(vm, &path, flags, opener.filter(|opener| !is_none(opener)))?;
                path.object
            }
        };
        let opened = this.check_opened(vm, &shown).and_then(|()| {
            vm.set_attr(&this.to_value(), &vm.names().name, shown.clone())?;
            match if this.appending.get() { file::lseek(this.fd.get(), 0, c::SEEK_END) } else { Ok(0) } {
                Err(error) if taipan_host::errno(&error) != c::ESPIPE => Err(FileIo::failed(vm, &error)),
                _ => Ok(()),
            }
        });
        if opened.is_err() {
            if given.is_none() {
                let exception = vm.swap_exception(None);
                let _ = this.close_fd(vm);
                vm.swap_exception(exception);
            } else {
                this.fd.set(-1);
            }
        }
        opened
    }

    /// Refuses what is no open file, and directories.
    fn check_opened(&self, vm: &Vm, name: &Value) -> PyResult<()> {
        match file::fstat(self.fd.get()) {
            Ok(stat) if stat.is(c::S_IFDIR) => Err(vm.os_error(c::EISDIR, Some(name.clone()))),
            Ok(stat) => {
                if stat.blksize > 1 {
                    self.block_size.set(stat.blksize);
                }
                Ok(())
            }
            Err(error) if taipan_host::errno(&error) == c::EBADF => Err(vm.os_error(c::EBADF, None)),
            Err(_) => Ok(()),
        }
    }

    #[slot]
    fn finalize(this: &Obj<FileIo>, vm: &Vm) -> PyResult<()> {
        this.finalizing.set(true);
        let result = finalize(vm, &this.to_value());
        this.finalizing.set(false);
        result
    }

    #[method]
    fn _dealloc_warn(this: &Obj<FileIo>, vm: &Vm, source: &Value) -> PyResult<()> {
        if this.fd.get() >= 0 && this.closefd.get() {
            let shown = vm.repr(source)?;
            crate::builtins_module::resource_warning(vm, source, &format!("unclosed file {}", shown.to_lossy()));
        }
        Ok(())
    }

    /// Close the file.
    ///
    /// A closed file cannot be used for further I/O operations.  close() may be
    /// called more than once without error.
    #[method]
    fn close(this: &Obj<FileIo>, vm: &Vm) -> PyResult<()> {
        if this.closed.get() {
            return Ok(());
        }
        let flushed = vm.call_method(&this.to_value(), &vm.names().flush, &[]);
        this.closed.set(true);
        let failure = flushed.err().map(|raised| vm.take_exception(raised));
        if this.finalizing.get() {
            FileIo::_dealloc_warn(this, vm, &this.to_value())?;
        }
        super::base::chain(vm, failure, this.close_fd(vm).map(|()| NONE))
    }

    #[getter(member)]
    fn _finalizing(this: &Obj<FileIo>) -> bool {
        this.finalizing.get()
    }

    #[setter(name = "_finalizing")]
    fn set_finalizing(this: &Obj<FileIo>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        match value {
            Some(value) if value.is(&TRUE) || value.is(&FALSE) => this.finalizing.set(value.is(&TRUE)),
            Some(_) => return Err(vm.type_error("attribute value type must be bool")),
            None => return Err(vm.type_error("can't delete numeric/char attribute")),
        }
        Ok(())
    }

    #[method]
    fn __getstate__(this: &Value, vm: &Vm) -> PyResult<Value> {
        Err(super::cannot_pickle(vm, this))
    }

    /// Read at most size bytes, returned as bytes.
    ///
    /// If size is less than 0, read all bytes in the file making multiple read calls.
    #[method(sig = "size=-1, /")]
    fn read(this: &Obj<FileIo>, vm: &Vm, size: Option<&Value>) -> PyResult<Value> {
        match size_argument(vm, size)? {
            None => FileIo::readall(this, vm),
            Some(size) => match this.read_bytes(vm, size)? {
                Some(data) => Ok(Bytes::new(vm, &data)?.into()),
                None => Ok(NONE),
            },
        }
    }

    /// Read all data from the file, returned as bytes.
    #[method]
    pub fn readall(this: &Obj<FileIo>, vm: &Vm) -> PyResult<Value> {
        let fd = this.for_reading(vm)?;
        let left = match (file::fstat(fd), file::lseek(fd, 0, c::SEEK_CUR)) {
            (Ok(stat), Ok(at)) => usize::try_from(stat.size - at).unwrap_or(0),
            _ => 0,
        };
        let mut all = Vec::new();
        let mut chunk = left + 1;
        loop {
            match this.read_bytes(vm, chunk.max(8192))? {
                None if all.is_empty() => return Ok(NONE),
                Some(data) if !data.is_empty() => {
                    vm.check_room(all.len() + data.len())?;
                    if all.is_empty() {
                        all = data;
                    } else {
                        all.extend_from_slice(&data);
                    }
                }
                _ => return Ok(Bytes::new(vm, &all)?.into()),
            }
            chunk = 8192.max(all.len() / 4);
        }
    }

    /// Same as RawIOBase.readinto().
    #[method]
    fn readinto(this: &Obj<FileIo>, vm: &Vm, target: &Value) -> PyResult<Value> {
        this.for_reading(vm)?;
        let room = writable_room(vm, target)?;
        match this.read_bytes(vm, room)? {
            None => Ok(NONE),
            Some(data) => {
                buffer::with_bytes_mut(vm, target, |to| {
                    let count = data.len().min(to.len());
                    to[..count].copy_from_slice(&data[..count]);
                })?;
                int::from_i64(vm, data.len() as i64)
            }
        }
    }

    /// Write buffer b to file, return number of bytes written.
    ///
    /// Only makes one system call, so not all of the data may be written.
    /// The number of bytes actually written is returned.  In non-blocking mode,
    /// returns None if the write would block.
    #[method]
    fn write(this: &Obj<FileIo>, vm: &Vm, data: &Value) -> PyResult<Value> {
        this.for_writing(vm)?;
        let data = buffer::bytes_of(vm, data)?;
        match this.write_bytes(vm, &data)? {
            Some(count) => {
                if count < data.len() {
                    // What a signal cut short is no error, but its handler's exception is to come from here.
                    crate::signal_module::run_handlers(vm)?;
                }
                int::from_i64(vm, count as i64)
            }
            None => Ok(NONE),
        }
    }

    /// Move to new file position and return the file position.
    #[method(sig = "pos, whence=0, /")]
    fn seek(this: &Obj<FileIo>, vm: &Vm, pos: i64, whence: i32) -> PyResult<i64> {
        this.move_to(vm, pos, whence)
    }

    /// Current file position.
    #[method]
    fn tell(this: &Obj<FileIo>, vm: &Vm) -> PyResult<i64> {
        this.move_to(vm, 0, c::SEEK_CUR)
    }

    /// Truncate the file to at most size bytes and return the truncated size.
    ///
    /// Size defaults to the current file position, as returned by tell().
    /// The current file position is changed to the value of size.
    #[method(sig = "size=None, /")]
    fn truncate(this: &Obj<FileIo>, vm: &Vm, size: Option<&Value>) -> PyResult<i64> {
        let fd = this.for_writing(vm)?;
        let size = match size.filter(|size| !is_none(size)) {
            Some(size) => int::index_clamped(vm, size)?,
            None => this.move_to(vm, 0, c::SEEK_CUR)?,
        };
        let cut = blocking(vm, || file::ftruncate(fd, size));
        cut.map_err(|error| FileIo::failed(vm, &error))?;
        Ok(size)
    }

    /// Return the underlying file descriptor (an integer).
    #[method]
    pub fn fileno(this: &Obj<FileIo>, vm: &Vm) -> PyResult<i32> {
        this.open_fd(vm)
    }

    /// True if the file is connected to a TTY device.
    #[method]
    fn isatty(this: &Obj<FileIo>, vm: &Vm) -> PyResult<bool> {
        Ok(file::isatty(this.open_fd(vm)?))
    }

    /// True if file was opened in a read mode.
    #[method(name = "readable")]
    fn is_readable(this: &Obj<FileIo>, vm: &Vm) -> PyResult<bool> {
        this.open_fd(vm).map(|_| this.readable.get())
    }

    /// True if file was opened in a write mode.
    #[method(name = "writable")]
    fn is_writable(this: &Obj<FileIo>, vm: &Vm) -> PyResult<bool> {
        this.open_fd(vm).map(|_| this.writable.get())
    }

    /// True if file supports random-access.
    #[method(name = "seekable")]
    fn is_seekable(this: &Obj<FileIo>, vm: &Vm) -> PyResult<bool> {
        let fd = this.open_fd(vm)?;
        if let Some(known) = this.seekable.get() {
            return Ok(known);
        }
        let seekable = file::lseek(fd, 0, c::SEEK_CUR).is_ok();
        this.seekable.set(Some(seekable));
        Ok(seekable)
    }

    /// True if the file is closed
    #[getter]
    fn closed(this: &Obj<FileIo>) -> bool {
        this.fd.get() < 0
    }

    /// True if the file descriptor will be closed by close().
    #[getter(name = "closefd")]
    fn closes(this: &Obj<FileIo>) -> bool {
        this.closefd.get()
    }

    /// String giving the file mode
    #[getter]
    fn mode(this: &Obj<FileIo>) -> &'static str {
        this.mode_text()
    }

    #[getter]
    fn _blksize(this: &Obj<FileIo>) -> i64 {
        this.block_size.get()
    }

    #[slot]
    fn repr(this: &Obj<FileIo>, vm: &Vm) -> PyResult<Ref<Str>> {
        let class = vm.class_of(&this.to_value()).full_name(vm);
        if this.fd.get() < 0 {
            return Str::new(vm, &format!("<{class} [closed]>"));
        }
        let closefd = if this.closefd.get() { "True" } else { "False" };
        let name = vm.find_attr(&this.to_value(), &vm.names().name)?;
        let shown = match name {
            Some(name) => format!("name={}", vm.repr(&name)?.to_lossy()),
            None => format!("fd={}", this.fd.get()),
        };
        Str::new(vm, &format!("<{class} {shown} mode='{}' closefd={closefd}>", this.mode_text()))
    }
}
