//! The buffer protocol: bytes-like objects seen from native code.
//!
//! Invariant: the closures that see an object's memory run no Python code, so no borrow of a buffer outlives them.

use crate::builtins::bytes::Bytes;
use crate::vm::{PyResult, Raised, Vm};
use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use taipan_heap::Value;

/// How the memory of an exporter is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BufferLayout {
    /// The format of an item, as in the `struct` module.
    pub format: String,
    /// Bytes in an item.
    pub itemsize: usize,
    /// Whether the memory must not be written to.
    pub readonly: bool,
    /// The shape.
    pub shape: Vec<usize>,
    /// Distance of neighbours in each dimension, in bytes.
    pub strides: Vec<isize>,
    /// Where in the memory the first item stands.
    pub offset: usize,
}

impl BufferLayout {
    /// Plain bytes.
    pub fn bytes(len: usize, readonly: bool) -> BufferLayout {
        BufferLayout::items("B", 1, len, readonly)
    }

    /// A run of `len` items.
    pub fn items(format: &str, itemsize: usize, len: usize, readonly: bool) -> BufferLayout {
        let (shape, strides) = (vec![len], vec![itemsize as isize]);
        BufferLayout { format: format.to_owned(), itemsize, readonly, shape, strides, offset: 0 }
    }

    /// Bytes that a layout by itself takes.
    pub fn bytes_taken(&self) -> usize {
        // Four blocks, none of which is smaller than the system's smallest.
        size_of::<BufferLayout>() + self.format.len() + 16 * self.shape.len() + 64
    }
}

/// How many exports of an exporter's memory there are.
#[derive(Default)]
pub struct Exports(OnceCell<Rc<Cell<usize>>>);
taipan_heap::no_references!(Exports);

impl Exports {
    /// Adds an export.
    pub fn pin(&self) -> Pin {
        let count = self.0.get_or_init(Rc::default).clone();
        count.set(count.get() + 1);
        Pin(Some(count))
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.get().map_or(0, |count| count.get())
    }
}

/// An export of memory, until it is dropped.
#[derive(Default)]
pub struct Pin(Option<Rc<Cell<usize>>>);

impl Clone for Pin {
    fn clone(&self) -> Pin {
        if let Some(count) = &self.0 {
            count.set(count.get() + 1);
        }
        Pin(self.0.clone())
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        if let Some(count) = &self.0 {
            count.set(count.get().saturating_sub(1));
        }
    }
}

/// The layout of a bytes-like object's memory, and a pin on its size.
pub fn export(vm: &Vm, value: &Value) -> PyResult<(BufferLayout, Pin)> {
    match vm.class_of(value).slots.buffer_export.get() {
        Some(function) => function(vm, value),
        None => Ok((BufferLayout::bytes(with_bytes(vm, value, <[u8]>::len)?, true), Pin::default())),
    }
}

/// Whether `value` is a bytes-like object.
pub fn is_buffer(vm: &Vm, value: &Value) -> bool {
    vm.class_of(value).slots.buffer.get().is_some()
}

/// The TypeError for anything else.
#[cold]
pub fn not_a_buffer(vm: &Vm, value: &Value) -> Raised {
    let given = vm.type_name(value);
    vm.type_error(format!("a bytes-like object is required, not '{given}'"))
}

/// Calls `f` with the bytes of a bytes-like object. `f` must not run Python code.
pub fn with_bytes<R>(vm: &Vm, value: &Value, f: impl FnOnce(&[u8]) -> R) -> PyResult<R> {
    if let Some(bytes) = value.downcast_exact::<Bytes>() {
        return Ok(f(bytes.bytes()));
    }
    let Some(function) = vm.class_of(value).slots.buffer.get() else { return Err(not_a_buffer(vm, value)) };
    let (mut f, mut result) = (Some(f), None);
    function(vm, value, &mut |bytes| {
        if let Some(f) = f.take() {
            result = Some(f(bytes));
        }
    })?;
    result.ok_or_else(|| vm.buffer_error("the object gave no buffer"))
}

/// The bytes of a bytes-like object: borrowed where they cannot change, else a copy.
pub fn bytes_of<'a>(vm: &Vm, value: &'a Value) -> PyResult<Cow<'a, [u8]>> {
    match value.downcast_exact::<Bytes>() {
        Some(bytes) => Ok(Cow::Borrowed(bytes.bytes())),
        None => to_vec(vm, value).map(Cow::Owned),
    }
}

/// A copy of the bytes of a bytes-like object.
pub fn to_vec(vm: &Vm, value: &Value) -> PyResult<Vec<u8>> {
    with_bytes(vm, value, <[u8]>::to_vec)
}

/// Calls `f` with the writable bytes of an object. `f` must not run Python code.
pub fn with_bytes_mut<R>(vm: &Vm, value: &Value, f: impl FnOnce(&mut [u8]) -> R) -> PyResult<R> {
    let Some(function) = vm.class_of(value).slots.buffer_write.get() else {
        if is_buffer(vm, value) {
            return Err(vm.buffer_error("Object is not writable."));
        }
        let given = vm.type_name(value);
        return Err(vm.type_error(format!("a read-write bytes-like object is required, not '{given}'")));
    };
    let (mut f, mut result) = (Some(f), None);
    function(vm, value, &mut |bytes| {
        if let Some(f) = f.take() {
            result = Some(f(bytes));
        }
    })?;
    result.ok_or_else(|| vm.buffer_error("the object gave no buffer"))
}
