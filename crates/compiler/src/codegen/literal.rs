//! Constants of literals: numbers of any size, strings with lone surrogates, docstrings.

use std::sync::Arc;

use ruff_python_ast::{self as ast, Expr, Number, Stmt};
use ruff_text_size::TextRange;
use taipan_bytecode::Const;

use super::Compiler;
use crate::source::Source;

/// The constant of a number literal.
pub(crate) fn number(value: &Number) -> Const {
    match value {
        Number::Float(x) => Const::Float(*x),
        Number::Complex { real, imag } => Const::Complex(*real, *imag),
        Number::Int(n) => match n.as_i64() {
            Some(n) => Const::Int(n),
            None => Const::BigInt(big_int(&n.to_string())),
        },
    }
}

/// The text of a large int literal: decimal, or `0x` and lower-case hexadecimal digits for the other bases.
fn big_int(token: &str) -> Arc<str> {
    let digits: String = token.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).collect();
    let (bits, rest) = match digits.get(..2) {
        Some("0x") => return format!("0x{}", digits[2..].trim_start_matches('0')).into(),
        Some("0o") => (3, &digits[2..]),
        Some("0b") => (1, &digits[2..]),
        _ => return digits.trim_start_matches('0').into(),
    };
    let mut nibbles = Vec::new();
    let (mut pending, mut have) = (0u32, 0);
    for digit in rest.chars().rev() {
        pending |= digit.to_digit(8).unwrap_or(0) << have;
        have += bits;
        while have >= 4 {
            nibbles.push(pending & 15);
            pending >>= 4;
            have -= 4;
        }
    }
    nibbles.push(pending);
    let hex: String = nibbles.iter().rev().filter_map(|n| char::from_digit(*n, 16)).collect();
    format!("0x{}", hex.trim_start_matches('0')).into()
}

/// The docstring's literal, if the body starts with one.
pub(super) fn docstring_of(body: &[Stmt]) -> Option<&ast::ExprStringLiteral> {
    match body.first()? {
        Stmt::Expr(s) => match &*s.value {
            Expr::StringLiteral(literal) => Some(literal),
            _ => None,
        },
        _ => None,
    }
}

/// A docstring without the indentation that all its lines but the first share.
pub(super) fn clean_docstring(value: Const) -> Const {
    let Const::Str(text) = &value else { return value };
    let expanded: Vec<String> = text.split('\n').map(expand_tabs).collect();
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let margin = expanded[1..].iter().filter(|l| !l.trim_start_matches(' ').is_empty()).map(|l| indent(l)).min();
    let margin = margin.unwrap_or(0);
    let mut lines = vec![expanded[0].trim_start_matches(' ').to_string()];
    lines.extend(expanded[1..].iter().map(|l| l[margin.min(indent(l))..].to_string()));
    Const::Str(lines.join("\n").into())
}

fn expand_tabs(line: &str) -> String {
    if !line.contains('\t') {
        return line.to_string();
    }
    let mut out = String::new();
    let mut column = 0;
    for c in line.chars() {
        if c == '\t' {
            let n = 8 - column % 8;
            out.extend(std::iter::repeat_n(' ', n));
            column += n;
        } else {
            out.push(c);
            column += 1;
        }
    }
    out
}

impl<'a> Compiler<'a> {
    /// The value of a string literal, its parts joined.
    pub(super) fn string_literal(&self, e: &ast::ExprStringLiteral) -> Const {
        let parts = e.value.iter().map(|part| self.string_part(&part.value, part.range));
        join(parts)
    }

    /// The value of one part.
    pub(super) fn string_part(&self, value: &str, range: TextRange) -> Const {
        string_part(self.source, value, range)
    }
}

/// The value of one part of a string. The tree cannot hold lone surrogates and has U+FFFD instead, so such a part is compared with its source.
pub(crate) fn string_part(source: &Source, value: &str, range: TextRange) -> Const {
    let source = source.text().get(usize::from(range.start())..usize::from(range.end())).unwrap_or_default();
    if !value.contains('\u{fffd}') || !source.contains('\\') {
        return Const::Str(value.into());
    }
    surrogates(value, source).map_or_else(|| Const::Str(value.into()), |points| Const::Surrogates(points.into()))
}

/// Joins strings, with or without lone surrogates.
pub(crate) fn join(parts: impl Iterator<Item = Const>) -> Const {
    let mut text = String::new();
    let mut points: Option<Vec<u32>> = None;
    for part in parts {
        match (part, &mut points) {
            (Const::Str(s), None) => text.push_str(&s),
            (Const::Str(s), Some(points)) => points.extend(s.chars().map(u32::from)),
            (Const::Surrogates(more), Some(points)) => points.extend(more.iter()),
            (Const::Surrogates(more), None) => {
                points = Some(text.chars().map(u32::from).chain(more.iter().copied()).collect());
            }
            _ => {}
        }
    }
    points.map_or_else(|| Const::Str(text.into()), |points| Const::Surrogates(points.into()))
}

/// Walks the decoded value and the source side by side; the code points, if some escape names a surrogate.
fn surrogates(value: &str, source: &str) -> Option<Vec<u32>> {
    let escapes = surrogate_escapes(source);
    if escapes.iter().all(Option::is_none) {
        return None;
    }
    let mut replaced = escapes.into_iter();
    let mut found = false;
    let points = value
        .chars()
        .map(|c| {
            if c != '\u{fffd}' {
                return c.into();
            }
            match replaced.next().flatten() {
                Some(point) => {
                    found = true;
                    point
                }
                None => c.into(),
            }
        })
        .collect();
    found.then_some(points)
}

/// For every U+FFFD that the source decodes to, in order: the surrogate that an escape asked for, if one did.
fn surrogate_escapes(source: &str) -> Vec<Option<u32>> {
    let mut out = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find(['\\', '\u{fffd}']) {
        let (_, tail) = rest.split_at(at);
        if let Some(after) = tail.strip_prefix('\u{fffd}') {
            out.push(None);
            rest = after;
            continue;
        }
        let mut chars = tail[1..].chars();
        let kind = chars.next();
        let digits = match kind {
            Some('u') => 4,
            Some('U') => 8,
            _ => 0,
        };
        let after = chars.as_str();
        match after.get(..digits).and_then(|hex| u32::from_str_radix(hex, 16).ok()) {
            Some(point) if (0xd800..0xe000).contains(&point) => out.push(Some(point)),
            Some(0xfffd) => out.push(None),
            _ => {}
        }
        rest = after.get(digits..).unwrap_or(after);
    }
    out
}
