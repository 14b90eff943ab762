//! Encoding and decoding of text: the codecs of the text crate, the registry for all others, and error handlers written in Python.
//!
//! Invariant: no borrow of the registry is held while a search function, a codec or a handler runs.

use crate::builtins::bytes::Bytes;
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::builtins::{buffer, int, is_none};
use crate::vm::{PyResult, Raised, Vm};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use taipan_heap::{Charge, Obj, Ref, Value};
use taipan_text::codecs::{
    Codec, DecodeFix, DecodeHandler, EncodeFix, EncodeHandler, ErrorHandler, Failure, Problem, Replacement,
};
use taipan_text::{CodePoints, Sink, TextBuffer};

/// The codecs and error handlers registered in an interpreter.
#[derive(Default)]
pub struct Registry {
    search_path: RefCell<Vec<Value>>,
    cache: RefCell<HashMap<String, Value>>,
    errors: RefCell<HashMap<String, Value>>,
    loading: Cell<bool>,
    charge: Charge,
}

/// Bytes of an entry of the registry, about, without its name.
const ENTRY: usize = 2 * size_of::<(String, Value)>();

/// The interpreter's registry.
pub fn registry(vm: &Vm) -> Rc<Registry> {
    vm.interp().state(Registry::default)
}

impl Registry {
    /// `codecs.register`
    pub fn register(&self, vm: &Vm, function: Value) -> PyResult<()> {
        self.count(vm, 0)?;
        self.search_path.borrow_mut().push(function);
        Ok(())
    }

    /// Counts an entry more.
    fn count(&self, vm: &Vm, name: usize) -> PyResult<()> {
        vm.recharge(&self.charge, self.charge.bytes() + ENTRY + name)
    }

    /// `codecs.unregister`
    pub fn unregister(&self, function: &Value) {
        let found = self.search_path.borrow().iter().position(|known| known.is(function));
        if let Some(index) = found {
            let taken = self.search_path.borrow_mut().remove(index);
            let cached = self.cache.take();
            drop((taken, cached));
        }
    }

    /// `codecs.register_error`
    pub fn register_error(&self, vm: &Vm, name: &str, handler: Value) -> PyResult<()> {
        if !self.errors.borrow().contains_key(name) {
            self.count(vm, name.len())?;
        }
        let replaced = self.errors.borrow_mut().insert(name.to_owned(), handler);
        drop(replaced);
        Ok(())
    }

    /// The handler registered under a name.
    pub fn find_error(&self, name: &str) -> Option<Value> {
        self.errors.borrow().get(name).cloned()
    }

    /// `codecs._unregister_error`
    pub fn unregister_error(&self, name: &str) -> bool {
        let removed = self.errors.borrow_mut().remove(name);
        removed.is_some()
    }
}

/// An encoding's name in the spelling that search functions are given.
fn normalize(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    let mut gap = false;
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || c == '.' {
            if gap && !normal.is_empty() {
                normal.push('_');
            }
            gap = false;
            normal.push(c.to_ascii_lowercase());
        } else {
            gap = true;
        }
    }
    normal
}

/// `codecs.lookup`: the CodecInfo of an encoding.
pub fn lookup(vm: &Vm, encoding: &str) -> PyResult<Value> {
    let registry = registry(vm);
    let name = normalize(encoding);
    if let Some(found) = registry.cache.borrow().get(&name) {
        return Ok(found.clone());
    }
    if registry.search_path.borrow().is_empty() && !registry.loading.replace(true) {
        let loaded = crate::builtins::iterator::builtin_function(vm, "__import__")
            .and_then(|import| vm.call(&import, &[Str::new(vm, "encodings")?.into()]));
        registry.loading.set(false);
        loaded?;
    }
    let argument: Value = Str::new(vm, &name)?.into();
    let mut index = 0;
    loop {
        let Some(function) = registry.search_path.borrow().get(index).cloned() else { break };
        index += 1;
        let found = vm.call(&function, std::slice::from_ref(&argument))?;
        if is_none(&found) {
            continue;
        }
        if found.downcast::<Tuple>().is_none_or(|found| found.items().len() != 4) {
            return Err(vm.type_error("codec search functions must return 4-tuples"));
        }
        registry.count(vm, name.len())?;
        let replaced = registry.cache.borrow_mut().insert(name, found.clone());
        drop(replaced);
        return Ok(found);
    }
    Err(vm.lookup_error(format!("unknown encoding: {encoding}")))
}

