//! Which function stands in each slot of a Python class: worked out when the class is made and whenever a special method comes or goes.
//!
//! Invariant: a slot is native when the special methods found along the MRO are the wrappers of one builtin base for that very slot; else it
//! holds the function that calls the method found; it is empty when there is none.

use crate::builtins::function::MethodDescriptor;
use crate::builtins::is_none;
use crate::builtins::str::Str;
use crate::types::slot_calls as calls;
use crate::types::slot_wrapper::SlotWrapper;
use crate::types::special::{GROUPS, SlotGroup, SpecialMethod, builtin_new, unhashable};
use crate::types::{Slots, Type, TypeObject, type_flags};
use crate::vm::Vm;
use std::collections::HashMap;
use std::rc::Rc;
use taipan_heap::{Obj, Ref, Value, flags as kind_flags};

/// Slot groups by the address of a special method's interned name.
struct SpecialIndex(HashMap<usize, Vec<usize>>);

fn index(vm: &Vm) -> Rc<SpecialIndex> {
    vm.interp().state(|| {
        let mut groups: HashMap<usize, Vec<usize>> = HashMap::new();
        for (number, group) in GROUPS.iter().enumerate() {
            for method in group.methods {
                groups.entry((method.interned)(vm.names()).header().address()).or_default().push(number);
            }
        }
        let address = |name: &Ref<Str>| name.header().address();
        if let Some(found) = groups.get(&address(&vm.names().__getattribute__)).cloned() {
            groups.insert(address(&vm.names().__getattr__), found);
        }
        groups.insert(address(&vm.names().__new__), Vec::new());
        SpecialIndex(groups)
    })
}

/// Works out all slots of a new Python class whose namespace, bases and MRO are in place.
pub(crate) fn fill(vm: &Vm, class: &Obj<Type>) {
    let mro = class.mro();
    let single = mro.get(1).is_some_and(|base| base.mro().len() + 1 == mro.len());
    for base in mro.iter().skip(1).take(if single { 1 } else { usize::MAX }) {
        class.slots.inherit(&base.slots);
    }
    if single {
        let index = index(vm);
        for (name, _) in class.dict().snapshot() {
            let address = name.header().map_or(0, |header| header.address());
            if let Some(groups) = index.0.get(&address) {
                update_groups(vm, class, &name, groups);
            }
        }
    } else {
        GROUPS.iter().for_each(|group| update_group(vm, class, group));
        update_new(vm, class);
    }
    refresh_flags(vm, class);
}

/// Works the slots out anew after attribute `name` of `class` changed, there and in all subclasses.
pub(crate) fn attribute_changed(vm: &Vm, class: &Obj<Type>, name: &Obj<Str>) {
    let text = name.as_ascii().unwrap_or("");
    if !text.starts_with("__") || !text.ends_with("__") {
        return;
    }
    let index = index(vm);
    if let Some(groups) = index.0.get(&name.header().address()) {
        update_tree(vm, class, &name.to_value(), groups);
    }
}

/// Works all slots out anew after the bases changed.
pub(crate) fn bases_changed(vm: &Vm, class: &Obj<Type>) {
    GROUPS.iter().for_each(|group| update_group(vm, class, group));
    update_new(vm, class);
    refresh_flags(vm, class);
    class.subclasses().iter().for_each(|subclass| bases_changed(vm, subclass));
}

fn update_tree(vm: &Vm, class: &Obj<Type>, name: &Value, groups: &[usize]) {
    update_groups(vm, class, name, groups);
    refresh_flags(vm, class);
    class.subclasses().iter().for_each(|subclass| update_tree(vm, subclass, name, groups));
}

fn update_groups(vm: &Vm, class: &Obj<Type>, name: &Value, groups: &[usize]) {
    for group in groups.iter().filter_map(|&number| GROUPS.get(number)) {
        update_group(vm, class, group);
    }
    if vm.names().__new__.is(name) {
        update_new(vm, class);
    }
}

/// What the special methods of a group ask of the slot.
enum Wanted {
    Nothing,
    Native(Ref<Type>),
    Calling,
}

