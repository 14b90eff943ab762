//! `super`: attribute lookup that starts after a given class in the MRO of an object's class.
//!
//! Invariant: `object_class` is the class whose MRO is searched; it derives from `class` unless the object is absent.

use crate::builtins::str::Str;
use crate::builtins::{NONE, is_none};
use crate::types::class::ClassHooks;
use crate::types::{Type, TypeObject, attribute};
use crate::vm::{PyResult, Vm};
use std::cell::RefCell;
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;

/// A super object.
#[derive(Payload)]
#[payload(name = "super")]
pub struct Super {
    class: RefCell<Option<Ref<Type>>>,
    object: Slot,
    object_class: RefCell<Option<Ref<Type>>>,
}

/// super() -> same as super(__class__, <first argument>)
/// super(type) -> unbound super object
/// super(type, obj) -> bound super object; requires isinstance(obj, type)
/// super(type, type2) -> bound super object; requires issubclass(type2, type)
#[pytype(name = "super", flags = BASETYPE)]
impl Super {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, _args: crate::native::Args<'_>) -> PyResult<Value> {
        let empty = Super { class: RefCell::new(None), object: Slot::default(), object_class: RefCell::new(None) };
        Ok(vm.alloc_instance(class, empty)?.into())
    }

    #[slot]
    fn init(this: &Obj<Super>, vm: &Vm, args: crate::native::Args<'_>) -> PyResult<()> {
        args.no_keywords(vm, "super")?;
        let (class, object) = match args.positionals() {
            [] => {
                let Some(arguments) = ClassHooks::of(vm).super_arguments.get() else {
                    return Err(vm.runtime_error("super(): no current frame"));
                };
                arguments(vm)?
            }
            [class] => (class.clone(), NONE),
            [class, object] => (class.clone(), object.clone()),
            more => {
                let given = more.len();
                return Err(vm.type_error(format!("super() expected at most 2 arguments, got {given}")));
            }
        };
        let class = class.downcast_into::<Type>().map_err(|other| {
            let given = vm.type_name(&other);
            vm.type_error(format!("super() argument 1 must be a type, not {given}"))
        })?;
        let object = if is_none(&object) { None } else { Some(object) };
        let object_class = object.as_ref().map(|object| check(vm, &class, object)).transpose()?;
        drop(this.class.replace(Some(class)));
        drop(this.object_class.replace(object_class));
        this.object.set(object);
        Ok(())
    }

    #[slot]
    fn getattr(this: &Obj<Super>, vm: &Vm, name: &Obj<Str>) -> PyResult<Value> {
        let (class, object_class) = (this.class.borrow().clone(), this.object_class.borrow().clone());
        if let (Some(class), Some(object), Some(start)) = (class, this.object.get(), object_class)
            && !name.equals("__class__")
            && let Some(found) = find(vm, &class, &object, &start, name)?
        {
            return Ok(found);
        }
        attribute::generic_get(vm, &this.to_value(), name)
    }

    #[slot]
    fn descr_get(this: &Obj<Super>, vm: &Vm, instance: Option<&Value>, _class: &Obj<Type>) -> PyResult<Value> {
        let Some(instance) = instance.filter(|_| this.object.is_empty()) else { return Ok(this.to_value()) };
        let Some(class) = this.class.borrow().clone() else { return Ok(this.to_value()) };
        let own = vm.class_of_header(this.header()).to_ref();
        if !own.is_same(&*vm.types().super_) {
            return vm.call(&own.to_value(), &[class.into(), instance.clone()]);
        }
        let object_class = check(vm, &class, instance)?;
        let bound = Super {
            class: RefCell::new(Some(class)),
            object: Slot::new(Some(instance.clone())),
            object_class: RefCell::new(Some(object_class)),
        };
        Ok(vm.alloc_instance(&own, bound)?.into())
    }

    #[slot]
    fn repr(this: &Obj<Super>) -> PyResult<String> {
        let name = this.class.borrow().as_ref().map_or_else(|| "NULL".into(), |class| class.tp_name());
        Ok(match this.object_class.borrow().as_ref() {
            Some(object) => format!("<super: <class '{name}'>, <{} object>>", object.name()),
            None => format!("<super: <class '{name}'>, NULL>"),
        })
    }

    /// the class invoking super()
    #[getter(member)]
    fn __thisclass__(this: &Obj<Super>) -> Value {
        this.class.borrow().clone().map_or(NONE, Value::from)
    }

    /// the instance invoking super(); may be None
    #[getter(member)]
    fn __self__(this: &Obj<Super>) -> Value {
        this.object.get().unwrap_or(NONE)
    }

    /// the type of the instance invoking super(); may be None
    #[getter(member)]
    fn __self_class__(this: &Obj<Super>) -> Value {
        this.object_class.borrow().clone().map_or(NONE, Value::from)
    }
}

