//! Decoded source text and its geometry: bytes become a [`Source`], whose text is always valid UTF-8 with `\n` as
//! its only line terminator and without null characters, and whose offsets map to lines and columns and back.

mod codec;
mod decode;
mod lines;

pub use codec::Encoding;
pub use decode::{codec_error, foreign_encoding};
pub use lines::{LineIndex, Position};

use std::sync::Arc;

use crate::parse::SyntaxError;
use crate::tree::lower::Texts;
use taipan_bytecode::Const;

/// What stands in for the text of a tree that a program made.
#[derive(Clone, Debug, Default)]
pub(crate) struct TreeSource {
    /// The positions that offsets stand for.
    pub places: Vec<Position>,
    /// Constants that no literal gives.
    pub constants: Vec<Const>,
    /// The texts of interpolations, by the start of their range.
    pub texts: Texts,
}

/// Where bytes handed to the decoder come from; CPython words some errors differently for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file on disk (a script or an imported module).
    File,
    /// Bytes or text passed to `compile`, `exec`, `eval` or `-c`.
    String,
}

/// A piece of Python source: its file name, its decoded text with normalised newlines, and its line index.
#[derive(Clone, Debug)]
pub struct Source {
    filename: Arc<str>,
    text: Arc<str>,
    lines: LineIndex,
    encoding: Encoding,
    origin: Origin,
    tree: Option<Arc<TreeSource>>,
}

impl Source {
    /// Of a tree without a text.
    pub(crate) fn of_tree(filename: &str, tree: TreeSource) -> Self {
        let mut source = Self::from_decoded(filename, "", Encoding::Utf8, Origin::String);
        source.tree = Some(Arc::new(tree));
        source
    }

    /// What stands in for the text, if there is none.
    pub(crate) fn tree(&self) -> Option<&TreeSource> {
        self.tree.as_deref()
    }

    /// Takes text as `compile(str, ...)` does: a coding cookie is ignored, and a byte order mark is a character like another.
    pub fn from_text(filename: &str, text: &str) -> Result<Self, SyntaxError> {
        if text.contains('\0') {
            return Err(decode::null_bytes());
        }
        Ok(Self::from_decoded(filename, text, Encoding::Utf8, Origin::String))
    }

    /// Decodes bytes by byte order mark or PEP 263 coding cookie, UTF-8 when there is neither.
    pub fn from_bytes(filename: &str, bytes: &[u8], origin: Origin) -> Result<Self, SyntaxError> {
        let (text, encoding) = decode::decode(filename, bytes, origin)?;
        Ok(Self::from_decoded(filename, &text, encoding, origin))
    }

    fn from_decoded(filename: &str, text: &str, encoding: Encoding, origin: Origin) -> Self {
        let text = decode::normalise_newlines(text);
        let lines = LineIndex::new(&text);
        Self { filename: filename.into(), text: text.into(), lines, encoding, origin, tree: None }
    }

    /// The same with another text, which has the same lines.
    pub(crate) fn with_text(&self, text: &str) -> Self {
        Self { text: text.into(), ..self.clone() }
    }

    /// The file name, as it will stand in code objects and tracebacks.
    pub fn filename(&self) -> &str {
        &self.filename
    }

    /// The decoded text; every line but possibly the last ends with `\n`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The decoded text, shared.
    pub fn shared_text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// The encoding the text was decoded from.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Where the source came from.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The line index of the text.
    pub fn lines(&self) -> &LineIndex {
        &self.lines
    }

    /// The text of a line (counted from 1) without its terminator; empty when there is no such line.
    pub fn line(&self, number: u32) -> &str {
        let range = self.lines.line_range(number);
        self.text.get(range).unwrap_or("").trim_end_matches('\n')
    }

    /// The number (from 1) and the UTF-8 byte column (from 0) of a byte offset, as `co_positions` counts them.
    pub fn position(&self, offset: u32) -> Position {
        match &self.tree {
            Some(tree) => tree.places.get(offset as usize).copied().unwrap_or(Position { line: 1, column: 0 }),
            None => self.lines.position(offset),
        }
    }

    /// The column in characters (from 0) of a byte offset, as `SyntaxError.offset - 1` counts them.
    pub fn char_column(&self, offset: u32) -> u32 {
        let position = self.position(offset);
        if self.tree.is_some() {
            return position.column;
        }
        let start = offset.saturating_sub(position.column) as usize;
        let column = self.text.get(start..offset as usize).map_or(0, |line| line.chars().count());
        u32::try_from(column).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests;
