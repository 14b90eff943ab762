//! Finalizers, weak references and resurrection, in the order CPython 3.14.8 shows.

#[path = "support/mod.rs"]
mod support;
use std::cell::RefCell;
use std::rc::Rc;
use support::*;
use taipan_heap::*;

fn cycle(world: &World, kinds: [&'static StaticKind; 2]) -> [Ref<Node>; 2] {
    let (a, b) = (world.node(0, kinds[0]), world.node(1, kinds[1]));
    a.push(&world.heap, b.to_value());
    b.push(&world.heap, a.to_value());
    [a, b]
}

#[test]
fn a_finalizer_runs_once() {
    let world = World::new(Config::default());
    let kept: Rc<RefCell<Vec<Value>>> = Rc::default();
    let keep = kept.clone();
    *world.hooks.on_finalize.borrow_mut() = Some(Box::new(move |object| keep.borrow_mut().push(object.clone())));
    drop(world.node(5, &FINALIZED));
    assert_eq!(world.log.borrow().finalized, [5]);
    assert!(world.log.borrow().dropped.is_empty(), "resurrected");
    let object = kept.borrow_mut().pop().unwrap();
    assert!(object.header().unwrap().has(bits::FINALIZED));
    drop(object);
    assert_eq!(world.log.borrow().finalized, [5]);
    assert_eq!(world.log.borrow().dropped, [5]);
}

#[test]
fn weak_references_to_trash_are_clear_before_finalizers() {
    let world = World::new(Config::default());
    let [a, b] = cycle(&world, [&FINALIZED, &FINALIZED]);
    let plain = world.weak(&a.to_value(), false);
    let called = world.weak(&b.to_value(), true);
    // A weak reference that is trash itself is never called back.
    let inside = world.weak(&b.to_value(), true);
    a.push(&world.heap, inside.into_value());
    let seen = plain.clone();
    *world.hooks.on_finalize.borrow_mut() = Some(Box::new(move |_| assert!(seen.node.is_dead())));
    drop([a, b]);
    assert_eq!(world.heap.collect(2).collected, 3);
    assert!(called.node.is_dead());
    world.hooks.on_finalize.take();
    let log = world.log.borrow();
    assert_eq!((log.callbacks, log.finalized.as_slice(), log.dropped.len()), (1, &[0, 1][..], 2));
}

#[test]
fn only_what_is_reachable_again_survives() {
    let world = World::new(Config::default());
    let [a, b] = cycle(&world, [&FINALIZED, &NODE]);
    let child = world.node(2, &NODE);
    child.push(&world.heap, world.node(3, &NODE).into());
    a.push(&world.heap, child.into());
    let kept: Rc<RefCell<Vec<Value>>> = Rc::default();
    let keep = kept.clone();
    *world.hooks.on_finalize.borrow_mut() = Some(Box::new(move |object| {
        let node = object.downcast::<Node>().unwrap();
        keep.borrow_mut().extend(node.pop());
    }));
    drop([a, b]);
    assert_eq!(world.heap.collect(0).collected, 2);
    let mut dropped = world.log.borrow().dropped.clone();
    dropped.sort_unstable();
    assert_eq!(dropped, [0, 1]);
    assert_eq!(kept.borrow()[0].header().unwrap().generation(), 1);
    world.heap.verify();
    kept.borrow_mut().clear();
    assert_eq!(world.log.borrow().dropped.len(), 4);
}

#[test]
fn a_whole_cycle_resurrected_stays_whole() {
    let world = World::new(Config::default());
    let [a, b] = cycle(&world, [&FINALIZED, &NODE]);
    let kept: Rc<RefCell<Vec<Value>>> = Rc::default();
    let keep = kept.clone();
    *world.hooks.on_finalize.borrow_mut() = Some(Box::new(move |object| keep.borrow_mut().push(object.clone())));
    drop([a, b]);
    assert_eq!(world.heap.collect(2).collected, 0);
    assert_eq!(kept.borrow().len(), 1);
    kept.borrow_mut().clear();
    assert_eq!(world.heap.collect(2).collected, 2);
    assert_eq!(world.log.borrow().finalized.len(), 1);
    assert_eq!(world.heap.bytes_in_use(), 0);
}

#[test]
fn a_finalizer_that_breaks_its_cycle() {
    let world = World::new(Config::default());
    let [a, b] = cycle(&world, [&FINALIZED, &NODE]);
    *world.hooks.on_finalize.borrow_mut() = Some(Box::new(|object| {
        drop(object.downcast::<Node>().unwrap().pop());
    }));
    drop([a, b]);
    world.heap.collect(2);
    assert_eq!(world.log.borrow().dropped.len(), 2);
    assert_eq!(world.heap.bytes_in_use(), 0);
}

#[test]
fn finalizers_outside_the_trash_allocate_while_it_is_torn_down() {
    let world = World::new(Config::default());
    let shared = Rc::new(Heap::new(Config::default()));
    let (heap, hooked) = (&shared, shared.clone());
    let log = world.log.clone();
    let hooks = Rc::new(Recorder { log: log.clone(), on_finalize: RefCell::new(None), roots: RefCell::default() });
    *hooks.on_finalize.borrow_mut() = Some(Box::new(move |_| {
        let heap = &hooked;
        let before = heap.objects(None).len();
        let node = heap.alloc(&CONS.get(), Cons { next: Default::default() }).unwrap();
        assert_eq!(heap.objects(None).len(), before + 1);
        assert_eq!(heap.collect(2).collected, 0);
        drop(node);
        heap.verify();
    }));
    heap.set_hooks(Some(hooks));
    let witness = |id| Witness { id, log: log.clone() };
    let make = |id, kind: &'static StaticKind| {
        heap.alloc(&kind.get(), Node { edges: RefCell::default(), witness: witness(id) }).unwrap()
    };
    for _ in 0..10 {
        let (a, b) = (make(0, &NODE), make(1, &NODE));
        a.push(heap, b.to_value());
        b.push(heap, a.to_value());
        // Untracked, so that it is not trash itself, but dies with the trash.
        let outside = make(2, &FINALIZED);
        heap.untrack(outside.header());
        a.push(heap, outside.into());
    }
    assert_eq!(heap.collect(2).collected, 20);
    assert_eq!(log.borrow().finalized.len(), 10);
    assert_eq!(log.borrow().dropped.len(), 30);
    assert_eq!(heap.bytes_in_use(), 0);
    heap.set_hooks(None);
}

