//! The interpreter lock and the threads that share an interpreter.
//!
//! A thread that wants the lock and has waited a switch interval sets the holder's breaker; the holder gives way at its next check. Blocking
//! calls give the lock up through `Vm::blocking`.
//!
//! The lock is made of the standard library's parts, which keep nothing in tables of the process: in the child of a fork it is whole.
//!
//! Invariant T2: everything reachable from an interpreter (heap, types, thread states of others) is touched only by the thread
//! that holds its lock. That is what makes the `Send` below sound.

use crate::eval::frame::Stack;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use taipan_heap::Value;
use taipan_objects::native::Args;
use taipan_objects::types::call;
use taipan_objects::vm::{Interp, PyResult, Vm, breaker};

#[derive(Default)]
struct Holder {
    held: bool,
    breaker: Option<Arc<AtomicU32>>,
    /// Counts hand-overs, so that a thread that gave way does not take the lock straight back.
    turns: u64,
    waiting: usize,
    /// Who alone may still take the lock, once the interpreter ends.
    last: Option<Arc<AtomicU32>>,
}

/// The lock of one interpreter.
pub struct Lock {
    holder: Mutex<Holder>,
    freed: Condvar,
    taken: Condvar,
    /// Where threads wait that have come too late; nobody wakes them.
    never: Condvar,
    /// Microseconds a thread may keep the lock while others wait.
    pub interval: AtomicU64,
    /// Threads started and not yet ended.
    pub running: AtomicUsize,
    /// The ident of the thread that has the lock; 0 if none. For signal handlers, which cannot wait for `holder`.
    owner: AtomicU64,
}

impl Default for Lock {
    fn default() -> Lock {
        Lock {
            holder: Mutex::default(),
            freed: Condvar::new(),
            taken: Condvar::new(),
            never: Condvar::new(),
            interval: AtomicU64::new(5000),
            running: AtomicUsize::new(0),
            owner: AtomicU64::new(0),
        }
    }
}

/// What is locked, even if a thread has panicked that had it locked: nobody leaves it half changed.
fn whole<T>(locked: Result<T, PoisonError<T>>) -> T {
    locked.unwrap_or_else(PoisonError::into_inner)
}

