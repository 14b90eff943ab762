//! `_warnings`: issuing warnings by filters, without any module written in Python being there.
//!
//! When the module `warnings` is imported, its filters and its way of showing are used. Invariant: a registry that is older than the last
//! change of the filters is emptied before it is consulted.

pub use warnings::spec;

use crate::sys::{SysState, attribute, hooks::write_stderr};
use std::cell::{Cell, RefCell};
use taipan_heap::{Obj, Ref, Value};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::exception;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, TRUE, int, is_none};
use taipan_objects::native::IntoValue;
use taipan_objects::types::{Type, TypeObject};
use taipan_objects::vm::{PyResult, Vm};

/// The filters and counters of an interpreter.
#[derive(Default)]
struct Warnings {
    filters: RefCell<Option<Ref<List>>>,
    once: RefCell<Option<Ref<Dict>>>,
    version: Cell<i64>,
}

impl Warnings {
    fn of(vm: &Vm) -> std::rc::Rc<Warnings> {
        vm.interp().state(Warnings::default)
    }

    fn filters(vm: &Vm) -> PyResult<Ref<List>> {
        let state = Warnings::of(vm);
        if let Some(filters) = &*state.filters.borrow() {
            return Ok(filters.clone());
        }
        let filters = default_filters(vm)?;
        state.filters.replace(Some(filters.clone()));
        Ok(filters)
    }

    fn once(vm: &Vm) -> PyResult<Ref<Dict>> {
        let state = Warnings::of(vm);
        if let Some(once) = &*state.once.borrow() {
            return Ok(once.clone());
        }
        let once = Dict::new(vm)?;
        state.once.replace(Some(once.clone()));
        Ok(once)
    }
}

fn default_filters(vm: &Vm) -> PyResult<Ref<List>> {
    let types = vm.types();
    let table = [
        ("default", &types.deprecation_warning, Some("__main__")),
        ("ignore", &types.deprecation_warning, None),
        ("ignore", &types.pending_deprecation_warning, None),
        ("ignore", &types.import_warning, None),
        ("ignore", &types.resource_warning, None),
    ];
    let filter = |(action, category, module): (&str, &Ref<Type>, Option<&str>)| {
        let module = module.map(|module| vm.intern(module).map(Value::from)).transpose()?.unwrap_or(NONE);
        let action: Value = vm.intern(action)?.into();
        let items = [action, NONE, category.to_value(), module, Value::small_int(0)];
        Ok(Tuple::new(vm, items.into_iter())?.into())
    };
    let filters = table.into_iter().map(filter).collect::<PyResult<Vec<Value>>>()?;
    List::new(vm, filters.into_iter())
}

/// An attribute of the module `warnings`, if that is imported.
fn of_module(vm: &Vm, name: &str) -> PyResult<Option<Value>> {
    let Some(modules) = vm.interp().modules.get() else { return Ok(None) };
    let Some(module) = modules.get_text(vm, "warnings")? else { return Ok(None) };
    let name = vm.intern(name)?;
    vm.find_attr(&module, &name)
}

/// Whether a filter's pattern (None, an exact str, or a compiled expression) fits a text.
fn fits(vm: &Vm, pattern: &Value, text: &Value) -> PyResult<bool> {
    if is_none(pattern) {
        return Ok(true);
    }
    if vm.class_of(pattern).is_same(&*vm.types().str) {
        return vm.is_equal(pattern, text);
    }
    let name = vm.intern("match")?;
    let answer = vm.call_method(pattern, &name, std::slice::from_ref(text))?;
    vm.is_true(&answer)
}

