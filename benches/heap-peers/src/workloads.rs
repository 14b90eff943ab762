//! The workloads, for all peers but `gc-arena`, which has its own (`arena`).
//!
//! Invariant: a workload times only what its row names, in the processor time of the thread; pauses are wall time.

use crate::peers::Peer;
use std::hint::black_box;
use std::time::Instant;

/// Nodes.
pub const N: usize = 1_000_000;
/// Live slots of the steady workload, steps between its collections, nodes of one piece of garbage.
pub const SLOTS: usize = 100_000;
/// See `SLOTS`.
pub const BETWEEN: usize = 100_000;
/// See `SLOTS`.
pub const CLUSTER: usize = 16;
/// The names of the workloads, each with the rows it prints.
pub const WORKLOADS: &[(&str, &[&str])] = &[
    ("allocate", &["allocate and drop"]),
    ("tree", &["binary tree, build", "… drop"]),
    ("clone", &["clone and drop a handle"]),
    ("pairs", &["dead pairs, build and drop", "… then collect"]),
    ("live", &["live random graph, full collect"]),
    ("dead", &["dead random graph, reclaim"]),
    ("ring", &["ring of a million, reclaim"]),
    ("chain", &["chain of a million, drop"]),
    ("steady", &["steady mutation, per step", "… longest pause, ms"]),
    ("own", &["steady mutation, own trigger", "… longest step, ms"]),
    ("bytes", &["resident bytes per node"]),
];

/// The thread's processor time in nanoseconds.
pub fn now() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the structure is valid for the call to fill in.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// Nanoseconds that each of `count` things in `f` takes.
pub fn time(count: usize, f: impl FnOnce()) -> f64 {
    let start = now();
    f();
    (now() - start) / count as f64
}

/// Resident bytes of the process.
pub fn resident() -> f64 {
    let text = std::fs::read_to_string("/proc/self/statm").expect("Linux says what is resident");
    let pages: f64 = text.split(' ').nth(1).and_then(|pages| pages.parse().ok()).expect("a number of pages");
    pages * 4096.0
}

/// Numbers that look random and are the same in every run.
pub struct Random(pub u64);

impl Random {
    /// A number below `n`.
    #[inline]
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

fn tree<P: Peer>(depth: u32) -> P::Handle {
    let node = P::node(depth.into());
    if depth > 0 {
        P::set_a(&node, Some(tree::<P>(depth - 1)));
        P::set_b(&node, Some(tree::<P>(depth - 1)));
    }
    node
}

fn graph<P: Peer>() -> Vec<P::Handle> {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let nodes: Vec<P::Handle> = (0..N).map(|value| P::node(value as u64)).collect();
    for node in &nodes {
        P::set_a(node, Some(nodes[random.below(N)].clone()));
        P::set_b(node, Some(nodes[random.below(N)].clone()));
    }
    nodes
}

fn chain<P: Peer>(ring: bool) -> P::Handle {
    let last = P::node(0);
    let mut first = last.clone();
    for value in 1..N {
        let node = P::node(value as u64);
        P::set_a(&node, Some(first));
        first = node;
    }
    if ring {
        P::set_a(&last, Some(first.clone()));
    }
    first
}

/// Drops what dies by that; a tracing collector must be asked, too.
fn end<P: Peer>(dead: impl Sized) {
    drop(dead);
    if P::TRACES {
        P::collect();
    }
}

/// Replaces nodes in a ring of live slots, one a step.
fn steady<P: Peer>(own: bool) -> Vec<f64> {
    P::start(own);
    let mut slots: Vec<P::Handle> = (0..SLOTS).map(|value| P::node(value as u64)).collect();
    let mut longest: f64 = 0.0;
    let mut pause = |f: fn()| {
        let start = Instant::now();
        f();
        longest = longest.max(start.elapsed().as_secs_f64() * 1e3);
    };
    let steps = 10 * N;
    let spent = time(steps, || {
        let mut previous: Option<P::Handle> = None;
        for step in 0..steps {
            let node = P::node(step as u64);
            if step % CLUSTER != 0
                && let Some(previous) = &previous
            {
                P::set_a(&node, Some(previous.clone()));
                P::set_b(previous, Some(node.clone()));
            }
            slots[step % SLOTS] = node.clone();
            previous = Some(node);
            if own {
                if step % 64 == 0 {
                    pause(P::safe_point);
                } else {
                    P::safe_point();
                }
            } else if step % BETWEEN == BETWEEN - 1 {
                pause(P::collect);
            }
        }
    });
    vec![spent, longest]
}

/// Runs a workload: its rows' figures.
pub fn run<P: Peer>(workload: &str) -> Vec<f64> {
    P::start(false);
    match workload {
        "allocate" => vec![time(N, || (0..N).for_each(|value| drop(black_box(P::node(value as u64)))))],
        "tree" => {
            let mut root = None;
            let build = time(N, || root = Some(tree::<P>(19)));
            vec![build, time(N, || end::<P>(root))]
        }
        "clone" => {
            let node = P::node(1);
            vec![time(20 * N, || (0..20 * N).for_each(|_| drop(black_box(node.clone()))))]
        }
        "pairs" if P::COLLECTS => {
            let build = time(N, || {
                for value in 0..N {
                    let (a, b) = (P::node(value as u64), P::node(value as u64));
                    P::set_a(&a, Some(b.clone()));
                    P::set_a(&b, Some(a));
                }
            });
            vec![build, time(N, P::collect)]
        }
        "live" if P::COLLECTS => {
            let nodes = graph::<P>();
            // Some look only at what has lost a handle.
            nodes.iter().for_each(|node| drop(black_box(node.clone())));
            let spent = time(N, P::collect);
            assert!(nodes.iter().map(P::value).sum::<u64>() > 0);
            std::mem::forget(nodes);
            vec![spent]
        }
        "dead" if P::COLLECTS => {
            let nodes = graph::<P>();
            vec![time(N, || {
                drop(nodes);
                P::collect();
            })]
        }
        "ring" if P::COLLECTS => {
            let ring = chain::<P>(true);
            vec![time(N, || {
                drop(ring);
                P::collect();
            })]
        }
        "chain" => {
            let chain = chain::<P>(false);
            vec![time(N, || end::<P>(chain))]
        }
        "steady" if P::COLLECTS => steady::<P>(false),
        "own" if P::TRIGGERS => steady::<P>(true),
        "bytes" => {
            let mut nodes: Vec<P::Handle> = Vec::with_capacity(N);
            let first = P::node(0);
            nodes.resize_with(N, || first.clone());
            nodes.clear();
            let before = resident();
            nodes.extend((0..N).map(|value| P::node(value as u64)));
            let spent = resident() - before;
            std::mem::forget(nodes);
            vec![spent / N as f64]
        }
        _ => Vec::new(),
    }
}
