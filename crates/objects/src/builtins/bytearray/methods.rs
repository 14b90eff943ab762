//! The methods and slots of `bytearray`.
//!
//! Invariant: algorithms run on a snapshot, or on the array itself where no Python code runs; while arguments are read that may run some, a pin
//! keeps the array's size. The array is changed in one go at the end.

use super::{ByteArray, ByteArrayIterator};
use crate::builtins::bytes::algorithms::{self, Side, byte, every};
use crate::builtins::bytes::{Bytes, constructor, methods::compare_bytes};
use crate::builtins::list::List;
use crate::builtins::slice::{Span, Subscript, bad_subscript, position, subscript};
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::builtins::{NOT_IMPLEMENTED, buffer};
use crate::native::Args;
use crate::types::{CompareOp, Type};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Ref, Value};
use taipan_macros::pytype;

fn make(vm: &Vm, data: &[u8]) -> PyResult<Value> {
    Ok(ByteArray::new(vm, data)?.into())
}

/// The bytes that may be assigned to a slice or appended.
fn source(vm: &Vm, value: &Value) -> PyResult<Vec<u8>> {
    const WANTED: &str = "can assign only bytes, buffers, or iterables of ints in range(0, 256)";
    if buffer::is_buffer(vm, value) {
        return buffer::to_vec(vm, value);
    }
    if value.downcast::<Str>().is_some() || crate::builtins::int::is_int(value) {
        return Err(vm.type_error(WANTED));
    }
    let slots = &vm.class_of(value).slots;
    if slots.iter.get().is_none() && slots.getitem.get().is_none() {
        return Err(vm.type_error(WANTED));
    }
    constructor::from_iterable(vm, value, "byte")
}

fn set_span(vm: &Vm, this: &Obj<ByteArray>, span: Span, with: Option<&[u8]>) -> PyResult<()> {
    let mut data = this.snapshot();
    if span.step == 1 {
        let start = span.start.max(0) as usize;
        let end = span.stop.max(span.start).max(0) as usize;
        return this.splice(vm, start.min(data.len())..end.min(data.len()).max(start), with.unwrap_or(&[]));
    }
    match with {
        None => {
            let mut gone = vec![false; data.len()];
            span.positions().for_each(|at| gone[at] = true);
            let mut at = 0;
            data.retain(|_| {
                at += 1;
                !gone[at - 1]
            });
            this.set_content(vm, &data)
        }
        Some([]) => set_span(vm, this, span, None),
        Some(with) if with.len() != span.len => {
            let (size, wanted) = (with.len(), span.len);
            Err(vm.value_error(format!("attempt to assign bytes of size {size} to extended slice of size {wanted}")))
        }
        Some(with) => {
            for (at, &byte) in span.positions().zip(with) {
                data[at] = byte;
            }
            this.set_content(vm, &data)
        }
    }
}

/// bytearray(iterable_of_ints) -> bytearray
/// bytearray(string, encoding[, errors]) -> bytearray
/// bytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer
/// bytearray(int) -> bytes array of size given by the parameter initialized with null bytes
/// bytearray() -> empty bytes array
#[pytype(name = "bytearray", flags = BASETYPE | MATCH_SELF, ready = Self::ready)]
impl ByteArray {
    #[slot(new)]
    fn make_instance(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = args;
        Ok(ByteArray::new_instance(vm, class)?.into())
    }

    #[slot]
    fn init(this: &Obj<ByteArray>, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        let given = constructor::bind(vm, "bytearray", args)?;
        let data = constructor::read(vm, "bytearray", given)?;
        this.set_content(vm, &data)
    }

    #[slot(repr, str)]
    fn shown(this: &Value, vm: &Vm) -> PyResult<Value> {
        let name = vm.type_name(this);
        let Some(array) = this.downcast::<ByteArray>() else { return Err(vm.bad_self("__repr__", "bytearray", this)) };
        let mut quoted = String::new();
        array.with(|data| taipan_text::bytes_repr_quoted(data, &mut quoted));
        if quoted.starts_with('"') {
            // Unlike in the repr of bytes, apostrophes are escaped between double quotes too.
            quoted = quoted.replace('\'', "\\'");
        }
        let text = format!("{name}(b{quoted})");
        Ok(Str::new(vm, &text)?.into())
    }

