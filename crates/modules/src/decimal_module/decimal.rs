//! The type `Decimal`.
//!
//! Invariant: operators work in the current context, methods in the one they are given.

use super::context::divided;
use super::current::current;
use super::format;
use super::object::{
    PyDecimal, binary, compare_total, compare_total_magnitude, context_or_current, copy_sign, finish, logical_and,
    logical_or, logical_xor, make, operand, operator, required, unary,
};
use super::state::state;
use super::{compare, construct, ratio, settings};
use taipan_heap::{Obj, Ref, Value};
use taipan_macros::pytype;
use taipan_numeric::decimal::{Context, Decimal, Kind, Rounding, Status, hash};
use taipan_numeric::hash::hash_identity;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NOT_IMPLEMENTED, is_none};
use taipan_objects::types::{CompareOp, Type};
use taipan_objects::vm::{PyResult, Vm};

/// The method of rounding to an integer, with a rounding and a context.
fn integral(
    vm: &Vm,
    this: &Obj<PyDecimal>,
    rounding: Option<&Value>,
    context: Option<&Value>,
    exact: bool,
) -> PyResult<Value> {
    let state = state(vm)?;
    let context = context_or_current(vm, &state, context)?;
    let mut arithmetic = context.arithmetic(vm);
    if let Some(rounding) = rounding.filter(|rounding| !is_none(rounding)) {
        arithmetic.rounding = settings::rounding(vm, &state, rounding)?;
    }
    let mut status = Status::default();
    let result = this.number().to_integral(arithmetic.rounding, exact, &arithmetic, &mut status);
    finish(vm, &state, &context, result, status)
}

/// The number's text as the current context writes it.
fn text(vm: &Vm, this: &Obj<PyDecimal>, before: &str, after: &str) -> PyResult<Ref<Str>> {
    let context = current(vm, &*state(vm)?)?;
    let number = this.number();
    if number.is_finite() {
        vm.check_room(number.coef.digits().unsigned_abs() as usize)?;
    }
    let mut shown = Vec::with_capacity(40);
    shown.extend_from_slice(before.as_bytes());
    number.push_text(context.capitals(), &mut shown);
    shown.extend_from_slice(after.as_bytes());
    Str::from_latin1(vm, &shown)
}

/// Decimal(value='0', context=None)
/// --
///
/// A decimal number. `value` may be an int, a str, a float, a tuple or another Decimal, and is 0 if it is left out.
///
/// The context does not change the number; it says whether an invalid value raises an exception.
#[pytype(name = "Decimal", module = "decimal", flags = BASETYPE)]
impl PyDecimal {
    #[slot(sig = "value='0', context=None")]
    fn new(class: &Obj<Type>, vm: &Vm, value: Option<&Value>, context: Option<&Value>) -> PyResult<Value> {
        construct::exact(vm, &*state(vm)?, class, value, context)
    }

    /// A number from a float or an int, exactly.
    #[classmethod(sig = "f, /")]
    fn from_float(class: &Obj<Type>, vm: &Vm, f: &Value) -> PyResult<Value> {
        let state = state(vm)?;
        construct::converted(vm, &state, class, construct::of_float(vm, f)?)
    }

    /// A number from an int, a float or a Decimal, exactly.
    #[classmethod(sig = "number, /")]
    fn from_number(class: &Obj<Type>, vm: &Vm, number: &Value) -> PyResult<Value> {
        let state = state(vm)?;
        let number = match construct::of_number(vm, number)? {
            Some(number) => number,
            None => required(vm, number)?.into_owned(),
        };
        construct::converted(vm, &state, class, number)
    }

    #[slot]
    fn repr(this: &Obj<PyDecimal>, vm: &Vm) -> PyResult<Value> {
        Ok(text(vm, this, "Decimal('", "')")?.into())
    }

    #[slot]
    fn str(this: &Obj<PyDecimal>, vm: &Vm) -> PyResult<Value> {
        Ok(text(vm, this, "", "")?.into())
    }

