//! Making classes from builtin descriptions, and the steps shared with classes that Python code makes (`class_new`).
//!
//! Invariant: a class that anyone sees has its namespace, MRO and slots.

use crate::builtins::NONE;
use crate::builtins::dict::Dict;
use crate::builtins::function::{GetSetDescriptor, MethodDescriptor};
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::builtins::weakref::WeakReference;
use crate::native::TypeSpec;
use crate::types::{Mro, SubclassLink, Type, TypeObject, mro, special, type_flags};
use crate::vm::{PyResult, Vm};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use taipan_heap::{Charge, Obj, Ref, Value, flags as kind_flags};

/// What the evaluation loop tells the types: how to reach its cells and frames.
#[derive(Default)]
pub struct ClassHooks {
    /// Puts a value into a cell; false if the first value is no cell.
    pub set_cell: Cell<Option<fn(&Vm, &Value, &Value) -> bool>>,
    /// The globals of the frame that runs Python code at present.
    pub globals: Cell<Option<fn(&Vm) -> Option<Ref<Dict>>>>,
    /// The line of a frame's code at a `tb_lasti`, 0 for none.
    pub line_at: Cell<Option<fn(&Value, i64) -> i64>>,
    /// The `__class__` cell's class and the first argument of the running frame, for `super()`; raises RuntimeError.
    pub super_arguments: Cell<Option<fn(&Vm) -> PyResult<(Value, Value)>>>,
    /// Issues a warning of a category in the running Python code.
    pub warn: Cell<Option<fn(&Vm, &Obj<Type>, &str) -> PyResult<()>>>,
}

impl ClassHooks {
    /// The interpreter's hooks.
    pub fn of(vm: &Vm) -> Rc<ClassHooks> {
        vm.interp().state(ClassHooks::default)
    }
}

impl Type {
    /// A builtin class made from its description, for types that live in native modules.
    pub fn from_spec(vm: &Vm, spec: &'static TypeSpec, bases: &[Ref<Type>]) -> PyResult<Ref<Type>> {
        // Only a class with a payload of its own is exact: one that derives from a builtin must not be taken for it.
        let payload = (spec.payload)();
        let shares = |base: &Ref<Type>| {
            base.native_spec().is_some_and(|of| match of.module {
                "builtins" => payload.is_a((of.payload)()),
                _ => std::ptr::eq((of.payload)(), payload),
            })
        };
        let own = !bases.iter().any(|base| shares(base) && !base.is_same(&*vm.types().object));
        let weak = if spec.flags & type_flags::NO_WEAK == 0 { kind_flags::WEAKLY_REFERENCEABLE } else { 0 };
        let kind = if own { kind_flags::EXACT } else { 0 } | weak;
        let blank = Type::blank(spec.name, (spec.payload)(), kind, spec.flags | type_flags::IMMUTABLE);
        let class = vm.alloc(&*vm.types().type_, blank)?;
        class.ready(vm, bases.to_vec(), spec)?;
        Ok(class)
    }
}

/// Longer method resolution orders count towards the heap's limit.
const LONG_MRO: usize = 32;

/// Steps of making a class.
pub(crate) trait ClassMaking {
    /// Completes a builtin class.
    fn ready(&self, vm: &Vm, bases: Vec<Ref<Type>>, spec: &'static TypeSpec) -> PyResult<()>;
    /// Sets `__bases__`, the layout base and the MRO, and registers with the bases.
    fn set_bases(&self, vm: &Vm, bases: &[Ref<Type>], mro: Vec<Ref<Type>>) -> PyResult<()>;
    /// Registers with the bases.
    fn link_to(&self, vm: &Vm, bases: &[Ref<Type>]) -> PyResult<()>;
    /// Changes the MRO.
    fn replace_mro(&self, mro: Vec<Ref<Type>>);
    /// Takes over what is inherited without lookup: flags and slots.
    fn inherit(&self, vm: &Vm, base: &Obj<Type>);
}

impl ClassMaking for Obj<Type> {
    fn ready(&self, vm: &Vm, bases: Vec<Ref<Type>>, spec: &'static TypeSpec) -> PyResult<()> {
        let dict = Dict::new(vm)?;
        let _ = self.dict.set(dict.clone());
        self.spec.set(Some(spec));
        let mro = super::mro::linearize(vm, self, &bases)?;
        self.set_bases(vm, &bases, mro)?;
        (spec.fill_slots)(&self.slots);
        special::add_wrappers(vm, self, &dict)?;
        for def in spec.methods {
            dict.set_text(vm, def.name, MethodDescriptor::make(vm, def, self)?)?;
        }
        for def in spec.getsets {
            dict.set_text(vm, def.name, GetSetDescriptor::make(vm, def, self)?)?;
        }
        let unhashable = self.slots.compare.get().is_some() && self.slots.hash.get().is_none();
        if unhashable {
            self.set_flags(type_flags::UNHASHABLE, true);
            dict.set_text(vm, "__hash__", NONE)?;
        }
        if let Some(base) = bases.first() {
            self.inherit(vm, base);
        }
        let inherited = bases.iter().any(|base| base.has(type_flags::HAS_DICT));
        if spec.flags & type_flags::HAS_DICT != 0 && !inherited && dict.get_text(vm, "__dict__")?.is_none() {
            dict.set_text(vm, "__dict__", GetSetDescriptor::make(vm, &crate::builtins::object::DICT_ATTRIBUTE, self)?)?;
        }
        if !matches!(spec.module, "builtins" | "types") && dict.get_text(vm, "__module__")?.is_none() {
            dict.set_text(vm, "__module__", vm.intern(spec.module)?.into())?;
        }
        let doc = spec.text().1;
        let doc = if doc.is_empty() { NONE } else { Str::new(vm, doc)?.into() };
        if !dict.contains(vm, &vm.intern("__doc__")?.into())? {
            dict.set_text(vm, "__doc__", doc)?;
        }
        if let Some(ready) = spec.ready {
            ready(vm, self)?;
            let inherited = bases.first().is_some_and(|base| base.slots.buffer_export.get().is_some());
            if self.slots.buffer_export.get().is_some() && !inherited {
                special::add_release_wrapper(vm, self, &dict)?;
            }
        }
        Ok(())
    }

