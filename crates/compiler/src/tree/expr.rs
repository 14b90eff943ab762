//! Expressions and patterns of the tree.
//!
//! Invariant: every kind of expression has its own arm; what only the parser's tree has (IPython's commands) never gets here.

use ruff_python_ast::{self as ast, Expr, ExprContext, Operator, Pattern, Singleton};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::Const;

use super::{Field, Maker, bare, each, name, name_or_none};
use crate::codegen::number;

fn context(context: ExprContext) -> Field {
    let class = match context {
        ExprContext::Store => "Store",
        ExprContext::Del => "Del",
        ExprContext::Load | ExprContext::Invalid => "Load",
    };
    bare(class, Vec::new()).into()
}

/// The node of a binary operator.
pub(super) fn operator(operator: Operator) -> Field {
    let class = match operator {
        Operator::Add => "Add",
        Operator::Sub => "Sub",
        Operator::Mult => "Mult",
        Operator::MatMult => "MatMult",
        Operator::Div => "Div",
        Operator::Mod => "Mod",
        Operator::Pow => "Pow",
        Operator::LShift => "LShift",
        Operator::RShift => "RShift",
        Operator::BitOr => "BitOr",
        Operator::BitXor => "BitXor",
        Operator::BitAnd => "BitAnd",
        Operator::FloorDiv => "FloorDiv",
    };
    bare(class, Vec::new()).into()
}

fn comparison(op: ast::CmpOp) -> Field {
    let class = match op {
        ast::CmpOp::Eq => "Eq",
        ast::CmpOp::NotEq => "NotEq",
        ast::CmpOp::Lt => "Lt",
        ast::CmpOp::LtE => "LtE",
        ast::CmpOp::Gt => "Gt",
        ast::CmpOp::GtE => "GtE",
        ast::CmpOp::Is => "Is",
        ast::CmpOp::IsNot => "IsNot",
        ast::CmpOp::In => "In",
        ast::CmpOp::NotIn => "NotIn",
    };
    bare(class, Vec::new()).into()
}

