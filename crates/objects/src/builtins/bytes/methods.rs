//! The methods and slots of `bytes`.
//!
//! Invariant: results are exact bytes, and the object itself where nothing changed and it is exact.

use super::algorithms::{self, Side, every};
use super::{Bytes, BytesIterator, constructor};
use crate::builtins::list::List;
use crate::builtins::slice::{Subscript, bad_subscript, position, subscript};
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::builtins::{NOT_IMPLEMENTED, boolean, buffer};
use crate::native::Args;
use crate::types::{CompareOp, Type};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Ref, Value};
use taipan_macros::pytype;

fn make(vm: &Vm, data: &[u8]) -> PyResult<Value> {
    Ok(Bytes::new(vm, data)?.into())
}

/// Compares with any bytes-like object but text.
pub(crate) fn compare_bytes(vm: &Vm, data: &[u8], other: &Value, op: CompareOp) -> PyResult<Value> {
    if !buffer::is_buffer(vm, other) {
        return Ok(NOT_IMPLEMENTED);
    }
    let ordering = match buffer::with_bytes(vm, other, |other| data.cmp(other)) {
        Ok(ordering) => ordering,
        Err(_) => {
            drop(vm.swap_exception(None));
            return Ok(NOT_IMPLEMENTED);
        }
    };
    Ok(boolean(op.holds(ordering)))
}

/// bytes(iterable_of_ints) -> bytes
/// bytes(string, encoding[, errors]) -> bytes
/// bytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer
/// bytes(int) -> bytes object of size given by the parameter initialized with null bytes
/// bytes() -> empty bytes object
#[pytype(name = "bytes", flags = BASETYPE | MATCH_SELF)]
impl Bytes {
    #[slot(new)]
    fn make_instance(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        constructor::construct_bytes(vm, class, args)
    }

    #[slot(repr, str)]
    fn shown(this: &Obj<Bytes>) -> String {
        taipan_text::bytes_repr(this.bytes())
    }

    #[slot(hash)]
    fn hash_slot(this: &Obj<Bytes>, vm: &Vm) -> PyResult<i64> {
        Ok(this.hash(vm))
    }

    #[slot]
    fn compare(this: &Obj<Bytes>, other: &Value, op: CompareOp) -> PyResult<Value> {
        match other.downcast::<Bytes>() {
            Some(other) if op == CompareOp::Eq => Ok(boolean(this.bytes() == other.bytes())),
            Some(other) => Ok(boolean(op.holds(this.bytes().cmp(other.bytes())))),
            // Other bytes-like objects compare themselves with bytes.
            None => Ok(NOT_IMPLEMENTED),
        }
    }

    #[slot]
    fn len(this: &Obj<Bytes>) -> PyResult<usize> {
        Ok(this.bytes().len())
    }

    #[slot]
    fn getitem(this: &Obj<Bytes>, vm: &Vm, key: &Value) -> PyResult<Value> {
        let data = this.bytes();
        match subscript(vm, key)? {
            Some(Subscript::Index(index)) => match position(index, data.len()) {
                Some(at) => Ok(Value::small_int(i32::from(data[at]))),
                None => Err(vm.index_error("index out of range")),
            },
            Some(Subscript::Slice(steps)) => {
                let span = steps.over(data.len());
                match span.as_range() {
                    Some(range) => Ok(Bytes::part(vm, this, range)?.into()),
                    None => make(vm, &span.positions().map(|at| data[at]).collect::<Vec<u8>>()),
                }
            }
            None => Err(bad_subscript(vm, "byte", key)),
        }
    }

    #[slot]
    fn iter(this: &Obj<Bytes>, vm: &Vm) -> PyResult<Value> {
        BytesIterator::over(vm, this)
    }

    #[slot]
    fn contains(this: &Obj<Bytes>, vm: &Vm, item: &Value) -> PyResult<bool> {
        algorithms::contains(vm, this.bytes(), item)
    }