    #[slot]
    fn hash(this: &Obj<PyDecimal>, vm: &Vm) -> PyResult<i64> {
        match this.number().kind {
            Kind::SNan => Err(vm.type_error("Cannot hash a signaling NaN value")),
            Kind::Nan => Ok(hash_identity(this.to_value().bits())),
            _ => Ok(hash(this.number())),
        }
    }

    #[slot(compare)]
    fn rich_compare(this: &Obj<PyDecimal>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        compare::compare(vm, this, other, op)
    }

    #[slot]
    fn bool(this: &Obj<PyDecimal>) -> PyResult<bool> {
        Ok(!this.number().is_zero())
    }

    #[slot]
    fn int(this: &Obj<PyDecimal>, vm: &Vm) -> PyResult<Value> {
        ratio::to_int(vm, this.number(), Rounding::Down)
    }

    #[slot]
    fn float(this: &Obj<PyDecimal>, vm: &Vm) -> PyResult<Value> {
        ratio::to_float(vm, this.number())
    }

    #[slot]
    fn neg(this: &Obj<PyDecimal>, vm: &Vm) -> PyResult<Value> {
        unary(vm, this, None, Decimal::minus)
    }

    #[slot]
    fn pos(this: &Obj<PyDecimal>, vm: &Vm) -> PyResult<Value> {
        unary(vm, this, None, Decimal::plus)
    }

    #[slot]
    fn abs(this: &Obj<PyDecimal>, vm: &Vm) -> PyResult<Value> {
        unary(vm, this, None, Decimal::abs)
    }

    #[slot(binary(Add))]
    fn add(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        operator(vm, left, right, Decimal::add)
    }

    #[slot(binary(Sub))]
    fn sub(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        operator(vm, left, right, Decimal::sub)
    }

    #[slot(binary(Mul))]
    fn mul(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        operator(vm, left, right, Decimal::mul)
    }

    #[slot(binary(TrueDiv))]
    fn true_div(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        operator(vm, left, right, Decimal::div)
    }

    #[slot(binary(FloorDiv))]
    fn floor_div(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        operator(vm, left, right, Decimal::div_int)
    }

    #[slot(binary(Mod))]
    fn modulo(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        operator(vm, left, right, Decimal::rem)
    }

    #[slot(binary(Pow))]
    fn pow(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        operator(vm, left, right, Decimal::power)
    }

    #[slot]
    fn power(vm: &Vm, base: &Value, exponent: &Value, modulus: &Value) -> PyResult<Value> {
        if is_none(modulus) {
            return PyDecimal::pow(vm, base, exponent);
        }
        let (Some(base), Some(exponent), Some(modulus)) = (operand(base), operand(exponent), operand(modulus)) else {
            return Ok(NOT_IMPLEMENTED);
        };
        let state = state(vm)?;
        let context = current(vm, &state)?;
        let mut status = Status::default();
        let result = base.power_modulo(&exponent, &modulus, &context.arithmetic(vm), &mut status);
        finish(vm, &state, &context, result, status)
    }

    #[slot(binary(DivMod))]
    fn div_mod(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        let (Some(a), Some(b)) = (operand(left), operand(right)) else { return Ok(NOT_IMPLEMENTED) };
        let state = state(vm)?;
        let context = current(vm, &state)?;
        divided(vm, &state, &context, &a, &b)
    }

    #[method]
    fn __floor__(this: &Obj<PyDecimal>, vm: &Vm) -> PyResult<Value> {
        ratio::to_int(vm, this.number(), Rounding::Floor)
    }

    #[method]
    fn __ceil__(this: &Obj<PyDecimal>, vm: &Vm) -> PyResult<Value> {
        ratio::to_int(vm, this.number(), Rounding::Ceiling)
    }

    #[method]
    fn __trunc__(this: &Obj<PyDecimal>, vm: &Vm) -> PyResult<Value> {
        ratio::to_int(vm, this.number(), Rounding::Down)
    }

    #[method(sig = "ndigits=<unrepresentable>, /")]
    fn __round__(this: &Obj<PyDecimal>, vm: &Vm, ndigits: Option<&Value>) -> PyResult<Value> {
        ratio::round(vm, this, ndigits)
    }

