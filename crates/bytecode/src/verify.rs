//! The verifier: checks what the interpreter relies on without looking. For every code object it requires that
//! - every instruction decodes, and every register, constant and name index is in range;
//! - jumps and handlers land on instruction starts, and execution cannot run off the end;
//! - on every path a temporary is written before it is read, and consumed at most once, and where paths meet they agree
//!   on which temporaries may be live (a temporary that is live on one path only is dead afterwards and must
//!   be rewritten before it is read; the compiler clears it, so this is reported as a leak);
//! - exception entries are sorted, disjoint, and clear only temporaries.

use std::collections::BTreeMap;

use crate::code::{Code, Const, VariableKind};
use crate::dis::jump_target;
use crate::inst::{self, Inst};
use crate::op::{Extra, Kind, Op};

/// A rule that a code object breaks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// The code object's qualified name.
    pub code: String,
    /// Word offset of the instruction at fault.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {}: {}", self.code, self.offset, self.message)
    }
}

/// All violations in `code` and the code nested in it; none in sound code.
pub fn verify(code: &Code) -> Vec<Violation> {
    let mut violations = verify_one(code);
    for nested in code.nested() {
        violations.extend(verify(nested));
    }
    violations
}

/// The violations in `code` itself.
pub fn verify_one(code: &Code) -> Vec<Violation> {
    Verifier::new(code).run()
}

/// What one instruction does to registers.
#[derive(Default)]
pub(crate) struct Effects {
    reads: Vec<u32>,
    optional_reads: Vec<u32>,
    pub(crate) kills: Vec<u32>,
    pub(crate) writes: Vec<u32>,
    pub(crate) kills_if_falling: Option<u32>,
}

type Live = Box<[u64]>;

struct Verifier<'a> {
    code: &'a Code,
    variables: u32,
    starts: BTreeMap<usize, Inst>,
    entry: BTreeMap<usize, Live>,
    work: Vec<usize>,
    violations: Vec<Violation>,
}

impl<'a> Verifier<'a> {
    fn new(code: &'a Code) -> Self {
        Verifier {
            code,
            variables: code.variables.len() as u32,
            starts: code.instructions().collect(),
            entry: BTreeMap::new(),
            work: Vec::new(),
            violations: Vec::new(),
        }
    }

    fn report(&mut self, offset: usize, message: impl Into<String>) {
        let code = self.code.qualname.to_string();
        self.violations.push(Violation { code, offset, message: message.into() });
    }

    fn run(mut self) -> Vec<Violation> {
        let end = self.starts.last_key_value().map_or(0, |(at, i)| at + i.op().map_or(1, Op::words));
        if end != self.code.code.len() {
            self.report(end, "undecodable instruction or truncated code");
        }
        self.check_exceptions();
        for (at, inst) in self.starts.clone() {
            self.check_operands(at, inst);
        }
        if self.violations.is_empty() {
            self.flow();
        }
        self.violations
    }

    fn check_exceptions(&mut self) {
        let mut last_end = 0;
        for e in self.code.exceptions.iter() {
            let at = e.start as usize;
            if e.start < last_end || e.end <= e.start || e.end as usize > self.code.code.len() {
                self.report(at, "exception entries overlap or are out of order");
            }
            last_end = e.end;
            if !self.starts.contains_key(&(e.target as usize)) || !self.starts.contains_key(&at) {
                self.report(at, "exception entry does not meet instruction starts");
            }
            if u32::from(e.exc_reg) >= self.code.nregs || u32::from(e.exc_reg) < self.variables {
                self.report(at, "exception register is no temporary");
            }
            if u32::from(e.clear_from) < self.variables {
                self.report(at, "exception entry clears variables");
            }
        }
    }

    fn check_operands(&mut self, at: usize, inst: Inst) {
        let Some(op) = inst.op() else { return };
        let effects = effects(op, inst);
        let registers =
            effects.reads.iter().chain(&effects.optional_reads).chain(&effects.kills).chain(&effects.writes);
        if registers.clone().any(|&r| r >= self.code.nregs) {
            self.report(at, "register out of range");
        }
        if let Some(target) = has_jump(op).then(|| jump_target(self.code, at, inst))
            && !target.is_some_and(|t| self.starts.contains_key(&t))
        {
            self.report(at, "jump does not land on an instruction");
        }
        for (field, kind) in op.info().operands.iter().enumerate() {
            let value = [inst.a(), inst.b(), inst.c()][field];
            let sound = match kind {
                Kind::Const => (inst.bc() as usize) < self.code.consts.len(),
                Kind::Name => (value as usize) < self.code.names.len(),
                Kind::Src if inst.has([inst::CONSUME_A, inst::CONSUME_B, inst::CONSUME_C][field]) => {
                    u32::from(value) >= self.variables
                }
                Kind::Cell => self.code.variables.get(value as usize).is_none_or(|v| v.kind != VariableKind::Local),
                _ => true,
            };
            if !sound {
                self.report(at, format!("operand {field} is unsound"));
            }
        }
        self.check_extra(at, op);
        self.check_handing(at, inst, op);
    }

