//! Code objects: a `bytecode::Code` with its constants as values, its names interned, and its instructions where they can be rewritten.
//!
//! Code is made ready when it is first run or looked at closely: most functions of a library are never called.
//!
//! Invariant: `words` is empty, and with it the constants and names, and `shape().unread` is set; or it holds verified instructions of the
//! code (in debug builds the verifier has checked them), changed only in cache words and by quickening, which keep the operands.
//! The code of a frame is ready.

use crate::eval::brief::{self, Brief};
use crate::eval::leaf;
use std::cell::{Cell, OnceCell};
use std::sync::Arc;
use taipan_bytecode::{Code, CodeFlags, Const, Head, Kind, LazyCode, VariableSet};
use taipan_heap::{Charge, Late, Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;
use taipan_numeric::BigInt;
use taipan_objects::builtins::{self, float, int, str::Str, tuple::Tuple};
use taipan_objects::native::{Args, FuncArgs};
use taipan_objects::types::CompareOp;
use taipan_objects::vm::{PyResult, Vm};

/// A code object.
#[derive(Payload)]
#[payload(name = "code")]
pub struct CodeObject {
    /// The plain data it was made from.
    code: SharedCode,
    /// Instructions and their caches.
    pub words: Words,
    /// The constants.
    pub consts: Late<Value>,
    /// The names, interned.
    pub names: Late<Ref<Str>>,
    /// Variable names, interned, by register.
    pub variables: Late<Ref<Str>>,
    shape: Cell<CallShape>,
    /// How often in a row a call may still need a frame before all do; 0 unless it is a leaf.
    pub leaf: Cell<u8>,
    /// What a call gives, where that takes one look.
    pub brief: Cell<Brief>,
    /// What tells it from other code that has stood at its address; 0 until somebody needs that.
    pub serial: Cell<u32>,
    bytes: OnceCell<Value>,
    name: OnceCell<Value>,
    qualname: OnceCell<Value>,
    /// Free for tools.
    pub extra: Slot,
    charge: Charge,
}

/// What a call needs to know of a function's parameters.
#[derive(Clone, Copy, Debug)]
pub struct CallShape {
    /// Positional parameters.
    pub positional: u16,
    /// Of those, positional-only.
    pub positional_only: u16,
    /// Keyword-only parameters.
    pub keyword_only: u16,
    /// Whether there is `*args`.
    pub varargs: bool,
    /// Whether there is `**kwargs`.
    pub varkeywords: bool,
    /// Registers of the frame.
    pub registers: u16,
    /// Variables (the first registers).
    pub variables: u16,
    /// First free variable's register; equal to `variables` when there are none.
    pub first_free: u16,
    /// No `*args`, `**kwargs` or keyword-only parameters: a call with the right number of arguments needs no binding. Not set
    /// while the code is unread.
    pub simple: bool,
    /// The code must be made ready before a frame runs it.
    pub unread: bool,
    /// What a call makes, where it makes a generator.
    pub suspends: Suspends,
}

/// The kinds of generators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suspends {
    /// A generator; also said of code that makes none.
    Generator,
    /// A coroutine.
    Coroutine,
    /// An asynchronous generator.
    AsyncGenerator,
}

/// Offsets in code are shown in bytes, and libraries count two bytes for a unit of it.
const UNITS_PER_WORD: usize = 4;

/// The flags that only say something about the code.
const FREE_FLAGS: u32 = CodeFlags::ITERABLE_COROUTINE
    | CodeFlags::NESTED
    | CodeFlags::HAS_DOCSTRING
    | CodeFlags::METHOD
    | taipan_bytecode::future::MASK;

/// The fields that `replace` only takes as they are.
const CODE_FIELDS: [&str; 14] = [
    "co_argcount",
    "co_posonlyargcount",
    "co_kwonlyargcount",
    "co_nlocals",
    "co_stacksize",
    "co_flags",
    "co_code",
    "co_consts",
    "co_names",
    "co_varnames",
    "co_freevars",
    "co_cellvars",
    "co_linetable",
    "co_exceptiontable",
];

/// The plain code data.
struct SharedCode(Arc<LazyCode>);
/// Instruction words.
#[derive(Default)]
pub struct Words(pub Late<Cell<u64>>);
taipan_heap::no_references!(SharedCode, Words, CallShape, Brief);

/// The bytes that a code object takes beside itself: its data, the copies of instructions, constants and names; those of nested code, which has
/// objects of its own, not included.
fn bytes_of(code: &Code) -> usize {
    let places = code.consts.len() + code.names.len() + code.variables.len();
    code.bytes() + (code.code.len() + places) * size_of::<u64>()
}

