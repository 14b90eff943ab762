//! The byte limit, failures on purpose, zeal.

#[path = "support/mod.rs"]
mod support;
use std::cell::Cell;
use support::*;
use taipan_heap::*;

const LIMIT: usize = if cfg!(miri) { 4 * 1024 } else { 8 << 20 };

fn limited() -> World {
    let world = World::new(Config { limit: Some(LIMIT), zeal: 0, ..Config::default() });
    world.heap.disable();
    world
}

fn cons(world: &World, next: Option<Value>) -> Result<Value, OutOfMemory> {
    Ok(world.heap.alloc(&CONS.get(), Cons { next: Cell::new(next) })?.into())
}

#[test]
fn a_growing_chain_ends_in_an_error_and_the_heap_goes_on() {
    let world = limited();
    for _ in 0..if cfg!(miri) { 1 } else { 3 } {
        let mut chain = None;
        let mut made = 0;
        // A failed allocation drops what it was given; keep the chain by a second reference.
        loop {
            match cons(&world, chain.clone()) {
                Ok(next) => chain = Some(next),
                Err(OutOfMemory) => break,
            }
            made += 1;
        }
        assert!(made * 24 > LIMIT * 8 / 10 && made * 24 <= LIMIT);
        assert!(cons(&world, None).is_ok(), "there is a reserve for the handler");
        assert!(world.heap.bytes_in_use() <= LIMIT);
        drop(chain);
        assert_eq!(world.heap.bytes_in_use(), 0);
    }
}

#[test]
fn garbage_cycles_are_collected_at_the_limit() {
    let world = limited();
    for _ in 0..LIMIT / 24 * if cfg!(miri) { 1 } else { 3 } + 10 {
        let object = world.heap.alloc(&CONS.get(), Cons { next: Cell::new(None) }).unwrap();
        object.next.set(Some(object.to_value()));
    }
    assert!(world.heap.bytes_in_use() <= LIMIT);
}

#[test]
fn finalizers_wait_for_the_safe_point() {
    let world = limited();
    let (a, b) = (world.node(0, &FINALIZED), world.node(1, &NODE));
    a.push(&world.heap, b.to_value());
    b.push(&world.heap, a.to_value());
    // Only reachable from the cycle with the finalizer.
    b.push(&world.heap, world.cons(None));
    // Trash of its own, with an object outside that has a finalizer.
    let c = world.node(2, &NODE);
    c.push(&world.heap, c.to_value());
    let outside = world.node(3, &FINALIZED);
    world.heap.untrack(outside.header());
    c.push(&world.heap, outside.into());
    drop((a, b, c));
    let too_much = world.heap.alloc_with_bytes(&BYTES.get(), LIMIT, 0, 0, |bytes| Bytes { bytes }, |_| ());
    assert!(too_much.is_err());
    assert_eq!(world.log.borrow().dropped, [2]);
    assert!(world.log.borrow().finalized.is_empty());
    assert!(world.heap.collection_pending());
    assert_eq!(world.heap.collect_pending().unwrap().collected, 3);
    let mut log = world.log.borrow_mut();
    log.finalized.sort_unstable();
    assert_eq!(log.finalized, [0, 3]);
    assert_eq!(log.dropped.len(), 4);
    assert_eq!(world.heap.bytes_in_use(), 0);
}

/// A little of everything; gives up at the first failure.
fn work(world: &World) -> Result<(), OutOfMemory> {
    let mut buffer = Buffer::new();
    for n in 0..40 {
        buffer.push(&world.heap, n)?;
    }
    buffer.reserve_exact(&world.heap, 2000)?;
    buffer.shrink_to_fit(&world.heap);
    let object = world.heap.alloc_with_slots(&INSTANCE.get(), Instance { shape: 1 }, 3)?;
    object.slots()[1].set(Some(object.to_value()));
    let items = vec![object.to_value(), cons(world, Some(object.to_value()))?];
    let tuple = world.heap.alloc_with_tail(&TUPLE.get(), 2, 0, 0, |items| Tuple { items }, items)?;
    world.heap.alloc_with_bytes(&BYTES.get(), 9000, 0, 0, |bytes| Bytes { bytes }, |_| ())?;
    let fill = (0..2).map(|_| cons(world, Some(tuple.to_value())).unwrap_or(Value::small_int(0)));
    world.heap.alloc_with_tail(&TUPLE.get(), 2, 0, 0, |items| Tuple { items }, fill)?;
    Ok(())
}

#[test]
fn every_allocation_may_fail() {
    let world = World::new(Config::default());
    let mut n = 1;
    loop {
        world.heap.fail_allocation(n);
        let done = work(&world).is_ok();
        world.heap.fail_allocation(0);
        world.heap.verify();
        world.heap.collect(2);
        assert_eq!(world.heap.bytes_in_use(), 0, "after failure {n}");
        if done && n > 10 {
            break;
        }
        n += 1;
    }
    assert!(n < 40);
}

#[test]
fn zeal_finds_nothing_wrong() {
    let world = World::new(Config { limit: None, zeal: 3, ..Config::default() });
    for _ in 0..if cfg!(miri) { 3 } else { 100 } {
        work(&world).unwrap();
        assert!(world.heap.collection_pending());
        world.heap.collect_pending();
    }
    world.heap.collect(2);
    world.heap.set_zeal(0);
    assert_eq!(world.heap.bytes_in_use(), 0);
}

#[test]
fn a_panic_while_filling_leaks_nothing() {
    let world = World::new(Config::default());
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let fill = (0..3).map(|n| if n == 2 { panic!("on purpose") } else { world.cons(None) });
        world.heap.alloc_with_tail(&TUPLE.get(), 3, 0, 0, |items| Tuple { items }, fill)
    }));
    assert!(result.is_err());
    assert_eq!(world.heap.bytes_in_use(), 0);
}

#[test]
fn empty_pages_go_back() {
    let world = World::new(Config::default());
    let count = if cfg!(miri) { 150 } else { 500_000 };
    let mut all: Vec<_> = (0..count).map(|_| world.cons(None)).collect();
    let mut n = 0;
    all.retain(|_| {
        n += 1;
        n % 5000 == 1
    });
    let areas = world.heap.areas();
    assert!(areas.free_blocks < 4 << 20 && areas.free_pages < 4 << 20, "{areas:?}");
    world.heap.trim();
    assert_eq!(world.heap.areas().free_pages, 0);
}

#[test]
fn what_dies_at_the_end_of_the_heap_gives_its_own_back() {
    let world = World::new(Config::default());
    let node = world.node(9, &FINALIZED);
    node.push(&world.heap, node.to_value());
    let log = world.log.clone();
    drop(node);
    drop(world);
    assert_eq!(log.borrow().dropped, [9]);
    assert!(log.borrow().finalized.is_empty());
}
