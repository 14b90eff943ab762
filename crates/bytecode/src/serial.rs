//! The compact binary form of code objects, for packing compiled modules. Reading checks everything it relies on: bad
//! bytes give a [`FormatError`], never a panic, and reading what was written gives an equal code object.
//!
//! Numbers are LEB128 varints; an instruction word is a byte that tells which of its eight bytes are not zero, and those. All strings stand once in front of
//! the code, which names them by index: how many, where each ends (four bytes), and the UTF-8 of all. A nested code object has its length before it, so that
//! it can be passed over ([`LazyCode`]). The form is small enough to be used as it lies in the program, so that what is never looked at costs nothing.
//! It starts with [`FORMAT_VERSION`], which changes whenever the form or the opcode table does.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::code::{Code, CodeFlags, Const, ScopedName, Variable, VariableKind};
use crate::exception::ExceptionEntry;
use crate::lazy::{Head, LazyCode, Unread};

/// Version of the binary form and of the opcode table.
pub const FORMAT_VERSION: u32 = 6;

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
        whole.int(body.strings.len() as u64);
        let mut end = 0;
        for string in &body.strings {
            end += string.len() as u32;
            whole.out.extend_from_slice(&end.to_le_bytes());
        }
        body.strings.iter().for_each(|s| whole.out.extend_from_slice(s.as_bytes()));
        whole.out.extend_from_slice(&body.out);
        whole.out
    }

    /// Reads the binary form, nested code objects included.
    pub fn from_bytes(bytes: &[u8]) -> Result<Code> {
        Packed::open(bytes.to_vec().into())?.read_top(false)
    }

    /// Stands for code whose bytes are malformed.
    pub(crate) fn damaged() -> Code {
        Code {
            name: "?".into(),
            qualname: "?".into(),
            filename: "?".into(),
            flags: CodeFlags::default(),
            first_line: 0,
            arg_count: 0,
            posonly_arg_count: 0,
            kwonly_arg_count: 0,
            variables: Box::default(),
            nregs: 0,
            consts: Box::default(),
            names: Box::default(),
            code: Box::default(),
            exceptions: Box::default(),
            location_table: Box::default(),
            scoped_names: Box::default(),
            static_attributes: Box::default(),
        }
    }
}

/// A binary form: the table of strings, and code.
#[derive(Debug)]
pub(crate) struct Packed {
    bytes: Cow<'static, [u8]>,
    /// How many strings there are, and where the table of their ends, their text and the code begin.
    strings: usize,
    ends: usize,
    text: usize,
    code: usize,
    /// The file name of all code objects.
    filename: OnceLock<Arc<str>>,
}

impl Packed {
    pub(crate) fn open(bytes: Cow<'static, [u8]>) -> Result<Arc<Packed>> {
        let mut reader = Bytes(&bytes);
        if reader.u32()? != FORMAT_VERSION {
            return Err(FormatError);
        }
        let strings = reader.count()?;
        let ends = bytes.len() - reader.0.len();
        let text = ends + strings * size_of::<u32>();
        let mut packed = Packed { bytes, strings, ends, text, code: text, filename: OnceLock::new() };
        if packed.text > packed.bytes.len() {
            return Err(FormatError);
        }
        packed.code = packed.end(strings)?;
        if packed.code > packed.bytes.len() { Err(FormatError) } else { Ok(Arc::new(packed)) }
    }

    /// Where the first `count` strings end.
    fn end(&self, count: usize) -> Result<usize> {
        let Some(last) = count.checked_sub(1) else { return Ok(self.text) };
        if last >= self.strings {
            return Err(FormatError);
        }
        let end = self.bytes.get(self.ends + 4 * last..).and_then(<[u8]>::first_chunk).ok_or(FormatError)?;
        Ok(self.text + u32::from_le_bytes(*end) as usize)
    }

    fn string(&self, index: usize) -> Result<&str> {
        let next = index.checked_add(1).ok_or(FormatError)?;
        let text = self.bytes.get(self.end(index)?..self.end(next)?).ok_or(FormatError)?;
        std::str::from_utf8(text).map_err(|_| FormatError)
    }

    /// A file name; nearly always that of all others.
    fn filename(&self, index: usize) -> Result<Arc<str>> {
        let name = self.string(index)?;
        let first = self.filename.get_or_init(|| Arc::from(name));
        Ok(if **first == *name { first.clone() } else { Arc::from(name) })
    }

