//! The compact binary form of code objects, for packing compiled modules. Reading checks everything it relies on: bad
//! bytes give a [`FormatError`], never a panic, and reading what was written gives an equal code object.
//!
//! Numbers are LEB128 varints, instruction words eight bytes each. All strings stand once, as length and UTF-8, in a table in front of the
//! code, which names them by index; whoever reads it shares them likewise. The form starts with [`FORMAT_VERSION`], which changes
//! whenever the form or the opcode table does.

use std::collections::HashMap;
use std::sync::Arc;

use crate::code::{Code, CodeFlags, Const, ScopedName, Variable, VariableKind};
use crate::exception::ExceptionEntry;

/// Version of the binary form and of the opcode table.
pub const FORMAT_VERSION: u32 = 2;

/// Constants and code nested deeper than this are refused.
const MAX_DEPTH: u32 = 500;

/// Bytes that are no code object of this version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FormatError;

impl std::fmt::Display for FormatError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not a code object of this version")
    }
}

impl std::error::Error for FormatError {}

type Result<T> = std::result::Result<T, FormatError>;

impl Code {
    /// The binary form.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut body = Writer::default();
        body.code(self);
        let mut whole = Writer::default();
        whole.int(FORMAT_VERSION.into());
        whole.each(&body.strings, |w, s| w.bytes(s.as_bytes()));
        whole.out.extend_from_slice(&body.out);
        whole.out
    }

    /// Reads the binary form.
    pub fn from_bytes(bytes: &[u8]) -> Result<Code> {
        let mut reader = Reader { bytes, depth: 0, strings: Vec::new() };
        if reader.u32()? != FORMAT_VERSION {
            return Err(FormatError);
        }
        reader.strings = reader.each(|r| std::str::from_utf8(r.slice()?).map(Arc::from).map_err(|_| FormatError))?;
        let code = reader.code()?;
        if reader.bytes.is_empty() { Ok(code) } else { Err(FormatError) }
    }
}

#[derive(Default)]
struct Writer {
    out: Vec<u8>,
    strings: Vec<Arc<str>>,
    indices: HashMap<Arc<str>, u64>,
}

impl Writer {
    fn string(&mut self, text: &Arc<str>) {
        let next = self.strings.len() as u64;
        let index = *self.indices.entry(text.clone()).or_insert(next);
        if index == next {
            self.strings.push(text.clone());
        }
        self.int(index);
    }

    fn int(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.out.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.out.push(value as u8);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.int(bytes.len() as u64);
        self.out.extend_from_slice(bytes);
    }

