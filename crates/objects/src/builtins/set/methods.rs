//! What Python sees of `set`: its methods and operators. Those that `frozenset` has as well are in `frozen::shared`.
//!
//! Invariant: a method that changes the set checks that it is not a frozenset.

use super::frozen::shared;
use super::{Set, SetIterator};
use crate::builtins::NOT_IMPLEMENTED;
use crate::builtins::generic_alias::GenericAlias;
use crate::builtins::tuple::Tuple;
use crate::native::{Args, Rest};
use crate::types::{BinaryOp, CompareOp, Type};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Ref, Value};
use taipan_macros::pytype;

/// Refuses to change a frozenset.
fn mutable(vm: &Vm, this: &Obj<Set>, method: &str) -> PyResult<()> {
    if this.frozen { Err(vm.bad_self(method, "set", &this.to_value())) } else { Ok(()) }
}

/// set(iterable=(), /)
/// --
///
/// Build an unordered collection of unique elements.
#[pytype(name = "set", flags = BASETYPE | MATCH_SELF)]
impl Set {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = args;
        Ok(Set::new_instance(vm, class, false)?.into())
    }

    #[slot]
    fn init(this: &Obj<Set>, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        mutable(vm, this, "__init__")?;
        let args = args.expect(vm, "set", 0, 1)?;
        if !this.is_empty() {
            this.clear();
        }
        args.first().map_or(Ok(()), |iterable| this.update(vm, iterable))
    }

    /// Add an element to a set.
    ///
    /// This has no effect if the element is already present.
    #[method(name = "add", sig = "object, /", fixed)]
    fn add_method(this: &Obj<Set>, vm: &Vm, object: &Value) -> PyResult<()> {
        mutable(vm, this, "add")?;
        this.add(vm, object)
    }

    /// Remove an element from a set; it must be a member.
    ///
    /// If the element is not a member, raise a KeyError.
    #[method(sig = "object, /", fixed)]
    fn remove(this: &Obj<Set>, vm: &Vm, object: &Value) -> PyResult<()> {
        mutable(vm, this, "remove")?;
        if shared::as_key(vm, object, |key| this.discard(vm, key))? { Ok(()) } else { Err(vm.key_error(object)) }
    }

    /// Remove an element from a set if it is a member.
    ///
    /// Unlike set.remove(), the discard() method does not raise
    /// an exception when an element is missing from the set.
    #[method(name = "discard", sig = "object, /", fixed)]
    fn discard_method(this: &Obj<Set>, vm: &Vm, object: &Value) -> PyResult<()> {
        mutable(vm, this, "discard")?;
        shared::as_key(vm, object, |key| this.discard(vm, key)).map(|_| ())
    }

    /// Remove and return an arbitrary set element.
    ///
    /// Raises KeyError if the set is empty.
    #[method(name = "pop", fixed)]
    fn pop_method(this: &Obj<Set>, vm: &Vm) -> PyResult<Value> {
        mutable(vm, this, "pop")?;
        match this.pop() {
            Some(key) => Ok(key),
            None => Err(vm.raise_new(&vm.types().key_error, "pop from an empty set")),
        }
    }

    /// Remove all elements from this set.
    #[method(name = "clear", fixed)]
    fn clear_method(this: &Obj<Set>, vm: &Vm) -> PyResult<()> {
        mutable(vm, this, "clear")?;
        this.clear();
        Ok(())
    }

    /// Update the set, adding elements from all others.
    #[method(name = "update", sig = "*others")]
    fn update_method(this: &Obj<Set>, vm: &Vm, others: Rest<'_>) -> PyResult<()> {
        mutable(vm, this, "update")?;
        others.0.iter().try_for_each(|other| this.update(vm, other))
    }

    /// Update the set, keeping only elements found in it and all others.
    #[method(sig = "*others")]
    fn intersection_update(this: &Obj<Set>, vm: &Vm, others: Rest<'_>) -> PyResult<()> {
        mutable(vm, this, "intersection_update")?;
        if let Some(made) = shared::intersection(vm, this, others.0)?.downcast::<Set>() {
            this.swap(made);
        }
        Ok(())
    }

    /// Update the set, removing elements found in others.
    #[method(name = "difference_update", sig = "*others")]
    fn difference_update_method(this: &Obj<Set>, vm: &Vm, others: Rest<'_>) -> PyResult<()> {
        mutable(vm, this, "difference_update")?;
        others.0.iter().try_for_each(|other| this.difference_update(vm, other))
    }

    /// Update the set, keeping only elements found in either set, but not in both.
    #[method(name = "symmetric_difference_update", sig = "other, /")]
    fn symmetric_difference_update_method(this: &Obj<Set>, vm: &Vm, other: &Value) -> PyResult<()> {
        mutable(vm, this, "symmetric_difference_update")?;
        this.symmetric_difference_update(vm, other)
    }

    /// Return a shallow copy of a set.
    #[method(fixed)]
    fn copy(this: &Obj<Set>, vm: &Vm) -> PyResult<Value> {
        shared::copy(vm, this)
    }

    /// Return a new set with elements from the set and all others.
    #[method(sig = "*others")]
    fn union(this: &Obj<Set>, vm: &Vm, others: Rest<'_>) -> PyResult<Ref<Set>> {
        let made = this.copy_alike(vm)?;
        others.0.iter().try_for_each(|other| made.update(vm, other))?;
        Ok(made)
    }

    /// Return a new set with elements common to the set and all others.
    #[method(name = "intersection", sig = "*others")]
    fn intersection_method(this: &Obj<Set>, vm: &Vm, others: Rest<'_>) -> PyResult<Value> {
        shared::intersection(vm, this, others.0)
    }

    /// Return a new set with elements in the set that are not in the others.
    #[method(name = "difference", sig = "*others")]
    fn difference_method(this: &Obj<Set>, vm: &Vm, others: Rest<'_>) -> PyResult<Ref<Set>> {
        shared::difference(vm, this, others.0)
    }

    /// Return a new set with elements in either the set or other but not both.
    #[method(name = "symmetric_difference", sig = "other, /")]
    fn symmetric_difference_method(this: &Obj<Set>, vm: &Vm, other: &Value) -> PyResult<Ref<Set>> {
        this.symmetric_difference(vm, other)
    }

    /// Return True if two sets have a null intersection.
    #[method(sig = "other, /", fixed)]
    fn isdisjoint(this: &Obj<Set>, vm: &Vm, other: &Value) -> PyResult<bool> {
        this.is_disjoint(vm, other)
    }

    /// Report whether another set contains this set.
    #[method(sig = "other, /")]
    fn issubset(this: &Obj<Set>, vm: &Vm, other: &Value) -> PyResult<bool> {
        Set::with_set(vm, other, |other| this.is_subset(vm, other))
    }

    /// Report whether this set contains another set.
    #[method(sig = "other, /")]
    fn issuperset(this: &Obj<Set>, vm: &Vm, other: &Value) -> PyResult<bool> {
        Set::with_set(vm, other, |other| other.is_subset(vm, this))
    }

    /// See PEP 585
    #[classmethod(sig = "object, /")]
    fn __class_getitem__(class: &Obj<Type>, vm: &Vm, object: &Value) -> PyResult<Value> {
        GenericAlias::make(vm, &class.to_value(), object)
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<Set>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        shared::reduce(vm, this)
    }

    /// Return the size of the set in memory, in bytes.
    #[method]
    fn __sizeof__(this: &Obj<Set>) -> usize {
        crate::builtins::list::sequence_size(this, 0) + this.table_bytes()
    }

    #[slot]
    fn repr(this: &Obj<Set>, vm: &Vm) -> PyResult<Value> {
        shared::repr(vm, this)
    }

    #[slot]
    fn iter(this: &Obj<Set>, vm: &Vm) -> PyResult<Value> {
        SetIterator::over(vm, this)
    }

    #[slot(len)]
    fn length(this: &Obj<Set>) -> PyResult<usize> {
        Ok(this.len())
    }

    /// x.__contains__(y) <==> y in x.
    #[method(sig = "object, /")]
    fn __contains__(this: &Obj<Set>, vm: &Vm, object: &Value) -> PyResult<bool> {
        shared::contains(vm, this, object)
    }

    #[slot(contains)]
    fn contains_slot(this: &Obj<Set>, vm: &Vm, key: &Value) -> PyResult<bool> {
        shared::contains(vm, this, key)
    }

    #[slot]
    fn compare(this: &Obj<Set>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        shared::compare(vm, this, other, op)
    }

    #[slot(binary(Or))]
    fn or(left: &Value, vm: &Vm, right: &Value) -> PyResult<Value> {
        shared::binary(vm, left, right, BinaryOp::Or)
    }

    #[slot(binary(And))]
    fn and(left: &Value, vm: &Vm, right: &Value) -> PyResult<Value> {
        shared::binary(vm, left, right, BinaryOp::And)
    }

    #[slot(binary(Sub))]
    fn sub(left: &Value, vm: &Vm, right: &Value) -> PyResult<Value> {
        shared::binary(vm, left, right, BinaryOp::Sub)
    }

    #[slot(binary(Xor))]
    fn xor(left: &Value, vm: &Vm, right: &Value) -> PyResult<Value> {
        shared::binary(vm, left, right, BinaryOp::Xor)
    }

    #[slot(inplace(Or))]
    fn or_inplace(this: &Obj<Set>, vm: &Vm, other: &Value) -> PyResult<Value> {
        if other.downcast::<Set>().is_none() {
            return Ok(NOT_IMPLEMENTED);
        }
        this.update(vm, other)?;
        Ok(this.to_value())
    }

    #[slot(inplace(And))]
    fn and_inplace(this: &Obj<Set>, vm: &Vm, other: &Value) -> PyResult<Value> {
        if other.downcast::<Set>().is_none() {
            return Ok(NOT_IMPLEMENTED);
        }
        let made = this.intersection(vm, other)?;
        this.swap(&made);
        Ok(this.to_value())
    }

    #[slot(inplace(Sub))]
    fn sub_inplace(this: &Obj<Set>, vm: &Vm, other: &Value) -> PyResult<Value> {
        if other.downcast::<Set>().is_none() {
            return Ok(NOT_IMPLEMENTED);
        }
        this.difference_update(vm, other)?;
        Ok(this.to_value())
    }

    #[slot(inplace(Xor))]
    fn xor_inplace(this: &Obj<Set>, vm: &Vm, other: &Value) -> PyResult<Value> {
        if other.downcast::<Set>().is_none() {
            return Ok(NOT_IMPLEMENTED);
        }
        this.symmetric_difference_update(vm, other)?;
        Ok(this.to_value())
    }
}
