//! Values to bytes.
//!
//! Invariant: an object is numbered exactly when its type code carries the flag, so numbers mean the same to the reader.

use super::{FLAG_REF, MAX_DEPTH, checksum, code_bytes};
use std::collections::HashMap;
use taipan_heap::{Value, flags};
use taipan_interp::code::CodeObject;
use taipan_numeric::{BigInt, FloatFormat, Sign, format_float};
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::set::Set;
use taipan_objects::builtins::slice::Slice;
use taipan_objects::builtins::str::{self, Str};
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{ELLIPSIS, FALSE, NONE, TRUE, buffer, complex, float, int};
use taipan_objects::codecs;
use taipan_objects::vm::{PyResult, Vm};

/// The bytes of `value`.
pub fn dump(vm: &Vm, value: &Value, version: i32, allow_code: bool) -> PyResult<Vec<u8>> {
    let mut writer = Writer {
        vm,
        version,
        allow_code,
        out: Vec::new(),
        numbers: HashMap::new(),
        kept: Vec::new(),
        open: Vec::new(),
        depth: 0,
    };
    writer.value(value)?;
    Ok(writer.out)
}

struct Writer<'a> {
    vm: &'a Vm,
    version: i32,
    allow_code: bool,
    out: Vec<u8>,
    /// The objects numbered, by their words.
    numbers: HashMap<u64, u32>,
    /// Keeps them alive, so that no other gets the word of one.
    kept: Vec<Value>,
    /// The slices being written: a reader could not make one that contains itself.
    open: Vec<u32>,
    depth: usize,
}

