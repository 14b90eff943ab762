//! Texts as sequences of code points: how algorithms read them and where they write.
//!
//! A text may hold any code point up to 0x10FFFF, lone surrogates included, so `char` and `str` are
//! not enough. [`TextBuffer`] always holds its text in the narrowest of the three unit widths.

use crate::TextError;
use std::borrow::Cow;
use std::collections::TryReserveError;
use std::ops::Range;

/// A text that can be indexed by code point in constant time.
pub trait CodePoints {
    /// The number of code points.
    fn len(&self) -> usize;

    /// The code point at `index`, which is below `len()`.
    fn get(&self, index: usize) -> u32;

    /// True when there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code points in order.
    fn points(&self) -> impl Iterator<Item = u32> {
        (0..self.len()).map(|i| self.get(i))
    }

    /// The whole text as units of one width, where it is stored so; copying is then fast.
    fn as_slice(&self) -> Option<Slice<'_>> {
        None
    }

    /// The code points of a range, as a `String`; lone surrogates become U+FFFD. For messages.
    fn lossy(&self, range: Range<usize>) -> String {
        range.map(|i| char::from_u32(self.get(i)).unwrap_or('\u{FFFD}')).collect()
    }
}

/// One unit of a text: a code point in one, two or four bytes.
pub trait Unit: Copy + Eq + Ord + Into<u32> + TryFrom<u32> + 'static {
    /// Units of this width as a text.
    fn slice(units: &[Self]) -> Slice<'_>;
}

impl Unit for u8 {
    fn slice(units: &[Self]) -> Slice<'_> {
        Slice::U1(units)
    }
}

impl Unit for u16 {
    fn slice(units: &[Self]) -> Slice<'_> {
        Slice::U2(units)
    }
}

impl Unit for u32 {
    fn slice(units: &[Self]) -> Slice<'_> {
        Slice::U4(units)
    }
}

impl<T: Unit> CodePoints for [T] {
    #[inline]
    fn len(&self) -> usize {
        <[T]>::len(self)
    }

    #[inline]
    fn get(&self, index: usize) -> u32 {
        self[index].into()
    }

    fn points(&self) -> impl Iterator<Item = u32> {
        self.iter().map(|c| (*c).into())
    }

    fn as_slice(&self) -> Option<Slice<'_>> {
        Some(T::slice(self))
    }
}

impl<T: Unit> CodePoints for Vec<T> {
    fn len(&self) -> usize {
        self.as_slice().len()
    }

    fn get(&self, index: usize) -> u32 {
        self[index].into()
    }

    fn as_slice(&self) -> Option<Slice<'_>> {
        Some(T::slice(self))
    }
}

/// A borrowed text of one of the three widths. `U1` is Latin-1, of which ASCII is a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slice<'a> {
    /// One byte a code point.
    U1(&'a [u8]),
    /// Two bytes a code point.
    U2(&'a [u16]),
    /// Four bytes a code point.
    U4(&'a [u32]),
}

impl CodePoints for Slice<'_> {
    #[inline]
    fn len(&self) -> usize {
        match self {
            Slice::U1(s) => s.len(),
            Slice::U2(s) => s.len(),
            Slice::U4(s) => s.len(),
        }
    }

    #[inline]
    fn get(&self, index: usize) -> u32 {
        match self {
            Slice::U1(s) => s[index].into(),
            Slice::U2(s) => s[index].into(),
            Slice::U4(s) => s[index],
        }
    }

    fn as_slice(&self) -> Option<Slice<'_>> {
        Some(*self)
    }
}

