//! `deque`: a queue with two ends.
//!
//! Invariant: `changes` grows whenever the number or order of the items changes, which iterators notice; with a `maxlen` there are never
//! more items than that.

use super::deque_iter::{DequeIterator, DequeReverseIterator};
use super::ring::Ring;
use std::cell::{Cell, RefCell};
use taipan_heap::{Obj, OutOfMemory, Payload, Ref, Value, flags};
use taipan_macros::pytype;
use taipan_objects::builtins::generic_alias::GenericAlias;
use taipan_objects::builtins::sequence;
use taipan_objects::builtins::slice::{bound, clamp, position};
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::str::StrBuilder;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, NOT_IMPLEMENTED, int, is_none};
use taipan_objects::native::{Args, IntoValue};
use taipan_objects::types::{CompareOp, Type};
use taipan_objects::vm::{PyResult, Vm};

/// `deque`
#[derive(Payload)]
#[payload(name = "deque")]
pub struct Deque {
    ring: RefCell<Ring>,
    changes: Cell<u64>,
    maxlen: Cell<Option<usize>>,
}

impl Deque {
    fn empty(maxlen: Option<usize>) -> Deque {
        Deque { ring: RefCell::default(), changes: Cell::new(0), maxlen: Cell::new(maxlen) }
    }

    pub(super) fn len_of(&self) -> usize {
        self.ring.borrow().len()
    }

    pub(super) fn get(&self, index: usize) -> Option<Value> {
        self.ring.borrow().get(index).cloned()
    }

    pub(super) fn changes(&self) -> u64 {
        self.changes.get()
    }

    fn changed(&self) {
        self.changes.set(self.changes.get().wrapping_add(1));
    }

    /// Whether one more item makes room by pushing one out.
    fn full(&self, len: usize) -> bool {
        self.maxlen.get().is_some_and(|most| len > most)
    }

    fn push(&self, vm: &Vm, value: Value, left: bool) -> PyResult<()> {
        let mut ring = self.ring.borrow_mut();
        let pushed = if left { ring.push_front(vm.heap(), value) } else { ring.push_back(vm.heap(), value) };
        let len = ring.len();
        let out = match (self.full(len), left) {
            (false, _) => None,
            (true, true) => ring.pop_back(),
            (true, false) => ring.pop_front(),
        };
        drop(ring);
        self.changed();
        drop(out);
        pushed.map_err(|error| vm.out_of_memory(error))
    }

    fn take(&self, vm: &Vm, left: bool) -> PyResult<Value> {
        let mut ring = self.ring.borrow_mut();
        let taken = if left { ring.pop_front() } else { ring.pop_back() };
        drop(ring);
        self.changed();
        taken.ok_or_else(|| vm.index_error("pop from an empty deque"))
    }

    fn extend_with(&self, vm: &Vm, iterable: &Value, left: bool) -> PyResult<()> {
        if iterable.downcast::<Deque>().is_some_and(|other| std::ptr::eq::<Deque>(&**other, self)) {
            let items: Vec<Value> = (0..self.len_of()).filter_map(|index| self.get(index)).collect();
            return items.into_iter().try_for_each(|item| self.push(vm, item, left));
        }
        let iterator = vm.iter(iterable)?;
        while let Some(item) = vm.next(&iterator)? {
            self.push(vm, item, left)?;
        }
        Ok(())
    }

    fn empty_out(&self) {
        let old = self.ring.take();
        self.changed();
        drop(old);
    }

    /// Removes the item at `index`, which exists.
    fn remove_at(&self, index: usize) -> Option<Value> {
        let mut ring = self.ring.borrow_mut();
        ring.rotate_back(index);
        let taken = ring.pop_front();
        ring.rotate(index);
        drop(ring);
        self.changed();
        taken
    }

    fn repeat_self(&self, vm: &Vm, count: isize) -> PyResult<()> {
        let len = self.len_of();
        let count = count.max(0) as usize;
        if count == 0 {
            self.empty_out();
            return Ok(());
        }
        let Some(total) = len.checked_mul(count) else { return Err(vm.out_of_memory(OutOfMemory)) };
        let wanted = self.maxlen.get().map_or(total, |most| {
            let whole = if len == 0 { 0 } else { most.div_ceil(len).saturating_add(1).saturating_mul(len) };
            total.min(whole)
        });
        let items: Vec<Value> = (0..len).filter_map(|index| self.get(index)).collect();
        // With a maximal length only the end of the result is left, so whole repetitions before it can be skipped.
        for item in items.iter().cycle().take(wanted.saturating_sub(len)) {
            self.push(vm, item.clone(), false)?;
        }
        Ok(())
    }
}

