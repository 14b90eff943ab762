//! Stopping frames at their next instruction, so that somebody who begins to listen is told from there on, though nobody looks at each instruction.
//!
//! Invariant: an instruction that was written over is put back before any is carried out in its place.

use crate::code::CodeObject;
use crate::eval::frame::Stack;
use std::cell::RefCell;
use taipan_bytecode::Op;
use taipan_heap::Ref;
use taipan_objects::vm::Vm;

/// The instructions of an interpreter that are written over: code, offset, word.
#[derive(Default)]
struct Breaks(RefCell<Vec<(Ref<CodeObject>, u32, u64)>>);

/// Writes over the instructions at which the thread's frames go on.
pub(super) fn stop(vm: &Vm, stack: &Stack) {
    let breaks = vm.interp().state(Breaks::default);
    let written =
        |code: &Ref<CodeObject>, at: u32| breaks.0.borrow().iter().any(|(c, o, _)| c.is_same(&**code) && *o == at);
    let mut found: Vec<(Ref<CodeObject>, u32, u64)> = Vec::new();
    for frame in (0..stack.depth()).filter_map(|index| stack.frame(index)) {
        // SAFETY: frames below the depth are on the stack; `next` is null or an instruction of the frame's code.
        unsafe {
            if (*frame).next.is_null() {
                continue;
            }
            let code = &(*frame).code;
            let offset = ((*frame).next.addr() - code.words.0.as_ptr().addr()) / 8;
            let op = code.plain().inst(offset).op();
            // What resumes generators is looked at while it runs.
            let known = found.iter().any(|(other, at, _)| other.is_same(&**code) && *at == offset as u32);
            let known = known || written(code, offset as u32);
            if known || matches!(op, None | Some(Op::ForNext | Op::Send | Op::Break)) || offset >= code.words.0.len() {
                continue;
            }
            found.push((code.clone(), offset as u32, code.words.0[offset].get()));
        }
    }
    for (code, offset, word) in &found {
        code.words.0[*offset as usize].set((*word & !0xff) | Op::Break as u64);
    }
    breaks.0.borrow_mut().extend(found);
}

/// Puts all instructions back.
pub(crate) fn put_back(vm: &Vm) {
    let breaks = vm.interp().state(Breaks::default);
    let found = std::mem::take(&mut *breaks.0.borrow_mut());
    for (code, offset, word) in &found {
        code.words.0[*offset as usize].set(*word);
    }
    drop(found);
}
