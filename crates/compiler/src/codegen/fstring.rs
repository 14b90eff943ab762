//! f-strings and t-strings.

use ruff_python_ast::{self as ast, ConversionFlag, Expr, FStringPart, InterpolatedElement, InterpolatedStringElement};
use ruff_text_size::Ranged;
use taipan_bytecode::{CONVERSION_SHIFT, Const, Conversion, HAS_SPEC, Op};

use super::unit::Operand;
use super::{Compiler, Step, literal};
use crate::source::Source;

/// How many pieces are joined at once, each in a register of its own.
const MOST_AT_ONCE: usize = 1024;

/// A piece of an f-string: text, or a replacement field.
enum Piece<'a> {
    Text(Const),
    Field(&'a InterpolatedElement),
    /// A conversion of a `%` format that is known when compiling: the value, its conversion and its format specification.
    Converted(&'a Expr, Conversion, String),
}

impl<'a> Compiler<'a> {
    fn element_pieces(&self, element: &'a InterpolatedStringElement, pieces: &mut Vec<Piece<'a>>) {
        match element {
            InterpolatedStringElement::Literal(text) => {
                pieces.push(Piece::Text(self.string_part(&text.value, text.range)));
            }
            InterpolatedStringElement::Interpolation(field) => {
                if let Some(debug) = &field.debug_text {
                    pieces.push(Piece::Text(Const::Str(without_comments(debug.as_str()).into())));
                }
                pieces.push(Piece::Field(field));
            }
        }
    }

    /// Adjacent texts joined, empty ones gone.
    fn merged(pieces: Vec<Piece<'a>>) -> Vec<Piece<'a>> {
        let mut out: Vec<Piece<'a>> = Vec::new();
        for piece in pieces {
            match (piece, out.last_mut()) {
                (Piece::Text(text), Some(Piece::Text(last))) => *last = literal::join([last.clone(), text].into_iter()),
                (Piece::Text(text), _) if !super::fold::truth(&text) => {}
                (piece, _) => out.push(piece),
            }
        }
        out
    }

    pub(super) fn fstring(&mut self, e: &'a ast::ExprFString, dst: u16) -> Step {
        let mut pieces = Vec::new();
        for part in &e.value {
            match part {
                FStringPart::Literal(text) => pieces.push(Piece::Text(self.string_part(&text.value, text.range))),
                FStringPart::FString(f) => f.elements.iter().for_each(|el| self.element_pieces(el, &mut pieces)),
            }
        }
        self.at(e);
        self.joined(pieces, dst, e)
    }

    /// The pieces as one string in `dst`.
    fn joined(&mut self, pieces: Vec<Piece<'a>>, dst: u16, node: &impl Ranged) -> Step {
        let pieces = Self::merged(pieces);
        match &pieces[..] {
            [] => {
                self.unit().load_const(dst, Const::Str("".into()));
                return Ok(());
            }
            [Piece::Text(text)] => {
                self.unit().load_const(dst, text.clone());
                return Ok(());
            }
            [Piece::Field(field)] => return self.field(field, dst),
            [Piece::Converted(value, conversion, spec)] => return self.converted(value, *conversion, spec, dst),
            _ => {}
        }
        let first = self.unit().top();
        if pieces.len() > MOST_AT_ONCE {
            let mut pieces = pieces.into_iter().peekable();
            let mut count = 0;
            while pieces.peek().is_some() {
                let part: Vec<Piece<'a>> = pieces.by_ref().take(MOST_AT_ONCE).collect();
                let reg = self.unit().alloc();
                self.joined(part, reg, node)?;
                count += 1;
            }
            self.at(node);
            self.unit().emit(Op::BuildString, dst, first, count);
            self.unit().free_run(count.into());
            return Ok(());
        }
        let count = pieces.len() as u32;
        for piece in pieces {
            let reg = self.unit().alloc();
            match piece {
                Piece::Text(text) => self.unit().load_const(reg, text),
                Piece::Field(field) => self.field(field, reg)?,
                Piece::Converted(value, conversion, spec) => self.converted(value, conversion, &spec, reg)?,
            }
        }
        self.at(node);
        self.unit().emit(Op::BuildString, dst, first, count as u16);
        self.unit().free_run(count);
        Ok(())
    }

    /// `"…" % (a, b)` as an f-string, if the format has only `%s`, `%r` and `%a`, one for each item.
    pub(super) fn percent(&mut self, e: &'a ast::ExprBinOp, dst: u16) -> Option<Step> {
        let (Expr::StringLiteral(template), Expr::Tuple(values)) = (&*e.left, &*e.right) else { return None };
        if values.iter().any(Expr::is_starred_expr) {
            return None;
        }
        let Some(Const::Str(template)) = self.literal(&e.left).filter(|_| template.value.to_str().contains('%')) else {
            return None;
        };
        let pieces = percent_pieces(&template, &values.elts)?;
        self.at(e);
        Some(self.joined(pieces, dst, e))
    }

    fn converted(&mut self, value: &'a Expr, conversion: Conversion, spec: &str, dst: u16) -> Step {
        let hint = self.hint(dst);
        let operand = self.operand_in(value, hint)?;
        if spec.is_empty() {
            self.at(value);
            let flags = Self::consume_b(operand);
            self.unit().push(Op::FormatValue, flags, dst, operand.reg, conversion as u16);
        } else {
            let reg = self.unit().alloc();
            let spec_value = Operand { reg, consume: true, owned: true };
            self.at(value);
            self.unit().load_const(reg, Const::Str(spec.into()));
            let flags = Self::consume_flags(operand, spec_value) | (conversion as u8) << CONVERSION_SHIFT;
            self.unit().push(Op::FormatWithSpec, flags, dst, operand.reg, reg);
            self.unit().free(spec_value);
        }
        self.unit().free(operand);
        Ok(())
    }

    fn field(&mut self, field: &'a InterpolatedElement, dst: u16) -> Step {
        let conversion = conversion_of(field);
        let hint = self.hint(dst);
        let value = self.operand_in(&field.expression, hint)?;
        match &field.format_spec {
            None => {
                self.at(field);
                let flags = Self::consume_b(value);
                self.unit().push(Op::FormatValue, flags, dst, value.reg, conversion as u16);
            }
            Some(spec) => {
                let spec_value = self.format_spec(spec)?;
                self.at(field);
                let flags = Self::consume_flags(value, spec_value) | (conversion as u8) << CONVERSION_SHIFT;
                self.unit().push(Op::FormatWithSpec, flags, dst, value.reg, spec_value.reg);
                self.unit().free(spec_value);
            }
        }
        self.unit().free(value);
        Ok(())
    }

    /// A format specification as a string in a new temporary.
    fn format_spec(&mut self, spec: &'a ast::InterpolatedStringFormatSpec) -> Step<Operand> {
        let mut pieces = Vec::new();
        spec.elements.iter().for_each(|el| self.element_pieces(el, &mut pieces));
        let reg = self.unit().alloc();
        self.at(spec);
        self.joined(pieces, reg, spec)?;
        Ok(Operand { reg, consume: true, owned: true })
    }

    /// A template: a tuple of strings around a tuple of interpolations.
    pub(super) fn tstring(&mut self, e: &'a ast::ExprTString, dst: u16) -> Step {
        let mut pieces = Vec::new();
        for part in &e.value {
            part.elements.iter().for_each(|el| self.element_pieces(el, &mut pieces));
        }
        let mut strings = vec![Vec::new()];
        let mut fields = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => {
                    if let Some(last) = strings.last_mut() {
                        last.push(text);
                    }
                }
                Piece::Field(field) => {
                    fields.push(field);
                    strings.push(Vec::new());
                }
                Piece::Converted(..) => {}
            }
        }
        let strings = strings.into_iter().map(|parts| literal::join(parts.into_iter()));
        let strings = Const::Tuple(strings.collect());
        self.at(e);
        let base = self.unit().alloc();
        self.unit().load_const(base, strings);
        let first = self.unit().top();
        for field in &fields {
            self.interpolation(field)?;
        }
        self.at(e);
        let count = fields.len() as u32;
        self.unit().emit(Op::BuildTuple, first, first, count as u16);
        self.unit().max_depth = self.unit_ref().max_depth.max(self.unit_ref().depth + 1);
        self.unit().emit(Op::BuildTemplate, dst, base, 0);
        self.unit().free_run(count + 1);
        Ok(())
    }

    /// One interpolation, in a new temporary.
    fn interpolation(&mut self, field: &'a InterpolatedElement) -> Step {
        let reg = self.unit().alloc();
        self.expr_to(&field.expression, reg)?;
        let text = interpolation_text(self.source, field);
        self.at(field);
        let text_reg = self.unit().alloc();
        self.unit().load_const(text_reg, Const::Str(text.into()));
        let mut conversion = conversion_of(field);
        if field.debug_text.is_none() && matches!(field.conversion, ConversionFlag::None) {
            conversion = Conversion::None;
        }
        let mut flags = (conversion as u8) << CONVERSION_SHIFT;
        let mut used = 1;
        if let Some(spec) = &field.format_spec {
            self.format_spec(spec)?;
            flags |= HAS_SPEC;
            used = 2;
        }
        self.at(field);
        self.unit().push(Op::BuildInterpolation, flags, reg, reg, 0);
        self.unit().free_run(used);
        Ok(())
    }
}

