//! The loop. An arm does the common case inline and leaves the rest to `slow`, `attribute`, `calls` and `iterate`.

use crate::eval::frame::{Frame, FrameKind, Stack};
use crate::eval::here::{self, Here};
use crate::eval::rare::consume;
use crate::eval::window::{Window, drop_word, exchange, immediate, owns};
use crate::eval::{
    attribute, calls, iterate, operations, quick, rare, saved, shortcut, slow, special, spread, trace, unwind,
};
use crate::function::Function;
use crate::generator::Generator;
use std::cell::Cell;
use std::hint::cold_path;
use std::mem::ManuallyDrop;
use taipan_bytecode::{CONSUME_A, CONSUME_B, CONSUME_C, DELEGATE, NEGATE, Op, STORES};
use taipan_heap::{MAX_INT, MIN_INT, Value};
use taipan_objects::builtins::{self, FALSE, NONE, TRUE, boolean};
use taipan_objects::types::{BinaryOp, CompareOp};
use taipan_objects::vm::{PyResult, Raised, Vm};

/// Whether two words are both immediate ints.
#[inline(always)]
pub(super) fn both_ints(a: u64, b: u64) -> bool {
    (a.wrapping_sub(1) | b.wrapping_sub(1)) & 3 == 0
}

/// The float of an immediate's word.
#[inline(always)]
pub(super) unsafe fn float_of(word: u64) -> f64 {
    // SAFETY: the caller has seen the tag of a float.
    unsafe { ManuallyDrop::new(immediate(word)).as_float().unwrap_unchecked() }
}

#[inline(always)]
pub(super) fn int_word(n: i64) -> u64 {
    (n << 2) as u64 | 1
}

#[inline(always)]
fn floor_div(x: i64, y: i64) -> i64 {
    x / y - ((x % y != 0 && (x < 0) != (y < 0)) as i64)
}

/// The remainder with the divisor's sign.
#[inline(always)]
fn modulo(x: i64, y: i64) -> i64 {
    let rest = x % y;
    if rest != 0 && (rest < 0) != (y < 0) { rest + y } else { rest }
}

#[inline(always)]
fn fits(n: i64) -> bool {
    (MIN_INT..=MAX_INT).contains(&n)
}

/// Whether a jump by comparison with an immediate is taken, not negated, with the words of two ints. `None`: it is another operation.
#[inline(always)]
fn holds(op: Op, left: i64, right: i64) -> Option<bool> {
    const FIRST: u64 = Op::JumpLtImm as u64;
    // Of each operation in the order of their numbers, a bit for less, one for equal and one for greater.
    const TRUTHS: u64 = 0b110_100_101_010_011_001;
    const { assert!(Op::JumpGeImm as u64 == FIRST + 5 && Op::JumpEqImm as u64 == FIRST + 2) };
    let which = (op as u64).wrapping_sub(FIRST);
    let order = (left >= right) as u64 + (left > right) as u64;
    (which < 6).then(|| TRUTHS >> (which * 3 + order) & 1 != 0)
}

/// Runs the top frame until it returns to native code, in the copy of the loop that fits whether somebody listens.
pub(super) fn run(vm: &Vm, stack: &Stack) -> PyResult<Value> {
    let Some(top) = stack.top() else { return Err(vm.system_error("no frame to run")) };
    // SAFETY: the top frame is alive (L1).
    unsafe {
        stack.belongs_to(vm);
        let mut pc = (*top).next;
        loop {
            let result = match stack.tracing.active() {
                false => evaluate::<false>(stack, pc),
                true => evaluate::<true>(stack, pc),
            };
            if result.is_err() && stack.tracing.take_switch() {
                pc = (*stack.running()).next;
                continue;
            }
            return result;
        }
    }
}

/// Leaves the loop for its other copy, which goes on at the top frame's `next`.
#[cold]
fn leave(vm: &Vm, stack: &Stack) -> Raised {
    stack.tracing.switch();
    vm.no_exception()
}

/// Serves who wants the loop to stop at the instruction before `at`, from where it goes on `distance` words further; whether in its
/// other copy. Computed here, as the loop should not hold two addresses at a time.
#[cold]
#[inline(never)]
unsafe fn interrupt<const TRACED: bool>(
    vm: &Vm,
    stack: &Stack,
    at: *const Cell<u64>,
    distance: isize,
) -> PyResult<bool> {
    // SAFETY: the top frame is alive (L1), and the target lies in its code.
    unsafe {
        let frame = stack.running();
        (*frame).at = at.sub(1);
        (*frame).next = at.offset(distance);
    }
    crate::interrupt(vm, stack)?;
    Ok(stack.tracing.active() != TRACED)
}

/// Drops what a register held before the instruction that ends at `at`, which whoever runs then sees. Out of line: most registers hold nothing or an
/// immediate when they are written.
#[inline(never)]
unsafe fn drop_at(stack: &Stack, at: *const Cell<u64>, word: u64) {
    // SAFETY: the top frame is alive (L1); the caller gives up the reference.
    unsafe {
        (*stack.running()).at = at.sub(1);
        drop_word(word);
    }
}

macro_rules! loop_state {
    ($frame:expr, $window:ident, $pc:ident) => {
        let frame: *mut Frame = $frame;
        $window = (*frame).window;
        $pc = (*frame).next;
    };
}

