//! Descriptors, and files by path.
//!
//! Invariant: calls that may wait are made without the interpreter lock and repeated after signals.

use super::path::{PathArgument, descriptor, fspath, given, system_value};
use super::stat::TERMINAL_SIZE;
use super::{blocking, failed, no_dir_fd, retry, retry_waiting};
use taipan_heap::{Ref, Value};
use taipan_host::{constants as c, file, path as fs};
use taipan_macros::pymodule;
use taipan_objects::builtins::{buffer, bytes::Bytes, float, int, tuple::Tuple};
use taipan_objects::vm::{PyResult, Vm};

/// Reads a path argument and calls the system with it.
fn on_path<R>(
    vm: &Vm,
    path: &Value,
    function: &str,
    descriptors: bool,
    f: impl FnOnce(&std::path::Path) -> std::io::Result<R>,
) -> PyResult<R> {
    let path = PathArgument::read(vm, path, function, "path", descriptors)?;
    if let Some(descriptor) = path.descriptor {
        // The place in `/proc` of a descriptor that is not open would be a missing file.
        file::fstat(descriptor).map_err(|error| path.fail(vm, &error))?;
    }
    let target = path.target();
    blocking(vm, || f(&target)).map_err(|error| path.fail(vm, &error))
}

/// As `on_path`, for calls with two paths.
fn on_paths(
    vm: &Vm,
    paths: [(&Value, &str); 2],
    function: &str,
    f: impl FnOnce(&std::path::Path, &std::path::Path) -> std::io::Result<()>,
) -> PyResult<()> {
    let [from, to] = paths;
    let from = PathArgument::read(vm, from.0, function, from.1, false)?;
    let to = PathArgument::read(vm, to.0, function, to.1, false)?;
    blocking(vm, || f(&from.path, &to.path)).map_err(|error| {
        vm.os_error_two(taipan_host::errno(&error), Some(from.object.clone()), Some(to.object.clone()))
    })
}

/// A descriptor, or what has a `fileno()`.
fn fd_of(vm: &Vm, value: &Value) -> PyResult<i32> {
    if int::is_int(value) {
        return descriptor(vm, value);
    }
    match vm.find_attr(value, &*vm.intern("fileno")?)? {
        Some(method) => descriptor(vm, &vm.call(&method, &[])?),
        None => Err(vm.type_error("argument must be an int, or have a fileno() method.")),
    }
}

fn nanoseconds(vm: &Vm, value: &Value) -> PyResult<i128> {
    if let Some(seconds) = float::get(value) {
        return Ok((seconds * 1e9).floor() as i128);
    }
    Ok(i128::from(int::index_clamped(vm, value)?) * 1_000_000_000)
}

/// Functions on files.
#[pymodule(name = "posix")]
pub mod functions {
    use super::*;

    /// Open a file for low level IO.  Returns a file descriptor (integer).
    #[function(sig = "path, flags, mode=0o777, *, dir_fd=None")]
    fn open(vm: &Vm, path: &Value, flags: i32, mode: Option<&Value>, dir_fd: Option<&Value>) -> PyResult<i32> {
        let path = PathArgument::read(vm, path, "open", "path", false)?;
        no_dir_fd(vm, dir_fd)?;
        let mode = mode.map_or(Ok(0o777), |mode| int::index_clamped(vm, mode))? as u32;
        let opened = retry(vm, || blocking(vm, || file::open(&path.path, flags, mode)))?;
        opened.map_err(|error| path.fail(vm, &error))
    }

    /// Close a file descriptor.
    #[function(sig = "fd")]
    fn close(vm: &Vm, fd: i32) -> PyResult<()> {
        blocking(vm, || file::close(fd)).map_err(|error| failed(vm, &error))
    }

    /// Closes all file descriptors in [fd_low, fd_high), ignoring errors.
    #[function(sig = "fd_low, fd_high, /")]
    fn closerange(fd_low: i32, fd_high: i32) {
        for fd in fd_low..fd_high {
            let _ = file::close(fd);
        }
    }

