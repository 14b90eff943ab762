//! What the heap calls back: finalizers, weak reference callbacks, and the events of collections.
//!
//! Invariant: an exception raised in any of them is reported as unraisable and goes no further; the exception that waited before still waits.

use crate::builtins::exception::BaseException;
use crate::builtins::weakref::WeakReference;
use crate::types::TypeObject;
use crate::vm::{PyResult, Vm};
use std::cell::RefCell;
use taipan_heap::{Collected, Ref, Value};

/// Called with an exception that nobody can catch, the words before the object (`"Exception ignored in"`), and the object.
pub type UnraisableHook = fn(&Vm, Ref<BaseException>, &str, Option<&Value>);
/// Called when a collection begins (`None`) and ends.
pub type CollectionHook = fn(&Vm, u8, Option<&Collected>);

/// The hooks that upper layers install.
#[derive(Default)]
pub struct FinalizeHooks {
    /// `sys.unraisablehook`'s native part.
    pub unraisable: RefCell<Option<UnraisableHook>>,
    /// `gc.callbacks`' native part.
    pub collection: RefCell<Option<CollectionHook>>,
}

/// Runs the finalizer of `object`.
pub(crate) fn run(vm: &Vm, object: &Value) {
    let Some(finalize) = vm.class_of(object).slots.finalize.get() else { return };
    let waiting = vm.swap_exception(None);
    if let Err(raised) = finalize(vm, object) {
        let exception = vm.take_exception(raised);
        let method = vm.class_of(object).lookup(vm, &vm.names().__del__);
        unraisable(
            vm,
            exception,
            "Exception ignored while calling deallocator",
            Some(method.as_ref().unwrap_or(object)),
        );
    }
    vm.swap_exception(waiting);
}

/// Calls the callback of a weak reference whose target is gone.
pub(crate) fn weak_callback(vm: &Vm, owner: Value) {
    let Some(callback) = owner.downcast::<WeakReference>().and_then(|reference| reference.callback.take()) else {
        return;
    };
    aside(vm, "Exception ignored while calling weakref callback", Some(&callback), |vm| {
        vm.call(&callback, std::slice::from_ref(&owner)).map(drop)
    });
}

/// Tells the collection hook.
pub(crate) fn collection_event(vm: &Vm, generation: u8, end: Option<&Collected>) {
    let hook = *vm.interp().state(FinalizeHooks::default).collection.borrow();
    if let Some(hook) = hook {
        hook(vm, generation, end);
    }
}

/// Runs `f` with the waiting exception put aside, reporting an exception it raises.
pub fn aside(vm: &Vm, what: &str, object: Option<&Value>, f: impl FnOnce(&Vm) -> PyResult<()>) {
    let waiting = vm.swap_exception(None);
    if let Err(raised) = f(vm) {
        let exception = vm.take_exception(raised);
        unraisable(vm, exception, what, object);
    }
    vm.swap_exception(waiting);
}

/// Reports an exception that nobody can catch.
pub fn unraisable(vm: &Vm, exception: Ref<BaseException>, what: &str, object: Option<&Value>) {
    let hook = *vm.interp().state(FinalizeHooks::default).unraisable.borrow();
    if let Some(hook) = hook {
        hook(vm, exception, what, object);
    }
}
