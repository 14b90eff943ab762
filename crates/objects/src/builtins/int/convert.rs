//! Making ints out of other objects, and text out of ints.
//!
//! Invariant: the order of attempts is CPython's: the number protocol first, then text, then bytes.

use super::{as_big, as_small, exact, from_big, from_i64, index_i64, max_str_digits};
use crate::builtins::bytearray::ByteArray;
use crate::builtins::bytes::Bytes;
use crate::builtins::memoryview::{self, MemoryView};
use crate::builtins::str::{SHORT_TEXT, Str};
use crate::native::Args;
use crate::native::unexpected_keyword;
use crate::vm::{PyResult, Raised, Vm};
use std::borrow::Cow;
use taipan_heap::{Obj, OutOfMemory, Ref, Value};
use taipan_numeric::{Int as NumericInt, ParseIntError, parse_int};
use taipan_text::format_value::{IntValue, NumericLocale, format_int};
use taipan_text::{CodePoints, ErrorClass, TextBuffer, TextError};

/// `int(...)`: an int, perhaps of a subclass.
pub fn construct(vm: &Vm, args: Args<'_>) -> PyResult<Value> {
    let positionals = args.positionals();
    if args.values.len() > 2 {
        return Err(vm.type_error(format!("int expected at most 2 arguments, got {}", args.values.len())));
    }
    let mut base = positionals.get(1);
    for (name, value) in args.keywords() {
        if !Str::is_text(name, "base") {
            return Err(unexpected_keyword(vm, "int", name, &["base"]));
        }
        if base.is_some() {
            return Err(vm.type_error("argument for int() given by name ('base') and position (2)"));
        }
        base = Some(value);
    }
    match (positionals.first(), base) {
        (None, None) => Ok(Value::small_int(0)),
        (None, Some(_)) => Err(vm.type_error("int() missing string argument")),
        (Some(value), None) => from_number(vm, value),
        (Some(value), Some(base)) => with_base(vm, value, base),
    }
}

/// `int(value)`
pub fn from_number(vm: &Vm, value: &Value) -> PyResult<Value> {
    if value.is_int() {
        return Ok(value.clone());
    }
    if let Some(text) = value.downcast_exact::<Str>()
        && text.is_ascii()
    {
        return parse_text(vm, text.bytes(), 10, value);
    }
    let slots = &vm.class_of(value).slots;
    if let Some(function) = slots.int.get() {
        let result = function(vm, value)?;
        return exact(vm, &super::checked(vm, "__int__", result)?);
    }
    if slots.index.get().is_some() {
        return exact(vm, &super::index(vm, value)?);
    }
    match parse_object(vm, value, 10)? {
        Some(parsed) => Ok(parsed),
        None => {
            let given = vm.type_name(value);
            Err(vm.type_error(format!(
                "int() argument must be a string, a bytes-like object or a real number, not '{given}'"
            )))
        }
    }
}

fn with_base(vm: &Vm, value: &Value, base: &Value) -> PyResult<Value> {
    let base = index_i64(vm, base)?
        .and_then(|base| u32::try_from(base).ok())
        .filter(|&base| base == 0 || (2..=36).contains(&base));
    let Some(base) = base else {
        return Err(vm.value_error(ParseIntError::BadBase.to_string()));
    };
    let textual = value.downcast::<Str>().is_some()
        || value.downcast::<Bytes>().is_some()
        || value.downcast::<ByteArray>().is_some();
    match if textual { parse_object(vm, value, base)? } else { None } {
        Some(parsed) => Ok(parsed),
        None => Err(vm.type_error("int() can't convert non-string with explicit base")),
    }
}

/// The number that a str or the bytes of an object say; `None` for other objects.
fn parse_object(vm: &Vm, value: &Value, base: u32) -> PyResult<Option<Value>> {
    if let Some(text) = value.downcast::<Str>() {
        return parse_text(vm, &to_ascii(text), base, value).map(Some);
    }
    match buffer_bytes(vm, value)? {
        Some(bytes) if value.downcast::<Bytes>().is_none() => {
            parse_text(vm, &bytes, base, &Bytes::new(vm, &bytes)?.into()).map(Some)
        }
        Some(bytes) => parse_text(vm, &bytes, base, value).map(Some),
        None => Ok(None),
    }
}

/// A copy of the bytes of an object with the buffer protocol.
pub fn buffer_bytes(vm: &Vm, value: &Value) -> PyResult<Option<Vec<u8>>> {
    let Some(function) = vm.class_of(value).slots.buffer.get() else { return Ok(None) };
    if let Some(view) = value.downcast::<MemoryView>()
        && !memoryview::is_contiguous(&*view.layout(vm)?)
    {
        return Ok(None);
    }
    let mut copy = Vec::new();
    let mut room = true;
    function(vm, value, &mut |bytes| {
        room = copy.try_reserve_exact(bytes.len()).is_ok();
        if room {
            copy.extend_from_slice(bytes);
        }
    })?;
    if room { Ok(Some(copy)) } else { Err(vm.out_of_memory(OutOfMemory)) }
}