impl CodeObject {
    /// The code object for `code`, ready to run.
    pub fn new(vm: &Vm, code: Arc<Code>) -> PyResult<Ref<CodeObject>> {
        let made = CodeObject::unread(vm, Arc::new(code.into()))?;
        made.make_ready(vm)?;
        Ok(made)
    }

    /// The code object for code that is read when it is needed.
    pub fn unread(vm: &Vm, code: Arc<LazyCode>) -> PyResult<Ref<CodeObject>> {
        let shape = CallShape { simple: false, unread: true, ..call_shape(&code.head()) };
        let charge = vm.charge(code.known().map_or(0, |code| code.bytes()))?;
        let class = crate::types(vm)?.code.clone();
        vm.alloc(
            &*class,
            CodeObject {
                code: SharedCode(code),
                words: Words::default(),
                consts: Late::default(),
                names: Late::default(),
                variables: Late::default(),
                shape: Cell::new(shape),
                leaf: Cell::new(0),
                brief: Cell::new(Brief::No),
                serial: Cell::new(0),
                bytes: OnceCell::new(),
                name: OnceCell::new(),
                qualname: OnceCell::new(),
                extra: Slot::default(),
                charge,
            },
        )
    }

    /// Makes the instructions, constants and names, unless they are there.
    pub fn make_ready(&self, vm: &Vm) -> PyResult<()> {
        if !self.shape.get().unread {
            return Ok(());
        }
        // As if all of the code had been read when its module was imported.
        vm.heap().off_the_ledger(|| self.read(vm))
    }

    fn read(&self, vm: &Vm) -> PyResult<()> {
        let code = self.plain();
        if code.code.is_empty() {
            return Err(vm.system_error("the bytecode is damaged"));
        }
        #[cfg(debug_assertions)]
        {
            let violations = taipan_bytecode::verify_one(code);
            assert!(violations.is_empty(), "bytecode of {} is malformed: {violations:?}", code.qualname);
        }
        vm.recharge(&self.charge, bytes_of(code))?;
        let consts = code.consts.iter().map(|constant| constant_value(vm, constant)).collect::<PyResult<_>>()?;
        let intern = |name: &Arc<str>| vm.intern(name);
        let names = code.names.iter().map(intern).collect::<PyResult<_>>()?;
        let variables = code.variables.iter().map(|variable| intern(&variable.name)).collect::<PyResult<_>>()?;
        // Making a constant may have come here.
        if self.shape.get().unread {
            self.consts.fill(consts);
            self.names.fill(names);
            self.variables.fill(variables);
            self.words.0.fill(code.code.iter().map(|&word| Cell::new(word)).collect());
            let shape = call_shape(&code.head());
            self.shape.set(shape);
            if shape.simple && shape.positional == shape.variables {
                self.leaf.set(leaf::tries(code, shape.positional));
                self.brief.set(brief::of(code));
            }
        }
        Ok(())
    }

    /// How calls bind arguments.
    #[inline]
    pub fn shape(&self) -> CallShape {
        self.shape.get()
    }

    /// `co_name`, interned.
    pub fn name(&self, vm: &Vm) -> PyResult<Value> {
        if let Some(name) = self.name.get() {
            return Ok(name.clone());
        }
        let name: Value = vm.intern(&self.code.0.name())?.into();
        Ok(self.name.get_or_init(|| name).clone())
    }

    /// `co_qualname`, the same object for all functions of the code.
    pub fn qualname(&self, vm: &Vm) -> PyResult<Value> {
        if let Some(name) = self.qualname.get() {
            return Ok(name.clone());
        }
        let qualname = self.qualname_text();
        let name: Value = if qualname == self.code.0.name() { self.name(vm)? } else { Str::new(vm, &qualname)?.into() };
        Ok(self.qualname.get_or_init(|| name).clone())
    }

    /// `co_qualname` as text.
    pub fn qualname_text(&self) -> Arc<str> {
        self.code.0.qualname()
    }

    /// The plain data; read now, if it was not.
    #[inline]
    pub fn plain(&self) -> &Arc<Code> {
        self.code.0.get()
    }

    /// The int that the source names before any other constant, if it stands in an instruction and not among the constants: the first
    /// constant is one that CPython never leaves out of `co_consts`.
    fn leading_int(&self) -> Option<i64> {
        let plain = self.plain();
        if plain.docstring().is_some() {
            return None;
        }
        let first = plain.instructions().find_map(|(_, inst)| {
            let operands = inst.op()?.info().operands;
            if operands.contains(&Kind::Imm32) {
                Some(Some(i64::from(inst.bc_signed())))
            } else if operands.contains(&Kind::Imm16) {
                Some(Some(i64::from(inst.imm_c())))
            } else {
                operands.contains(&Kind::Const).then_some(None)
            }
        });
        first.flatten()
    }

