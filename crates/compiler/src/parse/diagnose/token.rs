//! Tokens as CPython's tokenizer makes them; columns and lines follow its conventions because error positions do.

/// The kind of a token, as grammar rules ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Name,
    Number,
    String,
    Op,
    Newline,
    Indent,
    Dedent,
    End,
    FStringStart,
    FStringMiddle,
    FStringEnd,
    TStringStart,
    TStringMiddle,
    TStringEnd,
}

/// One token. `start` and `end` are byte offsets; a token without columns (an indent, a dedent, the end marker) keeps
/// the offset the tokenizer stood at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub start: u32,
    pub end: u32,
    pub line: u32,
    pub end_line: u32,
    pub level: u16,
    pub has_columns: bool,
}

/// Why the tokenizer stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// It has not: more tokens may come.
    Ok,
    /// It reached the end of the input.
    Eof,
    /// The input ended inside a string literal.
    EofInString,
    /// It raised an error.
    Error,
}