#[test]
fn weak_callbacks_come_newest_first_and_the_target_is_gone() {
    let world = World::new(Config::default());
    let node = world.node(0, &NODE);
    let references: Vec<_> = (0..3).map(|_| world.weak(&node.to_value(), true)).collect();
    let listed = world.heap.weak_references(node.header());
    assert!(listed[0].is(&references[2].to_value()) && listed.len() == 3);
    drop(listed);
    assert!(references[1].node.target().is_some_and(|target| node.is(&target)));
    drop(node);
    assert!(references.iter().all(|reference| reference.node.target().is_none()));
    assert_eq!(world.log.borrow().callbacks, 3);
}

#[test]
fn saved_garbage_and_frozen_objects() {
    let world = World::new(Config::default());
    world.heap.set_debug(Debug { save_all: true, collectable: false });
    drop(cycle(&world, [&NODE, &NODE]));
    assert_eq!(world.heap.collect(2).collected, 2);
    let garbage = world.heap.take_garbage();
    assert_eq!(garbage.len(), 2);
    drop(garbage);
    world.heap.set_debug(Debug::default());
    world.heap.freeze();
    assert_eq!(world.heap.frozen_count(), 2);
    assert_eq!(world.heap.collect(2).collected, 0);
    world.heap.unfreeze();
    assert_eq!(world.heap.collect(2).collected, 2);
}

#[test]
#[cfg_attr(miri, ignore = "leaks on purpose")]
fn references_that_outlive_the_heap_stay_good() {
    let heap = Heap::new(Config::default());
    let (a, b) = (
        heap.alloc(&CONS.get(), Cons { next: Default::default() }).unwrap(),
        heap.alloc(&CONS.get(), Cons { next: Default::default() }).unwrap(),
    );
    a.next.set(Some(b.into()));
    drop(heap);
    let next = a.next.take().unwrap();
    assert!(next.downcast::<Cons>().is_some());
    drop((a, next));
}

#[test]
fn ordered_trash_is_finalized_in_the_order_it_was_made() {
    let world = World::new(Config::default());
    // Blocks that were used before come last in, first out.
    drop((0..40).map(|id| world.node(100 + id, &NODE)).collect::<Vec<_>>());
    let made: Vec<_> = (0..20).map(|id| world.node(id, &BORN)).collect();
    for (node, next) in made.iter().zip(made.iter().cycle().skip(1)) {
        node.push(&world.heap, next.to_value());
    }
    drop(made);
    assert_eq!(world.heap.collect(2).collected, 20);
    assert_eq!(world.log.borrow().finalized, (0..20).collect::<Vec<_>>());
}

#[test]
fn finalizers_that_end_objects_with_finalizers_do_not_nest_for_ever() {
    let world = World::new(Config::default());
    *world.hooks.on_finalize.borrow_mut() = Some(Box::new(|object| {
        if let Some(node) = object.downcast::<Node>() {
            drop(node.pop());
        }
    }));
    let count = if cfg!(miri) { 300 } else { 100_000 };
    let mut head = world.node(0, &FINALIZED);
    for id in 1..count {
        let next = world.node(id, &FINALIZED);
        next.push(&world.heap, head.into());
        head = next;
    }
    drop(head);
    assert_eq!(world.log.borrow().finalized.len(), count);
    assert_eq!(world.log.borrow().dropped.len(), count);
}
