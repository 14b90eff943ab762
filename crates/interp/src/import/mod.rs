//! Importing: `__import__`, and finding and loading modules from the native table, the library in the program, and directories.
//!
//! Invariant: a module stands in `sys.modules` while it is loaded, and is taken out again if loading fails.

mod import_lock;
mod path_entry;
mod told;

pub use path_entry::{LibraryFinder, ModuleSource, SourceLoader, is_archive, library_data, module_source, source_text};
pub use told::Times;

use told::tell;

use crate::code::CodeObject;
use crate::module_spec::{ModuleSpec, Origin, set_initializing};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use taipan_heap::{Obj, Ref, Value};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::exception::BaseException;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::{NONE, is_none};
use taipan_objects::types::type_flags;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// The ImportError of `from module import name`.
#[cold]
pub(crate) fn cannot_import_name(vm: &Vm, module: &Value, package: Option<Value>, name: &Obj<Str>) -> Raised {
    match describe(vm, module, package, name) {
        Ok(raised) | Err(raised) => raised,
    }
}

fn describe(vm: &Vm, module: &Value, package: Option<Value>, name: &Obj<Str>) -> PyResult<Raised> {
    let shown = package.as_ref().map_or_else(|| "<unknown module name>".to_owned(), Str::display);
    let file = vm.find_attr(module, &vm.names().__file__)?.filter(|file| file.downcast::<Str>().is_some());
    let place = file.as_ref().map_or_else(|| "unknown location".to_owned(), Str::display);
    let from = match is_initializing(vm, module)? {
        true => format!("partially initialized module '{shown}' (most likely due to a circular import)"),
        false => format!("'{shown}'"),
    };
    let message = format!("cannot import name '{}' from {from} ({place})", name.to_lossy());
    let message = Str::new(vm, &message)?;
    let error = BaseException::make(vm, &vm.types().import_error, &[message.into()])?;
    let error_value = error.to_value();
    for (field, value) in [("name", package), ("path", file), ("name_from", Some(name.to_value()))] {
        if let Some(value) = value {
            let field = vm.intern(field)?;
            vm.set_attr(&error_value, &field, value)?;
        }
    }
    Ok(vm.raise(error))
}

/// Whether a module's `__spec__` says that it is being initialised.
fn is_initializing(vm: &Vm, module: &Value) -> PyResult<bool> {
    let Some(spec) = vm.find_attr(module, &vm.names().__spec__)?.filter(|spec| !is_none(spec)) else {
        return Ok(false);
    };
    match vm.find_attr(&spec, &*vm.intern("_initializing")?)? {
        Some(initializing) => vm.is_true(&initializing),
        None => Ok(false),
    }
}

// ---- the machinery -------------------------------------------------------------------------------------------------

/// What upper layers provide to importing.
#[derive(Default)]
pub struct ImportHooks {
    /// Makes the native module of this name; `None`: there is none.
    pub native: Cell<Option<fn(&Vm, &str) -> PyResult<Option<Ref<Module>>>>>,
    /// Whether there is a native module of this name.
    pub is_native: Cell<Option<fn(&str) -> bool>>,
    /// Compiles a file that is not the library's, with its warnings issued.
    pub compile: Cell<Option<fn(&Vm, &[u8], &str) -> PyResult<Ref<CodeObject>>>>,
    /// Turns a SyntaxError of the compiler into a raised exception.
    pub syntax_error: Cell<Option<fn(&Vm, &taipan_compiler::SyntaxError, &str) -> Raised>>,
    /// The directories searched for modules (`sys.path`); read at each import.
    pub path: Cell<Option<fn(&Vm) -> PyResult<Vec<String>>>>,
    /// How much modules are optimized when they are compiled (`-O`).
    pub optimize: Cell<u8>,
    /// Whether standard error is told of every import (`-v`).
    pub verbose: Cell<bool>,
    /// The times that imports take, if they are wanted (`-X importtime`).
    pub times: RefCell<Option<Times>>,
    /// The folder of the library's files, if these are to be used and not what is packed.
    pub library: RefCell<Option<String>>,
    /// The loader of native modules.
    pub native_loader: RefCell<Option<Value>>,
    /// Called after every [`BATCH`] modules that were loaded, where what loading alone needed is to be let go.
    pub relieve: Cell<Option<fn()>>,
    /// Modules loaded so far.
    loads: Cell<u32>,
    /// The function on `sys.path_hooks` that does what importing does without it.
    pub path_hook: RefCell<Option<Value>>,
}

