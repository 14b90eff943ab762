//! What bytes and bytearray share: arguments, searching, splitting, padding, case.
//!
//! Invariant: data is a plain slice that no Python code can change meanwhile: a bytes object's own, or a copy of a bytearray's.

use crate::builtins::list::List;
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::builtins::{buffer, int, is_none};
use crate::vm::{PyResult, Vm};
use std::borrow::Cow;
use std::ops::Range;
use taipan_heap::{Ref, Value};
use taipan_text::{Slice, TextBuffer, TextError, search, split};

/// Makes a new object out of bytes.
pub type Make = fn(&Vm, &[u8]) -> PyResult<Value>;

/// A byte given as an int; the messages say `byte` or `bytes`.
pub fn byte(vm: &Vm, value: &Value, what: &str) -> PyResult<u8> {
    match int::index_i64(vm, value)?.map(u8::try_from) {
        Some(Ok(byte)) => Ok(byte),
        _ => Err(vm.value_error(format!("{what} must be in range(0, 256)"))),
    }
}

/// What to search for: a bytes-like object or a single byte.
pub fn needle<'a>(vm: &Vm, value: &'a Value) -> PyResult<Cow<'a, [u8]>> {
    if buffer::is_buffer(vm, value) {
        return buffer::bytes_of(vm, value);
    }
    if !int::is_int(value) && vm.class_of(value).slots.index.get().is_none() {
        let given = vm.type_name(value);
        return Err(vm.type_error(format!("argument should be integer or bytes-like object, not '{given}'")));
    }
    Ok(Cow::Owned(vec![byte(vm, value, "byte")?]))
}

/// `item in data`
pub fn contains(vm: &Vm, data: &[u8], item: &Value) -> PyResult<bool> {
    Ok(holds(data, &member(vm, item)?))
}

/// The bytes that `item in data` looks for.
pub fn member<'a>(vm: &Vm, item: &'a Value) -> PyResult<Cow<'a, [u8]>> {
    if int::is_int(item) || vm.class_of(item).slots.index.get().is_some() {
        return Ok(Cow::Owned(vec![byte(vm, item, "byte")?]));
    }
    buffer::bytes_of(vm, item)
}

/// Whether the bytes stand somewhere in the data.
pub fn holds(data: &[u8], bytes: &[u8]) -> bool {
    match bytes {
        [byte] => data.contains(byte),
        _ => search::contains(Slice::U1(data), Slice::U1(bytes)),
    }
}

/// What `find`, `index` and `count` look for, and where in data of this length.
pub fn sought<'a>(
    vm: &Vm,
    len: usize,
    [sub, start, end]: [Option<&'a Value>; 3],
) -> PyResult<Option<(Cow<'a, [u8]>, Range<usize>)>> {
    let Some(sub) = sub else { return Ok(None) };
    let range = crate::builtins::str::bounds(vm, len, start, end)?;
    let sub = needle(vm, sub)?;
    Ok(range.map(|range| (sub, range)))
}

/// Where `sub` stands first or last in a part of the data.
pub fn position(data: &[u8], sub: &[u8], range: Range<usize>, from_right: bool) -> Option<usize> {
    let search = if from_right { search::rfind } else { search::find };
    search(Slice::U1(data), Slice::U1(sub), range)
}

/// How often `sub` stands in a part of the data.
pub fn occurrences(data: &[u8], sub: &[u8], range: Range<usize>) -> usize {
    search::count(Slice::U1(data), Slice::U1(sub), range)
}

/// `find` and `rfind`.
pub fn find(vm: &Vm, data: &[u8], arguments: [Option<&Value>; 3], from_right: bool) -> PyResult<Option<usize>> {
    let sought = sought(vm, data.len(), arguments)?;
    Ok(sought.and_then(|(sub, range)| position(data, &sub, range, from_right)))
}

/// `index` and `rindex`.
pub fn index(vm: &Vm, data: &[u8], arguments: [Option<&Value>; 3], from_right: bool) -> PyResult<usize> {
    find(vm, data, arguments, from_right)?.ok_or_else(|| vm.value_error("subsection not found"))
}

