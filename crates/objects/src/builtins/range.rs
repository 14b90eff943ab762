//! `range` and its iterators: arithmetic progressions of ints of any size.
//!
//! Invariant: start, stop, step and length are exact ints, and the length is right. Where start, stop and step are immediate, every item and the
//! length are, too, so that iteration needs machine arithmetic only.

use crate::builtins::iterator::builtin_function;
use crate::builtins::sequence::not_comparable;
use crate::builtins::slice::{Slice, bad_subscript};
use crate::builtins::str::StrBuilder;
use crate::builtins::tuple::Tuple;
use crate::builtins::{FALSE, NONE, TRUE, boolean, int};
use crate::native::Args;
use crate::types::{CompareOp, Type};
use crate::vm::{PyResult, Vm};
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;
use taipan_numeric::BigInt;

/// A range.
#[derive(Payload)]
#[payload(name = "range", untracked)]
pub struct Range {
    start: Value,
    stop: Value,
    step: Value,
    length: Value,
}

/// A range whose parts are immediate, as machine integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SmallRange {
    /// The first item.
    pub start: i64,
    /// The distance between items; never 0.
    pub step: i64,
    /// Number of items.
    pub len: u64,
}

impl SmallRange {
    /// What `range` makes of arguments that are all immediate ints; `None` of others, and where the step is 0.
    #[inline]
    pub fn of(args: &[Value]) -> Option<SmallRange> {
        let (start, stop, step) = match args {
            [stop] => (0, stop.as_int()?, 1),
            [start, stop] => (start.as_int()?, stop.as_int()?, 1),
            [start, stop, step] => (start.as_int()?, stop.as_int()?, step.as_int().filter(|step| *step != 0)?),
            _ => return None,
        };
        Some(SmallRange { start, step, len: small_len(start, stop, step) })
    }
}

fn big(value: &Value) -> BigInt {
    int::as_big(value).map(|big| big.into_owned()).unwrap_or_default()
}

/// `operator.index` of an argument, as an exact int.
fn exact_index(vm: &Vm, value: &Value) -> PyResult<Value> {
    if value.is_int() {
        return Ok(value.clone());
    }
    let index = int::index(vm, value)?;
    int::from_big(vm, big(&index))
}

fn small_len(start: i64, stop: i64, step: i64) -> u64 {
    if step == 1 {
        (stop - start).max(0) as u64
    } else if step > 0 && start < stop {
        (stop - start - 1) as u64 / step as u64 + 1
    } else if step < 0 && stop < start {
        (start - stop - 1) as u64 / step.unsigned_abs() + 1
    } else {
        0
    }
}

fn big_len(start: &BigInt, stop: &BigInt, step: &BigInt) -> BigInt {
    let zero = BigInt::default();
    let (low, high, distance) = if *step > zero { (start, stop, step.clone()) } else { (stop, start, -step) };
    if low < high { (high - low - 1) / distance + 1 } else { zero }
}

impl Range {
    /// `range(start, stop, step)` of exact ints.
    pub fn new_range(vm: &Vm, start: Value, stop: Value, step: Value) -> PyResult<Ref<Range>> {
        let length = match (start.as_int(), stop.as_int(), step.as_int()) {
            (_, _, Some(0)) => return Err(vm.value_error("range() arg 3 must not be zero")),
            (Some(start), Some(stop), Some(step)) => int::from_i128(vm, small_len(start, stop, step).into())?,
            _ => int::from_big(vm, big_len(&big(&start), &big(&stop), &big(&step)))?,
        };
        vm.alloc(&*vm.types().range, Range { start, stop, step, length })
    }

    /// The range as machine integers, if it is small enough.
    #[inline]
    pub fn small(&self) -> Option<SmallRange> {
        let (start, _, step) = (self.start.as_int()?, self.stop.as_int()?, self.step.as_int()?);
        Some(SmallRange { start, step, len: self.length.as_int()? as u64 })
    }

    fn item(&self, vm: &Vm, index: &BigInt) -> PyResult<Value> {
        if let (Some(small), Ok(index)) = (self.small(), i64::try_from(index)) {
            return int::from_i128(vm, i128::from(small.start) + i128::from(index) * i128::from(small.step));
        }
        int::from_big(vm, big(&self.start) + index * big(&self.step))
    }

    fn slice(&self, vm: &Vm, slice: &Slice) -> PyResult<Value> {
        let [start, stop, step] = slice.exact(vm, &big(&self.length))?;
        let (first, last) = (self.item(vm, &start)?, self.item(vm, &stop)?);
        let step = int::from_big(vm, big(&self.step) * step)?;
        Ok(Range::new_range(vm, first, last, step)?.into())
    }

