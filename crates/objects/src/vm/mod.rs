//! `Vm`: the state of one thread of one interpreter, passed to everything that may run Python code; `Interp`: what its threads share.
//!
//! Invariant: while a native function runs, the exception slot is empty unless the function is about to return `Err(Raised)`.

mod errors;
mod handles;
mod interned;
mod interp;
mod names;
mod recursion;

pub use handles::HANDLES;
pub use interp::{Interp, InterpConfig};
pub use names::Names;

use crate::builtins::exception::BaseException;
use crate::builtins::str::Str;
use crate::types::shape::ShapeId;
use crate::types::{Type, TypeObject, Types};
use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use taipan_heap::{AsKind, Heap, Obj, OutOfMemory, Payload, Ref, Slot, Tail, Unmade, Value, header_class};

/// Says that an exception waits in the thread state. One is only made by raising.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raised(pub(crate) ());

/// Bits of `Vm::breaker`: what a thread is interrupted for.
pub mod breaker {
    /// Another thread wants the interpreter's lock.
    pub const LOCK: u32 = 1;
    /// A collection is due, or may be: the heap is to be asked.
    pub const COLLECTION: u32 = 2;
    /// A signal has come.
    pub const SIGNAL: u32 = 4;
    /// Somebody listens to what the thread does; stays set while that is so.
    pub const TRACE: u32 = 8;
}

/// A result whose error is the exception waiting in the thread state. `PyResult` of a value is one word.
pub type PyResult<T = Value> = Result<T, Raised>;

/// The state of one thread of one interpreter.
pub struct Vm {
    exception: Slot,
    /// The exception being handled (`sys.exception()`), or empty.
    pub handled: Slot,
    /// What the callers of the running generators handle, the outermost first, and how many callers in between handle nothing; a generator
    /// that begins to run adds its caller here.
    outer_handled: RefCell<Vec<(Slot, u32)>>,
    /// How many of the innermost callers of running generators handle nothing.
    idle_callers: Cell<u32>,
    /// The context of context variables that the thread runs in, or empty until one is asked for.
    pub context: Slot,
    /// A mark of whoever remembers something of that context; zero as soon as it, or a value in it, may be another.
    pub context_mark: Cell<u64>,
    /// How many callers a new coroutine remembers (`sys.set_coroutine_origin_tracking_depth`).
    pub origin_depth: Cell<u32>,
    /// Not zero when the loop should stop at its next check; the bits are those of `breaker`.
    pub breaker: Arc<AtomicU32>,
    /// Address below which the native stack must not grow; see `recursion`.
    pub stack_limit: Cell<usize>,
    extension: OnceCell<Rc<dyn Any>>,
    repr_stack: RefCell<Vec<u64>>,
    /// Messages of errors raised lately; see `message`.
    messages: [Slot; 8],
    /// Last, because fields are dropped in order and the objects above need its heap.
    interp: Arc<Interp>,
}

thread_local! {
    static ENTERED: RefCell<Vec<Rc<Vm>>> = const { RefCell::new(Vec::new()) };
}

impl Vm {
    /// A thread state of `interp` for the calling thread.
    pub fn new(interp: Arc<Interp>) -> Rc<Vm> {
        Vm::with_breaker(interp, Arc::default())
    }

    /// A thread state whose breaker others know already.
    pub fn with_breaker(interp: Arc<Interp>, breaker: Arc<AtomicU32>) -> Rc<Vm> {
        Rc::new(Vm {
            breaker,
            interp,
            exception: Slot::default(),
            handled: Slot::default(),
            outer_handled: RefCell::default(),
            idle_callers: Cell::new(0),
            context: Slot::default(),
            context_mark: Cell::new(0),
            origin_depth: Cell::new(0),
            stack_limit: Cell::new(recursion::assumed_limit()),
            extension: OnceCell::new(),
            repr_stack: RefCell::default(),
            messages: Default::default(),
        })
    }

