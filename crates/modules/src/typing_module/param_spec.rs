//! `typing.ParamSpec` with its `args` and `kwargs`.
//!
//! Invariant: `origin` of args and kwargs is what they were made from, whatever that is.

use super::generic::no_default;
use super::lazy::Lazy;
use super::type_var::{check_variance, shown};
use super::{call_typing, has_default, no_base, or, set_caller_module};
use taipan_heap::{Obj, Payload, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::{NONE, NOT_IMPLEMENTED, boolean, is_none};
use taipan_objects::types::{CompareOp, Type};
use taipan_objects::vm::{PyResult, Vm};

/// A parameter specification variable.
#[derive(Payload)]
#[payload(name = "ParamSpec")]
pub struct ParamSpec {
    name: Value,
    bound: Option<Value>,
    /// The default.
    pub default: Lazy,
    covariant: bool,
    contravariant: bool,
    infer: bool,
}

impl ParamSpec {
    /// A variable of PEP 695's syntax.
    pub fn inferred(vm: &Vm, name: &Value) -> PyResult<Value> {
        let payload = ParamSpec {
            name: name.clone(),
            bound: None,
            default: Lazy::default(),
            covariant: false,
            contravariant: false,
            infer: true,
        };
        Ok(vm.alloc_instance(&*vm.native_type(ParamSpec::spec())?, payload)?.into())
    }
}

/// Parameter specification variable.
///
/// It stands for the parameters of a callable, so that a decorator can say
/// that it keeps them:
///
///     def logged[**P, T](f: Callable[P, T]) -> Callable[P, T]: ...
///
/// P.args and P.kwargs annotate *args and **kwargs of the wrapper.
#[pytype(name = "ParamSpec", module = "typing", flags = HAS_DICT, ready = super::name_module)]
impl ParamSpec {
    #[allow(clippy::too_many_arguments)]
    #[slot(
        sig = "name, *, bound=None, default=typing.NoDefault, covariant=False, contravariant=False, infer_variance=False"
    )]
    fn new(
        class: &Obj<Type>,
        vm: &Vm,
        name: &Obj<Str>,
        bound: Option<Value>,
        default: Option<Value>,
        covariant: bool,
        contravariant: bool,
        infer_variance: bool,
    ) -> PyResult<Value> {
        check_variance(vm, covariant, contravariant, infer_variance)?;
        let payload = ParamSpec {
            name: name.to_value(),
            bound: bound.filter(|bound| !is_none(bound)),
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
    fn repr(this: &Obj<ParamSpec>) -> PyResult<String> {
        Ok(shown(&this.name, this.covariant, this.contravariant, this.infer))
    }

    #[slot(binary(Or))]
    fn or(left: &Value, right: &Value, vm: &Vm) -> PyResult<Value> {
        or(vm, left, right)
    }

    #[method(sig = "arg, /")]
    fn __typing_subst__(this: &Obj<ParamSpec>, vm: &Vm, arg: &Value) -> PyResult<Value> {
        call_typing(vm, "_paramspec_subst", &[this.to_value(), arg.clone()])
    }

    #[method(sig = "alias, args, /")]
    fn __typing_prepare_subst__(this: &Obj<ParamSpec>, vm: &Vm, alias: &Value, args: &Value) -> PyResult<Value> {
        call_typing(vm, "_paramspec_prepare_subst", &[this.to_value(), alias.clone(), args.clone()])
    }

    #[method]
    fn __reduce__(this: &Obj<ParamSpec>) -> Value {
        this.name.clone()
    }

    #[method]
    fn has_default(this: &Obj<ParamSpec>, vm: &Vm) -> PyResult<bool> {
        this.default.is_given(vm, has_default)
    }

    #[method(sig = "object, /")]
    fn __mro_entries__(_this: &Obj<ParamSpec>, vm: &Vm, _object: &Value) -> PyResult<Value> {
        no_base(vm, "ParamSpec")
    }

    #[getter]
    fn __name__(this: &Obj<ParamSpec>) -> Value {
        this.name.clone()
    }

    #[getter]
    fn __bound__(this: &Obj<ParamSpec>) -> Value {
        this.bound.clone().unwrap_or(NONE)
    }

    #[getter]
    fn __covariant__(this: &Obj<ParamSpec>) -> bool {
        this.covariant
    }

    #[getter]
    fn __contravariant__(this: &Obj<ParamSpec>) -> bool {
        this.contravariant
    }

    #[getter]
    fn __infer_variance__(this: &Obj<ParamSpec>) -> bool {
        this.infer
    }

    /// Represents positional arguments.
    #[getter]
    fn args(this: &Obj<ParamSpec>, vm: &Vm) -> PyResult<Value> {
        ParamSpecArgs::make(vm, this.to_value())
    }

    /// Represents keyword arguments.
    #[getter]
    fn kwargs(this: &Obj<ParamSpec>, vm: &Vm) -> PyResult<Value> {
        ParamSpecKwargs::make(vm, this.to_value())
    }

    /// The default value for this ParamSpec.
    #[getter]
    fn __default__(this: &Obj<ParamSpec>, vm: &Vm) -> PyResult<Value> {
        this.default.get(vm)?.map_or_else(|| no_default(vm), Ok)
    }

    #[getter]
    fn evaluate_default(this: &Obj<ParamSpec>, vm: &Vm) -> PyResult<Value> {
        this.default.evaluator(vm)
    }
}

macro_rules! parts {
    ($($type:ident, $name:literal, $suffix:literal, $doc:literal;)*) => {
        $(
            #[doc = $doc]
            #[derive(Payload)]
            #[payload(name = $name)]
            pub struct $type {
                origin: Value,
            }

            impl $type {
                fn make(vm: &Vm, origin: Value) -> PyResult<Value> {
                    Ok(vm.alloc(&*vm.native_type($type::spec())?, $type { origin })?.into())
                }
            }

            #[doc = $doc]
            #[pytype(name = $name, module = "typing")]
            impl $type {
                #[slot(sig = "origin")]
                fn new(class: &Obj<Type>, vm: &Vm, origin: Value) -> PyResult<Value> {
                    Ok(vm.alloc(class, $type { origin })?.into())
                }

                #[slot]
                fn repr(this: &Obj<$type>, vm: &Vm) -> PyResult<String> {
                    let origin = match this.origin.downcast::<ParamSpec>() {
                        Some(origin) => Str::display(&origin.name),
                        None => vm.repr(&this.origin)?.to_lossy().into_owned(),
                    };
                    Ok(format!(concat!("{}.", $suffix), origin))
                }

                #[slot]
                fn compare(this: &Obj<$type>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
                    let Some(other) = other.downcast::<$type>() else { return Ok(NOT_IMPLEMENTED) };
                    match op {
                        CompareOp::Eq => Ok(boolean(vm.is_equal(&this.origin, &other.origin)?)),
                        CompareOp::Ne => Ok(boolean(!vm.is_equal(&this.origin, &other.origin)?)),
                        _ => Ok(NOT_IMPLEMENTED),
                    }
                }

                #[method(sig = "object, /")]
                fn __mro_entries__(_this: &Obj<$type>, vm: &Vm, _object: &Value) -> PyResult<Value> {
                    no_base(vm, $name)
                }

                #[getter]
                fn __origin__(this: &Obj<$type>) -> Value {
                    this.origin.clone()
                }
            }
        )*
    };
}

parts! {
    ParamSpecArgs, "ParamSpecArgs", "args", "The args for a ParamSpec object: P.args of a ParamSpec P, which is its __origin__.";
    ParamSpecKwargs, "ParamSpecKwargs", "kwargs", "The kwargs for a ParamSpec object: P.kwargs of a ParamSpec P, which is its __origin__.";
}
