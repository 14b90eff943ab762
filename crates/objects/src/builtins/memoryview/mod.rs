//! `memoryview`: a window on the memory of a bytes-like object.
//!
//! Invariant: the layout only names bytes inside the exporter's memory, whose size the view's pin keeps; every access is checked against the
//! bytes that are there all the same. A released view has neither exporter nor layout.

pub mod format;
mod methods;
mod python_buffer;

pub(crate) use python_buffer::{BufferWrapper, FULL_RO, WRITABLE, buffer_method, release_method};

use crate::builtins::buffer::{self, BufferLayout, Pin};
use crate::builtins::list::List;
use crate::vm::{PyResult, Vm};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use taipan_heap::{Charge, Payload, Ref, Slot, Value};

/// A memoryview.
#[derive(Payload)]
#[payload(name = "memoryview")]
pub struct MemoryView {
    object: Slot,
    state: State,
    hash: Cell<i64>,
    /// How many operations need it not to be released.
    users: Cell<usize>,
    /// Whether no other view may be made of it.
    restricted: Cell<bool>,
    _charge: Charge,
}

struct State(RefCell<Option<(Rc<BufferLayout>, Pin)>>);
taipan_heap::no_references!(State);

/// Whether the items stand one after the other in C order.
pub fn is_contiguous(layout: &BufferLayout) -> bool {
    let mut wanted = layout.itemsize as isize;
    if layout.shape.contains(&0) {
        return true;
    }
    layout.shape.iter().zip(&layout.strides).rev().all(|(&len, &stride)| {
        let fits = len == 1 || stride == wanted;
        wanted = wanted.saturating_mul(len as isize);
        fits
    })
}

/// As `is_contiguous`, in Fortran's order.
fn is_fortran_contiguous(layout: &BufferLayout) -> bool {
    let mut wanted = layout.itemsize as isize;
    if layout.shape.contains(&0) {
        return true;
    }
    layout.shape.iter().zip(&layout.strides).all(|(&len, &stride)| {
        let fits = len == 1 || stride == wanted;
        wanted = wanted.saturating_mul(len as isize);
        fits
    })
}

fn item_count(layout: &BufferLayout) -> usize {
    layout.shape.iter().product()
}

fn byte_count(layout: &BufferLayout) -> usize {
    item_count(layout).saturating_mul(layout.itemsize)
}

/// The strides of a contiguous view.
fn contiguous_strides(shape: &[usize], itemsize: usize) -> Vec<isize> {
    let mut stride = itemsize as isize;
    let mut strides: Vec<isize> = Vec::with_capacity(shape.len());
    for &len in shape.iter().rev() {
        strides.push(stride);
        stride = stride.saturating_mul(len as isize);
    }
    strides.reverse();
    strides
}

/// Calls `f` with the place of each item, the last dimension fastest.
fn each_item(layout: &BufferLayout, f: &mut dyn FnMut(usize)) {
    fn walk(layout: &BufferLayout, dimension: usize, at: isize, f: &mut dyn FnMut(usize)) {
        let (Some(&len), Some(&stride)) = (layout.shape.get(dimension), layout.strides.get(dimension)) else {
            return f(at.max(0) as usize);
        };
        for i in 0..len {
            walk(layout, dimension + 1, at + i as isize * stride, f);
        }
    }
    walk(layout, 0, layout.offset as isize, f);
}

/// The bytes of the items in C order.
fn flatten(layout: &BufferLayout, memory: &[u8]) -> Vec<u8> {
    let total = byte_count(layout);
    if is_contiguous(layout) {
        return memory.get(layout.offset..layout.offset + total).map_or_else(Vec::new, <[u8]>::to_vec);
    }
    let mut out = Vec::with_capacity(total);
    each_item(layout, &mut |at| {
        if let Some(item) = memory.get(at..at + layout.itemsize) {
            out.extend_from_slice(item);
        }
    });
    out
}

impl MemoryView {
    fn make(vm: &Vm, object: Value, layout: BufferLayout, pin: Pin) -> PyResult<Ref<MemoryView>> {
        let charge = vm.charge(layout.bytes_taken())?;
        let state = State(RefCell::new(Some((Rc::new(layout), pin))));
        let (object, hash) = (Slot::new(Some(object)), Cell::new(-1));
        let (users, restricted) = (Cell::new(0), Cell::new(false));
        vm.alloc(&*vm.types().memoryview, MemoryView { object, state, hash, users, restricted, _charge: charge })
    }

    /// A view of a bytes-like object.
    pub fn new(vm: &Vm, object: &Value) -> PyResult<Ref<MemoryView>> {
        MemoryView::from_flags(vm, object, FULL_RO)
    }

    /// As `new`, with the flags of the request.
    fn from_flags(vm: &Vm, object: &Value, flags: i64) -> PyResult<Ref<MemoryView>> {
        if let Some(view) = object.downcast::<MemoryView>() {
            return view.duplicate(vm);
        }
        if !buffer::is_buffer(vm, object) {
            let given = vm.type_name(object);
            return Err(vm.type_error(format!("memoryview: a bytes-like object is required, not '{given}'")));
        }
        if python_buffer::is_python(vm.class_of(object)) {
            let wrapper = BufferWrapper::acquire(vm, object, flags)?;
            let (layout, pin) = wrapper.export(vm)?;
            return MemoryView::make(vm, wrapper.into(), layout, pin);
        }
        let (layout, pin) = buffer::export(vm, object)?;
        if flags & WRITABLE != 0 && layout.readonly {
            return Err(vm.buffer_error("Object is not writable."));
        }
        MemoryView::make(vm, object.clone(), layout, pin)
    }

