//! Frames that wait: how a generator's frame leaves the stack and comes back, in the loop (`for`, `yield from`, `await`) or from native code.
//!
//! Invariant: the registers of a generator, and its references to function and code, are in exactly one place, its `SavedFrame` while it waits and the stack while it runs.

use crate::code::CodeObject;
use crate::eval::dispatch::run;
use crate::eval::frame::{Frame, FrameKind, Stack};
use crate::eval::here::Here;
use crate::eval::unwind;
use crate::eval::window::Window;
use crate::frame::FrameObject;
use crate::function::Function;
use crate::generator::Generator;
use std::cell::Cell;
use std::mem::ManuallyDrop;
use taipan_bytecode::{Inst, Intrinsic1, Op};
use taipan_heap::{Buffer, Obj, Ref, Traverse, Value, Visit, Visitor};
use taipan_objects::builtins::exception::BaseException;
use taipan_objects::builtins::is_none;
use taipan_objects::vm::{PyResult, Vm};

/// The registers of a generator that waits, with room for all that it has when it runs. They are dropped from the last to the first.
#[derive(Default)]
pub struct SavedRegisters(pub Buffer<Option<Value>>);

// SAFETY: the buffer is visited, which holds all.
unsafe impl Traverse for SavedRegisters {
    const HOLDS_REFERENCES: bool = true;
    fn traverse<V: Visit>(&self, visitor: &mut V) {
        self.0.traverse(visitor);
    }
}

/// Registers of a frame that has ended. They are dropped from the last to the first.
#[derive(Default)]
pub struct Registers(pub Vec<Option<Value>>);

// SAFETY: the registers are owned, and visited once; `drop` looks at none.
unsafe impl Traverse for Registers {
    const HOLDS_REFERENCES: bool = true;
    fn traverse<V: Visit>(&self, visitor: &mut V) {
        self.0.traverse(visitor);
    }
}

impl Drop for Registers {
    fn drop(&mut self) {
        while let Some(register) = self.0.pop() {
            drop(register);
        }
    }
}

/// A frame that is not running: a generator's.
pub struct SavedFrame {
    /// The function; owned while the frame does not run.
    pub function: ManuallyDrop<Ref<Function>>,
    /// Its code; owned likewise.
    pub code: ManuallyDrop<Ref<CodeObject>>,
    /// The registers; empty while the frame runs.
    pub registers: SavedRegisters,
    /// Where to go on.
    pub next: *const Cell<u64>,
    /// The instruction that suspended it.
    pub at: *const Cell<u64>,
    /// Register that the next sent value goes to; none before the first resumption.
    pub dst: Option<u16>,
    /// Register of the iterator being delegated to.
    pub delegate: Option<u16>,
    /// The frame as Python sees it, once asked for.
    pub object: Option<Ref<FrameObject>>,
    /// Whether it is suspended (or was not started) rather than running.
    pub suspended: bool,
    /// The generator that owns it, not counted; null until it is made.
    owner: *const Obj<Generator>,
}

// SAFETY: what is owned is visited once; of what it refers to, `drop` only tells the frame object, whose payload is not dropped before the heap's blocks are freed.
unsafe impl Traverse for SavedFrame {
    const HOLDS_REFERENCES: bool = true;
    fn traverse<V: Visit>(&self, visitor: &mut V) {
        if self.suspended {
            self.function.traverse(visitor);
            self.code.traverse(visitor);
        }
        self.registers.0.traverse(visitor);
        self.object.traverse(visitor);
    }
    fn traverse_labelled(&self, visitor: &mut Visitor<'_>) {
        if self.suspended {
            visitor.field("function", |visitor| self.function.traverse(visitor));
            visitor.field("code", |visitor| self.code.traverse(visitor));
        }
        visitor.field("registers", |visitor| self.registers.0.traverse_labelled(visitor));
        visitor.field("object", |visitor| self.object.traverse(visitor));
    }
}

impl Drop for SavedFrame {
    fn drop(&mut self) {
        if let Some(object) = &self.object {
            object.abandon();
        }
        if self.suspended {
            // Registers go first, as when a frame is left.
            drop(std::mem::take(&mut self.registers));
            // SAFETY: both are owned here, and nobody looks at them again.
            unsafe {
                ManuallyDrop::drop(&mut self.function);
                ManuallyDrop::drop(&mut self.code);
            }
        }
    }
}

impl SavedFrame {
    /// The generator whose frame it is.
    pub fn owner(&self) -> Option<Value> {
        // SAFETY: a generator owns its saved frame, so it is there as long as this is.
        unsafe { self.owner.as_ref() }.map(Obj::to_value)
    }

    /// Whether closing it would run any of its code: it is suspended where an exception has a handler. The one around the whole body,
    /// which is only there for StopIteration, does not count.
    pub fn has_handler(&self) -> bool {
        let plain = self.code.plain();
        let around_body = |target: u32| {
            let inst = Inst(plain.code[target as usize]);
            inst.op() == Some(Op::Intrinsic1) && inst.c() == Intrinsic1::StopIterationError as u16
        };
        plain.handler(self.offset()).is_some_and(|handler| !around_body(handler.target))
    }

