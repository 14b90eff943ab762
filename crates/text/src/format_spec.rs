//! The format specification mini-language: `[[fill]align][sign]["z"]["#"]["0"][width][grouping]
//! ["." precision [grouping]][type]`.
//!
//! Parsing checks what holds for every type; what a type does not allow is checked where it is
//! formatted, in `format_value`. Errors come in CPython's order and words.

use crate::unicode::decimal_value;
use crate::{CodePoints, TextError};

/// Where the value stands in its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// `<`
    Left,
    /// `>`
    Right,
    /// `^`
    Center,
    /// `=`: the padding stands between sign and digits.
    AfterSign,
}

/// When a number shows its sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignMode {
    /// `-` or nothing: only negative numbers.
    Minus,
    /// `+`: always.
    Plus,
    /// A space in place of the plus.
    Space,
}

/// How digits are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// Not at all.
    None,
    /// By threes, with commas.
    Comma,
    /// By threes (by fours in bases 2, 8 and 16), with underscores.
    Underscore,
}

/// A parsed format specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatSpec {
    /// The padding character.
    pub fill: u32,
    /// The alignment, the type's default where none is given.
    pub align: Align,
    /// The sign mode; `None` where none is given.
    pub sign: Option<SignMode>,
    /// `z`: no negative zeros.
    pub no_negative_zero: bool,
    /// `#`.
    pub alternate: bool,
    /// The least width.
    pub width: Option<usize>,
    /// Grouping of the digits before the point.
    pub grouping: Grouping,
    /// The precision.
    pub precision: Option<usize>,
    /// Grouping of the digits after the point.
    pub fraction_grouping: Grouping,
    /// The presentation type; 0 for none where the type has no default.
    pub kind: u32,
}

struct Cursor<'a, S: ?Sized> {
    text: &'a S,
    at: usize,
}

impl<S: CodePoints + ?Sized> Cursor<'_, S> {
    fn peek(&self) -> Option<u32> {
        (self.at < self.text.len()).then(|| self.text.get(self.at))
    }

    fn eat(&mut self, c: u8) -> bool {
        let found = self.peek() == Some(c.into());
        self.at += usize::from(found);
        found
    }

    /// Reads decimal digits of any script; `None` when there are none.
    fn number(&mut self) -> Result<Option<usize>, TextError> {
        let (value, used) = parse_number(self.text, self.at)?;
        self.at += used;
        Ok(value)
    }
}

/// The number at `start` of a text and how many digits it has.
pub(crate) fn parse_number<S: CodePoints + ?Sized>(
    text: &S,
    start: usize,
) -> Result<(Option<usize>, usize), TextError> {
    let mut value: isize = 0;
    let mut at = start;
    while at < text.len() {
        let digit = match text.get(at) {
            digit @ 0x30..=0x39 => Some(digit as u8 - b'0'),
            other => {
                if other < 0x80 {
                    None
                } else {
                    decimal_value(other)
                }
            }
        };
        let Some(digit) = digit else { break };
        value = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(isize::from(digit as i8)))
            .ok_or_else(|| TextError::value("Too many decimal digits in format string"))?;
        at += 1;
    }
    let used = at - start;
    Ok(((used > 0).then_some(value.unsigned_abs()), used))
}

fn align_of(c: u32) -> Option<Align> {
    match u8::try_from(c).ok()? {
        b'<' => Some(Align::Left),
        b'>' => Some(Align::Right),
        b'^' => Some(Align::Center),
        b'=' => Some(Align::AfterSign),
        _ => None,
    }
}

/// A presentation type as messages show it.
fn show_kind(kind: u32) -> String {
    match u8::try_from(kind) {
        Ok(byte) if byte > 32 && byte < 128 => char::from(byte).to_string(),
        _ => format!("\\x{kind:x}"),
    }
}

/// The error for a presentation type that a type does not have.
#[must_use]
pub fn unknown_kind(kind: u32, type_name: &str) -> TextError {
    TextError::value(format!("Unknown format code '{}' for object of type '{type_name}'", show_kind(kind)))
}

fn both_groupings() -> TextError {
    TextError::value("Cannot specify both ',' and '_'.")
}

