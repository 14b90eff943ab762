//! `product`, `permutations`, `combinations` and `combinations_with_replacement`.
//!
//! Invariant: the pools never change; `indices` is empty before the first item, and the state is `Done` after the last.

use std::cell::{Cell, RefCell};
use taipan_heap::{Charge, Edge, Obj, OutOfMemory, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{int, is_none};
use taipan_objects::native::Rest;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// How far an iterator has come.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Start,
    Running,
    Done,
}
taipan_heap::no_references!(Stage);

/// Room for `count` indices, which `charge` counts, or MemoryError.
fn indices(vm: &Vm, charge: &Charge, count: usize, value: impl FnMut(usize) -> usize) -> PyResult<Vec<usize>> {
    let mut made = Vec::new();
    vm.recharge(charge, charge.bytes().saturating_add(count.saturating_mul(size_of::<usize>())))?;
    made.try_reserve_exact(count).map_err(|_| vm.out_of_memory(OutOfMemory))?;
    made.extend((0..count).map(value));
    Ok(made)
}

fn natural(vm: &Vm, r: isize) -> PyResult<usize> {
    usize::try_from(r).map_err(|_| vm.value_error("r must be non-negative"))
}

/// The items of `pool` at `indices`.
fn picked(vm: &Vm, kept: &Edge<Tuple>, pool: &Tuple, indices: &[usize]) -> PyResult<Option<Value>> {
    let items = pool.items();
    again(vm, kept, indices.iter().map(|&index| items[index].clone()))
}

/// A tuple of items that the pools hold, too: the one that was given before, if nobody else has it.
fn again(vm: &Vm, kept: &Edge<Tuple>, items: impl ExactSizeIterator<Item = Value>) -> PyResult<Option<Value>> {
    let before = kept.take();
    if let Some(mut before) = before {
        if let Some(places) = before.tail_mut()
            && places.len() == items.len()
        {
            for (place, item) in places.iter_mut().zip(items) {
                // What goes is not the last reference: the pools have theirs.
                *place = item;
            }
            // A collection may have let go of the tuple for what it held before.
            vm.heap().track(before.header());
            kept.set(Some(before.clone()));
            return Ok(Some(before.into()));
        }
        let made = Tuple::new(vm, items)?;
        kept.set(Some(before));
        return Ok(Some(made.into()));
    }
    let made = Tuple::new(vm, items)?;
    kept.set(Some(made.clone()));
    Ok(Some(made.into()))
}

/// `product`
#[derive(Payload)]
#[payload(name = "product")]
pub struct Product {
    pools: Vec<Ref<Tuple>>,
    indices: RefCell<Vec<usize>>,
    stage: Cell<Stage>,
    /// The tuple that was given first, to be used again when nobody else has it.
    result: Edge<Tuple>,
    charge: Charge,
}

