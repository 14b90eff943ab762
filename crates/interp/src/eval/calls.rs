//! Entering and leaving frames: calls between Python functions without native recursion, calls from native code.
//!
//! Invariant: a call consumes its block whatever happens; when a frame is pushed, the registers of its parameters are exactly the block's arguments.

use crate::code::CodeObject;
use crate::eval::dispatch::run;
use crate::eval::frame::{Frame, FrameKind, Stack};
use crate::eval::here::Here;
use crate::eval::window::Window;
use crate::eval::{attribute, slow, unwind};
use crate::function::Function;
use std::cell::Cell;
use taipan_bytecode::{CONSUME_B, HAS_SELF};
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_objects::builtins::descriptor::BoundMethod;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::function::NativeFunction;
use taipan_objects::builtins::object::Plain;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::native::{Args, MethodKind};
use taipan_objects::types::{Type, TypeObject, call as calls, type_flags};
use taipan_objects::vm::{PyResult, Vm};

/// Moves the live registers of a block out, in order.
pub(super) fn take_block(w: Window, first: u16, count: u16) -> impl ExactSizeIterator<Item = Value> {
    // SAFETY: a block's registers are live and used up by the instruction.
    (0..count as usize).map(move |i| unsafe { w.take(first + i as u16).unwrap_unchecked() })
}

#[inline(always)]
fn exactly<T: Payload>(value: &Value) -> Option<&Obj<T>> {
    let header = value.header()?;
    if std::ptr::eq(header.kind().info(), T::info()) { value.downcast::<T>() } else { None }
}

/// Where a block's arguments begin and how many there are.
#[inline(always)]
unsafe fn arguments(w: Window, inst: Here) -> (u16, u16) {
    // SAFETY: the block has at least two registers.
    if inst.has(HAS_SELF) && unsafe { w.bits(inst.b() + 1) } != 0 {
        (inst.b() + 1, inst.c() + 1)
    } else {
        (inst.b() + 2, inst.c())
    }
}

/// `Call` of a Python function: the new frame. `None`: register `b` holds something else.
#[inline(always)]
pub(super) unsafe fn call(vm: &Vm, stack: &Stack, w: Window, inst: Here) -> PyResult<Option<*mut Frame>> {
    // SAFETY: the block's registers are live (L1).
    unsafe {
        if exactly::<Function>(w.get(inst.b())).is_none() {
            return Ok(None);
        }
        let (first, count) = arguments(w, inst);
        enter(vm, stack, w, inst.b(), first, count, inst.a(), FrameKind::Inline, None).map(Some)
    }
}

/// `Call` of anything but a Python function. `None`: a frame was pushed.
#[inline(never)]
pub(super) unsafe fn call_any(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    inst: Here,
    cache: *const Cell<u64>,
) -> PyResult<Option<Value>> {
    // SAFETY: as `call`; the cache words follow the instruction.
    unsafe {
        let version = (*cache).get();
        if version != 0
            && let Some(class) = exactly::<Type>(w.get(inst.b()))
            && u64::from(class.current_version()) == version
            && !class.has(type_flags::ABSTRACT)
            && (!inst.has(HAS_SELF) || w.bits(inst.b() + 1) == 0)
            && ((*cache.add(1)).get() != 0 || inst.c() == 0)
        {
            return construct(vm, stack, w, inst, cache);
        }
        call_uncached(vm, stack, w, inst, cache)
    }
}

/// `Call` of the class in register `b`, as `constructor` has found it.
#[inline(always)]
unsafe fn construct(vm: &Vm, stack: &Stack, w: Window, inst: Here, cache: *const Cell<u64>) -> PyResult<Option<Value>> {
    // SAFETY: as `call`; C1.
    unsafe {
        let (b, count) = (inst.b(), inst.c());
        let class = Ref::<Type>::from_raw(w.take(b).unwrap_unchecked().into_raw().cast());
        let init = if (*cache.add(1)).get() == 0 { None } else { Some(attribute::borrowed(cache.add(1))) };
        let instance: Value = match vm.alloc_instance_of(class, Plain {}) {
            Ok(instance) => instance.into(),
            Err(raised) => {
                w.clear_range(b + 1, count + 1);
                return Err(raised);
            }
        };
        let Some(init) = init else { return Ok(Some(instance)) };
        let init = Ref::<Function>::from_raw(init.into_raw().cast());
        w.set(b + 1, instance.clone());
        enter_function(vm, stack, w, init, b + 1, count + 1, inst.a(), FrameKind::Init, Some(instance))?;
        Ok(None)
    }
}

