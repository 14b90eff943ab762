//! The methods and slots of `memoryview`.
//!
//! Invariant: values are converted before memory is touched, and a released view only shows itself.

use super::{
    MemoryView, byte_count, contiguous_strides, each_item, flatten, format, is_contiguous, is_fortran_contiguous,
    item_count,
};
use crate::builtins::buffer::{self, BufferLayout};
use crate::builtins::bytes::{Bytes, algorithms};
use crate::builtins::generic_alias::GenericAlias;
use crate::builtins::iterator;
use crate::builtins::list::List;
use crate::builtins::slice::{Slice, Subscript, bound, clamp, position, subscript};
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::builtins::{ELLIPSIS, NONE, NOT_IMPLEMENTED, boolean, int};
use crate::native::Rest;
use crate::types::{CompareOp, Type};
use crate::vm::{PyResult, Raised, Vm};
use taipan_heap::{Obj, Ref, Value};
use taipan_macros::pytype;

/// What a subscript selects.
enum Selected {
    Item(usize),
    View(BufferLayout),
}

fn place(vm: &Vm, layout: &BufferLayout, indices: &[i64]) -> PyResult<usize> {
    let mut at = layout.offset as isize;
    for (dimension, &index) in indices.iter().enumerate() {
        let len = layout.shape[dimension];
        let Some(found) = position(index, len) else {
            return Err(vm.index_error(format!("index out of bounds on dimension {}", dimension + 1)));
        };
        at += found as isize * layout.strides[dimension];
    }
    Ok(at.max(0) as usize)
}

fn select_tuple(vm: &Vm, layout: &BufferLayout, keys: &[Value]) -> PyResult<Selected> {
    if keys.iter().all(|key| key.downcast::<Slice>().is_some()) && !keys.is_empty() {
        return Err(vm.not_implemented_error("multi-dimensional slicing is not implemented"));
    }
    let is_index = |key: &Value| int::is_int(key) || vm.class_of(key).slots.index.get().is_some();
    if !keys.iter().all(is_index) {
        return Err(vm.type_error("memoryview: invalid slice key"));
    }
    let (dimensions, given) = (layout.shape.len(), keys.len());
    if given < dimensions {
        return Err(vm.not_implemented_error("sub-views are not implemented"));
    }
    if given > dimensions {
        return Err(vm.type_error(format!("cannot index {dimensions}-dimension view with {given}-element tuple")));
    }
    let mut indices = Vec::with_capacity(given);
    for key in keys {
        match subscript(vm, key)? {
            Some(Subscript::Index(index)) => indices.push(index),
            _ => return Err(vm.type_error("memoryview: invalid slice key")),
        }
    }
    Ok(Selected::Item(place(vm, layout, &indices)?))
}

fn select(vm: &Vm, layout: &BufferLayout, key: &Value) -> PyResult<Selected> {
    if let Some(keys) = key.downcast::<Tuple>() {
        return select_tuple(vm, layout, keys.items());
    }
    if layout.shape.is_empty() {
        if key.is(&ELLIPSIS) {
            return Ok(Selected::View(layout.clone()));
        }
        return Err(vm.type_error("invalid indexing of 0-dim memory"));
    }
    match subscript(vm, key)? {
        Some(Subscript::Index(index)) if layout.shape.len() == 1 => Ok(Selected::Item(place(vm, layout, &[index])?)),
        Some(Subscript::Index(_)) => Err(vm.not_implemented_error("multi-dimensional sub-views are not implemented")),
        Some(Subscript::Slice(steps)) => {
            let span = steps.over(layout.shape[0]);
            let mut part = layout.clone();
            let stride = layout.strides[0];
            if span.len > 0 {
                part.offset = (layout.offset as isize + span.start as isize * stride).max(0) as usize;
            }
            part.shape[0] = span.len;
            part.strides[0] = stride.saturating_mul(span.step as isize);
            Ok(Selected::View(part))
        }
        None => Err(vm.type_error("memoryview: invalid slice key")),
    }
}

fn numbers(vm: &Vm, numbers: impl Iterator<Item = i64>) -> PyResult<Ref<Tuple>> {
    let values = numbers.map(|n| int::from_i64(vm, n)).collect::<PyResult<Vec<Value>>>()?;
    Tuple::from_values(vm, values)
}