/// A codec that converts between text and bytes; others are refused.
fn lookup_text(vm: &Vm, encoding: &str, instead: &str) -> PyResult<Value> {
    let codec = lookup(vm, encoding)?;
    let name = vm.intern("_is_text_encoding")?;
    if let Some(answer) = vm.find_attr(&codec, &name)?
        && !vm.is_true(&answer)?
    {
        return Err(
            vm.lookup_error(format!("'{encoding}' is not a text encoding; use {instead} to handle arbitrary codecs"))
        );
    }
    Ok(codec)
}

/// Adds to an exception a note about the codec that raised it.
pub fn noted(vm: &Vm, raised: Raised, operation: &str, encoding: &str) -> Raised {
    let exception = vm.take_exception(raised);
    let note = Str::new(vm, &format!("{operation} with '{encoding}' codec failed"));
    let added = note.and_then(|note| vm.call_method(&exception.to_value(), &*vm.intern("add_note")?, &[note.into()]));
    if let Err(raised) = added {
        drop(vm.take_exception(raised));
    }
    vm.restore(exception)
}

/// Calls function `index` of a codec and gives the first item of the pair it returns.
pub fn run_codec(vm: &Vm, codec: &Value, index: usize, object: &Value, errors: Option<&str>) -> PyResult<Value> {
    let function = codec.downcast::<Tuple>().and_then(|codec| codec.items().get(index).cloned());
    let Some(function) = function else { return Err(vm.type_error("codec search functions must return 4-tuples")) };
    let mut arguments = vec![object.clone()];
    if let Some(errors) = errors {
        arguments.push(Str::new(vm, errors)?.into());
    }
    let result = vm.call(&function, &arguments)?;
    match result.downcast::<Tuple>().map(|pair| pair.items()) {
        Some([first, _]) => Ok(first.clone()),
        _ => {
            let what = if index == 0 { "encoder" } else { "decoder" };
            Err(vm.type_error(format!("{what} must return a tuple (object, integer)")))
        }
    }
}

/// The error handlers that need not be registered.
const HANDLERS: [&str; 8] = [
    "strict",
    "ignore",
    "replace",
    "backslashreplace",
    "xmlcharrefreplace",
    "namereplace",
    "surrogateescape",
    "surrogatepass",
];

/// Raises LookupError if no error handler has this name.
pub fn check_errors(vm: &Vm, errors: &str) -> PyResult<()> {
    if HANDLERS.contains(&errors) || registry(vm).find_error(errors).is_some() {
        return Ok(());
    }
    Err(vm.lookup_error(format!("unknown error handler name '{errors}'")))
}

/// In development mode, encoding and handler must be known even where nothing asks for them.
fn check_early(vm: &Vm, encoding: &str, errors: &str) -> PyResult<()> {
    if vm.interp().dev_mode.get() {
        check_name(vm, encoding)?;
        lookup(vm, encoding)?;
        check_errors(vm, errors)?;
    }
    Ok(())
}

/// `text.encode(encoding, errors)`
pub fn encode(vm: &Vm, text: &Obj<Str>, encoding: &str, errors: &str) -> PyResult<Ref<Bytes>> {
    check_early(vm, encoding, errors)?;
    if encoding == "utf-8" && text.is_ascii() {
        return Bytes::new(vm, text.bytes());
    }
    if let Some(codec) = Codec::from_name(encoding) {
        let bytes = encode_with(vm, text, errors, |handler| codec.encode(&**text, handler))?;
        return Bytes::new(vm, &bytes);
    }
    check_name(vm, encoding)?;
    let codec = lookup_text(vm, encoding, "codecs.encode()")?;
    let result = run_codec(vm, &codec, 0, &text.to_value(), Some(errors));
    let result = result.map_err(|raised| noted(vm, raised, "encoding", encoding))?;
    result.downcast_into::<Bytes>().map_err(|other| {
        let given = vm.type_name(&other);
        vm.type_error(format!(
            "'{encoding}' encoder returned '{given}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types"
        ))
    })
}

