//! Rare operations that share an opcode.
//!
//! Invariant: the folder's (see `slow/mod.rs`).

use crate::eval::frame::Frame;
use crate::function::Function;
use taipan_bytecode::CodeFlags;
use taipan_heap::Value;
use taipan_objects::builtins::{exception::BaseException, str::Str};
use taipan_objects::vm::{PyResult, Vm};

pub(in crate::eval) fn intrinsic1(vm: &Vm, frame: &Frame, which: u16, value: &Value) -> PyResult<Value> {
    use taipan_bytecode::Intrinsic1 as I;
    match I::from_u16(which) {
        Some(I::Print) => crate::display(vm, value),
        Some(I::StopIterationError) => Ok(stop_iteration_error(vm, frame, value)?),
        Some(I::AsyncGenWrap) => crate::generator::wrap_async_value(vm, value),
        Some(I::TypeVar) => crate::typing::call(vm, "type_var", &[value.clone()]),
        Some(I::ParamSpec) => crate::typing::call(vm, "param_spec", &[value.clone()]),
        Some(I::TypeVarTuple) => crate::typing::call(vm, "type_var_tuple", &[value.clone()]),
        Some(I::SubscriptGeneric) => crate::typing::call(vm, "subscript_generic", &[value.clone()]),
        Some(I::TypeAlias) => crate::typing::call(vm, "type_alias", &[value.clone()]),
        None => Err(vm.system_error("unknown intrinsic")),
    }
}

fn stop_iteration_error(vm: &Vm, frame: &Frame, exception: &Value) -> PyResult<Value> {
    let types = vm.types();
    let (kind, is_async) = if frame.code.has(CodeFlags::ASYNC_GENERATOR) {
        ("async generator", true)
    } else if frame.code.has(CodeFlags::COROUTINE) {
        ("coroutine", false)
    } else {
        ("generator", false)
    };
    let name = if vm.is_instance(exception, &types.stop_iteration) {
        "StopIteration"
    } else if is_async && vm.is_instance(exception, &types.stop_async_iteration) {
        "StopAsyncIteration"
    } else {
        return Ok(exception.clone());
    };
    let message = Str::new(vm, &format!("{kind} raised {name}"))?;
    let error = BaseException::make(vm, &types.runtime_error, &[message.into()])?;
    error.cause.set(Some(exception.clone()));
    error.context.set(Some(exception.clone()));
    error.suppress_context.set(true);
    Ok(error.into())
}

pub(in crate::eval) fn intrinsic2(vm: &Vm, which: u16, first: &Value, second: &Value) -> PyResult<Value> {
    use taipan_bytecode::Intrinsic2 as I;
    let both = [first.clone(), second.clone()];
    match I::from_u16(which) {
        Some(I::TypeVarWithBound) => crate::typing::call(vm, "type_var_with_bound", &both),
        Some(I::TypeVarWithConstraints) => crate::typing::call(vm, "type_var_with_constraints", &both),
        Some(I::SetTypeparamDefault) => crate::typing::call(vm, "set_type_parameter_default", &both),
        Some(I::SetFunctionTypeParams) => {
            if let Some(function) = first.downcast::<Function>() {
                function.store_type_params(second.clone());
            }
            Ok(first.clone())
        }
        None => Err(vm.system_error("unknown intrinsic")),
    }
}
