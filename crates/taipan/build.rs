//! Tells the linker to put the functions that start-up calls next to each other. The kernel maps text 64 KiB around each page that is touched, so a start-up
//! whose functions lie scattered makes the whole text resident. `startup.order` is written by `benches/startup_order.py`; names that a later change has taken
//! away match nothing, so a stale list costs memory and nothing else.

use std::{env, fs, path::Path};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=startup.order");
    println!("cargo:rerun-if-env-changed=CARGO_ENCODED_RUSTFLAGS");
    if env::var("PROFILE").as_deref() != Ok("release") || !links_with_lld() {
        return;
    }
    // Nothing is to be relocated at the start then: tables of pointers stay in the file until they are looked at.
    println!("cargo:rustc-link-arg-bins=-no-pie");
    let Some(out) = env::var_os("OUT_DIR") else { return };
    let script = Path::new(&out).join("startup.ld");
    let sections: String = include_str!("startup.order")
        .lines()
        .map(|name| format!("    *(.text.{name} .text.unlikely.{name})\n"))
        .collect();
    let text = format!("SECTIONS {{\n  .text.startup_order : {{\n{sections}  }}\n}} INSERT BEFORE .text;\n");
    match fs::write(&script, text) {
        Ok(()) => println!("cargo:rustc-link-arg-bins=-Wl,-T,{}", script.display()),
        Err(error) => println!("cargo:warning=functions stay in the linker's order: {error}"),
    }
}

/// Not every linker takes an ordering beside its own layout; lld does, and is what Rust brings along for this target, unless the user names another.
fn links_with_lld() -> bool {
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    env::var("TARGET").as_deref() == Ok("x86_64-unknown-linux-gnu")
        && env::var_os("RUSTC_LINKER").is_none()
        && !["linker", "fuse-ld", "link-self-contained"].iter().any(|word| flags.contains(word))
}
