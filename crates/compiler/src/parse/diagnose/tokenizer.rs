//! A tokenizer that fails exactly where CPython's does and with its words. It is used only after the main parser has
//! refused a source, so it favours fidelity over speed. It never panics and always terminates: every call consumes
//! input, pops pending dedents, or ends.

use super::failure::{Failure, Place};
use super::token::{Done, Token, TokenKind};
use crate::parse::ErrorKind;
use crate::source::LineIndex;

const MAX_INDENT: usize = 100;
const MAX_LEVEL: usize = 200;
const MAX_STRING_MODES: usize = 150;
const MAX_EXPRESSION_NESTING: i32 = 3;
const TAB_SIZE: u32 = 8;

const THREE: &[&[u8]] = &[b"**=", b"//=", b"<<=", b">>=", b"..."];
const TWO: &[&[u8]] = &[
    b"!=", b"%=", b"&=", b"**", b"*=", b"+=", b"-=", b"->", b"//", b"/=", b":=", b"<<", b"<=", b"==", b">=", b">>",
    b"@=", b"^=", b"|=",
];

struct Paren {
    character: u8,
    line: u32,
    offset: u32,
}

/// The state of one f-string or t-string being read.
pub(super) struct StringMode {
    pub in_text: bool,
    pub letter: char,
    quote: u8,
    quote_size: usize,
    start: usize,
    first_line: u32,
    raw: bool,
    curly_depth: i32,
    expression_depth: i32,
    in_format_spec: bool,
    in_debug: bool,
}

pub(super) struct Tokenizer<'a> {
    pub text: &'a str,
    pub lines: &'a LineIndex,
    pub pos: usize,
    pub done: Done,
    pub modes: Vec<StringMode>,
    pub single: bool,
    /// In single mode the end of the input also closes open blocks.
    pub imply_dedent: bool,
    read: usize,
    /// Where the line starts whose columns CPython counts for some errors: not moved inside a token.
    buffer: usize,
    start: usize,
    at_line_start: bool,
    indents: Vec<(u32, u32)>,
    pending: i32,
    parens: Vec<Paren>,
    started: bool,
    finished: bool,
    /// For `tokenize`, which lets brackets that match nothing and leading zeros through.
    pub lenient: bool,
}

type Lexed<T> = Result<T, Failure>;

impl<'a> Tokenizer<'a> {
    pub fn new(text: &'a str, lines: &'a LineIndex, single: bool) -> Self {
        Self {
            text,
            lines,
            pos: 0,
            done: Done::Ok,
            modes: Vec::new(),
            single,
            imply_dedent: true,
            read: 0,
            buffer: 0,
            start: 0,
            at_line_start: true,
            indents: vec![(0, 0)],
            pending: 0,
            parens: Vec::new(),
            started: false,
            finished: false,
            lenient: false,
        }
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.byte(self.pos)
    }

    /// Consumes one byte; at the end of the input it notes that the end was seen.
    pub(super) fn next(&mut self) -> Option<u8> {
        let byte = self.peek();
        match byte {
            Some(_) => {
                self.pos += 1;
                self.read = self.read.max(self.pos);
            }
            None => self.see_end(),
        }
        byte
    }

    pub(super) fn see_end(&mut self) {
        if self.done == Done::Ok {
            self.done = Done::Eof;
        }
    }

    /// Gives back the byte that `next` returned.
    pub(super) fn back(&mut self, byte: Option<u8>) {
        if byte.is_some() {
            self.pos -= 1;
        }
    }

    /// Looks at the next byte the way CPython does, by reading it and giving it back, which moves the line counter.
    fn touch(&mut self) -> Option<u8> {
        let byte = self.next();
        self.back(byte);
        byte
    }

    /// The line of the furthest byte read; 0 before any.
    pub fn line(&self) -> u32 {
        match self.read.checked_sub(1) {
            Some(last) => self.lines.position(offset(last)).line,
            None => 0,
        }
    }

