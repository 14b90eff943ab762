//! The foreign calls, one thin safe function each; all `unsafe` of this crate is here.
//!
//! No policy lives here: no retries, no translation of meanings, only argument and result types made safe.
//! The blocks rely on these invariants:
//!
//! - **S1** The call takes numbers only; the system checks them and reports a bad one by its result.
//! - **S2** Every pointer passed comes from a live Rust reference or `CStr`, is valid for the length passed along, and
//!   is not kept by the callee after it returns.
//! - **S3** A result struct starts out zeroed, which is a valid value of these C structs, so it may be read
//!   whatever the call did.
//! - **S4** The environment is changed, and the C functions that read `TZ` from it are called, only under
//!   [`ENVIRONMENT`]; readers in Rust go through the standard library's own lock.
//! - **S5** A signal handler touches only atomics that live for the whole process, `errno` and `write`.
#![allow(unsafe_code)]

pub mod children;
pub mod descriptors;
pub mod fault;
pub mod futex;
pub mod name_service;
pub mod net;
pub mod posix_spawn;

use std::ffi::{CStr, CString, OsStr, c_char, c_int};
use std::io;
use std::mem::{MaybeUninit, zeroed};
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Held while the environment changes or the C library reads it (S4).
static ENVIRONMENT: Mutex<()> = Mutex::new(());

fn environment() -> MutexGuard<'static, ()> {
    ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner)
}

fn check(result: c_int) -> io::Result<c_int> {
    if result == -1 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

fn check_size(result: isize) -> io::Result<usize> {
    usize::try_from(result).map_err(|_| io::Error::last_os_error())
}

// Descriptors

pub(crate) fn open(path: &CStr, flags: i32, mode: u32) -> io::Result<i32> {
    // SAFETY: S2.
    check(unsafe { libc::open(path.as_ptr(), flags, mode) })
}

pub(crate) fn close(fd: i32) -> io::Result<()> {
    // SAFETY: S1; descriptors are plain numbers to this crate, it keeps none of its own that could be closed under it.
    check(unsafe { libc::close(fd) }).map(drop)
}

pub(crate) fn read(fd: i32, buffer: &mut [u8]) -> io::Result<usize> {
    // SAFETY: S2.
    check_size(unsafe { libc::read(fd, buffer.as_mut_ptr().cast(), buffer.len()) })
}

pub(crate) fn write(fd: i32, bytes: &[u8]) -> io::Result<usize> {
    // SAFETY: S2.
    check_size(unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) })
}

pub(crate) fn pread(fd: i32, buffer: &mut [u8], offset: i64) -> io::Result<usize> {
    // SAFETY: S2.
    check_size(unsafe { libc::pread(fd, buffer.as_mut_ptr().cast(), buffer.len(), offset) })
}

pub(crate) fn pwrite(fd: i32, bytes: &[u8], offset: i64) -> io::Result<usize> {
    // SAFETY: S2.
    check_size(unsafe { libc::pwrite(fd, bytes.as_ptr().cast(), bytes.len(), offset) })
}

pub(crate) fn lseek(fd: i32, offset: i64, whence: i32) -> io::Result<i64> {
    // SAFETY: S1.
    let position = unsafe { libc::lseek(fd, offset, whence) };
    if position == -1 { Err(io::Error::last_os_error()) } else { Ok(position) }
}

pub(crate) fn fstat(fd: i32) -> io::Result<libc::stat> {
    // SAFETY: S3.
    let mut stat: libc::stat = unsafe { zeroed() };
    // SAFETY: S2.
    check(unsafe { libc::fstat(fd, &mut stat) })?;
    Ok(stat)
}

pub(crate) fn isatty(fd: i32) -> bool {
    // SAFETY: S1.
    unsafe { libc::isatty(fd) == 1 }
}

pub(crate) fn fcntl(fd: i32, command: i32, argument: i32) -> io::Result<i32> {
    // SAFETY: S1; the callers in this crate pass only commands whose argument is a number.
    check(unsafe { libc::fcntl(fd, command, argument) })
}

pub(crate) fn dup3(fd: i32, target: i32, flags: i32) -> io::Result<i32> {
    // SAFETY: S1.
    check(unsafe { libc::dup3(fd, target, flags) })
}

pub(crate) fn pipe2(flags: i32) -> io::Result<[i32; 2]> {
    let mut ends = [0; 2];
    // SAFETY: S2.
    check(unsafe { libc::pipe2(ends.as_mut_ptr(), flags) })?;
    Ok(ends)
}

