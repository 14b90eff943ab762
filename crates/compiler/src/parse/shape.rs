//! One walk over an accepted tree and its tokens: how deep it is, and whether it has a form that the tree parser takes
//! but CPython may not. A suspicious source is then judged by the error grammar; the walk itself refuses nothing.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{AnyNodeRef, Mod};
use ruff_python_parser::Parsed;
use ruff_text_size::Ranged;

/// CPython's tokenizer limits; reaching them makes a source suspicious.
const MAX_BRACKETS: u32 = 200;
const MAX_INDENTS: u32 = 99;
const MAX_FIELDS: u32 = 3;

/// What the walk found.
pub(super) struct Shape {
    /// The number of nodes on the longest path from the root.
    pub depth: u32,
    /// The source may be one that CPython refuses.
    pub suspicious: bool,
}

pub(super) fn inspect(parsed: &Parsed<Mod>) -> Shape {
    let mut walk = Walk::default();
    walk.visit_mod(parsed.syntax());
    let (mut brackets, mut indents) = (0_u32, 0_u32);
    for token in parsed.tokens().iter() {
        match token.kind() {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => brackets += 1,
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => brackets = brackets.saturating_sub(1),
            TokenKind::Indent => indents += 1,
            TokenKind::Dedent => indents = indents.saturating_sub(1),
            _ => continue,
        }
        walk.suspicious |= brackets > MAX_BRACKETS || indents > MAX_INDENTS;
    }
    Shape { depth: walk.deepest, suspicious: walk.suspicious }
}

#[derive(Default)]
struct Walk {
    depth: u32,
    deepest: u32,
    fields: u32,
    suspicious: bool,
}

impl<'a> SourceOrderVisitor<'a> for Walk {
    fn enter_node(&mut self, node: AnyNodeRef<'a>) -> TraversalSignal {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        match node {
            AnyNodeRef::Keyword(keyword) => {
                self.suspicious |= keyword.arg.as_ref().is_some_and(|arg| arg.start() != keyword.start());
            }
            AnyNodeRef::InterpolatedElement(_) => {
                self.fields += 1;
                self.suspicious |= self.fields > MAX_FIELDS;
            }
            _ => {}
        }
        TraversalSignal::Traverse
    }

    fn leave_node(&mut self, node: AnyNodeRef<'a>) {
        self.depth -= 1;
        if let AnyNodeRef::InterpolatedElement(_) = node {
            self.fields -= 1;
        }
    }
}
