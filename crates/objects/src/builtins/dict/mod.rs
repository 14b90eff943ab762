//! `dict`: an insertion-ordered hash table in the compact form: a sparse index table over dense entries.
//!
//! Invariants:
//! * D1: `indices` holds, per slot, 0 (never used), 1 (deleted) or an entry's number plus 2, in 1, 2 or 4 bytes by the table's size.
//! * D2: entries are in insertion order; a removed entry stays behind as a hole (`key` is `None`) until the table is rebuilt.
//! * D3: no borrow of the table is held while a comparison runs Python code; after one, the table's `changes` tells whether to start over.
//! * D4: the version, when not 0, is unique and goes back to 0 when a key is added, removed or moved; values may change under it.

mod table;

use crate::builtins::str::{Str, is_interned};
use crate::vm::{PyResult, Vm};
use std::cell::{Cell, RefCell};
use table::{Probe, Table};
use taipan_heap::{Obj, Payload, Ref, Value};

/// A dict.
#[derive(Payload)]
#[payload(name = "dict")]
pub struct Dict {
    table: RefCell<Table>,
    version: Cell<u32>,
}

impl Dict {
    /// A payload without entries; for subclasses.
    pub fn empty() -> Dict {
        Dict { table: RefCell::new(Table::new()), version: Cell::new(0) }
    }

    /// An empty dict.
    pub fn new(vm: &Vm) -> PyResult<Ref<Dict>> {
        vm.alloc(&*vm.types().dict, Dict::empty())
    }

    /// Number of entries.
    #[inline]
    pub fn len(&self) -> usize {
        self.table.borrow().len()
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The version for caches of key positions; never 0. See D4.
    pub fn version(&self, vm: &Vm) -> u32 {
        match self.version.get() {
            0 => {
                let fresh = vm.interp().fresh_version();
                self.version.set(fresh);
                fresh
            }
            version => version,
        }
    }

    /// The version as it is; 0 when positions are not cached at present.
    #[inline]
    pub fn current_version(&self) -> u32 {
        self.version.get()
    }

    /// A number that grows with every change of the set of keys, for iterators.
    pub fn changes(&self) -> u32 {
        self.table.borrow().changes()
    }

    /// Finds the entry of `key` with hash `hash`. Exact strs are compared at once; others by identity, then `==`.
    fn find(&self, vm: &Vm, key: &Value, hash: i64) -> PyResult<Option<usize>> {
        'again: loop {
            let mut probe = Probe::new(hash);
            loop {
                let table = self.table.borrow();
                let Some((entry, candidate)) = table.next_candidate(&mut probe, hash) else { return Ok(None) };
                if candidate.is(key) {
                    return Ok(Some(entry));
                }
                if let (Some(a), Some(b)) = (exact_str(vm, candidate), exact_str(vm, key)) {
                    if a.same_text(b) {
                        return Ok(Some(entry));
                    }
                    continue;
                }
                let (candidate, changes) = (candidate.clone(), table.changes());
                drop(table);
                let equal = vm.is_equal(&candidate, key)?;
                if self.table.borrow().changes() != changes {
                    continue 'again;
                }
                if equal {
                    return Ok(Some(entry));
                }
            }
        }
    }

    /// The value of `key`.
    pub fn get(&self, vm: &Vm, key: &Value) -> PyResult<Option<Value>> {
        let hash = vm.hash(key)?;
        self.get_hashed(vm, key, hash)
    }

    /// The value of `key`, whose hash is known.
    pub fn get_hashed(&self, vm: &Vm, key: &Value, hash: i64) -> PyResult<Option<Value>> {
        Ok(self.find(vm, key, hash)?.and_then(|entry| self.value_at(entry)))
    }

    /// The value of a str key.
    pub fn get_name(&self, vm: &Vm, name: &Obj<Str>) -> PyResult<Option<Value>> {
        if is_interned(name)
            && let Some(found) = self.find_interned_entry(name)
        {
            return Ok(self.value_at(found));
        }
        self.get_hashed(vm, &name.to_value(), name.hash(vm))
    }

    /// The value under a name given as Rust text.
    pub fn get_text(&self, vm: &Vm, name: &str) -> PyResult<Option<Value>> {
        let name = vm.intern(name)?;
        self.get_name(vm, &name)
    }

