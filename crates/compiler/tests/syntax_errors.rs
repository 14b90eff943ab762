//! The table of broken sources: what CPython 3.14 says about each, checked field by field. Rows that carry a reason are
//! known differences and must stay different, so that a fixed one is noticed.

use taipan_compiler::parse::{Flags, Mode, parse};
use taipan_compiler::source::Source;

const TABLE: &str = include_str!("data/syntax_errors.txt");

fn unescape(text: &str) -> String {
    let mut output = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => output.push(match chars.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                other => other.unwrap_or('\\'),
            }),
            (c, false) => output.push(c),
        }
    }
    output
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t").replace('\r', "\\r")
}

fn verdict(text: &str, mode: Mode) -> String {
    let outcome = Source::from_text("<string>", text).and_then(|source| parse(&source, mode, Flags::default()));
    match outcome {
        Ok(_) => "ok\t\t-\t-\t-\t-\t-".to_owned(),
        Err(error) => {
            let number = |value: Option<i32>| value.map_or("-".to_owned(), |value| value.to_string());
            [
                error.kind.class_name().to_owned(),
                escape(&error.message),
                number(error.line),
                number(error.offset),
                number(error.end_line),
                number(error.end_offset),
                error.text.map_or("-".to_owned(), |text| format!("={}", escape(&text))),
            ]
            .join("\t")
        }
    }
}

#[test]
fn table_of_broken_sources() {
    let (mut rows, mut wrong) = (0, Vec::new());
    for row in TABLE.lines().filter(|row| !row.starts_with('#')) {
        let mut parts = row.splitn(3, '\t');
        let (mode, source) = (parts.next().unwrap_or(""), unescape(parts.next().unwrap_or("")));
        let (expected, reason) = parts.next().and_then(|rest| rest.rsplit_once('\t')).unwrap_or(("", ""));
        let mode = match mode {
            "eval" => Mode::Eval,
            "single" => Mode::Single,
            _ => Mode::Exec,
        };
        let found = verdict(&source, mode);
        rows += 1;
        if (found == expected) != reason.is_empty() {
            wrong.push(format!("{mode:?} {source:?}\n  expected {expected}\n  found    {found}\n  reason   {reason}"));
        }
    }
    assert!(rows > 250, "only {rows} rows");
    assert!(wrong.is_empty(), "{} of {rows} rows differ:\n{}", wrong.len(), wrong.join("\n"));
}
