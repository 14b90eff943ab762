//! The ledger: what was asked for where, and how much of it there is.

mod support;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::rc::Rc;
use support::{BYTES, Bytes, CONS, Cons, TUPLE, Tuple};
use taipan_heap::{Buffer, Charge, Config, Heap, Ref, Value};

/// A heap with a ledger, and the site that it will note next.
fn watched(config: Config) -> (Pin<Box<Heap>>, Rc<Cell<u32>>) {
    let heap = Heap::new(config);
    let site = Rc::new(Cell::new(1));
    let here = site.clone();
    heap.keep_ledger(Rc::new(move || here.get()));
    (heap, site)
}

fn bytes(heap: &Heap, len: usize) -> Ref<Bytes> {
    heap.alloc_with_bytes(&BYTES.get(), len, 0, 0, |bytes| Bytes { bytes }, |_| {}).unwrap()
}

fn cons(heap: &Heap) -> Ref<Cons> {
    heap.alloc(&CONS.get(), Cons { next: Cell::new(None) }).unwrap()
}

/// The bytes of each site.
fn by_site(heap: &Heap) -> BTreeMap<u32, usize> {
    let mut sites = BTreeMap::new();
    let entries = heap.ledger_entries().unwrap();
    assert_eq!(entries.iter().map(|(bytes, _)| bytes).sum::<usize>(), heap.ledger_bytes().0);
    for (bytes, site) in entries {
        *sites.entry(site).or_default() += bytes;
    }
    sites
}

#[test]
fn blocks_are_noted_as_they_were_asked_for_and_forgotten_when_they_are_free() {
    let heap = Heap::new(Config::default());
    let (before, dies) = (cons(&heap), bytes(&heap, 100));
    let site = Rc::new(Cell::new(7));
    let here = site.clone();
    heap.keep_ledger(Rc::new(move || here.get()));
    assert!(heap.keeps_ledger());
    drop(dies);
    assert_eq!((heap.ledger_bytes(), heap.site_of(before.header())), ((0, 0), None));
    let head = 16 + size_of::<Bytes>();
    let (odd, large) = (bytes(&heap, 13), bytes(&heap, 9001));
    site.set(8);
    let node = cons(&heap);
    assert_eq!(by_site(&heap), [(7, 2 * head + 13 + 9001), (8, 24)].into());
    assert_eq!([odd.header(), large.header(), node.header()].map(|object| heap.site_of(object)), [7, 7, 8].map(Some));
    drop(large);
    let (now, peak) = heap.ledger_bytes();
    assert_eq!((now, peak), (head + 13 + 24, 2 * head + 13 + 9001 + 24));
    heap.reset_ledger_peak();
    assert_eq!(heap.ledger_bytes(), (now, now));
    assert!(heap.ledger_memory() > 0);
    heap.clear_ledger();
    drop((odd, node));
    assert_eq!((heap.ledger_bytes(), heap.ledger_memory()), ((0, 0), 0));
    let last = cons(&heap);
    heap.end_ledger();
    assert_eq!((heap.site_of(last.header()), heap.ledger_entries().unwrap()), (None, vec![]));
    drop((before, last, cons(&heap)));
    assert_eq!(heap.bytes_in_use(), 0);
}

#[test]
fn buffers_are_noted_where_they_last_changed_their_size() {
    let (heap, site) = watched(Config::default());
    let mut numbers: Buffer<u64> = Buffer::with_capacity(&heap, 4).unwrap();
    assert_eq!(by_site(&heap), [(1, 32)].into());
    numbers.extend(&heap, [1, 2, 3].into_iter()).unwrap();
    // To another block, within its block, to a large block, to larger ones, back to a small one.
    for (step, room) in [(2, 70), (3, 71), (4, 2000), (5, 2100), (6, 9000), (7, 3)] {
        site.set(step);
        match room > numbers.capacity() {
            true => numbers.reserve_exact(&heap, room - numbers.len()).unwrap(),
            false => numbers.shrink_to_fit(&heap),
        }
        assert_eq!(by_site(&heap), [(step, room * 8)].into());
    }
    drop(numbers);
    assert_eq!(by_site(&heap), [].into());
}

#[test]
fn charges_are_noted_and_survive_the_ledger() {
    let heap = Heap::new(Config::default());
    let old = Charge::new(&heap, 500).unwrap();
    let site = Rc::new(Cell::new(1));
    let here = site.clone();
    heap.keep_ledger(Rc::new(move || here.get()));
    let (first, second, none) =
        (Charge::new(&heap, 1000).unwrap(), Charge::new(&heap, 20).unwrap(), Charge::new(&heap, 0).unwrap());
    site.set(2);
    second.resize(3000).unwrap();
    none.force(&heap, 5);
    assert_eq!(by_site(&heap), [(1, 1000), (2, 3005)].into());
    assert_eq!((first.bytes(), second.bytes(), none.bytes(), heap.bytes_in_use()), (1000, 3000, 5, 4505));
    old.resize(600).unwrap();
    drop(none);
    assert_eq!(by_site(&heap), [(1, 1000), (2, 3600)].into());
    heap.end_ledger();
    assert_eq!((heap.ledger_bytes(), first.bytes(), second.bytes(), heap.bytes_in_use()), ((0, 0), 1000, 3000, 4600));
    second.resize(10).unwrap();
    assert_eq!((second.bytes(), heap.bytes_in_use()), (10, 1610));
    drop((first, old));
    assert_eq!((heap.ledger_memory(), heap.bytes_in_use()), (0, 10));
    drop(heap);
    assert_eq!(second.bytes(), 10);
}

#[test]
fn collections_limits_and_zeal_go_together_with_it() {
    let items = if cfg!(miri) { 200 } else { 9000 };
    let (heap, site) = watched(Config { limit: Some(items * 128), zeal: 5, ..Config::default() });
    let rings = if cfg!(miri) { 4 } else { 500 };
    for round in 0..rings {
        site.set(2 + round % 2);
        let (a, b) = (cons(&heap), cons(&heap));
        a.next.set(Some(b.to_value()));
        b.next.set(Some(a.to_value()));
        heap.collect_pending();
    }
    heap.collect(2);
    assert_eq!(by_site(&heap), [].into());
    let kept: Vec<_> = std::iter::from_fn(|| {
        heap.alloc_with_tail(
            &TUPLE.get(),
            items,
            0,
            0,
            |items| Tuple { items },
            (0..items as i32).map(Value::small_int),
        )
        .ok()
    })
    .collect();
    assert_eq!(heap.ledger_bytes().0, kept.len() * (16 + size_of::<Tuple>() + 8 * items));
    assert!(kept.len() > 5);
    drop(kept);
    heap.set_zeal(0);
    let last = cons(&heap);
    assert_eq!(by_site(&heap).values().sum::<usize>(), 24);
    heap.verify();
    drop(last);
    assert_eq!(heap.ledger_bytes().0, 0);
}

struct Shared(Pin<Box<Heap>>);

#[test]
fn who_says_the_site_may_ask_for_memory_itself() {
    let heap = Rc::new(Shared(Heap::new(Config::default())));
    let inner = Rc::downgrade(&heap);
    heap.0.keep_ledger(Rc::new(move || {
        inner.upgrade().map_or(0, |heap| {
            drop(bytes(&heap.0, 50));
            9
        })
    }));
    let node = cons(&heap.0);
    assert_eq!(by_site(&heap.0), [(9, 24)].into());
    drop(node);
}
