//! The heap as a user of the crate meets it: handles, weak handles, finalizers of payloads, and what must never go wrong, whatever safe code does.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::pin::Pin;
use std::rc::Rc;
use taipan_heap::*;

#[derive(Payload)]
struct Node {
    next: Edge<Node>,
    id: usize,
}

fn heap() -> Pin<Box<Heap>> {
    Heap::new(Config::default())
}

fn node(heap: &Heap, id: usize) -> Ref<Node> {
    heap.make(Node { next: Edge::default(), id }).unwrap()
}

fn ring(heap: &Heap, len: usize) -> Ref<Node> {
    let first = node(heap, 0);
    let mut last = first.clone();
    for id in 1..len {
        let next = node(heap, id);
        last.next.set(Some(next.clone()));
        last = next;
    }
    last.next.set(Some(first.clone()));
    first
}

#[test]
fn handles_are_shaped_like_rc() {
    let heap = heap();
    let a = node(&heap, 7);
    let b = a.clone();
    assert!(Ref::ptr_eq(&a, &b) && Ref::strong_count(&a) == 2 && b.id == 7);
    let value = Value::from(b);
    assert!(value.downcast::<Node>().is_some_and(|node| node.is_same(&a)));
    let b = value.downcast_into::<Node>().unwrap();
    let c = b.cast::<Node>().unwrap_or_else(|_| unreachable!());
    drop((a, c));
    assert_eq!(heap.bytes_in_use(), 0);
}

#[test]
fn weak_handles_tell_the_dead() {
    let heap = heap();
    let first = ring(&heap, 10);
    let told = Rc::new(RefCell::new(Vec::new()));
    let weak: Vec<Weak<Node>> = (0..3)
        .map(|n| {
            let told = told.clone();
            Weak::with_callback(&heap, &first, move |heap| told.borrow_mut().push((n, heap.is_collecting()))).unwrap()
        })
        .collect();
    let plain = Weak::new(&heap, &first).unwrap();
    let second = plain.clone();
    assert!(second.upgrade().is_some_and(|node| Ref::ptr_eq(&node, &first)));
    drop(first);
    assert!(!plain.is_dead(), "a cycle lives until it is collected");
    assert_eq!(heap.collect(2).collected, 10);
    assert!(plain.is_dead() && plain.upgrade().is_none() && second.is_dead());
    assert_eq!(*told.borrow(), [(2, true), (1, true), (0, true)]);
    drop((weak, plain, second));
    assert_eq!(heap.bytes_in_use(), 0);
}

#[derive(Payload)]
#[payload(finalize)]
struct Closing {
    next: Edge<Closing>,
    watch: RefCell<Option<Weak<Closing>>>,
    log: Log,
    keep: Keep,
    id: usize,
}

#[derive(Clone)]
struct Log(Rc<RefCell<Vec<String>>>);
#[derive(Clone, Default)]
struct Keep(Rc<RefCell<Vec<Ref<Closing>>>>);
no_references!(Log, Keep);

impl Finalize for Closing {
    fn finalize(this: &Obj<Closing>, _: &Heap) {
        let next = this.next.get().map(|next| next.id);
        let dead = this.watch.borrow().as_ref().map(Weak::is_dead);
        this.log.0.borrow_mut().push(format!("{} next {next:?} dead {dead:?}", this.id));
        if this.id == 0 {
            this.keep.0.borrow_mut().push(this.to_ref());
        }
    }
}

#[test]
fn finalizers_see_whole_neighbours_and_may_save_them() {
    let heap = heap();
    let (log, keep) = (Log(Rc::default()), Keep::default());
    let make = |id| {
        let (log, keep) = (log.clone(), keep.clone());
        heap.make(Closing { next: Edge::default(), watch: RefCell::default(), log, keep, id }).unwrap()
    };
    let (a, b, alone) = (make(0), make(1), make(2));
    a.next.set(Some(b.clone()));
    b.next.set(Some(a.clone()));
    *b.watch.borrow_mut() = Some(Weak::new(&heap, &a).unwrap());
    drop((a, b, alone));
    assert_eq!(log.0.borrow_mut().split_off(0), ["2 next None dead None"]);
    assert_eq!(heap.collect(2).collected, 0, "resurrected");
    let mut lines = log.0.borrow_mut().split_off(0);
    lines.sort();
    assert_eq!(lines, ["0 next Some(1) dead None", "1 next Some(0) dead Some(true)"]);
    let saved = keep.0.borrow_mut().pop().unwrap();
    assert_eq!(saved.next.get().map(|next| next.id), Some(1));
    drop(saved);
    assert_eq!(heap.collect(2).collected, 2);
    assert!(log.0.borrow().is_empty(), "finalizers run once");
    assert_eq!(heap.bytes_in_use(), 0);
}

