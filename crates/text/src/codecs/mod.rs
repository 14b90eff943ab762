//! Codecs between bytes and text, with CPython's error ranges and reasons.
//!
//! A codec never decides what an error means: it describes the problem and asks the handler, which
//! gives a replacement and where to go on, declines (the problem is then the result), or fails with
//! an error of its own. The built-in handlers are in `handlers`.

mod byte_escapes;
mod charmap;
mod escapes;
mod handlers;
mod single_byte;
mod utf16;
mod utf32;
mod utf7;
mod utf8;

pub use byte_escapes::{BadHex, decode_byte_escapes, encode_byte_escapes};
pub use charmap::{CharmapLookup, decode_charmap, encode_charmap};
pub use escapes::{
    EscapeWarning, decode_raw_unicode_escape, decode_unicode_escape, encode_raw_unicode_escape, encode_unicode_escape,
};
pub use handlers::ErrorHandler;
pub use single_byte::{decode_ascii, decode_latin1, encode_ascii, encode_latin1};
pub use utf7::{decode_utf7, encode_utf7};
pub use utf8::{decode_utf8, encode_utf8};
pub use utf16::{decode_utf16, encode_utf16};
pub use utf32::{decode_utf32, encode_utf32};

use crate::{CodePoints, Sink, TextBuffer, write_escape};
use std::borrow::Cow;
use std::ops::Range;

/// What a `UnicodeDecodeError` or `UnicodeEncodeError` says, but for the object itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The name of the encoding.
    pub encoding: &'static str,
    /// Where the problem starts.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Why.
    pub reason: Cow<'static, str>,
}

/// The message of a `UnicodeDecodeError`; `byte` is the first byte of the range, if there is one.
#[must_use]
pub fn decode_message(encoding: &str, range: Range<usize>, byte: Option<u8>, reason: &str) -> String {
    match byte {
        Some(byte) if range.end == range.start + 1 => {
            format!("'{encoding}' codec can't decode byte 0x{byte:02x} in position {}: {reason}", range.start)
        }
        _ => {
            let last = range.end.wrapping_sub(1) as isize;
            format!("'{encoding}' codec can't decode bytes in position {}-{last}: {reason}", range.start)
        }
    }
}

/// The message of a `UnicodeEncodeError`, or with no encoding of a `UnicodeTranslateError`; `c` is
/// the first character of the range, if there is one.
#[must_use]
pub fn encode_message(encoding: Option<&str>, range: Range<usize>, c: Option<u32>, reason: &str) -> String {
    let what = match encoding {
        Some(encoding) => format!("'{encoding}' codec can't encode"),
        None => "can't translate".to_owned(),
    };
    match c {
        Some(c) if range.end == range.start + 1 => {
            let mut escape = TextBuffer::new();
            write_escape(c, &mut escape);
            format!("{what} character '{escape}' in position {}: {reason}", range.start)
        }
        _ => {
            let last = range.end.wrapping_sub(1) as isize;
            format!("{what} characters in position {}-{last}: {reason}", range.start)
        }
    }
}

/// What replaces undecodable bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecodeFix {
    /// The replacement.
    pub text: TextBuffer,
    /// Where decoding goes on, at most the length of the input.
    pub resume: usize,
}

/// What replaces unencodable text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// Bytes that go into the result as they are.
    Bytes(Vec<u8>),
    /// Text that is encoded in turn, and must be encodable.
    Text(TextBuffer),
}

/// A replacement and where encoding goes on, at most the length of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeFix {
    /// The replacement.
    pub replacement: Replacement,
    /// Where encoding goes on.
    pub resume: usize,
}

/// Why a codec failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure<E> {
    /// The handler declined: raise this problem.
    Problem(Problem),
    /// The handler failed by itself.
    Handler(E),
}

/// Handles a decoding problem; `None` declines.
pub type DecodeHandler<'h, E> = &'h mut dyn FnMut(&Problem) -> Result<Option<DecodeFix>, E>;
/// Handles an encoding problem; `None` declines.
pub type EncodeHandler<'h, E> = &'h mut dyn FnMut(&Problem) -> Result<Option<EncodeFix>, E>;

/// Which end of a number comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    /// The low byte first.
    Little,
    /// The high byte first.
    Big,
}

/// Asks the handler about undecodable bytes and writes its replacement; gives where to go on.
fn ask_decode<E>(
    problem: Problem,
    len: usize,
    handler: &mut dyn FnMut(&Problem) -> Result<Option<DecodeFix>, E>,
    out: &mut impl Sink,
) -> Result<usize, Failure<E>> {
    match handler(&problem) {
        Ok(Some(fix)) => {
            out.push_range(&fix.text, 0..fix.text.len());
            Ok(fix.resume.min(len))
        }
        Ok(None) => Err(Failure::Problem(problem)),
        Err(error) => Err(Failure::Handler(error)),
    }
}