impl Lock {
    fn state(&self) -> MutexGuard<'_, Holder> {
        whole(self.holder.lock())
    }

    /// Waits for the lock and takes it. When the interpreter ends, threads other than the one that ends it wait for ever, as in CPython.
    pub fn acquire(&self, breaker: &Arc<AtomicU32>) {
        let mut holder = self.state();
        holder.waiting += 1;
        loop {
            if holder.last.as_ref().is_some_and(|last| !Arc::ptr_eq(last, breaker)) {
                holder.waiting -= 1;
                self.taken.notify_all();
                loop {
                    holder = whole(self.never.wait(holder));
                }
            }
            if !holder.held {
                break;
            }
            let interval = Duration::from_micros(self.interval.load(Ordering::Relaxed).max(1));
            let turns = holder.turns;
            let timed_out;
            (holder, timed_out) = whole(self.freed.wait_timeout(holder, interval));
            if timed_out.timed_out()
                && holder.held
                && holder.turns == turns
                && let Some(breaker) = &holder.breaker
            {
                breaker.fetch_or(breaker::LOCK, Ordering::Relaxed);
            }
        }
        holder.waiting -= 1;
        holder.held = true;
        self.owner.store(taipan_host::stack::ident(), Ordering::Relaxed);
        holder.turns += 1;
        holder.breaker = Some(breaker.clone());
        // A collection may have become due while another thread had the lock.
        breaker.fetch_or(breaker::COLLECTION, Ordering::Relaxed);
        self.taken.notify_all();
    }

    /// The ident of the thread that has the lock; 0 if none.
    pub fn owner(&self) -> u64 {
        self.owner.load(Ordering::Relaxed)
    }

    /// Runs `f` with the lock for a thread that is none of the interpreter's, unless the lock cannot be had within a time. Returns whether it ran.
    pub fn borrow(&self, wait: Duration, f: impl FnOnce()) -> bool {
        let end = std::time::Instant::now() + wait;
        let mut holder = self.state();
        holder.waiting += 1;
        while holder.held && std::time::Instant::now() < end {
            if let Some(breaker) = &holder.breaker {
                breaker.fetch_or(breaker::LOCK, Ordering::Relaxed);
            }
            holder = whole(self.freed.wait_timeout(holder, Duration::from_millis(5))).0;
        }
        holder.waiting -= 1;
        if holder.held {
            self.taken.notify_all();
            return false;
        }
        // Nobody takes the lock while its holder is locked.
        f();
        self.taken.notify_all();
        self.freed.notify_one();
        true
    }

    /// Runs `f` with the ident of the thread that has the lock, which cannot give it up meanwhile; false if there is none.
    pub fn with_owner(&self, f: impl FnOnce(u64) -> bool) -> bool {
        let holder = self.state();
        let known = holder.held && self.owner() != 0;
        known && f(self.owner())
    }

    /// Leaves the lock to the thread with this breaker, which holds it.
    fn close(&self, breaker: &Arc<AtomicU32>) {
        self.state().last = Some(breaker.clone());
        self.freed.notify_all();
    }

    /// Gives the lock up.
    pub fn release(&self) {
        let mut holder = self.state();
        self.owner.store(0, Ordering::Relaxed);
        holder.held = false;
        holder.breaker = None;
        drop(holder);
        self.freed.notify_one();
    }

    /// Gives the lock up and takes it again, after another thread had it if one waits.
    pub fn yield_now(&self, breaker: &Arc<AtomicU32>) {
        breaker.fetch_and(!breaker::LOCK, Ordering::Relaxed);
        let mut holder = self.state();
        if holder.waiting == 0 {
            return;
        }
        let turns = holder.turns;
        self.owner.store(0, Ordering::Relaxed);
        holder.held = false;
        holder.breaker = None;
        self.freed.notify_one();
        while holder.turns == turns && holder.waiting > 0 {
            holder = whole(self.taken.wait(holder));
        }
        drop(holder);
        self.acquire(breaker);
    }
}

/// The threads of an interpreter, each from when it has its stacks until it ends: its ident and its state.
#[derive(Default)]
struct Threads(RefCell<Vec<(u64, *const Vm)>>);

/// A thread's place among the interpreter's.
struct Listed(Rc<Threads>, *const Vm);

impl Listed {
    /// Lists the calling thread until it ends.
    fn new(vm: &Vm) -> Listed {
        list(vm);
        Listed(vm.interp().state(Threads::default), vm)
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        self.0.0.borrow_mut().retain(|(_, vm)| !std::ptr::eq(*vm, self.1));
    }
}

/// Lists the calling thread for as long as the interpreter lives.
pub fn list(vm: &Vm) {
    super::fault::enter(vm);
    vm.interp().state(Threads::default).0.borrow_mut().push((taipan_host::stack::ident(), vm));
}

/// Calls `visit` with the ident and the state of each of the interpreter's threads, the calling one included.
pub fn each(vm: &Vm, mut visit: impl FnMut(u64, &Vm) -> PyResult<()>) -> PyResult<()> {
    let threads = vm.interp().state(Threads::default).0.borrow().clone();
    for (ident, other) in threads {
        // SAFETY: a listed state is alive, and the calling thread holds the lock: the others stand still.
        visit(ident, unsafe { &*other })?;
    }
    Ok(())
}

/// In the child of a fork only the calling thread is left.
pub fn after_fork(vm: &Vm) {
    vm.interp().state(Threads::default).0.borrow_mut().retain(|(_, listed)| std::ptr::eq(*listed, vm));
}

/// What a new thread is given.
struct Start {
    interp: Arc<Interp>,
    lock: Arc<Lock>,
    callable: Value,
    arguments: Vec<Value>,
    names: Vec<Value>,
    ended: fn(&Vm, &Value, PyResult<Value>),
    stack: Stack,
}

