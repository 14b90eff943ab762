//! The code object: plain data that any thread may share, free of heap references. Nested code objects sit among the constants.
//! The invariant is that a `Code` is complete on its own: the interpreter needs nothing else to run, trace or report it.

use std::sync::Arc;

use crate::exception::{self, ExceptionEntry};
use crate::inst::Inst;
use crate::lazy::LazyCode;
use crate::location::{Location, LocationIter};

/// `co_flags`, with CPython's values.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CodeFlags(pub u32);

#[allow(missing_docs)]
impl CodeFlags {
    pub const OPTIMIZED: u32 = 0x1;
    pub const NEWLOCALS: u32 = 0x2;
    pub const VARARGS: u32 = 0x4;
    pub const VARKEYWORDS: u32 = 0x8;
    pub const NESTED: u32 = 0x10;
    pub const GENERATOR: u32 = 0x20;
    pub const COROUTINE: u32 = 0x80;
    pub const ITERABLE_COROUTINE: u32 = 0x100;
    pub const ASYNC_GENERATOR: u32 = 0x200;
    pub const HAS_DOCSTRING: u32 = 0x400_0000;
    pub const METHOD: u32 = 0x800_0000;

    /// Whether all bits of `flag` are set.
    pub const fn has(self, flag: u32) -> bool {
        self.0 & flag == flag
    }
}

/// `__future__` features: the compiler flags that code inherits.
#[allow(missing_docs)]
pub mod future {
    pub const DIVISION: u32 = 0x2_0000;
    pub const ABSOLUTE_IMPORT: u32 = 0x4_0000;
    pub const WITH_STATEMENT: u32 = 0x8_0000;
    pub const PRINT_FUNCTION: u32 = 0x10_0000;
    pub const UNICODE_LITERALS: u32 = 0x20_0000;
    pub const BARRY_AS_BDFL: u32 = 0x40_0000;
    pub const GENERATOR_STOP: u32 = 0x80_0000;
    pub const ANNOTATIONS: u32 = 0x100_0000;
    /// All of them.
    pub const MASK: u32 = 0x1fe_0000;
}

/// A constant. Equality is identity of type and value: `1`, `1.0` and `True` differ, so do `0.0` and `-0.0`.
#[derive(Clone, Debug)]
pub enum Const {
    /// `None`
    None,
    /// `...`
    Ellipsis,
    /// `True` or `False`
    Bool(bool),
    /// An int that fits 64 bits.
    Int(i64),
    /// A larger int: an optional sign, then decimal digits, or `0x` and hexadecimal digits.
    BigInt(Arc<str>),
    /// A float.
    Float(f64),
    /// A complex number, real and imaginary part.
    Complex(f64, f64),
    /// A str without lone surrogates.
    Str(Arc<str>),
    /// A str with lone surrogates, as code points.
    Surrogates(Arc<[u32]>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// A tuple of constants.
    Tuple(Arc<[Const]>),
    /// A frozenset of constants, distinct, in source order.
    FrozenSet(Arc<[Const]>),
    /// A slice of constants: start, stop, step.
    Slice(Arc<[Const; 3]>),
    /// A nested code object.
    Code(Arc<LazyCode>),
}

impl Const {
    /// Its bytes, but for nested code.
    fn bytes(&self) -> usize {
        let nested = |items: &[Const]| items.iter().map(Const::bytes).sum::<usize>();
        let beside = match self {
            Const::BigInt(text) | Const::Str(text) => text.len(),
            Const::Surrogates(points) => size_of_val(&**points),
            Const::Bytes(bytes) => bytes.len(),
            Const::Tuple(items) | Const::FrozenSet(items) => nested(items),
            Const::Slice(items) => nested(&items[..]),
            _ => 0,
        };
        size_of::<Const>() + beside
    }
}

impl PartialEq for Const {
    fn eq(&self, other: &Const) -> bool {
        use Const::*;
        match (self, other) {
            (None, None) | (Ellipsis, Ellipsis) => true,
            (Bool(x), Bool(y)) => x == y,
            (Int(x), Int(y)) => x == y,
            (BigInt(x), BigInt(y)) => x == y,
            (Float(x), Float(y)) => x.to_bits() == y.to_bits(),
            (Complex(a, b), Complex(c, d)) => a.to_bits() == c.to_bits() && b.to_bits() == d.to_bits(),
            (Str(x), Str(y)) => x == y,
            (Surrogates(x), Surrogates(y)) => x == y,
            (Bytes(x), Bytes(y)) => x == y,
            (Tuple(x), Tuple(y)) | (FrozenSet(x), FrozenSet(y)) => x == y,
            (Slice(x), Slice(y)) => x == y,
            (Code(x), Code(y)) => Arc::ptr_eq(x, y),
            _ => false,
        }
    }
}

impl Eq for Const {}

impl std::hash::Hash for Const {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        use Const::*;
        std::mem::discriminant(self).hash(state);
        match self {
            None | Ellipsis => {}
            Bool(x) => x.hash(state),
            Int(x) => x.hash(state),
            BigInt(x) | Str(x) => x.hash(state),
            Float(x) => x.to_bits().hash(state),
            Complex(x, y) => (x.to_bits(), y.to_bits()).hash(state),
            Surrogates(x) => x.hash(state),
            Bytes(x) => x.hash(state),
            Tuple(x) | FrozenSet(x) => x.hash(state),
            Slice(x) => x.hash(state),
            Code(x) => Arc::as_ptr(x).hash(state),
        }
    }
}

