//! Making strs: from parts, from builders, by concatenation, joining, repetition and slicing.
//!
//! Invariant: every function gives the narrowest kind (S1), and shares the empty str and the Latin-1 characters.

use super::{Str, StrData, StrKind, is_interned};
use crate::builtins::slice::Span;
use crate::vm::{PyResult, Raised, Vm};
use std::ops::Range;
use taipan_heap::{Obj, OutOfMemory, Ref, Value, flags};
use taipan_text::{Bounded, CodePoints, ErrorClass, Sink, Slice, TextBuffer, TextError};

impl CodePoints for Str {
    #[inline]
    fn len(&self) -> usize {
        Str::len(self)
    }

    #[inline]
    fn get(&self, index: usize) -> u32 {
        self.point(index)
    }

    fn as_slice(&self) -> Option<Slice<'_>> {
        Some(self.units())
    }
}

/// Texts of fewer bytes are cheap to copy.
const GROWING: usize = 1024;

impl Str {
    /// The code points as a slice of the text algorithms.
    #[inline]
    pub fn units(&self) -> Slice<'_> {
        match self.data() {
            StrData::Ascii(units) | StrData::Latin1(units) => Slice::U1(units),
            StrData::Ucs2(units) => Slice::U2(units),
            StrData::Ucs4(units) => Slice::U4(units),
        }
    }

    /// `replace` of all occurrences where all three texts are ASCII and `old` is not empty. Looks twice, so that the result is made once.
    pub(super) fn replace_ascii(this: &Obj<Str>, vm: &Vm, old: &[u8], new: &[u8]) -> PyResult<Ref<Str>> {
        let text = this.bytes();
        let all = 0..text.len();
        let (slice, sought) = (Slice::U1(text), Slice::U1(old));
        let found = taipan_text::search::count(slice, sought, all);
        if found == 0 {
            return Str::plain(this, vm);
        }
        let grown = found.checked_mul(new.len()).and_then(|more| (text.len() - found * old.len()).checked_add(more));
        let Some(len) = grown.filter(|&len| len <= isize::MAX as usize) else {
            return Err(vm.overflow_error("replace string is too long"));
        };
        let fill = |to: &mut [u8]| {
            let (mut from, mut rest) = (0, to);
            taipan_text::search::each_match(slice, sought, false, &mut |start| {
                let (kept, after) = std::mem::take(&mut rest).split_at_mut(start - from);
                kept.copy_from_slice(&text[from..start]);
                let (place, after) = after.split_at_mut(new.len());
                place.copy_from_slice(new);
                rest = after;
                from = start + old.len();
                true
            });
            rest.copy_from_slice(&text[from..]);
        };
        if len < 2 {
            let mut short = [0; 1];
            fill(&mut short[..len]);
            return Str::from_latin1(vm, &short[..len]);
        }
        Str::make(vm, StrKind::Ascii, len, fill)
    }

    /// The empty str.
    pub fn empty(vm: &Vm) -> PyResult<Ref<Str>> {
        Str::from_latin1(vm, &[])
    }

    /// A str of one code point; Latin-1 characters are shared.
    #[inline]
    pub fn character(vm: &Vm, point: u32) -> PyResult<Ref<Str>> {
        if let Some(shared) = Str::shared(vm, point) {
            return Ok(shared);
        }
        Str::from_points(vm, &[point])
    }

    /// The shared str of a Latin-1 character.
    #[inline]
    pub fn shared(vm: &Vm, point: u32) -> Option<Ref<Str>> {
        vm.types().characters.get()?.get(point as usize).cloned()
    }

    /// A str of units of any width, narrowed as far as it goes.
    pub fn from_units(vm: &Vm, units: Slice<'_>) -> PyResult<Ref<Str>> {
        match units {
            Slice::U1(units) => Str::from_latin1(vm, units),
            Slice::U2(units) => {
                let max = units.iter().fold(0, |all, &unit| all | unit);
                if max > 0xff {
                    return Str::make(vm, StrKind::Ucs2, units.len() * 2, |to| {
                        bytemuck::cast_slice_mut::<u8, u16>(to).copy_from_slice(units);
                    });
                }
                let narrow: Vec<u8> = units.iter().map(|&unit| unit as u8).collect();
                Str::from_latin1(vm, &narrow)
            }
            Slice::U4(units) => Str::from_points(vm, units),
        }
    }

    /// A part of the text; all of it is the text itself where that is an exact str.
    pub fn part(vm: &Vm, text: &Obj<Str>, range: Range<usize>) -> PyResult<Ref<Str>> {
        if range.len() == text.len() && text.header().kind().has(flags::EXACT) {
            return Ok(text.to_ref());
        }
        match (text.data(), range.len()) {
            (_, 1) => Str::character(vm, text.point(range.start)),
            (StrData::Ascii(units), 2..) => {
                Str::make(vm, StrKind::Ascii, range.len(), |to| to.copy_from_slice(&units[range]))
            }
            _ => Str::from_units(vm, text.units().slice(range)),
        }
    }

    /// What a slice selects.
    pub(super) fn span(vm: &Vm, text: &Obj<Str>, span: Span) -> PyResult<Ref<Str>> {
        if let Some(range) = span.as_range() {
            return Str::part(vm, text, range);
        }
        match text.data() {
            StrData::Ascii(units) | StrData::Latin1(units) => {
                let picked: Vec<u8> = span.positions().map(|i| units[i]).collect();
                Str::from_latin1(vm, &picked)
            }
            _ => {
                let picked: Vec<u32> = span.positions().map(|i| text.point(i)).collect();
                Str::from_points(vm, &picked)
            }
        }
    }

    /// The text as an exact str.
    pub fn plain(text: &Obj<Str>, vm: &Vm) -> PyResult<Ref<Str>> {
        Str::part(vm, text, 0..text.len())
    }

    /// `a + b`
    pub fn concat(vm: &Vm, a: &Obj<Str>, b: &Obj<Str>) -> PyResult<Ref<Str>> {
        if a.is_empty() {
            return Str::plain(b, vm);
        }
        if b.is_empty() {
            return Str::plain(a, vm);
        }
        if a.kind() == b.kind() {
            let (left, right) = (a.bytes(), b.bytes());
            let total = left.len().checked_add(right.len()).ok_or_else(|| vm.out_of_memory(OutOfMemory))?;
            return Str::make(vm, a.kind(), total, |to| {
                let (first, second) = to.split_at_mut(left.len());
                first.copy_from_slice(left);
                second.copy_from_slice(right);
            });
        }
        let kind = wider(a.kind(), b.kind());
        let total = a.len().checked_add(b.len()).and_then(|len| len.checked_shl(kind.shift()));
        let total = total.ok_or_else(|| vm.out_of_memory(OutOfMemory))?;
        Str::make(vm, kind, total, |to| {
            let (left, right) = to.split_at_mut(a.len() << kind.shift());
            write_units(kind, a, left);
            write_units(kind, b, right);
        })
    }

    /// Appends to a text that has one owner, if there is room in its block: what makes `text += more` in a loop cheap. Says whether it did;
    /// the owner must be about to give the old text up.
    pub fn append_in_place(this: &Obj<Str>, more: &Str) -> bool {
        let fits = more.kind().shift() == this.kind().shift() && wider(this.kind(), more.kind()) == this.kind();
        if !fits || is_interned(this) || !Obj::append_in_place(this, more.bytes()) {
            return false;
        }
        this.hash.set(-1);
        true
    }

    /// As `concat`, for a long text that nobody else owns and whose block is full: the new block has room for more, so that a loop of
    /// `text += more` copies each character a bounded number of times. `None` for other texts.
    pub fn concat_growing(vm: &Vm, a: &Obj<Str>, b: &Obj<Str>) -> PyResult<Option<Ref<Str>>> {
        let unit = a.kind().shift();
        let same = wider(a.kind(), b.kind()) == a.kind();
        if !same || b.is_empty() || a.header().count() != 1 || a.len() << unit < GROWING {
            return Ok(None);
        }
        let total = a.len().checked_add(b.len()).filter(|&len| len < isize::MAX as usize >> unit);
        let total = total.ok_or_else(|| vm.out_of_memory(OutOfMemory))? << unit;
        let kind = a.kind();
        let made = Str::make_with_room(vm, kind, total, total / 8, |to| {
            let (left, right) = to.split_at_mut(a.len() << unit);
            write_units(kind, a, left);
            write_units(kind, b, right);
        });
        made.map(Some)
    }

    /// The texts one after the other, `separator` between them. All of `parts` are strs.
    pub fn join_parts(vm: &Vm, separator: &Str, parts: &[Value]) -> PyResult<Ref<Str>> {
        Str::join_with(vm, Some(separator).filter(|separator| !separator.is_empty()), parts)
    }

    /// As `join_parts`; `None` is the empty separator.
    fn join_with(vm: &Vm, separator: Option<&Str>, parts: &[Value]) -> PyResult<Ref<Str>> {
        let strs = || parts.iter().filter_map(Value::downcast::<Str>);
        let mut kind = separator.filter(|_| parts.len() > 1).map_or(StrKind::Ascii, Str::kind);
        let mut total = separator.map_or(0, Str::len).checked_mul(parts.len().saturating_sub(1));
        for part in strs() {
            kind = wider(kind, part.kind());
            total = total.and_then(|total| total.checked_add(part.len()));
        }
        let total = total.filter(|&total| total < isize::MAX as usize >> kind.shift());
        let total = total.ok_or_else(|| vm.out_of_memory(OutOfMemory))?;
        if total < 2 {
            let only = strs().find(|part| !part.is_empty());
            return match only {
                Some(only) => Str::plain(only, vm),
                None => match separator.filter(|_| total == 1) {
                    Some(separator) => Str::character(vm, separator.point(0)),
                    None => Str::empty(vm),
                },
            };
        }
        if kind.shift() == 0 {
            let separator = separator.map_or(&[][..], Str::bytes);
            return Str::make(vm, kind, total, |to| {
                let mut at = 0;
                for (index, part) in strs().enumerate() {
                    if index > 0 {
                        at = copied(to, at, separator);
                    }
                    at = copied(to, at, part.bytes());
                }
            });
        }
        Str::make(vm, kind, total << kind.shift(), |to| {
            let mut rest = to;
            for (index, part) in strs().enumerate() {
                if let Some(separator) = separator.filter(|_| index > 0) {
                    rest = append(kind, separator, rest);
                }
                rest = append(kind, part, rest);
            }
        })
    }

    /// Concatenates strs: what f-strings do.
    pub fn join_all(vm: &Vm, parts: &[Value]) -> PyResult<Ref<Str>> {
        if let [a, b] = parts
            && let (Some(a), Some(b)) = (a.downcast::<Str>(), b.downcast::<Str>())
        {
            return Str::concat(vm, a, b);
        }
        Str::join_with(vm, None, parts)
    }

    /// `text * count`
    pub fn repeated(vm: &Vm, text: &Obj<Str>, count: isize) -> PyResult<Ref<Str>> {
        let count = count.max(0) as usize;
        if count == 0 || text.is_empty() {
            return Str::empty(vm);
        }
        if count == 1 {
            return Str::plain(text, vm);
        }
        let bytes = text.bytes();
        if text.len().checked_mul(count).is_none_or(|length| length > isize::MAX as usize) {
            return Err(vm.overflow_error("repeated string is too long"));
        }
        let total = bytes.len().checked_mul(count).filter(|&total| total < isize::MAX as usize);
        let total = total.ok_or_else(|| vm.out_of_memory(OutOfMemory))?;
        Str::make(vm, text.kind(), total, |to| match bytes {
            [byte] => to.fill(*byte),
            _ => to.chunks_exact_mut(bytes.len()).for_each(|chunk| chunk.copy_from_slice(bytes)),
        })
    }
}

