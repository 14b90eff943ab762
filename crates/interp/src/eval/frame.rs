//! Frames and the per-thread stacks they live on.
//!
//! Invariant F1: frames are a stack; the registers of each begin inside or behind the window of the one below, and everything above the
//! top frame's window is dead (empty or stale immediates).

use crate::InterpTypes;
use crate::async_generator::AsyncHooks;
use crate::code::CodeObject;
use crate::eval::construct::Plans;
use crate::eval::recall::Recall;
use crate::eval::saved::SavedFrame;
use crate::eval::special::Specials;
use crate::eval::threads::Lock;
use crate::eval::trace::Tracing;
use crate::eval::window::Window;
use crate::frame::FrameObject;
use crate::function::Function;
use std::alloc::Layout;
use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering, compiler_fence};
use taipan_heap::{Ref, Value};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::types::Take;
use taipan_objects::vm::{PyResult, Vm};

/// Registers a thread's stack has room for.
const REGISTERS: usize = 4 << 20;
/// Frames a thread's stack has room for.
const FRAMES: usize = 300_000;

/// Of the registers and of the frames with the place below the first.
fn layouts() -> (Layout, Layout) {
    const REGISTER_BLOCK: Layout = Layout::new::<[Option<Value>; REGISTERS]>();
    const FRAME_BLOCK: Layout = Layout::new::<[Frame; FRAMES + 1]>();
    (REGISTER_BLOCK, FRAME_BLOCK)
}

/// How a frame ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameKind {
    /// The result goes into the caller's register `dst`.
    Inline,
    /// The result is returned to native code.
    Entry,
    /// `__init__`: the result must be None; the new instance goes into the caller's register.
    Init,
    /// A generator's, resumed by the caller's `ForNext` or `Send`: what it yields or returns goes where that instruction says.
    Generator,
    /// A special method's, entered by the caller's operator, subscript, loop and the like: what it returns ends that operation
    /// (`special::returned`); `dst` says which attempt at it this is.
    Operation,
}

/// Native code that takes what a generator yields while that runs; see `saved::offer`.
pub(super) type Sink = *mut Take<'static>;

/// In place of `dst`: an `Entry` frame's yields go to the thread's sink.
pub(super) const DRIVEN: u16 = 1;

/// A running (or calling) function.
pub struct Frame {
    /// The function; owns globals and builtins.
    pub function: Ref<Function>,
    /// Its code (kept apart: `__code__` may be replaced while it runs).
    pub code: Ref<CodeObject>,
    /// The locals mapping of module, class and exec code.
    pub locals: Option<Value>,
    /// Registers.
    pub window: Window,
    /// Instruction being executed.
    pub at: *const Cell<u64>,
    /// Where to go on after a call.
    pub next: *const Cell<u64>,
    /// Caller's register for the result; other kinds of frames than `Inline` and `Init` use it otherwise.
    pub dst: u16,
    /// How the frame ends.
    pub kind: FrameKind,
    /// The new instance of an `Init` frame, or the running generator of a generator's.
    pub subject: Option<Value>,
    /// Where a generator's frame goes when it is suspended; null for others.
    pub saved: *mut SavedFrame,
    /// The frame as Python sees it, once asked for.
    pub object: Option<Ref<FrameObject>>,
}

impl Frame {
    /// Word offset of the instruction being executed.
    pub fn offset(&self) -> u32 {
        let start = self.code.words.0.as_ptr();
        ((self.at.addr() - start.addr()) / 8) as u32
    }

    /// The global namespace.
    #[inline]
    pub fn globals(&self) -> &Ref<Dict> {
        &self.function.globals
    }

    /// The builtin namespace.
    #[inline]
    pub fn builtins(&self) -> &Ref<Dict> {
        &self.function.builtins
    }
}

