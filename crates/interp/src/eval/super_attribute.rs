//! `super().name`, and its inline cache.
//!
//! Invariant: word 0 of the cache has the versions of the class that the search begins behind and of the class whose MRO is searched; while both stand,
//! the search finds what word 1 has (C1). Its low bits say how: `OF_CLASS`, the object is itself the class whose MRO is searched; `METHOD`, the
//! object is passed first.

use crate::eval::attribute::{Cache, unwrapped};
use crate::eval::slow;
use crate::function::Function;
use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use taipan_heap::{Obj, Value};
use taipan_objects::builtins::descriptor::StaticMethod;
use taipan_objects::builtins::str::Str;
use taipan_objects::types::{Type, TypeObject, attribute, type_flags};
use taipan_objects::vm::{PyResult, Vm};

const OF_CLASS: u64 = 1;
const METHOD: u64 = 2;

/// The versions that the cache must have for a search in `start` behind `class`; 0 if one of them has none.
fn versions(class: &Obj<Type>, start: &Obj<Type>) -> u64 {
    match (class.current_version(), start.current_version()) {
        (0, _) | (_, 0) => 0,
        (class, start) => u64::from(class) | u64::from(start) << 32,
    }
}

/// What the cache has for `super(class, object)`, and whether the object is passed first.
unsafe fn cached(vm: &Vm, class: &Obj<Type>, object: &Value, cache: Cache) -> Option<(Value, bool)> {
    // SAFETY: the cache words follow the instruction.
    let (known, word) = unsafe { ((*cache).get(), (*cache.add(1)).get()) };
    if known == 0 {
        return None;
    }
    let own = object.downcast::<Type>();
    let start = match (own, word & OF_CLASS != 0) {
        (Some(own), true) => own,
        (Some(own), false) if own.is_subclass(class) => return None,
        (_, false) => vm.class_of(object),
        (None, true) => return None,
    };
    if versions(class, start) != known {
        return None;
    }
    // SAFETY: C1: the versions stand, so the value is alive.
    let found = unsafe {
        let address = std::ptr::with_exposed_provenance_mut((word & !(OF_CLASS | METHOD)) as usize);
        (*ManuallyDrop::new(Value::from_raw(NonNull::new_unchecked(address)))).clone()
    };
    match found.downcast_exact::<StaticMethod>() {
        Some(_) => unwrapped(&found, object),
        None => Some((found, word & METHOD != 0)).map(|(found, method)| (found, method.then(|| object.clone()))),
    }
    .map(|(found, this)| (found, this.is_some()))
}

/// Writes the cache for `super(class, object).name`, where that is the same for all objects of the same class.
unsafe fn remember(vm: &Vm, class: &Obj<Type>, object: &Value, name: &Obj<Str>, method: bool, cache: &[Cell<u64>; 2]) {
    let own = object.downcast::<Type>().filter(|own| own.is_subclass(class));
    let start = own.unwrap_or_else(|| vm.class_of(object));
    if !start.is_subclass(class) || name.equals("__class__") || start.has_changing_values() {
        return;
    }
    let (before, mro) = (start.version(vm), start.mro());
    class.version(vm);
    let mut behind = mro.iter().skip_while(|other| !other.is_same(class)).skip(1);
    let Some(found) = behind.find_map(|class| class.dict().value_at(class.dict().find_interned_entry(name)?)) else {
        return;
    };
    let Some(header) = found.header() else { return };
    let takes_object = own.is_none() && method && vm.class_of(&found).has(type_flags::METHOD_DESCRIPTOR);
    // A function seen from the class is itself; so is what has no `__get__`, which the classes of builtins cannot get.
    let itself = own.is_some() && found.downcast_exact::<Function>().is_some()
        || method && found.downcast_exact::<StaticMethod>().is_some()
        || attribute::descr_get(vm, &found).is_none() && !vm.class_of(&found).has(type_flags::PYTHON_CLASS);
    let known = versions(class, start);
    if !(takes_object || itself) || start.current_version() != before {
        return;
    }
    let flags = if own.is_some() { OF_CLASS } else { 0 } | if takes_object { METHOD } else { 0 };
    cache[0].set(known);
    cache[1].set(NonNull::from(header).expose_provenance().get() as u64 | flags);
}

/// `super().name` of a block `[super, class, object]`; for a call what to call, and whether the object is passed first.
pub(super) unsafe fn load(
    vm: &Vm,
    block: &[Value],
    name: &Obj<Str>,
    flags: u8,
    method: bool,
    cache: Cache,
) -> PyResult<(Value, bool)> {
    if let [callable, class, object] = block
        && let Some(class) = class.downcast::<Type>()
        && vm.types().super_.is(callable)
    {
        // SAFETY: the two cache words follow the instruction.
        unsafe {
            if let Some(found) = cached(vm, class, object, cache) {
                return Ok(found);
            }
            remember(vm, class, object, name, method, &*cache.cast::<[Cell<u64>; 2]>());
        }
    }
    slow::load_super(vm, block, name, flags, method)
}