/// How many modules are loaded before what loading needed is let go.
const BATCH: u32 = 12;

impl ImportHooks {
    fn count_load(&self) {
        let loads = self.loads.get().wrapping_add(1);
        self.loads.set(loads);
        if loads.is_multiple_of(BATCH)
            && let Some(relieve) = self.relieve.get()
        {
            relieve();
        }
    }
}

/// The loader for a module found here.
fn loader_of(vm: &Vm, name: &str, origin: &Origin<'_>) -> PyResult<Value> {
    match origin {
        Origin::Native => Ok(hooks(vm).native_loader.borrow().clone().unwrap_or(NONE)),
        Origin::File(file) => SourceLoader::make(vm, name, file),
        Origin::Nowhere => Ok(NONE),
    }
}

/// The loader of a module that is the source file `path`.
pub fn source_loader(vm: &Vm, name: &str, path: &str) -> PyResult<Value> {
    SourceLoader::make(vm, name, path)
}

/// The hooks of the interpreter.
pub fn hooks(vm: &Vm) -> Rc<ImportHooks> {
    vm.interp().state(ImportHooks::default)
}

/// `sys.modules`
pub fn modules(vm: &Vm) -> PyResult<Ref<Dict>> {
    match vm.interp().modules.get() {
        Some(modules) => Ok(modules.clone()),
        None => Err(vm.import_error("unable to get sys.modules")),
    }
}

/// `__import__(name, globals, locals, fromlist, level)`
pub fn import(vm: &Vm, name: &Value, globals: Option<&Value>, fromlist: Option<&Value>, level: i64) -> PyResult<Value> {
    let Some(text) = name.downcast::<Str>() else { return Err(vm.type_error("module name must be a string")) };
    let text = text.to_lossy().into_owned();
    if level < 0 {
        return Err(vm.value_error("level must be >= 0"));
    }
    let absolute = if level == 0 { text.clone() } else { resolve(vm, &text, globals, level)? };
    if absolute.is_empty() {
        return Err(vm.value_error("Empty module name"));
    }
    let module = import_absolute(vm, &absolute)?;
    let wanted = match fromlist {
        Some(fromlist) => !is_none(fromlist) && vm.is_true(fromlist)?,
        None => false,
    };
    if wanted {
        if let Some(fromlist) = fromlist {
            import_listed(vm, &module, &absolute, fromlist)?;
        }
        return Ok(module);
    }
    if level == 0 {
        let top = text.split('.').next().unwrap_or(&text);
        return if top.len() == absolute.len() { Ok(module) } else { import_absolute(vm, top) };
    }
    if text.is_empty() {
        return Ok(module);
    }
    let cut = text.find('.').map_or(0, |dot| text.len() - dot);
    import_absolute(vm, &absolute[..absolute.len() - cut])
}

/// The absolute name of a relative import.
fn resolve(vm: &Vm, name: &str, globals: Option<&Value>, level: i64) -> PyResult<String> {
    let Some(globals) = globals.and_then(Value::downcast::<Dict>) else {
        return Err(vm.key_error(&vm.names().__name__.to_value()));
    };
    let package = package_of(vm, globals)?;
    if package.is_empty() {
        return Err(vm.import_error("attempted relative import with no known parent package"));
    }
    let mut base = package.as_str();
    for _ in 1..level {
        match base.rfind('.') {
            Some(dot) => base = &base[..dot],
            None => return Err(vm.import_error("attempted relative import beyond top-level package")),
        }
    }
    Ok(if name.is_empty() { base.to_owned() } else { format!("{base}.{name}") })
}

