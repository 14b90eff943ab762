//! `FrameLocalsProxy`: a function's variables as `frame.f_locals` shows them, read and written through to the frame.
//!
//! Invariant: the proxy holds nothing of its own; a name that is no variable of the function goes to the frame's own dict beside them.

use crate::frame::FrameObject;
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, NOT_IMPLEMENTED, boolean};
use taipan_objects::native::FuncArgs;
use taipan_objects::types::{CompareOp, Type};
use taipan_objects::vm::{PyResult, Raised, Vm};

/// The proxy.
#[derive(Payload)]
#[payload(name = "FrameLocalsProxy")]
pub struct LocalsProxy {
    frame: Ref<FrameObject>,
}

impl LocalsProxy {
    /// A new proxy of the frame.
    pub(crate) fn make(vm: &Vm, frame: &Obj<FrameObject>) -> PyResult<Value> {
        let class = crate::types(vm)?.locals_proxy.clone();
        Ok(vm.alloc(&*class, LocalsProxy { frame: frame.to_ref() })?.into())
    }

    /// The register of the variable with this name that is visible where the frame is.
    fn register(&self, vm: &Vm, key: &Value) -> PyResult<Option<usize>> {
        if vm.class_of(key).is_same(&*vm.types().str) {
            return Ok(key.downcast::<Str>().and_then(|name| self.register_named(name)));
        }
        // Whatever is equal to a name and has its hash stands for it, as in a dict.
        let hash = vm.hash(key)?;
        for (name, register) in self.frame.named_registers() {
            let name: Value = name.into();
            if vm.hash(&name)? == hash && vm.is_equal(&name, key)? {
                return Ok(Some(register));
            }
        }
        Ok(None)
    }

    fn register_named(&self, name: &Obj<Str>) -> Option<usize> {
        let scoped = self.frame.scoped_registers();
        if let Some((_, register, _)) = scoped.iter().rev().find(|(own, ..)| name.equals(own)) {
            return Some(*register);
        }
        let registers = self.frame.named_registers();
        registers.iter().find(|(own, _)| own.same_text(name)).map(|(_, register)| *register)
    }

    fn extra(&self) -> Option<Ref<Dict>> {
        self.frame.extra_locals().and_then(|extra| extra.downcast_into::<Dict>().ok())
    }

    fn find(&self, vm: &Vm, key: &Value) -> PyResult<Option<Value>> {
        if let Some(value) = self.register(vm, key)?.and_then(|register| self.frame.value_of(register)) {
            return Ok(Some(value));
        }
        match self.extra() {
            Some(extra) => extra.get(vm, key),
            None => {
                vm.hash(key)?;
                Ok(None)
            }
        }
    }

    fn store(&self, vm: &Vm, key: &Value, value: Value) -> PyResult<()> {
        if let Some(register) = self.register(vm, key)? {
            self.frame.set_value(register, value);
            return Ok(());
        }
        let extra = self.frame.make_extra_locals(vm)?;
        match extra.downcast::<Dict>() {
            Some(extra) => extra.set(vm, key, value),
            None => Ok(()),
        }
    }

    /// The bound variables and what stands beside them.
    fn entries(&self, vm: &Vm) -> PyResult<Vec<(Value, Value)>> {
        let mut entries: Vec<(Value, Value)> = Vec::new();
        let scoped = self.frame.scoped_registers();
        for (name, register) in self.frame.named_registers() {
            let hidden = scoped.iter().any(|(own, ..)| name.equals(own));
            if !hidden && let Some(value) = self.frame.value_of(register) {
                entries.push((name.into(), value));
            }
        }
        for (name, register, _) in scoped {
            if let Some(value) = self.frame.value_of(register) {
                entries.push((vm.intern(&name)?.into(), value));
            }
        }
        if let Some(extra) = self.extra() {
            entries.extend(extra.snapshot());
        }
        Ok(entries)
    }

    fn dict(&self, vm: &Vm) -> PyResult<Ref<Dict>> {
        let dict = Dict::new(vm)?;
        for (key, value) in self.entries(vm)? {
            dict.set(vm, &key, value)?;
        }
        Ok(dict)
    }

