//! Pure number algorithms: integers of any size, floats and complex numbers as Python sees them.
//!
//! Nothing here knows an object or a heap. Every function is deterministic, allocates only its
//! result, and reports what Python would raise as an error enum whose `Display` is CPython's
//! message. The type of big integers is re-exported here so that no other crate names its maker.

pub mod calendar;
pub mod complex;
pub mod decimal;
pub mod float_format;
pub mod float_hex;
pub mod float_ops;
pub mod float_parse;
pub mod hash;
mod int_div;
pub mod int_float;
pub mod int_format;
pub mod int_math;
pub mod int_ops;
pub mod int_parse;
pub mod iso_time;

pub use float_format::{FloatFormat, float_repr, format_float};
pub use float_parse::parse_float;
pub use hash::HashKey;
pub use int_format::{SMALL_DIGITS, big_to_string, small_digits, small_to_string, write_decimal};
pub use int_parse::{DEFAULT_MAX_STR_DIGITS, Int, ParseIntError, parse_int};
pub use num_bigint::{BigInt, Sign};
