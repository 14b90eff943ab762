//! Frames that wait: how a generator's frame leaves the stack and comes back, in the loop (`for`, `yield from`, `await`) or from native code.
//!
//! A generator that waits in a `yield from` or `await` of another one is *parked* when it is resumed: its frame stands on the stack, but its registers stay
//! in the `SavedFrame`, which the frame's window points to, for the other one is resumed at once and what that yields is everybody's. Only when that
//! one ends do they move to the stack (`unpark`).
//!
//! Invariants: the registers of a generator are in exactly one place, its `SavedFrame` while it waits or is parked, else the stack; its references to
//! function and code are in the `SavedFrame` while it waits, else on the stack. Above a parked frame stands that of the generator it waits for, so
//! no code runs while a parked frame is the top one. A parked generator handles no exception, and is not among the thread's handlers of exceptions.

use crate::code::{CodeObject, Suspends};
use crate::eval::frame::{DRIVEN, Frame, FrameKind, Stack};
use crate::eval::here::Here;
use crate::eval::window::Window;
use crate::frame::FrameObject;
use crate::function::Function;
use crate::generator::Generator;
use std::cell::Cell;
use std::marker::PhantomData;
use std::mem::{ManuallyDrop, MaybeUninit};
use taipan_bytecode::{DELEGATE, Inst, Intrinsic1, Op};
use taipan_heap::{Buffer, Obj, Payload, Ref, Traverse, Value, Visit, Visitor};
use taipan_objects::builtins::is_none;
use taipan_objects::vm::{PyResult, Vm};

/// The registers of a generator that waits, and empty ones up to a whole number of groups. They are dropped from the last to the first.
#[derive(Default)]
pub struct SavedRegisters(pub Buffer<Option<Value>>);

/// Registers are moved in groups of so many: what stands behind a frame's own is dead, so it may come along.
const GROUP: usize = 4;

/// The number of registers that are moved for a frame that has so many.
#[inline(always)]
fn whole_groups(registers: u16) -> usize {
    (registers as usize).next_multiple_of(GROUP)
}

/// Moves `count` registers, whole groups and one at least. `EMPTY`: what they were in is empty then, not only dead.
#[inline(always)]
unsafe fn move_registers<const EMPTY: bool>(from: *mut Option<Value>, to: *mut Option<Value>, count: usize) {
    // SAFETY: the caller passes places for as many registers that do not overlap; those of `to` are dead.
    unsafe {
        debug_assert!(count > 0);
        move_group::<EMPTY>(from, to);
        if count > GROUP {
            move_group::<EMPTY>(from.add(GROUP), to.add(GROUP));
            if count > 2 * GROUP {
                move_more::<EMPTY>(from.add(2 * GROUP), to.add(2 * GROUP), count - 2 * GROUP);
            }
        }
    }
}

#[inline(always)]
unsafe fn move_group<const EMPTY: bool>(from: *mut Option<Value>, to: *mut Option<Value>) {
    // SAFETY: as `move_registers`.
    unsafe {
        let group = from.cast::<[MaybeUninit<Option<Value>>; GROUP]>();
        to.cast::<[MaybeUninit<Option<Value>>; GROUP]>().write(group.read());
        if EMPTY {
            for register in 0..GROUP {
                from.add(register).write(None);
            }
        }
    }
}

/// The groups of larger frames, out of the line of most.
#[inline(never)]
unsafe fn move_more<const EMPTY: bool>(from: *mut Option<Value>, to: *mut Option<Value>, count: usize) {
    // SAFETY: as `move_registers`.
    unsafe {
        for at in (0..count).step_by(GROUP) {
            move_group::<EMPTY>(from.add(at), to.add(at));
        }
    }
}

// SAFETY: the buffer is visited, which holds all.
unsafe impl Traverse for SavedRegisters {
    const HOLDS_REFERENCES: bool = true;
    fn traverse<V: Visit>(&self, visitor: &mut V) {
        self.0.traverse(visitor);
    }
}

/// The place that the registers of a generator had, once that has ended: for those of the next one that its object is used for.
#[derive(Default)]
pub struct Room(Cell<Buffer<Option<Value>>>);

/// Places of so many registers at most are kept for later.
const ROOM_KEPT: usize = 32;

impl Room {
    /// Whether there is a place, and not too large a one.
    pub(crate) fn is_worth_keeping(&self) -> bool {
        // SAFETY: nobody keeps a borrow.
        let capacity = unsafe { (*self.0.as_ptr()).capacity() };
        (1..=ROOM_KEPT).contains(&capacity)
    }
}

