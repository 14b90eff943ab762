//! The common format specifications of ints (`5`, `02x`, `08b`), written without building anything.
//!
//! Invariant: what `parse` accepts gives exactly what the general code gives.

/// A specification of a width, perhaps filled with zeros, and a base; nothing else.
pub struct PlainSpec {
    zeros: bool,
    width: usize,
    kind: u8,
}

/// Wider fields are left to the general code.
const MAX_WIDTH: usize = 64;
/// Digits of the longest small int, in binary, and a sign.
const MAX_DIGITS: usize = 64;

impl PlainSpec {
    /// Reads a specification; `None` for any other.
    pub fn parse(spec: &[u8]) -> Option<PlainSpec> {
        let (zeros, rest) = match spec {
            [b'0', rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (width, kind) = rest.split_at(digits);
        if digits > 2 {
            return None;
        }
        let width = width.iter().fold(0, |width, digit| width * 10 + usize::from(digit - b'0'));
        let kind = match kind {
            [] => b'd',
            [kind @ (b'd' | b'x' | b'X' | b'o' | b'b')] => *kind,
            _ => return None,
        };
        (width <= MAX_WIDTH).then_some(PlainSpec { zeros, width, kind })
    }

    /// Lays the number out and passes the text on.
    pub fn write<T>(&self, number: i64, take: impl FnOnce(&[u8]) -> T) -> T {
        let mut text = [0; MAX_DIGITS + MAX_WIDTH];
        let digits: &[u8; 16] = if self.kind == b'X' { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
        let mut at = text.len();
        let mut rest = number.unsigned_abs();
        let mut push = |digit: u8| {
            at -= 1;
            text[at] = digit;
        };
        let shift = match self.kind {
            b'b' => 1,
            b'o' => 3,
            b'd' => 0,
            _ => 4,
        };
        loop {
            if shift == 0 {
                push(b'0' + (rest % 10) as u8);
                rest /= 10;
            } else {
                push(digits[(rest & ((1 << shift) - 1)) as usize]);
                rest >>= shift;
            }
            if rest == 0 {
                break;
            }
        }
        let start = text.len() - self.width;
        let negative = number < 0;
        if self.zeros {
            let first = start + usize::from(negative);
            if first < at {
                text[first..at].fill(b'0');
                at = first;
            }
        }
        if negative {
            at -= 1;
            text[at] = b'-';
        }
        if start < at {
            text[start..at].fill(b' ');
            at = start;
        }
        take(&text[at..])
    }
}

#[cfg(test)]
mod tests {
    use super::PlainSpec;

    #[test]
    fn numbers_are_laid_out_as_rust_does_it() {
        let write = |spec: &str, number: i64| {
            let spec = PlainSpec::parse(spec.as_bytes()).expect("a plain specification");
            spec.write(number, |text| String::from_utf8(text.to_vec()).expect("ASCII"))
        };
        for number in [0i64, 1, -1, 9, 10, -10, 255, -256, (1 << 61) - 1, -(1 << 61)] {
            let magnitude = number.unsigned_abs();
            let sign = if number < 0 { "-" } else { "" };
            for width in [0usize, 1, 2, 5, 20, 64] {
                assert_eq!(write(&format!("{width}d"), number), format!("{number:width$}"));
                assert_eq!(write(&format!("0{width}"), number), format!("{number:0width$}"));
                for (kind, digits) in [
                    ("x", format!("{magnitude:x}")),
                    ("X", format!("{magnitude:X}")),
                    ("o", format!("{magnitude:o}")),
                    ("b", format!("{magnitude:b}")),
                ] {
                    let text = format!("{sign}{digits}");
                    assert_eq!(write(&format!("{width}{kind}"), number), format!("{text:>width$}"));
                    let zeros = width.saturating_sub(sign.len());
                    assert_eq!(write(&format!("0{width}{kind}"), number), format!("{sign}{digits:0>zeros$}"));
                }
            }
        }
        for other in ["x4", "-4", "+d", "100", "4.2f", "c", "n", ",", "#x", "<4", "65", "e"] {
            assert!(PlainSpec::parse(other.as_bytes()).is_none(), "{other}");
        }
    }
}
