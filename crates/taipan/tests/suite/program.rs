//! One Python program of a suite: its directives, how it is started, and what is expected of it.
//!
//! A program is started as a user would, from the root of the workspace, by its relative path, in an environment
//! of a few fixed variables: nothing of the machine can leak into what it prints.

use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use taipan_host::{constants, signal};

use crate::suite::Suite;
use crate::suite::outcome::{Expected, Outcome, Verdict};

/// How long a program may take.
pub const TIME_LIMIT: Duration = Duration::from_secs(120);
const ENVIRONMENT: [(&str, &str); 4] =
    [("PATH", "/usr/bin:/bin"), ("PYTHONDONTWRITEBYTECODE", "1"), ("LC_ALL", "C.UTF-8"), ("COLUMNS", "80")];

/// A program and what is expected of it.
pub struct Program {
    /// The path relative to the workspace.
    pub path: PathBuf,
    arguments: Vec<String>,
    stdin: Vec<u8>,
    modes: Option<Vec<String>>,
    expected: Expected,
}

impl Program {
    /// Reads the program's directives and expectations.
    ///
    /// # Errors
    /// When the output to expect, or a reason that is wanted, is missing.
    pub fn read(suite: &Suite, path: PathBuf) -> Result<Self, String> {
        let source = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let source = String::from_utf8_lossy(&source);
        let directive = |wanted: &str| {
            let comments = source.lines().map_while(|line| line.strip_prefix('#'));
            let lines = comments.filter_map(|line| line.trim_start_matches(['#', ' ']).split_once(':'));
            lines.filter(|(name, _)| *name == wanted).map(|(_, value)| value.trim().to_owned()).last()
        };
        if suite.wants_reason && directive("reason").is_none_or(|reason| reason.is_empty()) {
            return Err(format!("{}: its first lines give no `# reason:`", path.display()));
        }
        let stem = (suite.expected)(&path);
        let arguments = match fs::read_to_string(stem.with_extension("args")) {
            Ok(lines) => lines.lines().map(str::to_owned).collect(),
            Err(_) => directive("args").unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        };
        Ok(Self {
            arguments,
            stdin: unescape(&directive("stdin").unwrap_or_default()),
            modes: directive("modes").map(|modes| modes.split([',', ' ']).map(str::to_owned).collect()),
            expected: Expected::read(&stem)?,
            path,
        })
    }

    /// Whether the program is meant to run in a mode of this kind.
    pub fn runs_in(&self, kind: &str) -> bool {
        self.modes.as_ref().is_none_or(|modes| modes.iter().any(|mode| mode == kind))
    }

    /// Runs the program and says whether it did what is expected.
    pub fn judge(&self, options: &[String], limit: Duration) -> Verdict {
        match self.run(options, limit) {
            Ok(outcome) => self.expected.judge(&outcome),
            Err(error) => Verdict::Failed { label: "NOT RUN", details: format!("  {error}") },
        }
    }

    fn run(&self, options: &[String], limit: Duration) -> std::io::Result<Outcome> {
        let mut child = Command::new(Path::new(env!("CARGO_BIN_EXE_taipan")))
            .args(options)
            .arg(&self.path)
            .args(&self.arguments)
            .env_clear()
            .envs(ENVIRONMENT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()?;
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        thread::scope(|scope| {
            // A program may end without reading all its input: that error is no news.
            scope.spawn(|| stdin.map(|mut stdin| stdin.write_all(&self.stdin)));
            let stdout = scope.spawn(|| drain(stdout));
            let stderr = scope.spawn(|| drain(stderr));
            let status = wait(&mut child, limit)?;
            let text = |thread: thread::ScopedJoinHandle<'_, Vec<u8>>| thread.join().unwrap_or_default();
            let code = status.map(|status| status.code().or(status.signal().map(|signal| -signal)).unwrap_or(-1));
            Ok(Outcome { code, stdout: text(stdout), stderr: without_folder(text(stderr)) })
        })
    }
}

/// Waits for the end of the child; `None` when it had to be killed because its time was up. Processes that it leaves
/// behind are killed too, since they could hold its output open.
fn wait(child: &mut Child, limit: Duration) -> std::io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(500);
    loop {
        let ended = child.try_wait()?;
        if ended.is_some() || start.elapsed() > limit {
            // That the group is empty is the usual case and no error here.
            let _ = signal::kill(-i32::try_from(child.id()).unwrap_or(i32::MAX), constants::SIGKILL);
            child.wait()?;
            return Ok(ended);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

fn drain(pipe: Option<impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        // What came before an error is still worth comparing.
        let _ = pipe.read_to_end(&mut bytes);
    }
    bytes
}

/// Takes the current folder off the absolute paths in tracebacks, as the script that stores expectations does.
fn without_folder(stderr: Vec<u8>) -> Vec<u8> {
    match (String::from_utf8(stderr), env::current_dir()) {
        (Ok(text), Ok(folder)) => text.replace(&format!("{}/", folder.display()), "").into_bytes(),
        (Ok(text), Err(_)) => text.into_bytes(),
        (Err(error), _) => error.into_bytes(),
    }
}

/// The escapes `\n`, `\t`, `\\` and `\xHH` of a directive, made into bytes.
fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let c = match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n')) => '\n',
            ('\\', Some('t')) => '\t',
            ('\\', Some('r')) => '\r',
            ('\\', Some('x')) => {
                let digits: String = chars.by_ref().take(2).collect();
                u8::from_str_radix(&digits, 16).map_or('\u{fffd}', char::from)
            }
            ('\\', Some(other)) => other,
            (c, _) => c,
        };
        bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
    bytes
}
