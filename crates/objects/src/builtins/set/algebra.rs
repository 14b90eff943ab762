//! The operations between a set and another set or iterable.
//!
//! Invariant: an operation that makes a new set looks at its operands' elements one by one and compares through them only, so operands may change
//! under it without harm.

use super::Set;
use crate::builtins::dict::Dict;
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Ref, Value, flags};

/// The value as a dict that is no instance of a subclass: its keys' hashes are known.
fn exact_dict(value: &Value) -> Option<&Obj<Dict>> {
    let dict = value.downcast::<Dict>()?;
    dict.header().kind().has(flags::EXACT).then_some(dict)
}

impl Set {
    /// Adds what `other` yields.
    pub fn update(&self, vm: &Vm, other: &Value) -> PyResult<()> {
        if let Some(set) = other.downcast::<Set>() {
            return self.merge(vm, set);
        }
        if let Some(dict) = exact_dict(other) {
            return self.add_keys(vm, dict);
        }
        let mut items = vm.walk(other)?;
        while let Some(item) = items.next(vm)? {
            self.add(vm, &item)?;
        }
        Ok(())
    }

    fn merge(&self, vm: &Vm, other: &Set) -> PyResult<()> {
        if std::ptr::eq(self, other) || other.is_empty() {
            return Ok(());
        }
        if self.table.borrow().is_fresh() {
            let filled = self.table.borrow_mut().fill_from(vm.heap(), &other.table.borrow());
            return filled.map_err(|error| vm.out_of_memory(error));
        }
        let reserved = self.table.borrow_mut().reserve(vm.heap(), other.len());
        reserved.map_err(|error| vm.out_of_memory(error))?;
        let mut position = 0;
        while let Some((hash, key)) = other.next_element(&mut position) {
            self.add_hashed(vm, &key, hash)?;
        }
        Ok(())
    }

    /// A set or frozenset, as this one is, with the same elements.
    pub(super) fn copy_alike(&self, vm: &Vm) -> PyResult<Ref<Set>> {
        let copy = self.new_alike(vm)?;
        copy.merge(vm, self)?;
        Ok(copy)
    }

    /// A new set of the elements that are also in `other`.
    pub fn intersection(&self, vm: &Vm, other: &Value) -> PyResult<Ref<Set>> {
        let made = self.new_alike(vm)?;
        let Some(set) = other.downcast::<Set>() else {
            let iterator = vm.iter(other)?;
            while let Some(item) = vm.next(&iterator)? {
                let hash = vm.hash(&item)?;
                if self.contains_hashed(vm, &item, hash)? {
                    made.add_hashed(vm, &item, hash)?;
                }
            }
            return Ok(made);
        };
        if std::ptr::eq::<Set>(self, &**set) {
            return self.copy_alike(vm);
        }
        let (few, many): (&Set, &Set) = if set.len() > self.len() { (self, set) } else { (set, self) };
        let mut position = 0;
        while let Some((hash, key)) = few.next_element(&mut position) {
            if many.contains_hashed(vm, &key, hash)? {
                made.add_hashed(vm, &key, hash)?;
            }
        }
        Ok(made)
    }

    /// A new set of the elements that are not in `other`.
    pub fn difference(&self, vm: &Vm, other: &Value) -> PyResult<Ref<Set>> {
        let (set, dict) = (other.downcast::<Set>(), exact_dict(other));
        let size = match (set, dict) {
            (Some(set), _) => set.len(),
            (None, Some(dict)) => dict.len(),
            (None, None) => usize::MAX,
        };
        if self.len() >> 2 > size || size == usize::MAX {
            let made = self.copy_alike(vm)?;
            made.difference_update(vm, other)?;
            return Ok(made);
        }
        let made = self.new_alike(vm)?;
        let mut position = 0;
        while let Some((hash, key)) = self.next_element(&mut position) {
            let there = match (set, dict) {
                (Some(set), _) => set.contains_hashed(vm, &key, hash)?,
                (None, Some(dict)) => dict.get_hashed(vm, &key, hash)?.is_some(),
                (None, None) => false,
            };
            if !there {
                made.add_hashed(vm, &key, hash)?;
            }
        }
        Ok(made)
    }

    /// Removes what `other` yields.
    pub fn difference_update(&self, vm: &Vm, other: &Value) -> PyResult<()> {
        if let Some(set) = other.downcast::<Set>() {
            if std::ptr::eq::<Set>(self, &**set) {
                self.clear();
                return Ok(());
            }
            let mut position = 0;
            while let Some((hash, key)) = set.next_element(&mut position) {
                self.discard_hashed(vm, &key, hash)?;
            }
            return Ok(());
        }
        let iterator = vm.iter(other)?;
        while let Some(item) = vm.next(&iterator)? {
            self.discard(vm, &item)?;
        }
        Ok(())
    }

    /// Removes the elements that are in `other` and adds those of `other` that are not here.
    pub fn symmetric_difference_update(&self, vm: &Vm, other: &Value) -> PyResult<()> {
        let made;
        let set: &Set = match other.downcast::<Set>() {
            Some(set) if std::ptr::eq::<Set>(self, &**set) => {
                self.clear();
                return Ok(());
            }
            Some(set) => set,
            None => {
                made = self.new_alike(vm)?;
                made.update(vm, other)?;
                &made
            }
        };
        let mut position = 0;
        while let Some((hash, key)) = set.next_element(&mut position) {
            if !self.discard_hashed(vm, &key, hash)? {
                self.add_hashed(vm, &key, hash)?;
            }
        }
        Ok(())
    }

    /// A new set of the elements that are in one of the two only.
    pub fn symmetric_difference(&self, vm: &Vm, other: &Value) -> PyResult<Ref<Set>> {
        let made = self.new_alike(vm)?;
        made.update(vm, other)?;
        let mut position = 0;
        while let Some((hash, key)) = self.next_element(&mut position) {
            if !made.discard_hashed(vm, &key, hash)? {
                made.add_hashed(vm, &key, hash)?;
            }
        }
        Ok(made)
    }

    /// Whether every element is in `other`.
    pub fn is_subset(&self, vm: &Vm, other: &Set) -> PyResult<bool> {
        if self.len() > other.len() {
            return Ok(false);
        }
        let mut position = 0;
        while let Some((hash, key)) = self.next_element(&mut position) {
            if !other.contains_hashed(vm, &key, hash)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether there is no element that `other` yields, too.
    pub fn is_disjoint(&self, vm: &Vm, other: &Value) -> PyResult<bool> {
        if let Some(set) = other.downcast::<Set>() {
            let (few, many): (&Set, &Set) = if set.len() > self.len() { (self, set) } else { (set, self) };
            let mut position = 0;
            while let Some((hash, key)) = few.next_element(&mut position) {
                if many.contains_hashed(vm, &key, hash)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        let iterator = vm.iter(other)?;
        while let Some(item) = vm.next(&iterator)? {
            if self.contains(vm, &item)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Runs `f` with `other` as a set: itself, or a new one of what it yields.
    pub(super) fn with_set<R>(vm: &Vm, other: &Value, f: impl FnOnce(&Set) -> PyResult<R>) -> PyResult<R> {
        match other.downcast::<Set>() {
            Some(set) => f(set),
            None => f(&*Set::from_iterable(vm, other)?),
        }
    }
}
