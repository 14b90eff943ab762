//! `function`: what `def` and `lambda` make.
//!
//! A function is small: what most have as their code says (names), or have not at all, is looked up there or kept aside (`Rare`).
//! Invariant: `closure` has as many cells as the code has free variables.

use crate::code::CodeObject;
use std::cell::{Cell, OnceCell};
use taipan_bytecode::CodeFlags;
use taipan_heap::{Obj, Payload, Ref, RefSlot, Slot, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::{self, NONE, descriptor::BoundMethod, dict::Dict, is_none, str::Str, tuple::Tuple};
use taipan_objects::native::Args;
use taipan_objects::types::Type;
use taipan_objects::types::instance;
use taipan_objects::vm::{PyResult, Vm};

/// A Python function.
#[derive(Payload)]
#[payload(name = "function")]
pub struct Function {
    /// `__code__`; replaceable, so a slot.
    pub(crate) code: RefSlot<CodeObject>,
    /// `__globals__`
    pub globals: Ref<Dict>,
    /// `__builtins__`
    pub builtins: Ref<Dict>,
    /// `__defaults__`, a tuple or empty.
    pub defaults: Slot,
    /// `__closure__`: empty, the only cell, or a tuple of cells.
    closure: Slot,
    /// The rarely used rest.
    rare: OnceCell<Box<Rare>>,
}

#[derive(taipan_heap::Traverse, Default)]
struct Rare {
    name: Slot,
    qualname: Slot,
    kwdefaults: Slot,
    doc: Slot,
    doc_set: Cell<bool>,
    module: Slot,
    module_set: Cell<bool>,
    annotations: Slot,
    annotate: Slot,
    type_params: Slot,
}

impl Function {
    /// A function of `code` with these globals.
    pub fn new(vm: &Vm, code: &Obj<CodeObject>, globals: &Obj<Dict>) -> PyResult<Ref<Function>> {
        let function = Function {
            code: RefSlot::new(code.to_ref()),
            globals: globals.to_ref(),
            builtins: builtins_of(vm, globals)?,
            defaults: Slot::default(),
            closure: Slot::default(),
            rare: OnceCell::new(),
        };
        let class = crate::types(vm)?.function.clone();
        vm.alloc_instance(&class, function)
    }

    /// The code.
    #[inline]
    pub fn code(&self) -> Ref<CodeObject> {
        self.code.get()
    }

    fn rare(&self) -> &Rare {
        self.rare.get_or_init(Box::default)
    }

    /// Sets `__annotate__`.
    pub fn store_annotate(&self, value: Value) {
        self.rare().annotate.set(Some(value));
    }

    /// Sets `__type_params__`.
    pub fn store_type_params(&self, value: Value) {
        self.rare().type_params.set(Some(value));
    }

    /// `__name__`
    pub fn name(&self, vm: &Vm) -> PyResult<Value> {
        match self.rare.get().and_then(|rare| rare.name.get()) {
            Some(name) => Ok(name),
            None => self.code().name(vm),
        }
    }

    /// `__qualname__`
    pub fn qualname(&self, vm: &Vm) -> PyResult<Value> {
        match self.rare.get().and_then(|rare| rare.qualname.get()) {
            Some(name) => Ok(name),
            None => self.code().qualname(vm),
        }
    }

    /// `__name__` and `__qualname__` where they are not the code's.
    #[inline]
    pub(crate) fn own_names(&self) -> (Option<Value>, Option<Value>) {
        match self.rare.get() {
            Some(rare) => (rare.name.get(), rare.qualname.get()),
            None => (None, None),
        }
    }

    /// `__qualname__` as text.
    pub fn qualname_text(&self) -> String {
        match self.rare.get().and_then(|rare| rare.qualname.get()) {
            Some(name) => Str::display(&name),
            None => self.code().qualname_text().to_string(),
        }
    }

    /// `__kwdefaults__`, a dict, if there are any.
    pub fn kwdefaults(&self) -> Option<Value> {
        self.rare.get()?.kwdefaults.get()
    }

    /// Sets `__kwdefaults__`, to a dict or nothing.
    pub fn set_kwdefaults_to(&self, value: Option<Value>) {
        if value.is_some() || self.rare.get().is_some() {
            self.rare().kwdefaults.set(value);
        }
    }

    /// Sets the closure, a tuple of as many cells as the code has free variables.
    pub fn set_closure_to(&self, cells: Option<Value>) {
        let only = cells.as_ref().and_then(Value::downcast::<Tuple>).and_then(|cells| match cells.items() {
            [cell] => Some(cell.clone()),
            _ => None,
        });
        self.closure.set(only.or(cells));
    }

    /// Calls `f` with each cell of the closure.
    pub fn each_cell(&self, mut f: impl FnMut(&Value)) {
        self.closure.with(|closure| match closure.map(|closure| (closure, closure.downcast::<Tuple>())) {
            None => {}
            Some((_, Some(cells))) => cells.items().iter().for_each(f),
            Some((cell, None)) => f(cell),
        });
    }
}

/// The namespace of builtins that code with these globals sees.
pub fn builtins_of(vm: &Vm, globals: &Obj<Dict>) -> PyResult<Ref<Dict>> {
    let name = &vm.names().__builtins__;
    let found = match globals.get_str_fast(vm, name) {
        None => globals.get_name(vm, name)?,
        found => found,
    };
    let Some(found) = found else {
        return match crate::eval::top_builtins(crate::stack(vm)?) {
            Some(builtins) => Ok(builtins),
            None => crate::builtins_dict(vm),
        };
    };
    if let Some(module) = found.downcast::<builtins::module::Module>() {
        return builtins::module::ModuleObject::dict(module, vm);
    }
    let found = match found.downcast_into::<Dict>() {
        Ok(dict) => return Ok(dict),
        Err(other) => other,
    };
    let proxied = found.downcast::<builtins::mapping_proxy::MappingProxy>().map(|proxy| proxy.mapping.clone());
    if let Some(Ok(dict)) = proxied.map(Value::downcast_into::<Dict>) {
        return Ok(dict);
    }
    if vm.class_of(&found).slots.getitem.get().is_none() {
        let given = vm.type_name(&found);
        return Err(vm.type_error(format!("'{given}' object is not subscriptable")));
    }
    let copy = Dict::new(vm)?;
    builtins::dict::merge_mapping(vm, &copy, &found)?;
    Ok(copy)
}

/// The refusal of attributes that CPython declares as read-only members.
fn read_only(_: &Obj<Function>, vm: &Vm, _: Option<&Value>) -> PyResult<()> {
    Err(vm.attribute_error("readonly attribute"))
}

fn text_only(vm: &Vm, attribute: &str, value: Option<&Value>) -> PyResult<Value> {
    match value {
        Some(value) if value.downcast::<Str>().is_some() => Ok(value.clone()),
        _ => Err(vm.type_error(format!("{attribute} must be set to a string object"))),
    }
}

fn or_none(slot: &Slot) -> Value {
    slot.get().unwrap_or(NONE)
}

fn optional<T: Payload>(vm: &Vm, attribute: &str, kind: &str, value: Option<&Value>) -> PyResult<Option<Value>> {
    match value {
        None => Ok(None),
        Some(value) if is_none(value) => Ok(None),
        Some(value) if value.downcast::<T>().is_some() => Ok(Some(value.clone())),
        Some(_) => Err(vm.type_error(format!("{attribute} must be set to a {kind} object"))),
    }
}

/// function(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)
/// --
///
/// Create a function object.
#[pytype(name = "function", flags = HAS_DICT | METHOD_DESCRIPTOR | CALLED_BY_SLOT)]
impl Function {
    #[slot(new)]
    fn new_slot(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = class;
        let positional = args.positionals();
        let required = |index: usize, name: &str| {
            let value = positional.get(index).or_else(|| args.keyword(name));
            value.ok_or_else(|| {
                vm.type_error(format!("function() missing required argument '{name}' (pos {})", index + 1))
            })
        };
        let wrong = |value: &Value, name: &str, wanted: &str| {
            let given = vm.type_name(value);
            vm.type_error(format!("function() argument '{name}' must be {wanted}, not {given}"))
        };
        let (code, globals) = (required(0, "code")?, required(1, "globals")?);
        let code = code.downcast::<CodeObject>().ok_or_else(|| wrong(code, "code", "code"))?;
        let globals = globals.downcast::<Dict>().ok_or_else(|| wrong(globals, "globals", "dict"))?;
        let function = Function::new(vm, code, globals)?;
        let given = |index: usize, name: &str| {
            positional.get(index).or_else(|| args.keyword(name)).filter(|value| !is_none(value)).cloned()
        };
        if let Some(name) = given(2, "name") {
            if name.downcast::<Str>().is_none() {
                return Err(vm.type_error("arg 3 (name) must be None or string"));
            }
            function.rare().name.set(Some(text_only(vm, "__name__", Some(&name))?));
        }
        let (defaults, closure, kwdefaults) = (given(3, "argdefs"), given(4, "closure"), given(5, "kwdefaults"));
        if defaults.as_ref().is_some_and(|defaults| defaults.downcast::<Tuple>().is_none()) {
            return Err(vm.type_error("arg 4 (defaults) must be None or tuple"));
        }
        if kwdefaults.as_ref().is_some_and(|kwdefaults| kwdefaults.downcast::<Dict>().is_none()) {
            return Err(vm.type_error("arg 6 (kwdefaults) must be None or dict"));
        }
        let free = (code.shape().variables - code.shape().first_free) as usize;
        let cells = match &closure {
            None if free > 0 => return Err(vm.type_error("arg 5 (closure) must be tuple")),
            None => &[][..],
            Some(closure) => match closure.downcast::<Tuple>() {
                Some(closure) => closure.items(),
                None => return Err(vm.type_error("arg 5 (closure) must be None or tuple")),
            },
        };
        if cells.len() != free {
            let (name, cells) = (&code.plain().name, cells.len());
            return Err(vm.value_error(format!("{name} requires closure of length {free}, not {cells}")));
        }
        if let Some(other) = cells.iter().find(|cell| cell.downcast::<crate::cell::Cell>().is_none()) {
            let given = vm.type_name(other);
            return Err(vm.type_error(format!("arg 5 (closure) expected cell, found {given}")));
        }
        function.defaults.set(defaults);
        function.set_closure_to(closure);
        function.set_kwdefaults_to(kwdefaults);
        Ok(function.into())
    }

    #[slot]
    fn call(this: &Obj<Function>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        crate::eval::call_function(vm, this, args)
    }

    #[slot]
    fn descr_get(this: &Obj<Function>, vm: &Vm, object: Option<&Value>, class: &Obj<Type>) -> PyResult<Value> {
        let _ = class;
        match object {
            Some(object) => Ok(BoundMethod::new(vm, this.to_value(), object.clone())?.into()),
            None => Ok(this.to_value()),
        }
    }

    #[slot]
    fn repr(this: &Obj<Function>) -> String {
        format!("<function {} at {:#x}>", this.qualname_text(), this.header().address())
    }

    #[getter]
    fn __code__(this: &Obj<Function>) -> Value {
        this.code().to_value()
    }

    #[setter(name = "__code__")]
    fn set_code(this: &Obj<Function>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let Some(code) = value.and_then(Value::downcast::<CodeObject>) else {
            return Err(vm.type_error("__code__ must be set to a code object"));
        };
        let (old, new) = (this.code(), code);
        let free = |code: &CodeObject| code.shape().variables - code.shape().first_free;
        if free(&old) != free(new) {
            let name = Str::display(&vm.get_attr_text(&this.to_value(), "__name__")?);
            let (had, has) = (free(&old), free(new));
            return Err(vm.value_error(format!("{name}() requires a code object with {had} free vars, not {has}")));
        }
        let kind = |code: &CodeObject| {
            [CodeFlags::GENERATOR, CodeFlags::COROUTINE, CodeFlags::ASYNC_GENERATOR].map(|flag| code.has(flag))
        };
        if kind(&old) != kind(new) {
            let message = "Assigning a code object of non-matching type is deprecated (e.g., from a generator to a plain function)";
            crate::warn(vm, &vm.types().deprecation_warning, message)?;
        }
        // The names stay what they were.
        let (name, qualname) = (this.name(vm)?, this.qualname(vm)?);
        this.rare().name.set(Some(name));
        this.rare().qualname.set(Some(qualname));
        drop(this.code.replace(code.to_ref()));
        Ok(())
    }

    #[getter(member)]
    fn __globals__(this: &Obj<Function>) -> Value {
        this.globals.to_value()
    }

    #[getter(member)]
    fn __builtins__(this: &Obj<Function>) -> Value {
        this.builtins.to_value()
    }

    #[getter]
    fn __name__(this: &Obj<Function>, vm: &Vm) -> PyResult<Value> {
        this.name(vm)
    }

    #[setter(name = "__name__")]
    fn set_name(this: &Obj<Function>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.rare().name.set(Some(text_only(vm, "__name__", value)?));
        Ok(())
    }

    #[getter]
    fn __qualname__(this: &Obj<Function>, vm: &Vm) -> PyResult<Value> {
        this.qualname(vm)
    }

    #[setter(name = "__qualname__")]
    fn set_qualname(this: &Obj<Function>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.rare().qualname.set(Some(text_only(vm, "__qualname__", value)?));
        Ok(())
    }

    #[getter]
    fn __defaults__(this: &Obj<Function>) -> Value {
        or_none(&this.defaults)
    }

    #[setter(name = "__defaults__")]
    fn set_defaults(this: &Obj<Function>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.defaults.set(optional::<Tuple>(vm, "__defaults__", "tuple", value)?);
        Ok(())
    }

    #[getter]
    fn __kwdefaults__(this: &Obj<Function>) -> Value {
        this.kwdefaults().unwrap_or(NONE)
    }

    #[setter(name = "__kwdefaults__")]
    fn set_kwdefaults(this: &Obj<Function>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.set_kwdefaults_to(optional::<Dict>(vm, "__kwdefaults__", "dict", value)?);
        Ok(())
    }

    #[getter(member)]
    fn __closure__(this: &Obj<Function>, vm: &Vm) -> PyResult<Value> {
        match this.closure.get() {
            None => Ok(NONE),
            Some(cells) if cells.downcast::<Tuple>().is_some() => Ok(cells),
            Some(cell) => {
                // From now on it is the tuple: asked for again, it is the same one.
                let cells: Value = Tuple::new(vm, std::iter::once(cell))?.into();
                this.closure.set(Some(cells.clone()));
                Ok(cells)
            }
        }
    }

    #[getter]
    fn __doc__(this: &Obj<Function>, vm: &Vm) -> PyResult<Value> {
        if let Some(rare) = this.rare.get()
            && rare.doc_set.get()
        {
            return Ok(or_none(&rare.doc));
        }
        let code = this.code();
        if !code.has(CodeFlags::HAS_DOCSTRING) {
            return Ok(NONE);
        }
        code.make_ready(vm)?;
        Ok(code.consts.first().cloned().unwrap_or(NONE))
    }

    #[setter(name = "__doc__")]
    fn set_doc(this: &Obj<Function>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let _ = vm;
        this.rare().doc_set.set(true);
        this.rare().doc.set(value.cloned());
        Ok(())
    }

    #[getter]
    fn __module__(this: &Obj<Function>, vm: &Vm) -> PyResult<Value> {
        if let Some(rare) = this.rare.get()
            && rare.module_set.get()
        {
            return Ok(or_none(&rare.module));
        }
        Ok(this.globals.get_name(vm, &vm.names().__name__)?.unwrap_or(NONE))
    }

    #[setter(name = "__module__")]
    fn set_module(this: &Obj<Function>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let _ = vm;
        this.rare().module_set.set(true);
        this.rare().module.set(value.cloned());
        Ok(())
    }

    #[getter]
    fn __annotations__(this: &Obj<Function>, vm: &Vm) -> PyResult<Value> {
        let rare = this.rare();
        if let Some(found) = rare.annotations.get() {
            return Ok(found);
        }
        let made = match rare.annotate.get().filter(|annotate| !is_none(annotate)) {
            None => Dict::new(vm)?.into(),
            Some(annotate) => vm.call(&annotate, &[Value::small_int(1)])?,
        };
        if made.downcast::<Dict>().is_none() {
            let given = vm.type_name(&made);
            return Err(vm.type_error(format!("__annotate__ returned non-dict of type '{given}'")));
        }
        rare.annotations.set(Some(made.clone()));
        Ok(made)
    }

    #[setter(name = "__annotations__")]
    fn set_annotations(this: &Obj<Function>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let value = optional::<Dict>(vm, "__annotations__", "dict", value)?;
        this.rare().annotations.set(value);
        this.rare().annotate.set(None);
        Ok(())
    }

    #[getter]
    fn __annotate__(this: &Obj<Function>) -> Value {
        this.rare.get().map_or(NONE, |rare| or_none(&rare.annotate))
    }

    #[setter(name = "__annotate__")]
    fn set_annotate(this: &Obj<Function>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.type_error("__annotate__ cannot be deleted")) };
        if !is_none(value) && vm.class_of(value).slots.call.get().is_none() {
            return Err(vm.type_error("__annotate__ must be callable or None"));
        }
        this.rare().annotate.set(Some(value.clone()));
        if !is_none(value) {
            this.rare().annotations.set(None);
        }
        Ok(())
    }

    #[getter]
    fn __type_params__(this: &Obj<Function>, vm: &Vm) -> PyResult<Value> {
        match this.rare.get().and_then(|rare| rare.type_params.get()) {
            Some(found) => Ok(found),
            None => Ok(Tuple::new(vm, std::iter::empty())?.into()),
        }
    }

    #[setter(name = "__type_params__")]
    fn set_type_params(this: &Obj<Function>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        match value {
            Some(value) if value.downcast::<Tuple>().is_some() => {
                this.rare().type_params.set(Some(value.clone()));
                Ok(())
            }
            _ => Err(vm.type_error("__type_params__ must be set to a tuple")),
        }
    }

    #[getter]
    fn __dict__(this: &Obj<Function>, vm: &Vm) -> PyResult<Value> {
        Ok(instance::materialize(vm, this.header())?.into())
    }

    #[setter(name = "__dict__")]
    fn set_dict(this: &Obj<Function>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(vm.type_error("cannot delete __dict__")) };
        let Ok(dict) = value.clone().downcast_into::<Dict>() else {
            let given = vm.type_name(value);
            return Err(vm.type_error(format!("__dict__ must be set to a dictionary, not a '{given}'")));
        };
        instance::replace_dict(vm, this.header(), dict).map(drop)
    }

    #[setter(name = "__closure__")]
    fn set_closure(this: &Obj<Function>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        read_only(this, vm, value)
    }

    #[setter(name = "__globals__")]
    fn set_globals(this: &Obj<Function>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        read_only(this, vm, value)
    }

    #[setter(name = "__builtins__")]
    fn set_builtins(this: &Obj<Function>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        read_only(this, vm, value)
    }
}
