//! Making functions, and the arguments of calls with `*` and `**`.
//!
//! Invariant: the folder's (see `slow/mod.rs`).

use super::building::{callable_name, mapping_pairs};
use crate::code::CodeObject;
use crate::eval::frame::Frame;
use crate::function::Function;
use taipan_bytecode::FunctionAttribute;
use taipan_heap::Value;
use taipan_objects::builtins::str::Str;
use taipan_objects::vm::{PyResult, Raised, Vm};

pub(in crate::eval) fn make_function(vm: &Vm, frame: &Frame, index: u32) -> PyResult<Value> {
    match frame.code.consts[index as usize].downcast::<CodeObject>() {
        Some(code) => Ok(Function::new(vm, code, frame.globals())?.into()),
        None => Err(vm.system_error("function without code")),
    }
}

pub(in crate::eval) fn set_function_attribute(function: &Value, attribute: FunctionAttribute, value: Value) {
    let Some(function) = function.downcast::<Function>() else { return };
    match attribute {
        FunctionAttribute::Defaults => function.defaults.set(Some(value)),
        FunctionAttribute::KwDefaults => function.set_kwdefaults_to(Some(value)),
        FunctionAttribute::Closure => function.set_closure_to(Some(value)),
        FunctionAttribute::Annotate => function.store_annotate(value),
    }
}

/// The arguments of a call with `*` and `**`: values (keyword ones last) and names.
pub(in crate::eval) fn spread_arguments(
    vm: &Vm,
    callable: &Value,
    positional: &Value,
    keywords: Option<&Value>,
) -> PyResult<(Vec<Value>, Vec<Value>)> {
    let slots = &vm.class_of(positional).slots;
    if slots.iter.get().is_none() && slots.getitem.get().is_none() {
        let (name, given) = (callable_name(vm, callable), vm.type_name(positional));
        return Err(vm.type_error(format!("{name} argument after * must be an iterable, not {given}")));
    }
    let mut values = vm.collect(positional)?;
    let mut names = Vec::new();
    if let Some(keywords) = keywords {
        let Some(pairs) = mapping_pairs(vm, keywords)? else {
            let (name, given) = (callable_name(vm, callable), vm.type_name(keywords));
            return Err(vm.type_error(format!("{name} argument after ** must be a mapping, not {given}")));
        };
        for (key, value) in pairs {
            if key.downcast::<Str>().is_none() {
                return Err(vm.type_error("keywords must be strings"));
            }
            names.push(key);
            values.push(value);
        }
    }
    Ok((values, names))
}

#[cold]
pub(in crate::eval) fn init_returned(vm: &Vm, value: &Value) -> Raised {
    let given = vm.type_name(value);
    vm.type_error(format!("__init__() should return None, not '{given}'"))
}
