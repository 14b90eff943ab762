//! One walk over an accepted tree and its tokens: how deep it is, and whether it has a form that the tree parser takes
//! but CPython may not. A suspicious source is then judged by the error grammar; the walk itself refuses nothing.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{AnyNodeRef, Expr, Mod};
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
    let (mut after_yield, mut number_end) = (false, None);
    for token in parsed.tokens().iter().filter(|token| !token.kind().is_trivia()) {
        walk.suspicious |= std::mem::take(&mut after_yield) && !may_follow_yield(token.kind());
        walk.suspicious |= number_end.take() == Some(token.start()) && is_wrong_after_number(token.kind());
        match token.kind() {
            TokenKind::Int | TokenKind::Float | TokenKind::Complex => number_end = Some(token.end()),
            TokenKind::Yield => after_yield = true,
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

/// Whether some lines are indented with tabs and some with spaces, which the tree parser always finds consistent.
pub(super) fn mixes_indentation(text: &str) -> bool {
    if !text.contains('\t') {
        return false;
    }
    let indentation = |line: &str| line.len() - line.trim_start_matches([' ', '\t', '\x0c']).len();
    let has = |wanted: char| text.split(['\n', '\r']).any(|line| line[..indentation(line)].contains(wanted));
    has('\t') && has(' ')
}

/// The tree parser takes an operator right after a bare `yield`, as if the yield were parenthesised.
fn may_follow_yield(kind: TokenKind) -> bool {
    use TokenKind as T;
    match kind {
        T::Lpar | T::Lsqb | T::Lbrace | T::Rpar | T::Rsqb | T::Rbrace | T::Plus | T::Minus | T::Tilde | T::Star => true,
        T::Semi | T::Equal | T::Colon | T::Exclamation | T::Ellipsis => true,
        T::And | T::Or | T::In | T::Is | T::If | T::Else | T::For | T::As | T::Async => false,
        kind => !kind.is_operator(),
    }
}

/// Only keywords that can continue an expression may follow a number without a space.
fn is_wrong_after_number(kind: TokenKind) -> bool {
    use TokenKind as T;
    (kind.is_keyword() || kind == T::Name)
        && !matches!(kind, T::And | T::Else | T::For | T::If | T::In | T::Is | T::Or | T::Not)
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
            // After the star of a display only operators bind, whatever parentheses stand first.
            AnyNodeRef::ExprStarred(starred) => {
                self.suspicious |= matches!(*starred.value, Expr::Compare(_) | Expr::BoolOp(_) | Expr::If(_));
            }
            AnyNodeRef::ExprNamed(named) => self.suspicious |= named.target.start() != named.start(),
            AnyNodeRef::PatternMatchValue(pattern) => {
                self.suspicious |=
                    matches!(&*pattern.value, Expr::UnaryOp(minus) if !minus.operand.is_number_literal_expr());
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
