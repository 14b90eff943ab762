//! Base64.
//!
//! Invariant: outside strict mode, characters that do not belong to the alphabet are skipped.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Encodes with padding, and a line feed if wanted.
pub fn encode(data: &[u8], newline: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len().div_ceil(3) * 4 + 1);
    for chunk in data.chunks(3) {
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

fn value(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
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
    for &byte in data {
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
