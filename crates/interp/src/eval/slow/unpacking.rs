//! Unpacking an iterable into registers.
//!
//! Invariant: the folder's (see `slow/mod.rs`).

use crate::eval::here::Here;
use crate::eval::window::Window;
use taipan_heap::{Obj, Value};
use taipan_objects::builtins::slice::Span;
use taipan_objects::builtins::{dict::Dict, list::List, tuple::Tuple};
use taipan_objects::vm::{PyResult, Raised, Vm};

fn cannot_unpack(vm: &Vm, value: &Value) -> Raised {
    let given = vm.type_name(value);
    vm.type_error(format!("cannot unpack non-iterable {given} object"))
}

fn iterator_to_unpack(vm: &Vm, value: &Value) -> PyResult<Value> {
    let slots = &vm.class_of(value).slots;
    if slots.iter.get().is_none() && slots.getitem.get().is_none() {
        return Err(cannot_unpack(vm, value));
    }
    vm.iter(value)
}

fn take_exactly(vm: &Vm, value: &Value, wanted: usize) -> PyResult<Vec<Value>> {
    let len = value
        .downcast_exact::<Tuple>()
        .map(|t| t.items().len())
        .or_else(|| value.downcast_exact::<List>().map(|l| l.len()));
    if let Some(len) = len {
        return match len.cmp(&wanted) {
            std::cmp::Ordering::Equal => vm.collect(value),
            std::cmp::Ordering::Less => Err(too_few(vm, wanted, len, false)),
            std::cmp::Ordering::Greater => {
                Err(vm.value_error(format!("too many values to unpack (expected {wanted}, got {len})")))
            }
        };
    }
    let mut walk = vm.walk_iterator(iterator_to_unpack(vm, value)?);
    let mut items = Vec::with_capacity(wanted);
    loop {
        let next = walk.drive(vm, &mut |item| {
            if items.len() == wanted {
                return Some(item);
            }
            items.push(item);
            None
        })?;
        match next {
            Some(item) if items.len() < wanted => items.push(item),
            Some(_) => break,
            None if items.len() == wanted => return Ok(items),
            None => return Err(too_few(vm, wanted, items.len(), false)),
        }
    }
    let got = value.downcast_exact::<Dict>().map_or(String::new(), |dict| format!(", got {}", dict.len()));
    Err(vm.value_error(format!("too many values to unpack (expected {wanted}{got})")))
}

fn too_few(vm: &Vm, wanted: usize, got: usize, at_least: bool) -> Raised {
    let word = if at_least { "at least " } else { "" };
    vm.value_error(format!("not enough values to unpack (expected {word}{wanted}, got {got})"))
}

/// A tuple, of a subclass too if that leaves iteration alone.
fn plain_tuple<'a>(vm: &Vm, value: &'a Value) -> Option<&'a Obj<Tuple>> {
    let tuple = value.downcast::<Tuple>()?;
    match (vm.class_of(value).slots.iter.get(), vm.types().tuple.slots.iter.get()) {
        (Some(own), Some(usual)) if std::ptr::fn_addr_eq(own, usual) => Some(tuple),
        _ => None,
    }
}

pub(in crate::eval) unsafe fn unpack(vm: &Vm, w: Window, inst: Here) -> PyResult<()> {
    // SAFETY: the source is live; the destinations are registers of the frame.
    unsafe {
        let source = if inst.has(taipan_bytecode::CONSUME_B) {
            w.take(inst.b()).unwrap_unchecked()
        } else {
            w.get(inst.b()).clone()
        };
        let wanted = inst.c() as usize;
        if let Some(tuple) = plain_tuple(vm, &source)
            && tuple.items().len() == wanted
        {
            for (register, item) in (inst.a()..).zip(tuple.items()) {
                w.set(register, item.clone());
            }
            return Ok(());
        }
        let items = take_exactly(vm, &source, wanted)?;
        drop(source);
        for (register, item) in (inst.a()..).zip(items) {
            w.set(register, item);
        }
        Ok(())
    }
}

pub(in crate::eval) unsafe fn unpack_ex(vm: &Vm, w: Window, inst: Here) -> PyResult<()> {
    let (before, after) = ((inst.c() & 0xff) as usize, (inst.c() >> 8) as usize);
    // SAFETY: as `unpack`.
    unsafe {
        let source = w.get(inst.b());
        if let Some(list) = source.downcast_exact::<List>()
            && before + after == 1
            && let Some(more) = list.len().checked_sub(1)
        {
            let single = list.get(if before == 1 { 0 } else { more });
            let middle =
                list.slice(vm, Span { start: before as i64, stop: (before + more) as i64, step: 1, len: more })?;
            if inst.has(taipan_bytecode::CONSUME_B) {
                w.clear(inst.b());
            }
            let parts = [single.unwrap_unchecked(), middle.into()];
            let parts = if before == 1 {
                parts
            } else {
                let [single, middle] = parts;
                [middle, single]
            };
            for (register, item) in (inst.a()..).zip(parts) {
                w.set(register, item);
            }
            return Ok(());
        }
        let iterator;
        let mut items = if source.downcast_exact::<List>().is_some() || source.downcast_exact::<Tuple>().is_some() {
            vm.collect(source)?
        } else {
            iterator = iterator_to_unpack(vm, source)?;
            vm.collect_rest(&iterator)?
        };
        if items.len() < before + after {
            return Err(too_few(vm, before + after, items.len(), true));
        }
        let tail = items.split_off(items.len() - after);
        let middle = items.split_off(before);
        let middle: Value = List::new(vm, middle.into_iter())?.into();
        if inst.has(taipan_bytecode::CONSUME_B) {
            w.clear(inst.b());
        }
        for (register, item) in (inst.a()..).zip(items.into_iter().chain([middle]).chain(tail)) {
            w.set(register, item);
        }
        Ok(())
    }
}
