//! Iterators that belong to no container: over anything with `__getitem__`, forwards and backwards, over a callable and a sentinel.
//!
//! Invariant: an exhausted iterator lets go of what it iterated over and stays exhausted.

use crate::builtins::list::{List, ListReverseIterator};
use crate::builtins::tuple::Tuple;
use crate::builtins::{NONE, int};
use crate::native::Args;
use crate::types::Type;
use crate::vm::{PyResult, Vm};
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;

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

/// A function of the `builtins` module as a program sees it now.
pub fn builtin_function(vm: &Vm, name: &str) -> PyResult<Value> {
    let found = match vm.interp().builtins.get() {
        Some(builtins) => builtins.get_text(vm, name)?,
        None => None,
    };
    match (found, name) {
        (Some(found), _) => Ok(found),
        (None, "reversed") => Ok(vm.types().reversed.to_value()),
        (None, _) => Err(vm.attribute_error(format!("module 'builtins' has no attribute '{name}'"))),
    }
}

/// What `__reduce__` of most iterators answers: `(iter, (container,))`, with the position as a third if there is one.
pub fn reduce_iterator(vm: &Vm, function: &str, container: Value, state: Option<i64>) -> PyResult<Ref<Tuple>> {
    let function = builtin_function(vm, function)?;
    reduced(vm, function, container, state)
}

fn reduced(vm: &Vm, function: Value, container: Value, state: Option<i64>) -> PyResult<Ref<Tuple>> {
    let arguments = Tuple::new(vm, [container].into_iter())?;
    match state {
        Some(state) => Tuple::new(vm, [function, arguments.into(), int::from_i64(vm, state)?].into_iter()),
        None => Tuple::pair(vm, function, arguments.into()),
    }
}

/// As `reduce_iterator`, of what `rest` says the iterator has left. It is asked last: finding the builtin may run Python code.
pub fn reduce_remaining(
    vm: &Vm,
    function: &str,
    rest: impl FnOnce() -> PyResult<(Value, Option<i64>)>,
) -> PyResult<Ref<Tuple>> {
    let function = builtin_function(vm, function)?;
    let (container, state) = rest()?;
    reduced(vm, function, container, state)
}

/// The item at `index`; `None` where the sequence ends (IndexError or StopIteration).
fn item_or_end(vm: &Vm, sequence: &Value, index: i64) -> PyResult<Option<Value>> {
    let item = vm.get_item(sequence, &int::from_i64(vm, index)?);
    let item = match vm.catch(item, &vm.types().index_error)? {
        Some(item) => Ok(item),
        None => return Ok(None),
    };
    vm.catch(item, &vm.types().stop_iteration)
}