    #[method]
    fn __complex__(this: &Obj<PyDecimal>, vm: &Vm) -> PyResult<Value> {
        ratio::to_complex(vm, this.number())
    }

    #[method]
    fn __copy__(this: &Obj<PyDecimal>) -> Value {
        this.to_value()
    }

    #[method(sig = "object, /")]
    fn __deepcopy__(this: &Obj<PyDecimal>, _object: &Value) -> Value {
        this.to_value()
    }

    #[method]
    fn __reduce__(this: &Obj<PyDecimal>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let shown: Value = vm.str(&this.to_value())?.into();
        let class = vm.class_of(&this.to_value()).to_value();
        Tuple::pair(vm, class, Tuple::from_values(vm, vec![shown])?.into())
    }

    /// The object's size in memory, in bytes.
    #[method]
    fn __sizeof__(this: &Obj<PyDecimal>) -> usize {
        16 + size_of::<PyDecimal>() + this.number().coef.heap_bytes()
    }

    /// The number's text in the layout of a format specification.
    #[method(sig = "format_spec, override=<unrepresentable>, /")]
    fn __format__(this: &Obj<PyDecimal>, vm: &Vm, format_spec: &Value, r#override: Option<&Value>) -> PyResult<Value> {
        format::format(vm, this, format_spec, r#override)
    }

    #[getter]
    fn real(this: &Obj<PyDecimal>) -> Value {
        this.to_value()
    }

    #[getter]
    fn imag(_this: &Obj<PyDecimal>, vm: &Vm) -> PyResult<Value> {
        make(vm, &*state(vm)?, Decimal::from_i64(0))
    }

    /// The exponent of the first digit; 0 for what is not finite.
    #[method]
    fn adjusted(this: &Obj<PyDecimal>) -> i64 {
        if this.number().is_finite() { this.number().adjusted() } else { 0 }
    }

    /// Sign, digits and exponent.
    #[method]
    fn as_tuple(this: &Obj<PyDecimal>, vm: &Vm) -> PyResult<Value> {
        ratio::as_tuple(vm, &*state(vm)?, this.number())
    }

    /// A pair of integers whose ratio is the number, in lowest terms.
    #[method]
    fn as_integer_ratio(this: &Obj<PyDecimal>, vm: &Vm) -> PyResult<Value> {
        ratio::as_integer_ratio(vm, this.number())
    }

    /// The number itself.
    #[method]
    fn canonical(this: &Obj<PyDecimal>) -> Value {
        this.to_value()
    }

    /// The number itself.
    #[method]
    fn conjugate(this: &Obj<PyDecimal>) -> Value {
        this.to_value()
    }

    /// Ten.
    #[method]
    fn radix(_this: &Obj<PyDecimal>, vm: &Vm) -> PyResult<Value> {
        make(vm, &*state(vm)?, Decimal::from_i64(10))
    }

    /// The number without its sign.
    #[method]
    fn copy_abs(this: &Obj<PyDecimal>, vm: &Vm) -> PyResult<Value> {
        make(vm, &*state(vm)?, this.number().clone().with_sign(false))
    }

    /// The number with the other sign.
    #[method]
    fn copy_negate(this: &Obj<PyDecimal>, vm: &Vm) -> PyResult<Value> {
        make(vm, &*state(vm)?, this.number().clone().with_sign(!this.number().negative))
    }

    /// True: every Decimal is in its canonical form.
    #[method]
    fn is_canonical(_this: &Obj<PyDecimal>) -> bool {
        true
    }

    /// Whether the number is normal.
    #[method(sig = "context=None")]
    fn is_normal(this: &Obj<PyDecimal>, vm: &Vm, context: Option<&Value>) -> PyResult<bool> {
        let context = context_or_current(vm, &*state(vm)?, context)?;
        Ok(this.number().is_normal(&context.arithmetic(vm)))
    }

    /// Whether the number is subnormal.
    #[method(sig = "context=None")]
    fn is_subnormal(this: &Obj<PyDecimal>, vm: &Vm, context: Option<&Value>) -> PyResult<bool> {
        let context = context_or_current(vm, &*state(vm)?, context)?;
        Ok(this.number().is_subnormal(&context.arithmetic(vm)))
    }

    /// What kind of number it is: '+Normal', '-Zero', 'NaN' and the like.
    #[method(sig = "context=None")]
    fn number_class(this: &Obj<PyDecimal>, vm: &Vm, context: Option<&Value>) -> PyResult<&'static str> {
        let context = context_or_current(vm, &*state(vm)?, context)?;
        Ok(this.number().class(&context.arithmetic(vm)))
    }

