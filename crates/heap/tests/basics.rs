//! Allocation, death, collection: one promise a test.

#[path = "support/mod.rs"]
mod support;
use support::*;
use taipan_heap::*;

#[test]
fn dies_at_zero() {
    let world = World::new(Config::default());
    for kind in [&NODE, &FINALIZED] {
        let node = world.node(7, kind);
        assert_eq!(node.header().count(), 1);
        drop(node);
        assert_eq!(std::mem::take(&mut world.log.borrow_mut().dropped), [7]);
    }
    assert_eq!(world.log.borrow().finalized, [7]);
    assert_eq!(world.heap.bytes_in_use(), 0);
}

#[test]
fn cycles_need_the_collector() {
    let world = World::new(Config::default());
    let (a, b) = (world.node(0, &NODE), world.node(1, &NODE));
    a.push(&world.heap, b.to_value());
    b.push(&world.heap, a.to_value());
    drop((a, b));
    assert!(world.log.borrow().dropped.is_empty());
    assert_eq!(world.heap.collect(2).collected, 2);
    assert_eq!(world.log.borrow().dropped.len(), 2);
    assert_eq!(world.heap.bytes_in_use(), 0);
}

#[test]
fn slots_fill_the_block() {
    let world = World::new(Config::default());
    let object = world.heap.alloc_with_slots(&INSTANCE.get(), Instance { shape: 0 }, 3).unwrap();
    assert_eq!(world.heap.size_of(object.header()), 48);
    assert_eq!(object.slots().len(), 3);
    object.slots()[2].set(Some(object.to_value()));
    drop(object);
    assert_eq!(world.heap.collect(0).collected, 1);
    assert_eq!(world.heap.bytes_in_use(), 0);
}

#[derive(Payload)]
#[payload(class)]
#[repr(C)]
struct Class {
    kind: Kind,
}

#[test]
fn an_instance_takes_the_reference_to_its_class_over() {
    let world = World::new(Config::default());
    let heap = &world.heap;
    let root = heap.alloc_root_class(Class { kind: Kind::new(Class::info(), flags::COUNTED) }).unwrap();
    let slotted = flags::COUNTED | flags::SLOTS | flags::TRACKED;
    let class = heap.alloc(&*root, Class { kind: Kind::new(Instance::info(), slotted) }).unwrap();
    let make = |slots, filled| heap.alloc_owning_class(class.to_ref(), Instance { shape: 1 }, slots, filled).unwrap();
    let object = make(3, Some((1, Value::small_int(5))));
    assert_eq!((class.header().count(), object.slots().len(), object.shape), (2, 3, 1));
    let values: Vec<_> = object.slots().iter().map(|slot| slot.get().and_then(|value| value.as_int())).collect();
    assert_eq!(values, [None, Some(5), None]);
    drop(object);
    let wide = make(100, Some((99, Value::small_int(6))));
    assert_eq!(wide.slots()[99].get().and_then(|value| value.as_int()), Some(6));
    assert!(wide.slots()[..99].iter().all(|slot| slot.is_empty()));
    assert!(make(0, Some((0, Value::small_int(7)))).slots().iter().all(|slot| slot.is_empty()));
    drop(wide);
    assert_eq!(class.header().count(), 1);
    heap.fail_allocation(1);
    assert!(heap.alloc_owning_class(class.to_ref(), Instance { shape: 1 }, 1, None).is_err());
    assert_eq!(class.header().count(), 1);
    heap.verify();
}

