//! Checks codecs, searching and splitting against results written by CPython 3.14.
//!
//! `generate_codecs.py` writes the table; a row names an operation, its arguments and the result.

use std::ops::Range;
use taipan_text::codecs::{
    self, ByteOrder, Codec, DecodeFix, EncodeFix, ErrorHandler, Failure, Problem, Replacement,
    decode_raw_unicode_escape, decode_unicode_escape,
};
use taipan_text::newlines::NewlineTranslator;
use taipan_text::split::{self, Alphabet};
use taipan_text::{CodePoints, Sink, Slice, TextBuffer, bytes_from_hex, bytes_to_hex, search};

fn text(escaped: &str) -> TextBuffer {
    let mut out = TextBuffer::new();
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

fn escape_points(points: impl Iterator<Item = u32>) -> String {
    let show = |c: u32| match u8::try_from(c) {
        Ok(b) if (0x20..0x7F).contains(&b) && b != b'\\' => char::from(b).to_string(),
        _ => format!("\\{c:x};"),
    };
    points.map(show).collect()
}

fn escape(text: &impl CodePoints) -> String {
    escape_points(text.points())
}

fn escape_str(text: &str) -> String {
    escape_points(text.chars().map(u32::from))
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).expect("hex")).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes_to_hex(bytes, None, 0)
}

fn show(problem: &Problem) -> String {
    format!("{},{},{},{}", problem.encoding, problem.start, problem.end, problem.reason)
}

fn finish<T>(result: Result<T, Failure<()>>, log: Vec<String>, render: impl FnOnce(T) -> String) -> String {
    match result {
        Ok(value) if log.is_empty() => render(value),
        Ok(value) => format!("{}|{}", render(value), escape_str(&log.join("|"))),
        Err(Failure::Problem(problem)) => escape_str(&format!("!{}", show(&problem))),
        Err(Failure::Handler(())) => "handler".into(),
    }
}

fn decode_row(encoding: &str, errors: &str, input: &[u8]) -> String {
    let mut log = Vec::new();
    let mut out = TextBuffer::new();
    let builtin = ErrorHandler::from_name(errors);
    let mut handler = |problem: &Problem| -> Result<Option<DecodeFix>, ()> {
        if let Some(builtin) = builtin {
            return Ok(builtin.decode(problem, input));
        }
        log.push(show(problem));
        let text = TextBuffer::from(format!("<{}-{}>", problem.start, problem.end).as_str());
        Ok(Some(DecodeFix { text, resume: problem.end }))
    };
    let result = match encoding {
        "unicode_escape" => decode_unicode_escape(input, true, &mut handler, &mut out).map(|_| ()),
        "raw_unicode_escape" => decode_raw_unicode_escape(input, true, &mut handler, &mut out).map(|_| ()),
        "utf-7" => codecs::decode_utf7(input, true, &mut handler, &mut out).map(|_| ()),
        "cp1252" => codecs::decode_charmap(input, &cp1252(), &mut handler, &mut out),
        _ => Codec::from_name(encoding).expect("a codec").decode(input, &mut handler, &mut out),
    };
    finish(result, log, |()| escape(&out))
}

fn encode_row(encoding: &str, errors: &str, source: &TextBuffer) -> String {
    let mut log = Vec::new();
    let builtin = ErrorHandler::from_name(errors);
    let mut handler = |problem: &Problem| -> Result<Option<EncodeFix>, ()> {
        if let Some(builtin) = builtin {
            return Ok(builtin.encode(problem, source));
        }
        log.push(show(problem));
        let text = TextBuffer::from(format!("<{}-{}>", problem.start, problem.end).as_str());
        Ok(Some(EncodeFix { replacement: Replacement::Text(text), resume: problem.end }))
    };
    let result = match encoding {
        "unicode_escape" => Ok(codecs::encode_unicode_escape(source)),
        "raw_unicode_escape" => Ok(codecs::encode_raw_unicode_escape(source)),
        "utf-7" => Ok(codecs::encode_utf7(source)),
        "cp1252" => {
            let table = cp1252();
            let mut lookup = |c: u32, out: &mut Vec<u8>| {
                let place = table.iter().position(|t| *t == c && c != 0xFFFE);
                out.extend(place.map(|i| i as u8));
                Ok(place.is_some())
            };
            codecs::encode_charmap(source, &mut lookup, &mut handler)
        }
        _ => Codec::from_name(encoding).expect("a codec").encode(source, &mut handler),
    };
    finish(result, log, |bytes| hex(&bytes))
}

fn partial_row(encoding: &str, input: &[u8]) -> String {
    let mut out = TextBuffer::new();
    let mut handler = |problem: &Problem| Ok(ErrorHandler::Replace.decode(problem, input));
    let h = &mut handler;
    let used: Result<usize, Failure<()>> = match encoding {
        "unicode_escape" => decode_unicode_escape(input, false, h, &mut out).map(|(used, _)| used),
        "raw_unicode_escape" => decode_raw_unicode_escape(input, false, h, &mut out),
        "utf-7" => codecs::decode_utf7(input, false, h, &mut out),
        "utf-8" => codecs::decode_utf8(input, false, h, &mut out),
        "utf-16" => codecs::decode_utf16(input, &mut None, false, h, &mut out),
        "utf-16-le" => codecs::decode_utf16(input, &mut Some(ByteOrder::Little), false, h, &mut out),
        "utf-16-be" => codecs::decode_utf16(input, &mut Some(ByteOrder::Big), false, h, &mut out),
        _ => codecs::decode_utf32(input, &mut None, false, h, &mut out),
    };
    format!("{}|{}", escape(&out), used.expect("replaced"))
}