    /// Ends the frame: its variables go to its frame object if anybody else holds that.
    pub fn end(mut self) {
        if let Some(object) = self.object.take() {
            object.abandon();
            let kept = object.header().count() > 1;
            let variables = self.code.shape().variables as usize;
            let offset = self.offset();
            let registers = &mut self.registers.0;
            let values = if kept { registers.drain_to_vec(0..variables.min(registers.len())) } else { Vec::new() };
            object.detach(offset, values);
        }
    }

    /// The iterator that `throw` and `close` go to first.
    pub fn delegate(&self) -> Option<Value> {
        self.registers.0.get(self.delegate? as usize)?.clone()
    }

    /// Word offset of the suspended instruction.
    pub fn offset(&self) -> u32 {
        ((self.at.addr() - self.code.words.0.as_ptr().addr()) / 8) as u32
    }
}

/// Tells a saved frame which generator owns it.
pub(crate) fn set_owner(saved: *mut SavedFrame, generator: &Value) {
    if let Some(generator) = generator.downcast::<Generator>() {
        // SAFETY: the generator, which was just made, holds the frame.
        unsafe { (*saved).owner = generator };
    }
}

/// What a resumed generator did.
pub(crate) enum Resumption {
    /// It yielded.
    Yielded(Value),
    /// It returned.
    Returned(Value),
}

/// Makes a generator of the top frame, which goes away; also returns how the frame would have ended.
pub(super) unsafe fn make_generator(vm: &Vm, stack: &Stack) -> PyResult<(Value, (FrameKind, u16))> {
    // SAFETY: there is a top frame, at the start of its function: only variables are live.
    unsafe {
        let frame = stack.top().unwrap_unchecked();
        let (window, shape) = ((*frame).window, (*frame).code.shape());
        let registers = Buffer::<Option<Value>>::with_capacity(vm.heap(), shape.registers as usize);
        let mut registers = registers.map_err(|error| vm.out_of_memory(error))?;
        for register in 0..shape.variables {
            registers.as_mut_ptr().add(register as usize).write(window.take(register));
        }
        registers.set_len(shape.variables as usize);
        let saved = SavedFrame {
            function: ManuallyDrop::new((*frame).function.clone()),
            code: ManuallyDrop::new((*frame).code.clone()),
            registers: SavedRegisters(registers),
            next: (*frame).next,
            at: (*frame).at,
            dst: None,
            delegate: None,
            object: None,
            suspended: true,
            owner: std::ptr::null(),
        };
        let made = Generator::make(vm, saved)?;
        let ended = ((*frame).kind, (*frame).dst);
        drop(stack.pop());
        Ok((made, ended))
    }
}

/// Moves the top frame, a generator's, back into its `SavedFrame`.
#[inline]
pub(super) unsafe fn suspend(stack: &Stack, dst: u16, delegate: Option<u16>) {
    // SAFETY: the frame was pushed by `push`, whose saved frame outlives the run and has room for all registers.
    // Each register is moved, so it is emptied.
    unsafe {
        let frame = stack.top().unwrap_unchecked();
        let saved = (*frame).saved;
        let count = (*frame).code.shape().registers as usize;
        let (from, to) = ((*frame).window.0, (*saved).registers.0.as_mut_ptr());
        debug_assert!((*saved).registers.0.is_empty() && (*saved).registers.0.capacity() >= count);
        for register in 0..count {
            to.add(register).write(from.add(register).replace(None));
        }
        (*saved).registers.0.set_len(count);
        (*saved).next = (*frame).next;
        (*saved).at = (*frame).at;
        (*saved).dst = Some(dst);
        (*saved).delegate = delegate;
        (*saved).suspended = true;
        if let Some(object) = (*frame).object.take() {
            object.suspend(&*saved);
            (*saved).object = Some(object);
        }
        // Its function and code are the saved frame's again; such a frame owns nothing else.
        debug_assert!((*frame).locals.is_none() && (*frame).subject.is_none());
        stack.forget(frame);
    }
}

/// Moves a saved frame onto the stack. Room was checked. The caller guarantees that `saved` stays where it is while the frame runs,
/// and is taken away when the frame has finished.
#[inline]
unsafe fn push(stack: &Stack, saved: *mut SavedFrame, window: Window, dst: u16, kind: FrameKind) -> *mut Frame {
    // SAFETY: the saved frame is alive and suspended; its registers move above every live one, and dead places are written without a drop.
    unsafe {
        let (count, all) = ((*saved).registers.0.len(), (*saved).code.shape().registers as usize);
        debug_assert!(all <= (*saved).registers.0.capacity());
        (*saved).registers.0.set_len(0);
        std::ptr::copy_nonoverlapping((*saved).registers.0.as_ptr(), window.0, count);
        for register in count..all {
            window.0.add(register).write(None);
        }
        (*saved).suspended = false;
        let frame = stack.push(Frame {
            function: std::ptr::read(&raw const *(*saved).function),
            code: std::ptr::read(&raw const *(*saved).code),
            locals: None,
            window,
            at: (*saved).at,
            next: (*saved).next,
            dst,
            kind,
            subject: None,
            saved,
            object: (*saved).object.take(),
        });
        if let Some(object) = &(*frame).object {
            object.resume(frame);
        }
        frame
    }
}

