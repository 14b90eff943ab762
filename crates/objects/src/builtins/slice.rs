//! `slice`, and what every sequence type needs to take one apart: `subscript`, `Steps`, `Span`.
//!
//! Invariant: converting the parts of a slice may run Python code; clamping them to a length (`Steps::over`) never does, so a sequence
//! asks for its length in between.

use crate::builtins::sequence::{compare_fixed, not_comparable};
use crate::builtins::str::StrBuilder;
use crate::builtins::tuple::Tuple;
use crate::builtins::{NONE, int, is_none};
use crate::native::Args;
use crate::types::{CompareOp, Type};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_numeric::BigInt;

/// A slice.
#[derive(Payload)]
#[payload(name = "slice")]
#[traverse(unsafe_drop)]
pub struct Slice {
    parts: [Value; 3],
}

impl Drop for Slice {
    /// The step goes first.
    fn drop(&mut self) {
        drop(std::mem::replace(&mut self.parts[2], NONE));
    }
}

/// The parts of a slice as machine integers, before a length is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps {
    start: i64,
    stop: i64,
    step: i64,
}

/// What a slice selects of a sequence: `len` positions from `start` on, `step` apart. `stop` is clamped, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first position; for an empty span anything from -1 to the sequence's length.
    pub start: i64,
    /// Where to stop, exclusive.
    pub stop: i64,
    /// The distance; never 0.
    pub step: i64,
    /// How many positions.
    pub len: usize,
}

/// A subscript of a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subscript {
    /// A position; negative ones count from the end.
    Index(i64),
    /// A slice.
    Slice(Steps),
}

/// Reads a subscript. `None`: it is neither an integer nor a slice.
#[inline]
pub fn subscript(vm: &Vm, key: &Value) -> PyResult<Option<Subscript>> {
    if let Some(index) = key.as_int() {
        return Ok(Some(Subscript::Index(index)));
    }
    if let Some(slice) = key.downcast::<Slice>() {
        return slice.steps(vm).map(|steps| Some(Subscript::Slice(steps)));
    }
    if !int::is_int(key) && vm.class_of(key).slots.index.get().is_none() {
        return Ok(None);
    }
    match int::index_i64(vm, key)? {
        Some(index) => Ok(Some(Subscript::Index(index))),
        None => {
            let given = vm.type_name(key);
            Err(vm.index_error(format!("cannot fit '{given}' into an index-sized integer")))
        }
    }
}

/// The TypeError for a subscript of another type: `list indices must be integers or slices, not str`.
#[cold]
pub fn bad_subscript(vm: &Vm, sequence: &str, key: &Value) -> crate::vm::Raised {
    let given = vm.type_name(key);
    vm.type_error(format!("{sequence} indices must be integers or slices, not {given}"))
}

/// The position that `index` means in a sequence of `len` items.
#[inline]
pub fn position(index: i64, len: usize) -> Option<usize> {
    let at = if index < 0 { index.checked_add(len as i64)? } else { index };
    usize::try_from(at).ok().filter(|&at| at < len)
}

/// A start or stop argument (of `list.index`, `str.find` and the like) clamped to the machine's range.
pub fn bound(vm: &Vm, value: &Value) -> PyResult<i64> {
    if !int::is_int(value) && vm.class_of(value).slots.index.get().is_none() {
        return Err(vm.type_error("slice indices must be integers or have an __index__ method"));
    }
    int::index_clamped(vm, value)
}

/// A start or stop argument as a position between 0 and `len`.
pub fn clamp(index: i64, len: usize) -> usize {
    let at = if index < 0 { index.saturating_add(len as i64).max(0) } else { index };
    (at as usize).min(len)
}

/// The positions that `start:stop` selects of a sequence of `len` items, if these are small ints or None.
#[inline]
pub fn plain_range(start: &Value, stop: &Value, len: usize) -> Option<std::ops::Range<usize>> {
    let end = |value: &Value, absent: usize| match value.as_int() {
        Some(at) if at < 0 => Some(at.saturating_add(len as i64).max(0) as usize),
        Some(at) => Some((at as usize).min(len)),
        None => is_none(value).then_some(absent),
    };
    let (start, stop) = (end(start, 0)?, end(stop, len)?);
    Some(start..stop.max(start))
}

