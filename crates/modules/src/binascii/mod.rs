//! `binascii`: base64, hexadecimal, uuencoding, quoted-printable, checksums.
//!
//! Invariant: the codecs are plain functions on bytes in the files beside this one; only arguments and exceptions are handled here.

mod base64;
mod checksum;
mod quoted_printable;
mod uu;

pub use module::spec;

use std::borrow::Cow;
use taipan_heap::{Obj, Ref, Value};
use taipan_macros::pymodule;
use taipan_objects::builtins::bytes::{Bytes, algorithms};
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::{buffer, int};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// The exception classes, kept for the interpreter.
#[derive(Default)]
struct Classes(std::cell::OnceCell<Ref<Type>>);

/// Raises `binascii.Error`.
fn fail(vm: &Vm, message: &str) -> Raised {
    match vm.interp().state(Classes::default).0.get() {
        Some(class) => vm.raise_new(class, message),
        None => vm.value_error(message),
    }
}

/// The bytes of a bytes-like object or of ASCII text.
fn ascii_or_bytes<'a>(vm: &Vm, data: &'a Value) -> PyResult<Cow<'a, [u8]>> {
    if let Some(text) = data.downcast::<Str>() {
        return match text.as_ascii() {
            Some(_) => Ok(Cow::Owned(text.bytes().to_vec())),
            None => Err(vm.value_error("string argument should contain only ASCII characters")),
        };
    }
    if !buffer::is_buffer(vm, data) {
        let given = vm.type_name(data);
        return Err(vm.type_error(format!("argument should be bytes, buffer or ASCII string, not '{given}'")));
    }
    buffer::bytes_of(vm, data)
}

