//! `atexit`: functions that are called when the program ends, the last registered first.
//!
//! Invariant: a function is taken off the list before it is called, so none is called twice.

pub use atexit::spec;

use std::cell::RefCell;
use taipan_heap::{Ref, Value};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::native::Args;
use taipan_objects::types::{call, finalize};
use taipan_objects::vm::{PyResult, Vm};

struct Callback {
    function: Value,
    arguments: Ref<Tuple>,
    keywords: Ref<Dict>,
}

#[derive(Default)]
struct Callbacks(RefCell<Vec<Callback>>);

impl Callbacks {
    fn of(vm: &Vm) -> std::rc::Rc<Callbacks> {
        vm.interp().state(Callbacks::default)
    }
}

/// Calls the registered functions; what they raise is reported and ignored.
pub fn run(vm: &Vm) {
    let callbacks = Callbacks::of(vm);
    loop {
        let last = callbacks.0.borrow_mut().pop();
        let Some(callback) = last else { return };
        finalize::aside(vm, "Exception ignored in atexit callback", Some(&callback.function), |vm| {
            invoke(vm, &callback)
        });
    }
}

fn invoke(vm: &Vm, callback: &Callback) -> PyResult<()> {
    let mut values = callback.arguments.items().to_vec();
    let (names, keywords): (Vec<Value>, Vec<Value>) = callback.keywords.snapshot().into_iter().unzip();
    values.extend(keywords);
    call::call(vm, &callback.function, Args { values: &values, names: &names }).map(drop)
}

/// Functions to be called when the program ends.
#[taipan_macros::pymodule(name = "atexit")]
mod atexit {
    use super::{Callback, Callbacks};
    use taipan_heap::Value;
    use taipan_objects::builtins::tuple::Tuple;
    use taipan_objects::native::{Args, Rest};
    use taipan_objects::vm::{PyResult, Vm};

    /// Registers a function to be called at the end.
    #[function(sig = "func, /, *args, **kwargs")]
    fn register(vm: &Vm, func: &Value, args: Rest<'_>, kwargs: Args<'_>) -> PyResult<Value> {
        if vm.class_of(func).slots.call.get().is_none() {
            return Err(vm.type_error("the first argument must be callable"));
        }
        let callback = Callback {
            function: func.clone(),
            arguments: Tuple::new(vm, args.0.iter().cloned())?,
            keywords: kwargs.to_dict(vm)?,
        };
        Callbacks::of(vm).0.borrow_mut().push(callback);
        Ok(func.clone())
    }

    /// Takes a function off the list.
    #[function(sig = "func, /")]
    fn unregister(vm: &Vm, func: &Value) -> PyResult<()> {
        let callbacks = Callbacks::of(vm);
        let functions: Vec<Value> = callbacks.0.borrow().iter().map(|callback| callback.function.clone()).collect();
        let mut gone = Vec::new();
        for function in functions {
            if vm.is_equal(&function, func)? {
                gone.push(function);
            }
        }
        let all = callbacks.0.take();
        let (removed, mut kept): (Vec<Callback>, Vec<Callback>) =
            all.into_iter().partition(|callback| gone.iter().any(|gone| gone.is(&callback.function)));
        let mut list = callbacks.0.borrow_mut();
        kept.append(&mut list);
        *list = kept;
        drop(list);
        drop(removed);
        Ok(())
    }

    /// Empties the list.
    #[function]
    fn _clear(vm: &Vm) {
        let old = Callbacks::of(vm).0.take();
        drop(old);
    }

    /// The number of registered functions.
    #[function]
    fn _ncallbacks(vm: &Vm) -> usize {
        Callbacks::of(vm).0.borrow().len()
    }

    /// Calls the registered functions.
    #[function]
    fn _run_exitfuncs(vm: &Vm) {
        super::run(vm);
    }
}
