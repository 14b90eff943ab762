//! `_queue`: a queue without bounds that threads share.
//!
//! Invariant: items are touched under the interpreter lock only; who waits holds nothing but the bell that says that one came.

pub use module::spec;

use crate::collections_module::Ring;
use std::cell::{OnceCell, RefCell};
use std::sync::Arc;
use std::time::{Duration, Instant};
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_host::gate::Bell;
use taipan_macros::{pymodule, pytype};
use taipan_objects::builtins::generic_alias::GenericAlias;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::{float, int, is_none, str::Str};
use taipan_objects::native::Args;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// How often who waits looks for signals.
const LOOK: Duration = Duration::from_millis(50);

/// Rings when an item comes.
struct Shared(Arc<Bell>);
taipan_heap::no_references!(Shared);

/// `_queue.SimpleQueue`
#[derive(Payload)]
#[payload(name = "SimpleQueue")]
pub struct SimpleQueue {
    items: RefCell<Ring>,
    arrivals: Shared,
}

#[derive(Default)]
struct Empty(OnceCell<Ref<Type>>);

fn empty_class(vm: &Vm) -> PyResult<Ref<Type>> {
    let state = vm.interp().state(Empty::default);
    if let Some(class) = state.0.get() {
        return Ok(class.clone());
    }
    let class = crate::exception_class::exception_class(vm, "_queue", "Empty", &vm.types().exception)?;
    let doc = Str::new(vm, "Exception raised by Queue.get(block=0)/get_nowait().")?;
    vm.set_attr(&class.to_value(), &*vm.intern("__doc__")?, doc.into())?;
    Ok(state.0.get_or_init(|| class).clone())
}

#[cold]
fn empty(vm: &Vm) -> Raised {
    match empty_class(vm) {
        Ok(class) => vm.raise_bare(&class),
        Err(raised) => raised,
    }
}

impl SimpleQueue {
    fn add(&self, vm: &Vm, item: Value) -> PyResult<()> {
        let pushed = self.items.borrow_mut().push_back(vm.heap(), item);
        pushed.map_err(|error| vm.out_of_memory(error))?;
        self.arrivals.0.ring();
        Ok(())
    }

    fn take(&self, vm: &Vm, deadline: Option<Instant>) -> PyResult<Value> {
        let arrivals = self.arrivals.0.clone();
        loop {
            let heard = arrivals.rung();
            let item = self.items.borrow_mut().pop_front();
            if let Some(item) = item {
                return Ok(item);
            }
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Err(empty(vm));
            }
            crate::posix_module::blocking(vm, || {
                let look = Instant::now() + LOOK;
                arrivals.wait(heard, Some(deadline.map_or(look, |deadline| deadline.min(look))));
            });
            crate::signal_module::run_handlers(vm)?;
        }
    }
}

/// Simple, unbounded, reentrant FIFO queue.
#[pytype(name = "SimpleQueue", module = "_queue", flags = BASETYPE)]
impl SimpleQueue {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        args.expect(vm, "SimpleQueue", 0, 0)?;
        let payload = SimpleQueue { items: RefCell::default(), arrivals: Shared(Arc::default()) };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    /// Put the item on the queue.
    ///
    /// The optional 'block' and 'timeout' arguments are ignored, as this method
    /// never blocks.  They are provided for compatibility with the Queue class.
    #[method(sig = "item, block=True, timeout=None")]
    fn put(
        this: &Obj<SimpleQueue>,
        vm: &Vm,
        item: Value,
        block: Option<&Value>,
        timeout: Option<&Value>,
    ) -> PyResult<()> {
        let _ = (block, timeout);
        this.add(vm, item)
    }

    /// Put an item into the queue without blocking.
    ///
    /// This is exactly equivalent to `put(item)` and is only provided
    /// for compatibility with the Queue class.
    #[method(sig = "item")]
    fn put_nowait(this: &Obj<SimpleQueue>, vm: &Vm, item: Value) -> PyResult<()> {
        this.add(vm, item)
    }

    /// Remove and return an item from the queue.
    ///
    /// If optional args 'block' is true and 'timeout' is None (the default),
    /// block if necessary until an item is available. If 'timeout' is
    /// a non-negative number, it blocks at most 'timeout' seconds and raises
    /// the Empty exception if no item was available within that time.
    /// Otherwise ('block' is false), return an item if one is immediately
    /// available, else raise the Empty exception ('timeout' is ignored
    /// in that case).
    #[method(sig = "block=True, timeout=None")]
    fn get(this: &Obj<SimpleQueue>, vm: &Vm, block: Option<bool>, timeout: Option<&Value>) -> PyResult<Value> {
        if !block.unwrap_or(true) {
            return this.take(vm, Some(Instant::now()));
        }
        let Some(timeout) = timeout.filter(|timeout| !is_none(timeout)) else { return this.take(vm, None) };
        let seconds = match float::get(timeout) {
            Some(seconds) => seconds,
            None if int::is_int(timeout) || vm.class_of(timeout).slots.index.get().is_some() => {
                int::index_clamped(vm, timeout)? as f64
            }
            None => {
                let given = vm.type_name(timeout);
                return Err(vm.type_error(format!("'{given}' object cannot be interpreted as an integer or float")));
            }
        };
        if seconds.is_nan() {
            return Err(vm.value_error("Invalid value NaN (not a number)"));
        }
        if seconds < 0.0 {
            return Err(vm.value_error("'timeout' must be a non-negative number"));
        }
        if seconds > 9.2e9 {
            return Err(vm.overflow_error("timeout value is too large"));
        }
        this.take(vm, Instant::now().checked_add(Duration::from_secs_f64(seconds)))
    }

    /// Remove and return an item from the queue without blocking.
    ///
    /// Only get an item if one is immediately available. Otherwise
    /// raise the Empty exception.
    #[method]
    fn get_nowait(this: &Obj<SimpleQueue>, vm: &Vm) -> PyResult<Value> {
        this.take(vm, Some(Instant::now()))
    }

    /// Return True if the queue is empty, False otherwise (not reliable!).
    #[method]
    fn empty(this: &Obj<SimpleQueue>) -> bool {
        this.items.borrow().len() == 0
    }

    /// Return the approximate size of the queue (not reliable!).
    #[method]
    fn qsize(this: &Obj<SimpleQueue>) -> usize {
        this.items.borrow().len()
    }

    /// See PEP 585
    #[classmethod(sig = "object, /")]
    fn __class_getitem__(class: &Obj<Type>, vm: &Vm, object: &Value) -> PyResult<Value> {
        GenericAlias::make(vm, &class.to_value(), object)
    }
}

/// C implementation of the Python queue module.
/// This module is an implementation detail, please do not use it directly.
#[pymodule(name = "_queue", types(SimpleQueue), init = fill)]
mod module {
    use super::*;

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        module.set_attr(vm, "Empty", empty_class(vm)?.into())
    }
}
