//! Lookups in dicts and sets by keys whose `__hash__` is written in Python: that gets its frame in the loop, and the lookup follows when it has returned.
//!
//! Invariant: as in `special`; the attempt of such a frame is `HASHED`, and the instruction's container is an exact dict or set.

use crate::eval::frame::{Frame, FrameKind, Stack};
use crate::eval::here::Here;
use crate::eval::rare::consume;
use crate::eval::special;
use crate::eval::window::Window;
use std::cell::Cell;
use taipan_bytecode::{NEGATE, Op};
use taipan_heap::{Ref, Value};
use taipan_objects::builtins::boolean;
use taipan_objects::builtins::dict::{self, Dict};
use taipan_objects::builtins::exception::BaseException;
use taipan_objects::builtins::set::exact_set;
use taipan_objects::types::{slot_calls, type_flags};
use taipan_objects::vm::{PyResult, Raised, Vm};

/// Pushes the frame of the key's `__hash__`, if that is written in Python and the container asks for it first.
#[inline]
pub(super) fn enter(vm: &Vm, stack: &Stack, container: &Value, key: &Value) -> PyResult<bool> {
    match key.header() {
        Some(header) if vm.class_of_header(header).has(type_flags::PYTHON_CLASS) => ask(vm, stack, container, key),
        _ => Ok(false),
    }
}

#[inline(never)]
fn ask(vm: &Vm, stack: &Stack, container: &Value, key: &Value) -> PyResult<bool> {
    if container.downcast_exact::<Dict>().is_none() && exact_set(container).is_none() {
        return Ok(false);
    }
    let Some(function) = special::method_of(vm, stack, key, special::HASH) else { return Ok(false) };
    special::enter(vm, stack, function, [key.clone()], special::HASHED, FrameKind::Operation)?;
    Ok(true)
}

/// The registers of container and key of an instruction.
fn operands(op: Op, inst: Here) -> (u16, u16) {
    match op {
        Op::LoadItem => (inst.b(), inst.c()),
        Op::StoreItem => (inst.a(), inst.b()),
        _ => (inst.c(), inst.b()),
    }
}

/// What the failure to get a hash is told as: a TypeError says what the key was for.
unsafe fn told(vm: &Vm, w: Window, inst: Here, op: Op, raised: Raised) -> Raised {
    let (container, key) = operands(op, inst);
    // SAFETY: the instruction's operands are live.
    let (container, key) = unsafe { (w.get(container), w.get(key)) };
    let role = if exact_set(container).is_some() { "a set element" } else { "a dict key" };
    dict::unhashable(vm, raised, key, role)
}

/// The frame above `caller` has ended in `exception`: what the operation raises.
#[cold]
pub(super) unsafe fn raised(vm: &Vm, caller: *mut Frame, exception: Ref<BaseException>) -> Ref<BaseException> {
    // SAFETY: `caller` is at the instruction, whose operands are live.
    unsafe {
        let raised = vm.restore(exception);
        let raised = told(vm, (*caller).window, Here::new((*caller).at), special::op_at(caller), raised);
        vm.take_exception(raised)
    }
}

/// Ends the operation with what `__hash__` has returned. Where the frame goes on.
pub(super) unsafe fn hashed(
    vm: &Vm,
    w: Window,
    inst: Here,
    op: Op,
    at: *const Cell<u64>,
    result: &Value,
) -> PyResult<*const Cell<u64>> {
    // SAFETY: the operands are live.
    unsafe {
        let hash = slot_calls::hash_of(vm, result).map_err(|raised| told(vm, w, inst, op, raised))?;
        let (container, key) = operands(op, inst);
        let (container, key) = (w.get(container), w.get(key));
        let dict = container.downcast_exact::<Dict>();
        match (op, dict) {
            (Op::LoadItem, Some(dict)) => {
                let Some(value) = dict.get_hashed(vm, key, hash)? else { return Err(vm.key_error(key)) };
                consume(w, inst);
                w.set(inst.a(), value);
                Ok(at.add(1))
            }
            (Op::StoreItem, Some(dict)) => {
                dict.set_hashed(vm, key, hash, w.get(inst.c()).clone())?;
                special::consume_stored(w, inst);
                Ok(at.add(1))
            }
            (Op::In | Op::NotIn | Op::JumpIn, _) => {
                let found = match (dict, exact_set(container)) {
                    (Some(dict), _) => dict.get_hashed(vm, key, hash)?.is_some(),
                    (None, Some(set)) => set.contains_hashed(vm, key, hash)?,
                    (None, None) => return Err(vm.system_error("neither a dict nor a set")),
                };
                consume(w, inst);
                if op == Op::JumpIn {
                    let offset = if found != inst.has(NEGATE) { inst.jump_a() } else { 0 };
                    return Ok(at.add(1).offset(offset as isize));
                }
                w.set(inst.a(), boolean(found == (op == Op::In)));
                Ok(at.add(1))
            }
            _ => Err(vm.system_error("an instruction without a key has entered __hash__")),
        }
    }
}
