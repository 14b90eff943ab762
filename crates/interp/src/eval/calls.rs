//! Entering and leaving frames: calls between Python functions without native recursion, calls from native code.
//!
//! Invariant: a call consumes its block whatever happens; when a frame is pushed, the registers of its parameters are exactly the block's arguments.

use crate::code::CodeObject;
use crate::eval::attribute::{Getter, Known};
use crate::eval::binding::{bind, place, rearrange};
use crate::eval::construct::{call_class, construct, constructor, has_plain_instances, instantiate};
use crate::eval::dispatch::run;
use crate::eval::frame::{Frame, FrameKind, Stack};
use crate::eval::here::Here;
use crate::eval::leaf::{self, Way};
use crate::eval::window::Window;
use crate::eval::{attribute, iterate, saved, shortcut, special, unwind};
use crate::function::Function;
use std::cell::Cell;
use taipan_bytecode::{CONSUME_B, GLOBAL_ARG, HAS_SELF, SIMPLE_ARGS};
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_objects::builtins::boolean;
use taipan_objects::builtins::descriptor::BoundMethod;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::function::NativeFunction;
use taipan_objects::builtins::partial::Partial;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::native::{Args, MethodKind};
use taipan_objects::types::{Type, call as calls, slot_wrapper::SlotWrapper, type_flags};
use taipan_objects::vm::{PyResult, Vm};

/// Moves the live registers of a block out, in order.
pub(super) fn take_block(w: Window, first: u16, count: u16) -> impl ExactSizeIterator<Item = Value> {
    // SAFETY: a block's registers are live and used up by the instruction.
    (0..count as usize).map(move |i| unsafe { w.take(first + i as u16).unwrap_unchecked() })
}

/// A tuple of the values in a block, which is empty afterwards.
#[inline(never)]
pub(super) unsafe fn build_tuple(vm: &Vm, w: Window, first: u16, count: u16) -> PyResult<Ref<Tuple>> {
    // SAFETY: as `take_block`.
    let take = |n| unsafe { w.take(first + n).unwrap_unchecked() };
    match count {
        1 => Tuple::of(vm, [take(0)]),
        2 => Tuple::of(vm, [take(0), take(1)]),
        3 => Tuple::of(vm, [take(0), take(1), take(2)]),
        count => Tuple::new(vm, take_block(w, first, count)),
    }
}

