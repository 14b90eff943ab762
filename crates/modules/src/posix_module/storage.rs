//! Transfers between descriptors, limits and attributes of files, events, timers and terminals.
//!
//! Invariant: a path or a descriptor will do wherever the system has a call for either.

use super::children::c_argument;
use super::path::{PathArgument, descriptor, system_bytes, system_text};
use super::{blocking, failed, given, no_dir_fd, retry};
use std::ffi::CString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use taipan_heap::{Ref, Value};
use taipan_host::descriptors::{self as host, Target};
use taipan_host::{children, constants as c};
use taipan_macros::pymodule;
use taipan_objects::builtins::{
    buffer, bytes::Bytes, float, int, list::List, str::Str, structseq::StructSeq, tuple::Tuple,
};
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Vm};

/// `os.statvfs_result`
pub static STATVFS_RESULT: StructSeq = StructSeq {
    name: "statvfs_result",
    module: "os",
    doc: "statvfs_result: Result from statvfs or fstatvfs.\n\nThis object may be accessed either as a tuple of\n  (bsize, frsize, blocks, bfree, bavail, files, ffree, favail, flag, namemax),\nor via the attributes f_bsize, f_frsize, f_blocks, f_bfree, and so on.\n\nSee os.statvfs for more information.",
    fields: &[
        "f_bsize",
        "f_frsize",
        "f_blocks",
        "f_bfree",
        "f_bavail",
        "f_files",
        "f_ffree",
        "f_favail",
        "f_flag",
        "f_namemax",
        "f_fsid",
    ],
    visible: 10,
    callable: true,
};

fn got<T>(vm: &Vm, result: io::Result<T>) -> PyResult<T> {
    result.map_err(|error| failed(vm, &error))
}

/// The buffers of `readv` and `writev`, and the objects they belong to.
fn buffers(vm: &Vm, function: &str, value: &Value, writable: bool) -> PyResult<(Vec<Value>, Vec<Vec<u8>>)> {
    if vm.class_of(value).slots.getitem.get().is_none() {
        return Err(vm.type_error(format!("{function}() arg 2 must be a sequence")));
    }
    let objects = vm.collect(value)?;
    let mut parts = Vec::new();
    for object in &objects {
        if writable {
            let len = buffer::with_bytes_mut(vm, object, |bytes| bytes.len())?;
            vm.check_room(len)?;
            parts.push(vec![0; len]);
        } else {
            parts.push(buffer::to_vec(vm, object)?);
        }
    }
    Ok((objects, parts))
}

fn read_parts(vm: &Vm, fd: i32, value: &Value, offset: Option<i64>, flags: i32) -> PyResult<usize> {
    let (objects, mut parts) = buffers(vm, if offset.is_some() { "preadv" } else { "readv" }, value, true)?;
    let count = got(vm, retry(vm, || blocking(vm, || children::readv(fd, &mut parts, offset, flags)))?)?;
    let mut left = count;
    for (object, part) in objects.iter().zip(&parts) {
        let len = left.min(part.len());
        buffer::with_bytes_mut(vm, object, |bytes| {
            let len = len.min(bytes.len());
            bytes[..len].copy_from_slice(&part[..len]);
        })?;
        left -= len;
    }
    Ok(count)
}

fn write_parts(vm: &Vm, fd: i32, value: &Value, offset: Option<i64>, flags: i32) -> PyResult<usize> {
    let (_, parts) = buffers(vm, if offset.is_some() { "pwritev" } else { "writev" }, value, false)?;
    got(vm, retry(vm, || blocking(vm, || children::writev(fd, &parts, offset, flags)))?)
}

fn offset_of(vm: &Vm, value: Option<&Value>) -> PyResult<Option<i64>> {
    match given(value) {
        None => Ok(None),
        Some(value) => match int::index_i64(vm, value)? {
            Some(offset) => Ok(Some(offset)),
            None => Err(vm.overflow_error("Python int too large to convert to C long")),
        },
    }
}

