//! Handlers of fatal signals and of signals that ask for a report: what `faulthandler` needs of the system.
//!
//! A handler writes a heading, lets the function given to [`install`] write what the interrupted thread was doing, and then lets the
//! signal have the effect it had before. Invariant S6: what a handler reaches are atomics that live for the whole process, numbers
//! on its own stack, `errno`, and system calls; it takes no lock and asks for no memory. (`backtrace` is loaded beforehand.)

use super::{check, flag_handler, sigaction};
use std::ffi::{CStr, c_int, c_void};
use std::io;
use std::mem::zeroed;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Writes the Python stacks of the calling thread, or of all, to a descriptor. It is called in signal handlers.
pub type Report = fn(fd: i32, all_threads: bool);

/// The signals that end a program, with what they are called.
const FATAL: [(c_int, &str); 5] = [
    (libc::SIGBUS, "Bus error"),
    (libc::SIGILL, "Illegal instruction"),
    (libc::SIGFPE, "Floating-point exception"),
    (libc::SIGABRT, "Aborted"),
    (libc::SIGSEGV, "Segmentation fault"),
];

/// Bytes of the stack on which handlers run in a thread whose own is used up.
const HANDLER_STACK: usize = 128 << 10;

static REPORT: OnceLock<Report> = OnceLock::new();
static FATAL_FD: AtomicI32 = AtomicI32::new(-1);
static FATAL_THREADS: AtomicBool = AtomicBool::new(false);
static FATAL_NATIVE: AtomicBool = AtomicBool::new(false);
/// The thread that writes a report of a fatal signal; 0 if none.
static WRITER: AtomicU64 = AtomicU64::new(0);
/// The handlers that stood before, for [`disable`] and for the handlers themselves.
static BEFORE: Mutex<Vec<(c_int, libc::sigaction)>> = Mutex::new(Vec::new());

/// What a signal that asks for a report does.
struct Asked {
    fd: AtomicI32,
    threads: AtomicBool,
    chain: AtomicBool,
    /// The handler that stood before.
    before: AtomicUsize,
}

static ASKED: [Asked; super::SIGNAL_COUNT] = [const {
    Asked {
        fd: AtomicI32::new(-1),
        threads: AtomicBool::new(false),
        chain: AtomicBool::new(false),
        before: AtomicUsize::new(libc::SIG_DFL),
    }
}; super::SIGNAL_COUNT];

/// Names the function that writes Python stacks; the first one named stays.
pub fn install(report: Report) {
    let _ = REPORT.set(report);
}

/// Writes bytes to a descriptor, as often as it takes; what cannot be written is lost.
pub fn put(fd: i32, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        // SAFETY: S2.
        let written = unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) };
        match usize::try_from(written) {
            Ok(0) => return,
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            // SAFETY: the address of this thread's `errno` is always readable.
            Err(_) if unsafe { *libc::__errno_location() } == libc::EINTR => {}
            Err(_) => return,
        }
    }
}

/// Writes a number in hexadecimal with at least so many digits.
pub fn put_hex(fd: i32, number: u64, width: usize) {
    let mut digits = [b'0'; 16];
    let (mut at, mut rest) = (digits.len(), number);
    while rest != 0 && at > 0 {
        at -= 1;
        digits[at] = b"0123456789abcdef"[(rest & 15) as usize];
        rest >>= 4;
    }
    put(fd, &digits[at.min(digits.len() - width.clamp(1, 16))..]);
}

/// Writes a number in decimal.
pub fn put_decimal(fd: i32, number: u64) {
    let mut digits = [b'0'; 20];
    let (mut at, mut rest) = (digits.len(), number);
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 || at == 0 {
            break;
        }
    }
    put(fd, &digits[at..]);
}

/// The name that the system knows a running thread of this process by; how many bytes of the buffer it takes.
pub fn thread_name(ident: u64, buffer: &mut [u8; 16]) -> usize {
    // SAFETY: S2, and the caller's thread runs.
    let failed =
        unsafe { libc::pthread_getname_np(ident as libc::pthread_t, buffer.as_mut_ptr().cast(), buffer.len()) };
    if failed == 0 { buffer.iter().position(|byte| *byte == 0).unwrap_or(buffer.len()) } else { 0 }
}

