//! `__import__`: finds what is already imported, and asks `importlib._bootstrap` for everything else where that is installed;
//! else the interpreter's own importer does all of it.
//!
//! Invariant: nothing here finds or loads a module; frames of the import machinery do not show in tracebacks of failed imports.

use std::cell::OnceCell;
use std::rc::Rc;
use taipan_heap::{Obj, Value};
use taipan_interp::frame::FrameObject;
use taipan_macros::pymodule;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::traceback::Traceback;
use taipan_objects::builtins::{NONE, int, is_none, str::Str, tuple::Tuple};
use taipan_objects::vm::{PyResult, Raised, Vm};

/// What the program's start-up tells `__import__`.
#[derive(Default)]
pub struct ImportState {
    /// The module `importlib._bootstrap`, once it is installed.
    pub bootstrap: OnceCell<Value>,
}

/// The interpreter's import state.
pub fn import_state(vm: &Vm) -> Rc<ImportState> {
    vm.interp().state(ImportState::default)
}

/// The function.
#[pymodule(name = "builtins")]
pub mod functions {
    use super::*;

    /// Import a module.
    ///
    /// Because this function is meant for use by the Python
    /// interpreter and not for general use, it is better to use
    /// importlib.import_module() to programmatically import a module.
    #[function(sig = "name, globals=None, locals=None, fromlist=(), level=0")]
    pub fn __import__(
        vm: &Vm,
        name: &Value,
        globals: Option<&Value>,
        locals: Option<&Value>,
        fromlist: Option<&Value>,
        level: i64,
    ) -> PyResult<Value> {
        let _ = locals;
        if bootstrap(vm)?.is_none() {
            return taipan_interp::import::import(vm, name, globals, fromlist, level);
        }
        let Some(text) = name.downcast::<Str>() else { return Err(vm.type_error("module name must be a string")) };
        if level < 0 {
            return Err(vm.value_error("level must be >= 0"));
        }
        let fromlist = fromlist.filter(|list| !is_none(list));
        let wants_parts = match fromlist {
            Some(list) => vm.is_true(list)?,
            None => false,
        };
        if level > 0 {
            return relative(vm, name, globals, fromlist, level);
        }
        if text.is_empty() {
            return Err(vm.value_error("Empty module name"));
        }
        let module = import_module(vm, text)?;
        if wants_parts {
            return with_parts(vm, module, fromlist);
        }
        let shown = text.to_lossy();
        match shown.split_once('.') {
            None => Ok(module),
            Some((front, _)) => import_module(vm, &*Str::new(vm, front)?),
        }
    }
}

/// The module with this absolute name, imported if it has not been.
pub fn import_module(vm: &Vm, name: &Obj<Str>) -> PyResult<Value> {
    if let Some(found) = loaded(vm, name)? {
        return Ok(found);
    }
    let Some(bootstrap) = bootstrap(vm)? else {
        return taipan_interp::import::import_absolute(vm, &name.to_lossy());
    };
    let import = vm.get_attr_text(&bootstrap, "_gcd_import")?;
    vm.call(&import, &[name.to_value()]).map_err(|raised| without_machinery(vm, raised))
}

/// The module in `sys.modules`, unless it is still being initialised.
fn loaded(vm: &Vm, name: &Obj<Str>) -> PyResult<Option<Value>> {
    let Some(modules) = modules(vm)? else { return Ok(None) };
    let found = match modules.downcast::<Dict>() {
        Some(dict) => dict.get_name(vm, name)?,
        None => {
            let found = vm.get_item(&modules, &name.to_value());
            vm.catch(found, &vm.types().key_error)?
        }
    };
    let Some(found) = found.filter(|found| !is_none(found)) else { return Ok(None) };
    let spec = vm.find_attr(&found, &vm.names().__spec__)?.filter(|spec| !is_none(spec));
    if let Some(spec) = spec
        && let Some(busy) = vm.find_attr(&spec, &*vm.intern("_initializing")?)?
        && vm.is_true(&busy)?
        && let Some(bootstrap) = bootstrap(vm)?
    {
        let wait = vm.get_attr_text(&bootstrap, "_lock_unlock_module")?;
        vm.call(&wait, &[name.to_value()])?;
    }
    Ok(Some(found))
}

