//! `_socket.socket`.
//!
//! Invariant: `fd` is -1 once the socket is closed or detached; a socket with a timeout is non-blocking to the system, and waits by `poll`.

use super::address::{parse, show};
use super::failed;
use crate::posix_module::blocking;
use std::cell::Cell;
use std::io;
use std::time::{Duration, Instant};
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_host::net::{self as host, Address};
use taipan_host::{constants as c, file};
use taipan_macros::pytype;
use taipan_objects::builtins::{NONE, buffer, bytes::Bytes, float, int, is_none, list::List, tuple::Tuple};
use taipan_objects::native::{Args, FuncArgs, IntoValue};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// `_socket.socket`
#[derive(Payload)]
#[payload(name = "socket")]
pub struct Socket {
    fd: Cell<i32>,
    family: Cell<i32>,
    kind: Cell<i32>,
    protocol: Cell<i32>,
    /// Nanoseconds; -1 waits without end, 0 never.
    timeout: Cell<i64>,
}

/// What a call waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wait {
    Read,
    Write,
    /// Only to be told the time; the call has been started.
    Connected,
}

/// The default timeout of new sockets, in nanoseconds.
#[derive(Default)]
pub struct DefaultTimeout(pub Cell<Option<i64>>);

/// Nanoseconds of a timeout argument; -1 for None.
pub fn timeout_ns(vm: &Vm, value: &Value) -> PyResult<i64> {
    if is_none(value) {
        return Ok(-1);
    }
    let seconds = match float::get(value) {
        Some(seconds) if seconds.is_nan() => return Err(vm.value_error("Invalid value NaN (not a number)")),
        Some(seconds) => seconds,
        None => match int::index_i64(vm, value)? {
            Some(seconds) => seconds as f64,
            None => return Err(vm.overflow_error("timestamp too large to convert to C PyTime_t")),
        },
    };
    if seconds < 0.0 {
        return Err(vm.value_error("Timeout value out of range"));
    }
    let ns = (seconds * 1e9).ceil();
    if ns > 9.2e18 || ns / 1e6 > f64::from(i32::MAX) {
        return Err(vm.overflow_error("timeout doesn't fit into C timeval"));
    }
    Ok(ns as i64)
}

/// A timeout as Python shows it.
pub fn timeout_value(vm: &Vm, ns: i64) -> PyResult<Value> {
    if ns < 0 { Ok(NONE) } else { float::new(vm, ns as f64 / 1e9) }
}

fn would_block(error: &io::Error) -> bool {
    matches!(taipan_host::errno(error), c::EAGAIN | c::EINPROGRESS) && taipan_host::errno(error) == c::EAGAIN
}

impl Socket {
    fn blank() -> Socket {
        let zero = || Cell::new(0);
        Socket { fd: Cell::new(-1), family: zero(), kind: zero(), protocol: zero(), timeout: Cell::new(-1) }
    }

    fn deadline(&self) -> Option<Instant> {
        match self.timeout.get() {
            ns if ns > 0 => Instant::now().checked_add(Duration::from_nanos(ns as u64)),
            _ => None,
        }
    }

    /// Waits until the socket is ready; `false` when the time was over first.
    fn ready(&self, vm: &Vm, wait: Wait, deadline: Instant) -> PyResult<bool> {
        let events = if wait == Wait::Read { c::POLLIN } else { c::POLLOUT };
        let mut places = [file::PollDescriptor { fd: self.fd.get(), events, revents: 0 }];
        let waited = crate::posix_module::retry_waiting(vm, || {
            let left = deadline.saturating_duration_since(Instant::now()).as_nanos().div_ceil(1_000_000);
            let left = i32::try_from(left).unwrap_or(i32::MAX);
            blocking(vm, || file::poll(&mut places, left))
        })?;
        waited.map(|count| count > 0).map_err(|error| failed(vm, &error))
    }

    /// Makes a call that may have to wait.
    fn run<R>(&self, vm: &Vm, wait: Wait, f: impl FnMut() -> io::Result<R>) -> PyResult<R> {
        self.run_until(vm, wait, self.deadline(), f)
    }

