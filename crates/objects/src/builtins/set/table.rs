//! The hash table of sets. It compares nothing but hashes and never runs Python code.
//!
//! Entries stand in their slots themselves: a run of neighbours is tried before the walk jumps on, and the table grows at three fifths.
//! Slots, jumps and growth are CPython's, so that sets of numbers come out in the order that programs have come to expect.
//! Invariant: an unused slot has hash 0 and no key, a deleted one hash -1 and no key; no key has hash -1. Of a table of up to 32
//! slots, `keyed` has a bit for each slot with a key and `open` one for each unused slot, and lookups pass over deleted slots, which tables fill up with where
//! keys come and go, by these bits; of a larger one, both say how many there are.

use taipan_heap::{Buffer, Heap, OutOfMemory, Traverse, Value};

const LEAST_SLOTS: usize = 8;
const NEIGHBOURS: usize = 9;
const PERTURB_SHIFT: u32 = 5;
const MANY: usize = 50_000;
const DELETED: i64 = -1;
/// Slots of the largest table that is looked up by its bits.
const MAPPED: usize = u32::BITS as usize;
/// The bits of a run of neighbours.
const RUN: u32 = (1 << (NEIGHBOURS + 1)) - 1;

#[derive(Traverse)]
struct Entry {
    hash: i64,
    key: Option<Value>,
}

impl Entry {
    fn is_unused(&self) -> bool {
        self.key.is_none() && self.hash != DELETED
    }
}

/// See the module's head.
#[derive(Traverse)]
#[traverse(unsafe_drop)]
pub(super) struct Table {
    slots: Buffer<Entry>,
    keyed: u32,
    open: u32,
}

/// A run of neighbours in a table with bits, from its first slot on.
struct Run {
    /// The slots with a key that come before an unused one.
    keyed: u32,
    /// The deleted slots that do.
    deleted: u32,
    /// The unused slots.
    open: u32,
}

/// Where a key is, as far as can be said without running Python code.
pub(super) enum Look {
    Found(usize),
    /// It is not there; the slot where it would go, in a table that has slots.
    Absent(usize),
    /// A key with the same hash has to be asked.
    Unclear,
}

/// A walk over the slots where a key with some hash may be.
pub(super) struct Probe {
    base: usize,
    at: usize,
    neighbours: usize,
    perturb: u64,
}

impl Probe {
    pub(super) fn new(hash: i64, table: &Table) -> Probe {
        let mut probe = Probe { base: 0, at: 0, neighbours: 0, perturb: hash as u64 };
        probe.jump_to(hash as usize, table.mask());
        probe
    }

    fn jump_to(&mut self, slot: usize, mask: usize) {
        self.base = slot & mask;
        self.at = self.base;
        self.neighbours = if self.base + NEIGHBOURS <= mask { NEIGHBOURS } else { 0 };
    }

    #[inline]
    fn advance(&mut self, mask: usize) {
        if self.neighbours > 0 {
            self.neighbours -= 1;
            self.at += 1;
        } else {
            self.perturb >>= PERTURB_SHIFT;
            self.jump_to(self.base.wrapping_mul(5).wrapping_add(1).wrapping_add(self.perturb as usize), mask);
        }
    }
}

impl Drop for Table {
    // Sets let go of their keys from the first slot to the last.
    fn drop(&mut self) {
        let mut left = self.len();
        let mut slots = std::mem::take(&mut self.slots);
        for entry in slots.iter_mut() {
            if left == 0 {
                break;
            }
            if let Some(key) = entry.key.take() {
                left -= 1;
                drop(key);
            }
        }
        // No key is left.
        slots.forget_all();
    }
}

fn unused(heap: &Heap, len: usize) -> Result<Buffer<Entry>, OutOfMemory> {
    let mut slots = Buffer::with_capacity(heap, len)?;
    slots.extend(heap, (0..len).map(|_| Entry { hash: 0, key: None }))?;
    Ok(slots)
}

