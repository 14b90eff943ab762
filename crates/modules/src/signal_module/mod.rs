//! `_signal`: handlers of signals.
//!
//! `masks` – masks of signals, and waiting for them.
//!
//! The system's handler only sets a flag; handlers written in Python run in the main thread, when the evaluation loop next looks.
//! Invariant: `handlers` holds what `getsignal` answers, for every signal whose handler was set here.

mod masks;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::atomic::Ordering;
use taipan_heap::{Ref, Value};
use taipan_host::constants as c;
use taipan_host::signal::{self as host, Disposition};
use taipan_macros::pymodule;
use taipan_objects::builtins::{NONE, float, int, tuple::Tuple};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm, breaker};

pub use module::spec;

/// The interpreter's handlers.
#[derive(Default)]
struct Handlers {
    by_number: RefCell<HashMap<i32, Value>>,
    main_thread: Cell<u64>,
}

fn handlers(vm: &Vm) -> Rc<Handlers> {
    vm.interp()
        .state(|| Handlers { by_number: RefCell::default(), main_thread: Cell::new(taipan_host::stack::ident()) })
}

/// Runs the Python handlers of the signals that have come, if this is the main thread.
pub fn run_handlers(vm: &Vm) -> PyResult<()> {
    if !host::any_pending() {
        return Ok(());
    }
    let state = handlers(vm);
    if state.main_thread.get() != taipan_host::stack::ident() {
        return Ok(());
    }
    vm.breaker.fetch_and(!breaker::SIGNAL, Ordering::Relaxed);
    for number in host::take_pending() {
        let found = state.by_number.borrow().get(&number).cloned();
        let Some(handler) = found.filter(|handler| !int::is_int(handler)) else { continue };
        let frame = taipan_interp::frame::current(vm, 0)?.map_or(NONE, Value::from);
        vm.call(&handler, &[Value::small_int(number), frame])?;
    }
    Ok(())
}

/// In the child of a fork: the calling thread runs the handlers from now on.
pub fn after_fork(vm: &Vm) {
    handlers(vm).main_thread.set(taipan_host::stack::ident());
    let _ = host::take_pending();
}

/// Makes the evaluation loop run handlers, and SIGINT raise KeyboardInterrupt. Called once, by the main thread.
pub fn install(vm: &Vm) -> PyResult<()> {
    // The handler may run when this interpreter is no more.
    host::notify(Box::leak(Box::new(vm.breaker.clone())), breaker::SIGNAL);
    taipan_interp::hooks(vm).interrupt.set(Some(|vm, _| run_handlers(vm)));
    let module = taipan_objects::builtins::module::Module::from_spec(vm, spec())?;
    if let Some(modules) = vm.interp().modules.get() {
        modules.set_text(vm, "_signal", module.to_value())?;
    }
    let handler = vm.get_attr_text(&module.to_value(), "default_int_handler")?;
    handlers(vm).by_number.borrow_mut().insert(c::SIGINT, handler);
    for number in [c::SIGPIPE, c::SIGXFSZ] {
        let _ = host::set(number, Disposition::Ignore);
    }
    let _ = host::set(c::SIGINT, Disposition::Flag);
    Ok(())
}

#[derive(Default)]
struct TimerError(OnceCell<Ref<Type>>);

fn timer_error(vm: &Vm) -> PyResult<Ref<Type>> {
    let state = vm.interp().state(TimerError::default);
    if let Some(class) = state.0.get() {
        return Ok(class.clone());
    }
    let class = crate::exception_class::exception_class(vm, "signal", "ItimerError", &vm.types().os_error)?;
    Ok(state.0.get_or_init(|| class).clone())
}

/// Raises `signal.ItimerError`.
#[cold]
fn timer_failed(vm: &Vm, error: &std::io::Error) -> taipan_objects::vm::Raised {
    use taipan_objects::native::IntoValue;
    let number = taipan_host::errno(error);
    let make = || {
        let class = timer_error(vm)?;
        vm.new_exception(&class, &[Value::small_int(number), taipan_host::strerror(number).into_value(vm)?])
    };
    match make() {
        Ok(exception) => vm.raise(exception),
        Err(raised) => raised,
    }
}

fn failed(vm: &Vm, error: &std::io::Error) -> taipan_objects::vm::Raised {
    vm.os_error(taipan_host::errno(error), None)
}

fn known(vm: &Vm, number: i32) -> PyResult<()> {
    if (1..host::NSIG).contains(&number) { Ok(()) } else { Err(vm.value_error("signal number out of range")) }
}

/// Seconds as a timer's microseconds; what is not zero stays so.
fn microseconds(vm: &Vm, seconds: f64) -> PyResult<i64> {
    let time = (seconds * 1e6).ceil();
    if time.is_finite() && time.abs() < 9e18 {
        Ok(time as i64)
    } else {
        Err(vm.value_error("timer value out of range"))
    }
}