fn package_of(vm: &Vm, globals: &Obj<Dict>) -> PyResult<String> {
    let names = vm.names();
    let given = |value: Option<Value>| value.filter(|value| !is_none(value));
    let spec = given(globals.get_name(vm, &names.__spec__)?);
    if let Some(package) = given(globals.get_name(vm, &names.__package__)?) {
        let Some(text) = package.downcast::<Str>() else {
            return Err(vm.type_error("package must be a string"));
        };
        if let Some(spec) = &spec
            && let Some(parent) = vm.find_attr(spec, &*vm.intern("parent")?)?
            && !vm.is_equal(&package, &parent)?
        {
            crate::warn(vm, &vm.types().import_warning, "__package__ != __spec__.parent")?;
        }
        return Ok(text.to_lossy().into_owned());
    }
    if let Some(spec) = &spec {
        let parent = vm.get_attr(spec, &*vm.intern("parent")?)?;
        return match parent.downcast::<Str>() {
            Some(parent) => Ok(parent.to_lossy().into_owned()),
            None => Err(vm.type_error("__spec__.parent must be a string")),
        };
    }
    let message = "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__";
    crate::warn(vm, &vm.types().import_warning, message)?;
    let Some(name) = globals.get_name(vm, &names.__name__)? else {
        return Err(vm.raise_with(&vm.types().key_error, Str::new(vm, "'__name__' not in globals")?.into()));
    };
    let name = Str::display(&name);
    if globals.get_name(vm, &names.__path__)?.is_some() {
        return Ok(name);
    }
    Ok(name.rfind('.').map_or(String::new(), |dot| name[..dot].to_owned()))
}

/// Imports `name` and all packages around it; returns the module itself.
pub fn import_absolute(vm: &Vm, name: &str) -> PyResult<Value> {
    let modules = modules(vm)?;
    if let Some(found) = modules.get_text(vm, name)? {
        if is_none(&found) {
            return Err(not_found(vm, &format!("import of {name} halted; None in sys.modules"), name));
        }
        import_lock::wait_for(vm, name);
        return Ok(modules.get_text(vm, name)?.unwrap_or(found));
    }
    let timed = Times::begin(vm);
    let loaded = vm.recursive("", || load(vm, &modules, name));
    hooks(vm).count_load();
    if let Some(timed) = timed {
        timed.end(vm, name);
    }
    let module = loaded?;
    if hooks(vm).verbose.get() {
        tell(vm, &module, name)?;
    }
    Ok(module)
}

#[cold]
fn not_found(vm: &Vm, message: &str, name: &str) -> Raised {
    let raised = vm.module_not_found_error(message);
    let exception = vm.take_exception(raised);
    let set = vm.intern("name").and_then(|field| {
        let name = Str::new(vm, name)?;
        vm.set_attr(&exception.to_value(), &field, name.into())
    });
    if let Err(raised) = set {
        drop(vm.take_exception(raised));
    }
    vm.restore(exception)
}

/// The machinery under the names that CPython's own start-up gives it. `importlib` must be complete: it asks for them while it begins.
fn frozen_name(vm: &Vm, modules: &Obj<Dict>, name: &str) -> PyResult<Option<Value>> {
    let real = match name {
        "_frozen_importlib" => "_bootstrap",
        "_frozen_importlib_external" => "_bootstrap_external",
        _ => return Ok(None),
    };
    let package = match modules.get_text(vm, "importlib")? {
        Some(package) => package,
        None => import_absolute(vm, "importlib")?,
    };
    if is_initializing(vm, &package)? {
        return Ok(None);
    }
    vm.find_attr(&package, &*vm.intern(real)?)
}

