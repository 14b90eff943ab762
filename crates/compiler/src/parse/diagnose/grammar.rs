//! The grammar used to explain errors, read once from its text form.
//!
//! Notation: a rule is a name, an optional `memo` or `left` (left-recursive), a colon, and alternatives on lines that
//! start with `|`. Items are `'literal'`, `"soft keyword"`, `TOKEN_KIND` or `rule`, grouped by parentheses, with `?`,
//! `*`, `+`, `'sep'.item+`, lookaheads `&` and `!`, the forced token `&&'x'`, and the cut `~`; `a=item` binds a result.
//! After `=>` stands what the alternative gives: a bound variable, a node kind, `%function arguments`, or an error
//! `@place message` where the place is a variable, a range `a..b`, `a..` (up to where the tokenizer stands), `last`,
//! `next`, or `indent` (an IndentationError at the last token). In messages `{a}` is the name of the kind of
//! expression and `{a#}` its line. Every rule named in the text is defined in it: the loader's test holds that.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::token::TokenKind;

/// What a node of the concrete tree stands for, as far as messages tell kinds apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Sequence,
    Token,
    Name,
    Constant,
    Tuple,
    List,
    Set,
    Dict,
    ListComp,
    SetComp,
    DictComp,
    Generator,
    Conditional,
    Lambda,
    Yield,
    Await,
    Named,
    Operation,
    Compare,
    Starred,
    Attribute,
    Subscript,
    Call,
    Keyword,
    Unpacking,
    FString,
    TString,
}

const KINDS: &[(&str, Kind)] = &[
    ("Constant", Kind::Constant),
    ("Tuple", Kind::Tuple),
    ("List", Kind::List),
    ("Set", Kind::Set),
    ("Dict", Kind::Dict),
    ("ListComp", Kind::ListComp),
    ("SetComp", Kind::SetComp),
    ("DictComp", Kind::DictComp),
    ("Generator", Kind::Generator),
    ("Conditional", Kind::Conditional),
    ("Lambda", Kind::Lambda),
    ("Yield", Kind::Yield),
    ("Await", Kind::Await),
    ("Named", Kind::Named),
    ("Operation", Kind::Operation),
    ("Compare", Kind::Compare),
    ("Starred", Kind::Starred),
    ("Attribute", Kind::Attribute),
    ("Subscript", Kind::Subscript),
    ("Call", Kind::Call),
    ("Keyword", Kind::Keyword),
    ("Unpacking", Kind::Unpacking),
];

const TERMINALS: &[(&str, TokenKind)] = &[
    ("NAME", TokenKind::Name),
    ("NUMBER", TokenKind::Number),
    ("STRING", TokenKind::String),
    ("NEWLINE", TokenKind::Newline),
    ("INDENT", TokenKind::Indent),
    ("DEDENT", TokenKind::Dedent),
    ("END", TokenKind::End),
    ("FSTRING_START", TokenKind::FStringStart),
    ("FSTRING_MIDDLE", TokenKind::FStringMiddle),
    ("FSTRING_END", TokenKind::FStringEnd),
    ("TSTRING_START", TokenKind::TStringStart),
    ("TSTRING_MIDDLE", TokenKind::TStringMiddle),
    ("TSTRING_END", TokenKind::TStringEnd),
];

#[derive(Debug)]
pub(super) enum Item {
    Literal(u16),
    Terminal(TokenKind),
    SoftKeyword,
    Rule(usize),
    Group(Vec<Alternative>),
    Optional(Box<Item>),
    Repeat { item: Box<Item>, at_least_one: bool },
    Gather { separator: u16, item: Box<Item> },
    Ahead { item: Box<Item>, wanted: bool },
    Forced(u16),
    Cut,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    Node(usize),
    Range(usize, usize),
    From(usize),
    Last,
    Next,
    Indent,
}

#[derive(Debug)]
pub(super) enum Action {
    Default,
    Variable(usize),
    Make(Kind),
    Raise { spot: Spot, message: &'static str },
    Call { name: &'static str, arguments: Vec<&'static str> },
}

#[derive(Debug)]
pub(super) struct Alternative {
    pub items: Vec<(Option<usize>, Item)>,
    pub action: Action,
    pub second_pass_only: bool,
}

#[derive(Debug, Default)]
pub(super) struct Rule {
    pub name: &'static str,
    pub memo: bool,
    pub left_recursive: bool,
    pub without_invalid: bool,
    pub alternatives: Vec<Alternative>,
}

#[derive(Debug, Default)]
pub(super) struct Grammar {
    pub rules: Vec<Rule>,
    rule_ids: HashMap<&'static str, usize>,
    literals: HashMap<&'static str, u16>,
    literal_texts: Vec<&'static str>,
    keywords: Vec<bool>,
    soft: Vec<bool>,
}

pub(super) static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    let mut grammar = Grammar::default();
    for text in texts() {
        grammar.load(text.leak());
    }
    grammar
});

