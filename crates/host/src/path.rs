//! The file system by path, as Python's `os` and `os.path` use it.
//!
//! Paths are bytes without NUL; decoding them is the caller's affair. Nothing here follows Python's rules for
//! joining or normalising paths: each function is one question to the system.

use std::ffi::{CString, OsString};
use std::fs::{self, DirBuilder, FileType, Metadata, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, DirEntryExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::{env, io};

use crate::sys;

const NANOSECONDS: i128 = 1_000_000_000;

/// A time that the system tells in seconds and nanoseconds.
pub(crate) fn nanoseconds(seconds: i64, part: i64) -> i128 {
    i128::from(seconds) * NANOSECONDS + i128::from(part)
}

/// What the system knows about a file; times are nanoseconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the system's struct stat")]
pub struct Stat {
    pub mode: u32,
    pub ino: u64,
    pub dev: u64,
    pub nlink: u64,
    pub uid: u32,
    pub gid: u32,
    pub rdev: u64,
    pub size: i64,
    pub blksize: i64,
    pub blocks: i64,
    pub atime_ns: i128,
    pub mtime_ns: i128,
    pub ctime_ns: i128,
}

impl Stat {
    /// Whether the file is of this kind, one of the `S_IF*` constants.
    pub fn is(&self, kind: u32) -> bool {
        self.mode & libc::S_IFMT == kind
    }

    fn of(data: &Metadata) -> Self {
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        Self {
            mode: data.mode(),
            ino: data.ino(),
            dev: data.dev(),
            nlink: data.nlink(),
            uid: data.uid(),
            gid: data.gid(),
            rdev: data.rdev(),
            size: signed(data.size()),
            blksize: signed(data.blksize()),
            blocks: signed(data.blocks()),
            atime_ns: nanoseconds(data.atime(), data.atime_nsec()),
            mtime_ns: nanoseconds(data.mtime(), data.mtime_nsec()),
            ctime_ns: nanoseconds(data.ctime(), data.ctime_nsec()),
        }
    }
}

/// What a directory entry is, where the directory itself tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum FileKind {
    File,
    Directory,
    Symlink,
    Fifo,
    Socket,
    BlockDevice,
    CharacterDevice,
    Unknown,
}

impl FileKind {
    fn of(kind: FileType) -> Self {
        match kind {
            kind if kind.is_file() => Self::File,
            kind if kind.is_dir() => Self::Directory,
            kind if kind.is_symlink() => Self::Symlink,
            kind if kind.is_fifo() => Self::Fifo,
            kind if kind.is_socket() => Self::Socket,
            kind if kind.is_block_device() => Self::BlockDevice,
            kind if kind.is_char_device() => Self::CharacterDevice,
            _ => Self::Unknown,
        }
    }
}

/// One name in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryEntry {
    /// The name alone, without the directory.
    pub name: OsString,
    /// The kind of file, symbolic links not followed.
    pub kind: FileKind,
    /// The inode number.
    pub ino: u64,
}

fn c_path(path: &Path) -> io::Result<CString> {
    sys::c_string(path.as_os_str().as_bytes())
}

/// What the system knows about a file, symbolic links followed.
///
/// # Errors
/// The system's.
pub fn stat(path: &Path) -> io::Result<Stat> {
    fs::metadata(path).map(|data| Stat::of(&data))
}

/// What the system knows about a file, a symbolic link not followed.
///
/// # Errors
/// The system's.
pub fn lstat(path: &Path) -> io::Result<Stat> {
    fs::symlink_metadata(path).map(|data| Stat::of(&data))
}

/// The entries of a directory, without `.` and `..`, in the directory's own order.
///
/// # Errors
/// The system's.
pub fn listdir(path: &Path) -> io::Result<Vec<DirectoryEntry>> {
    fs::read_dir(path)?
        .map(|entry| {
            let entry = entry?;
            let kind = entry.file_type().map_or(FileKind::Unknown, FileKind::of);
            Ok(DirectoryEntry { name: entry.file_name(), kind, ino: entry.ino() })
        })
        .collect()
}

