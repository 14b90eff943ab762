//! Values to bytes and back.
//!
//! Invariant: the byte slice of a field's value has exactly its size.

use super::format::{Field, Format, Kind};
use super::struct_error;
use taipan_heap::{Ref, Value};
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{boolean, buffer, complex, float, int};
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Raised, Vm};

fn put(target: &mut [u8], bytes: &[u8], big_endian: bool) {
    match (target.len(), bytes) {
        (1, [a, ..]) => target.copy_from_slice(&[*a]),
        (2, [a, b, ..]) => target.copy_from_slice(&[*a, *b]),
        (4, [a, b, c, d, ..]) => target.copy_from_slice(&[*a, *b, *c, *d]),
        (8, [a, b, c, d, e, f, g, h, ..]) => target.copy_from_slice(&[*a, *b, *c, *d, *e, *f, *g, *h]),
        _ => target.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte),
    }
    if big_endian {
        target.reverse();
    }
}

#[cold]
fn out_of_range(vm: &Vm, field: Field) -> Raised {
    let bits = field.size as u32 * 8;
    let (low, high) = match field.kind {
        Kind::Signed => (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1),
        _ => (0, (1i128 << bits) - 1),
    };
    struct_error(vm, &format!("'{}' format requires {low} <= number <= {high}", field.code as char))
}

fn pack_int(vm: &Vm, field: Field, value: &Value, big_endian: bool, target: &mut [u8]) -> PyResult<()> {
    if let Some(number) = value.as_int()
        && field.kind != Kind::Pointer
    {
        // Small ints have 62 bits.
        let bits = field.size as u32 * 8;
        let rest = if field.kind == Kind::Signed { number >> (bits - 1).min(63) } else { number >> bits.min(63) };
        if rest == 0 || (field.kind == Kind::Signed && rest == -1) {
            put(target, &number.to_le_bytes(), big_endian);
            return Ok(());
        }
        return Err(out_of_range(vm, field));
    }
    if !int::is_int(value) && vm.class_of(value).slots.index.get().is_none() {
        return Err(struct_error(vm, "required argument is not an integer"));
    }
    let value = int::index(vm, value)?;
    let number = match (int::as_small(&value), int::as_big(&value)) {
        (Some(small), _) => Some(i128::from(small)),
        (None, Some(big)) => i128::try_from(big.as_ref()).ok(),
        (None, None) => None,
    };
    let bits = field.size as u32 * 8;
    let fits = |number: &i128| match field.kind {
        Kind::Signed => (-(1i128 << (bits - 1))..1i128 << (bits - 1)).contains(number),
        Kind::Pointer => (-(1i128 << 63)..1i128 << 64).contains(number),
        _ => (0..1i128 << bits).contains(number),
    };
    match number.filter(fits) {
        Some(number) => {
            put(target, &number.to_le_bytes(), big_endian);
            Ok(())
        }
        None if field.kind == Kind::Pointer => Err(struct_error(vm, "int too large to convert")),
        None => Err(out_of_range(vm, field)),
    }
}

/// The bits of a half-precision float, rounded half to even; `None` when too large.
fn half(x: f64) -> Option<u16> {
    let sign = if x.is_sign_negative() { 0x8000 } else { 0 };
    if x.is_nan() {
        return Some(sign | 0x7e00);
    }
    if x.is_infinite() {
        return Some(sign | 0x7c00);
    }
    // Half floats are multiples of a power of two that depends on the magnitude; adding rounds to it.
    let magnitude = x.abs();
    let exponent = libm::frexp(magnitude).1.max(-13);
    let scaled = libm::scalbn(magnitude, 11 - exponent).round_ties_even();
    let (scaled, exponent) = if scaled >= 2048.0 { (1024.0, exponent + 1) } else { (scaled, exponent) };
    if exponent > 16 {
        return None;
    }
    let mantissa = scaled as u16;
    Some(sign | if mantissa < 1024 { mantissa } else { (((exponent + 14) as u16) << 10) | (mantissa - 1024) })
}

fn from_half(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, mantissa) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    sign * match exponent {
        0x1f if mantissa == 0.0 => f64::INFINITY,
        0x1f => f64::NAN,
        0 => libm::scalbn(mantissa, -24),
        _ => libm::scalbn(mantissa + 1024.0, exponent - 25),
    }
}

fn put_float(vm: &Vm, code: u8, x: f64, big_endian: bool, target: &mut [u8]) -> PyResult<()> {
    let too_large = || vm.overflow_error(format!("float too large to pack with {} format", code as char));
    match target.len() {
        2 => put(target, &half(x).ok_or_else(too_large)?.to_le_bytes(), big_endian),
        4 => {
            let narrow = x as f32;
            if narrow.is_infinite() && x.is_finite() {
                return Err(too_large());
            }
            put(target, &narrow.to_le_bytes(), big_endian);
        }
        _ => put(target, &x.to_le_bytes(), big_endian),
    }
    Ok(())
}

fn real(vm: &Vm, value: &Value, what: &str) -> PyResult<f64> {
    let result = float::as_f64(vm, value);
    if result.is_err() && vm.raised_is(&vm.types().type_error) {
        drop(vm.swap_exception(None));
        return Err(struct_error(vm, what));
    }
    result
}

