//! `match` statements of a tree that a program made.
//!
//! Invariant: what may stand in a pattern is what CPython's own check of trees lets stand there.

use ruff_python_ast::{self as ast, AtomicNodeIndex, ExprContext, Pattern, Singleton, Stmt};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::Const;

use super::{Invalid, Lower, Lowered, as_node, check_name, field, list, text, value_error};
use crate::tree::{Field, Node};

const LITERALS_ONLY: &str = "patterns may only match literals and attribute lookups";

fn is_number(node: &Node, complex: bool) -> bool {
    matches!(
        (node.class, field(node, 0)),
        ("Constant", Field::Const(Const::Int(_) | Const::BigInt(_) | Const::Float(_))) if !complex
    ) || complex && matches!((node.class, field(node, 0)), ("Constant", Field::Const(Const::Complex(..))))
}

fn is_negative(node: &Node) -> bool {
    let operand = as_node(field(node, 1));
    let minus = as_node(field(node, 0)).is_some_and(|op| op.class == "USub");
    node.class == "UnaryOp" && minus && operand.is_some_and(|n| is_number(n, false) || is_number(n, true))
}

/// Checks the expression of a value pattern.
fn check_value(node: &Node) -> Lowered<()> {
    match node.class {
        "Constant" => match field(node, 0) {
            Field::Const(Const::Int(_) | Const::BigInt(_) | Const::Float(_) | Const::Complex(..) | Const::Bytes(_)) => {
                Ok(())
            }
            Field::Const(Const::Str(_) | Const::Surrogates(_)) => Ok(()),
            _ => value_error("unexpected constant inside of a literal pattern"),
        },
        "Attribute" | "JoinedStr" | "TemplateStr" => Ok(()),
        "UnaryOp" if is_negative(node) => Ok(()),
        "BinOp" => {
            let op = as_node(field(node, 1)).map_or("", |op| op.class);
            let left = as_node(field(node, 0)).is_some_and(|n| is_number(n, false) || is_negative(n));
            let right = as_node(field(node, 2)).is_some_and(|n| is_number(n, true));
            match matches!(op, "Add" | "Sub") && left && right {
                true => Ok(()),
                false => value_error(LITERALS_ONLY),
            }
        }
        _ => value_error(LITERALS_ONLY),
    }
}

fn check_capture(name: Option<&str>) -> Lowered<()> {
    match name {
        Some("_") => value_error("can't capture name '_' in patterns"),
        Some(name) => check_name(name),
        None => Ok(()),
    }
}

impl Lower {
    pub(super) fn match_(&mut self, node: &Node, range: TextRange) -> Lowered<Stmt> {
        if list(node, 1).is_empty() {
            return value_error("empty cases on Match");
        }
        let subject = self.boxed(node, 0, "Match")?;
        let mut cases = Vec::new();
        for case in list(node, 1).iter().filter_map(as_node) {
            let Some(pattern) = as_node(field(case, 0)) else { return value_error("match_case has no pattern") };
            let pattern = self.pattern(pattern, false)?;
            let guard = self.maybe(case, 1)?;
            let body = self.body(case, 2)?.into_iter().collect();
            let (range, node_index) = (pattern.range(), AtomicNodeIndex::NONE);
            cases.push(ast::MatchCase { range, node_index, pattern, guard, body });
        }
        Ok(Stmt::Match(ast::StmtMatch { node_index: AtomicNodeIndex::NONE, range, subject, cases }))
    }

    fn patterns(&mut self, items: &[Field], star_ok: bool) -> Lowered<Vec<Pattern>> {
        let mut patterns = Vec::with_capacity(items.len());
        for item in items {
            match as_node(item) {
                Some(node) => patterns.push(self.pattern(node, star_ok)?),
                None => return value_error("None disallowed in pattern list"),
            }
        }
        Ok(patterns)
    }

