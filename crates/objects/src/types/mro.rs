//! The method resolution order: C3 linearisation, and `mro()` methods of metaclasses.
//!
//! Invariant: an MRO begins with the class itself, and each class stands in it once, before its bases.

use crate::builtins::function::MethodDescriptor;
use crate::types::{Type, TypeObject};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Ref, Value};

/// Whether the metaclass has a `mro()` of its own.
pub(crate) fn is_own(vm: &Vm, class: &Obj<Type>) -> bool {
    let found = vm.class_of_header(class.header()).lookup(vm, &vm.names().mro);
    found.is_some_and(|found| found.downcast::<MethodDescriptor>().is_none())
}

/// The MRO of a class with these bases: the metaclass's `mro()` if it has its own, else C3.
pub(crate) fn compute(vm: &Vm, class: &Obj<Type>, bases: &[Ref<Type>]) -> PyResult<Vec<Ref<Type>>> {
    if !is_own(vm, class) {
        return linearize(vm, class, bases);
    }
    let result = vm.call_special(&class.to_value(), &vm.names().mro, &[])?;
    checked(vm, class, result)
}

fn checked(vm: &Vm, class: &Obj<Type>, result: Option<Value>) -> PyResult<Vec<Ref<Type>>> {
    let items = match result {
        Some(result) => vm.collect(&result)?,
        None => Vec::new(),
    };
    if items.is_empty() {
        return Err(vm.type_error("type MRO must not be empty"));
    }
    let solid = super::layout::solid_base(class);
    let mut mro = Vec::with_capacity(items.len());
    for item in items {
        let base = item.downcast_into::<Type>().map_err(|other| {
            let given = vm.type_name(&other);
            vm.type_error(format!("mro() returned a non-class ('{given}')"))
        })?;
        if !solid.is_subclass(&super::layout::solid_base(&base)) {
            let name = base.tp_name();
            return Err(vm.type_error(format!("mro() returned base with unsuitable layout ('{name}')")));
        }
        mro.push(base);
    }
    Ok(mro)
}

/// The MRO by C3 linearisation, or TypeError.
pub fn linearize(vm: &Vm, class: &Obj<Type>, bases: &[Ref<Type>]) -> PyResult<Vec<Ref<Type>>> {
    for (index, base) in bases.iter().enumerate() {
        if bases[..index].iter().any(|other| other.is_same(&**base)) {
            return Err(vm.type_error(format!("duplicate base class {}", base.tp_name())));
        }
    }
    if let [base] = bases {
        return Ok(std::iter::once(class.to_ref()).chain(base.mro().iter().cloned()).collect());
    }
    let mut sequences: Vec<Vec<Ref<Type>>> = bases.iter().map(|base| base.mro().to_vec()).collect();
    sequences.push(bases.to_vec());
    let mut heads = vec![0; sequences.len()];
    let mut mro = vec![class.to_ref()];
    loop {
        let mut remaining = sequences.iter().zip(&heads).filter(|(sequence, head)| **head < sequence.len()).peekable();
        if remaining.peek().is_none() {
            return Ok(mro);
        }
        let good = |candidate: &Ref<Type>| {
            let tails = sequences.iter().zip(&heads).map(|(sequence, &head)| sequence.get(head + 1..).unwrap_or(&[]));
            !tails.into_iter().any(|tail| tail.iter().any(|other| other.is_same(&**candidate)))
        };
        let next = remaining.map(|(sequence, &head)| &sequence[head]).find(|candidate| good(candidate)).cloned();
        let Some(next) = next else { return Err(inconsistent(vm, &sequences, &heads)) };
        for (sequence, head) in sequences.iter().zip(&mut heads) {
            if sequence.get(*head).is_some_and(|class| class.is_same(&*next)) {
                *head += 1;
            }
        }
        mro.push(next);
    }
}

#[cold]
fn inconsistent(vm: &Vm, sequences: &[Vec<Ref<Type>>], heads: &[usize]) -> crate::vm::Raised {
    let mut shown: Vec<String> = Vec::new();
    for class in sequences.iter().zip(heads).filter_map(|(sequence, &head)| sequence.get(head)) {
        let name = class.name().to_string();
        if !shown.contains(&name) {
            shown.push(name);
        }
    }
    let names = shown.join(", ");
    vm.type_error(format!("Cannot create a consistent method resolution order (MRO) for bases {names}"))
}
