//! What a program did, what it should have done, and the difference between the two.
//!
//! Output is compared byte for byte; it is made into text only to be shown.

use std::fs;
use std::path::Path;

/// What a run yielded.
pub struct Outcome {
    /// The exit code, negative for a death by signal; `None` when the time was up.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
}

/// Whether a run was as expected.
pub enum Verdict {
    /// It was.
    Passed,
    /// It was not.
    Failed {
        /// The kind of failure.
        label: &'static str,
        /// What to show of it, indented.
        details: String,
    },
}

/// What a run should yield.
pub struct Expected {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    code: i32,
}

impl Expected {
    /// Reads `STEM.out`, `STEM.err` and `STEM.code`.
    ///
    /// # Errors
    /// When there is no `STEM.out`, or the code is not a number.
    pub fn read(stem: &Path) -> Result<Self, String> {
        let out = stem.with_extension("out");
        let stdout = fs::read(&out).map_err(|error| format!("{}: {error}", out.display()))?;
        let stderr = fs::read(stem.with_extension("err")).unwrap_or_default();
        let code = match fs::read_to_string(stem.with_extension("code")) {
            Ok(text) => text.trim().parse().map_err(|_| format!("{}.code is not a number", stem.display()))?,
            Err(_) => 0,
        };
        Ok(Self { stdout, stderr, code })
    }

    /// Compares a run with what is expected.
    pub fn judge(&self, outcome: &Outcome) -> Verdict {
        let error_text = String::from_utf8_lossy(&outcome.stderr);
        let Some(code) = outcome.code else { return failed("TIMEOUT", tail(&error_text)) };
        if error_text.contains("panicked at") {
            return failed("PANIC", tail(&error_text));
        }
        if code < 0 && code != self.code {
            return failed("CRASH", format!("  killed by signal {}\n{}", -code, tail(&error_text)));
        }
        let mut details = String::new();
        if outcome.stdout != self.stdout {
            details += &difference("stdout", &self.stdout, &outcome.stdout);
        }
        if !self.accepts_stderr(&outcome.stderr) {
            details += &difference("stderr", &self.stderr, &outcome.stderr);
        } else if outcome.stdout != self.stdout || code != self.code {
            details += &tail(&error_text);
        }
        if code != self.code {
            details += &format!("  exit code {code}, expected {}\n", self.code);
        }
        if details.is_empty() { Verdict::Passed } else { failed("FAILED", details) }
    }

    /// Standard error may say more before the expected last lines, but must be empty if nothing is expected.
    fn accepts_stderr(&self, stderr: &[u8]) -> bool {
        match stderr.strip_suffix(self.stderr.as_slice()) {
            Some(before) => before.is_empty() || (!self.stderr.is_empty() && before.ends_with(b"\n")),
            None => false,
        }
    }
}

fn failed(label: &'static str, details: String) -> Verdict {
    Verdict::Failed { label, details }
}

/// The last lines of a text, indented.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].iter().map(|line| format!("  | {line}\n")).collect()
}

/// The lines between the common beginning and the common end of two texts, `-` expected and `+` found.
fn difference(what: &str, expected: &[u8], found: &[u8]) -> String {
    const CONTEXT: usize = 2;
    const SHOWN: usize = 24;
    let (expected, found) = (String::from_utf8_lossy(expected), String::from_utf8_lossy(found));
    let (expected, found): (Vec<&str>, Vec<&str>) =
        (expected.split_inclusive('\n').collect(), found.split_inclusive('\n').collect());
    let start = expected.iter().zip(&found).take_while(|(a, b)| a == b).count();
    let (left, right) = (&expected[start..], &found[start..]);
    let end = left.iter().rev().zip(right.iter().rev()).take_while(|(a, b)| a == b).count();
    let mut text = format!("  {what} from line {}:\n", start + 1);
    let mut show = |sign: char, lines: &[&str]| {
        for line in lines.iter().take(SHOWN) {
            text += &format!("  {sign} {}\n", line.strip_suffix('\n').unwrap_or(line));
        }
        if lines.len() > SHOWN {
            text += &format!("  {sign} … {} more lines\n", lines.len() - SHOWN);
        }
    };
    show(' ', &expected[start.saturating_sub(CONTEXT)..start]);
    show('-', &left[..left.len() - end]);
    show('+', &right[..right.len() - end]);
    show(' ', &left[left.len() - end..][..end.min(CONTEXT)]);
    text
}
