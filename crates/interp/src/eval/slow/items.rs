//! Special attributes, subscripts and slices.
//!
//! Invariant: the folder's (see `slow/mod.rs`).

use taipan_bytecode::TWO_ARGS;
use taipan_heap::{Obj, Value};
use taipan_objects::builtins::slice::{self, Slice, Span};
use taipan_objects::builtins::{
    self, NONE, bytearray::ByteArray, bytes::Bytes, dict::Dict, list::List, str::Str, tuple::Tuple,
};
use taipan_objects::types::{Type, TypeObject, type_flags};
use taipan_objects::vm::{PyResult, Vm};

pub(in crate::eval) fn load_super(
    vm: &Vm,
    block: &[Value],
    name: &Obj<Str>,
    flag: u8,
    method: bool,
) -> PyResult<(Value, bool)> {
    let [callable, class, object] = block else { return Err(vm.system_error("super without arguments")) };
    if let Some(class) = class.downcast::<Type>()
        && vm.types().super_.is(callable)
    {
        return if method {
            builtins::super_::super_method(vm, class, object, name)
        } else {
            Ok((builtins::super_::super_lookup(vm, class, object, name)?, false))
        };
    }
    let arguments: &[Value] = if flag & TWO_ARGS != 0 { &block[1..] } else { &[] };
    let made = vm.call(callable, arguments)?;
    Ok((vm.get_attr(&made, name)?, false))
}

pub(in crate::eval) fn load_special(vm: &Vm, object: &Value, which: u16) -> PyResult<(Value, bool)> {
    let names = vm.names();
    let has = |name: &Obj<Str>| vm.class_of(object).lookup(vm, name).is_some();
    let (name, other, protocol) = match which {
        0 => (&names.__enter__, Some("__enter__").filter(|_| has(&names.__exit__)), "context manager"),
        1 => (&names.__exit__, Some("__exit__"), "context manager"),
        2 => (&names.__aenter__, Some("__aenter__").filter(|_| has(&names.__aexit__)), "asynchronous context manager"),
        _ => (&names.__aexit__, Some("__aexit__"), "asynchronous context manager"),
    };
    let class = vm.class_of(object).to_ref();
    let Some(found) = class.lookup(vm, name) else {
        let given = class.qualified_name(vm);
        let missed = other.map_or(String::new(), |other| format!(" (missed {other} method)"));
        let hint = special_hint(vm, &class, which);
        return Err(vm.type_error(format!("'{given}' object does not support the {protocol} protocol{missed}{hint}")));
    };
    if vm.class_of(&found).has(type_flags::METHOD_DESCRIPTOR) {
        return Ok((found, true));
    }
    Ok((taipan_objects::types::attribute::bind(vm, found, object, &class)?, false))
}

fn special_hint(vm: &Vm, class: &Obj<Type>, which: u16) -> &'static str {
    let names = vm.names();
    let has = |name: &Obj<Str>| class.lookup(vm, name).is_some();
    match which {
        0 | 1 if has(&names.__aenter__) && has(&names.__aexit__) => {
            " but it supports the asynchronous context manager protocol. Did you mean to use 'async with'?"
        }
        2 | 3 if has(&names.__enter__) && has(&names.__exit__) => {
            " but it supports the context manager protocol. Did you mean to use 'with'?"
        }
        _ => "",
    }
}

/// Subscripts of exact lists, tuples, strs and bytes with an index.
#[inline]
pub(in crate::eval) fn quick_index(vm: &Vm, container: &Value, index: i64) -> Option<Value> {
    if let Some(text) = container.downcast_exact::<Str>() {
        // Those beyond Latin-1 are made, and the frame must say where before.
        let point = text.point(slice::position(index, text.len())?);
        return Str::shared(vm, point).map(Value::from);
    }
    if let Some(list) = container.downcast_exact::<List>() {
        return list.get(slice::position(index, list.len())?);
    }
    if let Some(tuple) = container.downcast_exact::<Tuple>() {
        return tuple.items().get(slice::position(index, tuple.items().len())?).cloned();
    }
    if let Some(bytes) = container.downcast_exact::<Bytes>() {
        let byte = *bytes.bytes().get(slice::position(index, bytes.bytes().len())?)?;
        return Some(Value::small_int(i32::from(byte)));
    }
    if let Some(bytes) = container.downcast_exact::<ByteArray>() {
        return bytes.byte_at(index).map(|byte| Value::small_int(i32::from(byte)));
    }
    None
}

