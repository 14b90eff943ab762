//! `ascii`, `chr`, `format`, `ord`, `repr`.
//!
//! Invariant: a character is a str of one code point, lone surrogates included.

use taipan_heap::{Ref, Value};
use taipan_macros::pymodule;
use taipan_objects::builtins::{buffer, int, str, str::Str};
use taipan_objects::vm::{PyResult, Vm};

/// Functions on text.
#[pymodule(name = "builtins")]
pub mod functions {
    use super::*;

    /// Return an ASCII-only representation of an object.
    ///
    /// As repr(), return a string containing a printable representation of an
    /// object, but escape the non-ASCII characters in the string returned by
    /// repr() using \\x, \\u or \\U escapes. This generates a string similar
    /// to that returned by repr() in Python 2.
    #[function(sig = "obj, /", fixed)]
    pub fn ascii(vm: &Vm, obj: &Value) -> PyResult<Ref<Str>> {
        str::ascii(vm, obj)
    }

    /// Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff.
    #[function(sig = "i, /", fixed)]
    pub fn chr(vm: &Vm, i: &Value) -> PyResult<Ref<Str>> {
        match int::index_i64(vm, i)?.and_then(|point| u32::try_from(point).ok()) {
            Some(point) if point <= 0x10FFFF => Str::character(vm, point),
            _ => Err(vm.value_error("chr() arg not in range(0x110000)")),
        }
    }

    /// Return type(value).__format__(value, format_spec)
    ///
    /// Many built-in types implement format_spec according to the
    /// Format Specification Mini-language. See help('FORMATTING')
    /// for details.
    ///
    /// If type(value) does not supply a method named __format__
    /// and format_spec is empty, then str(value) is returned.
    #[function(sig = "value, format_spec='', /", fixed)]
    pub fn format(vm: &Vm, value: &Value, format_spec: Option<&Value>) -> PyResult<Ref<Str>> {
        match format_spec {
            None => vm.format(value, &*Str::new(vm, "")?),
            Some(spec) => match spec.downcast::<Str>() {
                Some(spec) => vm.format(value, spec),
                None => {
                    let given = vm.given_name(spec);
                    Err(vm.type_error(format!("format() argument 2 must be str, not {given}")))
                }
            },
        }
    }

    /// Return the ordinal value of a character.
    ///
    /// If the argument is a one-byte string, return the integer value of that
    /// byte.
    ///
    /// If the argument is a one-character string, return the Unicode code
    /// point of that character.
    #[function(sig = "character, /", fixed)]
    pub fn ord(vm: &Vm, character: &Value) -> PyResult<u32> {
        let len = if let Some(text) = character.downcast::<Str>() {
            if text.len() == 1 {
                return Ok(text.point(0));
            }
            text.len()
        } else if character.downcast::<taipan_objects::builtins::bytes::Bytes>().is_some()
            || character.downcast::<taipan_objects::builtins::bytearray::ByteArray>().is_some()
        {
            let bytes = buffer::bytes_of(vm, character)?;
            if let [byte] = *bytes {
                return Ok(u32::from(byte));
            }
            bytes.len()
        } else {
            let given = vm.type_name(character);
            return Err(vm.type_error(format!("ord() expected string of length 1, but {given} found")));
        };
        Err(vm.type_error(format!("ord() expected a character, but string of length {len} found")))
    }

    /// Return the canonical string representation of the object.
    ///
    /// For many object types, including most builtins, eval() will return
    /// the original object if given the output of repr(obj).
    #[function(sig = "obj, /", fixed)]
    pub fn repr(vm: &Vm, obj: &Value) -> PyResult<Ref<Str>> {
        vm.repr(obj)
    }
}
