//! Iterators whose items are made of several items of their sources.
//!
//! Invariant: a group of `groupby` yields nothing more once the parent has moved on to the next one.

use super::advance;
use std::cell::{Cell, RefCell};
use taipan_heap::{Edge, Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, is_none};
use taipan_objects::native::Rest;
use taipan_objects::types::{BinaryOp, Type};
use taipan_objects::vm::{PyResult, Vm};

/// `accumulate`
#[derive(Payload)]
#[payload(name = "accumulate")]
pub struct Accumulate {
    iterator: Value,
    function: Value,
    total: Slot,
    initial: Slot,
}

/// Return series of accumulated sums (or other binary function results).
#[pytype(name = "accumulate", module = "itertools", flags = BASETYPE)]
impl Accumulate {
    #[slot(sig = "iterable, func=None, *, initial=None")]
    fn new(
        class: &Obj<Type>,
        vm: &Vm,
        iterable: &Value,
        function: Option<&Value>,
        initial: Option<&Value>,
    ) -> PyResult<Value> {
        let payload = Accumulate {
            iterator: vm.iter(iterable)?,
            function: function.cloned().unwrap_or(NONE),
            total: Slot::default(),
            initial: Slot::new(initial.filter(|initial| !is_none(initial)).cloned()),
        };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<Accumulate>, vm: &Vm) -> PyResult<Option<Value>> {
        if let Some(initial) = this.initial.take() {
            this.total.set(Some(initial.clone()));
            return Ok(Some(initial));
        }
        let Some(item) = vm.next(&this.iterator)? else { return Ok(None) };
        let total = match this.total.get() {
            None => item,
            Some(total) if is_none(&this.function) => vm.binary(BinaryOp::Add, &total, &item)?,
            Some(total) => vm.call(&this.function, &[total, item])?,
        };
        this.total.set(Some(total.clone()));
        Ok(Some(total))
    }
}

/// `pairwise`
#[derive(Payload)]
#[payload(name = "pairwise")]
pub struct Pairwise {
    iterator: Slot,
    old: Slot,
    /// The pair that was given first, to be used again when nobody else has it.
    result: Edge<Tuple>,
}

/// Return an iterator of overlapping pairs taken from the input iterator.
///
///     s -> (s0,s1), (s1,s2), (s2, s3), ...
#[pytype(name = "pairwise", module = "itertools", flags = BASETYPE)]
impl Pairwise {
    #[slot(sig = "iterable, /")]
    fn new(class: &Obj<Type>, vm: &Vm, iterable: &Value) -> PyResult<Value> {
        let iterator = Slot::new(Some(vm.iter(iterable)?));
        let payload = Pairwise { iterator, old: Slot::default(), result: Edge::default() };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<Pairwise>, vm: &Vm) -> PyResult<Option<Value>> {
        let old = match this.old.get() {
            Some(old) => old,
            None => {
                let Some(first) = advance(vm, &this.iterator)? else { return Ok(None) };
                this.old.set(Some(first.clone()));
                if this.iterator.is_empty() {
                    this.old.set(None);
                    return Ok(None);
                }
                first
            }
        };
        let Some(new) = advance(vm, &this.iterator)? else {
            this.old.set(None);
            return Ok(None);
        };
        let pair = Tuple::again(vm, &this.result, [old, new.clone()])?;
        this.old.set(Some(new));
        Ok(Some(pair.into()))
    }
}

/// Batches are gathered where there is room for so many items at once.
const BATCH: usize = 16;

/// `batched`
#[derive(Payload)]
#[payload(name = "batched")]
pub struct Batched {
    iterator: Slot,
    size: usize,
    strict: bool,
}

