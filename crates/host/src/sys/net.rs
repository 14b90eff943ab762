//! Foreign calls about sockets, names of hosts, and waiting for descriptors.
//!
//! Invariant: those of the parent module; an address is turned into the system's form and back here only.

use super::{check, check_size, name_service};
use std::ffi::{CStr, CString, c_int, c_void};
use std::io;
use std::mem::zeroed;
use std::ptr;
use std::sync::{Mutex, PoisonError};

/// A socket's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// IPv4: address and port.
    V4([u8; 4], u16),
    /// IPv6: address, port, flow information, scope.
    V6([u8; 16], u16, u32, u32),
    /// A path, or a name that begins with a NUL; empty for an unnamed socket.
    Unix(Vec<u8>),
    /// No address: what a connected socket that has none gives.
    None,
    /// Another family and its bytes.
    Other(i32, Vec<u8>),
}

fn encode(address: &Address) -> io::Result<(libc::sockaddr_storage, libc::socklen_t)> {
    // SAFETY: S3.
    let mut storage: libc::sockaddr_storage = unsafe { zeroed() };
    let place = ptr::addr_of_mut!(storage);
    let len = match address {
        Address::V4(host, port) => {
            // SAFETY: a storage has room and alignment for every kind of address.
            let to = unsafe { &mut *place.cast::<libc::sockaddr_in>() };
            to.sin_family = libc::AF_INET as u16;
            to.sin_port = port.to_be();
            to.sin_addr.s_addr = u32::from_ne_bytes(*host);
            size_of::<libc::sockaddr_in>()
        }
        Address::V6(host, port, flow, scope) => {
            // SAFETY: as above.
            let to = unsafe { &mut *place.cast::<libc::sockaddr_in6>() };
            to.sin6_family = libc::AF_INET6 as u16;
            to.sin6_port = port.to_be();
            to.sin6_flowinfo = flow.to_be();
            to.sin6_addr.s6_addr = *host;
            to.sin6_scope_id = *scope;
            size_of::<libc::sockaddr_in6>()
        }
        Address::Unix(path) => {
            // SAFETY: as above.
            let to = unsafe { &mut *place.cast::<libc::sockaddr_un>() };
            to.sun_family = libc::AF_UNIX as u16;
            let abstract_name = path.first() == Some(&0);
            if path.len() + usize::from(!abstract_name) > to.sun_path.len() {
                return Err(io::Error::from_raw_os_error(libc::ENAMETOOLONG));
            }
            for (to, byte) in to.sun_path.iter_mut().zip(path) {
                *to = *byte as libc::c_char;
            }
            std::mem::offset_of!(libc::sockaddr_un, sun_path)
                + path.len()
                + usize::from(!abstract_name && !path.is_empty())
        }
        Address::None => 0,
        Address::Other(..) => return Err(io::Error::from_raw_os_error(libc::EAFNOSUPPORT)),
    };
    Ok((storage, len as libc::socklen_t))
}

fn decode(storage: &libc::sockaddr_storage, len: libc::socklen_t) -> Address {
    let len = len as usize;
    if len < size_of::<libc::sa_family_t>() {
        return Address::None;
    }
    let place = ptr::from_ref(storage);
    match i32::from(storage.ss_family) {
        libc::AF_INET => {
            // SAFETY: the system wrote an address of this kind.
            let from = unsafe { &*place.cast::<libc::sockaddr_in>() };
            Address::V4(from.sin_addr.s_addr.to_ne_bytes(), u16::from_be(from.sin_port))
        }
        libc::AF_INET6 => {
            // SAFETY: as above.
            let from = unsafe { &*place.cast::<libc::sockaddr_in6>() };
            let (port, flow) = (u16::from_be(from.sin6_port), u32::from_be(from.sin6_flowinfo));
            Address::V6(from.sin6_addr.s6_addr, port, flow, from.sin6_scope_id)
        }
        libc::AF_UNIX => {
            // SAFETY: as above.
            let from = unsafe { &*place.cast::<libc::sockaddr_un>() };
            let count = len.saturating_sub(std::mem::offset_of!(libc::sockaddr_un, sun_path)).min(from.sun_path.len());
            let mut path: Vec<u8> = from.sun_path[..count].iter().map(|&byte| byte as u8).collect();
            if path.first() != Some(&0)
                && let Some(end) = path.iter().position(|&byte| byte == 0)
            {
                path.truncate(end);
            }
            Address::Unix(path)
        }
        family => {
            let count = len.min(size_of::<libc::sockaddr_storage>());
            // SAFETY: the storage's bytes were zeroed or written.
            let bytes = unsafe { std::slice::from_raw_parts(place.cast::<u8>(), count) };
            Address::Other(family, bytes.get(2..).unwrap_or(&[]).to_vec())
        }
    }
}

