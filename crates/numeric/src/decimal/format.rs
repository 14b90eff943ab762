//! `format(Decimal, spec)`: the common part of the mini-language.
//!
//! Invariant: a specification that `parse_layout` does not take is left to a more patient parser; what it takes is laid out here completely.

use super::text::push_exponent;
use super::{Coef, Context, Decimal, Status};

/// A format specification.
#[derive(Clone, Debug)]
pub struct Layout {
    fill: char,
    /// `<`, `>`, `^`, `=`, or `z` for zeros after the sign.
    align: char,
    sign: char,
    no_negative_zero: bool,
    width: usize,
    precision: Option<i64>,
    kind: u8,
    /// Whether the locale says how numbers look.
    pub localized: bool,
    /// What separates the whole part from the fraction.
    pub point: String,
    /// What separates groups of digits.
    pub separator: String,
    /// Sizes of groups from the right, the last one repeated; 127 or more ends grouping, as does 0 at the end of the list.
    pub grouping: Vec<u8>,
}

/// Why a number cannot be shown as wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FormatError {
    /// More digits than a result may have.
    Limits,
    /// More memory than there is.
    Memory,
}

/// Reads a specification; `None` if it is not of the common form.
pub fn parse_layout(spec: &[char], capitals: bool) -> Option<Layout> {
    let mut layout = Layout {
        fill: ' ',
        align: '>',
        sign: '-',
        no_negative_zero: false,
        width: 0,
        precision: None,
        kind: if capitals { b'G' } else { b'g' },
        localized: false,
        point: ".".to_owned(),
        separator: String::new(),
        grouping: Vec::new(),
    };
    let is_align = |c: char| matches!(c, '<' | '>' | '=' | '^');
    let mut rest = spec;
    let mut aligned = false;
    match *rest {
        [fill, align, ref more @ ..] if is_align(align) => {
            (layout.fill, layout.align, aligned, rest) = (fill, align, true, more);
        }
        [align, ref more @ ..] if is_align(align) => (layout.align, aligned, rest) = (align, true, more),
        _ => {}
    }
    if let [sign @ ('+' | '-' | ' '), more @ ..] = rest {
        (layout.sign, rest) = (*sign, more);
    }
    if let ['z', more @ ..] = rest {
        (layout.no_negative_zero, rest) = (true, more);
    }
    if let ['0', more @ ..] = rest {
        if aligned {
            return None;
        }
        (layout.fill, layout.align, rest) = ('0', 'z', more);
    }
    if let ['1'..='9', ..] = rest {
        layout.width = usize::try_from(number(&mut rest)?).ok()?;
    } else if let ['0', ..] = rest {
        return None;
    }
    if let [',', more @ ..] = rest {
        (layout.separator, layout.grouping, rest) = (",".to_owned(), vec![3], more);
    }
    if let ['.', more @ ..] = rest {
        rest = more;
        layout.precision = Some(number(&mut rest)?);
    }
    match rest {
        [] => {}
        [kind @ ('n' | 'N')] if layout.separator.is_empty() => {
            layout.localized = true;
            layout.kind = if *kind == 'n' { b'g' } else { b'G' };
        }
        [kind @ ('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%')] => layout.kind = *kind as u8,
        _ => return None,
    }
    Some(layout)
}

/// The digits at the beginning, of which there must be one.
fn number(rest: &mut &[char]) -> Option<i64> {
    let mut value: Option<i64> = None;
    while let Some((digit, more)) = rest.split_first().and_then(|(c, more)| Some((c.to_digit(10)?, more))) {
        value = Some(value.unwrap_or(0).checked_mul(10)?.checked_add(digit.into())?);
        *rest = more;
    }
    value
}

/// The text of a number in a layout. `room` bounds its length in bytes.
pub fn format(number: &Decimal, layout: &Layout, context: &Context, room: usize) -> Result<String, FormatError> {
    let mut layout = layout.clone();
    let mut shown = number.clone();
    if layout.width > 2_000_000_000_000_000_000 {
        return Err(FormatError::Limits);
    }
    let (whole, rest) = if number.is_finite() {
        digits(&mut shown, &layout, context, room)?
    } else {
        if layout.align == 'z' {
            (layout.fill, layout.align) = (' ', '>');
        }
        let mut text = shown.clone().with_sign(false).to_text(true);
        if layout.kind == b'%' {
            text.push('%');
        }
        (text, String::new())
    };
    let negative = shown.negative && !(layout.no_negative_zero && shown.is_zero());
    let sign = match (negative, layout.sign) {
        (true, _) => "-",
        (false, '+') => "+",
        (false, ' ') => " ",
        _ => "",
    };
    if layout.width > room || !is_there_room(layout.width as u64) {
        return Err(FormatError::Memory);
    }
    let rest_width = rest.chars().count();
    let whole = match number.is_finite() {
        true => {
            let least = match layout.align {
                'z' => layout.width.saturating_sub(sign.len() + rest_width),
                _ => 0,
            };
            grouped(&whole, &layout, least)
        }
        false => whole,
    };
    let width = sign.len() + whole.chars().count() + rest_width;
    let missing = layout.width.saturating_sub(width);
    let padding = |count: usize| std::iter::repeat_n(layout.fill, count).collect::<String>();
    Ok(match layout.align {
        '<' => format!("{sign}{whole}{rest}{}", padding(missing)),
        '^' => format!("{}{sign}{whole}{rest}{}", padding(missing / 2), padding(missing - missing / 2)),
        '=' => format!("{sign}{}{whole}{rest}", padding(missing)),
        'z' => format!("{sign}{whole}{rest}"),
        _ => format!("{}{sign}{whole}{rest}", padding(missing)),
    })
}

