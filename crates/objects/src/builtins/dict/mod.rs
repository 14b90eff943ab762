//! `dict`: an insertion-ordered hash table in the compact form: an index over dense entries, and nothing but the entries while they are few.
//!
//! `table` is the table itself, `update` merges, `methods` is what Python sees, `views` and `iter` are the views and iterators.
//!
//! Invariants:
//! * D1: the index, if there is one, holds per slot 0 (empty) or an entry's number plus 1, in 1, 2 or 4 bytes by the table's size.
//! * D2: entries are in insertion order; a removed entry stays behind as a hole (`key` is `None`) until the table is rebuilt or it is popped.
//! * D3: no borrow of the table is held while a comparison runs Python code; after one, it is checked that the entry still stands there.
//! * D4: the version, when not 0, is unique and goes back to 0 when a key is added, removed or moved; values may change under it.

mod iter;
mod methods;
mod table;
mod update;
mod views;

pub use iter::{DictIterator, drive_all, reduce_entries};
pub use update::{iterator_of_keys, merge_keywords, merge_mapping, plain_dict, update_from};
pub use views::{DictItems, DictKeys, DictValues, DictView, ViewKind, renamed};

use crate::builtins::sequence::same_tuples;
use crate::builtins::str::Str;
use crate::types::Type;
use crate::vm::{PyResult, Raised, Vm};
use std::cell::{Cell, RefCell};
use table::{Look, Probe, Table};
use taipan_heap::{Obj, Payload, Ref, Retire, Value, flags};

/// A dict.
#[derive(Payload)]
#[payload(name = "dict", retire)]
pub struct Dict {
    table: RefCell<Table>,
    version: Cell<u32>,
    holes: Cell<u32>,
}

impl Retire for Dict {
    const SHELF: usize = 1;
    fn retire(&self) -> bool {
        // Nobody can reach the dict any more, so the borrow may last while entries are dropped.
        let mut table = self.table.borrow_mut();
        if !table.is_small() {
            return false;
        }
        table.clear();
        self.version.set(0);
        self.holes.set(0);
        true
    }
    #[inline(always)]
    fn retire_quietly(&self) -> bool {
        let mut table = self.table.borrow_mut();
        if !table.is_small() || !table.let_go() {
            return false;
        }
        self.version.set(0);
        self.holes.set(0);
        true
    }
}

/// Displays of so many keys and values take the room that there is; larger ones ask for theirs first.
const UNRESERVED: usize = 4;

/// What looking at a candidate without running Python code says.
enum Verdict {
    Same,
    Other,
    Ask,
}

#[inline]
fn verdict(candidate: &Value, key: &Value) -> Verdict {
    if candidate.is(key) {
        return Verdict::Same;
    }
    if candidate.is_int() && key.is_int() {
        return Verdict::Other;
    }
    match (exact_str(candidate), exact_str(key)) {
        (Some(a), Some(b)) if a.same_text(b) => Verdict::Same,
        (Some(_), Some(_)) => Verdict::Other,
        _ => match same_tuples(candidate, key) {
            Some(true) => Verdict::Same,
            Some(false) => Verdict::Other,
            None => Verdict::Ask,
        },
    }
}

#[inline]
fn exact_str(value: &Value) -> Option<&Obj<Str>> {
    let string = value.downcast::<Str>()?;
    string.header().kind().has(flags::EXACT).then_some(string)
}

/// `hash(key)`, with the message CPython gives for keys that have none.
#[inline]
pub fn hash_key(vm: &Vm, key: &Value) -> PyResult<i64> {
    vm.hash(key).map_err(|raised| unhashable(vm, raised, key, "a dict key"))
}

/// Rewords the TypeError of an unhashable value that was to be `role`.
#[cold]
pub fn unhashable(vm: &Vm, raised: Raised, key: &Value, role: &str) -> Raised {
    let exception = vm.take_exception(raised).to_value();
    if !vm.class_of(&exception).is_same(&*vm.types().type_error) {
        vm.swap_exception(Some(exception));
        return raised;
    }
    let Ok(message) = vm.str(&exception) else { return raised };
    let class = vm.class_of(key).qualified_name(vm);
    let class = class.strip_prefix("__main__.").unwrap_or(&class);
    vm.type_error(format!("cannot use '{class}' as {role} ({})", message.to_lossy()))
}

impl Dict {
    /// A payload without entries; for subclasses.
    pub fn empty() -> Dict {
        Dict { table: RefCell::new(Table::new()), version: Cell::new(0), holes: Cell::new(0) }
    }

