//! Inline caches of attribute access where an instance keeps its attributes in a dict: one whose `__dict__` was asked for, or that outgrew its block.
//!
//! Invariant: such a cache has the ways of access below, with the offset of the attribute word. Under `IN_DICT` word 1 is the number of the
//! entry that had the name, a guess, and word 2 the address of the name, which the instruction's code holds: an entry is the attribute if it
//! stands under that very object. Under the others word 2 is what the class has (C1), which counts while the dict has no such name.

use crate::eval::attribute::{Cache, Way, borrowed, hit, slot_at, telling, told, write};
use taipan_heap::{Header, Obj, Slot, Value};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::str::Str;
use taipan_objects::vm::{PyResult, Vm};

pub(super) const IN_DICT: Way = 21;
pub(super) const DICT_METHOD: Way = 16;
pub(super) const DICT_CLASS_VALUE: Way = 17;

/// The dict in the attribute word at an offset.
#[inline(always)]
unsafe fn dict_at(header: &Header, offset: u16) -> Option<&Obj<Dict>> {
    // SAFETY: the offset is that of the attribute word, which holds an immediate or a dict; nobody writes it while the caller looks.
    unsafe {
        let slot: *const Slot = slot_at(header, offset);
        (*slot.cast::<Option<Value>>()).as_ref()?.downcast::<Dict>()
    }
}

/// The attribute, where the cache says which entry it was.
#[inline(never)]
pub(super) unsafe fn entry(header: &Header, cache: Cache) -> Option<Value> {
    // SAFETY: the cache words follow the instruction.
    unsafe { dict_at(header, telling(cache))?.value_under(told(cache) as usize, (*cache.add(2)).get()) }
}

/// Stores the attribute, where the cache says which entry it is; whether it did.
#[inline]
pub(super) unsafe fn store(object: &Value, value: &Value, cache: Cache) -> bool {
    // SAFETY: as `entry`; what is dropped is dropped when the dict is not looked at any more.
    unsafe {
        let Some((header, _)) = hit(object, cache).filter(|&(_, way)| way == IN_DICT) else { return false };
        let Some(dict) = dict_at(header, telling(cache)) else { return false };
        match dict.replace_under(told(cache) as usize, (*cache.add(2)).get(), value) {
            Some(old) => {
                drop(old);
                true
            }
            None => false,
        }
    }
}

/// What the class has under `name`, if the cache knows it by that way of access and the dict does not come first.
#[inline(always)]
pub(super) unsafe fn of_class(
    vm: &Vm,
    object: &Value,
    cache: Cache,
    name: &Obj<Str>,
    wanted: Way,
) -> PyResult<Option<Value>> {
    // SAFETY: as `entry`; C1: the value is taken before the dict's keys may be asked.
    unsafe {
        let Some((header, _)) = hit(object, cache).filter(|&(_, way)| way == wanted) else { return Ok(None) };
        behind_dict(vm, header, cache, name)
    }
}

#[inline(never)]
unsafe fn behind_dict(vm: &Vm, header: &Header, cache: Cache, name: &Obj<Str>) -> PyResult<Option<Value>> {
    // SAFETY: as `of_class`.
    unsafe {
        let Some(dict) = dict_at(header, telling(cache)) else { return Ok(None) };
        let found = borrowed(cache.add(2));
        Ok(if dict.to_ref().get_name(vm, name)?.is_none() { Some(found) } else { None })
    }
}

/// Writes the cache for an attribute that the instance's dict has. `word`: the offset of the attribute word.
pub(super) unsafe fn remember(header: &Header, cache: Cache, version: u32, word: u16, name: &Obj<Str>) -> bool {
    // SAFETY: the cache is the instruction's.
    unsafe {
        let Some(entry) = dict_at(header, word).and_then(|dict| dict.find_interned_entry(name)) else { return false };
        write(cache, version, IN_DICT, (word, entry as u64), 0, None);
        (*cache.add(2)).set(name.header().address() as u64);
        true
    }
}
