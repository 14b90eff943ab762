//! The packrat machine that runs the grammar over lazily made tokens, in CPython's order: which rule fails where decides
//! both the message and the token an "invalid syntax" points at. Left-recursive rules grow from a seed; nesting is
//! bounded by [`MAX_DEPTH`], beyond which the source counts as too complex.

use std::collections::HashMap;

use super::failure::{Failure, Place};
use super::grammar::{Action, Alternative, GRAMMAR, Grammar, Item, Kind};
use super::token::{Token, TokenKind};
use super::tokenizer::Tokenizer;
use crate::parse::ErrorKind;

/// How many rules may be open at a time, as in CPython's parser.
const MAX_DEPTH: u32 = 4000;

pub(super) type NodeId = u32;

/// The node that stands for nothing.
pub(super) const EMPTY: NodeId = 0;

/// A node of the concrete tree: the tokens `start..end` and its parts.
#[derive(Debug)]
pub(super) struct Node {
    pub kind: Kind,
    pub start: u32,
    pub end: u32,
    pub children: Box<[NodeId]>,
}

/// A rule's result: a node, a plain mismatch, or a raised error.
pub(super) type Outcome = Result<Option<NodeId>, Failure>;

pub(super) struct Machine<'a> {
    pub grammar: &'static Grammar,
    pub tokenizer: Tokenizer<'a>,
    pub tokens: Vec<Token>,
    pub nodes: Vec<Node>,
    pub mark: usize,
    pub second_pass: bool,
    /// An error of a forced token: it stands unless a later rule raises another.
    pub pending: Option<Failure>,
    literals: Vec<u16>,
    memo: HashMap<(u32, u16), (Option<NodeId>, u32)>,
    depth: u32,
}

impl<'a> Machine<'a> {
    pub fn new(tokenizer: Tokenizer<'a>) -> Self {
        let mut machine = Self {
            grammar: &GRAMMAR,
            tokenizer,
            tokens: Vec::new(),
            nodes: Vec::new(),
            mark: 0,
            second_pass: false,
            pending: None,
            literals: Vec::new(),
            memo: HashMap::new(),
            depth: 0,
        };
        machine.forget();
        machine
    }

    /// Drops all nodes and remembered results; tokens stay.
    pub fn forget(&mut self) {
        self.memo.clear();
        self.nodes.clear();
        self.nodes.push(Node { kind: Kind::Sequence, start: 0, end: 0, children: Box::default() });
        self.depth = 0;
    }

    pub fn node(&self, id: NodeId) -> &Node {
        // Node 0 always exists, so the fallback is never reached with an id this machine gave out.
        self.nodes.get(id as usize).unwrap_or(&self.nodes[0])
    }

