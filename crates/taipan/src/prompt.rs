//! The interactive prompt: line editing, history, statements over several lines.
//!
//! Lines are edited where standard input and output are a terminal that can do it, and read plainly elsewhere.
//! Invariant: an error in a statement is shown and the prompt goes on; only the end of input and SystemExit end it. Other threads run
//! while a line is waited for.

use crate::program::{Ended, compile_input, compile_with, failed};
use crate::runtime::Runtime;
use crate::sources;
use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;
use std::io::Write;
use taipan_bytecode::future;
use taipan_compiler::parse::{Completeness, Flags, completeness};
use taipan_compiler::source::Source;
use taipan_compiler::{Input, Mode};
use taipan_heap::Ref;
use taipan_host::{constants, file, signal};
use taipan_interp::eval::threads::without_lock;
use taipan_modules::{signal_module, sys};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::is_none;
use taipan_objects::builtins::str::Str;
use taipan_objects::vm::{PyResult, Vm};

fn history_file() -> Option<std::path::PathBuf> {
    std::env::var_os("HOME").map(|home| std::path::Path::new(&home).join(".taipan_history"))
}

/// What came of asking for a line.
enum Line {
    Text(String),
    Interrupted,
    End,
}

/// Where lines come from.
enum Reader {
    Editor(Box<DefaultEditor>),
    Plain,
}

impl Reader {
    fn new() -> Reader {
        let able = std::env::var("TERM").is_ok_and(|term| !matches!(&*term, "" | "dumb" | "cons25" | "emacs"));
        if !able || !file::isatty(0) || !file::isatty(1) {
            return Reader::Plain;
        }
        match DefaultEditor::new() {
            Ok(mut editor) => {
                if let Some(history) = history_file() {
                    let _ = editor.load_history(&history);
                }
                Reader::Editor(Box::new(editor))
            }
            Err(_) => Reader::Plain,
        }
    }

