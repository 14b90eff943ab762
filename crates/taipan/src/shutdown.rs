//! What happens when a program ends: threads are waited for, exit functions run, modules are taken apart.
//!
//! Invariant: the order is CPython's: `sys.modules` is emptied first, so modules nobody else holds die with their contents; then cycles are
//! collected; the namespaces of modules that are left are cleared, names with one leading underscore first.

use taipan_heap::{Ref, Value};
use taipan_interp::import;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::weakref::WeakReference;
use taipan_objects::builtins::{NONE, is_none};
use taipan_objects::vm::{PyResult, Vm};

/// Waits for threads that are not daemons and runs the functions registered with `atexit`.
pub fn run(vm: &Vm) {
    if let Err(raised) = wait_for_threads(vm) {
        let exception = vm.take_exception(raised);
        taipan_modules::sys::hooks::report_uncaught(vm, &exception);
    }
    taipan_modules::atexit::run(vm);
}

fn wait_for_threads(vm: &Vm) -> PyResult<()> {
    let Some(threading) = import::modules(vm)?.get_text(vm, "threading")? else { return Ok(()) };
    let shutdown = vm.get_attr_text(&threading, "_shutdown")?;
    vm.call(&shutdown, &[]).map(drop)
}

/// Takes all modules apart.
pub fn clear_modules(vm: &Vm) {
    if let Err(raised) = try_clear(vm) {
        // There is nobody left to tell.
        drop(vm.take_exception(raised));
    }
}

/// What `sys` holds of the program: the first to go, so that an exception that ended it does not keep its frames alive.
const OF_THE_PROGRAM: [&str; 10] = [
    "path",
    "argv",
    "ps1",
    "ps2",
    "last_exc",
    "last_type",
    "last_value",
    "last_traceback",
    "path_importer_cache",
    "meta_path",
];

fn try_clear(vm: &Vm) -> PyResult<()> {
    let modules = import::modules(vm)?;
    if let Some(sys) = modules.get_text(vm, "sys")? {
        for name in OF_THE_PROGRAM {
            vm.set_attr(&sys, &*vm.intern(name)?, NONE)?;
        }
    }
    let mut links: Vec<(String, Ref<WeakReference>)> = Vec::new();
    for (name, module) in modules.snapshot() {
        if module.downcast::<Module>().is_some() {
            let link = WeakReference::new(vm, &vm.types().weak_reference, &module, None)?;
            links.push((Str::display(&name), link));
        }
    }
    // `sys` and `builtins` stay: what runs from here on still prints and calls builtins.
    let stays = |name: &Value| Str::is_text(name, "sys") || Str::is_text(name, "builtins");
    for (name, module) in modules.snapshot() {
        drop(module);
        if !stays(&name) {
            modules.set(vm, &name, NONE)?;
        }
    }
    for (name, _) in modules.snapshot() {
        if !stays(&name) {
            modules.remove(vm, &name)?;
        }
    }
    vm.heap().collect(2);
    for (name, link) in links.iter().rev() {
        if name == "sys" || name == "builtins" {
            continue;
        }
        if let Some(module) = link.target()
            && let Some(module) = module.downcast::<Module>()
        {
            clear_namespace(vm, &*module.dict(vm)?)?;
        }
    }
    vm.heap().collect(2);
    Ok(())
}

fn clear_namespace(vm: &Vm, namespace: &Dict) -> PyResult<()> {
    let private = |name: &str| name.starts_with('_') && !name.starts_with("__");
    for first in [true, false] {
        for (name, value) in namespace.snapshot() {
            let text = Str::display(&name);
            let kept = is_none(&value) || text == "__builtins__" || name.downcast::<Str>().is_none();
            drop(value);
            if !kept && private(&text) == first {
                namespace.set(vm, &name, NONE)?;
            }
        }
    }
    Ok(())
}
