//! Entries of `sys.path` as programs see them: loaders of source files, the finder of the library in the program, and whatever
//! finders the program has put on `sys.path_hooks` or into `sys.path_importer_cache`.
//!
//! Invariant: as long as the program has put nothing there, the `import` statement never asks Python code.

use super::{Found, LIBRARY, compile_source, find, hooks, import_absolute, not_found, read};
use crate::code::CodeObject;
use crate::module_spec::{ModuleSpec, Origin};
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, boolean, is_none};
use taipan_objects::vm::{PyResult, Vm};

/// A module's source.
pub struct ModuleSource {
    /// Its bytes; `None` for a namespace package or a native module.
    pub text: Option<Vec<u8>>,
    /// Its file.
    pub file: String,
    /// Whether it is a package.
    pub is_package: bool,
}

/// The source of a module that can be imported; packages around it are imported.
pub fn module_source(vm: &Vm, name: &str) -> PyResult<ModuleSource> {
    let search = match name.rfind('.') {
        Some(dot) => vm.find_attr(&import_absolute(vm, &name[..dot])?, &vm.names().__path__)?,
        None => None,
    };
    match find(vm, name, search.as_ref())? {
        Some(Found::Source(source)) => {
            let text = source.body.map(|body| body.text(vm)).transpose()?;
            Ok(ModuleSource { text, file: source.file, is_package: source.search.is_some() })
        }
        Some(Found::Native) => Ok(ModuleSource { text: None, file: String::new(), is_package: false }),
        None => Err(not_found(vm, &format!("No module named '{name}'"), name)),
    }
}

/// A file of the library in the program, if the path is one's.
pub fn library_data(path: &str) -> Option<Vec<u8>> {
    taipan_stdlib::file(path.strip_prefix(LIBRARY)?.strip_prefix('/')?)
}

/// The loader of a module that is a source file.
#[derive(Payload)]
#[payload(name = "SourceFileLoader")]
pub struct SourceLoader {
    name: String,
    path: String,
}

impl SourceLoader {
    /// A loader of the module `name` in the file `path`.
    pub(super) fn make(vm: &Vm, name: &str, path: &str) -> PyResult<Value> {
        if !path.starts_with(LIBRARY)
            && let Some(machinery) = super::modules(vm)?.get_text(vm, "importlib.machinery")?
            && let Some(class) = vm.find_attr(&machinery, &*vm.intern("SourceFileLoader")?)?
        {
            // Programs that have the library's machinery expect its class.
            return vm.call(&class, &[Str::new(vm, name)?.into(), Str::new(vm, path)?.into()]);
        }
        let class = vm.native_type(SourceLoader::spec())?;
        Ok(vm.alloc_instance(&class, SourceLoader { name: name.to_owned(), path: path.to_owned() })?.into())
    }

    /// Refuses to answer for another module.
    fn check(&self, vm: &Vm, name: Option<&Value>) -> PyResult<()> {
        match name.filter(|name| !is_none(name)) {
            Some(name) if !Str::is_text(name, &self.name) => {
                let shown = Str::display(name);
                Err(vm.import_error(format!("loader for {} cannot handle {shown}", self.name)))
            }
            _ => Ok(()),
        }
    }

    fn bytes(&self, vm: &Vm) -> PyResult<Vec<u8>> {
        match library_data(&self.path) {
            Some(data) => Ok(data),
            None => read(vm, &self.path),
        }
    }

    fn code(&self, vm: &Vm) -> PyResult<Ref<CodeObject>> {
        if let Some(path) = self.path.strip_prefix(LIBRARY)
            && let Some(module) =
                taipan_stdlib::find(&self.name).filter(|module| path.strip_prefix('/') == Some(module.path))
        {
            return super::library_code(vm, &module);
        }
        compile_source(vm, &self.bytes(vm)?, &self.path)
    }

    fn package(&self) -> bool {
        let file = self.path.rsplit('/').next().unwrap_or("");
        file == "__init__.py" && self.name.rsplit('.').next() != Some("__init__")
    }
}

/// Concrete implementation of SourceLoader using the file system.
#[pytype(name = "SourceFileLoader", module = "_frozen_importlib_external", flags = BASETYPE | HAS_DICT | DISALLOW_INSTANTIATION)]
impl SourceLoader {
    /// The module's name.
    #[getter]
    fn name(this: &Obj<SourceLoader>) -> String {
        this.name.clone()
    }

    /// The module's file.
    #[getter]
    fn path(this: &Obj<SourceLoader>) -> String {
        this.path.clone()
    }

    /// Use default semantics for module creation.
    #[method(sig = "spec")]
    fn create_module(_this: &Obj<SourceLoader>, spec: &Value) -> Value {
        let _ = spec;
        NONE
    }

