//! Names of hosts: resolving them, and the exceptions of that.
//!
//! Invariant: an address in numbers never asks the resolver.

use super::classes;
use crate::posix_module::blocking;
use std::ffi::CString;
use std::net::{Ipv4Addr, Ipv6Addr};
use taipan_heap::Value;
use taipan_host::constants as c;
use taipan_host::net::{self as host, Address, Unresolved};
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// Raises `gaierror`, or OSError where the system failed.
#[cold]
pub fn unresolved(vm: &Vm, (number, error): &Unresolved) -> Raised {
    if *number == c::EAI_SYSTEM {
        return vm.os_error(taipan_host::errno(error), None);
    }
    let raise = || {
        let arguments = [Value::small_int(*number), host::gai_strerror(*number).into_value(vm)?];
        let exception = vm.new_exception(&classes(vm)?.gaierror, &arguments)?;
        Ok(vm.raise(exception))
    };
    raise().unwrap_or_else(|raised| raised)
}

/// Raises `herror`.
#[cold]
pub fn unknown_host(vm: &Vm) -> Raised {
    let raise = || {
        let arguments = [Value::small_int(1), "Unknown host".into_value(vm)?];
        let exception = vm.new_exception(&classes(vm)?.herror, &arguments)?;
        Ok(vm.raise(exception))
    };
    raise().unwrap_or_else(|raised: Raised| raised)
}

/// A C string out of bytes that hold no NUL.
pub fn c_string(vm: &Vm, bytes: &[u8]) -> PyResult<CString> {
    CString::new(bytes).map_err(|_| vm.value_error("embedded null character"))
}

/// The address of a host (port 0) in `family` (or any, if that is 0).
pub fn resolve(vm: &Vm, name: &[u8], family: i32) -> PyResult<Address> {
    let text = std::str::from_utf8(name).unwrap_or("");
    if name.is_empty() {
        return match family {
            c::AF_INET6 => Ok(Address::V6([0; 16], 0, 0, 0)),
            _ => Ok(Address::V4([0; 4], 0)),
        };
    }
    if matches!(text, "<broadcast>" | "255.255.255.255") {
        return match family {
            c::AF_INET | c::AF_UNSPEC => Ok(Address::V4([255; 4], 0)),
            _ => Err(vm.os_error_text("address family mismatched")),
        };
    }
    if family != c::AF_INET6
        && let Ok(address) = text.parse::<Ipv4Addr>()
    {
        return Ok(Address::V4(address.octets(), 0));
    }
    if family != c::AF_INET
        && let Ok(address) = text.parse::<Ipv6Addr>()
    {
        return Ok(Address::V6(address.octets(), 0, 0, 0));
    }
    let name = c_string(vm, name)?;
    let found = blocking(vm, || host::getaddrinfo(Some(&name), None, [family, 0, 0, 0]));
    match found {
        Ok(found) => match found.into_iter().next() {
            Some((_, _, _, _, address)) => Ok(address),
            None => Err(unknown_host(vm)),
        },
        Err(error) => Err(unresolved(vm, &error)),
    }
}

/// Name, other names and addresses of a host, as `gethostbyname_ex` gives them.
pub fn host_entry(vm: &Vm, name: Value, addresses: Vec<Value>) -> PyResult<Value> {
    use taipan_objects::builtins::list::List;
    let (aliases, addresses) = (List::with_capacity(vm, 0)?, List::from_values(vm, addresses)?);
    Ok(Tuple::new(vm, [name, aliases.into(), addresses.into()].into_iter())?.into())
}