    /// Read from a file descriptor.  Returns a bytes object.
    #[function(sig = "fd, length, /")]
    fn read(vm: &Vm, fd: i32, length: isize) -> PyResult<Ref<Bytes>> {
        let Ok(length) = usize::try_from(length) else { return Err(vm.os_error(c::EINVAL, None)) };
        let mut data = Vec::new();
        if data.try_reserve_exact(length).is_err() {
            return Err(vm.out_of_memory(taipan_heap::OutOfMemory));
        }
        data.resize(length, 0);
        let count = retry_waiting(vm, || blocking(vm, || file::read(fd, &mut data)))?;
        let count = count.map_err(|error| failed(vm, &error))?;
        Bytes::new(vm, &data[..count])
    }

    /// Write a bytes object to a file descriptor.
    #[function(sig = "fd, data, /")]
    fn write(vm: &Vm, fd: i32, data: &Value) -> PyResult<usize> {
        let data = buffer::to_vec(vm, data)?;
        retry(vm, || blocking(vm, || file::write(fd, &data)))?.map_err(|error| failed(vm, &error))
    }

    /// Read a number of bytes from a file descriptor starting at a particular offset.
    #[function(sig = "fd, length, offset, /")]
    fn pread(vm: &Vm, fd: i32, length: usize, offset: i64) -> PyResult<Ref<Bytes>> {
        let mut data = Vec::new();
        if data.try_reserve_exact(length).is_err() {
            return Err(vm.out_of_memory(taipan_heap::OutOfMemory));
        }
        data.resize(length, 0);
        let count = retry(vm, || blocking(vm, || file::pread(fd, &mut data, offset)))?;
        Bytes::new(vm, &data[..count.map_err(|error| failed(vm, &error))?])
    }

    /// Write bytes to a file descriptor starting at a particular offset.
    #[function(sig = "fd, buffer, offset, /")]
    fn pwrite(vm: &Vm, fd: i32, data: &Value, offset: i64) -> PyResult<usize> {
        let data = buffer::to_vec(vm, data)?;
        retry(vm, || blocking(vm, || file::pwrite(fd, &data, offset)))?.map_err(|error| failed(vm, &error))
    }

    /// Set the position of a file descriptor.  Return the new position.
    #[function(sig = "fd, position, how, /")]
    fn lseek(vm: &Vm, fd: i32, position: i64, how: i32) -> PyResult<i64> {
        file::lseek(fd, position, how).map_err(|error| failed(vm, &error))
    }

    /// Return True if the fd is connected to a terminal.
    #[function(sig = "fd, /")]
    fn isatty(fd: i32) -> bool {
        file::isatty(fd)
    }

    /// Return a duplicate of a file descriptor.
    #[function(sig = "fd, /")]
    fn dup(vm: &Vm, fd: i32) -> PyResult<i32> {
        file::dup(fd).map_err(|error| failed(vm, &error))
    }

    /// Duplicate file descriptor.
    #[function(sig = "fd, fd2, inheritable=True")]
    fn dup2(vm: &Vm, fd: i32, fd2: i32, inheritable: bool) -> PyResult<i32> {
        file::dup2(fd, fd2, inheritable).map_err(|error| failed(vm, &error))
    }

    /// Create a pipe.
    ///
    /// Returns a tuple of two file descriptors:
    ///   (read_fd, write_fd)
    #[function]
    fn pipe(vm: &Vm) -> PyResult<Ref<Tuple>> {
        let (reader, writer) = file::pipe().map_err(|error| failed(vm, &error))?;
        Tuple::pair(vm, Value::small_int(reader), Value::small_int(writer))
    }

    /// Force write of fd to disk.
    #[function(sig = "fd")]
    fn fsync(vm: &Vm, fd: &Value) -> PyResult<()> {
        let fd = fd_of(vm, fd)?;
        blocking(vm, || file::fsync(fd)).map_err(|error| failed(vm, &error))
    }

