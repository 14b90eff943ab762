//! The common cases of subscripts, unpacking and loops, inlined into the loop: exact lists and tuples with small indices.
//!
//! Invariant: nothing here runs Python code but the drop of a value that has left its container, and no borrow of a container is held then.

use crate::eval::window::Window;
use taipan_bytecode::{CONSUME_B, Inst};
use taipan_heap::{Obj, Payload, Value, flags};
use taipan_objects::builtins::{list::List, tuple::Tuple};

/// The object, if it is an instance of exactly this builtin type.
#[inline(always)]
pub(super) fn exact<T: Payload>(value: &Value) -> Option<&Obj<T>> {
    let kind = value.header()?.kind();
    if std::ptr::eq(kind.info(), T::info()) && kind.has(flags::EXACT) {
        // SAFETY: V1, and the payload type was just checked.
        Some(unsafe { std::ptr::NonNull::from(value.header()?).cast::<Obj<T>>().as_ref() })
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

#[inline(always)]
fn place(index: i64, len: usize) -> usize {
    // A negative result is beyond every length.
    (if index < 0 { index + len as i64 } else { index }) as usize
}

/// `container[index]`
#[inline(always)]
pub(super) fn item(container: &Value, index: i64) -> Option<Value> {
    if let Some(list) = exact::<List>(container) {
        // SAFETY: the item is cloned at once.
        let items = unsafe { items_of(list)? };
        return items.get(place(index, items.len())).cloned();
    }
    let items = exact::<Tuple>(container)?.items();
    items.get(place(index, items.len())).cloned()
}

/// `container[index] = value` for a list; gives the value back when it is not such a case. The old item is returned.
#[inline(always)]
pub(super) fn set_item(container: &Value, index: i64, value: &Value) -> Option<Value> {
    let list = exact::<List>(container)?;
    // The guard goes at once, so that the compiler sees that nothing happens under it.
    let items: *mut [Value] = &mut **list.cell().try_borrow_mut().ok()?;
    // SAFETY: nobody else has the list borrowed, and nothing runs until the item is replaced.
    let items = unsafe { &mut *items };
    let index = place(index, items.len());
    items.get_mut(index).map(|slot| std::mem::replace(slot, value.clone()))
}

/// `UnpackSequence` of a tuple of the right length, or of a short list of it; `false` when it is something else.
#[inline(always)]
pub(super) unsafe fn unpack(w: Window, inst: Inst) -> bool {
    let wanted = inst.c() as usize;
    // SAFETY: the source is live; the destinations are registers of the frame. The items are copied while nothing else runs,
    // and the old values of the destinations, temporaries or variables, are dropped one by one with the source still held.
    unsafe {
        let source = w.get(inst.b());
        let Some(tuple) = exact::<Tuple>(source) else { return unpack_list(w, inst) };
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

const SHORT: usize = 4;

#[inline]
unsafe fn unpack_list(w: Window, inst: Inst) -> bool {
    // SAFETY: as `unpack`; the items are copied before the list or any old value goes.
    unsafe {
        let wanted = inst.c() as usize;
        let Some(list) = exact::<List>(w.get(inst.b())) else { return false };
        let Some(items) = items_of(list).filter(|items| items.len() == wanted && wanted <= SHORT) else { return false };
        let mut copies: [Option<Value>; SHORT] = [const { None }; SHORT];
        for (copy, item) in copies.iter_mut().zip(items) {
            *copy = Some(item.clone());
        }
        if inst.has(CONSUME_B) {
            w.clear(inst.b());
        }
        for (register, copy) in (inst.a()..).zip(copies.into_iter().flatten()) {
            w.set(register, copy);
        }
        true
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
                let list = std::ptr::NonNull::from(subject.header()?).cast::<Obj<List>>().as_ref();
                items_of(list)?.get(index)?.clone()
            }
            TUPLE => {
                let tuple = std::ptr::NonNull::from(subject.header()?).cast::<Obj<Tuple>>().as_ref();
                tuple.items().get(index)?.clone()
            }
            _ => return None,
        };
        *w.at(state + 1).cast::<u64>() = position + (4 << 2);
        Some(item)
    }
}
