//! The finder and loader on `sys.meta_path`: this runtime's import for `importlib`.
//!
//! Invariant: it finds what the `import` statement finds, and it has no state.

use taipan_heap::{Obj, Payload, Value};
use taipan_interp::import;
use taipan_macros::pytype;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::{NONE, is_none};
use taipan_objects::native::FuncArgs;
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
        _this: &Obj<Importer>,
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
        let spec = import::find_spec(vm, &name.to_lossy(), path.filter(|path| !is_none(path)))?;
        Ok(spec.unwrap_or(NONE))
    }

    /// The distributions that `importlib.metadata` is to find along a context's path.
    #[method]
    fn find_distributions(_this: &Obj<Importer>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let metadata = import::import_absolute(vm, "importlib.metadata")?;
        let finder = vm.get_attr_text(&metadata, "MetadataPathFinder")?;
        let find = vm.get_attr_text(&finder, "find_distributions")?;
        taipan_objects::types::call::call(vm, &find, args.0)
    }

    /// The spec of a package as its parts are found now, for the path of a namespace package.
    #[method(sig = "fullname, path=None")]
    fn _namespace_spec(_this: &Obj<Importer>, vm: &Vm, fullname: &Value, path: Option<&Value>) -> PyResult<Value> {
        let spec = import::plain_spec(vm, &Str::display(fullname), path.filter(|path| !is_none(path)))?;
        Ok(spec.unwrap_or(NONE))
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

    /// The code of a module.
    #[method(sig = "fullname")]
    fn get_code(_this: &Obj<Importer>, vm: &Vm, fullname: &Value) -> PyResult<Value> {
        let source = import::module_source(vm, &Str::display(fullname))?;
        match source.text {
            Some(text) => Ok(import::compile_source(vm, &text, &source.file)?.into()),
            None => Ok(NONE),
        }
    }

    /// The source text of a module; None for native ones.
    #[method(sig = "fullname")]
    fn get_source(_this: &Obj<Importer>, vm: &Vm, fullname: &Value) -> PyResult<Value> {
        let source = import::module_source(vm, &Str::display(fullname))?;
        match source.text {
            Some(text) => import::source_text(vm, &text, &source.file),
            None => Ok(NONE),
        }
    }

    /// Whether a module is a package.
    #[method(sig = "fullname")]
    fn is_package(_this: &Obj<Importer>, vm: &Vm, fullname: &Value) -> PyResult<bool> {
        Ok(import::module_source(vm, &Str::display(fullname))?.is_package)
    }

    /// Only finders of the program's own, and `importlib.metadata`, remember anything.
    #[method]
    fn invalidate_caches(_this: &Obj<Importer>, vm: &Vm) -> PyResult<()> {
        let name = vm.intern("invalidate_caches")?;
        if let Some(cache) = super::attribute(vm, "path_importer_cache")?
            && let Some(cache) = cache.downcast::<taipan_objects::builtins::dict::Dict>()
        {
            for (_, finder) in cache.snapshot() {
                if !is_none(&finder) && vm.find_attr(&finder, &name)?.is_some() {
                    vm.call_method(&finder, &name, &[])?;
                }
            }
        }
        if let Some(metadata) = import::modules(vm)?.get_text(vm, "importlib.metadata")?
            && let Some(finder) = vm.find_attr(&metadata, &*vm.intern("MetadataPathFinder")?)?
        {
            vm.call_method(&finder, &name, &[])?;
        }
        Ok(())
    }
}

/// Gives what `sys.path_hooks` begins with: finders for folders, for the library in the program, and for archives.
pub fn path_hook(vm: &Vm, path: &Value) -> PyResult<Value> {
    let text = Str::display(path);
    if let Some(finder) = import::LibraryFinder::make(vm, &text)? {
        return Ok(finder);
    }
    if import::is_archive(&text) {
        let archives = import::import_absolute(vm, "zipimport")?;
        // While that module is being imported archives are not looked into.
        return match vm.find_attr(&archives, &*vm.intern("zipimporter")?)? {
            Some(importer) => vm.call(&importer, std::slice::from_ref(path)),
            None => Err(vm.import_error("zipimport is being imported")),
        };
    }
    import::import_absolute(vm, "importlib")?;
    let machinery = import::import_absolute(vm, "importlib._bootstrap_external")?;
    let loaders = vm.call(&vm.get_attr_text(&machinery, "_get_supported_file_loaders")?, &[])?;
    let finder = vm.get_attr_text(&machinery, "FileFinder")?;
    let hook = vm.call(&vm.get_attr_text(&finder, "path_hook")?, &vm.collect(&loaders)?)?;
    vm.call(&hook, std::slice::from_ref(path))
}