    /// Force write of fd to disk without forcing update of metadata.
    #[function(sig = "fd")]
    fn fdatasync(vm: &Vm, fd: &Value) -> PyResult<()> {
        let fd = fd_of(vm, fd)?;
        blocking(vm, || taipan_host::descriptors::fdatasync(fd)).map_err(|error| failed(vm, &error))
    }

    /// Truncate a file, specified by file descriptor, to a specific length.
    #[function(sig = "fd, length, /")]
    fn ftruncate(vm: &Vm, fd: i32, length: i64) -> PyResult<()> {
        blocking(vm, || file::ftruncate(fd, length)).map_err(|error| failed(vm, &error))
    }

    /// Truncate a file, specified by path, to a specific length.
    #[function(sig = "path, length")]
    fn truncate(vm: &Vm, path: &Value, length: i64) -> PyResult<()> {
        on_path(vm, path, "truncate", true, |path| fs::truncate(path, length))
    }

    /// Get the close-on-exe flag of the specified file descriptor.
    #[function(sig = "fd, /")]
    fn get_inheritable(vm: &Vm, fd: i32) -> PyResult<bool> {
        file::inheritable(fd).map_err(|error| failed(vm, &error))
    }

    /// Set the inheritable flag of the specified file descriptor.
    #[function(sig = "fd, inheritable, /")]
    fn set_inheritable(vm: &Vm, fd: i32, inheritable: bool) -> PyResult<()> {
        file::set_inheritable(fd, inheritable).map_err(|error| failed(vm, &error))
    }

    /// Get the blocking mode of the file descriptor.
    #[function(sig = "fd, /")]
    fn get_blocking(vm: &Vm, fd: i32) -> PyResult<bool> {
        file::blocking(fd).map_err(|error| failed(vm, &error))
    }

    /// Set the blocking mode of the specified file descriptor.
    #[function(sig = "fd, blocking, /")]
    fn set_blocking(vm: &Vm, fd: i32, blocking: bool) -> PyResult<()> {
        file::set_blocking(fd, blocking).map_err(|error| failed(vm, &error))
    }

    /// Return the size of the terminal window as (columns, lines).
    #[function]
    fn get_terminal_size(vm: &Vm, fd: Option<i32>) -> PyResult<Value> {
        let (columns, lines) = file::terminal_size(fd.unwrap_or(1)).map_err(|error| failed(vm, &error))?;
        TERMINAL_SIZE.make(vm, vec![Value::small_int(columns.into()), Value::small_int(lines.into())])
    }

    /// Create a directory.
    #[function(sig = "path, mode=0o777, *, dir_fd=None")]
    fn mkdir(vm: &Vm, path: &Value, mode: Option<&Value>, dir_fd: Option<&Value>) -> PyResult<()> {
        no_dir_fd(vm, dir_fd)?;
        let mode = mode.map_or(Ok(0o777), |mode| int::index_clamped(vm, mode))? as u32;
        on_path(vm, path, "mkdir", false, |path| fs::mkdir(path, mode))
    }

    /// Create a "fifo" (a POSIX named pipe).
    #[function(sig = "path, mode=0o666, *, dir_fd=None")]
    fn mkfifo(vm: &Vm, path: &Value, mode: Option<&Value>, dir_fd: Option<&Value>) -> PyResult<()> {
        no_dir_fd(vm, dir_fd)?;
        let mode = mode.map_or(Ok(0o666), |mode| int::index_clamped(vm, mode))? as u32;
        on_path(vm, path, "mkfifo", false, |path| fs::mkfifo(path, mode))
    }

    /// Remove a directory.
    #[function(sig = "path, *, dir_fd=None")]
    fn rmdir(vm: &Vm, path: &Value, dir_fd: Option<&Value>) -> PyResult<()> {
        no_dir_fd(vm, dir_fd)?;
        on_path(vm, path, "rmdir", false, fs::rmdir)
    }

    /// Remove a file (same as remove()).
    #[function(sig = "path, *, dir_fd=None")]
    fn unlink(vm: &Vm, path: &Value, dir_fd: Option<&Value>) -> PyResult<()> {
        no_dir_fd(vm, dir_fd)?;
        on_path(vm, path, "unlink", false, fs::unlink)
    }

