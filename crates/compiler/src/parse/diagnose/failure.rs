//! A failure on its way to becoming a `SyntaxError`: positions are byte offsets or final numbers, text is not yet cut.

use super::super::ErrorKind;

/// One end of an error's range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// At a byte offset on a line: the column is that offset's character column, plus one.
    Offset { line: u32, offset: u32 },
    /// As far as a byte offset on a line: the number of characters before it, without the plus one.
    Reached { line: u32, offset: u32 },
    /// A ready column on a line.
    Column { line: u32, column: i32 },
}

/// An error raised by the tokenizer or by a grammar action.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub kind: ErrorKind,
    pub message: String,
    pub start: Place,
    pub end: Place,
    /// The reported line is cut without its newline, as the tokenizer does.
    pub from_tokenizer: bool,
    /// The line the tokenizer stood on when the error was raised.
    pub current_line: u32,
}

impl Failure {
    pub fn syntax(message: impl Into<String>, start: Place, end: Place) -> Self {
        Self {
            kind: ErrorKind::SyntaxError,
            message: message.into(),
            start,
            end,
            from_tokenizer: false,
            current_line: u32::MAX,
        }
    }
}
