//! The three registers of a `for` loop's state.
//!
//! | first | second | third | iterates over |
//! |---|---|---|---|
//! | int | int | int | a range of small ints: the next one, how many are left, step (handled in the loop itself) |
//! | list, tuple | int | empty | index, `LIST` or `TUPLE` (the loop itself knows these) |
//! | str, set, dict, list, tuple | int | int | index, `OTHER`; which of them, with what this kind has to know |
//! | list, tuple | int | list, tuple | index, `OTHER`: both in step, as `zip` has them |
//! | iterator | empty | empty | anything else |
//!
//! The iterator that Python would have is not made, or taken apart where nobody else has it. The position in the second register is the index times four with
//! the tag below; the third is a number times eight with the kind below.
//!
//! Invariant: an exhausted state is emptied by the loop, so the iterable dies when CPython's iterator would.

use crate::eval::here::Here;
use crate::eval::operations::{Next, takes_pair};
use crate::eval::window::Window;
use std::cell::Cell;
use std::ptr::NonNull;
use taipan_bytecode::{CONSUME_B, Op};
use taipan_heap::{Obj, Payload, Value, flags};
use taipan_objects::builtins::dict::{Dict, DictIterator, DictView, ViewKind};
use taipan_objects::builtins::enumerate::Enumerate;
use taipan_objects::builtins::list::{List, ListIterator, ListReverseIterator};
use taipan_objects::builtins::range::{Range, RangeIterator, SmallRange};
use taipan_objects::builtins::set::{Set, SetIterator, exact_set};
use taipan_objects::builtins::tuple::{Tuple, TupleIterator};
use taipan_objects::builtins::zip::Zip;
use taipan_objects::builtins::{int, str::Str};
use taipan_objects::types::{NextFn, Type};
use taipan_objects::vm::{PyResult, Vm};

const LIST: i64 = 0;
const TUPLE: i64 = 1;
const OTHER: i64 = 2;

/// A str's characters.
const STR: i64 = 0;
/// A set's elements; its length.
const SET: i64 = 1;
/// A dict's keys, values or items; its length at the start and how many are still to come.
const KEYS: i64 = 2;
const VALUES: i64 = 3;
const ITEMS: i64 = 4;
/// A list from its end; the index is that of the item before.
const REVERSED: i64 = 5;
/// The items of a list or tuple with their numbers; how far these are ahead of the index.
const ENUMERATED: i64 = 6;

/// Bits for the number of a dict's entries still to come, below its length at the start.
const LEFT_BITS: u32 = 28;

pub(super) type State = [Option<Value>; 3];

fn begin_range(range: SmallRange) -> Option<State> {
    let left = i64::try_from(range.len).ok().and_then(Value::try_int)?;
    // An iterator that is exhausted may stand beyond the small ints.
    Some([Some(Value::try_int(range.start)?), Some(left), Some(Value::try_int(range.step)?)])
}

/// The loop that follows a call of `range` with these arguments, whose result goes into a register: its state, if nobody but that loop sees the range,
/// and `class` is `range`.
#[inline]
pub(super) unsafe fn ranged(
    vm: &Vm,
    class: &Obj<Type>,
    result: u16,
    behind: *const Cell<u64>,
    args: &[Value],
) -> Option<State> {
    if !class.is_same(&*vm.types().range) {
        return None;
    }
    // SAFETY: H1: a `Call` is followed by an instruction.
    let prep = unsafe { Here::new(behind) };
    if prep.op() != Op::ForPrep || prep.b() != result || !prep.has(CONSUME_B) {
        return None;
    }
    begin_range(SmallRange::of(args)?)
}

/// Begins the loop whose `ForPrep` is at `prep` with this state; where it goes on.
#[inline]
pub(super) unsafe fn begin_with(w: Window, prep: *const Cell<u64>, state: State) -> *const Cell<u64> {
    // SAFETY: H1; the state's registers are the instruction's.
    unsafe {
        let inst = Here::new(prep);
        for (register, part) in (inst.a()..).zip(state) {
            w.put(register, part);
        }
        prep.add(2).offset(inst.extra() as i32 as isize)
    }
}

/// A loop over a list or tuple from an index on.
fn begin_items(items: Value, index: usize) -> Option<State> {
    let tag = if items.downcast::<List>().is_some() { LIST } else { TUPLE };
    Some([Some(items), Value::try_int((index as i64) << 2 | tag), None])
}

fn begin_other(subject: Value, index: usize, kind: i64, data: i64) -> Option<State> {
    let data = Value::try_int(data.checked_mul(8)? | kind)?;
    Some([Some(subject), Value::try_int((index as i64) << 2 | OTHER), Some(data)])
}

