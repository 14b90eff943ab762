//! The buffer protocol of Python classes: `__buffer__` and `__release_buffer__`.
//!
//! Invariant: a `BufferWrapper` stands between views and an exporter whose class says by a Python method how its buffer is got or given back.
//! All views of that buffer share it, and its death is what calls `__release_buffer__`.

use super::MemoryView;
use crate::builtins::buffer::{self, BufferLayout, Pin};
use crate::native::IntoValue;
use crate::types::slot_wrapper::SlotWrapper;
use crate::types::{BufferFn, Slots, Type, TypeObject, finalize, slot_calls};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;

/// Flag of a buffer request: the memory is to be written to.
pub const WRITABLE: i64 = 1;
/// A request for any read-only buffer.
pub const FULL_RO: i64 = 0x11c;

/// What a buffer got by `__buffer__` (then there is a view) or natively stands on.
#[derive(Payload)]
#[payload(name = "_buffer_wrapper")]
pub struct BufferWrapper {
    object: Slot,
    view: Slot,
}

/// Whether the class's buffer is asked for by a Python method.
pub(super) fn is_python(class: &Obj<Type>) -> bool {
    class.slots.buffer.get().is_some_and(|own| std::ptr::fn_addr_eq(own, slot_calls::buffer as BufferFn))
}

/// The slots by which the memory of a builtin base of the object's class is reached.
fn native_slots<R>(vm: &Vm, object: &Value, f: impl FnOnce(&Slots) -> R) -> R {
    f(&crate::types::special::native_base(vm.class_of(object)).slots)
}

/// `__release_buffer__`, if the object's class has a Python method of that name before a builtin one.
fn python_release(vm: &Vm, object: &Value) -> Option<Value> {
    let found = vm.class_of(object).lookup(vm, &vm.names().__release_buffer__)?;
    found.downcast::<SlotWrapper>().is_none().then_some(found)
}

impl BufferWrapper {
    /// Asks the object's `__buffer__` for a view.
    pub(crate) fn acquire(vm: &Vm, object: &Value, flags: i64) -> PyResult<Ref<BufferWrapper>> {
        let Some(view) = vm.call_special(object, &vm.names().__buffer__, &[flags.into_value(vm)?])? else {
            return Err(buffer::not_a_buffer(vm, object));
        };
        let Some(checked) = view.downcast::<MemoryView>() else {
            return Err(vm.type_error("__buffer__ returned non-memoryview object"));
        };
        if flags & WRITABLE != 0 && checked.layout(vm)?.readonly {
            return Err(vm.buffer_error("memoryview: underlying buffer is not writable"));
        }
        BufferWrapper::make(vm, object, Some(view))
    }

    fn make(vm: &Vm, object: &Value, view: Option<Value>) -> PyResult<Ref<BufferWrapper>> {
        let payload = BufferWrapper { object: Slot::new(Some(object.clone())), view: Slot::new(view) };
        vm.alloc(&*vm.types().buffer_wrapper, payload)
    }

    /// The object whose buffer it is.
    pub(super) fn object(&self) -> Option<Value> {
        self.object.get()
    }

    /// Reads the bytes of the view.
    pub(crate) fn read(&self, vm: &Vm, read: &mut dyn FnMut(&[u8])) -> PyResult<()> {
        if let Some(view) = self.view.get() {
            return buffer::with_bytes(vm, &view, read);
        }
        let Some(object) = self.object.get() else { return Err(MemoryView::released(vm)) };
        match native_slots(vm, &object, |slots| slots.buffer.get()) {
            Some(function) => function(vm, &object, read),
            None => Err(buffer::not_a_buffer(vm, &object)),
        }
    }

    /// Writes to the bytes of the view.
    pub(crate) fn write(&self, vm: &Vm, write: &mut dyn FnMut(&mut [u8])) -> PyResult<()> {
        if let Some(view) = self.view.get() {
            return buffer::with_bytes_mut(vm, &view, write);
        }
        let Some(object) = self.object.get() else { return Err(MemoryView::released(vm)) };
        match native_slots(vm, &object, |slots| slots.buffer_write.get()) {
            Some(function) => function(vm, &object, write),
            None => Err(vm.buffer_error("Object is not writable.")),
        }
    }

    /// The layout of the view, and a pin.
    pub(crate) fn export(&self, vm: &Vm) -> PyResult<(BufferLayout, Pin)> {
        match (self.view.get(), self.object.get()) {
            (Some(view), _) => buffer::export(vm, &view),
            (None, Some(object)) => native_export(vm, &object),
            (None, None) => Err(MemoryView::released(vm)),
        }
    }

