//! Exceptions with one or a few fields: StopIteration, SystemExit, NameError, AttributeError, ImportError.
//!
//! Invariant: an empty field reads as None.

use super::{BaseException, Extended, add_fields, filled_dict, plain_str, reduced, value_fields};
use crate::builtins::NONE;
use crate::builtins::dict::Dict;
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::native::unexpected_keyword;
use crate::native::{Args, TypeSpec};
use crate::types::{Type, type_flags};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;

macro_rules! payloads {
    ($($(#[doc = $doc:literal])* $payload:ident $name:literal { $($(#[doc = $field_doc:literal])* $field:ident),* })*) => {
        $(
            $(#[doc = $doc])*
            #[derive(Payload)]
            #[repr(C)]
            #[payload(name = $name, base = BaseException)]
            pub struct $payload {
                /// What all exceptions have.
                pub base: BaseException,
                $($(#[doc = $field_doc])* pub $field: Slot,)*
            }

            impl Extended for $payload {
                fn from_base(base: BaseException) -> $payload {
                    $payload { base, $($field: Slot::default(),)* }
                }
            }
        )*
    };
}

payloads! {
    /// StopIteration.
    StopIteration "StopIteration" {
        /// What the generator returned.
        value
    }
    /// SystemExit.
    SystemExit "SystemExit" {
        /// The exit status, or a message.
        code
    }
    /// NameError.
    NameError "NameError" {
        /// The name that was not found.
        name
    }
    /// AttributeError.
    AttributeError "AttributeError" {
        /// `obj`: where the attribute was looked for.
        object,
        /// The attribute's name.
        name
    }
    /// ImportError.
    ImportError "ImportError" {
        /// The message.
        msg,
        /// The module's name.
        name,
        /// The file it was loaded from.
        path,
        /// What was to be imported from it.
        name_from
    }
}

/// The payload of BaseException in an exception with more of it.
pub(super) fn base<T: Payload>(this: &Obj<T>) -> Ref<BaseException> {
    match this.to_value().downcast_into::<BaseException>() {
        Ok(base) => base,
        Err(_) => unreachable!("the payload extends BaseException"),
    }
}

/// Sets `args`, and the fields that are given by keyword; keywords that `fields` does not name raise TypeError.
fn init_keywords(
    this: &Obj<BaseException>,
    vm: &Vm,
    args: Args<'_>,
    function: &str,
    fields: &[(&str, &Slot)],
) -> PyResult<()> {
    this.args.set(Some(args.to_tuple(vm)?.into()));
    for (name, _) in args.keywords() {
        if !fields.iter().any(|(field, _)| Str::is_text(name, field)) {
            let known: Vec<&str> = fields.iter().map(|(field, _)| *field).collect();
            return Err(unexpected_keyword(vm, function, name, &known));
        }
    }
    for (field, slot) in fields {
        slot.set(args.keyword(field).cloned());
    }
    Ok(())
}

value_fields!(STOP_ITERATION_FIELDS, StopIteration: "value" => value);

/// Signals the end of an iterator.
#[pytype(name = "StopIteration", flags = BASETYPE | HAS_DICT, ready = Self::ready)]
impl StopIteration {
    fn ready(vm: &Vm, class: &Obj<Type>) -> PyResult<()> {
        add_fields(vm, class, STOP_ITERATION_FIELDS)
    }

    #[slot]
    fn init(this: &Obj<StopIteration>, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        BaseException::init(&base(this), vm, args)?;
        this.value.set(Some(args.values.first().cloned().unwrap_or(NONE)));
        Ok(())
    }
}

value_fields!(SYSTEM_EXIT_FIELDS, SystemExit: "code" => code);

/// Request to exit from the interpreter.
#[pytype(name = "SystemExit", flags = BASETYPE | HAS_DICT, ready = Self::ready)]
impl SystemExit {
    fn ready(vm: &Vm, class: &Obj<Type>) -> PyResult<()> {
        add_fields(vm, class, SYSTEM_EXIT_FIELDS)
    }

    #[slot]
    fn init(this: &Obj<SystemExit>, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        BaseException::init(&base(this), vm, args)?;
        match args.values {
            [] => {}
            [only] => this.code.set(Some(only.clone())),
            _ => this.code.set(this.base.args.get()),
        }
        Ok(())
    }
}

value_fields!(NAME_ERROR_FIELDS, NameError: "name" => name);

/// Name not found globally.
#[pytype(name = "NameError", flags = BASETYPE | HAS_DICT, ready = Self::ready)]
impl NameError {
    fn ready(vm: &Vm, class: &Obj<Type>) -> PyResult<()> {
        add_fields(vm, class, NAME_ERROR_FIELDS)
    }

    #[slot]
    fn init(this: &Obj<NameError>, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        init_keywords(&base(this), vm, args, "NameError", &[("name", &this.name)])
    }
}

value_fields!(ATTRIBUTE_ERROR_FIELDS, AttributeError: "name" => name, "obj" => object);

/// Attribute not found.
#[pytype(name = "AttributeError", flags = BASETYPE | HAS_DICT, ready = Self::ready)]
impl AttributeError {
    fn ready(vm: &Vm, class: &Obj<Type>) -> PyResult<()> {
        add_fields(vm, class, ATTRIBUTE_ERROR_FIELDS)
    }

    #[slot]
    fn init(this: &Obj<AttributeError>, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        init_keywords(&base(this), vm, args, "AttributeError", &[("name", &this.name), ("obj", &this.object)])
    }

    /// The state for pickling, without the object.
    #[method]
    fn __getstate__(this: &Obj<AttributeError>, vm: &Vm) -> PyResult<Value> {
        let fields = [("name", this.name.get()), ("args", this.base.args.get())];
        state(vm, &base(this), &fields)
    }

    #[method]
    fn __reduce__(this: &Obj<AttributeError>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let state = AttributeError::__getstate__(this, vm)?;
        reduced(&base(this), vm, this.base.args.get().unwrap_or(NONE), Some(state))
    }
}

/// The `__dict__` and those of `fields` that are not empty, as a new dict; None if there is nothing.
fn state(vm: &Vm, this: &Obj<BaseException>, fields: &[(&str, Option<Value>)]) -> PyResult<Value> {
    let own = filled_dict(this, vm)?;
    if own.is_none() && fields.iter().all(|(_, value)| value.is_none()) {
        return Ok(NONE);
    }
    let state = Dict::new(vm)?;
    for (name, value) in own.map(|own| own.snapshot()).unwrap_or_default() {
        state.set(vm, &name, value)?;
    }
    for (name, value) in fields {
        if let Some(value) = value {
            state.set_text(vm, name, value.clone())?;
        }
    }
    Ok(state.into())
}

value_fields!(IMPORT_ERROR_FIELDS, ImportError:
    "msg" => msg, "name" => name, "path" => path, "name_from" => name_from);

/// Import can't find module, or can't find name in module.
#[pytype(name = "ImportError", flags = BASETYPE | HAS_DICT, ready = Self::ready)]
impl ImportError {
    fn ready(vm: &Vm, class: &Obj<Type>) -> PyResult<()> {
        add_fields(vm, class, IMPORT_ERROR_FIELDS)
    }

    #[slot]
    fn init(this: &Obj<ImportError>, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        let fields = [("name", &this.name), ("path", &this.path), ("name_from", &this.name_from)];
        init_keywords(&base(this), vm, args, "ImportError", &fields)?;
        this.msg.set(match args.positionals() {
            [only] => Some(only.clone()),
            _ => None,
        });
        Ok(())
    }

    #[slot]
    fn str(this: &Obj<ImportError>, vm: &Vm) -> PyResult<Value> {
        match this.msg.get() {
            Some(msg) if vm.class_of(&msg).is_same(&*vm.types().str) => Ok(msg),
            _ => plain_str(&base(this), vm),
        }
    }

    #[method]
    fn __reduce__(this: &Obj<ImportError>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let fields = [("name", this.name.get()), ("path", this.path.get()), ("name_from", this.name_from.get())];
        let state = Some(state(vm, &base(this), &fields)?).filter(|state| !crate::builtins::is_none(state));
        reduced(&base(this), vm, this.base.args.get().unwrap_or(NONE), state)
    }
}

/// `KeyError`: shows the missing key as `repr` does.
pub static KEY_ERROR: TypeSpec = TypeSpec {
    doc: "Mapping key not found.",
    flags: type_flags::BASETYPE | type_flags::HAS_DICT,
    fill_slots: |slots| slots.str.set(Some(key_error_str)),
    ..TypeSpec::bare("KeyError", <BaseException as Payload>::info)
};

fn key_error_str(vm: &Vm, this: &Value) -> PyResult<Value> {
    let Some(error) = this.downcast::<BaseException>() else { return Err(vm.bad_self("__str__", "KeyError", this)) };
    match &*error.arguments() {
        [key] => Ok(vm.repr(key)?.into()),
        _ => plain_str(error, vm),
    }
}