fn storage() -> (libc::sockaddr_storage, libc::socklen_t) {
    // SAFETY: S3.
    (unsafe { zeroed() }, size_of::<libc::sockaddr_storage>() as libc::socklen_t)
}

/// Makes a socket that children do not inherit.
pub fn socket(family: i32, kind: i32, protocol: i32) -> io::Result<i32> {
    // SAFETY: S1.
    check(unsafe { libc::socket(family, kind | libc::SOCK_CLOEXEC, protocol) })
}

/// Makes a pair of connected sockets.
pub fn socketpair(family: i32, kind: i32, protocol: i32) -> io::Result<[i32; 2]> {
    let mut ends = [0; 2];
    // SAFETY: S2.
    check(unsafe { libc::socketpair(family, kind | libc::SOCK_CLOEXEC, protocol, ends.as_mut_ptr()) })?;
    Ok(ends)
}

/// The system's `bind`.
pub fn bind(fd: i32, address: &Address) -> io::Result<()> {
    let (storage, len) = encode(address)?;
    // An unnamed address of the local family is its family alone.
    let len = if len == 2 || matches!(address, Address::Unix(path) if path.is_empty()) { 2 } else { len };
    // SAFETY: S2.
    check(unsafe { libc::bind(fd, ptr::addr_of!(storage).cast(), len) }).map(drop)
}

/// The system's `connect`.
pub fn connect(fd: i32, address: &Address) -> io::Result<()> {
    let (storage, len) = encode(address)?;
    // SAFETY: S2.
    check(unsafe { libc::connect(fd, ptr::addr_of!(storage).cast(), len) }).map(drop)
}

/// The system's `listen`.
pub fn listen(fd: i32, backlog: i32) -> io::Result<()> {
    // SAFETY: S1.
    check(unsafe { libc::listen(fd, backlog) }).map(drop)
}

/// Takes a connection: its descriptor, not inheritable, and the other end's address.
pub fn accept(fd: i32) -> io::Result<(i32, Address)> {
    let (mut place, mut len) = storage();
    // SAFETY: S2.
    let made = check(unsafe { libc::accept4(fd, ptr::addr_of_mut!(place).cast(), &mut len, libc::SOCK_CLOEXEC) })?;
    Ok((made, decode(&place, len)))
}

/// A socket's own address, or the other end's.
pub fn name_of(fd: i32, peer: bool) -> io::Result<Address> {
    let (mut place, mut len) = storage();
    let to = ptr::addr_of_mut!(place).cast();
    // SAFETY: S2.
    check(unsafe { if peer { libc::getpeername(fd, to, &mut len) } else { libc::getsockname(fd, to, &mut len) } })?;
    Ok(decode(&place, len))
}

/// The system's `shutdown`.
pub fn shutdown(fd: i32, how: i32) -> io::Result<()> {
    // SAFETY: S1.
    check(unsafe { libc::shutdown(fd, how) }).map(drop)
}

/// Receives some bytes.
pub fn recv(fd: i32, buffer: &mut [u8], flags: i32) -> io::Result<usize> {
    // SAFETY: S2.
    check_size(unsafe { libc::recv(fd, buffer.as_mut_ptr().cast(), buffer.len(), flags) })
}

/// Receives some bytes and tells who sent them.
pub fn recvfrom(fd: i32, buffer: &mut [u8], flags: i32) -> io::Result<(usize, Address)> {
    let (mut place, mut len) = storage();
    let to = ptr::addr_of_mut!(place).cast();
    // SAFETY: S2.
    let got = check_size(unsafe { libc::recvfrom(fd, buffer.as_mut_ptr().cast(), buffer.len(), flags, to, &mut len) })?;
    Ok((got, decode(&place, len)))
}

/// Sends some of the bytes and tells how many.
pub fn send(fd: i32, bytes: &[u8], flags: i32) -> io::Result<usize> {
    // SAFETY: S2.
    check_size(unsafe { libc::send(fd, bytes.as_ptr().cast(), bytes.len(), flags) })
}

