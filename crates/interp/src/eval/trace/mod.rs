//! Tracing, profiling and monitoring: what `sys.settrace`, `sys.setprofile` and `sys.monitoring` see of running code.
//!
//! * this file – a thread's state and the events of one step; `events` – telling callbacks; `monitor` – `sys.monitoring`;
//! * `jump` – setting `f_lineno`; `breaks` – stopping frames at their next instruction.
//!
//! Nothing of this is paid for while nobody listens: the loop exists twice, and only the copy that runs while somebody does calls [`before`] at
//! each instruction. A thread changes from one copy to the other where it looks at its breaker, whose bit `TRACE` is set meanwhile.
//!
//! Invariants: `active` says whether the listening copy is to run, and is false while a callback runs; an entry of `entries` belongs to the frame
//! at its depth, and entries are sorted by depth.

mod breaks;
mod events;
mod jump;
pub mod monitor;

pub(super) use breaks::put_back;
pub use events::{
    call_tracing, profile_function, set_profile, set_profile_everywhere, set_trace, set_trace_everywhere,
    trace_function,
};
pub(crate) use events::{leaving, raised};
pub(crate) use jump::set_line;

use crate::eval::frame::{Frame, FrameKind, Stack};
use crate::eval::here::Here;
use monitor::event;
use std::cell::{Cell, RefCell};
use std::sync::atomic::Ordering;
use taipan_bytecode::Op;
use taipan_heap::Value;
use taipan_objects::builtins::is_none;
use taipan_objects::vm::{PyResult, Vm, breaker};

/// What a frame was doing when it was last looked at.
struct Entry {
    depth: usize,
    offset: u32,
    /// The last instruction that has a line.
    lined: u32,
    /// The line of the last event; 0 for none.
    line: u32,
    /// The function has begun: its first event was told.
    begun: bool,
    /// The native function being called, and its first argument, for the event of its return.
    call: Option<(Value, Value)>,
    /// A jump that was just carried out, from here.
    branch: Option<u32>,
    /// What the generator that a `for` runs over has just returned.
    stopped: Option<Value>,
}

/// What happens in a callback of `sys.settrace`, for what may be done there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Happening {
    None,
    Call,
    Line,
    Return,
    Exception,
    Opcode,
}

/// A thread's state.
pub struct Tracing {
    trace: RefCell<Option<Value>>,
    profile: RefCell<Option<Value>>,
    /// Callbacks that are running.
    busy: Cell<u32>,
    active: Cell<bool>,
    /// The loop was left to go on in its other copy.
    switching: Cell<bool>,
    entries: RefCell<Vec<Entry>>,
    happening: Cell<Happening>,
    /// Where the running frame is to go on, as `f_lineno` was set.
    jump: Cell<Option<u32>>,
    /// The events that `sys.monitoring` wants, in any code.
    monitored: Cell<u32>,
}

impl Default for Tracing {
    fn default() -> Tracing {
        Tracing {
            trace: RefCell::default(),
            profile: RefCell::default(),
            busy: Cell::new(0),
            active: Cell::new(false),
            switching: Cell::new(false),
            entries: RefCell::default(),
            happening: Cell::new(Happening::None),
            jump: Cell::new(None),
            monitored: Cell::new(0),
        }
    }
}

impl Tracing {
    /// Shows the trace and the profile function, for reports.
    pub(crate) fn each_function(&self, held: &mut dyn FnMut(&Value)) {
        for function in [&self.trace, &self.profile] {
            function.borrow().iter().for_each(&mut *held);
        }
    }

    /// Whether the copy of the loop that tells is to run.
    #[inline(always)]
    pub(crate) fn active(&self) -> bool {
        self.active.get()
    }

    /// Asks for the other copy of the loop.
    pub(super) fn switch(&self) {
        self.switching.set(true);
    }

    /// Whether the loop was left for its other copy.
    pub(super) fn take_switch(&self) -> bool {
        self.switching.replace(false)
    }

    fn listening(&self) -> bool {
        self.trace.borrow().is_some() || self.profile.borrow().is_some() || self.monitored.get() != 0
    }
}

/// Brings the thread's breaker in line with who listens.
fn refresh(stack: &Stack) {
    let tracing = &stack.tracing;
    let active = tracing.listening() && tracing.busy.get() == 0;
    tracing.active.set(active);
    match active {
        true => stack.breaker.fetch_or(breaker::TRACE, Ordering::Relaxed),
        false => stack.breaker.fetch_and(!breaker::TRACE, Ordering::Relaxed),
    };
}

