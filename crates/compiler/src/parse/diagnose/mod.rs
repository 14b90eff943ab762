//! Explaining refused sources: what CPython 3.14 says about a source it does not accept. [`diagnose`] runs a grammar
//! with CPython's error rules over a tokenizer with CPython's errors, in two passes like CPython's parser, and gives
//! `None` for a source it has nothing against.

mod actions;
mod failure;
mod grammar;
mod lexemes;
mod machine;
mod printable;
mod strings;
mod token;
mod tokenizer;

use std::borrow::Cow;

pub use self::lexemes::{Lexeme, lexemes};

use self::failure::{Failure, Place};
use self::machine::{Machine, end_of, start_of};
use self::token::{Done, Token, TokenKind};
use self::tokenizer::Tokenizer;
use super::{ErrorKind, Flags, Mode, SyntaxError};
use crate::source::{LineIndex, Source};

/// The highest line number that can be reported.
const LAST_LINE: u32 = i32::MAX.cast_unsigned();

/// Stack for the deepest run: the machine's depth limit times the frames of one rule.
const STACK: usize = 32 * 1024 * 1024;

/// The error CPython raises for a source, if it raises one.
pub(super) fn diagnose(source: &Source, mode: Mode, flags: Flags) -> Option<SyntaxError> {
    stacker::grow(STACK, || {
        let mut text = Cow::Borrowed(source.text());
        if mode == Mode::Exec && !text.is_empty() && !text.ends_with('\n') {
            text.to_mut().push('\n');
        }
        let lines = LineIndex::new(&text);
        Diagnosis { text: &text, lines: &lines, mode, flags }.run()
    })
}

struct Diagnosis<'a> {
    text: &'a str,
    lines: &'a LineIndex,
    mode: Mode,
    flags: Flags,
}

/// How a pass over the whole source ended.
enum Pass {
    Accepted,
    Mismatch,
    Raised(Failure),
}

impl<'a> Diagnosis<'a> {
    fn run(&self) -> Option<SyntaxError> {
        let mut tokenizer = Tokenizer::new(self.text, self.lines, self.mode == Mode::Single);
        tokenizer.imply_dedent = !self.flags.dont_imply_dedent;
        let mut machine = Machine::new(tokenizer);
        match self.pass(&mut machine) {
            Pass::Accepted => return self.leftover(&machine),
            Pass::Raised(failure) => {
                let incomplete = at_end_of_source(&machine);
                let failure = self.prefer_tokenizer(&mut machine, failure);
                return Some(self.finish(failure, incomplete));
            }
            Pass::Mismatch => {}
        }
        let incomplete = at_end_of_source(&machine);
        let last = machine.tokens.last().copied();
        machine.forget();
        machine.second_pass = true;
        machine.pending = None;
        let failure = match self.pass(&mut machine) {
            Pass::Raised(failure) => self.prefer_tokenizer(&mut machine, failure),
            Pass::Accepted | Pass::Mismatch => match machine.pending.take() {
                Some(failure) => self.prefer_tokenizer(&mut machine, failure),
                None => self.generic(&mut machine, last),
            },
        };
        Some(self.finish(failure, incomplete))
    }

    /// Runs the start rule; a module is taken statement by statement, so that memory stays bounded by the longest one.
    fn pass(&self, machine: &mut Machine<'a>) -> Pass {
        machine.mark = 0;
        let rule = match self.mode {
            Mode::Exec => machine.grammar.rule("statement"),
            Mode::Eval => machine.grammar.rule("eval"),
            Mode::Single => machine.grammar.rule("interactive"),
        };
        loop {
            match machine.rule(rule) {
                Err(failure) => return Pass::Raised(failure),
                Ok(Some(_)) if self.mode != Mode::Exec => return Pass::Accepted,
                Ok(Some(_)) => machine.forget(),
                Ok(None) if self.mode != Mode::Exec => return Pass::Mismatch,
                Ok(None) => {
                    return match machine.token_at(machine.mark) {
                        Err(failure) => Pass::Raised(failure),
                        Ok(token) if token.kind == TokenKind::End => Pass::Accepted,
                        Ok(_) => Pass::Mismatch,
                    };
                }
            }
        }
    }

    /// "single" mode takes one statement; anything but blanks and comments after it is an error.
    fn leftover(&self, machine: &Machine<'a>) -> Option<SyntaxError> {
        if self.mode != Mode::Single {
            return None;
        }
        let rest = self.text.get(machine.tokenizer.pos..).unwrap_or("");
        let blank = rest.lines().all(|line| {
            let line = line.trim_matches([' ', '\t', '\x0c']);
            line.is_empty() || line.starts_with('#')
        });
        if blank {
            return None;
        }
        let failure = stamp(machine, machine.at_last("multiple statements found while compiling a single statement"));
        let mut error = self.finish(failure, false);
        error.has_metadata = false;
        Some(error)
    }

