//! Values of string literals, decoded from their source text. The tree's own values cannot hold lone surrogates, so a
//! literal with a `\uD800`-like escape is decoded here into code points. Decoding never fails on a literal that parsed.

use super::SyntaxError;
use crate::source::Source;
use ruff_python_ast::token::{Token, TokenKind, Tokens};
use ruff_text_size::Ranged;

/// What the prefix of a literal says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prefix {
    /// A `b` prefix.
    pub bytes: bool,
    /// An `r` prefix.
    pub raw: bool,
}

/// Splits a whole literal, quotes included, into its prefix and its body.
pub fn split(literal: &str) -> Option<(Prefix, &str)> {
    let quote_at = literal.find(['"', '\''])?;
    let letters = literal.get(..quote_at)?;
    let prefix = Prefix { bytes: letters.contains(['b', 'B']), raw: letters.contains(['r', 'R']) };
    let quoted = literal.get(quote_at..)?;
    let size = if quoted.len() >= 6 && (quoted.starts_with("\"\"\"") || quoted.starts_with("'''")) { 3 } else { 1 };
    let body = quoted.get(size..quoted.len().checked_sub(size)?)?;
    Some((prefix, body))
}

/// The code points of a whole string literal as it stands in the source, surrogates included. A body that CPython would
/// not decode gives its text as written.
pub fn code_points(literal: &str) -> Vec<u32> {
    match split(literal) {
        Some((Prefix { raw: false, .. }, body)) => body_code_points(body),
        Some((_, body)) => body.chars().map(u32::from).collect(),
        None => Vec::new(),
    }
}

/// The code points of the body of a non-raw literal or of an f-string's text part (with doubled braces already single).
pub fn body_code_points(body: &str) -> Vec<u32> {
    decode_text(body).unwrap_or_else(|_| body.chars().map(u32::from).collect())
}

/// An escape that Python does not know, found in a literal's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct UnknownEscape {
    /// The byte offset of the backslash in the body.
    pub at: usize,
    /// The character after the backslash.
    pub character: char,
    /// The three digits of an octal escape above `\377`, when that is what it is.
    pub octal: Option<[char; 3]>,
}

/// The first escape in a body that CPython warns about.
pub(super) fn first_unknown_escape(body: &str, bytes: bool) -> Option<UnknownEscape> {
    let mut at = 0;
    while let Some(found) = body.get(at..)?.find('\\') {
        at += found;
        let mut rest = body.get(at + 1..)?.chars();
        let character = rest.next()?;
        match character {
            '0'..='7' => {
                let digits = [Some(character), rest.next(), rest.next()];
                if let [Some(a @ '4'..='7'), Some(b @ '0'..='7'), Some(c @ '0'..='7')] = digits {
                    return Some(UnknownEscape { at, character, octal: Some([a, b, c]) });
                }
            }
            '\n' | '\\' | '\'' | '"' | 'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | 'x' => {}
            'N' | 'u' | 'U' if !bytes => {}
            c if !c.is_ascii() => {}
            _ => return Some(UnknownEscape { at, character, octal: None }),
        }
        at += 1 + character.len_utf8();
    }
    None
}

/// Decodes the body of a bytes literal; the error is the text of CPython's `ValueError`.
pub(super) fn decode_bytes(body: &str) -> Result<(), String> {
    let bytes = body.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if *byte == b'\\' {
            if bytes.get(at + 1) == Some(&b'x') {
                let digits = bytes.get(at + 2..).unwrap_or_default();
                if digits.iter().take(2).filter(|digit| digit.is_ascii_hexdigit()).count() < 2 {
                    return Err(format!("invalid \\x escape at position {at}"));
                }
            }
            at += 1;
        }
        at += 1;
    }
    Ok(())
}

/// Decodes the body of a non-raw text literal; the error is the text of CPython's `UnicodeDecodeError`.
pub(super) fn decode_text(body: &str) -> Result<Vec<u32>, String> {
    let mut decoder = Decoder { rest: body, position: 0, output: Vec::with_capacity(body.len()) };
    while let Some(c) = decoder.take() {
        if c != '\\' {
            decoder.output.push(u32::from(c));
            continue;
        }
        decoder.escape()?;
    }
    Ok(decoder.output)
}

/// Positions count as in CPython's intermediate form, where a non-ASCII character is ten bytes (`\UXXXXXXXX`).
struct Decoder<'a> {
    rest: &'a str,
    position: usize,
    output: Vec<u32>,
}

