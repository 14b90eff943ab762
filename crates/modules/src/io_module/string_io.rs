//! `StringIO`: a text file in memory.
//!
//! Invariant: the text is kept in the narrowest width that it has needed, with line ends as they read; writing translates them first.

use super::size_argument;
use std::cell::{Cell, RefCell};
use taipan_heap::{Charge, Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::str::{Str, StrKind};
use taipan_objects::builtins::{NONE, int, is_none, tuple::Tuple};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};
use taipan_text::newlines::NewlineTranslator;
use taipan_text::{CodePoints, Sink, Slice, TextBuffer, Unit, with_units};

/// A text file in memory.
#[derive(Payload)]
#[payload(name = "StringIO")]
pub struct StringIo {
    text: Text,
    charge: Charge,
    at: Cell<usize>,
    closed: Cell<bool>,
    newline: Newline,
    seen: Cell<u8>,
}

/// The `newline` argument: `None` for universal and translated.
struct Newline(Cell<Option<&'static str>>);
/// What was written.
#[derive(Default)]
struct Text(RefCell<TextBuffer>);
taipan_heap::no_references!(Newline, Text);

/// The meaning of a `newline` argument.
pub(super) fn newline_argument(vm: &Vm, value: Option<&Value>, quoted: bool) -> PyResult<Option<&'static str>> {
    let Some(value) = value else { return Ok(None) };
    if is_none(value) {
        return Ok(None);
    }
    let Some(text) = value.downcast::<Str>() else {
        let given = vm.type_name(value);
        let function = if quoted { "newline" } else { "open() argument 'newline'" };
        return Err(vm.type_error(format!("{function} must be str or None, not {given}")));
    };
    for known in ["", "\n", "\r", "\r\n"] {
        if text.equals(known) {
            return Ok(Some(known));
        }
    }
    let shown = if quoted { vm.repr(value)?.to_lossy().into_owned() } else { text.to_lossy().into_owned() };
    Err(vm.value_error(format!("illegal newline value: {shown}")))
}

impl StringIo {
    fn check(&self, vm: &Vm) -> PyResult<()> {
        if self.closed.get() { Err(vm.value_error("I/O operation on closed file")) } else { Ok(()) }
    }

    fn take(&self, vm: &Vm, count: usize) -> PyResult<Ref<Str>> {
        let text = self.text.0.borrow();
        let text = text.as_slice();
        let start = self.at.get().min(text.len());
        let end = start.saturating_add(count).min(text.len());
        let piece = Str::from_units(vm, text.slice(start..end))?;
        self.at.set(self.at.get() + (end - start));
        Ok(piece)
    }

    fn line_length(&self, limit: Option<usize>) -> usize {
        let text = self.text.0.borrow();
        let at = self.at.get().min(CodePoints::len(&*text));
        let len = match (text.as_slice(), self.newline.0.get()) {
            (Slice::U1(units), None | Some("\n")) => {
                taipan_text::search::byte(&units[at..], b'\n').map_or(units.len() - at, |end| end + 1)
            }
            (units, newline) => with_units!(units, units => line_length(&units[at..], newline)),
        };
        limit.map_or(len, |limit| len.min(limit))
    }

    fn put(&self, vm: &Vm, text: &Obj<Str>) -> PyResult<()> {
        let mut translated = TextBuffer::new();
        match self.newline.0.get() {
            None | Some("") => {
                let mut translator = NewlineTranslator::new(self.newline.0.get().is_none());
                translator.feed(&**text, true, &mut translated);
                self.seen.set(self.seen.get() | translator.seen);
            }
            Some("\n") => return self.put_units(vm, text.units()),
            Some(end) => {
                for point in text.points() {
                    if point == 0x0A { translated.push_str(end) } else { translated.push(point) }
                }
            }
        }
        self.put_units(vm, translated.as_slice())
    }

    /// Writes a text whose line ends are as they shall read.
    fn put_units(&self, vm: &Vm, units: Slice<'_>) -> PyResult<()> {
        let at = self.at.get();
        let end = at.saturating_add(units.len());
        let mut held = self.text.0.borrow_mut();
        let width = held.width().max(match units {
            Slice::U1(_) => 1,
            wide => StrKind::for_max(wide.points().fold(0, u32::max)).width(),
        });
        let bytes = end.max(CodePoints::len(&*held)).saturating_mul(width);
        let charge = |bytes: usize| self.charge.resize(bytes).is_ok();
        let charged = bytes <= self.charge.bytes() || charge(bytes.saturating_add(bytes / 8)) || charge(bytes);
        if !charged || held.write_at(at, units).is_err() {
            drop(held);
            return Err(vm.out_of_memory(taipan_heap::OutOfMemory));
        }
        self.at.set(end);
        Ok(())
    }
}