    /// Whether the code has all of these `CodeFlags`.
    #[inline]
    pub fn has(&self, flag: u32) -> bool {
        self.plain().flags.has(flag)
    }
}

/// Whether two code objects do the same and say the same about it; where they come from does not matter. They nest no deeper than source text does.
fn same_code(a: &Arc<Code>, b: &Arc<Code>) -> bool {
    let same_constant = |(a, b): (&Const, &Const)| match (a, b) {
        (Const::Code(a), Const::Code(b)) => same_code(a.get(), b.get()),
        (Const::BigInt(a), Const::BigInt(b)) => a == b || big_int(a) == big_int(b),
        _ => a == b,
    };
    let head = |code: &Code| {
        let counts = [code.first_line, code.arg_count, code.posonly_arg_count, code.kwonly_arg_count, code.nregs];
        (code.name.clone(), code.flags, counts)
    };
    Arc::ptr_eq(a, b)
        || (head(a) == head(b)
            && (&a.variables, &a.names, &a.code) == (&b.variables, &b.names, &b.code)
            && (&a.exceptions, &a.location_table) == (&b.exceptions, &b.location_table)
            && a.consts.len() == b.consts.len()
            && a.consts.iter().zip(&b.consts).all(same_constant))
}

fn call_shape(code: &Head) -> CallShape {
    let flags = code.flags;
    let (varargs, varkeywords) = (flags.has(CodeFlags::VARARGS), flags.has(CodeFlags::VARKEYWORDS));
    let (variables, free) = (code.variables as u16, code.free as u16);
    CallShape {
        positional: code.arg_count as u16,
        positional_only: code.posonly_arg_count as u16,
        keyword_only: code.kwonly_arg_count as u16,
        varargs,
        varkeywords,
        registers: code.nregs as u16,
        variables,
        first_free: variables - free,
        simple: !varargs && !varkeywords && code.kwonly_arg_count == 0,
        unread: false,
        suspends: if flags.has(CodeFlags::ASYNC_GENERATOR) {
            Suspends::AsyncGenerator
        } else if flags.has(CodeFlags::COROUTINE) {
            Suspends::Coroutine
        } else {
            Suspends::Generator
        },
    }
}

/// The number of a `BigInt` constant.
fn big_int(digits: &str) -> Option<BigInt> {
    let (negative, digits) = digits.strip_prefix('-').map_or((false, digits), |digits| (true, digits));
    let value = match digits.strip_prefix("0x") {
        Some(hex) => BigInt::parse_bytes(hex.as_bytes(), 16),
        None => BigInt::parse_bytes(digits.as_bytes(), 10),
    };
    value.map(|value| if negative { -value } else { value })
}

/// A constant as a value; strs that look like names are interned, as CPython interns them.
pub fn constant_value(vm: &Vm, constant: &Const) -> PyResult<Value> {
    Ok(match constant {
        Const::None => builtins::NONE,
        Const::Ellipsis => builtins::ELLIPSIS,
        Const::Bool(value) => builtins::boolean(*value),
        Const::Int(value) => int::from_i64(vm, *value)?,
        Const::BigInt(digits) => match big_int(digits) {
            Some(value) => int::from_big(vm, value)?,
            None => return Err(vm.system_error("malformed int constant")),
        },
        Const::Float(value) => float::new(vm, *value)?,
        Const::Complex(real, imag) => builtins::complex::new(vm, *real, *imag)?,
        Const::Str(text) if text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => vm.intern(text)?.into(),
        Const::Str(text) => Str::new(vm, text)?.into(),
        Const::Surrogates(points) => Str::from_points(vm, points)?.into(),
        Const::Bytes(bytes) => builtins::bytes::Bytes::new(vm, bytes)?.into(),
        Const::Tuple(items) => Tuple::new(vm, constants(vm, items)?.into_iter())?.into(),
        Const::FrozenSet(items) => {
            let items: Value = Tuple::new(vm, constants(vm, items)?.into_iter())?.into();
            builtins::set::Set::frozen_from_iterable(vm, &items)?.into()
        }
        Const::Slice(parts) => {
            let [start, stop, step] = &**parts;
            let part = |constant| constant_value(vm, constant);
            builtins::slice::Slice::new_slice(vm, part(start)?, part(stop)?, part(step)?)?.into()
        }
        Const::Code(code) => CodeObject::unread(vm, code.clone())?.into(),
    })
}

fn constants(vm: &Vm, items: &[Const]) -> PyResult<Vec<Value>> {
    items.iter().map(|item| constant_value(vm, item)).collect()
}

