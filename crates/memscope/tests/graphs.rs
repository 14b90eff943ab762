//! The graph algorithms against naive models, on small random graphs: what is reachable, dominators, retained sizes, paths, groups.
//!
//! Invariant: each model is the definition itself, written down without regard to cost.

use proptest::prelude::*;
use std::collections::BTreeSet;
use taipan_memscope::{Dominators, Graph, NONE, groups, paths_to, retained_by_class};

/// Edges and references from outside.
type World = (Vec<Vec<u32>>, Vec<u32>);

fn worlds() -> impl Strategy<Value = World> {
    (1usize..14).prop_flat_map(|len| {
        let edges = proptest::collection::vec(proptest::collection::vec(0..len as u32, 0..4), len);
        let outside = proptest::collection::vec(prop_oneof![4 => Just(0u32), 1 => 1u32..3], len);
        (edges, outside)
    })
}

fn reachable(world: &World, without: Option<u32>) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<u32> = (0..world.1.len() as u32).filter(|&id| world.1[id as usize] > 0).collect();
    while let Some(at) = waiting.pop() {
        if Some(at) != without && found.insert(at) {
            waiting.extend(&world.0[at as usize]);
        }
    }
    found
}

/// The length of a shortest way from a root to each node.
fn distances(world: &World) -> Vec<Option<usize>> {
    let mut found = vec![None; world.1.len()];
    let mut layer: BTreeSet<u32> = (0..world.1.len() as u32).filter(|&id| world.1[id as usize] > 0).collect();
    for distance in 0.. {
        layer.retain(|&id| found[id as usize].is_none());
        if layer.is_empty() {
            break;
        }
        for &id in &layer {
            found[id as usize] = Some(distance);
        }
        layer = layer.iter().flat_map(|&id| world.0[id as usize].clone()).collect();
    }
    found
}

proptest! {
    #[test]
    fn dominators_are_what_all_ways_lead_through(world in worlds()) {
        let graph = Graph::from_lists(&world.0, &world.1).unwrap();
        let tree = Dominators::of(&graph).unwrap();
        let all = reachable(&world, None);
        for id in 0..graph.len() as u32 {
            prop_assert_eq!(tree.is_reachable(id), all.contains(&id));
            let over: BTreeSet<u32> = all.iter().copied()
                .filter(|&other| other != id && all.contains(&id) && !reachable(&world, Some(other)).contains(&id))
                .collect();
            let mut found = BTreeSet::new();
            let mut at = tree.of[id as usize];
            while at != NONE {
                prop_assert!(found.insert(at), "the dominators of {} go round in a circle", id);
                at = tree.of[at as usize];
            }
            prop_assert_eq!(&found, &over);
            let goes = if all.contains(&id) { all.len() - reachable(&world, Some(id)).len() } else { 1 };
            prop_assert_eq!(tree.retained[id as usize], goes as u64);
        }
        let sums = retained_by_class(&graph, &tree).unwrap();
        prop_assert_eq!(sums, vec![graph.len() as u64]);
    }

    #[test]
    fn garbage_is_what_no_root_reaches(world in worlds()) {
        let graph = Graph::from_lists(&world.0, &world.1).unwrap();
        let alive = reachable(&world, None);
        let found = groups(&graph).unwrap();
        let members: Vec<u32> = found.iter().flat_map(|group| group.members.clone()).collect();
        let garbage: BTreeSet<u32> = (0..graph.len() as u32).filter(|id| !alive.contains(id)).collect();
        prop_assert_eq!(members.len(), garbage.len());
        prop_assert_eq!(&members.iter().copied().collect::<BTreeSet<u32>>(), &garbage);
        for group in &found {
            prop_assert_eq!(group.bytes, group.members.len() as u64);
            // A group is the closure of one member over edges in both directions.
            let mut closed = BTreeSet::from([group.members[0]]);
            loop {
                let more: Vec<u32> = garbage.iter().copied().filter(|id| {
                    let touches = |other: &u32| world.0[*other as usize].contains(id) || world.0[*id as usize].contains(other);
                    !closed.contains(id) && closed.iter().any(touches)
                }).collect();
                if more.is_empty() {
                    break;
                }
                closed.extend(more);
            }
            prop_assert_eq!(group.members.iter().copied().collect::<BTreeSet<u32>>(), closed);
        }
    }

    #[test]
    fn paths_are_shortest_and_real(world in worlds()) {
        let graph = Graph::from_lists(&world.0, &world.1).unwrap();
        let far = distances(&world);
        for target in 0..graph.len() as u32 {
            let (paths, total) = paths_to(&graph, target, usize::MAX).unwrap();
            prop_assert_eq!(paths.len(), total);
            let mut owners = BTreeSet::new();
            let mut last = 0;
            for path in &paths {
                prop_assert!(world.1[path.first as usize] > 0);
                prop_assert!(path.steps.len() >= last, "the shortest come first");
                last = path.steps.len();
                let mut at = path.first;
                for step in &path.steps {
                    prop_assert_eq!(step.from, at);
                    prop_assert!(world.0[at as usize].contains(&step.to));
                    at = step.to;
                }
                prop_assert_eq!(at, target);
                if let Some(step) = path.steps.last() {
                    prop_assert!(owners.insert(step.from), "an owner has one path");
                }
            }
            let shortest = paths.first().map(|path| path.steps.len());
            prop_assert_eq!(shortest, far[target as usize]);
        }
    }
}

#[test]
fn long_chains_need_no_stack() {
    const LONG: u32 = 300_000;
    let mut edges: Vec<Vec<u32>> = (1..=LONG).map(|next| vec![next % LONG, next.saturating_sub(2)]).collect();
    edges[LONG as usize - 1] = vec![0];
    let mut outside = vec![0; LONG as usize];
    outside[0] = 1;
    let graph = Graph::from_lists(&edges, &outside).unwrap();
    let tree = Dominators::of(&graph).unwrap();
    assert_eq!(tree.retained[0], u64::from(LONG));
    assert_eq!(tree.of[LONG as usize - 1], LONG - 2);
    assert_eq!(retained_by_class(&graph, &tree).unwrap(), [u64::from(LONG)]);
    assert_eq!(paths_to(&graph, LONG - 1, 1).unwrap().0[0].steps.len(), LONG as usize - 1);
    outside[0] = 0;
    let graph = Graph::from_lists(&edges, &outside).unwrap();
    assert_eq!(groups(&graph).unwrap().len(), 1);
}