fn modules(vm: &Vm) -> PyResult<Option<Value>> {
    let Some(modules) = vm.interp().modules.get() else { return Ok(None) };
    Ok(match super::sys_attribute(vm, "modules")? {
        Some(shown) => Some(shown),
        None => Some(modules.to_value()),
    })
}

fn bootstrap(vm: &Vm) -> PyResult<Option<Value>> {
    if let Some(found) = import_state(vm).bootstrap.get() {
        return Ok(Some(found.clone()));
    }
    match vm.interp().modules.get() {
        Some(modules) => modules.get_text(vm, "_frozen_importlib"),
        None => Ok(None),
    }
}

fn with_parts(vm: &Vm, module: Value, fromlist: Option<&Value>) -> PyResult<Value> {
    if vm.find_attr(&module, &vm.names().__path__)?.is_none() {
        return Ok(module);
    }
    let (Some(bootstrap), Some(fromlist)) = (bootstrap(vm)?, fromlist) else { return Ok(module) };
    let handle = vm.get_attr_text(&bootstrap, "_handle_fromlist")?;
    let import = vm.get_attr_text(&bootstrap, "_gcd_import")?;
    vm.call(&handle, &[module, fromlist.clone(), import]).map_err(|raised| without_machinery(vm, raised))
}

fn relative(vm: &Vm, name: &Value, globals: Option<&Value>, fromlist: Option<&Value>, level: i64) -> PyResult<Value> {
    let Some(globals) = globals.filter(|globals| !is_none(globals)) else {
        return Err(vm.key_error(&Str::new(vm, "'__name__' not in globals")?.into()));
    };
    if globals.downcast::<Dict>().is_none() {
        return Err(vm.type_error("globals must be a dict"));
    }
    let Some(bootstrap) = bootstrap(vm)? else {
        return Err(vm.import_error("attempted relative import with no known parent package"));
    };
    let fromlist = match fromlist {
        Some(list) => list.clone(),
        None => Tuple::new(vm, std::iter::empty())?.into(),
    };
    let import = vm.get_attr_text(&bootstrap, "__import__")?;
    let level = int::from_i64(vm, level)?;
    vm.call(&import, &[name.clone(), globals.clone(), NONE, fromlist, level])
        .map_err(|raised| without_machinery(vm, raised))
}

/// Takes the frames of the import machinery out of the traceback: all of them for an ImportError, else those of a module's execution.
fn without_machinery(vm: &Vm, raised: Raised) -> Raised {
    let always = vm.raised_is(&vm.types().import_error);
    let exception = vm.take_exception(raised);
    let mut kept = Vec::new();
    let mut chunk = Vec::new();
    let mut at = exception.traceback.get();
    while let Some(entry) = at.as_ref().and_then(|at| at.downcast::<Traceback>()) {
        let next = entry.next.get();
        let code = entry.frame.downcast::<FrameObject>().map(|frame| frame.code().clone());
        let of_machinery = code.as_ref().is_some_and(|code| {
            matches!(
                &*code.plain().filename,
                "<frozen importlib._bootstrap>" | "<frozen importlib._bootstrap_external>"
            )
        });
        if of_machinery {
            let ends = code.is_some_and(|code| &*code.plain().name == "_call_with_frames_removed");
            chunk.push(entry.to_value());
            if always || ends {
                chunk.clear();
            }
        } else {
            kept.append(&mut chunk);
            kept.push(entry.to_value());
        }
        at = next;
    }
    kept.append(&mut chunk);
    let mut following = None;
    for entry in kept.iter().rev() {
        if let Some(traceback) = entry.downcast::<Traceback>() {
            traceback.next.set(following);
        }
        following = Some(entry.clone());
    }
    exception.traceback.set(following);
    vm.restore(exception)
}