/// A field's name, for messages about names.
fn field_name(field: &str) -> &'static str {
    CODE_FIELDS.into_iter().find(|known| *known == field).unwrap_or("names")
}

/// A tuple of strs.
fn strings(vm: &Vm, field: &str, value: &Value) -> PyResult<Vec<Arc<str>>> {
    let Some(tuple) = value.downcast::<Tuple>() else {
        let given = vm.type_name(value);
        return Err(vm.type_error(format!("replace() argument '{field}' must be tuple, not {given}")));
    };
    let text = |item: &Value| match item.downcast::<Str>() {
        Some(text) => Ok(Arc::from(&*text.to_lossy())),
        None => {
            let given = vm.type_name(item);
            Err(vm.type_error(format!("name tuples must contain only strings, not '{given}'")))
        }
    };
    tuple.items().iter().map(text).collect()
}

/// Gives the variables of a set other names.
fn rename(vm: &Vm, code: &mut Code, set: VariableSet, names: &[Arc<str>]) -> PyResult<()> {
    let registers: Vec<usize> = code.variable_set(set).map(|(register, _)| register).collect();
    if registers.len() != names.len() {
        return Err(vm.not_implemented_error("replace() of variables by another number of them"));
    }
    for (register, name) in registers.into_iter().zip(names) {
        code.variables[register].name = name.clone();
    }
    Ok(())
}

/// Replaces the constants: as many as there are, or more.
fn set_constants(vm: &Vm, this: &Obj<CodeObject>, code: &mut Code, value: &Value) -> PyResult<()> {
    let Some(tuple) = value.downcast::<Tuple>() else {
        let given = vm.type_name(value);
        return Err(vm.type_error(format!("replace() argument 'co_consts' must be tuple, not {given}")));
    };
    let hidden = usize::from(this.leading_int().is_some());
    let items = tuple.items();
    let current = CodeObject::co_consts(this, vm)?;
    if vm.is_equal(&current, value)? {
        return Ok(());
    }
    if items.len() < code.consts.len() + hidden {
        return Err(vm.value_error("code: co_consts is too small"));
    }
    let same_kind = |old: &Const, new: &Value| match old {
        // Instructions rely on what these are.
        Const::Code(old) => new.downcast::<CodeObject>().is_some_and(|new| {
            let free = |code: &Code| code.variable_set(VariableSet::Free).count();
            free(old.get()) == free(new.plain())
        }),
        Const::Tuple(_) => new.downcast::<Tuple>().is_some(),
        _ => true,
    };
    if !code.consts.iter().zip(&items[hidden..]).all(|(old, new)| same_kind(old, new)) {
        return Err(vm.not_implemented_error("replace() of code and tuples in co_consts by other things"));
    }
    let consts = items[hidden..].iter().map(|item| constant_of(vm, item)).collect::<PyResult<Vec<Const>>>()?;
    code.consts = consts.into();
    Ok(())
}

/// The constant that a value is.
pub fn constant_of(vm: &Vm, value: &Value) -> PyResult<Const> {
    vm.check_stack(" during compilation")?;
    if builtins::is_none(value) {
        return Ok(Const::None);
    }
    if value.is(&builtins::ELLIPSIS) {
        return Ok(Const::Ellipsis);
    }
    if value.is(&builtins::TRUE) || value.is(&builtins::FALSE) {
        return Ok(Const::Bool(value.is(&builtins::TRUE)));
    }
    let types = vm.types();
    let class = vm.class_of(value);
    let all = |items: &[Value]| items.iter().map(|item| constant_of(vm, item)).collect::<PyResult<Vec<Const>>>();
    if class.is_same(&*types.int)
        && let Some(big) = int::as_big(value)
    {
        return Ok(match i64::try_from(&*big) {
            Ok(small) => Const::Int(small),
            Err(_) => {
                let hex = big.to_str_radix(16);
                let (sign, digits) = hex.strip_prefix('-').map_or(("", &*hex), |digits| ("-", digits));
                Const::BigInt(format!("{sign}0x{digits}").into())
            }
        });
    }
    if class.is_same(&*types.float)
        && let Some(number) = float::get(value)
    {
        return Ok(Const::Float(number));
    }
    if class.is_same(&*types.complex)
        && let Some(number) = builtins::complex::get(value)
    {
        return Ok(Const::Complex(number.real, number.imag));
    }
    if class.is_same(&*types.str)
        && let Some(text) = value.downcast::<Str>()
    {
        return Ok(match text.to_utf8() {
            Some(text) => Const::Str(Arc::from(&*text)),
            None => Const::Surrogates(text.points().collect()),
        });
    }
    if class.is_same(&*types.bytes)
        && let Some(bytes) = value.downcast::<builtins::bytes::Bytes>()
    {
        return Ok(Const::Bytes(Arc::from(bytes.bytes())));
    }
    if class.is_same(&*types.tuple)
        && let Some(tuple) = value.downcast::<Tuple>()
    {
        return Ok(Const::Tuple(all(tuple.items())?.into()));
    }
    if class.is_same(&*types.frozenset)
        && let Some(set) = value.downcast::<builtins::set::Set>()
    {
        return Ok(Const::FrozenSet(all(&set.snapshot())?.into()));
    }
    if let Some(code) = value.downcast::<CodeObject>() {
        return Ok(Const::Code(code.code.0.clone()));
    }
    let given = class.tp_name();
    Err(vm.type_error(format!("got an invalid type in Constant: {given}")))
}