    fn generic(&self, machine: &mut Machine<'a>, last: Option<Token>) -> Failure {
        let Some(last) = last else {
            let place = Place::Column { line: 0, column: 0 };
            return Failure::syntax("error at start before reading any input", place, place);
        };
        if let TokenKind::Indent | TokenKind::Dedent = last.kind {
            let message = if last.kind == TokenKind::Indent { "unexpected indent" } else { "unexpected unindent" };
            return stamp(machine, Failure { kind: ErrorKind::IndentationError, ..machine.at_last(message) });
        }
        let failure = Failure::syntax("invalid syntax", start_of(&last), end_of(&last));
        let failure = stamp(machine, failure);
        self.scan_on(machine, failure)
    }

    /// An error of the tokenizer further on counts more than one of the grammar.
    fn prefer_tokenizer(&self, machine: &mut Machine<'a>, failure: Failure) -> Failure {
        let failure = stamp(machine, failure);
        let is_syntax_error = failure.kind != ErrorKind::MemoryError;
        if machine.tokenizer.done == Done::Ok && is_syntax_error { self.scan_on(machine, failure) } else { failure }
    }

    fn scan_on(&self, machine: &mut Machine<'a>, failure: Failure) -> Failure {
        let error_line = machine.tokens.last().map_or(0, |token| token.line);
        let tokenizer = &mut machine.tokenizer;
        let found = loop {
            match tokenizer.next_token() {
                Ok(token) if token.kind == TokenKind::End => return failure,
                Ok(_) => {}
                Err(found) => break found,
            }
        };
        if !tokenizer.modes.is_empty() {
            return failure;
        }
        if found.from_tokenizer {
            return found;
        }
        // Brackets are to blame for the tokens running out only when opened before the line of the error.
        match tokenizer.unclosed() {
            Some(unclosed) if tokenizer.innermost_paren_line().is_some_and(|line| error_line > line) => unclosed,
            _ => failure,
        }
    }

    fn finish(&self, failure: Failure, incomplete: bool) -> SyntaxError {
        if failure.kind == ErrorKind::MemoryError {
            return SyntaxError::unlocated(failure.kind, failure.message);
        }
        let (line, offset) = self.resolve(failure.start);
        let current = !failure.from_tokenizer && line >= failure.current_line.min(LAST_LINE).cast_signed();
        let text = self.line_text(line, current);
        let (end_line, end_offset) = match failure.end {
            Place::Offset { line: end_line, offset } if end_line.cast_signed() != line => {
                (end_line.cast_signed(), column_in_other_line(&text, self.lines.position(offset).column))
            }
            place => self.resolve(place),
        };
        SyntaxError {
            kind: failure.kind,
            message: failure.message,
            line: Some(line),
            offset: Some(offset),
            end_line: Some(end_line),
            end_offset: Some(end_offset),
            text: Some(text),
            incomplete,
            has_metadata: true,
            warnings: Vec::new(),
        }
    }

    fn line_text(&self, line: i32, with_newline: bool) -> String {
        let number = u32::try_from(line).unwrap_or(0);
        if number == 0 {
            return String::new();
        }
        let text = self.text.get(self.lines.line_range(number)).unwrap_or("");
        if with_newline { text.to_owned() } else { text.trim_end_matches('\n').to_owned() }
    }

    /// The line and the reported column of a place.
    fn resolve(&self, place: Place) -> (i32, i32) {
        match place {
            Place::Column { line, column } => (line.cast_signed(), column),
            Place::Offset { line, offset } => (line.cast_signed(), self.characters(line, offset) + 1),
            Place::Reached { line, offset } => (line.cast_signed(), self.characters(line, offset)),
        }
    }

    fn characters(&self, line: u32, offset: u32) -> i32 {
        let start = self.lines.line_start(line) as usize;
        let end = (offset as usize).max(start);
        let count = self.text.get(start..end).map_or(0, |text| text.chars().count());
        i32::try_from(count).unwrap_or(0)
    }
}

fn at_end_of_source(machine: &Machine<'_>) -> bool {
    matches!(machine.tokenizer.done, Done::Eof | Done::EofInString)
}

/// CPython converts the end column of a range over several lines with the text of the first one, which it cannot pass.
fn column_in_other_line(first_line: &str, byte_column: u32) -> i32 {
    let wanted = byte_column as usize + 1;
    let count = match first_line.as_bytes().get(..wanted) {
        Some(head) => String::from_utf8_lossy(head).chars().count(),
        None => first_line.chars().count() + 1,
    };
    i32::try_from(count).unwrap_or(0)
}

/// Notes where the tokenizer stands, unless that was noted when the error was raised.
fn stamp(machine: &Machine<'_>, failure: Failure) -> Failure {
    Failure { current_line: failure.current_line.min(machine.tokenizer.line()), ..failure }
}
