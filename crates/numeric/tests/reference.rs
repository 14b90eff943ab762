//! Checks every function against a table of results written by CPython 3.14.
//!
//! `generate_reference.py` writes the table; a row names an operation, its arguments and the result.

use std::cmp::Ordering;
use taipan_numeric::complex::{self, Complex};
use taipan_numeric::{BigInt, FloatFormat, HashKey, float_hex, float_ops, hash, int_float, int_math, int_ops};

fn float(text: &str) -> f64 {
    f64::from_bits(u64::from_str_radix(text, 16).expect("a bit pattern"))
}

fn int(text: &str) -> BigInt {
    text.parse().expect("an integer")
}

fn cx(text: &str) -> Complex {
    let (re, im) = text.split_once(',').expect("two parts");
    Complex::new(float(re), float(im))
}

fn bits(value: f64) -> String {
    if value.is_nan() { "nan".into() } else { format!("{:016x}", value.to_bits()) }
}

fn cbits(value: Complex) -> String {
    format!("{},{}", bits(value.real), bits(value.imag))
}

fn or_message<T, E: ToString>(result: Result<T, E>, show: impl Fn(T) -> String) -> String {
    result.map_or_else(|e| format!("!{}", e.to_string()), show)
}

fn hex_bytes(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).expect("hex")).collect()
}

fn hashes(text: &str) -> Vec<i64> {
    text.split(',').filter(|t| !t.is_empty()).map(|t| t.parse().expect("a hash")).collect()
}

fn order(order: Option<Ordering>) -> String {
    order.map_or("none".into(), |o| (o as i32).to_string())
}

/// A wanted value in the form `bits` gives: any NaN is "nan".
fn normal(want: &str) -> String {
    let one = |part: &str| {
        let number = u64::from_str_radix(part, 16).ok().filter(|_| part.len() == 16);
        number.map_or(part.to_owned(), |b| bits(f64::from_bits(b)))
    };
    want.split(',').map(one).collect::<Vec<_>>().join(",")
}

fn show_pow(result: float_ops::PowResult) -> String {
    match result {
        float_ops::PowResult::Float(x) => bits(x),
        float_ops::PowResult::Complex => "complex".into(),
        float_ops::PowResult::ZeroDivision => "!zero to a negative power".into(),
        float_ops::PowResult::Overflow => "!(34, 'Numerical result out of range')".into(),
    }
}

fn format_row(a: &[&str]) -> String {
    let format = FloatFormat {
        style: a[2].as_bytes()[0],
        precision: a[3].parse().expect("a precision"),
        plus: a[1].contains('+'),
        alternate: a[1].contains('#'),
        dot_zero: false,
        no_negative_zero: a[1].contains('z'),
    };
    taipan_numeric::format_float(float(a[0]), format)
}

fn float_row(op: &str, a: &[&str]) -> Option<String> {
    let x = || float(a[0]);
    let whole = |r: Result<BigInt, int_float::IntFloatError>| or_message(r, |v| v.to_string());
    Some(match op {
        "repr" => taipan_numeric::float_repr(x()),
        "hex" => float_hex::float_hex(x()),
        "hashf" => hash::hash_float(x()).map_or("none".into(), |h| h.to_string()),
        "ratio" => {
            let (n, d) = float_hex::as_integer_ratio(x());
            format!("{n}\t{d}")
        }
        "rint" => whole(float_ops::round_to_int(x())),
        "floor" => whole(float_ops::floor(x())),
        "ceil" => whole(float_ops::ceil(x())),
        "fmt" => format_row(a),
        "round" => float_ops::round_to_digits(x(), a[1].parse().expect("digits"))
            .map_or("!rounded value too large to represent".into(), bits),
        "divmod" => {
            let (q, r) = float_ops::div_mod(x(), float(a[1]));
            format!("{}\t{}", bits(q), bits(r))
        }
        "pow" => show_pow(float_ops::pow(x(), float(a[1]))),
        "parsef" => taipan_numeric::parse_float(&hex_bytes(a[0])).map_or("!".into(), bits),
        "parsehex" => or_message(float_hex::float_from_hex(&hex_bytes(a[0])), bits),
        _ => return None,
    })
}