fn load(vm: &Vm, modules: &Obj<Dict>, name: &str) -> PyResult<Value> {
    if let Some(known) = frozen_name(vm, modules, name)? {
        modules.set_text(vm, name, known.clone())?;
        return Ok(known);
    }
    let mut search = None;
    let mut parent = None;
    if let Some(dot) = name.rfind('.') {
        let package_name = &name[..dot];
        let package = import_absolute(vm, package_name)?;
        // Importing the package may have imported the module.
        if let Some(found) = modules.get_text(vm, name)? {
            return Ok(found);
        }
        let Some(path) = vm.find_attr(&package, &vm.names().__path__)? else {
            let message = format!("No module named '{name}'; '{package_name}' is not a package");
            return Err(not_found(vm, &message, name));
        };
        search = Some(path);
        parent = Some(package);
    }
    let others = match found_by_others(vm, modules, name, search.as_ref())? {
        None => path_entry::found_on_path(vm, modules, name, search.as_ref())?,
        found => found,
    };
    if let Some(spec) = others {
        let bootstrap = import_absolute(vm, "importlib._bootstrap")?;
        let module = vm.call(&vm.get_attr_text(&bootstrap, "_load_unlocked")?, &[spec])?;
        return bind_to(vm, parent.as_ref(), name, module);
    }
    let Some(found) = find(vm, name, search.as_ref())? else {
        return Err(not_found(vm, &format!("No module named '{name}'"), name));
    };
    let module = match found {
        Found::Native => {
            let made = hooks(vm).native.get().map(|native| native(vm, name)).transpose()?.flatten();
            let Some(module) = made else { return Err(not_found(vm, &format!("No module named '{name}'"), name)) };
            let loader = loader_of(vm, name, &Origin::Native)?;
            let spec = ModuleSpec::make(vm, name, Origin::Native, None, loader.clone())?;
            module.set_attr(vm, "__spec__", spec.to_value())?;
            module.set_attr(vm, "__loader__", loader)?;
            modules.set_text(vm, name, module.to_value())?;
            module
        }
        Found::Source(source) => {
            execute(vm, modules, name, source)?;
            // A module may have put another in its place; it moves to the end.
            let key = vm.intern(name)?;
            let Some(module) = modules.remove(vm, &key.to_value())? else {
                return Err(vm.key_error(&key.to_value()));
            };
            modules.set(vm, &key.to_value(), module.clone())?;
            return bind_to(vm, parent.as_ref(), name, module);
        }
    };
    let module = modules.get_text(vm, name)?.unwrap_or_else(|| module.into());
    bind_to(vm, parent.as_ref(), name, module)
}

/// Makes the module an attribute of its package, if it has one.
fn bind_to(vm: &Vm, package: Option<&Value>, name: &str, module: Value) -> PyResult<Value> {
    if let Some(package) = package {
        let last = vm.intern(&name[name.rfind('.').map_or(0, |dot| dot + 1)..])?;
        vm.set_attr(package, &last, module.clone())?;
    }
    Ok(module)
}

/// The spec that a finder of the program's own on `sys.meta_path` gives, asked before or after the native one as it stands there.
fn found_by_others(vm: &Vm, modules: &Obj<Dict>, name: &str, search: Option<&Value>) -> PyResult<Option<Value>> {
    let Some(sys) = modules.get_text(vm, "sys")? else { return Ok(None) };
    let Some(path) = vm.find_attr(&sys, &*vm.intern("meta_path")?)? else { return Ok(None) };
    let Some(finders) = path.downcast::<List>().map(|list| list.snapshot()).filter(|finders| finders.len() > 1) else {
        return Ok(None);
    };
    for finder in finders {
        let class = vm.class_of(&finder).to_ref();
        if class.has(type_flags::IMMUTABLE) && &*class.name() == "Importer" {
            if find(vm, name, search)?.is_some() {
                return Ok(None);
            }
            continue;
        }
        let Some(find_spec) = vm.find_attr(&finder, &*vm.intern("find_spec")?)? else { continue };
        let path = search.cloned().unwrap_or(NONE);
        let spec = vm.call(&find_spec, &[Str::new(vm, name)?.into(), path, NONE])?;
        if !is_none(&spec) {
            return Ok(Some(spec));
        }
    }
    Ok(None)
}

/// The spec of a module as it is found natively, without the library's loaders.
pub fn plain_spec(vm: &Vm, name: &str, search: Option<&Value>) -> PyResult<Option<Value>> {
    match find(vm, name, search)? {
        Some(Found::Source(source)) => {
            let origin = if source.file.is_empty() { Origin::Nowhere } else { Origin::File(&source.file) };
            let loader = loader_of(vm, name, &origin)?;
            Ok(Some(ModuleSpec::make(vm, name, origin, source.search.as_deref(), loader)?.into()))
        }
        _ => Ok(None),
    }
}

