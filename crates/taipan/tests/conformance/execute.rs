//! Runs one test file: the driver in a process group of its own, in a folder of its own, with limits on time, heap and
//! address space. The folder holds an installation, so that programs that look at no variable find the tests as well.
//!
//! The invariant: whatever the file does, its group is gone and its folder removed afterwards, and what it reported so
//! far is kept; a file that did not report its end has trouble.

use std::collections::BTreeMap;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

use taipan_host::{constants, signal};

/// The heap of one test file, and of each process it starts with the same options.
const HEAP_LIMIT: &str = "heap-limit=2G";
/// The address space of one process, in KiB: beyond the heap, what threads and the system take.
const ADDRESS_SPACE: &str = "8388608";
/// Marks of trouble that no test may bring about, in what a file or a process it started prints.
const NEVER: [&str; 3] = ["panicked at", "stack backtrace:\n", "has overflowed its stack"];

/// What came of one test method.
#[derive(PartialEq)]
pub enum Outcome {
    Passed,
    Skipped,
    /// With the traceback.
    Failed(String),
}

/// What came of a file.
pub struct FileRun {
    /// Each method's outcome.
    pub methods: BTreeMap<String, Outcome>,
    /// A crash, panic or hang, in words.
    pub trouble: Option<String>,
    /// How long it took.
    pub seconds: f64,
}

impl FileRun {
    /// The numbers of methods that passed, failed and were skipped.
    pub fn counts(&self) -> [usize; 3] {
        let count = |wanted: fn(&Outcome) -> bool| self.methods.values().filter(|outcome| wanted(outcome)).count();
        [
            count(|outcome| *outcome == Outcome::Passed),
            count(|outcome| matches!(outcome, Outcome::Failed(_))),
            count(|outcome| *outcome == Outcome::Skipped),
        ]
    }
}

/// Writes the library into a folder, beside it the tests, which CPython has there, too.
fn unpack_library(binary: &Path, tests: &Path, home: &Path) -> std::io::Result<()> {
    let status = Command::new(binary).arg("--unpack-library").arg(home).status()?;
    if !status.success() {
        return Err(std::io::Error::other("the library cannot be unpacked"));
    }
    std::os::unix::fs::symlink(tests.join("test"), home.join("lib/python3.14/test"))
}

/// Installs the program with the tests among its packages; where it is then.
fn install(binary: &Path, tests: &Path, prefix: &Path) -> std::io::Result<PathBuf> {
    let (folder, packages) = (prefix.join("bin"), prefix.join("lib/python3.14/site-packages"));
    fs::create_dir_all(&folder)?;
    fs::create_dir_all(&packages)?;
    std::os::unix::fs::symlink(tests.join("test"), packages.join("test"))?;
    let installed = folder.join("taipan");
    if fs::hard_link(binary, &installed).is_err() {
        fs::copy(binary, &installed)?;
    }
    Ok(installed)
}