/// Start, stop and step, if they are small ints or None.
#[inline]
pub fn plain_steps(start: &Value, stop: &Value, step: &Value) -> Option<Steps> {
    let step = match step.as_int() {
        Some(0) => return None,
        Some(step) => step,
        None if is_none(step) => 1,
        None => return None,
    };
    let (first, last) = if step < 0 { (i64::MAX, i64::MIN) } else { (0, i64::MAX) };
    let end = |part: &Value, absent: i64| part.as_int().or_else(|| is_none(part).then_some(absent));
    Some(Steps { start: end(start, first)?, stop: end(stop, last)?, step })
}

fn part(vm: &Vm, value: &Value) -> PyResult<Option<i64>> {
    if is_none(value) {
        return Ok(None);
    }
    check_part(vm, value)?;
    int::index_clamped(vm, value).map(Some)
}

fn check_part(vm: &Vm, value: &Value) -> PyResult<()> {
    if int::is_int(value) || vm.class_of(value).slots.index.get().is_some() {
        return Ok(());
    }
    Err(vm.type_error("slice indices must be integers or None or have an __index__ method"))
}

impl Steps {
    /// The positions selected of a sequence of `len` items.
    pub fn over(self, len: usize) -> Span {
        let len = len as i64;
        let Steps { start, stop, step } = self;
        let limit = |at: i64| {
            let at = if at < 0 { at.saturating_add(len) } else { at };
            if step < 0 { at.clamp(-1, len - 1) } else { at.clamp(0, len) }
        };
        let (start, stop) = (limit(start), limit(stop));
        let distance = if step < 0 { start - stop } else { stop - start };
        let count = match step {
            _ if distance <= 0 => 0,
            1 | -1 => distance,
            _ => (distance - 1) / step.abs() + 1,
        };
        Span { start, stop, step, len: count as usize }
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Span {
        Span { start: range.start as i64, stop: range.end as i64, step: 1, len: range.len() }
    }
}

impl Span {
    /// The positions in order.
    #[inline]
    pub fn positions(self) -> impl ExactSizeIterator<Item = usize> {
        (0..self.len).map(move |i| (self.start + i as i64 * self.step) as usize)
    }

    /// The positions as a range, if they are consecutive and ascending. An empty span is the empty range at its start.
    #[inline]
    pub fn as_range(self) -> Option<std::ops::Range<usize>> {
        let start = self.start.max(0) as usize;
        (self.step == 1).then_some(start..start + self.len)
    }
}

impl Slice {
    /// A slice object.
    pub fn new_slice(vm: &Vm, start: Value, stop: Value, step: Value) -> PyResult<Ref<Slice>> {
        vm.alloc(&*vm.types().slice, Slice { parts: [start, stop, step] })
    }

    /// Start, stop and step as given.
    pub fn parts(&self) -> &[Value; 3] {
        &self.parts
    }

    /// The positions selected of a sequence of `len` items, if the ends are small ints or left out and there is no step.
    #[inline]
    pub fn plain_range(&self, len: usize) -> Option<std::ops::Range<usize>> {
        let [start, stop, step] = &self.parts;
        if is_none(step) { plain_range(start, stop, len) } else { None }
    }

    /// The parts, if they are small ints or left out.
    #[inline]
    pub fn plain_steps(&self) -> Option<Steps> {
        let [start, stop, step] = &self.parts;
        plain_steps(start, stop, step)
    }

    /// The parts as machine integers.
    pub fn steps(&self, vm: &Vm) -> PyResult<Steps> {
        if let Some(steps) = self.plain_steps() {
            return Ok(steps);
        }
        let step = match part(vm, &self.parts[2])? {
            Some(0) => return Err(vm.value_error("slice step cannot be zero")),
            Some(step) => step.max(-i64::MAX),
            None => 1,
        };
        let (first, last) = if step < 0 { (i64::MAX, i64::MIN) } else { (0, i64::MAX) };
        let start = part(vm, &self.parts[0])?.unwrap_or(first);
        let stop = part(vm, &self.parts[1])?.unwrap_or(last);
        Ok(Steps { start, stop, step })
    }

    /// The positions selected of a sequence of `len` items, for types whose length cannot change.
    pub fn over(&self, vm: &Vm, len: usize) -> PyResult<Span> {
        Ok(self.steps(vm)?.over(len))
    }