/// Writes one value; `target` is the value's place, full of zeros.
pub(super) fn pack(vm: &Vm, field: Field, value: &Value, big_endian: bool, target: &mut [u8]) -> PyResult<()> {
    match field.kind {
        Kind::Pad => Ok(()),
        Kind::Char => match value.downcast::<Bytes>().map(|bytes| bytes.bytes()) {
            Some([byte]) => {
                target[0] = *byte;
                Ok(())
            }
            _ => Err(struct_error(vm, "char format requires a bytes object of length 1")),
        },
        Kind::Bytes | Kind::Pascal => {
            if value.downcast::<Bytes>().is_none()
                && value.downcast::<taipan_objects::builtins::bytearray::ByteArray>().is_none()
            {
                let code = field.code as char;
                return Err(struct_error(vm, &format!("argument for '{code}' must be a bytes object")));
            }
            let pascal = field.kind == Kind::Pascal;
            buffer::with_bytes(vm, value, |bytes| {
                let place = if pascal { target.get_mut(1..).unwrap_or(&mut []) } else { &mut *target };
                let count = bytes.len().min(place.len());
                place[..count].copy_from_slice(&bytes[..count]);
                if pascal && let Some(first) = target.first_mut() {
                    *first = count.min(255) as u8;
                }
            })
        }
        Kind::Bool => {
            target[0] = u8::from(vm.is_true(value)?);
            Ok(())
        }
        Kind::Signed | Kind::Unsigned | Kind::Pointer => pack_int(vm, field, value, big_endian, target),
        Kind::Float => {
            let x = real(vm, value, "required argument is not a float")?;
            put_float(vm, field.code, x, big_endian, target)
        }
        Kind::Complex => {
            let Some(number) = complex::from_object(vm, value)? else {
                return Err(struct_error(vm, "required argument is not a complex"));
            };
            let half = target.len() / 2;
            put_float(vm, field.code, number.real, big_endian, &mut target[..half])?;
            put_float(vm, field.code, number.imag, big_endian, &mut target[half..])
        }
    }
}

fn get_float(source: &[u8], big_endian: bool) -> f64 {
    let mut bytes = [0u8; 8];
    let count = source.len().min(8);
    bytes[..count].copy_from_slice(&source[..count]);
    if big_endian {
        bytes[..count].reverse();
    }
    let [a, b, c, d, ..] = bytes;
    match count {
        2 => from_half(u16::from_le_bytes([a, b])),
        4 => f64::from(f32::from_le_bytes([a, b, c, d])),
        _ => f64::from_le_bytes(bytes),
    }
}

/// Reads one value.
fn unpack_one(vm: &Vm, field: Field, source: &[u8], big_endian: bool) -> PyResult<Value> {
    match field.kind {
        Kind::Char | Kind::Bytes | Kind::Pad => Ok(Bytes::new(vm, source)?.into()),
        Kind::Pascal => {
            let count = source.first().map_or(0, |&count| usize::from(count).min(source.len() - 1));
            Ok(Bytes::new(vm, source.get(1..count + 1).unwrap_or(&[]))?.into())
        }
        Kind::Bool => Ok(boolean(source.iter().any(|&byte| byte != 0))),
        Kind::Signed if field.size <= 8 => {
            let mut bytes = [0u8; 8];
            bytes[..source.len()].copy_from_slice(source);
            if big_endian {
                bytes[..source.len()].reverse();
            }
            let shift = 64 - 8 * source.len() as u32;
            int::from_i64(vm, i64::from_le_bytes(bytes) << shift >> shift)
        }
        Kind::Signed | Kind::Unsigned | Kind::Pointer => {
            let mut bytes = [0u8; 8];
            bytes[..source.len()].copy_from_slice(source);
            if big_endian {
                bytes[..source.len()].reverse();
            }
            u64::from_le_bytes(bytes).into_value(vm)
        }
        Kind::Float => float::new(vm, get_float(source, big_endian)),
        Kind::Complex => {
            let (re, im) = source.split_at(source.len() / 2);
            complex::new(vm, get_float(re, big_endian), get_float(im, big_endian))
        }
    }
}

/// Reads all values; `source` has the format's size.
pub(super) fn unpack(vm: &Vm, format: &Format, source: &[u8]) -> PyResult<Ref<Tuple>> {
    if let [field] = format.fields[..]
        && format.values == 1
        && let Some(place) = source.get(field.offset..field.offset + field.size)
    {
        let value = unpack_one(vm, field, place, format.big_endian)?;
        return Tuple::new(vm, std::iter::once(value));
    }
    let mut values = Vec::new();
    if values.try_reserve_exact(format.values).is_err() {
        return Err(vm.out_of_memory(taipan_heap::OutOfMemory));
    }
    for &field in &format.fields {
        for index in 0..field.count {
            let start = field.offset + index * field.size;
            let place = source.get(start..start + field.size).unwrap_or(&[]);
            values.push(unpack_one(vm, field, place, format.big_endian)?);
        }
    }
    Tuple::from_values(vm, values)
}

/// The bytes of `values`, one for each of the format's.
pub(super) fn pack_all(vm: &Vm, format: &Format, values: &[Value]) -> PyResult<Vec<u8>> {
    let mut bytes = Vec::new();
    if bytes.try_reserve_exact(format.size).is_err() {
        return Err(vm.out_of_memory(taipan_heap::OutOfMemory));
    }
    bytes.resize(format.size, 0);
    let mut values = values.iter();
    for &field in &format.fields {
        for (index, value) in values.by_ref().take(field.count).enumerate() {
            let start = field.offset + index * field.size;
            if let Some(target) = bytes.get_mut(start..start + field.size) {
                pack(vm, field, value, format.big_endian, target)?;
            }
        }
    }
    Ok(bytes)
}
