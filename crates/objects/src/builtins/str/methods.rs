//! The methods and slots of `str`.
//!
//! Invariant: results are exact strs, and the text itself where nothing changed and it is exact.

use super::build::{wider, written};
use super::{Str, StrBuilder, StrData, StrIterator, StrKind, constructor, percent, template, translate};
use crate::builtins::bytes::Bytes;
use crate::builtins::dict::Dict;
use crate::builtins::list::List;
use crate::builtins::slice::{Subscript, bound, clamp, position, subscript};
use crate::builtins::tuple::Tuple;
use crate::builtins::{NOT_IMPLEMENTED, boolean, is_none};
use crate::native::{Args, FuncArgs};
use crate::types::{CompareOp, Type};
use crate::vm::{PyResult, Vm};
use std::ops::Range;
use taipan_heap::{Obj, Ref, Value};
use taipan_macros::pytype;
use taipan_text::{Sink, Slice, TextBuffer, search, split, unicode};

/// The range that optional bounds select of a sequence of `len` items; `None` when they cross.
#[inline]
pub(crate) fn bounds(
    vm: &Vm,
    len: usize,
    start: Option<&Value>,
    end: Option<&Value>,
) -> PyResult<Option<Range<usize>>> {
    if start.is_none() && end.is_none() { Ok(Some(0..len)) } else { given_bounds(vm, len, start, end) }
}

fn given_bounds(vm: &Vm, len: usize, start: Option<&Value>, end: Option<&Value>) -> PyResult<Option<Range<usize>>> {
    let read = |value: Option<&Value>, absent: i64| match value {
        Some(value) if !is_none(value) => {
            if !crate::builtins::int::is_int(value) && vm.class_of(value).slots.index.get().is_none() {
                return Err(vm.type_error("slice indices must be integers or None or have an __index__ method"));
            }
            bound(vm, value)
        }
        _ => Ok(absent),
    };
    let (start, end) = (read(start, 0)?, read(end, i64::MAX)?);
    let end = clamp(end, len);
    let start = if start < 0 { start.saturating_add(len as i64).max(0) } else { start };
    Ok((start <= end as i64).then_some(start as usize..end))
}

fn strings(vm: &Vm, text: &Obj<Str>, ranges: Vec<Range<usize>>) -> PyResult<Ref<List>> {
    let parts = ranges.into_iter().map(|range| Ok(Str::part(vm, text, range)?.into()));
    List::gather(vm, parts)
}

/// The words of an ASCII text.
fn words(vm: &Vm, whole: &Obj<Str>, text: &[u8]) -> PyResult<Ref<List>> {
    /// Room for so many words is asked for at once.
    const WORDS: usize = 8;
    let list = List::with_capacity(vm, WORDS)?;
    for range in split::words(text, split::Alphabet::Unicode) {
        list.push(vm, Str::part(vm, whole, range)?.into())?;
    }
    Ok(list)
}

/// The parts of an ASCII text between the places where a byte stands.
fn parts_between(vm: &Vm, whole: &Obj<Str>, text: &[u8], byte: u8) -> PyResult<Ref<List>> {
    let count = search::count(Slice::U1(text), Slice::U1(&[byte]), 0..text.len());
    if count == 0 {
        return List::new(vm, std::iter::once(Str::plain(whole, vm)?.into()));
    }
    let list = List::with_capacity(vm, count + 1)?;
    let mut rest = text;
    while let Some(end) = search::byte(rest, byte) {
        list.push(vm, Str::from_ascii(vm, &rest[..end])?.into())?;
        rest = &rest[end + 1..];
    }
    list.push(vm, Str::from_ascii(vm, rest)?.into())?;
    Ok(list)
}

fn fill_char(vm: &Vm, fill: Option<&Value>) -> PyResult<u32> {
    let Some(fill) = fill else { return Ok(u32::from(b' ')) };
    match fill.downcast::<Str>() {
        Some(text) if text.len() == 1 => Ok(text.point(0)),
        Some(_) => Err(vm.type_error("The fill character must be exactly one character long")),
        None => {
            let given = vm.type_name(fill);
            Err(vm.type_error(format!("The fill character must be a unicode character, not {given}")))
        }
    }
}

/// So much padding is little beside any limit of the heap.
const MOST_PADDING: usize = 1024;