/// What the loop does next.
pub(super) enum Step {
    /// The instruction.
    Go,
    /// The instruction at this offset.
    Jump(u32),
    /// It is left: nobody listens any more.
    Leave,
}

/// The line of an instruction that begins a line's run of instructions; 0 for others.
fn line_begun(frame: &Frame, offset: u32) -> u32 {
    let code = frame.code.plain();
    let mut last = 0;
    for (start, words, location) in code.locations() {
        if (start..start + words).contains(&offset) {
            // A new run of the same line begins none.
            return if start == offset || last != location.line { location.line } else { 0 };
        }
        last = location.line;
    }
    0
}

/// The instruction that stands for the line of an endless loop, when execution has just come back to the loop's beginning behind it.
fn loop_header(frame: &Frame, last: u32, offset: u32) -> Option<u32> {
    let plain = frame.code.plain();
    let back = offset <= last && plain.inst(last as usize).op() == Some(Op::Jump);
    let header = offset.checked_sub(1)?;
    (back && plain.inst(header as usize).op() == Some(Op::Nop) && !plain.location(header).is_none()).then_some(header)
}

/// The frame goes on at a line that was set. Whoever set it is not told of that line.
unsafe fn jumped_to(tracing: &Tracing, depth: usize, frame: *mut Frame, target: u32) {
    // SAFETY: the caller passes a frame on the stack.
    let line = unsafe { (*frame).code.plain().location(target).line };
    set_entry(tracing, depth, |entry| (entry.line, entry.offset) = (line, target));
}

/// Whether the instruction is the jump back at the end of an endless loop, come to by another jump: it has the line of what stands before it,
/// which was not carried out.
fn resumes_loop(frame: &Frame, last: u32, offset: u32) -> bool {
    let plain = frame.code.plain();
    let inst = plain.inst(offset as usize);
    let before = plain.inst(last as usize).op().map_or(0, |op| last + op.words() as u32);
    let target = i64::from(offset) + 1 + i64::from(inst.bc_signed());
    inst.op() == Some(Op::Jump)
        && before != offset
        && target <= i64::from(offset)
        && u32::try_from(target).is_ok_and(|target| loop_header(frame, offset, target).is_some())
}