    fn place(&self) -> Place {
        Place::Reached { line: self.line(), offset: offset(self.pos) }
    }

    /// The tokenizer's own errors: from the start of the line to the current position, both ends the same column.
    pub(super) fn error<T>(&mut self, message: impl Into<String>) -> Lexed<T> {
        let place = self.place();
        self.error_at(place, place, message)
    }

    pub(super) fn error_at<T>(&mut self, start: Place, end: Place, message: impl Into<String>) -> Lexed<T> {
        self.done = Done::Error;
        Err(Failure { from_tokenizer: true, ..Failure::syntax(message, start, end) })
    }

    /// Errors the parser words after the tokenizer has only set a code; `column` is the reported column.
    fn coded<T>(&mut self, kind: ErrorKind, message: &str, column: i32) -> Lexed<T> {
        self.done = Done::Error;
        let line = self.line();
        let start = Place::Column { line, column };
        Err(Failure { kind, ..Failure::syntax(message, start, Place::Column { line, column: 0 }) })
    }

    /// The innermost unclosed bracket as an error.
    pub fn unclosed(&mut self) -> Option<Failure> {
        let paren = self.parens.last()?;
        let start = Place::Offset { line: paren.line, offset: paren.offset };
        let end = Place::Column { line: paren.line, column: 0 };
        Some(Failure::syntax(format!("'{}' was never closed", char::from(paren.character)), start, end))
    }

    pub fn innermost_paren_line(&self) -> Option<u32> {
        self.parens.last().map(|paren| paren.line)
    }

    fn make(&self, kind: TokenKind, start: usize, end: usize, has_columns: bool) -> Token {
        let end_line = self.line();
        let line = match kind {
            TokenKind::String | TokenKind::FStringMiddle | TokenKind::TStringMiddle => {
                self.lines.position(offset(start)).line
            }
            _ => end_line,
        };
        let level = u16::try_from(self.parens.len()).unwrap_or(u16::MAX);
        Token { kind, start: offset(start), end: offset(end), line, end_line, level, has_columns }
    }

    pub(super) fn token(&self, kind: TokenKind) -> Token {
        self.make(kind, self.start, self.pos, true)
    }

    fn bare(&self, kind: TokenKind) -> Token {
        self.make(kind, self.pos, self.pos, false)
    }

    /// The next token; in single mode the end of the input first counts as a newline.
    pub fn next_token(&mut self) -> Lexed<Token> {
        let mut token = match self.modes.last() {
            Some(mode) if mode.in_text => self.string_text()?,
            _ => self.regular()?,
        };
        if self.single && token.kind == TokenKind::End && self.started {
            token.kind = TokenKind::Newline;
            self.started = false;
            if self.imply_dedent && self.indents.len() > 1 {
                self.pending = -i32::try_from(self.indents.len() - 1).unwrap_or(0);
                self.indents.truncate(1);
            }
        } else {
            self.started = true;
        }
        Ok(token)
    }

    fn regular(&mut self) -> Lexed<Token> {
        loop {
            let mut blank = false;
            if self.at_line_start {
                self.at_line_start = false;
                blank = self.line_start()?;
            }
            self.start = self.pos;
            if self.pending != 0 {
                let kind = if self.pending < 0 { TokenKind::Dedent } else { TokenKind::Indent };
                self.pending -= self.pending.signum();
                return Ok(self.bare(kind));
            }
            if let Some(token) = self.after_indentation(blank)? {
                return Ok(token);
            }
        }
    }

    /// Measures the indentation of a new line and queues indents and dedents; true for a blank line.
    fn line_start(&mut self) -> Lexed<bool> {
        self.buffer = self.pos;
        let (mut column, mut alternate, mut continued) = (0_u32, 0_u32, None);
        let first = loop {
            let byte = self.next();
            match byte {
                Some(b' ') => (column, alternate) = (column + 1, alternate + 1),
                Some(b'\t') => (column, alternate) = ((column / TAB_SIZE + 1) * TAB_SIZE, alternate + 1),
                Some(b'\x0c') => (column, alternate) = (0, 0),
                Some(b'\\') => {
                    continued = continued.or((column > 0).then_some(column));
                    self.continuation()?;
                }
                _ => break byte,
            }
        };
        self.back(first);
        if matches!(first, Some(b'#' | b'\n')) {
            return Ok(true);
        }
        if self.parens.is_empty() {
            self.indent_to(continued.unwrap_or(column), continued.unwrap_or(alternate))?;
        }
        Ok(false)
    }

