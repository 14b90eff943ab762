//! What must hold of every source, be it ever so broken: compiling ends with verified bytecode or with an error, and never panics.
//! The fuzz target and the test of mutated sources share it.
//!
//! Invariant: the same bytes are always treated the same.

use taipan_compiler::{Input, Mode, Options, compile};

const MODES: [Mode; 3] = [Mode::Exec, Mode::Eval, Mode::Single];

/// Compiles `bytes` in every mode as bytes and, if they are text, as text, each with options of its own.
///
/// # Panics
/// When the compiler does, or makes bytecode that does not verify or does not survive its binary form.
pub fn check(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).ok();
    for (number, mode) in MODES.into_iter().enumerate() {
        let plain = Options::default();
        let special = Options {
            optimize: 2,
            top_level_await: true,
            allow_incomplete_input: number > 0,
            dont_imply_dedent: number > 0,
            ..plain
        };
        one(Input::Bytes(bytes), mode, &plain);
        match text {
            Some(text) => one(Input::Text(text), mode, &special),
            None => one(Input::File(bytes), mode, &special),
        }
    }
}

fn one(input: Input<'_>, mode: Mode, options: &Options) {
    let Ok(compiled) = compile(input, "<mutated>", mode, options) else { return };
    let violations = taipan_bytecode::verify(&compiled.code);
    assert!(violations.is_empty(), "{mode:?} {options:?}: {violations:?}");
    let reread = taipan_bytecode::Code::from_bytes(&compiled.code.to_bytes());
    assert!(reread.is_ok(), "{mode:?} {options:?}: the binary form is not readable");
}
