//! Calls of native code without a block: a load of a function or method is written over (quickened) when its `Call` has found native code that has a
//! form for so few arguments, and these are variables, constants or globals. It then carries out everything up to the call in one step, with
//! the callable and the arguments where they stand.
//!
//! Invariants:
//! * S1: behind a load that is written over stand the loads of the arguments and the `Call` that its `SIMPLE_ARGS` or `GLOBAL_ARG` speak of,
//!   and nothing is jumped to in between but what goes on to that `Call`.
//! * S2: what is called this way borrows its arguments' words as they are in registers when it begins: values that are replaced there by way of
//!   the frame's object are kept until the instruction has ended. Those of globals, which nobody keeps, are held.

use crate::eval::attribute::{self, Cache};
use crate::eval::calls::{exactly, make_builtin};
use crate::eval::frame::{Frame, Stack};
use crate::eval::here::Here;
use crate::eval::leaf::frees;
use crate::eval::window::Window;
use crate::eval::{brief, iterate};
use crate::function::Function;
use std::cell::Cell;
use std::mem::ManuallyDrop;
use taipan_bytecode::{CONSUME_B, GLOBAL_ARG, HAS_SELF, Op, SIMPLE_ARGS};
use taipan_heap::{AsKind, Obj, Value};
use taipan_objects::builtins::function::{MethodDescriptor, NativeFunction};
use taipan_objects::native::{Fixed, MethodKind};
use taipan_objects::types::{Type, type_flags};
use taipan_objects::vm::{PyResult, Vm};

/// Words of a `Call`.
pub(super) const CALL_WORDS: usize = 3;
/// Words of a `LoadGlobal`.
const GLOBAL_WORDS: usize = 3;
/// Words of a `LoadMethod`.
const METHOD_WORDS: usize = 4;

/// The forms of a native function, unless it has more to be passed than its arguments.
#[inline(always)]
pub(super) fn forms_of_function(callable: &Value) -> Option<&'static Fixed> {
    let def = exactly::<NativeFunction>(callable)?.def.0;
    (def.kind == MethodKind::Function).then_some(&def.fixed)
}

/// The forms of a method of just the class that `this` is of.
#[inline(always)]
pub(super) fn forms_of_method(callable: &Value, this: &Value) -> Option<&'static Fixed> {
    let descriptor = exactly::<MethodDescriptor>(callable)?;
    let def = descriptor.def.0;
    let own = std::ptr::eq(this.header()?.kind(), descriptor.class.as_kind());
    (own && def.kind == MethodKind::Method).then_some(&def.fixed)
}

/// Writes over an operation, leaving its operands.
pub(super) unsafe fn write_op(at: *const Cell<u64>, op: Op) {
    // SAFETY: the caller's instruction is one of running code.
    unsafe { (*at).set((*at).get() & !0xff | op as u64) }
}

/// Writes over the load that stands before a `Call`, which has just found a form for its arguments.
#[cold]
pub(super) unsafe fn quicken(call: *const Cell<u64>) {
    // SAFETY: S1.
    unsafe {
        let inst = Here::new(call);
        let global = usize::from(inst.has(GLOBAL_ARG));
        let (words, from, to) = match (inst.has(HAS_SELF), inst.c()) {
            (false, 1) => (GLOBAL_WORDS, Op::LoadGlobal, Op::CallGlobal1),
            (false, 2) => (GLOBAL_WORDS, Op::LoadGlobal, Op::CallGlobal2),
            (true, 0) => (METHOD_WORDS, Op::LoadMethod, Op::CallMethod0),
            (true, 1) => (METHOD_WORDS, Op::LoadMethod, Op::CallMethod1),
            (true, 2) => (METHOD_WORDS, Op::LoadMethod, Op::CallMethod2),
            _ => return,
        };
        let load = call.sub(inst.c() as usize + global * (GLOBAL_WORDS - 1) + words);
        if Here::new(load).op() == from {
            write_op(load, to);
        }
    }
}

