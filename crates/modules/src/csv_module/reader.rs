//! `_csv.reader`: records out of lines.
//!
//! Invariant: a record under construction belongs to the call that reads it, and a reader used while it reads makes that call fail.

use super::dialect::{Dialect, NEVER, NONNUMERIC, NOT_NULL, STRINGS};
use super::{error, state};
use std::cell::Cell;
use taipan_heap::{Charge, Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::str::{Str, StrBuilder};
use taipan_objects::builtins::{NONE, list::List};
use taipan_objects::vm::{PyResult, Vm};
use taipan_text::{Unit, with_units};

/// `_csv.reader`
#[derive(Payload)]
#[payload(name = "reader")]
pub struct Reader {
    lines: Value,
    dialect: Ref<Dialect>,
    line_number: Cell<u64>,
    /// Counts the calls, so that one notices another within it.
    calls: Cell<u64>,
    /// How many fields the last record had: the next one has as many, most likely.
    fields: Cell<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    StartRecord,
    StartField,
    Escaped,
    InField,
    InQuoted,
    EscapeInQuoted,
    QuoteInQuoted,
    EatNewline,
    AfterEscapedNewline,
}

/// How long a field may become before the heap hears of it.
const FREE: usize = 256;

/// A record under construction.
struct Record<'a> {
    vm: &'a Vm,
    dialect: &'a Dialect,
    fields: Ref<List>,
    field: StrBuilder,
    /// For a field of `charged` characters.
    charge: Charge,
    charged: usize,
    quoted: bool,
    state: State,
    limit: usize,
}

impl Record<'_> {
    fn add(&mut self, point: u32) -> PyResult<()> {
        self.make_room(1)?;
        self.field.push_point(point);
        Ok(())
    }

    /// Sees to it that the field may have some more characters.
    fn make_room(&mut self, more: usize) -> PyResult<()> {
        let len = self.field.len() + more;
        if len > self.limit {
            return Err(error(self.vm, &format!("field larger than field limit ({})", self.limit)));
        }
        if len > self.charged {
            self.vm.recharge(&self.charge, (len * 2 + 16) * size_of::<u32>())?;
            self.charged = len * 2 + 16;
        }
        Ok(())
    }

    fn save(&mut self) -> PyResult<()> {
        let quoting = self.dialect.quoting;
        let plain = !std::mem::replace(&mut self.quoted, false);
        let value = if plain && self.field.is_empty() && matches!(quoting, NOT_NULL | STRINGS) {
            NONE
        } else {
            let number = plain && !self.field.is_empty() && matches!(quoting, NONNUMERIC | STRINGS);
            let text: Value = self.field.take(self.vm)?.into();
            match number {
                true => self.vm.call(&self.vm.types().float.to_value(), &[text])?,
                false => text,
            }
        };
        self.fields.push(self.vm, value)
    }

    /// Takes a line.
    fn line<U: Unit>(&mut self, units: &[U]) -> PyResult<()> {
        let dialect = self.dialect;
        let marks = dialect.reading;
        let special = |&unit: &U| {
            let point = unit.into();
            if point < 128 { marks.has(point) } else { dialect.separates(point) }
        };
        let by_text = matches!(dialect.quoting, NONNUMERIC | NOT_NULL | STRINGS);
        let mut rest = units;
        while let Some((&first, after)) = rest.split_first() {
            if matches!(self.state, State::StartRecord | State::StartField) && !by_text {
                let blank = dialect.skip_space && first.into() == 32;
                let run = if blank { rest.len() } else { rest.iter().position(special).unwrap_or(rest.len()) };
                let end = rest.get(run).copied().map(Into::into);
                if !blank && run <= self.limit && end.is_none_or(|end| end == dialect.delimiter) {
                    // A field as it stands, and all of it.
                    let text = Str::from_units(self.vm, U::slice(&rest[..run]))?;
                    self.fields.push(self.vm, text.into())?;
                    if end.is_none() {
                        self.state = State::StartRecord;
                        return Ok(());
                    }
                    self.state = State::StartField;
                    rest = &rest[run + 1..];
                    continue;
                }
            }
            if matches!(self.state, State::InField | State::InQuoted) {
                let run = rest.iter().position(special).unwrap_or(rest.len());
                if run > 0 {
                    self.make_room(run)?;
                    self.field.push_units(U::slice(&rest[..run]));
                    rest = &rest[run..];
                    continue;
                }
            }
            self.take(Some(first.into()))?;
            rest = after;
        }
        self.take(None)
    }

    /// Takes a character, or the end of a line.
    fn take(&mut self, point: Option<u32>) -> PyResult<()> {
        use State::*;
        let newline = matches!(point, Some(10 | 13));
        let ends = newline || point.is_none();
        let after = if point.is_none() { StartRecord } else { EatNewline };
        let dialect = self.dialect;
        let is_quote = dialect.quoting != NEVER && point.is_some() && point == dialect.quote;
        let is_escape = point.is_some() && point == dialect.escape;
        let is_delimiter = point == Some(dialect.delimiter);
        if self.state == StartRecord {
            match point {
                None => return Ok(()),
                Some(10 | 13) => {
                    self.state = EatNewline;
                    return Ok(());
                }
                Some(_) => self.state = StartField,
            }
        }
        match self.state {
            StartRecord => {}
            StartField if ends => {
                self.save()?;
                self.state = after;
            }
            StartField if is_quote => {
                self.quoted = true;
                self.state = InQuoted;
            }
            StartField if is_escape => self.state = Escaped,
            StartField if point == Some(32) && dialect.skip_space => {}
            StartField if is_delimiter => self.save()?,
            StartField => {
                self.state = InField;
                self.add(point.unwrap_or(0))?;
            }
            Escaped => {
                self.add(point.unwrap_or(10))?;
                self.state = if newline { AfterEscapedNewline } else { InField };
            }
            AfterEscapedNewline if point.is_none() => {}
            InField | AfterEscapedNewline if ends => {
                self.save()?;
                self.state = after;
            }
            InField | AfterEscapedNewline if is_escape => self.state = Escaped,
            InField | AfterEscapedNewline if is_delimiter => {
                self.save()?;
                self.state = StartField;
            }
            InField | AfterEscapedNewline => {
                self.state = InField;
                self.add(point.unwrap_or(0))?;
            }
            InQuoted if point.is_none() => {}
            InQuoted if is_escape => self.state = EscapeInQuoted,
            InQuoted if is_quote => self.state = if dialect.double { QuoteInQuoted } else { InField },
            InQuoted => self.add(point.unwrap_or(0))?,
            EscapeInQuoted => {
                self.add(point.unwrap_or(10))?;
                self.state = InQuoted;
            }
            QuoteInQuoted if is_quote => {
                self.add(point.unwrap_or(0))?;
                self.state = InQuoted;
            }
            QuoteInQuoted if is_delimiter => {
                self.save()?;
                self.state = StartField;
            }
            QuoteInQuoted if ends => {
                self.save()?;
                self.state = after;
            }
            QuoteInQuoted if !dialect.strict => {
                self.add(point.unwrap_or(0))?;
                self.state = InField;
            }
            QuoteInQuoted => {
                let shown = |point: Option<u32>| point.and_then(char::from_u32).unwrap_or('\u{fffd}');
                let (delimiter, quote) = (shown(Some(dialect.delimiter)), shown(dialect.quote));
                return Err(error(self.vm, &format!("'{delimiter}' expected after '{quote}'")));
            }
            EatNewline if newline => {}
            EatNewline if point.is_none() => self.state = StartRecord,
            EatNewline => {
                let message =
                    "new-line character seen in unquoted field - do you need to open the file with newline=''?";
                return Err(error(self.vm, message));
            }
        }
        Ok(())
    }
}