fn check_name(vm: &Vm, encoding: &str) -> PyResult<()> {
    if encoding.contains('\0') { Err(vm.value_error("embedded null character")) } else { Ok(()) }
}

/// Decodes a bytes-like object.
pub fn decode(vm: &Vm, object: &Value, encoding: &str, errors: &str) -> PyResult<Ref<Str>> {
    check_early(vm, encoding, errors)?;
    if encoding == "utf-8"
        && let Some(bytes) = object.downcast_exact::<Bytes>()
        && bytes.bytes().is_ascii()
    {
        return Str::from_latin1(vm, bytes.bytes());
    }
    if let Some(codec) = Codec::from_name(encoding) {
        let input = buffer::bytes_of(vm, object)?;
        return decode_codec(vm, codec, &input, errors);
    }
    check_name(vm, encoding)?;
    let codec = lookup_text(vm, encoding, "codecs.decode()")?;
    let result = run_codec(vm, &codec, 1, object, Some(errors));
    let result = result.map_err(|raised| noted(vm, raised, "decoding", encoding))?;
    result.downcast_into::<Str>().map_err(|other| {
        let given = vm.type_name(&other);
        vm.type_error(format!(
            "'{encoding}' decoder returned '{given}' instead of 'str'; use codecs.decode() to decode to arbitrary types"
        ))
    })
}

/// Decodes bytes by one of the codecs that need no lookup.
pub fn decode_codec(vm: &Vm, codec: Codec, input: &[u8], errors: &str) -> PyResult<Ref<Str>> {
    let plain = matches!(codec, Codec::Utf8 | Codec::Ascii | Codec::Latin1);
    if codec == Codec::Latin1 || (plain && input.is_ascii()) {
        return Str::from_latin1(vm, input);
    }
    if codec == Codec::Utf8
        && let Ok(text) = std::str::from_utf8(input)
    {
        return Str::new(vm, text);
    }
    let ((), text) = decode_with(vm, input, errors, |handler, out| codec.decode(input, handler, out))?;
    Str::from_units(vm, text.as_slice())
}