/// The wider of two kinds.
pub(super) fn wider(a: StrKind, b: StrKind) -> StrKind {
    if (a as u8) < b as u8 { b } else { a }
}

/// Writes bytes at `at`; says where they end.
#[inline(always)]
fn copied(to: &mut [u8], at: usize, bytes: &[u8]) -> usize {
    match bytes {
        [] => {}
        // Most are as short as that, and a call takes longer.
        [byte] => to[at] = *byte,
        _ => to[at..at + bytes.len()].copy_from_slice(bytes),
    }
    at + bytes.len()
}

fn append<'a>(kind: StrKind, text: &Str, to: &'a mut [u8]) -> &'a mut [u8] {
    let (own, rest) = to.split_at_mut(text.len() << kind.shift());
    write_units(kind, text, own);
    rest
}

/// Writes a text as units of `kind`, which is wide enough.
#[inline(always)]
fn write_units(kind: StrKind, text: &Str, to: &mut [u8]) {
    if kind.shift() == text.kind().shift() {
        return to.copy_from_slice(text.bytes());
    }
    widen_units(kind, text, to);
}

#[inline(never)]
fn widen_units(kind: StrKind, text: &Str, to: &mut [u8]) {
    match kind {
        StrKind::Ascii | StrKind::Latin1 => to.copy_from_slice(text.bytes()),
        StrKind::Ucs2 => {
            let to = bytemuck::cast_slice_mut::<u8, u16>(to);
            to.iter_mut().zip(text.points()).for_each(|(to, point)| *to = point as u16);
        }
        StrKind::Ucs4 => {
            let to = bytemuck::cast_slice_mut::<u8, u32>(to);
            to.iter_mut().zip(text.points()).for_each(|(to, point)| *to = point);
        }
    }
}

