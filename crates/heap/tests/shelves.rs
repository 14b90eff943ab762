//! Dead objects that wait on a shelf for the next of their kind.

use std::cell::{Cell, RefCell};
use std::sync::LazyLock;
use taipan_heap::{Buffer, Config, Heap, Kind, Payload, Ref, Retire, Slot, Value, flags};

#[derive(Payload)]
#[payload(retire)]
struct Stack {
    items: RefCell<Buffer<Slot>>,
    retired: Cell<u32>,
}

impl Retire for Stack {
    const SHELF: usize = 2;
    fn retire(&self) -> bool {
        let mut items = self.items.borrow_mut();
        items.clear_backward();
        self.retired.set(self.retired.get() + 1);
        items.capacity() <= 4
    }
}

static EXACT: LazyLock<Kind> = LazyLock::new(|| Kind::new(Stack::info(), flags::EXACT));
static OTHER: LazyLock<Kind> = LazyLock::new(|| Kind::new(Stack::info(), 0));

fn stack(heap: &Heap, kind: &'static Kind, room: usize) -> Ref<Stack> {
    let items = RefCell::new(Buffer::with_capacity(heap, room).unwrap());
    heap.alloc(&kind, Stack { items, retired: Cell::new(0) }).unwrap()
}

#[test]
fn the_next_object_is_the_last_dead_one_with_its_buffer() {
    let heap = Heap::new(Config::default());
    let first = stack(&heap, &EXACT, 3);
    let inner = stack(&heap, &EXACT, 2);
    assert!(first.items.borrow_mut().push(&heap, Slot::new(Some(inner.to_value()))).is_ok());
    let (outside, inside) = (first.header().address(), inner.header().address());
    drop(inner);
    drop(first);
    let again = heap.take_retired::<Stack>(&&*EXACT).unwrap();
    assert_eq!(again.header().address(), outside);
    assert_eq!((again.header().count(), again.retired.get(), again.items.borrow().capacity()), (1, 1, 3));
    assert!(again.items.borrow().is_empty());
    assert!(again.header().is_tracked());
    assert_eq!(again.header().generation(), 0);
    let last = heap.take_retired::<Stack>(&&*EXACT).unwrap();
    assert_eq!(last.header().address(), inside);
    assert!(heap.take_retired::<Stack>(&&*EXACT).is_none());
    heap.verify();
}

#[test]
fn the_next_object_is_young_however_old_the_dead_one_was() {
    let heap = Heap::new(Config::default());
    let old = stack(&heap, &EXACT, 1);
    heap.collect(2);
    assert_eq!(old.header().generation(), 2);
    let address = old.header().address();
    drop(old);
    let next = heap.take_retired::<Stack>(&&*EXACT).unwrap();
    assert_eq!((next.header().address(), next.header().generation()), (address, 0));
    next.items.borrow_mut().push(&heap, Slot::new(Some(next.to_value()))).unwrap();
    drop(next);
    assert_eq!(heap.collect(0).collected, 1);
}

#[test]
fn only_exact_objects_worth_keeping_retire() {
    let heap = Heap::new(Config::default());
    drop(stack(&heap, &OTHER, 1));
    drop(stack(&heap, &EXACT, 100));
    assert!(heap.take_retired::<Stack>(&&*EXACT).is_none());
    drop(stack(&heap, &EXACT, 1));
    assert!(heap.take_retired::<Stack>(&&*OTHER).is_none(), "of another kind");
    assert!(heap.take_retired::<Stack>(&&*EXACT).is_some());
}

#[test]
fn whoever_looks_at_the_whole_heap_finds_the_shelves_empty() {
    let heap = Heap::new(Config::default());
    let objects = |heap: &Heap| {
        let mut count = 0;
        heap.for_each_object(&mut |_| count += 1);
        count
    };
    let before = heap.bytes_in_use();
    for room in 1..4 {
        drop(stack(&heap, &EXACT, room));
        assert_eq!(heap.bytes_in_use(), before);
        drop(stack(&heap, &EXACT, room));
        assert_eq!((objects(&heap), heap.areas().objects), (0, 0));
        drop(stack(&heap, &EXACT, room));
        heap.collect(0);
        assert!(heap.take_retired::<Stack>(&&*EXACT).is_none());
    }
    // Each allocation is to be one while they are counted.
    heap.set_zeal(1);
    drop(stack(&heap, &EXACT, 1));
    assert!(heap.take_retired::<Stack>(&&*EXACT).is_none());
    heap.set_zeal(0);
    drop(stack(&heap, &EXACT, 1));
    assert!(heap.take_retired::<Stack>(&&*EXACT).is_some());
}

#[test]
fn a_shelf_takes_a_few_only() {
    let heap = Heap::new(Config::default());
    let many: Vec<_> = (0..if cfg!(miri) { 110 } else { 1000 }).map(|_| stack(&heap, &EXACT, 1)).collect();
    drop(many);
    let mut found = Vec::new();
    while let Some(object) = heap.take_retired::<Stack>(&&*EXACT) {
        found.push(object);
    }
    assert!((1..=100).contains(&found.len()));
    heap.collect(2);
    assert!(found.iter().all(|object| object.items.borrow().capacity() == 1));
}

/// Retires without ending anything where it can.
#[derive(Payload)]
#[payload(retire)]
struct Quiet {
    items: RefCell<Buffer<Value>>,
    extra: RefCell<Option<Value>>,
    loud: Cell<u32>,
}