    pub fn text_of(&self, token: &Token) -> &'a str {
        self.tokenizer.text.get(token.start as usize..token.end as usize).unwrap_or("")
    }

    /// The token at an index, made now if it has not been.
    pub fn token_at(&mut self, index: usize) -> Result<Token, Failure> {
        while self.tokens.len() <= index {
            let token = self.tokenizer.next_token()?;
            let literal = match token.kind {
                TokenKind::Name | TokenKind::Op => self.grammar.literal(self.text_of(&token)),
                _ => 0,
            };
            self.tokens.push(token);
            self.literals.push(literal);
        }
        self.tokens.get(index).copied().ok_or_else(|| too_complex(0))
    }

    fn literal_here(&mut self) -> Result<u16, Failure> {
        self.token_at(self.mark)?;
        Ok(self.literals.get(self.mark).copied().unwrap_or(0))
    }

    pub fn add(&mut self, kind: Kind, start: usize, children: Vec<NodeId>) -> NodeId {
        let id = u32::try_from(self.nodes.len()).unwrap_or(EMPTY);
        let (start, end) = (index(start), index(self.mark));
        self.nodes.push(Node { kind, start, end, children: children.into_boxed_slice() });
        id
    }

    fn take_token(&mut self, kind: Kind) -> NodeId {
        let start = self.mark;
        self.mark += 1;
        self.add(kind, start, Vec::new())
    }

    /// Runs a rule at the current mark; on a mismatch the mark stays.
    pub fn rule(&mut self, rule: usize) -> Outcome {
        let grammar = self.grammar;
        let Some(definition) = grammar.rules.get(rule) else { return Ok(None) };
        if self.depth >= MAX_DEPTH {
            return Err(too_complex(self.tokenizer.line()));
        }
        self.depth += 1;
        let outcome = if definition.left_recursive {
            self.left_recursive(rule, &definition.alternatives)
        } else if definition.memo {
            self.memoised(rule, &definition.alternatives)
        } else if definition.without_invalid {
            let second_pass = std::mem::replace(&mut self.second_pass, false);
            let outcome = self.alternatives(&definition.alternatives);
            self.second_pass = second_pass;
            outcome
        } else {
            self.alternatives(&definition.alternatives)
        };
        self.depth -= 1;
        outcome
    }

    fn memo_key(&self, rule: usize) -> (u32, u16) {
        (index(self.mark), u16::try_from(rule).unwrap_or(u16::MAX))
    }

    fn memoised(&mut self, rule: usize, alternatives: &'static [Alternative]) -> Outcome {
        let key = self.memo_key(rule);
        if let Some((node, end)) = self.memo.get(&key) {
            self.mark = *end as usize;
            return Ok(*node);
        }
        let node = self.alternatives(alternatives)?;
        self.memo.insert(key, (node, index(self.mark)));
        Ok(node)
    }

    fn left_recursive(&mut self, rule: usize, alternatives: &'static [Alternative]) -> Outcome {
        let start = self.mark;
        let key = self.memo_key(rule);
        if let Some((node, end)) = self.memo.get(&key) {
            self.mark = *end as usize;
            return Ok(*node);
        }
        let (mut seed, mut reached) = (None, start);
        loop {
            self.memo.insert(key, (seed, index(reached)));
            self.mark = start;
            let grown = self.alternatives(alternatives)?;
            if grown.is_none() || self.mark <= reached {
                break;
            }
            (seed, reached) = (grown, self.mark);
        }
        self.mark = reached;
        self.memo.insert(key, (seed, index(reached)));
        Ok(seed)
    }

    fn alternatives(&mut self, alternatives: &'static [Alternative]) -> Outcome {
        let start = self.mark;
        for alternative in alternatives {
            if alternative.second_pass_only && !self.second_pass {
                continue;
            }
            let mut variables = [EMPTY; 2];
            let mut children = Vec::new();
            let mut cut = false;
            if self.sequence(alternative, &mut variables, &mut children, &mut cut)? {
                let node = self.finish(alternative, start, variables, children)?;
                if node.is_none() {
                    if let Some(failure) = self.pending.take() {
                        return Err(failure);
                    }
                    self.mark = start;
                }
                return Ok(node);
            }
            self.mark = start;
            if cut {
                break;
            }
        }
        Ok(None)
    }

    fn sequence(
        &mut self,
        alternative: &'static Alternative,
        variables: &mut [NodeId; 2],
        children: &mut Vec<NodeId>,
        cut: &mut bool,
    ) -> Result<bool, Failure> {
        for (variable, item) in &alternative.items {
            if matches!(item, Item::Cut) {
                *cut = true;
                continue;
            }
            let Some(node) = self.item(item)? else { return Ok(false) };
            if let Some(slot) = variable.and_then(|at| variables.get_mut(at)) {
                *slot = node;
            }
            if !matches!(item, Item::Ahead { .. }) {
                children.push(node);
            }
        }
        Ok(true)
    }

    fn finish(
        &mut self,
        alternative: &'static Alternative,
        start: usize,
        variables: [NodeId; 2],
        children: Vec<NodeId>,
    ) -> Outcome {
        match &alternative.action {
            Action::Default => match children.as_slice() {
                [only] => Ok(Some(*only)),
                _ => Ok(Some(self.add(Kind::Sequence, start, children))),
            },
            Action::Variable(at) => Ok(variables.get(*at).copied()),
            Action::Make(kind) => Ok(Some(self.add(*kind, start, children))),
            Action::Raise { spot, message } => Err(self.raise(*spot, message, variables)),
            Action::Call { name, arguments } => self.call(name, arguments, variables),
        }
    }

    fn item(&mut self, item: &'static Item) -> Outcome {
        match item {
            Item::Literal(literal) => {
                let matches = self.literal_here()? == *literal;
                Ok(matches.then(|| self.take_token(Kind::Token)))
            }
            Item::Terminal(kind) => self.terminal(*kind),
            Item::SoftKeyword => {
                let literal = self.literal_here()?;
                let matches = self.grammar.is_soft_keyword(literal);
                Ok(matches.then(|| self.take_token(Kind::Name)))
            }
            Item::Rule(rule) => self.rule(*rule),
            Item::Group(alternatives) => self.alternatives(alternatives),
            Item::Optional(item) => Ok(self.item(item)?.or(Some(EMPTY))),
            Item::Repeat { item, at_least_one } => self.repeat(item, *at_least_one),
            Item::Gather { separator, item } => self.gather(*separator, item),
            Item::Ahead { item, wanted } => {
                let start = self.mark;
                let found = self.item(item)?.is_some();
                self.mark = start;
                Ok((found == *wanted).then_some(EMPTY))
            }
            Item::Forced(literal) => {
                if self.literal_here()? == *literal {
                    return Ok(Some(self.take_token(Kind::Token)));
                }
                let token = self.token_at(self.mark)?;
                let message = format!("expected '{}'", self.grammar.literal_text(*literal));
                let current_line = self.tokenizer.line();
                let failure = Failure::syntax(message, start_of(&token), end_of(&token));
                self.pending = Some(Failure { current_line, ..failure });
                Ok(None)
            }
            Item::Cut => Ok(Some(EMPTY)),
        }
    }

    fn terminal(&mut self, kind: TokenKind) -> Outcome {
        let token = self.token_at(self.mark)?;
        if token.kind != kind {
            return Ok(None);
        }
        let node = match kind {
            TokenKind::Name if self.grammar.is_keyword(self.literal_here()?) => return Ok(None),
            TokenKind::Name => Kind::Name,
            TokenKind::Number => Kind::Constant,
            _ => Kind::Token,
        };
        Ok(Some(self.take_token(node)))
    }

    fn repeat(&mut self, item: &'static Item, at_least_one: bool) -> Outcome {
        let start = self.mark;
        let mut children = Vec::new();
        loop {
            let before = self.mark;
            match self.item(item)? {
                Some(node) if self.mark > before => children.push(node),
                _ => break,
            }
        }
        if children.is_empty() && at_least_one {
            return Ok(None);
        }
        Ok(Some(self.add(Kind::Sequence, start, children)))
    }

    fn gather(&mut self, separator: u16, item: &'static Item) -> Outcome {
        let start = self.mark;
        let Some(first) = self.item(item)? else { return Ok(None) };
        let mut children = vec![first];
        loop {
            let before = self.mark;
            if self.literal_here()? != separator {
                break;
            }
            self.mark += 1;
            match self.item(item)? {
                Some(node) => children.push(node),
                None => {
                    self.mark = before;
                    break;
                }
            }
        }
        Ok(Some(self.add(Kind::Sequence, start, children)))
    }
}

/// Where an error about a token starts; a token without columns reports column 0.
pub(super) fn start_of(token: &Token) -> Place {
    match token.has_columns {
        true => Place::Offset { line: token.line, offset: token.start },
        false => Place::Column { line: token.line, column: 0 },
    }
}

/// Where an error about a token ends.
pub(super) fn end_of(token: &Token) -> Place {
    match token.has_columns {
        true => Place::Offset { line: token.end_line, offset: token.end },
        false => Place::Column { line: token.end_line, column: 0 },
    }
}

fn too_complex(line: u32) -> Failure {
    let place = Place::Column { line, column: 0 };
    let message = "Parser stack overflowed - Python source too complex to parse";
    Failure { kind: ErrorKind::MemoryError, ..Failure::syntax(message, place, place) }
}

fn index(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
