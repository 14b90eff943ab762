//! `array.array`.
//!
//! Invariant: no borrow of the bytes is held while Python code runs; positions are looked at again after any that did.

use super::code::{Code, character};
use super::iterator::ArrayIterator;
use super::machine;
use std::cell::RefCell;
use std::ops::Range;
use taipan_heap::{Buffer, Obj, OutOfMemory, Payload, Ref, Value, flags};
use taipan_macros::pytype;
use taipan_objects::builtins::buffer::{self, BufferLayout, Exports};
use taipan_objects::builtins::bytearray::ByteArray;
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::generic_alias::GenericAlias;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::slice::{Subscript, bound, clamp, position, subscript};
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, NOT_IMPLEMENTED, boolean, int};
use taipan_objects::native::{Args, IntoValue};
use taipan_objects::types::{CompareOp, Type};
use taipan_objects::vm::{PyResult, Raised, Vm};

/// `array.array`
#[derive(Payload)]
#[payload(name = "array")]
pub struct Array {
    code: Code,
    data: RefCell<Buffer<u8>>,
    exports: Exports,
}

const OTHER_KIND: &str = "bad argument type for built-in operation";

impl Array {
    /// An empty array.
    pub fn new_of(vm: &Vm, class: &Obj<Type>, code: Code) -> PyResult<Ref<Array>> {
        vm.alloc_instance(class, Array { code, data: RefCell::new(Buffer::new()), exports: Exports::default() })
    }

    fn plain(vm: &Vm, code: Code) -> PyResult<Ref<Array>> {
        let class = vm.native_type(Array::spec())?;
        Array::new_of(vm, &class, code)
    }

    /// Number of items.
    pub fn count(&self) -> usize {
        self.data.borrow().len() / self.code.size()
    }

    fn span(&self, index: usize) -> Range<usize> {
        let size = self.code.size();
        index * size..(index + 1) * size
    }

    /// An item, if there is one at `index`.
    pub fn item(&self, vm: &Vm, index: usize) -> PyResult<Option<Value>> {
        let mut place = [0; 8];
        let size = self.code.size();
        match self.data.borrow().get(self.span(index)) {
            Some(bytes) => place[..size].copy_from_slice(bytes),
            None => return Ok(None),
        }
        self.code.get(vm, &place[..size]).map(Some)
    }

    fn set(&self, index: usize, bytes: &[u8; 8]) -> bool {
        let size = self.code.size();
        match self.data.borrow_mut().get_mut(self.span(index)) {
            Some(place) => {
                place.copy_from_slice(&bytes[..size]);
                true
            }
            None => false,
        }
    }

    fn check_exports(&self, vm: &Vm) -> PyResult<()> {
        match self.exports.count() {
            0 => Ok(()),
            _ => Err(vm.buffer_error("cannot resize an array that is exporting buffers")),
        }
    }

    fn snapshot(&self) -> Vec<u8> {
        self.data.borrow().to_vec()
    }

    /// Replaces a range of bytes.
    fn splice(&self, vm: &Vm, range: Range<usize>, with: &[u8]) -> PyResult<()> {
        if range.len() == with.len() {
            self.data.borrow_mut()[range].copy_from_slice(with);
            return Ok(());
        }
        self.check_exports(vm)?;
        let mut data = self.data.borrow_mut();
        let (len, removed) = (data.len(), range.len());
        let result = if with.len() > removed {
            let more = with.len() - removed;
            data.reserve(vm.heap(), more).and_then(|()| data.extend(vm.heap(), std::iter::repeat_n(0, more)))
        } else {
            Ok(())
        };
        if let Err(error) = result {
            drop(data);
            return Err(vm.out_of_memory(error));
        }
        data.copy_within(range.end..len, range.start + with.len());
        data[range.start..range.start + with.len()].copy_from_slice(with);
        if with.len() < removed {
            data.drain_to_vec(len - (removed - with.len())..len);
        }
        Ok(())
    }

