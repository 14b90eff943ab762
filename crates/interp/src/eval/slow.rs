//! Operations that the loop does not do inline. Nothing here touches registers but through borrowed values, except unpacking.
//!
//! Invariant: each function is given live operands and leaves it to the loop to consume them.

use crate::cell::Cell;
use crate::code::CodeObject;
use crate::eval::frame::Frame;
use crate::eval::window::Window;
use crate::function::Function;
use taipan_bytecode::{CodeFlags, Conversion, FunctionAttribute, Inst, TWO_ARGS, VariableKind};
use taipan_heap::{Obj, Payload, Ref, Value, flags};
use taipan_objects::builtins::{
    self, NONE, boolean, dict::Dict, exception::BaseException, is_none, list::List, set::Set, slice::Slice, str::Str,
    tuple::Tuple,
};
use taipan_objects::types::{BinaryOp, CompareOp, Type, TypeObject, type_flags};
use taipan_objects::vm::{PyResult, Raised, Vm};

pub(super) fn exact<T: Payload>(value: &Value) -> Option<&Obj<T>> {
    let kind = value.header()?.kind();
    if std::ptr::eq(kind.info(), T::info()) && kind.has(flags::EXACT) { value.downcast::<T>() } else { None }
}

// ---- operators -----------------------------------------------------------------------------------------------------

#[inline(never)]
pub(super) fn binary(vm: &Vm, op: BinaryOp, left: &Value, right: &Value, inplace: bool) -> PyResult<Value> {
    if let (Some(x), Some(y)) = (number(left), number(right))
        && let Some(result) = float_operation(op, x, y)
        && (left.is_float() || right.is_float())
    {
        return Ok(result);
    }
    if inplace { vm.inplace(op, left, right) } else { vm.binary(op, left, right) }
}

fn number(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_int().filter(|n| n.unsigned_abs() < 1 << 53).map(|n| n as f64))
}

fn float_operation(op: BinaryOp, x: f64, y: f64) -> Option<Value> {
    match op {
        BinaryOp::Add => Value::try_float(x + y),
        BinaryOp::Sub => Value::try_float(x - y),
        BinaryOp::Mul => Value::try_float(x * y),
        BinaryOp::TrueDiv if y != 0.0 => Value::try_float(x / y),
        _ => None,
    }
}

#[inline(never)]
pub(super) fn compare(vm: &Vm, op: CompareOp, left: &Value, right: &Value) -> PyResult<Value> {
    if let Some(equal) = quick_equal(op, left, right) {
        return Ok(boolean(equal));
    }
    vm.compare(op, left, right)
}

#[inline(never)]
pub(super) fn compare_truth(vm: &Vm, op: CompareOp, left: &Value, right: &Value) -> PyResult<bool> {
    if let Some(equal) = quick_equal(op, left, right) {
        return Ok(equal);
    }
    if let (Some(x), Some(y)) = (number(left), number(right)) {
        return Ok(x.partial_cmp(&y).map_or(op == CompareOp::Ne, |ordering| op.holds(ordering)));
    }
    let result = vm.compare(op, left, right)?;
    vm.is_true(&result)
}

fn quick_equal(op: CompareOp, left: &Value, right: &Value) -> Option<bool> {
    let (CompareOp::Eq | CompareOp::Ne) = op else { return None };
    let (left, right) = (exact::<Str>(left)?, exact::<Str>(right)?);
    Some(left.same_text(right) == (op == CompareOp::Eq))
}

fn unary(vm: &Vm, value: &Value, slot: Option<taipan_objects::types::UnaryFn>, symbol: &str) -> PyResult<Value> {
    match slot {
        Some(function) => function(vm, value),
        None => {
            let given = vm.type_name(value);
            Err(vm.type_error(format!("bad operand type for unary {symbol}: '{given}'")))
        }
    }
}

pub(super) fn negative(vm: &Vm, value: &Value) -> PyResult<Value> {
    unary(vm, value, vm.class_of(value).slots.neg.get(), "-")
}

pub(super) fn positive(vm: &Vm, value: &Value) -> PyResult<Value> {
    unary(vm, value, vm.class_of(value).slots.pos.get(), "+")
}

pub(super) fn invert(vm: &Vm, value: &Value) -> PyResult<Value> {
    unary(vm, value, vm.class_of(value).slots.invert.get(), "~")
}

