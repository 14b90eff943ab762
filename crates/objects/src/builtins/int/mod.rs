//! `int`: immediate up to 62 bits, a big integer on the heap beyond, and for instances of subclasses.
//!
//! Invariant I1: an exact int that fits 62 bits is never on the heap, so equal small ints are identical.

mod arithmetic;
mod convert;
mod wide;

pub use arithmetic::{int_error, int_float_error, max_bits, to_float};
pub use convert::{
    buffer_bytes, bytes_of, construct, finish, format_number, from_number, parse_text, text_error, to_ascii,
};
pub use wide::quick;

use crate::builtins::bytes::Bytes;
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::builtins::{FALSE, NOT_IMPLEMENTED, TRUE, boolean, float, is_none};
use crate::native::Args;
use crate::types::{BinaryOp, CompareOp, Type};
use crate::vm::{PyResult, Vm};
use std::borrow::Cow;
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_numeric::{BigInt, Sign, hash, int_ops};
use wide::{Number, as_wide};

/// A big integer, or the number in an instance of a subclass of int.
#[derive(Payload)]
#[payload(name = "int")]
pub struct Int {
    number: Number,
}

impl Int {
    /// The number.
    pub fn value(&self) -> Cow<'_, BigInt> {
        self.number.big()
    }
}

/// An int of any size.
pub fn from_big(vm: &Vm, value: BigInt) -> PyResult<Value> {
    if let Some(small) = i64::try_from(&value).ok().and_then(Value::try_int) {
        return Ok(small);
    }
    let number = Number::of_big(vm, value)?;
    Ok(vm.alloc(&*vm.types().int, Int { number })?.into())
}

/// An int from a machine integer.
#[inline]
pub fn from_i64(vm: &Vm, value: i64) -> PyResult<Value> {
    match Value::try_int(value) {
        Some(small) => Ok(small),
        None => alloc_wide(vm, value.into()),
    }
}

/// An int from a wide machine integer.
#[inline]
pub fn from_i128(vm: &Vm, value: i128) -> PyResult<Value> {
    match i64::try_from(value) {
        Ok(value) => from_i64(vm, value),
        Err(_) => alloc_wide(vm, value),
    }
}

/// An int on the heap, which an immediate one has no room for.
fn alloc_wide(vm: &Vm, value: i128) -> PyResult<Value> {
    Ok(vm.alloc(&*vm.types().int, Int { number: Number::of_wide(value) })?.into())
}

/// An instance of a subclass of int.
pub fn new_subclass(vm: &Vm, class: &Obj<Type>, value: BigInt) -> PyResult<Value> {
    let number = Number::of_big(vm, value)?;
    Ok(vm.alloc_instance(class, Int { number })?.into())
}

/// The number in an int, a bool or an instance of a subclass; `None` for anything else.
pub fn as_big(value: &Value) -> Option<Cow<'_, BigInt>> {
    if let Some(small) = as_small(value) {
        return Some(Cow::Owned(small.into()));
    }
    Some(value.downcast::<Int>()?.value())
}

/// The number in an exact int that is not immediate, if it fits a machine integer.
pub fn as_long(value: &Value) -> Option<i64> {
    i64::try_from(value.downcast_exact::<Int>()?.number.wide()?).ok()
}

/// The number in an immediate int or a bool.
#[inline]
pub fn as_small(value: &Value) -> Option<i64> {
    if let Some(n) = value.as_int() {
        Some(n)
    } else if value.is(&TRUE) {
        Some(1)
    } else if value.is(&FALSE) {
        Some(0)
    } else {
        None
    }
}

/// Whether the value is an int (or of a subclass, bool included).
#[inline]
pub fn is_int(value: &Value) -> bool {
    as_small(value).is_some() || value.downcast::<Int>().is_some()
}

/// `operator.index`: the int that `value` stands for, or TypeError.
pub fn index(vm: &Vm, value: &Value) -> PyResult<Value> {
    if is_int(value) {
        return Ok(value.clone());
    }
    let Some(function) = vm.class_of(value).slots.index.get() else {
        let given = vm.type_name(value);
        return Err(vm.type_error(format!("'{given}' object cannot be interpreted as an integer")));
    };
    let result = function(vm, value)?;
    checked(vm, "__index__", result)
}

