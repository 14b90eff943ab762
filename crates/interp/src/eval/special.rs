//! Special methods written in Python, entered by the instruction that needs them: `x + y` and the like push the method's frame, and when
//! it returns, `returned` ends the operation. So they nest without native recursion, and cost what a call costs.
//!
//! Invariant: while such a frame (`FrameKind::Operation`) is on the stack, the frame below stands at the operation's instruction, whose
//! operands stay in their registers until `returned` uses them up. Functions in `Specials` are borrowed under their class's version (C1).

use crate::eval::binding::bind;
use crate::eval::frame::{Frame, FrameKind, Stack};
use crate::eval::here::Here;
use crate::eval::rare::{consume, consume_right_first};
use crate::eval::window::Window;
use crate::eval::{calls, construct, slow, unwind};
use crate::function::Function;
use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use taipan_bytecode::{CONSUME_A, CONSUME_B, CONSUME_C, INPLACE, NEGATE, Op};
use taipan_heap::{Header, Obj, Ref, Value, flags};
use taipan_objects::builtins::exception::BaseException;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::{FALSE, NONE, TRUE, boolean, is_not_implemented};
use taipan_objects::types::{BinaryOp, CompareOp, Type, TypeObject, type_flags};
use taipan_objects::vm::{Names, PyResult, Vm};

/// Numbers of special methods: those of binary operations, of these in place, and of comparisons come first.
const INPLACE_METHODS: usize = 14;
const COMPARISONS: usize = 28;
pub(super) const GETITEM: usize = 34;
pub(super) const SETITEM: usize = 35;
pub(super) const CONTAINS: usize = 36;
pub(super) const BOOL: usize = 37;
pub(super) const ITER: usize = 38;
pub(super) const NEXT: usize = 39;
pub(super) const NEG: usize = 40;
pub(super) const POS: usize = 41;
pub(super) const INVERT: usize = 42;
pub(super) const CALL: usize = 43;
pub(super) const GET: usize = 44;
/// `__init__` of a class whose instances are plain; asked of that class, not of the class's class.
pub(super) const INIT: usize = 45;
/// `__enter__`, `__exit__`, `__aenter__`, `__aexit__`, as `LoadSpecial` numbers them.
pub(super) const ENTER: usize = 46;
pub(super) const AITER: usize = 50;
pub(super) const ANEXT: usize = 51;
pub(super) const AWAIT: usize = 52;
pub(super) const HASH: usize = 53;

/// The names of the special methods, by number.
static NAMES: &[fn(&Names) -> &Ref<Str>] = &[
    |n| &n.__add__,
    |n| &n.__sub__,
    |n| &n.__mul__,
    |n| &n.__truediv__,
    |n| &n.__floordiv__,
    |n| &n.__mod__,
    |n| &n.__pow__,
    |n| &n.__matmul__,
    |n| &n.__lshift__,
    |n| &n.__rshift__,
    |n| &n.__and__,
    |n| &n.__or__,
    |n| &n.__xor__,
    |n| &n.__divmod__,
    |n| &n.__iadd__,
    |n| &n.__isub__,
    |n| &n.__imul__,
    |n| &n.__itruediv__,
    |n| &n.__ifloordiv__,
    |n| &n.__imod__,
    |n| &n.__ipow__,
    |n| &n.__imatmul__,
    |n| &n.__ilshift__,
    |n| &n.__irshift__,
    |n| &n.__iand__,
    |n| &n.__ior__,
    |n| &n.__ixor__,
    |n| &n.__divmod__,
    |n| &n.__lt__,
    |n| &n.__le__,
    |n| &n.__eq__,
    |n| &n.__ne__,
    |n| &n.__gt__,
    |n| &n.__ge__,
    |n| &n.__getitem__,
    |n| &n.__setitem__,
    |n| &n.__contains__,
    |n| &n.__bool__,
    |n| &n.__iter__,
    |n| &n.__next__,
    |n| &n.__neg__,
    |n| &n.__pos__,
    |n| &n.__invert__,
    |n| &n.__call__,
    |n| &n.__get__,
    |n| &n.__init__,
    |n| &n.__enter__,
    |n| &n.__exit__,
    |n| &n.__aenter__,
    |n| &n.__aexit__,
    |n| &n.__aiter__,
    |n| &n.__anext__,
    |n| &n.__await__,
    |n| &n.__hash__,
];