/// The action of the first filter that fits, and the filter.
fn action_for(vm: &Vm, category: &Value, text: &Value, lineno: i64, module: &Value) -> PyResult<(String, Value)> {
    let filters = match of_module(vm, "filters")? {
        Some(filters) => filters,
        None => Warnings::filters(vm)?.into(),
    };
    if filters.downcast::<List>().is_none() {
        return Err(vm.value_error("_warnings.filters must be a list"));
    }
    for (index, item) in vm.collect(&filters)?.into_iter().enumerate() {
        let parts = item.downcast::<Tuple>().map(|tuple| tuple.items().to_vec()).unwrap_or_default();
        let [action, message, class, name, line] = &parts[..] else {
            return Err(vm.value_error(format!("_warnings.filters item {index} isn't a 5-tuple")));
        };
        if action.downcast::<Str>().is_none() {
            let given = vm.type_name(action);
            return Err(vm.type_error(format!("action must be a string, not '{given}'")));
        }
        let line = int::index_i64(vm, line)?.unwrap_or(-1);
        if fits(vm, message, text)?
            && fits(vm, name, module)?
            && vm.is_subclass_of(category, class)?
            && (line == 0 || line == lineno)
        {
            return Ok((Str::display(action), item));
        }
    }
    let action = of_module(vm, "defaultaction")?.map_or_else(|| "default".to_owned(), |action| Str::display(&action));
    Ok((action, NONE))
}

/// Whether `key` stands in the registry already; with `mark`, it does afterwards.
fn already_warned(vm: &Vm, registry: &Obj<Dict>, key: &Value, mark: bool) -> PyResult<bool> {
    let version = Warnings::of(vm).version.get();
    let noted = registry.get_text(vm, "version")?.and_then(|noted| noted.as_int());
    if noted == Some(version) {
        if let Some(found) = registry.get(vm, key)?
            && vm.is_true(&found)?
        {
            return Ok(true);
        }
    } else {
        registry.clear();
        registry.set_text(vm, "version", version.into_value(vm)?)?;
    }
    if mark {
        registry.set(vm, key, TRUE)?;
    }
    Ok(false)
}

/// A warning about to be issued, and where.
struct Warning<'a> {
    message: Value,
    category: Value,
    filename: &'a Value,
    lineno: i64,
    module: Value,
    registry: Option<Ref<Dict>>,
    source: Value,
}

fn issue(vm: &Vm, mut warning: Warning<'_>) -> PyResult<()> {
    let is_warning = vm.is_instance(&warning.message, &vm.types().warning);
    let text: Value = if is_warning {
        warning.category = vm.class_of(&warning.message).to_value();
        vm.str(&warning.message)?.into()
    } else {
        let text = warning.message.clone();
        warning.message = vm.call(&warning.category, std::slice::from_ref(&text))?;
        text
    };
    let key = [text.clone(), warning.category.clone(), warning.lineno.into_value(vm)?];
    let key: Value = Tuple::new(vm, key.into_iter())?.into();
    if let Some(registry) = &warning.registry
        && already_warned(vm, registry, &key, false)?
    {
        return Ok(());
    }
    let (action, item) = action_for(vm, &warning.category, &text, warning.lineno, &warning.module)?;
    let again = match action.as_str() {
        "error" => return Err(raise(vm, &warning.message)),
        "ignore" => return Ok(()),
        "always" | "all" => false,
        action => {
            if let Some(registry) = &warning.registry {
                registry.set(vm, &key, TRUE)?;
            }
            let alternative: Value = Tuple::pair(vm, text.clone(), warning.category.clone())?.into();
            match action {
                "once" => {
                    let once = of_module(vm, "onceregistry")?.and_then(|once| once.downcast_into::<Dict>().ok());
                    let once = once.map_or_else(|| Warnings::once(vm), Ok)?;
                    already_warned(vm, &once, &alternative, true)?
                }
                "module" => match &warning.registry {
                    Some(registry) => already_warned(vm, registry, &alternative, true)?,
                    None => false,
                },
                "default" => false,
                other => {
                    let item = vm.repr(&item)?;
                    let text = format!("Unrecognized action ('{other}') in warnings.filters:\n {}", item.to_lossy());
                    return Err(vm.runtime_error(text));
                }
            }
        }
    };
    if again { Ok(()) } else { show(vm, &warning, &text) }
}

fn raise(vm: &Vm, message: &Value) -> taipan_objects::vm::Raised {
    match message.clone().downcast_into() {
        Ok(exception) => vm.raise(exception),
        Err(_) => vm.type_error("exceptions must derive from BaseException"),
    }
}

