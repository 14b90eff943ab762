//! Memory that is free goes back to the system. The only test in its process, since it looks at the process's size.
#![cfg(all(target_os = "linux", not(miri)))]

#[path = "support/mod.rs"]
mod support;
use support::*;
use taipan_heap::Config;

fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap();
    status.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[test]
fn a_drained_heap_is_small() {
    let world = World::new(Config::default());
    world.heap.disable();
    let mut kept = Vec::with_capacity(200);
    let before = resident();
    {
        let mut all: Vec<_> = Vec::with_capacity(1_000_000);
        for _ in 0..1_000_000 {
            all.push(world.heap.alloc_with_slots(&INSTANCE.get(), Instance { shape: 0 }, 3).unwrap());
        }
        assert!(resident() - before > 48_000_000);
        for (n, instance) in all.into_iter().enumerate() {
            if n % 10_000 == 0 {
                kept.push(instance);
            }
        }
    }
    let after = resident() - before;
    assert!(after < 8 << 20, "{after} bytes are still resident, {:?}", world.heap.areas());
}