    /// Makes `vm` the calling thread's state in its interpreter until the guard is dropped. Finalizers and weak reference callbacks run in it.
    pub fn enter(vm: &Rc<Vm>) -> Entered {
        ENTERED.with_borrow_mut(|stack| stack.push(vm.clone()));
        Entered(vm.clone())
    }

    /// The state that the calling thread entered last, in any interpreter: for native code far from its caller's.
    pub fn entered_last() -> Option<Rc<Vm>> {
        ENTERED.with_borrow(|stack| stack.last().cloned())
    }

    /// The state that the calling thread entered last in the interpreter at this address. A thread may be in several interpreters at once.
    pub fn entered(interp: *const Interp) -> Option<Rc<Vm>> {
        ENTERED.with_borrow(|stack| stack.iter().rev().find(|vm| std::ptr::eq(&**vm.interp(), interp)).cloned())
    }

    /// What the interpreter's threads share.
    #[inline]
    pub fn interp(&self) -> &Arc<Interp> {
        &self.interp
    }

    /// The heap.
    #[inline]
    pub fn heap(&self) -> &Heap {
        &self.interp.heap
    }

    /// The builtin types.
    #[inline]
    pub fn types(&self) -> &Types {
        self.interp.types()
    }

    /// Interned well-known names.
    #[inline]
    pub fn names(&self) -> &Names {
        self.interp.names()
    }

    /// State that the evaluation loop keeps per thread, set once.
    pub fn set_extension(&self, extension: Rc<dyn Any>) {
        let _ = self.extension.set(extension);
    }

