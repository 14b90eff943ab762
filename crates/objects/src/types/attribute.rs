//! Attribute access: `getattr` and friends, and the generic `object.__getattribute__` and `object.__setattr__`.
//!
//! Invariant: the order is CPython's: data descriptor of the class, instance attribute, other descriptor or value of the class.

use crate::builtins::str::Str;
use crate::types::{DescrGetFn, DescrSetFn, Type, TypeObject, instance, type_flags};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Value};

impl Vm {
    /// `getattr(object, name)`
    pub fn get_attr(&self, object: &Value, name: &Obj<Str>) -> PyResult<Value> {
        match self.class_of(object).slots.getattr.get() {
            Some(function) => function(self, object, name),
            None => Err(self.no_attribute(object, name)),
        }
    }

    /// `getattr(object, name)` with the name as Rust text.
    pub fn get_attr_text(&self, object: &Value, name: &str) -> PyResult<Value> {
        let name = self.intern(name)?;
        self.get_attr(object, &name)
    }

    /// `getattr(object, name, None)` that tells absence (AttributeError) apart.
    pub fn find_attr(&self, object: &Value, name: &Obj<Str>) -> PyResult<Option<Value>> {
        let class = self.class_of(object);
        if class.has(type_flags::PLAIN_GETATTR) {
            return generic_find(self, object, name);
        }
        let found = self.get_attr(object, name);
        self.catch(found, &self.types().attribute_error)
    }

    /// `setattr(object, name, value)`
    pub fn set_attr(&self, object: &Value, name: &Obj<Str>, value: Value) -> PyResult<()> {
        self.assign_attr(object, name, Some(&value))
    }

    /// `setattr` (`Some`) or `delattr` (`None`).
    pub fn assign_attr(&self, object: &Value, name: &Obj<Str>, value: Option<&Value>) -> PyResult<()> {
        match self.class_of(object).slots.setattr.get() {
            Some(function) => function(self, object, name, value),
            None => Err(self.no_attribute(object, name)),
        }
    }

    /// Looks a special method up on the class of `object` and binds it: what implicit calls of special methods do.
    pub fn find_special(&self, object: &Value, name: &Obj<Str>) -> PyResult<Option<Value>> {
        let class = self.class_of(object).to_ref();
        let Some(found) = class.lookup(self, name) else { return Ok(None) };
        bind(self, found, object, &class).map(Some)
    }
}

/// `found`, an attribute of `class`, as seen through `object`.
pub fn bind(vm: &Vm, found: Value, object: &Value, class: &Obj<Type>) -> PyResult<Value> {
    match descr_get(vm, &found) {
        Some(get) => get(vm, &found, Some(object), class),
        None => Ok(found),
    }
}

/// The `__get__` of a value's class.
#[inline]
pub fn descr_get(vm: &Vm, value: &Value) -> Option<DescrGetFn> {
    vm.class_of(value).slots.descr_get.get()
}

/// The `__set__` of a value's class.
#[inline]
pub fn descr_set(vm: &Vm, value: &Value) -> Option<DescrSetFn> {
    vm.class_of(value).slots.descr_set.get()
}

/// `object.__getattribute__`
pub fn generic_get(vm: &Vm, object: &Value, name: &Obj<Str>) -> PyResult<Value> {
    match generic_find(vm, object, name)? {
        Some(value) => Ok(value),
        None => Err(vm.no_attribute(object, name)),
    }
}

/// As `generic_get`; `None` when there is no such attribute (an AttributeError from a descriptor is `None` too).
pub fn generic_find(vm: &Vm, object: &Value, name: &Obj<Str>) -> PyResult<Option<Value>> {
    let class = vm.class_of(object).to_ref();
    let found = class.lookup(vm, name);
    if let Some(found) = &found
        && let Some(get) = descr_get(vm, found)
        && descr_set(vm, found).is_some()
    {
        return get(vm, found, Some(object), &class).map(Some);
    }
    if let Some(header) = object.header()
        && let Some(value) = instance::get(vm, header, name)?
    {
        return Ok(Some(value));
    }
    match found {
        Some(found) => bind(vm, found, object, &class).map(Some),
        None => Ok(None),
    }
}

/// `object.__setattr__` and `object.__delattr__`
pub fn generic_set(vm: &Vm, object: &Value, name: &Obj<Str>, value: Option<&Value>) -> PyResult<()> {
    let class = vm.class_of(object).to_ref();
    let found = class.lookup(vm, name);
    if let Some(found) = &found
        && let Some(set) = descr_set(vm, found)
    {
        return set(vm, found, object, value);
    }
    if let Some(header) = object.header()
        && instance::set(vm, header, name, value)?
    {
        return Ok(());
    }
    Err(cannot_set(vm, object, name, &class, found.is_some(), value.is_some()))
}

#[cold]
fn cannot_set(
    vm: &Vm,
    object: &Value,
    name: &Obj<Str>,
    class: &Obj<Type>,
    on_class: bool,
    setting: bool,
) -> crate::vm::Raised {
    let (shown, attribute) = (class.name(), name.to_lossy().into_owned());
    if object.header().is_some_and(instance::has_dict) {
        return vm.no_attribute(object, name);
    }
    if on_class {
        return vm.attribute_error_on(&format!("'{shown}' object attribute '{attribute}' is read-only"), object, name);
    }
    let tail = if setting { " and no __dict__ for setting new attributes" } else { "" };
    vm.attribute_error_on(&format!("'{shown}' object has no attribute '{attribute}'{tail}"), object, name)
}
