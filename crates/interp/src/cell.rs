//! `cell`: the shared place of a variable that inner functions use.
//!
//! Invariant: an empty cell means an unbound variable.

use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::{NOT_IMPLEMENTED, boolean};
use taipan_objects::native::Args;
use taipan_objects::types::{CompareOp, Type};
use taipan_objects::vm::{PyResult, Vm};

/// A cell.
#[derive(Payload)]
#[payload(name = "cell")]
pub struct Cell {
    /// What the variable holds.
    pub contents: Slot,
}

impl Cell {
    /// A cell that holds `contents`.
    pub fn new(vm: &Vm, contents: Option<Value>) -> PyResult<Ref<Cell>> {
        let class = crate::types(vm)?.cell.clone();
        vm.alloc(&*class, Cell { contents: Slot::new(contents) })
    }
}

/// Create a new cell object.
#[pytype(name = "cell")]
impl Cell {
    #[slot(new)]
    fn new_slot(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = class;
        let args = args.expect(vm, "cell", 0, 1)?;
        Ok(Cell::new(vm, args.first().cloned())?.into())
    }

    #[getter]
    fn cell_contents(this: &Obj<Cell>, vm: &Vm) -> PyResult<Value> {
        this.contents.get().ok_or_else(|| vm.value_error("Cell is empty"))
    }

    #[setter]
    fn set_cell_contents(this: &Obj<Cell>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        let _ = vm;
        this.contents.set(value.cloned());
        Ok(())
    }

    #[slot]
    fn repr(this: &Obj<Cell>, vm: &Vm) -> PyResult<String> {
        let address = this.header().address();
        Ok(match this.contents.get() {
            None => format!("<cell at {address:#x}: empty>"),
            Some(value) => {
                let (class, at) = (vm.type_name(&value), value.bits());
                format!("<cell at {address:#x}: {class} object at {at:#x}>")
            }
        })
    }

    #[slot]
    fn compare(this: &Obj<Cell>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        let Some(other) = other.downcast::<Cell>() else { return Ok(NOT_IMPLEMENTED) };
        match (this.contents.get(), other.contents.get()) {
            (Some(a), Some(b)) => vm.compare(op, &a, &b),
            (a, b) => Ok(boolean(op.holds(a.is_some().cmp(&b.is_some())))),
        }
    }
}