/// Which attempt at an operation a frame is; kept in its `dst`.
const FORWARD: u16 = 0;
const IN_PLACE: u16 = 1;
const REFLECTED: u16 = 2;
/// `__hash__` of the key, for a dict or set that is asked for it.
pub(super) const HASHED: u16 = 3;

#[derive(Clone, Copy)]
struct Known {
    version: u32,
    which: u32,
    /// The function's address, 0 if the class has no such function.
    function: usize,
}

const KNOWN: usize = 256;

/// Special methods by class version.
pub struct Specials(Box<[Cell<Known>]>);

impl Default for Specials {
    fn default() -> Specials {
        Specials(vec![Cell::new(Known { version: 0, which: 0, function: 0 }); KNOWN].into())
    }
}

impl Specials {
    #[inline]
    fn place(&self, version: u32, which: usize) -> &Cell<Known> {
        &self.0[(version as usize).wrapping_mul(67).wrapping_add(which) % KNOWN]
    }
}

/// The special method of a class made by Python code, if it is a plain function. None are entered while somebody listens to the thread.
#[inline]
pub(super) fn find(vm: &Vm, stack: &Stack, class: &Obj<Type>, which: usize) -> Option<Ref<Function>> {
    if !class.has(type_flags::PYTHON_CLASS) || stack.tracing.active() {
        return None;
    }
    let version = class.current_version();
    let known = stack.specials.place(version, which).get();
    if version != 0 && known.version == version && known.which == which as u32 {
        let header = NonNull::new(std::ptr::with_exposed_provenance_mut::<Obj<Function>>(known.function))?;
        // SAFETY: C1: the class holds the function as long as its version stands.
        return Some(unsafe { Ref::clone(&*ManuallyDrop::new(Ref::from_raw(header))) });
    }
    look_up(vm, stack, class, which)
}

#[cold]
fn look_up(vm: &Vm, stack: &Stack, class: &Obj<Type>, which: usize) -> Option<Ref<Function>> {
    let version = class.version(vm);
    let usable = which != INIT || construct::makes_plain(vm, class);
    let found = class
        .lookup(vm, NAMES[which](vm.names()))
        .filter(|found| usable && found.downcast_exact::<Function>().is_some());
    let function = match found.as_ref().and_then(Value::header) {
        Some(header) => NonNull::from(header).expose_provenance().get(),
        None => 0,
    };
    if class.current_version() == version {
        stack.specials.place(version, which).set(Known { version, which: which as u32, function });
    }
    found.and_then(|found| found.downcast_into::<Function>().ok())
}

/// As `find`, for an object.
#[inline]
pub(super) fn method_of(vm: &Vm, stack: &Stack, object: &Value, which: usize) -> Option<Ref<Function>> {
    let header: &Header = object.header()?;
    find(vm, stack, vm.class_of_header(header), which)
}

/// Pushes the frame of a function with these arguments above the running frame, which is at its instruction.
#[inline(never)]
pub(super) fn enter<const N: usize>(
    vm: &Vm,
    stack: &Stack,
    function: Ref<Function>,
    args: [Value; N],
    dst: u16,
    kind: FrameKind,
) -> PyResult<()> {
    enter_here(vm, stack, function, args, dst, kind)
}

/// As `enter`, inlined.
#[inline(always)]
fn enter_here<const N: usize>(
    vm: &Vm,
    stack: &Stack,
    function: Ref<Function>,
    args: [Value; N],
    dst: u16,
    kind: FrameKind,
) -> PyResult<()> {
    let code = function.code();
    let window = stack.free();
    stack.check_room(vm, window, code.shape().registers.max(N as u16))?;
    // SAFETY: what is above the running frame's registers is dead, and its room is checked.
    unsafe {
        for (register, arg) in (0..).zip(args) {
            window.at(register).write(Some(arg));
        }
        bind(vm, &function, &code, window, N as u16, &[])?;
        let frame = stack.running();
        (*frame).next = (*frame).at.add(1);
        calls::push(stack, function, code, window, None, dst, kind, None);
    }
    Ok(())
}

