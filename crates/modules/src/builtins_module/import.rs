//! `__import__`: the interpreter's importer as a function.
//!
//! Invariant: nothing here finds or loads a module.

use taipan_heap::Value;
use taipan_macros::pymodule;
use taipan_objects::vm::{PyResult, Vm};

/// The function.
#[pymodule(name = "builtins")]
pub mod functions {
    use super::*;

    /// Import a module.
    ///
    /// Because this function is meant for use by the Python
    /// interpreter and not for general use, it is better to use
    /// importlib.import_module() to programmatically import a module.
    #[function(sig = "name, globals=None, locals=None, fromlist=(), level=0")]
    pub fn __import__(
        vm: &Vm,
        name: &Value,
        globals: Option<&Value>,
        locals: Option<&Value>,
        fromlist: Option<&Value>,
        level: i64,
    ) -> PyResult<Value> {
        let _ = locals;
        taipan_interp::import::import(vm, name, globals, fromlist, level)
    }
}
