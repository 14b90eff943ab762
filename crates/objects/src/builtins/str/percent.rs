//! The `%` operator of str, bytes and bytearray.
//!
//! Invariant: arguments are taken in CPython's order: mapping key, `*` width, `*` precision, value.

use super::{Str, StrBuilder, StrData, ascii};
use crate::builtins::bytes::Bytes;
use crate::builtins::tuple::Tuple;
use crate::builtins::{buffer, float, int};
use crate::vm::{PyResult, Raised, Vm};
use taipan_heap::{Obj, Ref, Value};
use taipan_text::percent::{Conversion, PercentParser, PercentPiece};
use taipan_text::{CodePoints, Sink, TextBuffer, TextError};

/// An error of the parser or a raised exception.
enum Trouble {
    Text(TextError),
    Raised(Raised),
}

impl From<TextError> for Trouble {
    fn from(error: TextError) -> Trouble {
        Trouble::Text(error)
    }
}

impl From<Raised> for Trouble {
    fn from(raised: Raised) -> Trouble {
        Trouble::Raised(raised)
    }
}

/// The right operand, consumed from left to right.
struct Operand<'a> {
    vm: &'a Vm,
    items: Option<&'a [Value]>,
    single: &'a Value,
    next: usize,
    mapping: Option<&'a Value>,
    looked_up: Option<Value>,
}

impl<'a> Operand<'a> {
    fn new(vm: &'a Vm, value: &'a Value, of_text: bool) -> Operand<'a> {
        let items = value.downcast::<Tuple>().map(|tuple| tuple.items());
        let bytes = || {
            value.downcast::<Bytes>().is_some() || value.downcast::<crate::builtins::bytearray::ByteArray>().is_some()
        };
        let text = value.downcast::<Str>().is_some() || !of_text && bytes();
        let is_mapping = items.is_none() && !text && vm.class_of(value).slots.getitem.get().is_some();
        let mapping = is_mapping.then_some(value);
        Operand { vm, items, single: value, next: 0, mapping, looked_up: None }
    }

    fn take(&mut self) -> PyResult<Value> {
        if let Some(value) = self.looked_up.take() {
            return Ok(value);
        }
        let item = match self.items {
            Some(items) => items.get(self.next),
            None => (self.next == 0).then_some(self.single),
        };
        self.next += 1;
        match item {
            Some(item) => Ok(item.clone()),
            None => Err(self.vm.type_error("not enough arguments for format string")),
        }
    }

    fn star(&mut self, precision: bool) -> PyResult<i64> {
        let value = self.take()?;
        if !int::is_int(&value) {
            return Err(self.vm.type_error("* wants int"));
        }
        match int::index_i64(self.vm, &value)? {
            Some(n) if !precision || i32::try_from(n).is_ok() => Ok(n),
            _ => {
                let kind = if precision { "int" } else { "ssize_t" };
                Err(self.vm.overflow_error(format!("Python int too large to convert to C {kind}")))
            }
        }
    }

    fn finish(&self, what: &str) -> PyResult<()> {
        let left = match self.items {
            Some(items) => self.next < items.len(),
            None => self.next == 0 && self.mapping.is_none(),
        };
        if left {
            return Err(self.vm.type_error(format!("not all arguments converted during {what} formatting")));
        }
        Ok(())
    }
}

/// What differs between text and bytes.
trait Flavour {
    const WHAT: &'static str;
    const TEXT: bool;
    fn key(vm: &Vm, units: &[u32]) -> PyResult<Value>;
    fn write(vm: &Vm, conversion: &Conversion, value: &Value, out: &mut TextBuffer) -> PyResult<bool>;
}

struct Text;
struct ByteText;

fn lay_out<S: CodePoints + ?Sized>(vm: &Vm, conversion: &Conversion, text: &S, out: &mut TextBuffer) -> PyResult<bool> {
    let mut sink = taipan_text::Bounded::new(out, vm.text_room());
    conversion.write_text(text, &mut sink).map_err(|error| vm.text_error(error))?;
    Ok(true)
}

