//! The part of a traceback that shows frames: file, line, function, source lines and the marks below them.
//!
//! What a frame is, and where source comes from, upper layers say through `TracebackHooks`.
//! Invariant: positions are in characters once they leave `FrameInfo`, where they are in UTF-8 bytes.

use super::BaseException;
use super::anchors::{Place, anchors, is_name_call};
use crate::builtins::int;
use crate::builtins::traceback::Traceback;
use crate::vm::Vm;
use std::cell::Cell;
use std::sync::Arc;
use taipan_heap::{Obj, Ref, Value};

/// What a traceback entry stands for.
#[derive(Debug, Clone, Default)]
pub struct FrameInfo {
    /// The function's name.
    pub name: String,
    /// The file's name.
    pub filename: String,
    /// First line of the expression.
    pub line: u32,
    /// Last line.
    pub end_line: Option<u32>,
    /// First column, in bytes of UTF-8, from 0.
    pub col: Option<u32>,
    /// Column behind the last byte.
    pub end_col: Option<u32>,
    /// The source text, when it stands in no file.
    pub text: Option<Arc<str>>,
}

/// What the evaluation loop tells tracebacks.
#[derive(Clone, Copy)]
pub struct TracebackHooks {
    /// Describes a traceback entry.
    pub frame_info: fn(&Vm, &Value) -> FrameInfo,
    /// A line of a source file, from 1.
    pub source_line: fn(&Vm, &str, u32) -> Option<String>,
}

#[derive(Default)]
struct Installed(Cell<Option<TracebackHooks>>);

/// Installs the hooks of an interpreter.
pub fn set_traceback_hooks(vm: &Vm, hooks: TracebackHooks) {
    vm.interp().state(Installed::default).0.set(Some(hooks));
}

/// A line of a source file, from 1, if it can be had.
pub fn source_line(vm: &Vm, filename: &str, line: u32) -> Option<String> {
    let hooks = vm.interp().state(Installed::default).0.get()?;
    (hooks.source_line)(vm, filename, line)
}

/// How frames are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// With the expression's place marked below the source.
    Marked,
    /// With the source line alone.
    Plain,
}

/// Equal entries shown in a row before the rest is only counted.
const REPEATED: usize = 3;

/// `sys.tracebacklimit`
fn limit(vm: &Vm) -> Option<usize> {
    let sys = vm.interp().modules.get()?.get_text(vm, "sys").ok().flatten()?;
    let name = vm.intern("tracebacklimit").ok()?;
    let value = match vm.find_attr(&sys, &name) {
        Ok(value) => value?,
        Err(raised) => {
            drop(vm.take_exception(raised));
            return None;
        }
    };
    match int::as_small(&value) {
        Some(limit) => Some(usize::try_from(limit).unwrap_or(0)),
        // A number that no traceback reaches is no limit, or nothing at all.
        None => int::as_big(&value).filter(|limit| limit.sign() == taipan_numeric::Sign::Minus).map(|_| 0),
    }
}

/// The lines that show the frames of an exception's traceback.
pub(super) fn format(vm: &Vm, exception: &Obj<BaseException>, style: Style) -> Vec<String> {
    let mut entries: Vec<Ref<Traceback>> = Vec::new();
    let mut at = exception.traceback.get().and_then(|first| first.downcast_into::<Traceback>().ok());
    while let Some(entry) = at {
        at = entry.next_entry();
        entries.push(entry);
    }
    if let Some(limit) = limit(vm) {
        entries.drain(..entries.len().saturating_sub(limit));
    }
    let Some(hooks) = vm.interp().state(Installed::default).0.get() else { return Vec::new() };
    let mut lines = Vec::new();
    let mut last: Option<(String, u32, String)> = None;
    let mut count = 0;
    for entry in entries {
        let info = (hooks.frame_info)(vm, &entry.to_value());
        let place = (info.filename.clone(), info.line, info.name.clone());
        if last.as_ref() != Some(&place) {
            lines.extend(repeated(count));
            last = Some(place);
            count = 0;
        }
        count += 1;
        if count <= REPEATED {
            lines.push(frame(vm, &hooks, &info, style));
        }
    }
    lines.extend(repeated(count));
    lines
}

fn repeated(count: usize) -> Option<String> {
    let more = count.checked_sub(REPEATED).filter(|&more| more > 0)?;
    let plural = if more > 1 { "s" } else { "" };
    Some(format!("  [Previous line repeated {more} more time{plural}]\n"))
}

fn frame(vm: &Vm, hooks: &TracebackHooks, info: &FrameInfo, style: Style) -> String {
    let filename = &info.filename;
    let mut text = format!("  File \"{filename}\", line {}, in {}\n", info.line, info.name);
    let last = info.end_line.filter(|&last| last >= info.line).unwrap_or(info.line);
    let last = if style == Style::Plain { info.line } else { last };
    let of_text = |text: &Arc<str>, line: u32| text.lines().nth((line as usize).checked_sub(1)?).map(str::to_owned);
    let source = |line| {
        let found = match &info.text {
            Some(text) => of_text(text, line),
            None => (hooks.source_line)(vm, &info.filename, line),
        };
        found.unwrap_or_default().trim_end().to_owned()
    };
    let original: Vec<String> = (info.line..=last).map(source).collect();
    if original.iter().all(|line| line.trim().is_empty()) {
        return text;
    }
    match (info.col, info.end_col) {
        (Some(start), Some(end)) if style == Style::Marked => {
            for line in marked(&original, start as usize, end as usize) {
                text.push_str(&format!("    {line}\n"));
            }
        }
        _ => text.push_str(&format!("    {}\n", original[0].trim())),
    }
    text
}

