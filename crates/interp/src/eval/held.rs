//! What the frames of all threads hold: the references of stacks, each shown once and with its name, for reports.
//!
//! Invariant: a register belongs to the topmost frame whose window it lies in, as arguments stand where the called function's parameters are.

use super::frame::{Frame, Stack};
use super::saved::is_parked;
use taipan_bytecode::VariableKind;
use taipan_heap::Value;
use taipan_objects::vm::{PyResult, Vm};

/// Where in a frame a reference stands. Numbers from `REGISTERS` on are registers.
pub mod place {
    /// The function.
    pub const FUNCTION: u32 = 0;
    /// Its code.
    pub const CODE: u32 = 1;
    /// The mapping of local variables.
    pub const LOCALS: u32 = 2;
    /// The instance that is being initialised, or the generator that runs.
    pub const SUBJECT: u32 = 3;
    /// The frame object.
    pub const OBJECT: u32 = 4;
    /// The first register.
    pub const REGISTERS: u32 = 8;
}

/// The registers that are a frame's own: up to where the next one's begin. Those of a parked frame are its generator's.
unsafe fn own_registers(stack: &Stack, index: usize, frame: *mut Frame) -> u16 {
    // SAFETY: frames on the stack are alive.
    unsafe {
        if is_parked(frame) {
            return 0;
        }
        let above = (index + 1..).map_while(|index| stack.frame(index)).find(|&above| !is_parked(above));
        let start = (*frame).window.0.addr();
        let room = above.map_or(usize::MAX, |above| (*above).window.0.addr().saturating_sub(start) / 8);
        (*frame).code.shape().registers.min(room.min(u16::MAX as usize) as u16)
    }
}

/// Calls `held` with every reference on the stacks of a thread: number of the frame from the bottom, place, value.
pub fn each(vm: &Vm, held: &mut dyn FnMut(u32, u32, &Value)) {
    let Ok(stack) = crate::stack(vm) else { return };
    let mut index = 0;
    while let Some(frame) = stack.frame(index) {
        // SAFETY: frames on the stack are alive, and so is what their registers hold (E1, E2); nothing runs in between.
        unsafe {
            let own = own_registers(stack, index, frame);
            let frame = &*frame;
            let depth = index as u32;
            frame.function.with_value(|function| held(depth, place::FUNCTION, function));
            frame.code.with_value(|code| held(depth, place::CODE, code));
            for (place, part) in [(place::LOCALS, &frame.locals), (place::SUBJECT, &frame.subject)] {
                if let Some(value) = part {
                    held(depth, place, value);
                }
            }
            if let Some(object) = &frame.object {
                object.with_value(|object| held(depth, place::OBJECT, object));
            }
            for register in 0..own {
                if let Some(value) = frame.window.peek(register) {
                    held(depth, place::REGISTERS + u32::from(register), value);
                }
            }
        }
        index += 1;
    }
}

/// A place in a frame in words: the variable, and where the function stands.
pub fn describe(vm: &Vm, depth: u32, place: u32) -> String {
    let frame = crate::stack(vm).ok().and_then(|stack| stack.frame(depth as usize));
    let Some(frame) = frame else { return String::from("a frame that is gone") };
    // SAFETY: frames on the stack are alive.
    let frame = unsafe { &*frame };
    let code = frame.code.plain();
    let start = frame.code.words.0.as_ptr().addr();
    let offset = frame.at.addr().checked_sub(start).map_or(usize::MAX, |bytes| bytes / 8);
    let line = if offset < code.code.len() { code.location(offset as u32).line } else { code.first_line };
    let what = match place {
        place::FUNCTION => "the function of".to_owned(),
        place::CODE => "the code of".to_owned(),
        place::LOCALS => "the namespace of".to_owned(),
        place::SUBJECT => "the object being made or run by".to_owned(),
        place::OBJECT => "the frame object of".to_owned(),
        register => match code.variables.get((register - place::REGISTERS) as usize) {
            Some(variable) if matches!(variable.kind, VariableKind::Local) => format!("local {} of", variable.name),
            Some(variable) => format!("cell {} of", variable.name),
            None => "a temporary of".to_owned(),
        },
    };
    format!("{what} {}, {}:{line}", code.qualname, code.filename)
}

/// How many variables a frame has; its registers behind them are temporaries.
pub fn variables(stack: &Stack, index: usize) -> Option<u32> {
    // SAFETY: frames on the stack are alive.
    stack.frame(index).map(|frame| u32::from(unsafe { (*frame).code.shape().variables }))
}

/// The numbers of a thread's frames, of their registers in use, and of the bytes of both.
pub fn extent(vm: &Vm) -> PyResult<(usize, usize, usize)> {
    let stack = crate::stack(vm)?;
    let (mut frames, mut registers) = (0, 0);
    while let Some(frame) = stack.frame(frames) {
        // SAFETY: as above.
        registers += usize::from(unsafe { own_registers(stack, frames, frame) });
        frames += 1;
    }
    Ok((frames, registers, frames * size_of::<Frame>() + registers * size_of::<Value>()))
}