impl Flavour for Text {
    const WHAT: &'static str = "string";
    const TEXT: bool = true;

    fn key(vm: &Vm, units: &[u32]) -> PyResult<Value> {
        Ok(Str::from_points(vm, units)?.into())
    }

    fn write(vm: &Vm, conversion: &Conversion, value: &Value, out: &mut TextBuffer) -> PyResult<bool> {
        let text = match u8::try_from(conversion.kind) {
            Ok(b's') => vm.str(value)?,
            Ok(b'r') => vm.repr(value)?,
            Ok(b'a') => ascii(vm, value)?,
            Ok(b'c') => character(vm, value)?,
            _ => return Ok(false),
        };
        lay_out(vm, conversion, &**text, out)
    }
}

fn character(vm: &Vm, value: &Value) -> PyResult<Ref<Str>> {
    const WANTED: &str = "%c requires an int or a unicode character, not ";
    if let Some(text) = value.downcast::<Str>() {
        let len = text.len();
        if len != 1 {
            return Err(vm.type_error(format!("{WANTED}a string of length {len}")));
        }
        return Ok(text.to_ref());
    }
    if !int::is_int(value) && vm.class_of(value).slots.index.get().is_none() {
        let given = vm.class_of(value).qualified_name(vm);
        return Err(vm.type_error(format!("{WANTED}{given}")));
    }
    match int::index_i64(vm, value)? {
        Some(point @ 0..=0x10_ffff) => Str::character(vm, point as u32),
        _ => Err(vm.overflow_error("%c arg not in range(0x110000)")),
    }
}

impl Flavour for ByteText {
    const WHAT: &'static str = "bytes";
    const TEXT: bool = false;

    fn key(vm: &Vm, units: &[u32]) -> PyResult<Value> {
        let bytes: Vec<u8> = units.iter().map(|&unit| unit as u8).collect();
        Ok(Bytes::new(vm, &bytes)?.into())
    }

    fn write(vm: &Vm, conversion: &Conversion, value: &Value, out: &mut TextBuffer) -> PyResult<bool> {
        match u8::try_from(conversion.kind) {
            Ok(b's' | b'b') => lay_out(vm, conversion, &byte_text(vm, value)?[..], out),
            Ok(b'r' | b'a') => lay_out(vm, conversion, &**ascii(vm, value)?, out),
            Ok(b'c') => lay_out(vm, conversion, &[byte(vm, value)?][..], out),
            _ => Ok(false),
        }
    }
}

fn byte_text(vm: &Vm, value: &Value) -> PyResult<Vec<u8>> {
    if buffer::is_buffer(vm, value) {
        return buffer::to_vec(vm, value);
    }
    if let Some(result) = vm.call_special(value, &vm.names().__bytes__, &[])? {
        return match result.downcast::<Bytes>() {
            Some(bytes) => Ok(bytes.bytes().to_vec()),
            None => {
                let given = vm.type_name(&result);
                Err(vm.type_error(format!("__bytes__ returned non-bytes (type {given})")))
            }
        };
    }
    let given = vm.type_name(value);
    Err(vm
        .type_error(format!("%b requires a bytes-like object, or an object that implements __bytes__, not '{given}'")))
}

