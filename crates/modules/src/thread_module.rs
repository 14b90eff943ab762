//! `_thread`: threads, locks and thread-local data.
//!
//! Invariant: whoever waits for a lock or a thread waits without the interpreter lock; what is waited for are gates in `Arc`s, and no
//! Python object is touched while waiting.

use std::cell::{Cell, RefCell};
use std::os::unix::thread::JoinHandleExt;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};
use taipan_heap::{Charge, Obj, Payload, Ref, Value};
use taipan_host::gate::Gate;
use taipan_host::stack::ident;
use taipan_macros::{pymodule, pytype};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::exception::BaseException;
use taipan_objects::builtins::structseq::StructSeq;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::weakref::WeakReference;
use taipan_objects::builtins::{float, int, is_none, str::Str};
use taipan_objects::native::{Args, FuncArgs, IntoValue};
use taipan_objects::types::call::call;
use taipan_objects::types::{Type, TypeObject, attribute};
use taipan_objects::vm::{PyResult, Raised, Vm};

pub use module::spec;

/// Seconds that a wait may last at most.
const TIMEOUT_MAX: f64 = 9_223_372_036.0;
/// How often a waiting main thread looks for signals.
const LOOK: Duration = Duration::from_millis(50);

/// Waits until the gate is open (and shuts it again if `take`), or until the deadline.
fn wait(vm: &Vm, gate: &Gate, deadline: Option<Instant>, take: bool) -> PyResult<bool> {
    loop {
        let opened = crate::posix_module::blocking(vm, || {
            let look = Instant::now() + LOOK;
            let end = Some(deadline.map_or(look, |deadline| deadline.min(look)));
            if take { gate.shut(end) } else { gate.pass(end) }
        });
        if opened {
            return Ok(true);
        }
        crate::signal_module::run_handlers(vm)?;
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Ok(false);
        }
    }
}

/// A lock's gate as a payload field.
struct Shared(Arc<Gate>);

/// What a thread's handle and the thread itself share.
#[derive(Default)]
struct ThreadState {
    ident: AtomicU64,
    started: AtomicBool,
    /// Shut while the thread runs.
    running: Arc<Gate>,
    done: AtomicBool,
}

impl ThreadState {
    /// Says that the thread has ended, to whoever waits for it.
    fn end(&self) {
        self.done.store(true, Ordering::Release);
        self.running.open();
    }
}

struct SharedThread(Arc<ThreadState>);

taipan_heap::no_references!(Shared, SharedThread);

/// The interpreter's threads and thread-local objects.
struct Registry {
    main: Cell<u64>,
    /// Threads that the program waits for at its end.
    joined: RefCell<Vec<Arc<ThreadState>>>,
    /// Threads that have been started and may run still.
    started: RefCell<Vec<Weak<ThreadState>>>,
    locals: RefCell<Vec<Ref<WeakReference>>>,
    count: Cell<usize>,
    stack_size: Cell<i64>,
}

fn registry(vm: &Vm) -> Rc<Registry> {
    vm.interp().state(|| Registry {
        main: Cell::new(ident()),
        joined: RefCell::default(),
        started: RefCell::default(),
        locals: RefCell::default(),
        count: Cell::new(0),
        stack_size: Cell::new(0),
    })
}

/// A number never given to another thread of the process.
fn unique_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    thread_local! {
        static ID: u64 = NEXT.fetch_add(1, Ordering::Relaxed);
    }
    ID.with(|id| *id)
}

/// Whether the calling thread is the main one.
pub fn is_main(vm: &Vm) -> bool {
    registry(vm).main.get() == ident()
}

/// Whether this is the number of a thread that is known to run: the calling one, the main one, or one that is waited for at the end.
pub fn is_running(vm: &Vm, number: u64) -> bool {
    let state = registry(vm);
    let waited_for = |thread: &Arc<ThreadState>| {
        thread.ident.load(Ordering::Relaxed) == number && !thread.done.load(Ordering::Acquire)
    };
    number == ident() || number == state.main.get() || state.joined.borrow().iter().any(waited_for)
}