impl FormatSpec {
    /// Parses a specification. `kind` and `align` are the defaults of the value's type; `type_name`
    /// is for messages.
    pub fn parse<S: CodePoints + ?Sized>(
        text: &S,
        kind: u32,
        align: Align,
        type_name: &str,
    ) -> Result<Self, TextError> {
        let mut spec = Self {
            fill: b' '.into(),
            align,
            sign: None,
            no_negative_zero: false,
            alternate: false,
            width: None,
            grouping: Grouping::None,
            precision: None,
            fraction_grouping: Grouping::None,
            kind,
        };
        let mut cursor = Cursor { text, at: 0 };
        spec.parse_flags(&mut cursor);
        spec.width = cursor.number()?;
        if cursor.eat(b',') {
            spec.grouping = Grouping::Comma;
        }
        if cursor.eat(b'_') {
            if spec.grouping == Grouping::Comma {
                return Err(both_groupings());
            }
            spec.grouping = Grouping::Underscore;
            if cursor.peek() == Some(b','.into()) {
                return Err(both_groupings());
            }
        }
        spec.parse_precision(&mut cursor)?;
        let rest = text.len() - cursor.at;
        if rest > 1 {
            let all = text.lossy(0..text.len());
            return Err(TextError::value(format!("Invalid format specifier '{all}' for object of type '{type_name}'")));
        }
        if let Some(kind) = cursor.peek() {
            spec.kind = kind;
        }
        spec.check_grouping()?;
        Ok(spec)
    }

    fn parse_flags<S: CodePoints + ?Sized>(&mut self, cursor: &mut Cursor<'_, S>) {
        let text = cursor.text;
        let mut fill_given = false;
        let default = self.align;
        let mut align = None;
        if text.len() >= 2 {
            align = align_of(text.get(1));
            if align.is_some() {
                self.fill = text.get(0);
                fill_given = true;
                cursor.at = 2;
            }
        }
        if align.is_none() {
            align = cursor.peek().and_then(align_of);
            cursor.at += usize::from(align.is_some());
        }
        self.align = align.unwrap_or(default);
        self.sign = match cursor.peek().and_then(|c| u8::try_from(c).ok()) {
            Some(b'+') => Some(SignMode::Plus),
            Some(b'-') => Some(SignMode::Minus),
            Some(b' ') => Some(SignMode::Space),
            _ => None,
        };
        cursor.at += usize::from(self.sign.is_some());
        self.no_negative_zero = cursor.eat(b'z');
        self.alternate = cursor.eat(b'#');
        if !fill_given && cursor.eat(b'0') {
            self.fill = b'0'.into();
            if align.is_none() && default == Align::Right {
                self.align = Align::AfterSign;
            }
        }
    }

    fn parse_precision<S: CodePoints + ?Sized>(&mut self, cursor: &mut Cursor<'_, S>) -> Result<(), TextError> {
        if !cursor.eat(b'.') {
            return Ok(());
        }
        self.precision = cursor.number()?;
        if cursor.eat(b',') {
            self.fraction_grouping = Grouping::Comma;
        }
        if cursor.eat(b'_') {
            if self.fraction_grouping == Grouping::Comma {
                return Err(both_groupings());
            }
            self.fraction_grouping = Grouping::Underscore;
            if cursor.peek() == Some(b','.into()) {
                return Err(both_groupings());
            }
        }
        if self.precision.is_none() && self.fraction_grouping == Grouping::None {
            return Err(TextError::value("Format specifier missing precision"));
        }
        Ok(())
    }

    fn check_grouping(&self) -> Result<(), TextError> {
        let kind = u8::try_from(self.kind).unwrap_or(0xFF);
        let refuse = |grouping: Grouping| {
            let separator = if grouping == Grouping::Comma { ',' } else { '_' };
            let kind = show_kind(self.kind);
            Err(TextError::value(format!("Cannot specify '{separator}' with '{kind}'.")))
        };
        let allowed = match kind {
            0 | b'd' | b'e' | b'f' | b'g' | b'E' | b'F' | b'G' | b'%' => true,
            b'b' | b'o' | b'x' | b'X' => self.grouping != Grouping::Comma,
            _ => self.grouping == Grouping::None,
        };
        if !allowed {
            return refuse(self.grouping);
        }
        // The locale decides about the decimal places of `n`; other types do not mind.
        if self.fraction_grouping != Grouping::None && kind == b'n' {
            return refuse(self.fraction_grouping);
        }
        Ok(())
    }

    /// The characters that width and precision may ask for.
    #[must_use]
    pub fn demand(&self) -> usize {
        self.width.unwrap_or(0).saturating_add(self.precision.unwrap_or(0))
    }

    /// The sign mode with its default.
    #[must_use]
    pub fn sign_mode(&self) -> SignMode {
        self.sign.unwrap_or(SignMode::Minus)
    }
}
