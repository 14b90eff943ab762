//! `typing.TypeVar`.
//!
//! Invariant: a variable has a bound or constraints, not both.

use super::generic::no_default;
use super::lazy::Lazy;
use super::{call_typing, has_default, no_base, or, set_caller_module};
use taipan_heap::{Obj, Payload, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, is_none};
use taipan_objects::native::{IntoValue, Rest};
use taipan_objects::types::{BinaryOp, Type};
use taipan_objects::vm::{PyResult, Vm};

/// A type variable.
#[derive(Payload)]
#[payload(name = "TypeVar")]
pub struct TypeVar {
    name: Value,
    bound: Lazy,
    constraints: Lazy,
    /// The default.
    pub default: Lazy,
    covariant: bool,
    contravariant: bool,
    infer: bool,
}

/// `bound`, or the library's complaint that it is no type; `None` for Python's None.
pub(super) fn checked_bound(vm: &Vm, bound: Option<Value>) -> PyResult<Option<Value>> {
    match bound.filter(|bound| !is_none(bound)) {
        Some(bound) => {
            let message = "Bound must be a type.".into_value(vm)?;
            call_typing(vm, "_type_check", &[bound, message]).map(Some)
        }
        None => Ok(None),
    }
}

/// Raises ValueError for variances that exclude each other.
pub(super) fn check_variance(vm: &Vm, covariant: bool, contravariant: bool, infer: bool) -> PyResult<()> {
    if covariant && contravariant {
        return Err(vm.value_error("Bivariant types are not supported."));
    }
    if infer && (covariant || contravariant) {
        return Err(vm.value_error("Variance cannot be specified with infer_variance."));
    }
    Ok(())
}

/// How a variable is shown.
pub(super) fn shown(name: &Value, covariant: bool, contravariant: bool, infer: bool) -> String {
    let sign = match (infer, covariant, contravariant) {
        (true, ..) => "",
        (_, true, _) => "+",
        (_, _, true) => "-",
        _ => "~",
    };
    format!("{sign}{}", Str::display(name))
}

/// The arguments of an alias, with the default of the variable `this` added where they end before it.
fn prepare(vm: &Vm, this: &Value, default: &Lazy, alias: &Value, args: &Value) -> PyResult<Value> {
    let parameters = vm.get_attr(alias, &vm.names().__parameters__)?;
    let given = vm.len(args)?;
    let index = vm.collect(&parameters)?.iter().position(|parameter| parameter.is(this));
    let Some(index) = index else { return Err(vm.value_error("tuple.index(x): x not in tuple")) };
    if index != given {
        return Ok(args.clone());
    }
    match default.get(vm)?.filter(has_default) {
        Some(default) => {
            let more = Tuple::new(vm, [default].into_iter())?;
            vm.binary(BinaryOp::Add, args, &more.into())
        }
        None => {
            let shown = vm.str(alias)?;
            let least = given + 1;
            let message =
                format!("Too few arguments for {}; actual {given}, expected at least {least}", shown.to_lossy());
            Err(vm.type_error(message))
        }
    }
}

impl TypeVar {
    /// A variable of PEP 695's syntax; bound and constraints come from functions.
    pub fn inferred(vm: &Vm, name: &Value, bound: Option<&Value>, constraints: Option<&Value>) -> PyResult<Value> {
        let payload = TypeVar {
            name: name.clone(),
            bound: Lazy::evaluated(bound),
            constraints: Lazy::evaluated(constraints),
            default: Lazy::default(),
            covariant: false,
            contravariant: false,
            infer: true,
        };
        Ok(vm.alloc_instance(&*vm.native_type(TypeVar::spec())?, payload)?.into())
    }
}