/// Asks the handler about unencodable text and writes its replacement; gives where to go on.
/// `write` encodes one code point, or tells that it cannot; `unit` is the size that replacement
/// bytes must be a multiple of.
fn ask_encode<E>(
    problem: Problem,
    len: usize,
    handler: &mut dyn FnMut(&Problem) -> Result<Option<EncodeFix>, E>,
    unit: usize,
    write: &mut dyn FnMut(u32, &mut Vec<u8>) -> bool,
    out: &mut Vec<u8>,
) -> Result<usize, Failure<E>> {
    let fix = match handler(&problem) {
        Ok(Some(fix)) => fix,
        Ok(None) => return Err(Failure::Problem(problem)),
        Err(error) => return Err(Failure::Handler(error)),
    };
    let accepted = match &fix.replacement {
        Replacement::Bytes(bytes) => {
            out.extend_from_slice(bytes);
            bytes.len().is_multiple_of(unit)
        }
        Replacement::Text(text) => text.points().all(|c| write(c, out)),
    };
    if accepted { Ok(fix.resume.min(len)) } else { Err(Failure::Problem(problem)) }
}

/// The codecs that need no lookup in the `encodings` package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// UTF-8.
    Utf8,
    /// UTF-16 with a byte order mark.
    Utf16,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// UTF-32 with a byte order mark.
    Utf32,
    /// UTF-32, low byte first.
    Utf32Le,
    /// UTF-32, high byte first.
    Utf32Be,
    /// Latin-1.
    Latin1,
    /// ASCII.
    Ascii,
}

impl Codec {
    /// The codec of an encoding's name, in any spelling that CPython takes without a lookup.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let mut normal = String::with_capacity(name.len());
        for c in name.chars() {
            match c {
                'A'..='Z' => normal.push(c.to_ascii_lowercase()),
                'a'..='z' | '0'..='9' => normal.push(c),
                '-' | '_' | ' ' if !normal.is_empty() => normal.push('_'),
                _ => return None,
            }
        }
        Some(match normal.as_str() {
            "utf_8" | "utf8" => Self::Utf8,
            "utf_16" | "utf16" => Self::Utf16,
            "utf_16_le" | "utf16_le" => Self::Utf16Le,
            "utf_16_be" | "utf16_be" => Self::Utf16Be,
            "utf_32" | "utf32" => Self::Utf32,
            "utf_32_le" | "utf32_le" => Self::Utf32Le,
            "utf_32_be" | "utf32_be" => Self::Utf32Be,
            "latin_1" | "latin1" | "iso_8859_1" | "iso8859_1" => Self::Latin1,
            "ascii" | "us_ascii" => Self::Ascii,
            _ => return None,
        })
    }

    /// Decodes all of `input`.
    pub fn decode<E>(self, input: &[u8], handler: DecodeHandler<'_, E>, out: &mut impl Sink) -> Result<(), Failure<E>> {
        use ByteOrder::{Big, Little};
        match self {
            Self::Utf8 => decode_utf8(input, true, handler, out).map(|_| ()),
            Self::Utf16 => decode_utf16(input, &mut None, true, handler, out).map(|_| ()),
            Self::Utf16Le => decode_utf16(input, &mut Some(Little), true, handler, out).map(|_| ()),
            Self::Utf16Be => decode_utf16(input, &mut Some(Big), true, handler, out).map(|_| ()),
            Self::Utf32 => decode_utf32(input, &mut None, true, handler, out).map(|_| ()),
            Self::Utf32Le => decode_utf32(input, &mut Some(Little), true, handler, out).map(|_| ()),
            Self::Utf32Be => decode_utf32(input, &mut Some(Big), true, handler, out).map(|_| ()),
            Self::Latin1 => {
                decode_latin1(input, out);
                Ok(())
            }
            Self::Ascii => decode_ascii(input, handler, out),
        }
    }

    /// Encodes `text`.
    pub fn encode<S, E>(self, text: &S, handler: EncodeHandler<'_, E>) -> Result<Vec<u8>, Failure<E>>
    where
        S: CodePoints + ?Sized,
    {
        match self {
            Self::Utf8 => encode_utf8(text, handler),
            Self::Utf16 => encode_utf16(text, None, handler),
            Self::Utf16Le => encode_utf16(text, Some(ByteOrder::Little), handler),
            Self::Utf16Be => encode_utf16(text, Some(ByteOrder::Big), handler),
            Self::Utf32 => encode_utf32(text, None, handler),
            Self::Utf32Le => encode_utf32(text, Some(ByteOrder::Little), handler),
            Self::Utf32Be => encode_utf32(text, Some(ByteOrder::Big), handler),
            Self::Latin1 => encode_latin1(text, handler),
            Self::Ascii => encode_ascii(text, handler),
        }
    }
}

fn is_surrogate(c: u32) -> bool {
    (0xD800..0xE000).contains(&c)
}
