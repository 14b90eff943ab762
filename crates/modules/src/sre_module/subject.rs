//! What a pattern is matched against, and how the matching engine is set on it.
//!
//! Invariant: the engine reads the units of a str in the width they are stored in and the bytes of a bytes object in place; only the memory of
//! other bytes-like objects, which can change, is copied first.

use super::engine::backtrack::{Halt, Memory, NOWHERE};
use super::engine::matcher::{Matcher, Outside, span_of};
use super::engine::program::Program;
use super::engine::text::Char;
use taipan_heap::{OutOfMemory, Traverse, Value};
use taipan_objects::builtins::buffer::{self, Pin};
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::str::{Str, StrData};
use taipan_objects::vm::{PyResult, Vm};

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
    pub fn run(&self, vm: &Vm, program: &Program, memory: &mut Memory, job: Job) -> PyResult<Option<Hit>> {
        // A match at a start behind the end can only be empty.
        let job = match job.start > job.end {
            true if job.mode == Mode::Match => Job { end: job.start, ..job },
            true => return Ok(None),
            false => job,
        };
        let found = match (&self.copied.0, self.string.downcast::<Str>(), self.string.downcast::<Bytes>()) {
            (Some(copy), _, _) => matched(vm, copy, program, memory, job),
            (_, Some(text), _) => match text.data() {
                StrData::Ascii(units) | StrData::Latin1(units) => matched(vm, units, program, memory, job),
                StrData::Ucs2(units) => matched(vm, units, program, memory, job),
                StrData::Ucs4(units) => matched(vm, units, program, memory, job),
            },
            (_, _, Some(bytes)) => matched(vm, bytes.bytes(), program, memory, job),
            _ => Ok(None),
        };
        found.map_err(|halt| match halt {
            Halt::Memory(error) => vm.out_of_memory(error),
            Halt::Raised(raised) => raised,
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
    /// Beginning and end of each group that took part.
    pub groups: Vec<Option<(usize, usize)>>,
    /// The group closed last; 0 for none.
    pub last_group: usize,
}

impl Hit {
    /// Beginning and end of group `index` (1 is the first); group 0 is the whole match.
    pub fn group(&self, index: usize) -> Option<(usize, usize)> {
        if index == 0 {
            return Some((self.start, self.end));
        }
        self.groups.get(index - 1).copied().flatten()
    }
}

fn matched<C: Char>(
    vm: &Vm,
    text: &[C],
    program: &Program,
    memory: &mut Memory,
    job: Job,
) -> Result<Option<Hit>, Halt> {
    let mut matcher = Matcher {
        program,
        text: &text[..job.end.min(text.len())],
        not_empty_at: if job.must_advance { job.start } else { NOWHERE },
        whole: job.mode == Mode::FullMatch,
        outside: Outside { heap: vm.heap(), poll: &|| Ok(taipan_interp::poll(vm)?) },
        ticks: 0,
    };
    let found = match job.mode {
        Mode::Search => matcher.search(memory, job.start)?,
        Mode::Match | Mode::FullMatch => matcher.match_at(memory, job.start)?,
    };
    let Some((start, end)) = found else { return Ok(None) };
    let mut groups = Vec::new();
    groups.try_reserve_exact(program.groups).map_err(|_| OutOfMemory)?;
    groups.extend((0..program.groups as u32).map(|group| span_of(memory, group)));
    Ok(Some(Hit { start, end, groups, last_group: memory.last_group as usize }))
}
