//! `wrapper_descriptor` and `method-wrapper`: how a native slot of a builtin class looks as a method.
//!
//! Invariant: a wrapper's class is a builtin one that fills the slot itself.

use crate::builtins::{NOT_IMPLEMENTED, boolean};
use crate::native::Args;
use crate::types::special::SpecialMethod;
use crate::types::{CompareOp, Type};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;

/// A reference to a line of the table of special methods.
#[derive(Clone, Copy)]
pub(crate) struct StaticSpecial(pub(crate) &'static SpecialMethod);

taipan_heap::no_references!(StaticSpecial);

/// `wrapper_descriptor`: a native slot of a class as a method.
#[derive(Payload)]
#[payload(name = "wrapper_descriptor")]
pub struct SlotWrapper {
    /// `__objclass__`
    pub class: Ref<Type>,
    pub(crate) method: StaticSpecial,
}

#[pytype(name = "wrapper_descriptor", flags = METHOD_DESCRIPTOR | DISALLOW_INSTANTIATION)]
impl SlotWrapper {
    /// The wrapper that stands in `class`'s namespace for `method`.
    pub(crate) fn make(vm: &Vm, method: &'static SpecialMethod, class: &Obj<Type>) -> PyResult<Value> {
        let payload = SlotWrapper { class: class.to_ref(), method: StaticSpecial(method) };
        Ok(vm.alloc(&*vm.types().slot_wrapper, payload)?.into())
    }

    fn apply(&self, vm: &Vm, this: &Value, args: Args<'_>) -> PyResult<Value> {
        (self.method.0.call)(vm, &self.class.slots, this, args)
    }

    /// Calls it, if the first argument is one that it is for.
    #[inline(never)]
    pub(crate) fn call_direct(&self, vm: &Vm, args: Args<'_>) -> Option<PyResult<Value>> {
        let object = args.positionals().first().filter(|object| vm.is_instance(object, &self.class))?;
        Some(match vm.check_stack("") {
            Ok(()) => self.apply(vm, object, args.rest()),
            Err(raised) => Err(raised),
        })
    }

    #[slot]
    fn call(this: &Obj<SlotWrapper>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let (name, class) = (this.method.0.name, this.class.tp_name());
        let Some(object) = args.positionals().first() else {
            return Err(vm.type_error(format!("descriptor '{name}' of '{class}' object needs an argument")));
        };
        if !vm.is_instance(object, &this.class) {
            let given = vm.type_name(object);
            return Err(
                vm.type_error(format!("descriptor '{name}' requires a '{class}' object but received a '{given}'"))
            );
        }
        this.apply(vm, object, args.rest())
    }

    #[slot]
    fn descr_get(this: &Obj<SlotWrapper>, vm: &Vm, instance: Option<&Value>, _class: &Obj<Type>) -> PyResult<Value> {
        let Some(instance) = instance else { return Ok(this.to_value()) };
        if !vm.is_instance(instance, &this.class) {
            let (name, class, given) = (this.method.0.name, this.class.tp_name(), vm.type_name(instance));
            let message = format!("descriptor '{name}' for '{class}' objects doesn't apply to a '{given}' object");
            return Err(vm.type_error(message));
        }
        let payload = MethodWrapper { wrapper: this.to_ref(), bound: instance.clone() };
        Ok(vm.alloc(&*vm.types().method_wrapper, payload)?.into())
    }

    #[slot]
    fn repr(this: &Obj<SlotWrapper>) -> PyResult<String> {
        Ok(format!("<slot wrapper '{}' of '{}' objects>", this.method.0.name, this.class.tp_name()))
    }

    #[getter(member)]
    fn __name__(this: &Obj<SlotWrapper>) -> &'static str {
        this.method.0.name
    }

    #[getter]
    fn __qualname__(this: &Obj<SlotWrapper>) -> String {
        format!("{}.{}", this.class.name(), this.method.0.name)
    }

    #[getter]
    fn __doc__(this: &Obj<SlotWrapper>) -> &'static str {
        this.method.0.doc
    }

    #[getter]
    fn __text_signature__(this: &Obj<SlotWrapper>) -> &'static str {
        this.method.0.signature
    }

    #[getter(member)]
    fn __objclass__(this: &Obj<SlotWrapper>) -> Value {
        this.class.to_value()
    }

    #[method]
    fn __reduce__(this: &Obj<SlotWrapper>, vm: &Vm) -> PyResult<Value> {
        crate::builtins::function::reduce_as_attribute(vm, &this.class.to_value(), this.method.0.name)
    }
}

/// `method-wrapper`: a slot wrapper bound to its self.
#[derive(Payload)]
#[payload(name = "method-wrapper")]
pub struct MethodWrapper {
    /// What is bound.
    pub wrapper: Ref<SlotWrapper>,
    /// `__self__`
    pub bound: Value,
}

#[pytype(name = "method-wrapper", flags = DISALLOW_INSTANTIATION)]
impl MethodWrapper {
    #[slot]
    fn call(this: &Obj<MethodWrapper>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        this.wrapper.apply(vm, &this.bound, args)
    }

    #[slot]
    fn repr(this: &Obj<MethodWrapper>, vm: &Vm) -> PyResult<String> {
        let (name, given) = (this.wrapper.method.0.name, vm.type_name(&this.bound));
        Ok(format!("<method-wrapper '{name}' of {given} object at {:#x}>", this.bound.bits()))
    }

    #[slot]
    fn hash(this: &Obj<MethodWrapper>) -> PyResult<i64> {
        let hash = taipan_numeric::hash::hash_identity(this.bound.bits());
        Ok(hash ^ taipan_numeric::hash::hash_identity(this.wrapper.header().address() as u64))
    }

    #[slot]
    fn compare(this: &Obj<MethodWrapper>, other: &Value, op: CompareOp) -> PyResult<Value> {
        let Some(other) = other.downcast::<MethodWrapper>() else { return Ok(NOT_IMPLEMENTED) };
        let same = this.wrapper.is_same(&*other.wrapper) && this.bound.is(&other.bound);
        Ok(match op {
            CompareOp::Eq => boolean(same),
            CompareOp::Ne => boolean(!same),
            _ => NOT_IMPLEMENTED,
        })
    }

    #[getter(member)]
    fn __self__(this: &Obj<MethodWrapper>) -> Value {
        this.bound.clone()
    }

    #[getter]
    fn __name__(this: &Obj<MethodWrapper>) -> &'static str {
        this.wrapper.method.0.name
    }

    #[getter]
    fn __qualname__(this: &Obj<MethodWrapper>) -> String {
        format!("{}.{}", this.wrapper.class.name(), this.wrapper.method.0.name)
    }

    #[getter]
    fn __doc__(this: &Obj<MethodWrapper>) -> &'static str {
        this.wrapper.method.0.doc
    }

    #[getter]
    fn __text_signature__(this: &Obj<MethodWrapper>) -> &'static str {
        this.wrapper.method.0.signature
    }

    #[getter(member)]
    fn __objclass__(this: &Obj<MethodWrapper>) -> Value {
        this.wrapper.class.to_value()
    }

    #[method]
    fn __reduce__(this: &Obj<MethodWrapper>, vm: &Vm) -> PyResult<Value> {
        crate::builtins::function::reduce_as_attribute(vm, &this.bound, this.wrapper.method.0.name)
    }
}
