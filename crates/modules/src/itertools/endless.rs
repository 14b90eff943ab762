//! `count`, `cycle` and `repeat`.
//!
//! Invariant: a count that has left the machine's integers never returns to them.

use super::advance;
use std::cell::{Cell, RefCell};
use taipan_heap::{Charge, Obj, OutOfMemory, Payload, Slot, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::str::StrBuilder;
use taipan_objects::builtins::{complex, float, int};
use taipan_objects::native::IntoValue;
use taipan_objects::types::{BinaryOp, Type};
use taipan_objects::vm::{PyResult, Vm};

/// `count`
#[derive(Payload)]
#[payload(name = "count")]
pub struct Count {
    /// The next number, unless `fast` holds it.
    current: Slot,
    fast: Cell<Option<i64>>,
    step: Value,
}

/// Return a count object whose .__next__() method returns consecutive values.
///
/// Equivalent to:
///     def count(firstval=0, step=1):
///         x = firstval
///         while 1:
///             yield x
///             x += step
#[pytype(name = "count", module = "itertools", flags = BASETYPE)]
impl Count {
    #[slot(sig = "start=0, step=1")]
    fn new(class: &Obj<Type>, vm: &Vm, start: Option<&Value>, step: Option<&Value>) -> PyResult<Value> {
        let number = |value: &Value| {
            let slots = &vm.class_of(value).slots;
            int::is_int(value)
                || float::get(value).is_some()
                || complex::get(value).is_some()
                || slots.index.get().is_some()
                || slots.float.get().is_some()
                || slots.int.get().is_some()
        };
        if [start, step].into_iter().flatten().any(|value| !number(value)) {
            return Err(vm.type_error("a number is required"));
        }
        let start = start.cloned().unwrap_or(Value::small_int(0));
        let step = step.cloned().unwrap_or(Value::small_int(1));
        let fast = start.as_int().filter(|_| step.is_int());
        let payload = Count { current: Slot::new(Some(start)), fast: Cell::new(fast), step };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<Count>, vm: &Vm) -> PyResult<Option<Value>> {
        if let Some(n) = this.fast.get() {
            let value = int::from_i64(vm, n)?;
            // Both are immediate ints, so the sum does not overflow.
            let next = n + this.step.as_int().unwrap_or(1);
            if Value::try_int(next).is_some() {
                this.fast.set(Some(next));
            } else {
                this.current.set(Some(int::from_i64(vm, next)?));
                this.fast.set(None);
            }
            return Ok(Some(value));
        }
        let Some(value) = this.current.get() else { return Ok(None) };
        let next = vm.binary(BinaryOp::Add, &value, &this.step)?;
        this.current.set(Some(next));
        Ok(Some(value))
    }

    #[slot]
    fn repr(this: &Obj<Count>, vm: &Vm) -> PyResult<Value> {
        let current = match this.fast.get() {
            Some(n) => int::from_i64(vm, n)?,
            None => this.current.get().unwrap_or(Value::small_int(0)),
        };
        let mut text = StrBuilder::starting("count(");
        text.push_repr(vm, &current)?;
        if int::as_small(&this.step) != Some(1) {
            text.push_str(", ");
            text.push_repr(vm, &this.step)?;
        }
        text.push_str(")");
        Ok(text.finish(vm)?.into())
    }
}

/// `cycle`
#[derive(Payload)]
#[payload(name = "cycle")]
pub struct Cycle {
    iterator: Slot,
    saved: RefCell<Vec<Value>>,
    charge: Charge,
    index: Cell<usize>,
}

/// Return elements from the iterable until it is exhausted. Then repeat the sequence indefinitely.
#[pytype(name = "cycle", module = "itertools", flags = BASETYPE)]
impl Cycle {
    #[slot(sig = "iterable, /")]
    fn new(class: &Obj<Type>, vm: &Vm, iterable: &Value) -> PyResult<Value> {
        let iterator = Slot::new(Some(vm.iter(iterable)?));
        let charge = Charge::new(vm.heap(), 0).map_err(|error| vm.out_of_memory(error))?;
        let cycle = Cycle { iterator, saved: RefCell::default(), charge, index: Cell::new(0) };
        Ok(vm.alloc_instance(class, cycle)?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<Cycle>, vm: &Vm) -> PyResult<Option<Value>> {
        if let Some(item) = advance(vm, &this.iterator)? {
            let mut saved = this.saved.borrow_mut();
            if saved.len() == saved.capacity() {
                let more = saved.len() + 8;
                let room = (saved.len() + more) * size_of::<Value>();
                if this.charge.resize(room).is_err() || saved.try_reserve_exact(more).is_err() {
                    drop(saved);
                    return Err(vm.out_of_memory(OutOfMemory));
                }
            }
            saved.push(item.clone());
            return Ok(Some(item));
        }
        let saved = this.saved.borrow();
        let index = this.index.get();
        let item = saved.get(index).cloned();
        this.index.set(if index + 1 >= saved.len() { 0 } else { index + 1 });
        Ok(item)
    }
}

/// `repeat`
#[derive(Payload)]
#[payload(name = "repeat")]
pub struct Repeat {
    object: Value,
    /// How often it is still to come; `None` for ever.
    left: Cell<Option<u64>>,
}

/// repeat(object [,times]) -> create an iterator which returns the object
/// for the specified number of times.  If not specified, returns the object
/// endlessly.
#[pytype(name = "repeat", module = "itertools", flags = BASETYPE)]
impl Repeat {
    #[slot(sig = "object, times=None")]
    fn new(class: &Obj<Type>, vm: &Vm, object: Value, times: Option<isize>) -> PyResult<Value> {
        let left = Cell::new(times.map(|times| times.max(0) as u64));
        Ok(vm.alloc_instance(class, Repeat { object, left })?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<Repeat>) -> PyResult<Option<Value>> {
        match this.left.get() {
            Some(0) => return Ok(None),
            Some(left) => this.left.set(Some(left - 1)),
            None => {}
        }
        Ok(Some(this.object.clone()))
    }

    #[slot]
    fn repr(this: &Obj<Repeat>, vm: &Vm) -> PyResult<Value> {
        let mut text = StrBuilder::starting("repeat(");
        text.push_repr(vm, &this.object)?;
        if let Some(left) = this.left.get() {
            text.push_str(&format!(", {left}"));
        }
        text.push_str(")");
        Ok(text.finish(vm)?.into())
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(this: &Obj<Repeat>, vm: &Vm) -> PyResult<Value> {
        match this.left.get() {
            Some(left) => left.into_value(vm),
            None => Err(vm.type_error("len() of unsized object")),
        }
    }
}