#[inline(always)]
pub(super) fn exactly<T: Payload>(value: &Value) -> Option<&Obj<T>> {
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

/// Where a new frame begins: its registers and its first instruction.
pub(super) type Entry = (Window, *const Cell<u64>);

/// `Call` of the Python function in register `b`.
#[inline(always)]
pub(super) unsafe fn call(vm: &Vm, stack: &Stack, w: Window, inst: Here) -> PyResult<Entry> {
    // SAFETY: the block's registers are live (L1).
    unsafe {
        let (first, count) = arguments(w, inst);
        let frame = enter(vm, stack, w, inst.b(), first, count, inst.a(), FrameKind::Inline, None)?;
        Ok((Window(w.at(first)), (*frame).next))
    }
}

/// `Call` of anything but a Python function. `None`: a frame was pushed.
#[inline(always)]
pub(super) unsafe fn call_any(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    inst: Here,
    cache: *const Cell<u64>,
) -> PyResult<Option<Value>> {
    // SAFETY: as `call`; the cache words follow the instruction.
    unsafe {
        if (*cache).get() != 0 { call_class(vm, stack, w, inst, cache) } else { call_direct(vm, stack, w, inst, cache) }
    }
}

/// `Call` of a native function or a method of a builtin type, where nothing is to be looked up.
#[inline(never)]
unsafe fn call_direct(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    inst: Here,
    cache: *const Cell<u64>,
) -> PyResult<Option<Value>> {
    // SAFETY: as `call`.
    unsafe {
        if let Some(result) = call_fixed(vm, w, inst) {
            if inst.has(SIMPLE_ARGS | GLOBAL_ARG) {
                shortcut::quicken(cache.sub(1));
            }
            return result.map(Some);
        }
        call_window(vm, stack, w, inst, cache)
    }
}

/// `Call` of native code that has a form for just the block's arguments. `None`: it has none, and the block is as it was.
#[inline(always)]
unsafe fn call_fixed(vm: &Vm, w: Window, inst: Here) -> Option<PyResult<Value>> {
    // SAFETY: as `call`.
    unsafe {
        let (b, count) = (inst.b(), inst.c());
        let callable = w.get(b);
        let (forms, first, count) = if inst.has(HAS_SELF) && w.bits(b + 1) != 0 {
            (shortcut::forms_of_method(callable, w.get(b + 1))?, b + 1, count + 1)
        } else {
            (shortcut::forms_of_function(callable)?, b + 2, count)
        };
        let result = match count {
            1 => forms.one?(vm, w.get(first)),
            2 => {
                let result = forms.two?(vm, w.get(first), w.get(first + 1));
                w.clear(first + 1);
                result
            }
            3 => {
                let result = forms.three?(vm, w.get(first), w.get(first + 1), w.get(first + 2));
                w.clear_range(first + 1, 2);
                result
            }
            _ => return None,
        };
        w.clear(first);
        w.clear(b);
        Some(result)
    }
}

/// `Call` of native code that takes the block's arguments as a window.
#[inline(never)]
unsafe fn call_window(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    inst: Here,
    cache: *const Cell<u64>,
) -> PyResult<Option<Value>> {
    // SAFETY: as `call`.
    unsafe {
        let (first, count) = arguments(w, inst);
        let args = Args::positional(w.slice(first, count as usize));
        let Some(code) = calls::direct_code(vm, w.get(inst.b()), args.values) else {
            return match exactly::<Type>(w.get(inst.b())) {
                Some(class) if first == inst.b() + 2 && !class.has(type_flags::PYTHON_CLASS) => {
                    call_builtin_class(vm, stack, w, inst, class, cache)
                }
                _ => call_uncached(vm, stack, w, inst, cache),
            };
        };
        let result = code(vm, args);
        // Of at least two registers, of which the second may be empty.
        w.clear_block(inst.b(), inst.c() + 2);
        result.map(Some)
    }
}

#[inline(never)]
pub(super) unsafe fn call_uncached(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    inst: Here,
    cache: *const Cell<u64>,
) -> PyResult<Option<Value>> {
    // SAFETY: as `call`.
    unsafe {
        let (mut first, mut count) = arguments(w, inst);
        let callable = w.get(inst.b());
        if exactly::<NativeFunction>(callable).is_some() || exactly::<SlotWrapper>(callable).is_some() {
            let result = call_native(vm, w, inst.b(), first, count, &[]);
            w.clear_range(inst.b(), inst.c() + 2);
            return result.map(Some);
        }
        let of_python = |header| vm.class_of_header(header).has(type_flags::PYTHON_CLASS);
        if w.get(inst.b()).header().is_some_and(of_python) && unwrap(vm, stack, w, inst.b(), &mut first, &mut count) {
            let (b, a) = (inst.b(), inst.a());
            return enter(vm, stack, w, b, first, count, a, FrameKind::Inline, None).map(|_| None);
        }
        if let Some(class) = exactly::<Type>(w.get(inst.b()))
            && first == inst.b() + 2
            && class.has(type_flags::PYTHON_CLASS)
            && !stack.tracing.active()
            && let Some(new) = calls::python_new(vm, class)
            && let Ok(new) = new.downcast_into::<Function>()
        {
            return enter_new(vm, stack, new, class, w.slice(first, count as usize)).map(|()| None);
        }
        if let Some(class) = exactly::<Type>(w.get(inst.b()))
            && first == inst.b() + 2
            && !has_plain_instances(class)
            && is_called_as_type(vm, class)
        {
            let args = Args::positional(w.slice(first, count as usize));
            let made = vm.recursive("", || calls::call_type(vm, class, args));
            w.clear_range(inst.b(), inst.c() + 2);
            return made.map(Some);
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

/// Pushes the frame of a class's `__new__`, whose arguments stay in the block until `made` has looked at its result.
unsafe fn enter_new(vm: &Vm, stack: &Stack, new: Ref<Function>, class: &Obj<Type>, args: &[Value]) -> PyResult<()> {
    let code = new.code();
    let count = args.len() as u16 + 1;
    let window = stack.free();
    stack.check_room(vm, window, code.shape().registers.max(count))?;
    // SAFETY: what is above the running frame's registers is dead, and its room is checked.
    unsafe {
        window.at(0).write(Some(class.to_value()));
        for (register, arg) in (1..).zip(args) {
            window.at(register).write(Some(arg.clone()));
        }
        bind(vm, &new, &code, window, count, &[])?;
    }
    push(stack, new, code, window, None, 0, FrameKind::Operation, None);
    Ok(())
}

/// What the call of the class in register `b` gives when its `__new__` has returned `made`; the block is used up.
pub(super) unsafe fn made(vm: &Vm, w: Window, inst: Here, made: Value) -> PyResult<Value> {
    // SAFETY: the block is live, as `enter_new` has left it.
    unsafe {
        let args = Args::positional(w.slice(inst.b() + 2, inst.c() as usize));
        let instance = match w.get(inst.b()).downcast::<Type>() {
            Some(class) => calls::initialised(vm, class, made, args),
            None => Ok(made),
        };
        w.clear_block(inst.b(), inst.c() + 2);
        instance
    }
}

/// `Call` of a class that native code defines, whose arguments begin behind the second register.
#[inline(never)]
unsafe fn call_builtin_class(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    inst: Here,
    class: &Obj<Type>,
    cache: *const Cell<u64>,
) -> PyResult<Option<Value>> {
    // SAFETY: as `call`; the block holds the class until it is emptied.
    unsafe {
        let args = w.slice(inst.b() + 2, inst.c() as usize);
        let behind = cache.add(shortcut::CALL_WORDS - 1);
        if !stack.tracing.active()
            && let Some(state) = iterate::ranged(vm, class, inst.a(), behind, args)
        {
            if inst.has(SIMPLE_ARGS | GLOBAL_ARG) && inst.c() == 1 {
                shortcut::quicken(cache.sub(1));
            }
            w.clear_block(inst.b(), inst.c() + 2);
            (*stack.running()).next = iterate::begin_with(w, behind, state);
            return Ok(None);
        }
        let made = match make_builtin(vm, w.get(inst.b()), class, args) {
            Some(made) => made,
            None => match args {
                [value] if class.is_same(&*vm.types().bool) => {
                    let (caller, next) = (stack.running(), (*stack.running()).next);
                    match special::truth(vm, stack, value) {
                        Ok(None) => {
                            (*caller).next = next;
                            return Ok(None);
                        }
                        truth => truth.map(|truth| boolean(truth == Some(true))),
                    }
                }
                _ => return call_uncached(vm, stack, w, inst, cache),
            },
        };
        if inst.c() == 1 && inst.has(SIMPLE_ARGS | GLOBAL_ARG) && !class.is_same(&*vm.types().bool) {
            shortcut::quicken(cache.sub(1));
        }
        w.clear_block(inst.b(), inst.c() + 2);
        made.map(Some)
    }
}

/// Calls a class that native code defines, whose object is `callable`. `None`: that takes more than native code.
#[inline(always)]
pub(super) fn make_builtin(vm: &Vm, callable: &Value, class: &Obj<Type>, args: &[Value]) -> Option<PyResult<Value>> {
    if let Some(new) = calls::direct_new(class) {
        return Some(vm.recursive("", || new(vm, class, Args::positional(args))));
    }
    if class.has(type_flags::CONVERTS)
        && let Some(converted) = calls::convert(vm, callable, args)
    {
        return Some(converted);
    }
    if class.is_same(&*vm.types().bool) || !is_called_as_type(vm, class) {
        return None;
    }
    Some(vm.recursive("", || calls::call_builtin(vm, class, args)))
}

/// Whether calling a class is left to `type`.
#[inline(always)]
fn is_called_as_type(vm: &Vm, class: &Obj<Type>) -> bool {
    class.class::<Type>().is_some_and(|meta| meta.is_same(&*vm.types().type_))
}

/// `LoadAttr` of what its cache does not hold for a look, and where it does not hold more than that (`is_out_of_line`), nothing recalls. `None`: the frame of a getter was pushed.
#[inline(never)]
pub(super) unsafe fn load_attribute(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    inst: Here,
    cache: *const Cell<u64>,
) -> PyResult<Option<Value>> {
    // SAFETY: register b is live; the cache words follow the instruction.
    unsafe {
        let entered = match attribute::load_known(vm, stack, w.get(inst.b()), cache) {
            Some(Known::Value(result)) => return result.map(Some),
            Some(Known::Getter(getter)) => enter_getter(vm, stack, w, inst, getter)?,
            None => false,
        };
        if entered {
            return Ok(None);
        }
        if attribute::is_out_of_line(cache)
            && let Some(value) =
                attribute::recalled_attribute(stack, &(*stack.running()).code, w.get(inst.b()), cache, inst.c())
        {
            return Ok(Some(value));
        }
        attribute::load(vm, stack, w.get(inst.b()), cache, inst.c()).map(Some)
    }
}

/// `LoadAttr` of a property, where its cache is for one of a Python function that takes one argument and nothing else. `None`: there is more to it.
#[inline(never)]
pub(super) unsafe fn enter_property(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    inst: Here,
    cache: *const Cell<u64>,
) -> PyResult<Option<Entry>> {
    // SAFETY: register b is live; what is above the running frame's registers is dead, and its room is checked.
    unsafe {
        match attribute::property_getter(w.get(inst.b()), cache) {
            Some(getter) => enter_with_object(vm, stack, w, inst, getter),
            None => Ok(None),
        }
    }
}

/// Pushes the frame of a getter that is passed the object in register b. `None`: it takes other arguments as well.
#[inline(always)]
unsafe fn enter_with_object(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    inst: Here,
    getter: Ref<Function>,
) -> PyResult<Option<Entry>> {
    // SAFETY: as `enter_property`.
    unsafe {
        let code = getter.code();
        let shape = code.shape();
        if !shape.simple || shape.positional != 1 {
            return Ok(None);
        }
        let window = stack.free();
        stack.check_room(vm, window, shape.registers)?;
        let object = w.move_or_clone(inst.b(), inst.has(CONSUME_B));
        window.at(0).write(Some(object));
        bind(vm, &getter, &code, window, 1, &[])?;
        let frame = push(stack, getter, code, window, None, inst.a(), FrameKind::Inline, None);
        Ok(Some((window, (*frame).next)))
    }
}

/// A `LoadAttr` that hands its value on, which its cache does not hold in the usual way; as `load_attribute`. Where the cache knows another way, the
/// instruction is a plain `LoadAttr` from then on.
#[inline(never)]
pub(super) unsafe fn load_handed(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    inst: Here,
    cache: *const Cell<u64>,
) -> PyResult<Option<Value>> {
    // SAFETY: as `load_attribute`.
    unsafe {
        let object = w.get(inst.b());
        let mut known = attribute::cached_otherwise(object, cache);
        if known.is_none() && !attribute::is_out_of_line(cache) {
            known = attribute::recalled_attribute(stack, &(*stack.running()).code, object, cache, inst.c());
        }
        let loaded = match known {
            Some(value) => Ok(Some(value)),
            None => load_attribute(vm, stack, w, inst, cache),
        };
        if attribute::is_otherwise(cache) {
            attribute::load_plainly(cache.sub(1));
        }
        loaded
    }
}

/// `LoadAttr` of a property: `true` if the frame of its getter was pushed.
#[inline]
unsafe fn enter_getter(vm: &Vm, stack: &Stack, w: Window, inst: Here, getter: Getter) -> PyResult<bool> {
    // SAFETY: register b is live; what is above the running frame's registers is dead, and its room is checked.
    unsafe {
        let take = || w.move_or_clone(inst.b(), inst.has(CONSUME_B));
        let caller = stack.running();
        let next = (*caller).next;
        match getter {
            Getter::Property(getter) => {
                return enter_with_object(vm, stack, w, inst, getter).map(|entry| entry.is_some());
            }
            Getter::Descriptor(getter, descriptor) => {
                let object = take();
                let class = vm.class_of(&object).to_value();
                special::enter(vm, stack, getter, [descriptor, object, class], inst.a(), FrameKind::Inline)?;
            }
            Getter::Hook(hook) => {
                let name = (*caller).code.names[inst.c() as usize].to_value();
                special::enter(vm, stack, hook, [take(), name], inst.a(), FrameKind::Inline)?;
            }
        }
        (*caller).next = next;
        Ok(true)
    }
}

/// Puts the function that a bound method or an instance with `__call__` stands for into register `b`, and what it is passed first
/// before the arguments. Says whether there is a function now.
unsafe fn unwrap(vm: &Vm, stack: &Stack, w: Window, b: u16, first: &mut u16, count: &mut u16) -> bool {
    // SAFETY: as `call`; the second register of the block is unused where the arguments begin behind it.
    unsafe {
        let callable = w.get(b);
        if *first != b + 2 {
            return false;
        }
        if let Some(method) = exactly::<BoundMethod>(callable) {
            let (function, bound) = (method.function.clone(), method.bound.clone());
            w.set(b + 1, bound);
            w.set(b, function);
        } else if let Some(partial) = callable.downcast_exact::<Partial>() {
            // Somebody else holds it, too: taking it from its register runs nothing.
            let kept = partial.header().count() > 1;
            let Some((function, first)) = partial.single().filter(|_| kept) else { return false };
            w.set(b + 1, first);
            w.set(b, function);
        } else {
            let Some(header) = callable.header() else { return false };
            let Some(function) = special::find(vm, stack, vm.class_of_header(header), special::CALL) else {
                return false;
            };
            let this = w.take(b);
            w.put(b + 1, this);
            w.set(b, function.into());
        }
        *first -= 1;
        *count += 1;
        exactly::<Function>(w.get(b)).is_some()
    }
}

/// Calls what is not a plain function.
unsafe fn call_other(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    inst: Here,
    mut first: u16,
    mut count: u16,
) -> PyResult<Option<Value>> {
    // SAFETY: as `call`.
    unsafe {
        if unwrap(vm, stack, w, inst.b(), &mut first, &mut count) {
            let (b, a) = (inst.b(), inst.a());
            return enter(vm, stack, w, b, first, count, a, FrameKind::Inline, None).map(|_| None);
        }
        let class = w.get(inst.b()).downcast::<Type>().filter(|_| first == inst.b() + 2);
        if let Some((instance, init)) = instantiate(vm, stack, class)? {
            let (b, a) = (inst.b(), inst.a());
            w.set(b + 1, instance.clone());
            w.set(b, init.into());
            return enter(vm, stack, w, b, b + 1, count + 1, a, FrameKind::Init, Some(instance)).map(|_| None);
        }
        let callable = w.get(inst.b());
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
pub(super) unsafe fn enter_function(
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
        let window = Window(w.at(first));
        if let Err(raised) = stack.check_room(vm, window, code.shape().registers) {
            w.clear_range(first, count);
            return Err(raised);
        }
        bind(vm, &function, &code, window, count, &[])?;
        Ok(push(stack, function, code, window, None, dst, kind, subject))
    }
}

#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub(super) fn push(
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
        let (mut first, mut count) = arguments(w, inst);
        let (mut kind, mut subject) = (FrameKind::Inline, None);
        if exactly::<Function>(w.get(inst.b())).is_none() && !unwrap(vm, stack, w, inst.b(), &mut first, &mut count) {
            let class = w.get(inst.b()).downcast::<Type>().filter(|_| first == inst.b() + 2);
            let Some((instance, init)) = instantiate(vm, stack, class)? else {
                let result = call_native(vm, w, inst.b(), first, count, names);
                w.clear_range(inst.b(), inst.c() + 2);
                return result.map(Some);
            };
            w.set(inst.b() + 1, instance.clone());
            w.set(inst.b(), init.into());
            (kind, subject) = (FrameKind::Init, Some(instance));
            (first, count) = (first - 1, count + 1);
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
        push(stack, function, code, window, None, inst.a(), kind, subject);
        Ok(None)
    }
}

pub(super) fn call_owned(vm: &Vm, function: &Obj<Function>, values: Vec<Value>, names: &[Value]) -> PyResult<Value> {
    let stack = crate::stack(vm)?;
    let code = function.code();
    let window = stack.free();
    stack.check_room(vm, window, code.shape().registers)?;
    place(vm, function, &code, window, values, names)?;
    push(stack, function.to_ref(), code, window, None, 0, FrameKind::Entry, None);
    run(vm, stack)
}

/// Arguments that are copied to where the parameters will be at most.
pub(super) const SPREAD: usize = 64;

/// Calls a Python function from native code.
pub fn call_function(vm: &Vm, function: &Obj<Function>, args: Args<'_>) -> PyResult<Value> {
    let stack = crate::stack(vm)?;
    let code = function.code();
    let shape = code.shape();
    let count = args.values.len();
    if count > SPREAD {
        return call_owned(vm, function, args.values.to_vec(), args.names);
    }
    let window = stack.free();
    let count = count as u16;
    stack.check_room(vm, window, shape.registers.max(count))?;
    // SAFETY: what is above the top frame's registers is dead, and its room is checked.
    unsafe {
        for (register, value) in (0..).zip(args.values) {
            window.at(register).write(Some(value.clone()));
        }
        let is_leaf = code.leaf.get() != 0 && count == shape.positional && args.names.is_empty();
        if is_leaf && !stack.tracing.active() {
            match leaf::run(stack, window, &code) {
                Way::Returned(value) => {
                    // The caller holds the arguments: none dies.
                    window.leave(count);
                    return Ok(value);
                }
                Way::Before(next) => {
                    let frame = push(stack, function.to_ref(), code, window, None, 0, FrameKind::Entry, None);
                    ((*frame).at, (*frame).next) = (next, next);
                    return run(vm, stack);
                }
            }
        }
        bind(vm, function, &code, window, count, args.names)?;
    }
    push(stack, function.to_ref(), code, window, None, 0, FrameKind::Entry, None);
    run(vm, stack)
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

/// Drops the variables of the top frame, which has no object that anybody else holds, from the last to the first, as CPython clears a frame.
#[inline(always)]
pub(super) unsafe fn drop_variables(vm: &Vm, stack: &Stack, frame: *mut Frame) {
    // SAFETY: the frame's temporaries are dead.
    unsafe {
        (*frame).window.leave((*frame).code.shape().variables);
        if (*frame).object.is_some() {
            // A finalizer has looked at the frame.
            unwind::detach_frame_object(vm, stack, frame);
        }
    }
}

/// Takes the top frame off: drops its variables, or moves them into its frame object. Returns the frame's subject.
#[inline(always)]
pub(super) unsafe fn leave(vm: &Vm, stack: &Stack, frame: *mut Frame) -> Option<Value> {
    // SAFETY: `frame` is the top frame; its temporaries are dead.
    unsafe {
        if (*frame).object.is_some() {
            unwind::detach_frame_object(vm, stack, frame);
        }
        drop_variables(vm, stack, frame);
        saved::leaving(vm, frame);
        stack.pop().unwrap_unchecked().subject
    }
}

/// As `leave`, quicker for frames that own nothing but their function and code.
#[inline(never)]
pub(super) unsafe fn leave_out_of_line(vm: &Vm, stack: &Stack, frame: *mut Frame) -> Option<Value> {
    // SAFETY: as `leave`.
    unsafe {
        if (*frame).object.is_some() || (*frame).locals.is_some() || (*frame).subject.is_some() {
            return leave(vm, stack, frame);
        }
        drop_variables(vm, stack, frame);
        saved::leaving(vm, frame);
        stack.pop_inline(frame);
        None
    }
}