    #[slot]
    fn concat(this: &Obj<Bytes>, vm: &Vm, other: &Value) -> PyResult<Ref<Bytes>> {
        if !buffer::is_buffer(vm, other) {
            let given = vm.type_name(other);
            return Err(vm.type_error(format!("can't concat {given} to bytes")));
        }
        let tail = buffer::bytes_of(vm, other)?;
        let data = this.bytes();
        Bytes::filled(vm, data.len().saturating_add(tail.len()), |to| {
            to[..data.len()].copy_from_slice(data);
            to[data.len()..].copy_from_slice(&tail);
        })
    }

    #[slot]
    fn repeat(this: &Obj<Bytes>, vm: &Vm, count: isize) -> PyResult<Ref<Bytes>> {
        let data = this.bytes();
        if count == 1 || data.is_empty() {
            return Bytes::part(vm, this, 0..data.len());
        }
        let total = data.len().checked_mul(count.max(0) as usize).filter(|&total| total <= isize::MAX as usize);
        let Some(total) = total else { return Err(vm.overflow_error("repeated bytes are too long")) };
        Bytes::filled(vm, total, |to| to.chunks_exact_mut(data.len()).for_each(|to| to.copy_from_slice(data)))
    }

    #[slot]
    fn buffer(this: &Obj<Bytes>, read: &mut dyn FnMut(&[u8])) -> PyResult<()> {
        read(this.bytes());
        Ok(())
    }

    #[method]
    fn __bytes__(this: &Obj<Bytes>, vm: &Vm) -> PyResult<Ref<Bytes>> {
        Bytes::part(vm, this, 0..this.bytes().len())
    }

    #[method]
    fn __getnewargs__(this: &Obj<Bytes>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        Tuple::new(vm, [make(vm, this.bytes())?].into_iter())
    }

    /// Return the size of the object in memory, in bytes.
    #[method]
    fn __sizeof__(this: &Obj<Bytes>) -> usize {
        size_of::<Bytes>() + 16 + this.bytes().len()
    }

    /// Return True if all bytes are alphanumeric and there is at least one, False otherwise.
    #[method]
    fn isalnum(this: &Obj<Bytes>) -> bool {
        every(this.bytes(), u8::is_ascii_alphanumeric)
    }

    /// Return True if all bytes are alphabetic and there is at least one, False otherwise.
    #[method]
    fn isalpha(this: &Obj<Bytes>) -> bool {
        every(this.bytes(), u8::is_ascii_alphabetic)
    }

    /// Return True if all bytes are digits and there is at least one, False otherwise.
    #[method]
    fn isdigit(this: &Obj<Bytes>) -> bool {
        every(this.bytes(), u8::is_ascii_digit)
    }

    /// Return True if all bytes are whitespace and there is at least one, False otherwise.
    #[method]
    fn isspace(this: &Obj<Bytes>) -> bool {
        every(this.bytes(), |byte| matches!(byte, b' ' | 0x09..=0x0d))
    }

    /// Return True if all bytes are ASCII, False otherwise.
    #[method]
    fn isascii(this: &Obj<Bytes>) -> bool {
        this.bytes().is_ascii()
    }

    /// Return True if some byte is a lowercase letter and none an uppercase one, False otherwise.
    #[method]
    fn islower(this: &Obj<Bytes>) -> bool {
        let data = this.bytes();
        data.iter().any(u8::is_ascii_lowercase) && !data.iter().any(u8::is_ascii_uppercase)
    }

    /// Return True if some byte is an uppercase letter and none a lowercase one, False otherwise.
    #[method]
    fn isupper(this: &Obj<Bytes>) -> bool {
        let data = this.bytes();
        data.iter().any(u8::is_ascii_uppercase) && !data.iter().any(u8::is_ascii_lowercase)
    }

    /// Return True if words start with uppercase letters and go on in lowercase, False otherwise.
    #[method]
    fn istitle(this: &Obj<Bytes>) -> bool {
        algorithms::is_title(this.bytes())
    }

