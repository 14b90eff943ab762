//! Random object graphs against a model: exactly what is unreachable dies, once, at once where counts say so.

use proptest::prelude::*;
use taipan_heap::{Config, Ref};

#[path = "support/mod.rs"]
mod support;
use support::*;

#[derive(Clone, Debug)]
enum Step {
    Make(usize),
    Link(usize, usize),
    Unlink(usize),
    Forget(usize),
    /// The generation, and a mask of the handles that are named as roots.
    Collect(u8, u8),
    Weak(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..3usize).prop_map(Step::Make),
        (any::<usize>(), any::<usize>()).prop_map(|(a, b)| Step::Link(a, b)),
        any::<usize>().prop_map(Step::Unlink),
        any::<usize>().prop_map(Step::Forget),
        (0..3u8, any::<u8>()).prop_map(|(generation, mask)| Step::Collect(generation, mask)),
        any::<usize>().prop_map(Step::Weak),
    ]
}

/// The model: edges by object, handles, who is dead.
#[derive(Default)]
struct Model {
    edges: Vec<Vec<usize>>,
    handles: Vec<usize>,
}

impl Model {
    fn reachable(&self) -> Vec<bool> {
        let mut seen = vec![false; self.edges.len()];
        let mut stack = self.handles.clone();
        while let Some(at) = stack.pop() {
            if !std::mem::replace(&mut seen[at], true) {
                stack.extend(&self.edges[at]);
            }
        }
        seen
    }
}

fn run(steps: Vec<Step>) {
    let world = World::new(Config::default());
    let mut model = Model::default();
    let mut handles: Vec<Ref<Node>> = Vec::new();
    let mut weak: Vec<(usize, Ref<Weak>)> = Vec::new();
    for step in steps {
        match step {
            Step::Make(kind) => {
                let id = model.edges.len();
                handles.push(world.node(id, if kind == 0 { &FINALIZED } else { &NODE }));
                model.edges.push(Vec::new());
                model.handles.push(id);
            }
            _ if handles.is_empty() => {}
            Step::Link(a, b) => {
                let (a, b) = (a % handles.len(), b % handles.len());
                handles[a].push(&world.heap, handles[b].to_value());
                let to = model.handles[b];
                model.edges[model.handles[a]].push(to);
            }
            Step::Unlink(a) => {
                let a = a % handles.len();
                drop(handles[a].pop());
                model.edges[model.handles[a]].pop();
            }
            Step::Forget(a) => {
                let a = a % handles.len();
                model.handles.swap_remove(a);
                drop(handles.swap_remove(a));
            }
            Step::Collect(generation, mask) => {
                let named = handles.iter().enumerate().filter(|(index, _)| mask >> (index % 8) & 1 != 0);
                *world.hooks.roots.borrow_mut() = named.map(|(_, handle)| handle.to_value()).collect();
                world.heap.collect(generation);
                let named = world.hooks.roots.take();
                drop(named);
            }
            Step::Weak(a) => {
                let a = a % handles.len();
                weak.push((model.handles[a], world.weak(&handles[a].to_value(), true)));
            }
        }
        world.heap.verify();
        let reachable = model.reachable();
        for dead in world.log.borrow().dropped.iter() {
            assert!(!reachable[*dead], "object {dead} died too early");
        }
    }
    world.heap.collect(2);
    let reachable = model.reachable();
    let mut dropped = world.log.borrow().dropped.clone();
    dropped.sort_unstable();
    let expected: Vec<usize> = (0..reachable.len()).filter(|id| !reachable[*id]).collect();
    assert_eq!(dropped, expected, "exactly the unreachable died, once each");
    for (target, node) in &weak {
        assert_eq!(node.node.is_dead(), !reachable[*target]);
    }
    let expected_callbacks = weak.iter().filter(|(target, _)| !reachable[*target]).count();
    assert_eq!(world.log.borrow().callbacks, expected_callbacks);
    let finalized = &world.log.borrow().finalized;
    for id in finalized {
        assert!(!reachable[*id]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(miri) { 2 } else { 200 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]
    #[test]
    fn random_graphs(steps in prop::collection::vec(step(), 0..if cfg!(miri) { 30 } else { 200 })) {
        run(steps);
    }
}