/// Resumes a generator for the `ForNext` or `Send` that the top frame is at. `false`: that is for native code to do or to refuse.
pub(super) unsafe fn enter(vm: &Vm, stack: &Stack, generator: &Obj<Generator>, sent: &Value) -> bool {
    // SAFETY: the caller's frame holds the generator in a register until this frame has left the stack.
    unsafe {
        let Some(saved) = generator.waiting() else { return false };
        let window = stack.free();
        if (*saved).dst.is_none() && !is_none(sent) || !stack.has_room(window, (*saved).code.shape().registers) {
            return false;
        }
        generator.begin(vm);
        push(stack, saved, window, 0, FrameKind::Generator);
        if let Some(dst) = (*saved).dst {
            window.set(dst, sent.clone());
        }
        true
    }
}

/// The generator that the frame above `caller` runs.
unsafe fn running<'a>(caller: *mut Frame) -> &'a Obj<Generator> {
    // SAFETY: only `enter` pushes such frames: the caller's instruction has the generator in operand `b`.
    unsafe { (*caller).window.get(Here::new((*caller).at).b()).downcast::<Generator>().unwrap_unchecked() }
}

/// The frame above `caller` has been suspended: gives it what was yielded. Returns where it goes on.
#[inline(always)]
pub(super) unsafe fn yielded(vm: &Vm, caller: *mut Frame, value: Value) -> *const Cell<u64> {
    // SAFETY: as `running`; both instructions have one extra word, an offset.
    unsafe {
        running(caller).end(vm);
        let (at, w) = ((*caller).at, (*caller).window);
        let inst = Here::new(at);
        if inst.op() == Op::ForNext {
            w.set(inst.a(), value);
            return at.add(2).offset((*at.add(1)).get() as i32 as isize);
        }
        w.set(inst.a(), value);
        at.add(2)
    }
}

/// A generator that has run to its end has nothing left to finalize.
fn finished(generator: &Obj<Generator>) {
    generator.header().set_finalized();
}

/// As `yielded`, when the frame has returned and left the stack.
pub(super) unsafe fn returned(vm: &Vm, caller: *mut Frame, value: Value) -> *const Cell<u64> {
    // SAFETY: as `yielded`.
    unsafe {
        finished(running(caller));
        running(caller).finish(vm);
        let (at, w) = ((*caller).at, (*caller).window);
        let inst = Here::new(at);
        if inst.op() == Op::ForNext {
            drop(value);
            w.clear_range(inst.b(), 3);
            return at.add(2);
        }
        w.set(inst.a(), value);
        at.add(2).offset((*at.add(1)).get() as i32 as isize)
    }
}

/// As `returned`, when the frame has ended in an exception.
pub(super) unsafe fn raised(vm: &Vm, caller: *mut Frame) {
    // SAFETY: as `running`.
    unsafe {
        finished(running(caller));
        running(caller).finish(vm);
    }
}

/// Resumes a saved frame with a sent value, or (`Err`) by raising the exception that waits in the thread state.
///
/// The caller guarantees that `saved` stays where it is while the frame runs, and takes it away when the result is not `Yielded`.
pub(crate) fn resume(vm: &Vm, saved: *mut SavedFrame, sent: PyResult<Value>) -> PyResult<Resumption> {
    let stack = crate::stack(vm)?;
    let window = stack.free();
    // SAFETY: the caller's contract.
    unsafe {
        stack.check_room(vm, window, (*saved).code.shape().registers)?;
        push(stack, saved, window, 0, FrameKind::Entry);
        let result = match sent {
            Ok(value) => {
                if let Some(dst) = (*saved).dst {
                    window.set(dst, value);
                }
                vm.recursive("", || run(vm, stack))
            }
            Err(raised) => match unwind::unwind(vm, stack, raised, false) {
                Ok(()) => vm.recursive("", || run(vm, stack)),
                Err(raised) => Err(raised),
            },
        };
        if !(*saved).suspended
            && let Some(generator) = (*saved).owner.as_ref()
        {
            finished(generator);
        }
        result.map(|value| match (*saved).suspended {
            true => Resumption::Yielded(value),
            false => Resumption::Returned(value),
        })
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
        stack.check_room(vm, window, (*saved).code.shape().registers)?;
        let (dst, delegate) = ((*saved).dst.unwrap_or_default(), (*saved).delegate);
        push(stack, saved, window, 0, FrameKind::Entry);
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
