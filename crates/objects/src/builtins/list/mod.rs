//! `list`: a growable array of values. `methods` holds what Python sees, `sort` the sorting, `iter` the iterators.
//!
//! Invariant: no borrow of `items` is held across anything that may run Python code; values taken out are dropped after the borrow ends.

mod iter;
mod methods;
mod sort;

pub use iter::{ListIterator, ListReverseIterator};
pub(in crate::builtins) use methods::sequence_size;

use crate::builtins::NONE;
use crate::builtins::range::Range;
use crate::builtins::slice::Span;
use crate::builtins::tuple::Tuple;
use crate::types::Type;
use crate::vm::{PyResult, Vm};
use std::cell::RefCell;
use taipan_heap::{Buffer, Obj, OutOfMemory, Payload, Ref, Retire, Value, flags};

/// A list.
#[derive(Payload)]
#[payload(name = "list", retire)]
pub struct List {
    items: RefCell<Buffer<Value>>,
}

/// Dead lists with room for so many items are kept for the next display.
const RETIRING_CAPACITY: std::ops::RangeInclusive<usize> = 1..=8;

impl Retire for List {
    const SHELF: usize = 0;
    fn retire(&self) -> bool {
        // Nobody can reach the list any more, so the borrow may last while items are dropped.
        let mut items = self.items.borrow_mut();
        let keep = RETIRING_CAPACITY.contains(&items.capacity());
        if keep {
            items.clear_backward();
        }
        keep
    }
    fn retire_quietly(&self) -> bool {
        let mut items = self.items.borrow_mut();
        RETIRING_CAPACITY.contains(&items.capacity()) && items.let_go_backward()
    }
}

/// Ranges of at most so many items are appended in one go.
const BULK: usize = 1 << 24;

/// Lists shorter than this keep their room when they shrink.
const KEPT_CAPACITY: usize = 16;

impl List {
    /// A payload without items; for subclasses.
    pub fn empty() -> List {
        List { items: RefCell::default() }
    }

    /// A list of the items, with room for exactly them.
    pub fn new(vm: &Vm, items: impl ExactSizeIterator<Item = Value>) -> PyResult<Ref<List>> {
        let mut buffer = Buffer::with_capacity(vm.heap(), items.len()).map_err(|error| vm.out_of_memory(error))?;
        buffer.extend(vm.heap(), items).map_err(|error| vm.out_of_memory(error))?;
        List::from_buffer(vm, buffer)
    }

    /// A list of the values that a display has left in a block of registers, which is empty afterwards.
    pub fn build(vm: &Vm, block: &mut [Option<Value>]) -> PyResult<Ref<List>> {
        if let Some(list) = vm.heap().take_retired::<List>(&*vm.types().list) {
            let mut items = list.items.borrow_mut();
            if !items.take_all(block) {
                items.reserve_exact(vm.heap(), block.len()).map_err(|error| vm.out_of_memory(error))?;
                items.take_all(block);
            }
            drop(items);
            return Ok(list);
        }
        let mut buffer = Buffer::with_capacity(vm.heap(), block.len()).map_err(|error| vm.out_of_memory(error))?;
        buffer.take_all(block);
        List::from_buffer(vm, buffer)
    }

    /// A list that takes the values over.
    pub fn from_values(vm: &Vm, values: Vec<Value>) -> PyResult<Ref<List>> {
        List::new(vm, values.into_iter())
    }

    /// A list without items and with room for `capacity`.
    pub fn with_capacity(vm: &Vm, capacity: usize) -> PyResult<Ref<List>> {
        let buffer = Buffer::with_capacity(vm.heap(), capacity).map_err(|error| vm.out_of_memory(error))?;
        List::from_buffer(vm, buffer)
    }

    /// A list of what an iterable yields.
    pub fn from_iterable(vm: &Vm, iterable: &Value) -> PyResult<Ref<List>> {
        let list = List::with_capacity(vm, 0)?;
        list.extend(vm, iterable)?;
        Ok(list)
    }

