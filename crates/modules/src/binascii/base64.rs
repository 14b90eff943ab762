//! Base64.
//!
//! Invariant: outside strict mode, characters that do not belong to the alphabet are skipped.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Encodes with padding, and a line feed if wanted.
pub fn encode(data: &[u8], newline: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len().div_ceil(3) * 4 + 1);
    let whole = data.chunks_exact(3);
    let rest = whole.remainder();
    out.resize(data.len() / 3 * 4, 0);
    for (place, chunk) in out.chunks_exact_mut(4).zip(whole) {
        let word = u32::from_be_bytes([0, chunk[0], chunk[1], chunk[2]]);
        let digit = |shift: u32| ALPHABET[(word >> shift & 63) as usize];
        place.copy_from_slice(&[digit(18), digit(12), digit(6), digit(0)]);
    }
    for chunk in rest.chunks(3) {
        let word = chunk.iter().fold(0, |word, &byte| word << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            if place <= chunk.len() {
                out.push(ALPHABET[(word >> (18 - 6 * place) & 63) as usize]);
            } else {
                out.push(b'=');
            }
        }
    }
    if newline {
        out.push(b'\n');
    }
    out
}

/// The value of each byte as a digit; 255 for what is none.
static VALUES: [u8; 256] = {
    let mut values = [255; 256];
    let mut digit = 0;
    while digit < 64 {
        values[ALPHABET[digit] as usize] = digit as u8;
        digit += 1;
    }
    values
};

#[inline]
fn value(byte: u8) -> Option<u8> {
    Some(VALUES[usize::from(byte)]).filter(|&value| value < 64)
}

/// Decodes groups of four digits up to the first that is not one; gives how many bytes it has read.
fn decode_groups(data: &[u8], out: &mut Vec<u8>) -> usize {
    let mut read = 0;
    for group in data.chunks_exact(4) {
        let [a, b, c, d] = [group[0], group[1], group[2], group[3]].map(|byte| VALUES[usize::from(byte)]);
        if a | b | c | d >= 64 {
            break;
        }
        out.extend_from_slice(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
        read += 4;
    }
    read
}

/// The message about a single character left over after `decoded` bytes.
fn too_many(decoded: usize) -> String {
    let count = decoded / 3 * 4 + 1;
    format!("Invalid base64-encoded string: number of data characters ({count}) cannot be 1 more than a multiple of 4")
}

/// Decodes, or says what is wrong.
pub fn decode(data: &[u8], strict: bool) -> Result<Vec<u8>, String> {
    if strict && data.first() == Some(&b'=') {
        return Err("Leading padding not allowed".to_owned());
    }
    let mut out = Vec::with_capacity(data.len() / 4 * 3 + 3);
    let (mut place, mut left, mut pads) = (0, 0u8, 0);
    let read = decode_groups(data, &mut out);
    for &byte in &data[read..] {
        if byte == b'=' {
            if strict && (place == 0 || place >= 2 && place + pads >= 4) {
                return Err("Excess padding not allowed".to_owned());
            }
            pads += 1;
            continue;
        }
        let Some(value) = value(byte) else {
            if strict {
                return Err("Only base64 data is allowed".to_owned());
            }
            continue;
        };
        if strict && pads > 0 && place >= 2 {
            let what =
                if place + pads >= 4 { "Excess data after padding" } else { "Discontinuous padding not allowed" };
            return Err(what.to_owned());
        }
        if strict && pads > 0 && place == 1 {
            return Err(too_many(out.len()));
        }
        pads = 0;
        match place {
            0 => left = value,
            1 => {
                out.push(left << 2 | value >> 4);
                left = value & 15;
            }
            2 => {
                out.push(left << 4 | value >> 2);
                left = value & 3;
            }
            _ => out.push(left << 6 | value),
        }
        place = (place + 1) % 4;
    }
    match place {
        0 => Ok(out),
        1 => Err(too_many(out.len())),
        _ if place + pads >= 4 => Ok(out),
        _ => Err("Incorrect padding".to_owned()),
    }
}
