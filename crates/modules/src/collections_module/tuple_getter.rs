//! `_tuplegetter`: the descriptor behind a field of a named tuple.
//!
//! Invariant: it is a data descriptor, so no instance attribute hides a field.

use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, int, is_none};
use taipan_objects::native::IntoValue;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// `_tuplegetter`
#[derive(Payload)]
#[payload(name = "_tuplegetter")]
pub struct TupleGetter {
    index: i64,
    doc: Slot,
}

#[pytype(name = "_tuplegetter", module = "_collections")]
impl TupleGetter {
    #[slot(sig = "index, doc, /")]
    fn new(class: &Obj<Type>, vm: &Vm, index: &Value, doc: Value) -> PyResult<Value> {
        let index = int::index_clamped(vm, index)?;
        Ok(vm.alloc_instance(class, TupleGetter { index, doc: Slot::new(Some(doc)) })?.into())
    }

    #[slot]
    fn descr_get(this: &Obj<TupleGetter>, vm: &Vm, instance: Option<&Value>, _class: &Obj<Type>) -> PyResult<Value> {
        let index = this.index;
        let Some(instance) = instance.filter(|instance| !is_none(instance)) else { return Ok(this.to_value()) };
        let Some(tuple) = instance.downcast::<Tuple>() else {
            let given = vm.type_name(instance);
            let message =
                format!("descriptor for index '{index}' for tuple subclasses doesn't apply to '{given}' object");
            return Err(vm.type_error(message));
        };
        match usize::try_from(index).ok().and_then(|index| tuple.items().get(index)) {
            Some(item) => Ok(item.clone()),
            None => Err(vm.index_error("tuple index out of range")),
        }
    }

    #[slot]
    fn descr_set(_this: &Obj<TupleGetter>, vm: &Vm, _instance: &Value, value: Option<&Value>) -> PyResult<()> {
        Err(vm.attribute_error(if value.is_some() { "can't set attribute" } else { "can't delete attribute" }))
    }

    #[slot]
    fn repr(this: &Obj<TupleGetter>, vm: &Vm) -> PyResult<String> {
        let doc = vm.repr(&this.doc.get().unwrap_or(NONE))?;
        Ok(format!("_tuplegetter({}, {})", this.index, doc.to_lossy()))
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<TupleGetter>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let arguments = Tuple::pair(vm, this.index.into_value(vm)?, this.doc.get().unwrap_or(NONE))?;
        Tuple::pair(vm, vm.class_of(&this.to_value()).to_value(), arguments.into())
    }

    #[getter]
    fn __doc__(this: &Obj<TupleGetter>) -> Value {
        this.doc.get().unwrap_or(NONE)
    }

    #[setter(name = "__doc__")]
    fn set_doc(this: &Obj<TupleGetter>, value: Option<&Value>) -> PyResult<()> {
        this.doc.set(value.cloned());
        Ok(())
    }
}
