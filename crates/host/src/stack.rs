//! Threads and their native stacks.
//!
//! A thread's stack bounds are asked of the system once and kept in the thread, so [`stack_remaining`] costs a load and
//! a subtraction and can guard every native recursion. Big stacks are reserved, not filled: only the pages that
//! a computation touches take memory.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::thread::{Builder, JoinHandle};
use std::{io, thread};

use crate::sys;

thread_local! {
    /// The lowest usable address of this thread's stack; 0 until it is known.
    static STACK_LIMIT: Cell<usize> = const { Cell::new(0) };
}

/// What to assume of a stack whose bounds the system does not tell (glibc reads the first thread's in `/proc`), for the least and at most.
const ASSUMED: (usize, usize) = (256 << 10, 4 << 20);

/// How far below the first asker such a stack reaches: half of what the system lets it grow to.
fn assumed_stack() -> usize {
    let allowed = sys::children::prlimit(0, libc::RLIMIT_STACK, None).map_or(0, |(soft, _)| soft);
    usize::try_from(allowed / 2).unwrap_or(usize::MAX).clamp(ASSUMED.0, ASSUMED.1)
}

/// Bytes of native stack left to the calling thread, roughly.
#[inline]
pub fn stack_remaining() -> usize {
    let marker = 0u8;
    let here = (&raw const marker).addr();
    let limit = STACK_LIMIT.get();
    here.saturating_sub(if limit == 0 { find_limit(here) } else { limit })
}

/// The lowest address that the calling thread's stack may reach; for checks that compare addresses themselves.
pub fn stack_limit() -> usize {
    let marker = 0u8;
    let limit = STACK_LIMIT.get();
    if limit == 0 { find_limit((&raw const marker).addr()) } else { limit }
}

#[cold]
fn find_limit(here: usize) -> usize {
    let limit = match sys::stack_bounds() {
        Ok((lowest, _)) => lowest,
        Err(_) => here.saturating_sub(assumed_stack()),
    };
    STACK_LIMIT.set(limit);
    limit
}

/// Bytes of the calling thread's whole stack.
///
/// # Errors
/// The system's.
pub fn stack_size() -> io::Result<usize> {
    sys::stack_bounds().map(|(_, size)| size)
}

/// Starts a thread of the system with a stack of the given size.
///
/// # Errors
/// The system's, when it has no room for another thread.
pub fn spawn<F, T>(name: &str, stack_size: usize, run: F) -> io::Result<JoinHandle<T>>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    Builder::new().name(name.replace('\0', "")).stack_size(stack_size).spawn(run)
}

/// Runs a computation that may recurse deeply on a stack of the given size and waits for it.
/// A panic inside goes on in the caller.
///
/// # Errors
/// The system's, when the stack cannot be reserved; then nothing has run.
pub fn run_on_big_stack<F, T>(stack_size: usize, run: F) -> io::Result<T>
where
    F: FnOnce() -> T + Send,
    T: Send,
{
    thread::scope(|scope| {
        let worker = Builder::new().stack_size(stack_size).spawn_scoped(scope, run)?;
        Ok(worker.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}

/// The number by which Python knows the calling thread (`threading.get_ident`).
pub fn ident() -> u64 {
    sys::thread_ident()
}

/// The number by which the system knows the calling thread (`threading.get_native_id`).
pub fn native_id() -> i32 {
    sys::native_thread_id()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_assumed_of_a_stack_lies_within_the_real_one() {
        let assumed = assumed_stack();
        assert!((ASSUMED.0..=ASSUMED.1).contains(&assumed));
        let (soft, _) = sys::children::prlimit(0, libc::RLIMIT_STACK, None).unwrap();
        assert!(assumed as u64 <= soft.max(ASSUMED.0 as u64));
    }
}
