//! Groups of garbage: what nothing outside the heap reaches, taken apart into pieces that refer to each other.
//!
//! Invariant: an object is garbage exactly when no chain of references leads to it from an object that is immortal or counts a reference from outside.

use crate::flat::{ascending, filled, push};
use crate::graph::Graph;
use taipan_heap::OutOfMemory;

/// Garbage that hangs together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The objects, in the order of their addresses.
    pub members: Vec<u32>,
    /// Their bytes.
    pub bytes: u64,
}

/// Marks what the roots reach.
fn reached(graph: &Graph) -> Result<Vec<bool>, OutOfMemory> {
    let mut marked = filled(graph.len(), false)?;
    let mut waiting = Vec::new();
    for root in (0..graph.len() as u32).filter(|&id| graph.is_root(id)) {
        if !std::mem::replace(&mut marked[root as usize], true) {
            push(&mut waiting, root)?;
        }
        while let Some(at) = waiting.pop() {
            for &to in graph.edges(at) {
                if !std::mem::replace(&mut marked[to as usize], true) {
                    push(&mut waiting, to)?;
                }
            }
        }
    }
    Ok(marked)
}

/// The group's representative; halves the way on the walk.
fn top(parent: &mut [u32], mut at: u32) -> u32 {
    while parent[at as usize] != at {
        parent[at as usize] = parent[parent[at as usize] as usize];
        at = parent[at as usize];
    }
    at
}

/// The groups of garbage, the largest first.
pub fn groups(graph: &Graph) -> Result<Vec<Group>, OutOfMemory> {
    let marked = reached(graph)?;
    let mut parent = ascending(graph.len())?;
    let garbage = || (0..graph.len() as u32).filter(|&id| !marked[id as usize]);
    for id in garbage() {
        for &to in graph.edges(id).iter().filter(|&&to| !marked[to as usize]) {
            let (a, b) = (top(&mut parent, id), top(&mut parent, to));
            // The lower number stays on top, so groups come in the order of their first members.
            parent[a.max(b) as usize] = a.min(b);
        }
    }
    let mut place = filled(graph.len(), u32::MAX)?;
    let mut groups: Vec<Group> = Vec::new();
    for id in garbage() {
        let head = top(&mut parent, id) as usize;
        if place[head] == u32::MAX {
            place[head] = groups.len() as u32;
            push(&mut groups, Group { members: Vec::new(), bytes: 0 })?;
        }
        let group = &mut groups[place[head] as usize];
        push(&mut group.members, id)?;
        group.bytes += graph.bytes[id as usize];
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.bytes));
    Ok(groups)
}