/// In the child of a fork: the calling thread is the only one, and the main one.
pub fn after_fork(vm: &Vm) {
    taipan_interp::eval::threads::after_fork(vm);
    let state = registry(vm);
    state.main.set(ident());
    state.count.set(0);
    drop(state.joined.take());
    for thread in state.started.take().iter().filter_map(Weak::upgrade) {
        if thread.ident.load(Ordering::Relaxed) == ident() {
            note_started(&state, &thread);
        } else {
            thread.end();
        }
    }
}

/// Keeps track of a thread that runs now.
fn note_started(state: &Registry, thread: &Arc<ThreadState>) {
    let mut started = state.started.borrow_mut();
    if started.len() == started.capacity() {
        started.retain(|known| known.upgrade().is_some_and(|known| !known.done.load(Ordering::Acquire)));
    }
    started.push(Arc::downgrade(thread));
}

/// Waits for all threads that are no daemons, as at the program's end.
pub fn shutdown(vm: &Vm) -> PyResult<()> {
    loop {
        let next = registry(vm).joined.borrow_mut().pop();
        match next {
            Some(thread) => drop(wait(vm, &thread.running, None, false)?),
            None => return Ok(()),
        }
    }
}

/// The deadline of `acquire(blocking, timeout)`; the first part says whether to wait at all.
fn deadline(vm: &Vm, blocking: bool, timeout: Option<&Value>) -> PyResult<(bool, Option<Instant>)> {
    let seconds = match timeout {
        None => -1.0,
        Some(timeout) => float::as_f64(vm, timeout)?,
    };
    if !blocking && seconds != -1.0 {
        return Err(vm.value_error("can't specify a timeout for a non-blocking call"));
    }
    if seconds < 0.0 && seconds != -1.0 {
        return Err(vm.value_error("timeout value must be a non-negative number"));
    }
    if seconds * 1e9 >= i64::MAX as f64 {
        return Err(vm.overflow_error("timestamp out of range for C PyTime_t"));
    }
    if seconds > TIMEOUT_MAX {
        return Err(vm.overflow_error("timeout value is too large"));
    }
    if !blocking || seconds == -1.0 {
        return Ok((blocking, None));
    }
    let wait = Duration::try_from_secs_f64(seconds).map_err(|_| vm.value_error("Invalid value NaN (not a number)"))?;
    Ok((true, Instant::now().checked_add(wait)))
}

fn acquire(vm: &Vm, gate: &Arc<Gate>, blocking: bool, timeout: Option<&Value>) -> PyResult<bool> {
    let (waits, deadline) = deadline(vm, blocking, timeout)?;
    if gate.try_shut() {
        return Ok(true);
    }
    if waits { wait(vm, gate, deadline, true) } else { Ok(false) }
}

/// Bytes of a shared gate.
const GATE: usize = size_of::<Gate>() + 2 * size_of::<usize>();

/// A lock.
#[derive(Payload)]
#[payload(name = "lock")]
pub struct Lock {
    gate: Shared,
    _charge: Charge,
}

/// A lock object is a synchronization primitive.  To create a lock,
/// call threading.Lock().
#[pytype(name = "lock", module = "_thread")]
impl Lock {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        args.expect(vm, "lock", 0, 0)?;
        let charge = vm.charge(GATE)?;
        Ok(vm.alloc_instance(class, Lock { gate: Shared(Arc::default()), _charge: charge })?.into())
    }

    /// Lock the lock.
    #[method(name = "acquire", sig = "blocking=True, timeout=-1")]
    fn take(this: &Obj<Lock>, vm: &Vm, blocking: bool, timeout: Option<&Value>) -> PyResult<bool> {
        let waits = this.gate.0.is_shut();
        let taken = acquire(vm, &this.gate.0, blocking, timeout)?;
        if waits {
            // Here, and not only at the next call, which may be one that must not be left out, like `__exit__`'s.
            crate::signal_module::run_handlers(vm)?;
        }
        Ok(taken)
    }

    /// Lock the lock.
    #[method(sig = "blocking=True, timeout=-1")]
    fn acquire_lock(this: &Obj<Lock>, vm: &Vm, blocking: bool, timeout: Option<&Value>) -> PyResult<bool> {
        acquire(vm, &this.gate.0, blocking, timeout)
    }

    /// Release the lock.
    #[method]
    fn release(this: &Obj<Lock>, vm: &Vm) -> PyResult<()> {
        if this.gate.0.open() { Ok(()) } else { Err(vm.runtime_error("release unlocked lock")) }
    }

    /// Release the lock.
    #[method]
    fn release_lock(this: &Obj<Lock>, vm: &Vm) -> PyResult<()> {
        Lock::release(this, vm)
    }

    /// Return whether the lock is in the locked state.
    #[method]
    fn locked(this: &Obj<Lock>) -> bool {
        this.gate.0.is_shut()
    }

    /// Return whether the lock is in the locked state.
    #[method]
    fn locked_lock(this: &Obj<Lock>) -> bool {
        this.gate.0.is_shut()
    }

    /// Lock the lock.
    #[method]
    fn __enter__(this: &Obj<Lock>, vm: &Vm) -> PyResult<bool> {
        acquire(vm, &this.gate.0, true, None)
    }

    /// Release the lock.
    #[method]
    fn __exit__(this: &Obj<Lock>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<()> {
        let _ = args;
        Lock::release(this, vm)
    }

    #[method]
    fn _at_fork_reinit(this: &Obj<Lock>) {
        this.gate.0.open();
    }

    #[slot]
    fn repr(this: &Obj<Lock>, vm: &Vm) -> String {
        let state = if this.gate.0.is_shut() { "locked" } else { "unlocked" };
        let class = vm.class_of(&this.to_value()).full_name(vm);
        format!("<{state} {class} object at {:#x}>", this.header().address())
    }
}

