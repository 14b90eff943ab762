//! Native callables and descriptors: functions of native modules, methods and attributes of builtin types.
//!
//! * `NativeFunction` – `builtin_function_or_method`: a function, or a method bound to its self;
//! * `MethodDescriptor` – `method_descriptor` and `classmethod_descriptor`: a method as it stands in its class;
//! * `GetSetDescriptor` – `getset_descriptor`.
//!
//! Invariant: the definitions they point to are statics.

use crate::builtins::module::Module;
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::builtins::{NONE, NOT_IMPLEMENTED, boolean};
use crate::native::{Args, GetSetDef, IntoValue, MethodKind, NativeDef, TypeSpec};
use crate::types::{CompareOp, Type, TypeObject};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;

/// A native function, or a native method bound to its self.
#[derive(Payload)]
#[payload(name = "builtin_function_or_method")]
pub struct NativeFunction {
    /// The code and its description.
    pub def: StaticDef,
    /// `__self__`
    pub bound: Slot,
    /// `__module__`
    pub module: Option<&'static str>,
}

/// A reference to a definition.
#[derive(Clone, Copy)]
pub struct StaticDef(pub &'static NativeDef);

/// A reference to an attribute's definition.
#[derive(Clone, Copy)]
pub struct StaticGetSet(pub &'static GetSetDef);

taipan_heap::no_references!(StaticDef, StaticGetSet);

#[pytype(name = "builtin_function_or_method", flags = DISALLOW_INSTANTIATION)]
impl NativeFunction {
    /// A function object.
    pub fn new(
        vm: &Vm,
        def: &'static NativeDef,
        bound: Option<Value>,
        module: Option<&'static str>,
    ) -> PyResult<Ref<NativeFunction>> {
        let class = &*vm.types().native_function;
        vm.alloc(class, NativeFunction { def: StaticDef(def), bound: Slot::new(bound), module })
    }

    /// Calls it.
    #[inline]
    pub fn call(&self, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        match self.bound.get() {
            None => (self.def.0.call)(vm, args),
            Some(bound) => call_with_self(vm, self.def.0, &bound, args),
        }
    }

    #[slot(call)]
    fn call_object(this: &Obj<NativeFunction>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        this.call(vm, args)
    }

    #[slot]
    fn repr(this: &Obj<NativeFunction>, vm: &Vm) -> PyResult<String> {
        let name = this.def.0.name;
        Ok(match this.bound.get().filter(|bound| bound.downcast::<Module>().is_none()) {
            None => format!("<built-in function {name}>"),
            Some(bound) => {
                format!("<built-in method {name} of {} object at {:#x}>", vm.type_name(&bound), bound.bits())
            }
        })
    }

    #[slot]
    fn hash(this: &Obj<NativeFunction>) -> PyResult<i64> {
        let bound = this.bound.get().map_or(0, |bound| taipan_numeric::hash::hash_identity(bound.bits()));
        let hash = bound ^ taipan_numeric::hash::hash_identity(std::ptr::from_ref(this.def.0).addr() as u64);
        Ok(if hash == -1 { -2 } else { hash })
    }

    #[slot]
    fn compare(this: &Obj<NativeFunction>, other: &Value, op: CompareOp) -> PyResult<Value> {
        let Some(other) = other.downcast::<NativeFunction>() else { return Ok(NOT_IMPLEMENTED) };
        let bound = match (this.bound.get(), other.bound.get()) {
            (Some(a), Some(b)) => a.is(&b),
            (None, None) => true,
            _ => false,
        };
        let equal = bound && std::ptr::eq(this.def.0, other.def.0);
        Ok(match op {
            CompareOp::Eq => boolean(equal),
            CompareOp::Ne => boolean(!equal),
            _ => NOT_IMPLEMENTED,
        })
    }

    #[getter]
    fn __name__(this: &Obj<NativeFunction>) -> &'static str {
        this.def.0.name
    }

    #[getter]
    fn __qualname__(this: &Obj<NativeFunction>, vm: &Vm) -> PyResult<String> {
        let name = this.def.0.name;
        let Some(bound) = this.bound.get().filter(|bound| bound.downcast::<Module>().is_none()) else {
            return Ok(name.to_owned());
        };
        let class = match bound.downcast::<Type>() {
            Some(_) => bound,
            None => vm.class_of(&bound).to_value(),
        };
        let class = vm.get_attr(&class, &vm.names().__qualname__)?;
        Ok(format!("{}.{name}", Str::display(&class)))
    }

    #[getter]
    fn __module__(this: &Obj<NativeFunction>, vm: &Vm) -> PyResult<Value> {
        this.module.into_value(vm)
    }

    #[getter]
    fn __self__(this: &Obj<NativeFunction>, vm: &Vm) -> PyResult<Value> {
        if let Some(bound) = this.bound.get() {
            return Ok(bound);
        }
        let modules = vm.interp().modules.get();
        let module = this.module.and_then(|name| modules.map(|modules| modules.get_text(vm, name))).transpose()?;
        Ok(module.flatten().unwrap_or(NONE))
    }

    #[getter]
    fn __doc__(this: &Obj<NativeFunction>, vm: &Vm) -> PyResult<Value> {
        shown_text(vm, this.def.0.doc)
    }

    #[getter]
    fn __text_signature__(this: &Obj<NativeFunction>, vm: &Vm) -> PyResult<Value> {
        shown_text(vm, this.def.0.signature)
    }

    #[method]
    fn __reduce__(this: &Obj<NativeFunction>, vm: &Vm) -> PyResult<Value> {
        match this.bound.get().filter(|bound| bound.downcast::<Module>().is_none()) {
            Some(bound) => reduce_as_attribute(vm, &bound, this.def.0.name),
            None => this.def.0.name.into_value(vm),
        }
    }
}

/// A text, None when it is empty.
fn shown_text(vm: &Vm, text: &str) -> PyResult<Value> {
    if text.is_empty() { Ok(NONE) } else { text.into_value(vm) }
}

/// What `__reduce__` answers for an object that is an attribute of another: `(getattr, (owner, name))`.
pub(crate) fn reduce_as_attribute(vm: &Vm, owner: &Value, name: &str) -> PyResult<Value> {
    let getattr = match vm.interp().builtins.get() {
        Some(builtins) => builtins.get_text(vm, "getattr")?,
        None => None,
    };
    let arguments = Tuple::pair(vm, owner.clone(), vm.intern(name)?.into())?;
    Ok(Tuple::pair(vm, getattr.unwrap_or(NONE), arguments.into())?.into())
}

/// Whether `value` is a function made by `def` or `lambda`.
pub(crate) fn is_python_function(vm: &Vm, value: &Value) -> bool {
    let class = vm.class_of(value);
    class.has(crate::types::type_flags::METHOD_DESCRIPTOR)
        && class.native_spec().is_some_and(|spec| spec.name == "function")
}

/// Calls a native method with `bound` put before the other arguments.
pub fn call_with_self(vm: &Vm, def: &'static NativeDef, bound: &Value, args: Args<'_>) -> PyResult<Value> {
    if def.kind == MethodKind::StaticMethod || def.kind == MethodKind::Function {
        return (def.call)(vm, args);
    }
    match args.values {
        [] => (def.call)(vm, Args { values: std::slice::from_ref(bound), names: args.names }),
        [a] => (def.call)(vm, Args { values: &[bound.clone(), a.clone()], names: args.names }),
        [a, b] => (def.call)(vm, Args { values: &[bound.clone(), a.clone(), b.clone()], names: args.names }),
        more => {
            let mut values = Vec::with_capacity(more.len() + 1);
            values.push(bound.clone());
            values.extend_from_slice(more);
            (def.call)(vm, Args { values: &values, names: args.names })
        }
    }
}

/// A native method in its class.
#[derive(Payload)]
#[payload(name = "method_descriptor")]
pub struct MethodDescriptor {
    /// The code and its description.
    pub def: StaticDef,
    /// `__objclass__`
    pub class: Ref<Type>,
}

#[pytype(name = "method_descriptor", flags = METHOD_DESCRIPTOR | DISALLOW_INSTANTIATION)]
impl MethodDescriptor {
    /// The object that stands in `class`'s namespace for `def`.
    pub fn make(vm: &Vm, def: &'static NativeDef, class: &Obj<Type>) -> PyResult<Value> {
        let types = vm.types();
        let payload = || MethodDescriptor { def: StaticDef(def), class: class.to_ref() };
        Ok(match def.kind {
            MethodKind::Method => vm.alloc(&*types.method_descriptor, payload())?.into(),
            MethodKind::ClassMethod => vm.alloc(&*types.class_method_descriptor, payload())?.into(),
            MethodKind::StaticMethod | MethodKind::Function => {
                let function = NativeFunction::new(vm, def, Some(class.to_value()), None)?;
                crate::builtins::descriptor::StaticMethod::wrap(vm, function.into())?.into()
            }
        })
    }

    /// The description of `classmethod_descriptor`.
    pub fn class_spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec {
            flags: crate::types::type_flags::DISALLOW_INSTANTIATION,
            fill_slots: |slots| {
                slots.call.set(Some(MethodDescriptor::call_on_class));
                slots.descr_get.set(Some(MethodDescriptor::bind_to_class));
                slots.repr.set(MethodDescriptor::spec_slots().repr.get());
            },
            ready: Some(MethodDescriptor::add_attributes),
            ..TypeSpec::bare("classmethod_descriptor", <MethodDescriptor as Payload>::info)
        };
        &SPEC
    }

    fn spec_slots() -> crate::types::Slots {
        let slots = crate::types::Slots::default();
        (MethodDescriptor::spec().fill_slots)(&slots);
        slots
    }

    #[slot]
    fn call(this: &Obj<MethodDescriptor>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let def = this.def.0;
        let Some(object) = args.positionals().first() else {
            let (class, name) = (this.class.name(), def.name);
            return Err(vm.type_error(format!("unbound method {class}.{name}() needs an argument")));
        };
        if !vm.is_instance(object, &this.class) {
            return Err(vm.bad_self(def.name, &this.class.tp_name(), object));
        }
        (def.call)(vm, args)
    }

    #[slot]
    fn descr_get(
        this: &Obj<MethodDescriptor>,
        vm: &Vm,
        instance: Option<&Value>,
        _class: &Obj<Type>,
    ) -> PyResult<Value> {
        let Some(instance) = instance else { return Ok(this.to_value()) };
        if !vm.is_instance(instance, &this.class) {
            return Err(vm.bad_self(this.def.0.name, &this.class.tp_name(), instance));
        }
        Ok(NativeFunction::new(vm, this.def.0, Some(instance.clone()), None)?.into())
    }

    fn bind_to_class(vm: &Vm, this: &Value, instance: Option<&Value>, class: &Obj<Type>) -> PyResult<Value> {
        let Some(own) = this.downcast::<MethodDescriptor>() else { return Ok(this.clone()) };
        let _ = instance;
        if !class.is_subclass(&own.class) {
            let (name, wanted, given) = (own.def.0.name, own.class.tp_name(), class.tp_name());
            return Err(
                vm.type_error(format!("descriptor '{name}' requires a subtype of '{wanted}' but received '{given}'"))
            );
        }
        Ok(NativeFunction::new(vm, own.def.0, Some(class.to_value()), None)?.into())
    }

    fn call_on_class(vm: &Vm, this: &Value, args: Args<'_>) -> PyResult<Value> {
        let Some(own) = this.downcast::<MethodDescriptor>() else { return Ok(NONE) };
        let (name, wanted) = (own.def.0.name, own.class.tp_name());
        let Some(class) = args.positionals().first() else {
            return Err(vm.type_error(format!("descriptor '{name}' of '{wanted}' object needs an argument")));
        };
        let Some(class) = class.downcast::<Type>() else {
            let given = vm.type_name(class);
            let message = format!("descriptor '{name}' for type '{wanted}' needs a type, not a '{given}' as arg 2");
            return Err(vm.type_error(message));
        };
        let bound = MethodDescriptor::bind_to_class(vm, this, None, class)?;
        crate::types::call::call(vm, &bound, args.rest())
    }

    /// Gives `classmethod_descriptor` the attributes that `method_descriptor` has.
    fn add_attributes(vm: &Vm, class: &Obj<Type>) -> PyResult<()> {
        MethodDescriptor::spec()
            .getsets
            .iter()
            .try_for_each(|def| class.dict().set_text(vm, def.name, GetSetDescriptor::make(vm, def, class)?))
    }

    #[slot]
    fn repr(this: &Obj<MethodDescriptor>) -> PyResult<String> {
        Ok(format!("<method '{}' of '{}' objects>", this.def.0.name, this.class.tp_name()))
    }

    #[getter(member)]
    fn __name__(this: &Obj<MethodDescriptor>) -> &'static str {
        this.def.0.name
    }

    #[getter]
    fn __qualname__(this: &Obj<MethodDescriptor>, vm: &Vm) -> PyResult<String> {
        qualified(vm, &this.class, this.def.0.name)
    }

    #[getter(member)]
    fn __objclass__(this: &Obj<MethodDescriptor>) -> Value {
        this.class.to_value()
    }

    #[getter]
    fn __doc__(this: &Obj<MethodDescriptor>, vm: &Vm) -> PyResult<Value> {
        shown_text(vm, this.def.0.doc)
    }

    #[getter]
    fn __text_signature__(this: &Obj<MethodDescriptor>, vm: &Vm) -> PyResult<Value> {
        shown_text(vm, this.def.0.signature)
    }

    #[method]
    fn __reduce__(this: &Obj<MethodDescriptor>, vm: &Vm) -> PyResult<Value> {
        reduce_as_attribute(vm, &this.class.to_value(), this.def.0.name)
    }
}

