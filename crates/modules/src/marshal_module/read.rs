//! Bytes to values.
//!
//! Invariant: nothing is trusted: sizes only say how much is read, numbers of objects are looked up, code objects are verified.

use super::{FLAG_REF, MAX_DEPTH, checksum};
use std::sync::Arc;
use taipan_bytecode::{Code, verify};
use taipan_heap::Value;
use taipan_interp::code::CodeObject;
use taipan_numeric::{BigInt, Sign, parse_float};
use taipan_objects::builtins::bytearray::ByteArray;
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::memoryview::MemoryView;
use taipan_objects::builtins::set::Set;
use taipan_objects::builtins::slice::Slice;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{ELLIPSIS, FALSE, NONE, TRUE, complex, float, int};
use taipan_objects::codecs;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// Where the bytes come from.
pub enum Source<'a> {
    /// What is left of bytes in memory.
    Memory(&'a [u8]),
    /// An object with the method `readinto`.
    File(&'a Value),
}

/// Reads one value.
pub fn load(vm: &Vm, source: Source<'_>, allow_code: bool) -> PyResult<Value> {
    let mut reader = Reader { vm, source, allow_code, numbered: Vec::new(), depth: 0 };
    reader.some_value("object")
}

struct Reader<'a> {
    vm: &'a Vm,
    source: Source<'a>,
    allow_code: bool,
    /// The objects by number; none where one is not complete yet.
    numbered: Vec<Option<Value>>,
    depth: usize,
}

/// The place in `numbered` that an object is going to have.
type Place = Option<usize>;