fn int_row(op: &str, a: &[&str]) -> Option<String> {
    let n = || int(a[0]);
    let m = || int(a[1]);
    Some(match op {
        "hashi" => {
            if let Some(small) = int_ops::to_i64(&n()) {
                assert_eq!(hash::hash_small(small), hash::hash_big(&n()));
            }
            if let Ok(wide) = i128::try_from(&n()) {
                assert_eq!(hash::hash_wide(wide), hash::hash_big(&n()));
            }
            hash::hash_big(&n()).to_string()
        }
        "tofloat" => or_message(int_float::to_float(&n()), bits),
        "bits" => format!("{}\t{}", int_ops::bit_length(&n()), int_ops::bit_count(&n())),
        "tobytes" => or_message(int_ops::to_bytes(&n(), 18, true, a[1] == "1"), |b| {
            let signed = a[1] == "1";
            assert_eq!(BigInt::from(int_ops::from_bytes(&b, true, signed)), n());
            b.iter().map(|b| format!("{b:02x}")).collect()
        }),
        "roundint" => int_ops::round_to_power_of_ten(&n(), a[1].parse().expect("digits")).to_string(),
        "cmp" => {
            if let Some(small) = int_ops::to_i64(&n()) {
                let small = int_float::compare_small(small, float(a[1]));
                assert_eq!(small, int_float::compare(&n(), float(a[1])), "{a:?}");
            }
            order(int_float::compare(&n(), float(a[1])))
        }
        "truediv" => {
            if let (Some(a), Some(b)) = (int_ops::to_i64(&n()), int_ops::to_i64(&m())) {
                assert_eq!(int_float::true_divide_small(a, b), int_float::true_divide(&n(), &m()));
            }
            or_message(int_float::true_divide(&n(), &m()), bits)
        }
        "idivmod" => or_message(int_ops::div_mod(&n(), &m()), |(q, r)| format!("{q}\t{r}")),
        "bitops" => {
            let (x, y) = (n(), m());
            let (and, or, xor) = (int_ops::and(&x, &y), int_ops::or(&x, &y), int_ops::xor(&x, &y));
            format!("{and}\t{or}\t{xor}\t{}", int_ops::invert(&x))
        }
        "powmod" => or_message(int_ops::pow_mod(&n(), &m(), &int(a[2])), |v| v.to_string()),
        "shift" => {
            let left = or_message(int_ops::shift_left(&n(), &m(), 1 << 20), |v| v.to_string());
            format!("{left}\t{}", or_message(int_ops::shift_right(&n(), &m()), |v| v.to_string()))
        }
        "gcd" => format!("{}\t{}", int_math::gcd(&n(), &m()), int_math::lcm(&n(), &m())),
        "isqrt" => int_math::isqrt(&n()).to_string(),
        "comb" => {
            let k = a[1].parse().expect("a count");
            let (comb, perm) = (int_math::comb(&n(), k, 1 << 20), int_math::perm(&n(), k, 1 << 20));
            format!("{}\t{}", comb.expect("room"), perm.expect("room"))
        }
        _ => return None,
    })
}

fn other_row(op: &str, a: &[&str]) -> String {
    let z = || cx(a[0]);
    match op {
        "tuple" => hash::hash_tuple(hashes(a[0])).to_string(),
        "frozenset" => hash::hash_frozenset(hashes(a[0])).to_string(),
        "bytes42" => {
            let hash = HashKey::from_seed(42).hash_bytes(&hex_bytes(a[0]));
            format!("{hash}\t{hash}")
        }
        "wide42" => {
            let units: Vec<u16> = hex_bytes(a[0]).chunks(2).map(|c| u16::from_le_bytes([c[0], c[1]])).collect();
            HashKey::from_seed(42).hash_u16(&units).to_string()
        }
        "wider42" => {
            let unit = |c: &[u8]| u32::from_le_bytes([c[0], c[1], c[2], c[3]]);
            let units: Vec<u32> = hex_bytes(a[0]).chunks(4).map(unit).collect();
            HashKey::from_seed(42).hash_u32(&units).to_string()
        }
        "crepr" => complex::complex_repr(z()),
        "chash" => match (hash::hash_float(z().real), hash::hash_float(z().imag)) {
            (Some(re), Some(im)) => hash::hash_complex(re, im).to_string(),
            _ => "none".into(),
        },
        "cmul" => cbits(complex::mul(z(), cx(a[1]))),
        "cdiv" => or_message(complex::div(z(), cx(a[1])), cbits),
        "cmulr" => cbits(complex::mul_real(z(), float(a[1]))),
        "cdivr" => or_message(complex::div_real(z(), float(a[1])), cbits),
        "rdivc" => or_message(complex::real_div(float(a[0]), cx(a[1])), cbits),
        "rsubc" => cbits(complex::real_sub(float(a[0]), cx(a[1]))),
        "cpow" => or_message(complex::pow(z(), cx(a[1])), cbits),
        "cabs" => complex::abs(z()).map_or("!absolute value too large".into(), bits),
        "parsec" => or_message(complex::parse_complex(&hex_bytes(a[0])), cbits),
        other => panic!("no such operation: {other}"),
    }
}

#[test]
fn agrees_with_cpython() {
    let mut wrong = Vec::new();
    for line in include_str!("reference.txt").lines() {
        let mut cells = line.split('\t');
        let op = cells.next().unwrap_or_default();
        let cells: Vec<&str> = cells.collect();
        let results = match op {
            "ratio" | "divmod" | "bits" | "idivmod" | "shift" | "gcd" | "comb" | "bytes42" => 2,
            "bitops" => 4,
            _ => 1,
        };
        let (args, want) = cells.split_at(cells.len() - results);
        let want: Vec<String> = want.iter().map(|w| normal(w)).collect();
        let got = float_row(op, args).or_else(|| int_row(op, args)).unwrap_or_else(|| other_row(op, args));
        if got != want.join("\t") {
            wrong.push(format!("{op} {args:?}: got {got}, want {}", want.join("\t")));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}
