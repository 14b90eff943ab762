//! Iterators that pass items of other iterators on, chosen or changed one by one.
//!
//! Invariant: an iterator at its end lets go of its sources and stays at its end.

use super::advance;
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Slot, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::generic_alias::GenericAlias;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{int, is_none};
use taipan_objects::native::Args;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// `chain`
#[derive(Payload)]
#[payload(name = "chain")]
pub struct Chain {
    sources: Slot,
    active: Slot,
}

/// Return a chain object whose .__next__() method returns elements from the
/// first iterable until it is exhausted, then elements from the next iterable,
/// until all of the iterables are exhausted.
#[pytype(name = "chain", module = "itertools", flags = BASETYPE)]
impl Chain {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        args.no_keywords(vm, "chain")?;
        let sources = vm.iter(&args.to_tuple(vm)?.to_value())?;
        Ok(vm.alloc_instance(class, Chain { sources: Slot::new(Some(sources)), active: Slot::default() })?.into())
    }

    /// Alternative chain() constructor taking a single iterable argument that evaluates lazily.
    #[classmethod]
    fn from_iterable(class: &Obj<Type>, vm: &Vm, iterable: &Value) -> PyResult<Value> {
        let sources = vm.iter(iterable)?;
        Ok(vm.alloc_instance(class, Chain { sources: Slot::new(Some(sources)), active: Slot::default() })?.into())
    }

    /// See PEP 585
    #[classmethod(sig = "object, /")]
    fn __class_getitem__(class: &Obj<Type>, vm: &Vm, object: &Value) -> PyResult<Value> {
        GenericAlias::make(vm, &class.to_value(), object)
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<Chain>, vm: &Vm) -> PyResult<Option<Value>> {
        loop {
            if let Some(item) = advance(vm, &this.active)? {
                return Ok(Some(item));
            }
            let Some(source) = advance(vm, &this.sources)? else { return Ok(None) };
            match vm.iter(&source) {
                Ok(iterator) => this.active.set(Some(iterator)),
                Err(raised) => {
                    this.sources.set(None);
                    return Err(raised);
                }
            }
        }
    }
}

/// `compress`
#[derive(Payload)]
#[payload(name = "compress")]
pub struct Compress {
    data: Value,
    selectors: Value,
}

/// Return data elements corresponding to true selector elements.
///
/// Forms a shorter iterator from selected data elements using the selectors to
/// choose the data elements.
#[pytype(name = "compress", module = "itertools", flags = BASETYPE)]
impl Compress {
    #[slot(sig = "data, selectors")]
    fn new(class: &Obj<Type>, vm: &Vm, data: &Value, selectors: &Value) -> PyResult<Value> {
        let payload = Compress { data: vm.iter(data)?, selectors: vm.iter(selectors)? };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<Compress>, vm: &Vm) -> PyResult<Option<Value>> {
        loop {
            let Some(item) = vm.next(&this.data)? else { return Ok(None) };
            let Some(selector) = vm.next(&this.selectors)? else { return Ok(None) };
            if vm.is_true(&selector)? {
                return Ok(Some(item));
            }
        }
    }
}

/// `dropwhile`
#[derive(Payload)]
#[payload(name = "dropwhile")]
pub struct DropWhile {
    predicate: Value,
    iterator: Value,
    started: Cell<bool>,
}

/// Drop items from the iterable while predicate(item) is true.
///
/// Afterwards, return every element until the iterable is exhausted.
#[pytype(name = "dropwhile", module = "itertools", flags = BASETYPE)]
impl DropWhile {
    #[slot(sig = "predicate, iterable, /")]
    fn new(class: &Obj<Type>, vm: &Vm, predicate: Value, iterable: &Value) -> PyResult<Value> {
        let payload = DropWhile { predicate, iterator: vm.iter(iterable)?, started: Cell::new(false) };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<DropWhile>, vm: &Vm) -> PyResult<Option<Value>> {
        while let Some(item) = vm.next(&this.iterator)? {
            if this.started.get() {
                return Ok(Some(item));
            }
            let good = vm.call(&this.predicate, std::slice::from_ref(&item))?;
            if !vm.is_true(&good)? {
                this.started.set(true);
                return Ok(Some(item));
            }
        }
        Ok(None)
    }
}

/// `takewhile`
#[derive(Payload)]
#[payload(name = "takewhile")]
pub struct TakeWhile {
    predicate: Value,
    iterator: Value,
    stopped: Cell<bool>,
}

/// Return successive entries from an iterable as long as the predicate evaluates to true for each entry.
#[pytype(name = "takewhile", module = "itertools", flags = BASETYPE)]
impl TakeWhile {
    #[slot(sig = "predicate, iterable, /")]
    fn new(class: &Obj<Type>, vm: &Vm, predicate: Value, iterable: &Value) -> PyResult<Value> {
        let payload = TakeWhile { predicate, iterator: vm.iter(iterable)?, stopped: Cell::new(false) };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<TakeWhile>, vm: &Vm) -> PyResult<Option<Value>> {
        if this.stopped.get() {
            return Ok(None);
        }
        let Some(item) = vm.next(&this.iterator)? else { return Ok(None) };
        let good = vm.call(&this.predicate, std::slice::from_ref(&item))?;
        if vm.is_true(&good)? {
            return Ok(Some(item));
        }
        this.stopped.set(true);
        Ok(None)
    }
}

