//! `weakref.ref` (type `ReferenceType`): a reference that does not keep its target alive.
//!
//! Invariant: `node` is linked to the target for as long as the target lives.

use crate::native::TypeSpec;
use crate::vm::{PyResult, Vm};
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Slot, Value, WeakNode, flags};

/// A weak reference object.
#[derive(Payload)]
#[payload(name = "weakref.ReferenceType")]
pub struct WeakReference {
    node: WeakNode,
    /// Called with the weak reference when the target is gone.
    pub callback: Slot,
    /// The target's hash, or -1 when it was not asked for.
    pub hash: Cell<i64>,
}

impl WeakReference {
    /// A weak reference of class `class` to `target`, or TypeError.
    pub fn new(
        vm: &Vm,
        class: &Obj<crate::types::Type>,
        target: &Value,
        callback: Option<Value>,
    ) -> PyResult<Ref<WeakReference>> {
        let Some(header) = target.header().filter(|header| header.kind().has(flags::WEAKLY_REFERENCEABLE)) else {
            let given = vm.type_name(target);
            return Err(vm.type_error(format!("cannot create weak reference to '{given}' object")));
        };
        let has_callback = callback.is_some();
        let payload = WeakReference { node: WeakNode::new(), callback: Slot::new(callback), hash: Cell::new(-1) };
        let made = vm.alloc_instance(class, payload)?;
        vm.heap().link_weak(&made, |payload| &payload.node, header, has_callback);
        Ok(made)
    }

    /// The target while it lives.
    #[inline]
    pub fn target(&self) -> Option<Value> {
        self.node.target()
    }

    /// The type's description.
    pub fn spec() -> &'static TypeSpec {
        static SPEC: TypeSpec = TypeSpec {
            flags: crate::types::type_flags::BASETYPE,
            ..TypeSpec::bare("ReferenceType", <WeakReference as Payload>::info)
        };
        &SPEC
    }
}
