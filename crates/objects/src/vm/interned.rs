//! The table of interned strs.
//!
//! Invariant: no two strs in it have the same text, and every one is marked as interned and knows its hash.

use crate::builtins::str::{self, Str, StrKind};
use crate::vm::{PyResult, Vm};
use hashbrown::HashTable;
use std::cell::RefCell;
use taipan_heap::{Charge, Ref};

/// The interned strs, found by their own hashes.
#[derive(Default)]
pub struct Interned {
    table: RefCell<HashTable<Ref<Str>>>,
    charge: Charge,
}

fn hash_of(vm: &Vm, string: &Str) -> u64 {
    string.hash(vm) as u64
}

impl Interned {
    /// The interned str with this text, which is ASCII.
    fn find_ascii(&self, text: &str, hash: i64) -> Option<Ref<Str>> {
        let same = |known: &Ref<Str>| known.kind() == StrKind::Ascii && known.bytes() == text.as_bytes();
        self.table.borrow().find(hash as u64, same).cloned()
    }

    /// The interned str equal to `string`, if there is one.
    pub fn find(&self, vm: &Vm, string: &Str) -> Option<Ref<Str>> {
        self.table.borrow().find(hash_of(vm, string), |known| known.same_text(string)).cloned()
    }

    /// Calls `f` with every interned str.
    pub fn each(&self, f: &mut dyn FnMut(&Ref<Str>)) {
        self.table.borrow().iter().for_each(f);
    }

    /// The interned str with this text.
    pub fn intern(&self, vm: &Vm, text: &str) -> PyResult<Ref<Str>> {
        if !text.is_ascii() {
            return Ok(self.intern_str(vm, &Str::new(vm, text)?));
        }
        let hash = vm.interp().hash_key.hash_bytes(text.as_bytes());
        if let Some(found) = self.find_ascii(text, hash) {
            return Ok(found);
        }
        let made = Str::new(vm, text)?;
        self.insert(vm, &made);
        Ok(made)
    }

    /// The interned str equal to `string`: itself, if it is the first.
    pub fn intern_str(&self, vm: &Vm, string: &Ref<Str>) -> Ref<Str> {
        if str::is_interned(string) {
            return string.clone();
        }
        if let Some(found) = self.find(vm, string) {
            return found;
        }
        self.insert(vm, string);
        string.clone()
    }

    /// Adds a str whose text is not in the table.
    fn insert(&self, vm: &Vm, string: &Ref<Str>) {
        str::mark_interned(vm, string);
        let mut table = self.table.borrow_mut();
        if table.len() == table.capacity() {
            // Texts that nobody else holds any more go before the table grows. Caches know names by address.
            table.retain(|text| text.header().count() > 1);
            vm.interp().method_cache.clear();
            let more = if table.len() > table.capacity() / 2 { table.capacity() } else { 0 };
            table.reserve(more + 1, |text| hash_of(vm, text));
            self.charge.force(vm.heap(), table.allocation_size());
        }
        table.insert_unique(hash_of(vm, string), string.clone(), |text| hash_of(vm, text));
    }
}
