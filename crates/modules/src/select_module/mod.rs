//! `select`: waiting until descriptors are ready.
//!
//! * `poll`, `epoll` – the two kinds of objects that remember what to wait for.
//!
//! Invariant: a wait gives the interpreter lock up, and goes on for the rest of its time after a signal's handlers have run.

mod epoll;
mod poll;

pub use module::spec;

use epoll::Epoll;
use poll::Poll;
use std::time::{Duration, Instant};
use taipan_heap::{Obj, Ref, Value};
use taipan_host::net as host;
use taipan_macros::pymodule;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::{float, int, is_none, list::List, tuple::Tuple};
use taipan_objects::vm::{PyResult, Raised, Vm};

/// Raises OSError for a failed call.
#[cold]
pub fn failed(vm: &Vm, error: &std::io::Error) -> Raised {
    vm.os_error(taipan_host::errno(error), None)
}

/// A descriptor, or what an object's `fileno()` gives.
pub fn fd_of(vm: &Vm, value: &Value) -> PyResult<i32> {
    let number = if int::is_int(value) {
        value.clone()
    } else {
        match vm.find_attr(value, &*vm.intern("fileno")?)? {
            Some(method) => {
                let number = vm.call(&method, &[])?;
                if !int::is_int(&number) {
                    return Err(vm.type_error("fileno() returned a non-integer"));
                }
                number
            }
            None => return Err(vm.type_error("argument must be an int, or have a fileno() method.")),
        }
    };
    match int::index_i64(vm, &number)?.map(i32::try_from) {
        Some(Ok(fd)) if fd >= 0 => Ok(fd),
        Some(Ok(fd)) => Err(vm.value_error(format!("file descriptor cannot be a negative integer ({fd})"))),
        _ => Err(vm.overflow_error("Python int too large to convert to C int")),
    }
}

/// When a wait ends: never, or at a moment.
#[derive(Clone, Copy)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// The end of a wait of so many units of `unit` seconds; `None` for no end (or a negative time, where that means none).
    pub fn after(vm: &Vm, timeout: Option<&Value>, unit: f64, wanted: &str) -> PyResult<(Deadline, f64)> {
        let Some(timeout) = timeout.filter(|timeout| !is_none(timeout)) else { return Ok((Deadline(None), -1.0)) };
        let number = match (float::get(timeout), int::is_int(timeout)) {
            (Some(number), _) => number,
            (None, true) => int::index_i64(vm, timeout)?.map_or(f64::INFINITY, |number| number as f64),
            (None, false) if vm.class_of(timeout).slots.index.get().is_some() => {
                int::index_clamped(vm, timeout)? as f64
            }
            (None, false) => return Err(vm.type_error(format!("timeout must be {wanted} or None"))),
        };
        if number.is_nan() {
            return Err(vm.value_error("Invalid value NaN (not a number)"));
        }
        let seconds = number * unit;
        if seconds.abs() > 9.2e9 {
            return Err(vm.overflow_error("timestamp out of range for C PyTime_t"));
        }
        if seconds < 0.0 {
            return Ok((Deadline(None), seconds));
        }
        Ok((Deadline(Instant::now().checked_add(Duration::from_secs_f64(seconds))), seconds))
    }

    /// What is left of the time.
    pub fn left(self) -> Option<Duration> {
        self.0.map(|end| end.saturating_duration_since(Instant::now()))
    }

    /// What is left in milliseconds, rounded up, -1 for no end; long waits are cut to what the system takes.
    pub fn left_ms(self) -> i32 {
        match self.left() {
            None => -1,
            Some(left) => i32::try_from(left.as_nanos().div_ceil(1_000_000)).unwrap_or(i32::MAX),
        }
    }
}

fn list_of(vm: &Vm, value: &Value) -> PyResult<Vec<(i32, Value)>> {
    let slots = &vm.class_of(value).slots;
    if slots.iter.get().is_none() && slots.getitem.get().is_none() {
        return Err(vm.type_error("arguments 1-3 must be sequences"));
    }
    // A list is read as it is when its turn comes: a `fileno()` may change it.
    let items = match value.downcast::<List>() {
        Some(_) => Vec::new(),
        None => vm.collect(value)?,
    };
    let item = |at: usize| match value.downcast::<List>() {
        Some(list) => list.get(at),
        None => items.get(at).cloned(),
    };
    let mut all = Vec::new();
    while let Some(object) = item(all.len()) {
        let fd = fd_of(vm, &object)?;
        if fd as usize >= host::SET_SIZE {
            return Err(vm.value_error("filedescriptor out of range in select()"));
        }
        if all.len() >= host::SET_SIZE {
            return Err(vm.value_error("too many file descriptors in select()"));
        }
        all.push((fd, object));
    }
    Ok(all)
}

