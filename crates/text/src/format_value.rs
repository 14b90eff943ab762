//! Formatting of strings, integers, floats and complex numbers by a format specification.
//!
//! Numbers are rendered as plain ASCII first, then laid out: sign, prefix, grouped digits, fraction,
//! padding. Zero padding and grouping interact, so the layout decides both at once.

use crate::format_spec::{Align, FormatSpec, Grouping, SignMode, unknown_kind};
use crate::{CodePoints, Sink, TextError};
use taipan_numeric::complex::Complex;
use taipan_numeric::{BigInt, FloatFormat, format_float as render_float};

/// The locale's way with numbers, for the presentation type `n`.
#[derive(Clone, Debug)]
pub struct NumericLocale {
    /// The decimal point.
    pub decimal_point: String,
    /// The separator of groups.
    pub thousands_sep: String,
    /// Group sizes from the right, the last one repeated; 127 ends grouping.
    pub grouping: Vec<u8>,
}

impl Default for NumericLocale {
    /// The "C" locale: a point and no grouping.
    fn default() -> Self {
        Self { decimal_point: ".".into(), thousands_sep: String::new(), grouping: Vec::new() }
    }
}

/// An integer to format.
#[derive(Clone, Copy, Debug)]
pub enum IntValue<'a> {
    /// One that fits 64 bits.
    Small(i64),
    /// Any other.
    Big(&'a BigInt),
}

impl IntValue<'_> {
    fn to_string_radix(self, base: u32, max_digits: usize) -> Result<String, TextError> {
        match self {
            Self::Small(v) => Ok(taipan_numeric::small_to_string(v, base)),
            Self::Big(v) => {
                taipan_numeric::big_to_string(v, base, max_digits).map_err(|e| TextError::value(e.to_string()))
            }
        }
    }

    fn to_f64(self) -> Result<f64, TextError> {
        match self {
            Self::Small(v) => Ok(v as f64),
            Self::Big(v) => taipan_numeric::int_float::to_float(v).map_err(|e| TextError::overflow(e.to_string())),
        }
    }
}

/// `format(str, spec)`.
pub fn format_str<S, T>(value: &S, spec: &T, out: &mut impl Sink) -> Result<(), TextError>
where
    S: CodePoints + ?Sized,
    T: CodePoints + ?Sized,
{
    let spec = FormatSpec::parse(spec, b's'.into(), Align::Left, "str")?;
    if spec.kind != u32::from(b's') {
        return Err(unknown_kind(spec.kind, "str"));
    }
    let refuse = |what: &str| Err(TextError::value(format!("{what} not allowed in string format specifier")));
    match spec.sign {
        Some(SignMode::Space) => return refuse("Space"),
        Some(_) => return refuse("Sign"),
        None => {}
    }
    if spec.no_negative_zero {
        return refuse("Negative zero coercion (z)");
    }
    if spec.alternate {
        return refuse("Alternate form (#)");
    }
    if spec.align == Align::AfterSign {
        return refuse("'=' alignment");
    }
    let len = value.len().min(spec.precision.unwrap_or(usize::MAX));
    out.require(spec.width.unwrap_or(0))?;
    let (left, right) = padding(&spec, len);
    out.push_repeated(spec.fill, left);
    out.push_range(value, 0..len);
    out.push_repeated(spec.fill, right);
    Ok(())
}

fn padding(spec: &FormatSpec, len: usize) -> (usize, usize) {
    let total = spec.width.unwrap_or(0).saturating_sub(len);
    match spec.align {
        Align::Left => (0, total),
        Align::Center => (total / 2, total - total / 2),
        Align::Right | Align::AfterSign => (total, 0),
    }
}

