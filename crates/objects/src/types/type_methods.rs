//! What `type` offers to Python code: construction, attributes of classes, checks.
//!
//! Invariant: attributes that describe a class are read from its payload; those that Python code may replace stand in its namespace.

use crate::builtins::dict::Dict;
use crate::builtins::list::List;
use crate::builtins::mapping_proxy::MappingProxy;
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::builtins::{NONE, int, is_none};
use crate::native::{Args, FuncArgs};
use crate::types::{Type, TypeObject, attribute, bases, call, class_new, mro, type_flags};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Value, flags as kind_flags};
use taipan_macros::pytype;

/// type(object) -> the object's type
/// type(name, bases, dict, **kwds) -> a new type
#[pytype(name = "type", flags = BASETYPE)]
impl Type {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        class_new::type_new(vm, class, args)
    }

    #[slot]
    fn init(_this: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        match (args.positionals().len(), args.names.is_empty()) {
            (1, false) => Err(vm.type_error("type.__init__() takes no keyword arguments")),
            (1 | 3, _) => Ok(()),
            _ => Err(vm.type_error("type.__init__() takes 1 or 3 arguments")),
        }
    }

    #[slot]
    fn call(this: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        call::call_type(vm, this, args)
    }

    #[slot]
    fn getattr(this: &Value, vm: &Vm, name: &Obj<Str>) -> PyResult<Value> {
        match this.downcast::<Type>() {
            Some(class) => attribute::type_get(vm, class, name),
            None => Err(vm.bad_self("__getattribute__", "type", this)),
        }
    }

    #[slot]
    fn setattr(this: &Value, vm: &Vm, name: &Obj<Str>, value: Option<&Value>) -> PyResult<()> {
        match this.downcast::<Type>() {
            Some(class) => attribute::type_set(vm, class, name, value),
            None => Err(vm.bad_self("__setattr__", "type", this)),
        }
    }

    #[slot]
    fn repr(this: &Obj<Type>, vm: &Vm) -> PyResult<String> {
        Ok(format!("<class '{}'>", this.full_name(vm)))
    }

    #[slot(binary(Or))]
    fn or(left: &Value, right: &Value, vm: &Vm) -> PyResult<Value> {
        crate::builtins::union::or(vm, left, right)
    }

    /// Return a type's method resolution order.
    #[method(name = "mro")]
    fn method_mro(this: &Obj<Type>, vm: &Vm) -> PyResult<Value> {
        let bases = bases::base_classes(this);
        let order = mro::linearize(vm, this, &bases)?;
        Ok(List::new(vm, order.into_iter().map(Value::from).collect::<Vec<_>>().into_iter())?.into())
    }

    /// Return a list of immediate subclasses.
    #[method(name = "__subclasses__")]
    fn method_subclasses(this: &Obj<Type>, vm: &Vm) -> PyResult<Value> {
        Ok(List::new(vm, this.subclasses().into_iter().map(Value::from).collect::<Vec<_>>().into_iter())?.into())
    }

    /// Create the namespace for the class statement
    #[classmethod]
    fn __prepare__(_class: &Value, vm: &Vm, _args: FuncArgs<'_>) -> PyResult<Value> {
        Ok(Dict::new(vm)?.into())
    }

    /// Check if an object is an instance.
    #[method]
    fn __instancecheck__(this: &Obj<Type>, vm: &Vm, instance: &Value) -> PyResult<bool> {
        attribute::real_is_instance(vm, instance, this)
    }

    /// Check if a class is a subclass.
    #[method]
    fn __subclasscheck__(this: &Obj<Type>, vm: &Vm, subclass: &Value) -> PyResult<bool> {
        attribute::real_is_subclass(vm, subclass, &this.to_value())
    }

    /// Specialized __dir__ implementation for types.
    #[method]
    fn __dir__(this: &Obj<Type>, vm: &Vm) -> PyResult<Value> {
        let names = Dict::new(vm)?;
        for class in this.mro().iter().rev() {
            for (name, _) in class.dict().snapshot() {
                names.set(vm, &name, NONE)?;
            }
        }
        let names: Vec<Value> = names.snapshot().into_iter().map(|(name, _)| name).collect();
        Ok(List::new(vm, names.into_iter())?.into())
    }

    /// Return memory consumption of the type object.
    #[method]
    fn __sizeof__(this: &Value, vm: &Vm) -> PyResult<Value> {
        crate::builtins::object::size_of(vm, this)
    }

    #[getter]
    fn __name__(this: &Obj<Type>, vm: &Vm) -> PyResult<Value> {
        let name = this.name();
        match this.qualname.get() {
            Some(qualified) if qualified.downcast_exact::<Str>().is_some_and(|text| text.equals(&name)) => {
                Ok(qualified)
            }
            _ => Ok(Str::new(vm, &name)?.into()),
        }
    }

    #[setter(name = "__name__")]
    fn change_name(this: &Obj<Type>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let value = changeable(vm, this, "__name__", value)?;
        if value.downcast::<Str>().is_none() {
            let (class, given) = (this.name(), vm.type_name(value));
            return Err(vm.type_error(format!("can only assign string to {class}.__name__, not '{given}'")));
        }
        let name = class_new::class_name(vm, value, "type name must not contain null characters")?;
        this.set_name(&name);
        this.modified();
        Ok(())
    }

    #[getter]
    fn __qualname__(this: &Obj<Type>, vm: &Vm) -> PyResult<Value> {
        match this.qualname.get() {
            Some(name) => Ok(name),
            None => Ok(Str::new(vm, &this.name())?.into()),
        }
    }

    #[setter(name = "__qualname__")]
    fn change_qualname(this: &Obj<Type>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let value = changeable(vm, this, "__qualname__", value)?;
        if value.downcast::<Str>().is_none() {
            let (class, given) = (this.name(), vm.type_name(value));
            return Err(vm.type_error(format!("can only assign string to {class}.__qualname__, not '{given}'")));
        }
        this.qualname.set(Some(value.clone()));
        Ok(())
    }

    #[getter]
    fn __module__(this: &Obj<Type>, vm: &Vm) -> PyResult<Value> {
        let found = this.dict().get_name(vm, &vm.names().__module__)?;
        match (found, this.native_spec()) {
            (Some(module), _) if module.downcast::<Str>().is_some() || this.has(type_flags::PYTHON_CLASS) => Ok(module),
            (_, Some(spec)) => Ok(vm.intern(spec.module)?.into()),
            _ => Err(vm.attribute_error("__module__")),
        }
    }

    #[setter(name = "__module__")]
    fn change_module(this: &Obj<Type>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let value = changeable(vm, this, "__module__", value)?;
        this.modified();
        let _ = this.dict().remove(vm, &vm.names().__firstlineno__.to_value())?;
        this.dict().set(vm, &vm.names().__module__.to_value(), value.clone())
    }

    #[getter]
    fn __bases__(this: &Obj<Type>) -> Value {
        this.bases.get().unwrap_or(NONE)
    }

    #[setter(name = "__bases__")]
    fn change_bases(this: &Obj<Type>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let value = changeable(vm, this, "__bases__", value)?;
        bases::set_bases(vm, this, value)
    }

    #[getter(member)]
    fn __base__(this: &Obj<Type>) -> Value {
        this.base.borrow().clone().map_or(NONE, Value::from)
    }

    #[getter]
    fn __mro__(this: &Obj<Type>, vm: &Vm) -> PyResult<Value> {
        let mro = this.mro();
        if mro.is_empty() {
            return Ok(NONE);
        }
        Ok(Tuple::new(vm, mro.iter().map(|class| class.to_value()))?.into())
    }

    #[getter]
    fn __dict__(this: &Obj<Type>, vm: &Vm) -> PyResult<Value> {
        MappingProxy::make(vm, this.dict().to_value())
    }

    #[getter]
    fn __doc__(this: &Obj<Type>, vm: &Vm) -> PyResult<Value> {
        match this.dict().get_name(vm, &vm.names().__doc__)? {
            Some(doc) => match attribute::descr_get(vm, &doc) {
                Some(get) => get(vm, &doc, None, this),
                None => Ok(doc),
            },
            None => Ok(NONE),
        }
    }

    #[setter(name = "__doc__")]
    fn change_doc(this: &Obj<Type>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let value = changeable(vm, this, "__doc__", value)?;
        this.modified();
        this.dict().set(vm, &vm.names().__doc__.to_value(), value.clone())
    }

    #[getter]
    fn __annotations__(this: &Obj<Type>, vm: &Vm) -> PyResult<Value> {
        annotations(vm, this)
    }

    #[setter(name = "__annotations__")]
    fn change_annotations(this: &Obj<Type>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        set_annotations(vm, this, value)
    }

    #[getter]
    fn __annotate__(this: &Obj<Type>, vm: &Vm) -> PyResult<Value> {
        annotate(vm, this)
    }

    #[setter(name = "__annotate__")]
    fn change_annotate(this: &Obj<Type>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.type_error("cannot delete __annotate__ attribute")) };
        immutable(vm, this, "__annotate__", "set")?;
        if !is_none(value) && vm.class_of(value).slots.call.get().is_none() {
            return Err(vm.type_error("__annotate__ must be callable or None"));
        }
        this.modified();
        if !is_none(value) {
            this.dict().remove(vm, &vm.names().__annotations_cache__.to_value())?;
        }
        // As for annotations: what the body called `__annotate__` is replaced under that name.
        let (plain, function) = (vm.names().__annotate__.to_value(), vm.names().__annotate_func__.to_value());
        let plain_there = this.dict().contains(vm, &plain)?;
        this.dict().set(vm, if plain_there { &plain } else { &function }, value.clone())
    }

    #[getter]
    fn __type_params__(this: &Obj<Type>, vm: &Vm) -> PyResult<Value> {
        match this.dict().get_name(vm, &vm.names().__type_params__)? {
            Some(params) if !this.is_same(&*vm.types().type_) => Ok(params),
            _ => Ok(Tuple::new(vm, std::iter::empty())?.into()),
        }
    }

    #[setter(name = "__type_params__")]
    fn change_type_params(this: &Obj<Type>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let value = changeable(vm, this, "__type_params__", value)?;
        this.modified();
        this.dict().set(vm, &vm.names().__type_params__.to_value(), value.clone())
    }

    #[getter]
    fn __abstractmethods__(this: &Obj<Type>, vm: &Vm) -> PyResult<Value> {
        let name = &vm.names().__abstractmethods__;
        let found = if this.is_same(&*vm.types().type_) { None } else { this.dict().get_name(vm, name)? };
        found.ok_or_else(|| vm.attribute_error(name.to_lossy()))
    }

    #[setter(name = "__abstractmethods__")]
    fn change_abstractmethods(this: &Obj<Type>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let name = vm.names().__abstractmethods__.to_value();
        let on = match value {
            Some(value) => {
                let on = vm.is_true(value)?;
                this.dict().set(vm, &name, value.clone())?;
                on
            }
            None => {
                if this.dict().remove(vm, &name)?.is_none() {
                    return Err(vm.attribute_error("__abstractmethods__"));
                }
                false
            }
        };
        this.modified();
        this.set_flags(type_flags::ABSTRACT, on);
        Ok(())
    }

    #[getter(member)]
    fn __flags__(this: &Obj<Type>, vm: &Vm) -> u64 {
        shown_flags(vm, this)
    }

    #[getter(member)]
    fn __basicsize__(this: &Obj<Type>) -> usize {
        16 + (this.kind.info().size as usize).next_multiple_of(8) + 8 * this.members.get() as usize
    }

    #[getter(member)]
    fn __itemsize__(this: &Obj<Type>, vm: &Vm) -> usize {
        let types = vm.types();
        if this.is_subclass(&types.tuple) {
            8
        } else if this.is_subclass(&types.int) {
            4
        } else {
            0
        }
    }

    #[getter(member)]
    fn __dictoffset__(this: &Obj<Type>) -> i64 {
        if this.has(type_flags::HAS_DICT) { -1 } else { 0 }
    }

    #[getter(member)]
    fn __weakrefoffset__(this: &Obj<Type>) -> i64 {
        if this.kind.has(kind_flags::WEAKLY_REFERENCEABLE) { -2 } else { 0 }
    }

    #[getter]
    fn __text_signature__(this: &Obj<Type>, vm: &Vm) -> PyResult<Option<String>> {
        if this.has(type_flags::PYTHON_CLASS) {
            // Classes made by programs may begin their docs as builtin ones do.
            let doc = this.dict().get_text(vm, "__doc__")?;
            let text = doc.as_ref().and_then(|doc| doc.downcast::<Str>()).map(|doc| doc.to_lossy());
            let signature = text.as_deref().and_then(|doc| doc.strip_prefix(&*this.name())?.split_once("\n--\n\n"));
            return Ok(signature
                .map(|(signature, _)| signature)
                .filter(|text| text.starts_with('('))
                .map(str::to_owned));
        }
        let signature = this.native_spec().map(|spec| spec.text().0);
        Ok(signature.filter(|signature| !signature.is_empty()).map(str::to_owned))
    }
}

