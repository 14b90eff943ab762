//! `string.templatelib`'s `Template` and `Interpolation`: what t-strings make.
//!
//! Invariant: a template has one string more than it has interpolations.

use taipan_heap::{Obj, Payload, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::vm::{PyResult, Vm};

/// One interpolated value of a template.
#[derive(Payload)]
#[payload(name = "string.templatelib.Interpolation")]
pub struct Interpolation {
    value: Value,
    expression: Value,
    conversion: Value,
    format_spec: Value,
}

#[pytype(name = "Interpolation", module = "string.templatelib")]
impl Interpolation {
    pub(crate) fn make(
        vm: &Vm,
        value: Value,
        expression: Value,
        conversion: Value,
        format_spec: Value,
    ) -> PyResult<Value> {
        let class = crate::types(vm)?.interpolation.clone();
        Ok(vm.alloc(&*class, Interpolation { value, expression, conversion, format_spec })?.into())
    }

    #[getter]
    fn value(this: &Obj<Interpolation>) -> Value {
        this.value.clone()
    }

    #[getter]
    fn expression(this: &Obj<Interpolation>) -> Value {
        this.expression.clone()
    }

    #[getter]
    fn conversion(this: &Obj<Interpolation>) -> Value {
        this.conversion.clone()
    }

    #[getter]
    fn format_spec(this: &Obj<Interpolation>) -> Value {
        this.format_spec.clone()
    }

    #[slot]
    fn repr(this: &Obj<Interpolation>, vm: &Vm) -> PyResult<String> {
        let mut parts = Vec::new();
        for part in [&this.value, &this.expression, &this.conversion, &this.format_spec] {
            parts.push(vm.repr(part)?.to_lossy().into_owned());
        }
        Ok(format!("Interpolation({})", parts.join(", ")))
    }
}

/// A template.
#[derive(Payload)]
#[payload(name = "string.templatelib.Template")]
pub struct Template {
    strings: Value,
    interpolations: Value,
}

#[pytype(name = "Template", module = "string.templatelib")]
impl Template {
    pub(crate) fn make(vm: &Vm, strings: Value, interpolations: Value) -> PyResult<Value> {
        let class = crate::types(vm)?.template.clone();
        Ok(vm.alloc(&*class, Template { strings, interpolations })?.into())
    }

    #[getter]
    fn strings(this: &Obj<Template>) -> Value {
        this.strings.clone()
    }

    #[getter]
    fn interpolations(this: &Obj<Template>) -> Value {
        this.interpolations.clone()
    }

    #[getter]
    fn values(this: &Obj<Template>, vm: &Vm) -> PyResult<Value> {
        let parts = vm.collect(&this.interpolations)?;
        let values: Vec<Value> =
            parts.iter().filter_map(|part| Some(part.downcast::<Interpolation>()?.value.clone())).collect();
        Ok(Tuple::new(vm, values.into_iter())?.into())
    }

    #[slot]
    fn iter(this: &Obj<Template>, vm: &Vm) -> PyResult<Value> {
        let strings = vm.collect(&this.strings)?;
        let mut parts = Vec::new();
        let mut interpolations = vm.collect(&this.interpolations)?.into_iter();
        for string in strings {
            if vm.is_true(&string)? {
                parts.push(string);
            }
            parts.extend(interpolations.next());
        }
        vm.iter(&Tuple::new(vm, parts.into_iter())?.into())
    }

    #[slot]
    fn repr(this: &Obj<Template>, vm: &Vm) -> PyResult<String> {
        let (strings, interpolations) = (vm.repr(&this.strings)?, vm.repr(&this.interpolations)?);
        Ok(format!("Template(strings={}, interpolations={})", strings.to_lossy(), interpolations.to_lossy()))
    }
}