    fn indent_to(&mut self, column: u32, alternate: u32) -> Lexed<()> {
        let (current, current_alternate) = self.indents.last().copied().unwrap_or((0, 0));
        if column == current {
            return if alternate == current_alternate { Ok(()) } else { self.inconsistent_tabs() };
        }
        if column > current {
            if self.indents.len() >= MAX_INDENT {
                self.pos = self.line_end();
                return self.coded(ErrorKind::IndentationError, "too many levels of indentation", 1);
            }
            if alternate <= current_alternate {
                return self.inconsistent_tabs();
            }
            self.pending += 1;
            self.indents.push((column, alternate));
            return Ok(());
        }
        while self.indents.len() > 1 && self.indents.last().is_some_and(|(indent, _)| column < *indent) {
            self.pending -= 1;
            self.indents.pop();
        }
        let (current, current_alternate) = self.indents.last().copied().unwrap_or((0, 0));
        if column != current {
            self.pos = self.line_end();
            return self.bad_dedent();
        }
        if alternate == current_alternate { Ok(()) } else { self.inconsistent_tabs() }
    }

    fn bad_dedent(&mut self) -> Lexed<()> {
        self.done = Done::Error;
        let (line, offset) = (self.line(), offset(self.pos));
        let start = Place::Reached { line, offset };
        let message = "unindent does not match any outer indentation level";
        let end = Place::Column { line, column: -1 };
        Err(Failure { kind: ErrorKind::IndentationError, ..Failure::syntax(message, start, end) })
    }

    fn inconsistent_tabs(&mut self) -> Lexed<()> {
        self.pos = self.line_end();
        self.coded(ErrorKind::TabError, "inconsistent use of tabs and spaces in indentation", 1)
    }

    /// The offset just after the current line's newline.
    fn line_end(&self) -> usize {
        self.lines.line_range(self.line()).end
    }

    fn continuation(&mut self) -> Lexed<()> {
        if self.next() != Some(b'\n') {
            let line = self.text.get(self.lines.line_range(self.line())).unwrap_or("");
            let wanted = self.pos - self.buffer;
            let column = match line.as_bytes().get(..wanted) {
                Some(head) => String::from_utf8_lossy(head).chars().count(),
                None => line.chars().count() + 1,
            };
            let column = i32::try_from(column.max(1)).unwrap_or(1);
            let message = "unexpected character after line continuation character";
            return self.coded(ErrorKind::SyntaxError, message, column);
        }
        if self.touch().is_none() {
            return self.unexpected_end();
        }
        Ok(())
    }

    fn unexpected_end<T>(&mut self) -> Lexed<T> {
        if let Some(failure) = self.unclosed() {
            return Err(failure);
        }
        let line = self.line();
        let start = Place::Reached { line, offset: offset(self.pos) };
        let end = Place::Column { line, column: -1 };
        Err(Failure::syntax("unexpected EOF while parsing", start, end))
    }

    fn after_indentation(&mut self, blank: bool) -> Lexed<Option<Token>> {
        loop {
            let mut byte = self.next();
            while matches!(byte, Some(b' ' | b'\t' | b'\x0c')) {
                byte = self.next();
            }
            self.start = if byte.is_some() { self.pos - 1 } else { self.pos };
            if byte == Some(b'#') {
                while !matches!(byte, None | Some(b'\n')) {
                    byte = self.next();
                }
            }
            let Some(byte) = byte else { return self.end_of_input().map(Some) };
            match byte {
                b'\n' => {
                    self.at_line_start = true;
                    if blank || !self.parens.is_empty() {
                        return Ok(None);
                    }
                    return Ok(Some(self.token(TokenKind::Newline)));
                }
                b'\\' => {
                    self.continuation()?;
                    continue;
                }
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | 128.. => return self.name_or_prefixed(byte).map(Some),
                b'0'..=b'9' => return self.number(byte).map(Some),
                b'.' if self.peek().is_some_and(|next| next.is_ascii_digit()) => return self.fraction().map(Some),
                b'\'' | b'"' => return self.string(byte).map(Some),
                _ => return self.operator(byte).map(Some),
            }
        }
    }

