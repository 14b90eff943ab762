//! The three registers of a `for` loop's state.
//!
//! | first | second | third | iterates over |
//! |---|---|---|---|
//! | int | int | int | a range of small ints: current, stop, step (handled in the loop itself) |
//! | list, tuple, dict, str | int | int or empty | index × 4 + tag; for dicts the length at the start and what is left of it |
//! | iterator | empty | empty | anything else |
//!
//! Invariant: an exhausted state is emptied by the loop, so the iterable dies when CPython's iterator would.

use crate::eval::window::Window;
use taipan_heap::{Value, flags};
use taipan_objects::builtins::dict::{Dict, DictIterator, ViewKind};
use taipan_objects::builtins::enumerate::Enumerate;
use taipan_objects::builtins::list::{List, ListIterator};
use taipan_objects::builtins::range::{Range, RangeIterator, SmallRange};
use taipan_objects::builtins::zip::Zip;
use taipan_objects::builtins::{str::Str, tuple::Tuple};
use taipan_objects::types::NextFn;
use taipan_objects::vm::{PyResult, Vm};

const LIST: i64 = 0;
const TUPLE: i64 = 1;
const DICT: i64 = 2;
const STR: i64 = 3;

/// Bits for the number of a dict's keys still to come, below its length at the start.
const LEFT_BITS: u32 = 30;

fn dict_counts(len: i64, left: i64) -> Option<Value> {
    Value::try_int(len << LEFT_BITS | left)
}

fn begin_range(range: SmallRange) -> Option<[Option<Value>; 3]> {
    let stop = i128::from(range.start) + i128::from(range.step) * i128::from(range.len);
    let stop = i64::try_from(stop).ok().and_then(Value::try_int)?;
    Some([Value::try_int(range.start), Some(stop), Value::try_int(range.step)])
}

/// The state of a loop that goes on where the iterator of a list or range is, which is not asked again.
fn begin_at(iterator: &Value) -> Option<[Option<Value>; 3]> {
    if let Some(range) = iterator.downcast_exact::<RangeIterator>() {
        return begin_range(range.rest());
    }
    let (list, index) = iterator.downcast_exact::<ListIterator>()?.take()?;
    Some([Some(list), Value::try_int((index as i64) << 2 | LIST), None])
}

/// The state of a loop over `iterable`, which may have to be an iterator already.
pub(super) fn begin(vm: &Vm, iterable: &Value, is_iterator: bool) -> PyResult<[Option<Value>; 3]> {
    if is_iterator {
        // Nobody else has the iterator that was made for a generator expression.
        if iterable.header().is_some_and(|header| header.count() == 1)
            && let Some(state) = begin_at(iterable)
        {
            return Ok(state);
        }
        return match vm.class_of(iterable).slots.next.get() {
            Some(_) => Ok([Some(iterable.clone()), None, None]),
            None => Err(vm.type_error(format!("'{}' object is not an iterator", vm.type_name(iterable)))),
        };
    }
    if let Some(state) = iterable.downcast_exact::<Range>().and_then(|range| begin_range(range.small()?)) {
        return Ok(state);
    }
    let tagged = |tag: i64| Value::try_int(tag);
    if iterable.downcast_exact::<List>().is_some() {
        return Ok([Some(iterable.clone()), tagged(LIST), None]);
    }
    if iterable.downcast_exact::<Tuple>().is_some() {
        return Ok([Some(iterable.clone()), tagged(TUPLE), None]);
    }
    if let Some(dict) = iterable.downcast_exact::<Dict>()
        && let Ok(len) = u32::try_from(dict.len())
        && len < 1 << LEFT_BITS
    {
        return Ok([Some(iterable.clone()), tagged(DICT), dict_counts(len.into(), len.into())]);
    }
    if iterable.downcast_exact::<Str>().is_some() {
        return Ok([Some(iterable.clone()), tagged(STR), None]);
    }
    Ok([Some(vm.iter(iterable)?), None, None])
}