fn begin_dict(dict: &Dict, value: Value, kind: ViewKind) -> Option<State> {
    let kind = match kind {
        ViewKind::Keys => KEYS,
        ViewKind::Values => VALUES,
        ViewKind::Items => ITEMS,
    };
    let len = dict.len() as i64;
    if len < 1 << LEFT_BITS { begin_other(value, 0, kind, len << LEFT_BITS | len) } else { None }
}

/// Where the iterator of a list or tuple is, unless it is exhausted or somebody else has it.
fn place_of(iterator: &Value) -> Option<usize> {
    iterator.header().filter(|header| header.count() == 1)?;
    match iterator.downcast_exact::<ListIterator>() {
        Some(iterator) => iterator.place(),
        None => iterator.downcast_exact::<TupleIterator>()?.place(),
    }
}

/// The list or tuple of an iterator that nobody else has, and where it is.
fn items_of(iterator: &Value) -> Option<(Value, usize)> {
    place_of(iterator)?;
    match iterator.downcast_exact::<ListIterator>() {
        Some(iterator) => iterator.take(),
        None => iterator.downcast_exact::<TupleIterator>()?.take(),
    }
}

/// The state of a loop that goes on where an iterator is that is not asked again.
fn begin_at(iterator: &Value) -> Option<State> {
    if let Some(range) = iterator.downcast_exact::<RangeIterator>() {
        return begin_range(range.rest());
    }
    if let Some(enumerate) = iterator.downcast_exact::<Enumerate>() {
        // So small that it stands beside the kind.
        let number = enumerate.small_number().filter(|number| number.unsigned_abs() < 1 << 50)?;
        let (items, index) = items_of(enumerate.iterator())?;
        return begin_other(items, index, ENUMERATED, number - index as i64);
    }
    if let Some(zip) = iterator.downcast_exact::<Zip>() {
        let (first, second) = zip.pair()?;
        if place_of(first)? != place_of(second)? {
            return None;
        }
        let ((first, index), (second, _)) = (items_of(first)?, items_of(second)?);
        return Some([Some(first), Value::try_int((index as i64) << 2 | OTHER), Some(second)]);
    }
    if let Some(iterator) = iterator.downcast_exact::<ListReverseIterator>() {
        let (list, left) = iterator.take()?;
        return begin_other(list, left, REVERSED, 0);
    }
    if let Some(iterator) = iterator.downcast_exact::<SetIterator>() {
        let (set, slot, len) = iterator.take()?;
        return begin_other(set, slot, SET, len as i64);
    }
    let (items, index) = items_of(iterator)?;
    begin_items(items, index)
}

/// The state of a loop over `iterable`, which may have to be an iterator already. `consumed`: its register is emptied.
pub(super) fn begin(vm: &Vm, iterable: &Value, is_iterator: bool, consumed: bool) -> PyResult<State> {
    // Nobody else has what was made for this loop, or for a generator expression.
    if (is_iterator || consumed)
        && iterable.header().is_some_and(|header| header.count() == 1)
        && let Some(state) = begin_at(iterable)
    {
        return Ok(state);
    }
    if is_iterator {
        return match vm.class_of(iterable).slots.next.get() {
            Some(_) => Ok([Some(iterable.clone()), None, None]),
            None => Err(vm.type_error(format!("'{}' object is not an iterator", vm.type_name(iterable)))),
        };
    }
    match begin_iterable(iterable) {
        Some(state) => Ok(state),
        None => Ok([Some(vm.iter(iterable)?), None, None]),
    }
}

fn begin_iterable(iterable: &Value) -> Option<State> {
    if let Some(range) = iterable.downcast_exact::<Range>() {
        return begin_range(range.small()?);
    }
    if iterable.downcast_exact::<List>().is_some() || iterable.downcast_exact::<Tuple>().is_some() {
        return begin_items(iterable.clone(), 0);
    }
    if let Some(dict) = iterable.downcast_exact::<Dict>() {
        return begin_dict(dict, iterable.clone(), ViewKind::Keys);
    }
    if iterable.downcast_exact::<Str>().is_some() {
        return begin_other(iterable.clone(), 0, STR, 0);
    }
    if let Some(set) = exact_set(iterable) {
        return begin_other(iterable.clone(), 0, SET, set.len() as i64);
    }
    let view = iterable.downcast::<DictView>()?;
    view.dict()
        .header()
        .kind()
        .has(flags::EXACT)
        .then(|| begin_dict(view.dict(), view.dict().to_value(), view.kind()))?
}

/// The item at `index` of a list or tuple.
#[inline(always)]
fn item(items: &Value, index: usize) -> Option<Value> {
    match items.downcast::<List>() {
        Some(list) => list.get(index),
        None => items.downcast::<Tuple>()?.items().get(index).cloned(),
    }
}

