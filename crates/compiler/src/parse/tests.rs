//! Tests of the parts around the error table: warnings, interactive input, literals, and hostile nesting.

use super::*;
use crate::source::Source;

fn source(text: &str) -> Source {
    Source::from_text("<string>", text).unwrap()
}

fn outcome(text: &str) -> String {
    match parse(&source(text), Mode::Exec, Flags::default()) {
        Ok(_) => "ok".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn warnings_as_worded_by_cpython() {
    let cases: &[(&str, &[(u32, &str)])] = &[
        (
            "'\\d'",
            &[(
                1,
                "\"\\d\" is an invalid escape sequence. Such sequences will not work in the future. Did you mean \"\\\\d\"? A raw string is also an option.",
            )],
        ),
        (
            "x = '''a\nb\\400'''",
            &[(
                2,
                "\"\\400\" is an invalid octal escape sequence. Such sequences will not work in the future. Did you mean \"\\\\400\"? A raw string is also an option.",
            )],
        ),
        (
            "f'\\{x}'",
            &[(
                1,
                "\"\\{\" is an invalid escape sequence. Such sequences will not work in the future. Did you mean \"\\\\{\"? A raw string is also an option.",
            )],
        ),
        ("rf'\\d', r'\\d', '\\\\d', '\\é', b'\\x00', '\\N{BULLET}', f'\\\\{x}'", &[]),
        (
            "b'\\u'",
            &[(
                1,
                "\"\\u\" is an invalid escape sequence. Such sequences will not work in the future. Did you mean \"\\\\u\"? A raw string is also an option.",
            )],
        ),
        ("1if x else y", &[(1, "invalid decimal literal")]),
        ("[0x1for x in y]", &[(1, "invalid hexadecimal literal")]),
        (
            "1jor 0b1and 0o7in x",
            &[(1, "invalid imaginary literal"), (1, "invalid binary literal"), (1, "invalid octal literal")],
        ),
    ];
    for (text, expected) in cases {
        let parsed = parse(&source(text), Mode::Exec, Flags::default()).unwrap();
        let found: Vec<_> = parsed.warnings().iter().map(|warning| (warning.line, warning.message.as_str())).collect();
        assert_eq!(&found, expected, "{text}");
    }
    let text = source("x = '\\d'");
    let warning = parse(&text, Mode::Exec, Flags::default()).unwrap().warnings()[0].clone();
    let error = warning.into_error(&text);
    assert_eq!(
        error.message,
        "\"\\d\" is an invalid escape sequence. Did you mean \"\\\\d\"? A raw string is also an option."
    );
    assert_eq!((error.offset, error.end_offset), (Some(6), Some(8)));
}

#[test]
fn interactive_input() {
    let cases = [
        ("a", "complete"),
        ("", "blank"),
        ("# c", "blank"),
        ("a = (", "incomplete"),
        ("'''a\nb", "incomplete"),
        ("a = (1,\n2)", "complete"),
        ("if x:", "incomplete"),
        ("if x:\n  y", "incomplete"),
        ("if x:\n  y\n", "complete"),
        ("if x: y", "incomplete"),
        ("if x: y\n", "complete"),
        ("@d", "incomplete"),
        ("@d\ndef f():\n  pass\n", "complete"),
        ("try:\n  x", "incomplete"),
        ("def f():\n  if x:\n    y", "incomplete"),
        ("a \\", "incomplete"),
        ("a b", "error"),
        ("'a", "error"),
        (")", "error"),
        ("if x:\n  y\nz", "error"),
        ("x = 1\ny = 2", "error"),
        ("match x:", "incomplete"),
        ("class A: pass", "incomplete"),
    ];
    for (text, expected) in cases {
        let found = match completeness(&source(text), Flags::default()) {
            Completeness::Complete(Some(_)) => "complete",
            Completeness::Complete(None) => "blank",
            Completeness::Incomplete => "incomplete",
            Completeness::Error(_) => "error",
        };
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn literal_values_with_surrogates() {
    assert_eq!(literal::code_points("'a\\ud800\\x41\\N{BULLET}\\101\\q'"), [97, 0xD800, 65, 0x2022, 65, 92, 113]);
    assert_eq!(literal::code_points("r'\\ud8'"), [92, 117, 100, 56]);
    assert_eq!(literal::code_points("'''a\\\nb'''"), [97, 98]);
    assert_eq!(literal::code_points("''"), [0_u32; 0]);
}

#[test]
fn hostile_nesting_ends_cleanly() {
    const MANY: usize = 100_000;
    let too_deep = "MemoryError: Parser stack overflowed - Python source too complex to parse";
    let cases = [
        ("-".repeat(MANY) + "1", "ok"),
        ("not ".repeat(MANY) + "1", "ok"),
        ("1".to_owned() + &"+1".repeat(MANY), "ok"),
        ("1".to_owned() + &"**1".repeat(MANY), "ok"),
        ("a".to_owned() + &".b".repeat(MANY), "ok"),
        ("a".to_owned() + &"()".repeat(MANY), "ok"),
        ("a".to_owned() + &"[0]".repeat(MANY), "ok"),
        ("a if b else ".repeat(MANY) + "c", "ok"),
        ("lambda: ".repeat(MANY) + "c", "ok"),
        ("await ".repeat(MANY) + "c", "SyntaxError: invalid syntax (line 1)"),
        ("a = ".repeat(MANY) + "c", "ok"),
        ("(".repeat(MANY), "SyntaxError: too many nested parentheses (line 1)"),
        ("[".repeat(201) + &"]".repeat(201), "SyntaxError: too many nested parentheses (line 1)"),
        ("{1:".repeat(MANY), "SyntaxError: too many nested parentheses (line 1)"),
        ("-".repeat(MANY) + "1 1", too_deep),
        ("1".to_owned() + &"+1".repeat(MANY) + " 1", "SyntaxError: invalid syntax (line 1)"),
        ("if x: ".repeat(MANY), "SyntaxError: invalid syntax (line 1)"),
        ("f'{".repeat(MANY), "SyntaxError: too many nested f-strings or t-strings (line 1)"),
        ("lambda a, b: ".repeat(MANY) + "c", "ok"),
        ("-".repeat(10 * MANY) + "1", too_deep),
        ("x = [\n".to_owned() + &"  (1, 'a', f'{b}'),\n".repeat(MANY) + "]\n", "ok"),
        ("a".to_owned() + &".b(c)[d] + -e".repeat(MANY / 4), "ok"),
        ("async ".repeat(MANY), "SyntaxError: invalid syntax (line 1)"),
        ("match x:\n case ".to_owned() + &"-".repeat(MANY) + "1: pass", "SyntaxError: invalid syntax (line 2)"),
    ];
    for (text, expected) in cases {
        assert_eq!(outcome(&text), expected, "{:?}...", text.chars().take(20).collect::<String>());
    }
}

#[test]
fn depth_is_measured() {
    let deep = parse(&source(&("-".repeat(1000) + "1")), Mode::Exec, Flags::default()).unwrap();
    assert!((1000..1010).contains(&deep.depth()), "{}", deep.depth());
    let flat = parse(&source(&"x = 1\n".repeat(1000)), Mode::Exec, Flags::default()).unwrap();
    assert!(flat.depth() < 10);
}

#[test]
fn incomplete_input_on_demand() {
    let flags = Flags { allow_incomplete_input: true, dont_imply_dedent: true, ..Flags::default() };
    let cases = [
        ("if x:\n  y", Some(ErrorKind::IncompleteInputError)),
        ("if x:\n  y\n", None),
        ("a = (", Some(ErrorKind::IncompleteInputError)),
        ("a b\n", Some(ErrorKind::SyntaxError)),
        ("'''a", Some(ErrorKind::IncompleteInputError)),
        ("a", None),
    ];
    for (text, expected) in cases {
        let found = parse(&source(text), Mode::Single, flags).err().map(|error| error.kind);
        assert_eq!(found, expected, "{text:?}");
    }
}

/// Random token soup, the same on every run: whatever it is, parsing ends in a tree or an error.
#[test]
fn token_soup_never_panics() {
    const WORDS: &[&str] = &[
        "(", ")", "[", "]", "{", "}", ":", ",", ";", "+", "-", "*", "**", "/", ".", "=", "==", ":=", "->", "@", "!",
        "~", "|", "...", "if", "elif", "else", "for", "in", "while", "def", "class", "return", "lambda", "not", "and",
        "is", "None", "yield", "await", "async", "with", "as", "try", "except", "finally", "raise", "import", "from",
        "del", "global", "pass", "break", "match", "case", "type", "x", "y", "é", "1", "1.5", "0x", "01", "1_", "'a'",
        "b'é'", "f'", "f'{", "t'{x", "'\\x'", "'''", "\"", "'", "\n", "\n    ", "\n\t", "\n  ", "\\", "\\\n", "#", "$",
        "?", "€", "\u{a0}", "\u{c}", "print", "_", "!r", "}}", "{{",
    ];
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % bound as u64).unwrap_or(0)
    };
    for _ in 0..2500 {
        let mut text = String::new();
        for _ in 0..next(24) {
            text.push_str(WORDS[next(WORDS.len())]);
            if next(3) > 0 {
                text.push(' ');
            }
        }
        let source = source(&text);
        for mode in [Mode::Exec, Mode::Eval, Mode::Single] {
            if let Err(error) = parse(&source, mode, Flags::default()) {
                assert!(!error.message.is_empty());
            }
        }
    }
}