#[inline(never)]
unsafe fn call_uncached(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    inst: Here,
    cache: *const Cell<u64>,
) -> PyResult<Option<Value>> {
    // SAFETY: as `call`.
    unsafe {
        let (first, count) = arguments(w, inst);
        if let Some(result) =
            calls::call_direct(vm, w.get(inst.b()), Args { values: w.slice(first, count as usize), names: &[] })
        {
            w.clear_range(inst.b(), inst.c() + 2);
            return result.map(Some);
        }
        if let Some(class) = w.get(inst.b()).downcast::<Type>()
            && let Some(init) = constructor(vm, class, cache)
            && first == inst.b() + 2
            && !class.has(type_flags::ABSTRACT)
            && (init.is_some() || count == 0)
        {
            return construct(vm, stack, w, inst, cache);
        }
        call_other(vm, stack, w, inst, first, count)
    }
}

/// `LoadAttr` of a property: `true` if the frame of its getter was pushed.
#[inline(never)]
pub(super) unsafe fn enter_getter(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    inst: Here,
    cache: *const Cell<u64>,
) -> PyResult<bool> {
    // SAFETY: register b is live; what is above the running frame's registers is dead, and its room is checked.
    unsafe {
        let Some(getter) = attribute::cached_getter(w.get(inst.b()), cache) else { return Ok(false) };
        let code = getter.code();
        let shape = code.shape();
        if !shape.simple || shape.positional != 1 {
            return Ok(false);
        }
        let window = stack.free();
        stack.check_room(vm, window, shape.registers)?;
        let object = if inst.has(CONSUME_B) { w.take(inst.b()) } else { w.peek(inst.b()).cloned() };
        window.at(0).write(object);
        for register in 1..shape.first_free {
            window.at(register).write(None);
        }
        push(stack, getter, code, window, None, inst.a(), FrameKind::Inline, None);
        Ok(true)
    }
}

/// Calls what is not a plain function.
unsafe fn call_other(vm: &Vm, stack: &Stack, w: Window, inst: Here, first: u16, count: u16) -> PyResult<Option<Value>> {
    // SAFETY: as `call`.
    unsafe {
        let callable = w.get(inst.b());
        if let Some(method) = exactly::<BoundMethod>(callable) {
            let (function, bound) = (method.function.clone(), method.bound.clone());
            if first == inst.b() + 2 {
                w.set(inst.b() + 1, bound);
                w.set(inst.b(), function);
                if exactly::<Function>(w.get(inst.b())).is_some() {
                    let (b, a) = (inst.b(), inst.a());
                    return enter(vm, stack, w, b, b + 1, count + 1, a, FrameKind::Inline, None).map(|_| None);
                }
                return call_other(vm, stack, w, inst, first - 1, count + 1);
            }
        }
        let result = match exactly::<Type>(callable) {
            // A class of another metaclass may be called in another way.
            Some(class) if vm.class_of(callable).is_same(&*vm.types().type_) => {
                let args = Args { values: w.slice(first, count as usize), names: &[] };
                vm.recursive("", || calls::call_type(vm, class, args))
            }
            _ => call_native(vm, w, inst.b(), first, count, &[]),
        };
        w.clear_range(inst.b(), inst.c() + 2);
        result.map(Some)
    }
}

/// Calls native code with a block's arguments where they stand.
unsafe fn call_native(vm: &Vm, w: Window, b: u16, first: u16, count: u16, names: &[Value]) -> PyResult<Value> {
    // SAFETY: as `call`.
    unsafe {
        let callable = w.get(b);
        if let Some(result) = calls::call_direct(vm, callable, Args { values: w.slice(first, count as usize), names }) {
            return result;
        }
        if let Some(function) = exactly::<NativeFunction>(callable)
            && let Some(bound) = function.bound.get()
        {
            let def = function.def.0;
            if !matches!(def.kind, MethodKind::Method | MethodKind::ClassMethod) || first != b + 2 {
                return function.call(vm, Args { values: w.slice(first, count as usize), names });
            }
            w.set(b + 1, bound);
            return (def.call)(vm, Args { values: w.slice(b + 1, count as usize + 1), names });
        }
        calls::call(vm, callable, Args { values: w.slice(first, count as usize), names })
    }
}