/// The code points of a [`Slice`], from both ends.
#[derive(Clone, Debug)]
pub enum Points<'a> {
    /// Of one byte each.
    U1(std::slice::Iter<'a, u8>),
    /// Of two bytes each.
    U2(std::slice::Iter<'a, u16>),
    /// Of four bytes each.
    U4(std::slice::Iter<'a, u32>),
}

#[inline]
fn point<U: Unit>(unit: &U) -> u32 {
    (*unit).into()
}

macro_rules! each_width {
    ($points:expr, $units:ident => $body:expr) => {
        match $points {
            Points::U1($units) => $body,
            Points::U2($units) => $body,
            Points::U4($units) => $body,
        }
    };
}

impl Iterator for Points<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        each_width!(self, units => units.next().map(point))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        each_width!(self, units => units.size_hint())
    }

    #[inline]
    fn nth(&mut self, n: usize) -> Option<u32> {
        each_width!(self, units => units.nth(n).map(point))
    }

    // One loop for each width, rather than a choice at each code point.
    #[inline]
    fn fold<B, F: FnMut(B, u32) -> B>(self, start: B, mut f: F) -> B {
        each_width!(self, units => units.fold(start, |all, unit| f(all, point(unit))))
    }
}

impl DoubleEndedIterator for Points<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<u32> {
        each_width!(self, units => units.next_back().map(point))
    }
}

impl ExactSizeIterator for Points<'_> {}

impl<'a> Slice<'a> {
    /// The code points in order.
    #[must_use]
    #[inline]
    pub fn points(self) -> Points<'a> {
        match self {
            Slice::U1(units) => Points::U1(units.iter()),
            Slice::U2(units) => Points::U2(units.iter()),
            Slice::U4(units) => Points::U4(units.iter()),
        }
    }

    /// A part of the text.
    #[must_use]
    pub fn slice(self, range: Range<usize>) -> Slice<'a> {
        match self {
            Slice::U1(s) => Slice::U1(&s[range]),
            Slice::U2(s) => Slice::U2(&s[range]),
            Slice::U4(s) => Slice::U4(&s[range]),
        }
    }
}

/// Runs the same generic code over whichever width a [`Slice`] has.
#[macro_export]
macro_rules! with_units {
    ($slice:expr, $units:ident => $body:expr) => {
        match $slice {
            $crate::Slice::U1($units) => $body,
            $crate::Slice::U2($units) => $body,
            $crate::Slice::U4($units) => $body,
        }
    };
}

/// The units of `text` as width `T`, or `None` when some code point does not fit.
#[must_use]
pub fn narrow<'a, T: Unit>(text: Slice<'a>) -> Option<Cow<'a, [T]>>
where
    Slice<'a>: AsUnits<'a, T>,
{
    if let Some(same) = text.matching_units() {
        return Some(Cow::Borrowed(same));
    }
    text.points().map(|c| T::try_from(c).ok()).collect::<Option<Vec<T>>>().map(Cow::Owned)
}

/// A slice that may already have the width `T`.
pub trait AsUnits<'a, T> {
    /// The units, when the width is `T`.
    fn matching_units(self) -> Option<&'a [T]>;
}

impl<'a> AsUnits<'a, u8> for Slice<'a> {
    fn matching_units(self) -> Option<&'a [u8]> {
        if let Slice::U1(s) = self { Some(s) } else { None }
    }
}

impl<'a> AsUnits<'a, u16> for Slice<'a> {
    fn matching_units(self) -> Option<&'a [u16]> {
        if let Slice::U2(s) = self { Some(s) } else { None }
    }
}

impl<'a> AsUnits<'a, u32> for Slice<'a> {
    fn matching_units(self) -> Option<&'a [u32]> {
        if let Slice::U4(s) = self { Some(s) } else { None }
    }
}

/// What a sink takes at most unless it says otherwise.
pub const DEFAULT_ROOM: usize = 1 << 31;

/// Where code points are written.
///
/// Output that is much larger than its input is asked for with [`Sink::require`] before any of it is
/// written, so that a bounded heap can refuse it.
pub trait Sink {
    /// How many more code points it takes.
    fn room(&self) -> usize {
        DEFAULT_ROOM
    }

    /// Fails with a `MemoryError` when there is no room for `count` code points.
    fn require(&self, count: usize) -> Result<(), TextError> {
        if count > self.room() { Err(TextError::memory()) } else { Ok(()) }
    }

    /// Appends one code point.
    fn push(&mut self, c: u32);

    /// Appends a string.
    fn push_str(&mut self, text: &str) {
        text.chars().for_each(|c| self.push(c.into()));
    }

    /// Appends `count` times the same code point.
    fn push_repeated(&mut self, c: u32, count: usize) {
        (0..count).for_each(|_| self.push(c));
    }

