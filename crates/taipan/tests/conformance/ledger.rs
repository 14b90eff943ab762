//! The two files that say what is run and what is known to fail: `files.toml` and `expectations.toml`.
//!
//! In `expectations.toml` each table is a file and each key a cause, whose value lists the methods that fail of it. The
//! invariant: writing it again yields the same text, so a change of expectations is a readable difference.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use crate::execute::{FileRun, Outcome};

/// Where the expectations stand.
pub const EXPECTATIONS: &str = "tests/conformance/expectations.toml";
const PLAN: &str = "tests/conformance/files.toml";
/// The cause of a failure nobody has looked into.
const UNEXAMINED: &str = "unexamined";
/// How the cause begins of a failure that depends on the machine's speed: such a method may pass, too.
pub const SOMETIMES: &str = "sometimes: ";
const HEADING: &str = "\
# Test methods of CPython's suite that are known to fail: a table for each file, in it each cause with its methods.
# A method listed here that passes is a failure too; a crash, a panic or a hang cannot be listed.
# Causes that begin with \"sometimes: \" are of methods that may pass or fail, by the machine's speed.
# `tests/conformance/run --bless FILES…` rewrites the tables of the files it ran and keeps the causes.
";

/// Files that belong together.
pub struct Group {
    /// What the table calls them.
    pub title: String,
    /// Which part of the methods is to pass at least, in percent.
    pub wanted: i64,
    /// The files.
    pub files: Vec<String>,
}

/// What is run.
pub struct Plan {
    /// The groups in order.
    pub groups: Vec<Group>,
    /// How many files cannot be run yet.
    pub waiting: usize,
    /// Files that read the library's sources.
    library_as_files: Vec<String>,
    seconds: BTreeMap<String, u64>,
    default_seconds: u64,
}

impl Plan {
    /// Reads `files.toml`.
    ///
    /// # Errors
    /// When it is missing or not as expected.
    pub fn read() -> Result<Self, String> {
        let table = read(PLAN)?;
        let groups = table.get("group").and_then(toml::Value::as_array).ok_or(format!("{PLAN}: no groups"))?;
        let group = |value: &toml::Value| {
            Some(Group {
                title: value.get("title")?.as_str()?.to_owned(),
                wanted: value.get("wanted")?.as_integer()?,
                files: strings(value.get("files")?)?,
            })
        };
        let groups: Option<Vec<Group>> = groups.iter().map(group).collect();
        let seconds = table.get("seconds").and_then(toml::Value::as_table).cloned().unwrap_or_default();
        let seconds: BTreeMap<String, u64> = seconds
            .into_iter()
            .filter_map(|(file, value)| Some((file, u64::try_from(value.as_integer()?).ok()?)))
            .collect();
        let default_seconds = seconds.get("default").copied().ok_or(format!("{PLAN}: no default in [seconds]"))?;
        let groups = groups.ok_or(format!("{PLAN}: a group has title, wanted and files"))?;
        let waiting = table.get("waiting").and_then(toml::Value::as_table).map_or(0, toml::Table::len);
        let library_as_files = table.get("library_as_files").and_then(strings).unwrap_or_default();
        Ok(Self { groups, waiting, library_as_files, seconds, default_seconds })
    }

    /// Whether a file needs the library as files.
    pub fn wants_library(&self, file: &str) -> bool {
        self.library_as_files.iter().any(|wanted| wanted == file)
    }

    /// All files.
    pub fn files(&self) -> Vec<String> {
        let mut files: Vec<String> = self.groups.iter().flat_map(|group| group.files.iter().cloned()).collect();
        // Those that take longest begin first, so that no core idles at the end.
        files.sort_by_key(|file| std::cmp::Reverse(self.seconds(file)));
        files
    }

    /// How long a file may take.
    pub fn seconds(&self, file: &str) -> u64 {
        self.seconds.get(file).copied().unwrap_or(self.default_seconds)
    }
}

/// What is known to fail: file, method, cause.
pub struct Expectations(BTreeMap<String, BTreeMap<String, String>>);

impl Expectations {
    /// Reads `expectations.toml`.
    ///
    /// # Errors
    /// When it is not as expected, or a method has two causes.
    pub fn read() -> Result<Self, String> {
        let mut files = BTreeMap::new();
        for (file, causes) in read(EXPECTATIONS)? {
            let mut methods = BTreeMap::new();
            for (cause, names) in causes.as_table().ok_or(format!("{EXPECTATIONS}: {file} is no table"))? {
                for name in strings(names).ok_or(format!("{EXPECTATIONS}: {file}: {cause:?} has no list of methods"))? {
                    if methods.insert(name.clone(), cause.clone()).is_some() {
                        return Err(format!("{EXPECTATIONS}: {file}: {name} has two causes"));
                    }
                }
            }
            files.insert(file, methods);
        }
        Ok(Self(files))
    }

    /// The cause of a method's failure, if it is known to fail.
    pub fn cause(&self, file: &str, method: &str) -> Option<&str> {
        self.0.get(file)?.get(method).map(String::as_str)
    }

    /// The methods of a file that are known to fail.
    pub fn methods(&self, file: &str) -> impl Iterator<Item = &str> {
        self.0.get(file).into_iter().flat_map(|methods| methods.keys().map(String::as_str))
    }

    /// Replaces a file's methods by those that failed in this run. After a crash or hang the run says nothing about
    /// the methods that it did not reach.
    pub fn bless(&mut self, file: &str, run: &FileRun) {
        let old = self.0.remove(file).unwrap_or_default();
        let mut methods = BTreeMap::new();
        for (name, outcome) in &run.methods {
            let known_to_vary = old.get(name).is_some_and(|cause| cause.starts_with(SOMETIMES));
            if matches!(outcome, Outcome::Failed(_)) || known_to_vary {
                let cause = old.get(name).map_or(UNEXAMINED, String::as_str);
                methods.insert(name.clone(), cause.to_owned());
            }
        }
        if run.trouble.is_some() {
            methods.extend(old.into_iter().filter(|(name, _)| !run.methods.contains_key(name)));
        }
        if !methods.is_empty() {
            self.0.insert(file.to_owned(), methods);
        }
    }

    /// Writes `expectations.toml`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self) -> Result<(), String> {
        let mut text = HEADING.to_owned();
        for (file, methods) in &self.0 {
            let mut causes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
            for (name, cause) in methods {
                causes.entry(cause).or_default().insert(name);
            }
            let _ = writeln!(text, "\n[{}]", if file.contains('.') { quoted_key(file) } else { file.clone() });
            for (cause, names) in causes {
                let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
                let _ = writeln!(text, "{} = [", quoted_key(cause));
                for name in names {
                    let _ = writeln!(text, "    {},", quoted(name));
                }
                text += "]\n";
            }
        }
        fs::write(EXPECTATIONS, text).map_err(|error| format!("{EXPECTATIONS}: {error}"))
    }
}

fn quoted_key(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn read(path: &str) -> Result<toml::Table, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    text.parse().map_err(|error| format!("{path}: {error}"))
}

fn strings(value: &toml::Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| Some(item.as_str()?.to_owned())).collect()
}
