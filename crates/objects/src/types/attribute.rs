//! Attribute access: `getattr` and friends, and the generic `object.__getattribute__` and `object.__setattr__`.
//!
//! Invariant: the order is CPython's: data descriptor of the class, instance attribute, other descriptor or value of the class.

use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::types::{DescrGetFn, DescrSetFn, Type, TypeObject, instance, slot_update, type_flags};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Ref, Value};

impl Vm {
    /// `getattr(object, name)`
    pub fn get_attr(&self, object: &Value, name: &Obj<Str>) -> PyResult<Value> {
        self.check_stack("")?;
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
            let found = generic_find(self, object, name);
            return Ok(self.catch(found, &self.types().attribute_error)?.flatten());
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
        self.check_stack("")?;
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

/// As `generic_get`; `None` when there is no such attribute.
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
    Err(cannot_set(vm, object, name, &class, found.is_some()))
}

#[cold]
fn cannot_set(vm: &Vm, object: &Value, name: &Obj<Str>, class: &Obj<Type>, on_class: bool) -> crate::vm::Raised {
    let (shown, attribute) = (class.tp_name(), name.to_lossy().into_owned());
    if object.header().is_some_and(instance::has_dict) {
        return vm.no_attribute(object, name);
    }
    if on_class {
        return vm.attribute_error_on(&format!("'{shown}' object attribute '{attribute}' is read-only"), object, name);
    }
    let message = format!("'{shown}' object has no attribute '{attribute}' and no __dict__ for setting new attributes");
    vm.attribute_error_on(&message, object, name)
}

/// `type.__getattribute__`
pub fn type_get(vm: &Vm, class: &Obj<Type>, name: &Obj<Str>) -> PyResult<Value> {
    let this = class.to_value();
    let metaclass = vm.class_of_header(class.header()).to_ref();
    let on_metaclass = metaclass.lookup(vm, name);
    if let Some(found) = &on_metaclass
        && let Some(get) = descr_get(vm, found)
        && descr_set(vm, found).is_some()
    {
        return get(vm, found, Some(&this), &metaclass);
    }
    if let Some(found) = class.lookup(vm, name) {
        return match descr_get(vm, &found) {
            Some(get) => get(vm, &found, None, class),
            None => Ok(found),
        };
    }
    match on_metaclass {
        Some(found) => bind(vm, found, &this, &metaclass),
        None => Err(vm.no_attribute(&this, name)),
    }
}

/// Replaces an attribute that is no object by another such value, where that needs no more than the value to change. The first time it does
/// not, but prepares the class for the next.
fn replace_quietly(class: &Obj<Type>, name: &Obj<Str>, value: &Value) -> bool {
    let dict = class.dict();
    let Some(entry) = dict.find_interned_entry(name) else { return false };
    if dict.value_at(entry).is_none_or(|old| old.header().is_some())
        || name.as_ascii().is_none_or(|text| text.starts_with("__"))
    {
        return false;
    }
    if !class.has(type_flags::CHANGING) {
        class.set_flags(type_flags::CHANGING, true);
        return false;
    }
    drop(dict.replace_at(entry, value.clone()));
    true
}

/// `type.__setattr__` and `type.__delattr__`
pub fn type_set(vm: &Vm, class: &Obj<Type>, name: &Obj<Str>, value: Option<&Value>) -> PyResult<()> {
    if class.has(type_flags::IMMUTABLE) {
        let (shown, attribute) = (class.type_name(vm), name.to_lossy());
        return Err(vm.type_error(format!("cannot set '{attribute}' attribute of immutable type '{shown}'")));
    }
    let this = class.to_value();
    let metaclass = vm.class_of_header(class.header()).to_ref();
    let name = vm.interp().intern_str(vm, &name.to_ref());
    if let Some(found) = metaclass.lookup(vm, &name)
        && let Some(set) = descr_set(vm, &found)
    {
        return set(vm, &found, &this, value);
    }
    if let Some(value) = value.filter(|value| value.header().is_none())
        && replace_quietly(class, &name, value)
    {
        return Ok(());
    }
    class.modified();
    match value {
        Some(value) => class.dict().set(vm, &name.to_value(), value.clone())?,
        None => {
            if class.dict().remove(vm, &name.to_value())?.is_none() {
                return Err(vm.no_attribute(&this, &name));
            }
        }
    }
    class.modified();
    slot_update::attribute_changed(vm, class, &name);
    Ok(())
}

/// Whether `__class__` of instances is what every object has.
fn shows_real_class(vm: &Vm, class: &Obj<Type>) -> bool {
    class.has(type_flags::PLAIN_GETATTR) && class.has_of_object(vm, &vm.names().__class__)
}

/// `isinstance(object, classes)` as far as it is said by the MRO: `None` where anything else would have to be asked.
fn is_plainly_instance(vm: &Vm, object: &Value, classes: &[Value]) -> Option<bool> {
    let own = vm.class_of(object);
    for class in classes {
        if own.is(class) {
            return Some(true);
        }
        let plain = class.downcast::<Type>().filter(|_| vm.class_of(class).is_same(&*vm.types().type_))?;
        if own.is_subclass(plain) {
            return Some(true);
        }
        if !shows_real_class(vm, own) {
            return None;
        }
    }
    Some(false)
}

/// `type.__instancecheck__`: by the real class, then by `__class__`.
pub fn real_is_instance(vm: &Vm, instance: &Value, class: &Obj<Type>) -> PyResult<bool> {
    if vm.is_instance(instance, class) {
        return Ok(true);
    }
    if shows_real_class(vm, vm.class_of(instance)) {
        return Ok(false);
    }
    let shown = vm.find_attr(instance, &vm.names().__class__)?;
    let shown = shown.as_ref().and_then(|shown| shown.downcast::<Type>());
    Ok(shown.is_some_and(|shown| shown.is_subclass(class)))
}

/// `__bases__` of anything that has them as a tuple.
fn abstract_bases(vm: &Vm, class: &Value) -> PyResult<Option<Ref<Tuple>>> {
    let bases = vm.find_attr(class, &vm.names().__bases__)?;
    Ok(bases.and_then(|bases| bases.downcast_into::<Tuple>().ok()))
}

/// `type.__subclasscheck__`: by the MRO, or by `__bases__` where either is no class.
pub fn real_is_subclass(vm: &Vm, class: &Value, other: &Value) -> PyResult<bool> {
    if let (Some(class), Some(other)) = (class.downcast::<Type>(), other.downcast::<Type>()) {
        return Ok(class.is_subclass(other));
    }
    if abstract_bases(vm, class)?.is_none() {
        return Err(vm.type_error("issubclass() arg 1 must be a class"));
    }
    if abstract_bases(vm, other)?.is_none() {
        return Err(vm.type_error("issubclass() arg 2 must be a class, a tuple of classes, or a union"));
    }
    abstract_is_subclass(vm, class, other)
}

fn abstract_is_subclass(vm: &Vm, class: &Value, other: &Value) -> PyResult<bool> {
    vm.recursive(" in __issubclass__", || {
        if class.is(other) {
            return Ok(true);
        }
        let Some(bases) = abstract_bases(vm, class)? else { return Ok(false) };
        for base in bases.items() {
            if abstract_is_subclass(vm, base, other)? {
                return Ok(true);
            }
        }
        Ok(false)
    })
}

impl Vm {
    /// `isinstance(object, class)` with all its hooks; `class` may be a tuple or a union.
    pub fn is_instance_of(&self, object: &Value, class: &Value) -> PyResult<bool> {
        if self.class_of(object).is(class) {
            return Ok(true);
        }
        if let Some(own) = class.downcast::<Type>()
            && self.class_of(class).is_same(&*self.types().type_)
        {
            return real_is_instance(self, object, own);
        }
        if let Some(classes) = class_tuple(class) {
            if let Some(answer) = is_plainly_instance(self, object, classes.items()) {
                return Ok(answer);
            }
            return self.recursive(" in __instancecheck__", || {
                any(classes.items(), |class| self.is_instance_of(object, class))
            });
        }
        let checked = self.recursive(" in __instancecheck__", || {
            self.call_special(class, &self.names().__instancecheck__, std::slice::from_ref(object))
        })?;
        match checked {
            Some(answer) => self.is_true(&answer),
            None if class.downcast::<Type>().is_none() && abstract_bases(self, class)?.is_none() => {
                Err(self.type_error("isinstance() arg 2 must be a type, a tuple of types, or a union"))
            }
            None => match self.find_attr(object, &self.names().__class__)? {
                Some(own) => abstract_is_subclass(self, &own, class),
                None => Ok(false),
            },
        }
    }

