//! Foreign calls about descriptors, files and terminals beyond the everyday ones.
//!
//! Invariant: those of the parent module.

use super::{check, check_size};
use std::ffi::{CStr, CString, c_char, c_int, c_ulong};
use std::io;
use std::mem::zeroed;
use std::ptr;
use std::sync::atomic::{AtomicU8, Ordering};

/// Which of the standard descriptors were closed when the program began, one bit each.
static CLOSED: AtomicU8 = AtomicU8::new(0);

/// Runs before `main`, and so before Rust's start-up opens `/dev/null` in the place of closed standard descriptors.
#[used]
#[unsafe(link_section = ".init_array")]
static LOOK: extern "C" fn() = look;

extern "C" fn look() {
    for fd in 0..3 {
        // SAFETY: S1
        if unsafe { libc::fcntl(fd, libc::F_GETFD) } == -1 {
            CLOSED.fetch_or(1 << fd, Ordering::Relaxed);
        }
    }
}

/// Whether a standard descriptor was closed when the program began.
pub fn was_closed(fd: i32) -> bool {
    (0..3).contains(&fd) && CLOSED.load(Ordering::Relaxed) & (1 << fd) != 0
}

fn errno_result(error: c_int) -> io::Result<()> {
    if error == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(error)) }
}

/// `fcntl` with a number; only for commands that take one.
pub fn fcntl(fd: i32, command: i32, argument: i64) -> io::Result<i32> {
    // SAFETY: the caller vouches that the command takes a number, or none; a command that took an address would find one that the
    // program made up, as it may in C.
    check(unsafe { libc::fcntl(fd, command, argument) })
}

/// `fcntl` with a structure that the call may change.
pub fn fcntl_bytes(fd: i32, command: i32, argument: &mut [u8]) -> io::Result<i32> {
    // SAFETY: S2; the buffer is as large as any structure that `fcntl` knows (the caller pads it).
    check(unsafe { libc::fcntl(fd, command, argument.as_mut_ptr()) })
}

/// `ioctl` with a number.
pub fn ioctl(fd: i32, request: u64, argument: i64) -> io::Result<i32> {
    // SAFETY: as for `fcntl`.
    check(unsafe { libc::ioctl(fd, request as c_ulong, argument) })
}

/// `ioctl` with a structure that the call may change.
pub fn ioctl_bytes(fd: i32, request: u64, argument: &mut [u8]) -> io::Result<i32> {
    // SAFETY: S2; the caller pads the buffer.
    check(unsafe { libc::ioctl(fd, request as c_ulong, argument.as_mut_ptr()) })
}

/// The system's `flock`.
pub fn flock(fd: i32, operation: i32) -> io::Result<()> {
    // SAFETY: S1.
    check(unsafe { libc::flock(fd, operation) }).map(drop)
}

/// A lock on a part of a file; `wait` says whether to wait for it.
pub fn lock_part(fd: i32, kind: i32, start: i64, len: i64, whence: i32, wait: bool) -> io::Result<()> {
    // SAFETY: S3.
    let mut lock: libc::flock = unsafe { zeroed() };
    lock.l_type = kind as i16;
    lock.l_whence = whence as i16;
    lock.l_start = start;
    lock.l_len = len;
    // SAFETY: S2.
    check(unsafe { libc::fcntl(fd, if wait { libc::F_SETLKW } else { libc::F_SETLK }, &lock) }).map(drop)
}

/// The system's `lockf`.
pub fn lockf(fd: i32, command: i32, len: i64) -> io::Result<()> {
    // SAFETY: S1.
    check(unsafe { libc::lockf(fd, command, len) }).map(drop)
}

/// A pipe with flags.
pub fn pipe2(flags: i32) -> io::Result<[i32; 2]> {
    super::pipe2(flags)
}

/// The system's `sendfile`; without an offset it reads from the position.
pub fn sendfile(out: i32, input: i32, offset: Option<i64>, count: usize) -> io::Result<usize> {
    let mut place = offset.unwrap_or(0);
    let place = if offset.is_some() { &mut place as *mut i64 } else { ptr::null_mut() };
    // SAFETY: S2.
    check_size(unsafe { libc::sendfile(out, input, place, count) })
}

