//! Type comments: what `PyCF_TYPE_COMMENTS` adds to a tree, and mode `func_type`, which parses one such comment.
//!
//! Invariant: every type comment of a source ends up in the tree, or is an error, as it stands where the grammar has no place for one.

use super::{Field, Maker, Node, bare};
use crate::parse::{Flags, Mode, SyntaxError, lexemes, parse};
use crate::source::{Position, Source};
use ruff_python_ast::{Expr, Mod};
use ruff_text_size::{Ranged, TextRange, TextSize};
use std::cell::{Cell, RefCell};

/// A comment that begins with `# type:`.
struct Comment {
    range: TextRange,
    /// What it says.
    text: String,
    used: Cell<bool>,
}

/// The type comments of a source.
pub(super) struct Comments {
    typed: Vec<Comment>,
    /// `# type: ignore`: the line, and what follows.
    ignored: Vec<(u32, String)>,
    /// The first thing found wrong while the tree is made.
    wrong: RefCell<Option<SyntaxError>>,
}

/// What a comment says of types, if it does.
fn said(comment: &str) -> Option<&str> {
    let blank = |text: &str| text.trim_start_matches([' ', '\t']).len();
    let rest = comment.strip_prefix('#')?;
    let rest = rest[rest.len() - blank(rest)..].strip_prefix("type:")?;
    Some(rest[rest.len() - blank(rest)..].trim_end_matches(['\r', '\n']))
}

impl Comments {
    pub(super) fn of(source: &Source) -> Comments {
        let mut comments = Comments { typed: Vec::new(), ignored: Vec::new(), wrong: RefCell::default() };
        const COMMENT: u8 = 65;
        for lexeme in lexemes(source).0.iter().filter(|lexeme| lexeme.kind == COMMENT) {
            let Some(text) = source.text().get(lexeme.text.clone()).and_then(said) else { continue };
            let tag = text
                .strip_prefix("ignore")
                .filter(|tag| tag.chars().next().is_none_or(|c| c.is_ascii() && !c.is_ascii_alphanumeric()));
            if let Some(tag) = tag {
                // Alone on its line it takes the end of the line along.
                let before = source.text().get(..lexeme.text.start).unwrap_or("");
                let alone = before.lines().last().is_none_or(|line| before.ends_with('\n') || line.trim().is_empty());
                comments.ignored.push((lexeme.start.0, if alone { format!("{tag}\n") } else { tag.to_owned() }));
                continue;
            }
            let place = |at: usize| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
            let range = TextRange::new(place(lexeme.text.start), place(lexeme.text.end));
            comments.typed.push(Comment { range, text: text.to_owned(), used: Cell::new(false) });
        }
        comments
    }

    /// The field `type_ignores`.
    pub(super) fn ignored(&self) -> Field {
        let node = |(line, tag): &(u32, String)| {
            bare("TypeIgnore", vec![Field::Int(i64::from(*line)), Field::Name(tag.clone())]).into()
        };
        Field::List(self.ignored.iter().map(node).collect())
    }

    /// What is wrong with the comments, now that the tree is made.
    pub(super) fn error(&self, source: &Source) -> Option<SyntaxError> {
        let left = || {
            let comment = self.typed.iter().find(|comment| !comment.used.get())?;
            Some(SyntaxError::at(source, comment.range, "invalid syntax"))
        };
        self.wrong.take().or_else(left)
    }

    /// The comments between two places.
    fn between(&self, from: TextSize, to: TextSize) -> impl Iterator<Item = &Comment> {
        self.typed.iter().filter(move |comment| comment.range.start() >= from && comment.range.end() <= to)
    }
}

/// Whether a text consists of blanks, comments and these characters.
fn only(text: &str, allowed: &[char]) -> bool {
    text.lines().all(|line| {
        line.split('#').next().unwrap_or("").chars().all(|c| c.is_whitespace() || c == '\\' || allowed.contains(&c))
    })
}

impl Maker<'_> {
    /// The comment that follows an assignment on its line.
    pub(super) fn assignment_comment(&self, end: TextSize) -> Field {
        self.comment(end, TextSize::of(self.source.text()), |text| text.chars().all(|c| c == ' ' || c == '\t'))
    }

    /// The comment that follows the heading of a block on its line. The heading ends with a colon between the two places.
    pub(super) fn heading_comment(&self, end: TextSize, body: TextSize) -> Field {
        self.comment(end, body, |text| {
            text.trim_end_matches([' ', '\t']).ends_with(':') && only(text, &[':', ')', ','])
        })
    }

    /// The comment of a function: behind its heading, or on the line below.
    pub(super) fn function_comment(&self, end: TextSize, body: TextSize) -> Field {
        let Some(comments) = self.comments else { return Field::None };
        let mut found = comments.between(end, body);
        let (first, second) = (found.next(), found.next());
        if let (Some(_), Some(second)) = (first, second) {
            let error = SyntaxError::at(self.source, second.range, "Cannot have two type comments on def");
            comments.wrong.borrow_mut().get_or_insert(error);
        }
        self.comment(end, body, |text| only(text, &[':', ')', ',']) && text.contains(':'))
    }

    /// The comment of a parameter, behind it or behind the comma that follows.
    pub(super) fn parameter_comment(&self, end: TextSize, list: TextSize) -> Field {
        let Some(comments) = self.comments else { return Field::None };
        // Without a comma it must be the last thing of the list.
        let last = comments
            .between(end, list)
            .next()
            .is_some_and(|comment| self.text(TextRange::new(comment.range.end(), list)).trim_start().starts_with(')'));
        self.comment(end, list, |text| text.trim() == "," || last && text.trim().is_empty())
    }

    /// The first comment between two places if what stands before it suits.
    fn comment(&self, from: TextSize, to: TextSize, suits: impl Fn(&str) -> bool) -> Field {
        let found = self.comments.and_then(|comments| comments.between(from, to).next());
        match found.filter(|comment| suits(self.text(TextRange::new(from, comment.range.start())))) {
            Some(comment) => {
                comment.used.set(true);
                Field::Name(comment.text.clone())
            }
            None => Field::None,
        }
    }
}