/// What `importlib` asks for: the spec of a module that can be imported, found along `search` or the program's path.
pub fn find_spec(vm: &Vm, name: &str, search: Option<&Value>) -> PyResult<Option<Value>> {
    if !is_native(vm, name)
        && let Some(spec) = path_entry::found_on_path(vm, &*modules(vm)?, name, search)?
    {
        return Ok(Some(spec));
    }
    let spec = match find(vm, name, search)? {
        None => return Ok(None),
        Some(Found::Native) => {
            let loader = loader_of(vm, name, &Origin::Native)?;
            ModuleSpec::make(vm, name, Origin::Native, None, loader)?
        }
        Some(Found::Source(source)) => {
            let origin = if source.file.is_empty() { Origin::Nowhere } else { Origin::File(&source.file) };
            let loader = loader_of(vm, name, &origin)?;
            let spec = ModuleSpec::make(vm, name, origin, source.search.as_deref(), loader)?;
            if source.body.is_none() {
                path_entry::make_namespace(vm, name, &spec.to_value())?;
            }
            spec
        }
    };
    Ok(Some(spec.into()))
}

/// Whether there is a native module of that name.
fn is_native(vm: &Vm, name: &str) -> bool {
    hooks(vm).is_native.get().is_some_and(|is_native| is_native(name))
}

/// The native module of that name, not yet imported.
pub fn native_module(vm: &Vm, name: &str) -> PyResult<Option<Value>> {
    match hooks(vm).native.get() {
        Some(native) => Ok(native(vm, name)?.map(Value::from)),
        None => Ok(None),
    }
}

/// Runs the source of the module `name`, which `importlib` has made, in its namespace.
pub fn run_source(vm: &Vm, name: &str, namespace: &Ref<Dict>) -> PyResult<()> {
    let search = match name.rfind('.') {
        Some(dot) => vm.find_attr(&import_absolute(vm, &name[..dot])?, &vm.names().__path__)?,
        None => None,
    };
    match find(vm, name, search.as_ref())? {
        Some(Found::Source(Source { body: Some(body), file, .. })) => {
            namespace.set_text(vm, "__builtins__", crate::builtins_dict(vm)?.into())?;
            let code = body.code(vm, &file)?;
            crate::eval::run_code(vm, &code, namespace, None).map(drop)
        }
        Some(_) => Ok(()),
        None => Err(not_found(vm, &format!("No module named '{name}'"), name)),
    }
}

enum Found {
    Native,
    Source(Source),
}

/// A module that was found but not loaded.
struct Source {
    /// What to run; `None` for a namespace package.
    body: Option<Body>,
    file: String,
    /// `__path__`, for packages.
    search: Option<Vec<String>>,
}

/// What a module runs.
enum Body {
    Text(Vec<u8>),
    Library(taipan_stdlib::Module),
}

impl Body {
    fn code(&self, vm: &Vm, file: &str) -> PyResult<Ref<CodeObject>> {
        match self {
            Body::Text(text) => compile_source(vm, text, file),
            Body::Library(module) => library_code(vm, module),
        }
    }

    fn text(self, vm: &Vm) -> PyResult<Vec<u8>> {
        match self {
            Body::Text(text) => Ok(text),
            Body::Library(module) => library_text(vm, &module),
        }
    }
}

/// The pretended directory of the library in the program.
pub const LIBRARY: &str = "<stdlib>";

/// Whether a path is the library's, or of a folder in it; `site` makes all paths absolute.
fn is_library(path: &str) -> bool {
    path == LIBRARY || path.starts_with("<stdlib>/") || path.ends_with("/<stdlib>")
}

/// The code of a module of the library: as packed with the program, or compiled from its source where optimisation is asked for.
pub fn library_code(vm: &Vm, module: &taipan_stdlib::Module) -> PyResult<Ref<CodeObject>> {
    if hooks(vm).optimize.get() == 0
        && let Some(bytes) = taipan_stdlib::code(module)
        && let Ok(code) = taipan_bytecode::LazyCode::open(bytes)
    {
        return CodeObject::unread(vm, Arc::new(code));
    }
    compile_source(vm, &library_text(vm, module)?, &format!("{LIBRARY}/{}", module.path))
}

fn library_text(vm: &Vm, module: &taipan_stdlib::Module) -> PyResult<Vec<u8>> {
    taipan_stdlib::source(module)
        .map_err(|_| vm.import_error(format!("cannot read module '{}' of the library", module.name)))
}