/// Whether the left operand of that class is asked before the right one.
#[inline]
fn goes_first(vm: &Vm, class: &Obj<Type>, right: &Value) -> bool {
    let Some(header) = right.header() else { return true };
    let other = vm.class_of_header(header);
    class.is_same(other) || !other.has(type_flags::PYTHON_CLASS) || !other.is_subclass(class)
}

/// The class of an object, if it was made by Python code.
#[inline(always)]
pub(super) fn python_class<'a>(vm: &'a Vm, value: &'a Value) -> Option<&'a Obj<Type>> {
    let header = value.header()?;
    if header.kind().has(flags::EXACT) {
        return None;
    }
    let class = vm.class_of_header(header);
    class.has(type_flags::PYTHON_CLASS).then_some(class)
}

/// `left op right`, where `class` is the left one's and made by Python code: whether a frame was pushed.
#[inline(always)]
pub(super) fn binary(
    vm: &Vm,
    stack: &Stack,
    op: BinaryOp,
    class: &Obj<Type>,
    left: &Value,
    right: &Value,
    inplace: bool,
) -> PyResult<bool> {
    let (function, attempt) = if inplace && class.slots.inplace[op as usize].get().is_some() {
        (find(vm, stack, class, INPLACE_METHODS + op as usize), IN_PLACE)
    } else if goes_first(vm, class, right) {
        (find(vm, stack, class, op as usize), FORWARD)
    } else {
        return Ok(false);
    };
    let Some(function) = function else { return Ok(false) };
    enter_here(vm, stack, function, [left.clone(), right.clone()], attempt, FrameKind::Operation)?;
    Ok(true)
}

/// `left op right` of a comparison, where `class` is the left one's and made by Python code: whether a frame was pushed.
#[inline(never)]
pub(super) fn compare(
    vm: &Vm,
    stack: &Stack,
    op: CompareOp,
    class: &Obj<Type>,
    left: &Value,
    right: &Value,
) -> PyResult<bool> {
    let Some(function) = find(vm, stack, class, COMPARISONS + op as usize) else { return Ok(false) };
    if !goes_first(vm, class, right) {
        return Ok(false);
    }
    enter_here(vm, stack, function, [left.clone(), right.clone()], FORWARD, FrameKind::Operation)?;
    Ok(true)
}

/// The same, where the left one's class leaves comparisons to `object`, which refuses unless the operands are one.
#[inline(never)]
pub(super) fn compare_reflected(
    vm: &Vm,
    stack: &Stack,
    op: CompareOp,
    class: &Obj<Type>,
    left: &Value,
    right: &Value,
) -> PyResult<bool> {
    let refuses = match (class.slots.compare.get(), vm.types().object.slots.compare.get()) {
        (Some(own), Some(object)) => op != CompareOp::Ne && !left.is(right) && std::ptr::fn_addr_eq(own, object),
        _ => false,
    };
    if !refuses || !goes_first(vm, class, right) {
        return Ok(false);
    }
    let Some(function) = method_of(vm, stack, right, COMPARISONS + op.swapped() as usize) else { return Ok(false) };
    enter_here(vm, stack, function, [right.clone(), left.clone()], REFLECTED, FrameKind::Operation)?;
    Ok(true)
}

/// An operation that is nothing but the call of a method of the first of `args`: whether a frame was pushed.
#[inline(always)]
pub(super) fn operation<const N: usize>(vm: &Vm, stack: &Stack, which: usize, args: [&Value; N]) -> PyResult<bool> {
    match python_class(vm, args[0]) {
        Some(class) => python_operation(vm, stack, class, which, args),
        None => Ok(false),
    }
}

#[inline(never)]
fn python_operation<const N: usize>(
    vm: &Vm,
    stack: &Stack,
    class: &Obj<Type>,
    which: usize,
    args: [&Value; N],
) -> PyResult<bool> {
    let Some(function) = find(vm, stack, class, which) else { return Ok(false) };
    enter_here(vm, stack, function, args.map(Value::clone), FORWARD, FrameKind::Operation)?;
    Ok(true)
}

