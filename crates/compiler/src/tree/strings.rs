//! Strings of the tree: literals, f-strings, template strings.
//!
//! Invariant: no two constants stand next to each other among the values of an f-string, and none is empty.

use ruff_python_ast::{
    self as ast, ConversionFlag, FStringPart, InterpolatedElement, InterpolatedStringElement, StringLiteral,
};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::Const;

use super::{Field, Maker};
use crate::codegen::{join, string_part, without_comments};

/// A value of an f-string before constants are joined.
enum Piece<'a> {
    Text(TextRange, Const, Option<&'static str>),
    Field(&'a InterpolatedElement),
}

fn kind(literal: &StringLiteral) -> Option<&'static str> {
    literal.flags.prefix().is_unicode().then_some("u")
}

fn is_empty(value: &Const) -> bool {
    matches!(value, Const::Str(text) if text.is_empty())
}

impl<'a> Maker<'a> {
    pub(super) fn string(&self, e: &ast::ExprStringLiteral) -> Field {
        let value = join(e.value.iter().map(|part| string_part(self.source, &part.value, part.range)));
        self.constant(e.range, value, e.value.iter().next().and_then(kind))
    }

    fn piece(&self, literal: &StringLiteral) -> Piece<'a> {
        Piece::Text(literal.range, string_part(self.source, &literal.value, literal.range), kind(literal))
    }

    fn pieces<'b>(&self, elements: &'b ast::InterpolatedStringElements, pieces: &mut Vec<Piece<'b>>) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(text) => {
                    let value = string_part(self.source, &text.value, text.range);
                    pieces.push(Piece::Text(text.range, value, None));
                }
                InterpolatedStringElement::Interpolation(field) => {
                    if let Some(debug) = &field.debug_text {
                        let text = without_comments(debug.as_str());
                        let start = field.range.start() + ruff_text_size::TextSize::new(1);
                        let len = ruff_text_size::TextSize::new(debug.as_str().len() as u32);
                        let range = TextRange::at(start, len);
                        pieces.push(Piece::Text(range, Const::Str(text.into()), None));
                    }
                    pieces.push(Piece::Field(field));
                }
            }
        }
    }

    fn values(&self, pieces: Vec<Piece<'_>>, template: bool) -> Field {
        let mut values = Vec::new();
        let mut pending: Option<(TextRange, Const, Option<&str>)> = None;
        let flush = |pending: &mut Option<(TextRange, Const, Option<&str>)>, values: &mut Vec<Field>| {
            if let Some((range, value, kind)) = pending.take()
                && !is_empty(&value)
            {
                values.push(self.constant(range, value, kind));
            }
        };
        for piece in pieces {
            match (piece, &mut pending) {
                (Piece::Text(range, value, _), Some((whole, before, _))) => {
                    *whole = whole.cover(range);
                    *before = join([before.clone(), value].into_iter());
                }
                (Piece::Text(range, value, kind), none) => *none = Some((range, value, kind)),
                (Piece::Field(field), _) => {
                    flush(&mut pending, &mut values);
                    values.push(self.field(field, template));
                }
            }
        }
        flush(&mut pending, &mut values);
        Field::List(values)
    }

    fn field(&self, field: &InterpolatedElement, template: bool) -> Field {
        let conversion = match field.conversion {
            ConversionFlag::Str => 's' as i64,
            ConversionFlag::Repr => 'r' as i64,
            ConversionFlag::Ascii => 'a' as i64,
            ConversionFlag::None if field.debug_text.is_some() && field.format_spec.is_none() => 'r' as i64,
            ConversionFlag::None => -1,
        };
        let spec = field.format_spec.as_ref().map_or(Field::None, |spec| {
            let mut pieces = Vec::new();
            self.pieces(&spec.elements, &mut pieces);
            // The colon belongs to it.
            let start = spec.range.start() - ruff_text_size::TextSize::new(1);
            self.node("JoinedStr", TextRange::new(start, spec.range.end()), vec![self.values(pieces, false)])
        });
        let value = self.expr(&field.expression);
        if !template {
            return self.node("FormattedValue", field.range, vec![value, Field::Int(conversion), spec]);
        }
        let text = crate::codegen::interpolation_text(self.source, field);
        let fields = vec![value, Field::Const(Const::Str(text.into())), Field::Int(conversion), spec];
        self.node("Interpolation", field.range, fields)
    }

    pub(super) fn joined_str(&self, e: &ast::ExprFString) -> Field {
        let mut pieces = Vec::new();
        for part in &e.value {
            match part {
                FStringPart::Literal(literal) => pieces.push(self.piece(literal)),
                FStringPart::FString(part) => self.pieces(&part.elements, &mut pieces),
            }
        }
        self.node("JoinedStr", e.range(), vec![self.values(pieces, false)])
    }

    pub(super) fn template_str(&self, e: &ast::ExprTString) -> Field {
        let mut pieces = Vec::new();
        for part in &e.value {
            self.pieces(&part.elements, &mut pieces);
        }
        self.node("TemplateStr", e.range(), vec![self.values(pieces, true)])
    }
}
