//! The memory of a match: what to take back and where to go on when it fails, and the repetitions being gone through.
//!
//! Invariant: everything that a match changes (marks, counts, the current repetition, barriers) is written down here before, so that taking
//! entries off the top restores the state of any earlier moment. All of it lies on the heap and counts towards its limit.

use taipan_heap::{Buffer, Heap, OutOfMemory};
use taipan_objects::vm::Raised;

/// Why a match ended early.
pub enum Halt {
    /// The heap has no more memory for it.
    Memory(OutOfMemory),
    /// A signal handler raised an exception.
    Raised(Raised),
}

impl From<OutOfMemory> for Halt {
    fn from(error: OutOfMemory) -> Halt {
        Halt::Memory(error)
    }
}

impl From<Raised> for Halt {
    fn from(raised: Raised) -> Halt {
        Halt::Raised(raised)
    }
}

/// No position, no repetition.
pub const NOWHERE: usize = usize::MAX;
/// No repetition.
pub const NONE: u32 = u32::MAX;

/// What an entry is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Mark `number` was `place` and the last group `count`.
    Mark,
    /// Alternatives `number` to `count` are left to try at `place`.
    Branch,
    /// Greedy loop `number` over one character can give back down to `place`; it went on at `other`.
    Greedy,
    /// Lazy loop `number` that began at `other` can take more from `place` on.
    Lazy,
    /// Repetition `repeat` had `count` and was last tried at `other`; behind greedy loop `number` it goes on at `place`.
    Tail,
    /// Repetition `repeat` had `count` and was last tried at `other`.
    Count,
    /// The body of lazy loop `number` is left to try at `place`, in repetition `repeat`.
    Body,
    /// The current repetition was `repeat`.
    Current,
    /// A repetition was begun; the current one was `repeat`.
    Begin,
    /// A lookahead or lookbehind from `place`.
    Assert,
    /// A negated one, which goes on at `number`.
    AssertNot,
    /// An atomic group.
    Atomic,
    /// A body of possessive loop `number` at `place`, `count` of them before.
    Possessive,
}

/// One step to take back. A barrier (the last four kinds) keeps the barrier below in `other` and the number of repetitions in `repeat`.
#[derive(Clone, Copy)]
pub struct Entry {
    /// What it is for.
    pub kind: Kind,
    /// Which mark, loop, alternative or instruction.
    pub number: u32,
    /// A position in the text.
    pub place: usize,
    /// Another one.
    pub other: usize,
    /// Which repetition.
    pub repeat: u32,
    /// A count.
    pub count: u32,
}

/// A repetition that is being gone through.
#[derive(Clone, Copy)]
pub struct Repeat {
    /// Bodies entered.
    pub count: u32,
    /// The repetition around it.
    pub outer: u32,
    /// Where the body was tried last.
    pub last: usize,
}

/// The state of a match. It can be used for one match after another, which saves its memory.
#[derive(Default)]
pub struct Memory {
    /// The steps.
    pub steps: Buffer<Entry>,
    /// The repetitions.
    pub repeats: Buffer<Repeat>,
    /// Beginnings and ends of the groups.
    pub marks: Buffer<usize>,
    /// For each mark, in which `commit` it was seen.
    stamps: Buffer<u32>,
    stamp: u32,
    /// The group that was closed last; 0 for none.
    pub last_group: u32,
    /// The current repetition.
    pub current: u32,
    /// The index of the innermost barrier.
    pub barrier: usize,
}

impl Memory {
    /// Makes it ready for a new match of a pattern with `groups` groups.
    #[inline]
    pub fn reset(&mut self, heap: &Heap, groups: usize) -> Result<(), OutOfMemory> {
        self.steps.clear_forward();
        self.repeats.clear_forward();
        self.last_group = 0;
        self.current = NONE;
        self.barrier = NOWHERE;
        if self.marks.len() != 2 * groups {
            self.marks = Buffer::new();
            self.marks.extend(heap, std::iter::repeat_n(NOWHERE, 2 * groups))?;
            self.stamps = Buffer::new();
        }
        if groups != 0 {
            self.marks.fill(NOWHERE);
        }
        Ok(())
    }

