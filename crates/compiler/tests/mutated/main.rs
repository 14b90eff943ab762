//! Mutated sources: pieces of the language tests, cut, doubled, exchanged and spoilt, a few thousand of them and always the same ones.
//! `crates/compiler/fuzz` looks further with the same check.
//!
//! Invariant: which sources are made depends on nothing but the programs under `tests/lang` and `SEED`.

mod check;

use std::path::{Path, PathBuf};

const SEED: u64 = 0x7461_6970_616e_2e31;
const SOURCES: usize = 2500;
const MOST_LINES: usize = 14;

const TOKENS: [&str; 64] = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    "=",
    ":=",
    "**",
    "*",
    "->",
    "@",
    ".",
    "...",
    ";",
    "'",
    "\"",
    "'''",
    "f'{",
    "}'",
    "t\"{",
    "rb'",
    "\\",
    "\n",
    "    ",
    "\t",
    "\x0c",
    "#",
    "!",
    "$",
    "0x",
    "1_",
    "1e",
    "09",
    "\u{20ac}",
    "\0",
    "\u{feff}",
    "if ",
    "else:",
    "for x in ",
    "while ",
    "def f(",
    "class ",
    "return ",
    "yield ",
    "await ",
    "async ",
    "lambda ",
    "import ",
    "from . import ",
    "as ",
    "except* ",
    "finally:",
    "with ",
    "match x:\n case ",
    "type X[T] = ",
    "global ",
    "nonlocal ",
    "del ",
    "raise ",
    "*a, ",
    "1j",
];

/// A generator of numbers that are random enough (xorshift).
struct Chooser(u64);

impl Chooser {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }
}

fn programs() -> Vec<Vec<u8>> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/lang")];
    let mut paths: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the language tests are there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "py") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("a language test is readable")).collect()
}

/// A few lines of a program.
fn piece(programs: &[Vec<u8>], chooser: &mut Chooser) -> Vec<u8> {
    let program = &programs[chooser.below(programs.len())];
    let lines: Vec<&[u8]> = program.split_inclusive(|&byte| byte == b'\n').collect();
    let start = chooser.below(lines.len());
    lines.iter().skip(start).take(1 + chooser.below(MOST_LINES)).copied().flatten().copied().collect()
}

fn mutate(source: &mut Vec<u8>, programs: &[Vec<u8>], chooser: &mut Chooser) {
    let at = chooser.below(source.len() + 1);
    let end = (at + 1 + chooser.below(20)).min(source.len());
    match chooser.below(7) {
        0 | 1 => drop(source.splice(at..at, TOKENS[chooser.below(TOKENS.len())].bytes())),
        2 => drop(source.splice(at..end, TOKENS[chooser.below(TOKENS.len())].bytes())),
        3 => drop(source.drain(at..end)),
        4 => source.extend_from_within(at..end),
        5 => {
            let other = piece(programs, chooser);
            source.splice(at..at, other);
        }
        _ => {
            if let Some(byte) = source.get_mut(at) {
                *byte ^= 1 << chooser.below(8);
            }
        }
    }
}

#[test]
fn no_source_makes_the_compiler_panic() {
    let programs = programs();
    let mut chooser = Chooser(SEED);
    for _ in 0..SOURCES {
        let mut source = piece(&programs, &mut chooser);
        for _ in 0..1 + chooser.below(3) {
            mutate(&mut source, &programs, &mut chooser);
        }
        let shown = String::from_utf8_lossy(&source).into_owned();
        let outcome = std::panic::catch_unwind(|| check::check(&source));
        assert!(outcome.is_ok(), "this source broke the compiler:\n{shown}");
    }
}
