//! Merging into a dict: `dict.update`, `{**mapping}`, and keyword arguments of calls.
//!
//! Invariant: an exact dict is read entry by entry without its methods; anything else through `keys` and `__getitem__`, or as pairs.

use super::{Dict, hash_key};
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Ref, Value};

/// Whether iterating over the dict yields its keys as they are: no subclass has replaced `__iter__`.
pub fn plain_dict<'a>(vm: &Vm, source: &'a Value) -> Option<&'a Obj<Dict>> {
    let dict = source.downcast::<Dict>()?;
    let own = vm.class_of(source).slots.iter.get()?;
    let plain = vm.types().dict.slots.iter.get()?;
    std::ptr::fn_addr_eq(own, plain).then_some(dict)
}

/// A dict of the same entries, as a subclass that has an `__iter__` of its own shows them.
pub(super) fn copy_of(vm: &Vm, source: &Obj<Dict>) -> PyResult<Ref<Dict>> {
    let value = source.to_value();
    if plain_dict(vm, &value).is_some() {
        return source.copy(vm);
    }
    let made = Dict::new(vm)?;
    merge_mapping(vm, &made, &value)?;
    Ok(made)
}

/// `target.update(source)`: from a mapping, or from an iterable of pairs.
pub fn update_from(vm: &Vm, target: &Obj<Dict>, source: &Value) -> PyResult<()> {
    if let Some(dict) = source.downcast_exact::<Dict>() {
        return merge_dict(vm, target, dict);
    }
    if vm.find_attr(source, &vm.names().keys)?.is_none() {
        return merge_pairs(vm, target, source);
    }
    merge_mapping(vm, target, source)
}

/// `{**source}`: as `update_from`, for mappings only.
pub fn merge_mapping(vm: &Vm, target: &Obj<Dict>, source: &Value) -> PyResult<()> {
    if let Some(dict) = plain_dict(vm, source) {
        return merge_dict(vm, target, dict);
    }
    match vm.find_attr(source, &vm.names().keys)? {
        Some(keys) => merge_by_keys(vm, target, source, &keys),
        None => {
            let given = vm.type_name(source);
            Err(vm.type_error(format!("'{given}' object is not a mapping")))
        }
    }
}

/// `f(**source)`: adds keyword arguments, none of which may be there already. `function` is the callee as messages show it, with `()`.
pub fn merge_keywords(vm: &Vm, target: &Obj<Dict>, source: &Value, function: impl Fn() -> String) -> PyResult<()> {
    let add = |key: &Value, value: Value| {
        let hash = hash_key(vm, key)?;
        if target.find(vm, key, hash)?.is_none() {
            return target.insert_new(vm, key.clone(), hash, value);
        }
        if key.downcast::<Str>().is_none() {
            return Err(vm.type_error("keywords must be strings"));
        }
        let (function, name) = (function(), Str::display(key));
        Err(vm.type_error(format!("{function} got multiple values for keyword argument '{name}'")))
    };
    if let Some(dict) = plain_dict(vm, source) {
        let mut position = 0;
        while let Some((key, value)) = dict.next_entry(&mut position) {
            add(&key, value)?;
        }
        return Ok(());
    }
    let Some(keys) = vm.find_attr(source, &vm.names().keys)? else {
        let (function, given) = (function(), vm.type_name(source));
        return Err(vm.type_error(format!("{function} argument after ** must be a mapping, not {given}")));
    };
    let iterator = iterator_of_keys(vm, source, &keys)?;
    while let Some(key) = vm.next(&iterator)? {
        add(&key, vm.get_item(source, &key)?)?;
    }
    Ok(())
}

fn merge_dict(vm: &Vm, target: &Obj<Dict>, source: &Obj<Dict>) -> PyResult<()> {
    if target.is_same(source) || source.is_empty() {
        return Ok(());
    }
    if target.is_empty() {
        let copied = source.table.borrow().copy(vm.heap(), &source.holes);
        let table = copied.map_err(|error| vm.out_of_memory(error))?;
        target.version.set(0);
        target.holes.set(0);
        let old = target.table.replace(table);
        drop(old);
        return Ok(());
    }
    let (len, mut position) = (source.len(), 0);
    while let Some((hash, key, value)) = source.next_hashed(&mut position) {
        target.set_hashed(vm, &key, hash, value)?;
        if source.len() != len {
            return Err(vm.runtime_error("dict mutated during update"));
        }
    }
    Ok(())
}

/// An iterator over what the method `keys` of a mapping gives.
pub fn iterator_of_keys(vm: &Vm, source: &Value, method: &Value) -> PyResult<Value> {
    let keys = vm.call(method, &[])?;
    let class = vm.class_of(&keys);
    if class.slots.iter.get().is_none() && class.slots.getitem.get().is_none() {
        let (class, given) = (vm.type_name(source), vm.type_name(&keys));
        return Err(vm.type_error(format!("{class}.keys() returned a non-iterable (type {given})")));
    }
    vm.iter(&keys)
}

fn merge_by_keys(vm: &Vm, target: &Obj<Dict>, source: &Value, keys: &Value) -> PyResult<()> {
    let iterator = iterator_of_keys(vm, source, keys)?;
    while let Some(key) = vm.next(&iterator)? {
        let value = vm.get_item(source, &key)?;
        target.set(vm, &key, value)?;
    }
    Ok(())
}

fn merge_pairs(vm: &Vm, target: &Obj<Dict>, source: &Value) -> PyResult<()> {
    let mut pairs = vm.walk(source)?;
    let mut index = 0usize;
    while let Some(pair) = pairs.next(vm)? {
        if let Some(tuple) = pair.downcast_exact::<Tuple>()
            && let [key, value] = tuple.items()
        {
            target.set(vm, key, value.clone())?;
            index += 1;
            continue;
        }
        let slots = &vm.class_of(&pair).slots;
        if slots.iter.get().is_none() && slots.getitem.get().is_none() {
            let raised = vm.type_error("object is not iterable");
            return Err(not_a_pair(vm, raised, index));
        }
        let pair = match Tuple::from_iterable(vm, &pair) {
            Err(raised) if vm.raised_is(&vm.types().type_error) => return Err(not_a_pair(vm, raised, index)),
            other => other?,
        };
        let [key, value] = pair.items() else {
            let len = pair.items().len();
            return Err(
                vm.value_error(format!("dictionary update sequence element #{index} has length {len}; 2 is required"))
            );
        };
        target.set(vm, key, value.clone())?;
        index += 1;
    }
    Ok(())
}

#[cold]
fn not_a_pair(vm: &Vm, raised: crate::vm::Raised, index: usize) -> crate::vm::Raised {
    let exception = vm.take_exception(raised);
    let note = format!("Cannot convert dictionary update sequence element #{index} to a sequence");
    let noted = Str::new(vm, &note).and_then(|note| {
        let add = vm.intern("add_note")?;
        match vm.find_attr(&exception.to_value(), &add)? {
            Some(method) => vm.call(&method, &[note.into()]).map(|_| ()),
            None => Ok(()),
        }
    });
    match noted {
        Ok(()) => vm.restore(exception),
        Err(raised) => raised,
    }
}
