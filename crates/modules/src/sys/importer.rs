//! The finder and loader on `sys.meta_path`: this runtime's import for `importlib`.
//!
//! Invariant: it finds what the `import` statement finds, and it has no state.

use taipan_heap::{Obj, Payload, Value};
use taipan_interp::import;
use taipan_macros::pytype;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::{NONE, is_none};
use taipan_objects::vm::{PyResult, Vm};

/// The importer.
#[derive(Payload)]
#[payload(name = "Importer")]
pub struct Importer {}

/// The one on `sys.meta_path`.
pub fn importer(vm: &Vm) -> PyResult<Value> {
    Ok(vm.alloc(&*vm.native_type(Importer::spec())?, Importer {})?.into())
}

/// The name in a spec.
fn name_in(vm: &Vm, spec: &Value) -> PyResult<String> {
    Ok(Str::display(&vm.get_attr_text(spec, "name")?))
}

/// Finds and loads native modules, modules of the library in the program, and files along sys.path.
#[pytype(name = "Importer", module = "_imp", flags = DISALLOW_INSTANTIATION)]
impl Importer {
    /// The spec of a module that can be imported, or None.
    #[method(sig = "fullname, path=None, target=None")]
    fn find_spec(
        this: &Obj<Importer>,
        vm: &Vm,
        fullname: &Value,
        path: Option<&Value>,
        target: Option<&Value>,
    ) -> PyResult<Value> {
        let _ = target;
        let Some(name) = fullname.downcast::<Str>() else {
            let given = vm.type_name(fullname);
            return Err(vm.type_error(format!("module name must be str, not {given}")));
        };
        match import::find_spec(vm, &name.to_lossy(), path.filter(|path| !is_none(path)))? {
            Some(spec) => {
                // A namespace package has nothing to load.
                let located = !is_none(&vm.get_attr_text(&spec, "origin")?);
                if located {
                    vm.set_attr(&spec, &*vm.intern("loader")?, this.to_value())?;
                }
                Ok(spec)
            }
            None => Ok(NONE),
        }
    }

    /// The native module that a spec is for; None for others, which get an ordinary module.
    #[method(sig = "spec")]
    fn create_module(_this: &Obj<Importer>, vm: &Vm, spec: &Value) -> PyResult<Value> {
        Ok(import::native_module(vm, &name_in(vm, spec)?)?.unwrap_or(NONE))
    }

    /// Runs a module's source in its namespace.
    #[method(sig = "module")]
    fn exec_module(_this: &Obj<Importer>, vm: &Vm, module: &Value) -> PyResult<()> {
        let name = name_in(vm, &vm.get_attr_text(module, "__spec__")?)?;
        let Some(module) = module.downcast::<Module>() else {
            return Err(vm.type_error("exec_module() argument must be a module"));
        };
        import::run_source(vm, &name, &module.dict(vm)?)
    }
}