/// Refers to the other heap's objects only.
#[test]
fn heaps_may_refer_to_each_other() {
    let (one, two) = (heap(), heap());
    let a = node(&one, 1);
    let b = ring(&two, 3);
    b.next.get().unwrap().next.set(Some(a.clone()));
    let across = two.make(Node { next: Edge::new(Some(a.clone())), id: 9 }).unwrap();
    across.next.replace(Some(b.clone()));
    let weak = Weak::new(&two, &a).unwrap();
    drop((b, across));
    for _ in 0..3 {
        two.collect(2);
        one.collect(2);
        assert_eq!(a.id, 1);
    }
    assert_eq!(Ref::strong_count(&a), 1);
    drop(a);
    assert!(weak.is_dead());
    // A cycle across heaps is never found, and never harms.
    let (a, b) = (node(&one, 1), node(&two, 2));
    a.next.set(Some(b.clone()));
    b.next.set(Some(a.clone()));
    drop(a);
    assert_eq!((one.collect(2).collected, two.collect(2).collected), (0, 0));
    assert_eq!(b.next.get().unwrap().id, 1);
    b.next.set(None);
}

#[test]
#[cfg_attr(miri, ignore = "leaks on purpose")]
fn what_outlives_its_heap_stays_good() {
    let first = heap();
    let mut buffer: Buffer<u64> = Buffer::with_capacity(&first, 4).unwrap();
    let charge = Charge::new(&first, 100).unwrap();
    let empty = Charge::new(&first, 0).unwrap();
    let a = ring(&first, 100);
    let weak = Weak::new(&first, &a).unwrap();
    drop(first);
    let other = heap();
    for n in 0..1000 {
        buffer.push(&other, n).unwrap();
    }
    assert_eq!(buffer.iter().sum::<u64>(), 499_500);
    charge.resize(200).unwrap();
    drop((charge, empty));
    assert!(weak.upgrade().is_some());
    let mut at = a.next.take().unwrap();
    drop(a);
    while let Some(next) = at.next.take() {
        at = next;
    }
    assert_eq!(at.id, 0);
    drop(at);
    assert!(weak.is_dead());
    // Only a buffer is left over.
    let third = heap();
    let mut buffer: Buffer<u64> = Buffer::with_capacity(&third, 4).unwrap();
    buffer.push(&third, 1).unwrap();
    drop(third);
    buffer.push(&other, 2).unwrap();
    assert_eq!(*buffer, [1, 2]);
}

#[derive(Payload)]
struct List {
    items: RefCell<Buffer<Value>>,
}

#[test]
fn what_is_being_written_counts_as_referred_to_from_outside() {
    let heap = heap();
    let list = heap.make(List { items: RefCell::default() }).unwrap();
    list.items.borrow_mut().push(&heap, node(&heap, 1).into()).unwrap();
    list.items.borrow_mut().push(&heap, list.to_value()).unwrap();
    let weak = Weak::new(&heap, &list).unwrap();
    {
        let kept = weak.upgrade().unwrap();
        drop(list);
        let mut items = kept.items.borrow_mut();
        heap.collect(2);
        for n in 0..100 {
            items.push(&heap, Value::small_int(n)).unwrap();
        }
        assert_eq!(items[0].downcast::<Node>().unwrap().id, 1);
    }
    assert_eq!(heap.collect(2).collected, 2);
    assert!(weak.is_dead());
}

#[derive(Payload)]
struct Shared {
    common: RefCell<Option<Rc<[Ref<Node>]>>>,
    me: Slot,
}

#[test]
fn what_several_own_is_kept() {
    let heap = heap();
    let common: Rc<[Ref<Node>]> = Rc::new([node(&heap, 5)]);
    let make = || {
        let made = heap.make(Shared { common: RefCell::new(Some(common.clone())), me: Slot::new(None) }).unwrap();
        made.me.set(Some(made.to_value()));
    };
    make();
    make();
    assert_eq!(heap.collect(2).collected, 2);
    assert_eq!((Rc::strong_count(&common), common[0].id), (1, 5));
}

#[test]
fn walks_are_not_disturbed_by_what_they_call() {
    let heap = heap();
    let mut all: Vec<Ref<Node>> = (0..if cfg!(miri) { 12 } else { 3000 }).map(|id| node(&heap, id)).collect();
    let mut seen = 0;
    heap.for_each_object(&mut |header| {
        all.clear();
        heap.collect(2);
        heap.trim();
        assert!(header.kind().info().name == "Node");
        seen += 1;
        all.push(node(&heap, 0));
    });
    assert!(seen >= 1);
    drop(all);
    assert_eq!(heap.bytes_in_use(), 0);
    let list = heap.make(List { items: RefCell::default() }).unwrap();
    for id in 0..10 {
        list.items.borrow_mut().push(&heap, node(&heap, id).into()).unwrap();
    }
    let mut labels = Vec::new();
    heap.edges(list.header(), &mut |target, label| {
        list.items.borrow_mut().clear_forward();
        labels.push((target.kind().info().name, label.index));
    });
    assert_eq!(labels.len(), 10);
    assert_eq!(labels[9], ("Node", Some(9)));
    assert_eq!(heap.census()["List"].objects, 1);
    assert!(!heap.census().contains_key("Node"));
}