    /// Appends Latin-1 text.
    fn push_latin1(&mut self, text: &[u8]) {
        text.iter().for_each(|c| self.push((*c).into()));
    }

    /// Appends a part of a text.
    fn push_range<S: CodePoints + ?Sized>(&mut self, text: &S, range: Range<usize>)
    where
        Self: Sized,
    {
        range.for_each(|i| self.push(text.get(i)));
    }
}

/// A sink with a limit of its own.
pub struct Bounded<'s, S> {
    sink: &'s mut S,
    room: usize,
}

impl<'s, S: Sink> Bounded<'s, S> {
    /// Lets `sink` take about `room` code points.
    pub fn new(sink: &'s mut S, room: usize) -> Self {
        Self { sink, room }
    }
}

impl<S: Sink> Sink for Bounded<'_, S> {
    fn room(&self) -> usize {
        self.room
    }

    fn push(&mut self, c: u32) {
        self.sink.push(c);
    }

    fn push_str(&mut self, text: &str) {
        self.sink.push_str(text);
    }

    fn push_repeated(&mut self, c: u32, count: usize) {
        self.sink.push_repeated(c, count);
    }

    fn push_latin1(&mut self, text: &[u8]) {
        self.sink.push_latin1(text);
    }

    fn push_range<T: CodePoints + ?Sized>(&mut self, text: &T, range: Range<usize>) {
        self.sink.push_range(text, range);
    }
}

impl Sink for Vec<u32> {
    fn push(&mut self, c: u32) {
        Vec::push(self, c);
    }
}

/// Text under construction, always in the narrowest width that holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextBuffer {
    /// One byte a code point.
    U1(Vec<u8>),
    /// Two bytes a code point; some code point needs them.
    U2(Vec<u16>),
    /// Four bytes a code point; some code point needs them.
    U4(Vec<u32>),
}

impl Default for TextBuffer {
    fn default() -> Self {
        TextBuffer::U1(Vec::new())
    }
}

impl TextBuffer {
    /// An empty buffer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty buffer with room for `capacity` one-byte units.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        TextBuffer::U1(Vec::with_capacity(capacity))
    }

    /// The text so far.
    #[must_use]
    pub fn as_slice(&self) -> Slice<'_> {
        match self {
            TextBuffer::U1(v) => Slice::U1(v),
            TextBuffer::U2(v) => Slice::U2(v),
            TextBuffer::U4(v) => Slice::U4(v),
        }
    }

    /// True when every code point is ASCII.
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        matches!(self, TextBuffer::U1(v) if v.is_ascii())
    }

    /// Bytes of a unit.
    #[must_use]
    pub fn width(&self) -> usize {
        match self {
            TextBuffer::U1(_) => 1,
            TextBuffer::U2(_) => 2,
            TextBuffer::U4(_) => 4,
        }
    }

    /// Removes all text after the first `len` code points.
    pub fn truncate(&mut self, len: usize) {
        match self {
            TextBuffer::U1(v) => v.truncate(len),
            TextBuffer::U2(v) => v.truncate(len),
            TextBuffer::U4(v) => v.truncate(len),
        }
    }

    /// Writes a text over what is at `at` and after it; what is missing before `at` is filled with zeros. An error if there is no memory.
    pub fn write_at(&mut self, at: usize, text: Slice<'_>) -> Result<(), TryReserveError> {
        if let (TextBuffer::U1(held), Slice::U1(units)) = (&mut *self, text)
            && at == held.len()
        {
            held.try_reserve(units.len())?;
            held.extend_from_slice(units);
            return Ok(());
        }
        let max = text.points().fold(0, u32::max);
        while max > [0xFF, 0xFFFF, u32::MAX][self.width() / 2] {
            self.widen(max);
        }
        let end = at.saturating_add(text.len());
        let more = end.saturating_sub(CodePoints::len(self));
        match self {
            TextBuffer::U1(v) => v.try_reserve(more)?,
            TextBuffer::U2(v) => v.try_reserve(more)?,
            TextBuffer::U4(v) => v.try_reserve(more)?,
        }
        self.push_repeated(0, at.saturating_sub(CodePoints::len(self)));
        let over = (CodePoints::len(self) - at).min(text.len());
        let points = text.slice(0..over).points();
        match self {
            TextBuffer::U1(v) => v[at..].iter_mut().zip(points).for_each(|(to, point)| *to = point as u8),
            TextBuffer::U2(v) => v[at..].iter_mut().zip(points).for_each(|(to, point)| *to = point as u16),
            TextBuffer::U4(v) => v[at..].iter_mut().zip(points).for_each(|(to, point)| *to = point),
        }
        self.push_range(&text, over..text.len());
        Ok(())
    }

    #[cold]
    fn widen(&mut self, c: u32) {
        let wide = c > 0xFFFF;
        *self = match std::mem::take(self) {
            TextBuffer::U1(v) if wide => TextBuffer::U4(v.iter().map(|c| (*c).into()).collect()),
            TextBuffer::U1(v) => TextBuffer::U2(v.iter().map(|c| (*c).into()).collect()),
            TextBuffer::U2(v) => TextBuffer::U4(v.iter().map(|c| (*c).into()).collect()),
            same @ TextBuffer::U4(_) => same,
        };
    }
}

