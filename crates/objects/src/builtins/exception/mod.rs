//! `BaseException` and its kin.
//!
//! * `table` – the classes that add nothing but their name;
//! * `fields` – StopIteration, SystemExit, NameError, AttributeError, ImportError; `os_error`, `syntax_error`, `unicode` – those with many fields;
//! * `group` – exception groups and what `except*` needs; `context` – how exceptions are chained as they are raised;
//! * `print` – how uncaught exceptions are shown; `suggest` – the names that were probably meant.
//!
//! Classes with fields of their own extend the payload of `BaseException`, so a class may derive from two of them exactly when CPython
//! allows it. Invariant: `args` is always a tuple; `cause`, `context` and `traceback` are empty instead of holding None.

mod anchors;
mod context;
mod fields;
mod group;
mod os_error;
mod print;
mod stack;
pub mod suggest;
mod syntax_error;
mod table;
mod unicode;

pub use fields::{AttributeError, ImportError, KEY_ERROR, NameError, StopIteration, SystemExit};
pub use group::{EXCEPTION_GROUP, ExceptionGroup, exception_group_match, prep_reraise_star};
pub use os_error::{OsError, strerror};
pub use print::{class_name, exception_only, print_exception, print_ignored};
pub use stack::{FrameInfo, TracebackHooks, set_traceback_hooks, source_line};
pub use syntax_error::SyntaxDetails;
pub use syntax_error::SyntaxError;
pub use table::*;
pub use unicode::{UNICODE_DECODE_ERROR, UNICODE_ENCODE_ERROR, UNICODE_TRANSLATE_ERROR, UnicodeError};