    /// The entry whose key is this very object (its hash must have been computed); never runs Python code, never fails.
    pub fn find_interned_entry(&self, name: &Obj<Str>) -> Option<usize> {
        let hash = name.cached_hash()?;
        let table = self.table.borrow();
        let mut probe = Probe::new(hash);
        while let Some((entry, candidate)) = table.next_candidate(&mut probe, hash) {
            if name.is(candidate) || candidate.downcast::<Str>().is_some_and(|own| own.same_text(name)) {
                return Some(entry);
            }
        }
        None
    }

    /// Sets `key` to `value`; the old value is dropped after the change.
    pub fn set(&self, vm: &Vm, key: &Value, value: Value) -> PyResult<()> {
        let hash = vm.hash(key)?;
        self.set_hashed(vm, key, hash, value)
    }

    /// As `set`, with the key's hash known.
    pub fn set_hashed(&self, vm: &Vm, key: &Value, hash: i64, value: Value) -> PyResult<()> {
        if let Some(entry) = self.find(vm, key, hash)? {
            let old = self.table.borrow_mut().replace(entry, value);
            drop(old);
            return Ok(());
        }
        self.version.set(0);
        let inserted = self.table.borrow_mut().insert(vm.heap(), hash, key.clone(), value);
        inserted.map_err(|error| vm.out_of_memory(error))
    }

    /// Sets the value under a name given as Rust text.
    pub fn set_text(&self, vm: &Vm, name: &str, value: Value) -> PyResult<()> {
        let name: Value = vm.intern(name)?.into();
        self.set(vm, &name, value)
    }

    /// Removes `key` and returns its value.
    pub fn remove(&self, vm: &Vm, key: &Value) -> PyResult<Option<Value>> {
        Ok(self.remove_entry(vm, key)?.map(|(_, value)| value))
    }

    /// Removes `key` and returns the key that stood there and its value.
    pub fn remove_entry(&self, vm: &Vm, key: &Value) -> PyResult<Option<(Value, Value)>> {
        let hash = vm.hash(key)?;
        let Some(entry) = self.find(vm, key, hash)? else { return Ok(None) };
        self.version.set(0);
        let removed = self.table.borrow_mut().remove(entry, hash);
        Ok(removed)
    }

    /// Whether `key` is there.
    pub fn contains(&self, vm: &Vm, key: &Value) -> PyResult<bool> {
        let hash = vm.hash(key)?;
        Ok(self.find(vm, key, hash)?.is_some())
    }

    /// The value of entry number `entry`, if there is one.
    #[inline]
    pub fn value_at(&self, entry: usize) -> Option<Value> {
        self.table.borrow().entry(entry).map(|(_, _, value)| value.clone())
    }

    /// Replaces the value of entry `entry` (which exists) and returns the old one.
    pub fn replace_at(&self, entry: usize, value: Value) -> Value {
        self.table.borrow_mut().replace(entry, value)
    }

    /// The first entry at or after number `*position`, which moves behind it.
    pub fn next_entry(&self, position: &mut usize) -> Option<(Value, Value)> {
        let table = self.table.borrow();
        while *position < table.entries_len() {
            let found = table.entry(*position);
            *position += 1;
            if let Some((_, key, value)) = found {
                return Some((key.clone(), value.clone()));
            }
        }
        None
    }

    /// The last entry, removed.
    pub fn pop_last(&self) -> Option<(Value, Value)> {
        self.version.set(0);
        self.table.borrow_mut().pop_last()
    }

    /// The entries as they are now.
    pub fn snapshot(&self) -> Vec<(Value, Value)> {
        let mut position = 0;
        std::iter::from_fn(|| self.next_entry(&mut position)).collect()
    }

    /// Removes everything.
    pub fn clear(&self) {
        self.version.set(0);
        let old = self.table.replace(Table::new());
        self.table.borrow_mut().set_changes(old.changes().wrapping_add(1));
        drop(old);
    }
}

#[inline]
fn exact_str<'a>(vm: &Vm, value: &'a Value) -> Option<&'a Obj<Str>> {
    let string = value.downcast::<Str>()?;
    string.class::<crate::types::Type>().is_some_and(|class| class.is_same(&*vm.types().str)).then_some(string)
}

impl Dict {
    /// The type's description.
    pub fn spec() -> &'static crate::native::TypeSpec {
        static SPEC: crate::native::TypeSpec = crate::native::TypeSpec {
            flags: crate::types::type_flags::BASETYPE,
            ..crate::native::TypeSpec::bare("dict", <Dict as Payload>::info)
        };
        &SPEC
    }
}
