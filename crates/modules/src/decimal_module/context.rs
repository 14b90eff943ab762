//! The type `Context`.
//!
//! Invariant: a context shares its flags and traps with the mappings it shows them through, and with nothing else.

use super::construct;
use super::object::{
    PyDecimal, compare_total, compare_total_magnitude, context_binary, context_unary, copy_sign, finish, logical_and,
    logical_or, logical_xor, make, required, settle, to_integral_exact, to_integral_value,
};
use super::settings::{self, NAMES, Settings};
use super::signals::{Bits, SignalDictMixin};
use super::state::{State, state};
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_numeric::decimal::{Context, Decimal, Kind, Status};
use taipan_objects::builtins::is_none;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::native::Args;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// A context.
#[derive(Payload)]
#[payload(name = "decimal.Context")]
pub struct PyContext {
    arithmetic: Plain,
    capitals: Cell<bool>,
    pub(super) flags: Bits,
    pub(super) traps: Bits,
    flag_dict: Value,
    trap_dict: Value,
}

struct Plain(Cell<Context>);
taipan_heap::no_references!(Plain);

impl PyContext {
    pub fn make(vm: &Vm, class: &Obj<Type>, dict: &Obj<Type>, settings: Settings) -> PyResult<Ref<PyContext>> {
        let (flags, traps) = (Bits::default(), Bits::default());
        let context = PyContext {
            arithmetic: Plain(Cell::new(settings.arithmetic())),
            capitals: Cell::new(settings.capitals),
            flag_dict: SignalDictMixin::make(vm, dict, &flags)?,
            trap_dict: SignalDictMixin::make(vm, dict, &traps)?,
            flags,
            traps,
        };
        context.flags.0.set(settings.flags);
        context.traps.0.set(settings.traps);
        vm.alloc_instance(class, context)
    }

    /// How to compute, and how much memory there is for it.
    #[inline]
    pub fn arithmetic(&self, vm: &Vm) -> Context {
        let mut arithmetic = self.arithmetic.0.get();
        if let Some(limit) = vm.heap().limit() {
            arithmetic.room = limit.saturating_sub(vm.heap().bytes_in_use());
        }
        arithmetic
    }

    /// Whether exponents are written with a capital letter.
    #[inline]
    pub fn capitals(&self) -> bool {
        self.capitals.get()
    }

    /// All attributes.
    pub fn settings(&self) -> Settings {
        let Context { prec, emax, emin, rounding, clamp, .. } = self.arithmetic.0.get();
        let (flags, traps) = (self.flags.0.get(), self.traps.0.get());
        Settings { prec, rounding, emin, emax, capitals: self.capitals(), clamp, flags, traps }
    }

    fn apply(&self, settings: Settings) {
        self.arithmetic.0.set(settings.arithmetic());
        self.capitals.set(settings.capitals);
        self.flags.0.set(settings.flags);
        self.traps.0.set(settings.traps);
    }

    fn set(&self, vm: &Vm, name: &str, value: Option<&Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(settings::undeletable(vm)) };
        let state = state(vm)?;
        let at = NAMES.iter().position(|known| *known == name).unwrap_or(0);
        if at >= 6 {
            let bits = settings::conditions(vm, &state, value, false)?;
            if at == 6 { &self.flags } else { &self.traps }.0.set(bits);
            return Ok(());
        }
        let mut settings = self.settings();
        settings.change(vm, &state, at, value)?;
        self.apply(settings);
        Ok(())
    }
}