fn index_of(vm: &Vm, this: &Deque, key: &Value) -> PyResult<usize> {
    if !int::is_int(key) && vm.class_of(key).slots.index.get().is_none() {
        let given = vm.type_name(key);
        return Err(vm.type_error(format!("sequence index must be integer, not '{given}'")));
    }
    let index = int::index_i64(vm, key)?;
    match index.and_then(|index| position(index, this.len_of())) {
        Some(at) => Ok(at),
        None => Err(vm.index_error("deque index out of range")),
    }
}

fn new_like(vm: &Vm, this: &Obj<Deque>) -> PyResult<Ref<Deque>> {
    let class = vm.native_type(Deque::spec())?;
    vm.alloc_instance(&class, Deque::empty(this.maxlen.get()))
}

fn copy_of(vm: &Vm, this: &Obj<Deque>) -> PyResult<Value> {
    if this.header().kind().has(flags::EXACT) {
        let copy = new_like(vm, this)?;
        copy.extend_with(vm, &this.to_value(), false)?;
        return Ok(copy.into());
    }
    let value = this.to_value();
    let class = vm.class_of(&value).to_value();
    match this.maxlen.get() {
        Some(most) => vm.call(&class, &[value, most.into_value(vm)?]),
        None => vm.call(&class, &[value]),
    }
}

