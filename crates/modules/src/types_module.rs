//! `_types`: the builtin types that have no name in `builtins`, for the library's `types`.
//!
//! Invariant: nothing is made here but `PyCapsule`, whose instances are empty, as nothing here is written in C.

pub use module::spec;

use taipan_heap::{Obj, Payload, Value};
use taipan_macros::{pymodule, pytype};
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Vm};

/// What an extension written in C would hand to another.
#[derive(Payload)]
#[payload(name = "PyCapsule")]
pub struct Capsule {
    name: &'static str,
}

impl Capsule {
    /// An empty one with a name.
    pub fn named(vm: &Vm, name: &'static str) -> PyResult<Value> {
        Ok(vm.alloc(&*vm.native_type(Capsule::spec())?, Capsule { name })?.into())
    }
}

/// What a module written in C hands to another; modules written otherwise have no use for it.
#[pytype(name = "PyCapsule", flags = DISALLOW_INSTANTIATION)]
impl Capsule {
    #[slot]
    fn repr(this: &Obj<Capsule>, vm: &Vm) -> PyResult<Value> {
        let address = this.to_value().bits();
        format!("<capsule object \"{}\" at {address:#x}>", this.name).into_value(vm)
    }
}

/// Define names for built-in types.
#[pymodule(name = "_types", init = init)]
mod module {
    use super::Capsule;
    use taipan_heap::Obj;
    use taipan_objects::builtins::module::{Module, ModuleObject};
    use taipan_objects::vm::{PyResult, Vm};

    fn init(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        let (builtin, own) = (vm.types(), taipan_interp::types(vm)?);
        let capsule = vm.native_type(Capsule::spec())?;
        let types = [
            ("AsyncGeneratorType", &own.async_generator),
            ("BuiltinFunctionType", &builtin.native_function),
            ("BuiltinMethodType", &builtin.native_function),
            ("CapsuleType", &capsule),
            ("CellType", &own.cell),
            ("ClassMethodDescriptorType", &builtin.class_method_descriptor),
            ("CodeType", &own.code),
            ("CoroutineType", &own.coroutine),
            ("EllipsisType", &builtin.ellipsis),
            ("FrameType", &own.frame),
            ("FunctionType", &own.function),
            ("GeneratorType", &own.generator),
            ("GenericAlias", &builtin.generic_alias),
            ("GetSetDescriptorType", &builtin.getset_descriptor),
            ("LambdaType", &own.function),
            ("MappingProxyType", &builtin.mapping_proxy),
            ("MemberDescriptorType", &builtin.member_descriptor),
            ("MethodDescriptorType", &builtin.method_descriptor),
            ("MethodType", &builtin.method),
            ("MethodWrapperType", &builtin.method_wrapper),
            ("ModuleType", &builtin.module),
            ("NoneType", &builtin.none),
            ("NotImplementedType", &builtin.not_implemented),
            ("SimpleNamespace", &builtin.simple_namespace),
            ("TracebackType", &builtin.traceback),
            ("UnionType", &builtin.union),
            ("WrapperDescriptorType", &builtin.slot_wrapper),
        ];
        types.into_iter().try_for_each(|(name, class)| module.set_attr(vm, name, class.to_value()))
    }
}
