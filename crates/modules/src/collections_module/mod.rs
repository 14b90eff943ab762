//! `_collections`: `deque`, `defaultdict`, `OrderedDict`, and what `namedtuple` and `Counter` are made faster with.
//!
//! Invariant: contents are counted by the heap, so that a deque or defaultdict stays within its limit.

mod default_dict;
mod deque;
mod deque_iter;
mod ordered_dict;
mod ordered_views;
mod ring;
mod tuple_getter;

pub use module::spec;
pub use ring::Ring;

use taipan_heap::{Obj, Value};
use taipan_macros::pymodule;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::int;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::types::{BinaryOp, Type, TypeObject};
use taipan_objects::vm::{PyResult, Vm};

/// The mapping as a dict whose `get` and `__setitem__` are dict's own.
fn plain<'a>(vm: &Vm, mapping: &'a Value) -> PyResult<Option<&'a Obj<Dict>>> {
    let Some(dict) = mapping.downcast::<Dict>() else { return Ok(None) };
    let (class, base) = (vm.class_of(mapping), &vm.types().dict);
    for name in ["get", "__setitem__"] {
        let name = vm.intern(name)?;
        let same = match (class.lookup(vm, &name), base.lookup(vm, &name)) {
            (Some(own), Some(inherited)) => own.is(&inherited),
            _ => false,
        };
        if !same {
            return Ok(None);
        }
    }
    Ok(Some(dict))
}

/// High performance data structures.
/// - deque:        ordered collection accessible from endpoints only
/// - defaultdict:  dict subclass with a default value factory
#[pymodule(
    name = "_collections",
    types(deque::Deque, deque_iter::DequeIterator, deque_iter::DequeReverseIterator, tuple_getter::TupleGetter),
    init = fill
)]
mod module {
    use super::*;

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        let class = Type::from_spec(vm, default_dict::DefaultDict::spec(), &[vm.types().dict.clone()])?;
        module.set_attr(vm, "defaultdict", class.into())?;
        let class = vm.native_subtype(ordered_dict::OrderedDict::spec(), &vm.types().dict)?;
        module.set_attr(vm, "OrderedDict", class.into())
    }

    /// Count elements in the iterable, updating the mapping
    #[function]
    fn _count_elements(vm: &Vm, mapping: &Value, iterable: &Value) -> PyResult<()> {
        let one = Value::small_int(1);
        let iterator = vm.iter(iterable)?;
        let plain = plain(vm, mapping)?;
        let get = vm.names().get.clone();
        while let Some(key) = vm.next(&iterator)? {
            let Some(dict) = plain else {
                let old = vm.call_method(mapping, &get, &[key.clone(), Value::small_int(0)])?;
                let new = vm.binary(BinaryOp::Add, &old, &one)?;
                vm.set_item(mapping, &key, Some(&new))?;
                continue;
            };
            let hash = vm.hash(&key)?;
            let new = match dict.get_hashed(vm, &key, hash)? {
                None => one.clone(),
                Some(old) => match old.as_int() {
                    Some(count) => int::from_i64(vm, count + 1)?,
                    None => vm.binary(BinaryOp::Add, &old, &one)?,
                },
            };
            dict.set_hashed(vm, &key, hash, new)?;
        }
        Ok(())
    }
}
