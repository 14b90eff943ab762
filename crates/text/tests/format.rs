//! Checks formatting, reprs and character properties against results written by CPython 3.14.
//!
//! `generate_format.py` writes the table; a row names an operation, its arguments and the result.

use std::ops::Range;
use taipan_numeric::{BigInt, complex::Complex};
use taipan_text::format_value::{IntValue, NumericLocale, format_complex, format_float, format_int, format_str};
use taipan_text::percent::{PercentParser, PercentPiece};
use taipan_text::template::{self, Accessor, Piece};
use taipan_text::{Sink, TextError, bytes_repr, str_ascii, str_repr, unicode};

type Text = Vec<u32>;

fn text(escaped: &str) -> Text {
    let mut out = Vec::new();
    let mut rest = escaped;
    while let Some(c) = rest.chars().next() {
        if c == '\\' {
            let (hex, after) = rest[1..].split_once(';').expect("an escape");
            out.push(u32::from_str_radix(hex, 16).expect("a code point"));
            rest = after;
        } else {
            out.push(c.into());
            rest = &rest[1..];
        }
    }
    out
}

fn escape(text: &[u32]) -> String {
    let show = |c: &u32| match u8::try_from(*c) {
        Ok(b) if (0x20..0x7F).contains(&b) && b != b'\\' => char::from(b).to_string(),
        _ => format!("\\{c:x};"),
    };
    text.iter().map(show).collect()
}

fn float(text: &str) -> f64 {
    f64::from_bits(u64::from_str_radix(text, 16).expect("a bit pattern"))
}

fn result(run: impl FnOnce(&mut Text) -> Result<(), TextError>) -> String {
    let mut out = Vec::new();
    match run(&mut out) {
        Ok(()) => escape(&out),
        Err(error) => format!("!{}", escape(&error.message.chars().map(u32::from).collect::<Vec<_>>())),
    }
}

fn format_row(op: &str, value: &str, spec: &str) -> String {
    let locale = NumericLocale::default();
    let spec = text(spec);
    result(|out| match op {
        "str" => format_str(&text(value), &spec, out),
        "int" => {
            let big: BigInt = value.parse().expect("an integer");
            let small = i64::try_from(&big);
            let value = small.map_or(IntValue::Big(&big), IntValue::Small);
            format_int(value, &spec, "int", 4300, &locale, out)
        }
        "float" => format_float(float(value), &spec, "float", &locale, out),
        _ => {
            let (re, im) = value.split_once(',').expect("two parts");
            format_complex(Complex::new(float(re), float(im)), &spec, &locale, out)
        }
    })
}

fn template_row(source: &[u32]) -> Result<Text, TextError> {
    let mut rows: Vec<Text> = Vec::new();
    let mut literal: Option<Range<usize>> = None;
    let mut row = |literal: Range<usize>, rest: &[&[u32]]| {
        let mut out = source[literal].to_vec();
        for part in rest {
            out.push(';'.into());
            out.extend_from_slice(part);
        }
        rows.push(out);
    };
    let none = ['~' as u32];
    for piece in template::pieces(source, 0..source.len()) {
        match piece? {
            Piece::Literal(range) => {
                if let Some(before) = literal.replace(range) {
                    row(before, &[&none, &none, &none]);
                }
            }
            Piece::Field(field) => {
                // CPython joins a field with the literal right before it, not with an escaped brace.
                let mut before = literal.take();
                if before.as_ref().is_some_and(|b| b.end + 1 != field.name.start) {
                    row(before.take().unwrap_or_default(), &[&none, &none, &none]);
                }
                let conversion = field.conversion.map_or(none, |c| [c]);
                row(before.unwrap_or_default(), &[&source[field.name], &source[field.spec], &conversion]);
            }
        }
    }
    if let Some(before) = literal {
        row(before, &[&none, &none, &none]);
    }
    Ok(rows.join(&u32::from('|')))
}