// SAFETY: it is empty always: what was in it has moved to a frame or is dropped.
unsafe impl Traverse for Room {
    const HOLDS_REFERENCES: bool = false;
    fn traverse<V: Visit>(&self, _: &mut V) {}
    const OWNS_MEMORY: bool = true;
    fn memory(&self) -> usize {
        // SAFETY: nobody keeps a borrow.
        unsafe { (*self.0.as_ptr()).memory() }
    }
}

/// What an object refers to that is put on a shelf when it dies. Invariant: there is something as long as anybody can reach that object.
pub struct Held<T>(Cell<Option<Value>>, PhantomData<T>);

impl<T> Default for Held<T> {
    fn default() -> Held<T> {
        Held(Cell::new(None), PhantomData)
    }
}

impl<T: Payload> Held<T> {
    /// Puts it into a new object, where nothing is.
    #[inline(always)]
    pub(crate) fn fill(&self, target: &Obj<T>) {
        // SAFETY: nobody keeps a borrow, and nothing was there.
        unsafe { self.0.as_ptr().write(Some(target.to_value())) };
    }

    /// Gives it up.
    pub(crate) fn clear(&self) {
        self.0.set(None);
    }

    /// Gives it up, unless that would be its end; says whether it did.
    #[inline(always)]
    pub(crate) fn let_go(&self) -> bool {
        // SAFETY: nobody keeps a borrow.
        Value::let_go(unsafe { &mut *self.0.as_ptr() })
    }
}

impl<T: Payload> std::ops::Deref for Held<T> {
    type Target = Obj<T>;
    #[inline]
    fn deref(&self) -> &Obj<T> {
        // SAFETY: the invariant; only `fill` puts something in.
        unsafe { (*self.0.as_ptr()).as_ref().and_then(Value::downcast::<T>).unwrap_unchecked() }
    }
}