    /// Execute the module.
    #[method(sig = "module")]
    fn exec_module(this: &Obj<SourceLoader>, vm: &Vm, module: &Value) -> PyResult<()> {
        let Some(module) = module.downcast::<Module>() else {
            return Err(vm.type_error("exec_module() argument must be a module"));
        };
        let namespace = module.dict(vm)?;
        let code = this.code(vm)?;
        namespace.set_text(vm, "__builtins__", crate::builtins_dict(vm)?.into())?;
        crate::eval::run_code(vm, &code, &namespace, None).map(drop)
    }

    /// Load the named module.
    #[method(sig = "fullname=None")]
    fn load_module(this: &Obj<SourceLoader>, vm: &Vm, fullname: Option<&Value>) -> PyResult<Value> {
        this.check(vm, fullname)?;
        import_absolute(vm, &this.name)
    }

    /// Return the code object of the module.
    #[method(sig = "fullname=None")]
    fn get_code(this: &Obj<SourceLoader>, vm: &Vm, fullname: Option<&Value>) -> PyResult<Value> {
        this.check(vm, fullname)?;
        Ok(this.code(vm)?.into())
    }

    /// Return the source of the module.
    #[method(sig = "fullname=None")]
    fn get_source(this: &Obj<SourceLoader>, vm: &Vm, fullname: Option<&Value>) -> PyResult<Value> {
        this.check(vm, fullname)?;
        source_text(vm, &this.bytes(vm)?, &this.path)
    }

    /// Return the code object compiled from source.
    #[method(sig = "data, path, *, _optimize=-1")]
    fn source_to_code(
        _this: &Obj<SourceLoader>,
        vm: &Vm,
        data: &Value,
        path: &Value,
        _optimize: i64,
    ) -> PyResult<Value> {
        let _ = _optimize;
        let builtins = crate::builtins_dict(vm)?;
        let Some(compile) = builtins.get_text(vm, "compile")? else {
            return Err(vm.name_error("name 'compile' is not defined"));
        };
        vm.call(&compile, &[data.clone(), path.clone(), vm.intern("exec")?.into()])
    }

    /// Return whether the module is a package.
    #[method(sig = "fullname=None")]
    fn is_package(this: &Obj<SourceLoader>, vm: &Vm, fullname: Option<&Value>) -> PyResult<bool> {
        this.check(vm, fullname)?;
        Ok(this.package())
    }

    /// Return the path to the source file as found by the finder.
    #[method(sig = "fullname=None")]
    fn get_filename(this: &Obj<SourceLoader>, vm: &Vm, fullname: Option<&Value>) -> PyResult<String> {
        this.check(vm, fullname)?;
        Ok(this.path.clone())
    }

    /// Return the data from path as raw bytes.
    #[method(sig = "path")]
    fn get_data(_this: &Obj<SourceLoader>, vm: &Vm, path: &Value) -> PyResult<Value> {
        let shown = Str::display(path);
        let data = match library_data(&shown) {
            Some(data) => data,
            None => read(vm, &shown)?,
        };
        Ok(Bytes::new(vm, &data)?.into())
    }

    /// A reader of the files beside the module.
    #[method(sig = "module=None")]
    fn get_resource_reader(this: &Obj<SourceLoader>, vm: &Vm, module: Option<&Value>) -> PyResult<Value> {
        this.check(vm, module)?;
        let readers = import_absolute(vm, "importlib.readers")?;
        let reader = vm.get_attr_text(&readers, "FileReader")?;
        vm.call(&reader, &[this.to_value()])
    }

    #[slot]
    fn hash(this: &Obj<SourceLoader>, vm: &Vm) -> PyResult<i64> {
        let (name, path) = (Str::new(vm, &this.name)?, Str::new(vm, &this.path)?);
        Ok(vm.hash(&name.into())? ^ vm.hash(&path.into())?)
    }

    #[slot]
    fn compare(
        this: &Obj<SourceLoader>,
        vm: &Vm,
        other: &Value,
        op: taipan_objects::types::CompareOp,
    ) -> PyResult<Value> {
        use taipan_objects::types::CompareOp;
        let _ = vm;
        Ok(match (other.downcast::<SourceLoader>(), op) {
            (Some(other), CompareOp::Eq) => boolean(this.name == other.name && this.path == other.path),
            (Some(other), CompareOp::Ne) => boolean(this.name != other.name || this.path != other.path),
            _ => taipan_objects::builtins::NOT_IMPLEMENTED,
        })
    }
}

