//! The `%` operator of str and bytes: parsing conversions and laying their results out.
//!
//! A conversion is parsed in two steps, because CPython looks a mapping key up before it reads the
//! rest, and takes the arguments of `*` while it reads. Errors therefore appear in its order.

use crate::{CodePoints, Sink, TextError};
use std::ops::Range;
use taipan_numeric::FloatFormat;

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PercentPiece {
    /// Text to copy; `%%` gives the literal `%`.
    Literal(Range<usize>),
    /// The start of a conversion, with its mapping key if there is one. The caller looks the key up,
    /// then calls [`PercentParser::conversion`].
    Conversion {
        /// The key between the parentheses.
        key: Option<Range<usize>>,
    },
}

/// A conversion: its flags, width, precision and character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conversion {
    /// `-`: pad on the right.
    pub left: bool,
    /// `+`: always a sign.
    pub plus: bool,
    /// A space in place of the plus.
    pub blank: bool,
    /// `#`: the alternate form.
    pub alternate: bool,
    /// `0`: pad numbers with zeros.
    pub zero: bool,
    /// The least width.
    pub width: usize,
    /// The precision.
    pub precision: Option<usize>,
    /// The conversion character.
    pub kind: u32,
    /// Where the conversion character stands.
    pub index: usize,
}

/// Reads a template from left to right.
pub struct PercentParser<'a, S: ?Sized> {
    template: &'a S,
    at: usize,
    mapping: bool,
}

impl<'a, S: CodePoints + ?Sized> PercentParser<'a, S> {
    /// A parser at the start of a template. `mapping` tells whether the right operand is a mapping,
    /// without which no key is allowed.
    pub fn new(template: &'a S, mapping: bool) -> Self {
        Self { template, at: 0, mapping }
    }

    fn peek(&self) -> Option<u32> {
        (self.at < self.template.len()).then(|| self.template.get(self.at))
    }

    fn peek_byte(&self) -> u8 {
        self.peek().and_then(|c| u8::try_from(c).ok()).unwrap_or(0)
    }

    /// The next piece; `None` at the end.
    pub fn next_piece(&mut self) -> Result<Option<PercentPiece>, TextError> {
        let start = self.at;
        while let Some(c) = self.peek() {
            if c == u32::from(b'%') {
                break;
            }
            self.at += 1;
        }
        if self.at > start {
            return Ok(Some(PercentPiece::Literal(start..self.at)));
        }
        if self.peek().is_none() {
            return Ok(None);
        }
        self.at += 1;
        match self.peek_byte() {
            b'%' => {
                self.at += 1;
                Ok(Some(PercentPiece::Literal(self.at - 1..self.at)))
            }
            b'(' => self.key().map(|key| Some(PercentPiece::Conversion { key: Some(key) })),
            _ if self.peek().is_none() => Err(TextError::value("incomplete format")),
            _ => Ok(Some(PercentPiece::Conversion { key: None })),
        }
    }

    fn key(&mut self) -> Result<Range<usize>, TextError> {
        if !self.mapping {
            return Err(TextError::type_error("format requires a mapping"));
        }
        self.at += 1;
        let start = self.at;
        let mut depth = 1;
        while let Some(c) = self.peek() {
            self.at += 1;
            if c == u32::from(b'(') {
                depth += 1;
            } else if c == u32::from(b')') {
                depth -= 1;
                if depth == 0 {
                    return Ok(start..self.at - 1);
                }
            }
        }
        Err(TextError::value("incomplete format key"))
    }

    /// Reads the rest of a conversion. `star` takes the next argument as an integer (told whether for the precision); it raises
    /// `* wants int` itself.
    pub fn conversion<E: From<TextError>>(
        &mut self,
        mut star: impl FnMut(bool) -> Result<i64, E>,
    ) -> Result<Conversion, E> {
        let mut conversion = Conversion::default();
        loop {
            match self.peek_byte() {
                b'-' => conversion.left = true,
                b'+' => conversion.plus = true,
                b' ' => conversion.blank = true,
                b'#' => conversion.alternate = true,
                b'0' => conversion.zero = true,
                _ => break,
            }
            self.at += 1;
        }
        if self.peek_byte() == b'*' {
            self.at += 1;
            let width = star(false)?;
            conversion.left |= width < 0;
            conversion.width = usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX);
        } else {
            conversion.width = self.number(isize::MAX as usize, "width too big")?;
        }
        if self.peek_byte() == b'.' {
            self.at += 1;
            conversion.precision = Some(if self.peek_byte() == b'*' {
                self.at += 1;
                usize::try_from(star(true)?).unwrap_or(0)
            } else {
                self.number(i32::MAX as usize, "precision too big")?
            });
        }
        if matches!(self.peek_byte(), b'h' | b'l' | b'L') {
            self.at += 1;
        }
        let Some(kind) = self.peek() else {
            return Err(TextError::value("incomplete format").into());
        };
        conversion.kind = kind;
        conversion.index = self.at;
        self.at += 1;
        Ok(conversion)
    }

    fn number(&mut self, limit: usize, message: &str) -> Result<usize, TextError> {
        let mut value = 0usize;
        while self.peek_byte().is_ascii_digit() {
            let digit = usize::from(self.peek_byte() - b'0');
            let next = value.checked_mul(10).and_then(|v| v.checked_add(digit)).filter(|v| *v <= limit);
            value = next.ok_or_else(|| TextError::value(message))?;
            self.at += 1;
        }
        Ok(value)
    }
}

