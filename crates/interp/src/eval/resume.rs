//! Resuming generators from native code: `next`, `send`, `throw`, and what iterates natively.
//!
//! Invariant: when a function here returns, the frames it has pushed are gone, suspended or ended.

use crate::eval::dispatch::run;
use crate::eval::frame::{DRIVEN, FrameKind, Sink};
use crate::eval::saved::{SavedFrame, arrive, finished, give, park, push, receive, suspend};
use crate::eval::unwind;
use taipan_heap::Value;
use taipan_objects::builtins::NONE;
use taipan_objects::builtins::exception::BaseException;
use taipan_objects::types::Take;
use taipan_objects::vm::{PyResult, Vm};

/// What a resumed generator did.
pub(crate) enum Resumption {
    /// It yielded.
    Yielded(Value),
    /// It returned.
    Returned(Value),
}

/// Resumes a saved frame with a sent value, or (`Err`) by raising the exception that waits in the thread state. Its generator, whom the caller holds,
/// is told.
pub(crate) fn resume(vm: &Vm, saved: *mut SavedFrame, sent: PyResult<Value>) -> PyResult<Resumption> {
    resume_as(vm, saved, sent, 0)
}

/// Resumes a saved frame and gives what it yields to `take`, until that gives something back, which is then what was yielded.
pub(crate) fn drive(vm: &Vm, saved: *mut SavedFrame, take: &mut Take<'_>) -> PyResult<Resumption> {
    let stack = crate::stack(vm)?;
    // SAFETY: only the lifetime changes: the sink is taken off before this function returns, and while code runs that may not use it, as that
    // belongs to another run of the loop, its frames are not `DRIVEN`.
    let sink = unsafe { std::mem::transmute::<*mut Take<'_>, Sink>(std::ptr::from_mut(take)) };
    let outer = stack.sink.replace(Some(sink));
    let result = resume_as(vm, saved, Ok(NONE), DRIVEN);
    stack.sink.set(outer);
    result
}

fn resume_as(vm: &Vm, saved: *mut SavedFrame, sent: PyResult<Value>, mark: u16) -> PyResult<Resumption> {
    let stack = crate::stack(vm)?;
    let window = stack.free();
    // SAFETY: the caller holds the generator, which holds the frame; each that is parked holds the one above it.
    unsafe {
        let root = saved;
        let (mut saved, mut generator) = (saved, &*(*saved).owner);
        let room = stack.check_room(vm, window, (*saved).registers.0.len() as u16);
        if let Err(raised) = room.and_then(|()| vm.check_stack("")) {
            generator.begin(vm);
            generator.finish(vm);
            return Err(raised);
        }
        if sent.is_ok() && (*saved).delegate.is_some() && !stack.tracing.active() {
            let none = NONE;
            (generator, saved) = park(stack, generator, saved, window, sent.as_ref().unwrap_or(&none));
        }
        if (*saved).dst.is_none() {
            generator.header().set_unfinalized();
        }
        generator.begin(vm);
        let frame = push(stack, saved, window, FrameKind::Entry);
        (*frame).dst = mark;
        let mut result = match sent {
            Ok(value) => {
                arrive(stack, frame, (*saved).dst, &value);
                drop(value);
                run(vm, stack)
            }
            Err(raised) => unwind::unwind(vm, stack, raised, false).and_then(|()| run(vm, stack)),
        };
        loop {
            let suspended = (*saved).suspended;
            if suspended {
                generator.end(vm);
            } else {
                finished(generator);
                generator.finish(vm);
            }
            if saved == root || (*root).suspended {
                return result.map(if suspended { Resumption::Yielded } else { Resumption::Returned });
            }
            // The frame that was parked for it is the top one now, and goes on.
            let frame = stack.running();
            (*frame).kind = FrameKind::Entry;
            (*frame).dst = mark;
            saved = (*frame).saved;
            generator = &*(*saved).owner;
            result = match result {
                Ok(value) => {
                    (*frame).next = if suspended { receive(frame, value) } else { give(frame, value) };
                    run(vm, stack)
                }
                Err(raised) => unwind::unwind(vm, stack, raised, false).and_then(|()| run(vm, stack)),
            };
        }
    }
}

/// Puts a saved frame that delegates to an iterator on the stack for `throw`, which throws into that iterator. What comes out is yielded,
/// and what is raised is raised in the frame. The caller guarantees the same as for `resume`.
pub(crate) fn resume_throwing(
    vm: &Vm,
    saved: *mut SavedFrame,
    throw: impl FnOnce(&Vm) -> PyResult<Value>,
) -> PyResult<Resumption> {
    let stack = crate::stack(vm)?;
    let window = stack.free();
    // SAFETY: the caller's contract; `throw` leaves the stack as it finds it.
    unsafe {
        stack.check_room(vm, window, (*saved).registers.0.len() as u16)?;
        let (dst, delegate) = ((*saved).dst.unwrap_or_default(), (*saved).delegate);
        push(stack, saved, window, FrameKind::Entry);
        let raised = match vm.recursive("", || throw(vm)) {
            Ok(value) => {
                suspend(stack, dst, delegate);
                return Ok(Resumption::Yielded(value));
            }
            Err(raised) => raised,
        };
        // Here it is raised anew: what this frame handles is its context.
        let exception = vm.take_exception(raised);
        if let Some(handled) = vm.handled.get() {
            BaseException::chain(&exception, &handled);
        }
        unwind::unwind(vm, stack, vm.restore(exception), false)?;
        let value = vm.recursive("", || run(vm, stack))?;
        Ok(if (*saved).suspended { Resumption::Yielded(value) } else { Resumption::Returned(value) })
    }
}
