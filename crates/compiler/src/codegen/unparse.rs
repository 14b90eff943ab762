//! Expressions back to source text, in the normal form of CPython's `ast.unparse` in C: the strings that
//! `from __future__ import annotations` stores.

use ruff_python_ast::{
    self as ast, BoolOp, ConversionFlag, Expr, FStringPart, InterpolatedStringElement, Number, Operator, Parameters,
    UnaryOp,
};

use crate::source::Source;
use ruff_text_size::Ranged;

/// How tightly an expression's context binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Tuple,
    Test,
    Or,
    And,
    Not,
    Compare,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Arith,
    Term,
    Factor,
    Power,
    Await,
    Atom,
}

impl Level {
    fn next(self) -> Level {
        use Level::*;
        match self {
            Tuple => Test,
            Test => Or,
            Or => And,
            And => Not,
            Not => Compare,
            Compare => BitOr,
            BitOr => BitXor,
            BitXor => BitAnd,
            BitAnd => Shift,
            Shift => Arith,
            Arith => Term,
            Term => Factor,
            Factor => Power,
            Power => Await,
            Await | Atom => Atom,
        }
    }
}

/// The text of an annotation.
pub(super) fn unparse(expr: &Expr, source: &Source) -> String {
    let mut out = Unparser { out: String::new(), source };
    out.expr(expr, Level::Test);
    out.out
}

struct Unparser<'a> {
    out: String,
    source: &'a Source,
}

