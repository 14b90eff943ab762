//! The cycle collector: when it runs, and the order in which one collection does its work.
//!
//! # Goals
//! Every cycle of objects that nothing outside refers to is freed; what a program can see of that (finalizers, weak
//! references, counters, the moment) is CPython's; an object pays nothing for it but the 32-bit collector word; a collection
//! allocates no memory in proportion to the heap.
//!
//! # Generations
//! New tracked objects are young; survivors of a collection of generation n belong to n + 1. Allocations minus frees of
//! tracked objects are counted; above the first threshold a collection is due. It takes the oldest generation whose counter is
//! above its threshold, where the counters of the older two count collections of the generation before; the oldest one
//! is taken only if what survived middle collections since is at least a quarter of what survived the last full one, which
//! bounds the work of full collections to a constant factor of the allocations.
//!
//! # Where collections run
//! An allocation only asks for one (`collection_pending`); the embedder calls `collect_pending` at a safe point. So an allocation never
//! runs the program's code. Only at the byte limit does a collection run inside an allocation, and that one frees just the
//! trash that has no finalizer and no weak callback, nor is reachable from such; the rest waits for the safe point. If dropping that trash
//! brings an object outside it to zero whose death would run code, its death is put off too (`deferred`).
//!
//! # The order of one collection
//! 1. Younger generations are merged into the one collected; trial deletion (`trial`) finds the trash; survivors are promoted.
//! 2. Weak references to trash are cleared, all of them, then the callbacks of those are called that are not trash themselves.
//! 3. Finalizers run, each once in an object's life.
//! 4. If any code ran, trial deletion is repeated on the trash alone; what is reachable again survives, and only that.
//! 5. Weak references that finalizers made are cleared without a word; the contents of all trash are dropped in place,
//!    then its blocks are freed.
//!
//! # Why nobody sees half-dropped objects
//! In step 5, dropping a reference to an object outside the trash may end that object and run its finalizer. That
//! code cannot reach the trash: a reference from outside would have made its target a survivor in step 1 or 4; weak
//! references to it are gone; lists of objects skip the trash (`tearing`); a collection within a collection does nothing. And
//! dropping references among the trash only counts down: `dealloc` returns at once for trash, so no block is
//! freed, and no neighbour in a weak list dangles, before all contents are gone.
//!
//! # Rejected
//! Side tables (hash maps from object to count): they cost more than the objects. Link fields: 16 bytes each. Incremental marking:
//! withdrawn from CPython, as floating garbage grew without bound. Clearing objects one by one as CPython does (`tp_clear`): each
//! class would need a second method beside traversal, and the order would be seen by finalizers of objects outside.

use super::Heap;
use super::page::{Bits, PageRef, UNLISTED};
use super::trial::Scope;
use crate::header::{Header, bits};
use crate::kind::flags;
use crate::value::Value;
use std::cell::{Cell, RefCell};
use std::ptr::NonNull;
use std::time::{Duration, Instant};

/// What one collection did.
#[derive(Debug, Clone, Copy, Default)]
pub struct Collected {
    /// Objects found unreachable and freed.
    pub collected: usize,
    /// Unreachable objects that could not be freed.
    pub uncollectable: usize,
    /// Objects looked at.
    pub candidates: usize,
    /// Time it took.
    pub duration: Duration,
}

/// What the collections of one generation did so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stats {
    /// How many there were.
    pub collections: usize,
    /// Objects freed.
    pub collected: usize,
    /// Objects that could not be freed.
    pub uncollectable: usize,
    /// Objects looked at.
    pub candidates: usize,
    /// Time they took.
    pub duration: Duration,
    /// The time the longest one took.
    pub longest: Duration,
}

/// Debugging switches of the collector.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Debug {
    /// Report each trash object through `Hooks::collectable`.
    pub collectable: bool,
    /// Keep trash alive, in the list `Heap::take_garbage` gives.
    pub save_all: bool,
}

/// The collector's state.
pub(super) struct Collector {
    /// Allocations minus frees of tracked objects since the last collection.
    pub(super) allocations: Cell<isize>,
    /// At more allocations than this a collection is due.
    pub(super) trigger: Cell<isize>,
    /// Collections of the generation below since the last of this one; the first is unused.
    pub(super) counts: [Cell<u32>; 3],
    pub(super) thresholds: [Cell<u32>; 3],
    pub(super) enabled: Cell<bool>,
    pub(super) collecting: Cell<bool>,
    pub(super) pending: Cell<bool>,
    /// The next safe point makes a full collection, whatever the counters say.
    pub(super) full_due: Cell<bool>,
    pub(super) long_lived_total: Cell<usize>,
    pub(super) long_lived_pending: Cell<usize>,
    pub(super) stats: [Cell<Stats>; 3],
    pub(super) debug: Cell<Debug>,
    pub(super) garbage: RefCell<Vec<Value>>,
    /// Some of the trash has a finalizer or weak references.
    pub(super) special_trash: Cell<bool>,
    pub(super) trash_first: Cell<Option<PageRef>>,
    pub(super) trash_last: Cell<Option<PageRef>>,
}