/// `filterfalse`
#[derive(Payload)]
#[payload(name = "filterfalse")]
pub struct FilterFalse {
    predicate: Value,
    iterator: Value,
}

/// Return those items of iterable for which function(item) is false.
///
/// If function is None, return the items that are false.
#[pytype(name = "filterfalse", module = "itertools", flags = BASETYPE)]
impl FilterFalse {
    #[slot(sig = "function, iterable, /")]
    fn new(class: &Obj<Type>, vm: &Vm, function: Value, iterable: &Value) -> PyResult<Value> {
        let payload = FilterFalse { predicate: function, iterator: vm.iter(iterable)? };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<FilterFalse>, vm: &Vm) -> PyResult<Option<Value>> {
        let itself = is_none(&this.predicate) || this.predicate.is(&vm.types().bool.to_value());
        while let Some(item) = vm.next(&this.iterator)? {
            let good = if itself {
                vm.is_true(&item)?
            } else {
                let answer = vm.call(&this.predicate, std::slice::from_ref(&item))?;
                vm.is_true(&answer)?
            };
            if !good {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }
}

/// `starmap`
#[derive(Payload)]
#[payload(name = "starmap")]
pub struct StarMap {
    function: Value,
    iterator: Value,
}

/// Return an iterator whose values are returned from the function evaluated with an argument tuple taken from the given sequence.
#[pytype(name = "starmap", module = "itertools", flags = BASETYPE)]
impl StarMap {
    #[slot(sig = "function, iterable, /")]
    fn new(class: &Obj<Type>, vm: &Vm, function: Value, iterable: &Value) -> PyResult<Value> {
        let payload = StarMap { function, iterator: vm.iter(iterable)? };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<StarMap>, vm: &Vm) -> PyResult<Option<Value>> {
        let Some(arguments) = vm.next(&this.iterator)? else { return Ok(None) };
        match arguments.downcast::<Tuple>() {
            Some(tuple) => vm.call(&this.function, tuple.items()).map(Some),
            None => vm.call(&this.function, &vm.collect(&arguments)?).map(Some),
        }
    }
}

/// `islice`
#[derive(Payload)]
#[payload(name = "islice")]
pub struct ISlice {
    iterator: Slot,
    /// The position of the next item wanted, and of the next one the source gives.
    wanted: Cell<u64>,
    position: Cell<u64>,
    stop: Option<u64>,
    step: u64,
}

fn index(vm: &Vm, value: &Value, message: &str) -> PyResult<Option<u64>> {
    if is_none(value) {
        return Ok(None);
    }
    let converted = int::index_i64(vm, value);
    let converted = vm.catch(converted, &vm.types().type_error)?.flatten();
    match converted.and_then(|index| u64::try_from(index).ok()) {
        Some(index) => Ok(Some(index)),
        None => Err(vm.value_error(message)),
    }
}

/// islice(iterable, stop) --> islice object
/// islice(iterable, start, stop[, step]) --> islice object
///
/// Return an iterator whose next() method returns selected values from an
/// iterable.  If start is specified, will skip all preceding elements;
/// otherwise, start defaults to zero.  Step defaults to one.  If
/// specified as another value, step determines how many values are
/// skipped between successive calls.  Works like a slice() on a list
/// but returns an iterator.
#[pytype(name = "islice", module = "itertools", flags = BASETYPE)]
impl ISlice {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        const STOP: &str = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
        const START: &str = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
        const STEP: &str = "Step for islice() must be a positive integer or None.";
        let (iterable, start, stop, step) = match args.expect(vm, "islice", 2, 4)? {
            [iterable, stop] => (iterable, None, index(vm, stop, STOP)?, None),
            [iterable, start, stop, rest @ ..] => {
                let start = index(vm, start, START)?;
                let stop = index(vm, stop, STOP)?;
                let step = rest.first().map_or(Ok(None), |step| index(vm, step, STEP))?;
                (iterable, start, stop, step)
            }
            _ => return Err(vm.type_error("islice expected at least 2 arguments")),
        };
        let step = step.unwrap_or(1);
        if step == 0 {
            return Err(vm.value_error(STEP));
        }
        let payload = ISlice {
            iterator: Slot::new(Some(vm.iter(iterable)?)),
            wanted: Cell::new(start.unwrap_or(0)),
            position: Cell::new(0),
            stop,
            step,
        };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<ISlice>, vm: &Vm) -> PyResult<Option<Value>> {
        let wanted = this.stop.map_or(this.wanted.get(), |stop| this.wanted.get().min(stop));
        while this.position.get() < wanted {
            if advance(vm, &this.iterator)?.is_none() {
                return Ok(None);
            }
            this.position.set(this.position.get() + 1);
        }
        if this.stop.is_some_and(|stop| this.position.get() >= stop) {
            this.iterator.set(None);
            return Ok(None);
        }
        let item = advance(vm, &this.iterator)?;
        if item.is_some() {
            this.position.set(this.position.get() + 1);
            this.wanted.set(this.wanted.get().saturating_add(this.step));
        }
        Ok(item)
    }
}