/// `format(int, spec)`. `max_digits` is the limit of `sys.set_int_max_str_digits`; `type_name` is
/// for messages.
pub fn format_int<T: CodePoints + ?Sized>(
    value: IntValue<'_>,
    spec: &T,
    type_name: &str,
    max_digits: usize,
    locale: &NumericLocale,
    out: &mut impl Sink,
) -> Result<(), TextError> {
    let spec = FormatSpec::parse(spec, b'd'.into(), Align::Right, type_name)?;
    let kind = u8::try_from(spec.kind).unwrap_or(0);
    let (base, prefix) = match kind {
        b'b' => (2, "0b"),
        b'o' => (8, "0o"),
        b'x' => (16, "0x"),
        b'X' => (16, "0X"),
        b'd' | b'n' => (10, ""),
        b'c' => return format_char(value, &spec, out),
        b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'%' => {
            return write_float(value.to_f64()?, &spec, type_name, locale, out);
        }
        _ => return Err(unknown_kind(spec.kind, type_name)),
    };
    refuse_for_int(&spec)?;
    out.require(spec.demand())?;
    let mut text = value.to_string_radix(base, max_digits)?;
    if kind == b'X' {
        text.make_ascii_uppercase();
    }
    let prefix = if spec.alternate { prefix } else { "" };
    let group = if base == 10 { 3 } else { 4 };
    write_number(&text, prefix, &spec, Separators::new(&spec, group, kind == b'n', locale), out);
    Ok(())
}

fn refuse_for_int(spec: &FormatSpec) -> Result<(), TextError> {
    if spec.precision.is_some() {
        return Err(TextError::value("Precision not allowed in integer format specifier"));
    }
    if spec.no_negative_zero {
        let message = "Negative zero coercion (z) not allowed in integer format specifier";
        return Err(TextError::value(message));
    }
    Ok(())
}

fn format_char(value: IntValue<'_>, spec: &FormatSpec, out: &mut impl Sink) -> Result<(), TextError> {
    refuse_for_int(spec)?;
    if spec.sign.is_some() {
        return Err(TextError::value("Sign not allowed with integer format specifier 'c'"));
    }
    if spec.alternate {
        let message = "Alternate form (#) not allowed with integer format specifier 'c'";
        return Err(TextError::value(message));
    }
    let number = match value {
        IntValue::Small(n) => Some(n),
        IntValue::Big(big) => i64::try_from(big).ok(),
    };
    let c = match number {
        Some(c @ 0..=0x10_FFFF) => c,
        Some(_) => return Err(TextError::overflow("%c arg not in range(0x110000)")),
        None => return Err(TextError::overflow("Python int too large to convert to C long")),
    };
    out.require(spec.demand())?;
    let (left, right) = padding(spec, 1);
    out.push_repeated(spec.fill, left);
    out.push(c as u32);
    out.push_repeated(spec.fill, right);
    Ok(())
}

/// `format(float, spec)`.
pub fn format_float<T: CodePoints + ?Sized>(
    value: f64,
    spec: &T,
    type_name: &str,
    locale: &NumericLocale,
    out: &mut impl Sink,
) -> Result<(), TextError> {
    let spec = FormatSpec::parse(spec, 0, Align::Right, type_name)?;
    write_float(value, &spec, type_name, locale, out)
}

/// The rendering that a float's presentation type asks for.
fn float_style(spec: &FormatSpec, type_name: &str) -> Result<FloatFormat, TextError> {
    let kind = u8::try_from(spec.kind).unwrap_or(0xFF);
    let mut format = FloatFormat {
        style: kind,
        precision: spec.precision.unwrap_or(6),
        plus: false,
        alternate: spec.alternate,
        dot_zero: false,
        no_negative_zero: spec.no_negative_zero,
    };
    match kind {
        0 => format.style = if spec.precision.is_some() { b'g' } else { b'r' },
        b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => {}
        b'n' => format.style = b'g',
        b'%' if type_name != "complex" => format.style = b'f',
        _ => return Err(unknown_kind(spec.kind, type_name)),
    }
    if format.precision > i32::MAX as usize {
        return Err(TextError::value("precision too big"));
    }
    Ok(format)
}

