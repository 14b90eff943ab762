//! What a pattern is matched against, and the bridge to the matching engine.
//!
//! Invariant: the engine reads the units of a str in the width they are stored in and the bytes of a bytes object in place; only the memory of
//! other bytes-like objects, which can change, is copied first.

use rustpython_sre_engine::{Request, State, StrDrive, StringCursor};
use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use taipan_heap::{Traverse, Value};
use taipan_objects::builtins::buffer::{self, Pin};
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::str::{Str, StrData};
use taipan_objects::vm::{PyResult, Raised, Vm};

/// The text or bytes searched.
#[derive(Traverse)]
pub struct Subject {
    /// The object as it was given.
    pub string: Value,
    copied: Copied,
}

/// A copy of memory that can change, and a pin on the size of the original.
struct Copied(Option<Box<[u8]>>, #[allow(dead_code)] Pin);
taipan_heap::no_references!(Copied);

impl Subject {
    /// The subject `string`, for a pattern of str (`Some(false)`), of bytes, or of either.
    pub fn new(vm: &Vm, string: &Value, bytes: Option<bool>) -> PyResult<Subject> {
        let is_text = string.downcast::<Str>().is_some();
        if !is_text && !buffer::is_buffer(vm, string) {
            let given = vm.type_name(string);
            return Err(vm.type_error(format!("expected string or bytes-like object, got '{given}'")));
        }
        match bytes {
            Some(false) if !is_text => return Err(vm.type_error("cannot use a string pattern on a bytes-like object")),
            Some(true) if is_text => return Err(vm.type_error("cannot use a bytes pattern on a string-like object")),
            _ => {}
        }
        let copied = if is_text || string.downcast::<Bytes>().is_some() {
            Copied(None, Pin::default())
        } else {
            let (_, pin) = buffer::export(vm, string)?;
            Copied(Some(buffer::to_vec(vm, string)?.into()), pin)
        };
        Ok(Subject { string: string.clone(), copied })
    }

    /// Whether it is bytes and not text.
    pub fn is_bytes(&self) -> bool {
        self.string.downcast::<Str>().is_none()
    }

    /// Number of characters or bytes.
    pub fn len(&self) -> usize {
        match (&self.copied.0, self.string.downcast::<Str>(), self.string.downcast::<Bytes>()) {
            (Some(copy), _, _) => copy.len(),
            (_, Some(text), _) => text.len(),
            (_, _, Some(bytes)) => bytes.bytes().len(),
            _ => 0,
        }
    }

    /// The part from `start` to `end`.
    pub fn part(&self, vm: &Vm, start: usize, end: usize) -> PyResult<Value> {
        match &self.copied.0 {
            Some(copy) => Ok(Bytes::new(vm, copy.get(start..end).unwrap_or(&[]))?.into()),
            None => part(vm, &self.string, start, end),
        }
    }

    /// Runs the engine over the subject.
    pub fn run(&self, vm: &Vm, codes: &[u32], job: Job) -> PyResult<Option<Hit>> {
        // A match at a start behind the end can only be empty.
        let job = match job.start > job.end {
            true if job.mode == Mode::Match => Job { end: job.start, ..job },
            true => return Ok(None),
            false => job,
        };
        if let Some(copy) = &self.copied.0 {
            return guarded(vm, || matched(Units(&copy[..]), codes, job));
        }
        if let Some(bytes) = self.string.downcast::<Bytes>() {
            return guarded(vm, || matched(Units(bytes.bytes()), codes, job));
        }
        let Some(text) = self.string.downcast::<Str>() else { return Ok(None) };
        guarded(vm, || match text.data() {
            StrData::Ascii(units) | StrData::Latin1(units) => matched(Units(units), codes, job),
            StrData::Ucs2(units) => matched(Units(units), codes, job),
            StrData::Ucs4(units) => matched(Units(units), codes, job),
        })
    }
}

/// The part of a str or bytes-like object from `start` to `end`, clamped to what is there.
pub fn part(vm: &Vm, string: &Value, start: usize, end: usize) -> PyResult<Value> {
    if let Some(text) = string.downcast::<Str>() {
        return Ok(Str::part(vm, text, clamp(start, end, text.len()))?.into());
    }
    if let Some(bytes) = string.downcast::<Bytes>() {
        return Ok(Bytes::part(vm, bytes, clamp(start, end, bytes.bytes().len()))?.into());
    }
    let copy = buffer::with_bytes(vm, string, |bytes| bytes[clamp(start, end, bytes.len())].to_vec())?;
    Ok(Bytes::new(vm, &copy)?.into())
}

fn clamp(start: usize, end: usize, len: usize) -> std::ops::Range<usize> {
    let end = end.min(len);
    start.min(end)..end
}

/// How the engine is to look for a match.
#[derive(Clone, Copy)]
pub struct Job {
    /// Where it begins.
    pub start: usize,
    /// Where the text ends for it.
    pub end: usize,
    /// What counts as a match.
    pub mode: Mode,
    /// Whether an empty match at `start` does not count.
    pub must_advance: bool,
}

/// What counts as a match.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// One that begins at the start.
    Match,
    /// One that takes all.
    FullMatch,
    /// One that begins anywhere.
    Search,
}

/// A match.
pub struct Hit {
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Beginning and end of each group seen so far, in pairs.
    pub marks: Vec<Option<usize>>,
    /// The group closed last; 0 for none.
    pub last_group: usize,
}

