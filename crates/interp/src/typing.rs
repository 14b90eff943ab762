//! The hook through which type parameters, type aliases and generic bases reach the module that makes them.
//!
//! Invariant: until a module installs the hook, using such syntax raises NotImplementedError.

use std::cell::Cell;
use taipan_heap::Value;
use taipan_objects::vm::{PyResult, Vm};

/// Makes the object that `what` names from its arguments.
pub type TypingHook = fn(&Vm, &str, &[Value]) -> PyResult<Value>;

/// Where the hook is kept.
#[derive(Default)]
pub struct TypingHooks {
    /// The hook.
    pub make: Cell<Option<TypingHook>>,
}

pub(crate) fn call(vm: &Vm, what: &str, arguments: &[Value]) -> PyResult<Value> {
    match vm.interp().state(TypingHooks::default).make.get() {
        Some(make) => make(vm, what, arguments),
        None => Err(vm.not_implemented_error(format!("{} (PEP 695 syntax)", what.replace('_', " ")))),
    }
}
