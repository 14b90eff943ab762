//! `_csv.writer`: lines out of records.
//!
//! Invariant: a line is made whole before it is written.

use super::dialect::{ALL, Dialect, NEVER, NONNUMERIC, NOT_NULL, STRINGS};
use super::error;
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::str::{Str, StrBuilder};
use taipan_objects::builtins::{complex, float, int, is_none};
use taipan_objects::vm::{PyResult, Vm};
use taipan_text::{CodePoints, Slice};

/// `_csv.writer`
#[derive(Payload)]
#[payload(name = "writer")]
pub struct Writer {
    write: Value,
    dialect: Ref<Dialect>,
}

fn is_number(vm: &Vm, value: &Value) -> bool {
    let slots = &vm.class_of(value).slots;
    int::is_int(value)
        || float::get(value).is_some()
        || complex::get(value).is_some()
        || slots.index.get().is_some()
        || slots.int.get().is_some()
        || slots.float.get().is_some()
}

/// A line under construction.
struct Line(StrBuilder);

impl Line {
    fn enclosed(&mut self, quote: Option<u32>, text: Slice<'_>) {
        quote.into_iter().for_each(|quote| self.0.push_point(quote));
        self.0.push_units(text);
        quote.into_iter().for_each(|quote| self.0.push_point(quote));
    }
}

impl Dialect {
    /// Appends a field to a line.
    fn join(&self, vm: &Vm, line: &mut Line, field: Slice<'_>, mut quoted: bool, null: bool) -> PyResult<()> {
        let unquotable = self.quoting == NEVER || (null && matches!(self.quoting, STRINGS | NOT_NULL));
        if field.is_empty() && self.delimiter == 32 && self.skip_space {
            if unquotable {
                let message = "empty field must be quoted if delimiter is a space and skipinitialspace is true";
                return Err(error(vm, message));
            }
            quoted = true;
        }
        // A field without anything special needs nothing done to it but perhaps quotes.
        let special = match field {
            Slice::U1(units) => units.iter().any(|&unit| self.is_special(unit.into())),
            wide => wide.points().any(|point| self.is_special(point)),
        };
        if special {
            let mut text = StrBuilder::new();
            for point in field.points() {
                if self.is_special(point) {
                    quoted |= self.mark(vm, &mut text, point)?;
                }
                text.push_point(point);
            }
            line.enclosed(self.quote.filter(|_| quoted), text.units());
        } else {
            line.enclosed(self.quote.filter(|_| quoted), field);
        }
        Ok(())
    }

    #[inline]
    fn is_special(&self, point: u32) -> bool {
        if point < 128 { self.writing.has(point) } else { self.needs_marking(point) }
    }

    /// Whether a character of any kind must be quoted or escaped.
    pub fn needs_marking(&self, point: u32) -> bool {
        point == self.delimiter
            || Some(point) == self.escape
            || Some(point) == self.quote
            || matches!(point, 10 | 13)
            || self.terminator.points().any(|other| other == point)
    }

    /// Writes what must stand before a special character; says whether the field must be quoted.
    fn mark(&self, vm: &Vm, text: &mut StrBuilder, point: u32) -> PyResult<bool> {
        let is_quote = Some(point) == self.quote;
        let escaped = self.quoting == NEVER || if is_quote { !self.double } else { Some(point) == self.escape };
        if escaped {
            match self.escape {
                Some(escape) => text.push_point(escape),
                None => return Err(error(vm, "need to escape, but no escapechar set")),
            }
        } else if is_quote {
            text.push_point(point);
        }
        Ok(!escaped)
    }

    fn line(&self, vm: &Vm, row: &Value) -> PyResult<Ref<Str>> {
        let iterator = match vm.iter(row) {
            Ok(iterator) => iterator,
            Err(raised) if !vm.raised_is(&vm.types().type_error) => return Err(raised),
            Err(_) => {
                drop(vm.swap_exception(None));
                let given = vm.type_name(row);
                return Err(error(vm, &format!("iterable expected, not {given}")));
            }
        };
        let (mut line, mut count, mut last_null) = (Line(StrBuilder::new()), 0, false);
        while let Some(field) = vm.next(&iterator)? {
            let null = is_none(&field);
            let quoted = match self.quoting {
                NONNUMERIC => !is_number(vm, &field),
                ALL => true,
                STRINGS => field.downcast::<Str>().is_some(),
                NOT_NULL => !null,
                _ => false,
            };
            if count > 0 {
                line.0.push_point(self.delimiter);
            }
            match null {
                true => self.join(vm, &mut line, Slice::U1(&[]), quoted, null)?,
                false => self.join(vm, &mut line, vm.str(&field)?.units(), quoted, null)?,
            }
            (count, last_null) = (count + 1, null);
        }
        if count > 0 && line.0.is_empty() {
            if self.quoting == NEVER || (last_null && matches!(self.quoting, STRINGS | NOT_NULL)) {
                return Err(error(vm, "single empty field record must be quoted"));
            }
            line.enclosed(self.quote, Slice::U1(&[]));
        }
        line.0.push(&self.terminator);
        line.0.finish(vm)
    }
}

/// CSV writer
///
/// Writer objects are responsible for generating tabular data
/// in CSV format from sequence input.
#[pytype(name = "writer", module = "_csv", flags = DISALLOW_INSTANTIATION)]
impl Writer {
    /// A writer to an object's `write`.
    pub fn make(vm: &Vm, file: &Value, dialect: Ref<Dialect>) -> PyResult<Value> {
        let write = vm.find_attr(file, &*vm.intern("write")?)?;
        let Some(write) = write.filter(|write| vm.class_of(write).slots.call.get().is_some()) else {
            return Err(vm.type_error("argument 1 must have a \"write\" method"));
        };
        Ok(vm.alloc(&*vm.native_type(Writer::spec())?, Writer { write, dialect })?.into())
    }

    /// writerow($self, row, /)
    ///
    /// Construct and write a CSV record from an iterable of fields.
    ///
    /// Non-string elements will be converted to string.
    #[method(sig = "row, /")]
    fn writerow(this: &Obj<Writer>, vm: &Vm, row: &Value) -> PyResult<Value> {
        let line = this.dialect.line(vm, row)?;
        vm.call(&this.write, &[line.into()])
    }

    /// Construct and write a series of iterables to a csv file.
    ///
    /// Non-string elements will be converted to string.
    #[method(sig = "rows, /")]
    fn writerows(this: &Obj<Writer>, vm: &Vm, rows: &Value) -> PyResult<()> {
        let iterator = vm.iter(rows)?;
        while let Some(row) = vm.next(&iterator)? {
            Writer::writerow(this, vm, &row)?;
        }
        Ok(())
    }

    #[getter]
    fn dialect(this: &Obj<Writer>) -> Ref<Dialect> {
        this.dialect.clone()
    }
}
