//! `_imp`: what `importlib` needs of the interpreter.
//!
//! The library in the program is found on `sys.path`, not among frozen modules; so there are none, but their sources can be compiled.
//! Invariant: the import lock is the interpreter's own, so taking it here does nothing.

use taipan_heap::{Obj, Value};
use taipan_macros::pymodule;
use taipan_objects::builtins::{NONE, buffer, bytes::Bytes, module::Module, str::Str};
use taipan_objects::native::FuncArgs;
use taipan_objects::vm::{PyResult, Vm};

pub use module::spec;

/// What compiled files begin with, as an int: the number of this runtime's own format.
const MAGIC_TOKEN: i64 = 0x0a0d_5450;

fn native(name: &str) -> Option<&'static taipan_objects::native::ModuleSpec> {
    crate::native_modules().iter().map(|spec| spec()).find(|spec| spec.name == name)
}

fn text<'a>(vm: &Vm, function: &str, value: &'a Value) -> PyResult<&'a Obj<Str>> {
    match value.downcast::<Str>() {
        Some(text) => Ok(text),
        None => {
            let given = vm.type_name(value);
            Err(vm.type_error(format!("{function}() argument must be str, not {given}")))
        }
    }
}

/// (Extremely) low-level import machinery bits as used by importlib.
#[pymodule(name = "_imp", init = fill)]
mod module {
    use super::*;
    use taipan_heap::Ref;
    use taipan_objects::builtins::list::List;
    use taipan_objects::builtins::module::ModuleObject;

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        module.set_attr(vm, "check_hash_based_pycs", Str::new(vm, "default")?.into())?;
        module.set_attr(vm, "pyc_magic_number_token", taipan_objects::builtins::int::from_i64(vm, MAGIC_TOKEN)?)
    }

    /// Return True if the import lock is currently held, else False.
    #[function]
    fn lock_held() -> bool {
        false
    }

    /// Acquires the interpreter's import lock for the current thread.
    #[function]
    fn acquire_lock() {}

    /// Release the interpreter's import lock.
    #[function]
    fn release_lock() {}

    /// Returns the list of file suffixes used to identify extension modules.
    #[function]
    fn extension_suffixes(vm: &Vm) -> PyResult<Ref<List>> {
        List::with_capacity(vm, 0)
    }

    /// Returns True if the module name corresponds to a built-in module.
    #[function(sig = "name, /")]
    fn is_builtin(vm: &Vm, name: &Value) -> PyResult<i64> {
        let name = text(vm, "is_builtin", name)?.to_lossy();
        Ok(match (&*name, native(&name)) {
            ("sys" | "builtins", Some(_)) => -1,
            (_, Some(_)) => 1,
            _ => 0,
        })
    }

    /// Returns True if the module name corresponds to a frozen module.
    #[function(sig = "name, /")]
    fn is_frozen(vm: &Vm, name: &Value) -> PyResult<bool> {
        text(vm, "is_frozen", name).map(|_| false)
    }

    /// Returns True if the module name is of a frozen package.
    #[function(sig = "name, /")]
    fn is_frozen_package(vm: &Vm, name: &Value) -> PyResult<bool> {
        let name = text(vm, "is_frozen_package", name)?.to_lossy();
        match taipan_stdlib::find(&name) {
            Some(module) => Ok(module.is_package),
            None => Err(vm.import_error(format!("No such frozen object named '{name}'"))),
        }
    }

    /// Return info about the corresponding frozen module (if there is one) or None.
    #[function(sig = "name, /, *, withdata=False")]
    fn find_frozen(vm: &Vm, name: &Value, withdata: bool) -> PyResult<Value> {
        let _ = withdata;
        text(vm, "find_frozen", name).map(|_| NONE)
    }

    /// Create a code object for a frozen module.
    #[function(sig = "name, data=None, /")]
    fn get_frozen_object(vm: &Vm, name: &Value, data: Option<&Value>) -> PyResult<Value> {
        let _ = data;
        let name = text(vm, "get_frozen_object", name)?.to_lossy();
        match taipan_stdlib::find(&name) {
            Some(module) => Ok(taipan_interp::import::library_code(vm, &module)?.into()),
            None => Err(vm.import_error(format!("No such frozen object named '{name}'"))),
        }
    }

    /// Initializes a frozen module.
    #[function(sig = "name, /")]
    fn init_frozen(vm: &Vm, name: &Value) -> PyResult<Value> {
        text(vm, "init_frozen", name).map(|_| NONE)
    }

    #[function]
    fn _frozen_module_names(vm: &Vm) -> PyResult<Ref<List>> {
        List::with_capacity(vm, 0)
    }

    #[function(sig = "override, /")]
    fn _override_frozen_modules_for_tests(value: i64) {
        let _ = value;
    }

    #[function(sig = "override, /")]
    fn _override_multi_interp_extensions_check(value: i64) -> i64 {
        let _ = value;
        0
    }

    /// Create an extension module.
    #[function(sig = "spec, /")]
    fn create_builtin(vm: &Vm, spec: &Value) -> PyResult<Value> {
        let name = vm.get_attr(spec, &vm.names().name)?;
        let Some(text) = name.downcast::<Str>() else {
            let given = vm.type_name(&name);
            return Err(vm.type_error(format!("name must be string, not {given}")));
        };
        if let Some(modules) = vm.interp().modules.get()
            && let Some(found) = modules.get_name(vm, text)?
        {
            return Ok(found);
        }
        match native(&text.to_lossy()) {
            Some(spec) => Ok(Module::from_spec(vm, spec)?.into()),
            None => Ok(NONE),
        }
    }

    /// Initialize a built-in module.
    #[function(sig = "mod, /")]
    fn exec_builtin(module: &Value) -> i64 {
        let _ = module;
        0
    }

    /// Create an extension module.
    #[function]
    fn create_dynamic(vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let _ = args;
        Err(vm.not_implemented_error("extension modules cannot be loaded"))
    }

    /// Initialize an extension module.
    #[function]
    fn exec_dynamic(vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let _ = args;
        Err(vm.not_implemented_error("extension modules cannot be loaded"))
    }

    /// Changes code.co_filename to specify the passed-in file path.
    #[function(sig = "code, path, /")]
    fn _fix_co_filename(code: &Value, path: &Value) {
        // Code objects are compiled from their source each time, with the name it has then.
        let _ = (code, path);
    }

    /// A hash of a source's bytes, for files that are checked by it.
    #[function(sig = "key, source")]
    fn source_hash(vm: &Vm, key: u64, source: &Value) -> PyResult<Ref<Bytes>> {
        let source = buffer::to_vec(vm, source)?;
        let mut hash = key ^ 0xcbf2_9ce4_8422_2325;
        for byte in source {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Bytes::new(vm, &hash.to_le_bytes())
    }
}
