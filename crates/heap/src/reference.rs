//! `Ref<T>` owns a reference to an object with payload `T`; `&Obj<T>` borrows one.
//!
//! Invariant R1: an `Obj<T>` is only ever seen behind a reference, at the start of a block of its heap, initialised.
//! Invariant R2: a `Ref<T>` owns one count of its object.

use crate::header::Header;
use crate::kind::{ClassPayload, Payload, Tail, tail_offset};
use crate::slot::Slot;
use crate::value::Value;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::NonNull;

/// An object with payload `T`: header, payload, then its tail and value slots, if any.
#[repr(C)]
pub struct Obj<T> {
    pub(crate) header: Header,
    pub(crate) payload: ManuallyDrop<T>,
}

impl<T> Deref for Obj<T> {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        &self.payload
    }
}

impl<T: Payload> Obj<T> {
    /// The object's header.
    #[inline]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// A new owned reference.
    #[inline]
    pub fn to_ref(&self) -> Ref<T> {
        self.header.increment();
        Ref { pointer: NonNull::from(self) }
    }

    /// A new owned reference as a value.
    #[inline]
    pub fn to_value(&self) -> Value {
        self.to_ref().into()
    }

    /// Whether `other` is this very object.
    #[inline]
    pub fn is(&self, other: &Value) -> bool {
        self.header.address() as u64 == other.bits()
    }

    /// Whether both are the same object.
    #[inline]
    pub fn is_same<U: Payload>(&self, other: &Obj<U>) -> bool {
        self.header.address() == other.header.address()
    }

    /// This object seen as one of an extending payload type.
    #[inline]
    pub fn downcast<U: Payload>(&self) -> Option<&Obj<U>> {
        if self.header.kind().info().is_a(U::info()) {
            // SAFETY: R1, and the payload type was just checked.
            Some(unsafe { NonNull::from(self).cast::<Obj<U>>().as_ref() })
        } else {
            None
        }
    }

    /// The class object the instance belongs to, when its class object has payload `C`.
    #[inline]
    pub fn class<C: ClassPayload>(&self) -> Option<&Obj<C>> {
        header_class(&self.header)
    }

    /// Lends the object as a value.
    #[inline]
    pub fn with_value<R>(&self, f: impl FnOnce(&Value) -> R) -> R {
        // SAFETY: R1: the object is live for the time of the borrow; the value is only lent, and never dropped.
        let value = unsafe { std::mem::ManuallyDrop::new(Value::from_owned(NonNull::from(&self.header))) };
        f(&value)
    }

    pub(crate) fn tail_pointer(&self) -> *mut T::Elem {
        // SAFETY: the tail follows the payload in the same block.
        unsafe { NonNull::from(self).cast::<u8>().add(tail_offset::<T>()).cast().as_ptr() }
    }

    /// The elements after the payload.
    #[inline]
    pub fn tail_elements(&self) -> &[T::Elem] {
        match T::tail(&self.payload).map_or(0, Tail::len) {
            0 => &[],
            // SAFETY: `Tail` is made by the allocator alone, with the number of initialised elements in the block.
            len => unsafe { std::slice::from_raw_parts(self.tail_pointer(), len) },
        }
    }

    /// The value slots at the end of the block (instance attributes); empty unless the kind has `SLOTS`.
    #[inline]
    pub fn slots(&self) -> &[Slot] {
        crate::heap::slots_of(&self.header)
    }
}

impl<T: Payload<Elem = u8>> Obj<T> {
    /// Appends to the bytes of an object that has one owner, if its block has the room; says whether it did. Slices taken before keep their length.
    pub fn append_in_place(&self, bytes: &[u8]) -> bool {
        let Some(tail) = T::tail(&self.payload).filter(|tail| !tail.is_empty()) else { return false };
        let used = tail_offset::<T>() + tail.len();
        if self.header.count() != 1
            || self.header.kind().has(crate::kind::flags::SLOTS)
            || used + bytes.len() > crate::heap::block_size(&self.header)
        {
            return false;
        }
        let end = std::ptr::with_exposed_provenance_mut::<u8>(self.header.address() + used);
        // SAFETY: the block has room behind the tail's elements; no slice reaches there, so nobody else sees these bytes change.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), end, bytes.len()) };
        tail.grow(bytes.len());
        true
    }
}

