//! Connects importing with what this build offers: the native modules, `sys.path`, SyntaxErrors.
//!
//! Invariant: a native module is made once per interpreter.

use taipan_compiler::{Input, Mode, SyntaxError};
use taipan_heap::Ref;
use taipan_interp::code::CodeObject;
use taipan_interp::import;
use taipan_objects::builtins::NONE;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::str::Str;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// Installs the hooks of importing.
pub fn install(vm: &Vm) {
    let hooks = import::hooks(vm);
    hooks.native.set(Some(native_module));
    hooks.is_native.set(Some(|name| taipan_modules::native_modules().iter().any(|spec| spec().name == name)));
    hooks.path.set(Some(search_path));
    hooks.syntax_error.set(Some(syntax_error));
    hooks.compile.set(Some(compile));
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

fn compile(vm: &Vm, source: &[u8], filename: &str) -> PyResult<Ref<CodeObject>> {
    crate::program::compile_input(vm, Input::File(source), filename, Mode::Exec)
}

/// The module `__main__`, made anew, with its namespace.
pub fn main_module(vm: &Vm) -> PyResult<Ref<Dict>> {
    let module = Module::new(vm, "__main__")?;
    let dict = module.dict(vm)?;
    let loader = import::hooks(vm).native_loader.borrow().clone();
    dict.set_text(vm, "__loader__", loader.unwrap_or(NONE))?;
    dict.set_text(vm, "__builtins__", import::import_absolute(vm, "builtins")?)?;
    import::modules(vm)?.set_text(vm, "__main__", module.into())?;
    Ok(dict)
}
