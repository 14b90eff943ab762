//! Iterators that belong to no container: over anything with `__getitem__`, over a callable and a sentinel.
//!
//! Invariant: an exhausted iterator lets go of what it iterated over and stays exhausted.

use crate::native::TypeSpec;
use crate::vm::{PyResult, Vm};
use std::cell::Cell;
use taipan_heap::{Payload, Slot, Value};

/// `iterator`: items 0, 1, 2, … of an object until IndexError.
#[derive(Payload)]
#[payload(name = "iterator")]
pub struct SequenceIterator {
    sequence: Slot,
    index: Cell<i64>,
}

/// An iterator over an object by its `__getitem__`.
pub fn sequence_iterator(vm: &Vm, sequence: &Value) -> PyResult<Value> {
    let payload = SequenceIterator { sequence: Slot::new(Some(sequence.clone())), index: Cell::new(0) };
    Ok(vm.alloc(&*vm.types().sequence_iterator, payload)?.into())
}

impl SequenceIterator {
    fn next(vm: &Vm, this: &Value) -> PyResult<Option<Value>> {
        let Some(this) = this.downcast::<SequenceIterator>() else { return Ok(None) };
        let Some(sequence) = this.sequence.get() else { return Ok(None) };
        let index = this.index.get();
        let item = vm.get_item(&sequence, &crate::builtins::int::from_i64(vm, index)?);
        let ended =
            item.is_err() && (vm.raised_is(&vm.types().index_error) || vm.raised_is(&vm.types().stop_iteration));
        if ended {
            this.sequence.take();
            vm.swap_exception(None);
            return Ok(None);
        }
        this.index.set(index + 1);
        item.map(Some)
    }

    /// The type's description.
    pub fn spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec {
            fill_slots: |slots| {
                slots.next.set(Some(SequenceIterator::next));
                slots.iter.set(Some(|_, this| Ok(this.clone())));
            },
            ..TypeSpec::bare("iterator", <SequenceIterator as Payload>::info)
        };
        &SPEC
    }
}