/// This module supports asynchronous I/O on multiple file descriptors.
///
/// *** IMPORTANT NOTICE ***
/// On Windows, only sockets are supported; on Unix, all file descriptors.
#[pymodule(name = "select", types(Epoll), init = fill)]
mod module {
    use super::*;

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        for (name, number) in NUMBERS {
            module.set_attr(vm, name, int::from_i64(vm, *number)?)?;
        }
        module.set_attr(vm, "error", vm.types().os_error.to_value())
    }

    #[rustfmt::skip]
    const NUMBERS: &[(&str, i64)] = &[
        ("EPOLLERR", 8), ("EPOLLET", 2_147_483_648), ("EPOLLEXCLUSIVE", 268_435_456), ("EPOLLHUP", 16),
        ("EPOLLIN", 1), ("EPOLLMSG", 1_024), ("EPOLLONESHOT", 1_073_741_824), ("EPOLLOUT", 4),
        ("EPOLLPRI", 2), ("EPOLLRDBAND", 128), ("EPOLLRDHUP", 8_192), ("EPOLLRDNORM", 64),
        ("EPOLLWAKEUP", 536_870_912), ("EPOLLWRBAND", 512), ("EPOLLWRNORM", 256), ("EPOLL_CLOEXEC", 524_288),
        ("PIPE_BUF", 4_096), ("POLLERR", 8), ("POLLHUP", 16), ("POLLIN", 1), ("POLLMSG", 1_024),
        ("POLLNVAL", 32), ("POLLOUT", 4), ("POLLPRI", 2), ("POLLRDBAND", 128), ("POLLRDHUP", 8_192),
        ("POLLRDNORM", 64), ("POLLWRBAND", 512), ("POLLWRNORM", 256),
    ];

    /// Wait until one or more file descriptors are ready for some kind of I/O.
    ///
    /// The first three arguments are iterables of file descriptors to be waited for:
    /// rlist -- wait until ready for reading
    /// wlist -- wait until ready for writing
    /// xlist -- wait for an "exceptional condition"
    /// If only one kind of condition is required, pass [] for the other lists.
    ///
    /// A file descriptor is either a socket or file object, or a small integer
    /// gotten from a fileno() method call on one of those.
    ///
    /// The optional 4th argument specifies a timeout in seconds; it may be
    /// a floating-point number to specify fractions of seconds.  If it is absent
    /// or None, the call will never time out.
    ///
    /// The return value is a tuple of three lists corresponding to the first three
    /// arguments; each contains the subset of the corresponding file descriptors
    /// that are ready.
    #[function(sig = "rlist, wlist, xlist, timeout=None, /")]
    fn select(vm: &Vm, rlist: &Value, wlist: &Value, xlist: &Value, timeout: Option<&Value>) -> PyResult<Ref<Tuple>> {
        let (deadline, seconds) = Deadline::after(vm, timeout, 1.0, "a float")?;
        if timeout.is_some_and(|timeout| !is_none(timeout)) && seconds < 0.0 {
            return Err(vm.value_error("timeout must be non-negative"));
        }
        let given = [list_of(vm, rlist)?, list_of(vm, wlist)?, list_of(vm, xlist)?];
        let numbers = || given.each_ref().map(|list| list.iter().map(|(fd, _)| *fd).collect::<Vec<i32>>());
        let mut ready = numbers();
        crate::posix_module::retry_waiting(vm, || {
            ready = numbers();
            let time = deadline.left().map(|left| (left.as_secs() as i64, i64::from(left.subsec_micros())));
            crate::posix_module::blocking(vm, || host::select(&mut ready, time))
        })?
        .map_err(|error| failed(vm, &error))?;
        let mut results = Vec::new();
        for (list, ready) in given.iter().zip(&ready) {
            let objects: Vec<Value> =
                list.iter().filter(|(fd, _)| ready.contains(fd)).map(|(_, object)| object.clone()).collect();
            results.push(Value::from(List::from_values(vm, objects)?));
        }
        Tuple::from_values(vm, results)
    }

    /// Returns a polling object.
    ///
    /// This object supports registering and unregistering file descriptors, and
    /// then polling them for I/O events.
    #[function]
    fn poll(vm: &Vm) -> PyResult<Value> {
        Poll::make(vm)
    }
}
