//! The location table: source ranges of instructions, encoded as runs of words with one location each. Columns are
//! UTF-8 byte offsets from 0, lines count from 1, as in CPython's `co_positions`. Encoding and decoding are exact inverses.
//!
//! A run is: a byte `(words - 1) << 2 | form` (63 in the upper bits: a varint with the rest follows), then by form: 0 no location; 1 line delta,
//! column, end column on the same line; 2 line delta, end-line delta, column, end column; 3 line delta only. Numbers
//! are LEB128 varints, line deltas zigzag.

/// A source range.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Location {
    /// First line, from 1; 0 if there is no location.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// First column in bytes, from 0; `NO_COLUMN` if unknown.
    pub col: u32,
    /// Column after the last one.
    pub end_col: u32,
}

impl Location {
    /// The column of a location that has only lines.
    pub const NO_COLUMN: u32 = u32::MAX;
    /// No location at all.
    pub const NONE: Location = Location { line: 0, end_line: 0, col: Self::NO_COLUMN, end_col: Self::NO_COLUMN };

    /// A location that has only a line.
    pub const fn line_only(line: u32) -> Location {
        Location { line, end_line: line, col: Self::NO_COLUMN, end_col: Self::NO_COLUMN }
    }

    /// Whether there is no location.
    pub const fn is_none(self) -> bool {
        self.line == 0
    }

    /// Whether columns are known.
    pub const fn has_columns(self) -> bool {
        self.col != Self::NO_COLUMN
    }
}

/// Encodes a location table, one run of words after another.
#[derive(Debug)]
pub struct LocationBuilder {
    bytes: Vec<u8>,
    pending: Option<(Location, u32)>,
    last_line: u32,
}

impl LocationBuilder {
    /// An empty table for a code object whose first line is `first_line`.
    pub fn new(first_line: u32) -> Self {
        LocationBuilder { bytes: Vec::new(), pending: None, last_line: first_line }
    }

    /// Adds `words` words at `location`.
    pub fn add(&mut self, location: Location, words: u32) {
        if words == 0 {
            return;
        }
        match &mut self.pending {
            Some((last, n)) if *last == location => *n += words,
            _ => {
                self.flush();
                self.pending = Some((location, words));
            }
        }
    }

    fn flush(&mut self) {
        let Some((location, words)) = self.pending.take() else { return };
        let form = match location {
            l if l.is_none() => 0,
            l if !l.has_columns() => 3,
            l if l.line == l.end_line => 1,
            _ => 2,
        };
        let run = (words - 1).min(63);
        self.bytes.push((run << 2) as u8 | form);
        if run == 63 {
            varint(&mut self.bytes, words - 1 - 63);
        }
        if form == 0 {
            return;
        }
        let delta = location.line.wrapping_sub(self.last_line) as i32;
        varint(&mut self.bytes, (delta << 1 ^ delta >> 31) as u32);
        self.last_line = location.line;
        if form == 2 {
            varint(&mut self.bytes, location.end_line.saturating_sub(location.line));
        }
        if form != 3 {
            varint(&mut self.bytes, location.col);
            varint(&mut self.bytes, location.end_col);
        }
    }

    /// The finished table.
    pub fn finish(mut self) -> Box<[u8]> {
        self.flush();
        self.bytes.into_boxed_slice()
    }
}

/// Runs of a location table: `(first word, words, location)`.
#[derive(Clone, Debug)]
pub struct LocationIter<'a> {
    bytes: &'a [u8],
    line: u32,
    offset: u32,
}

impl<'a> LocationIter<'a> {
    /// Decodes `bytes`, the table of a code object whose first line is `first_line`.
    pub fn new(bytes: &'a [u8], first_line: u32) -> Self {
        LocationIter { bytes, line: first_line, offset: 0 }
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn varint(&mut self) -> Option<u32> {
        let mut value = 0u32;
        let mut shift = 0;
        loop {
            let byte = self.byte()?;
            value |= u32::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
    }

    fn line_delta(&mut self) -> Option<u32> {
        let zigzag = self.varint()?;
        let delta = (zigzag >> 1) as i32 ^ -((zigzag & 1) as i32);
        self.line = self.line.wrapping_add(delta as u32);
        Some(self.line)
    }
}

impl Iterator for LocationIter<'_> {
    type Item = (u32, u32, Location);

    fn next(&mut self) -> Option<Self::Item> {
        let head = self.byte()?;
        let mut words = u32::from(head >> 2) + 1;
        if words == 64 {
            words += self.varint()?;
        }
        let start = self.offset;
        self.offset += words;
        let location = match head & 3 {
            0 => Location::NONE,
            3 => Location::line_only(self.line_delta()?),
            form => {
                let line = self.line_delta()?;
                let end_line = if form == 2 { line + self.varint()? } else { line };
                Location { line, end_line, col: self.varint()?, end_col: self.varint()? }
            }
        };
        Some((start, words, location))
    }
}

fn varint(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip() {
        let at = |line, end_line, col, end_col| Location { line, end_line, col, end_col };
        let runs = [
            (at(3, 3, 0, 5), 2),
            (at(4, 9, 200, 1), 64),
            (Location::NONE, 65),
            (at(1, 1, 4, 300), 200),
            (Location::line_only(70_000), 1),
            (at(2, 2, 0, 0), 63),
        ];
        let mut builder = LocationBuilder::new(3);
        let mut expect = Vec::new();
        let mut offset = 0;
        for (location, words) in runs {
            builder.add(location, words);
            expect.push((offset, words, location));
            offset += words;
        }
        let bytes = builder.finish();
        assert_eq!(LocationIter::new(&bytes, 3).collect::<Vec<_>>(), expect);
    }
}
