//! The interactive prompt: line editing, history, statements over several lines.
//!
//! Invariant: an error in a statement is shown and the prompt goes on; only the end of input and SystemExit end it.

use crate::program::{compile_input, failed};
use crate::runtime::Runtime;
use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;
use taipan_compiler::parse::{Completeness, completeness};
use taipan_compiler::source::Source;
use taipan_compiler::{Input, Mode};
use taipan_heap::{Ref, Value};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::is_none;
use taipan_objects::vm::{PyResult, Vm};

fn history_file() -> Option<std::path::PathBuf> {
    std::env::var_os("HOME").map(|home| std::path::Path::new(&home).join(".taipan_history"))
}

/// Runs the prompt until the end of input; the exit status.
pub fn run(runtime: &Runtime, globals: &Ref<Dict>, banner: bool) -> i32 {
    let vm = &**runtime.vm();
    taipan_interp::hooks(vm).display.set(Some(display));
    if banner {
        println!("Taipan {} (Python {})", env!("CARGO_PKG_VERSION"), crate::program::VERSION);
        println!("Type \"help\", \"copyright\", \"credits\" or \"license\" for more information.");
    }
    let Ok(mut editor) = DefaultEditor::new() else {
        eprintln!("taipan: the terminal cannot be used for editing lines");
        return 1;
    };
    let history = history_file();
    if let Some(history) = &history {
        let _ = editor.load_history(history);
    }
    let status = read_statements(runtime, globals, &mut editor);
    if let Some(history) = &history {
        let _ = editor.save_history(history);
    }
    status
}

fn read_statements(runtime: &Runtime, globals: &Ref<Dict>, editor: &mut DefaultEditor) -> i32 {
    let mut typed = String::new();
    loop {
        let prompt = if typed.is_empty() { ">>> " } else { "... " };
        match editor.readline(prompt) {
            Ok(text) => {
                let _ = editor.add_history_entry(text.as_str());
                if !typed.is_empty() {
                    typed.push('\n');
                }
                typed.push_str(&text);
                if typed.trim().is_empty() {
                    typed.clear();
                    continue;
                }
                let source = Source::from_text("<stdin>", &typed);
                let incomplete = source.is_ok_and(|source| matches!(completeness(&source), Completeness::Incomplete));
                if incomplete {
                    continue;
                }
                let statement = std::mem::take(&mut typed) + "\n";
                if let Some(status) = run_statement(runtime, globals, &statement) {
                    return status;
                }
            }
            Err(ReadlineError::Interrupted) => {
                typed.clear();
                eprintln!("\nKeyboardInterrupt");
            }
            Err(_) => {
                println!();
                return 0;
            }
        }
    }
}

/// Runs one statement; a status when the program is to end.
fn run_statement(runtime: &Runtime, globals: &Ref<Dict>, statement: &str) -> Option<i32> {
    let vm = &**runtime.vm();
    let ran = compile_input(vm, Input::Text(statement), "<stdin>", Mode::Single, 0)
        .and_then(|code| runtime.run(&code, globals));
    runtime.flush();
    let Err(raised) = ran else { return None };
    if vm.raised_is(&vm.types().system_exit) {
        return Some(failed(runtime, raised));
    }
    let exception = vm.take_exception(raised);
    taipan_modules::sys::hooks::report_uncaught(vm, &exception);
    runtime.flush();
    None
}

fn display(vm: &Vm, value: &Value) -> PyResult<()> {
    if let Some(hook) = taipan_modules::sys::attribute(vm, "displayhook")? {
        return vm.call(&hook, std::slice::from_ref(value)).map(drop);
    }
    if !is_none(value) {
        println!("{}", vm.repr(value)?.to_lossy());
    }
    Ok(())
}