/// Modules that CPython loads before the program, whose files therefore cannot hide them.
const STARTUP: [&str; 3] = ["codecs", "encodings", "io"];

fn find(vm: &Vm, name: &str, search: Option<&Value>) -> PyResult<Option<Found>> {
    if is_native(vm, name) {
        return Ok(Some(Found::Native));
    }
    let at_startup = search.is_none() && STARTUP.contains(&name);
    let library = hooks(vm).library.borrow().clone();
    if at_startup
        && library.is_none()
        && let Some(found) = find_in_library(name)
    {
        return Ok(Some(Found::Source(found)));
    }
    let last = &name[name.rfind('.').map_or(0, |dot| dot + 1)..];
    let directories = match search {
        Some(path) => {
            let entries = vm.collect(path)?;
            entries.iter().filter(|entry| entry.downcast::<Str>().is_some()).map(Str::display).collect()
        }
        None => match (hooks(vm).path.get(), library.filter(|_| at_startup)) {
            (_, Some(library)) => vec![library],
            (Some(path), None) => path(vm)?,
            (None, None) => vec![LIBRARY.to_owned()],
        },
    };
    let mut portions = Vec::new();
    for directory in directories {
        if is_library(&directory) {
            if let Some(found) = find_in_library(name) {
                return Ok(Some(Found::Source(found)));
            }
            continue;
        }
        let base = if directory.is_empty() { last.to_owned() } else { format!("{directory}/{last}") };
        let is_file =
            |path: &str| taipan_host::path::stat(path.as_ref()).is_ok_and(|stat| stat.mode & 0o170_000 == 0o100_000);
        let is_dir =
            |path: &str| taipan_host::path::stat(path.as_ref()).is_ok_and(|stat| stat.mode & 0o170_000 == 0o040_000);
        let package = format!("{base}/__init__.py");
        if is_file(&package) {
            let text = read(vm, &package)?;
            return Ok(Some(Found::Source(Source {
                body: Some(Body::Text(text)),
                file: package,
                search: Some(vec![base]),
            })));
        }
        let file = format!("{base}.py");
        if is_file(&file) {
            let text = read(vm, &file)?;
            return Ok(Some(Found::Source(Source { body: Some(Body::Text(text)), file, search: None })));
        }
        if is_dir(&base) {
            portions.push(base);
        }
    }
    if portions.is_empty() {
        return Ok(None);
    }
    Ok(Some(Found::Source(Source { body: None, file: String::new(), search: Some(portions) })))
}

fn read(vm: &Vm, path: &str) -> PyResult<Vec<u8>> {
    std::fs::read(path).map_err(|error| {
        let shown = Str::new(vm, path).ok().map(Value::from);
        vm.os_error(error.raw_os_error().unwrap_or(5), shown)
    })
}

fn find_in_library(name: &str) -> Option<Source> {
    let module = taipan_stdlib::find(name)?;
    let file = format!("{LIBRARY}/{}", module.path);
    let search = module.is_package.then(|| vec![file.trim_end_matches("/__init__.py").to_owned()]);
    Some(Source { body: Some(Body::Library(module)), file, search })
}

/// Where compiled code of a source file would lie, by CPython's scheme; nothing is written there.
fn cached_file(file: &str) -> Option<String> {
    let (folder, name) = file.rsplit_once('/').unwrap_or((".", file));
    let stem = name.strip_suffix(".py").filter(|_| !file.starts_with(LIBRARY))?;
    Some(format!("{folder}/__pycache__/{stem}.taipan-314.pyc"))
}