    /// The index of an int in the range.
    fn index_of(&self, value: &Value) -> Option<BigInt> {
        let (start, step) = (big(&self.start), big(&self.step));
        let distance = big(value) - start;
        let index = &distance / &step;
        let fits = &index * &step == distance && index >= BigInt::default() && index < big(&self.length);
        fits.then_some(index)
    }

    /// The first index from `from` on whose item equals `value`, by comparing with each.
    fn search(&self, vm: &Vm, value: &Value, from: &BigInt) -> PyResult<Option<BigInt>> {
        let (mut index, length) = (from.clone(), big(&self.length));
        while index < length {
            if vm.is_equal(&self.item(vm, &index)?, value)? {
                return Ok(Some(index));
            }
            index += 1;
        }
        Ok(None)
    }

    fn reduced(&self, vm: &Vm) -> PyResult<Ref<Tuple>> {
        Tuple::new(vm, [self.start.clone(), self.stop.clone(), self.step.clone()].into_iter())
    }
}

/// Ints of exactly int or bool: their membership can be computed.
fn is_plain_int(vm: &Vm, value: &Value) -> bool {
    value.is_int() || value.is(&TRUE) || value.is(&FALSE) || vm.class_of(value).is_same(&*vm.types().int)
}

/// range(stop) -> range object
/// range(start, stop[, step]) -> range object
///
/// Return an object that produces a sequence of integers from start (inclusive)
/// to stop (exclusive) by step.  range(i, j) produces i, i+1, i+2, ..., j-1.
/// start defaults to 0, and stop is omitted!  range(4) produces 0, 1, 2, 3.
/// These are exactly the valid indices for a list of 4 elements.
/// When step is given, it specifies the increment (or decrement).
#[pytype(name = "range", flags = SEQUENCE)]
impl Range {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = class;
        let one = Value::small_int(1);
        let (start, stop, step) = match args.expect(vm, "range", 1, 3)? {
            [stop] => (Value::small_int(0), exact_index(vm, stop)?, one),
            [start, stop] => (exact_index(vm, start)?, exact_index(vm, stop)?, one),
            [start, stop, step, ..] => (exact_index(vm, start)?, exact_index(vm, stop)?, exact_index(vm, step)?),
            [] => (Value::small_int(0), Value::small_int(0), one),
        };
        Ok(Range::new_range(vm, start, stop, step)?.into())
    }

    #[getter(member)]
    fn start(this: &Obj<Range>) -> Value {
        this.start.clone()
    }

    #[setter]
    fn set_start(_this: &Obj<Range>, vm: &Vm, _value: Option<&Value>) -> PyResult<()> {
        Err(vm.attribute_error("readonly attribute"))
    }

    #[getter(member)]
    fn stop(this: &Obj<Range>) -> Value {
        this.stop.clone()
    }

    #[setter]
    fn set_stop(_this: &Obj<Range>, vm: &Vm, _value: Option<&Value>) -> PyResult<()> {
        Err(vm.attribute_error("readonly attribute"))
    }

    #[getter(member)]
    fn step(this: &Obj<Range>) -> Value {
        this.step.clone()
    }

    #[setter]
    fn set_step(_this: &Obj<Range>, vm: &Vm, _value: Option<&Value>) -> PyResult<()> {
        Err(vm.attribute_error("readonly attribute"))
    }

    /// rangeobject.count(value) -> integer -- return number of occurrences of value
    #[method(sig = "value, /")]
    fn count(this: &Obj<Range>, vm: &Vm, value: &Value) -> PyResult<usize> {
        if is_plain_int(vm, value) {
            return Ok(usize::from(this.index_of(value).is_some()));
        }
        let (mut count, mut from) = (0, BigInt::default());
        while let Some(index) = this.search(vm, value, &from)? {
            count += 1;
            from = index + 1;
        }
        Ok(count)
    }

    /// rangeobject.index(value) -> integer -- return index of value.
    /// Raise ValueError if the value is not present.
    #[method(sig = "value, /")]
    fn index(this: &Obj<Range>, vm: &Vm, value: &Value) -> PyResult<Value> {
        let plain = is_plain_int(vm, value);
        let found = if plain { this.index_of(value) } else { this.search(vm, value, &BigInt::default())? };
        match found {
            Some(index) => int::from_big(vm, index),
            None if plain => Err(vm.value_error("range.index(x): x not in range")),
            None => Err(vm.value_error("sequence.index(x): x not in sequence")),
        }
    }

    /// Return a reverse iterator.
    #[method]
    fn __reversed__(this: &Obj<Range>, vm: &Vm) -> PyResult<Value> {
        if let Some(SmallRange { start, step, len }) = this.small() {
            let last = if len == 0 { start - step } else { start + (len as i64 - 1) * step };
            return RangeIterator::over(vm, SmallRange { start: last, step: -step, len });
        }
        let (start, step, length) = (big(&this.start), big(&this.step), big(&this.length));
        let last = start + (length - 1) * &step;
        LongRangeIterator::over(vm, int::from_big(vm, last)?, int::from_big(vm, -step)?, this.length.clone())
    }

    #[method]
    fn __reduce__(this: &Obj<Range>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        Tuple::pair(vm, vm.types().range.to_value(), this.reduced(vm)?.into())
    }

    #[slot]
    fn repr(this: &Obj<Range>, vm: &Vm) -> PyResult<Value> {
        let mut text = StrBuilder::starting("range(");
        text.push_repr(vm, &this.start)?;
        text.push_str(", ");
        text.push_repr(vm, &this.stop)?;
        if this.step.as_int() != Some(1) {
            text.push_str(", ");
            text.push_repr(vm, &this.step)?;
        }
        text.push_str(")");
        Ok(text.finish(vm)?.into())
    }

    #[slot]
    fn iter(this: &Obj<Range>, vm: &Vm) -> PyResult<Value> {
        match this.small() {
            Some(small) => RangeIterator::over(vm, small),
            None => LongRangeIterator::over(vm, this.start.clone(), this.step.clone(), this.length.clone()),
        }
    }

    #[slot(len)]
    fn length(this: &Obj<Range>, vm: &Vm) -> PyResult<usize> {
        match i64::try_from(&big(&this.length)) {
            Ok(len) => Ok(len as usize),
            Err(_) => Err(vm.overflow_error("Python int too large to convert to C ssize_t")),
        }
    }

    #[slot]
    fn bool(this: &Obj<Range>) -> PyResult<bool> {
        Ok(this.length.as_int() != Some(0))
    }

    #[slot]
    fn getitem(this: &Obj<Range>, vm: &Vm, key: &Value) -> PyResult<Value> {
        if let Some(slice) = key.downcast::<Slice>() {
            return this.slice(vm, slice);
        }
        if !int::is_int(key) && vm.class_of(key).slots.index.get().is_none() {
            return Err(bad_subscript(vm, "range", key));
        }
        let (mut index, length) = (big(&int::index(vm, key)?), big(&this.length));
        if index < BigInt::default() {
            index += &length;
        }
        if index < BigInt::default() || index >= length {
            return Err(vm.index_error("range object index out of range"));
        }
        this.item(vm, &index)
    }

    #[slot]
    fn contains(this: &Obj<Range>, vm: &Vm, value: &Value) -> PyResult<bool> {
        if let (Some(n), Some(SmallRange { start, step, len })) = (value.as_int(), this.small()) {
            let distance = n - start;
            return Ok(distance % step == 0 && distance / step >= 0 && ((distance / step) as u64) < len);
        }
        if is_plain_int(vm, value) {
            return Ok(this.index_of(value).is_some());
        }
        Ok(this.search(vm, value, &BigInt::default())?.is_some())
    }

    #[slot]
    fn hash(this: &Obj<Range>, vm: &Vm) -> PyResult<i64> {
        let len = this.length.as_int();
        let start = if len == Some(0) { &NONE } else { &this.start };
        let step = if matches!(len, Some(0 | 1)) { &NONE } else { &this.step };
        Ok(taipan_numeric::hash::hash_tuple([vm.hash(&this.length)?, vm.hash(start)?, vm.hash(step)?]))
    }

    #[slot]
    fn compare(this: &Obj<Range>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        let (Some(other), CompareOp::Eq | CompareOp::Ne) = (other.downcast::<Range>(), op) else {
            return not_comparable();
        };
        let _ = vm;
        let len = this.length.as_int();
        let equal = big(&this.length) == big(&other.length)
            && (len == Some(0)
                || big(&this.start) == big(&other.start) && (len == Some(1) || big(&this.step) == big(&other.step)));
        Ok(boolean(equal == (op == CompareOp::Eq)))
    }
}

