//! `UnicodeEncodeError`, `UnicodeDecodeError`, `UnicodeTranslateError`: one payload, three constructors.
//!
//! Invariant: `encoding` and `reason` are strs, `object` is a str (bytes for decoding), once the exception is initialised and unless the program sets them.

use super::fields::base;
use super::{BaseException, Extended, add_fields};
use crate::builtins::bytes::Bytes;
use crate::builtins::str::Str;
use crate::builtins::{NONE, buffer, int};
use crate::native::{Args, GetSetDef, IntoValue, TypeSpec};
use crate::types::{Type, type_flags};
use crate::vm::{PyResult, Raised, Vm};
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Slot, Value};

/// A Unicode error with a position.
#[derive(Payload)]
#[repr(C)]
#[payload(name = "UnicodeError", base = BaseException)]
pub struct UnicodeError {
    /// What all exceptions have.
    pub base: BaseException,
    /// `encoding`
    pub encoding: Slot,
    /// `object`
    pub object: Slot,
    /// `start`
    pub start: Cell<i64>,
    /// `end`
    pub end: Cell<i64>,
    /// `reason`
    pub reason: Slot,
}

impl Extended for UnicodeError {
    fn from_base(base: BaseException) -> UnicodeError {
        UnicodeError {
            base,
            encoding: Slot::default(),
            object: Slot::default(),
            start: Cell::new(0),
            end: Cell::new(0),
            reason: Slot::default(),
        }
    }
}

fn this_error<'a>(vm: &Vm, value: &'a Value, name: &str) -> PyResult<&'a Obj<UnicodeError>> {
    value.downcast::<UnicodeError>().ok_or_else(|| vm.bad_self(name, "UnicodeError", value))
}

macro_rules! str_field {
    ($python:literal, $field:ident) => {
        GetSetDef {
            name: $python,
            member: true,
            doc: "",
            get: |vm, this| Ok(this_error(vm, this, $python)?.$field.get().unwrap_or(NONE)),
            set: Some(|vm, this, value| {
                this_error(vm, this, $python)?.$field.set(value.cloned());
                Ok(())
            }),
        }
    };
}

macro_rules! position_field {
    ($python:literal, $field:ident) => {
        GetSetDef {
            name: $python,
            member: true,
            doc: "",
            get: |vm, this| this_error(vm, this, $python)?.$field.get().into_value(vm),
            set: Some(|vm, this, value| {
                let this = this_error(vm, this, $python)?;
                let Some(value) = value else { return Err(vm.type_error("can't delete numeric/char attribute")) };
                this.$field.set(int::index_clamped(vm, value)?);
                Ok(())
            }),
        }
    };
}

static ENCODED_FIELDS: &[GetSetDef] = &[
    str_field!("encoding", encoding),
    str_field!("object", object),
    position_field!("start", start),
    position_field!("end", end),
    str_field!("reason", reason),
];
static TRANSLATED_FIELDS: &[GetSetDef] = &[
    str_field!("object", object),
    position_field!("start", start),
    position_field!("end", end),
    str_field!("reason", reason),
];

fn init(vm: &Vm, this: &Value, args: Args<'_>, wanted: usize, bytes: bool) -> PyResult<()> {
    let error = this_error(vm, this, "__init__")?;
    BaseException::init(&base(error), vm, args)?;
    if args.values.len() != wanted {
        let given = args.values.len();
        return Err(vm.type_error(format!("function takes exactly {wanted} arguments ({given} given)")));
    }
    let text = |index: usize| match args.values[index].downcast::<Str>() {
        Some(_) => Ok(args.values[index].clone()),
        None => {
            let given = vm.type_name(&args.values[index]);
            Err(vm.type_error(format!("argument {} must be str, not {given}", index + 1)))
        }
    };
    let first = wanted - 4;
    let encoding = if first == 1 { Some(text(0)?) } else { None };
    let object = &args.values[first];
    if bytes && vm.class_of(object).slots.buffer.get().is_none() {
        let given = vm.type_name(object);
        return Err(vm.type_error(format!("a bytes-like object is required, not '{given}'")));
    }
    let object = match bytes {
        true if object.downcast::<Bytes>().is_some() => object.clone(),
        true => Bytes::new(vm, &buffer::bytes_of(vm, object)?)?.into(),
        false => text(first)?,
    };
    let position = |index: usize| {
        let too_large = || vm.overflow_error("Python int too large to convert to C ssize_t");
        int::index_i64(vm, &args.values[index])?.ok_or_else(too_large)
    };
    let (start, end) = (position(first + 1)?, position(first + 2)?);
    let reason = text(first + 3)?;
    error.encoding.set(encoding);
    error.object.set(Some(object));
    error.start.set(start);
    error.end.set(end);
    error.reason.set(Some(reason));
    Ok(())
}

/// The one item of an object of `len` items that the error is about, if it is one.
fn single(error: &UnicodeError, len: usize) -> Option<usize> {
    let (start, end) = (error.start.get(), error.end.get());
    let start = usize::try_from(start).ok().filter(|_| start.checked_add(1) == Some(end))?;
    (start < len).then_some(start)
}

