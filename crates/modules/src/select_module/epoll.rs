//! `select.epoll`: the system's own list of descriptors to wait for.
//!
//! Invariant: `fd` is -1 once the object is closed; dropping it closes it.

use super::{Deadline, failed, fd_of};
use std::cell::Cell;
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_host::{constants as c, net as host};
use taipan_macros::pytype;
use taipan_objects::builtins::{int, is_none, list::List, tuple::Tuple};
use taipan_objects::native::{FuncArgs, IntoValue};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// A descriptor that is closed when it is dropped.
struct Owned(Cell<i32>);
taipan_heap::no_references!(Owned);

impl Drop for Owned {
    fn drop(&mut self) {
        if self.0.get() >= 0 {
            let _ = taipan_host::file::close(self.0.get());
        }
    }
}

/// `select.epoll`
#[derive(Payload)]
#[payload(name = "epoll")]
pub struct Epoll {
    fd: Owned,
}

impl Epoll {
    fn open_fd(&self, vm: &Vm) -> PyResult<i32> {
        match self.fd.0.get() {
            fd if fd >= 0 => Ok(fd),
            _ => Err(vm.value_error("I/O operation on closed epoll object")),
        }
    }

    fn control(&self, vm: &Vm, operation: i32, fd: &Value, events: u32) -> PyResult<()> {
        let epoll = self.open_fd(vm)?;
        let fd = fd_of(vm, fd)?;
        let result = crate::posix_module::blocking(vm, || host::epoll_control(epoll, operation, fd, events));
        result.map_err(|error| failed(vm, &error))
    }
}

/// Returns an epolling object.
///
///   sizehint
///     The expected number of events to be registered.  It must be positive,
///     or -1 to use the default.  It is only used on older systems where
///     epoll_create1() is not available; otherwise it has no effect (though its
///     value is still checked).
///   flags
///     Deprecated and completely ignored.  However, when supplied, its value
///     must be 0 or select.EPOLL_CLOEXEC, otherwise OSError is raised.
#[pytype(name = "epoll", module = "select")]
impl Epoll {
    #[slot(sig = "sizehint=-1, flags=0")]
    fn new(class: &Obj<Type>, vm: &Vm, sizehint: Option<i32>, flags: Option<i32>) -> PyResult<Value> {
        let sizehint = sizehint.unwrap_or(-1);
        if sizehint != -1 && sizehint <= 0 {
            return Err(vm.value_error("negative sizehint"));
        }
        if !matches!(flags.unwrap_or(0), 0 | c::EPOLL_CLOEXEC) {
            return Err(vm.os_error_text("invalid flags"));
        }
        let fd = host::epoll_create(0).map_err(|error| failed(vm, &error))?;
        Ok(vm.alloc_instance(class, Epoll { fd: Owned(Cell::new(fd)) })?.into())
    }

    /// Create an epoll object from a given control fd.
    #[classmethod(sig = "fd, /")]
    fn fromfd(class: &Obj<Type>, vm: &Vm, fd: i32) -> PyResult<Value> {
        Ok(vm.alloc_instance(class, Epoll { fd: Owned(Cell::new(fd)) })?.into())
    }

    /// Close the epoll control file descriptor.
    ///
    /// Further operations on the epoll object will raise an exception.
    #[method]
    fn close(this: &Obj<Epoll>, vm: &Vm) -> PyResult<()> {
        let fd = this.fd.0.replace(-1);
        if fd < 0 {
            return Ok(());
        }
        crate::posix_module::blocking(vm, || taipan_host::file::close(fd)).map_err(|error| failed(vm, &error))
    }

    /// True if the epoll handler is closed
    #[getter]
    fn closed(this: &Obj<Epoll>) -> bool {
        this.fd.0.get() < 0
    }

    /// Return the epoll control file descriptor.
    #[method]
    fn fileno(this: &Obj<Epoll>, vm: &Vm) -> PyResult<i32> {
        this.open_fd(vm)
    }

    /// Registers a new fd or raises an OSError if the fd is already registered.
    ///
    ///   fd
    ///     the target file descriptor of the operation
    ///   eventmask
    ///     a bit set composed of the various EPOLL constants
    ///
    /// The epoll interface supports all file descriptors that support poll.
    #[method(sig = "fd, eventmask=select.EPOLLIN | select.EPOLLPRI | select.EPOLLOUT")]
    fn register(this: &Obj<Epoll>, vm: &Vm, fd: &Value, eventmask: Option<u32>) -> PyResult<()> {
        let events = eventmask.unwrap_or((c::EPOLLIN | c::EPOLLPRI | c::EPOLLOUT) as u32);
        this.control(vm, c::EPOLL_CTL_ADD, fd, events)
    }

    /// Modify event mask for a registered file descriptor.
    #[method(sig = "fd, eventmask")]
    fn modify(this: &Obj<Epoll>, vm: &Vm, fd: &Value, eventmask: u32) -> PyResult<()> {
        this.control(vm, c::EPOLL_CTL_MOD, fd, eventmask)
    }

    /// Remove a registered file descriptor from the epoll object.
    #[method(sig = "fd")]
    fn unregister(this: &Obj<Epoll>, vm: &Vm, fd: &Value) -> PyResult<()> {
        this.control(vm, c::EPOLL_CTL_DEL, fd, 0)
    }

    /// Wait for events on the epoll file descriptor.
    ///
    ///   timeout
    ///     the maximum time to wait in seconds (as float);
    ///     a timeout of None or -1 makes poll wait indefinitely
    ///   maxevents
    ///     the maximum number of events returned; -1 means no limit
    ///
    /// Returns a list containing any descriptors that have events to report,
    /// as a list of (fd, events) 2-tuples.
    #[method(sig = "timeout=None, maxevents=-1")]
    fn poll(this: &Obj<Epoll>, vm: &Vm, timeout: Option<&Value>, maxevents: Option<i32>) -> PyResult<Ref<List>> {
        let epoll = this.open_fd(vm)?;
        let (deadline, _) = Deadline::after(vm, timeout.filter(|timeout| !is_none(timeout)), 1.0, "an integer")?;
        let most = match maxevents.unwrap_or(-1) {
            -1 => host::SET_SIZE - 1,
            most if most > 0 => most as usize,
            most => return Err(vm.value_error(format!("maxevents must be greater than 0, got {most}"))),
        };
        let most = most.min(1 << 20);
        let waited = crate::posix_module::retry_waiting(vm, || {
            crate::posix_module::blocking(vm, || host::epoll_wait(epoll, most, deadline.left_ms()))
        })?;
        let mut results = Vec::new();
        for (fd, events) in waited.map_err(|error| failed(vm, &error))? {
            let pair = Tuple::pair(vm, int::from_i64(vm, fd.into())?, events.into_value(vm)?)?;
            results.push(Value::from(pair));
        }
        List::from_values(vm, results)
    }

    #[method]
    fn __enter__(this: &Obj<Epoll>, vm: &Vm) -> PyResult<Value> {
        this.open_fd(vm)?;
        Ok(this.to_value())
    }

    #[method]
    fn __exit__(this: &Obj<Epoll>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<()> {
        let _ = args;
        Epoll::close(this, vm)
    }
}