fn reduce_progression(vm: &Vm, start: Value, step: Value, left: &BigInt) -> PyResult<Ref<Tuple>> {
    let stop = int::from_big(vm, big(&start) + left * big(&step))?;
    let rest: Value = Range::new_range(vm, start, stop, step)?.into();
    let arguments = Tuple::new(vm, [rest].into_iter())?;
    Tuple::new(vm, [builtin_function(vm, "iter")?, arguments.into(), NONE].into_iter())
}

/// `range_iterator`
#[derive(Payload)]
#[payload(name = "range_iterator")]
pub struct RangeIterator {
    next: Cell<i64>,
    step: i64,
    left: Cell<u64>,
}

#[pytype(name = "range_iterator")]
impl RangeIterator {
    /// An iterator over a small range.
    pub fn over(vm: &Vm, range: SmallRange) -> PyResult<Value> {
        let SmallRange { start, step, len } = range;
        Ok(vm
            .alloc(&*vm.types().range_iterator, RangeIterator { next: Cell::new(start), step, left: Cell::new(len) })?
            .into())
    }

    /// What is still to come.
    pub fn rest(&self) -> SmallRange {
        SmallRange { start: self.next.get(), step: self.step, len: self.left.get() }
    }

    /// The next item; `None` at the end.
    #[inline]
    pub fn advance(&self) -> Option<i64> {
        let left = self.left.get().checked_sub(1)?;
        let item = self.next.get();
        self.left.set(left);
        self.next.set(item.wrapping_add(self.step));
        Some(item)
    }

