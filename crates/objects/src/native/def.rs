//! The static descriptions that the `#[pytype]` and `#[pymodule]` attributes generate.
//!
//! Invariant: everything here is plain constant data; nothing is registered at run time behind the reader's back.

use crate::native::Args;
use crate::types::{Slots, Type};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, PayloadInfo, Value};

use crate::builtins::module::Module;

/// How a parameter may be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamKind {
    /// By position only (before `/`).
    PositionalOnly,
    /// By position or keyword.
    Positional,
    /// By keyword only (after `*`).
    KeywordOnly,
    /// `*args`.
    VarPositional,
    /// `**kwargs`.
    VarKeyword,
}

/// One parameter of a native function, without self.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    /// Its name as Python sees it.
    pub name: &'static str,
    /// How it may be given.
    pub kind: ParamKind,
    /// Whether it must be given.
    pub required: bool,
}

/// How a native function is bound when found on a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MethodKind {
    /// A module's function.
    Function,
    /// The first argument is the instance.
    Method,
    /// The first argument is the class.
    ClassMethod,
    /// No implicit argument.
    StaticMethod,
}

/// A native function.
pub struct NativeDef {
    /// `__name__`
    pub name: &'static str,
    /// The type or module it belongs to, for messages; empty for functions of module `builtins`.
    pub owner: &'static str,
    /// `__doc__`
    pub doc: &'static str,
    /// `__text_signature__`, e.g. `($self, index=-1, /)`.
    pub signature: &'static str,
    /// The parameters, without self.
    pub params: &'static [Param],
    /// How it binds.
    pub kind: MethodKind,
    /// The code. Methods get the instance (or class) as the first positional argument.
    pub call: fn(&Vm, Args<'_>) -> PyResult<Value>,
    /// The code for calls with few arguments, for functions that are called often.
    pub fixed: Fixed,
}

/// Forms of a native function that take a fixed number of positional arguments, the instance or class included, without a window.
#[derive(Clone, Copy)]
pub struct Fixed {
    /// For one argument.
    pub one: Option<fn(&Vm, &Value) -> PyResult<Value>>,
    /// For two.
    pub two: Option<fn(&Vm, &Value, &Value) -> PyResult<Value>>,
    /// For three.
    pub three: Option<fn(&Vm, &Value, &Value, &Value) -> PyResult<Value>>,
}

impl Fixed {
    /// No such form.
    pub const NONE: Fixed = Fixed { one: None, two: None, three: None };
}

/// A native attribute with a getter and perhaps a setter.
pub struct GetSetDef {
    /// The attribute's name.
    pub name: &'static str,
    /// `__doc__`
    pub doc: &'static str,
    /// Reads it.
    pub get: fn(&Vm, &Value) -> PyResult<Value>,
    /// Writes it (`Some`) or deletes it (`None`); absent for read-only attributes.
    pub set: Option<fn(&Vm, &Value, Option<&Value>) -> PyResult<()>>,
    /// Whether it is shown as a `member_descriptor` rather than a `getset_descriptor`.
    pub member: bool,
}

/// A builtin type.
pub struct TypeSpec {
    /// `__name__`
    pub name: &'static str,
    /// `__module__`
    pub module: &'static str,
    /// `__doc__`
    pub doc: &'static str,
    /// The Rust payload of instances.
    pub payload: fn() -> &'static PayloadInfo,
    /// Methods, class methods, static methods.
    pub methods: &'static [NativeDef],
    /// Attributes.
    pub getsets: &'static [GetSetDef],
    /// Fills the slots.
    pub fill_slots: fn(&Slots),
    /// `types::type_flags` beyond the usual ones.
    pub flags: u32,
    /// Further set-up once the type exists (class attributes that are not methods, for one).
    pub ready: Option<fn(&Vm, &Obj<Type>) -> PyResult<()>>,
}

impl TypeSpec {
    /// The signature of the constructor (empty if it has none) and the documentation: a doc comment may begin with `name(parameters)` and a
    /// line of two dashes.
    pub fn text(&self) -> (&'static str, &'static str) {
        let parts = self.doc.split_once("\n--\n\n").or_else(|| Some((self.doc.strip_suffix("\n--")?, "")));
        match parts.and_then(|(head, doc)| Some((head.strip_prefix(self.name)?, doc))) {
            Some((signature, doc)) => (signature, doc),
            None => ("", self.doc),
        }
    }

    /// A description with a name and a payload and nothing else.
    pub const fn bare(name: &'static str, payload: fn() -> &'static PayloadInfo) -> TypeSpec {
        TypeSpec {
            name,
            module: "builtins",
            doc: "",
            payload,
            methods: &[],
            getsets: &[],
            fill_slots: |_| {},
            flags: 0,
            ready: None,
        }
    }
}

/// A native module.
pub struct ModuleSpec {
    /// Its full name.
    pub name: &'static str,
    /// `__doc__`
    pub doc: &'static str,
    /// Its functions.
    pub functions: &'static [NativeDef],
    /// Adds what is not a function: constants, types, state.
    pub init: fn(&Vm, &Obj<Module>) -> PyResult<()>,
}
