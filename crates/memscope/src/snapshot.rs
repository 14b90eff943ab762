//! Snapshots: all objects of a moment, and what is different in another moment.
//!
//! Each object has a serial, given by the first snapshot that sees it and kept by the later ones of the series. A series lasts while any of its
//! snapshots does; for so long the heap notes which blocks it hands out (`Heap::watch_objects_made`), so a new object at the address of a dead one is told from
//! it for certain. Serials ascend from snapshot to snapshot; among the objects that came between two snapshots their order is that of addresses.
//!
//! Invariant: in one series, two objects in two snapshots have the same serial exactly when they are the same object.

use crate::address::AddressIndex;
use crate::dominators::Dominators;
use crate::flat::filled;
use crate::graph::Graph;
use crate::labels::Labels;
use crate::language::Language;
use std::cell::{OnceCell, RefCell};
use std::rc::{Rc, Weak};
use taipan_heap::{Header, Heap, OutOfMemory, Watch};

struct Known {
    index: Rc<AddressIndex>,
    serials: Vec<u64>,
}

struct Shared {
    watch: Watch,
    latest: RefCell<Option<Rc<Known>>>,
    /// The first serial that each snapshot gave.
    firsts: RefCell<Vec<u64>>,
    next: std::cell::Cell<u64>,
}

/// The snapshots of one heap.
#[derive(Default)]
pub struct Series(RefCell<Weak<Shared>>);

/// All objects of a moment.
pub struct Snapshot {
    /// The objects and their edges.
    pub graph: Graph,
    /// The names of edges, objects and roots.
    pub labels: Labels,
    /// Which of the series it is, from 0.
    pub number: usize,
    known: Rc<Known>,
    shared: Rc<Shared>,
    dominators: OnceCell<Dominators>,
}

/// What became of one class's objects between two snapshots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The class.
    pub class: String,
    /// Objects only the later one has.
    pub made: u64,
    /// Their bytes.
    pub made_bytes: u64,
    /// Objects only the earlier one has.
    pub gone: u64,
    /// Their bytes.
    pub gone_bytes: u64,
    /// By how many bytes the objects of both have grown.
    pub grown: i64,
}

impl Series {
    /// Takes a snapshot.
    pub fn take(&self, heap: &Heap, language: &dyn Language) -> Result<Snapshot, OutOfMemory> {
        let running = self.0.borrow().upgrade();
        let shared = match running {
            Some(shared) => shared,
            None => {
                let shared = Rc::new(Shared {
                    watch: heap.watch_objects_made(),
                    latest: RefCell::default(),
                    firsts: RefCell::default(),
                    next: std::cell::Cell::new(1),
                });
                *self.0.borrow_mut() = Rc::downgrade(&shared);
                shared
            }
        };
        let (graph, labels) = Graph::with_labels(heap, language)?;
        let before = shared.latest.borrow().clone();
        let mut serials = filled(graph.len(), 0u64)?;
        let mut next = shared.next.get();
        for (id, serial) in serials.iter_mut().enumerate() {
            *serial = match before.as_deref() {
                None => 0,
                Some(before) => {
                    let address = graph.addresses[id];
                    let made = heap.with_object(address, |object| shared.watch.was_made(heap, object)).flatten();
                    let old = || before.index.get(address).and_then(|id| before.serials.get(id as usize)).copied();
                    if made.ok_or(OutOfMemory)? { 0 } else { old().unwrap_or(0) }
                }
            };
            if *serial == 0 {
                *serial = next;
                next += 1;
            }
        }
        let Some(index) = graph.index.clone() else { return Err(OutOfMemory) };
        let mut firsts = shared.firsts.borrow_mut();
        crate::flat::push(&mut firsts, shared.next.get())?;
        let number = firsts.len() - 1;
        drop(firsts);
        let known = Rc::new(Known { index, serials });
        shared.next.set(next);
        *shared.latest.borrow_mut() = Some(known.clone());
        heap.forget_made();
        Ok(Snapshot { graph, labels, number, known, shared, dominators: OnceCell::new() })
    }

    /// For the objects of a graph just made: how many snapshots of the running series have seen each.
    pub fn ages(&self, heap: &Heap, graph: &Graph) -> Result<Vec<u32>, OutOfMemory> {
        let mut ages = filled(graph.len(), 0u32)?;
        let Some(shared) = self.0.borrow().upgrade() else { return Ok(ages) };
        let Some(latest) = shared.latest.borrow().clone() else { return Ok(ages) };
        let firsts = shared.firsts.borrow();
        for (age, &address) in ages.iter_mut().zip(&graph.addresses) {
            let made = heap.with_object(address, |object| shared.watch.was_made(heap, object)).flatten();
            if made == Some(false)
                && let Some(id) = latest.index.get(address)
            {
                let before = firsts.partition_point(|&first| first <= latest.serials[id as usize]);
                *age = (firsts.len() + 1 - before) as u32;
            }
        }
        Ok(ages)
    }
}

