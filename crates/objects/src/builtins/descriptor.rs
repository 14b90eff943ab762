//! Descriptors that Python code makes: `property`, `classmethod`, `staticmethod`, bound methods, and the members of `__slots__`.
//!
//! Invariant: none of them looks at more than the descriptor protocol gives it.

use crate::builtins::function::StaticGetSet;
use crate::builtins::str::Str;
use crate::builtins::{NONE, NOT_IMPLEMENTED, boolean, is_none};
use crate::native::{Args, GetSetDef, IntoValue};
use crate::types::{CompareOp, Type, TypeObject, attribute, instance};
use crate::vm::{PyResult, Vm};
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Slot, Value, slots_of};
use taipan_macros::pytype;

/// Copies what describes a function to the object that wraps it.
fn copy_description(vm: &Vm, wrapper: &Value, function: &Value) -> PyResult<()> {
    let names = vm.names();
    let Some(header) = wrapper.header() else { return Ok(()) };
    for name in [&names.__module__, &names.__name__, &names.__qualname__, &names.__doc__] {
        if let Some(value) = vm.find_attr(function, name)? {
            instance::set(vm, header, name, Some(&value))?;
        }
    }
    Ok(())
}

/// An annotation attribute of a wrapped function, kept in the wrapper once it was read.
fn wrapped_attribute(vm: &Vm, wrapper: &Value, function: Option<Value>, name: &Obj<Str>) -> PyResult<Value> {
    let Some(header) = wrapper.header() else { return Ok(NONE) };
    if let Some(own) = instance::get(vm, header, name)? {
        return Ok(own);
    }
    let Some(function) = function else { return Err(vm.no_attribute(wrapper, name)) };
    let value = vm.get_attr(&function, name)?;
    instance::set(vm, header, name, Some(&value))?;
    Ok(value)
}

fn set_wrapped_attribute(vm: &Vm, wrapper: &Value, name: &Obj<Str>, value: Option<&Value>) -> PyResult<()> {
    match wrapper.header() {
        Some(header) if instance::set(vm, header, name, value)? => Ok(()),
        _ => Err(vm.no_attribute(wrapper, name)),
    }
}

/// Whether a wrapped function says that it is abstract.
fn is_abstract(vm: &Vm, function: Option<Value>) -> PyResult<bool> {
    let Some(function) = function else { return Ok(false) };
    vm.recursive("", || match vm.find_attr(&function, &vm.names().__isabstractmethod__)? {
        Some(flag) => vm.is_true(&flag),
        None => Ok(false),
    })
}

/// `staticmethod`
#[derive(Payload)]
#[payload(name = "staticmethod")]
pub struct StaticMethod {
    /// What it wraps.
    pub function: Slot,
}

