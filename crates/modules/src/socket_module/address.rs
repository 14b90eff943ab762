//! Addresses as Python shows them, and back.
//!
//! Invariant: a name is resolved only where an address is asked for; the interpreter lock is given up meanwhile.

use super::names;
use crate::posix_module::{system_bytes, system_text};
use std::net::{Ipv4Addr, Ipv6Addr};
use taipan_heap::Value;
use taipan_host::constants as c;
use taipan_host::net::Address;
use taipan_objects::builtins::{NONE, buffer, bytes::Bytes, int, str::Str, tuple::Tuple};
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Vm};

/// A host's name as bytes: ASCII as it is, other text by IDNA.
pub fn host_bytes(vm: &Vm, value: &Value) -> PyResult<Vec<u8>> {
    let bytes = match value.downcast::<Str>() {
        Some(text) => match text.as_ascii() {
            Some(text) => text.as_bytes().to_vec(),
            None => taipan_objects::codecs::encode(vm, text, "idna", "strict")?.bytes().to_vec(),
        },
        None => match buffer::is_buffer(vm, value) {
            true => buffer::to_vec(vm, value)?,
            false => {
                let given = vm.type_name(value);
                return Err(vm.type_error(format!("str, bytes or bytearray expected, not {given}")));
            }
        },
    };
    if bytes.contains(&0) {
        return Err(vm.type_error("host name must not contain null character"));
    }
    Ok(bytes)
}

fn tuple_of<'a>(vm: &Vm, value: &'a Value, function: &str, family: &str) -> PyResult<&'a [Value]> {
    match value.downcast::<Tuple>() {
        Some(tuple) => Ok(tuple.items()),
        None => {
            let given = vm.type_name(value);
            Err(vm.type_error(format!("{function}(): {family} address must be tuple, not {given}")))
        }
    }
}

fn port(vm: &Vm, value: &Value, function: &str) -> PyResult<u16> {
    match int::index_i64(vm, value)?.map(u16::try_from) {
        Some(Ok(port)) => Ok(port),
        _ => Err(vm.overflow_error(format!("{function}(): port must be 0-65535."))),
    }
}

/// The address of a socket of `family` that an argument of `function` stands for.
pub fn parse(vm: &Vm, family: i32, value: &Value, function: &str) -> PyResult<Address> {
    match family {
        c::AF_INET => {
            let items = tuple_of(vm, value, function, "AF_INET")?;
            let [host, number] = items else {
                return Err(vm.type_error("AF_INET address must be a pair (host, port)"));
            };
            let host = host_bytes(vm, host)?;
            let port = port(vm, number, function)?;
            match names::resolve(vm, &host, c::AF_INET)? {
                Address::V4(host, _) => Ok(Address::V4(host, port)),
                _ => Err(vm.os_error_text("unsupported address family")),
            }
        }
        c::AF_INET6 => {
            let items = tuple_of(vm, value, function, "AF_INET6")?;
            if !(2..=4).contains(&items.len()) {
                return Err(vm.type_error("AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])"));
            }
            let host = host_bytes(vm, &items[0])?;
            let port = port(vm, &items[1], function)?;
            let number = |at: usize| match items.get(at) {
                None => Ok(Some(0)),
                Some(value) => Ok(int::index_i64(vm, value)?.and_then(|number| u32::try_from(number).ok())),
            };
            let flow = number(2)?.filter(|&flow| flow <= 0xf_ffff);
            let Some(flow) = flow else {
                return Err(vm.overflow_error(format!("{function}(): flowinfo must be 0-1048575.")));
            };
            let Some(scope) = number(3)? else {
                return Err(vm.overflow_error("Python int too large to convert to C unsigned int"));
            };
            match names::resolve(vm, &host, c::AF_INET6)? {
                Address::V6(host, _, _, own) => Ok(Address::V6(host, port, flow, if scope == 0 { own } else { scope })),
                _ => Err(vm.os_error_text("unsupported address family")),
            }
        }
        c::AF_UNIX => {
            let path = match value.downcast::<Str>() {
                Some(_) => system_bytes(vm, value)?,
                None => buffer::to_vec(vm, value)?,
            };
            let room = if path.first() == Some(&0) { 108 } else { 107 };
            if path.len() > room {
                return Err(vm.os_error_text("AF_UNIX path too long"));
            }
            Ok(Address::Unix(path))
        }
        _ => Err(vm.os_error_text(format!("{function}(): unknown address family {family}"))),
    }
}

/// The text of an IPv6 address with its scope.
pub fn v6_text(host: [u8; 16], scope: u32) -> String {
    let text = Ipv6Addr::from(host).to_string();
    match taipan_host::net::interface_name(scope) {
        Ok(name) if scope != 0 => format!("{text}%{}", name.to_string_lossy()),
        _ if scope != 0 => format!("{text}%{scope}"),
        _ => text,
    }
}

/// The address as Python shows it.
pub fn show(vm: &Vm, address: &Address) -> PyResult<Value> {
    match address {
        Address::V4(host, port) => {
            Ok(Tuple::pair(vm, Ipv4Addr::from(*host).to_string().into_value(vm)?, port_value(*port))?.into())
        }
        Address::V6(host, port, flow, scope) => {
            let items = [
                v6_text(*host, *scope).into_value(vm)?,
                port_value(*port),
                flow.into_value(vm)?,
                scope.into_value(vm)?,
            ];
            Ok(Tuple::new(vm, items.into_iter())?.into())
        }
        Address::Unix(path) if path.first() == Some(&0) => Ok(Bytes::new(vm, path)?.into()),
        Address::Unix(path) => Ok(system_text(vm, path)?.into()),
        Address::None => Ok(NONE),
        Address::Other(family, bytes) => {
            Ok(Tuple::pair(vm, Value::small_int(*family), Bytes::new(vm, bytes)?.into())?.into())
        }
    }
}

fn port_value(port: u16) -> Value {
    Value::small_int(i32::from(port))
}
