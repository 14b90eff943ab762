//! `Unpickler`, and what shows its memo.
//!
//! Invariant: while it reads, its memo and its file are with the machine; a second `load` within the first is refused.

use super::load::{Loader, Memo, Options};
use super::pickler::overridden;
use super::reduce::with_context;
use super::source::Source;
use super::{compat, dotted, text_option, unpickling_error};
use std::cell::{Cell, RefCell};
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_interp::import::import_absolute;
use taipan_macros::pytype;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{int, is_none};
use taipan_objects::native::Args;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// The iterator over `buffers`, if there are any.
pub fn buffers_argument(vm: &Vm, buffers: Option<&Value>) -> PyResult<Option<Value>> {
    let Some(buffers) = buffers.filter(|buffers| !is_none(buffers)) else { return Ok(None) };
    vm.iter(buffers).map(Some)
}

/// What `Unpickler` remembers.
#[derive(Payload)]
#[payload(name = "Unpickler")]
pub struct Unpickler {
    file: Slot,
    buffers: Slot,
    memo: RefCell<Memo>,
    encoding: RefCell<String>,
    errors: RefCell<String>,
    fix_imports: Cell<bool>,
    running: Cell<bool>,
    protocol: Cell<u8>,
}

/// The global of a name, as `find_class` of the class itself finds it.
pub fn find_global(vm: &Vm, protocol: u8, fix_imports: bool, module: &Value, name: &Value) -> PyResult<Value> {
    crate::sys::audit(vm, "pickle.find_class", &[module.clone(), name.clone()])?;
    let (mut module, mut name) = (module.clone(), name.clone());
    if protocol < 3 && fix_imports {
        let of = |table: &str, key: &Value| match compat(vm, table)?.downcast::<Dict>() {
            Some(table) => table.get(vm, key),
            None => Ok(None),
        };
        let key: Value = Tuple::pair(vm, module.clone(), name.clone())?.into();
        if let Some(pair) = of("NAME_MAPPING", &key)? {
            if let Some([new_module, new_name]) = pair.downcast::<Tuple>().map(|pair| pair.items()) {
                (module, name) = (new_module.clone(), new_name.clone());
            }
        } else if let Some(new) = of("IMPORT_MAPPING", &module)? {
            module = new;
        }
    }
    let (Some(module_name), Some(attribute)) = (module.downcast::<Str>(), name.downcast::<Str>()) else {
        return Err(vm.type_error("find_class() arguments must be str"));
    };
    if module_name.is_empty() {
        return Err(vm.value_error("Empty module name"));
    }
    let known = match vm.interp().modules.get() {
        Some(modules) => modules.get(vm, &module)?,
        None => None,
    };
    let imported = match known {
        Some(known) => known,
        None => import_absolute(vm, &module_name.to_lossy())?,
    };
    let path = attribute.to_lossy();
    if protocol < 4 || !path.contains('.') {
        return vm.get_attr(&imported, attribute);
    }
    match dotted(vm, &imported, &path) {
        Err(_) if vm.raised_is(&vm.types().attribute_error) => {
            let context = vm.swap_exception(None);
            let (path, module) = (vm.repr(&name)?, vm.repr(&module)?);
            let message = format!("Can't resolve path {} on module {}", path.to_lossy(), module.to_lossy());
            Err(with_context(vm, vm.attribute_error(message), context))
        }
        found => found,
    }
}

