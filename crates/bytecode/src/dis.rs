//! The disassembler: stable, readable text of a code object. Variables go by name, temporaries by `t` and their
//! number, jump targets by label. The text depends on nothing but the code object.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::code::{Code, CodeFlags, Const, VariableKind};
use crate::inst::{self, Inst};
use crate::location::LocationIter;
use crate::op::{Conversion, Extra, FunctionAttribute, Intrinsic1, Intrinsic2, Kind, Op};

/// The text of `code` alone.
pub fn disassemble(code: &Code) -> String {
    let mut out = String::new();
    Disassembler::new(code).write(&mut out);
    out
}

/// The text of `code` and of all code nested in it, depth first, in the order of the constants.
pub fn disassemble_all(code: &Code) -> String {
    let mut out = disassemble(code);
    for nested in code.nested() {
        out.push('\n');
        out.push_str(&disassemble_all(nested));
    }
    out
}

struct Disassembler<'a> {
    code: &'a Code,
    labels: BTreeMap<usize, usize>,
}

impl<'a> Disassembler<'a> {
    fn new(code: &'a Code) -> Self {
        let mut targets: Vec<usize> = code.exceptions.iter().map(|e| e.target as usize).collect();
        for (at, inst) in code.instructions() {
            targets.extend(jump_target(code, at, inst));
        }
        targets.sort_unstable();
        targets.dedup();
        let labels = targets.into_iter().enumerate().map(|(n, t)| (t, n + 1)).collect();
        Disassembler { code, labels }
    }

    fn write(&self, out: &mut String) {
        self.header(out);
        let mut lines = Lines { runs: self.code.locations(), current: None, last: 0 };
        for (at, inst) in self.code.instructions() {
            let line = lines.at(at as u32);
            let label = self.labels.get(&at).map_or(String::new(), |n| format!("L{n}:"));
            let line = line.map_or(String::new(), |l| l.to_string());
            let text = self.instruction(at, inst);
            let _ = writeln!(out, "{line:>5} {label:>5} {at:4}  {}", text.trim_end());
        }
        for e in &self.code.exceptions {
            let _ = writeln!(
                out,
                "  except {}..{} -> {} exc {} clear {}",
                e.start,
                e.end,
                self.label(e.target as usize),
                self.register(e.exc_reg, e.target as usize),
                self.register(e.clear_from, e.target as usize)
            );
        }
    }

    fn header(&self, out: &mut String) {
        let code = self.code;
        let _ = write!(out, "code {} line {} regs {}", code.qualname, code.first_line, code.nregs);
        for (bit, name) in FLAG_NAMES {
            if code.flags.has(*bit) {
                let _ = write!(out, " {name}");
            }
        }
        out.push('\n');
        if code.parameter_count() > 0 {
            let _ = writeln!(
                out,
                "  parameters {} ({} positional-only, {} keyword-only)",
                code.parameter_count(),
                code.posonly_arg_count,
                code.kwonly_arg_count
            );
        }
        for (kind, title) in
            [(VariableKind::Local, "locals"), (VariableKind::Cell, "cells"), (VariableKind::Free, "free")]
        {
            let mut of_kind = code.variables.iter().filter(|v| v.kind == kind).peekable();
            if of_kind.peek().is_some() {
                let names: Vec<&str> = of_kind.map(|v| &*v.name).collect();
                let _ = writeln!(out, "  {title} {}", names.join(" "));
            }
        }
    }

    fn label(&self, target: usize) -> String {
        self.labels.get(&target).map_or_else(|| format!("?{target}"), |n| format!("L{n}"))
    }

    fn register(&self, reg: u16, at: usize) -> String {
        let variables = self.code.variables.len();
        match self.code.register_name(reg, at as u32) {
            Some(name) if (reg as usize) < variables => name.to_string(),
            Some(name) => format!("t{}:{name}", reg as usize - variables),
            None => format!("t{}", reg as usize - variables),
        }
    }

    fn run(&self, first: u16, count: usize, at: usize) -> String {
        match count {
            0 => "[]".to_string(),
            1 => format!("[{}]", self.register(first, at)),
            n => format!("[{}..{}]", self.register(first, at), self.register(first + (n as u16 - 1), at)),
        }
    }

    fn constant(&self, index: u32) -> String {
        self.code.consts.get(index as usize).map_or_else(|| format!("?const {index}"), repr)
    }