/// The pieces of a `%` format; `None` if it has other conversions, or not one for each value.
fn percent_pieces<'a>(template: &str, values: &'a [Expr]) -> Option<Vec<Piece<'a>>> {
    const MOST_DIGITS: usize = 3;
    let number = |text: &mut &str| {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = text.split_at(digits);
        *text = rest;
        (digits <= MOST_DIGITS).then(|| number.parse::<u32>().ok())
    };
    let mut pieces = Vec::new();
    let mut values = values.iter();
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            text.push('%');
            rest = after;
            continue;
        }
        let mut after = after.trim_start_matches(['-', '+', ' ', '#', '0']);
        let to_left = rest[before.len()..rest.len() - after.len()].contains('-');
        let width = number(&mut after)?;
        let precision = match after.strip_prefix('.') {
            Some(digits) => {
                after = digits;
                Some(number(&mut after)?.unwrap_or(0))
            }
            None => None,
        };
        let conversion = match after.chars().next()? {
            's' => Conversion::Str,
            'r' => Conversion::Repr,
            'a' => Conversion::Ascii,
            _ => return None,
        };
        rest = &after[1..];
        let mut spec = String::new();
        if let Some(width) = width {
            spec += if !to_left && width > 0 { ">" } else { "" };
            spec += &width.to_string();
        }
        if let Some(precision) = precision {
            spec += &format!(".{precision}");
        }
        pieces.push(Piece::Text(Const::Str(std::mem::take(&mut text).into())));
        pieces.push(Piece::Converted(values.next()?, conversion, spec));
    }
    text.push_str(rest);
    pieces.push(Piece::Text(Const::Str(text.into())));
    values.next().is_none().then_some(pieces)
}

