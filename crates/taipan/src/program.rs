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
use taipan_host::memory::{let_go_of_constants, let_go_of_program};
use taipan_interp::code::CodeObject;
use taipan_modules::sys::VERSION_TEXT;
use taipan_objects::builtins::NONE;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::str::Str;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// Runs the process's command line.
pub fn main() -> i32 {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let program = program_name();
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let mut line = match command_line::parse(arguments, taipan_host::file::isatty(0), &variable) {
        Ok(line) => line,
        Err(usage) => {
            eprintln!("{}", usage.message);
            if usage.status == 2 {
                eprintln!("usage: {program} [option] ... [-c cmd | -m mod | file | -] [arg] ...");
                eprintln!("Try `taipan -h' for more information.");
            }
            return usage.status;
        }
    };
    line.config.original_arguments = std::env::args_os().collect();
    line.config.executable = executable(&program);
    match &line.run {
        Run::Help => {
            print!("{HELP}");
            0
        }
        Run::Version => {
            println!("Taipan {} (Python {VERSION_TEXT})", env!("CARGO_PKG_VERSION"));
            0
        }
        Run::UnpackLibrary(folder) => match crate::environment::unpack_library(folder) {
            Ok(()) => 0,
            Err(error) => {
                eprintln!("taipan: cannot write the library to {folder}: {error}");
                1
            }
        },
        Run::Dump(what, file) => dump(what, file),
        _ => run(line),
    }
}

