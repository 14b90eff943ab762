//! `PickleBuffer`: a bytes-like object that may travel beside a pickle instead of in it.
//!
//! Invariant: until it is released it holds a view of the object, and shows the same memory.

use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::buffer;
use taipan_objects::builtins::memoryview::{MemoryView, is_contiguous};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// A bytes-like object to be pickled.
#[derive(Payload)]
#[payload(name = "PickleBuffer")]
pub struct PickleBuffer {
    view: Slot,
}

impl PickleBuffer {
    /// The view.
    pub fn view(&self, vm: &Vm) -> PyResult<Ref<MemoryView>> {
        match self.view.get().map(Value::downcast_into::<MemoryView>) {
            Some(Ok(view)) => Ok(view),
            _ => Err(vm.value_error("operation forbidden on released PickleBuffer object")),
        }
    }
}

/// PickleBuffer(object, /)
/// --
///
/// Wrapper for potentially out-of-band buffers
#[pytype(name = "PickleBuffer", module = "_pickle", ready = ready)]
impl PickleBuffer {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: taipan_objects::native::Args<'_>) -> PyResult<Value> {
        let args = args.expect(vm, "PickleBuffer", 1, 1)?;
        let view = MemoryView::new(vm, &args[0])?;
        Ok(vm.alloc_instance(class, PickleBuffer { view: Slot::new(Some(view.into())) })?.into())
    }

    #[slot]
    fn buffer(this: &Obj<PickleBuffer>, vm: &Vm, read: &mut dyn FnMut(&[u8])) -> PyResult<()> {
        let view = this.view(vm)?.to_value();
        buffer::with_bytes(vm, &view, read)
    }

    /// Return a memoryview of the raw memory underlying this buffer.
    ///
    /// Will raise BufferError if the buffer isn't contiguous.
    #[method]
    fn raw(this: &Obj<PickleBuffer>, vm: &Vm) -> PyResult<Value> {
        let view = this.view(vm)?;
        let layout = view.layout(vm)?;
        if is_contiguous(&layout) {
            if layout.shape.len() == 1 && layout.format == "B" {
                return Ok(MemoryView::new(vm, &view.to_value())?.into());
            }
            let flat = vm.call_method(&view.to_value(), &*vm.intern("cast")?, &[vm.intern("B")?.into()]);
            return flat;
        }
        let contiguous = vm.get_attr_text(&view.to_value(), "contiguous")?;
        if !vm.is_true(&contiguous)? {
            return Err(vm.buffer_error("cannot extract raw buffer from non-contiguous buffer"));
        }
        // In Fortran's order.
        let bytes = vm.call_method(&view.to_value(), &*vm.intern("tobytes")?, &[vm.intern("A")?.into()])?;
        Ok(MemoryView::new(vm, &bytes)?.into())
    }

    /// Release the underlying buffer exposed by the PickleBuffer object.
    #[method]
    fn release(this: &Obj<PickleBuffer>) {
        let view = this.view.take();
        drop(view);
    }
}

fn ready(_: &Vm, class: &Obj<Type>) -> PyResult<()> {
    class.slots.buffer_write.set(Some(|vm, value, write| {
        let Some(own) = value.downcast::<PickleBuffer>() else { return Ok(()) };
        let view = own.view(vm)?.to_value();
        buffer::with_bytes_mut(vm, &view, write)
    }));
    class.slots.buffer_export.set(Some(|vm, value| match value.downcast::<PickleBuffer>() {
        Some(own) => buffer::export(vm, &own.view(vm)?.to_value()),
        None => Err(vm.buffer_error("not a PickleBuffer")),
    }));
    Ok(())
}
