//! Machine formats: how arrays of other machines are rebuilt from their bytes.
//!
//! Invariant: a format's number is the one pickles carry.

use super::code::Code;
use taipan_heap::Value;
use taipan_numeric::BigInt;
use taipan_objects::builtins::{float, int, str::Str};
use taipan_objects::vm::{PyResult, Vm};

/// The number of this machine's format of a code.
pub fn number_of(code: Code) -> i32 {
    match code.0 {
        b'B' => 0,
        b'b' => 1,
        b'H' => 2,
        b'h' => 4,
        b'I' => 6,
        b'i' => 8,
        b'L' | b'Q' => 10,
        b'l' | b'q' => 12,
        b'f' => 14,
        b'd' => 16,
        _ => 20,
    }
}

/// Bytes of an item of a format.
pub fn size_of(format: i32) -> usize {
    match format {
        0 | 1 => 1,
        2..=5 | 18 | 19 => 2,
        6..=9 | 14 | 15 | 20 | 21 => 4,
        _ => 8,
    }
}

/// The code whose items have the layout of `format` here, the wanted one if it does.
pub fn code_for(format: i32, wanted: Code) -> Option<Code> {
    if number_of(wanted) == format {
        return Some(wanted);
    }
    "bBhHiIlLfd".bytes().map(Code).find(|code| number_of(*code) == format)
}

/// The items of `bytes`, which is a multiple of the format's size long.
pub fn decode(vm: &Vm, format: i32, bytes: &[u8]) -> PyResult<Vec<Value>> {
    let size = size_of(format);
    let big_endian = format > 1 && format % 2 == 1;
    let mut items = Vec::with_capacity(bytes.len() / size);
    if format >= 18 {
        let encoding = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"][(format - 18) as usize];
        let data = taipan_objects::builtins::bytes::Bytes::new(vm, bytes)?;
        let text = taipan_objects::codecs::decode(vm, &data.into(), encoding, "strict")?;
        for point in text.points() {
            items.push(Str::from_points(vm, &[point])?.into());
        }
        return Ok(items);
    }
    let signed = matches!(format, 1 | 4 | 5 | 8 | 9 | 12 | 13);
    for chunk in bytes.chunks_exact(size) {
        let mut item = chunk.to_vec();
        if big_endian {
            item.reverse();
        }
        let mut wide = [0; 8];
        wide[..size].copy_from_slice(&item);
        items.push(match format {
            14 | 15 => float::new(vm, f64::from(f32::from_bits(u64::from_le_bytes(wide) as u32)))?,
            16 | 17 => float::new(vm, f64::from_bits(u64::from_le_bytes(wide)))?,
            _ if signed => int::from_big(vm, BigInt::from_signed_bytes_le(&item))?,
            _ => int::from_big(vm, BigInt::from_bytes_le(taipan_numeric::Sign::Plus, &item))?,
        });
    }
    Ok(items)
}
