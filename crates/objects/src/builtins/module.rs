//! `module`: a namespace with a name.
//!
//! Invariant: a module's namespace is the dict in its attribute word, so `module.__dict__` and attribute access agree.

use crate::builtins::dict::Dict;
use crate::builtins::list::List;
use crate::builtins::str::Str;
use crate::builtins::{NONE, is_none};
use crate::native::{Args, ModuleSpec};
use crate::types::{Type, attribute, instance};
use crate::vm::{PyResult, Raised, Vm};
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;

/// A module.
#[derive(Payload)]
#[payload(name = "module")]
pub struct Module {
    spec: Cell<Option<&'static ModuleSpec>>,
}

impl Module {
    /// A module named `name` with the usual attributes.
    pub fn new(vm: &Vm, name: &str) -> PyResult<Ref<Module>> {
        let module = vm.alloc_instance(&vm.types().module, Module { spec: Cell::new(None) })?;
        let dict = module.dict(vm)?;
        dict.set_text(vm, "__name__", Str::new(vm, name)?.into())?;
        for name in ["__doc__", "__package__", "__loader__", "__spec__"] {
            dict.set_text(vm, name, NONE)?;
        }
        Ok(module)
    }

    /// A native module from its description.
    pub fn from_spec(vm: &Vm, spec: &'static ModuleSpec) -> PyResult<Ref<Module>> {
        let module = Module::new(vm, spec.name)?;
        module.spec.set(Some(spec));
        let dict = module.dict(vm)?;
        if !spec.doc.is_empty() {
            dict.set_text(vm, "__doc__", Str::new(vm, spec.doc)?.into())?;
        }
        for def in spec.functions {
            let function = crate::builtins::function::NativeFunction::new(vm, def, None, Some(spec.name))?;
            dict.set_text(vm, def.name, function.into())?;
        }
        (spec.init)(vm, &module)?;
        Ok(module)
    }
}

/// The text of an entry of a module's namespace, if it is a str.
fn text_entry(vm: &Vm, dict: &Dict, name: &str) -> PyResult<Option<String>> {
    Ok(dict.get_text(vm, name)?.filter(|value| value.downcast::<Str>().is_some()).map(|value| Str::display(&value)))
}

/// An attribute of a module's `__spec__`, if it has both.
fn spec_entry(vm: &Vm, dict: &Dict, name: &str) -> PyResult<Option<Value>> {
    match dict.get_text(vm, "__spec__")?.filter(|spec| !is_none(spec)) {
        Some(spec) => vm.find_attr(&spec, &*vm.intern(name)?),
        None => Ok(None),
    }
}

/// Whether the module is being imported.
fn is_initializing(vm: &Vm, dict: &Dict) -> PyResult<bool> {
    match spec_entry(vm, dict, "_initializing")? {
        Some(initializing) => vm.is_true(&initializing),
        None => Ok(false),
    }
}

/// The file that the spec names, if the module has one.
fn file_origin(vm: &Vm, dict: &Dict) -> PyResult<Option<Value>> {
    let located = match spec_entry(vm, dict, "has_location")? {
        Some(located) => vm.is_true(&located)?,
        None => false,
    };
    if !located {
        return Ok(None);
    }
    Ok(spec_entry(vm, dict, "origin")?.filter(|origin| origin.downcast::<Str>().is_some()))
}

