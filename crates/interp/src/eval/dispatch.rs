//! The loop. An arm does the common case inline and leaves the rest to `slow`, `attribute`, `calls` and `iterate`.

use crate::eval::frame::{Frame, FrameKind, Stack};
use crate::eval::window::Window;
use crate::eval::{attribute, calls, iterate, quick, slow, unwind};
use std::cell::Cell;
use taipan_bytecode::{
    CONSUME_A, CONSUME_B, CONSUME_C, DELEGATE, FRESH, FunctionAttribute, HAS_KWARGS, INPLACE, Inst, NEGATE, Op,
};
use taipan_heap::{MAX_INT, MIN_INT, Value};
use taipan_objects::builtins::{self, FALSE, NONE, TRUE, boolean};
use taipan_objects::types::{BinaryOp, CompareOp};
use taipan_objects::vm::{PyResult, Raised, Vm};

/// Whether two words are both immediate ints.
#[inline(always)]
fn both_ints(a: u64, b: u64) -> bool {
    ((a ^ 1) | (b ^ 1)) & 3 == 0
}

#[inline(always)]
fn int_word(n: i64) -> u64 {
    (n << 2) as u64 | 1
}

#[inline(always)]
fn fits(n: i64) -> bool {
    (MIN_INT..=MAX_INT).contains(&n)
}

/// The operation of a verified instruction.
#[inline(always)]
unsafe fn op_of(inst: Inst) -> Op {
    // SAFETY: code is verified: the low byte names an operation.
    unsafe { std::mem::transmute::<u8, Op>(inst.op_byte()) }
}

/// Runs the top frame until it returns to native code.
pub(super) fn run(vm: &Vm, stack: &Stack) -> PyResult<Value> {
    let Some(top) = stack.top() else { return Err(vm.system_error("no frame to run")) };
    // SAFETY: the top frame is alive (L1).
    unsafe {
        let pc = (*top).next;
        evaluate(vm, stack, top, pc)
    }
}

macro_rules! loop_state {
    ($frame:ident, $window:ident, $pc:ident) => {
        $window = (*$frame).window;
        $pc = (*$frame).next;
    };
}

