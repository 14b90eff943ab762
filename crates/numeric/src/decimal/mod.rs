//! Decimal floating point numbers of any precision: the General Decimal Arithmetic, without objects.
//!
//! Every operation takes its operands, a `Context` and the `Status` into which it puts the conditions that came up; nothing is raised here.
//! Invariant: a result of an operation that rounds fits its context. Results that memory cannot hold are NaN with `Status::MEMORY`.

mod add;
mod coef;
mod compare;
mod convert;
mod digitwise;
mod divide;
mod divmod;
mod exponential;
mod format;
mod limbs;
mod logarithm;
mod multiply;
mod power;
mod quantize;
mod root;
mod round;
mod text;

pub use coef::Coef;
pub use convert::hash;
pub(crate) use convert::push_magnitude;
pub use format::{FormatError, Layout, format, parse_layout};
pub use text::{ParseError, parse, parse_ascii};

/// The largest precision and exponent.
pub const MAX_PREC: i64 = 999_999_999_999_999_999;
/// The largest `emax`.
pub const MAX_EMAX: i64 = 999_999_999_999_999_999;
/// The smallest `emin`.
pub const MIN_EMIN: i64 = -999_999_999_999_999_999;
/// The smallest exponent of a subnormal number.
pub const MIN_ETINY: i64 = MIN_EMIN - (MAX_PREC - 1);

/// What a number is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A number.
    Finite,
    /// Infinity.
    Infinity,
    /// A quiet NaN; the coefficient is its payload.
    Nan,
    /// A signaling NaN.
    SNan,
}

/// A decimal number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decimal {
    /// What it is.
    pub kind: Kind,
    /// Whether it has a minus sign.
    pub negative: bool,
    /// The exponent of the coefficient's last digit; 0 for what is not finite.
    pub exp: i64,
    /// The digits, or the payload of a NaN; zero for an infinity.
    pub coef: Coef,
}

/// How to round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Rounding {
    Up,
    Down,
    Ceiling,
    Floor,
    HalfUp,
    HalfDown,
    HalfEven,
    ZeroFiveUp,
}

impl Rounding {
    /// All of them.
    pub const ALL: [Rounding; 8] = {
        use Rounding::*;
        [Up, Down, Ceiling, Floor, HalfUp, HalfDown, HalfEven, ZeroFiveUp]
    };

    /// The name that Python gives it.
    pub fn name(self) -> &'static str {
        [
            "ROUND_UP",
            "ROUND_DOWN",
            "ROUND_CEILING",
            "ROUND_FLOOR",
            "ROUND_HALF_UP",
            "ROUND_HALF_DOWN",
            "ROUND_HALF_EVEN",
            "ROUND_05UP",
        ][self as usize]
    }
}

/// Conditions, as a set of bits.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Status(pub u32);

impl Status {
    /// The exponent was changed to fit.
    pub const CLAMPED: u32 = 1;
    /// A text is no number.
    pub const CONVERSION_SYNTAX: u32 = 1 << 1;
    /// A finite number by zero.
    pub const DIVISION_BY_ZERO: u32 = 1 << 2;
    /// An integer quotient has too many digits.
    pub const DIVISION_IMPOSSIBLE: u32 = 1 << 3;
    /// Zero by zero.
    pub const DIVISION_UNDEFINED: u32 = 1 << 4;
    /// Digits other than zero were lost.
    pub const INEXACT: u32 = 1 << 5;
    /// The context does not serve the operation.
    pub const INVALID_CONTEXT: u32 = 1 << 6;
    /// The operation has no meaning for its operands.
    pub const INVALID_OPERATION: u32 = 1 << 7;
    /// The result needs more memory than there is.
    pub const MEMORY: u32 = 1 << 8;
    /// A float was mixed in.
    pub const FLOAT_OPERATION: u32 = 1 << 9;
    /// The exponent is too large.
    pub const OVERFLOW: u32 = 1 << 10;
    /// Digits were lost.
    pub const ROUNDED: u32 = 1 << 11;
    /// The result is subnormal.
    pub const SUBNORMAL: u32 = 1 << 12;
    /// The result is subnormal and inexact.
    pub const UNDERFLOW: u32 = 1 << 13;
    /// All conditions that the signal InvalidOperation stands for.
    pub const INVALID: u32 = Status::CONVERSION_SYNTAX
        | Status::DIVISION_IMPOSSIBLE
        | Status::DIVISION_UNDEFINED
        | Status::INVALID_CONTEXT
        | Status::INVALID_OPERATION
        | Status::MEMORY;

    /// Adds conditions.
    #[inline]
    pub fn set(&mut self, bits: u32) {
        self.0 |= bits;
    }

    /// Whether any of the conditions came up.
    #[inline]
    pub fn any(self, bits: u32) -> bool {
        self.0 & bits != 0
    }
}

