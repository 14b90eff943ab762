//! `Value`: one non-zero 64-bit word that is a small integer, a float, one of a few constants, or an owned reference.
//!
//! | low bits | meaning |
//! |---|---|
//! | `000` | a counted reference to an object (the address itself) |
//! | `x01` | an integer of 62 bits, shifted left by two |
//! | `x1x` | a float: its bits rotated left by four, plus three |
//! | `100` | a constant, its number in the bits above |
//!
//! Rotation brings sign and the three top exponent bits down; adding three then sets bit 1 exactly for the exponent prefixes `000`, `011`,
//! `100` and `111`: zeros and tiny numbers, magnitudes from 2^-255 to 2^257, infinities and NaNs. Other floats are
//! boxed by the embedder. (The family of encodings: "Float Self-Tagging", arXiv 2411.16544.)
//!
//! Invariant V1: a value with low bits `000` owns one reference to the object at that address.

use crate::header::Header;
use crate::kind::Payload;
use crate::reference::{Obj, Ref};
use std::ptr::NonNull;

/// The smallest and largest integers that are immediate: -2^61 and 2^61 - 1.
pub const MIN_INT: i64 = -(1 << 61);
/// See `MIN_INT`.
pub const MAX_INT: i64 = (1 << 61) - 1;

const FLOAT_ROTATION: u32 = 4;
const FLOAT_OFFSET: u64 = 3;

/// A word of the runtime; cloning and dropping count references. See the module's head for the encoding.
#[repr(transparent)]
pub struct Value(NonNull<u8>);

#[inline]
const fn word(bits: u64) -> NonNull<u8> {
    match NonNull::new(std::ptr::without_provenance_mut(bits as usize)) {
        Some(pointer) => pointer,
        None => panic!("a value's word is never zero"),
    }
}

impl Value {
    /// Constant number `n` (the embedder gives the numbers their meaning).
    #[inline]
    pub const fn constant(n: u8) -> Value {
        Value(word((n as u64) << 3 | 0b100))
    }

    /// The constant's number, if it is one.
    #[inline]
    pub fn as_constant(&self) -> Option<u8> {
        (self.bits() & 7 == 0b100).then(|| (self.bits() >> 3) as u8)
    }

    /// The integer as an immediate, if it fits 62 bits.
    #[inline]
    pub const fn try_int(n: i64) -> Option<Value> {
        if n >= MIN_INT && n <= MAX_INT { Some(Value(word((n << 2) as u64 | 1))) } else { None }
    }

    /// An integer of at most 61 bits and a sign; any `i32`, for one.
    #[inline]
    pub const fn small_int(n: i32) -> Value {
        Value(word(((n as i64) << 2) as u64 | 1))
    }

    /// The immediate integer, if it is one.
    #[inline]
    pub fn as_int(&self) -> Option<i64> {
        self.is_int().then(|| (self.bits() as i64) >> 2)
    }

    /// Whether this is an immediate integer.
    #[inline]
    pub fn is_int(&self) -> bool {
        self.bits() & 3 == 1
    }

    /// The float as an immediate, unless its exponent is a rare one.
    #[inline]
    pub const fn try_float(x: f64) -> Option<Value> {
        let bits = x.to_bits().rotate_left(FLOAT_ROTATION).wrapping_add(FLOAT_OFFSET);
        if bits & 2 != 0 { Some(Value(word(bits))) } else { None }
    }

    /// The immediate float, if it is one.
    #[inline]
    pub fn as_float(&self) -> Option<f64> {
        self.is_float().then(|| f64::from_bits(self.bits().wrapping_sub(FLOAT_OFFSET).rotate_right(FLOAT_ROTATION)))
    }

    /// Whether this is an immediate float.
    #[inline]
    pub fn is_float(&self) -> bool {
        self.bits() & 2 != 0
    }

    /// Whether this is a reference to an object.
    #[inline]
    pub fn is_object(&self) -> bool {
        self.bits() & 7 == 0
    }

    /// The word itself. Two values are identical (`is`) exactly when their words are equal.
    #[inline]
    pub fn bits(&self) -> u64 {
        self.0.addr().get() as u64
    }

    /// Identity.
    #[inline]
    pub fn is(&self, other: &Value) -> bool {
        self.bits() == other.bits()
    }

    /// The object's header, if this is a reference.
    #[inline]
    pub fn header(&self) -> Option<&Header> {
        if self.is_object() {
            // SAFETY: V1.
            Some(unsafe { self.0.cast::<Header>().as_ref() })
        } else {
            None
        }
    }