/// Sends bytes to an address.
pub fn sendto(fd: i32, bytes: &[u8], flags: i32, address: &Address) -> io::Result<usize> {
    let (storage, len) = encode(address)?;
    // SAFETY: S2.
    check_size(unsafe {
        libc::sendto(fd, bytes.as_ptr().cast(), bytes.len(), flags, ptr::addr_of!(storage).cast(), len)
    })
}

/// A control message: level, type, data.
pub type Control = (i32, i32, Vec<u8>);

/// What `recvmsg` gives.
pub struct Message {
    /// Bytes received, over all buffers.
    pub len: usize,
    /// The control messages.
    pub controls: Vec<Control>,
    /// Flags on the message.
    pub flags: i32,
    /// Who sent it.
    pub address: Address,
}

/// The room that a control message with `len` bytes of data takes, and the length written in it.
pub fn control_space(len: usize) -> (usize, usize) {
    let align = size_of::<usize>();
    let header = size_of::<libc::cmsghdr>().next_multiple_of(align);
    (header.saturating_add(len).saturating_add(align - 1) & !(align - 1), header.saturating_add(len))
}

/// Receives into several buffers, with room for `control` bytes of control messages.
pub fn recvmsg(fd: i32, buffers: &mut [Vec<u8>], control: usize, flags: i32) -> io::Result<Message> {
    let mut parts: Vec<libc::iovec> = buffers
        .iter_mut()
        .map(|part| libc::iovec { iov_base: part.as_mut_ptr().cast(), iov_len: part.len() })
        .collect();
    let (mut place, len) = storage();
    let mut room = vec![0u64; control.div_ceil(8)];
    // SAFETY: S3.
    let mut header: libc::msghdr = unsafe { zeroed() };
    header.msg_name = ptr::addr_of_mut!(place).cast();
    header.msg_namelen = len;
    header.msg_iov = parts.as_mut_ptr();
    header.msg_iovlen = parts.len();
    header.msg_control = if control == 0 { ptr::null_mut() } else { room.as_mut_ptr().cast() };
    header.msg_controllen = control;
    // SAFETY: S2; every pointer in the header is to one of the buffers above.
    let got = check_size(unsafe { libc::recvmsg(fd, &mut header, flags) })?;
    let mut controls = Vec::new();
    // SAFETY: the macros walk the control buffer that the call filled, within `msg_controllen`; the data's length is cut to what is there.
    unsafe {
        let mut at = libc::CMSG_FIRSTHDR(&header);
        while !at.is_null() {
            let data = libc::CMSG_DATA(at);
            let before = data as usize - at as usize;
            let end = header.msg_control as usize + header.msg_controllen;
            let len = ((*at).cmsg_len as usize).saturating_sub(before).min(end.saturating_sub(data as usize));
            controls.push(((*at).cmsg_level, (*at).cmsg_type, std::slice::from_raw_parts(data, len).to_vec()));
            at = libc::CMSG_NXTHDR(&header, at);
        }
    }
    Ok(Message { len: got, controls, flags: header.msg_flags, address: decode(&place, header.msg_namelen) })
}

/// Sends several buffers with control messages.
pub fn sendmsg(
    fd: i32,
    buffers: &[Vec<u8>],
    controls: &[Control],
    flags: i32,
    address: Option<&Address>,
) -> io::Result<usize> {
    let mut parts: Vec<libc::iovec> = buffers
        .iter()
        .map(|part| libc::iovec { iov_base: part.as_ptr().cast_mut().cast(), iov_len: part.len() })
        .collect();
    let total: usize = controls.iter().map(|(_, _, data)| control_space(data.len()).0).sum();
    let mut room = vec![0u64; total.div_ceil(8)];
    let named = address.map(encode).transpose()?;
    // SAFETY: S3.
    let mut header: libc::msghdr = unsafe { zeroed() };
    if let Some((storage, len)) = &named {
        header.msg_name = ptr::from_ref(storage).cast_mut().cast();
        header.msg_namelen = *len;
    }
    header.msg_iov = parts.as_mut_ptr();
    header.msg_iovlen = parts.len();
    header.msg_control = if total == 0 { ptr::null_mut() } else { room.as_mut_ptr().cast::<c_void>() };
    header.msg_controllen = total;
    // SAFETY: the macros walk `room`, which is as large as all messages together; each is written within its own space.
    unsafe {
        let mut at = libc::CMSG_FIRSTHDR(&header);
        for (level, kind, data) in controls {
            if at.is_null() {
                break;
            }
            (*at).cmsg_level = *level;
            (*at).cmsg_type = *kind;
            (*at).cmsg_len = control_space(data.len()).1 as _;
            ptr::copy_nonoverlapping(data.as_ptr(), libc::CMSG_DATA(at), data.len());
            at = libc::CMSG_NXTHDR(&header, at);
        }
        // S2: every pointer in the header is to one of the buffers above.
        check_size(libc::sendmsg(fd, &header, flags))
    }
}