/// The location table that a table in CPython's form says, for so many words.
fn locations(vm: &Vm, table: &Value, first_line: u32, words: usize) -> PyResult<Box<[u8]>> {
    use taipan_bytecode::{Location, LocationBuilder};
    let bytes = builtins::buffer::to_vec(vm, table)?;
    let malformed = || vm.value_error("code: co_linetable is malformed");
    let mut places: Vec<Location> = Vec::new();
    let (mut line, mut rest) = (i64::from(first_line), &bytes[..]);
    while let Some((&head, more)) = rest.split_first() {
        rest = more;
        let units = usize::from(head & 7) + 1;
        let varint = |rest: &mut &[u8]| {
            let (mut number, mut shift) = (0u64, 0);
            loop {
                let Some((&byte, more)) = rest.split_first() else { return Err(malformed()) };
                *rest = more;
                number |= u64::from(byte & 0x3f) << shift;
                shift += 6;
                if byte & 0x40 == 0 || shift > 36 {
                    return Ok(number as u32);
                }
            }
        };
        let signed = |number: u32| if number & 1 != 0 { -i64::from(number >> 1) } else { i64::from(number >> 1) };
        let at = |line: i64| u32::try_from(line).unwrap_or(0);
        let place = match (head >> 3) & 15 {
            15 => Location::NONE,
            14 => {
                line += signed(varint(&mut rest)?);
                let end_line = at(line).saturating_add(varint(&mut rest)?);
                let (col, end_col) = (varint(&mut rest)?.wrapping_sub(1), varint(&mut rest)?.wrapping_sub(1));
                Location { line: at(line), end_line, col, end_col }
            }
            13 => {
                line += signed(varint(&mut rest)?);
                Location::line_only(at(line))
            }
            form => {
                let [first, second] = match rest {
                    [first, second, ..] if form >= 10 => [u32::from(*first), u32::from(*second)],
                    [second, ..] if form < 10 => {
                        [u32::from(form) << 3 | u32::from(second >> 4), u32::from(second & 15)]
                    }
                    _ => return Err(malformed()),
                };
                rest = &rest[if form >= 10 { 2 } else { 1 }..];
                line += if form >= 10 { i64::from(form) - 10 } else { 0 };
                let end_col = if form >= 10 { second } else { first + second };
                Location { line: at(line), end_line: at(line), col: first, end_col }
            }
        };
        places.extend(std::iter::repeat_n(place, units));
    }
    let mut builder = LocationBuilder::new(first_line);
    for word in 0..words {
        builder.add(places.get(word * UNITS_PER_WORD).copied().unwrap_or(Location::NONE), 1);
    }
    Ok(builder.finish())
}

/// A number of the exception table: six bits a byte, the highest first.
fn big_endian_varint(bytes: &mut Vec<u8>, number: u32, first: bool) {
    let digits = (32 - number.leading_zeros()).div_ceil(6).max(1);
    for digit in (0..digits).rev() {
        let more = if digit == 0 { 0 } else { 0x40 };
        let mark = if first && digit + 1 == digits { 0x80 } else { 0 };
        bytes.push((number >> (6 * digit) & 0x3f) as u8 | more | mark);
    }
}

/// A number of the location table: six bits a byte, the lowest first.
fn little_endian_varint(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 64 {
        bytes.push((number & 0x3f) as u8 | 0x40);
        number >>= 6;
    }
    bytes.push(number as u8);
}

fn names_tuple<'a>(vm: &Vm, names: impl Iterator<Item = &'a Ref<Str>>) -> PyResult<Value> {
    let names: Vec<Value> = names.map(|name| name.to_value()).collect();
    Ok(Tuple::new(vm, names.into_iter())?.into())
}

