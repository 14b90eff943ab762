//! Passes over the instructions of a unit before assembly: code that cannot run is dropped, jumps to jumps go
//! straight on, and checks of variables that are bound on every path are removed.

use taipan_bytecode::{CONSUME_A, CONSUME_B, CONSUME_C, GLOBAL_ARG, HAS_SELF, Kind, NEGATE, Op, SIMPLE_ARGS, STORES};

use super::unit::{Handler, Ins, NONE, Unit};

/// Whether an instruction may raise, so that its handler can follow it.
fn raises(ins: &Ins) -> bool {
    ins.op.info().raises
}

/// Runs all passes.
pub(super) fn optimize(unit: &mut Unit<'_>) {
    thread_jumps(unit);
    invert_jumps(unit);
    let reachable = reachable(unit);
    forget_dead_handlers(unit, &reachable);
    let mut needed = needed_checks(unit, &reachable);
    for (n, ins) in unit.code.iter().enumerate() {
        needed[n] &= reachable[n];
        if ins.op == Op::Jump && needed[n] && jumps_to_next(unit, &needed, n) {
            needed[n] = false;
        }
    }
    drop_redundant_nops(unit, &mut needed);
    retain(unit, &needed);
    pair_moves(unit);
    hand_products_on(unit);
    hand_attributes_on(unit);
    mark_calls(unit);
}

/// Products that the following addition or subtraction, and that alone, uses up say so. Where else that is jumped to does not matter: it stays
/// whole.
fn hand_products_on(unit: &mut Unit<'_>) {
    for n in 1..unit.code.len() {
        let (last, next) = (unit.code[n - 1], unit.code[n]);
        if last.op != Op::Mul {
            continue;
        }
        let left = next.flags & CONSUME_B != 0 && next.b == last.a;
        let right = next.flags & CONSUME_C != 0 && next.c == last.a;
        unit.code[n - 1].op = match (next.op, left, right) {
            (Op::Add, true, false) | (Op::Add, false, true) => Op::MulAdd,
            (Op::Sub, true, false) => Op::MulSub,
            (Op::Sub, false, true) => Op::SubMul,
            _ => continue,
        };
    }
}

/// Attributes that the following instruction, and that alone, uses up say by what; likewise.
fn hand_attributes_on(unit: &mut Unit<'_>) {
    for n in 1..unit.code.len() {
        let (last, next) = (unit.code[n - 1], unit.code[n]);
        if last.op != Op::LoadAttr || last.flags & CONSUME_B != 0 {
            continue;
        }
        let first = next.flags & CONSUME_A != 0 && next.a == last.a;
        let left = next.flags & CONSUME_B != 0 && next.b == last.a;
        let right = next.flags & CONSUME_C != 0 && next.c == last.a;
        let op = match next.op {
            Op::Add if left != right => Op::LoadAttrAdd,
            Op::Sub if left != right => Op::LoadAttrSub,
            Op::AddImm | Op::SubImm | Op::MulImm if left => Op::LoadAttrImm,
            jump if left && jump.compares_with_immediate() => Op::LoadAttrCompare,
            Op::JumpIfNone | Op::JumpIfNotNone if first => Op::LoadAttrNone,
            Op::LoadAttr if left => Op::LoadAttrAttr,
            Op::LoadMethod if left => Op::LoadAttrMethod,
            _ => continue,
        };
        unit.code[n - 1].op = op;
        let stored = unit.code.get(n + 1).is_some_and(|store| {
            store.op == Op::StoreAttr && store.flags & (CONSUME_A | CONSUME_B) == CONSUME_B && store.b == next.a
        });
        if stored && matches!(op, Op::LoadAttrAdd | Op::LoadAttrSub | Op::LoadAttrImm) {
            unit.code[n - 1].flags |= STORES;
        }
    }
}

/// Two temporaries that lie next to each other and are moved one after the other, the upper one first as by `x, y = …, …`, are moved at once.
fn pair_moves(unit: &mut Unit<'_>) {
    let entered = entered(unit);
    let mut kept = vec![true; unit.code.len()];
    for n in 1..unit.code.len() {
        let (first, second) = (unit.code[n - 1], unit.code[n]);
        let both = |ins: &Ins| ins.op == Op::Move && ins.flags == CONSUME_B && !unit.is_temp(ins.a);
        let together = Some(first.b) == second.b.checked_add(1) && second.handler == first.handler;
        let same_line = second.location.line == first.location.line;
        if kept[n - 1] && both(&first) && both(&second) && together && same_line && !entered[n] {
            unit.code[n - 1] = Ins { op: Op::MovePair, flags: 0, a: second.a, b: second.b, c: first.a, ..first };
            kept[n] = false;
        }
    }
    if kept.contains(&false) {
        retain(unit, &kept);
    }
}

