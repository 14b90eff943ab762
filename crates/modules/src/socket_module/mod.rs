//! `_socket`: sockets of the families IPv4, IPv6 and Unix.
//!
//! * `socket` – the type; `address` – addresses; `names` – resolving hosts; `constants` – the numbers.
//!
//! Invariant: every call that may wait gives the interpreter lock up and is repeated after signals.

mod address;
mod constants;
mod names;
mod socket;

pub use module::spec;

use crate::posix_module::{blocking, system_bytes, system_text};
use socket::{DefaultTimeout, Socket};
use std::cell::OnceCell;
use std::ffi::CString;
use std::net::Ipv4Addr;
use taipan_heap::{Obj, Ref, Value};
use taipan_host::net::{self as host, Address};
use taipan_host::{constants as c, file};
use taipan_macros::pymodule;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::{NONE, buffer, bytes::Bytes, int, is_none, list::List, str::Str, tuple::Tuple};
use taipan_objects::native::IntoValue;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// Raises OSError for a failed call.
#[cold]
pub fn failed(vm: &Vm, error: &std::io::Error) -> Raised {
    vm.os_error(taipan_host::errno(error), None)
}

/// The exception classes.
pub struct Classes {
    gaierror: Ref<Type>,
    herror: Ref<Type>,
}

#[derive(Default)]
struct State(OnceCell<std::rc::Rc<Classes>>);

fn classes(vm: &Vm) -> PyResult<std::rc::Rc<Classes>> {
    let state = vm.interp().state(State::default);
    if let Some(classes) = state.0.get() {
        return Ok(classes.clone());
    }
    let make = |name: &str| crate::exception_class::exception_class(vm, "socket", name, &vm.types().os_error);
    let classes = std::rc::Rc::new(Classes { gaierror: make("gaierror")?, herror: make("herror")? });
    Ok(state.0.get_or_init(|| classes).clone())
}

fn word(vm: &Vm, value: &Value, most: i64, name: &str) -> PyResult<u32> {
    match int::index_i64(vm, value)? {
        Some(number) if number < 0 => Err(vm.value_error("Cannot convert negative int")),
        Some(number) if number <= most => Ok(number as u32),
        None if int::as_big(&int::index(vm, value)?).is_some_and(|big| big.sign() == taipan_numeric::Sign::Minus) => {
            Err(vm.value_error("Cannot convert negative int"))
        }
        _ => Err(vm.overflow_error(format!("Python int too large for C {name}"))),
    }
}

fn half(vm: &Vm, value: &Value) -> PyResult<u32> {
    word(vm, value, 0xffff, "uint16_t")
}

fn whole(vm: &Vm, value: &Value) -> PyResult<u32> {
    word(vm, value, 0xffff_ffff, "uint32_t")
}

fn c_text(vm: &Vm, value: &Value) -> PyResult<CString> {
    names::c_string(vm, &system_bytes(vm, value)?)
}

/// The text of an address without its port.
fn host_text(vm: &Vm, address: &Address) -> PyResult<Value> {
    match address {
        Address::V4(host, _) => Ipv4Addr::from(*host).to_string().into_value(vm),
        Address::V6(host, _, _, scope) => address::v6_text(*host, *scope).into_value(vm),
        _ => Ok(NONE),
    }
}

/// An address in C's old notation: one to four numbers, the last of which fills what is left.
fn old_notation(text: &str) -> Option<u32> {
    let text = text.split([' ', '\t', '\n']).next()?;
    let mut numbers = Vec::new();
    for part in text.split('.') {
        let number = if let Some(hex) = part.strip_prefix("0x").or(part.strip_prefix("0X")) {
            u32::from_str_radix(hex, 16).ok()?
        } else if part.len() > 1 && part.starts_with('0') {
            u32::from_str_radix(part, 8).ok()?
        } else if part.bytes().all(|byte| byte.is_ascii_digit()) {
            part.parse().ok()?
        } else {
            return None;
        };
        numbers.push(number);
    }
    let (last, first) = numbers.split_last()?;
    if first.len() > 3 || first.iter().any(|&number| number > 255) {
        return None;
    }
    let left = 32 - 8 * first.len() as u32;
    if left < 32 && *last >= 1 << left {
        return None;
    }
    let high = first.iter().fold(0u32, |sum, number| sum << 8 | number);
    Some(if left == 32 { *last } else { high << left | last })
}

