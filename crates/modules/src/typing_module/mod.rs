//! `_typing`: type variables, type aliases and the base of generic classes; and what PEP 695's syntax makes of them.
//!
//! * `lazy` – bounds, constraints, defaults and values that are evaluated when they are first asked for;
//! * `type_var`, `param_spec`, `type_var_tuple`, `alias` – the types; `generic` – `typing.Generic`.
//!
//! Invariant: what has to be worked out with types is left to the library's `typing`, which is imported when it is needed and never before.

mod alias;
mod generic;
mod lazy;
mod param_spec;
mod type_var;
mod type_var_tuple;

pub use module::spec;

use alias::TypeAliasType;
use generic::NoDefaultType;
use param_spec::{ParamSpec, ParamSpecArgs, ParamSpecKwargs};
use taipan_heap::{Obj, Ref, Value};
use taipan_interp::import::import_absolute;
use taipan_interp::typing::TypingHooks;
use taipan_macros::pymodule;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, NOT_IMPLEMENTED, union};
use taipan_objects::types::{ClassHooks, Type};
use taipan_objects::vm::{PyResult, Vm};
use type_var::TypeVar;
use type_var_tuple::TypeVarTuple;

/// Calls a function of the library's `typing`.
fn call_typing(vm: &Vm, name: &str, arguments: &[Value]) -> PyResult<Value> {
    let function = typing_attribute(vm, name)?;
    vm.call(&function, arguments)
}

fn typing_attribute(vm: &Vm, name: &str) -> PyResult<Value> {
    let typing = import_absolute(vm, "typing")?;
    vm.get_attr_text(&typing, name)
}

/// Sets `__module__` to the name of the module whose code runs.
fn set_caller_module(vm: &Vm, object: &Value) -> PyResult<()> {
    vm.set_attr(object, &vm.names().__module__, caller_module(vm)?.unwrap_or(NONE))
}

fn caller_module(vm: &Vm) -> PyResult<Option<Value>> {
    match ClassHooks::of(vm).globals.get().and_then(|globals| globals(vm)) {
        Some(globals) => globals.get_name(vm, &vm.names().__name__),
        None => Ok(None),
    }
}

/// Gives a class the `__module__` that instances without one of their own show.
fn name_module(vm: &Vm, class: &Obj<Type>) -> PyResult<()> {
    class.dict().set_text(vm, "__module__", vm.intern("typing")?.into())
}

/// `left | right`, where one is a type variable or alias.
fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
    let operand = |value: &Value| match value.downcast::<Str>() {
        Some(_) => {
            let library = import_absolute(vm, "annotationlib")?;
            vm.call(&vm.get_attr_text(&library, "ForwardRef")?, &[value.clone()])
        }
        None => Ok(value.clone()),
    };
    union::make(vm, &[operand(left)?, operand(right)?])
}

/// `typing.Unpack[value]`
fn unpacked(vm: &Vm, value: &Value) -> PyResult<Value> {
    vm.get_item(&typing_attribute(vm, "Unpack")?, value)
}

/// An iterator over the one item `typing.Unpack[value]`.
fn iter_unpacked(vm: &Vm, value: &Value) -> PyResult<Value> {
    let once = Tuple::new(vm, [unpacked(vm, value)?].into_iter())?;
    vm.iter(&once.into())
}

/// The type parameters, with each TypeVarTuple unpacked.
fn unpack_tuples(vm: &Vm, parameters: &Obj<Tuple>) -> PyResult<Ref<Tuple>> {
    let is_tuple = |value: &Value| value.downcast::<TypeVarTuple>().is_some();
    if !parameters.items().iter().any(is_tuple) {
        return Ok(parameters.to_ref());
    }
    let items = parameters.items().iter().map(|item| match is_tuple(item) {
        true => unpacked(vm, item),
        false => Ok(item.clone()),
    });
    Tuple::from_values(vm, items.collect::<PyResult<_>>()?)
}

/// The TypeError for a base that is an instance of `kind`.
fn no_base(vm: &Vm, kind: &str) -> PyResult<Value> {
    Err(vm.type_error(format!("Cannot subclass an instance of {kind}")))
}

fn has_default(default: &Value) -> bool {
    default.downcast::<NoDefaultType>().is_none()
}

/// Makes what PEP 695's syntax stands for.
fn make(vm: &Vm, what: &str, arguments: &[Value]) -> PyResult<Value> {
    match (what, arguments) {
        ("type_var", [name]) => TypeVar::inferred(vm, name, None, None),
        ("type_var_with_bound", [name, bound]) => TypeVar::inferred(vm, name, Some(bound), None),
        ("type_var_with_constraints", [name, constraints]) => TypeVar::inferred(vm, name, None, Some(constraints)),
        ("param_spec", [name]) => ParamSpec::inferred(vm, name),
        ("type_var_tuple", [name]) => TypeVarTuple::make(vm, name.clone(), None),
        ("set_type_parameter_default", [parameter, evaluate]) => {
            if let Some(variable) = parameter.downcast::<TypeVar>() {
                variable.default.set_function(evaluate);
            } else if let Some(variable) = parameter.downcast::<ParamSpec>() {
                variable.default.set_function(evaluate);
            } else if let Some(variable) = parameter.downcast::<TypeVarTuple>() {
                variable.default.set_function(evaluate);
            } else {
                let given = vm.type_name(parameter);
                return Err(vm.type_error(format!("Expected a type param, got {given}")));
            }
            Ok(parameter.clone())
        }
        ("subscript_generic", [parameters]) => match parameters.downcast::<Tuple>() {
            Some(parameters) => {
                let parameters = unpack_tuples(vm, parameters)?;
                let generic = generic::class(vm)?;
                call_typing(vm, "_GenericAlias", &[generic.into(), parameters.into()])
            }
            None => Ok(NOT_IMPLEMENTED),
        },
        ("type_alias", [parts]) => match parts.downcast::<Tuple>().map(|parts| parts.items()) {
            Some([name, parameters, value]) => TypeAliasType::evaluated(vm, name, parameters, value),
            _ => Ok(NONE),
        },
        _ => Err(vm.system_error(format!("unknown use of types: {what}"))),
    }
}

/// Lets PEP 695's syntax make its objects.
pub fn install(vm: &Vm) {
    vm.interp().state(TypingHooks::default).make.set(Some(make));
}

/// Primitives and accelerators for the typing module.
#[pymodule(
    name = "_typing",
    types(TypeVar, ParamSpec, ParamSpecArgs, ParamSpecKwargs, TypeVarTuple, TypeAliasType),
    init = fill
)]
mod module {
    use super::*;

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        module.set_attr(vm, "Generic", generic::class(vm)?.into())?;
        module.set_attr(vm, "Union", vm.types().union.to_value())?;
        module.set_attr(vm, "NoDefault", generic::no_default(vm)?)
    }

    #[function(sig = "x, /")]
    fn _idfunc(x: Value) -> Value {
        x
    }
}