/// product(*iterables, repeat=1) --> product object
///
/// Cartesian product of input iterables.  Equivalent to nested for-loops.
#[pytype(name = "product", module = "itertools", flags = BASETYPE)]
impl Product {
    #[slot(sig = "*iterables, repeat=1")]
    fn new(class: &Obj<Type>, vm: &Vm, iterables: Rest<'_>, repeat: isize) -> PyResult<Value> {
        let Ok(repeat) = usize::try_from(repeat) else {
            return Err(vm.value_error("repeat argument cannot be negative"));
        };
        let once = iterables.0.iter().map(|iterable| Tuple::from_iterable(vm, iterable));
        let once = once.collect::<PyResult<Vec<_>>>()?;
        let Some(total) = once.len().checked_mul(repeat).filter(|&total| total <= isize::MAX as usize / 8) else {
            return Err(vm.overflow_error("repeat argument too large"));
        };
        let charge = vm.charge(total * size_of::<Ref<Tuple>>())?;
        let mut pools = Vec::new();
        if pools.try_reserve_exact(total).is_err() {
            return Err(vm.out_of_memory(OutOfMemory));
        }
        for _ in 0..if once.is_empty() { 0 } else { repeat } {
            pools.extend(once.iter().cloned());
        }
        let payload = Product {
            pools,
            indices: RefCell::default(),
            result: Edge::default(),
            stage: Cell::new(Stage::Start),
            charge,
        };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<Product>, vm: &Vm) -> PyResult<Option<Value>> {
        let mut indices = this.indices.borrow_mut();
        match this.stage.get() {
            Stage::Done => return Ok(None),
            Stage::Start => {
                if this.pools.iter().any(|pool| pool.items().is_empty()) {
                    this.stage.set(Stage::Done);
                    return Ok(None);
                }
                *indices = self::indices(vm, &this.charge, this.pools.len(), |_| 0)?;
                this.stage.set(Stage::Running);
            }
            Stage::Running => {
                let mut kept = this.result.take();
                let mut places = kept.as_mut().and_then(Ref::tail_mut);
                let unique = places.is_some();
                let mut moved = false;
                for (at, (index, pool)) in indices.iter_mut().zip(&this.pools).enumerate().rev() {
                    let items = pool.items();
                    *index += 1;
                    moved = *index < items.len();
                    if !moved {
                        *index = 0;
                    }
                    if let Some(place) = places.as_mut().and_then(|places| places.get_mut(at)) {
                        // What goes is not the last reference: the pools have theirs.
                        *place = items[*index].clone();
                    }
                    if moved {
                        break;
                    }
                }
                if !moved {
                    this.stage.set(Stage::Done);
                    return Ok(None);
                }
                // One that somebody else has is not kept: it would not follow the indices.
                if let Some(current) = kept.filter(|_| unique) {
                    // A collection may have let go of the tuple for what it held before.
                    vm.heap().track(current.header());
                    this.result.set(Some(current.clone()));
                    return Ok(Some(current.into()));
                }
            }
        }
        let items = indices.iter().zip(&this.pools).map(|(&index, pool)| pool.items()[index].clone());
        again(vm, &this.result, items)
    }
}

/// `permutations`
#[derive(Payload)]
#[payload(name = "permutations")]
pub struct Permutations {
    pool: Ref<Tuple>,
    length: usize,
    indices: RefCell<Vec<usize>>,
    cycles: RefCell<Vec<usize>>,
    stage: Cell<Stage>,
    /// The tuple that was given first, to be used again when nobody else has it.
    result: Edge<Tuple>,
    charge: Charge,
}

/// Moves to the next permutation; `false` after the last.
fn permute(indices: &mut [usize], cycles: &mut [usize]) -> bool {
    let count = indices.len();
    for at in (0..cycles.len()).rev() {
        cycles[at] -= 1;
        if cycles[at] == 0 {
            indices[at..].rotate_left(1);
            cycles[at] = count - at;
        } else {
            indices.swap(at, count - cycles[at]);
            return true;
        }
    }
    false
}

/// Return successive r-length permutations of elements in the iterable.
///
/// permutations(range(3), 2) --> (0,1), (0,2), (1,0), (1,2), (2,0), (2,1)
#[pytype(name = "permutations", module = "itertools", flags = BASETYPE)]
impl Permutations {
    #[slot(sig = "iterable, r=None")]
    fn new(class: &Obj<Type>, vm: &Vm, iterable: &Value, r: Option<&Value>) -> PyResult<Value> {
        let pool = Tuple::from_iterable(vm, iterable)?;
        let length = match r.filter(|r| !is_none(r)) {
            None => pool.items().len(),
            Some(r) if !int::is_int(r) => return Err(vm.type_error("Expected int as r")),
            Some(r) => natural(vm, int::index_clamped(vm, r)? as isize)?,
        };
        let payload = Permutations {
            pool,
            length,
            indices: RefCell::default(),
            cycles: RefCell::default(),
            result: Edge::default(),
            stage: Cell::new(Stage::Start),
            charge: Charge::default(),
        };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<Permutations>, vm: &Vm) -> PyResult<Option<Value>> {
        let count = this.pool.items().len();
        let (mut indices, mut cycles) = (this.indices.borrow_mut(), this.cycles.borrow_mut());
        match this.stage.get() {
            Stage::Done => return Ok(None),
            Stage::Start if this.length > count => {
                this.stage.set(Stage::Done);
                return Ok(None);
            }
            Stage::Start => {
                *indices = self::indices(vm, &this.charge, count, |index| index)?;
                *cycles = self::indices(vm, &this.charge, this.length, |index| count - index)?;
                this.stage.set(Stage::Running);
            }
            Stage::Running => {
                if !permute(&mut indices, &mut cycles) {
                    this.stage.set(Stage::Done);
                    return Ok(None);
                }
            }
        }
        picked(vm, &this.result, &this.pool, &indices[..this.length])
    }
}