/// The `__init__` of a class whose instances are plain and made by `object.__new__`: calling it needs no native code if it is a Python function
/// (the value), or object's own and there are no arguments (`Some(None)`). Kept in the call's cache under the class's version (C1).
unsafe fn constructor(vm: &Vm, class: &Obj<Type>, cache: *const Cell<u64>) -> Option<Option<Value>> {
    // SAFETY: the cache words follow the instruction.
    unsafe {
        let version = u64::from(class.current_version());
        if version != 0 && (*cache).get() == version {
            return Some(if (*cache.add(1)).get() == 0 { None } else { Some(attribute::borrowed(cache.add(1))) });
        }
        let types = vm.types();
        let same_new = match (class.slots.new.get(), types.object.slots.new.get()) {
            (Some(own), Some(object)) => std::ptr::fn_addr_eq(own, object),
            _ => false,
        };
        let plain = same_new
            && std::ptr::eq(class.kind_info(), Plain::info())
            && class.class::<Type>().is_some_and(|meta| meta.is_same(&*types.type_));
        if !plain {
            return None;
        }
        let init = class.lookup(vm, &vm.names().__init__)?;
        if types.object.lookup(vm, &vm.names().__init__).is_some_and(|own| own.is(&init)) {
            (*cache).set(u64::from(class.version(vm)));
            (*cache.add(1)).set(0);
            return Some(None);
        }
        exactly::<Function>(&init)?;
        (*cache).set(u64::from(class.version(vm)));
        attribute::lend(cache.add(1), &init);
        Some(Some(init))
    }
}

/// Pushes the frame of the function in register `b`, whose arguments stand in place.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
unsafe fn enter(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    b: u16,
    first: u16,
    count: u16,
    dst: u16,
    kind: FrameKind,
    subject: Option<Value>,
) -> PyResult<*mut Frame> {
    // SAFETY: as `call`: the block is live; what is above it is dead.
    unsafe {
        // The caller has seen that it is a function.
        let function = Ref::<Function>::from_raw(w.take(b).unwrap_unchecked().into_raw().cast());
        enter_function(vm, stack, w, function, first, count, dst, kind, subject)
    }
}

/// Pushes the frame of a function whose arguments stand in place.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
unsafe fn enter_function(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    function: Ref<Function>,
    first: u16,
    count: u16,
    dst: u16,
    kind: FrameKind,
    subject: Option<Value>,
) -> PyResult<*mut Frame> {
    // SAFETY: as `enter`.
    unsafe {
        let code = function.code();
        let shape = code.shape();
        let window = Window(w.at(first));
        if let Err(raised) = stack.check_room(vm, window, shape.registers) {
            w.clear_range(first, count);
            return Err(raised);
        }
        if shape.simple && count == shape.positional {
            for register in count..shape.first_free {
                window.at(register).write(None);
            }
        } else {
            rearrange(vm, &function, &code, w, first, count, &[])?;
        }
        Ok(push(stack, function, code, window, None, dst, kind, subject))
    }
}

/// Binds arguments that do not stand as the parameters do.
#[inline(never)]
unsafe fn rearrange(
    vm: &Vm,
    function: &Obj<Function>,
    code: &CodeObject,
    w: Window,
    first: u16,
    count: u16,
    names: &[Value],
) -> PyResult<()> {
    // SAFETY: as `enter`.
    unsafe {
        let window = Window(w.at(first));
        if let Err(raised) = code.make_ready(vm) {
            w.clear_range(first, count);
            return Err(raised);
        }
        if settle(function, code, window, count, names) {
            return Ok(());
        }
        let values: Vec<Value> = take_block(w, first, count).collect();
        place(vm, function, code, window, values, names)
    }
}

/// Keyword arguments that are bound in place.
const FEW: usize = 8;

