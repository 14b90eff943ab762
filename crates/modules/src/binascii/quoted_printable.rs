//! Quoted-printable.
//!
//! Invariant: encoded lines have at most 76 characters, the soft line break included.

const LINE: usize = 76;

/// Decodes; in headers an underscore is a space.
pub fn decode(data: &[u8], header: bool) -> Vec<u8> {
    let digit = |at: usize| data.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut out = Vec::with_capacity(data.len());
    let mut at = 0;
    while let Some(&byte) = data.get(at) {
        if byte != b'=' {
            out.push(if header && byte == b'_' { b' ' } else { byte });
            at += 1;
            continue;
        }
        at += 1;
        match data.get(at) {
            None => break,
            Some(b'\n' | b'\r') => {
                let rest = &data[at..];
                at += rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
            }
            Some(b'=') => {
                out.push(b'=');
                at += 1;
            }
            Some(_) => match (digit(at), digit(at + 1)) {
                (Some(high), Some(low)) => {
                    out.push((high << 4 | low) as u8);
                    at += 2;
                }
                _ => out.push(b'='),
            },
        }
    }
    out
}

struct Writer {
    out: Vec<u8>,
    column: usize,
    crlf: bool,
}

impl Writer {
    fn line_end(&mut self) {
        if self.crlf {
            self.out.push(b'\r');
        }
        self.out.push(b'\n');
        self.column = 0;
    }

    fn room(&mut self, count: usize) {
        if self.column + count >= LINE {
            self.out.push(b'=');
            self.line_end();
        }
        self.column += count;
    }

    fn escape(&mut self, byte: u8) {
        self.room(3);
        self.out.extend(format!("={byte:02X}").into_bytes());
    }
}

/// Encodes.
pub fn encode(data: &[u8], quote_tabs: bool, is_text: bool, header: bool) -> Vec<u8> {
    let first_end = data.iter().position(|byte| *byte == b'\n');
    let crlf = first_end.is_some_and(|end| end > 0 && data[end - 1] == b'\r');
    let mut writer = Writer { out: Vec::with_capacity(data.len()), column: 0, crlf };
    let mut at = 0;
    while let Some(&byte) = data.get(at) {
        let next = data.get(at + 1).copied();
        let ends_line = next == Some(b'\n') || (next == Some(b'\r') && data.get(at + 2) == Some(&b'\n'));
        let lone_dot =
            byte == b'.' && writer.column == 0 && (next.is_none() || matches!(next, Some(b'\n' | b'\r' | 0)));
        let must = byte > 126
            || byte == b'='
            || (header && byte == b'_')
            || lone_dot
            || (!is_text && matches!(byte, b'\r' | b'\n'))
            || (matches!(byte, b'\t' | b' ') && next.is_none())
            || (byte < 33 && !matches!(byte, b'\r' | b'\n' | b'\t' | b' '))
            || (byte < 33 && (quote_tabs && matches!(byte, b'\t' | b' ')));
        if must {
            writer.escape(byte);
            at += 1;
            continue;
        }
        if is_text && (byte == b'\n' || (byte == b'\r' && next == Some(b'\n'))) {
            if let Some(last @ (b' ' | b'\t')) = writer.out.last().copied() {
                writer.out.pop();
                writer.out.extend(format!("={last:02X}").into_bytes());
            }
            writer.line_end();
            at += if byte == b'\r' { 2 } else { 1 };
            continue;
        }
        if next.is_some() && !ends_line && writer.column + 1 >= LINE {
            writer.out.push(b'=');
            writer.line_end();
        }
        writer.column += 1;
        writer.out.push(if header && byte == b' ' { b'_' } else { byte });
        at += 1;
    }
    writer.out
}
