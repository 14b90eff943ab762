//! The slots by name: what each is given and gives back, mirroring `taipan_objects::types::Slots`.
//!
//! Invariant: a line here has the operands of the function type that the field of the same name has there; a difference does not compile
//! in the crate that uses the macro.

use Operand::{Args, Class, Index, Instance, MaybeValue, Name, Op, Reader, This, Value};
use proc_macro2::TokenStream;
use quote::quote;

/// What a slot's function is given, beside the vm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operand {
    /// The instance: `&Value`, or `&Obj<T>` after a checked cast.
    This,
    /// Any object: `&Value`.
    Value,
    /// A value to assign, absent for deletion: `Option<&Value>`.
    MaybeValue,
    /// The instance a descriptor is read from: `Option<&Value>`.
    Instance,
    /// A class: `&Obj<Type>`.
    Class,
    /// An attribute's name: `&Obj<Str>`.
    Name,
    /// A repetition count: `isize`.
    Index,
    /// `CompareOp`.
    Op,
    /// `Args<'_>`.
    Args,
    /// The closure that reads bytes.
    Reader,
}

impl Operand {
    /// The type in the slot's function type.
    pub fn ty(self) -> TokenStream {
        match self {
            This | Value => quote!(&::taipan_heap::Value),
            MaybeValue | Instance => quote!(::core::option::Option<&::taipan_heap::Value>),
            Class => quote!(&::taipan_heap::Obj<::taipan_objects::types::Type>),
            Name => quote!(&::taipan_heap::Obj<::taipan_objects::builtins::str::Str>),
            Index => quote!(isize),
            Op => quote!(::taipan_objects::types::CompareOp),
            Args => quote!(::taipan_objects::native::Args<'_>),
            Reader => quote!(&mut dyn FnMut(&[u8])),
        }
    }

    /// The type as users write it, for messages.
    pub fn shown(self) -> &'static str {
        match self {
            This => "`this: &Obj<T>` or `this: &Value`",
            Value => "`&Value`",
            MaybeValue | Instance => "`Option<&Value>`",
            Class => "`&Obj<Type>`",
            Name => "`&Obj<Str>`",
            Index => "`isize`",
            Op => "`CompareOp`",
            Args => "`Args<'_>`",
            Reader => "`&mut dyn FnMut(&[u8])`",
        }
    }
}

/// What a slot's function gives back inside `PyResult`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Object,
    Unit,
    Length,
    Hash,
    Truth,
    Next,
}

impl Outcome {
    /// The type in the slot's function type.
    pub fn ty(self) -> TokenStream {
        let ty = match self {
            Outcome::Object => quote!(::taipan_heap::Value),
            Outcome::Unit => quote!(()),
            Outcome::Length => quote!(usize),
            Outcome::Hash => quote!(i64),
            Outcome::Truth => quote!(bool),
            Outcome::Next => quote!(::core::option::Option<::taipan_heap::Value>),
        };
        quote!(::taipan_objects::vm::PyResult<#ty>)
    }
}

/// One slot.
#[derive(Debug)]
pub struct Slot {
    /// The field of `Slots`.
    pub name: &'static str,
    /// The special method that messages name.
    pub method: &'static str,
    /// The operands in the order of the function type.
    pub operands: &'static [Operand],
    /// The result.
    pub outcome: Outcome,
}

const fn slot(name: &'static str, method: &'static str, operands: &'static [Operand], outcome: Outcome) -> Slot {
    Slot { name, method, operands, outcome }
}

/// Every slot that is a field of its own.
pub static SLOTS: &[Slot] = &[
    slot("repr", "__repr__", &[This], Outcome::Object),
    slot("str", "__str__", &[This], Outcome::Object),
    slot("hash", "__hash__", &[This], Outcome::Hash),
    slot("compare", "__eq__", &[This, Value, Op], Outcome::Object),
    slot("call", "__call__", &[This, Args], Outcome::Object),
    slot("getattr", "__getattribute__", &[This, Name], Outcome::Object),
    slot("setattr", "__setattr__", &[This, Name, MaybeValue], Outcome::Unit),
    slot("iter", "__iter__", &[This], Outcome::Object),
    slot("next", "__next__", &[This], Outcome::Next),
    slot("descr_get", "__get__", &[This, Instance, Class], Outcome::Object),
    slot("descr_set", "__set__", &[This, Value, MaybeValue], Outcome::Unit),
    slot("new", "__new__", &[Class, Args], Outcome::Object),
    slot("init", "__init__", &[This, Args], Outcome::Unit),
    slot("finalize", "__del__", &[This], Outcome::Unit),
    slot("len", "__len__", &[This], Outcome::Length),
    slot("getitem", "__getitem__", &[This, Value], Outcome::Object),
    slot("setitem", "__setitem__", &[This, Value, MaybeValue], Outcome::Unit),
    slot("contains", "__contains__", &[This, Value], Outcome::Truth),
    slot("concat", "__add__", &[This, Value], Outcome::Object),
    slot("repeat", "__mul__", &[This, Index], Outcome::Object),
    slot("inplace_concat", "__iadd__", &[This, Value], Outcome::Object),
    slot("inplace_repeat", "__imul__", &[This, Index], Outcome::Object),
    slot("power", "__pow__", &[Value, Value, Value], Outcome::Object),
    slot("neg", "__neg__", &[This], Outcome::Object),
    slot("pos", "__pos__", &[This], Outcome::Object),
    slot("abs", "__abs__", &[This], Outcome::Object),
    slot("invert", "__invert__", &[This], Outcome::Object),
    slot("bool", "__bool__", &[This], Outcome::Truth),
    slot("index", "__index__", &[This], Outcome::Object),
    slot("int", "__int__", &[This], Outcome::Object),
    slot("float", "__float__", &[This], Outcome::Object),
    slot("await_", "__await__", &[This], Outcome::Object),
    slot("aiter", "__aiter__", &[This], Outcome::Object),
    slot("anext", "__anext__", &[This], Outcome::Object),
    slot("buffer", "__buffer__", &[This, Reader], Outcome::Unit),
];

/// `binary(Op)`: either operand may be the one whose type filled the slot.
pub static BINARY: Slot = slot("binary", "binary", &[Value, Value], Outcome::Object);
/// `inplace(Op)`: the left operand is the instance.
pub static INPLACE: Slot = slot("inplace", "inplace", &[This, Value], Outcome::Object);

/// The names that `binary` and `inplace` take, with the stems of their special methods.
pub static OPERATIONS: &[(&str, &str)] = &[
    ("Add", "add"),
    ("Sub", "sub"),
    ("Mul", "mul"),
    ("TrueDiv", "truediv"),
    ("FloorDiv", "floordiv"),
    ("Mod", "mod"),
    ("Pow", "pow"),
    ("MatMul", "matmul"),
    ("LShift", "lshift"),
    ("RShift", "rshift"),
    ("And", "and"),
    ("Or", "or"),
    ("Xor", "xor"),
    ("DivMod", "divmod"),
];