    /// Appends the bytes of whole items.
    pub fn append_bytes(&self, vm: &Vm, bytes: &[u8]) -> PyResult<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let len = self.data.borrow().len();
        self.splice(vm, len..len, bytes)
    }

    /// Appends an item.
    pub fn push(&self, vm: &Vm, item: &Value) -> PyResult<()> {
        let bytes = self.code.put(vm, item)?;
        self.append_bytes(vm, &bytes[..self.code.size()])
    }

    fn extend_with(&self, vm: &Vm, iterable: &Value) -> PyResult<()> {
        if let Some(other) = iterable.downcast::<Array>() {
            if other.code != self.code {
                return Err(vm.type_error("can only extend with array of same kind"));
            }
            return self.append_bytes(vm, &other.snapshot());
        }
        let iterator = vm.iter(iterable)?;
        while let Some(item) = vm.next(&iterator)? {
            self.push(vm, &item)?;
        }
        Ok(())
    }

    fn take_bytes(&self, vm: &Vm, data: &Value) -> PyResult<()> {
        let bytes = buffer::to_vec(vm, data)?;
        if !bytes.len().is_multiple_of(self.code.size()) {
            return Err(vm.value_error("bytes length not a multiple of item size"));
        }
        self.append_bytes(vm, &bytes)
    }

    fn take_text(&self, vm: &Vm, text: &Str) -> PyResult<()> {
        let bytes: Vec<u8> = text.points().flat_map(u32::to_le_bytes).collect();
        self.append_bytes(vm, &bytes)
    }

    fn text(&self, vm: &Vm) -> PyResult<Ref<Str>> {
        let points: Vec<u32> =
            self.data.borrow().chunks_exact(4).map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]])).collect();
        if let Some(bad) = points.iter().find(|&&point| point > 0x10_ffff) {
            return Err(vm.value_error(format!("character U+{bad:x} is not in range [U+0000; U+10ffff]")));
        }
        Str::from_points(vm, &points)
    }

    fn repeated(&self, vm: &Vm, count: isize) -> PyResult<Vec<u8>> {
        let data = self.data.borrow();
        let Some(total) = data.len().checked_mul(count.max(0) as usize) else {
            return Err(vm.out_of_memory(OutOfMemory));
        };
        vm.check_room(total)?;
        let mut bytes = Vec::new();
        if bytes.try_reserve_exact(total).is_err() {
            return Err(vm.out_of_memory(OutOfMemory));
        }
        if !data.is_empty() {
            for _ in 0..count.max(0) {
                bytes.extend_from_slice(&data);
            }
        }
        Ok(bytes)
    }

    fn ready(_: &Vm, class: &Obj<Type>) -> PyResult<()> {
        class.slots.buffer_write.set(Some(|_, value, write| {
            if let Some(array) = value.downcast::<Array>() {
                write(&mut array.data.borrow_mut());
            }
            Ok(())
        }));
        class.slots.buffer_export.set(Some(|vm, value| match value.downcast::<Array>() {
            Some(array) => {
                let layout = BufferLayout::items(&array.code.format(), array.code.size(), array.count(), false);
                Ok((layout, array.exports.pin()))
            }
            None => Err(vm.buffer_error("not an array")),
        }));
        Ok(())
    }

    fn position_of(&self, vm: &Vm, value: &Value, range: Range<usize>) -> PyResult<Option<usize>> {
        let mut index = range.start;
        while index < range.end
            && let Some(item) = self.item(vm, index)?
        {
            if vm.is_equal(&item, value)? {
                return Ok(Some(index));
            }
            index += 1;
        }
        Ok(None)
    }
}

#[cold]
fn bad_index(vm: &Vm) -> Raised {
    vm.type_error("array indices must be integers")
}

