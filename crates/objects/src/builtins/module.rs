//! `module`: a namespace with a name.
//!
//! Invariant: a module's namespace is the dict in its attribute word, so `module.__dict__` and attribute access agree.

use crate::builtins::dict::Dict;
use crate::native::{ModuleSpec, TypeSpec};
use crate::types::instance;
use crate::vm::{PyResult, Vm};
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Value};

/// A module.
#[derive(Payload)]
#[payload(name = "module")]
pub struct Module {
    spec: Cell<Option<&'static ModuleSpec>>,
}

impl Module {
    /// A module named `name` with the usual attributes.
    pub fn new(vm: &Vm, name: &str) -> PyResult<Ref<Module>> {
        let module = vm.alloc_instance(&vm.types().module, Module { spec: Cell::new(None) })?;
        let dict = module.dict(vm)?;
        dict.set_text(vm, "__name__", crate::builtins::str::Str::new(vm, name)?.into())?;
        for name in ["__doc__", "__package__", "__loader__", "__spec__"] {
            dict.set_text(vm, name, crate::builtins::NONE)?;
        }
        Ok(module)
    }

    /// A native module from its description.
    pub fn from_spec(vm: &Vm, spec: &'static ModuleSpec) -> PyResult<Ref<Module>> {
        let module = Module::new(vm, spec.name)?;
        module.spec.set(Some(spec));
        let dict = module.dict(vm)?;
        if !spec.doc.is_empty() {
            dict.set_text(vm, "__doc__", crate::builtins::str::Str::new(vm, spec.doc)?.into())?;
        }
        for def in spec.functions {
            let function = crate::builtins::function::NativeFunction::new(vm, def, None, Some(spec.name))?;
            dict.set_text(vm, def.name, function.into())?;
        }
        (spec.init)(vm, &module)?;
        Ok(module)
    }

    /// The type's description.
    pub fn spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec {
            flags: crate::types::type_flags::HAS_DICT | crate::types::type_flags::BASETYPE,
            ..TypeSpec::bare("module", <Module as Payload>::info)
        };
        &SPEC
    }
}

/// Operations of a module object.
pub trait ModuleObject {
    /// The namespace.
    fn dict(&self, vm: &Vm) -> PyResult<Ref<Dict>>;
    /// Adds or replaces an attribute.
    fn set_attr(&self, vm: &Vm, name: &str, value: Value) -> PyResult<()>;
    /// An attribute.
    fn get_attr(&self, vm: &Vm, name: &str) -> PyResult<Option<Value>>;
}

impl ModuleObject for Obj<Module> {
    fn dict(&self, vm: &Vm) -> PyResult<Ref<Dict>> {
        instance::materialize(vm, self.header())
    }

    fn set_attr(&self, vm: &Vm, name: &str, value: Value) -> PyResult<()> {
        self.dict(vm)?.set_text(vm, name, value)
    }

    fn get_attr(&self, vm: &Vm, name: &str) -> PyResult<Option<Value>> {
        self.dict(vm)?.get_text(vm, name)
    }
}