    /// The number in engineering notation.
    #[method(sig = "context=None")]
    fn to_eng_string(this: &Obj<PyDecimal>, vm: &Vm, context: Option<&Value>) -> PyResult<String> {
        let context = context_or_current(vm, &*state(vm)?, context)?;
        Ok(this.number().to_engineering(context.capitals()))
    }

    /// Whether two numbers have the same exponent.
    #[method(sig = "other, context=None")]
    fn same_quantum(this: &Obj<PyDecimal>, vm: &Vm, other: &Value, context: Option<&Value>) -> PyResult<bool> {
        context_or_current(vm, &*state(vm)?, context)?;
        Ok(this.number().same_quantum(&*required(vm, other)?))
    }

    /// The number times another plus a third, rounded once.
    #[method(sig = "other, third, context=None")]
    fn fma(this: &Obj<PyDecimal>, vm: &Vm, other: &Value, third: &Value, context: Option<&Value>) -> PyResult<Value> {
        let state = state(vm)?;
        let context = context_or_current(vm, &state, context)?;
        let (other, third) = (required(vm, other)?, required(vm, third)?);
        let mut status = Status::default();
        let result = this.number().fma(&other, &third, &context.arithmetic(vm), &mut status);
        finish(vm, &state, &context, result, status)
    }

    /// The number with the exponent of another.
    #[method(sig = "exp, rounding=None, context=None")]
    fn quantize(
        this: &Obj<PyDecimal>,
        vm: &Vm,
        exp: &Value,
        rounding: Option<&Value>,
        context: Option<&Value>,
    ) -> PyResult<Value> {
        let state = state(vm)?;
        let context = context_or_current(vm, &state, context)?;
        let mut arithmetic: Context = context.arithmetic(vm);
        if let Some(rounding) = rounding.filter(|rounding| !is_none(rounding)) {
            arithmetic.rounding = settings::rounding(vm, &state, rounding)?;
        }
        let exp = required(vm, exp)?;
        let mut status = Status::default();
        let result = this.number().quantize(&exp, &arithmetic, &mut status);
        finish(vm, &state, &context, result, status)
    }

    /// The nearest integer, without telling of lost digits.
    #[method(sig = "rounding=None, context=None")]
    fn to_integral(
        this: &Obj<PyDecimal>,
        vm: &Vm,
        rounding: Option<&Value>,
        context: Option<&Value>,
    ) -> PyResult<Value> {
        integral(vm, this, rounding, context, false)
    }

    /// The nearest integer, without telling of lost digits.
    #[method(sig = "rounding=None, context=None")]
    fn to_integral_value(
        this: &Obj<PyDecimal>,
        vm: &Vm,
        rounding: Option<&Value>,
        context: Option<&Value>,
    ) -> PyResult<Value> {
        integral(vm, this, rounding, context, false)
    }

    /// The nearest integer; lost digits are signaled.
    #[method(sig = "rounding=None, context=None")]
    fn to_integral_exact(
        this: &Obj<PyDecimal>,
        vm: &Vm,
        rounding: Option<&Value>,
        context: Option<&Value>,
    ) -> PyResult<Value> {
        integral(vm, this, rounding, context, true)
    }

    /// Whether the number is neither infinite nor NaN.
    #[method]
    fn is_finite(this: &Obj<PyDecimal>) -> bool {
        let x = this.number();
        x.is_finite()
    }

    /// Whether the number is infinite.
    #[method]
    fn is_infinite(this: &Obj<PyDecimal>) -> bool {
        let x = this.number();
        x.is_infinite()
    }

    /// Whether the number is a NaN, quiet or signaling.
    #[method]
    fn is_nan(this: &Obj<PyDecimal>) -> bool {
        let x = this.number();
        x.is_nan()
    }

