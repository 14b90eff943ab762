//! `tuple`: a fixed number of values after the header.
//!
//! Invariant: the elements never change once the tuple has been seen by Python code.

use crate::builtins::generic_alias::GenericAlias;
use crate::builtins::iterator::reduce_remaining;
use crate::builtins::list::List;
use crate::builtins::sequence::{self, not_comparable};
use crate::builtins::slice::{Span, Subscript, bad_subscript, bound, clamp, position, subscript};
use crate::builtins::str::Str;
use crate::builtins::str::StrBuilder;
use crate::native::Args;
use crate::types::{CompareOp, Type};
use crate::vm::{PyResult, Vm};
use std::cell::Cell;
use taipan_heap::{Buffer, Edge, Obj, OutOfMemory, Payload, Ref, Slot, Tail, Value, flags};
use taipan_macros::pytype;

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

    /// `left + right`. An empty one adds nothing: the other is the sum, if it is no instance of a subclass.
    pub fn joined(vm: &Vm, left: &Obj<Tuple>, right: &Obj<Tuple>) -> PyResult<Ref<Tuple>> {
        if left.items().is_empty() && right.header().kind().has(flags::EXACT) {
            return Ok(right.to_ref());
        }
        if right.items().is_empty() && left.header().kind().has(flags::EXACT) {
            return Ok(left.to_ref());
        }
        let items = left.items().iter().chain(right.items()).cloned();
        let len = left.items().len() + right.items().len();
        if len == 0 {
            return Tuple::new(vm, std::iter::empty());
        }
        let class = &*vm.types().tuple;
        vm.heap().alloc_with_tail(class, len, 0, 0, |items| Tuple { items }, items).map_err(|e| vm.out_of_memory(e))
    }

    /// The items at the positions of a span of this tuple. All of them in order are the tuple itself, if it is no instance of a subclass.
    pub fn part(vm: &Vm, tuple: &Obj<Tuple>, span: Span) -> PyResult<Ref<Tuple>> {
        let items = tuple.items();
        let Some(range) = span.as_range() else { return Tuple::new(vm, span.positions().map(|at| items[at].clone())) };
        if span.len == items.len() && tuple.header().kind().has(flags::EXACT) {
            return Ok(tuple.to_ref());
        }
        Tuple::new(vm, items[range].iter().cloned())
    }

    /// A tuple that takes the values over.
    pub fn from_values(vm: &Vm, values: Vec<Value>) -> PyResult<Ref<Tuple>> {
        Tuple::new(vm, values.into_iter())
    }

    /// A tuple of the values in a buffer, which is empty afterwards.
    pub fn from_buffer(vm: &Vm, values: &mut Buffer<Value>) -> PyResult<Ref<Tuple>> {
        if values.is_empty() {
            return Tuple::new(vm, std::iter::empty());
        }
        let made = vm.heap().alloc_with_elements(&*vm.types().tuple, |items| Tuple { items }, values);
        made.map_err(|error| vm.out_of_memory(error))
    }

    /// A tuple of what an iterable yields; an exact tuple is itself.
    pub fn from_iterable(vm: &Vm, iterable: &Value) -> PyResult<Ref<Tuple>> {
        if let Some(tuple) = iterable.downcast_exact::<Tuple>() {
            return Ok(tuple.to_ref());
        }
        if let Some(list) = iterable.downcast_exact::<List>() {
            return Tuple::new(vm, list.cell().borrow().iter().cloned());
        }
        Tuple::from_values(vm, vm.collect(iterable)?)
    }

    /// A tuple of two.
    #[inline]
    pub fn pair(vm: &Vm, first: Value, second: Value) -> PyResult<Ref<Tuple>> {
        Tuple::of(vm, [first, second])
    }

    /// A tuple of a few values.
    #[inline]
    pub fn of<const N: usize>(vm: &Vm, values: [Value; N]) -> PyResult<Ref<Tuple>> {
        const { assert!(N > 0, "the empty tuple is shared") };
        match vm.heap().alloc_array_at_once(&*vm.types().tuple, |items| Tuple { items }, values) {
            Ok(tuple) => Ok(tuple),
            Err(values) => Tuple::of_slowly(vm, values),
        }
    }

    #[cold]
    #[inline(never)]
    fn of_slowly<const N: usize>(vm: &Vm, values: [Value; N]) -> PyResult<Ref<Tuple>> {
        Tuple::new(vm, values.into_iter())
    }

    /// A tuple for an iterator that keeps the first one it has given: that one again, with other items, when nobody else has it.
    pub fn again<const N: usize>(vm: &Vm, kept: &Edge<Tuple>, mut items: [Value; N]) -> PyResult<Ref<Tuple>> {
        let Some(mut tuple) = kept.take() else {
            let tuple = Tuple::of(vm, items)?;
            kept.set(Some(tuple.clone()));
            return Ok(tuple);
        };
        let places: Option<&mut [Value; N]> = tuple.tail_mut().and_then(|places| places.try_into().ok());
        let Some(places) = places else {
            kept.set(Some(tuple));
            return Tuple::of(vm, items);
        };
        std::mem::swap(places, &mut items);
        // A collection may have let go of it for what it held before.
        vm.heap().track(tuple.header());
        kept.set(Some(tuple.clone()));
        drop(items);
        Ok(tuple)
    }

    /// Puts an item into a tuple that an iterator makes or uses again; into a copy, if somebody has got hold of it.
    #[inline]
    pub fn put(vm: &Vm, tuple: &mut Ref<Tuple>, at: usize, item: Value) -> PyResult<()> {
        match tuple.tail_mut().and_then(|places| places.get_mut(at)) {
            Some(place) => {
                let old = std::mem::replace(place, item);
                // A collection may have let go of the tuple for what it held before.
                vm.heap().track(tuple.header());
                drop(old);
            }
            None => {
                let mut items = tuple.items().to_vec();
                items[at] = item;
                *tuple = Tuple::from_values(vm, items)?;
            }
        }
        Ok(())
    }

    /// An instance of a subclass of tuple.
    pub fn new_subclass(vm: &Vm, class: &Obj<Type>, items: Vec<Value>) -> PyResult<Ref<Tuple>> {
        vm.alloc_with_tail(class, items.len(), 0, |items| Tuple { items }, items)
    }

    /// The elements.
    #[inline]
    pub fn items(&self) -> &[Value] {
        self.items.elements()
    }
}