// SAFETY: T2: the new thread touches what it is given only while it holds the lock.
unsafe impl Send for Start {}

/// Starts a thread that calls `callable`. `ended` is told the result, on the new thread. Returns the thread's native handle.
pub fn start(
    vm: &Vm,
    callable: Value,
    arguments: Vec<Value>,
    names: Vec<Value>,
    ended: fn(&Vm, &Value, PyResult<Value>),
) -> PyResult<std::thread::JoinHandle<()>> {
    let lock = crate::stack(vm)?.lock.clone();
    let Some(stack) = Stack::try_with(Arc::default(), lock.clone()) else {
        return Err(vm.runtime_error("can't start new thread"));
    };
    let start = Start { interp: vm.interp().clone(), lock: lock.clone(), callable, arguments, names, ended, stack };
    lock.running.fetch_add(1, Ordering::Relaxed);
    let spawned = taipan_host::stack::spawn("python", 16 << 20, move || run(start));
    spawned.map_err(|_| {
        lock.running.fetch_sub(1, Ordering::Relaxed);
        vm.runtime_error("can't start new thread")
    })
}

fn run(start: Start) {
    // Whole, so that the closure does not capture its fields one by one.
    let start = start;
    let lock = start.lock.clone();
    let breaker = start.stack.breaker.clone();
    lock.acquire(&breaker);
    {
        let vm = Vm::with_breaker(start.interp.clone(), breaker);
        let entered = Vm::enter(&vm);
        vm.set_extension(std::rc::Rc::new(start.stack));
        vm.stack_limit.set(taipan_host::stack::stack_limit() + STACK_RESERVE);
        let listed = Listed::new(&vm);
        if let Ok(stack) = crate::stack(&vm) {
            super::trace::monitor::adopt(&vm, stack);
        }
        let values = start.arguments;
        let result = call::call(&vm, &start.callable, Args { values: &values, names: &start.names });
        (start.ended)(&vm, &start.callable, result);
        drop((values, start.callable, start.names));
        drop(listed);
        vm.handled.set(None);
        vm.context.set(None);
        drop(entered);
        drop(vm);
        drop(start.interp);
    }
    lock.running.fetch_sub(1, Ordering::Relaxed);
    lock.release();
}

/// Runs `f`, which forks, while no other thread is in the middle of taking or giving up the lock; in the child there are no other threads.
pub fn fork(vm: &Vm, on_main_thread: bool, f: impl FnOnce() -> std::io::Result<i32>) -> PyResult<std::io::Result<i32>> {
    let lock = crate::stack(vm)?.lock.clone();
    let mut holder = lock.state();
    let result = f();
    if matches!(result, Ok(0)) {
        holder.waiting = 0;
        lock.running.store(usize::from(!on_main_thread), Ordering::Relaxed);
        super::fault::after_fork();
    }
    drop(holder);
    Ok(result)
}

/// How many threads of the interpreter run besides the main one.
pub fn others(vm: &Vm) -> PyResult<usize> {
    Ok(crate::stack(vm)?.lock.running.load(Ordering::Relaxed))
}

/// Lets no other thread run from here on: the calling one takes the interpreter apart.
pub fn stop_others(vm: &Vm) -> PyResult<()> {
    let stack = crate::stack(vm)?;
    stack.lock.close(&stack.breaker);
    Ok(())
}

/// Bytes of native stack kept for handling a RecursionError.
pub const STACK_RESERVE: usize = 256 << 10;

/// Runs `f` without the lock.
pub fn without_lock<R>(vm: &Vm, f: impl FnOnce() -> R) -> R {
    match crate::stack(vm) {
        Ok(stack) => {
            let (lock, breaker) = (stack.lock.clone(), stack.breaker.clone());
            let result = vm.heap().aside(|| {
                lock.release();
                let result = f();
                lock.acquire(&breaker);
                result
            });
            stack.sync_limit(vm);
            result
        }
        Err(_) => f(),
    }
}