    /// Remove a file (same as unlink()).
    #[function(sig = "path, *, dir_fd=None")]
    fn remove(vm: &Vm, path: &Value, dir_fd: Option<&Value>) -> PyResult<()> {
        no_dir_fd(vm, dir_fd)?;
        on_path(vm, path, "remove", false, fs::unlink)
    }

    /// Rename a file or directory.
    #[function(sig = "src, dst, *, src_dir_fd=None, dst_dir_fd=None")]
    fn rename(
        vm: &Vm,
        src: &Value,
        dst: &Value,
        src_dir_fd: Option<&Value>,
        dst_dir_fd: Option<&Value>,
    ) -> PyResult<()> {
        no_dir_fd(vm, given(src_dir_fd).or(dst_dir_fd))?;
        on_paths(vm, [(src, "src"), (dst, "dst")], "rename", fs::rename)
    }

    /// Rename a file or directory, overwriting the destination.
    #[function(sig = "src, dst, *, src_dir_fd=None, dst_dir_fd=None")]
    fn replace(
        vm: &Vm,
        src: &Value,
        dst: &Value,
        src_dir_fd: Option<&Value>,
        dst_dir_fd: Option<&Value>,
    ) -> PyResult<()> {
        no_dir_fd(vm, given(src_dir_fd).or(dst_dir_fd))?;
        on_paths(vm, [(src, "src"), (dst, "dst")], "replace", fs::rename)
    }

    /// Create a hard link to a file.
    #[function(sig = "src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True")]
    fn link(
        vm: &Vm,
        src: &Value,
        dst: &Value,
        src_dir_fd: Option<&Value>,
        dst_dir_fd: Option<&Value>,
        follow_symlinks: bool,
    ) -> PyResult<()> {
        let _ = follow_symlinks;
        no_dir_fd(vm, given(src_dir_fd).or(dst_dir_fd))?;
        on_paths(vm, [(src, "src"), (dst, "dst")], "link", fs::link)
    }

    /// Create a symbolic link pointing to src named dst.
    #[function(sig = "src, dst, target_is_directory=False, *, dir_fd=None")]
    fn symlink(vm: &Vm, src: &Value, dst: &Value, target_is_directory: bool, dir_fd: Option<&Value>) -> PyResult<()> {
        let _ = target_is_directory;
        no_dir_fd(vm, dir_fd)?;
        on_paths(vm, [(src, "src"), (dst, "dst")], "symlink", fs::symlink)
    }

    /// Return a string representing the path to which the symbolic link points.
    #[function(sig = "path, *, dir_fd=None")]
    fn readlink(vm: &Vm, path: &Value, dir_fd: Option<&Value>) -> PyResult<Value> {
        no_dir_fd(vm, dir_fd)?;
        let path = PathArgument::read(vm, path, "readlink", "path", false)?;
        match blocking(vm, || fs::readlink(&path.path)) {
            Ok(target) => system_value(vm, &target, path.is_bytes),
            Err(error) => Err(path.fail(vm, &error)),
        }
    }

    /// Change the current working directory to the specified path.
    #[function(sig = "path")]
    fn chdir(vm: &Vm, path: &Value) -> PyResult<()> {
        on_path(vm, path, "chdir", true, fs::chdir)
    }

    /// Change to the directory of the given file descriptor.
    #[function(sig = "fd")]
    fn fchdir(vm: &Vm, fd: &Value) -> PyResult<()> {
        let fd = fd_of(vm, fd)?;
        file::fstat(fd).map_err(|error| failed(vm, &error))?;
        fs::chdir(std::path::Path::new(&format!("/proc/self/fd/{fd}"))).map_err(|error| failed(vm, &error))
    }

    /// Return a unicode string representing the current working directory.
    #[function]
    fn getcwd(vm: &Vm) -> PyResult<Value> {
        system_value(vm, &fs::getcwd().map_err(|error| failed(vm, &error))?, false)
    }