/// All grammar texts, with the templates filled in.
fn texts() -> Vec<String> {
    let parameters = include_str!("parameters.peg");
    let function = parameters
        .replace("$S", "'*' NAME ':' star_expression (',' | &')') param_maybe_default* kwds?")
        .replace("$B", "a='*' (')' | ',' (')' | '**')) => @a named arguments must follow bare *")
        .replace("$A", "(':' expression)?")
        .replace("$G", "param_no_default+")
        .replace("$W", "Function")
        .replace("$E", "')'")
        .replace("$P", "");
    let lambda = parameters
        .replace("| $S\n", "")
        .replace("$B", "'*' (':' | ',' (':' | '**')) => @last named arguments must follow bare *")
        .replace("$A", "")
        .replace("$G", "','.lambda_param+")
        .replace("$W", "Lambda expression")
        .replace("$E", "':'")
        .replace("$P", "lambda_");
    let interpolated = include_str!("interpolated.peg");
    vec![
        include_str!("statements.peg").to_owned(),
        include_str!("expressions.peg").to_owned(),
        function,
        lambda,
        interpolated.replace("$T", "F").replace("$L", "f"),
        interpolated.replace("$T", "T").replace("$L", "t"),
    ]
}

impl Grammar {
    /// The number of a literal of the grammar, 0 for other text.
    pub fn literal(&self, text: &str) -> u16 {
        self.literals.get(text).copied().unwrap_or(0)
    }

    pub fn literal_text(&self, literal: u16) -> &'static str {
        self.literal_texts.get(usize::from(literal)).copied().unwrap_or("")
    }

    pub fn is_keyword(&self, literal: u16) -> bool {
        self.keywords.get(usize::from(literal)).copied().unwrap_or(false)
    }

    pub fn is_soft_keyword(&self, literal: u16) -> bool {
        self.soft.get(usize::from(literal)).copied().unwrap_or(false)
    }

    pub fn rule(&self, name: &str) -> usize {
        self.rule_ids.get(name).copied().unwrap_or(0)
    }

    fn load(&mut self, text: &'static str) {
        let mut current = 0;
        for line in text.lines() {
            if let Some(alternative) = line.strip_prefix('|') {
                let lines = self.alternatives(alternative);
                if let Some(rule) = self.rules.get_mut(current) {
                    rule.alternatives.extend(lines);
                }
            } else if let Some(header) = line.strip_suffix(':')
                && !line.starts_with('#')
            {
                let mut words = header.split(' ');
                let name = words.next().unwrap_or("");
                current = self.rule_id(name);
                let flags: Vec<&str> = words.collect();
                if let Some(rule) = self.rules.get_mut(current) {
                    rule.memo = flags.contains(&"memo");
                    rule.left_recursive = flags.contains(&"left");
                    rule.without_invalid = name == "expression_without_invalid";
                }
            }
        }
    }

    fn rule_id(&mut self, name: &'static str) -> usize {
        if let Some(id) = self.rule_ids.get(name) {
            return *id;
        }
        let id = self.rules.len();
        self.rules.push(Rule { name, ..Rule::default() });
        self.rule_ids.insert(name, id);
        id
    }

    fn literal_id(&mut self, text: &'static str, soft: bool) -> u16 {
        if self.literal_texts.is_empty() {
            self.literal_texts.push("");
            self.keywords.push(false);
            self.soft.push(false);
        }
        if let Some(id) = self.literals.get(text) {
            return *id;
        }
        let id = u16::try_from(self.literal_texts.len()).unwrap_or(0);
        let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic());
        self.literal_texts.push(text);
        self.keywords.push(is_word && !soft);
        self.soft.push(soft);
        self.literals.insert(text, id);
        id
    }

    /// The alternatives of one line: several when it is a plain `|` list outside of groups.
    fn alternatives(&mut self, line: &'static str) -> Vec<Alternative> {
        let (body, action) = match line.split_once(" => ") {
            Some((body, action)) => (body, read_action(action)),
            None => (line, Action::Default),
        };
        let mut reader = Reader { text: body, at: 0 };
        let mut read = self.group(&mut reader);
        if let Some(last) = read.last_mut() {
            last.action = action;
        }
        read
    }

    fn group(&mut self, reader: &mut Reader) -> Vec<Alternative> {
        let mut read = Vec::new();
        loop {
            let mut items = Vec::new();
            while !matches!(reader.peek(), None | Some(')' | '|')) {
                let variable = reader.variable();
                items.push((variable, self.item(reader)));
            }
            let second_pass_only = match items.as_slice() {
                [(_, Item::Rule(id))] => self.rules.get(*id).is_some_and(|rule| rule.name.starts_with("invalid_")),
                _ => false,
            };
            read.push(Alternative { items, action: Action::Default, second_pass_only });
            if !reader.eat('|') {
                return read;
            }
        }
    }

    fn item(&mut self, reader: &mut Reader) -> Item {
        if reader.eat('~') {
            return Item::Cut;
        }
        if reader.eat_text("&&") {
            let text = reader.quoted().map_or("", |(text, _)| text);
            return Item::Forced(self.literal_id(text, false));
        }
        for (mark, wanted) in [('&', true), ('!', false)] {
            if reader.eat(mark) {
                return Item::Ahead { item: Box::new(self.atom(reader)), wanted };
            }
        }
        let item = self.atom(reader);
        if let Item::Literal(separator) = item
            && reader.next_is(".")
        {
            reader.at += 1;
            let item = Box::new(self.atom(reader));
            reader.eat('+');
            return Item::Gather { separator, item };
        }
        if reader.next_is("?") {
            reader.at += 1;
            return Item::Optional(Box::new(item));
        }
        for (mark, at_least_one) in [("*", false), ("+", true)] {
            if reader.next_is(mark) {
                reader.at += 1;
                return Item::Repeat { item: Box::new(item), at_least_one };
            }
        }
        item
    }

    fn atom(&mut self, reader: &mut Reader) -> Item {
        if reader.eat('(') {
            let group = self.group(reader);
            reader.eat(')');
            return Item::Group(group);
        }
        if let Some((text, soft)) = reader.quoted() {
            return Item::Literal(self.literal_id(text, soft));
        }
        let word = reader.word();
        if word == "SOFT_KEYWORD" {
            return Item::SoftKeyword;
        }
        match TERMINALS.iter().find(|(name, _)| *name == word) {
            Some((_, kind)) => Item::Terminal(*kind),
            None => Item::Rule(self.rule_id(word)),
        }
    }
}

