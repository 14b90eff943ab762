//! Shortest paths from the roots to an object.
//!
//! Invariant: each path is a shortest one to the owner it ends at, owners are distinct, and paths come in the order of their lengths.

use crate::flat::{filled, push};
use crate::graph::Graph;
use crate::language::Root;
use taipan_heap::OutOfMemory;

/// A step of a path: the object it starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The object.
    pub from: u32,
    /// The object that it refers to.
    pub to: u32,
}

/// A way from outside the heap to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Where it begins; `None` when native code holds the first object in a way that the embedder did not name.
    pub root: Option<Root>,
    /// The object it begins with.
    pub first: u32,
    /// The steps from there; none if the object itself is held from outside.
    pub steps: Vec<Step>,
}

const UNSEEN: u32 = u32::MAX;
const START: u32 = u32::MAX - 1;

/// At most `limit` paths to object `target`, and how many there would be: one for each owner that is reachable, and one for each root.
pub fn paths_to(graph: &Graph, target: u32, limit: usize) -> Result<(Vec<Path>, usize), OutOfMemory> {
    let mut from = filled(graph.len(), UNSEEN)?;
    let mut queue: Vec<u32> = Vec::new();
    queue.try_reserve_exact(graph.len()).map_err(|_| OutOfMemory)?;
    let mut paths = Vec::new();
    let mut total = 0;
    let mut named = 0;
    let mut begin = |id: u32, root: Option<Root>, queue: &mut Vec<u32>| -> Result<(), OutOfMemory> {
        if id == target {
            total += 1;
            if paths.len() < limit {
                push(&mut paths, Path { root, first: id, steps: Vec::new() })?;
            }
        } else if from[id as usize] == UNSEEN {
            from[id as usize] = START;
            queue.push(id);
        }
        Ok(())
    };
    for &(id, root) in &graph.roots {
        named += u32::from(id == target && root.kept != crate::language::Kept::Name);
        begin(id, Some(root), &mut queue)?;
    }
    // What native code holds without a name is no good start; it comes when the others have gone as far as they get.
    let mut at = 0;
    let mut unnamed = false;
    let mut owners = Vec::new();
    loop {
        while let Some(&id) = queue.get(at) {
            at += 1;
            let mut owns = false;
            for &to in graph.edges(id) {
                if to == target {
                    owns = true;
                } else if from[to as usize] == UNSEEN {
                    from[to as usize] = id;
                    queue.push(to);
                }
            }
            if owns {
                push(&mut owners, id)?;
            }
        }
        if std::mem::replace(&mut unnamed, true) {
            break;
        }
        for id in (0..graph.len() as u32).filter(|&id| id != target && graph.is_root(id)) {
            if from[id as usize] == UNSEEN {
                from[id as usize] = START;
                queue.push(id);
            }
        }
    }
    let (count, inner) = (graph.counts[target as usize], graph.inner[target as usize]);
    if (count as i32) >= 0 && count > inner + named {
        total += 1;
        if paths.len() < limit {
            push(&mut paths, Path { root: None, first: target, steps: Vec::new() })?;
        }
    }
    total += owners.len();
    for &owner in owners.iter().take(limit - paths.len()) {
        let mut steps = Vec::new();
        push(&mut steps, Step { from: owner, to: target })?;
        let mut at = owner;
        while from[at as usize] != START {
            let before = from[at as usize];
            push(&mut steps, Step { from: before, to: at })?;
            at = before;
        }
        steps.reverse();
        let root = graph.roots.iter().find(|(id, _)| *id == at).map(|(_, root)| *root);
        push(&mut paths, Path { root, first: at, steps })?;
    }
    Ok((paths, total))
}