/// A configuration name: an int, or one of the table.
fn config(vm: &Vm, name: &Value, table: &[(&str, i32)]) -> PyResult<i32> {
    match name.downcast::<Str>() {
        Some(text) => {
            let found = table.iter().find(|(known, _)| text.equals(known)).map(|(_, number)| *number);
            found.ok_or_else(|| vm.value_error("unrecognized configuration name"))
        }
        None if int::is_int(name) => Ok(int::index_clamped(vm, name)? as i32),
        None => Err(vm.type_error("configuration names must be strings or integers")),
    }
}

fn c_path(vm: &Vm, path: &PathArgument) -> PyResult<CString> {
    CString::new(path.path.as_os_str().as_bytes()).map_err(|_| vm.value_error("embedded null byte"))
}

fn statvfs_value(vm: &Vm, numbers: [u64; 11]) -> PyResult<Value> {
    let values = numbers.into_iter().map(|n| n.into_value(vm)).collect::<PyResult<Vec<Value>>>()?;
    STATVFS_RESULT.make(vm, values)
}

fn on_attributes<R>(
    vm: &Vm,
    path: &Value,
    function: &str,
    follow: bool,
    f: impl FnOnce(&Target<'_>) -> io::Result<R>,
) -> PyResult<R> {
    let path = PathArgument::read(vm, path, function, "path", true)?;
    if path.descriptor.is_some() && !follow {
        return Err(vm.value_error(format!("{function}: cannot use fd and follow_symlinks together")));
    }
    let text = c_path(vm, &path)?;
    let target = match path.descriptor {
        Some(fd) => Target::Descriptor(fd),
        None => Target::Path(&text, follow),
    };
    blocking(vm, || f(&target)).map_err(|error| path.fail(vm, &error))
}

fn nanoseconds(vm: &Vm, value: Option<&Value>) -> PyResult<i64> {
    let Some(value) = value else { return Ok(0) };
    let time = match float::get(value) {
        Some(seconds) => (seconds * 1e9).round(),
        None => int::index_clamped(vm, value)? as f64 * 1e9,
    };
    if time.abs() < 9.2e18 { Ok(time as i64) } else { Err(vm.overflow_error("timestamp out of range for C PyTime_t")) }
}

fn pair_of_seconds(vm: &Vm, (a, b): host::TimerTimes) -> PyResult<Ref<Tuple>> {
    Tuple::pair(vm, float::new(vm, a as f64 * 1e-9)?, float::new(vm, b as f64 * 1e-9)?)
}

fn pair_of_ints(vm: &Vm, (a, b): host::TimerTimes) -> PyResult<Ref<Tuple>> {
    Tuple::pair(vm, a.into_value(vm)?, b.into_value(vm)?)
}

/// Functions on storage and terminals.
#[pymodule(name = "posix")]
pub mod functions {
    use super::*;

    /// Create a pipe with flags set atomically.
    ///
    /// Returns a tuple of two file descriptors:
    ///   (read_fd, write_fd)
    ///
    /// flags can be constructed by ORing together one or more of these values:
    /// O_NONBLOCK, O_CLOEXEC.
    #[function(sig = "flags, /")]
    fn pipe2(vm: &Vm, flags: i32) -> PyResult<Ref<Tuple>> {
        let [reader, writer] = got(vm, host::pipe2(flags))?;
        Tuple::pair(vm, Value::small_int(reader), Value::small_int(writer))
    }

    /// Read into a buffer object from a file descriptor.
    ///
    /// The buffer should be mutable and bytes-like.  On success, returns the number of
    /// bytes read.
    #[function(sig = "fd, buffer, /")]
    fn readinto(vm: &Vm, fd: i32, buffer: &Value) -> PyResult<usize> {
        let len = taipan_objects::builtins::buffer::with_bytes_mut(vm, buffer, |bytes| bytes.len());
        let Some(len) = vm.catch(len, &vm.types().buffer_error)? else {
            let given = vm.type_name(buffer);
            let message = format!("readinto() argument 2 must be read-write bytes-like object, not {given}");
            return Err(vm.type_error(message));
        };
        vm.check_room(len)?;
        let mut room = vec![0; len];
        let read = super::super::retry_waiting(vm, || blocking(vm, || taipan_host::file::read(fd, &mut room)))?;
        let count = got(vm, read)?;
        taipan_objects::builtins::buffer::with_bytes_mut(vm, buffer, |bytes| {
            let count = count.min(bytes.len());
            bytes[..count].copy_from_slice(&room[..count]);
        })?;
        Ok(count)
    }

    /// Read from a file descriptor fd into an iterable of buffers.
    ///
    /// The return value is the total number of bytes read,
    /// which may be less than the total capacity of all the buffers.
    #[function(sig = "fd, buffers, /")]
    fn readv(vm: &Vm, fd: i32, buffers: &Value) -> PyResult<usize> {
        read_parts(vm, fd, buffers, None, 0)
    }

    /// Iterate over buffers, and write the contents of each to a file descriptor.
    ///
    /// Returns the total number of bytes written.
    #[function(sig = "fd, buffers, /")]
    fn writev(vm: &Vm, fd: i32, buffers: &Value) -> PyResult<usize> {
        write_parts(vm, fd, buffers, None, 0)
    }

    /// Reads from a file descriptor into a number of mutable bytes-like objects, from an offset.
    #[function(sig = "fd, buffers, offset, flags=0, /")]
    fn preadv(vm: &Vm, fd: i32, buffers: &Value, offset: i64, flags: i32) -> PyResult<usize> {
        read_parts(vm, fd, buffers, Some(offset), flags)
    }

    /// Writes the contents of bytes-like objects to a file descriptor at a given offset.
    #[function(sig = "fd, buffers, offset, flags=0, /")]
    fn pwritev(vm: &Vm, fd: i32, buffers: &Value, offset: i64, flags: i32) -> PyResult<usize> {
        write_parts(vm, fd, buffers, Some(offset), flags)
    }

    /// Copy count bytes from file descriptor in_fd to file descriptor out_fd.
    #[function(sig = "out_fd, in_fd, offset, count")]
    fn sendfile(vm: &Vm, out_fd: i32, in_fd: i32, offset: &Value, count: isize) -> PyResult<usize> {
        let offset = offset_of(vm, Some(offset))?;
        let Ok(count) = usize::try_from(count) else { return Err(vm.value_error("count cannot be negative")) };
        got(vm, retry(vm, || blocking(vm, || host::sendfile(out_fd, in_fd, offset, count)))?)
    }

    /// Transfer count bytes from one pipe to a descriptor or vice versa.
    #[function(sig = "src, dst, count, offset_src=None, offset_dst=None, flags=0")]
    fn splice(
        vm: &Vm,
        src: i32,
        dst: i32,
        count: isize,
        offset_src: Option<&Value>,
        offset_dst: Option<&Value>,
        flags: Option<u32>,
    ) -> PyResult<usize> {
        let Ok(count) = usize::try_from(count) else { return Err(vm.value_error("count cannot be negative")) };
        let (from, to) = ((src, offset_of(vm, offset_src)?), (dst, offset_of(vm, offset_dst)?));
        let flags = Some(flags.unwrap_or(0));
        got(vm, retry(vm, || blocking(vm, || host::transfer(from, to, count, flags)))?)
    }

    /// Copy count bytes from one file descriptor to another.
    #[function(sig = "src, dst, count, offset_src=None, offset_dst=None")]
    fn copy_file_range(
        vm: &Vm,
        src: i32,
        dst: i32,
        count: isize,
        offset_src: Option<&Value>,
        offset_dst: Option<&Value>,
    ) -> PyResult<usize> {
        let Ok(count) = usize::try_from(count) else {
            return Err(vm.value_error("negative value for 'count' not allowed"));
        };
        let (from, to) = ((src, offset_of(vm, offset_src)?), (dst, offset_of(vm, offset_dst)?));
        got(vm, retry(vm, || blocking(vm, || host::transfer(from, to, count, None)))?)
    }

    /// Ensure a file has allocated at least a particular number of bytes on disk.
    #[function(sig = "fd, offset, length, /")]
    fn posix_fallocate(vm: &Vm, fd: i32, offset: i64, length: i64) -> PyResult<()> {
        got(vm, retry(vm, || blocking(vm, || host::fallocate(fd, offset, length)))?)
    }

    /// Announce an intention to access data in a specific pattern.
    #[function(sig = "fd, offset, length, advice, /")]
    fn posix_fadvise(vm: &Vm, fd: i32, offset: i64, length: i64, advice: i32) -> PyResult<()> {
        got(vm, retry(vm, || blocking(vm, || host::fadvise(fd, offset, length, advice)))?)
    }

    /// Apply, test or remove a POSIX lock on an open file descriptor.
    #[function(sig = "fd, command, length, /")]
    fn lockf(vm: &Vm, fd: i32, command: i32, length: i64) -> PyResult<()> {
        got(vm, blocking(vm, || host::lockf(fd, command, length)))
    }

    /// Force write of everything to disk.
    #[function]
    fn sync(vm: &Vm) {
        blocking(vm, host::sync);
    }

    /// Create a node in the file system.
    #[function(sig = "path, mode=0o600, device=0, *, dir_fd=None")]
    fn mknod(vm: &Vm, path: &Value, mode: Option<i32>, device: Option<u64>, dir_fd: Option<&Value>) -> PyResult<()> {
        no_dir_fd(vm, dir_fd)?;
        let path = PathArgument::read(vm, path, "mknod", "path", false)?;
        let text = c_path(vm, &path)?;
        let (mode, device) = (mode.unwrap_or(0o600) as u32, device.unwrap_or(0));
        blocking(vm, || host::mknod(&text, mode, device)).map_err(|error| path.fail(vm, &error))
    }

    /// Composes a raw device number from the major and minor device numbers.
    #[function(sig = "major, minor, /")]
    fn makedev(vm: &Vm, major: u32, minor: u32) -> PyResult<Value> {
        host::makedev(major, minor).into_value(vm)
    }

    /// Extracts a device major number from a raw device number.
    #[function(sig = "device, /")]
    fn major(device: u64) -> u32 {
        host::device_parts(device).0
    }

    /// Extracts a device minor number from a raw device number.
    #[function(sig = "device, /")]
    fn minor(device: u64) -> u32 {
        host::device_parts(device).1
    }

    /// Change the owner and group id of the file specified by file descriptor.
    #[function(sig = "fd, uid, gid")]
    fn fchown(vm: &Vm, fd: i32, uid: &Value, gid: &Value) -> PyResult<()> {
        let (uid, gid) = (super::super::id_argument(vm, uid, "uid")?, super::super::id_argument(vm, gid, "gid")?);
        got(vm, retry(vm, || blocking(vm, || host::fchown(fd, uid, gid)))?)
    }

    /// Change the owner and group id of path to the numeric uid and gid.
    ///
    /// This function will not follow symbolic links.
    #[function(sig = "path, uid, gid")]
    fn lchown(vm: &Vm, path: &Value, uid: &Value, gid: &Value) -> PyResult<()> {
        let path = PathArgument::read(vm, path, "lchown", "path", false)?;
        let (uid, gid) = (super::super::id_argument(vm, uid, "uid")?, super::super::id_argument(vm, gid, "gid")?);
        let text = c_path(vm, &path)?;
        blocking(vm, || host::lchown(&text, uid, gid)).map_err(|error| path.fail(vm, &error))
    }

    /// Return the configuration limit name for the file or directory path.
    ///
    /// If there is no limit, return -1.
    #[function(sig = "path, name")]
    fn pathconf(vm: &Vm, path: &Value, name: &Value) -> PyResult<i64> {
        let path = PathArgument::read(vm, path, "pathconf", "path", true)?;
        let name = config(vm, name, super::super::constants::PATHCONF)?;
        let text = c_path(vm, &path)?;
        let found = host::pathconf(path.descriptor.map_or(Ok(&*text), Err), name);
        found.map_err(|error| path.fail(vm, &error))
    }

    /// Return the configuration limit name for the file descriptor fd.
    ///
    /// If there is no limit, return -1.
    #[function(sig = "fd, name, /")]
    fn fpathconf(vm: &Vm, fd: &Value, name: &Value) -> PyResult<i64> {
        let fd = descriptor(vm, fd)?;
        let name = config(vm, name, super::super::constants::PATHCONF)?;
        got(vm, host::pathconf(Err(fd), name))
    }

    /// Return a string-valued system configuration variable.
    #[function(sig = "name, /")]
    fn confstr(vm: &Vm, name: &Value) -> PyResult<Option<Ref<Str>>> {
        let name = config(vm, name, super::super::constants::CONFSTR)?;
        got(vm, host::confstr(name))?.map(|text| system_text(vm, &text)).transpose()
    }

    /// Perform a statvfs system call on the given path.
    #[function(sig = "path")]
    fn statvfs(vm: &Vm, path: &Value) -> PyResult<Value> {
        let path = PathArgument::read(vm, path, "statvfs", "path", true)?;
        let text = c_path(vm, &path)?;
        let found = blocking(vm, || host::statvfs(path.descriptor.map_or(Ok(&*text), Err)));
        statvfs_value(vm, found.map_err(|error| path.fail(vm, &error))?)
    }

    /// Perform an fstatvfs system call on the given fd.
    #[function(sig = "fd, /")]
    fn fstatvfs(vm: &Vm, fd: i32) -> PyResult<Value> {
        let found = blocking(vm, || host::statvfs(Err(fd)));
        statvfs_value(vm, got(vm, found)?)
    }

    /// Return average recent system load information.
    ///
    /// Return the number of processes in the system run queue averaged over
    /// the last 1, 5, and 15 minutes as a tuple of three floats.
    #[function]
    fn getloadavg(vm: &Vm) -> PyResult<Ref<Tuple>> {
        let Some(loads) = host::load_averages() else {
            return Err(vm.os_error_text("Load averages are unobtainable"));
        };
        let values = loads.into_iter().map(|load| float::new(vm, load)).collect::<PyResult<Vec<Value>>>()?;
        Tuple::from_values(vm, values)
    }

    /// Return the value of extended attribute attribute on path.
    #[function(sig = "path, attribute, *, follow_symlinks=True")]
    fn getxattr(vm: &Vm, path: &Value, attribute: &Value, follow_symlinks: bool) -> PyResult<Ref<Bytes>> {
        let name = c_argument(vm, attribute)?;
        let value = on_attributes(vm, path, "getxattr", follow_symlinks, |target| host::getxattr(target, &name))?;
        Bytes::new(vm, &value)
    }

    /// Set extended attribute attribute on path to value.
    #[function(sig = "path, attribute, value, flags=0, *, follow_symlinks=True")]
    fn setxattr(
        vm: &Vm,
        path: &Value,
        attribute: &Value,
        value: &Value,
        flags: i32,
        follow_symlinks: bool,
    ) -> PyResult<()> {
        let (name, value) = (c_argument(vm, attribute)?, buffer::to_vec(vm, value)?);
        on_attributes(vm, path, "setxattr", follow_symlinks, |target| host::setxattr(target, &name, &value, flags))
    }

    /// Remove extended attribute attribute on path.
    #[function(sig = "path, attribute, *, follow_symlinks=True")]
    fn removexattr(vm: &Vm, path: &Value, attribute: &Value, follow_symlinks: bool) -> PyResult<()> {
        let name = c_argument(vm, attribute)?;
        on_attributes(vm, path, "removexattr", follow_symlinks, |target| host::removexattr(target, &name))
    }

    /// Return a list of extended attributes on path.
    #[function(sig = "path=None, *, follow_symlinks=True")]
    fn listxattr(vm: &Vm, path: Option<&Value>, follow_symlinks: bool) -> PyResult<Ref<List>> {
        let here: Value = Str::new(vm, ".")?.into();
        let path = given(path).unwrap_or(&here);
        let names = on_attributes(vm, path, "listxattr", follow_symlinks, host::listxattr)?;
        let mut list = Vec::new();
        for name in names.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
            list.push(Value::from(system_text(vm, name)?));
        }
        List::from_values(vm, list)
    }

    /// Open a pseudo-terminal.
    ///
    /// Return a tuple of (master_fd, slave_fd) containing open file descriptors
    /// for both the master and slave ends.
    #[function]
    fn openpty(vm: &Vm) -> PyResult<Ref<Tuple>> {
        let (master, slave) = got(vm, host::openpty())?;
        Tuple::pair(vm, Value::small_int(master), Value::small_int(slave))
    }

    /// Prepare the tty of which fd is a file descriptor for a new login session.
    #[function(sig = "fd, /")]
    fn login_tty(vm: &Vm, fd: i32) -> PyResult<()> {
        got(vm, host::login_tty(fd))
    }

    /// Return the name of the slave pseudo-terminal device.
    #[function(sig = "fd, /")]
    fn ptsname(vm: &Vm, fd: i32) -> PyResult<Ref<Str>> {
        system_text(vm, &got(vm, host::ptsname(fd))?)
    }

    /// Grant access to the slave pseudo-terminal device.
    #[function(sig = "fd, /")]
    fn grantpt(vm: &Vm, fd: i32) -> PyResult<()> {
        got(vm, host::grantpt(fd)).map(drop)
    }

    /// Unlock a pseudo-terminal master/slave pair.
    #[function(sig = "fd, /")]
    fn unlockpt(vm: &Vm, fd: i32) -> PyResult<()> {
        got(vm, host::unlockpt(fd)).map(drop)
    }

    /// Open and return a file descriptor for a master pseudo-terminal device.
    #[function(sig = "oflag, /")]
    fn posix_openpt(vm: &Vm, oflag: i32) -> PyResult<i32> {
        got(vm, host::posix_openpt(oflag | c::O_CLOEXEC))
    }

    /// Return the name of the terminal device connected to 'fd'.
    #[function(sig = "fd, /")]
    fn ttyname(vm: &Vm, fd: i32) -> PyResult<Ref<Str>> {
        system_text(vm, &got(vm, host::ttyname(fd))?)
    }

    /// Return the name of the controlling terminal for this process.
    #[function]
    fn ctermid() -> &'static str {
        "/dev/tty"
    }

    /// Return the process group associated with the terminal specified by fd.
    #[function(sig = "fd, /")]
    fn tcgetpgrp(vm: &Vm, fd: i32) -> PyResult<i32> {
        got(vm, host::tcgetpgrp(fd))
    }

    /// Set the process group associated with the terminal specified by fd.
    #[function(sig = "fd, pgid, /")]
    fn tcsetpgrp(vm: &Vm, fd: i32, pgid: i32) -> PyResult<()> {
        got(vm, host::tcsetpgrp(fd, pgid)).map(drop)
    }

    #[function(sig = "name, flags=MFD_CLOEXEC")]
    fn memfd_create(vm: &Vm, name: &Value, flags: Option<u32>) -> PyResult<i32> {
        let name = system_bytes(vm, &super::super::fspath(vm, name)?)?;
        let name = CString::new(name).map_err(|_| vm.value_error("embedded null byte"))?;
        got(vm, host::memfd_create(&name, flags.unwrap_or(c::MFD_CLOEXEC)))
    }

    /// Creates and returns an event notification file descriptor.
    #[function(sig = "initval, flags=EFD_CLOEXEC")]
    fn eventfd(vm: &Vm, initval: u32, flags: Option<i32>) -> PyResult<i32> {
        got(vm, host::eventfd(initval, flags.unwrap_or(c::EFD_CLOEXEC)))
    }

    /// Read eventfd value
    #[function(sig = "fd")]
    fn eventfd_read(vm: &Vm, fd: i32) -> PyResult<Value> {
        let mut value = [0; 8];
        let read = super::super::retry_waiting(vm, || blocking(vm, || taipan_host::file::read(fd, &mut value)))?;
        got(vm, read)?;
        u64::from_ne_bytes(value).into_value(vm)
    }

    /// Write eventfd value.
    #[function(sig = "fd, value")]
    fn eventfd_write(vm: &Vm, fd: i32, value: &Value) -> PyResult<()> {
        let value = int::index(vm, value)?;
        let Some(value) = int::as_big(&value).and_then(|big| u64::try_from(big.as_ref()).ok()) else {
            return Err(vm.overflow_error("Python int too large to convert to C unsigned long long"));
        };
        let bytes = value.to_ne_bytes();
        got(vm, retry(vm, || blocking(vm, || taipan_host::file::write(fd, &bytes)))?).map(drop)
    }

    /// Create and return a timer file descriptor.
    #[function(sig = "clockid, /, *, flags=0")]
    fn timerfd_create(vm: &Vm, clockid: i32, flags: Option<i32>) -> PyResult<i32> {
        got(vm, host::timerfd_create(clockid, flags.unwrap_or(0) | c::TFD_CLOEXEC))
    }

    /// Return a tuple of a timer file descriptor's (interval, next expiration) in float seconds.
    #[function(sig = "fd, /")]
    fn timerfd_gettime(vm: &Vm, fd: i32) -> PyResult<Ref<Tuple>> {
        pair_of_seconds(vm, got(vm, host::timerfd_gettime(fd))?)
    }

    /// Return a tuple of a timer file descriptor's (interval, next expiration) in nanoseconds.
    #[function(sig = "fd, /")]
    fn timerfd_gettime_ns(vm: &Vm, fd: i32) -> PyResult<Ref<Tuple>> {
        pair_of_ints(vm, got(vm, host::timerfd_gettime(fd))?)
    }

    /// Alter a timer file descriptor's internal timer in seconds.
    #[function(sig = "fd, /, *, flags=0, initial=0.0, interval=0.0")]
    fn timerfd_settime(
        vm: &Vm,
        fd: i32,
        flags: Option<i32>,
        initial: Option<&Value>,
        interval: Option<&Value>,
    ) -> PyResult<Ref<Tuple>> {
        let times = (nanoseconds(vm, initial)?, nanoseconds(vm, interval)?);
        pair_of_seconds(vm, got(vm, host::timerfd_settime(fd, flags.unwrap_or(0), times))?)
    }

    /// Alter a timer file descriptor's internal timer in nanoseconds.
    #[function(sig = "fd, /, *, flags=0, initial=0, interval=0")]
    fn timerfd_settime_ns(
        vm: &Vm,
        fd: i32,
        flags: Option<i32>,
        initial: Option<i64>,
        interval: Option<i64>,
    ) -> PyResult<Ref<Tuple>> {
        let times = (initial.unwrap_or(0), interval.unwrap_or(0));
        pair_of_ints(vm, got(vm, host::timerfd_settime(fd, flags.unwrap_or(0), times))?)
    }
}
