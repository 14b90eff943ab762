//! The hash table inside a dict. It compares nothing but hashes and never runs Python code.
//!
//! Few entries need no index at all: their hashes are compared one after the other. Beyond, an index over a power of two of slots leads to
//! the entries by open addressing, perturbed by the hash's upper bits. The table is rebuilt, without its holes, when two thirds of its slots
//! are used; tables without an index count 8 or 16 slots. These are CPython's numbers: programs that change a dict while they iterate
//! over it can see when holes are closed.
//! Removing leaves a hole that keeps its place in the index. Entries and holes at the end are popped in the reverse order of their
//! arrival, so emptying their slots restores exactly the index from before.

use std::cell::Cell;
use taipan_heap::{Buffer, Heap, OutOfMemory, Traverse, Value};

const LEAST_SLOTS: usize = 8;
/// Most entries of a table with 8 slots, and of one with 16, which is recognised by its greater capacity.
const FEW: usize = 5;
const SOME: usize = 10;
/// Tables of so many slots have an index.
const INDEXED: usize = 32;
/// Small tables keep no more room than this.
const KEPT_CAPACITY: usize = 64;
const PERTURB_SHIFT: u32 = 5;

#[derive(Traverse)]
pub(super) struct Entry {
    hash: i64,
    key: Option<Value>,
    value: Option<Value>,
}

/// Per slot 0 (empty) or an entry's number plus 1, in the narrowest type that can hold the table's numbers.
#[derive(Traverse)]
enum Index {
    U8(Buffer<u8>),
    U16(Buffer<u16>),
    U32(Buffer<u32>),
}

/// See the module's head and `Dict`'s invariants D1 and D2. The number of holes stands in the dict and is passed in.
#[derive(Traverse)]
#[traverse(unsafe_drop)]
pub(super) struct Table {
    entries: Buffer<Entry>,
    index: Option<Box<Index>>,
}

/// Where a key is, as far as can be said without running Python code.
pub(super) enum Look {
    Found(usize),
    Absent,
    /// A key with the same hash has to be asked.
    Unclear,
}

/// The state of a walk over the places where a key with some hash may be.
pub(super) struct Probe {
    /// The next slot, or the next entry where there is no index.
    slot: usize,
    perturb: u64,
}

impl Probe {
    #[inline]
    pub(super) fn new(hash: i64, table: &Table) -> Probe {
        match table.index {
            None => Probe { slot: 0, perturb: 0 },
            Some(_) => Probe { slot: hash as usize, perturb: hash as u64 },
        }
    }

    #[inline]
    fn advance(&mut self) {
        self.perturb >>= PERTURB_SHIFT;
        self.slot = self.slot.wrapping_mul(5).wrapping_add(self.perturb as usize).wrapping_add(1);
    }
}

trait Number: Copy {
    fn get(self) -> usize;
    fn of(number: usize) -> Self;
}

macro_rules! numbers {
    ($($ty:ty)*) => {
        $(impl Number for $ty {
            #[inline]
            fn get(self) -> usize {
                self as usize
            }
            #[inline]
            fn of(number: usize) -> $ty {
                number as $ty
            }
        })*
    };
}

numbers!(u8 u16 u32);

#[inline]
fn walk<T: Number>(slots: &[T], entries: &[Entry], probe: &mut Probe, hash: i64) -> Option<usize> {
    let mask = slots.len() - 1;
    loop {
        let number = slots[probe.slot & mask].get();
        probe.advance();
        if number == 0 {
            return None;
        }
        let entry = &entries[number - 1];
        if entry.hash == hash && entry.key.is_some() {
            return Some(number - 1);
        }
    }
}

/// Follows the way of `hash` until `same` says of a key with that hash that it is the one, or cannot say.
#[inline]
fn look_in<T: Number>(slots: &[T], entries: &[Entry], hash: i64, same: impl Fn(&Value) -> Option<bool>) -> Look {
    let mut probe = Probe { slot: hash as usize, perturb: hash as u64 };
    while let Some(number) = walk(slots, entries, &mut probe, hash) {
        match entries[number].key.as_ref().map(&same) {
            Some(Some(true)) => return Look::Found(number),
            Some(None) => return Look::Unclear,
            _ => {}
        }
    }
    Look::Absent
}

