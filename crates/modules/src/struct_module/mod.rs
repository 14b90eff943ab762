//! `_struct`: values packed into bytes by a format, and read back.
//!
//! Invariant: a compiled format never changes; bytes are written only after all of them have been made.

mod convert;
mod format;

pub use module::spec;

use format::Format;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_macros::{pymodule, pytype};
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{buffer, int};
use taipan_objects::native::{Args, FuncArgs, Rest};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// The exception class, and formats compiled before.
#[derive(Default)]
struct State {
    error: OnceCell<Ref<Type>>,
    formats: RefCell<HashMap<Box<[u8]>, Rc<Format>>>,
    /// The strs that were asked for last, with their formats.
    recent: [RefCell<Option<(Value, Rc<Format>)>>; 8],
}

/// Compiled formats that are kept.
const KEPT: usize = 100;

fn error_class(vm: &Vm) -> PyResult<Ref<Type>> {
    let state = vm.interp().state(State::default);
    if let Some(class) = state.error.get() {
        return Ok(class.clone());
    }
    let class = crate::exception_class::exception_class(vm, "struct", "error", &vm.types().exception)?;
    Ok(state.error.get_or_init(|| class).clone())
}

/// Raises `struct.error`.
#[cold]
fn struct_error(vm: &Vm, message: &str) -> Raised {
    match error_class(vm) {
        Ok(class) => vm.raise_new(&class, message),
        Err(raised) => raised,
    }
}

/// The compiled format of a str or bytes.
fn compiled(vm: &Vm, value: &Value) -> PyResult<Rc<Format>> {
    let state = vm.interp().state(State::default);
    let recent = &state.recent[(value.bits() >> 5) as usize % state.recent.len()];
    if let Some((text, format)) = &*recent.borrow()
        && text.is(value)
    {
        return Ok(format.clone());
    }
    let format = looked_up(vm, value, &state)?;
    if value.downcast_exact::<Str>().is_some() {
        let old = recent.replace(Some((value.clone(), format.clone())));
        drop(old);
    }
    Ok(format)
}

fn looked_up(vm: &Vm, value: &Value, state: &State) -> PyResult<Rc<Format>> {
    let text = match (value.downcast::<Str>(), value.downcast::<Bytes>()) {
        (Some(text), _) => match text.as_ascii() {
            Some(text) => text.as_bytes().to_vec(),
            None => taipan_objects::codecs::encode(vm, text, "ascii", "strict")?.bytes().to_vec(),
        },
        (None, Some(bytes)) => bytes.bytes().to_vec(),
        (None, None) => {
            let given = vm.type_name(value);
            return Err(vm.type_error(format!("Struct() argument 1 must be a str or bytes object, not {given}")));
        }
    };
    if let Some(format) = state.formats.borrow().get(&text[..]) {
        return Ok(format.clone());
    }
    // No field is described by less than a byte.
    let charge = vm.charge(text.len() * size_of::<format::Field>())?;
    let mut format = format::compile(&text).map_err(|message| struct_error(vm, message))?;
    vm.recharge(&charge, format.fields.capacity() * size_of::<format::Field>() + text.len())?;
    format.charge = charge;
    let format = Rc::new(format);
    let mut formats = state.formats.borrow_mut();
    if formats.len() >= KEPT {
        formats.clear();
    }
    formats.insert(text.into_boxed_slice(), format.clone());
    Ok(format)
}

fn pack_values(vm: &Vm, format: &Format, values: &[Value]) -> PyResult<Vec<u8>> {
    if values.len() != format.values {
        let (wanted, given) = (format.values, values.len());
        return Err(struct_error(vm, &format!("pack expected {wanted} items for packing (got {given})")));
    }
    convert::pack_all(vm, format, values)
}

fn pack_bytes(vm: &Vm, format: &Format, values: &[Value]) -> PyResult<Ref<Bytes>> {
    Bytes::new(vm, &pack_values(vm, format, values)?)
}