    /// An empty dict.
    pub fn new(vm: &Vm) -> PyResult<Ref<Dict>> {
        vm.alloc(&*vm.types().dict, Dict::empty())
    }

    /// A dict of the pairs of keys and values that a display has left in a block of registers, which is empty afterwards.
    pub fn build(vm: &Vm, block: &mut [Option<Value>]) -> PyResult<Ref<Dict>> {
        if block.len() > UNRESERVED {
            return Dict::build_slowly(vm, block);
        }
        let Some(dict) = vm.heap().take_retired_at_once::<Dict>(&*vm.types().dict) else {
            return Dict::build_slowly(vm, block);
        };
        let mut done = 0;
        if let Ok(mut table) = dict.table.try_borrow_mut() {
            for pair in block.chunks_exact_mut(2) {
                let [key, value] = pair else { break };
                let name = key.as_ref().and_then(Value::downcast_exact::<Str>);
                let Some(hash) = name.and_then(|name| name.cached_hash()) else { break };
                if !table.push_first(hash, key, value) {
                    break;
                }
                done += 2;
            }
        }
        if done == block.len() { Ok(dict) } else { Dict::fill(vm, dict, block) }
    }

    #[inline(never)]
    fn build_slowly(vm: &Vm, block: &mut [Option<Value>]) -> PyResult<Ref<Dict>> {
        let dict = match vm.heap().take_retired::<Dict>(&*vm.types().dict) {
            Some(dict) => dict,
            None => Dict::new(vm)?,
        };
        Dict::fill(vm, dict, block)
    }

    #[inline(never)]
    fn fill(vm: &Vm, dict: Ref<Dict>, block: &mut [Option<Value>]) -> PyResult<Ref<Dict>> {
        if block.len() > UNRESERVED {
            let reserved = dict.table.borrow_mut().reserve(vm.heap(), block.len() / 2);
            reserved.map_err(|error| vm.out_of_memory(error))?;
        }
        for pair in block.chunks_exact_mut(2) {
            let [key, value] = pair else { continue };
            let (Some(key), Some(value)) = (key.take(), value.take()) else { continue };
            let hash = match exact_str(&key) {
                Some(name) => name.hash(vm),
                None => hash_key(vm, &key)?,
            };
            let unlike = dict.table.borrow_mut().push_unlike((hash, key, value));
            if let Some((hash, key, value)) = unlike {
                dict.set_hashed(vm, &key, hash, value)?;
            }
        }
        Ok(dict)
    }

    /// An empty dict with room for `capacity` entries.
    pub fn with_capacity(vm: &Vm, capacity: usize) -> PyResult<Ref<Dict>> {
        let mut table = Table::new();
        table.reserve(vm.heap(), capacity).map_err(|error| vm.out_of_memory(error))?;
        vm.alloc(&*vm.types().dict, Dict { table: RefCell::new(table), version: Cell::new(0), holes: Cell::new(0) })
    }

    /// An empty instance of `class`.
    pub fn new_instance(vm: &Vm, class: &Obj<Type>) -> PyResult<Ref<Dict>> {
        if class.is_same(&*vm.types().dict) { Dict::new(vm) } else { vm.alloc_instance(class, Dict::empty()) }
    }

    /// A dict with the same entries.
    pub fn copy(&self, vm: &Vm) -> PyResult<Ref<Dict>> {
        let copied = self.table.borrow().copy(vm.heap(), &self.holes);
        let table = RefCell::new(copied.map_err(|error| vm.out_of_memory(error))?);
        vm.alloc(&*vm.types().dict, Dict { table, version: Cell::new(0), holes: Cell::new(0) })
    }

    /// Shows key and value of an entry by its number, for reports: `f` runs no program code.
    pub fn look_at(&self, entry: usize, f: impl FnOnce(&Value, &Value)) {
        if let Some((_, key, value)) = self.table.borrow().entry(entry) {
            f(key, value);
        }
    }

    /// The number that entries have to be below.
    pub fn entries_len(&self) -> usize {
        self.table.borrow().entries_len()
    }

