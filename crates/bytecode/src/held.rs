//! What temporaries hold at each instruction: whether execution may be continued at one place with what another has left behind.
//!
//! Invariant: the answer is exact for verified code, where all paths to an instruction agree about its temporaries.

use std::collections::BTreeMap;

use crate::code::Code;
use crate::dis::jump_target;
use crate::inst::{Inst, LASTING};
use crate::op::Op;
use crate::verify::{effects, has_jump};

/// What a temporary holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Held {
    /// Nothing that is looked at again.
    Nothing,
    /// A value.
    Value,
    /// A small int that a loop's code uses.
    Int(i32),
    /// The constant of this index, likewise.
    Const(u32),
    /// The state of a `for` loop.
    Iterator,
    /// The exception that was being handled outside of a handler.
    Handled,
    /// The exception that a handler is for.
    Raised,
}

/// For each instruction that can be reached, what the temporaries hold before it.
pub fn held(code: &Code) -> BTreeMap<u32, Vec<Held>> {
    let variables = code.variables.len() as u32;
    let count = (code.nregs - variables) as usize;
    let mut known: BTreeMap<u32, Vec<Held>> = BTreeMap::new();
    let mut work = vec![(0, vec![Held::Nothing; count])];
    while let Some((at, mut before)) = work.pop() {
        if at as usize >= code.code.len() {
            continue;
        }
        if let Some(other) = known.get(&at) {
            meet(&mut before, other);
            if before == *other {
                continue;
            }
        }
        let inst = code.inst(at as usize);
        let Some(op) = inst.op() else { continue };
        known.insert(at, before.clone());
        step(code, at, op, inst, before, variables, &mut work);
    }
    known
}

/// Paths agree about what kind of thing a temporary holds; where one brings another constant, it is just a value.
fn meet(held: &mut [Held], other: &[Held]) {
    let is_value = |held: Held| matches!(held, Held::Value | Held::Int(_) | Held::Const(_));
    for (held, other) in held.iter_mut().zip(other).filter(|(held, other)| *held != *other) {
        *held = if is_value(*held) && is_value(*other) { Held::Value } else { *other };
    }
}

fn step(code: &Code, at: u32, op: Op, inst: Inst, before: Vec<Held>, variables: u32, work: &mut Vec<(u32, Vec<Held>)>) {
    let mut after = before;
    let set = |after: &mut Vec<Held>, register: u32, to: Held| {
        if let Some(place) = register.checked_sub(variables).and_then(|temp| after.get_mut(temp as usize)) {
            *place = to;
        }
    };
    let effects = effects(op, inst);
    effects.kills.iter().for_each(|&register| set(&mut after, register, Held::Nothing));
    if op.info().raises
        && let Some(entry) = code.handler(at)
    {
        let mut raised = after.clone();
        (u32::from(entry.clear_from)..code.nregs).for_each(|register| set(&mut raised, register, Held::Nothing));
        set(&mut raised, entry.exc_reg.into(), Held::Raised);
        work.push((entry.target, raised));
    }
    let made = match op {
        Op::ForPrep | Op::GetAIter => Held::Iterator,
        Op::PushExc => Held::Handled,
        Op::LoadInt if inst.has(LASTING) => Held::Int(inst.bc() as i32),
        Op::LoadConst if inst.has(LASTING) => Held::Const(inst.bc()),
        _ => Held::Value,
    };
    effects.writes.iter().for_each(|&register| set(&mut after, register, made));
    if has_jump(op)
        && let Some(target) = jump_target(code, at as usize, inst)
    {
        let mut jumping = after.clone();
        if op == Op::ForNext {
            set(&mut after, inst.a().into(), Held::Nothing);
            set(&mut jumping, inst.a().into(), Held::Value);
        }
        work.push((target as u32, jumping));
    }
    if op == Op::ForNext {
        let state = u32::from(inst.b());
        (state..state + 3).for_each(|register| set(&mut after, register, Held::Nothing));
    }
    if let Some(register) = effects.kills_if_falling {
        set(&mut after, register, Held::Nothing);
    }
    if !op.info().ends_block {
        work.push((at + op.words() as u32, after));
    }
}
