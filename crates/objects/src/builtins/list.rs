//! `list`: a growable array of values.
//!
//! Invariant: no borrow of `items` is held across anything that may run Python code; values taken out are dropped after the borrow ends.

use crate::vm::{PyResult, Vm};
use std::cell::RefCell;
use taipan_heap::{Buffer, Payload, Ref, Value};

/// A list.
#[derive(Payload)]
#[payload(name = "list")]
pub struct List {
    items: RefCell<Buffer<Value>>,
}

impl List {
    /// A payload without items; for subclasses.
    pub fn empty() -> List {
        List { items: RefCell::default() }
    }

    /// A list of the items.
    pub fn new(vm: &Vm, items: impl ExactSizeIterator<Item = Value>) -> PyResult<Ref<List>> {
        let mut buffer = Buffer::new();
        buffer.reserve_exact(vm.heap(), items.len()).map_err(|error| vm.out_of_memory(error))?;
        buffer.extend(vm.heap(), items).map_err(|error| vm.out_of_memory(error))?;
        vm.alloc(&*vm.types().list, List { items: RefCell::new(buffer) })
    }

    /// Number of items.
    #[inline]
    pub fn len(&self) -> usize {
        self.items.borrow().len()
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at `index`.
    #[inline]
    pub fn get(&self, index: usize) -> Option<Value> {
        self.items.borrow().get(index).cloned()
    }

    /// The items' place itself. Borrow it briefly: see the module's invariant.
    #[inline]
    pub fn cell(&self) -> &RefCell<Buffer<Value>> {
        &self.items
    }

    /// Appends a value.
    #[inline]
    pub fn push(&self, vm: &Vm, value: Value) -> PyResult<()> {
        self.items.borrow_mut().push(vm.heap(), value).map_err(|error| vm.out_of_memory(error))
    }

    /// A copy of the items as they are now.
    pub fn snapshot(&self) -> Vec<Value> {
        self.items.borrow().to_vec()
    }
}

impl List {
    /// The type's description.
    pub fn spec() -> &'static crate::native::TypeSpec {
        static SPEC: crate::native::TypeSpec = crate::native::TypeSpec {
            flags: crate::types::type_flags::BASETYPE,
            ..crate::native::TypeSpec::bare("list", <List as Payload>::info)
        };
        &SPEC
    }
}
