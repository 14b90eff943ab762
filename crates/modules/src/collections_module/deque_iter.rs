//! The iterators over deques.
//!
//! Invariant: an iterator whose deque has changed raises RuntimeError and is at its end from then on.

use super::deque::Deque;
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::int;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// `_deque_iterator`
#[derive(Payload)]
#[payload(name = "_deque_iterator")]
pub struct DequeIterator {
    walk: Walk,
}

/// `_deque_reverse_iterator`
#[derive(Payload)]
#[payload(name = "_deque_reverse_iterator")]
pub struct DequeReverseIterator {
    walk: Walk,
}

/// Where an iterator stands.
#[derive(taipan_macros::Traverse)]
struct Walk {
    deque: Ref<Deque>,
    changes: u64,
    index: Cell<usize>,
    left: Cell<usize>,
}

impl Walk {
    fn over(deque: &Obj<Deque>) -> Walk {
        Walk { deque: deque.to_ref(), changes: deque.changes(), index: Cell::new(0), left: Cell::new(deque.len_of()) }
    }

    fn step(&self, vm: &Vm, backwards: bool) -> PyResult<Option<Value>> {
        if self.deque.changes() != self.changes {
            self.left.set(0);
            return Err(vm.runtime_error("deque mutated during iteration"));
        }
        let left = self.left.get();
        if left == 0 {
            return Ok(None);
        }
        let index = self.index.get();
        self.index.set(index + 1);
        self.left.set(left - 1);
        Ok(self.deque.get(if backwards { left - 1 } else { index }))
    }

    fn reduce(&self, vm: &Vm, this: &Value) -> PyResult<Ref<Tuple>> {
        let arguments = Tuple::pair(vm, self.deque.to_value(), int::from_i64(vm, self.index.get() as i64)?)?;
        Tuple::pair(vm, vm.class_of(this).to_value(), arguments.into())
    }

    fn skip(&self, count: isize) {
        let count = (count.max(0) as usize).min(self.left.get());
        self.index.set(self.index.get() + count);
        self.left.set(self.left.get() - count);
    }
}

fn deque_of<'a>(vm: &Vm, value: &'a Value) -> PyResult<&'a Obj<Deque>> {
    match value.downcast::<Deque>() {
        Some(deque) => Ok(deque),
        None => {
            let given = vm.type_name(value);
            Err(vm.type_error(format!("argument 1 must be collections.deque, not {given}")))
        }
    }
}

#[pytype(name = "_deque_iterator", module = "collections")]
impl DequeIterator {
    pub(super) fn over(vm: &Vm, deque: &Obj<Deque>) -> PyResult<Value> {
        Ok(vm.alloc(&*vm.native_type(DequeIterator::spec())?, DequeIterator { walk: Walk::over(deque) })?.into())
    }

    #[slot(sig = "deque, index=0, /")]
    fn new(_class: &Obj<Type>, vm: &Vm, deque: &Value, index: isize) -> PyResult<Value> {
        let walk = Walk::over(deque_of(vm, deque)?);
        walk.skip(index);
        Ok(vm.alloc(&*vm.native_type(DequeIterator::spec())?, DequeIterator { walk })?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<DequeIterator>, vm: &Vm) -> PyResult<Option<Value>> {
        this.walk.step(vm, false)
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(this: &Obj<DequeIterator>) -> usize {
        this.walk.left.get()
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<DequeIterator>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        this.walk.reduce(vm, &this.to_value())
    }
}

#[pytype(name = "_deque_reverse_iterator", module = "collections")]
impl DequeReverseIterator {
    pub(super) fn over(vm: &Vm, deque: &Obj<Deque>) -> PyResult<Value> {
        let class = vm.native_type(DequeReverseIterator::spec())?;
        Ok(vm.alloc(&*class, DequeReverseIterator { walk: Walk::over(deque) })?.into())
    }

    #[slot(sig = "deque, index=0, /")]
    fn new(_class: &Obj<Type>, vm: &Vm, deque: &Value, index: isize) -> PyResult<Value> {
        let walk = Walk::over(deque_of(vm, deque)?);
        walk.skip(index);
        Ok(vm.alloc(&*vm.native_type(DequeReverseIterator::spec())?, DequeReverseIterator { walk })?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<DequeReverseIterator>, vm: &Vm) -> PyResult<Option<Value>> {
        this.walk.step(vm, true)
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(this: &Obj<DequeReverseIterator>) -> usize {
        this.walk.left.get()
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<DequeReverseIterator>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        this.walk.reduce(vm, &this.to_value())
    }
}
