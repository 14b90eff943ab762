//! `yield from`, `await`, `async for`.
//!
//! Invariant: the folder's (see `slow/mod.rs`).

use super::exceptions::reraise;
use crate::eval::frame::Frame;
use taipan_bytecode::CodeFlags;
use taipan_heap::Value;
use taipan_objects::vm::{PyResult, Vm};

pub(in crate::eval) fn yield_from_iter(vm: &Vm, frame: &Frame, value: &Value) -> PyResult<Value> {
    if let Some(generator) = value.downcast::<crate::generator::Generator>() {
        let in_coroutine = frame.code.has(CodeFlags::COROUTINE) || frame.code.has(CodeFlags::ITERABLE_COROUTINE);
        if generator.is_coroutine() && !in_coroutine {
            return Err(vm.type_error("cannot 'yield from' a coroutine object in a non-coroutine generator"));
        }
        return Ok(value.clone());
    }
    vm.iter(value)
}

pub(in crate::eval) fn awaitable(vm: &Vm, value: &Value, which: u16) -> PyResult<Value> {
    if vm.class_of(value).slots.await_.get().is_none()
        && which != 0
        && value.downcast::<crate::generator::Generator>().is_none()
    {
        let (given, method) = (vm.type_name(value), if which == 1 { "__aenter__" } else { "__aexit__" });
        return Err(vm.type_error(format!(
            "'async with' received an object from {method} that does not implement __await__: {given}"
        )));
    }
    crate::generator::awaitable_iterator(vm, value)
}

pub(in crate::eval) fn cleanup_throw(vm: &Vm, exception: &Value) -> PyResult<Value> {
    if vm.is_instance(exception, &vm.types().stop_iteration) {
        return vm.get_attr(exception, &vm.names().value);
    }
    Err(reraise(vm, exception.clone()))
}

pub(in crate::eval) fn async_iter(vm: &Vm, value: &Value) -> PyResult<Value> {
    let Some(function) = vm.class_of(value).slots.aiter.get() else {
        let given = vm.type_name(value);
        return Err(vm.type_error(format!("'async for' requires an object with __aiter__ method, got {given}")));
    };
    let iterator = function(vm, value)?;
    check_async_iterator(vm, &iterator)?;
    Ok(iterator)
}

/// Whether `__aiter__` may have returned this.
pub(in crate::eval) fn check_async_iterator(vm: &Vm, iterator: &Value) -> PyResult<()> {
    if vm.class_of(iterator).slots.anext.get().is_none() {
        let given = vm.type_name(iterator);
        return Err(vm.type_error(format!(
            "'async for' received an object from __aiter__ that does not implement __anext__: {given}"
        )));
    }
    Ok(())
}

pub(in crate::eval) fn async_next(vm: &Vm, iterator: &Value) -> PyResult<Value> {
    let Some(function) = vm.class_of(iterator).slots.anext.get() else {
        let given = vm.type_name(iterator);
        return Err(vm.type_error(format!("'async for' requires an iterator with __anext__ method, got {given}")));
    };
    let awaited = function(vm, iterator)?;
    if awaited.downcast_exact::<crate::async_generator::Step>().is_some() {
        return Ok(awaited);
    }
    async_item(vm, &awaited)
}

/// The iterator behind what `__anext__` has returned.
pub(in crate::eval) fn async_item(vm: &Vm, awaited: &Value) -> PyResult<Value> {
    match crate::generator::awaitable_iterator(vm, awaited) {
        Ok(iterator) => Ok(iterator),
        Err(raised) => {
            let cause = vm.take_exception(raised);
            let given = vm.type_name(awaited);
            let raised = vm.type_error(format!("'async for' received an invalid object from __anext__: {given}"));
            let exception = vm.take_exception(raised);
            exception.cause.set(Some(cause.into()));
            exception.suppress_context.set(true);
            Err(vm.restore(exception))
        }
    }
}

pub(in crate::eval) fn end_async_for(vm: &Vm, exception: &Value) -> PyResult<()> {
    if vm.is_instance(exception, &vm.types().stop_async_iteration) {
        return Ok(());
    }
    Err(reraise(vm, exception.clone()))
}