fn pack_into_buffer(vm: &Vm, format: &Format, target: &Value, rest: &[Value]) -> PyResult<()> {
    let Some((offset, values)) = rest.split_first() else {
        return Err(struct_error(vm, "pack_into expected offset argument"));
    };
    if values.len() != format.values {
        let (wanted, given) = (format.values, values.len());
        return Err(struct_error(vm, &format!("pack_into expected {wanted} items for packing (got {given})")));
    }
    if vm.class_of(target).slots.buffer_write.get().is_none() {
        let given = vm.type_name(target);
        return Err(vm.type_error(format!("argument must be read-write bytes-like object, not {given}")));
    }
    let len = buffer::with_bytes_mut(vm, target, |bytes| bytes.len());
    let Some(len) = vm.catch(len, &vm.types().buffer_error)? else {
        let given = vm.type_name(target);
        return Err(vm.type_error(format!("argument must be read-write bytes-like object, not {given}")));
    };
    let Some(given) = int::index_i64(vm, offset)? else {
        return Err(vm.index_error("cannot fit 'int' into an index-sized integer"));
    };
    let size = format.size;
    let mut start = given;
    if start < 0 {
        if start.saturating_add(size as i64) > 0 {
            return Err(struct_error(vm, &format!("no space to pack {size} bytes at offset {start}")));
        }
        start += len as i64;
        if start < 0 {
            return Err(struct_error(vm, &format!("offset {given} out of range for {len}-byte buffer")));
        }
    }
    let start = start as usize;
    if len.saturating_sub(start) < size || start > len {
        let needed = start.saturating_add(size);
        return Err(struct_error(
            vm,
            &format!(
                "pack_into requires a buffer of at least {needed} bytes for packing {size} bytes at offset {start} \
                 (actual buffer size is {len})"
            ),
        ));
    }
    let bytes = convert::pack_all(vm, format, values)?;
    buffer::with_bytes_mut(vm, target, |place| {
        if let Some(place) = place.get_mut(start..start + size) {
            place.copy_from_slice(&bytes);
        }
    })
}

fn unpack_buffer(vm: &Vm, format: &Format, source: &Value) -> PyResult<Ref<Tuple>> {
    let bytes = buffer::bytes_of(vm, source)?;
    if bytes.len() != format.size {
        return Err(struct_error(vm, &format!("unpack requires a buffer of {} bytes", format.size)));
    }
    convert::unpack(vm, format, &bytes)
}

fn unpack_at(vm: &Vm, format: &Format, source: &Value, offset: isize) -> PyResult<Ref<Tuple>> {
    let size = format.size;
    let copy = |bytes: &[u8]| {
        let start = if offset < 0 { offset.saturating_add_unsigned(bytes.len()) } else { offset };
        let start = usize::try_from(start).ok();
        let place = start.and_then(|start| bytes.get(start..start.saturating_add(size)));
        (bytes.len(), place.filter(|_| offset >= 0 || offset.unsigned_abs() >= size).map(Copied::of))
    };
    let (len, place) = buffer::with_bytes(vm, source, copy)?;
    if let Some(place) = place {
        return convert::unpack(vm, format, place.bytes());
    }
    let mut start = offset as i64;
    if start < 0 {
        if start.saturating_add(size as i64) > 0 {
            return Err(struct_error(vm, &format!("not enough data to unpack {size} bytes at offset {start}")));
        }
        start += len as i64;
        if start < 0 {
            return Err(struct_error(vm, &format!("offset {offset} out of range for {len}-byte buffer")));
        }
    }
    let start = start as usize;
    Err(struct_error(
        vm,
        &format!(
            "unpack_from requires a buffer of at least {} bytes for unpacking {size} bytes at offset {start} \
             (actual buffer size is {len})",
            start.saturating_add(size)
        ),
    ))
}

/// Bytes taken out of a buffer that may change.
enum Copied {
    Short([u8; 32], usize),
    Long(Vec<u8>),
}

impl Copied {
    fn of(bytes: &[u8]) -> Copied {
        let mut short = [0; 32];
        match short.get_mut(..bytes.len()) {
            Some(place) => {
                place.copy_from_slice(bytes);
                Copied::Short(short, bytes.len())
            }
            None => Copied::Long(bytes.to_vec()),
        }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Copied::Short(bytes, len) => &bytes[..*len],
            Copied::Long(bytes) => bytes,
        }
    }
}

fn unpack_each(vm: &Vm, format: Rc<Format>, source: &Value) -> PyResult<Value> {
    if format.size == 0 {
        return Err(struct_error(vm, "cannot iteratively unpack with a struct of length 0"));
    }
    let len = buffer::with_bytes(vm, source, <[u8]>::len)?;
    if len % format.size != 0 {
        let size = format.size;
        let message = format!("iterative unpacking requires a buffer of a multiple of {size} bytes");
        return Err(struct_error(vm, &message));
    }
    let payload =
        UnpackIterator { format: Shared(format), source: Slot::new(Some(source.clone())), offset: Cell::new(0) };
    Ok(vm.alloc(&*vm.native_type(UnpackIterator::spec())?, payload)?.into())
}