    /// Number of entries.
    #[inline]
    pub fn len(&self) -> usize {
        self.table.borrow().entries_len() - self.holes.get() as usize
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The version for caches of key positions; 0: none is left, and none may be cached. See D4.
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

    /// Finds the entry of `key` with hash `hash`. Strs and ints are compared at once; others by identity, then `==`.
    fn find(&self, vm: &Vm, key: &Value, hash: i64) -> PyResult<Option<usize>> {
        let same = |own: &Value| match verdict(own, key) {
            Verdict::Same => Some(true),
            Verdict::Other => Some(false),
            Verdict::Ask => None,
        };
        match self.table.borrow().look(hash, same) {
            Look::Found(entry) => return Ok(Some(entry)),
            Look::Absent => return Ok(None),
            Look::Unclear => {}
        }
        self.find_asking(vm, key, hash)
    }

    /// The same where keys have to be compared by what their classes say.
    #[inline(never)]
    fn find_asking(&self, vm: &Vm, key: &Value, hash: i64) -> PyResult<Option<usize>> {
        'again: loop {
            let mut probe = Probe::new(hash, &self.table.borrow());
            loop {
                let table = self.table.borrow();
                let Some((entry, candidate)) = table.next_candidate(&mut probe, hash) else { return Ok(None) };
                match verdict(candidate, key) {
                    Verdict::Same => return Ok(Some(entry)),
                    Verdict::Other => continue,
                    Verdict::Ask => {}
                }
                let (candidate, slots) = (candidate.clone(), table.index_len());
                drop(table);
                let equal = vm.is_equal(&candidate, key)?;
                let table = self.table.borrow();
                let stands = table.entry(entry).is_some_and(|(_, own, _)| own.is(&candidate));
                if !stands || table.index_len() != slots {
                    continue 'again;
                }
                if equal {
                    return Ok(Some(entry));
                }
            }
        }
    }

    /// Whether the immediate int `key` is there, if that can be said without running Python code.
    #[inline]
    pub fn knows_int(&self, key: &Value, number: i64) -> Option<bool> {
        let same = |own: &Value| if own.is_int() { Some(own.is(key)) } else { None };
        match self.table.borrow().look(taipan_numeric::hash::hash_small(number), same) {
            Look::Found(_) => Some(true),
            Look::Absent => Some(false),
            Look::Unclear => None,
        }
    }

    /// The value under the immediate int `key`. `None` is final unless a key of another type compares equal to it.
    #[inline]
    pub fn value_of_int(&self, key: &Value, number: i64) -> Option<Value> {
        let same = |own: &Value| if own.is_int() { Some(own.is(key)) } else { None };
        let table = self.table.borrow();
        match table.look(taipan_numeric::hash::hash_small(number), same) {
            Look::Found(entry) => table.entry(entry).map(|(_, _, value)| value.clone()),
            Look::Absent | Look::Unclear => None,
        }
    }

    /// The value of `key`.
    #[inline]
    pub fn get(&self, vm: &Vm, key: &Value) -> PyResult<Option<Value>> {
        let hash = hash_key(vm, key)?;
        self.get_hashed(vm, key, hash)
    }

    /// The value of `key`, whose hash is known.
    #[inline]
    pub fn get_hashed(&self, vm: &Vm, key: &Value, hash: i64) -> PyResult<Option<Value>> {
        Ok(self.find(vm, key, hash)?.and_then(|entry| self.value_at(entry)))
    }

    /// The value of a str key.
    pub fn get_name(&self, vm: &Vm, name: &Obj<Str>) -> PyResult<Option<Value>> {
        self.get_hashed(vm, &name.to_value(), name.hash(vm))
    }

    /// The value under a name given as Rust text.
    pub fn get_text(&self, vm: &Vm, name: &str) -> PyResult<Option<Value>> {
        let name = vm.intern(name)?;
        self.get_name(vm, &name)
    }

    /// The value of a str key, looking at exact strs only; never runs Python code. `None` is final unless a key of another type
    /// compares equal to the str.
    #[inline]
    pub fn get_str_fast(&self, vm: &Vm, name: &Obj<Str>) -> Option<Value> {
        self.value_at(self.find_str(name, name.hash(vm))?)
    }

    /// The entry whose key has the text of `name` (whose hash must have been computed); never runs Python code, never fails.
    #[inline]
    pub fn find_interned_entry(&self, name: &Obj<Str>) -> Option<usize> {
        self.find_str(name, name.cached_hash()?)
    }

    /// Whether the str `key` with hash `hash` is a key, if that can be told without asking other classes.
    #[inline]
    pub fn knows_str(&self, key: &Obj<Str>, hash: i64) -> Option<bool> {
        let look = self.table.borrow().look(hash, |own| {
            if key.is(own) {
                return Some(true);
            }
            own.downcast_exact::<Str>().map(|own| own.same_text(key))
        });
        match look {
            Look::Found(_) => Some(true),
            Look::Absent => Some(false),
            Look::Unclear => None,
        }
    }