fn update_group(vm: &Vm, class: &Obj<Type>, group: &'static SlotGroup) {
    let mut wanted = Wanted::Nothing;
    for method in group.methods {
        let Some(found) = class.lookup(vm, (method.interned)(vm.names())) else { continue };
        if method.name == "__hash__" && is_none(&found) {
            return class.slots.hash.set(Some(unhashable));
        }
        let native = match native_class(class, method, &found) {
            Ok(native) => native,
            Err(OtherSlot) => continue,
        };
        wanted = match (native, wanted) {
            (Some(native), Wanted::Nothing) => Wanted::Native(native),
            (Some(native), Wanted::Native(before)) if native.is_same(&*before) => Wanted::Native(before),
            _ => Wanted::Calling,
        };
    }
    let slots = &class.slots;
    match wanted {
        Wanted::Native(native) => (group.copy)(&native.slots, slots),
        Wanted::Calling => (group.install)(slots),
        Wanted::Nothing if group.inherited => {
            let base = class.base.borrow().clone();
            if let Some(base) = base {
                (group.copy)(&base.slots, slots);
            }
        }
        Wanted::Nothing => (group.clear)(slots),
    }
    let is_getattr = group.methods.first().is_some_and(|method| method.name == "__getattribute__");
    if is_getattr && class.lookup(vm, &vm.names().__getattr__).is_some() {
        slots.getattr.set(Some(calls::getattr_hook));
    }
}

/// The method is the wrapper of another slot that has the same special method.
struct OtherSlot;

/// The builtin base whose native function `found` stands for, if any.
fn native_class(
    class: &Obj<Type>,
    method: &'static SpecialMethod,
    found: &Value,
) -> Result<Option<Ref<Type>>, OtherSlot> {
    if let Some(wrapper) = found.downcast::<SlotWrapper>() {
        let same = std::ptr::eq(wrapper.method.0, method);
        if !same && wrapper.method.0.name == method.name && class.is_subclass(&wrapper.class) {
            return Err(OtherSlot);
        }
        return Ok(Some(wrapper.class.clone()).filter(|native| same && class.is_subclass(native)));
    }
    if let Some(descriptor) = found.downcast::<MethodDescriptor>() {
        let native = &descriptor.class;
        let fits = descriptor.def.0.name == method.name
            && !native.has(type_flags::PYTHON_CLASS)
            && (method.present)(&native.slots)
            && class.is_subclass(native);
        return Ok(fits.then(|| native.clone()));
    }
    Ok(None)
}

fn update_new(vm: &Vm, class: &Obj<Type>) {
    let found = class.lookup(vm, &vm.names().__new__);
    match found.as_ref().map(builtin_new) {
        Some(None) => class.slots.new.set(Some(calls::new)),
        // A builtin `__new__` is found by way of the layout base, or by the function that looks it up.
        Some(Some(_)) => {
            let base = class.base.borrow().clone();
            class.slots.new.set(base.and_then(|base| base.slots.new.get()));
        }
        None => {}
    }
}

/// Flags that say what the slots are.
pub(crate) fn refresh_flags(vm: &Vm, class: &Obj<Type>) {
    let Slots { getattr, setattr, finalize, .. } = &class.slots;
    // Every class inherits from `object`, whose slots are the generic ones.
    let object = class.mro().last().cloned();
    let object = object.as_ref().map_or(&class.slots, |object| &object.slots);
    let plain_get = matches!((getattr.get(), object.getattr.get()), (Some(own), Some(generic)) if std::ptr::fn_addr_eq(own, generic));
    let plain_set = matches!((setattr.get(), object.setattr.get()), (Some(own), Some(generic)) if std::ptr::fn_addr_eq(own, generic));
    class.set_flags(type_flags::PLAIN_GETATTR, plain_get);
    class.set_flags(type_flags::PLAIN_SETATTR, plain_set);
    class.kind.set(kind_flags::FINALIZER, finalize.get().is_some());
    let has_del = class.lookup(vm, &vm.names().__del__).is_some();
    class.set_flags(type_flags::HAS_DEL, has_del);
    if has_del && class.has(type_flags::PYTHON_CLASS) {
        class.kind.set(kind_flags::ORDERED, true);
    }
}