/// `combinations`
#[derive(Payload)]
#[payload(name = "combinations")]
pub struct Combinations {
    pool: Ref<Tuple>,
    length: usize,
    indices: RefCell<Vec<usize>>,
    stage: Cell<Stage>,
    /// The tuple that was given first, to be used again when nobody else has it.
    result: Edge<Tuple>,
    charge: Charge,
}

/// Return successive r-length combinations of elements in the iterable.
///
/// combinations(range(4), 3) --> (0,1,2), (0,1,3), (0,2,3), (1,2,3)
#[pytype(name = "combinations", module = "itertools", flags = BASETYPE)]
impl Combinations {
    #[slot(sig = "iterable, r")]
    fn new(class: &Obj<Type>, vm: &Vm, iterable: &Value, r: isize) -> PyResult<Value> {
        let payload = Combinations {
            pool: Tuple::from_iterable(vm, iterable)?,
            length: natural(vm, r)?,
            indices: RefCell::default(),
            result: Edge::default(),
            stage: Cell::new(Stage::Start),
            charge: Charge::default(),
        };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<Combinations>, vm: &Vm) -> PyResult<Option<Value>> {
        let (count, length) = (this.pool.items().len(), this.length);
        let mut indices = this.indices.borrow_mut();
        match this.stage.get() {
            Stage::Done => return Ok(None),
            Stage::Start if length > count => {
                this.stage.set(Stage::Done);
                return Ok(None);
            }
            Stage::Start => {
                *indices = self::indices(vm, &this.charge, length, |index| index)?;
                this.stage.set(Stage::Running);
            }
            Stage::Running => {
                let Some(at) = (0..length).rev().find(|&at| indices[at] != at + count - length) else {
                    this.stage.set(Stage::Done);
                    return Ok(None);
                };
                let first = indices[at] + 1;
                for (offset, index) in indices[at..].iter_mut().enumerate() {
                    *index = first + offset;
                }
            }
        }
        picked(vm, &this.result, &this.pool, &indices)
    }
}

/// `combinations_with_replacement`
#[derive(Payload)]
#[payload(name = "combinations_with_replacement")]
pub struct CombinationsWithReplacement {
    pool: Ref<Tuple>,
    length: usize,
    indices: RefCell<Vec<usize>>,
    stage: Cell<Stage>,
    /// The tuple that was given first, to be used again when nobody else has it.
    result: Edge<Tuple>,
    charge: Charge,
}

/// Return successive r-length combinations of elements in the iterable allowing individual elements to have successive repeats.
///
/// combinations_with_replacement('ABC', 2) --> ('A','A'), ('A','B'), ('A','C'), ('B','B'), ('B','C'), ('C','C')
#[pytype(name = "combinations_with_replacement", module = "itertools", flags = BASETYPE)]
impl CombinationsWithReplacement {
    #[slot(sig = "iterable, r")]
    fn new(class: &Obj<Type>, vm: &Vm, iterable: &Value, r: isize) -> PyResult<Value> {
        let payload = CombinationsWithReplacement {
            pool: Tuple::from_iterable(vm, iterable)?,
            length: natural(vm, r)?,
            indices: RefCell::default(),
            result: Edge::default(),
            stage: Cell::new(Stage::Start),
            charge: Charge::default(),
        };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<CombinationsWithReplacement>, vm: &Vm) -> PyResult<Option<Value>> {
        let (count, length) = (this.pool.items().len(), this.length);
        let mut indices = this.indices.borrow_mut();
        match this.stage.get() {
            Stage::Done => return Ok(None),
            Stage::Start if length > 0 && count == 0 => {
                this.stage.set(Stage::Done);
                return Ok(None);
            }
            Stage::Start => {
                *indices = self::indices(vm, &this.charge, length, |_| 0)?;
                this.stage.set(Stage::Running);
            }
            Stage::Running => {
                let Some(at) = (0..length).rev().find(|&at| indices[at] + 1 != count) else {
                    this.stage.set(Stage::Done);
                    return Ok(None);
                };
                let value = indices[at] + 1;
                indices[at..].fill(value);
            }
        }
        picked(vm, &this.result, &this.pool, &indices)
    }
}