#[test]
fn deep_structures_die_on_a_small_stack() {
    let depth = if cfg!(miri) { 120 } else { 1_000_000 };
    let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(move || {
        let world = World::new(Config::default());
        let mut chain = world.cons(None);
        for _ in 0..depth {
            chain = world.cons(Some(chain));
        }
        drop(chain);
        assert_eq!(world.heap.bytes_in_use(), 0);
        let mut nested = world.tuple(vec![]);
        for _ in 0..depth {
            nested = world.tuple(vec![Value::small_int(1), nested]);
        }
        drop(nested);
        let mut nested = world.node(0, &FINALIZED);
        for id in 0..depth / 10 {
            let outer = world.node(id, &FINALIZED);
            outer.push(&world.heap, nested.into());
            nested = outer;
        }
        drop(nested);
        assert_eq!(world.heap.bytes_in_use(), 0);
        // The same as cyclic trash, and alive through a collection.
        let first = world.cons(None);
        let mut chain = first.clone();
        for _ in 0..depth {
            chain = world.cons(Some(chain));
        }
        world.heap.collect(2);
        assert_eq!(world.heap.objects(None).len(), depth + 1);
        first.downcast::<Cons>().unwrap().next.set(Some(chain));
        drop(first);
        assert_eq!(world.heap.collect(2).collected, depth + 1);
        assert_eq!(world.heap.bytes_in_use(), 0);
    });
    thread.unwrap().join().unwrap();
}

#[test]
fn large_objects_and_buffers() {
    let world = World::new(Config::default());
    let sizes: &[usize] = if cfg!(miri) {
        &[0, 1, 100, 600, 2000, 5000, 140_000]
    } else {
        &[0, 1, 100, 600, 4000, 5000, 70_000, 900_000, 1_100_000, 9_000_000]
    };
    for size in sizes.iter().copied() {
        let bytes =
            world.heap.alloc_with_bytes(&BYTES.get(), size, 3, 0, |bytes| Bytes { bytes }, |b| b.fill(7)).unwrap();
        assert_eq!(bytes.tail_elements().len(), size);
        assert!(bytes.bytes.elements().iter().step_by(500).all(|byte| *byte == 7));
        assert!(world.heap.size_of(bytes.header()) >= size + 24);
        let items: Vec<Value> =
            (0..size.min(if cfg!(miri) { 4000 } else { size }) as i32 / 8).map(Value::small_int).collect();
        let len = items.len();
        let tuple = world.tuple(items);
        assert_eq!(tuple.downcast::<Tuple>().unwrap().items.len(), len);
    }
    assert_eq!(world.heap.bytes_in_use(), 0);
    let mut buffer = Buffer::new();
    let count = if cfg!(miri) { 1500 } else { 3_000_000 };
    for n in 0..count {
        buffer.push(&world.heap, n).unwrap();
    }
    assert!(buffer.iter().enumerate().all(|(at, n)| at == *n as usize));
    while buffer.len() > 10 {
        buffer.drain_to_vec(buffer.len() / 2..buffer.len());
        buffer.shrink_to_fit(&world.heap);
    }
    assert!(buffer.iter().enumerate().all(|(at, n)| at == *n as usize));
    drop(buffer);
    assert_eq!(world.heap.bytes_in_use(), 0);
    let areas = world.heap.areas();
    assert_eq!((areas.objects, areas.buffers), (0, 0));
}

#[test]
fn edges_say_where_they_stand() {
    let world = World::new(Config::default());
    let node = world.node(0, &NODE);
    node.push(&world.heap, Value::small_int(1));
    node.push(&world.heap, world.cons(None));
    let mut seen = Vec::new();
    world.heap.edges(node.header(), &mut |_, label| seen.push(label));
    assert_eq!(seen, [Label { field: "edges", index: Some(1), part: None }]);
    seen.clear();
    let tuple = world.tuple(vec![node.to_value()]);
    world.heap.edges(tuple.header().unwrap(), &mut |_, label| seen.push(label));
    assert_eq!(seen, [Label { field: "items", index: Some(0), part: None }]);
}

#[test]
fn the_census_adds_up() {
    let world = World::new(Config::default());
    let nodes: Vec<_> = (0..100).map(|id| world.node(id, &NODE)).collect();
    for pair in nodes.windows(2) {
        pair[0].push(&world.heap, pair[1].to_value());
    }
    let mut bytes = 0;
    world.heap.for_each_object(&mut |header| bytes += world.heap.size_of(header));
    let areas = world.heap.areas();
    assert_eq!(bytes, areas.objects);
    assert_eq!(areas.objects + areas.buffers, world.heap.bytes_in_use());
    assert_eq!(world.heap.referrers(&[nodes[5].to_value()]).len(), 1);
    assert_eq!(world.heap.referents(&nodes[5].to_value()).len(), 1);
}

