//! Holds the workspace to its structure: which crate may use which, where `unsafe` may stand, and that every
//! file says what it is for.
//!
//! The three tables at the top are the rules; whoever amends one gives the reason in the row. The invariant is that
//! the rules hold for what is written by hand, whatever the compiler would accept.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Crate, the crates of the workspace it may depend on, and why.
const ALLOWED_EDGES: &[(&str, &[&str], &str)] = &[
    ("macros", &[], "generates code and knows nothing of it"),
    ("bytecode", &[], "a format, read and written by others"),
    ("text", &["numeric"], "pure algorithms; format specifications lay out the digits that numeric renders"),
    ("numeric", &[], "pure algorithms"),
    ("host", &[], "the operating system and nothing else"),
    ("stdlib", &["compiler"], "packed files and, by its build script, their bytecode"),
    ("heap", &["macros"], "derives Traverse for its own tests and examples"),
    ("memscope", &["heap"], "looks at a heap from outside, whatever language it belongs to"),
    ("compiler", &["bytecode"], "from source to bytecode without a heap"),
    ("objects", &["heap", "macros", "text", "numeric"], "values and types, without an interpreter"),
    (
        "interp",
        &["heap", "bytecode", "compiler", "objects", "macros", "host", "text", "numeric", "stdlib"],
        "runs code objects; imports from the packed library; asks the host for files, clocks and stack bounds",
    ),
    (
        "modules",
        &[
            "heap", "memscope", "objects", "interp", "macros", "text", "numeric", "host", "bytecode", "compiler",
            "stdlib",
        ],
        "native modules; bytecode and compiler for marshal, dis, _ast and symtable, stdlib for _imp and zipimport",
    ),
    (
        "taipan",
        &[
            "heap", "bytecode", "compiler", "text", "numeric", "objects", "interp", "modules", "host", "stdlib",
            "macros",
        ],
        "the top: it puts everything together",
    ),
];

/// Where `unsafe` may be written by hand: a file, or a folder with everything below it, and why.
const UNSAFE_ALLOWED: &[(&str, &str)] = &[
    ("crates/heap/src/", "memory and reference counts"),
    ("crates/macros/src/heap.rs", "the derives write implementations whose contract they check themselves"),
    ("crates/host/src/sys.rs", "foreign calls"),
    ("crates/host/src/sys/", "foreign calls"),
    ("crates/interp/src/eval/", "registers without bounds checks"),
];

/// Packages that take their lints from elsewhere than the workspace, and why.
const OWN_LINTS: &[(&str, &str)] = &[];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the crate lies in crates/taipan").to_path_buf()
}

