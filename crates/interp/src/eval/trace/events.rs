//! Telling the callbacks of `sys.settrace` and `sys.setprofile`, and through `monitor` those of `sys.monitoring`, what happens.
//!
//! Invariant: while a callback runs the thread listens to nothing; a callback of `sys.settrace` or `sys.setprofile` that raises is given up.

use super::monitor::{self, event};
use super::{Entry, Happening, forget, refresh, set_entry};
use crate::eval::frame::{Frame, Stack};
use crate::eval::here::Here;
use crate::eval::unwind::frame_object;
use crate::function::Function;
use taipan_bytecode::{HAS_SELF, Op};
use taipan_heap::{Ref, Value};
use taipan_objects::builtins::NONE;
use taipan_objects::builtins::descriptor::BoundMethod;
use taipan_objects::builtins::exception::BaseException;
use taipan_objects::builtins::function::{MethodDescriptor, NativeFunction};
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::native::Args;
use taipan_objects::types::call as calls;
use taipan_objects::vm::{PyResult, Vm};

/// `sys.settrace` for the calling thread.
pub fn set_trace(vm: &Vm, function: Option<Value>) -> PyResult<()> {
    let stack = crate::stack(vm)?;
    let old = stack.tracing.trace.replace(function);
    changed(vm, stack);
    drop(old);
    Ok(())
}

/// `sys.settrace` for every thread of the interpreter.
pub fn set_trace_everywhere(vm: &Vm, function: Option<Value>) -> PyResult<()> {
    crate::eval::threads::each(vm, |_, thread| set_trace(thread, function.clone()))
}

/// `sys.setprofile` for every thread of the interpreter.
pub fn set_profile_everywhere(vm: &Vm, function: Option<Value>) -> PyResult<()> {
    crate::eval::threads::each(vm, |_, thread| set_profile(thread, function.clone()))
}

/// `sys.setprofile` for the calling thread.
pub fn set_profile(vm: &Vm, function: Option<Value>) -> PyResult<()> {
    let stack = crate::stack(vm)?;
    let old = stack.tracing.profile.replace(function);
    changed(vm, stack);
    drop(old);
    Ok(())
}

/// Other functions listen now, or none.
pub(super) fn changed(vm: &Vm, stack: &Stack) {
    let before = stack.tracing.active();
    if !before && stack.tracing.busy.get() == 0 {
        // What was noted before nobody listened any more says nothing now.
        let old = std::mem::take(&mut *stack.tracing.entries.borrow_mut());
        drop(old);
    }
    refresh(stack);
    if !before && stack.tracing.active() {
        super::breaks::stop(vm, stack);
    }
}

/// `sys.gettrace`
pub fn trace_function(vm: &Vm) -> PyResult<Option<Value>> {
    Ok(crate::stack(vm)?.tracing.trace.borrow().clone())
}

/// `sys.getprofile`
pub fn profile_function(vm: &Vm) -> PyResult<Option<Value>> {
    Ok(crate::stack(vm)?.tracing.profile.borrow().clone())
}

/// `sys.call_tracing`: calls with tracing on, even from a callback.
pub fn call_tracing(vm: &Vm, function: &Value, arguments: &[Value]) -> PyResult<Value> {
    let stack = crate::stack(vm)?;
    let (busy, happening) = (stack.tracing.busy.replace(0), stack.tracing.happening.replace(Happening::None));
    refresh(stack);
    let result = vm.call(function, arguments);
    stack.tracing.busy.set(busy);
    stack.tracing.happening.set(happening);
    refresh(stack);
    result
}

/// Runs a callback.
pub(super) fn quietly<T>(stack: &Stack, happening: Happening, call: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    let tracing = &stack.tracing;
    let outer = tracing.happening.replace(happening);
    tracing.busy.set(tracing.busy.get() + 1);
    refresh(stack);
    let result = call();
    tracing.busy.set(tracing.busy.get() - 1);
    tracing.happening.set(outer);
    refresh(stack);
    result
}

