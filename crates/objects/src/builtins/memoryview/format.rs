//! Items of a memoryview: the native formats of a single character, read from and written to bytes.
//!
//! Invariant: an item takes exactly the bytes that `size` says.

use crate::builtins::bytes::Bytes;
use crate::builtins::{boolean, float, int};
use crate::vm::{PyResult, Vm};
use taipan_heap::Value;

/// The character of a format, without the optional `@`.
pub fn code(format: &str) -> Option<u8> {
    match format.as_bytes() {
        [code] | [b'@', code] => Some(*code),
        _ => None,
    }
}

/// The size of an item; `None` for formats that are not supported.
pub fn size(code: u8) -> Option<usize> {
    Some(match code {
        b'b' | b'B' | b'c' | b'?' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' | b'q' | b'Q' | b'n' | b'N' | b'd' | b'P' => 8,
        _ => return None,
    })
}

/// Whether items are plain bytes.
pub fn is_byte(code: Option<u8>) -> bool {
    matches!(code, Some(b'b' | b'B' | b'c'))
}

fn padded(bytes: &[u8]) -> [u8; 8] {
    let mut word = [0; 8];
    word.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    word
}

fn half_to_f64(half: u16) -> f64 {
    let (sign, exponent, fraction) = (half >> 15, (half >> 10) & 31, f64::from(half & 1023));
    let magnitude = match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction / 1024.0) * 2f64.powi(i32::from(exponent) - 15),
    };
    if sign == 1 { -magnitude } else { magnitude }
}

/// The nearest half-precision number, ties to even; `None` when it is too large.
fn f64_to_half(value: f64) -> Option<u16> {
    let sign = if value.is_sign_negative() { 0x8000 } else { 0 };
    let magnitude = value.abs();
    if value.is_nan() {
        return Some(sign | 0x7e00);
    }
    if magnitude.is_infinite() {
        return Some(sign | 0x7c00);
    }
    let exponent = if magnitude < 2f64.powi(-14) { -14 } else { magnitude.log2().floor() as i32 };
    let exponent = if magnitude >= 2f64.powi(exponent + 1) { exponent + 1 } else { exponent };
    let units = (magnitude / 2f64.powi(exponent - 10)).round_ties_even() as u32;
    let bits = if units < 1024 { units } else { ((exponent + 15) as u32 - 1) * 1024 + units };
    (bits < 0x7c00).then_some(sign | bits as u16)
}

/// The value of an item.
pub fn unpack(vm: &Vm, code: u8, bytes: &[u8]) -> PyResult<Value> {
    let word = padded(bytes);
    let wide = u64::from_le_bytes(word);
    match code {
        b'B' => Ok(Value::small_int(i32::from(word[0]))),
        b'b' => Ok(Value::small_int(i32::from(word[0] as i8))),
        b'c' => Ok(Bytes::new(vm, bytes)?.into()),
        b'?' => Ok(boolean(word[0] != 0)),
        b'h' => Ok(Value::small_int(i32::from(wide as u16 as i16))),
        b'H' => Ok(Value::small_int(i32::from(wide as u16))),
        b'i' => int::from_i64(vm, i64::from(wide as u32 as i32)),
        b'I' => int::from_i64(vm, i64::from(wide as u32)),
        b'l' | b'q' | b'n' => int::from_i64(vm, wide as i64),
        b'L' | b'Q' | b'N' | b'P' => int::from_i128(vm, i128::from(wide)),
        b'e' => float::new(vm, half_to_f64(wide as u16)),
        b'f' => float::new(vm, f64::from(f32::from_bits(wide as u32))),
        b'd' => float::new(vm, f64::from_bits(wide)),
        _ => Err(unsupported(vm, code)),
    }
}

#[cold]
fn unsupported(vm: &Vm, code: u8) -> crate::vm::Raised {
    vm.not_implemented_error(format!("memoryview: format {} not supported", char::from(code)))
}

/// The bytes of an item with this value.
pub fn pack(vm: &Vm, code: u8, value: &Value) -> PyResult<Vec<u8>> {
    let shown = char::from(code);
    let bad_type = || vm.type_error(format!("memoryview: invalid type for format '{shown}'"));
    let bad_value = || vm.value_error(format!("memoryview: invalid value for format '{shown}'"));
    let Some(size) = size(code) else { return Err(unsupported(vm, code)) };
    match code {
        b'c' => match value.downcast::<Bytes>() {
            Some(bytes) if bytes.bytes().len() == 1 => Ok(bytes.bytes().to_vec()),
            Some(_) => Err(bad_value()),
            None => Err(bad_type()),
        },
        b'?' => Ok(vec![u8::from(vm.is_true(value)?)]),
        b'e' | b'f' | b'd' => {
            let slots = &vm.class_of(value).slots;
            let number = float::get(value).is_some() || int::is_int(value) || slots.float.get().is_some();
            if !number && slots.index.get().is_none() {
                return Err(bad_type());
            }
            let number = float::as_f64(vm, value)?;
            Ok(match code {
                b'd' => number.to_le_bytes().to_vec(),
                b'e' => f64_to_half(number).ok_or_else(bad_value)?.to_le_bytes().to_vec(),
                _ => (number as f32).to_le_bytes().to_vec(),
            })
        }
        _ => {
            if !int::is_int(value) && vm.class_of(value).slots.index.get().is_none() {
                return Err(bad_type());
            }
            let index = int::index(vm, value)?;
            let number = int::as_big(&index).and_then(|big| i128::try_from(big.as_ref()).ok()).ok_or_else(bad_value)?;
            let bits = size as u32 * 8;
            let (least, most) = if code.is_ascii_lowercase() {
                (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1)
            } else {
                (0, (1i128 << bits) - 1)
            };
            if number < least || number > most {
                return Err(bad_value());
            }
            Ok(number.to_le_bytes()[..size].to_vec())
        }
    }
}