impl Conversion {
    /// The error for a conversion character that does not exist.
    #[must_use]
    pub fn unsupported(&self) -> TextError {
        let shown = u8::try_from(self.kind).ok().filter(|b| (32..127).contains(b)).map_or('?', char::from);
        TextError::value(format!("unsupported format character '{shown}' (0x{:x}) at index {}", self.kind, self.index))
    }

    /// Writes the text of `%s`, `%r`, `%a` (cut to the precision) or of `%c` (never cut).
    pub fn write_text<S: CodePoints + ?Sized>(&self, text: &S, out: &mut impl Sink) -> Result<(), TextError> {
        out.require(self.width)?;
        let cut = if self.kind == u32::from(b'c') { None } else { self.precision };
        let len = text.len().min(cut.unwrap_or(usize::MAX));
        let pad = self.width.saturating_sub(len);
        if !self.left {
            out.push_repeated(b' '.into(), pad);
        }
        out.push_range(text, 0..len);
        if self.left {
            out.push_repeated(b' '.into(), pad);
        }
        Ok(())
    }

    /// The base of an integer conversion.
    #[must_use]
    pub fn base(&self) -> u32 {
        match u8::try_from(self.kind) {
            Ok(b'o') => 8,
            Ok(b'x' | b'X') => 16,
            _ => 10,
        }
    }

    /// Writes an integer given as lower-case digits in [`Conversion::base`], with a minus sign
    /// where needed.
    pub fn write_int(&self, digits: &str, out: &mut impl Sink) -> Result<(), TextError> {
        out.require(self.width.saturating_add(self.precision.unwrap_or(0)))?;
        let (negative, digits) = digits.strip_prefix('-').map_or((false, digits), |d| (true, d));
        let prefix = match u8::try_from(self.kind) {
            Ok(b'o') if self.alternate => "0o",
            Ok(b'x') if self.alternate => "0x",
            Ok(b'X') if self.alternate => "0X",
            _ => "",
        };
        let zeros = self.precision.unwrap_or(0).saturating_sub(digits.len());
        let upper = self.kind == u32::from(b'X');
        let upper_digits = if upper { digits.to_ascii_uppercase() } else { String::new() };
        let digits = if upper { &upper_digits } else { digits };
        self.write_number(negative, prefix, zeros, digits, out);
        Ok(())
    }

    /// How a float conversion is rendered; the result goes to [`Conversion::write_float`].
    #[must_use]
    pub fn float_format(&self) -> FloatFormat {
        FloatFormat {
            style: u8::try_from(self.kind).unwrap_or(b'f'),
            precision: self.precision.unwrap_or(6),
            alternate: self.alternate,
            ..FloatFormat::default()
        }
    }

    /// Writes a float.
    pub fn write_float(&self, value: f64, out: &mut impl Sink) -> Result<(), TextError> {
        out.require(self.width.saturating_add(self.precision.unwrap_or(0)))?;
        let text = taipan_numeric::format_float(value, self.float_format());
        let (negative, digits) = text.strip_prefix('-').map_or((false, text.as_str()), |d| (true, d));
        self.write_number(negative, "", 0, digits, out);
        Ok(())
    }

    fn write_number(&self, negative: bool, prefix: &str, zeros: usize, digits: &str, out: &mut impl Sink) {
        let sign = match (negative, self.plus, self.blank) {
            (true, ..) => "-",
            (false, true, _) => "+",
            (false, false, true) => " ",
            _ => "",
        };
        let len = sign.len() + prefix.len() + zeros + digits.len();
        let pad = self.width.saturating_sub(len);
        let inside = self.zero && !self.left;
        if !self.left && !inside {
            out.push_repeated(b' '.into(), pad);
        }
        out.push_str(sign);
        out.push_str(prefix);
        out.push_repeated(b'0'.into(), zeros + if inside { pad } else { 0 });
        out.push_str(digits);
        if self.left {
            out.push_repeated(b' '.into(), pad);
        }
    }
}