/// A lock that its owner may take again.
#[derive(Payload)]
#[payload(name = "RLock")]
pub struct RLock {
    gate: Shared,
    _charge: Charge,
    owner: Cell<u64>,
    count: Cell<u64>,
}

impl RLock {
    fn enter(&self, vm: &Vm, blocking: bool, timeout: Option<&Value>) -> PyResult<bool> {
        if self.owner.get() == ident() && self.count.get() > 0 {
            self.count.set(self.count.get() + 1);
            return Ok(true);
        }
        let taken = acquire(vm, &self.gate.0, blocking, timeout)?;
        if taken {
            self.owner.set(ident());
            self.count.set(1);
        }
        Ok(taken)
    }

    fn leave(&self, vm: &Vm) -> PyResult<()> {
        if self.count.get() == 0 || self.owner.get() != ident() {
            return Err(vm.runtime_error("cannot release un-acquired lock"));
        }
        self.count.set(self.count.get() - 1);
        if self.count.get() == 0 {
            self.owner.set(0);
            self.gate.0.open();
        }
        Ok(())
    }
}

/// A reentrant lock: the thread that holds it may take it again.
#[pytype(name = "RLock", module = "_thread", flags = BASETYPE)]
impl RLock {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = args;
        let charge = vm.charge(GATE)?;
        let payload = RLock { gate: Shared(Arc::default()), _charge: charge, owner: Cell::new(0), count: Cell::new(0) };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    /// Lock the lock.
    #[method(sig = "blocking=True, timeout=-1")]
    fn acquire(this: &Obj<RLock>, vm: &Vm, blocking: bool, timeout: Option<&Value>) -> PyResult<bool> {
        this.enter(vm, blocking, timeout)
    }

    /// Release the lock.
    #[method]
    fn release(this: &Obj<RLock>, vm: &Vm) -> PyResult<()> {
        this.leave(vm)
    }

    /// Return a boolean indicating whether this object is locked right now.
    #[method]
    fn locked(this: &Obj<RLock>) -> bool {
        this.gate.0.is_shut()
    }

    #[method]
    fn __enter__(this: &Obj<RLock>, vm: &Vm) -> PyResult<bool> {
        this.enter(vm, true, None)
    }

