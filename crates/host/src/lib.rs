//! The only crate that touches the operating system.
//!
//! Everything a Python runtime asks of the system stands here behind small safe functions: descriptors ([`file`]),
//! the file system ([`path`]), clocks and calendars ([`clock`]), signals ([`signal`]), the process and its
//! environment ([`process`]), memory figures and random bytes ([`memory`]), threads and native stacks ([`stack`]), what threads wait for
//! ([`gate`]), pseudo-terminals ([`terminal`]).
//! Failures are [`std::io::Error`] with the system's `errno` inside; [`errno`] takes it out and [`strerror`] words it.
//!
//! Invariants: no Python type is known here; every foreign call is made in the private module `sys`, which is the only
//! one with `unsafe`; no function retries on `EINTR`, since only the caller knows whether a signal handler must run
//! first. Linux with glibc is the system it is written for.

pub mod clock;
pub mod file;
pub mod gate;
pub mod memory;
pub mod path;
pub mod process;
pub mod signal;
pub mod stack;
mod sys;
pub mod terminal;

/// Calls that are thin enough to be used as they are.
pub use sys::{children, descriptors, fault, name_service, net, posix_spawn};

use std::io;

/// The names and numbers of errors, signals, open flags and modes, as the system's C headers have them.
pub use libc as constants;

/// The system's error number, or `EIO` for an error that did not come from a system call.
pub fn errno(error: &io::Error) -> i32 {
    match (error.raw_os_error(), error.kind()) {
        (Some(number), _) => number,
        (None, io::ErrorKind::InvalidInput) => libc::EINVAL,
        (None, _) => libc::EIO,
    }
}

/// The system's wording of an error number, such as `No such file or directory` for 2.
pub fn strerror(number: i32) -> String {
    sys::strerror(number)
}
