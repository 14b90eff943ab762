//! Source to syntax tree. [`parse`] gives either a tree that CPython 3.14's parser would accept too, or the
//! `SyntaxError` it would raise; no input overflows the native stack, whatever its nesting.

mod depth;
mod diagnose;
mod error;
mod flufl;
mod interactive;
pub mod literal;
mod shape;
mod warnings;

pub use depth::{DEEP_TREE, on_deep_stack};
pub use diagnose::{Lexeme, lexemes};
pub use error::{ErrorKind, SyntaxError, SyntaxWarning};
pub use interactive::{Completeness, completeness};

use ruff_python_ast::{AtomicNodeIndex, Mod, ModModule, PythonVersion, Suite};
use ruff_python_parser::{Mode as RuffMode, ParseOptions, Parsed as RuffParsed};
use ruff_text_size::TextRange;

use crate::source::Source;

/// What the source is compiled as: the `mode` argument of `compile`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A whole module: `exec`.
    Exec,
    /// One expression: `eval`.
    Eval,
    /// One interactive statement: `single`. The tree is a module.
    Single,
}

/// Compiler flags that change what the parser accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `PyCF_ALLOW_TOP_LEVEL_AWAIT`; the parser accepts `await` anywhere, so this only concerns later passes.
    pub allow_top_level_await: bool,
    /// `PyCF_ALLOW_INCOMPLETE_INPUT`: an error at the end of the source becomes an `_IncompleteInputError`.
    pub allow_incomplete_input: bool,
    /// `PyCF_DONT_IMPLY_DEDENT`: in single mode the end of the source does not close open blocks.
    pub dont_imply_dedent: bool,
    /// `from __future__ import barry_as_FLUFL` is in force from outside.
    pub barry_as_flufl: bool,
    /// How many digits a decimal int may have; 0 for any number.
    pub digit_limit: usize,
}

/// A parsed source. Dropping it never overflows the stack, however deep the tree.
#[derive(Debug)]
pub struct Parsed {
    tree: Mod,
    depth: u32,
    warnings: Vec<SyntaxWarning>,
}

impl Parsed {
    /// A tree that was not parsed.
    pub(crate) fn of_tree(tree: Mod, depth: u32) -> Parsed {
        Parsed { tree, depth, warnings: Vec::new() }
    }

    /// The syntax tree.
    pub fn tree(&self) -> &Mod {
        &self.tree
    }

    /// The number of nodes on the longest path from the root to a leaf. Passes that recurse over the tree refuse
    /// one deeper than their limit, or run themselves under [`on_deep_stack`].
    pub fn depth(&self) -> u32 {
        self.depth
    }

    /// Warnings found by the tokenizer and the string parser, in source order.
    pub fn warnings(&self) -> &[SyntaxWarning] {
        &self.warnings
    }
}

impl Drop for Parsed {
    fn drop(&mut self) {
        let tree = std::mem::replace(&mut self.tree, empty_tree());
        on_deep_stack(self.depth, || drop(tree));
    }
}

fn empty_tree() -> Mod {
    Mod::Module(ModModule { node_index: AtomicNodeIndex::NONE, range: TextRange::default(), body: Suite::new() })
}

/// Parses a source.
pub fn parse(source: &Source, mode: Mode, flags: Flags) -> Result<Parsed, SyntaxError> {
    let outcome = match flufl::exchanged(source, flags.barry_as_flufl) {
        Some(exchanged) => parse_or_explain(&exchanged, mode, flags).map_err(|error| flufl::as_written(error, source)),
        None => parse_or_explain(source, mode, flags),
    };
    outcome.map_err(|error| match flags.allow_incomplete_input && error.incomplete {
        true => SyntaxError { kind: ErrorKind::IncompleteInputError, message: "incomplete input".to_owned(), ..error },
        false => error,
    })
}

fn parse_or_explain(source: &Source, mode: Mode, flags: Flags) -> Result<Parsed, SyntaxError> {
    let options = ParseOptions::from(match mode {
        Mode::Exec | Mode::Single => RuffMode::Module,
        Mode::Eval => RuffMode::Expression,
    })
    .with_target_version(PythonVersion::PY314);
    if mode == Mode::Single
        && let Some(error) = diagnose::diagnose(source, mode, flags)
    {
        return Err(error);
    }
    let bound = depth::nesting_bound(source.text());
    if bound > depth::MAX_NESTING {
        let message = "Parser stack overflowed - Python source too complex to parse";
        return Err(diagnose::diagnose(source, mode, flags)
            .unwrap_or_else(|| SyntaxError::unlocated(ErrorKind::MemoryError, message)));
    }
    on_deep_stack(bound, || {
        let parsed = ruff_python_parser::parse_unchecked(source.text(), options);
        if let Some(range) = refusal(&parsed) {
            let mut error =
                diagnose::diagnose(source, mode, flags).unwrap_or_else(|| left_to_later_passes(source, range));
            error.warnings = warnings::collect(source, parsed.tokens());
            error.warnings.retain(|warning| error.line.is_some_and(|line| i64::from(warning.line) <= i64::from(line)));
            return Err(error);
        }
        if flags.digit_limit > 0
            && source.text().len() > flags.digit_limit
            && let Some(error) = literal::too_long(source, parsed.tokens(), flags.digit_limit)
        {
            return Err(error);
        }
        let shape = shape::inspect(&parsed);
        if (shape.suspicious || shape::mixes_indentation(source.text()))
            && mode != Mode::Single
            && let Some(error) = diagnose::diagnose(source, mode, flags)
        {
            return Err(error);
        }
        let warnings = warnings::collect(source, parsed.tokens());
        Ok(Parsed { tree: parsed.into_syntax(), depth: shape.depth, warnings })
    })
}

/// What CPython finds only after parsing, but the tree parser refuses: interpolated strings in patterns.
fn left_to_later_passes(source: &Source, range: TextRange) -> SyntaxError {
    let text = source.text().get(range.to_std_range()).unwrap_or("");
    let message = if text.ends_with(['\'', '"']) {
        "patterns may only match literals and attribute lookups"
    } else {
        "invalid syntax"
    };
    SyntaxError::at(source, range, message)
}

/// Where the first thing is that the parser holds against a source: an error, or syntax newer than Python 3.14.
fn refusal(parsed: &RuffParsed<Mod>) -> Option<TextRange> {
    let error = parsed.errors().first().map(|error| error.location);
    error.or_else(|| parsed.unsupported_syntax_errors().first().map(|error| error.range))
}

#[cfg(test)]
mod tests;
