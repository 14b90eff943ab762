//! Calls with `*` and `**`.
//!
//! Invariant: as for `calls`: the block is consumed whatever happens, and the callee alone owns its arguments.

use crate::eval::binding::{FEW, bind};
use crate::eval::calls::{SPREAD, call_owned, exactly, push};
use crate::eval::construct::instantiate;
use crate::eval::frame::{FrameKind, Stack};
use crate::eval::here::Here;
use crate::eval::window::Window;
use crate::eval::{slow, special};
use crate::function::Function;
use taipan_bytecode::HAS_KWARGS;
use taipan_heap::Value;
use taipan_objects::builtins::NONE;
use taipan_objects::builtins::descriptor::BoundMethod;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::native::Args;
use taipan_objects::types::{Type, call as calls};
use taipan_objects::vm::{PyResult, Vm};

/// `CallEx`: spreads an iterable and a mapping over the arguments. `None`: a frame was pushed.
pub(super) unsafe fn call_spread(vm: &Vm, stack: &Stack, w: Window, inst: Here) -> PyResult<Option<Value>> {
    // SAFETY: as `call`: the block has three registers, or four. It is used up; its second register is dead or empty.
    unsafe {
        let (b, has_keywords) = (inst.b(), inst.has(HAS_KWARGS));
        if spread_tuple(vm, stack, w, inst)? || spread_in_place(vm, stack, w, inst)? {
            return Ok(None);
        }
        let callable = w.get(b);
        let keywords = if has_keywords { w.peek(b + 3) } else { None };
        let spread = slow::spread_arguments(vm, callable, w.get(b + 2), keywords);
        w.clear_range(b + 2, if has_keywords { 2 } else { 1 });
        let callable = w.take(b).unwrap_unchecked();
        let (values, names) = spread?;
        match callable.downcast::<Function>() {
            // The callee owns its arguments alone, so that they die when it lets go of them.
            Some(function) => vm.recursive("", || call_owned(vm, function, values, &names)),
            None => calls::call(vm, &callable, Args { values: &values, names: &names }),
        }
        .map(Some)
    }
}

/// `CallEx` of a Python function with a tuple and no keywords, the most frequent one; otherwise as `spread_in_place`.
#[inline]
unsafe fn spread_tuple(vm: &Vm, stack: &Stack, w: Window, inst: Here) -> PyResult<bool> {
    // SAFETY: as `spread_in_place`; function and tuple are held by their registers until the new frame has what it needs of them.
    unsafe {
        let (b, has_keywords) = (inst.b(), inst.has(HAS_KWARGS));
        let (Some(function), Some(tuple)) = (exactly::<Function>(w.get(b)), w.get(b + 2).downcast_exact::<Tuple>())
        else {
            return Ok(false);
        };
        let named = |keywords: &Value| keywords.downcast_exact::<Dict>().is_none_or(|dict| !dict.is_empty());
        if has_keywords && w.peek(b + 3).is_some_and(named) || tuple.items().len() > SPREAD || stack.tracing.active() {
            return Ok(false);
        }
        let (function, code) = (function.to_ref(), function.code());
        let window = stack.free();
        let count = tuple.items().len() as u16;
        stack.check_room(vm, window, code.shape().registers.max(count))?;
        for (register, value) in (0..).zip(tuple.items()) {
            window.at(register).write(Some(value.clone()));
        }
        // The callee owns its arguments alone, so that they die when it lets go of them. Nothing dies here, as the callable goes when the frame stands.
        let _callable = w.take(b);
        w.clear_range(b + 2, if has_keywords { 2 } else { 1 });
        bind(vm, &function, &code, window, count, &[])?;
        push(stack, function, code, window, None, inst.a(), FrameKind::Inline, None);
        Ok(true)
    }
}

/// `CallEx` of a Python function, or what stands for one, with a tuple or list and a dict of a few names: the arguments are copied to where
/// the parameters will be. `false`: it is another call, and nothing has happened.
unsafe fn spread_in_place(vm: &Vm, stack: &Stack, w: Window, inst: Here) -> PyResult<bool> {
    // SAFETY: as `call_spread`; what is above the running frame's registers is dead.
    unsafe {
        let b = inst.b();
        let positional = w.get(b + 2);
        let list;
        let items: &[Value] = if let Some(tuple) = positional.downcast_exact::<Tuple>() {
            tuple.items()
        } else if let Some(items) = positional.downcast_exact::<List>().filter(|items| items.len() <= SPREAD) {
            list = items.snapshot();
            &list
        } else {
            return Ok(false);
        };
        let keywords = match w.peek(b + 3).filter(|_| inst.has(HAS_KWARGS)) {
            None => None,
            Some(keywords) => match keywords.downcast_exact::<Dict>() {
                Some(dict) if dict.len() <= FEW => Some(dict),
                _ => return Ok(false),
            },
        };
        if items.len() > SPREAD || stack.tracing.active() {
            return Ok(false);
        }
        let mut names = [const { NONE }; FEW];
        let mut values = [const { None }; FEW];
        let mut named = 0;
        if let Some(dict) = keywords {
            let mut entry = 0;
            while let Some((name, value)) = dict.next_entry(&mut entry) {
                if named == FEW || name.downcast_exact::<Str>().is_none() {
                    return Ok(false);
                }
                names[named] = name;
                values[named] = Some(value);
                named += 1;
            }
        }
        let callable = w.get(b);
        let (mut kind, mut subject, mut before) = (FrameKind::Inline, None, None);
        let function = if let Some(function) = exactly::<Function>(callable) {
            function.to_ref()
        } else if let Some(method) = exactly::<BoundMethod>(callable) {
            let Some(function) = method.function.downcast_exact::<Function>() else { return Ok(false) };
            before = Some(method.bound.clone());
            function.to_ref()
        } else if let Some((instance, init)) = instantiate(vm, stack, callable.downcast::<Type>())? {
            before = Some(instance.clone());
            (kind, subject) = (FrameKind::Init, Some(instance));
            init
        } else if let Some(function) = special::find(vm, stack, vm.class_of(callable), special::CALL) {
            before = Some(callable.clone());
            function
        } else {
            return Ok(false);
        };
        let code = function.code();
        let window = stack.free();
        let count = (usize::from(before.is_some()) + items.len() + named) as u16;
        stack.check_room(vm, window, code.shape().registers.max(count))?;
        let values = values.into_iter().take(named).flatten();
        for (register, value) in (0..).zip(before.into_iter().chain(items.iter().cloned()).chain(values)) {
            window.at(register).write(Some(value));
        }
        // The callee owns its arguments alone, so that they die when it lets go of them. Nothing dies here, as the callable goes when the frame stands.
        let _callable = w.take(b);
        w.clear_range(b + 2, if inst.has(HAS_KWARGS) { 2 } else { 1 });
        bind(vm, &function, &code, window, count, &names[..named])?;
        push(stack, function, code, window, None, inst.a(), kind, subject);
        Ok(true)
    }
}
