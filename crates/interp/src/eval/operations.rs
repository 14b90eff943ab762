//! What operators, subscripts, tests and loops do with other operands than the loop does inline: special methods written in Python get
//! their frame (`special`), everything else is done here and now.
//!
//! Invariant: an operand that an instruction uses up is dropped after the operation and before the destination is written.

use crate::eval::frame::Stack;
use crate::eval::here::Here;
use crate::eval::rare::{consume, consume_right_first};
use crate::eval::window::Window;
use crate::eval::{iterate, keyed, slow, special};
use crate::generator::Generator;
use taipan_bytecode::{CONSUME_B, CONSUME_C, INPLACE, ITERATOR, Op};
use taipan_heap::{Obj, Value};
use taipan_objects::builtins::boolean;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::int;
use taipan_objects::builtins::set::exact_set;
use taipan_objects::builtins::str::Str;
use taipan_objects::types::{BinaryOp, CompareOp, NextFn, Type};
use taipan_objects::vm::{PyResult, Vm};

/// `R[a] = R[b] op R[c]`. `true`, here and below: the frame of a special method was pushed, which ends the instruction.
#[inline(never)]
pub(super) unsafe fn binary(vm: &Vm, stack: &Stack, w: Window, inst: Here, op: BinaryOp) -> PyResult<bool> {
    // SAFETY: as `consume`; so for all functions here.
    unsafe {
        if w.get(inst.b()).header().is_some() {
            if let Some(class) = special::python_class(vm, w.get(inst.b())) {
                return binary_by(vm, stack, w, inst, op, class);
            }
        } else if let Some(number) = slow::quick_arithmetic(op, w.get(inst.b()), w.get(inst.c())) {
            // Immediate operands need no dropping.
            w.set(inst.a(), number);
            return Ok(false);
        }
        if let Some(number) = int::quick(vm, op, w.get(inst.b()), w.get(inst.c())) {
            let number = number?;
            consume(w, inst);
            w.set(inst.a(), number);
            return Ok(false);
        }
        let mut sum = None;
        if op == BinaryOp::Add {
            if append(vm, w, inst)? {
                return Ok(false);
            }
            sum = slow::quick_sum(vm, w.get(inst.b()), w.get(inst.c()), inst.has(INPLACE));
        }
        let result = match sum {
            Some(sum) => sum?,
            None => slow::binary(vm, op, w.get(inst.b()), w.get(inst.c()), inst.has(INPLACE))?,
        };
        consume(w, inst);
        w.set(inst.a(), result);
        Ok(false)
    }
}

/// The same, where the left operand's class was made by Python code.
#[inline(never)]
unsafe fn binary_by(vm: &Vm, stack: &Stack, w: Window, inst: Here, op: BinaryOp, class: &Obj<Type>) -> PyResult<bool> {
    // SAFETY: as `binary`.
    unsafe {
        if special::binary(vm, stack, op, class, w.get(inst.b()), w.get(inst.c()), inst.has(INPLACE))? {
            return Ok(true);
        }
        let result = slow::binary(vm, op, w.get(inst.b()), w.get(inst.c()), inst.has(INPLACE))?;
        consume(w, inst);
        w.set(inst.a(), result);
        Ok(false)
    }
}

/// `R[a] = R[b] + R[c]` of exact strs; in place where the left one is used up or overwritten and has no other owner.
unsafe fn append(vm: &Vm, w: Window, inst: Here) -> PyResult<bool> {
    // SAFETY: as `binary`.
    unsafe {
        let (Some(left), Some(right)) =
            (w.get(inst.b()).downcast_exact::<Str>(), w.get(inst.c()).downcast_exact::<Str>())
        else {
            return Ok(false);
        };
        let given_up = (inst.a() == inst.b() || inst.has(CONSUME_B)) && inst.b() != inst.c();
        let spent = given_up && left.header().count() == 1;
        if spent && Str::append_in_place(left, right) {
            if inst.a() != inst.b() {
                let text = w.take(inst.b()).unwrap_unchecked();
                w.set(inst.a(), text);
            }
            if inst.has(CONSUME_C) && inst.a() != inst.c() {
                w.clear(inst.c());
            }
            return Ok(true);
        }
        let grown = if spent { Str::concat_growing(vm, left, right)? } else { None };
        let sum = match grown {
            Some(sum) => sum,
            None => Str::concat(vm, left, right)?,
        };
        consume(w, inst);
        w.set(inst.a(), sum.into());
        Ok(true)
    }
}