    /// `issubclass(class, other)` with all its hooks; `other` may be a tuple or a union.
    pub fn is_subclass_of(&self, class: &Value, other: &Value) -> PyResult<bool> {
        if other.downcast::<Type>().is_some() && self.class_of(other).is_same(&*self.types().type_) {
            return if class.is(other) { Ok(true) } else { real_is_subclass(self, class, other) };
        }
        if let Some(classes) = class_tuple(other) {
            return self.recursive(" in __subclasscheck__", || {
                any(classes.items(), |other| self.is_subclass_of(class, other))
            });
        }
        let checked = self.recursive(" in __subclasscheck__", || {
            self.call_special(other, &self.names().__subclasscheck__, std::slice::from_ref(class))
        })?;
        match checked {
            Some(answer) => self.is_true(&answer),
            None => real_is_subclass(self, class, other),
        }
    }
}

/// The classes of a tuple or union.
fn class_tuple(class: &Value) -> Option<Ref<Tuple>> {
    if let Some(union) = class.downcast::<crate::builtins::union::Union>() {
        return Some(union.args.clone());
    }
    class.clone().downcast_into::<Tuple>().ok()
}

fn any(classes: &[Value], mut f: impl FnMut(&Value) -> PyResult<bool>) -> PyResult<bool> {
    for class in classes {
        if f(class)? {
            return Ok(true);
        }
    }
    Ok(false)
}