impl Maker<'_> {
    pub(super) fn constant(&self, range: TextRange, value: Const, kind: Option<&str>) -> Field {
        let kind = kind.map_or(Field::None, |kind| Field::Const(Const::Str(kind.into())));
        self.node("Constant", range, vec![Field::Const(value), kind])
    }

    fn generators(&self, generators: &[ast::Comprehension]) -> Field {
        each(generators, |part| {
            let is_async = Field::Int(part.is_async.into());
            let (target, iter) = (self.expr(&part.target), self.expr(&part.iter));
            bare("comprehension", vec![target, iter, self.exprs(&part.ifs), is_async]).into()
        })
    }

    pub(super) fn expr(&self, expr: &Expr) -> Field {
        let range = expr.range();
        let (class, fields) = match expr {
            Expr::BoolOp(e) => {
                let op = if e.op == ast::BoolOp::And { "And" } else { "Or" };
                ("BoolOp", vec![bare(op, Vec::new()).into(), self.exprs(&e.values)])
            }
            Expr::Named(e) => ("NamedExpr", vec![self.expr(&e.target), self.expr(&e.value)]),
            Expr::BinOp(e) => ("BinOp", vec![self.expr(&e.left), operator(e.op), self.expr(&e.right)]),
            Expr::UnaryOp(e) => {
                let op = match e.op {
                    ast::UnaryOp::Invert => "Invert",
                    ast::UnaryOp::Not => "Not",
                    ast::UnaryOp::UAdd => "UAdd",
                    ast::UnaryOp::USub => "USub",
                };
                ("UnaryOp", vec![bare(op, Vec::new()).into(), self.expr(&e.operand)])
            }
            Expr::Lambda(e) => ("Lambda", vec![self.parameters(e.parameters.as_deref()), self.expr(&e.body)]),
            Expr::If(e) => ("IfExp", vec![self.expr(&e.test), self.expr(&e.body), self.expr(&e.orelse)]),
            Expr::Dict(e) => {
                let keys = each(&e.items, |item| self.maybe(item.key.as_ref()));
                ("Dict", vec![keys, each(&e.items, |item| self.expr(&item.value))])
            }
            Expr::Set(e) => ("Set", vec![self.exprs(&e.elts)]),
            Expr::ListComp(e) => ("ListComp", vec![self.expr(&e.elt), self.generators(&e.generators)]),
            Expr::SetComp(e) => ("SetComp", vec![self.expr(&e.elt), self.generators(&e.generators)]),
            Expr::DictComp(e) => {
                let key = self.maybe(e.key.as_deref());
                ("DictComp", vec![key, self.expr(&e.value), self.generators(&e.generators)])
            }
            Expr::Generator(e) => ("GeneratorExp", vec![self.expr(&e.elt), self.generators(&e.generators)]),
            Expr::Await(e) => ("Await", vec![self.expr(&e.value)]),
            Expr::Yield(e) => ("Yield", vec![self.maybe(e.value.as_deref())]),
            Expr::YieldFrom(e) => ("YieldFrom", vec![self.expr(&e.value)]),
            Expr::Compare(e) => {
                let ops = each(&e.ops, |&op| comparison(op));
                ("Compare", vec![self.expr(&e.left), ops, self.exprs(&e.comparators)])
            }
            Expr::Call(e) => {
                let arguments = match (&*e.arguments.args, &*e.arguments.keywords) {
                    // The parentheses of the call are those of the generator.
                    ([Expr::Generator(only)], []) if !only.parenthesized => {
                        let fields = vec![self.expr(&only.elt), self.generators(&only.generators)];
                        Field::List(vec![self.node("GeneratorExp", e.arguments.range, fields)])
                    }
                    (args, _) => self.exprs(args),
                };
                ("Call", vec![self.expr(&e.func), arguments, self.keywords(&e.arguments.keywords)])
            }
            Expr::FString(e) => return self.joined_str(e),
            Expr::TString(e) => return self.template_str(e),
            Expr::StringLiteral(e) => return self.string(e),
            Expr::BytesLiteral(e) => {
                let bytes: Vec<u8> = e.value.bytes().collect();
                return self.constant(range, Const::Bytes(bytes.into()), None);
            }
            Expr::NumberLiteral(e) => return self.constant(range, number(&e.value), None),
            Expr::BooleanLiteral(e) => return self.constant(range, Const::Bool(e.value), None),
            Expr::NoneLiteral(_) | Expr::IpyEscapeCommand(_) => return self.constant(range, Const::None, None),
            Expr::EllipsisLiteral(_) => return self.constant(range, Const::Ellipsis, None),
            Expr::Attribute(e) => ("Attribute", vec![self.expr(&e.value), name(&e.attr), context(e.ctx)]),
            Expr::Subscript(e) => ("Subscript", vec![self.expr(&e.value), self.expr(&e.slice), context(e.ctx)]),
            Expr::Starred(e) => ("Starred", vec![self.expr(&e.value), context(e.ctx)]),
            Expr::Name(e) => ("Name", vec![Field::Name(e.id.to_string()), context(e.ctx)]),
            Expr::List(e) => ("List", vec![self.exprs(&e.elts), context(e.ctx)]),
            Expr::Tuple(e) => ("Tuple", vec![self.exprs(&e.elts), context(e.ctx)]),
            Expr::Slice(e) => {
                let part = |part: &Option<Box<Expr>>| self.maybe(part.as_deref());
                ("Slice", vec![part(&e.lower), part(&e.upper), part(&e.step)])
            }
        };
        self.node(class, range, fields)
    }

    pub(super) fn pattern(&self, pattern: &Pattern) -> Field {
        let patterns = |patterns: &[Pattern]| each(patterns, |pattern| self.pattern(pattern));
        let (class, fields) = match pattern {
            Pattern::MatchValue(p) => ("MatchValue", vec![self.expr(&p.value)]),
            Pattern::MatchSingleton(p) => {
                let value = match p.value {
                    Singleton::None => Const::None,
                    Singleton::True => Const::Bool(true),
                    Singleton::False => Const::Bool(false),
                };
                ("MatchSingleton", vec![Field::Const(value)])
            }
            Pattern::MatchSequence(p) => ("MatchSequence", vec![patterns(&p.patterns)]),
            Pattern::MatchMapping(p) => {
                ("MatchMapping", vec![self.exprs(&p.keys), patterns(&p.patterns), name_or_none(p.rest.as_ref())])
            }
            Pattern::MatchClass(p) => {
                let keywords = &p.arguments.keywords;
                let fields = vec![
                    self.expr(&p.cls),
                    patterns(&p.arguments.patterns),
                    each(keywords, |keyword| name(&keyword.attr)),
                    each(keywords, |keyword| self.pattern(&keyword.pattern)),
                ];
                ("MatchClass", fields)
            }
            Pattern::MatchStar(p) => ("MatchStar", vec![name_or_none(p.name.as_ref())]),
            Pattern::MatchAs(p) => {
                let inner = p.pattern.as_deref().map_or(Field::None, |pattern| self.pattern(pattern));
                ("MatchAs", vec![inner, name_or_none(p.name.as_ref())])
            }
            Pattern::MatchOr(p) => ("MatchOr", vec![patterns(&p.patterns)]),
        };
        self.node(class, pattern.range(), fields)
    }
}