impl Table {
    pub(super) fn new() -> Table {
        Table { slots: Buffer::new(), keyed: 0, open: 0 }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.count(self.keyed)
    }

    #[inline]
    fn is_mapped(&self) -> bool {
        self.slots.len() <= MAPPED
    }

    /// How many slots one of the two words speaks of.
    #[inline]
    fn count(&self, word: u32) -> usize {
        (if self.is_mapped() { word.count_ones() } else { word }) as usize
    }

    /// Slots that are not unused.
    #[inline]
    fn filled(&self) -> usize {
        self.slots.len() - self.count(self.open)
    }

    /// A key has come to slot `at`, which was unused or not.
    #[inline]
    fn note_key(&mut self, at: usize, unused: bool) {
        if self.is_mapped() {
            self.keyed |= 1 << at;
            self.open &= !(1 << at);
        } else {
            self.keyed += 1;
            self.open -= u32::from(unused);
        }
    }

    /// Number of slots.
    pub(super) fn slots(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<Entry>()
    }

    fn mask(&self) -> usize {
        self.slots.len().saturating_sub(1)
    }

    /// The next slot on the probe's way whose hash is `hash`, and its key; `None` at the end of the way.
    #[inline]
    pub(super) fn next_candidate(&self, probe: &mut Probe, hash: i64) -> Option<(usize, &Value)> {
        let mask = self.mask();
        loop {
            let at = probe.at;
            let entry = self.slots.get(at)?;
            if entry.is_unused() {
                return None;
            }
            probe.advance(mask);
            if entry.hash == hash
                && let Some(key) = &entry.key
            {
                return Some((at, key));
            }
        }
    }

    #[inline(always)]
    fn run(&self, base: usize, mask: usize) -> Run {
        let span = if base + NEIGHBOURS <= mask { RUN } else { 1 };
        let open = self.open >> base & span;
        let before = open.wrapping_sub(1) & !open & span;
        let keyed = self.keyed >> base & before;
        Run { keyed, deleted: before & !keyed, open }
    }

