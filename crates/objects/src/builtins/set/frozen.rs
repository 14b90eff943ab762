//! What Python sees of `frozenset`, and what it has in common with `set` (`shared`).
//!
//! Invariant: nothing here changes a set that existed before the call.

use super::{Set, SetIterator};
use crate::builtins::generic_alias::GenericAlias;
use crate::builtins::tuple::Tuple;
use crate::native::{Args, Rest};
use crate::types::{BinaryOp, CompareOp, Type};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Ref, Value, flags};
use taipan_macros::pytype;

/// `frozenset`; its payload is `Set`.
pub struct FrozenSet;

/// frozenset(iterable=(), /)
/// --
///
/// Build an immutable unordered collection of unique elements.
#[pytype(name = "frozenset", payload = Set, flags = BASETYPE | MATCH_SELF)]
impl FrozenSet {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let exact = class.is_same(&*vm.types().frozenset);
        let iterable = args.for_new(vm, "frozenset", class, &vm.types().frozenset)?;
        let iterable = iterable.expect(vm, "frozenset", 0, 1)?.first();
        if exact
            && let Some(iterable) = iterable
            && vm.class_of(iterable).is_same(class)
        {
            return Ok(iterable.clone());
        }
        let made = Set::new_instance(vm, class, true)?;
        if let Some(iterable) = iterable {
            made.update(vm, iterable)?;
        }
        Ok(made.into())
    }

    #[slot]
    fn hash(this: &Obj<Set>) -> PyResult<i64> {
        if this.hash.get() == -1 {
            let mut position = 0;
            let hashes = std::iter::from_fn(|| this.next_element(&mut position)).map(|(hash, _)| hash);
            this.hash.set(taipan_numeric::hash::hash_frozenset(hashes));
        }
        Ok(this.hash.get())
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
    #[method(sig = "other, /")]
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
}

/// What `set` and `frozenset` have in common.
pub(super) mod shared {
    use super::super::hash_key;
    use super::*;
    use crate::builtins::list::List;
    use crate::builtins::sequence::not_comparable;
    use crate::builtins::str::Str;
    use crate::builtins::str::StrBuilder;
    use crate::builtins::{NOT_IMPLEMENTED, boolean};

    pub fn copy(vm: &Vm, this: &Obj<Set>) -> PyResult<Value> {
        if this.frozen && this.header().kind().has(flags::EXACT) {
            return Ok(this.to_value());
        }
        Ok(this.copy_alike(vm)?.into())
    }

    pub fn intersection(vm: &Vm, this: &Obj<Set>, others: &[Value]) -> PyResult<Value> {
        let Some((first, rest)) = others.split_first() else { return Ok(this.copy_alike(vm)?.into()) };
        let mut made = this.intersection(vm, first)?;
        for other in rest {
            made = made.intersection(vm, other)?;
        }
        Ok(made.into())
    }

    pub fn difference(vm: &Vm, this: &Obj<Set>, others: &[Value]) -> PyResult<Ref<Set>> {
        let Some((first, rest)) = others.split_first() else { return this.copy_alike(vm) };
        let made = this.difference(vm, first)?;
        rest.iter().try_for_each(|other| made.difference_update(vm, other))?;
        Ok(made)
    }

    /// Runs `f` with `key`; a set, which has no hash, is looked for as the frozenset equal to it.
    pub fn as_key(vm: &Vm, key: &Value, f: impl Fn(&Value) -> PyResult<bool>) -> PyResult<bool> {
        match key.downcast::<Set>() {
            Some(set) if !set.frozen => {
                let result = hash_key(vm, key);
                if result.is_ok() {
                    return f(key);
                }
                if !vm.raised_is(&vm.types().type_error) {
                    return result.map(|_| false);
                }
                drop(vm.swap_exception(None));
                f(&Set::frozen_from_iterable(vm, key)?.into())
            }
            _ => f(key),
        }
    }

    pub fn contains(vm: &Vm, this: &Obj<Set>, key: &Value) -> PyResult<bool> {
        as_key(vm, key, |key| this.contains(vm, key))
    }

    pub fn reduce(vm: &Vm, this: &Obj<Set>) -> PyResult<Ref<Tuple>> {
        let class = vm.class_of(&this.to_value()).to_value();
        let elements = List::from_values(vm, this.snapshot())?;
        let arguments = Tuple::new(vm, [elements.into()].into_iter())?;
        let name = &vm.names().__getstate__;
        let state = vm.call_special(&this.to_value(), name, &[])?.unwrap_or(crate::builtins::NONE);
        Tuple::new(vm, [class, arguments.into(), state].into_iter())
    }

    pub fn repr(vm: &Vm, this: &Obj<Set>) -> PyResult<Value> {
        let value = this.to_value();
        let name = vm.type_name(&value);
        if this.is_empty() {
            return Ok(Str::new(vm, &format!("{name}()"))?.into());
        }
        let shown = vm.repr_once(&value, || {
            let plain = vm.class_of(&value).is_same(&*vm.types().set);
            let mut text = StrBuilder::new();
            if !plain {
                text.push_str(&name);
                text.push_str("(");
            }
            text.push_str("{");
            for (index, element) in this.snapshot().iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                text.push_repr(vm, element)?;
            }
            text.push_str(if plain { "}" } else { "})" });
            Ok(text.finish(vm)?.into())
        })?;
        shown.map_or_else(|| Ok(Str::new(vm, &format!("{name}(...)"))?.into()), Ok)
    }

    pub fn compare(vm: &Vm, this: &Obj<Set>, other: &Value, op: CompareOp) -> PyResult<Value> {
        let Some(other) = other.downcast::<Set>() else { return not_comparable() };
        let result = match op {
            CompareOp::Eq => same_elements(vm, this, other)?,
            CompareOp::Ne => !same_elements(vm, this, other)?,
            CompareOp::Le => this.is_subset(vm, other)?,
            CompareOp::Ge => other.is_subset(vm, this)?,
            CompareOp::Lt => this.len() < other.len() && this.is_subset(vm, other)?,
            CompareOp::Gt => this.len() > other.len() && other.is_subset(vm, this)?,
        };
        Ok(boolean(result))
    }

    fn same_elements(vm: &Vm, left: &Set, right: &Set) -> PyResult<bool> {
        let (a, b) = (left.hash.get(), right.hash.get());
        if left.len() != right.len() || (a != -1 && b != -1 && a != b) {
            return Ok(false);
        }
        left.is_subset(vm, right)
    }

    pub fn binary(vm: &Vm, left: &Value, right: &Value, op: BinaryOp) -> PyResult<Value> {
        let (Some(own), Some(other)) = (left.downcast::<Set>(), right.downcast::<Set>()) else {
            return Ok(NOT_IMPLEMENTED);
        };
        let made = match op {
            BinaryOp::Or => {
                let made = own.copy_alike(vm)?;
                if !own.is_same(other) {
                    made.update(vm, right)?;
                }
                made
            }
            BinaryOp::And => own.intersection(vm, right)?,
            BinaryOp::Sub => own.difference(vm, right)?,
            _ => own.symmetric_difference(vm, right)?,
        };
        Ok(made.into())
    }
}
