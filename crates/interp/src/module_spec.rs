//! `ModuleSpec`: what a module's `__spec__` says of where it comes from and whether it is still being initialised.
//!
//! Invariant: everything is in the instance's `__dict__`, as in the class of the same name that CPython's library defines.

use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::{FALSE, NONE, NOT_IMPLEMENTED, TRUE, boolean, is_none, list::List};
use taipan_objects::native::Args;
use taipan_objects::types::{CompareOp, Type};
use taipan_objects::vm::{PyResult, Vm};

/// `importlib.machinery.ModuleSpec`
#[derive(Payload)]
#[payload(name = "ModuleSpec")]
pub struct ModuleSpec {}

/// Where a module comes from.
pub(crate) enum Origin<'a> {
    /// Compiled in.
    Native,
    /// A file.
    File(&'a str),
    /// No file: a namespace package.
    Nowhere,
}

impl ModuleSpec {
    /// The spec of a module that is about to be initialised.
    pub(crate) fn make(
        vm: &Vm,
        name: &str,
        origin: Origin<'_>,
        search: Option<&[String]>,
        loader: Value,
    ) -> PyResult<Ref<ModuleSpec>> {
        let class = crate::types(vm)?.module_spec.clone();
        let spec = vm.alloc_instance(&class, ModuleSpec {})?;
        let search = match search {
            Some(search) => {
                let entries = search.iter().map(|entry| Ok(Str::new(vm, entry)?.into()));
                List::from_values(vm, entries.collect::<PyResult<_>>()?)?.into()
            }
            None => NONE,
        };
        let cached = match origin {
            Origin::File(file) if !file.starts_with(crate::import::LIBRARY) => compiled_file(file),
            _ => None,
        };
        let cached = cached.map_or(Ok(NONE), |cached| Str::new(vm, &cached).map(Value::from))?;
        let (shown, located) = match origin {
            Origin::Native => (vm.intern("built-in")?.into(), FALSE),
            Origin::File(file) => (Str::new(vm, file)?.into(), TRUE),
            Origin::Nowhere => (NONE, FALSE),
        };
        let fields = [
            ("name", Str::new(vm, name)?.into()),
            ("loader", loader),
            ("origin", shown),
            ("loader_state", NONE),
            ("submodule_search_locations", search),
            ("_uninitialized_submodules", List::from_values(vm, Vec::new())?.into()),
            ("_set_fileattr", located),
            ("_cached", cached),
        ];
        for (field, value) in fields {
            vm.set_attr(&spec.to_value(), &*vm.intern(field)?, value)?;
        }
        Ok(spec)
    }
}

/// Where a compiled file would be, if any were written.
fn compiled_file(file: &str) -> Option<String> {
    let (folder, name) = file.rsplit_once('/').map_or(("", file), |(folder, name)| (folder, name));
    let stem = name.strip_suffix(".py")?;
    let slash = if folder.is_empty() { "" } else { "/" };
    Some(format!("{folder}{slash}__pycache__/{stem}.taipan-314.pyc"))
}

/// Says whether the module of `spec` is being initialised.
pub(crate) fn set_initializing(vm: &Vm, spec: &Value, on: bool) -> PyResult<()> {
    vm.set_attr(spec, &*vm.intern("_initializing")?, boolean(on))
}

fn field(vm: &Vm, this: &Obj<ModuleSpec>, name: &str) -> PyResult<Value> {
    vm.get_attr(&this.to_value(), &*vm.intern(name)?)
}

/// The specification for a module, used for loading.
#[pytype(name = "ModuleSpec", module = "_frozen_importlib", flags = BASETYPE | HAS_DICT)]
impl ModuleSpec {
    #[slot(new)]
    fn blank(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = args;
        Ok(vm.alloc_instance(class, ModuleSpec {})?.into())
    }

    #[slot(sig = "name, loader, *, origin=None, loader_state=None, is_package=None")]
    fn init(
        this: &Obj<ModuleSpec>,
        vm: &Vm,
        name: Value,
        loader: Value,
        origin: Option<Value>,
        loader_state: Option<Value>,
        is_package: Option<&Value>,
    ) -> PyResult<()> {
        let search = match is_package {
            Some(is_package) if vm.is_true(is_package)? => List::from_values(vm, Vec::new())?.into(),
            _ => NONE,
        };
        let fields = [
            ("name", name),
            ("loader", loader),
            ("origin", origin.unwrap_or(NONE)),
            ("loader_state", loader_state.unwrap_or(NONE)),
            ("submodule_search_locations", search),
            ("_uninitialized_submodules", List::from_values(vm, Vec::new())?.into()),
            ("_set_fileattr", FALSE),
            ("_cached", NONE),
        ];
        for (field, value) in fields {
            vm.set_attr(&this.to_value(), &*vm.intern(field)?, value)?;
        }
        Ok(())
    }

    #[slot]
    fn repr(this: &Obj<ModuleSpec>, vm: &Vm) -> PyResult<String> {
        let mut parts = Vec::new();
        for (name, always) in
            [("name", true), ("loader", true), ("origin", false), ("submodule_search_locations", false)]
        {
            let value = field(vm, this, name)?;
            if always || !is_none(&value) {
                parts.push(format!("{name}={}", vm.repr(&value)?.to_lossy()));
            }
        }
        let class = vm.class_of(&this.to_value()).name();
        Ok(format!("{class}({})", parts.join(", ")))
    }

    #[slot]
    fn compare(this: &Obj<ModuleSpec>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        let (Some(other), CompareOp::Eq | CompareOp::Ne) = (other.downcast::<ModuleSpec>(), op) else {
            return Ok(NOT_IMPLEMENTED);
        };
        let mut same = true;
        for name in ["name", "loader", "origin", "submodule_search_locations", "cached", "has_location"] {
            same = same && vm.is_equal(&field(vm, this, name)?, &field(vm, other, name)?)?;
        }
        Ok(boolean(same == (op == CompareOp::Eq)))
    }

    #[getter]
    fn cached(this: &Obj<ModuleSpec>, vm: &Vm) -> PyResult<Value> {
        field(vm, this, "_cached")
    }

    #[setter]
    fn set_cached(this: &Obj<ModuleSpec>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        vm.set_attr(&this.to_value(), &*vm.intern("_cached")?, value.cloned().unwrap_or(NONE))
    }

    /// The name of the module's parent.
    #[getter]
    fn parent(this: &Obj<ModuleSpec>, vm: &Vm) -> PyResult<Value> {
        let name = field(vm, this, "name")?;
        if !is_none(&field(vm, this, "submodule_search_locations")?) {
            return Ok(name);
        }
        let text = Str::display(&name);
        Ok(Str::new(vm, &text[..text.rfind('.').unwrap_or(0)])?.into())
    }

    #[getter]
    fn has_location(this: &Obj<ModuleSpec>, vm: &Vm) -> PyResult<Value> {
        field(vm, this, "_set_fileattr")
    }

    #[setter]
    fn set_has_location(this: &Obj<ModuleSpec>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let on = value.map_or(Ok(false), |value| vm.is_true(value))?;
        vm.set_attr(&this.to_value(), &*vm.intern("_set_fileattr")?, boolean(on))
    }
}
