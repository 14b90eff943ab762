//! Programs: code words translated into instructions that the matcher runs.
//!
//! Invariant: every target is the index of an instruction, every set, loop and group that an instruction names exists, and bodies nest: what the
//! matcher relies on is checked here once more, even if `validate` has looked at the words before.

use super::charset::{Fold, Set};
use super::code::{At, Category, INFO_CHARSET, INFO_LITERAL, INFO_PREFIX, Op};
use std::collections::{HashMap, HashSet};

/// What takes exactly one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Any but the end of a line.
    Any,
    /// Any.
    All,
    /// This one.
    Literal(u32),
    /// Any but this one.
    NotLiteral(u32),
    /// One of set number so-and-so.
    Set(u32),
    /// None at all.
    Never,
}

/// What the character at a place must be for the rest to have a chance; `None` says nothing, not even that there is one.
pub type Filter = Option<Unit>;

/// A repetition.
#[derive(Clone, Copy, Debug)]
pub struct Loop {
    /// Least number of times.
    pub min: u32,
    /// Greatest number of times; `MAXREPEAT` for no bound.
    pub max: u32,
    /// What is repeated, when it is one character.
    pub unit: Unit,
    /// Where the body begins.
    pub body: u32,
    /// Where it goes on.
    pub after: u32,
    /// What must follow.
    pub next: Filter,
}

/// One way to go on at a branch.
#[derive(Clone, Copy, Debug)]
pub struct Alternative {
    /// What it must begin with.
    pub first: Filter,
    /// Where it begins.
    pub body: u32,
}

/// An instruction.
#[derive(Clone, Copy, Debug)]
pub enum Inst {
    /// The end of the program.
    Success,
    /// No match here.
    Fail,
    /// One character.
    Unit(Unit),
    /// A position.
    At(At),
    /// The beginning (even) or end (odd) of a group.
    Mark(u32),
    /// Goes on elsewhere.
    Jump(u32),
    /// The first of alternatives `.0 .. .1` that leads to a match.
    Branch(u32, u32),
    /// Begins a repetition: goes to its `MaxUntil` or `MinUntil`.
    Repeat(u32),
    /// After each time of greedy loop number `.0`.
    MaxUntil(u32),
    /// After each time of a lazy loop.
    MinUntil(u32),
    /// A greedy loop over one character.
    GreedyOne(u32),
    /// A lazy loop over one character.
    LazyOne(u32),
    /// A loop over one character that gives nothing back.
    PossessiveOne(u32),
    /// A loop that gives nothing back.
    Possessive(u32),
    /// The end of such a loop's body.
    PossessiveEnd(u32),
    /// What a group matched, once more.
    GroupRef(u32, Fold),
    /// Goes to `.1` unless group `.0` took part.
    GroupExists(u32, u32),
    /// The body must match `back` characters earlier.
    Assert(u32),
    /// The end of such a body.
    AssertEnd,
    /// The body must not match `back` characters earlier, then it goes on at `after`.
    AssertNot {
        /// How far back.
        back: u32,
        /// Where it goes on.
        after: u32,
    },
    /// The end of such a body.
    AssertNotEnd,
    /// The body's first match counts.
    Atomic,
    /// The end of such a body.
    AtomicEnd,
}

/// How a search can skip to where a match may begin.
#[derive(Debug, Default)]
pub struct Info {
    /// No match is shorter.
    pub min_width: usize,
    /// Every match begins with these characters.
    pub prefix: Box<[u32]>,
    /// For each length of the prefix less one, the longest shorter prefix that is its end.
    pub overlap: Box<[u32]>,
    /// The prefix is the whole pattern.
    pub literal: bool,
    /// What every match begins with.
    pub first: Filter,
    /// A match can only begin where the text begins.
    pub anchored: bool,
}

/// A translated program.
#[derive(Debug, Default)]
pub struct Program {
    /// The instructions.
    pub insts: Vec<Inst>,
    /// The repetitions.
    pub loops: Vec<Loop>,
    /// The alternatives of all branches.
    pub alternatives: Vec<Alternative>,
    /// The sets.
    pub sets: Vec<Set>,
    /// For searching.
    pub info: Info,
    /// Number of groups.
    pub groups: usize,
}

impl Program {
    /// Bytes that it takes, about: what sets and filters hold beside themselves is small.
    pub fn bytes(&self) -> usize {
        self.insts.capacity() * size_of::<Inst>()
            + self.loops.capacity() * size_of::<Loop>()
            + self.alternatives.capacity() * size_of::<Alternative>()
            + self.sets.iter().map(|set| size_of::<Set>() + set.bytes()).sum::<usize>()
            + size_of_val(&*self.info.prefix) * 2
    }
}

