//! Depth of syntax trees and the stack they need: whatever recurses over a tree runs on a stack segment sized for the
//! tree's depth, so that nesting in the source is bounded by memory and not by the thread's stack. The bound taken
//! before parsing is never below the depth the tree will have.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer};

/// Trees up to this depth are safe to walk recursively on an ordinary thread's stack.
pub const DEEP_TREE: u32 = 200;

/// Sources whose nesting may exceed this are refused before they are parsed.
pub(super) const MAX_NESTING: u32 = 250_000;

/// Stack for one level of recursion: generous for drop glue and tree walks of up to four frames a level.
const BYTES_PER_LEVEL: usize = 2048;
const MINIMUM_STACK: usize = 512 * 1024;

/// Up to this size a source's length serves as the bound of its nesting.
const SHORT_SOURCE: usize = 16 * 1024;

/// Runs `work`, which recurses over a tree of the given depth, on a stack large enough for it.
pub fn on_deep_stack<T>(depth: u32, work: impl FnOnce() -> T) -> T {
    if depth <= DEEP_TREE {
        return work();
    }
    let size = (depth as usize).saturating_mul(BYTES_PER_LEVEL).max(MINIMUM_STACK);
    stacker::maybe_grow(size, size, work)
}

/// An upper bound of how deep the tree of a source can be: its length, or for a long source the largest number of
/// nesting tokens that are open at one place. A comma ends what nests before it, except the lambdas it may belong to.
pub(super) fn nesting_bound(text: &str) -> u32 {
    if text.len() <= SHORT_SOURCE {
        return u32::try_from(text.len()).unwrap_or(u32::MAX);
    }
    let mut lexer = lexer::lex(text, Mode::Module);
    let mut levels = Levels { open: vec![Level::default()], total: 0, indents: 0, deepest: 0 };
    loop {
        match lexer.next_token() {
            TokenKind::EndOfFile => return levels.deepest.saturating_add(DEEP_TREE),
            kind => levels.take(kind),
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Level {
    chain: u32,
    lambdas: u32,
}

struct Levels {
    open: Vec<Level>,
    total: u32,
    indents: u32,
    deepest: u32,
}

impl Levels {
    fn take(&mut self, kind: TokenKind) {
        match kind {
            TokenKind::Name | TokenKind::Int | TokenKind::Float | TokenKind::Complex | TokenKind::String => return,
            TokenKind::None | TokenKind::True | TokenKind::False => return,
            kind if kind.is_trivia() => return,
            TokenKind::Indent => self.indents += 1,
            TokenKind::Dedent => self.indents = self.indents.saturating_sub(1),
            TokenKind::Comma | TokenKind::Semi => self.end_chain(),
            TokenKind::Newline => {
                self.open.truncate(1);
                self.open.fill(Level::default());
                self.total = 0;
            }
            TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart => {
                self.add(Level { chain: 1, lambdas: 0 });
                self.open.push(Level::default());
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace | TokenKind::FStringEnd | TokenKind::TStringEnd => {
                if self.open.len() > 1 {
                    let closed = self.open.pop().unwrap_or_default();
                    self.total = self.total.saturating_sub(closed.chain + closed.lambdas);
                }
            }
            TokenKind::Lambda => self.add(Level { chain: 0, lambdas: 1 }),
            _ => self.add(Level { chain: 1, lambdas: 0 }),
        }
        self.deepest = self.deepest.max(self.total + 2 * self.indents);
    }

    fn add(&mut self, more: Level) {
        if let Some(top) = self.open.last_mut() {
            top.chain += more.chain;
            top.lambdas += more.lambdas;
        }
        self.total += more.chain + more.lambdas;
    }

    fn end_chain(&mut self) {
        if let Some(top) = self.open.last_mut() {
            self.total = self.total.saturating_sub(top.chain);
            top.chain = 0;
        }
    }
}
