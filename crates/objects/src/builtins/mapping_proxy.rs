//! `types.MappingProxyType`: a read-only view of a mapping.
//!
//! Invariant: nothing reached through the proxy changes the mapping, except what the mapping's own methods do.

use crate::builtins::NONE;
use crate::builtins::dict::Dict;
use crate::builtins::list::List;
use crate::builtins::tuple::Tuple;
use crate::types::{CompareOp, Type};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Payload, Value};
use taipan_macros::pytype;

/// A read-only view of a mapping.
#[derive(Payload)]
#[payload(name = "mappingproxy")]
pub struct MappingProxy {
    /// What it shows.
    pub mapping: Value,
}

/// mappingproxy(mapping)
/// --
///
/// Read-only proxy of a mapping.
#[pytype(name = "mappingproxy", flags = MAPPING)]
impl MappingProxy {
    /// A proxy of `mapping`.
    pub fn make(vm: &Vm, mapping: Value) -> PyResult<Value> {
        Ok(vm.alloc(&*vm.types().mapping_proxy, MappingProxy { mapping })?.into())
    }

    #[slot(sig = "mapping")]
    fn new(_class: &Obj<Type>, vm: &Vm, mapping: &Value) -> PyResult<Value> {
        let sequence = mapping.downcast::<List>().is_some() || mapping.downcast::<Tuple>().is_some();
        if sequence || vm.class_of(mapping).slots.getitem.get().is_none() {
            let given = vm.type_name(mapping);
            return Err(vm.type_error(format!("mappingproxy() argument must be a mapping, not {given}")));
        }
        MappingProxy::make(vm, mapping.clone())
    }

    #[slot]
    fn len(this: &Obj<MappingProxy>, vm: &Vm) -> PyResult<usize> {
        vm.len(&this.mapping)
    }

    #[slot]
    fn getitem(this: &Obj<MappingProxy>, vm: &Vm, key: &Value) -> PyResult<Value> {
        vm.get_item(&this.mapping, key)
    }

    #[slot]
    fn contains(this: &Obj<MappingProxy>, vm: &Vm, key: &Value) -> PyResult<bool> {
        vm.contains(&this.mapping, key)
    }

    #[slot]
    fn iter(this: &Obj<MappingProxy>, vm: &Vm) -> PyResult<Value> {
        vm.iter(&this.mapping)
    }

    #[slot]
    fn repr(this: &Obj<MappingProxy>, vm: &Vm) -> PyResult<String> {
        Ok(format!("mappingproxy({})", vm.repr(&this.mapping)?.to_lossy()))
    }

    #[slot]
    fn str(this: &Obj<MappingProxy>, vm: &Vm) -> PyResult<Value> {
        Ok(vm.str(&this.mapping)?.into())
    }

    #[slot]
    fn hash(this: &Obj<MappingProxy>, vm: &Vm) -> PyResult<i64> {
        vm.hash(&this.mapping)
    }

    #[slot]
    fn compare(this: &Obj<MappingProxy>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        let other = other.downcast::<MappingProxy>().map_or(other, |other| &other.mapping);
        vm.compare(op, &this.mapping, other)
    }

    #[slot(binary(Or))]
    fn or(left: &Value, right: &Value, vm: &Vm) -> PyResult<Value> {
        let unwrap =
            |value: &Value| value.downcast::<MappingProxy>().map_or_else(|| value.clone(), |p| p.mapping.clone());
        vm.binary(crate::types::BinaryOp::Or, &unwrap(left), &unwrap(right))
    }

    #[slot(inplace(Or))]
    fn ior(this: &Value, _other: &Value, vm: &Vm) -> PyResult<Value> {
        let given = vm.type_name(this);
        Err(vm.type_error(format!("'|=' is not supported by {given}; use '|' instead")))
    }

    /// Return the value for key if key is in the mapping, else default.
    #[method(sig = "key, default=None, /")]
    fn get(this: &Obj<MappingProxy>, vm: &Vm, key: &Value, default: Option<Value>) -> PyResult<Value> {
        let default = default.unwrap_or(NONE);
        match this.mapping.downcast::<Dict>().filter(|_| is_exact(&this.mapping)) {
            Some(dict) => Ok(dict.get(vm, key)?.unwrap_or(default)),
            None => vm.call_method(&this.mapping, &vm.names().get, &[key.clone(), default]),
        }
    }

    /// a set-like object providing a view on D's keys
    #[method]
    fn keys(this: &Obj<MappingProxy>, vm: &Vm) -> PyResult<Value> {
        vm.call_method(&this.mapping, &vm.names().keys, &[])
    }

    /// an object providing a view on D's values
    #[method]
    fn values(this: &Obj<MappingProxy>, vm: &Vm) -> PyResult<Value> {
        vm.call_method(&this.mapping, &vm.names().values, &[])
    }

    /// a set-like object providing a view on D's items
    #[method]
    fn items(this: &Obj<MappingProxy>, vm: &Vm) -> PyResult<Value> {
        vm.call_method(&this.mapping, &vm.names().items, &[])
    }

    /// a shallow copy of D
    #[method]
    fn copy(this: &Obj<MappingProxy>, vm: &Vm) -> PyResult<Value> {
        vm.call_method(&this.mapping, &vm.names().copy, &[])
    }

    /// D.__reversed__() -> reverse iterator
    #[method]
    fn __reversed__(this: &Obj<MappingProxy>, vm: &Vm) -> PyResult<Value> {
        vm.call_method(&this.mapping, &vm.names().__reversed__, &[])
    }

    /// See PEP 585
    #[classmethod]
    fn __class_getitem__(class: &Value, vm: &Vm, item: &Value) -> PyResult<Value> {
        crate::builtins::generic_alias::GenericAlias::make(vm, class, item)
    }
}

fn is_exact(value: &Value) -> bool {
    value.header().is_some_and(|header| header.kind().has(taipan_heap::flags::EXACT))
}
