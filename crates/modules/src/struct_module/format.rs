//! Format strings of `_struct`, compiled to fields.
//!
//! Invariant: the fields do not overlap and end within `size`, which fits the machine's sizes.

use taipan_heap::Charge;

/// How the bytes of a value stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `x`: padding without a value.
    Pad,
    /// `c`
    Char,
    /// `s`
    Bytes,
    /// `p`
    Pascal,
    /// `?`
    Bool,
    /// Integers.
    Signed,
    /// See `Signed`.
    Unsigned,
    /// `P`
    Pointer,
    /// `e`, `f`, `d`
    Float,
    /// `F`, `D`
    Complex,
}

/// One run of equal values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) kind: Kind,
    pub(super) code: u8,
    /// Bytes of one value.
    pub(super) size: usize,
    pub(super) offset: usize,
    /// How many values; 1 for strings.
    pub(super) count: usize,
}

/// A compiled format.
#[derive(Debug)]
pub(super) struct Format {
    pub(super) fields: Vec<Field>,
    pub(super) size: usize,
    /// Number of values.
    pub(super) values: usize,
    pub(super) big_endian: bool,
    /// For the fields.
    pub(super) charge: Charge,
}
taipan_heap::no_references!(Format);

/// Kind, native size, native alignment, standard size (0: only native).
fn code_of(code: u8) -> Option<(Kind, usize, usize, usize)> {
    Some(match code {
        b'x' => (Kind::Pad, 1, 1, 1),
        b'c' => (Kind::Char, 1, 1, 1),
        b's' => (Kind::Bytes, 1, 1, 1),
        b'p' => (Kind::Pascal, 1, 1, 1),
        b'?' => (Kind::Bool, 1, 1, 1),
        b'b' => (Kind::Signed, 1, 1, 1),
        b'B' => (Kind::Unsigned, 1, 1, 1),
        b'h' => (Kind::Signed, 2, 2, 2),
        b'H' => (Kind::Unsigned, 2, 2, 2),
        b'i' => (Kind::Signed, 4, 4, 4),
        b'I' => (Kind::Unsigned, 4, 4, 4),
        b'l' => (Kind::Signed, 8, 8, 4),
        b'L' => (Kind::Unsigned, 8, 8, 4),
        b'q' => (Kind::Signed, 8, 8, 8),
        b'Q' => (Kind::Unsigned, 8, 8, 8),
        b'n' => (Kind::Signed, 8, 8, 0),
        b'N' => (Kind::Unsigned, 8, 8, 0),
        b'P' => (Kind::Pointer, 8, 8, 0),
        b'e' => (Kind::Float, 2, 2, 2),
        b'f' => (Kind::Float, 4, 4, 4),
        b'd' => (Kind::Float, 8, 8, 8),
        b'F' => (Kind::Complex, 8, 4, 8),
        b'D' => (Kind::Complex, 16, 8, 16),
        _ => return None,
    })
}

const TOO_LONG: &str = "total struct size too long";

/// Compiles a format, or says what is wrong with it.
pub(super) fn compile(text: &[u8]) -> Result<Format, &'static str> {
    let (native, big_endian, body) = match text.split_first() {
        Some((b'@', rest)) => (true, false, rest),
        Some((b'=' | b'<', rest)) => (false, false, rest),
        Some((b'>' | b'!', rest)) => (false, true, rest),
        _ => (true, false, text),
    };
    if body.contains(&0) {
        return Err("embedded null character");
    }
    let mut format = Format { fields: Vec::new(), size: 0, values: 0, big_endian, charge: Charge::default() };
    let mut at = 0;
    while let Some(&code) = body.get(at) {
        at += 1;
        if code.is_ascii_whitespace() {
            continue;
        }
        let (mut code, mut count) = (code, 1usize);
        if code.is_ascii_digit() {
            count = usize::from(code - b'0');
            loop {
                code = *body.get(at).ok_or("repeat count given without format specifier")?;
                at += 1;
                if !code.is_ascii_digit() {
                    break;
                }
                let digit = usize::from(code - b'0');
                count = count.checked_mul(10).and_then(|count| count.checked_add(digit)).ok_or(TOO_LONG)?;
            }
        }
        let (kind, native_size, alignment, standard) = code_of(code).ok_or("bad char in struct format")?;
        let size = if native { native_size } else { standard };
        if size == 0 {
            return Err("bad char in struct format");
        }
        if native {
            format.size = format.size.checked_next_multiple_of(alignment).ok_or(TOO_LONG)?;
        }
        let total = size.checked_mul(count).ok_or(TOO_LONG)?;
        let end = format.size.checked_add(total).filter(|&end| end <= isize::MAX as usize).ok_or(TOO_LONG)?;
        let string = matches!(kind, Kind::Bytes | Kind::Pascal);
        let field = match string {
            true => Field { kind, code, size: count, offset: format.size, count: 1 },
            false => Field { kind, code, size, offset: format.size, count },
        };
        if kind != Kind::Pad {
            format.values = format.values.checked_add(field.count).ok_or(TOO_LONG)?;
            format.fields.push(field);
        }
        format.size = end;
    }
    Ok(format)
}