/// `R[a] = R[b] op c`
#[inline(never)]
pub(super) unsafe fn binary_immediate(vm: &Vm, stack: &Stack, w: Window, inst: Here, op: BinaryOp) -> PyResult<bool> {
    // SAFETY: as `binary`.
    unsafe {
        let right = Value::small_int(inst.imm_c() as i32);
        if let Some(number) = slow::quick_arithmetic(op, w.get(inst.b()), &right) {
            w.set(inst.a(), number);
            return Ok(false);
        }
        if let Some(number) = int::quick(vm, op, w.get(inst.b()), &right) {
            let number = number?;
            if inst.has(CONSUME_B) {
                w.clear(inst.b());
            }
            w.set(inst.a(), number);
            return Ok(false);
        }
        if let Some(class) = special::python_class(vm, w.get(inst.b()))
            && special::binary(vm, stack, op, class, w.get(inst.b()), &right, inst.has(INPLACE))?
        {
            return Ok(true);
        }
        let result = slow::binary(vm, op, w.get(inst.b()), &right, inst.has(INPLACE))?;
        if inst.has(CONSUME_B) {
            w.clear(inst.b());
        }
        w.set(inst.a(), result);
        Ok(false)
    }
}

/// What a comparison of others than strs says where no class made by Python code is asked.
#[inline(always)]
fn quick_truth(vm: &Vm, op: CompareOp, left: &Value, right: &Value) -> Option<bool> {
    slow::quick_order(op, left, right).or_else(|| vm.compare_plain(op, left, right))
}

/// `R[a] = R[b] op R[c]` of a comparison.
#[inline(never)]
pub(super) unsafe fn compare(vm: &Vm, stack: &Stack, w: Window, inst: Here, op: CompareOp) -> PyResult<bool> {
    // SAFETY: as `binary`.
    unsafe {
        let (left, right) = (w.get(inst.b()), w.get(inst.c()));
        if let Some(truth) = slow::quick_compare(op, left, right) {
            consume_right_first(w, inst);
            w.set(inst.a(), boolean(truth));
            return Ok(false);
        }
        if let Some(class) = special::python_class(vm, left) {
            let Some(result) = compare_by(vm, stack, op, class, left, right)? else { return Ok(true) };
            consume_right_first(w, inst);
            w.set(inst.a(), result);
            return Ok(false);
        }
        let result = match quick_truth(vm, op, left, right) {
            Some(truth) => boolean(truth),
            None => slow::compare(vm, op, left, right)?,
        };
        consume_right_first(w, inst);
        w.set(inst.a(), result);
        Ok(false)
    }
}

/// `left op right`, where the left operand's class was made by Python code; `None`: the frame of a special method was pushed.
#[inline(never)]
fn compare_by(
    vm: &Vm,
    stack: &Stack,
    op: CompareOp,
    class: &Obj<Type>,
    left: &Value,
    right: &Value,
) -> PyResult<Option<Value>> {
    if special::compare(vm, stack, op, class, left, right)? {
        return Ok(None);
    }
    if let Some(truth) = vm.compare_plain(op, left, right) {
        return Ok(Some(boolean(truth)));
    }
    if special::compare_reflected(vm, stack, op, class, left, right)? {
        return Ok(None);
    }
    slow::compare(vm, op, left, right).map(Some)
}

