//! Tests of the matcher on programs put together by hand: what the library's compiler would not make, and what a test in Python cannot see.

use super::backtrack::{Halt, Kind, Memory, NOWHERE};
use super::code::{MAXREPEAT, Op};
use super::matcher::{Matcher, Outside, span_of};
use super::program::Program;
use super::text::{find_prefix, span};
use super::{code, program};
use std::pin::Pin;
use taipan_heap::{Config, Heap, OutOfMemory};

/// Code words: operations by name, others as numbers.
macro_rules! words {
    (@ $op:ident) => { Op::$op as u32 };
    (@ $number:literal) => { $number };
    ($($word:tt)*) => { vec![$(words!(@ $word)),*] };
}

struct Run {
    /// Stands before the heap that its buffers lie on, to be dropped first.
    memory: Memory,
    heap: Pin<Box<Heap>>,
    polls: std::cell::Cell<u32>,
    patience: u32,
}

impl Run {
    fn new(limit: Option<usize>) -> Run {
        let heap = Heap::new(Config { limit, zeal: 0, ..Config::default() });
        Run { memory: Memory::default(), heap, polls: 0.into(), patience: u32::MAX }
    }

    fn search(&mut self, program: &Program, text: &[u8]) -> Result<Option<(usize, usize)>, Halt> {
        let poll = || {
            self.polls.set(self.polls.get() + 1);
            if self.polls.get() > self.patience { Err(Halt::Memory(OutOfMemory)) } else { Ok(()) }
        };
        let outside = Outside { heap: &self.heap, poll: &poll };
        let mut matcher = Matcher { program, text, not_empty_at: NOWHERE, whole: false, outside, ticks: 0 };
        matcher.search(&mut self.memory, 0)
    }
}

fn program(code: &[u32], groups: usize) -> Program {
    Program::translate(code, groups).unwrap()
}

fn found(code: &[u32], text: &[u8]) -> Option<(usize, usize)> {
    Run::new(None).search(&program(code, 0), text).ok().unwrap()
}

/// `(?:x|)+?y`
fn lazy_and_empty() -> Vec<u32> {
    let mut code = words! { Repeat 13 1 0 Branch 5 Literal 120 Jump 5 3 Jump 2 0 MinUntil Literal 121 Success };
    code[3] = MAXREPEAT;
    code
}

#[test]
fn lazy_repetition_of_nothing_ends() {
    assert_eq!(found(&lazy_and_empty(), b"x"), None);
    assert_eq!(found(&lazy_and_empty(), b"xxy"), Some((0, 3)));
}

#[test]
fn prefixes() {
    let overlap = |prefix: &[u32]| {
        let mut table = vec![0_u32; prefix.len()];
        for at in 1..prefix.len() {
            let repeats = (1..=at).rev().find(|&len| prefix[..len] == prefix[at + 1 - len..=at]);
            table[at] = repeats.unwrap_or(0) as u32;
        }
        table
    };
    for (text, wanted) in
        [("ababac", "abac"), ("aaab", "aab"), ("abcabcabd", "abcabd"), ("aaa", "ab"), ("xyz", "xyzz"), ("b", "b")]
    {
        let prefix: Vec<u32> = wanted.chars().map(u32::from).collect();
        assert_eq!(find_prefix(text.as_bytes(), &prefix, &overlap(&prefix)), text.find(wanted), "{wanted} in {text}");
    }
    assert_eq!(find_prefix::<u8>(b"abc", &[0x436], &[0]), None);
}

#[test]
fn an_atomic_group_does_not_look_behind_its_end() {
    // `(?>b?)b`: what follows the group must not make it give back.
    let code = words! { AtomicGroup 9 RepeatOne 6 0 1 Literal 98 Success Success Literal 98 Success };
    assert_eq!(found(&code, b"ab"), None);
    assert_eq!(found(&code, b"abb"), Some((1, 3)));
}