/// Makes a directory.
///
/// # Errors
/// The system's.
pub fn mkdir(path: &Path, mode: u32) -> io::Result<()> {
    DirBuilder::new().mode(mode).create(path)
}

/// Makes a named pipe.
///
/// # Errors
/// The system's.
pub fn mkfifo(path: &Path, mode: u32) -> io::Result<()> {
    sys::mkfifo(&c_path(path)?, mode)
}

/// Removes a file's name.
///
/// # Errors
/// The system's.
pub fn unlink(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}

/// Removes an empty directory.
///
/// # Errors
/// The system's.
pub fn rmdir(path: &Path) -> io::Result<()> {
    fs::remove_dir(path)
}

/// Renames a file, replacing what stands at the target.
///
/// # Errors
/// The system's.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

/// Gives a file a second name.
///
/// # Errors
/// The system's.
pub fn link(original: &Path, link: &Path) -> io::Result<()> {
    fs::hard_link(original, link)
}

/// Makes a symbolic link with the given target.
///
/// # Errors
/// The system's.
pub fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

/// The target of a symbolic link.
///
/// # Errors
/// The system's; `EINVAL` when it is none.
pub fn readlink(path: &Path) -> io::Result<PathBuf> {
    fs::read_link(path)
}

/// The absolute path with all symbolic links resolved; every part must exist.
///
/// # Errors
/// The system's.
pub fn realpath(path: &Path) -> io::Result<PathBuf> {
    fs::canonicalize(path)
}

/// Makes a directory the current one of the whole process.
///
/// # Errors
/// The system's.
pub fn chdir(path: &Path) -> io::Result<()> {
    env::set_current_dir(path)
}

/// The current directory.
///
/// # Errors
/// The system's, when it no longer exists.
pub fn getcwd() -> io::Result<PathBuf> {
    env::current_dir()
}

/// Asks whether the file may be used in the `R_OK`, `W_OK`, `X_OK` ways, or exists (`F_OK`), for the real or, when
/// `effective`, the effective user.
///
/// # Errors
/// The system's, when it may not.
pub fn access(path: &Path, mode: i32, effective: bool) -> io::Result<()> {
    sys::access(&c_path(path)?, mode, if effective { libc::AT_EACCESS } else { 0 })
}

/// Sets the permission bits.
///
/// # Errors
/// The system's.
pub fn chmod(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, Permissions::from_mode(mode))
}

/// Sets the owner and the group; `None` leaves one as it is.
///
/// # Errors
/// The system's.
pub fn chown(path: &Path, uid: Option<u32>, gid: Option<u32>) -> io::Result<()> {
    std::os::unix::fs::chown(path, uid, gid)
}

/// Cuts or extends a file to a length.
///
/// # Errors
/// The system's.
pub fn truncate(path: &Path, length: i64) -> io::Result<()> {
    sys::truncate(&c_path(path)?, length)
}

/// Sets the times of last access and modification, in nanoseconds since the epoch; `None` means now.
///
/// # Errors
/// The system's.
pub fn utime(path: &Path, times_ns: Option<(i128, i128)>, follow_symlinks: bool) -> io::Result<()> {
    let timespec = |ns: i128| -> io::Result<libc::timespec> {
        let tv_sec =
            i64::try_from(ns.div_euclid(NANOSECONDS)).map_err(|_| io::Error::from_raw_os_error(libc::EOVERFLOW))?;
        Ok(libc::timespec { tv_sec, tv_nsec: ns.rem_euclid(NANOSECONDS) as i64 })
    };
    let now = libc::timespec { tv_sec: 0, tv_nsec: libc::UTIME_NOW };
    let times = match times_ns {
        Some((access, modification)) => [timespec(access)?, timespec(modification)?],
        None => [now, now],
    };
    sys::utimens(&c_path(path)?, &times, if follow_symlinks { 0 } else { libc::AT_SYMLINK_NOFOLLOW })
}

/// Sets the process's file mode creation mask and returns the old one.
pub fn umask(mask: u32) -> u32 {
    sys::umask(mask)
}
