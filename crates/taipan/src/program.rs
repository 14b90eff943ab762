//! The program: runs what the command line says and answers the exit status.
//!
//! Invariant: whatever the input, the process ends with CPython's message and status, never by a panic.

use crate::command_line::{self, CommandLine, HELP, Run};
use crate::importing::main_module;
use crate::prompt;
use crate::runtime::Runtime;
use std::io::Read;
use taipan_compiler::{Input, Mode, Options, SyntaxError, compile};
use taipan_heap::{Ref, Value};
use taipan_interp::code::CodeObject;
use taipan_objects::builtins::NONE;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::str::Str;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// The language version implemented.
pub const VERSION: &str = "3.14.7";

/// Runs the process's command line.
pub fn main() -> i32 {
    let arguments = std::env::args_os().skip(1).collect();
    let line = match command_line::parse(arguments, taipan_host::file::isatty(0)) {
        Ok(line) => line,
        Err(usage) => {
            eprintln!("{}", usage.0);
            eprintln!("usage: taipan [option] ... [-c cmd | -m mod | file | -] [arg] ...");
            eprintln!("Try `taipan -h' for more information.");
            return 2;
        }
    };
    match &line.run {
        Run::Help => {
            print!("{HELP}");
            0
        }
        Run::Version => {
            println!("Taipan {} (Python {VERSION})", env!("CARGO_PKG_VERSION"));
            0
        }
        Run::Dump(what, file) => dump(what, file),
        _ => run(line),
    }
}

fn dump(what: &str, file: &str) -> i32 {
    if what != "bytecode" {
        eprintln!("taipan: --dump={what}: expected bytecode");
        return 2;
    }
    let source = match read_file(file) {
        Ok(source) => source,
        Err((message, status)) => {
            eprintln!("{message}");
            return status;
        }
    };
    match compile(Input::File(&source), file, Mode::Exec, &Options::default()) {
        Ok(compiled) => {
            print!("{}", taipan_bytecode::disassemble_all(&compiled.code));
            0
        }
        Err(error) => {
            eprintln!("{file}:{}: {}", error.line.unwrap_or(0), error.message);
            1
        }
    }
}

fn read_file(file: &str) -> Result<Vec<u8>, (String, i32)> {
    let program = std::env::args().next().unwrap_or_else(|| "taipan".to_owned());
    if std::path::Path::new(file).is_dir() {
        return Err((format!("{program}: '{file}' is a directory, cannot continue"), 1));
    }
    std::fs::read(file).map_err(|error| {
        let errno = taipan_host::errno(&error);
        let text = taipan_host::strerror(errno);
        (format!("{program}: can't open file '{}': [Errno {errno}] {text}", absolute(file)), 2)
    })
}

fn absolute(file: &str) -> String {
    std::path::absolute(file).map_or_else(|_| file.to_owned(), |path| path.to_string_lossy().into_owned())
}