/// All Rust files below a folder, with paths relative to the workspace and `/` between their parts.
fn rust_files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![root().join(folder)];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the workspace is readable") {
            let path = entry.expect("an entry is readable").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let relative = path.strip_prefix(root()).expect("it lies below the root");
                found.push(relative.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

fn report(what: &str, problems: &[String]) {
    assert!(problems.is_empty(), "{what}:\n  {}\n", problems.join("\n  "));
}

#[test]
fn dependencies_run_one_way() {
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    assert!(packages.len() >= ALLOWED_EDGES.len(), "only {} packages", packages.len());
    let mut problems = Vec::new();
    for package in packages {
        let name = short(package["name"].as_str().unwrap_or_default());
        let Some((_, allowed, _)) = ALLOWED_EDGES.iter().find(|(from, ..)| *from == name) else {
            problems.push(format!("{name} has no row in the table of allowed edges"));
            continue;
        };
        let dependencies = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
        for dependency in dependencies.iter().filter(|dependency| dependency["path"].is_string()) {
            let target = short(dependency["name"].as_str().unwrap_or_default());
            if !allowed.contains(&target) {
                problems.push(format!("{name} -> {target}"));
            }
        }
    }
    report("dependencies that are not allowed", &problems);
}

fn short(package: &str) -> &str {
    package.strip_prefix("taipan-").unwrap_or(package)
}

#[test]
fn the_table_of_edges_has_no_cycle() {
    let mut done = BTreeSet::new();
    while done.len() < ALLOWED_EDGES.len() {
        let ready: Vec<_> = ALLOWED_EDGES
            .iter()
            .filter(|(from, to, _)| !done.contains(from) && to.iter().all(|target| done.contains(target)))
            .map(|(from, ..)| *from)
            .collect();
        assert!(!ready.is_empty(), "a cycle among the crates that are not in {done:?}");
        done.extend(ready);
    }
}

#[test]
fn unsafe_stands_only_where_it_may() {
    let mut problems = Vec::new();
    let allowed = |path: &str| {
        let matches = |entry: &str| if entry.ends_with('/') { path.starts_with(entry) } else { path == entry };
        UNSAFE_ALLOWED.iter().any(|(entry, _)| matches(entry))
    };
    for path in rust_files("crates").into_iter().filter(|path| path.contains("/src/") && !allowed(path)) {
        let source = fs::read_to_string(root().join(&path)).expect("a source file is UTF-8");
        for (name, line) in identifiers(&source) {
            if name == "unsafe" || name == "unsafe_code" {
                problems.push(format!("{path}:{line}: {name}"));
            }
        }
    }
    report("`unsafe`, or the lint against it lifted, outside the modules that may", &problems);
}

#[test]
fn unsafe_code_is_denied_everywhere() {
    let manifest = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    let lines = |text: &str| text.lines().map(|line| line.replace(' ', "")).collect::<Vec<_>>();
    let workspace = lines(&manifest(&root().join("Cargo.toml")));
    let lints = workspace.iter().skip_while(|line| *line != "[workspace.lints.rust]").skip(1);
    let mut lints = lints.take_while(|line| !line.starts_with('['));
    assert!(lints.any(|line| line == "unsafe_code=\"deny\""), "the workspace does not deny unsafe_code");
    let mut problems = Vec::new();
    for (name, ..) in ALLOWED_EDGES.iter().filter(|(name, ..)| OWN_LINTS.iter().all(|(own, _)| own != name)) {
        let package = lines(&manifest(&root().join("crates").join(name).join("Cargo.toml")));
        let inherits = package.windows(2).any(|pair| pair[0] == "[lints]" && pair[1] == "workspace=true");
        if !inherits {
            problems.push(name.to_string());
        }
    }
    report("packages that do not take their lints from the workspace", &problems);
}

#[test]
fn every_file_says_what_it_is_for() {
    let mut problems = Vec::new();
    for path in rust_files("crates") {
        let source = fs::read_to_string(root().join(&path)).expect("a source file is UTF-8");
        if !source.starts_with("//!") {
            problems.push(path);
        }
    }
    report("files that do not open with `//!`", &problems);
}

/// The identifiers and keywords of Rust source with their lines; comments and literals are passed over.
fn identifiers(source: &str) -> Vec<(&str, usize)> {
    let mut found = Vec::new();
    let (mut rest, mut line) = (source, 1);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => block_comment(rest),
            '"' => quoted(rest, '"'),
            '\'' if is_char_literal(rest) => quoted(rest, '\''),
            c if c == '_' || c.is_alphanumeric() => {
                let word = rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len());
                match raw_string(rest, word) {
                    Some(length) => length,
                    None => {
                        found.push((&rest[..word], line));
                        word
                    }
                }
            }
            c => c.len_utf8(),
        };
        let (passed, after) = rest.split_at(length);
        line += passed.matches('\n').count();
        rest = after;
    }
    found
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while let Some(found) = text[at..].find(['/', '*']) {
        at += found;
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// Tells `'a'` and `'\n'` from the lifetime `'a`.
fn is_char_literal(text: &str) -> bool {
    let mut chars = text.chars().skip(1);
    let (first, second) = (chars.next(), chars.next());
    first == Some('\\') || second == Some('\'')
}

/// The length of a raw string whose prefix `r`, `br` or `cr` is the word of this length, if it is one.
fn raw_string(text: &str, word: usize) -> Option<usize> {
    if !matches!(&text[..word], "r" | "br" | "cr") {
        return None;
    }
    let body = text[word..].trim_start_matches('#');
    let hashes = text.len() - word - body.len();
    let close = format!("\"{}", "#".repeat(hashes));
    let contents = body.strip_prefix('"')?;
    let end = contents.find(&close).map_or(contents.len(), |end| end + close.len());
    Some(word + hashes + 1 + end)
}

#[test]
fn the_scanner_sees_code_only() {
    let rows: &[(&str, &[(&str, usize)])] = &[
        ("unsafe { f() }", &[("unsafe", 1), ("f", 1)]),
        ("// unsafe\n/* unsafe /* unsafe */ unsafe */ a", &[("a", 2)]),
        ("\"unsafe \\\" unsafe\" b'\"' unsafe", &[("b", 1), ("unsafe", 1)]),
        ("r#\"unsafe \" unsafe\"# x\nr\"unsafe\\\" y", &[("x", 1), ("y", 2)]),
        (
            "fn f<'unsafe_life>(c: char) { '\\'' ; '\"' ; 'u' }",
            &[("fn", 1), ("f", 1), ("unsafe_life", 1), ("c", 1), ("char", 1)],
        ),
        ("#[unsafe(no_mangle)]", &[("unsafe", 1), ("no_mangle", 1)]),
        ("#![allow(unsafe_code)]", &[("allow", 1), ("unsafe_code", 1)]),
        ("\"\n\" é unsafely", &[("é", 2), ("unsafely", 2)]),
    ];
    for (source, expected) in rows {
        assert_eq!(identifiers(source), *expected, "{source:?}");
    }
}
