//! `object`: the root of all classes; an instance has nothing of its own.
//!
//! Invariant: the payload is empty; attributes of subclasses stand in slots.

use crate::native::{Args, TypeSpec};
use crate::types::{Type, attribute};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Payload, Value};

/// An object with nothing but its class.
#[derive(Payload)]
#[payload(name = "object")]
pub struct Plain {}

impl Plain {
    fn new(vm: &Vm, class: &Obj<Type>, _: Args<'_>) -> PyResult<Value> {
        Ok(vm.alloc_instance(class, Plain {})?.into())
    }

    /// The type's description.
    pub fn spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec {
            flags: crate::types::type_flags::BASETYPE,
            fill_slots: |slots| {
                slots.getattr.set(Some(attribute::generic_get));
                slots.setattr.set(Some(attribute::generic_set));
                slots.new.set(Some(Plain::new));
            },
            ..TypeSpec::bare("object", <Plain as Payload>::info)
        };
        &SPEC
    }
}