/// What a variable's register holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum VariableKind {
    /// The value, or nothing.
    Local = 0,
    /// A cell, made by `MakeCell`.
    Cell = 1,
    /// A cell from the closure.
    Free = 2,
}

/// A variable of a code object; its index is its register.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Variable {
    /// The name, mangled where Python mangles it.
    pub name: Arc<str>,
    /// What its register holds.
    pub kind: VariableKind,
}

/// The sets of variables that code objects show as attributes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VariableSet {
    /// `co_varnames`: parameters and plain locals.
    Var,
    /// `co_cellvars`
    Cell,
    /// `co_freevars`
    Free,
}

/// A comprehension's variable, living in a temporary: `name` is register `reg` over the words `start..end`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScopedName {
    /// The name.
    pub name: Arc<str>,
    /// The register.
    pub reg: u16,
    /// Whether the register holds a cell.
    pub is_cell: bool,
    /// First word of the scope.
    pub start: u32,
    /// First word after the scope.
    pub end: u32,
}

/// A code object.
#[derive(Clone, PartialEq, Debug)]
pub struct Code {
    /// `co_name`
    pub name: Arc<str>,
    /// `co_qualname`
    pub qualname: Arc<str>,
    /// `co_filename`
    pub filename: Arc<str>,
    /// `co_flags`
    pub flags: CodeFlags,
    /// `co_firstlineno`
    pub first_line: u32,
    /// `co_argcount`: positional parameters, positional-only ones included.
    pub arg_count: u32,
    /// `co_posonlyargcount`
    pub posonly_arg_count: u32,
    /// `co_kwonlyargcount`
    pub kwonly_arg_count: u32,
    /// The variables; a variable's register is its index here.
    pub variables: Box<[Variable]>,
    /// Registers of a frame: variables and temporaries.
    pub nregs: u32,
    /// Constants. With `HAS_DOCSTRING` the first is the docstring.
    pub consts: Box<[Const]>,
    /// `co_names`
    pub names: Box<[Arc<str>]>,
    /// Instructions and extra words.
    pub code: Box<[u64]>,
    /// The exception table.
    pub exceptions: Box<[ExceptionEntry]>,
    /// The encoded location table; see [`Code::location`] and [`Code::locations`].
    pub location_table: Box<[u8]>,
    /// Comprehensions' variables.
    pub scoped_names: Box<[ScopedName]>,
    /// For a class body: the names that its methods assign on `self`, sorted (`__static_attributes__`).
    pub static_attributes: Box<[Arc<str>]>,
}