/// What stands in a module's repr after its name; none for a namespace without any hint of its origin.
fn described_origin(vm: &Vm, dict: &Dict) -> PyResult<Option<String>> {
    let shown = |value: &Value| Ok(vm.repr(value)?.to_lossy().into_owned());
    let Some(spec) = dict.get_text(vm, "__spec__")?.filter(|spec| !is_none(spec)) else {
        let loader = dict.get_text(vm, "__loader__")?.filter(|loader| !is_none(loader));
        return match (dict.get_text(vm, "__file__")?, loader) {
            (Some(file), _) => Ok(Some(format!("from {}", shown(&file)?))),
            (None, Some(loader)) => Ok(Some(format!("({})", shown(&loader)?))),
            (None, None) => Ok(None),
        };
    };
    if let Some(origin) = spec_entry(vm, dict, "origin")?.filter(|origin| !is_none(origin)) {
        let located = match spec_entry(vm, dict, "has_location")? {
            Some(located) => vm.is_true(&located)?,
            None => false,
        };
        let text =
            if located { format!("from {}", shown(&origin)?) } else { format!("({})", vm.str(&origin)?.to_lossy()) };
        return Ok(Some(text));
    }
    let Some(loader) = vm.find_attr(&spec, &*vm.intern("loader")?)?.filter(|loader| !is_none(loader)) else {
        return Ok(None);
    };
    if vm.class_of(&loader).type_name(vm) == "NamespaceLoader"
        && let Some(path) = vm.find_attr(&loader, &*vm.intern("_path")?)?
    {
        let path = List::from_values(vm, vm.collect(&path)?)?;
        return Ok(Some(format!("(namespace) from {}", shown(&path.into())?)));
    }
    Ok(Some(format!("({})", shown(&loader)?)))
}

#[cold]
fn missing(vm: &Vm, this: &Value, dict: &Dict, name: &Obj<Str>) -> PyResult<Raised> {
    let attribute = name.to_lossy();
    let Some(module) = text_entry(vm, dict, "__name__")? else {
        return Ok(vm.attribute_error_on(&format!("module has no attribute '{attribute}'"), this, name));
    };
    let message = if is_initializing(vm, dict)? {
        let from = match file_origin(vm, dict)? {
            Some(origin) => format!(" from {}", vm.repr(&origin)?.to_lossy()),
            None => String::new(),
        };
        format!(
            "partially initialized module '{module}'{from} has no attribute '{attribute}' (most likely due to a circular import)"
        )
    } else {
        format!("module '{module}' has no attribute '{attribute}'")
    };
    Ok(vm.attribute_error_on(&message, this, name))
}