fn immutable(vm: &Vm, class: &Obj<Type>, name: &str, what: &str) -> PyResult<()> {
    if class.has(type_flags::IMMUTABLE) {
        let shown = class.type_name(vm);
        return Err(vm.type_error(format!("cannot {what} '{name}' attribute of immutable type '{shown}'")));
    }
    Ok(())
}

/// The value to assign to an attribute of a Python class that can be set but not deleted.
fn changeable<'a>(vm: &Vm, class: &Obj<Type>, name: &str, value: Option<&'a Value>) -> PyResult<&'a Value> {
    immutable(vm, class, name, "set")?;
    value.ok_or_else(|| {
        let shown = class.type_name(vm);
        vm.type_error(format!("cannot delete '{name}' attribute of immutable type '{shown}'"))
    })
}

fn annotations(vm: &Vm, class: &Obj<Type>) -> PyResult<Value> {
    let names = vm.names();
    if !class.has(type_flags::PYTHON_CLASS) {
        return Err(vm.no_attribute(&class.to_value(), &names.__annotations__));
    }
    for name in [&names.__annotations__, &names.__annotations_cache__] {
        if let Some(found) = class.dict().get_name(vm, name)? {
            return match attribute::descr_get(vm, &found) {
                Some(get) => get(vm, &found, None, class),
                None => Ok(found),
            };
        }
    }
    let function = annotate(vm, class)?;
    let made = if is_none(&function) {
        Dict::new(vm)?.into()
    } else {
        let made = vm.call(&function, &[int::from_i64(vm, 1)?])?;
        if made.downcast::<Dict>().is_none() {
            let given = vm.type_name(&made);
            return Err(vm.type_error(format!("__annotate__ returned non-dict of type '{given}'")));
        }
        made
    };
    class.dict().set(vm, &names.__annotations_cache__.to_value(), made.clone())?;
    class.modified();
    Ok(made)
}

