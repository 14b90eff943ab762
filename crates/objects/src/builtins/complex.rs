//! `complex`: two floats on the heap.
//!
//! Invariant: the parts never change; a real operand is not widened where that would disturb signed zeros or infinities.

use crate::builtins::str::{SHORT_TEXT, Str};
use crate::builtins::tuple::Tuple;
use crate::builtins::{NOT_IMPLEMENTED, boolean, float, int, is_none};
use crate::native::Args;
use crate::native::unexpected_keyword;
use crate::types::{CompareOp, Type, TypeObject};
use crate::vm::{PyResult, Raised, Vm};
use std::cmp::Ordering;
use taipan_heap::{Obj, Payload, Ref, Value, flags};
use taipan_macros::pytype;
use taipan_numeric::complex::{self as algorithms, ComplexError, ParseComplexError};
use taipan_numeric::{hash, int_float};
use taipan_text::TextBuffer;
use taipan_text::format_value::{NumericLocale, format_complex};

pub use taipan_numeric::complex::Complex as Number;

/// A complex number.
#[derive(Payload)]
#[payload(name = "complex")]
pub struct Complex {
    real: f64,
    imag: f64,
}

impl Complex {
    /// The number.
    pub fn number(&self) -> Number {
        Number::new(self.real, self.imag)
    }
}

/// A complex number from its parts.
pub fn new(vm: &Vm, real: f64, imag: f64) -> PyResult<Value> {
    Ok(vm.alloc(&*vm.types().complex, Complex { real, imag })?.into())
}

/// An exact complex.
pub fn of_number(vm: &Vm, number: Number) -> PyResult<Value> {
    new(vm, number.real, number.imag)
}

/// The number in a complex or an instance of a subclass.
pub fn get(value: &Value) -> Option<Number> {
    value.downcast::<Complex>().map(|complex| complex.number())
}

#[cold]
fn complex_error(vm: &Vm, error: ComplexError) -> Raised {
    match error {
        ComplexError::Overflow => vm.overflow_error(error.to_string()),
        _ => vm.zero_division_error(error.to_string()),
    }
}

/// `base ** exponent`
pub fn power(vm: &Vm, base: Number, exponent: Number) -> PyResult<Value> {
    match algorithms::pow(base, exponent) {
        Ok(result) => of_number(vm, result),
        Err(error) => Err(complex_error(vm, error)),
    }
}

/// An operand: complex or real.
enum Operand {
    Complex(Number),
    Real(f64),
}

fn operand(vm: &Vm, value: &Value) -> PyResult<Option<Operand>> {
    match get(value) {
        Some(number) => Ok(Some(Operand::Complex(number))),
        None => Ok(float::operand(vm, value)?.map(Operand::Real)),
    }
}

fn arithmetic(
    vm: &Vm,
    left: &Value,
    right: &Value,
    operation: impl FnOnce(Operand, Operand) -> Result<Number, ComplexError>,
) -> PyResult<Value> {
    let Some(a) = operand(vm, left)? else { return Ok(NOT_IMPLEMENTED) };
    let Some(b) = operand(vm, right)? else { return Ok(NOT_IMPLEMENTED) };
    match operation(a, b) {
        Ok(result) => of_number(vm, result),
        Err(error) => Err(complex_error(vm, error)),
    }
}

impl Operand {
    fn widened(self) -> Number {
        match self {
            Operand::Complex(number) => number,
            Operand::Real(real) => Number::new(real, 0.0),
        }
    }
}

/// The complex number that an object stands for (`__complex__`, then as a float); `None` for objects that are no numbers.
pub fn from_object(vm: &Vm, value: &Value) -> PyResult<Option<Number>> {
    match get(value) {
        Some(number) => Ok(Some(number)),
        None => converted(vm, value),
    }
}

