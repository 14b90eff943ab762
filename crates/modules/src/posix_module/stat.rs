//! `stat_result` and the other named tuples of `posix`, and the calls that give a `stat_result`.
//!
//! Invariant: a time is given as an int of seconds, as a float, and as an int of nanoseconds, in that order.

use super::path::PathArgument;
use super::{failed, no_dir_fd};
use taipan_heap::Value;
use taipan_host::path::Stat;
use taipan_macros::pymodule;
use taipan_objects::builtins::{float, int, structseq::StructSeq};
use taipan_objects::vm::{PyResult, Vm};

/// `os.stat_result`
pub static STAT_RESULT: StructSeq = StructSeq {
    name: "stat_result",
    module: "os",
    doc: "stat_result: Result from stat, fstat, or lstat.\n\nThis object may be accessed either as a tuple of\n  (mode, ino, dev, nlink, uid, gid, size, atime, mtime, ctime)\nor via the attributes st_mode, st_ino, st_dev, st_nlink, st_uid, and so on.",
    fields: &[
        "st_mode",
        "st_ino",
        "st_dev",
        "st_nlink",
        "st_uid",
        "st_gid",
        "st_size",
        "",
        "",
        "",
        "st_atime",
        "st_mtime",
        "st_ctime",
        "st_atime_ns",
        "st_mtime_ns",
        "st_ctime_ns",
        "st_blksize",
        "st_blocks",
        "st_rdev",
    ],
    visible: 10,
    callable: true,
};
/// `os.terminal_size`
pub static TERMINAL_SIZE: StructSeq = StructSeq {
    name: "terminal_size",
    module: "os",
    doc: "A tuple of (columns, lines) for holding terminal window size",
    fields: &["columns", "lines"],
    visible: 2,
    callable: true,
};
/// `os.uname_result`
pub static UNAME_RESULT: StructSeq = StructSeq {
    name: "uname_result",
    module: "posix",
    doc: "uname_result: Result from os.uname().",
    fields: &["sysname", "nodename", "release", "version", "machine"],
    visible: 5,
    callable: true,
};
/// `os.times_result`
pub static TIMES_RESULT: StructSeq = StructSeq {
    name: "times_result",
    module: "posix",
    doc: "times_result: Result from os.times().",
    fields: &["user", "system", "children_user", "children_system", "elapsed"],
    visible: 5,
    callable: true,
};

/// All of them.
pub static STRUCTURES: [&StructSeq; 4] = [&STAT_RESULT, &TERMINAL_SIZE, &UNAME_RESULT, &TIMES_RESULT];

/// A `stat_result`.
pub fn stat_value(vm: &Vm, stat: &Stat) -> PyResult<Value> {
    let number = |n: i128| int::from_i128(vm, n);
    let times = [stat.atime_ns, stat.mtime_ns, stat.ctime_ns];
    let mut values = Vec::with_capacity(19);
    for n in [
        stat.mode.into(),
        stat.ino.into(),
        stat.dev.into(),
        stat.nlink.into(),
        stat.uid.into(),
        stat.gid.into(),
        stat.size.into(),
    ] {
        values.push(number(n)?);
    }
    for ns in times {
        values.push(number(ns.div_euclid(1_000_000_000))?);
    }
    for ns in times {
        let (whole, part) = (ns.div_euclid(1_000_000_000), ns.rem_euclid(1_000_000_000));
        values.push(float::new(vm, whole as f64 + part as f64 * 1e-9)?);
    }
    for n in times.into_iter().chain([stat.blksize.into(), stat.blocks.into(), stat.rdev.into()]) {
        values.push(number(n)?);
    }
    STAT_RESULT.make(vm, values)
}

/// The `stat` family.
#[pymodule(name = "posix")]
pub mod functions {
    use super::*;

    /// Perform a stat system call on the given path.
    #[function(sig = "path, *, dir_fd=None, follow_symlinks=True")]
    fn stat(vm: &Vm, path: &Value, dir_fd: Option<&Value>, follow_symlinks: bool) -> PyResult<Value> {
        let path = PathArgument::read(vm, path, "stat", "path", true)?;
        no_dir_fd(vm, dir_fd)?;
        let found = match path.descriptor {
            Some(descriptor) => taipan_host::file::fstat(descriptor),
            None if follow_symlinks => super::super::blocking(vm, || taipan_host::path::stat(&path.path)),
            None => super::super::blocking(vm, || taipan_host::path::lstat(&path.path)),
        };
        match found {
            Ok(found) => stat_value(vm, &found),
            Err(error) if path.descriptor.is_some() => Err(failed(vm, &error)),
            Err(error) => Err(path.fail(vm, &error)),
        }
    }

    /// Perform a stat system call on the given path, without following symbolic links.
    #[function(sig = "path, *, dir_fd=None")]
    fn lstat(vm: &Vm, path: &Value, dir_fd: Option<&Value>) -> PyResult<Value> {
        let path = PathArgument::read(vm, path, "lstat", "path", false)?;
        no_dir_fd(vm, dir_fd)?;
        let found = super::super::blocking(vm, || taipan_host::path::lstat(&path.path));
        stat_value(vm, &found.map_err(|error| path.fail(vm, &error))?)
    }

    /// Perform a stat system call on the given file descriptor.
    #[function(sig = "fd")]
    fn fstat(vm: &Vm, fd: i32) -> PyResult<Value> {
        let found = taipan_host::file::fstat(fd);
        stat_value(vm, &found.map_err(|error| failed(vm, &error))?)
    }
}
