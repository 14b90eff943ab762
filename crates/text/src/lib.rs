//! Pure text algorithms: format specifications, reprs, searching, character properties, codecs.
//!
//! Nothing here knows an object or a heap. Texts are read through [`CodePoints`] and written to a
//! [`Sink`], because a Python text may hold lone surrogates. What Python would raise comes back as a
//! [`TextError`] with CPython's message, or as a problem handed to the caller's error handler.

mod code_points;
pub mod codecs;
mod error;
pub mod format_spec;
pub mod format_value;
mod hex;
pub mod newlines;
pub mod percent;
mod plain_spec;
mod repr;
pub mod search;
pub mod split;
pub mod template;
pub mod unicode;

pub use code_points::{AsUnits, Bounded, CodePoints, DEFAULT_ROOM, Points, Sink, Slice, TextBuffer, Unit, narrow};
pub use error::{ErrorClass, TextError};
pub use hex::{bytes_from_hex, bytes_to_hex};
pub use plain_spec::PlainSpec;
pub use repr::{bytes_repr, bytes_repr_quoted, escape_non_ascii, str_ascii, str_repr, write_escape};