/// The name by which the program was started.
fn program_name() -> String {
    std::env::args_os().next().map_or_else(|| "taipan".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// Where the program is: the name it was started by, looked up as the shell does.
fn executable(name: &str) -> String {
    if name.contains('/') {
        return absolute(name);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    found.or_else(|| std::env::current_exe().ok()).map_or_else(String::new, |file| file.to_string_lossy().into_owned())
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
    let program = program_name();
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
    if line.config.flags.ignore_environment != 0 {
        return None;
    }
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn search_path(line: &CommandLine) -> Vec<String> {
    let mut path = Vec::new();
    if let Run::Archive(file) = &line.run {
        path.push(absolute(file));
    } else if !line.config.flags.safe_path {
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

/// Whether to run a directory, which must have a `__main__.py`.
fn is_directory(file: &str) -> Result<bool, String> {
    let directory = std::path::Path::new(file);
    if !directory.is_dir() {
        return Ok(false);
    }
    match directory.join("__main__.py").is_file() {
        true => Ok(true),
        false => Err(format!("{}: can't find '__main__' module in '{}'", program_name(), absolute(file))),
    }
}

fn run(mut line: CommandLine) -> i32 {
    if let Run::File(file) = &line.run {
        match is_directory(file) {
            Ok(false) => {}
            Ok(true) => line.run = Run::Archive(file.clone()),
            Err(message) => {
                eprintln!("{message}");
                return 1;
            }
        }
    }
    // As CPython does, what is told to be interactive reads statements from a pipe, too.
    if line.run == Run::Input && line.config.flags.interactive > 0 {
        line.run = Run::Prompt;
    }
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
    if let Run::File(file) = &line.run
        && is_archive(&source)
    {
        line.run = Run::Archive(file.clone());
    }
    let source = if line.skip_first_line { without_first_line(source) } else { source };
    line.config.path = search_path(&line);
    if line.config.zeal == 0 {
        line.config.zeal = std::env::var("TAIPAN_ZEAL").ok().and_then(|every| every.parse().ok()).unwrap_or(0);
    }
    let Ok(runtime) = Runtime::new(&line.config) else {
        eprintln!("taipan: the interpreter could not start");
        return 1;
    };
    let ended = match taipan_modules::signal_module::install(runtime.vm()) {
        Ok(()) => execute(&runtime, &line, &source),
        Err(raised) => failed(&runtime, raised),
    };
    let whole = runtime.finish();
    match ended {
        Ended::Interrupted => taipan_host::signal::die_by(taipan_host::constants::SIGINT),
        Ended::Status(0) if !whole => 120,
        Ended::Status(status) => status,
    }
}

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With this exit status.
    Status(i32),
    /// By a KeyboardInterrupt: the process is to die by SIGINT, so that the shell that started it stops too.
    Interrupted,
}

/// The code of `-c` without the blanks that all its lines begin with; lines of blanks alone become empty.
fn dedented(code: &str) -> String {
    let blank = |line: &str| line.chars().all(|c| matches!(c, ' ' | '\t'));
    let indent = |line: &'_ str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let mut margin: Option<&str> = None;
    for line in code.split('\n').filter(|line| !blank(line)) {
        let own = &line[..indent(line)];
        margin = Some(match margin {
            None => own,
            Some(margin) => {
                let same = margin.bytes().zip(own.bytes()).take_while(|(a, b)| a == b).count();
                &margin[..same]
            }
        });
    }
    let margin = margin.unwrap_or_default();
    if margin.is_empty() {
        return code.to_owned();
    }
    let lines = code.split('\n').map(|line| if blank(line) { "" } else { &line[margin.len()..] });
    lines.collect::<Vec<_>>().join("\n")
}

/// What `-x` leaves of a program: its lines keep their numbers.
fn without_first_line(source: Vec<u8>) -> Vec<u8> {
    let end = source.iter().position(|byte| *byte == b'\n').unwrap_or(source.len());
    source[end..].to_vec()
}

/// Whether a program is a zip archive, perhaps with other text before it.
fn is_archive(source: &[u8]) -> bool {
    let tail = &source[source.len().saturating_sub(22 + 65_535)..];
    source.len() >= 22 && tail.windows(4).any(|bytes| bytes == b"PK\x05\x06")
}

fn execute(runtime: &Runtime, line: &CommandLine, source: &[u8]) -> Ended {
    let vm = &**runtime.vm();
    // What the interpreter needed to begin, compiling the program does not need, nor does running it what compiling needed.
    let_go_of_program();
    taipan_interp::import::hooks(vm).relieve.set(Some(let_go_of_constants));
    let globals = match main_module(vm) {
        Ok(globals) => globals,
        Err(raised) => return failed(runtime, raised),
    };
    let ran = match &line.run {
        Run::File(file) => run_file(runtime, &globals, file, source),
        Run::Code(code) => run_text(runtime, &globals, &(dedented(code) + "\n")),
        Run::Input => run_source(runtime, &globals, Input::File(source), "<stdin>"),
        Run::Module(module) => run_module(vm, module, true),
        Run::Archive(_) => run_module(vm, "__main__", false),
        _ => {
            let startup = variable(line, "PYTHONSTARTUP");
            return prompt::run(runtime, &globals, line.config.flags.quiet == 0, startup.as_deref());
        }
    };
    let ended = match ran {
        Ok(()) => Ended::Status(0),
        Err(raised) if line.config.flags.inspect != 0 => {
            let exception = vm.take_exception(raised);
            taipan_modules::sys::hooks::report_uncaught(vm, &exception);
            Ended::Status(1)
        }
        Err(raised) => failed(runtime, raised),
    };
    if line.config.flags.inspect != 0 {
        return prompt::run(runtime, &globals, false, None);
    }
    ended
}

/// Reports an exception that ends the program.
pub(crate) fn failed(runtime: &Runtime, raised: Raised) -> Ended {
    let vm = &**runtime.vm();
    let exception = vm.take_exception(raised);
    runtime.flush();
    if vm.is_instance(&exception.to_value(), &vm.types().keyboard_interrupt) {
        taipan_modules::sys::hooks::report_uncaught(vm, &exception);
        return Ended::Interrupted;
    }
    Ended::Status(taipan_modules::sys::hooks::finish(vm, &exception))
}

fn run_file(runtime: &Runtime, globals: &Ref<Dict>, file: &str, source: &[u8]) -> PyResult<()> {
    let vm = &**runtime.vm();
    globals.set_text(vm, "__file__", Str::new(vm, &absolute(file))?.into())?;
    globals.set_text(vm, "__cached__", NONE)?;
    globals.set_text(vm, "__loader__", taipan_interp::import::source_loader(vm, "__main__", &absolute(file))?)?;
    run_source(runtime, globals, Input::File(source), &absolute(file))
}

fn run_source(runtime: &Runtime, globals: &Ref<Dict>, source: Input<'_>, filename: &str) -> PyResult<()> {
    let vm = &**runtime.vm();
    let code = compile_input(vm, source, filename, Mode::Exec)?;
    let_go_of_program();
    runtime.run(&code, globals).map(drop)
}

fn run_text(runtime: &Runtime, globals: &Ref<Dict>, text: &str) -> PyResult<()> {
    let code = runtime.compile(text, "<string>")?;
    let_go_of_program();
    runtime.run(&code, globals).map(drop)
}

/// Compiles; a SyntaxError is raised.
pub(crate) fn compile_input(vm: &Vm, source: Input<'_>, filename: &str, mode: Mode) -> PyResult<Ref<CodeObject>> {
    compile_with(vm, source, filename, mode, 0)
}

/// The same with features in force that were imported from `__future__` elsewhere.
pub(crate) fn compile_with(
    vm: &Vm,
    source: Input<'_>,
    filename: &str,
    mode: Mode,
    future_flags: u32,
) -> PyResult<Ref<CodeObject>> {
    let optimize = taipan_interp::import::hooks(vm).optimize.get();
    let options = Options { optimize, future_flags, ..Options::default() };
    taipan_modules::builtins_module::compile_source(vm, source, filename, mode, &options)
}

fn run_module(vm: &Vm, module: &str, alter_argv: bool) -> PyResult<()> {
    let runpy = taipan_interp::import::import_absolute(vm, "runpy")?;
    let name: Value = Str::new(vm, module)?.into();
    let function = vm.get_attr_text(&runpy, "_run_module_as_main")?;
    vm.call(&function, &[name, taipan_objects::builtins::boolean(alter_argv)]).map(drop)
}

/// Raises the SyntaxError that the compiler found.
pub fn raise_syntax_error(vm: &Vm, error: &SyntaxError, filename: &str) -> Raised {
    taipan_modules::builtins_module::syntax_error(vm, error, filename, None)
}
