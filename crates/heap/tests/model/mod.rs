//! A heap and a naive model of it, driven by the same steps: reachability decides what may be dead and what must be.
//!
//! Invariant: after every step nothing that handles reach has died, what no reference leads to has, weak handles tell the truth, and all counts are right;
//! at the end exactly what is unreachable has died, once. Used by the property tests and by the fuzz target.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::pin::Pin;
use std::rc::Rc;
use taipan_heap::{
    Buffer, Collected, Config, Finalize, Heap, Hooks, Obj, OutOfMemory, Payload, Ref, Value, Weak, no_references,
};

#[derive(Default)]
struct Log {
    dropped: Vec<usize>,
    finalized: Vec<usize>,
    callbacks: Vec<usize>,
    saved: Vec<Ref<Final>>,
    roots: Vec<Value>,
}

type Shared = Rc<RefCell<Log>>;

/// Notes the end of an object.
struct Witness {
    id: usize,
    revives: bool,
    log: Shared,
}

impl Drop for Witness {
    fn drop(&mut self) {
        self.log.borrow_mut().dropped.push(self.id);
    }
}

no_references!(Witness);

#[derive(Payload)]
struct Plain {
    edges: RefCell<Buffer<Value>>,
    witness: Witness,
}

#[derive(Payload)]
#[payload(finalize)]
struct Final {
    edges: RefCell<Buffer<Value>>,
    witness: Witness,
}

impl Finalize for Final {
    fn finalize(this: &Obj<Final>, _: &Heap) {
        let mut log = this.witness.log.borrow_mut();
        log.finalized.push(this.witness.id);
        // Neighbours are whole: their numbers can be read.
        let whole = this.edges.borrow().iter().all(|edge| parts(edge).is_some());
        assert!(whole, "a finalizer sees whole neighbours");
        if this.witness.revives {
            log.saved.push(this.to_ref());
        }
    }
}

fn parts(value: &Value) -> Option<(&RefCell<Buffer<Value>>, &Witness)> {
    match (value.downcast::<Plain>(), value.downcast::<Final>()) {
        (Some(node), _) => Some((&node.edges, &node.witness)),
        (_, Some(node)) => Some((&node.edges, &node.witness)),
        _ => None,
    }
}

enum Handle {
    Plain(Weak<Plain>),
    Final(Weak<Final>),
}

impl Handle {
    fn upgrade(&self) -> Option<Value> {
        match self {
            Handle::Plain(weak) => weak.upgrade().map(Value::from),
            Handle::Final(weak) => weak.upgrade().map(Value::from),
        }
    }

    fn is_dead(&self) -> bool {
        match self {
            Handle::Plain(weak) => weak.is_dead(),
            Handle::Final(weak) => weak.is_dead(),
        }
    }
}

struct Roots(Shared);

impl Hooks for Roots {
    fn finalize(&self, _: &Value) {}
    fn weak_callback(&self, _: Value) {}
    fn collection(&self, _: u8, _: Option<&Collected>) {}
    fn roots(&self, root: &mut dyn FnMut(&Value)) {
        self.0.borrow().roots.iter().for_each(root);
    }
}

/// The heap, what refers to it from outside, and the model.
struct World {
    handles: Vec<(usize, Value)>,
    weak: Vec<(usize, Handle)>,
    edges: Vec<Vec<usize>>,
    /// Objects that were unreachable once; finalizers may have brought them back.
    lost: BTreeSet<usize>,
    seen_dropped: BTreeSet<usize>,
    /// The limit may have left finalizers to be run by the next collection.
    waiting: bool,
    log: Shared,
    heap: Pin<Box<Heap>>,
}

impl World {
    fn new() -> World {
        let heap = Heap::new(Config::default());
        let log = Shared::default();
        heap.set_hooks(Some(Rc::new(Roots(log.clone()))));
        World {
            handles: Vec::new(),
            weak: Vec::new(),
            edges: Vec::new(),
            lost: BTreeSet::new(),
            seen_dropped: BTreeSet::new(),
            waiting: false,
            log,
            heap,
        }
    }

    fn reachable(&self) -> Vec<bool> {
        let mut seen = vec![false; self.edges.len()];
        let mut stack: Vec<usize> = self.handles.iter().map(|(id, _)| *id).collect();
        while let Some(at) = stack.pop() {
            if !std::mem::replace(&mut seen[at], true) {
                stack.extend(&self.edges[at]);
            }
        }
        seen
    }

    fn make(&mut self, sort: u8) -> Result<(), OutOfMemory> {
        let id = self.edges.len();
        let witness = Witness { id, revives: sort % 4 == 3, log: self.log.clone() };
        let made: Result<Value, OutOfMemory> = if sort % 4 < 2 {
            self.heap.make(Plain { edges: RefCell::default(), witness }).map(Value::from)
        } else {
            self.heap.make(Final { edges: RefCell::default(), witness }).map(Value::from)
        };
        // What could not be made has died, too.
        self.edges.push(Vec::new());
        self.handles.push((id, made?));
        Ok(())
    }

