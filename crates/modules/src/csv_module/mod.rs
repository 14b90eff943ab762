//! `_csv`: reading and writing of comma-separated values.
//!
//! * `dialect` – the options; `reader`, `writer` – the two directions.
//!
//! Invariant: the registry of dialects holds `Dialect` objects only.

mod dialect;
mod reader;
mod writer;

pub use module::spec;

use dialect::{Dialect, dialect_of};
use reader::Reader;
use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use taipan_heap::{Obj, Ref, Value};
use taipan_macros::pymodule;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::{int, list::List, str::Str};
use taipan_objects::native::{Args, FuncArgs};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Raised, Vm};
use writer::Writer;

/// What the module keeps.
pub struct State {
    dialects: Ref<Dict>,
    limit: Cell<usize>,
    error: Ref<Type>,
}

#[derive(Default)]
struct Kept(OnceCell<Rc<State>>);

/// The module's state.
pub fn state(vm: &Vm) -> PyResult<Rc<State>> {
    let kept = vm.interp().state(Kept::default);
    if let Some(state) = kept.0.get() {
        return Ok(state.clone());
    }
    let error = crate::exception_class::exception_class(vm, "_csv", "Error", &vm.types().exception)?;
    let state = Rc::new(State { dialects: Dict::new(vm)?, limit: Cell::new(128 << 10), error });
    Ok(kept.0.get_or_init(|| state).clone())
}

/// Raises `_csv.Error`.
#[cold]
pub fn error(vm: &Vm, message: &str) -> Raised {
    match state(vm) {
        Ok(state) => vm.raise_new(&state.error, message),
        Err(raised) => raised,
    }
}

/// First argument, dialect and options of `reader`, `writer` and `register_dialect`.
fn parts<'a>(vm: &Vm, function: &str, args: Args<'a>) -> PyResult<(&'a Value, Option<&'a Value>, Args<'a>)> {
    let positional = args.positionals();
    let options = Args { values: &args.values[positional.len()..], names: args.names };
    match positional {
        [first] => Ok((first, args.keyword("dialect"), options)),
        [first, dialect] => Ok((first, Some(dialect), options)),
        [] => Err(vm.type_error(format!("{function} expected at least 1 argument, got 0"))),
        _ => Err(vm.type_error(format!("{function} expected at most 2 arguments, got {}", positional.len()))),
    }
}

/// CSV parsing and writing.
#[pymodule(name = "_csv", types(Dialect), init = fill)]
mod module {
    use super::*;

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        let state = state(vm)?;
        let names = [
            ("QUOTE_MINIMAL", dialect::MINIMAL),
            ("QUOTE_ALL", dialect::ALL),
            ("QUOTE_NONNUMERIC", dialect::NONNUMERIC),
            ("QUOTE_NONE", dialect::NEVER),
            ("QUOTE_STRINGS", dialect::STRINGS),
            ("QUOTE_NOTNULL", dialect::NOT_NULL),
        ];
        for (name, number) in names {
            module.set_attr(vm, name, int::from_i64(vm, number)?)?;
        }
        module.set_attr(vm, "Reader", vm.native_type(Reader::spec())?.into())?;
        module.set_attr(vm, "Writer", vm.native_type(Writer::spec())?.into())?;
        module.set_attr(vm, "_dialects", state.dialects.to_value())?;
        module.set_attr(vm, "Error", state.error.to_value())
    }

    /// Return a reader object that will process lines from the given iterable.
    ///
    /// The "iterable" argument can be any object that returns a line of input
    /// for each iteration, such as a file object or a list.  The optional
    /// "dialect" argument defines a CSV dialect.  The function also accepts
    /// optional keyword arguments which override settings provided by the
    /// dialect.
    ///
    /// The returned object is an iterator.  Each iteration returns a row of the
    /// CSV file (which can span multiple input lines).
    #[function]
    fn reader(vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let (lines, dialect, options) = parts(vm, "reader", args.0)?;
        let lines = vm.iter(lines)?;
        Reader::make(vm, &lines, dialect_of(vm, dialect, options)?)
    }

    /// Return a writer object that will write user data on the given file object.
    ///
    /// The "fileobj" argument can be any object that supports the file API.
    /// The optional "dialect" argument defines a CSV dialect.  The function
    /// also accepts optional keyword arguments which override settings
    /// provided by the dialect.
    #[function]
    fn writer(vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let (file, dialect, options) = parts(vm, "writer", args.0)?;
        Writer::make(vm, file, dialect_of(vm, dialect, options)?)
    }

    /// Return a list of all known dialect names.
    #[function]
    fn list_dialects(vm: &Vm) -> PyResult<Ref<List>> {
        List::from_values(vm, state(vm)?.dialects.keys())
    }

    /// Create a mapping from a string name to a CVS dialect.
    ///
    /// The optional "dialect" argument specifies the base dialect instance
    /// or the name of the registered dialect.  The function also accepts
    /// optional keyword arguments which override settings provided by the
    /// dialect.
    #[function]
    fn register_dialect(vm: &Vm, args: FuncArgs<'_>) -> PyResult<()> {
        let (name, dialect, options) = parts(vm, "register_dialect", args.0)?;
        if name.downcast::<Str>().is_none() {
            return Err(vm.type_error("dialect name must be a string"));
        }
        let dialect = dialect_of(vm, dialect, options)?;
        state(vm)?.dialects.set(vm, name, dialect.into())
    }

    /// Delete the name/dialect mapping associated with a string name.
    #[function(sig = "name")]
    fn unregister_dialect(vm: &Vm, name: &Value) -> PyResult<()> {
        match state(vm)?.dialects.remove(vm, name)? {
            Some(_) => Ok(()),
            None => Err(error(vm, "unknown dialect")),
        }
    }

    /// Return the dialect instance associated with name.
    #[function(sig = "name")]
    fn get_dialect(vm: &Vm, name: &Value) -> PyResult<Value> {
        state(vm)?.dialects.get(vm, name)?.ok_or_else(|| error(vm, "unknown dialect"))
    }

    /// Sets an upper limit on parsed fields.
    ///
    /// Returns old limit. If limit is not given, no new limit is set and
    /// the old limit is returned
    #[function(sig = "new_limit=<unrepresentable>")]
    fn field_size_limit(vm: &Vm, new_limit: Option<&Value>) -> PyResult<usize> {
        let state = state(vm)?;
        let old = state.limit.get();
        if let Some(limit) = new_limit {
            if !int::is_int(limit) {
                return Err(vm.type_error("limit must be an integer"));
            }
            match int::index_i64(vm, limit)? {
                Some(limit) => state.limit.set(usize::try_from(limit).unwrap_or(0)),
                None => return Err(vm.overflow_error("Python int too large to convert to C ssize_t")),
            }
        }
        Ok(old)
    }
}
