//! The common cases of subscripts, unpacking and loops, inlined into the loop: exact lists and tuples with small indices.
//!
//! Invariant: nothing here runs Python code but the drop of a value that has left its container, and no borrow of a container is held then.

use crate::eval::here::Here;
use crate::eval::window::Window;
use std::cell::RefCell;
use std::ptr::NonNull;
use taipan_bytecode::CONSUME_B;
use taipan_heap::{Buffer, Obj, Value};
use taipan_objects::builtins::{list::List, tuple::Tuple};

/// `x ** y` where it is plain: a positive base and a finite result.
#[inline]
pub(super) fn float_power(x: f64, y: f64) -> Option<Value> {
    if x > 0.0 && x.is_finite() && y.is_finite() {
        let power = x.powf(y);
        if power.is_finite() { Value::try_float(power) } else { None }
    } else {
        None
    }
}

/// The items of a list, unless somebody writes to them.
#[inline(always)]
unsafe fn items_of(list: &Obj<List>) -> Option<&[Value]> {
    // SAFETY: the caller lets go of the slice before anything can change the list.
    unsafe { list.cell().try_borrow_unguarded().ok().map(|items| &**items) }
}

/// Where an index points to. One that counts from the end is beyond every length as it is.
#[inline(always)]
fn place(index: i64, len: usize) -> Option<usize> {
    if (index as usize) < len {
        return Some(index as usize);
    }
    std::hint::cold_path();
    let from_end = index.wrapping_add(len as i64) as usize;
    (from_end < len).then_some(from_end)
}

/// `container[index]`
#[inline(always)]
pub(super) fn item(container: &Value, index: i64) -> Option<Value> {
    let items = match container.downcast_exact::<List>() {
        // SAFETY: the item is cloned at once.
        Some(list) => unsafe { items_of(list)? },
        None => container.downcast_exact::<Tuple>()?.items(),
    };
    let index = place(index, items.len())?;
    // SAFETY: it is below the length.
    Some(unsafe { items.get_unchecked(index) }.clone())
}

/// The item of a list, where the index counts from the beginning.
#[inline(always)]
pub(super) fn list_item(container: &Value, index: i64) -> Option<&Value> {
    // SAFETY: the loop clones the item before anything else happens.
    unsafe { items_of(container.downcast_exact::<List>()?)?.get(index as usize) }
}

/// Where a list has the item `container[index]`, to be replaced before anything else happens.
#[inline(always)]
pub(super) fn item_place(container: &Value, index: i64) -> Option<*mut Value> {
    let list = container.downcast_exact::<List>()?;
    let items = exclusive(list.cell())?;
    // SAFETY: nobody else has the list borrowed; the place is below the length.
    unsafe {
        let items = &mut *items;
        let index = place(index, items.len())?;
        Some(items.as_mut_ptr().add(index))
    }
}

/// Appends to a list that has room for one item more; gives the value back when it is not such a case.
#[inline(always)]
pub(super) fn append(list: &Value, value: Value) -> Option<Value> {
    let Some(items) = list.downcast_exact::<List>().and_then(|list| exclusive(list.cell())) else { return Some(value) };
    // SAFETY: nobody else has the list borrowed, nothing runs until the item is there, and there is room for it.
    unsafe {
        let items = &mut *items;
        let len = items.len();
        if len == items.capacity() {
            return Some(value);
        }
        items.as_mut_ptr().add(len).write(value);
        items.set_len(len + 1);
    }
    None
}

/// Where the items are, if nobody has them borrowed. The guard goes at once, so that the compiler sees that nothing happens under it.
#[inline(always)]
fn exclusive(cell: &RefCell<Buffer<Value>>) -> Option<*mut Buffer<Value>> {
    match cell.try_borrow_mut() {
        Ok(guard) => {
            drop(guard);
            Some(cell.as_ptr())
        }
        Err(_) => None,
    }
}

/// `UnpackSequence` of a tuple of the right length, or of a short list of it; `false` when it is something else.
#[inline(always)]
pub(super) unsafe fn unpack(w: Window, inst: Here) -> bool {
    let wanted = inst.c() as usize;
    // SAFETY: the source is live; the destinations are registers of the frame. The items are copied while nothing else runs,
    // and the old values of the destinations, temporaries or variables, are dropped one by one with the source still held.
    unsafe {
        let source = w.get(inst.b());
        let Some(tuple) = source.downcast_exact::<Tuple>() else { return unpack_list(w, inst) };
        if tuple.items().len() != wanted {
            return false;
        }
        if inst.has(CONSUME_B) {
            // The source's register may be among the destinations.
            let held = w.take(inst.b()).unwrap_unchecked();
            fill(w, inst.a(), tuple.items().as_ptr(), wanted);
            drop(held);
        } else {
            let held = tuple.to_ref();
            fill(w, inst.a(), tuple.items().as_ptr(), wanted);
            drop(held);
        }
        true
    }
}

/// Copies `count` values into registers.
#[inline(always)]
unsafe fn fill(w: Window, first: u16, items: *const Value, count: usize) {
    for n in 0..count {
        // SAFETY: the caller holds what the items stand in.
        unsafe { w.set(first + n as u16, (*items.add(n)).clone()) }
    }
}

#[inline(always)]
unsafe fn unpack_list(w: Window, inst: Here) -> bool {
    // SAFETY: as `unpack`.
    unsafe {
        let Some(list) = w.get(inst.b()).downcast_exact::<List>() else { return false };
        let Some(items) = items_of(list).filter(|items| items.len() == inst.c() as usize) else { return false };
        match items.len() {
            2 => fill_apart::<2>(w, inst, items),
            3 => fill_apart::<3>(w, inst, items),
            4 => fill_apart::<4>(w, inst, items),
            _ => return false,
        }
        true
    }
}

/// Copies the items of a list before the list or an old value of a register goes: either may be the last to hold them.
#[inline(always)]
unsafe fn fill_apart<const N: usize>(w: Window, inst: Here, items: &[Value]) {
    // SAFETY: as `unpack`; there are `N` items.
    unsafe {
        let copies: [Value; N] = std::array::from_fn(|n| items.get_unchecked(n).clone());
        if inst.has(CONSUME_B) {
            w.clear(inst.b());
        }
        let first = inst.a();
        for (n, value) in copies.into_iter().enumerate() {
            w.set(first + n as u16, value);
        }
    }
}

/// Tags of the second register of a loop's state; see `iterate`.
pub(super) const LIST: u64 = 0;
pub(super) const TUPLE: u64 = 1;

/// The next item of a loop over a list or tuple. `None`: its end, or another kind of state.
#[inline(always)]
pub(super) unsafe fn next(w: Window, state: u16) -> Option<Value> {
    // SAFETY: the state is live; what the second register holds tells what the first does.
    unsafe {
        let position = w.bits(state + 1);
        if position & 3 != 1 {
            return None;
        }
        // An int's word is four times the int plus one; the tag is the int's two low bits.
        let index = (position >> 4) as usize;
        let subject = w.get(state);
        let item = match position >> 2 & 3 {
            LIST => {
                let list = NonNull::from(subject.header()?).cast::<Obj<List>>().as_ref();
                items_of(list)?.get(index)?.clone()
            }
            TUPLE => {
                let tuple = NonNull::from(subject.header()?).cast::<Obj<Tuple>>().as_ref();
                tuple.items().get(index)?.clone()
            }
            _ => return None,
        };
        *w.at(state + 1).cast::<u64>() = position + (4 << 2);
        Some(item)
    }
}