/// Called before each instruction of the running frame.
pub(super) fn before(vm: &Vm, stack: &Stack, at: *const Cell<u64>) -> PyResult<Step> {
    let tracing = &stack.tracing;
    if !tracing.active.get() {
        return Ok(Step::Leave);
    }
    let frame = stack.running();
    let depth = stack.depth();
    // SAFETY: the running frame is on the stack and stays there; `at` is an instruction of its code.
    let (resumed_from, offset, inst) = unsafe {
        let old = (*frame).offset();
        (*frame).at = at;
        (*frame).next = at;
        if let Some(object) = &(*frame).object {
            object.instruction_ended();
        }
        (old, (*frame).offset(), Here::new(at))
    };
    if inst.op() == Op::Break {
        put_back(vm);
    }
    let op = inst.op();
    let known = {
        let mut entries = tracing.entries.borrow_mut();
        while entries.last().is_some_and(|entry| entry.depth > depth) {
            entries.pop();
        }
        entries.last().is_some_and(|entry| entry.depth == depth)
    };
    // SAFETY: as above; frames are only read between calls into Python.
    unsafe {
        if !known {
            let resumed =
                !(*frame).saved.is_null() && (*frame).code.plain().inst(resumed_from as usize).op() == Some(Op::Yield);
            let begun = op != Op::Resume && offset != 0 && !matches!(op, Op::ReturnGenerator | Op::MakeCell);
            let line = if begun { (*frame).code.plain().location(resumed_from).line } else { 0 };
            let entry = Entry {
                depth,
                offset: resumed_from,
                lined: resumed_from,
                line,
                begun,
                call: None,
                branch: None,
                stopped: None,
            };
            tracing.entries.borrow_mut().push(entry);
            if resumed {
                (*frame).at = (*frame).code.words.0.as_ptr().add(resumed_from as usize);
                let told = events::begun(vm, stack, frame, event::PY_RESUME);
                (*frame).at = at;
                told?;
            }
        }
        let (mut last, mut line_before, begun, call, branch, lined) = {
            let mut entries = tracing.entries.borrow_mut();
            let Some(entry) = entries.last_mut() else { return Ok(Step::Go) };
            let lined = entry.lined;
            let state = (entry.offset, entry.line, entry.begun, entry.call.take(), entry.branch.take(), lined);
            entry.offset = offset;
            if !(*frame).code.plain().location(offset).is_none() {
                entry.lined = offset;
            }
            state
        };
        if let Some((callable, first)) = call {
            events::native_returned(vm, stack, frame, last, callable, first, None)?;
        }
        let stopped = tracing.entries.borrow_mut().last_mut().and_then(|entry| entry.stopped.take());
        if let Some(value) = stopped {
            (*frame).at = (*frame).code.words.0.as_ptr().add(last as usize);
            let told = events::stopped(vm, stack, frame, value);
            (*frame).at = at;
            told?;
        }
        if let Some(from) = branch {
            events::branched(vm, stack, frame, from, offset)?;
        }
        if op == Op::Resume {
            set_entry(tracing, depth, |entry| (entry.begun, entry.line) = (true, 0));
            events::begun(vm, stack, frame, event::PY_START)?;
            return Ok(Step::Go);
        }
        if !begun {
            return Ok(Step::Go);
        }
        if let Some(header) = loop_header(&*frame, last, offset) {
            let plain = (*frame).code.plain().location(header).line;
            set_entry(tracing, depth, |entry| entry.line = plain);
            (*frame).at = (*frame).code.words.0.as_ptr().add(header as usize);
            let told = events::line(vm, stack, frame, plain);
            if tracing.jump.get().is_none() {
                (*frame).at = at;
            }
            told?;
            if let Some(target) = tracing.jump.take() {
                jumped_to(tracing, depth, frame, target);
                return Ok(Step::Jump(target));
            }
            line_before = plain;
            last = offset;
        }
        let line = match resumes_loop(&*frame, last, offset) {
            true => 0,
            false => line_begun(&*frame, offset),
        };
        if line != 0 && (line != line_before || offset < last) {
            set_entry(tracing, depth, |entry| entry.line = line);
            events::line(vm, stack, frame, line)?;
            if let Some(target) = tracing.jump.take() {
                jumped_to(tracing, depth, frame, target);
                return Ok(Step::Jump(target));
            }
        }
        events::instruction(vm, stack, frame, offset)?;
        match op {
            Op::Return | Op::ReturnConst => {
                let value = match op {
                    Op::Return => (*frame).window.get(inst.a()).clone(),
                    _ => (*frame).code.consts[inst.bc() as usize].clone(),
                };
                if (*frame).code.plain().location(offset).is_none() {
                    // The end of a body has no line of its own: it belongs to what ran before it.
                    (*frame).at = (*frame).code.words.0.as_ptr().add(lined as usize);
                }
                let told = events::returned(vm, stack, frame, event::PY_RETURN, &value);
                (*frame).at = at;
                told?;
                forget(tracing, depth);
                if (*frame).kind == FrameKind::Generator && !is_none(&value) {
                    set_entry(tracing, depth - 1, |entry| entry.stopped = Some(value));
                }
            }
            Op::Yield => {
                let value = (*frame).window.get(inst.b()).clone();
                events::returned(vm, stack, frame, event::PY_YIELD, &value)?;
                forget(tracing, depth);
            }
            Op::ReturnGenerator => forget(tracing, depth),
            Op::Call | Op::CallKw | Op::CallEx => {
                let call = events::calling(vm, stack, frame, inst)?;
                set_entry(tracing, depth, |entry| entry.call = call);
            }
            _ if is_branch(op) && monitor::wants(stack, event::BRANCHES) => {
                set_entry(tracing, depth, |entry| entry.branch = Some(offset));
            }
            _ => {}
        }
        if !tracing.active.get() {
            return Ok(Step::Leave);
        }
    }
    Ok(Step::Go)
}

/// Whether the operation may go on elsewhere than behind itself.
fn is_branch(op: Op) -> bool {
    use taipan_bytecode::{Extra, Kind};
    let info = op.info();
    info.operands[0] == Kind::Jump16 || info.operands[1] == Kind::Jump || info.extra.contains(&Extra::Jump)
}

fn set_entry(tracing: &Tracing, depth: usize, change: impl FnOnce(&mut Entry)) {
    let mut entries = tracing.entries.borrow_mut();
    if let Some(entry) = entries.iter_mut().rfind(|entry| entry.depth == depth) {
        change(entry);
    }
}

/// The frame at that depth is left.
fn forget(tracing: &Tracing, depth: usize) {
    let mut gone = Vec::new();
    let mut entries = tracing.entries.borrow_mut();
    while entries.last().is_some_and(|entry| entry.depth >= depth) {
        gone.extend(entries.pop());
    }
    drop(entries);
    drop(gone);
}
