//! The figures the heap is measured by. Run with `cargo bench -p taipan-heap`.

#[path = "../tests/support/mod.rs"]
mod support;

use std::cell::RefCell;
use std::time::Instant;
use support::*;
use taipan_heap::{Buffer, Config, Heap, Payload, Value};

/// A list as a Python runtime would lay it out: 16 bytes of header, 24 of payload.
#[derive(Payload)]
struct List {
    items: RefCell<Buffer<Value>>,
}

static LIST: StaticKind = StaticKind::new::<List>(0);

/// The thread's processor time in nanoseconds, which other programs on the machine disturb less than the wall clock.
#[allow(unsafe_code)]
fn processor_time() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the structure is valid for the call to fill in.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

fn time(name: &str, count: usize, f: impl FnOnce()) {
    let (start, wall) = (processor_time(), Instant::now());
    f();
    let spent = (processor_time() - start) / count as f64;
    println!("{name:<45} {spent:8.2} ns ({:.2} on the wall)", wall.elapsed().as_nanos() as f64 / count as f64);
}

fn list(heap: &Heap) -> Value {
    heap.alloc(&LIST.get(), List { items: RefCell::default() }).unwrap().into()
}

fn main() {
    let heap = Heap::new(Config::default());
    heap.disable();
    let n = 3_000_000;
    time("allocate and free a 48-byte object", n, || {
        for _ in 0..n {
            drop(std::hint::black_box(heap.alloc_with_slots(&INSTANCE.get(), Instance { shape: 0 }, 3).unwrap()));
        }
    });
    let mut all = Vec::with_capacity(n);
    time("allocate a 48-byte object, kept", n, || {
        for _ in 0..n {
            all.push(heap.alloc_with_slots(&INSTANCE.get(), Instance { shape: 0 }, 3).unwrap());
        }
    });
    time("free them", n, || all.clear());
    let holder = heap.alloc(&LIST.get(), List { items: RefCell::default() }).unwrap();
    time("allocate a list and append it to a list", n, || {
        for _ in 0..n {
            let inner = list(&heap);
            holder.items.borrow_mut().push(&heap, inner).unwrap();
        }
    });
    time("full collection, live lists", n, || assert_eq!(heap.collect(2).collected, 0));
    time("full collection, live lists, again", n, || assert_eq!(heap.collect(2).collected, 0));
    let cons: Vec<Value> = holder.items.borrow().iter().cloned().collect();
    time("full collection, held from outside", n, || assert_eq!(heap.collect(2).collected, 0));
    drop(cons);
    time("free the list of lists", n, || drop(holder));
    let m = 1_000_000;
    for _ in 0..m {
        let object = heap.alloc_with_slots(&INSTANCE.get(), Instance { shape: 0 }, 3).unwrap();
        object.slots()[0].set(Some(object.to_value()));
    }
    time("collect dead self-cycles (48 bytes)", m, || assert_eq!(heap.collect(2).collected, m));
    for _ in 0..m {
        let inner = heap.alloc(&LIST.get(), List { items: RefCell::default() }).unwrap();
        inner.items.borrow_mut().push(&heap, inner.to_value()).unwrap();
    }
    time("collect dead self-cycles (lists)", m, || assert_eq!(heap.collect(2).collected, m));
    heap.enable();
    time("allocate lists with collections", n, || {
        let all: Vec<Value> = (0..n)
            .map(|_| {
                let value = list(&heap);
                if heap.collection_pending() {
                    heap.collect_pending();
                }
                value
            })
            .collect();
        std::mem::forget(all);
    });
    println!("{:?}", heap.stats().map(|stats| (stats.collections, stats.duration)));
}