/// staticmethod(function, /)
/// --
///
/// Convert a function to be a static method.
///
/// A static method does not receive an implicit first argument.
/// Both the class and the instance arguments are ignored.
#[pytype(name = "staticmethod", flags = BASETYPE | HAS_DICT)]
impl StaticMethod {
    /// A static method around `function`.
    pub fn wrap(vm: &Vm, function: Value) -> PyResult<Ref<StaticMethod>> {
        vm.alloc_instance(&vm.types().static_method, StaticMethod { function: Slot::new(Some(function)) })
    }

    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, _args: Args<'_>) -> PyResult<Value> {
        Ok(vm.alloc_instance(class, StaticMethod { function: Slot::new(Some(NONE)) })?.into())
    }

    #[slot]
    fn init(this: &Obj<StaticMethod>, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        args.no_keywords(vm, "staticmethod")?;
        let function = &args.expect(vm, "staticmethod", 1, 1)?[0];
        this.function.set(Some(function.clone()));
        copy_description(vm, &this.to_value(), function)
    }

    #[slot]
    fn descr_get(this: &Obj<StaticMethod>, vm: &Vm, _instance: Option<&Value>, _class: &Obj<Type>) -> PyResult<Value> {
        this.function.get().ok_or_else(|| vm.runtime_error("uninitialized staticmethod object"))
    }

    #[slot]
    fn call(this: &Obj<StaticMethod>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        crate::types::call::call(vm, &this.function.get().unwrap_or(NONE), args)
    }

    #[slot]
    fn repr(this: &Obj<StaticMethod>, vm: &Vm) -> PyResult<String> {
        Ok(format!("<staticmethod({})>", vm.repr(&this.function.get().unwrap_or(NONE))?.to_lossy()))
    }

    #[getter(member)]
    fn __func__(this: &Obj<StaticMethod>) -> Value {
        this.function.get().unwrap_or(NONE)
    }

    #[getter(member)]
    fn __wrapped__(this: &Obj<StaticMethod>) -> Value {
        this.function.get().unwrap_or(NONE)
    }

    #[getter]
    fn __isabstractmethod__(this: &Obj<StaticMethod>, vm: &Vm) -> PyResult<bool> {
        is_abstract(vm, this.function.get())
    }

    #[getter]
    fn __annotations__(this: &Obj<StaticMethod>, vm: &Vm) -> PyResult<Value> {
        wrapped_attribute(vm, &this.to_value(), this.function.get(), &vm.names().__annotations__)
    }

    #[setter(name = "__annotations__")]
    fn change_annotations(this: &Obj<StaticMethod>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        set_wrapped_attribute(vm, &this.to_value(), &vm.names().__annotations__, value)
    }

    #[getter]
    fn __annotate__(this: &Obj<StaticMethod>, vm: &Vm) -> PyResult<Value> {
        wrapped_attribute(vm, &this.to_value(), this.function.get(), &vm.names().__annotate__)
    }

    #[setter(name = "__annotate__")]
    fn change_annotate(this: &Obj<StaticMethod>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        set_wrapped_attribute(vm, &this.to_value(), &vm.names().__annotate__, value)
    }

    #[classmethod]
    fn __class_getitem__(class: &Value, vm: &Vm, item: &Value) -> PyResult<Value> {
        crate::builtins::generic_alias::GenericAlias::make(vm, class, item)
    }
}

/// `classmethod`
#[derive(Payload)]
#[payload(name = "classmethod")]
pub struct ClassMethod {
    /// What it wraps.
    pub function: Slot,
}

/// classmethod(function, /)
/// --
///
/// Convert a function to be a class method.
///
/// A class method receives the class as implicit first argument,
/// just like an instance method receives the instance.
#[pytype(name = "classmethod", flags = BASETYPE | HAS_DICT)]
impl ClassMethod {
    /// A class method around `function`.
    pub fn wrap(vm: &Vm, function: Value) -> PyResult<Ref<ClassMethod>> {
        vm.alloc_instance(&vm.types().class_method, ClassMethod { function: Slot::new(Some(function)) })
    }

    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, _args: Args<'_>) -> PyResult<Value> {
        Ok(vm.alloc_instance(class, ClassMethod { function: Slot::new(Some(NONE)) })?.into())
    }

    #[slot]
    fn init(this: &Obj<ClassMethod>, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        args.no_keywords(vm, "classmethod")?;
        let function = &args.expect(vm, "classmethod", 1, 1)?[0];
        this.function.set(Some(function.clone()));
        copy_description(vm, &this.to_value(), function)
    }

    #[slot]
    fn descr_get(this: &Obj<ClassMethod>, vm: &Vm, _instance: Option<&Value>, class: &Obj<Type>) -> PyResult<Value> {
        let Some(function) = this.function.get() else {
            return Err(vm.runtime_error("uninitialized classmethod object"));
        };
        Ok(BoundMethod::new(vm, function, class.to_value())?.into())
    }

    #[slot]
    fn repr(this: &Obj<ClassMethod>, vm: &Vm) -> PyResult<String> {
        Ok(format!("<classmethod({})>", vm.repr(&this.function.get().unwrap_or(NONE))?.to_lossy()))
    }

    #[getter(member)]
    fn __func__(this: &Obj<ClassMethod>) -> Value {
        this.function.get().unwrap_or(NONE)
    }

    #[getter(member)]
    fn __wrapped__(this: &Obj<ClassMethod>) -> Value {
        this.function.get().unwrap_or(NONE)
    }

    #[getter]
    fn __isabstractmethod__(this: &Obj<ClassMethod>, vm: &Vm) -> PyResult<bool> {
        is_abstract(vm, this.function.get())
    }

    #[getter]
    fn __annotations__(this: &Obj<ClassMethod>, vm: &Vm) -> PyResult<Value> {
        wrapped_attribute(vm, &this.to_value(), this.function.get(), &vm.names().__annotations__)
    }

    #[setter(name = "__annotations__")]
    fn change_annotations(this: &Obj<ClassMethod>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        set_wrapped_attribute(vm, &this.to_value(), &vm.names().__annotations__, value)
    }

    #[getter]
    fn __annotate__(this: &Obj<ClassMethod>, vm: &Vm) -> PyResult<Value> {
        wrapped_attribute(vm, &this.to_value(), this.function.get(), &vm.names().__annotate__)
    }

    #[setter(name = "__annotate__")]
    fn change_annotate(this: &Obj<ClassMethod>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        set_wrapped_attribute(vm, &this.to_value(), &vm.names().__annotate__, value)
    }

    #[classmethod]
    fn __class_getitem__(class: &Value, vm: &Vm, item: &Value) -> PyResult<Value> {
        crate::builtins::generic_alias::GenericAlias::make(vm, class, item)
    }
}