fn timer_values(vm: &Vm, timer: host::Timer) -> PyResult<Ref<Tuple>> {
    let seconds = |us: i64| float::new(vm, us as f64 / 1e6);
    Tuple::pair(vm, seconds(timer.delay_us)?, seconds(timer.interval_us)?)
}

/// This module provides mechanisms to use signal handlers in Python.
#[pymodule(name = "_signal", init = fill)]
mod module {
    use super::*;
    use taipan_heap::Obj;
    use taipan_objects::builtins::function::NativeFunction;
    use taipan_objects::builtins::module::{Module, ModuleObject};
    use taipan_objects::builtins::set::Set;

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        let _ = handlers(vm);
        for (name, number) in NAMES {
            module.set_attr(vm, name, Value::small_int(*number))?;
        }
        module.set_attr(vm, "NSIG", Value::small_int(host::NSIG))?;
        module.set_attr(vm, "SIGRTMIN", Value::small_int(34))?;
        module.set_attr(vm, "SIGRTMAX", Value::small_int(64))?;
        for def in masks::functions::spec().functions {
            let function = NativeFunction::new(vm, def, None, Some("_signal"))?;
            module.set_attr(vm, def.name, function.into())?;
        }
        module.set_attr(vm, "struct_siginfo", masks::SIGINFO.class(vm)?.into())?;
        module.set_attr(vm, "ItimerError", timer_error(vm)?.into())
    }

    const NAMES: &[(&str, i32)] = &[
        ("SIG_DFL", 0),
        ("SIG_IGN", 1),
        ("SIG_BLOCK", c::SIG_BLOCK),
        ("SIG_UNBLOCK", c::SIG_UNBLOCK),
        ("SIG_SETMASK", c::SIG_SETMASK),
        ("ITIMER_REAL", 0),
        ("ITIMER_VIRTUAL", 1),
        ("ITIMER_PROF", 2),
        ("SIGHUP", c::SIGHUP),
        ("SIGINT", c::SIGINT),
        ("SIGQUIT", c::SIGQUIT),
        ("SIGILL", c::SIGILL),
        ("SIGTRAP", c::SIGTRAP),
        ("SIGABRT", c::SIGABRT),
        ("SIGIOT", c::SIGIOT),
        ("SIGBUS", c::SIGBUS),
        ("SIGFPE", c::SIGFPE),
        ("SIGKILL", c::SIGKILL),
        ("SIGUSR1", c::SIGUSR1),
        ("SIGSEGV", c::SIGSEGV),
        ("SIGUSR2", c::SIGUSR2),
        ("SIGPIPE", c::SIGPIPE),
        ("SIGALRM", c::SIGALRM),
        ("SIGTERM", c::SIGTERM),
        ("SIGSTKFLT", c::SIGSTKFLT),
        ("SIGCHLD", c::SIGCHLD),
        ("SIGCLD", c::SIGCHLD),
        ("SIGCONT", c::SIGCONT),
        ("SIGSTOP", c::SIGSTOP),
        ("SIGTSTP", c::SIGTSTP),
        ("SIGTTIN", c::SIGTTIN),
        ("SIGTTOU", c::SIGTTOU),
        ("SIGURG", c::SIGURG),
        ("SIGXCPU", c::SIGXCPU),
        ("SIGXFSZ", c::SIGXFSZ),
        ("SIGVTALRM", c::SIGVTALRM),
        ("SIGPROF", c::SIGPROF),
        ("SIGWINCH", c::SIGWINCH),
        ("SIGIO", c::SIGIO),
        ("SIGPOLL", c::SIGPOLL),
        ("SIGPWR", c::SIGPWR),
        ("SIGSYS", c::SIGSYS),
    ];

    /// The default handler for SIGINT installed by Python.
    ///
    /// It raises KeyboardInterrupt.
    #[function(sig = "signalnum, frame, /")]
    fn default_int_handler(vm: &Vm, signalnum: &Value, frame: &Value) -> PyResult<Value> {
        let _ = (signalnum, frame);
        match vm.new_exception(&vm.types().keyboard_interrupt, &[]) {
            Ok(exception) => Err(vm.raise(exception)),
            Err(raised) => Err(raised),
        }
    }

    /// Set the action for the given signal.
    ///
    /// The action can be SIG_DFL, SIG_IGN, or a callable Python object.
    /// The previous action is returned.  See getsignal() for possible return values.
    #[function(sig = "signalnum, handler, /")]
    fn signal(vm: &Vm, signalnum: i32, handler: &Value) -> PyResult<Value> {
        let state = handlers(vm);
        if state.main_thread.get() != taipan_host::stack::ident() {
            return Err(vm.value_error("signal only works in main thread of the main interpreter"));
        }
        known(vm, signalnum)?;
        let number = if int::is_int(handler) { int::index_i64(vm, handler)? } else { None };
        let disposition = match number {
            Some(0) => Disposition::Default,
            Some(1) => Disposition::Ignore,
            _ if vm.class_of(handler).slots.call.get().is_some() => Disposition::Flag,
            _ => {
                let message = "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object";
                return Err(vm.type_error(message));
            }
        };
        run_handlers(vm)?;
        let before = getsignal(vm, signalnum)?;
        host::set(signalnum, disposition).map_err(|error| failed(vm, &error))?;
        let old = state.by_number.borrow_mut().insert(signalnum, handler.clone());
        drop(old);
        Ok(before)
    }

    /// Return the current action for the given signal.
    ///
    /// The return value can be:
    ///   SIG_IGN -- if the signal is being ignored
    ///   SIG_DFL -- if the default action for the signal is in effect
    ///   None    -- if an unknown handler is in effect
    ///   anything else -- the callable Python object used as a handler
    #[function(sig = "signalnum, /")]
    fn getsignal(vm: &Vm, signalnum: i32) -> PyResult<Value> {
        known(vm, signalnum)?;
        let found = handlers(vm).by_number.borrow().get(&signalnum).cloned();
        Ok(match found {
            Some(handler) => handler,
            None => match host::get(signalnum) {
                Ok(Disposition::Default) => Value::small_int(0),
                Ok(Disposition::Ignore) => Value::small_int(1),
                _ => NONE,
            },
        })
    }

    /// Send a signal to the executing process.
    #[function(sig = "signalnum, /")]
    fn raise_signal(vm: &Vm, signalnum: i32) -> PyResult<()> {
        host::raise(signalnum).map_err(|error| failed(vm, &error))?;
        run_handlers(vm)
    }

    /// Arrange for SIGALRM to arrive after the given number of seconds.
    #[function(sig = "seconds, /")]
    fn alarm(vm: &Vm, seconds: i64) -> PyResult<i64> {
        let timer = host::Timer { delay_us: seconds.max(0).saturating_mul(1_000_000), interval_us: 0 };
        let old = host::set_timer(0, timer).map_err(|error| failed(vm, &error))?;
        Ok((old.delay_us as f64 / 1e6).ceil() as i64)
    }

    /// Wait until a signal arrives.
    #[function]
    fn pause(vm: &Vm) -> PyResult<()> {
        crate::posix_module::blocking(vm, host::pause);
        run_handlers(vm)
    }

    /// Sets given itimer (one of ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF).
    #[function(sig = "which, seconds, interval=0.0, /")]
    fn setitimer(vm: &Vm, which: i32, seconds: f64, interval: f64) -> PyResult<Ref<Tuple>> {
        let timer = host::Timer { delay_us: microseconds(vm, seconds)?, interval_us: microseconds(vm, interval)? };
        let old = host::set_timer(which, timer).map_err(|error| timer_failed(vm, &error))?;
        timer_values(vm, old)
    }

    /// Returns current value of given itimer.
    #[function(sig = "which, /")]
    fn getitimer(vm: &Vm, which: i32) -> PyResult<Ref<Tuple>> {
        let now = host::timer(which).map_err(|error| timer_failed(vm, &error))?;
        timer_values(vm, now)
    }

    /// Sets the fd to be written to (with the signal number) when a signal comes in.
    #[function(sig = "fd, /, *, warn_on_full_buffer=True")]
    fn set_wakeup_fd(vm: &Vm, fd: i32, warn_on_full_buffer: bool) -> PyResult<i32> {
        let _ = warn_on_full_buffer;
        if fd >= 0 {
            taipan_host::file::fstat(fd).map_err(|error| failed(vm, &error))?;
            if taipan_host::file::blocking(fd).map_err(|error| failed(vm, &error))? {
                return Err(vm.value_error(format!("the fd {fd} must be in non-blocking mode")));
            }
        }
        Ok(host::set_wakeup_fd(fd))
    }

    /// Change system call restart behaviour: if flag is False, system calls will be restarted when interrupted.
    #[function(sig = "signalnum, flag, /")]
    fn siginterrupt(vm: &Vm, signalnum: i32, flag: i32) -> PyResult<()> {
        let _ = flag;
        known(vm, signalnum)
    }

    /// Return the system description of the given signal.
    #[function(sig = "signalnum, /")]
    fn strsignal(vm: &Vm, signalnum: i32) -> PyResult<Option<String>> {
        known(vm, signalnum)?;
        Ok(host::description(signalnum))
    }

    /// Return a set of all valid signal numbers on this platform.
    #[function]
    fn valid_signals(vm: &Vm) -> PyResult<Ref<Set>> {
        let set = Set::new(vm)?;
        for number in (1..host::NSIG).filter(|number| !matches!(number, 32 | 33)) {
            set.add(vm, &Value::small_int(number))?;
        }
        Ok(set)
    }
}
