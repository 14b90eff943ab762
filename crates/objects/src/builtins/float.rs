//! `float`: nearly always immediate; on the heap for rare exponents and instances of subclasses.
//!
//! Invariant: an exact float that has an immediate form is never on the heap.

use crate::builtins::str::{SHORT_TEXT, Str};
use crate::builtins::tuple::Tuple;
use crate::builtins::{NOT_IMPLEMENTED, boolean, complex, int, is_none};
use crate::native::Args;
use crate::types::{CompareOp, Type};
use crate::vm::{PyResult, Vm};
use std::cmp::Ordering;
use taipan_heap::{Obj, Payload, Ref, Value, flags};
use taipan_macros::pytype;
use taipan_numeric::float_ops::{self, PowResult};
use taipan_numeric::{float_hex, float_repr, hash, int_float};
use taipan_text::format_value::{NumericLocale, format_float};
use taipan_text::{CodePoints, TextBuffer};

/// A float that has no immediate form, or the number in an instance of a subclass.
#[derive(Payload)]
#[payload(name = "float")]
pub struct Float {
    value: f64,
}

/// A float.
#[inline]
pub fn new(vm: &Vm, value: f64) -> PyResult<Value> {
    match Value::try_float(value) {
        Some(immediate) => Ok(immediate),
        None => Ok(vm.alloc(&*vm.types().float, Float { value })?.into()),
    }
}

/// An instance of a subclass of float.
pub fn new_subclass(vm: &Vm, class: &Obj<Type>, value: f64) -> PyResult<Value> {
    Ok(vm.alloc_instance(class, Float { value })?.into())
}

/// The number in a float or an instance of a subclass.
#[inline]
pub fn get(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| value.downcast::<Float>().map(|float| float.value))
}

/// The float that `value` stands for (`__float__`, then `__index__`), or TypeError.
pub fn as_f64(vm: &Vm, value: &Value) -> PyResult<f64> {
    if let Some(x) = get(value) {
        return Ok(x);
    }
    if let Some(n) = int::as_small(value) {
        return Ok(n as f64);
    }
    let class = vm.class_of(value);
    if let Some(function) = class.slots.float.get() {
        let result = function(vm, value)?;
        return converted(vm, value, &result);
    }
    if class.slots.index.get().is_none() && !int::is_int(value) {
        let given = class.tp_name();
        return Err(vm.type_error(format!("must be real number, not {given}")));
    }
    let index = int::index(vm, value)?;
    match int::as_big(&index).map(|big| int_float::to_float(&big)) {
        Some(Ok(x)) => Ok(x),
        _ => Err(vm.overflow_error("int too large to convert to float")),
    }
}

/// The number in what `__float__` returned; an instance of a strict subclass is deprecated.
fn converted(vm: &Vm, value: &Value, result: &Value) -> PyResult<f64> {
    let class = vm.class_of(value);
    match get(result) {
        Some(x) => {
            if !result.is_float() && result.downcast_exact::<Float>().is_none() {
                vm.warn_strict_subclass(&format!("{}.__float__", class.tp_name()), "float", result)?;
            }
            Ok(x)
        }
        None => {
            let (class, given) = (class.tp_name(), vm.type_name(result));
            Err(vm.type_error(format!("{class}.__float__ returned non-float (type {given})")))
        }
    }
}

/// `left ** right` for floats: a float, or a complex where the reals have no answer.
pub fn power(vm: &Vm, left: f64, right: f64) -> PyResult<Value> {
    match float_ops::pow(left, right) {
        PowResult::Float(result) => new(vm, result),
        PowResult::Complex => complex::power(vm, complex::Number::new(left, 0.0), complex::Number::new(right, 0.0)),
        PowResult::ZeroDivision => Err(vm.zero_division_error("zero to a negative power")),
        PowResult::Overflow => Err(range_error(vm)),
    }
}

/// The OverflowError of a result that is too large: `(34, 'Numerical result out of range')`.
#[cold]
fn range_error(vm: &Vm) -> crate::vm::Raised {
    let message = match Str::new(vm, "Numerical result out of range") {
        Ok(message) => message,
        Err(raised) => return raised,
    };
    match vm.new_exception(&vm.types().overflow_error, &[Value::small_int(34), message.into()]) {
        Ok(exception) => vm.raise(exception),
        Err(raised) => raised,
    }
}

/// An operand of float arithmetic: a float or an int, nothing else.
#[inline]
pub(crate) fn operand(vm: &Vm, value: &Value) -> PyResult<Option<f64>> {
    if let Some(x) = value.as_float() {
        return Ok(Some(x));
    }
    if let Some(n) = int::as_small(value) {
        return Ok(Some(n as f64));
    }
    if let Some(float) = value.downcast::<Float>() {
        return Ok(Some(float.value));
    }
    if value.downcast::<int::Int>().is_some() { int::to_float(vm, value).map(Some) } else { Ok(None) }
}

