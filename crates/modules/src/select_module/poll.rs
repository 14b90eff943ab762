//! `select.poll`: a list of descriptors to wait for.
//!
//! Invariant: only one thread waits on an object at a time.

use super::{Deadline, failed, fd_of};
use std::cell::{Cell, RefCell};
use taipan_heap::{Charge, Obj, Payload, Ref, Value};
use taipan_host::{constants as c, file};
use taipan_macros::pytype;
use taipan_objects::builtins::{int, list::List, tuple::Tuple};
use taipan_objects::vm::{PyResult, Vm};

/// `select.poll`
#[derive(Payload)]
#[payload(name = "poll")]
pub struct Poll {
    wanted: RefCell<Vec<(i32, u16)>>,
    charge: Charge,
    waiting: Cell<bool>,
}

fn mask(vm: &Vm, value: Option<&Value>) -> PyResult<u16> {
    let Some(value) = value else { return Ok((c::POLLIN | c::POLLPRI | c::POLLOUT) as u16) };
    match int::index_i64(vm, value)? {
        Some(number) if number < 0 => Err(vm.value_error("Cannot convert negative int")),
        Some(number) if number <= 0xffff => Ok(number as u16),
        _ => Err(vm.overflow_error("Python int too large for C unsigned short")),
    }
}

/// Returns a polling object.
///
/// This object supports registering and unregistering file descriptors, and
/// then polling them for I/O events.
#[pytype(name = "poll", module = "select", flags = DISALLOW_INSTANTIATION)]
impl Poll {
    /// An object that waits for nothing yet.
    pub fn make(vm: &Vm) -> PyResult<Value> {
        let payload = Poll { wanted: RefCell::default(), charge: Charge::default(), waiting: Cell::new(false) };
        Ok(vm.alloc(&*vm.native_type(Poll::spec())?, payload)?.into())
    }

    /// Register a file descriptor with the polling object.
    ///
    ///   fd
    ///     either an integer, or an object with a fileno() method returning an int
    ///   eventmask
    ///     an optional bitmask describing the type of events to check for
    #[method(sig = "fd, eventmask=select.POLLIN | select.POLLPRI | select.POLLOUT, /")]
    fn register(this: &Obj<Poll>, vm: &Vm, fd: &Value, eventmask: Option<&Value>) -> PyResult<()> {
        let (fd, mask) = (fd_of(vm, fd)?, mask(vm, eventmask)?);
        let mut wanted = this.wanted.borrow_mut();
        match wanted.iter_mut().find(|(known, _)| *known == fd) {
            Some(entry) => entry.1 = mask,
            None => {
                vm.recharge(&this.charge, (wanted.len() + 1).next_power_of_two() * size_of::<(i32, u16)>())?;
                wanted.push((fd, mask));
            }
        }
        Ok(())
    }

    /// Modify an already registered file descriptor.
    ///
    ///   fd
    ///     either an integer, or an object with a fileno() method returning an int
    ///   eventmask
    ///     a bitmask describing the type of events to check for
    #[method(sig = "fd, eventmask, /")]
    fn modify(this: &Obj<Poll>, vm: &Vm, fd: &Value, eventmask: &Value) -> PyResult<()> {
        let (fd, mask) = (fd_of(vm, fd)?, mask(vm, Some(eventmask))?);
        match this.wanted.borrow_mut().iter_mut().find(|(known, _)| *known == fd) {
            Some(entry) => {
                entry.1 = mask;
                Ok(())
            }
            None => Err(vm.os_error(c::ENOENT, None)),
        }
    }

    /// Remove a file descriptor being tracked by the polling object.
    #[method(sig = "fd, /")]
    fn unregister(this: &Obj<Poll>, vm: &Vm, fd: &Value) -> PyResult<()> {
        let fd = fd_of(vm, fd)?;
        let mut wanted = this.wanted.borrow_mut();
        match wanted.iter().position(|(known, _)| *known == fd) {
            Some(at) => {
                wanted.remove(at);
                Ok(())
            }
            None => {
                drop(wanted);
                Err(vm.key_error(&Value::small_int(fd)))
            }
        }
    }

    /// Polls the set of registered file descriptors.
    ///
    /// timeout: The maximum time to wait in milliseconds, or else None (or a negative
    /// value) to wait indefinitely.
    ///
    /// Returns a list containing any descriptors that have events or errors to
    /// report, as a list of (fd, event) 2-tuples.
    #[method(sig = "timeout=None, /")]
    fn poll(this: &Obj<Poll>, vm: &Vm, timeout: Option<&Value>) -> PyResult<Ref<List>> {
        let (deadline, _) = Deadline::after(vm, timeout, 1e-3, "an integer")?;
        if this.waiting.replace(true) {
            return Err(vm.runtime_error("concurrent poll() invocation"));
        }
        let wanted = this.wanted.borrow().clone();
        let mut places: Vec<file::PollDescriptor> =
            wanted.iter().map(|&(fd, events)| file::PollDescriptor { fd, events: events as i16, revents: 0 }).collect();
        let waited = crate::posix_module::retry_waiting(vm, || {
            crate::posix_module::blocking(vm, || file::poll(&mut places, deadline.left_ms()))
        });
        this.waiting.set(false);
        waited?.map_err(|error| failed(vm, &error))?;
        let mut results = Vec::new();
        for place in places.iter().filter(|place| place.revents != 0) {
            let pair = Tuple::pair(vm, Value::small_int(place.fd), Value::small_int(i32::from(place.revents as u16)))?;
            results.push(Value::from(pair));
        }
        List::from_values(vm, results)
    }
}