/// Writes the native stack of the calling thread.
pub fn put_native_stack(fd: i32) {
    const DEPTH: usize = 32;
    put(fd, b"Current thread's C stack trace (most recent call first):\n");
    let mut frames = [ptr::null_mut::<c_void>(); DEPTH];
    // SAFETY: S2.
    let count = unsafe { libc::backtrace(frames.as_mut_ptr(), DEPTH as c_int) };
    let count = usize::try_from(count).unwrap_or(0);
    if count == 0 {
        put(fd, b"  <cannot get C stack on this system>\n");
    }
    for &frame in frames.iter().take(count) {
        // SAFETY: S3; dladdr only compares the address with those of the loaded files.
        let (known, place) = unsafe {
            let mut place: libc::Dl_info = zeroed();
            (libc::dladdr(frame, &mut place) != 0, place)
        };
        put(fd, b"  ");
        if known && !place.dli_fname.is_null() {
            put(fd, b"Binary file \"");
            // SAFETY: dladdr names a file of the process, whose name stays while it is loaded.
            put(fd, unsafe { CStr::from_ptr(place.dli_fname) }.to_bytes());
            put(fd, b"\", at ");
            let mut base = place.dli_fbase;
            if !place.dli_sname.is_null() {
                base = place.dli_saddr;
                // SAFETY: as for the file's name.
                put(fd, unsafe { CStr::from_ptr(place.dli_sname) }.to_bytes());
            }
            put(fd, b"+0x");
            put_hex(fd, frame.addr().wrapping_sub(base.addr()) as u64, 1);
            put(fd, b" [0x");
        } else {
            put(fd, b"<unknown> [0x");
        }
        put_hex(fd, frame.addr() as u64, 1);
        put(fd, b"]\n");
    }
    if count == DEPTH {
        put(fd, b"  <truncated rest of calls>\n");
    }
}

/// Gives a signal a handler of this file and tells what it had before.
fn handle(signal: c_int, handler: usize, flags: c_int) -> io::Result<libc::sigaction> {
    // SAFETY: S3 and S2; both handlers that are passed keep S6.
    unsafe {
        let (mut new, mut old): (libc::sigaction, libc::sigaction) = zeroed();
        new.sa_sigaction = handler;
        new.sa_flags = flags | libc::SA_ONSTACK;
        libc::sigemptyset(&mut new.sa_mask);
        check(libc::sigaction(signal, &new, &mut old))?;
        Ok(old)
    }
}

/// Gives a signal back what it had before.
fn give_back(signal: c_int, action: &libc::sigaction) {
    // SAFETY: S2; the action came from the system.
    let _ = unsafe { libc::sigaction(signal, action, ptr::null_mut()) };
}

/// What a signal is to do after a handler's report, of what it did before: a handler that is not this crate's is not trusted to end the program.
fn effect(before: usize) -> usize {
    if before == libc::SIG_IGN || before == flag_handler() { before } else { libc::SIG_DFL }
}

/// Gives the calling thread a stack for handlers that is large enough for a report. It is never given back.
fn give_stack() {
    thread_local! {
        static GIVEN: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
    }
    if GIVEN.replace(true) {
        return;
    }
    // SAFETY: S1 for mmap; the stack handed over is mapped, owned by nobody else and never unmapped.
    unsafe {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_STACK;
        let memory = libc::mmap(ptr::null_mut(), HANDLER_STACK, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0);
        if memory != libc::MAP_FAILED {
            let stack = libc::stack_t { ss_sp: memory, ss_flags: 0, ss_size: HANDLER_STACK };
            libc::sigaltstack(&stack, ptr::null_mut());
        }
    }
}