    fn reader(self: &Arc<Packed>, start: usize, end: usize, lazy: bool) -> Result<Reader<'_>> {
        let bytes = Bytes(self.bytes.get(start..end).ok_or(FormatError)?);
        Ok(Reader { bytes, packed: self, end, depth: 0, lazy })
    }

    fn read_all(self: &Arc<Packed>, start: usize, end: usize, lazy: bool) -> Result<Code> {
        let mut reader = self.reader(start, end, lazy)?;
        let code = reader.code()?;
        if reader.bytes.0.is_empty() { Ok(code) } else { Err(FormatError) }
    }

    /// The outermost code object; those in it are read with it, or not yet.
    pub(crate) fn read_top(self: &Arc<Packed>, lazy: bool) -> Result<Code> {
        self.read_all(self.code, self.bytes.len(), lazy)
    }

    /// A nested code object.
    pub(crate) fn read(self: &Arc<Packed>, start: usize, end: usize) -> Result<Code> {
        self.read_all(start, end, true)
    }

    /// The names of a nested code object: plain and qualified.
    pub(crate) fn names(self: &Arc<Packed>, start: usize) -> Result<[Arc<str>; 2]> {
        let mut reader = self.reader(start, self.bytes.len(), true)?;
        Ok([reader.string()?, reader.string()?])
    }

    /// What making a function of a nested code object needs.
    pub(crate) fn head(self: &Arc<Packed>, start: usize) -> Result<Head> {
        let mut reader = self.reader(start, self.bytes.len(), true)?;
        for _ in 0..3 {
            reader.bytes.int()?;
        }
        reader.head()
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

    fn word(&mut self, word: u64) {
        let at = self.out.len();
        self.out.push(0);
        for (n, byte) in word.to_le_bytes().into_iter().enumerate().filter(|(_, byte)| *byte != 0) {
            self.out[at] |= 1 << n;
            self.out.push(byte);
        }
    }

    fn float(&mut self, value: f64) {
        self.out.extend_from_slice(&value.to_bits().to_le_bytes());
    }

    fn code(&mut self, code: &Code) {
        self.string(&code.name);
        self.string(&code.qualname);
        self.string(&code.filename);
        let head = code.head();
        let counts = [head.arg_count, head.posonly_arg_count, head.kwonly_arg_count, head.nregs];
        for n in [head.flags.0, head.first_line].into_iter().chain(counts).chain([head.variables, head.free]) {
            self.int(n.into());
        }
        self.each(&code.variables, |w, v| {
            w.string(&v.name);
            w.out.push(v.kind as u8);
        });
        self.each(&code.consts, Self::constant);
        self.strings(&code.names);
        self.each(&code.code, |w, word| w.word(*word));
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
                let before = std::mem::take(&mut self.out);
                self.code(code.get());
                let nested = std::mem::replace(&mut self.out, before);
                self.bytes(&nested);
            }
        }
    }
}

/// Bytes to be read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n).ok_or(FormatError)?;
        self.0 = rest;
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

    fn size(&mut self) -> Result<usize> {
        usize::try_from(self.int()?).map_err(|_| FormatError)
    }

    fn slice(&mut self) -> Result<&'a [u8]> {
        let n = self.size()?;
        self.take(n)
    }

    /// Instruction words.
    fn words(&mut self) -> Result<Box<[u64]>> {
        let count = self.count()?;
        let mut words = Vec::with_capacity(count);
        for _ in 0..count {
            let mut present = self.byte()?;
            let mut word = 0;
            while present != 0 {
                word |= u64::from(self.byte()?) << (8 * present.trailing_zeros());
                present &= present - 1;
            }
            words.push(word);
        }
        Ok(words.into())
    }

    /// How many elements follow; each of them takes a byte at least.
    fn count(&mut self) -> Result<usize> {
        self.size().and_then(|n| if n > self.0.len() { Err(FormatError) } else { Ok(n) })
    }

    fn each<T>(&mut self, mut read: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        (0..self.count()?).map(|_| read(self)).collect()
    }

    fn float(&mut self) -> Result<f64> {
        let bytes = self.take(8)?.try_into().map_err(|_| FormatError)?;
        Ok(f64::from_bits(u64::from_le_bytes(bytes)))
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
}

