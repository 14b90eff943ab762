//! PEP 263 decoding: byte order mark, coding cookie, null characters, invalid UTF-8, newline normalisation.
//! Every failure is the `SyntaxError` CPython raises for the same bytes from the same kind of origin.

use std::borrow::Cow;

use super::codec::{BadByte, Encoding};
use super::{LineIndex, Origin};
use crate::parse::{ErrorKind, SyntaxError};

const BOM: &[u8] = b"\xef\xbb\xbf";

pub(super) fn null_bytes(origin: Origin) -> SyntaxError {
    let message = match origin {
        Origin::File => "source code cannot contain null bytes",
        Origin::String => "source code string cannot contain null bytes",
    };
    SyntaxError::unlocated(ErrorKind::SyntaxError, message)
}

pub(super) fn decode(bytes: &[u8], origin: Origin) -> Result<(Cow<'_, str>, Encoding), SyntaxError> {
    if origin == Origin::String && bytes.contains(&0) {
        return Err(null_bytes(origin));
    }
    let (body, has_bom) = match bytes.strip_prefix(BOM) {
        Some(body) => (body, true),
        None => (bytes, false),
    };
    let cookie = coding_cookie(body);
    let encoding = match &cookie {
        None => Encoding::Utf8,
        Some((name, line)) => {
            let encoding = Encoding::from_name(name).ok_or_else(|| unknown_encoding(name))?;
            if has_bom && canonical_cookie(name) != "utf-8" {
                return Err(bom_conflict(body, &canonical_cookie(name), *line));
            }
            encoding
        }
    };
    let text = match encoding {
        Encoding::Utf8 => {
            Cow::Borrowed(std::str::from_utf8(body).map_err(|error| bad_utf8(body, error.valid_up_to()))?)
        }
        _ => Cow::Owned(encoding.decode_single_byte(body).map_err(|bad| undecodable(&bad))?),
    };
    if text.contains('\0') {
        return Err(null_bytes(origin));
    }
    Ok((text, encoding))
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
    let message = format!("unknown encoding: {}", canonical_cookie(name));
    SyntaxError { line: Some(0), offset: Some(-1), ..SyntaxError::unlocated(ErrorKind::SyntaxError, message) }
}

fn undecodable(bad: &BadByte) -> SyntaxError {
    let message = format!(
        "'{}' codec can't decode byte 0x{:02x} in position {}: {}",
        bad.codec, bad.byte, bad.offset, bad.reason
    );
    SyntaxError { line: Some(0), offset: Some(-1), ..SyntaxError::unlocated(ErrorKind::SyntaxError, message) }
}

fn bom_conflict(body: &[u8], cookie: &str, line: usize) -> SyntaxError {
    let text = body.split(|byte| *byte == b'\n').nth(line - 1).unwrap_or_default();
    let text = String::from_utf8_lossy(text).into_owned();
    let number = i64::try_from(line).unwrap_or(1);
    let end = i64::try_from(text.chars().count()).unwrap_or(0);
    SyntaxError {
        line: Some(number),
        offset: Some(0),
        end_line: Some(number),
        end_offset: Some(end),
        text: Some(text),
        ..SyntaxError::unlocated(ErrorKind::SyntaxError, format!("encoding problem: {cookie} with BOM"))
    }
}

fn bad_utf8(body: &[u8], at: usize) -> SyntaxError {
    let valid = body.get(..at).and_then(|head| std::str::from_utf8(head).ok()).unwrap_or("");
    let normalised = normalise_newlines(valid);
    let index = LineIndex::new(&normalised);
    let position = index.position(u32::try_from(normalised.len()).unwrap_or(u32::MAX));
    let start = normalised.len() - position.column as usize;
    let head = normalised.get(start..).unwrap_or("");
    let rest = body.get(at..).unwrap_or_default();
    let tail = rest.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let column = i64::try_from(head.chars().count() + 1).unwrap_or(1);
    let byte = rest.first().copied().unwrap_or(0);
    SyntaxError {
        line: Some(i64::from(position.line)),
        offset: Some(column),
        end_line: Some(i64::from(position.line)),
        end_offset: Some(column),
        text: Some(format!("{head}{}", String::from_utf8_lossy(tail))),
        ..SyntaxError::unlocated(
            ErrorKind::SyntaxError,
            format!(
                "Non-UTF-8 code starting with '\\x{byte:02x}' on line {}, but no encoding declared; \
                 see https://peps.python.org/pep-0263/ for details",
                position.line
            ),
        )
    }
}
