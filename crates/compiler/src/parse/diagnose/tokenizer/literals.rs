//! Numbers, strings and the text parts of f-strings: the tokens whose errors depend on what stands inside them.

use super::{Lexed, MAX_EXPRESSION_NESTING, Place, Tokenizer, offset};
use crate::parse::diagnose::token::{Done, Token, TokenKind};

impl Tokenizer<'_> {
    pub(super) fn number(&mut self, first: u8) -> Lexed<Token> {
        if first != b'0' {
            let after = self.digits()?;
            return self.after_integer(after);
        }
        match self.next() {
            Some(b'x' | b'X') => self.radix("hexadecimal", |byte| byte.is_ascii_hexdigit()),
            Some(b'o' | b'O') => self.radix("octal", |byte| (b'0'..b'8').contains(&byte)),
            Some(b'b' | b'B') => self.radix("binary", |byte| matches!(byte, b'0' | b'1')),
            byte => self.leading_zero(byte),
        }
    }

    fn leading_zero(&mut self, mut byte: Option<u8>) -> Lexed<Token> {
        loop {
            if byte == Some(b'_') {
                byte = self.next();
                if !is_digit(byte) {
                    self.back(byte);
                    return self.error("invalid decimal literal");
                }
            }
            if byte != Some(b'0') {
                break;
            }
            byte = self.next();
        }
        let zeros_end = self.pos;
        let nonzero = is_digit(byte);
        if nonzero {
            byte = self.digits()?;
        }
        if nonzero && !self.lenient && !matches!(byte, Some(b'.' | b'e' | b'E' | b'j' | b'J')) {
            self.back(byte);
            let line = self.line();
            let start = Place::Offset { line, offset: offset(self.start) };
            let end = Place::Reached { line, offset: offset(zeros_end) };
            return self.error_at(
                start,
                end,
                "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
            );
        }
        self.after_integer(byte)
    }

    fn radix(&mut self, kind: &str, valid: fn(u8) -> bool) -> Lexed<Token> {
        let mut byte = self.next();
        loop {
            if byte == Some(b'_') {
                byte = self.next();
            }
            if !byte.is_some_and(valid) {
                return self.bad_digit(kind, byte);
            }
            while byte.is_some_and(valid) {
                byte = self.next();
            }
            if byte != Some(b'_') {
                break;
            }
        }
        if is_digit(byte) {
            return self.bad_digit(kind, byte);
        }
        self.end_of_number(byte, kind)
    }

    fn bad_digit(&mut self, kind: &str, byte: Option<u8>) -> Lexed<Token> {
        if let Some(digit @ b'0'..=b'9') = byte {
            return self.error(format!("invalid digit '{}' in {kind} literal", char::from(digit)));
        }
        self.back(byte);
        self.error(format!("invalid {kind} literal"))
    }

    /// Reads the rest of a run of decimal digits with single underscores, and the byte after it.
    fn digits(&mut self) -> Lexed<Option<u8>> {
        loop {
            let mut byte = self.next();
            while is_digit(byte) {
                byte = self.next();
            }
            if byte != Some(b'_') {
                return Ok(byte);
            }
            let byte = self.next();
            if !is_digit(byte) {
                self.back(byte);
                return self.error("invalid decimal literal");
            }
        }
    }

    /// A number that starts with its decimal point.
    pub(super) fn fraction(&mut self) -> Lexed<Token> {
        let byte = self.digits()?;
        self.after_fraction(byte)
    }

    fn after_integer(&mut self, byte: Option<u8>) -> Lexed<Token> {
        if byte != Some(b'.') {
            return self.after_fraction(byte);
        }
        let mut byte = self.next();
        if is_digit(byte) {
            byte = self.digits()?;
        }
        self.after_fraction(byte)
    }

    fn after_fraction(&mut self, mut byte: Option<u8>) -> Lexed<Token> {
        if let Some(b'e' | b'E') = byte {
            let exponent = byte;
            byte = self.next();
            if let Some(b'+' | b'-') = byte {
                byte = self.next();
                if !is_digit(byte) {
                    self.back(byte);
                    return self.error("invalid decimal literal");
                }
            } else if !is_digit(byte) {
                self.back(byte);
                return self.end_of_number(exponent, "decimal");
            }
            byte = self.digits()?;
        }
        if let Some(b'j' | b'J') = byte {
            byte = self.next();
            return self.end_of_number(byte, "imaginary");
        }
        self.end_of_number(byte, "decimal")
    }

    /// A number may be followed directly by a keyword that can continue an expression, by nothing else of a name.
    fn end_of_number(&mut self, byte: Option<u8>, kind: &str) -> Lexed<Token> {
        self.back(byte);
        let rest = self.text.get(self.pos..).unwrap_or("");
        let keyword = ["if", "in", "is"].iter().any(|word| rest.starts_with(word))
            || ["and", "else", "for", "or", "not"].iter().any(|word| {
                let after = rest.strip_prefix(word).and_then(|after| after.chars().next());
                rest.starts_with(word) && !after.is_some_and(|c| c == '_' || c.is_ascii_alphanumeric() || !c.is_ascii())
            });
        if !keyword && byte.is_some_and(|byte| byte == b'_' || byte.is_ascii_alphanumeric()) {
            return self.error(format!("invalid {kind} literal"));
        }
        Ok(self.token(TokenKind::Number))
    }

    pub(super) fn string(&mut self, quote: u8) -> Lexed<Token> {
        let first_line = self.line();
        let mut quote_size = 1;
        let mut closing = 0;
        if self.peek() == Some(quote) {
            self.next();
            if self.peek() == Some(quote) {
                self.next();
                quote_size = 3;
            } else {
                closing = 1;
            }
        }
        let mut escaped_quote = false;
        while closing != quote_size {
            let byte = self.next();
            match byte {
                None => return self.unterminated(quote, quote_size, first_line, escaped_quote, true),
                Some(b'\n') if quote_size == 1 => {
                    return self.unterminated(quote, quote_size, first_line, escaped_quote, false);
                }
                Some(byte) if byte == quote => closing += 1,
                Some(b'\\') => {
                    closing = 0;
                    escaped_quote |= self.next() == Some(quote);
                }
                Some(_) => closing = 0,
            }
        }
        Ok(self.token(TokenKind::String))
    }

    fn unterminated(&mut self, quote: u8, size: usize, first_line: u32, escaped: bool, at_end: bool) -> Lexed<Token> {
        let detected = self.line();
        if let Some(mode) = self.modes.last()
            && mode.quote == quote
            && mode.quote_size == size
        {
            let letter = mode.letter;
            self.rewind_to(self.start, first_line);
            return self.error(format!("{letter}-string: expecting '}}'"));
        }
        let what = if size == 3 { "triple-quoted string" } else { "string" };
        let hint = if escaped && size == 1 { "; perhaps you escaped the end quote?" } else { "" };
        self.rewind_to(self.start, first_line);
        let error = self.error(format!("unterminated {what} literal (detected at line {detected}){hint}"));
        if at_end {
            self.done = Done::EofInString;
        }
        error
    }

    /// Steps back to just after the first character of a literal, where its errors are reported.
    fn rewind_to(&mut self, start: usize, line: u32) {
        self.pos = start + 1;
        self.read = self.lines.line_start(line) as usize + 1;
        self.read = self.read.max(self.pos);
    }

    /// A text part of an f-string or t-string, or its end, or (at a brace) the start of a replacement field.
    pub(super) fn string_text(&mut self) -> Lexed<Token> {
        let Some(mode) = self.modes.last_mut() else { return self.regular() };
        self.start = self.pos;
        let (quote, size, letter, raw) = (mode.quote, mode.quote_size, mode.letter, mode.raw);
        let bytes = self.text.as_bytes();
        if bytes.get(self.pos) == Some(&b'{') && bytes.get(self.pos + 1) != Some(&b'{') {
            return self.open_replacement();
        }
        let closes = (0..size).all(|at| bytes.get(self.pos + at) == Some(&quote));
        if closes {
            self.pos += size;
            self.read = self.read.max(self.pos);
            self.modes.pop();
            return Ok(self.token(if letter == 'f' { TokenKind::FStringEnd } else { TokenKind::TStringEnd }));
        }
        let kind = if letter == 'f' { TokenKind::FStringMiddle } else { TokenKind::TStringMiddle };
        self.middle(kind, quote, size, raw)
    }

    fn open_replacement(&mut self) -> Lexed<Token> {
        if let Some(mode) = self.modes.last_mut() {
            mode.expression_depth += 1;
            if mode.expression_depth >= MAX_EXPRESSION_NESTING {
                let letter = mode.letter;
                return self.error(format!("{letter}-string: expressions nested too deeply"));
            }
            mode.in_text = false;
        }
        self.regular()
    }

    fn middle(&mut self, kind: TokenKind, quote: u8, size: usize, raw: bool) -> Lexed<Token> {
        let mut closing = 0;
        let mut named_escape = false;
        while closing != size {
            let in_spec = self.modes.last().is_some_and(|mode| mode.in_format_spec && mode.expression_depth >= 0);
            let byte = self.next();
            match byte {
                None => return self.text_unterminated(true, in_spec),
                Some(b'\n') if size == 1 => return self.text_unterminated(false, in_spec),
                Some(byte) if byte == quote => {
                    closing += 1;
                    continue;
                }
                Some(b'{') => {
                    if self.peek() == Some(b'{') && !in_spec {
                        self.next();
                        return Ok(self.make(kind, self.start, self.pos - 1, true));
                    }
                    self.pos -= 1;
                    return self.field_follows(kind);
                }
                Some(b'}') if named_escape => return Ok(self.token(kind)),
                Some(b'}') => {
                    let top = self.modes.last().is_some_and(|mode| mode.curly_depth == 0);
                    if self.peek() == Some(b'}') && !in_spec && top {
                        self.next();
                        return Ok(self.make(kind, self.start, self.pos - 1, true));
                    }
                    self.pos -= 1;
                    if let Some(mode) = self.modes.last_mut() {
                        mode.in_text = false;
                    }
                    return Ok(self.token(kind));
                }
                Some(b'\\') => named_escape |= self.escaped(raw),
                Some(_) => {}
            }
            closing = 0;
        }
        self.pos -= size;
        Ok(self.token(kind))
    }

    /// Skips the character after a backslash, unless it is a brace; true when a named escape's brace was opened.
    fn escaped(&mut self, raw: bool) -> bool {
        let byte = self.next();
        if matches!(byte, Some(b'{' | b'}')) {
            self.back(byte);
            return false;
        }
        if !raw && byte == Some(b'N') && self.peek() == Some(b'{') {
            self.next();
            return true;
        }
        false
    }

    fn field_follows(&mut self, kind: TokenKind) -> Lexed<Token> {
        if let Some(mode) = self.modes.last_mut() {
            mode.expression_depth += 1;
            if mode.expression_depth >= MAX_EXPRESSION_NESTING {
                let letter = mode.letter;
                return self.error(format!("{letter}-string: expressions nested too deeply"));
            }
            mode.in_text = false;
        }
        Ok(self.token(kind))
    }

    fn text_unterminated(&mut self, at_end: bool, in_spec: bool) -> Lexed<Token> {
        let Some(mode) = self.modes.last() else { return self.regular() };
        let (letter, size, start, first_line) = (mode.letter, mode.quote_size, mode.start, mode.first_line);
        if in_spec && !at_end {
            return self.error(format!(
                "{letter}-string: newlines are not allowed in format specifiers for single quoted {letter}-strings"
            ));
        }
        let detected = self.line();
        self.rewind_to(start, first_line);
        let what = if size == 3 { "triple-quoted " } else { "" };
        let error = self.error(format!("unterminated {what}{letter}-string literal (detected at line {detected})"));
        if at_end && size == 3 {
            self.done = Done::EofInString;
        }
        error
    }
}

fn is_digit(byte: Option<u8>) -> bool {
    byte.is_some_and(|byte| byte.is_ascii_digit())
}