    fn read(&mut self, vm: &Vm, prompt: &str) -> Line {
        let line = without_lock(vm, || match self {
            Reader::Editor(editor) => match editor.readline(prompt) {
                Ok(text) => {
                    let _ = editor.add_history_entry(text.as_str());
                    Line::Text(text)
                }
                Err(ReadlineError::Interrupted) => Line::Interrupted,
                Err(_) => Line::End,
            },
            Reader::Plain => read_plainly(prompt),
        });
        // A signal that came while the line was waited for has no statement to interrupt.
        match signal_module::run_handlers(vm) {
            Ok(()) => line,
            Err(raised) => {
                drop(vm.take_exception(raised));
                Line::Interrupted
            }
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let (Reader::Editor(editor), Some(history)) = (self, history_file()) {
            let _ = editor.save_history(&history);
        }
    }
}

/// Reads a line byte by byte, so that what follows stays for the program's own reading.
fn read_plainly(prompt: &str) -> Line {
    let mut stderr = std::io::stderr();
    let _ = stderr.write_all(prompt.as_bytes());
    let mut bytes = Vec::new();
    let mut byte = [0];
    loop {
        // A signal may come just before the wait begins, and would not end it.
        let mut input = [file::PollDescriptor { fd: 0, events: constants::POLLIN, revents: 0 }];
        while let Ok(0) = file::poll(&mut input, 100) {
            if signal::any_pending() {
                return Line::Interrupted;
            }
        }
        if signal::any_pending() {
            return Line::Interrupted;
        }
        match file::read(0, &mut byte) {
            Ok(0) if bytes.is_empty() => return Line::End,
            Ok(1) if byte[0] != b'\n' => bytes.push(byte[0]),
            Ok(_) => return Line::Text(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) if taipan_host::errno(&error) == constants::EINTR => return Line::Interrupted,
            Err(_) => return Line::End,
        }
    }
}

/// Runs the prompt until the end of input, after the program in the file `startup`.
pub fn run(runtime: &Runtime, globals: &Ref<Dict>, banner: bool, startup: Option<&str>) -> Ended {
    let vm = &**runtime.vm();
    if banner {
        eprintln!("Taipan {} (Python {})", env!("CARGO_PKG_VERSION"), sys::VERSION_TEXT);
        eprintln!("Type \"help\", \"copyright\", \"credits\" or \"license\" for more information.");
    }
    if let Err(raised) = set_prompts(vm) {
        return failed(runtime, raised);
    }
    if let Some(file) = startup
        && let Err(raised) = run_startup(runtime, globals, file)
    {
        if vm.raised_is(&vm.types().system_exit) {
            return failed(runtime, raised);
        }
        let exception = vm.take_exception(raised);
        sys::hooks::report_uncaught(vm, &exception);
    }
    run_hook(vm);
    read_statements(runtime, globals, &mut Reader::new())
}

/// Runs the file that `PYTHONSTARTUP` names.
fn run_startup(runtime: &Runtime, globals: &Ref<Dict>, file: &str) -> PyResult<()> {
    let vm = &**runtime.vm();
    let source = match std::fs::read(file) {
        Ok(source) => source,
        Err(error) => {
            eprintln!("Could not open PYTHONSTARTUP");
            return Err(vm.os_error(taipan_host::errno(&error), Some(Str::new(vm, file)?.into())));
        }
    };
    let code = compile_input(vm, Input::File(&source), file, Mode::Exec)?;
    runtime.run(&code, globals).map(drop)
}

/// Calls `sys.__interactivehook__`, if there is one; what it raises is shown.
fn run_hook(vm: &Vm) {
    let called = sys::attribute(vm, "__interactivehook__").and_then(|hook| match hook {
        Some(hook) => {
            sys::audit(vm, "cpython.run_interactivehook", &[hook.clone()]).and_then(|()| vm.call(&hook, &[]).map(drop))
        }
        None => Ok(()),
    });
    if let Err(raised) = called {
        eprintln!("Failed calling sys.__interactivehook__");
        let exception = vm.take_exception(raised);
        sys::hooks::report_uncaught(vm, &exception);
    }
}

fn set_prompts(vm: &Vm) -> PyResult<()> {
    let Some(sys) = vm.interp().modules.get().map(|modules| modules.get_text(vm, "sys")).transpose()?.flatten() else {
        return Ok(());
    };
    for (name, text) in [("ps1", ">>> "), ("ps2", "... ")] {
        if sys::attribute(vm, name)?.is_none() {
            vm.set_attr(&sys, &*vm.intern(name)?, Str::new(vm, text)?.into())?;
        }
    }
    Ok(())
}

/// `sys.ps1` or `sys.ps2` as text; nothing when it cannot be had.
fn prompt(vm: &Vm, name: &str) -> String {
    let text = sys::attribute(vm, name).and_then(|prompt| match prompt.filter(|prompt| !is_none(prompt)) {
        Some(prompt) => Ok(vm.str(&prompt)?.to_lossy().into_owned()),
        None => Ok(String::new()),
    });
    text.unwrap_or_else(|raised| {
        drop(vm.take_exception(raised));
        String::new()
    })
}

fn read_statements(runtime: &Runtime, globals: &Ref<Dict>, reader: &mut Reader) -> Ended {
    let vm = &**runtime.vm();
    let mut typed = String::new();
    let mut features = 0;
    loop {
        let shown = prompt(vm, if typed.is_empty() { "ps1" } else { "ps2" });
        match reader.read(vm, &shown) {
            Line::Text(text) => {
                if !typed.is_empty() {
                    typed.push('\n');
                }
                typed.push_str(&text);
                match Source::from_text("<stdin>", &typed).map(|source| {
                    let barry_as_flufl = features & future::BARRY_AS_BDFL != 0;
                    completeness(&source, Flags { barry_as_flufl, ..Flags::default() })
                }) {
                    Ok(Completeness::Incomplete) => continue,
                    Ok(Completeness::Complete(None)) => {
                        typed.clear();
                        continue;
                    }
                    _ => {}
                }
                let statement = std::mem::take(&mut typed) + "\n";
                if let Some(ended) = run_statement(runtime, globals, &statement, &mut features) {
                    return ended;
                }
            }
            Line::Interrupted => {
                typed.clear();
                eprintln!("\nKeyboardInterrupt");
            }
            Line::End if !typed.is_empty() => {
                let statement = std::mem::take(&mut typed) + "\n";
                if let Some(ended) = run_statement(runtime, globals, &statement, &mut features) {
                    return ended;
                }
            }
            Line::End => {
                eprintln!();
                return Ended::Status(0);
            }
        }
    }
}

/// Runs one statement; tells how the program ended if it did. The `features` it imports are those of the ones that follow.
fn run_statement(runtime: &Runtime, globals: &Ref<Dict>, statement: &str, features: &mut u32) -> Option<Ended> {
    let vm = &**runtime.vm();
    let ran = compile_with(vm, Input::Text(statement), "<stdin>", Mode::Single, *features).and_then(|code| {
        *features |= code.plain().flags.0 & future::MASK;
        sources::remember(vm, &code.plain().filename, statement);
        runtime.run(&code, globals)
    });
    let ended = match ran {
        Ok(_) => None,
        Err(raised) if vm.raised_is(&vm.types().system_exit) => Some(failed(runtime, raised)),
        Err(raised) => {
            let exception = vm.take_exception(raised);
            sys::hooks::report_uncaught(vm, &exception);
            None
        }
    };
    runtime.flush();
    ended
}