/// Calls the trace function: the thread's for calls, the frame's own for what else happens in it.
unsafe fn trace(
    vm: &Vm,
    stack: &Stack,
    frame: *mut Frame,
    name: &str,
    happening: Happening,
    arg: Value,
) -> PyResult<()> {
    let Some(function) = stack.tracing.trace.borrow().clone() else { return Ok(()) };
    // SAFETY: the frame is on the stack.
    let object = unsafe { frame_object(vm, stack, frame)? };
    let local = object.tracer();
    let callback = match happening {
        Happening::Call => function,
        _ => match local {
            Some(local) => local,
            None => return Ok(()),
        },
    };
    let arguments = [object.to_value(), vm.intern(name)?.into(), arg];
    match quietly(stack, happening, || vm.call(&callback, &arguments)) {
        Ok(result) => {
            if !result.is(&NONE) {
                object.set_tracer(Some(result));
            }
            Ok(())
        }
        Err(raised) => {
            let exception = vm.take_exception(raised);
            object.set_tracer(None);
            stack.tracing.jump.set(None);
            set_trace(vm, None)?;
            Err(vm.restore(exception))
        }
    }
}

/// Calls the profile function.
unsafe fn profile(vm: &Vm, stack: &Stack, frame: *mut Frame, name: &str, arg: Value) -> PyResult<()> {
    let Some(function) = stack.tracing.profile.borrow().clone() else { return Ok(()) };
    // SAFETY: the frame is on the stack.
    let object = unsafe { frame_object(vm, stack, frame)? };
    let arguments = [object.to_value(), vm.intern(name)?.into(), arg];
    match quietly(stack, Happening::None, || vm.call(&function, &arguments)) {
        Ok(_) => Ok(()),
        Err(raised) => {
            let exception = vm.take_exception(raised);
            set_profile(vm, None)?;
            Err(vm.restore(exception))
        }
    }
}

/// A function begins, or goes on after a `yield`.
pub(super) unsafe fn begun(vm: &Vm, stack: &Stack, frame: *mut Frame, kind: u32) -> PyResult<()> {
    // SAFETY: the frame is on the stack.
    unsafe {
        monitor::at_offset(vm, stack, frame, kind, &[])?;
        trace(vm, stack, frame, "call", Happening::Call, NONE)?;
        profile(vm, stack, frame, "call", NONE)
    }
}

/// A line begins.
pub(super) unsafe fn line(vm: &Vm, stack: &Stack, frame: *mut Frame, line: u32) -> PyResult<()> {
    // SAFETY: as `begun`.
    unsafe {
        monitor::line(vm, stack, frame, line)?;
        let wanted = (*frame).object.as_ref().is_none_or(|object| object.traces_lines());
        if wanted { trace(vm, stack, frame, "line", Happening::Line, NONE) } else { Ok(()) }
    }
}

/// An instruction begins.
pub(super) unsafe fn instruction(vm: &Vm, stack: &Stack, frame: *mut Frame, offset: u32) -> PyResult<()> {
    let _ = offset;
    // SAFETY: as `begun`.
    unsafe {
        monitor::at_offset(vm, stack, frame, event::INSTRUCTION, &[])?;
        let wanted = (*frame).object.as_ref().is_some_and(|object| object.traces_opcodes());
        if wanted { trace(vm, stack, frame, "opcode", Happening::Opcode, NONE) } else { Ok(()) }
    }
}

/// The frame returns or yields a value.
pub(super) unsafe fn returned(vm: &Vm, stack: &Stack, frame: *mut Frame, kind: u32, value: &Value) -> PyResult<()> {
    // SAFETY: as `begun`.
    unsafe {
        monitor::at_offset(vm, stack, frame, kind, std::slice::from_ref(value))?;
        trace(vm, stack, frame, "return", Happening::Return, value.clone())?;
        profile(vm, stack, frame, "return", value.clone())
    }
}

/// The native function, as a value of its own, that an instruction is about to call; with what it is bound to.
unsafe fn native_callee(vm: &Vm, frame: *mut Frame, inst: Here) -> PyResult<Option<Value>> {
    // SAFETY: the instruction's block is live.
    unsafe {
        let w = (*frame).window;
        let callable = w.get(inst.b());
        if callable.downcast::<NativeFunction>().is_some() {
            return Ok(Some(callable.clone()));
        }
        if callable.downcast::<MethodDescriptor>().is_some() {
            let bound = inst.op() != Op::CallEx && inst.has(HAS_SELF) && w.bits(inst.b() + 1) != 0;
            let this = match bound {
                true => Some(w.get(inst.b() + 1).clone()),
                false if inst.op() != Op::CallEx && inst.c() > 0 => Some(w.get(inst.b() + 2).clone()),
                false => None,
            };
            return match this {
                Some(this) => {
                    let get = vm.intern("__get__")?;
                    let class = vm.class_of(&this).to_value();
                    let made = vm.call_method(callable, &get, &[this, class]);
                    Ok(made.map(Some).unwrap_or_else(|raised| {
                        drop(vm.take_exception(raised));
                        Some(callable.clone())
                    }))
                }
                None => Ok(Some(callable.clone())),
            };
        }
        Ok(None)
    }
}

