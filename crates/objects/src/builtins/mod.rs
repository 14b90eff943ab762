//! The builtin types: one file or folder each, named after the type.
//!
//! Invariant: a file owns its type whole: payload, operations, methods; everybody else goes through its functions or the type's slots.

pub mod bool;
pub mod buffer;
pub mod bytearray;
pub mod bytes;
pub mod complex;
pub mod descriptor;
pub mod dict;
pub mod enumerate;
pub mod exception;
pub mod filter;
pub mod float;
pub mod function;
pub mod generic_alias;
pub mod int;
pub mod iterator;
pub mod list;
pub mod mapping_proxy;
pub mod memoryview;
pub mod module;
pub mod namespace;
pub mod object;
pub mod partial;
pub mod range;
pub mod sequence;
pub mod set;
pub mod singletons;
pub mod slice;
pub mod str;
pub mod structseq;
pub mod super_;
pub mod traceback;
pub mod tuple;
pub mod union;
pub mod weakref;
pub mod zip;

use taipan_heap::Value;

/// None.
pub const NONE: Value = Value::constant(0);
/// True.
pub const TRUE: Value = Value::constant(1);
/// False.
pub const FALSE: Value = Value::constant(2);
/// Ellipsis.
pub const ELLIPSIS: Value = Value::constant(3);
/// NotImplemented.
pub const NOT_IMPLEMENTED: Value = Value::constant(4);

/// True or False.
#[inline]
pub fn boolean(value: bool) -> Value {
    if value { TRUE } else { FALSE }
}

/// Whether `value` is None.
#[inline]
pub fn is_none(value: &Value) -> bool {
    value.is(&NONE)
}

/// Whether `value` is NotImplemented.
#[inline]
pub fn is_not_implemented(value: &Value) -> bool {
    value.is(&NOT_IMPLEMENTED)
}