    #[inline]
    fn find_str(&self, name: &Obj<Str>, hash: i64) -> Option<usize> {
        let table = self.table.borrow();
        let mut probe = Probe::new(hash, &table);
        while let Some((entry, candidate)) = table.next_candidate(&mut probe, hash) {
            if name.is(candidate) || candidate.downcast::<Str>().is_some_and(|own| own.same_text(name)) {
                return Some(entry);
            }
        }
        None
    }

    /// Sets `key` to `value`; the old value is dropped after the change.
    #[inline]
    pub fn set(&self, vm: &Vm, key: &Value, value: Value) -> PyResult<()> {
        let hash = hash_key(vm, key)?;
        self.set_hashed(vm, key, hash, value)
    }

    /// Sets keys to the values that come after them; a dict that has never held anything gets room for all of them first.
    pub fn set_pairs(&self, vm: &Vm, mut pairs: impl ExactSizeIterator<Item = Value>) -> PyResult<()> {
        if pairs.len() > 2 && self.table.borrow().is_new() {
            let reserved = self.table.borrow_mut().reserve(vm.heap(), pairs.len() / 2);
            reserved.map_err(|error| vm.out_of_memory(error))?;
        }
        while let (Some(key), Some(value)) = (pairs.next(), pairs.next()) {
            let hash = match exact_str(&key) {
                Some(name) => name.hash(vm),
                None => hash_key(vm, &key)?,
            };
            self.version.set(0);
            let unlike = self.table.borrow_mut().push_unlike((hash, key, value));
            if let Some((hash, key, value)) = unlike {
                self.set_hashed(vm, &key, hash, value)?;
            }
        }
        Ok(())
    }

    /// As `set`, with the key's hash known.
    #[inline]
    pub fn set_hashed(&self, vm: &Vm, key: &Value, hash: i64, value: Value) -> PyResult<()> {
        if let Some(entry) = self.find(vm, key, hash)? {
            let old = self.table.borrow_mut().replace(entry, value);
            drop(old);
            return Ok(());
        }
        self.insert_new(vm, key.clone(), hash, value)
    }

    /// Adds a key that is known not to be there.
    #[inline]
    pub fn insert_new(&self, vm: &Vm, key: Value, hash: i64, value: Value) -> PyResult<()> {
        self.version.set(0);
        let inserted = self.table.borrow_mut().insert(vm.heap(), &self.holes, (hash, key, value));
        inserted.map_err(|(error, _, _)| vm.out_of_memory(error))
    }

    /// The value of `key`, which is set to `default` first if it is not there.
    pub fn set_default(&self, vm: &Vm, key: &Value, default: Value) -> PyResult<Value> {
        let hash = hash_key(vm, key)?;
        if let Some(value) = self.get_hashed(vm, key, hash)? {
            return Ok(value);
        }
        self.insert_new(vm, key.clone(), hash, default.clone())?;
        Ok(default)
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
        let hash = hash_key(vm, key)?;
        self.remove_hashed(vm, key, hash)
    }

    /// As `remove_entry`, with the key's hash known.
    pub fn remove_hashed(&self, vm: &Vm, key: &Value, hash: i64) -> PyResult<Option<(Value, Value)>> {
        let Some(entry) = self.find(vm, key, hash)? else { return Ok(None) };
        Ok(self.remove_at(entry))
    }

    fn remove_at(&self, entry: usize) -> Option<(Value, Value)> {
        self.version.set(0);
        self.table.borrow_mut().remove(&self.holes, entry)
    }

    /// Whether `key` is there.
    pub fn contains(&self, vm: &Vm, key: &Value) -> PyResult<bool> {
        let hash = hash_key(vm, key)?;
        Ok(self.find(vm, key, hash)?.is_some())
    }

    /// The value of entry number `entry`, if there is one.
    #[inline]
    pub fn value_at(&self, entry: usize) -> Option<Value> {
        self.table.borrow().entry(entry).map(|(_, _, value)| value.clone())
    }

    /// Where the value of entry number `entry` stands, for caches; it stays there for as long as the version does (D4).
    pub fn value_place(&self, entry: usize) -> Option<*const Option<Value>> {
        self.table.borrow().value_place(entry)
    }

