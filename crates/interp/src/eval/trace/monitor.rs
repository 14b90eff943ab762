//! `sys.monitoring`: tools, the events they want in all code or in one code object, and their callbacks.
//!
//! Invariant: a thread's `monitored` holds every event that some tool wants anywhere; what a callback has disabled at a place stays so until
//! `restart_events`.

use super::events;
use crate::code::CodeObject;
use crate::eval::frame::{Frame, Stack};
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use taipan_heap::{Obj, Value};
use taipan_objects::builtins::is_none;
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Vm};

/// The bits of events.
#[allow(missing_docs)]
pub mod event {
    pub const PY_START: u32 = 1;
    pub const PY_RESUME: u32 = 1 << 1;
    pub const PY_RETURN: u32 = 1 << 2;
    pub const PY_YIELD: u32 = 1 << 3;
    pub const CALL: u32 = 1 << 4;
    pub const LINE: u32 = 1 << 5;
    pub const INSTRUCTION: u32 = 1 << 6;
    pub const JUMP: u32 = 1 << 7;
    pub const BRANCH_LEFT: u32 = 1 << 8;
    pub const BRANCH_RIGHT: u32 = 1 << 9;
    pub const STOP_ITERATION: u32 = 1 << 10;
    pub const RAISE: u32 = 1 << 11;
    pub const EXCEPTION_HANDLED: u32 = 1 << 12;
    pub const PY_UNWIND: u32 = 1 << 13;
    pub const PY_THROW: u32 = 1 << 14;
    pub const RERAISE: u32 = 1 << 15;
    pub const C_RETURN: u32 = 1 << 16;
    pub const C_RAISE: u32 = 1 << 17;
    pub const BRANCH: u32 = 1 << 18;
    /// Events that a callback may disable at one place.
    pub const LOCAL: u32 = ((1 << 11) - 1) | BRANCH;
    /// What needs the outcome of jumps.
    pub const BRANCHES: u32 = JUMP | BRANCH_LEFT | BRANCH_RIGHT | BRANCH;
    /// How many there are.
    pub const COUNT: usize = 19;
}

/// Tools that may be in use at once.
pub const TOOLS: usize = 6;

/// One tool.
#[derive(Default)]
struct Tool {
    name: Option<Value>,
    global: u32,
    local: HashMap<usize, (Value, u32)>,
    callbacks: [Option<Value>; event::COUNT],
    /// Events disabled at places: code, offset (or line), bit.
    disabled: HashSet<(usize, u32, u32)>,
}

/// The tools of an interpreter.
#[derive(Default)]
pub struct Monitors {
    tools: RefCell<[Tool; TOOLS]>,
    disable: RefCell<Option<Value>>,
    missing: RefCell<Option<Value>>,
    wanted: Cell<u32>,
}

/// The tools of the interpreter.
pub fn monitors(vm: &Vm) -> Rc<Monitors> {
    vm.interp().state(Monitors::default)
}

fn sentinel(vm: &Vm, slot: &RefCell<Option<Value>>) -> PyResult<Value> {
    if let Some(found) = slot.borrow().clone() {
        return Ok(found);
    }
    let made = vm.call(&vm.types().object.to_value(), &[])?;
    *slot.borrow_mut() = Some(made.clone());
    Ok(made)
}

/// `sys.monitoring.DISABLE`
pub fn disable(vm: &Vm) -> PyResult<Value> {
    sentinel(vm, &monitors(vm).disable)
}

/// `sys.monitoring.MISSING`
pub fn missing(vm: &Vm) -> PyResult<Value> {
    sentinel(vm, &monitors(vm).missing)
}

/// Whether any of the events is wanted by somebody, somewhere.
pub(super) fn wants(stack: &Stack, events: u32) -> bool {
    stack.tracing.monitored.get() & events != 0
}

impl Monitors {
    /// The tool's name, if it is in use.
    pub fn name(&self, tool: usize) -> Option<Value> {
        self.tools.borrow()[tool].name.clone()
    }

    /// Puts a tool into use.
    pub fn begin(&self, tool: usize, name: Value) {
        self.tools.borrow_mut()[tool].name = Some(name);
    }