use crate::builtins::dict::Dict;
use crate::builtins::list::List;
use crate::builtins::str::Str;
use crate::builtins::traceback::Traceback;
use crate::builtins::tuple::Tuple;
use crate::builtins::{NONE, boolean, is_none};
use crate::native::{Args, GetSetDef, IntoValue};
use crate::types::{Type, TypeObject, instance};
use crate::vm::{PyResult, Raised, Vm};
use std::cell::Cell;
use taipan_heap::{AsKind, Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;

/// An exception.
#[derive(Payload)]
#[payload(name = "BaseException")]
pub struct BaseException {
    /// `args`, a tuple.
    pub args: Slot,
    /// `__traceback__`
    pub traceback: Slot,
    /// `__context__`
    pub context: Slot,
    /// `__cause__`
    pub cause: Slot,
    /// `__suppress_context__`
    pub suppress_context: Cell<bool>,
}

/// Makes getters and setters of fields that hold any value and read as None when they are empty.
macro_rules! value_fields {
    ($name:ident, $payload:ty: $($python:literal => $field:ident),* $(,)?) => {
        static $name: &[$crate::native::GetSetDef] = &[$($crate::native::GetSetDef {
            name: $python,
            member: true,
            doc: "",
            get: |vm, this| match this.downcast::<$payload>() {
                Some(this) => Ok(this.$field.get().unwrap_or($crate::builtins::NONE)),
                None => Err(vm.bad_self($python, <$payload as taipan_heap::Payload>::info().name, this)),
            },
            set: Some(|vm, this, value| match this.downcast::<$payload>() {
                Some(this) => {
                    this.$field.set(value.cloned());
                    Ok(())
                }
                None => Err(vm.bad_self($python, <$payload as taipan_heap::Payload>::info().name, this)),
            }),
        }),*];
    };
}
pub(crate) use value_fields;

/// Adds `fields` to the namespace of `class`.
fn add_fields(vm: &Vm, class: &Obj<Type>, fields: &'static [GetSetDef]) -> PyResult<()> {
    for def in fields {
        class.dict().set_text(vm, def.name, crate::builtins::function::GetSetDescriptor::make(vm, def, class)?)?;
    }
    Ok(())
}

/// A payload that extends that of `BaseException`.
trait Extended: Payload {
    fn from_base(base: BaseException) -> Self;
}

impl BaseException {
    /// A payload with these `args`.
    pub fn with_args(args: Ref<Tuple>) -> BaseException {
        BaseException {
            args: Slot::new(Some(args.into())),
            traceback: Slot::default(),
            context: Slot::default(),
            cause: Slot::default(),
            suppress_context: Cell::new(false),
        }
    }

    /// An exception of `class` with these `args` and its fields empty; no Python code runs.
    pub fn allocate(vm: &Vm, class: &Obj<Type>, args: Ref<Tuple>) -> PyResult<Value> {
        let base = BaseException::with_args(args);
        let wanted = class.as_kind().info();
        macro_rules! payloads {
            ($($payload:ty),*) => {
                $(if std::ptr::eq(wanted, <$payload>::info()) {
                    return Ok(vm.alloc_instance(class, <$payload as Extended>::from_base(base))?.into());
                })*
            };
        }
        payloads!(
            AttributeError,
            StopIteration,
            OsError,
            ExceptionGroup,
            NameError,
            ImportError,
            SyntaxError,
            UnicodeError,
            SystemExit
        );
        if !std::ptr::eq(wanted, BaseException::info()) {
            let name = class.name();
            return Err(vm.type_error(format!("BaseException.__new__({name}) is not safe, use {name}.__new__()")));
        }
        Ok(vm.alloc_instance(class, base)?.into())
    }

    /// What `class(*args)` is where nobody but `BaseException` has a say in it.
    #[inline]
    pub(crate) fn make_at_once(vm: &Vm, class: &Obj<Type>, args: Args<'_>) -> Option<PyResult<Value>> {
        let (own, base) = (&class.slots, &vm.types().base_exception.slots);
        let usual = match (own.new.get(), base.new.get(), own.init.get(), base.init.get()) {
            (Some(new), Some(base_new), Some(init), Some(base_init)) => {
                std::ptr::fn_addr_eq(new, base_new) && std::ptr::fn_addr_eq(init, base_init)
            }
            _ => false,
        };
        if !usual || !args.names.is_empty() || !std::ptr::eq(class.as_kind().info(), BaseException::info()) {
            return None;
        }
        let args = args.to_tuple(vm);
        Some(args.and_then(|args| Ok(vm.alloc_instance(class, BaseException::with_args(args))?.into())))
    }

    /// The same for classes that native code raises often, and know what their `__init__` does.
    fn make_builtin(vm: &Vm, class: &Obj<Type>, args: Args<'_>) -> Option<PyResult<Value>> {
        let types = vm.types();
        if std::ptr::eq(class.as_kind().info(), BaseException::info())
            && vm.class_of_header(class.header()).is_same(&*types.type_)
            && let made @ Some(_) = BaseException::make_at_once(vm, class, args)
        {
            return made;
        }
        if class.is_same(&*types.stop_iteration) {
            let made = args.to_tuple(vm).and_then(|args| BaseException::allocate(vm, class, args));
            if let Some(stop) = made.as_ref().ok().and_then(|made| made.downcast::<StopIteration>()) {
                stop.value.set(Some(args.values.first().cloned().unwrap_or(NONE)));
            }
            return Some(made);
        }
        if class.is_same(&*types.attribute_error) || class.is_same(&*types.name_error) {
            return Some(args.to_tuple(vm).and_then(|args| BaseException::allocate(vm, class, args)));
        }
        None
    }

    /// An exception made by `class(*arguments)`.
    pub fn make(vm: &Vm, class: &Obj<Type>, arguments: &[Value]) -> PyResult<Ref<BaseException>> {
        let args = Args::positional(arguments);
        let made = match BaseException::make_builtin(vm, class, args) {
            Some(made) => made?,
            None => crate::types::call::call(vm, &class.to_value(), args)?,
        };
        made.downcast_into::<BaseException>().map_err(|other| {
            let given = vm.type_name(&other);
            let class = class.name();
            vm.type_error(format!(
                "calling <class '{class}'> should have returned an instance of BaseException, not {given}"
            ))
        })
    }

    /// Sets `name` and `obj` of the AttributeError that was just raised.
    pub fn describe_attribute(vm: &Vm, raised: Raised, object: &Value, name: &Obj<Str>) -> Raised {
        let exception = vm.take_exception(raised);
        if let Some(error) = exception.downcast::<AttributeError>() {
            error.name.set(Some(name.to_value()));
            error.object.set(Some(object.clone()));
        }
        vm.restore(exception)
    }

    /// The arguments.
    pub fn arguments(&self) -> Vec<Value> {
        self.args
            .with(|args| args.and_then(|args| args.downcast::<Tuple>()).map(|args| args.items().to_vec()))
            .unwrap_or_default()
    }

    /// Sets `__context__`; None empties it.
    pub fn set_context_value(&self, context: Option<Value>) {
        self.context.set(context.filter(|context| !is_none(context)));
    }

    /// Sets `__cause__` (None empties it) and with it `__suppress_context__`.
    pub fn set_cause_value(&self, cause: Option<Value>) {
        self.suppress_context.set(true);
        self.cause.set(cause.filter(|cause| !is_none(cause)));
    }
}

/// `str(exception)` as `BaseException` does it.
fn plain_str(this: &Obj<BaseException>, vm: &Vm) -> PyResult<Value> {
    let args = this.args.get().unwrap_or(NONE);
    match args.downcast::<Tuple>().map(Tuple::items_of) {
        Some([]) => "".into_value(vm),
        Some([only]) => Ok(vm.str(only)?.into()),
        _ => Ok(vm.str(&args)?.into()),
    }
}

impl Tuple {
    fn items_of(this: &Obj<Tuple>) -> &[Value] {
        this.items()
    }
}

/// The exception's `__dict__`, if there is anything in it.
fn filled_dict(this: &Obj<BaseException>, vm: &Vm) -> PyResult<Option<Ref<Dict>>> {
    let dict = instance::materialize(vm, this.header())?;
    Ok(Some(dict).filter(|dict| !dict.is_empty()))
}

/// What `__reduce__` answers: class, arguments and, if there is one, state.
fn reduced(this: &Obj<BaseException>, vm: &Vm, args: Value, state: Option<Value>) -> PyResult<Ref<Tuple>> {
    let class = vm.class_of(&this.to_value()).to_value();
    let parts: Vec<Value> = [class, args].into_iter().chain(state).collect();
    Tuple::new(vm, parts.into_iter())
}

fn exception_or_none(vm: &Vm, value: &Value, what: &str) -> PyResult<Option<Value>> {
    if is_none(value) {
        return Ok(None);
    }
    match value.downcast::<BaseException>() {
        Some(_) => Ok(Some(value.clone())),
        None => Err(vm.type_error(format!("exception {what} must be None or derive from BaseException"))),
    }
}

fn given<'a>(vm: &Vm, value: Option<&'a Value>, name: &str) -> PyResult<&'a Value> {
    value.ok_or_else(|| vm.type_error(format!("{name} may not be deleted")))
}

