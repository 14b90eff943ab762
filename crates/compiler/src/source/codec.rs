//! The source encodings the decoder knows, under the names Python's codec registry gives them.
//! Decoding is total for the single-byte encodings with full tables and reports the first bad byte otherwise.

/// A source encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, the default.
    Utf8,
    /// ISO-8859-1.
    Latin1,
    /// ISO-8859-15.
    Latin9,
    /// US-ASCII.
    Ascii,
    /// Windows code page 1252.
    Cp1252,
}

/// Aliases as they read after lower-casing and turning hyphens and spaces into underscores.
const ALIASES: &[(&str, Encoding)] = &[
    ("utf_8", Encoding::Utf8),
    ("utf8", Encoding::Utf8),
    ("u8", Encoding::Utf8),
    ("utf", Encoding::Utf8),
    ("utf8_ucs2", Encoding::Utf8),
    ("utf8_ucs4", Encoding::Utf8),
    ("utf_8_sig", Encoding::Utf8),
    ("cp65001", Encoding::Utf8),
    ("latin_1", Encoding::Latin1),
    ("latin1", Encoding::Latin1),
    ("latin", Encoding::Latin1),
    ("l1", Encoding::Latin1),
    ("iso_8859_1", Encoding::Latin1),
    ("iso8859_1", Encoding::Latin1),
    ("iso8859", Encoding::Latin1),
    ("8859", Encoding::Latin1),
    ("cp819", Encoding::Latin1),
    ("iso_8859_15", Encoding::Latin9),
    ("iso8859_15", Encoding::Latin9),
    ("latin_9", Encoding::Latin9),
    ("latin9", Encoding::Latin9),
    ("l9", Encoding::Latin9),
    ("ascii", Encoding::Ascii),
    ("us_ascii", Encoding::Ascii),
    ("us", Encoding::Ascii),
    ("646", Encoding::Ascii),
    ("ansi_x3.4_1968", Encoding::Ascii),
    ("iso646_us", Encoding::Ascii),
    ("cp1252", Encoding::Cp1252),
    ("windows_1252", Encoding::Cp1252),
    ("1252", Encoding::Cp1252),
];

/// Bytes 0x80 to 0x9F of code page 1252; zero marks a byte without a meaning.
const CP1252_HIGH: [u16; 32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0,
    0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
];

/// Why a byte sequence could not be decoded: the offset of the first bad byte, its value, and Python's reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BadByte {
    pub offset: usize,
    pub byte: u8,
    pub codec: &'static str,
    pub reason: &'static str,
}

impl Encoding {
    /// Finds an encoding by any of the names Python accepts for it.
    pub fn from_name(name: &str) -> Option<Self> {
        let folded: String =
            name.chars().map(|c| if matches!(c, '-' | ' ') { '_' } else { c.to_ascii_lowercase() }).collect();
        ALIASES.iter().find(|(alias, _)| *alias == folded).map(|(_, encoding)| *encoding)
    }

    /// The name CPython normalises the encoding to.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Latin1 => "iso-8859-1",
            Self::Latin9 => "iso-8859-15",
            Self::Ascii => "ascii",
            Self::Cp1252 => "cp1252",
        }
    }

    /// Decodes bytes of a single-byte encoding; UTF-8 is decoded line by line elsewhere for its own messages.
    pub(super) fn decode_single_byte(self, bytes: &[u8]) -> Result<String, BadByte> {
        let mut text = String::with_capacity(bytes.len());
        for (offset, byte) in bytes.iter().copied().enumerate() {
            let Some(c) = self.char_of(byte) else {
                let (codec, reason) = match self {
                    Self::Ascii => ("ascii", "ordinal not in range(128)"),
                    _ => ("charmap", "character maps to <undefined>"),
                };
                return Err(BadByte { offset, byte, codec, reason });
            };
            text.push(c);
        }
        Ok(text)
    }

    fn char_of(self, byte: u8) -> Option<char> {
        match (self, byte) {
            (_, 0..0x80) => Some(char::from(byte)),
            (Self::Ascii | Self::Utf8, _) => None,
            (Self::Latin1, _) => Some(char::from(byte)),
            (Self::Latin9, _) => Some(match byte {
                0xA4 => '€',
                0xA6 => 'Š',
                0xA8 => 'š',
                0xB4 => 'Ž',
                0xB8 => 'ž',
                0xBC => 'Œ',
                0xBD => 'œ',
                0xBE => 'Ÿ',
                _ => char::from(byte),
            }),
            (Self::Cp1252, 0x80..0xA0) => {
                let unit = CP1252_HIGH.get(usize::from(byte) - 0x80).copied().unwrap_or(0);
                if unit == 0 { None } else { char::from_u32(u32::from(unit)) }
            }
            (Self::Cp1252, _) => Some(char::from(byte)),
        }
    }
}