/// Moves the positions of a tree to where its source stands in another; `at` is the place of its first character there.
fn shift(node: &mut Node, at: (u32, i64)) {
    let moved = |place: Position| match place.line {
        1 => Position { line: at.0, column: u32::try_from(i64::from(place.column) + at.1).unwrap_or(0) },
        line => Position { line: line - 1 + at.0, ..place },
    };
    node.place = node.place.map(|(start, end)| (moved(start), moved(end)));
    for field in &mut node.fields {
        shift_field(field, at);
    }
}

fn shift_field(field: &mut Field, at: (u32, i64)) {
    match field {
        Field::Node(node) => shift(node, at),
        Field::List(items) => items.iter_mut().for_each(|item| shift_field(item, at)),
        _ => {}
    }
}

/// The tree of a function's type, such as `(int, *str) -> bool`.
pub fn function_type(source: &Source) -> Result<Node, SyntaxError> {
    let text = source.text();
    let whole = TextRange::new(TextSize::new(0), TextSize::of(text));
    let invalid = || SyntaxError::at(source, whole, "invalid syntax");
    let tokens = lexemes(source).0;
    let texts = || tokens.iter().map(|token| (token, text.get(token.text.clone()).unwrap_or("")));
    let mut depth = 0_i64;
    let arrow = texts().find(|(_, token)| {
        match *token {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        depth == 0 && *token == "->"
    });
    let Some((arrow, _)) = arrow else { return Err(invalid()) };
    let indented = text.starts_with([' ', '\t']);
    let open = text
        .find(|c: char| !c.is_whitespace() && !indented)
        .filter(|&at| text[at..].starts_with('('))
        .ok_or_else(invalid)?;
    let arguments = text.get(open..arrow.text.start).unwrap_or("").trim_end();
    if !arguments.ends_with(')') {
        return Err(invalid());
    }
    // As a call, so that the stars are understood.
    let call = Source::from_text(source.filename(), &format!("f{arguments}"))?;
    let parsed = parse(&call, Mode::Eval, Flags::default()).map_err(|_| invalid())?;
    let maker = Maker { source: &call, comments: None };
    let Mod::Expression(root) = parsed.tree() else { return Err(invalid()) };
    let Expr::Call(root) = &*root.body else { return Err(invalid()) };
    if !matches!(&*root.func, Expr::Name(_)) || usize::from(root.range().end()) != call.text().trim_end().len() {
        return Err(invalid());
    }
    let mut types = Vec::new();
    for argument in &root.arguments.args {
        match argument {
            Expr::Starred(starred) => types.push(maker.expr(&starred.value)),
            Expr::Generator(generator) if !generator.parenthesized => return Err(invalid()),
            plain => {
                if root
                    .arguments
                    .args
                    .iter()
                    .any(|other| matches!(other, Expr::Starred(_)) && other.range().start() < plain.range().start())
                {
                    return Err(invalid());
                }
                types.push(maker.expr(plain));
            }
        }
    }
    let stars = root.arguments.args.iter().filter(|argument| matches!(argument, Expr::Starred(_))).count();
    let keywords = &root.arguments.keywords;
    if stars > 1 || keywords.len() > 1 || keywords.iter().any(|keyword| keyword.arg.is_some()) {
        return Err(invalid());
    }
    types.extend(keywords.iter().map(|keyword| maker.expr(&keyword.value)));
    let place = |at: usize| source.position(u32::try_from(at).unwrap_or(u32::MAX));
    let start = place(open);
    types.iter_mut().for_each(|field| shift_field(field, (start.line, i64::from(start.column) - 1)));
    let rest = text.get(arrow.text.end..).unwrap_or("");
    let result_at = arrow.text.end + rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let result = Source::from_text(source.filename(), text.get(result_at..).unwrap_or(""))?;
    let parsed = parse(&result, Mode::Eval, Flags::default()).map_err(|_| invalid())?;
    let Mod::Expression(root) = parsed.tree() else { return Err(invalid()) };
    let mut returns = Maker { source: &result, comments: None }.expr(&root.body);
    let start = place(result_at);
    shift_field(&mut returns, (start.line, i64::from(start.column)));
    Ok(bare("FunctionType", vec![Field::List(types), returns]))
}
