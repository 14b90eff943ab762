//! Open files by descriptor, as Python's `io.FileIO` and `os` use them.
//!
//! A descriptor is a plain number here, owned by whoever opened it: nothing is closed behind the caller's back.
//! Descriptors made here are not inherited by child processes unless asked for.

use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::path::{Stat, nanoseconds};
use crate::sys;

/// Opens a file with the system's `O_*` flags; `mode` counts when the file is created.
///
/// # Errors
/// The system's, with its `errno`.
pub fn open(path: &Path, flags: i32, mode: u32) -> io::Result<i32> {
    sys::open(&sys::c_string(path.as_os_str().as_bytes())?, flags | libc::O_CLOEXEC, mode)
}

/// Reads at most `buffer.len()` bytes; 0 means the end of the file.
///
/// # Errors
/// The system's; `EINTR` is the caller's to retry.
pub fn read(fd: i32, buffer: &mut [u8]) -> io::Result<usize> {
    sys::read(fd, buffer)
}

/// Writes some of the bytes and tells how many.
///
/// # Errors
/// The system's; `EINTR` is the caller's to retry.
pub fn write(fd: i32, bytes: &[u8]) -> io::Result<usize> {
    sys::write(fd, bytes)
}

/// Reads at an offset without moving the position.
///
/// # Errors
/// The system's.
pub fn pread(fd: i32, buffer: &mut [u8], offset: i64) -> io::Result<usize> {
    sys::pread(fd, buffer, offset)
}

/// Writes at an offset without moving the position.
///
/// # Errors
/// The system's.
pub fn pwrite(fd: i32, bytes: &[u8], offset: i64) -> io::Result<usize> {
    sys::pwrite(fd, bytes, offset)
}

/// Moves the position; `whence` is `SEEK_SET`, `SEEK_CUR` or `SEEK_END`.
///
/// # Errors
/// The system's, such as `ESPIPE` for a pipe.
pub fn lseek(fd: i32, offset: i64, whence: i32) -> io::Result<i64> {
    sys::lseek(fd, offset, whence)
}

/// Closes a descriptor.
///
/// # Errors
/// The system's; the descriptor is gone all the same.
pub fn close(fd: i32) -> io::Result<()> {
    sys::close(fd)
}

/// What the system knows about an open file.
///
/// # Errors
/// The system's.
pub fn fstat(fd: i32) -> io::Result<Stat> {
    let stat = sys::fstat(fd)?;
    Ok(Stat {
        mode: stat.st_mode,
        ino: stat.st_ino,
        dev: stat.st_dev,
        nlink: stat.st_nlink,
        uid: stat.st_uid,
        gid: stat.st_gid,
        rdev: stat.st_rdev,
        size: stat.st_size,
        blksize: stat.st_blksize,
        blocks: stat.st_blocks,
        atime_ns: nanoseconds(stat.st_atime, stat.st_atime_nsec),
        mtime_ns: nanoseconds(stat.st_mtime, stat.st_mtime_nsec),
        ctime_ns: nanoseconds(stat.st_ctime, stat.st_ctime_nsec),
    })
}

/// Whether the descriptor is a terminal; an invalid one is not.
pub fn isatty(fd: i32) -> bool {
    sys::isatty(fd)
}

/// A second descriptor of the same open file, not inheritable.
///
/// # Errors
/// The system's.
pub fn dup(fd: i32) -> io::Result<i32> {
    sys::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0)
}

/// Makes `target` a descriptor of the same open file as `fd`.
///
/// # Errors
/// The system's.
pub fn dup2(fd: i32, target: i32, inheritable: bool) -> io::Result<i32> {
    if fd == target {
        fstat(fd)?;
        set_inheritable(fd, inheritable)?;
        return Ok(fd);
    }
    sys::dup3(fd, target, if inheritable { 0 } else { libc::O_CLOEXEC })
}

/// A pipe: the end to read from, the end to write to, neither inheritable.
///
/// # Errors
/// The system's.
pub fn pipe() -> io::Result<(i32, i32)> {
    let [reader, writer] = sys::pipe2(libc::O_CLOEXEC)?;
    Ok((reader, writer))
}

/// Cuts or extends an open file to a length.
///
/// # Errors
/// The system's.
pub fn ftruncate(fd: i32, length: i64) -> io::Result<()> {
    sys::ftruncate(fd, length)
}

/// Waits until the file's contents have reached the storage device.
///
/// # Errors
/// The system's.
pub fn fsync(fd: i32) -> io::Result<()> {
    sys::fsync(fd)
}

/// Whether child processes inherit the descriptor.
///
/// # Errors
/// The system's.
pub fn inheritable(fd: i32) -> io::Result<bool> {
    Ok(sys::fcntl(fd, libc::F_GETFD, 0)? & libc::FD_CLOEXEC == 0)
}

/// Sets whether child processes inherit the descriptor.
///
/// # Errors
/// The system's.
pub fn set_inheritable(fd: i32, inheritable: bool) -> io::Result<()> {
    let flags = sys::fcntl(fd, libc::F_GETFD, 0)?;
    let flags = if inheritable { flags & !libc::FD_CLOEXEC } else { flags | libc::FD_CLOEXEC };
    sys::fcntl(fd, libc::F_SETFD, flags).map(drop)
}

/// Whether reads and writes wait.
///
/// # Errors
/// The system's.
pub fn blocking(fd: i32) -> io::Result<bool> {
    Ok(sys::fcntl(fd, libc::F_GETFL, 0)? & libc::O_NONBLOCK == 0)
}

/// Sets whether reads and writes wait.
///
/// # Errors
/// The system's.
pub fn set_blocking(fd: i32, blocking: bool) -> io::Result<()> {
    let flags = sys::fcntl(fd, libc::F_GETFL, 0)?;
    let flags = if blocking { flags & !libc::O_NONBLOCK } else { flags | libc::O_NONBLOCK };
    sys::fcntl(fd, libc::F_SETFL, flags).map(drop)
}

/// Width and height of the terminal behind a descriptor, in characters.
///
/// # Errors
/// `ENOTTY` when it is none.
pub fn terminal_size(fd: i32) -> io::Result<(u16, u16)> {
    sys::window_size(fd)
}

/// A descriptor to wait for, with the `POLL*` events asked for and, afterwards, those that came.
pub type PollDescriptor = libc::pollfd;

/// Waits until one of the descriptors is ready or the time is over; -1 waits without end.
///
/// # Errors
/// The system's; `EINTR` when a signal came first.
pub fn poll(descriptors: &mut [PollDescriptor], timeout_ms: i32) -> io::Result<usize> {
    sys::poll(descriptors, timeout_ms)
}