    #[method]
    fn __exit__(this: &Obj<RLock>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<()> {
        let _ = args;
        this.leave(vm)
    }

    #[method]
    fn _is_owned(this: &Obj<RLock>) -> bool {
        this.count.get() > 0 && this.owner.get() == ident()
    }

    #[method]
    fn _recursion_count(this: &Obj<RLock>) -> u64 {
        if RLock::_is_owned(this) { this.count.get() } else { 0 }
    }

    #[method]
    fn _release_save(this: &Obj<RLock>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        if this.count.get() == 0 {
            return Err(vm.runtime_error("cannot release un-acquired lock"));
        }
        let count = int::from_i64(vm, this.count.replace(0) as i64)?;
        let owner = int::from_i128(vm, this.owner.replace(0).into())?;
        this.gate.0.open();
        Tuple::pair(vm, count, owner)
    }

    #[method]
    fn _acquire_restore(this: &Obj<RLock>, vm: &Vm, state: &Value) -> PyResult<()> {
        let Some([count, owner]) = state.downcast::<Tuple>().map(|pair| pair.items()) else {
            return Err(vm.type_error("_acquire_restore() argument 1 must be tuple"));
        };
        let (count, owner) = (int::index_clamped(vm, count)?, int::index_clamped(vm, owner)?);
        acquire(vm, &this.gate.0, true, None)?;
        this.count.set(count as u64);
        this.owner.set(owner as u64);
        Ok(())
    }

    #[method]
    fn _at_fork_reinit(this: &Obj<RLock>) {
        this.count.set(0);
        this.owner.set(0);
        this.gate.0.open();
    }

    #[slot]
    fn repr(this: &Obj<RLock>, vm: &Vm) -> String {
        let state = if this.count.get() > 0 { "locked" } else { "unlocked" };
        let class = vm.class_of(&this.to_value()).full_name(vm);
        let (owner, count, at) = (this.owner.get(), this.count.get(), this.header().address());
        format!("<{state} {class} object owner={owner} count={count} at {at:#x}>")
    }
}

/// A thread to be joined.
#[derive(Payload)]
#[payload(name = "_ThreadHandle")]
pub struct ThreadHandle {
    thread: SharedThread,
}

impl ThreadHandle {
    fn is_finished(&self) -> bool {
        self.thread.0.done.load(Ordering::Acquire)
    }
}

/// A handle on a thread of the system.
#[pytype(name = "_ThreadHandle", module = "_thread")]
impl ThreadHandle {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        args.expect(vm, "_ThreadHandle", 0, 0)?;
        Ok(vm.alloc_instance(class, ThreadHandle { thread: SharedThread(Arc::default()) })?.into())
    }

    #[getter(name = "ident")]
    fn get_ident(this: &Obj<ThreadHandle>) -> u64 {
        this.thread.0.ident.load(Ordering::Relaxed)
    }

    /// Waits until the thread has ended.
    #[method(sig = "timeout=None, /")]
    fn join(this: &Obj<ThreadHandle>, vm: &Vm, timeout: Option<&Value>) -> PyResult<()> {
        let thread = this.thread.0.clone();
        if !thread.started.load(Ordering::Acquire) {
            return Err(vm.runtime_error("thread not started"));
        }
        if thread.ident.load(Ordering::Relaxed) == ident() && !this.is_finished() {
            return Err(vm.runtime_error("Cannot join current thread"));
        }
        if !this.is_finished() && crate::sys::SysState::of(vm).finalizing.get() {
            let class = &vm.types().python_finalization_error;
            return Err(vm.raise_new(class, "cannot join thread at interpreter shutdown"));
        }
        let deadline = match timeout.filter(|timeout| !is_none(timeout)) {
            None => None,
            Some(timeout) => {
                let seconds = float::as_f64(vm, timeout)?;
                let wait = Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX);
                Instant::now().checked_add(wait)
            }
        };
        wait(vm, &thread.running, deadline, false).map(drop)
    }

    #[method]
    fn is_done(this: &Obj<ThreadHandle>) -> bool {
        this.is_finished()
    }

    #[method]
    fn _set_done(this: &Obj<ThreadHandle>, vm: &Vm) -> PyResult<()> {
        if !this.thread.0.started.load(Ordering::Acquire) {
            return Err(vm.runtime_error("thread not started"));
        }
        this.thread.0.end();
        Ok(())
    }

    #[slot]
    fn repr(this: &Obj<ThreadHandle>) -> String {
        format!("<_thread._ThreadHandle object: ident={}>", this.thread.0.ident.load(Ordering::Relaxed))
    }
}

/// What a new thread calls.
#[derive(Payload)]
#[payload(name = "_thread._Start")]
pub struct Start {
    function: Value,
    thread: SharedThread,
}

/// Calls the function of a new thread.
#[pytype(name = "_Start", module = "_thread", flags = DISALLOW_INSTANTIATION)]
impl Start {
    #[slot]
    fn call(this: &Obj<Start>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        this.thread.0.ident.store(ident(), Ordering::Relaxed);
        call(vm, &this.function, args)
    }
}

