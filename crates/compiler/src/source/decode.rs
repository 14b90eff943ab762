//! PEP 263 decoding: byte order mark, coding cookie, null characters, invalid UTF-8, newline normalisation.
//! Every failure is the `SyntaxError` CPython raises for the same bytes from the same kind of origin.

use std::borrow::Cow;

use super::codec::{BadByte, Encoding};
use super::{LineIndex, Origin};
use crate::parse::{ErrorKind, SyntaxError};

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Text passed to `compile` must not contain null characters.
pub(super) fn null_bytes() -> SyntaxError {
    SyntaxError::unlocated(ErrorKind::SyntaxError, "source code string cannot contain null bytes")
}

pub(super) fn decode<'a>(
    filename: &str,
    bytes: &'a [u8],
    origin: Origin,
) -> Result<(Cow<'a, str>, Encoding), SyntaxError> {
    if origin == Origin::String && bytes.contains(&0) {
        return Err(null_bytes());
    }
    let (body, has_bom) = match bytes.strip_prefix(BOM) {
        Some(body) => (body, true),
        None => (bytes, false),
    };
    let cookie = coding_cookie(body);
    let encoding = match &cookie {
        None => Encoding::Utf8,
        Some((name, line)) => {
            if has_bom && canonical_cookie(name) != "utf-8" {
                return Err(bom_conflict(body, &canonical_cookie(name), *line));
            }
            native_encoding(name).ok_or_else(|| unknown_encoding(name))?
        }
    };
    if let Some(at) = body.iter().position(|byte| *byte == 0) {
        return Err(null_byte_in_file(body, at));
    }
    let text = match encoding {
        Encoding::Utf8 => match std::str::from_utf8(body) {
            Ok(text) => Cow::Borrowed(text),
            Err(error) if cookie.as_ref().is_some_and(|(name, _)| canonical_cookie(name) != "utf-8") => {
                let line = cookie.as_ref().map_or(0, |(_, line)| *line);
                let bad = bad_utf8_byte(body, &error);
                return Err(undecodable(&bad, if origin == Origin::File { end_of_line(body, line) } else { 0 }));
            }
            Err(error) if origin == Origin::File && cookie.is_some() => return Err(bad_declared_utf8(body, &error)),
            Err(error) => return Err(bad_utf8(filename, body, error.valid_up_to(), origin)),
        },
        _ => Cow::Owned(encoding.decode_single_byte(body).map_err(|bad| {
            // A file is decoded from the end of its cookie on, and positions count from there.
            let line = cookie.as_ref().map_or(0, |(_, line)| *line);
            undecodable(&bad, if origin == Origin::File { end_of_line(body, line) } else { 0 })
        })?),
    };
    Ok((text, encoding))
}

fn native_encoding(name: &str) -> Option<Encoding> {
    Encoding::from_name(name).or_else(|| Encoding::from_name(&canonical_cookie(name)))
}

/// The encoding that a source declares, if it is none that is decoded here: others are Python's codecs.
pub fn foreign_encoding(bytes: &[u8]) -> Option<String> {
    if bytes.starts_with(BOM) || bytes.contains(&0) {
        return None;
    }
    coding_cookie(bytes).map(|(name, _)| name).filter(|name| native_encoding(name).is_none())
}

/// The error of a source whose encoding's codec refuses it.
pub fn codec_error(message: String) -> SyntaxError {
    SyntaxError { line: Some(0), offset: Some(-1), ..SyntaxError::unlocated(ErrorKind::SyntaxError, message) }
}

fn bad_utf8_byte(body: &[u8], error: &std::str::Utf8Error) -> BadByte {
    let offset = error.valid_up_to();
    let byte = body.get(offset).copied().unwrap_or(0);
    let reason = if matches!(byte, 0xC2..=0xF4) { "invalid continuation byte" } else { "invalid start byte" };
    BadByte { offset, byte, codec: "utf-8", reason }
}

/// The offset of the newline that ends a line (counted from 1).
fn end_of_line(body: &[u8], line: usize) -> usize {
    let newlines = body.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    newlines.map(|(at, _)| at).nth(line.saturating_sub(1)).unwrap_or(0)
}

