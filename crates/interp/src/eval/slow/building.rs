//! Displays, f-strings and templates; the merging of `*` and `**` into what is built.
//!
//! Invariant: the folder's (see `slow/mod.rs`).

use crate::function::Function;
use taipan_bytecode::Conversion;
use taipan_heap::{Obj, Payload, Value};
use taipan_objects::builtins::{
    self, NONE,
    dict::{Dict, iterator_of_keys, merge_mapping, plain_dict},
    list::List,
    set::{Set, exact_set},
    str::Str,
    tuple::Tuple,
};
use taipan_objects::vm::{PyResult, Vm};

pub(in crate::eval) fn build_set(vm: &Vm, block: &[Value]) -> PyResult<Value> {
    let set = Set::new(vm)?;
    for item in block {
        set.add(vm, item)?;
    }
    Ok(set.into())
}

pub(in crate::eval) fn build_string(vm: &Vm, block: &[Value]) -> PyResult<Value> {
    Ok(Str::join_all(vm, block)?.into())
}

fn building<'a, T: Payload>(vm: &Vm, value: &'a Value) -> PyResult<&'a Obj<T>> {
    value.downcast::<T>().ok_or_else(|| vm.system_error("builder of another type"))
}

pub(in crate::eval) fn list_append(vm: &Vm, list: &Value, item: Value) -> PyResult<()> {
    building::<List>(vm, list)?.push(vm, item)
}

pub(in crate::eval) fn set_add(vm: &Vm, target: &Value, item: &Value) -> PyResult<()> {
    if let Some(set) = exact_set(target).filter(|set| !set.is_frozen()) {
        return set.add(vm, item);
    }
    // The set of a module's conditional annotations is a variable that a program can set.
    match target.downcast::<Set>() {
        Some(set) if vm.is_instance(target, &vm.types().set) => set.add(vm, item),
        _ => Err(vm.type_error(format!("'{}' object is not a set", vm.type_name(target)))),
    }
}

pub(in crate::eval) fn map_add(vm: &Vm, map: &Value, key: &Value, value: &Value) -> PyResult<()> {
    building::<Dict>(vm, map)?.set(vm, key, value.clone())
}

pub(in crate::eval) fn list_extend(vm: &Vm, list: &Value, items: &Value, in_call: bool) -> PyResult<()> {
    let slots = &vm.class_of(items).slots;
    if slots.iter.get().is_none() && slots.getitem.get().is_none() {
        let given = vm.type_name(items);
        let _ = in_call;
        return Err(vm.type_error(format!("Value after * must be an iterable, not {given}")));
    }
    building::<List>(vm, list)?.extend(vm, items)
}

pub(in crate::eval) fn set_update(vm: &Vm, target: &Value, items: &Value) -> PyResult<()> {
    building::<Set>(vm, target)?.update(vm, items)
}

pub(super) fn mapping_pairs(vm: &Vm, source: &Value) -> PyResult<Option<Vec<(Value, Value)>>> {
    if let Some(dict) = plain_dict(vm, source) {
        return Ok(Some(dict.snapshot()));
    }
    let Some(keys) = vm.find_attr(source, &vm.names().keys)? else {
        return Ok(None);
    };
    let keys = vm.collect(&iterator_of_keys(vm, source, &keys)?)?;
    keys.into_iter().map(|key| Ok((key.clone(), vm.get_item(source, &key)?))).collect::<PyResult<_>>().map(Some)
}

pub(in crate::eval) fn dict_update(vm: &Vm, target: &Value, source: &Value) -> PyResult<()> {
    if plain_dict(vm, source).is_some() {
        return merge_mapping(vm, building::<Dict>(vm, target)?, source);
    }
    let Some(pairs) = mapping_pairs(vm, source)? else {
        let given = vm.type_name(source);
        return Err(vm.type_error(format!("'{given}' object is not a mapping")));
    };
    let target = building::<Dict>(vm, target)?;
    for (key, value) in pairs {
        target.set(vm, &key, value)?;
    }
    Ok(())
}