impl Unparser<'_> {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn parenthesized(&mut self, needed: bool, write: impl FnOnce(&mut Self)) {
        if needed {
            self.push("(");
        }
        write(self);
        if needed {
            self.push(")");
        }
    }

    fn list<'b, T: 'b>(&mut self, items: impl IntoIterator<Item = &'b T>, mut write: impl FnMut(&mut Self, &'b T)) {
        for (n, item) in items.into_iter().enumerate() {
            if n > 0 {
                self.push(", ");
            }
            write(self, item);
        }
    }

    fn expr(&mut self, expr: &Expr, level: Level) {
        match expr {
            Expr::BoolOp(e) => {
                let (own, word) = if e.op == BoolOp::And { (Level::And, " and ") } else { (Level::Or, " or ") };
                self.parenthesized(level > own, |u| {
                    for (n, value) in e.values.iter().enumerate() {
                        if n > 0 {
                            u.push(word);
                        }
                        u.expr(value, own.next());
                    }
                });
            }
            Expr::Named(e) => self.parenthesized(level > Level::Tuple, |u| {
                u.expr(&e.target, Level::Atom);
                u.push(" := ");
                u.expr(&e.value, Level::Atom);
            }),
            Expr::BinOp(e) => self.binary(e, level),
            Expr::UnaryOp(e) => {
                let (own, word) = match e.op {
                    UnaryOp::Not => (Level::Not, "not "),
                    UnaryOp::Invert => (Level::Factor, "~"),
                    UnaryOp::UAdd => (Level::Factor, "+"),
                    UnaryOp::USub => (Level::Factor, "-"),
                };
                self.parenthesized(level > own, |u| {
                    u.push(word);
                    u.expr(&e.operand, own);
                });
            }
            Expr::Lambda(e) => self.parenthesized(level > Level::Test, |u| {
                u.push("lambda");
                if let Some(p) = &e.parameters {
                    u.push(" ");
                    u.parameters(p);
                }
                u.push(": ");
                u.expr(&e.body, Level::Test);
            }),
            Expr::If(e) => self.parenthesized(level > Level::Test, |u| {
                u.expr(&e.body, Level::Or);
                u.push(" if ");
                u.expr(&e.test, Level::Or);
                u.push(" else ");
                u.expr(&e.orelse, Level::Test);
            }),
            Expr::Dict(e) => {
                self.push("{");
                self.list(&e.items, |u, item| match &item.key {
                    Some(key) => {
                        u.expr(key, Level::Test);
                        u.push(": ");
                        u.expr(&item.value, Level::Test);
                    }
                    None => {
                        u.push("**");
                        u.expr(&item.value, Level::BitOr);
                    }
                });
                self.push("}");
            }
            Expr::Set(e) => {
                self.push("{");
                self.list(&e.elts, |u, e| u.expr(e, Level::Test));
                self.push("}");
            }
            Expr::List(e) => {
                self.push("[");
                self.list(&e.elts, |u, e| u.expr(e, Level::Test));
                self.push("]");
            }
            Expr::Tuple(e) if e.elts.is_empty() => self.push("()"),
            Expr::Tuple(e) => self.parenthesized(level > Level::Tuple, |u| {
                u.list(&e.elts, |u, e| u.expr(e, Level::Test));
                if e.elts.len() == 1 {
                    u.push(",");
                }
            }),
            Expr::ListComp(e) => self.comprehension("[", None, &e.elt, &e.generators, "]"),
            Expr::SetComp(e) => self.comprehension("{", None, &e.elt, &e.generators, "}"),
            Expr::DictComp(e) => self.comprehension("{", e.key.as_deref(), &e.value, &e.generators, "}"),
            Expr::Generator(e) => self.comprehension("(", None, &e.elt, &e.generators, ")"),
            Expr::Await(e) => self.parenthesized(level > Level::Await, |u| {
                u.push("await ");
                u.expr(&e.value, Level::Atom);
            }),
            Expr::Yield(e) => {
                self.push("(yield");
                if let Some(value) = &e.value {
                    self.push(" ");
                    self.expr(value, Level::Test);
                }
                self.push(")");
            }
            Expr::YieldFrom(e) => {
                self.push("(yield from ");
                self.expr(&e.value, Level::Test);
                self.push(")");
            }
            Expr::Compare(e) => self.parenthesized(level > Level::Compare, |u| {
                u.expr(&e.left, Level::Compare.next());
                for (op, right) in e.ops.iter().zip(&e.comparators) {
                    u.push(" ");
                    u.push(op.as_str());
                    u.push(" ");
                    u.expr(right, Level::Compare.next());
                }
            }),
            Expr::Call(e) => self.call(e),
            Expr::Attribute(e) => {
                self.expr(&e.value, Level::Atom);
                // `1 .real`: a point after an int literal would make it a float.
                let int = matches!(&*e.value, Expr::NumberLiteral(n) if n.value.is_int());
                self.push(if int { " ." } else { "." });
                self.push(&e.attr);
            }
            Expr::Subscript(e) => {
                self.expr(&e.value, Level::Atom);
                self.push("[");
                self.expr(&e.slice, Level::Tuple);
                self.push("]");
            }
            Expr::Starred(e) => {
                self.push("*");
                self.expr(&e.value, Level::BitOr);
            }
            Expr::Name(e) => self.push(&e.id),
            Expr::Slice(e) => {
                for (n, part) in [&e.lower, &e.upper, &e.step].into_iter().enumerate() {
                    if n == 1 || n == 2 && part.is_some() {
                        self.push(":");
                    }
                    if let Some(part) = part {
                        self.expr(part, Level::Test);
                    }
                }
            }
            Expr::NumberLiteral(e) => self.number(&e.value),
            Expr::BooleanLiteral(e) => self.push(if e.value { "True" } else { "False" }),
            Expr::NoneLiteral(_) => self.push("None"),
            Expr::EllipsisLiteral(_) => self.push("..."),
            Expr::StringLiteral(e) => {
                if e.value.is_unicode() {
                    self.push("u");
                }
                let text: String = e.value.to_str().to_string();
                self.push(&str_repr(&text));
            }
            Expr::BytesLiteral(e) => {
                let bytes: Vec<u8> = e.value.bytes().collect();
                self.push(&bytes_repr(&bytes));
            }
            Expr::FString(e) => self.fstring(e),
            Expr::TString(_) | Expr::IpyEscapeCommand(_) => {
                let text = self.source.text().get(std::ops::Range::<usize>::from(expr.range())).unwrap_or_default();
                self.out.push_str(text);
            }
        }
    }

    fn binary(&mut self, e: &ast::ExprBinOp, level: Level) {
        let own = match e.op {
            Operator::Add | Operator::Sub => Level::Arith,
            Operator::Mult | Operator::MatMult | Operator::Div | Operator::Mod | Operator::FloorDiv => Level::Term,
            Operator::Pow => Level::Power,
            Operator::LShift | Operator::RShift => Level::Shift,
            Operator::BitOr => Level::BitOr,
            Operator::BitXor => Level::BitXor,
            Operator::BitAnd => Level::BitAnd,
        };
        let right_associative = e.op == Operator::Pow;
        self.parenthesized(level > own, |u| {
            u.expr(&e.left, if right_associative { own.next() } else { own });
            u.push(" ");
            u.push(e.op.as_str());
            u.push(" ");
            u.expr(&e.right, if right_associative { own } else { own.next() });
        });
    }

    fn call(&mut self, e: &ast::ExprCall) {
        self.expr(&e.func, Level::Atom);
        let (args, keywords) = (&e.arguments.args, &e.arguments.keywords);
        if let ([Expr::Generator(_)], true) = (&args[..], keywords.is_empty()) {
            return self.expr(&args[0], Level::Atom);
        }
        self.push("(");
        self.list(args, |u, arg| u.expr(arg, Level::Test));
        for (n, keyword) in keywords.iter().enumerate() {
            if n > 0 || !args.is_empty() {
                self.push(", ");
            }
            match &keyword.arg {
                Some(name) => {
                    self.push(name);
                    self.push("=");
                }
                None => self.push("**"),
            }
            self.expr(&keyword.value, Level::Test);
        }
        self.push(")");
    }

    fn comprehension(
        &mut self,
        open: &str,
        key: Option<&Expr>,
        value: &Expr,
        generators: &[ast::Comprehension],
        close: &str,
    ) {
        self.push(open);
        if let Some(key) = key {
            self.expr(key, Level::Test);
            self.push(": ");
        }
        self.expr(value, Level::Test);
        for generator in generators {
            self.push(if generator.is_async { " async for " } else { " for " });
            self.expr(&generator.target, Level::Tuple);
            self.push(" in ");
            self.expr(&generator.iter, Level::Or);
            for condition in &generator.ifs {
                self.push(" if ");
                self.expr(condition, Level::Or);
            }
        }
        self.push(close);
    }

    fn parameters(&mut self, p: &Parameters) {
        let mut first = true;
        let mut separate = |u: &mut Self| {
            if !std::mem::take(&mut first) {
                u.push(", ");
            }
        };
        let write = |u: &mut Self, p: &ast::ParameterWithDefault| {
            u.push(&p.parameter.name);
            if let Some(default) = &p.default {
                u.push("=");
                u.expr(default, Level::Test);
            }
        };
        for (n, parameter) in p.posonlyargs.iter().enumerate() {
            separate(self);
            write(self, parameter);
            if n + 1 == p.posonlyargs.len() {
                self.push(", /");
            }
        }
        for parameter in &p.args {
            separate(self);
            write(self, parameter);
        }
        if p.vararg.is_some() || !p.kwonlyargs.is_empty() {
            separate(self);
            self.push("*");
            if let Some(vararg) = &p.vararg {
                self.push(&vararg.name);
            }
        }
        for parameter in &p.kwonlyargs {
            separate(self);
            write(self, parameter);
        }
        if let Some(kwarg) = &p.kwarg {
            separate(self);
            self.push("**");
            self.push(&kwarg.name);
        }
    }

    fn number(&mut self, value: &Number) {
        match value {
            Number::Int(n) => {
                let text = n.to_string();
                self.push(&text);
            }
            Number::Float(x) => {
                let text = float_repr(*x);
                self.push(&text);
            }
            Number::Complex { imag, .. } => {
                let text = float_repr(*imag);
                self.push(text.strip_suffix(".0").unwrap_or(&text));
                self.push("j");
            }
        }
    }

    fn fstring(&mut self, e: &ast::ExprFString) {
        let mut body = String::new();
        for part in &e.value {
            match part {
                FStringPart::Literal(text) => body.push_str(&text.value.replace('{', "{{").replace('}', "}}")),
                FStringPart::FString(f) => f.elements.iter().for_each(|el| self.element(el, &mut body)),
            }
        }
        self.push("f");
        let text = str_repr(&body);
        self.push(&text);
    }

    fn element(&mut self, element: &InterpolatedStringElement, body: &mut String) {
        match element {
            InterpolatedStringElement::Literal(text) => {
                body.push_str(&text.value.replace('{', "{{").replace('}', "}}"));
            }
            InterpolatedStringElement::Interpolation(field) => {
                let mut inner = Unparser { out: String::new(), source: self.source };
                inner.expr(&field.expression, Level::Test.next());
                if let Some(debug) = &field.debug_text {
                    body.push_str(&debug.as_str().replace('{', "{{").replace('}', "}}"));
                }
                body.push('{');
                if inner.out.starts_with('{') {
                    body.push(' ');
                }
                body.push_str(&inner.out);
                match field.conversion {
                    ConversionFlag::None if field.debug_text.is_some() && field.format_spec.is_none() => {
                        body.push_str("!r")
                    }
                    ConversionFlag::None => {}
                    ConversionFlag::Str => body.push_str("!s"),
                    ConversionFlag::Ascii => body.push_str("!a"),
                    ConversionFlag::Repr => body.push_str("!r"),
                }
                if let Some(spec) = &field.format_spec {
                    body.push(':');
                    spec.elements.iter().for_each(|el| self.element(el, body));
                }
                body.push('}');
            }
        }
    }
}

/// The repr of a float; infinities as an overflowing literal.
fn float_repr(x: f64) -> String {
    if x.is_infinite() {
        return "1e309".into();
    }
    let shortest = format!("{x:e}");
    let (digits, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        return format!("{x:?}");
    }
    format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// The repr of a str: single quotes unless only those occur inside.
fn str_repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => {
                let n = u32::from(c);
                out.push_str(&format!("\\x{n:02x}"));
            }
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

fn bytes_repr(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { b'"' } else { b'\'' };
    let mut out = String::from("b");
    out.push(quote.into());
    for &b in bytes {
        match b {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b if b == quote => {
                out.push('\\');
                out.push(b.into());
            }
            0x20..=0x7e => out.push(b.into()),
            b => out.push_str(&format!("\\x{b:02x}")),
        }
    }
    out.push(quote.into());
    out
}
