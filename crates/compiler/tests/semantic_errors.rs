//! The table of sources that parse but may not compile: what CPython 3.14 says about each. Rows that carry a reason are known
//! differences and must stay different, so that a fixed one is noticed.

use taipan_compiler::{Input, Mode, Options, compile};

const TABLE: &str = include_str!("data/semantic_errors.txt");

fn unescape(text: &str) -> String {
    let mut output = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => output.push(match chars.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                other => other.unwrap_or('\\'),
            }),
            c => output.push(c),
        }
    }
    output
}

fn verdict(source: &str) -> String {
    let outcome = compile(Input::Text(source), "<string>", Mode::Exec, &Options::default());
    match outcome {
        Ok(compiled) => {
            let violations = taipan_bytecode::verify(&compiled.code);
            assert!(violations.is_empty(), "{source}: {violations:?}");
            let mut found: Vec<_> = compiled.warnings.iter().map(|w| (w.line, w.message.clone())).collect();
            found.sort();
            found.dedup();
            let found: String = found.iter().map(|(line, message)| format!("; {line}: {message}")).collect();
            format!("ok{found}\t-\t-\t-\t-")
        }
        Err(error) => {
            let place = [error.line, error.offset, error.end_line, error.end_offset];
            let place = place.map(|n| n.map_or("-".to_owned(), |n| n.to_string()));
            format!("{}\t{}", error.message.replace('\n', "\\n"), place.join("\t"))
        }
    }
}

#[test]
fn says_what_cpython_says() {
    let mut wrong = Vec::new();
    for row in TABLE.lines().skip(1) {
        let Some((source, rest)) = row.split_once('\t') else { continue };
        let Some((expected, reason)) = rest.rsplit_once('\t') else { continue };
        let got = verdict(&unescape(source));
        if (got == expected) != reason.is_empty() {
            wrong.push(format!("{source}\n  expected {expected} ({reason})\n  got      {got}"));
        }
    }
    assert!(wrong.is_empty(), "{} rows differ:\n{}", wrong.len(), wrong.join("\n"));
}
