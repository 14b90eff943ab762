//! Uuencoding, a line at a time.
//!
//! Invariant: a line says how many bytes it holds; missing characters count as zero bits.

/// Encodes at most 45 bytes as a line.
pub fn encode(data: &[u8], backtick: bool) -> Vec<u8> {
    let shown = |value: u8| if backtick && value == 0 { b'`' } else { b' ' + value };
    let mut out = vec![shown(data.len() as u8)];
    for chunk in data.chunks(3) {
        let word = chunk.iter().fold(0, |word, &byte| word << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        out.extend((0..4).map(|place| shown((word >> (18 - 6 * place) & 63) as u8)));
    }
    out.push(b'\n');
    out
}

/// Decodes a line, or says what is wrong.
pub fn decode(data: &[u8]) -> Result<Vec<u8>, &'static str> {
    let Some((&first, mut rest)) = data.split_first() else { return Err("Missing length byte") };
    let len = usize::from(first.wrapping_sub(b' ') & 63);
    let mut out = Vec::with_capacity(len);
    let (mut bits, mut word) = (0, 0u32);
    while out.len() < len {
        let byte = rest.first().copied();
        rest = rest.get(1..).unwrap_or(&[]);
        let value = match byte {
            None | Some(b'\n' | b'\r') => 0,
            Some(byte @ b' '..=b'`') => u32::from(byte - b' ') & 63,
            Some(_) => return Err("Illegal char"),
        };
        word = (word << 6 | value) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits) as u8);
        }
    }
    let blank = |byte: &u8| matches!(byte, b' ' | b'`' | b'\n' | b'\r');
    if rest.iter().all(blank) { Ok(out) } else { Err("Trailing garbage") }
}
