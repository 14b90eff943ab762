//! The byte limit, the reserve behind it, and failures on purpose.
//!
//! `left` is what an allocation may still take without asking; the slow path here is taken when it would become negative. To
//! have *every* allocation take the slow path (zeal, counted failures, a ledger), `left` and `total` are both lowered by `BIAS`, which leaves
//! their difference, the bytes in use, what it is.
//!
//! Part of the limit is held back as a reserve. When a collection does not make enough room, the allocation fails and the
//! reserve is opened, so that whoever handles the failure can allocate a little; it is closed again when there is room.
//!
//! Memory that an embedder takes from elsewhere counts too when it holds a `Charge` for it.
//! Invariant LC1: `whereabouts` leads to the heap while that lives, and to nothing afterwards; a heap has one address (G1).

use super::ledger::NOTED;
use super::{Heap, OutOfMemory};
use crate::trace::{Traverse, Visit};
use std::cell::{Cell, OnceCell};
use std::ptr::NonNull;
use std::rc::Rc;

/// What `left` starts at without a limit.
pub(super) const UNLIMITED: isize = isize::MAX / 4;
const BIAS: isize = isize::MAX / 2;
const RESERVE: isize = 64 * 1024;

/// The limit's state.
#[derive(Default)]
pub(super) struct Limit {
    limit: Cell<Option<usize>>,
    reserve: Cell<isize>,
    reserve_open: Cell<bool>,
    biased: Cell<bool>,
    fail_in: Cell<u64>,
    zeal_in: Cell<u32>,
    whereabouts: Rc<Cell<Option<NonNull<Heap>>>>,
}

impl Limit {
    pub(super) fn know(&self, heap: &Heap) {
        self.whereabouts.set(Some(NonNull::from(heap)));
    }

    /// The heap ends: charges have nothing to give back to.
    pub(super) fn forget(&self) {
        self.whereabouts.set(None);
    }
}

/// Bytes outside the heap that count towards its limit until this is dropped.
#[derive(Default, Debug)]
pub struct Charge {
    /// None until there is something to charge.
    heap: OnceCell<Rc<Cell<Option<NonNull<Heap>>>>>,
    /// The bytes, or its place in the ledger.
    held: Cell<usize>,
}

impl Charge {
    /// A charge of `bytes`; fails as an allocation of that size would.
    pub fn new(heap: &Heap, bytes: usize) -> Result<Charge, OutOfMemory> {
        let held = heap.charge_and_note(bytes, bytes)?;
        let charge = Charge::default();
        charge.know(heap);
        charge.held.set(held);
        Ok(charge)
    }

    /// Makes it a charge of `bytes`, more or fewer (fewer never fails); `heap` is always the same one.
    pub fn set(&self, heap: &Heap, bytes: usize) -> Result<(), OutOfMemory> {
        self.know(heap);
        self.resize(bytes)
    }

    /// As `set`, for a charge that knows its heap.
    pub fn resize(&self, bytes: usize) -> Result<(), OutOfMemory> {
        let old = self.held.get();
        let Some(heap) = self.heap() else { return Ok(()) };
        if old & NOTED != 0 {
            return self.resize_noted(heap, bytes);
        }
        if bytes > old {
            self.held.set(heap.charge_and_note(bytes - old, bytes)?);
        } else {
            heap.refund(old - bytes);
            self.held.set(bytes);
        }
        Ok(())
    }

    #[cold]
    fn resize_noted(&self, heap: &Heap, bytes: usize) -> Result<(), OutOfMemory> {
        match bytes.checked_sub(self.bytes()) {
            Some(more) => heap.charge(more)?,
            None => heap.refund(self.bytes() - bytes),
        }
        self.give_place_up(heap);
        self.held.set(heap.ledger.note_charge(bytes));
        Ok(())
    }

    fn give_place_up(&self, heap: &Heap) {
        if self.held.get() & NOTED != 0 {
            heap.ledger.forget_charge(self.held.take());
        }
    }

    #[cold]
    fn refund_noted(&self, heap: &Heap) {
        heap.refund(self.bytes());
        self.give_place_up(heap);
    }

    fn know(&self, heap: &Heap) {
        self.heap.get_or_init(|| heap.limit.whereabouts.clone());
    }

    fn heap(&self) -> Option<&Heap> {
        // SAFETY: LC1.
        self.heap.get()?.get().map(|heap| unsafe { heap.as_ref() })
    }

    /// As `set`, for what is taken in any case: beyond the limit, the next allocations fail.
    pub fn force(&self, heap: &Heap, bytes: usize) {
        self.know(heap);
        heap.refund(self.bytes());
        heap.left.set(heap.left.get() - bytes as isize);
        self.give_place_up(heap);
        self.held.set(heap.ledger.note_charge(bytes));
    }

    /// The bytes charged.
    pub fn bytes(&self) -> usize {
        match self.held.get() {
            held if held & NOTED == 0 => held,
            held => self.heap().map_or(0, |heap| heap.ledger.charge_bytes(held)),
        }
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        if let Some(heap) = self.heap() {
            match self.held.get() {
                held if held & NOTED == 0 => heap.refund(held),
                _ => self.refund_noted(heap),
            }
        }
    }
}

// SAFETY: nothing is visited.
unsafe impl Traverse for Charge {
    const HOLDS_REFERENCES: bool = false;
    fn traverse<V: Visit>(&self, _: &mut V) {}
    const OWNS_MEMORY: bool = true;
    fn memory(&self) -> usize {
        self.bytes()
    }
}