    /// The value of entry number `entry`, if its key is this very object.
    #[inline]
    pub fn value_at_with_key(&self, entry: usize, key: &Value) -> Option<Value> {
        self.table.borrow().entry(entry).filter(|(_, own, _)| own.is(key)).map(|(_, _, value)| value.clone())
    }

    /// The value of entry number `entry`, if its key is the object whose word is `key`.
    #[inline]
    pub fn value_under(&self, entry: usize, key: u64) -> Option<Value> {
        self.table.borrow().entry(entry).filter(|(_, own, _)| own.bits() == key).map(|(_, _, value)| value.clone())
    }

    /// Calls `f` with the values of the first entries, as long as their keys are the objects with these words.
    #[inline]
    pub fn each_under(&self, keys: impl Iterator<Item = u64>, mut f: impl FnMut(&Value)) {
        let table = self.table.borrow();
        for (entry, key) in keys.enumerate() {
            let Some((_, _, value)) = table.entry(entry).filter(|(_, own, _)| own.bits() == key) else { return };
            f(value);
        }
    }

    /// Replaces that value and returns the old one.
    #[inline]
    pub fn replace_under(&self, entry: usize, key: u64, value: &Value) -> Option<Value> {
        let mut table = self.table.borrow_mut();
        table.entry(entry).filter(|(_, own, _)| own.bits() == key)?;
        Some(table.replace(entry, value.clone()))
    }

    /// Replaces the value of entry `entry` and returns the old one (or `value` itself if there is no such entry).
    #[inline]
    pub fn replace_at(&self, entry: usize, value: Value) -> Value {
        self.table.borrow_mut().replace(entry, value)
    }

    /// The first entry at or after number `*position`, which moves behind it.
    #[inline]
    pub fn next_entry(&self, position: &mut usize) -> Option<(Value, Value)> {
        self.next_hashed(position).map(|(_, key, value)| (key, value))
    }

    /// As `next_entry`, with the key's hash.
    #[inline]
    pub fn next_hashed(&self, position: &mut usize) -> Option<(i64, Value, Value)> {
        self.take_next(position, |hash, key, value| (hash, key.clone(), value.clone()))
    }

    /// As `next_entry`: what `pick` takes from the entry, which runs no Python code.
    #[inline]
    pub fn pick_next<R>(&self, position: &mut usize, pick: impl Fn(&Value, &Value) -> R) -> Option<R> {
        self.take_next(position, |_, key, value| pick(key, value))
    }

    #[inline(always)]
    fn take_next<R>(&self, position: &mut usize, pick: impl Fn(i64, &Value, &Value) -> R) -> Option<R> {
        let table = self.table.borrow();
        while *position < table.entries_len() {
            let found = table.entry(*position);
            *position += 1;
            if let Some((hash, key, value)) = found {
                return Some(pick(hash, key, value));
            }
        }
        None
    }

    /// The last entry before number `*position`, which moves to it.
    pub fn previous_entry(&self, position: &mut usize) -> Option<(Value, Value)> {
        let table = self.table.borrow();
        // The table was replaced by a smaller one: nothing of what was to come is left.
        if *position > table.entries_len() {
            *position = 0;
        }
        while *position > 0 {
            *position -= 1;
            if let Some((_, key, value)) = table.entry(*position) {
                return Some((key.clone(), value.clone()));
            }
        }
        None
    }

    /// The number behind the last entry; where walking backwards begins.
    pub fn end(&self) -> usize {
        self.table.borrow().entries_len()
    }

    /// The last entry, removed.
    pub fn pop_last(&self) -> Option<(Value, Value)> {
        self.version.set(0);
        self.table.borrow_mut().pop(&self.holes)
    }

    /// The entries as they are now.
    pub fn snapshot(&self) -> Vec<(Value, Value)> {
        let mut position = 0;
        std::iter::from_fn(|| self.next_entry(&mut position)).collect()
    }

    /// The keys as they are now.
    pub fn keys(&self) -> Vec<Value> {
        let mut position = 0;
        std::iter::from_fn(|| self.next_entry(&mut position)).map(|(key, _)| key).collect()
    }

    /// Removes everything.
    pub fn clear(&self) {
        self.version.set(0);
        self.holes.set(0);
        let old = self.table.replace(Table::new());
        drop(old);
    }

    /// Bytes of the entries and the index.
    pub fn table_bytes(&self) -> usize {
        self.table.borrow().bytes()
    }
}