    /// The next item, if there is one and it is an immediate int.
    #[inline]
    pub fn advance_small(&self) -> Option<Value> {
        let left = self.left.get().checked_sub(1)?;
        let item = self.next.get();
        let value = Value::try_int(item)?;
        self.left.set(left);
        self.next.set(item.wrapping_add(self.step));
        Some(value)
    }

    #[slot]
    fn next(this: &Obj<RangeIterator>, vm: &Vm) -> PyResult<Option<Value>> {
        this.advance().map(|item| int::from_i64(vm, item)).transpose()
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(this: &Obj<RangeIterator>) -> u64 {
        this.left.get()
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<RangeIterator>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let (next, step) = (int::from_i64(vm, this.next.get())?, int::from_i64(vm, this.step)?);
        reduce_progression(vm, next, step, &this.left.get().into())
    }

    /// Set state information for unpickling.
    #[method(sig = "state, /")]
    fn __setstate__(this: &Obj<RangeIterator>, state: isize) {
        let skipped = (state.max(0) as u64).min(this.left.get());
        this.next.set(this.next.get().wrapping_add(this.step.wrapping_mul(skipped as i64)));
        this.left.set(this.left.get() - skipped);
    }
}

/// `longrange_iterator`
#[derive(Payload)]
#[payload(name = "longrange_iterator")]
pub struct LongRangeIterator {
    start: Value,
    step: Value,
    length: Value,
    index: Slot,
}

#[pytype(name = "longrange_iterator")]
impl LongRangeIterator {
    fn over(vm: &Vm, start: Value, step: Value, length: Value) -> PyResult<Value> {
        let payload = LongRangeIterator { start, step, length, index: Slot::new(Some(Value::small_int(0))) };
        Ok(vm.alloc(&*vm.types().long_range_iterator, payload)?.into())
    }

    fn position(&self) -> BigInt {
        self.index.get().map_or_else(BigInt::default, |index| big(&index))
    }

    #[slot]
    fn next(this: &Obj<LongRangeIterator>, vm: &Vm) -> PyResult<Option<Value>> {
        let index = this.position();
        if index >= big(&this.length) {
            return Ok(None);
        }
        let item = int::from_big(vm, big(&this.start) + &index * big(&this.step))?;
        this.index.set(Some(int::from_big(vm, index + 1)?));
        Ok(Some(item))
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(this: &Obj<LongRangeIterator>, vm: &Vm) -> PyResult<Value> {
        int::from_big(vm, big(&this.length) - this.position())
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<LongRangeIterator>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let index = this.position();
        let left = big(&this.length) - &index;
        let next = int::from_big(vm, big(&this.start) + index * big(&this.step))?;
        reduce_progression(vm, next, this.step.clone(), &left)
    }

    /// Set state information for unpickling.
    #[method(sig = "state, /")]
    fn __setstate__(this: &Obj<LongRangeIterator>, vm: &Vm, state: &Value) -> PyResult<()> {
        let state = big(&int::index(vm, state)?).max(BigInt::default()).min(big(&this.length));
        this.index.set(Some(int::from_big(vm, state)?));
        Ok(())
    }
}
