//! The iterator over sets and frozensets.
//!
//! Invariant: an exhausted iterator lets go of its set; one that found its set changed goes on raising.

use super::Set;
use crate::builtins::iterator::reduce_iterator;
use crate::builtins::list::List;
use crate::builtins::tuple::Tuple;
use crate::vm::{PyResult, Vm};
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;

/// `set_iterator`
#[derive(Payload)]
#[payload(name = "set_iterator")]
pub struct SetIterator {
    set: Slot,
    position: Cell<usize>,
    /// The set's length at the start; `usize::MAX` once it was found to have changed.
    expected: Cell<usize>,
    left: Cell<usize>,
}

#[pytype(name = "set_iterator")]
impl SetIterator {
    /// An iterator over `set`.
    pub fn over(vm: &Vm, set: &Obj<Set>) -> PyResult<Value> {
        let payload = SetIterator {
            set: Slot::new(Some(set.to_value())),
            position: Cell::new(0),
            expected: Cell::new(set.len()),
            left: Cell::new(set.len()),
        };
        Ok(vm.alloc(&*vm.types().set_iterator, payload)?.into())
    }

    /// Its set, which it lets go of, the next slot and the length that the set has to have; `None` if it is exhausted or has raised.
    pub fn take(&self) -> Option<(Value, usize, usize)> {
        if self.expected.get() == usize::MAX {
            return None;
        }
        self.set.take().map(|set| (set, self.position.get(), self.expected.get()))
    }

    fn held(&self) -> Option<Ref<Set>> {
        self.set.get()?.downcast_into::<Set>().ok()
    }

    #[slot]
    fn next(this: &Obj<SetIterator>, vm: &Vm) -> PyResult<Option<Value>> {
        let mut position = this.position.get();
        let step = this.set.lend(|set| match set.downcast::<Set>()? {
            set if set.len() == this.expected.get() => Some(Ok(set.next_element(&mut position))),
            _ => Some(Err(())),
        });
        let Some(step) = step.flatten() else { return Ok(None) };
        let Ok(found) = step else {
            this.expected.set(usize::MAX);
            return Err(vm.runtime_error("Set changed size during iteration"));
        };
        this.position.set(position);
        match found {
            Some((_, key)) => {
                this.left.set(this.left.get().saturating_sub(1));
                Ok(Some(key))
            }
            None => {
                this.set.set(None);
                Ok(None)
            }
        }
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(this: &Obj<SetIterator>) -> usize {
        match this.held() {
            Some(set) if set.len() == this.expected.get() => this.left.get(),
            _ => 0,
        }
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<SetIterator>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let mut rest = Vec::new();
        if let Some(set) = this.held() {
            if set.len() != this.expected.get() {
                return Err(vm.runtime_error("Set changed size during iteration"));
            }
            let mut position = this.position.get();
            rest.extend(std::iter::from_fn(|| set.next_element(&mut position)).map(|(_, key)| key));
        }
        reduce_iterator(vm, "iter", List::from_values(vm, rest)?.into(), None)
    }
}