/// Reads a socket option into a buffer and tells how many bytes it has.
pub fn getsockopt(fd: i32, level: i32, option: i32, buffer: &mut [u8]) -> io::Result<usize> {
    let mut len = buffer.len() as libc::socklen_t;
    // SAFETY: S2.
    check(unsafe { libc::getsockopt(fd, level, option, buffer.as_mut_ptr().cast(), &mut len) })?;
    Ok(len as usize)
}

/// Sets a socket option from bytes; without any, from a null pointer and a length.
pub fn setsockopt(fd: i32, level: i32, option: i32, value: Result<&[u8], u32>) -> io::Result<()> {
    let (data, len) = match value {
        Ok(bytes) => (bytes.as_ptr(), bytes.len() as libc::socklen_t),
        Err(len) => (ptr::null(), len),
    };
    // SAFETY: S2; the system checks a null pointer itself.
    check(unsafe { libc::setsockopt(fd, level, option, data.cast(), len) }).map(drop)
}

/// What `getaddrinfo` knows of an address: family, type, protocol, canonical name, address.
pub type Found = (i32, i32, i32, Vec<u8>, Address);

/// Why a name was not found: the resolver's number, and the system's error where that says so.
pub type Unresolved = (i32, io::Error);

/// The flags with which names of hosts go through a library that would have to be loaded.
const AI_IDN: i32 = 0x40 | 0x80;
const NI_IDN: i32 = 0x20;

/// Addresses of a host and a service.
pub fn getaddrinfo(
    host: Option<&CStr>,
    service: Option<&CStr>,
    [family, kind, protocol, flags]: [i32; 4],
) -> Result<Vec<Found>, Unresolved> {
    if !name_service::is_confined() {
        return resolve(host, service, [family, kind, protocol, flags]);
    }
    let flags = flags & !AI_IDN;
    let found = resolve(host, service, [family, kind, protocol, flags]);
    let (Err((libc::EAI_NONAME | libc::EAI_NODATA | libc::EAI_AGAIN, _)), Some(host), 0) =
        (&found, host, flags & libc::AI_NUMERICHOST)
    else {
        return found;
    };
    let Some((addresses, canonical)) = name_service::addresses(host.to_bytes()) else { return found };
    let mut all = Vec::new();
    for address in addresses {
        let Ok(address) = super::c_string(address.as_bytes()) else { continue };
        let hints = [family, kind, protocol, flags & !libc::AI_CANONNAME | libc::AI_NUMERICHOST];
        all.extend(resolve(Some(&address), service, hints).unwrap_or_default());
    }
    if let (Some(first), Some(name), true) = (all.first_mut(), canonical, flags & libc::AI_CANONNAME != 0) {
        first.3 = name.into_bytes();
    }
    if all.is_empty() { found } else { Ok(all) }
}

fn resolve(
    host: Option<&CStr>,
    service: Option<&CStr>,
    [family, kind, protocol, flags]: [i32; 4],
) -> Result<Vec<Found>, Unresolved> {
    // SAFETY: S3.
    let mut hints: libc::addrinfo = unsafe { zeroed() };
    hints.ai_family = family;
    hints.ai_socktype = kind;
    hints.ai_protocol = protocol;
    hints.ai_flags = flags;
    let mut list = ptr::null_mut();
    let (host, service) = (host.map_or(ptr::null(), CStr::as_ptr), service.map_or(ptr::null(), CStr::as_ptr));
    // SAFETY: S2.
    let error = unsafe { libc::getaddrinfo(host, service, &hints, &mut list) };
    if error != 0 {
        return Err((error, io::Error::last_os_error()));
    }
    let mut all = Vec::new();
    let mut at = list;
    // SAFETY: the list is the call's answer, ended by a null pointer, and freed once, after everything was copied out of it.
    unsafe {
        while let Some(entry) = at.as_ref() {
            let (mut place, _) = storage();
            let len = (entry.ai_addrlen as usize).min(size_of::<libc::sockaddr_storage>());
            ptr::copy_nonoverlapping(entry.ai_addr.cast::<u8>(), ptr::addr_of_mut!(place).cast::<u8>(), len);
            let name = if entry.ai_canonname.is_null() {
                Vec::new()
            } else {
                CStr::from_ptr(entry.ai_canonname).to_bytes().to_vec()
            };
            all.push((entry.ai_family, entry.ai_socktype, entry.ai_protocol, name, decode(&place, entry.ai_addrlen)));
            at = entry.ai_next;
        }
        libc::freeaddrinfo(list);
    }
    Ok(all)
}

