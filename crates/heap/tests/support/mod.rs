//! A small world of objects for the tests: nodes with edges, weak references, and a log of what happened.
#![allow(dead_code, unused_imports, missing_docs)]

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use taipan_heap::{
    Buffer, Collected, Config, Header, Heap, Hooks, Kind, Payload, Ref, Tail, Traverse, Value, Visitor, WeakNode, flags,
};

#[derive(Default, Debug)]
pub struct Log {
    pub dropped: Vec<usize>,
    pub finalized: Vec<usize>,
    pub callbacks: usize,
    pub collections: Vec<u8>,
}

/// Writes its number into the log when it is dropped.
pub struct Witness {
    pub id: usize,
    pub log: Rc<RefCell<Log>>,
}

impl Drop for Witness {
    fn drop(&mut self) {
        self.log.borrow_mut().dropped.push(self.id);
    }
}

taipan_heap::no_references!(Witness);

#[derive(Payload)]
pub struct Node {
    pub edges: RefCell<Buffer<Value>>,
    pub witness: Witness,
}

impl Node {
    pub fn push(&self, heap: &Heap, value: Value) {
        self.edges.borrow_mut().push(heap, value).unwrap();
    }

    pub fn pop(&self) -> Option<Value> {
        self.edges.borrow_mut().pop()
    }
}

#[derive(Payload)]
pub struct Weak {
    pub node: WeakNode,
    pub callback: Cell<Option<Value>>,
}

#[derive(Payload)]
#[payload(tail = items)]
pub struct Tuple {
    pub items: Tail<Value>,
}

#[derive(Payload)]
#[payload(tail = bytes)]
pub struct Bytes {
    pub bytes: Tail<u8>,
}

/// One reference and nothing else.
#[derive(Payload)]
pub struct Cons {
    pub next: Cell<Option<Value>>,
}

#[derive(Payload)]
pub struct Instance {
    pub shape: u64,
}

pub static NODE: StaticKind = StaticKind::new::<Node>(0);
pub static FINALIZED: StaticKind = StaticKind::new::<Node>(flags::FINALIZER);

pub static BORN: StaticKind = StaticKind::new::<Node>(ORDERED);
const ORDERED: u32 = flags::FINALIZER | flags::ORDERED;

/// A kind that is made at first use, as `Payload::info` is no constant function.
pub struct StaticKind {
    make: fn() -> Kind,
    kind: std::sync::OnceLock<Kind>,
}

impl StaticKind {
    pub const fn new<T: Payload>(extra: u32) -> StaticKind {
        match extra {
            0 => StaticKind { make: || Kind::new(T::info(), 0), kind: std::sync::OnceLock::new() },
            flags::FINALIZER => {
                StaticKind { make: || Kind::new(T::info(), flags::FINALIZER), kind: std::sync::OnceLock::new() }
            }
            ORDERED => StaticKind { make: || Kind::new(T::info(), ORDERED), kind: std::sync::OnceLock::new() },
            flags::SLOTS => StaticKind {
                make: || Kind::new(T::info(), flags::SLOTS | flags::TRACKED),
                kind: std::sync::OnceLock::new(),
            },
            _ => StaticKind { make: || Kind::new(T::info(), flags::MAY_UNTRACK), kind: std::sync::OnceLock::new() },
        }
    }

    pub fn get(&'static self) -> &'static Kind {
        self.kind.get_or_init(self.make)
    }
}

pub static WEAK: StaticKind = StaticKind::new::<Weak>(0);
pub static TUPLE: StaticKind = StaticKind::new::<Tuple>(flags::MAY_UNTRACK);
pub static BYTES: StaticKind = StaticKind::new::<Bytes>(0);
pub static CONS: StaticKind = StaticKind::new::<Cons>(0);
pub static INSTANCE: StaticKind = StaticKind::new::<Instance>(flags::SLOTS);

type Finalizer = Box<dyn Fn(&Value)>;

pub struct Recorder {
    pub log: Rc<RefCell<Log>>,
    pub on_finalize: RefCell<Option<Finalizer>>,
    /// What full collections are shown as roots.
    pub roots: RefCell<Vec<Value>>,
}

impl Hooks for Recorder {
    fn finalize(&self, object: &Value) {
        if let Some(node) = object.downcast::<Node>() {
            self.log.borrow_mut().finalized.push(node.witness.id);
        }
        let hook = self.on_finalize.borrow();
        if let Some(hook) = &*hook {
            hook(object);
        }
    }

    fn weak_callback(&self, _: Value) {
        self.log.borrow_mut().callbacks += 1;
    }

    fn roots(&self, root: &mut dyn FnMut(&Value)) {
        self.roots.borrow().iter().for_each(root);
    }

    fn collection(&self, generation: u8, end: Option<&Collected>) {
        if end.is_none() {
            self.log.borrow_mut().collections.push(generation);
        }
    }
}

pub struct World {
    pub heap: Pin<Box<Heap>>,
    pub log: Rc<RefCell<Log>>,
    pub hooks: Rc<Recorder>,
}

impl World {
    pub fn new(config: Config) -> World {
        let heap = Heap::new(config);
        let log = Rc::new(RefCell::new(Log::default()));
        let hooks = Rc::new(Recorder { log: log.clone(), on_finalize: RefCell::new(None), roots: RefCell::default() });
        heap.set_hooks(Some(hooks.clone()));
        World { heap, log, hooks }
    }

    pub fn node(&self, id: usize, kind: &'static StaticKind) -> Ref<Node> {
        let witness = Witness { id, log: self.log.clone() };
        self.heap.alloc(&kind.get(), Node { edges: RefCell::default(), witness }).unwrap()
    }

    pub fn weak(&self, target: &Value, callback: bool) -> Ref<Weak> {
        let weak = self.heap.alloc(&WEAK.get(), Weak { node: WeakNode::new(), callback: Cell::new(None) }).unwrap();
        self.heap.link_weak(&weak, |weak| &weak.node, target.header().unwrap(), callback);
        weak
    }

    pub fn cons(&self, next: Option<Value>) -> Value {
        self.heap.alloc(&CONS.get(), Cons { next: Cell::new(next) }).unwrap().into()
    }

    pub fn tuple(&self, items: Vec<Value>) -> Value {
        let len = items.len();
        self.heap.alloc_with_tail(&TUPLE.get(), len, 0, 0, |items| Tuple { items }, items).unwrap().into()
    }
}