/// Type variable.
///
/// It stands for a type that is given later: by the argument of a generic
/// function, or between the brackets of a generic class or alias. The usual
/// way to make one is the syntax for type parameters:
///
///     class Sequence[T]: ...
///     class StrSequence[S: str]: ...
///     class IntDefault[T = int]: ...
///
/// TypeVar('T', bound=..., default=...) makes one by hand.
#[pytype(name = "TypeVar", module = "typing", flags = HAS_DICT, ready = super::name_module)]
impl TypeVar {
    #[allow(clippy::too_many_arguments)]
    #[slot(
        sig = "name, *constraints, bound=None, default=typing.NoDefault, covariant=False, contravariant=False, infer_variance=False"
    )]
    fn new(
        class: &Obj<Type>,
        vm: &Vm,
        name: &Obj<Str>,
        constraints: Rest<'_>,
        bound: Option<Value>,
        default: Option<Value>,
        covariant: bool,
        contravariant: bool,
        infer_variance: bool,
    ) -> PyResult<Value> {
        check_variance(vm, covariant, contravariant, infer_variance)?;
        let bound = checked_bound(vm, bound)?;
        match constraints.0 {
            [_] => return Err(vm.type_error("A single constraint is not allowed")),
            [_, ..] if bound.is_some() => {
                return Err(vm.type_error("Constraints cannot be combined with bound=..."));
            }
            _ => {}
        }
        let constraints = match constraints.0 {
            [] => None,
            constraints => Some(Tuple::new(vm, constraints.iter().cloned())?.into()),
        };
        let payload = TypeVar {
            name: name.to_value(),
            bound: Lazy::known(bound),
            constraints: Lazy::known(constraints),
            default: Lazy::known(default),
            covariant,
            contravariant,
            infer: infer_variance,
        };
        let made: Value = vm.alloc_instance(class, payload)?.into();
        set_caller_module(vm, &made)?;
        Ok(made)
    }

    #[slot]
    fn repr(this: &Obj<TypeVar>) -> PyResult<String> {
        Ok(shown(&this.name, this.covariant, this.contravariant, this.infer))
    }

    #[slot(binary(Or))]
    fn or(left: &Value, right: &Value, vm: &Vm) -> PyResult<Value> {
        or(vm, left, right)
    }

    #[method(sig = "arg, /")]
    fn __typing_subst__(this: &Obj<TypeVar>, vm: &Vm, arg: &Value) -> PyResult<Value> {
        call_typing(vm, "_typevar_subst", &[this.to_value(), arg.clone()])
    }

    #[method(sig = "alias, args, /")]
    fn __typing_prepare_subst__(this: &Obj<TypeVar>, vm: &Vm, alias: &Value, args: &Value) -> PyResult<Value> {
        prepare(vm, &this.to_value(), &this.default, alias, args)
    }

    #[method]
    fn __reduce__(this: &Obj<TypeVar>) -> Value {
        this.name.clone()
    }

    #[method]
    fn has_default(this: &Obj<TypeVar>, vm: &Vm) -> PyResult<bool> {
        this.default.is_given(vm, has_default)
    }

    #[method(sig = "object, /")]
    fn __mro_entries__(_this: &Obj<TypeVar>, vm: &Vm, _object: &Value) -> PyResult<Value> {
        no_base(vm, "TypeVar")
    }

    #[getter]
    fn __name__(this: &Obj<TypeVar>) -> Value {
        this.name.clone()
    }

    #[getter]
    fn __covariant__(this: &Obj<TypeVar>) -> bool {
        this.covariant
    }

    #[getter]
    fn __contravariant__(this: &Obj<TypeVar>) -> bool {
        this.contravariant
    }

    #[getter]
    fn __infer_variance__(this: &Obj<TypeVar>) -> bool {
        this.infer
    }

    #[getter]
    fn __bound__(this: &Obj<TypeVar>, vm: &Vm) -> PyResult<Value> {
        Ok(this.bound.get(vm)?.unwrap_or(NONE))
    }

    #[getter]
    fn __constraints__(this: &Obj<TypeVar>, vm: &Vm) -> PyResult<Value> {
        match this.constraints.get(vm)? {
            Some(constraints) => Ok(constraints),
            None => Ok(Tuple::new(vm, std::iter::empty())?.into()),
        }
    }

    #[getter]
    fn __default__(this: &Obj<TypeVar>, vm: &Vm) -> PyResult<Value> {
        this.default.get(vm)?.map_or_else(|| no_default(vm), Ok)
    }

    #[getter]
    fn evaluate_bound(this: &Obj<TypeVar>, vm: &Vm) -> PyResult<Value> {
        this.bound.evaluator(vm)
    }

    #[getter]
    fn evaluate_constraints(this: &Obj<TypeVar>, vm: &Vm) -> PyResult<Value> {
        this.constraints.evaluator(vm)
    }

    #[getter]
    fn evaluate_default(this: &Obj<TypeVar>, vm: &Vm) -> PyResult<Value> {
        this.default.evaluator(vm)
    }
}
