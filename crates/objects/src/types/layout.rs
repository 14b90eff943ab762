//! The layout of instances: which base decides it, and which classes agree about it.
//!
//! An instance is the payload of its native base, then the members of `__slots__`, then the attribute word and inline values.
//! Invariant: a class's layout extends that of its solid base, so functions of any base find what they look for.

use crate::types::{Type, TypeObject, type_flags};
use crate::vm::{PyResult, Vm};
use std::ptr;
use taipan_heap::{Obj, Ref, Value};

/// Whether `class` adds anything but an attribute word to what instances of its base hold.
fn adds_layout(class: &Obj<Type>, base: &Obj<Type>) -> bool {
    if !ptr::eq(class.kind.info(), base.kind.info()) || class.members.get() != base.members.get() {
        return true;
    }
    // Builtin exceptions share one payload whose extra fields mean something different in each.
    let extra = |class: &Obj<Type>| {
        class.native_spec().is_some_and(|spec| spec.getsets.iter().any(|def| !def.name.starts_with('_')))
    };
    !class.has(type_flags::PYTHON_CLASS) && extra(class)
}

/// The nearest base (or the class itself) that adds to the layout.
pub(crate) fn solid_base(class: &Obj<Type>) -> Ref<Type> {
    let mut class = class.to_ref();
    loop {
        let base = class.base.borrow().clone();
        match base {
            Some(base) if !adds_layout(&class, &base) => class = base,
            _ => return class,
        }
    }
}

/// The base that decides the layout of a class with these bases.
pub(crate) fn best_base(vm: &Vm, bases: &[Value]) -> PyResult<Ref<Type>> {
    let mut best: Option<(Ref<Type>, Ref<Type>)> = None;
    for base in bases {
        let Some(base) = base.downcast::<Type>() else { return Err(vm.type_error("bases must be types")) };
        if !base.has(type_flags::BASETYPE) {
            let name = base.type_name(vm);
            return Err(vm.type_error(format!("type '{name}' is not an acceptable base type")));
        }
        if base.mro().is_empty() {
            let name = base.type_name(vm);
            return Err(vm.type_error(format!("Cannot extend an incomplete type '{name}'")));
        }
        let candidate = solid_base(base);
        best = match best {
            None => Some((base.to_ref(), candidate)),
            Some((winner, solid)) if solid.is_subclass(&candidate) => Some((winner, solid)),
            Some((_, solid)) if candidate.is_subclass(&solid) => Some((base.to_ref(), candidate)),
            Some(_) => return Err(vm.type_error("multiple bases have instance lay-out conflict")),
        };
    }
    match best {
        Some((winner, _)) => Ok(winner),
        None => Ok(vm.types().object.clone()),
    }
}

/// Whether instances of one class can become instances of the other.
pub(crate) fn compatible(a: &Obj<Type>, b: &Obj<Type>) -> bool {
    let same_dict = a.has(type_flags::HAS_DICT) == b.has(type_flags::HAS_DICT);
    let weak = |class: &Obj<Type>| class.kind.has(taipan_heap::flags::WEAKLY_REFERENCEABLE);
    ptr::eq(a.kind.info(), b.kind.info())
        && a.members.get() == b.members.get()
        && same_dict
        && weak(a) == weak(b)
        && (solid_base(a).is_same(&*solid_base(b)) || same_members(a, b))
}

/// Whether both classes got the same `__slots__` names on the same base.
fn same_members(a: &Obj<Type>, b: &Obj<Type>) -> bool {
    let (a, b) = (solid_base(a), solid_base(b));
    let (base_a, base_b) = (a.base.borrow().clone(), b.base.borrow().clone());
    let bases = match (base_a, base_b) {
        (Some(base_a), Some(base_b)) => solid_base(&base_a).is_same(&*solid_base(&base_b)),
        (None, None) => true,
        _ => false,
    };
    bases && member_names(&a) == member_names(&b)
}

fn member_names(class: &Obj<Type>) -> Vec<String> {
    let mut names: Vec<(usize, String)> = Vec::new();
    for (_, value) in class.dict().snapshot() {
        if let Some(member) = value.downcast::<crate::builtins::descriptor::MemberDescriptor>()
            && let Some(index) = member.index()
        {
            names.push((index, crate::builtins::str::Str::display(&member.name)));
        }
    }
    names.sort();
    names.into_iter().map(|(_, name)| name).collect()
}