impl Reader<'_> {
    fn bad(&self, what: &str) -> Raised {
        self.vm.value_error(format!("bad marshal data ({what})"))
    }

    fn ended(&self, message: &str) -> Raised {
        self.vm.eof_error(message)
    }

    fn take(&mut self, len: usize) -> PyResult<Vec<u8>> {
        match &mut self.source {
            Source::Memory(rest) => match rest.split_at_checked(len) {
                Some((taken, left)) => {
                    *rest = left;
                    Ok(taken.to_vec())
                }
                None => Err(self.ended("marshal data too short")),
            },
            Source::File(file) => {
                let room = ByteArray::new(self.vm, &[])?;
                room.splice(self.vm, 0..0, &zeros(self.vm, len)?)?;
                let view: Value = MemoryView::new(self.vm, &room.to_value())?.into();
                let read = self.vm.get_attr_text(file, "readinto")?;
                let count = self.vm.call(&read, &[view])?;
                let count = int::index_i64(self.vm, &count)?.and_then(|count| usize::try_from(count).ok());
                match count {
                    Some(count) if count == len => Ok(room.snapshot()),
                    Some(count) if count > len => Err(self.vm.value_error(format!(
                        "read() returned too much data: {len} bytes requested, {count} returned"
                    ))),
                    _ => Err(self.ended("EOF read where not expected")),
                }
            }
        }
    }

    fn array<const N: usize>(&mut self) -> PyResult<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(&self.take(N)?);
        Ok(array)
    }

    /// A byte at whose place the data may end.
    fn byte(&mut self) -> PyResult<u8> {
        match self.array::<1>() {
            Ok([byte]) => Ok(byte),
            Err(_) if self.vm.raised_is(&self.vm.types().eof_error) => {
                drop(self.vm.swap_exception(None));
                Err(self.ended("EOF read where object expected"))
            }
            Err(raised) => Err(raised),
        }
    }

    fn long(&mut self) -> PyResult<i32> {
        Ok(i32::from_le_bytes(self.array()?))
    }

    fn double(&mut self) -> PyResult<f64> {
        Ok(f64::from_le_bytes(self.array()?))
    }

    fn size(&mut self, of: &str) -> PyResult<usize> {
        usize::try_from(self.long()?).map_err(|_| self.bad(&format!("{of} size out of range")))
    }

    /// A value that must be there; `of` names what it is part of.
    fn some_value(&mut self, of: &str) -> PyResult<Value> {
        match self.value()? {
            Some(value) => Ok(value),
            None => Err(self.vm.type_error(format!("NULL object in marshal data for {of}"))),
        }
    }

    /// Numbers an object that is made before its parts.
    fn numbered(&mut self, flag: bool, value: impl Into<Value>) -> Value {
        let value = value.into();
        if flag {
            self.numbered.push(Some(value.clone()));
        }
        value
    }

    /// Takes a number for an object that is made after its parts.
    fn reserve(&mut self, flag: bool) -> Place {
        flag.then(|| {
            self.numbered.push(None);
            self.numbered.len() - 1
        })
    }

    fn fill(&mut self, place: Place, value: impl Into<Value>) -> Value {
        let value = value.into();
        if let Some(place) = place {
            self.numbered[place] = Some(value.clone());
        }
        value
    }

    /// The next value; `None` for the mark that ends a dict.
    fn value(&mut self) -> PyResult<Option<Value>> {
        let code = self.byte()?;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.vm.value_error("recursion limit exceeded"));
        }
        self.vm.check_stack(" while unmarshalling an object")?;
        let flag = code & FLAG_REF != 0;
        let value = match code & !FLAG_REF {
            b'0' => None,
            b'N' => Some(NONE),
            b'T' => Some(TRUE),
            b'F' => Some(FALSE),
            b'.' => Some(ELLIPSIS),
            b'S' => Some(self.vm.types().stop_iteration.to_value()),
            b'r' => {
                let number = usize::try_from(self.long()?).unwrap_or(usize::MAX);
                match self.numbered.get(number) {
                    Some(Some(value)) => Some(value.clone()),
                    _ => return Err(self.bad("invalid reference")),
                }
            }
            code @ (b'(' | b')' | b'[' | b'{' | b'<' | b'>' | b':') => Some(self.container(code, flag)?),
            b'c' => Some(self.code(flag)?),
            code => {
                let value = self.atom(code)?;
                Some(self.numbered(flag, value))
            }
        };
        self.depth -= 1;
        Ok(value)
    }

    fn atom(&mut self, code: u8) -> PyResult<Value> {
        match code {
            b'i' => {
                let small = self.long()?;
                int::from_i64(self.vm, small.into())
            }
            b'I' => {
                let long = i64::from_le_bytes(self.array()?);
                int::from_i64(self.vm, long)
            }
            b'l' => self.big_int(),
            b'f' => {
                let number = self.float_text()?;
                float::new(self.vm, number)
            }
            b'g' => {
                let number = self.double()?;
                float::new(self.vm, number)
            }
            b'x' => {
                let (real, imag) = (self.float_text()?, self.float_text()?);
                complex::new(self.vm, real, imag)
            }
            b'y' => {
                let (real, imag) = (self.double()?, self.double()?);
                complex::new(self.vm, real, imag)
            }
            b's' => {
                let size = self.size("bytes object")?;
                let bytes = self.take(size)?;
                Ok(Bytes::new(self.vm, &bytes)?.into())
            }
            b'a' | b'A' | b'z' | b'Z' => {
                let short = code.eq_ignore_ascii_case(&b'z');
                let size = if short { self.byte()?.into() } else { self.size("string")? };
                let bytes = self.take(size)?;
                let text = Str::from_latin1(self.vm, &bytes)?;
                Ok(self.interned(code.is_ascii_uppercase(), text))
            }
            b'u' | b't' => {
                let size = self.size("string")?;
                let bytes = Bytes::new(self.vm, &self.take(size)?)?;
                let text = codecs::decode(self.vm, &bytes.into(), "utf-8", "surrogatepass")?;
                Ok(self.interned(code == b't', text))
            }
            _ => Err(self.bad("unknown type code")),
        }
    }

    fn interned(&self, interned: bool, text: taipan_heap::Ref<Str>) -> Value {
        if interned { self.vm.interp().intern_str(self.vm, &text).into() } else { text.into() }
    }

    fn float_text(&mut self) -> PyResult<f64> {
        let len = self.byte()?;
        let text = self.take(len.into())?;
        match parse_float(&text) {
            Some(number) => Ok(number),
            None => {
                let shown = String::from_utf8_lossy(&text);
                Err(self.vm.value_error(format!("could not convert string to float: '{shown}'")))
            }
        }
    }

    fn big_int(&mut self) -> PyResult<Value> {
        let len = self.long()?;
        let count = len.unsigned_abs() as usize;
        if i32::try_from(count).is_err() {
            return Err(self.bad("long size out of range"));
        }
        let mut words = Vec::new();
        let (mut rest, mut bits) = (0_u64, 0);
        for index in 0..count {
            let digit = u16::from_le_bytes(self.array()?);
            if digit > 0x7fff {
                return Err(self.bad("digit out of range in long"));
            }
            if digit == 0 && index + 1 == count {
                return Err(self.bad("unnormalized long data"));
            }
            rest |= u64::from(digit) << bits;
            bits += 15;
            if bits >= 32 {
                words.push(rest as u32);
                rest >>= 32;
                bits -= 32;
            }
        }
        words.push(rest as u32);
        int::from_big(self.vm, BigInt::new(if len < 0 { Sign::Minus } else { Sign::Plus }, words))
    }

    fn items(&mut self, count: usize, of: &str) -> PyResult<Vec<Value>> {
        (0..count).map(|_| self.some_value(of)).collect()
    }

    fn container(&mut self, code: u8, flag: bool) -> PyResult<Value> {
        match code {
            b'(' | b')' => {
                let count = if code == b')' { self.byte()?.into() } else { self.size("tuple")? };
                let place = self.reserve(flag);
                let items = self.items(count, "tuple")?;
                let tuple = Tuple::from_values(self.vm, items)?;
                Ok(self.fill(place, tuple))
            }
            b'[' => {
                let count = self.size("list")?;
                let list = List::with_capacity(self.vm, 0)?;
                self.numbered(flag, list.clone());
                for _ in 0..count {
                    let item = self.some_value("list")?;
                    list.push(self.vm, item)?;
                }
                Ok(list.into())
            }
            b'{' => {
                let dict = Dict::new(self.vm)?;
                self.numbered(flag, dict.clone());
                while let Some(key) = self.value()? {
                    let Some(value) = self.value()? else { break };
                    dict.set(self.vm, &key, value)?;
                }
                Ok(dict.into())
            }
            b'<' => {
                let count = self.size("set")?;
                let set = Set::new(self.vm)?;
                self.numbered(flag, set.clone());
                for _ in 0..count {
                    let item = self.some_value("set")?;
                    set.add(self.vm, &item)?;
                }
                Ok(set.into())
            }
            b'>' => {
                let count = self.size("set")?;
                let place = self.reserve(flag);
                let items = Tuple::from_values(self.vm, self.items(count, "set")?)?;
                let set = Set::frozen_from_iterable(self.vm, &items.into())?;
                Ok(self.fill(place, set))
            }
            _ => {
                let place = self.reserve(flag);
                let parts = self.items(3, "slice")?;
                let [start, stop, step] = <[Value; 3]>::try_from(parts).unwrap_or([NONE, NONE, NONE]);
                let slice = Slice::new_slice(self.vm, start, stop, step)?;
                Ok(self.fill(place, slice))
            }
        }
    }

    /// A code object in this runtime's form: a sum that tells damage, a size, the form. It is run only if the verifier finds it sound.
    fn code(&mut self, flag: bool) -> PyResult<Value> {
        if !self.allow_code {
            return Err(self.vm.value_error("unmarshalling code objects is disallowed"));
        }
        let place = self.reserve(flag);
        let sum = u64::from_le_bytes(self.array()?);
        let size = self.size("code object")?;
        let bytes = self.take(size)?;
        let code = Some(bytes).filter(|bytes| checksum(bytes) == sum).and_then(|bytes| Code::from_bytes(&bytes).ok());
        let Some(code) = code.filter(|code| verify(code).is_empty()) else {
            return Err(self.bad("not a code object of this version"));
        };
        let code = CodeObject::new(self.vm, Arc::new(code))?;
        Ok(self.fill(place, code))
    }
}

fn zeros(vm: &Vm, len: usize) -> PyResult<Vec<u8>> {
    let mut zeros = Vec::new();
    zeros.try_reserve_exact(len).map_err(|_| vm.out_of_memory(taipan_heap::OutOfMemory))?;
    zeros.resize(len, 0);
    Ok(zeros)
}