    fn merge(&self, vm: &Vm, source: &Value) -> PyResult<()> {
        let dict = Dict::new(vm)?;
        taipan_objects::builtins::dict::update_from(vm, &dict, source)?;
        for (key, value) in dict.snapshot() {
            self.store(vm, &key, value)?;
        }
        Ok(())
    }

    fn undefined(vm: &Vm, key: &Value) -> Raised {
        let shown = match vm.repr(key) {
            Ok(shown) => shown.to_lossy().into_owned(),
            Err(raised) => return raised,
        };
        match Str::new(vm, &format!("local variable '{shown}' is not defined")) {
            Ok(message) => vm.raise_with(&vm.types().key_error, message.into()),
            Err(raised) => raised,
        }
    }

    fn list(vm: &Vm, values: impl Iterator<Item = Value>) -> PyResult<Value> {
        Ok(List::from_values(vm, values.collect())?.into())
    }

    /// Removes what stands beside the variables.
    fn take(&self, vm: &Vm, key: &Value) -> PyResult<Option<Value>> {
        if self.register(vm, key)?.is_some() {
            return Err(vm.value_error("cannot remove local variables from FrameLocalsProxy"));
        }
        match self.extra() {
            Some(extra) => extra.remove(vm, key),
            None => Ok(None),
        }
    }
}

/// Create a write-through view of the locals dictionary for a frame.
#[pytype(name = "FrameLocalsProxy", flags = MAPPING)]
impl LocalsProxy {
    #[slot(sig = "frame, /")]
    fn new(_class: &Obj<Type>, vm: &Vm, frame: &Value) -> PyResult<Value> {
        match frame.downcast::<FrameObject>() {
            Some(frame) => LocalsProxy::make(vm, frame),
            None => {
                let given = vm.type_name(frame);
                Err(vm.type_error(format!("expect frame, not {given}")))
            }
        }
    }

    #[slot]
    fn len(this: &Obj<LocalsProxy>, vm: &Vm) -> PyResult<usize> {
        Ok(this.entries(vm)?.len())
    }

    #[slot]
    fn getitem(this: &Obj<LocalsProxy>, vm: &Vm, key: &Value) -> PyResult<Value> {
        match this.find(vm, key)? {
            Some(value) => Ok(value),
            None => Err(LocalsProxy::undefined(vm, key)),
        }
    }

    #[slot]
    fn setitem(this: &Obj<LocalsProxy>, vm: &Vm, key: &Value, value: Option<&Value>) -> PyResult<()> {
        match value {
            Some(value) => this.store(vm, key, value.clone()),
            None => match this.take(vm, key)? {
                Some(_) => Ok(()),
                None => Err(vm.key_error(key)),
            },
        }
    }

    #[slot]
    fn contains(this: &Obj<LocalsProxy>, vm: &Vm, key: &Value) -> PyResult<bool> {
        Ok(this.find(vm, key)?.is_some())
    }

    #[slot]
    fn iter(this: &Obj<LocalsProxy>, vm: &Vm) -> PyResult<Value> {
        let keys = LocalsProxy::list(vm, this.entries(vm)?.into_iter().map(|(key, _)| key))?;
        vm.iter(&keys)
    }

    #[slot]
    fn repr(this: &Obj<LocalsProxy>, vm: &Vm) -> PyResult<Value> {
        let shown = vm.repr_once(&this.to_value(), || Ok(vm.repr(&this.dict(vm)?.into())?.into()))?;
        match shown {
            Some(shown) => Ok(shown),
            None => Ok(Str::new(vm, "{...}")?.into()),
        }
    }