impl Code {
    /// The instruction at a word offset.
    #[inline]
    pub fn inst(&self, offset: usize) -> Inst {
        Inst(self.code.get(offset).copied().unwrap_or(0))
    }

    /// Instructions with their offsets, extra words skipped. Stops at a byte that names no operation.
    pub fn instructions(&self) -> impl Iterator<Item = (usize, Inst)> + '_ {
        let mut offset = 0;
        std::iter::from_fn(move || {
            let inst = Inst(*self.code.get(offset)?);
            let at = offset;
            offset += inst.op()?.words();
            Some((at, inst))
        })
    }

    /// The bytes of this and of its tables and constants. Nested code and names, which others may share, are not counted.
    pub fn bytes(&self) -> usize {
        let constants = |consts: &[Const]| consts.iter().map(Const::bytes).sum::<usize>();
        size_of::<Code>()
            + size_of_val(&*self.variables)
            + constants(&self.consts)
            + size_of_val(&*self.names)
            + size_of_val(&*self.code)
            + size_of_val(&*self.exceptions)
            + self.location_table.len()
            + size_of_val(&*self.scoped_names)
            + size_of_val(&*self.static_attributes)
    }

    /// Number of parameters, `*args` and `**kwargs` included.
    pub fn parameter_count(&self) -> usize {
        let stars = [CodeFlags::VARARGS, CodeFlags::VARKEYWORDS].iter().filter(|&&f| self.flags.has(f)).count();
        (self.arg_count + self.kwonly_arg_count) as usize + stars
    }

    /// The names of one set of variables, with their registers.
    pub fn variable_set(&self, set: VariableSet) -> impl Iterator<Item = (usize, &Arc<str>)> {
        let parameters = self.parameter_count();
        self.variables.iter().enumerate().filter_map(move |(reg, v)| {
            let belongs = match set {
                VariableSet::Var => v.kind == VariableKind::Local || v.kind == VariableKind::Cell && reg < parameters,
                VariableSet::Cell => v.kind == VariableKind::Cell,
                VariableSet::Free => v.kind == VariableKind::Free,
            };
            belongs.then_some((reg, &v.name))
        })
    }

    /// The handler for an exception raised by the instruction at `offset`.
    #[inline]
    pub fn handler(&self, offset: u32) -> Option<&ExceptionEntry> {
        exception::find(&self.exceptions, offset)
    }

    /// The runs of the location table: `(first word, words, location)`.
    pub fn locations(&self) -> LocationIter<'_> {
        LocationIter::new(&self.location_table, self.first_line)
    }

    /// The source range of the instruction at `offset`.
    pub fn location(&self, offset: u32) -> Location {
        self.locations()
            .find(|&(start, words, _)| (start..start + words).contains(&offset))
            .map_or(Location::NONE, |(_, _, location)| location)
    }

    /// The line that execution is on at `offset`; 0 for none. What the compiler added belongs to the line before it.
    pub fn line_at(&self, offset: u32) -> u32 {
        let lines = self.locations().take_while(|&(start, _, _)| start <= offset).map(|(_, _, location)| location.line);
        lines.filter(|&line| line != 0).last().unwrap_or(0)
    }

    /// The name of the variable in register `reg` at `offset`: a variable's, or a comprehension variable's.
    pub fn register_name(&self, reg: u16, offset: u32) -> Option<&Arc<str>> {
        if let Some(variable) = self.variables.get(reg as usize) {
            return Some(&variable.name);
        }
        let scoped = |s: &&ScopedName| s.reg == reg && (s.start..s.end).contains(&offset);
        self.scoped_names.iter().rfind(scoped).map(|s| &s.name)
    }

    /// The docstring, if there is one.
    pub fn docstring(&self) -> Option<&Const> {
        if self.flags.has(CodeFlags::HAS_DOCSTRING) { self.consts.first() } else { None }
    }

    /// The code objects among the constants.
    pub fn nested(&self) -> impl Iterator<Item = &Arc<Code>> {
        self.consts.iter().filter_map(|c| match c {
            Const::Code(code) => Some(code.get()),
            _ => None,
        })
    }
}