/// The lines without the white space that all of them begin with.
fn dedent(lines: &[String]) -> Vec<String> {
    let mut margin: Option<&str> = None;
    for line in lines.iter().filter(|line| !line.trim().is_empty()) {
        let own = &line[..line.len() - line.trim_start().len()];
        margin = Some(match margin {
            None => own,
            Some(margin) => {
                let shared = margin.bytes().zip(own.bytes()).take_while(|(a, b)| a == b).count();
                &margin[..shared]
            }
        });
    }
    let cut = margin.map_or(0, str::len);
    let cut_line = |line: &String| if line.trim().is_empty() { String::new() } else { line[cut..].to_owned() };
    lines.iter().map(cut_line).collect()
}

/// The number of characters before byte `offset`.
fn characters(line: &str, offset: usize) -> usize {
    line.char_indices().take_while(|&(at, _)| at < offset).count()
}

/// Columns that the first `count` characters take on a terminal.
fn width(line: &[char], count: usize) -> usize {
    line.iter().take(count).map(|&c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// Whether a terminal shows the character two columns wide.
fn is_wide(c: char) -> bool {
    !c.is_ascii() && matches!(taipan_text::unicode::east_asian_width(c.into()), "W" | "F")
}

/// The source with its marks.
struct Marks {
    lines: Vec<Vec<char>>,
    /// Where the expression begins in the first line and ends in the last one, in terminal columns.
    start: usize,
    end: usize,
    /// The part marked with `^`, in terminal columns; without one, all of it is.
    anchors: Option<(Place, Place)>,
    shown: bool,
}

fn marked(original: &[String], col: usize, end_col: usize) -> Vec<String> {
    let lines: Vec<Vec<char>> = dedent(original).iter().map(|line| line.chars().collect()).collect();
    let last = lines.len() - 1;
    let removed = original[0].chars().count() - lines[0].len().min(original[0].chars().count());
    let start = characters(&original[0], col).saturating_sub(removed).min(lines[0].len());
    let end = characters(&original[last], end_col).saturating_sub(removed).min(lines[last].len());
    let mut segment = lines.clone();
    segment[last].truncate(end);
    let cut = start.min(segment[0].len());
    segment[0].drain(..cut);
    let found = anchors(&segment);
    let shown = carets_help(&lines, &segment, start, end, found.is_some());
    let shift = |(line, column): Place| (line, width(&lines[line], if line == 0 { column + start } else { column }));
    let marks = Marks {
        start: width(&lines[0], start),
        end: width(&lines[last], end),
        anchors: found.map(|(from, to)| (shift(from), shift(to))),
        shown,
        lines,
    };
    dedent(&marks.output())
}

/// Whether marks tell more than the line itself.
fn carets_help(lines: &[Vec<char>], segment: &[Vec<char>], start: usize, end: usize, anchored: bool) -> bool {
    let last = lines.len() - 1;
    let before: String = lines[0][..start].iter().collect();
    let after: String = lines[last][end..].iter().collect();
    let rest = after.trim();
    let before = before.trim();
    let name = |text: &str| {
        !text.is_empty()
            && text.chars().all(|c| c == '_' || c.is_alphanumeric())
            && !text.starts_with(|c: char| c.is_ascii_digit())
    };
    let assigned = before.strip_suffix('=').map(str::trim_end).is_some_and(name);
    let ends = rest.is_empty() || rest.starts_with('#') || rest.starts_with(';');
    if (before == "return" || assigned) && ends && is_name_call(segment) {
        return false;
    }
    anchored || !before.is_empty() || !rest.is_empty()
}

impl Marks {
    fn output(&self) -> Vec<String> {
        let last = self.lines.len() - 1;
        let mut significant = vec![0, last];
        if let Some((from, to)) = self.anchors {
            for line in [from.0, to.0] {
                significant.extend([line.wrapping_sub(1), line, line + 1]);
            }
        }
        significant.retain(|&line| line <= last);
        significant.sort_unstable();
        significant.dedup();
        let mut out = Vec::new();
        let mut before: Option<usize> = None;
        for line in significant {
            match before.map_or(0, |before| line - before) {
                2 => self.line(line - 1, &mut out),
                gap if gap > 2 => out.push(format!("...<{} lines>...", gap - 1)),
                _ => {}
            }
            self.line(line, &mut out);
            before = Some(line);
        }
        out
    }

    fn line(&self, index: usize, out: &mut Vec<String>) {
        let line = &self.lines[index];
        out.push(line.iter().collect());
        if !self.shown {
            return;
        }
        let blank = line.iter().take_while(|c| c.is_whitespace()).count();
        let columns = if index == self.lines.len() - 1 { self.end } else { width(line, line.len()) };
        let mark = |column: usize| {
            if column < blank || (index == 0 && column < self.start) {
                return ' ';
            }
            match self.anchors {
                None => '^',
                Some((from, to)) if (index, column) >= from && (index, column) < to => '^',
                Some(_) => '~',
            }
        };
        out.push((0..columns).map(mark).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn marks_stand_where_cpython_puts_them() {
        let cases: &[(&[&str], usize, usize, &[&str])] = &[
            (&["    return a / b"], 11, 16, &["return a / b", "       ~~^~~"]),
            (&["    f(x)"], 4, 8, &["f(x)", "~^^^"]),
            (&["    return f(x)"], 11, 15, &["return f(x)"]),
            (&["    raise E(x)"], 4, 14, &["raise E(x)"]),
            (&["x = a.b.c"], 4, 7, &["x = a.b.c", "    ^^^"]),
            (&["  foo(", "      1,", "      2)"], 2, 8, &["foo(", "~~~^", "    1,", "    ^^", "    2)", "    ^^"]),
        ];
        for (lines, start, end, wanted) in cases {
            let lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
            assert_eq!(marked(&lines, *start, *end), *wanted);
        }
    }
}
