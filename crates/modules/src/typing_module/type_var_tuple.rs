//! `typing.TypeVarTuple`.
//!
//! Invariant: iterating over one gives exactly `typing.Unpack[itself]`.

use super::generic::no_default;
use super::lazy::Lazy;
use super::{call_typing, has_default, iter_unpacked, no_base, set_caller_module};
use taipan_heap::{Obj, Payload, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::str::Str;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// Any number of type variables.
#[derive(Payload)]
#[payload(name = "TypeVarTuple")]
pub struct TypeVarTuple {
    name: Value,
    /// The default.
    pub default: Lazy,
}

impl TypeVarTuple {
    /// A variable of PEP 695's syntax.
    pub fn make(vm: &Vm, name: Value, default: Option<Value>) -> PyResult<Value> {
        let payload = TypeVarTuple { name, default: Lazy::known(default) };
        Ok(vm.alloc_instance(&*vm.native_type(TypeVarTuple::spec())?, payload)?.into())
    }
}

/// Type variable tuple.
///
/// It stands for any number of types, which makes generics variadic:
///
///     def move_first_to_last[T, *Ts](tup: tuple[T, *Ts]) -> tuple[*Ts, T]: ...
///
/// TypeVarTuple('Ts', default=...) makes one by hand.
#[pytype(name = "TypeVarTuple", module = "typing", flags = HAS_DICT, ready = super::name_module)]
impl TypeVarTuple {
    #[slot(sig = "name, *, default=typing.NoDefault")]
    fn new(class: &Obj<Type>, vm: &Vm, name: &Obj<Str>, default: Option<Value>) -> PyResult<Value> {
        let payload = TypeVarTuple { name: name.to_value(), default: Lazy::known(default) };
        let made: Value = vm.alloc_instance(class, payload)?.into();
        set_caller_module(vm, &made)?;
        Ok(made)
    }

    #[slot]
    fn repr(this: &Obj<TypeVarTuple>) -> PyResult<String> {
        Ok(Str::display(&this.name))
    }

    #[slot]
    fn iter(this: &Obj<TypeVarTuple>, vm: &Vm) -> PyResult<Value> {
        iter_unpacked(vm, &this.to_value())
    }

    #[method(sig = "arg, /")]
    fn __typing_subst__(_this: &Obj<TypeVarTuple>, vm: &Vm, _arg: &Value) -> PyResult<Value> {
        Err(vm.type_error("Substitution of bare TypeVarTuple is not supported"))
    }

    #[method(sig = "alias, args, /")]
    fn __typing_prepare_subst__(this: &Obj<TypeVarTuple>, vm: &Vm, alias: &Value, args: &Value) -> PyResult<Value> {
        call_typing(vm, "_typevartuple_prepare_subst", &[this.to_value(), alias.clone(), args.clone()])
    }

    #[method]
    fn __reduce__(this: &Obj<TypeVarTuple>) -> Value {
        this.name.clone()
    }

    #[method]
    fn has_default(this: &Obj<TypeVarTuple>, vm: &Vm) -> PyResult<bool> {
        this.default.is_given(vm, has_default)
    }

    #[method(sig = "object, /")]
    fn __mro_entries__(_this: &Obj<TypeVarTuple>, vm: &Vm, _object: &Value) -> PyResult<Value> {
        no_base(vm, "TypeVarTuple")
    }

    #[getter]
    fn __name__(this: &Obj<TypeVarTuple>) -> Value {
        this.name.clone()
    }

    /// The default value for this TypeVarTuple.
    #[getter]
    fn __default__(this: &Obj<TypeVarTuple>, vm: &Vm) -> PyResult<Value> {
        this.default.get(vm)?.map_or_else(|| no_default(vm), Ok)
    }

    #[getter]
    fn evaluate_default(this: &Obj<TypeVarTuple>, vm: &Vm) -> PyResult<Value> {
        this.default.evaluator(vm)
    }
}
