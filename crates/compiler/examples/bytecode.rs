//! Prints the bytecode of the files named on the command line, or with `--check` only compiles and verifies them.

use taipan_compiler::{Input, Mode, Options, compile};

fn main() {
    let mut args = std::env::args().skip(1).peekable();
    let check = args.next_if(|a| a == "--check").is_some();
    for path in args {
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                println!("{path}: {error}");
                continue;
            }
        };
        match compile(Input::File(&bytes), &path, Mode::Exec, &Options::default()) {
            Ok(compiled) => {
                if !check {
                    print!("{}", taipan_bytecode::disassemble_all(&compiled.code));
                    for warning in &compiled.warnings {
                        println!("warning: {} (line {})", warning.message, warning.line);
                    }
                }
                for violation in taipan_bytecode::verify(&compiled.code) {
                    println!("{path}: {violation}");
                }
            }
            Err(error) => println!("{path}: {error}"),
        }
    }
}