impl Writer<'_> {
    fn long(&mut self, value: i32) {
        self.out.extend_from_slice(&value.to_le_bytes());
    }

    fn size(&mut self, size: usize) -> PyResult<()> {
        let size = i32::try_from(size).map_err(|_| self.unmarshallable())?;
        self.long(size);
        Ok(())
    }

    fn sized(&mut self, bytes: &[u8]) -> PyResult<()> {
        self.size(bytes.len())?;
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    fn short(&mut self, text: &str) {
        self.out.push(text.len() as u8);
        self.out.extend_from_slice(text.as_bytes());
    }

    fn unmarshallable(&self) -> taipan_objects::vm::Raised {
        self.vm.value_error("unmarshallable object")
    }

    fn value(&mut self, value: &Value) -> PyResult<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.vm.value_error("object too deeply nested to marshal"));
        }
        self.vm.check_stack(" while marshalling an object")?;
        let constants = [(&NONE, b'N'), (&TRUE, b'T'), (&FALSE, b'F'), (&ELLIPSIS, b'.')];
        if let Some((_, code)) = constants.iter().find(|(constant, _)| constant.is(value)) {
            self.out.push(*code);
        } else if value.is(&self.vm.types().stop_iteration.to_value()) {
            self.out.push(b'S');
        } else {
            self.object(value)?;
        }
        self.depth -= 1;
        Ok(())
    }

    /// Writes the number of an object met before, or gives the object a number if it may be met again; returns the flag for its type code.
    fn number(&mut self, value: &Value) -> PyResult<Option<u8>> {
        if self.version < 3 {
            return Ok(Some(0));
        }
        let shared = match value.header() {
            Some(header) => {
                header.is_immortal() || header.count() > 1 || value.downcast::<Str>().is_some_and(str::is_interned)
            }
            // Its word is all there is of it: equal ones are the same.
            None => true,
        };
        if !shared {
            return Ok(Some(0));
        }
        if let Some(&number) = self.numbers.get(&value.bits()) {
            if self.open.contains(&number) {
                return Err(self.unmarshallable());
            }
            self.out.push(b'r');
            self.long(number as i32);
            return Ok(None);
        }
        self.numbers.insert(value.bits(), self.kept.len() as u32);
        self.kept.push(value.clone());
        Ok(Some(FLAG_REF))
    }

    fn object(&mut self, value: &Value) -> PyResult<()> {
        let Some(flag) = self.number(value)? else { return Ok(()) };
        let exact = value.header().is_none_or(|header| header.kind().has(flags::EXACT));
        if !exact {
            return self.other(value, flag);
        }
        if let Some(int) = int::as_big(value) {
            return self.int(&int, flag);
        }
        if let Some(number) = float::get(value) {
            if self.version > 1 {
                self.out.push(b'g' | flag);
                self.out.extend_from_slice(&number.to_le_bytes());
            } else {
                self.out.push(b'f' | flag);
                self.short(&float_text(number));
            }
            return Ok(());
        }
        if let Some(number) = complex::get(value) {
            let parts = [number.real, number.imag];
            if self.version > 1 {
                self.out.push(b'y' | flag);
                parts.iter().for_each(|part| self.out.extend_from_slice(&part.to_le_bytes()));
            } else {
                self.out.push(b'x' | flag);
                parts.iter().for_each(|&part| self.short(&float_text(part)));
            }
            return Ok(());
        }
        if let Some(bytes) = value.downcast::<Bytes>() {
            self.out.push(b's' | flag);
            return self.sized(bytes.bytes());
        }
        if value.downcast::<Str>().is_some() {
            return self.str(value, flag);
        }
        if let Some(tuple) = value.downcast::<Tuple>() {
            let items = tuple.items();
            match u8::try_from(items.len()) {
                Ok(len) if self.version >= 4 => self.out.extend_from_slice(&[b')' | flag, len]),
                _ => {
                    self.out.push(b'(' | flag);
                    self.size(items.len())?;
                }
            }
            return items.iter().try_for_each(|item| self.value(item));
        }
        if let Some(list) = value.downcast::<List>() {
            let items = list.snapshot();
            self.out.push(b'[' | flag);
            self.size(items.len())?;
            return items.iter().try_for_each(|item| self.value(item));
        }
        if let Some(dict) = value.downcast::<Dict>() {
            self.out.push(b'{' | flag);
            for (key, item) in dict.snapshot() {
                self.value(&key)?;
                self.value(&item)?;
            }
            self.out.push(b'0');
            return Ok(());
        }
        if let Some(set) = value.downcast::<Set>() {
            let mut items = Vec::new();
            for item in set.snapshot() {
                items.push((dump(self.vm, &item, self.version, self.allow_code)?, item));
            }
            // The order of a set may differ from run to run; what is written may not.
            items.sort_by(|(a, _), (b, _)| a.cmp(b));
            self.out.push(if set.is_frozen() { b'>' } else { b'<' } | flag);
            self.size(items.len())?;
            return items.iter().try_for_each(|(_, item)| self.value(item));
        }
        if let Some(code) = value.downcast::<CodeObject>() {
            if !self.allow_code {
                return Err(self.vm.value_error("marshalling code objects is disallowed"));
            }
            let bytes = code_bytes(code);
            self.out.push(b'c' | flag);
            self.out.extend_from_slice(&checksum(&bytes).to_le_bytes());
            return self.sized(&bytes);
        }
        self.other(value, flag)
    }

    /// What is none of the types known: only what offers its bytes can be written, and slices.
    fn other(&mut self, value: &Value, flag: u8) -> PyResult<()> {
        if buffer::is_buffer(self.vm, value) {
            let bytes = buffer::to_vec(self.vm, value)?;
            self.out.push(b's' | flag);
            return self.sized(&bytes);
        }
        match value.downcast::<Slice>() {
            Some(slice) if self.version >= 5 => {
                self.out.push(b':' | flag);
                self.open.extend(self.numbers.get(&value.bits()));
                slice.parts().iter().try_for_each(|part| self.value(part))?;
                self.open.retain(|number| self.numbers.get(&value.bits()) != Some(number));
                Ok(())
            }
            _ => Err(self.unmarshallable()),
        }
    }

    fn int(&mut self, value: &BigInt, flag: u8) -> PyResult<()> {
        if let Ok(small) = i32::try_from(value) {
            self.out.push(b'i' | flag);
            self.long(small);
            return Ok(());
        }
        // Digits of 15 bits, the lowest first; the sign goes to their number.
        let mut digits = Vec::new();
        let (mut rest, mut bits) = (0_u64, 0);
        for word in value.magnitude().iter_u32_digits() {
            rest |= u64::from(word) << bits;
            bits += 32;
            while bits >= 15 {
                digits.push((rest & 0x7fff) as u16);
                rest >>= 15;
                bits -= 15;
            }
        }
        digits.push(rest as u16);
        while digits.last() == Some(&0) {
            digits.pop();
        }
        self.out.push(b'l' | flag);
        let len = i32::try_from(digits.len()).map_err(|_| self.unmarshallable())?;
        self.long(if value.sign() == Sign::Minus { -len } else { len });
        digits.iter().for_each(|digit| self.out.extend_from_slice(&digit.to_le_bytes()));
        Ok(())
    }

    fn str(&mut self, value: &Value, flag: u8) -> PyResult<()> {
        let Some(text) = value.downcast::<Str>() else { return Ok(()) };
        let interned = str::is_interned(text);
        if let Some(ascii) = text.as_ascii().filter(|_| self.version >= 4) {
            if ascii.len() < 256 {
                self.out.push(if interned { b'Z' } else { b'z' } | flag);
                self.short(ascii);
                return Ok(());
            }
            self.out.push(if interned { b'A' } else { b'a' } | flag);
            return self.sized(ascii.as_bytes());
        }
        self.out.push(if interned && self.version >= 3 { b't' } else { b'u' } | flag);
        let encoded = codecs::encode(self.vm, text, "utf-8", "surrogatepass")?;
        self.sized(encoded.bytes())
    }
}

/// A float in 17 digits, as the older versions of the format hold it.
fn float_text(value: f64) -> String {
    format_float(value, FloatFormat { style: b'g', precision: 17, ..FloatFormat::default() })
}
