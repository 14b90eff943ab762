//! Signals: what they do, and the flags they leave for the interpreter to find.
//!
//! The handler only sets flags and writes one byte to the wake-up descriptor, so it is async-signal-safe; running
//! Python's handlers is the interpreter's work, in its main thread, at a moment of its choosing. System calls are
//! not restarted: they end with `EINTR`, so that a handler can run before the call is tried again.
//! Signals belong to the process, which is why this state is global where nothing else in Taipan is.

use std::io;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::sys;

/// One past the highest signal number.
pub const NSIG: i32 = sys::SIGNAL_COUNT as i32;

/// What a signal does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// What the system does by itself.
    Default,
    /// Nothing.
    Ignore,
    /// It sets the flags that [`take_pending`] finds.
    Flag,
    /// It runs a handler of somebody else's, which can be found here but not installed.
    Foreign,
}

impl Disposition {
    fn of(handler: libc::sighandler_t) -> Self {
        match handler {
            libc::SIG_DFL => Self::Default,
            libc::SIG_IGN => Self::Ignore,
            handler if handler == sys::flag_handler() => Self::Flag,
            _ => Self::Foreign,
        }
    }
}

/// Sets what a signal does and tells what it did before.
///
/// # Errors
/// `EINVAL` for a number that is no signal, for `SIGKILL` and `SIGSTOP`, and for [`Disposition::Foreign`].
pub fn set(signal: i32, disposition: Disposition) -> io::Result<Disposition> {
    let handler = match disposition {
        Disposition::Default => libc::SIG_DFL,
        Disposition::Ignore => libc::SIG_IGN,
        Disposition::Flag => sys::flag_handler(),
        Disposition::Foreign => return Err(io::Error::from_raw_os_error(libc::EINVAL)),
    };
    sys::sigaction(signal, Some(handler)).map(Disposition::of)
}

/// What a signal does.
///
/// # Errors
/// `EINVAL` for a number that is no signal.
pub fn get(signal: i32) -> io::Result<Disposition> {
    sys::sigaction(signal, None).map(Disposition::of)
}

/// Whether a flagged signal waits to be taken: one load, cheap enough for an evaluation loop.
#[inline]
pub fn any_pending() -> bool {
    sys::any_pending().load(Ordering::Relaxed)
}

/// How many signals have been flagged so far; for [`crate::clock::sleep`].
pub fn arrivals() -> u32 {
    sys::arrivals().load(Ordering::Acquire)
}

/// Takes all flagged signals, in order of their numbers.
pub fn take_pending() -> Vec<i32> {
    if !sys::any_pending().swap(false, Ordering::Acquire) {
        return Vec::new();
    }
    (1..NSIG).filter(|signal| take(*signal)).collect()
}

fn take(signal: i32) -> bool {
    usize::try_from(signal).ok().and_then(sys::pending).is_some_and(|flag| flag.swap(false, Ordering::Acquire))
}

/// Flags a signal as though it had arrived, without the system.
pub fn flag(signal: i32) {
    sys::flag(signal);
}

/// Names a word in which the handler sets `bits`, so that a loop that looks at one word sees signals too. The last one named is told.
pub fn notify(word: &'static AtomicU32, bits: u32) {
    sys::notify(word, bits);
}

/// Sets the descriptor to which the handler writes the number of each signal, -1 for none; returns the old one.
pub fn set_wakeup_fd(fd: i32) -> i32 {
    sys::wakeup_fd().swap(fd, Ordering::SeqCst)
}

/// Sends a signal to the calling thread.
///
/// # Errors
/// `EINVAL` for a number that is no signal.
pub fn raise(signal: i32) -> io::Result<()> {
    sys::raise(signal)
}

/// Sends a signal to a process.
///
/// # Errors
/// The system's.
pub fn kill(pid: i32, signal: i32) -> io::Result<()> {
    sys::kill(pid, signal)
}

/// Sends a signal to a thread of this process by its native number.
///
/// # Errors
/// `ESRCH` when the thread is gone.
pub fn kill_thread(native_id: i32, signal: i32) -> io::Result<()> {
    sys::tgkill(crate::process::pid(), native_id, signal)
}

/// Ends the process by a signal with its default effect, so that the parent sees how it died.
pub fn die_by(signal: i32) -> ! {
    let ended = set(signal, Disposition::Default)
        .and_then(|_| sys::unblock(signal))
        .and_then(|()| sys::kill(crate::process::pid(), signal));
    // A process-directed signal may be delivered to another thread a moment later.
    if ended.is_ok() {
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    std::process::exit(128 + signal)
}

/// Waits until a signal handler has run in this thread.
pub fn pause() {
    sys::pause();
}

/// An interval timer's time to the next signal and the interval after it, in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timer {
    /// Time to the next signal; 0 stops the timer.
    pub delay_us: i64,
    /// Time between later signals; 0 makes it fire once.
    pub interval_us: i64,
}

impl Timer {
    fn of(timer: libc::itimerval) -> Self {
        let microseconds = |time: libc::timeval| time.tv_sec.saturating_mul(1_000_000).saturating_add(time.tv_usec);
        Self { delay_us: microseconds(timer.it_value), interval_us: microseconds(timer.it_interval) }
    }
}

/// Sets one of the timers `ITIMER_REAL`, `ITIMER_VIRTUAL`, `ITIMER_PROF` and returns its old state.
///
/// # Errors
/// `EINVAL` for another number or a negative time.
pub fn set_timer(which: i32, timer: Timer) -> io::Result<Timer> {
    let time = |us: i64| libc::timeval { tv_sec: us.div_euclid(1_000_000), tv_usec: us.rem_euclid(1_000_000) };
    let new = libc::itimerval { it_value: time(timer.delay_us), it_interval: time(timer.interval_us) };
    sys::setitimer(which, &new).map(Timer::of)
}

/// The state of one of the timers.
///
/// # Errors
/// `EINVAL` for a number that is no timer.
pub fn timer(which: i32) -> io::Result<Timer> {
    sys::getitimer(which).map(Timer::of)
}

/// The system's wording of a signal, such as `Interrupt` for 2.
pub fn description(signal: i32) -> Option<String> {
    sys::signal_description(signal)
}