/// Host and service of an address.
pub fn getnameinfo(address: &Address, flags: i32) -> Result<(Vec<u8>, Vec<u8>), Unresolved> {
    if !name_service::is_confined() {
        return names_of(address, flags);
    }
    let flags = flags & !NI_IDN;
    let found = names_of(address, flags);
    let numbers = || names_of(address, flags & !libc::NI_NAMEREQD | libc::NI_NUMERICHOST);
    if flags & libc::NI_NUMERICHOST == 0
        && let Ok((number, service)) = numbers()
        && found.as_ref().map_or_else(|(error, _)| *error == libc::EAI_NONAME, |(host, _)| *host == number)
        && let Some(host) = name_service::host_at(&number)
    {
        return Ok((host, service));
    }
    found
}

fn names_of(address: &Address, flags: i32) -> Result<(Vec<u8>, Vec<u8>), Unresolved> {
    let (storage, len) = encode(address).map_err(|error| (libc::EAI_SYSTEM, error))?;
    let (mut host, mut service) = ([0 as libc::c_char; 1025], [0 as libc::c_char; 64]);
    // SAFETY: S2.
    unsafe {
        let error = libc::getnameinfo(
            ptr::addr_of!(storage).cast(),
            len,
            host.as_mut_ptr(),
            host.len() as libc::socklen_t,
            service.as_mut_ptr(),
            service.len() as libc::socklen_t,
            flags,
        );
        if error != 0 {
            return Err((error, io::Error::last_os_error()));
        }
        // The call ended both with a NUL.
        let text = |text: &[libc::c_char]| CStr::from_ptr(text.as_ptr()).to_bytes().to_vec();
        Ok((text(&host), text(&service)))
    }
}

/// The resolver's wording of an error.
pub fn gai_strerror(error: i32) -> String {
    // SAFETY: the answer is a constant text.
    unsafe { CStr::from_ptr(libc::gai_strerror(error)) }.to_string_lossy().into_owned()
}

/// The tables of services and protocols are walked with state of the C library's own.
static TABLES: Mutex<()> = Mutex::new(());

unsafe extern "C" {
    fn getprotobyname(name: *const libc::c_char) -> *mut libc::protoent;
}

/// The port of a service, in the machine's order.
pub fn service_by_name(name: &CStr, protocol: Option<&CStr>) -> Option<u16> {
    let _held = TABLES.lock().unwrap_or_else(PoisonError::into_inner);
    // SAFETY: S2; the entry is read while the table is held.
    unsafe {
        let found = libc::getservbyname(name.as_ptr(), protocol.map_or(ptr::null(), CStr::as_ptr));
        found.as_ref().map(|entry| u16::from_be(entry.s_port as u16))
    }
}

/// The service on a port.
pub fn service_by_port(port: u16, protocol: Option<&CStr>) -> Option<Vec<u8>> {
    let _held = TABLES.lock().unwrap_or_else(PoisonError::into_inner);
    // SAFETY: S2; the entry is read while the table is held.
    unsafe {
        let found = libc::getservbyport(c_int::from(port.to_be()), protocol.map_or(ptr::null(), CStr::as_ptr));
        found.as_ref().map(|entry| CStr::from_ptr(entry.s_name).to_bytes().to_vec())
    }
}

/// The number of a protocol.
pub fn protocol_by_name(name: &CStr) -> Option<i32> {
    let _held = TABLES.lock().unwrap_or_else(PoisonError::into_inner);
    // SAFETY: S2; the entry is read while the table is held.
    unsafe { getprotobyname(name.as_ptr()).as_ref().map(|entry| entry.p_proto) }
}

/// The host's name.
pub fn gethostname() -> io::Result<Vec<u8>> {
    let mut name = [0 as libc::c_char; 1024];
    // SAFETY: S2; one byte is left for the NUL.
    check(unsafe { libc::gethostname(name.as_mut_ptr(), name.len() - 1) })?;
    // SAFETY: as above.
    Ok(unsafe { CStr::from_ptr(name.as_ptr()) }.to_bytes().to_vec())
}

