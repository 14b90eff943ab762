//! How uncaught exceptions are shown: chains, groups, notes, syntax errors. The lines of frames come from `stack`.
//!
//! It works without any module written in Python, so it can show what goes wrong while nothing can be imported.
//! Invariant: showing an exception never raises; parts that fail are replaced by words that say so.

use super::stack::{self, Style};
use super::{BaseException, ExceptionGroup, SyntaxError, suggest};
use crate::builtins::list::List;
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::builtins::{NONE, int, is_none};
use crate::types::Type;
use crate::vm::{PyResult, Vm};
use std::collections::HashSet;
use taipan_heap::{Obj, Ref, Value};

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";
const WIDEST_GROUP: usize = 15;
const DEEPEST_GROUP: usize = 10;

/// What `f` gives, or `None` with its exception dropped.
fn quietly<T>(vm: &Vm, result: PyResult<T>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(raised) => {
            drop(vm.take_exception(raised));
            None
        }
    }
}

/// `str(value)`, or what stands for it when that fails.
fn safe_str(vm: &Vm, value: &Value, what: &str) -> String {
    match quietly(vm, vm.str(value)) {
        Some(text) => text.to_lossy().into_owned(),
        None => format!("<{what} str() failed>"),
    }
}

/// `module.Class`, without the module for builtins and the main program.
pub fn class_name(vm: &Vm, class: &Obj<Type>) -> String {
    let qualname = class.qualname.get().map_or_else(|| class.name().to_string(), |name| Str::display(&name));
    let module = match class.native_spec() {
        Some(spec) => Some(spec.module.to_owned()),
        None => {
            let module = quietly(vm, class.dict().get_text(vm, "__module__")).flatten();
            module.filter(|module| module.downcast::<Str>().is_some()).map(|module| Str::display(&module))
        }
    };
    match module.as_deref() {
        Some("builtins" | "__main__") => qualname,
        Some(module) => format!("{module}.{qualname}"),
        None => format!("<unknown>.{qualname}"),
    }
}

/// Shows an uncaught exception with its traceback and everything chained to it.
pub fn print_exception(vm: &Vm, exception: &Obj<BaseException>, out: &mut dyn FnMut(&str)) {
    let waiting = vm.swap_exception(None);
    let mut printer = Printer { vm, out, seen: HashSet::new(), depth: 0, need_close: false };
    printer.chain(&exception.to_ref());
    vm.swap_exception(waiting);
}

/// Shows an exception that is ignored: traceback without marks, class and message; nothing that is chained to it.
pub fn print_ignored(vm: &Vm, exception: &Obj<BaseException>, out: &mut dyn FnMut(&str)) {
    let waiting = vm.swap_exception(None);
    let lines = stack::format(vm, exception, Style::Plain);
    if !lines.is_empty() {
        out("Traceback (most recent call last):\n");
        lines.iter().for_each(|line| out(line));
    }
    let value = exception.to_value();
    let text = safe_str(vm, &value, "exception");
    out(&format!("{}: {text}\n", class_name(vm, vm.class_of(&value))));
    vm.swap_exception(waiting);
}

struct Printer<'a> {
    vm: &'a Vm,
    out: &'a mut dyn FnMut(&str),
    /// The exceptions shown already.
    seen: HashSet<u64>,
    /// Nesting of groups.
    depth: usize,
    need_close: bool,
}

