//! `Slots`: the table of native functions through which every operation on an object goes.
//!
//! A builtin type fills slots from its `#[pytype]` block; a class made by Python code gets functions that look the special method up by name.
//! Invariant: a slot that is empty after inheritance means that the operation is not supported; slots are only changed together with the
//! type's version.

use crate::native::Args;
use crate::types::Type;
use crate::vm::{PyResult, Vm};
use std::cell::Cell;
use taipan_heap::{Obj, Value};

use crate::builtins::str::Str;

/// One operand.
pub type UnaryFn = fn(&Vm, &Value) -> PyResult<Value>;
/// Two operands in source order; either may be the one whose type filled the slot. Answers NotImplemented to pass.
pub type BinaryFn = fn(&Vm, &Value, &Value) -> PyResult<Value>;
/// `pow` with a modulus (None when absent).
pub type TernaryFn = fn(&Vm, &Value, &Value, &Value) -> PyResult<Value>;
/// `len()`.
pub type LenFn = fn(&Vm, &Value) -> PyResult<usize>;
/// `hash()`.
pub type HashFn = fn(&Vm, &Value) -> PyResult<i64>;
/// Truth.
pub type BoolFn = fn(&Vm, &Value) -> PyResult<bool>;
/// Membership: container, item.
pub type ContainsFn = fn(&Vm, &Value, &Value) -> PyResult<bool>;
/// Subscript assignment (`Some`) or deletion (`None`).
pub type SetItemFn = fn(&Vm, &Value, &Value, Option<&Value>) -> PyResult<()>;
/// Sequence repetition.
pub type RepeatFn = fn(&Vm, &Value, isize) -> PyResult<Value>;
/// Comparison; answers NotImplemented to pass.
pub type CompareFn = fn(&Vm, &Value, &Value, CompareOp) -> PyResult<Value>;
/// A call.
pub type CallFn = fn(&Vm, &Value, Args<'_>) -> PyResult<Value>;
/// The next item, `None` when exhausted (StopIteration without being raised).
pub type NextFn = fn(&Vm, &Value) -> PyResult<Option<Value>>;
/// Takes an item, or gives it back. It runs no Python code and ends no object: the iterator is in the middle of its work.
pub type Take<'a> = dyn FnMut(Value) -> Option<Value> + 'a;
/// Gives the items that an iterator still has to native code until that gives one back, which is returned; `None` at the end.
pub type DriveFn = fn(&Vm, &Value, &mut Take<'_>) -> PyResult<Option<Value>>;
/// Attribute access.
pub type GetAttrFn = fn(&Vm, &Value, &Obj<Str>) -> PyResult<Value>;
/// Attribute assignment (`Some`) or deletion (`None`).
pub type SetAttrFn = fn(&Vm, &Value, &Obj<Str>, Option<&Value>) -> PyResult<()>;
/// Descriptor access: descriptor, instance (`None` on the class), class.
pub type DescrGetFn = fn(&Vm, &Value, Option<&Value>, &Obj<Type>) -> PyResult<Value>;
/// Descriptor assignment (`Some`) or deletion (`None`): descriptor, instance, value.
pub type DescrSetFn = fn(&Vm, &Value, &Value, Option<&Value>) -> PyResult<()>;
/// Construction: the class to make an instance of, and the arguments.
pub type NewFn = fn(&Vm, &Obj<Type>, Args<'_>) -> PyResult<Value>;
/// Initialisation of a new instance.
pub type InitFn = fn(&Vm, &Value, Args<'_>) -> PyResult<()>;
/// The finalizer (`__del__` and native ones).
pub type FinalizeFn = fn(&Vm, &Value) -> PyResult<()>;

/// The six rich comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum CompareOp {
    Lt,
    Le,
    Eq,
    Ne,
    Gt,
    Ge,
}

impl CompareOp {
    /// The operator's source text.
    pub fn symbol(self) -> &'static str {
        ["<", "<=", "==", "!=", ">", ">="][self as usize]
    }

    /// The special method's name.
    pub fn method(self) -> &'static str {
        ["__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__"][self as usize]
    }

    /// The comparison with its operands exchanged.
    pub fn swapped(self) -> CompareOp {
        use CompareOp::*;
        [Gt, Ge, Eq, Ne, Lt, Le][self as usize]
    }

    /// What the comparison says of an ordering.
    #[inline]
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            CompareOp::Lt => ordering.is_lt(),
            CompareOp::Le => ordering.is_le(),
            CompareOp::Eq => ordering.is_eq(),
            CompareOp::Ne => ordering.is_ne(),
            CompareOp::Gt => ordering.is_gt(),
            CompareOp::Ge => ordering.is_ge(),
        }
    }
}

/// The binary number operations; `Slots::binary` and `Slots::inplace` are indexed by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    TrueDiv,
    FloorDiv,
    Mod,
    Pow,
    MatMul,
    LShift,
    RShift,
    And,
    Or,
    Xor,
    DivMod,
}

/// Number of binary operations.
pub const BINARY_OPS: usize = 14;

