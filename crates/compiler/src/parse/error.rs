//! What parsing can end in besides a tree: a [`SyntaxError`] or [`SyntaxWarning`]s, with the fields CPython gives them.

use std::fmt;

use ruff_text_size::TextRange;

/// The exception class a parse failure is raised as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// `SyntaxError`.
    SyntaxError,
    /// `IndentationError`.
    IndentationError,
    /// `TabError`.
    TabError,
    /// `MemoryError`: the nesting exceeds what the parser takes on.
    MemoryError,
    /// `_IncompleteInputError`, which only `PyCF_ALLOW_INCOMPLETE_INPUT` asks for.
    IncompleteInputError,
    /// `RecursionError`: the tree is too deep to be compiled.
    RecursionError,
}

impl ErrorKind {
    /// The name of the exception class.
    pub fn class_name(self) -> &'static str {
        match self {
            Self::SyntaxError => "SyntaxError",
            Self::IndentationError => "IndentationError",
            Self::TabError => "TabError",
            Self::MemoryError => "MemoryError",
            Self::IncompleteInputError => "_IncompleteInputError",
            Self::RecursionError => "RecursionError",
        }
    }
}

/// A failed parse, with the attributes of Python's `SyntaxError`; an absent field reads as `None` there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The exception class.
    pub kind: ErrorKind,
    /// `msg`.
    pub message: String,
    /// `lineno`.
    pub line: Option<i32>,
    /// `offset`: the column in characters, from 1.
    pub offset: Option<i32>,
    /// `end_lineno`.
    pub end_line: Option<i32>,
    /// `end_offset`.
    pub end_offset: Option<i32>,
    /// `text`: the source line.
    pub text: Option<String>,
    /// More input could still make the source valid: an interactive prompt should ask for it.
    pub incomplete: bool,
    /// The error has a `_metadata` attribute, `(0, 0, source text)`, from which `traceback` looks for misspelt keywords.
    pub has_metadata: bool,
    /// Warnings about what stands before the error.
    pub warnings: Vec<SyntaxWarning>,
}

impl SyntaxError {
    /// An error without a place in the source.
    pub fn unlocated(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            line: None,
            offset: None,
            end_line: None,
            end_offset: None,
            text: None,
            incomplete: false,
            has_metadata: false,
            warnings: Vec::new(),
        }
    }

    /// A plain `SyntaxError` over a range of a source, for checks made after parsing.
    pub fn at(source: &crate::source::Source, range: TextRange, message: impl Into<String>) -> Self {
        let (start, end) = (u32::from(range.start()), u32::from(range.end()));
        let (line, end_line) = (source.position(start).line, source.position(end).line);
        Self {
            line: Some(line.cast_signed()),
            offset: Some(source.char_column(start).cast_signed().saturating_add(1)),
            end_line: Some(end_line.cast_signed()),
            end_offset: Some(source.char_column(end).cast_signed().saturating_add(1)),
            text: Some(source.line(line).to_owned()),
            ..Self::unlocated(ErrorKind::SyntaxError, message)
        }
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.class_name(), self.message)?;
        match self.line {
            Some(line) => write!(f, " (line {line})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for SyntaxError {}

/// A `SyntaxWarning` found while parsing. The runtime passes it to `warnings`; when the filter says "error" it raises
/// [`SyntaxWarning::into_error`] instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxWarning {
    /// The warning's text.
    pub message: String,
    /// The line it is reported on.
    pub line: u32,
    /// The range of the source it is about.
    pub range: TextRange,
}

/// The part of a warning's text that the error made from it leaves out.
pub(super) const FUTURE: &str = " Such sequences will not work in the future.";

impl SyntaxWarning {
    /// The `SyntaxError` CPython raises when the warning is turned into an error.
    pub fn into_error(self, source: &crate::source::Source) -> SyntaxError {
        SyntaxError::at(source, self.range, self.message.replacen(FUTURE, "", 1))
    }
}
