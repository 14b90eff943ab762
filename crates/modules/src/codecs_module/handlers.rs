//! The built-in error handlers as functions that programs may call.
//!
//! Invariant: a handler answers `(replacement, position to go on)`, or raises the exception it was given.

use taipan_heap::{Ref, Value};
use taipan_macros::pymodule;
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::exception::BaseException;
use taipan_objects::builtins::function::NativeFunction;
use taipan_objects::builtins::str::{Str, StrBuilder};
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{buffer, int};
use taipan_objects::vm::{PyResult, Raised, Vm};
use taipan_text::codecs::{ErrorHandler, Problem, Replacement};

/// The function of a built-in handler.
pub fn builtin(vm: &Vm, name: &str) -> PyResult<Option<Value>> {
    let function = match name {
        "strict" | "ignore" | "replace" | "backslashreplace" | "xmlcharrefreplace" | "namereplace" => {
            format!("{name}_errors")
        }
        "surrogateescape" | "surrogatepass" => name.to_owned(),
        _ => return Ok(None),
    };
    match functions::spec().functions.iter().find(|def| def.name == function) {
        Some(def) => Ok(Some(NativeFunction::new(vm, def, None, None)?.into())),
        None => Ok(None),
    }
}

fn unknown(vm: &Vm, exception: &Value) -> Raised {
    let given = vm.type_name(exception);
    vm.type_error(format!("don't know how to handle {given} in error callback"))
}

fn raise(vm: &Vm, exception: &Value) -> Raised {
    match exception.downcast::<BaseException>() {
        Some(exception) => vm.raise(exception.to_ref()),
        None => vm.type_error("codec must pass exception instance"),
    }
}

/// The encodings that can carry surrogates, by their names.
fn known_encoding(name: &str) -> &'static str {
    let normal = name.to_ascii_lowercase().replace('_', "-");
    const KNOWN: [&str; 7] = ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"];
    match normal.as_str() {
        "utf8" => "utf-8",
        normal => KNOWN.into_iter().find(|known| *known == normal).unwrap_or(""),
    }
}

fn position(vm: &Vm, exception: &Value, name: &str) -> PyResult<usize> {
    let value = vm.get_attr_text(exception, name)?;
    Ok(int::index_i64(vm, &value)?.map_or(0, |n| n.max(0) as usize))
}

fn encoding_of(vm: &Vm, exception: &Value) -> PyResult<&'static str> {
    let name = vm.get_attr_text(exception, "encoding")?;
    Ok(known_encoding(&Str::display(&name)))
}

fn answer(vm: &Vm, replacement: Value, resume: usize) -> PyResult<Ref<Tuple>> {
    Tuple::pair(vm, replacement, int::from_i64(vm, resume as i64)?)
}

fn handle(vm: &Vm, exception: &Value, handler: ErrorHandler) -> PyResult<Ref<Tuple>> {
    let types = vm.types();
    let encoding = vm.is_instance(exception, &types.unicode_encode_error);
    let decoding = vm.is_instance(exception, &types.unicode_decode_error);
    let translating = vm.is_instance(exception, &types.unicode_translate_error);
    if !encoding && !decoding && !translating {
        return Err(unknown(vm, exception));
    }
    let object = vm.get_attr_text(exception, "object")?;
    let (start, end) = (position(vm, exception, "start")?, position(vm, exception, "end")?);
    let name = if translating { "" } else { encoding_of(vm, exception)? };
    let reason = "".into();
    if decoding {
        if handler.encodes_only() {
            return Err(unknown(vm, exception));
        }
        let input = buffer::to_vec(vm, &object)?;
        let end = end.min(input.len());
        let problem = Problem { encoding: name, start: start.min(end), end, reason };
        return match handler.decode(&problem, &input) {
            Some(fix) => answer(vm, Str::from_units(vm, fix.text.as_slice())?.into(), fix.resume),
            None => Err(raise(vm, exception)),
        };
    }
    let Some(text) = object.downcast::<Str>() else { return Err(unknown(vm, exception)) };
    let end = end.min(text.len());
    let problem = Problem { encoding: name, start: start.min(end), end, reason };
    if translating {
        match handler {
            ErrorHandler::Replace => {
                let mut replacement = StrBuilder::new();
                (problem.start..end).for_each(|_| replacement.push_point(0xFFFD));
                return answer(vm, replacement.finish(vm)?.into(), end);
            }
            ErrorHandler::Ignore | ErrorHandler::BackslashReplace => {}
            _ => return Err(unknown(vm, exception)),
        }
    }
    let Some(fix) = handler.encode(&problem, &**text) else { return Err(raise(vm, exception)) };
    let whole = fix.resume == end;
    if !whole {
        return Err(raise(vm, exception));
    }
    let replacement: Value = match fix.replacement {
        Replacement::Bytes(bytes) => Bytes::new(vm, &bytes)?.into(),
        Replacement::Text(text) => Str::from_units(vm, text.as_slice())?.into(),
    };
    answer(vm, replacement, fix.resume)
}

#[pymodule(name = "codecs")]
mod functions {
    use super::*;

    /// Implements the 'strict' error handling, which raises a UnicodeError on coding errors.
    #[function(sig = "exception, /")]
    fn strict_errors(vm: &Vm, exception: &Value) -> PyResult<Value> {
        Err(raise(vm, exception))
    }

    /// Implements the 'ignore' error handling, which ignores malformed data and continues.
    #[function(sig = "exception, /")]
    fn ignore_errors(vm: &Vm, exception: &Value) -> PyResult<Ref<Tuple>> {
        handle(vm, exception, ErrorHandler::Ignore)
    }

    /// Implements the 'replace' error handling, which replaces malformed data with a replacement marker.
    #[function(sig = "exception, /")]
    fn replace_errors(vm: &Vm, exception: &Value) -> PyResult<Ref<Tuple>> {
        handle(vm, exception, ErrorHandler::Replace)
    }

    /// Implements the 'backslashreplace' error handling, which replaces malformed data with a backslashed escape sequence.
    #[function(sig = "exception, /")]
    fn backslashreplace_errors(vm: &Vm, exception: &Value) -> PyResult<Ref<Tuple>> {
        handle(vm, exception, ErrorHandler::BackslashReplace)
    }

    /// Implements the 'xmlcharrefreplace' error handling, which replaces an unencodable character with an XML character reference.
    #[function(sig = "exception, /")]
    fn xmlcharrefreplace_errors(vm: &Vm, exception: &Value) -> PyResult<Ref<Tuple>> {
        handle(vm, exception, ErrorHandler::XmlCharRefReplace)
    }

    /// Implements the 'namereplace' error handling, which replaces an unencodable character with a \N{...} escape sequence.
    #[function(sig = "exception, /")]
    fn namereplace_errors(vm: &Vm, exception: &Value) -> PyResult<Ref<Tuple>> {
        handle(vm, exception, ErrorHandler::NameReplace)
    }

    /// Implements the 'surrogateescape' error handling.
    #[function(sig = "exception, /")]
    fn surrogateescape(vm: &Vm, exception: &Value) -> PyResult<Ref<Tuple>> {
        handle(vm, exception, ErrorHandler::SurrogateEscape)
    }

    /// Implements the 'surrogatepass' error handling.
    #[function(sig = "exception, /")]
    fn surrogatepass(vm: &Vm, exception: &Value) -> PyResult<Ref<Tuple>> {
        handle(vm, exception, ErrorHandler::SurrogatePass)
    }
}