/// The class object of any object, when its payload is `C`.
#[inline]
pub fn header_class<C: ClassPayload>(header: &Header) -> Option<&Obj<C>> {
    let class = header.kind().class_object()?;
    if class.kind().info().is_a(C::info()) {
        // SAFETY: the payload type was just checked.
        Some(unsafe { NonNull::from(class).cast::<Obj<C>>().as_ref() })
    } else {
        None
    }
}

/// An owned reference to an object with payload `T`.
#[repr(transparent)]
pub struct Ref<T: Payload> {
    pointer: NonNull<Obj<T>>,
}

impl<T: Payload> Ref<T> {
    /// Takes over a count.
    ///
    /// # Safety
    /// `pointer` is a live object with payload `T`, and the caller gives up one reference to it.
    #[inline]
    pub unsafe fn from_raw(pointer: NonNull<Obj<T>>) -> Ref<T> {
        Ref { pointer }
    }

    /// Whether both are references to the same object.
    #[inline]
    pub fn ptr_eq(this: &Ref<T>, other: &Ref<T>) -> bool {
        this.pointer == other.pointer
    }

    /// The elements after the payload, to be changed, if this is the only reference to the object and nothing walks over the heap.
    #[inline]
    pub fn tail_mut(&mut self) -> Option<&mut [T::Elem]> {
        if self.header.count() != 1 || crate::heap::heap_of(&self.header).is_undisturbed() {
            return None;
        }
        let len = T::tail(&self.payload).map_or(0, Tail::len);
        // SAFETY: as `tail_elements`. Whoever else borrows the elements does so from a reference of its own, of which there is none, or in a walk.
        Some(unsafe { std::slice::from_raw_parts_mut(self.tail_pointer(), len) })
    }

    /// How many references there are to the object, `IMMORTAL_COUNT` or more for an immortal one.
    #[inline]
    pub fn strong_count(this: &Ref<T>) -> u32 {
        this.header.count()
    }

    /// The reference as one to payload `U`, which the object's payload type is or extends: down to an extension, or up to a base.
    ///
    /// ```
    /// use taipan_heap::{Config, Heap, OutOfMemory, Payload};
    ///
    /// #[derive(Payload)]
    /// struct Shape {
    ///     area: f64,
    /// }
    ///
    /// #[derive(Payload)]
    /// #[payload(base = Shape)]
    /// #[repr(C)]
    /// struct Square {
    ///     shape: Shape,
    ///     side: f64,
    /// }
    ///
    /// let heap = Heap::new(Config::default());
    /// let square = heap.make(Square { shape: Shape { area: 4.0 }, side: 2.0 })?;
    /// let Ok(shape) = square.cast::<Shape>() else { unreachable!() };
    /// assert_eq!(shape.area, 4.0);
    /// assert!(shape.cast::<Square>().is_ok_and(|square| square.side == 2.0));
    /// # Ok::<(), OutOfMemory>(())
    /// ```
    #[inline]
    pub fn cast<U: Payload>(self) -> Result<Ref<U>, Ref<T>> {
        if !self.header.kind().info().is_a(U::info()) {
            return Err(self);
        }
        let pointer = self.pointer.cast();
        std::mem::forget(self);
        // SAFETY: R2: the count moves on; the payload type was just checked.
        Ok(unsafe { Ref::from_raw(pointer) })
    }

    /// The reference as a value, without counting.
    #[inline]
    pub fn into_value(self) -> Value {
        let pointer = self.pointer.cast();
        std::mem::forget(self);
        // SAFETY: R2: the count moves from the reference to the value.
        unsafe { Value::from_owned(pointer) }
    }
}

impl<T: Payload> Deref for Ref<T> {
    type Target = Obj<T>;
    #[inline]
    fn deref(&self) -> &Obj<T> {
        // SAFETY: R2.
        unsafe { self.pointer.as_ref() }
    }
}

impl<T: Payload> Clone for Ref<T> {
    #[inline]
    fn clone(&self) -> Ref<T> {
        self.to_ref()
    }
}

impl<T: Payload> Drop for Ref<T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: R2; the reference is given up here.
        unsafe { crate::heap::release(self.pointer.cast()) }
    }
}

impl<T: Payload + std::fmt::Debug> std::fmt::Debug for Ref<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (***self).fmt(f)
    }
}

impl<T: Payload> From<Ref<T>> for Value {
    #[inline]
    fn from(reference: Ref<T>) -> Value {
        reference.into_value()
    }
}
