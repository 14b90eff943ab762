//! The line index: a sorted table of line starts, so that a byte offset finds its line by binary search.

use std::ops::Range;

/// A place in a source: line from 1, column in UTF-8 bytes from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, counted from 1.
    pub line: u32,
    /// The column in UTF-8 bytes, counted from 0.
    pub column: u32,
}

/// Starts of lines as byte offsets; the first is 0, and the text's length is kept so that ranges are closed.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    length: u32,
}

impl LineIndex {
    /// Indexes a text whose only line terminator is `\n`.
    pub fn new(text: &str) -> Self {
        let mut starts = Vec::with_capacity(text.len() / 32 + 1);
        starts.push(0);
        starts.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| saturate(at + 1)));
        Self { starts, length: saturate(text.len()) }
    }

    /// The number of lines; a terminator at the very end opens no further line.
    pub fn line_count(&self) -> u32 {
        let empty_tail = self.starts.last() == Some(&self.length) && self.length > 0;
        saturate(self.starts.len()) - u32::from(empty_tail)
    }

    /// The byte offset where a line (from 1) starts; the end of the text when there is no such line.
    pub fn line_start(&self, line: u32) -> u32 {
        let index = (line as usize).saturating_sub(1);
        self.starts.get(index).copied().unwrap_or(self.length)
    }

    /// The byte range of a line (from 1) with its terminator.
    pub fn line_range(&self, line: u32) -> Range<usize> {
        self.line_start(line) as usize..self.line_start(line.saturating_add(1)) as usize
    }

    /// The line and byte column of an offset.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        Position { line: saturate(line), column: offset - start }
    }

    /// The byte offset of a position, clamped to the text.
    pub fn offset(&self, position: Position) -> u32 {
        self.line_start(position.line).saturating_add(position.column).min(self.length)
    }
}

fn saturate(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
