//! `bool`: the two constants, with the arithmetic of int.
//!
//! Invariant: there are no instances but True and False.

use crate::builtins::int::Int;
use crate::builtins::str::Str;
use crate::builtins::{FALSE, TRUE, boolean};
use crate::native::Args;
use crate::types::Type;
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Ref, Value};
use taipan_macros::pytype;

/// `bool`
pub struct Bool;

/// True or False as a Rust bool; `None` for anything else.
#[inline]
pub fn get(value: &Value) -> Option<bool> {
    if value.is(&TRUE) {
        Some(true)
    } else if value.is(&FALSE) {
        Some(false)
    } else {
        None
    }
}

/// bool(object=False, /)
/// --
///
/// Returns True when the argument is true, False otherwise.
/// The builtins True and False are the only two instances of the class bool.
/// The class bool is a subclass of the class int, and cannot be subclassed.
#[pytype(name = "bool", payload = Int)]
impl Bool {
    #[slot]
    fn new(_class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        match args.expect(vm, "bool", 0, 1)?.first() {
            Some(value) => Ok(boolean(vm.is_true(value)?)),
            None => Ok(FALSE),
        }
    }

    #[slot]
    fn repr(this: &Value, vm: &Vm) -> PyResult<Ref<Str>> {
        vm.intern(if this.is(&TRUE) { "True" } else { "False" })
    }

    #[slot]
    fn invert(this: &Value, vm: &Vm) -> PyResult<Value> {
        vm.warn_deprecated(
            "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the bitwise inversion of the underlying int object and is usually not what you expect from negating a bool. Use the 'not' operator for boolean negation or ~int(x) if you really want the bitwise inversion of the underlying int.",
        )?;
        Ok(Value::small_int(!i32::from(this.is(&TRUE))))
    }

    #[slot(binary(And))]
    fn and(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        match (get(left), get(right)) {
            (Some(a), Some(b)) => Ok(boolean(a & b)),
            _ => Int::and(vm, left, right),
        }
    }

    #[slot(binary(Or))]
    fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        match (get(left), get(right)) {
            (Some(a), Some(b)) => Ok(boolean(a | b)),
            _ => Int::or(vm, left, right),
        }
    }

    #[slot(binary(Xor))]
    fn xor(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
        match (get(left), get(right)) {
            (Some(a), Some(b)) => Ok(boolean(a ^ b)),
            _ => Int::xor(vm, left, right),
        }
    }
}
