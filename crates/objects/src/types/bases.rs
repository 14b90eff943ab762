//! Assignment to `__bases__`.
//!
//! Invariant: a metaclass's `mro()` may itself assign to `__bases__` of this class or of others; what the inner assignment did stays, so nothing
//! is taken back or registered unless it is still what this assignment put there.

use crate::builtins::tuple::Tuple;
use crate::types::class::{ClassMaking, link_to_strangers};
use crate::types::{Mro, Type, TypeObject, layout, mro, slot_update};
use crate::vm::{PyResult, Vm};
use std::rc::Rc;
use taipan_heap::{Obj, Ref, Value};

/// An MRO that was replaced: the class, the new one, the old one.
type Replaced = (Ref<Type>, Rc<[Ref<Type>]>, Rc<[Ref<Type>]>);

/// The `__bases__` as classes.
pub(super) fn base_classes(class: &Obj<Type>) -> Vec<Ref<Type>> {
    let bases = class.bases.get();
    let bases = bases.as_ref().and_then(|bases| bases.downcast::<Tuple>()).map_or(&[][..], |bases| bases.items());
    bases.iter().filter_map(|base| base.clone().downcast_into::<Type>().ok()).collect()
}

/// Whether `class` stands in the chain of layout bases of `base`, which may be ahead of the MRO.
fn in_base_chain(base: &Obj<Type>, class: &Obj<Type>) -> bool {
    let mut at = Some(base.to_ref());
    while let Some(base) = at {
        if base.is_same(class) {
            return true;
        }
        at = base.base.borrow().clone();
    }
    false
}

fn checked_bases(vm: &Vm, class: &Obj<Type>, tuple: &Obj<Tuple>) -> PyResult<Vec<Ref<Type>>> {
    let shown = class.tp_name();
    if tuple.items().is_empty() {
        return Err(vm.type_error(format!("can only assign non-empty tuple to {shown}.__bases__, not ()")));
    }
    let mut bases = Vec::new();
    for item in tuple.items() {
        let Some(base) = item.downcast::<Type>() else {
            let given = vm.type_name(item);
            return Err(vm.type_error(format!("{shown}.__bases__ must be tuple of classes, not '{given}'")));
        };
        if base.is_subclass(class) || in_base_chain(base, class) {
            return Err(vm.type_error("a __bases__ item causes an inheritance cycle"));
        }
        bases.push(base.to_ref());
    }
    Ok(bases)
}

/// `cls.__bases__ = …`
pub(super) fn set_bases(vm: &Vm, class: &Obj<Type>, value: &Value) -> PyResult<()> {
    let Some(tuple) = value.downcast::<Tuple>() else {
        let (shown, given) = (class.tp_name(), vm.type_name(value));
        return Err(vm.type_error(format!("can only assign tuple to {shown}.__bases__, not {given}")));
    };
    let bases = checked_bases(vm, class, tuple)?;
    let base = layout::best_base(vm, tuple.items())?;
    let old_base = class.base.borrow().clone();
    if let Some(old) = &old_base
        && !layout::compatible(&layout::solid_base(&base), &layout::solid_base(old))
    {
        let (new, old) = (base.tp_name(), old.tp_name());
        return Err(vm.type_error(format!("__bases__ assignment: '{new}' object layout differs from '{old}'")));
    }
    let old_bases = class.bases.replace(Some(value.clone()));
    let previous = old_bases.clone();
    class.base.replace(Some(base));
    let mut replaced = Vec::new();
    let result = relinearize(vm, class, &mut replaced);
    let ours = class.bases.with(|bases| bases.is_some_and(|bases| bases.is(value)));
    if result.is_err() {
        for (class, new, old) in replaced.into_iter().rev() {
            if Rc::ptr_eq(&class.mro(), &new) {
                drop(class.mro.replace(Mro(old)));
                class.modified();
            }
        }
        if ours {
            drop(class.bases.replace(old_bases));
            drop(class.base.replace(old_base));
        }
        return result;
    }
    if ours {
        let previous = previous.as_ref().and_then(|bases| bases.downcast::<Tuple>()).map_or(&[][..], |old| old.items());
        for old in previous.iter().filter_map(|base| base.downcast::<Type>()) {
            unlink(old, class);
        }
        class.link_to(vm, &bases)?;
        link_to_strangers(vm, class, &bases)?;
        slot_update::bases_changed(vm, class);
    }
    Ok(())
}

/// Takes `class` out of the subclasses of a former base.
fn unlink(base: &Obj<Type>, class: &Obj<Type>) {
    let mut links = base.subclasses.borrow_mut();
    let unlinked: Vec<_> =
        links.extract_if(.., |link| link.0.target().is_none_or(|target| class.is(&target))).collect();
    drop(links);
    drop(unlinked);
}

/// Works the MRO out anew after a base's changed, there and in all subclasses.
fn relinearize(vm: &Vm, class: &Obj<Type>, replaced: &mut Vec<Replaced>) -> PyResult<()> {
    let old = class.mro();
    let order = mro::compute(vm, class, &base_classes(class))?;
    if !Rc::ptr_eq(&class.mro(), &old) {
        return Ok(());
    }
    class.replace_mro(order);
    replaced.push((class.to_ref(), class.mro(), old));
    vm.recursive(" while updating the bases of a class", || {
        class.subclasses().iter().try_for_each(|subclass| relinearize(vm, subclass, replaced))
    })
}
