//! Packs the standard library that `rustpython-pylib` carries, and the project's own modules, into one archive for the crate to embed.
//!
//! Three files go to `OUT_DIR`: `archive.bin`, every file compressed on its own and laid end to end; `code.bin`, the bytecode of every module end to
//! end; and `index.rs`, two sorted tables (files by path, modules by dotted name) that tell where each lies. The invariant is
//! that the same package yields the same bytes: the walk is sorted and nothing of the machine enters the output.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, io, thread};

use taipan_compiler::{Input, Mode, Options};

/// Folders that a runtime has no use for: tests, the Tk programs and the bundled wheels.
const LEFT_OUT_FOLDERS: &[&str] =
    &["test", "tests", "idle_test", "idlelib", "turtledemo", "tkinter", "lib2to3", "_bundled", "__pycache__"];

/// The project's own modules, packed with the library's.
const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/own");

/// Top-level files that describe the package and not the library.
const LEFT_OUT_FILES: &[&str] = &["README.md"];

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    let mut found = HashMap::new();
    for root in [Path::new(rustpython_pylib::LIB_PATH), Path::new(OWN)] {
        println!("cargo:rerun-if-changed={}", root.display());
        let mut paths = Vec::new();
        collect(root, "", &mut paths)?;
        found.extend(paths.into_iter().map(|path| (path.clone(), root.join(path))));
    }
    let mut paths: Vec<String> = found.keys().cloned().collect();
    paths.sort();

    let mut archive = Vec::new();
    let mut files = String::new();
    let codes = compile_all(&found, &paths);
    let mut code_archive = Vec::new();
    for path in &paths {
        let contents = fs::read(&found[path])?;
        let packed = lz4_flex::block::compress(&contents);
        let (start, end, size) = (archive.len(), archive.len() + packed.len(), contents.len());
        archive.extend_from_slice(&packed);
        let code = codes.get(path).map_or(&[][..], Vec::as_slice);
        let (code_start, code_end) = (code_archive.len(), code_archive.len() + code.len());
        code_archive.extend_from_slice(code);
        writeln!(
            files,
            "    Entry {{ path: {path:?}, text: Span {{ start: {start}, end: {end}, size: {size} }}, \
             code: {code_start}..{code_end} }},"
        )
        .map_err(io::Error::other)?;
    }

    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?);
    fs::write(out.join("archive.bin"), archive)?;
    fs::write(out.join("code.bin"), code_archive)?;
    fs::write(out.join("index.rs"), format!("{}{}", table("FILES", "Entry", &files), modules(&paths)?))
}

/// The binary form of the bytecode of every module that compiles, by path, on all processors. Some files of the library are templates and do not compile.
fn compile_all(found: &HashMap<String, PathBuf>, paths: &[String]) -> HashMap<String, Vec<u8>> {
    let modules: Vec<&String> = paths.iter().filter(|path| path.ends_with(".py")).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some(path) = modules.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Some(code) = fs::read(&found[*path]).ok().and_then(|text| compile(&text, path)) {
                done.push(((*path).clone(), code));
            }
        }
        done
    };
    let workers = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    thread::scope(|scope| {
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        handles.into_iter().flat_map(|handle| handle.join().unwrap_or_default()).collect()
    })
}

fn compile(text: &[u8], path: &str) -> Option<Vec<u8>> {
    let filename = format!("<stdlib>/{path}");
    let compiled = taipan_compiler::compile(Input::File(text), &filename, Mode::Exec, &Options::default()).ok()?;
    Some(compiled.code.to_bytes())
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