fn write_float(
    value: f64,
    spec: &FormatSpec,
    type_name: &str,
    locale: &NumericLocale,
    out: &mut impl Sink,
) -> Result<(), TextError> {
    let mut format = float_style(spec, type_name)?;
    out.require(spec.demand())?;
    format.dot_zero = spec.kind == 0;
    let percent = spec.kind == u32::from(b'%');
    let mut text = render_float(if percent { value * 100.0 } else { value }, format);
    if percent {
        text.push('%');
    }
    let local = spec.kind == u32::from(b'n');
    write_number(&text, "", spec, Separators::new(spec, 3, local, locale), out);
    Ok(())
}

/// `format(complex, spec)`.
pub fn format_complex<T: CodePoints + ?Sized>(
    value: Complex,
    spec: &T,
    locale: &NumericLocale,
    out: &mut impl Sink,
) -> Result<(), TextError> {
    let spec = FormatSpec::parse(spec, 0, Align::Right, "complex")?;
    let style = float_style(&spec, "complex")?;
    if spec.fill == u32::from(b'0') {
        return Err(TextError::value("Zero padding is not allowed in complex format specifier"));
    }
    if spec.align == Align::AfterSign {
        let message = "'=' alignment flag is not allowed in complex format specifier";
        return Err(TextError::value(message));
    }
    out.require(spec.demand().saturating_mul(2))?;
    let plain = spec.kind == 0;
    let only_imag = plain && value.real == 0.0 && !value.real.is_sign_negative();
    let local = spec.kind == u32::from(b'n');
    let part = |x: f64, sign: Option<SignMode>, text: &mut Vec<u32>| {
        let bare = FormatSpec { width: None, align: Align::Left, sign, ..spec };
        write_number(&render_float(x, style), "", &bare, Separators::new(&spec, 3, local, locale), text);
    };
    let mut text = Vec::new();
    if plain && !only_imag {
        text.push(b'('.into());
    }
    if !only_imag {
        part(value.real, spec.sign, &mut text);
    }
    part(value.imag, if only_imag { spec.sign } else { Some(SignMode::Plus) }, &mut text);
    text.push(b'j'.into());
    if plain && !only_imag {
        text.push(b')'.into());
    }
    let (left, right) = padding(&spec, text.len());
    out.push_repeated(spec.fill, left);
    out.push_range(&text, 0..text.len());
    out.push_repeated(spec.fill, right);
    Ok(())
}

/// How the digits of a number are separated.
struct Separators<'a> {
    point: &'a str,
    thousands: &'a str,
    sizes: &'a [u8],
    fraction: Option<char>,
}

impl<'a> Separators<'a> {
    fn new(spec: &FormatSpec, group: usize, local: bool, locale: &'a NumericLocale) -> Self {
        let fraction = match spec.fraction_grouping {
            Grouping::None => None,
            Grouping::Comma => Some(','),
            Grouping::Underscore => Some('_'),
        };
        if local {
            let (point, thousands) = (&locale.decimal_point, &locale.thousands_sep);
            return Self { point, thousands, sizes: &locale.grouping, fraction };
        }
        let thousands = match spec.grouping {
            Grouping::None => return Self { point: ".", thousands: "", sizes: &[], fraction },
            Grouping::Comma => ",",
            Grouping::Underscore => "_",
        };
        Self { point: ".", thousands, sizes: if group == 3 { &[3] } else { &[4] }, fraction }
    }

    /// Whether the number stays as it was rendered.
    fn are_plain(&self) -> bool {
        self.point == "." && self.sizes.is_empty() && self.fraction.is_none()
    }

