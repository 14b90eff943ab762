//! Warnings about code that is surely not what was meant.

use ruff_python_ast::{self as ast, CmpOp, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::Compiler;
use crate::parse::SyntaxWarning;

impl<'a> Compiler<'a> {
    fn warn(&mut self, range: TextRange, message: impl Into<String>) {
        let line = self.source.position(range.start().into()).line;
        let warning = SyntaxWarning { message: message.into(), line, range };
        // The statements of `finally` are compiled more than once.
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// `x is 1`: identity of a literal.
    pub(super) fn check_comparison(&mut self, e: &ast::ExprCompare) {
        let mut left = &*e.left;
        for (op, right) in e.ops.iter().zip(&e.comparators) {
            if matches!(op, CmpOp::Is | CmpOp::IsNot) {
                let literal = literal_type(left).or_else(|| literal_type(right));
                if let Some(kind) = literal {
                    let message = match op {
                        CmpOp::Is => format!("\"is\" with '{kind}' literal. Did you mean \"==\"?"),
                        _ => format!("\"is not\" with '{kind}' literal. Did you mean \"!=\"?"),
                    };
                    self.warn(e.range, message);
                    return;
                }
            }
            left = right;
        }
    }

    /// Calling what cannot be called.
    pub(super) fn check_callable(&mut self, func: &Expr) {
        let kind = match func {
            Expr::Tuple(_) => "tuple",
            Expr::List(_) | Expr::ListComp(_) => "list",
            Expr::Dict(_) | Expr::DictComp(_) => "dict",
            Expr::Set(_) | Expr::SetComp(_) => "set",
            Expr::Generator(_) => "generator",
            Expr::FString(_) => "str",
            Expr::TString(_) => "string.templatelib.Template",
            other => match constant_type(other) {
                Some(kind) => kind,
                None => return,
            },
        };
        self.warn(func.range(), format!("'{kind}' object is not callable; perhaps you missed a comma?"));
    }

    /// Subscripts of what has none, or with indices that cannot be.
    pub(super) fn check_subscript(&mut self, e: &ast::ExprSubscript) {
        let subscriptable = match &*e.value {
            Expr::Set(_) | Expr::SetComp(_) => Some("set"),
            Expr::Generator(_) => Some("generator"),
            Expr::Lambda(_) => Some("function"),
            Expr::TString(_) => Some("string.templatelib.Template"),
            Expr::StringLiteral(_) | Expr::BytesLiteral(_) => None,
            other => constant_type(other).filter(|kind| *kind != "tuple"),
        };
        if let Some(kind) = subscriptable {
            return self.warn(e.range, format!("'{kind}' object is not subscriptable; perhaps you missed a comma?"));
        }
        if e.ctx != ast::ExprContext::Load {
            return;
        }
        let sequence = match &*e.value {
            Expr::Tuple(_) => "tuple",
            Expr::List(_) | Expr::ListComp(_) => "list",
            Expr::StringLiteral(_) | Expr::FString(_) => "str",
            Expr::BytesLiteral(_) => "bytes",
            _ => return,
        };
        let index = match &*e.slice {
            Expr::StringLiteral(_) | Expr::FString(_) => "str",
            Expr::BytesLiteral(_) => "bytes",
            Expr::NumberLiteral(n) if n.value.is_float() => "float",
            Expr::NumberLiteral(n) if n.value.is_complex() => "complex",
            Expr::NoneLiteral(_) => "NoneType",
            Expr::EllipsisLiteral(_) => "ellipsis",
            Expr::Tuple(_) => "tuple",
            Expr::List(_) | Expr::ListComp(_) => "list",
            Expr::Dict(_) | Expr::DictComp(_) => "dict",
            Expr::Set(_) | Expr::SetComp(_) => "set",
            Expr::Generator(_) => "generator",
            Expr::Lambda(_) => "function",
            Expr::TString(_) => "string.templatelib.Template",
            _ => return,
        };
        self.warn(
            e.range,
            format!("{sequence} indices must be integers or slices, not {index}; perhaps you missed a comma?"),
        );
    }

    /// `assert (condition, message)`: always true.
    pub(super) fn check_assert(&mut self, s: &ast::StmtAssert) {
        if matches!(&*s.test, Expr::Tuple(e) if !e.elts.is_empty()) {
            self.warn(s.range, "assertion is always true, perhaps remove parentheses?");
        }
    }

    /// `return`, `break` and `continue` that leave a `finally` body swallow exceptions.
    pub(super) fn check_finally(&mut self, s: &ast::StmtTry) {
        self.check_leaving(&s.finalbody);
    }

    fn check_leaving(&mut self, body: &[Stmt]) {
        for stmt in body {
            match stmt {
                Stmt::Return(s) => self.warn(s.range, "'return' in a 'finally' block"),
                Stmt::Break(s) => self.warn(s.range, "'break' in a 'finally' block"),
                Stmt::Continue(s) => self.warn(s.range, "'continue' in a 'finally' block"),
                // What a loop inside does is not reported, not even `return`.
                Stmt::For(s) => self.check_leaving(&s.orelse),
                Stmt::While(s) => self.check_leaving(&s.orelse),
                Stmt::If(s) => {
                    self.check_leaving(&s.body);
                    s.elif_else_clauses.iter().for_each(|c| self.check_leaving(&c.body));
                }
                Stmt::With(s) => self.check_leaving(&s.body),
                Stmt::Match(s) => s.cases.iter().for_each(|c| self.check_leaving(&c.body)),
                Stmt::Try(s) => {
                    self.check_leaving(&s.body);
                    for ast::ExceptHandler::ExceptHandler(h) in &s.handlers {
                        self.check_leaving(&h.body);
                    }
                    self.check_leaving(&s.orelse);
                    // Its own `finally` body is checked when it is compiled.
                }
                _ => {}
            }
        }
    }
}

/// The type of a literal that identity should not be asked of.
fn literal_type(expr: &Expr) -> Option<&'static str> {
    match expr {
        Expr::NoneLiteral(_) | Expr::BooleanLiteral(_) | Expr::EllipsisLiteral(_) => None,
        Expr::Tuple(e) => e.elts.iter().all(|e| constant_type(e).is_some()).then_some("tuple"),
        other => constant_type(other),
    }
}

fn constant_type(expr: &Expr) -> Option<&'static str> {
    Some(match expr {
        Expr::StringLiteral(_) => "str",
        Expr::BytesLiteral(_) => "bytes",
        Expr::NumberLiteral(e) if e.value.is_int() => "int",
        Expr::NumberLiteral(e) if e.value.is_float() => "float",
        Expr::NumberLiteral(_) => "complex",
        Expr::BooleanLiteral(_) => "bool",
        Expr::NoneLiteral(_) => "NoneType",
        Expr::EllipsisLiteral(_) => "ellipsis",
        Expr::Tuple(_) => "tuple",
        _ => return None,
    })
}