/// A format shared with the table of compiled ones.
struct Shared(Rc<Format>);
taipan_heap::no_references!(Shared);

/// `unpack_iterator`
#[derive(Payload)]
#[payload(name = "unpack_iterator")]
pub struct UnpackIterator {
    format: Shared,
    source: Slot,
    offset: Cell<usize>,
}

#[pytype(name = "unpack_iterator", module = "_struct", flags = DISALLOW_INSTANTIATION)]
impl UnpackIterator {
    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<UnpackIterator>, vm: &Vm) -> PyResult<Option<Value>> {
        let Some(source) = this.source.get() else { return Ok(None) };
        let (start, size) = (this.offset.get(), this.format.0.size);
        let place = buffer::with_bytes(vm, &source, |bytes| bytes.get(start..start + size).map(Copied::of))?;
        let Some(place) = place else {
            this.source.set(None);
            return Ok(None);
        };
        this.offset.set(start + size);
        Ok(Some(convert::unpack(vm, &this.format.0, place.bytes())?.into()))
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(this: &Obj<UnpackIterator>, vm: &Vm) -> PyResult<usize> {
        let Some(source) = this.source.get() else { return Ok(0) };
        let len = buffer::with_bytes(vm, &source, <[u8]>::len)?;
        Ok(len.saturating_sub(this.offset.get()) / this.format.0.size.max(1))
    }
}

/// `Struct`
#[derive(Payload)]
#[payload(name = "Struct")]
pub struct Struct {
    format: RefCell<Option<Shared>>,
    text: Slot,
}

impl Struct {
    fn compiled(&self, vm: &Vm) -> PyResult<Rc<Format>> {
        match &*self.format.borrow() {
            Some(format) => Ok(format.0.clone()),
            None => Err(vm.runtime_error("Struct object is not initialized")),
        }
    }
}

/// Struct(fmt) --> compiled struct object
#[pytype(name = "Struct", module = "_struct", flags = BASETYPE)]
impl Struct {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = args;
        Ok(vm.alloc_instance(class, Struct { format: RefCell::default(), text: Slot::default() })?.into())
    }

    #[slot(sig = "format")]
    fn init(this: &Obj<Struct>, vm: &Vm, format: &Value) -> PyResult<()> {
        let compiled = compiled(vm, format)?;
        let text = match format.downcast::<Bytes>() {
            Some(bytes) => Str::from_latin1(vm, bytes.bytes())?.into(),
            None => format.clone(),
        };
        *this.format.borrow_mut() = Some(Shared(compiled));
        this.text.set(Some(text));
        Ok(())
    }

    #[slot]
    fn repr(this: &Obj<Struct>, vm: &Vm) -> PyResult<String> {
        this.compiled(vm)?;
        let text = this.text.get().map_or(Ok(None), |text| vm.repr(&text).map(Some))?;
        let name = vm.class_of(&this.to_value()).name();
        Ok(format!("{name}({})", text.map_or(String::new(), |text| text.to_lossy().into_owned())))
    }

    /// Return a bytes object containing values packed according to the format string.
    #[method]
    fn pack(this: &Obj<Struct>, vm: &Vm, values: Rest<'_>) -> PyResult<Ref<Bytes>> {
        pack_bytes(vm, &*this.compiled(vm)?, values.0)
    }

    /// Pack values according to the format string and write the packed bytes into the writable buffer from the offset.
    #[method]
    fn pack_into(this: &Obj<Struct>, vm: &Vm, buffer: &Value, values: Rest<'_>) -> PyResult<()> {
        pack_into_buffer(vm, &*this.compiled(vm)?, buffer, values.0)
    }

    /// Return a tuple containing unpacked values.
    ///
    /// Unpack according to the format string Struct.format. The buffer's size
    /// in bytes must be Struct.size.
    #[method(sig = "buffer, /")]
    fn unpack(this: &Obj<Struct>, vm: &Vm, buffer: &Value) -> PyResult<Ref<Tuple>> {
        unpack_buffer(vm, &*this.compiled(vm)?, buffer)
    }

    /// Return a tuple containing unpacked values.
    ///
    /// Values are unpacked according to the format string Struct.format.
    #[method(sig = "buffer, offset=0")]
    fn unpack_from(this: &Obj<Struct>, vm: &Vm, buffer: &Value, offset: isize) -> PyResult<Ref<Tuple>> {
        unpack_at(vm, &*this.compiled(vm)?, buffer, offset)
    }

    /// Return an iterator yielding tuples.
    ///
    /// Tuples are unpacked from the given bytes source, like a repeated invocation of unpack_from().
    #[method(sig = "buffer, /")]
    fn iter_unpack(this: &Obj<Struct>, vm: &Vm, buffer: &Value) -> PyResult<Value> {
        unpack_each(vm, this.compiled(vm)?, buffer)
    }

    /// struct format string
    #[getter]
    fn format(this: &Obj<Struct>, vm: &Vm) -> PyResult<Value> {
        this.compiled(vm)?;
        this.text.get().ok_or_else(|| vm.runtime_error("Struct object is not initialized"))
    }

    /// struct size in bytes
    #[getter]
    fn size(this: &Obj<Struct>) -> i64 {
        this.format.borrow().as_ref().map_or(-1, |format| format.0.size as i64)
    }

    /// S.__sizeof__() -> size of S in memory, in bytes
    #[method]
    fn __sizeof__(this: &Obj<Struct>, vm: &Vm) -> PyResult<usize> {
        let fields = this.compiled(vm)?.values;
        Ok(16 + size_of::<Struct>() + size_of::<Format>() + fields * 16)
    }
}