/// Takes a load back to what it was: its callable has no such form, or its cache has to be written anew. `for_good`: its `Call` never tries again.
#[cold]
#[inline(never)]
unsafe fn take_back(load: *const Cell<u64>, call: Option<*const Cell<u64>>) -> *const Cell<u64> {
    // SAFETY: S1.
    unsafe {
        let method = matches!(Here::new(load).op(), Op::CallMethod0 | Op::CallMethod1 | Op::CallMethod2);
        write_op(load, if method { Op::LoadMethod } else { Op::LoadGlobal });
        if let Some(call) = call {
            (*call).set((*call).get() & !(u64::from(SIMPLE_ARGS | GLOBAL_ARG) << 8));
        }
        load
    }
}

/// An argument that the instruction at `at` loads, and the next instruction. `None`: a global whose cache has to be written anew, or a `Break`.
#[inline(always)]
unsafe fn argument(w: Window, frame: *mut Frame, at: *const Cell<u64>) -> Option<(*const Value, *const Cell<u64>)> {
    // SAFETY: S1: a variable that has a value, a constant, an int or a global.
    unsafe {
        let inst = Here::new(at);
        let place = match inst.op() {
            Op::Move => w.get(inst.b()),
            Op::LoadInt => {
                w.set_word(inst.a(), (i64::from(inst.bc_signed()) << 2) as u64 | 1);
                w.get(inst.a())
            }
            Op::LoadConst => (*frame).code.consts.get_unchecked(inst.bc() as usize),
            Op::LoadGlobal => {
                let place = attribute::cached_global_place(&*frame, at.add(1))?;
                return Some((place, at.add(GLOBAL_WORDS)));
            }
            _ => return None,
        };
        Some((std::ptr::from_ref(place), at.add(1)))
    }
}

/// The same of two that follow each other.
#[inline(always)]
unsafe fn two_arguments(
    w: Window,
    frame: *mut Frame,
    at: *const Cell<u64>,
) -> Option<([*const Value; 2], *const Cell<u64>)> {
    // SAFETY: as `argument`.
    unsafe {
        let (first, at) = argument(w, frame, at)?;
        let (second, at) = argument(w, frame, at)?;
        Some(([first, second], at))
    }
}

/// The value at a place, which may be given another while it is used, without a reference of its own.
#[inline(always)]
unsafe fn borrow(place: *const Value) -> ManuallyDrop<Value> {
    // SAFETY: S2.
    unsafe { ManuallyDrop::new(place.read()) }
}

/// The last argument, held if it is a global's value.
#[inline(always)]
unsafe fn hold(call: *const Cell<u64>, value: &ManuallyDrop<Value>) -> Option<Value> {
    // SAFETY: S1.
    unsafe { Here::new(call).has(GLOBAL_ARG).then(|| Value::clone(value)) }
}

/// Notes that the frame is at a call and where it goes on.
#[inline(always)]
unsafe fn begin(frame: *mut Frame, call: *const Cell<u64>) {
    // SAFETY: the running frame.
    unsafe {
        (*frame).at = call;
        (*frame).next = call.add(CALL_WORDS);
    }
}

/// Ends a call: where its frame goes on.
#[inline(always)]
unsafe fn end(w: Window, call: *const Cell<u64>, result: PyResult<Value>) -> PyResult<*const Cell<u64>> {
    // SAFETY: S1.
    unsafe {
        w.set(Here::new(call).a(), result?);
        Ok(call.add(CALL_WORDS))
    }
}

/// What a builtin class was called for.
enum Converted {
    Value(PyResult<Value>),
    /// A loop over a range, which goes on here.
    Loop(*const Cell<u64>),
}

/// Calls a builtin class; `None`: it takes more than native code.
#[inline(never)]
unsafe fn convert(vm: &Vm, w: Window, call: *const Cell<u64>, callable: &Value, value: &Value) -> Option<Converted> {
    let class = exactly::<Type>(callable).filter(|class| !class.has(type_flags::PYTHON_CLASS))?.to_ref();
    let args = std::slice::from_ref(value);
    // SAFETY: S1.
    unsafe {
        let behind = call.add(CALL_WORDS);
        if let Some(state) = iterate::ranged(vm, &class, Here::new(call).a(), behind, args) {
            return Some(Converted::Loop(iterate::begin_with(w, behind, state)));
        }
    }
    make_builtin(vm, callable, &class, args).map(Converted::Value)
}

