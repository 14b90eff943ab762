//! Instructions out of the loop's line: those that do much or come seldom. Keeping them out of the loop's function is what leaves registers
//! of the machine to the loop.
//!
//! Invariant: an operand that an instruction uses up is dropped after the operation and before the destination is written.

use crate::eval::frame::Stack;
use crate::eval::here::Here;
use crate::eval::window::Window;
use crate::eval::{operations, slow, special, super_attribute};
use taipan_bytecode::{CONSUME_A, CONSUME_B, CONSUME_C, FRESH, FunctionAttribute, Op};
use taipan_heap::Value;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::{self, NONE, boolean};
use taipan_objects::types::BinaryOp;
use taipan_objects::vm::{PyResult, Vm};

/// Drops the operands that are used up, the left one first.
#[inline(always)]
pub(super) unsafe fn consume(w: Window, inst: Here) {
    // SAFETY: E2: the instruction's registers are live.
    unsafe {
        if inst.has(CONSUME_B | CONSUME_C) {
            if inst.has(CONSUME_B) {
                w.clear(inst.b());
            }
            if inst.has(CONSUME_C) {
                w.clear(inst.c());
            }
        }
    }
}

/// As `consume`, the right operand first: the order of comparisons.
#[inline(always)]
pub(super) unsafe fn consume_right_first(w: Window, inst: Here) {
    // SAFETY: as `consume`.
    unsafe {
        if inst.has(CONSUME_C) {
            w.clear(inst.c());
        }
        if inst.has(CONSUME_B) {
            w.clear(inst.b());
        }
    }
}

/// What `step` returns when it has pushed a frame.
pub(super) const ENTERED: usize = usize::MAX;

