//! `Runtime`: an interpreter that can run Python programs.
//!
//! Invariant: the calling thread holds the interpreter's lock for as long as the runtime lives.

use crate::environment::{self, Environment};
use crate::{importing, shutdown};
use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::rc::Rc;
use taipan_compiler::{Input, Mode};
use taipan_heap::{Ref, Value};
use taipan_interp::code::CodeObject;
use taipan_interp::frame::FrameObject;
use taipan_interp::import;
use taipan_modules::sys::{Flags, SysState};
use taipan_objects::builtins::TRUE;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::exception::{FrameInfo, TracebackHooks, set_traceback_hooks};
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::traceback::Traceback;
use taipan_objects::types::finalize;
use taipan_objects::vm::{Entered, Interp, InterpConfig, PyResult, Vm};

/// How a runtime is made.
#[derive(Debug, Clone, Default)]
pub struct RuntimeConfig {
    /// Bytes the heap may take; `None` for no limit.
    pub heap_limit: Option<usize>,
    /// Collect at every n-th allocation and check all counts; 0 is off.
    pub zeal: u32,
    /// The n-th allocation fails, once; 0 is off. For tests.
    pub fail_allocation: u64,
    /// Whether the automatic collector is off from the start.
    pub collector_off: bool,
    /// Seed of the hash of str and bytes (`PYTHONHASHSEED`); `None` for a random one.
    pub hash_seed: Option<u32>,
    /// Whether the standard streams are unbuffered (`-u`).
    pub unbuffered: bool,
    /// Frames of the tracebacks by which memory is traced (`-X tracemalloc`); 0 if it is not.
    pub tracemalloc: Option<u32>,
    /// Whether fatal signals write what the threads were doing (`-X faulthandler`).
    pub faulthandler: bool,
    /// The encoding of the standard streams and how they treat what is no text, as in `PYTHONIOENCODING`.
    pub stream_encoding: Option<String>,
    /// Whether bytes that are no text come and go through the standard streams as they are, as in the locales C and POSIX.
    pub stream_escapes: bool,
    /// Whether the time that each import takes is written to standard error (`-X importtime`).
    pub import_time: bool,
    /// Whether hashes are random whatever the environment says (`-R`).
    pub random_hashes: bool,
    /// `sys.pycache_prefix`; empty for none.
    pub pycache_prefix: Option<String>,
    /// What `os.cpu_count()` answers; 0 for the system's number.
    pub cpu_count: Option<u32>,
    /// `sys.argv`
    pub arguments: Vec<OsString>,
    /// `sys.orig_argv`
    pub original_arguments: Vec<OsString>,
    /// `sys.executable`
    pub executable: String,
    /// `sys.flags`; `optimize` is also how modules are compiled.
    pub flags: Flags,
    /// `sys.warnoptions`; the module `warnings` is imported when there are any.
    pub warning_options: Vec<String>,
    /// `sys._xoptions`
    pub implementation_options: Vec<(String, Option<String>)>,
    /// Digits that conversions between int and decimal text may have; `None` for CPython's default.
    pub max_str_digits: Option<usize>,
    /// Directories searched before the library.
    pub path: Vec<String>,
    /// The prefix to use in place of the one found (`PYTHONHOME`): of pure modules, and of others after a colon. If there is a library in
    /// its folder `lib/python3.14`, that is used, and not the one in the program.
    pub home: Option<String>,
}

/// Why a runtime could not be made: the heap limit leaves no room for it.
#[derive(Debug)]
pub struct Failure;

/// An interpreter with builtins, `sys` and imports, on the calling thread.
pub struct Runtime {
    entered: Option<Entered>,
    vm: Rc<Vm>,
}

impl Runtime {
    /// A new runtime; the calling thread takes its lock.
    pub fn new(config: &RuntimeConfig) -> Result<Runtime, Failure> {
        let heap = taipan_heap::Config {
            limit: config.heap_limit,
            zeal: config.zeal,
            fail_allocation: config.fail_allocation,
        };
        let hash_key = config.hash_seed.map(taipan_numeric::HashKey::from_seed);
        let vm = Interp::new(InterpConfig { heap, hash_key }).map_err(|_| Failure)?;
        let entered = Some(Vm::enter(&vm));
        taipan_interp::attach(&vm);
        let runtime = Runtime { entered, vm };
        if config.collector_off {
            runtime.vm.heap().disable();
        }
        if let Err(raised) = runtime.set_up(config) {
            let exception = runtime.vm.take_exception(raised);
            let mut text = String::new();
            taipan_objects::builtins::exception::print_exception(&runtime.vm, &exception, &mut |part| {
                text.push_str(part)
            });
            eprint!("{text}");
            return Err(Failure);
        }
        Ok(runtime)
    }

    /// The thread state.
    pub fn vm(&self) -> &Rc<Vm> {
        &self.vm
    }

