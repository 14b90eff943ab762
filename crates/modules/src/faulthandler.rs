//! `faulthandler`: reports of what the program's threads are doing, on request, on signals, after a time, or when it ends by a fatal signal.
//!
//! Invariant: the file whose descriptor a handler writes to is kept alive for as long as the handler may use it.

pub use faulthandler::spec;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;
use taipan_heap::Value;
use taipan_host::fault;
use taipan_objects::builtins::{FALSE, TRUE, float, int, is_none};
use taipan_objects::vm::{PyResult, Vm};

/// The files that handlers write to.
#[derive(Default)]
struct Files {
    fatal: RefCell<Option<Value>>,
    later: RefCell<Option<Value>>,
    signals: RefCell<HashMap<i32, Value>>,
}

fn files(vm: &Vm) -> Rc<Files> {
    vm.interp().state(Files::default)
}

/// Keeps another file.
fn keep(place: &RefCell<Option<Value>>, file: Option<Value>) {
    let old = place.replace(file);
    drop(old);
}

/// The descriptor of the file argument, and the file if it is to be kept alive.
fn descriptor(vm: &Vm, file: Option<&Value>) -> PyResult<(i32, Option<Value>)> {
    let file = match file.filter(|file| !is_none(file)) {
        Some(file) => file.clone(),
        None => match crate::sys::attribute(vm, "stderr")? {
            Some(stderr) if !is_none(&stderr) => stderr,
            Some(_) => return Err(vm.runtime_error("sys.stderr is None")),
            None => return Err(vm.runtime_error("unable to get sys.stderr")),
        },
    };
    if int::is_int(&file) {
        if file.is(&TRUE) || file.is(&FALSE) {
            crate::warnings::warn(vm, &vm.types().runtime_warning, "bool is used as a file descriptor", 1)?;
        }
        let number = int::index_i64(vm, &file)?.and_then(|number| i32::try_from(number).ok());
        return match number.filter(|number| *number >= 0) {
            Some(number) => Ok((number, None)),
            None => Err(vm.value_error("file is not a valid file descriptor")),
        };
    }
    let number = vm.call_method(&file, &*vm.intern("fileno")?, &[])?;
    let number = match int::is_int(&number) {
        true => int::index_i64(vm, &number)?.and_then(|number| i32::try_from(number).ok()),
        false => None,
    };
    let Some(number) = number.filter(|number| *number >= 0) else {
        return Err(vm.runtime_error("file.fileno() is not a valid file descriptor"));
    };
    if let Err(raised) = vm.call_method(&file, &vm.names().flush, &[]) {
        drop(vm.take_exception(raised));
    }
    Ok((number, Some(file)))
}

/// Enables the reports of fatal signals, as at start-up.
pub fn enable_at_start(vm: &Vm) -> PyResult<()> {
    enable(vm, None, true, true)
}

fn enable(vm: &Vm, file: Option<&Value>, all_threads: bool, native: bool) -> PyResult<()> {
    let (fd, file) = descriptor(vm, file)?;
    fault::enable(fd, all_threads, native).map_err(|error| vm.os_error(taipan_host::errno(&error), None))?;
    keep(&files(vm).fatal, file);
    Ok(())
}

/// A time that is not negative; `None` if it is.
fn span(vm: &Vm, value: &Value) -> PyResult<Option<Duration>> {
    let out_of_range = || vm.overflow_error("timestamp out of range for C PyTime_t");
    if let Some(seconds) = float::get(value) {
        if seconds.is_nan() {
            return Err(vm.value_error("Invalid value NaN (not a number)"));
        }
        if seconds.abs() > 9.2e9 {
            return Err(out_of_range());
        }
        return Ok(Duration::try_from_secs_f64(seconds).ok());
    }
    if !int::is_int(value) && vm.class_of(value).slots.index.get().is_none() {
        let given = vm.type_name(value);
        return Err(vm.type_error(format!("'{given}' object cannot be interpreted as an integer or float")));
    }
    match int::index_i64(vm, value)? {
        Some(seconds) if seconds.abs() <= 9_200_000_000 => Ok(u64::try_from(seconds).ok().map(Duration::from_secs)),
        _ => Err(out_of_range()),
    }
}