/// The whole part of a finite number and what follows it. The number becomes the rounded one.
fn digits(
    shown: &mut Decimal,
    layout: &Layout,
    context: &Context,
    room: usize,
) -> Result<(String, String), FormatError> {
    let percent = layout.kind == b'%';
    let kind = if percent { b'f' } else { layout.kind.to_ascii_lowercase() };
    if percent {
        shown.exp += 2;
    }
    // How many digits stand before the point; none given: as in plain text.
    let mut place = None;
    match (kind, layout.precision) {
        (b'g', Some(precision)) => round_to(shown, precision.max(1), context),
        (b'e', Some(precision)) => {
            if shown.coef.is_zero() {
                place = Some(1 - precision);
            } else {
                round_to(shown, precision.saturating_add(1), context);
            }
        }
        (b'f', Some(precision)) => {
            let wide = Context { rounding: context.rounding, room: context.room, ..Context::max() };
            let mut status = Status::default();
            if precision > super::MAX_PREC {
                return Err(FormatError::Limits);
            }
            *shown = shown.rescale(-precision, &wide, &mut status);
            if status.any(Status::MEMORY) {
                return Err(FormatError::Memory);
            }
            if status.any(Status::INVALID) {
                return Err(FormatError::Limits);
            }
        }
        // A zero without digits behind the point is the same whatever its exponent.
        (b'f', None) if shown.coef.is_zero() => shown.exp = shown.exp.min(0),
        _ => {}
    }
    let mut text = Vec::new();
    shown.coef.push_digits(&mut text);
    let count = text.len() as i64;
    let left = shown.exp.saturating_add(count);
    let place = match kind {
        b'e' => place.unwrap_or(1),
        b'f' => left,
        _ if shown.exp <= 0 && left > -6 => left,
        _ => 1,
    };
    let capitals = layout.kind.is_ascii_uppercase();
    let zeros = if place <= 0 { place.unsigned_abs() } else { place.saturating_sub(count).max(0) as u64 };
    let wanted = match (kind, layout.precision) {
        // Digits that the rounding did not give.
        (b'e', Some(precision)) if !shown.coef.is_zero() => precision.saturating_sub(count - 1).max(0) as u64,
        _ => 0,
    };
    let total = zeros.saturating_add(wanted).saturating_add(count as u64);
    if total > room as u64 || !is_there_room(total) {
        return Err(FormatError::Memory);
    }
    let mut whole;
    let mut rest = Vec::new();
    if place <= 0 {
        whole = vec![b'0'];
        rest.extend(std::iter::repeat_n(b'0', zeros as usize));
        rest.extend_from_slice(&text);
    } else if place >= count {
        whole = text;
        whole.extend(std::iter::repeat_n(b'0', zeros as usize));
    } else {
        rest = text.split_off(place as usize);
        whole = text;
    }
    rest.extend(std::iter::repeat_n(b'0', wanted as usize));
    let mut after = String::new();
    if !rest.is_empty() {
        after.push_str(&layout.point);
        after.push_str(&String::from_utf8(rest).unwrap_or_default());
    }
    if kind == b'e' || kind == b'g' && left != place {
        let mut exponent = Vec::new();
        push_exponent(left - place, capitals, &mut exponent);
        after.push_str(&String::from_utf8(exponent).unwrap_or_default());
    }
    if percent {
        after.push('%');
    }
    Ok((String::from_utf8(whole).unwrap_or_default(), after))
}

/// Whether the system has memory for a text of so many bytes, and for copies of it.
fn is_there_room(bytes: u64) -> bool {
    let all = usize::try_from(bytes).ok().and_then(|bytes| bytes.checked_mul(8));
    bytes < 1 << 16 || all.is_some_and(|all| Vec::<u8>::new().try_reserve_exact(all).is_ok())
}

/// Rounds to so many digits, without regard to exponents.
fn round_to(shown: &mut Decimal, precision: i64, context: &Context) {
    let more = shown.coef.digits() - precision;
    if more > 0 {
        shown.cut(more, context.rounding);
        if shown.coef.digits() > precision {
            shown.coef = Coef::ONE.shift_up(precision - 1);
            shown.exp += 1;
        }
    }
}

/// The digits with separators, and with zeros in front up to `least` characters.
fn grouped(digits: &str, layout: &Layout, least: usize) -> String {
    let missing = least.saturating_sub(digits.len());
    if layout.separator.is_empty() || layout.grouping.is_empty() || layout.grouping[0] == 0 {
        return "0".repeat(missing) + digits;
    }
    let separator_width = layout.separator.chars().count();
    let mut groups: Vec<String> = Vec::new();
    let mut left = digits.as_bytes();
    let mut width = 0;
    let mut sizes = layout.grouping.iter().copied();
    let mut size = 0;
    loop {
        size = match sizes.next() {
            Some(0) | None => size,
            Some(given) => given,
        };
        let separator = if groups.is_empty() { 0 } else { separator_width };
        let room = least.saturating_sub(width + separator);
        let take =
            if size >= 127 { left.len().max(room).max(1) } else { (size as usize).min(left.len().max(room).max(1)) };
        let from = left.len().saturating_sub(take);
        let zeros = take - (left.len() - from);
        groups.push("0".repeat(zeros) + &String::from_utf8_lossy(&left[from..]));
        left = &left[..from];
        width += take + separator;
        if left.is_empty() && width >= least {
            break;
        }
    }
    groups.reverse();
    groups.join(&layout.separator)
}
