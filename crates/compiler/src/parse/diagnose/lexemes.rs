//! The tokens of a source as `tokenize` shows them: with comments and line ends that mean nothing, with positions in characters.
//!
//! Invariant: what stands between two tokens is blank, a continued line, a comment or an end of a line; comments and ends become tokens.

use super::token::{Token, TokenKind};
use super::tokenizer::Tokenizer;
use super::{Diagnosis, Flags, Mode, SyntaxError};
use crate::source::{LineIndex, Source};
use std::ops::Range;

/// A token: its number in the module `token`, its text, and where it stands.
#[derive(Clone, Debug)]
pub struct Lexeme {
    /// The number of its kind.
    pub kind: u8,
    /// Its text, in bytes of the source.
    pub text: Range<usize>,
    /// Line (from 1) and column (from 0, in characters) where it begins.
    pub start: (u32, u32),
    /// Where it ends.
    pub end: (u32, u32),
    /// Its line or lines, in bytes of the source.
    pub lines: Range<usize>,
}

const END: u8 = 0;
const NEWLINE: u8 = 4;
const INDENT: u8 = 5;
const DEDENT: u8 = 6;
const OP: u8 = 55;
const COMMENT: u8 = 65;
const NL: u8 = 66;

/// The tokens up to the end of the source, or up to an error.
pub fn lexemes(source: &Source) -> (Vec<Lexeme>, Option<SyntaxError>) {
    let mut text = source.text().to_owned();
    let implied = !text.is_empty() && !text.ends_with('\n');
    if implied {
        text.push('\n');
    }
    let lines = LineIndex::new(&text);
    let mut reader = Reader { text: &text, lines: &lines, implied, behind: 0, out: Vec::new(), indents: vec![0] };
    let mut tokenizer = Tokenizer::new(&text, &lines, false);
    tokenizer.lenient = true;
    let mut previous_middle = false;
    loop {
        let token = match tokenizer.next_token() {
            Ok(token) => token,
            Err(failure) => {
                let at_end = failure.message.ends_with("was never closed");
                let diagnosis = Diagnosis { text: &text, lines: &lines, mode: Mode::Exec, flags: Flags::default() };
                let mut error = diagnosis.finish(failure, false);
                if at_end {
                    // Nothing but the end of the source is wrong.
                    reader.between(text.len());
                    let last = lines.position(text.len().saturating_sub(1) as u32).line;
                    error.message = "unexpected EOF in multi-line statement".to_owned();
                    (error.line, error.offset) = (Some(last.cast_signed()), Some(0));
                }
                return (reader.out, Some(error));
            }
        };
        reader.add(&token, previous_middle);
        previous_middle = matches!(token.kind, TokenKind::FStringMiddle | TokenKind::TStringMiddle);
        if token.kind == TokenKind::End {
            return (reader.out, None);
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    lines: &'a LineIndex,
    /// The last line's end is not in the source.
    implied: bool,
    /// Up to where tokens have been made.
    behind: usize,
    out: Vec<Lexeme>,
    indents: Vec<usize>,
}

impl Reader<'_> {
    fn place(&self, at: usize) -> (u32, u32) {
        let position = self.lines.position(at as u32);
        let start = at - position.column as usize;
        let column = self.text.get(start..at).map_or(0, |before| before.chars().count());
        (position.line, column as u32)
    }

    fn push(&mut self, kind: u8, text: Range<usize>) {
        let (start, end) = (self.place(text.start), self.place(text.end));
        let last = if text.end > text.start && kind != NEWLINE && kind != NL { end.0 } else { start.0 };
        let lines = self.lines.line_range(start.0).start..self.lines.line_range(last).end;
        self.out.push(Lexeme { kind, text, start, end, lines });
    }

    /// The end of a line: one character long, even where the source ends without it.
    fn line_end(&mut self, kind: u8, at: usize) {
        let start = self.place(at);
        let whole = self.lines.line_range(start.0);
        let is_implied = self.implied && at + 1 == self.text.len();
        let (text, lines) = match is_implied {
            true => (at..at, whole.start..at),
            false => (at..at + 1, whole),
        };
        self.out.push(Lexeme { kind, text, start, end: (start.0, start.1 + 1), lines });
        self.behind = at + 1;
    }

    /// Comments and ends of lines up to `until`.
    fn between(&mut self, until: usize) {
        let mut at = self.behind;
        while at < until {
            match self.text.as_bytes().get(at) {
                Some(b'#') => {
                    let len = self.text[at..].find('\n').unwrap_or(self.text.len() - at);
                    self.push(COMMENT, at..at + len);
                    at += len;
                }
                Some(b'\\') => at += 2,
                Some(b'\n') => {
                    self.line_end(NL, at);
                    at += 1;
                }
                _ => at += 1,
            }
        }
        self.behind = self.behind.max(until);
    }

    fn add(&mut self, token: &Token, previous_middle: bool) {
        let (start, end) = (token.start as usize, token.end as usize);
        let kind = match token.kind {
            TokenKind::Name => 1,
            TokenKind::Number => 2,
            TokenKind::String => 3,
            TokenKind::Op => OP,
            TokenKind::FStringStart => 59,
            TokenKind::FStringMiddle => 60,
            TokenKind::FStringEnd => 61,
            TokenKind::TStringStart => 62,
            TokenKind::TStringMiddle => 63,
            TokenKind::TStringEnd => 64,
            TokenKind::Newline => {
                self.between(end - 1);
                return self.line_end(NEWLINE, end - 1);
            }
            TokenKind::Indent | TokenKind::Dedent => return self.indentation(token.kind, start),
            TokenKind::End => {
                self.between(self.text.len());
                let line = self.lines.position(self.text.len() as u32).line;
                let place = (line, 0);
                let at = self.text.len();
                for _ in 1..self.indents.len() {
                    self.out.push(Lexeme { kind: DEDENT, text: at..at, start: place, end: place, lines: at..at });
                }
                return self.out.push(Lexeme { kind: END, text: at..at, start: place, end: place, lines: at..at });
            }
        };
        if !previous_middle {
            self.between(start);
        }
        self.push(kind, start..end);
        self.behind = end;
    }

    fn indentation(&mut self, kind: TokenKind, at: usize) {
        if at >= self.text.len() {
            // Those at the end come with it.
            return;
        }
        let line_start = self.lines.line_range(self.lines.position(at as u32).line).start;
        self.between(line_start);
        if kind == TokenKind::Indent {
            self.indents.push(at - line_start);
            self.push(INDENT, line_start..at);
        } else {
            self.indents.pop();
            self.push(DEDENT, at..at);
        }
    }
}