    fn from_buffer(vm: &Vm, buffer: Buffer<Value>) -> PyResult<Ref<List>> {
        vm.alloc(&*vm.types().list, List { items: RefCell::new(buffer) })
    }

    /// An empty instance of `class`.
    pub fn new_instance(vm: &Vm, class: &Obj<Type>) -> PyResult<Ref<List>> {
        if class.is_same(&*vm.types().list) {
            vm.alloc(class, List::empty())
        } else {
            vm.alloc_instance(class, List::empty())
        }
    }

    /// Number of items.
    #[inline]
    pub fn len(&self) -> usize {
        self.items.borrow().len()
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at `index`.
    #[inline]
    pub fn get(&self, index: usize) -> Option<Value> {
        self.items.borrow().get(index).cloned()
    }

    /// The items' place itself. Borrow it briefly: see the module's invariant.
    #[inline]
    pub fn cell(&self) -> &RefCell<Buffer<Value>> {
        &self.items
    }

    /// Appends a value.
    #[inline]
    pub fn push(&self, vm: &Vm, value: Value) -> PyResult<()> {
        let mut items = self.items.borrow_mut();
        if let Err(error) = items.reserve(vm.heap(), 1) {
            drop(items);
            return Err(vm.out_of_memory(error));
        }
        items.push(vm.heap(), value).map_err(|error| vm.out_of_memory(error))
    }

    /// Makes room for `more` further items.
    #[inline]
    pub fn reserve(&self, vm: &Vm, more: usize) -> PyResult<()> {
        let reserved = self.items.borrow_mut().reserve(vm.heap(), more);
        reserved.map_err(|error| vm.out_of_memory(error))
    }

    /// Replaces the item at `index`; `false` (and nothing done) when there is none.
    #[inline]
    pub fn set(&self, index: usize, value: Value) -> bool {
        let mut value = value;
        match self.items.borrow_mut().get_mut(index) {
            Some(place) => std::mem::swap(place, &mut value),
            None => return false,
        }
        drop(value);
        true
    }

    /// Removes and returns the last item.
    #[inline]
    pub fn pop(&self, vm: &Vm) -> Option<Value> {
        let mut items = self.items.borrow_mut();
        let popped = items.pop();
        shrink(vm, &mut items);
        popped
    }

    /// Removes and returns the item at `index`, if there is one.
    pub fn remove_at(&self, vm: &Vm, index: usize) -> Option<Value> {
        let mut items = self.items.borrow_mut();
        if index >= items.len() {
            return None;
        }
        let removed = items.remove(index);
        shrink(vm, &mut items);
        Some(removed)
    }

    /// Removes all items.
    pub fn clear(&self) {
        let old = self.items.take();
        drop(old);
    }

    /// A copy of the items as they are now.
    pub fn snapshot(&self) -> Vec<Value> {
        self.items.borrow().to_vec()
    }

    /// A new list of the items that `span` selects.
    pub fn slice(&self, vm: &Vm, span: Span) -> PyResult<Ref<List>> {
        let mut buffer = Buffer::with_capacity(vm.heap(), span.len).map_err(|error| vm.out_of_memory(error))?;
        if let Some(range) = span.as_range()
            && let Some(run) = self.items.borrow().get(range)
        {
            for item in run {
                buffer.push_within(item.clone());
            }
            return List::from_buffer(vm, buffer);
        }
        let copied = {
            let items = self.items.borrow();
            span.positions().filter_map(|at| items.get(at)).try_for_each(|v| buffer.push(vm.heap(), v.clone()))
        };
        copied.map_err(|error| vm.out_of_memory(error))?;
        List::from_buffer(vm, buffer)
    }

    /// Appends what `iterable` yields.
    pub fn extend(&self, vm: &Vm, iterable: &Value) -> PyResult<()> {
        let exact = iterable.header().is_some_and(|header| header.kind().has(flags::EXACT));
        if exact && let Some(other) = iterable.downcast::<List>() {
            return self.extend_from_list(vm, other);
        }
        if exact && let Some(other) = iterable.downcast::<Tuple>() {
            return self.extend_from_slice(vm, other.items());
        }
        if let Some(range) = iterable.downcast_exact::<Range>().and_then(|range| range.small())
            && let Ok(len @ 0..=BULK) = usize::try_from(range.len)
        {
            // Items lie between two immediate ints, so each is one.
            let item = |index| Value::try_int(range.start + index as i64 * range.step).unwrap_or(NONE);
            let extended = self.items.borrow_mut().extend(vm.heap(), (0..len).map(item));
            return extended.map_err(|error| vm.out_of_memory(error));
        }
        let iterator = vm.iter(iterable)?;
        vm.ask_length(iterable)?;
        while let Some(item) = vm.next(&iterator)? {
            self.push(vm, item)?;
        }
        Ok(())
    }

    /// Appends clones of values that are not in this list.
    pub fn extend_from_slice(&self, vm: &Vm, values: &[Value]) -> PyResult<()> {
        let extended = self.items.borrow_mut().extend(vm.heap(), values.iter().cloned());
        extended.map_err(|error| vm.out_of_memory(error))
    }

    fn extend_from_list(&self, vm: &Vm, other: &List) -> PyResult<()> {
        if std::ptr::eq(self, other) {
            let copy = self.snapshot();
            return self.extend_from_slice(vm, &copy);
        }
        let extended = self.items.borrow_mut().extend(vm.heap(), other.items.borrow().iter().cloned());
        extended.map_err(|error| vm.out_of_memory(error))
    }

    /// Replaces the items of `range` (clamped to the list) by `values`; the old ones are dropped last.
    pub fn splice(&self, vm: &Vm, range: std::ops::Range<usize>, values: Vec<Value>) -> PyResult<()> {
        let spliced = self.splice_out(vm, range, values);
        match spliced {
            Ok(mut old) => {
                while old.pop().is_some() {}
                Ok(())
            }
            Err(error) => Err(vm.out_of_memory(error)),
        }
    }

    fn splice_out(
        &self,
        vm: &Vm,
        range: std::ops::Range<usize>,
        mut values: Vec<Value>,
    ) -> Result<Vec<Value>, OutOfMemory> {
        // `values` is declared before the borrow, so what is left of it is dropped after the borrow ends.
        let mut items = self.items.borrow_mut();
        let start = range.start.min(items.len());
        let end = range.end.clamp(start, items.len());
        if end - start == values.len() {
            items[start..end].swap_with_slice(&mut values);
            drop(items);
            return Ok(values);
        }
        items.reserve(vm.heap(), values.len().saturating_sub(end - start))?;
        let old = items.drain_to_vec(start..end);
        let count = values.len();
        items.extend(vm.heap(), std::mem::take(&mut values).into_iter())?;
        items[start..].rotate_right(count);
        shrink(vm, &mut items);
        Ok(old)
    }

    /// `list * count`
    pub fn repeated(&self, vm: &Vm, count: isize) -> PyResult<Ref<List>> {
        let source = self.snapshot();
        let times = count.max(0) as usize;
        let Some(total) = source.len().checked_mul(times) else { return Err(vm.out_of_memory(OutOfMemory)) };
        let mut buffer = Buffer::with_capacity(vm.heap(), total).map_err(|error| vm.out_of_memory(error))?;
        let filled = match source.as_slice() {
            [single] => buffer.extend(vm.heap(), std::iter::repeat_n(single, times).cloned()),
            _ if total == 0 => Ok(()),
            _ => (0..times).try_for_each(|_| buffer.extend(vm.heap(), source.iter().cloned())),
        };
        filled.map_err(|error| vm.out_of_memory(error))?;
        List::from_buffer(vm, buffer)
    }
}

fn shrink(vm: &Vm, items: &mut Buffer<Value>) {
    if items.capacity() > KEPT_CAPACITY && items.len() < items.capacity() / 2 {
        items.shrink_to_fit(vm.heap());
    }
}