    /// The object, if this is a reference to one whose payload is `T` or extends it.
    #[inline]
    pub fn downcast<T: Payload>(&self) -> Option<&Obj<T>> {
        let header = self.header()?;
        if header.kind().info().is_a(T::info()) {
            // SAFETY: V1, and the payload type was just checked (a base is a prefix of its extension).
            Some(unsafe { self.0.cast::<Obj<T>>().as_ref() })
        } else {
            None
        }
    }

    /// As `downcast`, for instances of the builtin class of `T` itself only.
    #[inline(always)]
    pub fn downcast_exact<T: Payload>(&self) -> Option<&Obj<T>> {
        let header = self.header()?;
        if header.kind().is_exactly(T::info()) {
            // SAFETY: V1, and the payload type was just checked.
            Some(unsafe { NonNull::from(header).cast::<Obj<T>>().as_ref() })
        } else {
            None
        }
    }

    /// Like `downcast`, but takes the reference along.
    #[inline]
    pub fn downcast_into<T: Payload>(self) -> Result<Ref<T>, Value> {
        if self.downcast::<T>().is_some() {
            let pointer = self.0.cast();
            std::mem::forget(self);
            // SAFETY: the payload type was checked; ownership of the count moves from the value to the reference.
            Ok(unsafe { Ref::from_raw(pointer) })
        } else {
            Err(self)
        }
    }

    /// Empties a place, unless that would be the end of an object: then it stays as it is. Says whether the place is empty.
    #[inline]
    pub fn let_go(place: &mut Option<Value>) -> bool {
        match place {
            Some(value) if value.header().is_some_and(|header| !header.decrement_unless_last()) => false,
            _ => {
                // The reference, if there was one, is given up already.
                std::mem::forget(place.take());
                true
            }
        }
    }

    /// Gives up what the values own, from the last to the first, for as long as that ends no object; what has been given up is an immediate value then.
    /// Says whether all is given up; if so, they are dead.
    #[inline(always)]
    pub(crate) fn let_go_all(values: &mut [Value]) -> bool {
        let mut left = values.len();
        while let Some(value) = values[..left].last() {
            if value.header().is_some_and(|header| !header.decrement_unless_last()) {
                Value::forget_all(&mut values[left..]);
                return false;
            }
            left -= 1;
        }
        true
    }

    #[cold]
    fn forget_all(values: &mut [Value]) {
        for value in values {
            std::mem::forget(std::mem::replace(value, Value::small_int(0)));
        }
    }

    /// Takes ownership of a count on the object at `pointer`.
    ///
    /// # Safety
    /// `pointer` is a live object and the caller gives up one reference to it.
    #[inline]
    pub unsafe fn from_owned(pointer: NonNull<Header>) -> Value {
        Value(pointer.cast())
    }

    /// The word as a raw pointer-sized integer, giving up the reference; undone by `from_bits`.
    #[inline]
    pub fn into_raw(self) -> NonNull<u8> {
        let raw = self.0;
        std::mem::forget(self);
        raw
    }

    /// Undoes `into_raw`.
    ///
    /// # Safety
    /// `raw` came from `into_raw`, and each one is turned back at most once.
    #[inline]
    pub unsafe fn from_raw(raw: NonNull<u8>) -> Value {
        Value(raw)
    }

    /// A second copy of the word without counting it.
    ///
    /// # Safety
    /// The copy must be forgotten (`into_raw`) or the original must be, before either is dropped.
    #[inline]
    pub unsafe fn duplicate_uncounted(&self) -> Value {
        Value(self.0)
    }
}

impl Clone for Value {
    #[inline]
    fn clone(&self) -> Value {
        if let Some(header) = self.header() {
            header.increment();
        }
        Value(self.0)
    }
}

impl Drop for Value {
    #[inline]
    fn drop(&mut self) {
        if self.is_object() {
            // SAFETY: V1; the reference is given up here and the value is gone afterwards.
            unsafe { crate::heap::release(self.0.cast()) }
        }
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(n) = self.as_int() {
            write!(f, "Int({n})")
        } else if let Some(x) = self.as_float() {
            write!(f, "Float({x:?})")
        } else if let Some(n) = self.as_constant() {
            write!(f, "Constant({n})")
        } else {
            write!(f, "Object({:#x})", self.bits())
        }
    }
}
