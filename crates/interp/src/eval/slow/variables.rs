//! Names: locals, cells, globals and builtins that are missing, shadowed or in namespaces of other types.
//!
//! Invariant: the folder's (see `slow/mod.rs`).

use crate::cell::Cell;
use crate::eval::frame::Frame;
use taipan_bytecode::VariableKind;
use taipan_heap::{Obj, Ref, Value};
use taipan_objects::builtins::{NONE, dict::Dict, function::NativeFunction, str::Str};
use taipan_objects::vm::{PyResult, Raised, Vm};

#[cold]
pub(in crate::eval) fn unbound_local(vm: &Vm, frame: &Frame, register: u16) -> Raised {
    let name = frame.code.plain().register_name(register, frame.offset()).map_or("?", |name| name);
    let message = format!("cannot access local variable '{name}' where it is not associated with a value");
    vm.raise_new(&vm.types().unbound_local_error, &message)
}

#[cold]
pub(in crate::eval) fn unbound_cell(vm: &Vm, frame: &Frame, register: u16) -> Raised {
    let code = frame.code.plain();
    let name = code.register_name(register, frame.offset()).map_or("?", |name| name);
    match code.variables.get(register as usize).map(|variable| variable.kind) {
        Some(VariableKind::Free) => {
            let message = format!(
                "cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
            );
            name_error(vm, &message, name)
        }
        _ => unbound_local(vm, frame, register),
    }
}

#[cold]
fn name_error(vm: &Vm, message: &str, name: &str) -> Raised {
    let raised = vm.name_error(message);
    let exception = vm.take_exception(raised);
    let set = vm.intern("name").and_then(|field| {
        let name = vm.intern(name)?;
        vm.set_attr(&exception.to_value(), &field, name.into())
    });
    if let Err(raised) = set {
        drop(vm.take_exception(raised));
    }
    vm.restore(exception)
}

#[cold]
fn not_defined(vm: &Vm, name: &Str) -> Raised {
    let name = name.to_lossy();
    name_error(vm, &format!("name '{name}' is not defined"), &name)
}

/// The cell in a cell variable's register.
pub(in crate::eval) fn cell(value: &Value) -> &Obj<Cell> {
    match value.downcast::<Cell>() {
        Some(cell) => cell,
        None => unreachable!("the compiler puts cells into cell variables' registers"),
    }
}

pub(in crate::eval) fn store_global(vm: &Vm, frame: &Frame, name: u16, value: Value) -> PyResult<()> {
    frame.globals().set(vm, &frame.code.names[name as usize].to_value(), value)
}

pub(in crate::eval) fn delete_global(vm: &Vm, frame: &Frame, name: u16) -> PyResult<()> {
    let name = &frame.code.names[name as usize];
    match frame.globals().remove(vm, &name.to_value())? {
        Some(_) => Ok(()),
        None => Err(not_defined(vm, name)),
    }
}

/// A global, or a builtin, or NameError: for namespaces that are not plain dicts of strs too.
pub(in crate::eval) fn global_or_builtin(
    vm: &Vm,
    globals: &Obj<Dict>,
    builtins: &Obj<Dict>,
    name: &Obj<Str>,
) -> PyResult<Value> {
    let global = match globals.header().kind().has(taipan_heap::flags::EXACT) {
        true => globals.get_name(vm, name)?,
        // A subclass of dict may have its own way of finding names.
        false => mapping_get(vm, &globals.to_value(), &name.to_value())?,
    };
    if let Some(value) = global {
        return Ok(value);
    }
    match builtins.get_name(vm, name)? {
        Some(value) => Ok(value),
        None => Err(not_defined(vm, name)),
    }
}

/// A mapping's entry; `None` for KeyError.
pub(in crate::eval) fn mapping_get(vm: &Vm, mapping: &Value, key: &Value) -> PyResult<Option<Value>> {
    let found = vm.get_item(mapping, key);
    vm.catch(found, &vm.types().key_error)
}

