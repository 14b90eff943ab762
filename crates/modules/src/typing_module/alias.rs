//! `typing.TypeAliasType`: what a `type` statement makes.
//!
//! Invariant: the value is evaluated when it is first asked for; no type parameter without a default follows one with a default.

use super::lazy::Lazy;
use super::param_spec::ParamSpec;
use super::type_var::TypeVar;
use super::type_var_tuple::TypeVarTuple;
use super::{caller_module, iter_unpacked, or, unpack_tuples};
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::NONE;
use taipan_objects::builtins::generic_alias::GenericAlias;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// A type alias.
#[derive(Payload)]
#[payload(name = "TypeAliasType")]
pub struct TypeAliasType {
    name: Value,
    parameters: Option<Ref<Tuple>>,
    value: Lazy,
    module: Option<Value>,
}

/// Raises TypeError if a type parameter without a default follows one with a default.
fn check_parameters(vm: &Vm, parameters: &Obj<Tuple>) -> PyResult<()> {
    let mut seen = false;
    for parameter in parameters.items() {
        let is_parameter = parameter.downcast::<TypeVar>().is_some()
            || parameter.downcast::<ParamSpec>().is_some()
            || parameter.downcast::<TypeVarTuple>().is_some();
        if !is_parameter {
            let shown = vm.repr(parameter)?;
            return Err(vm.type_error(format!("Expected a type param, got {}", shown.to_lossy())));
        }
        let own = match vm.find_attr(parameter, &*vm.intern("__default__")?)? {
            Some(default) => super::has_default(&default),
            None => false,
        };
        if seen && !own {
            let shown = vm.repr(parameter)?;
            let message = format!("non-default type parameter '{}' follows default type parameter", shown.to_lossy());
            return Err(vm.type_error(message));
        }
        seen |= own;
    }
    Ok(())
}

impl TypeAliasType {
    /// The alias of a `type` statement, whose value a function gives.
    pub fn evaluated(vm: &Vm, name: &Value, parameters: &Value, function: &Value) -> PyResult<Value> {
        let parameters = parameters.downcast::<Tuple>().map(|parameters| parameters.to_ref());
        let value = Lazy::evaluated(Some(function));
        let payload = TypeAliasType { name: name.clone(), parameters, value, module: None };
        Ok(vm.alloc(&*vm.native_type(TypeAliasType::spec())?, payload)?.into())
    }
}

/// Type alias.
///
/// The type statement makes one:
///
///     type ListOrSet[T] = list[T] | set[T]
///
/// Its name is the attribute __name__, its parameters are __type_params__,
/// and __value__ is worked out when it is first looked at.
#[pytype(name = "TypeAliasType", module = "typing")]
impl TypeAliasType {
    #[slot(sig = "name, value, *, type_params=()")]
    fn new(class: &Obj<Type>, vm: &Vm, name: &Obj<Str>, value: Value, type_params: Option<&Value>) -> PyResult<Value> {
        let parameters = match type_params {
            Some(parameters) => match parameters.downcast::<Tuple>() {
                Some(parameters) => Some(parameters.to_ref()),
                None => return Err(vm.type_error("type_params must be a tuple")),
            },
            None => None,
        };
        if let Some(parameters) = &parameters {
            check_parameters(vm, parameters)?;
        }
        let module = caller_module(vm)?;
        let payload = TypeAliasType {
            name: name.to_value(),
            parameters: parameters.filter(|parameters| !parameters.items().is_empty()),
            value: Lazy::known(Some(value)),
            module,
        };
        Ok(vm.alloc(class, payload)?.into())
    }

    #[slot]
    fn repr(this: &Obj<TypeAliasType>) -> PyResult<String> {
        Ok(Str::display(&this.name))
    }

    #[slot]
    fn iter(this: &Obj<TypeAliasType>, vm: &Vm) -> PyResult<Value> {
        iter_unpacked(vm, &this.to_value())
    }

    #[slot]
    fn getitem(this: &Obj<TypeAliasType>, vm: &Vm, item: &Value) -> PyResult<Value> {
        if this.parameters.is_none() {
            return Err(vm.type_error("Only generic type aliases are subscriptable"));
        }
        GenericAlias::make(vm, &this.to_value(), item)
    }

    #[slot(binary(Or))]
    fn or(left: &Value, right: &Value, vm: &Vm) -> PyResult<Value> {
        or(vm, left, right)
    }

    #[method]
    fn __reduce__(this: &Obj<TypeAliasType>) -> Value {
        this.name.clone()
    }

    #[getter]
    fn __name__(this: &Obj<TypeAliasType>) -> Value {
        this.name.clone()
    }

    #[getter]
    fn __parameters__(this: &Obj<TypeAliasType>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        match &this.parameters {
            Some(parameters) => unpack_tuples(vm, parameters),
            None => Tuple::new(vm, std::iter::empty()),
        }
    }

    #[getter]
    fn __type_params__(this: &Obj<TypeAliasType>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        match &this.parameters {
            Some(parameters) => Ok(parameters.clone()),
            None => Tuple::new(vm, std::iter::empty()),
        }
    }

    #[getter]
    fn __value__(this: &Obj<TypeAliasType>, vm: &Vm) -> PyResult<Value> {
        Ok(this.value.get(vm)?.unwrap_or(NONE))
    }

    #[getter]
    fn evaluate_value(this: &Obj<TypeAliasType>, vm: &Vm) -> PyResult<Value> {
        this.value.evaluator(vm)
    }

    #[getter]
    fn __module__(this: &Obj<TypeAliasType>, vm: &Vm) -> PyResult<Value> {
        if let Some(module) = &this.module {
            return Ok(module.clone());
        }
        match this.value.function() {
            Some(function) => Ok(vm.find_attr(&function, &vm.names().__module__)?.unwrap_or(NONE)),
            None => Ok(NONE),
        }
    }
}
