//! Code objects: a `bytecode::Code` with its constants as values, its names interned, and its instructions where they can be rewritten.
//!
//! Invariant: `words` holds verified instructions of the code (in debug builds the verifier has checked them), changed only
//! in cache words and by quickening, which keep the operands.

use std::cell::{Cell, OnceCell};
use std::sync::Arc;
use taipan_bytecode::{Code, CodeFlags, Const, Kind, VariableSet};
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;
use taipan_numeric::BigInt;
use taipan_objects::builtins::{self, float, int, str::Str, tuple::Tuple};
use taipan_objects::native::Args;
use taipan_objects::types::CompareOp;
use taipan_objects::vm::{PyResult, Vm};

/// A code object.
#[derive(Payload)]
#[payload(name = "code")]
pub struct CodeObject {
    /// The plain data it was made from.
    pub code: SharedCode,
    /// Instructions and their caches.
    pub words: Words,
    /// The constants.
    pub consts: Box<[Value]>,
    /// The names, interned.
    pub names: Box<[Ref<Str>]>,
    /// Variable names, interned, by register.
    pub variables: Box<[Ref<Str>]>,
    /// How calls bind arguments, worked out once.
    pub shape: CallShape,
    bytes: OnceCell<Value>,
    /// Free for tools.
    pub extra: Slot,
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
    /// No `*args`, `**kwargs` or keyword-only parameters: a call with the right number of arguments needs no binding.
    pub simple: bool,
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
pub struct SharedCode(pub Arc<Code>);
/// Instruction words.
pub struct Words(pub Box<[Cell<u64>]>);
taipan_heap::no_references!(SharedCode, Words, CallShape);

impl CodeObject {
    /// The code object for `code`.
    pub fn new(vm: &Vm, code: Arc<Code>) -> PyResult<Ref<CodeObject>> {
        #[cfg(debug_assertions)]
        {
            let violations = taipan_bytecode::verify(&code);
            assert!(violations.is_empty(), "bytecode of {} is malformed: {violations:?}", code.qualname);
        }
        let consts = code.consts.iter().map(|constant| constant_value(vm, constant)).collect::<PyResult<_>>()?;
        let intern = |name: &Arc<str>| vm.intern(name);
        let names = code.names.iter().map(intern).collect::<PyResult<_>>()?;
        let variables = code.variables.iter().map(|variable| intern(&variable.name)).collect::<PyResult<_>>()?;
        let words = code.code.iter().map(|&word| Cell::new(word)).collect();
        let shape = call_shape(&code);
        let class = crate::types(vm)?.code.clone();
        vm.alloc(
            &*class,
            CodeObject {
                code: SharedCode(code),
                words: Words(words),
                consts,
                names,
                variables,
                shape,
                bytes: OnceCell::new(),
                extra: Slot::default(),
            },
        )
    }

    /// The plain data.
    #[inline]
    pub fn plain(&self) -> &Arc<Code> {
        &self.code.0
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
        self.code.0.flags.has(flag)
    }
}

/// Whether two code objects do the same and say the same about it; where they come from does not matter. They nest no deeper than source text does.
fn same_code(a: &Arc<Code>, b: &Arc<Code>) -> bool {
    let same_constant = |(a, b): (&Const, &Const)| match (a, b) {
        (Const::Code(a), Const::Code(b)) => same_code(a, b),
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

fn call_shape(code: &Code) -> CallShape {
    let flags = code.flags;
    let (varargs, varkeywords) = (flags.has(CodeFlags::VARARGS), flags.has(CodeFlags::VARKEYWORDS));
    let variables = code.variables.len() as u16;
    let free = code.variables.iter().filter(|v| v.kind == taipan_bytecode::VariableKind::Free).count() as u16;
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
    }
}

/// A constant as a value; strs that look like names are interned, as CPython interns them.
pub fn constant_value(vm: &Vm, constant: &Const) -> PyResult<Value> {
    Ok(match constant {
        Const::None => builtins::NONE,
        Const::Ellipsis => builtins::ELLIPSIS,
        Const::Bool(value) => builtins::boolean(*value),
        Const::Int(value) => int::from_i64(vm, *value)?,
        Const::BigInt(digits) => {
            let (negative, digits) = digits.strip_prefix('-').map_or((false, &**digits), |digits| (true, digits));
            let value = match digits.strip_prefix("0x") {
                Some(hex) => BigInt::parse_bytes(hex.as_bytes(), 16),
                None => BigInt::parse_bytes(digits.as_bytes(), 10),
            };
            match value {
                Some(value) => int::from_big(vm, if negative { -value } else { value })?,
                None => return Err(vm.system_error("malformed int constant")),
            }
        }
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
        Const::Code(code) => CodeObject::new(vm, code.clone())?.into(),
    })
}

fn constants(vm: &Vm, items: &[Const]) -> PyResult<Vec<Value>> {
    items.iter().map(|item| constant_value(vm, item)).collect()
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
        this.plain().nregs - this.shape.variables as u32
    }

    #[getter(member)]
    fn co_flags(this: &Obj<CodeObject>) -> u32 {
        this.plain().flags.0
    }

    #[getter(member)]
    fn co_consts(this: &Obj<CodeObject>, vm: &Vm) -> PyResult<Value> {
        let first = this.leading_int().map(|int| builtins::int::from_i64(vm, int)).transpose()?;
        Ok(Tuple::from_values(vm, first.into_iter().chain(this.consts.iter().cloned()).collect())?.into())
    }

    #[getter(member)]
    fn co_names(this: &Obj<CodeObject>, vm: &Vm) -> PyResult<Value> {
        names_tuple(vm, this.names.iter())
    }

    #[getter]
    fn co_varnames(this: &Obj<CodeObject>, vm: &Vm) -> PyResult<Value> {
        names_tuple(vm, this.plain().variable_set(VariableSet::Var).map(|(reg, _)| &this.variables[reg]))
    }

    #[getter]
    fn co_cellvars(this: &Obj<CodeObject>, vm: &Vm) -> PyResult<Value> {
        names_tuple(vm, this.plain().variable_set(VariableSet::Cell).map(|(reg, _)| &this.variables[reg]))
    }

    #[getter]
    fn co_freevars(this: &Obj<CodeObject>, vm: &Vm) -> PyResult<Value> {
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
            let column = |line: u32, n: u32| if line == 0 { builtins::NONE } else { Value::small_int(n as i32) };
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
    fn replace(this: &Obj<CodeObject>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let given = args.positionals().len();
        if given != 0 {
            return Err(vm.type_error(format!("replace() takes exactly 0 positional arguments ({given} given)")));
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
        Ok(CodeObject::new(vm, Arc::new(code))?.into())
    }

    /// Lines of the instructions: tuples of start offset, end offset and line.
    #[method]
    fn co_lines(this: &Obj<CodeObject>, vm: &Vm) -> PyResult<Value> {
        let mut rows: Vec<Value> = Vec::new();
        for (start, words, at) in this.plain().locations() {
            let line = if at.line == 0 { builtins::NONE } else { Value::small_int(at.line as i32) };
            let row = [Value::small_int(start as i32 * 8), Value::small_int((start + words) as i32 * 8), line];
            rows.push(Tuple::new(vm, row.into_iter())?.into());
        }
        vm.iter(&builtins::list::List::new(vm, rows.into_iter())?.into())
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