/// Shows a warning through the module `warnings`, or natively while that is not there.
fn show(vm: &Vm, warning: &Warning<'_>, text: &Value) -> PyResult<()> {
    let Some(function) = of_module(vm, "_showwarnmsg")? else { return show_natively(vm, warning, text) };
    if vm.class_of(&function).slots.call.get().is_none() {
        return Err(vm.type_error("warnings._showwarnmsg() must be set to a callable"));
    }
    let Some(class) = of_module(vm, "WarningMessage")? else {
        return Err(vm.runtime_error("unable to get warnings.WarningMessage"));
    };
    let arguments = [
        warning.message.clone(),
        warning.category.clone(),
        warning.filename.clone(),
        warning.lineno.into_value(vm)?,
        NONE,
        NONE,
        warning.source.clone(),
    ];
    let message = vm.call(&class, &arguments)?;
    vm.call(&function, &[message]).map(drop)
}

fn show_natively(vm: &Vm, warning: &Warning<'_>, text: &Value) -> PyResult<()> {
    let name = vm.get_attr(&warning.category, &vm.names().__name__)?;
    let (filename, text) = (vm.str(warning.filename)?, vm.str(text)?);
    let lineno = warning.lineno;
    let mut shown = format!("{}:{lineno}: {}: {}\n", filename.to_lossy(), Str::display(&name), text.to_lossy());
    let line = u32::try_from(lineno).ok().and_then(|line| exception::source_line(vm, &filename.to_lossy(), line));
    if let Some(line) = line.filter(|line| !line.trim().is_empty()) {
        shown.push_str(&format!("  {}\n", line.trim()));
    }
    write_stderr(vm, &shown);
    Ok(())
}

/// Where a warning is said to come from.
struct Place {
    globals: Value,
    filename: Value,
    lineno: i64,
}

/// The file name of a frame's code.
fn filename_of(vm: &Vm, frame: &Value) -> PyResult<Value> {
    let code = vm.get_attr_text(frame, "f_code")?;
    vm.get_attr_text(&code, "co_filename")
}

/// Whether a frame belongs to the import machinery or to a file to be skipped.
fn is_skipped(vm: &Vm, frame: &Value, prefixes: &[Value]) -> PyResult<bool> {
    let filename = Str::display(&filename_of(vm, frame)?);
    let internal = filename.contains("importlib") && filename.contains("_bootstrap");
    Ok(internal || prefixes.iter().any(|prefix| filename.starts_with(&Str::display(prefix))))
}

fn back(vm: &Vm, frame: &Value) -> PyResult<Option<Value>> {
    Ok(Some(vm.get_attr_text(frame, "f_back")?).filter(|frame| !is_none(frame)))
}

/// The frame `level` levels up (1 is the caller of the native function).
fn place(vm: &Vm, level: i64, prefixes: &[Value]) -> PyResult<Place> {
    let mut frame = match SysState::of(vm).get_frame.get() {
        Some(get) => get(vm, 0)?,
        None => None,
    };
    let mut left = level - 1;
    let plain = level <= 0
        || match &frame {
            Some(frame) => is_skipped(vm, frame, &[])?,
            None => true,
        };
    while left > 0 {
        let Some(current) = frame else { break };
        frame = back(vm, &current)?;
        loop {
            match &frame {
                Some(candidate) if !plain && is_skipped(vm, candidate, prefixes)? => frame = back(vm, candidate)?,
                _ => break,
            }
        }
        left -= 1;
    }
    match frame {
        Some(frame) => Ok(Place {
            globals: vm.get_attr_text(&frame, "f_globals")?,
            filename: filename_of(vm, &frame)?,
            lineno: vm.get_attr_text(&frame, "f_lineno")?.as_int().unwrap_or(0),
        }),
        None => {
            let globals = match attribute(vm, "__dict__")? {
                Some(globals) => globals,
                None => Dict::new(vm)?.into(),
            };
            Ok(Place { globals, filename: "<sys>".into_value(vm)?, lineno: 0 })
        }
    }
}

/// Issues a warning of `category` about the code `level` levels up: 1 is the Python code that runs now.
pub fn warn(vm: &Vm, category: &Obj<Type>, text: &str, level: i64) -> PyResult<()> {
    warn_value(vm, text.into_value(vm)?, category.to_value(), level, NONE, &[])
}