/// `count`
pub fn count(vm: &Vm, data: &[u8], sub: &Value, start: Option<&Value>, end: Option<&Value>) -> PyResult<usize> {
    let sought = sought(vm, data.len(), [Some(sub), start, end])?;
    Ok(sought.map_or(0, |(sub, range)| occurrences(data, &sub, range)))
}

/// `startswith` and `endswith`.
pub fn affix(vm: &Vm, data: &[u8], [affix, start, end]: [Option<&Value>; 3], at_end: bool) -> PyResult<bool> {
    let Some(affix) = affix else { return Ok(false) };
    let range = crate::builtins::str::bounds(vm, data.len(), start, end)?;
    let has = |affix: &[u8]| {
        range.clone().is_some_and(|range| search::has_affix(Slice::U1(data), Slice::U1(affix), range, at_end))
    };
    if let Some(affixes) = affix.downcast::<Tuple>() {
        for affix in affixes.items() {
            if has(&buffer::bytes_of(vm, affix)?) {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if !buffer::is_buffer(vm, affix) {
        let (name, given) = (if at_end { "endswith" } else { "startswith" }, vm.type_name(affix));
        return Err(vm.type_error(format!("{name} first arg must be bytes or a tuple of bytes, not {given}")));
    }
    Ok(has(&buffer::bytes_of(vm, affix)?))
}

/// The data without `affix` at its start or end.
pub fn without_affix(vm: &Vm, data: &[u8], affix: &Value, at_end: bool) -> PyResult<Range<usize>> {
    let affix = buffer::bytes_of(vm, affix)?;
    Ok(match at_end {
        false if data.starts_with(&affix) => affix.len()..data.len(),
        true if data.ends_with(&affix) => 0..data.len() - affix.len(),
        _ => 0..data.len(),
    })
}

/// `strip`, `lstrip` and `rstrip`.
pub fn strip(vm: &Vm, data: &[u8], chars: Option<&Value>, left: bool, right: bool) -> PyResult<Range<usize>> {
    match chars.filter(|chars| !is_none(chars)) {
        None => Ok(split::strip(data, left, right, |c| split::Alphabet::Ascii.is_space(c))),
        Some(chars) => {
            let chars = buffer::bytes_of(vm, chars)?;
            Ok(split::strip(data, left, right, |c| chars.contains(&(c as u8))))
        }
    }
}

fn pieces(vm: &Vm, data: &[u8], ranges: Vec<Range<usize>>, make: Make) -> PyResult<Ref<List>> {
    let mut parts = Vec::with_capacity(ranges.len());
    for range in ranges {
        parts.push(make(vm, &data[range])?);
    }
    List::from_values(vm, parts)
}

fn separator<'a>(vm: &Vm, value: &'a Value) -> PyResult<Cow<'a, [u8]>> {
    let separator = buffer::bytes_of(vm, value)?;
    if separator.is_empty() { Err(vm.value_error("empty separator")) } else { Ok(separator) }
}

/// `split` and `rsplit`.
pub fn split(
    vm: &Vm,
    data: &[u8],
    sep: Option<&Value>,
    limit: isize,
    from_right: bool,
    make: Make,
) -> PyResult<Ref<List>> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let ranges = match (sep.filter(|sep| !is_none(sep)), from_right) {
        (None, false) => split::split_spaces(data, split::Alphabet::Ascii, limit),
        (None, true) => split::rsplit_spaces(data, split::Alphabet::Ascii, limit),
        (Some(sep), false) => split::split_on(Slice::U1(data), Slice::U1(&separator(vm, sep)?), limit),
        (Some(sep), true) => split::rsplit_on(Slice::U1(data), Slice::U1(&separator(vm, sep)?), limit),
    };
    pieces(vm, data, ranges, make)
}

/// `splitlines`
pub fn split_lines(vm: &Vm, data: &[u8], keep: bool, make: Make) -> PyResult<Ref<List>> {
    pieces(vm, data, split::split_lines(data, split::Alphabet::Ascii, keep), make)
}