    fn end_of_input(&mut self) -> Lexed<Token> {
        if !self.parens.is_empty() {
            return self.unexpected_end();
        }
        if !self.finished {
            self.finished = true;
        }
        Ok(self.bare(TokenKind::End))
    }

    fn name_or_prefixed(&mut self, first: u8) -> Lexed<Token> {
        let (mut b, mut u, mut r, mut f, mut t) = (false, false, false, false, false);
        let mut byte = Some(first);
        loop {
            match byte.map(|byte| byte.to_ascii_lowercase()) {
                Some(b'b') if !b => b = true,
                Some(b'u') if !u => u = true,
                Some(b'r') if !r => r = true,
                Some(b'f') if !f => f = true,
                Some(b't') if !t => t = true,
                _ => break,
            }
            byte = self.next();
            if let Some(quote @ (b'"' | b'\'')) = byte {
                self.check_prefixes(&[(u && b, "ub"), (u && r, "ur"), (u && f, "uf"), (u && t, "ut")])?;
                self.check_prefixes(&[(b && f, "bf"), (b && t, "bt"), (f && t, "ft")])?;
                return if f || t { self.open_string(quote, if f { 'f' } else { 't' }, r) } else { self.string(quote) };
            }
        }
        while byte.is_some_and(|byte| byte == b'_' || byte.is_ascii_alphanumeric() || byte >= 128) {
            byte = self.next();
        }
        self.back(byte);
        self.verify_identifier()?;
        Ok(self.token(TokenKind::Name))
    }

    fn check_prefixes(&mut self, pairs: &[(bool, &str)]) -> Lexed<()> {
        let Some((_, pair)) = pairs.iter().find(|(both, _)| *both) else { return Ok(()) };
        let (first, second) = pair.split_at(1);
        let start = Place::Offset { line: self.line(), offset: offset(self.start) };
        let end = self.place();
        self.error_at(start, end, format!("'{first}' and '{second}' prefixes are incompatible"))
    }

    fn verify_identifier(&mut self) -> Lexed<()> {
        let name = self.text.get(self.start..self.pos).unwrap_or("");
        if name.is_ascii() {
            return Ok(());
        }
        for (at, c) in name.char_indices() {
            let valid =
                if at == 0 { c == '_' || unicode_ident::is_xid_start(c) } else { unicode_ident::is_xid_continue(c) };
            if !valid {
                self.pos = self.start + at + c.len_utf8();
                let code = u32::from(c);
                return if super::printable::is_printable(c) {
                    self.error(format!("invalid character '{c}' (U+{code:04X})"))
                } else {
                    self.error(format!("invalid non-printable character U+{code:04X}"))
                };
            }
        }
        Ok(())
    }

    fn operator(&mut self, byte: u8) -> Lexed<Token> {
        if self.starts_format_spec(byte) {
            return Ok(self.token(TokenKind::Op));
        }
        let rest = self.text.as_bytes().get(self.start..).unwrap_or_default();
        let length = if THREE.iter().any(|operator| rest.starts_with(operator)) {
            3
        } else if TWO.iter().any(|operator| rest.starts_with(operator)) {
            2
        } else {
            1
        };
        if length > 1 {
            self.pos = self.start + length;
            self.read = self.read.max(self.pos);
            return Ok(self.token(TokenKind::Op));
        }
        match byte {
            b'(' | b'[' | b'{' => self.open_bracket(byte)?,
            b')' | b']' | b'}' => self.close_bracket(byte)?,
            b'=' => {
                if let Some(mode) = self.modes.last_mut()
                    && mode.curly_depth == mode.expression_depth + 1
                {
                    mode.in_debug = true;
                }
            }
            0..b' ' | 0x7f => return self.error(format!("invalid non-printable character U+{byte:04X}")),
            _ => {}
        }
        Ok(self.token(TokenKind::Op))
    }