// SAFETY: what is visited is owned, and visited once.
unsafe impl<T> Traverse for Held<T> {
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
    pub(super) owner: *const Obj<Generator>,
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

/// The frame of a generator that does not run, if it has not finished.
#[inline(always)]
pub(crate) fn waiting(generator: &Generator) -> Option<*mut SavedFrame> {
    if generator.running.get() {
        return None;
    }
    // SAFETY: nobody keeps a borrow.
    unsafe { (*generator.saved.as_ptr()).as_mut().map(std::ptr::from_mut::<SavedFrame>) }
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

    /// Whether it owns nothing, as after its end.
    fn is_bare(&self) -> bool {
        !self.suspended && self.object.is_none() && self.registers.0.is_empty()
    }

    /// The iterator that `throw` and `close` go to first.
    pub fn delegate(&self) -> Option<Value> {
        if !self.suspended {
            return None;
        }
        self.registers.0.get(self.delegate? as usize)?.clone()
    }

    /// Word offset of the suspended instruction.
    pub fn offset(&self) -> u32 {
        ((self.at.addr() - self.code.words.0.as_ptr().addr()) / 8) as u32
    }
}

/// Makes a generator of the top frame, which goes away; also returns how the frame would have ended.
pub(super) unsafe fn make_generator(vm: &Vm, stack: &Stack) -> PyResult<(Value, (FrameKind, u16))> {
    // SAFETY: there is a top frame, at the start of its function: only variables are live.
    unsafe {
        let frame = stack.running();
        let shape = (*frame).code.shape();
        let (count, suspends) = (whole_groups(shape.registers), shape.suspends);
        let made = Generator::make(vm, &(*frame).function, &(*frame).code)?;
        let generator = &*std::ptr::from_ref::<Obj<Generator>>(&*made);
        let mut room = generator.room.0.take();
        if room.capacity() < count {
            room = Buffer::with_capacity(vm.heap(), count).map_err(|error| vm.out_of_memory(error))?;
        }
        // From here on nothing fails.
        move_registers::<true>((*frame).window.0, room.as_mut_ptr(), count);
        room.set_len(count);
        let saved = generator.saved.as_ptr();
        std::ptr::write(
            saved,
            Some(SavedFrame {
                function: std::ptr::read((&raw const (*frame).function).cast()),
                code: std::ptr::read((&raw const (*frame).code).cast()),
                registers: SavedRegisters(room),
                next: (*frame).next,
                at: (*frame).at,
                dst: None,
                delegate: None,
                object: None,
                suspended: true,
                owner: generator,
            }),
        );
        if suspends == Suspends::Generator {
            // There is nothing to finalize until it begins.
            generator.header().set_finalized();
        }
        let saved = (*saved).as_mut().unwrap_unchecked();
        if let Some(object) = (*frame).object.take() {
            object.suspend(saved);
            saved.object = Some(object);
        }
        let ended = ((*frame).kind, (*frame).dst);
        if (*frame).subject.is_none() && (*frame).locals.is_none() {
            stack.forget(frame);
        } else {
            std::mem::forget(((*frame).function.clone(), (*frame).code.clone()));
            drop(stack.pop());
        }
        Ok((made.into(), ended))
    }
}

/// Takes away the frame of a generator that has ended. The place of its registers stays for those of another.
#[inline(always)]
pub(crate) fn wind_up(generator: &Generator) {
    // SAFETY: nobody keeps a borrow. A bare frame owns nothing but that place, which moves; the generator had no other one.
    unsafe {
        let saved = generator.saved.as_ptr();
        match &mut *saved {
            Some(frame) if frame.is_bare() => {
                std::ptr::write(generator.room.0.as_ptr(), std::mem::take(&mut frame.registers.0));
                std::ptr::write(saved, None);
            }
            saved => end_frame(saved),
        }
    }
}

#[cold]
#[inline(never)]
fn end_frame(saved: &mut Option<SavedFrame>) {
    drop(saved.take());
}

/// Whether a frame is parked.
#[inline(always)]
pub(super) unsafe fn is_parked(frame: *mut Frame) -> bool {
    // SAFETY: the caller passes a frame on the stack, or the place below them.
    unsafe { !(*frame).saved.is_null() && !(*(*frame).saved).registers.0.is_empty() }
}

/// Moves the top frame, a generator's, back into its `SavedFrame`, and with it the parked frames below it. In the place below the top frame's stands
/// afterwards the frame that goes on, or where that is further down, what `yielded` and the loop want to know of it.
#[inline]
pub(super) unsafe fn suspend(stack: &Stack, dst: u16, delegate: Option<u16>) {
    // SAFETY: the frame was pushed by `push`, whose saved frame outlives the run and has room for all registers.
    // Each register is moved, so it is emptied.
    unsafe {
        let frame = stack.running();
        let saved = (*frame).saved;
        let count = whole_groups((*frame).code.shape().registers);
        debug_assert!((*saved).registers.0.is_empty() && (*saved).registers.0.capacity() >= count);
        move_registers::<true>((*frame).window.0, (*saved).registers.0.as_mut_ptr(), count);
        (*saved).registers.0.set_len(count);
        (*saved).next = (*frame).next;
        (*saved).at = (*frame).at;
        (*saved).dst = Some(dst);
        (*saved).delegate = delegate;
        // Its function and code are the saved frame's again; such a frame owns nothing else.
        debug_assert!((*frame).locals.is_none() && (*frame).subject.is_none());
        put_down(stack, frame);
        if is_parked(frame.sub(1)) {
            put_down_parked(stack, frame);
        }
    }
}

/// Gives what the top frame yields to the thread's sink, if all it is passed on by are `yield from` and `await`; `None` if it was taken. The
/// frame then goes on as if it had been suspended and sent None.
#[inline(never)]
pub(super) unsafe fn offer(stack: &Stack, mut frame: *mut Frame, value: Value) -> Option<Value> {
    // SAFETY: frames on the stack stand at instructions of verified code; below one that the loop resumed is the one whose instruction did it, and behind
    // a `Send` with its one extra word is another instruction. The sink is there while `drive` is.
    unsafe {
        while (*frame).kind == FrameKind::Generator {
            frame = frame.sub(1);
            let at = (*frame).at;
            let passed_on = Here::new(at.add(2));
            if Here::new(at).op() != Op::Send || passed_on.op() != Op::Yield || !passed_on.has(DELEGATE) {
                return Some(value);
            }
        }
        match stack.sink.get() {
            Some(sink) if (*frame).kind == FrameKind::Entry && (*frame).dst == DRIVEN => (*sink)(value),
            _ => Some(value),
        }
    }
}

/// Takes a suspended frame off the stack.
#[inline(always)]
unsafe fn put_down(stack: &Stack, frame: *mut Frame) {
    // SAFETY: what the top frame holds is the saved frame's again.
    unsafe {
        let saved = (*frame).saved;
        (*saved).suspended = true;
        if (*frame).object.is_some() {
            put_down_object(frame);
        }
        stack.forget(frame);
    }
}

#[cold]
#[inline(never)]
unsafe fn put_down_object(frame: *mut Frame) {
    // SAFETY: as `put_down`; the saved frame has no object while the frame has.
    unsafe {
        let saved = (*frame).saved;
        if let Some(object) = (*frame).object.take() {
            object.suspend(&*saved);
            (*saved).object = Some(object);
        }
    }
}

/// The frame above parked ones has yielded, so they have.
#[inline(never)]
unsafe fn put_down_parked(stack: &Stack, frame: *mut Frame) {
    // SAFETY: parked frames' generators are alive, as the frames below hold them; the place below `frame` is dead when its frame is gone.
    unsafe {
        let mut below = frame.sub(1);
        if stack.tracing.active()
            && let Some(vm) = Vm::entered_last()
        {
            // Who listens is told of each.
            unpark(&vm, below, (*frame).window);
            return;
        }
        while is_parked(below) {
            put_down(stack, below);
            (*(*(*below).saved).owner).running.set(false);
            below = below.sub(1);
        }
        if (*frame).kind == FrameKind::Generator {
            let shown = frame.sub(1);
            (*shown).window = (*below).window;
            (*shown).at = (*below).at;
        }
    }
}

/// Moves the registers of a parked frame, above which no live frame stands, onto the stack.
unsafe fn unpark(vm: &Vm, frame: *mut Frame, window: Window) {
    // SAFETY: room was checked when the frame was parked; the window is that of the frame that stood above it, which is dead.
    unsafe {
        let registers = &mut (*(*frame).saved).registers.0;
        let count = registers.len();
        registers.set_len(0);
        move_registers::<false>(registers.as_mut_ptr(), window.0, count);
        (*frame).window = window;
        vm.idle_generator();
    }
}

/// The frame of a generator that another may be parked for is about to leave the stack: nothing of it is live but function and code.
#[inline(always)]
pub(super) unsafe fn leaving(vm: &Vm, frame: *mut Frame) {
    // SAFETY: the caller's promise.
    unsafe {
        if !(*frame).saved.is_null() && is_parked(frame.sub(1)) {
            unpark(vm, frame.sub(1), (*frame).window);
        }
    }
}

/// Moves a saved frame onto the stack. Room was checked. The caller guarantees that `saved` stays where it is while the frame runs,
/// and is taken away when the frame has finished.
#[inline(always)]
pub(super) unsafe fn push(stack: &Stack, saved: *mut SavedFrame, window: Window, kind: FrameKind) -> *mut Frame {
    // SAFETY: the saved frame is alive and suspended; its registers move above every live one, and dead places are written without a drop.
    unsafe {
        let count = (*saved).registers.0.len();
        debug_assert!(count == whole_groups((*saved).code.shape().registers));
        (*saved).registers.0.set_len(0);
        move_registers::<false>((*saved).registers.0.as_mut_ptr(), window.0, count);
        place(stack, saved, window, (*saved).at, kind)
    }
}

/// Pushes the frame of a saved frame whose registers stand in `window`.
#[inline(always)]
unsafe fn place(
    stack: &Stack,
    saved: *mut SavedFrame,
    window: Window,
    at: *const Cell<u64>,
    kind: FrameKind,
) -> *mut Frame {
    // SAFETY: as `push`.
    unsafe {
        (*saved).suspended = false;
        let frame = stack.push(Frame {
            function: std::ptr::read(&raw const *(*saved).function),
            code: std::ptr::read(&raw const *(*saved).code),
            locals: None,
            window,
            at,
            next: (*saved).next,
            dst: 0,
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

/// Whether there is room for a suspended frame in that window.
#[inline(always)]
unsafe fn fits(stack: &Stack, window: Window, saved: *mut SavedFrame) -> bool {
    // SAFETY: the saved frame is alive.
    unsafe { stack.has_room(window, (*saved).registers.0.len() as u16) }
}

/// The generator that a suspended one waits for, if it can be parked, and where its `Send` stands.
unsafe fn waits_for<'a>(
    stack: &Stack,
    generator: &Obj<Generator>,
    saved: *mut SavedFrame,
    window: Window,
    sent: &Value,
) -> Option<(&'a Obj<Generator>, *mut SavedFrame, *const Cell<u64>)> {
    // SAFETY: the saved frame is alive and suspended, its instruction is of verified code.
    unsafe {
        let delegate = (*saved).delegate?;
        let at = (*saved).at.sub(2);
        let inner = (*saved).registers.0.get(delegate as usize)?.as_ref()?.downcast_exact::<Generator>()?;
        let waiting = inner.waiting()?;
        let passes = Here::new(at).op() == Op::Send
            && generator.handled.is_empty()
            && !inner.is_async_generator()
            && ((*waiting).dst.is_some() || is_none(sent))
            && stack.has_frames(2)
            && fits(stack, window, saved)
            && fits(stack, window, waiting);
        passes.then_some((&*std::ptr::from_ref(inner), waiting, at))
    }
}

/// Parks the generator, the one it waits for, and so on; returns the last one, which is to run.
#[inline(never)]
pub(super) unsafe fn park<'a>(
    stack: &Stack,
    mut generator: &'a Obj<Generator>,
    mut saved: *mut SavedFrame,
    window: Window,
    sent: &Value,
) -> (&'a Obj<Generator>, *mut SavedFrame) {
    // SAFETY: each frame holds the generator whose frame is above it.
    unsafe {
        while let Some((inner, waiting, at)) = waits_for(stack, generator, saved, window, sent) {
            let registers = Window((*saved).registers.0.as_mut_ptr());
            place(stack, saved, registers, at, FrameKind::Generator);
            generator.running.set(true);
            (generator, saved) = (inner, waiting);
        }
        (generator, saved)
    }
}

/// Resumes a generator for the `ForNext` or `Send` that the top frame is at. `false`: that is for native code to do or to refuse.
pub(super) unsafe fn enter(vm: &Vm, stack: &Stack, generator: &Obj<Generator>, sent: &Value) -> bool {
    // SAFETY: the caller's frame holds the generator in a register until this frame has left the stack.
    unsafe {
        let Some(mut saved) = generator.waiting() else { return false };
        let window = stack.free();
        if !fits(stack, window, saved) {
            return false;
        }
        let mut generator = generator;
        match (*saved).dst {
            None if !is_none(sent) => return false,
            None => generator.header().set_unfinalized(),
            Some(_) if (*saved).delegate.is_some() && !stack.tracing.active() => {
                (generator, saved) = park(stack, generator, saved, window, sent);
                // The last one may be a new one, and there was a check of room for all.
                if (*saved).dst.is_none() {
                    generator.header().set_unfinalized();
                }
            }
            Some(_) => {}
        }
        generator.begin(vm);
        let frame = push(stack, saved, window, FrameKind::Generator);
        arrive(stack, frame, (*saved).dst, sent);
        true
    }
}

/// Gives a resumed frame what was sent. A `yield` that stands alone clears it again at once, so there nothing is written.
#[inline(always)]
pub(super) unsafe fn arrive(stack: &Stack, frame: *mut Frame, dst: Option<u16>, sent: &Value) {
    let Some(dst) = dst else { return };
    // SAFETY: the frame is the top one, about to go on with an instruction of verified code; the register is dead.
    unsafe {
        let next = Here::new((*frame).next);
        if next.op() == Op::Clear && next.a() == dst && !stack.tracing.active() {
            (*frame).next = (*frame).next.add(1);
        } else {
            (*frame).window.set(dst, sent.clone());
        }
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
    // SAFETY: the suspended frame's place is as it was left; both instructions have one extra word, an offset.
    unsafe {
        (*(*(*caller.add(1)).saved).owner).end(vm);
        receive(caller, value)
    }
}

/// Gives the caller's `ForNext` or `Send` what the generator has yielded; returns where it goes on.
#[inline(always)]
pub(super) unsafe fn receive(caller: *mut Frame, value: Value) -> *const Cell<u64> {
    // SAFETY: as `yielded`.
    unsafe {
        let (at, w) = ((*caller).at, (*caller).window);
        let inst = Here::new(at);
        w.set(inst.a(), value);
        if inst.op() == Op::ForNext {
            return at.add(2).offset((*at.add(1)).get() as i32 as isize);
        }
        at.add(2)
    }
}

/// A generator that has run to its end has nothing left to finalize.
pub(super) fn finished(generator: &Obj<Generator>) {
    generator.header().set_finalized();
}

/// As `yielded`, when the frame has returned and left the stack.
pub(super) unsafe fn returned(vm: &Vm, caller: *mut Frame, value: Value) -> *const Cell<u64> {
    // SAFETY: as `yielded`.
    unsafe {
        finished(running(caller));
        running(caller).finish(vm);
        give(caller, value)
    }
}

/// Ends the caller's `ForNext` or `Send` with what the generator has returned; returns where it goes on.
pub(super) unsafe fn give(caller: *mut Frame, value: Value) -> *const Cell<u64> {
    // SAFETY: as `yielded`.
    unsafe {
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
