//! The ledger: for each block the bytes that were asked for and the *site*, a number that the embedder gave for the place its program was at.
//!
//! Costs nothing while none is kept. While one is, every allocation takes the slow path (`limit`), and so does every free, as no page lets one pass
//! unnoticed (`Page::notify`). The tables lie outside the heap and hold no references.
//!
//! Charges are no blocks: each has a place in a list, whose number it holds instead of its bytes (`NOTED`).
//!
//! Invariant LG1: while a ledger is kept, a block with an entry is live, and was handed out or changed its size since the ledger was begun or cleared; `current`
//! is the sum of the entries and of the counted charges. If there was no memory for an entry, the block has none.
//! Invariant LG2: a place belongs to one charge, and stays until that gives it up, even when no ledger is kept any more.

use super::{Heap, OutOfMemory};
use crate::header::Header;
use crate::weak::AddressHasher;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ptr::NonNull;
use std::rc::Rc;

/// Marks the number of a charge's place among bytes.
pub(super) const NOTED: usize = 1 << (usize::BITS - 1);

#[derive(Clone, Copy)]
struct Entry {
    bytes: usize,
    site: u32,
}

/// A charge's bytes, and its site if it is counted.
struct Place {
    bytes: usize,
    site: Option<u32>,
}

#[derive(Default)]
struct Places {
    list: Vec<Place>,
    free: Vec<usize>,
}

type Blocks = HashMap<usize, Entry, BuildHasherDefault<AddressHasher>>;

/// Says where the program is, as a number. Called within allocations: may not touch the heap.
pub type Sites = Rc<dyn Fn() -> u32>;

#[derive(Default)]
pub(super) struct Ledger {
    on: Cell<bool>,
    sites: RefCell<Option<Sites>>,
    /// The embedder is being asked for a site.
    asking: Cell<bool>,
    blocks: RefCell<Blocks>,
    charges: RefCell<Places>,
    current: Cell<usize>,
    peak: Cell<usize>,
}

impl Ledger {
    #[inline]
    pub(super) fn is_on(&self) -> bool {
        self.on.get()
    }

    /// The site; none for what is asked for while it is being found out.
    fn site(&self) -> Option<u32> {
        if self.asking.replace(true) {
            return None;
        }
        let sites = self.sites.borrow().clone();
        let site = sites.map(|sites| sites());
        self.asking.set(false);
        site
    }

    fn add(&self, bytes: usize) {
        let current = self.current.get() + bytes;
        self.current.set(current);
        self.peak.set(self.peak.get().max(current));
    }

    fn subtract(&self, bytes: usize) {
        self.current.set(self.current.get() - bytes);
    }

    /// A block was handed out, or has another size now.
    pub(super) fn note_block(&self, block: NonNull<u8>, bytes: usize) {
        if !self.is_on() {
            return;
        }
        self.forget_block(block);
        let Some(site) = self.site() else { return };
        let mut blocks = self.blocks.borrow_mut();
        if blocks.try_reserve(1).is_ok() {
            blocks.insert(block.addr().get(), Entry { bytes, site });
            self.add(bytes);
        }
    }

    /// A block is free.
    pub(super) fn forget_block(&self, block: NonNull<u8>) {
        if let Some(entry) = self.blocks.borrow_mut().remove(&block.addr().get()) {
            self.subtract(entry.bytes);
        }
    }

    /// What a charge of `bytes` is to hold: the number of a place, or just these.
    #[cold]
    pub(super) fn note_charge(&self, bytes: usize) -> usize {
        if !self.is_on() || bytes == 0 {
            return bytes;
        }
        let Some(site) = self.site() else { return bytes };
        let mut places = self.charges.borrow_mut();
        let made = Place { bytes, site: Some(site) };
        let number = match places.free.pop() {
            Some(number) => {
                places.list[number] = made;
                number
            }
            None => {
                // Giving a place up must not need memory.
                let number = places.list.len();
                if places.list.try_reserve(1).is_err() || places.free.try_reserve(number + 1).is_err() {
                    return bytes;
                }
                places.list.push(made);
                number
            }
        };
        self.add(bytes);
        NOTED | number
    }

