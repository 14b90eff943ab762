//! `__slots__`: what a class statement says about the places of instance attributes.
//!
//! Invariant: members of a class follow those of its layout base, so a member's index holds for all subclasses.

use crate::builtins::dict::Dict;
use crate::builtins::function::GetSetDescriptor;
use crate::builtins::object::{DICT_ATTRIBUTE, WEAKREF_ATTRIBUTE};
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::types::{Type, TypeObject, class_new, type_flags};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Ref, Value, flags as kind_flags};

/// What instances of a new class have beyond those of its layout base.
pub(crate) struct ClassSlots {
    /// Mangled names of members, sorted.
    members: Vec<Ref<Str>>,
    /// Whether the class itself brings a `__dict__`.
    adds_dict: bool,
    /// Whether the class itself brings weak references.
    adds_weak: bool,
    /// Whether instances can be weakly referenced.
    pub(crate) weak: bool,
}

/// Whether instances of `class` hold their `__dict__` themselves (classes and modules) or in the attribute word.
fn has_dict(class: &Obj<Type>, vm: &Vm) -> bool {
    class.has(type_flags::HAS_DICT) || class.is_subclass(&vm.types().type_)
}

fn has_weak(class: &Obj<Type>) -> bool {
    class.kind.has(kind_flags::WEAKLY_REFERENCEABLE)
}

/// Reads `__slots__` from the namespace of a new class.
pub(crate) fn read(
    vm: &Vm,
    dict: &Obj<Dict>,
    class_name: &str,
    base: &Obj<Type>,
    bases: &[Value],
) -> PyResult<ClassSlots> {
    let (may_dict, may_weak) = (!has_dict(base, vm), !has_weak(base));
    let Some(slots) = dict.get_name(vm, &vm.names().__slots__)? else {
        return Ok(ClassSlots { members: Vec::new(), adds_dict: may_dict, adds_weak: may_weak, weak: true });
    };
    let names = match slots.downcast::<Str>() {
        Some(_) => vec![slots.clone()],
        None => vm.collect(&slots)?,
    };
    let variable = ["int", "tuple", "bytes", "type"];
    let native = super::special::native_base(base);
    if !names.is_empty() && variable.contains(&&*native_root(&native)) {
        let shown = base.tp_name();
        return Err(vm.type_error(format!("nonempty __slots__ not supported for subtype of '{shown}'")));
    }
    let mut read = ClassSlots { members: Vec::new(), adds_dict: false, adds_weak: false, weak: false };
    for name in &names {
        let name = slot_name(vm, name)?;
        if name.equals("__dict__") {
            if !may_dict || read.adds_dict {
                return Err(vm.type_error("__dict__ slot disallowed: we already got one"));
            }
            read.adds_dict = true;
        } else if name.equals("__weakref__") {
            if !may_weak || read.adds_weak {
                return Err(vm.type_error("__weakref__ slot disallowed: we already got one"));
            }
            read.adds_weak = true;
        } else {
            read.members.push(member_name(vm, dict, class_name, name)?);
        }
    }
    read.members.sort_by_key(|name| name.to_lossy().into_owned());
    for other in bases.iter().filter_map(|base| base.downcast::<Type>()).filter(|other| !other.is_same(base)) {
        read.adds_dict |= may_dict && has_dict(other, vm);
        read.adds_weak |= may_weak && has_weak(other);
    }
    read.weak = read.adds_weak || !may_weak;
    Ok(read)
}

/// The name of the builtin class that decides whether instances vary in size.
fn native_root(native: &Obj<Type>) -> String {
    let mut root = native.to_ref();
    loop {
        let base = root.base.borrow().clone();
        match base {
            Some(base) if std::ptr::eq(base.kind.info(), root.kind.info()) => root = base,
            _ => return root.name().to_string(),
        }
    }
}

fn slot_name<'a>(vm: &Vm, name: &'a Value) -> PyResult<&'a Obj<Str>> {
    let Some(text) = name.downcast::<Str>() else {
        let given = vm.type_name(name);
        return Err(vm.type_error(format!("__slots__ items must be strings, not '{given}'")));
    };
    let points: Vec<u32> = text.points().collect();
    let identifier = taipan_text::unicode::is_identifier(&points[..]);
    if identifier { Ok(text) } else { Err(vm.type_error("__slots__ must be identifiers")) }
}

fn member_name(vm: &Vm, dict: &Obj<Dict>, class_name: &str, name: &Obj<Str>) -> PyResult<Ref<Str>> {
    let mangled = vm.intern(&mangle(class_name, &name.to_lossy()))?;
    let exempt = ["__qualname__", "__classcell__", "__classdictcell__"].iter().any(|text| mangled.equals(text));
    if !exempt && dict.get_name(vm, &mangled)?.is_some() {
        let shown = vm.repr(&mangled.to_value())?;
        return Err(vm.value_error(format!("{} in __slots__ conflicts with class variable", shown.to_lossy())));
    }
    Ok(mangled)
}

/// A private name as it is inside a class.
pub(crate) fn mangle(class_name: &str, name: &str) -> String {
    let class = class_name.trim_start_matches('_');
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') || class.is_empty() {
        return name.to_owned();
    }
    format!("_{class}{name}")
}

/// Room that instances have at least: an attribute or two that the class does not know of need no dict, which a collection would count.
pub(super) const LEAST_ATTRIBUTES: usize = 2;

/// Gives the class its layout and the descriptors that belong to it.
pub(crate) fn apply(vm: &Vm, class: &Obj<Type>, base: &Obj<Type>, slots: &ClassSlots) -> PyResult<()> {
    let first = base.members.get() as usize;
    class.members.set((first + slots.members.len()).min(u16::MAX as usize) as u16);
    for (index, name) in slots.members.iter().enumerate() {
        class_new::add_member(vm, class, name, first + index)?;
    }
    if slots.adds_dict {
        let value = GetSetDescriptor::make(vm, &DICT_ATTRIBUTE, class)?;
        class.dict().set_default(vm, &vm.names().__dict__.to_value(), value)?;
    }
    if slots.adds_weak {
        let value = GetSetDescriptor::make(vm, &WEAKREF_ATTRIBUTE, class)?;
        class.dict().set_default(vm, &vm.names().__weakref__.to_value(), value)?;
    }
    let with_dict = slots.adds_dict || base.has(type_flags::HAS_DICT);
    class.set_flags(type_flags::HAS_DICT, with_dict);
    let has_slots = with_dict || class.members.get() > 0;
    class.kind.set(kind_flags::SLOTS, has_slots);
    // Even an instance without anything of its own refers to its class, which may hold it.
    class.kind.set(kind_flags::TRACKED, true);
    if with_dict {
        let seeds = class.dict().get_name(vm, &vm.names().__static_attributes__)?;
        let own = seeds.as_ref().and_then(|seeds| seeds.downcast::<Tuple>()).map_or(0, |seeds| seeds.items().len());
        // What a base that still learns has room for says nothing, and it announces nothing itself.
        let mut known = base.to_ref();
        while known.has(type_flags::LEARNING) {
            let Some(next) = known.base.borrow().clone() else { break };
            known = next;
        }
        class.expect_attributes((own + known.expected.get() as usize).max(LEAST_ATTRIBUTES));
        class.set_flags(type_flags::LEARNING, own == 0);
    }
    Ok(())
}