/// Subscripts of exact lists, tuples, dicts, strs and bytes with the usual keys.
#[inline]
pub(in crate::eval) fn quick_item(vm: &Vm, container: &Value, key: &Value) -> Option<Value> {
    if let Some(index) = key.as_int() {
        return quick_index(vm, container, index);
    }
    if let Some(name) = key.downcast_exact::<Str>() {
        let dict = container.downcast_exact::<Dict>()?;
        name.hash(vm);
        return dict.value_at(dict.find_interned_entry(name)?);
    }
    let range = key.downcast_exact::<Slice>()?;
    let text = container.downcast_exact::<Str>()?;
    if vm.heap().keeps_ledger() {
        // The frame must say where before an object is made.
        return None;
    }
    Str::part(vm, text, range.plain_range(text.len())?).ok().map(Value::from)
}

/// `item in container` for strs in strs, and strs among the keys of dicts.
#[inline]
pub(in crate::eval) fn quick_contains(vm: &Vm, container: &Value, item: &Value) -> Option<bool> {
    let item = item.downcast_exact::<Str>()?;
    if let Some(dict) = container.downcast_exact::<Dict>() {
        return dict.knows_str(item, item.hash(vm));
    }
    let text = container.downcast_exact::<Str>()?;
    Some(text.holds(item))
}

pub(in crate::eval) fn store_item(vm: &Vm, container: &Value, key: &Value, value: &Value) -> PyResult<()> {
    if let Some(index) = key.as_int()
        && let Some(list) = container.downcast_exact::<List>()
    {
        let index = if index < 0 { index + list.len() as i64 } else { index };
        let old = usize::try_from(index).ok().and_then(|index| {
            let mut items = list.cell().borrow_mut();
            items.get_mut(index).map(|slot| std::mem::replace(slot, value.clone()))
        });
        if old.is_some() {
            return Ok(());
        }
    }
    if let Some(dict) = container.downcast_exact::<Dict>() {
        return dict.set(vm, key, value.clone());
    }
    vm.set_item(container, key, Some(value))
}

pub(in crate::eval) fn build_slice(vm: &Vm, parts: &[Value]) -> PyResult<Value> {
    let part = |index: usize| parts.get(index).cloned().unwrap_or(NONE);
    Ok(Slice::new_slice(vm, part(0), part(1), part(2))?.into())
}

pub(in crate::eval) fn load_slice(vm: &Vm, block: &[Value]) -> PyResult<Value> {
    let part = match block {
        [container, start, stop] => plain_part(vm, container, start, stop),
        [container, start, stop, step] => stepped_part(vm, container, start, stop, step),
        _ => None,
    };
    if let Some(part) = part {
        return part;
    }
    let key = build_slice(vm, &block[1..])?;
    vm.get_item(&block[0], &key)
}

pub(in crate::eval) fn store_slice(vm: &Vm, block: &[Value], value: &Value) -> PyResult<()> {
    if let [container, start, stop] = block
        && let Some(list) = container.downcast_exact::<List>()
        && let Some(values) = value.downcast_exact::<List>()
        && let Some(range) = slice::plain_range(start, stop, list.len())
    {
        return list.splice_list(vm, range, values);
    }
    let key = build_slice(vm, &block[1..])?;
    vm.set_item(&block[0], &key, Some(value))
}

/// `container[start:stop:step]` of a list between small ints, without a slice object.
fn stepped_part(vm: &Vm, container: &Value, start: &Value, stop: &Value, step: &Value) -> Option<PyResult<Value>> {
    let list = container.downcast_exact::<List>()?;
    let span = slice::plain_steps(start, stop, step)?.over(list.len());
    Some(list.slice(vm, span).map(Value::from))
}

/// `container[start:stop]` of a list, str or tuple between small ints, without a slice object.
fn plain_part(vm: &Vm, container: &Value, start: &Value, stop: &Value) -> Option<PyResult<Value>> {
    if let Some(list) = container.downcast_exact::<List>() {
        let range = slice::plain_range(start, stop, list.len())?;
        return Some(list.slice(vm, Span::from(range)).map(Value::from));
    }
    if let Some(text) = container.downcast_exact::<Str>() {
        let range = slice::plain_range(start, stop, text.len())?;
        return Some(Str::part(vm, text, range).map(Value::from));
    }
    let tuple = container.downcast_exact::<Tuple>()?;
    let range = slice::plain_range(start, stop, tuple.items().len())?;
    Some(Tuple::part(vm, tuple, Span::from(range)).map(Value::from))
}