    fn set_bases(&self, vm: &Vm, bases: &[Ref<Type>], mro: Vec<Ref<Type>>) -> PyResult<()> {
        let tuple = Tuple::new(vm, bases.iter().map(|base| base.to_value()))?;
        self.bases.set(Some(tuple.into()));
        self.replace_mro(mro);
        self.link_to(vm, bases)
    }

    fn link_to(&self, vm: &Vm, bases: &[Ref<Type>]) -> PyResult<()> {
        let length = self.mro().len();
        if length > LONG_MRO {
            let charge = Charge::new(vm.heap(), length * size_of::<Ref<Type>>());
            *self.mro_charge.borrow_mut() = Some(charge.map_err(|error| vm.out_of_memory(error))?);
        }
        for base in bases {
            link(vm, self, &base.subclasses)?;
        }
        if self.base.borrow().is_none() {
            *self.base.borrow_mut() = bases.first().cloned();
        }
        Ok(())
    }

    fn replace_mro(&self, mro: Vec<Ref<Type>>) {
        let old = self.mro.replace(Mro(Rc::from(mro)));
        drop(old);
        self.modified();
    }

    fn inherit(&self, vm: &Vm, base: &Obj<Type>) {
        let unhashable = self.has(type_flags::UNHASHABLE);
        let own_compare = self.slots.compare.get().is_some();
        let own_new = self.slots.new.get();
        self.slots.inherit(&base.slots);
        if own_new.is_none() && base.is_same(&*vm.types().object) {
            self.slots.new.set(None);
        }
        if unhashable && own_compare {
            self.slots.hash.set(Some(special::unhashable));
        }
        use type_flags::{HAS_DEL, HAS_DICT, MAPPING, MATCH_SELF, SEQUENCE};
        self.set_flags(base.flags() & (HAS_DICT | SEQUENCE | MAPPING | HAS_DEL | MATCH_SELF), true);
        if self.has(HAS_DICT) {
            self.kind.set(kind_flags::SLOTS, true);
            self.kind.set(kind_flags::TRACKED, true);
        }
        super::slot_update::refresh_flags(vm, self);
    }
}

/// Lists a class among those that a change of another one reaches.
fn link(vm: &Vm, class: &Obj<Type>, links: &RefCell<Vec<SubclassLink>>) -> PyResult<()> {
    let link = WeakReference::new(vm, &vm.types().weak_reference, &class.to_value(), None)?;
    let mut links = links.borrow_mut();
    // Links of dead classes are taken out whenever the list is about to double.
    if links.len().is_power_of_two() {
        links.retain(|link| link.0.target().is_some());
    }
    links.push(SubclassLink(link));
    Ok(())
}

/// Links a class to those in its MRO that are no bases of it, if its metaclass has named them: none of the classes between need be in it.
pub(super) fn link_to_strangers(vm: &Vm, class: &Obj<Type>, bases: &[Ref<Type>]) -> PyResult<()> {
    if !mro::is_own(vm, class) {
        return Ok(());
    }
    for other in class.mro().iter().filter(|other| !other.is_same(class)) {
        if !bases.iter().any(|base| base.is_same(other)) {
            link(vm, class, &other.strangers)?;
        }
    }
    Ok(())
}
