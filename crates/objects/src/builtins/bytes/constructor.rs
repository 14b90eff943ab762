//! `bytes(...)` and the reading of arguments that it shares with `bytearray(...)`.
//!
//! Invariant: an exact bytes object is its own copy.

use super::Bytes;
use super::algorithms::byte;
use crate::builtins::str::Str;
use crate::builtins::{buffer, int};
use crate::native::Args;
use crate::native::unexpected_keyword;
use crate::types::Type;
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, OutOfMemory, Value, flags};

/// What a constructor was given: source, encoding, errors.
pub type Given<'a> = [Option<&'a Value>; 3];

/// Binds the arguments of `bytes()` or `bytearray()`.
pub fn bind<'a>(vm: &Vm, name: &str, args: Args<'a>) -> PyResult<Given<'a>> {
    const NAMES: [&str; 3] = ["source", "encoding", "errors"];
    if args.values.len() > 3 {
        let given = args.values.len();
        return Err(vm.type_error(format!("{name}() takes at most 3 arguments ({given} given)")));
    }
    let mut given = [None; 3];
    for (slot, value) in given.iter_mut().zip(args.positionals()) {
        *slot = Some(value);
    }
    for (key, value) in args.keywords() {
        let Some(index) = NAMES.iter().position(|known| Str::is_text(key, known)) else {
            return Err(unexpected_keyword(vm, name, key, &NAMES));
        };
        if given[index].replace(value).is_some() {
            let (key, at) = (NAMES[index], index + 1);
            return Err(vm.type_error(format!("argument for {name}() given by name ('{key}') and position ({at})")));
        }
    }
    for index in 1..3 {
        if let Some(value) = given[index].filter(|value| value.downcast::<Str>().is_none()) {
            let (key, given) = (NAMES[index], vm.given_name(value));
            return Err(vm.type_error(format!("{name}() argument '{key}' must be str, not {given}")));
        }
    }
    Ok(given)
}

/// The bytes that the arguments of a constructor stand for, `__bytes__` left out.
pub fn read(vm: &Vm, name: &str, [source, encoding, errors]: Given<'_>) -> PyResult<Vec<u8>> {
    let option = |value: Option<&Value>, absent: &str| value.map_or_else(|| absent.to_owned(), Str::display);
    let Some(source) = source else {
        if encoding.is_some() || errors.is_some() {
            let what = if encoding.is_some() { "encoding" } else { "errors" };
            return Err(vm.type_error(format!("{what} without a string argument")));
        }
        return Ok(Vec::new());
    };
    if let Some(text) = source.downcast::<Str>() {
        if encoding.is_none() {
            let message = "string argument without an encoding";
            return Err(vm.type_error(message));
        }
        let encoded = crate::codecs::encode(vm, text, &option(encoding, "utf-8"), &option(errors, "strict"))?;
        return Ok(encoded.bytes().to_vec());
    }
    if encoding.is_some() || errors.is_some() {
        let what = if encoding.is_some() { "encoding" } else { "errors" };
        return Err(vm.type_error(format!("{what} without a string argument")));
    }
    if int::is_int(source) || (vm.class_of(source).slots.index.get().is_some() && !buffer::is_buffer(vm, source)) {
        return zeros(vm, source);
    }
    if buffer::is_buffer(vm, source) {
        return buffer::to_vec(vm, source);
    }
    let slots = &vm.class_of(source).slots;
    if slots.iter.get().is_none() && slots.getitem.get().is_none() {
        let given = vm.type_name(source);
        return Err(vm.type_error(format!("cannot convert '{given}' object to {name}")));
    }
    from_iterable(vm, source, if name == "bytes" { "bytes" } else { "byte" })
}

fn zeros(vm: &Vm, source: &Value) -> PyResult<Vec<u8>> {
    let Some(count) = int::index_i64(vm, source)? else {
        let given = vm.type_name(source);
        return Err(vm.overflow_error(format!("cannot fit '{given}' into an index-sized integer")));
    };
    let Ok(count) = usize::try_from(count) else { return Err(vm.value_error("negative count")) };
    let mut data = Vec::new();
    if count > vm.text_room() || data.try_reserve_exact(count).is_err() {
        return Err(vm.out_of_memory(OutOfMemory));
    }
    data.resize(count, 0);
    Ok(data)
}

/// The bytes of an iterable of ints.
pub fn from_iterable(vm: &Vm, source: &Value, what: &str) -> PyResult<Vec<u8>> {
    let iterator = vm.iter(source)?;
    vm.ask_length(source)?;
    let mut data = Vec::new();
    while let Some(item) = vm.next(&iterator)? {
        if data.len() == data.capacity() {
            vm.check_room(2 * data.len())?;
        }
        data.push(byte(vm, &item, what)?);
        if data.len() > vm.text_room() {
            return Err(vm.out_of_memory(OutOfMemory));
        }
    }
    Ok(data)
}

/// `class(source, encoding, errors)`
pub(super) fn construct_bytes(vm: &Vm, class: &Obj<Type>, args: Args<'_>) -> PyResult<Value> {
    let given = bind(vm, "bytes", args)?;
    let exact = class.is_same(&*vm.types().bytes);
    if let [Some(source), None, None] = given {
        let own = source.downcast::<Bytes>().filter(|own| own.header().kind().has(flags::EXACT));
        if let Some(own) = own.filter(|_| exact) {
            return Ok(own.to_value());
        }
        if own.is_none()
            && let Some(result) = vm.call_special(source, &vm.names().__bytes__, &[])?
        {
            let Some(bytes) = result.downcast::<Bytes>() else {
                let given = vm.type_name(&result);
                return Err(vm.type_error(format!("__bytes__ returned non-bytes (type {given})")));
            };
            return if exact { Ok(result) } else { Ok(Bytes::new_subclass(vm, class, bytes.bytes().to_vec())?.into()) };
        }
    }
    let data = read(vm, "bytes", given)?;
    if exact { Ok(Bytes::new(vm, &data)?.into()) } else { Ok(Bytes::new_subclass(vm, class, data)?.into()) }
}