impl Snapshot {
    /// An object's serial.
    pub fn serial(&self, id: u32) -> u64 {
        self.known.serials[id as usize]
    }

    /// The number of an object that lives now; `None` if it was made after the snapshot.
    pub fn find(&self, heap: &Heap, object: &Header) -> Result<Option<u32>, OutOfMemory> {
        let Some(latest) = self.shared.latest.borrow().clone() else { return Ok(None) };
        if self.shared.watch.was_made(heap, object).ok_or(OutOfMemory)? {
            return Ok(None);
        }
        let serial = latest.index.get(object.address()).and_then(|id| latest.serials.get(id as usize)).copied();
        // The object stands where it stood in all snapshots since its first.
        let here = self.graph.find(object.address());
        Ok(here.filter(|&id| Some(self.serial(id)) == serial))
    }

    /// The dominator tree, made at first use.
    pub fn dominators(&self) -> Result<&Dominators, OutOfMemory> {
        if let Some(made) = self.dominators.get() {
            return Ok(made);
        }
        let made = Dominators::of(&self.graph)?;
        Ok(self.dominators.get_or_init(|| made))
    }

    /// Whether both belong to one series, so that their serials can be compared.
    pub fn is_comparable(&self, other: &Snapshot) -> bool {
        Rc::ptr_eq(&self.shared, &other.shared)
    }

    fn by_serial(&self) -> Result<Vec<(u64, u32)>, OutOfMemory> {
        let mut made = filled(self.graph.len(), (0, 0))?;
        for (id, place) in made.iter_mut().enumerate() {
            *place = (self.known.serials[id], id as u32);
        }
        made.sort_unstable();
        Ok(made)
    }

    /// Calls `each` with every object of `earlier`, of this one, or of both.
    pub fn pairs(
        &self,
        earlier: &Snapshot,
        mut each: impl FnMut(Option<u32>, Option<u32>) -> Result<(), OutOfMemory>,
    ) -> Result<(), OutOfMemory> {
        let (old, new) = (earlier.by_serial()?, self.by_serial()?);
        let (mut a, mut b) = (old.iter().peekable(), new.iter().peekable());
        loop {
            match (a.peek(), b.peek()) {
                (Some((old, id)), Some((new, other))) if old == new => {
                    each(Some(*id), Some(*other))?;
                    a.next();
                    b.next();
                }
                (Some((old, id)), new) if new.is_none_or(|(new, _)| old < new) => {
                    each(Some(*id), None)?;
                    a.next();
                }
                (_, Some((_, id))) => {
                    each(None, Some(*id))?;
                    b.next();
                }
                (_, None) => return Ok(()),
            }
        }
    }

    /// What is different since `earlier`, by class, those that grew most first; and the objects that came.
    pub fn since(&self, earlier: &Snapshot) -> Result<(Vec<Change>, Vec<u32>), OutOfMemory> {
        let mut names: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
        let mut changes: Vec<Change> = Vec::new();
        let mut came = Vec::new();
        let mut place = |class, changes: &mut Vec<Change>| -> Result<usize, OutOfMemory> {
            if let Some(&place) = names.get(class) {
                return Ok(place);
            }
            let class_name = String::from(class);
            let blank = Change { class: class_name, made: 0, made_bytes: 0, gone: 0, gone_bytes: 0, grown: 0 };
            crate::flat::push(changes, blank)?;
            names.try_reserve(1).map_err(|_| OutOfMemory)?;
            names.insert(class, changes.len() - 1);
            Ok(changes.len() - 1)
        };
        self.pairs(earlier, |old, new| {
            match (old, new) {
                (Some(old), Some(new)) => {
                    let by = self.graph.bytes[new as usize] as i64 - earlier.graph.bytes[old as usize] as i64;
                    if by != 0 {
                        let at = place(self.graph.class_name(new), &mut changes)?;
                        changes[at].grown += by;
                    }
                }
                (Some(old), None) => {
                    let at = place(earlier.graph.class_name(old), &mut changes)?;
                    changes[at].gone += 1;
                    changes[at].gone_bytes += earlier.graph.bytes[old as usize];
                }
                (None, Some(new)) => {
                    let at = place(self.graph.class_name(new), &mut changes)?;
                    changes[at].made += 1;
                    changes[at].made_bytes += self.graph.bytes[new as usize];
                    crate::flat::push(&mut came, new)?;
                }
                (None, None) => {}
            }
            Ok(())
        })?;
        changes.sort_by_key(|change| -(change.made_bytes as i64 - change.gone_bytes as i64 + change.grown));
        Ok((changes, came))
    }
}