/// A body whose end has not been reached.
enum Open {
    Repeat { until: usize, number: u32 },
    Possessive { end: usize, number: u32 },
    Assert { end: usize },
    AssertNot { end: usize },
    Atomic { end: usize },
}

struct Translator<'a> {
    code: &'a [u32],
    program: Program,
    /// The instruction that the word at an index became.
    places: HashMap<usize, u32>,
    open: Vec<Open>,
    /// The words between the alternatives of branches.
    lengths: HashSet<usize>,
    seen: HashMap<(Fold, bool, Vec<u32>), u32>,
}

impl Program {
    /// Translates code words for a pattern with `groups` groups; `None` if they are no program.
    pub fn translate(code: &[u32], groups: usize) -> Option<Program> {
        let program = Program { groups, ..Program::default() };
        let (places, lengths, seen) = (HashMap::new(), HashSet::new(), HashMap::new());
        let mut translator = Translator { code, program, places, open: Vec::new(), lengths, seen };
        let mut at = translator.info()?;
        while at < code.len() {
            if translator.lengths.contains(&at) {
                at += 1;
                continue;
            }
            let index = u32::try_from(translator.program.insts.len()).ok()?;
            translator.places.insert(at, index);
            at = translator.operation(at)?;
        }
        translator.finish()
    }

    /// What the characters from instruction `at` on must begin with. The end of an atomic group hides what follows: its first match counts whether
    /// or not the rest has a chance behind it.
    fn first(&self, mut at: u32) -> Filter {
        for _ in 0..16 {
            at = match self.insts[at as usize] {
                Inst::Unit(unit) => return Some(unit),
                Inst::Mark(_) | Inst::At(_) | Inst::Atomic => at + 1,
                Inst::Jump(target) => target,
                Inst::AssertNot { after, .. } => after,
                Inst::GreedyOne(number) | Inst::LazyOne(number) | Inst::PossessiveOne(number) => {
                    let repeat = &self.loops[number as usize];
                    return (repeat.min > 0).then_some(repeat.unit);
                }
                Inst::Repeat(number) | Inst::Possessive(number) => {
                    let repeat = &self.loops[number as usize];
                    if repeat.min == 0 {
                        return None;
                    }
                    repeat.body
                }
                _ => return None,
            };
        }
        None
    }
}