fn shown_point(object: &Obj<Str>, at: usize) -> String {
    match object.point(at) {
        point @ 0..=0xff => format!("\\x{point:02x}"),
        point @ 0x100..=0xffff => format!("\\u{point:04x}"),
        point => format!("\\U{point:08x}"),
    }
}

fn text_of(vm: &Vm, slot: &Slot) -> PyResult<String> {
    match slot.get() {
        Some(value) => Ok(vm.str(&value)?.to_lossy().into_owned()),
        None => Ok(String::new()),
    }
}

/// Says what is wrong with the object; None for an error that was never initialised. What `reason` and `encoding` do when they are
/// made into text may have changed the object, so it is looked at last.
fn described(
    vm: &Vm,
    error: &UnicodeError,
    kind: &str,
    show: impl FnOnce(&Value) -> PyResult<(String, String)>,
) -> PyResult<Value> {
    if error.object.get().is_none() {
        return "".into_value(vm);
    }
    let (encoding, reason) = (text_of(vm, &error.encoding)?, text_of(vm, &error.reason)?);
    let codec = if kind == "translate" { String::new() } else { format!("'{encoding}' codec ") };
    let (what, place) = show(&error.object.get().unwrap_or(NONE))?;
    format!("{codec}can't {kind} {what} in position {place}: {reason}").into_value(vm)
}

fn bad_object(vm: &Vm, kind: &str) -> Raised {
    vm.type_error(format!("UnicodeError 'object' attribute must be a {kind}"))
}

/// The positions of several items.
fn span(error: &UnicodeError) -> String {
    format!("{}-{}", error.start.get(), error.end.get().wrapping_sub(1))
}

fn str_characters(vm: &Vm, this: &Value, kind: &str) -> PyResult<Value> {
    let error = this_error(vm, this, "__str__")?;
    described(vm, error, kind, |object| {
        let object = object.downcast::<Str>().ok_or_else(|| bad_object(vm, "string"))?;
        Ok(match single(error, object.len()) {
            Some(at) => (format!("character '{}'", shown_point(object, at)), at.to_string()),
            None => ("characters".to_owned(), span(error)),
        })
    })
}

fn str_encode(vm: &Vm, this: &Value) -> PyResult<Value> {
    str_characters(vm, this, "encode")
}

fn str_translate(vm: &Vm, this: &Value) -> PyResult<Value> {
    str_characters(vm, this, "translate")
}

fn str_decode(vm: &Vm, this: &Value) -> PyResult<Value> {
    let error = this_error(vm, this, "__str__")?;
    described(vm, error, "decode", |object| {
        let object = object.downcast::<Bytes>().ok_or_else(|| bad_object(vm, "bytes"))?;
        let bytes = object.bytes();
        Ok(match single(error, bytes.len()) {
            Some(at) => (format!("byte {:#04x}", bytes[at]), at.to_string()),
            None => ("bytes".to_owned(), span(error)),
        })
    })
}

macro_rules! spec {
    ($(#[doc = $doc:literal])* $name:ident $python:literal $fields:ident $init:expr, $str:expr) => {
        $(#[doc = $doc])*
        pub static $name: TypeSpec = TypeSpec {
            flags: type_flags::BASETYPE | type_flags::HAS_DICT,
            fill_slots: |slots| {
                slots.init.set(Some($init));
                slots.str.set(Some($str));
            },
            ready: Some(|vm: &Vm, class: &Obj<Type>| add_fields(vm, class, $fields)),
            ..TypeSpec::bare($python, <UnicodeError as Payload>::info)
        };
    };
}

spec! {
    /// `UnicodeDecodeError`
    UNICODE_DECODE_ERROR "UnicodeDecodeError" ENCODED_FIELDS |vm, this, args| init(vm, this, args, 5, true), str_decode
}
spec! {
    /// `UnicodeEncodeError`
    UNICODE_ENCODE_ERROR "UnicodeEncodeError" ENCODED_FIELDS |vm, this, args| init(vm, this, args, 5, false), str_encode
}
spec! {
    /// `UnicodeTranslateError`
    UNICODE_TRANSLATE_ERROR "UnicodeTranslateError" TRANSLATED_FIELDS |vm, this, args| init(vm, this, args, 4, false), str_translate
}

impl Vm {
    /// Raises UnicodeEncodeError or UnicodeDecodeError (`class`) for `object[start..end]`.
    #[cold]
    pub fn unicode_error(
        &self,
        class: &Obj<Type>,
        encoding: &str,
        object: &Value,
        (start, end): (usize, usize),
        reason: &str,
    ) -> Raised {
        let make = || {
            let arguments = [
                encoding.into_value(self)?,
                object.clone(),
                start.into_value(self)?,
                end.into_value(self)?,
                reason.into_value(self)?,
            ];
            self.new_exception(class, &arguments)
        };
        match make() {
            Ok(exception) => self.raise(exception),
            Err(raised) => raised,
        }
    }
}
