//! `types.SimpleNamespace`: an object whose attributes are what it was given.
//!
//! Invariant: everything is in the instance's `__dict__`; the payload is empty.

use crate::builtins::dict::{Dict, update_from};
use crate::builtins::sequence::not_comparable;
use crate::builtins::str::Str;
use crate::builtins::str::StrBuilder;
use crate::builtins::tuple::Tuple;
use crate::native::{Args, FuncArgs};
use crate::types::{CompareOp, Type, instance};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;

/// `types.SimpleNamespace`
#[derive(Payload)]
#[payload(name = "types.SimpleNamespace")]
pub struct SimpleNamespace {}

/// A namespace with the attributes that are given by name.
pub fn new(vm: &Vm, attributes: impl IntoIterator<Item = (&'static str, Value)>) -> PyResult<Ref<SimpleNamespace>> {
    let made = vm.alloc_instance(&vm.types().simple_namespace, SimpleNamespace {})?;
    for (name, value) in attributes {
        vm.set_attr(&made.to_value(), &*vm.intern(name)?, value)?;
    }
    Ok(made)
}

/// SimpleNamespace(mapping_or_iterable=(), /, **kwargs)
/// --
///
/// A simple attribute-based namespace.
#[pytype(name = "SimpleNamespace", module = "types", flags = BASETYPE | HAS_DICT)]
impl SimpleNamespace {
    fn attributes(vm: &Vm, this: &Obj<SimpleNamespace>) -> PyResult<Ref<Dict>> {
        instance::materialize(vm, this.header())
    }

    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = args;
        Ok(vm.alloc_instance(class, SimpleNamespace {})?.into())
    }

    #[slot]
    fn init(this: &Obj<SimpleNamespace>, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        let positional = Args::positional(args.positionals()).expect(vm, "SimpleNamespace", 0, 1)?;
        let own = SimpleNamespace::attributes(vm, this)?;
        if let Some(source) = positional.first() {
            let given = Dict::new(vm)?;
            update_from(vm, &given, source)?;
            if given.keys().iter().any(|key| key.downcast::<Str>().is_none()) {
                return Err(vm.type_error("keywords must be strings"));
            }
            update_from(vm, &own, &given.into())?;
        }
        for (name, value) in args.keywords() {
            own.set(vm, name, value.clone())?;
        }
        Ok(())
    }

    /// Return state information for pickling
    #[method]
    fn __reduce__(this: &Obj<SimpleNamespace>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let class = vm.class_of(&this.to_value()).to_value();
        let nothing = Tuple::new(vm, std::iter::empty())?;
        let state = SimpleNamespace::attributes(vm, this)?;
        Tuple::new(vm, [class, nothing.into(), state.into()].into_iter())
    }

    /// Return a copy of the namespace object with new values for the specified attributes.
    #[method]
    fn __replace__(this: &Obj<SimpleNamespace>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        if !args.0.positionals().is_empty() {
            return Err(vm.type_error("__replace__() takes no positional arguments"));
        }
        let made = vm.call(&vm.class_of(&this.to_value()).to_value(), &[])?;
        let Some(copy) = made.downcast::<SimpleNamespace>() else {
            let (class, given) = (vm.class_of(&this.to_value()).full_name(vm), vm.type_name(&made));
            let message = format!("expect types.SimpleNamespace type, but {class}() returned '{given}' object");
            return Err(vm.type_error(message));
        };
        let attributes = SimpleNamespace::attributes(vm, copy)?;
        update_from(vm, &attributes, &SimpleNamespace::attributes(vm, this)?.into())?;
        for (name, value) in args.0.keywords() {
            attributes.set(vm, name, value.clone())?;
        }
        Ok(made)
    }

    #[slot]
    fn repr(this: &Obj<SimpleNamespace>, vm: &Vm) -> PyResult<Value> {
        let value = this.to_value();
        let class = vm.class_of(&value);
        let exact = class.is_same(&*vm.types().simple_namespace);
        let name = if exact { "namespace".into() } else { class.name() };
        let shown = vm.repr_once(&value, || {
            let mut text = StrBuilder::new();
            text.push_str(&name);
            text.push_str("(");
            let mut first = true;
            for (key, value) in SimpleNamespace::attributes(vm, this)?.snapshot() {
                let Some(key) = key.downcast::<Str>().filter(|key| !key.is_empty()) else { continue };
                if !std::mem::take(&mut first) {
                    text.push_str(", ");
                }
                text.push(key);
                text.push_str("=");
                text.push_repr(vm, &value)?;
            }
            text.push_str(")");
            Ok(text.finish(vm)?.into())
        })?;
        shown.map_or_else(|| Ok(Str::new(vm, &format!("{name}(...)"))?.into()), Ok)
    }

    #[slot]
    fn compare(this: &Obj<SimpleNamespace>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        match other.downcast::<SimpleNamespace>() {
            Some(other) => {
                let (own, theirs) = (SimpleNamespace::attributes(vm, this)?, SimpleNamespace::attributes(vm, other)?);
                let slot = vm.types().dict.slots.compare.get();
                slot.map_or_else(not_comparable, |compare| compare(vm, &own.into(), &theirs.into(), op))
            }
            None => not_comparable(),
        }
    }
}