/// `R[a] = R[b][key]` by a `__getitem__` that `class`, the container's, has in Python: whether a frame was pushed. It answers for the
/// instruction, whatever it returns, so the operands can be its arguments, and nothing is left to do behind it. Only where both are given
/// up, they stay: the container dies first, and a frame drops its last variable first.
#[inline(never)]
pub(super) unsafe fn item(
    vm: &Vm,
    stack: &Stack,
    w: Window,
    inst: Here,
    class: &Obj<Type>,
    key: Option<Value>,
) -> PyResult<bool> {
    let Some(function) = find(vm, stack, class, GETITEM) else { return Ok(false) };
    // SAFETY: the operands are live.
    unsafe {
        let key = match key {
            Some(key) => key,
            None if inst.has(CONSUME_B) && inst.has(CONSUME_C) => {
                let args = [w.get(inst.b()).clone(), w.get(inst.c()).clone()];
                enter_here(vm, stack, function, args, FORWARD, FrameKind::Operation)?;
                return Ok(true);
            }
            None => w.get(inst.c()).clone(),
        };
        let container = w.get(inst.b()).clone();
        consume(w, inst);
        enter_here(vm, stack, function, [container, key], inst.a(), FrameKind::Inline)?;
    }
    Ok(true)
}

/// `R[a]` = the method's result for `R[b]`: whether a frame was pushed.
pub(super) unsafe fn unary(vm: &Vm, stack: &Stack, w: Window, inst: Here, which: usize) -> PyResult<bool> {
    // SAFETY: register b is live.
    unsafe {
        let Some(function) = method_of(vm, stack, w.get(inst.b()), which) else { return Ok(false) };
        let object = w.move_or_clone(inst.b(), inst.has(CONSUME_B));
        enter(vm, stack, function, [object], inst.a(), FrameKind::Inline)?;
        Ok(true)
    }
}

/// The truth of a value; `None`: a frame was pushed.
pub(super) fn truth(vm: &Vm, stack: &Stack, value: &Value) -> PyResult<Option<bool>> {
    if let Some(header) = value.header() {
        let slots = &vm.class_of_header(header).slots;
        if slots.bool.get().is_none() && slots.len.get().is_none() {
            return Ok(Some(true));
        }
        if operation(vm, stack, BOOL, [value])? {
            return Ok(None);
        }
    }
    vm.is_true(value).map(Some)
}

/// `with`'s call of `__exit__` with the exception in register `c`: whether a frame was pushed.
pub(super) unsafe fn exit(vm: &Vm, stack: &Stack, w: Window, inst: Here) -> PyResult<bool> {
    // SAFETY: the registers are live but for the second of the pair, which may be absent.
    unsafe {
        let (Some(function), Some(object)) =
            (w.get(inst.b()).downcast_exact::<Function>().filter(|_| !stack.tracing.active()), w.peek(inst.b() + 1))
        else {
            return Ok(false);
        };
        let exception = w.get(inst.c());
        let class = vm.class_of(exception).to_value();
        let traceback = exception.downcast::<BaseException>().and_then(|e| e.traceback.get()).unwrap_or(NONE);
        let args = [object.clone(), class, exception.clone(), traceback];
        enter(vm, stack, function.to_ref(), args, inst.a(), FrameKind::Inline)?;
        Ok(true)
    }
}

/// The operator of an instruction, and whether its right operand is an immediate.
fn binary_operator(op: Op) -> Option<(BinaryOp, bool)> {
    Some(match op {
        Op::Add => (BinaryOp::Add, false),
        Op::Sub => (BinaryOp::Sub, false),
        Op::Mul | Op::MulAdd | Op::MulSub | Op::SubMul => (BinaryOp::Mul, false),
        Op::TrueDiv => (BinaryOp::TrueDiv, false),
        Op::FloorDiv => (BinaryOp::FloorDiv, false),
        Op::Mod => (BinaryOp::Mod, false),
        Op::Pow => (BinaryOp::Pow, false),
        Op::MatMul => (BinaryOp::MatMul, false),
        Op::LShift => (BinaryOp::LShift, false),
        Op::RShift => (BinaryOp::RShift, false),
        Op::And => (BinaryOp::And, false),
        Op::Or => (BinaryOp::Or, false),
        Op::Xor => (BinaryOp::Xor, false),
        Op::AddImm => (BinaryOp::Add, true),
        Op::SubImm => (BinaryOp::Sub, true),
        Op::MulImm => (BinaryOp::Mul, true),
        Op::FloorDivImm => (BinaryOp::FloorDiv, true),
        Op::ModImm => (BinaryOp::Mod, true),
        Op::AndImm => (BinaryOp::And, true),
        Op::RShiftImm => (BinaryOp::RShift, true),
        _ => return None,
    })
}