/// tuple(iterable=(), /)
/// --
///
/// Built-in immutable sequence.
///
/// If no argument is given, the constructor returns an empty tuple.
/// If iterable is specified the tuple is initialized from iterable's items.
///
/// If the argument is a tuple, the return value is the same object.
#[pytype(name = "tuple", flags = BASETYPE | SEQUENCE | MATCH_SELF)]
impl Tuple {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        if class.is_same(&*vm.types().tuple) {
            return match args.expect(vm, "tuple", 0, 1)?.first() {
                Some(iterable) => Ok(Tuple::from_iterable(vm, iterable)?.into()),
                None => Ok(Tuple::new(vm, std::iter::empty())?.into()),
            };
        }
        let args = args.for_new(vm, "tuple", class, &vm.types().tuple)?;
        let items = match args.expect(vm, "tuple", 0, 1)?.first() {
            Some(iterable) if let Some(tuple) = iterable.downcast_exact::<Tuple>() => {
                let items = tuple.items();
                let make = |items| Tuple { items };
                return Ok(vm.alloc_with_tail(class, items.len(), 0, make, items.iter().cloned())?.into());
            }
            Some(iterable) => vm.collect(iterable)?,
            None => Vec::new(),
        };
        Ok(Tuple::new_subclass(vm, class, items)?.into())
    }

    /// Return number of occurrences of value.
    #[method(sig = "value, /")]
    fn count(this: &Obj<Tuple>, vm: &Vm, value: &Value) -> PyResult<usize> {
        let mut count = 0;
        for item in this.items() {
            count += usize::from(vm.is_equal(item, value)?);
        }
        Ok(count)
    }

    /// Return first index of value.
    ///
    /// Raises ValueError if the value is not present.
    #[method(sig = "value, start=0, stop=sys.maxsize, /")]
    fn index(
        this: &Obj<Tuple>,
        vm: &Vm,
        value: &Value,
        start: Option<&Value>,
        stop: Option<&Value>,
    ) -> PyResult<usize> {
        let start = start.map_or(Ok(0), |start| bound(vm, start))?;
        let stop = stop.map_or(Ok(i64::MAX), |stop| bound(vm, stop))?;
        let len = this.items().len();
        for at in clamp(start, len)..clamp(stop, len) {
            if vm.is_equal(&this.items()[at], value)? {
                return Ok(at);
            }
        }
        Err(vm.value_error("tuple.index(x): x not in tuple"))
    }

    #[method]
    fn __getnewargs__(this: &Obj<Tuple>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let plain = Tuple::new(vm, this.items().iter().cloned())?;
        Tuple::new(vm, [plain.into()].into_iter())
    }

    /// See PEP 585
    #[classmethod(sig = "object, /")]
    fn __class_getitem__(class: &Obj<Type>, vm: &Vm, object: &Value) -> PyResult<Value> {
        GenericAlias::make(vm, &class.to_value(), object)
    }

    /// Return the size of the tuple in memory, in bytes.
    #[method]
    fn __sizeof__(this: &Obj<Tuple>) -> usize {
        super::list::sequence_size(this, this.items().len())
    }

    #[slot]
    fn repr(this: &Obj<Tuple>, vm: &Vm) -> PyResult<Value> {
        match this.items() {
            [] => Ok(Str::new(vm, "()")?.into()),
            [single] => {
                let shown = vm.repr_once(&this.to_value(), || {
                    let mut text = StrBuilder::starting("(");
                    text.push_repr(vm, single)?;
                    text.push_str(",)");
                    Ok(text.finish(vm)?.into())
                })?;
                shown.map_or_else(|| Ok(Str::new(vm, "(...)")?.into()), Ok)
            }
            items => sequence::repr_items(vm, &this.to_value(), ["(", ")", "(...)"], |index| items.get(index).cloned()),
        }
    }

    #[slot]
    fn hash(this: &Obj<Tuple>, vm: &Vm) -> PyResult<i64> {
        let mut hash = taipan_numeric::hash::TupleHash::new();
        for item in this.items() {
            hash.add(vm.hash(item)?);
        }
        Ok(hash.finish(this.items().len()))
    }

    #[slot]
    fn iter(this: &Obj<Tuple>, vm: &Vm) -> PyResult<Value> {
        let payload = TupleIterator { tuple: Slot::new(Some(this.to_value())), index: Cell::new(0) };
        Ok(vm.alloc(&*vm.types().tuple_iterator, payload)?.into())
    }

    #[slot(len)]
    fn length(this: &Obj<Tuple>) -> PyResult<usize> {
        Ok(this.items().len())
    }

    #[slot]
    fn getitem(this: &Obj<Tuple>, vm: &Vm, key: &Value) -> PyResult<Value> {
        let items = this.items();
        match subscript(vm, key)? {
            Some(Subscript::Index(index)) => match position(index, items.len()) {
                Some(at) => Ok(items[at].clone()),
                None => Err(vm.index_error("tuple index out of range")),
            },
            Some(Subscript::Slice(steps)) => Tuple::part(vm, this, steps.over(items.len())).map(Value::from),
            None => Err(bad_subscript(vm, "tuple", key)),
        }
    }

    #[slot]
    fn contains(this: &Obj<Tuple>, vm: &Vm, item: &Value) -> PyResult<bool> {
        for own in this.items() {
            if vm.is_equal(own, item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    #[slot]
    fn concat(this: &Obj<Tuple>, vm: &Vm, other: &Value) -> PyResult<Value> {
        let Some(right) = other.downcast::<Tuple>() else {
            let given = vm.type_name(other);
            return Err(vm.type_error(format!("can only concatenate tuple (not \"{given}\") to tuple")));
        };
        Tuple::joined(vm, this, right).map(Value::from)
    }

    #[slot]
    fn repeat(this: &Obj<Tuple>, vm: &Vm, count: isize) -> PyResult<Value> {
        let items = this.items();
        if (count == 1 || items.is_empty()) && this.header().kind().has(flags::EXACT) {
            return Ok(this.to_value());
        }
        let times = count.max(0) as usize;
        let total = items.len().checked_mul(times).filter(|&total| total < isize::MAX as usize / 16);
        let Some(total) = total else { return Err(vm.out_of_memory(OutOfMemory)) };
        Ok(Tuple::new(vm, (0..total).map(|at| items[at % items.len()].clone()))?.into())
    }

    #[slot]
    fn compare(this: &Obj<Tuple>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        match other.downcast::<Tuple>() {
            Some(other) => sequence::compare_fixed(vm, op, this.items(), other.items()),
            None => not_comparable(),
        }
    }
}

/// `tuple_iterator`
#[derive(Payload)]
#[payload(name = "tuple_iterator")]
pub struct TupleIterator {
    tuple: Slot,
    index: Cell<usize>,
}

#[pytype(name = "tuple_iterator")]
impl TupleIterator {
    fn held(&self) -> Option<Ref<Tuple>> {
        self.tuple.get()?.downcast_into::<Tuple>().ok()
    }

    /// Its tuple, which it lets go of, and the index of the next item; `None` if it is exhausted.
    pub fn take(&self) -> Option<(Value, usize)> {
        self.tuple.take().map(|tuple| (tuple, self.index.get()))
    }

    /// The index of the next item, unless it is exhausted.
    pub fn place(&self) -> Option<usize> {
        (!self.tuple.is_empty()).then(|| self.index.get())
    }

    #[slot]
    fn next(this: &Obj<TupleIterator>) -> PyResult<Option<Value>> {
        let index = this.index.get();
        let item = this.tuple.lend(|tuple| tuple.downcast::<Tuple>()?.items().get(index).cloned());
        let Some(item) = item else { return Ok(None) };
        match item {
            Some(_) => this.index.set(index + 1),
            None => this.tuple.set(None),
        }
        Ok(item)
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(this: &Obj<TupleIterator>) -> usize {
        this.held().map_or(0, |tuple| tuple.items().len().saturating_sub(this.index.get()))
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<TupleIterator>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        reduce_remaining(vm, "iter", || match this.tuple.get() {
            Some(tuple) => Ok((tuple, Some(this.index.get() as i64))),
            None => Ok((Tuple::new(vm, std::iter::empty())?.into(), None)),
        })
    }

    /// Set state information for unpickling.
    #[method(sig = "state, /")]
    fn __setstate__(this: &Obj<TupleIterator>, state: isize) {
        if let Some(tuple) = this.held() {
            this.index.set((state.max(0) as usize).min(tuple.items().len()));
        }
    }
}