/// module(name, doc=None)
/// --
///
/// module(name, doc=None)
///
/// Create a module object.
#[pytype(name = "module", flags = HAS_DICT | BASETYPE)]
impl Module {
    #[slot(new)]
    fn make_instance(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Ref<Module>> {
        let _ = args;
        vm.alloc_instance(class, Module { spec: Cell::new(None) })
    }

    #[slot(sig = "name, doc=None")]
    fn init(this: &Obj<Module>, vm: &Vm, name: &Obj<Str>, doc: Option<&Value>) -> PyResult<()> {
        let dict = this.dict(vm)?;
        dict.set_text(vm, "__name__", name.to_value())?;
        dict.set_text(vm, "__doc__", doc.cloned().unwrap_or(NONE))?;
        for name in ["__package__", "__loader__", "__spec__"] {
            dict.set_text(vm, name, NONE)?;
        }
        Ok(())
    }

    #[slot]
    fn getattr(this: &Value, vm: &Vm, name: &Obj<Str>) -> PyResult<Value> {
        if let Some(found) = attribute::generic_find(vm, this, name)? {
            return Ok(found);
        }
        let Some(module) = this.downcast::<Module>() else { return Err(vm.no_attribute(this, name)) };
        let dict = module.dict(vm)?;
        match dict.get_name(vm, &vm.names().__getattr__)? {
            Some(function) => vm.call(&function, &[name.to_value()]),
            None => Err(missing(vm, this, &dict, name)?),
        }
    }

    #[slot]
    fn repr(this: &Obj<Module>, vm: &Vm) -> PyResult<Value> {
        let dict = this.dict(vm)?;
        let name = match spec_entry(vm, &dict, "name")? {
            Some(name) => Some(name),
            None => dict.get_text(vm, "__name__")?,
        };
        let name = match name.filter(|name| !is_none(name)) {
            Some(name) => vm.repr(&name)?.to_lossy().into_owned(),
            None => "'?'".to_owned(),
        };
        let text = match described_origin(vm, &dict)? {
            Some(origin) => format!("<module {name} {origin}>"),
            None if this.spec.get().is_some() => format!("<module {name} (built-in)>"),
            None => format!("<module {name}>"),
        };
        Ok(Str::new(vm, &text)?.into())
    }

    #[getter(member)]
    fn __dict__(this: &Obj<Module>, vm: &Vm) -> PyResult<Value> {
        Ok(this.dict(vm)?.into())
    }

    /// The names of the module's namespace.
    #[method]
    fn __dir__(this: &Obj<Module>, vm: &Vm) -> PyResult<Value> {
        let dict = vm.get_attr(&this.to_value(), &vm.names().__dict__)?;
        let Ok(dict) = dict.downcast_into::<Dict>() else {
            return Err(vm.type_error("<module>.__dict__ is not a dictionary"));
        };
        match dict.get_text(vm, "__dir__")? {
            Some(function) => vm.call(&function, &[]),
            None => Ok(List::from_values(vm, dict.keys())?.into()),
        }
    }

    #[getter]
    fn __annotations__(this: &Obj<Module>, vm: &Vm) -> PyResult<Value> {
        let dict = this.dict(vm)?;
        if let Some(found) = dict.get_text(vm, "__annotations__")? {
            return Ok(found);
        }
        let annotate = dict.get_text(vm, "__annotate__")?.filter(|annotate| !is_none(annotate));
        let made = match annotate {
            Some(annotate) => vm.call(&annotate, &[Value::small_int(1)])?,
            None => Dict::new(vm)?.into(),
        };
        if made.downcast::<Dict>().is_none() {
            let given = vm.type_name(&made);
            return Err(vm.type_error(format!("__annotate__ returned non-dict of type '{given}'")));
        }
        // While the module's body runs, there may be more of them later.
        if !is_initializing(vm, &dict)? {
            dict.set_text(vm, "__annotations__", made.clone())?;
        }
        Ok(made)
    }

    #[getter]
    fn __annotate__(this: &Obj<Module>, vm: &Vm) -> PyResult<Value> {
        let dict = this.dict(vm)?;
        match dict.get_text(vm, "__annotate__")? {
            Some(found) => Ok(found),
            None => {
                dict.set_text(vm, "__annotate__", NONE)?;
                Ok(NONE)
            }
        }
    }

    #[setter(name = "__annotate__")]
    fn set_annotate(this: &Obj<Module>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.type_error("cannot delete __annotate__ attribute")) };
        if !is_none(value) && vm.class_of(value).slots.call.get().is_none() {
            return Err(vm.type_error("__annotate__ must be callable or None"));
        }
        let dict = this.dict(vm)?;
        dict.set_text(vm, "__annotate__", value.clone())?;
        if !is_none(value) {
            dict.remove(vm, &vm.intern("__annotations__")?.into())?;
        }
        Ok(())
    }

    #[setter(name = "__annotations__")]
    fn set_annotations(this: &Obj<Module>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let dict = this.dict(vm)?;
        match value {
            Some(value) => {
                dict.set_text(vm, "__annotations__", value.clone())?;
                dict.remove(vm, &vm.intern("__annotate__")?.into()).map(drop)
            }
            None => match dict.remove(vm, &vm.intern("__annotations__")?.into())? {
                Some(_) => Ok(()),
                None => Err(vm.attribute_error("__annotations__")),
            },
        }
    }
}

/// Operations of a module object.
pub trait ModuleObject {
    /// The namespace.
    fn dict(&self, vm: &Vm) -> PyResult<Ref<Dict>>;
    /// Adds or replaces an attribute.
    fn set_attr(&self, vm: &Vm, name: &str, value: Value) -> PyResult<()>;
    /// An attribute.
    fn get_attr(&self, vm: &Vm, name: &str) -> PyResult<Option<Value>>;
}

impl ModuleObject for Obj<Module> {
    fn dict(&self, vm: &Vm) -> PyResult<Ref<Dict>> {
        instance::materialize(vm, self.header())
    }

    fn set_attr(&self, vm: &Vm, name: &str, value: Value) -> PyResult<()> {
        self.dict(vm)?.set_text(vm, name, value)
    }

    fn get_attr(&self, vm: &Vm, name: &str) -> PyResult<Option<Value>> {
        self.dict(vm)?.get_text(vm, name)
    }
}