    /// The bytes of a charge that holds a place's number.
    #[cold]
    pub(super) fn charge_bytes(&self, held: usize) -> usize {
        self.charges.borrow().list.get(held & !NOTED).map_or(0, |place| place.bytes)
    }

    /// A charge gives its place up.
    #[cold]
    pub(super) fn forget_charge(&self, held: usize) {
        let mut places = self.charges.borrow_mut();
        let number = held & !NOTED;
        let Some(place) = places.list.get_mut(number) else { return };
        let counted = place.site.take().map(|_| place.bytes);
        place.bytes = 0;
        places.free.push(number);
        if places.free.len() == places.list.len() {
            *places = Places::default();
        }
        if let Some(bytes) = counted {
            self.subtract(bytes);
        }
    }

    fn clear(&self) {
        let old = self.blocks.take();
        for place in &mut self.charges.borrow_mut().list {
            place.site = None;
        }
        self.current.set(0);
        self.peak.set(0);
        drop(old);
    }
}

impl Heap {
    /// Keeps a ledger from now on. `sites` is called within every allocation.
    pub fn keep_ledger(&self, sites: Sites) {
        let old = self.ledger.sites.replace(Some(sites));
        if !self.ledger.on.replace(true) {
            self.update_bias();
            self.update_notify();
        }
        drop(old);
    }

    /// Keeps none any more.
    pub fn end_ledger(&self) {
        if self.ledger.on.replace(false) {
            self.ledger.clear();
            self.update_bias();
            self.update_notify();
        }
        let old = self.ledger.sites.take();
        drop(old);
    }

    /// Calls `f`, whose allocations the ledger does not note: what they are for is no doing of the program.
    pub fn off_the_ledger<R>(&self, f: impl FnOnce() -> R) -> R {
        let asking = self.ledger.asking.replace(true);
        let result = f();
        self.ledger.asking.set(asking);
        result
    }

    /// Whether a ledger is kept.
    #[inline]
    pub fn keeps_ledger(&self) -> bool {
        self.ledger.is_on()
    }

    /// Forgets all entries: what there is now counts as made before.
    pub fn clear_ledger(&self) {
        self.ledger.clear();
    }

    /// The bytes of all entries, and the most they ever were.
    pub fn ledger_bytes(&self) -> (usize, usize) {
        (self.ledger.current.get(), self.ledger.peak.get())
    }

    /// Forgets the most they ever were.
    pub fn reset_ledger_peak(&self) {
        self.ledger.peak.set(self.ledger.current.get());
    }

    /// The bytes that the ledger itself takes, about.
    pub fn ledger_memory(&self) -> usize {
        let blocks = self.ledger.blocks.borrow().capacity();
        // A table keeps an eighth of its places empty, and a byte for each.
        let blocks = (blocks + blocks / 7) * (size_of::<(usize, Entry)>() + 1);
        let places = self.ledger.charges.borrow();
        blocks + places.list.capacity() * size_of::<Place>() + places.free.capacity() * size_of::<usize>()
    }

    /// Bytes and site of every entry, in no order.
    pub fn ledger_entries(&self) -> Result<Vec<(usize, u32)>, OutOfMemory> {
        let (blocks, places) = (self.ledger.blocks.borrow(), self.ledger.charges.borrow());
        let mut entries = Vec::new();
        entries.try_reserve_exact(blocks.len() + places.list.len()).map_err(|_| OutOfMemory)?;
        entries.extend(blocks.values().map(|entry| (entry.bytes, entry.site)));
        entries.extend(places.list.iter().filter_map(|place| Some((place.bytes, place.site?))));
        Ok(entries)
    }

    /// The site at which an object's block was asked for, if it has an entry.
    pub fn site_of(&self, object: &Header) -> Option<u32> {
        self.ledger.blocks.borrow().get(&object.address()).map(|entry| entry.site)
    }
}