    /// Takes a tool's events and callbacks away, and (`free`) its name.
    pub fn clear(&self, vm: &Vm, tool: usize, free: bool) -> PyResult<()> {
        let mut old = std::mem::take(&mut self.tools.borrow_mut()[tool]);
        if !free {
            self.tools.borrow_mut()[tool].name = old.name.take();
        }
        drop(old);
        self.changed(vm)
    }

    /// Replaces a callback.
    pub fn register(&self, tool: usize, bit: usize, callback: Option<Value>) -> Option<Value> {
        std::mem::replace(&mut self.tools.borrow_mut()[tool].callbacks[bit], callback)
    }

    /// The events a tool wants everywhere.
    pub fn global(&self, tool: usize) -> u32 {
        self.tools.borrow()[tool].global
    }

    /// Sets them.
    pub fn set_global(&self, vm: &Vm, tool: usize, events: u32) -> PyResult<()> {
        self.tools.borrow_mut()[tool].global = events;
        self.changed(vm)
    }

    /// The events a tool wants in one code object.
    pub fn local(&self, tool: usize, code: &Obj<CodeObject>) -> u32 {
        self.tools.borrow()[tool].local.get(&code.header().address()).map_or(0, |(_, events)| *events)
    }

    /// Sets them.
    pub fn set_local(&self, vm: &Vm, tool: usize, code: &Obj<CodeObject>, events: u32) -> PyResult<()> {
        let key = code.header().address();
        let old = match events {
            0 => self.tools.borrow_mut()[tool].local.remove(&key),
            _ => self.tools.borrow_mut()[tool].local.insert(key, (code.to_value(), events)),
        };
        drop(old);
        self.changed(vm)
    }

    /// Events that were disabled are told again.
    pub fn restart(&self) {
        self.tools.borrow_mut().iter_mut().for_each(|tool| tool.disabled.clear());
    }

    /// The tools that want each event everywhere: pairs of bit number and a set of tools.
    pub fn all(&self) -> Vec<(usize, u32)> {
        let tools = self.tools.borrow();
        let of = |bit: usize| (0..TOOLS).filter(|&tool| tools[tool].global >> bit & 1 != 0).map(|tool| 1 << tool).sum();
        (0..event::COUNT).map(|bit| (bit, of(bit))).filter(|(_, tools)| *tools != 0).collect()
    }

    fn changed(&self, vm: &Vm) -> PyResult<()> {
        let wanted = self.tools.borrow().iter().fold(0, |wanted, tool| {
            tool.local.values().fold(wanted | tool.global, |wanted, (_, events)| wanted | events)
        });
        self.wanted.set(wanted);
        adopt(vm, crate::stack(vm)?);
        Ok(())
    }
}

/// Makes a thread listen to what the interpreter's tools want.
pub fn adopt(vm: &Vm, stack: &Stack) {
    stack.tracing.monitored.set(monitors(vm).wanted.get());
    events::changed(vm, stack);
}

/// The callbacks that are to be told of an event at a place, with their tools.
fn listeners(vm: &Vm, code: usize, place: u32, bits: u32) -> Vec<(usize, u32, Value)> {
    let monitors = monitors(vm);
    let tools = monitors.tools.borrow();
    let mut found = Vec::new();
    for (number, tool) in tools.iter().enumerate() {
        let wanted = tool.global | tool.local.get(&code).map_or(0, |(_, events)| *events);
        let mut wanted = wanted & bits;
        while wanted != 0 {
            let bit = wanted.trailing_zeros();
            wanted &= wanted - 1;
            if let Some(callback) = &tool.callbacks[bit as usize]
                && !tool.disabled.contains(&(code, place, bit))
            {
                found.push((number, bit, callback.clone()));
            }
        }
    }
    found
}