/// Lets fatal signals write a report to a descriptor before they end the program.
///
/// # Errors
/// The system's.
pub fn enable(fd: i32, all_threads: bool, native: bool) -> io::Result<()> {
    let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
    FATAL_FD.store(fd, Ordering::Relaxed);
    FATAL_THREADS.store(all_threads, Ordering::Relaxed);
    FATAL_NATIVE.store(native, Ordering::Relaxed);
    give_stack();
    if !before.is_empty() {
        return Ok(());
    }
    let mut first = [ptr::null_mut::<c_void>(); 1];
    // SAFETY: S2; the first call loads what later ones need.
    unsafe { libc::backtrace(first.as_mut_ptr(), 1) };
    for (signal, _) in FATAL {
        let old = handle(signal, on_fatal as *const () as usize, libc::SA_NODEFER)?;
        if let Some(asked) = asked(signal) {
            asked.before.store(old.sa_sigaction, Ordering::Relaxed);
        }
        before.push((signal, old));
    }
    Ok(())
}

/// Takes the reports of fatal signals back; whether there were any.
pub fn disable() -> bool {
    let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
    let were = !before.is_empty();
    for (signal, old) in before.drain(..) {
        give_back(signal, &old);
    }
    were
}

/// Whether fatal signals write reports.
pub fn is_enabled() -> bool {
    !BEFORE.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
}

/// Whether a signal is one of those that [`enable`] is about.
pub fn is_fatal(signal: i32) -> bool {
    FATAL.iter().any(|(fatal, _)| *fatal == signal)
}

fn asked(signal: c_int) -> Option<&'static Asked> {
    usize::try_from(signal).ok().and_then(|signal| ASKED.get(signal))
}

extern "C" fn on_fatal(signal: c_int) {
    let Some(state) = asked(signal) else { return };
    // First, so that a fault in what follows ends the program.
    let _ = sigaction(signal, Some(effect(state.before.load(Ordering::Relaxed))));
    let me = super::thread_ident();
    if WRITER.compare_exchange(0, me, Ordering::AcqRel, Ordering::Relaxed).is_ok() {
        let fd = FATAL_FD.load(Ordering::Relaxed);
        let name = FATAL.iter().find(|(fatal, _)| *fatal == signal).map_or("Signal", |(_, name)| name);
        put(fd, b"Fatal Python error: ");
        put(fd, name.as_bytes());
        put(fd, b"\n\n");
        if let Some(report) = REPORT.get() {
            report(fd, FATAL_THREADS.load(Ordering::Relaxed));
        }
        if FATAL_NATIVE.load(Ordering::Relaxed) {
            put(fd, b"\n");
            put_native_stack(fd);
        }
        WRITER.store(0, Ordering::Release);
    } else if WRITER.load(Ordering::Relaxed) != me {
        // Another thread writes; it ends the program when it is done.
        for _ in 0..50 {
            let time = libc::timespec { tv_sec: 0, tv_nsec: 20_000_000 };
            // SAFETY: S2.
            unsafe { libc::nanosleep(&time, ptr::null_mut()) };
        }
    }
    let _ = super::raise(signal);
}

/// Lets a signal write a report; with `chain` it then does what it did before.
///
/// # Errors
/// The system's, for a number that is no signal or one that cannot be handled.
pub fn register(signal: i32, fd: i32, all_threads: bool, chain: bool) -> io::Result<()> {
    let Some(state) = asked(signal) else { return Err(io::Error::from_raw_os_error(libc::EINVAL)) };
    let was = state.fd.swap(fd, Ordering::Relaxed);
    state.threads.store(all_threads, Ordering::Relaxed);
    state.chain.store(chain, Ordering::Relaxed);
    give_stack();
    let flags = if chain { libc::SA_NODEFER } else { libc::SA_RESTART };
    match handle(signal, on_asked as *const () as usize, flags) {
        Ok(old) => {
            if was < 0 {
                state.before.store(effect(old.sa_sigaction), Ordering::Relaxed);
            }
            Ok(())
        }
        Err(error) => {
            state.fd.store(was, Ordering::Relaxed);
            Err(error)
        }
    }
}