    fn set_up(&self, config: &RuntimeConfig) -> PyResult<()> {
        let vm = &*self.vm;
        if let Some(frames @ 1..) = config.tracemalloc {
            taipan_modules::tracemalloc_module::start(vm, frames);
        }
        set_traceback_hooks(vm, TracebackHooks { frame_info, source_line });
        SysState::of(vm)
            .get_frame
            .set(Some(|vm, depth| Ok(taipan_interp::frame::current(vm, depth)?.map(Value::from))));
        if let Some(digits) = config.max_str_digits {
            vm.interp().max_str_digits.set(digits);
        }
        let optimize = u8::try_from(config.flags.optimize.clamp(0, 2)).unwrap_or(2);
        import::hooks(vm).optimize.set(optimize);
        import::hooks(vm).verbose.set(config.flags.verbose > 0);
        if config.import_time {
            *import::hooks(vm).times.borrow_mut() = Some(import::Times::default());
        }
        SysState::of(vm).cpu_count.set(config.cpu_count.filter(|count| *count > 0));
        taipan_modules::sys::set_flags(vm, config.flags.clone())?;
        let modules = import::modules(vm)?;
        install_builtins(vm, &modules)?;
        importing::install(vm);
        let sys = import::import_absolute(vm, "sys")?;
        let set = |name: &str, value: Value| vm.set_attr(&sys, &*vm.intern(name)?, value);
        set("modules", modules.to_value())?;
        set("argv", system_strings(vm, &config.arguments)?)?;
        set("orig_argv", system_strings(vm, &config.original_arguments)?)?;
        set("warnoptions", strings(vm, &config.warning_options)?)?;
        let environment = Environment::find(&config.executable, config.home.as_deref());
        for (names, value) in [
            (&["executable"][..], &config.executable),
            (&["_base_executable"], &environment.base_executable),
            (&["prefix"], &environment.prefix),
            (&["exec_prefix"], &environment.exec_prefix),
            (&["base_prefix"], &environment.base_prefix),
            (&["base_exec_prefix"], &environment.base_exec_prefix),
        ] {
            for name in names {
                set(name, Str::new(vm, value)?.into())?;
            }
        }
        let options = Dict::new(vm)?;
        for (name, value) in &config.implementation_options {
            let value = match value {
                Some(value) => Str::new(vm, value)?.into(),
                None => TRUE,
            };
            options.set_text(vm, name, value)?;
        }
        set("_xoptions", options.into())?;
        if let Some(prefix) = config.pycache_prefix.as_ref().filter(|prefix| !prefix.is_empty()) {
            set("pycache_prefix", Str::new(vm, prefix)?.into())?;
        }
        let mut path = config.path.clone();
        if let Some(library) = &environment.library {
            set("_stdlib_dir", Str::new(vm, library)?.into())?;
            *import::hooks(vm).library.borrow_mut() = Some(library.clone());
        }
        path.push(environment.library.clone().unwrap_or_else(|| import::LIBRARY.to_owned()));
        set("path", strings(vm, &path)?)?;
        let io = import::import_absolute(vm, "_io")?;
        let open = vm.get_attr_text(&io, "open")?;
        taipan_interp::builtins_dict(vm)?.set_text(vm, "open", open)?;
        let streams = taipan_modules::io_module::standard_streams(
            vm,
            config.unbuffered,
            config.stream_encoding.as_deref(),
            if config.stream_escapes { "surrogateescape" } else { "strict" },
        )?;
        for (name, stream) in ["stdin", "stdout", "stderr"].into_iter().zip(streams) {
            set(name, stream.clone())?;
            set(&format!("__{name}__"), stream)?;
        }
        if config.faulthandler {
            taipan_modules::faulthandler::enable_at_start(vm)?;
        }
        if config.flags.no_site == 0 {
            taipan_modules::site::install(vm)?;
            environment::add_packages(vm, &environment, &config.flags)?;
        }
        if !config.warning_options.is_empty() {
            import_warnings(vm);
        }
        Ok(())
    }

    /// Runs what is left to do when a program ends, and returns `false` when standard output could not be flushed.
    pub fn finish(&self) -> bool {
        let vm = &*self.vm;
        shutdown::run(vm);
        let whole = self.flush_aloud();
        SysState::of(vm).finalizing.set(true);
        if let Err(raised) = taipan_interp::eval::threads::stop_others(vm) {
            drop(vm.take_exception(raised));
        }
        shutdown::clear_modules(vm);
        self.flush() && whole
    }

    /// As `flush`, telling why standard output could not be flushed.
    fn flush_aloud(&self) -> bool {
        let vm = &*self.vm;
        let flushed = self.flush_stream("stdout");
        let whole = flushed.is_ok();
        if let Err(raised) = flushed {
            let exception = vm.take_exception(raised);
            finalize::unraisable(vm, exception, "Exception ignored while flushing sys.stdout", None);
        }
        self.flush() && whole
    }