/// The evaluation state of a thread.
pub struct Stack {
    registers: *mut Option<Value>,
    /// Where the registers end.
    end: *mut Option<Value>,
    /// The place before the first frame's.
    bottom: *mut Frame,
    /// The top frame, or `bottom`.
    top: Cell<*mut Frame>,
    /// The thread's state, once its loop has run.
    vm: Cell<*const Vm>,
    /// Frames below this address may be pushed: the recursion limit, as last looked at.
    ceiling: Cell<*mut Frame>,
    /// The thread state's: not zero when the loop should stop at the next check.
    pub breaker: Arc<AtomicU32>,
    /// The interpreter's lock.
    pub lock: Arc<Lock>,
    /// What attribute caches held.
    pub(super) recall: Recall,
    /// What calling a class comes to.
    pub(super) plans: Plans,
    /// What takes the yields of the innermost frame that is `DRIVEN`.
    pub(super) sink: Cell<Option<Sink>>,
    /// The types that this crate makes.
    pub(crate) types: OnceCell<Rc<InterpTypes>>,
    /// The special methods of classes.
    pub(super) specials: Specials,
    /// Who listens.
    pub tracing: Tracing,
    /// What is told of asynchronous generators.
    pub hooks: AsyncHooks,
}

impl Stack {
    /// Empty stacks of a thread that holds `lock`. Memory is taken from the system as it is touched.
    pub fn with(breaker: Arc<AtomicU32>, lock: Arc<Lock>) -> Stack {
        Stack::try_with(breaker, lock).unwrap_or_else(|| std::alloc::handle_alloc_error(layouts().0))
    }

    /// The same; `None` if the system has no room for them.
    pub fn try_with(breaker: Arc<AtomicU32>, lock: Arc<Lock>) -> Option<Stack> {
        let (register_block, frame_block) = layouts();
        // SAFETY: the layouts are not empty. Zeroed registers are empty.
        unsafe {
            let registers: *mut Option<Value> = std::alloc::alloc_zeroed(register_block).cast();
            if registers.is_null() {
                return None;
            }
            let bottom: *mut Frame = std::alloc::alloc(frame_block).cast();
            if bottom.is_null() {
                std::alloc::dealloc(registers.cast(), register_block);
                return None;
            }
            // Nothing is parked below the first frame.
            (&raw mut (*bottom).saved).write(std::ptr::null_mut());
            Some(Stack {
                registers,
                end: registers.add(REGISTERS),
                bottom,
                top: Cell::new(bottom),
                vm: Cell::new(std::ptr::null()),
                ceiling: Cell::new(bottom),
                breaker,
                lock,
                recall: Recall::default(),
                plans: Plans::default(),
                sink: Cell::new(None),
                types: OnceCell::new(),
                specials: Specials::default(),
                tracing: Tracing::default(),
                hooks: AsyncHooks::default(),
            })
        }
    }

    /// Notes whose stack it is.
    #[inline(always)]
    pub(super) fn belongs_to(&self, vm: &Vm) {
        self.vm.set(vm);
    }

    /// The thread's state.
    ///
    /// # Safety
    /// Only for what runs within the loop: the caller of `run` lends it for as long.
    #[inline(always)]
    pub(super) unsafe fn vm<'a>(&self) -> &'a Vm {
        // SAFETY: `run` has noted it, and borrows it.
        unsafe { &*self.vm.get() }
    }

    /// Number of frames.
    #[inline]
    pub fn depth(&self) -> usize {
        // SAFETY: both point into the frames' block.
        unsafe { self.top.get().offset_from(self.bottom) as usize }
    }

    /// The frame at `index` from the bottom.
    pub fn frame(&self, index: usize) -> Option<*mut Frame> {
        // SAFETY: the frame is on the stack, so its place is in the block.
        (index < self.depth()).then(|| unsafe { self.bottom.add(index + 1) })
    }

    /// The top frame.
    #[inline]
    pub fn top(&self) -> Option<*mut Frame> {
        let top = self.top.get();
        (top != self.bottom).then_some(top)
    }

    /// The top frame, where there is one for sure: in the loop.
    #[inline(always)]
    pub(super) fn running(&self) -> *mut Frame {
        self.top.get()
    }

    /// The first free register.
    #[inline]
    pub fn free(&self) -> Window {
        match self.top() {
            // SAFETY: F1: a frame's window ends within the stack.
            Some(frame) => unsafe { Window((*frame).window.0.add((*frame).code.shape().registers as usize)) },
            None => Window(self.registers),
        }
    }

