//! The census: objects by class, generation, age and area.
//!
//! Invariant: every object stands in exactly one row, so the rows' bytes add up to those of all objects.

use crate::dominators::{Dominators, NONE};
use crate::flat::filled;
use crate::graph::Graph;
use std::collections::HashMap;
use taipan_heap::OutOfMemory;

/// Objects of one class, generation and age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// A number in `Graph::classes`.
    pub class: u32,
    /// Generation 0 to 2, 3 when frozen, 4 when not tracked.
    pub generation: u8,
    /// How many snapshots of a running series have seen the objects.
    pub age: u32,
    /// How many there are.
    pub count: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Graph {
    /// The rows, those with the most bytes first. `age` says how many snapshots have seen an object.
    pub fn census(&self, age: impl Fn(u32) -> u32) -> Result<Vec<Row>, OutOfMemory> {
        let mut places: HashMap<(u32, u8, u32), usize> = HashMap::new();
        let mut rows: Vec<Row> = Vec::new();
        let mut last: Option<((u32, u8, u32), usize)> = None;
        for id in 0..self.len() {
            let key = (self.class[id], self.generation[id], age(id as u32));
            let place = match last {
                Some((same, place)) if same == key => place,
                _ => match places.get(&key) {
                    Some(&place) => place,
                    None => {
                        let (class, generation, age) = key;
                        places.try_reserve(1).map_err(|_| OutOfMemory)?;
                        crate::flat::push(&mut rows, Row { class, generation, age, count: 0, bytes: 0 })?;
                        places.insert(key, rows.len() - 1);
                        rows.len() - 1
                    }
                },
            };
            last = Some((key, place));
            rows[place].count += 1;
            rows[place].bytes += self.bytes[id];
        }
        rows.sort_by_key(|row| (std::cmp::Reverse(row.bytes), row.class, row.generation, row.age));
        Ok(rows)
    }
}

/// What the objects of each class retain together: bytes that would go if all of them went at once are at least as many.
/// An object below another one of its class in the dominator tree is in that one's sum already.
pub fn retained_by_class(graph: &Graph, dominators: &Dominators) -> Result<Vec<u64>, OutOfMemory> {
    let (first, next) = dominators.children()?;
    let mut sums = filled(graph.classes.len(), 0u64)?;
    let mut open = filled(graph.classes.len(), 0u32)?;
    for id in 0..graph.len() as u32 {
        if !dominators.is_reachable(id) {
            sums[graph.class[id as usize] as usize] += dominators.retained[id as usize];
        }
    }
    for &top in dominators.order.iter().filter(|&&id| dominators.of[id as usize] == NONE) {
        let mut at = top;
        let mut down = true;
        loop {
            let class = graph.class[at as usize] as usize;
            if down {
                if open[class] == 0 {
                    sums[class] += dominators.retained[at as usize];
                }
                open[class] += 1;
                if first[at as usize] != NONE {
                    at = first[at as usize];
                    continue;
                }
            }
            open[graph.class[at as usize] as usize] -= 1;
            if at == top {
                break;
            }
            if next[at as usize] != NONE {
                at = next[at as usize];
                down = true;
            } else {
                at = dominators.of[at as usize];
                down = false;
            }
        }
    }
    Ok(sums)
}