    #[slot]
    fn compare(this: &Obj<ByteArray>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        compare_bytes(vm, &this.snapshot(), other, op)
    }

    #[slot(len)]
    fn len_slot(this: &Obj<ByteArray>) -> PyResult<usize> {
        Ok(this.len())
    }

    #[slot]
    fn getitem(this: &Obj<ByteArray>, vm: &Vm, key: &Value) -> PyResult<Value> {
        match subscript(vm, key)? {
            Some(Subscript::Index(index)) => {
                let found = this.with(|data| position(index, data.len()).map(|at| data[at]));
                match found {
                    Some(byte) => Ok(Value::small_int(i32::from(byte))),
                    None => Err(vm.index_error("bytearray index out of range")),
                }
            }
            Some(Subscript::Slice(steps)) => {
                let picked: Vec<u8> = this.with(|data| {
                    let span = steps.over(data.len());
                    match span.as_range() {
                        Some(range) => data[range].to_vec(),
                        None => span.positions().map(|at| data[at]).collect(),
                    }
                });
                make(vm, &picked)
            }
            None => Err(bad_subscript(vm, "bytearray", key)),
        }
    }

    #[slot]
    fn setitem(this: &Obj<ByteArray>, vm: &Vm, key: &Value, value: Option<&Value>) -> PyResult<()> {
        match subscript(vm, key)? {
            Some(Subscript::Index(index)) => {
                let new = value.map(|value| byte(vm, value, "byte")).transpose()?;
                let Some(at) = position(index, this.len()) else {
                    return Err(vm.index_error("bytearray index out of range"));
                };
                match new {
                    Some(byte) => this.splice(vm, at..at + 1, &[byte]),
                    None => this.splice(vm, at..at + 1, &[]),
                }
            }
            Some(Subscript::Slice(steps)) => {
                let with = value.map(|value| source(vm, value)).transpose()?;
                set_span(vm, this, steps.over(this.len()), with.as_deref())
            }
            None => Err(bad_subscript(vm, "bytearray", key)),
        }
    }

    #[slot]
    fn iter(this: &Value, vm: &Vm) -> PyResult<Value> {
        ByteArrayIterator::over(vm, this)
    }

    #[slot]
    fn contains(this: &Obj<ByteArray>, vm: &Vm, item: &Value) -> PyResult<bool> {
        let _pin = this.exports.pin();
        let item = algorithms::member(vm, item)?;
        Ok(this.with(|data| algorithms::holds(data, &item)))
    }

    #[slot]
    fn concat(this: &Obj<ByteArray>, vm: &Vm, other: &Value) -> PyResult<Ref<ByteArray>> {
        if !buffer::is_buffer(vm, other) {
            let given = vm.type_name(other);
            return Err(vm.type_error(format!("can't concat {given} to bytearray")));
        }
        let tail = buffer::to_vec(vm, other)?;
        let made = ByteArray::new(vm, &this.snapshot())?;
        made.extend_from_slice(vm, &tail)?;
        Ok(made)
    }

    #[slot]
    fn inplace_concat(this: &Obj<ByteArray>, vm: &Vm, other: &Value) -> PyResult<Value> {
        if !buffer::is_buffer(vm, other) {
            let given = vm.type_name(other);
            return Err(vm.type_error(format!("can't concat {given} to bytearray")));
        }
        let tail = buffer::to_vec(vm, other)?;
        this.extend_from_slice(vm, &tail)?;
        Ok(this.to_value())
    }

    fn repeated(&self, vm: &Vm, count: isize) -> PyResult<Vec<u8>> {
        let count = count.max(0) as usize;
        if self.len().checked_mul(count).is_none_or(|total| total > vm.text_room()) {
            return Err(vm.out_of_memory(taipan_heap::OutOfMemory));
        }
        Ok(self.with(|data| data.repeat(count)))
    }