/// Length of the first line with its end, as `newline` has it.
fn line_length<U: Unit>(text: &[U], newline: Option<&str>) -> usize {
    let is = |index: usize, point: u32| text.get(index).is_some_and(|&unit| unit.into() == point);
    let ends = |index: usize| match newline {
        None | Some("\n") => is(index, 0x0A).then_some(index + 1),
        Some("\r") => is(index, 0x0D).then_some(index + 1),
        Some("\r\n") => (is(index, 0x0D) && is(index + 1, 0x0A)).then_some(index + 2),
        _ if is(index, 0x0A) => Some(index + 1),
        _ => is(index, 0x0D).then(|| if is(index + 1, 0x0A) { index + 2 } else { index + 1 }),
    };
    (0..text.len()).find_map(ends).unwrap_or(text.len())
}

/// StringIO(initial_value='', newline='\n')
/// --
///
/// Text I/O implementation using an in-memory buffer.
///
/// The initial_value argument sets the value of object.  The newline
/// argument is like the one of TextIOWrapper's constructor.
#[pytype(name = "StringIO", module = "_io", flags = BASETYPE | HAS_DICT)]
impl StringIo {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: taipan_objects::native::Args<'_>) -> PyResult<Value> {
        let _ = args;
        let payload = StringIo {
            text: Text::default(),
            charge: Charge::new(vm.heap(), 0).map_err(|error| vm.out_of_memory(error))?,
            at: Cell::new(0),
            closed: Cell::new(false),
            newline: Newline(Cell::new(Some("\n"))),
            seen: Cell::new(0),
        };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot(sig = "initial_value='', newline='\\n'")]
    fn init(this: &Obj<StringIo>, vm: &Vm, initial_value: Option<&Value>, newline: Option<&Value>) -> PyResult<()> {
        let newline = match newline {
            None => Some("\n"),
            given => newline_argument(vm, given, true)?,
        };
        this.newline.0.set(newline);
        *this.text.0.borrow_mut() = TextBuffer::new();
        this.at.set(0);
        this.seen.set(0);
        if let Some(initial) = initial_value.filter(|initial| !is_none(initial)) {
            let Some(text) = initial.downcast::<Str>() else {
                let given = vm.type_name(initial);
                return Err(vm.type_error(format!("initial_value must be str or None, not {given}")));
            };
            this.put(vm, text)?;
            this.at.set(0);
        }
        Ok(())
    }

    /// Write string to file.
    ///
    /// Returns the number of characters written, which is always equal to
    /// the length of the string.
    #[method]
    fn write(this: &Obj<StringIo>, vm: &Vm, text: &Value) -> PyResult<usize> {
        let Some(text) = text.downcast::<Str>() else {
            let given = vm.type_name(text);
            return Err(vm.type_error(format!("string argument expected, got '{given}'")));
        };
        this.check(vm)?;
        if !text.is_empty() {
            this.put(vm, text)?;
        }
        Ok(text.len())
    }

    /// Read at most size characters, returned as a string.
    #[method(sig = "size=-1, /")]
    fn read(this: &Obj<StringIo>, vm: &Vm, size: Option<&Value>) -> PyResult<Ref<Str>> {
        this.check(vm)?;
        let size = size_argument(vm, size)?;
        this.take(vm, size.unwrap_or(usize::MAX))
    }

    /// Read until newline or EOF.
    #[method(sig = "size=-1, /")]
    fn readline(this: &Obj<StringIo>, vm: &Vm, size: Option<&Value>) -> PyResult<Ref<Str>> {
        this.check(vm)?;
        let limit = size_argument(vm, size)?;
        this.take(vm, this.line_length(limit))
    }

    #[slot]
    fn next(this: &Obj<StringIo>, vm: &Vm) -> PyResult<Option<Value>> {
        this.check(vm)?;
        if !this.header().kind().has(taipan_heap::flags::EXACT) {
            let line = vm.call_method(&this.to_value(), &vm.names().readline, &[])?;
            return Ok(if vm.len(&line)? == 0 { None } else { Some(line) });
        }
        let line = this.take(vm, this.line_length(None))?;
        if line.is_empty() { Ok(None) } else { Ok(Some(line.into())) }
    }

    /// Retrieve the entire contents of the object.
    #[method]
    fn getvalue(this: &Obj<StringIo>, vm: &Vm) -> PyResult<Ref<Str>> {
        this.check(vm)?;
        Str::from_units(vm, this.text.0.borrow().as_slice())
    }

    /// Tell the current file position.
    #[method]
    fn tell(this: &Obj<StringIo>, vm: &Vm) -> PyResult<usize> {
        this.check(vm).map(|()| this.at.get())
    }

    /// Change stream position.
    #[method(sig = "pos, whence=0, /")]
    fn seek(this: &Obj<StringIo>, vm: &Vm, pos: i64, whence: i64) -> PyResult<usize> {
        this.check(vm)?;
        match whence {
            0 if pos < 0 => return Err(vm.value_error(format!("Negative seek position {pos}"))),
            1 | 2 if pos != 0 => return Err(vm.os_error_text("Can't do nonzero cur-relative seeks")),
            0 => this.at.set(pos as usize),
            1 => {}
            2 => this.at.set(CodePoints::len(&*this.text.0.borrow())),
            _ => return Err(vm.value_error(format!("Invalid whence ({whence}, should be 0, 1 or 2)"))),
        }
        Ok(this.at.get())
    }

    /// Truncate size to pos.
    #[method(sig = "pos=None, /")]
    fn truncate(this: &Obj<StringIo>, vm: &Vm, pos: Option<&Value>) -> PyResult<usize> {
        this.check(vm)?;
        let size = match pos.filter(|pos| !is_none(pos)) {
            None => this.at.get(),
            Some(pos) => {
                let size = int::index_clamped(vm, pos)?;
                usize::try_from(size).map_err(|_| vm.value_error(format!("Negative size value {size}")))?
            }
        };
        this.text.0.borrow_mut().truncate(size);
        Ok(size)
    }

    /// Close the IO object.
    #[method]
    fn close(this: &Obj<StringIo>) {
        this.closed.set(true);
        *this.text.0.borrow_mut() = TextBuffer::new();
    }

    /// Returns True if the IO object can be read.
    #[method]
    fn readable(this: &Obj<StringIo>, vm: &Vm) -> PyResult<bool> {
        this.check(vm).map(|()| true)
    }

    /// Returns True if the IO object can be written.
    #[method]
    fn writable(this: &Obj<StringIo>, vm: &Vm) -> PyResult<bool> {
        this.check(vm).map(|()| true)
    }

    /// Returns True if the IO object can be seeked.
    #[method]
    fn seekable(this: &Obj<StringIo>, vm: &Vm) -> PyResult<bool> {
        this.check(vm).map(|()| true)
    }

    #[getter(name = "closed")]
    fn is_closed(this: &Obj<StringIo>) -> bool {
        this.closed.get()
    }

    #[getter]
    fn line_buffering(this: &Obj<StringIo>, vm: &Vm) -> PyResult<bool> {
        this.check(vm).map(|()| false)
    }

    #[getter]
    fn newlines(this: &Obj<StringIo>, vm: &Vm) -> PyResult<Value> {
        this.check(vm)?;
        super::decoder::seen_value(vm, this.seen.get())
    }

    #[method]
    fn __getstate__(this: &Obj<StringIo>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let text = StringIo::getvalue(this, vm)?;
        let newline = match this.newline.0.get() {
            Some(newline) => Str::new(vm, newline)?.into(),
            None => NONE,
        };
        let at = int::from_i64(vm, this.at.get() as i64)?;
        let attributes = super::own_attributes(vm, &this.to_value())?;
        Tuple::new(vm, [text.into(), newline, at, attributes].into_iter())
    }

    #[method]
    fn __setstate__(this: &Obj<StringIo>, vm: &Vm, state: &Value) -> PyResult<()> {
        this.check(vm)?;
        let Some([text, newline, at, attributes, ..]) = state.downcast::<Tuple>().map(|tuple| tuple.items()) else {
            let given = vm.type_name(state);
            return Err(vm.type_error(format!("_io.StringIO.__setstate__ argument should be 4-tuple, got {given}")));
        };
        StringIo::init(this, vm, Some(text), Some(newline))?;
        if let Some(text) = text.downcast::<Str>() {
            // Line ends have been translated already.
            let mut held = TextBuffer::new();
            held.push_range(&text.units(), 0..text.len());
            *this.text.0.borrow_mut() = held;
        }
        if !int::is_int(at) {
            let given = vm.type_name(at);
            return Err(vm.type_error(format!("third item of state must be an integer, got {given}")));
        }
        match usize::try_from(int::index_clamped(vm, at)?) {
            Ok(at) => this.at.set(at),
            Err(_) => return Err(vm.value_error("position value cannot be negative")),
        }
        super::add_attributes(vm, &this.to_value(), attributes, "fourth")
    }
}