fn byte(vm: &Vm, value: &Value) -> PyResult<u8> {
    const WANTED: &str = "%c requires an integer in range(256) or a single byte, not ";
    let array = value.downcast::<crate::builtins::bytearray::ByteArray>().is_some();
    if array || value.downcast::<Bytes>().is_some() {
        return match buffer::to_vec(vm, value)?[..] {
            [byte] => Ok(byte),
            ref bytes => {
                let kind = if array { "bytearray" } else { "bytes" };
                let len = bytes.len();
                Err(vm.type_error(format!("{WANTED}a {kind} object of length {len}")))
            }
        };
    }
    if !int::is_int(value) && vm.class_of(value).slots.index.get().is_none() {
        let given = vm.class_of(value).qualified_name(vm);
        return Err(vm.type_error(format!("{WANTED}{given}")));
    }
    match int::index_i64(vm, value)?.map(u8::try_from) {
        Some(Ok(byte)) => Ok(byte),
        _ => Err(vm.overflow_error("%c arg not in range(256)")),
    }
}

/// Writes an integer conversion.
fn write_int(vm: &Vm, conversion: &Conversion, value: &Value, out: &mut TextBuffer) -> PyResult<()> {
    let kind = char::from_u32(conversion.kind).unwrap_or('d');
    let number = if int::is_int(value) {
        value.clone()
    } else {
        let slots = &vm.class_of(value).slots;
        let base = conversion.base();
        let converted = match (slots.index.get(), slots.int.get()) {
            (_, Some(_)) if base == 10 => int::from_number(vm, value),
            (Some(_), _) => int::index(vm, value),
            _ => {
                let wanted = if base == 10 { "a real number" } else { "an integer" };
                let given = vm.type_name(value);
                return Err(vm.type_error(format!("%{kind} format: {wanted} is required, not {given}")));
            }
        };
        converted?
    };
    let (mut buffer, made);
    let digits = match int::as_small(&number) {
        Some(small) => {
            buffer = [0; taipan_numeric::SMALL_DIGITS];
            taipan_numeric::small_digits(small, conversion.base(), &mut buffer)
        }
        None => match int::as_big(&number) {
            Some(big) => {
                let limit = int::max_str_digits(vm);
                let text = taipan_numeric::big_to_string(&big, conversion.base(), limit);
                made = text.map_err(|error| vm.value_error(error.to_string()))?;
                &made
            }
            None => {
                let given = vm.type_name(&number);
                return Err(vm.type_error(format!("__int__ returned non-int (type {given})")));
            }
        },
    };
    let mut sink = taipan_text::Bounded::new(out, vm.text_room());
    conversion.write_int(digits, &mut sink).map_err(|error| vm.text_error(error))
}

fn write_float(vm: &Vm, conversion: &Conversion, value: &Value, out: &mut TextBuffer, text: bool) -> PyResult<()> {
    if !text && float::get(value).is_none() && !int::is_int(value) {
        let slots = &vm.class_of(value).slots;
        if slots.float.get().is_none() && slots.index.get().is_none() {
            let given = vm.type_name(value);
            return Err(vm.type_error(format!("float argument required, not {given}")));
        }
    }
    let number = float::as_f64(vm, value)?;
    let mut sink = taipan_text::Bounded::new(out, vm.text_room());
    conversion.write_float(number, &mut sink).map_err(|error| vm.text_error(error))
}

fn run<F: Flavour, S: CodePoints + ?Sized>(vm: &Vm, template: &S, value: &Value) -> Result<TextBuffer, Trouble> {
    let mut operand = Operand::new(vm, value, F::TEXT);
    let mut parser = PercentParser::new(template, operand.mapping.is_some());
    let mut out = TextBuffer::with_capacity(template.len() + 32);
    while let Some(piece) = parser.next_piece()? {
        let key = match piece {
            PercentPiece::Literal(range) => {
                out.push_range(template, range);
                continue;
            }
            PercentPiece::Conversion { key } => key,
        };
        if let (Some(range), Some(mapping)) = (key, operand.mapping) {
            let units: Vec<u32> = range.map(|i| template.get(i)).collect();
            operand.looked_up = Some(vm.get_item(mapping, &F::key(vm, &units)?)?);
        }
        let conversion = parser.conversion::<Trouble>(|precision| Ok(operand.star(precision)?))?;
        let argument = operand.take()?;
        match u8::try_from(conversion.kind) {
            Ok(b'd' | b'i' | b'u' | b'o' | b'x' | b'X') => write_int(vm, &conversion, &argument, &mut out)?,
            Ok(b'e' | b'E' | b'f' | b'F' | b'g' | b'G') => {
                write_float(vm, &conversion, &argument, &mut out, F::TEXT)?;
            }
            _ => {
                if !F::write(vm, &conversion, &argument, &mut out)? {
                    return Err(conversion.unsupported().into());
                }
            }
        }
    }
    operand.finish(F::WHAT)?;
    Ok(out)
}