    #[slot]
    fn repeat(this: &Obj<ByteArray>, vm: &Vm, count: isize) -> PyResult<Ref<ByteArray>> {
        ByteArray::new(vm, &this.repeated(vm, count)?)
    }

    #[slot]
    fn inplace_repeat(this: &Obj<ByteArray>, vm: &Vm, count: isize) -> PyResult<Value> {
        this.set_content(vm, &this.repeated(vm, count)?)?;
        Ok(this.to_value())
    }

    #[slot]
    fn buffer(this: &Obj<ByteArray>, read: &mut dyn FnMut(&[u8])) -> PyResult<()> {
        this.with(read);
        Ok(())
    }

    /// Append a single item to the end of the bytearray.
    #[method(sig = "item, /")]
    fn append(this: &Obj<ByteArray>, vm: &Vm, item: &Value) -> PyResult<()> {
        let byte = byte(vm, item, "byte")?;
        this.extend_from_slice(vm, &[byte])
    }

    /// Append all the items from the iterator or sequence to the end of the bytearray.
    #[method(sig = "iterable_of_ints, /")]
    fn extend(this: &Obj<ByteArray>, vm: &Vm, iterable_of_ints: &Value) -> PyResult<()> {
        let given = vm.type_name(iterable_of_ints);
        if iterable_of_ints.downcast::<Str>().is_some() {
            return Err(vm.type_error(format!("expected iterable of integers; got: '{given}'")));
        }
        let slots = &vm.class_of(iterable_of_ints).slots;
        if slots.buffer.get().is_none() && slots.iter.get().is_none() && slots.getitem.get().is_none() {
            return Err(vm.type_error(format!("can't extend bytearray with {given}")));
        }
        let before = this.len();
        let more = source(vm, iterable_of_ints)?;
        // A buffer's own method may change this array: its bytes go where the end was.
        let at = if buffer::is_buffer(vm, iterable_of_ints) { before.min(this.len()) } else { this.len() };
        this.splice(vm, at..at, &more)
    }

    /// Insert a single item into the bytearray before the given index.
    #[method(sig = "index, item, /")]
    fn insert(this: &Obj<ByteArray>, vm: &Vm, index: isize, item: &Value) -> PyResult<()> {
        let byte = byte(vm, item, "byte")?;
        let at = crate::builtins::slice::clamp(index as i64, this.len());
        this.splice(vm, at..at, &[byte])
    }

    /// Remove and return a single item from the bytearray.
    #[method(sig = "index=-1, /")]
    fn pop(this: &Obj<ByteArray>, vm: &Vm, index: isize) -> PyResult<Value> {
        if this.is_empty() {
            return Err(vm.index_error("pop from empty bytearray"));
        }
        let Some(at) = position(index as i64, this.len()) else {
            return Err(vm.index_error("pop index out of range"));
        };
        this.check_exports(vm)?;
        let byte = this.with(|data| data[at]);
        this.splice(vm, at..at + 1, &[])?;
        Ok(Value::small_int(i32::from(byte)))
    }

    /// Remove the first occurrence of a value in the bytearray.
    #[method(sig = "value, /")]
    fn remove(this: &Obj<ByteArray>, vm: &Vm, value: &Value) -> PyResult<()> {
        let byte = byte(vm, value, "byte")?;
        match this.with(|data| data.iter().position(|&known| known == byte)) {
            Some(at) => this.splice(vm, at..at + 1, &[]),
            None => Err(vm.value_error("value not found in bytearray")),
        }
    }

    /// Remove all items from the bytearray.
    #[method]
    fn clear(this: &Obj<ByteArray>, vm: &Vm) -> PyResult<()> {
        this.set_content(vm, &[])
    }

    /// Return a copy of the bytearray.
    #[method]
    fn copy(this: &Obj<ByteArray>, vm: &Vm) -> PyResult<Ref<ByteArray>> {
        ByteArray::new(vm, &this.snapshot())
    }

