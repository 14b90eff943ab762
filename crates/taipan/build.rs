//! Tells the linker how the program is to lie in memory.
//!
//! The functions that start-up calls are put next to each other. The kernel maps text 64 KiB around each page that is touched, so a start-up
//! whose functions lie scattered makes the whole text resident. So are the tables of pointers that start-up looks at.
//! `startup.order` is written by `benches/startup_order.py`; names that a later change has taken away match nothing, so a stale list
//! costs memory and nothing else.
//!
//! The C library is linked into the program where it is installed in that form too: nothing has to be found, mapped and bound at every start, and only what is
//! used of it becomes resident. Elsewhere the shared library serves.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=startup.order");
    println!("cargo:rerun-if-env-changed=CARGO_ENCODED_RUSTFLAGS");
    println!("cargo:rustc-check-cfg=cfg(static_c_library)");
    if env::var("PROFILE").as_deref() != Ok("release") || !links_with_lld() {
        return;
    }
    // Nothing is to be relocated at the start then: tables of pointers stay in the file until they are looked at.
    println!("cargo:rustc-link-arg-bins=-no-pie");
    let Some(out) = env::var_os("OUT_DIR").map(PathBuf::from) else { return };
    if let Err(error) = order_sections(&out).and_then(|()| link_statically(&out)) {
        println!("cargo:warning=the program is linked in the linker's own way: {error}");
    }
}

/// The evaluation loop begins in the middle of a line of the instruction cache: what fetches an instruction, some 45 bytes behind, might lie in two lines otherwise, and
/// loops of arithmetic took 1.1 to 1.3 times as long then, measured on Zen 4 (`startup_order.py` tells where it lies).
fn alignment(function: &str) -> &'static str {
    if function.contains("4eval8dispatch8evaluate17h") { "    . = ALIGN(64) + 32;\n" } else { "" }
}

fn order_sections(out: &Path) -> io::Result<()> {
    let script = out.join("startup.ld");
    let section = |name: &str| match (name.strip_suffix(".cold"), name.contains(':') || name.ends_with(".o")) {
        (Some(function), _) => format!("    *(.text.split.{function})\n"),
        (None, true) => format!("    *{name}(.text .text.*)\n"),
        (None, false) => format!("{}    *(.text.{name} .text.hot.{name} .text.unlikely.{name})\n", alignment(name)),
    };
    let (tables, functions): (Vec<&str>, Vec<&str>) =
        include_str!("startup.order").lines().partition(|line| line.starts_with('.'));
    let sections: String = functions.into_iter().map(section).collect();
    let tables: String = tables.into_iter().map(|name| format!("    *({name})\n")).collect();
    // Behind what start-up looks at: what has no name of its own, which nobody can tell, then the rest.
    let text = format!(
        "SECTIONS {{\n  .text.startup_order : {{\n{sections}  }}\n}} INSERT BEFORE .text;\n\
         SECTIONS {{\n  .data.rel.ro : {{\n    *libc.a:*(.data.rel.ro .data.rel.ro.*)\n{tables}    *(.data.rel.ro..Lanon.*)\n    \
         *(.data.rel.ro .data.rel.ro.*)\n  }}\n}} INSERT BEFORE .got;\n"
    );
    fs::write(&script, text)?;
    println!("cargo:rustc-link-arg-bins=-Wl,-T,{}", script.display());
    Ok(())
}

/// Puts scripts where the linker looks for the shared libraries first, which name the archives in their place. (The target's feature `crt-static` would do this
/// for everything that is built, tests and tools included, and not ask whether the archives exist.)
fn link_statically(out: &Path) -> io::Result<()> {
    let found = ["libc.a", "libm.a", "libgcc_eh.a", "libgcc.a"].map(archive);
    let [Some(c), Some(m), Some(unwinder), Some(support)] = found else { return Ok(()) };
    if !looks_names_up_by_itself() {
        return Ok(());
    }
    let scripts = out.join("static");
    fs::create_dir_all(&scripts)?;
    let c = format!("INPUT({})\n", c.display());
    for name in ["c", "util", "rt", "pthread", "dl"] {
        fs::write(scripts.join(format!("lib{name}.so")), &c)?;
    }
    fs::write(scripts.join("libm.so"), format!("INPUT({})\n", m.display()))?;
    fs::write(scripts.join("libgcc_s.so"), format!("INPUT({} {})\n", unwinder.display(), support.display()))?;
    println!("cargo:rustc-link-arg-bins=-L{}", scripts.display());
    println!("cargo:rustc-link-arg-bins=-static");
    println!("cargo:rustc-cfg=static_c_library");
    Ok(())
}

/// Whether the C library has files and DNS built in as sources of names, as glibc has since 2.34.
fn looks_names_up_by_itself() -> bool {
    let Ok(output) = Command::new("getconf").arg("GNU_LIBC_VERSION").output() else { return false };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.trim().strip_prefix("glibc ").and_then(|version| version.split_once('.'));
    let number = |text: &str| text.split('.').next().and_then(|number| number.parse::<u32>().ok());
    version.and_then(|(major, minor)| Some((number(major)?, number(minor)?))).is_some_and(|version| version >= (2, 34))
}

/// Where the C compiler, which links, has an archive.
fn archive(name: &str) -> Option<PathBuf> {
    let output = Command::new("cc").arg(format!("-print-file-name={name}")).output().ok()?;
    let path = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim_end());
    path.is_absolute().then_some(path).filter(|path| path.exists())
}

/// Not every linker takes an ordering beside its own layout; lld does, and is what Rust brings along for this target, unless the user names another.
fn links_with_lld() -> bool {
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    env::var("TARGET").as_deref() == Ok("x86_64-unknown-linux-gnu")
        && env::var_os("RUSTC_LINKER").is_none()
        && !["linker", "fuse-ld", "link-self-contained"].iter().any(|word| flags.contains(word))
}