/// CSV reader
///
/// Reader objects are responsible for reading and parsing tabular data
/// in CSV format.
#[pytype(name = "reader", module = "_csv", flags = DISALLOW_INSTANTIATION)]
impl Reader {
    /// A reader of an iterator's lines.
    pub fn make(vm: &Vm, lines: &Value, dialect: Ref<Dialect>) -> PyResult<Value> {
        let payload = Reader {
            lines: vm.iter(lines)?,
            dialect,
            line_number: Cell::new(0),
            calls: Cell::new(0),
            fields: Cell::new(0),
        };
        Ok(vm.alloc(&*vm.native_type(Reader::spec())?, payload)?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<Reader>, vm: &Vm) -> PyResult<Option<Value>> {
        let mut record = Record {
            vm,
            dialect: &this.dialect,
            fields: List::with_capacity(vm, this.fields.get())?,
            field: StrBuilder::new(),
            charge: Charge::default(),
            charged: FREE,
            quoted: false,
            state: State::StartRecord,
            limit: state(vm)?.limit.get(),
        };
        let call = this.calls.get() + 1;
        this.calls.set(call);
        loop {
            let line = vm.next(&this.lines)?;
            if this.calls.get() != call {
                return Err(error(vm, "iterator has already advanced the reader"));
            }
            let Some(line) = line else {
                if record.field.is_empty() && record.state != State::InQuoted {
                    return Ok(None);
                }
                if this.dialect.strict {
                    return Err(error(vm, "unexpected end of data"));
                }
                record.save()?;
                break;
            };
            let Some(text) = line.downcast::<Str>() else {
                let given = vm.type_name(&line);
                let message =
                    format!("iterator should return strings, not {given} (the file should be opened in text mode)");
                return Err(error(vm, &message));
            };
            this.line_number.set(this.line_number.get() + 1);
            with_units!(text.units(), units => record.line(units))?;
            if record.state == State::StartRecord {
                break;
            }
        }
        this.fields.set(record.fields.len());
        Ok(Some(record.fields.into()))
    }

    #[getter]
    fn dialect(this: &Obj<Reader>) -> Ref<Dialect> {
        this.dialect.clone()
    }

    #[getter]
    fn line_num(this: &Obj<Reader>) -> u64 {
        this.line_number.get()
    }
}