fn execute(vm: &Vm, modules: &Obj<Dict>, name: &str, source: Source) -> PyResult<Ref<Module>> {
    let module = Module::new(vm, name)?;
    let dict = module.dict(vm)?;
    let package = if source.search.is_some() { name } else { &name[..name.rfind('.').unwrap_or(0)] };
    dict.set_text(vm, "__package__", Str::new(vm, package)?.into())?;
    if !source.file.is_empty() {
        dict.set_text(vm, "__file__", Str::new(vm, &source.file)?.into())?;
        if let Some(cached) = cached_file(&source.file) {
            dict.set_text(vm, "__cached__", Str::new(vm, &cached)?.into())?;
        }
    }
    if let Some(search) = &source.search {
        let mut entries: Vec<Value> = Vec::new();
        for entry in search {
            entries.push(Str::new(vm, entry)?.into());
        }
        dict.set_text(vm, "__path__", List::new(vm, entries.into_iter())?.into())?;
    }
    dict.set_text(vm, "__builtins__", crate::builtins_dict(vm)?.into())?;
    let origin = if source.file.is_empty() { Origin::Nowhere } else { Origin::File(&source.file) };
    let loader = loader_of(vm, name, &origin)?;
    dict.set_text(vm, "__loader__", loader.clone())?;
    let spec = ModuleSpec::make(vm, name, origin, source.search.as_deref(), loader)?.to_value();
    dict.set_text(vm, "__spec__", spec.clone())?;
    let Some(body) = source.body else {
        if path_entry::make_namespace(vm, name, &spec)? {
            for (attribute, field) in [("__path__", "submodule_search_locations"), ("__loader__", "loader")] {
                dict.set_text(vm, attribute, vm.get_attr_text(&spec, field)?)?;
            }
        }
        dict.set_text(vm, "__file__", NONE)?;
        modules.set_text(vm, name, module.to_value())?;
        return Ok(module);
    };
    if !source.file.starts_with(LIBRARY) {
        dict.set_text(vm, "__cached__", vm.get_attr_text(&spec, "cached")?)?;
    }
    set_initializing(vm, &spec, true)?;
    let loading = import_lock::Loading::begin(vm, name);
    modules.set_text(vm, name, module.to_value())?;
    let ran = body.code(vm, &source.file).and_then(|code| crate::eval::run_code(vm, &code, &dict, None));
    let done = set_initializing(vm, &spec, false);
    drop(loading);
    if let Err(raised) = ran.and(done) {
        let waiting = vm.take_exception(raised);
        let name = vm.intern(name)?;
        let removed = modules.remove(vm, &name.to_value());
        if let Err(raised) = removed {
            drop(vm.take_exception(raised));
        }
        return Err(vm.restore(waiting));
    }
    Ok(module)
}

/// Compiles the bytes of a module's file.
pub fn compile_source(vm: &Vm, text: &[u8], file: &str) -> PyResult<Ref<CodeObject>> {
    if let Some(compile) = hooks(vm).compile.get().filter(|_| !file.starts_with(LIBRARY)) {
        return compile(vm, text, file);
    }
    let options =
        taipan_compiler::Options { optimize: hooks(vm).optimize.get(), ..taipan_compiler::Options::default() };
    match taipan_compiler::compile(taipan_compiler::Input::Bytes(text), file, taipan_compiler::Mode::Exec, &options) {
        Ok(compiled) => CodeObject::new(vm, compiled.code),
        Err(error) => Err(match hooks(vm).syntax_error.get() {
            Some(hook) => hook(vm, &error, file),
            None => vm.raise_new(&vm.types().syntax_error, &error.message),
        }),
    }
}

/// Imports the submodules that `from package import …` names.
fn import_listed(vm: &Vm, module: &Value, name: &str, fromlist: &Value) -> PyResult<()> {
    if vm.find_attr(module, &vm.names().__path__)?.is_none() {
        return Ok(());
    }
    for item in vm.collect(fromlist)? {
        let Some(item) = item.downcast::<Str>() else {
            let given = vm.type_name(&item);
            return Err(vm.type_error(format!("Item in ``from list'' must be str, not {given}")));
        };
        if item.equals("*") {
            if let Some(all) = vm.find_attr(module, &vm.names().__all__)? {
                import_listed(vm, module, name, &all)?;
            }
            continue;
        }
        if vm.find_attr(module, item)?.is_some() {
            continue;
        }
        let full = format!("{name}.{}", item.to_lossy());
        if let Err(raised) = import_absolute(vm, &full) {
            let missing = vm.raised_is(&vm.types().module_not_found_error);
            let exception = vm.take_exception(raised);
            let named = vm.find_attr(&exception.to_value(), &vm.names().name)?;
            if !missing || !named.is_some_and(|named| Str::is_text(&named, &full)) {
                return Err(vm.restore(exception));
            }
        }
    }
    Ok(())
}
