//! Frames and the per-thread stacks they live on.
//!
//! Invariant F1: frames are a stack; the registers of each begin inside or behind the window of the one below, and everything above the
//! top frame's window is dead (empty or stale immediates).

use crate::code::CodeObject;
use crate::eval::calls::SavedFrame;
use crate::eval::threads::Lock;
use crate::eval::window::Window;
use crate::frame::FrameObject;
use crate::function::Function;
use std::alloc::Layout;
use std::cell::{Cell, UnsafeCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use taipan_heap::{Ref, Value};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::vm::{PyResult, Vm};

/// Registers a thread's stack has room for.
const REGISTERS: usize = 4 << 20;
/// Frames a thread's stack has room for.
const FRAMES: usize = 300_000;

/// Set by signal handlers; signals are the process's, so this is too.
pub static SIGNALLED: AtomicBool = AtomicBool::new(false);

/// How a frame ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameKind {
    /// The result goes into the caller's register `dst`.
    Inline,
    /// The result is returned to native code.
    Entry,
    /// `__init__`: the result must be None; the new instance goes into the caller's register.
    Init,
}

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
    /// Caller's register for the result.
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
    frames: UnsafeCell<Vec<Frame>>,
    /// Not zero when the loop should stop at the next check: signals, another thread wants the lock, an asynchronous exception.
    pub breaker: Arc<AtomicU32>,
    /// The interpreter's lock.
    pub lock: Arc<Lock>,
}

impl Stack {
    /// Empty stacks of a thread that holds `lock`. Memory is taken from the system as it is touched.
    pub fn with(breaker: Arc<AtomicU32>, lock: Arc<Lock>) -> Stack {
        let layout = Layout::array::<Option<Value>>(REGISTERS).unwrap_or(Layout::new::<u64>());
        // SAFETY: the layout is not empty. Zeroed registers are empty.
        let registers = unsafe { std::alloc::alloc_zeroed(layout) }.cast();
        Stack { registers, frames: UnsafeCell::new(Vec::with_capacity(FRAMES)), breaker, lock }
    }

    /// Number of frames.
    #[inline]
    pub fn depth(&self) -> usize {
        // SAFETY: E3; no reference into the vector outlives a call here.
        unsafe { (*self.frames.get()).len() }
    }

    /// The frame at `index` from the bottom.
    pub fn frame(&self, index: usize) -> Option<*mut Frame> {
        // SAFETY: E3. The vector never reallocates, so the pointer stays good while the frame is on the stack.
        unsafe { (*self.frames.get()).get_mut(index).map(std::ptr::from_mut) }
    }

    /// The top frame.
    #[inline]
    pub fn top(&self) -> Option<*mut Frame> {
        // SAFETY: as `frame`.
        unsafe { (*self.frames.get()).last_mut().map(std::ptr::from_mut) }
    }

    /// The first free register.
    #[inline]
    pub fn free(&self) -> Window {
        match self.top() {
            // SAFETY: F1: a frame's window ends within the stack.
            Some(frame) => unsafe { Window((*frame).window.0.add((*frame).code.shape.registers as usize)) },
            None => Window(self.registers),
        }
    }

    /// Whether there is room for `registers` from `window` up, and for one frame.
    #[inline]
    pub fn has_room(&self, window: Window, registers: u16) -> bool {
        let used = (window.0.addr() - self.registers.addr()) / size_of::<Option<Value>>();
        used + (registers as usize) < REGISTERS && self.depth() < FRAMES
    }

    /// Raises RecursionError unless one more frame may be entered.
    #[inline]
    pub fn check_room(&self, vm: &Vm, window: Window, registers: u16) -> PyResult<()> {
        if self.depth() < vm.interp().recursion_limit.get() && self.has_room(window, registers) {
            return Ok(());
        }
        Err(vm.recursion_error("maximum recursion depth exceeded"))
    }

    /// Puts a frame on top. Room was checked.
    #[inline]
    pub fn push(&self, frame: Frame) -> *mut Frame {
        // SAFETY: E3; the capacity was checked, so nothing moves.
        unsafe {
            let frames = &mut *self.frames.get();
            debug_assert!(frames.len() < frames.capacity());
            frames.push(frame);
            frames.last_mut().map_or(std::ptr::null_mut(), std::ptr::from_mut)
        }
    }

    /// Takes the top frame off.
    #[inline]
    pub fn pop(&self) -> Option<Frame> {
        // SAFETY: E3.
        unsafe { (*self.frames.get()).pop() }
    }

    /// Whether the loop should stop at this check.
    #[inline(always)]
    pub fn interrupted(&self) -> bool {
        self.breaker.load(Ordering::Relaxed) != 0 || SIGNALLED.load(Ordering::Relaxed)
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let layout = Layout::array::<Option<Value>>(REGISTERS).unwrap_or(Layout::new::<u64>());
        // SAFETY: made by `new` with this layout; frames are gone, so all registers are dead (F1).
        unsafe { std::alloc::dealloc(self.registers.cast(), layout) }
    }
}