    /// Whether the number is a quiet NaN.
    #[method]
    fn is_qnan(this: &Obj<PyDecimal>) -> bool {
        let x = this.number();
        x.kind == Kind::Nan
    }

    /// Whether the number has a minus sign.
    #[method]
    fn is_signed(this: &Obj<PyDecimal>) -> bool {
        let x = this.number();
        x.negative
    }

    /// Whether the number is a signaling NaN.
    #[method]
    fn is_snan(this: &Obj<PyDecimal>) -> bool {
        let x = this.number();
        x.kind == Kind::SNan
    }

    /// Whether the number is a zero.
    #[method]
    fn is_zero(this: &Obj<PyDecimal>) -> bool {
        let x = this.number();
        x.is_zero()
    }

    /// e to the power of the number.
    #[method(sig = "context=None")]
    fn exp(this: &Obj<PyDecimal>, vm: &Vm, context: Option<&Value>) -> PyResult<Value> {
        unary(vm, this, context, Decimal::exp)
    }

    /// The natural logarithm.
    #[method(sig = "context=None")]
    fn ln(this: &Obj<PyDecimal>, vm: &Vm, context: Option<&Value>) -> PyResult<Value> {
        unary(vm, this, context, Decimal::ln)
    }

    /// The decimal logarithm.
    #[method(sig = "context=None")]
    fn log10(this: &Obj<PyDecimal>, vm: &Vm, context: Option<&Value>) -> PyResult<Value> {
        unary(vm, this, context, Decimal::log10)
    }

    /// The exponent of the first digit.
    #[method(sig = "context=None")]
    fn logb(this: &Obj<PyDecimal>, vm: &Vm, context: Option<&Value>) -> PyResult<Value> {
        unary(vm, this, context, Decimal::logb)
    }

    /// The digits, which are zeros and ones, inverted.
    #[method(sig = "context=None")]
    fn logical_invert(this: &Obj<PyDecimal>, vm: &Vm, context: Option<&Value>) -> PyResult<Value> {
        unary(vm, this, context, Decimal::logical_invert)
    }

    /// The next smaller number that the context can represent.
    #[method(sig = "context=None")]
    fn next_minus(this: &Obj<PyDecimal>, vm: &Vm, context: Option<&Value>) -> PyResult<Value> {
        unary(vm, this, context, Decimal::next_minus)
    }

    /// The next larger number that the context can represent.
    #[method(sig = "context=None")]
    fn next_plus(this: &Obj<PyDecimal>, vm: &Vm, context: Option<&Value>) -> PyResult<Value> {
        unary(vm, this, context, Decimal::next_plus)
    }

    /// The number rounded, without zeros at its end.
    #[method(sig = "context=None")]
    fn normalize(this: &Obj<PyDecimal>, vm: &Vm, context: Option<&Value>) -> PyResult<Value> {
        unary(vm, this, context, Decimal::normalize)
    }

    /// The square root.
    #[method(sig = "context=None")]
    fn sqrt(this: &Obj<PyDecimal>, vm: &Vm, context: Option<&Value>) -> PyResult<Value> {
        unary(vm, this, context, Decimal::sqrt)
    }

    /// How two numbers compare: -1, 0 or 1 as a number.
    #[method(sig = "other, context=None")]
    fn compare(this: &Obj<PyDecimal>, vm: &Vm, other: &Value, context: Option<&Value>) -> PyResult<Value> {
        binary(vm, this, other, context, Decimal::compare)
    }

    /// As compare; every NaN signals.
    #[method(sig = "other, context=None")]
    fn compare_signal(this: &Obj<PyDecimal>, vm: &Vm, other: &Value, context: Option<&Value>) -> PyResult<Value> {
        binary(vm, this, other, context, Decimal::compare_signal)
    }

    /// How two representations compare in the total order.
    #[method(sig = "other, context=None")]
    fn compare_total(this: &Obj<PyDecimal>, vm: &Vm, other: &Value, context: Option<&Value>) -> PyResult<Value> {
        binary(vm, this, other, context, compare_total)
    }

