//! `_csv.writer`: lines out of records.
//!
//! Invariant: a line is made whole before it is written.

use super::dialect::{ALL, Dialect, NEVER, NONNUMERIC, NOT_NULL, STRINGS};
use super::error;
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::{complex, float, int, is_none, str::Str};
use taipan_objects::vm::{PyResult, Vm};

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

impl Dialect {
    /// Appends a field to a line.
    fn join(&self, vm: &Vm, line: &mut Vec<u32>, field: &[u32], mut quoted: bool, null: bool) -> PyResult<()> {
        let unquotable = self.quoting == NEVER || (null && matches!(self.quoting, STRINGS | NOT_NULL));
        if field.is_empty() && self.delimiter == 32 && self.skip_space {
            if unquotable {
                let message = "empty field must be quoted if delimiter is a space and skipinitialspace is true";
                return Err(error(vm, message));
            }
            quoted = true;
        }
        let mut text = Vec::with_capacity(field.len());
        for &point in field {
            let special = point == self.delimiter
                || Some(point) == self.escape
                || Some(point) == self.quote
                || matches!(point, 10 | 13)
                || self.terminator.points().any(|other| other == point);
            if special {
                let mut escaped = self.quoting == NEVER;
                if !escaped {
                    if Some(point) == self.quote {
                        if self.double {
                            text.push(point);
                        } else {
                            escaped = true;
                        }
                    } else if Some(point) == self.escape {
                        escaped = true;
                    }
                    if !escaped {
                        quoted = true;
                    }
                }
                if escaped {
                    match self.escape {
                        Some(escape) => text.push(escape),
                        None => return Err(error(vm, "need to escape, but no escapechar set")),
                    }
                }
            }
            text.push(point);
        }
        let quote = self.quote.filter(|_| quoted);
        line.extend(quote);
        line.extend(text);
        line.extend(quote);
        Ok(())
    }

    fn line(&self, vm: &Vm, row: &Value) -> PyResult<Vec<u32>> {
        let iterator = match vm.iter(row) {
            Ok(iterator) => iterator,
            Err(raised) if !vm.raised_is(&vm.types().type_error) => return Err(raised),
            Err(_) => {
                drop(vm.swap_exception(None));
                let given = vm.type_name(row);
                return Err(error(vm, &format!("iterable expected, not {given}")));
            }
        };
        let (mut line, mut count, mut last_null) = (Vec::new(), 0, false);
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
                line.push(self.delimiter);
            }
            let points: Vec<u32> = match null {
                true => Vec::new(),
                false => vm.str(&field)?.points().collect(),
            };
            self.join(vm, &mut line, &points, quoted, null)?;
            (count, last_null) = (count + 1, null);
        }
        if count > 0 && line.is_empty() {
            if self.quoting == NEVER || (last_null && matches!(self.quoting, STRINGS | NOT_NULL)) {
                return Err(error(vm, "single empty field record must be quoted"));
            }
            line.extend(self.quote);
            line.extend(self.quote);
        }
        line.extend(self.terminator.points());
        Ok(line)
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
        vm.call(&this.write, &[Str::from_points(vm, &line)?.into()])
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