impl Printer<'_> {
    fn emit(&mut self, text: &str, margin: char) {
        if self.depth == 0 {
            (self.out)(text);
            return;
        }
        let indent = "  ".repeat(self.depth);
        for line in text.split_inclusive('\n') {
            (self.out)(&format!("{indent}{margin} {line}"));
        }
    }

    /// Shows what an exception is chained to, then itself.
    fn chain(&mut self, exception: &Ref<BaseException>) {
        let mut chained: Vec<(Option<&str>, Ref<BaseException>)> = Vec::new();
        let mut at = exception.clone();
        loop {
            self.seen.insert(at.to_value().bits());
            let unseen = |value: Option<Value>| {
                let found = value.and_then(|value| value.downcast_into::<BaseException>().ok())?;
                (!self.seen.contains(&found.to_value().bits())).then_some(found)
            };
            let next = match unseen(at.cause.get()) {
                Some(cause) => Some((CAUSE, cause)),
                None if at.suppress_context.get() => None,
                None => unseen(at.context.get()).map(|context| (CONTEXT, context)),
            };
            match next {
                Some((text, next)) => {
                    chained.push((Some(text), at));
                    at = next;
                }
                None => break chained.push((None, at)),
            }
        }
        for (text, exception) in chained.into_iter().rev() {
            if let Some(text) = text {
                self.emit(text, '|');
            }
            match exception.downcast::<ExceptionGroup>() {
                Some(group) => self.group(&exception, group),
                None => self.single(&exception),
            }
        }
    }

    fn single(&mut self, exception: &Obj<BaseException>) {
        let lines = stack::format(self.vm, exception, Style::Marked);
        if !lines.is_empty() {
            self.emit("Traceback (most recent call last):\n", '|');
            lines.iter().for_each(|line| self.emit(line, '|'));
        }
        self.last_lines(exception);
    }

    fn last_lines(&mut self, exception: &Obj<BaseException>) {
        for text in exception_only(self.vm, exception) {
            self.emit(&text, '|');
        }
    }

    fn group(&mut self, exception: &Obj<BaseException>, group: &Obj<ExceptionGroup>) {
        if self.depth > DEEPEST_GROUP {
            self.emit(&format!("... (max_group_depth is {DEEPEST_GROUP})\n"), '|');
            return;
        }
        let top = self.depth == 0;
        if top {
            self.depth = 1;
        }
        let lines = stack::format(self.vm, exception, Style::Marked);
        if !lines.is_empty() {
            self.emit("Exception Group Traceback (most recent call last):\n", if top { '+' } else { '|' });
            lines.iter().for_each(|line| self.emit(line, '|'));
        }
        self.last_lines(exception);
        self.members(&group.items());
        if top {
            self.depth = 0;
        }
    }

    fn members(&mut self, items: &[Value]) {
        let shown = items.len().min(WIDEST_GROUP + 1);
        self.need_close = false;
        for (index, item) in items.iter().take(shown).enumerate() {
            let last = index + 1 == shown;
            if last {
                self.need_close = true;
            }
            let truncated = index >= WIDEST_GROUP;
            let title = if truncated { "...".to_owned() } else { (index + 1).to_string() };
            let indent = "  ".repeat(self.depth);
            let corner = if index == 0 { "+-" } else { "  " };
            (self.out)(&format!("{indent}{corner}+---------------- {title} ----------------\n"));
            self.depth += 1;
            if truncated {
                let remaining = items.len() - WIDEST_GROUP;
                let plural = if remaining > 1 { "s" } else { "" };
                self.emit(&format!("and {remaining} more exception{plural}\n"), '|');
            } else if let Ok(item) = item.clone().downcast_into::<BaseException>() {
                self.chain(&item);
            }
            if last && self.need_close {
                let indent = "  ".repeat(self.depth);
                (self.out)(&format!("{indent}+------------------------------------\n"));
                self.need_close = false;
            }
            self.depth -= 1;
        }
    }
}