/// `method`: a callable with the self it is called with.
#[derive(Payload)]
#[payload(name = "method")]
pub struct BoundMethod {
    /// `__func__`
    pub function: Value,
    /// `__self__`
    pub bound: Value,
}

/// method(function, instance, /)
/// --
///
/// Create a bound instance method object.
#[pytype(name = "method")]
impl BoundMethod {
    /// `function` bound to `bound`.
    #[inline]
    pub fn new(vm: &Vm, function: Value, bound: Value) -> PyResult<Ref<BoundMethod>> {
        vm.alloc(&*vm.types().method, BoundMethod { function, bound })
    }

    #[slot(new)]
    fn construct(_class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let args = args.expect(vm, "method", 2, 2)?;
        let [function, bound] = args else { return Ok(NONE) };
        if vm.class_of(function).slots.call.get().is_none() {
            return Err(vm.type_error("first argument must be callable"));
        }
        if is_none(bound) {
            return Err(vm.type_error("instance must not be None"));
        }
        Ok(BoundMethod::new(vm, function.clone(), bound.clone())?.into())
    }

    #[slot]
    fn call(this: &Obj<BoundMethod>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        if args.names.is_empty() {
            return vm.call_unbound(&this.function, &this.bound, args.values);
        }
        let mut values = Vec::with_capacity(args.values.len() + 1);
        values.push(this.bound.clone());
        values.extend_from_slice(args.values);
        crate::types::call::call(vm, &this.function, Args { values: &values, names: args.names })
    }

    #[slot]
    fn getattr(this: &Obj<BoundMethod>, vm: &Vm, name: &Obj<Str>) -> PyResult<Value> {
        let value = this.to_value();
        let class = &vm.types().method;
        if let Some(found) = class.lookup(vm, name) {
            return attribute::bind(vm, found, &value, class);
        }
        vm.get_attr(&this.function, name)
    }

    #[slot]
    fn descr_get(this: &Obj<BoundMethod>, _instance: Option<&Value>, _class: &Obj<Type>) -> PyResult<Value> {
        Ok(this.to_value())
    }

    #[slot]
    fn repr(this: &Obj<BoundMethod>, vm: &Vm) -> PyResult<String> {
        let names = vm.names();
        let shown = match vm.find_attr(&this.function, &names.__qualname__)? {
            Some(name) => Some(name),
            None => vm.find_attr(&this.function, &names.__name__)?,
        };
        let name = match &shown {
            Some(name) if name.downcast::<Str>().is_some() => Str::display(name),
            _ => "?".to_owned(),
        };
        Ok(format!("<bound method {name} of {}>", vm.repr(&this.bound)?.to_lossy()))
    }