    /// A product or attribute that says that the next instruction uses it up tells the truth.
    fn check_handing(&mut self, at: usize, inst: Inst, op: Op) {
        let behind = at + 1 + op.info().extra.len();
        let next = self.starts.get(&behind).copied().unwrap_or_default();
        let first = next.has(inst::CONSUME_A) && next.a() == inst.a();
        let left = next.has(inst::CONSUME_B) && next.b() == inst.a();
        let right = next.has(inst::CONSUME_C) && next.c() == inst.a();
        let sound = match op {
            Op::MulAdd => next.op() == Some(Op::Add) && left != right,
            Op::MulSub => next.op() == Some(Op::Sub) && left && !right,
            Op::SubMul => next.op() == Some(Op::Sub) && right && !left,
            Op::LoadAttrAdd => next.op() == Some(Op::Add) && left != right,
            Op::LoadAttrSub => next.op() == Some(Op::Sub) && left != right,
            Op::LoadAttrImm => left && matches!(next.op(), Some(Op::AddImm | Op::SubImm | Op::MulImm)),
            Op::LoadAttrCompare => left && next.op().is_some_and(Op::compares_with_immediate),
            Op::LoadAttrNone => first && matches!(next.op(), Some(Op::JumpIfNone | Op::JumpIfNotNone)),
            Op::LoadAttrAttr => left && next.op() == Some(Op::LoadAttr),
            Op::LoadAttrMethod => left && next.op() == Some(Op::LoadMethod),
            _ => true,
        };
        let adds = matches!(op, Op::LoadAttrAdd | Op::LoadAttrSub | Op::LoadAttrImm);
        let attribute =
            adds || matches!(op, Op::LoadAttrCompare | Op::LoadAttrNone | Op::LoadAttrAttr | Op::LoadAttrMethod);
        let stores = || {
            let store = self.starts.get(&(behind + 1)).copied().unwrap_or_default();
            let used = store.has(inst::CONSUME_B) && !store.has(inst::CONSUME_A) && store.b() == next.a();
            store.op() == Some(Op::StoreAttr) && used
        };
        let kept = !(attribute && inst.has(inst::CONSUME_B)) && !(adds && inst.has(inst::STORES) && !stores());
        if !sound || !kept {
            self.report(at, format!("{op:?} does not hand its value on"));
        }
    }

    fn check_extra(&mut self, at: usize, op: Op) {
        for (n, extra) in op.info().extra.iter().enumerate() {
            let word = self.code.code.get(at + 1 + n).copied().unwrap_or(0);
            let index = match extra {
                Extra::Const => word as u32,
                Extra::CountConst if op != Op::Intrinsic2 => (word >> 32) as u32,
                _ => continue,
            };
            if !matches!(self.code.consts.get(index as usize), Some(Const::Tuple(_))) {
                self.report(at, "extra word does not name a tuple constant");
            }
        }
    }

    fn flow(&mut self) {
        let words = (self.code.nregs as usize - self.variables as usize).div_ceil(64);
        self.reach(0, vec![0; words].into(), 0);
        while let Some(at) = self.work.pop() {
            if !self.violations.is_empty() {
                return;
            }
            self.step(at);
        }
    }

    fn step(&mut self, at: usize) {
        let (Some(inst), Some(live)) = (self.starts.get(&at).copied(), self.entry.get(&at).cloned()) else { return };
        let Some(op) = inst.op() else { return };
        let effects = effects(op, inst);
        let dead = effects
            .reads
            .iter()
            .map(|r| r.wrapping_sub(self.variables))
            .find(|&t| t < 1 << 16 && !get(&live, t) && !self.is_scoped(t, at));
        if let Some(t) = dead {
            self.report(at, format!("{op:?} reads the dead temporary t{t}"));
        }
        let mut after = live.clone();
        effects
            .kills
            .iter()
            .filter(|&&r| r >= self.variables)
            .for_each(|&r| set(&mut after, r - self.variables, false));
        if op.info().raises {
            self.raise(at, &after);
        }
        effects
            .writes
            .iter()
            .filter(|&&r| r >= self.variables)
            .for_each(|&r| set(&mut after, r - self.variables, true));
        if has_jump(op)
            && let Some(target) = jump_target(self.code, at, inst)
        {
            let mut jumping = after.clone();
            if op == Op::ForNext {
                // The destination is written only by jumping.
                let dst = u32::from(inst.a());
                if dst >= self.variables {
                    set(&mut after, dst - self.variables, false);
                    set(&mut jumping, dst - self.variables, true);
                }
            }
            self.reach(target, jumping, at);
        }
        if op == Op::ForNext {
            for r in u32::from(inst.b())..u32::from(inst.b()) + 3 {
                set(&mut after, r - self.variables, false);
            }
        }
        if let Some(r) = effects.kills_if_falling.filter(|&r| r >= self.variables) {
            set(&mut after, r - self.variables, false);
        }
        if !op.info().ends_block {
            self.reach(at + op.words(), after, at);
        } else if matches!(op, Op::Return | Op::ReturnConst) && after.iter().any(|w| *w != 0) {
            let reg = after.iter().enumerate().find(|(_, w)| **w != 0);
            let reg = reg.map_or(0, |(n, w)| n as u32 * 64 + w.trailing_zeros());
            self.report(at, format!("returns while t{reg} is live"));
        }
    }