/// `splice`, or `copy_file_range` when `flags` is `None`.
pub fn transfer(
    from: (i32, Option<i64>),
    to: (i32, Option<i64>),
    count: usize,
    flags: Option<u32>,
) -> io::Result<usize> {
    let (mut from_place, mut to_place) = (from.1.unwrap_or(0), to.1.unwrap_or(0));
    let from_place = if from.1.is_some() { &mut from_place as *mut i64 } else { ptr::null_mut() };
    let to_place = if to.1.is_some() { &mut to_place as *mut i64 } else { ptr::null_mut() };
    // SAFETY: S2.
    check_size(unsafe {
        match flags {
            Some(flags) => libc::splice(from.0, from_place, to.0, to_place, count, flags),
            None => libc::copy_file_range(from.0, from_place, to.0, to_place, count, 0),
        }
    })
}

/// The system's `posix_fallocate`.
pub fn fallocate(fd: i32, offset: i64, len: i64) -> io::Result<()> {
    // SAFETY: S1.
    errno_result(unsafe { libc::posix_fallocate(fd, offset, len) })
}

/// The system's `posix_fadvise`.
pub fn fadvise(fd: i32, offset: i64, len: i64, advice: i32) -> io::Result<()> {
    // SAFETY: S1.
    errno_result(unsafe { libc::posix_fadvise(fd, offset, len, advice) })
}

/// The system's `fdatasync`.
pub fn fdatasync(fd: i32) -> io::Result<()> {
    // SAFETY: S1.
    check(unsafe { libc::fdatasync(fd) }).map(drop)
}

/// The system's `sync`.
pub fn sync() {
    // SAFETY: S1.
    unsafe { libc::sync() }
}

/// Makes a file of any kind.
pub fn mknod(path: &CStr, mode: u32, device: u64) -> io::Result<()> {
    // SAFETY: S2.
    check(unsafe { libc::mknod(path.as_ptr(), mode, device) }).map(drop)
}

/// The number of a device.
pub fn makedev(major: u32, minor: u32) -> u64 {
    libc::makedev(major, minor)
}

/// Major and minor number of a device.
pub fn device_parts(device: u64) -> (u32, u32) {
    (libc::major(device), libc::minor(device))
}

/// The system's `fchmod`.
pub fn fchmod(fd: i32, mode: u32) -> io::Result<()> {
    // SAFETY: S1.
    check(unsafe { libc::fchmod(fd, mode) }).map(drop)
}

/// The system's `fchown`.
pub fn fchown(fd: i32, uid: u32, gid: u32) -> io::Result<()> {
    // SAFETY: S1.
    check(unsafe { libc::fchown(fd, uid, gid) }).map(drop)
}

/// The system's `lchown`.
pub fn lchown(path: &CStr, uid: u32, gid: u32) -> io::Result<()> {
    // SAFETY: S2.
    check(unsafe { libc::lchown(path.as_ptr(), uid, gid) }).map(drop)
}

/// A limit of the file system by its `_PC_*` number; -1 without one.
pub fn pathconf(path: Result<&CStr, i32>, name: i32) -> io::Result<i64> {
    // SAFETY: the address of this thread's own errno.
    unsafe { *libc::__errno_location() = 0 };
    // SAFETY: S2.
    let value = unsafe {
        match path {
            Ok(path) => libc::pathconf(path.as_ptr(), name),
            Err(fd) => libc::fpathconf(fd, name),
        }
    };
    let error = io::Error::last_os_error();
    if value == -1 && error.raw_os_error() != Some(0) { Err(error) } else { Ok(value) }
}

/// A text of the system's configuration; `None` when it has none.
pub fn confstr(name: i32) -> io::Result<Option<Vec<u8>>> {
    // SAFETY: the address of this thread's own errno.
    unsafe { *libc::__errno_location() = 0 };
    // SAFETY: a size of 0 only asks for the length.
    let len = unsafe { libc::confstr(name, ptr::null_mut(), 0) };
    if len == 0 {
        let error = io::Error::last_os_error();
        return if error.raw_os_error() == Some(0) { Ok(None) } else { Err(error) };
    }
    let mut text = vec![0u8; len];
    // SAFETY: S2.
    unsafe { libc::confstr(name, text.as_mut_ptr().cast(), len) };
    text.pop();
    Ok(Some(text))
}

/// The eleven numbers of `statvfs`.
pub fn statvfs(path: Result<&CStr, i32>) -> io::Result<[u64; 11]> {
    // SAFETY: S3.
    let mut found: libc::statvfs = unsafe { zeroed() };
    // SAFETY: S2.
    check(unsafe {
        match path {
            Ok(path) => libc::statvfs(path.as_ptr(), &mut found),
            Err(fd) => libc::fstatvfs(fd, &mut found),
        }
    })?;
    Ok([
        found.f_bsize,
        found.f_frsize,
        found.f_blocks,
        found.f_bfree,
        found.f_bavail,
        found.f_files,
        found.f_ffree,
        found.f_favail,
        found.f_flag,
        found.f_namemax,
        found.f_fsid,
    ])
}

