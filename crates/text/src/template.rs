//! Templates of `str.format`: literal text and replacement fields.
//!
//! The parser never looks a value up. It hands out ranges of the template, so that the caller can
//! format nested specifications with the same parser (two levels deep, as CPython does).

use crate::format_spec::parse_number;
use crate::{CodePoints, TextError};
use std::ops::Range;

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text to copy.
    Literal(Range<usize>),
    /// A value to format.
    Field(Field),
}

/// A replacement field `{name!conversion:spec}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The field name, possibly empty.
    pub name: Range<usize>,
    /// The character after `!`.
    pub conversion: Option<u32>,
    /// The specification, possibly empty.
    pub spec: Range<usize>,
    /// The specification holds fields of its own.
    pub nested: bool,
}

/// Iterates over the pieces of `template[range]`. After an error it ends.
pub struct Pieces<'a, S: ?Sized> {
    template: &'a S,
    at: usize,
    end: usize,
    pending: Option<Field>,
}

/// The pieces of a part of a template.
pub fn pieces<S: CodePoints + ?Sized>(template: &S, range: Range<usize>) -> Pieces<'_, S> {
    Pieces { template, at: range.start, end: range.end, pending: None }
}

fn error<T>(message: &str) -> Result<T, TextError> {
    Err(TextError::value(message))
}

const OPEN: u32 = b'{' as u32;
const CLOSE: u32 = b'}' as u32;

impl<S: CodePoints + ?Sized> Pieces<'_, S> {
    fn take(&mut self) -> Option<u32> {
        if self.at >= self.end {
            return None;
        }
        self.at += 1;
        Some(self.template.get(self.at - 1))
    }

    fn step(&mut self) -> Result<Option<Piece>, TextError> {
        if let Some(field) = self.pending.take() {
            return Ok(Some(Piece::Field(field)));
        }
        if self.at >= self.end {
            return Ok(None);
        }
        let start = self.at;
        let brace = loop {
            match self.take() {
                Some(c @ (OPEN | CLOSE)) => break c,
                Some(_) => {}
                None => return Ok(Some(Piece::Literal(start..self.end))),
            }
        };
        let next = (self.at < self.end).then(|| self.template.get(self.at));
        if next == Some(brace) {
            self.at += 1;
            return Ok(Some(Piece::Literal(start..self.at - 1)));
        }
        if brace == CLOSE {
            return error("Single '}' encountered in format string");
        }
        if next.is_none() {
            return error("Single '{' encountered in format string");
        }
        let literal = start..self.at - 1;
        let field = self.field()?;
        if literal.is_empty() {
            return Ok(Some(Piece::Field(field)));
        }
        self.pending = Some(field);
        Ok(Some(Piece::Literal(literal)))
    }

    fn field(&mut self) -> Result<Field, TextError> {
        let start = self.at;
        let mut bracket = false;
        let mut last = 0;
        while let Some(c) = self.take() {
            last = c;
            match u8::try_from(c).unwrap_or(0) {
                b'[' => bracket = true,
                b']' => bracket = false,
                _ if bracket => {}
                b'{' => return error("unexpected '{' in field name"),
                b'}' | b':' | b'!' => break,
                _ => {}
            }
        }
        let ended = !bracket && matches!(u8::try_from(last), Ok(b'}' | b':' | b'!'));
        let name = start..self.at - usize::from(ended);
        if !ended {
            return error("expected '}' before end of string");
        }
        let mut field = Field { name, conversion: None, spec: self.at..self.at, nested: false };
        if last == CLOSE {
            return Ok(field);
        }
        if last == u32::from(b'!') {
            let Some(conversion) = self.take() else {
                return error("end of string while looking for conversion specifier");
            };
            field.conversion = Some(conversion);
            match self.take() {
                None => return error("unmatched '{' in format spec"),
                Some(CLOSE) => {
                    field.spec = self.at - 1..self.at - 1;
                    return Ok(field);
                }
                Some(c) if c == u32::from(b':') => {}
                Some(_) => return error("expected ':' after conversion specifier"),
            }
        }
        self.spec(field)
    }

    fn spec(&mut self, mut field: Field) -> Result<Field, TextError> {
        let start = self.at;
        let mut depth = 1;
        while let Some(c) = self.take() {
            if c == OPEN {
                field.nested = true;
                depth += 1;
            } else if c == CLOSE {
                depth -= 1;
                if depth == 0 {
                    field.spec = start..self.at - 1;
                    return Ok(field);
                }
            }
        }
        error("unmatched '{' in format spec")
    }
}

impl<S: CodePoints + ?Sized> Iterator for Pieces<'_, S> {
    type Item = Result<Piece, TextError>;

    fn next(&mut self) -> Option<Self::Item> {
        let piece = self.step();
        if piece.is_err() {
            self.at = self.end;
        }
        piece.transpose()
    }
}

/// The error for specifications nested more than two deep.
#[must_use]
pub fn too_deep() -> TextError {
    TextError::value("Max string recursion exceeded")
}

/// What `!c` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversion {
    /// `!s`
    Str,
    /// `!r`
    Repr,
    /// `!a`
    Ascii,
}