/// Turns `\r\n` and lone `\r` into `\n`.
pub(super) fn normalise_newlines(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// The coding name declared in the first two lines, and the line it stands on. The second line counts only when the
/// first is blank or a comment.
fn coding_cookie(body: &[u8]) -> Option<(String, usize)> {
    let lines = body.split(|byte| *byte == b'\n' || *byte == b'\r').take(2);
    for (index, line) in lines.enumerate() {
        let trimmed = line.trim_ascii_start();
        let trimmed = trimmed.strip_prefix(b"\x0c").unwrap_or(trimmed).trim_ascii_start();
        match trimmed.first() {
            None => continue,
            Some(b'#') => {}
            Some(_) => return None,
        }
        if let Some(name) = cookie_in_comment(trimmed) {
            return Some((name, index + 1));
        }
    }
    None
}

fn cookie_in_comment(comment: &[u8]) -> Option<String> {
    for (at, window) in comment.windows(6).enumerate() {
        if window != b"coding" {
            continue;
        }
        let Some((b':' | b'=', rest)) = comment.get(at + 6..).and_then(<[u8]>::split_first) else { continue };
        let name: Vec<u8> = rest
            .iter()
            .copied()
            .skip_while(|byte| matches!(byte, b' ' | b'\t'))
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
            .collect();
        if !name.is_empty() {
            return String::from_utf8(name).ok();
        }
    }
    None
}

/// The tokenizer's own short normalisation: only UTF-8 and Latin-1 spellings are folded, others stay as written.
fn canonical_cookie(name: &str) -> String {
    let folded = name.to_ascii_lowercase().replace('_', "-");
    if folded == "utf-8" || folded.starts_with("utf-8-") {
        return "utf-8".to_owned();
    }
    let is_latin1 = ["latin-1", "iso-8859-1", "iso-latin-1"]
        .iter()
        .any(|known| folded == *known || folded.strip_prefix(known).is_some_and(|rest| rest.starts_with('-')));
    if is_latin1 { "iso-8859-1".to_owned() } else { name.to_owned() }
}

fn unknown_encoding(name: &str) -> SyntaxError {
    codec_error(format!("unknown encoding: {}", canonical_cookie(name)))
}

fn undecodable(bad: &BadByte, from: usize) -> SyntaxError {
    let position = bad.offset.saturating_sub(from);
    let message =
        format!("'{}' codec can't decode byte 0x{:02x} in position {position}: {}", bad.codec, bad.byte, bad.reason);
    codec_error(message)
}

fn bom_conflict(body: &[u8], cookie: &str, line: usize) -> SyntaxError {
    let text = body.split(|byte| *byte == b'\n').nth(line - 1).unwrap_or_default();
    let text = String::from_utf8_lossy(text).into_owned();
    let number = i32::try_from(line).unwrap_or(1);
    let end = i32::try_from(text.chars().count()).unwrap_or(0);
    SyntaxError {
        line: Some(number),
        offset: Some(0),
        end_line: Some(number),
        end_offset: Some(end),
        text: Some(text),
        ..SyntaxError::unlocated(ErrorKind::SyntaxError, format!("encoding problem: {cookie} with BOM"))
    }
}

/// A place in undecodable bytes: its line, the decoded text before it on that line, and the whole line as text.
struct BadPlace {
    line: i32,
    head: String,
    text: String,
}

fn locate(body: &[u8], at: usize) -> BadPlace {
    let valid = body.get(..at).and_then(|head| std::str::from_utf8(head).ok()).unwrap_or("");
    let normalised = normalise_newlines(valid);
    let index = LineIndex::new(&normalised);
    let position = index.position(u32::try_from(normalised.len()).unwrap_or(u32::MAX));
    let start = normalised.len() - position.column as usize;
    let head = normalised.get(start..).unwrap_or("").to_owned();
    let rest = body.get(at..).unwrap_or_default();
    let tail = rest.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let text = format!("{head}{}", String::from_utf8_lossy(tail));
    BadPlace { line: position.line.cast_signed(), head, text }
}

fn located(place: BadPlace, offset: i32, end_offset: i32, message: String) -> SyntaxError {
    SyntaxError {
        line: Some(place.line),
        offset: Some(offset),
        end_line: Some(place.line),
        end_offset: Some(end_offset),
        text: Some(place.text),
        ..SyntaxError::unlocated(ErrorKind::SyntaxError, message)
    }
}

fn null_byte_in_file(body: &[u8], at: usize) -> SyntaxError {
    let mut place = locate(body, at);
    place.text.clone_from(&place.head);
    located(place, 0, 0, "source code cannot contain null bytes".to_owned())
}

fn bad_declared_utf8(body: &[u8], error: &std::str::Utf8Error) -> SyntaxError {
    let BadByte { offset: at, byte, reason, .. } = bad_utf8_byte(body, error);
    let mut place = locate(body, at);
    place.text.push('\n');
    let position = place.head.len();
    let message =
        format!("(unicode error) 'utf-8' codec can't decode byte 0x{byte:02x} in position {position}: {reason}");
    located(place, 0, -1, message)
}

fn bad_utf8(filename: &str, body: &[u8], at: usize, origin: Origin) -> SyntaxError {
    let mut place = locate(body, at);
    let byte = body.get(at).copied().unwrap_or(0);
    let file = match origin {
        Origin::File => format!(" in file {filename}"),
        Origin::String => String::new(),
    };
    // While a file's encoding is being looked for, its second line does not count yet.
    if origin == Origin::File && place.line == 2 {
        place.line = 1;
    }
    let message = format!(
        "Non-UTF-8 code starting with '\\x{byte:02x}'{file} on line {}, but no encoding declared; \
         see https://peps.python.org/pep-0263/ for details",
        place.line
    );
    let column = i32::try_from(place.head.chars().count() + 1).unwrap_or(1);
    located(place, column, column, message)
}