/// Where something jumps to.
fn entered(unit: &Unit<'_>) -> Vec<bool> {
    let mut entered = vec![false; unit.code.len() + 1];
    for &label in unit.labels.iter().filter(|&&label| label < unit.code.len()) {
        entered[label] = true;
    }
    entered
}

/// Tells calls whose block is made by the instructions right before them, with nothing jumping in between, that it is.
fn mark_calls(unit: &mut Unit<'_>) {
    let mut entered = vec![false; unit.code.len() + 1];
    for ins in &unit.code {
        if let Some(at) = target(unit, ins) {
            entered[at] = true;
        }
    }
    for n in 0..unit.code.len() {
        let call = unit.code[n];
        let count = call.c as usize;
        if call.op != Op::Call || count >= n || entered[n - count..=n].contains(&true) {
            continue;
        }
        let callable = if call.flags & HAS_SELF != 0 { Op::LoadMethod } else { Op::LoadGlobal };
        let (load, args) = (unit.code[n - count - 1], &unit.code[n - count..n]);
        let in_place = (call.b + 2..).zip(args).all(|(register, arg)| arg.a == register);
        if load.op != callable || load.a != call.b || !in_place {
            continue;
        }
        let is_plain = |arg: &Ins| matches!(arg.op, Op::LoadConst | Op::LoadInt | Op::Move) && arg.flags == 0;
        let form = match args {
            [plain @ .., last] if last.op == Op::LoadGlobal && plain.iter().all(is_plain) => GLOBAL_ARG,
            _ if args.iter().all(is_plain) => SIMPLE_ARGS,
            _ => continue,
        };
        unit.code[n].flags |= form;
    }
}

fn target(unit: &Unit<'_>, ins: &Ins) -> Option<usize> {
    if ins.target == NONE {
        return None;
    }
    unit.labels.get(ins.target as usize).copied().filter(|&at| at < unit.code.len())
}

/// A jump to an unconditional jump of the same line, or of none, goes where that one goes.
fn thread_jumps(unit: &mut Unit<'_>) {
    for n in 0..unit.code.len() {
        for _ in 0..8 {
            let ins = unit.code[n];
            let Some(at) = target(unit, &ins) else { break };
            let next = unit.code[at];
            if retested(unit, n, at) {
                continue;
            }
            let same_line = next.location.is_none() || next.location.line == ins.location.line;
            // A loop's own jumps must not be turned round: only plain jumps forward from there are followed.
            if next.op != Op::Jump || !same_line || next.target == ins.target || next.handler != ins.handler {
                break;
            }
            unit.code[n].target = next.target;
        }
    }
}

/// Where `and` and `or` stand in one another a value would be tested twice, with the same outcome: the first test goes where the second
/// would. Returns whether the instruction at `n` was changed so.
fn retested(unit: &mut Unit<'_>, n: usize, at: usize) -> bool {
    let (ins, next) = (unit.code[n], unit.code[at]);
    let truth = match ins.op {
        Op::JumpIfTrueOrPop => true,
        Op::JumpIfFalseOrPop => false,
        _ => return false,
    };
    if next.a != ins.a || next.handler != ins.handler || at <= n || next.target == NONE {
        return false;
    }
    let consumes = next.flags & CONSUME_A != 0;
    let dropping = if truth { Op::JumpIfTrue } else { Op::JumpIfFalse };
    let (op, flags, goes) = match next.op {
        Op::JumpIfTrueOrPop if truth => (ins.op, ins.flags, true),
        Op::JumpIfFalseOrPop if !truth => (ins.op, ins.flags, true),
        Op::JumpIfTrueOrPop | Op::JumpIfFalseOrPop => (dropping, CONSUME_A, false),
        Op::JumpIfTrue if consumes => (dropping, CONSUME_A, truth),
        Op::JumpIfFalse if consumes => (dropping, CONSUME_A, !truth),
        _ => return false,
    };
    let label = match goes {
        true => next.target,
        false => {
            unit.labels.push(at + 1);
            unit.labels.len() as u32 - 1
        }
    };
    if op == ins.op && label == ins.target {
        return false;
    }
    unit.code[n] = Ins { op, flags, target: label, ..ins };
    true
}

