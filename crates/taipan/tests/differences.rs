//! The deliberate differences from CPython: every program under `tests/differences/` shows one and says in its
//! `# reason:` why it is wanted. Their expectations are written by hand.

mod suite;

use std::process::ExitCode;

fn main() -> ExitCode {
    suite::main(&suite::Suite {
        folder: "tests/differences",
        expected: |program| program.with_extension(""),
        wants_reason: true,
    })
}