    /// Writes a step down.
    #[inline]
    pub fn push(&mut self, heap: &Heap, entry: Entry) -> Result<(), OutOfMemory> {
        if self.steps.len() == self.steps.capacity() {
            self.grow(heap)?;
        }
        self.steps.push(heap, entry)
    }

    #[cold]
    fn grow(&mut self, heap: &Heap) -> Result<(), OutOfMemory> {
        let len = self.steps.len();
        // Near the limit, less will do.
        self.steps.reserve(heap, len.max(16)).or_else(|_| self.steps.reserve(heap, len / 8 + 1))
    }

    /// Sets a mark.
    #[inline]
    pub fn set_mark(&mut self, heap: &Heap, mark: u32, place: usize) -> Result<(), OutOfMemory> {
        let old = self.marks[mark as usize];
        let entry = Entry { kind: Kind::Mark, number: mark, place: old, other: 0, repeat: 0, count: self.last_group };
        self.push(heap, entry)?;
        self.marks[mark as usize] = place;
        if mark % 2 == 1 {
            self.last_group = mark / 2 + 1;
        }
        Ok(())
    }

    /// Takes a mark back.
    pub fn unset_mark(&mut self, entry: &Entry) {
        self.marks[entry.number as usize] = entry.place;
        self.last_group = entry.count;
    }

    /// Begins a repetition.
    pub fn begin(&mut self, heap: &Heap) -> Result<(), OutOfMemory> {
        let index = u32::try_from(self.repeats.len()).map_err(|_| OutOfMemory)?;
        self.note(heap, Kind::Begin)?;
        self.repeats.push(heap, Repeat { count: 0, outer: self.current, last: NOWHERE })?;
        self.current = index;
        Ok(())
    }

    /// Writes down that the current repetition changes.
    pub fn note(&mut self, heap: &Heap, kind: Kind) -> Result<(), OutOfMemory> {
        self.push(heap, Entry { kind, number: 0, place: 0, other: 0, repeat: self.current, count: 0 })
    }

    /// Sets up a barrier.
    pub fn fence(&mut self, heap: &Heap, kind: Kind, number: u32, place: usize, count: u32) -> Result<(), OutOfMemory> {
        let index = self.steps.len();
        let repeat = self.repeats.len() as u32;
        self.push(heap, Entry { kind, number, place, other: self.barrier, repeat, count })?;
        self.barrier = index;
        Ok(())
    }

    /// Takes the innermost barrier away and all choices above it, so that what happened above it can only be taken back as a whole. Of several
    /// settings of a mark without a choice between them the first is enough.
    pub fn commit(&mut self, heap: &Heap) -> Result<Option<Entry>, OutOfMemory> {
        let Some(&fence) = self.steps.get(self.barrier) else { return Ok(None) };
        self.stamp = self.stamp.wrapping_add(1);
        if self.stamps.len() != self.marks.len() || self.stamp == 0 {
            self.stamps = Buffer::new();
            self.stamps.extend(heap, std::iter::repeat_n(0, self.marks.len()))?;
            self.stamp = 1;
        }
        let is_mark = |entry: &Entry| entry.kind == Kind::Mark;
        let base = self.steps[..self.barrier].iter().rposition(|entry| !is_mark(entry)).map_or(0, |at| at + 1);
        let mut kept = base;
        for at in base..self.steps.len() {
            let entry = self.steps[at];
            if is_mark(&entry) && self.stamps[entry.number as usize] != self.stamp {
                self.stamps[entry.number as usize] = self.stamp;
                self.steps[kept] = entry;
                kept += 1;
            }
        }
        while self.steps.len() > kept {
            self.steps.pop();
        }
        self.leave(&fence);
        Ok(Some(fence))
    }

    /// Takes back everything down to the innermost barrier and the barrier itself.
    pub fn unwind(&mut self) -> Option<Entry> {
        let fence = *self.steps.get(self.barrier)?;
        while self.steps.len() > self.barrier {
            match self.steps.pop() {
                Some(entry) if entry.kind == Kind::Mark => self.unset_mark(&entry),
                _ => {}
            }
        }
        self.leave(&fence);
        Some(fence)
    }

    /// Forgets the barrier `fence` and the repetitions begun since.
    pub fn leave(&mut self, fence: &Entry) {
        self.barrier = fence.other;
        while self.repeats.len() > fence.repeat as usize {
            self.repeats.pop();
        }
    }
}
