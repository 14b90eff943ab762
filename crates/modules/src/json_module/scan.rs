//! Reading JSON: the strings, and the scanner object.
//!
//! Invariant: positions are those of characters, and never beyond the text's length but in the exceptions that say so.

use std::cell::RefCell;
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::str::{Str, StrBuilder};
use taipan_objects::builtins::{FALSE, NONE, TRUE, float, int, is_none, tuple::Tuple};
use taipan_objects::native::{Args, IntoValue};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Raised, Vm};
use taipan_text::{Unit, with_units};

/// Raises `json.JSONDecodeError`.
#[cold]
fn bad(vm: &Vm, message: &str, text: &Obj<Str>, at: usize) -> Raised {
    let raise = || {
        let module = taipan_interp::import::import_absolute(vm, "json.decoder")?;
        let class = vm.get_attr_text(&module, "JSONDecodeError")?;
        vm.call(&class, &[message.into_value(vm)?, text.to_value(), at.into_value(vm)?])
    };
    match raise() {
        Ok(exception) => vm.raise_value(exception),
        Err(raised) => raised,
    }
}

#[cold]
fn stop(vm: &Vm, at: usize) -> Raised {
    match at.into_value(vm) {
        Ok(at) => vm.stop_iteration(Some(at)),
        Err(raised) => raised,
    }
}

fn at<U: Unit>(text: &[U], index: usize) -> Option<u32> {
    text.get(index).map(|&unit| unit.into())
}

fn hex<U: Unit>(text: &[U], start: usize) -> Option<u32> {
    let mut value = 0;
    for index in start..start + 4 {
        value = value << 4 | char::from_u32(at(text, index)?)?.to_digit(16)?;
    }
    Some(value)
}

/// Reads a string whose first character after the quote is at `start`; gives it and the position after its end.
pub fn string(vm: &Vm, text: &Obj<Str>, start: usize, strict: bool) -> PyResult<(Ref<Str>, usize)> {
    with_units!(text.units(), units => string_in(vm, text, units, start, strict))
}

/// As `string`, of the units of `text`.
fn string_in<U: Unit>(
    vm: &Vm,
    text: &Obj<Str>,
    units: &[U],
    start: usize,
    strict: bool,
) -> PyResult<(Ref<Str>, usize)> {
    let unterminated = || bad(vm, "Unterminated string starting at", text, start - 1);
    let ends = |&unit: &U| matches!(unit.into(), 0..=0x1f | 0x22 | 0x5c);
    let mut index = start;
    let mut built: Option<StrBuilder> = None;
    loop {
        let from = index;
        let stopped = loop {
            index += units.get(index..).and_then(|rest| rest.iter().position(ends)).ok_or_else(unterminated)?;
            match at(units, index) {
                Some(point @ (0x22 | 0x5c)) => break point,
                _ if strict => return Err(bad(vm, "Invalid control character at", text, index)),
                _ => index += 1,
            }
        };
        let run = U::slice(&units[from..index]);
        if stopped == 0x22 {
            let string = match built {
                None => Str::from_units(vm, run)?,
                Some(mut built) => {
                    built.push_units(run);
                    built.finish(vm)?
                }
            };
            return Ok((string, index + 1));
        }
        let built = built.get_or_insert_with(StrBuilder::new);
        built.push_units(run);
        let escape = at(units, index + 1).ok_or_else(unterminated)?;
        let plain = match char::from_u32(escape) {
            Some('"') => 0x22,
            Some('\\') => 0x5c,
            Some('/') => 0x2f,
            Some('b') => 8,
            Some('f') => 12,
            Some('n') => 10,
            Some('r') => 13,
            Some('t') => 9,
            Some('u') => {
                let Some(mut point) = hex(units, index + 2) else {
                    return Err(bad(vm, "Invalid \\uXXXX escape", text, index + 1));
                };
                index += 6;
                let follows = at(units, index) == Some(0x5c) && at(units, index + 1) == Some(u32::from('u'));
                if (0xd800..0xdc00).contains(&point)
                    && follows
                    && let Some(low @ 0xdc00..=0xdfff) = hex(units, index + 2)
                {
                    point = 0x10000 + ((point - 0xd800) << 10 | (low - 0xdc00));
                    index += 6;
                }
                built.push_point(point);
                continue;
            }
            _ => return Err(bad(vm, "Invalid \\escape", text, index)),
        };
        built.push_point(plain);
        index += 2;
    }
}

/// `_json.Scanner`
#[derive(Payload)]
#[payload(name = "Scanner")]
pub struct Scanner {
    strict: Value,
    object_hook: Value,
    object_pairs_hook: Value,
    parse_float: Value,
    parse_int: Value,
    parse_constant: Value,
}

/// One call of a scanner.
struct Scan<'a, U> {
    vm: &'a Vm,
    scanner: &'a Scanner,
    text: &'a Obj<Str>,
    /// Those of `text`.
    units: &'a [U],
    strict: bool,
    /// Whether ints, and floats, are made by their own types.
    own_int: bool,
    own_float: bool,
    /// Keys met before, so that equal ones are one object.
    keys: RefCell<Option<Ref<Dict>>>,
}

