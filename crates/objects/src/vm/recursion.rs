//! Bounds on recursion: every native function that may call itself through Python code passes through here.
//!
//! Invariant: native code recurses only inside `Vm::recursive`, which raises RecursionError while enough stack is left to handle it.

use crate::vm::{PyResult, Raised, Vm};

/// Depth of native recursion allowed where the stack's bounds are not known.
const UNKNOWN_STACK_DEPTH: u32 = 400;

/// Bytes of the reserve that making a RecursionError may use.
const HANDLING: usize = 128 << 10;

/// Counts one level of native recursion until dropped.
pub struct RecursionGuard<'a>(&'a Vm);

impl Drop for RecursionGuard<'_> {
    fn drop(&mut self) {
        self.0.depth.set(self.0.depth.get() - 1);
    }
}

impl Vm {
    /// Runs `f` one level deeper. `what` ends the message, e.g. `" while calling a Python object"`.
    #[inline]
    pub fn recursive<T>(&self, what: &str, f: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
        let _guard = self.enter_recursion(what)?;
        f()
    }

    /// Raises the RecursionError, letting what that takes use the reserve.
    #[cold]
    fn too_deep(&self, what: &str) -> Raised {
        let (limit, depth) = (self.stack_limit.get(), self.depth.get());
        self.stack_limit.set(limit.saturating_sub(HANDLING));
        self.depth.set(0);
        let raised = self.recursion_error(format!("maximum recursion depth exceeded{what}"));
        self.stack_limit.set(limit);
        self.depth.set(depth);
        raised
    }

    /// As `recursive`, with a guard.
    #[inline]
    pub fn enter_recursion(&self, what: &str) -> PyResult<RecursionGuard<'_>> {
        let marker = 0u8;
        let here = std::ptr::from_ref(&marker).addr();
        let limit = self.stack_limit.get();
        let depth = self.depth.get() + 1;
        if here < limit || (limit == 0 && depth > UNKNOWN_STACK_DEPTH) {
            return Err(self.too_deep(what));
        }
        self.depth.set(depth);
        Ok(RecursionGuard(self))
    }
}
