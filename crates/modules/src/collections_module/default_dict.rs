//! `defaultdict`: a dict that makes missing values.
//!
//! Invariant: the factory is a callable or None.

use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::str::StrBuilder;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, NOT_IMPLEMENTED, is_none};
use taipan_objects::native::Args;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// `defaultdict`
#[derive(Payload)]
#[repr(C)]
#[payload(name = "defaultdict", base = Dict)]
pub struct DefaultDict {
    dict: Dict,
    factory: Slot,
}

fn copy_of(vm: &Vm, this: &Obj<DefaultDict>) -> PyResult<Value> {
    let value = this.to_value();
    vm.call(&vm.class_of(&value).to_value(), &[this.factory.get().unwrap_or(NONE), value.clone()])
}

/// defaultdict(default_factory=None, /, [...]) --> dict with default factory
///
/// The default factory is called without arguments to produce
/// a new value when a key is not present, in __getitem__ only.
/// A defaultdict compares equal to a dict with the same items.
/// All remaining arguments are treated the same as if they were
/// passed to the dict constructor, including keyword arguments.
#[pytype(name = "defaultdict", module = "collections", flags = BASETYPE | MAPPING)]
impl DefaultDict {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = args;
        Ok(vm.alloc_instance(class, DefaultDict { dict: Dict::empty(), factory: Slot::default() })?.into())
    }

    #[slot]
    fn init(this: &Obj<DefaultDict>, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        let factory = args.positionals().first().filter(|factory| !is_none(factory));
        if factory.is_some_and(|factory| vm.class_of(factory).slots.call.get().is_none()) {
            return Err(vm.type_error("first argument must be callable or None"));
        }
        this.factory.set(factory.cloned());
        let rest = if args.positionals().is_empty() { args } else { args.rest() };
        match vm.types().dict.slots.init.get() {
            Some(init) => init(vm, &this.to_value(), rest),
            None => Ok(()),
        }
    }

    #[slot]
    fn repr(this: &Obj<DefaultDict>, vm: &Vm) -> PyResult<Value> {
        let value = this.to_value();
        let items = match vm.types().dict.slots.repr.get() {
            Some(repr) => repr(vm, &value)?,
            None => NONE,
        };
        let factory = this.factory.get().unwrap_or(NONE);
        let factory = match vm.repr_once(&factory, || Ok(vm.repr(&factory)?.into()))? {
            Some(text) => text,
            None => vm.intern("...")?.into(),
        };
        let mut text = StrBuilder::new();
        text.push_str(&vm.class_of(&value).name());
        text.push_str("(");
        for (part, end) in [(&factory, ", "), (&items, ")")] {
            if let Some(part) = part.downcast::<taipan_objects::builtins::str::Str>() {
                text.push(part);
            }
            text.push_str(end);
        }
        Ok(text.finish(vm)?.into())
    }

    #[slot(binary(Or))]
    fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        if left.downcast::<Dict>().is_none() || right.downcast::<Dict>().is_none() {
            return Ok(NOT_IMPLEMENTED);
        }
        let made = match (left.downcast::<DefaultDict>(), right.downcast::<DefaultDict>()) {
            (Some(own), _) => copy_of(vm, own)?,
            (None, Some(own)) => {
                let factory = own.factory.get().unwrap_or(NONE);
                vm.call(&vm.class_of(right).to_value(), &[factory, left.clone()])?
            }
            (None, None) => return Ok(NOT_IMPLEMENTED),
        };
        vm.call_method(&made, &vm.names().update.clone(), std::slice::from_ref(right))?;
        Ok(made)
    }

    /// __missing__(key) # Called by __getitem__ for missing key; pseudo-code:
    /// if self.default_factory is None: raise KeyError((key,))
    /// self[key] = value = self.default_factory()
    /// return value
    #[method(sig = "key, /")]
    fn __missing__(this: &Obj<DefaultDict>, vm: &Vm, key: &Value) -> PyResult<Value> {
        let Some(factory) = this.factory.get() else { return Err(vm.key_error(key)) };
        let value = vm.call(&factory, &[])?;
        let own = this.to_value();
        // The factory may have set it.
        if let Some(dict) = own.downcast::<Dict>()
            && let Some(found) = dict.get(vm, key)?
        {
            return Ok(found);
        }
        vm.set_item(&this.to_value(), key, Some(&value))?;
        Ok(value)
    }

    /// D.copy() -> a shallow copy of D.
    #[method]
    fn copy(this: &Obj<DefaultDict>, vm: &Vm) -> PyResult<Value> {
        copy_of(vm, this)
    }

    /// D.copy() -> a shallow copy of D.
    #[method]
    fn __copy__(this: &Obj<DefaultDict>, vm: &Vm) -> PyResult<Value> {
        copy_of(vm, this)
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<DefaultDict>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let value = this.to_value();
        let arguments = Tuple::from_values(vm, this.factory.get().into_iter().collect())?;
        let items = vm.call_method(&value, &vm.names().items.clone(), &[])?;
        let items = vm.iter(&items)?;
        let class = vm.class_of(&value).to_value();
        Tuple::new(vm, [class, arguments.into(), NONE, NONE, items].into_iter())
    }

    /// Factory for default value called by __missing__().
    #[getter]
    fn default_factory(this: &Obj<DefaultDict>) -> Value {
        this.factory.get().unwrap_or(NONE)
    }

    #[setter]
    fn set_default_factory(this: &Obj<DefaultDict>, value: Option<&Value>) -> PyResult<()> {
        this.factory.set(value.filter(|value| !is_none(value)).cloned());
        Ok(())
    }
}