/// Takes a signal's report back; whether there was one.
pub fn unregister(signal: i32) -> bool {
    let Some(state) = asked(signal).filter(|state| state.fd.swap(-1, Ordering::Relaxed) >= 0) else { return false };
    let _ = sigaction(signal, Some(state.before.load(Ordering::Relaxed)));
    true
}

extern "C" fn on_asked(signal: c_int) {
    let Some(state) = asked(signal) else { return };
    let fd = state.fd.load(Ordering::Relaxed);
    if fd < 0 {
        return;
    }
    // SAFETY: the address of this thread's `errno` is always readable; the interrupted code does not see what changes it here.
    let saved = unsafe { *libc::__errno_location() };
    if let Some(report) = REPORT.get() {
        report(fd, state.threads.load(Ordering::Relaxed));
    }
    if state.chain.load(Ordering::Relaxed) {
        let _ = sigaction(signal, Some(state.before.load(Ordering::Relaxed)));
        let _ = super::raise(signal);
        let _ = handle(signal, on_asked as *const () as usize, libc::SA_NODEFER);
    }
    // SAFETY: as above.
    unsafe { *libc::__errno_location() = saved };
}

/// Where [`interrupt`] has the report written; -1 when none is due.
static INTERRUPT_FD: AtomicI32 = AtomicI32::new(-1);

extern "C" fn on_interrupt(_: c_int) {
    // SAFETY: as in `on_asked`.
    let saved = unsafe { *libc::__errno_location() };
    let fd = INTERRUPT_FD.load(Ordering::Acquire);
    if fd >= 0 {
        if let Some(report) = REPORT.get() {
            report(fd, true);
        }
        INTERRUPT_FD.store(-1, Ordering::Release);
    }
    // SAFETY: as above.
    unsafe { *libc::__errno_location() = saved };
}

/// Has a running thread of this process, which the caller keeps from ending meanwhile, write a report of all threads; waits for it
/// for a second at most and tells whether it was written.
pub fn interrupt(ident: u64, fd: i32) -> bool {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let signal = libc::SIGRTMAX() - 5;
    let Ok(old) = handle(signal, on_interrupt as *const () as usize, libc::SA_RESTART) else { return false };
    INTERRUPT_FD.store(fd, Ordering::Release);
    let mut written = false;
    // SAFETY: the caller's contract: the thread lives.
    if unsafe { libc::pthread_kill(ident as libc::pthread_t, signal) } == 0 {
        for _ in 0..200 {
            std::thread::sleep(std::time::Duration::from_millis(5));
            written = INTERRUPT_FD.load(Ordering::Acquire) < 0;
            if written {
                break;
            }
        }
    }
    if !written {
        // The signal may still come: its handler stays, and finds nothing to do.
        INTERRUPT_FD.store(-1, Ordering::Release);
        return false;
    }
    give_back(signal, &old);
    true
}

/// Leaves the process at once with a status, running nothing.
pub fn leave(status: i32) -> ! {
    // SAFETY: S1.
    unsafe { libc::_exit(status) }
}

/// Reads where nothing is mapped.
pub fn read_nowhere() {
    // SAFETY: the page is mapped without any right, so the load stops the thread with a signal as a matter of the machine: it is
    // written in assembly, and the compiler assumes nothing of its result.
    unsafe {
        let page = libc::mmap(ptr::null_mut(), 4096, libc::PROT_NONE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, -1, 0);
        if page != libc::MAP_FAILED {
            load(page.cast_const());
        }
    }
}

#[cfg(target_arch = "x86_64")]
unsafe fn load(address: *const c_void) {
    // SAFETY: the caller's contract: a fault is wanted.
    unsafe { std::arch::asm!("mov {0}, [{0}]", inout(reg) address => _, options(nostack, readonly)) }
}

#[cfg(not(target_arch = "x86_64"))]
unsafe fn load(_: *const c_void) {
    let _ = super::raise(libc::SIGSEGV);
}