/// array(typecode [, initializer]) -> array
///
/// Return a new array whose items are restricted by typecode, and
/// initialized from the optional initializer value, which must be a list,
/// string or iterable over elements of the appropriate type.
///
/// The type is specified at object creation time by a type code, which is a
/// single character: b, B, h, H, i, I, l, L, q, Q for signed and unsigned
/// integers of 1, 2, 4, 8 and 8 bytes, f and d for floats of 4 and 8 bytes,
/// w and u for Unicode characters of 4 bytes.
#[pytype(name = "array", module = "array", flags = BASETYPE | SEQUENCE, ready = Array::ready)]
impl Array {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let base = vm.native_type(Array::spec())?;
        let exact = std::ptr::eq::<Type>(&**class, &**base);
        if exact && !args.names.is_empty() {
            return Err(vm.type_error("array.array() takes no keyword arguments"));
        }
        let given = args.positionals();
        let (typecode, initial) = match given {
            [typecode] => (typecode, None),
            [typecode, initial] => (typecode, Some(initial)),
            [] => return Err(vm.type_error("array() takes at least 1 argument (0 given)")),
            _ => return Err(vm.type_error(format!("array() takes at most 2 arguments ({} given)", given.len()))),
        };
        let point = character(vm, typecode, "array() argument 1 must be a unicode character")?;
        if point == u32::from('u') {
            let message = "The 'u' type code is deprecated and will be removed in Python 3.16";
            crate::warnings::warn(vm, &vm.types().deprecation_warning, message, 1)?;
        }
        let code = Code::of(point);
        if let (Some(initial), Some(code)) = (initial, code)
            && !code.is_text()
        {
            if initial.downcast::<Str>().is_some() {
                let message = format!("cannot use a str to initialize an array with typecode '{}'", code.text());
                return Err(vm.type_error(message));
            }
            if initial.downcast::<Array>().is_some_and(|other| other.code.is_text()) {
                let message =
                    format!("cannot use a unicode array to initialize an array with typecode '{}'", code.text());
                return Err(vm.type_error(message));
            }
        }
        let Some(code) = code else {
            return Err(vm.value_error("bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)"));
        };
        let made = Array::new_of(vm, class, code)?;
        let Some(initial) = initial else { return Ok(made.into()) };
        if let Some(other) = initial.downcast::<Array>() {
            if other.code == code || other.code.is_text() {
                made.append_bytes(vm, &other.snapshot())?;
            } else {
                for index in 0..other.count() {
                    let Some(item) = other.item(vm, index)? else { break };
                    made.push(vm, &item)?;
                }
            }
        } else if let Some(text) = initial.downcast::<Str>() {
            made.take_text(vm, text)?;
        } else if initial.downcast::<Bytes>().is_some() || initial.downcast::<ByteArray>().is_some() {
            made.take_bytes(vm, initial)?;
        } else {
            made.extend_with(vm, initial)?;
        }
        Ok(made.into())
    }

    #[slot]
    fn buffer(this: &Obj<Array>, read: &mut dyn FnMut(&[u8])) -> PyResult<()> {
        read(&this.data.borrow());
        Ok(())
    }

    #[slot]
    fn repr(this: &Obj<Array>, vm: &Vm) -> PyResult<Value> {
        let name = vm.class_of(&this.to_value()).name();
        let code = this.code.text();
        if this.count() == 0 {
            return format!("{name}('{code}')").into_value(vm);
        }
        let items: Value = match this.code.is_text() {
            true => this.text(vm)?.into(),
            false => Array::tolist(this, vm)?.into(),
        };
        let mut text = taipan_objects::builtins::str::StrBuilder::new();
        text.push_str(&format!("{name}('{code}', "));
        text.push_repr(vm, &items)?;
        text.push_str(")");
        Ok(text.finish(vm)?.into())
    }

    #[slot]
    fn compare(this: &Obj<Array>, other: &Value, op: CompareOp, vm: &Vm) -> PyResult<Value> {
        let Some(other) = other.downcast::<Array>() else { return Ok(NOT_IMPLEMENTED) };
        let (left, right) = (this.count(), other.count());
        if left != right && matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(boolean(op == CompareOp::Ne));
        }
        let whole = this.code == other.code && !matches!(this.code.0, b'f' | b'd');
        if whole && this.code.size() == 1 && this.code.0 == b'B' {
            return Ok(boolean(op.holds(this.snapshot().cmp(&other.snapshot()))));
        }
        if whole && matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(boolean((this.snapshot() == other.snapshot()) == (op == CompareOp::Eq)));
        }
        let mut index = 0;
        while let (Some(a), Some(b)) = (this.item(vm, index)?, other.item(vm, index)?) {
            // Not by identity, which would make a NaN equal to itself.
            if !vm.compare_bool(CompareOp::Eq, &a, &b)? {
                return match op {
                    CompareOp::Eq | CompareOp::Ne => Ok(boolean(op == CompareOp::Ne)),
                    _ => vm.compare(op, &a, &b),
                };
            }
            index += 1;
        }
        Ok(boolean(op.holds(this.count().cmp(&other.count()))))
    }

    #[slot]
    fn iter(this: &Obj<Array>, vm: &Vm) -> PyResult<Value> {
        ArrayIterator::over(vm, this)
    }

    #[slot]
    fn len(this: &Obj<Array>) -> PyResult<usize> {
        Ok(this.count())
    }

    #[slot]
    fn contains(this: &Obj<Array>, vm: &Vm, item: &Value) -> PyResult<bool> {
        Ok(this.position_of(vm, item, 0..usize::MAX)?.is_some())
    }

    #[slot]
    fn getitem(this: &Obj<Array>, vm: &Vm, key: &Value) -> PyResult<Value> {
        match subscript(vm, key)? {
            Some(Subscript::Index(index)) => {
                let found = match position(index, this.count()) {
                    Some(at) => this.item(vm, at)?,
                    None => None,
                };
                found.ok_or_else(|| vm.index_error("array index out of range"))
            }
            Some(Subscript::Slice(steps)) => {
                let bytes = {
                    let data = this.data.borrow();
                    let size = this.code.size();
                    let span = steps.over(data.len() / size);
                    match span.as_range() {
                        Some(range) => data[range.start * size..range.end * size].to_vec(),
                        None => span.positions().flat_map(|at| data[at * size..(at + 1) * size].to_vec()).collect(),
                    }
                };
                let made = Array::plain(vm, this.code)?;
                made.append_bytes(vm, &bytes)?;
                Ok(made.into())
            }
            None => Err(bad_index(vm)),
        }
    }

    #[slot]
    fn setitem(this: &Obj<Array>, vm: &Vm, key: &Value, value: Option<&Value>) -> PyResult<()> {
        let out = |vm: &Vm| vm.index_error("array assignment index out of range");
        let size = this.code.size();
        let steps = match subscript(vm, key)? {
            None => return Err(bad_index(vm)),
            Some(Subscript::Index(index)) => {
                let Some(at) = position(index, this.count()) else { return Err(out(vm)) };
                return match value {
                    Some(value) => {
                        let bytes = this.code.put(vm, value)?;
                        if this.set(at, &bytes) { Ok(()) } else { Err(out(vm)) }
                    }
                    None => this.splice(vm, this.span(at), &[]),
                };
            }
            Some(Subscript::Slice(steps)) => steps,
        };
        let with = match value {
            None => Vec::new(),
            Some(value) => match value.downcast::<Array>() {
                Some(other) if other.code == this.code => other.snapshot(),
                Some(_) => return Err(vm.type_error(OTHER_KIND)),
                None => {
                    let given = vm.type_name(value);
                    return Err(vm.type_error(format!("can only assign array (not \"{given}\") to array slice")));
                }
            },
        };
        let span = steps.over(this.count());
        if let Some(range) = span.as_range() {
            return this.splice(vm, range.start * size..range.end * size, &with);
        }
        if value.is_none() {
            this.check_exports(vm)?;
            let mut gone = vec![false; this.count()];
            span.positions().for_each(|at| gone[at] = true);
            let kept: Vec<u8> = this
                .snapshot()
                .chunks_exact(size)
                .zip(&gone)
                .filter(|(_, gone)| !**gone)
                .flat_map(|(c, _)| c.to_vec())
                .collect();
            let len = this.data.borrow().len();
            return this.splice(vm, 0..len, &kept);
        }
        if with.len() / size != span.len {
            let (given, wanted) = (with.len() / size, span.len);
            let message = format!("attempt to assign array of size {given} to extended slice of size {wanted}");
            return Err(vm.value_error(message));
        }
        let mut data = this.data.borrow_mut();
        for (at, item) in span.positions().zip(with.chunks_exact(size)) {
            data[at * size..(at + 1) * size].copy_from_slice(item);
        }
        Ok(())
    }

    #[slot]
    fn concat(this: &Obj<Array>, vm: &Vm, other: &Value) -> PyResult<Value> {
        let Some(other) = other.downcast::<Array>() else {
            let given = vm.type_name(other);
            return Err(vm.type_error(format!("can only append array (not \"{given}\") to array")));
        };
        if this.code != other.code {
            return Err(vm.type_error(OTHER_KIND));
        }
        let made = Array::plain(vm, this.code)?;
        made.append_bytes(vm, &this.snapshot())?;
        made.append_bytes(vm, &other.snapshot())?;
        Ok(made.into())
    }

    #[slot]
    fn inplace_concat(this: &Obj<Array>, vm: &Vm, other: &Value) -> PyResult<Value> {
        if other.downcast::<Array>().is_none() {
            let given = vm.type_name(other);
            return Err(vm.type_error(format!("can only extend array with array (not \"{given}\")")));
        }
        this.extend_with(vm, other)?;
        Ok(this.to_value())
    }

    #[slot]
    fn repeat(this: &Obj<Array>, vm: &Vm, count: isize) -> PyResult<Value> {
        let bytes = this.repeated(vm, count)?;
        let made = Array::plain(vm, this.code)?;
        made.append_bytes(vm, &bytes)?;
        Ok(made.into())
    }

    #[slot]
    fn inplace_repeat(this: &Obj<Array>, vm: &Vm, count: isize) -> PyResult<Value> {
        let bytes = this.repeated(vm, count)?;
        let len = this.data.borrow().len();
        this.splice(vm, 0..len, &bytes)?;
        Ok(this.to_value())
    }

    /// Append new value v to the end of the array.
    #[method(sig = "v, /")]
    fn append(this: &Obj<Array>, vm: &Vm, v: &Value) -> PyResult<()> {
        this.push(vm, v)
    }

    /// Return a tuple (address, length) giving the current memory address and the length in items of the buffer used to hold array's contents.
    ///
    /// The length should be multiplied by the itemsize attribute to calculate
    /// the buffer length in bytes.
    #[method]
    fn buffer_info(this: &Obj<Array>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let address = this.data.borrow().as_ptr() as usize;
        Tuple::pair(vm, address.into_value(vm)?, this.count().into_value(vm)?)
    }

    /// Byteswap all items of the array.
    ///
    /// If the items in the array are not 1, 2, 4, or 8 bytes in size, RuntimeError is raised.
    #[method]
    fn byteswap(this: &Obj<Array>) {
        let size = this.code.size();
        this.data.borrow_mut().chunks_exact_mut(size).for_each(<[u8]>::reverse);
    }

    /// Remove all items from the array.
    #[method]
    fn clear(this: &Obj<Array>, vm: &Vm) -> PyResult<()> {
        let len = this.data.borrow().len();
        this.splice(vm, 0..len, &[])
    }

    /// Return number of occurrences of v in the array.
    #[method(name = "count", sig = "v, /")]
    fn count_of(this: &Obj<Array>, vm: &Vm, v: &Value) -> PyResult<usize> {
        let (mut found, mut index) = (0, 0);
        while let Some(item) = this.item(vm, index)? {
            found += usize::from(vm.is_equal(&item, v)?);
            index += 1;
        }
        Ok(found)
    }

    /// Append items to the end of the array.
    #[method(sig = "bb, /")]
    fn extend(this: &Obj<Array>, vm: &Vm, bb: &Value) -> PyResult<()> {
        this.extend_with(vm, bb)
    }

    /// Read n objects from the file object f and append them to the end of the array.
    #[method(sig = "f, n, /")]
    fn fromfile(this: &Obj<Array>, vm: &Vm, f: &Value, n: isize) -> PyResult<()> {
        let Ok(wanted) = usize::try_from(n) else { return Err(vm.value_error("negative count")) };
        let Some(bytes) = wanted.checked_mul(this.code.size()).filter(|&bytes| bytes <= isize::MAX as usize) else {
            return Err(vm.out_of_memory(OutOfMemory));
        };
        let read = vm.call_method(f, &*vm.intern("read")?, &[bytes.into_value(vm)?])?;
        let Some(data) = read.downcast::<Bytes>() else {
            return Err(vm.type_error("read() didn't return bytes"));
        };
        let whole = data.bytes().len() == bytes;
        this.take_bytes(vm, &read)?;
        if whole { Ok(()) } else { Err(vm.eof_error("read() didn't return enough bytes")) }
    }

    /// Append items to array from list.
    #[method(sig = "list, /")]
    fn fromlist(this: &Obj<Array>, vm: &Vm, list: &Value) -> PyResult<()> {
        let Some(list) = list.downcast::<List>() else { return Err(vm.type_error("arg must be list")) };
        let len = list.len();
        let mut bytes = Vec::new();
        let mut index = 0;
        while let Some(item) = list.get(index) {
            bytes.extend_from_slice(&this.code.put(vm, &item)?[..this.code.size()]);
            if list.len() != len {
                return Err(vm.runtime_error("list changed size during iteration"));
            }
            index += 1;
        }
        this.append_bytes(vm, &bytes)
    }

    /// Appends items from the string, interpreting it as an array of machine values, as if it had been read from a file using the fromfile() method.
    #[method(sig = "buffer, /")]
    fn frombytes(this: &Obj<Array>, vm: &Vm, buffer: &Value) -> PyResult<()> {
        this.take_bytes(vm, buffer)
    }

    /// Extends this array with data from the unicode string ustr.
    ///
    /// The array must be a unicode type array; otherwise a ValueError is raised.
    #[method(sig = "ustr, /")]
    fn fromunicode(this: &Obj<Array>, vm: &Vm, ustr: &Value) -> PyResult<()> {
        let Some(text) = ustr.downcast::<Str>() else {
            let given = vm.type_name(ustr);
            return Err(vm.type_error(format!("fromunicode() argument must be str, not {given}")));
        };
        if !this.code.is_text() {
            let message = "fromunicode() may only be called on unicode type arrays ('u' or 'w')";
            return Err(vm.value_error(message));
        }
        this.take_text(vm, text)
    }

    /// Return index of first occurrence of v in the array.
    ///
    /// Raise ValueError if the value is not present.
    #[method(sig = "v, start=0, stop=sys.maxsize, /")]
    fn index(this: &Obj<Array>, vm: &Vm, v: &Value, start: Option<&Value>, stop: Option<&Value>) -> PyResult<usize> {
        let start = start.map_or(Ok(0), |start| bound(vm, start))?;
        let stop = stop.map_or(Ok(i64::MAX), |stop| bound(vm, stop))?;
        let len = this.count();
        match this.position_of(vm, v, clamp(start, len)..clamp(stop, len))? {
            Some(at) => Ok(at),
            None => Err(vm.value_error("array.index(x): x not in array")),
        }
    }

    /// Insert a new item v into the array before position i.
    #[method(sig = "i, v, /")]
    fn insert(this: &Obj<Array>, vm: &Vm, i: isize, v: &Value) -> PyResult<()> {
        let bytes = this.code.put(vm, v)?;
        let size = this.code.size();
        let at = clamp(i as i64, this.count()) * size;
        this.splice(vm, at..at, &bytes[..size])
    }

    /// Return the i-th element and delete it from the array.
    ///
    /// i defaults to -1.
    #[method(sig = "i=-1, /")]
    fn pop(this: &Obj<Array>, vm: &Vm, i: isize) -> PyResult<Value> {
        if this.count() == 0 {
            return Err(vm.index_error("pop from empty array"));
        }
        let at = position(i as i64, this.count());
        let found = match at {
            Some(at) => this.item(vm, at)?.map(|item| (at, item)),
            None => None,
        };
        match found {
            Some((at, item)) => {
                this.splice(vm, this.span(at), &[])?;
                Ok(item)
            }
            None => Err(vm.index_error("pop index out of range")),
        }
    }

    /// Remove the first occurrence of v in the array.
    #[method(sig = "v, /")]
    fn remove(this: &Obj<Array>, vm: &Vm, v: &Value) -> PyResult<()> {
        match this.position_of(vm, v, 0..usize::MAX)? {
            Some(at) if at < this.count() => this.splice(vm, this.span(at), &[]),
            _ => Err(vm.value_error("array.remove(x): x not in array")),
        }
    }

    /// Reverse the order of the items in the array.
    #[method]
    fn reverse(this: &Obj<Array>) {
        let size = this.code.size();
        let mut data = this.data.borrow_mut();
        data.reverse();
        data.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    }

    /// Convert the array to an array of machine values and return the bytes representation.
    #[method]
    fn tobytes(this: &Obj<Array>, vm: &Vm) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &this.snapshot())
    }

    /// Write all items (as machine values) to the file object f.
    #[method(sig = "f, /")]
    fn tofile(this: &Obj<Array>, vm: &Vm, f: &Value) -> PyResult<()> {
        let write = vm.get_attr_text(f, "write")?;
        for chunk in this.snapshot().chunks(64 << 10) {
            vm.call(&write, &[Bytes::new(vm, chunk)?.into()])?;
        }
        Ok(())
    }

    /// Convert array to an ordinary list with the same items.
    #[method]
    fn tolist(this: &Obj<Array>, vm: &Vm) -> PyResult<Ref<List>> {
        let list = List::with_capacity(vm, this.count())?;
        let mut index = 0;
        while let Some(item) = this.item(vm, index)? {
            list.push(vm, item)?;
            index += 1;
        }
        Ok(list)
    }

    /// Convert the array to a unicode string.
    ///
    ///   The array must be a unicode type array;
    /// otherwise a ValueError is raised.
    #[method]
    fn tounicode(this: &Obj<Array>, vm: &Vm) -> PyResult<Ref<Str>> {
        if !this.code.is_text() {
            return Err(vm.value_error("tounicode() may only be called on unicode type arrays ('u' or 'w')"));
        }
        this.text(vm)
    }

    /// Return a copy of the array.
    #[method]
    fn __copy__(this: &Obj<Array>, vm: &Vm) -> PyResult<Value> {
        let made = Array::plain(vm, this.code)?;
        made.append_bytes(vm, &this.snapshot())?;
        Ok(made.into())
    }

    /// Return a copy of the array.
    #[method(sig = "unused, /")]
    fn __deepcopy__(this: &Obj<Array>, vm: &Vm, unused: &Value) -> PyResult<Value> {
        let _ = unused;
        Array::__copy__(this, vm)
    }

    /// Return state information for pickling.
    #[method(sig = "value, /")]
    fn __reduce_ex__(this: &Obj<Array>, vm: &Vm, value: &Value) -> PyResult<Ref<Tuple>> {
        if !int::is_int(value) {
            return Err(vm.type_error("__reduce_ex__ argument should be an integer"));
        }
        let own = this.to_value();
        let class = vm.class_of(&own).to_value();
        let state = match this.header().kind().has(flags::EXACT) {
            true => NONE,
            false => vm.find_attr(&own, &vm.names().__dict__)?.unwrap_or(NONE),
        };
        let code: Value = Str::new(vm, &this.code.text())?.into();
        if int::index_clamped(vm, value)? < 3 {
            let items = Array::tolist(this, vm)?;
            let arguments = Tuple::pair(vm, code, items.into())?;
            return Tuple::new(vm, [class, arguments.into(), state].into_iter());
        }
        let module = taipan_interp::import::import_absolute(vm, "array")?;
        let function = vm.get_attr_text(&module, "_array_reconstructor")?;
        let format = machine::number_of(this.code).into_value(vm)?;
        let bytes = Array::tobytes(this, vm)?;
        let arguments = Tuple::new(vm, [class, code, format, bytes.into()].into_iter())?;
        Tuple::new(vm, [function, arguments.into(), state].into_iter())
    }

    /// Return the size of the array in memory, in bytes.
    #[method]
    fn __sizeof__(this: &Obj<Array>) -> usize {
        16 + size_of::<Array>() + this.data.borrow().capacity()
    }

    /// See PEP 585
    #[classmethod(sig = "object, /")]
    fn __class_getitem__(class: &Obj<Type>, vm: &Vm, object: &Value) -> PyResult<Value> {
        GenericAlias::make(vm, &class.to_value(), object)
    }

    /// the typecode character used to create the array
    #[getter]
    fn typecode(this: &Obj<Array>) -> String {
        this.code.text()
    }

    /// the size, in bytes, of one array item
    #[getter]
    fn itemsize(this: &Obj<Array>) -> usize {
        this.code.size()
    }
}