impl BinaryOp {
    /// All of them, in order.
    pub const ALL: [BinaryOp; BINARY_OPS] = {
        use BinaryOp::*;
        [Add, Sub, Mul, TrueDiv, FloorDiv, Mod, Pow, MatMul, LShift, RShift, And, Or, Xor, DivMod]
    };

    /// The operator as CPython's messages show it.
    pub fn symbol(self) -> &'static str {
        ["+", "-", "*", "/", "//", "%", "** or pow()", "@", "<<", ">>", "&", "|", "^", "divmod()"][self as usize]
    }

    /// The special method's name without underscores: `add`; reflected `radd`, in place `iadd`.
    pub fn stem(self) -> &'static str {
        [
            "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "lshift", "rshift", "and", "or", "xor",
            "divmod",
        ][self as usize]
    }
}

macro_rules! slots {
    ($($(#[doc = $doc:literal])* $name:ident: $ty:ty,)*) => {
        /// A type's native functions; see the aliases in this module for what each is given.
        #[derive(Default)]
        pub struct Slots {
            $($(#[doc = $doc])* pub $name: Cell<Option<$ty>>,)*
            /// Binary operations by `BinaryOp`.
            pub binary: [Cell<Option<BinaryFn>>; BINARY_OPS],
            /// In-place operations by `BinaryOp`.
            pub inplace: [Cell<Option<BinaryFn>>; BINARY_OPS],
        }

        impl Slots {
            /// Fills every empty slot that takes part in plain inheritance from `base`.
            pub fn inherit(&self, base: &Slots) {
                $(if self.$name.get().is_none() { self.$name.set(base.$name.get()); })*
                for i in 0..BINARY_OPS {
                    if self.binary[i].get().is_none() { self.binary[i].set(base.binary[i].get()); }
                    if self.inplace[i].get().is_none() { self.inplace[i].set(base.inplace[i].get()); }
                }
            }
        }
    };
}

slots! {
    /// `__repr__`
    repr: UnaryFn,
    /// `__str__`
    str: UnaryFn,
    /// `__hash__`; inherited together with `compare` (a type that fills `compare` only is unhashable).
    hash: HashFn,
    /// `__lt__` and its five companions
    compare: CompareFn,
    /// `__call__`
    call: CallFn,
    /// `__getattribute__` (and `__getattr__`)
    getattr: GetAttrFn,
    /// `__setattr__`, `__delattr__`
    setattr: SetAttrFn,
    /// `__iter__`
    iter: UnaryFn,
    /// `__next__`
    next: NextFn,
    /// For iterators that can give away all their items at a stretch; see `Walk::drive`.
    drive: DriveFn,
    /// `__get__`
    descr_get: DescrGetFn,
    /// `__set__`, `__delete__`
    descr_set: DescrSetFn,
    /// `__new__`
    new: NewFn,
    /// `__init__`
    init: InitFn,
    /// `__del__`
    finalize: FinalizeFn,
    /// `__len__`
    len: LenFn,
    /// `__getitem__`
    getitem: BinaryFn,
    /// `__setitem__`, `__delitem__`
    setitem: SetItemFn,
    /// `__contains__`
    contains: ContainsFn,
    /// Sequence concatenation, tried by `+` after `__add__`
    concat: BinaryFn,
    /// Sequence repetition, tried by `*` after `__mul__`
    repeat: RepeatFn,
    /// In-place concatenation
    inplace_concat: BinaryFn,
    /// In-place repetition
    inplace_repeat: RepeatFn,
    /// `pow()` with three arguments
    power: TernaryFn,
    /// `__neg__`
    neg: UnaryFn,
    /// `__pos__`
    pos: UnaryFn,
    /// `__abs__`
    abs: UnaryFn,
    /// `__invert__`
    invert: UnaryFn,
    /// `__bool__`
    bool: BoolFn,
    /// `__index__`
    index: UnaryFn,
    /// `__int__`
    int: UnaryFn,
    /// `__float__`
    float: UnaryFn,
    /// `__await__`
    await_: UnaryFn,
    /// `__aiter__`
    aiter: UnaryFn,
    /// `__anext__`
    anext: UnaryFn,
    /// The bytes behind the object, for the buffer protocol: calls the closure with them
    buffer: BufferFn,
    /// Writable access to the bytes behind the object
    buffer_write: BufferWriteFn,
    /// Tells the layout of the memory behind the object, and pins its size
    buffer_export: BufferExportFn,
}

/// Gives access to an object's bytes: the callback gets the bytes (shared) or an error is raised. Exports through memoryview
/// go through `builtins::memoryview`.
pub type BufferFn = fn(&Vm, &Value, &mut dyn FnMut(&[u8])) -> PyResult<()>;
/// Gives access to an object's bytes for writing. Filled in a type's `ready` function.
pub type BufferWriteFn = fn(&Vm, &Value, &mut dyn FnMut(&mut [u8])) -> PyResult<()>;
/// The layout of an object's memory, and a pin: while there is one, the memory keeps its size. Filled in a type's `ready` function; without
/// it the memory is read-only bytes that never change their size.
pub type BufferExportFn =
    fn(&Vm, &Value) -> PyResult<(crate::builtins::buffer::BufferLayout, crate::builtins::buffer::Pin)>;