/// Binds the arguments of a common call where they stand: positional parameters only, all keywords known and given once, the rest from the
/// defaults. The last of the `count` arguments are those of `names`. `false`: it is no such call, and nothing was moved.
unsafe fn settle(function: &Function, code: &CodeObject, window: Window, count: u16, names: &[Value]) -> bool {
    let shape = code.shape();
    let (wanted, given) = (shape.positional as usize, count as usize);
    if !shape.simple || given > wanted || names.len() > FEW || wanted > 64 {
        return false;
    }
    let plain = given - names.len();
    let mut bound = if plain == 64 { u64::MAX } else { (1 << plain) - 1 };
    let mut places = [0u16; FEW];
    for (place, name) in places.iter_mut().zip(names) {
        let from = (shape.positional_only as usize).max(plain);
        let found =
            code.variables[..wanted].iter().skip(from).position(|own| own.header().address() as u64 == name.bits());
        let Some(found) = found else { return false };
        if bound >> (from + found) & 1 != 0 {
            return false;
        }
        bound |= 1 << (from + found);
        *place = (from + found) as u16;
    }
    let all = if wanted == 64 { u64::MAX } else { (1 << wanted) - 1 };
    let missing = all & !bound;
    let defaults =
        if missing == 0 { None } else { function.defaults.get().and_then(|d| d.downcast_into::<Tuple>().ok()) };
    let defaults = defaults.as_ref().map_or(&[][..], |defaults| defaults.items());
    let Some(first_default) = wanted.checked_sub(defaults.len()) else { return false };
    if missing != 0 && (missing.trailing_zeros() as usize) < first_default {
        return false;
    }
    // SAFETY: room was checked; arguments are live, what stands above them is dead.
    unsafe {
        let mut values: [Option<Value>; FEW] = [const { None }; FEW];
        for (n, value) in values[..names.len()].iter_mut().enumerate() {
            *value = window.take((plain + n) as u16);
        }
        for (value, place) in values.into_iter().zip(places).take(names.len()) {
            window.at(place).write(value);
        }
        for register in (plain..wanted).filter(|register| missing >> register & 1 != 0) {
            window.at(register as u16).write(Some(defaults[register - first_default].clone()));
        }
        for register in shape.positional..shape.first_free {
            window.at(register).write(None);
        }
    }
    true
}

/// Binds arguments and writes the variables' registers of a dead window.
fn place(
    vm: &Vm,
    function: &Obj<Function>,
    code: &CodeObject,
    window: Window,
    values: Vec<Value>,
    names: &[Value],
) -> PyResult<()> {
    code.make_ready(vm)?;
    let shape = code.shape();
    let bound = if shape.simple && names.is_empty() && values.len() == shape.positional as usize {
        values
    } else {
        crate::args::bind(vm, function, code, values, names)?
    };
    let mut register = 0;
    // SAFETY: room was checked; the window is dead, so nothing is dropped.
    unsafe {
        for value in bound {
            window.at(register).write(Some(value));
            register += 1;
        }
        for register in register..shape.first_free {
            window.at(register).write(None);
        }
    }
    Ok(())
}

#[inline(always)]
#[allow(clippy::too_many_arguments)]
fn push(
    stack: &Stack,
    function: Ref<Function>,
    code: Ref<CodeObject>,
    window: Window,
    locals: Option<Value>,
    dst: u16,
    kind: FrameKind,
    subject: Option<Value>,
) -> *mut Frame {
    let shape = code.shape();
    if shape.first_free < shape.variables {
        place_closure(&function, &code, window);
    }
    let start = code.words.0.as_ptr();
    stack.push(Frame {
        function,
        code,
        locals,
        window,
        at: start,
        next: start,
        dst,
        kind,
        subject,
        saved: std::ptr::null_mut(),
        object: None,
    })
}

fn place_closure(function: &Function, code: &CodeObject, window: Window) {
    let mut registers = code.shape().first_free..code.shape().variables;
    function.each_cell(|cell| {
        // SAFETY: free variables' registers are within the checked, dead window.
        let place = registers.next().map(|register| unsafe { window.at(register) });
        if let Some(place) = place {
            // SAFETY: as above; nothing stands there that would have to be dropped.
            unsafe { place.write(Some(cell.clone())) };
        }
    });
}