/// How many processes waited to run, on average over 1, 5 and 15 minutes.
pub fn load_averages() -> Option<[f64; 3]> {
    let mut loads = [0.0; 3];
    // SAFETY: S2.
    (unsafe { libc::getloadavg(loads.as_mut_ptr(), 3) } == 3).then_some(loads)
}

/// What an extended attribute is read from: a path (links followed or not) or a descriptor.
pub enum Target<'a> {
    /// A path, and whether links are followed.
    Path(&'a CStr, bool),
    /// A descriptor.
    Descriptor(i32),
}

fn grown(mut call: impl FnMut(*mut u8, usize) -> isize) -> io::Result<Vec<u8>> {
    let mut room = vec![0u8; 128];
    loop {
        match check_size(call(room.as_mut_ptr(), room.len())) {
            Ok(len) => {
                room.truncate(len);
                return Ok(room);
            }
            Err(error) if error.raw_os_error() == Some(libc::ERANGE) && room.len() < 1 << 20 => {
                room.resize(room.len() * 8, 0);
            }
            Err(error) => return Err(error),
        }
    }
}

/// The value of an extended attribute.
pub fn getxattr(target: &Target<'_>, name: &CStr) -> io::Result<Vec<u8>> {
    // SAFETY: S2.
    grown(|room, len| unsafe {
        match target {
            Target::Path(path, true) => libc::getxattr(path.as_ptr(), name.as_ptr(), room.cast(), len),
            Target::Path(path, false) => libc::lgetxattr(path.as_ptr(), name.as_ptr(), room.cast(), len),
            Target::Descriptor(fd) => libc::fgetxattr(*fd, name.as_ptr(), room.cast(), len),
        }
    })
}

/// The names of the extended attributes, each ended by a NUL.
pub fn listxattr(target: &Target<'_>) -> io::Result<Vec<u8>> {
    // SAFETY: S2.
    grown(|room, len| unsafe {
        match target {
            Target::Path(path, true) => libc::listxattr(path.as_ptr(), room.cast(), len),
            Target::Path(path, false) => libc::llistxattr(path.as_ptr(), room.cast(), len),
            Target::Descriptor(fd) => libc::flistxattr(*fd, room.cast(), len),
        }
    })
}

/// Sets an extended attribute.
pub fn setxattr(target: &Target<'_>, name: &CStr, value: &[u8], flags: i32) -> io::Result<()> {
    let (data, len) = (value.as_ptr().cast(), value.len());
    // SAFETY: S2.
    check(unsafe {
        match target {
            Target::Path(path, true) => libc::setxattr(path.as_ptr(), name.as_ptr(), data, len, flags),
            Target::Path(path, false) => libc::lsetxattr(path.as_ptr(), name.as_ptr(), data, len, flags),
            Target::Descriptor(fd) => libc::fsetxattr(*fd, name.as_ptr(), data, len, flags),
        }
    })
    .map(drop)
}

/// Removes an extended attribute.
pub fn removexattr(target: &Target<'_>, name: &CStr) -> io::Result<()> {
    // SAFETY: S2.
    check(unsafe {
        match target {
            Target::Path(path, true) => libc::removexattr(path.as_ptr(), name.as_ptr()),
            Target::Path(path, false) => libc::lremovexattr(path.as_ptr(), name.as_ptr()),
            Target::Descriptor(fd) => libc::fremovexattr(*fd, name.as_ptr()),
        }
    })
    .map(drop)
}

/// A pseudo-terminal: its two descriptors, master first.
pub fn openpty() -> io::Result<(i32, i32)> {
    super::openpty(0, 0)
}

/// Makes a terminal the controlling one and the standard descriptors of this process.
pub fn login_tty(fd: i32) -> io::Result<()> {
    // SAFETY: S1.
    check(unsafe { libc::login_tty(fd) }).map(drop)
}

/// The path of the terminal behind a descriptor.
pub fn ttyname(fd: i32) -> io::Result<Vec<u8>> {
    let mut name = [0 as c_char; 512];
    // SAFETY: S2.
    errno_result(unsafe { libc::ttyname_r(fd, name.as_mut_ptr(), name.len()) })?;
    // SAFETY: the call ended the name with a NUL.
    Ok(unsafe { CStr::from_ptr(name.as_ptr()) }.to_bytes().to_vec())
}