/// Functions to convert between Python values and C structs.
/// Python bytes objects are used to hold the data representing the C struct
/// and also as format strings (explained below) to describe the layout of data
/// in the C struct.
#[pymodule(name = "_struct", types(Struct), init = fill)]
mod module {
    use super::*;

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        module.set_attr(vm, "error", error_class(vm)?.into())
    }

    /// Clear the internal cache.
    #[function]
    fn _clearcache(vm: &Vm) {
        let state = vm.interp().state(State::default);
        state.formats.borrow_mut().clear();
        state.recent.iter().for_each(|recent| drop(recent.take()));
    }

    /// Return size in bytes of the struct described by the format string.
    #[function]
    fn calcsize(vm: &Vm, format: &Value) -> PyResult<usize> {
        Ok(compiled(vm, format)?.size)
    }

    /// Return a bytes object containing the values v1, v2, ... packed according to the format string.
    #[function]
    fn pack(vm: &Vm, args: FuncArgs<'_>) -> PyResult<Ref<Bytes>> {
        args.0.no_keywords(vm, "pack")?;
        match args.0.values.split_first() {
            Some((format, values)) => pack_bytes(vm, &*compiled(vm, format)?, values),
            None => Err(vm.type_error("missing format argument")),
        }
    }

    /// Pack the values v1, v2, ... according to the format string and write the packed bytes into the writable buffer from the offset.
    #[function]
    fn pack_into(vm: &Vm, args: FuncArgs<'_>) -> PyResult<()> {
        args.0.no_keywords(vm, "pack_into")?;
        match args.0.values {
            [format, buffer, rest @ ..] => pack_into_buffer(vm, &*compiled(vm, format)?, buffer, rest),
            [_] => Err(struct_error(vm, "pack_into expected buffer argument")),
            [] => Err(vm.type_error("missing format argument")),
        }
    }

    /// Return a tuple containing values unpacked according to the format string.
    ///
    /// The buffer's size in bytes must be calcsize(format).
    #[function]
    fn unpack(vm: &Vm, format: &Value, buffer: &Value) -> PyResult<Ref<Tuple>> {
        unpack_buffer(vm, &*compiled(vm, format)?, buffer)
    }

    /// Return a tuple containing values unpacked according to the format string.
    ///
    /// The buffer's size, minus offset, must be at least calcsize(format).
    #[function(sig = "format, /, buffer, offset=0")]
    fn unpack_from(vm: &Vm, format: &Value, buffer: &Value, offset: isize) -> PyResult<Ref<Tuple>> {
        unpack_at(vm, &*compiled(vm, format)?, buffer, offset)
    }

    /// Return an iterator yielding tuples unpacked from the given bytes source.
    #[function]
    fn iter_unpack(vm: &Vm, format: &Value, buffer: &Value) -> PyResult<Value> {
        unpack_each(vm, compiled(vm, format)?, buffer)
    }
}