    /// As compare_total, without regard to signs.
    #[method(sig = "other, context=None")]
    fn compare_total_mag(this: &Obj<PyDecimal>, vm: &Vm, other: &Value, context: Option<&Value>) -> PyResult<Value> {
        binary(vm, this, other, context, compare_total_magnitude)
    }

    /// The first number with the sign of the second.
    #[method(sig = "other, context=None")]
    fn copy_sign(this: &Obj<PyDecimal>, vm: &Vm, other: &Value, context: Option<&Value>) -> PyResult<Value> {
        binary(vm, this, other, context, copy_sign)
    }

    /// The conjunction of digits that are zeros and ones.
    #[method(sig = "other, context=None")]
    fn logical_and(this: &Obj<PyDecimal>, vm: &Vm, other: &Value, context: Option<&Value>) -> PyResult<Value> {
        binary(vm, this, other, context, logical_and)
    }

    /// The disjunction of digits that are zeros and ones.
    #[method(sig = "other, context=None")]
    fn logical_or(this: &Obj<PyDecimal>, vm: &Vm, other: &Value, context: Option<&Value>) -> PyResult<Value> {
        binary(vm, this, other, context, logical_or)
    }

    /// The difference of digits that are zeros and ones.
    #[method(sig = "other, context=None")]
    fn logical_xor(this: &Obj<PyDecimal>, vm: &Vm, other: &Value, context: Option<&Value>) -> PyResult<Value> {
        binary(vm, this, other, context, logical_xor)
    }

    /// The larger number.
    #[method(sig = "other, context=None")]
    fn max(this: &Obj<PyDecimal>, vm: &Vm, other: &Value, context: Option<&Value>) -> PyResult<Value> {
        binary(vm, this, other, context, Decimal::max)
    }

    /// The number with the larger magnitude.
    #[method(sig = "other, context=None")]
    fn max_mag(this: &Obj<PyDecimal>, vm: &Vm, other: &Value, context: Option<&Value>) -> PyResult<Value> {
        binary(vm, this, other, context, Decimal::max_magnitude)
    }

    /// The smaller number.
    #[method(sig = "other, context=None")]
    fn min(this: &Obj<PyDecimal>, vm: &Vm, other: &Value, context: Option<&Value>) -> PyResult<Value> {
        binary(vm, this, other, context, Decimal::min)
    }

    /// The number with the smaller magnitude.
    #[method(sig = "other, context=None")]
    fn min_mag(this: &Obj<PyDecimal>, vm: &Vm, other: &Value, context: Option<&Value>) -> PyResult<Value> {
        binary(vm, this, other, context, Decimal::min_magnitude)
    }

    /// The next number in the direction of the second.
    #[method(sig = "other, context=None")]
    fn next_toward(this: &Obj<PyDecimal>, vm: &Vm, other: &Value, context: Option<&Value>) -> PyResult<Value> {
        binary(vm, this, other, context, Decimal::next_toward)
    }

    /// What is left of the first number by the nearest multiple of the second.
    #[method(sig = "other, context=None")]
    fn remainder_near(this: &Obj<PyDecimal>, vm: &Vm, other: &Value, context: Option<&Value>) -> PyResult<Value> {
        binary(vm, this, other, context, Decimal::rem_near)
    }

    /// The digits of the first number rotated.
    #[method(sig = "other, context=None")]
    fn rotate(this: &Obj<PyDecimal>, vm: &Vm, other: &Value, context: Option<&Value>) -> PyResult<Value> {
        binary(vm, this, other, context, Decimal::rotate)
    }

    /// The first number times ten to the power of the second.
    #[method(sig = "other, context=None")]
    fn scaleb(this: &Obj<PyDecimal>, vm: &Vm, other: &Value, context: Option<&Value>) -> PyResult<Value> {
        binary(vm, this, other, context, Decimal::scaleb)
    }

    /// The digits of the first number shifted.
    #[method(sig = "other, context=None")]
    fn shift(this: &Obj<PyDecimal>, vm: &Vm, other: &Value, context: Option<&Value>) -> PyResult<Value> {
        binary(vm, this, other, context, Decimal::shift)
    }
}