/// Compiled code of a function, module, class body or expression.
#[pytype(name = "code")]
impl CodeObject {
    #[getter(member)]
    fn co_name(this: &Obj<CodeObject>) -> String {
        this.plain().name.to_string()
    }

    #[getter(member)]
    fn co_qualname(this: &Obj<CodeObject>) -> String {
        this.plain().qualname.to_string()
    }

    #[getter(member)]
    fn co_filename(this: &Obj<CodeObject>) -> String {
        this.plain().filename.to_string()
    }

    #[getter(member)]
    fn co_firstlineno(this: &Obj<CodeObject>) -> u32 {
        this.plain().first_line
    }

    #[getter(member)]
    fn co_argcount(this: &Obj<CodeObject>) -> u32 {
        this.plain().arg_count
    }

    #[getter(member)]
    fn co_posonlyargcount(this: &Obj<CodeObject>) -> u32 {
        this.plain().posonly_arg_count
    }

    #[getter(member)]
    fn co_kwonlyargcount(this: &Obj<CodeObject>) -> u32 {
        this.plain().kwonly_arg_count
    }

    #[getter(member)]
    fn co_nlocals(this: &Obj<CodeObject>) -> usize {
        this.plain().variable_set(VariableSet::Var).count()
    }

    #[getter(member)]
    fn co_stacksize(this: &Obj<CodeObject>) -> u32 {
        this.plain().nregs - this.shape().variables as u32
    }

    #[getter(member)]
    fn co_flags(this: &Obj<CodeObject>) -> u32 {
        this.plain().flags.0
    }

    #[getter(member)]
    fn co_consts(this: &Obj<CodeObject>, vm: &Vm) -> PyResult<Value> {
        this.make_ready(vm)?;
        let first = this.leading_int().map(|int| builtins::int::from_i64(vm, int)).transpose()?;
        Ok(Tuple::from_values(vm, first.into_iter().chain(this.consts.iter().cloned()).collect())?.into())
    }

    #[getter(member)]
    fn co_names(this: &Obj<CodeObject>, vm: &Vm) -> PyResult<Value> {
        this.make_ready(vm)?;
        names_tuple(vm, this.names.iter())
    }

    #[getter]
    fn co_varnames(this: &Obj<CodeObject>, vm: &Vm) -> PyResult<Value> {
        this.make_ready(vm)?;
        names_tuple(vm, this.plain().variable_set(VariableSet::Var).map(|(reg, _)| &this.variables[reg]))
    }

    #[getter]
    fn co_cellvars(this: &Obj<CodeObject>, vm: &Vm) -> PyResult<Value> {
        this.make_ready(vm)?;
        names_tuple(vm, this.plain().variable_set(VariableSet::Cell).map(|(reg, _)| &this.variables[reg]))
    }

    #[getter]
    fn co_freevars(this: &Obj<CodeObject>, vm: &Vm) -> PyResult<Value> {
        this.make_ready(vm)?;
        names_tuple(vm, this.plain().variable_set(VariableSet::Free).map(|(reg, _)| &this.variables[reg]))
    }

    /// The instructions as bytes, in this runtime's own format.
    #[getter]
    fn co_code(this: &Obj<CodeObject>, vm: &Vm) -> PyResult<Value> {
        if let Some(bytes) = this.bytes.get() {
            return Ok(bytes.clone());
        }
        let plain: Vec<u8> = this.plain().code.iter().flat_map(|word| word.to_le_bytes()).collect();
        let bytes: Value = builtins::bytes::Bytes::new(vm, &plain)?.into();
        let _ = this.bytes.set(bytes.clone());
        Ok(bytes)
    }

    /// Source ranges of the instructions: tuples of line, end line, column and end column.
    #[method]
    fn co_positions(this: &Obj<CodeObject>, vm: &Vm) -> PyResult<Value> {
        let mut rows = Vec::new();
        for (_, words, at) in this.plain().locations() {
            let number = |n: u32| if n == 0 { builtins::NONE } else { Value::small_int(n as i32) };
            let unknown = |line: u32, n: u32| line == 0 || n == taipan_bytecode::Location::NO_COLUMN;
            let column = |line: u32, n: u32| if unknown(line, n) { builtins::NONE } else { Value::small_int(n as i32) };
            let row = [number(at.line), number(at.end_line), column(at.line, at.col), column(at.line, at.end_col)];
            let row: Value = Tuple::new(vm, row.into_iter())?.into();
            rows.extend(std::iter::repeat_n(row, words as usize * UNITS_PER_WORD));
        }
        vm.iter(&builtins::list::List::new(vm, rows.into_iter())?.into())
    }

    /// Return a copy of the code object with new values for the specified fields.
    ///
    /// Names, places and flags that do not change how the code runs can be new.
    #[method]
    fn replace(this: &Obj<CodeObject>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        CodeObject::changed(this, vm, args.0)
    }