/// Renames the host.
pub fn sethostname(name: &[u8]) -> io::Result<()> {
    // SAFETY: S2.
    check(unsafe { libc::sethostname(name.as_ptr().cast(), name.len()) }).map(drop)
}

/// The network interfaces: numbers and names.
pub fn interfaces() -> io::Result<Vec<(u32, Vec<u8>)>> {
    let mut all = Vec::new();
    // SAFETY: the list is the call's answer, ended by an entry without a name, and freed once.
    unsafe {
        let list = libc::if_nameindex();
        if list.is_null() {
            return Err(io::Error::last_os_error());
        }
        let mut at = list;
        while (*at).if_index != 0 && !(*at).if_name.is_null() {
            all.push(((*at).if_index, CStr::from_ptr((*at).if_name).to_bytes().to_vec()));
            at = at.add(1);
        }
        libc::if_freenameindex(list);
    }
    Ok(all)
}

/// The number of a network interface.
pub fn interface_by_name(name: &CStr) -> io::Result<u32> {
    // SAFETY: S2.
    match unsafe { libc::if_nametoindex(name.as_ptr()) } {
        0 => Err(io::Error::last_os_error()),
        number => Ok(number),
    }
}

/// The name of a network interface.
pub fn interface_name(number: u32) -> io::Result<CString> {
    let mut name = [0 as libc::c_char; libc::IF_NAMESIZE];
    // SAFETY: S2; the call ends the name with a NUL.
    unsafe {
        if libc::if_indextoname(number, name.as_mut_ptr()).is_null() {
            return Err(io::Error::last_os_error());
        }
        Ok(CStr::from_ptr(name.as_ptr()).to_owned())
    }
}

// Waiting

/// The largest descriptor that `select` takes, and one.
pub const SET_SIZE: usize = libc::FD_SETSIZE;

/// Waits for the descriptors of three lists; afterwards they hold those that are ready.
pub fn select(lists: &mut [Vec<i32>; 3], timeout: Option<(i64, i64)>) -> io::Result<()> {
    // SAFETY: S3.
    let mut sets: [libc::fd_set; 3] = unsafe { zeroed() };
    let mut most = -1;
    for (set, list) in sets.iter_mut().zip(lists.iter()) {
        for &fd in list {
            if usize::try_from(fd).map_or(true, |fd| fd >= SET_SIZE) {
                return Err(io::Error::from_raw_os_error(libc::EINVAL));
            }
            most = most.max(fd);
            // SAFETY: the number is below the set's size.
            unsafe { libc::FD_SET(fd, set) };
        }
    }
    let mut time = timeout.map(|(seconds, us)| libc::timeval { tv_sec: seconds, tv_usec: us });
    let time = time.as_mut().map_or(ptr::null_mut(), |time| time as *mut libc::timeval);
    let [read, write, other] = &mut sets;
    // SAFETY: S2.
    check(unsafe { libc::select(most + 1, read, write, other, time) })?;
    for (set, list) in sets.iter().zip(lists.iter_mut()) {
        // SAFETY: the numbers are below the set's size.
        list.retain(|&fd| unsafe { libc::FD_ISSET(fd, set) });
    }
    Ok(())
}

/// The system's `epoll_create1`.
pub fn epoll_create(flags: i32) -> io::Result<i32> {
    // SAFETY: S1.
    check(unsafe { libc::epoll_create1(flags | libc::EPOLL_CLOEXEC) })
}

/// The system's `epoll_ctl`.
pub fn epoll_control(epoll: i32, operation: i32, fd: i32, events: u32) -> io::Result<()> {
    let mut event = libc::epoll_event { events, u64: fd as u32 as u64 };
    // SAFETY: S2.
    check(unsafe { libc::epoll_ctl(epoll, operation, fd, &mut event) }).map(drop)
}

/// Waits for events: descriptors and what came.
pub fn epoll_wait(epoll: i32, most: usize, timeout_ms: i32) -> io::Result<Vec<(i32, u32)>> {
    let mut events = vec![libc::epoll_event { events: 0, u64: 0 }; most];
    let room = c_int::try_from(events.len()).unwrap_or(c_int::MAX);
    // SAFETY: S2.
    let count = check(unsafe { libc::epoll_wait(epoll, events.as_mut_ptr(), room, timeout_ms) })?;
    events.truncate(usize::try_from(count).unwrap_or(0));
    Ok(events.into_iter().map(|event| ({ event.u64 } as i32, { event.events })).collect())
}