/// `CallGlobal1`. Gives the instruction to go on with: behind the call, or the load itself, as it was.
#[inline(never)]
pub(super) unsafe fn global_one(vm: &Vm, stack: &Stack, w: Window, at: *const Cell<u64>) -> PyResult<*const Cell<u64>> {
    // SAFETY: S1, S2. The function may go while its code runs, which does not use it; a global may be replaced while it is used, and is held.
    unsafe {
        let frame = stack.running();
        let Some(callable) = attribute::cached_global_place(&*frame, at.add(1)) else { return Ok(take_back(at, None)) };
        let Some((value, call)) = argument(w, frame, at.add(GLOBAL_WORDS)) else { return Ok(take_back(at, None)) };
        let value = borrow(value);
        let _held = hold(call, &value);
        begin(frame, call);
        let result = match forms_of_function(&*callable).and_then(|forms| forms.one) {
            Some(code) => code(vm, &value),
            None => match convert(vm, w, call, &*callable, &value) {
                Some(Converted::Loop(at)) => return Ok(at),
                Some(Converted::Value(result)) => result,
                None => return Ok(take_back(at, Some(call))),
            },
        };
        end(w, call, result)
    }
}

/// `CallGlobal2`; as `global_one`.
#[inline(never)]
pub(super) unsafe fn global_two(vm: &Vm, stack: &Stack, w: Window, at: *const Cell<u64>) -> PyResult<*const Cell<u64>> {
    // SAFETY: as `global_one`.
    unsafe {
        let frame = stack.running();
        let Some(callable) = attribute::cached_global_place(&*frame, at.add(1)) else { return Ok(take_back(at, None)) };
        let Some(([first, second], call)) = two_arguments(w, frame, at.add(GLOBAL_WORDS)) else {
            return Ok(take_back(at, None));
        };
        let Some(code) = forms_of_function(&*callable).and_then(|forms| forms.two) else {
            return Ok(take_back(at, Some(call)));
        };
        let (first, second) = (borrow(first), borrow(second));
        let _held = hold(call, &second);
        begin(frame, call);
        let result = code(vm, &first, &second);
        end(w, call, result)
    }
}

/// The forms of the method that a cache knows for an object.
#[inline(always)]
unsafe fn cached_forms(object: &Value, cache: Cache) -> Option<&'static Fixed> {
    // SAFETY: C1: the word holds a live value, which is only looked at.
    unsafe {
        let word = attribute::cached_method_word(object, cache)?;
        forms_of_method(&*word.cast::<Value>(), object)
    }
}

/// What the method that a load's cache knows gives, if it is a brief function and the object does not die with its register.
#[inline(always)]
unsafe fn brief_method<const N: usize>(
    stack: &Stack,
    w: Window,
    at: *const Cell<u64>,
    args: [&Value; N],
) -> Option<Value> {
    // SAFETY: S1, S2; C1.
    unsafe {
        let (inst, object) = (Here::new(at), *args.first()?);
        let word = attribute::cached_method_word(object, at.add(1))?;
        let consumed = inst.has(CONSUME_B);
        if consumed && frees(w.bits(inst.b())) {
            return None;
        }
        let value = brief::answer(stack, exactly::<Function>(&*word.cast::<Value>())?, args)?;
        if consumed {
            w.clear(inst.b());
        }
        Some(value)
    }
}

/// Writes over a `LoadMethod` whose cache has just been written for a brief function, if its `Call` stands right behind the loads of its arguments.
#[cold]
#[inline(never)]
pub(super) unsafe fn foresee(vm: &Vm, load: *const Cell<u64>, function: &Obj<Function>) {
    // SAFETY: S1: of a call's flags; code ends with an instruction that does not go on.
    unsafe {
        let mut at = load.add(METHOD_WORDS);
        let mut count = 0;
        while count < 2 {
            at = match Here::new(at).op() {
                Op::Move | Op::LoadInt | Op::LoadConst => at.add(1),
                Op::LoadGlobal => at.add(GLOBAL_WORDS),
                _ => break,
            };
            count += 1;
        }
        let (inst, call) = (Here::new(load), Here::new(at));
        if call.op() == Op::Call
            && call.has(HAS_SELF)
            && call.has(SIMPLE_ARGS | GLOBAL_ARG)
            && (call.b(), call.c()) == (inst.a(), count)
            && brief::is(vm, function)
        {
            quicken(at);
        }
    }
}