    /// Reverse the order of the values in place.
    #[method]
    fn reverse(this: &Obj<ByteArray>) {
        this.with_mut(<[u8]>::reverse);
    }

    /// Resize the bytearray; new bytes are zero.
    #[method(sig = "size, /")]
    fn resize(this: &Obj<ByteArray>, vm: &Vm, size: isize) -> PyResult<()> {
        let Ok(size) = usize::try_from(size) else {
            return Err(vm.value_error(format!("Can only resize to positive sizes, got {size}")));
        };
        let len = this.len();
        if size <= len {
            return this.splice(vm, size..len, &[]);
        }
        if size > vm.text_room() {
            return Err(vm.out_of_memory(taipan_heap::OutOfMemory));
        }
        this.splice(vm, len..len, &vec![0; size - len])
    }

    #[method]
    fn __alloc__(this: &Obj<ByteArray>) -> usize {
        this.data.borrow().capacity() + 1
    }

    /// Return the size of the object in memory, in bytes.
    #[method]
    fn __sizeof__(this: &Obj<ByteArray>) -> usize {
        size_of::<ByteArray>() + 16 + this.data.borrow().capacity()
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Value, vm: &Vm) -> PyResult<Ref<Tuple>> {
        reduce(vm, this, 2)
    }

    /// Return state information for pickling.
    #[method(sig = "proto=0, /")]
    fn __reduce_ex__(this: &Value, vm: &Vm, proto: i32) -> PyResult<Ref<Tuple>> {
        reduce(vm, this, proto)
    }

    /// Return True if all bytes are alphanumeric and there is at least one, False otherwise.
    #[method]
    fn isalnum(this: &Obj<ByteArray>) -> bool {
        every(&this.snapshot()[..], u8::is_ascii_alphanumeric)
    }

    /// Return True if all bytes are alphabetic and there is at least one, False otherwise.
    #[method]
    fn isalpha(this: &Obj<ByteArray>) -> bool {
        every(&this.snapshot()[..], u8::is_ascii_alphabetic)
    }

    /// Return True if all bytes are digits and there is at least one, False otherwise.
    #[method]
    fn isdigit(this: &Obj<ByteArray>) -> bool {
        every(&this.snapshot()[..], u8::is_ascii_digit)
    }

    /// Return True if all bytes are whitespace and there is at least one, False otherwise.
    #[method]
    fn isspace(this: &Obj<ByteArray>) -> bool {
        every(&this.snapshot()[..], |byte| matches!(byte, b' ' | 0x09..=0x0d))
    }

    /// Return True if all bytes are ASCII, False otherwise.
    #[method]
    fn isascii(this: &Obj<ByteArray>) -> bool {
        this.snapshot().is_ascii()
    }

    /// Return True if some byte is a lowercase letter and none an uppercase one, False otherwise.
    #[method]
    fn islower(this: &Obj<ByteArray>) -> bool {
        let snapshot = this.snapshot();
        let data = &snapshot[..];
        data.iter().any(u8::is_ascii_lowercase) && !data.iter().any(u8::is_ascii_uppercase)
    }

    /// Return True if some byte is an uppercase letter and none a lowercase one, False otherwise.
    #[method]
    fn isupper(this: &Obj<ByteArray>) -> bool {
        let snapshot = this.snapshot();
        let data = &snapshot[..];
        data.iter().any(u8::is_ascii_uppercase) && !data.iter().any(u8::is_ascii_lowercase)
    }

    /// Return True if words start with uppercase letters and go on in lowercase, False otherwise.
    #[method]
    fn istitle(this: &Obj<ByteArray>) -> bool {
        algorithms::is_title(&this.snapshot()[..])
    }

    /// Return a copy with uppercase letters in lowercase.
    #[method]
    fn lower(this: &Obj<ByteArray>, vm: &Vm) -> PyResult<Ref<ByteArray>> {
        ByteArray::new(vm, &this.snapshot()[..].to_ascii_lowercase())
    }

