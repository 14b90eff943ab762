//! The language tests: every program under `tests/lang/<topic>/` prints what the reference implementation prints.
//!
//! `cargo test --test lang -- dicts` runs those whose path contains a word; `suite` says how programs are run.

mod suite;

use std::process::ExitCode;

fn main() -> ExitCode {
    suite::main(&suite::Suite {
        folder: "tests/lang",
        expected: |program| program.with_extension(""),
        wants_reason: false,
    })
}