/// `CallKw`. `None`: a frame was pushed.
pub(super) unsafe fn call_keywords(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    inst: Here,
    names: &Value,
) -> PyResult<Option<Value>> {
    // SAFETY: as `call`.
    unsafe {
        let names: &[Value] = names.downcast::<Tuple>().map_or(&[], |names| names.items());
        let (first, count) = arguments(w, inst);
        if exactly::<Function>(w.get(inst.b())).is_none() {
            let result = call_native(vm, w, inst.b(), first, count, names);
            w.clear_range(inst.b(), inst.c() + 2);
            return result.map(Some);
        }
        let Some(Ok(function)) = w.take(inst.b()).map(Value::downcast_into::<Function>) else {
            return Err(vm.system_error("not a function"));
        };
        let code = function.code();
        let window = Window(w.at(first));
        if let Err(raised) = stack.check_room(vm, window, code.shape().registers) {
            w.clear_range(first, count);
            return Err(raised);
        }
        rearrange(vm, &function, &code, w, first, count, names)?;
        push(stack, function, code, window, None, inst.a(), FrameKind::Inline, None);
        Ok(None)
    }
}

/// `CallEx`: spreads an iterable and a mapping over the arguments.
pub(super) unsafe fn call_spread(vm: &Vm, w: Window, b: u16, has_keywords: bool) -> PyResult<Value> {
    // SAFETY: as `call`: the block has three registers, or four. It is used up; its second register is dead or empty.
    unsafe {
        let callable = w.get(b);
        let keywords = if has_keywords { w.peek(b + 3) } else { None };
        let spread = slow::spread_arguments(vm, callable, w.get(b + 2), keywords);
        w.clear_range(b + 2, if has_keywords { 2 } else { 1 });
        let callable = w.take(b).unwrap_unchecked();
        let (values, names) = spread?;
        match callable.downcast::<Function>() {
            // The callee owns its arguments alone, so that they die when it lets go of them.
            Some(function) => vm.recursive("", || call_owned(vm, function, values, &names)),
            None => calls::call(vm, &callable, Args { values: &values, names: &names }),
        }
    }
}

fn call_owned(vm: &Vm, function: &Obj<Function>, values: Vec<Value>, names: &[Value]) -> PyResult<Value> {
    let stack = crate::stack(vm)?;
    let code = function.code();
    let window = stack.free();
    stack.check_room(vm, window, code.shape().registers)?;
    place(vm, function, &code, window, values, names)?;
    push(stack, function.to_ref(), code, window, None, 0, FrameKind::Entry, None);
    run(vm, stack)
}

/// Calls a Python function from native code.
pub fn call_function(vm: &Vm, function: &Obj<Function>, args: Args<'_>) -> PyResult<Value> {
    call_owned(vm, function, args.values.to_vec(), args.names)
}

/// Runs code that takes no arguments in a namespace: a module, a class body, `exec` or `eval`.
pub fn run_code(vm: &Vm, code: &Obj<CodeObject>, globals: &Obj<Dict>, locals: Option<Value>) -> PyResult<Value> {
    let function = Function::new(vm, code, globals)?;
    run_function_with_locals(vm, &function, locals)
}

/// Runs a function that takes no arguments with a locals mapping: what `__build_class__` does.
pub fn run_function_with_locals(vm: &Vm, function: &Obj<Function>, locals: Option<Value>) -> PyResult<Value> {
    let stack = crate::stack(vm)?;
    let code = function.code();
    let window = stack.free();
    stack.check_room(vm, window, code.shape().registers)?;
    place(vm, function, &code, window, Vec::new(), &[])?;
    push(stack, function.to_ref(), code, window, locals, 0, FrameKind::Entry, None);
    vm.recursive("", || run(vm, stack))
}

/// Takes the top frame off: drops its variables, or moves them into its frame object. Returns the frame's subject.
#[inline(always)]
pub(super) unsafe fn leave(vm: &Vm, stack: &Stack, frame: *mut Frame) -> Option<Value> {
    // SAFETY: `frame` is the top frame; its temporaries are dead.
    unsafe {
        if (*frame).object.is_some() {
            unwind::detach_frame_object(vm, stack, frame);
        }
        // From the last to the first, as CPython clears a frame.
        (*frame).window.leave((*frame).code.shape().variables);
        if (*frame).object.is_some() {
            // A finalizer has looked at the frame.
            unwind::detach_frame_object(vm, stack, frame);
        }
        stack.pop().unwrap_unchecked().subject
    }
}
