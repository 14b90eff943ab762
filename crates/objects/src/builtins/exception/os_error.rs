//! `OSError`: its fields, the choice of a subclass by error number, and `Vm::os_error`.
//!
//! Invariant: `args` keeps at most error number and message when a file name was given.

use super::fields::base;
use super::{BaseException, Extended, add_fields, filled_dict, plain_str, reduced, value_fields};
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::builtins::{NONE, int, is_none};
use crate::native::{Args, IntoValue};
use crate::types::Type;
use crate::vm::{PyResult, Raised, Vm};
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;

/// OSError.
#[derive(Payload)]
#[repr(C)]
#[payload(name = "OSError", base = BaseException)]
pub struct OsError {
    /// What all exceptions have.
    pub base: BaseException,
    /// `errno`
    pub errno: Slot,
    /// `strerror`
    pub strerror: Slot,
    /// `filename`
    pub filename: Slot,
    /// `filename2`
    pub filename2: Slot,
    /// `characters_written` of BlockingIOError; -1 when it is not set.
    pub written: Cell<i64>,
}

impl Extended for OsError {
    fn from_base(base: BaseException) -> OsError {
        OsError {
            base,
            errno: Slot::default(),
            strerror: Slot::default(),
            filename: Slot::default(),
            filename2: Slot::default(),
            written: Cell::new(-1),
        }
    }
}

/// The class that an OSError with this number is made of.
fn class_for(vm: &Vm, errno: i64) -> Option<&Ref<Type>> {
    let types = vm.types();
    Some(match errno {
        11 | 114 | 115 => &types.blocking_io_error,
        32 | 108 => &types.broken_pipe_error,
        10 => &types.child_process_error,
        103 => &types.connection_aborted_error,
        111 => &types.connection_refused_error,
        104 => &types.connection_reset_error,
        17 => &types.file_exists_error,
        2 => &types.file_not_found_error,
        21 => &types.is_a_directory_error,
        20 => &types.not_a_directory_error,
        4 => &types.interrupted_error,
        13 | 1 => &types.permission_error,
        3 => &types.process_lookup_error,
        110 => &types.timeout_error,
        _ => return None,
    })
}

/// The operating system's message for an error number.
pub fn strerror(errno: i32) -> String {
    let mut text = std::io::Error::from_raw_os_error(errno).to_string();
    if let Some(at) = text.rfind(" (os error ") {
        text.truncate(at);
    }
    text
}

impl Vm {
    /// Raises the OSError (or subclass) for an error number of the operating system.
    #[cold]
    pub fn os_error(&self, errno: i32, filename: Option<Value>) -> Raised {
        self.os_error_two(errno, filename, None)
    }

    /// As `os_error`, for calls with two file names.
    #[cold]
    pub fn os_error_two(&self, errno: i32, filename: Option<Value>, filename2: Option<Value>) -> Raised {
        let text = match Str::new(self, &strerror(errno)) {
            Ok(text) => text.into(),
            Err(raised) => return raised,
        };
        let mut arguments = vec![Value::small_int(errno), text];
        if let Some(filename) = filename {
            arguments.push(filename);
            if let Some(filename2) = filename2 {
                arguments.extend([NONE, filename2]);
            }
        }
        match self.new_exception(&self.types().os_error, &arguments) {
            Ok(exception) => self.raise(exception),
            Err(raised) => raised,
        }
    }
}

/// Whether `__init__` fills the fields: a subclass has its own `__init__` but not its own `__new__`... and the other way round `__new__` does.
fn init_fills(vm: &Vm, class: &Obj<Type>) -> bool {
    let own = &vm.types().os_error.slots;
    let same_init = class.slots.init.get().map(|f| f as usize) == own.init.get().map(|f| f as usize);
    let same_new = class.slots.new.get().map(|f| f as usize) == own.new.get().map(|f| f as usize);
    !same_init && same_new
}

