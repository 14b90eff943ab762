//! What every thread is doing, written without asking for memory: for `faulthandler`, also in signal handlers and when the interpreter
//! does not answer.
//!
//! Invariant W1: a stack is read only by its own thread, perhaps in a signal handler (frames are whole before they become the top, see
//! `Stack::push`), or by a thread that holds the interpreter's lock, which makes the others stand still. A place in the table names
//! a stack that lives; it is emptied before the stack goes, by its own thread.

use super::frame::{Frame, Stack};
use super::threads::Lock;
use std::cell::RefCell;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use taipan_heap::Heap;
use taipan_host::fault::{self, put, put_decimal, put_hex};
use taipan_host::gate::Gate;
use taipan_host::stack::ident;
use taipan_objects::vm::{PyResult, Vm};

/// A thread in the table.
struct Place {
    /// When it was entered; 0 while the place is not to be read.
    born: AtomicU64,
    ident: AtomicU64,
    stack: AtomicPtr<Stack>,
    lock: AtomicPtr<Lock>,
    heap: AtomicPtr<Heap>,
}

/// Threads that are shown.
const PLACES: usize = 512;
/// Of each report.
const MAX_THREADS: usize = 100;
/// Frames of each thread.
const MAX_DEPTH: usize = 100;
/// Characters of a name.
const MAX_TEXT: usize = 500;

static TABLE: [Place; PLACES] = [const {
    Place {
        born: AtomicU64::new(0),
        ident: AtomicU64::new(0),
        stack: AtomicPtr::new(ptr::null_mut()),
        lock: AtomicPtr::new(ptr::null_mut()),
        heap: AtomicPtr::new(ptr::null_mut()),
    }
}; PLACES];
static BIRTHS: AtomicU64 = AtomicU64::new(1);

/// Enters the calling thread's stack. When there is no place left, it is not shown.
pub(super) fn enter(vm: &Vm) {
    let Ok(stack) = crate::stack(vm) else { return };
    fault::install(report);
    let free = |place: &&Place| place.ident.compare_exchange(0, ident(), Ordering::AcqRel, Ordering::Relaxed).is_ok();
    let Some(place) = TABLE.iter().find(free) else { return };
    place.stack.store(ptr::from_ref(stack).cast_mut(), Ordering::Relaxed);
    place.lock.store(Arc::as_ptr(&stack.lock).cast_mut(), Ordering::Relaxed);
    place.heap.store(ptr::from_ref(vm.heap()).cast_mut(), Ordering::Relaxed);
    place.born.store(BIRTHS.fetch_add(1, Ordering::Relaxed), Ordering::Release);
}

fn clear(place: &Place) {
    place.born.store(0, Ordering::Release);
    place.stack.store(ptr::null_mut(), Ordering::Relaxed);
    place.lock.store(ptr::null_mut(), Ordering::Relaxed);
    place.ident.store(0, Ordering::Release);
}

/// Takes a stack out that goes away.
pub(super) fn leave(stack: *const Stack) {
    for place in TABLE.iter().filter(|place| ptr::eq(place.stack.load(Ordering::Relaxed), stack)) {
        clear(place);
    }
}

/// In the child of a fork: the calling thread is the only one.
pub(super) fn after_fork() {
    let me = ident();
    let gone = |place: &&Place| ![0, me].contains(&place.ident.load(Ordering::Relaxed));
    for place in TABLE.iter().filter(gone) {
        clear(place);
    }
}

/// The threads that `wanted` is true of, the youngest first, for `visit` until that is false.
fn youngest_first(wanted: impl Fn(&Place) -> bool, mut visit: impl FnMut(&Place) -> bool) {
    let mut before = u64::MAX;
    loop {
        let born = |place: &Place| place.born.load(Ordering::Acquire);
        let next = TABLE
            .iter()
            .filter(|place| (1..before).contains(&born(place)) && wanted(place))
            .max_by_key(|place| born(place));
        let Some(place) = next else { return };
        before = born(place);
        if !visit(place) {
            return;
        }
    }
}