    #[slot]
    fn hash(this: &Obj<BoundMethod>, vm: &Vm) -> PyResult<i64> {
        let hash = taipan_numeric::hash::hash_identity(this.bound.bits()) ^ vm.hash(&this.function)?;
        Ok(if hash == -1 { -2 } else { hash })
    }

    #[slot]
    fn compare(this: &Obj<BoundMethod>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        let Some(other) = other.downcast::<BoundMethod>() else { return Ok(NOT_IMPLEMENTED) };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(NOT_IMPLEMENTED);
        }
        let equal = this.bound.is(&other.bound) && vm.is_equal(&this.function, &other.function)?;
        Ok(boolean(equal == (op == CompareOp::Eq)))
    }

    /// the function (or other callable) implementing a method
    #[getter(member)]
    fn __func__(this: &Obj<BoundMethod>) -> Value {
        this.function.clone()
    }

    /// the instance to which a method is bound
    #[getter(member)]
    fn __self__(this: &Obj<BoundMethod>) -> Value {
        this.bound.clone()
    }

    #[getter]
    fn __doc__(this: &Obj<BoundMethod>, vm: &Vm) -> PyResult<Value> {
        Ok(vm.find_attr(&this.function, &vm.names().__doc__)?.unwrap_or(NONE))
    }

    #[method]
    fn __reduce__(this: &Obj<BoundMethod>, vm: &Vm) -> PyResult<Value> {
        let name = vm.get_attr(&this.function, &vm.names().__name__)?;
        crate::builtins::function::reduce_as_attribute(vm, &this.bound, &Str::display(&name))
    }
}

/// `property`
#[derive(Payload)]
#[payload(name = "property")]
pub struct Property {
    /// `fget`
    pub getter: Slot,
    /// `fset`
    pub setter: Slot,
    /// `fdel`
    pub deleter: Slot,
    /// `__doc__`
    pub doc: Slot,
    /// `__name__`
    pub name: Slot,
    /// Whether the documentation is the getter's.
    pub getter_doc: Cell<bool>,
}