impl Conversion {
    /// Reads the character after `!`.
    pub fn from_code(c: u32) -> Result<Self, TextError> {
        match u8::try_from(c) {
            Ok(b's') => Ok(Self::Str),
            Ok(b'r') => Ok(Self::Repr),
            Ok(b'a') => Ok(Self::Ascii),
            Ok(byte) if byte > 32 && byte < 127 => {
                Err(TextError::value(format!("Unknown conversion specifier {}", char::from(byte))))
            }
            _ => Err(TextError::value(format!("Unknown conversion specifier \\x{c:x}"))),
        }
    }
}

/// The first part of a field name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum First {
    /// A positional argument.
    Index(usize),
    /// A keyword argument, a range of the template.
    Name(Range<usize>),
}

/// The numbering of fields in one call of `format`, nested specifications included.
#[derive(Clone, Copy, Debug, Default)]
pub struct AutoNumber {
    next: usize,
    manual: Option<bool>,
}

impl AutoNumber {
    fn claim(&mut self, manual: bool) -> Result<(), TextError> {
        match (self.manual.replace(manual), manual) {
            (Some(true), false) => error("cannot switch from manual field specification to automatic field numbering"),
            (Some(false), true) => error("cannot switch from automatic field numbering to manual field specification"),
            _ => Ok(()),
        }
    }
}

/// An accessor after the first part of a field name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accessor {
    /// `.name`
    Attribute(Range<usize>),
    /// `[number]`
    Index(usize),
    /// `[text]`
    Key(Range<usize>),
}

fn whole_number<S: CodePoints + ?Sized>(template: &S, range: &Range<usize>) -> Result<Option<usize>, TextError> {
    let (value, used) = parse_number(template, range.start)?;
    // Digits past the range belong to what follows and cannot occur: a name ends at a delimiter.
    Ok(value.filter(|_| used == range.len()))
}

/// Splits a field name into its first part, as written, and what follows it.
#[must_use]
pub fn split_first<S: CodePoints + ?Sized>(template: &S, name: &Range<usize>) -> (Range<usize>, Range<usize>) {
    let is_end = |i: &usize| matches!(u8::try_from(template.get(*i)), Ok(b'.' | b'['));
    let end = name.clone().find(is_end).unwrap_or(name.end);
    (name.start..end, end..name.end)
}

/// Splits a field name into its first part and its accessors, numbering automatically.
pub fn field_name<'a, S: CodePoints + ?Sized>(
    template: &'a S,
    name: &Range<usize>,
    numbers: &mut AutoNumber,
) -> Result<(First, Accessors<'a, S>), TextError> {
    let (first, rest) = split_first(template, name);
    let accessors = Accessors { template, at: rest.start, end: rest.end };
    if first.is_empty() {
        numbers.claim(false)?;
        numbers.next += 1;
        return Ok((First::Index(numbers.next - 1), accessors));
    }
    if let Some(index) = whole_number(template, &first)? {
        numbers.claim(true)?;
        return Ok((First::Index(index), accessors));
    }
    Ok((First::Name(first), accessors))
}

/// Iterates over the accessors of a field name.
pub struct Accessors<'a, S: ?Sized> {
    template: &'a S,
    at: usize,
    end: usize,
}

/// The accessors in a range that [`split_first`] gave.
pub fn accessors<S: CodePoints + ?Sized>(template: &S, rest: Range<usize>) -> Accessors<'_, S> {
    Accessors { template, at: rest.start, end: rest.end }
}

impl<S: CodePoints + ?Sized> Accessors<'_, S> {
    fn step(&mut self) -> Result<Option<Accessor>, TextError> {
        if self.at >= self.end {
            return Ok(None);
        }
        let opening = u8::try_from(self.template.get(self.at)).unwrap_or(0);
        let start = self.at + 1;
        let byte = |i: usize| u8::try_from(self.template.get(i)).unwrap_or(0);
        let accessor = match opening {
            b'.' => {
                let stop = (start..self.end).find(|i| matches!(byte(*i), b'.' | b'['));
                let end = stop.unwrap_or(self.end);
                self.at = end;
                Accessor::Attribute(start..end)
            }
            b'[' => {
                let Some(end) = (start..self.end).find(|i| byte(*i) == b']') else {
                    return error("Missing ']' in format string");
                };
                self.at = end + 1;
                match whole_number(self.template, &(start..end))? {
                    Some(index) => Accessor::Index(index),
                    None => Accessor::Key(start..end),
                }
            }
            _ => return error("Only '.' or '[' may follow ']' in format field specifier"),
        };
        if let Accessor::Attribute(range) | Accessor::Key(range) = &accessor
            && range.is_empty()
        {
            return error("Empty attribute in format string");
        }
        Ok(Some(accessor))
    }
}

impl<S: CodePoints + ?Sized> Iterator for Accessors<'_, S> {
    type Item = Result<Accessor, TextError>;

    fn next(&mut self) -> Option<Self::Item> {
        let accessor = self.step();
        if accessor.is_err() {
            self.at = self.end;
        }
        accessor.transpose()
    }
}
