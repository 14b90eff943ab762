//! `_codecs`: the codec functions that the `encodings` package is made of, and the registry of codecs and error handlers.
//!
//! Invariant: encoders answer `(bytes, characters consumed)`, decoders `(str, bytes consumed)`.

mod charmap;
mod handlers;

pub use module::spec;

use taipan_heap::{Obj, Ref, Value};
use taipan_macros::pymodule;
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{buffer, int, is_none};
use taipan_objects::codecs::{self, decode_with, encode_with, registry};
use taipan_objects::vm::{PyResult, Raised, Vm};
use taipan_text::codecs as algorithms;
use taipan_text::codecs::{ByteOrder, DecodeHandler, EncodeHandler, Failure};
use taipan_text::{TextBuffer, TextError};

type Encoded = Result<Vec<u8>, Failure<Raised>>;
type Decoded = Result<usize, Failure<Raised>>;

/// The name of an error handler: a str or None.
fn errors_name(vm: &Vm, errors: Option<&Value>, function: &str) -> PyResult<String> {
    match errors.filter(|errors| !is_none(errors)) {
        None => Ok("strict".to_owned()),
        Some(errors) => match errors.downcast::<Str>() {
            Some(errors) => Ok(errors.to_lossy().into_owned()),
            None => {
                let given = vm.type_name(errors);
                Err(vm.type_error(format!("{function}() argument 2 must be str or None, not {given}")))
            }
        },
    }
}

fn pair(vm: &Vm, first: Value, consumed: usize) -> PyResult<Ref<Tuple>> {
    Tuple::pair(vm, first, int::from_i64(vm, consumed as i64)?)
}

