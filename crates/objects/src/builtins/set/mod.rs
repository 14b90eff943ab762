//! `set` and `frozenset`: one payload with a hash table of keys; `frozen` tells them apart.
//!
//! `table` is the table itself, `algebra` the operations between sets and iterables, `methods` and `frozen` what Python sees, `iter` the iterator.
//! Invariant: no borrow of the table is held while a comparison runs Python code; after one, it is checked that the key still stands there.
//! A frozenset does not change once Python code has seen it.

mod algebra;
mod frozen;
mod iter;
mod methods;
mod table;

pub use frozen::FrozenSet;
pub use iter::SetIterator;

use crate::builtins::dict::{Dict, unhashable};
use crate::builtins::sequence::same_tuples;
use crate::builtins::str::Str;
use crate::types::Type;
use crate::vm::{PyResult, Vm};
use std::cell::{Cell, RefCell};
use table::{Look, Probe, Table};
use taipan_heap::{Obj, Payload, Ref, Value, flags};

/// A set or frozenset.
#[derive(Payload)]
#[payload(name = "set")]
pub struct Set {
    table: RefCell<Table>,
    /// Where `pop` looks next.
    finger: Cell<u32>,
    frozen: bool,
    /// The hash of a frozenset; -1 when it was not computed yet.
    hash: Cell<i64>,
}

/// The value as a set or frozenset, subclasses included.
#[inline]
pub fn as_set(value: &Value) -> Option<&Obj<Set>> {
    value.downcast::<Set>()
}

/// The value as a set or frozenset of no subclass.
#[inline]
pub fn exact_set(value: &Value) -> Option<&Obj<Set>> {
    value.downcast::<Set>().filter(|set| set.header().kind().has(flags::EXACT))
}

#[inline]
fn exact_str(value: &Value) -> Option<&Obj<Str>> {
    let string = value.downcast::<Str>()?;
    string.header().kind().has(flags::EXACT).then_some(string)
}

/// `hash(key)`, with the message CPython gives for values that have none.
#[inline]
pub fn hash_key(vm: &Vm, key: &Value) -> PyResult<i64> {
    vm.hash(key).map_err(|raised| unhashable(vm, raised, key, "a set element"))
}

impl Set {
    fn payload(frozen: bool) -> Set {
        Set { table: RefCell::new(Table::new()), finger: Cell::new(0), frozen, hash: Cell::new(-1) }
    }

    /// An empty set.
    pub fn new(vm: &Vm) -> PyResult<Ref<Set>> {
        vm.alloc(&*vm.types().set, Set::payload(false))
    }

    /// An empty frozenset, to be filled before it is shown to anyone.
    pub fn new_frozen(vm: &Vm) -> PyResult<Ref<Set>> {
        vm.alloc(&*vm.types().frozenset, Set::payload(true))
    }

    /// An empty instance of `class`, a subclass of set or frozenset or one of these.
    fn new_instance(vm: &Vm, class: &Obj<Type>, frozen: bool) -> PyResult<Ref<Set>> {
        let payload = Set::payload(frozen);
        let exact = class.is_same(&*vm.types().set) || class.is_same(&*vm.types().frozenset);
        if exact { vm.alloc(class, payload) } else { vm.alloc_instance(class, payload) }
    }

    /// An empty set or frozenset, as this one is.
    fn new_alike(&self, vm: &Vm) -> PyResult<Ref<Set>> {
        if self.frozen { Set::new_frozen(vm) } else { Set::new(vm) }
    }

    /// A set of what an iterable yields.
    pub fn from_iterable(vm: &Vm, iterable: &Value) -> PyResult<Ref<Set>> {
        let set = Set::new(vm)?;
        set.update(vm, iterable)?;
        Ok(set)
    }

    /// A frozenset of what an iterable yields.
    pub fn frozen_from_iterable(vm: &Vm, iterable: &Value) -> PyResult<Ref<Set>> {
        let set = Set::new_frozen(vm)?;
        set.update(vm, iterable)?;
        Ok(set)
    }

    /// Whether it is a frozenset.
    pub fn is_frozen(&self) -> bool {
        self.frozen
    }