impl Translator<'_> {
    fn word(&self, at: usize) -> Option<u32> {
        self.code.get(at).copied()
    }

    /// The index of the word that the distance at `at` leads to.
    fn target(&self, at: usize) -> Option<usize> {
        at.checked_add(self.word(at)? as usize).filter(|&target| target <= self.code.len())
    }

    fn emit(&mut self, inst: Inst) -> usize {
        self.program.insts.push(inst);
        self.program.insts.len() - 1
    }

    fn add_loop(&mut self, at: usize, unit: Unit, after: usize) -> Option<u32> {
        let (min, max) = (self.word(at + 2)?, self.word(at + 3)?);
        let number = self.program.loops.len() as u32;
        let body = self.program.insts.len() as u32 + 1;
        self.program.loops.push(Loop { min, max, unit, body, after: after as u32, next: None });
        Some(number)
    }

    fn info(&mut self) -> Option<usize> {
        if self.word(0)? != Op::Info as u32 {
            return Some(0);
        }
        let next = self.target(1)?;
        let flags = self.word(2)?;
        self.program.info.min_width = self.word(3)? as usize;
        if flags & INFO_PREFIX != 0 {
            let len = self.word(5)? as usize;
            let end = len.checked_add(7)?;
            self.program.info.prefix = self.code.get(7..end)?.into();
            self.program.info.overlap = self.code.get(end..end.checked_add(len)?)?.into();
            self.program.info.literal = flags & INFO_LITERAL != 0;
        } else if flags & INFO_CHARSET != 0 {
            self.program.info.first = Some(self.set(Fold::None, 5, next.checked_sub(1)?)?);
        }
        Some(next)
    }

    /// The set that the words from `start` to `end` describe.
    fn set(&mut self, fold: Fold, start: usize, end: usize) -> Option<Unit> {
        let words = self.code.get(start..end)?;
        self.shared_set(fold, false, words, |words| Set::from_words(fold, words))
    }

    fn literal(&mut self, at: usize, fold: Fold, inverted: bool) -> Option<Unit> {
        let literal = self.word(at + 1)?;
        let make = |words: &[u32]| Some(Set::literal(fold, words[1], inverted));
        self.shared_set(fold, inverted, &[Op::Literal as u32, literal], make)
    }

    fn shared_set(
        &mut self,
        fold: Fold,
        inverted: bool,
        words: &[u32],
        make: impl FnOnce(&[u32]) -> Option<Set>,
    ) -> Option<Unit> {
        let key = (fold, inverted, words.to_vec());
        if let Some(&number) = self.seen.get(&key) {
            return Some(Unit::Set(number));
        }
        let number = u32::try_from(self.program.sets.len()).ok()?;
        self.program.sets.push(make(words)?);
        self.seen.insert(key, number);
        Some(Unit::Set(number))
    }

    /// An operation that takes one character, and how many words it has; `None` within if it is another.
    fn unit(&mut self, at: usize) -> Option<Option<(Unit, usize)>> {
        let set = |this: &mut Self, fold| {
            let next = this.target(at + 1)?;
            Some(Some((this.set(fold, at + 2, next.checked_sub(1)?)?, next - at)))
        };
        let literal = |this: &mut Self, fold, inverted| this.literal(at, fold, inverted).map(|unit| Some((unit, 2)));
        let known = match Op::from_word(self.word(at)?)? {
            Op::Any => (Unit::Any, 1),
            Op::AnyAll => (Unit::All, 1),
            Op::Failure => (Unit::Never, 1),
            Op::Literal => (Unit::Literal(self.word(at + 1)?), 2),
            Op::NotLiteral => (Unit::NotLiteral(self.word(at + 1)?), 2),
            Op::Category => {
                let category = Category::from_word(self.word(at + 1)?)?;
                let words = self.code.get(at..at + 2)?;
                (self.shared_set(Fold::None, false, words, |_| Some(Set::category(category)))?, 2)
            }
            Op::In => return set(self, Fold::None),
            Op::InIgnore => return set(self, Fold::Ascii),
            Op::InLocIgnore => return set(self, Fold::Locale),
            Op::InUniIgnore => return set(self, Fold::Unicode),
            Op::LiteralIgnore => return literal(self, Fold::Ascii, false),
            Op::LiteralLocIgnore => return literal(self, Fold::Locale, false),
            Op::LiteralUniIgnore => return literal(self, Fold::Unicode, false),
            Op::NotLiteralIgnore => return literal(self, Fold::Ascii, true),
            Op::NotLiteralLocIgnore => return literal(self, Fold::Locale, true),
            Op::NotLiteralUniIgnore => return literal(self, Fold::Unicode, true),
            _ => return Some(None),
        };
        Some(Some(known))
    }

    /// Translates the operation at `at` and returns where the next one stands. Targets stay indices of words until `finish`.
    fn operation(&mut self, at: usize) -> Option<usize> {
        if let Some((unit, len)) = self.unit(at)? {
            self.emit(if unit == Unit::Never { Inst::Fail } else { Inst::Unit(unit) });
            return Some(at + len);
        }
        let op = Op::from_word(self.word(at)?)?;
        match op {
            Op::At => {
                let position = At::from_word(self.word(at + 1)?)?;
                self.emit(Inst::At(position));
                Some(at + 2)
            }
            Op::Mark => {
                let mark = self.word(at + 1)?;
                self.emit(Inst::Mark(mark));
                (mark as usize / 2 < self.program.groups).then_some(at + 2)
            }
            Op::Jump => {
                let target = self.target(at + 1)?;
                self.emit(Inst::Jump(target as u32));
                Some(at + 2)
            }
            Op::GroupRef | Op::GroupRefIgnore | Op::GroupRefLocIgnore | Op::GroupRefUniIgnore => {
                let group = self.word(at + 1)?;
                let fold = match op {
                    Op::GroupRefIgnore => Fold::Ascii,
                    Op::GroupRefLocIgnore => Fold::Locale,
                    Op::GroupRefUniIgnore => Fold::Unicode,
                    _ => Fold::None,
                };
                self.emit(Inst::GroupRef(group, fold));
                ((group as usize) < self.program.groups).then_some(at + 2)
            }
            Op::GroupRefExists => {
                let group = self.word(at + 1)?;
                // The distance is counted from the word before.
                let no = self.target(at + 2)?.checked_sub(1)?;
                self.emit(Inst::GroupExists(group, no as u32));
                ((group as usize) < self.program.groups).then_some(at + 3)
            }
            Op::Branch => self.branch(at),
            Op::RepeatOne | Op::MinRepeatOne | Op::PossessiveRepeatOne => {
                let next = self.target(at + 1)?;
                let (unit, _) = self.unit(at + 4)??;
                let number = self.add_loop(at, unit, next)?;
                self.emit(match op {
                    Op::RepeatOne => Inst::GreedyOne(number),
                    Op::MinRepeatOne => Inst::LazyOne(number),
                    _ => Inst::PossessiveOne(number),
                });
                (next > at).then_some(next)
            }
            Op::Repeat => {
                let until = self.target(at + 1)?;
                let number = self.add_loop(at, Unit::Never, until + 1)?;
                self.emit(Inst::Repeat(number));
                self.open.push(Open::Repeat { until, number });
                Some(at + 4)
            }
            Op::PossessiveRepeat => {
                let end = self.target(at + 1)?;
                let number = self.add_loop(at, Unit::Never, end + 1)?;
                self.emit(Inst::Possessive(number));
                self.open.push(Open::Possessive { end, number });
                Some(at + 4)
            }
            Op::MaxUntil | Op::MinUntil => match self.open.pop()? {
                Open::Repeat { until, number } if until == at => {
                    self.emit(if op == Op::MaxUntil { Inst::MaxUntil(number) } else { Inst::MinUntil(number) });
                    Some(at + 1)
                }
                _ => None,
            },
            Op::AtomicGroup => {
                let end = self.target(at + 1)?.checked_sub(1)?;
                self.emit(Inst::Atomic);
                self.open.push(Open::Atomic { end });
                Some(at + 2)
            }
            Op::Assert => {
                let (end, back) = (self.target(at + 1)?.checked_sub(1)?, self.word(at + 2)?);
                self.emit(Inst::Assert(back));
                self.open.push(Open::Assert { end });
                Some(at + 3)
            }
            Op::AssertNot => {
                let (end, back) = (self.target(at + 1)?.checked_sub(1)?, self.word(at + 2)?);
                self.emit(Inst::AssertNot { back, after: end as u32 + 1 });
                self.open.push(Open::AssertNot { end });
                Some(at + 3)
            }
            Op::Success => self.success(at),
            _ => None,
        }
    }

    /// The end of a body, or of the program.
    fn success(&mut self, at: usize) -> Option<usize> {
        let inst = match self.open.pop() {
            None if at + 1 == self.code.len() => Inst::Success,
            Some(Open::Possessive { end, number }) if end == at => Inst::PossessiveEnd(number),
            Some(Open::Assert { end }) if end == at => Inst::AssertEnd,
            Some(Open::AssertNot { end }) if end == at => Inst::AssertNotEnd,
            Some(Open::Atomic { end }) if end == at => Inst::AtomicEnd,
            _ => return None,
        };
        self.emit(inst);
        Some(at + 1)
    }

    /// The alternatives stay where they stand; the words between them, which say how long each is, are no operations.
    fn branch(&mut self, at: usize) -> Option<usize> {
        let start = self.program.alternatives.len() as u32;
        let mut alternative = at + 1;
        self.lengths.insert(alternative);
        while self.word(alternative)? != 0 {
            self.program.alternatives.push(Alternative { first: None, body: alternative as u32 + 1 });
            alternative = self.target(alternative)?;
            self.lengths.insert(alternative);
        }
        self.emit(Inst::Branch(start, self.program.alternatives.len() as u32));
        Some(at + 1)
    }

    /// Turns the targets, so far indices of words, into indices of instructions, and looks at what must follow where.
    fn finish(self) -> Option<Program> {
        let Translator { mut program, places, open, .. } = self;
        if !open.is_empty() || !matches!(program.insts.last(), Some(Inst::Success)) {
            return None;
        }
        let resolve = |target: &mut u32| {
            *target = *places.get(&(*target as usize))?;
            Some(())
        };
        for inst in &mut program.insts {
            if let Inst::Jump(target) | Inst::GroupExists(_, target) | Inst::AssertNot { after: target, .. } = inst {
                resolve(target)?;
            }
        }
        for repeat in &mut program.loops {
            resolve(&mut repeat.after)?;
        }
        for alternative in &mut program.alternatives {
            resolve(&mut alternative.body)?;
        }
        for index in 0..program.loops.len() {
            program.loops[index].next = program.first(program.loops[index].after);
        }
        for index in 0..program.alternatives.len() {
            program.alternatives[index].first = program.first(program.alternatives[index].body);
        }
        let begin = program.insts.iter().find(|inst| !matches!(inst, Inst::Mark(_)));
        program.info.anchored = matches!(begin, Some(Inst::At(At::Beginning | At::BeginningString)));
        program.info.first = program.info.first.or_else(|| program.first(0));
        Some(program)
    }
}
