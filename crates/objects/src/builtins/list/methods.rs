//! What Python sees of `list`: its methods and operators.
//!
//! Invariant: items are compared, shown and iterated by position with the length asked for anew each time, as Python code may change the list.

use super::{List, ListIterator, ListReverseIterator};
use crate::builtins::NONE;
use crate::builtins::generic_alias::GenericAlias;
use crate::builtins::sequence::{self, not_comparable};
use crate::builtins::slice::{Steps, Subscript, bad_subscript, bound, clamp, position, subscript};
use crate::builtins::tuple::Tuple;
use crate::native::Args;
use crate::types::{CompareOp, Type};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, OutOfMemory, Ref, Value};
use taipan_macros::pytype;

/// list(iterable=(), /)
/// --
///
/// Built-in mutable sequence.
///
/// Without an argument the list is empty; otherwise it holds what the argument, an iterable, yields.
#[pytype(name = "list", flags = BASETYPE | SEQUENCE | MATCH_SELF)]
impl List {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = args;
        Ok(List::new_instance(vm, class)?.into())
    }

    #[slot]
    fn init(this: &Obj<List>, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        let args = args.for_init(vm, "list", vm.class_of_header(this.header()), &vm.types().list)?;
        let args = args.expect(vm, "list", 0, 1)?;
        if !this.is_empty() {
            this.clear();
        }
        match args.first() {
            Some(iterable) => this.extend(vm, iterable),
            None => Ok(()),
        }
    }

    /// Append object to the end of the list.
    #[method(sig = "object, /", fixed)]
    fn append(this: &Obj<List>, vm: &Vm, object: Value) -> PyResult<()> {
        this.push(vm, object)
    }

    /// Insert object before index.
    #[method(name = "insert", sig = "index, object, /")]
    fn insert_method(this: &Obj<List>, vm: &Vm, index: isize, object: Value) -> PyResult<()> {
        this.insert(vm, index as i64, object)
    }

    /// Extend list by appending elements from the iterable.
    #[method(name = "extend", sig = "iterable, /", fixed)]
    fn extend_method(this: &Obj<List>, vm: &Vm, iterable: &Value) -> PyResult<()> {
        this.extend(vm, iterable)
    }

    /// Remove and return item at index (default last).
    ///
    /// Raises IndexError if list is empty or index is out of range.
    #[method(name = "pop", sig = "index=-1, /", fixed)]
    fn pop_method(this: &Obj<List>, vm: &Vm, index: isize) -> PyResult<Value> {
        let len = this.len();
        if len == 0 {
            return Err(vm.index_error("pop from empty list"));
        }
        let popped = match index {
            -1 => this.pop(vm),
            _ => position(index as i64, len).and_then(|at| this.remove_at(vm, at)),
        };
        popped.map_or_else(|| Err(vm.index_error("pop index out of range")), Ok)
    }

    /// Remove first occurrence of value.
    ///
    /// Raises ValueError if the value is not present.
    #[method(sig = "value, /", fixed)]
    fn remove(this: &Obj<List>, vm: &Vm, value: &Value) -> PyResult<()> {
        match find(vm, this, value, 0, usize::MAX)? {
            Some(at) => {
                let removed = this.remove_at(vm, at);
                drop(removed);
                Ok(())
            }
            None => Err(vm.value_error("list.remove(x): x not in list")),
        }
    }

    /// Remove all items from list.
    #[method(name = "clear", fixed)]
    fn clear_method(this: &Obj<List>) {
        this.clear();
    }

    /// Return a shallow copy of the list.
    #[method(fixed)]
    fn copy(this: &Obj<List>, vm: &Vm) -> PyResult<Ref<List>> {
        this.copied(vm)
    }

    /// Return number of occurrences of value.
    #[method(sig = "value, /", fixed)]
    fn count(this: &Obj<List>, vm: &Vm, value: &Value) -> PyResult<usize> {
        let (mut index, mut count) = (0, 0);
        while let Some(item) = this.get(index) {
            count += usize::from(vm.is_equal(&item, value)?);
            index += 1;
        }
        Ok(count)
    }

    /// Return first index of value.
    ///
    /// Raises ValueError if the value is not present.
    #[method(sig = "value, start=0, stop=sys.maxsize, /", fixed)]
    fn index(this: &Obj<List>, vm: &Vm, value: &Value, start: Option<&Value>, stop: Option<&Value>) -> PyResult<usize> {
        let start = start.map_or(Ok(0), |start| bound(vm, start))?;
        let stop = stop.map_or(Ok(i64::MAX), |stop| bound(vm, stop))?;
        let len = this.len();
        let stop = if stop < 0 { clamp(stop, len) } else { stop as usize };
        match find(vm, this, value, clamp(start, len), stop)? {
            Some(at) => Ok(at),
            None => Err(vm.value_error("list.index(x): x not in list")),
        }
    }

    /// Reverse *IN PLACE*.
    #[method(fixed)]
    fn reverse(this: &Obj<List>) {
        this.cell().borrow_mut().reverse();
    }

    /// Sort the list in ascending order and return None.
    ///
    /// The sort is in-place (i.e. the list itself is modified) and stable: equal elements keep their order.
    /// A key function is applied once to each item; reverse sorts in descending order.
    #[method(name = "sort", sig = "*, key=None, reverse=False", fixed)]
    fn sort_method(this: &Obj<List>, vm: &Vm, key: Option<&Value>, reverse: bool) -> PyResult<()> {
        this.sort(vm, key.filter(|key| !key.is(&NONE)), reverse)
    }

    /// See PEP 585
    #[classmethod(sig = "object, /")]
    fn __class_getitem__(class: &Obj<Type>, vm: &Vm, object: &Value) -> PyResult<Value> {
        GenericAlias::make(vm, &class.to_value(), object)
    }

    /// Return a reverse iterator over the list.
    #[method]
    fn __reversed__(this: &Obj<List>, vm: &Vm) -> PyResult<Value> {
        ListReverseIterator::over(vm, this)
    }

    /// Return the size of the list in memory, in bytes.
    #[method]
    fn __sizeof__(this: &Obj<List>) -> usize {
        sequence_size::<List>(this, this.cell().borrow().capacity())
    }

    #[slot]
    fn repr(this: &Obj<List>, vm: &Vm) -> PyResult<Value> {
        sequence::repr_items(vm, &this.to_value(), ["[", "]", "[...]"], |index| this.get(index))
    }

    #[slot]
    fn iter(this: &Obj<List>, vm: &Vm) -> PyResult<Value> {
        ListIterator::over(vm, this)
    }

    #[slot(len)]
    fn length(this: &Obj<List>) -> PyResult<usize> {
        Ok(this.len())
    }

    /// Return self[index].
    #[method(sig = "index, /")]
    fn __getitem__(this: &Obj<List>, vm: &Vm, index: &Value) -> PyResult<Value> {
        Self::getitem(this, vm, index)
    }

    #[slot]
    fn getitem(this: &Obj<List>, vm: &Vm, key: &Value) -> PyResult<Value> {
        match subscript(vm, key)? {
            Some(Subscript::Index(index)) => {
                let items = this.cell().borrow();
                match position(index, items.len()).and_then(|at| items.get(at)) {
                    Some(item) => Ok(item.clone()),
                    None => Err(vm.index_error("list index out of range")),
                }
            }
            Some(Subscript::Slice(steps)) => Ok(this.slice(vm, steps.over(this.len()))?.into()),
            None => Err(bad_subscript(vm, "list", key)),
        }
    }

    #[slot]
    fn setitem(this: &Obj<List>, vm: &Vm, key: &Value, value: Option<&Value>) -> PyResult<()> {
        match (subscript(vm, key)?, value) {
            (None, _) => Err(bad_subscript(vm, "list", key)),
            (Some(Subscript::Index(index)), value) => {
                let at = position(index, this.len());
                let done = match (at, value) {
                    (None, _) => false,
                    (Some(at), Some(value)) => this.set(at, value.clone()),
                    (Some(at), None) => this.remove_at(vm, at).is_some(),
                };
                if done { Ok(()) } else { Err(vm.index_error("list assignment index out of range")) }
            }
            (Some(Subscript::Slice(steps)), Some(value)) => assign_slice(vm, this, steps, value),
            (Some(Subscript::Slice(steps)), None) => delete_slice(vm, this, steps),
        }
    }

    #[slot]
    fn contains(this: &Obj<List>, vm: &Vm, item: &Value) -> PyResult<bool> {
        Ok(find(vm, this, item, 0, usize::MAX)?.is_some())
    }

    #[slot]
    fn concat(this: &Obj<List>, vm: &Vm, other: &Value) -> PyResult<Value> {
        let Some(other) = other.downcast::<List>() else {
            let given = vm.type_name(other);
            return Err(vm.type_error(format!("can only concatenate list (not \"{given}\") to list")));
        };
        this.joined(vm, other).map(Value::from)
    }

    #[slot]
    fn repeat(this: &Obj<List>, vm: &Vm, count: isize) -> PyResult<Ref<List>> {
        this.repeated(vm, count)
    }

    #[slot]
    fn inplace_concat(this: &Obj<List>, vm: &Vm, other: &Value) -> PyResult<Value> {
        this.extend(vm, other)?;
        Ok(this.to_value())
    }

    #[slot]
    fn inplace_repeat(this: &Obj<List>, vm: &Vm, count: isize) -> PyResult<Value> {
        if count <= 0 {
            this.clear();
            return Ok(this.to_value());
        }
        let source = this.snapshot();
        match source.len().checked_mul(count as usize) {
            Some(total) => this.reserve(vm, total - source.len())?,
            None => return Err(vm.out_of_memory(OutOfMemory)),
        }
        for _ in 1..if source.is_empty() { 1 } else { count } {
            this.extend_from_slice(vm, &source)?;
        }
        Ok(this.to_value())
    }

    #[slot]
    fn compare(this: &Obj<List>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        match other.downcast::<List>() {
            Some(other) => sequence::compare_lists(vm, op, this, other),
            None => not_comparable(),
        }
    }
}