/// What a conversion method returned, if it is an int; one of a strict subclass is deprecated.
pub(crate) fn checked(vm: &Vm, method: &str, result: Value) -> PyResult<Value> {
    if result.is_int() || result.downcast_exact::<Int>().is_some() {
        return Ok(result);
    }
    if is_int(&result) {
        vm.warn_strict_subclass(method, "int", &result)?;
        return Ok(result);
    }
    let given = vm.type_name(&result);
    Err(vm.type_error(format!("{method} returned non-int (type {given})")))
}

/// `index` as a machine integer; `None` when it does not fit.
#[inline]
pub fn index_i64(vm: &Vm, value: &Value) -> PyResult<Option<i64>> {
    if let Some(small) = as_small(value) {
        return Ok(Some(small));
    }
    let value = index(vm, value)?;
    Ok(as_big(&value).and_then(|big| i64::try_from(big.as_ref()).ok()))
}

/// `index` as a position for slicing: out of range values are clamped to the machine's range.
pub fn index_clamped(vm: &Vm, value: &Value) -> PyResult<i64> {
    if let Some(small) = as_small(value) {
        return Ok(small);
    }
    let value = index(vm, value)?;
    Ok(as_big(&value).map_or(0, |big| {
        i64::try_from(big.as_ref()).unwrap_or(if big.sign() == Sign::Minus { i64::MIN } else { i64::MAX })
    }))
}

/// `sys.get_int_max_str_digits()`; 0 is no limit.
pub fn max_str_digits(vm: &Vm) -> usize {
    vm.interp().max_str_digits.get()
}

/// The decimal text of an int, a bool's number included.
pub fn decimal(vm: &Vm, value: &Value) -> PyResult<String> {
    if let Some(small) = as_small(value) {
        return Ok(taipan_numeric::small_to_string(small, 10));
    }
    // The least limit of digits that can be set is far above so few.
    if let Some(wide) = as_wide(value) {
        return Ok(wide.to_string());
    }
    match as_big(value) {
        Some(big) => taipan_numeric::big_to_string(&big, 10, max_str_digits(vm))
            .map_err(|error| vm.value_error(error.to_string())),
        None => Err(vm.bad_self("__repr__", "int", value)),
    }
}

/// The decimal text of a small int, in a buffer that it needs.
#[inline]
pub fn small_text(value: i64, buffer: &mut [u8; 20]) -> &[u8] {
    let mut at = taipan_numeric::write_decimal(value.unsigned_abs(), buffer);
    if value < 0 {
        at -= 1;
        buffer[at] = b'-';
    }
    &buffer[at..]
}

/// The text of a small int.
#[inline]
pub fn small_str(vm: &Vm, value: i64) -> PyResult<Ref<Str>> {
    Str::from_ascii(vm, small_text(value, &mut [0; 20]))
}

/// The repr of an immediate int.
#[inline]
pub fn repr_small(vm: &Vm, value: i64) -> PyResult<Value> {
    Ok(small_str(vm, value)?.into())
}

/// The same number as an exact int.
pub fn exact(vm: &Vm, value: &Value) -> PyResult<Value> {
    if value.is_int() {
        return Ok(value.clone());
    }
    if let Some(small) = as_small(value) {
        return from_i64(vm, small);
    }
    match value.downcast::<Int>() {
        Some(int) if int.header().kind().has(taipan_heap::flags::EXACT) => Ok(value.clone()),
        Some(int) => match int.number.wide() {
            Some(wide) => from_i128(vm, wide),
            None => from_big(vm, int.value().into_owned()),
        },
        None => Err(vm.bad_self("__int__", "int", value)),
    }
}

/// The number as an instance of `class`, which is int or derives from it.
pub fn of_class(vm: &Vm, class: &Obj<Type>, value: Value) -> PyResult<Value> {
    if class.is_same(&*vm.types().int) {
        return exact(vm, &value);
    }
    let number = own(vm, "__new__", &value)?.into_owned();
    new_subclass(vm, class, number)
}

