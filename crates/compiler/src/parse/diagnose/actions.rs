//! What alternatives of the grammar do when they match: wording and placing of errors, and the few decisions that a
//! pattern alone cannot make. A function that gives `None` makes its rule a mismatch, as a null result does in CPython.

use super::failure::{Failure, Place};
use super::grammar::{Kind, Spot};
use super::machine::{EMPTY, Machine, NodeId, Outcome, end_of, start_of};
use super::token::Token;
use crate::parse::ErrorKind;

/// What kind of target an expression is wanted as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Assign,
    For,
    Delete,
}

impl Machine<'_> {
    fn first_token(&self, node: NodeId) -> Option<&Token> {
        self.tokens.get(self.node(node).start as usize)
    }

    fn last_token(&self, node: NodeId) -> Option<&Token> {
        self.tokens.get((self.node(node).end as usize).saturating_sub(1))
    }

    pub(super) fn node_text(&self, node: NodeId) -> &str {
        self.first_token(node).map_or("", |token| self.text_of(token))
    }

    pub(super) fn start(&self, node: NodeId) -> Place {
        self.first_token(node).map_or(Place::Column { line: 0, column: 0 }, start_of)
    }

    pub(super) fn end(&self, node: NodeId) -> Place {
        self.last_token(node).map_or(Place::Column { line: 0, column: 0 }, end_of)
    }

    /// An error from the start of one node to the end of another.
    pub(super) fn over(&self, first: NodeId, last: NodeId, message: impl Into<String>) -> Failure {
        Failure::syntax(message, self.start(first), self.end(last))
    }

    /// An error at a token, where a token without columns stands for the tokenizer's current position.
    fn at_token(&self, token: Option<Token>, message: String) -> Failure {
        let Some(token) = token else {
            let place = Place::Column { line: 0, column: 0 };
            return Failure::syntax(message, place, place);
        };
        if token.has_columns {
            return Failure::syntax(message, start_of(&token), end_of(&token));
        }
        let position = u32::try_from(self.tokenizer.pos).unwrap_or(u32::MAX);
        let start = Place::Reached { line: token.line, offset: position };
        Failure::syntax(message, start, Place::Column { line: token.end_line, column: -1 })
    }

    pub(super) fn at_last(&self, message: impl Into<String>) -> Failure {
        self.at_token(self.tokens.last().copied(), message.into())
    }

    fn up_to_here(&self, first: NodeId, message: String) -> Failure {
        let line = self.tokenizer.line();
        let offset = u32::try_from(self.tokenizer.pos).unwrap_or(u32::MAX);
        Failure::syntax(message, self.start(first), Place::Reached { line, offset })
    }

    pub(super) fn raise(&mut self, spot: Spot, template: &str, variables: [NodeId; 2]) -> Failure {
        let message = self.fill_in(template, variables);
        let variable = |at: usize| variables.get(at).copied().unwrap_or(EMPTY);
        match spot {
            Spot::Node(at) => self.over(variable(at), variable(at), message),
            Spot::Range(first, last) => self.over(variable(first), variable(last), message),
            Spot::From(first) => self.up_to_here(variable(first), message),
            Spot::Last => self.at_last(message),
            Spot::Next => match self.token_at(self.mark) {
                Ok(token) => self.at_token(Some(token), message),
                Err(failure) => failure,
            },
            Spot::Indent => Failure { kind: ErrorKind::IndentationError, ..self.at_last(message) },
        }
    }

    fn fill_in(&self, template: &str, [a, b]: [NodeId; 2]) -> String {
        let mut message = template.to_owned();
        for (name, node) in [("a", a), ("b", b)] {
            if message.contains(&format!("{{{name}")) {
                let line = self.first_token(node).map_or(0, |token| token.line);
                message = message.replace(&format!("{{{name}#}}"), &line.to_string());
                message = message.replace(&format!("{{{name}}}"), self.expression_name(node));
            }
        }
        message
    }

    pub(super) fn call(&mut self, name: &str, arguments: &[&'static str], [a, b]: [NodeId; 2]) -> Outcome {
        match name {
            "target" => self.target(arguments.first().copied().unwrap_or(""), a),
            "string_part" => self.string_part(a),
            "mixed_strings" => {
                let last = self.node(a).children.last().copied().unwrap_or(a);
                Err(self.over(last, b, "cannot mix t-string literals with string or bytes literals"))
            }
            "generator" => Err(self.bare_generator(a, b)),
            "inequality" => self.old_inequality(a, b),
            "legacy" => self.legacy(a, b),
            "comma" => self.forgotten_comma(a, b),
            "key_without_value" => self.key_without_value(a),
            "generator_argument" => self.generator_argument(a, b),
            "argument_order" => self.argument_order(a),
            "bound" => {
                let what = if self.node(b).kind == Kind::Tuple { "constraints" } else { "bound" };
                let with = arguments.get(2).copied().unwrap_or("");
                Err(self.up_to_here(a, format!("cannot use {what} with {with}")))
            }
            "real" | "imaginary" => self.complex_part(a, name == "imaginary"),
            "string" => self.check_string(a),
            "strings" => self.check_strings(a),
            "interpolated" => self.check_interpolated(a),
            "conversion" => self.check_conversion(a, b, arguments.get(2).copied().unwrap_or("f")),
            _ => Ok(Some(a)),
        }
    }

    /// The parts of a node that are not punctuation, with nested sequences flattened.
    pub(super) fn elements(&self, node: NodeId) -> Vec<NodeId> {
        let mut found = Vec::new();
        let mut pending: Vec<NodeId> = self.node(node).children.iter().rev().copied().collect();
        while let Some(child) = pending.pop() {
            match self.node(child).kind {
                Kind::Sequence => pending.extend(self.node(child).children.iter().rev()),
                Kind::Token => {}
                _ => found.push(child),
            }
        }
        found
    }

    /// CPython's name for a kind of expression, as messages use it.
    pub(super) fn expression_name(&self, node: NodeId) -> &str {
        match self.node(node).kind {
            Kind::Attribute => "attribute",
            Kind::Subscript => "subscript",
            Kind::Starred => "starred",
            Kind::Name => "name",
            Kind::List => "list",
            Kind::Tuple => "tuple",
            Kind::Lambda => "lambda",
            Kind::Call => "function call",
            Kind::Operation => "expression",
            Kind::Generator => "generator expression",
            Kind::Yield => "yield expression",
            Kind::Await => "await expression",
            Kind::ListComp => "list comprehension",
            Kind::SetComp => "set comprehension",
            Kind::DictComp => "dict comprehension",
            Kind::Dict => "dict literal",
            Kind::Set => "set display",
            Kind::FString => "f-string expression",
            Kind::TString => "t-string expression",
            Kind::Compare => "comparison",
            Kind::Conditional => "conditional expression",
            Kind::Named => "named expression",
            Kind::Constant | Kind::Token | Kind::Sequence | Kind::Keyword | Kind::Unpacking => {
                match self.node_text(node) {
                    text @ ("True" | "False" | "None") => text,
                    "..." => "ellipsis",
                    _ => "literal",
                }
            }
        }
    }

    fn target(&self, purpose: &str, node: NodeId) -> Outcome {
        let (purpose, verb) = match purpose {
            "delete" => (Target::Delete, "delete"),
            "for" => (Target::For, "assign to"),
            _ => (Target::Assign, "assign to"),
        };
        match self.invalid_target(node, purpose) {
            Some(bad) => Err(self.over(bad, bad, format!("cannot {verb} {}", self.expression_name(bad)))),
            None => Ok(None),
        }
    }

    fn invalid_target(&self, node: NodeId, purpose: Target) -> Option<NodeId> {
        match self.node(node).kind {
            Kind::List | Kind::Tuple => {
                self.elements(node).into_iter().find_map(|element| self.invalid_target(element, purpose))
            }
            Kind::Starred if purpose == Target::Delete => Some(node),
            Kind::Starred => self.elements(node).first().and_then(|value| self.invalid_target(*value, purpose)),
            Kind::Compare if purpose == Target::For => {
                let pairs = self.node(node).children.get(1).copied()?;
                let operator = self.node_text(pairs);
                let left = self.elements(node).first().copied()?;
                if operator == "in" { self.invalid_target(left, purpose) } else { None }
            }
            Kind::Name | Kind::Subscript | Kind::Attribute => None,
            _ => Some(node),
        }
    }

    /// Expressions between two string literals: perhaps the quotes around them belong to the text.
    fn string_part(&self, parts: NodeId) -> Outcome {
        let children = &self.node(parts).children;
        let (Some(first), Some(last)) = (children.first(), children.last()) else { return Ok(None) };
        Err(self.over(*first, *last, "invalid syntax. Is this intended to be part of the string?"))
    }

    fn old_inequality(&self, less: NodeId, greater: NodeId) -> Outcome {
        let adjacent = match (self.first_token(less), self.first_token(greater)) {
            (Some(less), Some(greater)) => less.end == greater.start,
            _ => false,
        };
        if !adjacent {
            return Ok(None);
        }
        Err(self.over(less, greater, "invalid syntax.  Maybe you meant '!=' instead of '<>'?"))
    }

    fn is_legacy_statement(&self, node: NodeId) -> bool {
        self.node(node).kind == Kind::Name && matches!(self.node_text(node), "print" | "exec")
    }

    fn legacy(&self, a: NodeId, b: NodeId) -> Outcome {
        if !self.is_legacy_statement(a) {
            return Ok(None);
        }
        let name = self.node_text(a);
        Err(self.over(a, b, format!("Missing parentheses in call to '{name}'. Did you mean {name}(...)?")))
    }

    fn forgotten_comma(&self, a: NodeId, b: NodeId) -> Outcome {
        let previous = self.mark.checked_sub(1).and_then(|at| self.tokens.get(at));
        if self.is_legacy_statement(a) || previous.is_none_or(|token| token.level == 0) {
            return Ok(None);
        }
        Err(self.over(a, b, "invalid syntax. Perhaps you forgot a comma?"))
    }

    fn key_without_value(&self, key: NodeId) -> Outcome {
        let Some(token) = self.last_token(key) else { return Ok(None) };
        let line = token.end_line;
        let start = Place::Reached { line, offset: token.end };
        Err(Failure::syntax("':' expected after dictionary key", start, Place::Column { line, column: 0 }))
    }

    fn positional(&self, arguments: NodeId) -> Vec<NodeId> {
        let mut found = self.elements(arguments);
        if found.is_empty() && self.node(arguments).kind != Kind::Sequence {
            found.push(arguments);
        }
        found.retain(|argument| !matches!(self.node(*argument).kind, Kind::Keyword | Kind::Unpacking));
        found
    }

    fn generator_argument(&self, arguments: NodeId, clauses: NodeId) -> Outcome {
        match self.positional(arguments).as_slice() {
            [_, .., last] => Err(self.bare_generator(*last, clauses)),
            _ => Ok(None),
        }
    }

    /// The range ends with the last expression of the last clause, without parentheses around it.
    fn bare_generator(&self, element: NodeId, clauses: NodeId) -> Failure {
        let last = self.elements(clauses).last().copied().unwrap_or(clauses);
        self.over(element, last, "Generator expression must be parenthesized")
    }

    fn argument_order(&self, arguments: NodeId) -> Outcome {
        let unpacks = self.elements(arguments).iter().any(|argument| self.node(*argument).kind == Kind::Unpacking);
        let after = if unpacks || self.node(arguments).kind == Kind::Unpacking {
            "keyword argument unpacking"
        } else {
            "keyword argument"
        };
        Err(self.at_last(format!("positional argument follows {after}")))
    }

    fn complex_part(&self, number: NodeId, imaginary: bool) -> Outcome {
        let is_imaginary = self.node_text(number).ends_with(['j', 'J']);
        if is_imaginary == imaginary {
            return Ok(Some(number));
        }
        let wanted = if imaginary { "imaginary" } else { "real" };
        Err(self.over(number, number, format!("{wanted} number required in complex literal")))
    }
}