/// Texts of fewer bytes are built without asking for more memory on the way: that takes longer than asking for this much at once.
pub(in crate::builtins) const SHORT_TEXT: usize = 120;

/// Text under construction by native code.
#[derive(Default)]
pub struct StrBuilder {
    pub(super) text: TextBuffer,
}

impl StrBuilder {
    /// Without text.
    pub fn new() -> StrBuilder {
        StrBuilder { text: TextBuffer::with_capacity(SHORT_TEXT) }
    }

    /// With the text that it begins with.
    pub fn starting(text: &str) -> StrBuilder {
        let mut builder = StrBuilder::new();
        builder.push_str(text);
        builder
    }

    /// Appends Rust text.
    pub fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Appends Latin-1 text.
    pub fn push_latin1(&mut self, text: &[u8]) {
        self.text.push_latin1(text);
    }

    /// Appends a code point.
    #[inline]
    pub fn push_point(&mut self, point: u32) {
        self.text.push(point);
    }

    /// Appends a str object's text.
    pub fn push(&mut self, text: &Str) {
        self.text.push_range(text, 0..text.len());
    }

    /// Appends the repr of `value`.
    pub fn push_repr(&mut self, vm: &Vm, value: &Value) -> PyResult<()> {
        let text = vm.repr(value)?;
        self.push(&text);
        Ok(())
    }