/// Runs a file for at most so many seconds, with the library as files if it needs that, under zeal if that is asked for.
///
/// # Errors
/// When the process cannot be started or its folder not be made.
pub fn run_file(
    binary: &Path,
    tests: &Path,
    file: &str,
    seconds: u64,
    wants_library: bool,
    zeal: Option<u32>,
) -> Result<FileRun, String> {
    let told = |error: std::io::Error| format!("{file}: {error}");
    let folder = env::temp_dir().join(format!("taipan-conformance-{}-{file}", process::id()));
    let (report, output, work) = (folder.join("report"), folder.join("output"), folder.join("work"));
    fs::create_dir_all(&work).map_err(told)?;
    let driver = env::current_dir().map_err(told)?.join("tests/conformance/driver.py");
    let home = folder.join("home");
    if wants_library {
        unpack_library(binary, tests, &home).map_err(told)?;
    }
    let binary = install(binary, tests, &folder.join("installed")).map_err(told)?;
    let start = Instant::now();
    let printed = fs::File::create(&output).map_err(told)?;
    let mut child = Command::new("sh")
        .args(["-c", "ulimit -c 0; ulimit -v \"$0\" && exec \"$@\"", ADDRESS_SPACE])
        .arg(binary)
        .args(["-X", HEAP_LIMIT])
        .args(zeal.map(|number| format!("-Xzeal={number}")))
        .arg(driver)
        .arg(&report)
        .arg(file)
        .current_dir(&work)
        .env_clear()
        .envs(["PATH", "HOME", "USER", "LANG"].iter().filter_map(|name| Some((name, env::var_os(name)?))))
        .env("PYTHONPATH", tests)
        .env("TMPDIR", &work)
        .envs(wants_library.then_some(("PYTHONHOME", &home)))
        .stdin(Stdio::null())
        .stdout(printed.try_clone().map_err(told)?)
        .stderr(printed)
        .process_group(0)
        .spawn()
        .map_err(told)?;
    let status = wait(&mut child, Duration::from_secs(seconds)).map_err(told)?;
    let elapsed = start.elapsed().as_secs_f64();
    let report = String::from_utf8_lossy(&fs::read(&report).unwrap_or_default()).into_owned();
    let output = String::from_utf8_lossy(&fs::read(&output).unwrap_or_default()).into_owned();
    // A folder that a test made unreadable stays behind: no reason to stop.
    let _ = fs::remove_dir_all(&folder);
    Ok(read_report(&report, &output, status, elapsed))
}

/// Makes the report, the output and the exit status of a file into its outcomes.
fn read_report(report: &str, output: &str, status: Option<ExitStatus>, seconds: f64) -> FileRun {
    let mut methods = BTreeMap::new();
    let (mut current, mut done) = (None, false);
    for line in report.lines() {
        let mut fields = line.splitn(3, '\t').map(unescape);
        let (event, name) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
        let outcome = match &*event {
            "start" => {
                current = Some(name);
                continue;
            }
            "pass" => Outcome::Passed,
            "skip" => Outcome::Skipped,
            "fail" => Outcome::Failed(fields.next().unwrap_or_default()),
            _ => {
                done |= event == "done";
                continue;
            }
        };
        // Of methods with the same name, the one that failed counts.
        if matches!(outcome, Outcome::Failed(_)) || !methods.contains_key(&name) {
            methods.insert(name, outcome);
        }
    }
    let place = current.map_or("before the first test".to_owned(), |name| format!("in {name}"));
    let shown = tail(output);
    let panicked = |text: &str| NEVER.iter().any(|mark| text.contains(mark));
    let trouble = match status {
        None => Some(format!("HANG {place}: its time was up\n{shown}")),
        _ if panicked(output) => Some(format!("PANIC {place}\n{shown}")),
        Some(status) if status.signal().is_some() => {
            Some(format!("CRASH {place}: killed by signal {}\n{shown}", status.signal().unwrap_or_default()))
        }
        Some(status) if !done => Some(format!("CRASH {place}: ended with {status} before the last test\n{shown}")),
        Some(status) if !status.success() => Some(format!("CRASH at the end: {status}\n{shown}")),
        Some(_) => methods.iter().find_map(|(name, outcome)| match outcome {
            Outcome::Failed(text) if panicked(text) => {
                Some(format!("PANIC of a process that {name} started\n{}", tail(text)))
            }
            _ => None,
        }),
    };
    FileRun { methods, trouble, seconds }
}

/// The last lines of a text, indented.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(15)..].iter().map(|line| format!("  | {line}\n")).collect()
}

fn unescape(field: &str) -> String {
    let mut text = String::with_capacity(field.len());
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        text.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                other => other.unwrap_or('\\'),
            },
            c => c,
        });
    }
    text
}

/// Waits for the end of the child; `None` when its time was up. What it leaves behind in its group is killed.
fn wait(child: &mut Child, limit: Duration) -> std::io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        let ended = child.try_wait()?;
        if ended.is_some() || start.elapsed() > limit {
            // That the group is empty is the usual case and no error here.
            let _ = signal::kill(-i32::try_from(child.id()).unwrap_or(i32::MAX), constants::SIGKILL);
            child.wait()?;
            return Ok(ended);
        }
        thread::sleep(Duration::from_millis(10));
    }
}