fn from_hex(vm: &Vm, hexstr: &Value) -> PyResult<Ref<Bytes>> {
    let data = ascii_or_bytes(vm, hexstr)?;
    if !data.len().is_multiple_of(2) {
        return Err(fail(vm, "Odd-length string"));
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let bytes: Option<Vec<u8>> =
        data.chunks_exact(2).map(|pair| Some((digit(pair[0])? << 4 | digit(pair[1])?) as u8)).collect();
    match bytes {
        Some(bytes) => Bytes::new(vm, &bytes),
        None => Err(fail(vm, "Non-hexadecimal digit found")),
    }
}

fn to_hex(vm: &Vm, data: &Value, sep: Option<&Value>, group: i32) -> PyResult<Ref<Bytes>> {
    if !taipan_objects::builtins::memoryview::is_contiguous(&buffer::export(vm, data)?.0) {
        return Err(vm.buffer_error("memoryview: underlying buffer is not C-contiguous"));
    }
    let text = algorithms::hex(vm, &buffer::bytes_of(vm, data)?, sep, group)?;
    Bytes::new(vm, text.as_bytes())
}

/// The low 32 bits of an int.
fn word(vm: &Vm, value: Option<&Value>) -> PyResult<u32> {
    let Some(value) = value else { return Ok(0) };
    let value = int::index(vm, value)?;
    let low = int::as_big(&value).map(|big| big.as_ref() & taipan_numeric::BigInt::from(u32::MAX));
    Ok(low.and_then(|low| u32::try_from(low).ok()).unwrap_or(0))
}

/// Conversion between binary data and ASCII
#[pymodule(name = "binascii", init = start)]
mod module {
    use super::*;

    fn start(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        let types = vm.types();
        let make = |name: &str, base: &Ref<Type>| -> PyResult<Value> {
            let namespace = taipan_objects::builtins::dict::Dict::new(vm)?;
            namespace.set_text(vm, "__module__", Str::new(vm, "binascii")?.into())?;
            let bases = taipan_objects::builtins::tuple::Tuple::new(vm, [base.to_value()].into_iter())?;
            vm.call(&types.type_.to_value(), &[Str::new(vm, name)?.into(), bases.into(), namespace.into()])
        };
        let error = make("Error", &types.value_error)?;
        module.set_attr(vm, "Error", error.clone())?;
        module.set_attr(vm, "Incomplete", make("Incomplete", &types.exception)?)?;
        if let Ok(class) = error.downcast_into::<Type>() {
            let _ = vm.interp().state(Classes::default).0.set(class);
        }
        Ok(())
    }

    /// Decode a line of base64 data.
    #[function(sig = "data, /, *, strict_mode=False")]
    fn a2b_base64(vm: &Vm, data: &Value, strict_mode: bool) -> PyResult<Ref<Bytes>> {
        let data = ascii_or_bytes(vm, data)?;
        match base64::decode(&data, strict_mode) {
            Ok(bytes) => Bytes::new(vm, &bytes),
            Err(message) => Err(fail(vm, &message)),
        }
    }

    /// Base64-code a line of data.
    #[function(sig = "data, /, *, newline=True")]
    fn b2a_base64(vm: &Vm, data: &Value, newline: bool) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &base64::encode(&buffer::bytes_of(vm, data)?, newline))
    }

    /// Binary data of a hexadecimal representation.
    #[function(sig = "hexstr, /")]
    fn a2b_hex(vm: &Vm, hexstr: &Value) -> PyResult<Ref<Bytes>> {
        from_hex(vm, hexstr)
    }

    /// Binary data of a hexadecimal representation.
    #[function(sig = "hexstr, /")]
    fn unhexlify(vm: &Vm, hexstr: &Value) -> PyResult<Ref<Bytes>> {
        from_hex(vm, hexstr)
    }

    /// Hexadecimal representation of binary data.
    #[function(sig = "data, sep=None, bytes_per_sep=1")]
    fn b2a_hex(vm: &Vm, data: &Value, sep: Option<&Value>, bytes_per_sep: i32) -> PyResult<Ref<Bytes>> {
        to_hex(vm, data, sep, bytes_per_sep)
    }

    /// Hexadecimal representation of binary data.
    #[function(sig = "data, sep=None, bytes_per_sep=1")]
    fn hexlify(vm: &Vm, data: &Value, sep: Option<&Value>, bytes_per_sep: i32) -> PyResult<Ref<Bytes>> {
        to_hex(vm, data, sep, bytes_per_sep)
    }

    /// Decode a line of uuencoded data.
    #[function(sig = "data, /")]
    fn a2b_uu(vm: &Vm, data: &Value) -> PyResult<Ref<Bytes>> {
        match uu::decode(&ascii_or_bytes(vm, data)?) {
            Ok(bytes) => Bytes::new(vm, &bytes),
            Err(message) => Err(fail(vm, message)),
        }
    }

    /// Uuencode a line of data.
    #[function(sig = "data, /, *, backtick=False")]
    fn b2a_uu(vm: &Vm, data: &Value, backtick: bool) -> PyResult<Ref<Bytes>> {
        let data = buffer::bytes_of(vm, data)?;
        if data.len() > 45 {
            return Err(fail(vm, "At most 45 bytes at once"));
        }
        Bytes::new(vm, &uu::encode(&data, backtick))
    }

    /// Decode a string of quoted-printable data.
    #[function(sig = "data, header=False")]
    fn a2b_qp(vm: &Vm, data: &Value, header: bool) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &quoted_printable::decode(&ascii_or_bytes(vm, data)?, header))
    }

    /// Encode a string using quoted-printable encoding.
    #[function(sig = "data, quotetabs=False, istext=True, header=False")]
    fn b2a_qp(vm: &Vm, data: &Value, quotetabs: bool, istext: bool, header: bool) -> PyResult<Ref<Bytes>> {
        let data = buffer::bytes_of(vm, data)?;
        Bytes::new(vm, &quoted_printable::encode(&data, quotetabs, istext, header))
    }

    /// Compute CRC-32 incrementally.
    #[function(sig = "data, crc=None, /")]
    fn crc32(vm: &Vm, data: &Value, crc: Option<&Value>) -> PyResult<u32> {
        let start = word(vm, crc)?;
        buffer::with_bytes(vm, data, |data| checksum::crc32(data, start))
    }

    /// Compute CRC-CCITT incrementally.
    #[function(sig = "data, crc, /")]
    fn crc_hqx(vm: &Vm, data: &Value, crc: &Value) -> PyResult<u32> {
        let start = word(vm, Some(crc))? & 0xffff;
        buffer::with_bytes(vm, data, |data| u32::from(checksum::crc_hqx(data, start as u16)))
    }
}
