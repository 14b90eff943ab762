//! `str`: text in the narrowest of four kinds, immutable, with its hash cached.
//!
//! Invariant S1: the kind is the narrowest that fits (ASCII, Latin-1, 16-bit, 32-bit), so equal strs have equal kinds and equal bytes.
//! Code points include lone surrogates.

mod build;
mod constructor;
mod iterator;
mod methods;
mod percent;
mod template;
mod translate;

pub(in crate::builtins) use build::SHORT_TEXT;
pub use build::{StrBuilder, written};
pub use iterator::StrIterator;
pub(crate) use methods::bounds;
pub use percent::percent_bytes;

use crate::types::{CompareOp, Type};
use crate::vm::{PyResult, Vm};
use std::borrow::Cow;
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Tail, Value, bits};
use taipan_text::{Points, Slice};

/// How wide the code points of a str are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum StrKind {
    /// One byte each, below 128.
    Ascii = 0,
    /// One byte each.
    Latin1 = 1,
    /// Two bytes each.
    Ucs2 = 2,
    /// Four bytes each.
    Ucs4 = 3,
}

/// The code points of a str.
#[derive(Clone, Copy)]
pub enum StrData<'a> {
    /// Bytes below 128.
    Ascii(&'a [u8]),
    /// Bytes.
    Latin1(&'a [u8]),
    /// 16-bit units.
    Ucs2(&'a [u16]),
    /// 32-bit units.
    Ucs4(&'a [u32]),
}

/// Text.
#[derive(Payload)]
#[payload(name = "str", tail = data)]
pub struct Str {
    data: Tail<u8>,
    /// The hash, or -1 when it was not computed yet.
    hash: Cell<i64>,
}

impl StrKind {
    /// The narrowest kind for text whose largest code point is `max`.
    pub fn for_max(max: u32) -> StrKind {
        match max {
            0..=0x7f => StrKind::Ascii,
            0x80..=0xff => StrKind::Latin1,
            0x100..=0xffff => StrKind::Ucs2,
            _ => StrKind::Ucs4,
        }
    }

    /// Bytes of a unit.
    pub fn width(self) -> usize {
        1 << self.shift()
    }

    /// Bytes of a unit, as a power of two.
    #[inline]
    pub(super) fn shift(self) -> u32 {
        (self as u32).saturating_sub(1)
    }
}

impl Str {
    fn make(vm: &Vm, kind: StrKind, bytes: usize, fill: impl FnOnce(&mut [u8])) -> PyResult<Ref<Str>> {
        Str::make_with_room(vm, kind, bytes, 0, fill)
    }

    /// As `make`, in a block with room for some more bytes.
    fn make_with_room(
        vm: &Vm,
        kind: StrKind,
        bytes: usize,
        room: usize,
        fill: impl FnOnce(&mut [u8]),
    ) -> PyResult<Ref<Str>> {
        let payload = |data| Str { data, hash: Cell::new(-1) };
        let class = &*vm.types().str;
        let slots = room.div_ceil(8);
        let made = vm.heap().alloc_with_bytes(class, bytes, kind as u8, slots, payload, fill);
        made.map_err(|error| vm.out_of_memory(error))
    }

    /// A str with the text of a Rust string.
    pub fn new(vm: &Vm, text: &str) -> PyResult<Ref<Str>> {
        if text.is_ascii() {
            return Str::from_latin1(vm, text.as_bytes());
        }
        let points: Vec<u32> = text.chars().map(u32::from).collect();
        Str::from_points(vm, &points)
    }

    /// A str of Latin-1 bytes.
    pub fn from_latin1(vm: &Vm, text: &[u8]) -> PyResult<Ref<Str>> {
        let kind = if text.is_ascii() { StrKind::Ascii } else { StrKind::Latin1 };
        Str::from_bytes(vm, kind, text)
    }

    /// A str of bytes below 128.
    #[inline]
    pub(crate) fn from_ascii(vm: &Vm, text: &[u8]) -> PyResult<Ref<Str>> {
        debug_assert!(text.is_ascii());
        Str::from_bytes(vm, StrKind::Ascii, text)
    }

    #[inline]
    fn from_bytes(vm: &Vm, kind: StrKind, text: &[u8]) -> PyResult<Ref<Str>> {
        let shared = match text {
            [] => vm.types().empty_str.get().cloned(),
            [byte] => Str::shared(vm, u32::from(*byte)),
            _ => None,
        };
        if let Some(shared) = shared {
            return Ok(shared);
        }
        Str::make(vm, kind, text.len(), |to| to.copy_from_slice(text))
    }

    /// A str of code points (each at most 0x10ffff).
    pub fn from_points(vm: &Vm, points: &[u32]) -> PyResult<Ref<Str>> {
        let kind = StrKind::for_max(points.iter().copied().max().unwrap_or(0));
        if let (0, _) | (1, StrKind::Ascii | StrKind::Latin1) = (points.len(), kind) {
            let narrow: Vec<u8> = points.iter().map(|&point| point as u8).collect();
            return Str::from_latin1(vm, &narrow);
        }
        Str::make(vm, kind, points.len() << kind.shift(), |to| match kind {
            StrKind::Ascii | StrKind::Latin1 => to.iter_mut().zip(points).for_each(|(to, &p)| *to = p as u8),
            StrKind::Ucs2 => {
                bytemuck::cast_slice_mut::<u8, u16>(to).iter_mut().zip(points).for_each(|(to, &p)| *to = p as u16);
            }
            StrKind::Ucs4 => bytemuck::cast_slice_mut::<u8, u32>(to).copy_from_slice(points),
        })
    }

    /// An instance of a subclass of str with the text of `text`.
    pub fn new_subclass(vm: &Vm, class: &Obj<Type>, text: &Str) -> PyResult<Ref<Str>> {
        let bytes: Vec<u8> = text.bytes().to_vec();
        let meta = text.kind() as u8;
        vm.alloc_with_tail(class, bytes.len(), meta, |data| Str { data, hash: Cell::new(-1) }, bytes)
    }

    /// The kind.
    #[inline]
    pub fn kind(&self) -> StrKind {
        match self.data.meta() & 3 {
            0 => StrKind::Ascii,
            1 => StrKind::Latin1,
            2 => StrKind::Ucs2,
            _ => StrKind::Ucs4,
        }
    }

    /// Number of code points.
    #[inline]
    pub fn len(&self) -> usize {
        self.data.len() >> self.kind().shift()
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// The code points' bytes as they are stored.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        self.data.elements()
    }

    /// The code points.
    #[inline]
    pub fn data(&self) -> StrData<'_> {
        match self.kind() {
            StrKind::Ascii => StrData::Ascii(self.bytes()),
            StrKind::Latin1 => StrData::Latin1(self.bytes()),
            StrKind::Ucs2 => StrData::Ucs2(bytemuck::cast_slice(self.bytes())),
            StrKind::Ucs4 => StrData::Ucs4(bytemuck::cast_slice(self.bytes())),
        }
    }

    /// The code point at `index`, which is below `len`.
    #[inline]
    pub fn point(&self, index: usize) -> u32 {
        match self.data() {
            StrData::Ascii(data) | StrData::Latin1(data) => u32::from(data[index]),
            StrData::Ucs2(data) => u32::from(data[index]),
            StrData::Ucs4(data) => data[index],
        }
    }

    /// The bytes of a text of Latin-1.
    #[inline]
    pub fn latin1(&self) -> Option<&[u8]> {
        match self.kind() {
            StrKind::Ascii | StrKind::Latin1 => Some(self.bytes()),
            _ => None,
        }
    }

    /// The code point at `index`, if the text is of Latin-1 and there is one.
    #[inline]
    pub fn byte(&self, index: usize) -> Option<u8> {
        self.latin1()?.get(index).copied()
    }

    /// The code points one by one.
    pub fn points(&self) -> Points<'_> {
        self.units().points()
    }

    /// Whether all of the text is ASCII.
    #[inline]
    pub fn is_ascii(&self) -> bool {
        self.kind() == StrKind::Ascii
    }

    /// The text, when all of it is ASCII.
    #[inline]
    pub fn as_ascii(&self) -> Option<&str> {
        match self.kind() {
            StrKind::Ascii => std::str::from_utf8(self.bytes()).ok(),
            _ => None,
        }
    }

    /// The text as a Rust string, unless it holds a lone surrogate.
    pub fn to_utf8(&self) -> Option<Cow<'_, str>> {
        match self.as_ascii() {
            Some(text) => Some(Cow::Borrowed(text)),
            None => self.points().map(char::from_u32).collect::<Option<String>>().map(Cow::Owned),
        }
    }

    /// The text as a Rust string, lone surrogates as `\\udcxx`.
    pub fn to_lossy(&self) -> Cow<'_, str> {
        if let Some(text) = self.as_ascii() {
            return Cow::Borrowed(text);
        }
        let mut text = String::with_capacity(self.len());
        for point in self.points() {
            match char::from_u32(point) {
                Some(c) => text.push(c),
                None => text.push_str(&format!("\\u{point:04x}")),
            }
        }
        Cow::Owned(text)
    }

    /// Whether the text is `text`.
    pub fn equals(&self, text: &str) -> bool {
        match self.kind() {
            StrKind::Ascii => self.bytes() == text.as_bytes(),
            _ => self.points().eq(text.chars().map(u32::from)),
        }
    }

    /// Whether both have the same text.
    #[inline]
    pub fn same_text(&self, other: &Str) -> bool {
        self.data.meta() & 3 == other.data.meta() & 3 && self.bytes() == other.bytes()
    }

    /// As `same_text`, for objects. Most texts that differ do so at once.
    #[inline]
    pub fn equal(this: &Obj<Str>, other: &Obj<Str>) -> bool {
        if this.is_same(other) {
            return true;
        }
        let (own, others) = (this.bytes(), other.bytes());
        this.data.meta() & 3 == other.data.meta() & 3
            && own.len() == others.len()
            && own.first() == others.first()
            && own == others
    }

    /// The answer of a comparison of two strs.
    #[inline]
    pub fn compared(this: &Obj<Str>, other: &Obj<Str>, op: CompareOp) -> bool {
        match op {
            CompareOp::Eq => this.is_same(other) || this.same_text(other),
            CompareOp::Ne => !this.is_same(other) && !this.same_text(other),
            _ => op.holds(this.order(other)),
        }
    }

    /// Whether `part` occurs in the text.
    pub fn holds(&self, part: &Str) -> bool {
        match (self.units(), part.units()) {
            (Slice::U1(text), Slice::U1([byte])) => taipan_text::search::byte(text, *byte).is_some(),
            (text, part) => taipan_text::search::contains(text, part),
        }
    }

    /// The order of two texts by their code points.
    #[inline]
    pub fn order(&self, other: &Str) -> std::cmp::Ordering {
        match (self.units(), other.units()) {
            (Slice::U1(own), Slice::U1(others)) => own.cmp(others),
            (own, others) => taipan_text::search::compare(own, others),
        }
    }

    /// Whether `value` is a str with this text.
    pub fn is_text(value: &Value, text: &str) -> bool {
        value.downcast::<Str>().is_some_and(|own| own.equals(text))
    }

    /// The text of a value that should be a str, for messages.
    pub fn display(value: &Value) -> String {
        value.downcast::<Str>().map_or_else(|| "?".to_owned(), |text| text.to_lossy().into_owned())
    }

    /// The hash: SipHash-1-3 of the stored bytes; 0 for the empty str; never -1.
    #[inline]
    pub fn hash(&self, vm: &Vm) -> i64 {
        match self.hash.get() {
            -1 => {
                let hash = vm.interp().hash_key.hash_bytes(self.bytes());
                self.hash.set(hash);
                hash
            }
            hash => hash,
        }
    }

    /// The hash, if it was computed already.
    #[inline]
    pub fn cached_hash(&self) -> Option<i64> {
        Some(self.hash.get()).filter(|&hash| hash != -1)
    }
}