    fn pattern(&mut self, node: &Node, star_ok: bool) -> Lowered<Pattern> {
        let (node_index, range) = (AtomicNodeIndex::NONE, self.range(node));
        Ok(match node.class {
            "MatchValue" => {
                let Some(value) = as_node(field(node, 0)) else { return value_error(LITERALS_ONLY) };
                check_value(value)?;
                let value = Box::new(self.expr(value, ExprContext::Load)?);
                Pattern::MatchValue(ast::PatternMatchValue { node_index, range, value })
            }
            "MatchSingleton" => {
                let value = match field(node, 0) {
                    Field::Const(Const::None) | Field::None => Singleton::None,
                    Field::Const(Const::Bool(true)) => Singleton::True,
                    Field::Const(Const::Bool(false)) => Singleton::False,
                    _ => return value_error("MatchSingleton can only contain True, False and None"),
                };
                Pattern::MatchSingleton(ast::PatternMatchSingleton { node_index, range, value })
            }
            "MatchSequence" => {
                let patterns = self.patterns(list(node, 0), true)?;
                Pattern::MatchSequence(ast::PatternMatchSequence { node_index, range, patterns })
            }
            "MatchMapping" => {
                if list(node, 0).len() != list(node, 1).len() {
                    return value_error("MatchMapping doesn't have the same number of keys as patterns");
                }
                check_capture(text(field(node, 2)))?;
                let mut keys = Vec::new();
                for key in list(node, 0) {
                    let Some(key) = as_node(key) else { return value_error("None disallowed in expression list") };
                    let singleton =
                        matches!(field(key, 0), Field::Const(Const::None | Const::Bool(_))) && key.class == "Constant";
                    if !singleton {
                        check_value(key)?;
                    }
                    keys.push(self.expr(key, ExprContext::Load)?);
                }
                let keys = keys.into_iter().collect();
                let patterns = self.patterns(list(node, 1), false)?.into_iter().collect();
                let rest = self.identifier_or_none(field(node, 2), range)?;
                Pattern::MatchMapping(ast::PatternMatchMapping { node_index, range, keys, patterns, rest })
            }
            "MatchClass" => self.class_pattern(node, range)?,
            "MatchStar" => {
                if !star_ok {
                    return value_error("can't use MatchStar here");
                }
                check_capture(text(field(node, 0)))?;
                let name = self.identifier_or_none(field(node, 0), range)?;
                Pattern::MatchStar(ast::PatternMatchStar { node_index, range, name })
            }
            "MatchAs" => {
                check_capture(text(field(node, 1)))?;
                let inner = as_node(field(node, 0));
                if inner.is_some() && text(field(node, 1)).is_none() {
                    return value_error("MatchAs must specify a target name if a pattern is given");
                }
                let pattern = inner.map(|inner| self.pattern(inner, false)).transpose()?.map(Box::new);
                let name = self.identifier_or_none(field(node, 1), range)?;
                Pattern::MatchAs(ast::PatternMatchAs { node_index, range, pattern, name })
            }
            "MatchOr" => {
                if list(node, 0).len() < 2 {
                    return value_error("MatchOr requires at least 2 patterns");
                }
                let patterns = self.patterns(list(node, 0), false)?;
                Pattern::MatchOr(ast::PatternMatchOr { node_index, range, patterns })
            }
            _ => return Err(Invalid::System("unexpected pattern".into())),
        })
    }

    fn class_pattern(&mut self, node: &Node, range: TextRange) -> Lowered<Pattern> {
        if list(node, 2).len() != list(node, 3).len() {
            return value_error("MatchClass doesn't have the same number of keyword attributes as patterns");
        }
        let Some(class) = as_node(field(node, 0)) else { return value_error("MatchClass has no class") };
        let mut of = class;
        loop {
            match (of.class, as_node(field(of, 0))) {
                ("Name", _) => break,
                ("Attribute", Some(value)) => of = value,
                _ => return value_error("MatchClass cls field can only contain Name or Attribute nodes."),
            }
        }
        let cls = Box::new(self.expr(class, ExprContext::Load)?);
        let patterns = self.patterns(list(node, 1), false)?.into_iter().collect();
        let mut keywords = Vec::new();
        for (name, pattern) in list(node, 2).iter().zip(list(node, 3)) {
            check_name(text(name).unwrap_or_default())?;
            let Some(pattern) = as_node(pattern) else { return value_error("None disallowed in pattern list") };
            let range = self.range(pattern);
            let attr = self.identifier(name, range)?;
            let pattern = self.pattern(pattern, false)?;
            keywords.push(ast::PatternKeyword { range, node_index: AtomicNodeIndex::NONE, attr, pattern });
        }
        let arguments = ast::PatternArguments { range, node_index: AtomicNodeIndex::NONE, patterns, keywords };
        let node_index = AtomicNodeIndex::NONE;
        Ok(Pattern::MatchClass(ast::PatternMatchClass { node_index, range, cls, arguments }))
    }
}