    /// Groups whole digits, with zeros in front until the result has `least` characters.
    fn group(&self, digits: &str, least: usize) -> String {
        if let ([size @ 1..127], [separator]) = (self.sizes, self.thousands.as_bytes())
            && least <= digits.len()
        {
            let size = usize::from(*size);
            let mut grouped = String::with_capacity(digits.len() + digits.len() / size);
            for (index, digit) in digits.chars().enumerate() {
                if index > 0 && (digits.len() - index).is_multiple_of(size) {
                    grouped.push(char::from(*separator));
                }
                grouped.push(digit);
            }
            return grouped;
        }
        let mut reversed: Vec<char> = Vec::with_capacity(digits.len() * 4 / 3 + 1);
        let separator: Vec<char> = self.thousands.chars().rev().collect();
        let mut source = digits.bytes().rev().map(char::from);
        let mut remaining = digits.len();
        let mut least = least as isize;
        let mut sizes = self.sizes.iter().copied();
        let mut size = usize::MAX;
        loop {
            match sizes.next() {
                Some(127) => size = usize::MAX,
                Some(next) if next > 0 => size = usize::from(next),
                _ => {}
            }
            let take = size.min(remaining.max(least.max(1) as usize));
            if !reversed.is_empty() {
                reversed.extend(&separator);
            }
            reversed.extend((0..take).map(|_| source.next().unwrap_or('0')));
            remaining = remaining.saturating_sub(take);
            least -= take as isize;
            if remaining == 0 && least <= 0 {
                return reversed.iter().rev().collect();
            }
            least -= separator.len() as isize;
        }
    }

    /// The part after the whole digits, with the local point and grouped decimal places.
    fn rest(&self, rest: &str) -> String {
        let Some(after) = rest.strip_prefix('.') else { return rest.to_owned() };
        let places = after.bytes().take_while(u8::is_ascii_digit).count();
        let mut text = self.point.to_owned();
        for (i, c) in after.chars().enumerate() {
            if let Some(separator) = self.fraction
                && i > 0
                && i < places
                && i.is_multiple_of(3)
            {
                text.push(separator);
            }
            text.push(c);
        }
        text
    }
}

/// Lays out a rendered number: an optional minus, digits, and what follows them.
fn write_number(text: &str, prefix: &str, spec: &FormatSpec, separators: Separators<'_>, out: &mut impl Sink) {
    let (negative, body) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let sign = match (negative, spec.sign_mode()) {
        (true, _) => "-",
        (false, SignMode::Plus) => "+",
        (false, SignMode::Space) => " ",
        (false, SignMode::Minus) => "",
    };
    if separators.are_plain() {
        let (left, right) = padding(spec, sign.len() + prefix.len() + body.len());
        let inside = spec.align == Align::AfterSign;
        if !inside {
            out.push_repeated(spec.fill, left);
        }
        out.push_latin1(sign.as_bytes());
        out.push_latin1(prefix.as_bytes());
        if inside {
            out.push_repeated(spec.fill, left);
        }
        out.push_latin1(body.as_bytes());
        return out.push_repeated(spec.fill, right);
    }
    let hexadecimal = matches!(u8::try_from(spec.kind), Ok(b'x' | b'X'));
    let is_digit = |b: &u8| if hexadecimal { b.is_ascii_hexdigit() } else { b.is_ascii_digit() };
    let whole = body.bytes().take_while(|b| is_digit(b)).count();
    let (digits, rest) = body.split_at(whole);
    let rest = separators.rest(rest);
    let fixed = sign.len() + prefix.len() + rest.chars().count();
    let width = spec.width.unwrap_or(0);
    let zero_padded = spec.fill == u32::from(b'0') && spec.align == Align::AfterSign;
    let digits = if whole == 0 {
        String::new()
    } else {
        separators.group(digits, if zero_padded { width.saturating_sub(fixed) } else { 0 })
    };
    let len = fixed + digits.chars().count();
    let (left, right) = padding(spec, len);
    let inside = spec.align == Align::AfterSign;
    if !inside {
        out.push_repeated(spec.fill, left);
    }
    out.push_str(sign);
    out.push_str(prefix);
    if inside {
        out.push_repeated(spec.fill, left);
    }
    out.push_str(&digits);
    out.push_str(&rest);
    out.push_repeated(spec.fill, right);
}
