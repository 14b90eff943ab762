//! `typing.Generic` and `typing.NoDefault`.
//!
//! Invariant: instances of generic classes are plain objects; the class adds nothing to their layout.

use std::cell::OnceCell;
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::object::Plain;
use taipan_objects::native::{Args, FuncArgs};
use taipan_objects::types::Type;
use taipan_objects::types::call::call;
use taipan_objects::vm::{PyResult, Vm};

#[derive(Default)]
struct State {
    no_default: OnceCell<Value>,
}

/// The class `Generic`.
pub fn class(vm: &Vm) -> PyResult<Ref<Type>> {
    vm.native_type(Generic::spec())
}

/// Calls a function of the library's `typing` with the class before the other arguments.
fn call_with_class(vm: &Vm, name: &str, class: &Value, args: Args<'_>) -> PyResult<Value> {
    let function = super::typing_attribute(vm, name)?;
    let mut values = vec![class.clone()];
    values.extend_from_slice(args.values);
    call(vm, &function, Args { values: &values, names: args.names })
}

/// Instances are made as those of `object` are.
fn ready(vm: &Vm, class: &Obj<Type>) -> PyResult<()> {
    class.slots.new.set(vm.types().object.slots.new.get());
    Ok(())
}

/// Names the block that defines the class.
pub struct Generic;

/// Abstract base class for generic types.
///
/// A class with type parameters derives from it:
///
///     class Mapping[KT, VT]:
///         def __getitem__(self, key: KT) -> VT: ...
///
/// So can a class that names type variables: class Mapping(Generic[KT, VT]).
#[pytype(name = "Generic", module = "typing", payload = Plain, flags = BASETYPE, ready = ready)]
impl Generic {
    /// Parameterizes a generic class.
    #[classmethod]
    fn __class_getitem__(class: &Value, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        call_with_class(vm, "_generic_class_getitem", class, args.0)
    }

    /// Function to initialize subclasses.
    #[classmethod]
    fn __init_subclass__(class: &Value, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        call_with_class(vm, "_generic_init_subclass", class, args.0)
    }
}

/// The type of `typing.NoDefault`.
#[derive(Payload)]
#[payload(name = "NoDefaultType")]
pub struct NoDefaultType;

/// The type of the NoDefault singleton.
#[pytype(name = "NoDefaultType")]
impl NoDefaultType {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = class;
        if !args.values.is_empty() {
            return Err(vm.type_error("NoDefaultType takes no arguments"));
        }
        no_default(vm)
    }

    #[slot]
    fn repr(_this: &Obj<NoDefaultType>) -> PyResult<&'static str> {
        Ok("typing.NoDefault")
    }

    #[method]
    fn __reduce__(_this: &Obj<NoDefaultType>) -> &'static str {
        "NoDefault"
    }
}

/// `typing.NoDefault`
pub fn no_default(vm: &Vm) -> PyResult<Value> {
    let state = vm.interp().state(State::default);
    if let Some(found) = state.no_default.get() {
        return Ok(found.clone());
    }
    let made: Value = vm.alloc(&*vm.native_type(NoDefaultType::spec())?, NoDefaultType)?.into();
    Ok(state.no_default.get_or_init(|| made).clone())
}