    /// Another view of the same items.
    fn duplicate(&self, vm: &Vm) -> PyResult<Ref<MemoryView>> {
        let layout = self.layout(vm)?;
        self.derive(vm, (*layout).clone())
    }

    /// The object whose memory it shows, as Python sees it; `None` when the view was released.
    fn object(&self) -> Option<Value> {
        let exporter = self.object.get()?;
        match exporter.downcast::<BufferWrapper>() {
            Some(wrapper) => wrapper.object(),
            None => Some(exporter),
        }
    }

    /// Another view of the same memory.
    fn derive(&self, vm: &Vm, layout: BufferLayout) -> PyResult<Ref<MemoryView>> {
        if self.restricted.get() {
            return Err(vm.value_error("cannot create new view on restricted memoryview"));
        }
        let pin = self.state.0.borrow().as_ref().map(|(_, pin)| pin.clone()).unwrap_or_default();
        MemoryView::make(vm, self.exporter(vm)?, layout, pin)
    }

    fn released(vm: &Vm) -> crate::vm::Raised {
        vm.value_error("operation forbidden on released memoryview object")
    }

    /// The layout, unless the view was released.
    pub fn layout(&self, vm: &Vm) -> PyResult<Rc<BufferLayout>> {
        let layout = self.state.0.borrow().as_ref().map(|(layout, _)| layout.clone());
        layout.ok_or_else(|| MemoryView::released(vm))
    }

    /// The object whose memory is viewed.
    pub fn exporter(&self, vm: &Vm) -> PyResult<Value> {
        self.object.get().ok_or_else(|| MemoryView::released(vm))
    }

    /// The bytes of the items in C order.
    pub fn to_vec(&self, vm: &Vm) -> PyResult<Vec<u8>> {
        let layout = self.layout(vm)?;
        buffer::with_bytes(vm, &self.exporter(vm)?, |memory| flatten(&layout, memory))
    }

    /// Runs `f`, during which the view cannot be released.
    fn in_use<R>(&self, f: impl FnOnce() -> R) -> R {
        self.users.set(self.users.get() + 1);
        let result = f();
        self.users.set(self.users.get() - 1);
        result
    }

    /// Lets go of the memory, unless an operation needs it.
    fn try_release(&self, vm: &Vm) -> PyResult<()> {
        match self.users.get() {
            0 => {
                self.release();
                Ok(())
            }
            users => {
                let plural = if users == 1 { "" } else { "s" };
                Err(vm.buffer_error(format!("memoryview has {users} exported buffer{plural}")))
            }
        }
    }

    /// Lets go of the memory.
    pub fn release(&self) {
        let state = self.state.0.borrow_mut().take();
        drop(state);
        self.object.set(None);
    }

    fn code(vm: &Vm, layout: &BufferLayout) -> PyResult<u8> {
        let code = format::code(&layout.format).filter(|&code| format::size(code).is_some());
        code.ok_or_else(|| vm.not_implemented_error(format!("memoryview: format {} not supported", layout.format)))
    }

    fn item(&self, vm: &Vm, layout: &BufferLayout, at: usize) -> PyResult<Value> {
        let code = MemoryView::code(vm, layout)?;
        let bytes = buffer::with_bytes(vm, &self.exporter(vm)?, |memory| {
            memory.get(at..at + layout.itemsize).map(<[u8]>::to_vec)
        })?;
        match bytes {
            Some(bytes) => format::unpack(vm, code, &bytes),
            None => Err(vm.index_error("index out of bounds on dimension 1")),
        }
    }

    fn write(&self, vm: &Vm, places: &[usize], itemsize: usize, data: &[u8]) -> PyResult<()> {
        buffer::with_bytes_mut(vm, &self.exporter(vm)?, |memory| {
            for (&at, item) in places.iter().zip(data.chunks_exact(itemsize.max(1))) {
                if let Some(to) = memory.get_mut(at..at + item.len()) {
                    to.copy_from_slice(item);
                }
            }
        })
    }

    /// The items as nested lists.
    fn to_list(&self, vm: &Vm) -> PyResult<Value> {
        let layout = self.layout(vm)?;
        let code = MemoryView::code(vm, &layout)?;
        let data = self.to_vec(vm)?;
        list_of(vm, &layout, code, 0, &data)
    }
}

fn list_of(vm: &Vm, layout: &BufferLayout, code: u8, dimension: usize, data: &[u8]) -> PyResult<Value> {
    let Some(&len) = layout.shape.get(dimension) else { return format::unpack(vm, code, data) };
    let size = data.len().checked_div(len).unwrap_or(0);
    let mut items = Vec::with_capacity(len);
    for i in 0..len {
        let part = data.get(i * size..(i + 1) * size).unwrap_or(&[]);
        items.push(list_of(vm, layout, code, dimension + 1, part)?);
    }
    Ok(List::from_values(vm, items)?.into())
}
