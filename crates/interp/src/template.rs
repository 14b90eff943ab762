//! `string.templatelib`'s `Template` and `Interpolation`: what t-strings make.
//!
//! Invariant: a template has one string more than it has interpolations.

use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::generic_alias::GenericAlias;
use taipan_objects::builtins::str::{Str, StrBuilder};
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, is_none};
use taipan_objects::native::Args;
use taipan_objects::types::Type;
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

fn text_argument(vm: &Vm, name: &str, value: Option<&Value>) -> PyResult<Value> {
    match value {
        None => Ok(Str::empty(vm)?.into()),
        Some(text) if text.downcast::<Str>().is_some() => Ok(text.clone()),
        Some(other) => {
            let given = vm.type_name(other);
            Err(vm.type_error(format!("Interpolation() argument '{name}' must be str, not {given}")))
        }
    }
}

fn add_match_args(vm: &Vm, class: &Obj<Type>) -> PyResult<()> {
    let mut names: Vec<Value> = Vec::new();
    for name in ["value", "expression", "conversion", "format_spec"] {
        names.push(vm.intern(name)?.into());
    }
    let names = Tuple::new(vm, names.into_iter())?;
    class.dict().set_text(vm, "__match_args__", names.into())
}

#[pytype(name = "Interpolation", module = "string.templatelib", ready = add_match_args)]
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

    #[slot(sig = "value, expression='', conversion=None, format_spec=''")]
    fn new(
        class: &Obj<Type>,
        vm: &Vm,
        value: Value,
        expression: Option<&Value>,
        conversion: Option<&Value>,
        format_spec: Option<&Value>,
    ) -> PyResult<Value> {
        let _ = class;
        let expression = text_argument(vm, "expression", expression)?;
        let conversion = match conversion.filter(|conversion| !is_none(conversion)) {
            None => NONE,
            given => text_argument(vm, "conversion", given)?,
        };
        if !is_none(&conversion) && !["a", "r", "s"].iter().any(|known| Str::is_text(&conversion, known)) {
            return Err(vm.value_error("Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'"));
        }
        let format_spec = text_argument(vm, "format_spec", format_spec)?;
        Interpolation::make(vm, value, expression, conversion, format_spec)
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

    /// Return a generic alias of the class.
    #[classmethod]
    fn __class_getitem__(class: &Obj<Type>, vm: &Vm, item: &Value) -> PyResult<Value> {
        GenericAlias::make(vm, &class.to_value(), item)
    }

    #[method]
    fn __reduce__(this: &Obj<Interpolation>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let fields = [&this.value, &this.expression, &this.conversion, &this.format_spec];
        let fields = Tuple::new(vm, fields.into_iter().cloned())?;
        Tuple::pair(vm, vm.class_of(&this.to_value()).to_value(), fields.into())
    }
}

/// A template.
#[derive(Payload)]
#[payload(name = "string.templatelib.Template")]
pub struct Template {
    strings: Ref<Tuple>,
    interpolations: Ref<Tuple>,
}

/// Strings and interpolations in any order, on the way to being a template.
#[derive(Default)]
struct Parts {
    strings: Vec<Value>,
    interpolations: Vec<Value>,
}

impl Parts {
    /// Adds a string; one right behind another is joined to it.
    fn add_string(&mut self, vm: &Vm, string: &Value) -> PyResult<()> {
        if self.strings.len() == self.interpolations.len() {
            self.strings.push(string.clone());
        } else if let Some(last) = self.strings.last_mut() {
            let mut joined = StrBuilder::new();
            for part in [&*last, string] {
                if let Some(part) = part.downcast::<Str>() {
                    joined.push(part);
                }
            }
            *last = joined.finish(vm)?.into();
        }
        Ok(())
    }

    fn add_interpolation(&mut self, vm: &Vm, interpolation: &Value) -> PyResult<()> {
        if self.strings.len() == self.interpolations.len() {
            self.strings.push(Str::empty(vm)?.into());
        }
        self.interpolations.push(interpolation.clone());
        Ok(())
    }

    fn finish(mut self, vm: &Vm) -> PyResult<Value> {
        if self.strings.len() == self.interpolations.len() {
            self.strings.push(Str::empty(vm)?.into());
        }
        let strings = Tuple::new(vm, self.strings.into_iter())?;
        let interpolations = Tuple::new(vm, self.interpolations.into_iter())?;
        let class = crate::types(vm)?.template.clone();
        Ok(vm.alloc(&*class, Template { strings, interpolations })?.into())
    }
}