/// The truth of `R[b] op R[c]`; `None`, here and below: the frame of a special method was pushed.
#[inline(never)]
pub(super) unsafe fn compare_truth(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    inst: Here,
    op: CompareOp,
) -> PyResult<Option<bool>> {
    // SAFETY: as `binary`.
    unsafe {
        let (left, right) = (w.get(inst.b()), w.get(inst.c()));
        if let Some(truth) = slow::quick_compare(op, left, right) {
            consume_right_first(w, inst);
            return Ok(Some(truth));
        }
        if let Some(class) = special::python_class(vm, left) {
            let Some(result) = compare_by(vm, stack, op, class, left, right)? else { return Ok(None) };
            let truth = vm.is_true(&result)?;
            consume_right_first(w, inst);
            return Ok(Some(truth));
        }
        let truth = match quick_truth(vm, op, left, right) {
            Some(truth) => truth,
            None => slow::compare_truth(vm, op, left, right)?,
        };
        consume_right_first(w, inst);
        Ok(Some(truth))
    }
}

/// The truth of `R[b] op c`.
#[inline(never)]
pub(super) unsafe fn compare_truth_immediate(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    inst: Here,
    op: CompareOp,
) -> PyResult<Option<bool>> {
    // SAFETY: as `binary`.
    unsafe {
        let right = Value::small_int(inst.imm_c() as i32);
        if let Some(truth) = slow::quick_order(op, w.get(inst.b()), &right) {
            return Ok(Some(truth));
        }
        let truth = match special::python_class(vm, w.get(inst.b())) {
            Some(class) => match compare_by(vm, stack, op, class, w.get(inst.b()), &right)? {
                Some(result) => vm.is_true(&result)?,
                None => return Ok(None),
            },
            None => slow::compare_truth(vm, op, w.get(inst.b()), &right)?,
        };
        if inst.has(CONSUME_B) {
            w.clear(inst.b());
        }
        Ok(Some(truth))
    }
}

/// The truth of the value in a register.
#[inline(never)]
pub(super) unsafe fn truth(vm: &Vm, stack: &Stack, w: Window, register: u16) -> PyResult<Option<bool>> {
    // SAFETY: as `binary`.
    unsafe { special::truth(vm, stack, w.get(register)) }
}

/// `R[a] = -R[b]`
#[inline(never)]
pub(super) unsafe fn negate(vm: &Vm, stack: &Stack, w: Window, inst: Here) -> PyResult<bool> {
    // SAFETY: as `binary`.
    unsafe {
        if special::unary(vm, stack, w, inst, special::NEG)? {
            return Ok(true);
        }
        let result = slow::negative(vm, w.get(inst.b()))?;
        consume(w, inst);
        w.set(inst.a(), result);
        Ok(false)
    }
}

/// `R[a] = ~R[b]`
#[inline(never)]
pub(super) unsafe fn invert(vm: &Vm, stack: &Stack, w: Window, inst: Here) -> PyResult<bool> {
    // SAFETY: as `binary`.
    unsafe {
        if special::unary(vm, stack, w, inst, special::INVERT)? {
            return Ok(true);
        }
        let result = slow::invert(vm, w.get(inst.b()))?;
        consume(w, inst);
        w.set(inst.a(), result);
        Ok(false)
    }
}

/// `R[a] = R[b][R[c]]`
#[inline(never)]
pub(super) unsafe fn load_item(vm: &Vm, stack: &Stack, w: Window, inst: Here) -> PyResult<bool> {
    // SAFETY: as `binary`.
    unsafe {
        let (container, key) = (w.get(inst.b()), w.get(inst.c()));
        if let Some(class) = special::python_class(vm, container)
            && special::item(vm, stack, w, inst, class, None)?
        {
            return Ok(true);
        }
        let value = match slow::quick_number(container, key).or_else(|| slow::quick_item(vm, container, key)) {
            Some(value) => value,
            None => match slow::quick_part(vm, container, key) {
                Some(part) => part?,
                None => {
                    if keyed::enter(vm, stack, container, key)? {
                        return Ok(true);
                    }
                    vm.get_item(container, key)?
                }
            },
        };
        consume(w, inst);
        w.set(inst.a(), value);
        Ok(false)
    }
}

