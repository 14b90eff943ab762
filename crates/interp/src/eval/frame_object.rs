//! `frame`: a running, suspended or finished frame as Python sees it.
//!
//! Invariant: `live` points at a frame on its thread's stack, or is null; a frame that leaves the stack detaches its object first.
//! `saved` points at a suspended generator's frame, or is null; a saved frame that goes away takes the pointer back first.

use crate::code::CodeObject;
use crate::eval::frame::{Frame, Stack};
use crate::eval::saved::{Held, Registers, SavedFrame};
use crate::function::Function;
use std::cell::{Cell, RefCell};
use taipan_bytecode::{Op, VariableKind};
use taipan_heap::{Obj, Payload, Ref, Retire, Slot, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::{NONE, dict::Dict, int, is_none, str::Str};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// A frame object.
#[derive(Payload, Default)]
#[payload(name = "frame", retire)]
pub struct FrameObject {
    code: Held<CodeObject>,
    function: Held<Function>,
    locals: Slot,
    live: LiveFrame,
    saved: Suspended,
    /// Instruction offset once it does not run; while it runs, where its last handler caught something.
    lasti: Cell<u32>,
    /// The variables once it has finished.
    registers: RefCell<Registers>,
    /// `f_back` once it has finished.
    back: Slot,
    /// `f_trace`
    trace: Slot,
    trace_lines: Cell<bool>,
    trace_opcodes: Cell<bool>,
    /// What `f_locals` has besides the variables.
    extra: Slot,
    /// What variables held before they were set from outside: the instruction that runs may still be looking at it.
    kept: RefCell<Registers>,
}

struct LiveFrame(Cell<*mut Frame>);
struct Suspended(Cell<*const SavedFrame>);
taipan_heap::no_references!(LiveFrame, Suspended);

impl Default for LiveFrame {
    fn default() -> LiveFrame {
        LiveFrame(Cell::new(std::ptr::null_mut()))
    }
}

impl Default for Suspended {
    fn default() -> Suspended {
        Suspended(Cell::new(std::ptr::null()))
    }
}

impl Retire for FrameObject {
    const SHELF: usize = 4;
    fn retire(&self) -> bool {
        self.code.clear();
        self.function.clear();
        self.locals.set(None);
        drop(self.registers.take());
        self.back.set(None);
        self.trace.set(None);
        self.extra.set(None);
        drop(self.kept.take());
        true
    }
    #[inline(always)]
    fn retire_quietly(&self) -> bool {
        let bare = [&self.extra, &self.trace, &self.locals].into_iter().all(Slot::is_empty);
        bare && self.kept.borrow().0.is_empty()
            && self.registers.borrow().0.is_empty()
            && self.back.let_go()
            && self.function.let_go()
            && self.code.let_go()
    }
}

impl FrameObject {
    /// The object of a frame on the stack.
    pub(crate) fn new(vm: &Vm, frame: *mut Frame) -> PyResult<Ref<FrameObject>> {
        // SAFETY: the caller passes a frame on the stack.
        let frame_ref = unsafe { &*frame };
        let object = FrameObject::make(vm, &frame_ref.code, &frame_ref.function)?;
        if frame_ref.locals.is_some() {
            object.locals.set(frame_ref.locals.clone());
        }
        object.live.0.set(frame);
        Ok(object)
    }

    /// The object of a suspended generator's frame, which will own it.
    pub(crate) fn of_saved(vm: &Vm, saved: &SavedFrame) -> PyResult<Ref<FrameObject>> {
        let object = FrameObject::make(vm, &saved.code, &saved.function)?;
        object.saved.0.set(saved);
        object.lasti.set(saved.offset());
        Ok(object)
    }

    #[inline]
    fn make(vm: &Vm, code: &Obj<CodeObject>, function: &Obj<Function>) -> PyResult<Ref<FrameObject>> {
        let class = &*crate::types(vm)?.frame;
        let object = match vm.heap().take_retired_at_once::<FrameObject>(class) {
            Some(object) => object,
            None => FrameObject::make_slowly(vm, class)?,
        };
        object.code.fill(code);
        object.function.fill(function);
        object.live.0.set(std::ptr::null_mut());
        object.saved.0.set(std::ptr::null());
        object.lasti.set(0);
        object.trace_lines.set(true);
        object.trace_opcodes.set(false);
        Ok(object)
    }

    #[inline(never)]
    fn make_slowly(vm: &Vm, class: &Obj<Type>) -> PyResult<Ref<FrameObject>> {
        match vm.heap().take_retired::<FrameObject>(class) {
            Some(object) => Ok(object),
            None => vm.alloc(class, FrameObject::default()),
        }
    }

    /// The frame, which is the top one, is about to be left: keeps what called it.
    pub(crate) fn keep_back(&self, vm: &Vm, stack: &Stack) {
        let caller = visible_below(stack, stack.depth().saturating_sub(1), 0).map(|below| of(vm, stack, below));
        match caller.transpose() {
            Ok(caller) => self.back.set(caller.flatten().map(Value::from)),
            // Without room for the caller's object, `f_back` is None.
            Err(raised) => drop(vm.take_exception(raised)),
        }
    }

    /// The frame has finished; `values` are its variables.
    pub(crate) fn detach(&self, offset: u32, values: Vec<Option<Value>>) {
        self.lasti.set(offset);
        self.live.0.set(std::ptr::null_mut());
        let old = self.registers.replace(Registers(values));
        drop(old);
    }

    /// The frame has been suspended and waits in `saved`, which owns this object.
    pub(crate) fn suspend(&self, saved: &SavedFrame) {
        self.lasti.set(saved.offset());
        self.live.0.set(std::ptr::null_mut());
        self.saved.0.set(saved);
    }

    /// The frame runs again.
    pub(crate) fn resume(&self, frame: *mut Frame) {
        self.live.0.set(frame);
        self.saved.0.set(std::ptr::null());
    }

    /// A handler of the running frame catches what was raised at this offset.
    pub(crate) fn catch(&self, offset: u32) {
        self.lasti.set(offset);
    }

    /// Where the running frame's last handler caught something.
    pub(crate) fn caught_at(&self) -> u32 {
        self.lasti.get()
    }

    /// The suspended frame is no more.
    pub(crate) fn abandon(&self) {
        self.saved.0.set(std::ptr::null());
    }

    /// `f_trace`
    pub(crate) fn tracer(&self) -> Option<Value> {
        self.trace.get()
    }

    /// Sets `f_trace`.
    pub(crate) fn set_tracer(&self, tracer: Option<Value>) {
        self.trace.set(tracer);
    }

    /// `f_trace_lines`
    pub(crate) fn traces_lines(&self) -> bool {
        self.trace_lines.get()
    }

    /// `f_trace_opcodes`
    pub(crate) fn traces_opcodes(&self) -> bool {
        self.trace_opcodes.get()
    }

    /// The frame, while it is on a stack.
    pub(crate) fn live(&self) -> Option<*mut Frame> {
        Some(self.live.0.get()).filter(|frame| !frame.is_null())
    }

    /// Lets go of what was kept for the instruction that ran when variables were set.
    pub(crate) fn instruction_ended(&self) {
        let kept = self.kept.take();
        drop(kept);
    }

    /// What `f_locals` has besides the variables, if anything.
    pub(crate) fn extra_locals(&self) -> Option<Value> {
        self.extra.get()
    }

    /// The same, made if there is nothing yet.
    pub(crate) fn make_extra_locals(&self, vm: &Vm) -> PyResult<Value> {
        if let Some(extra) = self.extra.get() {
            return Ok(extra);
        }
        let made: Value = Dict::new(vm)?.into();
        self.extra.set(Some(made.clone()));
        Ok(made)
    }

    /// The variables by name, hidden ones left out, with their registers.
    pub(crate) fn named_registers(&self) -> Vec<(Ref<Str>, usize)> {
        let names = self.code.variables.iter().enumerate();
        let visible = names.filter(|(_, name)| !name.to_lossy().starts_with('.'));
        visible.map(|(register, name)| (name.clone(), register)).collect()
    }

    /// The variables of comprehensions that are running, with their registers and whether these hold cells.
    pub(crate) fn scoped_registers(&self) -> Vec<(String, usize, bool)> {
        if self.running().is_none() && self.saved.0.get().is_null() {
            return Vec::new();
        }
        let offset = self.offset();
        let plain = self.code.plain();
        let scoped = plain.scoped_names.iter().filter(|scoped| (scoped.start..scoped.end).contains(&offset));
        scoped.map(|scoped| (scoped.name.to_string(), scoped.reg as usize, scoped.is_cell)).collect()
    }

    /// The value in a register, out of its cell.
    pub(crate) fn value_of(&self, register: usize) -> Option<Value> {
        let held = self.register(register)?;
        match held.downcast::<crate::cell::Cell>() {
            Some(cell) if self.is_cell(register) => cell.contents.get(),
            _ => Some(held),
        }
    }

    fn is_cell(&self, register: usize) -> bool {
        let plain = self.code.plain();
        match plain.variables.get(register) {
            Some(variable) => variable.kind != VariableKind::Local,
            None => plain.scoped_names.iter().any(|scoped| scoped.reg as usize == register && scoped.is_cell),
        }
    }

    /// Sets the variable in a register.
    pub(crate) fn set_value(&self, register: usize, value: Value) {
        if self.is_cell(register)
            && let Some(held) = self.register(register)
            && let Some(cell) = held.downcast::<crate::cell::Cell>()
        {
            return cell.contents.set(Some(value));
        }
        let old = if let Some(frame) = self.live() {
            // SAFETY: the module's invariant; the callers pass registers of variables.
            unsafe { (*(*frame).window.at(register as u16)).replace(value) }
        } else if let Some(saved) = std::ptr::NonNull::new(self.saved.0.get().cast_mut()) {
            // SAFETY: the module's invariant; a suspended frame is only looked at here.
            unsafe {
                let registers = &mut (*saved.as_ptr()).registers.0;
                registers.get_mut(register).and_then(|place| place.replace(value))
            }
        } else {
            let mut registers = self.registers.borrow_mut();
            if registers.0.len() <= register {
                registers.0.resize_with(register + 1, || None);
            }
            registers.0[register].replace(value)
        };
        // Dropped when the instruction that may be looking at it is over.
        self.kept.borrow_mut().0.extend(old.map(Some));
    }

    /// The code.
    pub fn code(&self) -> &Obj<CodeObject> {
        &self.code
    }

    /// The global namespace.
    pub fn globals(&self) -> &Ref<Dict> {
        &self.function.globals
    }

    /// The builtin namespace.
    pub fn builtins(&self) -> &Ref<Dict> {
        &self.function.builtins
    }

    /// Offset of the instruction being executed, in words.
    pub fn offset(&self) -> u32 {
        match self.running() {
            Some(frame) => frame.offset(),
            None => self.lasti.get(),
        }
    }

    /// Current line.
    pub fn line(&self) -> u32 {
        self.code.plain().line_at(self.offset())
    }

    fn running(&self) -> Option<&Frame> {
        // SAFETY: the module's invariant.
        unsafe { self.live.0.get().as_ref() }
    }

    /// What a register holds.
    fn register(&self, index: usize) -> Option<Value> {
        if let Some(frame) = self.running() {
            // SAFETY: the callers pass registers within the window.
            return unsafe { frame.window.peek(index as u16).cloned() };
        }
        // SAFETY: the module's invariant.
        if let Some(saved) = unsafe { self.saved.0.get().as_ref() } {
            return saved.registers.0.get(index).cloned().flatten();
        }
        self.registers.borrow().0.get(index).cloned().flatten()
    }

    /// The variable in register `index`, out of its cell.
    fn variable(&self, index: usize) -> Option<Value> {
        let held = self.register(index)?;
        let plain = self.code.plain();
        match plain.variables.get(index).map(|variable| variable.kind) {
            Some(VariableKind::Local) => Some(held),
            _ => match held.downcast::<crate::cell::Cell>() {
                Some(cell) => cell.contents.get(),
                None => Some(held),
            },
        }
    }

    /// `f_locals`: the namespace of module and class code; a new dict of a function's variables.
    pub fn locals(&self, vm: &Vm) -> PyResult<Value> {
        if let Some(locals) = self.locals.get() {
            return Ok(locals);
        }
        if !self.code.has(taipan_bytecode::CodeFlags::OPTIMIZED) {
            return Ok(self.function.globals.to_value());
        }
        let dict = Dict::new(vm)?;
        for (index, name) in self.code.variables.iter().enumerate() {
            if let Some(value) = self.variable(index)
                && !name.to_lossy().starts_with('.')
            {
                dict.set(vm, &name.to_value(), value)?;
            }
        }
        self.add_scoped(vm, &dict)?;
        if let Some(extra) = self.extra.get().and_then(|extra| extra.downcast_into::<Dict>().ok()) {
            for (key, value) in extra.snapshot() {
                dict.set(vm, &key, value)?;
            }
        }
        Ok(dict.into())
    }

    /// Adds the variables of a comprehension that is running in this frame.
    fn add_scoped(&self, vm: &Vm, dict: &Obj<Dict>) -> PyResult<()> {
        if self.running().is_none() && self.saved.0.get().is_null() {
            return Ok(());
        }
        let offset = self.offset();
        for scoped in self.code.plain().scoped_names.iter().filter(|s| (s.start..s.end).contains(&offset)) {
            let held = self.register(scoped.reg as usize);
            let value = match held {
                Some(held) if scoped.is_cell => held.downcast::<crate::cell::Cell>().and_then(|c| c.contents.get()),
                held => held,
            };
            if let Some(value) = value {
                dict.set_text(vm, &scoped.name, value)?;
            }
        }
        Ok(())
    }
}

/// What `super()` without arguments means in the running frame: the class of the `__class__` cell and the first argument.
pub(crate) fn super_arguments(vm: &Vm) -> PyResult<(Value, Value)> {
    let Some(frame) = current(vm, 0)? else { return Err(vm.runtime_error("super(): no current frame")) };
    if frame.code.shape().positional == 0 {
        return Err(vm.runtime_error("super(): no arguments"));
    }
    let Some(first) = frame.variable(0) else { return Err(vm.runtime_error("super(): arg[0] deleted")) };
    let index = frame.code.variables.iter().position(|name| name.equals("__class__"));
    let Some(index) = index else { return Err(vm.runtime_error("super(): __class__ cell not found")) };
    match frame.variable(index) {
        Some(class) => Ok((class, first)),
        None => Err(vm.runtime_error("super(): empty __class__ cell")),
    }
}

/// The line at a byte offset into the code of a frame object, 0 for none.
pub(crate) fn line_at(frame: &Value, lasti: i64) -> i64 {
    match (frame.downcast::<FrameObject>(), u32::try_from(lasti / 8)) {
        (Some(frame), Ok(offset)) => frame.code.plain().location(offset).line.into(),
        _ => 0,
    }
}

/// The frame object `depth` frames below the calling thread's top frame.
pub fn current(vm: &Vm, depth: usize) -> PyResult<Option<Ref<FrameObject>>> {
    match visible_below(crate::stack(vm)?, crate::stack(vm)?.depth(), depth) {
        Some(index) => at(vm, index),
        None => Ok(None),
    }
}

/// The index of the frame that has `skip` others between itself and index `above`, as far as Python sees frames: one that is only
/// dropping its variables any more has been left already.
fn visible_below(stack: &Stack, above: usize, skip: usize) -> Option<usize> {
    let visible = |index: &usize| stack.frame(*index).is_some_and(|frame| !is_leaving(frame));
    (0..above).rev().filter(visible).nth(skip)
}

fn is_leaving(frame: *mut Frame) -> bool {
    // SAFETY: the callers pass frames on the stack.
    let frame = unsafe { &*frame };
    let inst = frame.code.plain().inst(frame.offset() as usize);
    frame.next.is_null() || matches!(inst.op(), Some(Op::Return | Op::ReturnConst))
}

/// The frame object of the top frame of a thread that stands still.
pub fn top_of(vm: &Vm, thread: &Vm) -> PyResult<Option<Ref<FrameObject>>> {
    let stack = crate::stack(thread)?;
    match visible_below(stack, stack.depth(), 0) {
        Some(index) => of(vm, stack, index),
        None => Ok(None),
    }
}

/// How many frames the calling thread has.
pub fn depth(vm: &Vm) -> PyResult<usize> {
    Ok(crate::stack(vm)?.depth())
}

/// The frame object at `index` from the bottom of the calling thread's stack.
pub fn at(vm: &Vm, index: usize) -> PyResult<Option<Ref<FrameObject>>> {
    of(vm, crate::stack(vm)?, index)
}

fn of(vm: &Vm, stack: &Stack, index: usize) -> PyResult<Option<Ref<FrameObject>>> {
    let Some(frame) = stack.frame(index) else { return Ok(None) };
    // SAFETY: the frame is on the stack.
    unsafe {
        if let Some(object) = &(*frame).object {
            return Ok(Some(object.clone()));
        }
        let object = FrameObject::new(vm, frame)?;
        (*frame).object = Some(object.clone());
        Ok(Some(object))
    }
}

/// The frame object of a resumed generator's frame.
pub(crate) fn running(vm: &Vm, saved: *mut SavedFrame) -> PyResult<Option<Ref<FrameObject>>> {
    let stack = crate::stack(vm)?;
    // SAFETY: frames below the depth are on the stack.
    let is_of = |index: &usize| stack.frame(*index).is_some_and(|frame| unsafe { (*frame).saved == saved });
    match (0..stack.depth()).rev().find(is_of) {
        Some(index) => at(vm, index),
        None => Ok(None),
    }
}

/// The generators and coroutines that run and have one of `targets` in a variable.
pub fn running_holders(vm: &Vm, targets: &[Value]) -> PyResult<Vec<Value>> {
    let mut found = Vec::new();
    crate::eval::threads::each(vm, |_, thread| {
        let stack = crate::stack(thread)?;
        for frame in (0..stack.depth()).filter_map(|index| stack.frame(index)) {
            // SAFETY: the frame is on the stack; its variables are live or empty.
            unsafe {
                let Some(generator) = (*frame).saved.as_ref().and_then(SavedFrame::owner) else { continue };
                let mut variables = 0..(*frame).code.shape().variables;
                let held = |register| (*frame).window.peek(register).cloned();
                if variables.any(|register| held(register).is_some_and(|value| targets.iter().any(|t| t.is(&value)))) {
                    found.push(generator);
                }
            }
        }
        Ok(())
    })?;
    Ok(found)
}

fn flag(vm: &Vm, value: Option<&Value>) -> PyResult<bool> {
    match value.and_then(Value::as_constant) {
        Some(1) => Ok(true),
        Some(2) => Ok(false),
        _ => Err(vm.type_error("attribute value type must be bool")),
    }
}

#[pytype(name = "frame", flags = DISALLOW_INSTANTIATION)]
impl FrameObject {
    #[getter]
    fn f_code(this: &Obj<FrameObject>) -> Value {
        this.code.to_value()
    }

    #[getter]
    fn f_globals(this: &Obj<FrameObject>) -> Value {
        this.function.globals.to_value()
    }

    #[getter]
    fn f_builtins(this: &Obj<FrameObject>) -> Value {
        this.function.builtins.to_value()
    }

    #[getter]
    fn f_locals(this: &Obj<FrameObject>, vm: &Vm) -> PyResult<Value> {
        if this.locals.is_empty() && this.code.has(taipan_bytecode::CodeFlags::OPTIMIZED) {
            return crate::locals_proxy::LocalsProxy::make(vm, this);
        }
        // A comprehension that is running has variables that stand in no dict; as in CPython, they hide what stands in one.
        if !this.scoped_registers().is_empty() {
            return crate::locals_proxy::LocalsProxy::make(vm, this);
        }
        this.locals(vm)
    }

    #[getter]
    fn f_lineno(this: &Obj<FrameObject>, vm: &Vm) -> PyResult<Value> {
        match this.line() {
            0 => Ok(NONE),
            line => int::from_i64(vm, i64::from(line)),
        }
    }

    #[setter]
    fn set_f_lineno(this: &Obj<FrameObject>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.attribute_error("cannot delete attribute")) };
        let line = if vm.is_instance(value, &vm.types().int) { int::index_i64(vm, value)? } else { None };
        match line {
            Some(line) => crate::eval::trace::set_line(vm, this, line),
            None => Err(vm.value_error("lineno must be an integer")),
        }
    }

    #[getter]
    fn f_trace_lines(this: &Obj<FrameObject>) -> bool {
        this.trace_lines.get()
    }

    #[setter]
    fn set_f_trace_lines(this: &Obj<FrameObject>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        if value.is_none() {
            return Err(vm.type_error("can't delete numeric/char attribute"));
        }
        let value = flag(vm, value)?;
        this.trace_lines.set(value);
        Ok(())
    }

    #[getter]
    fn f_trace_opcodes(this: &Obj<FrameObject>) -> bool {
        this.trace_opcodes.get()
    }

    #[setter]
    fn set_f_trace_opcodes(this: &Obj<FrameObject>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        if value.is_none() {
            return Err(vm.attribute_error("attribute 'f_trace_opcodes' of 'frame' objects cannot be deleted"));
        }
        let value = flag(vm, value)?;
        this.trace_opcodes.set(value);
        Ok(())
    }

    /// The generator, coroutine or asynchronous generator that owns the frame.
    #[getter]
    fn f_generator(this: &Obj<FrameObject>) -> Value {
        let saved = match this.running() {
            Some(frame) => frame.saved.cast_const(),
            None => this.saved.0.get(),
        };
        // SAFETY: the module's invariant; a running generator's saved frame is where it was.
        unsafe { saved.as_ref() }.and_then(SavedFrame::owner).unwrap_or(NONE)
    }

    #[getter]
    fn f_lasti(this: &Obj<FrameObject>) -> i64 {
        i64::from(this.offset()) * 8
    }

    #[getter]
    fn f_back(this: &Obj<FrameObject>, vm: &Vm) -> PyResult<Value> {
        let live = this.live.0.get();
        if live.is_null() {
            return Ok(this.back.get().unwrap_or(NONE));
        }
        let stack = crate::stack(vm)?;
        let index = (0..stack.depth()).rev().find(|&index| stack.frame(index) == Some(live));
        match index.and_then(|index| visible_below(stack, index, 0)) {
            Some(below) => Ok(at(vm, below)?.map_or(NONE, Value::from)),
            None if index.is_some() => Ok(NONE),
            None => {
                // A frame of another thread, which stands still.
                let mut found = NONE;
                crate::eval::threads::each(vm, |_, thread| {
                    let stack = crate::stack(thread)?;
                    let index = (0..stack.depth()).rev().find(|&index| stack.frame(index) == Some(live));
                    if let Some(below) = index.and_then(|index| visible_below(stack, index, 0)) {
                        found = of(vm, stack, below)?.map_or(NONE, Value::from);
                    }
                    Ok(())
                })?;
                Ok(found)
            }
        }
    }

    #[getter]
    fn f_trace(this: &Obj<FrameObject>) -> Value {
        this.trace.get().unwrap_or(NONE)
    }

    #[setter]
    fn set_f_trace(this: &Obj<FrameObject>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let _ = vm;
        this.trace.set(value.cloned().filter(|value| !is_none(value)));
        Ok(())
    }

    /// F.clear(): clear all references held by the frame
    #[method]
    fn clear(this: &Obj<FrameObject>, vm: &Vm) -> PyResult<()> {
        if this.running().is_some() {
            return Err(vm.runtime_error("cannot clear an executing frame"));
        }
        // SAFETY: the module's invariant.
        if let Some(saved) = unsafe { this.saved.0.get().as_ref() } {
            let owner = saved.owner();
            return match owner.as_ref().and_then(|owner| owner.downcast::<crate::generator::Generator>()) {
                Some(generator) if generator.clear_unstarted(vm, &generator.to_value())? => Ok(()),
                _ => Err(vm.runtime_error("cannot clear a suspended frame")),
            };
        }
        let old = (this.registers.take(), this.extra.take(), this.locals.take());
        drop(old);
        this.instruction_ended();
        Ok(())
    }

    #[slot]
    fn repr(this: &Obj<FrameObject>) -> String {
        let plain = this.code.plain();
        let (address, line) = (this.header().address(), this.line());
        format!("<frame at {address:#x}, file '{}', line {line}, code {}>", plain.filename, plain.name)
    }
}