/// The end of a thread: what it raised is reported, its thread-local data go, and who waits for it goes on.
fn ended(vm: &Vm, start: &Value, result: PyResult<Value>) {
    let Some(start) = start.downcast::<Start>() else { return };
    if let Err(raised) = result {
        let exception = vm.take_exception(raised);
        if !vm.is_instance(&exception.to_value(), &vm.types().system_exit) {
            let what = "Exception ignored in thread started by";
            taipan_objects::types::finalize::unraisable(vm, exception, what, Some(&start.function));
        }
    }
    let state = registry(vm);
    let locals: Vec<Value> = state.locals.borrow().iter().filter_map(|local| local.target()).collect();
    for local in &locals {
        if let Some(local) = local.downcast::<Local>() {
            let gone = local.remove(unique_id());
            drop(gone);
        }
    }
    state.count.set(state.count.get().saturating_sub(1));
    start.thread.0.end();
}

fn start_thread(
    vm: &Vm,
    function: &Value,
    args: (Vec<Value>, Vec<Value>),
    thread: Arc<ThreadState>,
    daemon: bool,
) -> PyResult<u64> {
    if crate::sys::SysState::of(vm).finalizing.get() {
        let class = &vm.types().python_finalization_error;
        return Err(vm.raise_new(class, "can't create new thread at interpreter shutdown"));
    }
    let class = vm.native_type(Start::spec())?;
    let start = vm.alloc(&*class, Start { function: function.clone(), thread: SharedThread(thread.clone()) })?;
    thread.started.store(true, Ordering::Release);
    thread.running.try_shut();
    let state = registry(vm);
    state.count.set(state.count.get() + 1);
    match taipan_interp::eval::threads::start(vm, start.into(), args.0, args.1, ended) {
        Ok(handle) => {
            let number = handle.as_pthread_t();
            thread.ident.store(number, Ordering::Relaxed);
            note_started(&state, &thread);
            if !daemon {
                let mut joined = state.joined.borrow_mut();
                joined.retain(|thread| !thread.done.load(Ordering::Acquire));
                joined.push(thread);
            }
            Ok(number)
        }
        Err(raised) => {
            state.count.set(state.count.get() - 1);
            thread.started.store(false, Ordering::Release);
            thread.running.open();
            Err(raised)
        }
    }
}

/// `_local`: attributes that each thread has for itself.
#[derive(Payload)]
#[payload(name = "_thread._local")]
pub struct Local {
    threads: RefCell<Vec<u64>>,
    dicts: RefCell<Vec<Option<Value>>>,
    arguments: RefCell<Vec<Option<Value>>>,
    names: RefCell<Vec<Option<Value>>>,
}

impl Local {
    fn remove(&self, thread: u64) -> Option<Value> {
        let index = self.threads.borrow().iter().position(|known| *known == thread)?;
        self.threads.borrow_mut().swap_remove(index);
        self.dicts.borrow_mut().swap_remove(index)
    }

    /// The calling thread's attributes; made, with the arguments given to the class, on first use.
    fn dict(this: &Obj<Local>, vm: &Vm) -> PyResult<Ref<Dict>> {
        let thread = unique_id();
        let index = this.threads.borrow().iter().position(|known| *known == thread);
        let found = index.and_then(|index| this.dicts.borrow().get(index).cloned().flatten());
        if let Some(Ok(dict)) = found.map(Value::downcast_into::<Dict>) {
            return Ok(dict);
        }
        let dict = Dict::new(vm)?;
        this.threads.borrow_mut().push(thread);
        this.dicts.borrow_mut().push(Some(dict.to_value()));
        if this.threads.borrow().len() > 1
            && let Some(init) = vm.class_of(&this.to_value()).slots.init.get()
        {
            let values: Vec<Value> = this.arguments.borrow().iter().flatten().cloned().collect();
            let names: Vec<Value> = this.names.borrow().iter().flatten().cloned().collect();
            init(vm, &this.to_value(), Args { values: &values, names: &names })?;
        }
        Ok(dict)
    }
}