pub(in crate::eval) fn callable_name(vm: &Vm, callable: &Value) -> String {
    if let Some(function) = callable.downcast::<Function>() {
        let module = function.globals.get_name(vm, &vm.names().__name__).ok().flatten();
        let qualname = function.qualname_text();
        return match module.filter(|module| module.downcast::<Str>().is_some()) {
            Some(module) if !Str::is_text(&module, "builtins") => format!("{}.{qualname}()", Str::display(&module)),
            _ => format!("{qualname}()"),
        };
    }
    let text = |name: &Obj<Str>| match vm.find_attr(callable, name) {
        Ok(found) => found.filter(|found| found.downcast::<Str>().is_some()).map(|found| Str::display(&found)),
        Err(raised) => {
            drop(vm.take_exception(raised));
            None
        }
    };
    match text(&vm.names().__qualname__) {
        Some(qualname) => match text(&vm.names().__module__).filter(|module| module != "builtins") {
            Some(module) => format!("{module}.{qualname}()"),
            None => format!("{qualname}()"),
        },
        None => vm.str(callable).map_or_else(
            |raised| {
                drop(vm.take_exception(raised));
                "function".to_owned()
            },
            |text| text.to_lossy().into_owned(),
        ),
    }
}

pub(in crate::eval) fn dict_merge(vm: &Vm, target: &Value, source: &Value, callable: &Value) -> PyResult<()> {
    if let Some(empty) = target.downcast_exact::<Dict>().filter(|target| target.is_empty())
        && plain_dict(vm, source).is_some()
    {
        // Nothing can be there twice.
        return merge_mapping(vm, empty, source);
    }
    let Some(pairs) = mapping_pairs(vm, source)? else {
        let (given, name) = (vm.type_name(source), callable_name(vm, callable));
        return Err(vm.type_error(format!("{name} argument after ** must be a mapping, not {given}")));
    };
    let target = building::<Dict>(vm, target)?;
    for (key, value) in pairs {
        if target.contains(vm, &key)? {
            let (name, key) = (callable_name(vm, callable), vm.str(&key)?.to_lossy().into_owned());
            return Err(vm.type_error(format!("{name} got multiple values for keyword argument '{key}'")));
        }
        target.set(vm, &key, value)?;
    }
    Ok(())
}

/// A tuple of a list's items; `last`: nobody looks at the list afterwards.
pub(in crate::eval) fn list_to_tuple(vm: &Vm, list: &Value, last: bool) -> PyResult<Value> {
    if last
        && let Some(list) = list.downcast_exact::<List>().filter(|list| list.header().count() == 1)
        && let Ok(mut items) = list.cell().try_borrow_mut()
    {
        return Ok(Tuple::from_buffer(vm, &mut items)?.into());
    }
    Ok(Tuple::from_iterable(vm, list)?.into())
}

fn converted(vm: &Vm, value: &Value, conversion: u8) -> PyResult<Value> {
    Ok(match Conversion::from_u8(conversion) {
        Conversion::None => value.clone(),
        Conversion::Str => vm.str(value)?.into(),
        Conversion::Repr => vm.repr(value)?.into(),
        Conversion::Ascii => builtins::str::ascii(vm, value)?.into(),
    })
}

pub(in crate::eval) fn format_value(vm: &Vm, value: &Value, conversion: u8, spec: Option<&Value>) -> PyResult<Value> {
    let value = converted(vm, value, conversion)?;
    match spec {
        None => Ok(vm.format_plain(&value)?.into()),
        Some(spec) => match spec.downcast::<Str>() {
            Some(spec) => Ok(vm.format(&value, spec)?.into()),
            None => Err(vm.system_error("format specification is not a str")),
        },
    }
}

pub(in crate::eval) fn build_interpolation(vm: &Vm, block: &[Value], inst_flags: u8) -> PyResult<Value> {
    let conversion = match Conversion::from_u8(inst_flags >> taipan_bytecode::CONVERSION_SHIFT) {
        Conversion::None => NONE,
        Conversion::Str => vm.intern("s")?.into(),
        Conversion::Repr => vm.intern("r")?.into(),
        Conversion::Ascii => vm.intern("a")?.into(),
    };
    let spec = match block.get(2) {
        Some(spec) => spec.clone(),
        None => vm.intern("")?.into(),
    };
    crate::template::Interpolation::make(vm, block[0].clone(), block[1].clone(), conversion, spec)
}

pub(in crate::eval) fn build_template(vm: &Vm, block: &[Value]) -> PyResult<Value> {
    crate::template::Template::make(vm, block[0].clone(), block[1].clone())
}