/// Batch data into tuples of length n. The last batch may be shorter than n.
///
/// Loops over the input iterable and accumulates data into tuples
/// up to size n.  The input is consumed lazily, just enough to
/// fill a batch.  The result is yielded as soon as a batch is full
/// or when the input iterable is exhausted.
///
///     >>> for batch in batched('ABCDEFG', 3):
///     ...     print(batch)
///     ...
///     ('A', 'B', 'C')
///     ('D', 'E', 'F')
///     ('G',)
///
/// If "strict" is True, raises a ValueError if the final batch is shorter
/// than n.
#[pytype(name = "batched", module = "itertools", flags = BASETYPE)]
impl Batched {
    #[slot(sig = "iterable, n, *, strict=False")]
    fn new(class: &Obj<Type>, vm: &Vm, iterable: &Value, n: isize, strict: bool) -> PyResult<Value> {
        if n < 1 {
            return Err(vm.value_error("n must be at least one"));
        }
        let payload = Batched { iterator: Slot::new(Some(vm.iter(iterable)?)), size: n as usize, strict };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<Batched>, vm: &Vm) -> PyResult<Option<Value>> {
        let mut items = Vec::with_capacity(this.size.min(BATCH));
        while items.len() < this.size {
            if items.len() == items.capacity() {
                vm.check_room(2 * items.len() * size_of::<Value>())?;
            }
            match advance(vm, &this.iterator) {
                Ok(Some(item)) => items.push(item),
                Ok(None) => break,
                Err(raised) => {
                    this.iterator.set(None);
                    return Err(raised);
                }
            }
        }
        if items.is_empty() {
            return Ok(None);
        }
        if items.len() < this.size && this.strict {
            return Err(vm.value_error("batched(): incomplete batch"));
        }
        Ok(Some(Tuple::from_values(vm, items)?.into()))
    }
}

/// `groupby`
#[derive(Payload)]
#[payload(name = "groupby")]
pub struct GroupBy {
    iterator: Value,
    key_function: Value,
    target_key: Slot,
    current_key: Slot,
    current_value: Slot,
    /// Which group is the current one; groups of other numbers are over.
    generation: Cell<u64>,
}

impl GroupBy {
    /// Moves to the next item; `false` at the end.
    fn step(&self, vm: &Vm) -> PyResult<bool> {
        let Some(value) = vm.next(&self.iterator)? else { return Ok(false) };
        let key = match is_none(&self.key_function) {
            true => value.clone(),
            false => vm.call(&self.key_function, std::slice::from_ref(&value))?,
        };
        self.current_value.set(Some(value));
        self.current_key.set(Some(key));
        Ok(true)
    }
}

/// make an iterator that returns consecutive keys and groups from the iterable
///
///   iterable
///     Elements to divide into groups according to the key function.
///   key
///     A function for computing the group category for each element.
///     If the key function is not specified or is None, the element itself
///     is used for grouping.
#[pytype(name = "groupby", module = "itertools", flags = BASETYPE)]
impl GroupBy {
    #[slot(sig = "iterable, key=None")]
    fn new(class: &Obj<Type>, vm: &Vm, iterable: &Value, key: Option<&Value>) -> PyResult<Value> {
        let payload = GroupBy {
            iterator: vm.iter(iterable)?,
            key_function: key.cloned().unwrap_or(NONE),
            target_key: Slot::default(),
            current_key: Slot::default(),
            current_value: Slot::default(),
            generation: Cell::new(0),
        };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<GroupBy>, vm: &Vm) -> PyResult<Option<Value>> {
        this.generation.set(this.generation.get() + 1);
        loop {
            match (this.current_key.get(), this.target_key.get()) {
                (Some(_), None) => break,
                (Some(current), Some(target)) if !vm.is_equal(&target, &current)? => break,
                _ => {}
            }
            if !this.step(vm)? {
                return Ok(None);
            }
        }
        let Some(key) = this.current_key.get() else { return Ok(None) };
        this.target_key.set(Some(key.clone()));
        let grouper = Grouper { parent: this.to_ref(), target_key: key.clone(), generation: this.generation.get() };
        let group = vm.alloc(&*vm.native_type(Grouper::spec())?, grouper)?;
        Ok(Some(Tuple::pair(vm, key, group.into())?.into()))
    }
}

/// `_grouper`: one group of a `groupby`.
#[derive(Payload)]
#[payload(name = "_grouper")]
pub struct Grouper {
    parent: Ref<GroupBy>,
    target_key: Value,
    generation: u64,
}