    /// Return a copy with lowercase letters in uppercase.
    #[method]
    fn upper(this: &Obj<ByteArray>, vm: &Vm) -> PyResult<Ref<ByteArray>> {
        ByteArray::new(vm, &this.snapshot()[..].to_ascii_uppercase())
    }

    /// Return a copy with words starting in uppercase and going on in lowercase.
    #[method]
    fn title(this: &Obj<ByteArray>, vm: &Vm) -> PyResult<Ref<ByteArray>> {
        ByteArray::new(vm, &algorithms::title(&this.snapshot()[..]))
    }

    /// Return a copy with the first byte in uppercase and the rest in lowercase.
    #[method]
    fn capitalize(this: &Obj<ByteArray>, vm: &Vm) -> PyResult<Ref<ByteArray>> {
        ByteArray::new(vm, &algorithms::capitalize(&this.snapshot()[..]))
    }

    /// Return a copy with lowercase letters in uppercase and the other way round.
    #[method]
    fn swapcase(this: &Obj<ByteArray>, vm: &Vm) -> PyResult<Ref<ByteArray>> {
        let swapped: Vec<u8> = this.snapshot().iter().map(|&byte| algorithms::swap_case(byte)).collect();
        ByteArray::new(vm, &swapped)
    }

    /// Return a centered copy of length width, padded with fillchar.
    #[method(sig = "width, fillchar=b' ', /")]
    fn center(this: &Obj<ByteArray>, vm: &Vm, width: isize, fillchar: Option<&Value>) -> PyResult<Ref<ByteArray>> {
        ByteArray::new(vm, &algorithms::justify(vm, &this.snapshot()[..], width, fillchar, Side::Both, "center")?)
    }

    /// Return a left-justified copy of length width, padded with fillchar.
    #[method(sig = "width, fillchar=b' ', /")]
    fn ljust(this: &Obj<ByteArray>, vm: &Vm, width: isize, fillchar: Option<&Value>) -> PyResult<Ref<ByteArray>> {
        ByteArray::new(vm, &algorithms::justify(vm, &this.snapshot()[..], width, fillchar, Side::Right, "ljust")?)
    }

    /// Return a right-justified copy of length width, padded with fillchar.
    #[method(sig = "width, fillchar=b' ', /")]
    fn rjust(this: &Obj<ByteArray>, vm: &Vm, width: isize, fillchar: Option<&Value>) -> PyResult<Ref<ByteArray>> {
        ByteArray::new(vm, &algorithms::justify(vm, &this.snapshot()[..], width, fillchar, Side::Left, "rjust")?)
    }

    /// Pad a number with zeros on the left, to fill a field of the given width.
    #[method(sig = "width, /")]
    fn zfill(this: &Obj<ByteArray>, vm: &Vm, width: isize) -> PyResult<Ref<ByteArray>> {
        let snapshot = this.snapshot();
        let data = &snapshot[..];
        let width = width.max(0) as usize;
        ByteArray::new(vm, &algorithms::written(vm, |out| taipan_text::split::zfill(data, width, out))?)
    }

    /// Return a copy where all tab characters are expanded using spaces.
    #[method(sig = "tabsize=8")]
    fn expandtabs(this: &Obj<ByteArray>, vm: &Vm, tabsize: i32) -> PyResult<Ref<ByteArray>> {
        let snapshot = this.snapshot();
        let data = &snapshot[..];
        let size = tabsize.max(0) as usize;
        ByteArray::new(vm, &algorithms::written(vm, |out| taipan_text::split::expand_tabs(data, size, out))?)
    }

    /// Return the number of non-overlapping occurrences of sub in the data between start and end.
    #[method(sig = "sub, start=None, end=None, /")]
    fn count(
        this: &Obj<ByteArray>,
        vm: &Vm,
        sub: &Value,
        start: Option<&Value>,
        end: Option<&Value>,
    ) -> PyResult<usize> {
        let _pin = this.exports.pin();
        let Some((sub, range)) = algorithms::sought(vm, this.len(), [Some(sub), start, end])? else { return Ok(0) };
        Ok(this.with(|data| algorithms::occurrences(data, &sub, range)))
    }