    /// Appends a part of a text.
    pub fn push_part(&mut self, text: &Str, range: Range<usize>) {
        self.text.push_range(text, range);
    }

    /// Appends a part of a text given as units.
    pub fn push_units(&mut self, units: Slice<'_>) {
        self.text.push_range(&units, 0..units.len());
    }

    /// The text so far.
    pub fn units(&self) -> Slice<'_> {
        self.text.as_slice()
    }

    /// Number of code points so far.
    pub fn len(&self) -> usize {
        CodePoints::len(&self.text)
    }

    /// Whether there is no text yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The buffer, for algorithms that write to a sink. It takes no more than the heap would.
    pub fn sink<'a>(&'a mut self, vm: &Vm) -> Bounded<'a, TextBuffer> {
        Bounded::new(&mut self.text, vm.text_room())
    }

    /// The text so far as a str object; the builder is empty then, and keeps its buffer where that is one of bytes.
    pub fn take(&mut self, vm: &Vm) -> PyResult<Ref<Str>> {
        let made = Str::from_units(vm, self.text.as_slice());
        match &mut self.text {
            TextBuffer::U1(units) => units.clear(),
            wide => *wide = TextBuffer::new(),
        }
        made
    }

    /// The text as a str object.
    pub fn finish(self, vm: &Vm) -> PyResult<Ref<Str>> {
        Str::from_units(vm, self.text.as_slice())
    }
}

/// A str written by a text algorithm.
pub fn written(
    vm: &Vm,
    write: impl FnOnce(&mut Bounded<'_, TextBuffer>) -> Result<(), TextError>,
) -> PyResult<Ref<Str>> {
    let mut builder = StrBuilder::new();
    write(&mut builder.sink(vm)).map_err(|error| vm.text_error(error))?;
    builder.finish(vm)
}

impl Vm {
    /// How many code points of text may be built outside the heap.
    pub fn text_room(&self) -> usize {
        let heap = self.heap();
        match heap.limit() {
            Some(limit) => limit.saturating_sub(heap.bytes_in_use()).min(taipan_text::DEFAULT_ROOM),
            None => taipan_text::DEFAULT_ROOM,
        }
    }

    /// Raises what a text algorithm reports.
    #[cold]
    pub fn text_error(&self, error: TextError) -> Raised {
        match error.class {
            ErrorClass::Value => self.value_error(error.message),
            ErrorClass::Type => self.type_error(error.message),
            ErrorClass::Overflow => self.overflow_error(error.message),
            ErrorClass::Lookup => self.lookup_error(error.message),
            ErrorClass::Memory => self.out_of_memory(OutOfMemory),
        }
    }
}