/// The bytes of a source decoded as its cookie says.
pub fn source_text(vm: &Vm, bytes: &[u8], path: &str) -> PyResult<Value> {
    use taipan_compiler::source::{Origin, Source};
    match Source::from_bytes(path, bytes, Origin::File) {
        Ok(source) => Ok(Str::new(vm, source.text())?.into()),
        Err(error) => match hooks(vm).syntax_error.get() {
            Some(hook) => {
                let raised = hook(vm, &error, path);
                let exception = vm.take_exception(raised);
                let raised = vm.import_error("source not available through get_data()");
                let outer = vm.take_exception(raised);
                outer.cause.set(Some(exception.into()));
                Err(vm.restore(outer))
            }
            None => Err(vm.raise_new(&vm.types().syntax_error, &error.message)),
        },
    }
}

/// The finder of modules of the library in the program.
#[derive(Payload)]
#[payload(name = "LibraryFinder")]
pub struct LibraryFinder {
    path: String,
}

impl LibraryFinder {
    /// A finder along one folder of the library; `None` if the path is none.
    pub fn make(vm: &Vm, path: &str) -> PyResult<Option<Value>> {
        if !super::is_library(path) {
            return Ok(None);
        }
        let path = if path.ends_with("/<stdlib>") { LIBRARY } else { path };
        let class = vm.native_type(LibraryFinder::spec())?;
        Ok(Some(vm.alloc(&*class, LibraryFinder { path: path.to_owned() })?.into()))
    }

    fn package(&self) -> String {
        self.path.trim_start_matches(LIBRARY).trim_matches('/').replace('/', ".")
    }
}

/// Finds modules of the library in the program.
#[pytype(name = "LibraryFinder", module = "_imp", flags = DISALLOW_INSTANTIATION)]
impl LibraryFinder {
    /// The folder.
    #[getter]
    fn path(this: &Obj<LibraryFinder>) -> String {
        this.path.clone()
    }

    /// The spec of a module in the folder, or None.
    #[method(sig = "fullname, target=None")]
    fn find_spec(this: &Obj<LibraryFinder>, vm: &Vm, fullname: &Value, target: Option<&Value>) -> PyResult<Value> {
        let _ = target;
        let path = List::from_values(vm, vec![Str::new(vm, &this.path)?.into()])?;
        Ok(super::plain_spec(vm, &Str::display(fullname), Some(&path.into()))?.unwrap_or(NONE))
    }

    /// Nothing is remembered that could become wrong.
    #[method]
    fn invalidate_caches(_this: &Obj<LibraryFinder>) {}

    /// The names of the modules in the folder, with whether each is a package.
    #[method(sig = "prefix=''")]
    fn iter_modules(this: &Obj<LibraryFinder>, vm: &Vm, prefix: Option<&Value>) -> PyResult<Value> {
        let prefix = prefix.map_or_else(String::new, Str::display);
        let mut found: Vec<Value> = Vec::new();
        for module in taipan_stdlib::children(&this.package()) {
            let last = module.name.rsplit('.').next().unwrap_or(module.name);
            let name = Str::new(vm, &format!("{prefix}{last}"))?;
            found.push(Tuple::pair(vm, name.into(), boolean(module.is_package))?.into());
        }
        Ok(List::from_values(vm, found)?.into())
    }
}

/// Gives the spec of a namespace package the library's loader and path, which follow `sys.path`, once programs use the library's machinery.
/// Returns whether it did.
pub(super) fn make_namespace(vm: &Vm, name: &str, spec: &Value) -> PyResult<bool> {
    let modules = super::modules(vm)?;
    let Some(machinery) = modules.get_text(vm, "importlib._bootstrap_external")? else { return Ok(false) };
    let (path, loader) = (vm.intern("_NamespacePath")?, vm.intern("NamespaceLoader")?);
    let (Some(path), Some(loader)) = (vm.find_attr(&machinery, &path)?, vm.find_attr(&machinery, &loader)?) else {
        return Ok(false);
    };
    let Some(finder) = hooks(vm).native_loader.borrow().clone() else { return Ok(false) };
    let finder = vm.get_attr_text(&finder, "_namespace_spec")?;
    let portions = vm.get_attr_text(spec, "submodule_search_locations")?;
    let arguments = [Str::new(vm, name)?.into(), portions, finder];
    vm.set_attr(spec, &*vm.intern("submodule_search_locations")?, vm.call(&path, &arguments)?)?;
    vm.set_attr(spec, &*vm.intern("loader")?, vm.call(&loader, &arguments)?)?;
    Ok(true)
}

/// Modules that finders themselves are made of.
fn is_machinery(name: &str) -> bool {
    name == "importlib"
        || name.starts_with("importlib.")
        || matches!(name, "zipimport" | "_io" | "marshal" | "warnings")
}

