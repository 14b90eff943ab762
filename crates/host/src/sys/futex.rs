//! Words that threads wait for (`futex(2)`): nothing stands in a table of the process, so a child of a fork finds them whole.

use std::ptr;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

/// Waits while the word has this value: until it is woken, the time is over, a signal came, or for no reason.
pub fn wait(word: &AtomicU32, value: u32, time: Option<Duration>) {
    let time = time.map(|time| libc::timespec {
        tv_sec: libc::time_t::try_from(time.as_secs()).unwrap_or(libc::time_t::MAX),
        tv_nsec: time.subsec_nanos().into(),
    });
    let time = time.as_ref().map_or(ptr::null(), ptr::from_ref);
    // SAFETY: S2; the word and the time are borrowed for the call. What it answers does not matter, as callers look again.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG, value, time) };
}

/// Wakes one thread that waits for the word.
pub fn wake_one(word: &AtomicU32) {
    // SAFETY: S2; the word's address is only compared with those waited for.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG, 1) };
}
