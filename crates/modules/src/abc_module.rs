//! `_abc`: abstract base classes, their registries and caches.
//!
//! A class's data stands in its attribute `_abc_impl`. Registries and caches hold weak references by the address of the class; an entry counts
//! only while its reference still leads to the very class asked for. Invariant: the negative cache is empty or as old as `invalidations`.

pub use abc_module::spec;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_objects::builtins::weakref::WeakReference;
use taipan_objects::native::TypeSpec;
use taipan_objects::vm::{PyResult, Vm};

/// Classes held weakly.
#[derive(taipan_heap::Traverse, Default)]
struct ClassSet(RefCell<BTreeMap<u64, Ref<WeakReference>>>);

impl ClassSet {
    fn has(&self, class: &Value) -> bool {
        let found = self.0.borrow().get(&class.bits()).cloned();
        found.and_then(|reference| reference.target()).is_some_and(|target| target.is(class))
    }

    fn add(&self, vm: &Vm, class: &Value) -> PyResult<()> {
        let reference = WeakReference::shared(vm, &vm.types().weak_reference, class)?;
        let old = self.0.borrow_mut().insert(class.bits(), reference);
        drop(old);
        Ok(())
    }

    fn clear(&self) {
        let old = self.0.take();
        drop(old);
    }

    /// The classes that still live; forgets the others.
    fn living(&self) -> Vec<Value> {
        let all: Vec<_> = self.0.borrow().iter().map(|(&key, reference)| (key, reference.clone())).collect();
        let mut living = Vec::with_capacity(all.len());
        for (key, reference) in all {
            match reference.target() {
                Some(target) => living.push(target),
                None => drop(self.0.borrow_mut().remove(&key)),
            }
        }
        living
    }

    fn references(&self) -> Vec<Value> {
        self.0.borrow().values().map(|reference| reference.to_value()).collect()
    }
}

/// `_abc._abc_data`
#[derive(Payload)]
#[payload(name = "_abc._abc_data")]
struct AbcData {
    registry: ClassSet,
    cache: ClassSet,
    negative: ClassSet,
    negative_version: Cell<u64>,
}

impl AbcData {
    fn spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec { module: "_abc", ..TypeSpec::bare("_abc_data", <AbcData as Payload>::info) };
        &SPEC
    }

    fn of(vm: &Vm, class: &Value) -> PyResult<Ref<AbcData>> {
        let found = vm.get_attr_text(class, "_abc_impl")?;
        found.downcast_into::<AbcData>().map_err(|_| vm.type_error("_abc_impl is set to a wrong type"))
    }

    /// Empties the negative cache if a class was registered anywhere since it was filled.
    fn refresh(&self, vm: &Vm) {
        let now = Counter::of(vm).0.get();
        if self.negative_version.replace(now) < now {
            self.negative.clear();
        }
    }
}

/// How many classes were registered in the interpreter.
#[derive(Default)]
struct Counter(Cell<u64>);

impl Counter {
    fn of(vm: &Vm) -> std::rc::Rc<Counter> {
        vm.interp().state(Counter::default)
    }
}

fn is_abstract(vm: &Vm, value: &Value) -> PyResult<bool> {
    match vm.find_attr(value, &vm.names().__isabstractmethod__)? {
        Some(answer) => vm.is_true(&answer),
        None => Ok(false),
    }
}

/// Marks `class` and what derives from it as sequence or mapping.
fn mark_collection(class: &Obj<taipan_objects::types::Type>, flag: u32) {
    use taipan_objects::types::{TypeObject, type_flags};
    if class.has(flag) || class.has(type_flags::IMMUTABLE) {
        return;
    }
    class.set_flags(type_flags::SEQUENCE | type_flags::MAPPING, false);
    class.set_flags(flag, true);
    for subclass in class.subclasses() {
        mark_collection(&subclass, flag);
    }
}

