//! `tee`: several iterators over one source, which share what not all of them have seen yet.
//!
//! Invariant: shared items stand in a chain of blocks; a block lives as long as an iterator may still need it.

use std::cell::{Cell, RefCell};
use taipan_heap::{Charge, Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// Items in a block.
const BLOCK: usize = 57;

/// `_tee_dataobject`: a block of shared items.
#[derive(Payload)]
#[payload(name = "_tee_dataobject")]
pub struct TeeData {
    iterator: Value,
    items: RefCell<Vec<Value>>,
    next: RefCell<Option<Ref<TeeData>>>,
    running: Cell<bool>,
    _charge: Charge,
}

/// Data container common to multiple tee objects.
#[pytype(name = "_tee_dataobject", module = "itertools", flags = DISALLOW_INSTANTIATION)]
impl TeeData {
    fn make(vm: &Vm, iterator: Value) -> PyResult<Ref<TeeData>> {
        let charge = vm.charge(BLOCK * size_of::<Value>())?;
        let payload = TeeData {
            iterator,
            items: RefCell::default(),
            next: RefCell::default(),
            running: Cell::new(false),
            _charge: charge,
        };
        vm.alloc(&*vm.native_type(TeeData::spec())?, payload)
    }

    /// Item `index` of the block, from the source if nobody has asked for it yet.
    fn item(&self, vm: &Vm, index: usize) -> PyResult<Option<Value>> {
        if let Some(item) = self.items.borrow().get(index) {
            return Ok(Some(item.clone()));
        }
        if self.running.replace(true) {
            return Err(vm.runtime_error("cannot re-enter the tee iterator"));
        }
        let item = vm.next(&self.iterator);
        self.running.set(false);
        let item = item?;
        if let Some(item) = &item {
            let mut items = self.items.borrow_mut();
            let missing = BLOCK - items.len();
            items.reserve_exact(missing);
            items.push(item.clone());
        }
        Ok(item)
    }

    fn following(&self, vm: &Vm) -> PyResult<Ref<TeeData>> {
        if let Some(next) = &*self.next.borrow() {
            return Ok(next.clone());
        }
        let made = TeeData::make(vm, self.iterator.clone())?;
        *self.next.borrow_mut() = Some(made.clone());
        Ok(made)
    }
}

/// `_tee`: one of the iterators.
#[derive(Payload)]
#[payload(name = "_tee")]
pub struct Tee {
    data: RefCell<Ref<TeeData>>,
    index: Cell<usize>,
}

impl Tee {
    fn over(vm: &Vm, class: &Obj<Type>, iterable: &Value) -> PyResult<Ref<Tee>> {
        let iterator = vm.iter(iterable)?;
        if let Some(tee) = iterator.downcast::<Tee>() {
            return Tee::duplicate(vm, tee);
        }
        let data = TeeData::make(vm, iterator)?;
        vm.alloc_instance(class, Tee { data: RefCell::new(data), index: Cell::new(0) })
    }

    fn duplicate(vm: &Vm, this: &Obj<Tee>) -> PyResult<Ref<Tee>> {
        let data = this.data.borrow().clone();
        let class = vm.native_type(Tee::spec())?;
        vm.alloc_instance(&class, Tee { data: RefCell::new(data), index: Cell::new(this.index.get()) })
    }
}

/// Iterator wrapped to make it copyable.
#[pytype(name = "_tee", module = "itertools")]
impl Tee {
    #[slot(sig = "iterable, /")]
    fn new(class: &Obj<Type>, vm: &Vm, iterable: &Value) -> PyResult<Ref<Tee>> {
        Tee::over(vm, class, iterable)
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<Tee>, vm: &Vm) -> PyResult<Option<Value>> {
        if this.index.get() >= BLOCK {
            let block = this.data.borrow().clone();
            let next = block.following(vm)?;
            let old = this.data.replace(next);
            this.index.set(0);
            drop(old);
        }
        let data = this.data.borrow().clone();
        let item = data.item(vm, this.index.get())?;
        if item.is_some() {
            this.index.set(this.index.get() + 1);
        }
        Ok(item)
    }

    /// Returns an independent iterator.
    #[method]
    fn __copy__(this: &Obj<Tee>, vm: &Vm) -> PyResult<Ref<Tee>> {
        Tee::duplicate(vm, this)
    }
}

/// `tee(iterable, n)`
pub(super) fn split(vm: &Vm, iterable: &Value, n: isize) -> PyResult<Ref<Tuple>> {
    if n < 0 {
        return Err(vm.value_error("n must be >= 0"));
    }
    if n == 0 {
        return Tuple::new(vm, std::iter::empty());
    }
    let class = vm.native_type(Tee::spec())?;
    let first = Tee::over(vm, &class, iterable)?;
    let mut items = vec![first.to_value()];
    for _ in 1..n {
        items.push(Tee::duplicate(vm, &first)?.into());
    }
    Tuple::from_values(vm, items)
}