#[test]
fn generations_age_and_tuples_of_atoms_are_let_go() {
    let world = World::new(Config::default());
    let node = world.node(0, &NODE);
    let atoms = world.tuple(vec![Value::small_int(1)]);
    let nested = world.tuple(vec![atoms.clone()]);
    let list = world.tuple(vec![node.to_value()]);
    let tracked = |value: &Value| value.header().unwrap().is_tracked();
    assert!(tracked(&atoms) && tracked(&nested) && tracked(&list));
    for generation in [0, 1, 2, 2] {
        assert_eq!(node.header().generation(), generation);
        world.heap.collect(generation);
    }
    world.heap.collect(2);
    assert!(!tracked(&atoms) && !tracked(&nested) && tracked(&list));
    assert_eq!(world.heap.objects(Some(2)).len(), 2);
    assert_eq!(world.heap.objects(Some(0)).len(), 0);
}

#[test]
fn collections_come_when_the_counters_say() {
    let world = World::new(Config::default());
    let mut kept = Vec::new();
    let mut due = Vec::new();
    let (count, threshold) = if cfg!(miri) { (60, 20) } else { (40_000, 700) };
    world.heap.set_thresholds([threshold as u32, 10, 10]);
    for n in 0..count {
        kept.push(world.cons(None));
        if world.heap.collection_pending() {
            world.heap.collect_pending();
            due.push(n + 1);
        }
    }
    // Every time one more than the threshold was made; the twelfth takes the middle generation.
    assert!(due.iter().enumerate().all(|(at, n)| *n == (threshold + 1) * (at + 1)));
    let log = world.log.borrow();
    for (at, generation) in log.collections.iter().enumerate().take(100) {
        assert_eq!(*generation == 0, at % 12 != 11, "collection {at} is of generation {generation}");
    }
}

#[test]
fn bytes_grow_within_their_block() {
    let world = World::new(Config::default());
    for size in [1, 13, 100, 3000, 70_000] {
        let bytes =
            world.heap.alloc_with_bytes(&BYTES.get(), size, 3, 0, |bytes| Bytes { bytes }, |b| b.fill(7)).unwrap();
        let (in_use, before) = (world.heap.bytes_in_use(), bytes.bytes.elements());
        let mut expected = vec![7; size];
        while bytes.append_in_place(&[1, 2, 3]) {
            expected.extend([1, 2, 3]);
        }
        assert_eq!(bytes.tail_elements(), expected);
        assert!(before.iter().all(|&byte| byte == 7) && before.len() == size && bytes.bytes.meta() == 3);
        assert!(expected.len() < size + block_size(bytes.header()) && world.heap.bytes_in_use() == in_use);
        let shared = bytes.clone();
        assert!(!shared.append_in_place(&[]));
    }
    assert_eq!(world.heap.bytes_in_use(), 0);
}

#[test]
fn a_plain_object_dies_at_once_or_with_what_it_ends() {
    let world = World::new(Config::default());
    let heap = &world.heap;
    let root = heap.alloc_root_class(Class { kind: Kind::new(Class::info(), flags::COUNTED) }).unwrap();
    let slotted = flags::COUNTED | flags::SLOTS | flags::TRACKED;
    let class = heap.alloc(&*root, Class { kind: Kind::new(Instance::info(), slotted) }).unwrap();
    assert!(class.kind.has(flags::PLAIN));
    let make = |slots: usize| heap.alloc_owning_class(class.to_ref(), Instance { shape: 1 }, slots, None).unwrap();
    let shared = make(1);
    let object = make(3);
    object.slots()[0].set(Some(shared.to_value()));
    object.slots()[1].set(Some(Value::small_int(4)));
    object.slots()[2].set(Some(shared.to_value()));
    drop(object);
    assert_eq!((shared.header().count(), class.header().count()), (1, 2));
    // The second slot holds the end of another object: what stands before it is given up once only.
    let object = make(3);
    object.slots()[0].set(Some(shared.to_value()));
    let inner = make(1);
    inner.slots()[0].set(Some(shared.to_value()));
    object.slots()[1].set(Some(inner.into()));
    object.slots()[2].set(Some(shared.to_value()));
    assert_eq!(shared.header().count(), 4);
    drop(object);
    assert_eq!((shared.header().count(), class.header().count()), (1, 2));
    drop(shared);
    // The last object of a class that nobody else has takes it along.
    let last = make(2);
    let classes = root.header().count();
    drop(class);
    drop(last);
    assert_eq!(root.header().count(), classes - 1);
    heap.verify();
}

