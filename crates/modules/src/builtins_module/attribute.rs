//! `callable`, `delattr`, `dir`, `getattr`, `hasattr`, `isinstance`, `issubclass`, `setattr`, `vars`.
//!
//! Invariant: attribute names are strs; everything else goes through the object's own slots.

use taipan_heap::{Obj, Ref, Value};
use taipan_macros::pymodule;
use taipan_objects::builtins::{list::List, str::Str};
use taipan_objects::vm::{PyResult, Vm};

/// Functions on attributes and classes.
#[pymodule(name = "builtins")]
pub mod functions {
    use super::*;

    /// Return whether the object is callable (i.e., some kind of function).
    ///
    /// Note that classes are callable, as are instances of classes with a
    /// __call__() method.
    #[function(sig = "obj, /", fixed)]
    pub fn callable(vm: &Vm, obj: &Value) -> bool {
        vm.class_of(obj).slots.call.get().is_some()
    }

    /// Deletes the named attribute from the given object.
    ///
    /// delattr(x, 'y') is equivalent to ``del x.y``
    #[function(sig = "obj, name, /")]
    pub fn delattr(vm: &Vm, obj: &Value, name: &Value) -> PyResult<()> {
        vm.assign_attr(obj, attribute_name(vm, name)?, None)
    }

    /// dir([object]) -> list of strings
    ///
    /// If called without an argument, return the names in the current scope.
    /// Else, return an alphabetized list of names comprising (some of) the attributes
    /// of the given object, and of attributes reachable from it.
    #[function]
    pub fn dir(vm: &Vm, obj: Option<&Value>) -> PyResult<Ref<List>> {
        let names = match obj {
            None => match taipan_interp::frame::current(vm, 0)? {
                Some(frame) => {
                    let locals = frame.locals(vm)?;
                    vm.call_method(&locals, &vm.names().keys, &[])?
                }
                None => return Err(vm.system_error("frame does not exist")),
            },
            Some(obj) => match vm.call_special(obj, &vm.names().__dir__, &[])? {
                Some(names) => names,
                None => return Err(vm.type_error("object does not provide __dir__")),
            },
        };
        let list = List::from_iterable(vm, &names)?;
        vm.call_method(&list.to_value(), &*vm.intern("sort")?, &[])?;
        Ok(list)
    }

    /// getattr(object, name[, default]) -> value
    ///
    /// Get a named attribute from an object; getattr(x, 'y') is equivalent to x.y.
    /// When a default argument is given, it is returned when the attribute doesn't
    /// exist; without it, an exception is raised in that case.
    #[function(fixed)]
    pub fn getattr(vm: &Vm, obj: &Value, name: &Value, default: Option<&Value>) -> PyResult<Value> {
        let name = attribute_name(vm, name)?;
        match default {
            None => vm.get_attr(obj, name),
            Some(default) => Ok(vm.find_attr(obj, name)?.unwrap_or_else(|| default.clone())),
        }
    }

    /// Return whether the object has an attribute with the given name.
    ///
    /// This is done by calling getattr(obj, name) and catching AttributeError.
    #[function(sig = "obj, name, /", fixed)]
    pub fn hasattr(vm: &Vm, obj: &Value, name: &Value) -> PyResult<bool> {
        Ok(vm.find_attr(obj, attribute_name(vm, name)?)?.is_some())
    }

    /// Return whether an object is an instance of a class or of a subclass thereof.
    ///
    /// A tuple, as in ``isinstance(x, (A, B, ...))``, may be given as the target to
    /// check against. This is equivalent to ``isinstance(x, A) or isinstance(x, B)
    /// or ...`` etc.
    #[function(sig = "obj, class_or_tuple, /", fixed)]
    pub fn isinstance(vm: &Vm, obj: &Value, class_or_tuple: &Value) -> PyResult<bool> {
        vm.is_instance_of(obj, class_or_tuple)
    }

    /// Return whether 'cls' is derived from another class or is the same class.
    ///
    /// A tuple, as in ``issubclass(x, (A, B, ...))``, may be given as the target to
    /// check against. This is equivalent to ``issubclass(x, A) or issubclass(x, B)
    /// or ...``.
    #[function(sig = "cls, class_or_tuple, /", fixed)]
    pub fn issubclass(vm: &Vm, cls: &Value, class_or_tuple: &Value) -> PyResult<bool> {
        vm.is_subclass_of(cls, class_or_tuple)
    }

    /// Sets the named attribute on the given object to the specified value.
    ///
    /// setattr(x, 'y', v) is equivalent to ``x.y = v``
    #[function(sig = "obj, name, value, /")]
    pub fn setattr(vm: &Vm, obj: &Value, name: &Value, value: &Value) -> PyResult<()> {
        vm.assign_attr(obj, attribute_name(vm, name)?, Some(value))
    }

    /// vars([object]) -> dictionary
    ///
    /// Without arguments, equivalent to locals().
    /// With an argument, equivalent to object.__dict__.
    #[function]
    pub fn vars(vm: &Vm, object: Option<&Value>) -> PyResult<Value> {
        let Some(object) = object else {
            return super::super::code::functions::locals(vm);
        };
        match vm.find_attr(object, &vm.names().__dict__)? {
            Some(dict) => Ok(dict),
            None => Err(vm.type_error("vars() argument must have __dict__ attribute")),
        }
    }
}

fn attribute_name<'a>(vm: &Vm, name: &'a Value) -> PyResult<&'a Obj<Str>> {
    match name.downcast::<Str>() {
        Some(name) => Ok(name),
        None => {
            let given = vm.type_name(name);
            Err(vm.type_error(format!("attribute name must be string, not '{given}'")))
        }
    }
}