struct Reader<'a> {
    bytes: Bytes<'a>,
    packed: &'a Arc<Packed>,
    /// Where `bytes` end among the packed ones.
    end: usize,
    depth: u32,
    /// Whether nested code objects stay unread.
    lazy: bool,
}

impl Reader<'_> {
    fn string(&mut self) -> Result<Arc<str>> {
        let index = self.bytes.size()?;
        self.packed.string(index).map(Arc::from)
    }

    fn each<T>(&mut self, mut read: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        (0..self.bytes.count()?).map(|_| read(self)).collect()
    }

    fn head(&mut self) -> Result<Head> {
        let bytes = &mut self.bytes;
        Ok(Head {
            flags: CodeFlags(bytes.u32()?),
            first_line: bytes.u32()?,
            arg_count: bytes.u32()?,
            posonly_arg_count: bytes.u32()?,
            kwonly_arg_count: bytes.u32()?,
            nregs: bytes.u32()?,
            variables: bytes.u32()?,
            free: bytes.u32()?,
        })
    }

    fn code(&mut self) -> Result<Code> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(FormatError);
        }
        let (name, qualname) = (self.string()?, self.string()?);
        let index = self.bytes.size()?;
        let filename = self.packed.filename(index)?;
        let head = self.head()?;
        let code = Code {
            name,
            qualname,
            filename,
            flags: head.flags,
            first_line: head.first_line,
            arg_count: head.arg_count,
            posonly_arg_count: head.posonly_arg_count,
            kwonly_arg_count: head.kwonly_arg_count,
            nregs: head.nregs,
            variables: self.each(Self::variable)?.into(),
            consts: self.each(Self::constant)?.into(),
            names: self.each(Self::string)?.into(),
            code: self.bytes.words()?,
            exceptions: self.bytes.each(Bytes::exception)?.into(),
            location_table: self.bytes.slice()?.into(),
            scoped_names: self.each(Self::scoped_name)?.into(),
            static_attributes: self.each(Self::string)?.into(),
        };
        self.depth -= 1;
        // What was believed before the code was read must hold.
        if code.head() == head { Ok(code) } else { Err(FormatError) }
    }

    /// A code object among the constants.
    fn nested(&mut self) -> Result<LazyCode> {
        let length = self.bytes.count()?;
        let start = self.end - self.bytes.0.len();
        let end = start + length;
        if self.lazy {
            self.bytes.take(length)?;
            return Ok(LazyCode::unread(Unread { packed: self.packed.clone(), start, end }));
        }
        let code = self.code()?;
        if self.end - self.bytes.0.len() == end { Ok(LazyCode::from(Arc::new(code))) } else { Err(FormatError) }
    }

    fn variable(&mut self) -> Result<Variable> {
        let name = self.string()?;
        let kind = match self.bytes.byte()? {
            0 => VariableKind::Local,
            1 => VariableKind::Cell,
            2 => VariableKind::Free,
            _ => return Err(FormatError),
        };
        Ok(Variable { name, kind })
    }

    fn scoped_name(&mut self) -> Result<ScopedName> {
        Ok(ScopedName {
            name: self.string()?,
            reg: self.bytes.u16()?,
            is_cell: self.bytes.int()? != 0,
            start: self.bytes.u32()?,
            end: self.bytes.u32()?,
        })
    }

    fn constant(&mut self) -> Result<Const> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(FormatError);
        }
        let value = match self.bytes.byte()? {
            0 => Const::None,
            1 => Const::Ellipsis,
            2 => Const::Bool(false),
            3 => Const::Bool(true),
            4 => {
                let n = self.bytes.int()?;
                Const::Int((n >> 1) as i64 ^ -((n & 1) as i64))
            }
            5 => Const::BigInt(self.string()?),
            6 => Const::Float(self.bytes.float()?),
            7 => Const::Complex(self.bytes.float()?, self.bytes.float()?),
            8 => Const::Str(self.string()?),
            9 => Const::Surrogates(self.bytes.each(Bytes::u32)?.into()),
            10 => Const::Bytes(self.bytes.slice()?.into()),
            11 => Const::Tuple(self.each(Self::constant)?.into()),
            12 => Const::FrozenSet(self.each(Self::constant)?.into()),
            13 => Const::Slice(Arc::new([self.constant()?, self.constant()?, self.constant()?])),
            14 => Const::Code(Arc::new(self.nested()?)),
            _ => return Err(FormatError),
        };
        self.depth -= 1;
        Ok(value)
    }
}
