//! Inline caches of the attributes of class objects: constants, members of enumerations, static and class methods.
//!
//! Invariant: word 0 of the cache has the metaclass's version, word 1 the class's own. While both stand the lookups that led to the value,
//! which the class or its metaclass holds, give what they gave (C1).

use crate::eval::attribute::{
    CLASS_WORD, Cache, META_METHOD, NOTHING_TELLS, OWN, OWN_METHOD, OWN_PLACE, OWN_PLAIN, Way, borrowed,
    descriptor_way, hit, told, unwrapped, write,
};
use crate::eval::frame::Stack;
use crate::function::Function;
use taipan_heap::{Header, Obj, Ref, Value};
use taipan_objects::builtins::descriptor::{ClassMethod, StaticMethod};
use taipan_objects::builtins::function::MethodDescriptor;
use taipan_objects::builtins::str::Str;
use taipan_objects::native::MethodKind;
use taipan_objects::types::slot_wrapper::SlotWrapper;
use taipan_objects::types::{Type, TypeObject, attribute, type_flags};
use taipan_objects::vm::Vm;

/// Word 1 of a cache for a class: no word of an object is compared with it.
fn of_class(version: u32) -> (u16, u64) {
    (CLASS_WORD, u64::from(version))
}

/// The way and the value that a cache has for a class object.
#[inline]
unsafe fn known(object: &Value, cache: Cache) -> Option<(Way, Value)> {
    // SAFETY: C1; what hits under one of these ways is a class.
    unsafe {
        let (header, way) = hit(object, cache)?;
        if !matches!(way, OWN | OWN_METHOD | META_METHOD | OWN_PLACE | OWN_PLAIN) {
            return None;
        }
        let way = if way == OWN_PLAIN { OWN } else { way };
        let class = std::ptr::NonNull::from(header).cast::<Obj<Type>>().as_ref();
        if u64::from(class.current_version()) != told(cache) {
            return None;
        }
        if way == OWN_PLACE {
            let place = (*cache.add(2)).get();
            return Some((OWN, class.value_in((place >> 32) as usize, place as u32 as usize)?));
        }
        Some((way, borrowed(cache.add(2))))
    }
}

/// Whether a value found on a class is the attribute, rather than what its `__get__` makes of it.
#[inline]
fn stands_for_itself(vm: &Vm, found: &Value) -> bool {
    attribute::descr_get(vm, found).is_none()
        || found.downcast_exact::<Function>().is_some()
        || found.downcast_exact::<SlotWrapper>().is_some()
        || found.downcast_exact::<MethodDescriptor>().is_some_and(|method| method.def.0.kind == MethodKind::Method)
}

/// A class method of a builtin type.
#[inline]
fn native_of_class(found: &Value) -> Option<&Obj<MethodDescriptor>> {
    found.downcast_exact::<MethodDescriptor>().filter(|method| method.def.0.kind == MethodKind::ClassMethod)
}

/// The attribute of the class with this header, where the cache has one that needs no further look.
#[inline(never)]
pub(super) unsafe fn constant(header: &Header, cache: Cache) -> Option<Value> {
    // SAFETY: C1; what hits under `OWN_PLAIN` is a class.
    unsafe {
        let class = std::ptr::NonNull::from(header).cast::<Obj<Type>>().as_ref();
        (u64::from(class.current_version()) == told(cache)).then(|| borrowed(cache.add(2)))
    }
}

/// Whether a value, which is the attribute itself now, stays that while the version of the class does: its class cannot change, or is a base of that class.
fn stays(vm: &Vm, own: &Obj<Type>, value: &Value) -> bool {
    let class = vm.class_of(value);
    !class.has(type_flags::PYTHON_CLASS) || own.is_subclass(class)
}

/// The attribute of a class, if the cache has it.
#[inline]
pub(super) unsafe fn cached(vm: &Vm, object: &Value, cache: Cache) -> Option<Value> {
    // SAFETY: the cache is the instruction's.
    let (way, value) = unsafe { known(object, cache)? };
    // The value's own class may have got a `__get__` since.
    (way == OWN && stands_for_itself(vm, &value)).then_some(value)
}

/// The method of a class and what it is passed first, if the cache has it.
#[inline]
pub(super) unsafe fn cached_method(
    vm: &Vm,
    stack: &Stack,
    object: &Value,
    cache: Cache,
) -> Option<(Value, Option<Value>)> {
    // SAFETY: the cache is the instruction's.
    let (way, found) = unsafe { known(object, cache)? };
    match way {
        META_METHOD => Some((found, Some(object.clone()))),
        // Who listens is told of the bound function.
        OWN_METHOD if native_of_class(&found).is_some() => {
            (!stack.tracing.active()).then(|| (found, Some(object.clone())))
        }
        OWN_METHOD if vm.class_of(&found).has(type_flags::METHOD_DESCRIPTOR) => Some((found, None)),
        OWN_METHOD => unwrapped(&found, object),
        _ => stands_for_itself(vm, &found).then_some((found, None)),
    }
}

