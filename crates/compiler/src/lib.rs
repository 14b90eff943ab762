//! Python 3.14 source to Taipan register bytecode.
//!
//! The front half, [`source`] and [`parse`], turns bytes or text into a syntax tree or into the
//! `SyntaxError` that CPython 3.14 would raise for them.

pub mod parse;
pub mod source;