/// Whether the object is the one with its text in the table of interned strs.
pub fn is_interned(string: &Obj<Str>) -> bool {
    string.header().has(bits::USER)
}

/// Marks the object as the one in the table of interned strs.
pub(crate) fn mark_interned(vm: &Vm, string: &Obj<Str>) {
    string.hash(vm);
    string.header().set_user(true);
}

/// Makes the empty str and the Latin-1 characters, which every str of their text shares.
pub(crate) fn make_shared(vm: &Vm) -> PyResult<()> {
    let keep = |made: Ref<Str>| {
        let interned = vm.interp().intern_str(vm, &made);
        interned.header().make_immortal();
        interned
    };
    let empty = keep(Str::from_latin1(vm, &[])?);
    let mut characters = Vec::with_capacity(256);
    for byte in 0..=255u8 {
        characters.push(keep(Str::from_latin1(vm, &[byte])?));
    }
    let _ = vm.types().empty_str.set(empty);
    let _ = vm.types().characters.set(characters.into());
    Ok(())
}

/// `ascii(value)`
pub fn ascii(vm: &Vm, value: &Value) -> PyResult<Ref<Str>> {
    let text = vm.repr(value)?;
    if text.is_ascii() {
        return Ok(text);
    }
    written(vm, |out| {
        taipan_text::escape_non_ascii(&**text, out);
        Ok(())
    })
}