/// Context(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)
/// --
///
/// How decimal numbers are computed with: precision, rounding, the range of exponents, and what is done about exceptional conditions.
///
///     >>> c = Context(prec=28, rounding=ROUND_HALF_EVEN, Emin=-425000000, Emax=425000000,
///     ...             capitals=1, clamp=1, flags=[],
///     ...             traps=[InvalidOperation, DivisionByZero, Overflow])
///     >>>
#[pytype(name = "Context", module = "decimal", flags = BASETYPE)]
impl PyContext {
    #[slot(sig = "prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None")]
    #[allow(clippy::too_many_arguments, reason = "one for each attribute")]
    fn init(
        this: &Obj<PyContext>,
        vm: &Vm,
        prec: Option<&Value>,
        rounding: Option<&Value>,
        emin: Option<&Value>,
        emax: Option<&Value>,
        capitals: Option<&Value>,
        clamp: Option<&Value>,
        flags: Option<&Value>,
        traps: Option<&Value>,
    ) -> PyResult<()> {
        let mut settings = this.settings();
        settings.change_all(vm, &*state(vm)?, &[prec, rounding, emin, emax, capitals, clamp, flags, traps])?;
        this.apply(settings);
        Ok(())
    }

    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = args;
        let state = state(vm)?;
        let settings = Settings { flags: 0, capitals: true, ..state.templates[0].settings() };
        Ok(PyContext::make(vm, class, &state.signal_dict, settings)?.into())
    }

    #[slot]
    fn repr(this: &Obj<PyContext>, vm: &Vm) -> PyResult<String> {
        let state = state(vm)?;
        let Settings { prec, rounding, emin, emax, capitals, clamp, flags, traps } = this.settings();
        Ok(format!(
            "Context(prec={prec}, rounding={}, Emin={emin}, Emax={emax}, capitals={}, clamp={}, flags=[{}], traps=[{}])",
            rounding.name(),
            u8::from(capitals),
            u8::from(clamp),
            state.signals.names(flags),
            state.signals.names(traps),
        ))
    }

    #[getter]
    fn prec(this: &Obj<PyContext>) -> i64 {
        this.settings().prec
    }

    #[setter(name = "prec")]
    fn set_prec(this: &Obj<PyContext>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.set(vm, "prec", value)
    }

    #[getter(name = "Emin")]
    fn emin(this: &Obj<PyContext>) -> i64 {
        this.settings().emin
    }

    #[setter(name = "Emin")]
    fn set_emin(this: &Obj<PyContext>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.set(vm, "Emin", value)
    }

    #[getter(name = "Emax")]
    fn emax(this: &Obj<PyContext>) -> i64 {
        this.settings().emax
    }

    #[setter(name = "Emax")]
    fn set_emax(this: &Obj<PyContext>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.set(vm, "Emax", value)
    }

    #[getter(name = "capitals")]
    fn shown_capitals(this: &Obj<PyContext>) -> i64 {
        this.settings().capitals.into()
    }

    #[setter]
    fn set_capitals(this: &Obj<PyContext>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.set(vm, "capitals", value)
    }

    #[getter]
    fn clamp(this: &Obj<PyContext>) -> i64 {
        this.settings().clamp.into()
    }

    #[setter]
    fn set_clamp(this: &Obj<PyContext>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.set(vm, "clamp", value)
    }

    #[getter]
    fn rounding(this: &Obj<PyContext>, vm: &Vm) -> PyResult<Value> {
        Ok(state(vm)?.roundings[this.settings().rounding as usize].clone())
    }

    #[setter]
    fn set_rounding(this: &Obj<PyContext>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.set(vm, "rounding", value)
    }

    #[getter]
    fn flags(this: &Obj<PyContext>) -> Value {
        this.flag_dict.clone()
    }

    #[setter]
    fn set_flags(this: &Obj<PyContext>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.set(vm, "flags", value)
    }

    #[getter]
    fn traps(this: &Obj<PyContext>) -> Value {
        this.trap_dict.clone()
    }

    #[setter]
    fn set_traps(this: &Obj<PyContext>, vm: &Vm, value: Option<&Value>) -> PyResult<()> {
        this.set(vm, "traps", value)
    }

    /// Emin - prec + 1, the smallest exponent of a subnormal number.
    #[method(name = "Etiny")]
    fn etiny(this: &Obj<PyContext>) -> i64 {
        this.settings().arithmetic().etiny()
    }

    /// Emax - prec + 1, the largest exponent of a number with all digits.
    #[method(name = "Etop")]
    fn etop(this: &Obj<PyContext>) -> i64 {
        this.settings().arithmetic().etop()
    }

    /// Ten.
    #[method]
    fn radix(_this: &Obj<PyContext>, vm: &Vm) -> PyResult<Value> {
        make(vm, &*state(vm)?, Decimal::from_i64(10))
    }

    /// Unsets all flags.
    #[method]
    fn clear_flags(this: &Obj<PyContext>) {
        this.flags.0.set(0);
    }

    /// Unsets all traps.
    #[method]
    fn clear_traps(this: &Obj<PyContext>) {
        this.traps.0.set(0);
    }

    /// A copy of the context, with its flags.
    #[method]
    fn copy(this: &Obj<PyContext>, vm: &Vm) -> PyResult<Ref<PyContext>> {
        settings::copy(vm, &*state(vm)?, this, this.flags.0.get())
    }

    #[method]
    fn __copy__(this: &Obj<PyContext>, vm: &Vm) -> PyResult<Ref<PyContext>> {
        PyContext::copy(this, vm)
    }

    #[method]
    fn __reduce__(this: &Obj<PyContext>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let state = state(vm)?;
        let Settings { prec, rounding, emin, emax, capitals, clamp, flags, traps } = this.settings();
        let list = |bits: u32| List::from_values(vm, state.signals.set(bits).map(|class| class.to_value()).collect());
        let number = |number: i64| Value::small_int(number as i32);
        let wide = |number: i64| taipan_objects::builtins::int::from_i64(vm, number);
        let arguments = vec![
            wide(prec)?,
            state.roundings[rounding as usize].clone(),
            wide(emin)?,
            wide(emax)?,
            number(capitals.into()),
            number(clamp.into()),
            list(flags)?.into(),
            list(traps)?.into(),
        ];
        let class = vm.class_of(&this.to_value()).to_value();
        Tuple::pair(vm, class, Tuple::from_values(vm, arguments)?.into())
    }

    /// A number from an int, a str, a float, a tuple or a Decimal, rounded.
    #[method(sig = "num='0', /")]
    fn create_decimal(this: &Obj<PyContext>, vm: &Vm, num: Option<&Value>) -> PyResult<Value> {
        construct::rounded(vm, &*state(vm)?, this, num)
    }

    /// A number from a float or an int, rounded.
    #[method(sig = "f, /")]
    fn create_decimal_from_float(this: &Obj<PyContext>, vm: &Vm, f: &Value) -> PyResult<Value> {
        let state = state(vm)?;
        let number = construct::of_float(vm, f)?;
        let mut status = Status::default();
        let number = number.finalize(&this.arithmetic(vm), &mut status);
        finish(vm, &state, this, number, status)
    }

    #[method(sig = "object, /")]
    fn _apply(this: &Obj<PyContext>, vm: &Vm, object: &Value) -> PyResult<Value> {
        context_unary(vm, this, object, |x, context, status| x.clone().finalize(context, status))
    }

    /// The number itself.
    #[method(sig = "x, /")]
    fn canonical(_this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<Value> {
        match x.downcast::<PyDecimal>() {
            Some(_) => Ok(x.clone()),
            None => Err(vm.type_error("argument must be a Decimal")),
        }
    }

    /// True: every Decimal is in its canonical form.
    #[method(sig = "x, /")]
    fn is_canonical(_this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<bool> {
        match x.downcast::<PyDecimal>() {
            Some(_) => Ok(true),
            None => Err(vm.type_error("argument must be a Decimal")),
        }
    }

    /// The number without its sign.
    #[method(sig = "x, /")]
    fn copy_abs(_this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<Value> {
        make(vm, &*state(vm)?, required(vm, x)?.into_owned().with_sign(false))
    }

    /// The number as a Decimal.
    #[method(sig = "x, /")]
    fn copy_decimal(_this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<Value> {
        let state = state(vm)?;
        match x.downcast::<PyDecimal>() {
            Some(_) => Ok(x.clone()),
            None => make(vm, &state, required(vm, x)?.into_owned()),
        }
    }

    /// The number with the other sign.
    #[method(sig = "x, /")]
    fn copy_negate(_this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<Value> {
        let number = required(vm, x)?.into_owned();
        let negative = !number.negative;
        make(vm, &*state(vm)?, number.with_sign(negative))
    }

    /// Integer quotient and remainder, as a tuple.
    #[method(sig = "x, y, /")]
    fn divmod(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        let (x, y) = (required(vm, x)?, required(vm, y)?);
        divided(vm, &*state(vm)?, this, &x, &y)
    }

    /// The first number times the second plus the third, rounded once.
    #[method(sig = "x, y, z, /")]
    fn fma(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value, z: &Value) -> PyResult<Value> {
        let state = state(vm)?;
        let (x, y, z) = (required(vm, x)?, required(vm, y)?, required(vm, z)?);
        let mut status = Status::default();
        let result = x.fma(&y, &z, &this.arithmetic(vm), &mut status);
        finish(vm, &state, this, result, status)
    }

    /// a to the power of b, modulo a number if one is given.
    #[method(sig = "a, b, modulo=None")]
    fn power(this: &Obj<PyContext>, vm: &Vm, a: &Value, b: &Value, modulo: Option<&Value>) -> PyResult<Value> {
        let state = state(vm)?;
        let (a, b) = (required(vm, a)?, required(vm, b)?);
        let mut status = Status::default();
        let arithmetic = this.arithmetic(vm);
        let result = match modulo.filter(|modulo| !is_none(modulo)) {
            Some(modulo) => a.power_modulo(&b, &*required(vm, modulo)?, &arithmetic, &mut status),
            None => a.power(&b, &arithmetic, &mut status),
        };
        finish(vm, &state, this, result, status)
    }

    /// What kind of number it is: '+Normal', '-Zero', 'NaN' and the like.
    #[method(sig = "x, /")]
    fn number_class(this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<&'static str> {
        Ok(required(vm, x)?.class(&this.arithmetic(vm)))
    }

    /// Whether two numbers have the same exponent.
    #[method(sig = "x, y, /")]
    fn same_quantum(_this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<bool> {
        Ok(required(vm, x)?.same_quantum(&*required(vm, y)?))
    }

    /// The number in scientific notation.
    #[method(sig = "x, /")]
    fn to_sci_string(this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<String> {
        Ok(required(vm, x)?.to_text(this.capitals()))
    }

    /// The number in engineering notation.
    #[method(sig = "x, /")]
    fn to_eng_string(this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<String> {
        Ok(required(vm, x)?.to_engineering(this.capitals()))
    }

    /// Whether the number is normal.
    #[method(sig = "x, /")]
    fn is_normal(this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<bool> {
        Ok(required(vm, x)?.is_normal(&this.arithmetic(vm)))
    }

    /// Whether the number is subnormal.
    #[method(sig = "x, /")]
    fn is_subnormal(this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<bool> {
        Ok(required(vm, x)?.is_subnormal(&this.arithmetic(vm)))
    }

    /// Whether the number is neither infinite nor NaN.
    #[method(sig = "x, /")]
    fn is_finite(_this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<bool> {
        let x = required(vm, x)?;
        Ok(x.is_finite())
    }

    /// Whether the number is infinite.
    #[method(sig = "x, /")]
    fn is_infinite(_this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<bool> {
        let x = required(vm, x)?;
        Ok(x.is_infinite())
    }

    /// Whether the number is a NaN, quiet or signaling.
    #[method(sig = "x, /")]
    fn is_nan(_this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<bool> {
        let x = required(vm, x)?;
        Ok(x.is_nan())
    }

    /// Whether the number is a quiet NaN.
    #[method(sig = "x, /")]
    fn is_qnan(_this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<bool> {
        let x = required(vm, x)?;
        Ok(x.kind == Kind::Nan)
    }

    /// Whether the number has a minus sign.
    #[method(sig = "x, /")]
    fn is_signed(_this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<bool> {
        let x = required(vm, x)?;
        Ok(x.negative)
    }

    /// Whether the number is a signaling NaN.
    #[method(sig = "x, /")]
    fn is_snan(_this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<bool> {
        let x = required(vm, x)?;
        Ok(x.kind == Kind::SNan)
    }

    /// Whether the number is a zero.
    #[method(sig = "x, /")]
    fn is_zero(_this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<bool> {
        let x = required(vm, x)?;
        Ok(x.is_zero())
    }

    /// The absolute value, rounded.
    #[method(sig = "x, /")]
    fn abs(this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<Value> {
        context_unary(vm, this, x, Decimal::abs)
    }

    /// e to the power of the number.
    #[method(sig = "x, /")]
    fn exp(this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<Value> {
        context_unary(vm, this, x, Decimal::exp)
    }

    /// The natural logarithm.
    #[method(sig = "x, /")]
    fn ln(this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<Value> {
        context_unary(vm, this, x, Decimal::ln)
    }

    /// The decimal logarithm.
    #[method(sig = "x, /")]
    fn log10(this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<Value> {
        context_unary(vm, this, x, Decimal::log10)
    }

    /// The exponent of the first digit.
    #[method(sig = "x, /")]
    fn logb(this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<Value> {
        context_unary(vm, this, x, Decimal::logb)
    }

    /// The digits, which are zeros and ones, inverted.
    #[method(sig = "x, /")]
    fn logical_invert(this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<Value> {
        context_unary(vm, this, x, Decimal::logical_invert)
    }

    /// The number with the other sign, rounded.
    #[method(sig = "x, /")]
    fn minus(this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<Value> {
        context_unary(vm, this, x, Decimal::minus)
    }

    /// The next smaller number that the context can represent.
    #[method(sig = "x, /")]
    fn next_minus(this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<Value> {
        context_unary(vm, this, x, Decimal::next_minus)
    }

    /// The next larger number that the context can represent.
    #[method(sig = "x, /")]
    fn next_plus(this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<Value> {
        context_unary(vm, this, x, Decimal::next_plus)
    }

    /// The number rounded, without zeros at its end.
    #[method(sig = "x, /")]
    fn normalize(this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<Value> {
        context_unary(vm, this, x, Decimal::normalize)
    }

    /// The number rounded.
    #[method(sig = "x, /")]
    fn plus(this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<Value> {
        context_unary(vm, this, x, Decimal::plus)
    }

    /// The square root.
    #[method(sig = "x, /")]
    fn sqrt(this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<Value> {
        context_unary(vm, this, x, Decimal::sqrt)
    }

    /// The nearest integer, without telling of lost digits.
    #[method(sig = "x, /")]
    fn to_integral(this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<Value> {
        context_unary(vm, this, x, to_integral_value)
    }

    /// The nearest integer; lost digits are signaled.
    #[method(sig = "x, /")]
    fn to_integral_exact(this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<Value> {
        context_unary(vm, this, x, to_integral_exact)
    }

    /// The nearest integer, without telling of lost digits.
    #[method(sig = "x, /")]
    fn to_integral_value(this: &Obj<PyContext>, vm: &Vm, x: &Value) -> PyResult<Value> {
        context_unary(vm, this, x, to_integral_value)
    }

    /// The sum.
    #[method(sig = "x, y, /")]
    fn add(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, Decimal::add)
    }

    /// How two numbers compare: -1, 0 or 1 as a number.
    #[method(sig = "x, y, /")]
    fn compare(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, Decimal::compare)
    }

    /// As compare; every NaN signals.
    #[method(sig = "x, y, /")]
    fn compare_signal(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, Decimal::compare_signal)
    }

    /// How two representations compare in the total order.
    #[method(sig = "x, y, /")]
    fn compare_total(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, compare_total)
    }

    /// As compare_total, without regard to signs.
    #[method(sig = "x, y, /")]
    fn compare_total_mag(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, compare_total_magnitude)
    }

    /// The first number with the sign of the second.
    #[method(sig = "x, y, /")]
    fn copy_sign(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, copy_sign)
    }

    /// The quotient.
    #[method(sig = "x, y, /")]
    fn divide(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, Decimal::div)
    }

    /// The integer part of the quotient.
    #[method(sig = "x, y, /")]
    fn divide_int(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, Decimal::div_int)
    }

    /// The conjunction of digits that are zeros and ones.
    #[method(sig = "x, y, /")]
    fn logical_and(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, logical_and)
    }

    /// The disjunction of digits that are zeros and ones.
    #[method(sig = "x, y, /")]
    fn logical_or(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, logical_or)
    }

    /// The difference of digits that are zeros and ones.
    #[method(sig = "x, y, /")]
    fn logical_xor(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, logical_xor)
    }

    /// The larger number.
    #[method(sig = "x, y, /")]
    fn max(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, Decimal::max)
    }

    /// The number with the larger magnitude.
    #[method(sig = "x, y, /")]
    fn max_mag(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, Decimal::max_magnitude)
    }

    /// The smaller number.
    #[method(sig = "x, y, /")]
    fn min(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, Decimal::min)
    }

    /// The number with the smaller magnitude.
    #[method(sig = "x, y, /")]
    fn min_mag(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, Decimal::min_magnitude)
    }

    /// The product.
    #[method(sig = "x, y, /")]
    fn multiply(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, Decimal::mul)
    }

    /// The next number in the direction of the second.
    #[method(sig = "x, y, /")]
    fn next_toward(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, Decimal::next_toward)
    }

    /// The first number with the exponent of the second.
    #[method(sig = "x, y, /")]
    fn quantize(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, Decimal::quantize)
    }

    /// What an integer division leaves, with the sign of the first number.
    #[method(sig = "x, y, /")]
    fn remainder(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, Decimal::rem)
    }

    /// What is left of the first number by the nearest multiple of the second.
    #[method(sig = "x, y, /")]
    fn remainder_near(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, Decimal::rem_near)
    }

    /// The digits of the first number rotated.
    #[method(sig = "x, y, /")]
    fn rotate(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, Decimal::rotate)
    }

    /// The first number times ten to the power of the second.
    #[method(sig = "x, y, /")]
    fn scaleb(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, Decimal::scaleb)
    }

    /// The digits of the first number shifted.
    #[method(sig = "x, y, /")]
    fn shift(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, Decimal::shift)
    }

    /// The difference.
    #[method(sig = "x, y, /")]
    fn subtract(this: &Obj<PyContext>, vm: &Vm, x: &Value, y: &Value) -> PyResult<Value> {
        context_binary(vm, this, x, y, Decimal::sub)
    }
}

/// Quotient and remainder in a context, as a tuple.
pub fn divided(vm: &Vm, state: &State, context: &PyContext, a: &Decimal, b: &Decimal) -> PyResult<Value> {
    let mut status = Status::default();
    let (quotient, rest) = a.div_mod(b, &context.arithmetic(vm), &mut status);
    settle(vm, state, context, status)?;
    Ok(Tuple::pair(vm, make(vm, state, quotient)?, make(vm, state, rest)?)?.into())
}