/// Executes an instruction that does not change the flow of control. Returns how many extra words it has.
#[inline(never)]
pub(super) unsafe fn step(vm: &Vm, stack: &Stack, w: Window, inst: Here) -> PyResult<usize> {
    // SAFETY: L1, E1–E3, as in the loop.
    unsafe {
        macro_rules! finish {
            ($value:expr) => {{
                let value: Value = $value;
                consume(w, inst);
                w.set(inst.a(), value);
            }};
        }
        match inst.op() {
            Op::DeleteLocal => {
                if w.peek(inst.a()).is_none() {
                    return Err(slow::unbound_local(vm, &*stack.running(), inst.a()));
                }
                w.clear(inst.a());
            }
            Op::MakeCell => {
                let contents = if inst.has(FRESH) { None } else { w.take(inst.a()) };
                let cell = crate::cell::Cell::new(vm, contents)?;
                w.set(inst.a(), cell.into());
            }
            Op::DeleteCell => {
                if slow::cell(w.get(inst.a())).contents.take().is_none() {
                    return Err(slow::unbound_cell(vm, &*stack.running(), inst.a()));
                }
            }
            Op::StoreGlobal => {
                let value = w.get(inst.b()).clone();
                slow::store_global(vm, &*stack.running(), inst.c(), value)?;
                if inst.has(CONSUME_B) {
                    w.clear(inst.b());
                }
            }
            Op::DeleteGlobal => {
                slow::delete_global(vm, &*stack.running(), inst.c())?;
            }
            Op::StoreName => {
                let value = w.move_or_clone(inst.b(), inst.has(CONSUME_B));
                slow::store_name(vm, &*stack.running(), inst.c(), value)?;
            }
            Op::DeleteName => {
                slow::delete_name(vm, &*stack.running(), inst.c())?;
            }
            Op::LoadLocals => {
                w.set(inst.a(), slow::load_locals(vm, &*stack.running())?);
            }
            Op::LoadFromDictOrCell => {
                let value = slow::load_from_dict_or_cell(vm, &*stack.running(), w.get(inst.b()), inst.c())?;
                if inst.has(CONSUME_B) {
                    w.clear(inst.b());
                }
                w.set(inst.a(), value);
            }
            Op::LoadFromDictOrGlobals => {
                let value = slow::load_from_dict_or_globals(vm, &*stack.running(), w.get(inst.b()), inst.c())?;
                if inst.has(CONSUME_B) {
                    w.clear(inst.b());
                }
                w.set(inst.a(), value);
            }
            Op::LoadBuildClass => {
                w.set(inst.a(), slow::load_build_class(vm, &*stack.running())?);
            }
            Op::LoadCommonConstant => {
                w.set(inst.a(), slow::common_constant(vm, inst.c())?);
            }
            Op::SetupAnnotations => {
                slow::setup_annotations(vm, &*stack.running())?;
            }
            Op::DeleteAttr => {
                let name = &(*stack.running()).code.names[inst.c() as usize];
                vm.assign_attr(w.get(inst.a()), name, None)?;
                if inst.has(CONSUME_A) {
                    w.clear(inst.a());
                }
            }
            Op::LoadSuperAttr | Op::LoadSuperMethod => {
                let method = inst.op() == Op::LoadSuperMethod;
                let name = &(*stack.running()).code.names[inst.c() as usize];
                let cache = (*stack.running()).at.add(1);
                let found = super_attribute::load(vm, w.slice(inst.b(), 3), name, inst.flags(), method, cache)?;
                let object = w.get(inst.b() + 2).clone();
                w.clear_range(inst.b(), 3);
                w.set(inst.a(), found.0);
                if method {
                    if found.1 {
                        w.set(inst.a() + 1, object);
                    } else {
                        w.clear(inst.a() + 1);
                    }
                }
                return Ok(2);
            }
            Op::LoadSpecial => {
                let known = special::find(vm, stack, vm.class_of(w.get(inst.b())), special::ENTER + inst.c() as usize);
                let found = match known {
                    Some(function) => (function.into(), true),
                    None => slow::load_special(vm, w.get(inst.b()), inst.c())?,
                };
                let object = if inst.has(CONSUME_B) { w.take(inst.b()) } else { w.peek(inst.b()).cloned() };
                w.set(inst.a(), found.0);
                if found.1 {
                    w.set(inst.a() + 1, object.unwrap_unchecked());
                } else {
                    w.clear(inst.a() + 1);
                }
            }
            Op::DeleteItem => {
                vm.set_item(w.get(inst.a()), w.get(inst.b()), None)?;
                if inst.has(CONSUME_B) {
                    w.clear(inst.b());
                }
                if inst.has(CONSUME_A) {
                    w.clear(inst.a());
                }
            }
            Op::LoadSlice => {
                let value = slow::load_slice(vm, w.slice(inst.b(), inst.c() as usize))?;
                w.clear_range(inst.b(), inst.c());
                w.set(inst.a(), value);
            }
            Op::StoreSlice => {
                slow::store_slice(vm, w.slice(inst.b(), 3), w.get(inst.a()))?;
                if inst.has(CONSUME_A) {
                    w.clear(inst.a());
                }
                w.clear_range(inst.b(), 3);
            }
            Op::MatMul => {
                if operations::binary(vm, stack, w, inst, BinaryOp::MatMul)? {
                    return Ok(ENTERED);
                }
            }
            Op::Pos => {
                if special::unary(vm, stack, w, inst, special::POS)? {
                    return Ok(ENTERED);
                }
                finish!(slow::positive(vm, w.get(inst.b()))?)
            }
            Op::UnpackEx => {
                slow::unpack_ex(vm, w, inst)?;
            }
            Op::BuildSet => {
                let set = slow::build_set(vm, w.slice(inst.b(), inst.c() as usize))?;
                w.clear_range(inst.b(), inst.c());
                w.set(inst.a(), set);
            }
            Op::BuildString => {
                let string = slow::build_string(vm, w.slice(inst.b(), inst.c() as usize))?;
                w.clear_range(inst.b(), inst.c());
                w.set(inst.a(), string);
            }
            Op::BuildSlice => {
                let slice = slow::build_slice(vm, w.slice(inst.b(), inst.c() as usize))?;
                w.clear_range(inst.b(), inst.c());
                w.set(inst.a(), slice);
            }
            Op::ListExtend => {
                slow::list_extend(vm, w.get(inst.a()), w.get(inst.b()), inst.c() == 1)?;
                if inst.has(CONSUME_B) {
                    w.clear(inst.b());
                }
            }
            Op::SetUpdate => {
                slow::set_update(vm, w.get(inst.a()), w.get(inst.b()))?;
                consume(w, inst);
            }
            Op::DictUpdate => {
                slow::dict_update(vm, w.get(inst.a()), w.get(inst.b()))?;
                consume(w, inst);
            }
            Op::DictMerge => {
                slow::dict_merge(vm, w.get(inst.a()), w.get(inst.b()), w.get(inst.c()))?;
                if inst.has(CONSUME_B) {
                    w.clear(inst.b());
                }
            }
            Op::ListToTuple => {
                let tuple = slow::list_to_tuple(vm, w.get(inst.b()), inst.has(CONSUME_B))?;
                finish!(tuple);
            }
            // An exact str is its own text.
            Op::FormatValue if inst.c() == 0 && w.get(inst.b()).downcast_exact::<Str>().is_some() => {
                let text = if inst.has(CONSUME_B) { w.take(inst.b()) } else { w.peek(inst.b()).cloned() };
                w.put(inst.a(), text);
            }
            Op::FormatValue => {
                let text = slow::format_value(vm, w.get(inst.b()), inst.c() as u8, None)?;
                if inst.has(CONSUME_B) {
                    w.clear(inst.b());
                }
                w.set(inst.a(), text);
            }
            Op::FormatWithSpec => {
                let conversion = inst.flags() >> taipan_bytecode::CONVERSION_SHIFT;
                let spec = Some(w.get(inst.c()));
                let text = slow::format_value(vm, w.get(inst.b()), conversion, spec)?;
                finish!(text);
            }
            Op::BuildInterpolation => {
                let count = if inst.has(taipan_bytecode::HAS_SPEC) { 3 } else { 2 };
                let made = slow::build_interpolation(vm, w.slice(inst.b(), count as usize), inst.flags())?;
                w.clear_range(inst.b(), count);
                w.set(inst.a(), made);
            }
            Op::BuildTemplate => {
                let made = slow::build_template(vm, w.slice(inst.b(), 2))?;
                w.clear_range(inst.b(), 2);
                w.set(inst.a(), made);
            }
            Op::MakeFunction => {
                let function = slow::make_function(vm, &*stack.running(), inst.bc())?;
                w.set(inst.a(), function);
            }
            Op::SetFunctionAttribute => {
                let value = if inst.has(CONSUME_B) { w.take(inst.b()) } else { w.peek(inst.b()).cloned() };
                if let Some(attribute) = FunctionAttribute::from_u16(inst.c()) {
                    slow::set_function_attribute(w.get(inst.a()), attribute, value.unwrap_unchecked());
                }
            }
            Op::GetYieldFromIter => {
                if special::operation(vm, stack, special::ITER, [w.get(inst.b())])? {
                    return Ok(ENTERED);
                }
                let iterator = slow::yield_from_iter(vm, &*stack.running(), w.get(inst.b()))?;
                finish!(iterator);
            }
            Op::GetAwaitable => {
                if special::operation(vm, stack, special::AWAIT, [w.get(inst.b())])? {
                    return Ok(ENTERED);
                }
                let iterator = slow::awaitable(vm, w.get(inst.b()), inst.c())?;
                if inst.has(CONSUME_B) {
                    w.clear(inst.b());
                }
                w.set(inst.a(), iterator);
            }
            Op::GetAIter => {
                if special::operation(vm, stack, special::AITER, [w.get(inst.b())])? {
                    return Ok(ENTERED);
                }
                let iterator = slow::async_iter(vm, w.get(inst.b()))?;
                finish!(iterator);
            }
            Op::GetANext => {
                if special::operation(vm, stack, special::ANEXT, [w.get(inst.b())])? {
                    return Ok(ENTERED);
                }
                let awaitable = slow::async_next(vm, w.get(inst.b()))?;
                w.set(inst.a(), awaitable);
            }
            Op::PushExc => {
                let exception = w.get(inst.b()).clone();
                let previous = vm.handled.replace(Some(exception));
                w.set(inst.a(), previous.unwrap_or(NONE));
            }
            Op::PopExc => {
                let previous = w.take(inst.a()).filter(|value| !value.is(&NONE));
                drop(vm.handled.replace(previous));
            }
            Op::ExcMatch => {
                let matches = slow::exception_matches(vm, w.get(inst.b()), w.get(inst.c()))?;
                if inst.has(CONSUME_C) {
                    w.clear(inst.c());
                }
                w.set(inst.a(), boolean(matches));
            }
            Op::ExcGroupMatch => {
                let (rest, matching) = slow::group_match(vm, w.get(inst.b()), w.get(inst.c()))?;
                consume(w, inst);
                w.set(inst.a(), rest);
                w.set(inst.a() + 1, matching);
            }
            Op::PrepReraiseStar => {
                let result = slow::prep_reraise_star(vm, w.get(inst.b()), w.get(inst.c()))?;
                finish!(result);
            }
            Op::WithExceptStart => {
                if special::exit(vm, stack, w, inst)? {
                    return Ok(ENTERED);
                }
                let exit = (w.get(inst.b()), w.peek(inst.b() + 1));
                let result = slow::with_except_start(vm, exit, w.get(inst.c()))?;
                w.set(inst.a(), result);
            }
            Op::ImportName => {
                let module = slow::import_name(vm, &*stack.running(), w.slice(inst.b(), 2), inst.c())?;
                w.clear_range(inst.b(), 2);
                w.set(inst.a(), module);
            }
            Op::ImportFrom => {
                let name = &(*stack.running()).code.names[inst.c() as usize];
                let value = slow::import_from(vm, w.get(inst.b()), name)?;
                w.set(inst.a(), value);
            }
            Op::ImportStar => {
                slow::import_star(vm, &*stack.running(), w.get(inst.a()))?;
                if inst.has(CONSUME_A) {
                    w.clear(inst.a());
                }
            }
            Op::MatchMapping => {
                let yes = slow::has_flag(vm, w.get(inst.b()), taipan_objects::types::type_flags::MAPPING);
                w.set(inst.a(), boolean(yes));
            }
            Op::MatchSequence => {
                let yes = slow::has_flag(vm, w.get(inst.b()), taipan_objects::types::type_flags::SEQUENCE);
                w.set(inst.a(), boolean(yes));
            }
            Op::MatchKeys => {
                let values = slow::match_keys(vm, w.get(inst.b()), w.get(inst.c()))?;
                w.set(inst.a(), values);
            }
            Op::MatchClass => {
                let extra = inst.extra();
                let names = (*stack.running()).code.consts[(extra >> 32) as usize].clone();
                let count = extra as u32 as usize;
                let found = slow::match_class(vm, w.get(inst.b()), w.get(inst.c()), count, &names)?;
                if inst.has(CONSUME_C) {
                    w.clear(inst.c());
                }
                w.set(inst.a(), found);
                return Ok(1);
            }
            Op::GetLen => {
                let len = vm.len(w.get(inst.b()))?;
                w.set(inst.a(), builtins::int::from_i64(vm, len as i64)?);
            }
            Op::Intrinsic1 => {
                let result = slow::intrinsic1(vm, &*stack.running(), inst.c(), w.get(inst.b()))?;
                if inst.has(CONSUME_B) {
                    w.clear(inst.b());
                }
                w.set(inst.a(), result);
            }
            Op::Intrinsic2 => {
                let which = inst.extra() as u16;
                let result = slow::intrinsic2(vm, which, w.get(inst.b()), w.get(inst.c()))?;
                finish!(result);
                return Ok(1);
            }
            _ => return Err(vm.system_error("unknown opcode")),
        }
        Ok(0)
    }
}
