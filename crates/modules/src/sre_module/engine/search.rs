//! Looking for a match: at one place, or anywhere from a place on.
//!
//! Invariant: places are left out only where the program's `Info` says that no match begins.

use super::backtrack::{Halt, Memory};
use super::matcher::Matcher;
use super::text::{self, Char};

impl<C: Char> Matcher<'_, C> {
    /// Runs the program at `start` with fresh memory. Returns where the match begins and ends.
    pub fn match_at(&mut self, memory: &mut Memory, start: usize) -> Result<Option<(usize, usize)>, Halt> {
        memory.reset(self.outside.heap, self.program.groups)?;
        Ok(self.run(memory, start)?.map(|end| (start, end)))
    }

    /// Finds the first match that begins at `start` or later.
    pub fn search(&mut self, memory: &mut Memory, start: usize) -> Result<Option<(usize, usize)>, Halt> {
        let info = &self.program.info;
        let len = self.text.len();
        memory.reset(self.outside.heap, self.program.groups)?;
        if info.anchored {
            return if start == 0 { self.match_at(memory, 0) } else { Ok(None) };
        }
        // The last place where a match can begin.
        let Some(last) = len.checked_sub(info.min_width) else { return Ok(None) };
        let mut at = start;
        while at <= last {
            let ahead = &self.text[at..];
            let skipped = if !info.prefix.is_empty() {
                text::find_prefix(ahead, &info.prefix, &info.overlap)
            } else if let Some(first) = info.first {
                text::find(&self.program.sets, first, ahead)
            } else {
                Some(0)
            };
            let Some(skipped) = skipped else { return Ok(None) };
            at += skipped;
            if info.literal {
                return Ok(Some((at, at + info.prefix.len())));
            }
            // A run that fails takes everything back.
            if let Some(end) = self.run(memory, at)? {
                return Ok(Some((at, end)));
            }
            self.tick()?;
            at += 1;
        }
        Ok(None)
    }
}