fn assign_view(vm: &Vm, this: &MemoryView, part: &BufferLayout, value: &Value) -> PyResult<()> {
    if part.shape.len() != 1 {
        return Err(vm.not_implemented_error("memoryview slice assignments are currently restricted to ndim = 1"));
    }
    if !buffer::is_buffer(vm, value) {
        return Err(buffer::not_a_buffer(vm, value));
    }
    let source = layout_of(vm, value)?;
    let same = format::code(&source.format) == format::code(&part.format) && source.shape == part.shape;
    if !same {
        return Err(vm.value_error("memoryview assignment: lvalue and rvalue have different structures"));
    }
    let data = buffer::to_vec(vm, value)?;
    let mut places = Vec::with_capacity(item_count(part));
    each_item(part, &mut |at| places.push(at));
    this.write(vm, &places, part.itemsize, &data)
}

fn layout_of(vm: &Vm, value: &Value) -> PyResult<BufferLayout> {
    match value.downcast::<MemoryView>() {
        Some(view) => Ok((*view.layout(vm)?).clone()),
        None => Ok(buffer::export(vm, value)?.0),
    }
}

fn equal(vm: &Vm, this: &MemoryView, other: &Value) -> PyResult<bool> {
    let layout = this.layout(vm)?;
    let theirs = layout_of(vm, other)?;
    if layout.shape != theirs.shape {
        return Ok(false);
    }
    let (Some(a), Some(b)) = (format::code(&layout.format), format::code(&theirs.format)) else {
        return Ok(false);
    };
    let (Some(size), Some(their_size)) = (format::size(a), format::size(b)) else { return Ok(false) };
    let (mine, other) = (this.to_vec(vm)?, buffer::to_vec(vm, other)?);
    if a == b && !matches!(a, b'e' | b'f' | b'd' | b'?') {
        return Ok(mine == other);
    }
    for (x, y) in mine.chunks_exact(size).zip(other.chunks_exact(their_size)) {
        if !vm.compare_bool(CompareOp::Eq, &format::unpack(vm, a, x)?, &format::unpack(vm, b, y)?)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn shape_of(vm: &Vm, shape: &Value) -> PyResult<Vec<usize>> {
    let items = if let Some(list) = shape.downcast::<List>() {
        list.snapshot()
    } else if let Some(tuple) = shape.downcast::<Tuple>() {
        tuple.items().to_vec()
    } else {
        return Err(vm.type_error("shape must be a list or a tuple"));
    };
    let mut lengths = Vec::with_capacity(items.len());
    for item in items {
        if !int::is_int(&item) {
            return Err(vm.type_error("memoryview.cast(): elements of shape must be integers"));
        }
        match int::index_i64(vm, &item)? {
            Some(len @ 1..) => lengths.push(len as usize),
            _ => return Err(vm.value_error("memoryview.cast(): elements of shape must be integers > 0")),
        }
    }
    Ok(lengths)
}

fn cast(vm: &Vm, layout: &BufferLayout, wanted: &str, shape: Option<&Value>) -> PyResult<BufferLayout> {
    if !is_contiguous(layout) {
        return Err(vm.type_error("memoryview: casts are restricted to C-contiguous views"));
    }
    if shape.is_some() && layout.shape.len() != 1 {
        return Err(vm.type_error("memoryview: cast must be 1D -> ND or ND -> 1D"));
    }
    if shape.is_none() && layout.shape.len() != 1 && layout.shape.contains(&0) {
        return Err(vm.type_error("memoryview: cannot cast view with zeros in shape or strides"));
    }
    let to = format::code(wanted);
    let Some(size) = to.and_then(format::size) else {
        return Err(vm.value_error(
            "memoryview: destination format must be a native single character format prefixed with an optional '@'",
        ));
    };
    if !format::is_byte(format::code(&layout.format)) && !format::is_byte(to) {
        return Err(vm.type_error("memoryview: cannot cast between two non-byte formats"));
    }
    let total = byte_count(layout);
    if !total.is_multiple_of(size) {
        return Err(vm.type_error("memoryview: length is not a multiple of itemsize"));
    }
    let shape = match shape {
        Some(shape) => shape_of(vm, shape)?,
        None => vec![total / size],
    };
    let product = shape.iter().try_fold(size, |product, &len| product.checked_mul(len));
    if product != Some(total) {
        return Err(vm.type_error("memoryview: product(shape) * itemsize != buffer size"));
    }
    let strides = contiguous_strides(&shape, size);
    Ok(BufferLayout {
        format: wanted.to_owned(),
        itemsize: size,
        readonly: layout.readonly,
        shape,
        strides,
        offset: layout.offset,
    })
}

fn read_only(vm: &Vm) -> Raised {
    vm.type_error("cannot modify read-only memory")
}

impl MemoryView {
    fn ready(_: &Vm, class: &Obj<Type>) -> PyResult<()> {
        class.slots.buffer_write.set(Some(|vm, value, write| {
            let Some(view) = value.downcast::<MemoryView>() else { return Ok(()) };
            let layout = view.layout(vm)?;
            if layout.readonly || !is_contiguous(&layout) {
                return Err(vm.buffer_error("memoryview: underlying buffer is not writable"));
            }
            let range = layout.offset..layout.offset + byte_count(&layout);
            buffer::with_bytes_mut(vm, &view.exporter(vm)?, |memory| {
                if let Some(memory) = memory.get_mut(range) {
                    write(memory);
                }
            })
        }));
        class.slots.buffer_export.set(Some(|vm, value| {
            let Some(view) = value.downcast::<MemoryView>() else { return Err(vm.buffer_error("not a memoryview")) };
            let layout = view.layout(vm)?;
            let pin = view.state.0.borrow().as_ref().map(|(_, pin)| pin.clone()).unwrap_or_default();
            let strides = contiguous_strides(&layout.shape, layout.itemsize);
            Ok((BufferLayout { strides, offset: 0, ..(*layout).clone() }, pin))
        }));
        Ok(())
    }
}

/// memoryview(object)
/// --
///
/// Create a new memoryview object which references the given object.
#[pytype(name = "memoryview", flags = SEQUENCE, ready = Self::ready)]
impl MemoryView {
    #[slot(new, sig = "object")]
    fn make_instance(class: &Obj<Type>, vm: &Vm, object: &Value) -> PyResult<Ref<MemoryView>> {
        let _ = class;
        MemoryView::new(vm, object)
    }

    #[slot]
    fn repr(this: &Obj<MemoryView>) -> String {
        let released = if this.object.is_empty() { "released " } else { "" };
        format!("<{released}memory at {:#x}>", this.header().address())
    }

    #[slot(hash)]
    fn hash_slot(this: &Obj<MemoryView>, vm: &Vm) -> PyResult<i64> {
        if this.hash.get() != -1 {
            return Ok(this.hash.get());
        }
        let layout = this.layout(vm)?;
        if !layout.readonly {
            return Err(vm.value_error("cannot hash writable memoryview object"));
        }
        if !format::is_byte(format::code(&layout.format)) {
            return Err(vm.value_error("memoryview: hashing is restricted to formats 'B', 'b' or 'c'"));
        }
        this.in_use(|| vm.hash(&this.object().unwrap_or(NONE)))?;
        let hash = vm.interp().hash_key.hash_bytes(&this.to_vec(vm)?);
        this.hash.set(hash);
        Ok(hash)
    }

    #[slot]
    fn compare(this: &Obj<MemoryView>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        let negate = match op {
            CompareOp::Eq => false,
            CompareOp::Ne => true,
            _ => return Ok(NOT_IMPLEMENTED),
        };
        let released = |value: &Value| value.downcast::<MemoryView>().is_some_and(|view| view.object.is_empty());
        if this.object.is_empty() || released(other) {
            return Ok(boolean(this.is(other) != negate));
        }
        if !buffer::is_buffer(vm, other) {
            return Ok(NOT_IMPLEMENTED);
        }
        Ok(boolean(equal(vm, this, other)? != negate))
    }

    #[slot]
    fn len(this: &Obj<MemoryView>, vm: &Vm) -> PyResult<usize> {
        let layout = this.layout(vm)?;
        layout.shape.first().copied().ok_or_else(|| vm.type_error("0-dim memory has no length"))
    }

    #[slot]
    fn getitem(this: &Obj<MemoryView>, vm: &Vm, key: &Value) -> PyResult<Value> {
        let layout = this.layout(vm)?;
        // The bounds of a slice may be found by Python code that releases this view; the part's own hold on the memory comes before.
        let length = layout.shape.first().copied().unwrap_or(0);
        let asks = key.downcast::<Slice>().is_some_and(|slice| slice.plain_range(length).is_none());
        let whole = if asks { Some(this.derive(vm, (*layout).clone())?) } else { None };
        match (select(vm, &layout, key)?, whole) {
            (Selected::Item(at), _) => this.item(vm, &layout, at),
            (Selected::View(part), Some(whole)) => Ok(whole.derive(vm, part)?.into()),
            (Selected::View(part), None) => Ok(this.derive(vm, part)?.into()),
        }
    }

    #[slot]
    fn iter(this: &Obj<MemoryView>, vm: &Vm) -> PyResult<Value> {
        this.layout(vm)?;
        iterator::sequence_iterator(vm, &this.to_value())
    }

    #[slot]
    fn setitem(this: &Obj<MemoryView>, vm: &Vm, key: &Value, value: Option<&Value>) -> PyResult<()> {
        let layout = this.layout(vm)?;
        if layout.readonly {
            return Err(read_only(vm));
        }
        let Some(value) = value else { return Err(vm.type_error("cannot delete memory")) };
        match select(vm, &layout, key)? {
            Selected::Item(at) => {
                let data = format::pack(vm, MemoryView::code(vm, &layout)?, value)?;
                this.write(vm, &[at], layout.itemsize, &data)
            }
            Selected::View(part) => assign_view(vm, this, &part, value),
        }
    }

    #[slot]
    fn buffer(this: &Obj<MemoryView>, vm: &Vm, read: &mut dyn FnMut(&[u8])) -> PyResult<()> {
        let layout = this.layout(vm)?;
        buffer::with_bytes(vm, &this.exporter(vm)?, |memory| {
            let range = layout.offset..layout.offset + byte_count(&layout);
            match memory.get(range) {
                Some(part) if is_contiguous(&layout) => read(part),
                _ => read(&flatten(&layout, memory)),
            }
        })
    }

    /// Return the data in the buffer as a byte string.
    #[method(sig = "order='C'")]
    fn tobytes(this: &Obj<MemoryView>, vm: &Vm, order: Option<&Value>) -> PyResult<Ref<Bytes>> {
        let order = order.filter(|order| !crate::builtins::is_none(order));
        let order = order.map_or_else(|| "C".to_owned(), Str::display);
        let layout = this.layout(vm)?;
        match order.as_str() {
            "C" | "A" => Bytes::new(vm, &this.to_vec(vm)?),
            "F" => {
                let mut turned = (*layout).clone();
                turned.shape.reverse();
                turned.strides.reverse();
                Bytes::new(vm, &this.derive(vm, turned)?.to_vec(vm)?)
            }
            _ => Err(vm.value_error("order must be 'C', 'F' or 'A'")),
        }
    }

    /// Return the data in the buffer as a list of elements.
    #[method]
    fn tolist(this: &Obj<MemoryView>, vm: &Vm) -> PyResult<Value> {
        this.to_list(vm)
    }

    /// Return the data in the buffer as a str of hexadecimal numbers.
    #[method(sig = "sep=None, bytes_per_sep=1")]
    fn hex(this: &Obj<MemoryView>, vm: &Vm, sep: Option<&Value>, bytes_per_sep: i32) -> PyResult<String> {
        let data = this.to_vec(vm)?;
        this.in_use(|| algorithms::hex(vm, &data, sep, bytes_per_sep))
    }

    /// Cast a memoryview to a new format or shape.
    #[method(sig = "format, shape=None")]
    fn cast(this: &Obj<MemoryView>, vm: &Vm, format: &Obj<Str>, shape: Option<&Value>) -> PyResult<Ref<MemoryView>> {
        let layout = this.layout(vm)?;
        this.derive(vm, cast(vm, &layout, &format.to_lossy(), shape)?)
    }

    #[classmethod(sig = "object, flags")]
    fn _from_flags(_class: &Value, vm: &Vm, object: &Value, flags: i32) -> PyResult<Ref<MemoryView>> {
        MemoryView::from_flags(vm, object, flags.into())
    }

    /// Return a readonly version of the memoryview.
    #[method]
    fn toreadonly(this: &Obj<MemoryView>, vm: &Vm) -> PyResult<Ref<MemoryView>> {
        let layout = this.layout(vm)?;
        this.derive(vm, BufferLayout { readonly: true, ..(*layout).clone() })
    }

    /// Release the underlying buffer exposed by the memoryview object.
    #[method(name = "release")]
    fn release_method(this: &Obj<MemoryView>, vm: &Vm) -> PyResult<()> {
        this.try_release(vm)
    }

    #[method]
    fn __enter__(this: &Obj<MemoryView>, vm: &Vm) -> PyResult<Value> {
        this.layout(vm)?;
        Ok(this.to_value())
    }

    #[method]
    fn __exit__(this: &Obj<MemoryView>, vm: &Vm, _exc_info: Rest<'_>) -> PyResult<()> {
        this.try_release(vm)
    }

    /// Count the number of occurrences of a value.
    #[method(sig = "value, /")]
    fn count(this: &Obj<MemoryView>, vm: &Vm, value: &Value) -> PyResult<usize> {
        let mut count = 0;
        for item in vm.collect(&this.to_list(vm)?)? {
            count += usize::from(vm.is_equal(&item, value)?);
        }
        Ok(count)
    }

    /// Return the index of the first occurrence of a value; raise ValueError if there is none.
    #[method(sig = "value, start=0, stop=sys.maxsize, /")]
    fn index(
        this: &Obj<MemoryView>,
        vm: &Vm,
        value: &Value,
        start: Option<&Value>,
        stop: Option<&Value>,
    ) -> PyResult<usize> {
        let start = start.map_or(Ok(0), |start| bound(vm, start))?;
        let stop = stop.map_or(Ok(i64::MAX), |stop| bound(vm, stop))?;
        let items = vm.collect(&this.to_list(vm)?)?;
        let (first, behind) = (clamp(start, items.len()), clamp(stop, items.len()));
        for (at, item) in items.iter().enumerate().take(behind).skip(first) {
            if vm.is_equal(item, value)? {
                return Ok(at);
            }
        }
        Err(vm.value_error("memoryview.index(x): x not found"))
    }

    /// memoryviews are generic over the type of their underlying data
    #[classmethod(sig = "object, /")]
    fn __class_getitem__(class: &Obj<Type>, vm: &Vm, object: &Value) -> PyResult<Value> {
        GenericAlias::make(vm, &class.to_value(), object)
    }

    /// The underlying object of the memoryview.
    #[getter]
    fn obj(this: &Obj<MemoryView>, vm: &Vm) -> PyResult<Value> {
        this.object().ok_or_else(|| MemoryView::released(vm))
    }

    /// The amount of space in bytes that the items would use in a contiguous representation.
    #[getter]
    fn nbytes(this: &Obj<MemoryView>, vm: &Vm) -> PyResult<usize> {
        Ok(byte_count(&*this.layout(vm)?))
    }

    /// The size in bytes of each element.
    #[getter]
    fn itemsize(this: &Obj<MemoryView>, vm: &Vm) -> PyResult<usize> {
        Ok(this.layout(vm)?.itemsize)
    }

    /// The format of each element, as in the struct module.
    #[getter]
    fn format(this: &Obj<MemoryView>, vm: &Vm) -> PyResult<String> {
        Ok(this.layout(vm)?.format.clone())
    }

    /// How many dimensions of a multi-dimensional array the memory represents.
    #[getter]
    fn ndim(this: &Obj<MemoryView>, vm: &Vm) -> PyResult<usize> {
        Ok(this.layout(vm)?.shape.len())
    }

    /// The shape of the memory as an N-dimensional array.
    #[getter]
    fn shape(this: &Obj<MemoryView>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        numbers(vm, this.layout(vm)?.shape.iter().map(|&len| len as i64))
    }

    /// The sizes in bytes to access each element of each dimension.
    #[getter]
    fn strides(this: &Obj<MemoryView>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        numbers(vm, this.layout(vm)?.strides.iter().map(|&stride| stride as i64))
    }

    /// Used internally for arrays of pointers; always empty.
    #[getter]
    fn suboffsets(this: &Obj<MemoryView>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        this.layout(vm)?;
        numbers(vm, std::iter::empty())
    }

    /// Whether the memory is read only.
    #[getter]
    fn readonly(this: &Obj<MemoryView>, vm: &Vm) -> PyResult<bool> {
        Ok(this.layout(vm)?.readonly)
    }

    /// Whether the memory is C contiguous.
    #[getter]
    fn c_contiguous(this: &Obj<MemoryView>, vm: &Vm) -> PyResult<bool> {
        Ok(is_contiguous(&*this.layout(vm)?))
    }

    /// Whether the memory is Fortran contiguous.
    #[getter]
    fn f_contiguous(this: &Obj<MemoryView>, vm: &Vm) -> PyResult<bool> {
        Ok(is_fortran_contiguous(&*this.layout(vm)?))
    }

    /// Whether the memory is contiguous.
    #[getter]
    fn contiguous(this: &Obj<MemoryView>, vm: &Vm) -> PyResult<bool> {
        let layout = this.layout(vm)?;
        Ok(is_contiguous(&layout) || is_fortran_contiguous(&layout))
    }
}