#[test]
fn a_possessive_loop_keeps_one_step_for_each_mark() {
    // `(?:(a))*+$`, with what follows failing.
    let mut code = words! { PossessiveRepeat 9 0 0 Mark 0 Literal 97 Mark 1 Success Literal 98 Success };
    code[3] = MAXREPEAT;
    let program = program(&code, 1);
    let mut run = Run::new(Some(1 << 20));
    let text = [b'a'; 100_000];
    assert!(matches!(run.search(&program, &text[..1000]), Ok(None)));
    assert!(run.memory.steps.capacity() < 64 && run.memory.steps.is_empty());
    let ends = [&text[..], b"b"].concat();
    assert!(matches!(run.search(&program, &ends), Ok(Some((0, 100_001)))));
    assert_eq!(span_of(&run.memory, 0), Some((99_999, 100_000)));
    assert!(run.memory.steps.iter().filter(|step| step.kind == Kind::Mark).count() == 2);
}

#[test]
fn memory_is_limited_and_given_back() {
    // `(?:a|ab)*` remembers every time.
    let mut code = words! { Repeat 17 0 0 Branch 5 Literal 97 Jump 9 7 Literal 97 Literal 98 Jump 2 0 MaxUntil Literal 99 Success };
    code[3] = MAXREPEAT;
    let program = program(&code, 0);
    let mut run = Run::new(Some(1 << 20));
    let before = run.heap.bytes_in_use();
    assert!(matches!(run.search(&program, &[b'a'; 1_000_000]), Err(Halt::Memory(_))));
    assert!(run.heap.bytes_in_use() > before);
    // The same memory serves the next match.
    assert!(matches!(run.search(&program, b"aabc"), Ok(Some((0, 4)))));
    run.memory = Memory::default();
    assert_eq!(run.heap.bytes_in_use(), before);
}

#[test]
fn what_takes_long_is_interrupted() {
    // `(?:a+)+b` on many a.
    let mut code = words! { Repeat 10 1 0 RepeatOne 6 1 0 Literal 97 Success MaxUntil Literal 98 Success };
    (code[3], code[7]) = (MAXREPEAT, MAXREPEAT);
    let program = program(&code, 0);
    let mut run = Run::new(None);
    run.patience = 3;
    assert!(run.search(&program, &[b'a'; 60]).is_err());
    assert_eq!(run.polls.get(), 4);
}

#[test]
fn what_is_no_program_is_refused() {
    for (code, groups) in [
        (words! {}, 0),
        (words! { Literal 97 }, 0),
        (words! { Success Success }, 0),
        (words! { Literal Success }, 0),
        (words! { Mark 0 Success }, 0),
        (words! { GroupRef 1 Success }, 1),
        (words! { Repeat 5 0 1 Literal 97 MaxUntil }, 0),
        (words! { Repeat 6 0 1 Literal 97 MaxUntil Success }, 0),
        (words! { MaxUntil Success }, 0),
        (words! { Jump 0 Success }, 0),
        (words! { Jump 4000000000 Success }, 0),
        (words! { Branch 9 Literal 97 Success }, 0),
        (words! { AtomicGroup 2 Literal Success Success }, 0),
        (words! { In 3 BigCharset 200 Failure Success }, 0),
        (words! { Info 9 1 1 1 4000000000 Success }, 0),
        (words! { RepeatOne 6 0 1 Branch 0 Success Success }, 0),
    ] {
        assert!(Program::translate(&code, groups).is_none(), "{code:?}");
    }
}

#[test]
fn scans_count_what_their_unit_takes() {
    let sets = [super::charset::Set::category(code::Category::UniWord)];
    let word = program::Unit::Set(0);
    assert_eq!(span(&sets, word, b"ab_1-"), 4);
    assert_eq!(span(&sets, word, &[0x436_u16, 0x20]), 1);
    assert_eq!(span(&sets, word, &[0x1F600_u32]), 0);
    assert_eq!(span(&sets, program::Unit::Any, b"ab\nc"), 2);
    assert_eq!(span(&sets, program::Unit::NotLiteral(0x1F600), b"ab\nc"), 4);
}
