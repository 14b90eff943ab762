//! Raising, matching and reraising; `except*`; the call of `__exit__`.
//!
//! Invariant: the folder's (see `slow/mod.rs`).

use taipan_heap::{Payload, Ref, Value};
use taipan_objects::builtins::{self, NONE, exception::BaseException, is_none, tuple::Tuple};
use taipan_objects::types::{Type, TypeObject};
use taipan_objects::vm::{PyResult, Raised, Vm};

pub(in crate::eval) fn reraise(vm: &Vm, exception: Value) -> Raised {
    match exception.downcast_into::<BaseException>() {
        Ok(exception) => vm.restore(exception),
        Err(_) => vm.system_error("reraising what is not an exception"),
    }
}

pub(in crate::eval) fn raise_active(vm: &Vm) -> Raised {
    match vm.handled_exception() {
        Some(exception) => reraise(vm, exception),
        None => vm.runtime_error("No active exception to reraise"),
    }
}

fn exception_from(vm: &Vm, value: &Value) -> PyResult<Option<Ref<BaseException>>> {
    if let Some(exception) = value.downcast::<BaseException>() {
        return Ok(Some(exception.to_ref()));
    }
    match value.downcast::<Type>() {
        Some(class) if class.is_subclass(&vm.types().base_exception) => BaseException::make(vm, class, &[]).map(Some),
        _ => Ok(None),
    }
}

pub(in crate::eval) fn raise(vm: &Vm, value: &Value, cause: Option<&Value>) -> Raised {
    let exception = match exception_from(vm, value) {
        Ok(Some(exception)) => exception,
        Ok(None) => return vm.type_error("exceptions must derive from BaseException"),
        Err(raised) => return raised,
    };
    if let Some(cause) = cause {
        let cause = if is_none(cause) {
            None
        } else {
            match exception_from(vm, cause) {
                Ok(Some(cause)) => Some(cause),
                Ok(None) => return vm.type_error("exception causes must derive from BaseException"),
                Err(raised) => return raised,
            }
        };
        exception.cause.set(cause.map(Value::from));
        exception.suppress_context.set(true);
    }
    vm.raise(exception)
}

pub(in crate::eval) fn exception_matches(vm: &Vm, exception: &Value, pattern: &Value) -> PyResult<bool> {
    if pattern.downcast::<Type>().is_some_and(|class| class.is_same(vm.class_of(exception))) {
        return Ok(true);
    }
    // What derives from BaseException has its payload.
    let is_class = |value: &Value| {
        value.downcast::<Type>().is_some_and(|class| class.kind_info().is_a(<BaseException as Payload>::info()))
    };
    let bad = || vm.type_error("catching classes that do not inherit from BaseException is not allowed");
    let class_matches = |class: &Value| class.downcast::<Type>().is_some_and(|class| vm.is_instance(exception, class));
    match pattern.downcast::<Tuple>() {
        Some(classes) => {
            if !classes.items().iter().all(is_class) {
                return Err(bad());
            }
            Ok(classes.items().iter().any(class_matches))
        }
        None if is_class(pattern) => Ok(class_matches(pattern)),
        None => Err(bad()),
    }
}

pub(in crate::eval) fn group_match(vm: &Vm, exception: &Value, pattern: &Value) -> PyResult<(Value, Value)> {
    vm.check_except_star_target(pattern)?;
    let (matching, rest) = builtins::exception::exception_group_match(vm, exception, pattern)?;
    if !is_none(&matching) {
        vm.handled.set(Some(matching.clone()));
    }
    Ok((rest, matching))
}

pub(in crate::eval) fn prep_reraise_star(vm: &Vm, original: &Value, raised: &Value) -> PyResult<Value> {
    let outcomes = vm.collect(raised)?;
    builtins::exception::prep_reraise_star(vm, original, &outcomes)
}

pub(in crate::eval) fn with_except_start(
    vm: &Vm,
    exit: (&Value, Option<&Value>),
    exception: &Value,
) -> PyResult<Value> {
    let class = vm.class_of(exception).to_value();
    let traceback = exception.downcast::<BaseException>().and_then(|e| e.traceback.get()).unwrap_or(NONE);
    match exit.1 {
        Some(bound) => vm.call(exit.0, &[bound.clone(), class, exception.clone(), traceback]),
        None => vm.call(exit.0, &[class, exception.clone(), traceback]),
    }
}