    /// Return the lowest index where sub is found between start and end, or -1.
    #[method(sig = "sub, start=None, end=None, /")]
    fn find(this: &Obj<ByteArray>, vm: &Vm, sub: &Value, start: Option<&Value>, end: Option<&Value>) -> PyResult<i64> {
        let found = this.search(vm, [Some(sub), start, end], false)?;
        Ok(found.map_or(-1, |at| at as i64))
    }

    /// Return the highest index where sub is found between start and end, or -1.
    #[method(sig = "sub, start=None, end=None, /")]
    fn rfind(this: &Obj<ByteArray>, vm: &Vm, sub: &Value, start: Option<&Value>, end: Option<&Value>) -> PyResult<i64> {
        let found = this.search(vm, [Some(sub), start, end], true)?;
        Ok(found.map_or(-1, |at| at as i64))
    }

    /// Return the lowest index where sub is found between start and end; raise ValueError if it is not.
    #[method(sig = "sub, start=None, end=None, /")]
    fn index(
        this: &Obj<ByteArray>,
        vm: &Vm,
        sub: &Value,
        start: Option<&Value>,
        end: Option<&Value>,
    ) -> PyResult<usize> {
        let found = this.search(vm, [Some(sub), start, end], false)?;
        found.ok_or_else(|| vm.value_error("subsection not found"))
    }

    /// Return the highest index where sub is found between start and end; raise ValueError if it is not.
    #[method(sig = "sub, start=None, end=None, /")]
    fn rindex(
        this: &Obj<ByteArray>,
        vm: &Vm,
        sub: &Value,
        start: Option<&Value>,
        end: Option<&Value>,
    ) -> PyResult<usize> {
        let found = this.search(vm, [Some(sub), start, end], true)?;
        found.ok_or_else(|| vm.value_error("subsection not found"))
    }

    /// Return True if the data between start and end starts with the given prefix or one of a tuple of them.
    #[method(sig = "prefix, start=None, end=None, /")]
    fn startswith(
        this: &Obj<ByteArray>,
        vm: &Vm,
        prefix: &Value,
        start: Option<&Value>,
        end: Option<&Value>,
    ) -> PyResult<bool> {
        algorithms::affix(vm, &this.snapshot()[..], [Some(prefix), start, end], false)
    }

    /// Return True if the data between start and end ends with the given suffix or one of a tuple of them.
    #[method(sig = "suffix, start=None, end=None, /")]
    fn endswith(
        this: &Obj<ByteArray>,
        vm: &Vm,
        suffix: &Value,
        start: Option<&Value>,
        end: Option<&Value>,
    ) -> PyResult<bool> {
        algorithms::affix(vm, &this.snapshot()[..], [Some(suffix), start, end], true)
    }

    /// Return a copy with the given prefix removed if present.
    #[method(sig = "prefix, /")]
    fn removeprefix(this: &Obj<ByteArray>, vm: &Vm, prefix: &Value) -> PyResult<Ref<ByteArray>> {
        let snapshot = this.snapshot();
        let data = &snapshot[..];
        let range = algorithms::without_affix(vm, data, prefix, false)?;
        ByteArray::new(vm, &data[range])
    }

    /// Return a copy with the given suffix removed if present.
    #[method(sig = "suffix, /")]
    fn removesuffix(this: &Obj<ByteArray>, vm: &Vm, suffix: &Value) -> PyResult<Ref<ByteArray>> {
        let snapshot = this.snapshot();
        let data = &snapshot[..];
        let range = algorithms::without_affix(vm, data, suffix, true)?;
        ByteArray::new(vm, &data[range])
    }