    /// Return a copy with uppercase letters in lowercase.
    #[method]
    fn lower(this: &Obj<Bytes>, vm: &Vm) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &this.bytes().to_ascii_lowercase())
    }

    /// Return a copy with lowercase letters in uppercase.
    #[method]
    fn upper(this: &Obj<Bytes>, vm: &Vm) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &this.bytes().to_ascii_uppercase())
    }

    /// Return a copy with words starting in uppercase and going on in lowercase.
    #[method]
    fn title(this: &Obj<Bytes>, vm: &Vm) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &algorithms::title(this.bytes()))
    }

    /// Return a copy with the first byte in uppercase and the rest in lowercase.
    #[method]
    fn capitalize(this: &Obj<Bytes>, vm: &Vm) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &algorithms::capitalize(this.bytes()))
    }

    /// Return a copy with lowercase letters in uppercase and the other way round.
    #[method]
    fn swapcase(this: &Obj<Bytes>, vm: &Vm) -> PyResult<Ref<Bytes>> {
        let swapped: Vec<u8> = this.bytes().iter().map(|&byte| algorithms::swap_case(byte)).collect();
        Bytes::new(vm, &swapped)
    }

    /// Return a centered copy of length width, padded with fillchar.
    #[method(sig = "width, fillchar=b' ', /")]
    fn center(this: &Obj<Bytes>, vm: &Vm, width: isize, fillchar: Option<&Value>) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &algorithms::justify(vm, this.bytes(), width, fillchar, Side::Both, "center")?)
    }

    /// Return a left-justified copy of length width, padded with fillchar.
    #[method(sig = "width, fillchar=b' ', /")]
    fn ljust(this: &Obj<Bytes>, vm: &Vm, width: isize, fillchar: Option<&Value>) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &algorithms::justify(vm, this.bytes(), width, fillchar, Side::Right, "ljust")?)
    }

    /// Return a right-justified copy of length width, padded with fillchar.
    #[method(sig = "width, fillchar=b' ', /")]
    fn rjust(this: &Obj<Bytes>, vm: &Vm, width: isize, fillchar: Option<&Value>) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &algorithms::justify(vm, this.bytes(), width, fillchar, Side::Left, "rjust")?)
    }

    /// Pad a number with zeros on the left, to fill a field of the given width.
    #[method(sig = "width, /")]
    fn zfill(this: &Obj<Bytes>, vm: &Vm, width: isize) -> PyResult<Ref<Bytes>> {
        let data = this.bytes();
        let width = width.max(0) as usize;
        Bytes::new(vm, &algorithms::written(vm, |out| taipan_text::split::zfill(data, width, out))?)
    }

    /// Return a copy where all tab characters are expanded using spaces.
    #[method(sig = "tabsize=8")]
    fn expandtabs(this: &Obj<Bytes>, vm: &Vm, tabsize: i32) -> PyResult<Ref<Bytes>> {
        let data = this.bytes();
        let size = tabsize.max(0) as usize;
        Bytes::new(vm, &algorithms::written(vm, |out| taipan_text::split::expand_tabs(data, size, out))?)
    }

    /// Return the number of non-overlapping occurrences of sub in the data between start and end.
    #[method(sig = "sub, start=None, end=None, /")]
    fn count(this: &Obj<Bytes>, vm: &Vm, sub: &Value, start: Option<&Value>, end: Option<&Value>) -> PyResult<usize> {
        algorithms::count(vm, this.bytes(), sub, start, end)
    }

    /// Return the lowest index where sub is found between start and end, or -1.
    #[method(sig = "sub, start=None, end=None, /")]
    fn find(this: &Obj<Bytes>, vm: &Vm, sub: &Value, start: Option<&Value>, end: Option<&Value>) -> PyResult<i64> {
        let found = algorithms::find(vm, this.bytes(), [Some(sub), start, end], false)?;
        Ok(found.map_or(-1, |at| at as i64))
    }

    /// Return the highest index where sub is found between start and end, or -1.
    #[method(sig = "sub, start=None, end=None, /")]
    fn rfind(this: &Obj<Bytes>, vm: &Vm, sub: &Value, start: Option<&Value>, end: Option<&Value>) -> PyResult<i64> {
        let found = algorithms::find(vm, this.bytes(), [Some(sub), start, end], true)?;
        Ok(found.map_or(-1, |at| at as i64))
    }

    /// Return the lowest index where sub is found between start and end; raise ValueError if it is not.
    #[method(sig = "sub, start=None, end=None, /")]
    fn index(this: &Obj<Bytes>, vm: &Vm, sub: &Value, start: Option<&Value>, end: Option<&Value>) -> PyResult<usize> {
        algorithms::index(vm, this.bytes(), [Some(sub), start, end], false)
    }

    /// Return the highest index where sub is found between start and end; raise ValueError if it is not.
    #[method(sig = "sub, start=None, end=None, /")]
    fn rindex(this: &Obj<Bytes>, vm: &Vm, sub: &Value, start: Option<&Value>, end: Option<&Value>) -> PyResult<usize> {
        algorithms::index(vm, this.bytes(), [Some(sub), start, end], true)
    }

    /// Return True if the data between start and end starts with the given prefix or one of a tuple of them.
    #[method(sig = "prefix, start=None, end=None, /")]
    fn startswith(
        this: &Obj<Bytes>,
        vm: &Vm,
        prefix: &Value,
        start: Option<&Value>,
        end: Option<&Value>,
    ) -> PyResult<bool> {
        algorithms::affix(vm, this.bytes(), [Some(prefix), start, end], false)
    }

    /// Return True if the data between start and end ends with the given suffix or one of a tuple of them.
    #[method(sig = "suffix, start=None, end=None, /")]
    fn endswith(
        this: &Obj<Bytes>,
        vm: &Vm,
        suffix: &Value,
        start: Option<&Value>,
        end: Option<&Value>,
    ) -> PyResult<bool> {
        algorithms::affix(vm, this.bytes(), [Some(suffix), start, end], true)
    }

    /// Return a copy with the given prefix removed if present.
    #[method(sig = "prefix, /")]
    fn removeprefix(this: &Obj<Bytes>, vm: &Vm, prefix: &Value) -> PyResult<Ref<Bytes>> {
        let data = this.bytes();
        let range = algorithms::without_affix(vm, data, prefix, false)?;
        Bytes::part(vm, this, range)
    }

    /// Return a copy with the given suffix removed if present.
    #[method(sig = "suffix, /")]
    fn removesuffix(this: &Obj<Bytes>, vm: &Vm, suffix: &Value) -> PyResult<Ref<Bytes>> {
        let data = this.bytes();
        let range = algorithms::without_affix(vm, data, suffix, true)?;
        Bytes::part(vm, this, range)
    }

    /// Return a copy with leading and trailing whitespace (or the given bytes) removed.
    #[method(sig = "bytes=None, /")]
    fn strip(this: &Obj<Bytes>, vm: &Vm, bytes: Option<&Value>) -> PyResult<Ref<Bytes>> {
        let data = this.bytes();
        let range = algorithms::strip(vm, data, bytes, true, true)?;
        Bytes::part(vm, this, range)
    }

    /// Return a copy with leading whitespace (or the given bytes) removed.
    #[method(sig = "bytes=None, /")]
    fn lstrip(this: &Obj<Bytes>, vm: &Vm, bytes: Option<&Value>) -> PyResult<Ref<Bytes>> {
        let data = this.bytes();
        let range = algorithms::strip(vm, data, bytes, true, false)?;
        Bytes::part(vm, this, range)
    }

    /// Return a copy with trailing whitespace (or the given bytes) removed.
    #[method(sig = "bytes=None, /")]
    fn rstrip(this: &Obj<Bytes>, vm: &Vm, bytes: Option<&Value>) -> PyResult<Ref<Bytes>> {
        let data = this.bytes();
        let range = algorithms::strip(vm, data, bytes, false, true)?;
        Bytes::part(vm, this, range)
    }

    /// Return a list of the sections of the data, using sep as the delimiter.
    #[method(sig = "sep=None, maxsplit=-1")]
    fn split(this: &Obj<Bytes>, vm: &Vm, sep: Option<&Value>, maxsplit: isize) -> PyResult<Ref<List>> {
        algorithms::split(vm, this.bytes(), sep, maxsplit, false, make)
    }

    /// Return a list of the sections of the data, using sep as the delimiter, from the right.
    #[method(sig = "sep=None, maxsplit=-1")]
    fn rsplit(this: &Obj<Bytes>, vm: &Vm, sep: Option<&Value>, maxsplit: isize) -> PyResult<Ref<List>> {
        algorithms::split(vm, this.bytes(), sep, maxsplit, true, make)
    }

    /// Return a list of the lines of the data, breaking at line boundaries.
    #[method(sig = "keepends=False")]
    fn splitlines(this: &Obj<Bytes>, vm: &Vm, keepends: bool) -> PyResult<Ref<List>> {
        algorithms::split_lines(vm, this.bytes(), keepends, make)
    }

    /// Partition the data into three parts using the given separator.
    #[method(sig = "sep, /")]
    fn partition(this: &Obj<Bytes>, vm: &Vm, sep: &Value) -> PyResult<Ref<Tuple>> {
        algorithms::partition(vm, this.bytes(), sep, false, make)
    }

    /// Partition the data into three parts using the last occurrence of the given separator.
    #[method(sig = "sep, /")]
    fn rpartition(this: &Obj<Bytes>, vm: &Vm, sep: &Value) -> PyResult<Ref<Tuple>> {
        algorithms::partition(vm, this.bytes(), sep, true, make)
    }

    /// Concatenate any number of bytes-like objects, with the data between them.
    #[method(sig = "iterable_of_bytes, /")]
    fn join(this: &Obj<Bytes>, vm: &Vm, iterable_of_bytes: &Value) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &algorithms::join(vm, this.bytes(), iterable_of_bytes)?)
    }

    /// Return a copy with all occurrences of old (the first count ones) replaced by new.
    #[method(sig = "old, new, count=-1, /")]
    fn replace(this: &Obj<Bytes>, vm: &Vm, old: &Value, new: &Value, count: isize) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &algorithms::replace(vm, this.bytes(), old, new, count)?)
    }

    /// Return a copy with each byte mapped by the table, after those in delete are removed.
    #[method(sig = "table, /, delete=b''")]
    fn translate(this: &Obj<Bytes>, vm: &Vm, table: &Value, delete: Option<&Value>) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &algorithms::translate(vm, this.bytes(), table, delete)?)
    }

    /// Return a translation table usable for the translate method.
    #[staticmethod(sig = "frm, to, /")]
    fn maketrans(vm: &Vm, frm: &Value, to: &Value) -> PyResult<Ref<Bytes>> {
        Bytes::new(vm, &algorithms::maketrans(vm, frm, to)?)
    }

    /// Decode the data using the codec registered for encoding.
    #[method(sig = "encoding='utf-8', errors='strict'")]
    fn decode(
        this: &Obj<Bytes>,
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
    fn hex(this: &Obj<Bytes>, vm: &Vm, sep: Option<&Value>, bytes_per_sep: i32) -> PyResult<String> {
        algorithms::hex(vm, this.bytes(), sep, bytes_per_sep)
    }

    /// Make an object of the bytes that hexadecimal numbers stand for.
    #[classmethod(sig = "string, /")]
    fn fromhex(class: &Obj<Type>, vm: &Vm, string: &Value) -> PyResult<Value> {
        let made = Bytes::new(vm, &algorithms::from_hex(vm, string)?)?;
        if class.is_same(&*vm.types().bytes) {
            return Ok(made.into());
        }
        vm.call(&class.to_value(), &[made.into()])
    }

    #[slot(binary(Mod))]
    fn modulo(left: &Value, right: &Value, vm: &Vm) -> PyResult<Value> {
        match left.downcast::<Bytes>() {
            Some(this) => Ok(Bytes::new(vm, &crate::builtins::str::percent_bytes(vm, this.bytes(), right)?)?.into()),
            None => Ok(NOT_IMPLEMENTED),
        }
    }
}