/// The comparison of an instruction, whether its right operand is an immediate, and whether it jumps.
fn comparison(op: Op) -> Option<(CompareOp, bool, bool)> {
    Some(match op {
        Op::Lt => (CompareOp::Lt, false, false),
        Op::Le => (CompareOp::Le, false, false),
        Op::Eq => (CompareOp::Eq, false, false),
        Op::Ne => (CompareOp::Ne, false, false),
        Op::Gt => (CompareOp::Gt, false, false),
        Op::Ge => (CompareOp::Ge, false, false),
        Op::JumpLt => (CompareOp::Lt, false, true),
        Op::JumpLe => (CompareOp::Le, false, true),
        Op::JumpEq => (CompareOp::Eq, false, true),
        Op::JumpNe => (CompareOp::Ne, false, true),
        Op::JumpGt => (CompareOp::Gt, false, true),
        Op::JumpGe => (CompareOp::Ge, false, true),
        Op::JumpLtImm => (CompareOp::Lt, true, true),
        Op::JumpLeImm => (CompareOp::Le, true, true),
        Op::JumpEqImm => (CompareOp::Eq, true, true),
        Op::JumpNeImm => (CompareOp::Ne, true, true),
        Op::JumpGtImm => (CompareOp::Gt, true, true),
        Op::JumpGeImm => (CompareOp::Ge, true, true),
        _ => return None,
    })
}

/// The operation of the instruction that the frame is at, whatever is written over it.
pub(super) unsafe fn op_at(frame: *mut Frame) -> Op {
    // SAFETY: the frame is on the stack and its `at` is an instruction of its code.
    unsafe {
        match Here::new((*frame).at).op() {
            Op::Break => (*frame).code.plain().inst((*frame).offset() as usize).op().unwrap_or(Op::Nop),
            op => op,
        }
    }
}

/// Takes an operation's frame, the top one, off, which returns `value`, and ends the operation. Where the caller goes on.
#[inline(never)]
pub(super) unsafe fn leave(vm: &Vm, stack: &Stack, frame: *mut Frame, value: Value) -> PyResult<*const Cell<u64>> {
    // SAFETY: the frame owns its variables, function and code; else the module's invariant.
    unsafe {
        if (*frame).object.is_some() {
            unwind::detach_frame_object(vm, stack, frame);
        }
        calls::drop_variables(vm, stack, frame);
        let attempt = (*frame).dst;
        stack.pop_inline(frame);
        let caller = frame.sub(1);
        let (w, inst) = ((*caller).window, Here::new((*caller).at));
        if attempt != HASHED && !is_not_implemented(&value) {
            match ending(inst.op()) {
                Ending::Left => consume(w, inst),
                Ending::Right => consume_right_first(w, inst),
                Ending::Jump if value.is(&TRUE) || value.is(&FALSE) => {
                    consume_right_first(w, inst);
                    let offset = if value.is(&TRUE) != inst.has(NEGATE) { inst.jump_a() } else { 0 };
                    return Ok((*caller).next.offset(offset as isize));
                }
                Ending::Jump | Ending::Other => return returned(vm, caller, attempt, value),
            }
            w.set(inst.a(), value);
            return Ok((*caller).next);
        }
        returned(vm, caller, attempt, value)
    }
}

/// How an operation ends that a special method has answered.
#[derive(Clone, Copy)]
enum Ending {
    /// The operands are given up, the left one first, and the answer is the result.
    Left,
    /// As `Left`, but for the order.
    Right,
    /// As `Right`, but the answer's truth decides about a jump.
    Jump,
    Other,
}