    /// Return a bytes string representing the current working directory.
    #[function]
    fn getcwdb(vm: &Vm) -> PyResult<Value> {
        system_value(vm, &fs::getcwd().map_err(|error| failed(vm, &error))?, true)
    }

    /// Use the real uid/gid to test for access to a path.
    #[function(sig = "path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True")]
    fn access(
        vm: &Vm,
        path: &Value,
        mode: i32,
        dir_fd: Option<&Value>,
        effective_ids: bool,
        follow_symlinks: bool,
    ) -> PyResult<bool> {
        let _ = follow_symlinks;
        no_dir_fd(vm, dir_fd)?;
        let path = PathArgument::read(vm, path, "access", "path", false)?;
        Ok(blocking(vm, || fs::access(&path.path, mode, effective_ids)).is_ok())
    }

    /// Change the access permissions of a file.
    #[function(sig = "path, mode, *, dir_fd=None, follow_symlinks=True")]
    fn chmod(vm: &Vm, path: &Value, mode: u32, dir_fd: Option<&Value>, follow_symlinks: bool) -> PyResult<()> {
        no_dir_fd(vm, dir_fd)?;
        if !follow_symlinks {
            return Err(vm.not_implemented_error("chmod: follow_symlinks unavailable on this platform"));
        }
        on_path(vm, path, "chmod", true, |path| fs::chmod(path, mode))
    }

    /// Change the access permissions of the file given by file descriptor fd.
    #[function(sig = "fd, mode")]
    fn fchmod(vm: &Vm, fd: i32, mode: u32) -> PyResult<()> {
        blocking(vm, || taipan_host::descriptors::fchmod(fd, mode)).map_err(|error| failed(vm, &error))
    }

    /// Change the owner and group id of path to the numeric uid and gid.
    #[function(sig = "path, uid, gid, *, dir_fd=None, follow_symlinks=True")]
    fn chown(vm: &Vm, path: &Value, uid: i64, gid: i64, dir_fd: Option<&Value>, follow_symlinks: bool) -> PyResult<()> {
        let _ = follow_symlinks;
        no_dir_fd(vm, dir_fd)?;
        let id = |n: i64| u32::try_from(n).ok();
        on_path(vm, path, "chown", true, |path| fs::chown(path, id(uid), id(gid)))
    }

    /// Set the access and modified time of path.
    #[function(sig = "path, times=None, *, ns=<unrepresentable>, dir_fd=None, follow_symlinks=True")]
    fn utime(
        vm: &Vm,
        path: &Value,
        times: Option<&Value>,
        ns: Option<&Value>,
        dir_fd: Option<&Value>,
        follow_symlinks: bool,
    ) -> PyResult<()> {
        no_dir_fd(vm, dir_fd)?;
        let times = match (given(times), ns) {
            (Some(_), Some(_)) => {
                return Err(vm.value_error("utime: you may specify either 'times' or 'ns' but not both"));
            }
            (Some(times), None) => match times.downcast::<Tuple>().map(|pair| pair.items()) {
                Some([access, change]) => Some((nanoseconds(vm, access)?, nanoseconds(vm, change)?)),
                _ => return Err(vm.type_error("utime: 'times' must be either a tuple of two ints or None")),
            },
            (None, Some(ns)) => match ns.downcast::<Tuple>().map(|pair| pair.items()) {
                Some([access, change]) => {
                    Some((int::index_clamped(vm, access)?.into(), int::index_clamped(vm, change)?.into()))
                }
                _ => return Err(vm.type_error("utime: 'ns' must be a tuple of two ints")),
            },
            (None, None) => None,
        };
        on_path(vm, path, "utime", true, |path| fs::utime(path, times, follow_symlinks))
    }

    /// Set the current numeric umask and return the previous umask.
    #[function(sig = "mask, /")]
    fn umask(mask: u32) -> u32 {
        fs::umask(mask)
    }

    /// Return the file system path representation of the object.
    #[function(name = "fspath", sig = "path")]
    fn path_of(vm: &Vm, path: &Value) -> PyResult<Value> {
        fspath(vm, path)
    }
}