/// As `from_object`, where a subclass's own `__complex__` counts.
fn converted(vm: &Vm, value: &Value) -> PyResult<Option<Number>> {
    if let Some(complex) = value.downcast_exact::<Complex>() {
        return Ok(Some(complex.number()));
    }
    if let Some(result) = vm.call_special(value, &vm.names().__complex__, &[])? {
        return match get(&result) {
            Some(number) => {
                if result.downcast_exact::<Complex>().is_none() {
                    vm.warn_strict_subclass("__complex__", "complex", &result)?;
                }
                Ok(Some(number))
            }
            None => {
                let given = vm.type_name(&result);
                Err(vm.type_error(format!("__complex__ returned non-complex (type {given})")))
            }
        };
    }
    if is_real(vm, value) {
        return float::as_f64(vm, value).map(|real| Some(Number::new(real, 0.0)));
    }
    Ok(None)
}

fn parse(vm: &Vm, text: &Value, ascii: &[u8]) -> PyResult<Number> {
    match algorithms::parse_complex(ascii) {
        Ok(number) => Ok(number),
        Err(error @ ParseComplexError::Malformed) => Err(vm.value_error(error.to_string())),
        Err(error) => {
            let shown = vm.repr(text)?;
            Err(vm.value_error(format!("{error}: {}", shown.to_lossy())))
        }
    }
}

/// `real` and `imag` of `complex(...)`.
fn arguments<'a>(vm: &Vm, args: Args<'a>) -> PyResult<(Option<&'a Value>, Option<&'a Value>)> {
    let given = args.values.len();
    if given > 2 {
        return Err(vm.type_error(format!("complex() takes at most 2 arguments ({given} given)")));
    }
    let positionals = args.positionals();
    let mut parts = [positionals.first(), positionals.get(1)];
    for (name, value) in args.keywords() {
        let Some(at) = ["real", "imag"].iter().position(|known| Str::is_text(name, known)) else {
            return Err(unexpected_keyword(vm, "complex", name, &["real", "imag"]));
        };
        if parts[at].replace(value).is_some() {
            let (shown, place) = (Str::display(name), at + 1);
            return Err(
                vm.type_error(format!("argument for complex() given by name ('{shown}') and position ({place})"))
            );
        }
    }
    Ok((parts[0], parts[1]))
}

/// `real` or `imag` of `complex(...)`: a real number; complex ones are deprecated, and only `real` may say so by `__complex__`.
fn part(vm: &Vm, name: &str, value: &Value) -> PyResult<Number> {
    let message = || format!("complex() argument '{name}' must be a real number, not {}", vm.type_name(value));
    let special = get(value).is_some()
        || (name == "real"
            && float::get(value).is_none()
            && vm.class_of(value).lookup(vm, &vm.names().__complex__).is_some());
    let number = match (special, name) {
        (true, "real") => converted(vm, value)?,
        _ if special || is_real(vm, value) => from_object(vm, value)?,
        _ => None,
    };
    let Some(number) = number else { return Err(vm.type_error(message())) };
    if special {
        vm.warn_deprecated(&message())?;
    }
    Ok(number)
}

fn is_real(vm: &Vm, value: &Value) -> bool {
    let slots = &vm.class_of(value).slots;
    float::get(value).is_some() || int::is_int(value) || slots.float.get().is_some() || slots.index.get().is_some()
}

fn construct(vm: &Vm, real: Option<&Value>, imag: Option<&Value>, single: bool) -> PyResult<Number> {
    let (real, imag) = match (real, imag) {
        (Some(only), None) if single => {
            if let Some(text) = only.downcast::<Str>() {
                return parse(vm, only, &int::to_ascii(text));
            }
            return match converted(vm, only)? {
                Some(number) => Ok(number),
                None => {
                    let given = vm.type_name(only);
                    Err(vm.type_error(format!("complex() argument must be a string or a number, not {given}")))
                }
            };
        }
        (real, imag) => (
            real.map_or(Ok(Number::default()), |real| part(vm, "real", real))?,
            imag.map_or(Ok(Number::default()), |imag| part(vm, "imag", imag))?,
        ),
    };
    Ok(Number::new(real.real - imag.imag, if real.imag == 0.0 { imag.real } else { imag.real + real.imag }))
}