fn field_row(name: &[u32]) -> Result<Text, TextError> {
    let mut numbers = template::AutoNumber::default();
    let range = 0..name.len();
    let (first, rest) = template::split_first(name, &range);
    let mut out = Vec::new();
    match template::field_name(name, &range, &mut numbers)?.0 {
        template::First::Index(index) if !first.is_empty() => out.push_str(&index.to_string()),
        _ => str_repr(&name[first], &mut out),
    }
    out.push('|'.into());
    for (i, accessor) in template::accessors(name, rest).enumerate() {
        if i > 0 {
            out.push('|'.into());
        }
        match accessor? {
            Accessor::Attribute(range) => {
                out.push('.'.into());
                out.extend_from_slice(&name[range]);
            }
            Accessor::Index(index) => out.push_str(&format!("[{index}#")),
            Accessor::Key(range) => {
                out.push('['.into());
                out.extend_from_slice(&name[range]);
            }
        }
    }
    Ok(out)
}

fn percent_row(op: &str, source: &[u32], value: &str, out: &mut Text) -> Result<(), TextError> {
    let mut parser = PercentParser::new(source, false);
    while let Some(piece) = parser.next_piece()? {
        match piece {
            PercentPiece::Literal(range) => out.extend_from_slice(&source[range]),
            PercentPiece::Conversion { .. } => {
                let conversion = parser.conversion::<TextError>(|_| unreachable!())?;
                match (op, u8::try_from(conversion.kind)) {
                    ("pct_int", Ok(b'd' | b'i' | b'u' | b'x' | b'X' | b'o')) => {
                        let value = value.parse().expect("an integer");
                        let digits = taipan_numeric::small_to_string(value, conversion.base());
                        conversion.write_int(&digits, out)?;
                    }
                    ("pct_float", Ok(b'e' | b'E' | b'f' | b'F' | b'g' | b'G')) => {
                        conversion.write_float(float(value), out)?;
                    }
                    ("pct_str", Ok(b's' | b'c')) => conversion.write_text(&text(value), out)?,
                    _ => return Err(conversion.unsupported()),
                }
            }
        }
    }
    Ok(())
}

fn fold(items: impl Iterator<Item = u64>) -> String {
    let hash = items.fold(14695981039346656037u64, |h, i| (h ^ i).wrapping_mul(1099511628211));
    hash.to_string()
}

fn property_row(name: &str) -> String {
    let test: fn(u32) -> bool = match name {
        "isalpha" => unicode::is_alpha,
        "isdecimal" => unicode::is_decimal,
        "isdigit" => unicode::is_digit,
        "isnumeric" => unicode::is_numeric,
        "isalnum" => unicode::is_alnum,
        "isspace" => unicode::is_space,
        "islower" => unicode::is_lower,
        "isupper" => unicode::is_upper,
        "istitle" => |c| unicode::is_title_str(&[c][..]),
        _ => unicode::is_printable,
    };
    fold((0..0x110000).filter(|c| test(*c)).map(u64::from))
}

fn map_row(name: &str) -> String {
    let map: fn(u32) -> unicode::Mapped = match name {
        "upper" => unicode::upper,
        "lower" => unicode::lower,
        "title" => unicode::title,
        "casefold" => unicode::casefold,
        "bidirectional" | "width" => {
            let property = if name == "width" { unicode::east_asian_width } else { unicode::bidirectional };
            let letters = |c| property(c).bytes().map(move |b| u64::from(b) + u64::from(c));
            return fold((0..0x110000).flat_map(letters));
        }
        "combining" => {
            let both = |c| u64::from(unicode::combining(c)) * 2 + u64::from(unicode::mirrored(c));
            return fold((0..0x110000).map(both));
        }
        "numeric" => return fold((0..0x110000).filter_map(unicode::numeric).map(f64::to_bits)),
        "decomposition" => {
            return fold((0..0x110000).flat_map(|c| unicode::decomposition(c).into_bytes()).map(u64::from));
        }
        _ if let Some(form) = unicode::NormalForm::from_name(name) => {
            let normal = |c: u32| {
                let mut out: Vec<u32> = Vec::new();
                unicode::normalize(form, &[c][..], &mut out);
                out.into_iter().map(move |n| u64::from(n) + u64::from(c))
            };
            return fold((0..0x110000).flat_map(normal));
        }
        "category" => {
            let letters = |c| unicode::category(c).bytes().map(move |b| u64::from(b) + u64::from(c));
            return fold((0..0x110000).flat_map(letters));
        }
        _ => {
            let digit = |c| unicode::digit_value(c).map(|d| u64::from(d) + u64::from(c));
            return fold((0..0x110000).filter_map(digit));
        }
    };
    fold((0..0x110000u32).flat_map(|c| map(c).points().map(move |m| u64::from(m) + u64::from(c) * 3)))
}