impl Hit {
    /// Beginning and end of group `index` (1 is the first); group 0 is the whole match.
    pub fn group(&self, index: usize) -> Option<(usize, usize)> {
        if index == 0 {
            return Some((self.start, self.end));
        }
        let at = 2 * (index - 1);
        match (self.marks.get(at).copied().flatten(), self.marks.get(at + 1).copied().flatten()) {
            (Some(start), Some(end)) if start <= end => Some((start, end)),
            _ => None,
        }
    }
}

fn matched<T: Unit>(units: Units<'_, T>, codes: &[u32], job: Job) -> Option<Hit> {
    let mut state = State::default();
    let mut request = Request::new(units, job.start, job.end, codes, job.mode == Mode::FullMatch);
    request.must_advance = job.must_advance;
    let found = match job.mode {
        Mode::Search => state.search(request),
        Mode::Match | Mode::FullMatch => state.py_match(&request),
    };
    if !found {
        return None;
    }
    let marks = state.marks.raw().iter().map(|mark| mark.into_option()).collect();
    let last_group = usize::try_from(state.marks.last_index()).unwrap_or(0);
    Some(Hit { start: state.start, end: state.cursor.position, marks, last_group })
}

/// Code units of one width, as the engine walks them.
#[derive(Clone, Copy)]
struct Units<'a, T>(&'a [T]);

/// A code unit.
trait Unit: bytemuck::Pod {
    /// The unit that begins at the cursor, which points into the units' bytes.
    fn read(cursor: StringCursor) -> u32;
}

/// The byte that stands `distance` bytes after the cursor.
#[inline(always)]
fn byte(mut cursor: StringCursor, distance: usize) -> u8 {
    <&[u8]>::skip(&mut cursor, distance);
    <&[u8]>::peek(&cursor) as u8
}

impl Unit for u8 {
    #[inline(always)]
    fn read(cursor: StringCursor) -> u32 {
        <&[u8]>::peek(&cursor)
    }
}

impl Unit for u16 {
    #[inline(always)]
    fn read(cursor: StringCursor) -> u32 {
        u32::from(u16::from_ne_bytes([byte(cursor, 0), byte(cursor, 1)]))
    }
}

impl Unit for u32 {
    #[inline(always)]
    fn read(cursor: StringCursor) -> u32 {
        u32::from_ne_bytes([byte(cursor, 0), byte(cursor, 1), byte(cursor, 2), byte(cursor, 3)])
    }
}

/// The engine's cursor for bytes moves over the units' bytes; its position is set to count units.
impl<T: Unit> StrDrive for Units<'_, T> {
    #[inline]
    fn count(&self) -> usize {
        self.0.len()
    }

    #[inline]
    fn create_cursor(&self, n: usize) -> StringCursor {
        let bytes: &[u8] = bytemuck::cast_slice(self.0);
        let mut cursor = bytes.create_cursor(n * size_of::<T>());
        cursor.position = n;
        cursor
    }

    #[inline]
    fn adjust_cursor(&self, cursor: &mut StringCursor, n: usize) {
        tick();
        *cursor = self.create_cursor(n);
    }

    #[inline]
    fn advance(cursor: &mut StringCursor) -> u32 {
        let unit = T::read(*cursor);
        Self::skip(cursor, 1);
        unit
    }

    #[inline]
    fn peek(cursor: &StringCursor) -> u32 {
        tick();
        T::read(*cursor)
    }

    #[inline]
    fn skip(cursor: &mut StringCursor, n: usize) {
        let position = cursor.position + n;
        <&[u8]>::skip(cursor, n * size_of::<T>());
        cursor.position = position;
    }

    #[inline]
    fn back_advance(cursor: &mut StringCursor) -> u32 {
        tick();
        Self::back_skip(cursor, 1);
        T::read(*cursor)
    }

    #[inline]
    fn back_peek(cursor: &StringCursor) -> u32 {
        let mut before = *cursor;
        Self::back_skip(&mut before, 1);
        T::read(before)
    }

    #[inline]
    fn back_skip(cursor: &mut StringCursor, n: usize) {
        let position = cursor.position - n;
        // The engine's step back counts the position down by bytes, which must not pass zero.
        cursor.position = n * size_of::<T>();
        <&[u8]>::back_skip(cursor, n * size_of::<T>());
        cursor.position = position;
    }
}

thread_local! {
    /// Steps of the engine on this thread.
    static STEPS: Cell<u32> = const { Cell::new(0) };
}

/// Steps between two looks at signals and waiting threads.
const PERIOD: u32 = 1 << 16;

/// Counts a step; now and then does what the interpreter was interrupted for. The engine cannot be told to stop, so an exception leaves it
/// by unwinding to `guarded`.
#[inline(always)]
fn tick() {
    let steps = STEPS.with(|steps| {
        steps.set(steps.get().wrapping_add(1));
        steps.get()
    });
    if steps.is_multiple_of(PERIOD) {
        look_up();
    }
}

#[cold]
fn look_up() {
    if let Some(vm) = Vm::entered_last()
        && let Err(raised) = taipan_interp::poll(&vm)
    {
        resume_unwind(Box::new(raised));
    }
}

fn guarded(vm: &Vm, run: impl FnOnce() -> Option<Hit>) -> PyResult<Option<Hit>> {
    vm.check_stack(" while matching a pattern")?;
    catch_unwind(AssertUnwindSafe(run)).map_err(|payload: Box<dyn Any + Send>| match payload.downcast::<Raised>() {
        Ok(raised) => *raised,
        Err(other) => resume_unwind(other),
    })
}
