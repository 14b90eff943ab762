//! Setting `f_lineno`: the running frame goes on at another line.
//!
//! Invariant: a jump is only taken where each temporary that the target reads holds the same kind of thing already, or a constant, which is loaded;
//! what else is held is let go.

use super::Happening;
use crate::eval::frame::{Frame, Stack};
use crate::frame::FrameObject;
use std::collections::BTreeMap;
use taipan_bytecode::{Code, Held, VariableKind, held};
use taipan_heap::{Obj, Value};
use taipan_objects::builtins::{NONE, is_none};
use taipan_objects::vm::{PyResult, Vm};

/// The offsets at which lines begin.
fn lines(code: &Code) -> Vec<(u32, u32)> {
    let mut found = Vec::new();
    let mut last = 0;
    for (start, _, location) in code.locations() {
        if location.line != 0 && location.line != last {
            found.push((start, location.line));
        }
        last = location.line;
    }
    found
}

/// Whether code that expects `target` can go on with what `current` left.
fn fits(current: &[Held], target: &[Held]) -> bool {
    current
        .iter()
        .zip(target)
        .all(|(current, target)| *target == Held::Nothing || current == target || is_constant(*target))
}

/// Whether that can be had anywhere.
fn is_constant(held: Held) -> bool {
    matches!(held, Held::Int(_) | Held::Const(_))
}

/// Why it cannot.
fn explain(target: &[Held]) -> &'static str {
    match target.iter().rev().find(|held| **held != Held::Nothing && !is_constant(**held)) {
        Some(Held::Handled | Held::Raised) => "can't jump into an 'except' block as there's no exception",
        Some(Held::Iterator) => "can't jump into the body of a for loop",
        _ => "incompatible stacks",
    }
}

/// Sets the line at which the frame goes on.
pub(crate) fn set_line(vm: &Vm, object: &Obj<FrameObject>, line: i64) -> PyResult<()> {
    let stack = crate::stack(vm)?;
    let message = match stack.tracing.happening.get() {
        Happening::None => Some("f_lineno can only be set in a trace function"),
        Happening::Call => Some("can't jump from the 'call' trace event of a new frame"),
        Happening::Line => None,
        Happening::Return | Happening::Exception | Happening::Opcode => Some("can only jump from a 'line' trace event"),
    };
    if let Some(message) = message {
        return Err(vm.value_error(message));
    }
    let Some(frame) = object.live() else {
        return Err(vm.value_error("f_lineno can only be set in a trace function"));
    };
    let code = object.code().plain().clone();
    if line < i64::from(code.first_line) {
        return Err(vm.value_error(format!("line {line} comes before the current code block")));
    }
    let begun = lines(&code);
    let wanted = begun.iter().map(|&(_, own)| own).filter(|&own| i64::from(own) >= line).min();
    let Some(wanted) = wanted else {
        return Err(vm.value_error(format!("line {line} comes after the current code block")));
    };
    let known = held(&code);
    // SAFETY: the frame is on the stack.
    let current = unsafe { (*frame).offset() };
    let Some(now) = known.get(&current) else {
        return Err(vm.value_error("can't jump from unreachable code"));
    };
    let mut best: Option<(u32, usize)> = None;
    let mut message = "cannot find bytecode for specified line";
    for (offset, _) in begun.into_iter().filter(|&(_, own)| own == wanted) {
        let Some(target) = known.get(&offset) else { continue };
        if fits(now, target) {
            let depth = target.iter().filter(|held| **held != Held::Nothing).count();
            if best.is_none_or(|(_, known)| depth > known) {
                best = Some((offset, depth));
            }
        } else if best.is_none() {
            message = explain(target);
        }
    }
    let Some((target, _)) = best else { return Err(vm.value_error(message)) };
    bind_unbound(vm, frame)?;
    // SAFETY: as above; the frame has not moved, for only native code has run in it.
    unsafe {
        let_go(vm, frame, now, &known, target);
        load(frame, now, &known, target);
        (*frame).at = (*frame).code.words.0.as_ptr().add(target as usize);
    }
    stack.tracing.jump.set(Some(target));
    let _: &Stack = stack;
    Ok(())
}

/// Code may read a variable without a look whether it is bound, where it is on every way there; so all are.
fn bind_unbound(vm: &Vm, frame: *mut Frame) -> PyResult<()> {
    // SAFETY: the frame is on the stack.
    unsafe {
        let code = (*frame).code.plain().clone();
        let unbound: Vec<u16> = (0..code.variables.len() as u16)
            .filter(|&register| code.variables[register as usize].kind == VariableKind::Local)
            .filter(|&register| (*frame).window.peek(register).is_none())
            .collect();
        if unbound.is_empty() {
            return Ok(());
        }
        let plural = if unbound.len() == 1 { "" } else { "s" };
        let message = format!("assigning None to {} unbound local{plural}", unbound.len());
        crate::warn(vm, &vm.types().runtime_warning, &message)?;
        unbound.into_iter().for_each(|register| (*frame).window.set(register, NONE));
        Ok(())
    }
}

/// Empties the temporaries that the target does not expect, the last first.
unsafe fn let_go(vm: &Vm, frame: *mut Frame, now: &[Held], known: &BTreeMap<u32, Vec<Held>>, target: u32) {
    let Some(wanted) = known.get(&target) else { return };
    // SAFETY: the caller passes a frame on the stack, whose temporaries are as `now` says.
    unsafe {
        let first = (*frame).code.shape().variables;
        for (temp, (held, wanted)) in now.iter().zip(wanted).enumerate().rev() {
            if *held == Held::Nothing || *wanted != Held::Nothing {
                continue;
            }
            let register = first + temp as u16;
            if *held == Held::Handled {
                let saved = (*frame).window.peek(register).cloned();
                vm.handled.set(saved.filter(|saved| !is_none(saved)));
            }
            (*frame).window.clear(register);
        }
    }
}

/// Loads the constants that the target expects and that are not there.
unsafe fn load(frame: *mut Frame, now: &[Held], known: &BTreeMap<u32, Vec<Held>>, target: u32) {
    let Some(wanted) = known.get(&target) else { return };
    // SAFETY: the caller passes a frame on the stack, whose temporaries are as `now` says but for those that have been let go; verified code names
    // constants that there are.
    unsafe {
        let first = (*frame).code.shape().variables;
        for (temp, (_, wanted)) in now.iter().zip(wanted).enumerate().filter(|(_, (held, wanted))| held != wanted) {
            let value = match *wanted {
                Held::Int(n) => Value::small_int(n),
                Held::Const(index) => (*frame).code.consts[index as usize].clone(),
                _ => continue,
            };
            (*frame).window.set(first + temp as u16, value);
        }
    }
}
