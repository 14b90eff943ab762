//! Which objects were made since a moment: what a series of snapshots needs to know an object again, whatever stands at its address meanwhile.
//!
//! Costs nothing while nobody asks. While somebody does, every allocation takes the slow path (`limit`), which sets a bit for the block.
//!
//! Invariant M1: while noting is on, a live block's bit is set if, and only if, the block was handed out since the last `forget_made`; bits of
//! free blocks say nothing. If there was no memory for a bit, `lost` is set, and nothing is said of any object.

use super::Heap;
use super::arena::PAGE;
use crate::header::Header;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ptr::NonNull;
use std::rc::{Rc, Weak};

const WORDS: usize = PAGE / 8 / 64;

#[derive(Default)]
struct Bits {
    /// Where a granule's words begin, by the number of the granule.
    places: HashMap<usize, usize>,
    words: Vec<u64>,
}

impl Bits {
    fn set(&mut self, address: usize) -> Option<()> {
        let granule = address / PAGE;
        let place = match self.places.get(&granule) {
            Some(&place) => place,
            None => {
                self.places.try_reserve(1).ok()?;
                self.words.try_reserve(WORDS).ok()?;
                let place = self.words.len();
                self.words.resize(place + WORDS, 0);
                self.places.insert(granule, place);
                place
            }
        };
        let bit = address % PAGE / 8;
        *self.words.get_mut(place + bit / 64)? |= 1 << (bit % 64);
        Some(())
    }

    fn get(&self, address: usize) -> bool {
        let Some(&place) = self.places.get(&(address / PAGE)) else { return false };
        let bit = address % PAGE / 8;
        self.words.get(place + bit / 64).is_some_and(|word| word >> (bit % 64) & 1 != 0)
    }
}

/// The blocks handed out lately.
#[derive(Default)]
pub(super) struct Made {
    /// Whoever wants to know holds a copy.
    watched: RefCell<Weak<()>>,
    on: Cell<bool>,
    lost: Cell<bool>,
    bits: RefCell<Bits>,
}

impl Made {
    pub(super) fn is_on(&self) -> bool {
        self.on.get()
    }

    /// Stops when nobody wants to know any more; says whether it did.
    pub(super) fn stop_unwatched(&self) -> bool {
        let stops = self.on.get() && self.watched.borrow().strong_count() == 0;
        if stops {
            self.on.set(false);
            *self.bits.borrow_mut() = Bits::default();
        }
        stops
    }
}

/// While there is one, the heap notes which objects are made, and every allocation takes the slow path.
#[derive(Clone)]
pub struct Watch(Rc<()>);

impl Watch {
    /// Whether an object was made since the last `Heap::forget_made`; `None` if there was no memory to note it.
    pub fn was_made(&self, heap: &Heap, object: &Header) -> Option<bool> {
        (!heap.made.lost.get()).then(|| heap.made.bits.borrow().get(object.address()))
    }

    /// Whether others hold a copy.
    pub fn is_shared(&self) -> bool {
        Rc::strong_count(&self.0) > 1
    }
}

impl Heap {
    /// Notes which objects are made, from now until all copies of the result are gone.
    pub fn watch_objects_made(&self) -> Watch {
        let watch = self.made.watched.borrow().upgrade().unwrap_or_default();
        *self.made.watched.borrow_mut() = Rc::downgrade(&watch);
        if !self.made.on.replace(true) {
            self.forget_made();
            self.update_bias();
        }
        Watch(watch)
    }

    /// From now on all objects there are count as made before.
    pub fn forget_made(&self) {
        self.made.lost.set(false);
        *self.made.bits.borrow_mut() = Bits::default();
    }

    /// A block was handed out.
    pub(super) fn note_made(&self, block: NonNull<u8>) {
        if self.made.on.get() && self.made.bits.borrow_mut().set(block.addr().get()).is_none() {
            self.made.lost.set(true);
        }
    }
}