/// `partition` and `rpartition`.
pub fn partition(vm: &Vm, data: &[u8], sep: &Value, from_right: bool, make: Make) -> PyResult<Ref<Tuple>> {
    let sep = separator(vm, sep)?;
    let search = if from_right { search::rfind } else { search::find };
    let parts: [&[u8]; 3] = match search(Slice::U1(data), Slice::U1(&sep), 0..data.len()) {
        Some(at) => [&data[..at], &sep, &data[at + sep.len()..]],
        None if from_right => [&[], &[], data],
        None => [data, &[], &[]],
    };
    let parts = [make(vm, parts[0])?, make(vm, parts[1])?, make(vm, parts[2])?];
    Tuple::new(vm, parts.into_iter())
}

/// Bytes written by a text algorithm.
pub fn written(
    vm: &Vm,
    write: impl FnOnce(&mut taipan_text::Bounded<'_, TextBuffer>) -> Result<(), TextError>,
) -> PyResult<Vec<u8>> {
    let mut out = TextBuffer::new();
    let mut sink = taipan_text::Bounded::new(&mut out, vm.text_room());
    write(&mut sink).map_err(|error| vm.text_error(error))?;
    match out {
        TextBuffer::U1(bytes) => Ok(bytes),
        _ => Ok(Vec::new()),
    }
}

/// `replace`
pub fn replace(vm: &Vm, data: &[u8], old: &Value, new: &Value, count: isize) -> PyResult<Vec<u8>> {
    let (old, new) = (buffer::bytes_of(vm, old)?, buffer::bytes_of(vm, new)?);
    let limit = usize::try_from(count).unwrap_or(usize::MAX);
    written(vm, |out| split::replace(Slice::U1(data), Slice::U1(&old), Slice::U1(&new), limit, out).map(|_| ()))
}

/// Where the padding of a justified text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// `rjust`
    Left,
    /// `ljust`
    Right,
    /// `center`
    Both,
}

/// `center`, `ljust` and `rjust`.
pub fn justify(vm: &Vm, data: &[u8], width: isize, fill: Option<&Value>, side: Side, name: &str) -> PyResult<Vec<u8>> {
    let fill = match fill {
        None => b' ',
        Some(value) => {
            let known = value.downcast::<super::Bytes>().is_some()
                || value.downcast::<crate::builtins::bytearray::ByteArray>().is_some();
            if !known {
                let given = vm.given_name(value);
                return Err(
                    vm.type_error(format!("{name}() argument 2 must be a byte string of length 1, not {given}"))
                );
            }
            match buffer::bytes_of(vm, value)?[..] {
                [byte] => byte,
                ref bytes => {
                    let (given, len) = (vm.type_name(value), bytes.len());
                    return Err(vm.type_error(format!(
                        "{name}(): argument 2 must be a byte string of length 1, not a {given} object of length {len}"
                    )));
                }
            }
        }
    };
    let width = width.max(0) as usize;
    let total = width.saturating_sub(data.len());
    let (left, right) = match side {
        Side::Left => (total, 0),
        Side::Right => (0, total),
        Side::Both => split::center_padding(data.len(), width),
    };
    if total > vm.text_room() {
        return Err(vm.out_of_memory(taipan_heap::OutOfMemory));
    }
    let mut out = vec![fill; left];
    out.extend_from_slice(data);
    out.resize(out.len() + right, fill);
    Ok(out)
}

/// `join`
pub fn join(vm: &Vm, separator: &[u8], iterable: &Value) -> PyResult<Vec<u8>> {
    let slots = &vm.class_of(iterable).slots;
    if slots.iter.get().is_none() && slots.getitem.get().is_none() {
        return Err(vm.type_error("can only join an iterable"));
    }
    let parts = vm.collect(iterable)?;
    let mut out = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.extend_from_slice(separator);
        }
        if !buffer::is_buffer(vm, part) {
            let given = vm.type_name(part);
            return Err(vm.type_error(format!("sequence item {index}: expected a bytes-like object, {given} found")));
        }
        let more = buffer::with_bytes(vm, part, |bytes| {
            let fits = out.try_reserve(bytes.len()).is_ok();
            if fits {
                out.extend_from_slice(bytes);
            }
            fits
        })?;
        if !more || out.len() > vm.text_room() {
            return Err(vm.out_of_memory(taipan_heap::OutOfMemory));
        }
        if iterable.downcast::<List>().is_some_and(|list| list.len() != parts.len()) {
            return Err(vm.runtime_error("sequence changed size during iteration"));
        }
    }
    Ok(out)
}