/// An operator's immediate operand stands in no register, and no such instruction gives one up.
const fn ending(op: Op) -> Ending {
    match op {
        Op::Add | Op::Sub | Op::Mul | Op::TrueDiv | Op::FloorDiv | Op::Mod | Op::And | Op::Or | Op::Xor => Ending::Left,
        Op::AddImm | Op::SubImm | Op::MulImm | Op::MulAdd | Op::MulSub | Op::SubMul | Op::MatMul | Op::LoadItem => {
            Ending::Left
        }
        Op::Lt | Op::Le | Op::Eq | Op::Ne | Op::Gt | Op::Ge => Ending::Right,
        Op::JumpLt | Op::JumpLe | Op::JumpEq | Op::JumpNe | Op::JumpGt | Op::JumpGe => Ending::Jump,
        _ => Ending::Other,
    }
}

/// An operation's frame, the one above `caller`, has returned `value`: ends the operation. Where `caller` goes on.
#[inline(never)]
pub(super) unsafe fn returned(vm: &Vm, caller: *mut Frame, attempt: u16, value: Value) -> PyResult<*const Cell<u64>> {
    // SAFETY: the module's invariant: `caller` is at the instruction, whose operands are live.
    unsafe {
        let (at, w) = ((*caller).at, (*caller).window);
        let (inst, op) = (Here::new(at), op_at(caller));
        if attempt == HASHED {
            return super::keyed::hashed(vm, w, inst, op, at, &value);
        }
        if op == Op::LoadItem {
            consume(w, inst);
            w.set(inst.a(), value);
            return Ok(at.add(1));
        }
        let right = |immediate: bool| match immediate {
            true => Value::small_int(inst.imm_c() as i32),
            false => w.get(inst.c()).clone(),
        };
        let jump = |truth: bool| if truth { at.add(1).offset(inst.bc_signed() as isize) } else { at.add(1) };
        if let Some((operator, immediate)) = binary_operator(op) {
            let result = match is_not_implemented(&value) {
                true if attempt == IN_PLACE => vm.inplace_rest(operator, w.get(inst.b()), &right(immediate))?,
                true => vm.binary_rest(operator, w.get(inst.b()), &right(immediate), inst.has(INPLACE))?,
                false => value,
            };
            if immediate {
                if inst.has(CONSUME_B) {
                    w.clear(inst.b());
                }
            } else {
                consume(w, inst);
            }
            w.set(inst.a(), result);
            return Ok(at.add(1));
        }
        if let Some((operator, immediate, jumps)) = comparison(op) {
            let result = match is_not_implemented(&value) {
                true if attempt == REFLECTED => vm.compare_identity(operator, w.get(inst.b()), &right(immediate))?,
                true => vm.compare_rest(operator, w.get(inst.b()), &right(immediate))?,
                false => value,
            };
            let truth = if jumps { vm.is_true(&result)? } else { false };
            if immediate {
                if inst.has(CONSUME_B) {
                    w.clear(inst.b());
                }
            } else {
                consume_right_first(w, inst);
            }
            if jumps {
                let offset = if truth != inst.has(NEGATE) { inst.jump_a() } else { 0 };
                return Ok(at.add(1).offset(offset as isize));
            }
            w.set(inst.a(), result);
            return Ok(at.add(1));
        }
        match op {
            Op::StoreItem => {
                drop(value);
                consume_stored(w, inst);
            }
            Op::StoreItemImm => {
                drop(value);
                consume_stored_immediate(w, inst);
            }
            Op::In | Op::NotIn => {
                let found = vm.is_true(&value)?;
                consume(w, inst);
                w.set(inst.a(), boolean(found == (op == Op::In)));
            }
            Op::JumpIn => {
                let found = vm.is_true(&value)?;
                consume(w, inst);
                let offset = if found != inst.has(NEGATE) { inst.jump_a() } else { 0 };
                return Ok(at.add(1).offset(offset as isize));
            }
            Op::Not => {
                let truth = vm.bool_result(&value)?;
                consume(w, inst);
                w.set(inst.a(), boolean(!truth));
            }
            Op::JumpIfTrue | Op::JumpIfFalse => {
                let truth = vm.bool_result(&value)?;
                if inst.has(CONSUME_A) {
                    w.clear(inst.a());
                }
                return Ok(jump(truth == (op == Op::JumpIfTrue)));
            }
            Op::JumpIfTrueOrPop | Op::JumpIfFalseOrPop => {
                let jumps = vm.bool_result(&value)? == (op == Op::JumpIfTrueOrPop);
                if !jumps {
                    w.clear(inst.a());
                }
                return Ok(jump(jumps));
            }
            Op::Call if !vm.types().bool.is(w.get(inst.b())) => {
                let made = calls::made(vm, w, inst, value)?;
                w.set(inst.a(), made);
                return Ok(at.add(3));
            }
            // `bool(x)`
            Op::Call => {
                let truth = vm.bool_result(&value)?;
                w.clear_range(inst.b(), inst.c() + 2);
                w.set(inst.a(), boolean(truth));
                return Ok(at.add(3));
            }
            Op::GetIter | Op::GetYieldFromIter => {
                check_iterator(vm, &value)?;
                consume(w, inst);
                w.set(inst.a(), value);
            }
            Op::GetAIter => {
                slow::check_async_iterator(vm, &value)?;
                consume(w, inst);
                w.set(inst.a(), value);
            }
            Op::GetANext => {
                let iterator = slow::async_item(vm, &value)?;
                w.set(inst.a(), iterator);
            }
            Op::GetAwaitable => {
                crate::generator::check_awaited(vm, &value)?;
                if inst.has(CONSUME_B) {
                    w.clear(inst.b());
                }
                w.set(inst.a(), value);
            }
            Op::ForPrep => {
                check_iterator(vm, &value)?;
                if inst.has(CONSUME_B) {
                    w.clear(inst.b());
                }
                w.set(inst.a(), value);
                w.clear(inst.a() + 1);
                w.clear(inst.a() + 2);
                return Ok(at.add(2).offset((*at.add(1)).get() as i32 as isize));
            }
            Op::ForNext => {
                w.set(inst.a(), value);
                return Ok(at.add(2).offset((*at.add(1)).get() as i32 as isize));
            }
            _ => return Err(vm.system_error("an instruction without a special method has entered one")),
        }
        Ok(at.add(1))
    }
}