/// A call is about to be made. Returns what to tell of when it has returned, if it is native.
pub(super) unsafe fn calling(
    vm: &Vm,
    stack: &Stack,
    frame: *mut Frame,
    inst: Here,
) -> PyResult<Option<(Value, Value)>> {
    let profiled = stack.tracing.profile.borrow().is_some();
    if !profiled && !monitor::wants(stack, event::CALL | event::C_RETURN | event::C_RAISE) {
        return Ok(None);
    }
    // SAFETY: as `native_callee`.
    unsafe {
        let w = (*frame).window;
        let callable = w.get(inst.b()).clone();
        let first = match inst.op() {
            Op::CallEx => w.get(inst.b() + 2).downcast::<Tuple>().and_then(|tuple| tuple.items().first().cloned()),
            _ if inst.has(HAS_SELF) && w.bits(inst.b() + 1) != 0 => Some(w.get(inst.b() + 1).clone()),
            _ if inst.c() > 0 => Some(w.get(inst.b() + 2).clone()),
            _ => None,
        };
        let (shown, first) = match callable.downcast::<BoundMethod>() {
            Some(method) => (method.function.clone(), Some(method.bound.clone())),
            None => (callable.clone(), first),
        };
        let first = match first {
            Some(first) => first,
            None => monitor::missing(vm)?,
        };
        let disabled = monitor::call(vm, stack, frame, &shown, &first)?;
        if shown.downcast::<Function>().is_some() {
            return Ok(None);
        }
        if profiled && let Some(native) = native_callee(vm, frame, inst)? {
            profile(vm, stack, frame, "c_call", native.clone())?;
            return Ok(Some((native, first)));
        }
        Ok((!disabled && monitor::wants(stack, event::C_RETURN | event::C_RAISE)).then_some((shown, first)))
    }
}

/// A native function has returned, or (`failed`) raised.
pub(super) unsafe fn native_returned(
    vm: &Vm,
    stack: &Stack,
    frame: *mut Frame,
    offset: u32,
    callable: Value,
    first: Value,
    failed: Option<&Ref<BaseException>>,
) -> PyResult<()> {
    // SAFETY: as `begun`.
    unsafe {
        let kind = if failed.is_some() { event::C_RAISE } else { event::C_RETURN };
        monitor::at(vm, stack, frame, offset, kind, &[callable.clone(), first])?;
        let native =
            callable.downcast::<NativeFunction>().is_some() || callable.downcast::<MethodDescriptor>().is_some();
        if native {
            let name = if failed.is_some() { "c_exception" } else { "c_return" };
            profile(vm, stack, frame, name, callable)?;
        }
        Ok(())
    }
}

/// A jump or branch was carried out.
pub(super) unsafe fn branched(vm: &Vm, stack: &Stack, frame: *mut Frame, from: u32, to: u32) -> PyResult<()> {
    // SAFETY: as `begun`.
    unsafe {
        let inst = (*frame).code.plain().inst(from as usize);
        let Some(op) = inst.op() else { return Ok(()) };
        let falls = to == from + op.words() as u32;
        let kind = match (op, falls) {
            (Op::ForPrep, _) => return Ok(()),
            (Op::Jump, _) => event::JUMP,
            (Op::ForNext | Op::Send, true) => event::BRANCH_RIGHT,
            (Op::ForNext | Op::Send, false) => event::BRANCH_LEFT,
            (_, true) => event::BRANCH_LEFT,
            (_, false) => event::BRANCH_RIGHT,
        };
        monitor::branch(vm, stack, frame, from, kind, to)
    }
}

