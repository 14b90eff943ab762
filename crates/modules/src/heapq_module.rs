//! `_heapq`: priority queues in lists.
//!
//! Invariant: a list that a comparison changes in size raises RuntimeError; nothing is indexed past its end.

pub use module::spec;

use taipan_heap::{Obj, Value};
use taipan_macros::pymodule;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::sequence;
use taipan_objects::types::CompareOp;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// Whether `a` goes before `b`.
#[inline]
fn before(vm: &Vm, a: &Value, b: &Value, max: bool) -> PyResult<bool> {
    let (a, b) = if max { (b, a) } else { (a, b) };
    vm.compare_bool(CompareOp::Lt, a, b)
}

/// Whether the item at `a` goes before the one at `b`, in a list of `size` items that stays one.
#[inline]
fn goes_before(vm: &Vm, heap: &Obj<List>, size: usize, (a, b): (usize, usize), max: bool) -> PyResult<bool> {
    let (a, b) = {
        let items = heap.cell().borrow();
        let (Some(a), Some(b)) = (items.get(a), items.get(b)) else { return Err(changed(vm)) };
        if let Some(less) = if max { sequence::known_less(b, a) } else { sequence::known_less(a, b) } {
            return Ok(less);
        }
        (a.clone(), b.clone())
    };
    let answer = before(vm, &a, &b, max)?;
    if heap.len() == size { Ok(answer) } else { Err(changed(vm)) }
}

#[cold]
fn changed(vm: &Vm) -> Raised {
    vm.runtime_error("list changed size during iteration")
}

/// Exchanges two items; both positions are within the list.
fn swap(heap: &Obj<List>, a: usize, b: usize) {
    heap.cell().borrow_mut().swap(a, b);
}

/// Moves the item at `at` up towards `start` until its parent goes before it.
fn sift_down(vm: &Vm, heap: &Obj<List>, start: usize, at: usize, max: bool) -> PyResult<()> {
    let size = heap.len();
    let mut at = at;
    while at > start {
        let parent = (at - 1) / 2;
        if !goes_before(vm, heap, size, (at, parent), max)? {
            break;
        }
        swap(heap, at, parent);
        at = parent;
    }
    Ok(())
}

/// Moves the item at `start` down to a leaf along the first children, then up to its place.
fn sift_up(vm: &Vm, heap: &Obj<List>, start: usize, max: bool) -> PyResult<()> {
    let size = heap.len();
    let mut at = start;
    while at < size / 2 {
        let mut child = 2 * at + 1;
        if child + 1 < size {
            child += usize::from(!goes_before(vm, heap, size, (child, child + 1), max)?);
        }
        swap(heap, at, child);
        at = child;
    }
    sift_down(vm, heap, start, at, max)
}

fn push(vm: &Vm, heap: &Obj<List>, value: Value, max: bool) -> PyResult<()> {
    heap.push(vm, value)?;
    sift_down(vm, heap, 0, heap.len() - 1, max)
}

fn pop(vm: &Vm, heap: &Obj<List>, max: bool) -> PyResult<Value> {
    let Some(last) = heap.pop(vm) else { return Err(vm.index_error("index out of range")) };
    let Some(first) = heap.get(0) else { return Ok(last) };
    heap.set(0, last);
    sift_up(vm, heap, 0, max)?;
    Ok(first)
}

fn replace(vm: &Vm, heap: &Obj<List>, value: Value, max: bool) -> PyResult<Value> {
    let Some(first) = heap.get(0) else { return Err(vm.index_error("index out of range")) };
    heap.set(0, value);
    sift_up(vm, heap, 0, max)?;
    Ok(first)
}

fn push_pop(vm: &Vm, heap: &Obj<List>, value: Value, max: bool) -> PyResult<Value> {
    let Some(first) = heap.get(0) else { return Ok(value) };
    if !before(vm, &first, &value, max)? {
        return Ok(value);
    }
    replace(vm, heap, value, max)
}

fn heapify_list(vm: &Vm, heap: &Obj<List>, max: bool) -> PyResult<()> {
    (0..heap.len() / 2).rev().try_for_each(|at| sift_up(vm, heap, at, max))
}

/// Heap queue algorithm (a.k.a. priority queue).
///
/// Heaps are arrays for which a[k] <= a[2*k+1] and a[k] <= a[2*k+2] for
/// all k, counting elements from 0.
#[pymodule(name = "_heapq")]
mod module {
    use super::*;

    /// Push item onto heap, maintaining the heap invariant.
    #[function(fixed)]
    fn heappush(vm: &Vm, heap: &Obj<List>, item: Value) -> PyResult<()> {
        push(vm, heap, item, false)
    }

    /// Pop the smallest item off the heap, maintaining the heap invariant.
    #[function(fixed)]
    fn heappop(vm: &Vm, heap: &Obj<List>) -> PyResult<Value> {
        pop(vm, heap, false)
    }

    /// Pop and return the current smallest value, and add the new item.
    #[function]
    fn heapreplace(vm: &Vm, heap: &Obj<List>, item: Value) -> PyResult<Value> {
        replace(vm, heap, item, false)
    }

    /// Push item on the heap, then pop and return the smallest item from the heap.
    #[function]
    fn heappushpop(vm: &Vm, heap: &Obj<List>, item: Value) -> PyResult<Value> {
        push_pop(vm, heap, item, false)
    }

    /// Transform list into a heap, in-place, in O(len(heap)) time.
    #[function(fixed)]
    fn heapify(vm: &Vm, heap: &Obj<List>) -> PyResult<()> {
        heapify_list(vm, heap, false)
    }

    /// Push item onto max heap, maintaining the heap invariant.
    #[function]
    fn heappush_max(vm: &Vm, heap: &Obj<List>, item: Value) -> PyResult<()> {
        push(vm, heap, item, true)
    }

    /// Maxheap variant of heappop.
    #[function]
    fn heappop_max(vm: &Vm, heap: &Obj<List>) -> PyResult<Value> {
        pop(vm, heap, true)
    }

    /// Maxheap variant of heapreplace.
    #[function]
    fn heapreplace_max(vm: &Vm, heap: &Obj<List>, item: Value) -> PyResult<Value> {
        replace(vm, heap, item, true)
    }

    /// Maxheap variant of heappushpop.
    #[function]
    fn heappushpop_max(vm: &Vm, heap: &Obj<List>, item: Value) -> PyResult<Value> {
        push_pop(vm, heap, item, true)
    }

    /// Maxheap variant of heapify.
    #[function]
    fn heapify_max(vm: &Vm, heap: &Obj<List>) -> PyResult<()> {
        heapify_list(vm, heap, true)
    }
}
