//! Brief functions: those that return an argument, a constant, or an attribute of an argument. Calls of methods that are brief take neither a frame nor a
//! block: `shortcut` carries them out with the load of the method, as it does those of native code.
//!
//! Invariant: nothing is done where a frame could be told from none: where the arguments do not fit, one of them dies, or the attribute takes more than
//! a look.

use crate::code::CodeObject;
use crate::eval::attribute::{self, Cache};
use crate::eval::frame::Stack;
use crate::eval::here::Here;
use crate::function::Function;
use taipan_bytecode::{Code, Inst, Op};
use taipan_heap::{Obj, Value};
use taipan_objects::vm::Vm;

/// What a function gives that is brief.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Brief {
    /// It is not, or has not been looked at.
    No,
    /// The argument with this number.
    Argument(u8),
    /// A constant of the code.
    Const(u16),
    /// An attribute of an argument, which the instruction at this word loads.
    Attribute(u8),
}

/// Whether code whose variables are its parameters is brief.
pub(crate) fn of(code: &Code) -> Brief {
    let mut rest =
        code.instructions().map(|(at, inst)| (at, inst, inst.op())).skip_while(|(_, _, op)| *op == Some(Op::Resume));
    let own = code.arg_count as u16;
    let argument = |register: u16| u8::try_from(register).ok().filter(|_| register < own);
    let returned = |inst: Inst| argument(inst.a()).map(Brief::Argument);
    let brief = match (rest.next(), rest.next()) {
        (Some((_, inst, Some(Op::Return))), None) => returned(inst),
        (Some((_, inst, Some(Op::ReturnConst))), None) => u16::try_from(inst.bc()).ok().map(Brief::Const),
        (Some((at, load, Some(Op::LoadAttr))), Some((_, end, Some(Op::Return))))
            if load.a() >= own && end.a() == load.a() && rest.next().is_none() =>
        {
            argument(load.b()).and(u8::try_from(at).ok()).map(Brief::Attribute)
        }
        _ => None,
    };
    brief.unwrap_or(Brief::No)
}

/// Whether the function is brief. Its code is made ready for that.
#[cold]
pub(super) fn is(vm: &Vm, function: &Obj<Function>) -> bool {
    let code = function.code();
    code.make_ready(vm).is_ok() && code.brief.get() != Brief::No
}

/// What the method with this function gives for these arguments, `this` among them, if it is brief and no frame is needed.
#[inline(always)]
pub(super) unsafe fn answer<const N: usize>(stack: &Stack, function: &Function, args: [&Value; N]) -> Option<Value> {
    // SAFETY: nothing runs while the code is borrowed, which is verified; C1.
    unsafe {
        let code = function.code.borrow();
        if code.shape().positional as usize != N || !stack.has_frames(1) {
            return None;
        }
        match code.brief.get() {
            Brief::No => None,
            Brief::Argument(nth) => Some((*args.get_unchecked(usize::from(nth))).clone()),
            Brief::Const(index) => Some(code.consts.get_unchecked(usize::from(index)).clone()),
            Brief::Attribute(at) => {
                let load = Here::new(code.words.0.as_ptr().add(usize::from(at)));
                let (object, cache) = (*args.get_unchecked(usize::from(load.b())), load.extra_words());
                match attribute::cached(object, cache) {
                    Some(value) => Some(value.clone()),
                    None => attribute_otherwise(stack, code, object, cache, load.c()),
                }
            }
        }
    }
}

/// An attribute that its cache does not hold in the usual way, if it takes no more than a look.
#[cold]
#[inline(never)]
unsafe fn attribute_otherwise(
    stack: &Stack,
    code: &CodeObject,
    object: &Value,
    cache: Cache,
    name: u16,
) -> Option<Value> {
    // SAFETY: C1.
    unsafe {
        if attribute::is_out_of_line(cache) {
            return None;
        }
        match attribute::cached_otherwise(object, cache) {
            None => attribute::recalled_attribute(stack, code, object, cache, name),
            known => known,
        }
    }
}
