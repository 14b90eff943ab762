//! Runs Python programs under the built binary and compares what they print with what is stored beside them.
//!
//! A suite is a folder of programs `NAME.py`. Beside each stands `NAME.out`, its whole standard output, and where they
//! matter `NAME.err`, the last lines of standard error (without it, standard error must stay empty), and `NAME.code`, the
//! exit code, negative for a death by signal. The first lines of a program may hold directives: `# args: a b`,
//! `# stdin: text` with Python's escapes, `# modes: auto` to run in these modes only, `# reason: …`.
//! Folders named `lib`, `data` and `expected` hold material, not programs.
//!
//! `TAIPAN_TEST_MODES` lists the modes, separated by commas: `auto`, `off` (no cycle collector), `zeal=N` (a collection
//! every N allocations) and `zeal=N|M` (the same, and every M for a program that does not end within `PATIENCE` at
//! every N). The default is `auto,off`. Words on the command line select programs whose path contains one.
//!
//! Expectations are never written from Taipan's own output. One command refreshes them from a reference interpreter:
//! `python3 tests/refresh.py "$TAIPAN_REFERENCE" tests/lang examples`.
//!
//! The invariant: a panic, a death by an unexpected signal and a time-out are failures with their own labels,
//! whatever the program printed.

mod outcome;
mod program;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use outcome::Verdict;
pub use program::Program;
use program::TIME_LIMIT;

/// What sets one suite apart from another.
pub struct Suite {
    /// The folder of the programs, relative to the workspace.
    pub folder: &'static str,
    /// Where to find what is expected of a program, given its path relative to the workspace: the path without
    /// `.out`, `.err`, `.code` or `.args`.
    pub expected: fn(&Path) -> PathBuf,
    /// Whether each program must give its `# reason:`.
    pub wants_reason: bool,
}

/// A way to run the programs: its name in `# modes:` and the options it gives the binary.
struct Mode {
    name: String,
    options: Vec<String>,
    /// The options for programs that take too long with those.
    otherwise: Option<Vec<String>>,
}

/// How long a program may take with the first options of a mode that has others.
const PATIENCE: Duration = Duration::from_secs(4);

impl Mode {
    fn parse(text: &str) -> Result<Self, String> {
        let zeal =
            |number: &str| number.parse::<u32>().ok().map(|number| vec!["-X".to_owned(), format!("zeal={number}")]);
        let options = match text.split_once('=') {
            None if text == "auto" => Some((vec![], None)),
            None if text == "off" => Some((vec!["-X".to_owned(), "gc=off".to_owned()], None)),
            Some(("zeal", numbers)) => match numbers.split_once('|') {
                None => zeal(numbers).map(|options| (options, None)),
                Some((number, other)) => zeal(number).zip(zeal(other).map(Some)),
            },
            _ => None,
        };
        let Some((options, otherwise)) = options else {
            return Err(format!("{text:?} in TAIPAN_TEST_MODES is not one of auto, off, zeal=N and zeal=N|M"));
        };
        Ok(Self { name: text.to_owned(), options, otherwise })
    }

    fn judge(&self, program: &Program) -> Verdict {
        let Some(otherwise) = &self.otherwise else { return program.judge(&self.options, TIME_LIMIT) };
        match program.judge(&self.options, PATIENCE) {
            Verdict::Failed { label: "TIMEOUT", .. } => program.judge(otherwise, TIME_LIMIT),
            verdict => verdict,
        }
    }

    /// `zeal` for every number, so that a program can name the mode without one.
    fn kind(&self) -> &str {
        self.name.split('=').next().unwrap_or_default()
    }
}

/// Runs a suite in every mode asked for; the whole `main` of a test binary.
pub fn main(suite: &Suite) -> ExitCode {
    match run(suite) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(suite: &Suite) -> Result<bool, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).ok_or("the crate lies in crates/taipan")?;
    env::set_current_dir(root).map_err(|error| error.to_string())?;
    let selection: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let programs = collect(suite, &selection)?;
    if env::args().any(|word| word == "--list") {
        programs.iter().for_each(|program| println!("{}: test", program.path.display()));
        return Ok(true);
    }
    if programs.is_empty() && selection.is_empty() && Path::new(suite.folder).exists() {
        return Err(format!("{} holds no programs", suite.folder));
    }
    let modes = env::var("TAIPAN_TEST_MODES").unwrap_or_else(|_| "auto,off".to_owned());
    let mut all_passed = true;
    for mode in modes.split(',') {
        all_passed &= run_mode(suite, &programs, &Mode::parse(mode.trim())?);
    }
    Ok(all_passed)
}

fn run_mode(suite: &Suite, programs: &[Program], mode: &Mode) -> bool {
    let start = Instant::now();
    let next = AtomicUsize::new(0);
    let verdicts = Mutex::new(Vec::new());
    let work = || {
        while let Some(program) = programs.get(next.fetch_add(1, Ordering::Relaxed)) {
            if program.runs_in(mode.kind()) {
                let verdict = mode.judge(program);
                verdicts.lock().expect("no worker panics").push((&program.path, verdict));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let mut verdicts = verdicts.into_inner().expect("no worker panics");
    verdicts.sort_by_key(|(path, _)| *path);
    let expected = expectations();
    let (mut failed, mut known) = (0, 0);
    for (path, verdict) in &verdicts {
        let reason = expected.get(&path.to_string_lossy().into_owned());
        match verdict {
            // A crash, a panic or a hang is never expected.
            Verdict::Failed { label, .. } if reason.is_some() && !["CRASH", "PANIC", "TIMEOUT"].contains(&&**label) => {
                known += 1;
            }
            Verdict::Failed { label, details } => {
                failed += 1;
                println!("{label} {} ({})\n{details}", path.display(), mode.name);
            }
            _ if reason.is_some() && mode.name == "auto" => {
                failed += 1;
                println!("UNEXPECTED PASS {}: take it out of {EXPECTATIONS}", path.display());
            }
            _ => {}
        }
    }
    let (passed, skipped) = (verdicts.len() - failed - known, programs.len() - verdicts.len());
    let seconds = start.elapsed().as_secs_f64();
    let (folder, name) = (suite.folder, &mode.name);
    println!(
        "{folder} ({name}): {passed} passed; {failed} failed; {known} known failures; {skipped} skipped; {seconds:.1}s"
    );
    failed == 0
}

/// The ledger of known failures: `path: cause` on a line each.
const EXPECTATIONS: &str = "tests/expectations.txt";

fn expectations() -> std::collections::BTreeMap<String, String> {
    let text = fs::read_to_string(EXPECTATIONS).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(": ")).map(|(path, cause)| (path.to_owned(), cause.to_owned())).collect()
}

fn collect(suite: &Suite, selection: &[String]) -> Result<Vec<Program>, String> {
    let mut paths = Vec::new();
    let mut waiting = vec![PathBuf::from(suite.folder)];
    while let Some(folder) = waiting.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.map_err(|error| error.to_string())?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_dir() && !matches!(name, "lib" | "data" | "expected" | "__pycache__") {
                waiting.push(path);
            } else if path.is_file() && name.ends_with(".py") {
                paths.push(path);
            }
        }
    }
    paths.retain(|path| {
        let path = path.to_string_lossy();
        selection.is_empty() || selection.iter().any(|word| path.contains(word.as_str()))
    });
    paths.sort();
    paths.into_iter().map(|path| Program::read(suite, path)).collect()
}
