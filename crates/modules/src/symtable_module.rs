//! `_symtable`: the compiler's symbol tables.
//!
//! Invariant: an entry holds its children, so that asking twice gives the same objects.

use crate::builtins_module::parse_source;
use taipan_compiler::symbols::{self, Table};
use taipan_compiler::{Input, Mode, Options};
use taipan_heap::{Obj, Payload, Value};
use taipan_macros::{pymodule, pytype};
use taipan_objects::builtins::buffer;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::str::Str;
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Vm};

pub use module::spec;

/// A table.
#[derive(Payload)]
#[payload(name = "symtable entry")]
pub struct Entry {
    kind: i64,
    name: Value,
    line: u32,
    nested: bool,
    symbols: Value,
    parameters: Value,
    children: Value,
}

impl Entry {
    fn make(vm: &Vm, table: &Table) -> PyResult<Value> {
        let symbols = Dict::new(vm)?;
        for (name, number) in &table.symbols {
            symbols.set_text(vm, name, number.into_value(vm)?)?;
        }
        let mut parameters: Vec<Value> = Vec::new();
        for name in &table.parameters {
            parameters.push(Str::new(vm, name)?.into());
        }
        let children = table.children.iter().map(|child| vm.recursive("", || Entry::make(vm, child)));
        let children = children.collect::<PyResult<Vec<Value>>>()?;
        let entry = Entry {
            kind: table.kind,
            name: Str::new(vm, &table.name)?.into(),
            line: table.line,
            nested: table.nested,
            symbols: symbols.into(),
            parameters: List::from_values(vm, parameters)?.into(),
            children: List::from_values(vm, children)?.into(),
        };
        Ok(vm.alloc(&*vm.native_type(Entry::spec())?, entry)?.into())
    }
}

#[pytype(name = "symtable entry", flags = DISALLOW_INSTANTIATION)]
impl Entry {
    #[getter]
    fn id(this: &Obj<Entry>) -> usize {
        this.header().address()
    }

    #[getter]
    fn name(this: &Obj<Entry>) -> Value {
        this.name.clone()
    }

    #[getter(name = "type")]
    fn kind(this: &Obj<Entry>) -> i64 {
        this.kind
    }

    #[getter]
    fn lineno(this: &Obj<Entry>) -> u32 {
        this.line
    }

    #[getter]
    fn nested(this: &Obj<Entry>) -> i64 {
        this.nested.into()
    }

    #[getter]
    fn symbols(this: &Obj<Entry>) -> Value {
        this.symbols.clone()
    }

    #[getter]
    fn varnames(this: &Obj<Entry>) -> Value {
        this.parameters.clone()
    }

    #[getter]
    fn children(this: &Obj<Entry>) -> Value {
        this.children.clone()
    }

    #[slot]
    fn repr(this: &Obj<Entry>) -> String {
        format!("<symtable entry {}({}), line {}>", Str::display(&this.name), this.header().address(), this.line)
    }
}

/// Symbol tables of sources.
#[pymodule(name = "_symtable")]
mod module {
    use super::*;

    #[constant]
    const USE: i64 = 16;
    #[constant]
    const DEF_GLOBAL: i64 = 1;
    #[constant]
    const DEF_NONLOCAL: i64 = 8;
    #[constant]
    const DEF_LOCAL: i64 = 2;
    #[constant]
    const DEF_PARAM: i64 = 4;
    #[constant]
    const DEF_TYPE_PARAM: i64 = 1024;
    #[constant]
    const DEF_FREE_CLASS: i64 = 64;
    #[constant]
    const DEF_IMPORT: i64 = 128;
    #[constant]
    const DEF_BOUND: i64 = 134;
    #[constant]
    const DEF_ANNOT: i64 = 256;
    #[constant]
    const DEF_COMP_ITER: i64 = 512;
    #[constant]
    const DEF_COMP_CELL: i64 = 2048;
    #[constant]
    const TYPE_FUNCTION: i64 = 0;
    #[constant]
    const TYPE_CLASS: i64 = 1;
    #[constant]
    const TYPE_MODULE: i64 = 2;
    #[constant]
    const TYPE_ANNOTATION: i64 = 3;
    #[constant]
    const TYPE_TYPE_ALIAS: i64 = 4;
    #[constant]
    const TYPE_TYPE_PARAMETERS: i64 = 5;
    #[constant]
    const TYPE_TYPE_VARIABLE: i64 = 6;
    #[constant]
    const LOCAL: i64 = 1;
    #[constant]
    const GLOBAL_EXPLICIT: i64 = 2;
    #[constant]
    const GLOBAL_IMPLICIT: i64 = 3;
    #[constant]
    const FREE: i64 = 4;
    #[constant]
    const CELL: i64 = 5;
    #[constant]
    const SCOPE_OFF: i64 = symbols::SCOPE_SHIFT as i64;
    #[constant]
    const SCOPE_MASK: i64 = 15;

    /// Return symbol and scope dictionaries used internally by compiler.
    #[function(sig = "source, filename, startstr, /")]
    fn symtable(vm: &Vm, source: &Value, filename: &Value, startstr: &Value) -> PyResult<Value> {
        let filename = crate::posix_module::path_text(vm, filename)?;
        let Some(start) = startstr.downcast::<Str>() else {
            let given = vm.type_name(startstr);
            return Err(vm.type_error(format!("symtable() argument 3 must be str, not {given}")));
        };
        let mode = match &*start.to_lossy() {
            "exec" => Mode::Exec,
            "eval" => Mode::Eval,
            "single" => Mode::Single,
            _ => return Err(vm.value_error("symtable() arg 3 must be 'exec' or 'eval' or 'single'")),
        };
        let text;
        let bytes;
        let input = match source.downcast::<Str>() {
            Some(source) => {
                text = source.to_lossy().into_owned();
                Input::Text(&text)
            }
            None if buffer::is_buffer(vm, source) => {
                bytes = buffer::to_vec(vm, source)?;
                Input::Bytes(&bytes)
            }
            None => return Err(vm.type_error("symtable() arg 1 must be a string or bytes")),
        };
        let options = Options::default();
        let (source, parsed) = parse_source(vm, input, &filename, mode, &options)?;
        let table = symbols::describe(&source, &parsed, &options)
            .map_err(|error| crate::builtins_module::syntax_error(vm, &error, &filename, Some(source.text())))?;
        Entry::make(vm, &table)
    }
}