/// The next character of a loop over a str of Latin-1, or the next key of one over a dict, goes to `dst`; `false` where there is more to say.
#[inline(never)]
pub(super) unsafe fn step(vm: &Vm, w: Window, state: u16, dst: u16) -> bool {
    // SAFETY: as `next`.
    unsafe {
        let Some(position) = w.peek(state + 1).and_then(Value::as_int) else { return false };
        let index = (position >> 2) as usize;
        if position & 3 == STR {
            let Some(byte) = w.get(state).downcast::<Str>().and_then(|text| text.byte(index)) else { return false };
            let Some(character) = Str::shared(vm, u32::from(byte)) else { return false };
            w.set_word(state + 1, position_word(index + 1, STR));
            w.set(dst, character.into());
            return true;
        }
        let Some(dict) = w.get(state).downcast::<Dict>().filter(|_| position & 3 == DICT) else { return false };
        let counts = w.get(state + 2).as_int().unwrap_or(-1);
        let (len, left) = (counts >> LEFT_BITS, counts & ((1 << LEFT_BITS) - 1));
        if len != dict.len() as i64 || left == 0 {
            return false;
        }
        let mut entry = index;
        let Some(key) = dict.pick_next(&mut entry, |key, _| key.clone()) else { return false };
        w.set_word(state + 1, position_word(entry, DICT));
        // An int's word is four times the int plus one.
        w.set_word(state + 2, w.bits(state + 2) - 4);
        w.set(dst, key);
        true
    }
}

/// The word of the second register.
fn position_word(index: usize, tag: i64) -> u64 {
    ((index as u64) << 2 | tag as u64) << 2 | 1
}

/// The next item, or `None` at the end.
#[inline]
pub(super) unsafe fn next(vm: &Vm, w: Window, state: u16) -> PyResult<Option<Value>> {
    // SAFETY: the state is live until it is exhausted, and nobody else writes it.
    unsafe {
        // An empty state is a range that ended in the loop, which never gets here.
        let subject = w.get(state);
        let Some(position) = w.peek(state + 1).and_then(Value::as_int) else { return vm.next(subject) };
        let index = (position >> 2) as usize;
        let item = match position & 3 {
            LIST => subject.downcast::<List>().and_then(|list| list.get(index)),
            TUPLE => subject.downcast::<Tuple>().and_then(|tuple| tuple.items().get(index).cloned()),
            STR => match subject.downcast::<Str>().filter(|text| index < text.len()) {
                Some(text) => Some(Str::character(vm, text.point(index))?.into()),
                None => None,
            },
            _ => return next_key(vm, w, state, position),
        };
        if item.is_some()
            && let Some(position) = Value::try_int(position + 4)
        {
            w.set(state + 1, position);
        }
        Ok(item)
    }
}

/// The `next` slot of an iterator whose class is a builtin one, which no program changes.
#[inline(always)]
pub(super) fn native(vm: &Vm, iterator: &Value) -> Option<NextFn> {
    iterator.header().filter(|header| header.kind().has(flags::EXACT))?;
    vm.class_of(iterator).slots.next.get()
}

/// What the next item of an iterator is, where it would be made to be taken apart at once.
pub(super) enum Pair {
    /// A pair, of which no tuple was made.
    Both(Value, Value),
    /// The end.
    End,
    /// It may be anything: `next` must be asked.
    Unknown,
}

/// The next item of `zip`, `enumerate` or `dict.items` as two values.
#[inline(never)]
pub(super) fn next_pair(vm: &Vm, iterator: &Value) -> PyResult<Pair> {
    let pair = if let Some(zip) = iterator.downcast_exact::<Zip>().filter(|zip| zip.yields_pairs()) {
        zip.advance(vm)?
    } else if let Some(enumerate) = iterator.downcast_exact::<Enumerate>() {
        enumerate.advance(vm)?
    } else if let Some(items) = iterator.downcast::<DictIterator>().filter(|items| items.kind() == ViewKind::Items) {
        items.advance(vm)?
    } else {
        return Ok(Pair::Unknown);
    };
    Ok(pair.map_or(Pair::End, |(first, second)| Pair::Both(first, second)))
}

unsafe fn next_key(vm: &Vm, w: Window, state: u16, position: i64) -> PyResult<Option<Value>> {
    // SAFETY: as `next`.
    unsafe {
        let Some(dict) = w.get(state).downcast::<Dict>() else { return Ok(None) };
        let counts = w.get(state + 2).as_int().unwrap_or(-1);
        let (len, left) = (counts >> LEFT_BITS, counts & ((1 << LEFT_BITS) - 1));
        if len != dict.len() as i64 {
            w.set(state + 2, Value::small_int(-1));
            return Err(vm.runtime_error("dictionary changed size during iteration"));
        }
        let mut entry = (position >> 2) as usize;
        let found = dict.next_entry(&mut entry);
        if found.is_some() && left == 0 {
            return Err(vm.runtime_error("dictionary keys changed during iteration"));
        }
        if let (Some(position), Some(counts)) = (Value::try_int((entry as i64) << 2 | DICT), dict_counts(len, left - 1))
            && found.is_some()
        {
            w.set(state + 1, position);
            w.set(state + 2, counts);
        }
        Ok(found.map(|(key, _)| key))
    }
}
