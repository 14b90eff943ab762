//! Connects importing with what this build offers: the native modules, `sys.path`, SyntaxErrors; and `builtins.__import__`.
//!
//! Invariant: a native module is made once per interpreter.

use taipan_compiler::SyntaxError;
use taipan_heap::{Ref, Value};
use taipan_interp::import;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::function::NativeFunction;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::{NONE, int};
use taipan_objects::native::{Args, MethodKind, NativeDef, Param, ParamKind};
use taipan_objects::vm::{PyResult, Raised, Vm};

/// Installs the hooks of importing and `__import__`.
pub fn install(vm: &Vm) -> PyResult<()> {
    let hooks = import::hooks(vm);
    hooks.native.set(Some(native_module));
    hooks.path.set(Some(search_path));
    hooks.syntax_error.set(Some(syntax_error));
    let function = NativeFunction::new(vm, &IMPORT, None, Some("builtins"))?;
    taipan_interp::builtins_dict(vm)?.set_text(vm, "__import__", function.into())
}

fn native_module(vm: &Vm, name: &str) -> PyResult<Option<Ref<Module>>> {
    let found = taipan_modules::native_modules().iter().map(|spec| spec()).find(|spec| spec.name == name);
    found.map(|spec| Module::from_spec(vm, spec)).transpose()
}

fn search_path(vm: &Vm) -> PyResult<Vec<String>> {
    match taipan_modules::sys::attribute(vm, "path")? {
        Some(path) => {
            let entries = vm.collect(&path)?;
            Ok(entries.iter().filter(|entry| entry.downcast::<Str>().is_some()).map(Str::display).collect())
        }
        None => Ok(vec![import::LIBRARY.to_owned()]),
    }
}

fn syntax_error(vm: &Vm, error: &SyntaxError, filename: &str) -> Raised {
    crate::program::raise_syntax_error(vm, error, filename)
}

static IMPORT: NativeDef = NativeDef {
    name: "__import__",
    owner: "",
    doc: "Import a module.\n\nimportlib.import_module() is the function for programs.",
    signature: "($module, /, name, globals=None, locals=None, fromlist=(), level=0)",
    params: &[
        Param { name: "name", kind: ParamKind::Positional, required: true },
        Param { name: "globals", kind: ParamKind::Positional, required: false },
        Param { name: "locals", kind: ParamKind::Positional, required: false },
        Param { name: "fromlist", kind: ParamKind::Positional, required: false },
        Param { name: "level", kind: ParamKind::Positional, required: false },
    ],
    kind: MethodKind::Function,
    call: call_import,
};

fn call_import(vm: &Vm, args: Args<'_>) -> PyResult<Value> {
    let bound = args.bind::<5>(vm, &IMPORT)?;
    let [name, globals, _, fromlist, level] = bound.slots;
    let level = level.map_or(Ok(Some(0)), |level| int::index_i64(vm, level))?.unwrap_or(-1);
    import::import(vm, name.unwrap_or(&NONE), globals, fromlist, level)
}

/// The module `__main__`, made anew, with its namespace.
pub fn main_module(vm: &Vm) -> PyResult<Ref<Dict>> {
    let module = Module::new(vm, "__main__")?;
    let dict = module.dict(vm)?;
    dict.set_text(vm, "__builtins__", import::import_absolute(vm, "builtins")?)?;
    import::modules(vm)?.set_text(vm, "__main__", module.into())?;
    Ok(dict)
}