/// Common base class for all exceptions.
#[pytype(name = "BaseException", flags = BASETYPE | HAS_DICT)]
impl BaseException {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        BaseException::allocate(vm, class, args.to_tuple(vm)?)
    }

    #[slot]
    pub(crate) fn init(this: &Obj<BaseException>, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        if !args.names.is_empty() {
            args.no_keywords(vm, &vm.type_name(&this.to_value()))?;
        }
        // `__new__` was given the same arguments nearly always.
        let same = |given: &Tuple| {
            let (given, args) = (given.items(), args.values);
            given.len() == args.len() && given.iter().zip(args).all(|(a, b)| a.is(b))
        };
        if !this.args.with(|given| given.and_then(Value::downcast::<Tuple>).is_some_and(|given| same(given))) {
            this.args.set(Some(args.to_tuple(vm)?.into()));
        }
        Ok(())
    }

    #[slot]
    fn str(this: &Obj<BaseException>, vm: &Vm) -> PyResult<Value> {
        plain_str(this, vm)
    }

    #[slot]
    fn repr(this: &Obj<BaseException>, vm: &Vm) -> PyResult<String> {
        let args = this.args.get().unwrap_or(NONE);
        let name = vm.type_name(&this.to_value());
        match args.downcast::<Tuple>().map(Tuple::items_of) {
            Some([only]) => Ok(format!("{name}({})", vm.repr(only)?.to_lossy())),
            _ => Ok(format!("{name}{}", vm.repr(&args)?.to_lossy())),
        }
    }

    #[method]
    fn __reduce__(this: &Obj<BaseException>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let state = filled_dict(this, vm)?.map(Value::from);
        reduced(this, vm, this.args.get().unwrap_or(NONE), state)
    }

    #[method]
    fn __setstate__(this: &Value, vm: &Vm, state: &Value) -> PyResult<()> {
        if is_none(state) {
            return Ok(());
        }
        let Some(state) = state.downcast::<Dict>() else { return Err(vm.type_error("state is not a dictionary")) };
        for (name, value) in state.snapshot() {
            let Some(name) = name.downcast::<Str>() else {
                let given = vm.type_name(&name);
                return Err(vm.type_error(format!("attribute name must be string, not '{given}'")));
            };
            vm.set_attr(this, name, value)?;
        }
        Ok(())
    }

    /// Sets the traceback and returns the exception.
    #[method(sig = "object, /")]
    fn with_traceback(this: &Obj<BaseException>, vm: &Vm, object: &Value) -> PyResult<Value> {
        BaseException::set_traceback(this, vm, Some(object))?;
        Ok(this.to_value())
    }

    /// Adds a line to be shown below the exception.
    #[method(sig = "object, /")]
    fn add_note(this: &Value, vm: &Vm, object: &Value) -> PyResult<()> {
        if object.downcast::<Str>().is_none() {
            let given = vm.type_name(object);
            return Err(vm.type_error(format!("add_note() argument must be str, not {given}")));
        }
        let name = &vm.names().__notes__;
        match vm.find_attr(this, name)? {
            None => {
                let notes = List::new(vm, [object.clone()].into_iter())?;
                vm.set_attr(this, name, notes.into())
            }
            Some(notes) => match notes.downcast::<List>() {
                Some(notes) => notes.push(vm, object.clone()),
                None => Err(vm.type_error("Cannot add note: __notes__ is not a list")),
            },
        }
    }

    #[getter]
    fn args(this: &Obj<BaseException>) -> Value {
        this.args.get().unwrap_or(NONE)
    }

    #[setter]
    fn set_args(this: &Obj<BaseException>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let items = vm.collect(given(vm, value, "args")?)?;
        this.args.set(Some(Tuple::new(vm, items.into_iter())?.into()));
        Ok(())
    }

    #[getter(name = "__traceback__")]
    fn traceback(this: &Obj<BaseException>) -> Value {
        this.traceback.get().unwrap_or(NONE)
    }

    #[setter(name = "__traceback__")]
    fn set_traceback(this: &Obj<BaseException>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let value = given(vm, value, "__traceback__")?;
        if !is_none(value) && value.downcast::<Traceback>().is_none() {
            return Err(vm.type_error("__traceback__ must be a traceback or None"));
        }
        this.traceback.set(Some(value.clone()).filter(|value| !is_none(value)));
        Ok(())
    }

    #[getter(name = "__context__")]
    fn context(this: &Obj<BaseException>) -> Value {
        this.context.get().unwrap_or(NONE)
    }

    #[setter(name = "__context__")]
    fn set_context(this: &Obj<BaseException>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.context.set(exception_or_none(vm, given(vm, value, "__context__")?, "context")?);
        Ok(())
    }

    #[getter(name = "__cause__")]
    fn cause(this: &Obj<BaseException>) -> Value {
        this.cause.get().unwrap_or(NONE)
    }

    #[setter(name = "__cause__")]
    fn set_cause(this: &Obj<BaseException>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.set_cause_value(exception_or_none(vm, given(vm, value, "__cause__")?, "cause")?);
        Ok(())
    }

    #[getter(name = "__suppress_context__")]
    fn suppress_context(this: &Obj<BaseException>) -> Value {
        boolean(this.suppress_context.get())
    }

    #[setter(name = "__suppress_context__")]
    fn set_suppress_context(this: &Obj<BaseException>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.type_error("can't delete numeric/char attribute")) };
        if !vm.is_instance(value, &vm.types().bool) {
            return Err(vm.type_error("attribute value type must be bool"));
        }
        this.suppress_context.set(vm.is_true(value)?);
        Ok(())
    }

    #[getter(name = "__dict__")]
    fn dict(this: &Obj<BaseException>, vm: &Vm) -> PyResult<Ref<Dict>> {
        instance::materialize(vm, this.header())
    }

    #[setter(name = "__dict__")]
    fn set_dict(this: &Obj<BaseException>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.type_error("cannot delete __dict__")) };
        let Some(dict) = value.downcast::<Dict>() else {
            let given = vm.type_name(value);
            return Err(vm.type_error(format!("__dict__ must be set to a dictionary, not a '{given}'")));
        };
        instance::replace_dict(vm, this.header(), dict.to_ref()).map(drop)
    }
}

impl Vm {
    /// Whether `value` is a class that derives from BaseException.
    pub fn is_exception_class(&self, value: &Value) -> bool {
        value.downcast::<Type>().is_some_and(|class| class.is_subclass(&self.types().base_exception))
    }
}
