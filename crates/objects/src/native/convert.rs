//! Conversion of arguments to Rust types (`FromArg`) and of results to values (`IntoValue`).
//!
//! Invariant: a failed conversion raises the exception CPython raises for the same argument.

use crate::builtins::{self, float, int, str::Str};
use crate::native::{ArgPlace, Args};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Payload, Ref, Value};

/// A Rust type that a parameter of a native function may have.
pub trait FromArg<'a>: Sized {
    /// Converts an argument.
    fn from_arg(vm: &Vm, value: &'a Value, place: ArgPlace) -> PyResult<Self>;
    /// What an absent optional argument becomes; `None` when the type needs a value.
    fn absent() -> Option<Self> {
        None
    }
}

impl<'a> FromArg<'a> for &'a Value {
    #[inline]
    fn from_arg(_: &Vm, value: &'a Value, _: ArgPlace) -> PyResult<Self> {
        Ok(value)
    }
}

impl<'a> FromArg<'a> for Value {
    #[inline]
    fn from_arg(_: &Vm, value: &'a Value, _: ArgPlace) -> PyResult<Self> {
        Ok(value.clone())
    }
}

/// Optional parameters: absent is `None`. (An argument that is Python's None is converted like any other.)
impl<'a, T: FromArg<'a>> FromArg<'a> for Option<T> {
    #[inline]
    fn from_arg(vm: &Vm, value: &'a Value, place: ArgPlace) -> PyResult<Self> {
        T::from_arg(vm, value, place).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<'a, T: Payload> FromArg<'a> for &'a Obj<T> {
    #[inline]
    fn from_arg(vm: &Vm, value: &'a Value, place: ArgPlace) -> PyResult<Self> {
        match value.downcast::<T>() {
            Some(object) => Ok(object),
            None => {
                let (wanted, given) = (T::info().name, vm.given_name(value));
                Err(vm.type_error(format!("{} must be {wanted}, not {given}", place.describe())))
            }
        }
    }
}

impl<'a> FromArg<'a> for bool {
    #[inline]
    fn from_arg(vm: &Vm, value: &'a Value, _: ArgPlace) -> PyResult<Self> {
        vm.is_true(value)
    }
}

impl<'a> FromArg<'a> for f64 {
    fn from_arg(vm: &Vm, value: &'a Value, _: ArgPlace) -> PyResult<Self> {
        float::as_f64(vm, value)
    }
}

macro_rules! integers {
    ($($ty:ty, $c:literal;)*) => {
        $(impl<'a> FromArg<'a> for $ty {
            #[inline]
            fn from_arg(vm: &Vm, value: &'a Value, _: ArgPlace) -> PyResult<Self> {
                match int::index_i64(vm, value)?.map(<$ty>::try_from) {
                    Some(Ok(n)) => Ok(n),
                    _ => Err(vm.overflow_error(concat!("Python int too large to convert to C ", $c))),
                }
            }
        })*
    };
}

integers! { i64, "long"; i32, "int"; u32, "unsigned int"; u8, "unsigned char"; usize, "size_t"; u64, "unsigned long"; }

/// An index: like CPython's `Py_ssize_t` arguments.
impl<'a> FromArg<'a> for isize {
    #[inline]
    fn from_arg(vm: &Vm, value: &'a Value, _: ArgPlace) -> PyResult<Self> {
        match int::index_i64(vm, value)? {
            Some(n) => Ok(n as isize),
            None => Err(vm.overflow_error("Python int too large to convert to C ssize_t")),
        }
    }
}

/// `*args`.
#[derive(Clone, Copy)]
pub struct Rest<'a>(pub &'a [Value]);

/// `*args, **kwargs` together, as a window.
#[derive(Clone, Copy)]
pub struct FuncArgs<'a>(pub Args<'a>);

/// A Rust type that a native function may return.
pub trait IntoValue {
    /// Converts the result.
    fn into_value(self, vm: &Vm) -> PyResult<Value>;
}

impl IntoValue for Value {
    #[inline]
    fn into_value(self, _: &Vm) -> PyResult<Value> {
        Ok(self)
    }
}

impl IntoValue for () {
    #[inline]
    fn into_value(self, _: &Vm) -> PyResult<Value> {
        Ok(builtins::NONE)
    }
}

impl IntoValue for bool {
    #[inline]
    fn into_value(self, _: &Vm) -> PyResult<Value> {
        Ok(builtins::boolean(self))
    }
}

impl<T: Payload> IntoValue for Ref<T> {
    #[inline]
    fn into_value(self, _: &Vm) -> PyResult<Value> {
        Ok(self.into())
    }
}

impl<T: IntoValue> IntoValue for PyResult<T> {
    #[inline]
    fn into_value(self, vm: &Vm) -> PyResult<Value> {
        self?.into_value(vm)
    }
}

/// `None` becomes Python's None.
impl<T: IntoValue> IntoValue for Option<T> {
    #[inline]
    fn into_value(self, vm: &Vm) -> PyResult<Value> {
        self.map_or(Ok(builtins::NONE), |value| value.into_value(vm))
    }
}

impl IntoValue for f64 {
    #[inline]
    fn into_value(self, vm: &Vm) -> PyResult<Value> {
        float::new(vm, self)
    }
}

macro_rules! from_integers {
    ($($ty:ty),*) => {
        $(impl IntoValue for $ty {
            #[inline]
            fn into_value(self, vm: &Vm) -> PyResult<Value> {
                match i64::try_from(self) {
                    Ok(small) => int::from_i64(vm, small),
                    Err(_) => int::from_i128(vm, self as i128),
                }
            }
        })*
    };
}

from_integers!(i32, i64, isize, u8, u32, u64, usize, i128);

impl IntoValue for &str {
    fn into_value(self, vm: &Vm) -> PyResult<Value> {
        Ok(Str::new(vm, self)?.into())
    }
}

impl IntoValue for String {
    fn into_value(self, vm: &Vm) -> PyResult<Value> {
        Ok(Str::new(vm, &self)?.into())
    }
}