    /// As `look`, in a table with bits.
    #[inline]
    fn look_mapped(&self, key: &Value, hash: i64, same: impl Fn(&Value) -> Option<bool>) -> Look {
        let slots = &self.slots[..];
        let mask = slots.len().wrapping_sub(1);
        let (mut base, mut perturb) = (hash as usize & mask, hash as u64);
        let mut deleted = usize::MAX;
        loop {
            let mut run = self.run(base, mask);
            while run.keyed != 0 {
                let at = base + run.keyed.trailing_zeros() as usize;
                run.keyed &= run.keyed - 1;
                let Some(Entry { hash: own, key: Some(candidate) }) = slots.get(at) else { continue };
                if *own != hash {
                    continue;
                }
                if candidate.is(key) {
                    return Look::Found(at);
                }
                match same(candidate) {
                    Some(true) => return Look::Found(at),
                    Some(false) => {}
                    None => return Look::Unclear,
                }
            }
            if run.deleted != 0 {
                deleted = base + run.deleted.ilog2() as usize;
            }
            if run.open != 0 {
                let unused = base + run.open.trailing_zeros() as usize;
                return Look::Absent(if deleted == usize::MAX { unused } else { deleted });
            }
            perturb >>= PERTURB_SHIFT;
            base = base.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb as usize) & mask;
        }
    }

    /// Looks for `key` among the keys; `same` says of one with its hash whether it is equal, if it can.
    #[inline]
    pub(super) fn look(&self, key: &Value, hash: i64, same: impl Fn(&Value) -> Option<bool>) -> Look {
        let slots = &self.slots[..];
        let Some(mask) = slots.len().checked_sub(1) else { return Look::Absent(0) };
        if mask < MAPPED {
            return self.look_mapped(key, hash, same);
        }
        let (mut base, mut perturb) = (hash as usize & mask, hash as u64);
        let mut deleted = usize::MAX;
        loop {
            let last = if base + NEIGHBOURS <= mask { base + NEIGHBOURS } else { base };
            for (n, entry) in slots[base..=last].iter().enumerate() {
                match &entry.key {
                    Some(own) if entry.hash == hash => {
                        if own.is(key) {
                            return Look::Found(base + n);
                        }
                        match same(own) {
                            Some(true) => return Look::Found(base + n),
                            Some(false) => {}
                            None => return Look::Unclear,
                        }
                    }
                    None if entry.hash != DELETED => {
                        return Look::Absent(if deleted == usize::MAX { base + n } else { deleted });
                    }
                    None => deleted = base + n,
                    _ => {}
                }
            }
            perturb >>= PERTURB_SHIFT;
            base = base.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb as usize) & mask;
        }
    }

    /// Whether `key` is there, by the same walk; `None` if a key with its hash has to be asked.
    #[inline]
    pub(super) fn holds(&self, key: &Value, hash: i64, same: impl Fn(&Value) -> Option<bool>) -> Option<bool> {
        let slots = &self.slots[..];
        let Some(mask) = slots.len().checked_sub(1) else { return Some(false) };
        if mask < MAPPED {
            return match self.look_mapped(key, hash, same) {
                Look::Found(_) => Some(true),
                Look::Absent(_) => Some(false),
                Look::Unclear => None,
            };
        }
        let (mut base, mut perturb) = (hash as usize & mask, hash as u64);
        loop {
            let last = if base + NEIGHBOURS <= mask { base + NEIGHBOURS } else { base };
            for entry in &slots[base..=last] {
                if entry.hash == hash {
                    // Only an unused slot has none.
                    let Some(own) = &entry.key else { return Some(false) };
                    if own.is(key) || same(own)? {
                        return Some(true);
                    }
                } else if entry.hash == 0 && entry.key.is_none() {
                    return Some(false);
                }
            }
            perturb >>= PERTURB_SHIFT;
            base = base.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb as usize) & mask;
        }
    }

    /// Hash and key in slot `at`.
    #[inline]
    pub(super) fn entry(&self, at: usize) -> Option<(i64, &Value)> {
        let entry = self.slots.get(at)?;
        Some((entry.hash, entry.key.as_ref()?))
    }

    /// Adds a key that is not there; it comes back if there is no memory.
    pub(super) fn insert(&mut self, heap: &Heap, hash: i64, key: Value) -> Result<(), (OutOfMemory, Value)> {
        let at = match self.look(&key, hash, |_| Some(false)) {
            Look::Absent(at) | Look::Found(at) => at,
            Look::Unclear => 0,
        };
        self.insert_at(heap, at, hash, key)
    }

    /// The same where `look` has just said where it goes: into the last deleted slot on its way, or else into the unused one at its end.
    #[inline]
    pub(super) fn insert_at(
        &mut self,
        heap: &Heap,
        at: usize,
        hash: i64,
        key: Value,
    ) -> Result<(), (OutOfMemory, Value)> {
        let Some(slot) = self.slots.get_mut(at) else { return self.insert_first(heap, hash, key) };
        let unused = slot.is_unused();
        *slot = Entry { hash, key: Some(key) };
        self.note_key(at, unused);
        if !unused || self.filled() * 5 < self.mask() * 3 { Ok(()) } else { self.grow(heap, at) }
    }

    #[cold]
    fn insert_first(&mut self, heap: &Heap, hash: i64, key: Value) -> Result<(), (OutOfMemory, Value)> {
        match self.resize(heap, 0) {
            Ok(()) => {
                self.place(hash, key);
                Ok(())
            }
            Err(error) => Err((error, key)),
        }
    }

    /// Makes room after a key has come to slot `at`, which is taken out again if there is no memory.
    #[cold]
    fn grow(&mut self, heap: &Heap, at: usize) -> Result<(), (OutOfMemory, Value)> {
        let wanted = if self.len() > MANY { self.len() * 2 } else { self.len() * 4 };
        match self.resize(heap, wanted) {
            Ok(()) => Ok(()),
            Err(error) => self.remove(at).map_or(Ok(()), |key| Err((error, key))),
        }
    }

    /// Puts a key that is not there into the unused slot at the end of its way, in a table without deleted ones.
    #[inline]
    fn place(&mut self, hash: i64, key: Value) {
        let mask = self.mask();
        let slots = &mut self.slots[..];
        let (mut base, mut perturb) = (hash as usize & mask, hash as u64);
        let at = loop {
            let last = if base + NEIGHBOURS <= mask { base + NEIGHBOURS } else { base };
            if let Some(n) = slots[base..=last].iter().position(|entry| entry.key.is_none()) {
                break base + n;
            }
            perturb >>= PERTURB_SHIFT;
            base = base.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb as usize) & mask;
        };
        slots[at] = Entry { hash, key: Some(key) };
        self.note_key(at, true);
    }

    /// Rebuilds the table with more than `wanted` slots, without deleted ones.
    pub(super) fn resize(&mut self, heap: &Heap, wanted: usize) -> Result<(), OutOfMemory> {
        let mut len = LEAST_SLOTS;
        while len <= wanted {
            len = len.checked_mul(2).ok_or(OutOfMemory)?;
        }
        let old = std::mem::replace(&mut self.slots, unused(heap, len)?);
        self.keyed = 0;
        self.open = if self.is_mapped() { u32::MAX >> (MAPPED - len) } else { len as u32 };
        let mut old = old;
        for entry in old.iter_mut() {
            if let Some(key) = entry.key.take() {
                self.place(entry.hash, key);
            }
        }
        // All keys have been taken out.
        old.forget_all();
        Ok(())
    }

    /// Prepares for `more` keys that come at once.
    pub(super) fn reserve(&mut self, heap: &Heap, more: usize) -> Result<(), OutOfMemory> {
        if (self.filled() + more) * 5 >= self.mask_or_least() * 3 {
            return self.resize(heap, (self.len() + more) * 2);
        }
        Ok(())
    }

    fn mask_or_least(&self) -> usize {
        self.slots.len().max(LEAST_SLOTS) - 1
    }

    /// Fills this table, which is empty, with the keys of `other`.
    pub(super) fn fill_from(&mut self, heap: &Heap, other: &Table) -> Result<(), OutOfMemory> {
        if other.keyed == 0 {
            return Ok(());
        }
        self.reserve(heap, other.len())?;
        if self.slots.is_empty() {
            self.resize(heap, 0)?;
        }
        if self.slots.len() == other.slots.len() && other.len() == other.filled() {
            for (own, theirs) in self.slots.iter_mut().zip(other.slots.iter()) {
                *own = Entry { hash: theirs.hash, key: theirs.key.clone() };
            }
            (self.keyed, self.open) = (other.keyed, other.open);
            return Ok(());
        }
        for entry in other.slots.iter() {
            if let Some(key) = &entry.key {
                self.place(entry.hash, key.clone());
            }
        }
        Ok(())
    }

    /// Whether nothing has been in the table since it was made or rebuilt.
    pub(super) fn is_fresh(&self) -> bool {
        self.filled() == 0
    }

    /// Takes the key in slot `at` out.
    pub(super) fn remove(&mut self, at: usize) -> Option<Value> {
        let entry = self.slots.get_mut(at)?;
        let key = entry.key.take()?;
        entry.hash = DELETED;
        if self.is_mapped() {
            self.keyed &= !(1 << at);
        } else {
            self.keyed -= 1;
        }
        Some(key)
    }

    /// Takes a key out, looking from slot `*finger` on, which moves behind it.
    pub(super) fn pop(&mut self, finger: &mut usize) -> Option<Value> {
        if self.keyed == 0 {
            return None;
        }
        let mask = self.mask();
        let mut at = *finger & mask;
        while self.slots[at].key.is_none() {
            at = (at + 1) & mask;
        }
        *finger = at + 1;
        self.remove(at)
    }
}
