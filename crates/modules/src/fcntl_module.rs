//! `fcntl`: calls on descriptors that the system numbers.
//!
//! Invariant: a structure given as bytes is copied into room larger than any the system writes.

pub use module::spec;

use crate::posix_module::{blocking, retry};
use crate::select_module::{failed, fd_of};
use taipan_heap::{Obj, Value};
use taipan_host::{constants as c, descriptors as host};
use taipan_macros::pymodule;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::{buffer, bytes::Bytes, int, str::Str};
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Vm};

/// Bytes that a structure may have.
const MOST: usize = 1024;

/// An argument: a number, or bytes.
enum Argument {
    Number(i64),
    Bytes(Vec<u8>),
}

fn argument(vm: &Vm, function: &str, value: Option<&Value>) -> PyResult<Argument> {
    let Some(value) = value else { return Ok(Argument::Number(0)) };
    if int::is_int(value) || vm.class_of(value).slots.index.get().is_some() {
        let number = int::index(vm, value)?;
        let low = int::as_big(&number).map(|big| big.as_ref() & taipan_numeric::BigInt::from(u64::MAX));
        return Ok(Argument::Number(low.and_then(|low| u64::try_from(low).ok()).unwrap_or(0) as i64));
    }
    if let Some(text) = value.downcast::<Str>() {
        return Ok(Argument::Bytes(text.to_lossy().into_owned().into_bytes()));
    }
    if buffer::is_buffer(vm, value) {
        return buffer::to_vec(vm, value).map(Argument::Bytes);
    }
    let given = vm.type_name(value);
    let message = format!("{function}() argument 3 must be an integer, a bytes-like object, or a string, not {given}");
    Err(vm.type_error(message))
}

/// This module performs file control and I/O control on file
/// descriptors.  It is an interface to the fcntl() and ioctl() Unix
/// routines.  File descriptors can be obtained with the fileno() method of
/// a file or socket object.
#[pymodule(name = "fcntl", init = fill)]
mod module {
    use super::*;