/// The number of a method's instance.
fn own<'a>(vm: &Vm, method: &str, value: &'a Value) -> PyResult<Cow<'a, BigInt>> {
    as_big(value).ok_or_else(|| vm.bad_self(method, "int", value))
}

/// Where the bytes of an int begin and end, by the `byteorder` argument.
fn big_endian(vm: &Vm, function: &str, byteorder: Option<&Value>) -> PyResult<bool> {
    let Some(order) = byteorder else { return Ok(true) };
    let Some(text) = order.downcast::<Str>() else {
        let given = vm.given_name(order);
        return Err(vm.type_error(format!("{function}() argument 'byteorder' must be str, not {given}")));
    };
    match (text.equals("big"), text.equals("little")) {
        (true, _) => Ok(true),
        (_, true) => Ok(false),
        _ => Err(vm.value_error("byteorder must be either 'little' or 'big'")),
    }
}

/// int([x]) -> integer
/// int(x, base=10) -> integer
///
/// Convert a number or string to an integer, or return 0 if no arguments
/// are given.  If x is a number, return x.__int__().  For floating-point
/// numbers, this truncates towards zero.
///
/// If x is not a number or if base is given, then x must be a string,
/// bytes, or bytearray instance representing an integer literal in the
/// given base.  The literal can be preceded by '+' or '-' and be surrounded
/// by whitespace.  The base defaults to 10.  Valid bases are 0 and 2-36.
/// Base 0 means to interpret the base from the string as an integer literal.
/// >>> int('0b100', base=0)
/// 4
#[pytype(name = "int", flags = BASETYPE | MATCH_SELF)]
impl Int {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let value = convert::construct(vm, args)?;
        of_class(vm, class, value)
    }

    #[slot]
    fn repr(this: &Value, vm: &Vm) -> PyResult<Value> {
        match this.as_int() {
            Some(small) => repr_small(vm, small),
            None => Ok(Str::new(vm, &decimal(vm, this)?)?.into()),
        }
    }

    #[slot]
    fn hash(this: &Value, vm: &Vm) -> PyResult<i64> {
        match as_small(this) {
            Some(small) => Ok(hash::hash_small(small)),
            None => match as_wide(this) {
                Some(wide) => Ok(hash::hash_wide(wide)),
                None => Ok(hash::hash_big(&*own(vm, "__hash__", this)?)),
            },
        }
    }

    #[slot]
    fn compare(this: &Value, other: &Value, op: CompareOp) -> PyResult<Value> {
        if let (Some(a), Some(b)) = (as_wide(this), as_wide(other)) {
            return Ok(boolean(op.holds(a.cmp(&b))));
        }
        match (as_big(this), as_big(other)) {
            (Some(a), Some(b)) => Ok(boolean(op.holds(a.cmp(&b)))),
            _ => Ok(NOT_IMPLEMENTED),
        }
    }

    #[slot]
    fn bool(this: &Value) -> PyResult<bool> {
        Ok(match as_wide(this) {
            Some(wide) => wide != 0,
            None => as_big(this).is_some_and(|big| big.sign() != Sign::NoSign),
        })
    }

    #[slot(int, index, pos)]
    fn int(this: &Value, vm: &Vm) -> PyResult<Value> {
        exact(vm, this)
    }

    #[slot]
    fn float(this: &Value, vm: &Vm) -> PyResult<Value> {
        float::new(vm, to_float(vm, this)?)
    }

    #[slot]
    fn neg(this: &Value, vm: &Vm) -> PyResult<Value> {
        match as_wide(this).and_then(i128::checked_neg) {
            Some(wide) => from_i128(vm, wide),
            None => from_big(vm, -own(vm, "__neg__", this)?.into_owned()),
        }
    }

    #[slot]
    fn abs(this: &Value, vm: &Vm) -> PyResult<Value> {
        match as_small(this) {
            Some(small) => from_i64(vm, small.abs()),
            None => {
                let value = own(vm, "__abs__", this)?;
                if value.sign() == Sign::Minus { from_big(vm, -value.into_owned()) } else { exact(vm, this) }
            }
        }
    }

    #[slot]
    fn invert(this: &Value, vm: &Vm) -> PyResult<Value> {
        match as_wide(this) {
            Some(wide) => from_i128(vm, !wide),
            None => from_big(vm, int_ops::invert(&*own(vm, "__invert__", this)?)),
        }
    }

    #[slot(binary(Add))]
    fn add(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        match (as_small(left), as_small(right)) {
            (Some(a), Some(b)) => from_i64(vm, a + b),
            _ => arithmetic::general(vm, BinaryOp::Add, left, right, |a, b, _| Ok(a + b)),
        }
    }

    #[slot(binary(Sub))]
    fn sub(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        match (as_small(left), as_small(right)) {
            (Some(a), Some(b)) => from_i64(vm, a - b),
            _ => arithmetic::general(vm, BinaryOp::Sub, left, right, |a, b, _| Ok(a - b)),
        }
    }

    #[slot(binary(Mul))]
    fn mul(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        match (as_small(left), as_small(right)) {
            (Some(a), Some(b)) => match a.checked_mul(b) {
                Some(product) => from_i64(vm, product),
                None => from_i128(vm, i128::from(a) * i128::from(b)),
            },
            _ => arithmetic::general(vm, BinaryOp::Mul, left, right, int_ops::mul),
        }
    }

    #[slot(binary(TrueDiv))]
    fn true_div(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        arithmetic::true_divide(vm, left, right)
    }

    #[slot(binary(FloorDiv))]
    fn floor_div(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        match (as_small(left), as_small(right)) {
            (Some(a), Some(b)) => match int_ops::floor_div_small(a, b) {
                Some(quotient) => from_i64(vm, quotient),
                None => Err(vm.zero_division_error("division by zero")),
            },
            _ => arithmetic::general(vm, BinaryOp::FloorDiv, left, right, |a, b, _| int_ops::floor_div(a, b)),
        }
    }

    #[slot(binary(Mod))]
    fn modulo(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        match (as_small(left), as_small(right)) {
            (Some(a), Some(b)) => match int_ops::modulo_small(a, b) {
                Some(rest) => from_i64(vm, rest),
                None => Err(vm.zero_division_error("division by zero")),
            },
            _ => arithmetic::general(vm, BinaryOp::Mod, left, right, |a, b, _| int_ops::modulo(a, b)),
        }
    }

    #[slot(binary(DivMod))]
    fn div_mod(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        arithmetic::div_mod(vm, left, right)
    }

    #[slot(binary(Pow))]
    fn pow(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        arithmetic::power(vm, left, right)
    }

    #[slot]
    fn power(vm: &Vm, base: &Value, exponent: &Value, modulus: &Value) -> PyResult<Value> {
        arithmetic::power_modulo(vm, base, exponent, modulus)
    }

    #[slot(binary(LShift))]
    fn shift_left(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        arithmetic::shift_left(vm, left, right)
    }

    #[slot(binary(RShift))]
    fn shift_right(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        match (as_small(left), as_small(right)) {
            (Some(a), Some(b)) if b >= 0 => from_i64(vm, a >> b.min(63)),
            _ => arithmetic::general(vm, BinaryOp::RShift, left, right, |a, b, _| int_ops::shift_right(a, b)),
        }
    }

    #[slot(binary(And))]
    pub(crate) fn and(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        match (as_small(left), as_small(right)) {
            (Some(a), Some(b)) => from_i64(vm, a & b),
            _ => arithmetic::general(vm, BinaryOp::And, left, right, |a, b, _| Ok(int_ops::and(a, b))),
        }
    }

    #[slot(binary(Or))]
    pub(crate) fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        match (as_small(left), as_small(right)) {
            (Some(a), Some(b)) => from_i64(vm, a | b),
            _ => arithmetic::general(vm, BinaryOp::Or, left, right, |a, b, _| Ok(int_ops::or(a, b))),
        }
    }

    #[slot(binary(Xor))]
    pub(crate) fn xor(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        match (as_small(left), as_small(right)) {
            (Some(a), Some(b)) => from_i64(vm, a ^ b),
            _ => arithmetic::general(vm, BinaryOp::Xor, left, right, |a, b, _| Ok(int_ops::xor(a, b))),
        }
    }

    /// Returns self, the complex conjugate of any int.
    #[method]
    fn conjugate(this: &Value, vm: &Vm) -> PyResult<Value> {
        exact(vm, this)
    }

    /// Number of bits necessary to represent self in binary.
    ///
    /// >>> bin(37)
    /// '0b100101'
    /// >>> (37).bit_length()
    /// 6
    #[method(fixed)]
    fn bit_length(this: &Value, vm: &Vm) -> PyResult<u64> {
        match as_small(this) {
            Some(small) => Ok(u64::from(u64::BITS - small.unsigned_abs().leading_zeros())),
            None => Ok(int_ops::bit_length(&*own(vm, "bit_length", this)?)),
        }
    }

    /// Number of ones in the binary representation of the absolute value of self.
    ///
    /// Also known as the population count.
    ///
    /// >>> bin(13)
    /// '0b1101'
    /// >>> (13).bit_count()
    /// 3
    #[method(fixed)]
    fn bit_count(this: &Value, vm: &Vm) -> PyResult<u64> {
        Ok(int_ops::bit_count(&*own(vm, "bit_count", this)?))
    }

    /// Returns True. Exists for duck type compatibility with float.is_integer.
    #[method]
    fn is_integer(_this: &Value) -> bool {
        true
    }

    /// Return a pair of integers, whose ratio is equal to the original int.
    ///
    /// The ratio is in lowest terms and has a positive denominator.
    #[method]
    fn as_integer_ratio(this: &Value, vm: &Vm) -> PyResult<Ref<Tuple>> {
        Tuple::pair(vm, exact(vm, this)?, Value::small_int(1))
    }

    /// Truncating an Integral returns itself.
    #[method]
    fn __trunc__(this: &Value, vm: &Vm) -> PyResult<Value> {
        exact(vm, this)
    }

    /// Flooring an Integral returns itself.
    #[method]
    fn __floor__(this: &Value, vm: &Vm) -> PyResult<Value> {
        exact(vm, this)
    }

    /// Ceiling of an Integral returns itself.
    #[method]
    fn __ceil__(this: &Value, vm: &Vm) -> PyResult<Value> {
        exact(vm, this)
    }

    /// Rounding an Integral returns itself.
    ///
    /// Rounding with an ndigits argument also returns an integer.
    #[method(sig = "ndigits=None, /")]
    fn __round__(this: &Value, vm: &Vm, ndigits: Option<&Value>) -> PyResult<Value> {
        let Some(digits) = ndigits.filter(|digits| !is_none(digits)) else { return exact(vm, this) };
        let digits = index_clamped(vm, digits)?;
        if digits >= 0 {
            return exact(vm, this);
        }
        let value = own(vm, "__round__", this)?;
        // A power of ten beyond twice the number rounds it to nothing.
        if digits.unsigned_abs() > int_ops::bit_length(&value) / 3 + 2 {
            return Ok(Value::small_int(0));
        }
        from_big(vm, int_ops::round_to_power_of_ten(&value, digits.unsigned_abs() as u32))
    }

    /// Convert to a string according to format_spec.
    #[method(sig = "format_spec, /")]
    fn __format__(this: &Value, vm: &Vm, format_spec: &Obj<Str>) -> PyResult<Ref<Str>> {
        convert::format(vm, this, format_spec)
    }

    #[method]
    fn __getnewargs__(this: &Value, vm: &Vm) -> PyResult<Ref<Tuple>> {
        Tuple::new(vm, [exact(vm, this)?].into_iter())
    }

    /// Returns size in memory, in bytes.
    #[method]
    fn __sizeof__(this: &Value, vm: &Vm) -> PyResult<u64> {
        if !this.is_object() {
            return Ok(size_of::<Value>() as u64);
        }
        let digits = int_ops::bit_length(&*own(vm, "__sizeof__", this)?).div_ceil(64) * 8;
        Ok(16 + size_of::<Int>() as u64 + digits)
    }

    /// Return an array of bytes representing an integer.
    ///
    ///   length
    ///     Length of bytes object to use.  An OverflowError is raised if the
    ///     integer is not representable with the given number of bytes.  Default
    ///     is length 1.
    ///   byteorder
    ///     The byte order used to represent the integer.  If byteorder is 'big',
    ///     the most significant byte is at the beginning of the byte array.  If
    ///     byteorder is 'little', the most significant byte is at the end of the
    ///     byte array.  To request the native byte order of the host system, use
    ///     sys.byteorder as the byte order value.  Default is to use 'big'.
    ///   signed
    ///     Determines whether two's complement is used to represent the integer.
    ///     If signed is False and a negative integer is given, an OverflowError
    ///     is raised.
    #[method(sig = "length=1, byteorder='big', *, signed=False")]
    fn to_bytes(this: &Value, vm: &Vm, length: isize, byteorder: Option<&Value>, signed: bool) -> PyResult<Ref<Bytes>> {
        let big_endian = big_endian(vm, "to_bytes", byteorder)?;
        let Ok(length) = usize::try_from(length) else {
            return Err(vm.value_error("length argument must be non-negative"));
        };
        if length as u64 > max_bits(vm) / 8 {
            return Err(vm.out_of_memory(taipan_heap::OutOfMemory));
        }
        if let Some(small) = as_small(this)
            && (signed || small >= 0)
            && length <= 8
        {
            let bits = length * 8;
            let used = 64 - if small < 0 { !small } else { small }.leading_zeros() as usize + usize::from(signed);
            if used <= bits {
                return match big_endian {
                    true => Bytes::new(vm, &small.to_be_bytes()[8 - length..]),
                    false => Bytes::new(vm, &small.to_le_bytes()[..length]),
                };
            }
        }
        match int_ops::to_bytes(&*own(vm, "to_bytes", this)?, length, big_endian, signed) {
            Ok(bytes) => Bytes::new(vm, &bytes),
            Err(error) => Err(vm.overflow_error(error.to_string())),
        }
    }

    /// Return the integer represented by the given array of bytes.
    ///
    ///   bytes
    ///     Holds the array of bytes to convert.  The argument must either
    ///     support the buffer protocol or be an iterable object producing bytes.
    ///     Bytes and bytearray are examples of built-in objects that support the
    ///     buffer protocol.
    ///   byteorder
    ///     The byte order used to represent the integer.  If byteorder is 'big',
    ///     the most significant byte is at the beginning of the byte array.  If
    ///     byteorder is 'little', the most significant byte is at the end of the
    ///     byte array.  To request the native byte order of the host system, use
    ///     sys.byteorder as the byte order value.  Default is to use 'big'.
    ///   signed
    ///     Indicates whether two's complement is used to represent the integer.
    #[classmethod(sig = "bytes, byteorder='big', *, signed=False")]
    fn from_bytes(
        class: &Obj<Type>,
        vm: &Vm,
        bytes: &Value,
        byteorder: Option<&Value>,
        signed: bool,
    ) -> PyResult<Value> {
        let big_endian = big_endian(vm, "from_bytes", byteorder)?;
        let bytes = bytes_of(vm, bytes)?;
        let value = match bytes.len() {
            1..=8 => {
                let mut word = [0; 8];
                match big_endian {
                    true => word[8 - bytes.len()..].copy_from_slice(&bytes),
                    false => word[..bytes.len()].copy_from_slice(&bytes),
                }
                let word = if big_endian { u64::from_be_bytes(word) } else { u64::from_le_bytes(word) };
                let unused = 64 - 8 * bytes.len() as u32;
                match signed {
                    true => from_i64(vm, (word << unused) as i64 >> unused)?,
                    false => from_i128(vm, i128::from(word))?,
                }
            }
            _ => from_big(vm, int_ops::from_bytes(&bytes, big_endian, signed).into())?,
        };
        if class.is_same(&*vm.types().int) { Ok(value) } else { vm.call(&class.to_value(), &[value]) }
    }

    /// the numerator of a rational number in lowest terms
    #[getter]
    fn numerator(this: &Value, vm: &Vm) -> PyResult<Value> {
        exact(vm, this)
    }

    /// the denominator of a rational number in lowest terms
    #[getter]
    fn denominator(_this: &Value) -> i64 {
        1
    }

    /// the real part of a complex number
    #[getter]
    fn real(this: &Value, vm: &Vm) -> PyResult<Value> {
        exact(vm, this)
    }

    /// the imaginary part of a complex number
    #[getter]
    fn imag(_this: &Value) -> i64 {
        0
    }
}
