//! What an interactive prompt should do with the text typed so far.

use super::{Flags, Mode, Parsed, SyntaxError, parse};
use crate::source::Source;

/// The state of a statement being typed.
#[derive(Debug)]
pub enum Completeness {
    /// A whole statement: compile it. Absent for a text of blanks and comments, which is to be ignored.
    Complete(Option<Parsed>),
    /// More lines are wanted.
    Incomplete,
    /// No further line can make it valid.
    Error(Box<SyntaxError>),
}

/// Judges the lines typed so far, joined by newlines: a newline at the very end means that an empty line was entered,
/// which is what closes a compound statement.
pub fn completeness(source: &Source, flags: Flags) -> Completeness {
    let text = source.text();
    let is_blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    if text.lines().all(is_blank) {
        return Completeness::Complete(None);
    }
    match parse(source, Mode::Single, flags) {
        Ok(parsed) if is_open_block(source, &parsed) => Completeness::Incomplete,
        Ok(parsed) => Completeness::Complete(Some(parsed)),
        Err(_) if goes_on_after_newline(source, flags) => Completeness::Incomplete,
        Err(error) => Completeness::Error(Box::new(error)),
    }
}

/// Whether the error is only that there is no more: the last line is ended first, since a line that is still being typed
/// always reaches the end of the input.
fn goes_on_after_newline(source: &Source, flags: Flags) -> bool {
    let ended = Source::from_text(source.filename(), &format!("{}\n", source.text()));
    let Ok(ended) = ended else { return false };
    match parse(&ended, Mode::Single, flags) {
        Ok(_) => true,
        Err(error) => error.incomplete,
    }
}

/// A compound statement stays open until an empty line, even when all its clauses could be over.
fn is_open_block(source: &Source, parsed: &Parsed) -> bool {
    if source.text().ends_with('\n') {
        return false;
    }
    let last = parsed.tree().as_module().and_then(|module| module.body.last());
    last.is_some_and(|statement| {
        statement.is_if_stmt()
            || statement.is_for_stmt()
            || statement.is_while_stmt()
            || statement.is_try_stmt()
            || statement.is_with_stmt()
            || statement.is_match_stmt()
            || statement.is_function_def_stmt()
            || statement.is_class_def_stmt()
    })
}