/// The source text of an interpolation's expression: all between the brace and what ends it, without comments.
pub(crate) fn interpolation_text(source: &Source, field: &InterpolatedElement) -> String {
    if let Some(debug) = &field.debug_text {
        let text = without_comments(debug.as_str());
        let text = text.trim_end_matches(|c: char| c.is_whitespace() || c == '\\');
        return text.strip_suffix('=').unwrap_or(text).to_string();
    }
    if let Some(tree) = source.tree() {
        return tree.texts.get(&field.range.start().into()).cloned().unwrap_or_default();
    }
    let start = usize::from(field.range.start()) + 1;
    let inside = source.text().get(start..field.range.end().into()).unwrap_or_default();
    let after = usize::from(field.expression.range().end()).saturating_sub(start);
    let rest = inside.get(after..).unwrap_or_default();
    // Closing parentheses and comments may stand between the expression and what ends it.
    let mut in_comment = false;
    let end = rest.find(|c: char| {
        in_comment = (in_comment || c == '#') && c != '\n';
        !in_comment && matches!(c, '!' | ':' | '}')
    });
    without_comments(&inside[..after + end.unwrap_or(0)])
}

/// The text with its comments cut out, up to but not including the ends of their lines.
pub(crate) fn without_comments(text: &str) -> String {
    if !text.contains('#') {
        return text.to_string();
    }
    let mut out = String::new();
    let mut rest = text;
    let mut quote: Option<&str> = None;
    while let Some(c) = rest.chars().next() {
        let mut taken = c.len_utf8();
        match quote {
            Some(_) if c == '\\' => taken += rest[taken..].chars().next().map_or(0, char::len_utf8),
            Some(closing) if rest.starts_with(closing) => {
                taken = closing.len();
                quote = None;
            }
            Some(_) => {}
            None if c == '#' => {
                rest = rest.find('\n').map_or("", |end| &rest[end..]);
                continue;
            }
            None => {
                let opening = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|q| rest.starts_with(q));
                if let Some(opening) = opening {
                    taken = opening.len();
                    quote = Some(opening);
                }
            }
        }
        out.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    out
}

/// The conversion: as written, or `!r` for a field with `=` and nothing else.
fn conversion_of(field: &InterpolatedElement) -> Conversion {
    match field.conversion {
        ConversionFlag::Str => Conversion::Str,
        ConversionFlag::Repr => Conversion::Repr,
        ConversionFlag::Ascii => Conversion::Ascii,
        ConversionFlag::None if field.debug_text.is_some() && field.format_spec.is_none() => Conversion::Repr,
        ConversionFlag::None => Conversion::None,
    }
}