    fn instruction(&self, at: usize, inst: Inst) -> String {
        let Some(op) = inst.op() else { return format!("?op {}", inst.op_byte()) };
        let info = op.info();
        let mut operands: Vec<String> = Vec::new();
        for (field, kind) in info.operands.iter().enumerate() {
            let (value, consume) =
                [(inst.a(), inst::CONSUME_A), (inst.b(), inst::CONSUME_B), (inst.c(), inst::CONSUME_C)][field];
            operands.extend(self.operand(at, inst, *kind, value, inst.has(consume)));
        }
        for (n, extra) in info.extra.iter().enumerate() {
            let word = self.code.code.get(at + 1 + n).copied().unwrap_or(0);
            operands.extend(self.extra(op, *extra, word));
        }
        operands.extend(jump_target(self.code, at, inst).map(|t| format!("-> {}", self.label(t))));
        operands.extend(flag_words(op, inst));
        format!("{:<20} {}", info.name, operands.join(", "))
    }

    fn operand(&self, at: usize, inst: Inst, kind: Kind, value: u16, consumed: bool) -> Option<String> {
        let c = inst.c() as usize;
        Some(match kind {
            Kind::No | Kind::Jump | Kind::Jump16 | Kind::Count => return None,
            Kind::Src if consumed => format!("{}!", self.register(value, at)),
            Kind::Dst | Kind::Src | Kind::Keep | Kind::KeepIfJump | Kind::Cell | Kind::Var | Kind::Clear => {
                self.register(value, at)
            }
            Kind::Dst2 | Kind::Block2 | Kind::Pair => self.run(value, 2, at),
            Kind::Dst3 | Kind::Block3 | Kind::Iter => self.run(value, 3, at),
            Kind::DstN | Kind::Block | Kind::ClearN => self.run(value, c, at),
            Kind::DstEx => format!("{} before {} after {}", self.register(value, at), c & 0xff, c >> 8),
            Kind::Pairs => self.run(value, 2 * c, at),
            Kind::Call => format!("{}({})", self.register(value, at), c),
            Kind::CallEx if inst.has(inst::HAS_KWARGS) => format!("{}(*, **)", self.register(value, at)),
            Kind::CallEx => format!("{}(*)", self.register(value, at)),
            Kind::Interp => self.run(value, if inst.has(inst::HAS_SPEC) { 3 } else { 2 }, at),
            Kind::Const => self.constant(inst.bc()),
            Kind::Name => {
                self.code.names.get(value as usize).map_or_else(|| format!("?name {value}"), |n| format!(".{n}"))
            }
            Kind::Imm16 => format!("{}", value as i16),
            Kind::Imm32 => format!("{}", inst.bc_signed()),
            Kind::Which => return which(inst.op()?, value),
        })
    }

    fn extra(&self, op: Op, extra: Extra, word: u64) -> Option<String> {
        match extra {
            Extra::Cache | Extra::Jump => None,
            Extra::Const => Some(self.constant(word as u32)),
            Extra::CountConst if op == Op::Intrinsic2 => {
                Some(Intrinsic2::from_u16(word as u16).map_or("?".into(), |i| i.name().into()))
            }
            Extra::CountConst => Some(format!("{} {}", word as u32, self.constant((word >> 32) as u32))),
        }
    }
}

fn jump_is_in_a(kind: Kind) -> bool {
    kind == Kind::Jump16
}

/// Where the instruction at `at` may jump to.
pub(crate) fn jump_target(code: &Code, at: usize, inst: Inst) -> Option<usize> {
    let op = inst.op()?;
    let info = op.info();
    let offset = if info.operands[0] == Kind::Jump16 {
        i64::from(inst.jump_a())
    } else if info.operands[1] == Kind::Jump {
        i64::from(inst.bc_signed())
    } else {
        let n = info.extra.iter().position(|e| *e == Extra::Jump)?;
        i64::from(*code.code.get(at + 1 + n)? as u32 as i32)
    };
    usize::try_from((at + op.words()) as i64 + offset).ok()
}

fn which(op: Op, value: u16) -> Option<String> {
    let name = match op {
        Op::SetFunctionAttribute => FunctionAttribute::from_u16(value)?.name(),
        Op::Intrinsic1 => Intrinsic1::from_u16(value)?.name(),
        Op::LoadCommonConstant => {
            ["AssertionError", "NotImplementedError", "tuple", "all", "any"].get(value as usize).copied()?
        }
        Op::LoadSpecial => ["__enter__", "__exit__", "__aenter__", "__aexit__"].get(value as usize).copied()?,
        Op::FormatValue => return conversion(value as u8),
        Op::UnpackEx => return None,
        _ if value == 0 => return None,
        _ => return Some(value.to_string()),
    };
    Some(name.to_string())
}

