//! `match` statements.
//!
//! Invariant: the folder's (see `slow/mod.rs`).

use taipan_heap::Value;
use taipan_objects::builtins::{self, NONE, str::Str, tuple::Tuple};
use taipan_objects::types::{Type, type_flags};
use taipan_objects::vm::{PyResult, Vm};

pub(in crate::eval) fn has_flag(vm: &Vm, value: &Value, flag: u32) -> bool {
    vm.class_of(value).has(flag)
}

pub(in crate::eval) fn match_keys(vm: &Vm, subject: &Value, keys: &Value) -> PyResult<Value> {
    let Some(keys) = keys.downcast::<Tuple>() else { return Err(vm.system_error("keys are not a tuple")) };
    let mut values = Vec::new();
    let get = vm.get_attr(subject, &vm.names().get)?;
    let missing = vm.alloc(&*vm.types().object, builtins::object::Plain {})?.to_value();
    for (index, key) in keys.items().iter().enumerate() {
        for earlier in &keys.items()[..index] {
            if vm.is_equal(earlier, key)? {
                let shown = vm.repr(key)?.to_lossy().into_owned();
                return Err(vm.value_error(format!("mapping pattern checks duplicate key ({shown})")));
            }
        }
        let value = vm.call(&get, &[key.clone(), missing.clone()])?;
        if value.is(&missing) {
            return Ok(NONE);
        }
        values.push(value);
    }
    Ok(Tuple::new(vm, values.into_iter())?.into())
}

pub(in crate::eval) fn match_class(
    vm: &Vm,
    subject: &Value,
    class: &Value,
    count: usize,
    names: &Value,
) -> PyResult<Value> {
    let Some(class_object) = class.downcast::<Type>() else {
        return Err(vm.type_error("called match pattern must be a class"));
    };
    if !crate::is_instance(vm, subject, class)? {
        return Ok(NONE);
    }
    let names: &[Value] = names.downcast::<Tuple>().map_or(&[], |names| names.items());
    let (mut values, mut seen): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    let shown = class_object.tp_name();
    if count > 0 {
        let args = vm.find_attr(class, &vm.names().__match_args__)?;
        let self_match = args.is_none() && class_object.has(type_flags::MATCH_SELF);
        let args: Vec<Value> = match &args {
            None => Vec::new(),
            Some(args) => match args.downcast::<Tuple>() {
                Some(args) => args.items().to_vec(),
                None => {
                    let given = vm.type_name(args);
                    return Err(vm.type_error(format!("{shown}.__match_args__ must be a tuple (got {given})")));
                }
            },
        };
        let allowed = if self_match { 1 } else { args.len() };
        if count > allowed {
            let plural = if allowed == 1 { "" } else { "s" };
            return Err(
                vm.type_error(format!("{shown}() accepts {allowed} positional sub-pattern{plural} ({count} given)"))
            );
        }
        if self_match {
            values.push(subject.clone());
        }
        for name in args.iter().take(if self_match { 0 } else { count }) {
            if name.downcast::<Str>().is_none() {
                let given = vm.type_name(name);
                return Err(vm.type_error(format!("__match_args__ elements must be strings (got {given})")));
            }
            match match_attribute(vm, subject, name, &mut seen, &shown)? {
                Some(value) => values.push(value),
                None => return Ok(NONE),
            }
        }
    }
    for name in names {
        match match_attribute(vm, subject, name, &mut seen, &shown)? {
            Some(value) => values.push(value),
            None => return Ok(NONE),
        }
    }
    Ok(Tuple::new(vm, values.into_iter())?.into())
}

fn match_attribute(
    vm: &Vm,
    subject: &Value,
    name: &Value,
    seen: &mut Vec<Value>,
    class: &str,
) -> PyResult<Option<Value>> {
    for earlier in seen.iter() {
        if vm.is_equal(earlier, name)? {
            let shown = vm.repr(name)?.to_lossy().into_owned();
            return Err(vm.type_error(format!("{class}() got multiple sub-patterns for attribute {shown}")));
        }
    }
    seen.push(name.clone());
    match name.downcast::<Str>() {
        Some(name) => vm.find_attr(subject, name),
        None => Ok(None),
    }
}
