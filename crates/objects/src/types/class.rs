//! Making classes: from builtin descriptions, and (with `type.__new__`) from Python class statements.
//!
//! Invariant: a class that anyone sees has its namespace, MRO and slots.

use crate::builtins::NONE;
use crate::builtins::dict::Dict;
use crate::builtins::function::{GetSetDescriptor, MethodDescriptor};
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::builtins::weakref::WeakReference;
use crate::native::{Args, TypeSpec};
use crate::types::{Mro, SubclassLink, Type, special, type_flags};
use crate::vm::{PyResult, Vm};
use std::rc::Rc;
use taipan_heap::{Obj, Payload, Ref, Value, flags as kind_flags};

impl Type {
    /// A builtin class made from its description, for types that live in native modules.
    pub fn from_spec(vm: &Vm, spec: &'static TypeSpec, bases: &[Ref<Type>]) -> PyResult<Ref<Type>> {
        let kind = kind_flags::EXACT | kind_flags::WEAKLY_REFERENCEABLE;
        let blank = Type::blank(spec.name, (spec.payload)(), kind, spec.flags | type_flags::IMMUTABLE);
        let class = vm.alloc(&*vm.types().type_, blank)?;
        class.ready(vm, bases.to_vec(), spec)?;
        Ok(class)
    }

    fn call(vm: &Vm, class: &Value, args: Args<'_>) -> PyResult<Value> {
        match class.downcast::<Type>() {
            Some(class) => super::call::call_type(vm, class, args),
            None => Err(vm.bad_self("__call__", "type", class)),
        }
    }

    /// The description of `type` itself.
    pub fn spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec {
            flags: type_flags::BASETYPE,
            fill_slots: |slots| slots.call.set(Some(Type::call)),
            ..TypeSpec::bare("type", <Type as Payload>::info)
        };
        &SPEC
    }
}

/// Steps of making a class.
pub(crate) trait ClassMaking {
    /// Completes a builtin class.
    fn ready(&self, vm: &Vm, bases: Vec<Ref<Type>>, spec: &'static TypeSpec) -> PyResult<()>;
    /// Sets `__bases__`, the layout base and the MRO, and registers with the bases.
    fn set_bases(&self, vm: &Vm, bases: &[Ref<Type>], mro: Vec<Ref<Type>>) -> PyResult<()>;
    /// Takes over what is inherited without lookup: flags and slots.
    fn inherit(&self, vm: &Vm, base: &Obj<Type>);
}

impl ClassMaking for Obj<Type> {
    fn ready(&self, vm: &Vm, bases: Vec<Ref<Type>>, spec: &'static TypeSpec) -> PyResult<()> {
        let dict = Dict::new(vm)?;
        let _ = self.dict.set(dict.clone());
        self.spec.set(Some(spec));
        let mro = linearize(vm, self, &bases)?;
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
        let doc = if spec.doc.is_empty() { NONE } else { Str::new(vm, spec.doc)?.into() };
        if !dict.contains(vm, &vm.intern("__doc__")?.into())? {
            dict.set_text(vm, "__doc__", doc)?;
        }
        if let Some(ready) = spec.ready {
            ready(vm, self)?;
        }
        Ok(())
    }

    fn set_bases(&self, vm: &Vm, bases: &[Ref<Type>], mro: Vec<Ref<Type>>) -> PyResult<()> {
        let tuple = Tuple::new(vm, bases.iter().map(|base| base.to_value()))?;
        self.bases.set(Some(tuple.into()));
        let old = self.mro.replace(Mro(Rc::from(mro)));
        drop(old);
        for base in bases {
            let link = WeakReference::new(vm, &vm.types().weak_reference, &self.to_value(), None)?;
            base.subclasses.borrow_mut().retain(|link| link.0.target().is_some());
            base.subclasses.borrow_mut().push(SubclassLink(link));
        }
        if self.base.borrow().is_none() {
            *self.base.borrow_mut() = bases.first().cloned();
        }
        Ok(())
    }

    fn inherit(&self, vm: &Vm, base: &Obj<Type>) {
        let unhashable = self.has(type_flags::UNHASHABLE);
        let own_compare = self.slots.compare.get().is_some();
        self.slots.inherit(&base.slots);
        if unhashable && own_compare {
            self.slots.hash.set(Some(special::unhashable));
        }
        use type_flags::{HAS_DEL, HAS_DICT, MAPPING, MATCH_SELF, SEQUENCE};
        self.set_flags(base.flags() & (HAS_DICT | SEQUENCE | MAPPING | HAS_DEL | MATCH_SELF), true);
        if self.has(HAS_DICT) {
            self.kind.set(kind_flags::SLOTS, true);
            self.kind.set(kind_flags::TRACKED, true);
            self.root_shape.set(vm.interp().shapes.new_root());
        }
        self.kind.set(kind_flags::FINALIZER, self.slots.finalize.get().is_some());
        let plain = |slot: Option<usize>, generic: usize| slot == Some(generic);
        let getattr = self.slots.getattr.get().map(|f| f as *const () as usize);
        let setattr = self.slots.setattr.get().map(|f| f as *const () as usize);
        self.set_flags(type_flags::PLAIN_GETATTR, plain(getattr, super::attribute::generic_get as *const () as usize));
        self.set_flags(type_flags::PLAIN_SETATTR, plain(setattr, super::attribute::generic_set as *const () as usize));
    }
}

/// The MRO of a class with these bases by C3 linearisation, or TypeError.
pub fn linearize(vm: &Vm, class: &Obj<Type>, bases: &[Ref<Type>]) -> PyResult<Vec<Ref<Type>>> {
    let mut sequences: Vec<Vec<Ref<Type>>> = bases.iter().map(|base| base.mro().to_vec()).collect();
    sequences.push(bases.to_vec());
    let mut mro = vec![class.to_ref()];
    loop {
        sequences.retain(|sequence| !sequence.is_empty());
        if sequences.is_empty() {
            return Ok(mro);
        }
        let in_tail = |candidate: &Ref<Type>, sequences: &[Vec<Ref<Type>>]| {
            sequences.iter().any(|sequence| sequence[1..].iter().any(|other| other.is_same(candidate)))
        };
        let next = sequences.iter().map(|sequence| &sequence[0]).find(|candidate| !in_tail(candidate, &sequences));
        let Some(next) = next.cloned() else {
            let names: Vec<_> = sequences.iter().map(|sequence| sequence[0].name()).collect();
            let mut shown: Vec<&str> = Vec::new();
            for name in &names {
                if !shown.contains(&&**name) {
                    shown.push(name);
                }
            }
            return Err(vm.type_error(format!(
                "Cannot create a consistent method resolution order (MRO) for bases {}",
                shown.join(", ")
            )));
        };
        for sequence in &mut sequences {
            if sequence[0].is_same(&next) {
                sequence.remove(0);
            }
        }
        mro.push(next);
    }
}
