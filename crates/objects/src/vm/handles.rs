//! What native code keeps by name: the references outside the heap that an interpreter knows of, for reports.
//!
//! Invariant: each handle is shown once. What modules keep in their states of an interpreter, and what native code holds while it runs, is not here.

use super::{Interp, Vm};
use crate::types::shape::Shapes;
use taipan_heap::{Payload, Ref, Slot, Value};

/// The kinds of handles: a number for each name.
pub const HANDLES: [&str; 16] = [
    "sys.modules",
    "the namespace of builtins",
    "the table of builtin types",
    "the table of native types",
    "the well-known names",
    "the table of interned strs",
    "the names of a shape of instances",
    "the shared empty and one-character objects",
    "the MemoryError in reserve",
    "the exception being raised",
    "the exception being handled",
    "an exception that a caller handles",
    "the context of a thread",
    "the hooks of asynchronous generators",
    "a trace or profile function",
    "the types of the evaluation loop",
];

/// Calls `held` with all of some handles.
pub(super) fn show<'a, T: Payload>(
    kind: u32,
    handles: impl IntoIterator<Item = &'a Ref<T>>,
    held: &mut dyn FnMut(u32, &Value),
) {
    for handle in handles {
        handle.with_value(|value| held(kind, value));
    }
}

fn show_slot(kind: u32, slot: &Slot, held: &mut dyn FnMut(u32, &Value)) {
    slot.with(|value| value.into_iter().for_each(|value| held(kind, value)));
}

impl Interp {
    /// Calls `held` with every handle that the interpreter has a name for: its number in `HANDLES`, and the value.
    pub fn each_handle(&self, held: &mut dyn FnMut(u32, &Value)) {
        show(0, self.modules.get(), held);
        show(1, self.builtins.get(), held);
        if let Some(types) = self.types_if_made() {
            show(2, types.all().iter(), held);
            show(7, types.empty_tuple.get(), held);
            show(7, types.empty_str.get(), held);
            show(7, types.characters.get().into_iter().flatten(), held);
            show(7, types.single_bytes.get().into_iter().flatten(), held);
        }
        self.each_table(held);
    }

    pub(super) fn each_shape_name(shapes: &Shapes, held: &mut dyn FnMut(u32, &Value)) {
        shapes.each(|shape| show(6, shape.names().iter(), held));
    }
}

impl Vm {
    /// The same for what this thread's state holds.
    pub fn each_handle(&self, held: &mut dyn FnMut(u32, &Value)) {
        show_slot(9, &self.exception, held);
        show_slot(10, &self.handled, held);
        for (slot, _) in self.outer_handled.borrow().iter() {
            show_slot(11, slot, held);
        }
        show_slot(12, &self.context, held);
    }
}
