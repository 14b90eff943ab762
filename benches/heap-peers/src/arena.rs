//! The same workloads for `gc-arena`, whose nodes live only inside of `mutate`.

use crate::workloads::{BETWEEN, CLUSTER, N, Random, SLOTS, resident, time};
use gc_arena::lock::{Lock, RefLock};
use gc_arena::{Arena, Collect, Gc, Mutation, Rootable};
use std::hint::black_box;
use std::time::Instant;

#[derive(Clone, Copy, Collect)]
#[collect(no_drop)]
struct Node<'gc> {
    value: u64,
    a: Child<'gc>,
    b: Child<'gc>,
}

type Handle<'gc> = Gc<'gc, Lock<Node<'gc>>>;
type Child<'gc> = Option<Handle<'gc>>;
type Roots<'gc> = Gc<'gc, RefLock<Vec<Handle<'gc>>>>;
type World = Arena<Rootable![Roots<'_>]>;

fn node<'gc>(mc: &Mutation<'gc>, value: u64) -> Handle<'gc> {
    Gc::new(mc, Lock::new(Node { value, a: None, b: None }))
}

fn set_a<'gc>(mc: &Mutation<'gc>, node: Handle<'gc>, child: Child<'gc>) {
    node.set(mc, Node { a: child, ..node.get() });
}

fn set_b<'gc>(mc: &Mutation<'gc>, node: Handle<'gc>, child: Child<'gc>) {
    node.set(mc, Node { b: child, ..node.get() });
}

fn world() -> World {
    Arena::new(|mc| Gc::new(mc, RefLock::new(Vec::new())))
}

fn tree<'gc>(mc: &Mutation<'gc>, depth: u32) -> Handle<'gc> {
    let made = node(mc, depth.into());
    if depth > 0 {
        set_a(mc, made, Some(tree(mc, depth - 1)));
        set_b(mc, made, Some(tree(mc, depth - 1)));
    }
    made
}

fn graph(world: &World) {
    world.mutate(|mc, roots| {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let nodes: Vec<_> = (0..N).map(|value| node(mc, value as u64)).collect();
        for made in &nodes {
            set_a(mc, *made, Some(nodes[random.below(N)]));
            set_b(mc, *made, Some(nodes[random.below(N)]));
        }
        *roots.borrow_mut(mc) = nodes;
    });
}

fn chain(world: &World, ring: bool) {
    world.mutate(|mc, roots| {
        let last = node(mc, 0);
        let mut first = last;
        for value in 1..N {
            let made = node(mc, value as u64);
            set_a(mc, made, Some(first));
            first = made;
        }
        if ring {
            set_a(mc, last, Some(first));
        }
        roots.borrow_mut(mc).push(first);
    });
}

fn clear(world: &mut World) {
    world.mutate(|mc, roots| roots.borrow_mut(mc).clear());
    world.finish_cycle();
    // What was alive when a cycle began that had begun before is found by the next.
    world.finish_cycle();
}

fn steady(own: bool) -> Vec<f64> {
    let mut world = world();
    world.mutate(|mc, roots| *roots.borrow_mut(mc) = (0..SLOTS).map(|value| node(mc, value as u64)).collect());
    let mut longest: f64 = 0.0;
    let batch = if own { 64 } else { BETWEEN };
    let steps = 10 * N / batch * batch;
    let spent = time(steps, || {
        for start in (0..steps).step_by(batch) {
            world.mutate(|mc, roots| {
                let mut slots = roots.borrow_mut(mc);
                let mut previous = None;
                for step in start..start + batch {
                    let made = node(mc, step as u64);
                    if step % CLUSTER != 0
                        && let Some(previous) = previous
                    {
                        set_a(mc, made, Some(previous));
                        set_b(mc, previous, Some(made));
                    }
                    slots[step % SLOTS] = made;
                    previous = Some(made);
                }
            });
            let pause = Instant::now();
            if own {
                world.collect_debt()
            } else {
                world.finish_cycle()
            }
            longest = longest.max(pause.elapsed().as_secs_f64() * 1e3);
        }
    });
    vec![spent, longest]
}

/// Runs a workload: its rows' figures.
pub fn run(workload: &str) -> Vec<f64> {
    let mut world = world();
    match workload {
        "allocate" => vec![time(N, || {
            for start in (0..N).step_by(64) {
                world.mutate(|mc, _| (start..start + 64).for_each(|value| _ = black_box(node(mc, value as u64))));
                world.collect_debt();
            }
        })],
        "tree" => {
            let build = time(N, || {
                world.mutate(|mc, roots| {
                    let root = tree(mc, 19);
                    roots.borrow_mut(mc).push(root);
                });
            });
            vec![build, time(N, || clear(&mut world))]
        }
        "clone" => vec![world.mutate(|mc, _| {
            let node = node(mc, 1);
            time(20 * N, || (0..20 * N).for_each(|_| _ = black_box(node)))
        })],
        "pairs" => {
            let build = time(N, || {
                world.mutate(|mc, _| {
                    for value in 0..N {
                        let (a, b) = (node(mc, value as u64), node(mc, value as u64));
                        set_a(mc, a, Some(b));
                        set_a(mc, b, Some(a));
                    }
                });
            });
            vec![build, time(N, || world.finish_cycle())]
        }
        "live" => {
            graph(&world);
            let spent = time(N, || world.finish_cycle());
            assert!(world.mutate(|_, roots| roots.borrow().iter().map(|node| node.get().value).sum::<u64>()) > 0);
            vec![spent]
        }
        "dead" => {
            graph(&world);
            vec![time(N, || clear(&mut world))]
        }
        "ring" | "chain" => {
            chain(&world, workload == "ring");
            vec![time(N, || clear(&mut world))]
        }
        "steady" => steady(false),
        "own" => steady(true),
        "bytes" => {
            world.mutate(|mc, roots| {
                let mut nodes = roots.borrow_mut(mc);
                nodes.resize(N, node(mc, 0));
                nodes.clear();
            });
            let before = resident();
            world.mutate(|mc, roots| {
                roots.borrow_mut(mc).extend((0..N).map(|value| node(mc, value as u64)));
            });
            vec![(resident() - before) / N as f64]
        }
        _ => Vec::new(),
    }
}