    /// Return a copy with leading and trailing whitespace (or the given bytes) removed.
    #[method(sig = "bytes=None, /")]
    fn strip(this: &Obj<ByteArray>, vm: &Vm, bytes: Option<&Value>) -> PyResult<Ref<ByteArray>> {
        let snapshot = this.snapshot();
        let data = &snapshot[..];
        let range = algorithms::strip(vm, data, bytes, true, true)?;
        ByteArray::new(vm, &data[range])
    }

    /// Return a copy with leading whitespace (or the given bytes) removed.
    #[method(sig = "bytes=None, /")]
    fn lstrip(this: &Obj<ByteArray>, vm: &Vm, bytes: Option<&Value>) -> PyResult<Ref<ByteArray>> {
        let snapshot = this.snapshot();
        let data = &snapshot[..];
        let range = algorithms::strip(vm, data, bytes, true, false)?;
        ByteArray::new(vm, &data[range])
    }

    /// Return a copy with trailing whitespace (or the given bytes) removed.
    #[method(sig = "bytes=None, /")]
    fn rstrip(this: &Obj<ByteArray>, vm: &Vm, bytes: Option<&Value>) -> PyResult<Ref<ByteArray>> {
        let snapshot = this.snapshot();
        let data = &snapshot[..];
        let range = algorithms::strip(vm, data, bytes, false, true)?;
        ByteArray::new(vm, &data[range])
    }

    /// Return a list of the sections of the data, using sep as the delimiter.
    #[method(sig = "sep=None, maxsplit=-1")]
    fn split(this: &Obj<ByteArray>, vm: &Vm, sep: Option<&Value>, maxsplit: isize) -> PyResult<Ref<List>> {
        let _pin = this.exports.pin();
        algorithms::split(vm, &this.snapshot()[..], sep, maxsplit, false, make)
    }

    /// Return a list of the sections of the data, using sep as the delimiter, from the right.
    #[method(sig = "sep=None, maxsplit=-1")]
    fn rsplit(this: &Obj<ByteArray>, vm: &Vm, sep: Option<&Value>, maxsplit: isize) -> PyResult<Ref<List>> {
        let _pin = this.exports.pin();
        algorithms::split(vm, &this.snapshot()[..], sep, maxsplit, true, make)
    }

    /// Return a list of the lines of the data, breaking at line boundaries.
    #[method(sig = "keepends=False")]
    fn splitlines(this: &Obj<ByteArray>, vm: &Vm, keepends: bool) -> PyResult<Ref<List>> {
        algorithms::split_lines(vm, &this.snapshot()[..], keepends, make)
    }

    /// Partition the data into three parts using the given separator.
    #[method(sig = "sep, /")]
    fn partition(this: &Obj<ByteArray>, vm: &Vm, sep: &Value) -> PyResult<Ref<Tuple>> {
        let _pin = this.exports.pin();
        algorithms::partition(vm, &this.snapshot()[..], sep, false, make)
    }

    /// Partition the data into three parts using the last occurrence of the given separator.
    #[method(sig = "sep, /")]
    fn rpartition(this: &Obj<ByteArray>, vm: &Vm, sep: &Value) -> PyResult<Ref<Tuple>> {
        let _pin = this.exports.pin();
        algorithms::partition(vm, &this.snapshot()[..], sep, true, make)
    }

    /// Concatenate any number of bytes-like objects, with the data between them.
    #[method(sig = "iterable_of_bytes, /")]
    fn join(this: &Obj<ByteArray>, vm: &Vm, iterable_of_bytes: &Value) -> PyResult<Ref<ByteArray>> {
        let _pin = this.exports.pin();
        ByteArray::new(vm, &algorithms::join(vm, &this.snapshot()[..], iterable_of_bytes)?)
    }

    /// Return a copy with all occurrences of old (the first count ones) replaced by new.
    #[method(sig = "old, new, count=-1, /")]
    fn replace(this: &Obj<ByteArray>, vm: &Vm, old: &Value, new: &Value, count: isize) -> PyResult<Ref<ByteArray>> {
        let _pin = this.exports.pin();
        ByteArray::new(vm, &algorithms::replace(vm, &this.snapshot()[..], old, new, count)?)
    }

