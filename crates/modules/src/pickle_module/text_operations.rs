//! The operations of the old protocols, whose arguments are lines of text.
//!
//! Invariant: what no operation begins with raises UnpicklingError.

use super::load::Loader;
use super::opcodes as op;
use taipan_heap::Value;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::{FALSE, TRUE, float, int};
use taipan_objects::codecs;
use taipan_objects::vm::PyResult;
use taipan_text::codecs::decode_raw_unicode_escape;

/// The number in a line of a few decimal digits.
fn short_int(line: &[u8]) -> Option<i64> {
    let digits = line.strip_prefix(b"-").unwrap_or(line);
    if digits.is_empty() || digits.len() > 18 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
    Some(if digits.len() < line.len() { -number } else { number })
}

/// The number in a line of digits, signs and exponent.
fn plain_float(line: &[u8]) -> Option<f64> {
    let plain = line.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'-' | b'+'));
    if plain { std::str::from_utf8(line).ok()?.parse().ok() } else { None }
}

impl Loader<'_> {
    fn whole_number(&self, digits: &[u8], message: &str) -> PyResult<Value> {
        match short_int(digits) {
            Some(number) => int::from_i64(self.vm, number),
            None => self.number(&self.vm.types().int, digits, message),
        }
    }

    /// Operations of the old protocols, and what is none.
    pub(super) fn step_of_text(&mut self, operation: u8) -> PyResult<()> {
        let vm = self.vm;
        let made = match operation {
            op::INT => {
                let line = self.source.line(vm)?;
                match &line[..] {
                    b"00" => FALSE,
                    b"01" => TRUE,
                    _ => self.whole_number(&line, "could not convert string to int")?,
                }
            }
            op::LONG => {
                let line = self.source.line(vm)?;
                let digits = line.strip_suffix(b"L").unwrap_or(&line);
                if line.is_empty() {
                    return Err(self.fail("pickle data was truncated"));
                }
                self.whole_number(digits, "")?
            }
            op::FLOAT => {
                let line = self.source.line(vm)?;
                match plain_float(&line) {
                    Some(number) => float::new(vm, number)?,
                    None => self.number(&vm.types().float, &line, "could not convert string to float")?,
                }
            }
            op::STRING => {
                let line = self.source.line(vm)?;
                let quoted = match line[..] {
                    [first, .., last] if first == last && matches!(first, b'\'' | b'"') => &line[1..line.len() - 1],
                    _ => return Err(self.fail("the STRING opcode argument must be quoted")),
                };
                let decoded =
                    taipan_text::codecs::decode_byte_escapes(quoted, taipan_text::codecs::BadHex::from_name("strict"));
                let (data, _) = decoded.map_err(|error| vm.text_error(error))?;
                self.old_text(&data)?
            }
            op::BINSTRING => {
                let len = self.signed_length("BINSTRING")?;
                let data = self.source.read(vm, len)?;
                self.old_text(&data)?
            }
            op::SHORT_BINSTRING => {
                let len = self.length1()?;
                let data = self.source.read(vm, len)?;
                self.old_text(&data)?
            }
            op::UNICODE => {
                let line = self.source.line(vm)?;
                if line.is_ascii() && !line.contains(&b'\\') {
                    self.stack.push(Str::from_latin1(vm, &line)?.into());
                    return Ok(());
                }
                let ((), text) = codecs::decode_with(vm, &line, "strict", |handler, out| {
                    decode_raw_unicode_escape(&line, true, handler, out).map(drop)
                })?;
                Str::from_units(vm, text.as_slice())?.into()
            }
            op::GET => {
                let line = self.source.line(vm)?;
                let number = self.whole_number(&line, "")?;
                let number = int::index_clamped(vm, &number)?;
                match u64::try_from(number) {
                    Ok(number) => self.known(number)?,
                    Err(_) => return Err(self.fail(&format!("Memo value not found at index {number}"))),
                }
            }
            op::PUT => {
                let line = self.source.line(vm)?;
                let number = self.whole_number(&line, "")?;
                let Ok(number) = u64::try_from(int::index_clamped(vm, &number)?) else {
                    return Err(vm.value_error("negative PUT argument"));
                };
                let value = self.top()?.clone();
                self.memo.set(number, value);
                return Ok(());
            }
            op::GLOBAL => {
                let (module, name) = (self.name_line()?, self.name_line()?);
                self.global(&module, &name)?
            }
            op::INST => {
                let (module, name) = (self.name_line()?, self.name_line()?);
                let class = self.global(&module, &name)?;
                let args = self.pop_mark()?;
                self.instantiate(&class, &args)?
            }
            op::OBJ => {
                let items = self.pop_mark()?;
                let Some((class, args)) = items.split_first() else { return Err(self.underflow()) };
                self.instantiate(class, args)?
            }
            op::PERSID => {
                let line = self.source.line(vm)?;
                if !line.is_ascii() {
                    return Err(self.fail("persistent IDs in protocol 0 must be ASCII strings"));
                }
                let id = Str::from_latin1(vm, &line)?.into();
                self.persistent(&id)?
            }
            op::EXT1 => {
                let code = self.length1()? as i64;
                self.extension(code)?
            }
            op::EXT2 => {
                let code = u16::from_le_bytes(self.source.array(vm)?).into();
                self.extension(code)?
            }
            op::EXT4 => {
                let code = i32::from_le_bytes(self.source.array(vm)?).into();
                self.extension(code)?
            }
            _ => {
                let shown = match operation {
                    b'\'' | b'\\' => format!("\\x{operation:02x}"),
                    0x20..=0x7e => char::from(operation).to_string(),
                    _ => format!("\\x{operation:02x}"),
                };
                return Err(self.fail(&format!("invalid load key, '{shown}'.")));
            }
        };
        self.stack.push(made);
        Ok(())
    }
}