fn of_class(vm: &Vm, class: &Obj<Type>, number: Number) -> PyResult<Value> {
    if class.is_same(&*vm.types().complex) {
        return of_number(vm, number);
    }
    Ok(vm.alloc_instance(class, Complex { real: number.real, imag: number.imag })?.into())
}

/// complex(real=0, imag=0)
/// --
///
/// Create a complex number from a string or numbers.
///
/// If a string is given, parse it as a complex number.
/// If a single number is given, convert it to a complex number.
/// If the 'real' or 'imag' arguments are given, create a complex number
/// with the specified real and imaginary components.
#[pytype(name = "complex", flags = BASETYPE)]
impl Complex {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let (real, imag) = arguments(vm, args)?;
        let single = args.values.len() == 1 && args.names.is_empty();
        if let (Some(only), None) = (real, imag)
            && single
            && class.is_same(&*vm.types().complex)
            && let Some(complex) = only.downcast::<Complex>()
            && complex.header().kind().has(flags::EXACT)
        {
            return Ok(only.clone());
        }
        of_class(vm, class, construct(vm, real, imag, single)?)
    }

    #[slot]
    fn repr(this: &Obj<Complex>) -> String {
        algorithms::complex_repr(this.number())
    }

    #[slot]
    fn hash(this: &Obj<Complex>) -> PyResult<i64> {
        let part = |x: f64| hash::hash_float(x).unwrap_or_else(|| hash::hash_identity(this.header().address() as u64));
        Ok(hash::hash_complex(part(this.real), part(this.imag)))
    }

    #[slot]
    fn compare(this: &Obj<Complex>, other: &Value, op: CompareOp) -> PyResult<Value> {
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(NOT_IMPLEMENTED);
        }
        let equal = if let Some(other) = get(other) {
            this.real == other.real && this.imag == other.imag
        } else if let Some(other) = float::get(other) {
            this.real == other && this.imag == 0.0
        } else if let Some(other) = int::as_big(other) {
            this.imag == 0.0 && int_float::compare(&other, this.real) == Some(Ordering::Equal)
        } else {
            return Ok(NOT_IMPLEMENTED);
        };
        Ok(boolean(equal == (op == CompareOp::Eq)))
    }

    #[slot]
    fn bool(this: &Obj<Complex>) -> PyResult<bool> {
        Ok(this.real != 0.0 || this.imag != 0.0)
    }

    #[slot]
    fn neg(this: &Obj<Complex>, vm: &Vm) -> PyResult<Value> {
        new(vm, -this.real, -this.imag)
    }

    #[slot]
    fn pos(this: &Obj<Complex>, vm: &Vm) -> PyResult<Value> {
        if this.header().kind().has(flags::EXACT) { Ok(this.to_value()) } else { of_number(vm, this.number()) }
    }

    #[slot]
    fn abs(this: &Obj<Complex>, vm: &Vm) -> PyResult<f64> {
        algorithms::abs(this.number()).ok_or_else(|| vm.overflow_error("absolute value too large"))
    }

    #[slot(binary(Add))]
    fn add(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        arithmetic(vm, left, right, |a, b| {
            Ok(match (a, b) {
                (Operand::Complex(a), Operand::Complex(b)) => algorithms::add(a, b),
                (Operand::Complex(a), Operand::Real(b)) | (Operand::Real(b), Operand::Complex(a)) => {
                    algorithms::add_real(a, b)
                }
                (Operand::Real(a), Operand::Real(b)) => Number::new(a + b, 0.0),
            })
        })
    }

    #[slot(binary(Sub))]
    fn sub(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        arithmetic(vm, left, right, |a, b| {
            Ok(match (a, b) {
                (Operand::Complex(a), Operand::Complex(b)) => algorithms::sub(a, b),
                (Operand::Complex(a), Operand::Real(b)) => algorithms::sub_real(a, b),
                (Operand::Real(a), Operand::Complex(b)) => algorithms::real_sub(a, b),
                (Operand::Real(a), Operand::Real(b)) => Number::new(a - b, 0.0),
            })
        })
    }

    #[slot(binary(Mul))]
    fn mul(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        arithmetic(vm, left, right, |a, b| {
            Ok(match (a, b) {
                (Operand::Complex(a), Operand::Complex(b)) => algorithms::mul(a, b),
                (Operand::Complex(a), Operand::Real(b)) | (Operand::Real(b), Operand::Complex(a)) => {
                    algorithms::mul_real(a, b)
                }
                (Operand::Real(a), Operand::Real(b)) => Number::new(a * b, 0.0),
            })
        })
    }

    #[slot(binary(TrueDiv))]
    fn true_div(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        arithmetic(vm, left, right, |a, b| match (a, b) {
            (Operand::Complex(a), Operand::Real(b)) => algorithms::div_real(a, b),
            (Operand::Real(a), Operand::Complex(b)) => algorithms::real_div(a, b),
            (a, b) => algorithms::div(a.widened(), b.widened()),
        })
    }

    #[slot(binary(Pow))]
    fn pow(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        arithmetic(vm, left, right, |a, b| algorithms::pow(a.widened(), b.widened()))
    }

    #[slot]
    fn power(vm: &Vm, base: &Value, exponent: &Value, modulus: &Value) -> PyResult<Value> {
        if is_none(modulus) {
            return Complex::pow(vm, base, exponent);
        }
        Err(vm.value_error("complex modulo"))
    }

    /// Return the complex conjugate of its argument. (3-4j).conjugate() == 3+4j.
    #[method]
    fn conjugate(this: &Obj<Complex>, vm: &Vm) -> PyResult<Value> {
        new(vm, this.real, -this.imag)
    }

    /// Convert this value to exact type complex.
    #[method]
    fn __complex__(this: &Obj<Complex>, vm: &Vm) -> PyResult<Value> {
        Complex::pos(this, vm)
    }

    #[method]
    fn __getnewargs__(this: &Obj<Complex>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        Tuple::pair(vm, float::new(vm, this.real)?, float::new(vm, this.imag)?)
    }

    /// Convert to a string according to format_spec.
    #[method(sig = "format_spec, /")]
    fn __format__(this: &Obj<Complex>, vm: &Vm, format_spec: &Obj<Str>) -> PyResult<Ref<Str>> {
        if format_spec.is_empty() {
            return vm.str(&this.to_value());
        }
        let points: Vec<u32> = format_spec.points().collect();
        vm.check_spec_room(&points[..])?;
        let mut out = TextBuffer::with_capacity(SHORT_TEXT);
        match format_complex(this.number(), &points, &NumericLocale::default(), &mut out) {
            Ok(()) => int::finish(vm, &out),
            Err(error) => Err(int::text_error(vm, &error)),
        }
    }

    /// Convert number to a complex floating-point number.
    #[classmethod]
    fn from_number(class: &Obj<Type>, vm: &Vm, number: &Value) -> PyResult<Value> {
        if class.is_same(&*vm.types().complex) && number.downcast_exact::<Complex>().is_some() {
            return Ok(number.clone());
        }
        match from_object(vm, number)? {
            Some(number) => of_class(vm, class, number),
            None => {
                let given = vm.type_name(number);
                Err(vm.type_error(format!("must be real number, not {given}")))
            }
        }
    }

    /// the real part of a complex number
    #[getter(member)]
    fn real(this: &Obj<Complex>) -> f64 {
        this.real
    }

    /// the imaginary part of a complex number
    #[getter(member)]
    fn imag(this: &Obj<Complex>) -> f64 {
        this.imag
    }
}