impl Retire for Quiet {
    const SHELF: usize = 3;
    fn retire(&self) -> bool {
        self.items.borrow_mut().clear_backward();
        drop(self.extra.take());
        self.loud.set(self.loud.get() + 1);
        true
    }
    fn retire_quietly(&self) -> bool {
        Value::let_go(&mut self.extra.borrow_mut()) && self.items.borrow_mut().let_go_backward()
    }
}

static QUIET: LazyLock<Kind> = LazyLock::new(|| Kind::new(Quiet::info(), flags::EXACT));

#[test]
fn what_ends_nothing_else_retires_quietly() {
    let heap = Heap::new(Config::default());
    let make = |items: Vec<Value>, extra: Option<Value>| {
        let mut buffer = Buffer::with_capacity(&heap, items.len()).unwrap();
        buffer.extend(&heap, items.into_iter()).unwrap();
        let quiet = Quiet { items: RefCell::new(buffer), extra: RefCell::new(extra), loud: Cell::new(0) };
        heap.alloc(&&*QUIET, quiet).unwrap()
    };
    let loud = |object: Ref<Quiet>| {
        drop(object);
        let again = heap.take_retired::<Quiet>(&&*QUIET).unwrap();
        assert!(again.items.borrow().is_empty() && again.extra.borrow().is_none());
        again.loud.get()
    };
    let shared = stack(&heap, &OTHER, 1);
    let count = || shared.header().count();
    assert_eq!(loud(make(vec![Value::small_int(1), Value::small_int(2)], Some(Value::small_int(3)))), 0);
    assert_eq!(loud(make(vec![shared.to_value(), Value::small_int(2)], Some(shared.to_value()))), 0);
    assert_eq!(count(), 1);
    // The object that would end stays for `retire`, with what stands before it.
    let own = stack(&heap, &OTHER, 1).to_value();
    assert_eq!(loud(make(vec![shared.to_value(), own, shared.to_value()], None)), 1);
    assert_eq!(count(), 1);
    assert_eq!(loud(make(vec![shared.to_value()], Some(stack(&heap, &OTHER, 1).into()))), 1);
    assert_eq!(count(), 1);
    heap.verify();
}

#[test]
fn a_place_lets_go_of_what_lives_on() {
    let heap = Heap::new(Config::default());
    let object = stack(&heap, &OTHER, 1);
    let mut place = Some(object.to_value());
    assert!(Value::let_go(&mut place) && place.is_none());
    assert_eq!(object.header().count(), 1);
    assert!(Value::let_go(&mut place));
    let mut last = Some(Value::from(object));
    assert!(!Value::let_go(&mut last));
    assert_eq!(last.as_ref().and_then(Value::header).map(|header| header.count()), Some(1));
    let mut immediate = Some(Value::small_int(7));
    assert!(Value::let_go(&mut immediate) && immediate.is_none());
}

#[test]
fn the_same_object_comes_back_at_once_until_generations_change() {
    let heap = Heap::new(Config::default());
    let at_once = || heap.take_retired_at_once::<Stack>(&&*EXACT);
    drop(stack(&heap, &EXACT, 1));
    assert!(at_once().is_none(), "nothing is known of what it was");
    let taken = heap.take_retired::<Stack>(&&*EXACT).unwrap();
    let address = taken.header().address();
    drop(taken);
    let again = at_once().unwrap();
    assert_eq!((again.header().address(), again.header().generation(), again.header().count()), (address, 0, 1));
    assert!(again.header().is_tracked() && at_once().is_none());
    // An object that a collection has seen is young again when it is taken.
    heap.collect(0);
    assert_eq!(again.header().generation(), 1);
    drop(again);
    assert!(at_once().is_none());
    let next = heap.take_retired::<Stack>(&&*EXACT).unwrap();
    assert_eq!((next.header().address(), next.header().generation()), (address, 0));
    drop(next);
    assert!(heap.take_retired_at_once::<Stack>(&&*OTHER).is_none(), "of another kind");
    heap.freeze();
    heap.unfreeze();
    assert!(at_once().is_none());
    // Nor is it taken where a collection is to be asked for.
    heap.set_thresholds([1, 10, 10]);
    drop(stack(&heap, &EXACT, 1));
    drop(heap.take_retired::<Stack>(&&*EXACT));
    let _kept = stack(&heap, &OTHER, 1);
    assert!(at_once().is_none());
    heap.verify();
}

#[derive(Payload)]
#[payload(class)]
#[repr(C)]
struct Class {
    kind: Kind,
}

#[test]
fn what_waits_on_a_shelf_keeps_its_class() {
    let heap = Heap::new(Config::default());
    let root = heap.alloc_root_class(Class { kind: Kind::new(Class::info(), flags::COUNTED) }).unwrap();
    let kind = Kind::new(Stack::info(), flags::COUNTED | flags::EXACT);
    let class = heap.alloc(&*root, Class { kind }).unwrap();
    let make = || {
        let items = RefCell::new(Buffer::with_capacity(&heap, 1).unwrap());
        heap.alloc(&*class, Stack { items, retired: Cell::new(0) }).unwrap()
    };
    for _ in 0..2 {
        drop(make());
        assert_eq!(class.header().count(), 2);
        drop(heap.take_retired::<Stack>(&*class).unwrap());
        drop(heap.take_retired_at_once::<Stack>(&*class).unwrap());
        assert_eq!(class.header().count(), 2);
        heap.verify();
        heap.trim();
        assert_eq!(class.header().count(), 1);
    }
    let classes = root.header().count();
    drop(make());
    drop(class);
    assert_eq!(root.header().count(), classes);
    heap.trim();
    assert_eq!(root.header().count(), classes - 1, "the class died when the shelves were cleared");
}