    #[rustfmt::skip]
    const NUMBERS: &[(&str, i64)] = &[
        ("DN_ACCESS", 1), ("DN_ATTRIB", 32), ("DN_CREATE", 4), ("DN_DELETE", 8), ("DN_MODIFY", 2),
        ("DN_MULTISHOT", 2_147_483_648), ("DN_RENAME", 16), ("FASYNC", 8_192), ("FD_CLOEXEC", 1),
        ("FICLONE", 1_074_041_865), ("FICLONERANGE", 1_075_876_877), ("F_ADD_SEALS", 1_033), ("F_DUPFD", 0),
        ("F_DUPFD_CLOEXEC", 1_030), ("F_DUPFD_QUERY", 1_027), ("F_EXLCK", 4), ("F_GETFD", 1), ("F_GETFL", 3),
        ("F_GETLEASE", 1_025), ("F_GETLK", 5), ("F_GETLK64", 5), ("F_GETOWN", 9), ("F_GETOWN_EX", 16),
        ("F_GETPIPE_SZ", 1_032), ("F_GETSIG", 11), ("F_GET_FILE_RW_HINT", 1_037), ("F_GET_RW_HINT", 1_035),
        ("F_GET_SEALS", 1_034), ("F_NOTIFY", 1_026), ("F_OFD_GETLK", 36), ("F_OFD_SETLK", 37),
        ("F_OFD_SETLKW", 38), ("F_OWNER_PGRP", 2), ("F_OWNER_PID", 1), ("F_OWNER_TID", 0), ("F_RDLCK", 0),
        ("F_SEAL_FUTURE_WRITE", 16), ("F_SEAL_GROW", 4), ("F_SEAL_SEAL", 1), ("F_SEAL_SHRINK", 2),
        ("F_SEAL_WRITE", 8), ("F_SETFD", 2), ("F_SETFL", 4), ("F_SETLEASE", 1_024), ("F_SETLK", 6),
        ("F_SETLK64", 6), ("F_SETLKW", 7), ("F_SETLKW64", 7), ("F_SETOWN", 8), ("F_SETOWN_EX", 15),
        ("F_SETPIPE_SZ", 1_031), ("F_SETSIG", 10), ("F_SET_FILE_RW_HINT", 1_038), ("F_SET_RW_HINT", 1_036),
        ("F_SHLCK", 8), ("F_UNLCK", 2), ("F_WRLCK", 1), ("LOCK_EX", 2), ("LOCK_MAND", 32), ("LOCK_NB", 4),
        ("LOCK_READ", 64), ("LOCK_RW", 192), ("LOCK_SH", 1), ("LOCK_UN", 8), ("LOCK_WRITE", 128),
        ("RWH_WRITE_LIFE_EXTREME", 5), ("RWH_WRITE_LIFE_LONG", 4), ("RWH_WRITE_LIFE_MEDIUM", 3),
        ("RWH_WRITE_LIFE_NONE", 1), ("RWH_WRITE_LIFE_NOT_SET", 0), ("RWH_WRITE_LIFE_SHORT", 2),
    ];

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        for (name, number) in NUMBERS {
            module.set_attr(vm, name, int::from_i64(vm, *number)?)?;
        }
        Ok(())
    }

    /// Perform the operation cmd on file descriptor fd.
    ///
    /// The values used for cmd are operating system dependent, and are available
    /// as constants in the fcntl module.  The argument arg is optional, and
    /// defaults to 0; it may be an int, a bytes-like object or a string.
    #[function(sig = "fd, cmd, arg=0, /")]
    fn fcntl(vm: &Vm, fd: &Value, cmd: i32, arg: Option<&Value>) -> PyResult<Value> {
        let fd = fd_of(vm, fd)?;
        match argument(vm, "fcntl", arg)? {
            Argument::Number(number) => {
                let result = retry(vm, || blocking(vm, || host::fcntl(fd, cmd, number)))?;
                result.map_err(|error| failed(vm, &error))?.into_value(vm)
            }
            Argument::Bytes(bytes) => {
                let len = bytes.len();
                if len > MOST {
                    return Err(vm.value_error("fcntl argument 3 is too long"));
                }
                let mut room = [0; MOST * 2];
                room[..len].copy_from_slice(&bytes);
                let result = retry(vm, || blocking(vm, || host::fcntl_bytes(fd, cmd, &mut room)))?;
                result.map_err(|error| failed(vm, &error))?;
                Ok(Bytes::new(vm, &room[..len])?.into())
            }
        }
    }

    /// Perform the operation request on file descriptor fd.
    ///
    /// The values used for request are operating system dependent, and are available
    /// as constants in the fcntl or termios library modules, using the same names as
    /// used in the relevant C header files.
    #[function(sig = "fd, request, arg=0, mutate_flag=True, /")]
    fn ioctl(vm: &Vm, fd: &Value, request: &Value, arg: Option<&Value>, mutate_flag: Option<bool>) -> PyResult<Value> {
        let fd = fd_of(vm, fd)?;
        let request = int::index(vm, request)?;
        let low = int::as_big(&request).map(|big| big.as_ref() & taipan_numeric::BigInt::from(u64::MAX));
        let request = low.and_then(|low| u64::try_from(low).ok()).unwrap_or(0);
        let bytes = match argument(vm, "ioctl", arg)? {
            Argument::Number(number) => {
                let result = retry(vm, || blocking(vm, || host::ioctl(fd, request, number)))?;
                return result.map_err(|error| failed(vm, &error))?.into_value(vm);
            }
            Argument::Bytes(bytes) => bytes,
        };
        let writable = arg.filter(|arg| mutate_flag.unwrap_or(true) && buffer::with_bytes_mut(vm, arg, |_| ()).is_ok());
        drop(vm.swap_exception(None));
        let len = bytes.len();
        if writable.is_none() && len > MOST {
            return Err(vm.value_error("ioctl argument 3 is too long"));
        }
        let mut room = vec![0; len.max(MOST) + MOST];
        room[..len].copy_from_slice(&bytes);
        let result = retry(vm, || blocking(vm, || host::ioctl_bytes(fd, request, &mut room)))?;
        let number = result.map_err(|error| failed(vm, &error))?;
        match writable {
            Some(target) => {
                buffer::with_bytes_mut(vm, target, |to| {
                    let len = len.min(to.len());
                    to[..len].copy_from_slice(&room[..len]);
                })?;
                number.into_value(vm)
            }
            None => Ok(Bytes::new(vm, &room[..len])?.into()),
        }
    }

    /// Perform the lock operation on file descriptor fd.
    #[function(sig = "fd, operation, /")]
    fn flock(vm: &Vm, fd: &Value, operation: i32) -> PyResult<()> {
        let fd = fd_of(vm, fd)?;
        retry(vm, || blocking(vm, || host::flock(fd, operation)))?.map_err(|error| failed(vm, &error))
    }

    /// A wrapper around the fcntl() locking calls.
    ///
    /// fd is the file descriptor of the file to lock or unlock, and operation is one
    /// of the following values:
    ///
    ///     LOCK_UN - unlock
    ///     LOCK_SH - acquire a shared lock
    ///     LOCK_EX - acquire an exclusive lock
    ///
    /// When operation is LOCK_SH or LOCK_EX, it can also be bitwise ORed with
    /// LOCK_NB to avoid blocking on lock acquisition.
    #[function(sig = "fd, cmd, len=0, start=0, whence=0, /")]
    fn lockf(vm: &Vm, fd: &Value, cmd: i32, len: Option<i64>, start: Option<i64>, whence: Option<i32>) -> PyResult<()> {
        let fd = fd_of(vm, fd)?;
        let kind = match cmd {
            c::LOCK_UN => c::F_UNLCK,
            cmd if cmd & c::LOCK_SH != 0 => c::F_RDLCK,
            cmd if cmd & c::LOCK_EX != 0 => c::F_WRLCK,
            _ => return Err(vm.value_error("unrecognized lockf argument")),
        };
        let wait = cmd & c::LOCK_NB == 0;
        let (len, start, whence) = (len.unwrap_or(0), start.unwrap_or(0), whence.unwrap_or(0));
        let locked = retry(vm, || blocking(vm, || host::lock_part(fd, kind, start, len, whence, wait)))?;
        locked.map_err(|error| failed(vm, &error))
    }
}