fn text_row(op: &str, source: &Text) -> String {
    let mut out = Vec::new();
    match op {
        "repr" => str_repr(source, &mut out),
        "ascii" => str_ascii(source, &mut out),
        "upper" => unicode::upper_str(source, &mut out),
        "lower" => unicode::lower_str(source, &mut out),
        "title" => unicode::title_str(source, false, &mut out),
        "capitalize" => unicode::title_str(source, true, &mut out),
        "swapcase" => unicode::swapcase_str(source, &mut out),
        "casefold" => unicode::casefold_str(source, &mut out),
        "islower" => return unicode::is_lower_str(source).to_string(),
        "isupper" => return unicode::is_upper_str(source).to_string(),
        "istitle" => return unicode::is_title_str(source).to_string(),
        "isidentifier" => return unicode::is_identifier(source).to_string(),
        other => {
            let form = unicode::NormalForm::from_name(other).expect("an operation");
            unicode::normalize(form, source, &mut out);
        }
    }
    escape(&out)
}

/// UTF-8 with surrogates passed, which is what the bytes rows hold.
fn utf8(text: &[u32]) -> Vec<u8> {
    let mut out = Vec::new();
    for &c in text {
        match char::from_u32(c) {
            Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None => out.extend([0xE0 | (c >> 12) as u8, 0x80 | (c >> 6 & 63) as u8, 0x80 | (c & 63) as u8]),
        }
    }
    out
}

#[test]
fn agrees_with_cpython() {
    let mut wrong = Vec::new();
    for line in include_str!("format.txt").lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let (op, a, want) = (cells[0], &cells[1..cells.len() - 1], cells[cells.len() - 1]);
        let plain = |r: Result<Text, TextError>| result(|out| r.map(|t| *out = t));
        let got = match op {
            "str" | "int" | "float" | "complex" => format_row(op, a[0], a[1]),
            "template" => plain(template_row(&text(a[0]))),
            "field" => plain(field_row(&text(a[0]))),
            "pct_int" | "pct_float" | "pct_str" => result(|out| percent_row(op, &text(a[0]), a[1], out)),
            "prop" => property_row(a[0]),
            "map" => map_row(a[0]),
            "bytes" => escape(&bytes_repr(&utf8(&text(a[0]))).chars().map(u32::from).collect::<Vec<_>>()),
            _ => text_row(op, &text(a[0])),
        };
        if got != want {
            wrong.push(format!("{op} {a:?}: got {got:?}, want {want:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}

#[test]
fn what_does_not_fit_is_a_memory_error() {
    let mut out = taipan_text::TextBuffer::new();
    let mut out = taipan_text::Bounded::new(&mut out, 1000);
    let spec = |text: &str| text.chars().map(u32::from).collect::<Vec<u32>>();
    let locale = NumericLocale::default();
    let memory = Err(TextError::memory());
    assert_eq!(format_str(&spec("x"), &spec(">9999999999999"), &mut out), memory);
    assert_eq!(format_int(IntValue::Small(1), &spec("9999999999999"), "int", 0, &locale, &mut out), memory);
    assert_eq!(format_float(1.0, &spec(".999999999f"), "float", &locale, &mut out), memory);
    let (text, new) = (vec![b'a'; 100], vec![b'b'; 100]);
    let [text, new, old] = [text.as_slice(), new.as_slice(), b"a"].map(taipan_text::Slice::U1);
    let replaced = taipan_text::split::replace(text, old, new, usize::MAX, &mut out);
    assert_eq!(replaced, Err(TextError::memory()));
    assert_eq!(taipan_text::split::replace(text, old, new, 5, &mut out), Ok(5));
}