impl CodePoints for TextBuffer {
    fn len(&self) -> usize {
        TextBuffer::as_slice(self).len()
    }

    fn get(&self, index: usize) -> u32 {
        TextBuffer::as_slice(self).get(index)
    }

    fn as_slice(&self) -> Option<Slice<'_>> {
        Some(TextBuffer::as_slice(self))
    }
}

impl Sink for TextBuffer {
    #[inline]
    fn push(&mut self, c: u32) {
        loop {
            match self {
                TextBuffer::U1(v) if c <= 0xFF => return v.push(c as u8),
                TextBuffer::U2(v) if c <= 0xFFFF => return v.push(c as u16),
                TextBuffer::U4(v) => return v.push(c),
                _ => self.widen(c),
            }
        }
    }

    fn push_str(&mut self, text: &str) {
        match self {
            TextBuffer::U1(v) if text.is_ascii() => v.extend_from_slice(text.as_bytes()),
            _ => text.chars().for_each(|c| self.push(c.into())),
        }
    }

    fn push_range<S: CodePoints + ?Sized>(&mut self, text: &S, range: Range<usize>) {
        let Some(slice) = text.as_slice().map(|s| s.slice(range.clone())) else {
            return range.for_each(|i| self.push(text.get(i)));
        };
        match (self, slice) {
            (buffer, Slice::U1(units)) => buffer.push_latin1(units),
            (TextBuffer::U2(v), Slice::U2(units)) => v.extend_from_slice(units),
            (TextBuffer::U4(v), Slice::U2(units)) => v.extend(units.iter().map(|c| u32::from(*c))),
            (TextBuffer::U4(v), Slice::U4(units)) => v.extend_from_slice(units),
            (buffer, units) => units.points().for_each(|c| buffer.push(c)),
        }
    }

    fn push_repeated(&mut self, c: u32, count: usize) {
        match self {
            TextBuffer::U1(v) if c <= 0xFF => v.resize(v.len() + count, c as u8),
            TextBuffer::U2(v) if c <= 0xFFFF => v.resize(v.len() + count, c as u16),
            TextBuffer::U4(v) => v.resize(v.len() + count, c),
            _ => (0..count).for_each(|_| self.push(c)),
        }
    }

    fn push_latin1(&mut self, text: &[u8]) {
        match self {
            TextBuffer::U1(v) => v.extend_from_slice(text),
            TextBuffer::U2(v) => v.extend(text.iter().map(|c| u16::from(*c))),
            TextBuffer::U4(v) => v.extend(text.iter().map(|c| u32::from(*c))),
        }
    }
}

impl From<&str> for TextBuffer {
    fn from(text: &str) -> Self {
        let mut buffer = Self::with_capacity(text.len());
        buffer.push_str(text);
        buffer
    }
}

impl std::fmt::Display for TextBuffer {
    /// Writes the text; lone surrogates as U+FFFD.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.points().try_for_each(|c| write!(f, "{}", char::from_u32(c).unwrap_or('\u{FFFD}')))
    }
}