// ---- variables -----------------------------------------------------------------------------------------------------

#[cold]
pub(super) fn unbound_local(vm: &Vm, frame: &Frame, register: u16) -> Raised {
    let name = frame.code.plain().register_name(register, frame.offset()).map_or("?", |name| name);
    let message = format!("cannot access local variable '{name}' where it is not associated with a value");
    vm.raise_new(&vm.types().unbound_local_error, &message)
}

#[cold]
pub(super) fn unbound_cell(vm: &Vm, frame: &Frame, register: u16) -> Raised {
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
pub(super) fn cell(value: &Value) -> &Obj<Cell> {
    match value.downcast::<Cell>() {
        Some(cell) => cell,
        None => unreachable!("the compiler puts cells into cell variables' registers"),
    }
}

pub(super) fn store_global(vm: &Vm, frame: &Frame, name: u16, value: Value) -> PyResult<()> {
    frame.globals().set(vm, &frame.code.names[name as usize].to_value(), value)
}

pub(super) fn delete_global(vm: &Vm, frame: &Frame, name: u16) -> PyResult<()> {
    let name = &frame.code.names[name as usize];
    match frame.globals().remove(vm, &name.to_value())? {
        Some(_) => Ok(()),
        None => Err(not_defined(vm, name)),
    }
}

/// A global, or a builtin, or NameError: for namespaces that are not plain dicts of strs too.
pub(super) fn global_or_builtin(
    vm: &Vm,
    globals: &Obj<Dict>,
    builtins: &Obj<Dict>,
    name: &Obj<Str>,
) -> PyResult<Value> {
    if let Some(value) = globals.get_name(vm, name)? {
        return Ok(value);
    }
    match builtins.get_name(vm, name)? {
        Some(value) => Ok(value),
        None => Err(not_defined(vm, name)),
    }
}

/// A mapping's entry; `None` for KeyError.
pub(super) fn mapping_get(vm: &Vm, mapping: &Value, key: &Value) -> PyResult<Option<Value>> {
    let found = vm.get_item(mapping, key);
    vm.catch(found, &vm.types().key_error)
}

pub(super) fn store_name(vm: &Vm, frame: &Frame, name: u16, value: Value) -> PyResult<()> {
    let name = &frame.code.names[name as usize];
    match &frame.locals {
        None => frame.globals().set(vm, &name.to_value(), value),
        Some(locals) => match exact::<Dict>(locals) {
            Some(dict) => dict.set(vm, &name.to_value(), value),
            None => vm.set_item(locals, &name.to_value(), Some(&value)),
        },
    }
}

pub(super) fn delete_name(vm: &Vm, frame: &Frame, name: u16) -> PyResult<()> {
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

pub(super) fn load_locals(vm: &Vm, frame: &Frame) -> PyResult<Value> {
    let _ = vm;
    Ok(frame.locals.clone().unwrap_or_else(|| frame.globals().to_value()))
}

pub(super) fn load_from_dict_or_cell(vm: &Vm, frame: &Frame, mapping: &Value, register: u16) -> PyResult<Value> {
    let name = &frame.code.variables[register as usize];
    if let Some(value) = mapping_get(vm, mapping, &name.to_value())? {
        return Ok(value);
    }
    // SAFETY: cell variables' registers are live once the prologue has run.
    let held = unsafe { cell(frame.window.get(register)).contents.get() };
    held.ok_or_else(|| unbound_cell(vm, frame, register))
}

pub(super) fn load_from_dict_or_globals(vm: &Vm, frame: &Frame, mapping: &Value, name: u16) -> PyResult<Value> {
    let name = &frame.code.names[name as usize];
    match mapping_get(vm, mapping, &name.to_value())? {
        Some(value) => Ok(value),
        None => global_or_builtin(vm, frame.globals(), frame.builtins(), name),
    }
}

pub(super) fn load_build_class(vm: &Vm, frame: &Frame) -> PyResult<Value> {
    match frame.builtins().get_name(vm, &vm.names().__build_class__)? {
        Some(function) => Ok(function),
        None => Err(vm.name_error("__build_class__ not found")),
    }
}

pub(super) fn common_constant(vm: &Vm, which: u16) -> PyResult<Value> {
    let types = vm.types();
    let builtin = |name: &str| -> PyResult<Value> {
        let dict = crate::builtins_dict(vm)?;
        dict.get_text(vm, name)?.ok_or_else(|| vm.name_error(format!("name '{name}' is not defined")))
    };
    match which {
        0 => Ok(types.assertion_error.to_value()),
        1 => Ok(types.not_implemented_error.to_value()),
        2 => Ok(types.tuple.to_value()),
        3 => builtin("all"),
        _ => builtin("any"),
    }
}

pub(super) fn setup_annotations(vm: &Vm, frame: &Frame) -> PyResult<()> {
    let locals = load_locals(vm, frame)?;
    let name = vm.names().__annotations__.to_value();
    if mapping_get(vm, &locals, &name)?.is_none() {
        vm.set_item(&locals, &name, Some(&Dict::new(vm)?.into()))?;
    }
    Ok(())
}

// ---- attributes, items ---------------------------------------------------------------------------------------------

pub(super) fn load_super(vm: &Vm, block: &[Value], name: &Obj<Str>, flag: u8, method: bool) -> PyResult<(Value, bool)> {
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

pub(super) fn load_special(vm: &Vm, object: &Value, which: u16) -> PyResult<(Value, bool)> {
    let names = vm.names();
    let (name, other, protocol) = match which {
        0 => (&names.__enter__, None, "context manager"),
        1 => (&names.__exit__, Some("__exit__"), "context manager"),
        2 => (&names.__aenter__, None, "asynchronous context manager"),
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

/// Subscripts of exact lists, tuples and dicts with the usual keys.
#[inline]
pub(super) fn quick_item(vm: &Vm, container: &Value, key: &Value) -> Option<Value> {
    if let Some(index) = key.as_int() {
        if let Some(list) = exact::<List>(container) {
            let index = if index < 0 { index + list.len() as i64 } else { index };
            return list.get(usize::try_from(index).ok()?);
        }
        if let Some(tuple) = exact::<Tuple>(container) {
            let items = tuple.items();
            let index = if index < 0 { index + items.len() as i64 } else { index };
            return items.get(usize::try_from(index).ok()?).cloned();
        }
    }
    let dict = exact::<Dict>(container)?;
    let name = exact::<Str>(key)?;
    name.hash(vm);
    dict.value_at(dict.find_interned_entry(name)?)
}

pub(super) fn store_item(vm: &Vm, container: &Value, key: &Value, value: &Value) -> PyResult<()> {
    if let Some(index) = key.as_int()
        && let Some(list) = exact::<List>(container)
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
    if let Some(dict) = exact::<Dict>(container) {
        return dict.set(vm, key, value.clone());
    }
    vm.set_item(container, key, Some(value))
}

pub(super) fn build_slice(vm: &Vm, parts: &[Value]) -> PyResult<Value> {
    let part = |index: usize| parts.get(index).cloned().unwrap_or(NONE);
    Ok(Slice::new_slice(vm, part(0), part(1), part(2))?.into())
}

pub(super) fn load_slice(vm: &Vm, block: &[Value]) -> PyResult<Value> {
    let key = build_slice(vm, &block[1..])?;
    vm.get_item(&block[0], &key)
}

pub(super) fn store_slice(vm: &Vm, block: &[Value], value: &Value) -> PyResult<()> {
    let key = build_slice(vm, &block[1..])?;
    vm.set_item(&block[0], &key, Some(value))
}

// ---- unpacking -----------------------------------------------------------------------------------------------------

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
    let len = exact::<Tuple>(value).map(|t| t.items().len()).or_else(|| exact::<List>(value).map(|l| l.len()));
    if let Some(len) = len {
        return match len.cmp(&wanted) {
            std::cmp::Ordering::Equal => vm.collect(value),
            std::cmp::Ordering::Less => Err(too_few(vm, wanted, len, false)),
            std::cmp::Ordering::Greater => {
                Err(vm.value_error(format!("too many values to unpack (expected {wanted}, got {len})")))
            }
        };
    }
    let iterator = iterator_to_unpack(vm, value)?;
    let mut items = Vec::new();
    while items.len() < wanted {
        match vm.next(&iterator)? {
            Some(item) => items.push(item),
            None => return Err(too_few(vm, wanted, items.len(), false)),
        }
    }
    if vm.next(&iterator)?.is_none() {
        return Ok(items);
    }
    let got = exact::<Dict>(value).map_or(String::new(), |dict| format!(", got {}", dict.len()));
    Err(vm.value_error(format!("too many values to unpack (expected {wanted}{got})")))
}

fn too_few(vm: &Vm, wanted: usize, got: usize, at_least: bool) -> Raised {
    let word = if at_least { "at least " } else { "" };
    vm.value_error(format!("not enough values to unpack (expected {word}{wanted}, got {got})"))
}

pub(super) unsafe fn unpack(vm: &Vm, w: Window, inst: Inst) -> PyResult<()> {
    // SAFETY: the source is live; the destinations are registers of the frame.
    unsafe {
        let source = if inst.has(taipan_bytecode::CONSUME_B) {
            w.take(inst.b()).unwrap_unchecked()
        } else {
            w.get(inst.b()).clone()
        };
        let wanted = inst.c() as usize;
        if let Some(tuple) = exact::<Tuple>(&source)
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

pub(super) unsafe fn unpack_ex(vm: &Vm, w: Window, inst: Inst) -> PyResult<()> {
    let (before, after) = ((inst.c() & 0xff) as usize, (inst.c() >> 8) as usize);
    // SAFETY: as `unpack`.
    unsafe {
        let source = w.get(inst.b());
        let iterator = iterator_to_unpack(vm, source)?;
        let mut items = Vec::new();
        while let Some(item) = vm.next(&iterator)? {
            items.push(item);
        }
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

// ---- builders ------------------------------------------------------------------------------------------------------

pub(super) fn build_map(vm: &Vm, block: &[Value]) -> PyResult<Value> {
    let dict = Dict::new(vm)?;
    for pair in block.chunks_exact(2) {
        dict.set(vm, &pair[0], pair[1].clone())?;
    }
    Ok(dict.into())
}

pub(super) fn build_set(vm: &Vm, block: &[Value]) -> PyResult<Value> {
    let set = Set::new(vm)?;
    for item in block {
        set.add(vm, item)?;
    }
    Ok(set.into())
}

pub(super) fn build_string(vm: &Vm, block: &[Value]) -> PyResult<Value> {
    Ok(Str::join_all(vm, block)?.into())
}

fn building<'a, T: Payload>(vm: &Vm, value: &'a Value) -> PyResult<&'a Obj<T>> {
    value.downcast::<T>().ok_or_else(|| vm.system_error("builder of another type"))
}

pub(super) fn list_append(vm: &Vm, list: &Value, item: Value) -> PyResult<()> {
    building::<List>(vm, list)?.push(vm, item)
}

pub(super) fn set_add(vm: &Vm, target: &Value, item: &Value) -> PyResult<()> {
    building::<Set>(vm, target)?.add(vm, item)
}

pub(super) fn map_add(vm: &Vm, map: &Value, key: &Value, value: &Value) -> PyResult<()> {
    building::<Dict>(vm, map)?.set(vm, key, value.clone())
}

pub(super) fn list_extend(vm: &Vm, list: &Value, items: &Value, in_call: bool) -> PyResult<()> {
    let slots = &vm.class_of(items).slots;
    if slots.iter.get().is_none() && slots.getitem.get().is_none() {
        let given = vm.type_name(items);
        let _ = in_call;
        return Err(vm.type_error(format!("Value after * must be an iterable, not {given}")));
    }
    let items = vm.collect(items)?;
    let list = building::<List>(vm, list)?;
    for item in items {
        list.push(vm, item)?;
    }
    Ok(())
}

pub(super) fn set_update(vm: &Vm, target: &Value, items: &Value) -> PyResult<()> {
    building::<Set>(vm, target)?.update(vm, items)
}

fn mapping_pairs(vm: &Vm, source: &Value) -> PyResult<Option<Vec<(Value, Value)>>> {
    if let Some(dict) = exact::<Dict>(source) {
        return Ok(Some(dict.snapshot()));
    }
    if vm.find_attr(source, &vm.names().keys)?.is_none() {
        return Ok(None);
    }
    let keys = vm.call_method(source, &vm.names().keys, &[])?;
    let keys = vm.collect(&keys)?;
    keys.into_iter().map(|key| Ok((key.clone(), vm.get_item(source, &key)?))).collect::<PyResult<_>>().map(Some)
}

pub(super) fn dict_update(vm: &Vm, target: &Value, source: &Value) -> PyResult<()> {
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

pub(super) fn callable_name(vm: &Vm, callable: &Value) -> String {
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

pub(super) fn dict_merge(vm: &Vm, target: &Value, source: &Value, callable: &Value) -> PyResult<()> {
    let Some(pairs) = mapping_pairs(vm, source)? else {
        let (given, name) = (vm.type_name(source), callable_name(vm, callable));
        return Err(vm.type_error(format!("{name} argument after ** must be a mapping, not {given}")));
    };
    let target = building::<Dict>(vm, target)?;
    for (key, value) in pairs {
        if key.downcast::<Str>().is_none() {
            return Err(vm.type_error("keywords must be strings"));
        }
        if target.contains(vm, &key)? {
            let (name, key) = (callable_name(vm, callable), Str::display(&key));
            return Err(vm.type_error(format!("{name} got multiple values for keyword argument '{key}'")));
        }
        target.set(vm, &key, value)?;
    }
    Ok(())
}

pub(super) fn list_to_tuple(vm: &Vm, list: &Value) -> PyResult<Value> {
    Ok(Tuple::new(vm, vm.collect(list)?.into_iter())?.into())
}

fn converted(vm: &Vm, value: &Value, conversion: u8) -> PyResult<Value> {
    Ok(match Conversion::from_u8(conversion) {
        Conversion::None => value.clone(),
        Conversion::Str => vm.str(value)?.into(),
        Conversion::Repr => vm.repr(value)?.into(),
        Conversion::Ascii => builtins::str::ascii(vm, value)?.into(),
    })
}

pub(super) fn format_value(vm: &Vm, value: &Value, conversion: u8, spec: Option<&Value>) -> PyResult<Value> {
    let value = converted(vm, value, conversion)?;
    match spec {
        None => {
            if exact::<Str>(&value).is_some() {
                return Ok(value);
            }
            let empty = vm.intern("")?;
            Ok(vm.format(&value, &empty)?.into())
        }
        Some(spec) => match spec.downcast::<Str>() {
            Some(spec) => Ok(vm.format(&value, spec)?.into()),
            None => Err(vm.system_error("format specification is not a str")),
        },
    }
}

pub(super) fn build_interpolation(vm: &Vm, block: &[Value], inst_flags: u8) -> PyResult<Value> {
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

pub(super) fn build_template(vm: &Vm, block: &[Value]) -> PyResult<Value> {
    crate::template::Template::make(vm, block[0].clone(), block[1].clone())
}

// ---- functions and calls -------------------------------------------------------------------------------------------

pub(super) fn make_function(vm: &Vm, frame: &Frame, index: u32) -> PyResult<Value> {
    match frame.code.consts[index as usize].downcast::<CodeObject>() {
        Some(code) => Ok(Function::new(vm, code, frame.globals())?.into()),
        None => Err(vm.system_error("function without code")),
    }
}

pub(super) fn set_function_attribute(function: &Value, attribute: FunctionAttribute, value: Value) {
    let Some(function) = function.downcast::<Function>() else { return };
    match attribute {
        FunctionAttribute::Defaults => function.defaults.set(Some(value)),
        FunctionAttribute::KwDefaults => function.kwdefaults.set(Some(value)),
        FunctionAttribute::Annotations => function.store_annotations(value),
        FunctionAttribute::Closure => function.closure.set(Some(value)),
        FunctionAttribute::Annotate => function.store_annotate(value),
    }
}

/// The arguments of a call with `*` and `**`: values (keyword ones last) and names.
pub(super) fn spread_arguments(
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
pub(super) fn init_returned(vm: &Vm, value: &Value) -> Raised {
    let given = vm.type_name(value);
    vm.type_error(format!("__init__() should return None, not '{given}'"))
}

// ---- generators ----------------------------------------------------------------------------------------------------

pub(super) fn yield_from_iter(vm: &Vm, frame: &Frame, value: &Value) -> PyResult<Value> {
    if let Some(generator) = value.downcast::<crate::generator::Generator>() {
        let in_coroutine = frame.code.has(CodeFlags::COROUTINE) || frame.code.has(CodeFlags::ITERABLE_COROUTINE);
        if generator.is_coroutine() && !in_coroutine {
            return Err(vm.type_error("cannot 'yield from' a coroutine object in a non-coroutine generator"));
        }
        return Ok(value.clone());
    }
    vm.iter(value)
}

pub(super) fn awaitable(vm: &Vm, value: &Value, which: u16) -> PyResult<Value> {
    if vm.class_of(value).slots.await_.get().is_none()
        && which != 0
        && value.downcast::<crate::generator::Generator>().is_none()
    {
        let (given, method) = (vm.type_name(value), if which == 1 { "__aenter__" } else { "__aexit__" });
        return Err(vm.type_error(format!(
            "'async with' received an object from {method} that does not implement __await__: {given}"
        )));
    }
    crate::generator::awaitable_iterator(vm, value)
}

pub(super) fn cleanup_throw(vm: &Vm, exception: &Value) -> PyResult<Value> {
    if vm.is_instance(exception, &vm.types().stop_iteration) {
        return vm.get_attr(exception, &vm.names().value);
    }
    Err(reraise(vm, exception.clone()))
}

pub(super) fn async_iter(vm: &Vm, value: &Value) -> PyResult<Value> {
    let given = vm.type_name(value);
    let Some(function) = vm.class_of(value).slots.aiter.get() else {
        return Err(vm.type_error(format!("'async for' requires an object with __aiter__ method, got {given}")));
    };
    let iterator = function(vm, value)?;
    if vm.class_of(&iterator).slots.anext.get().is_none() {
        let given = vm.type_name(&iterator);
        return Err(vm.type_error(format!(
            "'async for' received an object from __aiter__ that does not implement __anext__: {given}"
        )));
    }
    Ok(iterator)
}

pub(super) fn async_next(vm: &Vm, iterator: &Value) -> PyResult<Value> {
    let given = vm.type_name(iterator);
    let Some(function) = vm.class_of(iterator).slots.anext.get() else {
        return Err(vm.type_error(format!("'async for' requires an iterator with __anext__ method, got {given}")));
    };
    let awaited = function(vm, iterator)?;
    match crate::generator::awaitable_iterator(vm, &awaited) {
        Ok(iterator) => Ok(iterator),
        Err(raised) => {
            let cause = vm.take_exception(raised);
            let given = vm.type_name(&awaited);
            let raised = vm.type_error(format!("'async for' received an invalid object from __anext__: {given}"));
            let exception = vm.take_exception(raised);
            exception.cause.set(Some(cause.into()));
            exception.suppress_context.set(true);
            Err(vm.restore(exception))
        }
    }
}

pub(super) fn end_async_for(vm: &Vm, exception: &Value) -> PyResult<()> {
    if vm.is_instance(exception, &vm.types().stop_async_iteration) {
        return Ok(());
    }
    Err(reraise(vm, exception.clone()))
}

// ---- exceptions ----------------------------------------------------------------------------------------------------

pub(super) fn reraise(vm: &Vm, exception: Value) -> Raised {
    match exception.downcast_into::<BaseException>() {
        Ok(exception) => vm.restore(exception),
        Err(_) => vm.system_error("reraising what is not an exception"),
    }
}

pub(super) fn raise_active(vm: &Vm) -> Raised {
    match vm.handled_exception() {
        Some(exception) => reraise(vm, exception),
        None => vm.runtime_error("No active exception to reraise"),
    }
}

fn exception_from(vm: &Vm, value: &Value) -> PyResult<Option<Ref<BaseException>>> {
    if let Some(exception) = value.downcast::<BaseException>() {
        return Ok(Some(exception.to_ref()));
    }
    match value.downcast::<Type>() {
        Some(class) if class.is_subclass(&vm.types().base_exception) => BaseException::make(vm, class, &[]).map(Some),
        _ => Ok(None),
    }
}

pub(super) fn raise(vm: &Vm, value: &Value, cause: Option<&Value>) -> Raised {
    let exception = match exception_from(vm, value) {
        Ok(Some(exception)) => exception,
        Ok(None) => return vm.type_error("exceptions must derive from BaseException"),
        Err(raised) => return raised,
    };
    if let Some(cause) = cause {
        let cause = if is_none(cause) {
            None
        } else {
            match exception_from(vm, cause) {
                Ok(Some(cause)) => Some(cause),
                Ok(None) => return vm.type_error("exception causes must derive from BaseException"),
                Err(raised) => return raised,
            }
        };
        exception.cause.set(cause.map(Value::from));
        exception.suppress_context.set(true);
    }
    vm.raise(exception)
}

pub(super) fn exception_matches(vm: &Vm, exception: &Value, pattern: &Value) -> PyResult<bool> {
    let is_class =
        |value: &Value| value.downcast::<Type>().is_some_and(|class| class.is_subclass(&vm.types().base_exception));
    let bad = || vm.type_error("catching classes that do not inherit from BaseException is not allowed");
    let class_matches = |class: &Value| class.downcast::<Type>().is_some_and(|class| vm.is_instance(exception, class));
    match pattern.downcast::<Tuple>() {
        Some(classes) => {
            if !classes.items().iter().all(is_class) {
                return Err(bad());
            }
            Ok(classes.items().iter().any(class_matches))
        }
        None if is_class(pattern) => Ok(class_matches(pattern)),
        None => Err(bad()),
    }
}

pub(super) fn group_match(vm: &Vm, exception: &Value, pattern: &Value) -> PyResult<(Value, Value)> {
    vm.check_except_star_target(pattern)?;
    let (matching, rest) = builtins::exception::exception_group_match(vm, exception, pattern)?;
    if !is_none(&matching) {
        vm.handled.set(Some(matching.clone()));
    }
    Ok((rest, matching))
}

pub(super) fn prep_reraise_star(vm: &Vm, original: &Value, raised: &Value) -> PyResult<Value> {
    let outcomes = vm.collect(raised)?;
    builtins::exception::prep_reraise_star(vm, original, &outcomes)
}

pub(super) fn with_except_start(vm: &Vm, exit: (&Value, Option<&Value>), exception: &Value) -> PyResult<Value> {
    let class = vm.class_of(exception).to_value();
    let traceback = exception.downcast::<BaseException>().and_then(|e| e.traceback.get()).unwrap_or(NONE);
    match exit.1 {
        Some(bound) => vm.call(exit.0, &[bound.clone(), class, exception.clone(), traceback]),
        None => vm.call(exit.0, &[class, exception.clone(), traceback]),
    }
}

// ---- imports -------------------------------------------------------------------------------------------------------

pub(super) fn import_name(vm: &Vm, frame: &Frame, block: &[Value], name: u16) -> PyResult<Value> {
    let name = frame.code.names[name as usize].to_value();
    let Some(import) = frame.builtins().get_name(vm, &vm.names().__import__)? else {
        return Err(vm.import_error("__import__ not found"));
    };
    let locals = frame.locals.clone().unwrap_or(NONE);
    vm.call(&import, &[name, frame.globals().to_value(), locals, block[1].clone(), block[0].clone()])
}

/// `from module import name`.
pub fn import_from(vm: &Vm, module: &Value, name: &Obj<Str>) -> PyResult<Value> {
    if let Some(found) = vm.find_attr(module, name)? {
        return Ok(found);
    }
    let package = vm.find_attr(module, &vm.names().__name__)?;
    if let Some(package) = package.as_ref().and_then(Value::downcast::<Str>) {
        let full = format!("{}.{}", package.to_lossy(), name.to_lossy());
        if let Some(modules) = vm.interp().modules.get()
            && let Some(found) = modules.get_text(vm, &full)?
        {
            return Ok(found);
        }
    }
    Err(crate::import::cannot_import_name(vm, module, package, name))
}

pub(super) fn import_star(vm: &Vm, frame: &Frame, module: &Value) -> PyResult<()> {
    let names = vm.names();
    let (all, skip_private) = match vm.find_attr(module, &names.__all__)? {
        Some(all) => (vm.collect(&all)?, false),
        None => {
            let Some(dict) = vm.find_attr(module, &names.__dict__)? else {
                return Err(vm.import_error("from-import-* object has no __dict__ and no __all__"));
            };
            let keys = vm.call_method(&dict, &names.keys, &[])?;
            (vm.collect(&keys)?, true)
        }
    };
    let locals = load_locals(vm, frame)?;
    for name in all {
        let Some(text) = name.downcast::<Str>() else {
            let given = vm.type_name(&name);
            let module = vm.find_attr(module, &names.__name__)?.map_or_else(|| "?".to_owned(), |n| Str::display(&n));
            let place = if skip_private { "Key in" } else { "Item in" };
            let holder = if skip_private { "__dict__" } else { "__all__" };
            return Err(vm.type_error(format!("{place} {module}.{holder} must be str, not {given}")));
        };
        if skip_private && !text.is_empty() && text.point(0) == u32::from('_') {
            continue;
        }
        let value = vm.get_attr(module, text)?;
        vm.set_item(&locals, &name, Some(&value))?;
    }
    Ok(())
}

// ---- pattern matching ----------------------------------------------------------------------------------------------

pub(super) fn has_flag(vm: &Vm, value: &Value, flag: u32) -> bool {
    vm.class_of(value).has(flag)
}

pub(super) fn match_keys(vm: &Vm, subject: &Value, keys: &Value) -> PyResult<Value> {
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

pub(super) fn match_class(vm: &Vm, subject: &Value, class: &Value, count: usize, names: &Value) -> PyResult<Value> {
    let Some(class_object) = class.downcast::<Type>() else {
        return Err(vm.type_error("called match pattern must be a class"));
    };
    if !crate::is_instance(vm, subject, class)? {
        return Ok(NONE);
    }
    let names: &[Value] = names.downcast::<Tuple>().map_or(&[], |names| names.items());
    let (mut values, mut seen): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    let shown = class_object.name();
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

// ---- intrinsics ----------------------------------------------------------------------------------------------------

pub(super) fn intrinsic1(vm: &Vm, frame: &Frame, which: u16, value: &Value) -> PyResult<Value> {
    use taipan_bytecode::Intrinsic1 as I;
    match I::from_u16(which) {
        Some(I::Print) => crate::display(vm, value),
        Some(I::StopIterationError) => Ok(stop_iteration_error(vm, frame, value)?),
        Some(I::AsyncGenWrap) => crate::generator::wrap_async_value(vm, value),
        Some(I::TypeVar) => crate::typing::call(vm, "type_var", &[value.clone()]),
        Some(I::ParamSpec) => crate::typing::call(vm, "param_spec", &[value.clone()]),
        Some(I::TypeVarTuple) => crate::typing::call(vm, "type_var_tuple", &[value.clone()]),
        Some(I::SubscriptGeneric) => crate::typing::call(vm, "subscript_generic", &[value.clone()]),
        Some(I::TypeAlias) => crate::typing::call(vm, "type_alias", &[value.clone()]),
        None => Err(vm.system_error("unknown intrinsic")),
    }
}

fn stop_iteration_error(vm: &Vm, frame: &Frame, exception: &Value) -> PyResult<Value> {
    let types = vm.types();
    let (kind, is_async) = if frame.code.has(CodeFlags::ASYNC_GENERATOR) {
        ("async generator", true)
    } else if frame.code.has(CodeFlags::COROUTINE) {
        ("coroutine", false)
    } else {
        ("generator", false)
    };
    let name = if vm.is_instance(exception, &types.stop_iteration) {
        "StopIteration"
    } else if is_async && vm.is_instance(exception, &types.stop_async_iteration) {
        "StopAsyncIteration"
    } else {
        return Ok(exception.clone());
    };
    let message = Str::new(vm, &format!("{kind} raised {name}"))?;
    let error = BaseException::make(vm, &types.runtime_error, &[message.into()])?;
    error.cause.set(Some(exception.clone()));
    error.context.set(Some(exception.clone()));
    error.suppress_context.set(true);
    Ok(error.into())
}

pub(super) fn intrinsic2(vm: &Vm, which: u16, first: &Value, second: &Value) -> PyResult<Value> {
    use taipan_bytecode::Intrinsic2 as I;
    let both = [first.clone(), second.clone()];
    match I::from_u16(which) {
        Some(I::TypeVarWithBound) => crate::typing::call(vm, "type_var_with_bound", &both),
        Some(I::TypeVarWithConstraints) => crate::typing::call(vm, "type_var_with_constraints", &both),
        Some(I::SetTypeparamDefault) => crate::typing::call(vm, "set_type_parameter_default", &both),
        Some(I::SetFunctionTypeParams) => {
            if let Some(function) = first.downcast::<Function>() {
                function.store_type_params(second.clone());
            }
            Ok(first.clone())
        }
        None => Err(vm.system_error("unknown intrinsic")),
    }
}
