//! The error of text algorithms: which Python exception, and its message.
//!
//! Messages are complete and CPython's own; the caller only wraps them in an exception object.

/// The exception type that an error becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    /// `ValueError`.
    Value,
    /// `TypeError`.
    Type,
    /// `OverflowError`.
    Overflow,
    /// `LookupError`.
    Lookup,
    /// `MemoryError`.
    Memory,
}

/// An exception to raise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextError {
    /// Its type.
    pub class: ErrorClass,
    /// Its message.
    pub message: String,
}

impl TextError {
    /// A `ValueError`.
    pub fn value(message: impl Into<String>) -> Self {
        Self { class: ErrorClass::Value, message: message.into() }
    }

    /// A `TypeError`.
    pub fn type_error(message: impl Into<String>) -> Self {
        Self { class: ErrorClass::Type, message: message.into() }
    }

    /// A `MemoryError`, which has no message.
    #[must_use]
    pub fn memory() -> Self {
        Self { class: ErrorClass::Memory, message: String::new() }
    }

    /// An `OverflowError`.
    pub fn overflow(message: impl Into<String>) -> Self {
        Self { class: ErrorClass::Overflow, message: message.into() }
    }
}

impl std::fmt::Display for TextError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TextError {}