    #[slot]
    fn compare(this: &Obj<LocalsProxy>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(NOT_IMPLEMENTED);
        }
        let same = match other.downcast::<LocalsProxy>() {
            Some(other) => this.frame.is_same(&*other.frame),
            None if other.downcast::<Dict>().is_some() => vm.is_equal(&this.dict(vm)?.into(), other)?,
            None => return Ok(NOT_IMPLEMENTED),
        };
        Ok(boolean(same == (op == CompareOp::Eq)))
    }

    #[slot(binary(Or))]
    fn or(left: &Value, right: &Value, vm: &Vm) -> PyResult<Value> {
        let merged = Dict::new(vm)?;
        for side in [left, right] {
            if side.downcast::<Dict>().is_none() && side.downcast::<LocalsProxy>().is_none() {
                return Ok(NOT_IMPLEMENTED);
            }
            taipan_objects::builtins::dict::update_from(vm, &merged, side)?;
        }
        Ok(merged.into())
    }

    #[slot(inplace(Or))]
    fn ior(this: &Value, other: &Value, vm: &Vm) -> PyResult<Value> {
        if other.downcast::<Dict>().is_none() && other.downcast::<LocalsProxy>().is_none() {
            return Ok(NOT_IMPLEMENTED);
        }
        if let Some(proxy) = this.downcast::<LocalsProxy>() {
            proxy.merge(vm, other)?;
        }
        Ok(this.clone())
    }

    /// D.keys() -> a list of the names
    #[method]
    fn keys(this: &Obj<LocalsProxy>, vm: &Vm) -> PyResult<Value> {
        LocalsProxy::list(vm, this.entries(vm)?.into_iter().map(|(key, _)| key))
    }

    /// D.values() -> a list of the values
    #[method]
    fn values(this: &Obj<LocalsProxy>, vm: &Vm) -> PyResult<Value> {
        LocalsProxy::list(vm, this.entries(vm)?.into_iter().map(|(_, value)| value))
    }

    /// D.items() -> a list of the names with their values
    #[method]
    fn items(this: &Obj<LocalsProxy>, vm: &Vm) -> PyResult<Value> {
        let entries = this.entries(vm)?.into_iter().map(|(key, value)| Ok(Tuple::pair(vm, key, value)?.into()));
        let pairs = entries.collect::<PyResult<Vec<Value>>>()?;
        LocalsProxy::list(vm, pairs.into_iter())
    }

    /// The value of a name, or a default
    #[method(sig = "key, default=None, /")]
    fn get(this: &Obj<LocalsProxy>, vm: &Vm, key: &Value, default: Option<Value>) -> PyResult<Value> {
        Ok(this.find(vm, key)?.or(default).unwrap_or(NONE))
    }

    /// The value of a name, set to a default if it has none
    #[method(sig = "key, default=None, /")]
    fn setdefault(this: &Obj<LocalsProxy>, vm: &Vm, key: &Value, default: Option<Value>) -> PyResult<Value> {
        if let Some(value) = this.find(vm, key)? {
            return Ok(value);
        }
        let default = default.unwrap_or(NONE);
        this.store(vm, key, default.clone())?;
        Ok(default)
    }

    /// Removes a name that is no variable of the function
    #[method]
    fn pop(this: &Obj<LocalsProxy>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let (key, default) = match args.0.positionals() {
            [key] => (key, None),
            [key, default] => (key, Some(default.clone())),
            other => {
                let given = other.len();
                let bound = if given == 0 { "at least 1 argument" } else { "at most 2 arguments" };
                return Err(vm.type_error(format!("pop expected {bound}, got {given}")));
            }
        };
        match this.take(vm, key)?.or(default) {
            Some(value) => Ok(value),
            None => Err(vm.key_error(key)),
        }
    }

    /// Sets names from a mapping or from pairs
    #[method(sig = "other, /")]
    fn update(this: &Obj<LocalsProxy>, vm: &Vm, other: &Value) -> PyResult<()> {
        this.merge(vm, other)
    }

    /// A dict of the names and values
    #[method]
    fn copy(this: &Obj<LocalsProxy>, vm: &Vm) -> PyResult<Value> {
        Ok(this.dict(vm)?.into())
    }

    /// The names, the last first
    #[method]
    fn __reversed__(this: &Obj<LocalsProxy>, vm: &Vm) -> PyResult<Value> {
        LocalsProxy::list(vm, this.entries(vm)?.into_iter().rev().map(|(key, _)| key))
    }
}
