//! Leaves: functions of a few instructions that look at attributes, items and numbers and return. Native code that calls one, such as a sort its
//! key, gets its value without a frame, and without beginning the loop anew, as long as nobody can tell.
//!
//! Invariant: a leaf's registers are at every instruction as its frame's would be. Where an instruction would do more than its quickest case –
//! raise, run code, allocate or free – it is not begun, and a frame goes on there.

use crate::code::CodeObject;
use crate::eval::dispatch::{both_ints, float_of, int_word};
use crate::eval::frame::Stack;
use crate::eval::here::Here;
use crate::eval::window::{Window, drop_word, exchange, immediate, owns};
use crate::eval::{attribute, quick};
use std::cell::Cell;
use std::hint::cold_path;
use std::ptr::NonNull;
use taipan_bytecode::{CONSUME_A, CONSUME_B, CONSUME_C, Code, Inst, Kind, NEGATE, Op};
use taipan_heap::{Header, Value};
use taipan_objects::builtins::{FALSE, NONE, TRUE, boolean};

/// A function is left to frames when so many calls in a row have needed one.
pub(crate) const TRIES: u8 = 16;

/// Words of the longest leaf. What is longer gains little and has more that may need a frame.
const LONGEST: usize = 48;

/// How many calls in a row may need a frame: `TRIES` for the code of a leaf, 0 for any other. `own`: its variables, which are its parameters.
pub(crate) fn tries(code: &Code, own: u16) -> u8 {
    let fits = code.code.len() <= LONGEST && code.instructions().all(|(_, inst)| is_quick(inst, own));
    if fits { TRIES } else { 0 }
}

fn is_quick(inst: Inst, own: u16) -> bool {
    let Some(op) = inst.op() else { return false };
    let quick = matches!(
        op,
        Op::Resume
            | Op::LoadConst
            | Op::LoadInt
            | Op::LoadAttr
            | Op::LoadAttrAdd
            | Op::LoadAttrSub
            | Op::LoadAttrImm
            | Op::LoadAttrCompare
            | Op::LoadAttrNone
            | Op::LoadAttrAttr
            | Op::StoreAttr
            | Op::LoadItem
            | Op::LoadItemImm
            | Op::Add
            | Op::Sub
            | Op::Mul
            | Op::AddImm
            | Op::SubImm
            | Op::MulImm
            | Op::Lt
            | Op::Le
            | Op::Eq
            | Op::Ne
            | Op::Gt
            | Op::Ge
            | Op::Is
            | Op::IsNot
            | Op::JumpIfTrue
            | Op::JumpIfFalse
            | Op::JumpIfTrueOrPop
            | Op::JumpIfFalseOrPop
            | Op::JumpIfNone
            | Op::JumpIfNotNone
            | Op::JumpLt
            | Op::JumpLe
            | Op::JumpEq
            | Op::JumpNe
            | Op::JumpGt
            | Op::JumpGe
            | Op::JumpIs
            | Op::JumpLtImm
            | Op::JumpLeImm
            | Op::JumpEqImm
            | Op::JumpNeImm
            | Op::JumpGtImm
            | Op::JumpGeImm
            | Op::Return
            | Op::ReturnConst
    );
    let [a, b, _] = op.info().operands;
    // A parameter that is written over may be freed; a jump back waits for signals.
    let writes = a == Kind::Dst && inst.a() < own;
    let back = match (a, b) {
        (Kind::Jump16, _) => (inst.a() as i16) < 0,
        (_, Kind::Jump) => inst.bc_signed() < 0,
        _ => false,
    };
    quick && !writes && !back
}

/// How far a leaf came.
pub(super) enum Way {
    /// Its value; it is at its return. The registers of its parameters are alive.
    Returned(Value),
    /// The instruction that a frame is to go on with.
    Before(*const Cell<u64>),
}

/// Whether giving up a register's or slot's word would free an object.
#[inline(always)]
pub(super) unsafe fn frees(word: u64) -> bool {
    owns(word)
        && NonNull::new(std::ptr::with_exposed_provenance_mut::<Header>(word as usize))
            // SAFETY: the word is a reference.
            .is_some_and(|header| unsafe { header.as_ref().count() == 1 })
}

/// Runs a leaf whose parameters stand in its registers, and counts whether it needs a frame.
#[inline(always)]
pub(super) unsafe fn run(stack: &Stack, w: Window, code: &CodeObject) -> Way {
    // SAFETY: the caller's.
    let way = unsafe { steps(stack, w, code) };
    let tries = match way {
        Way::Returned(_) => TRIES,
        Way::Before(_) => code.leaf.get().saturating_sub(1),
    };
    code.leaf.set(tries);
    way
}

