//! Feeds random input to every parser: whatever it is, the answer is a value or an error.
//!
//! The numbers come from a fixed generator, so a failure repeats.

use taipan_numeric::{complex, float_hex, parse_float, parse_int};
use taipan_text::codecs::{self, Codec, DecodeFix, ErrorHandler, Problem};
use taipan_text::format_value::{IntValue, NumericLocale, format_complex, format_float, format_int, format_str};
use taipan_text::percent::{PercentParser, PercentPiece};
use taipan_text::template::{self, Piece};
use taipan_text::{Bounded, TextBuffer, TextError, bytes_from_hex};

struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn text(&mut self, alphabet: &[u8]) -> Vec<u8> {
        (0..self.below(12)).map(|_| alphabet[self.below(alphabet.len())]).collect()
    }
}

fn format_everything(spec: &[u8]) {
    let locale = NumericLocale::default();
    let mut text = TextBuffer::new();
    let out = &mut Bounded::new(&mut text, 10_000);
    for value in [0.0, -1.5, 1e300, 5e-324, f64::INFINITY] {
        let _ = format_float(value, spec, "float", &locale, out);
        let _ = format_complex(complex::Complex::new(value, -value), spec, &locale, out);
    }
    let _ = format_int(IntValue::Small(-1_234_567), spec, "int", 4300, &locale, out);
    let _ = format_str(&b"abc"[..], spec, out);
}

fn parse_template(source: &[u8]) {
    let mut numbers = template::AutoNumber::default();
    for piece in template::pieces(source, 0..source.len()).flatten() {
        if let Piece::Field(field) = piece {
            let _ = template::field_name(source, &field.name, &mut numbers).map(|(_, rest)| rest.count());
            template::pieces(source, field.spec).for_each(drop);
        }
    }
    let mut parser = PercentParser::new(source, true);
    while let Ok(Some(piece)) = parser.next_piece() {
        if let PercentPiece::Conversion { .. } = piece
            && parser.conversion::<TextError>(|_| Ok(3)).is_err()
        {
            return;
        }
    }
}

fn decode_everything(input: &[u8]) {
    let mut out = TextBuffer::new();
    let mut handler = |problem: &Problem| -> Result<Option<DecodeFix>, ()> {
        assert!(problem.start < problem.end && problem.end <= input.len(), "{problem:?}");
        Ok(ErrorHandler::SurrogateEscape.decode(problem, input).or(ErrorHandler::Replace.decode(problem, input)))
    };
    for name in ["utf-8", "utf-16", "utf-16-be", "utf-32", "utf-32-be", "latin-1", "ascii"] {
        let codec = Codec::from_name(name).expect("a codec");
        assert!(codec.decode(input, &mut handler, &mut out).is_ok());
    }
    for last in [false, true] {
        assert!(codecs::decode_utf7(input, last, &mut handler, &mut out).is_ok());
        assert!(codecs::decode_unicode_escape(input, last, &mut handler, &mut out).is_ok());
        assert!(codecs::decode_raw_unicode_escape(input, last, &mut handler, &mut out).is_ok());
    }
    let _ = codecs::decode_byte_escapes(input, codecs::BadHex::Replace);
}

#[test]
fn random_input_does_no_harm() {
    let mut numbers = Numbers(1);
    for _ in 0..4000 {
        format_everything(&numbers.text(b"<>=^+- z#0123456789,_.bcdefgnosxX%EFG"));
        parse_template(&numbers.text(b"{}[]!:.0a%()sd*- +"));
        decode_everything(&numbers.text(b"\x00\x80\xa0\xc2\xd8\xdc\xe2\xed\xf0\xfe\xff+-AO\\xuUN{}019"));
        let number = numbers.text(b"0123456789_+-.eEjpxbonaif() ");
        let _ = (parse_float(&number), complex::parse_complex(&number), float_hex::float_from_hex(&number));
        let _ = (parse_int(&number, 0, 0), parse_int(&number, 36, 0), bytes_from_hex(&number[..]));
    }
    let wide = format!("#.{}g", 9_000);
    format_everything(wide.as_bytes());
}