fn pad(vm: &Vm, text: &Obj<Str>, left: usize, right: usize, fill: u32) -> PyResult<Ref<Str>> {
    if left == 0 && right == 0 {
        return Str::plain(text, vm);
    }
    if let (Some(bytes), Ok(fill), ..=MOST_PADDING) = (text.latin1(), u8::try_from(fill), left.saturating_add(right)) {
        let kind = wider(text.kind(), StrKind::for_max(fill.into()));
        let total = left + bytes.len() + right;
        if total < 2 {
            return Str::from_latin1(vm, &[fill]);
        }
        return Str::make(vm, kind, total, |to| {
            let (before, to) = to.split_at_mut(left);
            let (place, after) = to.split_at_mut(bytes.len());
            before.fill(fill);
            place.copy_from_slice(bytes);
            after.fill(fill);
        });
    }
    written(vm, |out| {
        out.require(left.saturating_add(right))?;
        out.push_repeated(fill, left);
        out.push_range(&**text, 0..text.len());
        out.push_repeated(fill, right);
        Ok(())
    })
}

fn limit(count: isize) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn separator<'a>(vm: &Vm, value: &'a Value) -> PyResult<&'a Obj<Str>> {
    let Some(separator) = value.downcast::<Str>() else {
        let given = vm.type_name(value);
        return Err(vm.type_error(format!("must be str, not {given}")));
    };
    if separator.is_empty() { Err(vm.value_error("empty separator")) } else { Ok(separator) }
}

fn optional_separator<'a>(vm: &Vm, value: Option<&'a Value>) -> PyResult<Option<&'a Obj<Str>>> {
    match value {
        Some(value) if !is_none(value) => match value.downcast::<Str>() {
            Some(text) if text.is_empty() => Err(vm.value_error("empty separator")),
            Some(text) => Ok(Some(text)),
            None => {
                let given = vm.type_name(value);
                Err(vm.type_error(format!("must be str or None, not {given}")))
            }
        },
        _ => Ok(None),
    }
}

fn strip(vm: &Vm, text: &Obj<Str>, chars: Option<&Value>, sides: (bool, bool), name: &str) -> PyResult<Ref<Str>> {
    let range = match chars.filter(|chars| !is_none(chars)) {
        None => split::strip_spaces(text.units(), split::Alphabet::Unicode, sides.0, sides.1),
        Some(chars) => match chars.downcast::<Str>() {
            Some(chars) if text.is_ascii() && chars.is_ascii() => {
                let set = chars.bytes();
                split::strip_units(text.bytes(), sides.0, sides.1, |byte| set.contains(&byte))
            }
            Some(chars) => split::strip(&**text, sides.0, sides.1, |c| chars.points().any(|stripped| stripped == c)),
            None => return Err(vm.type_error(format!("{name} arg must be None or str"))),
        },
    };
    Str::part(vm, text, range)
}