/// `translate`
pub fn translate(vm: &Vm, data: &[u8], table: &Value, delete: Option<&Value>) -> PyResult<Vec<u8>> {
    let table = if is_none(table) { None } else { Some(buffer::bytes_of(vm, table)?) };
    if table.as_ref().is_some_and(|table| table.len() != 256) {
        return Err(vm.value_error("translation table must be 256 characters long"));
    }
    let delete = match delete {
        Some(delete) => buffer::bytes_of(vm, delete)?,
        None => Cow::Borrowed(&[][..]),
    };
    let kept = data.iter().filter(|byte| !delete.contains(byte));
    Ok(match table {
        Some(table) => kept.map(|&byte| table[usize::from(byte)]).collect(),
        None => kept.copied().collect(),
    })
}

/// `maketrans`
pub fn maketrans(vm: &Vm, from: &Value, to: &Value) -> PyResult<Vec<u8>> {
    let (from, to) = (buffer::bytes_of(vm, from)?, buffer::bytes_of(vm, to)?);
    if from.len() != to.len() {
        return Err(vm.value_error("maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    for (from, to) in from.iter().zip(to.iter()) {
        table[usize::from(*from)] = *to;
    }
    Ok(table)
}

/// `hex`
pub fn hex(vm: &Vm, data: &[u8], sep: Option<&Value>, group: i32) -> PyResult<String> {
    let separator = match sep {
        None => None,
        Some(sep) => {
            if vm.len(sep)? != 1 {
                return Err(vm.value_error("sep must be length 1."));
            }
            let point = match sep.downcast::<Str>() {
                Some(text) => text.point(0),
                None if sep.downcast::<super::Bytes>().is_some() => u32::from(buffer::to_vec(vm, sep)?[0]),
                None => return Err(vm.type_error("sep must be str or bytes.")),
            };
            if point > 127 {
                return Err(vm.value_error("sep must be ASCII."));
            }
            Some(point as u8)
        }
    };
    Ok(taipan_text::bytes_to_hex(data, separator, group as isize))
}

/// `fromhex`
pub fn from_hex(vm: &Vm, text: &Value) -> PyResult<Vec<u8>> {
    let parsed = if let Some(text) = text.downcast::<Str>() {
        taipan_text::bytes_from_hex(&**text)
    } else if buffer::is_buffer(vm, text) {
        taipan_text::bytes_from_hex(&buffer::to_vec(vm, text)?[..])
    } else {
        let given = vm.type_name(text);
        return Err(vm.type_error(format!("fromhex() argument must be str or bytes-like, not {given}")));
    };
    parsed.map_err(|error| vm.text_error(error))
}

/// `title`
pub fn title(data: &[u8]) -> Vec<u8> {
    let mut in_word = false;
    data.iter()
        .map(|&byte| {
            let changed = if in_word { byte.to_ascii_lowercase() } else { byte.to_ascii_uppercase() };
            in_word = byte.is_ascii_alphabetic();
            changed
        })
        .collect()
}

/// `istitle`
pub fn is_title(data: &[u8]) -> bool {
    let (mut cased, mut in_word) = (false, false);
    for byte in data {
        if byte.is_ascii_uppercase() == in_word && byte.is_ascii_alphabetic() {
            return false;
        }
        in_word = byte.is_ascii_alphabetic();
        cased |= in_word;
    }
    cased
}

/// `swapcase`
pub fn swap_case(byte: u8) -> u8 {
    if byte.is_ascii_lowercase() { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() }
}

/// `capitalize`
pub fn capitalize(data: &[u8]) -> Vec<u8> {
    let mut out = data.to_ascii_lowercase();
    if let Some(first) = out.first_mut() {
        first.make_ascii_uppercase();
    }
    out
}

/// Whether there are bytes and all are of a kind.
pub fn every(data: &[u8], holds: impl Fn(&u8) -> bool) -> bool {
    !data.is_empty() && data.iter().all(holds)
}