/// Young collections are due above this many allocations; older ones above ten collections.
const THRESHOLDS: [u32; 3] = [700, 10, 10];

impl Collector {
    pub(super) fn new() -> Collector {
        Collector {
            allocations: Cell::new(0),
            trigger: Cell::new(THRESHOLDS[0] as isize),
            counts: Default::default(),
            thresholds: THRESHOLDS.map(Cell::new),
            enabled: Cell::new(true),
            collecting: Cell::new(false),
            pending: Cell::new(false),
            full_due: Cell::new(false),
            long_lived_total: Cell::new(0),
            long_lived_pending: Cell::new(0),
            stats: Default::default(),
            debug: Cell::default(),
            garbage: RefCell::default(),
            special_trash: Cell::new(false),
            trash_first: Cell::new(None),
            trash_last: Cell::new(None),
        }
    }
}

impl Heap {
    /// Counts the allocation of a tracked object.
    #[inline]
    pub(super) fn count_tracked(&self) {
        let allocations = self.collector.allocations.get() + 1;
        self.collector.allocations.set(allocations);
        if allocations > self.collector.trigger.get() {
            self.request_collection();
        }
    }

    /// Counts the end of a tracked object.
    #[inline]
    pub(super) fn uncount_tracked(&self) {
        let allocations = self.collector.allocations.get();
        if allocations > 0 {
            self.collector.allocations.set(allocations - 1);
        }
    }

    #[cold]
    pub(super) fn request_collection(&self) {
        self.collector.trigger.set(isize::MAX);
        if self.collector.collecting.get() || self.collector.pending.replace(true) {
            return;
        }
        if let Some(hooks) = &*self.hooks.borrow() {
            hooks.collection_requested();
        }
    }

    /// Sets the point at which the next collection is due.
    pub(super) fn reset_trigger(&self) {
        let threshold = self.collector.thresholds[0].get();
        let off = !self.collector.enabled.get() || threshold == 0;
        self.collector.trigger.set(if off { isize::MAX } else { threshold as isize });
    }

    /// Whether a collection is due; to be polled at safe points.
    #[inline]
    pub fn collection_pending(&self) -> bool {
        self.collector.pending.get()
    }

    /// Makes the collection that is due, if one is.
    pub fn collect_pending(&self) -> Option<Collected> {
        if self.collector.collecting.get() || !self.collector.pending.replace(false) {
            return None;
        }
        self.drain_deferred();
        let done = if self.collector.full_due.replace(false) {
            Some(self.collect(2))
        } else if self.collector.enabled.get() {
            self.due_generation().map(|generation| self.collect(generation))
        } else {
            None
        };
        self.reset_trigger();
        done
    }

    /// The oldest generation that is due.
    fn due_generation(&self) -> Option<u8> {
        let state = &self.collector;
        let over = |n: usize| match n {
            0 => state.allocations.get() > state.thresholds[0].get() as isize,
            n => state.counts[n].get() > state.thresholds[n].get(),
        };
        (0..3u8).rev().find(|n| {
            over(*n as usize) && (*n < 2 || state.long_lived_pending.get() >= state.long_lived_total.get() / 4)
        })
    }

    /// Collects `generation` and all younger ones.
    pub fn collect(&self, generation: u8) -> Collected {
        let generation = generation.min(2);
        if self.collector.collecting.replace(true) {
            return Collected::default();
        }
        self.clear_shelves();
        // What dies in a collection dies at once, however deep in a teardown it was called.
        let depth = self.depth.replace(0);
        self.drain_deferred();
        self.at_level_zero(|hooks| hooks.collection(generation, None));
        let start = Instant::now();
        if self.zeal.get() != 0 {
            self.verify();
        }
        self.count_collection(generation);
        let scope = self.merge_younger(generation);
        let mut done = self.find_trash(generation, scope);
        if done.collected != 0 {
            done.collected = self.end_trash();
        }
        self.release_trash_pages();
        if generation == 2 {
            self.trim();
        }
        let cell = &self.collector.stats[generation as usize];
        let mut stats = cell.get();
        stats.collections += 1;
        stats.collected += done.collected;
        stats.candidates += done.candidates;
        done.duration = start.elapsed();
        stats.duration += done.duration;
        stats.longest = stats.longest.max(done.duration);
        cell.set(stats);
        self.at_level_zero(|hooks| hooks.collection(generation, Some(&done)));
        self.depth.set(depth);
        self.collector.collecting.set(false);
        self.reset_trigger();
        done
    }

