//! The exception classes that native modules bring along: made as Python code would make them, so that programs can extend and change them.
//!
//! Invariant: whoever makes one keeps it with the interpreter; a second call makes another class.

use taipan_heap::{Obj, Ref};
use taipan_objects::builtins::{dict::Dict, str::Str, tuple::Tuple};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// A new class `name` of the module `module`, derived from `base`.
pub fn exception_class(vm: &Vm, module: &str, name: &str, base: &Obj<Type>) -> PyResult<Ref<Type>> {
    let namespace = Dict::new(vm)?;
    namespace.set_text(vm, "__module__", Str::new(vm, module)?.into())?;
    let bases = Tuple::new(vm, [base.to_value()].into_iter())?;
    let arguments = [Str::new(vm, name)?.into(), bases.into(), namespace.into()];
    let made = vm.call(&vm.types().type_.to_value(), &arguments)?;
    made.downcast_into::<Type>().map_err(|_| vm.system_error("type() made no class"))
}