/// A list-like sequence optimized for data accesses near its endpoints.
#[pytype(name = "deque", module = "collections", flags = BASETYPE | SEQUENCE)]
impl Deque {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = args;
        Ok(vm.alloc_instance(class, Deque::empty(None))?.into())
    }

    #[slot(sig = "iterable=(), maxlen=None")]
    fn init(this: &Obj<Deque>, vm: &Vm, iterable: Option<&Value>, maxlen: Option<&Value>) -> PyResult<()> {
        let most = match maxlen.filter(|maxlen| !is_none(maxlen)) {
            None => None,
            Some(maxlen) if !int::is_int(maxlen) => return Err(vm.type_error("an integer is required")),
            Some(maxlen) => match usize::try_from(int::index_clamped(vm, maxlen)?) {
                Ok(most) => Some(most),
                Err(_) => return Err(vm.value_error("maxlen must be non-negative")),
            },
        };
        this.maxlen.set(most);
        this.empty_out();
        match iterable {
            Some(iterable) => this.extend_with(vm, iterable, false),
            None => Ok(()),
        }
    }

    #[slot]
    fn repr(this: &Obj<Deque>, vm: &Vm) -> PyResult<Value> {
        let shown = vm.repr_once(&this.to_value(), || {
            let mut text = StrBuilder::new();
            text.push_str(&vm.class_of(&this.to_value()).name());
            text.push_str("([");
            let mut index = 0;
            while let Some(item) = this.get(index) {
                if index > 0 {
                    text.push_str(", ");
                }
                text.push_repr(vm, &item)?;
                index += 1;
            }
            text.push_str("]");
            if let Some(most) = this.maxlen.get() {
                text.push_str(&format!(", maxlen={most}"));
            }
            text.push_str(")");
            Ok(text.finish(vm)?.into())
        })?;
        match shown {
            Some(text) => Ok(text),
            None => Ok(Str::new(vm, "[...]")?.into()),
        }
    }

    #[slot]
    fn compare(this: &Obj<Deque>, other: &Value, op: CompareOp, vm: &Vm) -> PyResult<Value> {
        let Some(other) = other.downcast::<Deque>() else { return Ok(NOT_IMPLEMENTED) };
        sequence::compare(vm, op, |index| this.get(index), |index| other.get(index), || (this.len_of(), other.len_of()))
    }

    #[slot]
    fn iter(this: &Obj<Deque>, vm: &Vm) -> PyResult<Value> {
        DequeIterator::over(vm, this)
    }

    #[slot]
    fn len(this: &Obj<Deque>) -> PyResult<usize> {
        Ok(this.len_of())
    }

    #[slot]
    fn bool(this: &Obj<Deque>) -> PyResult<bool> {
        Ok(this.len_of() != 0)
    }

    #[slot]
    fn getitem(this: &Obj<Deque>, vm: &Vm, key: &Value) -> PyResult<Value> {
        let at = index_of(vm, this, key)?;
        this.get(at).ok_or_else(|| vm.index_error("deque index out of range"))
    }

    #[slot]
    fn setitem(this: &Obj<Deque>, vm: &Vm, key: &Value, value: Option<&Value>) -> PyResult<()> {
        let at = index_of(vm, this, key)?;
        let old = match value {
            Some(value) => this.ring.borrow_mut().replace(at, value.clone()),
            None => this.remove_at(at),
        };
        drop(old);
        Ok(())
    }

    #[slot]
    fn contains(this: &Obj<Deque>, vm: &Vm, item: &Value) -> PyResult<bool> {
        let changes = this.changes();
        let mut index = 0;
        while let Some(candidate) = this.get(index) {
            if vm.is_equal(&candidate, item)? {
                return Ok(true);
            }
            if this.changes() != changes {
                return Err(vm.runtime_error("deque mutated during iteration"));
            }
            index += 1;
        }
        Ok(false)
    }

    #[slot]
    fn concat(this: &Obj<Deque>, vm: &Vm, other: &Value) -> PyResult<Value> {
        if other.downcast::<Deque>().is_none() {
            let given = vm.type_name(other);
            return Err(vm.type_error(format!("can only concatenate deque (not \"{given}\") to deque")));
        }
        let copy = copy_of(vm, this)?;
        if let Some(copy) = copy.downcast::<Deque>() {
            copy.extend_with(vm, other, false)?;
        }
        Ok(copy)
    }

    #[slot]
    fn inplace_concat(this: &Obj<Deque>, vm: &Vm, other: &Value) -> PyResult<Value> {
        this.extend_with(vm, other, false)?;
        Ok(this.to_value())
    }

    #[slot]
    fn repeat(this: &Obj<Deque>, vm: &Vm, count: isize) -> PyResult<Value> {
        let copy = copy_of(vm, this)?;
        if let Some(copy) = copy.downcast::<Deque>() {
            copy.repeat_self(vm, count)?;
        }
        Ok(copy)
    }

    #[slot]
    fn inplace_repeat(this: &Obj<Deque>, vm: &Vm, count: isize) -> PyResult<Value> {
        this.repeat_self(vm, count)?;
        Ok(this.to_value())
    }

    /// Add an element to the right side of the deque.
    #[method(sig = "item, /", fixed)]
    fn append(this: &Obj<Deque>, vm: &Vm, item: Value) -> PyResult<()> {
        this.push(vm, item, false)
    }

    /// Add an element to the left side of the deque.
    #[method(sig = "item, /", fixed)]
    fn appendleft(this: &Obj<Deque>, vm: &Vm, item: Value) -> PyResult<()> {
        this.push(vm, item, true)
    }

    /// Extend the right side of the deque with elements from the iterable.
    #[method(sig = "iterable, /")]
    fn extend(this: &Obj<Deque>, vm: &Vm, iterable: &Value) -> PyResult<()> {
        this.extend_with(vm, iterable, false)
    }

    /// Extend the left side of the deque with elements from the iterable.
    #[method(sig = "iterable, /")]
    fn extendleft(this: &Obj<Deque>, vm: &Vm, iterable: &Value) -> PyResult<()> {
        this.extend_with(vm, iterable, true)
    }

    /// Remove and return the rightmost element.
    #[method(fixed)]
    fn pop(this: &Obj<Deque>, vm: &Vm) -> PyResult<Value> {
        this.take(vm, false)
    }

    /// Remove and return the leftmost element.
    #[method(fixed)]
    fn popleft(this: &Obj<Deque>, vm: &Vm) -> PyResult<Value> {
        this.take(vm, true)
    }

    /// Remove all elements from the deque.
    #[method]
    fn clear(this: &Obj<Deque>) {
        this.empty_out();
    }

    /// Return a shallow copy of a deque.
    #[method]
    fn copy(this: &Obj<Deque>, vm: &Vm) -> PyResult<Value> {
        copy_of(vm, this)
    }

    /// Return a shallow copy of a deque.
    #[method]
    fn __copy__(this: &Obj<Deque>, vm: &Vm) -> PyResult<Value> {
        copy_of(vm, this)
    }

    /// Return number of occurrences of value.
    #[method(sig = "value, /")]
    fn count(this: &Obj<Deque>, vm: &Vm, value: &Value) -> PyResult<usize> {
        let changes = this.changes();
        let (mut count, mut index) = (0, 0);
        while let Some(item) = this.get(index) {
            count += usize::from(vm.is_equal(&item, value)?);
            if this.changes() != changes {
                return Err(vm.runtime_error("deque mutated during iteration"));
            }
            index += 1;
        }
        Ok(count)
    }

    /// Return first index of value.
    ///
    /// Raises ValueError if the value is not present.
    #[method(sig = "value, start=0, stop=sys.maxsize, /")]
    fn index(
        this: &Obj<Deque>,
        vm: &Vm,
        value: &Value,
        start: Option<&Value>,
        stop: Option<&Value>,
    ) -> PyResult<usize> {
        let start = start.map_or(Ok(0), |start| bound(vm, start))?;
        let stop = stop.map_or(Ok(i64::MAX), |stop| bound(vm, stop))?;
        let (len, changes) = (this.len_of(), this.changes());
        for index in clamp(start, len)..clamp(stop, len) {
            let Some(item) = this.get(index) else { break };
            if vm.is_equal(&item, value)? {
                return Ok(index);
            }
            if this.changes() != changes {
                return Err(vm.runtime_error("deque mutated during iteration"));
            }
        }
        Err(vm.value_error("deque.index(x): x not in deque"))
    }

    /// Insert value before index.
    #[method(sig = "index, value, /")]
    fn insert(this: &Obj<Deque>, vm: &Vm, index: &Value, value: Value) -> PyResult<()> {
        let len = this.len_of();
        if this.full(len + 1) {
            return Err(vm.index_error("deque already at its maximum size"));
        }
        let at = clamp(int::index_clamped(vm, index)?, len);
        let mut ring = this.ring.borrow_mut();
        let pushed = if at <= len / 2 {
            ring.rotate_back(at);
            let pushed = ring.push_front(vm.heap(), value);
            ring.rotate(at);
            pushed
        } else {
            ring.rotate(len - at);
            let pushed = ring.push_back(vm.heap(), value);
            ring.rotate_back(len - at);
            pushed
        };
        drop(ring);
        this.changed();
        pushed.map_err(|error| vm.out_of_memory(error))
    }

    /// Remove first occurrence of value.
    #[method(sig = "value, /")]
    fn remove(this: &Obj<Deque>, vm: &Vm, value: &Value) -> PyResult<()> {
        let changes = this.changes();
        let mut index = 0;
        while let Some(item) = this.get(index) {
            let found = vm.is_equal(&item, value)?;
            if this.changes() != changes {
                return Err(vm.index_error("deque mutated during remove()."));
            }
            if found {
                drop(this.remove_at(index));
                return Ok(());
            }
            index += 1;
        }
        Err(vm.value_error("deque.remove(x): x not in deque"))
    }

    /// Reverse *IN PLACE*.
    #[method]
    fn reverse(this: &Obj<Deque>) {
        let mut ring = this.ring.borrow_mut();
        let len = ring.len();
        for index in 0..len / 2 {
            ring.swap(index, len - 1 - index);
        }
        drop(ring);
        this.changed();
    }

    /// Rotate the deque n steps to the right.  If n is negative, rotates left.
    #[method(sig = "n=1, /")]
    fn rotate(this: &Obj<Deque>, n: isize) {
        let mut ring = this.ring.borrow_mut();
        let len = ring.len();
        if len > 1 {
            let right = (n as i64).rem_euclid(len as i64) as usize;
            if right <= len / 2 { ring.rotate(right) } else { ring.rotate_back(len - right) }
        }
        drop(ring);
        this.changed();
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<Deque>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let value = this.to_value();
        let arguments = match this.maxlen.get() {
            None => Tuple::new(vm, std::iter::empty())?,
            Some(most) => Tuple::pair(vm, Tuple::new(vm, std::iter::empty())?.into(), most.into_value(vm)?)?,
        };
        let state = vm.call_method(&value, &vm.names().__getstate__, &[])?;
        let class = vm.class_of(&value).to_value();
        let items = vm.iter(&value)?;
        Tuple::new(vm, [class, arguments.into(), state, items].into_iter())
    }

    /// Return a reverse iterator over the deque.
    #[method]
    fn __reversed__(this: &Obj<Deque>, vm: &Vm) -> PyResult<Value> {
        DequeReverseIterator::over(vm, this)
    }

    /// Return the size of the deque in memory, in bytes.
    #[method]
    fn __sizeof__(this: &Obj<Deque>) -> usize {
        16 + size_of::<Deque>() + this.ring.borrow().bytes()
    }

    /// See PEP 585
    #[classmethod(sig = "object, /")]
    fn __class_getitem__(class: &Obj<Type>, vm: &Vm, object: &Value) -> PyResult<Value> {
        GenericAlias::make(vm, &class.to_value(), object)
    }

    /// maximum size of a deque or None if unbounded
    #[getter]
    fn maxlen(this: &Obj<Deque>, vm: &Vm) -> PyResult<Value> {
        this.maxlen.get().map_or(Ok(NONE), |most| most.into_value(vm))
    }
}