/// The spec that a path entry finder of the program's own gives: what stands on `sys.path_hooks` besides the native hook, in
/// `sys.path_importer_cache`, or a file (an archive) on the path.
pub(super) fn found_on_path(
    vm: &Vm,
    modules: &Obj<Dict>,
    name: &str,
    search: Option<&Value>,
) -> PyResult<Option<Value>> {
    if is_machinery(name) {
        return Ok(None);
    }
    let Some(sys) = modules.get_text(vm, "sys")? else { return Ok(None) };
    let attribute = |name: &str| vm.find_attr(&sys, &*vm.intern(name)?);
    let hooks_list = attribute("path_hooks")?.and_then(|list| list.downcast_into::<List>().ok());
    let Some(list) = hooks_list else { return Ok(None) };
    let native = hooks(vm).path_hook.borrow().clone();
    let untouched = match (&list.snapshot()[..], &native) {
        ([only], Some(native)) => only.is(native),
        ([], _) => true,
        _ => false,
    };
    let cache = attribute("path_importer_cache")?.and_then(|cache| cache.downcast_into::<Dict>().ok());
    let entries = match search {
        Some(path) => vm.collect(path)?,
        None => match attribute("path")? {
            Some(path) => vm.collect(&path)?,
            None => Vec::new(),
        },
    };
    let known = |entry: &Value| match &cache {
        Some(cache) if !cache.is_empty() => {
            let foreign = |finder: &Value| {
                !is_none(finder) && !matches!(&*vm.type_name(finder), "FileFinder" | "_imp.LibraryFinder")
            };
            Ok(cache.get(vm, entry)?.filter(foreign))
        }
        _ => Ok(None),
    };
    let mut asked = Vec::new();
    for entry in entries.into_iter().filter(|entry| entry.downcast::<Str>().is_some()) {
        let finder = known(&entry)?;
        let odd = !untouched || finder.is_some() || is_archive(&Str::display(&entry));
        asked.push((entry, finder, odd));
    }
    if !asked.iter().any(|(.., odd)| *odd) {
        return Ok(None);
    }
    let mut portions: Vec<String> = Vec::new();
    for (entry, known, odd) in asked {
        if !odd {
            // What the native way finds here comes in its turn.
            let path = List::from_values(vm, vec![entry])?;
            match find(vm, name, Some(&path.into()))? {
                Some(Found::Source(super::Source { body: None, search: Some(parts), .. })) => portions.extend(parts),
                Some(_) => return Ok(None),
                None => {}
            }
            continue;
        }
        let finder = match known {
            Some(finder) => finder,
            None => match finder_for(vm, &list, &entry)? {
                Some(finder) => finder,
                None => continue,
            },
        };
        if let Some(cache) = &cache {
            cache.set(vm, &entry, finder.clone())?;
        }
        let Some(find_spec) = vm.find_attr(&finder, &*vm.intern("find_spec")?)? else { continue };
        let spec = vm.call(&find_spec, &[Str::new(vm, name)?.into()])?;
        if is_none(&spec) {
            continue;
        }
        if !is_none(&vm.get_attr_text(&spec, "loader")?) {
            return Ok(Some(spec));
        }
        // A portion of a namespace package.
        let parts = vm.get_attr_text(&spec, "submodule_search_locations")?;
        if !is_none(&parts) {
            portions.extend(vm.collect(&parts)?.iter().map(Str::display));
        }
    }
    if portions.is_empty() {
        return Ok(None);
    }
    let spec = ModuleSpec::make(vm, name, Origin::Nowhere, Some(&portions), NONE)?.to_value();
    make_namespace(vm, name, &spec)?;
    Ok(Some(spec))
}

/// Whether the path is a file, or lies inside what is one.
pub fn is_archive(path: &str) -> bool {
    if path.is_empty() || super::is_library(path) {
        return false;
    }
    let existing = std::path::Path::new(path)
        .ancestors()
        .filter(|path| !path.as_os_str().is_empty())
        .find_map(|path| taipan_host::path::stat(path).ok());
    existing.is_some_and(|stat| stat.mode & 0o170_000 == 0o100_000)
}

/// The finder that the first hook which takes the path gives.
fn finder_for(vm: &Vm, hooks: &Obj<List>, path: &Value) -> PyResult<Option<Value>> {
    for hook in hooks.snapshot() {
        let made = vm.call(&hook, std::slice::from_ref(path));
        match vm.catch(made, &vm.types().import_error)? {
            Some(finder) => return Ok(Some(finder)),
            None => continue,
        }
    }
    Ok(None)
}