#[pytype(name = "Template", module = "string.templatelib")]
impl Template {
    pub(crate) fn make(vm: &Vm, strings: Value, interpolations: Value) -> PyResult<Value> {
        let (Ok(strings), Ok(interpolations)) =
            (strings.downcast_into::<Tuple>(), interpolations.downcast_into::<Tuple>())
        else {
            return Err(vm.system_error("the parts of a template are not tuples"));
        };
        let class = crate::types(vm)?.template.clone();
        Ok(vm.alloc(&*class, Template { strings, interpolations })?.into())
    }

    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = class;
        if !args.names.is_empty() {
            return Err(vm.type_error("Template.__new__ only accepts *args arguments"));
        }
        let mut parts = Parts::default();
        for value in args.values {
            if value.downcast::<Str>().is_some() {
                parts.add_string(vm, value)?;
            } else if value.downcast::<Interpolation>().is_some() {
                parts.add_interpolation(vm, value)?;
            } else {
                let given = vm.type_name(value);
                let message =
                    format!("Template.__new__ *args need to be of type 'str' or 'Interpolation', got {given}");
                return Err(vm.type_error(message));
            }
        }
        parts.finish(vm)
    }

    #[getter]
    fn strings(this: &Obj<Template>) -> Value {
        this.strings.to_value()
    }

    #[getter]
    fn interpolations(this: &Obj<Template>) -> Value {
        this.interpolations.to_value()
    }

    #[getter]
    fn values(this: &Obj<Template>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let parts = this.interpolations.items().iter();
        let values: Vec<Value> =
            parts.filter_map(|part| Some(part.downcast::<Interpolation>()?.value.clone())).collect();
        Tuple::new(vm, values.into_iter())
    }

    #[slot]
    fn iter(this: &Obj<Template>, vm: &Vm) -> PyResult<Value> {
        let class = crate::types(vm)?.template_iter.clone();
        Ok(vm.alloc(&*class, TemplateIter { template: this.to_ref(), next: Cell::new(0) })?.into())
    }

    #[slot]
    fn concat(this: &Obj<Template>, vm: &Vm, other: &Value) -> PyResult<Value> {
        let Some(right) = other.downcast::<Template>() else {
            let given = vm.type_name(other);
            let message = format!(
                "can only concatenate string.templatelib.Template (not \"{given}\") to string.templatelib.Template"
            );
            return Err(vm.type_error(message));
        };
        let mut parts =
            Parts { strings: this.strings.items().to_vec(), interpolations: this.interpolations.items().to_vec() };
        for (index, string) in right.strings.items().iter().enumerate() {
            parts.add_string(vm, string)?;
            if let Some(interpolation) = right.interpolations.items().get(index) {
                parts.add_interpolation(vm, interpolation)?;
            }
        }
        parts.finish(vm)
    }

    #[slot]
    fn repr(this: &Obj<Template>, vm: &Vm) -> PyResult<String> {
        let (strings, interpolations) = (vm.repr(&this.strings.to_value())?, vm.repr(&this.interpolations.to_value())?);
        Ok(format!("Template(strings={}, interpolations={})", strings.to_lossy(), interpolations.to_lossy()))
    }

    /// Return a generic alias of the class.
    #[classmethod]
    fn __class_getitem__(class: &Obj<Type>, vm: &Vm, item: &Value) -> PyResult<Value> {
        GenericAlias::make(vm, &class.to_value(), item)
    }

    #[method]
    fn __reduce__(this: &Obj<Template>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let library = crate::import::import_absolute(vm, "string.templatelib")?;
        let unpickle = vm.get_attr_text(&library, "_template_unpickle")?;
        let parts = Tuple::pair(vm, this.strings.to_value(), this.interpolations.to_value())?;
        Tuple::pair(vm, unpickle, parts.into())
    }
}

/// The parts of a template in turn; empty strings are left out.
#[derive(Payload)]
#[payload(name = "string.templatelib.TemplateIter")]
pub struct TemplateIter {
    template: Ref<Template>,
    next: Cell<usize>,
}

#[pytype(name = "TemplateIter", module = "string.templatelib", flags = DISALLOW_INSTANTIATION)]
impl TemplateIter {
    #[slot]
    fn iter(this: &Obj<TemplateIter>) -> Value {
        this.to_value()
    }

    #[slot]
    fn next(this: &Obj<TemplateIter>) -> PyResult<Option<Value>> {
        loop {
            let at = this.next.get();
            let parts = if at.is_multiple_of(2) { &this.template.strings } else { &this.template.interpolations };
            let Some(part) = parts.items().get(at / 2) else { return Ok(None) };
            this.next.set(at + 1);
            if part.downcast::<Str>().is_none_or(|text| !text.is_empty()) {
                return Ok(Some(part.clone()));
            }
        }
    }
}