#[inline]
fn arithmetic(
    vm: &Vm,
    left: &Value,
    right: &Value,
    operation: impl FnOnce(f64, f64) -> PyResult<Value>,
) -> PyResult<Value> {
    let Some(a) = operand(vm, left)? else { return Ok(NOT_IMPLEMENTED) };
    let Some(b) = operand(vm, right)? else { return Ok(NOT_IMPLEMENTED) };
    operation(a, b)
}

fn own(vm: &Vm, method: &str, value: &Value) -> PyResult<f64> {
    get(value).ok_or_else(|| vm.bad_self(method, "float", value))
}

/// A float as a specification says; `name` is its type's, for messages.
pub fn format_number<S: CodePoints + ?Sized>(vm: &Vm, value: f64, spec: &S, name: &str) -> PyResult<Ref<Str>> {
    vm.check_spec_room(spec)?;
    let mut out = TextBuffer::with_capacity(SHORT_TEXT);
    match format_float(value, spec, name, &NumericLocale::default(), &mut out) {
        Ok(()) => int::finish(vm, &out),
        Err(error) => Err(int::text_error(vm, &error)),
    }
}

/// A float as an exact one.
fn exact(vm: &Vm, value: &Value) -> PyResult<Value> {
    match value.header() {
        Some(header) if !header.kind().has(flags::EXACT) => new(vm, own(vm, "__float__", value)?),
        _ => Ok(value.clone()),
    }
}

/// `float(value)`
fn construct(vm: &Vm, value: &Value) -> PyResult<f64> {
    let slots = &vm.class_of(value).slots;
    if let Some(text) = value.downcast::<Str>()
        && slots.float.get().is_none()
        && slots.index.get().is_none()
    {
        return parse(vm, &int::to_ascii(text), value);
    }
    // A subclass may have a `__float__` of its own.
    if let Some(float) = value.downcast::<Float>()
        && let Some(function) = slots.float.get()
    {
        let result = function(vm, value)?;
        return converted(vm, &float.to_value(), &result);
    }
    if get(value).is_some() || int::is_int(value) || slots.float.get().is_some() || slots.index.get().is_some() {
        return as_f64(vm, value);
    }
    match int::buffer_bytes(vm, value)? {
        Some(bytes) => parse(vm, &bytes, value),
        None => {
            let given = vm.type_name(value);
            Err(vm.type_error(format!("float() argument must be a string or a real number, not '{given}'")))
        }
    }
}

fn parse(vm: &Vm, text: &[u8], source: &Value) -> PyResult<f64> {
    match taipan_numeric::parse_float(text) {
        Some(x) => Ok(x),
        None => {
            let shown = vm.repr(source)?;
            Err(vm.value_error(format!("could not convert string to float: {}", shown.to_lossy())))
        }
    }
}

/// The number as an instance of `class`, which is float or derives from it.
fn of_class(vm: &Vm, class: &Obj<Type>, value: f64) -> PyResult<Value> {
    if class.is_same(&*vm.types().float) { new(vm, value) } else { new_subclass(vm, class, value) }
}

fn compare_number(this: f64, other: &Value) -> Option<Option<Ordering>> {
    if let Some(other) = get(other) {
        return Some(this.partial_cmp(&other));
    }
    if let Some(small) = int::as_small(other) {
        return Some(int_float::compare_small(small, this).map(Ordering::reverse));
    }
    int::as_big(other).map(|big| int_float::compare(&big, this).map(Ordering::reverse))
}