fn fill(vm: &Vm, this: &Obj<OsError>, args: &[Value]) -> PyResult<()> {
    let mut kept = args;
    if let [errno, message, more @ ..] = args
        && more.len() <= 3
    {
        this.errno.set(Some(errno.clone()));
        this.strerror.set(Some(message.clone()));
        if let Some(filename) = more.first().filter(|filename| !is_none(filename)) {
            let blocking = vm.class_of(&this.to_value()).is_same(&*vm.types().blocking_io_error);
            if blocking && int::is_int(filename) {
                this.written.set(int::index_clamped(vm, filename)?);
            } else {
                this.filename.set(Some(filename.clone()));
                this.filename2.set(more.get(2).filter(|filename| !is_none(filename)).cloned());
                kept = &args[..2];
            }
        }
    }
    this.base.args.set(Some(Tuple::new(vm, kept.iter().cloned())?.into()));
    Ok(())
}

value_fields!(FIELDS, OsError:
    "errno" => errno, "strerror" => strerror, "filename" => filename, "filename2" => filename2);

/// Base class for I/O related errors.
#[pytype(name = "OSError", flags = BASETYPE | HAS_DICT, ready = Self::ready)]
impl OsError {
    fn ready(vm: &Vm, class: &Obj<Type>) -> PyResult<()> {
        add_fields(vm, class, FIELDS)
    }

    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let empty = Tuple::new(vm, std::iter::empty())?;
        if init_fills(vm, class) {
            return BaseException::allocate(vm, class, empty);
        }
        args.no_keywords(vm, &class.name())?;
        let mut class = class.to_ref();
        if let [errno, _, more @ ..] = args.values
            && more.len() <= 3
            && class.is_same(&*vm.types().os_error)
            && let Some(found) = int::as_small(errno).and_then(|errno| class_for(vm, errno))
        {
            class = found.clone();
        }
        let made = BaseException::allocate(vm, &class, empty)?;
        if let Some(made) = made.downcast::<OsError>() {
            fill(vm, made, args.values)?;
        }
        Ok(made)
    }

    #[slot]
    fn init(this: &Obj<OsError>, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        let value = this.to_value();
        let class = vm.class_of(&value);
        if !init_fills(vm, class) {
            return Ok(());
        }
        args.no_keywords(vm, &class.name())?;
        fill(vm, this, args.values)
    }

    #[slot]
    fn str(this: &Obj<OsError>, vm: &Vm) -> PyResult<Value> {
        let shown = |slot: &Slot| Ok(vm.str(&slot.get().unwrap_or(NONE))?.to_lossy().into_owned());
        let head = || Ok(format!("[Errno {}] {}", shown(&this.errno)?, shown(&this.strerror)?));
        match (this.filename.get(), this.filename2.get()) {
            (Some(first), Some(second)) => {
                format!("{}: {} -> {}", head()?, vm.repr(&first)?.to_lossy(), vm.repr(&second)?.to_lossy())
                    .into_value(vm)
            }
            (Some(first), None) => format!("{}: {}", head()?, vm.repr(&first)?.to_lossy()).into_value(vm),
            _ if !this.errno.is_empty() && !this.strerror.is_empty() => head()?.into_value(vm),
            _ => plain_str(&base(this), vm),
        }
    }

    #[method]
    fn __reduce__(this: &Obj<OsError>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let mut args = this.base.arguments();
        if let (2, Some(filename)) = (args.len(), this.filename.get()) {
            args.push(filename);
            if let Some(filename2) = this.filename2.get() {
                args.extend([NONE, filename2]);
            }
        }
        let args = Tuple::new(vm, args.into_iter())?;
        let this = base(this);
        let state = filled_dict(&this, vm)?.map(Value::from);
        reduced(&this, vm, args.into(), state)
    }

    #[getter]
    fn characters_written(this: &Obj<OsError>, vm: &Vm) -> PyResult<i64> {
        match this.written.get() {
            -1 => Err(vm.attribute_error("characters_written")),
            written => Ok(written),
        }
    }

    #[setter]
    fn set_characters_written(this: &Obj<OsError>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        match value {
            Some(value) => match int::index_i64(vm, value)? {
                Some(written) => this.written.set(written),
                None => return Err(vm.value_error("cannot fit 'int' into an index-sized integer")),
            },
            None if this.written.get() == -1 => return Err(vm.attribute_error("characters_written")),
            None => this.written.set(-1),
        }
        Ok(())
    }
}