fn set_annotations(vm: &Vm, class: &Obj<Type>, value: Option<&Value>) -> PyResult<()> {
    let names = vm.names();
    immutable(vm, class, "__annotations__", "set")?;
    let (plain, cache) = (names.__annotations__.to_value(), names.__annotations_cache__.to_value());
    class.modified();
    match value {
        Some(value) => {
            let plain_there = class.dict().contains(vm, &plain)?;
            class.dict().set(vm, if plain_there { &plain } else { &cache }, value.clone())?;
        }
        None => {
            let removed = class.dict().remove(vm, &plain)?.is_some() | class.dict().remove(vm, &cache)?.is_some();
            if !removed {
                return Err(vm.no_attribute(&class.to_value(), &names.__annotations__));
            }
        }
    }
    class.dict().remove(vm, &names.__annotate_func__.to_value())?;
    class.dict().remove(vm, &names.__annotate__.to_value())?;
    Ok(())
}

fn annotate(vm: &Vm, class: &Obj<Type>) -> PyResult<Value> {
    let names = vm.names();
    if !class.has(type_flags::PYTHON_CLASS) {
        return Err(vm.no_attribute(&class.to_value(), &names.__annotate__));
    }
    // What the class body or its user set comes before what the compiler made.
    for name in [&names.__annotate__, &names.__annotate_func__] {
        if let Some(found) = class.dict().get_name(vm, name)? {
            return match attribute::descr_get(vm, &found) {
                Some(get) => get(vm, &found, None, class),
                None => Ok(found),
            };
        }
    }
    class.dict().set(vm, &names.__annotate_func__.to_value(), NONE)?;
    class.modified();
    Ok(NONE)
}