/// float(x=0, /)
/// --
///
/// Convert a string or number to a floating-point number, if possible.
#[pytype(name = "float", flags = BASETYPE | MATCH_SELF)]
impl Float {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let args = args.for_new(vm, "float", class, &vm.types().float)?;
        let value = match args.expect(vm, "float", 0, 1)?.first() {
            Some(value) => construct(vm, value)?,
            None => 0.0,
        };
        of_class(vm, class, value)
    }

    #[slot]
    fn repr(this: &Value, vm: &Vm) -> PyResult<Ref<Str>> {
        Str::new(vm, &float_repr(own(vm, "__repr__", this)?))
    }

    #[slot]
    fn hash(this: &Value, vm: &Vm) -> PyResult<i64> {
        Ok(hash::hash_float(own(vm, "__hash__", this)?).unwrap_or_else(|| hash::hash_identity(this.bits())))
    }

    #[slot]
    fn compare(this: &Value, other: &Value, op: CompareOp, vm: &Vm) -> PyResult<Value> {
        Ok(match compare_number(own(vm, "__eq__", this)?, other) {
            Some(Some(ordering)) => boolean(op.holds(ordering)),
            Some(None) => boolean(op == CompareOp::Ne),
            None => NOT_IMPLEMENTED,
        })
    }

    #[slot]
    fn bool(this: &Value) -> PyResult<bool> {
        Ok(get(this).is_some_and(|x| x != 0.0))
    }

    #[slot]
    fn int(this: &Value, vm: &Vm) -> PyResult<Value> {
        let x = own(vm, "__int__", this)?;
        // Conversion of what is in range truncates like Python does.
        if x.abs() < 1e18 {
            return int::from_i64(vm, x as i64);
        }
        match int_float::from_float(x) {
            Ok(big) => int::from_big(vm, big),
            Err(error) => Err(int::int_float_error(vm, error)),
        }
    }

    #[slot(float, pos)]
    fn float(this: &Value, vm: &Vm) -> PyResult<Value> {
        exact(vm, this)
    }

    #[slot]
    fn neg(this: &Value, vm: &Vm) -> PyResult<f64> {
        own(vm, "__neg__", this).map(|x| -x)
    }

    #[slot]
    fn abs(this: &Value, vm: &Vm) -> PyResult<f64> {
        own(vm, "__abs__", this).map(f64::abs)
    }

    #[slot(binary(Add))]
    fn add(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        arithmetic(vm, left, right, |a, b| new(vm, a + b))
    }

    #[slot(binary(Sub))]
    fn sub(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        arithmetic(vm, left, right, |a, b| new(vm, a - b))
    }

    #[slot(binary(Mul))]
    fn mul(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        arithmetic(vm, left, right, |a, b| new(vm, a * b))
    }

    #[slot(binary(TrueDiv))]
    fn true_div(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        arithmetic(vm, left, right, |a, b| match b == 0.0 {
            true => Err(vm.zero_division_error("division by zero")),
            false => new(vm, a / b),
        })
    }

    #[slot(binary(FloorDiv))]
    fn floor_div(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        arithmetic(vm, left, right, |a, b| match b == 0.0 {
            true => Err(vm.zero_division_error("division by zero")),
            false => new(vm, float_ops::floor_div(a, b)),
        })
    }

    #[slot(binary(Mod))]
    fn modulo(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        arithmetic(vm, left, right, |a, b| match b == 0.0 {
            true => Err(vm.zero_division_error("division by zero")),
            false => new(vm, float_ops::modulo(a, b)),
        })
    }

    #[slot(binary(DivMod))]
    fn div_mod(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        arithmetic(vm, left, right, |a, b| {
            if b == 0.0 {
                return Err(vm.zero_division_error("division by zero"));
            }
            let (quotient, rest) = float_ops::div_mod(a, b);
            Ok(Tuple::pair(vm, new(vm, quotient)?, new(vm, rest)?)?.into())
        })
    }

    #[slot(binary(Pow))]
    fn pow(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        arithmetic(vm, left, right, |a, b| power(vm, a, b))
    }

    #[slot]
    fn power(vm: &Vm, base: &Value, exponent: &Value, modulus: &Value) -> PyResult<Value> {
        if is_none(modulus) {
            return Float::pow(vm, base, exponent);
        }
        Err(vm.type_error("pow() 3rd argument not allowed unless all arguments are integers"))
    }

    /// Return self, the complex conjugate of any float.
    #[method]
    fn conjugate(this: &Value, vm: &Vm) -> PyResult<Value> {
        exact(vm, this)
    }

    /// Return the Integral closest to x between 0 and x.
    #[method]
    fn __trunc__(this: &Value, vm: &Vm) -> PyResult<Value> {
        Float::int(this, vm)
    }

    /// Return the floor as an Integral.
    #[method]
    fn __floor__(this: &Value, vm: &Vm) -> PyResult<Value> {
        float_ops::floor(own(vm, "__floor__", this)?)
            .map_err(|error| int::int_float_error(vm, error))
            .and_then(|floor| int::from_big(vm, floor))
    }

    /// Return the ceiling as an Integral.
    #[method]
    fn __ceil__(this: &Value, vm: &Vm) -> PyResult<Value> {
        float_ops::ceil(own(vm, "__ceil__", this)?)
            .map_err(|error| int::int_float_error(vm, error))
            .and_then(|ceil| int::from_big(vm, ceil))
    }

    /// Return the Integral closest to x, rounding half toward even.
    ///
    /// When an argument is passed, work like built-in round(x, ndigits).
    #[method(sig = "ndigits=None, /")]
    fn __round__(this: &Value, vm: &Vm, ndigits: Option<&Value>) -> PyResult<Value> {
        let x = own(vm, "__round__", this)?;
        match ndigits.filter(|digits| !is_none(digits)) {
            Some(digits) => match float_ops::round_to_digits(x, int::index_clamped(vm, digits)?) {
                Some(rounded) => new(vm, rounded),
                None => Err(vm.overflow_error("rounded value too large to represent")),
            },
            None => match float_ops::round_to_int(x) {
                Ok(rounded) => int::from_big(vm, rounded),
                Err(error) => Err(int::int_float_error(vm, error)),
            },
        }
    }

    /// Return a pair of integers, whose ratio is exactly equal to the original float.
    ///
    /// The ratio is in lowest terms and has a positive denominator.  Raise
    /// OverflowError on infinities and a ValueError on NaNs.
    #[method]
    fn as_integer_ratio(this: &Value, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let x = own(vm, "as_integer_ratio", this)?;
        if x.is_nan() {
            return Err(vm.value_error("cannot convert NaN to integer ratio"));
        }
        if x.is_infinite() {
            return Err(vm.overflow_error("cannot convert Infinity to integer ratio"));
        }
        let (numerator, denominator) = float_hex::as_integer_ratio(x);
        Tuple::pair(vm, int::from_big(vm, numerator)?, int::from_big(vm, denominator)?)
    }

    /// Return a hexadecimal representation of a floating-point number.
    ///
    /// >>> (-0.1).hex()
    /// '-0x1.999999999999ap-4'
    /// >>> 3.14159.hex()
    /// '0x1.921f9f01b866ep+1'
    #[method]
    fn hex(this: &Value, vm: &Vm) -> PyResult<String> {
        Ok(float_hex::float_hex(own(vm, "hex", this)?))
    }

    /// Create a floating-point number from a hexadecimal string.
    #[classmethod]
    fn fromhex(class: &Obj<Type>, vm: &Vm, string: &Value) -> PyResult<Value> {
        let Some(text) = string.downcast::<Str>() else {
            return Err(vm.type_error("bad argument type for built-in operation"));
        };
        let value = match float_hex::float_from_hex(text.to_lossy().as_bytes()) {
            Ok(value) => new(vm, value)?,
            Err(error @ float_hex::HexError::TooLarge) => return Err(vm.overflow_error(error.to_string())),
            Err(error) => return Err(vm.value_error(error.to_string())),
        };
        if class.is_same(&*vm.types().float) { Ok(value) } else { vm.call(&class.to_value(), &[value]) }
    }

    /// Convert real number to a floating-point number.
    #[classmethod]
    fn from_number(class: &Obj<Type>, vm: &Vm, number: &Value) -> PyResult<Value> {
        let value = new(vm, as_f64(vm, number)?)?;
        if class.is_same(&*vm.types().float) { Ok(value) } else { vm.call(&class.to_value(), &[value]) }
    }

    /// Return True if the float is an integer.
    #[method]
    fn is_integer(this: &Value, vm: &Vm) -> PyResult<bool> {
        Ok(float_ops::is_integer(own(vm, "is_integer", this)?))
    }

    #[method]
    fn __getnewargs__(this: &Value, vm: &Vm) -> PyResult<Ref<Tuple>> {
        Tuple::new(vm, [exact(vm, this)?].into_iter())
    }

    /// You probably don't want to use this function.
    ///
    ///   typestr
    ///     Must be 'double' or 'float'.
    ///
    /// It exists mainly to be used in Python's test suite.
    #[classmethod]
    fn __getformat__(_class: &Obj<Type>, vm: &Vm, typestr: &Obj<Str>) -> PyResult<&'static str> {
        match typestr.equals("double") || typestr.equals("float") {
            true if cfg!(target_endian = "little") => Ok("IEEE, little-endian"),
            true => Ok("IEEE, big-endian"),
            false => Err(vm.value_error("__getformat__() argument 1 must be 'double' or 'float'")),
        }
    }

    /// Formats the float according to format_spec.
    #[method(sig = "format_spec, /")]
    fn __format__(this: &Value, vm: &Vm, format_spec: &Obj<Str>) -> PyResult<Ref<Str>> {
        if format_spec.is_empty() {
            return vm.str(this);
        }
        let (value, name) = (own(vm, "__format__", this)?, vm.type_name(this));
        if format_spec.is_ascii() {
            return format_number(vm, value, format_spec.bytes(), &name);
        }
        format_number(vm, value, &**format_spec, &name)
    }

    /// the real part of a complex number
    #[getter]
    fn real(this: &Value, vm: &Vm) -> PyResult<Value> {
        exact(vm, this)
    }

    /// the imaginary part of a complex number
    #[getter]
    fn imag(_this: &Value) -> f64 {
        0.0
    }
}
