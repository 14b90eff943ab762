//! `list`: a growable array of values. `methods` holds what Python sees, `sort` the sorting, `iter` the iterators.
//!
//! Invariant: no borrow of `items` is held across anything that may run Python code; values taken out are dropped after the borrow ends.

mod iter;
mod methods;
mod sort;

pub use iter::{ListIterator, ListReverseIterator, drive_reversed};
pub(in crate::builtins) use methods::sequence_size;

use crate::builtins::NONE;
use crate::builtins::dict::Dict;
use crate::builtins::range::Range;
use crate::builtins::slice::{Span, clamp};
use crate::builtins::str::Str;
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
const RETIRING_CAPACITY: std::ops::RangeInclusive<usize> = 1..=16;

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
    #[inline(always)]
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
        let list = List::with_capacity(vm, items.len())?;
        let extended = list.items.borrow_mut().extend(vm.heap(), items);
        extended.map_err(|error| vm.out_of_memory(error))?;
        Ok(list)
    }

    /// A list of items that are made one by one, which runs no Python code.
    pub fn gather(vm: &Vm, items: impl ExactSizeIterator<Item = PyResult<Value>>) -> PyResult<Ref<List>> {
        let mut buffer = Buffer::with_capacity(vm.heap(), items.len()).map_err(|error| vm.out_of_memory(error))?;
        for item in items {
            buffer.push(vm.heap(), item?).map_err(|error| vm.out_of_memory(error))?;
        }
        List::from_buffer(vm, buffer)
    }

    /// A list of the values that a display has left in a block of registers, which is empty afterwards.
    pub fn build(vm: &Vm, block: &mut [Option<Value>]) -> PyResult<Ref<List>> {
        let Some(list) = vm.heap().take_retired_at_once::<List>(&*vm.types().list) else {
            return List::build_slowly(vm, block);
        };
        let filled = list.items.try_borrow_mut().is_ok_and(|mut items| items.take_all(block));
        if filled { Ok(list) } else { List::fill(vm, list, block) }
    }

    #[inline(never)]
    fn fill(vm: &Vm, list: Ref<List>, block: &mut [Option<Value>]) -> PyResult<Ref<List>> {
        let mut items = list.items.borrow_mut();
        if !items.take_all(block) {
            items.reserve_exact(vm.heap(), block.len()).map_err(|error| vm.out_of_memory(error))?;
            items.take_all(block);
        }
        drop(items);
        Ok(list)
    }

    #[inline(never)]
    fn build_slowly(vm: &Vm, block: &mut [Option<Value>]) -> PyResult<Ref<List>> {
        if let Some(list) = vm.heap().take_retired::<List>(&*vm.types().list) {
            return List::fill(vm, list, block);
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
        let class = &*vm.types().list;
        if RETIRING_CAPACITY.contains(&capacity)
            && let Some(list) = vm.heap().take_retired_at_once(class).or_else(|| vm.heap().take_retired::<List>(class))
        {
            let reserved = list.items.borrow_mut().reserve_exact(vm.heap(), capacity);
            return reserved.map(|()| list).map_err(|error| vm.out_of_memory(error));
        }
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
            List::build(vm, &mut [])
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
        if items.len() < items.capacity() {
            items.push_within(value);
            return Ok(());
        }
        let grown = items.reserve(vm.heap(), 1);
        if grown.is_ok() {
            items.push_within(value);
        }
        drop(items);
        grown.map_err(|error| vm.out_of_memory(error))
    }

    /// Inserts before `index`, which may count from the end and is clamped to the list.
    pub fn insert(&self, vm: &Vm, index: i64, value: Value) -> PyResult<()> {
        self.reserve(vm, 1)?;
        let mut items = self.items.borrow_mut();
        let at = clamp(index, items.len());
        items.insert(vm.heap(), at, value).map_err(|error| vm.out_of_memory(error))
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
        let made = List::with_capacity(vm, span.len)?;
        let Some(more) = span.len.checked_sub(1) else { return Ok(made) };
        let extended = {
            let (items, mut into) = (self.items.borrow(), made.items.borrow_mut());
            let end = span.start + span.step * more as i64;
            let (low, high) = (span.start.min(end) as usize, span.start.max(end) as usize);
            let run = items.get(low..=high).unwrap_or(&[]);
            match (span.step, span.step.unsigned_abs() as usize) {
                (1, _) => into.extend(vm.heap(), run.iter().cloned()),
                (-1, _) => into.extend(vm.heap(), run.iter().rev().cloned()),
                (2.., step) => into.extend(vm.heap(), run.iter().step_by(step).cloned()),
                (_, step) => into.extend(vm.heap(), run.iter().rev().step_by(step.max(1)).cloned()),
            }
        };
        extended.map_err(|error| vm.out_of_memory(error))?;
        Ok(made)
    }

    /// A new list of the same items.
    pub fn copied(&self, vm: &Vm) -> PyResult<Ref<List>> {
        let len = self.len();
        self.slice(vm, Span { start: 0, stop: len as i64, step: 1, len })
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
        if let Some(dict) = iterable.downcast_exact::<Dict>() {
            self.reserve(vm, dict.len())?;
            let mut entry = 0;
            while let Some((key, _)) = dict.next_entry(&mut entry) {
                self.push(vm, key)?;
            }
            return Ok(());
        }
        if let Some(text) = iterable.downcast_exact::<Str>() {
            self.reserve(vm, text.len())?;
            for point in text.points() {
                self.push(vm, Str::character(vm, point)?.into())?;
            }
            return Ok(());
        }
        let mut walked = vm.walk(iterable)?;
        vm.ask_length(iterable)?;
        loop {
            let next = walked.drive(vm, &mut |item| {
                let mut items = self.items.borrow_mut();
                if items.len() == items.capacity() {
                    return Some(item);
                }
                items.push_within(item);
                None
            });
            match next? {
                Some(item) => self.push(vm, item)?,
                None => return Ok(()),
            }
        }
    }

    /// Appends clones of values that are not in this list.
    pub fn extend_from_slice(&self, vm: &Vm, values: &[Value]) -> PyResult<()> {
        let extended = {
            let mut items = self.items.borrow_mut();
            let room = if items.is_empty() { items.reserve_exact(vm.heap(), values.len()) } else { Ok(()) };
            room.and_then(|()| items.extend(vm.heap(), values.iter().cloned()))
        };
        extended.map_err(|error| vm.out_of_memory(error))
    }

    fn extend_from_list(&self, vm: &Vm, other: &List) -> PyResult<()> {
        if std::ptr::eq(self, other) {
            let copy = self.snapshot();
            return self.extend_from_slice(vm, &copy);
        }
        let extended = {
            let (mut items, more) = (self.items.borrow_mut(), other.items.borrow());
            let room = if items.is_empty() { items.reserve_exact(vm.heap(), more.len()) } else { Ok(()) };
            room.and_then(|()| items.extend(vm.heap(), more.iter().cloned()))
        };
        extended.map_err(|error| vm.out_of_memory(error))
    }

    /// Replaces the items of `range` (clamped to the list) by `values`; the old ones are dropped last.
    pub fn splice(&self, vm: &Vm, range: std::ops::Range<usize>, values: &[Value]) -> PyResult<()> {
        let replaced = self.replace(vm, range, values);
        let mut old = replaced.map_err(|error| vm.out_of_memory(error))?;
        while old.pop().is_some() {}
        Ok(())
    }

    /// The same with the items of a list, which may be this one.
    pub fn splice_list(&self, vm: &Vm, range: std::ops::Range<usize>, other: &List) -> PyResult<()> {
        if std::ptr::eq(self, other) {
            return self.splice(vm, range, &self.snapshot());
        }
        let replaced = self.replace(vm, range, &other.items.borrow());
        let mut old = replaced.map_err(|error| vm.out_of_memory(error))?;
        while old.pop().is_some() {}
        Ok(())
    }

    fn replace(&self, vm: &Vm, range: std::ops::Range<usize>, values: &[Value]) -> Result<Vec<Value>, OutOfMemory> {
        let mut items = self.items.borrow_mut();
        let start = range.start.min(items.len());
        let end = range.end.clamp(start, items.len());
        let old = items.replace_range(vm.heap(), start..end, values)?;
        if values.len() < end - start {
            shrink(vm, &mut items);
        }
        Ok(old)
    }

    /// `list + other`
    pub fn joined(&self, vm: &Vm, other: &List) -> PyResult<Ref<List>> {
        let Some(total) = self.len().checked_add(other.len()) else { return Err(vm.out_of_memory(OutOfMemory)) };
        let made = List::with_capacity(vm, total)?;
        made.extend_from_list(vm, self)?;
        made.extend_from_list(vm, other)?;
        Ok(made)
    }

    /// `list * count`
    pub fn repeated(&self, vm: &Vm, count: isize) -> PyResult<Ref<List>> {
        let times = count.max(0) as usize;
        let Some(total) = self.len().checked_mul(times) else { return Err(vm.out_of_memory(OutOfMemory)) };
        let made = List::with_capacity(vm, total)?;
        let filled = {
            let (items, mut into) = (self.items.borrow(), made.items.borrow_mut());
            match &items[..] {
                [single] => into.extend(vm.heap(), std::iter::repeat_n(single, times).cloned()),
                _ if total == 0 => Ok(()),
                all => (0..times).try_for_each(|_| into.extend(vm.heap(), all.iter().cloned())),
            }
        };
        filled.map_err(|error| vm.out_of_memory(error))?;
        Ok(made)
    }
}

fn shrink(vm: &Vm, items: &mut Buffer<Value>) {
    if items.capacity() > KEPT_CAPACITY && items.len() < items.capacity() / 2 {
        items.shrink_to_fit(vm.heap());
    }
}