    fn changed(this: &Obj<CodeObject>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        if !args.positionals().is_empty() {
            return Err(vm.type_error("replace() takes no positional arguments"));
        }
        let mut code = (**this.plain()).clone();
        for (key, value) in args.keywords() {
            let field = Str::display(key);
            let text = || match value.downcast::<Str>() {
                Some(text) => Ok(Arc::from(&*text.to_lossy())),
                None => {
                    let given = vm.type_name(value);
                    Err(vm.type_error(format!("replace() argument '{field}' must be str, not {given}")))
                }
            };
            let number = || match int::index_i64(vm, value)?.map(u32::try_from) {
                Some(Ok(number)) => Ok(number),
                _ => Err(vm.value_error("code: argument out of range")),
            };
            match &*field {
                "co_name" => code.name = text()?,
                "co_qualname" => code.qualname = text()?,
                "co_filename" => code.filename = text()?,
                "co_firstlineno" => code.first_line = number()?,
                "co_flags" if (number()? ^ code.flags.0) & !FREE_FLAGS == 0 => code.flags = CodeFlags(number()?),
                "co_consts" => set_constants(vm, this, &mut code, value)?,
                "co_names" => {
                    let names = strings(vm, field_name(&field), value)?;
                    if names.len() != code.names.len() {
                        return Err(vm.not_implemented_error("replace() of co_names by another number of names"));
                    }
                    code.names = names.into();
                }
                "co_varnames" => rename(vm, &mut code, VariableSet::Var, &strings(vm, "co_varnames", value)?)?,
                "co_cellvars" => rename(vm, &mut code, VariableSet::Cell, &strings(vm, "co_cellvars", value)?)?,
                "co_freevars" => rename(vm, &mut code, VariableSet::Free, &strings(vm, "co_freevars", value)?)?,
                "co_nlocals" if number()? as usize != code.variable_set(VariableSet::Var).count() => {
                    return Err(vm.value_error("code: co_nlocals != len(co_varnames)"));
                }
                "co_exceptiontable" if builtins::buffer::to_vec(vm, value)?.is_empty() => {
                    code.exceptions = Box::default()
                }
                "co_posonlyargcount" if number()? <= code.arg_count => code.posonly_arg_count = number()?,
                "co_stacksize" => code.nregs = (code.variables.len() as u32).saturating_add(number()?),
                "co_linetable" => code.location_table = locations(vm, value, code.first_line, code.code.len())?,
                name if CODE_FIELDS.contains(&name) => {
                    let current = vm.get_attr_text(&this.to_value(), name)?;
                    if !vm.is_equal(&current, value)? {
                        return Err(vm.not_implemented_error(format!("replace() of {name}")));
                    }
                }
                name => {
                    return Err(vm.type_error(format!("replace() got an unexpected keyword argument '{name}'")));
                }
            }
        }
        if !taipan_bytecode::verify(&code).is_empty() {
            return Err(vm.value_error("code: the instructions do not fit the other fields"));
        }
        Ok(CodeObject::new(vm, Arc::new(code))?.into())
    }

    /// Lines of the instructions: tuples of start offset, end offset and line.
    #[method]
    fn co_lines(this: &Obj<CodeObject>, vm: &Vm) -> PyResult<Value> {
        let mut runs: Vec<(u32, u32, u32)> = Vec::new();
        for (start, words, at) in this.plain().locations() {
            match runs.last_mut() {
                Some((_, end, line)) if *line == at.line => *end = start + words,
                _ => runs.push((start, start + words, at.line)),
            }
        }
        let mut rows: Vec<Value> = Vec::new();
        for (start, end, line) in runs {
            let line = if line == 0 { builtins::NONE } else { Value::small_int(line as i32) };
            let row = [Value::small_int(start as i32 * 8), Value::small_int(end as i32 * 8), line];
            rows.push(Tuple::new(vm, row.into_iter())?.into());
        }
        vm.iter(&builtins::list::List::new(vm, rows.into_iter())?.into())
    }