/// Thread-local data
#[pytype(name = "_local", module = "_thread", flags = BASETYPE)]
impl Local {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let own_init = class.slots.init.get().map(|init| init as usize);
        let plain = own_init == vm.types().object.slots.init.get().map(|init| init as usize);
        if plain && !args.values.is_empty() {
            return Err(vm.type_error("Initialization arguments are not supported"));
        }
        let keep = |values: &[Value]| RefCell::new(values.iter().cloned().map(Some).collect());
        let payload = Local {
            threads: RefCell::default(),
            dicts: RefCell::default(),
            arguments: keep(args.values),
            names: keep(args.names),
        };
        let local = vm.alloc_instance(class, payload)?;
        Local::dict(&local, vm)?;
        let link = WeakReference::new(vm, &vm.types().weak_reference, &local.to_value(), None)?;
        let state = registry(vm);
        let dead: Vec<Ref<WeakReference>> = {
            let mut locals = state.locals.borrow_mut();
            let (living, dead) = locals.drain(..).partition(|link| link.target().is_some());
            *locals = living;
            locals.push(link);
            dead
        };
        drop(dead);
        Ok(local.into())
    }

    #[slot]
    fn getattr(this: &Obj<Local>, vm: &Vm, name: &Obj<Str>) -> PyResult<Value> {
        let dict = Local::dict(this, vm)?;
        if name.equals("__dict__") {
            return Ok(dict.into());
        }
        let value = this.to_value();
        let on_class = vm.class_of(&value).lookup(vm, name);
        let data = on_class.as_ref().is_some_and(|found| attribute::descr_set(vm, found).is_some());
        if !data && let Some(found) = dict.get(vm, &name.to_value())? {
            return Ok(found);
        }
        attribute::generic_get(vm, &value, name)
    }

    #[slot]
    fn setattr(this: &Obj<Local>, vm: &Vm, name: &Obj<Str>, value: Option<&Value>) -> PyResult<()> {
        let dict = Local::dict(this, vm)?;
        let object = this.to_value();
        if name.equals("__dict__") {
            let class = vm.type_name(&object);
            return Err(vm.attribute_error_on(
                &format!("'{class}' object attribute '__dict__' is read-only"),
                &object,
                name,
            ));
        }
        let on_class = vm.class_of(&object).lookup(vm, name);
        if on_class.as_ref().is_some_and(|found| attribute::descr_set(vm, found).is_some()) {
            return attribute::generic_set(vm, &object, name, value);
        }
        match value {
            Some(value) => dict.set(vm, &name.to_value(), value.clone()),
            None => match dict.remove(vm, &name.to_value())? {
                Some(_) => Ok(()),
                None => Err(vm.no_attribute(&object, name)),
            },
        }
    }
}

/// The least stack size that may be asked for, as CPython has it; threads get a larger one anyway.
const SMALLEST_STACK: i64 = 53_248;

/// What `threading.excepthook` is given.
static EXCEPT_HOOK_ARGS: StructSeq = StructSeq {
    name: "_ExceptHookArgs",
    module: "_thread",
    doc: "ExceptHookArgs\n\nType used to pass arguments to threading.excepthook.",
    fields: &["exc_type", "exc_value", "exc_traceback", "thread"],
    visible: 4,
    callable: true,
};

/// `threading.excepthook` as the runtime provides it.
fn report_uncaught_in_thread(vm: &Vm, args: &Value) -> PyResult<()> {
    if !vm.class_of(args).is_same(&*EXCEPT_HOOK_ARGS.class(vm)?) {
        return Err(vm.type_error("_thread.excepthook argument type must be ExceptHookArgs"));
    }
    let field = |name: &str| vm.get_attr_text(args, name);
    if field("exc_type")?.is(&vm.types().system_exit.to_value()) {
        return Ok(());
    }
    let thread = field("thread")?;
    let name = match is_none(&thread) {
        true => None,
        false => vm.find_attr(&thread, &*vm.intern("_name")?)?,
    };
    let name = match name {
        Some(name) => vm.str(&name)?.to_lossy().into_owned(),
        None => ident().to_string(),
    };
    let value = field("exc_value")?;
    let stderr = match vm.interp().modules.get().map(|modules| modules.get_text(vm, "sys")).transpose()?.flatten() {
        Some(sys) => vm.find_attr(&sys, &*vm.intern("stderr")?)?,
        None => None,
    };
    if stderr.as_ref().is_some_and(is_none)
        && !is_none(&thread)
        && let Some(own) = vm.find_attr(&thread, &*vm.intern("_stderr")?)?.filter(|own| !is_none(own))
    {
        // The stream of the time when the thread was made.
        let Some(exception) = value.downcast::<BaseException>() else { return Ok(()) };
        let text = format!("Exception in thread {name}:\n{}", crate::sys::hooks::shown(vm, exception));
        vm.call_method(&own, &vm.names().write, &[text.into_value(vm)?])?;
        return vm.call_method(&own, &vm.names().flush, &[]).map(drop);
    }
    crate::sys::hooks::write_stderr(vm, &format!("Exception in thread {name}:\n"));
    crate::sys::hooks::show(vm, &field("exc_type")?, &value, &field("exc_traceback")?)
}