    fn flush_stream(&self, name: &str) -> PyResult<()> {
        let vm = &*self.vm;
        match taipan_modules::sys::attribute(vm, name)? {
            Some(stream) if !taipan_objects::builtins::is_none(&stream) => {
                let closed = vm.find_attr(&stream, &*vm.intern("closed")?)?;
                if let Some(closed) = closed
                    && vm.is_true(&closed)?
                {
                    return Ok(());
                }
                vm.call_method(&stream, &vm.names().flush, &[]).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// Flushes standard output and error.
    pub fn flush(&self) -> bool {
        let vm = &*self.vm;
        let mut whole = true;
        for name in ["stdout", "stderr"] {
            if let Err(raised) = self.flush_stream(name) {
                drop(vm.take_exception(raised));
                whole = false;
            }
        }
        whole
    }

    /// The namespace of a fresh module `__main__`.
    pub fn main_namespace(&self) -> PyResult<Ref<Dict>> {
        importing::main_module(&self.vm)
    }

    /// Compiles the text of a module and runs it in a namespace.
    pub fn execute(&self, text: &str, filename: &str, globals: &Ref<Dict>) -> PyResult<()> {
        self.run(&self.compile(text, filename)?, globals).map(drop)
    }

    /// Compiles the text of a module, and keeps its lines for tracebacks.
    pub(crate) fn compile(&self, text: &str, filename: &str) -> PyResult<Ref<CodeObject>> {
        let code = crate::program::compile_input(&self.vm, Input::Text(text), filename, Mode::Exec)?;
        crate::sources::remember(&self.vm, &code.plain().filename, text);
        Ok(code)
    }

    /// Runs code in a namespace, as a module.
    pub fn run(&self, code: &Ref<CodeObject>, globals: &Ref<Dict>) -> PyResult<Value> {
        taipan_interp::eval::run_code(&self.vm, code, globals, None)
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        drop(self.entered.take());
    }
}

fn install_builtins(vm: &Vm, modules: &Ref<Dict>) -> PyResult<()> {
    let spec = taipan_modules::native_modules().iter().map(|spec| spec()).find(|spec| spec.name == "builtins");
    let Some(spec) = spec else { return Err(vm.import_error("this build has no builtins")) };
    let module = Module::from_spec(vm, spec)?;
    let namespace = module.dict(vm)?;
    let target = taipan_interp::builtins_dict(vm)?;
    for (name, value) in namespace.snapshot() {
        target.set(vm, &name, value)?;
    }
    taipan_objects::types::instance::replace_dict(vm, module.header(), target)?;
    modules.set_text(vm, "builtins", module.into())
}

/// Imports `warnings`, which reads `sys.warnoptions`; that it cannot be had is reported, and the program runs without it.
fn import_warnings(vm: &Vm) {
    if let Err(raised) = import::import_absolute(vm, "warnings") {
        let exception = vm.take_exception(raised);
        taipan_modules::sys::hooks::write_stderr(vm, "'import warnings' failed; traceback:\n");
        taipan_modules::sys::hooks::report_uncaught(vm, &exception);
    }
}

fn strings(vm: &Vm, texts: &[String]) -> PyResult<Value> {
    let mut values: Vec<Value> = Vec::new();
    for text in texts {
        values.push(Str::new(vm, text)?.into());
    }
    Ok(List::new(vm, values.into_iter())?.into())
}

/// Texts of the system: bytes that are no UTF-8 become surrogates.
fn system_strings(vm: &Vm, texts: &[OsString]) -> PyResult<Value> {
    let text = |text: &OsString| Ok(taipan_modules::posix_module::path::system_text(vm, text.as_bytes())?.into());
    let values = texts.iter().map(text);
    let values = values.collect::<PyResult<Vec<Value>>>()?;
    Ok(List::new(vm, values.into_iter())?.into())
}

fn frame_info(vm: &Vm, entry: &Value) -> FrameInfo {
    let Some(traceback) = entry.downcast::<Traceback>() else { return FrameInfo::default() };
    let frame = traceback.frame();
    let Some(frame) = frame.downcast::<FrameObject>() else { return FrameInfo::default() };
    let code = frame.code().plain().clone();
    let at = code.location((traceback.lasti.get() / 8) as u32);
    FrameInfo {
        name: code.name.to_string(),
        filename: code.filename.to_string(),
        line: at.line,
        end_line: (at.line != 0).then_some(at.end_line),
        col: (at.line != 0).then_some(at.col),
        end_col: (at.line != 0).then_some(at.end_col),
        text: crate::sources::text(vm, &code.filename),
    }
}

fn source_line(vm: &Vm, filename: &str, line: u32) -> Option<String> {
    let _ = vm;
    let bytes = match filename.strip_prefix(import::LIBRARY) {
        Some(rest) => taipan_stdlib::file(rest.trim_start_matches('/'))?,
        None => std::fs::read(filename).ok()?,
    };
    let source =
        taipan_compiler::source::Source::from_bytes(filename, &bytes, taipan_compiler::source::Origin::File).ok()?;
    Some(source.line(line).trim_end_matches("\n").to_owned()).filter(|text| !text.is_empty())
}