/// As `run`, without counting.
#[inline(never)]
unsafe fn steps(stack: &Stack, w: Window, code: &CodeObject) -> Way {
    // SAFETY: the code is verified and its registers fit, as in the loop: E1, E2, C1, H1.
    unsafe {
        let mut at = code.words.0.as_ptr();
        if Here::new(at).op() == Op::Resume {
            at = at.add(1);
        }
        loop {
            let inst = Here::new(at);
            macro_rules! stop {
                () => {{
                    cold_path();
                    return Way::Before(at);
                }};
            }
            macro_rules! next {
                ($words:expr) => {{
                    at = at.add($words);
                    continue;
                }};
            }
            // Before the next instruction is the place where jumps are counted from.
            macro_rules! jump_if {
                ($taken:expr, $offset:expr) => {{
                    at = at.add(1);
                    if $taken {
                        at = at.offset($offset as isize);
                    }
                    continue;
                }};
            }
            macro_rules! numbers {
                (|$x:ident, $y:ident| $ints:expr, |$fx:ident, $fy:ident| $floats:expr) => {{
                    let (left, right) = (w.bits(inst.b()), w.bits(inst.c()));
                    if both_ints(left, right) {
                        let ($x, $y) = (left as i64, right as i64);
                        if let Some(word) = $ints {
                            w.set_word(inst.a(), word as u64);
                            next!(1);
                        }
                    } else if left & right & 2 != 0 {
                        let ($fx, $fy) = (float_of(left), float_of(right));
                        if let Some(value) = Value::try_float($floats) {
                            w.set(inst.a(), value);
                            next!(1);
                        }
                    }
                    stop!()
                }};
            }
            macro_rules! with_immediate {
                (|$x:ident, $n:ident| $ints:expr) => {{
                    let ($x, $n) = (w.bits(inst.b()) as i64, inst.imm_c() as i64);
                    if $x & 3 == 1
                        && let Some(word) = $ints
                    {
                        w.set_word(inst.a(), word as u64);
                        next!(1);
                    }
                    stop!()
                }};
            }
            // The truth of a comparison of two numbers.
            macro_rules! ordered {
                ($operator:tt) => {{
                    let (left, right) = (w.bits(inst.b()), w.bits(inst.c()));
                    if both_ints(left, right) {
                        (left as i64) $operator (right as i64)
                    } else if left & right & 2 != 0 {
                        float_of(left) $operator float_of(right)
                    } else {
                        stop!()
                    }
                }};
            }
            macro_rules! compare {
                ($operator:tt) => {{
                    let truth = ordered!($operator);
                    w.set(inst.a(), boolean(truth));
                    next!(1);
                }};
            }
            macro_rules! compare_jump {
                ($operator:tt) => {{
                    let truth = ordered!($operator);
                    jump_if!(truth != inst.has(NEGATE), inst.jump_a())
                }};
            }
            macro_rules! compare_jump_imm {
                ($operator:tt) => {{
                    let left = w.bits(inst.b());
                    if left & 3 != 1 {
                        stop!();
                    }
                    let truth = (left as i64) $operator (int_word(inst.imm_c() as i64) as i64);
                    jump_if!(truth != inst.has(NEGATE), inst.jump_a())
                }};
            }
            macro_rules! truth {
                () => {{
                    let value = w.get(inst.a());
                    if value.is(&TRUE) {
                        true
                    } else if value.is(&FALSE) || value.is(&NONE) {
                        false
                    } else if value.is_int() {
                        value.bits() != int_word(0)
                    } else {
                        stop!()
                    }
                }};
            }
            macro_rules! identical {
                () => {{
                    if inst.has(CONSUME_B) && frees(w.bits(inst.b())) || inst.has(CONSUME_C) && frees(w.bits(inst.c()))
                    {
                        stop!();
                    }
                    let same = w.get(inst.b()).is(w.get(inst.c()));
                    if inst.has(CONSUME_B) {
                        w.clear(inst.b());
                    }
                    if inst.has(CONSUME_C) {
                        w.clear(inst.c());
                    }
                    same
                }};
            }
            match inst.op() {
                Op::LoadAttr
                | Op::LoadAttrAdd
                | Op::LoadAttrSub
                | Op::LoadAttrImm
                | Op::LoadAttrCompare
                | Op::LoadAttrNone
                | Op::LoadAttrAttr => {
                    let (object, cache) = (w.get(inst.b()), inst.extra_words());
                    let value = match attribute::cached(object, cache) {
                        Some(value) => value.clone(),
                        None => {
                            cold_path();
                            if attribute::is_out_of_line(cache) {
                                stop!();
                            }
                            let known = match attribute::cached_otherwise(object, cache) {
                                None => attribute::recalled_attribute(stack, code, object, cache, inst.c()),
                                known => known,
                            };
                            match known {
                                Some(value) => value,
                                None => stop!(),
                            }
                        }
                    };
                    if inst.has(CONSUME_B) {
                        cold_path();
                        if frees(w.bits(inst.b())) {
                            drop(value);
                            stop!();
                        }
                        w.clear(inst.b());
                    }
                    w.set(inst.a(), value);
                    next!(1 + attribute::WORDS);
                }
                Op::StoreAttr => {
                    let cache = inst.extra_words();
                    if inst.has(CONSUME_A) && frees(w.bits(inst.a())) {
                        stop!();
                    }
                    let object = w.get(inst.a());
                    let known = match attribute::cached_place(object, cache) {
                        Some(place) => Some((place, false)),
                        None => match attribute::cached_store(object, cache) {
                            None => attribute::recalled_store(stack, code, object, cache, inst.c()),
                            known => known,
                        },
                    };
                    let Some((place, added)) = known else { stop!() };
                    // Nothing has been done yet unless the attribute is a new one.
                    if !added && frees(*place.cast::<u64>()) {
                        stop!();
                    }
                    let value = w.move_or_clone(inst.b(), inst.has(CONSUME_B));
                    let old = exchange(place, value);
                    if !added {
                        drop_word(old);
                    }
                    if inst.has(CONSUME_A) {
                        w.clear(inst.a());
                    }
                    next!(1 + attribute::WORDS);
                }
                Op::Return => {
                    return Way::Returned(w.move_or_clone(inst.a(), inst.has(CONSUME_A)));
                }
                Op::ReturnConst => {
                    return Way::Returned(code.consts.get_unchecked(inst.bc() as usize).clone());
                }
                Op::Add => numbers!(|x, y| (x - 1).checked_add(y), |x, y| x + y),
                Op::Sub => numbers!(|x, y| x.checked_sub(y).map(|rest| rest + 1), |x, y| x - y),
                Op::Mul => numbers!(|x, y| (x >> 2).checked_mul(y - 1).map(|product| product | 1), |x, y| x * y),
                Op::AddImm => with_immediate!(|x, n| x.checked_add(n << 2)),
                Op::SubImm => with_immediate!(|x, n| x.checked_sub(n << 2)),
                Op::MulImm => with_immediate!(|x, n| (x - 1).checked_mul(n).map(|product| product | 1)),
                Op::LoadConst => {
                    w.set(inst.a(), code.consts.get_unchecked(inst.bc() as usize).clone());
                    next!(1);
                }
                Op::LoadInt => {
                    w.set(inst.a(), immediate(int_word(inst.bc_signed() as i64)));
                    next!(1);
                }
                Op::LoadItem | Op::LoadItemImm => {
                    let index = if inst.op() == Op::LoadItemImm {
                        inst.imm_c() as i64
                    } else {
                        match w.get(inst.c()).as_int() {
                            Some(index) => index,
                            None => stop!(),
                        }
                    };
                    if inst.has(CONSUME_B) && frees(w.bits(inst.b())) {
                        stop!();
                    }
                    let Some(value) = quick::item(w.get(inst.b()), index) else { stop!() };
                    if inst.has(CONSUME_B) {
                        w.clear(inst.b());
                    }
                    w.set(inst.a(), value);
                    next!(1);
                }
                Op::Lt => compare!(<),
                Op::Le => compare!(<=),
                Op::Eq => compare!(==),
                Op::Ne => compare!(!=),
                Op::Gt => compare!(>),
                Op::Ge => compare!(>=),
                Op::Is => {
                    let same = identical!();
                    w.set(inst.a(), boolean(same));
                    next!(1);
                }
                Op::IsNot => {
                    let same = identical!();
                    w.set(inst.a(), boolean(!same));
                    next!(1);
                }
                Op::JumpIs => {
                    let same = identical!();
                    jump_if!(same != inst.has(NEGATE), inst.jump_a())
                }
                Op::JumpIfTrue => {
                    let truth = truth!();
                    jump_if!(truth, inst.bc_signed())
                }
                Op::JumpIfFalse => {
                    let truth = truth!();
                    jump_if!(!truth, inst.bc_signed())
                }
                Op::JumpIfTrueOrPop => {
                    let truth = truth!();
                    jump_if!(truth, inst.bc_signed())
                }
                Op::JumpIfFalseOrPop => {
                    let truth = truth!();
                    jump_if!(!truth, inst.bc_signed())
                }
                Op::JumpIfNone | Op::JumpIfNotNone => {
                    if inst.has(CONSUME_A) && frees(w.bits(inst.a())) {
                        stop!();
                    }
                    let none = w.get(inst.a()).is(&NONE);
                    if inst.has(CONSUME_A) {
                        w.clear(inst.a());
                    }
                    jump_if!(none == (inst.op() == Op::JumpIfNone), inst.bc_signed())
                }
                Op::JumpLt => compare_jump!(<),
                Op::JumpLe => compare_jump!(<=),
                Op::JumpEq => compare_jump!(==),
                Op::JumpNe => compare_jump!(!=),
                Op::JumpGt => compare_jump!(>),
                Op::JumpGe => compare_jump!(>=),
                Op::JumpLtImm => compare_jump_imm!(<),
                Op::JumpLeImm => compare_jump_imm!(<=),
                Op::JumpEqImm => compare_jump_imm!(==),
                Op::JumpNeImm => compare_jump_imm!(!=),
                Op::JumpGtImm => compare_jump_imm!(>),
                Op::JumpGeImm => compare_jump_imm!(>=),
                _ => stop!(),
            }
        }
    }
}