#[cold]
fn exit_thread(vm: &Vm) -> Raised {
    match vm.new_exception(&vm.types().system_exit, &[]) {
        Ok(exception) => vm.raise(exception),
        Err(raised) => raised,
    }
}

/// This module provides primitive operations to write multi-threaded programs.
/// The 'threading' module provides a more convenient interface.
#[pymodule(name = "_thread", types(Lock, RLock, ThreadHandle, Local), init = fill)]
mod module {
    use super::*;
    use taipan_objects::builtins::module::{Module, ModuleObject};

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        let _ = registry(vm);
        let lock = vm.native_type(Lock::spec())?;
        module.set_attr(vm, "LockType", lock.to_value())?;
        module.set_attr(vm, "_ExceptHookArgs", EXCEPT_HOOK_ARGS.class(vm)?.to_value())?;
        module.set_attr(vm, "error", vm.types().runtime_error.to_value())?;
        module.set_attr(vm, "TIMEOUT_MAX", float::new(vm, TIMEOUT_MAX)?)
    }

    /// Create a new lock object.
    #[function]
    fn allocate_lock(vm: &Vm) -> PyResult<Ref<Lock>> {
        let class = vm.native_type(Lock::spec())?;
        let charge = vm.charge(GATE)?;
        vm.alloc(&*class, Lock { gate: Shared(Arc::default()), _charge: charge })
    }

    /// An obsolete synonym of allocate_lock().
    #[function]
    fn allocate(vm: &Vm) -> PyResult<Ref<Lock>> {
        allocate_lock(vm)
    }

    /// Start a new thread and return its identifier.
    ///
    /// The thread will call the function with positional arguments from the
    /// tuple args and keyword arguments taken from the optional dictionary
    /// kwargs.
    #[function]
    fn start_new_thread(vm: &Vm, function: &Value, args: &Value, kwargs: Option<&Value>) -> PyResult<u64> {
        if vm.class_of(function).slots.call.get().is_none() {
            return Err(vm.type_error("first arg must be callable"));
        }
        let Some(args) = args.downcast::<Tuple>() else { return Err(vm.type_error("2nd arg must be a tuple")) };
        let (mut values, mut names) = (args.items().to_vec(), Vec::new());
        if let Some(kwargs) = kwargs {
            let Some(kwargs) = kwargs.downcast::<Dict>() else {
                return Err(vm.type_error("optional 3rd arg must be a dictionary"));
            };
            for (name, value) in kwargs.snapshot() {
                names.push(name);
                values.push(value);
            }
        }
        start_thread(vm, function, (values, names), Arc::default(), true)
    }

    /// Start a new thread and return its identifier.
    #[function]
    fn start_new(vm: &Vm, function: &Value, args: &Value, kwargs: Option<&Value>) -> PyResult<u64> {
        start_new_thread(vm, function, args, kwargs)
    }

    /// *For internal use only*: start a new thread.
    ///
    /// Like start_new_thread(), this starts a new thread calling the given function.
    /// Unlike start_new_thread(), this returns a handle object with methods to join
    /// or detach the given thread.
    #[function(sig = "function, handle=None, daemon=True")]
    fn start_joinable_thread(vm: &Vm, function: &Value, handle: Option<&Value>, daemon: bool) -> PyResult<Value> {
        if vm.class_of(function).slots.call.get().is_none() {
            return Err(vm.type_error("thread function must be callable"));
        }
        let handle = match handle.filter(|handle| !is_none(handle)) {
            Some(handle) => handle.clone(),
            None => vm.call(&vm.native_type(ThreadHandle::spec())?.to_value(), &[])?,
        };
        let Some(shared) = handle.downcast::<ThreadHandle>() else {
            return Err(vm.type_error("'handle' must be a _ThreadHandle"));
        };
        if shared.thread.0.started.load(Ordering::Acquire) {
            return Err(vm.runtime_error("thread already started"));
        }
        start_thread(vm, function, (Vec::new(), Vec::new()), shared.thread.0.clone(), daemon)?;
        Ok(handle)
    }

    /// Internal only. Make a thread handle for threads not spawned by the _thread or threading module.
    #[function(sig = "ident, /")]
    fn _make_thread_handle(vm: &Vm, ident: u64) -> PyResult<Ref<ThreadHandle>> {
        let class = vm.native_type(ThreadHandle::spec())?;
        let thread: Arc<ThreadState> = Arc::default();
        thread.ident.store(ident, Ordering::Relaxed);
        thread.started.store(true, Ordering::Release);
        thread.running.try_shut();
        note_started(&registry(vm), &thread);
        vm.alloc(&*class, ThreadHandle { thread: SharedThread(thread) })
    }

    /// Return a non-zero integer that uniquely identifies the current thread
    /// amongst other threads that exist simultaneously.
    #[function]
    fn get_ident() -> u64 {
        ident()
    }

    /// Return a non-negative integer identifying the thread as reported by the OS.
    #[function]
    fn get_native_id() -> i32 {
        taipan_host::stack::native_id()
    }

    /// Internal only. Return the ident of the main thread.
    #[function]
    fn _get_main_thread_ident(vm: &Vm) -> u64 {
        registry(vm).main.get()
    }

    /// Return True if the current interpreter is the main Python interpreter.
    #[function]
    fn _is_main_interpreter() -> bool {
        true
    }

    /// Return True if daemon threads are allowed in the current interpreter, and False otherwise.
    #[function]
    fn daemon_threads_allowed() -> bool {
        true
    }

    /// Wait for all non-daemon threads (other than the calling thread) to stop.
    #[function]
    fn _shutdown(vm: &Vm) -> PyResult<()> {
        shutdown(vm)
    }

    /// Return the number of currently running Python threads, excluding the main thread.
    #[function]
    fn _count(vm: &Vm) -> usize {
        registry(vm).count.get()
    }

    /// Return the thread stack size used when creating new threads.
    #[function]
    fn stack_size(vm: &Vm, size: Option<i64>) -> PyResult<i64> {
        let state = registry(vm);
        let old = state.stack_size.get();
        match size {
            Some(size) if size != 0 && size < SMALLEST_STACK => {
                Err(vm.value_error(format!("size must be at least {SMALLEST_STACK} bytes")))
            }
            // Asking without a size sets the default size again.
            size => {
                state.stack_size.set(size.unwrap_or(0));
                Ok(old)
            }
        }
    }

    /// ExceptHookArgs(args, /)
    /// --
    /// Handle uncaught Thread.run() exception.
    #[function]
    fn _excepthook(vm: &Vm, args: &Value) -> PyResult<()> {
        super::report_uncaught_in_thread(vm, args)
    }

    /// Simulate the arrival of the given signal in the main thread,
    /// where the corresponding signal handler will be executed.
    #[function(sig = "signum=2, /")]
    fn interrupt_main(vm: &Vm, signum: Option<i32>) -> PyResult<()> {
        let signal = signum.unwrap_or(2);
        if !(1..taipan_host::signal::NSIG).contains(&signal) {
            return Err(vm.value_error("signal number out of range"));
        }
        taipan_host::signal::flag(signal);
        // In the main thread itself the handler runs at once.
        taipan_interp::poll(vm)
    }

    /// This is synonymous to ``raise SystemExit''.  It will cause the current
    /// thread to exit silently unless the exception is caught.
    #[function]
    fn exit(vm: &Vm) -> PyResult<Value> {
        Err(super::exit_thread(vm))
    }

    /// An obsolete synonym of exit().
    #[function(name = "exit_thread")]
    fn exit_now(vm: &Vm) -> PyResult<Value> {
        Err(super::exit_thread(vm))
    }
}
