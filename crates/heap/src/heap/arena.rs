//! Arenas: large regions of address space, cut into granules of one page each.
//!
//! A run of granules is a *span*: one granule for a page of small blocks, more for a large block. A block of more than
//! `HUGE` bytes gets a region of its own. Freed granules are reused first, the emptiest arenas last, and their memory goes back
//! to the system when more than an eighth of what is in use lies idle.
//!
//! Arenas are asked for at ascending addresses, whatever the system's own order: what is older then mostly stands before what it came to refer to, which is
//! how the collector walks (`trial`).
//!
//! Invariant A1: the table is sorted by address; `heads` has a bit for each granule at which a span with a valid page head
//! begins; `free` has a bit for each granule that belongs to no span; no granule is both.

use super::os;
use std::ptr::NonNull;

/// Bytes of a page, and the alignment of every page head.
pub(crate) const PAGE: usize = if cfg!(miri) { 4096 } else { 32 * 1024 };
const GRANULES: usize = 128;
const ARENA: usize = PAGE * GRANULES;
/// Blocks above this size get a region of their own.
pub(crate) const HUGE: usize = ARENA / 4;
const IDLE: usize = 32;
/// Bytes of address space that arenas ascend through.
const ROOM: usize = 64 << 30;

struct Arena {
    base: NonNull<u8>,
    len: usize,
    free: u128,
    heads: u128,
    dirty: u128,
}

impl Arena {
    fn granule(&self, address: usize) -> u32 {
        ((address - self.base.addr().get()) / PAGE) as u32
    }

    fn at(&self, granule: u32) -> NonNull<u8> {
        // SAFETY: A1, O1: the granule lies in the region.
        unsafe { self.base.add(granule as usize * PAGE) }
    }

    fn is_huge(&self) -> bool {
        self.free == 0 && self.heads == 1
    }

    /// Gives the memory of idle granules back; says how many there were.
    fn purge(&mut self) -> usize {
        let mut idle = self.free & self.dirty;
        let count = idle.count_ones() as usize;
        while idle != 0 {
            let first = idle.trailing_zeros();
            let run = (idle >> first).trailing_ones();
            // SAFETY: A1, O1: free granules hold nothing.
            unsafe { os::discard(self.at(first), run as usize * PAGE) };
            idle &= !mask(first, run);
        }
        self.dirty &= !self.free;
        count
    }
}

fn mask(first: u32, run: u32) -> u128 {
    (if run >= 128 { u128::MAX } else { (1 << run) - 1 }) << first
}

/// The first of `run` neighbouring set bits.
fn find_run(bits: u128, run: u32) -> Option<u32> {
    let mut starts = bits;
    let mut have = 1;
    while have < run && starts != 0 {
        let step = have.min(run - have);
        starts &= starts >> step;
        have += step;
    }
    (starts != 0).then(|| starts.trailing_zeros())
}

/// The table of arenas of one heap.
pub(crate) struct Arenas {
    table: Vec<Arena>,
    /// Where there was `ROOM` when the first arena was asked for; `None` if nowhere.
    room: Option<usize>,
    /// No arena before this one has a free granule.
    hint: usize,
    used: usize,
    idle: usize,
    /// Bytes of regions with one large block each.
    huge: usize,
    /// The most bytes that were committed at one time.
    peak: usize,
}

impl Arenas {
    pub(crate) const fn new() -> Arenas {
        Arenas { table: Vec::new(), room: None, hint: 0, used: 0, idle: 0, huge: 0, peak: 0 }
    }

    /// Takes a span of `run` granules; whoever takes it writes its page head before anything else happens.
    pub(crate) fn take(&mut self, run: usize) -> Option<NonNull<u8>> {
        let wanted = u32::try_from(run).ok()?;
        let found = (self.hint..self.table.len())
            .find_map(|index| find_run(self.table[index].free, wanted).map(|first| (index, first)));
        let (index, first) = match found {
            Some(found) => found,
            None => (self.add_behind()?, 0),
        };
        let arena = &mut self.table[index];
        let bits = mask(first, wanted);
        arena.free &= !bits;
        arena.heads |= 1 << first;
        self.idle -= (arena.dirty & bits).count_ones() as usize;
        arena.dirty |= bits;
        self.used += run;
        self.note_peak();
        if run == 1 {
            self.hint = index;
        }
        Some(self.table[index].at(first))
    }

