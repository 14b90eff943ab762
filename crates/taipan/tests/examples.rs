//! The examples: every program `examples/NAME.py` prints what stands in `examples/expected/NAME.out` when it is started
//! with the arguments in `examples/expected/NAME.args`, one a line.

mod suite;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    suite::main(&suite::Suite {
        folder: "examples",
        expected: |program| Path::new("examples/expected").join(program.file_stem().unwrap_or_default()),
        wants_reason: false,
    })
}