/// What the first register of a state holds, as the kind says.
#[inline(always)]
unsafe fn subject<'a, T: Payload>(w: Window, state: u16) -> &'a Obj<T> {
    // SAFETY: the caller has read the kind, which tells the payload.
    unsafe {
        debug_assert!(w.get(state).downcast::<T>().is_some());
        NonNull::from(w.get(state).header().unwrap_unchecked()).cast().as_ref()
    }
}

/// The next item of a loop whose second register is in use; of a list or tuple only its end.
#[inline(never)]
pub(super) unsafe fn step(vm: &Vm, w: Window, inst: Here) -> PyResult<Next> {
    // SAFETY: the state is live until it is exhausted, and nobody else writes it. What is written over in its second and third register are ints.
    unsafe {
        let state = inst.b();
        // An int's word is four times the int plus one.
        let (position, data) = (w.bits(state + 1), w.bits(state + 2));
        if position & 15 != (OTHER as u64) << 2 | 1 {
            return end(w, state);
        }
        let index = (position >> 4) as usize;
        let go_on = |index: usize| *w.at(state + 1).cast::<u64>() = (index as u64) << 4 | (OTHER as u64) << 2 | 1;
        if data & 3 != 1 {
            let Some(first) = item(w.get(state), index) else {
                // What has ended goes first.
                w.clear(state);
                return end(w, state);
            };
            let Some(second) = item(w.get(state + 2), index) else {
                w.clear(state + 2);
                drop(first);
                return end(w, state);
            };
            go_on(index + 1);
            return give_pair(vm, w, inst, first, second);
        }
        let number = data as i64 >> 5;
        let one = match (data >> 2) as i64 & 7 {
            kind @ (KEYS | VALUES | ITEMS) => {
                let dict = subject::<Dict>(w, state);
                if number >> LEFT_BITS != dict.len() as i64 {
                    return Err(vm.runtime_error("dictionary changed size during iteration"));
                }
                let mut entry = index;
                let (key, value) = match kind {
                    KEYS => (dict.pick_next(&mut entry, |key, _| key.clone()), None),
                    VALUES => (dict.pick_next(&mut entry, |_, value| value.clone()), None),
                    _ => dict.next_entry(&mut entry).map_or((None, None), |(key, value)| (Some(key), Some(value))),
                };
                let Some(first) = key else { return end(w, state) };
                if number & ((1 << LEFT_BITS) - 1) == 0 {
                    return Err(vm.runtime_error("dictionary keys changed during iteration"));
                }
                go_on(entry);
                *w.at(state + 2).cast::<u64>() = data - (1 << 5);
                match value {
                    Some(second) => return give_pair(vm, w, inst, first, second),
                    None => Some(first),
                }
            }
            SET => {
                let set = subject::<Set>(w, state);
                if number != set.len() as i64 {
                    return Err(vm.runtime_error("Set changed size during iteration"));
                }
                let mut slot = index;
                let element = set.next_element(&mut slot);
                go_on(slot);
                element.map(|(_, element)| element)
            }
            ENUMERATED => {
                let Some(item) = item(w.get(state), index) else { return end(w, state) };
                go_on(index + 1);
                return give_pair(vm, w, inst, int::from_i64(vm, number + index as i64)?, item);
            }
            REVERSED => {
                let before = index.wrapping_sub(1);
                go_on(before);
                subject::<List>(w, state).get(before)
            }
            _ => {
                let text = subject::<Str>(w, state);
                go_on(index + 1);
                match text.byte(index) {
                    Some(byte) => Some(Str::character(vm, byte.into())?.into()),
                    None if index < text.len() => Some(Str::character(vm, text.point(index))?.into()),
                    None => None,
                }
            }
        };
        match one {
            Some(item) => {
                w.set(inst.a(), item);
                Ok(Next::Item)
            }
            None => end(w, state),
        }
    }
}

/// Puts the parts of a pair where the body's first instruction would, or the pair where it expects that.
#[inline(always)]
unsafe fn give_pair(vm: &Vm, w: Window, inst: Here, first: Value, second: Value) -> PyResult<Next> {
    // SAFETY: as `step`.
    unsafe {
        let body = inst.body();
        if takes_pair(body, inst.a()) {
            w.set(body.a(), first);
            w.set(body.a() + 1, second);
            return Ok(Next::Pair);
        }
        w.set(inst.a(), Tuple::of(vm, [first, second])?.into());
        Ok(Next::Item)
    }
}

#[cold]
#[inline(never)]
unsafe fn end(w: Window, state: u16) -> PyResult<Next> {
    // SAFETY: as `step`.
    unsafe { w.clear_range(state, 3) };
    Ok(Next::End)
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