/// The path of the other end of a pseudo-terminal.
pub fn ptsname(fd: i32) -> io::Result<Vec<u8>> {
    let mut name = [0 as c_char; 512];
    // SAFETY: S2.
    errno_result(unsafe { libc::ptsname_r(fd, name.as_mut_ptr(), name.len()) })?;
    // SAFETY: the call ended the name with a NUL.
    Ok(unsafe { CStr::from_ptr(name.as_ptr()) }.to_bytes().to_vec())
}

macro_rules! numeric {
    ($($name:ident($($arg:ident: $ty:ty),*);)*) => {
        $(#[doc = concat!("The system's `", stringify!($name), "`.")]
        pub fn $name($($arg: $ty),*) -> io::Result<i32> {
            // SAFETY: S1.
            check(unsafe { libc::$name($($arg),*) })
        })*
    };
}

numeric! {
    grantpt(fd: i32);
    unlockpt(fd: i32);
    posix_openpt(flags: i32);
    tcgetpgrp(fd: i32);
    tcsetpgrp(fd: i32, group: i32);
    eventfd(initial: u32, flags: i32);
    timerfd_create(clock: i32, flags: i32);
    tcsendbreak(fd: i32, duration: i32);
    tcdrain(fd: i32);
    tcflush(fd: i32, queue: i32);
    tcflow(fd: i32, action: i32);
}

/// The system's `memfd_create`.
pub fn memfd_create(name: &CStr, flags: u32) -> io::Result<i32> {
    // SAFETY: S2.
    check(unsafe { libc::memfd_create(name.as_ptr(), flags) })
}

/// Nanoseconds until a timer first ends, and between its further ends.
pub type TimerTimes = (i64, i64);

fn times_of(spec: &libc::itimerspec) -> TimerTimes {
    let ns = |time: &libc::timespec| time.tv_sec * 1_000_000_000 + time.tv_nsec;
    (ns(&spec.it_value), ns(&spec.it_interval))
}

/// What a timer descriptor is set to.
pub fn timerfd_gettime(fd: i32) -> io::Result<TimerTimes> {
    // SAFETY: S3.
    let mut spec: libc::itimerspec = unsafe { zeroed() };
    // SAFETY: S2.
    check(unsafe { libc::timerfd_gettime(fd, &mut spec) })?;
    Ok(times_of(&spec))
}

/// Sets a timer descriptor and tells what it was set to.
pub fn timerfd_settime(fd: i32, flags: i32, (initial, interval): TimerTimes) -> io::Result<TimerTimes> {
    let time = |ns: i64| libc::timespec { tv_sec: ns.div_euclid(1_000_000_000), tv_nsec: ns.rem_euclid(1_000_000_000) };
    let new = libc::itimerspec { it_value: time(initial), it_interval: time(interval) };
    // SAFETY: S3.
    let mut old: libc::itimerspec = unsafe { zeroed() };
    // SAFETY: S2.
    check(unsafe { libc::timerfd_settime(fd, flags, &new, &mut old) })?;
    Ok(times_of(&old))
}

/// A terminal's modes: the four sets of flags, input and output speed, control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modes {
    /// Input, output, control and local flags.
    pub flags: [u32; 4],
    /// Input and output speed.
    pub speeds: [u32; 2],
    /// Control characters.
    pub characters: Vec<u8>,
}

/// Says in the input flags that the input speed is `B0`, for which the control flags have no place: they hold the output speed. (The C library has names for
/// both, but in two versions, which only a shared one can tell apart.)
const INPUT_B0: u32 = 0o20_000_000_000;

/// Reads a terminal's modes.
pub fn tcgetattr(fd: i32) -> io::Result<Modes> {
    // SAFETY: S3.
    let mut modes: libc::termios = unsafe { zeroed() };
    // SAFETY: S2.
    check(unsafe { libc::tcgetattr(fd, &mut modes) })?;
    let speed = modes.c_cflag & libc::CBAUD;
    let speeds = [if modes.c_iflag & INPUT_B0 != 0 { 0 } else { speed }, speed];
    let flags = [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag];
    Ok(Modes { flags, speeds, characters: modes.c_cc.to_vec() })
}