/// The code page 1252 as a table.
fn cp1252() -> Vec<u32> {
    const HIGH: [u32; 32] = [
        0x20AC, 0xFFFE, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0xFFFE,
        0x17D, 0xFFFE, 0xFFFE, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A,
        0x153, 0xFFFE, 0x17E, 0x178,
    ];
    (0..0x80).chain(HIGH).chain(0xA0..0x100).collect()
}

fn message_row(a: &[&str]) -> String {
    let number = |i: usize| a[i].parse::<usize>().expect("a number");
    let range = number(1)..number(2);
    escape_str(&match a[3].strip_prefix('u') {
        Some(c) => codecs::encode_message(Some(a[0]), range, u32::from_str_radix(c, 16).ok(), a[4]),
        None => codecs::decode_message(a[0], range, a[3].parse().ok(), a[4]),
    })
}

fn spans(text: &TextBuffer, ranges: &[Range<usize>]) -> String {
    if ranges.is_empty() {
        return "none".into();
    }
    let piece = |r: &Range<usize>| escape_points(r.clone().map(|i| text.get(i))).replace(',', "\\2c;");
    ranges.iter().map(piece).collect::<Vec<_>>().join(",")
}

fn split_row(op: &str, a: &[&str]) -> String {
    let source = text(a[0]);
    let slice = source.as_slice();
    let number = |i: usize| a[i].parse::<isize>().expect("a number");
    let limit = |i: usize| usize::try_from(number(i)).unwrap_or(usize::MAX);
    let other = |i: usize| text(a[i]);
    let strip = |left, right| split::strip(&source, left, right, |c| Alphabet::Unicode.is_space(c));
    let written = |write: &dyn Fn(&mut TextBuffer)| {
        let mut out = TextBuffer::new();
        write(&mut out);
        escape(&out)
    };
    let found = |at: Option<usize>| at.map_or("-1".to_owned(), |i| i.to_string());
    match op {
        "split" => spans(&source, &split::split_spaces(&source, Alphabet::Unicode, limit(1))),
        "rsplit" => spans(&source, &split::rsplit_spaces(&source, Alphabet::Unicode, limit(1))),
        "splitsep" => spans(&source, &split::split_on(slice, other(1).as_slice(), limit(2))),
        "rsplitsep" => spans(&source, &split::rsplit_on(slice, other(1).as_slice(), limit(2))),
        "lines" => spans(&source, &split::split_lines(&source, Alphabet::Unicode, a[1] == "1")),
        "strip" => spans(&source, &[strip(true, true), strip(true, false), strip(false, true)]),
        "replace" => written(&|out| {
            split::replace(slice, other(1).as_slice(), Slice::U1(a[2].as_bytes()), limit(3), out).expect("room");
        }),
        "expandtabs" => written(&|out| split::expand_tabs(&source, limit(1), out).expect("room")),
        "zfill" => written(&|out| split::zfill(&source, limit(1), out).expect("room")),
        "center" => written(&|out| {
            let (left, right) = split::center_padding(source.len(), limit(1));
            out.push_repeated(b'*'.into(), left);
            out.push_range(&source, 0..source.len());
            out.push_repeated(b'*'.into(), right);
        }),
        "find" => found(search::find(slice, other(1).as_slice(), limit(2)..limit(3))),
        "rfind" => found(search::rfind(slice, other(1).as_slice(), limit(2)..limit(3))),
        "count" => search::count(slice, other(1).as_slice(), limit(2)..limit(3)).to_string(),
        other => panic!("no such operation: {other}"),
    }
}

fn newlines_row(translate: bool, chunks: &str) -> String {
    let mut translator = NewlineTranslator::new(translate);
    let mut rows = Vec::new();
    for (i, chunk) in chunks.split('|').enumerate() {
        let mut out = TextBuffer::new();
        translator.feed(&text(chunk), i == 2, &mut out);
        rows.push(escape(&out));
    }
    rows.push(translator.seen.to_string());
    rows.join("|")
}

#[test]
fn agrees_with_cpython() {
    let mut wrong = Vec::new();
    for line in include_str!("codecs.txt").lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let (op, a, want) = (cells[0], &cells[1..cells.len() - 1], cells[cells.len() - 1]);
        let got = match op {
            "decode" => decode_row(a[0], a[1], &bytes(a[2])),
            "encode" => encode_row(a[0], a[1], &text(a[2])),
            "partial" => partial_row(a[0], &bytes(a[1])),
            "fromhex" => bytes_from_hex(&text(a[0])).map_or_else(|e| format!("!{e}"), |b| hex(&b)),
            "hex" => bytes_to_hex(&bytes(a[0]), Some(b':'), a[1].parse().expect("a number")),
            "unescape" => codecs::decode_byte_escapes(&bytes(a[1]), codecs::BadHex::from_name(a[0]))
                .map_or_else(|e| escape_str(&format!("!{e}")), |(b, _)| hex(&b)),
            "escape" => hex(&codecs::encode_byte_escapes(&bytes(a[0]))),
            "message" => message_row(a),
            "newlines" => newlines_row(a[0] == "1", a[1]),
            _ => split_row(op, a),
        };
        if got != want {
            wrong.push(format!("{op} {a:?}: got {got:?}, want {want:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}
