//! Calls that may wait: made without the interpreter lock, and again when a signal came in between.
//!
//! Invariant: Python handlers of signals run before a call is repeated; what they raise ends it.

use std::io;
use taipan_objects::vm::{PyResult, Vm};

/// Runs `f` without the interpreter lock; `f` touches no Python object.
pub fn blocking<R>(vm: &Vm, f: impl FnOnce() -> R) -> R {
    taipan_interp::eval::threads::without_lock(vm, f)
}

/// Repeats a call of the system while signals interrupt it.
pub fn retry<R>(vm: &Vm, mut f: impl FnMut() -> io::Result<R>) -> PyResult<io::Result<R>> {
    loop {
        match f() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => crate::signal_module::run_handlers(vm)?,
            result => return Ok(result),
        }
    }
}

/// A call that waits for input: like [`retry`], but a signal that has already come is handled first, since it would not end the wait.
pub fn retry_waiting<R>(vm: &Vm, f: impl FnMut() -> io::Result<R>) -> PyResult<io::Result<R>> {
    crate::signal_module::run_handlers(vm)?;
    retry(vm, f)
}