#[allow(clippy::cognitive_complexity)]
/// The loop. `TRACED`: each instruction is told to who listens.
unsafe fn evaluate<const TRACED: bool>(stack: &Stack, start: *const Cell<u64>) -> PyResult<Value> {
    // Read where it is needed: held in a register it would be one fewer for the arms.
    macro_rules! vm {
        () => {
            stack.vm()
        };
    }
    let mut at = start;
    // SAFETY: L1, E1–E3; each arm relies on what the compiler guarantees of live registers.
    unsafe {
        let mut w: Window = (*stack.running()).window;
        let mut reraise = false;
        'step: loop {
            // From here on `at` is behind the instruction.
            let mut op = here::fetch(&mut at);
            macro_rules! inst {
                () => {
                    Here::new(at.sub(1))
                };
            }
            // An arm sets `at` and continues, falls out (the next instruction follows), or breaks out with an exception.
            let raised: Raised = 'raise: {
                // Goes on behind the instruction and its extra words.
                macro_rules! next {
                    () => {
                        next!(0)
                    };
                    ($words:expr) => {{
                        at = at.add($words);
                        continue 'step;
                    }};
                }
                // The first extra word: a cache or an operand.
                macro_rules! extra {
                    () => {
                        at
                    };
                }
                macro_rules! tri {
                    ($result:expr) => {
                        match $result {
                            Ok(value) => value,
                            Err(raised) => break 'raise raised,
                        }
                    };
                }
                // Notes where the frame is, for code that looks at frames.
                macro_rules! save {
                    () => {
                        (*stack.running()).at = at.sub(1);
                    };
                }
                // Goes elsewhere, having looked whether the loop should stop.
                macro_rules! checked_jump {
                    ($distance:expr) => {{
                        let distance = $distance;
                        if stack.interrupted() {
                            if tri!(interrupt::<TRACED>(vm!(), stack, at, distance)) {
                                return Err(leave(vm!(), stack));
                            }
                            at = (*stack.running()).next;
                            continue 'step;
                        }
                        at = at.offset(distance);
                        continue 'step;
                    }};
                }
                macro_rules! jump {
                    ($offset:expr) => {
                        jump!(0, $offset)
                    };
                    ($words:expr, $offset:expr) => {{
                        let offset = $offset as isize;
                        if offset < 0 {
                            checked_jump!($words + offset);
                        }
                        at = at.add($words).offset(offset);
                        continue 'step;
                    }};
                }
                // Writes the destination. Where what it held may run code, that is to see where the program is.
                macro_rules! set {
                    ($value:expr) => {
                        put!(Some($value))
                    };
                }
                macro_rules! put {
                    ($value:expr) => {{
                        let old = w.exchange(inst!().a(), $value);
                        if owns(old) {
                            cold_path();
                            drop_at(stack, at, old);
                        }
                    }};
                }
                macro_rules! set_word {
                    ($word:expr) => {
                        set!(immediate($word))
                    };
                }
                // Writes the destination and goes on. Whatever that held, what drops it comes last: nothing is left to do where it held nothing.
                macro_rules! answer {
                    ($value:expr) => {
                        answer!(0, $value)
                    };
                    ($words:expr, $value:expr) => {{
                        let old = w.exchange(inst!().a(), Some($value));
                        at = at.add($words);
                        drop_word(old);
                        continue 'step;
                    }};
                }
                // What ends here, unless it has pushed the frame of a special method.
                macro_rules! entering {
                    ($entered:expr) => {{
                        if tri!($entered) {
                            loop_state!(stack.running(), w, at);
                            continue 'step;
                        }
                        next!();
                    }};
                }
                // An answer, unless that is left to the frame of a special method.
                macro_rules! or_entered {
                    ($answer:expr) => {
                        match tri!($answer) {
                            Some(answer) => answer,
                            None => {
                                loop_state!(stack.running(), w, at);
                                continue 'step;
                            }
                        }
                    };
                }
                // Result of an operation on b (and c): operands go first, then the destination's old value.
                macro_rules! finish {
                    ($value:expr) => {
                        finish!(0, $value)
                    };
                    ($words:expr, $value:expr) => {{
                        let value: Value = $value;
                        consume(w, inst!());
                        w.set(inst!().a(), value);
                        next!($words);
                    }};
                }
                macro_rules! arithmetic {
                    ($op:ident, |$x:ident, $y:ident| $ints:expr, |$fx:ident, $fy:ident| $floats:expr) => {{
                        let (left, right) = (w.bits(inst!().b()), w.bits(inst!().c()));
                        if left & right & 2 != 0 {
                            cold_path();
                            let ($fx, $fy) = (float_of(left), float_of(right));
                            if let Some(value) = Value::try_float($floats) {
                                answer!(value);
                            }
                        } else if both_ints(left, right) {
                            let ($x, $y) = (left as i64, right as i64);
                            if let Some(word) = $ints {
                                answer!(immediate(word));
                            }
                        }
                        cold_path();
                        binary!($op)
                    }};
                }
                // Puts a register's value into a list's place. A subscript that is used up is an int, which owns nothing.
                macro_rules! store_item {
                    ($place:expr, $register:expr, $consumed:expr) => {{
                        let place: *mut Value = $place;
                        // A list that goes is gone before the value, so that must not be moved into it.
                        let old = w.move_word(place, $register, inst!().flags() & (CONSUME_A | $consumed) == $consumed);
                        if owns(old) {
                            cold_path();
                            save!();
                            drop_word(old);
                        }
                        if inst!().has(CONSUME_A) {
                            cold_path();
                            save!();
                            w.clear(inst!().a());
                            if inst!().has($consumed) {
                                w.clear($register);
                            }
                        }
                        next!();
                    }};
                }
                macro_rules! mul {
                    () => {
                        arithmetic!(Mul, |x, y| (x >> 2).checked_mul(y - 1).map(|n| n as u64 | 1), |x, y| x * y)
                    };
                }
                // Ends the running frame.
                macro_rules! leave_frame {
                    ($value:expr) => {{
                        let value: Value = $value;
                        save!();
                        let frame = stack.running();
                        let (kind, dst) = ((*frame).kind, (*frame).dst);
                        if kind == FrameKind::Inline && (*frame).object.is_none() {
                            leave_inline!(frame);
                            loop_state!(frame.sub(1), w, at);
                            drop_word(w.exchange(dst, Some(value)));
                            continue 'step;
                        }
                        cold_path();
                        if kind == FrameKind::Init && (*frame).object.is_none() && value.is(&NONE) {
                            let instance = (*frame).subject.take().unwrap_unchecked();
                            leave_inline!(frame);
                            loop_state!(frame.sub(1), w, at);
                            drop_word(w.exchange(dst, Some(instance)));
                            continue 'step;
                        }
                        if kind == FrameKind::Operation {
                            w = (*frame.sub(1)).window;
                            at = tri!(special::leave(vm!(), stack, frame, value));
                            if stack.tracing.active() != TRACED {
                                (*stack.running()).next = at;
                                return Err(leave(vm!(), stack));
                            }
                            continue 'step;
                        }
                        let subject = calls::leave_out_of_line(vm!(), stack, frame);
                        let frame = frame.sub(1);
                        match kind {
                            FrameKind::Entry => return Ok(value),
                            FrameKind::Inline => {
                                loop_state!(frame, w, at);
                                w.set(dst, value);
                            }
                            FrameKind::Init => {
                                loop_state!(frame, w, at);
                                if !value.is(&NONE) {
                                    break 'raise slow::init_returned(vm!(), &value);
                                }
                                w.set(dst, subject.unwrap_unchecked());
                            }
                            FrameKind::Generator => {
                                w = (*frame).window;
                                at = saved::returned(vm!(), frame, value);
                            }
                            // Has been left above.
                            FrameKind::Operation => {}
                        }
                        continue 'step;
                    }};
                }
                // Drops the variables of the running frame, and the frame.
                macro_rules! leave_inline {
                    ($frame:ident) => {{
                        w.leave((*$frame).code.shape().variables);
                        if (*$frame).object.is_some() {
                            cold_path();
                            // A finalizer has looked at the frame.
                            unwind::detach_frame_object(vm!(), stack, $frame);
                        }
                        stack.pop_inline($frame);
                    }};
                }
                // Where the instruction after the next uses up what that one has given, an immediate that goes into a list over another: that as well.
                macro_rules! keep_in_list {
                    ($register:expr, $value:expr) => {{
                        let store = Here::new(here::apart(at).add(1));
                        let place = match store.op() {
                            Op::StoreItem
                                if store.c() == $register && store.flags() & (CONSUME_A | CONSUME_C) == CONSUME_C =>
                            {
                                match w.get(store.b()).as_int() {
                                    Some(index) => quick::item_place(w.get(store.a()), index),
                                    None => None,
                                }
                            }
                            Op::StoreItemImm
                                if store.b() == $register && store.flags() & (CONSUME_A | CONSUME_B) == CONSUME_B =>
                            {
                                quick::item_place(w.get(store.a()), store.imm_c() as i64)
                            }
                            _ => None,
                        };
                        if let Some(place) = place
                            && !(*place).is_object()
                        {
                            place.write($value);
                            next!(2);
                        }
                    }};
                }
                // A product of floats that the next instruction uses up: both at once, and the product need not be an immediate. Anything else: the
                // product alone.
                macro_rules! mul_then {
                    ($next:ident, |$then:ident| $register:expr, |$product:ident, $other:ident| $result:expr) => {{
                        let (left, right) = (w.bits(inst!().b()), w.bits(inst!().c()));
                        if !TRACED && left & right & 2 != 0 {
                            let $then = Here::new(at);
                            let other = w.bits($register);
                            if other & 2 != 0 && $then.op() == Op::$next {
                                let ($product, $other) = (float_of(left) * float_of(right), float_of(other));
                                if let Some(value) = Value::try_float($result) {
                                    keep_in_list!($then.a(), value);
                                    let old = w.exchange($then.a(), Some(value));
                                    at = at.add(1);
                                    drop_word(old);
                                    continue 'step;
                                }
                            }
                        }
                        cold_path();
                        mul!()
                    }};
                }
                // Goes on with the same instruction, which from now on is a plain `LoadAttr`.
                macro_rules! load_attr_plainly {
                    () => {{
                        cold_path();
                        attribute::load_plainly(at.sub(1));
                        at = at.sub(1);
                        continue 'step;
                    }};
                }
                // An attribute that is handed on, of which the cache does not say where in the object it is.
                macro_rules! load_attr_unknown {
                    () => {{
                        cold_path();
                        save!();
                        (*stack.running()).next = at.add(attribute::WORDS);
                        let value = or_entered!(calls::load_handed(vm!(), stack, w, inst!(), extra!()));
                        answer!(attribute::WORDS, value);
                    }};
                }
                // The instruction that an attribute is handed on to.
                macro_rules! then {
                    ($op:pat) => {{
                        let then = Here::new(here::apart(at).add(attribute::WORDS));
                        if !matches!(then.op(), $op) {
                            load_attr_plainly!();
                        }
                        then
                    }};
                }
                // What the instruction behind a `LoadAttr` gives, an immediate: to where that wants it, or at once where the one behind it does.
                macro_rules! hand_on {
                    ($then:ident, $value:expr) => {{
                        let value: Value = $value;
                        if inst!().has(STORES) {
                            let store = Here::new(here::apart(at).add(attribute::WORDS + 1));
                            if store.op() == Op::StoreAttr
                                && let Some(place) = attribute::cached_place(w.get(store.a()), store.extra_words())
                            {
                                let old = exchange(place, value);
                                at = here::apart(at).add(2 * attribute::WORDS + 2);
                                drop_word(old);
                                continue 'step;
                            }
                            cold_path();
                        }
                        let old = w.exchange($then.a(), Some(value));
                        at = at.add(attribute::WORDS + 1);
                        drop_word(old);
                        continue 'step;
                    }};
                }
                // With an immediate operand. Closures take the int's word, or the float; they give the result's word, or the float.
                macro_rules! immediate {
                    ($op:ident, |$x:ident, $n:ident| $ints:expr $(, |$fx:ident, $fn:ident| $floats:expr)?) => {{
                        let left = w.bits(inst!().b());
                        if left & 3 == 1 {
                            let ($x, $n) = (left as i64, inst!().imm_c() as i64);
                            let word: Option<u64> = $ints;
                            if let Some(word) = word {
                                w.set_word(inst!().a(), word);
                                next!();
                            }
                        }
                        $(else if left & 2 != 0 {
                            cold_path();
                            let ($fx, $fn) = (float_of(left), inst!().imm_c() as f64);
                            if let Some(value) = Value::try_float($floats) {
                                w.set(inst!().a(), value);
                                next!();
                            }
                        })?
                        cold_path();
                        save!();
                        entering!(operations::binary_immediate(vm!(), stack, w, inst!(), BinaryOp::$op));
                    }};
                }
                macro_rules! binary {
                    ($op:ident) => {{
                        save!();
                        entering!(operations::binary(vm!(), stack, w, inst!(), BinaryOp::$op));
                    }};
                }
                macro_rules! bitwise {
                    ($op:ident, $x:ident, $y:ident, $word:expr) => {{
                        let ($x, $y) = (w.bits(inst!().b()), w.bits(inst!().c()));
                        if both_ints($x, $y) {
                            w.set_word(inst!().a(), $word);
                            next!();
                        }
                        cold_path();
                        binary!($op)
                    }};
                }
                macro_rules! compare {
                    ($op:ident, $operator:tt) => {{
                        let (left, right) = (w.bits(inst!().b()), w.bits(inst!().c()));
                        if both_ints(left, right) {
                            w.set(inst!().a(), boolean((left as i64) $operator (right as i64)));
                            next!();
                        }
                        if let (Some(x), Some(y)) = (w.get(inst!().b()).as_float(), w.get(inst!().c()).as_float()) {
                            w.set(inst!().a(), boolean(x $operator y));
                            next!();
                        }
                        save!();
                        entering!(operations::compare(vm!(), stack, w, inst!(), CompareOp::$op));
                    }};
                }
                macro_rules! branch {
                    ($truth:expr) => {{
                        if $truth != inst!().has(NEGATE) {
                            jump!(inst!().jump_a());
                        }
                        next!();
                    }};
                }
                macro_rules! compare_jump {
                    ($op:ident, $operator:tt) => {{
                        let (left, right) = (w.bits(inst!().b()), w.bits(inst!().c()));
                        if both_ints(left, right) {
                            branch!(((left as i64) $operator (right as i64)));
                        }
                        cold_path();
                        if let (Some(x), Some(y)) = (w.get(inst!().b()).as_float(), w.get(inst!().c()).as_float()) {
                            branch!((x $operator y));
                        }
                        save!();
                        branch!(or_entered!(operations::compare_truth(vm!(), stack, w, inst!(), CompareOp::$op)))
                    }};
                }
                macro_rules! compare_jump_imm {
                    ($op:ident, $operator:tt) => {{
                        let left = w.bits(inst!().b());
                        let right = int_word(inst!().imm_c() as i64);
                        if left & 3 == 1 {
                            branch!(((left as i64) $operator (right as i64)));
                        }
                        cold_path();
                        save!();
                        branch!(or_entered!(operations::compare_truth_immediate(vm!(), stack, w, inst!(), CompareOp::$op)))
                    }};
                }
                macro_rules! truth {
                    ($register:expr) => {{
                        let value = w.get($register);
                        if value.is(&TRUE) {
                            true
                        } else if value.is(&FALSE) {
                            false
                        } else if value.is_int() {
                            value.bits() != int_word(0)
                        } else if value.is(&NONE) {
                            false
                        } else {
                            save!();
                            or_entered!(operations::truth(vm!(), stack, w, $register))
                        }
                    }};
                }

                if TRACED {
                    match tri!(trace::before(vm!(), stack, at.sub(1))) {
                        trace::Step::Go => {}
                        trace::Step::Jump(target) => {
                            at = (*stack.running()).code.words.0.as_ptr().add(target as usize);
                            continue 'step;
                        }
                        trace::Step::Leave => return Err(leave(vm!(), stack)),
                    }
                    // Who was told may have had it written over.
                    op = inst!().op();
                }

                match op {
                    Op::Nop => {}
                    Op::Resume => {
                        // The other copy of the loop begins with this instruction again.
                        if stack.interrupted() && tri!(interrupt::<TRACED>(vm!(), stack, at, -1)) {
                            return Err(leave(vm!(), stack));
                        }
                    }
                    Op::Move => {
                        if !inst!().has(CONSUME_B) {
                            set!(w.get(inst!().b()).clone());
                            next!();
                        }
                        cold_path();
                        // The second half of what `LoadSpecial` left may be absent.
                        put!(w.take(inst!().b()));
                    }
                    Op::MovePair => {
                        let old = w.exchange(inst!().c(), w.take(inst!().b() + 1));
                        if owns(old) {
                            cold_path();
                            drop_at(stack, at, old);
                        }
                        put!(w.take(inst!().b()));
                    }
                    Op::LoadConst => {
                        set!((*stack.running()).code.consts.get_unchecked(inst!().bc() as usize).clone())
                    }
                    Op::LoadInt => set_word!(int_word(inst!().bc_signed() as i64)),
                    Op::Clear => w.clear(inst!().a()),
                    Op::ClearRange => w.clear_range(inst!().a(), inst!().c()),
                    Op::CheckLocal => {
                        if w.peek(inst!().a()).is_none() {
                            save!();
                            break 'raise slow::unbound_local(vm!(), &*stack.running(), inst!().a());
                        }
                    }
                    Op::LoadCell => match slow::cell(w.get(inst!().b())).contents.get() {
                        Some(value) => answer!(value),
                        None => {
                            cold_path();
                            save!();
                            break 'raise slow::unbound_cell(vm!(), &*stack.running(), inst!().b());
                        }
                    },
                    Op::StoreCell => {
                        let value =
                            if inst!().has(CONSUME_B) { w.take(inst!().b()) } else { w.peek(inst!().b()).cloned() };
                        slow::cell(w.get(inst!().a())).contents.set(value);
                    }
                    Op::LoadGlobal => {
                        if let Some(place) = attribute::cached_global_place(&*stack.running(), extra!()) {
                            answer!(2, (*place).clone());
                        }
                        cold_path();
                        save!();
                        answer!(2, tri!(attribute::load_global(vm!(), &*stack.running(), extra!(), inst!().c())));
                    }
                    Op::LoadName => {
                        let cached = if (*stack.running()).locals.is_none() {
                            attribute::cached_global(&*stack.running(), extra!())
                        } else {
                            None
                        };
                        let value = match cached {
                            Some(value) => value,
                            None => {
                                save!();
                                tri!(attribute::load_name(vm!(), &*stack.running(), extra!(), inst!().c()))
                            }
                        };
                        w.set(inst!().a(), value);
                        next!(2);
                    }
                    Op::LoadAttrAdd if !TRACED => {
                        let Some(value) = attribute::cached(w.get(inst!().b()), extra!()) else { load_attr_unknown!() };
                        let then = then!(Op::Add);
                        let other = then.b().wrapping_add(then.c()).wrapping_sub(inst!().a());
                        let (x, y) = (value.bits(), w.bits(other));
                        if both_ints(x, y) {
                            if let Some(sum) = (x as i64 - 1).checked_add(y as i64) {
                                hand_on!(then, immediate(sum as u64));
                            }
                        } else if x & y & 2 != 0 {
                            cold_path();
                            if let Some(sum) = Value::try_float(float_of(x) + float_of(y)) {
                                hand_on!(then, sum);
                            }
                        }
                        load_attr_plainly!()
                    }
                    Op::LoadAttrSub if !TRACED => {
                        let Some(value) = attribute::cached(w.get(inst!().b()), extra!()) else { load_attr_unknown!() };
                        let then = then!(Op::Sub);
                        let (mut x, mut y) = (value.bits(), w.bits(then.c()));
                        if then.b() != inst!().a() {
                            (x, y) = (w.bits(then.b()), x);
                        }
                        if both_ints(x, y) {
                            if let Some(rest) = (x as i64).checked_sub(y as i64) {
                                hand_on!(then, immediate((rest + 1) as u64));
                            }
                        } else if x & y & 2 != 0 {
                            cold_path();
                            if let Some(rest) = Value::try_float(float_of(x) - float_of(y)) {
                                hand_on!(then, rest);
                            }
                        }
                        load_attr_plainly!()
                    }
                    Op::LoadAttrImm if !TRACED => {
                        let Some(value) = attribute::cached(w.get(inst!().b()), extra!()) else { load_attr_unknown!() };
                        let then = Here::new(here::apart(at).add(attribute::WORDS));
                        let (x, n) = (value.bits() as i64, then.imm_c() as i64);
                        if x & 3 == 1 {
                            let result = match then.op() {
                                Op::AddImm => x.checked_add(n << 2),
                                Op::SubImm => x.checked_sub(n << 2),
                                Op::MulImm => (x - 1).checked_mul(n).map(|product| product | 1),
                                _ => None,
                            };
                            if let Some(word) = result {
                                hand_on!(then, immediate(word as u64));
                            }
                        }
                        load_attr_plainly!()
                    }
                    Op::LoadAttrCompare if !TRACED => {
                        let Some(value) = attribute::cached(w.get(inst!().b()), extra!()) else { load_attr_unknown!() };
                        let then = Here::new(here::apart(at).add(attribute::WORDS));
                        let left = value.bits();
                        if left & 3 == 1
                            && let Some(truth) = holds(then.op(), left as i64, int_word(then.imm_c() as i64) as i64)
                        {
                            let taken = truth != then.has(NEGATE);
                            at = here::apart(at).add(attribute::WORDS + 1);
                            if taken {
                                jump!(inst!().jump_a());
                            }
                            next!();
                        }
                        load_attr_plainly!()
                    }
                    Op::LoadAttrNone if !TRACED => {
                        let Some(value) = attribute::cached(w.get(inst!().b()), extra!()) else { load_attr_unknown!() };
                        let then = Here::new(here::apart(at).add(attribute::WORDS));
                        let wanted = match then.op() {
                            Op::JumpIfNone => true,
                            Op::JumpIfNotNone => false,
                            _ => load_attr_plainly!(),
                        };
                        let taken = value.is(&NONE) == wanted;
                        at = here::apart(at).add(attribute::WORDS + 1);
                        if taken {
                            jump!(inst!().bc_signed());
                        }
                        next!();
                    }
                    Op::LoadAttrAttr if !TRACED => {
                        let Some(value) = attribute::cached(w.get(inst!().b()), extra!()) else { load_attr_unknown!() };
                        let then = then!(Op::LoadAttr);
                        let Some(found) = attribute::cached(value, then.extra_words()) else {
                            cold_path();
                            answer!(attribute::WORDS, value.clone());
                        };
                        let old = w.exchange(then.a(), Some(found.clone()));
                        at = at.add(2 * attribute::WORDS + 1);
                        drop_word(old);
                        continue 'step;
                    }
                    Op::LoadAttrMethod if !TRACED => {
                        let Some(value) = attribute::cached(w.get(inst!().b()), extra!()) else { load_attr_unknown!() };
                        let then = then!(Op::LoadMethod);
                        let Some(function) = attribute::cached_method(value, then.extra_words()) else {
                            cold_path();
                            answer!(attribute::WORDS, value.clone());
                        };
                        w.begin(then.a(), function);
                        w.begin(then.a() + 1, value.clone());
                        next!(2 * attribute::WORDS + 1);
                    }
                    Op::LoadAttr
                    | Op::LoadAttrAdd
                    | Op::LoadAttrSub
                    | Op::LoadAttrImm
                    | Op::LoadAttrCompare
                    | Op::LoadAttrNone
                    | Op::LoadAttrAttr
                    | Op::LoadAttrMethod => {
                        if let Some(value) = attribute::cached(w.get(inst!().b()), extra!()) {
                            let value = value.clone();
                            if inst!().has(CONSUME_B) {
                                cold_path();
                                w.clear(inst!().b());
                            }
                            answer!(3, value);
                        }
                        cold_path();
                        if attribute::is_property(extra!()) {
                            let caller = stack.running();
                            (*caller).at = at.sub(1);
                            (*caller).next = at.add(attribute::WORDS);
                            if let Some(entry) = tri!(calls::enter_property(vm!(), stack, w, inst!(), extra!())) {
                                (w, at) = entry;
                                continue 'step;
                            }
                        }
                        let known = match attribute::cached_otherwise(w.get(inst!().b()), extra!()) {
                            None if !attribute::is_out_of_line(extra!()) => {
                                cold_path();
                                attribute::recalled_attribute(
                                    stack,
                                    &(*stack.running()).code,
                                    w.get(inst!().b()),
                                    extra!(),
                                    inst!().c(),
                                )
                            }
                            known => known,
                        };
                        let value = match known {
                            Some(value) => value,
                            None => {
                                save!();
                                (*stack.running()).next = at.add(3);
                                or_entered!(calls::load_attribute(vm!(), stack, w, inst!(), extra!()))
                            }
                        };
                        if inst!().has(CONSUME_B) {
                            w.clear(inst!().b());
                        }
                        answer!(3, value);
                    }
                    Op::StoreAttr => {
                        if let Some(place) = attribute::cached_place(w.get(inst!().a()), extra!()) {
                            let value = w.move_or_clone(inst!().b(), inst!().has(CONSUME_B));
                            let old = exchange(place, value);
                            if inst!().has(CONSUME_A) {
                                cold_path();
                                drop_word(old);
                                w.clear(inst!().a());
                                next!(3);
                            }
                            at = at.add(3);
                            drop_word(old);
                            continue 'step;
                        }
                        cold_path();
                        let known = match attribute::cached_store(w.get(inst!().a()), extra!()) {
                            None => {
                                cold_path();
                                attribute::recalled_store(
                                    stack,
                                    &(*stack.running()).code,
                                    w.get(inst!().a()),
                                    extra!(),
                                    inst!().c(),
                                )
                            }
                            known => known,
                        };
                        if let Some((place, added)) = known {
                            let value = w.move_or_clone(inst!().b(), inst!().has(CONSUME_B));
                            let old = exchange(place, value);
                            if !added {
                                drop_word(old);
                            }
                            if inst!().has(CONSUME_A) {
                                w.clear(inst!().a());
                            }
                            next!(3);
                        }
                        save!();
                        tri!(attribute::store(
                            vm!(),
                            stack,
                            w.get(inst!().a()),
                            w.get(inst!().b()),
                            extra!(),
                            inst!().c()
                        ));
                        if inst!().has(CONSUME_A) {
                            w.clear(inst!().a());
                        }
                        if inst!().has(CONSUME_B) {
                            w.clear(inst!().b());
                        }
                        next!(3);
                    }
                    Op::LoadMethod => {
                        let known = match attribute::cached_method(w.get(inst!().b()), extra!()) {
                            None => {
                                cold_path();
                                if attribute::is_out_of_line(extra!()) {
                                    None
                                } else {
                                    attribute::recalled_method(stack, w.get(inst!().b()), extra!(), inst!().c())
                                }
                            }
                            known => known,
                        };
                        if let Some(function) = known {
                            let object = w.move_or_clone(inst!().b(), inst!().has(CONSUME_B));
                            // A block of arguments begins here: both registers are dead.
                            w.begin(inst!().a(), function);
                            w.begin(inst!().a() + 1, object);
                            next!(3);
                        }
                        cold_path();
                        save!();
                        tri!(attribute::load_method(vm!(), stack, w, inst!(), extra!()));
                        next!(3);
                    }
                    Op::LoadItem => {
                        if let Some(index) = w.get(inst!().c()).as_int() {
                            if let Some(value) = quick::list_item(w.get(inst!().b()), index) {
                                let value = value.clone();
                                // An int that is used up owns nothing.
                                if inst!().has(CONSUME_B) {
                                    cold_path();
                                    w.clear(inst!().b());
                                }
                                answer!(value);
                            }
                            cold_path();
                            if let Some(value) = quick::item(w.get(inst!().b()), index) {
                                finish!(value)
                            }
                        }
                        cold_path();
                        save!();
                        entering!(operations::load_item(vm!(), stack, w, inst!()))
                    }
                    Op::LoadItemImm => {
                        if let Some(value) = quick::list_item(w.get(inst!().b()), inst!().imm_c() as i64) {
                            let value = value.clone();
                            if inst!().has(CONSUME_B) {
                                cold_path();
                                w.clear(inst!().b());
                            }
                            answer!(value);
                        }
                        cold_path();
                        if let Some(value) = quick::item(w.get(inst!().b()), inst!().imm_c() as i64) {
                            finish!(value);
                        }
                        save!();
                        entering!(operations::load_item_immediate(vm!(), stack, w, inst!()))
                    }
                    Op::StoreItem => {
                        let place = match w.get(inst!().b()).as_int() {
                            Some(index) => quick::item_place(w.get(inst!().a()), index),
                            None => None,
                        };
                        if let Some(place) = place {
                            store_item!(place, inst!().c(), CONSUME_C);
                        }
                        cold_path();
                        save!();
                        entering!(operations::store_item(vm!(), stack, w, inst!()));
                    }
                    Op::StoreItemImm => {
                        if let Some(place) = quick::item_place(w.get(inst!().a()), inst!().imm_c() as i64) {
                            store_item!(place, inst!().b(), CONSUME_B);
                        }
                        cold_path();
                        save!();
                        entering!(operations::store_item_immediate(vm!(), stack, w, inst!()));
                    }
                    Op::Add => arithmetic!(Add, |x, y| (x - 1).checked_add(y).map(|n| n as u64), |x, y| x + y),
                    Op::Sub => arithmetic!(Sub, |x, y| x.checked_sub(y).map(|n| (n + 1) as u64), |x, y| x - y),
                    Op::Mul => mul!(),
                    Op::MulAdd => {
                        let product = inst!().a();
                        mul_then!(Add, |then| then.b().wrapping_add(then.c()).wrapping_sub(product), |p, x| p + x)
                    }
                    Op::MulSub => mul_then!(Sub, |then| then.c(), |p, x| p - x),
                    Op::SubMul => mul_then!(Sub, |then| then.b(), |p, x| x - p),
                    Op::TrueDiv => {
                        let (left, right) = (w.bits(inst!().b()), w.bits(inst!().c()));
                        if left & right & 2 != 0 {
                            let (x, y) = (float_of(left), float_of(right));
                            if y != 0.0
                                && let Some(value) = Value::try_float(x / y)
                            {
                                w.set(inst!().a(), value);
                                next!();
                            }
                        }
                        binary!(TrueDiv)
                    }
                    Op::FloorDiv => {
                        let (x, y) = (w.bits(inst!().b()), w.bits(inst!().c()));
                        if both_ints(x, y) && y != 1 {
                            let (x, y) = ((x as i64) >> 2, (y as i64) >> 2);
                            let quotient = floor_div(x, y);
                            if fits(quotient) {
                                w.set_word(inst!().a(), int_word(quotient));
                                next!();
                            }
                        }
                        binary!(FloorDiv)
                    }
                    Op::Mod => {
                        let (x, y) = (w.bits(inst!().b()), w.bits(inst!().c()));
                        if both_ints(x, y) && y != 1 {
                            let (x, y) = ((x as i64) >> 2, (y as i64) >> 2);
                            w.set_word(inst!().a(), int_word(modulo(x, y)));
                            next!();
                        }
                        binary!(Mod)
                    }
                    Op::Pow => {
                        let (left, right) = (w.bits(inst!().b()), w.bits(inst!().c()));
                        if left & right & 2 != 0
                            && let Some(power) = quick::float_power(float_of(left), float_of(right))
                        {
                            w.set(inst!().a(), power);
                            next!();
                        }
                        binary!(Pow)
                    }
                    Op::LShift => {
                        let (x, y) = (w.bits(inst!().b()), w.bits(inst!().c()));
                        if both_ints(x, y) {
                            let (x, y) = ((x as i64) >> 2, (y as i64) >> 2);
                            if (0..61).contains(&y) {
                                let shifted = x << y;
                                if shifted >> y == x && fits(shifted) {
                                    w.set_word(inst!().a(), int_word(shifted));
                                    next!();
                                }
                            }
                        }
                        binary!(LShift)
                    }
                    Op::RShift => {
                        let (x, y) = (w.bits(inst!().b()), w.bits(inst!().c()));
                        if both_ints(x, y) && (y as i64) >= 0 {
                            let (x, y) = ((x as i64) >> 2, (y as i64) >> 2);
                            w.set_word(inst!().a(), int_word(x >> y.min(63)));
                            next!();
                        }
                        binary!(RShift)
                    }
                    Op::And => bitwise!(And, x, y, x & y),
                    Op::Or => bitwise!(Or, x, y, x | y),
                    Op::Xor => bitwise!(Xor, x, y, (x ^ y) | 1),
                    Op::AddImm => immediate!(Add, |x, n| x.checked_add(n << 2).map(|sum| sum as u64), |x, n| x + n),
                    Op::SubImm => immediate!(Sub, |x, n| x.checked_sub(n << 2).map(|rest| rest as u64), |x, n| x - n),
                    Op::MulImm => {
                        immediate!(Mul, |x, n| (x - 1).checked_mul(n).map(|product| product as u64 | 1), |x, n| x * n)
                    }
                    Op::FloorDivImm => {
                        immediate!(FloorDiv, |x, n| if n > 0 && n & (n - 1) == 0 {
                            Some(int_word(x >> 2 >> n.trailing_zeros()))
                        } else if n == 0 {
                            None
                        } else {
                            Some(floor_div(x >> 2, n)).filter(|&quotient| fits(quotient)).map(int_word)
                        })
                    }
                    Op::ModImm => {
                        immediate!(Mod, |x, n| if n > 0 && n & (n - 1) == 0 {
                            Some((x & int_word(n - 1) as i64) as u64)
                        } else if n == 0 {
                            None
                        } else {
                            Some(int_word(modulo(x >> 2, n)))
                        })
                    }
                    Op::AndImm => immediate!(And, |x, n| Some((x & int_word(n) as i64) as u64)),
                    Op::RShiftImm => {
                        immediate!(RShift, |x, n| if n < 0 { None } else { Some(int_word(x >> 2 >> n.min(63))) })
                    }
                    Op::Neg => {
                        let value = w.get(inst!().b());
                        if let Some(n) = value.as_int()
                            && fits(-n)
                        {
                            w.set_word(inst!().a(), int_word(-n));
                            next!();
                        }
                        if let Some(x) = value.as_float()
                            && let Some(negated) = Value::try_float(-x)
                        {
                            w.set(inst!().a(), negated);
                            next!();
                        }
                        save!();
                        entering!(operations::negate(vm!(), stack, w, inst!()))
                    }
                    Op::Invert => {
                        let word = w.bits(inst!().b());
                        if word & 3 == 1 {
                            w.set_word(inst!().a(), word ^ !3);
                            next!();
                        }
                        save!();
                        entering!(operations::invert(vm!(), stack, w, inst!()))
                    }
                    Op::Not => {
                        let truth = truth!(inst!().b());
                        finish!(boolean(!truth))
                    }
                    Op::Lt => compare!(Lt, <),
                    Op::Le => compare!(Le, <=),
                    Op::Eq => compare!(Eq, ==),
                    Op::Ne => compare!(Ne, !=),
                    Op::Gt => compare!(Gt, >),
                    Op::Ge => compare!(Ge, >=),
                    Op::Is => finish!(boolean(w.get(inst!().b()).is(w.get(inst!().c())))),
                    Op::IsNot => finish!(boolean(!w.get(inst!().b()).is(w.get(inst!().c())))),
                    Op::In => {
                        save!();
                        let found = or_entered!(operations::contains(vm!(), stack, w, inst!()));
                        finish!(boolean(found))
                    }
                    Op::NotIn => {
                        save!();
                        let found = or_entered!(operations::contains(vm!(), stack, w, inst!()));
                        finish!(boolean(!found))
                    }

                    Op::Jump => jump!(inst!().bc_signed()),
                    Op::JumpIfTrue => {
                        let truth = truth!(inst!().a());
                        if inst!().has(CONSUME_A) {
                            w.clear(inst!().a());
                        }
                        if truth {
                            jump!(inst!().bc_signed());
                        }
                    }
                    Op::JumpIfFalse => {
                        let truth = truth!(inst!().a());
                        if inst!().has(CONSUME_A) {
                            w.clear(inst!().a());
                        }
                        if !truth {
                            jump!(inst!().bc_signed());
                        }
                    }
                    Op::JumpIfTrueOrPop => {
                        if truth!(inst!().a()) {
                            jump!(inst!().bc_signed());
                        }
                        w.clear(inst!().a());
                    }
                    Op::JumpIfFalseOrPop => {
                        if !truth!(inst!().a()) {
                            jump!(inst!().bc_signed());
                        }
                        w.clear(inst!().a());
                    }
                    Op::JumpIfNone => {
                        let none = w.get(inst!().a()).is(&NONE);
                        if inst!().has(CONSUME_A) {
                            w.clear(inst!().a());
                        }
                        if none {
                            jump!(inst!().bc_signed());
                        }
                    }
                    Op::JumpIfNotNone => {
                        let none = w.get(inst!().a()).is(&NONE);
                        if inst!().has(CONSUME_A) {
                            w.clear(inst!().a());
                        }
                        if !none {
                            jump!(inst!().bc_signed());
                        }
                    }
                    Op::JumpLt => compare_jump!(Lt, <),
                    Op::JumpLe => compare_jump!(Le, <=),
                    Op::JumpEq => compare_jump!(Eq, ==),
                    Op::JumpNe => compare_jump!(Ne, !=),
                    Op::JumpGt => compare_jump!(Gt, >),
                    Op::JumpGe => compare_jump!(Ge, >=),
                    Op::JumpIs => {
                        let same = w.get(inst!().b()).is(w.get(inst!().c()));
                        consume(w, inst!());
                        branch!(same)
                    }
                    Op::JumpIn => {
                        save!();
                        let found = or_entered!(operations::contains(vm!(), stack, w, inst!()));
                        consume(w, inst!());
                        branch!(found)
                    }
                    Op::JumpLtImm => compare_jump_imm!(Lt, <),
                    Op::JumpLeImm => compare_jump_imm!(Le, <=),
                    Op::JumpEqImm => compare_jump_imm!(Eq, ==),
                    Op::JumpNeImm => compare_jump_imm!(Ne, !=),
                    Op::JumpGtImm => compare_jump_imm!(Gt, >),
                    Op::JumpGeImm => compare_jump_imm!(Ge, >=),

                    Op::GetIter => {
                        save!();
                        entering!(operations::get_iter(vm!(), stack, w, inst!()))
                    }
                    Op::ForPrep => {
                        save!();
                        if tri!(operations::for_prep(vm!(), stack, w, inst!())) {
                            loop_state!(stack.running(), w, at);
                            continue 'step;
                        }
                        jump!(1, (*extra!()).get() as i32)
                    }
                    Op::ForNext => {
                        let state = inst!().b();
                        let current = w.bits(state);
                        if current & 3 == 1 {
                            // A range of small ints: the next one, how many are left, step.
                            let range = w.at(state).cast::<u64>();
                            let left = (*range.add(1)).wrapping_sub(4);
                            if (left as i64) < 0 {
                                cold_path();
                                *range = 0;
                                next!(1);
                            }
                            *range.add(1) = left;
                            *range = current.wrapping_add(*range.add(2) - 1);
                            set_word!(current);
                            checked_jump!(1 + (*extra!()).get() as i32 as isize);
                        }
                        if let Some(item) = quick::next(w, state) {
                            set!(item);
                            checked_jump!(1 + (*extra!()).get() as i32 as isize);
                        }
                        let offset = (*extra!()).get() as i32;
                        save!();
                        let next = if w.bits(state + 1) != 0 {
                            iterate::step(vm!(), w, inst!())
                        } else if let Some(generator) = w.get(state).downcast_exact::<Generator>()
                            && saved::enter(vm!(), stack, generator, &NONE)
                        {
                            loop_state!(stack.running(), w, at);
                            continue 'step;
                        } else {
                            operations::for_next(vm!(), stack, w, inst!())
                        };
                        match tri!(next) {
                            operations::Next::Item => jump!(1, offset),
                            operations::Next::Pair => jump!(1, offset + 1),
                            operations::Next::End => next!(1),
                            operations::Next::Entered => {
                                loop_state!(stack.running(), w, at);
                                continue 'step;
                            }
                        }
                    }
                    Op::UnpackSequence => {
                        save!();
                        if !quick::unpack(w, inst!()) {
                            tri!(slow::unpack(vm!(), w, inst!()));
                        }
                    }
                    Op::BuildList => {
                        save!();
                        let items = w.block(inst!().b(), inst!().c() as usize);
                        w.set(inst!().a(), tri!(builtins::list::List::build(vm!(), items)).into());
                    }
                    Op::BuildMap => {
                        save!();
                        let pairs = w.block(inst!().b(), inst!().c() as usize * 2);
                        w.set(inst!().a(), tri!(builtins::dict::Dict::build(vm!(), pairs)).into());
                    }
                    Op::BuildTuple => {
                        save!();
                        w.set(inst!().a(), tri!(calls::build_tuple(vm!(), w, inst!().b(), inst!().c())).into());
                    }
                    Op::ListAppend => {
                        save!();
                        let value =
                            if inst!().has(CONSUME_B) { w.take(inst!().b()) } else { w.peek(inst!().b()).cloned() };
                        if let Some(value) = quick::append(w.get(inst!().a()), value.unwrap_unchecked()) {
                            tri!(slow::list_append(vm!(), w.get(inst!().a()), value));
                        }
                    }
                    Op::SetAdd => {
                        save!();
                        tri!(slow::set_add(vm!(), w.get(inst!().a()), w.get(inst!().b())));
                        consume(w, inst!());
                    }
                    Op::MapAdd => {
                        save!();
                        tri!(slow::map_add(vm!(), w.get(inst!().a()), w.get(inst!().b()), w.get(inst!().c())));
                        consume(w, inst!());
                    }
                    Op::Call => {
                        let caller = stack.running();
                        (*caller).at = at.sub(1);
                        (*caller).next = at.add(2);
                        if calls::exactly::<Function>(w.get(inst!().b())).is_some() {
                            (w, at) = tri!(calls::call(vm!(), stack, w, inst!()));
                            continue 'step;
                        }
                        cold_path();
                        match tri!(calls::call_any(vm!(), stack, w, inst!(), extra!())) {
                            Some(result) => {
                                w.set(inst!().a(), result);
                                next!(2);
                            }
                            None => {
                                loop_state!(stack.running(), w, at);
                                continue 'step;
                            }
                        }
                    }
                    Op::CallKw => {
                        save!();
                        (*stack.running()).next = at.add(1);
                        let names = (*stack.running()).code.consts[(*extra!()).get() as u32 as usize].clone();
                        match tri!(calls::call_keywords(vm!(), stack, w, inst!(), &names)) {
                            Some(result) => {
                                w.set(inst!().a(), result);
                                next!(1);
                            }
                            None => {
                                loop_state!(stack.running(), w, at);
                                continue 'step;
                            }
                        }
                    }
                    Op::CallEx => {
                        save!();
                        (*stack.running()).next = at;
                        match tri!(spread::call_spread(vm!(), stack, w, inst!())) {
                            Some(result) => w.set(inst!().a(), result),
                            None => {
                                loop_state!(stack.running(), w, at);
                                continue 'step;
                            }
                        }
                    }
                    Op::Return => {
                        let value = w.move_or_clone(inst!().a(), inst!().has(CONSUME_A));
                        leave_frame!(value);
                    }
                    Op::ReturnConst => {
                        let value = (*stack.running()).code.consts.get_unchecked(inst!().bc() as usize).clone();
                        leave_frame!(value);
                    }

                    Op::ReturnGenerator => {
                        save!();
                        (*stack.running()).next = at;
                        let (generator, (kind, dst)) = tri!(saved::make_generator(vm!(), stack));
                        // The frame is gone: its registers moved into the generator.
                        if kind == FrameKind::Entry {
                            return Ok(generator);
                        }
                        loop_state!(stack.running(), w, at);
                        match kind {
                            FrameKind::Operation => {
                                at = tri!(special::returned(vm!(), stack.running(), dst, generator));
                                if stack.tracing.active() != TRACED {
                                    (*stack.running()).next = at;
                                    return Err(leave(vm!(), stack));
                                }
                            }
                            FrameKind::Init => break 'raise slow::init_returned(vm!(), &generator),
                            _ => w.set(dst, generator),
                        }
                        continue 'step;
                    }
                    Op::Yield => {
                        save!();
                        let mut frame = stack.running();
                        (*frame).next = at;
                        let mut value = w.move_or_clone(inst!().b(), inst!().has(CONSUME_B));
                        if !TRACED && stack.sink.get().is_some() {
                            match saved::offer(stack, frame, value) {
                                None => {
                                    let behind = Here::new(at);
                                    if behind.op() == Op::Clear && behind.a() == inst!().a() {
                                        next!(1);
                                    }
                                    answer!(NONE);
                                }
                                Some(back) => value = back,
                            }
                        }
                        let delegate = if inst!().has(DELEGATE) { Some(inst!().c()) } else { None };
                        let kind = (*frame).kind;
                        saved::suspend(stack, inst!().a(), delegate);
                        if kind != FrameKind::Generator {
                            return Ok(value);
                        }
                        frame = frame.sub(1);
                        w = (*frame).window;
                        at = saved::yielded(vm!(), frame, value);
                        continue 'step;
                    }
                    Op::Send => {
                        save!();
                        if let Some(generator) = w.get(inst!().b()).downcast_exact::<Generator>()
                            && !generator.is_async_generator()
                            && saved::enter(vm!(), stack, generator, w.get(inst!().c()))
                        {
                            // Only the generator holds what was sent.
                            if inst!().has(CONSUME_C) {
                                w.clear(inst!().c());
                            }

                            loop_state!(stack.running(), w, at);
                            continue 'step;
                        }
                        let sent = w.move_or_clone(inst!().c(), inst!().has(CONSUME_C));
                        let (value, finished) = tri!(crate::generator::send(vm!(), w.get(inst!().b()), sent));
                        w.set(inst!().a(), value);
                        if finished {
                            jump!(1, (*extra!()).get() as i32);
                        }
                        next!(1);
                    }
                    Op::CleanupThrow => {
                        save!();
                        match slow::cleanup_throw(vm!(), w.get(inst!().b())) {
                            Ok(value) => finish!(value),
                            Err(raised) => {
                                reraise = true;
                                break 'raise raised;
                            }
                        }
                    }
                    Op::EndAsyncFor => {
                        save!();
                        if let Err(raised) = slow::end_async_for(vm!(), w.get(inst!().a())) {
                            reraise = true;
                            break 'raise raised;
                        }
                        w.clear(inst!().a());
                        w.clear(inst!().b());
                    }

                    Op::RaiseActive => {
                        save!();
                        let raised = slow::raise_active(vm!());
                        reraise = true;
                        break 'raise raised;
                    }
                    Op::Raise => {
                        save!();
                        let raised = slow::raise(vm!(), w.get(inst!().b()), None);
                        consume(w, inst!());
                        break 'raise raised;
                    }
                    Op::RaiseFrom => {
                        save!();
                        let raised = slow::raise(vm!(), w.get(inst!().b()), Some(w.get(inst!().c())));
                        consume(w, inst!());
                        break 'raise raised;
                    }
                    Op::Reraise => {
                        save!();
                        let exception = w.get(inst!().a()).clone();
                        if inst!().has(CONSUME_A) {
                            w.clear(inst!().a());
                        }
                        reraise = true;
                        break 'raise slow::reraise(vm!(), exception);
                    }

                    Op::Break => {
                        save!();
                        at = at.sub(1);
                        (*stack.running()).next = at;
                        trace::put_back(vm!());
                        if stack.tracing.active() != TRACED {
                            return Err(leave(vm!(), stack));
                        }
                        continue 'step;
                    }

                    Op::CallGlobal1 if !TRACED => {
                        at = tri!(shortcut::global_one(vm!(), stack, w, at.sub(1)));
                        continue 'step;
                    }
                    Op::CallGlobal2 if !TRACED => {
                        at = tri!(shortcut::global_two(vm!(), stack, w, at.sub(1)));
                        continue 'step;
                    }
                    Op::CallMethod0 if !TRACED => {
                        at = tri!(shortcut::method_none(vm!(), stack, w, at.sub(1)));
                        continue 'step;
                    }
                    Op::CallMethod1 if !TRACED => {
                        at = tri!(shortcut::method_one(vm!(), stack, w, at.sub(1)));
                        continue 'step;
                    }
                    Op::CallMethod2 if !TRACED => {
                        at = tri!(shortcut::method_two(vm!(), stack, w, at.sub(1)));
                        continue 'step;
                    }
                    Op::CallGlobal1 | Op::CallGlobal2 | Op::CallMethod0 | Op::CallMethod1 | Op::CallMethod2 => {
                        at = tri!(shortcut::load(vm!(), stack, w, at.sub(1)));
                        continue 'step;
                    }

                    // The rest, out of line: it would only crowd the registers of the arms above.
                    Op::DeleteLocal
                    | Op::MakeCell
                    | Op::DeleteCell
                    | Op::StoreGlobal
                    | Op::DeleteGlobal
                    | Op::StoreName
                    | Op::DeleteName
                    | Op::LoadLocals
                    | Op::LoadFromDictOrCell
                    | Op::LoadFromDictOrGlobals
                    | Op::LoadBuildClass
                    | Op::LoadCommonConstant
                    | Op::SetupAnnotations
                    | Op::DeleteAttr
                    | Op::LoadSuperAttr
                    | Op::LoadSuperMethod
                    | Op::LoadSpecial
                    | Op::DeleteItem
                    | Op::LoadSlice
                    | Op::StoreSlice
                    | Op::MatMul
                    | Op::Pos
                    | Op::UnpackEx
                    | Op::BuildSet
                    | Op::BuildString
                    | Op::BuildSlice
                    | Op::ListExtend
                    | Op::SetUpdate
                    | Op::DictUpdate
                    | Op::DictMerge
                    | Op::ListToTuple
                    | Op::FormatValue
                    | Op::FormatWithSpec
                    | Op::BuildInterpolation
                    | Op::BuildTemplate
                    | Op::MakeFunction
                    | Op::SetFunctionAttribute
                    | Op::GetYieldFromIter
                    | Op::GetAwaitable
                    | Op::GetAIter
                    | Op::GetANext
                    | Op::PushExc
                    | Op::PopExc
                    | Op::ExcMatch
                    | Op::ExcGroupMatch
                    | Op::PrepReraiseStar
                    | Op::WithExceptStart
                    | Op::ImportName
                    | Op::ImportFrom
                    | Op::ImportStar
                    | Op::MatchMapping
                    | Op::MatchSequence
                    | Op::MatchKeys
                    | Op::MatchClass
                    | Op::GetLen
                    | Op::Intrinsic1
                    | Op::Intrinsic2 => {
                        save!();
                        let words = tri!(rare::step(vm!(), stack, w, inst!()));
                        if words == rare::ENTERED {
                            loop_state!(stack.running(), w, at);
                            continue 'step;
                        }
                        next!(words);
                    }
                }
                next!();
            };
            let again = std::mem::take(&mut reraise);
            match unwind::unwind(vm!(), stack, raised, again) {
                Ok(()) => {
                    loop_state!(stack.running(), w, at);
                }
                Err(raised) => return Err(raised),
            }
        }
    }
}