/// property(fget=None, fset=None, fdel=None, doc=None)
/// --
///
/// Property attribute.
///
///   fget
///     function to be used for getting an attribute value
///   fset
///     function to be used for setting an attribute value
///   fdel
///     function to be used for del'ing an attribute
///   doc
///     docstring
#[pytype(name = "property", flags = BASETYPE)]
impl Property {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, _args: Args<'_>) -> PyResult<Value> {
        let empty = Property {
            getter: Slot::default(),
            setter: Slot::default(),
            deleter: Slot::default(),
            doc: Slot::default(),
            name: Slot::default(),
            getter_doc: Cell::new(false),
        };
        Ok(vm.alloc_instance(class, empty)?.into())
    }

    #[slot(sig = "fget=None, fset=None, fdel=None, doc=None")]
    fn init(
        this: &Obj<Property>,
        vm: &Vm,
        fget: Option<Value>,
        fset: Option<Value>,
        fdel: Option<Value>,
        doc: Option<Value>,
    ) -> PyResult<()> {
        let given = |value: Option<Value>| value.filter(|value| !is_none(value));
        let getter = given(fget);
        this.getter.set(getter.clone());
        this.setter.set(given(fset));
        this.deleter.set(given(fdel));
        this.getter_doc.set(false);
        let mut doc = given(doc);
        if doc.is_none()
            && let Some(getter) = &getter
        {
            doc = vm.find_attr(getter, &vm.names().__doc__)?.filter(|doc| !is_none(doc));
            this.getter_doc.set(doc.is_some());
        }
        this.set_doc_of(vm, doc)
    }

    #[slot]
    fn descr_get(this: &Obj<Property>, vm: &Vm, instance: Option<&Value>, _class: &Obj<Type>) -> PyResult<Value> {
        let Some(instance) = instance else { return Ok(this.to_value()) };
        match this.getter.get() {
            Some(getter) => vm.call(&getter, std::slice::from_ref(instance)),
            None => Err(this.lacks(vm, "getter", instance)),
        }
    }

    #[slot]
    fn descr_set(this: &Obj<Property>, vm: &Vm, instance: &Value, value: Option<&Value>) -> PyResult<()> {
        let (function, what) = match value {
            Some(_) => (this.setter.get(), "setter"),
            None => (this.deleter.get(), "deleter"),
        };
        match (function, value) {
            (None, _) => Err(this.lacks(vm, what, instance)),
            (Some(function), Some(value)) => vm.call(&function, &[instance.clone(), value.clone()]).map(drop),
            (Some(function), None) => vm.call(&function, std::slice::from_ref(instance)).map(drop),
        }
    }

    /// Descriptor to obtain a copy of the property with a different getter.
    #[method]
    fn getter(this: &Obj<Property>, vm: &Vm, function: &Value) -> PyResult<Value> {
        this.copied(vm, Some(function), None, None)
    }

    /// Descriptor to obtain a copy of the property with a different setter.
    #[method]
    fn setter(this: &Obj<Property>, vm: &Vm, function: &Value) -> PyResult<Value> {
        this.copied(vm, None, Some(function), None)
    }

    /// Descriptor to obtain a copy of the property with a different deleter.
    #[method]
    fn deleter(this: &Obj<Property>, vm: &Vm, function: &Value) -> PyResult<Value> {
        this.copied(vm, None, None, Some(function))
    }

    /// Method to set name of a property.
    #[method]
    fn __set_name__(this: &Obj<Property>, vm: &Vm, args: crate::native::FuncArgs<'_>) -> PyResult<()> {
        let args = args.0.positionals();
        let [_, name] = args else {
            let given = args.len();
            return Err(vm.type_error(format!("__set_name__() takes 2 positional arguments but {given} were given")));
        };
        this.name.set(Some(name.clone()));
        Ok(())
    }

    #[getter(member)]
    fn fget(this: &Obj<Property>) -> Value {
        this.getter.get().unwrap_or(NONE)
    }

    #[getter(member)]
    fn fset(this: &Obj<Property>) -> Value {
        this.setter.get().unwrap_or(NONE)
    }

    #[getter(member)]
    fn fdel(this: &Obj<Property>) -> Value {
        this.deleter.get().unwrap_or(NONE)
    }

    #[getter]
    fn __doc__(this: &Obj<Property>) -> Value {
        this.doc.get().unwrap_or(NONE)
    }

    #[setter(name = "__doc__")]
    fn change_doc(this: &Obj<Property>, value: Option<&Value>) -> PyResult<()> {
        this.doc.set(value.cloned());
        Ok(())
    }

    #[getter]
    fn __name__(this: &Obj<Property>, vm: &Vm) -> PyResult<Value> {
        match this.shown_name(vm)? {
            Some(name) => Ok(name),
            None => Err(vm.no_attribute(&this.to_value(), &vm.names().__name__)),
        }
    }

    #[setter(name = "__name__")]
    fn change_name(this: &Obj<Property>, value: Option<&Value>) -> PyResult<()> {
        this.name.set(value.cloned());
        Ok(())
    }

    #[getter]
    fn __isabstractmethod__(this: &Obj<Property>, vm: &Vm) -> PyResult<bool> {
        for function in [&this.getter, &this.setter, &this.deleter] {
            if is_abstract(vm, function.get())? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Operations of a property object.
trait PropertyObject {
    fn set_doc_of(&self, vm: &Vm, doc: Option<Value>) -> PyResult<()>;
    fn shown_name(&self, vm: &Vm) -> PyResult<Option<Value>>;
    fn lacks(&self, vm: &Vm, what: &str, instance: &Value) -> crate::vm::Raised;
    fn copied(
        &self,
        vm: &Vm,
        getter: Option<&Value>,
        setter: Option<&Value>,
        deleter: Option<&Value>,
    ) -> PyResult<Value>;
}

impl PropertyObject for Obj<Property> {
    /// A subclass keeps the documentation as an attribute of the instance, as far as it has attributes.
    fn set_doc_of(&self, vm: &Vm, doc: Option<Value>) -> PyResult<()> {
        let class = vm.class_of_header(self.header()).to_ref();
        if class.is_same(&*vm.types().property) {
            self.doc.set(doc);
            return Ok(());
        }
        let set = vm.set_attr(&self.to_value(), &vm.names().__doc__, doc.unwrap_or(NONE));
        if self.getter_doc.get() {
            return set;
        }
        vm.catch(set, &vm.types().attribute_error).map(drop)
    }

    fn shown_name(&self, vm: &Vm) -> PyResult<Option<Value>> {
        if let Some(name) = self.name.get() {
            return Ok(Some(name));
        }
        match self.getter.get() {
            Some(getter) => vm.find_attr(&getter, &vm.names().__name__),
            None => Ok(None),
        }
    }

    #[cold]
    fn lacks(&self, vm: &Vm, what: &str, instance: &Value) -> crate::vm::Raised {
        let class = vm.class_of(instance).to_ref();
        let qualname = class.qualname.get().map_or_else(|| class.name().to_string(), |name| Str::display(&name));
        let name = match self.shown_name(vm).and_then(|name| name.map(|name| vm.repr(&name)).transpose()) {
            Ok(Some(name)) => format!("property {} of '{qualname}' object", name.to_lossy()),
            Ok(None) => format!("property of '{qualname}' object"),
            Err(raised) => return raised,
        };
        vm.attribute_error(format!("{name} has no {what}"))
    }

    fn copied(
        &self,
        vm: &Vm,
        getter: Option<&Value>,
        setter: Option<&Value>,
        deleter: Option<&Value>,
    ) -> PyResult<Value> {
        let chosen = |new: Option<&Value>, old: &Slot| {
            new.filter(|new| !is_none(new)).cloned().or_else(|| old.get()).unwrap_or(NONE)
        };
        let getter = chosen(getter, &self.getter);
        let doc = if self.getter_doc.get() && !is_none(&getter) { NONE } else { self.doc.get().unwrap_or(NONE) };
        let class = vm.class_of_header(self.header()).to_value();
        let made = vm.call(&class, &[getter, chosen(setter, &self.setter), chosen(deleter, &self.deleter), doc])?;
        if let Some(made) = made.downcast::<Property>() {
            made.name.set(self.name.get());
        }
        Ok(made)
    }
}

/// Where the value of a member is.
#[derive(Clone, Copy)]
pub enum MemberPlace {
    /// A slot of the instance, by its index.
    Slot(usize),
    /// The payload of a builtin class.
    Native(StaticGetSet),
}

taipan_heap::no_references!(MemberPlace);

/// A member of `__slots__`, or what a builtin class shows of its payload.
#[derive(Payload)]
#[payload(name = "member_descriptor")]
pub struct MemberDescriptor {
    /// The attribute's name.
    pub name: Value,
    /// Where its value is.
    pub place: MemberPlace,
    /// `__objclass__`
    pub class: Ref<Type>,
}

#[pytype(name = "member_descriptor", flags = DISALLOW_INSTANTIATION)]
impl MemberDescriptor {
    #[slot]
    fn descr_get(
        this: &Obj<MemberDescriptor>,
        vm: &Vm,
        instance: Option<&Value>,
        _class: &Obj<Type>,
    ) -> PyResult<Value> {
        let Some(instance) = instance else { return Ok(this.to_value()) };
        let index = match this.place {
            MemberPlace::Slot(index) => index,
            MemberPlace::Native(def) if vm.is_instance(instance, &this.class) => return (def.0.get)(vm, instance),
            MemberPlace::Native(_) => return Err(this.unsuitable(vm, instance)),
        };
        match this.slot(vm, index, instance)?.get() {
            Some(value) => Ok(value),
            None => {
                let (class, name) = (vm.class_of(instance).qualified_name(vm), Str::display(&this.name));
                let message = format!("'{class}' object has no attribute '{name}'");
                Err(match this.name.downcast::<Str>() {
                    Some(name) => vm.attribute_error_on(&message, instance, name),
                    None => vm.attribute_error(message),
                })
            }
        }
    }

    #[slot]
    fn descr_set(this: &Obj<MemberDescriptor>, vm: &Vm, instance: &Value, value: Option<&Value>) -> PyResult<()> {
        let index = match this.place {
            MemberPlace::Slot(index) => index,
            MemberPlace::Native(_) if !vm.is_instance(instance, &this.class) => {
                return Err(this.unsuitable(vm, instance));
            }
            MemberPlace::Native(def) => match def.0.set {
                Some(set) => return set(vm, instance, value),
                None => return Err(vm.attribute_error("readonly attribute")),
            },
        };
        let slot = this.slot(vm, index, instance)?;
        if value.is_none() && slot.is_empty() {
            return Err(vm.attribute_error(Str::display(&this.name)));
        }
        slot.set(value.cloned());
        Ok(())
    }

    /// The object that stands in the namespace of a builtin class for `def`.
    pub(crate) fn native(vm: &Vm, def: &'static GetSetDef, class: &Obj<Type>) -> PyResult<Value> {
        let (name, place) = (vm.intern(def.name)?.into(), MemberPlace::Native(StaticGetSet(def)));
        Ok(vm.alloc(&*vm.types().member_descriptor, MemberDescriptor { name, place, class: class.to_ref() })?.into())
    }

    /// The definition of a builtin class's member.
    pub(crate) fn definition(&self) -> Option<&'static GetSetDef> {
        match self.place {
            MemberPlace::Slot(_) => None,
            MemberPlace::Native(def) => Some(def.0),
        }
    }

    /// Which slot of an instance it is, if it is one.
    pub fn index(&self) -> Option<usize> {
        match self.place {
            MemberPlace::Slot(index) => Some(index),
            MemberPlace::Native(_) => None,
        }
    }

    fn slot<'a>(&self, vm: &Vm, index: usize, instance: &'a Value) -> PyResult<&'a Slot> {
        let slot = instance.header().filter(|_| vm.is_instance(instance, &self.class));
        slot.and_then(|header| slots_of(header).get(index)).ok_or_else(|| self.unsuitable(vm, instance))
    }

    #[cold]
    fn unsuitable(&self, vm: &Vm, instance: &Value) -> crate::vm::Raised {
        let (name, class, given) = (Str::display(&self.name), self.class.tp_name(), vm.type_name(instance));
        vm.type_error(format!("descriptor '{name}' for '{class}' objects doesn't apply to a '{given}' object"))
    }

    #[slot]
    fn repr(this: &Obj<MemberDescriptor>) -> PyResult<String> {
        Ok(format!("<member '{}' of '{}' objects>", Str::display(&this.name), this.class.tp_name()))
    }

    #[getter(member)]
    fn __name__(this: &Obj<MemberDescriptor>) -> Value {
        this.name.clone()
    }

    #[getter]
    fn __qualname__(this: &Obj<MemberDescriptor>, vm: &Vm) -> PyResult<String> {
        let class = vm.get_attr(&this.class.to_value(), &vm.names().__qualname__)?;
        Ok(format!("{}.{}", Str::display(&class), Str::display(&this.name)))
    }

    #[getter(member)]
    fn __objclass__(this: &Obj<MemberDescriptor>) -> Value {
        this.class.to_value()
    }

    #[getter]
    fn __doc__(this: &Obj<MemberDescriptor>, vm: &Vm) -> PyResult<Value> {
        match this.place {
            MemberPlace::Native(def) if !def.0.doc.is_empty() => def.0.doc.into_value(vm),
            _ => Ok(NONE),
        }
    }

    #[method]
    fn __reduce__(this: &Obj<MemberDescriptor>, vm: &Vm) -> PyResult<Value> {
        crate::builtins::function::reduce_as_attribute(vm, &this.class.to_value(), &Str::display(&this.name))
    }
}