fn conversion(n: u8) -> Option<String> {
    match Conversion::from_u8(n) {
        Conversion::None => None,
        Conversion::Str => Some("!s".into()),
        Conversion::Repr => Some("!r".into()),
        Conversion::Ascii => Some("!a".into()),
    }
}

fn flag_words(op: Op, inst: Inst) -> Option<String> {
    let eight = inst.has(8);
    match op {
        Op::FormatWithSpec | Op::BuildInterpolation => conversion(inst.flags() >> inst::CONVERSION_SHIFT),
        Op::Call | Op::CallKw if eight => Some("self".into()),
        Op::Yield if eight => Some("delegate".into()),
        Op::LoadSuperAttr | Op::LoadSuperMethod if eight => Some("two arguments".into()),
        Op::MakeCell if eight => Some("fresh".into()),
        Op::LoadConst | Op::LoadInt if eight => Some("lasting".into()),
        Op::LoadAttrAdd | Op::LoadAttrSub | Op::LoadAttrImm if inst.has(inst::STORES) => Some("stores".into()),
        Op::CallEx => None,
        _ if eight && jump_is_in_a(op.info().operands[0]) => Some("if not".into()),
        _ if eight => Some("in place".into()),
        _ => None,
    }
}

/// Source text of a constant, as Python's `repr` shows it (floats by Rust's shortest form).
pub(crate) fn repr(value: &Const) -> String {
    match value {
        Const::None => "None".into(),
        Const::Ellipsis => "Ellipsis".into(),
        Const::Bool(true) => "True".into(),
        Const::Bool(false) => "False".into(),
        Const::Int(n) => n.to_string(),
        Const::BigInt(digits) => digits.to_string(),
        Const::Float(x) => format!("{x:?}"),
        Const::Complex(re, im) => format!("({re:?}+{im:?}j)"),
        Const::Str(s) => format!("{s:?}"),
        Const::Surrogates(points) => {
            let mut out = String::from("\"");
            for &p in points.iter() {
                match char::from_u32(p) {
                    Some(ch) => out.extend(ch.escape_debug()),
                    None => out.push_str(&format!("\\u{p:04x}")),
                }
            }
            out + "\""
        }
        Const::Bytes(bytes) => format!("b\"{}\"", bytes.escape_ascii()),
        Const::Tuple(items) if items.len() == 1 => format!("({},)", repr(&items[0])),
        Const::Tuple(items) => format!("({})", list(items)),
        Const::FrozenSet(items) => format!("frozenset({{{}}})", list(items)),
        Const::Slice(parts) => format!("slice({})", list(&parts[..])),
        Const::Code(code) => format!("<code {}>", code.qualname()),
    }
}

fn list(items: &[Const]) -> String {
    items.iter().map(repr).collect::<Vec<_>>().join(", ")
}

struct Lines<'a> {
    runs: LocationIter<'a>,
    current: Option<(u32, u32)>,
    last: u32,
}

impl Lines<'_> {
    /// The line of the instruction at `at`, if it differs from the one asked for before.
    fn at(&mut self, at: u32) -> Option<u32> {
        while self.current.is_none_or(|(end, _)| at >= end) {
            let (start, words, location) = self.runs.next()?;
            self.current = Some((start + words, location.line));
        }
        let line = self.current?.1;
        if line == self.last || line == 0 {
            return None;
        }
        self.last = line;
        Some(line)
    }
}

const FLAG_NAMES: &[(u32, &str)] = &[
    (CodeFlags::OPTIMIZED, "OPTIMIZED"),
    (CodeFlags::NEWLOCALS, "NEWLOCALS"),
    (CodeFlags::VARARGS, "VARARGS"),
    (CodeFlags::VARKEYWORDS, "VARKEYWORDS"),
    (CodeFlags::NESTED, "NESTED"),
    (CodeFlags::GENERATOR, "GENERATOR"),
    (CodeFlags::COROUTINE, "COROUTINE"),
    (CodeFlags::ASYNC_GENERATOR, "ASYNC_GENERATOR"),
    (CodeFlags::HAS_DOCSTRING, "HAS_DOCSTRING"),
    (CodeFlags::METHOD, "METHOD"),
];