#[allow(clippy::cognitive_complexity)]
unsafe fn evaluate(vm: &Vm, stack: &Stack, top: *mut Frame, start: *const Cell<u64>) -> PyResult<Value> {
    let mut frame = top;
    let mut pc = start;
    // SAFETY: L1, E1–E3; each arm relies on what the compiler guarantees of live registers.
    unsafe {
        let mut w: Window = (*frame).window;
        let mut reraise = false;
        'step: loop {
            let inst = Inst((*pc).get());
            let at = pc;
            pc = pc.add(1);
            // An arm ends in `continue 'step`, in a value (the loop goes on), or breaks out with an exception.
            let raised: Raised = 'raise: {
                macro_rules! tri {
                    ($result:expr) => {
                        match $result {
                            Ok(value) => value,
                            Err(raised) => break 'raise raised,
                        }
                    };
                }
                // Notes where the frame is, for code that looks at frames.
                macro_rules! save {
                    () => {
                        (*frame).at = at;
                    };
                }
                macro_rules! consume {
                    () => {
                        if inst.flags() & (CONSUME_B | CONSUME_C) != 0 {
                            if inst.has(CONSUME_B) {
                                w.clear(inst.b());
                            }
                            if inst.has(CONSUME_C) {
                                w.clear(inst.c());
                            }
                        }
                    };
                }
                macro_rules! check_interrupt {
                    () => {
                        if stack.interrupted() || vm.heap().collection_pending() {
                            save!();
                            (*frame).next = pc;
                            tri!(crate::interrupt(vm, stack));
                        }
                    };
                }
                macro_rules! jump {
                    ($offset:expr) => {{
                        let offset = $offset as isize;
                        pc = pc.offset(offset);
                        if offset < 0 {
                            check_interrupt!();
                        }
                        continue 'step;
                    }};
                }
                // As `consume`, the right operand first: the order of comparisons.
                macro_rules! consume_right_first {
                    () => {
                        if inst.flags() & (CONSUME_B | CONSUME_C) != 0 {
                            if inst.has(CONSUME_C) {
                                w.clear(inst.c());
                            }
                            if inst.has(CONSUME_B) {
                                w.clear(inst.b());
                            }
                        }
                    };
                }
                // Result of an operation on b (and c): operands go first, then the destination's old value.
                macro_rules! finish {
                    ($value:expr) => {{
                        let value: Value = $value;
                        consume!();
                        w.set(inst.a(), value);
                        continue 'step;
                    }};
                }
                macro_rules! arithmetic {
                    ($op:ident, |$x:ident, $y:ident| $ints:expr, |$fx:ident, $fy:ident| $floats:expr) => {{
                        let (left, right) = (w.bits(inst.b()), w.bits(inst.c()));
                        if both_ints(left, right) {
                            let ($x, $y) = (left as i64, right as i64);
                            if let Some(word) = $ints {
                                w.set_word(inst.a(), word);
                                continue 'step;
                            }
                        } else if left & right & 2 != 0 {
                            if let (Some($fx), Some($fy)) = (w.get(inst.b()).as_float(), w.get(inst.c()).as_float())
                                && let Some(value) = Value::try_float($floats)
                            {
                                w.set(inst.a(), value);
                                continue 'step;
                            }
                        }
                        save!();
                        let (left, right) = (w.get(inst.b()), w.get(inst.c()));
                        let result = tri!(slow::binary(vm, BinaryOp::$op, left, right, inst.has(INPLACE)));
                        finish!(result)
                    }};
                }
                macro_rules! binary {
                    ($op:ident) => {{
                        save!();
                        let (left, right) = (w.get(inst.b()), w.get(inst.c()));
                        let result = tri!(slow::binary(vm, BinaryOp::$op, left, right, inst.has(INPLACE)));
                        finish!(result)
                    }};
                }
                macro_rules! bitwise {
                    ($op:ident, $x:ident, $y:ident, $word:expr) => {{
                        let ($x, $y) = (w.bits(inst.b()), w.bits(inst.c()));
                        if both_ints($x, $y) {
                            w.set_word(inst.a(), $word);
                            continue 'step;
                        }
                        binary!($op)
                    }};
                }
                macro_rules! unary {
                    ($function:path) => {{
                        save!();
                        let result = tri!($function(vm, w.get(inst.b())));
                        finish!(result)
                    }};
                }
                macro_rules! compare {
                    ($op:ident, $operator:tt) => {{
                        let (left, right) = (w.bits(inst.b()), w.bits(inst.c()));
                        if both_ints(left, right) {
                            w.set(inst.a(), boolean((left as i64) $operator (right as i64)));
                            continue 'step;
                        }
                        if let (Some(x), Some(y)) = (w.get(inst.b()).as_float(), w.get(inst.c()).as_float()) {
                            w.set(inst.a(), boolean(x $operator y));
                            continue 'step;
                        }
                        save!();
                        let result = tri!(slow::compare(vm, CompareOp::$op, w.get(inst.b()), w.get(inst.c())));
                        consume_right_first!();
                        w.set(inst.a(), result);
                    }};
                }
                macro_rules! branch {
                    ($truth:expr) => {{
                        if $truth != inst.has(NEGATE) {
                            jump!(inst.jump_a());
                        }
                        continue 'step;
                    }};
                }
                macro_rules! compare_jump {
                    ($op:ident, $operator:tt) => {{
                        let (left, right) = (w.bits(inst.b()), w.bits(inst.c()));
                        if both_ints(left, right) {
                            branch!(((left as i64) $operator (right as i64)));
                        }
                        if let (Some(x), Some(y)) = (w.get(inst.b()).as_float(), w.get(inst.c()).as_float()) {
                            branch!((x $operator y));
                        }
                        save!();
                        let truth = tri!(slow::compare_truth(vm, CompareOp::$op, w.get(inst.b()), w.get(inst.c())));
                        consume_right_first!();
                        branch!(truth)
                    }};
                }
                macro_rules! compare_jump_imm {
                    ($op:ident, $operator:tt) => {{
                        let left = w.bits(inst.b());
                        let right = int_word(inst.imm_c() as i64);
                        if left & 3 == 1 {
                            branch!(((left as i64) $operator (right as i64)));
                        }
                        save!();
                        let right = Value::small_int(inst.imm_c() as i32);
                        let truth = tri!(slow::compare_truth(vm, CompareOp::$op, w.get(inst.b()), &right));
                        if inst.has(CONSUME_B) {
                            w.clear(inst.b());
                        }
                        branch!(truth)
                    }};
                }
                macro_rules! truth {
                    ($register:expr) => {{
                        let value = w.get($register);
                        if value.is(&TRUE) {
                            true
                        } else if value.is(&FALSE) {
                            false
                        } else {
                            save!();
                            tri!(vm.is_true(value))
                        }
                    }};
                }

                match op_of(inst) {
                    Op::Nop => {}
                    Op::Resume => check_interrupt!(),
                    Op::Move => {
                        let value = if inst.has(CONSUME_B) {
                            w.take(inst.b()).unwrap_unchecked()
                        } else {
                            w.get(inst.b()).clone()
                        };
                        w.set(inst.a(), value);
                    }
                    Op::LoadConst => w.set(inst.a(), (*frame).code.consts.get_unchecked(inst.bc() as usize).clone()),
                    Op::LoadInt => w.set_word(inst.a(), int_word(inst.bc_signed() as i64)),
                    Op::Clear => w.clear(inst.a()),
                    Op::ClearRange => w.clear_range(inst.a(), inst.c()),
                    Op::CheckLocal => {
                        if w.peek(inst.a()).is_none() {
                            save!();
                            break 'raise slow::unbound_local(vm, &*frame, inst.a());
                        }
                    }
                    Op::DeleteLocal => {
                        if w.peek(inst.a()).is_none() {
                            save!();
                            break 'raise slow::unbound_local(vm, &*frame, inst.a());
                        }
                        w.clear(inst.a());
                    }
                    Op::MakeCell => {
                        save!();
                        let contents = if inst.has(FRESH) { None } else { w.take(inst.a()) };
                        let cell = tri!(crate::cell::Cell::new(vm, contents));
                        w.set(inst.a(), cell.into());
                    }
                    Op::LoadCell => match slow::cell(w.get(inst.b())).contents.get() {
                        Some(value) => w.set(inst.a(), value),
                        None => {
                            save!();
                            break 'raise slow::unbound_cell(vm, &*frame, inst.b());
                        }
                    },
                    Op::StoreCell => {
                        let value = if inst.has(CONSUME_B) { w.take(inst.b()) } else { w.peek(inst.b()).cloned() };
                        slow::cell(w.get(inst.a())).contents.set(value);
                    }
                    Op::DeleteCell => {
                        if slow::cell(w.get(inst.a())).contents.take().is_none() {
                            save!();
                            break 'raise slow::unbound_cell(vm, &*frame, inst.a());
                        }
                    }

                    Op::LoadGlobal => {
                        let value = match attribute::cached_global(&*frame, pc) {
                            Some(value) => value,
                            None => {
                                save!();
                                tri!(attribute::load_global(vm, &*frame, pc, inst.c()))
                            }
                        };
                        pc = pc.add(2);
                        w.set(inst.a(), value);
                    }
                    Op::StoreGlobal => {
                        save!();
                        let value = w.get(inst.b()).clone();
                        tri!(slow::store_global(vm, &*frame, inst.c(), value));
                        if inst.has(CONSUME_B) {
                            w.clear(inst.b());
                        }
                    }
                    Op::DeleteGlobal => {
                        save!();
                        tri!(slow::delete_global(vm, &*frame, inst.c()));
                    }
                    Op::LoadName => {
                        let cached =
                            if (*frame).locals.is_none() { attribute::cached_global(&*frame, pc) } else { None };
                        let value = match cached {
                            Some(value) => value,
                            None => {
                                save!();
                                tri!(attribute::load_name(vm, &*frame, pc, inst.c()))
                            }
                        };
                        pc = pc.add(2);
                        w.set(inst.a(), value);
                    }
                    Op::StoreName => {
                        save!();
                        let value = if inst.has(CONSUME_B) {
                            w.take(inst.b()).unwrap_unchecked()
                        } else {
                            w.get(inst.b()).clone()
                        };
                        tri!(slow::store_name(vm, &*frame, inst.c(), value));
                    }
                    Op::DeleteName => {
                        save!();
                        tri!(slow::delete_name(vm, &*frame, inst.c()));
                    }
                    Op::LoadLocals => {
                        save!();
                        w.set(inst.a(), tri!(slow::load_locals(vm, &*frame)));
                    }
                    Op::LoadFromDictOrCell => {
                        save!();
                        let value = tri!(slow::load_from_dict_or_cell(vm, &*frame, w.get(inst.b()), inst.c()));
                        if inst.has(CONSUME_B) {
                            w.clear(inst.b());
                        }
                        w.set(inst.a(), value);
                    }
                    Op::LoadFromDictOrGlobals => {
                        save!();
                        let value = tri!(slow::load_from_dict_or_globals(vm, &*frame, w.get(inst.b()), inst.c()));
                        if inst.has(CONSUME_B) {
                            w.clear(inst.b());
                        }
                        w.set(inst.a(), value);
                    }
                    Op::LoadBuildClass => {
                        save!();
                        w.set(inst.a(), tri!(slow::load_build_class(vm, &*frame)));
                    }
                    Op::LoadCommonConstant => {
                        save!();
                        w.set(inst.a(), tri!(slow::common_constant(vm, inst.c())));
                    }
                    Op::SetupAnnotations => {
                        save!();
                        tri!(slow::setup_annotations(vm, &*frame));
                    }

                    Op::LoadAttr => {
                        let value = match attribute::cached(w.get(inst.b()), pc) {
                            Some(value) => value,
                            None => {
                                save!();
                                tri!(attribute::load(vm, &*frame, w.get(inst.b()), pc, inst.c()))
                            }
                        };
                        pc = pc.add(3);
                        if inst.has(CONSUME_B) {
                            w.clear(inst.b());
                        }
                        w.set(inst.a(), value);
                    }
                    Op::StoreAttr => {
                        if let Some(slot) = attribute::cached_store(w.get(inst.a()), pc) {
                            let value = if inst.has(CONSUME_B) { w.take(inst.b()) } else { w.peek(inst.b()).cloned() };
                            let old = (*slot).replace(value);
                            pc = pc.add(3);
                            if inst.has(CONSUME_A) {
                                drop(old);
                                w.clear(inst.a());
                            }
                            continue 'step;
                        }
                        save!();
                        tri!(attribute::store(vm, &*frame, w.get(inst.a()), w.get(inst.b()), pc, inst.c()));
                        pc = pc.add(3);
                        if inst.has(CONSUME_B) {
                            w.clear(inst.b());
                        }
                        if inst.has(CONSUME_A) {
                            w.clear(inst.a());
                        }
                    }
                    Op::DeleteAttr => {
                        save!();
                        let name = &(*frame).code.names[inst.c() as usize];
                        tri!(vm.assign_attr(w.get(inst.a()), name, None));
                        if inst.has(CONSUME_A) {
                            w.clear(inst.a());
                        }
                    }
                    Op::LoadMethod => {
                        let found = match attribute::cached_method(w.get(inst.b()), pc) {
                            Some(function) => (function, true),
                            None => {
                                save!();
                                tri!(attribute::load_method(vm, &*frame, w.get(inst.b()), pc, inst.c()))
                            }
                        };
                        pc = pc.add(3);
                        let object = if inst.has(CONSUME_B) { w.take(inst.b()) } else { w.peek(inst.b()).cloned() };
                        w.set(inst.a(), found.0);
                        if found.1 {
                            w.set(inst.a() + 1, object.unwrap_unchecked());
                        } else {
                            w.clear(inst.a() + 1);
                        }
                    }
                    Op::LoadSuperAttr | Op::LoadSuperMethod => {
                        save!();
                        let method = op_of(inst) == Op::LoadSuperMethod;
                        let name = &(*frame).code.names[inst.c() as usize];
                        let found = tri!(slow::load_super(vm, w.slice(inst.b(), 3), name, inst.flags(), method));
                        pc = pc.add(2);
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
                    }
                    Op::LoadSpecial => {
                        save!();
                        let found = tri!(slow::load_special(vm, w.get(inst.b()), inst.c()));
                        let object = if inst.has(CONSUME_B) { w.take(inst.b()) } else { w.peek(inst.b()).cloned() };
                        w.set(inst.a(), found.0);
                        if found.1 {
                            w.set(inst.a() + 1, object.unwrap_unchecked());
                        } else {
                            w.clear(inst.a() + 1);
                        }
                    }
                    Op::LoadItem => {
                        if let Some(index) = w.get(inst.c()).as_int()
                            && let Some(value) = quick::item(w.get(inst.b()), index)
                        {
                            finish!(value)
                        }
                        if let Some(value) = slow::quick_item(vm, w.get(inst.b()), w.get(inst.c())) {
                            finish!(value)
                        }
                        save!();
                        let value = tri!(vm.get_item(w.get(inst.b()), w.get(inst.c())));
                        finish!(value)
                    }
                    Op::LoadItemImm => {
                        let value = match quick::item(w.get(inst.b()), inst.imm_c() as i64) {
                            Some(value) => value,
                            None => {
                                save!();
                                tri!(vm.get_item(w.get(inst.b()), &Value::small_int(inst.imm_c() as i32)))
                            }
                        };
                        if inst.has(CONSUME_B) {
                            w.clear(inst.b());
                        }
                        w.set(inst.a(), value);
                    }
                    Op::StoreItem => {
                        save!();
                        let quick = match w.get(inst.b()).as_int() {
                            Some(index) => quick::set_item(w.get(inst.a()), index, w.get(inst.c())),
                            None => None,
                        };
                        match quick {
                            Some(old) => drop(old),
                            None => tri!(slow::store_item(vm, w.get(inst.a()), w.get(inst.b()), w.get(inst.c()))),
                        }
                        if inst.has(CONSUME_C) {
                            w.clear(inst.c());
                        }
                        if inst.has(CONSUME_A) {
                            w.clear(inst.a());
                        }
                        if inst.has(CONSUME_B) {
                            w.clear(inst.b());
                        }
                    }
                    Op::StoreItemImm => {
                        save!();
                        match quick::set_item(w.get(inst.a()), inst.imm_c() as i64, w.get(inst.b())) {
                            Some(old) => drop(old),
                            None => {
                                let index = Value::small_int(inst.imm_c() as i32);
                                tri!(slow::store_item(vm, w.get(inst.a()), &index, w.get(inst.b())))
                            }
                        }
                        if inst.has(CONSUME_B) {
                            w.clear(inst.b());
                        }
                        if inst.has(CONSUME_A) {
                            w.clear(inst.a());
                        }
                    }
                    Op::DeleteItem => {
                        save!();
                        tri!(vm.set_item(w.get(inst.a()), w.get(inst.b()), None));
                        if inst.has(CONSUME_A) {
                            w.clear(inst.a());
                        }
                        if inst.has(CONSUME_B) {
                            w.clear(inst.b());
                        }
                    }
                    Op::LoadSlice => {
                        save!();
                        let value = tri!(slow::load_slice(vm, w.slice(inst.b(), 3)));
                        w.clear_range(inst.b(), 3);
                        w.set(inst.a(), value);
                    }
                    Op::StoreSlice => {
                        save!();
                        tri!(slow::store_slice(vm, w.slice(inst.b(), 3), w.get(inst.a())));
                        if inst.has(CONSUME_A) {
                            w.clear(inst.a());
                        }
                        w.clear_range(inst.b(), 3);
                    }

                    Op::Add => arithmetic!(Add, |x, y| (x - 1).checked_add(y).map(|n| n as u64), |x, y| x + y),
                    Op::Sub => arithmetic!(Sub, |x, y| x.checked_sub(y).map(|n| (n + 1) as u64), |x, y| x - y),
                    Op::Mul => arithmetic!(Mul, |x, y| (x >> 2).checked_mul(y - 1).map(|n| n as u64 | 1), |x, y| x * y),
                    Op::TrueDiv => {
                        if let (Some(x), Some(y)) = (w.get(inst.b()).as_float(), w.get(inst.c()).as_float())
                            && y != 0.0
                            && let Some(value) = Value::try_float(x / y)
                        {
                            w.set(inst.a(), value);
                            continue 'step;
                        }
                        binary!(TrueDiv)
                    }
                    Op::FloorDiv => {
                        let (x, y) = (w.bits(inst.b()), w.bits(inst.c()));
                        if both_ints(x, y) && y != 1 {
                            let (x, y) = ((x as i64) >> 2, (y as i64) >> 2);
                            let quotient = x / y - ((x % y != 0 && (x < 0) != (y < 0)) as i64);
                            if fits(quotient) {
                                w.set_word(inst.a(), int_word(quotient));
                                continue 'step;
                            }
                        }
                        binary!(FloorDiv)
                    }
                    Op::Mod => {
                        let (x, y) = (w.bits(inst.b()), w.bits(inst.c()));
                        if both_ints(x, y) && y != 1 {
                            let (x, y) = ((x as i64) >> 2, (y as i64) >> 2);
                            let rest = x % y;
                            let rest = if rest != 0 && (rest < 0) != (y < 0) { rest + y } else { rest };
                            w.set_word(inst.a(), int_word(rest));
                            continue 'step;
                        }
                        binary!(Mod)
                    }
                    Op::Pow => binary!(Pow),
                    Op::MatMul => binary!(MatMul),
                    Op::LShift => {
                        let (x, y) = (w.bits(inst.b()), w.bits(inst.c()));
                        if both_ints(x, y) {
                            let (x, y) = ((x as i64) >> 2, (y as i64) >> 2);
                            if (0..61).contains(&y) {
                                let shifted = x << y;
                                if shifted >> y == x && fits(shifted) {
                                    w.set_word(inst.a(), int_word(shifted));
                                    continue 'step;
                                }
                            }
                        }
                        binary!(LShift)
                    }
                    Op::RShift => {
                        let (x, y) = (w.bits(inst.b()), w.bits(inst.c()));
                        if both_ints(x, y) && (y as i64) >= 0 {
                            let (x, y) = ((x as i64) >> 2, (y as i64) >> 2);
                            w.set_word(inst.a(), int_word(x >> y.min(63)));
                            continue 'step;
                        }
                        binary!(RShift)
                    }
                    Op::And => bitwise!(And, x, y, x & y),
                    Op::Or => bitwise!(Or, x, y, x | y),
                    Op::Xor => bitwise!(Xor, x, y, (x ^ y) | 1),
                    Op::AddImm => {
                        let left = w.bits(inst.b());
                        let delta = (inst.imm_c() as i64) << 2;
                        if left & 3 == 1
                            && let Some(sum) = (left as i64).checked_add(delta)
                        {
                            w.set_word(inst.a(), sum as u64);
                            continue 'step;
                        }
                        save!();
                        let right = Value::small_int(inst.imm_c() as i32);
                        let result = tri!(slow::binary(vm, BinaryOp::Add, w.get(inst.b()), &right, inst.has(INPLACE)));
                        if inst.has(CONSUME_B) {
                            w.clear(inst.b());
                        }
                        w.set(inst.a(), result);
                    }
                    Op::SubImm => {
                        let left = w.bits(inst.b());
                        let delta = (inst.imm_c() as i64) << 2;
                        if left & 3 == 1
                            && let Some(difference) = (left as i64).checked_sub(delta)
                        {
                            w.set_word(inst.a(), difference as u64);
                            continue 'step;
                        }
                        save!();
                        let right = Value::small_int(inst.imm_c() as i32);
                        let result = tri!(slow::binary(vm, BinaryOp::Sub, w.get(inst.b()), &right, inst.has(INPLACE)));
                        if inst.has(CONSUME_B) {
                            w.clear(inst.b());
                        }
                        w.set(inst.a(), result);
                    }
                    Op::Neg => {
                        let value = w.get(inst.b());
                        if let Some(n) = value.as_int()
                            && fits(-n)
                        {
                            w.set_word(inst.a(), int_word(-n));
                            continue 'step;
                        }
                        if let Some(x) = value.as_float()
                            && let Some(negated) = Value::try_float(-x)
                        {
                            w.set(inst.a(), negated);
                            continue 'step;
                        }
                        unary!(slow::negative)
                    }
                    Op::Pos => unary!(slow::positive),
                    Op::Invert => unary!(slow::invert),
                    Op::Not => {
                        let truth = truth!(inst.b());
                        finish!(boolean(!truth))
                    }
                    Op::Lt => compare!(Lt, <),
                    Op::Le => compare!(Le, <=),
                    Op::Eq => compare!(Eq, ==),
                    Op::Ne => compare!(Ne, !=),
                    Op::Gt => compare!(Gt, >),
                    Op::Ge => compare!(Ge, >=),
                    Op::Is => finish!(boolean(w.get(inst.b()).is(w.get(inst.c())))),
                    Op::IsNot => finish!(boolean(!w.get(inst.b()).is(w.get(inst.c())))),
                    Op::In => {
                        save!();
                        let found = tri!(vm.contains(w.get(inst.c()), w.get(inst.b())));
                        finish!(boolean(found))
                    }
                    Op::NotIn => {
                        save!();
                        let found = tri!(vm.contains(w.get(inst.c()), w.get(inst.b())));
                        finish!(boolean(!found))
                    }

                    Op::Jump => jump!(inst.bc_signed()),
                    Op::JumpIfTrue => {
                        let truth = truth!(inst.a());
                        if inst.has(CONSUME_A) {
                            w.clear(inst.a());
                        }
                        if truth {
                            jump!(inst.bc_signed());
                        }
                    }
                    Op::JumpIfFalse => {
                        let truth = truth!(inst.a());
                        if inst.has(CONSUME_A) {
                            w.clear(inst.a());
                        }
                        if !truth {
                            jump!(inst.bc_signed());
                        }
                    }
                    Op::JumpIfTrueOrPop => {
                        if truth!(inst.a()) {
                            jump!(inst.bc_signed());
                        }
                        w.clear(inst.a());
                    }
                    Op::JumpIfFalseOrPop => {
                        if !truth!(inst.a()) {
                            jump!(inst.bc_signed());
                        }
                        w.clear(inst.a());
                    }
                    Op::JumpIfNone => {
                        let none = w.get(inst.a()).is(&NONE);
                        if inst.has(CONSUME_A) {
                            w.clear(inst.a());
                        }
                        if none {
                            jump!(inst.bc_signed());
                        }
                    }
                    Op::JumpIfNotNone => {
                        let none = w.get(inst.a()).is(&NONE);
                        if inst.has(CONSUME_A) {
                            w.clear(inst.a());
                        }
                        if !none {
                            jump!(inst.bc_signed());
                        }
                    }
                    Op::JumpLt => compare_jump!(Lt, <),
                    Op::JumpLe => compare_jump!(Le, <=),
                    Op::JumpEq => compare_jump!(Eq, ==),
                    Op::JumpNe => compare_jump!(Ne, !=),
                    Op::JumpGt => compare_jump!(Gt, >),
                    Op::JumpGe => compare_jump!(Ge, >=),
                    Op::JumpIs => {
                        let same = w.get(inst.b()).is(w.get(inst.c()));
                        consume!();
                        branch!(same)
                    }
                    Op::JumpIn => {
                        save!();
                        let found = tri!(vm.contains(w.get(inst.c()), w.get(inst.b())));
                        consume!();
                        branch!(found)
                    }
                    Op::JumpLtImm => compare_jump_imm!(Lt, <),
                    Op::JumpLeImm => compare_jump_imm!(Le, <=),
                    Op::JumpEqImm => compare_jump_imm!(Eq, ==),
                    Op::JumpNeImm => compare_jump_imm!(Ne, !=),
                    Op::JumpGtImm => compare_jump_imm!(Gt, >),
                    Op::JumpGeImm => compare_jump_imm!(Ge, >=),

                    Op::GetIter => {
                        save!();
                        let iterator = tri!(vm.iter(w.get(inst.b())));
                        finish!(iterator)
                    }
                    Op::ForPrep => {
                        save!();
                        let state = tri!(iterate::begin(vm, w.get(inst.b())));
                        if inst.has(CONSUME_B) {
                            w.clear(inst.b());
                        }
                        for (register, part) in (inst.a()..).zip(state) {
                            match part {
                                Some(part) => w.set(register, part),
                                None => w.clear(register),
                            }
                        }
                        let offset = (*pc).get() as i32;
                        pc = pc.add(1);
                        jump!(offset)
                    }
                    Op::ForNext => {
                        let offset = (*pc).get() as i32;
                        pc = pc.add(1);
                        let state = inst.b();
                        let current = w.bits(state);
                        if current & 3 == 1 {
                            // A range of small ints: current, stop, step.
                            let (stop, step) = (w.bits(state + 1) as i64, w.bits(state + 2) as i64 - 1);
                            let n = current as i64;
                            if if step > 0 { n < stop } else { n > stop } {
                                w.set_word(inst.a(), current);
                                *w.at(state).cast::<u64>() = n.wrapping_add(step) as u64;
                                jump!(offset);
                            }
                            *w.at(state).cast::<u64>() = 0;
                            continue 'step;
                        }
                        if let Some(item) = quick::next(w, state) {
                            save!();
                            w.set(inst.a(), item);
                            jump!(offset);
                        }
                        save!();
                        match tri!(iterate::next(vm, w, state)) {
                            Some(item) => {
                                w.set(inst.a(), item);
                                jump!(offset);
                            }
                            None => w.clear_range(state, 3),
                        }
                    }
                    Op::UnpackSequence => {
                        save!();
                        if !quick::unpack(w, inst) {
                            tri!(slow::unpack(vm, w, inst));
                        }
                    }
                    Op::UnpackEx => {
                        save!();
                        tri!(slow::unpack_ex(vm, w, inst));
                    }

                    Op::BuildList => {
                        save!();
                        let items = calls::take_block(w, inst.b(), inst.c());
                        w.set(inst.a(), tri!(builtins::list::List::new(vm, items)).into());
                    }
                    Op::BuildTuple => {
                        save!();
                        let items = calls::take_block(w, inst.b(), inst.c());
                        w.set(inst.a(), tri!(builtins::tuple::Tuple::new(vm, items)).into());
                    }
                    Op::BuildSet => {
                        save!();
                        let set = tri!(slow::build_set(vm, w.slice(inst.b(), inst.c() as usize)));
                        w.clear_range(inst.b(), inst.c());
                        w.set(inst.a(), set);
                    }
                    Op::BuildMap => {
                        save!();
                        let map = tri!(slow::build_map(vm, w.slice(inst.b(), inst.c() as usize * 2)));
                        w.clear_range(inst.b(), inst.c() * 2);
                        w.set(inst.a(), map);
                    }
                    Op::BuildString => {
                        save!();
                        let string = tri!(slow::build_string(vm, w.slice(inst.b(), inst.c() as usize)));
                        w.clear_range(inst.b(), inst.c());
                        w.set(inst.a(), string);
                    }
                    Op::BuildSlice => {
                        save!();
                        let slice = tri!(slow::build_slice(vm, w.slice(inst.b(), inst.c() as usize)));
                        w.clear_range(inst.b(), inst.c());
                        w.set(inst.a(), slice);
                    }
                    Op::ListAppend => {
                        save!();
                        let value = if inst.has(CONSUME_B) { w.take(inst.b()) } else { w.peek(inst.b()).cloned() };
                        tri!(slow::list_append(vm, w.get(inst.a()), value.unwrap_unchecked()));
                    }
                    Op::SetAdd => {
                        save!();
                        tri!(slow::set_add(vm, w.get(inst.a()), w.get(inst.b())));
                        consume!();
                    }
                    Op::MapAdd => {
                        save!();
                        tri!(slow::map_add(vm, w.get(inst.a()), w.get(inst.b()), w.get(inst.c())));
                        consume!();
                    }
                    Op::ListExtend => {
                        save!();
                        tri!(slow::list_extend(vm, w.get(inst.a()), w.get(inst.b()), inst.c() == 1));
                        if inst.has(CONSUME_B) {
                            w.clear(inst.b());
                        }
                    }
                    Op::SetUpdate => {
                        save!();
                        tri!(slow::set_update(vm, w.get(inst.a()), w.get(inst.b())));
                        consume!();
                    }
                    Op::DictUpdate => {
                        save!();
                        tri!(slow::dict_update(vm, w.get(inst.a()), w.get(inst.b())));
                        consume!();
                    }
                    Op::DictMerge => {
                        save!();
                        tri!(slow::dict_merge(vm, w.get(inst.a()), w.get(inst.b()), w.get(inst.c())));
                        if inst.has(CONSUME_B) {
                            w.clear(inst.b());
                        }
                    }
                    Op::ListToTuple => {
                        save!();
                        let tuple = tri!(slow::list_to_tuple(vm, w.get(inst.b())));
                        finish!(tuple)
                    }
                    Op::FormatValue => {
                        save!();
                        let text = tri!(slow::format_value(vm, w.get(inst.b()), inst.c() as u8, None));
                        if inst.has(CONSUME_B) {
                            w.clear(inst.b());
                        }
                        w.set(inst.a(), text);
                    }
                    Op::FormatWithSpec => {
                        save!();
                        let conversion = inst.flags() >> taipan_bytecode::CONVERSION_SHIFT;
                        let spec = Some(w.get(inst.c()));
                        let text = tri!(slow::format_value(vm, w.get(inst.b()), conversion, spec));
                        finish!(text)
                    }
                    Op::BuildInterpolation => {
                        save!();
                        let count = if inst.has(taipan_bytecode::HAS_SPEC) { 3 } else { 2 };
                        let made = tri!(slow::build_interpolation(vm, w.slice(inst.b(), count as usize), inst.flags()));
                        w.clear_range(inst.b(), count);
                        w.set(inst.a(), made);
                    }
                    Op::BuildTemplate => {
                        save!();
                        let made = tri!(slow::build_template(vm, w.slice(inst.b(), 2)));
                        w.clear_range(inst.b(), 2);
                        w.set(inst.a(), made);
                    }

                    Op::MakeFunction => {
                        save!();
                        let function = tri!(slow::make_function(vm, &*frame, inst.bc()));
                        w.set(inst.a(), function);
                    }
                    Op::SetFunctionAttribute => {
                        let value = if inst.has(CONSUME_B) { w.take(inst.b()) } else { w.peek(inst.b()).cloned() };
                        if let Some(attribute) = FunctionAttribute::from_u16(inst.c()) {
                            slow::set_function_attribute(w.get(inst.a()), attribute, value.unwrap_unchecked());
                        }
                    }
                    Op::Call => {
                        save!();
                        (*frame).next = pc.add(2);
                        if let Some(pushed) = tri!(calls::call(vm, stack, w, inst)) {
                            frame = pushed;
                            loop_state!(frame, w, pc);
                            continue 'step;
                        }
                        match tri!(calls::call_any(vm, stack, w, inst, pc)) {
                            Some(result) => {
                                pc = pc.add(2);
                                w.set(inst.a(), result);
                            }
                            None => {
                                frame = stack.top().unwrap_unchecked();
                                loop_state!(frame, w, pc);
                            }
                        }
                    }
                    Op::CallKw => {
                        save!();
                        (*frame).next = pc.add(1);
                        let names = (*frame).code.consts[(*pc).get() as u32 as usize].clone();
                        match tri!(calls::call_keywords(vm, stack, w, inst, &names)) {
                            Some(result) => {
                                pc = pc.add(1);
                                w.set(inst.a(), result);
                            }
                            None => {
                                frame = stack.top().unwrap_unchecked();
                                loop_state!(frame, w, pc);
                            }
                        }
                    }
                    Op::CallEx => {
                        save!();
                        (*frame).next = pc;
                        let result = tri!(calls::call_spread(vm, w, inst.b(), inst.has(HAS_KWARGS)));
                        w.set(inst.a(), result);
                    }
                    Op::Return | Op::ReturnConst => {
                        let value = if op_of(inst) == Op::ReturnConst {
                            (*frame).code.consts.get_unchecked(inst.bc() as usize).clone()
                        } else if inst.has(CONSUME_A) {
                            w.take(inst.a()).unwrap_unchecked()
                        } else {
                            w.get(inst.a()).clone()
                        };
                        save!();
                        let kind = (*frame).kind;
                        let dst = (*frame).dst;
                        if kind == FrameKind::Inline && (*frame).object.is_none() {
                            w.leave((*frame).code.shape.variables);
                            if (*frame).object.is_some() {
                                // A finalizer has looked at the frame.
                                unwind::detach_frame_object(stack, frame);
                            }
                            stack.pop_inline(frame);
                            frame = frame.sub(1);
                            loop_state!(frame, w, pc);
                            w.set(dst, value);
                            continue 'step;
                        }
                        let subject = calls::leave(stack, frame);
                        frame = frame.sub(1);
                        match kind {
                            FrameKind::Entry => return Ok(value),
                            FrameKind::Inline => {
                                loop_state!(frame, w, pc);
                                w.set(dst, value);
                            }
                            FrameKind::Init => {
                                loop_state!(frame, w, pc);
                                if !value.is(&NONE) {
                                    break 'raise slow::init_returned(vm, &value);
                                }
                                w.set(dst, subject.unwrap_unchecked());
                            }
                        }
                    }

                    Op::ReturnGenerator => {
                        save!();
                        (*frame).next = pc;
                        let generator = tri!(calls::make_generator(vm, stack));
                        // The frame is gone: its registers moved into the generator.
                        let (kind, dst) = generator.1;
                        if kind == FrameKind::Entry {
                            return Ok(generator.0);
                        }
                        frame = stack.top().unwrap_unchecked();
                        loop_state!(frame, w, pc);
                        w.set(dst, generator.0);
                    }
                    Op::Yield => {
                        save!();
                        (*frame).next = pc;
                        let value = if inst.has(CONSUME_B) {
                            w.take(inst.b()).unwrap_unchecked()
                        } else {
                            w.get(inst.b()).clone()
                        };
                        let delegate = if inst.has(DELEGATE) { Some(inst.c()) } else { None };
                        calls::suspend(stack, inst.a(), delegate);
                        return Ok(value);
                    }
                    Op::GetYieldFromIter => {
                        save!();
                        let iterator = tri!(slow::yield_from_iter(vm, &*frame, w.get(inst.b())));
                        finish!(iterator)
                    }
                    Op::GetAwaitable => {
                        save!();
                        let iterator = tri!(slow::awaitable(vm, w.get(inst.b()), inst.c()));
                        if inst.has(CONSUME_B) {
                            w.clear(inst.b());
                        }
                        w.set(inst.a(), iterator);
                    }
                    Op::Send => {
                        save!();
                        let offset = (*pc).get() as i32;
                        pc = pc.add(1);
                        let sent = w.get(inst.c()).clone();
                        let (value, finished) = tri!(crate::generator::send(vm, w.get(inst.b()), sent));
                        if inst.has(CONSUME_C) {
                            w.clear(inst.c());
                        }
                        w.set(inst.a(), value);
                        if finished {
                            jump!(offset);
                        }
                    }
                    Op::CleanupThrow => {
                        save!();
                        match slow::cleanup_throw(vm, w.get(inst.b())) {
                            Ok(value) => finish!(value),
                            Err(raised) => {
                                reraise = true;
                                break 'raise raised;
                            }
                        }
                    }
                    Op::GetAIter => {
                        save!();
                        let iterator = tri!(slow::async_iter(vm, w.get(inst.b())));
                        finish!(iterator)
                    }
                    Op::GetANext => {
                        save!();
                        let awaitable = tri!(slow::async_next(vm, w.get(inst.b())));
                        w.set(inst.a(), awaitable);
                    }
                    Op::EndAsyncFor => {
                        save!();
                        if let Err(raised) = slow::end_async_for(vm, w.get(inst.a())) {
                            reraise = true;
                            break 'raise raised;
                        }
                        w.clear(inst.a());
                        w.clear(inst.b());
                    }

                    Op::RaiseActive => {
                        save!();
                        let raised = slow::raise_active(vm);
                        reraise = true;
                        break 'raise raised;
                    }
                    Op::Raise => {
                        save!();
                        let raised = slow::raise(vm, w.get(inst.b()), None);
                        consume!();
                        break 'raise raised;
                    }
                    Op::RaiseFrom => {
                        save!();
                        let raised = slow::raise(vm, w.get(inst.b()), Some(w.get(inst.c())));
                        consume!();
                        break 'raise raised;
                    }
                    Op::Reraise => {
                        save!();
                        let exception = w.get(inst.a()).clone();
                        if inst.has(CONSUME_A) {
                            w.clear(inst.a());
                        }
                        reraise = true;
                        break 'raise slow::reraise(vm, exception);
                    }
                    Op::PushExc => {
                        let exception = w.get(inst.b()).clone();
                        let previous = vm.handled.replace(Some(exception));
                        w.set(inst.a(), previous.unwrap_or(NONE));
                    }
                    Op::PopExc => {
                        save!();
                        let previous = w.take(inst.a()).filter(|value| !value.is(&NONE));
                        drop(vm.handled.replace(previous));
                    }
                    Op::ExcMatch => {
                        save!();
                        let matches = tri!(slow::exception_matches(vm, w.get(inst.b()), w.get(inst.c())));
                        if inst.has(CONSUME_C) {
                            w.clear(inst.c());
                        }
                        w.set(inst.a(), boolean(matches));
                    }
                    Op::ExcGroupMatch => {
                        save!();
                        let (rest, matching) = tri!(slow::group_match(vm, w.get(inst.b()), w.get(inst.c())));
                        consume!();
                        w.set(inst.a(), rest);
                        w.set(inst.a() + 1, matching);
                    }
                    Op::PrepReraiseStar => {
                        save!();
                        let result = tri!(slow::prep_reraise_star(vm, w.get(inst.b()), w.get(inst.c())));
                        finish!(result)
                    }
                    Op::WithExceptStart => {
                        save!();
                        let exit = (w.get(inst.b()), w.peek(inst.b() + 1));
                        let result = tri!(slow::with_except_start(vm, exit, w.get(inst.c())));
                        w.set(inst.a(), result);
                    }

                    Op::ImportName => {
                        save!();
                        let module = tri!(slow::import_name(vm, &*frame, w.slice(inst.b(), 2), inst.c()));
                        w.clear_range(inst.b(), 2);
                        w.set(inst.a(), module);
                    }
                    Op::ImportFrom => {
                        save!();
                        let name = &(*frame).code.names[inst.c() as usize];
                        let value = tri!(slow::import_from(vm, w.get(inst.b()), name));
                        w.set(inst.a(), value);
                    }
                    Op::ImportStar => {
                        save!();
                        tri!(slow::import_star(vm, &*frame, w.get(inst.a())));
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
                        save!();
                        let values = tri!(slow::match_keys(vm, w.get(inst.b()), w.get(inst.c())));
                        w.set(inst.a(), values);
                    }
                    Op::MatchClass => {
                        save!();
                        let extra = (*pc).get();
                        pc = pc.add(1);
                        let names = (*frame).code.consts[(extra >> 32) as usize].clone();
                        let count = extra as u32 as usize;
                        let found = tri!(slow::match_class(vm, w.get(inst.b()), w.get(inst.c()), count, &names));
                        if inst.has(CONSUME_C) {
                            w.clear(inst.c());
                        }
                        w.set(inst.a(), found);
                    }
                    Op::GetLen => {
                        save!();
                        let len = tri!(vm.len(w.get(inst.b())));
                        w.set(inst.a(), tri!(builtins::int::from_i64(vm, len as i64)));
                    }

                    Op::Intrinsic1 => {
                        save!();
                        let result = tri!(slow::intrinsic1(vm, &*frame, inst.c(), w.get(inst.b())));
                        if inst.has(CONSUME_B) {
                            w.clear(inst.b());
                        }
                        w.set(inst.a(), result);
                    }
                    Op::Intrinsic2 => {
                        save!();
                        let which = (*pc).get() as u16;
                        pc = pc.add(1);
                        let result = tri!(slow::intrinsic2(vm, which, w.get(inst.b()), w.get(inst.c())));
                        finish!(result)
                    }
                }
                continue 'step;
            };
            let again = std::mem::take(&mut reraise);
            match unwind::unwind(vm, stack, raised, again) {
                Ok(()) => {
                    frame = stack.top().unwrap_unchecked();
                    loop_state!(frame, w, pc);
                }
                Err(raised) => return Err(raised),
            }
        }
    }
}