/// The heading of a report after a time.
fn heading(time: Duration) -> String {
    let (seconds, micros) = (time.as_secs(), time.subsec_micros());
    let fraction = if micros == 0 { String::new() } else { format!(".{micros:06}") };
    format!("Timeout ({}:{:02}:{:02}{fraction})!\n", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn check_signal(vm: &Vm, signum: i32) -> PyResult<()> {
    if fault::is_fatal(signum) {
        return Err(vm.runtime_error(format!("signal {signum} cannot be registered, use enable() instead")));
    }
    match (1..taipan_host::signal::NSIG).contains(&signum) {
        true => Ok(()),
        false => Err(vm.value_error("signal number out of range")),
    }
}

/// Uses the native stack up.
fn overflow(depth: u64) -> u64 {
    let mut room = [depth; 512];
    std::hint::black_box(&mut room);
    match depth {
        u64::MAX => 0,
        _ => overflow(depth + 1).wrapping_add(room[(depth % 512) as usize]),
    }
}

/// faulthandler module.
#[taipan_macros::pymodule(name = "faulthandler")]
mod faulthandler {
    use super::*;

    /// Enable the fault handler.
    #[function(sig = "file=sys.stderr, all_threads=True, c_stack=True")]
    fn enable(vm: &Vm, file: Option<&Value>, all_threads: bool, c_stack: bool) -> PyResult<()> {
        super::enable(vm, file, all_threads, c_stack)
    }

    /// Disable the fault handler.
    #[function]
    fn disable(vm: &Vm) -> bool {
        let were = fault::disable();
        keep(&files(vm).fatal, None);
        were
    }

    /// Check if the handler is enabled.
    #[function]
    fn is_enabled() -> bool {
        fault::is_enabled()
    }

    /// Dump the traceback of the current thread, or of all threads if all_threads is True, into file.
    #[function(sig = "file=sys.stderr, all_threads=True")]
    fn dump_traceback(vm: &Vm, file: Option<&Value>, all_threads: bool) -> PyResult<()> {
        let (fd, _file) = descriptor(vm, file)?;
        taipan_interp::eval::fault::report(fd, all_threads);
        Ok(())
    }

    /// Dump the C stack of the current thread.
    #[function(sig = "file=sys.stderr")]
    fn dump_c_stack(vm: &Vm, file: Option<&Value>) -> PyResult<()> {
        let (fd, _file) = descriptor(vm, file)?;
        fault::put_native_stack(fd);
        Ok(())
    }

    /// Dump the traceback of all threads in timeout seconds,
    /// or each timeout seconds if repeat is True. If exit is True, call _exit(1) which is not safe.
    #[function(sig = "timeout, repeat=False, file=sys.stderr, exit=False")]
    fn dump_traceback_later(vm: &Vm, timeout: &Value, repeat: bool, file: Option<&Value>, exit: bool) -> PyResult<()> {
        let Some(time) = span(vm, timeout)?.filter(|time| !time.is_zero()) else {
            return Err(vm.value_error("timeout must be greater than 0"));
        };
        let (fd, file) = descriptor(vm, file)?;
        taipan_interp::eval::fault::watch(vm, time, fd, heading(time), repeat, exit)?;
        keep(&files(vm).later, file);
        Ok(())
    }

    /// Cancel the previous call to dump_traceback_later().
    #[function]
    fn cancel_dump_traceback_later(vm: &Vm) {
        taipan_interp::eval::fault::end_watch(vm);
        keep(&files(vm).later, None);
    }

    /// Register a handler for the signal 'signum': dump the traceback of the current thread, or of all threads if all_threads is True, into file.
    #[function(sig = "signum, file=sys.stderr, all_threads=True, chain=False")]
    fn register(vm: &Vm, signum: i32, file: Option<&Value>, all_threads: bool, chain: bool) -> PyResult<()> {
        check_signal(vm, signum)?;
        let (fd, file) = descriptor(vm, file)?;
        fault::register(signum, fd, all_threads, chain)
            .map_err(|error| vm.os_error(taipan_host::errno(&error), None))?;
        let state = files(vm);
        let old = match file {
            Some(file) => state.signals.borrow_mut().insert(signum, file),
            None => state.signals.borrow_mut().remove(&signum),
        };
        drop(old);
        Ok(())
    }

    /// Unregister the handler of the signal 'signum' registered by register().
    #[function(sig = "signum, /")]
    fn unregister(vm: &Vm, signum: i32) -> PyResult<bool> {
        check_signal(vm, signum)?;
        let was = fault::unregister(signum);
        let old = files(vm).signals.borrow_mut().remove(&signum);
        drop(old);
        Ok(was)
    }

    /// Read from NULL, raise a SIGSEGV or SIGBUS signal depending on the platform.
    #[function]
    fn _read_null() {
        fault::read_nowhere();
    }

    /// Raise a SIGSEGV signal.
    #[function(sig = "release_gil=False, /")]
    fn _sigsegv(vm: &Vm, release_gil: bool) -> PyResult<()> {
        // A handler for native stacks that overflow takes the first one that is none of its own.
        let once = || taipan_host::signal::raise(taipan_host::constants::SIGSEGV);
        let end = || once().and_then(|()| once());
        let raised = if release_gil { taipan_interp::eval::threads::without_lock(vm, end) } else { end() };
        raised.map_err(|error| vm.os_error(taipan_host::errno(&error), None))
    }

    /// Raise a SIGABRT signal.
    #[function]
    fn _sigabrt() {
        std::process::abort();
    }

    /// Raise a SIGFPE signal.
    #[function]
    fn _sigfpe(vm: &Vm) -> PyResult<()> {
        taipan_host::signal::raise(taipan_host::constants::SIGFPE)
            .map_err(|error| vm.os_error(taipan_host::errno(&error), None))
    }

    /// Call Py_FatalError() in a new C thread.
    #[function]
    fn _fatal_error_c_thread(vm: &Vm) -> PyResult<()> {
        taipan_interp::eval::fault::fatal_in_new_thread(vm, "faulthandler_fatal_error_thread", "in new thread")
    }

    /// Recursive call to raise a stack overflow.
    #[function]
    fn _stack_overflow(vm: &Vm) -> PyResult<()> {
        let sum = overflow(1);
        Err(vm.runtime_error(format!("unable to raise a stack overflow ({sum})")))
    }
}