    /// See `set_extension`.
    pub fn extension<T: 'static>(&self) -> Option<&T> {
        self.extension.get().and_then(|any| any.downcast_ref())
    }

    // ---- allocation ----

    /// Makes an object, or raises MemoryError.
    #[inline]
    pub fn alloc<T: Payload>(&self, class: &(impl AsKind + ?Sized), payload: T) -> PyResult<Ref<T>> {
        self.heap().alloc(class, payload).map_err(|error| self.out_of_memory(error))
    }

    /// Makes an instance of `class` with payload `T` and the attribute slots the class asks for.
    #[inline]
    pub fn alloc_instance<T: Payload>(&self, class: &Obj<Type>, payload: T) -> PyResult<Ref<T>> {
        self.alloc_instance_of(class.to_ref(), payload)
    }

    /// The same with a reference to the class that becomes the instance's own.
    #[inline]
    pub fn alloc_instance_of<T: Payload>(&self, class: Ref<Type>, payload: T) -> PyResult<Ref<T>> {
        let (slots, word) = class.new_slots();
        match self.heap().alloc_owning_class_at_once(class, payload, slots, word) {
            Ok(instance) => Ok(instance),
            Err(Unmade { class, payload, filled }) => self.alloc_instance_slowly(class, payload, slots, filled),
        }
    }

    /// The same of a class whose instances have an attribute word, with `shape` in that; the caller fills the slots that it speaks of.
    #[inline(always)]
    pub fn alloc_instance_with<T: Payload>(&self, class: Ref<Type>, payload: T, shape: ShapeId) -> PyResult<Ref<T>> {
        let (slots, word) = class.new_slots();
        let word = word.map(|(at, _)| (at, shape.to_value()));
        match self.heap().alloc_owning_class_at_once(class, payload, slots, word) {
            Ok(instance) => Ok(instance),
            Err(Unmade { class, payload, filled }) => self.alloc_instance_slowly(class, payload, slots, filled),
        }
    }

    #[inline(never)]
    fn alloc_instance_slowly<T: Payload>(
        &self,
        class: Ref<Type>,
        payload: T,
        slots: usize,
        word: Option<(usize, Value)>,
    ) -> PyResult<Ref<T>> {
        self.heap().alloc_owning_class(class, payload, slots, word).map_err(|error| self.out_of_memory(error))
    }

    /// Makes an instance with a tail (tuple, str, bytes and the like); see `Heap::alloc_with_tail`.
    pub fn alloc_with_tail<T: Payload>(
        &self,
        class: &Obj<Type>,
        len: usize,
        meta: u8,
        payload: impl FnOnce(Tail<T::Elem>) -> T,
        fill: impl IntoIterator<Item = T::Elem>,
    ) -> PyResult<Ref<T>> {
        let slots = class.instance_slots();
        let made = self
            .heap()
            .alloc_with_tail(class, len, meta, slots, payload, fill)
            .map_err(|error| self.out_of_memory(error))?;
        class.init_instance(self, made.header());
        Ok(made)
    }

    /// Turns the heap's refusal into MemoryError.
    #[cold]
    pub fn out_of_memory(&self, _: OutOfMemory) -> Raised {
        // An interpreter that cannot even have its types is given up: nobody asks for the exception.
        let Some(types) = self.interp.types_if_made() else { return Raised(()) };
        let class = &*types.memory_error;
        let fresh = types.empty_tuple.get().and_then(|args| {
            self.heap().alloc_with_slots(class, BaseException::with_args(args.clone()), class.instance_slots()).ok()
        });
        let error = match fresh {
            Some(error) => {
                class.init_instance(self, error.header());
                error
            }
            None => match self.interp.memory_error() {
                Some(error) => error,
                None => return Raised(()),
            },
        };
        // As in CPython, the exception being handled is not its context.
        self.restore(error)
    }

    // ---- classes ----

    /// The class of any value.
    #[inline]
    pub fn class_of<'a>(&'a self, value: &'a Value) -> &'a Obj<Type> {
        match value.header() {
            Some(header) => match header_class::<Type>(header) {
                Some(class) => class,
                None => &self.types().object,
            },
            None => self.class_of_immediate(value),
        }
    }

    /// The class of an object given by its header.
    #[inline]
    pub fn class_of_header<'a>(&'a self, header: &'a taipan_heap::Header) -> &'a Obj<Type> {
        match header_class::<Type>(header) {
            Some(class) => class,
            None => &self.types().object,
        }
    }

    #[inline]
    fn class_of_immediate(&self, value: &Value) -> &Obj<Type> {
        let types = self.types();
        if value.is_int() {
            &types.int
        } else if value.is_float() {
            &types.float
        } else {
            match value.as_constant() {
                Some(0) => &types.none,
                Some(1 | 2) => &types.bool,
                Some(3) => &types.ellipsis,
                _ => &types.not_implemented,
            }
        }
    }

    /// The name of a value's class, for messages.
    pub fn type_name(&self, value: &Value) -> Rc<str> {
        self.class_of(value).tp_name()
    }

    /// What an error calls an argument that is of no use: the name of its type, or None.
    pub fn given_name(&self, value: &Value) -> Rc<str> {
        if crate::builtins::is_none(value) { Rc::from("None") } else { self.type_name(value) }
    }

    /// `isinstance` without hooks: by MRO.
    #[inline]
    pub fn is_instance(&self, value: &Value, class: &Obj<Type>) -> bool {
        self.class_of(value).is_subclass(class)
    }

    // ---- exceptions ----

    /// The exception being handled, by this function or, if by none here, by what resumed the running generators.
    pub fn handled_exception(&self) -> Option<Value> {
        if let Some(handled) = self.handled.get() {
            return Some(handled);
        }
        self.outer_handled.borrow().iter().rev().find_map(|(slot, _)| slot.get())
    }

    /// A generator begins to run: what it handles itself is handled from here on.
    #[inline(always)]
    pub fn begin_generator(&self, own: &Slot) {
        if self.handled.is_empty() && own.is_empty() {
            self.idle_callers.set(self.idle_callers.get() + 1);
        } else {
            self.begin_handling(own);
        }
    }

    #[inline(never)]
    fn begin_handling(&self, own: &Slot) {
        if self.handled.is_empty() {
            self.idle_callers.set(self.idle_callers.get() + 1);
        } else {
            self.outer_handled.borrow_mut().push((Slot::new(self.handled.take()), self.idle_callers.take()));
        }
        if !own.is_empty() {
            self.handled.set(own.take());
        }
    }

    /// There is a generator that handles nothing between the running one and what has resumed that.
    #[inline]
    pub fn idle_generator(&self) {
        self.idle_callers.set(self.idle_callers.get() + 1);
    }

    /// The generator has stopped: what it handles is kept in `own`, and its caller's is handled again.
    #[inline(always)]
    pub fn end_generator(&self, own: &Slot) {
        match self.idle_callers.get() {
            idle @ 1.. if self.handled.is_empty() => self.idle_callers.set(idle - 1),
            _ => self.end_handling(own),
        }
    }

    #[inline(never)]
    fn end_handling(&self, own: &Slot) {
        if !self.handled.is_empty() {
            own.set(self.handled.take());
        }
        match self.idle_callers.get() {
            0 => {
                let outer = self.outer_handled.borrow_mut().pop();
                if let Some((outer, idle)) = outer {
                    self.idle_callers.set(idle);
                    self.handled.set(outer.take());
                }
            }
            idle => self.idle_callers.set(idle - 1),
        }
    }

    /// Puts `exception` (an instance of BaseException) into the thread state; the exception being handled becomes its context.
    #[cold]
    pub fn raise(&self, exception: Ref<BaseException>) -> Raised {
        if let Some(handled) = self.handled_exception() {
            BaseException::chain(&exception, &handled);
        }
        self.exception.set(Some(exception.into()));
        Raised(())
    }

    /// Takes the waiting exception out.
    pub fn take_exception(&self, _: Raised) -> Ref<BaseException> {
        let taken = self.exception.take().and_then(|value| value.downcast_into::<BaseException>().ok());
        match taken {
            Some(exception) => exception,
            None => self.missing_exception(),
        }
    }

    /// What leaves the loop without an exception: it goes on elsewhere.
    pub fn no_exception(&self) -> Raised {
        Raised(())
    }

    /// Puts an exception back that `take_exception` took.
    pub fn restore(&self, exception: Ref<BaseException>) -> Raised {
        self.exception.set(Some(exception.into()));
        Raised(())
    }

    /// Puts the exception that waits aside (or another one in) and returns what waited.
    pub fn swap_exception(&self, exception: Option<Value>) -> Option<Value> {
        self.exception.replace(exception)
    }

    /// Whether an exception waits.
    pub fn has_exception(&self) -> bool {
        !self.exception.is_empty()
    }

    /// Whether the waiting exception is an instance of `class`; it stays where it is.
    pub fn raised_is(&self, class: &Obj<Type>) -> bool {
        self.exception.get().is_some_and(|value| self.is_instance(&value, class))
    }

    /// Turns `Err` with an exception of `class` into `Ok(None)`.
    pub fn catch<T>(&self, result: PyResult<T>, class: &Obj<Type>) -> PyResult<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(_) if self.raised_is(class) => {
                self.exception.set(None);
                Ok(None)
            }
            Err(raised) => Err(raised),
        }
    }

    /// Runs `f` unless `value` is already being shown further up; `None` says that it is. For `repr` of containers.
    pub fn repr_once(&self, value: &Value, f: impl FnOnce() -> PyResult<Value>) -> PyResult<Option<Value>> {
        if self.repr_stack.borrow().contains(&value.bits()) {
            return Ok(None);
        }
        self.repr_stack.borrow_mut().push(value.bits());
        let result = self.recursive(" while getting the repr of an object", f);
        self.repr_stack.borrow_mut().pop();
        result.map(Some)
    }

    /// An interned str for a Rust literal.
    pub fn intern(&self, text: &str) -> PyResult<Ref<Str>> {
        self.interp.intern(self, text)
    }
}

/// Ends `Vm::enter` when dropped.
pub struct Entered(Rc<Vm>);

impl Drop for Entered {
    fn drop(&mut self) {
        // Not always the last: states of different interpreters may be left in any order.
        let left = ENTERED.with_borrow_mut(|stack| {
            let at = stack.iter().rposition(|vm| Rc::ptr_eq(vm, &self.0));
            at.map(|at| stack.remove(at))
        });
        drop(left);
    }
}
