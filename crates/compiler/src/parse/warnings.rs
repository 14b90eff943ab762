//! The `SyntaxWarning`s of CPython's tokenizer and string parser, found by one look at the tokens of an accepted source:
//! escapes that mean nothing, and numbers that run into a keyword. One warning a literal, in source order.

use ruff_python_ast::StringFlags;
use ruff_python_ast::token::{Token, TokenKind, Tokens};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::SyntaxWarning;
use super::error::FUTURE;
use super::literal::{self, UnknownEscape};
use crate::source::Source;

pub(super) fn collect(source: &Source, tokens: &Tokens) -> Vec<SyntaxWarning> {
    let mut warnings = Vec::new();
    let mut previous: Option<&Token> = None;
    for token in tokens.iter() {
        let found = match token.kind() {
            TokenKind::String | TokenKind::FStringMiddle | TokenKind::TStringMiddle => escape(source, *token),
            kind if kind.is_keyword() => previous.and_then(|number| joined_number(source, *number, *token)),
            _ => None,
        };
        warnings.extend(found);
        previous = Some(token);
    }
    warnings
}

fn escape(source: &Source, token: Token) -> Option<SyntaxWarning> {
    let text = source.text().get(token.range().to_std_range())?;
    if !text.contains('\\') || token.string_flags()?.prefix().is_raw() {
        return None;
    }
    let (bytes, body) = match token.kind() {
        TokenKind::String => literal::split(text).map(|(prefix, body)| (prefix.bytes, body))?,
        _ => (false, text),
    };
    let body_start = token.start() + TextSize::try_from(text.find(body)?).ok()?;
    let unknown = match literal::first_unknown_escape(body, bytes) {
        Some(unknown) => unknown,
        None => brace_after(source, token, body)?,
    };
    let start = body_start + TextSize::try_from(unknown.at).ok()?;
    let (what, digits) = match unknown.octal {
        Some(digits) => ("invalid octal escape sequence", digits.iter().collect()),
        None => ("invalid escape sequence", unknown.character.to_string()),
    };
    let message =
        format!("\"\\{digits}\" is an {what}.{FUTURE} Did you mean \"\\\\{digits}\"? A raw string is also an option.");
    let range = TextRange::at(start, TextSize::new(2));
    Some(SyntaxWarning { message, line: source.position(start.to_u32()).line, range })
}

/// The text part of an f-string may end in a backslash right before a replacement field.
fn brace_after(source: &Source, token: Token, body: &str) -> Option<UnknownEscape> {
    let backslashes = body.bytes().rev().take_while(|byte| *byte == b'\\').count();
    let next = source.text().get(token.end().to_usize()..)?.chars().next()?;
    if backslashes % 2 == 0 || !matches!(next, '{' | '}') {
        return None;
    }
    Some(UnknownEscape { at: body.len() - 1, character: next, octal: None })
}

fn joined_number(source: &Source, number: Token, keyword: Token) -> Option<SyntaxWarning> {
    if !matches!(number.kind(), TokenKind::Int | TokenKind::Float | TokenKind::Complex)
        || number.end() != keyword.start()
    {
        return None;
    }
    let text = source.text().get(number.range().to_std_range())?.to_ascii_lowercase();
    let kind = match text.as_bytes() {
        [b'0', b'x', ..] => "hexadecimal",
        [b'0', b'o', ..] => "octal",
        [b'0', b'b', ..] => "binary",
        [.., b'j'] => "imaginary",
        _ => "decimal",
    };
    let range = TextRange::empty(number.end() - TextSize::new(1));
    let line = source.position(number.start().to_u32()).line;
    Some(SyntaxWarning { message: format!("invalid {kind} literal"), line, range })
}