/// Unpickler(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())
/// --
///
/// This takes a binary file for reading a pickle data stream.
///
/// The protocol version of the pickle is detected automatically, so no
/// protocol argument is needed.
#[pytype(name = "Unpickler", module = "_pickle", flags = BASETYPE | HAS_DICT)]
impl Unpickler {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = args;
        let payload = Unpickler {
            file: Slot::default(),
            buffers: Slot::default(),
            memo: RefCell::default(),
            encoding: RefCell::default(),
            errors: RefCell::default(),
            fix_imports: Cell::new(true),
            running: Cell::new(false),
            protocol: Cell::new(0),
        };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot(sig = "file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=()")]
    fn init(
        this: &Obj<Unpickler>,
        vm: &Vm,
        file: &Value,
        fix_imports: bool,
        encoding: Option<&Value>,
        errors: Option<&Value>,
        buffers: Option<&Value>,
    ) -> PyResult<()> {
        if this.running.get() {
            return Err(vm.runtime_error("Unpickler object is already used"));
        }
        Source::of_file(vm, file)?;
        let encoding = text_option(vm, "Unpickler", "encoding", encoding, "ASCII")?;
        let errors = text_option(vm, "Unpickler", "errors", errors, "strict")?;
        let buffers = buffers_argument(vm, buffers)?;
        *this.encoding.borrow_mut() = encoding;
        *this.errors.borrow_mut() = errors;
        this.fix_imports.set(fix_imports);
        this.file.set(Some(file.clone()));
        this.buffers.set(buffers);
        this.protocol.set(0);
        let old = this.memo.take();
        drop(old);
        Ok(())
    }

    /// Load a pickle.
    ///
    /// Read a pickled object representation from the open file object given
    /// in the constructor, and return the reconstituted object hierarchy
    /// specified therein.
    #[method]
    fn load(this: &Obj<Unpickler>, vm: &Vm) -> PyResult<Value> {
        let object = this.to_value();
        let Some(file) = this.file.get() else {
            let class = vm.type_name(&object);
            let message = format!("Unpickler.__init__() was not called by {class}.__init__()");
            return Err(unpickling_error(vm, &message));
        };
        let mut source = Source::of_file(vm, &file)?;
        let options = Options {
            fix_imports: this.fix_imports.get(),
            encoding: this.encoding.borrow().clone(),
            errors: this.errors.borrow().clone(),
            buffers: this.buffers.get(),
        };
        let mut loader = Loader::new(vm, &mut source, options);
        loader.find_class = overridden(vm, &object, "find_class")?;
        loader.persistent_load = overridden(vm, &object, "persistent_load")?;
        loader.shared_protocol = Some(&this.protocol);
        if this.running.replace(true) {
            return Err(vm.runtime_error("Unpickler object is already used"));
        }
        loader.memo = this.memo.take();
        let loaded = loader.load();
        let memo = std::mem::take(&mut loader.memo);
        this.running.set(false);
        let old = this.memo.replace(memo);
        drop(old);
        loaded
    }

    /// Return an object from a specified module.
    ///
    /// If necessary, the module will be imported. Subclasses may override
    /// this method (e.g. to restrict unpickling of arbitrary classes and
    /// functions).
    #[method(sig = "module_name, global_name, /")]
    fn find_class(this: &Obj<Unpickler>, vm: &Vm, module_name: &Value, global_name: &Value) -> PyResult<Value> {
        find_global(vm, this.protocol.get(), this.fix_imports.get(), module_name, global_name)
    }

    #[method(sig = "pid, /")]
    fn persistent_load(_this: &Obj<Unpickler>, vm: &Vm, pid: &Value) -> PyResult<Value> {
        let _ = pid;
        Err(unpickling_error(vm, "unsupported persistent id encountered"))
    }

    #[getter(name = "memo")]
    fn get_memo(this: &Obj<Unpickler>, vm: &Vm) -> PyResult<Value> {
        let payload = UnpicklerMemoProxy { unpickler: this.to_ref() };
        Ok(vm.alloc(&*vm.native_type(UnpicklerMemoProxy::spec())?, payload)?.into())
    }

    #[setter(name = "memo")]
    fn set_memo(this: &Obj<Unpickler>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.type_error("attribute deletion is not supported")) };
        let memo = if let Some(proxy) = value.downcast::<UnpicklerMemoProxy>() {
            proxy.unpickler.memo.borrow().clone()
        } else if let Some(dict) = value.downcast::<Dict>() {
            let mut memo = Memo::default();
            for (number, object) in dict.snapshot() {
                if !int::is_int(&number) {
                    return Err(vm.type_error("memo key must be integers"));
                }
                let number = u64::try_from(int::index_clamped(vm, &number)?);
                memo.set(number.map_err(|_| vm.value_error("memo key must be positive integers."))?, object);
            }
            memo
        } else {
            let given = vm.type_name(value);
            let message = format!("'memo' attribute must be an UnpicklerMemoProxy object or dict, not {given}");
            return Err(vm.type_error(message));
        };
        let old = this.memo.replace(memo);
        drop(old);
        Ok(())
    }
}

/// An unpickler's memo.
#[derive(Payload)]
#[payload(name = "UnpicklerMemoProxy")]
pub struct UnpicklerMemoProxy {
    unpickler: Ref<Unpickler>,
}

#[pytype(name = "UnpicklerMemoProxy", module = "_pickle", flags = DISALLOW_INSTANTIATION)]
impl UnpicklerMemoProxy {
    /// Remove all items from memo.
    #[method]
    fn clear(this: &Obj<UnpicklerMemoProxy>) {
        let old = this.unpickler.memo.take();
        drop(old);
    }

    /// Copy the memo to a new object.
    #[method]
    fn copy(this: &Obj<UnpicklerMemoProxy>, vm: &Vm) -> PyResult<Ref<Dict>> {
        let copy = Dict::new(vm)?;
        let entries = this.unpickler.memo.borrow().entries();
        for (number, object) in entries {
            copy.set(vm, &int::from_i64(vm, number as i64)?, object)?;
        }
        Ok(copy)
    }

    /// Implement pickling support.
    #[method]
    fn __reduce__(this: &Obj<UnpicklerMemoProxy>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let arguments = Tuple::from_values(vm, vec![UnpicklerMemoProxy::copy(this, vm)?.into()])?;
        Tuple::pair(vm, vm.types().dict.to_value(), arguments.into())
    }
}