/// As `warn` with level 1, about the object `source`.
pub fn warn_about(vm: &Vm, category: &Obj<Type>, text: &str, source: &Value) -> PyResult<()> {
    warn_value(vm, text.into_value(vm)?, category.to_value(), 1, source.clone(), &[])
}

/// Issues a warning about a place in a source file, as the compiler does.
pub fn warn_at(vm: &Vm, category: &Obj<Type>, text: &str, filename: &str, lineno: i64) -> PyResult<()> {
    let name = if filename.is_empty() { "<unknown>" } else { filename.strip_suffix(".py").unwrap_or(filename) };
    let (message, category, module) = (text.into_value(vm)?, category.to_value(), name.into_value(vm)?);
    let filename = &filename.into_value(vm)?;
    issue(vm, Warning { message, category, filename, lineno, module, registry: None, source: NONE })
}

fn warn_value(vm: &Vm, message: Value, category: Value, level: i64, source: Value, prefixes: &[Value]) -> PyResult<()> {
    let place = place(vm, level, prefixes)?;
    let (mut registry, mut module) = (None, None);
    if let Some(globals) = place.globals.downcast::<Dict>() {
        let found = globals.get_text(vm, "__warningregistry__")?;
        registry = found.and_then(|found| found.downcast_into::<Dict>().ok());
        if registry.is_none() {
            let made = Dict::new(vm)?;
            globals.set_text(vm, "__warningregistry__", made.to_value())?;
            registry = Some(made);
        }
        module = globals.get_name(vm, &vm.names().__name__)?;
    }
    let module = match module {
        Some(module) if is_none(&module) || module.downcast::<Str>().is_some() => module,
        _ => "<string>".into_value(vm)?,
    };
    let (filename, lineno) = (&place.filename, place.lineno);
    issue(vm, Warning { message, category, filename, lineno, module, registry, source })
}

/// The category to use for a message and what was given as one.
fn category_of(vm: &Vm, message: &Value, category: Option<&Value>) -> PyResult<Value> {
    if vm.is_instance(message, &vm.types().warning) {
        return Ok(vm.class_of(message).to_value());
    }
    let Some(category) = category.filter(|category| !is_none(category)) else {
        return Ok(vm.types().user_warning.to_value());
    };
    match category.downcast::<Type>() {
        Some(class) if class.is_subclass(&vm.types().warning) => Ok(category.clone()),
        _ => {
            let given = vm.type_name(category);
            Err(vm.type_error(format!("category must be a Warning subclass, not '{given}'")))
        }
    }
}

/// _warnings provides basic warning filtering support.
#[taipan_macros::pymodule(name = "_warnings", init = init)]
mod warnings {
    use super::{Dict, NONE, Ref, Str, Tuple, Value, Vm, Warning, Warnings, is_none};
    use super::{PyResult, category_of, issue, warn_value};
    use taipan_heap::Obj;
    use taipan_objects::builtins::module::{Module, ModuleObject};
    use taipan_objects::native::IntoValue;

    fn init(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        module.set_attr(vm, "filters", Warnings::filters(vm)?.into())?;
        module.set_attr(vm, "_onceregistry", Warnings::once(vm)?.into())?;
        module.set_attr(vm, "_defaultaction", "default".into_value(vm)?)?;
        module.set_attr(vm, "_warnings_context", NONE)
    }

    /// Issues a warning, or ignores it, or raises it.
    #[function(sig = "message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=()")]
    fn warn(
        vm: &Vm,
        message: &Value,
        category: Option<&Value>,
        stacklevel: Option<i64>,
        source: Option<&Value>,
        skip_file_prefixes: Option<&Value>,
    ) -> PyResult<()> {
        let prefixes = match skip_file_prefixes {
            None => Vec::new(),
            Some(prefixes) => match prefixes.downcast::<Tuple>() {
                Some(prefixes) => prefixes.items().to_vec(),
                None => {
                    let given = vm.type_name(prefixes);
                    let text = format!("warn() argument 'skip_file_prefixes' must be tuple, not {given}");
                    return Err(vm.type_error(text));
                }
            },
        };
        let mut level = stacklevel.unwrap_or(1);
        for prefix in &prefixes {
            if prefix.downcast::<Str>().is_none() {
                let given = vm.type_name(prefix);
                let text = format!("Found non-str '{given}' in skip_file_prefixes.");
                return Err(vm.type_error(text));
            }
            level = level.max(2);
        }
        let category = category_of(vm, message, category)?;
        warn_value(vm, message.clone(), category, level, source.cloned().unwrap_or(NONE), &prefixes)
    }

