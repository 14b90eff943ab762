//! The table of results, as text and as Markdown in the README.
//!
//! The invariant: a method counts once; skipped methods count as neither run nor passed.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use crate::execute::FileRun;
use crate::ledger::Plan;

const README: &str = "README.md";
const BEGIN: &str = "<!-- conformance: written by tests/conformance/run --table -->\n";
const END: &str = "<!-- end of conformance -->\n";

/// One row: the methods of a file or of several.
#[derive(Clone, Copy, Default)]
struct Row {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Row {
    fn of(run: &FileRun) -> Self {
        let [passed, failed, skipped] = run.counts();
        Self { passed, failed, skipped }
    }

    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    fn run(self) -> usize {
        self.passed + self.failed
    }

    /// The share that passed in percent, rounded down so that 100 means all.
    fn share(self) -> String {
        match self.run() {
            0 => "-".to_owned(),
            run => format!("{:.1}", (self.passed * 1000 / run) as f64 / 10.0),
        }
    }
}

/// The files that ran, group by group, then those in no group.
fn groups<'a>(plan: &'a Plan, runs: &BTreeMap<String, FileRun>) -> Vec<(String, Vec<&'a str>)> {
    let ran = |files: &'a [String]| files.iter().map(String::as_str).filter(|file| runs.contains_key(*file)).collect();
    let groups =
        plan.groups.iter().map(|group| (format!("{} (at least {} %)", group.title, group.wanted), ran(&group.files)));
    groups.filter(|(_, files): &(_, Vec<&str>)| !files.is_empty()).collect()
}

/// The table as text.
pub fn plain(plan: &Plan, files: &[String], runs: &BTreeMap<String, FileRun>) -> String {
    let mut text = String::new();
    let mut total = Row::default();
    let mut groups = groups(plan, runs);
    let listed = |file: &String| plan.groups.iter().any(|group| group.files.contains(file));
    let others: Vec<&str> = files.iter().filter(|file| !listed(file)).map(String::as_str).collect();
    if !others.is_empty() {
        groups.push(("Not listed".to_owned(), others));
    }
    let line = |text: &mut String, name: &str, row: Row, seconds: f64| {
        let share = row.share();
        let (run, Row { passed, failed, skipped }) = (row.run(), row);
        let _ = writeln!(text, "{name:<32}{run:>7}{passed:>8}{failed:>8}{skipped:>9}{share:>8}{seconds:>7.1}");
    };
    let _ = writeln!(text, "{:<32}{:>7}{:>8}{:>8}{:>9}{:>8}{:>7}", "", "run", "passed", "failed", "skipped", "%", "s");
    for (title, files) in groups {
        let (mut sum, mut seconds) = (Row::default(), 0.0);
        for file in files {
            let Some(run) = runs.get(file) else { continue };
            line(&mut text, file, Row::of(run), run.seconds);
            if let Some(trouble) = &run.trouble {
                let _ = writeln!(text, "    {}", trouble.lines().next().unwrap_or_default());
            }
            sum.add(Row::of(run));
            seconds += run.seconds;
        }
        line(&mut text, &format!("= {title}").replace(" (at least ", ", ").replace(" %)", ""), sum, seconds);
        total.add(sum);
    }
    line(&mut text, "= total", total, runs.values().map(|run| run.seconds).sum());
    text
}

/// Puts the table into the README, between its two marks.
///
/// # Errors
/// When the README cannot be read or written, or has no marks.
pub fn into_readme(plan: &Plan, runs: &BTreeMap<String, FileRun>) -> Result<(), String> {
    let mut text = "| file | run | passed | failed | skipped | passed, % |\n|---|--:|--:|--:|--:|--:|\n".to_owned();
    let mut total = Row::default();
    let mut line = |name: &str, row: Row| {
        let Row { passed, failed, skipped } = row;
        let _ = writeln!(text, "| {name} | {} | {passed} | {failed} | {skipped} | {} |", row.run(), row.share());
    };
    for (title, files) in groups(plan, runs) {
        let mut sum = Row::default();
        for run in files.iter().filter_map(|file| runs.get(*file)) {
            sum.add(Row::of(run));
        }
        line(&format!("**{title}**"), sum);
        for file in files {
            line(&format!("`{file}`"), runs.get(file).map(Row::of).unwrap_or_default());
        }
        total.add(sum);
    }
    line("**total**", total);
    let readme = fs::read_to_string(README).map_err(|error| format!("{README}: {error}"))?;
    let (before, rest) = readme.split_once(BEGIN).ok_or(format!("{README} has no mark {BEGIN}"))?;
    let (_, after) = rest.split_once(END).ok_or(format!("{README} has no mark {END}"))?;
    fs::write(README, format!("{before}{BEGIN}{text}{END}{after}")).map_err(|error| format!("{README}: {error}"))
}