    /// Gives a span back.
    pub(crate) fn give(&mut self, span: NonNull<u8>, run: usize) {
        let index = self.index_of(span.addr().get());
        let arena = &mut self.table[index];
        let first = arena.granule(span.addr().get());
        arena.free |= mask(first, run as u32);
        arena.heads &= !(1 << first);
        self.used -= run;
        self.idle += run;
        self.hint = self.hint.min(index);
        if arena.free == u128::MAX && self.table.len() > 1 {
            self.idle -= self.table[index].dirty.count_ones() as usize;
            self.remove(index);
        } else if self.idle > IDLE + self.used / 8 {
            self.trim();
        }
    }

    /// Makes a span longer in place, if the granules behind it are free.
    pub(crate) fn extend(&mut self, span: NonNull<u8>, run: usize, new: usize) -> bool {
        let index = self.index_of(span.addr().get());
        let arena = &mut self.table[index];
        let first = arena.granule(span.addr().get());
        if first as usize + new > GRANULES {
            return false;
        }
        let more = mask(first + run as u32, (new - run) as u32);
        if arena.free & more != more {
            return false;
        }
        arena.free &= !more;
        self.idle -= (arena.dirty & more).count_ones() as usize;
        arena.dirty |= more;
        self.used += new - run;
        self.note_peak();
        true
    }

    /// A region of its own for one large block.
    pub(crate) fn take_huge(&mut self, len: usize) -> Option<NonNull<u8>> {
        self.table.try_reserve(1).ok()?;
        let index = self.add(os::reserve(len)?, len, 0);
        self.table[index].heads = 1;
        self.huge += len;
        self.note_peak();
        Some(self.table[index].base)
    }

    /// Gives such a region back.
    pub(crate) fn give_huge(&mut self, span: NonNull<u8>) {
        let index = self.index_of(span.addr().get());
        self.huge -= self.table[index].len;
        self.remove(index);
    }

    /// Changes the length of such a region.
    pub(crate) fn resize_huge(&mut self, span: NonNull<u8>, len: usize) -> Option<NonNull<u8>> {
        let index = self.index_of(span.addr().get());
        let Arena { base, len: old, .. } = self.table[index];
        // SAFETY: A1, O1: the region is ours and whole; the table is put right below.
        let moved = unsafe { os::remap(base, old, len)? };
        let mut arena = self.table.remove(index);
        arena.base = moved;
        arena.len = len;
        self.insert(arena);
        self.huge = self.huge - old + len;
        self.note_peak();
        Some(moved)
    }

    /// Gives the memory of all idle granules back.
    pub(crate) fn trim(&mut self) {
        for arena in self.table.iter_mut().filter(|arena| !arena.is_huge()) {
            self.idle -= arena.purge();
        }
    }

    /// The span heads at or behind position `at`, in address order: the next one and the position behind it.
    pub(crate) fn next_span(&self, at: (usize, u32)) -> Option<(NonNull<u8>, (usize, u32))> {
        let (mut index, mut granule) = at;
        while let Some(arena) = self.table.get(index) {
            let rest = if granule >= 128 { 0 } else { arena.heads >> granule };
            if rest != 0 {
                let granule = granule + rest.trailing_zeros();
                return Some((arena.at(granule), (index, granule + 1)));
            }
            index += 1;
            granule = 0;
        }
        None
    }

    /// The span whose first granule an address lies in.
    pub(crate) fn span_around(&self, address: usize) -> Option<NonNull<u8>> {
        let index = self.table.partition_point(|arena| arena.base.addr().get() <= address).checked_sub(1)?;
        let arena = self.table.get(index).filter(|arena| address - arena.base.addr().get() < arena.len)?;
        let granule = arena.granule(address);
        (granule < GRANULES as u32 && arena.heads >> granule & 1 != 0).then(|| arena.at(granule))
    }

    /// Bytes of granules that no span uses but that are resident.
    pub(crate) fn idle_bytes(&self) -> usize {
        self.idle * PAGE
    }