    /// The parts clamped to a length, as exact integers of any size.
    pub fn exact(&self, vm: &Vm, len: &BigInt) -> PyResult<[BigInt; 3]> {
        let read = |value: &Value| -> PyResult<Option<BigInt>> {
            if is_none(value) {
                return Ok(None);
            }
            check_part(vm, value)?;
            let value = int::index(vm, value)?;
            Ok(int::as_big(&value).map(|big| big.into_owned()))
        };
        let zero = BigInt::from(0);
        let step = read(&self.parts[2])?.unwrap_or_else(|| BigInt::from(1));
        if step == zero {
            return Err(vm.value_error("slice step cannot be zero"));
        }
        let down = step < zero;
        let (lower, upper) = if down { (BigInt::from(-1), len - 1) } else { (zero.clone(), len.clone()) };
        let limit = |at: BigInt| {
            let at = if at < zero { at + len } else { at };
            at.max(lower.clone()).min(upper.clone())
        };
        let (first, last) = if down { (&upper, &lower) } else { (&lower, &upper) };
        let start = read(&self.parts[0])?.map_or_else(|| first.clone(), limit);
        let stop = read(&self.parts[1])?.map_or_else(|| last.clone(), limit);
        Ok([start, stop, step])
    }
}

/// slice(stop)
/// slice(start, stop[, step])
///
/// Describe which items of a sequence a subscript selects.
#[pytype(name = "slice")]
impl Slice {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = class;
        let parts = match args.expect(vm, "slice", 1, 3)? {
            [stop] => [NONE, stop.clone(), NONE],
            [start, stop] => [start.clone(), stop.clone(), NONE],
            [start, stop, step, ..] => [start.clone(), stop.clone(), step.clone()],
            [] => [NONE, NONE, NONE],
        };
        Ok(vm.alloc(&*vm.types().slice, Slice { parts })?.into())
    }

    #[getter(member)]
    fn start(this: &Obj<Slice>) -> Value {
        this.parts[0].clone()
    }

    #[setter]
    fn set_start(_this: &Obj<Slice>, vm: &Vm, _value: Option<&Value>) -> PyResult<()> {
        Err(vm.attribute_error("readonly attribute"))
    }

    #[getter(member)]
    fn stop(this: &Obj<Slice>) -> Value {
        this.parts[1].clone()
    }

    #[setter]
    fn set_stop(_this: &Obj<Slice>, vm: &Vm, _value: Option<&Value>) -> PyResult<()> {
        Err(vm.attribute_error("readonly attribute"))
    }

    #[getter(member)]
    fn step(this: &Obj<Slice>) -> Value {
        this.parts[2].clone()
    }

    #[setter]
    fn set_step(_this: &Obj<Slice>, vm: &Vm, _value: Option<&Value>) -> PyResult<()> {
        Err(vm.attribute_error("readonly attribute"))
    }

    /// Start, stop and stride for a sequence of the given length, clamped as a subscript would.
    #[method(sig = "len, /")]
    fn indices(this: &Obj<Slice>, vm: &Vm, len: &Value) -> PyResult<Ref<Tuple>> {
        let len = int::index(vm, len)?;
        let Some(len) = int::as_big(&len).map(|len| len.into_owned()) else {
            return Err(vm.value_error("length should not be negative"));
        };
        if len < BigInt::from(0) {
            return Err(vm.value_error("length should not be negative"));
        }
        let [start, stop, step] = this.exact(vm, &len)?;
        let values = [int::from_big(vm, start)?, int::from_big(vm, stop)?, int::from_big(vm, step)?];
        Tuple::new(vm, values.into_iter())
    }

    #[method]
    fn __reduce__(this: &Obj<Slice>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let parts = Tuple::new(vm, this.parts.iter().cloned())?;
        Tuple::pair(vm, vm.types().slice.to_value(), parts.into())
    }

    #[slot]
    fn repr(this: &Obj<Slice>, vm: &Vm) -> PyResult<Value> {
        let mut text = StrBuilder::starting("slice(");
        for (index, part) in this.parts.iter().enumerate() {
            if index > 0 {
                text.push_str(", ");
            }
            text.push_repr(vm, part)?;
        }
        text.push_str(")");
        Ok(text.finish(vm)?.into())
    }

    #[slot]
    fn hash(this: &Obj<Slice>, vm: &Vm) -> PyResult<i64> {
        let mut hash = taipan_numeric::hash::TupleHash::new();
        for part in &this.parts {
            hash.add(vm.hash(part)?);
        }
        Ok(hash.finish_parts())
    }

    #[slot]
    fn compare(this: &Obj<Slice>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        match other.downcast::<Slice>() {
            Some(other) => compare_fixed(vm, op, &this.parts, &other.parts),
            None => not_comparable(),
        }
    }
}