/// Module contains faster C implementation of abc.ABCMeta
#[taipan_macros::pymodule(name = "_abc")]
mod abc_module {
    use super::{AbcData, ClassSet, Counter, is_abstract, mark_collection};
    use std::cell::Cell;
    use taipan_heap::{Obj, Ref, Value};
    use taipan_objects::builtins::list::List;
    use taipan_objects::builtins::set::Set;
    use taipan_objects::builtins::str::Str;
    use taipan_objects::builtins::tuple::Tuple;
    use taipan_objects::builtins::{int, is_not_implemented};
    use taipan_objects::native::IntoValue;
    use taipan_objects::types::{Type, TypeObject, type_flags};
    use taipan_objects::vm::{PyResult, Vm};

    /// A number that changes with every registration.
    #[function]
    fn get_cache_token(vm: &Vm) -> u64 {
        Counter::of(vm).0.get()
    }

    fn class<'a>(vm: &Vm, value: &'a Value) -> PyResult<&'a Obj<Type>> {
        value.downcast::<Type>().ok_or_else(|| vm.type_error("_abc needs a class"))
    }

    fn compute_abstract_methods(vm: &Vm, this: &Value) -> PyResult<()> {
        let abstracts = Set::new(vm)?;
        for (name, value) in class(vm, this)?.dict().snapshot() {
            if is_abstract(vm, &value)? {
                abstracts.add(vm, &name)?;
            }
        }
        let own = &vm.names().__abstractmethods__;
        for base in class(vm, this)?.bases.get().map(|bases| vm.collect(&bases)).transpose()?.unwrap_or_default() {
            let Some(names) = vm.find_attr(&base, own)? else { continue };
            for name in vm.collect(&names)? {
                let Some(key) = name.downcast::<Str>() else { continue };
                if let Some(value) = vm.find_attr(this, key)?
                    && is_abstract(vm, &value)?
                {
                    abstracts.add(vm, &name)?;
                }
            }
        }
        let frozen = Set::frozen_from_iterable(vm, &abstracts.into())?;
        vm.set_attr(this, own, frozen.into())
    }

    /// Prepares a class whose metaclass is ABCMeta.
    #[function(sig = "cls, /")]
    fn _abc_init(vm: &Vm, this: &Value) -> PyResult<()> {
        compute_abstract_methods(vm, this)?;
        let data = AbcData {
            registry: ClassSet::default(),
            cache: ClassSet::default(),
            negative: ClassSet::default(),
            negative_version: Cell::new(Counter::of(vm).0.get()),
        };
        let data = vm.alloc(&*vm.native_type(AbcData::spec())?, data)?;
        let name = vm.intern("_abc_impl")?;
        vm.set_attr(this, &name, data.into())?;
        let class = class(vm, this)?;
        let flags = vm.intern("__abc_tpflags__")?;
        if let Some(value) = class.dict().get_name(vm, &flags)? {
            let bits = int::as_small(&value).unwrap_or(0);
            let both = 1 << 5 | 1 << 6;
            if bits & both == both {
                let text = "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING";
                return Err(vm.type_error(text));
            }
            class.set_flags(type_flags::SEQUENCE, bits & 1 << 5 != 0);
            class.set_flags(type_flags::MAPPING, bits & 1 << 6 != 0);
            vm.assign_attr(this, &flags, None)?;
        }
        Ok(())
    }

    /// Makes a class count as derived from an abstract one.
    #[function(sig = "cls, subclass, /")]
    fn _abc_register(vm: &Vm, this: &Value, subclass: &Value) -> PyResult<Value> {
        let Some(registered) = subclass.downcast::<Type>() else {
            return Err(vm.type_error("Can only register classes"));
        };
        if vm.is_subclass_of(subclass, this)? {
            return Ok(subclass.clone());
        }
        if vm.is_subclass_of(this, subclass)? {
            return Err(vm.runtime_error("Refusing to create an inheritance cycle"));
        }
        AbcData::of(vm, this)?.registry.add(vm, subclass)?;
        let counter = Counter::of(vm);
        counter.0.set(counter.0.get() + 1);
        if let Some(own) = this.downcast::<Type>() {
            for flag in [type_flags::SEQUENCE, type_flags::MAPPING] {
                if own.has(flag) {
                    mark_collection(registered, flag);
                }
            }
        }
        Ok(subclass.clone())
    }

    /// `isinstance` for abstract classes.
    #[function(sig = "cls, instance, /")]
    fn _abc_instancecheck(vm: &Vm, this: &Value, instance: &Value) -> PyResult<Value> {
        let data = AbcData::of(vm, this)?;
        let subclass = match vm.find_attr(instance, &vm.names().__class__)? {
            Some(class) => class,
            None => vm.class_of(instance).to_value(),
        };
        if data.cache.has(&subclass) {
            return true.into_value(vm);
        }
        let subtype = vm.class_of(instance).to_value();
        let check = &vm.names().__subclasscheck__;
        if subtype.is(&subclass) {
            if data.negative_version.get() == Counter::of(vm).0.get() && data.negative.has(&subclass) {
                return false.into_value(vm);
            }
            return vm.call_method(this, check, &[subclass]);
        }
        let result = vm.call_method(this, check, &[subclass])?;
        if vm.is_true(&result)? {
            return Ok(result);
        }
        vm.call_method(this, check, &[subtype])
    }

    /// `issubclass` for abstract classes.
    #[function(sig = "cls, subclass, /")]
    fn _abc_subclasscheck(vm: &Vm, this: &Value, subclass: &Value) -> PyResult<bool> {
        let Some(asked) = subclass.downcast::<Type>() else {
            return Err(vm.type_error("issubclass() arg 1 must be a class"));
        };
        let data = AbcData::of(vm, this)?;
        if data.cache.has(subclass) {
            return Ok(true);
        }
        data.refresh(vm);
        if data.negative.has(subclass) {
            return Ok(false);
        }
        let answer = vm.call_method(this, &vm.names().__subclasshook__, std::slice::from_ref(subclass))?;
        let found = if is_not_implemented(&answer) {
            is_known(vm, this, asked, subclass, &data)?
        } else if vm.class_of(&answer).is_same(&*vm.types().bool) {
            vm.is_true(&answer)?
        } else {
            return Err(vm.assertion_error(""));
        };
        if found {
            data.cache.add(vm, subclass)?;
        } else {
            data.negative.add(vm, subclass)?;
        }
        Ok(found)
    }

    /// By the MRO, the registry, and the classes that derive from this one.
    fn is_known(vm: &Vm, this: &Value, asked: &Obj<Type>, subclass: &Value, data: &AbcData) -> PyResult<bool> {
        if this.downcast::<Type>().is_some_and(|own| asked.is_subclass(own)) {
            return Ok(true);
        }
        for registered in data.registry.living() {
            if vm.is_subclass_of(subclass, &registered)? {
                return Ok(true);
            }
        }
        let children = vm.call_method(this, &vm.names().__subclasses__, &[])?;
        if children.downcast::<List>().is_none() {
            return Err(vm.type_error("__subclasses__() must return a list"));
        }
        for child in vm.collect(&children)? {
            if vm.is_subclass_of(subclass, &child)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Registry, caches and version, for debugging.
    #[function(sig = "cls, /")]
    fn _get_dump(vm: &Vm, this: &Value) -> PyResult<Ref<Tuple>> {
        let data = AbcData::of(vm, this)?;
        let mut parts = Vec::new();
        for set in [&data.registry, &data.cache, &data.negative] {
            let shown = Set::new(vm)?;
            for reference in set.references() {
                shown.add(vm, &reference)?;
            }
            parts.push(shown.into());
        }
        parts.push(data.negative_version.get().into_value(vm)?);
        Tuple::new(vm, parts.into_iter())
    }

    /// Empties the registry.
    #[function(sig = "cls, /")]
    fn _reset_registry(vm: &Vm, this: &Value) -> PyResult<()> {
        AbcData::of(vm, this)?.registry.clear();
        Ok(())
    }

    /// Empties the caches.
    #[function(sig = "cls, /")]
    fn _reset_caches(vm: &Vm, this: &Value) -> PyResult<()> {
        let data = AbcData::of(vm, this)?;
        data.cache.clear();
        data.negative.clear();
        Ok(())
    }
}
