//! The matcher: runs a program at one place of a text.
//!
//! Invariant: it never calls itself. What it may have to come back to lies in `Memory`; everything that may take long goes through `tick`.

use super::backtrack::{Entry, Halt, Kind, Memory, NOWHERE};
use super::charset::Fold;
use super::code::{At, Category, MAXREPEAT};
use super::program::{Filter, Inst, Loop, Program, Unit};
use super::text::{self, Char};
use taipan_heap::Heap;

/// Steps between two looks at signals and waiting threads.
const PERIOD: u32 = 1 << 13;

/// What running code needs from outside.
pub struct Outside<'a> {
    /// Where its memory comes from.
    pub heap: &'a Heap,
    /// Does what the interpreter was interrupted for.
    pub poll: &'a dyn Fn() -> Result<(), Halt>,
}

/// A program on a text.
pub struct Matcher<'a, C> {
    /// The program.
    pub program: &'a Program,
    /// The text up to the end of what may be matched.
    pub text: &'a [C],
    /// Where an empty match does not count.
    pub not_empty_at: usize,
    /// Whether only a match up to the end counts.
    pub whole: bool,
    /// What it needs from outside.
    pub outside: Outside<'a>,
    /// Steps since the last look outside.
    pub ticks: u32,
}

/// Where a run goes on.
struct Place {
    inst: u32,
    at: usize,
}

