//! The process: its number, users, environment, processors and the system it runs on.
//!
//! The environment is the process's own and changes to it are seen by child processes and by the C library.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;
use std::{env, io};

use crate::sys;

/// The number of this process.
pub fn pid() -> i32 {
    i32::try_from(std::process::id()).unwrap_or(i32::MAX)
}

/// The number of the parent process.
pub fn parent_pid() -> i32 {
    i32::try_from(std::os::unix::process::parent_id()).unwrap_or(i32::MAX)
}

/// Real and effective user and group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the system's")]
pub struct Identity {
    pub uid: u32,
    pub euid: u32,
    pub gid: u32,
    pub egid: u32,
}

/// Who the process runs as.
pub fn identity() -> Identity {
    let [uid, euid, gid, egid] = sys::identity();
    Identity { uid, euid, gid, egid }
}

/// All variables of the environment.
pub fn environment() -> Vec<(OsString, OsString)> {
    env::vars_os().collect()
}

/// One variable of the environment.
pub fn variable(name: &OsStr) -> Option<OsString> {
    env::var_os(name)
}

/// Sets a variable.
///
/// # Errors
/// `EINVAL` for an empty name, a name with `=`, or a NUL in either.
pub fn set_variable(name: &OsStr, value: &OsStr) -> io::Result<()> {
    check_variable(name)?;
    if value.as_bytes().contains(&0) {
        return Err(io::Error::from_raw_os_error(libc::EINVAL));
    }
    sys::set_environment(name, Some(value));
    Ok(())
}

/// Removes a variable, if it is there.
///
/// # Errors
/// `EINVAL` for an empty name or a name with `=` or NUL.
pub fn unset_variable(name: &OsStr) -> io::Result<()> {
    check_variable(name)?;
    sys::set_environment(name, None);
    Ok(())
}

fn check_variable(name: &OsStr) -> io::Result<()> {
    let name = name.as_bytes();
    if name.is_empty() || name.contains(&b'=') || name.contains(&0) {
        return Err(io::Error::from_raw_os_error(libc::EINVAL));
    }
    Ok(())
}

/// The number of processors of the machine.
pub fn cpu_count() -> Option<usize> {
    let count = sys::sysconf(libc::_SC_NPROCESSORS_ONLN).ok().flatten()?;
    usize::try_from(count).ok().filter(|count| *count > 0)
}

/// The number of processors that this process may run on.
pub fn usable_cpu_count() -> Option<usize> {
    sys::affinity_count().ok().filter(|count| *count > 0)
}

/// A value of the system's configuration by its `_SC_*` number; `None` is "no limit".
///
/// # Errors
/// `EINVAL` for a number it does not know.
pub fn sysconf(name: i32) -> io::Result<Option<i64>> {
    sys::sysconf(name)
}

/// The name of the system, the host, its release, version and machine.
///
/// # Errors
/// The system's.
pub fn uname() -> io::Result<[String; 5]> {
    sys::uname()
}

/// Processor time that the process has used, as a user and in the system.
///
/// # Errors
/// The system's.
pub fn processor_times() -> io::Result<(Duration, Duration)> {
    let usage = sys::resource_usage()?;
    let duration = |time: libc::timeval| {
        let microseconds = time.tv_sec.saturating_mul(1_000_000).saturating_add(time.tv_usec);
        Duration::from_micros(u64::try_from(microseconds).unwrap_or(0))
    };
    Ok((duration(usage.ru_utime), duration(usage.ru_stime)))
}

/// The path of the running program.
///
/// # Errors
/// The system's.
pub fn executable() -> io::Result<std::path::PathBuf> {
    env::current_exe()
}

/// The arguments of the command line, the program's name first.
pub fn arguments() -> Vec<OsString> {
    env::args_os().collect()
}