impl Decoder<'_> {
    fn take(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = self.rest.get(c.len_utf8()..).unwrap_or("");
        self.position += if c.is_ascii() { 1 } else { 10 };
        Some(c)
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn escape(&mut self) -> Result<(), String> {
        let start = self.position - 1;
        // A backslash before a replacement field stands for itself, as does one before a non-ASCII character.
        let Some(c) = self.take() else {
            self.output.push(u32::from('\\'));
            return Ok(());
        };
        let simple = match c {
            '\n' => return Ok(()),
            '\\' | '\'' | '"' => c,
            'a' => '\x07',
            'b' => '\x08',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\x0b',
            '0'..='7' => {
                self.octal(c);
                return Ok(());
            }
            'x' => return self.hex(start, 2, "truncated \\xXX escape"),
            'u' => return self.hex(start, 4, "truncated \\uXXXX escape"),
            'U' => return self.hex(start, 8, "truncated \\UXXXXXXXX escape"),
            'N' => return self.named(start),
            _ => {
                self.position += if c.is_ascii() { 0 } else { 5 };
                self.output.push(u32::from('\\'));
                c
            }
        };
        self.output.push(u32::from(simple));
        Ok(())
    }

    fn octal(&mut self, first: char) {
        let mut value = first.to_digit(8).unwrap_or(0);
        for _ in 0..2 {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(8)) else { break };
            value = value * 8 + digit;
            self.take();
        }
        self.output.push(value);
    }

    fn hex(&mut self, start: usize, count: usize, reason: &str) -> Result<(), String> {
        let mut value = 0_u32;
        for _ in 0..count {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(16)) else {
                return Err(problem(start, self.position - 1, reason));
            };
            value = value.wrapping_mul(16).wrapping_add(digit);
            self.take();
        }
        if value > 0x10_FFFF {
            return Err(problem(start, self.position - 1, "illegal Unicode character"));
        }
        self.output.push(value);
        Ok(())
    }

    fn named(&mut self, start: usize) -> Result<(), String> {
        let closing = self.rest.strip_prefix('{').and_then(|rest| rest.find('}'));
        let Some(length) = closing.filter(|length| *length > 0) else {
            let end = if self.peek() == Some('{') { self.named_end() } else { self.position - 1 };
            return Err(problem(start, end, "malformed \\N character escape"));
        };
        let name = self.rest.get(1..=length).unwrap_or("");
        let character = named_character(name);
        while self.take().is_some_and(|c| c != '}') {}
        match character {
            Some(c) => {
                self.output.push(u32::from(c));
                Ok(())
            }
            None => Err(problem(start, self.position - 1, "unknown Unicode character name")),
        }
    }

    /// Where a malformed named escape that opened a brace ends.
    fn named_end(&mut self) -> usize {
        self.take();
        while self.peek().is_some_and(|c| c != '}') {
            self.take();
        }
        self.position - 1
    }
}

/// The character of a `\N{...}` escape, looked up by the tree parser so that both know the same names.
fn named_character(name: &str) -> Option<char> {
    if name.contains(['\\', '\'', '\n', '{']) {
        return None;
    }
    let parsed = ruff_python_parser::parse_expression(&format!("'\\N{{{name}}}'")).ok()?;
    parsed.expr().as_string_literal_expr()?.value.to_str().chars().next()
}

fn problem(start: usize, end: usize, reason: &str) -> String {
    if start == end {
        return format!("'unicodeescape' codec can't decode byte 0x5c in position {start}: {reason}");
    }
    format!("'unicodeescape' codec can't decode bytes in position {start}-{end}: {reason}")
}

/// The error of the first decimal int with more digits than allowed.
pub(super) fn too_long(source: &Source, tokens: &Tokens, limit: usize) -> Option<SyntaxError> {
    let digits = |token: &&Token| {
        let text = source.text().get(token.range().to_std_range()).unwrap_or("");
        let decimal = !text.get(..2).is_some_and(|prefix| prefix.ends_with(|c: char| c.is_ascii_alphabetic()));
        if decimal { text.bytes().filter(u8::is_ascii_digit).count() } else { 0 }
    };
    let mut ints =
        tokens.iter().filter(|token| token.kind() == TokenKind::Int && token.range().len().to_usize() > limit);
    let (token, count) = ints.find_map(|token| Some((token, digits(&token))).filter(|(_, count)| *count > limit))?;
    let message = format!(
        "Exceeds the limit ({limit} digits) for integer string conversion: value has {count} digits; use \
         sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals to avoid \
         decimal conversion limits."
    );
    let mut error = SyntaxError::at(source, token.range(), message);
    // CPython has no column for it.
    (error.offset, error.end_offset) = (Some(0), Some(0));
    Some(error)
}
