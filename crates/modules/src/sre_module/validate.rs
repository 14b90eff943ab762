//! Checks that a list of code words is a program that the engine can run.
//!
//! Invariant: the engine is only given programs whose every jump, set, group and repetition lies within the program, so that it never reads
//! outside of it.

use super::engine::code::{At, Category, Op};

/// Why a program is refused. There is nothing to tell beyond the fact.
pub struct Invalid;

type Checked<T = ()> = Result<T, Invalid>;

/// How deep parts of a program may nest; the parser's own recursion keeps real patterns far below.
const MAX_DEPTH: usize = 2000;

/// Checks a whole program for a pattern of `groups` groups.
pub fn validate(code: &[u32], groups: usize) -> Checked {
    let Some((&last, body)) = code.split_last() else { return Err(Invalid) };
    if last != Op::Success as u32 {
        return Err(Invalid);
    }
    let checker = Checker { code: body, groups };
    let end = body.len();
    checker.info(end).and_then(|start| checker.sequence(start, end, 0))
}

struct Checker<'a> {
    code: &'a [u32],
    groups: usize,
}

impl Checker<'_> {
    fn word(&self, at: usize, end: usize) -> Checked<u32> {
        if at < end { self.code.get(at).copied().ok_or(Invalid) } else { Err(Invalid) }
    }

    fn op(&self, at: usize, end: usize) -> Checked<Op> {
        Op::from_word(self.word(at, end)?).ok_or(Invalid)
    }

    /// Where the distance that stands at `at` leads; at most `end`.
    fn target(&self, at: usize, end: usize) -> Checked<usize> {
        let target = at.checked_add(self.word(at, end)? as usize).ok_or(Invalid)?;
        if target > at && target <= end { Ok(target) } else { Err(Invalid) }
    }

    fn expect(&self, at: usize, end: usize, wanted: Op) -> Checked {
        if self.word(at, end)? == wanted as u32 { Ok(()) } else { Err(Invalid) }
    }

    /// Checks the description that may stand first and returns where the program begins.
    fn info(&self, end: usize) -> Checked<usize> {
        if end == 0 || self.code[0] != Op::Info as u32 {
            return Ok(0);
        }
        let next = self.target(1, end)?;
        let flags = self.word(2, next)?;
        self.word(4, next)?;
        if flags & !7 != 0 || (flags & 1 != 0 && flags & 4 != 0) || (flags & 2 != 0 && flags & 1 == 0) {
            return Err(Invalid);
        }
        if flags & 1 != 0 {
            let (len, skip) = (self.word(5, next)? as usize, self.word(6, next)? as usize);
            if len == 0 || skip > len || next != 7 + 2 * len {
                return Err(Invalid);
            }
            for at in 0..len {
                let overlap = self.code[7 + len + at] as usize;
                if overlap > at {
                    return Err(Invalid);
                }
            }
            // A search goes on behind the first literals of the program.
            for at in 0..skip {
                self.expect(next + 2 * at, end, Op::Literal)?;
                self.word(next + 2 * at + 1, end)?;
            }
        } else if flags & 4 != 0 {
            self.set(5, next)?;
        } else if next != 5 {
            return Err(Invalid);
        }
        Ok(next)
    }

    /// Checks the operations from `at` up to `end`, which one of them must reach exactly.
    fn sequence(&self, mut at: usize, end: usize, depth: usize) -> Checked {
        if depth > MAX_DEPTH {
            return Err(Invalid);
        }
        while at < end {
            at = self.operation(at, end, depth)?;
        }
        if at == end { Ok(()) } else { Err(Invalid) }
    }

    fn operation(&self, at: usize, end: usize, depth: usize) -> Checked<usize> {
        let op = self.op(at, end)?;
        match op {
            Op::Failure | Op::Any | Op::AnyAll => Ok(at + 1),
            Op::Mark => self.mark(at, end),
            Op::Literal
            | Op::NotLiteral
            | Op::LiteralIgnore
            | Op::NotLiteralIgnore
            | Op::LiteralUniIgnore
            | Op::NotLiteralUniIgnore
            | Op::LiteralLocIgnore
            | Op::NotLiteralLocIgnore => self.word(at + 1, end).map(|_| at + 2),
            Op::At => At::from_word(self.word(at + 1, end)?).map(|_| at + 2).ok_or(Invalid),
            Op::Category => Category::from_word(self.word(at + 1, end)?).map(|_| at + 2).ok_or(Invalid),
            Op::In | Op::InIgnore | Op::InUniIgnore | Op::InLocIgnore => {
                let next = self.target(at + 1, end)?;
                self.set(at + 2, next)?;
                Ok(next)
            }
            Op::GroupRef | Op::GroupRefIgnore | Op::GroupRefUniIgnore | Op::GroupRefLocIgnore => {
                self.group(at + 1, end)?;
                Ok(at + 2)
            }
            Op::GroupRefExists => self.conditional(at, end, depth),
            Op::Branch => self.branch(at, end, depth),
            Op::RepeatOne | Op::MinRepeatOne | Op::PossessiveRepeatOne => {
                let next = self.bounds(at, end)?;
                let item = self.unit(at + 4, next - 1)?;
                if item != next - 1 {
                    return Err(Invalid);
                }
                self.expect(next - 1, end, Op::Success)?;
                Ok(next)
            }
            Op::Repeat => {
                let next = self.bounds(at, end)?;
                self.sequence(at + 4, next, depth + 1)?;
                match self.op(next, end)? {
                    Op::MaxUntil | Op::MinUntil => Ok(next + 1),
                    _ => Err(Invalid),
                }
            }
            Op::PossessiveRepeat => {
                let next = self.bounds(at, end)?;
                self.expect(next, end, Op::Success)?;
                self.sequence(at + 4, next, depth + 1)?;
                Ok(next + 1)
            }
            Op::AtomicGroup => {
                let next = self.target(at + 1, end)?;
                self.closing(at + 2, next, depth)?;
                Ok(next)
            }
            Op::Assert | Op::AssertNot => {
                let next = self.target(at + 1, end)?;
                self.word(at + 2, next)?;
                self.closing(at + 3, next, depth)?;
                Ok(next)
            }
            _ => Err(Invalid),
        }
    }

    /// A part that ends with SUCCESS right before `next`.
    fn closing(&self, at: usize, next: usize, depth: usize) -> Checked {
        if next <= at {
            return Err(Invalid);
        }
        self.expect(next - 1, next, Op::Success)?;
        self.sequence(at, next - 1, depth + 1)
    }

    fn mark(&self, at: usize, end: usize) -> Checked<usize> {
        let mark = self.word(at + 1, end)? as usize;
        if mark / 2 < self.groups { Ok(at + 2) } else { Err(Invalid) }
    }

    fn group(&self, at: usize, end: usize) -> Checked {
        if (self.word(at, end)? as usize) < self.groups { Ok(()) } else { Err(Invalid) }
    }

    /// `skip min max` of a repetition; returns where the skip leads.
    fn bounds(&self, at: usize, end: usize) -> Checked<usize> {
        let next = self.target(at + 1, end)?;
        let (min, max) = (self.word(at + 2, next)? as usize, self.word(at + 3, next)? as usize);
        if min > max || next < at + 4 { Err(Invalid) } else { Ok(next) }
    }

    /// One operation that takes exactly one character.
    fn unit(&self, at: usize, end: usize) -> Checked<usize> {
        match self.op(at, end)? {
            Op::Any
            | Op::AnyAll
            | Op::Failure
            | Op::Literal
            | Op::NotLiteral
            | Op::LiteralIgnore
            | Op::NotLiteralIgnore
            | Op::LiteralUniIgnore
            | Op::NotLiteralUniIgnore
            | Op::LiteralLocIgnore
            | Op::NotLiteralLocIgnore
            | Op::Category
            | Op::In
            | Op::InIgnore
            | Op::InUniIgnore
            | Op::InLocIgnore => self.operation(at, end, 0),
            _ => Err(Invalid),
        }
    }

    /// `GROUPREF_EXISTS group skip yes… [JUMP skip no…]`
    fn conditional(&self, at: usize, end: usize, depth: usize) -> Checked<usize> {
        self.group(at + 1, end)?;
        // The skip is counted from its own word, less one.
        let no = (at + 1).checked_add(self.word(at + 2, end)? as usize).ok_or(Invalid)?;
        if no < at + 3 || no > end {
            return Err(Invalid);
        }
        let jump = no.checked_sub(2).filter(|&jump| jump >= at + 3 && self.code[jump] == Op::Jump as u32);
        if let Some(jump) = jump
            && let Ok(after) = self.target(jump + 1, end)
            && self.sequence(at + 3, jump, depth + 1).is_ok()
        {
            self.sequence(no, after, depth + 1)?;
            return Ok(after);
        }
        self.sequence(at + 3, no, depth + 1)?;
        Ok(no)
    }

    /// `BRANCH (skip alternative… JUMP distance)… 0`
    fn branch(&self, at: usize, end: usize, depth: usize) -> Checked<usize> {
        let mut alternative = at + 1;
        let mut after = None;
        while self.word(alternative, end)? != 0 {
            let next = self.target(alternative, end)?;
            if next < alternative + 3 {
                return Err(Invalid);
            }
            self.expect(next - 2, end, Op::Jump)?;
            self.sequence(alternative + 1, next - 2, depth + 1)?;
            let lands = self.target(next - 1, end)?;
            if *after.get_or_insert(lands) != lands {
                return Err(Invalid);
            }
            alternative = next;
        }
        match after {
            Some(after) if after == alternative + 1 => Ok(after),
            _ => Err(Invalid),
        }
    }

    /// A set of characters, which ends with FAILURE right before `end`.
    fn set(&self, mut at: usize, end: usize) -> Checked {
        if end <= at {
            return Err(Invalid);
        }
        let last = end - 1;
        self.expect(last, end, Op::Failure)?;
        while at < last {
            at = match self.op(at, last)? {
                Op::Negate => at + 1,
                Op::Literal => at + 2,
                Op::Range | Op::RangeUniIgnore => at + 3,
                Op::Charset => at + 1 + 8,
                Op::BigCharset => {
                    let blocks = self.word(at + 1, last)? as usize;
                    let table = self.code.get(at + 2..at + 2 + 64).ok_or(Invalid)?;
                    let within = |word: &u32| word.to_ne_bytes().iter().all(|&block| usize::from(block) < blocks);
                    if !table.iter().all(within) {
                        return Err(Invalid);
                    }
                    at + 2 + 64 + 8 * blocks
                }
                Op::Category => {
                    Category::from_word(self.word(at + 1, last)?).ok_or(Invalid)?;
                    at + 2
                }
                _ => return Err(Invalid),
            };
            if at > last {
                return Err(Invalid);
            }
        }
        Ok(())
    }
}