pub(crate) fn ftruncate(fd: i32, length: i64) -> io::Result<()> {
    // SAFETY: S1.
    check(unsafe { libc::ftruncate(fd, length) }).map(drop)
}

pub(crate) fn fsync(fd: i32) -> io::Result<()> {
    // SAFETY: S1.
    check(unsafe { libc::fsync(fd) }).map(drop)
}

pub(crate) fn poll(descriptors: &mut [libc::pollfd], timeout_ms: i32) -> io::Result<usize> {
    // SAFETY: S2.
    let ready = unsafe { libc::poll(descriptors.as_mut_ptr(), descriptors.len() as libc::nfds_t, timeout_ms) };
    check(ready).map(|ready| usize::try_from(ready).unwrap_or(0))
}

pub(crate) fn window_size(fd: i32) -> io::Result<(u16, u16)> {
    // SAFETY: S3.
    let mut size: libc::winsize = unsafe { zeroed() };
    // SAFETY: S2; TIOCGWINSZ writes one winsize.
    check(unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &mut size) })?;
    Ok((size.ws_col, size.ws_row))
}

// Paths

pub(crate) fn access(path: &CStr, mode: i32, flags: i32) -> io::Result<()> {
    // SAFETY: S2.
    check(unsafe { libc::faccessat(libc::AT_FDCWD, path.as_ptr(), mode, flags) }).map(drop)
}

pub(crate) fn truncate(path: &CStr, length: i64) -> io::Result<()> {
    // SAFETY: S2.
    check(unsafe { libc::truncate(path.as_ptr(), length) }).map(drop)
}

pub(crate) fn mkfifo(path: &CStr, mode: u32) -> io::Result<()> {
    // SAFETY: S2.
    check(unsafe { libc::mkfifo(path.as_ptr(), mode) }).map(drop)
}

pub(crate) fn utimens(path: &CStr, times: &[libc::timespec; 2], flags: i32) -> io::Result<()> {
    // SAFETY: S2.
    check(unsafe { libc::utimensat(libc::AT_FDCWD, path.as_ptr(), times.as_ptr(), flags) }).map(drop)
}

pub(crate) fn umask(mask: u32) -> u32 {
    // SAFETY: S1.
    unsafe { libc::umask(mask) }
}

// Clocks and calendars

pub(crate) fn clock_gettime(clock: libc::clockid_t) -> io::Result<libc::timespec> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: S2.
    check(unsafe { libc::clock_gettime(clock, &mut time) })?;
    Ok(time)
}

pub(crate) fn clock_getres(clock: libc::clockid_t) -> io::Result<libc::timespec> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: S2.
    check(unsafe { libc::clock_getres(clock, &mut time) })?;
    Ok(time)
}

pub(crate) fn tzset() {
    unsafe extern "C" {
        fn tzset();
    }
    let _guard = environment();
    // SAFETY: S4.
    unsafe { tzset() }
}

/// Breaks a time down, in local time or in UTC, with the name of its zone.
pub(crate) fn break_down(seconds: i64, local: bool) -> io::Result<(libc::tm, String)> {
    let _guard = environment();
    // SAFETY: S3.
    let mut parts: libc::tm = unsafe { zeroed() };
    // SAFETY: S2 and S4.
    let done =
        unsafe { if local { libc::localtime_r(&seconds, &mut parts) } else { libc::gmtime_r(&seconds, &mut parts) } };
    if done.is_null() {
        return Err(io::Error::from_raw_os_error(libc::EOVERFLOW));
    }
    // SAFETY: the C library fills `tm_zone` with a C string that stays until the next tzset, which S4 keeps away.
    let zone = unsafe { string_at(parts.tm_zone) };
    parts.tm_zone = ptr::null();
    Ok((parts, zone))
}

/// Seconds since the epoch of a local time; the fields are normalised in place.
pub(crate) fn mktime(parts: &mut libc::tm) -> i64 {
    let _guard = environment();
    // SAFETY: S2 and S4.
    let seconds = unsafe { libc::mktime(parts) };
    parts.tm_zone = ptr::null();
    seconds
}

/// One attempt at strftime into `buffer`; zero when it does not fit.
pub(crate) fn strftime(buffer: &mut [u8], format: &CStr, parts: &libc::tm, zone: &CStr) -> usize {
    let _guard = environment();
    let mut parts = *parts;
    parts.tm_zone = zone.as_ptr();
    // SAFETY: S2 and S4; `zone` outlives the call.
    unsafe { libc::strftime(buffer.as_mut_ptr().cast(), buffer.len(), format.as_ptr(), &parts) }
}

