//! Native callables and descriptors: functions of native modules, methods and attributes of builtin types.
//!
//! * `NativeFunction` – `builtin_function_or_method`: a function, or a method bound to its self;
//! * `MethodDescriptor` – `method_descriptor` and `classmethod_descriptor`: a method as it stands in its class;
//! * `GetSetDescriptor` – `getset_descriptor`.
//!
//! Invariant: the definitions they point to are statics.

use crate::native::{Args, GetSetDef, MethodKind, NativeDef, TypeSpec};
use crate::types::Type;
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Payload, Ref, Slot, Value};

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

    /// The type's description.
    pub fn spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec::bare("builtin_function_or_method", <NativeFunction as Payload>::info);
        &SPEC
    }
}

/// Calls a native method with `bound` put before the other arguments.
pub fn call_with_self(vm: &Vm, def: &'static NativeDef, bound: &Value, args: Args<'_>) -> PyResult<Value> {
    if def.kind == MethodKind::StaticMethod || def.kind == MethodKind::Function {
        return (def.call)(vm, args);
    }
    let mut values = Vec::with_capacity(args.values.len() + 1);
    values.push(bound.clone());
    values.extend_from_slice(args.values);
    (def.call)(vm, Args { values: &values, names: args.names })
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

impl MethodDescriptor {
    /// The object that stands in `class`'s namespace for `def`.
    pub fn make(vm: &Vm, def: &'static NativeDef, class: &Obj<Type>) -> PyResult<Value> {
        let types = vm.types();
        let payload = || MethodDescriptor { def: StaticDef(def), class: class.to_ref() };
        Ok(match def.kind {
            MethodKind::Method => vm.alloc(&*types.method_descriptor, payload())?.into(),
            MethodKind::ClassMethod => vm.alloc(&*types.class_method_descriptor, payload())?.into(),
            MethodKind::StaticMethod | MethodKind::Function => {
                let function = NativeFunction::new(vm, def, None, None)?;
                crate::builtins::descriptor::StaticMethod::new(vm, function.into())?.into()
            }
        })
    }

    /// The type's description.
    pub fn spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec {
            flags: crate::types::type_flags::METHOD_DESCRIPTOR,
            ..TypeSpec::bare("method_descriptor", <MethodDescriptor as Payload>::info)
        };
        &SPEC
    }

    /// The description of `classmethod_descriptor`.
    pub fn class_spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec::bare("classmethod_descriptor", <MethodDescriptor as Payload>::info);
        &SPEC
    }
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

impl GetSetDescriptor {
    /// The object that stands in `class`'s namespace for `def`.
    pub fn make(vm: &Vm, def: &'static GetSetDef, class: &Obj<Type>) -> PyResult<Value> {
        let payload = GetSetDescriptor { def: StaticGetSet(def), class: class.to_ref() };
        Ok(vm.alloc(&*vm.types().getset_descriptor, payload)?.into())
    }

    /// The type's description.
    pub fn spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec::bare("getset_descriptor", <GetSetDescriptor as Payload>::info);
        &SPEC
    }
}