fn encoded(
    vm: &Vm,
    text: &Obj<Str>,
    errors: Option<&Value>,
    name: &str,
    run: impl FnOnce(EncodeHandler<'_, Raised>) -> Encoded,
) -> PyResult<Ref<Tuple>> {
    let errors = errors_name(vm, errors, name)?;
    let bytes = encode_with(vm, text, &errors, run)?;
    pair(vm, Bytes::new(vm, &bytes)?.into(), text.len())
}

fn decoded(
    vm: &Vm,
    data: &Value,
    errors: Option<&Value>,
    name: &str,
    run: impl FnOnce(&[u8], DecodeHandler<'_, Raised>, &mut TextBuffer) -> Decoded,
) -> PyResult<Ref<Tuple>> {
    let errors = errors_name(vm, errors, name)?;
    let input = buffer::bytes_of(vm, data)?;
    let (consumed, text) = decode_with(vm, &input, &errors, |handler, out| run(&input, handler, out))?;
    pair(vm, Str::from_units(vm, text.as_slice())?.into(), consumed)
}

/// Warns of an escape that decodes to something else than its author may think.
fn warn_of_escape(vm: &Vm, dubious: Option<algorithms::EscapeWarning>, prefix: &str) -> PyResult<()> {
    let (escape, kind) = match dubious {
        None => return Ok(()),
        Some(algorithms::EscapeWarning::Invalid(byte)) => (char::from(byte).to_string(), "invalid escape sequence"),
        Some(algorithms::EscapeWarning::Octal(value)) => (format!("{value:o}"), "invalid octal escape sequence"),
    };
    let message = format!("{prefix}\"\\{escape}\" is an {kind}. Such sequences will not work in the future. ");
    crate::warnings::warn(vm, &vm.types().deprecation_warning, &message, 1)
}

/// The bytes of a str (in UTF-8) or of a bytes-like object.
fn text_or_bytes(vm: &Vm, data: &Value) -> PyResult<Vec<u8>> {
    match data.downcast::<Str>() {
        Some(text) => Ok(codecs::encode(vm, text, "utf-8", "strict")?.bytes().to_vec()),
        None => buffer::to_vec(vm, data),
    }
}

fn order(byteorder: i32) -> Option<ByteOrder> {
    match byteorder {
        0 => None,
        1.. => Some(ByteOrder::Big),
        _ => Some(ByteOrder::Little),
    }
}

fn ex_decoded(
    vm: &Vm,
    data: &Value,
    errors: Option<&Value>,
    name: &str,
    byteorder: i32,
    run: impl FnOnce(&[u8], &mut Option<ByteOrder>, DecodeHandler<'_, Raised>, &mut TextBuffer) -> Decoded,
) -> PyResult<Ref<Tuple>> {
    let mut found = order(byteorder);
    let answer = decoded(vm, data, errors, name, |input, handler, out| run(input, &mut found, handler, out))?;
    let found = match found {
        None => 0,
        Some(ByteOrder::Little) => -1,
        Some(ByteOrder::Big) => 1,
    };
    let [text, consumed] = answer.items() else { return Ok(answer) };
    Tuple::new(vm, [text.clone(), consumed.clone(), Value::small_int(found)].into_iter())
}

fn callable(vm: &Vm, value: &Value) -> bool {
    vm.class_of(value).slots.call.get().is_some()
}

const BUILTIN_HANDLERS: [&str; 8] = [
    "strict",
    "ignore",
    "replace",
    "backslashreplace",
    "surrogateescape",
    "surrogatepass",
    "xmlcharrefreplace",
    "namereplace",
];

/// Codecs and their registry.
#[pymodule(name = "_codecs")]
mod module {
    use super::*;

    /// Register a codec search function.
    #[function(sig = "search_function, /")]
    fn register(vm: &Vm, search_function: &Value) -> PyResult<()> {
        if !callable(vm, search_function) {
            return Err(vm.type_error("argument must be callable"));
        }
        registry(vm).register(vm, search_function.clone())?;
        Ok(())
    }

    /// Unregister a codec search function and clear the registry's cache.
    #[function(sig = "search_function, /")]
    fn unregister(vm: &Vm, search_function: &Value) {
        registry(vm).unregister(search_function);
    }

    /// Look a codec up and return its CodecInfo.
    #[function(sig = "encoding, /")]
    fn lookup(vm: &Vm, encoding: &Obj<Str>) -> PyResult<Value> {
        // Neither lone surrogates nor null characters are part of any name.
        codecs::encode(vm, encoding, "utf-8", "strict")?;
        if encoding.points().any(|point| point == 0) {
            return Err(vm.value_error("embedded null character"));
        }
        codecs::lookup(vm, &encoding.to_lossy())
    }

    /// Encode obj using the codec registered for encoding.
    #[function(sig = "obj, encoding='utf-8', errors='strict'")]
    fn encode(vm: &Vm, obj: &Value, encoding: Option<&Obj<Str>>, errors: Option<&Obj<Str>>) -> PyResult<Value> {
        let encoding = encoding.map_or("utf-8".into(), |encoding| encoding.to_lossy());
        let codec = codecs::lookup(vm, &encoding)?;
        let encoded = codecs::run_codec(vm, &codec, 0, obj, errors.map(|errors| errors.to_lossy()).as_deref());
        encoded.map_err(|raised| codecs::noted(vm, raised, "encoding", &encoding))
    }

    /// Decode obj using the codec registered for encoding.
    #[function(sig = "obj, encoding='utf-8', errors='strict'")]
    fn decode(vm: &Vm, obj: &Value, encoding: Option<&Obj<Str>>, errors: Option<&Obj<Str>>) -> PyResult<Value> {
        let encoding = encoding.map_or("utf-8".into(), |encoding| encoding.to_lossy());
        let codec = codecs::lookup(vm, &encoding)?;
        let decoded = codecs::run_codec(vm, &codec, 1, obj, errors.map(|errors| errors.to_lossy()).as_deref());
        decoded.map_err(|raised| codecs::noted(vm, raised, "decoding", &encoding))
    }

    /// Register an error handler under a name.
    #[function(sig = "errors, handler, /")]
    fn register_error(vm: &Vm, errors: &Obj<Str>, handler: &Value) -> PyResult<()> {
        if !callable(vm, handler) {
            return Err(vm.type_error("handler must be callable"));
        }
        registry(vm).register_error(vm, &errors.to_lossy(), handler.clone())?;
        Ok(())
    }

    /// Un-register the error handler of a name; whether there was one.
    #[function(name = "_unregister_error", sig = "errors, /")]
    fn unregister_error(vm: &Vm, errors: &Obj<Str>) -> PyResult<bool> {
        let name = errors.to_lossy();
        if BUILTIN_HANDLERS.contains(&&*name) {
            return Err(vm.value_error(format!("cannot un-register built-in error handler '{name}'")));
        }
        Ok(registry(vm).unregister_error(&name))
    }

    /// Return the error handler of a name.
    #[function(sig = "name, /")]
    fn lookup_error(vm: &Vm, name: &Obj<Str>) -> PyResult<Value> {
        let name = name.to_lossy();
        if let Some(found) = registry(vm).find_error(&name) {
            return Ok(found);
        }
        match handlers::builtin(vm, &name)? {
            Some(handler) => Ok(handler),
            None => Err(vm.lookup_error(format!("unknown error handler name '{name}'"))),
        }
    }

    /// Encode the bytes of an object with the buffer protocol, or of a str in UTF-8.
    #[function(sig = "data, errors=None, /")]
    fn readbuffer_encode(vm: &Vm, data: &Value, errors: Option<&Value>) -> PyResult<Ref<Tuple>> {
        errors_name(vm, errors, "readbuffer_encode")?;
        let bytes = text_or_bytes(vm, data)?;
        pair(vm, Bytes::new(vm, &bytes)?.into(), bytes.len())
    }

    /// Decode the escapes of a bytes literal.
    #[function(sig = "data, errors=None, /")]
    fn escape_decode(vm: &Vm, data: &Value, errors: Option<&Value>) -> PyResult<Ref<Tuple>> {
        let errors = errors_name(vm, errors, "escape_decode")?;
        let input = text_or_bytes(vm, data)?;
        let decoded = algorithms::decode_byte_escapes(&input, algorithms::BadHex::from_name(&errors));
        let (bytes, dubious) = decoded.map_err(|error: TextError| vm.text_error(error))?;
        warn_of_escape(vm, dubious, "b")?;
        pair(vm, Bytes::new(vm, &bytes)?.into(), input.len())
    }

    /// Escape bytes as in a literal.
    #[function(sig = "data, errors=None, /")]
    fn escape_encode(vm: &Vm, data: &Obj<Bytes>, errors: Option<&Value>) -> PyResult<Ref<Tuple>> {
        errors_name(vm, errors, "escape_encode")?;
        let bytes = algorithms::encode_byte_escapes(data.bytes());
        pair(vm, Bytes::new(vm, &bytes)?.into(), data.bytes().len())
    }

    /// Decode text with backslash escapes.
    #[function(sig = "data, errors=None, final=True, /")]
    fn unicode_escape_decode(
        vm: &Vm,
        data: &Value,
        errors: Option<&Value>,
        #[default(true)] last: bool,
    ) -> PyResult<Ref<Tuple>> {
        let data: Value = Bytes::new(vm, &text_or_bytes(vm, data)?)?.into();
        let mut found = None;
        let made = decoded(vm, &data, errors, "unicode_escape_decode", |input, handler, out| {
            let (consumed, dubious) = algorithms::decode_unicode_escape(input, last, handler, out)?;
            found = dubious;
            Ok(consumed)
        })?;
        warn_of_escape(vm, found, "")?;
        Ok(made)
    }

    /// Decode text with escapes of code points only.
    #[function(sig = "data, errors=None, final=True, /")]
    fn raw_unicode_escape_decode(
        vm: &Vm,
        data: &Value,
        errors: Option<&Value>,
        #[default(true)] last: bool,
    ) -> PyResult<Ref<Tuple>> {
        let data: Value = Bytes::new(vm, &text_or_bytes(vm, data)?)?.into();
        decoded(vm, &data, errors, "raw_unicode_escape_decode", |input, handler, out| {
            algorithms::decode_raw_unicode_escape(input, last, handler, out)
        })
    }

    /// Make a mapping for charmap_encode out of a decoding table.
    #[function(sig = "map, /")]
    fn charmap_build(vm: &Vm, map: &Obj<Str>) -> PyResult<Value> {
        charmap::build(vm, map)
    }

    /// Encode by a mapping from code points.
    #[function(sig = "str, errors=None, mapping=None, /")]
    fn charmap_encode(
        vm: &Vm,
        str: &Obj<Str>,
        errors: Option<&Value>,
        mapping: Option<&Value>,
    ) -> PyResult<Ref<Tuple>> {
        let mapping = mapping.filter(|mapping| !is_none(mapping));
        encoded(vm, str, errors, "charmap_encode", |handler| match mapping {
            None => algorithms::encode_latin1(&**str, handler),
            Some(mapping) => {
                algorithms::encode_charmap(&**str, &mut |c, out| charmap::encode_one(vm, mapping, c, out), handler)
            }
        })
    }

    /// Decode by a table or a mapping from bytes.
    #[function(sig = "data, errors=None, mapping=None, /")]
    fn charmap_decode(vm: &Vm, data: &Value, errors: Option<&Value>, mapping: Option<&Value>) -> PyResult<Ref<Tuple>> {
        let mapping = mapping.filter(|mapping| !is_none(mapping));
        decoded(vm, data, errors, "charmap_decode", |input, handler, out| {
            match mapping {
                None => algorithms::decode_latin1(input, out),
                Some(mapping) => match mapping.downcast::<Str>() {
                    Some(table) => algorithms::decode_charmap(input, &**table, handler, out)?,
                    None => charmap::decode(vm, input, mapping, handler, out)?,
                },
            }
            Ok(input.len())
        })
    }

    /// Encode text as ASCII with backslash escapes.
    #[function(sig = "str, errors=None, /")]
    fn unicode_escape_encode(vm: &Vm, str: &Obj<Str>, errors: Option<&Value>) -> PyResult<Ref<Tuple>> {
        encoded(vm, str, errors, "unicode_escape_encode", |_| Ok(algorithms::encode_unicode_escape(&**str)))
    }

    /// Encode text as Latin-1 with escapes of other code points.
    #[function(sig = "str, errors=None, /")]
    fn raw_unicode_escape_encode(vm: &Vm, str: &Obj<Str>, errors: Option<&Value>) -> PyResult<Ref<Tuple>> {
        encoded(vm, str, errors, "raw_unicode_escape_encode", |_| Ok(algorithms::encode_raw_unicode_escape(&**str)))
    }

    /// Encode text as UTF-7.
    #[function(sig = "str, errors=None, /")]
    fn utf_7_encode(vm: &Vm, str: &Obj<Str>, errors: Option<&Value>) -> PyResult<Ref<Tuple>> {
        encoded(vm, str, errors, "utf_7_encode", |_| Ok(algorithms::encode_utf7(&**str)))
    }

    /// Decode UTF-7.
    #[function(sig = "data, errors=None, final=False, /")]
    fn utf_7_decode(
        vm: &Vm,
        data: &Value,
        errors: Option<&Value>,
        #[default(false)] last: bool,
    ) -> PyResult<Ref<Tuple>> {
        decoded(vm, data, errors, "utf_7_decode", |input, handler, out| {
            algorithms::decode_utf7(input, last, handler, out)
        })
    }

    /// Encode text as UTF-8.
    #[function(sig = "str, errors=None, /")]
    fn utf_8_encode(vm: &Vm, str: &Obj<Str>, errors: Option<&Value>) -> PyResult<Ref<Tuple>> {
        encoded(vm, str, errors, "utf_8_encode", |handler| algorithms::encode_utf8(&**str, handler))
    }

    /// Decode UTF-8.
    #[function(sig = "data, errors=None, final=False, /")]
    fn utf_8_decode(
        vm: &Vm,
        data: &Value,
        errors: Option<&Value>,
        #[default(false)] last: bool,
    ) -> PyResult<Ref<Tuple>> {
        decoded(vm, data, errors, "utf_8_decode", |input, handler, out| {
            algorithms::decode_utf8(input, last, handler, out)
        })
    }

    /// Encode text as Latin-1.
    #[function(sig = "str, errors=None, /")]
    fn latin_1_encode(vm: &Vm, str: &Obj<Str>, errors: Option<&Value>) -> PyResult<Ref<Tuple>> {
        encoded(vm, str, errors, "latin_1_encode", |handler| algorithms::encode_latin1(&**str, handler))
    }

    /// Decode Latin-1.
    #[function(sig = "data, errors=None, /")]
    fn latin_1_decode(vm: &Vm, data: &Value, errors: Option<&Value>) -> PyResult<Ref<Tuple>> {
        decoded(vm, data, errors, "latin_1_decode", |input, _, out| {
            algorithms::decode_latin1(input, out);
            Ok(input.len())
        })
    }

    /// Encode text as ASCII.
    #[function(sig = "str, errors=None, /")]
    fn ascii_encode(vm: &Vm, str: &Obj<Str>, errors: Option<&Value>) -> PyResult<Ref<Tuple>> {
        encoded(vm, str, errors, "ascii_encode", |handler| algorithms::encode_ascii(&**str, handler))
    }

    /// Decode ASCII.
    #[function(sig = "data, errors=None, /")]
    fn ascii_decode(vm: &Vm, data: &Value, errors: Option<&Value>) -> PyResult<Ref<Tuple>> {
        decoded(vm, data, errors, "ascii_decode", |input, handler, out| {
            algorithms::decode_ascii(input, handler, out).map(|()| input.len())
        })
    }

    /// Encode text as UTF-16, with a byte order mark unless an order is given.
    #[function(sig = "str, errors=None, byteorder=0, /")]
    fn utf_16_encode(vm: &Vm, str: &Obj<Str>, errors: Option<&Value>, byteorder: i32) -> PyResult<Ref<Tuple>> {
        encoded(vm, str, errors, "utf_16_encode", |handler| algorithms::encode_utf16(&**str, order(byteorder), handler))
    }

    /// Decode UTF-16, whose byte order mark may tell the order.
    #[function(sig = "data, errors=None, final=False, /")]
    fn utf_16_decode(
        vm: &Vm,
        data: &Value,
        errors: Option<&Value>,
        #[default(false)] last: bool,
    ) -> PyResult<Ref<Tuple>> {
        decoded(vm, data, errors, "utf_16_decode", |input, handler, out| {
            algorithms::decode_utf16(input, &mut None, last, handler, out)
        })
    }

    /// Encode text as UTF-16 in little-endian order.
    #[function(sig = "str, errors=None, /")]
    fn utf_16_le_encode(vm: &Vm, str: &Obj<Str>, errors: Option<&Value>) -> PyResult<Ref<Tuple>> {
        encoded(vm, str, errors, "utf_16_le_encode", |handler| {
            algorithms::encode_utf16(&**str, Some(ByteOrder::Little), handler)
        })
    }

    /// Decode UTF-16 in little-endian order.
    #[function(sig = "data, errors=None, final=False, /")]
    fn utf_16_le_decode(
        vm: &Vm,
        data: &Value,
        errors: Option<&Value>,
        #[default(false)] last: bool,
    ) -> PyResult<Ref<Tuple>> {
        decoded(vm, data, errors, "utf_16_le_decode", |input, handler, out| {
            algorithms::decode_utf16(input, &mut Some(ByteOrder::Little), last, handler, out)
        })
    }

    /// Encode text as UTF-16 in big-endian order.
    #[function(sig = "str, errors=None, /")]
    fn utf_16_be_encode(vm: &Vm, str: &Obj<Str>, errors: Option<&Value>) -> PyResult<Ref<Tuple>> {
        encoded(vm, str, errors, "utf_16_be_encode", |handler| {
            algorithms::encode_utf16(&**str, Some(ByteOrder::Big), handler)
        })
    }

    /// Decode UTF-16 in big-endian order.
    #[function(sig = "data, errors=None, final=False, /")]
    fn utf_16_be_decode(
        vm: &Vm,
        data: &Value,
        errors: Option<&Value>,
        #[default(false)] last: bool,
    ) -> PyResult<Ref<Tuple>> {
        decoded(vm, data, errors, "utf_16_be_decode", |input, handler, out| {
            algorithms::decode_utf16(input, &mut Some(ByteOrder::Big), last, handler, out)
        })
    }

    /// Decode UTF-16 and tell the byte order found: -1, 0 or 1.
    #[function(sig = "data, errors=None, byteorder=0, final=False, /")]
    fn utf_16_ex_decode(
        vm: &Vm,
        data: &Value,
        errors: Option<&Value>,
        byteorder: i32,
        #[default(false)] last: bool,
    ) -> PyResult<Ref<Tuple>> {
        ex_decoded(vm, data, errors, "utf_16_ex_decode", byteorder, |input, order, handler, out| {
            algorithms::decode_utf16(input, order, last, handler, out)
        })
    }

    /// Encode text as UTF-32, with a byte order mark unless an order is given.
    #[function(sig = "str, errors=None, byteorder=0, /")]
    fn utf_32_encode(vm: &Vm, str: &Obj<Str>, errors: Option<&Value>, byteorder: i32) -> PyResult<Ref<Tuple>> {
        encoded(vm, str, errors, "utf_32_encode", |handler| algorithms::encode_utf32(&**str, order(byteorder), handler))
    }

    /// Decode UTF-32, whose byte order mark may tell the order.
    #[function(sig = "data, errors=None, final=False, /")]
    fn utf_32_decode(
        vm: &Vm,
        data: &Value,
        errors: Option<&Value>,
        #[default(false)] last: bool,
    ) -> PyResult<Ref<Tuple>> {
        decoded(vm, data, errors, "utf_32_decode", |input, handler, out| {
            algorithms::decode_utf32(input, &mut None, last, handler, out)
        })
    }

    /// Encode text as UTF-32 in little-endian order.
    #[function(sig = "str, errors=None, /")]
    fn utf_32_le_encode(vm: &Vm, str: &Obj<Str>, errors: Option<&Value>) -> PyResult<Ref<Tuple>> {
        encoded(vm, str, errors, "utf_32_le_encode", |handler| {
            algorithms::encode_utf32(&**str, Some(ByteOrder::Little), handler)
        })
    }

    /// Decode UTF-32 in little-endian order.
    #[function(sig = "data, errors=None, final=False, /")]
    fn utf_32_le_decode(
        vm: &Vm,
        data: &Value,
        errors: Option<&Value>,
        #[default(false)] last: bool,
    ) -> PyResult<Ref<Tuple>> {
        decoded(vm, data, errors, "utf_32_le_decode", |input, handler, out| {
            algorithms::decode_utf32(input, &mut Some(ByteOrder::Little), last, handler, out)
        })
    }

    /// Encode text as UTF-32 in big-endian order.
    #[function(sig = "str, errors=None, /")]
    fn utf_32_be_encode(vm: &Vm, str: &Obj<Str>, errors: Option<&Value>) -> PyResult<Ref<Tuple>> {
        encoded(vm, str, errors, "utf_32_be_encode", |handler| {
            algorithms::encode_utf32(&**str, Some(ByteOrder::Big), handler)
        })
    }

    /// Decode UTF-32 in big-endian order.
    #[function(sig = "data, errors=None, final=False, /")]
    fn utf_32_be_decode(
        vm: &Vm,
        data: &Value,
        errors: Option<&Value>,
        #[default(false)] last: bool,
    ) -> PyResult<Ref<Tuple>> {
        decoded(vm, data, errors, "utf_32_be_decode", |input, handler, out| {
            algorithms::decode_utf32(input, &mut Some(ByteOrder::Big), last, handler, out)
        })
    }

    /// Decode UTF-32 and tell the byte order found: -1, 0 or 1.
    #[function(sig = "data, errors=None, byteorder=0, final=False, /")]
    fn utf_32_ex_decode(
        vm: &Vm,
        data: &Value,
        errors: Option<&Value>,
        byteorder: i32,
        #[default(false)] last: bool,
    ) -> PyResult<Ref<Tuple>> {
        ex_decoded(vm, data, errors, "utf_32_ex_decode", byteorder, |input, order, handler, out| {
            algorithms::decode_utf32(input, order, last, handler, out)
        })
    }
}