/// # Safety
/// `text` is null or points to a C string that stays valid during the call.
unsafe fn string_at(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: promised by the caller.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

pub(crate) fn strerror(number: i32) -> String {
    let mut buffer = [0u8; 256];
    // SAFETY: S2.
    unsafe { libc::strerror_r(number, buffer.as_mut_ptr().cast(), buffer.len()) };
    CStr::from_bytes_until_nul(&buffer).map(|text| text.to_string_lossy().into_owned()).unwrap_or_default()
}

// The process

pub(crate) fn set_environment(name: &OsStr, value: Option<&OsStr>) {
    let _guard = environment();
    // SAFETY: S4; the caller has checked that the name and value are ones the standard library accepts.
    unsafe {
        match value {
            Some(value) => std::env::set_var(name, value),
            None => std::env::remove_var(name),
        }
    }
}

/// Real and effective user, real and effective group.
pub(crate) fn identity() -> [u32; 4] {
    // SAFETY: S1.
    unsafe { [libc::getuid(), libc::geteuid(), libc::getgid(), libc::getegid()] }
}

pub(crate) fn sysconf(name: i32) -> io::Result<Option<i64>> {
    // SAFETY: S1. The result alone cannot tell "no limit" from an error, so `errno` is cleared beforehand.
    let value = unsafe {
        *libc::__errno_location() = 0;
        libc::sysconf(name)
    };
    match (value, io::Error::last_os_error()) {
        (-1, error) if error.raw_os_error() == Some(0) => Ok(None),
        (-1, error) => Err(error),
        (value, _) => Ok(Some(value)),
    }
}

pub(crate) fn uname() -> io::Result<[String; 5]> {
    // SAFETY: S3.
    let mut names: libc::utsname = unsafe { zeroed() };
    // SAFETY: S2.
    check(unsafe { libc::uname(&mut names) })?;
    let fields = [&names.sysname, &names.nodename, &names.release, &names.version, &names.machine];
    // SAFETY: the call leaves a C string in each field, and the zeroed struct has one too.
    Ok(fields.map(|field| unsafe { string_at(field.as_ptr()) }))
}

pub(crate) fn resource_usage() -> io::Result<libc::rusage> {
    // SAFETY: S3.
    let mut usage: libc::rusage = unsafe { zeroed() };
    // SAFETY: S2.
    check(unsafe { libc::getrusage(libc::RUSAGE_SELF, &mut usage) })?;
    Ok(usage)
}

pub(crate) fn affinity_count() -> io::Result<usize> {
    // SAFETY: S3.
    let mut set: libc::cpu_set_t = unsafe { zeroed() };
    // SAFETY: S2.
    check(unsafe { libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), &mut set) })?;
    // SAFETY: S2; counts bits only.
    Ok(usize::try_from(unsafe { libc::CPU_COUNT(&set) }).unwrap_or(0))
}

