//! The evaluation loop and everything that touches registers.
//!
//! * `window`, `frame` – registers, frames, the thread's stacks;
//! * `dispatch` – the loop: one arm per operation, fast paths inline;
//! * `operations` – operators with other operands than small ints and floats; `rare` – what comes seldom;
//! * `quick` – the common cases of subscripts and loops; `slow` – operations that take the long way; `attribute`, `class_attribute`, `dict_attribute`,
//!   `super_attribute` – inline caches of attribute and global access; `recall` – what they held, by class and name; `keyed` – keys with a `__hash__` written in Python;
//! * `saved` – frames of generators while they wait; `resume` – resuming them from native code;
//! * `trace` – who listens to what the loop does; `sites` – where memory was asked for;
//! * `calls` – entering and leaving frames; `construct` – calls of classes, without a frame where `__init__` only stores; `leaf` – small functions that need none when native code calls them; `brief` – smaller ones that never do; `spread` – calls with `*`; `binding` – arguments to parameters; `special` – special methods entered by operators and the like;
//!   `unwind` – exceptions; `iterate` – the state of `for` loops.
//!
//! Unsafe code of this crate lives here alone. Invariants: E1–E3 in `window`, F1 in `frame`, and
//! * L1: `frame` in the loop is the thread's top frame; `code` and `window` are its own; `pc` points at an instruction of its words. They are
//!   reloaded whenever a frame is pushed or popped.
#![allow(unsafe_code)]
// Frames are reached through raw pointers that nothing else aliases while a field is read (E3).
#![allow(dangerous_implicit_autorefs)]

mod attribute;
mod binding;
pub(crate) mod brief;
mod calls;
mod class_attribute;
mod construct;
mod dict_attribute;
mod dispatch;
pub mod fault;
mod frame;
pub mod frame_object;
pub mod held;
mod here;
mod iterate;
mod keyed;
pub(crate) mod leaf;
mod operations;
mod quick;
mod rare;
mod recall;
mod resume;
mod saved;
mod shortcut;
pub mod sites;
mod slow;
mod special;
mod spread;
mod super_attribute;
pub mod threads;
pub mod trace;
mod unwind;
mod window;

pub use calls::{call_function, run_code, run_function_with_locals};
pub use frame::{Frame, FrameKind, Stack};
pub(crate) use resume::{Resumption, drive, resume, resume_throwing};
pub use saved::SavedFrame;
pub use saved::{Held, Room};
pub(crate) use saved::{waiting, wind_up};
pub use slow::import_from;
pub use window::Window;

/// Shows what the frames of the calling thread hold in their variables: roots of full collections.
pub(crate) fn show_variables(vm: &taipan_objects::vm::Vm, root: &mut dyn FnMut(&taipan_heap::Value)) {
    let Ok(stack) = crate::stack(vm) else { return };
    let mut index = 0;
    while let Some(frame) = stack.frame(index) {
        index += 1;
        // SAFETY: frames on the stack are alive, and so is what their variables' registers hold (E1, E2); nothing runs in between.
        unsafe {
            let frame = &*frame;
            frame.function.with_value(&mut *root);
            if let Some(locals) = &frame.locals {
                root(locals);
            }
            for register in 0..frame.code.shape().variables {
                if let Some(value) = frame.window.peek(register) {
                    root(value);
                }
            }
        }
    }
}

/// The builtin namespace of the top frame.
pub(crate) fn top_builtins(stack: &Stack) -> Option<taipan_heap::Ref<taipan_objects::builtins::dict::Dict>> {
    // SAFETY: as `top_globals`.
    stack.top().map(|frame| unsafe { (*frame).function.builtins.clone() })
}

/// The globals of the top frame.
pub(crate) fn top_globals(stack: &Stack) -> Option<taipan_heap::Ref<taipan_objects::builtins::dict::Dict>> {
    // SAFETY: the top frame is alive while nothing runs that could pop it.
    stack.top().map(|frame| unsafe { (*frame).globals().clone() })
}