/// Puts `new` into the first slot on the way of `hash` that holds `old`.
fn change<T: Number>(slots: &mut [T], hash: i64, old: usize, new: usize) {
    let mask = slots.len() - 1;
    let mut probe = Probe { slot: hash as usize, perturb: hash as u64 };
    while slots[probe.slot & mask].get() != old {
        probe.advance();
    }
    slots[probe.slot & mask] = T::of(new);
}

fn zeros<T: Number>(heap: &Heap, len: usize) -> Result<Buffer<T>, OutOfMemory> {
    let mut slots = Buffer::with_capacity(heap, len)?;
    slots.extend(heap, std::iter::repeat_n(T::of(0), len))?;
    Ok(slots)
}

impl Index {
    fn new(heap: &Heap, len: usize) -> Result<Box<Index>, OutOfMemory> {
        Ok(Box::new(match len {
            0..=0x100 => Index::U8(zeros(heap, len)?),
            0x101..=0x1_0000 => Index::U16(zeros(heap, len)?),
            _ => Index::U32(zeros(heap, len)?),
        }))
    }

    fn len(&self) -> usize {
        match self {
            Index::U8(slots) => slots.len(),
            Index::U16(slots) => slots.len(),
            Index::U32(slots) => slots.len(),
        }
    }

    fn bytes(&self) -> usize {
        size_of::<Index>()
            + match self {
                Index::U8(slots) => slots.len(),
                Index::U16(slots) => slots.len() * 2,
                Index::U32(slots) => slots.len() * 4,
            }
    }

    #[inline]
    fn change(&mut self, hash: i64, old: usize, new: usize) {
        match self {
            Index::U8(slots) => change(slots, hash, old, new),
            Index::U16(slots) => change(slots, hash, old, new),
            Index::U32(slots) => change(slots, hash, old, new),
        }
    }
}

fn usable(slots: usize) -> usize {
    slots * 2 / 3
}

/// Slots of a table that is to hold `entries` entries and to grow.
fn slots_for(entries: usize) -> Result<usize, OutOfMemory> {
    let least = entries.checked_mul(3).and_then(usize::checked_next_power_of_two).ok_or(OutOfMemory)?;
    Ok(least.max(LEAST_SLOTS))
}

impl Drop for Table {
    // Dicts let go of their entries from the first to the last.
    fn drop(&mut self) {
        self.entries.clear_forward();
    }
}

impl Table {
    pub(super) fn new() -> Table {
        Table { entries: Buffer::new(), index: None }
    }

    /// Whether the table has room for a few entries, and no index.
    #[inline]
    pub(super) fn is_small(&self) -> bool {
        self.index.is_none() && (1..=FEW).contains(&self.entries.capacity())
    }

    /// Whether the table has no room yet.
    pub(super) fn is_new(&self) -> bool {
        self.index.is_none() && self.entries.capacity() == 0
    }

    /// Drops all entries of a table without an index, the first one first; the room stays.
    pub(super) fn clear(&mut self) {
        self.entries.clear_forward();
    }

    /// The same, but stops at the first one whose key or value is the last reference to an object. Says whether there are no entries left.
    #[inline]
    pub(super) fn let_go(&mut self) -> bool {
        let quiet = self.entries.iter_mut().all(|e| Value::let_go(&mut e.key) && Value::let_go(&mut e.value));
        if quiet {
            self.entries.forget_all();
        }
        quiet
    }

    /// Adds an entry to a table that has the room for it and no index, nor an entry with that hash. Gives it back if it is not so.
    #[inline]
    pub(super) fn push_unlike(&mut self, (hash, key, value): (i64, Value, Value)) -> Option<(i64, Value, Value)> {
        let len = self.entries.len();
        if self.index.is_some() || len >= self.entries.capacity() || len >= self.most() {
            return Some((hash, key, value));
        }
        if self.entries.iter().any(|entry| entry.hash == hash) {
            return Some((hash, key, value));
        }
        self.entries.push_within(Entry { hash, key: Some(key), value: Some(value) });
        None
    }