/// How numbers are rounded, and how large they may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Context {
    /// Digits of results.
    pub prec: i64,
    /// The largest adjusted exponent.
    pub emax: i64,
    /// The smallest adjusted exponent of normal numbers.
    pub emin: i64,
    /// How to round.
    pub rounding: Rounding,
    /// Whether exponents are limited to what the interchange formats hold.
    pub clamp: bool,
    /// Bytes that results may take.
    pub room: usize,
}

impl Context {
    /// The widest context.
    pub fn max() -> Context {
        Context {
            prec: MAX_PREC,
            emax: MAX_EMAX,
            emin: MIN_EMIN,
            rounding: Rounding::HalfEven,
            clamp: false,
            room: usize::MAX,
        }
    }

    /// The smallest exponent.
    #[inline]
    pub fn etiny(&self) -> i64 {
        self.emin - (self.prec - 1)
    }

    /// The largest exponent of a number with all digits.
    #[inline]
    pub fn etop(&self) -> i64 {
        self.emax - (self.prec - 1)
    }

    /// Whether numbers of so many digits may be worked with. Asked for before work begins, with what the operation needs beside.
    #[inline]
    pub(crate) fn allows(&self, digits: i64, status: &mut Status) -> bool {
        digits < 1000 || self.allows_much(digits, status)
    }

    #[cold]
    fn allows_much(&self, digits: i64, status: &mut Status) -> bool {
        let bytes = usize::try_from(digits).ok().and_then(|digits| (digits / limbs::DIGITS + 2).checked_mul(8));
        let fits = bytes.is_some_and(|bytes| {
            // Operands, results and what is between them.
            let all = bytes.checked_mul(6);
            bytes <= self.room && all.is_some_and(|all| Vec::<u8>::new().try_reserve_exact(all).is_ok())
        });
        if !fits {
            status.set(Status::MEMORY);
        }
        fits
    }
}

impl Decimal {
    /// A finite number.
    #[inline]
    pub fn finite(negative: bool, coef: Coef, exp: i64) -> Decimal {
        Decimal { kind: Kind::Finite, negative, exp, coef }
    }

    /// A small integer.
    pub fn from_i64(n: i64) -> Decimal {
        Decimal::finite(n < 0, n.unsigned_abs().into(), 0)
    }

    /// Zero with an exponent.
    pub fn zero(negative: bool, exp: i64) -> Decimal {
        Decimal::finite(negative, Coef::ZERO, exp)
    }

    /// Infinity.
    pub fn infinity(negative: bool) -> Decimal {
        Decimal { kind: Kind::Infinity, negative, exp: 0, coef: Coef::ZERO }
    }

    /// The NaN without sign and payload.
    pub fn nan() -> Decimal {
        Decimal { kind: Kind::Nan, negative: false, exp: 0, coef: Coef::ZERO }
    }

    /// The NaN of a failed operation, for the reason given.
    #[cold]
    pub fn invalid(status: &mut Status, reason: u32) -> Decimal {
        status.set(reason);
        Decimal::nan()
    }

    /// Whether it is a number.
    #[inline]
    pub fn is_finite(&self) -> bool {
        self.kind == Kind::Finite
    }

    /// Whether it is an infinity.
    #[inline]
    pub fn is_infinite(&self) -> bool {
        self.kind == Kind::Infinity
    }

    /// Whether it is a NaN of either kind.
    #[inline]
    pub fn is_nan(&self) -> bool {
        matches!(self.kind, Kind::Nan | Kind::SNan)
    }

    /// Whether it is a zero.
    #[inline]
    pub fn is_zero(&self) -> bool {
        self.is_finite() && self.coef.is_zero()
    }

    /// The exponent of the first digit.
    #[inline]
    pub fn adjusted(&self) -> i64 {
        self.exp + self.coef.digits() - 1
    }

    /// Whether it is an integer.
    pub fn is_integer(&self) -> bool {
        self.is_finite() && (self.exp >= 0 || self.coef.is_zero() || self.coef.trailing_zeros() >= -self.exp)
    }

    /// Whether it is an odd integer.
    pub fn is_odd_integer(&self) -> bool {
        self.is_integer() && self.exp <= 0 && self.coef.digit(-self.exp) & 1 == 1
    }

    /// With another sign.
    pub fn with_sign(mut self, negative: bool) -> Decimal {
        self.negative = negative;
        self
    }

    /// Whether it is subnormal.
    pub fn is_subnormal(&self, context: &Context) -> bool {
        self.is_finite() && !self.coef.is_zero() && self.adjusted() < context.emin
    }

    /// Whether it is normal.
    pub fn is_normal(&self, context: &Context) -> bool {
        self.is_finite() && !self.coef.is_zero() && self.adjusted() >= context.emin
    }
}