    fn ready(_: &Vm, class: &Obj<Type>) -> PyResult<()> {
        class.slots.buffer_write.set(Some(|vm, value, write| match value.downcast::<BufferWrapper>() {
            Some(wrapper) => wrapper.write(vm, write),
            None => Err(vm.buffer_error("Object is not writable.")),
        }));
        class.slots.buffer_export.set(Some(|vm, value| match value.downcast::<BufferWrapper>() {
            Some(wrapper) => wrapper.export(vm),
            None => Err(buffer::not_a_buffer(vm, value)),
        }));
        Ok(())
    }
}

#[pytype(name = "_buffer_wrapper", flags = DISALLOW_INSTANTIATION, ready = Self::ready)]
impl BufferWrapper {
    #[slot]
    fn buffer(this: &Obj<BufferWrapper>, vm: &Vm, read: &mut dyn FnMut(&[u8])) -> PyResult<()> {
        this.read(vm, read)
    }

    #[slot]
    fn finalize(this: &Obj<BufferWrapper>, vm: &Vm) -> PyResult<()> {
        let (object, view) = (this.object.take(), this.view.take());
        let Some(object) = object else { return Ok(()) };
        // A view of the object's own memory says so itself when it is released.
        let own = view.as_ref().and_then(|view| view.downcast::<MemoryView>()).and_then(|view| view.object());
        if view.is_some() && own.is_some_and(|own| own.is(&object)) {
            return Ok(());
        }
        let Some(_) = python_release(vm, &object) else { return Ok(()) };
        let what = format!("Exception ignored in bf_releasebuffer of {}", vm.type_name(&object));
        finalize::aside(vm, &what, Some(&object), |vm| give_back(vm, &object, view));
        Ok(())
    }
}

/// Calls `__release_buffer__` with the view that `__buffer__` gave, or with one that nobody may keep.
fn give_back(vm: &Vm, object: &Value, view: Option<Value>) -> PyResult<()> {
    let name = &vm.names().__release_buffer__;
    if let Some(view) = view {
        return vm.call_special(object, name, &[view]).map(drop);
    }
    let (layout, pin) = native_export(vm, object)?;
    let bare = BufferWrapper::make(vm, object, None)?;
    let restricted = MemoryView::make(vm, bare.to_value(), layout, pin)?;
    restricted.restricted.set(true);
    let result = vm.call_special(object, name, &[restricted.to_value()]);
    // It has been given back now; nobody is told again.
    bare.object.set(None);
    restricted.release();
    result.map(drop)
}

fn native_export(vm: &Vm, object: &Value) -> PyResult<(BufferLayout, Pin)> {
    match native_slots(vm, object, |slots| (slots.buffer_export.get(), slots.buffer.get())) {
        (Some(function), _) => function(vm, object),
        (None, Some(function)) => {
            let mut len = 0;
            function(vm, object, &mut |bytes| len = bytes.len())?;
            Ok((BufferLayout::bytes(len, true), Pin::default()))
        }
        (None, None) => Err(buffer::not_a_buffer(vm, object)),
    }
}

/// A view of the memory of an object with a builtin buffer, whatever Python methods its class has.
pub(crate) fn native_view(vm: &Vm, object: &Value) -> PyResult<Ref<MemoryView>> {
    if let Some(view) = object.downcast::<MemoryView>() {
        return view.duplicate(vm);
    }
    let (layout, pin) = native_export(vm, object)?;
    let exporter = match is_python(vm.class_of(object)) {
        // Its memory is reached by way of the wrapper, as the class's own slots would ask the Python method again.
        true => BufferWrapper::make(vm, object, None)?.into(),
        false => object.clone(),
    };
    MemoryView::make(vm, exporter, layout, pin)
}

/// `object.__buffer__(flags)` of a builtin class.
pub(crate) fn buffer_method(vm: &Vm, object: &Value, flags: &Value) -> PyResult<Value> {
    let flags = match crate::builtins::int::index_i64(vm, flags)? {
        Some(flags) if i32::try_from(flags).is_ok() => flags,
        _ => return Err(vm.overflow_error("buffer flags out of range")),
    };
    let view = native_view(vm, object)?;
    if flags & WRITABLE != 0 && view.layout(vm)?.readonly {
        return Err(vm.buffer_error("Object is not writable."));
    }
    Ok(view.into())
}

/// `object.__release_buffer__(view)` of a builtin class.
pub(crate) fn release_method(vm: &Vm, object: &Value, view: &Value) -> PyResult<Value> {
    let Some(view) = view.downcast::<MemoryView>() else {
        return Err(vm.type_error("expected a memoryview object"));
    };
    match view.object() {
        None => Err(vm.value_error("memoryview's buffer has already been released")),
        Some(own) if own.is(object) => {
            view.release();
            Ok(crate::builtins::NONE)
        }
        Some(_) => Err(vm.value_error("memoryview's buffer is not this object")),
    }
}