#[pytype(name = "iterator")]
impl SequenceIterator {
    #[slot]
    fn next(this: &Obj<SequenceIterator>, vm: &Vm) -> PyResult<Option<Value>> {
        let Some(sequence) = this.sequence.get() else { return Ok(None) };
        let index = this.index.get();
        if index == i64::MAX {
            return Err(vm.overflow_error("iter index too large"));
        }
        let item = vm.get_item(&sequence, &int::from_i64(vm, index)?);
        if item.is_err() && (vm.raised_is(&vm.types().index_error) || vm.raised_is(&vm.types().stop_iteration)) {
            drop(vm.swap_exception(None));
            this.sequence.set(None);
            return Ok(None);
        }
        this.index.set(index + 1);
        item.map(Some)
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(this: &Obj<SequenceIterator>, vm: &Vm) -> PyResult<i64> {
        match this.sequence.get() {
            Some(sequence) if vm.class_of(&sequence).slots.len.get().is_some() => {
                Ok((vm.len(&sequence)? as i64 - this.index.get()).max(0))
            }
            _ => Ok(0),
        }
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<SequenceIterator>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        reduce_remaining(vm, "iter", || match this.sequence.get() {
            Some(sequence) => Ok((sequence, Some(this.index.get()))),
            None => Ok((Tuple::new(vm, std::iter::empty())?.into(), None)),
        })
    }

    /// Set state information for unpickling.
    #[method(sig = "state, /")]
    fn __setstate__(this: &Obj<SequenceIterator>, state: isize) {
        if !this.sequence.is_empty() {
            this.index.set(state.max(0) as i64);
        }
    }
}

/// `callable_iterator`: what a callable returns until it returns the sentinel.
#[derive(Payload)]
#[payload(name = "callable_iterator")]
pub struct CallableIterator {
    callable: Slot,
    sentinel: Value,
}

/// `iter(callable, sentinel)`; the caller has checked that the first can be called.
pub fn callable_iterator(vm: &Vm, callable: Value, sentinel: Value) -> PyResult<Value> {
    let payload = CallableIterator { callable: Slot::new(Some(callable)), sentinel };
    Ok(vm.alloc(&*vm.types().callable_iterator, payload)?.into())
}

#[pytype(name = "callable_iterator")]
impl CallableIterator {
    #[slot]
    fn next(this: &Obj<CallableIterator>, vm: &Vm) -> PyResult<Option<Value>> {
        let Some(callable) = this.callable.get() else { return Ok(None) };
        let result = vm.call(&callable, &[]);
        let Some(item) = vm.catch(result, &vm.types().stop_iteration)? else {
            this.callable.set(None);
            return Ok(None);
        };
        if this.callable.is_empty() {
            return Ok(None);
        }
        if vm.is_equal(&this.sentinel, &item)? {
            this.callable.set(None);
            return Ok(None);
        }
        Ok(Some(item))
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<CallableIterator>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        // Finding the builtin may run Python code, which may use the iterator up.
        let function = builtin_function(vm, "iter")?;
        let arguments = match this.callable.get() {
            Some(callable) => Tuple::pair(vm, callable, this.sentinel.clone())?,
            None => Tuple::new(vm, std::iter::once(Tuple::new(vm, std::iter::empty())?.into()))?,
        };
        Tuple::pair(vm, function, arguments.into())
    }
}

/// `reversed`: the items of a sequence from the last to the first, by `__len__` and `__getitem__`.
#[derive(Payload)]
#[payload(name = "reversed")]
pub struct Reversed {
    sequence: Slot,
    index: Cell<i64>,
}

/// `reversed(value)`: what `__reversed__` returns, or an iterator by position.
pub fn reversed(vm: &Vm, value: &Value) -> PyResult<Value> {
    Reversed::of(vm, &vm.types().reversed.clone(), value)
}

/// reversed(sequence, /)
/// --
///
/// Return a reverse iterator over the values of the given sequence.
#[pytype(name = "reversed", flags = BASETYPE)]
impl Reversed {
    fn of(vm: &Vm, class: &Obj<Type>, value: &Value) -> PyResult<Value> {
        if let Some(list) = value.downcast_exact::<List>() {
            return ListReverseIterator::over(vm, list);
        }
        if let Some(method) = vm.find_special(value, &vm.names().__reversed__)? {
            if !method.is(&NONE) {
                return vm.call(&method, &[]);
            }
        } else if vm.class_of(value).slots.getitem.get().is_some()
            && value.downcast::<crate::builtins::dict::Dict>().is_none()
        {
            let index = vm.len(value)? as i64 - 1;
            let payload = Reversed { sequence: Slot::new(Some(value.clone())), index: Cell::new(index) };
            return Ok(vm.alloc_instance(class, payload)?.into());
        }
        let given = vm.type_name(value);
        Err(vm.type_error(format!("'{given}' object is not reversible")))
    }

    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let args = args.expect(vm, "reversed", 1, 1)?;
        Reversed::of(vm, class, &args[0])
    }

    #[slot]
    fn next(this: &Obj<Reversed>, vm: &Vm) -> PyResult<Option<Value>> {
        let Some(sequence) = this.sequence.get() else { return Ok(None) };
        let index = this.index.get();
        if index >= 0
            && let Some(item) = item_or_end(vm, &sequence, index)?
        {
            this.index.set(index - 1);
            return Ok(Some(item));
        }
        this.index.set(-1);
        this.sequence.set(None);
        Ok(None)
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(this: &Obj<Reversed>, vm: &Vm) -> PyResult<i64> {
        match this.sequence.get() {
            Some(sequence) => {
                let left = this.index.get() + 1;
                Ok(if (vm.len(&sequence)? as i64) < left { 0 } else { left })
            }
            None => Ok(0),
        }
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<Reversed>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let class = vm.class_of(&this.to_value()).to_value();
        let (sequence, index) = match this.sequence.get() {
            Some(sequence) => (sequence, Some(int::from_i64(vm, this.index.get())?)),
            None => (Tuple::new(vm, std::iter::empty())?.into(), None),
        };
        let arguments: Value = Tuple::new(vm, [sequence].into_iter())?.into();
        match index {
            Some(index) => Tuple::new(vm, [class, arguments, index].into_iter()),
            None => Tuple::pair(vm, class, arguments),
        }
    }

    /// Set state information for unpickling.
    #[method(sig = "state, /")]
    fn __setstate__(this: &Obj<Reversed>, vm: &Vm, state: isize) -> PyResult<()> {
        if let Some(sequence) = this.sequence.get() {
            let last = vm.len(&sequence)? as i64 - 1;
            this.index.set((state as i64).clamp(-1, last));
        }
        Ok(())
    }
}
