//! The type codes of arrays: how an item of each is read from bytes and written to them.
//!
//! Invariant: `get` and `put` take exactly `size` bytes, in the machine's order.

use taipan_heap::Value;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::{float, int};
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// A type code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code(pub u8);
taipan_heap::no_references!(Code);

/// All of them.
pub const CODES: &str = "bBuwhHiIlLqQfd";

impl Code {
    /// The code that a character is.
    pub fn of(point: u32) -> Option<Code> {
        CODES.bytes().find(|&code| u32::from(code) == point).map(Code)
    }

    /// Bytes of an item.
    pub fn size(self) -> usize {
        match self.0 {
            b'b' | b'B' => 1,
            b'h' | b'H' => 2,
            b'u' | b'w' | b'i' | b'I' | b'f' => 4,
            _ => 8,
        }
    }

    /// Whether items are characters.
    pub fn is_text(self) -> bool {
        matches!(self.0, b'u' | b'w')
    }

    /// The code as text.
    pub fn text(self) -> String {
        char::from(self.0).to_string()
    }

    /// The format that a memoryview shows.
    pub fn format(self) -> String {
        if self.is_text() { "w".to_owned() } else { self.text() }
    }

    /// The integer in an item, for integer codes.
    pub fn integer(self, bytes: &[u8]) -> Option<i128> {
        let signed = match self.0 {
            b'b' | b'h' | b'i' | b'l' | b'q' => true,
            b'B' | b'H' | b'I' | b'L' | b'Q' => false,
            _ => return None,
        };
        let mut wide = [if signed && bytes.last().is_some_and(|top| top & 0x80 != 0) { 0xff } else { 0 }; 16];
        wide[..bytes.len()].copy_from_slice(bytes);
        Some(i128::from_le_bytes(wide))
    }

    /// The item in `bytes`.
    pub fn get(self, vm: &Vm, bytes: &[u8]) -> PyResult<Value> {
        let mut wide = [0; 8];
        wide[..bytes.len()].copy_from_slice(bytes);
        match self.0 {
            b'f' => float::new(vm, f64::from(f32::from_bits(u64::from_le_bytes(wide) as u32))),
            b'd' => float::new(vm, f64::from_bits(u64::from_le_bytes(wide))),
            b'u' | b'w' => {
                let point = u64::from_le_bytes(wide) as u32;
                if point > 0x10_ffff {
                    let message = format!("character U+{point:x} is not in range [U+0000; U+10ffff]");
                    return Err(vm.value_error(message));
                }
                Ok(Str::from_points(vm, &[point])?.into())
            }
            _ => self.integer(bytes).unwrap_or(0).into_value(vm),
        }
    }

    /// The bytes of `value` as an item, in the first `size` bytes.
    pub fn put(self, vm: &Vm, value: &Value) -> PyResult<[u8; 8]> {
        match self.0 {
            b'f' => {
                let mut bytes = [0; 8];
                bytes[..4].copy_from_slice(&(float::as_f64(vm, value)? as f32).to_le_bytes());
                Ok(bytes)
            }
            b'd' => Ok(float::as_f64(vm, value)?.to_le_bytes()),
            b'u' | b'w' => {
                let point = character(vm, value, "array item must be a unicode character")?;
                Ok(u64::from(point).to_le_bytes())
            }
            _ => self.put_integer(vm, value),
        }
    }

    fn put_integer(self, vm: &Vm, value: &Value) -> PyResult<[u8; 8]> {
        let value = int::index(vm, value)?;
        let big = int::as_big(&value);
        let number = big.as_ref().and_then(|big| i128::try_from(big.as_ref()).ok());
        let negative = big.is_some_and(|big| big.sign() == taipan_numeric::Sign::Minus);
        let (least, most, name) = match self.0 {
            b'b' => (-0x80, 0x7f, "signed char"),
            b'B' => (0, 0xff, "unsigned byte integer"),
            b'h' => (-0x8000, 0x7fff, "signed short integer"),
            b'H' => (0, 0xffff, "unsigned short"),
            b'i' => (i128::from(i32::MIN), i128::from(i32::MAX), "signed integer"),
            b'I' => (0, i128::from(u32::MAX), "unsigned int"),
            b'l' | b'q' => (i128::from(i64::MIN), i128::from(i64::MAX), ""),
            _ => (0, i128::from(u64::MAX), ""),
        };
        match number {
            Some(number) if (least..=most).contains(&number) => Ok((number as i64).to_le_bytes()),
            _ => Err(self.out_of_range(vm, number, negative, name)),
        }
    }

    #[cold]
    fn out_of_range(self, vm: &Vm, number: Option<i128>, negative: bool, name: &str) -> Raised {
        let in_long = number.is_some_and(|number| i64::try_from(number).is_ok());
        match self.0 {
            b'Q' if negative => vm.overflow_error("can't convert negative int to unsigned"),
            b'q' | b'Q' => vm.overflow_error("int too big to convert"),
            b'I' | b'L' if negative => vm.overflow_error("can't convert negative value to unsigned int"),
            b'I' if number.is_some_and(|number| u64::try_from(number).is_ok()) => {
                vm.overflow_error("unsigned int is greater than maximum")
            }
            b'I' | b'L' => vm.overflow_error("Python int too large to convert to C unsigned long"),
            b'l' => vm.overflow_error("Python int too large to convert to C long"),
            _ if !in_long => vm.overflow_error("Python int too large to convert to C long"),
            _ if negative => vm.overflow_error(format!("{name} is less than minimum")),
            _ => vm.overflow_error(format!("{name} is greater than maximum")),
        }
    }
}

/// The one character of a str; `what` begins the message otherwise.
pub fn character(vm: &Vm, value: &Value, what: &str) -> PyResult<u32> {
    match value.downcast::<Str>() {
        Some(text) if text.len() == 1 => Ok(text.point(0)),
        Some(text) => Err(vm.type_error(format!("{what}, not a string of length {}", text.len()))),
        None => {
            let given = vm.type_name(value);
            Err(vm.type_error(format!("{what}, not {given}")))
        }
    }
}