/// Decodes bytes by an algorithm of the text crate, with the error handler of a name.
pub fn decode_with<T>(
    vm: &Vm,
    input: &[u8],
    errors: &str,
    run: impl FnOnce(DecodeHandler<'_, Raised>, &mut TextBuffer) -> Result<T, Failure<Raised>>,
) -> PyResult<(T, TextBuffer)> {
    let mut out = TextBuffer::with_capacity(input.len());
    let mut handler = |problem: &Problem| handle_decode(vm, problem, input, errors);
    match run(&mut handler, &mut out) {
        Ok(result) => Ok((result, out)),
        Err(Failure::Handler(raised)) => Err(raised),
        Err(Failure::Problem(problem)) => Err(raise_decode(vm, &problem, input)),
    }
}

/// Encodes text by an algorithm of the text crate, with the error handler of a name.
pub fn encode_with<T>(
    vm: &Vm,
    text: &Obj<Str>,
    errors: &str,
    run: impl FnOnce(EncodeHandler<'_, Raised>) -> Result<T, Failure<Raised>>,
) -> PyResult<T> {
    let mut handler = |problem: &Problem| handle_encode(vm, problem, text, errors);
    match run(&mut handler) {
        Ok(result) => Ok(result),
        Err(Failure::Handler(raised)) => Err(raised),
        Err(Failure::Problem(problem)) => Err(raise_encode(vm, &problem, text)),
    }
}

fn decode_arguments(vm: &Vm, problem: &Problem, input: &[u8]) -> PyResult<[Value; 5]> {
    let object = Bytes::new(vm, input)?.into();
    arguments(vm, problem, object)
}

fn arguments(vm: &Vm, problem: &Problem, object: Value) -> PyResult<[Value; 5]> {
    Ok([
        Str::new(vm, problem.encoding)?.into(),
        object,
        int::from_i64(vm, problem.start as i64)?,
        int::from_i64(vm, problem.end as i64)?,
        Str::new(vm, &problem.reason)?.into(),
    ])
}

#[cold]
fn raise_decode(vm: &Vm, problem: &Problem, input: &[u8]) -> Raised {
    let made = decode_arguments(vm, problem, input)
        .and_then(|arguments| vm.new_exception(&vm.types().unicode_decode_error, &arguments));
    made.map_or_else(|raised| raised, |exception| vm.raise(exception))
}

#[cold]
fn raise_encode(vm: &Vm, problem: &Problem, text: &Obj<Str>) -> Raised {
    let made = arguments(vm, problem, text.to_value())
        .and_then(|arguments| vm.new_exception(&vm.types().unicode_encode_error, &arguments));
    made.map_or_else(|raised| raised, |exception| vm.raise(exception))
}

fn custom(vm: &Vm, errors: &str) -> PyResult<Value> {
    match registry(vm).find_error(errors) {
        Some(handler) => Ok(handler),
        None => Err(vm.lookup_error(format!("unknown error handler name '{errors}'"))),
    }
}

/// The two items of a handler's answer, and where to go on.
fn answer(vm: &Vm, result: &Value, len: usize, wanted: &str) -> PyResult<(Value, usize)> {
    let refused = || vm.type_error(wanted);
    let Some([replacement, resume]) = result.downcast::<Tuple>().map(|pair| pair.items()) else {
        return Err(refused());
    };
    if !int::is_int(resume) {
        return Err(refused());
    }
    let Some(at) = int::index_i64(vm, resume)? else {
        return Err(vm.index_error("position from error handler out of bounds"));
    };
    let from = if at < 0 { at + len as i64 } else { at };
    match usize::try_from(from).ok().filter(|&from| from <= len) {
        Some(from) => Ok((replacement.clone(), from)),
        None => Err(vm.index_error(format!("position {at} from error handler out of bounds"))),
    }
}

fn buffer_of(text: &Str) -> TextBuffer {
    let mut out = TextBuffer::with_capacity(text.len());
    out.push_range(text, 0..text.len());
    out
}

fn handle_decode(vm: &Vm, problem: &Problem, input: &[u8], errors: &str) -> PyResult<Option<DecodeFix>> {
    if let Some(handler) = ErrorHandler::from_name(errors) {
        if handler.encodes_only() {
            return Err(vm.type_error("don't know how to handle UnicodeDecodeError in error callback"));
        }
        return Ok(handler.decode(problem, input));
    }
    const WANTED: &str = "decoding error handler must return (str, int) tuple";
    let handler = custom(vm, errors)?;
    let exception = vm.new_exception(&vm.types().unicode_decode_error, &decode_arguments(vm, problem, input)?)?;
    let result = vm.call(&handler, &[exception.into()])?;
    let (replacement, resume) = answer(vm, &result, input.len(), WANTED)?;
    match replacement.downcast::<Str>() {
        Some(text) => Ok(Some(DecodeFix { text: buffer_of(text), resume })),
        None => Err(vm.type_error(WANTED)),
    }
}

fn handle_encode(vm: &Vm, problem: &Problem, text: &Obj<Str>, errors: &str) -> PyResult<Option<EncodeFix>> {
    if let Some(handler) = ErrorHandler::from_name(errors) {
        return Ok(handler.encode(problem, &**text));
    }
    const WANTED: &str = "encoding error handler must return (str/bytes, int) tuple";
    let handler = custom(vm, errors)?;
    let exception = vm.new_exception(&vm.types().unicode_encode_error, &arguments(vm, problem, text.to_value())?)?;
    let result = vm.call(&handler, &[exception.into()])?;
    let (replacement, resume) = answer(vm, &result, text.len(), WANTED)?;
    let replacement = if let Some(text) = replacement.downcast::<Str>() {
        Replacement::Text(buffer_of(text))
    } else if let Some(bytes) = replacement.downcast::<Bytes>() {
        Replacement::Bytes(bytes.bytes().to_vec())
    } else {
        return Err(vm.type_error(WANTED));
    };
    Ok(Some(EncodeFix { replacement, resume }))
}

/// The length of a text buffer, for the functions of `_codecs` that tell how much they consumed.
pub fn text_len(text: &TextBuffer) -> usize {
    CodePoints::len(text)
}