fn affix(vm: &Vm, text: &Obj<Str>, affix: &Value, range: Option<Range<usize>>, at_end: bool) -> PyResult<bool> {
    let name = if at_end { "endswith" } else { "startswith" };
    let has = |affix: &Obj<Str>| {
        range.clone().is_some_and(|range| search::has_affix(text.units(), affix.units(), range, at_end))
    };
    if let Some(affix) = affix.downcast::<Str>() {
        if affix.kind() == text.kind() && range == Some(0..text.len()) {
            let (text, affix) = (text.bytes(), affix.bytes());
            return Ok(if at_end { text.ends_with(affix) } else { text.starts_with(affix) });
        }
        return Ok(has(affix));
    }
    let Some(affixes) = affix.downcast::<Tuple>() else {
        let given = vm.type_name(affix);
        return Err(vm.type_error(format!("{name} first arg must be str or a tuple of str, not {given}")));
    };
    for affix in affixes.items() {
        let Some(affix) = affix.downcast::<Str>() else {
            let given = vm.type_name(affix);
            return Err(vm.type_error(format!("tuple for {name} must only contain str, not {given}")));
        };
        if has(affix) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn partition(vm: &Vm, text: &Obj<Str>, sep: &Value, from_right: bool) -> PyResult<Ref<Tuple>> {
    let sep = separator(vm, sep)?;
    let all = 0..text.len();
    let found = if from_right {
        search::rfind(text.units(), sep.units(), all)
    } else {
        search::find(text.units(), sep.units(), all)
    };
    let empty = || -> PyResult<Value> { Ok(Str::empty(vm)?.into()) };
    let whole = || -> PyResult<Value> { Ok(Str::plain(text, vm)?.into()) };
    let parts = match found {
        Some(at) => {
            let after = at + sep.len();
            [Str::part(vm, text, 0..at)?.into(), sep.to_value(), Str::part(vm, text, after..text.len())?.into()]
        }
        None if from_right => [empty()?, empty()?, whole()?],
        None => [whole()?, empty()?, empty()?],
    };
    Tuple::new(vm, parts.into_iter())
}

fn every(text: &Obj<Str>, ascii: impl Fn(&u8) -> bool, holds: impl Fn(u32) -> bool) -> bool {
    match text.data() {
        StrData::Ascii(units) => !units.is_empty() && units.iter().all(ascii),
        StrData::Latin1(units) => !units.is_empty() && units.iter().all(|&unit| holds(unit.into())),
        _ => !text.is_empty() && text.points().all(holds),
    }
}

fn cased(
    vm: &Vm,
    text: &Obj<Str>,
    mut ascii: impl FnMut(u8) -> u8,
    other: impl Fn(&mut TextBuffer),
) -> PyResult<Ref<Str>> {
    match text.data() {
        StrData::Ascii(&[byte]) => return Str::from_latin1(vm, &[ascii(byte)]),
        StrData::Ascii(bytes @ [_, ..]) => {
            let fill = |to: &mut [u8]| to.iter_mut().zip(bytes).for_each(|(to, &byte)| *to = ascii(byte));
            return Str::make(vm, StrKind::Ascii, bytes.len(), fill);
        }
        _ => {}
    }
    let mut out = TextBuffer::with_capacity(text.len());
    other(&mut out);
    Str::from_units(vm, out.as_slice())
}

impl Str {
    /// `separator.join(iterable)`
    pub fn join_iterable(vm: &Vm, separator: &Obj<Str>, iterable: &Value) -> PyResult<Ref<Str>> {
        let slots = &vm.class_of(iterable).slots;
        if slots.iter.get().is_none() && slots.getitem.get().is_none() {
            return Err(vm.type_error("can only join an iterable"));
        }
        if let Some(list) = iterable.downcast_exact::<List>() {
            let joined = Str::join_if_strs(vm, separator, &list.cell().borrow());
            if let Some(joined) = joined {
                return joined;
            }
        } else if let Some(tuple) = iterable.downcast_exact::<Tuple>()
            && let Some(joined) = Str::join_if_strs(vm, separator, tuple.items())
        {
            return joined;
        }
        let parts = vm.collect(iterable)?;
        if let Some(index) = parts.iter().position(|part| part.downcast::<Str>().is_none()) {
            let given = vm.type_name(&parts[index]);
            return Err(vm.type_error(format!("sequence item {index}: expected str instance, {given} found")));
        }
        Str::join_if_strs(vm, separator, &parts).unwrap_or_else(|| Str::empty(vm))
    }

    /// The text as a specification in ASCII says.
    pub(crate) fn formatted(vm: &Vm, text: &Str, spec: &[u8]) -> PyResult<Ref<Str>> {
        written(vm, |out| taipan_text::format_value::format_str(&text.units(), spec, out))
    }

    /// `separator.join(parts)`; `None` unless all of them are strs.
    fn join_if_strs(vm: &Vm, separator: &Obj<Str>, parts: &[Value]) -> Option<PyResult<Ref<Str>>> {
        if parts.iter().any(|part| part.downcast::<Str>().is_none()) {
            return None;
        }
        if let [only] = parts
            && let Some(only) = only.downcast_exact::<Str>()
        {
            return Some(Ok(only.to_ref()));
        }
        Some(Str::join_parts(vm, separator, parts))
    }
}

/// str(object='') -> str
/// str(bytes_or_buffer[, encoding[, errors]]) -> str
///
/// Text as a sequence of Unicode code points. Given an object, its text;
/// given bytes and an encoding (or an error handler), what they decode to.
#[pytype(name = "str", flags = BASETYPE | MATCH_SELF)]
impl Str {
    #[slot(new)]
    fn make_instance(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        constructor::construct(vm, class, args)
    }

    #[slot]
    fn repr(this: &Obj<Str>, vm: &Vm) -> PyResult<Ref<Str>> {
        if let StrData::Ascii(text) = this.data()
            && text.iter().all(|&byte| matches!(byte, b' '..=b'~') && byte != b'\'' && byte != b'\\')
        {
            return Str::make(vm, StrKind::Ascii, text.len() + 2, |to| {
                if let [first, inside @ .., last] = to {
                    (*first, *last) = (b'\'', b'\'');
                    inside.copy_from_slice(text);
                }
            });
        }
        let mut out = TextBuffer::with_capacity(this.len() + 2);
        taipan_text::str_repr(&**this, &mut out);
        Str::from_units(vm, out.as_slice())
    }

    #[slot(str)]
    fn text(this: &Obj<Str>, vm: &Vm) -> PyResult<Ref<Str>> {
        Str::plain(this, vm)
    }

    #[slot(hash)]
    fn hash_slot(this: &Obj<Str>, vm: &Vm) -> PyResult<i64> {
        Ok(this.hash(vm))
    }

    #[slot]
    fn compare(this: &Obj<Str>, other: &Value, op: CompareOp) -> PyResult<Value> {
        let Some(other) = other.downcast::<Str>() else { return Ok(NOT_IMPLEMENTED) };
        Ok(boolean(Str::compared(this, other, op)))
    }

    #[slot(len)]
    fn len_slot(this: &Obj<Str>) -> PyResult<usize> {
        Ok(this.len())
    }

    #[slot]
    fn getitem(this: &Obj<Str>, vm: &Vm, key: &Value) -> PyResult<Value> {
        match subscript(vm, key)? {
            Some(Subscript::Index(index)) => match position(index, this.len()) {
                Some(at) => Ok(Str::character(vm, this.point(at))?.into()),
                None => Err(vm.index_error("string index out of range")),
            },
            Some(Subscript::Slice(steps)) => Ok(Str::span(vm, this, steps.over(this.len()))?.into()),
            None => {
                let given = vm.type_name(key);
                Err(vm.type_error(format!("string indices must be integers, not '{given}'")))
            }
        }
    }

    #[slot]
    fn iter(this: &Value, vm: &Vm) -> PyResult<Value> {
        StrIterator::over(vm, this)
    }

    #[slot]
    fn contains(this: &Obj<Str>, vm: &Vm, item: &Value) -> PyResult<bool> {
        match item.downcast::<Str>() {
            Some(item) => Ok(this.holds(item)),
            None => {
                let given = vm.type_name(item);
                Err(vm.type_error(format!("'in <string>' requires string as left operand, not {given}")))
            }
        }
    }

    #[slot(concat)]
    fn concat_slot(this: &Obj<Str>, vm: &Vm, other: &Value) -> PyResult<Ref<Str>> {
        match other.downcast::<Str>() {
            Some(other) => Str::concat(vm, this, other),
            None => {
                let given = vm.type_name(other);
                Err(vm.type_error(format!("can only concatenate str (not \"{given}\") to str")))
            }
        }
    }

    #[slot]
    fn repeat(this: &Obj<Str>, vm: &Vm, count: isize) -> PyResult<Ref<Str>> {
        Str::repeated(vm, this, count)
    }

    #[slot(binary(Mod))]
    fn modulo(left: &Value, right: &Value, vm: &Vm) -> PyResult<Value> {
        match left.downcast::<Str>() {
            Some(template) => Ok(percent::percent_str(vm, template, right)?.into()),
            None => Ok(NOT_IMPLEMENTED),
        }
    }

    #[method(sig = "format_spec, /")]
    fn __format__(this: &Obj<Str>, vm: &Vm, spec: &Obj<Str>) -> PyResult<Ref<Str>> {
        if spec.is_empty() {
            return vm.str(&this.to_value());
        }
        if spec.is_ascii() {
            return Str::formatted(vm, this, spec.bytes());
        }
        written(vm, |out| taipan_text::format_value::format_str(&**this, &**spec, out))
    }

    #[method]
    fn __getnewargs__(this: &Obj<Str>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let points: Vec<u32> = this.points().collect();
        Tuple::new(vm, [Str::from_points(vm, &points)?.into()].into_iter())
    }

    /// Return the size of the string in memory, in bytes.
    #[method]
    fn __sizeof__(this: &Obj<Str>) -> usize {
        size_of::<Str>() + 16 + this.bytes().len()
    }

    /// Return a capitalized version of the string: the first character in title case, the rest in lower case.
    #[method(fixed)]
    fn capitalize(this: &Obj<Str>, vm: &Vm) -> PyResult<Ref<Str>> {
        let mut first = true;
        let ascii = |byte: u8| match std::mem::replace(&mut first, false) {
            true => byte.to_ascii_uppercase(),
            false => byte.to_ascii_lowercase(),
        };
        cased(vm, this, ascii, |out| unicode::title_str(&**this, true, out))
    }

    /// Return a version of the string suitable for caseless comparisons.
    #[method]
    fn casefold(this: &Obj<Str>, vm: &Vm) -> PyResult<Ref<Str>> {
        cased(vm, this, |byte| byte.to_ascii_lowercase(), |out| unicode::casefold_str(&**this, out))
    }

    /// Return a copy of the string converted to lowercase.
    #[method(fixed)]
    fn lower(this: &Obj<Str>, vm: &Vm) -> PyResult<Ref<Str>> {
        if let StrData::Ucs2(units) = this.data()
            && let Some(units) = unicode::lower_units(units)
        {
            return Str::from_units(vm, Slice::U2(&units));
        }
        cased(vm, this, |byte| byte.to_ascii_lowercase(), |out| unicode::lower_str(&**this, out))
    }

    /// Return a copy of the string converted to uppercase.
    #[method(fixed)]
    fn upper(this: &Obj<Str>, vm: &Vm) -> PyResult<Ref<Str>> {
        if let StrData::Ucs2(units) = this.data()
            && let Some(units) = unicode::upper_units(units)
        {
            return Str::from_units(vm, Slice::U2(&units));
        }
        cased(vm, this, |byte| byte.to_ascii_uppercase(), |out| unicode::upper_str(&**this, out))
    }

    /// Convert uppercase characters to lowercase and lowercase characters to uppercase.
    #[method]
    fn swapcase(this: &Obj<Str>, vm: &Vm) -> PyResult<Ref<Str>> {
        let ascii = |byte: u8| if byte.is_ascii_alphabetic() { byte ^ 0x20 } else { byte };
        cased(vm, this, ascii, |out| unicode::swapcase_str(&**this, out))
    }

    /// Return a version of the string where each word is titlecased.
    #[method(fixed)]
    fn title(this: &Obj<Str>, vm: &Vm) -> PyResult<Ref<Str>> {
        let mut inside = false;
        let ascii = |byte: u8| match std::mem::replace(&mut inside, byte.is_ascii_alphabetic()) {
            true => byte.to_ascii_lowercase(),
            false => byte.to_ascii_uppercase(),
        };
        cased(vm, this, ascii, |out| unicode::title_str(&**this, false, out))
    }

    /// Return a centered string of length width.
    #[method(sig = "width, fillchar=' ', /")]
    fn center(this: &Obj<Str>, vm: &Vm, width: isize, fillchar: Option<&Value>) -> PyResult<Ref<Str>> {
        let fill = fill_char(vm, fillchar)?;
        let (left, right) = split::center_padding(this.len(), width.max(0) as usize);
        pad(vm, this, left, right, fill)
    }

    /// Return a left-justified string of length width.
    #[method(sig = "width, fillchar=' ', /")]
    fn ljust(this: &Obj<Str>, vm: &Vm, width: isize, fillchar: Option<&Value>) -> PyResult<Ref<Str>> {
        let fill = fill_char(vm, fillchar)?;
        pad(vm, this, 0, (width.max(0) as usize).saturating_sub(this.len()), fill)
    }

    /// Return a right-justified string of length width.
    #[method(sig = "width, fillchar=' ', /")]
    fn rjust(this: &Obj<Str>, vm: &Vm, width: isize, fillchar: Option<&Value>) -> PyResult<Ref<Str>> {
        let fill = fill_char(vm, fillchar)?;
        pad(vm, this, (width.max(0) as usize).saturating_sub(this.len()), 0, fill)
    }

    /// Pad a numeric string with zeros on the left, to fill a field of the given width.
    #[method(sig = "width, /")]
    fn zfill(this: &Obj<Str>, vm: &Vm, width: isize) -> PyResult<Ref<Str>> {
        if this.len() >= width.max(0) as usize {
            return Str::plain(this, vm);
        }
        written(vm, |out| split::zfill(&**this, width.max(0) as usize, out))
    }

    /// Return a copy where all tab characters are expanded using spaces.
    #[method(sig = "tabsize=8")]
    fn expandtabs(this: &Obj<Str>, vm: &Vm, tabsize: i32) -> PyResult<Ref<Str>> {
        written(vm, |out| split::expand_tabs(&**this, tabsize.max(0) as usize, out))
    }

    /// Return the number of non-overlapping occurrences of substring sub in string S[start:end].
    #[method(sig = "sub, start=None, end=None, /", fixed)]
    fn count(this: &Obj<Str>, vm: &Vm, sub: &Obj<Str>, start: Option<&Value>, end: Option<&Value>) -> PyResult<usize> {
        let range = bounds(vm, this.len(), start, end)?;
        Ok(range.map_or(0, |range| search::count(this.units(), sub.units(), range)))
    }

    fn find_in(
        this: &Obj<Str>,
        vm: &Vm,
        sub: &Obj<Str>,
        start: Option<&Value>,
        end: Option<&Value>,
        from_right: bool,
    ) -> PyResult<Option<usize>> {
        let search = if from_right { search::rfind } else { search::find };
        let range = bounds(vm, this.len(), start, end)?;
        Ok(range.and_then(|range| search(this.units(), sub.units(), range)))
    }

    /// Return the lowest index in S where substring sub is found, or -1.
    #[method(sig = "sub, start=None, end=None, /", fixed)]
    fn find(this: &Obj<Str>, vm: &Vm, sub: &Obj<Str>, start: Option<&Value>, end: Option<&Value>) -> PyResult<i64> {
        Ok(Str::find_in(this, vm, sub, start, end, false)?.map_or(-1, |at| at as i64))
    }

    /// Return the highest index in S where substring sub is found, or -1.
    #[method(sig = "sub, start=None, end=None, /", fixed)]
    fn rfind(this: &Obj<Str>, vm: &Vm, sub: &Obj<Str>, start: Option<&Value>, end: Option<&Value>) -> PyResult<i64> {
        Ok(Str::find_in(this, vm, sub, start, end, true)?.map_or(-1, |at| at as i64))
    }

    /// Return the lowest index in S where substring sub is found; raise ValueError if it is not.
    #[method(sig = "sub, start=None, end=None, /", fixed)]
    fn index(this: &Obj<Str>, vm: &Vm, sub: &Obj<Str>, start: Option<&Value>, end: Option<&Value>) -> PyResult<usize> {
        Str::find_in(this, vm, sub, start, end, false)?.ok_or_else(|| vm.value_error("substring not found"))
    }

    /// Return the highest index in S where substring sub is found; raise ValueError if it is not.
    #[method(sig = "sub, start=None, end=None, /")]
    fn rindex(this: &Obj<Str>, vm: &Vm, sub: &Obj<Str>, start: Option<&Value>, end: Option<&Value>) -> PyResult<usize> {
        Str::find_in(this, vm, sub, start, end, true)?.ok_or_else(|| vm.value_error("substring not found"))
    }

    /// Return True if the string starts with the specified prefix, False otherwise.
    #[method(sig = "prefix, start=None, end=None, /", fixed)]
    fn startswith(
        this: &Obj<Str>,
        vm: &Vm,
        prefix: &Value,
        start: Option<&Value>,
        end: Option<&Value>,
    ) -> PyResult<bool> {
        affix(vm, this, prefix, bounds(vm, this.len(), start, end)?, false)
    }

    /// Return True if the string ends with the specified suffix, False otherwise.
    #[method(sig = "suffix, start=None, end=None, /", fixed)]
    fn endswith(
        this: &Obj<Str>,
        vm: &Vm,
        suffix: &Value,
        start: Option<&Value>,
        end: Option<&Value>,
    ) -> PyResult<bool> {
        affix(vm, this, suffix, bounds(vm, this.len(), start, end)?, true)
    }

    /// Return a str with the given prefix string removed if present.
    #[method(sig = "prefix, /", fixed)]
    fn removeprefix(this: &Obj<Str>, vm: &Vm, prefix: &Obj<Str>) -> PyResult<Ref<Str>> {
        let has = search::has_affix(this.units(), prefix.units(), 0..this.len(), false);
        Str::part(vm, this, if has { prefix.len() } else { 0 }..this.len())
    }

    /// Return a str with the given suffix string removed if present.
    #[method(sig = "suffix, /", fixed)]
    fn removesuffix(this: &Obj<Str>, vm: &Vm, suffix: &Obj<Str>) -> PyResult<Ref<Str>> {
        let has = search::has_affix(this.units(), suffix.units(), 0..this.len(), true);
        Str::part(vm, this, 0..this.len() - if has { suffix.len() } else { 0 })
    }

    /// Return a copy of the string with leading and trailing whitespace (or characters in chars) removed.
    #[method(sig = "chars=None, /", fixed)]
    fn strip(this: &Obj<Str>, vm: &Vm, chars: Option<&Value>) -> PyResult<Ref<Str>> {
        strip(vm, this, chars, (true, true), "strip")
    }

    /// Return a copy of the string with leading whitespace (or characters in chars) removed.
    #[method(sig = "chars=None, /", fixed)]
    fn lstrip(this: &Obj<Str>, vm: &Vm, chars: Option<&Value>) -> PyResult<Ref<Str>> {
        strip(vm, this, chars, (true, false), "lstrip")
    }

    /// Return a copy of the string with trailing whitespace (or characters in chars) removed.
    #[method(sig = "chars=None, /", fixed)]
    fn rstrip(this: &Obj<Str>, vm: &Vm, chars: Option<&Value>) -> PyResult<Ref<Str>> {
        strip(vm, this, chars, (false, true), "rstrip")
    }

    /// Return a list of the substrings in the string, using sep as the separator string.
    #[method(sig = "sep=None, maxsplit=-1", fixed)]
    fn split(this: &Obj<Str>, vm: &Vm, sep: Option<&Value>, maxsplit: isize) -> PyResult<Ref<List>> {
        let separator = optional_separator(vm, sep)?;
        if let (Some(separator), StrData::Ascii(text)) = (separator, this.data())
            && let StrData::Ascii(&[byte]) = separator.data()
            && maxsplit < 0
        {
            return parts_between(vm, this, text, byte);
        }
        if let (None, StrData::Ascii(text), true) = (separator, this.data(), maxsplit < 0) {
            return words(vm, this, text);
        }
        let pieces = match separator {
            Some(sep) => split::split_on(this.units(), sep.units(), limit(maxsplit)),
            None => split::split_spaces(&**this, split::Alphabet::Unicode, limit(maxsplit)),
        };
        strings(vm, this, pieces)
    }

    /// Return a list of the substrings in the string, using sep as the separator string, from the right.
    #[method(sig = "sep=None, maxsplit=-1", fixed)]
    fn rsplit(this: &Obj<Str>, vm: &Vm, sep: Option<&Value>, maxsplit: isize) -> PyResult<Ref<List>> {
        let pieces = match optional_separator(vm, sep)? {
            Some(sep) => split::rsplit_on(this.units(), sep.units(), limit(maxsplit)),
            None => split::rsplit_spaces(&**this, split::Alphabet::Unicode, limit(maxsplit)),
        };
        strings(vm, this, pieces)
    }

    /// Return a list of the lines in the string, breaking at line boundaries.
    #[method(sig = "keepends=False", fixed)]
    fn splitlines(this: &Obj<Str>, vm: &Vm, keepends: bool) -> PyResult<Ref<List>> {
        strings(vm, this, split::split_lines(&**this, split::Alphabet::Unicode, keepends))
    }

    /// Partition the string into three parts using the given separator.
    #[method(sig = "sep, /", fixed)]
    fn partition(this: &Obj<Str>, vm: &Vm, sep: &Value) -> PyResult<Ref<Tuple>> {
        partition(vm, this, sep, false)
    }

    /// Partition the string into three parts using the last occurrence of the given separator.
    #[method(sig = "sep, /", fixed)]
    fn rpartition(this: &Obj<Str>, vm: &Vm, sep: &Value) -> PyResult<Ref<Tuple>> {
        partition(vm, this, sep, true)
    }

    /// Concatenate any number of strings, with the string between them.
    #[method(sig = "iterable, /", fixed)]
    fn join(this: &Obj<Str>, vm: &Vm, iterable: &Value) -> PyResult<Ref<Str>> {
        Str::join_iterable(vm, this, iterable)
    }

    /// Return a copy with all occurrences of substring old replaced by new.
    #[method(sig = "old, new, /, count=-1", fixed)]
    fn replace(this: &Obj<Str>, vm: &Vm, old: &Obj<Str>, new: &Obj<Str>, count: isize) -> PyResult<Ref<Str>> {
        let ascii = [&**this, &**old, &**new].iter().all(|text| text.kind() == StrKind::Ascii);
        if ascii && !old.is_empty() && count < 0 {
            return Str::replace_ascii(this, vm, old.bytes(), new.bytes());
        }
        let mut builder = StrBuilder::new();
        let done = split::replace(this.units(), old.units(), new.units(), limit(count), &mut builder.sink(vm));
        match done.map_err(|error| vm.text_error(error))? {
            0 => Str::plain(this, vm),
            _ => builder.finish(vm),
        }
    }

    /// Replace each character in the string using the given translation table.
    #[method(sig = "table, /")]
    fn translate(this: &Obj<Str>, vm: &Vm, table: &Value) -> PyResult<Ref<Str>> {
        translate::translate(vm, this, table)
    }

    /// Return a translation table usable for str.translate().
    #[staticmethod(sig = "x, y=None, z=None, /")]
    fn maketrans(vm: &Vm, x: &Value, y: Option<&Obj<Str>>, z: Option<&Obj<Str>>) -> PyResult<Ref<Dict>> {
        translate::maketrans(vm, x, y, z)
    }

    /// Encode the string using the codec registered for encoding.
    #[method(sig = "encoding='utf-8', errors='strict'", fixed)]
    fn encode(
        this: &Obj<Str>,
        vm: &Vm,
        encoding: Option<&Obj<Str>>,
        errors: Option<&Obj<Str>>,
    ) -> PyResult<Ref<Bytes>> {
        let encoding = encoding.map_or("utf-8".into(), |encoding| encoding.to_lossy());
        let errors = errors.map_or("strict".into(), |errors| errors.to_lossy());
        crate::codecs::encode(vm, this, &encoding, &errors)
    }

    /// Return a formatted version of the string, using substitutions from args and kwargs.
    #[method]
    fn format(this: &Obj<Str>, vm: &Vm, all: FuncArgs<'_>) -> PyResult<Ref<Str>> {
        template::format(vm, this, template::Source::Arguments(all.0))
    }

    /// Return a formatted version of the string, using substitutions from mapping.
    #[method(sig = "mapping, /")]
    fn format_map(this: &Obj<Str>, vm: &Vm, mapping: &Value) -> PyResult<Ref<Str>> {
        template::format(vm, this, template::Source::Mapping(mapping))
    }

    /// Return True if the string is an alpha-numeric string, False otherwise.
    #[method(fixed)]
    fn isalnum(this: &Obj<Str>) -> bool {
        every(this, u8::is_ascii_alphanumeric, unicode::is_alnum)
    }

    /// Return True if the string is an alphabetic string, False otherwise.
    #[method(fixed)]
    fn isalpha(this: &Obj<Str>) -> bool {
        every(this, u8::is_ascii_alphabetic, unicode::is_alpha)
    }

    /// Return True if all characters in the string are ASCII, False otherwise.
    #[method]
    fn isascii(this: &Obj<Str>) -> bool {
        this.is_ascii()
    }

    /// Return True if the string is a decimal string, False otherwise.
    #[method]
    fn isdecimal(this: &Obj<Str>) -> bool {
        every(this, u8::is_ascii_digit, unicode::is_decimal)
    }

    /// Return True if the string is a digit string, False otherwise.
    #[method(fixed)]
    fn isdigit(this: &Obj<Str>) -> bool {
        every(this, u8::is_ascii_digit, unicode::is_digit)
    }

    /// Return True if the string is a valid Python identifier, False otherwise.
    #[method(fixed)]
    fn isidentifier(this: &Obj<Str>) -> bool {
        unicode::is_identifier(&**this)
    }

    /// Return True if the string is a lowercase string, False otherwise.
    #[method(fixed)]
    fn islower(this: &Obj<Str>) -> bool {
        unicode::is_lower_str(&**this)
    }

    /// Return True if the string is a numeric string, False otherwise.
    #[method]
    fn isnumeric(this: &Obj<Str>) -> bool {
        every(this, u8::is_ascii_digit, unicode::is_numeric)
    }

    /// Return True if all characters in the string are printable, False otherwise.
    #[method]
    fn isprintable(this: &Obj<Str>) -> bool {
        this.points().all(unicode::is_printable)
    }

    /// Return True if the string is a whitespace string, False otherwise.
    #[method(fixed)]
    fn isspace(this: &Obj<Str>) -> bool {
        every(this, |&byte| matches!(byte, 9..=13 | 28..=32), unicode::is_space)
    }

    /// Return True if the string is a title-cased string, False otherwise.
    #[method]
    fn istitle(this: &Obj<Str>) -> bool {
        unicode::is_title_str(&**this)
    }

    /// Return True if the string is an uppercase string, False otherwise.
    #[method(fixed)]
    fn isupper(this: &Obj<Str>) -> bool {
        unicode::is_upper_str(&**this)
    }
}