/// `__flags__` in CPython's numbering.
fn shown_flags(vm: &Vm, class: &Obj<Type>) -> u64 {
    let types = vm.types();
    let table = [
        (type_flags::SEQUENCE, 5),
        (type_flags::MAPPING, 6),
        (type_flags::DISALLOW_INSTANTIATION, 7),
        (type_flags::IMMUTABLE, 8),
        (type_flags::PYTHON_CLASS, 9),
        (type_flags::BASETYPE, 10),
        (type_flags::METHOD_DESCRIPTOR, 17),
        (type_flags::ABSTRACT, 20),
        (type_flags::MATCH_SELF, 22),
    ];
    let mut flags = 1 << 12;
    for (flag, bit) in table {
        flags |= u64::from(class.has(flag)) << bit;
    }
    // Attributes in the instance, and those that need no dict of their own.
    let attributes = class.has(type_flags::PYTHON_CLASS) && class.has(type_flags::HAS_DICT);
    flags |= u64::from(attributes) << 4;
    flags |=
        u64::from(attributes && [&types.int, &types.tuple, &types.bytes].iter().all(|t| !class.is_subclass(t))) << 2;
    // CPython's `Generic` is made at run time, and the base that pickling falls back on is the first that is not.
    flags |= u64::from(class.name().ends_with("Generic") && class.type_name(vm) == "typing.Generic") << 9;
    flags |= u64::from(class.kind.has(kind_flags::TRACKED)) << 14;
    let families = [
        (&types.int, 24),
        (&types.list, 25),
        (&types.tuple, 26),
        (&types.str, 28),
        (&types.dict, 29),
        (&types.base_exception, 30),
        (&types.type_, 31),
    ];
    for (family, bit) in families {
        flags |= u64::from(class.is_subclass(family)) << bit;
    }
    flags
}