    /// Number of elements.
    #[inline]
    pub fn len(&self) -> usize {
        self.table.borrow().len()
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Looks for a key as far as that can be done without running Python code.
    #[inline]
    fn look(&self, key: &Value, hash: i64) -> Look {
        let same = |own: &Value| match own.downcast_exact::<Str>() {
            Some(own) => key.downcast_exact::<Str>().map(|key| own.same_text(key)),
            None if key.is_int() && own.is_int() => Some(false),
            None => same_tuples(own, key),
        };
        self.table.borrow().look(key, hash, same)
    }

    #[inline]
    fn find(&self, vm: &Vm, key: &Value, hash: i64) -> PyResult<Option<usize>> {
        match self.look(key, hash) {
            Look::Found(at) => Ok(Some(at)),
            Look::Absent(_) => Ok(None),
            Look::Unclear => self.find_asking(vm, key, hash),
        }
    }

    /// Whether an int or a str is there, if that can be said without running Python code.
    #[inline(never)]
    pub fn knows(&self, vm: &Vm, key: &Value) -> Option<bool> {
        if let Some(n) = key.as_int() {
            let other = |own: &Value| own.is_int().then_some(false);
            return self.table.borrow().holds(key, taipan_numeric::hash::hash_small(n), other);
        }
        let text = key.downcast_exact::<Str>()?;
        let same = |own: &Value| own.downcast_exact::<Str>().map(|own| own.same_text(text));
        self.table.borrow().holds(key, text.hash(vm), same)
    }

    /// The same where keys have to be compared by what their classes say.
    #[inline(never)]
    fn find_asking(&self, vm: &Vm, key: &Value, hash: i64) -> PyResult<Option<usize>> {
        'again: loop {
            let mut probe = Probe::new(hash, &self.table.borrow());
            loop {
                let table = self.table.borrow();
                let Some((at, candidate)) = table.next_candidate(&mut probe, hash) else { return Ok(None) };
                if candidate.is(key) {
                    return Ok(Some(at));
                }
                if let (Some(a), Some(b)) = (exact_str(candidate), exact_str(key)) {
                    if a.same_text(b) {
                        return Ok(Some(at));
                    }
                    continue;
                }
                let (candidate, slots) = (candidate.clone(), table.slots());
                drop(table);
                let equal = vm.is_equal(&candidate, key)?;
                let table = self.table.borrow();
                let stands = table.entry(at).is_some_and(|(_, own)| own.is(&candidate));
                if !stands || table.slots() != slots {
                    continue 'again;
                }
                if equal {
                    return Ok(Some(at));
                }
            }
        }
    }

    /// Adds an element, unless an equal one is there.
    #[inline]
    pub fn add(&self, vm: &Vm, key: &Value) -> PyResult<()> {
        let hash = match key.as_int() {
            Some(number) => taipan_numeric::hash::hash_small(number),
            None => hash_key(vm, key)?,
        };
        self.add_hashed(vm, key, hash)
    }

    fn add_hashed(&self, vm: &Vm, key: &Value, hash: i64) -> PyResult<()> {
        let inserted = match self.look(key, hash) {
            Look::Found(_) => return Ok(()),
            Look::Absent(at) => self.table.borrow_mut().insert_at(vm.heap(), at, hash, key.clone()),
            Look::Unclear if self.find_asking(vm, key, hash)?.is_some() => return Ok(()),
            Look::Unclear => self.table.borrow_mut().insert(vm.heap(), hash, key.clone()),
        };
        inserted.map_err(|(error, _)| vm.out_of_memory(error))
    }

    /// Whether `key` is there.
    #[inline]
    pub fn contains(&self, vm: &Vm, key: &Value) -> PyResult<bool> {
        let hash = hash_key(vm, key)?;
        Ok(self.find(vm, key, hash)?.is_some())
    }

    /// Whether `key`, whose hash is known, is there.
    pub fn contains_hashed(&self, vm: &Vm, key: &Value, hash: i64) -> PyResult<bool> {
        Ok(self.find(vm, key, hash)?.is_some())
    }

    /// Removes `key`; whether it was there.
    pub fn discard(&self, vm: &Vm, key: &Value) -> PyResult<bool> {
        let hash = hash_key(vm, key)?;
        self.discard_hashed(vm, key, hash)
    }

    fn discard_hashed(&self, vm: &Vm, key: &Value, hash: i64) -> PyResult<bool> {
        let Some(at) = self.find(vm, key, hash)? else { return Ok(false) };
        let removed = self.table.borrow_mut().remove(at);
        Ok(removed.is_some())
    }

    /// Removes and returns some element.
    pub fn pop(&self) -> Option<Value> {
        let mut finger = self.finger.get() as usize;
        let popped = self.table.borrow_mut().pop(&mut finger);
        self.finger.set(finger as u32);
        popped
    }

    /// Removes everything.
    pub fn clear(&self) {
        self.finger.set(0);
        let old = self.table.replace(Table::new());
        drop(old);
    }

    /// Exchanges the elements of two sets.
    fn swap(&self, other: &Set) {
        self.table.swap(&other.table);
    }

    /// The first element in slot `*position` or behind, with its hash; `*position` moves behind it.
    #[inline]
    pub fn next_element(&self, position: &mut usize) -> Option<(i64, Value)> {
        let table = self.table.borrow();
        while *position < table.slots() {
            let found = table.entry(*position);
            *position += 1;
            if let Some((hash, key)) = found {
                return Some((hash, key.clone()));
            }
        }
        None
    }

    /// The elements as they are now.
    pub fn snapshot(&self) -> Vec<Value> {
        let mut position = 0;
        std::iter::from_fn(|| self.next_element(&mut position)).map(|(_, key)| key).collect()
    }

    /// Bytes of the table.
    pub fn table_bytes(&self) -> usize {
        self.table.borrow().bytes()
    }

    /// Adds the keys of a dict, whose hashes are known.
    fn add_keys(&self, vm: &Vm, dict: &Dict) -> PyResult<()> {
        let reserved = self.table.borrow_mut().reserve(vm.heap(), dict.len());
        reserved.map_err(|error| vm.out_of_memory(error))?;
        let mut position = 0;
        while let Some((hash, key, _)) = dict.next_hashed(&mut position) {
            self.add_hashed(vm, &key, hash)?;
        }
        Ok(())
    }
}