fn settle<T>(vm: &Vm, result: Result<T, Trouble>) -> PyResult<T> {
    result.map_err(|trouble| match trouble {
        Trouble::Text(error) => vm.text_error(error),
        Trouble::Raised(raised) => raised,
    })
}

/// Texts up to this length are taken without asking for room.
const BRIEF: usize = 4096;

/// What most templates ask for: strs and small ints as they are. `false`: it may be anything, and nothing was done that shows.
fn simple(template: &[u8], value: &Value, out: &mut StrBuilder) -> bool {
    let items = match value.downcast::<Tuple>() {
        Some(tuple) => tuple.items(),
        None if value.is_int() || value.downcast_exact::<Str>().is_some() => std::slice::from_ref(value),
        None => return false,
    };
    out.text = TextBuffer::with_capacity(template.len() + 8 * items.len());
    let (mut items, mut rest) = (items.iter(), template);
    while let Some(at) = taipan_text::search::byte(rest, b'%') {
        let Some(&kind) = rest.get(at + 1) else { return false };
        out.push_latin1(&rest[..at]);
        rest = &rest[at + 2..];
        if kind == b'%' {
            out.push_latin1(b"%");
            continue;
        }
        let Some(item) = items.next() else { return false };
        match (item.as_int(), kind) {
            (Some(number), b's' | b'd' | b'i') => {
                let mut digits = [0; taipan_numeric::SMALL_DIGITS];
                out.push_latin1(taipan_numeric::small_digits(number, 10, &mut digits).as_bytes());
            }
            (None, b's') => match item.downcast_exact::<Str>() {
                Some(text) if text.len() <= BRIEF => out.push(text),
                _ => return false,
            },
            _ => return false,
        }
    }
    out.push_latin1(rest);
    items.next().is_none()
}

/// `template % value` for text.
pub(super) fn percent_str(vm: &Vm, template: &Obj<Str>, value: &Value) -> PyResult<Ref<Str>> {
    if let (StrData::Ascii([b'%', kind]), Some(number)) = (template.data(), value.as_int()) {
        let base = match kind {
            b'd' | b'i' | b'u' | b's' | b'r' => 10,
            b'x' => 16,
            b'o' => 8,
            _ => 0,
        };
        if base != 0 {
            let mut digits = [0; taipan_numeric::SMALL_DIGITS];
            return Str::from_ascii(vm, taipan_numeric::small_digits(number, base, &mut digits).as_bytes());
        }
    }
    let mut out = StrBuilder::new();
    if template.latin1().is_some_and(|bytes| simple(bytes, value, &mut out)) {
        return out.finish(vm);
    }
    out.text = match template.data() {
        StrData::Ascii(bytes) | StrData::Latin1(bytes) => settle(vm, run::<Text, [u8]>(vm, bytes, value))?,
        _ => settle(vm, run::<Text, _>(vm, &**template, value))?,
    };
    out.finish(vm)
}

/// `template % value` for bytes.
pub fn percent_bytes(vm: &Vm, template: &[u8], value: &Value) -> PyResult<Vec<u8>> {
    match settle(vm, run::<ByteText, _>(vm, template, value))? {
        TextBuffer::U1(bytes) => Ok(bytes),
        wide => Ok(wide.points().map(|unit| unit as u8).collect()),
    }
}
