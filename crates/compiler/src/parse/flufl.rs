//! `from __future__ import barry_as_FLUFL`: `<>` is the inequality, and `!=` is none.
//!
//! Invariant: the parser reads a text in which the two have changed places; both take two bytes, so that all places stay what they are.

use super::SyntaxError;
use super::diagnose::lexemes;
use crate::source::Source;

const FEATURE: &str = "barry_as_FLUFL";

/// The source as the parser is to read it, unless that is as it stands. `asked` tells that the feature is in force from outside.
pub(super) fn exchanged(source: &Source, asked: bool) -> Option<Source> {
    let text = source.text();
    if !asked && !text.contains(FEATURE) {
        return None;
    }
    let mut bytes = text.as_bytes().to_vec();
    let (mut on, mut importing) = (asked, false);
    let (mut statement, mut less): (Vec<&str>, Option<usize>) = (Vec::new(), None);
    for lexeme in lexemes(source).0 {
        let (start, word) = (lexeme.text.start, text.get(lexeme.text.clone()).unwrap_or(""));
        let other = match word {
            "!=" => Some((start, *b"<>")),
            "<>" => Some((start, *b"!=")),
            ">" if less.is_some_and(|less| less + 1 == start) => Some((start - 1, *b"!=")),
            _ => None,
        };
        if on
            && let Some((at, other)) = other
            && let Some(place) = bytes.get_mut(at..at + 2)
        {
            place.copy_from_slice(&other);
        }
        less = (word == "<").then_some(start);
        if matches!(word, ";" | "\n" | "") {
            on |= importing;
            importing = false;
            statement.clear();
        } else {
            let future = statement.starts_with(&["from", "__future__", "import"]);
            importing |= future && word == FEATURE && statement.last() != Some(&"as");
            if statement.len() < 3 || future {
                statement.push(word);
            }
        }
    }
    Some(source.with_text(&String::from_utf8(bytes).ok()?))
}

/// The error as it is in the source that was written.
pub(super) fn as_written(mut error: SyntaxError, source: &Source) -> SyntaxError {
    if error.message.ends_with("Maybe you meant '!=' instead of '<>'?") {
        error.message = "with Barry as BDFL, use '<>' instead of '!='".to_owned();
    }
    if let (Some(text), Some(line)) = (&mut error.text, error.line.and_then(|line| u32::try_from(line).ok())) {
        let own = source.line(line);
        if own.len() == text.trim_end_matches('\n').len() {
            let end = if text.ends_with('\n') { "\n" } else { "" };
            *text = format!("{own}{end}");
        }
    }
    error
}
