//! `_opcode`: what `opcode` and `dis` ask about instructions.
//!
//! Invariant: the numbers of CPython's instructions mean nothing here, so none is valid; Taipan's own bytecode is shown by `--dump=bytecode`.

pub use module::spec;

use taipan_heap::{Ref, Value};
use taipan_macros::pymodule;
use taipan_objects::builtins::NONE;
use taipan_objects::builtins::list::List;
use taipan_objects::native::FuncArgs;
use taipan_objects::vm::{PyResult, Vm};

/// Opcode support module.
#[pymodule(name = "_opcode")]
mod module {
    use super::*;

    #[constant(name = "ENABLE_SPECIALIZATION")]
    fn enable_specialization() -> bool {
        false
    }

    #[constant(name = "ENABLE_SPECIALIZATION_FT")]
    fn enable_specialization_ft() -> bool {
        false
    }

    /// Compute the stack effect of the opcode.
    #[function]
    fn stack_effect(vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let _ = args;
        Err(vm.value_error("invalid opcode or oparg"))
    }

    /// Return True if opcode is valid, False otherwise.
    #[function(sig = "opcode")]
    fn is_valid(opcode: i32) -> bool {
        let _ = opcode;
        false
    }

    /// Return True if the opcode uses its oparg, False otherwise.
    #[function(sig = "opcode")]
    fn has_arg(opcode: i32) -> bool {
        let _ = opcode;
        false
    }

    /// Return True if the opcode accesses a constant, False otherwise.
    #[function(sig = "opcode")]
    fn has_const(opcode: i32) -> bool {
        let _ = opcode;
        false
    }

    /// Return True if the opcode accesses an attribute by name, False otherwise.
    #[function(sig = "opcode")]
    fn has_name(opcode: i32) -> bool {
        let _ = opcode;
        false
    }

    /// Return True if the opcode has a jump target, False otherwise.
    #[function(sig = "opcode")]
    fn has_jump(opcode: i32) -> bool {
        let _ = opcode;
        false
    }

    /// Return True if the opcode accesses a free variable, False otherwise.
    #[function(sig = "opcode")]
    fn has_free(opcode: i32) -> bool {
        let _ = opcode;
        false
    }

    /// Return True if the opcode accesses a local variable, False otherwise.
    #[function(sig = "opcode")]
    fn has_local(opcode: i32) -> bool {
        let _ = opcode;
        false
    }

    /// Return True if the opcode sets an exception handler, False otherwise.
    #[function(sig = "opcode")]
    fn has_exc(opcode: i32) -> bool {
        let _ = opcode;
        false
    }

    /// Return the specialization stats
    #[function]
    fn get_specialization_stats() -> Value {
        NONE
    }

    /// Return the executor object at offset in code if exists, None otherwise.
    #[function(sig = "code, offset")]
    fn get_executor(code: &Value, offset: &Value) -> Value {
        let _ = (code, offset);
        NONE
    }

    /// Return array of symbols of binary ops.
    #[function]
    fn get_nb_ops(vm: &Vm) -> PyResult<Ref<List>> {
        List::from_values(vm, Vec::new())
    }

    /// Return a list of names of the unary intrinsics.
    #[function]
    fn get_intrinsic1_descs(vm: &Vm) -> PyResult<Ref<List>> {
        List::from_values(vm, Vec::new())
    }

    /// Return a list of names of the binary intrinsics.
    #[function]
    fn get_intrinsic2_descs(vm: &Vm) -> PyResult<Ref<List>> {
        List::from_values(vm, Vec::new())
    }

    /// Return a list of special method names.
    #[function]
    fn get_special_method_names(vm: &Vm) -> PyResult<Ref<List>> {
        List::from_values(vm, Vec::new())
    }
}
