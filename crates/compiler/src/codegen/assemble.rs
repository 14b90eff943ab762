//! Assembly: labels become offsets, fused branches that do not reach are split, and the exception, location and name tables are
//! written.

use std::sync::Arc;

use taipan_bytecode::{
    CONSUME_A, Code, CodeFlags, ExceptionEntry, Extra, Inst, Kind, LocationBuilder, NEGATE, Op, ScopedName,
};

use super::flow;
use super::unit::{Ins, NONE, Unit};

/// Registers and names are 16-bit operands.
const MAX_REGISTERS: u32 = u16::MAX as u32;

/// The code object of a finished unit; an error message if it exceeds a limit.
pub(super) fn assemble(mut unit: Unit<'_>, filename: &Arc<str>, future_flags: u32) -> Result<Code, String> {
    flow::optimize(&mut unit);
    let scratch = unit.first_temp() + unit.max_depth;
    if scratch >= MAX_REGISTERS || unit.names.len() >= MAX_REGISTERS as usize {
        return Err("too many variables, temporaries or names in one code object".into());
    }
    let mut assembler = Assembler { unit, split: Vec::new(), offsets: Vec::new(), scratch: scratch as u16 };
    assembler.place();
    let uses_scratch = assembler.split.iter().any(|s| *s);
    let code = assembler.encode();
    let exceptions = assembler.exceptions();
    let location_table = assembler.locations();
    let scoped_names = assembler.scoped_names();
    let unit = assembler.unit;
    Ok(Code {
        name: unit.name,
        qualname: unit.qualname,
        filename: filename.clone(),
        flags: CodeFlags(unit.flags | future_flags),
        first_line: unit.first_line,
        arg_count: unit.arg_count,
        posonly_arg_count: unit.posonly_arg_count,
        kwonly_arg_count: unit.kwonly_arg_count,
        variables: unit.variables.into(),
        nregs: scratch + u32::from(uses_scratch),
        consts: unit.consts.into(),
        names: unit.names.into(),
        code: code.into(),
        exceptions: exceptions.into(),
        location_table,
        scoped_names: scoped_names.into(),
        static_attributes: unit.static_attributes.iter().map(|n| Arc::from(n.as_str())).collect(),
    })
}

struct Assembler<'a> {
    unit: Unit<'a>,
    /// Fused branches that are written as a comparison and a jump, by instruction.
    split: Vec<bool>,
    /// Offset in words of each instruction, and of the end.
    offsets: Vec<u32>,
    /// A register for the truth of split branches.
    scratch: u16,
}