    /// A collection inside an allocation: frees what can be freed without running any code of the program.
    pub(super) fn collect_quietly(&self) {
        if self.collector.collecting.replace(true) {
            return;
        }
        self.quiet.set(true);
        self.clear_shelves();
        let depth = self.depth.replace(0);
        self.count_collection(2);
        let scope = self.merge_younger(2);
        let found = self.find_trash(2, scope);
        if found.collected != 0 {
            let loud = |header: &Header| self.awaits_finalizer(header) || self.has_weak_callbacks(header);
            let kept = self.keep_resurrected(loud);
            self.collector.full_due.set(self.collector.full_due.get() || kept != 0);
            self.walk_trash(|_, object| {
                // SAFETY: T2: trash is live until it is torn down.
                drop(self.detach_weak(unsafe { object.as_ref() }));
            });
            self.tear_down();
        }
        self.release_trash_pages();
        self.quiet.set(false);
        self.depth.set(depth);
        self.collector.collecting.set(false);
        if self.collector.full_due.get() || self.deferred.get().is_some() {
            self.request_collection();
        }
        self.trim();
    }

    fn count_collection(&self, generation: u8) {
        let state = &self.collector;
        if generation < 2 {
            let count = &state.counts[generation as usize + 1];
            count.set(count.get() + 1);
        }
        state.allocations.set(0);
        for count in &state.counts[..=generation as usize] {
            count.set(0);
        }
    }

    /// Merges the generations younger than the one collected into it.
    fn merge_younger(&self, generation: u8) -> Scope {
        self.forget_young();
        match generation {
            0 => Scope::Young,
            1 => {
                self.promote_young();
                Scope::Middle
            }
            _ => {
                self.promote_young();
                self.promote_middle();
                Scope::All
            }
        }
    }

    /// Makes all young objects middle-aged.
    fn promote_young(&self) {
        let mut middle = self.middle_pages.borrow_mut();
        for page in self.young_pages.borrow_mut().drain(..) {
            page.young_index.set(UNLISTED);
            if page.move_bits(Bits::Young, Some(Bits::Middle)) && page.middle_index.get() == UNLISTED {
                page.middle_index.set(middle.len() as u32);
                middle.push(page);
            }
        }
    }

    /// Makes all middle-aged objects old.
    fn promote_middle(&self) {
        for page in self.middle_pages.borrow_mut().drain(..) {
            page.middle_index.set(UNLISTED);
            page.move_bits(Bits::Middle, None);
        }
    }

    /// Trial deletion over a scope; survivors are promoted, trash gets its bit. `collected` is how much trash was found.
    fn find_trash(&self, generation: u8, scope: Scope) -> Collected {
        let untracked = Cell::new(0);
        let survivor = |object: NonNull<Header>| {
            // SAFETY: T2: survivors are live.
            let header = unsafe { object.as_ref() };
            if header.kind().has(flags::MAY_UNTRACK) && self.holds_nothing_cyclic(object) {
                header.set(bits::TRACKED, false);
                untracked.set(untracked.get() + 1);
            }
        };
        let (mut trash, mut special) = (0, false);
        let to_trash = |page: PageRef, object: NonNull<Header>| {
            trash += 1;
            page.set_bit(Bits::Trash, page.index_of(object));
            self.chain_trash_page(page);
            // SAFETY: T2: trash is live so far.
            let header = unsafe { object.as_ref() };
            special |= header.kind().has(flags::FINALIZER) || header.has(bits::WEAKLY_REFERENCED);
        };
        let mut survivors = 0;
        if scope == Scope::All {
            survivors = self.deduce_all(survivor, to_trash);
        } else {
            let counted = |object| {
                survivors += 1;
                survivor(object);
            };
            self.deduce(scope, |_| false, counted, to_trash);
        }
        survivors -= untracked.get();
        let state = &self.collector;
        state.special_trash.set(special);
        match generation {
            0 => self.promote_young(),
            1 => {
                state.long_lived_pending.set(state.long_lived_pending.get() + survivors);
                self.promote_middle();
            }
            _ => {
                state.long_lived_pending.set(0);
                state.long_lived_total.set(survivors);
            }
        }
        Collected { collected: trash, uncollectable: 0, candidates: survivors + trash, ..Collected::default() }
    }

    /// Whether all references of the object are to objects that can never be part of a cycle.
    fn holds_nothing_cyclic(&self, object: NonNull<Header>) -> bool {
        let mut cyclic = false;
        let mut edge = |target: NonNull<Header>| {
            // SAFETY: references lead to live objects.
            let target = unsafe { target.as_ref() };
            let kind = target.kind();
            cyclic |= kind.has(flags::TRACKED) && (!kind.has(flags::MAY_UNTRACK) || target.is_tracked());
        };
        // SAFETY: the object is live.
        unsafe { (object.as_ref().kind().info().traverse)(object, &mut crate::trace::Visitor::new(&mut edge)) };
        !cyclic
    }
}
