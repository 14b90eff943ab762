//! The `taipan` program.

fn main() {
    let status = taipan::program::main();
    std::process::exit(status);
}