/// Tells tools of an event. Returns whether all of them have disabled it here.
unsafe fn tell(vm: &Vm, stack: &Stack, frame: *mut Frame, place: u32, bits: u32, rest: &[Value]) -> PyResult<bool> {
    if !wants(stack, bits) {
        return Ok(false);
    }
    // SAFETY: the frame is on the stack.
    let code = unsafe { (*frame).code.clone() };
    let key = code.header().address();
    let found = listeners(vm, key, place, bits);
    let mut left = !found.is_empty();
    for (tool, bit, callback) in found {
        let mut arguments = vec![code.to_value()];
        arguments.extend_from_slice(rest);
        let result = events::call_monitor(vm, stack, &callback, &arguments)?;
        if is_none(&result) || !result.is(&disable(vm)?) {
            left = false;
            continue;
        }
        if event::LOCAL >> bit & 1 == 0 {
            return Err(vm.value_error(format!("Cannot disable {} events. Callback removed.", NAMES[bit as usize])));
        }
        monitors(vm).tools.borrow_mut()[tool].disabled.insert((key, place, bit));
    }
    Ok(left)
}

/// The names of events, by bit.
pub const NAMES: [&str; event::COUNT] = [
    "PY_START",
    "PY_RESUME",
    "PY_RETURN",
    "PY_YIELD",
    "CALL",
    "LINE",
    "INSTRUCTION",
    "JUMP",
    "BRANCH_LEFT",
    "BRANCH_RIGHT",
    "STOP_ITERATION",
    "RAISE",
    "EXCEPTION_HANDLED",
    "PY_UNWIND",
    "PY_THROW",
    "RERAISE",
    "C_RETURN",
    "C_RAISE",
    "BRANCH",
];

/// An event at a place, told with the place and what belongs to the event.
pub(super) unsafe fn at(
    vm: &Vm,
    stack: &Stack,
    frame: *mut Frame,
    offset: u32,
    kind: u32,
    rest: &[Value],
) -> PyResult<()> {
    if !wants(stack, kind) {
        return Ok(());
    }
    let mut arguments = vec![(i64::from(offset) * 8).into_value(vm)?];
    arguments.extend_from_slice(rest);
    // SAFETY: the frame is on the stack.
    unsafe { tell(vm, stack, frame, offset, kind, &arguments).map(drop) }
}

/// An event at the instruction that runs.
pub(super) unsafe fn at_offset(vm: &Vm, stack: &Stack, frame: *mut Frame, kind: u32, rest: &[Value]) -> PyResult<()> {
    if !wants(stack, kind) {
        return Ok(());
    }
    // SAFETY: the frame is on the stack.
    unsafe { at(vm, stack, frame, (*frame).offset(), kind, rest) }
}

/// A line begins.
pub(super) unsafe fn line(vm: &Vm, stack: &Stack, frame: *mut Frame, line: u32) -> PyResult<()> {
    if !wants(stack, event::LINE) {
        return Ok(());
    }
    let number = i64::from(line).into_value(vm)?;
    // SAFETY: the frame is on the stack.
    unsafe { tell(vm, stack, frame, line, event::LINE, &[number]).map(drop) }
}

/// A call begins. Returns whether everybody who wants calls has disabled them here.
pub(super) unsafe fn call(
    vm: &Vm,
    stack: &Stack,
    frame: *mut Frame,
    callable: &Value,
    first: &Value,
) -> PyResult<bool> {
    if !wants(stack, event::CALL) {
        return Ok(false);
    }
    // SAFETY: the frame is on the stack.
    unsafe {
        let offset = (*frame).offset();
        let place = (i64::from(offset) * 8).into_value(vm)?;
        tell(vm, stack, frame, offset, event::CALL, &[place, callable.clone(), first.clone()])
    }
}

/// A jump or branch was carried out.
pub(super) unsafe fn branch(vm: &Vm, stack: &Stack, frame: *mut Frame, from: u32, kind: u32, to: u32) -> PyResult<()> {
    let old = if kind == event::JUMP { 0 } else { event::BRANCH };
    let arguments = [(i64::from(from) * 8).into_value(vm)?, (i64::from(to) * 8).into_value(vm)?];
    // SAFETY: the frame is on the stack.
    unsafe { tell(vm, stack, frame, from, kind | old, &arguments).map(drop) }
}