    /// Return a copy with each byte mapped by the table, after those in delete are removed.
    #[method(sig = "table, /, delete=b''")]
    fn translate(this: &Obj<ByteArray>, vm: &Vm, table: &Value, delete: Option<&Value>) -> PyResult<Ref<ByteArray>> {
        let _pin = this.exports.pin();
        ByteArray::new(vm, &algorithms::translate(vm, &this.snapshot()[..], table, delete)?)
    }

    /// Return a translation table usable for the translate method.
    #[staticmethod(sig = "frm, to, /")]
    fn maketrans(vm: &Vm, frm: &Value, to: &Value) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &algorithms::maketrans(vm, frm, to)?)
    }

    /// Decode the data using the codec registered for encoding.
    #[method(sig = "encoding='utf-8', errors='strict'")]
    fn decode(
        this: &Obj<ByteArray>,
        vm: &Vm,
        encoding: Option<&Obj<Str>>,
        errors: Option<&Obj<Str>>,
    ) -> PyResult<Ref<Str>> {
        let encoding = encoding.map_or("utf-8".into(), |encoding| encoding.to_lossy());
        let errors = errors.map_or("strict".into(), |errors| errors.to_lossy());
        crate::codecs::decode(vm, &this.to_value(), &encoding, &errors)
    }

    /// Return the data as hexadecimal numbers, with a separator between groups of bytes if wanted.
    #[method(sig = "sep=None, bytes_per_sep=1")]
    fn hex(this: &Obj<ByteArray>, vm: &Vm, sep: Option<&Value>, bytes_per_sep: i32) -> PyResult<String> {
        let _pin = this.exports.pin();
        algorithms::hex(vm, &this.snapshot()[..], sep, bytes_per_sep)
    }

    /// Make an object of the bytes that hexadecimal numbers stand for.
    #[classmethod(sig = "string, /")]
    fn fromhex(class: &Obj<Type>, vm: &Vm, string: &Value) -> PyResult<Value> {
        let made = ByteArray::new(vm, &algorithms::from_hex(vm, string)?)?;
        if class.is_same(&*vm.types().bytearray) {
            return Ok(made.into());
        }
        vm.call(&class.to_value(), &[made.into()])
    }

    #[slot(binary(Mod))]
    fn modulo(left: &Value, right: &Value, vm: &Vm) -> PyResult<Value> {
        match left.downcast::<ByteArray>() {
            Some(this) => {
                let _pin = this.exports.pin();
                Ok(ByteArray::new(vm, &crate::builtins::str::percent_bytes(vm, &this.snapshot()[..], right)?)?.into())
            }
            None => Ok(NOT_IMPLEMENTED),
        }
    }
}

fn reduce(vm: &Vm, this: &Value, protocol: i32) -> PyResult<Ref<Tuple>> {
    let class = vm.class_of(this).to_value();
    let state = crate::builtins::object::object_state(vm, this, false)?;
    let Some(array) = this.downcast::<ByteArray>() else { return Err(vm.bad_self("__reduce__", "bytearray", this)) };
    let data = array.snapshot();
    let arguments = match protocol {
        ..3 => Tuple::pair(vm, Str::from_latin1(vm, &data)?.into(), vm.intern("latin-1")?.into())?,
        _ if data.is_empty() => Tuple::new(vm, std::iter::empty())?,
        _ => Tuple::new(vm, std::iter::once(Bytes::new(vm, &data)?.into()))?,
    };
    Tuple::new(vm, [class, arguments.into(), state].into_iter())
}

impl ByteArray {
    /// Where what the arguments of `find` say stands first or last. The array keeps its size while they are read.
    fn search(&self, vm: &Vm, arguments: [Option<&Value>; 3], from_right: bool) -> PyResult<Option<usize>> {
        let _pin = self.exports.pin();
        let Some((sub, range)) = algorithms::sought(vm, self.len(), arguments)? else { return Ok(None) };
        Ok(self.with(|data| algorithms::position(data, &sub, range, from_right)))
    }
}