/// Has the C library give free memory back; only glibc can.
pub(crate) fn malloc_trim() {
    #[cfg(target_env = "gnu")]
    // SAFETY: touches only what the allocator itself has free.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Unmaps what is mapped of the program's own file and cannot be written: its constants, and its code with `code`. It is mapped again where it is touched.
#[cfg(target_os = "linux")]
pub(crate) fn unmap_program(code: bool) {
    unsafe extern "C" fn unmap(info: *mut libc::dl_phdr_info, _: libc::size_t, code: *mut libc::c_void) -> c_int {
        let kept = libc::PF_W | if code.is_null() { libc::PF_X } else { 0 };
        let page = crate::memory::page_size();
        // SAFETY: S2; the headers are the program's own, and nothing can have been written to where they allow no writing.
        unsafe {
            let headers = std::slice::from_raw_parts((*info).dlpi_phdr, usize::from((*info).dlpi_phnum));
            for header in headers.iter().filter(|header| header.p_type == libc::PT_LOAD && header.p_flags & kept == 0) {
                let first = (*info).dlpi_addr as usize + header.p_vaddr as usize;
                let end = (first + header.p_filesz as usize) & !(page - 1);
                let start = first.next_multiple_of(page);
                if start < end {
                    libc::madvise(ptr::with_exposed_provenance_mut(start), end - start, libc::MADV_DONTNEED);
                }
            }
        }
        // The program is the first; libraries are not asked for.
        1
    }
    // SAFETY: S2; the function is called before this call ends, with what is given here.
    unsafe { libc::dl_iterate_phdr(Some(unmap), ptr::without_provenance_mut(usize::from(code))) };
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn unmap_program(_code: bool) {}

pub(crate) fn getrandom(buffer: &mut [u8], flags: u32) -> io::Result<usize> {
    // SAFETY: S2.
    check_size(unsafe { libc::getrandom(buffer.as_mut_ptr().cast(), buffer.len(), flags) })
}

// Threads and stacks

/// The bounds of the calling thread's stack, guard pages not counted: lowest address and size.
pub(crate) fn stack_bounds() -> io::Result<(usize, usize)> {
    let mut attributes = MaybeUninit::<libc::pthread_attr_t>::uninit();
    let (mut lowest, mut size, mut guard) = (ptr::null_mut(), 0usize, 0usize);
    // SAFETY: pthread_getattr_np initialises the attributes when it returns 0, and only then are they read and
    // destroyed; the out-parameters are live locals (S2).
    unsafe {
        let number = libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr());
        if number != 0 {
            return Err(io::Error::from_raw_os_error(number));
        }
        libc::pthread_attr_getstack(attributes.as_ptr(), &mut lowest, &mut size);
        libc::pthread_attr_getguardsize(attributes.as_ptr(), &mut guard);
        libc::pthread_attr_destroy(attributes.as_mut_ptr());
    }
    Ok((lowest.addr() + guard, size.saturating_sub(guard)))
}

pub(crate) fn thread_ident() -> u64 {
    // SAFETY: S1.
    unsafe { libc::pthread_self() }
}

pub(crate) fn native_thread_id() -> i32 {
    // SAFETY: S1.
    unsafe { libc::gettid() }
}

// Signals

/// One past the highest signal number.
pub(crate) const SIGNAL_COUNT: usize = 65;

static PENDING: [AtomicBool; SIGNAL_COUNT] = [const { AtomicBool::new(false) }; SIGNAL_COUNT];
static ANY_PENDING: AtomicBool = AtomicBool::new(false);
static WAKEUP_FD: AtomicI32 = AtomicI32::new(-1);
static ARRIVALS: AtomicU32 = AtomicU32::new(0);
static NOTIFIED: AtomicPtr<AtomicU32> = AtomicPtr::new(ptr::null_mut());
static NOTIFIED_BITS: AtomicU32 = AtomicU32::new(0);

pub(crate) fn pending(signal: usize) -> Option<&'static AtomicBool> {
    PENDING.get(signal)
}

pub(crate) fn any_pending() -> &'static AtomicBool {
    &ANY_PENDING
}

/// How many signals have been flagged so far, modulo its size.
pub(crate) fn arrivals() -> &'static AtomicU32 {
    &ARRIVALS
}

pub(crate) fn wakeup_fd() -> &'static AtomicI32 {
    &WAKEUP_FD
}

pub(crate) fn notify(word: &'static AtomicU32, bits: u32) {
    NOTIFIED_BITS.store(bits, Ordering::Relaxed);
    NOTIFIED.store(ptr::from_ref(word).cast_mut(), Ordering::Release);
}

/// Notes a signal. Only stores to atomics: it is called by the handler.
pub(crate) fn flag(signal: c_int) {
    if let Some(flag) = usize::try_from(signal).ok().and_then(pending) {
        flag.store(true, Ordering::Relaxed);
    }
    ANY_PENDING.store(true, Ordering::Release);
    ARRIVALS.fetch_add(1, Ordering::Release);
    // SAFETY: S5; the pointer is null or came from a `'static` reference in `notify`.
    if let Some(word) = unsafe { NOTIFIED.load(Ordering::Acquire).as_ref() } {
        word.fetch_or(NOTIFIED_BITS.load(Ordering::Relaxed), Ordering::Release);
    }
}

extern "C" fn on_signal(signal: c_int) {
    flag(signal);
    let fd = WAKEUP_FD.load(Ordering::Relaxed);
    if fd >= 0 {
        let byte = signal as u8;
        // SAFETY: S5 and S2; `errno` is put back so that the interrupted code does not see this call's.
        unsafe {
            let saved = *libc::__errno_location();
            libc::write(fd, ptr::from_ref(&byte).cast(), 1);
            *libc::__errno_location() = saved;
        }
    }
}

/// The address that stands for this crate's handler in a `sigaction`.
pub(crate) fn flag_handler() -> libc::sighandler_t {
    on_signal as *const () as libc::sighandler_t
}