    /// Whether one more frame may be entered, as far as is known here.
    #[inline]
    pub fn has_room(&self, window: Window, registers: u16) -> bool {
        // Addresses are compared, for they may lie behind the blocks.
        self.top.get() < self.ceiling.get() && window.0.wrapping_add(registers as usize) < self.end
    }

    /// Whether so many more frames may be entered, as far as is known here.
    #[inline]
    pub(super) fn has_frames(&self, count: usize) -> bool {
        self.top.get().wrapping_add(count - 1) < self.ceiling.get()
    }

    /// Raises RecursionError unless one more frame may be entered.
    #[inline]
    pub fn check_room(&self, vm: &Vm, window: Window, registers: u16) -> PyResult<()> {
        if self.has_room(window, registers) {
            return Ok(());
        }
        self.look_again(vm, window, registers)
    }

    #[cold]
    fn look_again(&self, vm: &Vm, window: Window, registers: u16) -> PyResult<()> {
        self.sync_limit(vm);
        if self.has_room(window, registers) {
            return Ok(());
        }
        Err(vm.recursion_error("maximum recursion depth exceeded"))
    }

    /// Takes note of the interpreter's recursion limit; called when it or the thread that runs has changed.
    pub fn sync_limit(&self, vm: &Vm) {
        let frames = vm.interp().recursion_limit.get().min(FRAMES);
        // SAFETY: within the frames' block.
        self.ceiling.set(unsafe { self.bottom.add(frames) });
    }

    /// Takes the top frame, which was entered by an instruction and has no frame object, off.
    #[inline(always)]
    pub(super) unsafe fn pop_inline(&self, frame: *mut Frame) {
        // SAFETY: such a frame owns nothing but its function and code.
        unsafe {
            debug_assert!((*frame).locals.is_none() && (*frame).subject.is_none() && (*frame).object.is_none());
            // Both are moved out first: what is dropped may run code whose frame takes this place.
            let held = (std::ptr::read(&raw const (*frame).function), std::ptr::read(&raw const (*frame).code));
            self.top.set(frame.sub(1));
            compiler_fence(Ordering::Release);
            drop(held);
        }
    }

    /// The place before the first frame's, and the top frame or that place.
    pub(super) fn extent(&self) -> (*mut Frame, *mut Frame) {
        (self.bottom, self.top.get())
    }

    /// Puts a frame on top. Room was checked.
    #[inline]
    pub fn push(&self, frame: Frame) -> *mut Frame {
        debug_assert!(self.depth() < FRAMES);
        // SAFETY: room was checked, and the place above the top is dead.
        unsafe {
            let place = self.top.get().add(1);
            place.write(frame);
            // A signal handler of this thread may look at the frames (W1).
            compiler_fence(Ordering::Release);
            self.top.set(place);
            place
        }
    }

    /// Takes the top frame off without dropping what it holds, which has moved elsewhere.
    #[inline(always)]
    pub(super) unsafe fn forget(&self, frame: *mut Frame) {
        debug_assert!(self.top.get() == frame);
        self.top.set(frame.wrapping_sub(1));
    }

    /// Takes the top frame off.
    #[inline]
    pub fn pop(&self) -> Option<Frame> {
        let top = self.top()?;
        // SAFETY: the frame moves out of its place, which is dead from here on.
        unsafe {
            self.top.set(top.sub(1));
            compiler_fence(Ordering::Release);
            Some(top.read())
        }
    }

    /// Whether the loop should stop at this check.
    #[inline(always)]
    pub fn interrupted(&self) -> bool {
        self.breaker.load(Ordering::Relaxed) != 0
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        super::fault::leave(self);
        while let Some(frame) = self.pop() {
            drop(frame);
        }
        let (registers, frames) = layouts();
        // SAFETY: made by `with` with these layouts; frames are gone, so all registers are dead (F1).
        unsafe {
            std::alloc::dealloc(self.registers.cast(), registers);
            std::alloc::dealloc(self.bottom.cast(), frames);
        }
    }
}
