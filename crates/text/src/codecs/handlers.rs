//! The error handlers that every codec knows: strict, ignore, replace and their kin.
//!
//! `strict` always declines, so that the problem itself is raised. A handler also declines what it
//! has no answer for, such as `surrogatepass` with bytes that are no encoded surrogate.

use super::{DecodeFix, EncodeFix, Problem, Replacement, is_surrogate};
use crate::{CodePoints, Sink, TextBuffer, write_escape};

/// A built-in error handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorHandler {
    /// Raise.
    Strict,
    /// Leave out.
    Ignore,
    /// A question mark, or U+FFFD when decoding.
    Replace,
    /// Backslash escapes.
    BackslashReplace,
    /// Bytes to and from lone surrogates U+DC80..U+DCFF.
    SurrogateEscape,
    /// Surrogates encoded like any other character.
    SurrogatePass,
    /// XML character references; encoding only.
    XmlCharRefReplace,
    /// `\N{…}` escapes; encoding only.
    NameReplace,
}

impl ErrorHandler {
    /// The handler of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "strict" => Self::Strict,
            "ignore" => Self::Ignore,
            "replace" => Self::Replace,
            "backslashreplace" => Self::BackslashReplace,
            "surrogateescape" => Self::SurrogateEscape,
            "surrogatepass" => Self::SurrogatePass,
            "xmlcharrefreplace" => Self::XmlCharRefReplace,
            "namereplace" => Self::NameReplace,
            _ => return None,
        })
    }

    /// True when the handler works for encoding only; CPython raises
    /// `TypeError: don't know how to handle UnicodeDecodeError in error callback` for decoding.
    #[must_use]
    pub fn encodes_only(self) -> bool {
        matches!(self, Self::XmlCharRefReplace | Self::NameReplace)
    }

    /// Answers a decoding problem.
    #[must_use]
    pub fn decode(self, problem: &Problem, input: &[u8]) -> Option<DecodeFix> {
        let bytes = input.get(problem.start..problem.end)?;
        let mut text = TextBuffer::new();
        let mut resume = problem.end;
        match self {
            Self::Strict | Self::XmlCharRefReplace | Self::NameReplace => return None,
            Self::Ignore => {}
            Self::Replace => text.push(0xFFFD),
            Self::BackslashReplace => bytes.iter().for_each(|b| write_escape((*b).into(), &mut text)),
            Self::SurrogateEscape => {
                // At most the bytes that are no ASCII: what follows may be decodable.
                let high = bytes.iter().take(4).take_while(|b| **b >= 0x80);
                high.clone().for_each(|b| text.push(0xDC00 + u32::from(*b)));
                resume = problem.start + high.count();
                if resume == problem.start {
                    return None;
                }
            }
            Self::SurrogatePass => {
                let (c, size) = passed_surrogate(problem.encoding, &input[problem.start..])?;
                text.push(c);
                resume = problem.start + size;
            }
        }
        Some(DecodeFix { text, resume })
    }

    /// Answers an encoding problem. `surrogateescape` answers for as much of the problem as it can,
    /// so that the rest is reported on its own.
    #[must_use]
    pub fn encode<S: CodePoints + ?Sized>(self, problem: &Problem, text: &S) -> Option<EncodeFix> {
        let bad = || (problem.start..problem.end.min(text.len())).map(|i| text.get(i));
        let mut out = TextBuffer::new();
        match self {
            Self::Strict => return None,
            Self::Ignore => {}
            Self::Replace => out.push_repeated(b'?'.into(), bad().count()),
            Self::BackslashReplace => bad().for_each(|c| write_escape(c, &mut out)),
            Self::XmlCharRefReplace => bad().for_each(|c| out.push_str(&format!("&#{c};"))),
            Self::NameReplace => bad().for_each(|c| match crate::unicode::name(c) {
                Some(name) => out.push_str(&format!("\\N{{{name}}}")),
                None => write_escape(c, &mut out),
            }),
            Self::SurrogateEscape => {
                let escaped = bad().map_while(|c| (0xDC80..0xDD00).contains(&c).then_some(c as u8));
                let bytes: Vec<u8> = escaped.collect();
                let resume = problem.start + bytes.len();
                let found = !bytes.is_empty();
                return found.then_some(EncodeFix { replacement: Replacement::Bytes(bytes), resume });
            }
            Self::SurrogatePass => {
                let mut bytes = Vec::new();
                for c in bad() {
                    pass_surrogate(problem.encoding, c, &mut bytes)?;
                }
                return Some(EncodeFix { replacement: Replacement::Bytes(bytes), resume: problem.end });
            }
        }
        Some(EncodeFix { replacement: Replacement::Text(out), resume: problem.end })
    }
}

/// Unit size and whether the high byte comes first, for encodings that can carry surrogates.
fn unit(encoding: &str) -> Option<(usize, bool)> {
    Some(match encoding {
        "utf-8" => (3, true),
        "utf-16" | "utf-16-le" => (2, false),
        "utf-16-be" => (2, true),
        "utf-32" | "utf-32-le" => (4, false),
        "utf-32-be" => (4, true),
        _ => return None,
    })
}

fn passed_surrogate(encoding: &str, bytes: &[u8]) -> Option<(u32, usize)> {
    let (size, big) = unit(encoding)?;
    let bytes = bytes.get(..size)?;
    let c = if let (3, [a, b, c]) = (size, bytes) {
        let whole = a & 0xF0 == 0xE0 && b & 0xC0 == 0x80 && c & 0xC0 == 0x80;
        let value = u32::from(a & 15) << 12 | u32::from(b & 63) << 6 | u32::from(c & 63);
        whole.then_some(value)?
    } else if big {
        bytes.iter().fold(0, |c, b| c << 8 | u32::from(*b))
    } else {
        bytes.iter().rev().fold(0, |c, b| c << 8 | u32::from(*b))
    };
    is_surrogate(c).then_some((c, size))
}

fn pass_surrogate(encoding: &str, c: u32, out: &mut Vec<u8>) -> Option<()> {
    let (size, big) = unit(encoding)?;
    if !is_surrogate(c) {
        return None;
    }
    if size == 3 {
        out.extend([0xE0 | (c >> 12) as u8, 0x80 | (c >> 6 & 63) as u8, 0x80 | (c & 63) as u8]);
    } else {
        let bytes = c.to_be_bytes();
        let bytes = &bytes[4 - size..];
        if big {
            out.extend_from_slice(bytes);
        } else {
            out.extend(bytes.iter().rev());
        }
    }
    Some(())
}