/// Replaces what a signal does, or only asks when `handler` is `None`; returns what it did before.
pub(crate) fn sigaction(signal: i32, handler: Option<libc::sighandler_t>) -> io::Result<libc::sighandler_t> {
    // SAFETY: S3.
    let (mut old, mut new): (libc::sigaction, libc::sigaction) = unsafe { (zeroed(), zeroed()) };
    let mut action = ptr::null();
    if let Some(handler) = handler {
        new.sa_sigaction = handler;
        new.sa_flags = libc::SA_ONSTACK;
        // SAFETY: S2.
        unsafe { libc::sigemptyset(&mut new.sa_mask) };
        action = ptr::from_ref(&new);
    }
    // SAFETY: S2 and S5; `handler` is SIG_DFL, SIG_IGN or `on_signal`, which is async-signal-safe.
    check(unsafe { libc::sigaction(signal, action, &mut old) })?;
    Ok(old.sa_sigaction)
}

pub(crate) fn kill(pid: i32, signal: i32) -> io::Result<()> {
    // SAFETY: S1.
    check(unsafe { libc::kill(pid, signal) }).map(drop)
}

pub(crate) fn raise(signal: i32) -> io::Result<()> {
    // SAFETY: S1.
    check(unsafe { libc::raise(signal) }).map(drop)
}

pub(crate) fn tgkill(pid: i32, thread: i32, signal: i32) -> io::Result<()> {
    // SAFETY: S1; a thread that is gone gives ESRCH, unlike with pthread_kill.
    check(unsafe { libc::tgkill(pid, thread, signal) }).map(drop)
}

pub(crate) fn unblock(signal: i32) -> io::Result<()> {
    // SAFETY: S3.
    let mut set: libc::sigset_t = unsafe { zeroed() };
    // SAFETY: S2.
    let number = unsafe {
        libc::sigemptyset(&mut set);
        libc::sigaddset(&mut set, signal);
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &set, ptr::null_mut())
    };
    if number == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(number)) }
}

pub(crate) fn pause() {
    // SAFETY: S1; it always returns -1 with EINTR.
    unsafe { libc::pause() };
}

pub(crate) fn setitimer(which: i32, new: &libc::itimerval) -> io::Result<libc::itimerval> {
    // SAFETY: S3.
    let mut old: libc::itimerval = unsafe { zeroed() };
    // SAFETY: S2.
    check(unsafe { libc::setitimer(which as _, new, &mut old) })?;
    Ok(old)
}

pub(crate) fn getitimer(which: i32) -> io::Result<libc::itimerval> {
    // SAFETY: S3.
    let mut current: libc::itimerval = unsafe { zeroed() };
    // SAFETY: S2.
    check(unsafe { libc::getitimer(which as _, &mut current) })?;
    Ok(current)
}

pub(crate) fn signal_description(signal: i32) -> Option<String> {
    if signal <= 0 || usize::try_from(signal).is_ok_and(|signal| signal >= SIGNAL_COUNT) {
        return None;
    }
    let _guard = environment();
    // SAFETY: strsignal returns a C string in static storage that only other calls of it overwrite; those are kept
    // away by the lock, since this is the only caller.
    let text = unsafe { string_at(libc::strsignal(signal)) };
    (!text.starts_with("Unknown signal")).then_some(text)
}

/// A path or other text as a C string; a NUL inside is an invalid argument.
pub(crate) fn c_string(bytes: &[u8]) -> io::Result<CString> {
    CString::new(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "embedded null byte"))
}

// Terminals

/// A pseudo-terminal: its user's end and its program's end, both closed on `exec`.
pub(crate) fn openpty(rows: u16, columns: u16) -> io::Result<(c_int, c_int)> {
    let (mut user, mut program) = (-1, -1);
    let size = libc::winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: S2; the null pointers mean that no name and no modes are given.
    check(unsafe { libc::openpty(&mut user, &mut program, ptr::null_mut(), ptr::null(), &size) })?;
    for fd in [user, program] {
        // SAFETY: S1.
        check(unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) })?;
    }
    Ok((user, program))
}

/// A descriptor that was just made, as one that closes itself.
pub(crate) fn owned(fd: c_int) -> std::os::fd::OwnedFd {
    // SAFETY: S1; the caller got the number from the system a moment ago and gives it away here.
    unsafe { std::os::fd::FromRawFd::from_raw_fd(fd) }
}

/// Makes a program the leader of a session that its standard input controls.
pub(crate) fn lead_session(command: &mut std::process::Command) {
    let lead = || {
        // SAFETY: S1; both calls are safe between fork and exec.
        unsafe {
            check(libc::setsid())?;
            check(libc::ioctl(0, libc::TIOCSCTTY, 0)).map(drop)
        }
    };
    // SAFETY: the closure allocates nothing and makes only calls that are async-signal-safe.
    unsafe { std::os::unix::process::CommandExt::pre_exec(command, lead) };
}