pub(in crate::eval) fn store_name(vm: &Vm, frame: &Frame, name: u16, value: Value) -> PyResult<()> {
    let name = &frame.code.names[name as usize];
    match &frame.locals {
        None => frame.globals().set(vm, &name.to_value(), value),
        Some(locals) => match locals.downcast_exact::<Dict>() {
            Some(dict) => dict.set(vm, &name.to_value(), value),
            None => vm.set_item(locals, &name.to_value(), Some(&value)),
        },
    }
}

pub(in crate::eval) fn delete_name(vm: &Vm, frame: &Frame, name: u16) -> PyResult<()> {
    let text = &frame.code.names[name as usize];
    match &frame.locals {
        None => delete_global(vm, frame, name),
        Some(locals) => {
            let deleted = vm.set_item(locals, &text.to_value(), None);
            match vm.catch(deleted, &vm.types().key_error)? {
                Some(()) => Ok(()),
                None => Err(not_defined(vm, text)),
            }
        }
    }
}

pub(in crate::eval) fn load_locals(vm: &Vm, frame: &Frame) -> PyResult<Value> {
    let _ = vm;
    Ok(frame.locals.clone().unwrap_or_else(|| frame.globals().to_value()))
}

pub(in crate::eval) fn load_from_dict_or_cell(
    vm: &Vm,
    frame: &Frame,
    mapping: &Value,
    register: u16,
) -> PyResult<Value> {
    let name = &frame.code.variables[register as usize];
    if let Some(value) = mapping_get(vm, mapping, &name.to_value())? {
        return Ok(value);
    }
    // SAFETY: cell variables' registers are live once the prologue has run.
    let held = unsafe { cell(frame.window.get(register)).contents.get() };
    held.ok_or_else(|| unbound_cell(vm, frame, register))
}

pub(in crate::eval) fn load_from_dict_or_globals(
    vm: &Vm,
    frame: &Frame,
    mapping: &Value,
    name: u16,
) -> PyResult<Value> {
    let name = &frame.code.names[name as usize];
    match mapping_get(vm, mapping, &name.to_value())? {
        Some(value) => Ok(value),
        None => global_or_builtin(vm, frame.globals(), frame.builtins(), name),
    }
}

pub(in crate::eval) fn load_build_class(vm: &Vm, frame: &Frame) -> PyResult<Value> {
    match frame.builtins().get_name(vm, &vm.names().__build_class__)? {
        Some(function) => Ok(function),
        None => Err(vm.name_error("__build_class__ not found")),
    }
}

pub(in crate::eval) fn common_constant(vm: &Vm, which: u16) -> PyResult<Value> {
    let types = vm.types();
    // Nothing that a program can have put in the builtin's place is taken for it.
    let builtin = |name: &Ref<Str>| -> PyResult<Value> {
        let found = crate::builtins_dict(vm)?.get_name(vm, name)?;
        let own = |found: &Value| {
            found
                .downcast_exact::<NativeFunction>()
                .is_some_and(|function| Str::is_text(&name.to_value(), function.def.0.name))
        };
        Ok(found.filter(own).unwrap_or(NONE))
    };
    match which {
        0 => Ok(types.assertion_error.to_value()),
        1 => Ok(types.not_implemented_error.to_value()),
        2 => Ok(types.tuple.to_value()),
        3 => builtin(&vm.names().all),
        _ => builtin(&vm.names().any),
    }
}

pub(in crate::eval) fn setup_annotations(vm: &Vm, frame: &Frame) -> PyResult<()> {
    let locals = load_locals(vm, frame)?;
    let name = vm.names().__annotations__.to_value();
    if mapping_get(vm, &locals, &name)?.is_none() {
        vm.set_item(&locals, &name, Some(&Dict::new(vm)?.into()))?;
    }
    Ok(())
}