/// The class whose MRO `super(class, object)` searches.
fn check(vm: &Vm, class: &Obj<Type>, object: &Value) -> PyResult<Ref<Type>> {
    if let Some(own) = object.downcast::<Type>()
        && own.is_subclass(class)
    {
        return Ok(own.to_ref());
    }
    if vm.is_instance(object, class) {
        return Ok(vm.class_of(object).to_ref());
    }
    if let Some(shown) = vm.find_attr(object, &vm.names().__class__)?
        && let Ok(shown) = shown.downcast_into::<Type>()
        && shown.is_subclass(class)
    {
        return Ok(shown);
    }
    let (kind, given) = match object.downcast::<Type>() {
        Some(own) => ("type", own.tp_name()),
        None => ("instance of", vm.type_name(object)),
    };
    let name = class.tp_name();
    Err(vm
        .type_error(format!("super(type, obj): obj ({kind} {given}) is not an instance or subtype of type ({name}).")))
}

/// Looks `name` up behind `class` in the MRO of `start` and binds it to `object`.
fn find(vm: &Vm, class: &Obj<Type>, object: &Value, start: &Obj<Type>, name: &Obj<Str>) -> PyResult<Option<Value>> {
    let mro = start.mro();
    let behind = mro.iter().skip_while(|other| !other.is_same(class)).skip(1);
    for class in behind {
        let Some(found) = class.dict().get_name(vm, name)? else { continue };
        let Some(get) = attribute::descr_get(vm, &found) else { return Ok(Some(found)) };
        let instance = if start.is(object) { None } else { Some(object) };
        return get(vm, &found, instance, start).map(Some);
    }
    Ok(None)
}

/// `super(class, object).name` without making the super object.
pub fn super_lookup(vm: &Vm, class: &Obj<Type>, object: &Value, name: &Obj<Str>) -> PyResult<Value> {
    let start = check(vm, class, object)?;
    if !name.equals("__class__")
        && let Some(found) = find(vm, class, object, &start, name)?
    {
        return Ok(found);
    }
    let bound = Super {
        class: RefCell::new(Some(class.to_ref())),
        object: Slot::new(Some(object.clone())),
        object_class: RefCell::new(Some(start)),
    };
    let bound = vm.alloc_instance(&vm.types().super_, bound)?;
    attribute::generic_get(vm, &bound.into(), name)
}

/// As `super_lookup`, for a call: the function and, when it takes the object as first argument, true.
pub fn super_method(vm: &Vm, class: &Obj<Type>, object: &Value, name: &Obj<Str>) -> PyResult<(Value, bool)> {
    let start = check(vm, class, object)?;
    let mro = start.mro();
    let found = mro
        .iter()
        .skip_while(|other| !other.is_same(class))
        .skip(1)
        .find_map(|class| class.dict().get_name(vm, name).ok().flatten());
    match found {
        Some(found) if !start.is(object) && vm.class_of(&found).has(crate::types::type_flags::METHOD_DESCRIPTOR) => {
            Ok((found, true))
        }
        _ => Ok((super_lookup(vm, class, object, name)?, false)),
    }
}