impl<C: Char> Matcher<'_, C> {
    /// Counts a step; now and then looks outside.
    #[inline(always)]
    pub fn tick(&mut self) -> Result<(), Halt> {
        self.ticks += 1;
        if self.ticks < PERIOD {
            return Ok(());
        }
        self.ticks = 0;
        (self.outside.poll)()
    }

    #[inline(always)]
    fn is(&self, unit: Unit, at: usize) -> bool {
        self.text.get(at).is_some_and(|&character| text::is(&self.program.sets, unit, character))
    }

    #[inline(always)]
    fn passes(&self, filter: Filter, at: usize) -> bool {
        filter.is_none_or(|unit| self.is(unit, at))
    }

    #[inline(always)]
    fn repeat(&self, number: u32) -> &Loop {
        &self.program.loops[number as usize]
    }

    /// Runs the program at `start`. Returns where the match ends.
    pub fn run(&mut self, memory: &mut Memory, start: usize) -> Result<Option<usize>, Halt> {
        let program = self.program;
        let (mut inst, mut at) = (0_u32, start);
        loop {
            let next = match program.insts[inst as usize] {
                Inst::Unit(unit) if self.is(unit, at) => Some(Place { inst: inst + 1, at: at + 1 }),
                Inst::Unit(_) | Inst::Fail => None,
                Inst::At(position) => self.is_at(position, at).then_some(Place { inst: inst + 1, at }),
                Inst::Mark(mark) => {
                    memory.set_mark(self.outside.heap, mark, at)?;
                    Some(Place { inst: inst + 1, at })
                }
                Inst::Jump(target) => Some(Place { inst: target, at }),
                Inst::Branch(first, end) => self.branch(memory, first, end, at)?,
                Inst::GreedyOne(number) => self.greedy_one(memory, number, at)?,
                Inst::LazyOne(number) => self.lazy_one(memory, number, at)?,
                Inst::PossessiveOne(number) => {
                    let repeat = self.repeat(number);
                    self.span(repeat, at).map(|len| Place { inst: repeat.after, at: at + len })
                }
                Inst::Repeat(number) => {
                    memory.begin(self.outside.heap)?;
                    // The end of the body stands right before what follows it.
                    Some(Place { inst: self.repeat(number).after - 1, at })
                }
                Inst::MaxUntil(number) => self.max_until(memory, number, at)?,
                Inst::MinUntil(number) => self.min_until(memory, number, at)?,
                Inst::Possessive(number) => self.possessive(memory, number, at, 0, NOWHERE)?,
                Inst::PossessiveEnd(number) => match memory.commit(self.outside.heap)? {
                    Some(fence) => {
                        let optional = fence.count >= self.repeat(number).min;
                        let last = if optional { fence.place } else { NOWHERE };
                        self.possessive(memory, number, at, fence.count.saturating_add(1), last)?
                    }
                    None => None,
                },
                Inst::GroupRef(group, fold) => {
                    self.group_ref(memory, group, fold, at).map(|at| Place { inst: inst + 1, at })
                }
                Inst::GroupExists(group, no) => {
                    let exists = span_of(memory, group).is_some();
                    Some(Place { inst: if exists { inst + 1 } else { no }, at })
                }
                Inst::Assert(back) => match at.checked_sub(back as usize) {
                    Some(before) => {
                        memory.fence(self.outside.heap, Kind::Assert, 0, at, 0)?;
                        Some(Place { inst: inst + 1, at: before })
                    }
                    None => None,
                },
                Inst::AssertEnd => {
                    memory.commit(self.outside.heap)?.map(|fence| Place { inst: inst + 1, at: fence.place })
                }
                Inst::AssertNot { back, after } => Some(match at.checked_sub(back as usize) {
                    Some(before) => {
                        memory.fence(self.outside.heap, Kind::AssertNot, after, at, 0)?;
                        Place { inst: inst + 1, at: before }
                    }
                    None => Place { inst: after, at },
                }),
                Inst::AssertNotEnd => {
                    memory.unwind();
                    None
                }
                Inst::Atomic => {
                    memory.fence(self.outside.heap, Kind::Atomic, 0, at, 0)?;
                    Some(Place { inst: inst + 1, at })
                }
                Inst::AtomicEnd => memory.commit(self.outside.heap)?.map(|_| Place { inst: inst + 1, at }),
                Inst::Success => {
                    if !(self.whole && at != self.text.len()) && !(at == start && at == self.not_empty_at) {
                        return Ok(Some(at));
                    }
                    None
                }
            };
            let next = match next {
                Some(place) => place,
                None => match self.back_up(memory)? {
                    Some(place) => place,
                    None => return Ok(None),
                },
            };
            (inst, at) = (next.inst, next.at);
        }
    }

    /// Takes steps back until there is another way to go on.
    fn back_up(&mut self, memory: &mut Memory) -> Result<Option<Place>, Halt> {
        loop {
            self.tick()?;
            let Some(top) = memory.steps.last_mut() else { return Ok(None) };
            let entry = *top;
            match entry.kind {
                Kind::Greedy => {
                    let repeat = self.repeat(entry.number);
                    match self.last_chance(repeat.next, entry.place, entry.other - 1) {
                        Some(at) if at > entry.place => {
                            top.other = at;
                            return Ok(Some(Place { inst: repeat.after, at }));
                        }
                        found => {
                            memory.steps.pop();
                            match found {
                                Some(at) => return Ok(Some(Place { inst: repeat.after, at })),
                                None => continue,
                            }
                        }
                    }
                }
                Kind::Lazy => {
                    let repeat = self.repeat(entry.number);
                    match self.next_chance(repeat, entry.other, entry.place) {
                        Some(at) => {
                            top.place = at;
                            return Ok(Some(Place { inst: repeat.after, at }));
                        }
                        None => {
                            memory.steps.pop();
                            continue;
                        }
                    }
                }
                _ => {}
            }
            memory.steps.pop();
            let place = match entry.kind {
                Kind::Mark => {
                    memory.unset_mark(&entry);
                    None
                }
                Kind::Branch => self.branch(memory, entry.number, entry.count, entry.place)?,
                Kind::Tail => {
                    restore(memory, &entry);
                    self.tail(memory, entry.number, entry.place)?
                }
                Kind::Count => {
                    restore(memory, &entry);
                    None
                }
                Kind::Body => {
                    memory.current = entry.repeat;
                    self.lazy_body(memory, entry.number, entry.place)?
                }
                Kind::Current => {
                    memory.current = entry.repeat;
                    None
                }
                Kind::Begin => {
                    memory.current = entry.repeat;
                    memory.repeats.pop();
                    None
                }
                Kind::Assert | Kind::Atomic => {
                    memory.leave(&entry);
                    None
                }
                Kind::AssertNot => {
                    memory.leave(&entry);
                    Some(Place { inst: entry.number, at: entry.place })
                }
                Kind::Possessive => {
                    memory.leave(&entry);
                    let repeat = self.repeat(entry.number);
                    (entry.count >= repeat.min).then_some(Place { inst: repeat.after, at: entry.place })
                }
                Kind::Greedy | Kind::Lazy => None,
            };
            if place.is_some() {
                return Ok(place);
            }
        }
    }

    #[inline]
    fn branch(&mut self, memory: &mut Memory, first: u32, end: u32, at: usize) -> Result<Option<Place>, Halt> {
        let alternatives = &self.program.alternatives[first as usize..end as usize];
        let mut hopeful = alternatives.iter().enumerate().filter(|(_, other)| self.passes(other.first, at));
        let Some((_, chosen)) = hopeful.next() else { return Ok(None) };
        if let Some((index, _)) = hopeful.next() {
            let number = first + index as u32;
            let entry = Entry { kind: Kind::Branch, number, place: at, other: 0, repeat: 0, count: end };
            memory.push(self.outside.heap, entry)?;
        }
        Ok(Some(Place { inst: chosen.body, at }))
    }

    /// How many characters a loop over one character takes from `at` on; `None` if too few.
    #[inline]
    fn span(&self, repeat: &Loop, at: usize) -> Option<usize> {
        let rest = self.text.get(at..)?;
        let rest = if repeat.max == MAXREPEAT { rest } else { &rest[..rest.len().min(repeat.max as usize)] };
        if rest.len() < repeat.min as usize {
            return None;
        }
        let len = text::span(&self.program.sets, repeat.unit, rest);
        (len >= repeat.min as usize).then_some(len)
    }

    #[inline]
    fn greedy_one(&mut self, memory: &mut Memory, number: u32, at: usize) -> Result<Option<Place>, Halt> {
        let repeat = self.repeat(number);
        let Some(len) = self.span(repeat, at) else { return Ok(None) };
        let low = at + repeat.min as usize;
        let Some(end) = self.last_chance(repeat.next, low, at + len) else { return Ok(None) };
        let inst = repeat.after;
        if end > low {
            let entry = Entry { kind: Kind::Greedy, number, place: low, other: end, repeat: 0, count: 0 };
            memory.push(self.outside.heap, entry)?;
        }
        Ok(Some(Place { inst, at: end }))
    }

    /// The last place from `low` to `high` where what follows has a chance.
    #[inline]
    fn last_chance(&self, next: Filter, low: usize, high: usize) -> Option<usize> {
        let Some(unit) = next else { return Some(high) };
        if self.is(unit, high) {
            return Some(high);
        }
        let places = self.text.get(low..high)?;
        text::find_last(&self.program.sets, unit, places).map(|at| low + at)
    }

    fn lazy_one(&mut self, memory: &mut Memory, number: u32, at: usize) -> Result<Option<Place>, Halt> {
        let repeat = self.repeat(number);
        let needed = repeat.min as usize;
        let Some(rest) = self.text.get(at..).filter(|rest| rest.len() >= needed) else { return Ok(None) };
        if text::span(&self.program.sets, repeat.unit, &rest[..needed]) < needed {
            return Ok(None);
        }
        let mut end = at + needed;
        if !self.passes(repeat.next, end) {
            match self.next_chance(repeat, at, end) {
                Some(found) => end = found,
                None => return Ok(None),
            }
        }
        let inst = repeat.after;
        memory
            .push(self.outside.heap, Entry { kind: Kind::Lazy, number, place: end, other: at, repeat: 0, count: 0 })?;
        Ok(Some(Place { inst, at: end }))
    }

    /// The first place behind `from` that a lazy loop over one character, begun at `start`, reaches and where what follows has a chance.
    fn next_chance(&self, repeat: &Loop, start: usize, from: usize) -> Option<usize> {
        let end = match repeat.max {
            MAXREPEAT => self.text.len(),
            max => self.text.len().min(start.saturating_add(max as usize)),
        };
        let sets = &self.program.sets;
        if from >= end || !self.is(repeat.unit, from) {
            return None;
        }
        let Some(next) = repeat.next else { return Some(from + 1) };
        // What is skipped must be the loop's, and behind it must stand what follows. Looking through growing windows wastes little on either.
        let limit = self.text.len().min(end.saturating_add(1));
        let (mut at, mut size) = (from + 1, 32);
        while at < limit {
            let window = &self.text[at..limit.min(at + size)];
            let found = text::find(sets, next, window);
            let skipped = &window[..found.unwrap_or(window.len())];
            if text::span(sets, repeat.unit, skipped) < skipped.len() {
                return None;
            }
            at += skipped.len();
            if found.is_some() {
                return Some(at);
            }
            size *= 2;
        }
        None
    }

    fn max_until(&mut self, memory: &mut Memory, number: u32, at: usize) -> Result<Option<Place>, Halt> {
        self.tick()?;
        let repeat = *self.repeat(number);
        let current = memory.current;
        let Some(&state) = memory.repeats.get(current as usize) else { return Ok(None) };
        let (kind, last) = if state.count < repeat.min {
            (Kind::Count, state.last)
        } else if (state.count < repeat.max || repeat.max == MAXREPEAT) && at != state.last {
            (Kind::Tail, at)
        } else {
            return self.tail(memory, number, at);
        };
        let entry = Entry { kind, number, place: at, other: state.last, repeat: current, count: state.count };
        memory.push(self.outside.heap, entry)?;
        let count = state.count.saturating_add(1);
        memory.repeats[current as usize] = super::backtrack::Repeat { count, last, ..state };
        Ok(Some(Place { inst: repeat.body, at }))
    }

    /// Goes on behind the current repetition.
    fn tail(&mut self, memory: &mut Memory, number: u32, at: usize) -> Result<Option<Place>, Halt> {
        let repeat = self.repeat(number);
        let (inst, next) = (repeat.after, repeat.next);
        if !self.passes(next, at) {
            return Ok(None);
        }
        let Some(state) = memory.repeats.get(memory.current as usize) else { return Ok(None) };
        let outer = state.outer;
        memory.note(self.outside.heap, Kind::Current)?;
        memory.current = outer;
        Ok(Some(Place { inst, at }))
    }

    fn min_until(&mut self, memory: &mut Memory, number: u32, at: usize) -> Result<Option<Place>, Halt> {
        self.tick()?;
        let repeat = *self.repeat(number);
        let current = memory.current;
        let Some(&state) = memory.repeats.get(current as usize) else { return Ok(None) };
        if state.count < repeat.min {
            return self.enter_body(memory, number, at, state.last);
        }
        if !self.passes(repeat.next, at) {
            return self.lazy_body(memory, number, at);
        }
        let entry = Entry { kind: Kind::Body, number, place: at, other: 0, repeat: current, count: 0 };
        memory.push(self.outside.heap, entry)?;
        memory.current = state.outer;
        Ok(Some(Place { inst: repeat.after, at }))
    }

    /// What follows a lazy repetition failed: another time of it.
    fn lazy_body(&mut self, memory: &mut Memory, number: u32, at: usize) -> Result<Option<Place>, Halt> {
        let max = self.repeat(number).max;
        match memory.repeats.get(memory.current as usize) {
            Some(state) if (state.count < max || max == MAXREPEAT) && at != state.last => {
                self.enter_body(memory, number, at, at)
            }
            _ => Ok(None),
        }
    }

    /// Enters the body of the current repetition; `last` is then where it was tried last.
    fn enter_body(&mut self, memory: &mut Memory, number: u32, at: usize, last: usize) -> Result<Option<Place>, Halt> {
        let current = memory.current;
        let state = memory.repeats[current as usize];
        let entry =
            Entry { kind: Kind::Count, number, place: at, other: state.last, repeat: current, count: state.count };
        memory.push(self.outside.heap, entry)?;
        let count = state.count.saturating_add(1);
        memory.repeats[current as usize] = super::backtrack::Repeat { count, last, ..state };
        Ok(Some(Place { inst: self.repeat(number).body, at }))
    }

    /// A possessive loop that has matched `count` times; the last time it could do without began at `last`.
    fn possessive(
        &mut self,
        memory: &mut Memory,
        number: u32,
        at: usize,
        count: u32,
        last: usize,
    ) -> Result<Option<Place>, Halt> {
        self.tick()?;
        let repeat = *self.repeat(number);
        let more = count < repeat.max || repeat.max == MAXREPEAT;
        if count >= repeat.min && !(more && at != last) {
            return Ok(Some(Place { inst: repeat.after, at }));
        }
        memory.fence(self.outside.heap, Kind::Possessive, number, at, count)?;
        Ok(Some(Place { inst: repeat.body, at }))
    }

    /// Where the text goes on behind a repetition of what a group matched.
    fn group_ref(&self, memory: &Memory, group: u32, fold: Fold, at: usize) -> Option<usize> {
        let (start, end) = span_of(memory, group)?;
        let wanted = self.text.get(start..end)?;
        let found = self.text.get(at..at.checked_add(wanted.len())?)?;
        let same = |a: &C, b: &C| a == b || (fold != Fold::None && fold.fold(a.code()) == fold.fold(b.code()));
        wanted.iter().zip(found).all(|(a, b)| same(a, b)).then_some(at + wanted.len())
    }

    fn is_at(&self, position: At, at: usize) -> bool {
        let len = self.text.len();
        let is_newline = |at: usize| self.is(Unit::Literal(u32::from('\n')), at);
        let boundary = |category: Category| {
            let is_word = |at: Option<usize>| {
                at.and_then(|at| self.text.get(at)).is_some_and(|character| category.contains(character.code()))
            };
            is_word(at.checked_sub(1)) != is_word(Some(at))
        };
        match position {
            At::Beginning | At::BeginningString => at == 0,
            At::BeginningLine => at == 0 || is_newline(at - 1),
            At::End => at == len || (at + 1 == len && is_newline(at)),
            At::EndLine => at == len || is_newline(at),
            At::EndString => at == len,
            At::Boundary => boundary(Category::Word),
            At::NonBoundary => !boundary(Category::Word),
            At::LocBoundary => boundary(Category::LocWord),
            At::LocNonBoundary => !boundary(Category::LocWord),
            At::UniBoundary => boundary(Category::UniWord),
            At::UniNonBoundary => !boundary(Category::UniWord),
        }
    }
}

fn restore(memory: &mut Memory, entry: &Entry) {
    if let Some(state) = memory.repeats.get_mut(entry.repeat as usize) {
        (state.count, state.last) = (entry.count, entry.other);
    }
}

/// Beginning and end of what a group (the first is 0) matched.
pub fn span_of(memory: &Memory, group: u32) -> Option<(usize, usize)> {
    let at = 2 * group as usize;
    let (start, end) = (*memory.marks.get(at)?, *memory.marks.get(at + 1)?);
    (start != NOWHERE && end != NOWHERE && start <= end).then_some((start, end))
}