/// Implementation module for socket operations.
///
/// See the socket module for documentation.
#[pymodule(name = "_socket", types(Socket), init = fill)]
mod module {
    use super::*;

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        for (name, number) in constants::NUMBERS {
            module.set_attr(vm, name, int::from_i64(vm, *number)?)?;
        }
        let classes = classes(vm)?;
        module.set_attr(vm, "SocketType", vm.native_type(Socket::spec())?.into())?;
        module.set_attr(vm, "error", vm.types().os_error.to_value())?;
        module.set_attr(vm, "timeout", vm.types().timeout_error.to_value())?;
        module.set_attr(vm, "gaierror", classes.gaierror.to_value())?;
        module.set_attr(vm, "herror", classes.herror.to_value())?;
        module.set_attr(vm, "has_ipv6", true.into_value(vm)?)
    }

    /// Close an integer socket file descriptor.
    #[function(sig = "fd, /")]
    fn close(vm: &Vm, fd: i32) -> PyResult<()> {
        match blocking(vm, || file::close(fd)) {
            Err(error) if taipan_host::errno(&error) != c::ECONNRESET => Err(failed(vm, &error)),
            _ => Ok(()),
        }
    }

    /// Duplicate an integer socket file descriptor.
    #[function(sig = "fd, /")]
    fn dup(vm: &Vm, fd: i32) -> PyResult<i32> {
        file::dup(fd).map_err(|error| failed(vm, &error))
    }

    /// socketpair([family[, type [, proto]]]) -> (socket object, socket object)
    ///
    /// Create a pair of socket objects from the sockets returned by the platform
    /// socketpair() function.
    /// The arguments are the same as for socket() except the default family is
    /// AF_UNIX if defined on the platform; otherwise, the default is AF_INET.
    #[function]
    fn socketpair(vm: &Vm, family: Option<i32>, kind: Option<i32>, proto: Option<i32>) -> PyResult<Ref<Tuple>> {
        let (family, kind) = (family.unwrap_or(c::AF_UNIX), kind.unwrap_or(c::SOCK_STREAM));
        let proto = proto.unwrap_or(0);
        let ends = host::socketpair(family, kind, proto).map_err(|error| failed(vm, &error))?;
        let class = vm.native_type(Socket::spec())?.to_value();
        let mut made = Vec::new();
        for fd in ends {
            let arguments = [family, kind, proto, fd].map(Value::small_int);
            made.push(vm.call(&class, &arguments)?);
        }
        Tuple::from_values(vm, made)
    }

    /// Return the current host name.
    #[function]
    fn gethostname(vm: &Vm) -> PyResult<Ref<Str>> {
        system_text(vm, &host::gethostname().map_err(|error| failed(vm, &error))?)
    }

    /// Set the hostname to name.
    #[function(sig = "name, /")]
    fn sethostname(vm: &Vm, name: &Value) -> PyResult<()> {
        let name = match name.downcast::<Str>() {
            Some(_) => system_bytes(vm, name)?,
            None => buffer::to_vec(vm, name)?,
        };
        host::sethostname(&name).map_err(|error| failed(vm, &error))
    }

    /// Return the IP address (a string of the form '255.255.255.255') for a host.
    #[function(sig = "hostname, /")]
    fn gethostbyname(vm: &Vm, hostname: &Value) -> PyResult<Value> {
        let name = address::host_bytes(vm, hostname)?;
        host_text(vm, &names::resolve(vm, &name, c::AF_INET)?)
    }

    /// Return the true host name, a list of aliases, and a list of IP addresses,
    /// for a host.  The host argument is a string giving a host name or IP number.
    #[function(sig = "hostname, /")]
    fn gethostbyname_ex(vm: &Vm, hostname: &Value) -> PyResult<Value> {
        let name = address::host_bytes(vm, hostname)?;
        let text = names::c_string(vm, &name)?;
        let hints = [c::AF_INET, c::SOCK_STREAM, 0, c::AI_CANONNAME];
        let found = blocking(vm, || host::getaddrinfo(Some(&text), None, hints));
        let found = found.map_err(|error| names::unresolved(vm, &error))?;
        let canonical = found.first().map(|entry| entry.3.clone()).filter(|name| !name.is_empty()).unwrap_or(name);
        let mut addresses = Vec::new();
        for entry in &found {
            addresses.push(host_text(vm, &entry.4)?);
        }
        names::host_entry(vm, system_text(vm, &canonical)?.into(), addresses)
    }

    /// Return the true host name, a list of aliases, and a list of IP addresses,
    /// for a host.  The host argument is a string giving a host name or IP number.
    #[function(sig = "ip_address, /")]
    fn gethostbyaddr(vm: &Vm, ip_address: &Value) -> PyResult<Value> {
        let name = address::host_bytes(vm, ip_address)?;
        let found = names::resolve(vm, &name, c::AF_UNSPEC)?;
        let Ok((name, _)) = blocking(vm, || host::getnameinfo(&found, c::NI_NAMEREQD)) else {
            return Err(names::unknown_host(vm));
        };
        names::host_entry(vm, system_text(vm, &name)?.into(), vec![host_text(vm, &found)?])
    }

    /// getservbyname(servicename[, protocolname]) -> integer
    ///
    /// Return a port number from a service name and protocol name.
    /// The optional protocol name, if given, should be 'tcp' or 'udp',
    /// otherwise any protocol will match.
    #[function]
    fn getservbyname(vm: &Vm, service: &Value, protocol: Option<&Value>) -> PyResult<i32> {
        let (service, protocol) = (c_text(vm, service)?, protocol.map(|name| c_text(vm, name)).transpose()?);
        match blocking(vm, || host::service_by_name(&service, protocol.as_deref())) {
            Some(port) => Ok(port.into()),
            None => Err(vm.os_error_text("service/proto not found")),
        }
    }

    /// getservbyport(port[, protocolname]) -> string
    ///
    /// Return the service name from a port number and protocol name.
    /// The optional protocol name, if given, should be 'tcp' or 'udp',
    /// otherwise any protocol will match.
    #[function]
    fn getservbyport(vm: &Vm, port: i32, protocol: Option<&Value>) -> PyResult<Ref<Str>> {
        let protocol = protocol.map(|name| c_text(vm, name)).transpose()?;
        let Ok(port) = u16::try_from(port) else {
            return Err(vm.overflow_error("getservbyport: port must be 0-65535."));
        };
        match blocking(vm, || host::service_by_port(port, protocol.as_deref())) {
            Some(name) => system_text(vm, &name),
            None => Err(vm.os_error_text("port/proto not found")),
        }
    }

    /// getprotobyname(name) -> integer
    ///
    /// Return the protocol number for the named protocol.  (Rarely used.)
    #[function(sig = "name, /")]
    fn getprotobyname(vm: &Vm, name: &Value) -> PyResult<i32> {
        let name = c_text(vm, name)?;
        blocking(vm, || host::protocol_by_name(&name)).ok_or_else(|| vm.os_error_text("protocol not found"))
    }

    /// getaddrinfo(host, port [, family, type, proto, flags]) -> list of (family, type, proto, canonname, sockaddr)
    ///
    /// Resolve host and port into addrinfo struct.
    #[function(sig = "host, port, family=0, type=0, proto=0, flags=0")]
    fn getaddrinfo(
        vm: &Vm,
        host: &Value,
        port: &Value,
        family: Option<i32>,
        r#type: Option<i32>,
        proto: Option<i32>,
        flags: Option<i32>,
    ) -> PyResult<Ref<List>> {
        let name = if is_none(host) {
            None
        } else if host.downcast::<Str>().is_some() || buffer::is_buffer(vm, host) {
            let bytes = match host.downcast::<Str>().map(|text| text.is_ascii()) {
                Some(false) => {
                    let text =
                        host.downcast::<Str>().map(|text| taipan_objects::codecs::encode(vm, text, "idna", "strict"));
                    text.transpose()?.map_or(Vec::new(), |bytes| bytes.bytes().to_vec())
                }
                Some(true) => system_bytes(vm, host)?,
                None => buffer::to_vec(vm, host)?,
            };
            Some(names::c_string(vm, &bytes)?)
        } else {
            return Err(vm.type_error("getaddrinfo() argument 1 must be string or None"));
        };
        let service = if is_none(port) {
            None
        } else if int::is_int(port) {
            Some(names::c_string(vm, vm.repr(&int::index(vm, port)?)?.to_lossy().as_bytes())?)
        } else if port.downcast::<Str>().is_some() || port.downcast::<Bytes>().is_some() {
            Some(c_text(vm, port)?)
        } else {
            return Err(vm.os_error_text("Int or String expected"));
        };
        let hints = [family, r#type, proto, flags].map(|number| number.unwrap_or(0));
        let found = blocking(vm, || super::host::getaddrinfo(name.as_deref(), service.as_deref(), hints));
        let mut list = Vec::new();
        for (family, kind, proto, canonical, found) in found.map_err(|error| names::unresolved(vm, &error))? {
            let items = [
                Value::small_int(family),
                Value::small_int(kind),
                Value::small_int(proto),
                system_text(vm, &canonical)?.into(),
                address::show(vm, &found)?,
            ];
            list.push(Value::from(Tuple::new(vm, items.into_iter())?));
        }
        List::from_values(vm, list)
    }

    /// getnameinfo(sockaddr, flags) --> (host, port)
    ///
    /// Get host and port for a sockaddr.
    #[function]
    fn getnameinfo(vm: &Vm, sockaddr: &Value, flags: i32) -> PyResult<Ref<Tuple>> {
        let Some(tuple) = sockaddr.downcast::<Tuple>() else {
            return Err(vm.type_error("getnameinfo() argument 1 must be a tuple"));
        };
        let items = tuple.items();
        let illegal = || vm.type_error("getnameinfo(): illegal sockaddr argument");
        if !(2..=4).contains(&items.len()) || items[0].downcast::<Str>().is_none() {
            return Err(illegal());
        }
        let number = |at: usize| match items.get(at) {
            None => Ok(0),
            Some(value) => {
                Ok(int::index_i64(vm, value)?.and_then(|number| u32::try_from(number).ok()).unwrap_or(u32::MAX))
            }
        };
        let (port, flow, scope) = (number(1)?, number(2)?, number(3)?);
        if flow > 0xf_ffff {
            return Err(vm.overflow_error("getnameinfo(): flowinfo must be 0-1048575."));
        }
        let (name, service) = (c_text(vm, &items[0])?, names::c_string(vm, port.to_string().as_bytes())?);
        let hints = [0, c::SOCK_DGRAM, 0, c::AI_NUMERICHOST];
        let found = blocking(vm, || host::getaddrinfo(Some(&name), Some(&service), hints));
        let found = found.map_err(|error| names::unresolved(vm, &error))?;
        if found.len() > 1 {
            return Err(vm.os_error_text("sockaddr resolved to multiple addresses"));
        }
        let found = match found.into_iter().next().map(|entry| entry.4) {
            Some(Address::V4(..)) if items.len() != 2 => {
                return Err(vm.os_error_text("IPv4 sockaddr must be 2 tuple"));
            }
            Some(Address::V6(host, port, _, own)) => {
                Address::V6(host, port, flow, if scope == 0 { own } else { scope })
            }
            Some(address) => address,
            None => return Err(names::unknown_host(vm)),
        };
        let (host, service) =
            blocking(vm, || super::host::getnameinfo(&found, flags)).map_err(|error| names::unresolved(vm, &error))?;
        Tuple::pair(vm, system_text(vm, &host)?.into(), system_text(vm, &service)?.into())
    }

    /// Convert a 16-bit unsigned integer from network to host byte order.
    #[function(sig = "x, /")]
    fn ntohs(vm: &Vm, x: &Value) -> PyResult<u32> {
        Ok(u16::from_be(half(vm, x)? as u16).into())
    }

    /// Convert a 16-bit unsigned integer from host to network byte order.
    #[function(sig = "x, /")]
    fn htons(vm: &Vm, x: &Value) -> PyResult<u32> {
        Ok((half(vm, x)? as u16).to_be().into())
    }

    /// Convert a 32-bit unsigned integer from network to host byte order.
    #[function(sig = "x, /")]
    fn ntohl(vm: &Vm, x: &Value) -> PyResult<u32> {
        Ok(u32::from_be(whole(vm, x)?))
    }

    /// Convert a 32-bit unsigned integer from host to network byte order.
    #[function(sig = "x, /")]
    fn htonl(vm: &Vm, x: &Value) -> PyResult<u32> {
        Ok(whole(vm, x)?.to_be())
    }

    /// Convert an IP address in string format (123.45.67.89) to the 32-bit packed binary format used in low-level network functions.
    #[function(sig = "ip_addr, /")]
    fn inet_aton(vm: &Vm, ip_addr: &Value) -> PyResult<Ref<Bytes>> {
        let Some(text) = ip_addr.downcast::<Str>() else {
            let given = vm.type_name(ip_addr);
            return Err(vm.type_error(format!("inet_aton() argument must be str, not {given}")));
        };
        match old_notation(&text.to_lossy()) {
            Some(address) => Bytes::new(vm, &address.to_be_bytes()),
            None => Err(vm.os_error_text("illegal IP address string passed to inet_aton")),
        }
    }

    /// Convert an IP address from 32-bit packed binary format to string format.
    #[function(sig = "packed_ip, /")]
    fn inet_ntoa(vm: &Vm, packed_ip: &Value) -> PyResult<String> {
        let bytes = buffer::to_vec(vm, packed_ip)?;
        match <[u8; 4]>::try_from(&bytes[..]) {
            Ok(bytes) => Ok(Ipv4Addr::from(bytes).to_string()),
            Err(_) => Err(vm.os_error_text("packed IP wrong length for inet_ntoa")),
        }
    }

    /// inet_pton(af, ip) -> packed IP address string
    ///
    /// Convert an IP address from string format to a packed string suitable
    /// for use with low-level network functions.
    #[function]
    fn inet_pton(vm: &Vm, af: i32, ip: &Value) -> PyResult<Ref<Bytes>> {
        let Some(text) = ip.downcast::<Str>() else {
            let given = vm.type_name(ip);
            return Err(vm.type_error(format!("inet_pton() argument 2 must be str, not {given}")));
        };
        let text = text.to_lossy();
        let packed = match af {
            c::AF_INET => text.parse::<Ipv4Addr>().ok().map(|address| address.octets().to_vec()),
            c::AF_INET6 => text.parse::<std::net::Ipv6Addr>().ok().map(|address| address.octets().to_vec()),
            _ => return Err(vm.os_error(c::EAFNOSUPPORT, None)),
        };
        match packed {
            Some(packed) => Bytes::new(vm, &packed),
            None => Err(vm.os_error_text("illegal IP address string passed to inet_pton")),
        }
    }

    /// inet_ntop(af, packed_ip) -> string formatted IP address
    ///
    /// Convert a packed IP address of the given family to string format.
    #[function]
    fn inet_ntop(vm: &Vm, af: i32, packed_ip: &Value) -> PyResult<String> {
        let bytes = buffer::to_vec(vm, packed_ip)?;
        let wrong = || vm.value_error("invalid length of packed IP address string");
        match af {
            c::AF_INET => <[u8; 4]>::try_from(&bytes[..]).map(|b| Ipv4Addr::from(b).to_string()).map_err(|_| wrong()),
            c::AF_INET6 => <[u8; 16]>::try_from(&bytes[..]).map(|b| address::v6_text(b, 0)).map_err(|_| wrong()),
            _ => Err(vm.value_error(format!("unknown address family {af}"))),
        }
    }

    /// getdefaulttimeout() -> timeout
    ///
    /// Returns the default timeout in seconds (float) for new socket objects.
    /// A value of None indicates that new socket objects have no timeout.
    /// When the socket module is first imported, the default is None.
    #[function]
    fn getdefaulttimeout(vm: &Vm) -> PyResult<Value> {
        socket::timeout_value(vm, vm.interp().state(DefaultTimeout::default).0.get().unwrap_or(-1))
    }

    /// setdefaulttimeout(timeout)
    ///
    /// Set the default timeout in seconds (float) for new socket objects.
    /// A value of None indicates that new socket objects have no timeout.
    /// When the socket module is first imported, the default is None.
    #[function(sig = "timeout, /")]
    fn setdefaulttimeout(vm: &Vm, timeout: &Value) -> PyResult<()> {
        let ns = socket::timeout_ns(vm, timeout)?;
        vm.interp().state(DefaultTimeout::default).0.set(Some(ns));
        Ok(())
    }

    /// if_nameindex()
    ///
    /// Returns a list of network interface information (index, name) tuples.
    #[function]
    fn if_nameindex(vm: &Vm) -> PyResult<Ref<List>> {
        let mut list = Vec::new();
        for (number, name) in host::interfaces().map_err(|error| failed(vm, &error))? {
            list.push(Value::from(Tuple::pair(vm, number.into_value(vm)?, system_text(vm, &name)?.into())?));
        }
        List::from_values(vm, list)
    }

    /// Returns the interface index corresponding to the interface name if_name.
    #[function(sig = "oname, /")]
    fn if_nametoindex(vm: &Vm, oname: &Value) -> PyResult<u32> {
        let name = names::c_string(vm, &system_bytes(vm, &crate::posix_module::fspath(vm, oname)?)?)?;
        host::interface_by_name(&name).map_err(|error| failed(vm, &error))
    }

    /// Returns the interface name corresponding to the interface index if_index.
    #[function(sig = "if_index, /")]
    fn if_indextoname(vm: &Vm, if_index: &Value) -> PyResult<Ref<Str>> {
        let number = word(vm, if_index, 0xffff_ffff, "unsigned int")?;
        let name = host::interface_name(number).map_err(|error| failed(vm, &error))?;
        system_text(vm, name.as_bytes())
    }

    /// CMSG_LEN(length) -> control message length
    ///
    /// Return the total length, without trailing padding, of an ancillary
    /// data item with associated data of the given length.
    #[function(name = "CMSG_LEN")]
    fn control_length(vm: &Vm, length: isize) -> PyResult<usize> {
        match usize::try_from(length).map(|length| host::control_space(length).1) {
            Ok(length) if length <= i32::MAX as usize => Ok(length),
            _ => Err(vm.overflow_error("CMSG_LEN() argument out of range")),
        }
    }

    /// CMSG_SPACE(length) -> buffer size
    ///
    /// Return the buffer size needed for recvmsg() to receive an ancillary
    /// data item with associated data of the given length, along with any
    /// trailing padding.
    #[function(name = "CMSG_SPACE")]
    fn control_space(vm: &Vm, length: isize) -> PyResult<usize> {
        let limit = i32::MAX as usize - host::control_space(1).0;
        match usize::try_from(length).ok().filter(|&length| length <= limit).map(|length| host::control_space(length).0)
        {
            Some(space) if space <= i32::MAX as usize => Ok(space),
            _ => Err(vm.overflow_error("CMSG_SPACE() argument out of range")),
        }
    }
}