/// The number of at most 18 digits.
fn small(text: &[u8]) -> Option<i64> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let number = || digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
    (digits.len() <= 18).then(|| if digits.len() < text.len() { -number() } else { number() })
}

impl<U: Unit> Scan<'_, U> {
    fn skip(&self, mut index: usize) -> usize {
        while matches!(at(self.units, index), Some(0x20 | 0x09 | 0x0a | 0x0d)) {
            index += 1;
        }
        index
    }

    fn is(&self, index: usize, word: &str) -> bool {
        word.bytes().enumerate().all(|(i, byte)| at(self.units, index + i) == Some(byte.into()))
    }

    fn constant(&self, index: usize, word: &str) -> PyResult<(Value, usize)> {
        let value = self.vm.call(&self.scanner.parse_constant, &[word.into_value(self.vm)?])?;
        Ok((value, index + word.len()))
    }

    fn value(&self, index: usize) -> PyResult<(Value, usize)> {
        let Some(first) = at(self.units, index) else { return Err(stop(self.vm, index)) };
        match char::from_u32(first) {
            Some('"') => {
                let (text, end) = string_in(self.vm, self.text, self.units, index + 1, self.strict)?;
                Ok((text.into(), end))
            }
            Some('{') => {
                self.vm.recursive(" while decoding a JSON object from a unicode string", || self.object(index + 1))
            }
            Some('[') => {
                self.vm.recursive(" while decoding a JSON array from a unicode string", || self.array(index + 1))
            }
            Some('n') if self.is(index, "null") => Ok((NONE, index + 4)),
            Some('t') if self.is(index, "true") => Ok((TRUE, index + 4)),
            Some('f') if self.is(index, "false") => Ok((FALSE, index + 5)),
            Some('N') if self.is(index, "NaN") => self.constant(index, "NaN"),
            Some('I') if self.is(index, "Infinity") => self.constant(index, "Infinity"),
            Some('-') if self.is(index, "-Infinity") => self.constant(index, "-Infinity"),
            _ => self.number(index),
        }
    }

    fn number(&self, start: usize) -> PyResult<(Value, usize)> {
        let digit = |index: usize| matches!(at(self.units, index), Some(0x30..=0x39));
        let mut index = start + usize::from(at(self.units, start) == Some(u32::from('-')));
        if !digit(index) {
            return Err(stop(self.vm, start));
        }
        if at(self.units, index) == Some(0x30) {
            index += 1;
        } else {
            while digit(index) {
                index += 1;
            }
        }
        let mut is_float = false;
        if at(self.units, index) == Some(u32::from('.')) && digit(index + 1) {
            is_float = true;
            index += 1;
            while digit(index) {
                index += 1;
            }
        }
        if matches!(at(self.units, index), Some(0x45 | 0x65)) {
            let signed = usize::from(matches!(at(self.units, index + 1), Some(0x2b | 0x2d)));
            let mut end = index + 1 + signed;
            if digit(end) {
                while digit(end) {
                    end += 1;
                }
                is_float = true;
                index = end;
            }
        }
        let vm = self.vm;
        let units = &self.units[start..index];
        let mut short = [0; 40];
        // All of it is ASCII.
        let narrow = short.get_mut(..units.len()).map(|narrow| {
            narrow.iter_mut().zip(units).for_each(|(to, &unit)| *to = unit.into() as u8);
            &*narrow
        });
        if is_float
            && self.own_float
            && let Some(number) = narrow.and_then(taipan_numeric::parse_float)
        {
            return Ok((float::new(vm, number)?, index));
        }
        if !is_float
            && self.own_int
            && let Some(number) = narrow.and_then(small)
        {
            return Ok((int::from_i64(vm, number)?, index));
        }
        let text = Str::from_units(vm, U::slice(units))?;
        let parse = if is_float { &self.scanner.parse_float } else { &self.scanner.parse_int };
        Ok((vm.call(parse, &[text.into()])?, index))
    }

    fn key(&self, key: Ref<Str>) -> PyResult<Value> {
        let known = self.keys.borrow().clone();
        let known = match known {
            Some(known) => known,
            None => {
                let made = Dict::new(self.vm)?;
                *self.keys.borrow_mut() = Some(made.clone());
                made
            }
        };
        let key = Value::from(key);
        known.set_default(self.vm, &key.clone(), key)
    }

    fn object(&self, start: usize) -> PyResult<(Value, usize)> {
        let vm = self.vm;
        let pairs = match is_none(&self.scanner.object_pairs_hook) {
            true => None,
            false => Some(List::with_capacity(vm, 0)?),
        };
        let dict = Dict::new(vm)?;
        let mut index = self.skip(start);
        if at(self.units, index) != Some(u32::from('}')) {
            loop {
                if at(self.units, index) != Some(0x22) {
                    let message = "Expecting property name enclosed in double quotes";
                    return Err(bad(vm, message, self.text, index));
                }
                let (key, end) = string_in(vm, self.text, self.units, index + 1, self.strict)?;
                let key = self.key(key)?;
                index = self.skip(end);
                if at(self.units, index) != Some(u32::from(':')) {
                    return Err(bad(vm, "Expecting ':' delimiter", self.text, index));
                }
                let (value, end) = self.value(self.skip(index + 1))?;
                match &pairs {
                    Some(pairs) => pairs.push(vm, Tuple::pair(vm, key, value)?.into())?,
                    None => dict.set(vm, &key, value)?,
                }
                index = self.skip(end);
                match at(self.units, index).and_then(char::from_u32) {
                    Some('}') => break,
                    Some(',') => {}
                    _ => return Err(bad(vm, "Expecting ',' delimiter", self.text, index)),
                }
                let comma = index;
                index = self.skip(index + 1);
                if at(self.units, index) == Some(u32::from('}')) {
                    return Err(bad(vm, "Illegal trailing comma before end of object", self.text, comma));
                }
            }
        }
        let made = match pairs {
            Some(pairs) => vm.call(&self.scanner.object_pairs_hook, &[pairs.into()])?,
            None if is_none(&self.scanner.object_hook) => dict.into(),
            None => vm.call(&self.scanner.object_hook, &[dict.into()])?,
        };
        Ok((made, index + 1))
    }

    fn array(&self, start: usize) -> PyResult<(Value, usize)> {
        let vm = self.vm;
        let list = List::with_capacity(vm, 0)?;
        let mut index = self.skip(start);
        if at(self.units, index) != Some(u32::from(']')) {
            loop {
                let (value, end) = self.value(index)?;
                list.push(vm, value)?;
                index = self.skip(end);
                match at(self.units, index).and_then(char::from_u32) {
                    Some(']') => break,
                    Some(',') => {}
                    _ => return Err(bad(vm, "Expecting ',' delimiter", self.text, index)),
                }
                let comma = index;
                index = self.skip(index + 1);
                if at(self.units, index) == Some(u32::from(']')) {
                    return Err(bad(vm, "Illegal trailing comma before end of array", self.text, comma));
                }
            }
        }
        Ok((list.into(), index + 1))
    }
}

