//! The `taipan` program.

fn main() {
    #[cfg(static_c_library)]
    taipan_host::name_service::confine();
    let status = taipan::program::main();
    std::process::exit(status);
}