impl Assembler<'_> {
    /// Decides on offsets; splitting a branch moves others, so this repeats until all reach.
    fn place(&mut self) {
        self.split = vec![false; self.unit.code.len()];
        loop {
            self.offsets.clear();
            let mut at = 0u32;
            for (n, ins) in self.unit.code.iter().enumerate() {
                self.offsets.push(at);
                at += if self.split[n] { split_words(ins.op) } else { ins.op.words() as u32 };
            }
            self.offsets.push(at);
            let too_far = |n: usize, ins: &Ins| {
                !self.split[n]
                    && ins.op.info().operands[0] == Kind::Jump16
                    && i16::try_from(self.distance(n, ins, ins.op.words() as u32)).is_err()
            };
            let far: Vec<usize> =
                self.unit.code.iter().enumerate().filter(|(n, ins)| too_far(*n, ins)).map(|(n, _)| n).collect();
            if far.is_empty() {
                return;
            }
            far.into_iter().for_each(|n| self.split[n] = true);
        }
    }

    fn distance(&self, n: usize, ins: &Ins, words: u32) -> i64 {
        let label = self.unit.labels.get(ins.target as usize).copied().unwrap_or(usize::MAX);
        let target = self.offsets.get(label).or(self.offsets.last()).copied().unwrap_or(0);
        i64::from(target) - i64::from(self.offsets[n] + words)
    }

    fn encode(&self) -> Vec<u64> {
        let mut out = Vec::with_capacity(self.offsets.last().copied().unwrap_or(0) as usize);
        for (n, ins) in self.unit.code.iter().enumerate() {
            if self.split[n] {
                self.encode_split(n, ins, &mut out);
                continue;
            }
            let info = ins.op.info();
            let mut inst = Inst::new(ins.op, ins.flags, ins.a, ins.b, ins.c);
            let distance = if ins.target == NONE { 0 } else { self.distance(n, ins, ins.op.words() as u32) };
            if info.operands[0] == Kind::Jump16 {
                inst = inst.with_a(distance as i16 as u16);
            } else if info.operands[1] == Kind::Jump {
                inst = inst.with_bc(distance as i32 as u32);
            }
            out.push(inst.0);
            for extra in info.extra {
                out.push(match extra {
                    Extra::Cache => 0,
                    Extra::Jump => u64::from(distance as i32 as u32),
                    Extra::Const | Extra::CountConst => ins.extra,
                });
            }
        }
        out
    }

    /// A fused branch as comparison and jump.
    fn encode_split(&self, n: usize, ins: &Ins, out: &mut Vec<u64>) {
        let (op, immediate) = unfused(ins.op);
        let flags = ins.flags & !NEGATE;
        let truth = self.scratch;
        if immediate {
            // The immediate goes through the scratch register; the comparison overwrites it.
            out.push(Inst::wide(Op::LoadInt, 0, truth, ins.c as i16 as i32 as u32).0);
            out.push(Inst::new(op, flags | taipan_bytecode::CONSUME_C, truth, ins.b, truth).0);
        } else {
            out.push(Inst::new(op, flags, truth, ins.b, ins.c).0);
        }
        let jump = if ins.flags & NEGATE != 0 { Op::JumpIfFalse } else { Op::JumpIfTrue };
        let distance = self.distance(n, ins, split_words(ins.op));
        out.push(Inst::wide(jump, CONSUME_A, truth, distance as i32 as u32).0);
    }

    fn exceptions(&self) -> Vec<ExceptionEntry> {
        let mut out: Vec<(u32, ExceptionEntry)> = Vec::new();
        for (n, ins) in self.unit.code.iter().enumerate() {
            let Some(handler) = self.unit.handlers.get(ins.handler as usize) else { continue };
            let (start, end) = (self.offsets[n], self.offsets[n + 1]);
            match out.last_mut() {
                Some((id, entry)) if *id == ins.handler && entry.end == start => entry.end = end,
                _ => {
                    let label = self.unit.labels[handler.label as usize];
                    let target = self.offsets[label.min(self.offsets.len() - 1)];
                    let (exc_reg, clear_from) = (handler.exc_reg, handler.clear_from);
                    out.push((ins.handler, ExceptionEntry { start, end, target, exc_reg, clear_from }));
                }
            }
        }
        let raising = |e: &ExceptionEntry| (e.target as usize) < self.offsets.last().copied().unwrap_or(0) as usize;
        out.into_iter().map(|(_, e)| e).filter(raising).collect()
    }

    fn locations(&self) -> Box<[u8]> {
        let mut builder = LocationBuilder::new(self.unit.first_line);
        for (n, ins) in self.unit.code.iter().enumerate() {
            builder.add(ins.location, self.offsets[n + 1] - self.offsets[n]);
        }
        builder.finish()
    }

    fn scoped_names(&self) -> Vec<ScopedName> {
        let last = self.offsets.len() - 1;
        let spans = self.unit.named_spans.iter();
        let names = spans.map(|s| ScopedName {
            name: s.name.as_str().into(),
            reg: s.reg,
            is_cell: s.is_cell,
            start: self.offsets[s.start.min(last)],
            end: self.offsets[s.end.min(last)],
        });
        names.filter(|s| s.start < s.end).collect()
    }
}

fn split_words(op: Op) -> u32 {
    if unfused(op).1 { 3 } else { 2 }
}

/// The comparison of a fused branch, and whether its right operand is an immediate.
fn unfused(op: Op) -> (Op, bool) {
    match op {
        Op::JumpLt => (Op::Lt, false),
        Op::JumpLe => (Op::Le, false),
        Op::JumpEq => (Op::Eq, false),
        Op::JumpNe => (Op::Ne, false),
        Op::JumpGt => (Op::Gt, false),
        Op::JumpGe => (Op::Ge, false),
        Op::JumpIs => (Op::Is, false),
        Op::JumpIn => (Op::In, false),
        Op::JumpLtImm => (Op::Lt, true),
        Op::JumpLeImm => (Op::Le, true),
        Op::JumpEqImm => (Op::Eq, true),
        Op::JumpNeImm => (Op::Ne, true),
        Op::JumpGtImm => (Op::Gt, true),
        Op::JumpGeImm => (Op::Ge, true),
        other => (other, false),
    }
}