#[test]
#[should_panic(expected = "a field of its owner")]
fn a_weak_node_belongs_to_its_owner() {
    #[derive(Payload)]
    struct Far {
        node: Box<WeakNodeBox>,
    }
    struct WeakNodeBox(WeakNode);
    no_references!(WeakNodeBox);
    let heap = heap();
    let target = node(&heap, 0);
    let far = heap.make(Far { node: Box::new(WeakNodeBox(WeakNode::new())) }).unwrap();
    heap.link_weak(&far, |far| &far.node.0, target.header(), false);
}

#[derive(Payload)]
#[payload(tail = items)]
struct Tailed {
    items: Tail<u64>,
}

#[test]
#[should_panic(expected = "the tail it was given")]
fn a_tail_cannot_be_swapped() {
    let heap = heap();
    let mut kept = None;
    let first = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        heap.make_with_tail::<Tailed>(
            1000,
            |items| {
                kept = Some(items);
                panic!("the closure keeps its tail");
            },
            0..1000,
        )
    }));
    assert!(first.is_err());
    let _ = heap.make_with_tail(1, |_| Tailed { items: kept.take().unwrap() }, [1]);
}

#[test]
fn deep_structures_need_no_stack() {
    let deep = || {
        let heap = heap();
        let count = if cfg!(miri) { 60 } else { 1_000_000 };
        // A chain, dropped from its head.
        let mut head = node(&heap, 0);
        for id in 1..count {
            head = heap.make(Node { next: Edge::new(Some(head)), id }).unwrap();
        }
        assert_eq!(heap.collect(2).collected, 0);
        drop(head);
        assert_eq!(heap.bytes_in_use(), 0);
        // A ring, collected; a chain held by the heap's end.
        drop(ring(&heap, count));
        assert_eq!(heap.collect(2).collected, count);
        // A chain whose links were made in the order that a marking collector likes least.
        let nodes: Vec<_> = (0..count).map(|id| node(&heap, id)).collect();
        for pair in nodes.windows(2) {
            pair[1].next.set(Some(pair[0].clone()));
        }
        let last = nodes[count - 1].clone();
        drop(nodes);
        assert_eq!(heap.collect(2).collected, 0);
        nodes_after(&last, count);
    };
    std::thread::Builder::new().stack_size(256 << 10).spawn(deep).unwrap().join().unwrap();
}

fn nodes_after(last: &Ref<Node>, count: usize) {
    let mut seen = HashMap::new();
    seen.insert(last.id, ());
    assert_eq!(seen.len() + last.id, count);
}

#[derive(Payload)]
#[payload(finalize)]
struct Panics {
    next: Edge<Panics>,
    bomb: Bomb,
}

/// Panics when it is dropped, once.
struct Bomb(Rc<Cell<u32>>);
no_references!(Bomb);

impl Drop for Bomb {
    fn drop(&mut self) {
        let left = self.0.get();
        if left != 0 {
            self.0.set(left - 1);
            assert!(left != 1, "in a drop");
        }
    }
}

impl Finalize for Panics {
    fn finalize(this: &Obj<Panics>, _: &Heap) {
        assert!(this.bomb.0.get() != 100, "in a finalizer");
    }
}

/// What a panic has cut short stays as it is; nothing is dropped twice, and the heap's end is quiet.
#[test]
#[cfg_attr(miri, ignore = "leaks on purpose")]
fn panics_in_finalizers_and_drops_break_nothing() {
    for (fuse, cycle) in [(100, false), (100, true), (1, false), (1, true), (2, true)] {
        let heap = heap();
        let counter = Rc::new(Cell::new(0));
        let make = || heap.make(Panics { next: Edge::default(), bomb: Bomb(counter.clone()) }).unwrap();
        let (a, b) = (make(), make());
        b.next.set(Some(a.clone()));
        if cycle {
            a.next.set(Some(b.clone()));
        }
        let kept = make();
        counter.set(fuse);
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            drop((a, b));
            heap.collect(2);
        }));
        assert!(caught.is_err());
        counter.set(0);
        assert!(kept.next.is_empty());
        drop(make());
        heap.collect(2);
        drop((kept, heap));
    }
}

#[test]
fn one_kind_serves_heaps_on_several_threads() {
    let run = || {
        let heap = heap();
        heap.set_thresholds([50, 5, 5]);
        let made = Cell::new(0);
        for round in 0..if cfg!(miri) { 20 } else { 500 } {
            drop(ring(&heap, 1 + round % 7));
            made.set(made.get() + 1 + round % 7);
            heap.collect_pending();
        }
        heap.collect(2);
        assert_eq!(heap.stats().iter().map(|stats| stats.collected).sum::<usize>(), made.get());
    };
    let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(run)).collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}
