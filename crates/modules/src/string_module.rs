//! `_string`: the pieces of format templates, for `string.Formatter`.
//!
//! Invariant: both functions parse exactly as `str.format` does.

pub use module::spec;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::{pymodule, pytype};
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, boolean, int};
use taipan_objects::vm::{PyResult, Vm};
use taipan_text::template::{self, Accessor, Piece};

/// `formatteriterator`: values computed beforehand, then the error that ended them.
#[derive(Payload)]
#[payload(name = "formatteriterator")]
pub struct FormatterIterator {
    items: Vec<Value>,
    next: Cell<usize>,
    error: ParseError,
}

struct ParseError(RefCell<Option<taipan_text::TextError>>);
taipan_heap::no_references!(ParseError);

#[pytype(name = "formatteriterator", module = "_string", flags = DISALLOW_INSTANTIATION)]
impl FormatterIterator {
    #[slot]
    fn next(this: &Obj<FormatterIterator>, vm: &Vm) -> PyResult<Option<Value>> {
        let index = this.next.get();
        if let Some(item) = this.items.get(index) {
            this.next.set(index + 1);
            return Ok(Some(item.clone()));
        }
        let error = this.error.0.borrow_mut().take();
        match error {
            Some(error) => Err(vm.text_error(error)),
            None => Ok(None),
        }
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }
}

fn iterator(vm: &Vm, items: Vec<Value>, error: Option<taipan_text::TextError>) -> PyResult<Value> {
    let class = vm.native_type(FormatterIterator::spec())?;
    let error = ParseError(RefCell::new(error));
    Ok(vm.alloc(&*class, FormatterIterator { items, next: Cell::new(0), error })?.into())
}

fn text<'a>(vm: &Vm, value: &'a Value) -> PyResult<&'a Obj<Str>> {
    value.downcast::<Str>().ok_or_else(|| {
        let given: Rc<str> = vm.type_name(value);
        vm.type_error(format!("expected str, got {given}"))
    })
}

fn number_or_text(vm: &Vm, text: &Obj<Str>, range: std::ops::Range<usize>) -> PyResult<Value> {
    let part = Str::part(vm, text, range)?;
    let number = part.as_ascii().filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    match number.and_then(|part| part.parse::<i64>().ok()) {
        Some(number) => int::from_i64(vm, number),
        None => Ok(part.into()),
    }
}

/// String helper module.
#[pymodule(name = "_string")]
mod module {
    use super::*;

    /// Parse a format template into (literal text, field name, format spec, conversion) tuples.
    #[function(sig = "string, /")]
    fn formatter_parser(vm: &Vm, string: &Value) -> PyResult<Value> {
        let string = text(vm, string)?;
        let mut items = Vec::new();
        let mut literal = Str::empty(vm)?;
        let mut waiting = false;
        for piece in template::pieces(&**string, 0..string.len()) {
            let piece = match piece {
                Ok(piece) => piece,
                Err(error) => return iterator(vm, items, Some(error)),
            };
            match piece {
                Piece::Literal(range) => {
                    if waiting {
                        items.push(Tuple::new(vm, [literal.into(), NONE, NONE, NONE].into_iter())?.into());
                    }
                    literal = Str::part(vm, string, range)?;
                    waiting = true;
                }
                Piece::Field(field) => {
                    let conversion: Value = match field.conversion {
                        Some(point) => Str::character(vm, point)?.into(),
                        None => NONE,
                    };
                    let name = Str::part(vm, string, field.name)?.into();
                    let spec = Str::part(vm, string, field.spec)?.into();
                    items.push(Tuple::new(vm, [literal.into(), name, spec, conversion].into_iter())?.into());
                    literal = Str::empty(vm)?;
                    waiting = false;
                }
            }
        }
        if waiting {
            items.push(Tuple::new(vm, [literal.into(), NONE, NONE, NONE].into_iter())?.into());
        }
        iterator(vm, items, None)
    }

    /// Split a field name into its first part and an iterator over (is attribute, name) tuples.
    #[function(sig = "string, /")]
    fn formatter_field_name_split(vm: &Vm, string: &Value) -> PyResult<Ref<Tuple>> {
        let string = text(vm, string)?;
        let (first, rest) = template::split_first(&**string, &(0..string.len()));
        let first = number_or_text(vm, string, first)?;
        let mut items = Vec::new();
        let mut problem = None;
        for accessor in template::accessors(&**string, rest) {
            let (attribute, name) = match accessor {
                Ok(Accessor::Attribute(range)) => (true, Str::part(vm, string, range)?.into()),
                Ok(Accessor::Key(range)) => (false, Str::part(vm, string, range)?.into()),
                Ok(Accessor::Index(index)) => (false, int::from_i64(vm, index as i64)?),
                Err(error) => {
                    problem = Some(error);
                    break;
                }
            };
            items.push(Tuple::pair(vm, boolean(attribute), name)?.into());
        }
        Tuple::pair(vm, first, iterator(vm, items, problem)?)
    }
}