    /// Issues a warning about a given place.
    #[function(
        sig = "message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None"
    )]
    #[allow(clippy::too_many_arguments)]
    fn warn_explicit(
        vm: &Vm,
        message: &Value,
        category: &Value,
        filename: &Value,
        lineno: i64,
        module: Option<&Value>,
        registry: Option<&Value>,
        module_globals: Option<&Value>,
        source: Option<&Value>,
    ) -> PyResult<()> {
        if filename.downcast::<Str>().is_none() {
            let given = vm.type_name(filename);
            return Err(vm.type_error(format!("warn_explicit() argument 3 must be str, not {given}")));
        }
        let registry: Option<Ref<Dict>> = match registry.filter(|registry| !is_none(registry)) {
            None => None,
            Some(registry) => match registry.downcast::<Dict>() {
                Some(registry) => Some(registry.to_ref()),
                None => {
                    let given = vm.type_name(registry);
                    return Err(vm.type_error(format!("'registry' must be a dict or None, not '{given}'")));
                }
            },
        };
        let module = match module.filter(|module| !is_none(module)) {
            Some(module) => module.clone(),
            None => {
                let name = Str::display(filename);
                let name = if name.is_empty() { "<unknown>" } else { name.strip_suffix(".py").unwrap_or(&name) };
                name.into_value(vm)?
            }
        };
        if let Some(globals) = module_globals.filter(|globals| !is_none(globals)) {
            if globals.downcast::<Dict>().is_none() {
                let given = vm.type_name(globals);
                return Err(vm.type_error(format!("module_globals must be a dict, not '{given}'")));
            }
            read_source(vm, globals)?;
        }
        let source = source.cloned().unwrap_or(NONE);
        let (message, category) = (message.clone(), category.clone());
        issue(vm, Warning { message, category, filename, lineno, module, registry, source })
    }

    /// Has the loader of the module with these globals read its source, as a warning's line may be shown from it.
    fn read_source(vm: &Vm, globals: &Value) -> PyResult<()> {
        taipan_interp::import::import_absolute(vm, "importlib")?;
        let machinery = taipan_interp::import::import_absolute(vm, "importlib._bootstrap_external")?;
        let bless = vm.get_attr_text(&machinery, "_bless_my_loader")?;
        let loader = vm.call(&bless, std::slice::from_ref(globals))?;
        if is_none(&loader) {
            return Ok(());
        }
        let name = match globals.downcast::<Dict>() {
            Some(globals) => globals.get_text(vm, "__name__")?,
            None => None,
        };
        let spec = match globals.downcast::<Dict>() {
            Some(globals) => globals.get_text(vm, "__spec__")?.filter(|spec| !is_none(spec)),
            None => None,
        };
        // A program run by `-m` is called `__main__`, but its loader knows it by its own name.
        let name = match spec {
            Some(spec) => vm.find_attr(&spec, &vm.names().name)?,
            None => name,
        };
        let (Some(name), Some(get_source)) = (name, vm.find_attr(&loader, &*vm.intern("get_source")?)?) else {
            return Ok(());
        };
        vm.call(&get_source, &[name]).map(drop)
    }

    /// Says that the filters have changed.
    #[function]
    fn _filters_mutated_lock_held(vm: &Vm) {
        let state = Warnings::of(vm);
        state.version.set(state.version.get() + 1);
    }

    /// Takes the lock of the filters: the interpreter's own lock is one.
    #[function]
    fn _acquire_lock() -> Value {
        NONE
    }

    /// Gives the lock of the filters back.
    #[function]
    fn _release_lock() -> Value {
        NONE
    }
}