/// The int that `text` says in `base`; `source` is shown in the message if it says none.
pub fn parse_text(vm: &Vm, text: &[u8], base: u32, source: &Value) -> PyResult<Value> {
    let limit = if text.len() > taipan_numeric::int_parse::MAX_STR_DIGITS_THRESHOLD { max_str_digits(vm) } else { 0 };
    match parse_int(text, base, limit) {
        Ok(NumericInt::Small(small)) => from_i64(vm, small),
        Ok(NumericInt::Big(big)) => from_big(vm, big),
        Err(ParseIntError::InvalidLiteral) => {
            let shown = vm.repr(source)?;
            Err(vm.value_error(format!("invalid literal for int() with base {base}: {}", shown.to_lossy())))
        }
        Err(error) => Err(vm.value_error(error.to_string())),
    }
}

/// The text with decimal digits of all scripts as ASCII digits and spaces as ASCII spaces; `?` for what is neither.
pub fn to_ascii(text: &Obj<Str>) -> Cow<'_, [u8]> {
    if text.is_ascii() {
        return Cow::Borrowed(text.bytes());
    }
    let points: Vec<u32> = text.points().collect();
    Cow::Owned(taipan_text::unicode::transform_decimal_and_space_to_ascii(&points))
}

/// The bytes of a bytes-like object or of an iterable of ints, for `int.from_bytes`.
pub fn bytes_of(vm: &Vm, value: &Value) -> PyResult<Vec<u8>> {
    if let Some(bytes) = value.downcast_exact::<Bytes>() {
        return Ok(bytes.bytes().to_vec());
    }
    let silent = value.downcast_exact::<MemoryView>().is_some() || value.downcast_exact::<ByteArray>().is_some();
    if !silent && let Some(result) = vm.call_special(value, &vm.names().__bytes__, &[])? {
        return match buffer_bytes(vm, &result)? {
            Some(bytes) => Ok(bytes),
            None => {
                let given = vm.type_name(&result);
                Err(vm.type_error(format!("__bytes__ returned non-bytes (type {given})")))
            }
        };
    }
    if let Some(bytes) = buffer_bytes(vm, value)? {
        return Ok(bytes);
    }
    if value.downcast::<Str>().is_some() || vm.class_of(value).slots.iter.get().is_none() {
        let given = vm.type_name(value);
        return Err(vm.type_error(format!("cannot convert '{given}' object to bytes")));
    }
    vm.collect(value)?
        .iter()
        .map(|item| match index_i64(vm, item)?.map(u8::try_from) {
            Some(Ok(byte)) => Ok(byte),
            _ => Err(vm.value_error("bytes must be in range(0, 256)")),
        })
        .collect()
}

/// The exception of a failed text algorithm.
#[cold]
pub fn text_error(vm: &Vm, error: &TextError) -> Raised {
    match error.class {
        ErrorClass::Value => vm.value_error(&error.message),
        ErrorClass::Type => vm.type_error(&error.message),
        ErrorClass::Overflow => vm.overflow_error(&error.message),
        ErrorClass::Lookup => vm.lookup_error(&error.message),
        ErrorClass::Memory => vm.out_of_memory(OutOfMemory),
    }
}

/// A str of what a text algorithm wrote.
pub fn finish(vm: &Vm, text: &TextBuffer) -> PyResult<Ref<Str>> {
    match text {
        TextBuffer::U1(bytes) => Str::from_latin1(vm, bytes),
        TextBuffer::U2(units) => Str::from_points(vm, &units.iter().map(|&unit| u32::from(unit)).collect::<Vec<u32>>()),
        TextBuffer::U4(points) => Str::from_points(vm, points),
    }
}

/// `int.__format__`
pub fn format(vm: &Vm, value: &Value, spec: &Obj<Str>) -> PyResult<Ref<Str>> {
    if spec.is_empty() {
        return vm.str(value);
    }
    let name = vm.type_name(value);
    if spec.is_ascii() {
        return format_number(vm, value, spec.bytes(), &name);
    }
    format_number(vm, value, &**spec, &name)
}

/// An int as a specification says; `name` is its type's, for messages.
pub fn format_number<S: CodePoints + ?Sized>(vm: &Vm, value: &Value, spec: &S, name: &str) -> PyResult<Ref<Str>> {
    let big = if as_small(value).is_some() { None } else { as_big(value) };
    let number = match (as_small(value), &big) {
        (Some(small), _) => IntValue::Small(small),
        (None, Some(big)) => IntValue::Big(big),
        (None, None) => return Err(vm.bad_self("__format__", "int", value)),
    };
    vm.check_spec_room(spec)?;
    let limit = if big.is_some() { max_str_digits(vm) } else { 0 };
    let mut out = TextBuffer::with_capacity(SHORT_TEXT);
    match format_int(number, spec, name, limit, &NumericLocale::default(), &mut out) {
        Ok(()) => finish(vm, &out),
        Err(error) => Err(text_error(vm, &error)),
    }
}