    /// One step; those that need a handle and have none do nothing.
    fn step(&mut self, [op, a, b]: [u8; 3]) -> Result<(), OutOfMemory> {
        let pick = |n: u8, len: usize| (len != 0).then(|| n as usize % len);
        let (first, second) = (pick(a, self.handles.len()), pick(b, self.handles.len()));
        match (op % 16, first, second) {
            (0..=2, ..) => self.make(a)?,
            (3..=5, Some(a), Some(b)) => {
                let (from, to) = (&self.handles[a], &self.handles[b]);
                if let Some((edges, _)) = parts(&from.1) {
                    edges.borrow_mut().push(&self.heap, to.1.clone())?;
                    self.edges[from.0].push(to.0);
                }
            }
            (6, Some(a), _) => {
                let popped = parts(&self.handles[a].1).and_then(|(edges, _)| edges.borrow_mut().pop());
                let id = self.handles[a].0;
                self.edges[id].pop();
                drop(popped);
            }
            (7 | 8, Some(a), _) => drop(self.handles.swap_remove(a)),
            (9, ..) => {
                let named = self.handles.iter().enumerate().filter(|(index, _)| b >> (index % 8) & 1 != 0);
                self.log.borrow_mut().roots = named.map(|(_, (_, value))| value.clone()).collect();
                self.heap.collect(a % 3);
                let named = std::mem::take(&mut self.log.borrow_mut().roots);
                drop(named);
                self.waiting = self.heap.limit().is_some();
            }
            (10, Some(a), _) => {
                let (id, value) = &self.handles[a];
                let (id, log) = (*id, self.log.clone());
                let told = move |_: &Heap| log.borrow_mut().callbacks.push(id);
                let weak = match (value.downcast::<Plain>(), value.downcast::<Final>()) {
                    (Some(node), _) => Handle::Plain(Weak::with_callback(&self.heap, node, told)?),
                    (_, Some(node)) if b & 1 == 0 => Handle::Final(Weak::with_callback(&self.heap, node, told)?),
                    (_, Some(node)) => Handle::Final(Weak::new(&self.heap, node)?),
                    _ => return Ok(()),
                };
                self.weak.push((id, weak));
            }
            (11, ..) => {
                if let Some(at) = pick(a, self.weak.len()) {
                    if b & 1 == 0 {
                        drop(self.weak.swap_remove(at));
                    } else if let Some(value) = self.weak[at].1.upgrade() {
                        self.handles.push((self.weak[at].0, value));
                    }
                }
            }
            (12, ..) => {
                if a & 1 == 0 {
                    self.heap.freeze();
                } else {
                    self.heap.unfreeze();
                }
            }
            (13, ..) => {
                self.waiting = true;
                let room = self.heap.bytes_in_use() + b as usize * 8;
                self.heap.set_limit((a & 1 == 0).then_some(room));
            }
            (14, ..) => {
                self.heap.set_thresholds([u32::from(a % 32), u32::from(b % 4), 1]);
                self.heap.collect_pending();
            }
            (15, ..) => {
                self.waiting = true;
                self.heap.fail_allocation(u64::from(a % 4));
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes what finalizers have saved among the handles, and checks everything that must hold.
    fn check(&mut self) {
        let before = self.reachable();
        self.lost.extend((0..before.len()).filter(|id| !before[*id]));
        let saved = std::mem::take(&mut self.log.borrow_mut().saved);
        self.handles.extend(saved.into_iter().map(|node| (node.witness.id, Value::from(node))));
        self.heap.verify();
        let reachable = self.reachable();
        let fresh = self.log.borrow_mut().dropped.split_off(0);
        for id in fresh {
            assert!(!reachable.get(id).copied().unwrap_or(false), "object {id} died too early");
            assert!(self.seen_dropped.insert(id), "object {id} died twice");
        }
        let mut referred = vec![false; self.edges.len()];
        for (id, targets) in self.edges.iter().enumerate().filter(|(id, _)| !self.seen_dropped.contains(id)) {
            targets.iter().for_each(|target| referred[*target] |= *target != id || reachable[id]);
        }
        for id in (0..self.edges.len()).filter(|id| !self.waiting && !referred[*id] && !reachable[*id]) {
            let itself = self.edges[id].contains(&id);
            assert!(itself || self.seen_dropped.contains(&id), "nothing refers to object {id}, but it lives");
        }
        for (id, weak) in &self.weak {
            if self.seen_dropped.contains(id) {
                assert!(weak.is_dead() && weak.upgrade().is_none(), "the weak handle to dead object {id} is alive");
            } else if !self.lost.contains(id) {
                let target = weak.upgrade();
                let found = target.as_ref().and_then(parts).map(|(_, witness)| witness.id);
                assert_eq!(found, Some(*id), "the weak handle to living object {id}");
            }
        }
        let log = self.log.borrow();
        let once: BTreeSet<usize> = log.finalized.iter().copied().collect();
        assert_eq!(once.len(), log.finalized.len(), "finalizers run once");
        for id in &log.callbacks {
            assert!(self.lost.contains(id), "the callback for object {id} came too early");
        }
    }

    fn finish(mut self) {
        self.heap.set_limit(None);
        self.heap.fail_allocation(0);
        self.heap.unfreeze();
        self.waiting = true;
        loop {
            let finalized = self.log.borrow().finalized.len();
            self.heap.collect(2);
            self.check();
            if self.log.borrow().finalized.len() == finalized {
                break;
            }
        }
        let reachable = self.reachable();
        let alive: Vec<usize> = (0..reachable.len()).filter(|id| !self.seen_dropped.contains(id)).collect();
        let expected: Vec<usize> = (0..reachable.len()).filter(|id| reachable[*id]).collect();
        assert_eq!(alive, expected, "exactly the unreachable died");
        self.handles.clear();
        loop {
            self.heap.collect(2);
            let saved = std::mem::take(&mut self.log.borrow_mut().saved);
            if saved.is_empty() {
                break;
            }
        }
        self.weak.clear();
        assert_eq!(self.heap.bytes_in_use(), 0, "everything is given back");
        self.heap.set_hooks(None);
    }
}

/// Runs steps of three bytes each on a heap and on the model.
pub fn run(steps: impl IntoIterator<Item = [u8; 3]>) {
    let mut world = World::new();
    for step in steps {
        // A step that finds no memory has done nothing.
        let _ = world.step(step);
        world.check();
    }
    world.finish();
}
