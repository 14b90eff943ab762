//! Tells the linker to put the functions that start-up calls next to each other. The kernel maps text 64 KiB around each page that is touched, so a start-up
//! whose functions lie scattered makes the whole text resident. `startup.order` is written by `benches/startup_order.py`; names that a later change or another
//! compiler has renamed are passed over, so a stale list costs memory and nothing else.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=startup.order");
    println!("cargo:rerun-if-env-changed=CARGO_ENCODED_RUSTFLAGS");
    if env::var("PROFILE").as_deref() == Ok("release") && links_with_lld() {
        let order = concat!(env!("CARGO_MANIFEST_DIR"), "/startup.order");
        println!("cargo:rustc-link-arg-bins=-Wl,--symbol-ordering-file={order}");
        println!("cargo:rustc-link-arg-bins=-Wl,--no-warn-symbol-ordering");
    }
}

/// Only lld knows the option; it is the linker that Rust brings along for this target, unless the user names another.
fn links_with_lld() -> bool {
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    env::var("TARGET").as_deref() == Ok("x86_64-unknown-linux-gnu")
        && env::var_os("RUSTC_LINKER").is_none()
        && !["linker", "fuse-ld", "link-self-contained"].iter().any(|word| flags.contains(word))
}
