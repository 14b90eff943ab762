//! `_weakref`: weak references, proxies, and what the module `weakref` builds on.
//!
//! Invariant: the types are the runtime's own; nothing is kept here.

pub use weakref_module::spec;

/// Weak-reference support module.
#[taipan_macros::pymodule(name = "_weakref", init = init)]
mod weakref_module {
    use taipan_heap::{Obj, Ref, Value};
    use taipan_objects::builtins::dict::Dict;
    use taipan_objects::builtins::list::List;
    use taipan_objects::builtins::module::{Module, ModuleObject};
    use taipan_objects::builtins::weakref::{self, WeakReference};
    use taipan_objects::vm::{PyResult, Vm};

    fn init(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        let reference = vm.types().weak_reference.to_value();
        module.set_attr(vm, "ref", reference.clone())?;
        module.set_attr(vm, "ReferenceType", reference)?;
        module.set_attr(vm, "ProxyType", vm.native_type(&weakref::PROXY)?.into())?;
        module.set_attr(vm, "CallableProxyType", vm.native_type(&weakref::CALLABLE_PROXY)?.into())
    }

    fn references(vm: &Vm, object: &Value) -> Vec<Value> {
        let mut found = object.header().map(|header| vm.heap().weak_references(header)).unwrap_or_default();
        // The reference and the proxy that all share stand before those that have callbacks or are of subclasses.
        found.sort_by_key(|reference| {
            let plain = reference.downcast::<WeakReference>().is_some_and(|reference| reference.callback.is_empty());
            let class = vm.class_of(reference);
            match (plain && class.is_same(&*vm.types().weak_reference), plain && class.native_spec().is_some()) {
                (true, _) => 0,
                (false, true) => 1,
                (false, false) => 2,
            }
        });
        found
    }

    /// The number of weak references to the object.
    #[function(sig = "object, /")]
    fn getweakrefcount(vm: &Vm, object: &Value) -> usize {
        references(vm, object).len()
    }

    /// The weak references to the object.
    #[function(sig = "object, /")]
    fn getweakrefs(vm: &Vm, object: &Value) -> PyResult<Ref<List>> {
        List::new(vm, references(vm, object).into_iter())
    }

    /// A proxy that does not keep the object alive.
    #[function(sig = "object, callback=None, /")]
    fn proxy(vm: &Vm, object: &Value, callback: Option<&Value>) -> PyResult<Value> {
        weakref::proxy(vm, object, callback)
    }

    /// Removes the key if its value is a weak reference to something that is gone.
    #[function(sig = "dct, key, /")]
    fn _remove_dead_weakref(vm: &Vm, dct: &Value, key: &Value) -> PyResult<()> {
        let Some(dict) = dct.downcast::<Dict>() else {
            let given = vm.type_name(dct);
            return Err(vm.type_error(format!("_remove_dead_weakref() argument 1 must be dict, not {given}")));
        };
        let Some(found) = dict.get(vm, key)? else { return Ok(()) };
        match found.downcast::<WeakReference>() {
            Some(reference) if reference.target().is_none() => dict.remove(vm, key).map(drop),
            Some(_) => Ok(()),
            None => Err(vm.type_error("not a weakref")),
        }
    }
}
