//! Holds decimal arithmetic to what CPython's computes: `decimal/cases.txt`, written by `decimal/generate.py`.
//!
//! `TAIPAN_DECIMAL_CASES` names another file of cases. The invariant is that value, exponent, sign and conditions are the same.

use taipan_numeric::decimal::{Context, Decimal, Rounding, Status, parse, parse_ascii};

fn flags(status: Status) -> String {
    let names = [
        (Status::CLAMPED, "Clamped"),
        (Status::DIVISION_BY_ZERO, "DivisionByZero"),
        (Status::INEXACT, "Inexact"),
        (Status::INVALID, "InvalidOperation"),
        (Status::OVERFLOW, "Overflow"),
        (Status::ROUNDED, "Rounded"),
        (Status::SUBNORMAL, "Subnormal"),
        (Status::UNDERFLOW, "Underflow"),
    ];
    let set: Vec<&str> = names.iter().filter(|(bit, _)| status.any(*bit)).map(|(_, name)| *name).collect();
    if set.is_empty() { "-".to_owned() } else { set.join(",") }
}

fn computed(name: &str, texts: &[&str], context: &Context) -> Option<(String, Status)> {
    let mut status = Status::default();
    let s = &mut status;
    let text = |number: Decimal| number.to_text(true);
    if name == "create_decimal" {
        return Some((text(parse(texts[0].as_bytes(), context, s)), status));
    }
    let operands: Vec<Decimal> =
        texts.iter().map(|text| parse_ascii(text.as_bytes())).collect::<Result<_, _>>().ok()?;
    let a = &operands[0];
    let b = operands.get(1).unwrap_or(a);
    let third = operands.get(2).unwrap_or(a);
    let order = |order: std::cmp::Ordering| Decimal::from_i64(order as i64);
    let result = match name {
        "exp" => a.exp(context, s),
        "ln" => a.ln(context, s),
        "log10" => a.log10(context, s),
        "sqrt" => a.sqrt(context, s),
        "plus" => a.plus(context, s),
        "minus" => a.minus(context, s),
        "abs" => a.abs(context, s),
        "normalize" => a.normalize(context, s),
        "to_integral_exact" => a.to_integral(context.rounding, true, context, s),
        "to_integral_value" => a.to_integral(context.rounding, false, context, s),
        "logb" => a.logb(context, s),
        "logical_invert" => a.logical_invert(context, s),
        "next_plus" => a.next_plus(context, s),
        "next_minus" => a.next_minus(context, s),
        "number_class" => return Some((a.class(context).to_owned(), status)),
        "to_eng_string" => {
            let mut out = Vec::new();
            a.push_engineering(true, &mut out);
            return Some((String::from_utf8(out).ok()?, status));
        }
        "add" => a.add(b, context, s),
        "subtract" => a.sub(b, context, s),
        "multiply" => a.mul(b, context, s),
        "divide" => a.div(b, context, s),
        "divide_int" => a.div_int(b, context, s),
        "remainder" => a.rem(b, context, s),
        "remainder_near" => a.rem_near(b, context, s),
        "power" => a.power(b, context, s),
        "quantize" => a.quantize(b, context, s),
        "compare" => a.compare(b, context, s),
        "compare_signal" => a.compare_signal(b, context, s),
        "compare_total" => order(a.compare_total(b)),
        "compare_total_mag" => order(a.compare_total_magnitude(b)),
        "max" => a.max(b, context, s),
        "min" => a.min(b, context, s),
        "max_mag" => a.max_magnitude(b, context, s),
        "min_mag" => a.min_magnitude(b, context, s),
        "next_toward" => a.next_toward(b, context, s),
        "scaleb" => a.scaleb(b, context, s),
        "shift" => a.shift(b, context, s),
        "rotate" => a.rotate(b, context, s),
        "logical_and" => a.logical(b, |x, y| x & y, context, s),
        "logical_or" => a.logical(b, |x, y| x | y, context, s),
        "logical_xor" => a.logical(b, |x, y| x ^ y, context, s),
        "same_quantum" => {
            return Some((if a.same_quantum(b) { "True" } else { "False" }.to_owned(), status));
        }
        "fma" => a.fma(b, third, context, s),
        "powmod" => a.power_modulo(b, third, context, s),
        _ => return None,
    };
    Some((text(result), status))
}

#[test]
fn cases_of_cpython() {
    let text = match std::env::var("TAIPAN_DECIMAL_CASES") {
        Ok(path) => std::fs::read_to_string(path).expect("the file of cases is there"),
        Err(_) => include_str!("decimal/cases.txt").to_owned(),
    };
    let (mut wrong, mut count) = (Vec::new(), 0);
    for line in text.lines() {
        let fields: Vec<&str> = line.split(' ').collect();
        let arrow = fields.iter().position(|field| *field == "=>").expect("a case has a result");
        let number = |i: usize| fields[i].parse::<i64>().expect("contexts are numbers");
        let rounding = Rounding::ALL.into_iter().find(|rounding| rounding.name() == fields[4]);
        let context = Context {
            prec: number(1),
            emax: number(2),
            emin: number(3),
            rounding: rounding.expect("roundings have names"),
            clamp: fields[5] == "1",
            room: 1 << 30,
        };
        let (result, status) = computed(fields[0], &fields[6..arrow], &context).expect("cases can be computed");
        count += 1;
        let (wanted, conditions) = (fields[arrow + 1], fields[arrow + 2]);
        if result != wanted || flags(status) != conditions {
            wrong.push(format!("{line}\n    but got {result} {}", flags(status)));
        }
    }
    assert!(count > 1000);
    let shown: Vec<&String> = wrong.iter().take(40).collect();
    assert!(wrong.is_empty(), "{} of {count} cases differ:\n{shown:#?}", wrong.len());
}

#[test]
fn constants_to_many_digits() {
    let context = |prec: i64| Context { prec, room: 1 << 30, ..Context::max() };
    let mut status = Status::default();
    let one = Decimal::from_i64(1);
    for prec in [10, 1000, 3000] {
        let wide = context(prec + 10);
        let e = one.exp(&wide, &mut status);
        // The logarithm undoes the exponential, and powers of ten are what they are.
        assert_eq!(
            e.ln(&context(prec), &mut status).plus(&context(prec), &mut status).normalize(&context(prec), &mut status),
            one
        );
        let two = Decimal::from_i64(2);
        let root = two.sqrt(&wide, &mut status);
        let square = root.mul(&root, &context(prec), &mut status).normalize(&context(prec), &mut status);
        assert_eq!(square, two);
        let log = two.log10(&wide, &mut status);
        let natural = two.ln(&wide, &mut status).div(&Decimal::from_i64(10).ln(&wide, &mut status), &wide, &mut status);
        assert_eq!(log.plus(&context(prec), &mut status), natural.plus(&context(prec), &mut status));
    }
}

#[test]
fn large_integers_come_and_go() {
    let mut n = taipan_numeric::BigInt::from(-7);
    for _ in 0..14 {
        let number = Decimal::from_big(&n);
        assert_eq!(number.to_big(i64::MAX), Some(n.clone()));
        n = &n * &n * 3 - 1;
    }
}