/// The lines below the traceback: class and message (for syntax errors the place, too), then the notes.
pub fn exception_only(vm: &Vm, exception: &Obj<BaseException>) -> Vec<String> {
    let value = exception.to_value();
    let class = class_name(vm, vm.class_of(&value));
    let mut lines = match exception.downcast::<SyntaxError>() {
        Some(error) => syntax_lines(vm, error, &class),
        None => {
            let text = safe_str(vm, &value, "exception") + &suggest::hint(vm, exception);
            vec![if text.is_empty() { format!("{class}\n") } else { format!("{class}: {text}\n") }]
        }
    };
    match vm.find_attr(&value, &vm.names().__notes__) {
        Ok(None) => {}
        Ok(Some(notes)) if is_none(&notes) => {}
        Ok(Some(notes)) if notes.downcast::<List>().is_some() || notes.downcast::<Tuple>().is_some() => {
            for note in quietly(vm, vm.collect(&notes)).unwrap_or_default() {
                let note = safe_str(vm, &note, "note");
                lines.extend(note.split('\n').map(|line| format!("{line}\n")));
            }
        }
        Ok(Some(notes)) => lines.push(match quietly(vm, vm.repr(&notes)) {
            Some(text) => format!("{}\n", text.to_lossy()),
            None => "<__notes__ repr() failed>\n".to_owned(),
        }),
        Err(raised) => {
            let error = vm.take_exception(raised).to_value();
            let shown = quietly(vm, vm.repr(&error))
                .map_or("<__notes__ repr() failed>".to_owned(), |text| text.to_lossy().into_owned());
            lines.push(format!("Ignored error getting __notes__: {shown}\n"));
        }
    }
    lines
}

fn syntax_lines(vm: &Vm, error: &Obj<SyntaxError>, class: &str) -> Vec<String> {
    let present = |value: Option<Value>| value.filter(|value| !is_none(value));
    let text_of = |value: &Value| safe_str(vm, value, "exception");
    let mut lines = Vec::new();
    let mut suffix = String::new();
    let filename = present(error.filename.get()).map(|name| text_of(&name));
    match (present(error.lineno.get()), filename) {
        (Some(line), filename) => {
            let filename = filename.filter(|name| !name.is_empty()).unwrap_or_else(|| "<string>".to_owned());
            lines.push(format!("  File \"{filename}\", line {}\n", text_of(&line)));
        }
        (None, Some(filename)) => suffix = format!(" ({filename})"),
        (None, None) => {}
    }
    if let Some(text) = error.text.get().filter(|text| text.downcast::<Str>().is_some()) {
        source_lines(error, &Str::display(&text), &mut lines);
    }
    let message = error.msg.get().unwrap_or(NONE);
    let message = if is_none(&message) { String::new() } else { text_of(&message) };
    let message = if message.is_empty() { "<no detail available>" } else { &message };
    lines.push(format!("{class}: {message}{suffix}\n"));
    lines
}

/// The source line of a syntax error and the marks below it.
fn source_lines(error: &SyntaxError, text: &str, lines: &mut Vec<String>) {
    let number = |value: Option<Value>| value.and_then(|value| int::as_small(&value));
    let trimmed = text.trim_end_matches('\n');
    let shown = trimmed.trim_start_matches([' ', '\n', '\u{c}']);
    let len = |text: &str| text.chars().count() as i64;
    let spaces = len(trimmed) - len(shown);
    let Some(mut offset) = number(error.offset.get()) else {
        lines.push(format!("    {shown}\n"));
        return;
    };
    let same_line = number(error.lineno.get()) == number(error.end_lineno.get());
    let mut end = match number(error.end_offset.get()) {
        Some(end) if same_line && end != 0 => end,
        _ if same_line => offset,
        _ => len(trimmed) + 1,
    };
    if offset > len(text) {
        offset = len(trimmed) + 1;
    }
    if end > len(text) {
        end = len(trimmed) + 1;
    }
    if offset >= end || end < 0 {
        end = offset + 1;
    }
    let (start, end) = (offset - 1 - spaces, end - 1 - spaces);
    lines.push(format!("    {shown}\n"));
    if start >= 0 {
        let blank = |c: char| if c.is_whitespace() { c } else { ' ' };
        let before: String = shown.chars().take(start as usize).map(blank).collect();
        lines.push(format!("    {before}{}\n", "^".repeat((end - start).max(0) as usize)));
    }
}