    /// Bytes of spans and idle granules, and the most there ever were.
    pub(crate) fn committed_bytes(&self) -> (usize, usize) {
        ((self.used + self.idle) * PAGE + self.huge, self.peak)
    }

    fn note_peak(&mut self) {
        self.peak = self.peak.max(self.committed_bytes().0);
    }

    /// Bytes of address space reserved.
    pub(crate) fn reserved_bytes(&self) -> usize {
        self.table.iter().map(|arena| arena.len).sum()
    }

    /// A new arena, if possible behind all others.
    fn add_behind(&mut self) -> Option<usize> {
        self.table.try_reserve(1).ok()?;
        if self.table.is_empty() {
            self.room = os::find_room(ROOM);
        }
        let wanted = self.room.map(|room| {
            let behind = self.table.partition_point(|arena| arena.base.addr().get() < room + ROOM);
            // The system may put regions of large blocks where there is room for arenas.
            let last = self.table[..behind].iter().rfind(|arena| !arena.is_huge());
            last.map_or(room, |arena| (arena.base.addr().get() + arena.len).next_multiple_of(PAGE).max(room))
        });
        let base = wanted.and_then(|wanted| os::reserve_at(wanted, ARENA)).or_else(|| os::reserve(ARENA))?;
        Some(self.add(base, ARENA, u128::MAX))
    }

    fn add(&mut self, base: NonNull<u8>, len: usize, free: u128) -> usize {
        self.insert(Arena { base, len, free, heads: 0, dirty: 0 })
    }

    fn insert(&mut self, arena: Arena) -> usize {
        let index = self.table.partition_point(|other| other.base < arena.base);
        self.table.insert(index, arena);
        self.hint = self.hint.min(index);
        index
    }

    fn remove(&mut self, index: usize) {
        let arena = self.table.remove(index);
        // SAFETY: O1: nothing in the region is used any more.
        unsafe { os::unmap(arena.base, arena.len) };
        self.hint = self.hint.min(index);
    }

    fn index_of(&self, address: usize) -> usize {
        self.table.partition_point(|arena| arena.base.addr().get() <= address) - 1
    }
}

impl Drop for Arenas {
    fn drop(&mut self) {
        for arena in &self.table {
            // SAFETY: O1: the heap goes, and with it all that was in its regions.
            unsafe { os::unmap(arena.base, arena.len) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found() {
        assert_eq!(find_run(0, 1), None);
        assert_eq!(find_run(0b1011_0111, 3), Some(0));
        assert_eq!(find_run(0b1011_0110, 3), None);
        assert_eq!(find_run(u128::MAX << 95, 33), Some(95));
        assert_eq!(find_run(u128::MAX << 96, 33), None);
        assert_eq!(find_run(u128::MAX, 128), Some(0));
    }

    #[test]
    #[cfg(not(miri))]
    fn arenas_ascend() {
        let mut arenas = Arenas::new();
        let mut last = 0;
        for _ in 0..5 * GRANULES {
            let span = arenas.take(1).unwrap().addr().get();
            assert!(span > last, "a later span stands behind");
            last = span;
            if arenas.table.len() == 1 {
                arenas.take_huge(ARENA).unwrap();
            }
        }
        assert_eq!(arenas.table.len(), 6);
    }

    #[test]
    fn spans_come_and_go() {
        let mut arenas = Arenas::new();
        let spans: Vec<_> = (0..200).map(|_| arenas.take(1).unwrap()).collect();
        let wide = arenas.take(33).unwrap();
        assert!(arenas.extend(wide, 33, 35));
        let huge = arenas.take_huge(5 * ARENA).unwrap();
        let mut seen = 0;
        let mut at = (0, 0);
        let mut last = 0;
        while let Some((span, next)) = arenas.next_span(at) {
            assert!(span.addr().get() > last, "in address order");
            last = span.addr().get();
            seen += 1;
            at = next;
        }
        assert_eq!(seen, 202);
        for span in spans {
            arenas.give(span, 1);
        }
        arenas.give(wide, 35);
        arenas.give_huge(huge);
        assert_eq!(arenas.used, 0);
        assert!(arenas.next_span((0, 0)).is_none());
        assert!(arenas.table.len() <= 1);
        arenas.trim();
        assert_eq!(arenas.idle, 0);
    }
}
