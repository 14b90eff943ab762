//! Dominators and retained sizes, by semi-NCA: semidominators with path compression in the reverse of depth-first order, then each
//! immediate dominator by walking up the tree built so far. Linear in practice, no recursion, seven 32-bit numbers a node.
//!
//! Above all roots stands node 0 of the depth-first order, which is no object: what several roots reach by different ways is retained by none.
//!
//! Invariant: the immediate dominator of a node comes before it in depth-first order.

use crate::flat::{ascending, filled};
use crate::graph::Graph;
use taipan_heap::OutOfMemory;

/// No object: the dominator of what no single object keeps alive, and the order of what cannot be reached.
pub const NONE: u32 = u32::MAX;

/// The dominator tree of what is reachable.
pub struct Dominators {
    /// Each object's immediate dominator; `NONE` for those that none has, and for the unreachable.
    pub of: Vec<u32>,
    /// The reachable objects in depth-first order.
    pub order: Vec<u32>,
    /// Each object's place in `order`, from 1; 0 for the unreachable.
    number: Vec<u32>,
    /// Bytes that would go if the object went; those of unreachable objects are their own.
    pub retained: Vec<u64>,
}

/// Depth-first search from all roots: order of the nodes, their numbers from 1, and the number of each one's parent (0 for roots).
fn depth_first(graph: &Graph) -> Result<(Vec<u32>, Vec<u32>, Vec<u32>), OutOfMemory> {
    let len = graph.len();
    let mut order = filled(0, 0u32)?;
    order.try_reserve_exact(len).map_err(|_| OutOfMemory)?;
    let mut number = filled(len, 0u32)?;
    let mut parent = filled(len + 1, 0u32)?;
    let mut cursor = filled(len, 0u32)?;
    for root in (0..len as u32).filter(|&id| graph.is_root(id)) {
        if number[root as usize] != 0 {
            continue;
        }
        order.push(root);
        number[root as usize] = order.len() as u32;
        let mut at = root;
        loop {
            let edges = graph.edges(at);
            let next = edges.get(cursor[at as usize] as usize);
            cursor[at as usize] += 1;
            match next {
                Some(&next) if number[next as usize] == 0 => {
                    order.push(next);
                    number[next as usize] = order.len() as u32;
                    parent[order.len()] = number[at as usize];
                    at = next;
                }
                Some(_) => {}
                None => match parent[number[at as usize] as usize] {
                    0 => break,
                    above => at = order[above as usize - 1],
                },
            }
        }
    }
    Ok((order, number, parent))
}

/// The predecessors of each number, as numbers, in one array.
fn predecessors(graph: &Graph, order: &[u32], number: &[u32]) -> Result<(Vec<u32>, Vec<u32>), OutOfMemory> {
    let mut starts = filled(order.len() + 2, 0u32)?;
    let mut total = 0usize;
    for &from in order {
        for &to in graph.edges(from) {
            starts[number[to as usize] as usize] += 1;
            total += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut found = filled(total, 0u32)?;
    for (at, &from) in order.iter().enumerate() {
        for &to in graph.edges(from) {
            let place = &mut starts[number[to as usize] as usize];
            *place -= 1;
            found[*place as usize] = at as u32 + 1;
        }
    }
    Ok((starts, found))
}

struct Forest {
    ancestor: Vec<u32>,
    label: Vec<u32>,
    path: Vec<u32>,
}

impl Forest {
    /// The number with the least semidominator on the way from `v` up to the root of its tree.
    fn least(&mut self, v: u32, semi: &[u32]) -> Result<u32, OutOfMemory> {
        if self.ancestor[v as usize] == NONE {
            return Ok(v);
        }
        let mut at = v;
        while self.ancestor[self.ancestor[at as usize] as usize] != NONE {
            crate::flat::push(&mut self.path, at)?;
            at = self.ancestor[at as usize];
        }
        while let Some(below) = self.path.pop() {
            let above = self.ancestor[below as usize];
            if semi[self.label[above as usize] as usize] < semi[self.label[below as usize] as usize] {
                self.label[below as usize] = self.label[above as usize];
            }
            self.ancestor[below as usize] = self.ancestor[above as usize];
        }
        Ok(self.label[v as usize])
    }
}

impl Dominators {
    /// The dominator tree of a graph.
    pub fn of(graph: &Graph) -> Result<Dominators, OutOfMemory> {
        let (order, number, parent) = depth_first(graph)?;
        let (starts, before) = predecessors(graph, &order, &number)?;
        let len = order.len();
        let mut semi = ascending(len + 1)?;
        let mut forest = Forest { ancestor: filled(len + 1, NONE)?, label: ascending(len + 1)?, path: Vec::new() };
        for w in (1..=len as u32).rev() {
            let mut least = parent[w as usize];
            if graph.is_root(order[w as usize - 1]) {
                least = 0;
            } else {
                for &v in &before[starts[w as usize] as usize..starts[w as usize + 1] as usize] {
                    let candidate = if v <= w { v } else { semi[forest.least(v, &semi)? as usize] };
                    least = least.min(candidate);
                }
            }
            semi[w as usize] = least;
            forest.ancestor[w as usize] = parent[w as usize];
        }
        let mut above = parent;
        for w in 1..=len {
            let mut at = above[w];
            while at > semi[w] {
                at = above[at as usize];
            }
            above[w] = at;
        }
        let mut of = filled(graph.len(), NONE)?;
        let mut retained = filled(graph.len(), 0u64)?;
        retained.copy_from_slice(&graph.bytes);
        for w in (1..=len).rev() {
            let node = order[w - 1];
            if let Some(over) = above[w].checked_sub(1) {
                let over = order[over as usize];
                of[node as usize] = over;
                retained[over as usize] += retained[node as usize];
            }
        }
        Ok(Dominators { of, order, number, retained })
    }

    /// Whether an object can be reached from the roots.
    pub fn is_reachable(&self, id: u32) -> bool {
        self.number[id as usize] != 0
    }

    /// The children of each object in the dominator tree: the first child of each, and the next child of the same parent; `NONE` ends them.
    pub fn children(&self) -> Result<(Vec<u32>, Vec<u32>), OutOfMemory> {
        let mut first = filled(self.of.len(), NONE)?;
        let mut next = filled(self.of.len(), NONE)?;
        for &node in self.order.iter().rev() {
            if let Some(head) = first.get_mut(self.of[node as usize] as usize) {
                next[node as usize] = std::mem::replace(head, node);
            }
        }
        Ok((first, next))
    }
}