/// A conditional jump over an unconditional one of the same line becomes its opposite; the other then is dead.
fn invert_jumps(unit: &mut Unit<'_>) {
    let mut is_target = vec![false; unit.code.len() + 1];
    for &label in unit.labels.iter().filter(|&&l| l <= unit.code.len()) {
        is_target[label] = true;
    }
    for n in 0..unit.code.len().saturating_sub(2) {
        let (ins, next) = (unit.code[n], unit.code[n + 1]);
        let skips = target(unit, &ins) == Some(n + 2) && next.op == Op::Jump && !is_target[n + 1];
        let same = next.handler == ins.handler && next.location.line == ins.location.line;
        let (true, true, Some((op, flags))) = (skips, same, opposite(&ins)) else { continue };
        unit.code[n] = Ins { op, flags, target: next.target, ..ins };
        // A jump to the following instruction is dropped later.
        let after = unit.labels.iter().position(|&l| l == n + 2);
        if let Some(after) = after {
            unit.code[n + 1].target = after as u32;
        }
    }
}

fn opposite(ins: &Ins) -> Option<(Op, u8)> {
    Some(match ins.op {
        Op::JumpIfTrue => (Op::JumpIfFalse, ins.flags),
        Op::JumpIfFalse => (Op::JumpIfTrue, ins.flags),
        Op::JumpIfNone => (Op::JumpIfNotNone, ins.flags),
        Op::JumpIfNotNone => (Op::JumpIfNone, ins.flags),
        op if op.info().operands[0] == Kind::Jump16 => (op, ins.flags ^ NEGATE),
        _ => return None,
    })
}

fn reachable(unit: &Unit<'_>) -> Vec<bool> {
    let mut seen = vec![false; unit.code.len()];
    let mut work = vec![0];
    while let Some(mut at) = work.pop() {
        while at < unit.code.len() && !seen[at] {
            seen[at] = true;
            let ins = &unit.code[at];
            work.extend(target(unit, ins));
            if raises(ins)
                && let Some(handler) = unit.handlers.get(ins.handler as usize)
            {
                work.push(unit.labels[handler.label as usize]);
            }
            if ins.op.info().ends_block {
                break;
            }
            at += 1;
        }
    }
    seen
}

/// Instructions that cannot raise may stand under a handler that is never reached; they lose it.
fn forget_dead_handlers(unit: &mut Unit<'_>, reachable: &[bool]) {
    let is_dead = |h: &Handler| !reachable.get(unit.labels[h.label as usize]).copied().unwrap_or(false);
    let dead: Vec<bool> = unit.handlers.iter().map(is_dead).collect();
    for ins in &mut unit.code {
        if dead.get(ins.handler as usize).copied().unwrap_or(false) {
            ins.handler = NONE;
        }
    }
}

fn jumps_to_next(unit: &Unit<'_>, kept: &[bool], n: usize) -> bool {
    target(unit, &unit.code[n]).is_some_and(|at| at > n && kept[n + 1..at].iter().all(|k| !k))
}

/// A `Nop` stands for a line of the source; it goes if a neighbour stands for the same line.
fn drop_redundant_nops(unit: &Unit<'_>, needed: &mut [bool]) {
    let mut is_target = vec![false; unit.code.len() + 1];
    for &label in unit.labels.iter().filter(|&&l| l != usize::MAX) {
        is_target[label.min(unit.code.len())] = true;
    }
    let mut previous_line = 0;
    for n in 0..unit.code.len() {
        let ins = &unit.code[n];
        if is_target[n] {
            previous_line = 0;
        }
        if !needed[n] {
            continue;
        }
        let line = ins.location.line;
        if ins.op == Op::Nop {
            let next = (n + 1..unit.code.len()).find(|&m| needed[m]);
            let next_line = next.map_or(0, |m| unit.code[m].location.line);
            if line == 0 || line == previous_line || line == next_line {
                needed[n] = false;
                continue;
            }
        }
        previous_line = line;
    }
}

/// Removes all instructions but those to be kept, and moves labels and spans along.
fn retain(unit: &mut Unit<'_>, kept: &[bool]) {
    let mut moved = Vec::with_capacity(kept.len() + 1);
    let mut count = 0;
    for &k in kept {
        moved.push(count);
        count += usize::from(k);
    }
    moved.push(count);
    for label in unit.labels.iter_mut().filter(|l| **l != usize::MAX) {
        *label = moved[(*label).min(kept.len())];
    }
    for span in &mut unit.named_spans {
        span.start = moved[span.start.min(kept.len())];
        span.end = moved[span.end.min(kept.len())];
    }
    let mut at = 0;
    unit.code.retain(|_| {
        at += 1;
        kept[at - 1]
    });
}

type Bits = Vec<u64>;

fn has(bits: &Bits, n: u16) -> bool {
    bits.get(n as usize / 64).is_some_and(|w| w >> (n % 64) & 1 == 1)
}

fn set(bits: &mut Bits, n: u16, to: bool) {
    if let Some(word) = bits.get_mut(n as usize / 64) {
        *word = if to { *word | 1 << (n % 64) } else { *word & !(1 << (n % 64)) };
    }
}