fn variable(line: &CommandLine, name: &str) -> Option<String> {
    if line.ignore_environment {
        return None;
    }
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn search_path(line: &CommandLine) -> Vec<String> {
    let mut path = Vec::new();
    if !line.safe_path {
        match &line.run {
            Run::File(file) => {
                let real = std::fs::canonicalize(file).ok();
                let folder = real.as_deref().and_then(std::path::Path::parent);
                path.push(folder.map_or_else(String::new, |folder| folder.to_string_lossy().into_owned()));
            }
            Run::Module(_) => {
                let here = std::env::current_dir().map(|path| path.to_string_lossy().into_owned());
                path.push(here.unwrap_or_default());
            }
            _ => path.push(String::new()),
        }
    }
    if let Some(more) = variable(line, "PYTHONPATH") {
        path.extend(more.split(':').map(str::to_owned));
    }
    path
}

fn run(mut line: CommandLine) -> i32 {
    let source = match &line.run {
        Run::File(file) => match read_file(file) {
            Ok(source) => source,
            Err((message, status)) => {
                eprintln!("{message}");
                return status;
            }
        },
        Run::Input => {
            let mut source = Vec::new();
            let _ = std::io::stdin().read_to_end(&mut source);
            source
        }
        _ => Vec::new(),
    };
    line.config.path = search_path(&line);
    line.config.hash_seed = variable(&line, "PYTHONHASHSEED").and_then(|seed| seed.parse().ok());
    if line.config.zeal == 0 {
        line.config.zeal = std::env::var("TAIPAN_ZEAL").ok().and_then(|every| every.parse().ok()).unwrap_or(0);
    }
    let Ok(runtime) = Runtime::new(&line.config) else {
        eprintln!("taipan: the interpreter could not start");
        return 1;
    };
    if let Err(raised) = taipan_modules::signal_module::install(runtime.vm()) {
        return failed(&runtime, raised);
    }
    let status = execute(&runtime, &line, &source);
    let whole = runtime.finish();
    if !whole && status == 0 { 120 } else { status }
}

fn execute(runtime: &Runtime, line: &CommandLine, source: &[u8]) -> i32 {
    let vm = &**runtime.vm();
    let globals = match main_module(vm) {
        Ok(globals) => globals,
        Err(raised) => return failed(runtime, raised),
    };
    let ran = match &line.run {
        Run::File(file) => run_file(runtime, &globals, file, source, line.optimize),
        Run::Code(code) => {
            let code = code.clone() + "\n";
            run_source(runtime, &globals, Input::Text(&code), "<string>", line.optimize)
        }
        Run::Input => run_source(runtime, &globals, Input::File(source), "<stdin>", line.optimize),
        Run::Module(module) => run_module(vm, module),
        _ => {
            return prompt::run(runtime, &globals, !line.quiet);
        }
    };
    let status = match ran {
        Ok(()) => 0,
        Err(raised) => failed(runtime, raised),
    };
    if line.interactive {
        return prompt::run(runtime, &globals, false);
    }
    status
}

/// Reports an exception that ends the program; the exit status.
pub(crate) fn failed(runtime: &Runtime, raised: Raised) -> i32 {
    let vm = &**runtime.vm();
    let exception = vm.take_exception(raised);
    runtime.flush();
    if vm.is_instance(&exception.to_value(), &vm.types().keyboard_interrupt) {
        taipan_modules::sys::hooks::report_uncaught(vm, &exception);
        runtime.finish();
        let _ = taipan_host::signal::set(taipan_host::constants::SIGINT, taipan_host::signal::Disposition::Default);
        taipan_host::signal::die_by(taipan_host::constants::SIGINT);
    }
    taipan_modules::sys::hooks::finish(vm, &exception)
}

fn run_file(runtime: &Runtime, globals: &Ref<Dict>, file: &str, source: &[u8], optimize: u8) -> PyResult<()> {
    let vm = &**runtime.vm();
    globals.set_text(vm, "__file__", Str::new(vm, &absolute(file))?.into())?;
    globals.set_text(vm, "__cached__", NONE)?;
    run_source(runtime, globals, Input::File(source), &absolute(file), optimize)
}

fn run_source(runtime: &Runtime, globals: &Ref<Dict>, source: Input<'_>, filename: &str, optimize: u8) -> PyResult<()> {
    let vm = &**runtime.vm();
    let code = compile_input(vm, source, filename, Mode::Exec, optimize)?;
    runtime.run(&code, globals).map(drop)
}

/// Compiles; a SyntaxError is raised.
pub(crate) fn compile_input(
    vm: &Vm,
    source: Input<'_>,
    filename: &str,
    mode: Mode,
    optimize: u8,
) -> PyResult<Ref<CodeObject>> {
    let options = Options { optimize, ..Options::default() };
    match compile(source, filename, mode, &options) {
        Ok(compiled) => {
            for issued in compiled.warnings {
                let (category, line) = (&vm.types().syntax_warning, issued.line.into());
                taipan_modules::warnings::warn_at(vm, category, &issued.message, filename, line)?;
            }
            CodeObject::new(vm, compiled.code)
        }
        Err(error) => Err(raise_syntax_error(vm, &error, filename)),
    }
}

fn run_module(vm: &Vm, module: &str) -> PyResult<()> {
    let runpy = taipan_interp::import::import_absolute(vm, "runpy")?;
    let name: Value = Str::new(vm, module)?.into();
    let function = vm.get_attr_text(&runpy, "_run_module_as_main")?;
    vm.call(&function, &[name]).map(drop)
}

/// Raises the SyntaxError that the compiler found.
pub fn raise_syntax_error(vm: &Vm, error: &SyntaxError, filename: &str) -> Raised {
    taipan_modules::builtins_module::syntax_error(vm, error, filename, None)
}
