//! The iterator over arrays.
//!
//! Invariant: once at its end, it holds no array and stays there.

use super::array::Array;
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::iterator::reduce_iterator;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::vm::{PyResult, Vm};

/// `array.arrayiterator`
#[derive(Payload)]
#[payload(name = "arrayiterator")]
pub struct ArrayIterator {
    array: Slot,
    index: Cell<usize>,
}

#[pytype(name = "arrayiterator", module = "array", flags = DISALLOW_INSTANTIATION)]
impl ArrayIterator {
    pub(super) fn over(vm: &Vm, array: &Obj<Array>) -> PyResult<Value> {
        let payload = ArrayIterator { array: Slot::new(Some(array.to_value())), index: Cell::new(0) };
        Ok(vm.alloc(&*vm.native_type(ArrayIterator::spec())?, payload)?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<ArrayIterator>, vm: &Vm) -> PyResult<Option<Value>> {
        let Some(array) = this.array.get() else { return Ok(None) };
        let Some(array) = array.downcast::<Array>() else { return Ok(None) };
        let index = this.index.get();
        if index < array.count() {
            this.index.set(index + 1);
            return array.item(vm, index);
        }
        this.array.set(None);
        Ok(None)
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<ArrayIterator>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        match this.array.get() {
            Some(array) => reduce_iterator(vm, "iter", array, Some(this.index.get() as i64)),
            None => reduce_iterator(vm, "iter", List::with_capacity(vm, 0)?.into(), None),
        }
    }

    /// Set state information for unpickling.
    #[method(sig = "state, /")]
    fn __setstate__(this: &Obj<ArrayIterator>, state: isize) {
        let most = this.array.get().and_then(|array| Some(array.downcast::<Array>()?.count())).unwrap_or(0);
        this.index.set((state.max(0) as usize).min(most));
    }
}
