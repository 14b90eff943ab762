//! Universal newlines: what `io.IncrementalNewlineDecoder` and text files do to line ends.
//!
//! A carriage return at the end of a chunk is held back, because a line feed may follow in the next.

use crate::{CodePoints, Sink};

/// Translates line ends chunk by chunk, and remembers which kinds it saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NewlineTranslator {
    /// Write every line end as a line feed.
    pub translate: bool,
    /// A carriage return waits for what follows it.
    pub pending: bool,
    /// Kinds seen: 1 for `\r`, 2 for `\n`, 4 for `\r\n`.
    pub seen: u8,
}

/// A lone carriage return was seen.
pub const SEEN_CR: u8 = 1;
/// A lone line feed was seen.
pub const SEEN_LF: u8 = 2;
/// A carriage return with its line feed was seen.
pub const SEEN_CRLF: u8 = 4;

impl NewlineTranslator {
    /// A translator that has seen nothing.
    #[must_use]
    pub fn new(translate: bool) -> Self {
        Self { translate, ..Self::default() }
    }

    /// Translates a chunk. At the last one, `last` lets a pending carriage return out.
    pub fn feed<S: CodePoints + ?Sized>(&mut self, chunk: &S, last: bool, out: &mut impl Sink) {
        for c in chunk.points() {
            if std::mem::take(&mut self.pending) {
                if c == 0x0A {
                    self.seen |= SEEN_CRLF;
                    if !self.translate {
                        out.push(0x0D);
                    }
                    out.push(0x0A);
                    continue;
                }
                self.lone_return(out);
            }
            match c {
                0x0D => self.pending = true,
                0x0A => {
                    self.seen |= SEEN_LF;
                    out.push(c);
                }
                _ => out.push(c),
            }
        }
        if last && std::mem::take(&mut self.pending) {
            self.lone_return(out);
        }
    }

    fn lone_return(&mut self, out: &mut impl Sink) {
        self.seen |= SEEN_CR;
        out.push(if self.translate { 0x0A } else { 0x0D });
    }
}