/// `R[a] = R[b][c]`
#[inline(never)]
pub(super) unsafe fn load_item_immediate(vm: &Vm, stack: &Stack, w: Window, inst: Here) -> PyResult<bool> {
    // SAFETY: as `binary`.
    unsafe {
        let (container, index) = (w.get(inst.b()), inst.imm_c() as i32);
        if let Some(class) = special::python_class(vm, container)
            && special::item(vm, stack, w, inst, class, Some(Value::small_int(index)))?
        {
            return Ok(true);
        }
        let value = match slow::quick_index(vm, container, i64::from(index)) {
            Some(value) => value,
            None => vm.get_item(container, &Value::small_int(index))?,
        };
        if inst.has(CONSUME_B) {
            w.clear(inst.b());
        }
        w.set(inst.a(), value);
        Ok(false)
    }
}

/// `R[a][R[b]] = R[c]`
#[inline(never)]
pub(super) unsafe fn store_item(vm: &Vm, stack: &Stack, w: Window, inst: Here) -> PyResult<bool> {
    // SAFETY: as `binary`.
    unsafe {
        let (container, key, value) = (w.get(inst.a()), w.get(inst.b()), w.get(inst.c()));
        if let Some(dict) = container.downcast_exact::<Dict>() {
            if keyed::enter(vm, stack, container, key)? {
                return Ok(true);
            }
            dict.set(vm, key, value.clone())?;
            special::consume_stored(w, inst);
            return Ok(false);
        }
        if special::operation(vm, stack, special::SETITEM, [container, key, value])? {
            return Ok(true);
        }
        slow::store_item(vm, container, key, value)?;
        special::consume_stored(w, inst);
        Ok(false)
    }
}

/// `R[a][imm] = R[b]`
#[inline(never)]
pub(super) unsafe fn store_item_immediate(vm: &Vm, stack: &Stack, w: Window, inst: Here) -> PyResult<bool> {
    // SAFETY: as `binary`.
    unsafe {
        let (container, key, value) = (w.get(inst.a()), Value::small_int(inst.imm_c() as i32), w.get(inst.b()));
        if special::operation(vm, stack, special::SETITEM, [container, &key, value])? {
            return Ok(true);
        }
        slow::store_item(vm, container, &key, value)?;
        special::consume_stored_immediate(w, inst);
        Ok(false)
    }
}

/// Whether `R[b] in R[c]`.
#[inline]
pub(super) unsafe fn contains(vm: &Vm, stack: &Stack, w: Window, inst: Here) -> PyResult<Option<bool>> {
    // SAFETY: as `binary`.
    let (container, item) = unsafe { (w.get(inst.c()), w.get(inst.b())) };
    match exact_set(container).and_then(|set| set.knows(vm, item)) {
        None => contains_otherwise(vm, stack, container, item),
        answer => Ok(answer),
    }
}

#[inline(never)]
fn contains_otherwise(vm: &Vm, stack: &Stack, container: &Value, item: &Value) -> PyResult<Option<bool>> {
    if let Some(answer) = slow::quick_contains(vm, container, item).or_else(|| slow::quick_member(container, item)) {
        return Ok(Some(answer));
    }
    if special::operation(vm, stack, special::CONTAINS, [container, item])? || keyed::enter(vm, stack, container, item)?
    {
        return Ok(None);
    }
    vm.contains(container, item).map(Some)
}

/// `R[a] = iter(R[b])`
#[inline(never)]
pub(super) unsafe fn get_iter(vm: &Vm, stack: &Stack, w: Window, inst: Here) -> PyResult<bool> {
    // SAFETY: as `binary`.
    unsafe {
        if special::operation(vm, stack, special::ITER, [w.get(inst.b())])? {
            return Ok(true);
        }
        let iterator = vm.iter(w.get(inst.b()))?;
        consume(w, inst);
        w.set(inst.a(), iterator);
        Ok(false)
    }
}

