//! How native functions are described and called: argument windows, definitions, conversion between Rust and Python values.
//!
//! Invariant: a native function borrows its arguments; what it keeps, it clones.

mod args;
mod convert;
mod def;

pub use args::{ArgPlace, Args, Bound, unexpected_keyword};
pub use convert::{FromArg, FuncArgs, IntoValue, Rest};
pub use def::{Fixed, GetSetDef, MethodKind, ModuleSpec, NativeDef, Param, ParamKind, TypeSpec};