/// The generator that the frame's `for`, `yield from` or `await` runs has returned a value: CPython makes a StopIteration of that, which these take.
pub(super) unsafe fn stopped(vm: &Vm, stack: &Stack, frame: *mut Frame, value: Value) -> PyResult<()> {
    // SAFETY: as `begun`.
    unsafe {
        if !matches!(Here::new((*frame).at).op(), Op::ForNext | Op::Send) {
            return Ok(());
        }
        let exception = vm.new_exception(&vm.types().stop_iteration, &[value])?.to_value();
        monitor::at_offset(vm, stack, frame, event::STOP_ITERATION, std::slice::from_ref(&exception))?;
        let arg = Tuple::new(vm, [vm.class_of(&exception).to_value(), exception, NONE].into_iter())?;
        trace(vm, stack, frame, "exception", Happening::Exception, arg.into())
    }
}

/// An exception is in a frame: it was raised there or has come from a function that it called.
pub(crate) fn raised(
    vm: &Vm,
    stack: &Stack,
    frame: *mut Frame,
    exception: &Ref<BaseException>,
    again: bool,
) -> PyResult<()> {
    let tracing = &stack.tracing;
    let depth = stack.depth();
    // SAFETY: the caller passes the top frame.
    unsafe {
        let pending = {
            let mut entries = tracing.entries.borrow_mut();
            while entries.last().is_some_and(|entry| entry.depth > depth) {
                entries.pop();
            }
            match entries.last_mut() {
                Some(entry) if entry.depth == depth => {
                    entry.branch = None;
                    Some((entry.offset, entry.call.take()))
                }
                _ => None,
            }
        };
        let value = exception.to_value();
        match pending {
            Some((offset, Some((callable, first)))) => {
                native_returned(vm, stack, frame, offset, callable, first, Some(exception))?;
            }
            Some(_) => {}
            None => {
                let offset = (*frame).offset();
                let line = (*frame).code.plain().location(offset).line;
                let entry =
                    Entry { depth, offset, lined: offset, line, begun: true, call: None, branch: None, stopped: None };
                tracing.entries.borrow_mut().push(entry);
                let thrown = !(*frame).saved.is_null()
                    && matches!(
                        (*frame).code.plain().inst(offset as usize).op(),
                        Some(Op::Yield | Op::ReturnGenerator)
                    );
                if thrown {
                    monitor::at_offset(vm, stack, frame, event::PY_THROW, std::slice::from_ref(&value))?;
                    trace(vm, stack, frame, "call", Happening::Call, NONE)?;
                    profile(vm, stack, frame, "call", NONE)?;
                }
            }
        }
        if again {
            return monitor::at_offset(vm, stack, frame, event::RERAISE, &[value]);
        }
        monitor::at_offset(vm, stack, frame, event::RAISE, std::slice::from_ref(&value))?;
        if stack.tracing.trace.borrow().is_none() {
            return Ok(());
        }
        let traceback = exception.traceback.get().unwrap_or(NONE);
        let arg = Tuple::new(vm, [vm.class_of(&value).to_value(), value, traceback].into_iter())?;
        trace(vm, stack, frame, "exception", Happening::Exception, arg.into())
    }
}

/// An exception goes on in a handler of the frame (`handled`), or leaves it.
pub(crate) fn leaving(
    vm: &Vm,
    stack: &Stack,
    frame: *mut Frame,
    exception: &Ref<BaseException>,
    handled: bool,
) -> PyResult<()> {
    let depth = stack.depth();
    let value = exception.to_value();
    // SAFETY: the caller passes the top frame.
    unsafe {
        if handled {
            return monitor::at_offset(vm, stack, frame, event::EXCEPTION_HANDLED, &[value]);
        }
        let at = (*frame).at;
        if (*frame).code.plain().location((*frame).offset()).is_none() {
            let entries = stack.tracing.entries.borrow();
            if let Some(entry) = entries.last().filter(|entry| entry.depth == depth) {
                (*frame).at = (*frame).code.words.0.as_ptr().add(entry.lined as usize);
            }
        }
        let told = monitor::at_offset(vm, stack, frame, event::PY_UNWIND, &[value])
            .and_then(|()| trace(vm, stack, frame, "return", Happening::Return, NONE))
            .and_then(|()| profile(vm, stack, frame, "return", NONE));
        (*frame).at = at;
        set_entry(&stack.tracing, depth, |entry| entry.branch = None);
        forget(&stack.tracing, depth);
        told
    }
}

/// Calls a callback of `sys.monitoring`.
pub(super) fn call_monitor(vm: &Vm, stack: &Stack, callback: &Value, arguments: &[Value]) -> PyResult<Value> {
    quietly(stack, Happening::None, || calls::call(vm, callback, Args { values: arguments, names: &[] }))
}