/// Fills the three registers of a loop's state from `R[a]`.
#[inline(never)]
pub(super) unsafe fn for_prep(vm: &Vm, stack: &Stack, w: Window, inst: Here) -> PyResult<bool> {
    // SAFETY: as `binary`.
    unsafe {
        if w.get(inst.b()).downcast_exact::<Generator>().is_some_and(|generator| generator.is_iterator()) {
            let generator = if inst.has(CONSUME_B) { w.take(inst.b()) } else { Some(w.get(inst.b()).clone()) };
            w.clear_range(inst.a(), 3);
            if let Some(generator) = generator {
                w.set(inst.a(), generator);
            }
            return Ok(false);
        }
        if !inst.has(ITERATOR) && special::operation(vm, stack, special::ITER, [w.get(inst.b())])? {
            return Ok(true);
        }
        let state = iterate::begin(vm, w.get(inst.b()), inst.has(ITERATOR), inst.has(CONSUME_B))?;
        if inst.has(CONSUME_B) {
            w.clear(inst.b());
        }
        for (register, part) in (inst.a()..).zip(state) {
            match part {
                Some(part) => w.set(register, part),
                None => w.clear(register),
            }
        }
        Ok(false)
    }
}

/// Whether an instruction takes the pair in a register apart, and uses it up.
#[inline(always)]
pub(super) fn takes_pair(inst: Here, register: u16) -> bool {
    inst.op() == Op::UnpackSequence && inst.c() == 2 && inst.b() == register && inst.has(CONSUME_B)
}

/// How a step of a loop ends.
pub(super) enum Next {
    /// With an item, which is in its register.
    Item,
    /// With an item that the body's first instruction would have taken apart: its two parts are in their registers.
    Pair,
    /// With the end; the state is empty.
    End,
    /// In the frame of a `__next__`.
    Entered,
}

/// The next item of a loop that asks an iterator, which is no generator.
#[inline(never)]
pub(super) unsafe fn for_next(vm: &Vm, stack: &Stack, w: Window, inst: Here) -> PyResult<Next> {
    // SAFETY: as `binary`; the state is live.
    unsafe {
        if !takes_pair(inst.body(), inst.a())
            && let Some(next) = iterate::native(vm, w.get(inst.b()))
        {
            return next_of_native(vm, w, inst, next);
        }
        for_next_of_any(vm, stack, w, inst)
    }
}

/// The same of an iterator of a builtin class with that `next` slot.
#[inline(always)]
unsafe fn next_of_native(vm: &Vm, w: Window, inst: Here, next: NextFn) -> PyResult<Next> {
    // SAFETY: as `for_next`.
    unsafe {
        match next(vm, w.get(inst.b())) {
            Ok(Some(item)) => {
                w.set(inst.a(), item);
                Ok(Next::Item)
            }
            ended => end_of_native(vm, w, inst.b(), ended),
        }
    }
}

/// A native iterator has given no item.
#[inline(never)]
unsafe fn end_of_native(vm: &Vm, w: Window, state: u16, ended: PyResult<Option<Value>>) -> PyResult<Next> {
    // SAFETY: as `for_next`.
    unsafe {
        if let Err(raised) = ended {
            vm.end_of_iteration(raised)?;
        }
        w.clear_range(state, 3);
        Ok(Next::End)
    }
}

#[inline(never)]
unsafe fn for_next_of_any(vm: &Vm, stack: &Stack, w: Window, inst: Here) -> PyResult<Next> {
    // SAFETY: as `for_next`.
    unsafe {
        let (state, body) = (inst.b(), inst.body());
        if takes_pair(body, inst.a()) {
            match iterate::next_pair(vm, w.get(state))? {
                iterate::Pair::Both(first, second) => {
                    w.set(body.a(), first);
                    w.set(body.a() + 1, second);
                    return Ok(Next::Pair);
                }
                iterate::Pair::End => {
                    w.clear_range(state, 3);
                    return Ok(Next::End);
                }
                iterate::Pair::Unknown => {}
            }
            if let Some(next) = iterate::native(vm, w.get(state)) {
                return next_of_native(vm, w, inst, next);
            }
        }
        if special::operation(vm, stack, special::NEXT, [w.get(state)])? {
            return Ok(Next::Entered);
        }
        match vm.next(w.get(state))? {
            Some(item) => {
                w.set(inst.a(), item);
                Ok(Next::Item)
            }
            None => {
                w.clear_range(state, 3);
                Ok(Next::End)
            }
        }
    }
}
