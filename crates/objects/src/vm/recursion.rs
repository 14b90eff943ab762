//! Bounds on recursion: whatever native code can be nested without end in passes through here.
//!
//! Invariant: native code recurses only through `Vm::check_stack`, which raises RecursionError while enough stack is left to handle it.

use crate::vm::{PyResult, Raised, Vm};

/// Bytes of stack assumed below the first function where the stack's bounds are not known.
const UNKNOWN_STACK: usize = 256 << 10;

/// Bytes of the reserve that making a RecursionError may use.
const HANDLING: usize = 128 << 10;

/// The address of a variable of the caller's: about where its stack ends.
#[inline(always)]
fn here() -> usize {
    let marker = 0u8;
    std::ptr::from_ref(&marker).addr()
}

/// The lowest address that the stack may reach where nothing is known of it.
pub(super) fn assumed_limit() -> usize {
    here().saturating_sub(UNKNOWN_STACK)
}

impl Vm {
    /// Runs `f` one level deeper. `what` ends the message, e.g. `" while calling a Python object"`.
    #[inline]
    pub fn recursive<T>(&self, what: &str, f: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
        self.check_stack(what)?;
        f()
    }

    /// Raises RecursionError where little of the native stack is left. A load and a comparison.
    #[inline]
    pub fn check_stack(&self, what: &str) -> PyResult<()> {
        if here() < self.stack_limit.get() { Err(self.too_deep(what)) } else { Ok(()) }
    }

    /// Raises the RecursionError, letting what that takes use the reserve.
    #[cold]
    fn too_deep(&self, what: &str) -> Raised {
        let limit = self.stack_limit.get();
        self.stack_limit.set(limit.saturating_sub(HANDLING));
        let raised = self.recursion_error(format!("maximum recursion depth exceeded{what}"));
        self.stack_limit.set(limit);
        raised
    }
}