/// Bytes of an object with payload `T`, its attribute slots and `words` words elsewhere.
pub(in crate::builtins) fn sequence_size<T: taipan_heap::Payload>(object: &Obj<T>, words: usize) -> usize {
    size_of::<taipan_heap::Header>() + size_of::<T>() + (object.slots().len() + words) * size_of::<Value>()
}

fn find(vm: &Vm, list: &List, value: &Value, start: usize, stop: usize) -> PyResult<Option<usize>> {
    let mut index = start;
    if let Some(wanted) = value.as_int() {
        // Ints that are no other's equal are passed over where they stand.
        let items = list.cell().borrow();
        let run = items.get(start..stop.min(items.len())).unwrap_or(&[]);
        index += run.iter().take_while(|item| item.as_int().is_some_and(|own| own != wanted)).count();
    }
    while index < stop {
        let Some(item) = list.get(index) else { break };
        if vm.is_equal(&item, value)? {
            return Ok(Some(index));
        }
        index += 1;
    }
    Ok(None)
}

fn assign_slice(vm: &Vm, list: &Obj<List>, steps: Steps, value: &Value) -> PyResult<()> {
    if vm.class_of(value).slots.iter.get().is_none() && vm.class_of(value).slots.getitem.get().is_none() {
        return Err(vm.type_error("must assign iterable to extended slice"));
    }
    let span = steps.over(list.len());
    let mut values = match value.downcast_exact::<List>() {
        Some(other) => {
            if let Some(range) = span.as_range() {
                return list.splice_list(vm, range, other);
            }
            other.snapshot()
        }
        None => {
            if let Some(tuple) = value.downcast_exact::<Tuple>()
                && let Some(range) = span.as_range()
            {
                return list.splice(vm, range, tuple.items());
            }
            vm.collect(value)?
        }
    };
    // Gathering the values may have changed the list.
    let span = steps.over(list.len());
    if let Some(range) = span.as_range() {
        return list.splice(vm, range, &values);
    }
    if values.len() != span.len {
        let (given, len) = (values.len(), span.len);
        return Err(
            vm.value_error(format!("attempt to assign sequence of size {given} to extended slice of size {len}"))
        );
    }
    let mut items = list.cell().borrow_mut();
    for (at, value) in span.positions().zip(&mut values) {
        if let Some(place) = items.get_mut(at) {
            std::mem::swap(place, value);
        }
    }
    Ok(())
}

fn delete_slice(vm: &Vm, list: &Obj<List>, steps: Steps) -> PyResult<()> {
    let span = steps.over(list.len());
    if let Some(range) = span.as_range() {
        return list.splice(vm, range, &[]);
    }
    let mut positions: Vec<usize> = span.positions().collect();
    positions.sort_unstable();
    let mut items = list.cell().borrow_mut();
    let mut old = Vec::with_capacity(positions.len());
    for &at in &positions {
        old.push(std::mem::replace(&mut items[at], NONE));
    }
    // The places that were emptied are gathered at the end, the other items keep their order.
    let first = positions.first().copied().unwrap_or(items.len());
    let mut doomed = positions.iter().copied().peekable();
    let mut kept = first;
    for at in first..items.len() {
        if doomed.peek() == Some(&at) {
            doomed.next();
        } else {
            items.swap(kept, at);
            kept += 1;
        }
    }
    let len = items.len();
    drop(items.drain_to_vec(kept..len));
    super::shrink(vm, &mut items);
    drop(items);
    drop(old);
    Ok(())
}