/// Which instructions to keep as far as `CheckLocal` goes: a check is dropped where its variable is bound on every
/// path that leads there.
fn needed_checks(unit: &Unit<'_>, reachable: &[bool]) -> Vec<bool> {
    let mut needed = vec![true; unit.code.len()];
    if unit.code.iter().all(|i| i.op != Op::CheckLocal) {
        return needed;
    }
    let bound = bound_at(unit, reachable);
    for (n, ins) in unit.code.iter().enumerate() {
        if ins.op == Op::CheckLocal
            && reachable[n]
            && !unit.is_temp(ins.a)
            && bound[n].as_ref().is_some_and(|b| has(b, ins.a))
        {
            needed[n] = false;
        }
    }
    needed
}

/// For each reachable instruction, the variables that are surely bound before it. Only the starts of blocks and
/// checks are recorded in full; the rest is recomputed on the way.
fn bound_at(unit: &Unit<'_>, reachable: &[bool]) -> Vec<Option<Bits>> {
    let words = unit.variables.len().div_ceil(64);
    let mut starts = vec![false; unit.code.len()];
    for &label in unit.labels.iter().filter(|&&l| l < unit.code.len()) {
        starts[label] = true;
    }
    let mut entry: Vec<Option<Bits>> = vec![None; unit.code.len()];
    let mut first: Bits = vec![0; words];
    for reg in 0..unit.variables.len() as u16 {
        let variable = &unit.variables[reg as usize];
        if reg < unit.parameters || variable.kind != taipan_bytecode::VariableKind::Local {
            set(&mut first, reg, true);
        }
    }
    let mut work = Vec::new();
    if let Some(slot) = entry.first_mut() {
        *slot = Some(first);
        work.push(0);
    }
    while let Some(start) = work.pop() {
        let Some(mut bound) = entry[start].clone() else { continue };
        let mut at = start;
        loop {
            let ins = &unit.code[at];
            if ins.op == Op::CheckLocal {
                entry[at] = Some(bound.clone());
            }
            if raises(ins)
                && let Some(handler) = unit.handlers.get(ins.handler as usize)
            {
                let mut thrown = bound.clone();
                if ins.op == Op::DeleteLocal {
                    set(&mut thrown, ins.a, false);
                }
                meet(unit, handler, &thrown, &mut entry, &mut work);
            }
            let before = bound.clone();
            transfer(unit, ins, &mut bound);
            if let Some(to) = target(unit, ins) {
                merge(to, &bound, &mut entry, &mut work);
            }
            if ins.op == Op::ForNext && !unit.is_temp(ins.a) && !has(&before, ins.a) {
                set(&mut bound, ins.a, false);
            }
            at += 1;
            if ins.op.info().ends_block || at >= unit.code.len() || !reachable[at] {
                break;
            }
            if starts[at] {
                merge(at, &bound, &mut entry, &mut work);
                break;
            }
        }
    }
    entry
}

fn meet(unit: &Unit<'_>, handler: &Handler, bound: &Bits, entry: &mut [Option<Bits>], work: &mut Vec<usize>) {
    let at = unit.labels[handler.label as usize];
    if at < entry.len() {
        merge(at, bound, entry, work);
    }
}

fn merge(at: usize, bound: &Bits, entry: &mut [Option<Bits>], work: &mut Vec<usize>) {
    match &mut entry[at] {
        Some(known) => {
            let mut changed = false;
            for (k, b) in known.iter_mut().zip(bound) {
                changed |= *k & !b != 0;
                *k &= b;
            }
            if changed {
                work.push(at);
            }
        }
        slot => {
            *slot = Some(bound.clone());
            work.push(at);
        }
    }
}

/// What an instruction binds and unbinds.
fn transfer(unit: &Unit<'_>, ins: &Ins, bound: &mut Bits) {
    let info = ins.op.info();
    match ins.op {
        Op::CheckLocal => set(bound, ins.a, true),
        Op::DeleteLocal => set(bound, ins.a, false),
        _ => {}
    }
    match info.operands[0] {
        Kind::Dst if !unit.is_temp(ins.a) => set(bound, ins.a, true),
        Kind::DstN => bind_run(unit, ins.a, ins.c, bound),
        Kind::DstEx => bind_run(unit, ins.a, (ins.c & 0xff) + 1 + (ins.c >> 8), bound),
        Kind::Clear if !unit.is_temp(ins.a) => set(bound, ins.a, false),
        _ => {}
    }
}

/// Binds the variables among `count` registers from `first` up.
fn bind_run(unit: &Unit<'_>, first: u16, count: u16, bound: &mut Bits) {
    for register in (first..first + count).filter(|&register| !unit.is_temp(register)) {
        set(bound, register, true);
    }
}