impl Heap {
    /// Takes `bytes` from what is left.
    #[inline]
    pub(super) fn charge(&self, bytes: usize) -> Result<(), OutOfMemory> {
        let left = self.left.get().checked_sub_unsigned(bytes).unwrap_or(-1);
        if left >= 0 {
            self.left.set(left);
            return Ok(());
        }
        self.charge_slowly(bytes)
    }

    /// Takes `bytes` for a charge, which has `total` then; answers what that is to hold.
    #[inline]
    fn charge_and_note(&self, bytes: usize, total: usize) -> Result<usize, OutOfMemory> {
        let left = self.left.get().checked_sub_unsigned(bytes).unwrap_or(-1);
        if left >= 0 {
            self.left.set(left);
            return Ok(total);
        }
        self.charge_and_note_slowly(bytes, total)
    }

    #[cold]
    fn charge_and_note_slowly(&self, bytes: usize, total: usize) -> Result<usize, OutOfMemory> {
        self.charge_slowly(bytes)?;
        Ok(self.ledger.note_charge(total))
    }

    /// Gives `bytes` back.
    #[inline]
    pub(super) fn refund(&self, bytes: usize) {
        self.left.set(self.left.get() + bytes as isize);
    }

    #[cold]
    fn charge_slowly(&self, bytes: usize) -> Result<(), OutOfMemory> {
        if bytes > UNLIMITED as usize / 2 {
            return Err(OutOfMemory);
        }
        if self.limit.biased.get() {
            self.meddle()?;
        }
        self.close_reserve();
        if !self.fits(bytes) {
            self.collect_quietly();
            self.close_reserve();
            if !self.fits(bytes) {
                self.open_reserve();
                return Err(OutOfMemory);
            }
        }
        self.left.set(self.left.get() - bytes as isize);
        Ok(())
    }

    fn fits(&self, bytes: usize) -> bool {
        let bias = if self.limit.biased.get() { BIAS } else { 0 };
        self.left.get() + bias >= bytes as isize
    }

    /// The failures and collections asked for.
    fn meddle(&self) -> Result<(), OutOfMemory> {
        if self.made.stop_unwatched() {
            self.update_bias();
        }
        let fail_in = self.limit.fail_in.get();
        if fail_in > 0 {
            self.limit.fail_in.set(fail_in - 1);
            if fail_in == 1 {
                self.update_bias();
                return Err(OutOfMemory);
            }
        }
        if self.zeal.get() != 0 {
            let zeal_in = self.limit.zeal_in.get();
            self.limit.zeal_in.set(if zeal_in == 0 { self.zeal.get() - 1 } else { zeal_in - 1 });
            if zeal_in == 0 {
                self.collector.full_due.set(true);
                self.request_collection();
            }
        }
        Ok(())
    }

    /// Whether every allocation takes the slow path.
    #[inline(always)]
    pub(super) fn is_watched(&self) -> bool {
        self.limit.biased.get()
    }

    pub(super) fn update_bias(&self) {
        let wanted = self.limit.fail_in.get() != 0 || self.zeal.get() != 0 || self.made.is_on() || self.ledger.is_on();
        if self.limit.biased.replace(wanted) != wanted {
            self.use_shelves(!wanted);
            let by = if wanted { -BIAS } else { BIAS };
            self.left.set(self.left.get() + by);
            self.total.set(self.total.get() + by);
        }
    }

    /// Sets the byte limit. If more is in use already, the next allocations fail until there is room.
    pub fn set_limit(&self, limit: Option<usize>) {
        let used = self.bytes_in_use() as isize;
        let (mut total, mut reserve) = (UNLIMITED, 0);
        if let Some(limit) = limit {
            let limit = isize::try_from(limit).unwrap_or(UNLIMITED).min(UNLIMITED);
            reserve = RESERVE.min(limit / 16);
            total = limit - reserve;
        }
        if self.limit.biased.get() {
            total -= BIAS;
        }
        self.limit.limit.set(limit);
        self.limit.reserve.set(reserve);
        self.limit.reserve_open.set(false);
        self.total.set(total);
        self.left.set(total - used);
    }

    /// The byte limit.
    pub fn limit(&self) -> Option<usize> {
        self.limit.limit.get()
    }

    fn open_reserve(&self) {
        if !self.limit.reserve_open.replace(true) {
            let reserve = self.limit.reserve.get();
            self.total.set(self.total.get() + reserve);
            self.left.set(self.left.get() + reserve);
        }
    }

    /// Holds the reserve back again, if twice as much is free.
    pub(super) fn close_reserve(&self) {
        let reserve = self.limit.reserve.get();
        if self.limit.reserve_open.get() && self.fits(2 * reserve as usize) {
            self.limit.reserve_open.set(false);
            self.total.set(self.total.get() - reserve);
            self.left.set(self.left.get() - reserve);
        }
    }

    /// Makes the n-th allocation from now fail (1 is the next one, 0 none), of objects and buffers alike.
    pub fn fail_allocation(&self, n: u64) {
        self.limit.fail_in.set(n);
        self.update_bias();
    }

    /// How many allocations there are before the one that is to fail, that one included; 0 when it has failed, or none is to.
    pub fn allocations_until_failure(&self) -> u64 {
        self.limit.fail_in.get()
    }

    /// Asks for a full collection at every n-th allocation, poisons freed blocks, and checks all counts at collections. 0 is off.
    pub fn set_zeal(&self, zeal: u32) {
        self.zeal.set(zeal);
        self.limit.zeal_in.set(zeal.saturating_sub(1));
        self.update_bias();
        self.update_notify();
    }
}
