//! Packs the standard library that `rustpython-pylib` carries into one archive for the crate to embed.
//!
//! Two files go to `OUT_DIR`: `archive.bin`, every file compressed on its own and laid end to end, and `index.rs`,
//! two sorted tables (files by path, modules by dotted name) that tell where each file lies. The invariant is
//! that the same package yields the same bytes: the walk is sorted and nothing of the machine enters the output.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Folders that a runtime has no use for: tests, the Tk programs and the bundled wheels.
const LEFT_OUT_FOLDERS: &[&str] =
    &["test", "tests", "idle_test", "idlelib", "turtledemo", "tkinter", "lib2to3", "_bundled", "__pycache__"];

/// Top-level files that describe the package and not the library.
const LEFT_OUT_FILES: &[&str] = &["README.md"];

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    let root = Path::new(rustpython_pylib::LIB_PATH);
    println!("cargo:rerun-if-changed={}", root.display());
    let mut paths = Vec::new();
    collect(root, "", &mut paths)?;
    paths.sort();

    let mut archive = Vec::new();
    let mut files = String::new();
    for path in &paths {
        let contents = fs::read(root.join(path))?;
        let packed = lz4_flex::block::compress(&contents);
        let (start, end, size) = (archive.len(), archive.len() + packed.len(), contents.len());
        writeln!(files, "    Entry {{ path: {path:?}, start: {start}, end: {end}, size: {size} }},")
            .map_err(io::Error::other)?;
        archive.extend_from_slice(&packed);
    }

    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?);
    fs::write(out.join("archive.bin"), archive)?;
    fs::write(out.join("index.rs"), format!("{}{}", table("FILES", "Entry", &files), modules(&paths)?))
}

/// Gathers the paths, with `/` between their parts, of all files under `root/folder` that are not left out.
fn collect(root: &Path, folder: &str, paths: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|_| io::Error::other("a file name is not UTF-8"))?;
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        if entry.file_type()?.is_dir() {
            if !LEFT_OUT_FOLDERS.contains(&name.as_str()) {
                collect(root, &path, paths)?;
            }
        } else if !name.ends_with(".pyc") && !LEFT_OUT_FILES.contains(&path.as_str()) {
            paths.push(path);
        }
    }
    Ok(())
}

/// The table of modules, sorted by dotted name; a package comes in place of a module of the same name.
fn modules(paths: &[String]) -> io::Result<String> {
    let mut rows = Vec::new();
    for path in paths.iter().filter(|path| path.ends_with(".py")) {
        let stem = path.trim_end_matches(".py");
        let (stem, is_package) = match stem.strip_suffix("/__init__") {
            Some(package) => (package, true),
            None => (stem, false),
        };
        if stem.split('/').all(is_identifier) {
            rows.push((stem.replace('/', "."), !is_package, path));
        }
    }
    rows.sort();
    rows.dedup_by(|later, earlier| later.0 == earlier.0);
    let mut text = String::new();
    for (name, is_module, path) in &rows {
        let is_package = !is_module;
        writeln!(text, "    Module {{ name: {name:?}, path: {path:?}, is_package: {is_package} }},")
            .map_err(io::Error::other)?;
    }
    Ok(table("MODULES", "Module", &text))
}

fn is_identifier(part: &str) -> bool {
    !part.is_empty()
        && !part.starts_with(|c: char| c.is_ascii_digit())
        && part.chars().all(|c| c == '_' || c.is_alphanumeric())
}

fn table(name: &str, row: &str, rows: &str) -> String {
    format!("static {name}: &[{row}] = &[\n{rows}];\n")
}