    fn each<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.int(items.len() as u64);
        for item in items {
            write(self, item);
        }
    }

    fn strings(&mut self, items: &[Arc<str>]) {
        self.each(items, Self::string);
    }

    fn float(&mut self, value: f64) {
        self.out.extend_from_slice(&value.to_bits().to_le_bytes());
    }

    fn code(&mut self, code: &Code) {
        self.string(&code.name);
        self.string(&code.qualname);
        self.string(&code.filename);
        for n in
            [code.flags.0, code.first_line, code.arg_count, code.posonly_arg_count, code.kwonly_arg_count, code.nregs]
        {
            self.int(n.into());
        }
        self.each(&code.variables, |w, v| {
            w.string(&v.name);
            w.out.push(v.kind as u8);
        });
        self.each(&code.consts, Self::constant);
        self.strings(&code.names);
        self.each(&code.code, |w, word| w.out.extend_from_slice(&word.to_le_bytes()));
        self.each(&code.exceptions, |w, e| {
            for n in [e.start, e.end, e.target, e.exc_reg.into(), e.clear_from.into()] {
                w.int(n.into());
            }
        });
        self.bytes(&code.location_table);
        self.each(&code.scoped_names, |w, s| {
            w.string(&s.name);
            for n in [s.reg.into(), s.is_cell.into(), s.start, s.end] {
                w.int(n.into());
            }
        });
        self.strings(&code.static_attributes);
    }

    fn constant(&mut self, value: &Const) {
        match value {
            Const::None => self.out.push(0),
            Const::Ellipsis => self.out.push(1),
            Const::Bool(false) => self.out.push(2),
            Const::Bool(true) => self.out.push(3),
            Const::Int(n) => {
                self.out.push(4);
                self.int((n << 1 ^ n >> 63) as u64);
            }
            Const::BigInt(digits) => {
                self.out.push(5);
                self.string(digits);
            }
            Const::Float(x) => {
                self.out.push(6);
                self.float(*x);
            }
            Const::Complex(re, im) => {
                self.out.push(7);
                self.float(*re);
                self.float(*im);
            }
            Const::Str(s) => {
                self.out.push(8);
                self.string(s);
            }
            Const::Surrogates(points) => {
                self.out.push(9);
                self.each(points, |w, p| w.int((*p).into()));
            }
            Const::Bytes(bytes) => {
                self.out.push(10);
                self.bytes(bytes);
            }
            Const::Tuple(items) => {
                self.out.push(11);
                self.each(items, Self::constant);
            }
            Const::FrozenSet(items) => {
                self.out.push(12);
                self.each(items, Self::constant);
            }
            Const::Slice(parts) => {
                self.out.push(13);
                parts.iter().for_each(|p| self.constant(p));
            }
            Const::Code(code) => {
                self.out.push(14);
                self.code(code);
            }
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    depth: u32,
    strings: Vec<Arc<str>>,
}

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8]> {
        let (head, rest) = self.bytes.split_at_checked(n).ok_or(FormatError)?;
        self.bytes = rest;
        Ok(head)
    }

    fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    fn int(&mut self) -> Result<u64> {
        let mut value = 0u64;
        let mut shift = 0;
        loop {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f).checked_shl(shift).ok_or(FormatError)?;
            shift += 7;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
    }

    fn u32(&mut self) -> Result<u32> {
        u32::try_from(self.int()?).map_err(|_| FormatError)
    }

    fn u16(&mut self) -> Result<u16> {
        u16::try_from(self.int()?).map_err(|_| FormatError)
    }

    fn slice(&mut self) -> Result<&'a [u8]> {
        let n = usize::try_from(self.int()?).map_err(|_| FormatError)?;
        self.take(n)
    }

    fn string(&mut self) -> Result<Arc<str>> {
        let index = usize::try_from(self.int()?).map_err(|_| FormatError)?;
        self.strings.get(index).cloned().ok_or(FormatError)
    }

    /// Instruction words.
    fn words(&mut self) -> Result<Box<[u64]>> {
        let n = usize::try_from(self.int()?).map_err(|_| FormatError)?;
        let bytes = self.take(n.checked_mul(8).ok_or(FormatError)?)?;
        let (words, _) = bytes.as_chunks::<8>();
        Ok(words.iter().map(|word| u64::from_le_bytes(*word)).collect())
    }

    fn each<T>(&mut self, mut read: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let n = self.int()?;
        if n > self.bytes.len() as u64 {
            return Err(FormatError);
        }
        (0..n).map(|_| read(self)).collect()
    }

    fn float(&mut self) -> Result<f64> {
        let bytes = self.take(8)?.try_into().map_err(|_| FormatError)?;
        Ok(f64::from_bits(u64::from_le_bytes(bytes)))
    }

    fn code(&mut self) -> Result<Code> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(FormatError);
        }
        let code = Code {
            name: self.string()?,
            qualname: self.string()?,
            filename: self.string()?,
            flags: CodeFlags(self.u32()?),
            first_line: self.u32()?,
            arg_count: self.u32()?,
            posonly_arg_count: self.u32()?,
            kwonly_arg_count: self.u32()?,
            nregs: self.u32()?,
            variables: self.each(Self::variable)?.into(),
            consts: self.each(Self::constant)?.into(),
            names: self.each(Self::string)?.into(),
            code: self.words()?,
            exceptions: self.each(Self::exception)?.into(),
            location_table: self.slice()?.into(),
            scoped_names: self.each(Self::scoped_name)?.into(),
            static_attributes: self.each(Self::string)?.into(),
        };
        self.depth -= 1;
        Ok(code)
    }

    fn variable(&mut self) -> Result<Variable> {
        let name = self.string()?;
        let kind = match self.byte()? {
            0 => VariableKind::Local,
            1 => VariableKind::Cell,
            2 => VariableKind::Free,
            _ => return Err(FormatError),
        };
        Ok(Variable { name, kind })
    }

    fn exception(&mut self) -> Result<ExceptionEntry> {
        Ok(ExceptionEntry {
            start: self.u32()?,
            end: self.u32()?,
            target: self.u32()?,
            exc_reg: self.u16()?,
            clear_from: self.u16()?,
        })
    }

    fn scoped_name(&mut self) -> Result<ScopedName> {
        Ok(ScopedName {
            name: self.string()?,
            reg: self.u16()?,
            is_cell: self.int()? != 0,
            start: self.u32()?,
            end: self.u32()?,
        })
    }

    fn constant(&mut self) -> Result<Const> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(FormatError);
        }
        let value = match self.byte()? {
            0 => Const::None,
            1 => Const::Ellipsis,
            2 => Const::Bool(false),
            3 => Const::Bool(true),
            4 => {
                let n = self.int()?;
                Const::Int((n >> 1) as i64 ^ -((n & 1) as i64))
            }
            5 => Const::BigInt(self.string()?),
            6 => Const::Float(self.float()?),
            7 => Const::Complex(self.float()?, self.float()?),
            8 => Const::Str(self.string()?),
            9 => Const::Surrogates(self.each(Self::u32)?.into()),
            10 => Const::Bytes(self.slice()?.into()),
            11 => Const::Tuple(self.each(Self::constant)?.into()),
            12 => Const::FrozenSet(self.each(Self::constant)?.into()),
            13 => Const::Slice(Arc::new([self.constant()?, self.constant()?, self.constant()?])),
            14 => Const::Code(Arc::new(self.code()?)),
            _ => return Err(FormatError),
        };
        self.depth -= 1;
        Ok(value)
    }
}
