//! `tuple`: a fixed number of values after the header.
//!
//! Invariant: the elements never change once the tuple has been seen by Python code.

use crate::vm::{PyResult, Vm};
use taipan_heap::{Payload, Ref, Tail, Value};

/// A tuple.
#[derive(Payload)]
#[payload(name = "tuple", tail = items)]
pub struct Tuple {
    items: Tail<Value>,
}

impl Tuple {
    /// A tuple of the items; the shared empty tuple for none.
    pub fn new(vm: &Vm, items: impl ExactSizeIterator<Item = Value>) -> PyResult<Ref<Tuple>> {
        if items.len() == 0
            && let Some(empty) = vm.types().empty_tuple.get()
        {
            return Ok(empty.clone());
        }
        let len = items.len();
        let class = &*vm.types().tuple;
        vm.heap().alloc_with_tail(class, len, 0, 0, |items| Tuple { items }, items).map_err(|e| vm.out_of_memory(e))
    }

    /// A tuple of two.
    pub fn pair(vm: &Vm, first: Value, second: Value) -> PyResult<Ref<Tuple>> {
        Tuple::new(vm, [first, second].into_iter())
    }

    /// An instance of a subclass of tuple.
    pub fn new_subclass(
        vm: &Vm,
        class: &taipan_heap::Obj<crate::types::Type>,
        items: Vec<Value>,
    ) -> PyResult<Ref<Tuple>> {
        vm.alloc_with_tail(class, items.len(), 0, |items| Tuple { items }, items)
    }

    /// The elements.
    #[inline]
    pub fn items(&self) -> &[Value] {
        self.items.elements()
    }
}

impl Tuple {
    /// The type's description.
    pub fn spec() -> &'static crate::native::TypeSpec {
        static SPEC: crate::native::TypeSpec = crate::native::TypeSpec {
            flags: crate::types::type_flags::BASETYPE,
            ..crate::native::TypeSpec::bare("tuple", <Tuple as Payload>::info)
        };
        &SPEC
    }
}
