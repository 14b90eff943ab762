//! Runs CPython's own test files under the built binary and compares every test method with what is known of it.
//!
//! `tests/conformance/run [FILES…]` is the command; it fetches the tests and starts this program. `files.toml` lists the
//! files in groups, `expectations.toml` the methods known to fail with their causes, `driver.py` runs one file.
//!
//! The invariant: each method's outcome is the expected one, or the run fails. A method that passes against expectation
//! fails the run too, and a crash, a panic or a hang can be expected by nobody.

mod execute;
mod ledger;
mod table;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use std::{env, fs, thread};

use execute::{FileRun, Outcome};
use ledger::{Expectations, Plan};

const USAGE: &str = "\
tests/conformance/run [OPTIONS] [FILES…]     without files: all that tests/conformance/files.toml lists
  --bless          write what fails now to expectations.toml, keeping the causes of what failed before
  --table          write the table of results into README.md
  --all            show every traceback, not only those of unexpected failures
  --dev            build and run the dev profile
  --jobs N         so many files at a time (default: the number of cores)
  --seconds N      time for each file, instead of what files.toml says
  --zeal N         collect at every N-th allocation, poison what is freed, and recount all references: 19997 takes ten
                   minutes or so; methods that say when collections come fail (README.md names them)
  --taipan PATH    run this binary";

/// What the command line asks for.
struct Options {
    files: Vec<String>,
    bless: bool,
    table: bool,
    all: bool,
    jobs: usize,
    seconds: Option<u64>,
    zeal: Option<u32>,
    binary: PathBuf,
    tests: PathBuf,
}

impl Options {
    fn parse() -> Result<Self, String> {
        let mut options = Self {
            files: vec![],
            bless: false,
            table: false,
            all: false,
            jobs: thread::available_parallelism().map_or(1, usize::from),
            seconds: None,
            zeal: None,
            binary: env!("CARGO_BIN_EXE_taipan").into(),
            tests: env::var_os("TAIPAN_CPYTHON_TESTS").map_or("target/cpython-tests".into(), PathBuf::from),
        };
        let mut words = env::args().skip(1);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} wants a value\n{USAGE}"));
            match &*word {
                "--bless" => options.bless = true,
                "--table" => options.table = true,
                "--all" => options.all = true,
                "--jobs" => options.jobs = number(&value()?)?,
                "--seconds" => options.seconds = Some(number(&value()?)?),
                "--zeal" => options.zeal = Some(number(&value()?)?),
                "--taipan" => options.binary = value()?.into(),
                _ if word.starts_with('-') => return Err(USAGE.to_owned()),
                _ => options.files.push(word.trim_end_matches(".py").to_owned()),
            }
        }
        Ok(options)
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{text:?} is not a number\n{USAGE}"))
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<bool, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).ok_or("the crate lies in crates/taipan")?;
    env::set_current_dir(root).map_err(|error| error.to_string())?;
    let options = Options::parse()?;
    let tests = fs::canonicalize(&options.tests).map_err(|error| format!("{}: {error}", options.tests.display()))?;
    let binary = fs::canonicalize(&options.binary).map_err(|error| format!("{}: {error}", options.binary.display()))?;
    let plan = Plan::read()?;
    let mut expectations = Expectations::read()?;
    let files = if options.files.is_empty() { plan.files() } else { options.files.clone() };
    let start = Instant::now();
    let runs = run_files(&files, options.jobs, |file| {
        let seconds = options.seconds.unwrap_or_else(|| plan.seconds(file));
        execute::run_file(&binary, &tests, file, seconds, plan.wants_library(file), options.zeal)
    })?;
    let mut sound = true;
    for (file, run) in &runs {
        sound &= judge(file, run, &expectations, &options);
    }
    if options.bless {
        for (file, run) in &runs {
            expectations.bless(file, run);
        }
        expectations.write()?;
        println!("wrote {}", ledger::EXPECTATIONS);
    }
    print!("{}", table::plain(&plan, &files, &runs));
    println!("{} files in {:.0} s; {} files wait", files.len(), start.elapsed().as_secs_f64(), plan.waiting);
    if options.table {
        table::into_readme(&plan, &runs)?;
    }
    Ok(sound)
}

/// Runs the files on so many threads, each file in a process of its own.
fn run_files(
    files: &[String],
    jobs: usize,
    run: impl Fn(&str) -> Result<FileRun, String> + Sync,
) -> Result<BTreeMap<String, FileRun>, String> {
    let next = AtomicUsize::new(0);
    let runs = Mutex::new(Ok(BTreeMap::new()));
    thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = run(file);
                    let mut runs = runs.lock().expect("no worker panics");
                    match (&mut *runs, result) {
                        (Ok(runs), Ok(run)) => drop(runs.insert(file.clone(), run)),
                        (runs @ Ok(_), Err(error)) => *runs = Err(error),
                        (Err(_), _) => {}
                    }
                }
            });
        }
    });
    runs.into_inner().expect("no worker panics")
}

/// Whether a file did what is expected of it; says what it did not.
fn judge(file: &str, run: &FileRun, expectations: &Expectations, options: &Options) -> bool {
    let mut sound = true;
    if let Some(trouble) = &run.trouble {
        sound = false;
        println!("{file}: {trouble}");
    }
    for (name, outcome) in &run.methods {
        let cause = expectations.cause(file, name);
        match outcome {
            Outcome::Failed(text) => {
                if options.all || (cause.is_none() && !options.bless) {
                    println!("{file}: {name} fails\n{}", indented(text));
                }
                sound &= cause.is_some() || options.bless;
            }
            Outcome::Passed | Outcome::Skipped => {
                if let Some(cause) = cause
                    && !cause.starts_with(ledger::SOMETIMES)
                    && !options.bless
                {
                    sound = false;
                    let did = if *outcome == Outcome::Passed { "passes" } else { "is skipped" };
                    println!("{file}: {name} {did} against expectation ({cause})");
                }
            }
        }
    }
    if run.trouble.is_none() && !options.bless {
        for name in expectations.methods(file).filter(|name| !run.methods.contains_key(*name)) {
            sound = false;
            println!("{file}: {name} is expected to fail, but there is no such method");
        }
    }
    sound
}

fn indented(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(30)..].iter().map(|line| format!("  | {line}\n")).collect()
}