    fn run_until<R>(
        &self,
        vm: &Vm,
        wait: Wait,
        deadline: Option<Instant>,
        mut f: impl FnMut() -> io::Result<R>,
    ) -> PyResult<R> {
        loop {
            if self.timeout.get() > 0
                && let Some(deadline) = deadline
                && !self.ready(vm, wait, deadline)?
            {
                return Err(vm.raise_new(&vm.types().timeout_error, "timed out"));
            }
            match crate::posix_module::retry_waiting(vm, || blocking(vm, &mut f))? {
                Ok(result) => return Ok(result),
                Err(error) if would_block(&error) && self.timeout.get() > 0 => {}
                Err(error) => return Err(failed(vm, &error)),
            }
        }
    }

    fn set_timeout(&self, vm: &Vm, ns: i64) -> PyResult<()> {
        self.timeout.set(ns);
        file::set_blocking(self.fd.get(), ns < 0).map_err(|error| failed(vm, &error))
    }

    fn connect_to(&self, vm: &Vm, address: &Address) -> PyResult<io::Result<()>> {
        let fd = self.fd.get();
        let error = match blocking(vm, || host::connect(fd, address)) {
            Ok(()) => return Ok(Ok(())),
            Err(error) => error,
        };
        let interrupted = error.kind() == io::ErrorKind::Interrupted;
        if interrupted {
            crate::signal_module::run_handlers(vm)?;
        }
        let goes_on = (interrupted && self.timeout.get() != 0)
            || (taipan_host::errno(&error) == c::EINPROGRESS && self.timeout.get() > 0);
        if !goes_on {
            return Ok(Err(error));
        }
        match self.deadline() {
            Some(deadline) => {
                if !self.ready(vm, Wait::Connected, deadline)? {
                    return Ok(Err(io::Error::from_raw_os_error(c::EWOULDBLOCK)));
                }
            }
            None => {
                let far = Instant::now() + Duration::from_secs(1 << 30);
                self.ready(vm, Wait::Connected, far)?;
            }
        }
        let mut number = [0; 4];
        if let Err(error) = host::getsockopt(fd, c::SOL_SOCKET, c::SO_ERROR, &mut number) {
            return Ok(Err(error));
        }
        Ok(match i32::from_ne_bytes(number) {
            0 | c::EISCONN => Ok(()),
            number => Err(io::Error::from_raw_os_error(number)),
        })
    }

    fn receive(&self, vm: &Vm, room: usize, flags: i32) -> PyResult<Vec<u8>> {
        vm.check_room(room)?;
        let mut data = Vec::new();
        if data.try_reserve_exact(room).is_err() {
            return Err(vm.out_of_memory(taipan_heap::OutOfMemory));
        }
        data.resize(room, 0);
        let fd = self.fd.get();
        if room == 0 {
            return Ok(data);
        }
        let count = self.run(vm, Wait::Read, || host::recv(fd, &mut data, flags))?;
        data.truncate(count);
        Ok(data)
    }

    fn receive_from(&self, vm: &Vm, room: usize, flags: i32) -> PyResult<(Vec<u8>, Address)> {
        vm.check_room(room)?;
        let mut data = vec![0; room];
        let fd = self.fd.get();
        let (count, address) = self.run(vm, Wait::Read, || host::recvfrom(fd, &mut data, flags))?;
        data.truncate(count);
        Ok((data, address))
    }
}

fn size(vm: &Vm, value: isize, what: &str) -> PyResult<usize> {
    usize::try_from(value).map_err(|_| vm.value_error(format!("negative buffersize in {what}")))
}

/// How many bytes to receive into a buffer.
fn room_in(vm: &Vm, target: &Value, wanted: Option<isize>, what: &str) -> PyResult<usize> {
    let len = buffer::with_bytes_mut(vm, target, |bytes| bytes.len())?;
    match wanted.unwrap_or(0) {
        0 => Ok(len),
        wanted if wanted < 0 => Err(vm.value_error(format!("negative buffersize in {what}"))),
        wanted if wanted as usize > len => Err(vm.value_error("buffer too small for requested bytes")),
        wanted => Ok(wanted as usize),
    }
}

fn store(vm: &Vm, target: &Value, data: &[u8]) -> PyResult<()> {
    buffer::with_bytes_mut(vm, target, |to| {
        let len = data.len().min(to.len());
        to[..len].copy_from_slice(&data[..len]);
    })
}