/// The thread's own place: that of the interpreter it entered last.
fn own() -> Option<&'static Place> {
    let me = ident();
    let mine = |place: &&Place| place.born.load(Ordering::Acquire) != 0 && place.ident.load(Ordering::Relaxed) == me;
    TABLE.iter().filter(mine).max_by_key(|place| place.born.load(Ordering::Relaxed))
}

/// Writes what the calling thread is doing, or what all threads of its interpreter are.
pub fn report(fd: i32, all_threads: bool) {
    let Some(place) = own() else {
        put(fd, b"Stack (most recent call first):\n  <no Python frame>\n");
        return;
    };
    if !all_threads {
        put(fd, b"Stack (most recent call first):\n");
        return put_stack(fd, place);
    }
    let lock = place.lock.load(Ordering::Relaxed);
    // SAFETY: the thread's own place names the lock of its own stack, which keeps it alive.
    if unsafe { (*lock).owner() } != ident() {
        put_heading(fd, place, true);
        put_stack(fd, place);
        return put(fd, b"<Other threads run and cannot be shown>\n");
    }
    put_all(fd, lock, ident());
}

/// Writes what all threads under a lock are doing, which stand still.
fn put_all(fd: i32, lock: *const Lock, current: u64) {
    let mut count = 0;
    youngest_first(
        |place| ptr::eq(place.lock.load(Ordering::Relaxed), lock),
        |place| {
            if count > 0 {
                put(fd, b"\n");
            }
            if count == MAX_THREADS {
                put(fd, b"...\n");
                return false;
            }
            count += 1;
            let is_current = place.ident.load(Ordering::Relaxed) == current;
            put_heading(fd, place, is_current);
            let heap = place.heap.load(Ordering::Relaxed);
            // SAFETY: the heap outlives the stacks of its interpreter, and W1.
            if is_current && unsafe { (*heap).is_collecting() } {
                put(fd, b"  Garbage-collecting\n");
            }
            put_stack(fd, place);
            true
        },
    );
}

fn put_heading(fd: i32, place: &Place, current: bool) {
    put(fd, if current { b"Current thread 0x" } else { b"Thread 0x" });
    let ident = place.ident.load(Ordering::Relaxed);
    put_hex(fd, ident, 16);
    let mut name = [0; 16];
    let length = fault::thread_name(ident, &mut name);
    if length > 0 {
        put(fd, b" [");
        put_text(fd, &String::from_utf8_lossy(&name[..length]));
        put(fd, b"]");
    }
    put(fd, b" (most recent call first):\n");
}

fn put_stack(fd: i32, place: &Place) {
    let stack = place.stack.load(Ordering::Relaxed);
    // SAFETY: W1.
    let (bottom, mut frame) = unsafe { (*stack).extent() };
    if frame == bottom {
        return put(fd, b"  <no Python frame>\n");
    }
    let mut depth = 0;
    while frame != bottom {
        if depth == MAX_DEPTH {
            return put(fd, b"  ...\n");
        }
        depth += 1;
        // SAFETY: W1: frames from the first to the top are whole.
        unsafe {
            put_frame(fd, &*frame);
            frame = frame.sub(1);
        }
    }
}

fn put_frame(fd: i32, frame: &Frame) {
    let code = frame.code.plain();
    put(fd, b"  File \"");
    put_text(fd, &code.filename);
    put(fd, b"\", line ");
    let start = frame.code.words.0.as_ptr().addr();
    let offset = frame.at.addr().checked_sub(start).map_or(usize::MAX, |bytes| bytes / 8);
    let line = if offset < code.code.len() { code.location(offset as u32).line } else { 0 };
    match line {
        0 => put(fd, b"???"),
        line => put_decimal(fd, u64::from(line)),
    }
    put(fd, b" in ");
    put_text(fd, &code.name);
    put(fd, b"\n");
}