    /// Lines by differences, as CPython had them before 3.10.
    #[getter]
    fn co_lnotab(this: &Obj<CodeObject>, vm: &Vm) -> PyResult<Value> {
        crate::warn(vm, &vm.types().deprecation_warning, "co_lnotab is deprecated, use co_lines instead")?;
        let mut bytes = Vec::new();
        let (mut last_start, mut last_line) = (0u32, this.plain().first_line);
        for (start, _, at) in this.plain().locations().filter(|(_, _, at)| at.line != 0) {
            let (mut span, mut delta) = ((start - last_start) * 8, i64::from(at.line) - i64::from(last_line));
            if delta == 0 {
                continue;
            }
            (last_start, last_line) = (start, at.line);
            while span > 254 {
                bytes.extend([254, 0]);
                span -= 254;
            }
            while !(-128..=127).contains(&delta) {
                let step = delta.clamp(-128, 127);
                bytes.extend([span as u8, step as i8 as u8]);
                (span, delta) = (0, delta - step);
            }
            bytes.extend([span as u8, delta as i8 as u8]);
        }
        Ok(builtins::bytes::Bytes::new(vm, &bytes)?.into())
    }

    /// Jumps that were taken or not; nothing is noted of them.
    #[method]
    fn co_branches(this: &Obj<CodeObject>, vm: &Vm) -> PyResult<Value> {
        let _ = this;
        vm.iter(&Tuple::new(vm, std::iter::empty())?.into())
    }

    /// The exception table, in CPython's form.
    #[getter]
    fn co_exceptiontable(this: &Obj<CodeObject>, vm: &Vm) -> PyResult<Value> {
        let mut bytes = Vec::new();
        for entry in this.plain().exceptions.iter() {
            let units = |words: u32| words * UNITS_PER_WORD as u32;
            let depth = u32::from(entry.clear_from) - u32::from(this.shape().variables).min(entry.clear_from.into());
            let numbers = [units(entry.start), units(entry.end - entry.start), units(entry.target), depth << 1];
            for (n, number) in numbers.into_iter().enumerate() {
                big_endian_varint(&mut bytes, number, n == 0);
            }
        }
        Ok(builtins::bytes::Bytes::new(vm, &bytes)?.into())
    }

    /// The location table, in CPython's form.
    #[getter]
    fn co_linetable(this: &Obj<CodeObject>, vm: &Vm) -> PyResult<Value> {
        let plain = this.plain();
        let mut bytes = Vec::new();
        let mut last = plain.first_line;
        for (_, words, at) in plain.locations() {
            let mut units = words as usize * UNITS_PER_WORD;
            while units > 0 {
                let part = units.min(8);
                units -= part;
                let form = match (at.line, at.has_columns()) {
                    (0, _) => 15,
                    (_, false) => 13,
                    _ => 14,
                };
                bytes.push(0x80 | form << 3 | (part as u8 - 1));
                if form == 15 {
                    continue;
                }
                let delta = i64::from(at.line) - i64::from(last);
                last = at.line;
                let zigzag = if delta < 0 { ((-delta) as u32) << 1 | 1 } else { (delta as u32) << 1 };
                little_endian_varint(&mut bytes, zigzag);
                if form == 14 {
                    little_endian_varint(&mut bytes, at.end_line - at.line);
                    little_endian_varint(&mut bytes, at.col + 1);
                    little_endian_varint(&mut bytes, at.end_col + 1);
                }
            }
        }
        Ok(builtins::bytes::Bytes::new(vm, &bytes)?.into())
    }

    /// The name of a variable by its number.
    #[method(sig = "oparg")]
    fn _varname_from_oparg(this: &Obj<CodeObject>, vm: &Vm, oparg: i64) -> PyResult<Value> {
        this.make_ready(vm)?;
        match usize::try_from(oparg).ok().and_then(|index| this.variables.get(index)) {
            Some(name) => Ok(name.to_value()),
            None => Err(vm.index_error("tuple index out of range")),
        }
    }

    /// As `replace`.
    #[method]
    fn __replace__(this: &Obj<CodeObject>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        CodeObject::changed(this, vm, args.0)
    }

    #[slot]
    fn repr(this: &Obj<CodeObject>) -> String {
        let code = this.plain();
        let address = this.header().address();
        format!("<code object {} at {address:#x}, file \"{}\", line {}>", code.name, code.filename, code.first_line)
    }

    #[slot]
    fn hash(this: &Obj<CodeObject>) -> PyResult<i64> {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let code = this.plain();
        let mut hasher = DefaultHasher::new();
        (&code.name, code.first_line, code.arg_count, &code.code, &code.names).hash(&mut hasher);
        Ok(match hasher.finish() as i64 {
            -1 => -2,
            hash => hash,
        })
    }

    #[slot]
    fn compare(this: &Obj<CodeObject>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        let _ = vm;
        let same = other.downcast::<CodeObject>().map(|other| same_code(this.plain(), other.plain()));
        Ok(match (op, same) {
            (CompareOp::Eq, Some(same)) => builtins::boolean(same),
            (CompareOp::Ne, Some(same)) => builtins::boolean(!same),
            _ => builtins::NOT_IMPLEMENTED,
        })
    }
}