    /// A colon at the top of an f-string's replacement field turns to its format specification.
    fn starts_format_spec(&mut self, byte: u8) -> bool {
        let Some(mode) = self.modes.last_mut() else { return false };
        if byte != b':' || mode.expression_depth < 0 || mode.curly_depth - 1 != mode.expression_depth {
            return false;
        }
        mode.in_text = true;
        mode.in_format_spec = true;
        true
    }

    fn open_bracket(&mut self, byte: u8) -> Lexed<()> {
        if self.parens.len() >= MAX_LEVEL {
            return self.error("too many nested parentheses");
        }
        self.parens.push(Paren { character: byte, line: self.line(), offset: offset(self.start) });
        if let Some(mode) = self.modes.last_mut() {
            mode.curly_depth += 1;
        }
        Ok(())
    }

    fn close_bracket(&mut self, byte: u8) -> Lexed<()> {
        let closing = char::from(byte);
        if let Some(mode) = self.modes.last()
            && mode.curly_depth == 0
            && byte == b'}'
        {
            let letter = mode.letter;
            return self.error(format!("{letter}-string: single '}}' is not allowed"));
        }
        let open = match self.parens.pop() {
            Some(open) => open,
            None if self.lenient => Paren { character: byte, line: self.line(), offset: offset(self.start) },
            None => return self.error(format!("unmatched '{closing}'")),
        };
        if !self.lenient && !matches!((open.character, byte), (b'(', b')') | (b'[', b']') | (b'{', b'}')) {
            return self.mismatched(&open, closing);
        }
        let Some(mode) = self.modes.last_mut() else { return Ok(()) };
        mode.curly_depth -= 1;
        if mode.curly_depth < 0 {
            let letter = mode.letter;
            return self.error(format!("{letter}-string: unmatched '{closing}'"));
        }
        if byte == b'}' && mode.curly_depth == mode.expression_depth {
            mode.expression_depth -= 1;
            mode.in_text = true;
            mode.in_format_spec = false;
            mode.in_debug = false;
        }
        Ok(())
    }

    fn mismatched(&mut self, open: &Paren, closing: char) -> Lexed<()> {
        if let Some(mode) = self.modes.last()
            && open.character == b'{'
            && mode.curly_depth - 1 == mode.expression_depth
        {
            let letter = mode.letter;
            return self.error(format!("{letter}-string: unmatched '{closing}'"));
        }
        let opening = char::from(open.character);
        let mut message = format!("closing parenthesis '{closing}' does not match opening parenthesis '{opening}'");
        if open.line != self.line() {
            message.push_str(&format!(" on line {}", open.line));
        }
        self.error(message)
    }

    fn open_string(&mut self, quote: u8, letter: char, raw: bool) -> Lexed<Token> {
        let mut quote_size = 1;
        let first_line = self.line();
        if self.peek() == Some(quote) && self.byte(self.pos + 1) == Some(quote) {
            quote_size = 3;
            self.next();
            self.next();
        }
        if self.modes.len() + 1 >= MAX_STRING_MODES {
            return self.error("too many nested f-strings or t-strings");
        }
        self.modes.push(StringMode {
            in_text: true,
            letter,
            quote,
            quote_size,
            start: self.start,
            first_line,
            raw,
            curly_depth: 0,
            expression_depth: -1,
            in_format_spec: false,
            in_debug: false,
        });
        Ok(self.token(if letter == 'f' { TokenKind::FStringStart } else { TokenKind::TStringStart }))
    }
}

pub(super) fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

mod literals;