    /// As `push_unlike` for a table that is small: takes key and value from their places, or leaves them there and says so.
    #[inline]
    pub(super) fn push_first(&mut self, hash: i64, key: &mut Option<Value>, value: &mut Option<Value>) -> bool {
        if !self.is_small() || self.entries.len() >= self.entries.capacity() {
            return false;
        }
        if value.is_none() || self.entries.iter().any(|entry| entry.hash == hash) {
            return false;
        }
        self.entries.push_within(Entry { hash, key: key.take(), value: value.take() });
        true
    }

    /// Number of entries, holes included.
    #[inline]
    pub(super) fn entries_len(&self) -> usize {
        self.entries.len()
    }

    /// Number of slots of the index; what it was decides whether a walk can go on after the table was out of sight.
    pub(super) fn index_len(&self) -> usize {
        self.index.as_ref().map_or(0, |index| index.len())
    }

    /// Bytes of the entries and the index.
    pub(super) fn bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>() + self.index.as_ref().map_or(0, |index| index.bytes())
    }

    /// The next entry on the probe's way whose hash is `hash`; `None` at the end of the way.
    #[inline]
    pub(super) fn next_candidate(&self, probe: &mut Probe, hash: i64) -> Option<(usize, &Value)> {
        let number = match self.index.as_deref() {
            None => {
                let from = probe.slot;
                let found = self.entries.get(from..)?.iter().position(|e| e.hash == hash && e.key.is_some())? + from;
                probe.slot = found + 1;
                found
            }
            Some(Index::U8(slots)) => walk(slots, &self.entries, probe, hash)?,
            Some(Index::U16(slots)) => walk(slots, &self.entries, probe, hash)?,
            Some(Index::U32(slots)) => walk(slots, &self.entries, probe, hash)?,
        };
        Some((number, self.entries[number].key.as_ref()?))
    }

    /// Looks for a key; `same` says of one with its hash whether it is equal, if it can.
    #[inline]
    pub(super) fn look(&self, hash: i64, same: impl Fn(&Value) -> Option<bool>) -> Look {
        match self.index.as_deref() {
            None => {
                for (number, entry) in self.entries.iter().enumerate().filter(|(_, entry)| entry.hash == hash) {
                    match entry.key.as_ref().map(&same) {
                        Some(Some(true)) => return Look::Found(number),
                        Some(None) => return Look::Unclear,
                        _ => {}
                    }
                }
                Look::Absent
            }
            Some(Index::U8(slots)) => look_in(slots, &self.entries, hash, same),
            Some(Index::U16(slots)) => look_in(slots, &self.entries, hash, same),
            Some(Index::U32(slots)) => look_in(slots, &self.entries, hash, same),
        }
    }

    /// Hash, key and value of entry `number`, unless it is a hole.
    #[inline]
    pub(super) fn entry(&self, number: usize) -> Option<(i64, &Value, &Value)> {
        let entry = self.entries.get(number)?;
        Some((entry.hash, entry.key.as_ref()?, entry.value.as_ref()?))
    }

    /// Puts `value` into entry `number`; gives back what stood there, or `value` itself if there is no such entry.
    #[inline]
    /// Where the value of entry `number` stands; it stays there until the entries change.
    pub(super) fn value_place(&self, number: usize) -> Option<*const Option<Value>> {
        self.entries.get(number).filter(|entry| entry.key.is_some()).map(|entry| &raw const entry.value)
    }

    pub(super) fn replace(&mut self, number: usize, value: Value) -> Value {
        match self.entries.get_mut(number).map(|entry| &mut entry.value) {
            Some(Some(place)) => std::mem::replace(place, value),
            _ => value,
        }
    }

    /// Adds a key that is not there. Allocates before it takes key and value, so failing drops neither inside a borrow: they come back.
    pub(super) fn insert(
        &mut self,
        heap: &Heap,
        holes: &Cell<u32>,
        (hash, key, value): (i64, Value, Value),
    ) -> Result<(), (OutOfMemory, Value, Value)> {
        if let Err(error) = self.make_room(heap, holes) {
            return Err((error, key, value));
        }
        // The room was made above, so this cannot fail.
        let _ = self.entries.push(heap, Entry { hash, key: Some(key), value: Some(value) });
        if let Some(index) = &mut self.index {
            index.change(hash, 0, self.entries.len());
        }
        Ok(())
    }

    fn make_room(&mut self, heap: &Heap, holes: &Cell<u32>) -> Result<(), OutOfMemory> {
        let (len, most) = (self.entries.len(), self.most());
        if len >= most {
            return self.rebuild(heap, holes);
        }
        if len < self.entries.capacity() {
            return Ok(());
        }
        let more = if len < SOME { len.max(2) } else { len / 2 };
        self.entries.reserve_exact(heap, more.min(most - len))
    }

    /// How many entries there may be before the table is rebuilt.
    fn most(&self) -> usize {
        match &self.index {
            Some(index) => usable(index.len()),
            None if self.entries.capacity() > FEW => SOME,
            None => FEW,
        }
    }

    /// Closes the holes and makes the index fit the number of entries; leaves room for one more.
    fn rebuild(&mut self, heap: &Heap, holes: &Cell<u32>) -> Result<(), OutOfMemory> {
        let live = self.entries.len() - holes.get() as usize;
        let slots = slots_for(live)?;
        let fresh = if slots < INDEXED { None } else { Some(Index::new(heap, slots)?) };
        if holes.take() > 0 {
            self.close_holes();
        }
        self.index = fresh;
        self.link_all();
        let (wanted, kept) = match slots {
            LEAST_SLOTS => (live + 1, FEW),
            ..INDEXED => (SOME, KEPT_CAPACITY),
            _ => (live + (live / 2).clamp(1, usable(slots) - live), usize::MAX),
        };
        if self.entries.capacity() > kept {
            self.entries.shrink_to_fit(heap);
        }
        self.entries.reserve_exact(heap, wanted - live)
    }

    fn close_holes(&mut self) {
        let mut kept = 0;
        for at in 0..self.entries.len() {
            if self.entries[at].key.is_some() {
                self.entries.swap(kept, at);
                kept += 1;
            }
        }
        while self.entries.len() > kept {
            self.entries.pop();
        }
    }

    fn link_all(&mut self) {
        let Some(index) = &mut self.index else { return };
        for (number, entry) in self.entries.iter().enumerate() {
            index.change(entry.hash, 0, number + 1);
        }
    }

    /// Room for `entries` entries in an empty table.
    pub(super) fn reserve(&mut self, heap: &Heap, entries: usize) -> Result<(), OutOfMemory> {
        if entries > SOME {
            let least = entries.checked_mul(3).ok_or(OutOfMemory)?.div_ceil(2);
            let slots = least.checked_next_power_of_two().ok_or(OutOfMemory)?;
            self.index = Some(Index::new(heap, slots.max(INDEXED))?);
        }
        let room = if entries > FEW { entries.max(SOME) } else { entries };
        self.entries.reserve_exact(heap, room)
    }

    /// A table with the same entries, without holes.
    pub(super) fn copy(&self, heap: &Heap, holes: &Cell<u32>) -> Result<Table, OutOfMemory> {
        let mut copy = Table::new();
        copy.reserve(heap, self.entries.len() - holes.get() as usize)?;
        for entry in self.entries.iter().filter(|entry| entry.key.is_some()) {
            copy.entries.push(heap, Entry { hash: entry.hash, key: entry.key.clone(), value: entry.value.clone() })?;
        }
        copy.link_all();
        Ok(copy)
    }

    /// Makes a hole of entry `number`.
    pub(super) fn remove(&mut self, holes: &Cell<u32>, number: usize) -> Option<(Value, Value)> {
        let entry = self.entries.get_mut(number)?;
        let removed = (entry.key.take()?, entry.value.take()?);
        holes.set(holes.get() + 1);
        Some(removed)
    }

    /// Takes the last entry off, and the holes behind it.
    pub(super) fn pop(&mut self, holes: &Cell<u32>) -> Option<(Value, Value)> {
        loop {
            let last = self.entries.pop()?;
            if let Some(index) = &mut self.index {
                index.change(last.hash, self.entries.len() + 1, 0);
            }
            match (last.key, last.value) {
                (Some(key), Some(value)) => return Some((key, value)),
                _ => holes.set(holes.get() - 1),
            }
        }
    }
}