fn controls_value(vm: &Vm, controls: Vec<host::Control>) -> PyResult<Value> {
    let mut list = Vec::new();
    for (level, kind, data) in controls {
        let items = [Value::small_int(level), Value::small_int(kind), Bytes::new(vm, &data)?.into()];
        list.push(Value::from(Tuple::new(vm, items.into_iter())?));
    }
    Ok(List::from_values(vm, list)?.into())
}

fn control_room(vm: &Vm, value: Option<isize>) -> PyResult<usize> {
    match value.unwrap_or(0) {
        room @ 0..=0x4000_0000 => Ok(room as usize),
        _ => Err(vm.value_error("invalid ancillary data buffer length")),
    }
}

/// socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object
/// socket(family=-1, type=-1, proto=-1, fileno=fd) -> socket object
///
/// Open a socket of the given type.  The family argument specifies the
/// address family; it defaults to AF_INET.  The type argument specifies
/// whether this is a stream (SOCK_STREAM, this is the default)
/// or datagram (SOCK_DGRAM) socket.  The protocol argument defaults to 0,
/// specifying the default protocol.  Keyword arguments are accepted.
/// The socket is created as non-inheritable.
///
/// When a fileno is passed in, family, type and proto are auto-detected,
/// unless they are explicitly set.
#[pytype(name = "socket", module = "_socket", flags = BASETYPE | NO_WEAK)]
impl Socket {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = args;
        Ok(vm.alloc_instance(class, Socket::blank())?.into())
    }

    #[slot(sig = "family=-1, type=-1, proto=-1, fileno=None")]
    fn init(
        this: &Obj<Socket>,
        vm: &Vm,
        family: Option<i32>,
        r#type: Option<i32>,
        proto: Option<i32>,
        fileno: Option<&Value>,
    ) -> PyResult<()> {
        let [mut family, mut kind, mut protocol] = [family, r#type, proto].map(|number| number.unwrap_or(-1));
        let fd = match fileno.filter(|fileno| !is_none(fileno)) {
            Some(given) => {
                if float::get(given).is_some() {
                    return Err(vm.type_error("'float' object cannot be interpreted as an integer"));
                }
                let fd = match int::index_i64(vm, given)?.map(i32::try_from) {
                    Some(Ok(fd)) if fd >= 0 => fd,
                    Some(Ok(_)) | Some(Err(_)) => return Err(vm.value_error("negative file descriptor")),
                    None => return Err(vm.overflow_error("Python int too large to convert to C int")),
                };
                let address = host::name_of(fd, false);
                match address {
                    Ok(address) if family == -1 => {
                        family = match address {
                            Address::V4(..) => c::AF_INET,
                            Address::V6(..) => c::AF_INET6,
                            Address::Unix(_) => c::AF_UNIX,
                            Address::Other(family, _) => family,
                            Address::None => c::AF_UNSPEC,
                        };
                    }
                    Ok(_) => {}
                    Err(error) if family == -1 || matches!(taipan_host::errno(&error), c::EBADF | c::ENOTSOCK) => {
                        return Err(failed(vm, &error));
                    }
                    Err(_) => {}
                }
                let option = |name: i32| {
                    let mut number = [0; 4];
                    host::getsockopt(fd, c::SOL_SOCKET, name, &mut number).map(|_| i32::from_ne_bytes(number))
                };
                if kind == -1 {
                    kind = option(c::SO_TYPE).map_err(|error| failed(vm, &error))?;
                }
                if protocol == -1 {
                    protocol = option(c::SO_PROTOCOL).map_err(|error| failed(vm, &error))?;
                }
                fd
            }
            None => {
                family = if family == -1 { c::AF_INET } else { family };
                kind = if kind == -1 { c::SOCK_STREAM } else { kind };
                protocol = if protocol == -1 { 0 } else { protocol };
                blocking(vm, || host::socket(family, kind, protocol)).map_err(|error| failed(vm, &error))?
            }
        };
        let old = this.fd.replace(fd);
        if old >= 0 && old != fd {
            let _ = file::close(old);
        }
        this.family.set(family);
        this.kind.set(kind & !(c::SOCK_NONBLOCK | c::SOCK_CLOEXEC));
        this.protocol.set(protocol);
        if kind & c::SOCK_NONBLOCK != 0 {
            this.timeout.set(0);
            return Ok(());
        }
        let default = vm.interp().state(DefaultTimeout::default).0.get().unwrap_or(-1);
        this.timeout.set(default);
        if default >= 0 { file::set_blocking(fd, false).map_err(|error| failed(vm, &error)) } else { Ok(()) }
    }

    #[slot]
    fn finalize(this: &Obj<Socket>, vm: &Vm) -> PyResult<()> {
        let fd = this.fd.get();
        if fd < 0 {
            return Ok(());
        }
        let value = this.to_value();
        let message = format!("unclosed {}", vm.repr(&value)?.to_lossy());
        let warned = crate::warnings::warn_about(vm, &vm.types().resource_warning, &message, &value);
        this.fd.set(-1);
        let _ = file::close(fd);
        warned
    }

    #[slot]
    fn repr(this: &Obj<Socket>) -> String {
        let [fd, family, kind, protocol] = [&this.fd, &this.family, &this.kind, &this.protocol].map(Cell::get);
        format!("<socket object, fd={fd}, family={family}, type={kind}, proto={protocol}>")
    }

    /// the socket family
    #[getter]
    fn family(this: &Obj<Socket>) -> i32 {
        this.family.get()
    }

    /// the socket type
    #[getter(name = "type")]
    fn kind(this: &Obj<Socket>) -> i32 {
        this.kind.get()
    }

    /// the socket protocol
    #[getter]
    fn proto(this: &Obj<Socket>) -> i32 {
        this.protocol.get()
    }

    /// the socket timeout
    #[getter]
    fn timeout(this: &Obj<Socket>, vm: &Vm) -> PyResult<Value> {
        timeout_value(vm, this.timeout.get())
    }

    /// _accept() -> (integer, address info)
    ///
    /// Wait for an incoming connection.  Return a new socket file descriptor
    /// representing the connection, and the address of the client.
    #[method]
    fn _accept(this: &Obj<Socket>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let fd = this.fd.get();
        let (made, address) = this.run(vm, Wait::Read, || host::accept(fd))?;
        let shown = match &address {
            Address::None => show(vm, &Address::Unix(Vec::new())),
            address => show(vm, address),
        };
        match shown {
            Ok(shown) => Tuple::pair(vm, Value::small_int(made), shown),
            Err(raised) => {
                let _ = file::close(made);
                Err(raised)
            }
        }
    }

    /// bind(address)
    ///
    /// Bind the socket to a local address.
    #[method(sig = "object, /")]
    fn bind(this: &Obj<Socket>, vm: &Vm, address: &Value) -> PyResult<()> {
        let address = parse(vm, this.family.get(), address, "bind")?;
        let fd = this.fd.get();
        blocking(vm, || host::bind(fd, &address)).map_err(|error| failed(vm, &error))
    }

    /// close()
    ///
    /// Close the socket.  It cannot be used after this call.
    #[method]
    fn close(this: &Obj<Socket>, vm: &Vm) -> PyResult<()> {
        let fd = this.fd.replace(-1);
        if fd < 0 {
            return Ok(());
        }
        match blocking(vm, || file::close(fd)) {
            Err(error) if taipan_host::errno(&error) != c::ECONNRESET => Err(failed(vm, &error)),
            _ => Ok(()),
        }
    }

    /// connect(address)
    ///
    /// Connect the socket to a remote address.
    #[method(sig = "object, /")]
    fn connect(this: &Obj<Socket>, vm: &Vm, address: &Value) -> PyResult<()> {
        let address = parse(vm, this.family.get(), address, "connect")?;
        match this.connect_to(vm, &address)? {
            Ok(()) => Ok(()),
            Err(error) if would_block(&error) && this.timeout.get() > 0 => {
                Err(vm.raise_new(&vm.types().timeout_error, "timed out"))
            }
            Err(error) => Err(failed(vm, &error)),
        }
    }

    /// connect_ex(address) -> errno
    ///
    /// This is like connect(address), but returns an error code (the errno value)
    /// instead of raising an exception when an error occurs.
    #[method(sig = "object, /")]
    fn connect_ex(this: &Obj<Socket>, vm: &Vm, address: &Value) -> PyResult<i32> {
        let address = parse(vm, this.family.get(), address, "connect_ex")?;
        match this.connect_to(vm, &address)? {
            Ok(()) => Ok(0),
            Err(error) => Ok(taipan_host::errno(&error)),
        }
    }

    /// detach()
    ///
    /// Close the socket object without closing the underlying file descriptor.
    /// The object cannot be used after this call, but the file descriptor
    /// can be reused for other purposes.  The file descriptor is returned.
    #[method]
    fn detach(this: &Obj<Socket>) -> i32 {
        this.fd.replace(-1)
    }

    /// fileno() -> integer
    ///
    /// Return the integer file descriptor of the socket.
    #[method]
    fn fileno(this: &Obj<Socket>) -> i32 {
        this.fd.get()
    }

    /// getpeername() -> address info
    ///
    /// Return the address of the remote endpoint.
    #[method]
    fn getpeername(this: &Obj<Socket>, vm: &Vm) -> PyResult<Value> {
        show(vm, &host::name_of(this.fd.get(), true).map_err(|error| failed(vm, &error))?)
    }

    /// getsockname() -> address info
    ///
    /// Return the address of the local endpoint.
    #[method]
    fn getsockname(this: &Obj<Socket>, vm: &Vm) -> PyResult<Value> {
        show(vm, &host::name_of(this.fd.get(), false).map_err(|error| failed(vm, &error))?)
    }

    /// getsockopt(level, option[, buffersize]) -> value
    ///
    /// Get a socket option.  See the Unix manual for level and option.
    /// If a nonzero buffersize argument is given, the return value is a
    /// string of that length; otherwise it is an integer.
    #[method]
    fn getsockopt(this: &Obj<Socket>, vm: &Vm, level: i32, option: i32, buffersize: Option<i32>) -> PyResult<Value> {
        let fd = this.fd.get();
        match buffersize.unwrap_or(0) {
            0 => {
                let mut number = [0; 4];
                host::getsockopt(fd, level, option, &mut number).map_err(|error| failed(vm, &error))?;
                i32::from_ne_bytes(number).into_value(vm)
            }
            room @ 1..=1024 => {
                let mut data = vec![0; room as usize];
                let len = host::getsockopt(fd, level, option, &mut data).map_err(|error| failed(vm, &error))?;
                Ok(Bytes::new(vm, &data[..len.min(room as usize)])?.into())
            }
            _ => Err(vm.os_error_text("getsockopt buflen out of range")),
        }
    }

    /// setsockopt(level, option, value: int)
    /// setsockopt(level, option, value: buffer)
    /// setsockopt(level, option, None, optlen: int)
    ///
    /// Set a socket option.  See the Unix manual for level and option.
    /// The value argument can either be an integer, a string buffer, or
    /// None, optlen.
    #[method]
    fn setsockopt(
        this: &Obj<Socket>,
        vm: &Vm,
        level: i32,
        option: i32,
        value: &Value,
        optlen: Option<u32>,
    ) -> PyResult<()> {
        let fd = this.fd.get();
        let set = |value| host::setsockopt(fd, level, option, value).map_err(|error| failed(vm, &error));
        match (is_none(value), optlen) {
            (true, Some(len)) => set(Err(len)),
            (true, None) => Err(vm.type_error("setsockopt() requires 4 arguments when the third argument is None")),
            (false, Some(_)) => Err(vm.type_error("setsockopt() argument 3 must be None when 4 arguments are given")),
            (false, None) if int::is_int(value) || vm.class_of(value).slots.index.get().is_some() => {
                match int::index_i64(vm, value)?.map(i32::try_from) {
                    Some(Ok(number)) => set(Ok(&number.to_ne_bytes())),
                    Some(Err(_)) => Err(vm.overflow_error("signed integer is greater than maximum")),
                    None => Err(vm.overflow_error("Python int too large to convert to C long")),
                }
            }
            (false, None) => set(Ok(&buffer::to_vec(vm, value)?)),
        }
    }

    /// listen([backlog])
    ///
    /// Enable a server to accept connections.  If backlog is specified, it must be
    /// at least 0 (if it is lower, it is set to 0); it specifies the number of
    /// unaccepted connections that the system will allow before refusing new
    /// connections.  If not specified, a default reasonable value is chosen.
    #[method]
    fn listen(this: &Obj<Socket>, vm: &Vm, backlog: Option<i32>) -> PyResult<()> {
        let fd = this.fd.get();
        host::listen(fd, backlog.unwrap_or(128).max(0)).map_err(|error| failed(vm, &error))
    }

    /// recv(buffersize[, flags]) -> data
    ///
    /// Receive up to buffersize bytes from the socket.  For the optional flags
    /// argument, see the Unix manual.  When no data is available, block until
    /// at least one byte is available or until the remote end is closed.  When
    /// the remote end is closed and all data is read, return the empty string.
    #[method]
    fn recv(this: &Obj<Socket>, vm: &Vm, buffersize: isize, flags: Option<i32>) -> PyResult<Ref<Bytes>> {
        let room = size(vm, buffersize, "recv")?;
        Bytes::new(vm, &this.receive(vm, room, flags.unwrap_or(0))?)
    }

    /// recv_into(buffer, [nbytes[, flags]]) -> nbytes_read
    ///
    /// A version of recv() that stores its data into a buffer rather than creating
    /// a new string.
    #[method(sig = "buffer, nbytes=0, flags=0")]
    fn recv_into(
        this: &Obj<Socket>,
        vm: &Vm,
        target: &Value,
        nbytes: Option<isize>,
        flags: Option<i32>,
    ) -> PyResult<usize> {
        let room = room_in(vm, target, nbytes, "recv_into")?;
        let data = this.receive(vm, room, flags.unwrap_or(0))?;
        store(vm, target, &data)?;
        Ok(data.len())
    }

    /// recvfrom(buffersize[, flags]) -> (data, address info)
    ///
    /// Like recv(buffersize, flags) but also return the sender's address info.
    #[method]
    fn recvfrom(this: &Obj<Socket>, vm: &Vm, buffersize: isize, flags: Option<i32>) -> PyResult<Ref<Tuple>> {
        let room = size(vm, buffersize, "recvfrom")?;
        let (data, address) = this.receive_from(vm, room, flags.unwrap_or(0))?;
        Tuple::pair(vm, Bytes::new(vm, &data)?.into(), show(vm, &address)?)
    }

    /// recvfrom_into(buffer[, nbytes[, flags]]) -> (nbytes, address info)
    ///
    /// Like recv_into(buffer[, nbytes[, flags]]) but also return the sender's address info.
    #[method(sig = "buffer, nbytes=0, flags=0")]
    fn recvfrom_into(
        this: &Obj<Socket>,
        vm: &Vm,
        target: &Value,
        nbytes: Option<isize>,
        flags: Option<i32>,
    ) -> PyResult<Ref<Tuple>> {
        let len = buffer::with_bytes_mut(vm, target, |bytes| bytes.len())?;
        let room = match nbytes.unwrap_or(0) {
            0 => len,
            wanted if wanted < 0 => return Err(vm.value_error("negative buffersize in recvfrom_into")),
            wanted if wanted as usize > len => {
                return Err(vm.value_error("nbytes is greater than the length of the buffer"));
            }
            wanted => wanted as usize,
        };
        let (data, address) = this.receive_from(vm, room, flags.unwrap_or(0))?;
        store(vm, target, &data)?;
        Tuple::pair(vm, data.len().into_value(vm)?, show(vm, &address)?)
    }

    /// recvmsg(bufsize[, ancbufsize[, flags]]) -> (data, ancdata, msg_flags, address)
    ///
    /// Receive normal data (up to bufsize bytes) and ancillary data from the socket.
    #[method]
    fn recvmsg(
        this: &Obj<Socket>,
        vm: &Vm,
        bufsize: isize,
        ancbufsize: Option<isize>,
        flags: Option<i32>,
    ) -> PyResult<Ref<Tuple>> {
        let Ok(room) = usize::try_from(bufsize) else {
            return Err(vm.value_error("negative buffer size in recvmsg()"));
        };
        vm.check_room(room)?;
        let (control, flags, fd) = (control_room(vm, ancbufsize)?, flags.unwrap_or(0), this.fd.get());
        let mut parts = [vec![0; room]];
        let message = this.run(vm, Wait::Read, || host::recvmsg(fd, &mut parts, control, flags))?;
        let data = Bytes::new(vm, &parts[0][..message.len.min(room)])?;
        let items = [
            data.into(),
            controls_value(vm, message.controls)?,
            Value::small_int(message.flags),
            show(vm, &message.address)?,
        ];
        Tuple::new(vm, items.into_iter())
    }

    /// recvmsg_into(buffers[, ancbufsize[, flags]]) -> (nbytes, ancdata, msg_flags, address)
    ///
    /// Receive normal data and ancillary data from the socket, scattering the
    /// non-ancillary data into a series of buffers.
    #[method]
    fn recvmsg_into(
        this: &Obj<Socket>,
        vm: &Vm,
        buffers: &Value,
        ancbufsize: Option<isize>,
        flags: Option<i32>,
    ) -> PyResult<Ref<Tuple>> {
        let slots = &vm.class_of(buffers).slots;
        if slots.iter.get().is_none() && slots.getitem.get().is_none() {
            return Err(vm.type_error("recvmsg_into() argument 1 must be an iterable"));
        }
        let targets = vm.collect(buffers)?;
        let mut parts = Vec::new();
        for target in &targets {
            let len = vm.catch(buffer::with_bytes_mut(vm, target, |bytes| bytes.len()), &vm.types().buffer_error)?;
            let Some(len) = len else {
                return Err(vm.type_error(
                    "recvmsg_into() argument 1 must be an iterable of bytes-like objects that can be written to",
                ));
            };
            vm.check_room(len)?;
            parts.push(vec![0; len]);
        }
        let (control, flags, fd) = (control_room(vm, ancbufsize)?, flags.unwrap_or(0), this.fd.get());
        let message = this.run(vm, Wait::Read, || host::recvmsg(fd, &mut parts, control, flags))?;
        let mut left = message.len;
        for (target, part) in targets.iter().zip(&parts) {
            let len = left.min(part.len());
            store(vm, target, &part[..len])?;
            left -= len;
        }
        let items = [
            message.len.into_value(vm)?,
            controls_value(vm, message.controls)?,
            Value::small_int(message.flags),
            show(vm, &message.address)?,
        ];
        Tuple::new(vm, items.into_iter())
    }

    /// send(data[, flags]) -> count
    ///
    /// Send a data string to the socket.  For the optional flags
    /// argument, see the Unix manual.  Return the number of bytes
    /// sent; this may be less than len(data) if the network is busy.
    #[method]
    fn send(this: &Obj<Socket>, vm: &Vm, data: &Value, flags: Option<i32>) -> PyResult<usize> {
        let (data, flags, fd) = (buffer::to_vec(vm, data)?, flags.unwrap_or(0), this.fd.get());
        this.run(vm, Wait::Write, || host::send(fd, &data, flags))
    }

    /// sendall(data[, flags])
    ///
    /// Send a data string to the socket.  For the optional flags
    /// argument, see the Unix manual.  This calls send() repeatedly
    /// until all data is sent.  If an error occurs, it's impossible
    /// to tell how much data has been sent.
    #[method]
    fn sendall(this: &Obj<Socket>, vm: &Vm, data: &Value, flags: Option<i32>) -> PyResult<()> {
        let (data, flags) = (buffer::to_vec(vm, data)?, flags.unwrap_or(0));
        let deadline = this.deadline();
        let mut sent = 0;
        while sent < data.len() {
            let fd = this.fd.get();
            if let Some(deadline) = deadline
                && Instant::now() >= deadline
            {
                return Err(vm.raise_new(&vm.types().timeout_error, "timed out"));
            }
            sent += this.run_until(vm, Wait::Write, deadline, || host::send(fd, &data[sent..], flags))?;
            crate::signal_module::run_handlers(vm)?;
        }
        Ok(())
    }

    /// sendto(data[, flags], address) -> count
    ///
    /// Like send(data, flags) but allows specifying the destination address.
    #[method]
    fn sendto(this: &Obj<Socket>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<usize> {
        args.0.no_keywords(vm, "sendto")?;
        let (data, flags, address) = match args.0.values {
            [data, address] => (data, 0, address),
            [data, flags, address] => match int::index_i64(vm, flags)?.map(i32::try_from) {
                Some(Ok(flags)) => (data, flags, address),
                _ => return Err(vm.overflow_error("Python int too large to convert to C int")),
            },
            given => {
                let message = format!("sendto() takes 2 or 3 arguments ({} given)", given.len());
                return Err(vm.type_error(message));
            }
        };
        let data = buffer::to_vec(vm, data)?;
        let address = parse(vm, this.family.get(), address, "sendto")?;
        let fd = this.fd.get();
        this.run(vm, Wait::Write, || host::sendto(fd, &data, flags, &address))
    }

    /// sendmsg(buffers[, ancdata[, flags[, address]]]) -> count
    ///
    /// Send normal and ancillary data to the socket, gathering the
    /// non-ancillary data from a series of buffers and concatenating it into
    /// a single message.
    #[method]
    fn sendmsg(
        this: &Obj<Socket>,
        vm: &Vm,
        buffers: &Value,
        ancdata: Option<&Value>,
        flags: Option<i32>,
        address: Option<&Value>,
    ) -> PyResult<usize> {
        let iterable = |value: &Value| {
            let slots = &vm.class_of(value).slots;
            slots.iter.get().is_some() || slots.getitem.get().is_some()
        };
        if !iterable(buffers) {
            return Err(vm.type_error("sendmsg() argument 1 must be an iterable"));
        }
        let mut parts = Vec::new();
        for part in vm.collect(buffers)? {
            parts.push(buffer::to_vec(vm, &part)?);
        }
        let mut controls = Vec::new();
        if let Some(ancdata) = ancdata {
            if !iterable(ancdata) {
                return Err(vm.type_error("sendmsg() argument 2 must be an iterable"));
            }
            for item in vm.collect(ancdata)? {
                let items = match iterable(&item) {
                    true => vm.collect(&item)?,
                    false => Vec::new(),
                };
                let [level, kind, data] = &items[..] else {
                    return Err(vm.type_error("[sendmsg() ancillary data items] must be sequence of length 3"));
                };
                let number = |value: &Value| match int::index_i64(vm, value)?.map(i32::try_from) {
                    Some(Ok(number)) => Ok(number),
                    _ => Err(vm.overflow_error("Python int too large to convert to C int")),
                };
                controls.push((number(level)?, number(kind)?, buffer::to_vec(vm, data)?));
            }
        }
        let address = match address.filter(|address| !is_none(address)) {
            Some(address) => Some(parse(vm, this.family.get(), address, "sendmsg")?),
            None => None,
        };
        let (fd, flags) = (this.fd.get(), flags.unwrap_or(0));
        this.run(vm, Wait::Write, || host::sendmsg(fd, &parts, &controls, flags, address.as_ref()))
    }

    /// setblocking(flag)
    ///
    /// Set the socket to blocking (flag is true) or non-blocking (false).
    /// setblocking(True) is equivalent to settimeout(None);
    /// setblocking(False) is equivalent to settimeout(0.0).
    #[method(sig = "object, /")]
    fn setblocking(this: &Obj<Socket>, vm: &Vm, flag: bool) -> PyResult<()> {
        this.set_timeout(vm, if flag { -1 } else { 0 })
    }

    /// getblocking()
    ///
    /// Returns True if socket is in blocking mode, or False if it
    /// is in non-blocking mode.
    #[method]
    fn getblocking(this: &Obj<Socket>) -> bool {
        this.timeout.get() != 0
    }

    /// settimeout(timeout)
    ///
    /// Set a timeout on socket operations.  'timeout' can be a float,
    /// giving in seconds, or None.  Setting a timeout of None disables
    /// the timeout feature and is equivalent to setblocking(1).
    /// Setting a timeout of zero is the same as setblocking(0).
    #[method(sig = "object, /")]
    fn settimeout(this: &Obj<Socket>, vm: &Vm, timeout: &Value) -> PyResult<()> {
        this.set_timeout(vm, timeout_ns(vm, timeout)?)
    }

    /// gettimeout() -> timeout
    ///
    /// Returns the timeout in seconds (float) associated with socket
    /// operations.  A timeout of None indicates that timeouts on socket
    /// operations are disabled.
    #[method]
    fn gettimeout(this: &Obj<Socket>, vm: &Vm) -> PyResult<Value> {
        timeout_value(vm, this.timeout.get())
    }

    /// shutdown(flag)
    ///
    /// Shut down the reading side of the socket (flag == SHUT_RD), the writing side
    /// of the socket (flag == SHUT_WR), or both ends (flag == SHUT_RDWR).
    #[method(sig = "object, /")]
    fn shutdown(this: &Obj<Socket>, vm: &Vm, how: i32) -> PyResult<()> {
        let fd = this.fd.get();
        blocking(vm, || host::shutdown(fd, how)).map_err(|error| failed(vm, &error))
    }
}