#[test]
fn an_instance_is_made_at_once_where_nothing_has_to_be_asked() {
    let world = World::new(Config::default());
    let heap = &world.heap;
    let root = heap.alloc_root_class(Class { kind: Kind::new(Class::info(), flags::COUNTED) }).unwrap();
    let slotted = flags::COUNTED | flags::SLOTS | flags::TRACKED;
    let class = heap.alloc(&*root, Class { kind: Kind::new(Instance::info(), slotted) }).unwrap();
    let at_once = |slots: usize| {
        let filled = Some((1, Value::small_int(5)));
        heap.alloc_owning_class_at_once(class.to_ref(), Instance { shape: 7 }, slots, filled).ok()
    };
    assert!(at_once(3).is_none(), "there is no page");
    assert_eq!(class.header().count(), 1);
    let first = heap.alloc_owning_class(class.to_ref(), Instance { shape: 1 }, 3, None).unwrap();
    let object = at_once(3).unwrap();
    assert_eq!((class.header().count(), object.slots().len(), object.shape), (3, 3, 7));
    let values: Vec<_> = object.slots().iter().map(|slot| slot.get().and_then(|value| value.as_int())).collect();
    assert_eq!(values, [None, Some(5), None]);
    assert_eq!((object.header().generation(), object.header().is_tracked()), (0, true));
    assert!(at_once(1000).is_none(), "too large");
    let (before, counted) = (heap.bytes_in_use(), heap.counts()[0]);
    drop(object);
    assert_eq!((before - heap.bytes_in_use(), counted - heap.counts()[0]), (48, 1));
    heap.collect(2);
    assert!(at_once(3).is_none(), "the page has no young object");
    assert_eq!(class.header().count(), 2);
    drop(first);
    heap.verify();
}

#[test]
fn what_others_do_meanwhile_begins_afresh_but_disturbs_no_walk() {
    let world = World::new(Config::default());
    let heap = &world.heap;
    let object = heap.make(Instance { shape: 1 }).unwrap();
    assert_eq!(heap.aside(|| object.shape), 1);
    let mut object = Some(object);
    heap.for_each_object(&mut |header| {
        // Nothing ends under a walk, whoever lets go of it.
        heap.aside(|| drop(object.take()));
        assert_ne!(header.count(), 1, "it waits for its end");
    });
    let mut left = 0;
    heap.for_each_object(&mut |_| left += 1);
    assert_eq!(left, 0);
}

#[test]
fn arrays_are_made_at_once_or_not_at_all() {
    let world = World::new(Config::default());
    let heap = &world.heap;
    let make = |items| heap.alloc_array_at_once(&TUPLE.get(), |items| Tuple { items }, items);
    let (mut made, mut refused) = (Vec::new(), 0);
    for n in 0..if cfg!(miri) { 40 } else { 3000 } {
        match make([world.cons(None), Value::small_int(n)]) {
            Ok(pair) => {
                assert!(pair.header().count() == 1 && pair.items.elements()[1].as_int() == Some(n.into()));
                made.push(pair);
            }
            Err([item, number]) => {
                assert!(item.header().is_some_and(|item| item.count() == 1) && number.as_int() == Some(n.into()));
                refused += 1;
                made.push(world.tuple(vec![item, number]).downcast_into::<Tuple>().ok().unwrap());
            }
        }
    }
    assert!(refused > 0 && refused < made.len(), "{refused} of {}", made.len());
    // One that holds itself by way of another is found by a collection of the young.
    heap.collect(2);
    let node = world.node(0, &NODE);
    made.push(world.tuple(vec![Value::small_int(0)]).downcast_into::<Tuple>().ok().unwrap());
    made.push(world.tuple(vec![Value::small_int(0); 2]).downcast_into::<Tuple>().ok().unwrap());
    let pair = make([node.to_value(), node.to_value()]).ok().unwrap();
    node.push(heap, pair.to_value());
    drop((node, pair));
    assert_eq!(heap.collect(0).collected, 2);
    drop(made);
    assert_eq!(heap.bytes_in_use(), 0);
    // What is watched is not made at once.
    heap.set_zeal(5);
    assert!(make([Value::small_int(1), Value::small_int(2)]).is_err());
}