fn variable_index(name: &str) -> usize {
    usize::from(name == "b")
}

fn read_action(text: &'static str) -> Action {
    if let Some(call) = text.strip_prefix('%') {
        let mut words = call.split(' ');
        return Action::Call { name: words.next().unwrap_or(""), arguments: words.collect() };
    }
    if let Some(raise) = text.strip_prefix('@') {
        let (spot, message) = raise.split_once(' ').unwrap_or((raise, ""));
        let spot = match spot {
            "last" => Spot::Last,
            "next" => Spot::Next,
            "indent" => Spot::Indent,
            _ => match spot.split_once("..") {
                Some((start, "")) => Spot::From(variable_index(start)),
                Some((start, end)) => Spot::Range(variable_index(start), variable_index(end)),
                None => Spot::Node(variable_index(spot)),
            },
        };
        return Action::Raise { spot, message };
    }
    match KINDS.iter().find(|(name, _)| *name == text) {
        Some((_, kind)) => Action::Make(*kind),
        None => Action::Variable(variable_index(text)),
    }
}

struct Reader {
    text: &'static str,
    at: usize,
}

impl Reader {
    fn rest(&self) -> &'static str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn next_is(&self, text: &str) -> bool {
        self.rest().starts_with(text)
    }

    fn peek(&mut self) -> Option<char> {
        while self.next_is(" ") {
            self.at += 1;
        }
        self.rest().chars().next()
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    fn eat_text(&mut self, text: &str) -> bool {
        self.peek();
        let found = self.next_is(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    fn variable(&mut self) -> Option<usize> {
        self.peek();
        let variable = ["a=", "b="].iter().position(|name| self.next_is(name))?;
        self.at += 2;
        Some(variable)
    }

    fn quoted(&mut self) -> Option<(&'static str, bool)> {
        let quote = self.peek().filter(|c| matches!(c, '\'' | '"'))?;
        let rest = self.rest().get(1..)?;
        let end = rest.find(quote)?;
        self.at += end + 2;
        Some((rest.get(..end)?, quote == '"'))
    }

    fn word(&mut self) -> &'static str {
        self.peek();
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        // A stray character would otherwise be read forever.
        self.at += end.max(1);
        rest.get(..end).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::GRAMMAR;

    #[test]
    fn every_rule_is_defined() {
        for rule in &GRAMMAR.rules {
            assert!(!rule.alternatives.is_empty(), "{} is used but not defined", rule.name);
        }
    }
}