/// Writes a text, what is not ASCII or a control character as an escape.
fn put_text(fd: i32, text: &str) {
    let mut plain = 0;
    for (count, (at, c)) in text.char_indices().enumerate() {
        if count == MAX_TEXT {
            put(fd, &text.as_bytes()[plain..at]);
            return put(fd, b"...");
        }
        if (' '..='~').contains(&c) {
            continue;
        }
        put(fd, &text.as_bytes()[plain..at]);
        plain = at + c.len_utf8();
        let (mark, width): (&[u8], usize) = match u32::from(c) {
            0..=0xff => (b"\\x", 2),
            0x100..=0xffff => (b"\\u", 4),
            _ => (b"\\U", 8),
        };
        put(fd, mark);
        put_hex(fd, u64::from(c), width);
    }
    put(fd, &text.as_bytes()[plain..]);
}

/// A thread that writes reports from time to time.
#[derive(Default)]
struct Watch(RefCell<Option<Arc<Until>>>);

/// Shut until the watching thread is to end.
type Until = Gate;

impl Watch {
    fn end(&self) {
        if let Some(until) = self.0.take() {
            until.open();
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.end();
    }
}

/// Writes `heading` and what all threads are doing once the time is over; again and again with `repeat`; with `leave` the process ends
/// then. A watch that was begun before ends.
pub fn watch(vm: &Vm, time: Duration, fd: i32, heading: String, repeat: bool, leave: bool) -> PyResult<()> {
    let state = vm.interp().state(Watch::default);
    state.end();
    let until = Arc::new(Until::default());
    until.try_shut();
    let lock = crate::stack(vm)?.lock.clone();
    let watching = until.clone();
    let run = move || {
        loop {
            if watching.pass(Instant::now().checked_add(time)) {
                return;
            }
            put(fd, heading.as_bytes());
            put_from_outside(fd, &lock);
            if leave {
                fault::leave(1);
            }
            if !repeat {
                return;
            }
        }
    };
    if taipan_host::stack::spawn("watch", 256 << 10, run).is_err() {
        return Err(vm.runtime_error("unable to start watchdog thread"));
    }
    *state.0.borrow_mut() = Some(until);
    Ok(())
}

/// Ends the watch, if there is one.
pub fn end_watch(vm: &Vm) {
    vm.interp().state(Watch::default).end();
}

/// Writes what all threads are doing, from a thread that is none of theirs: it borrows the lock, and if who has it does not give it up,
/// that thread is interrupted and writes the report itself.
fn put_from_outside(fd: i32, lock: &Arc<Lock>) {
    let wait = Duration::from_millis(500);
    if lock.borrow(wait, || put_all(fd, Arc::as_ptr(lock), 0)) {
        return;
    }
    if !lock.with_owner(|owner| fault::interrupt(owner, fd)) {
        put(fd, b"<the threads do not answer>\n");
    }
}

/// Writes the report of an error that ends the program, found in a thread that is none of Python's, and ends it. The calling thread waits.
pub fn fatal_in_new_thread(vm: &Vm, place: &str, message: &str) -> PyResult<()> {
    let lock = crate::stack(vm)?.lock.clone();
    let text = format!("Fatal Python error: {place}: {message}\nPython runtime state: initialized\n\n");
    let run = move || {
        put(2, text.as_bytes());
        // The thread that started this one holds the lock and waits.
        put_all(2, Arc::as_ptr(&lock), 0);
        put(2, b"\n");
        fault::put_native_stack(2);
        taipan_host::signal::die_by(taipan_host::constants::SIGABRT);
    };
    match taipan_host::stack::spawn::<_, ()>("fatal", 256 << 10, run) {
        Ok(thread) => drop(thread.join()),
        Err(_) => return Err(vm.runtime_error("unable to start the thread")),
    }
    Ok(())
}