/// `CallMethod0`; as `global_one`.
#[inline(never)]
pub(super) unsafe fn method_none(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    at: *const Cell<u64>,
) -> PyResult<*const Cell<u64>> {
    // SAFETY: S1, S2.
    unsafe {
        let (inst, frame, call) = (Here::new(at), stack.running(), at.add(METHOD_WORDS));
        let object = w.get(inst.b());
        let Some(code) = cached_forms(object, at.add(1)).and_then(|forms| forms.one) else {
            let answer = brief_method(stack, w, at, [object]);
            return answer.map_or_else(|| Ok(take_back(at, Some(call))), |value| end(w, call, Ok(value)));
        };
        let object = borrow(object);
        begin(frame, call);
        let result = code(vm, &object);
        if inst.has(CONSUME_B) {
            w.clear(inst.b());
        }
        end(w, call, result)
    }
}

/// `CallMethod1`; as `global_one`.
#[inline(never)]
pub(super) unsafe fn method_one(vm: &Vm, stack: &Stack, w: Window, at: *const Cell<u64>) -> PyResult<*const Cell<u64>> {
    // SAFETY: as `global_one`.
    unsafe {
        let (inst, frame) = (Here::new(at), stack.running());
        let Some((value, call)) = argument(w, frame, at.add(METHOD_WORDS)) else { return Ok(take_back(at, None)) };
        let object = w.get(inst.b());
        let Some(code) = cached_forms(object, at.add(1)).and_then(|forms| forms.two) else {
            let answer = brief_method(stack, w, at, [object, &*value]);
            return answer.map_or_else(|| Ok(take_back(at, Some(call))), |value| end(w, call, Ok(value)));
        };
        let (object, value) = (borrow(object), borrow(value));
        let _held = hold(call, &value);
        begin(frame, call);
        let result = code(vm, &object, &value);
        if inst.has(CONSUME_B) {
            w.clear(inst.b());
        }
        end(w, call, result)
    }
}

/// `CallMethod2`; as `global_one`.
#[inline(never)]
pub(super) unsafe fn method_two(vm: &Vm, stack: &Stack, w: Window, at: *const Cell<u64>) -> PyResult<*const Cell<u64>> {
    // SAFETY: as `global_one`.
    unsafe {
        let (inst, frame) = (Here::new(at), stack.running());
        let Some(([first, second], call)) = two_arguments(w, frame, at.add(METHOD_WORDS)) else {
            return Ok(take_back(at, None));
        };
        let object = w.get(inst.b());
        let Some(code) = cached_forms(object, at.add(1)).and_then(|forms| forms.three) else {
            let answer = brief_method(stack, w, at, [object, &*first, &*second]);
            return answer.map_or_else(|| Ok(take_back(at, Some(call))), |value| end(w, call, Ok(value)));
        };
        let (object, first, second) = (borrow(object), borrow(first), borrow(second));
        let _held = hold(call, &second);
        begin(frame, call);
        let result = code(vm, &object, &first, &second);
        if inst.has(CONSUME_B) {
            w.clear(inst.b());
        }
        end(w, call, result)
    }
}

/// What the instruction at `at` was written over, for the loop that tells everything: a load and no more.
#[cold]
#[inline(never)]
pub(super) unsafe fn load(vm: &Vm, stack: &Stack, w: Window, at: *const Cell<u64>) -> PyResult<*const Cell<u64>> {
    // SAFETY: as the loads in the loop.
    unsafe {
        let (inst, frame) = (Here::new(at), stack.running());
        (*frame).at = at;
        if matches!(inst.op(), Op::CallGlobal1 | Op::CallGlobal2) {
            w.set(inst.a(), attribute::load_global(vm, &*frame, at.add(1), inst.c())?);
            return Ok(at.add(GLOBAL_WORDS));
        }
        attribute::load_method(vm, stack, w, inst, at.add(1))?;
        Ok(at.add(METHOD_WORDS))
    }
}
