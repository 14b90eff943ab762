//! Escapes in bytes: `codecs.escape_decode` and `codecs.escape_encode`.

use super::EscapeWarning;
use crate::TextError;

/// What to do about a `\x` without two digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadHex<'a> {
    /// Raise.
    Strict,
    /// Write a question mark.
    Replace,
    /// Leave it out.
    Ignore,
    /// Raise about the handler's name, which is none of the others.
    Unknown(&'a str),
}

impl<'a> BadHex<'a> {
    /// The handling of a name.
    #[must_use]
    pub fn from_name(name: &'a str) -> Self {
        match name {
            "strict" => Self::Strict,
            "replace" => Self::Replace,
            "ignore" => Self::Ignore,
            other => Self::Unknown(other),
        }
    }

    fn handle(self, at: usize, out: &mut Vec<u8>) -> Result<(), TextError> {
        match self {
            Self::Strict => Err(TextError::value(format!("invalid \\x escape at position {at}"))),
            Self::Replace => {
                out.push(b'?');
                Ok(())
            }
            Self::Ignore => Ok(()),
            Self::Unknown(name) => {
                Err(TextError::value(format!("decoding error; unknown error handling code: {name}")))
            }
        }
    }
}

/// The value of up to three octal digits, and how many there are.
fn octal(input: &[u8]) -> (u32, usize) {
    let digits = input.iter().take(3).take_while(|b| matches!(b, b'0'..=b'7'));
    (digits.clone().fold(0, |value, b| value << 3 | u32::from(b - b'0')), digits.count())
}

/// Writes the byte of the two digits at `at`; gives how many digits there are.
fn hexadecimal(input: &[u8], at: usize, errors: BadHex<'_>, out: &mut Vec<u8>) -> Result<usize, TextError> {
    let digits = input[at..].iter().take(2).map_while(|b| char::from(*b).to_digit(16));
    let count = digits.clone().count();
    if count == 2 {
        out.push(digits.fold(0, |value, d| value << 4 | d as u8));
    } else {
        errors.handle(at - 2, out)?;
    }
    Ok(count)
}

/// Decodes the escapes of a bytes literal; gives the first dubious escape too.
pub fn decode_byte_escapes(input: &[u8], errors: BadHex<'_>) -> Result<(Vec<u8>, Option<EscapeWarning>), TextError> {
    let mut out = Vec::with_capacity(input.len());
    let mut warning = None;
    let mut at = 0;
    while at < input.len() {
        let byte = input[at];
        at += 1;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let Some(&letter) = input.get(at) else {
            return Err(TextError::value("Trailing \\ in string"));
        };
        at += 1;
        match letter {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(letter),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b't' => out.push(b'\t'),
            b'n' => out.push(b'\n'),
            b'v' => out.push(11),
            b'f' => out.push(12),
            b'r' => out.push(b'\r'),
            b'0'..=b'7' => {
                let (value, count) = octal(&input[at - 1..]);
                if value > 0xFF {
                    warning = warning.or(Some(EscapeWarning::Octal(value)));
                }
                out.push(value as u8);
                at += count - 1;
            }
            b'x' => at += hexadecimal(input, at, errors, &mut out)?,
            _ => {
                out.extend([b'\\', letter]);
                warning = warning.or(Some(EscapeWarning::Invalid(letter)));
            }
        }
    }
    Ok((out, warning))
}

/// Escapes bytes as in a literal with single quotes.
#[must_use]
pub fn encode_byte_escapes(input: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(input.len());
    for &byte in input {
        match byte {
            b'\t' => out.extend(b"\\t"),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            b'\\' | b'\'' => out.extend([b'\\', byte]),
            0x20..0x7F => out.push(byte),
            _ => out.extend(format!("\\x{byte:02x}").into_bytes()),
        }
    }
    out
}