    /// Whether a comprehension's variable lives in the temporary here: it may be bound or not, as variables may.
    fn is_scoped(&self, temp: u32, at: usize) -> bool {
        self.code
            .scoped_names
            .iter()
            .any(|s| u32::from(s.reg) == temp + self.variables && (s.start as usize..s.end as usize).contains(&at))
    }

    fn raise(&mut self, at: usize, after: &Live) {
        let Some(e) = self.code.handler(at as u32).copied() else { return };
        let mut live = after.clone();
        for r in u32::from(e.clear_from).max(self.variables)..self.code.nregs {
            set(&mut live, r - self.variables, false);
        }
        set(&mut live, u32::from(e.exc_reg) - self.variables, true);
        self.reach(e.target as usize, live, at);
    }

    /// Execution gets from `from` to `at` with these temporaries live.
    fn reach(&mut self, at: usize, mut live: Live, from: usize) {
        for span in self.code.scoped_names.iter() {
            if (span.start as usize..span.end as usize).contains(&at) {
                set(&mut live, u32::from(span.reg) - self.variables, false);
            }
        }
        if !self.starts.contains_key(&at) {
            return self.report(from, "execution runs off the end");
        }
        match self.entry.get(&at) {
            None => {
                self.entry.insert(at, live);
                self.work.push(at);
            }
            Some(known) if *known == live => {}
            Some(known) => {
                let differ = (0..known.len() as u32 * 64).find(|&n| get(known, n) != get(&live, n)).unwrap_or(0);
                self.report(at, format!("paths disagree about t{differ} (one comes from {from})"));
            }
        }
    }
}

fn get(live: &Live, n: u32) -> bool {
    live.get(n as usize / 64).is_some_and(|w| w >> (n % 64) & 1 == 1)
}

fn set(live: &mut Live, n: u32, to: bool) {
    if let Some(word) = live.get_mut(n as usize / 64) {
        let bit = 1 << (n % 64);
        *word = if to { *word | bit } else { *word & !bit };
    }
}

pub(crate) fn has_jump(op: Op) -> bool {
    let info = op.info();
    info.operands[0] == Kind::Jump16 || info.operands[1] == Kind::Jump || info.extra.contains(&Extra::Jump)
}

pub(crate) fn effects(op: Op, inst: Inst) -> Effects {
    let mut e = Effects::default();
    let c = u32::from(inst.c());
    for (field, kind) in op.info().operands.iter().enumerate() {
        let (value, flag) =
            [(inst.a(), inst::CONSUME_A), (inst.b(), inst::CONSUME_B), (inst.c(), inst::CONSUME_C)][field];
        let r = u32::from(value);
        let mut block = |n: u32| {
            e.reads.extend(r..r + n);
            e.kills.extend(r..r + n);
        };
        match kind {
            Kind::Block => block(c),
            Kind::Block2 => block(2),
            Kind::Block3 => block(3),
            Kind::Pairs => block(2 * c),
            Kind::Interp => block(if inst.has(inst::HAS_SPEC) { 3 } else { 2 }),
            Kind::Call => {
                block(1);
                if inst.has(inst::HAS_SELF) {
                    e.reads.push(r + 1);
                    e.kills.push(r + 1);
                }
                e.reads.extend(r + 2..r + 2 + c);
                e.kills.extend(r + 2..r + 2 + c);
            }
            Kind::CallEx => {
                let n = if inst.has(inst::HAS_KWARGS) { 4 } else { 3 };
                let regs = [r, r + 2, r + 3];
                e.reads.extend(&regs[..n - 1]);
                e.kills.extend(&regs[..n - 1]);
            }
            Kind::Src => {
                e.reads.push(r);
                if inst.has(flag) {
                    e.kills.push(r);
                }
            }
            Kind::Keep => e.reads.push(r),
            Kind::KeepIfJump => {
                e.reads.push(r);
                e.kills_if_falling = Some(r);
            }
            Kind::Cell => e.reads.push(r),
            Kind::Var => e.optional_reads.push(r),
            Kind::Pair => e.reads.extend(r..r + 2),
            Kind::Iter => e.reads.extend(r..r + 3),
            Kind::Clear => e.kills.push(r),
            Kind::ClearN => e.kills.extend(r..r + c),
            Kind::Dst => e.writes.push(r),
            Kind::Dst2 => e.writes.extend(r..r + 2),
            Kind::Dst3 => e.writes.extend(r..r + 3),
            Kind::DstN => e.writes.extend(r..r + c),
            Kind::DstEx => e.writes.extend(r..r + (c & 0xff) + 1 + (c >> 8)),
            _ => {}
        }
    }
    if op == Op::Yield && inst.has(inst::DELEGATE) {
        e.reads.push(c);
    }
    e
}
