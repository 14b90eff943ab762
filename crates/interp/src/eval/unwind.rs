//! What happens after an exception: traceback entries, the exception table, leaving frames.
//!
//! Invariant: the exception is held here, not in the thread state, while values are dropped.

use crate::eval::frame::{Frame, FrameKind, Stack};
use crate::eval::trace;
use crate::frame::FrameObject;
use taipan_bytecode::{Inst, Op, RESTORE};
use taipan_heap::{Ref, Value};
use taipan_objects::builtins::exception::BaseException;
use taipan_objects::builtins::traceback;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// Finds the handler of the exception that waits in the thread state, leaving frames up to the innermost entry from native code.
/// `Ok`: the top frame goes on at its `next`. `again`: the top frame has its traceback entry already.
pub(super) unsafe fn unwind(vm: &Vm, stack: &Stack, raised: Raised, mut again: bool) -> PyResult<()> {
    let mut exception = vm.take_exception(raised);
    loop {
        // SAFETY: the frame that raised is on the stack (L1).
        unsafe {
            let frame = stack.top().unwrap_unchecked();
            let offset = (*frame).offset();
            if !again {
                add_entry(vm, stack, frame, &exception, offset);
            }
            if stack.tracing.active()
                && let Err(raised) = trace::raised(vm, stack, frame, &exception, again)
            {
                exception = vm.take_exception(raised);
            }
            again = false;
            let code_object = (*frame).code.clone();
            let code = code_object.plain();
            let handler = code.handler(offset);
            if stack.tracing.active()
                && let Err(raised) = trace::leaving(vm, stack, frame, &exception, handler.is_some())
            {
                exception = vm.take_exception(raised);
            }
            if let Some(handler) = handler {
                if let Some(object) = &(*frame).object {
                    object.catch(place(frame, code, offset));
                }
                let window = (*frame).window;
                let registers = (*frame).code.shape().registers;
                window.clear_range(handler.clear_from, registers - handler.clear_from);
                window.set(handler.exc_reg, exception.into());
                (*frame).next = (*frame).code.words.0.as_ptr().add(handler.target as usize);
                return Ok(());
            }
            (*frame).at = (*frame).code.words.0.as_ptr().add(place(frame, code, offset) as usize);
            let (kind, dst) = ((*frame).kind, (*frame).dst);
            let (variables, registers) = ((*frame).code.shape().variables, (*frame).code.shape().registers);
            (*frame).window.clear_range(variables, registers - variables);
            // It goes on nowhere: code that runs while its variables are dropped does not see it.
            (*frame).next = std::ptr::null();
            drop(super::calls::leave(vm, stack, frame));
            match kind {
                FrameKind::Entry => return Err(vm.restore(exception)),
                FrameKind::Generator => super::saved::raised(vm, frame.sub(1)),
                FrameKind::Operation if dst == super::special::HASHED => {
                    exception = super::keyed::raised(vm, frame.sub(1), exception);
                }
                FrameKind::Operation => {
                    if super::special::ends_loop(vm, frame.sub(1), &exception) {
                        return Ok(());
                    }
                }
                FrameKind::Inline | FrameKind::Init => {}
            }
        }
    }
}

/// Where the frame is said to be: at its instruction, or where its last handler caught what the compiler's own code raises again.
unsafe fn place(frame: *mut Frame, code: &taipan_bytecode::Code, offset: u32) -> u32 {
    let inst = Inst(code.code[offset as usize]);
    // SAFETY: the frame is on the stack.
    match unsafe { &(*frame).object } {
        Some(object) if inst.op() == Some(Op::Reraise) && inst.has(RESTORE) => object.caught_at(),
        _ => offset,
    }
}

unsafe fn add_entry(vm: &Vm, stack: &Stack, frame: *mut Frame, exception: &Ref<BaseException>, offset: u32) {
    // SAFETY: the frame is on the stack.
    let object = unsafe { frame_object(vm, stack, frame) };
    let added = object.and_then(|object| traceback::add_traceback(vm, exception, object.into(), offset));
    if let Err(raised) = added {
        // No memory for a traceback entry: the exception goes on without it.
        drop(vm.take_exception(raised));
    }
}

/// The frame as Python sees it.
pub(crate) unsafe fn frame_object(vm: &Vm, stack: &Stack, frame: *mut Frame) -> PyResult<Ref<FrameObject>> {
    let _ = stack;
    // SAFETY: the frame is on the stack.
    unsafe {
        if let Some(object) = &(*frame).object {
            return Ok(object.clone());
        }
        let object = FrameObject::new(vm, frame)?;
        (*frame).object = Some(object.clone());
        Ok(object)
    }
}

/// Moves the variables of a frame that is about to be left into its frame object, if anybody else holds that.
#[cold]
pub(crate) unsafe fn detach_frame_object(vm: &Vm, stack: &Stack, frame: *mut Frame) {
    // SAFETY: the frame is the top one; its variables are live or empty.
    unsafe {
        let Some(object) = (*frame).object.take() else { return };
        if object.header().count() == 1 {
            object.detach((*frame).offset(), Vec::new());
            return;
        }
        // What resumed a generator did not call it.
        if (*frame).saved.is_null() {
            object.keep_back(vm, stack);
        }
        let window = (*frame).window;
        let variables = (*frame).code.shape().variables;
        let values: Vec<Option<Value>> = (0..variables).map(|register| window.take(register)).collect();
        object.detach((*frame).offset(), values);
    }
}