/// Writes the cache for an attribute of the class `own`, whose class is `meta`, where its lookup is the usual one.
pub(super) unsafe fn remember(vm: &Vm, meta: &Obj<Type>, own: &Obj<Type>, cache: Cache, name: &Ref<Str>, call: bool) {
    let usual = match (meta.slots.getattr.get(), vm.types().type_.slots.getattr.get()) {
        (Some(getattr), Some(usual)) => std::ptr::fn_addr_eq(getattr, usual),
        _ => false,
    };
    if !usual {
        return;
    }
    let on_meta = meta.lookup(vm, name);
    if let Some(found) = on_meta.as_ref().filter(|found| attribute::descr_set(vm, found).is_some()) {
        // As for any other object: this is an attribute of the metaclass's instance.
        if let Some(way) = descriptor_way(vm, &own.to_value(), found).filter(|_| !call) {
            // SAFETY: the cache is the instruction's; the metaclass holds the descriptor.
            unsafe { write(cache, meta.version(vm), way, NOTHING_TELLS, 0, Some(found)) };
        }
        return;
    }
    let (way, value) = match (own.lookup(vm, name), on_meta) {
        (Some(found), _) if stands_for_itself(vm, &found) => (if call { OWN_METHOD } else { OWN }, found),
        (Some(found), _)
            if call
                && (found.downcast_exact::<StaticMethod>().is_some()
                    || found.downcast_exact::<ClassMethod>().is_some()
                    || native_of_class(&found).is_some_and(|method| own.is_subclass(&method.class))) =>
        {
            (OWN_METHOD, found)
        }
        (None, Some(found)) if call && vm.class_of(&found).has(type_flags::METHOD_DESCRIPTOR) => (META_METHOD, found),
        _ => return,
    };
    let way = if way == OWN_METHOD && attribute::descr_get(vm, &value).is_none() { OWN } else { way };
    let plain = matches!(way, OWN | OWN_METHOD) && stands_for_itself(vm, &value) && stays(vm, own, &value);
    let way = if plain { OWN_PLAIN } else { way };
    if value.header().is_none() && own.has_changing_values() {
        let Some((class, entry)) = own.place_of(name) else { return };
        // SAFETY: the cache is the instruction's.
        unsafe {
            write(cache, meta.version(vm), OWN_PLACE, of_class(own.version(vm)), 0, None);
            (*cache.add(2)).set((class as u64) << 32 | entry as u64);
        }
        return;
    }
    // SAFETY: the cache is the instruction's; the class or its metaclass holds the value.
    unsafe { write(cache, meta.version(vm), way, of_class(own.version(vm)), 0, Some(&value)) };
}

/// Stores an attribute of a class, a value that is no object in place of another such, where the cache says which entry it is; whether it did.
#[inline]
pub(super) unsafe fn store(object: &Value, value: &Value, cache: Cache) -> bool {
    // SAFETY: C1; what hits under this way is a class.
    unsafe {
        let Some((header, _)) = hit(object, cache).filter(|&(_, way)| way == OWN_PLACE) else { return false };
        let class = std::ptr::NonNull::from(header).cast::<Obj<Type>>().as_ref();
        if u64::from(class.current_version()) != told(cache) || value.header().is_some() {
            return false;
        }
        // What stands there is no object, as long as the class's version does.
        drop(class.dict().replace_at((*cache.add(2)).get() as usize, value.clone()));
        true
    }
}

/// Writes the cache for stores to an attribute of a class whose value may change without the class's version, where storing is the usual thing.
pub(super) unsafe fn remember_store(vm: &Vm, class: &Obj<Type>, cache: Cache, name: &Ref<Str>) {
    let meta = vm.class_of_header(class.header());
    let usual = match (meta.slots.setattr.get(), vm.types().type_.slots.setattr.get()) {
        (Some(setattr), Some(usual)) => std::ptr::fn_addr_eq(setattr, usual),
        _ => false,
    };
    if !usual || !class.has(type_flags::CHANGING) || name.as_ascii().is_none_or(|text| text.starts_with("__")) {
        return;
    }
    let dict = class.dict();
    let Some(entry) = dict.find_interned_entry(name).filter(|_| meta.lookup(vm, name).is_none()) else { return };
    if dict.value_at(entry).is_none_or(|value| value.header().is_some()) {
        return;
    }
    // SAFETY: the cache is the instruction's.
    unsafe {
        write(cache, meta.version(vm), OWN_PLACE, of_class(class.version(vm)), 0, None);
        (*cache.add(2)).set(entry as u64);
    }
}