/// JSON scanner object
#[pytype(name = "Scanner", module = "_json", flags = BASETYPE)]
impl Scanner {
    #[slot(sig = "context")]
    fn new(class: &Obj<Type>, vm: &Vm, context: &Value) -> PyResult<Value> {
        let strict = vm.get_attr_text(context, "strict")?;
        vm.is_true(&strict)?;
        let payload = Scanner {
            strict,
            object_hook: vm.get_attr_text(context, "object_hook")?,
            object_pairs_hook: vm.get_attr_text(context, "object_pairs_hook")?,
            parse_float: vm.get_attr_text(context, "parse_float")?,
            parse_int: vm.get_attr_text(context, "parse_int")?,
            parse_constant: vm.get_attr_text(context, "parse_constant")?,
        };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn call(this: &Obj<Scanner>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let (text, index) = match (args.positionals(), args.keyword("string"), args.keyword("idx")) {
            ([text, index], None, None) => (text, index),
            ([text], None, Some(index)) => (text, index),
            ([], Some(text), Some(index)) => (text, index),
            (given, ..) => {
                let given = given.len() + args.names.len();
                return Err(vm.type_error(format!("scan_once() takes exactly 2 arguments ({given} given)")));
            }
        };
        let Some(text) = text.downcast::<Str>() else {
            let given = vm.type_name(text);
            return Err(vm.type_error(format!("first argument must be a string, not {given}")));
        };
        let Ok(index) = usize::try_from(int::index_clamped(vm, index)?) else {
            return Err(vm.value_error("idx cannot be negative"));
        };
        let strict = vm.is_true(&this.strict)?;
        let own_int = this.parse_int.is(&vm.types().int.to_value());
        let own_float = this.parse_float.is(&vm.types().float.to_value());
        let (value, end) = with_units!(text.units(), units => {
            let keys = RefCell::new(None);
            Scan { vm, scanner: this, text, units, strict, own_int, own_float, keys }.value(index)?
        });
        Ok(Tuple::pair(vm, value, end.into_value(vm)?)?.into())
    }

    #[getter]
    fn strict(this: &Obj<Scanner>, vm: &Vm) -> PyResult<bool> {
        vm.is_true(&this.strict)
    }

    #[getter]
    fn object_hook(this: &Obj<Scanner>) -> Value {
        this.object_hook.clone()
    }

    #[getter]
    fn object_pairs_hook(this: &Obj<Scanner>) -> Value {
        this.object_pairs_hook.clone()
    }

    #[getter]
    fn parse_float(this: &Obj<Scanner>) -> Value {
        this.parse_float.clone()
    }

    #[getter]
    fn parse_int(this: &Obj<Scanner>) -> Value {
        this.parse_int.clone()
    }

    #[getter]
    fn parse_constant(this: &Obj<Scanner>) -> Value {
        this.parse_constant.clone()
    }
}