#[pytype(name = "_grouper", module = "itertools")]
impl Grouper {
    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<Grouper>, vm: &Vm) -> PyResult<Option<Value>> {
        let parent = &this.parent;
        if parent.generation.get() != this.generation {
            return Ok(None);
        }
        if parent.current_value.is_empty() && !parent.step(vm)? {
            return Ok(None);
        }
        let Some(current) = parent.current_key.get() else { return Ok(None) };
        if !vm.is_equal(&this.target_key, &current)? {
            return Ok(None);
        }
        Ok(parent.current_value.take())
    }
}

/// `zip_longest`
#[derive(Payload)]
#[payload(name = "zip_longest")]
pub struct ZipLongest {
    /// The iterators, `None` where one has ended.
    iterators: RefCell<Vec<Option<Value>>>,
    active: Cell<usize>,
    fill: Value,
    /// The tuple that was given first, to be used again when nobody else has it.
    result: Edge<Tuple>,
}

impl ZipLongest {
    /// The next item of iterator number `at`, or what stands for it; `None` when all have ended.
    fn item(&self, vm: &Vm, at: usize) -> PyResult<Option<Value>> {
        let iterator = self.iterators.borrow().get(at).cloned().flatten();
        let Some(iterator) = iterator else { return Ok(Some(self.fill.clone())) };
        if let Some(item) = vm.next(&iterator).inspect_err(|_| self.active.set(0))? {
            return Ok(Some(item));
        }
        let ended = self.iterators.borrow_mut().get_mut(at).and_then(Option::take);
        self.active.set(self.active.get().saturating_sub(usize::from(ended.is_some())));
        drop(ended);
        Ok((self.active.get() > 0).then(|| self.fill.clone()))
    }

    /// Puts the next items into a tuple; `false` when all iterators have ended.
    fn refill(&self, vm: &Vm, tuple: &mut Ref<Tuple>) -> PyResult<bool> {
        for at in 0..tuple.items().len() {
            let Some(item) = self.item(vm, at)? else { return Ok(false) };
            Tuple::put(vm, tuple, at, item)?;
        }
        Ok(true)
    }
}

/// Return a zip_longest object whose .__next__() method returns a tuple where
/// the i-th element comes from the i-th iterable argument.  The .__next__()
/// method continues until the longest iterable in the argument sequence
/// is exhausted and then it raises StopIteration.  When the shorter iterables
/// are exhausted, the fillvalue is substituted in their place.  The fillvalue
/// defaults to None or can be specified by a keyword argument.
#[pytype(name = "zip_longest", module = "itertools", flags = BASETYPE)]
impl ZipLongest {
    #[slot(sig = "*iterables, fillvalue=None")]
    fn new(class: &Obj<Type>, vm: &Vm, iterables: Rest<'_>, fillvalue: Option<&Value>) -> PyResult<Value> {
        let iterators = iterables.0.iter().map(|iterable| vm.iter(iterable).map(Some));
        let iterators = iterators.collect::<PyResult<Vec<_>>>()?;
        let payload = ZipLongest {
            active: Cell::new(iterators.len()),
            iterators: RefCell::new(iterators),
            fill: fillvalue.cloned().unwrap_or(NONE),
            result: Edge::default(),
        };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<ZipLongest>, vm: &Vm) -> PyResult<Option<Value>> {
        let count = this.iterators.borrow().len();
        if this.active.get() == 0 {
            return Ok(None);
        }
        if let Some(mut tuple) = this.result.take() {
            if tuple.tail_mut().is_some() {
                let filled = this.refill(vm, &mut tuple);
                let given = tuple.clone();
                this.result.set(Some(tuple));
                return Ok(filled?.then(|| given.into()));
            }
            this.result.set(Some(tuple));
        }
        let mut items = Vec::with_capacity(count);
        for at in 0..count {
            match this.item(vm, at)? {
                Some(item) => items.push(item),
                None => return Ok(None),
            }
        }
        let tuple = Tuple::from_values(vm, items)?;
        if this.result.is_empty() {
            this.result.set(Some(tuple.clone()));
        }
        Ok(Some(tuple.into()))
    }
}