#[test]
fn a_slot_that_is_lent_has_its_value_again() {
    let world = World::new(Config::default());
    let slot = Slot::new(Some(world.cons(None)));
    let count = slot.lend(|value| {
        assert!(slot.get().is_none());
        slot.set(Some(world.cons(None)));
        value.header().map(Header::count)
    });
    assert_eq!(count, Some(Some(1)));
    assert!(slot.take().is_some() && slot.lend(|_| ()).is_none());
    assert_eq!(world.heap.bytes_in_use(), 0);
}

#[test]
fn a_row_dies_at_once_or_with_what_it_ends() {
    let world = World::new(Config::default());
    let heap = &world.heap;
    assert!(TUPLE.get().has(flags::ROW) && !NODE.get().has(flags::ROW));
    let shared = world.node(0, &NODE);
    let count = || shared.header().count();
    for length in [0, 1, 2, 5, 300] {
        drop(world.tuple(vec![shared.to_value(); length]));
        assert_eq!(count(), 1);
        // Immediates in between own nothing.
        drop(world.tuple((0..length).flat_map(|n| [Value::small_int(n as i32), shared.to_value()]).collect()));
        assert_eq!(count(), 1);
    }
    // Wherever the end of another object stands, what comes behind it is given up once only.
    for place in 0..5 {
        let mut items = vec![shared.to_value(); 5];
        items[place] = world.node(place + 1, &NODE).into();
        drop(world.tuple(items));
        assert_eq!(count(), 1);
    }
    assert_eq!(world.log.borrow().dropped, [1, 2, 3, 4, 5]);
    // Rows within rows, and one that is its own: only a collection ends it.
    let inner = world.tuple(vec![shared.to_value(), world.tuple(vec![shared.to_value()])]);
    drop(world.tuple(vec![inner, shared.to_value()]));
    assert_eq!(count(), 1);
    shared.push(heap, world.tuple(vec![shared.to_value(), Value::small_int(1)]));
    drop(shared);
    assert_eq!(heap.collect(2).collected, 2);
    assert_eq!(heap.bytes_in_use(), 0);
}

#[test]
fn a_tail_takes_the_elements_of_a_buffer() {
    let world = World::new(Config::default());
    let heap = &world.heap;
    let shared = world.node(0, &NODE);
    for length in [0, 1, 7, 300] {
        let mut buffer = Buffer::new();
        for _ in 0..length {
            buffer.push(heap, shared.to_value()).unwrap();
        }
        let row = heap.alloc_with_elements(&TUPLE.get(), |items| Tuple { items }, &mut buffer).unwrap();
        assert!(buffer.is_empty() && row.items.elements().len() == length);
        assert_eq!(shared.header().count() as usize, length + 1);
        // The buffer serves again.
        buffer.push(heap, shared.to_value()).unwrap();
        drop((row, buffer));
        assert_eq!(shared.header().count(), 1);
    }
    // Where there is no room, the buffer keeps them.
    let mut buffer = Buffer::new();
    for _ in 0..100 {
        buffer.push(heap, shared.to_value()).unwrap();
    }
    heap.set_limit(Some(heap.bytes_in_use()));
    assert!(heap.alloc_with_elements(&TUPLE.get(), |items| Tuple { items }, &mut buffer).is_err());
    assert_eq!((buffer.len(), shared.header().count()), (100, 101));
    heap.set_limit(None);
    drop((buffer, shared));
    assert_eq!(heap.bytes_in_use(), 0);
}
