//! Character names, for `\N{…}` escapes and the `namereplace` handler.

/// The name of a character.
#[must_use]
pub fn name(c: u32) -> Option<String> {
    unicode_names2::name(char::from_u32(c)?).map(|name| name.to_string())
}

/// The character of a name, in capitals or not.
#[must_use]
pub fn lookup(name: &str) -> Option<u32> {
    unicode_names2::character(name).map(u32::from)
}