fn qualified(vm: &Vm, class: &Obj<Type>, name: &str) -> PyResult<String> {
    let class = vm.get_attr(&class.to_value(), &vm.names().__qualname__)?;
    Ok(format!("{}.{name}", Str::display(&class)))
}

/// A native attribute in its class.
#[derive(Payload)]
#[payload(name = "getset_descriptor")]
pub struct GetSetDescriptor {
    /// The code and its description.
    pub def: StaticGetSet,
    /// `__objclass__`
    pub class: Ref<Type>,
}

#[pytype(name = "getset_descriptor", flags = DISALLOW_INSTANTIATION)]
impl GetSetDescriptor {
    /// The definition behind an attribute found in a builtin class.
    pub(crate) fn definition(found: &Value) -> Option<&'static GetSetDef> {
        let member = || found.downcast::<crate::builtins::descriptor::MemberDescriptor>()?.definition();
        found.downcast::<GetSetDescriptor>().map(|found| found.def.0).or_else(member)
    }

    /// The object that stands in `class`'s namespace for `def`.
    pub fn make(vm: &Vm, def: &'static GetSetDef, class: &Obj<Type>) -> PyResult<Value> {
        if def.member {
            return crate::builtins::descriptor::MemberDescriptor::native(vm, def, class);
        }
        let payload = GetSetDescriptor { def: StaticGetSet(def), class: class.to_ref() };
        Ok(vm.alloc(&*vm.types().getset_descriptor, payload)?.into())
    }

    #[slot]
    fn descr_get(
        this: &Obj<GetSetDescriptor>,
        vm: &Vm,
        instance: Option<&Value>,
        _class: &Obj<Type>,
    ) -> PyResult<Value> {
        let Some(instance) = instance else { return Ok(this.to_value()) };
        if !vm.is_instance(instance, &this.class) {
            return Err(vm.bad_self(this.def.0.name, &this.class.tp_name(), instance));
        }
        (this.def.0.get)(vm, instance)
    }

    #[slot]
    fn descr_set(this: &Obj<GetSetDescriptor>, vm: &Vm, instance: &Value, value: Option<&Value>) -> PyResult<()> {
        let (name, class) = (this.def.0.name, this.class.tp_name());
        if !vm.is_instance(instance, &this.class) {
            return Err(vm.bad_self(name, &class, instance));
        }
        match this.def.0.set {
            Some(set) => set(vm, instance, value),
            None => Err(vm.attribute_error(format!("attribute '{name}' of '{class}' objects is not writable"))),
        }
    }

    #[slot]
    fn repr(this: &Obj<GetSetDescriptor>) -> PyResult<String> {
        Ok(format!("<attribute '{}' of '{}' objects>", this.def.0.name, this.class.tp_name()))
    }

    #[getter(member)]
    fn __name__(this: &Obj<GetSetDescriptor>) -> &'static str {
        this.def.0.name
    }

    #[getter]
    fn __qualname__(this: &Obj<GetSetDescriptor>, vm: &Vm) -> PyResult<String> {
        qualified(vm, &this.class, this.def.0.name)
    }

    #[getter(member)]
    fn __objclass__(this: &Obj<GetSetDescriptor>) -> Value {
        this.class.to_value()
    }

    #[getter]
    fn __doc__(this: &Obj<GetSetDescriptor>, vm: &Vm) -> PyResult<Value> {
        shown_text(vm, this.def.0.doc)
    }
}