fn check_iterator(vm: &Vm, value: &Value) -> PyResult<()> {
    if vm.class_of(value).slots.next.get().is_some() {
        return Ok(());
    }
    let given = vm.type_name(value);
    Err(vm.type_error(format!("iter() returned non-iterator of type '{given}'")))
}

/// An operation's frame, the one above `caller`, has ended in `exception`: whether that is the end of a loop, behind which `caller` goes on.
pub(super) unsafe fn ends_loop(vm: &Vm, caller: *mut Frame, exception: &Ref<BaseException>) -> bool {
    // SAFETY: as `returned`.
    unsafe {
        if op_at(caller) != Op::ForNext || !vm.is_instance(&exception.to_value(), &vm.types().stop_iteration) {
            return false;
        }
        let at = (*caller).at;
        (*caller).window.clear_range(Here::new(at).b(), 3);
        (*caller).next = at.add(2);
        true
    }
}

/// Drops the operands of `R[a][R[b]] = R[c]` that are used up.
#[inline(always)]
pub(super) unsafe fn consume_stored(w: Window, inst: Here) {
    // SAFETY: the instruction's registers are live.
    unsafe {
        if inst.has(CONSUME_B) {
            w.clear(inst.b());
        }
        if inst.has(CONSUME_A) {
            w.clear(inst.a());
        }
        if inst.has(CONSUME_C) {
            w.clear(inst.c());
        }
    }
}

/// As `consume_stored`, where the subscript is an immediate.
#[inline(always)]
pub(super) unsafe fn consume_stored_immediate(w: Window, inst: Here) {
    // SAFETY: the instruction's registers are live.
    unsafe {
        if inst.has(CONSUME_A) {
            w.clear(inst.a());
        }
        if inst.has(CONSUME_B) {
            w.clear(inst.b());
        }
    }
}