/// Sets a terminal's modes.
pub fn tcsetattr(fd: i32, when: i32, modes: &Modes) -> io::Result<()> {
    // SAFETY: S3.
    let mut new: libc::termios = unsafe { zeroed() };
    // SAFETY: S2.
    check(unsafe { libc::tcgetattr(fd, &mut new) })?;
    [new.c_iflag, new.c_oflag, new.c_cflag, new.c_lflag] = modes.flags;
    for (place, character) in new.c_cc.iter_mut().zip(&modes.characters) {
        *place = *character;
    }
    if modes.speeds.iter().any(|speed| speed & !libc::CBAUD != 0) {
        return Err(io::Error::from_raw_os_error(libc::EINVAL));
    }
    // As `cfsetispeed` and `cfsetospeed` would one after the other.
    let [input, output] = modes.speeds;
    new.c_iflag = new.c_iflag & !INPUT_B0 | if input == 0 { INPUT_B0 } else { 0 };
    new.c_cflag = new.c_cflag & !libc::CBAUD | output;
    // SAFETY: S2.
    check(unsafe { libc::tcsetattr(fd, when, &new) }).map(drop)
}

/// Rows and columns of a terminal.
pub fn window_size(fd: i32) -> io::Result<(u16, u16)> {
    super::window_size(fd).map(|(columns, rows)| (rows, columns))
}

/// Sets rows and columns of a terminal.
pub fn set_window_size(fd: i32, rows: u16, columns: u16) -> io::Result<()> {
    let size = libc::winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: S2; TIOCSWINSZ reads one winsize.
    check(unsafe { libc::ioctl(fd, libc::TIOCSWINSZ, &size) }).map(drop)
}

/// A path as a C string.
pub fn c_string(bytes: &[u8]) -> io::Result<CString> {
    super::c_string(bytes)
}

// Locale

/// Sets or asks for a category of the C library's locale.
pub fn setlocale(category: i32, name: Option<&CStr>) -> Option<Vec<u8>> {
    let _held = super::environment();
    // SAFETY: S2; the answer is copied while no other call is made.
    unsafe {
        let answer = libc::setlocale(category, name.map_or(ptr::null(), CStr::as_ptr));
        (!answer.is_null()).then(|| CStr::from_ptr(answer).to_bytes().to_vec())
    }
}

/// A text of the locale by its number.
pub fn nl_langinfo(item: i32) -> Vec<u8> {
    let _held = super::environment();
    // SAFETY: S2; an unknown item gives an empty text.
    unsafe { CStr::from_ptr(libc::nl_langinfo(item)) }.to_bytes().to_vec()
}

/// The texts and numbers of `localeconv`, in the order of C's structure.
pub fn localeconv() -> (Vec<Vec<u8>>, Vec<u8>) {
    let _held = super::environment();
    let text = |text: *const c_char| {
        // SAFETY: the C library's strings end with a NUL.
        if text.is_null() { Vec::new() } else { unsafe { CStr::from_ptr(text) }.to_bytes().to_vec() }
    };
    // SAFETY: the structure is the C library's own and is copied while no other call is made.
    let c = unsafe { &*libc::localeconv() };
    let texts = [
        c.decimal_point,
        c.thousands_sep,
        c.grouping,
        c.int_curr_symbol,
        c.currency_symbol,
        c.mon_decimal_point,
        c.mon_thousands_sep,
        c.mon_grouping,
        c.positive_sign,
        c.negative_sign,
    ];
    let numbers = [
        c.int_frac_digits,
        c.frac_digits,
        c.p_cs_precedes,
        c.p_sep_by_space,
        c.n_cs_precedes,
        c.n_sep_by_space,
        c.p_sign_posn,
        c.n_sign_posn,
    ];
    (texts.into_iter().map(|t| text(t)).collect(), numbers.into_iter().map(|n| n as u8).collect())
}

/// How two texts compare in the locale.
pub fn strcoll(a: &CStr, b: &CStr) -> i32 {
    let _held = super::environment();
    // SAFETY: S2.
    unsafe { libc::strcoll(a.as_ptr(), b.as_ptr()) }
}

/// A text whose bytes compare as the given one does in the locale.
pub fn strxfrm(text: &CStr) -> Vec<u8> {
    let _held = super::environment();
    let mut room = vec![0u8; text.to_bytes().len() * 4 + 64];
    loop {
        // SAFETY: S2.
        let len = unsafe { libc::strxfrm(room.as_mut_ptr().cast(), text.as_ptr(), room.len()) };
        if len < room.len() {
            room.truncate(len);
            return room;
        }
        room.resize(len + 1, 0);
    }
}
