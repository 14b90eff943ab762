//! The hash table inside a dict. It compares nothing but hashes and never runs Python code.
//!
//! Probing is open addressing over a power of two, perturbed by the hash's upper bits; the table is rebuilt when two thirds of its slots are used.

use taipan_heap::{Buffer, Heap, OutOfMemory, Traverse, Value};

const EMPTY: usize = 0;
const DELETED: usize = 1;
const FIRST_ENTRY: usize = 2;
const LEAST_BITS: u32 = 3;
const PERTURB_SHIFT: u32 = 5;

#[derive(Traverse)]
struct Entry {
    hash: i64,
    key: Option<Value>,
    value: Option<Value>,
}

/// See the module's head and `Dict`'s invariants D1 and D2.
#[derive(Traverse)]
pub(super) struct Table {
    entries: Buffer<Entry>,
    indices: Buffer<u8>,
    live: u32,
    changes: u32,
    bits: u32,
}

/// The state of a walk over the slots that a hash may be in.
pub(super) struct Probe {
    slot: usize,
    perturb: u64,
    started: bool,
}

impl Probe {
    pub(super) fn new(hash: i64) -> Probe {
        Probe { slot: 0, perturb: hash as u64, started: false }
    }

    #[inline]
    fn advance(&mut self, mask: usize) -> usize {
        if self.started {
            self.perturb >>= PERTURB_SHIFT;
            self.slot = (self.slot.wrapping_mul(5).wrapping_add(self.perturb as usize).wrapping_add(1)) & mask;
        } else {
            self.started = true;
            self.slot = self.perturb as usize & mask;
        }
        self.slot
    }
}

impl Table {
    pub(super) fn new() -> Table {
        Table { entries: Buffer::new(), indices: Buffer::new(), live: 0, changes: 0, bits: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.live as usize
    }

    pub(super) fn changes(&self) -> u32 {
        self.changes
    }

    pub(super) fn set_changes(&mut self, changes: u32) {
        self.changes = changes;
    }

    pub(super) fn entries_len(&self) -> usize {
        self.entries.len()
    }

    fn width(bits: u32) -> usize {
        match bits {
            0..=7 => 1,
            8..=15 => 2,
            _ => 4,
        }
    }

    #[inline]
    fn index(&self, slot: usize) -> usize {
        match Self::width(self.bits) {
            1 => self.indices[slot] as usize,
            2 => u16::from_le_bytes([self.indices[slot * 2], self.indices[slot * 2 + 1]]) as usize,
            _ => {
                let bytes = &self.indices[slot * 4..slot * 4 + 4];
                u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize
            }
        }
    }

    fn set_index(&mut self, slot: usize, index: usize) {
        match Self::width(self.bits) {
            1 => self.indices[slot] = index as u8,
            2 => self.indices[slot * 2..slot * 2 + 2].copy_from_slice(&(index as u16).to_le_bytes()),
            _ => self.indices[slot * 4..slot * 4 + 4].copy_from_slice(&(index as u32).to_le_bytes()),
        }
    }

    /// The next entry on the probe's way whose hash is `hash`; `None` at the end of the way.
    #[inline]
    pub(super) fn next_candidate(&self, probe: &mut Probe, hash: i64) -> Option<(usize, &Value)> {
        if self.bits == 0 {
            return None;
        }
        let mask = (1usize << self.bits) - 1;
        loop {
            let slot = probe.advance(mask);
            match self.index(slot) {
                EMPTY => return None,
                DELETED => {}
                index => {
                    let entry = &self.entries[index - FIRST_ENTRY];
                    if entry.hash == hash
                        && let Some(key) = &entry.key
                    {
                        return Some((index - FIRST_ENTRY, key));
                    }
                }
            }
        }
    }

    /// Hash, key and value of entry `number`, unless it is a hole.
    #[inline]
    pub(super) fn entry(&self, number: usize) -> Option<(i64, &Value, &Value)> {
        let entry = self.entries.get(number)?;
        Some((entry.hash, entry.key.as_ref()?, entry.value.as_ref()?))
    }

    pub(super) fn replace(&mut self, number: usize, value: Value) -> Value {
        match self.entries[number].value.replace(value) {
            Some(old) => old,
            None => unreachable!("replaced entries are not holes"),
        }
    }

    /// Adds a key that is not there.
    pub(super) fn insert(&mut self, heap: &Heap, hash: i64, key: Value, value: Value) -> Result<(), OutOfMemory> {
        if self.bits == 0 || (self.entries.len() + 1) * 3 > (2 << self.bits) {
            self.rebuild(heap)?;
        }
        let number = self.entries.len();
        self.entries.push(heap, Entry { hash, key: Some(key), value: Some(value) })?;
        self.link(hash, number);
        self.live += 1;
        self.changes = self.changes.wrapping_add(1);
        Ok(())
    }

    fn link(&mut self, hash: i64, number: usize) {
        let mask = (1usize << self.bits) - 1;
        let mut probe = Probe::new(hash);
        loop {
            let slot = probe.advance(mask);
            if self.index(slot) == EMPTY {
                self.set_index(slot, number + FIRST_ENTRY);
                return;
            }
        }
    }

    /// Closes the holes and makes the index table fit the number of entries.
    fn rebuild(&mut self, heap: &Heap) -> Result<(), OutOfMemory> {
        let wanted = (self.live as usize + 1) * 2;
        let bits = (usize::BITS - (wanted * 3 / 2).leading_zeros()).max(LEAST_BITS);
        let bytes = Self::width(bits) << bits;
        let mut indices = Buffer::with_capacity(heap, bytes)?;
        indices.extend(heap, std::iter::repeat_n(0u8, bytes))?;
        let mut entries = Buffer::with_capacity(heap, (2usize << bits) / 3)?;
        for entry in self.entries.iter_mut() {
            if entry.key.is_some() {
                entries.push(heap, Entry { hash: entry.hash, key: entry.key.take(), value: entry.value.take() })?;
            }
        }
        self.entries = entries;
        self.indices = indices;
        self.bits = bits;
        for number in 0..self.entries.len() {
            self.link(self.entries[number].hash, number);
        }
        Ok(())
    }

    /// Makes a hole of entry `number`.
    pub(super) fn remove(&mut self, number: usize, hash: i64) -> Option<(Value, Value)> {
        let mask = (1usize << self.bits) - 1;
        let mut probe = Probe::new(hash);
        loop {
            let slot = probe.advance(mask);
            match self.index(slot) {
                EMPTY => return None,
                index if index == number + FIRST_ENTRY => {
                    self.set_index(slot, DELETED);
                    break;
                }
                _ => {}
            }
        }
        self.live -= 1;
        self.changes = self.changes.wrapping_add(1);
        let entry = &mut self.entries[number];
        Some((entry.key.take()?, entry.value.take()?))
    }

    pub(super) fn pop_last(&mut self) -> Option<(Value, Value)> {
        while let Some(last) = self.entries.len().checked_sub(1) {
            if self.entries[last].key.is_some() {
                let hash = self.entries[last].hash;
                let removed = self.remove(last, hash);
                self.entries.pop();
                return removed;
            }
            self.entries.pop();
        }
        None
    }
}
