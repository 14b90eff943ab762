//! A reference-counted heap with a generational cycle collector.
//!
//! For runtimes of languages whose objects die at once when nobody refers to them, and whose cycles must die too. Each object
//! has a 16-byte header and nothing else. Deep structures die without recursion; a byte limit ends in an error that can be
//! handled; finalizers, weak references and resurrection behave as CPython's; all objects, edges and bytes can be asked for.
//!
//! ```
//! use taipan_heap::{Config, Edge, Heap, Payload, Weak};
//!
//! #[derive(Payload)]
//! struct Node {
//!     name: String,
//!     next: Edge<Node>,
//! }
//!
//! let heap = Heap::new(Config::default());
//! let a = heap.make(Node { name: "a".into(), next: Edge::default() })?;
//! let b = heap.make(Node { name: "b".into(), next: Edge::new(Some(a.clone())) })?;
//! a.next.set(Some(b.clone()));
//! let weak = Weak::new(&heap, &a)?;
//! drop((a, b));
//! assert!(weak.upgrade().is_some_and(|a| a.name == "a"), "a cycle waits for the collector");
//! assert_eq!(heap.collect(2).collected, 2);
//! assert!(weak.is_dead());
//! # Ok::<(), taipan_heap::OutOfMemory>(())
//! ```
//!
//! # The parts
//! * A `Heap` is a value; there may be many. `Ref<T>` is to it what `Rc<T>` is to malloc: `clone`, `Deref`, `Ref::ptr_eq`, `Ref::cast` to a base or an extension.
//! * A *payload* is a struct that derives `Payload`. Its references stand in `Edge<T>` (typed), `Slot` (a `Value` of any type) or in cells, vectors and maps of them.
//! * A `Value` is one word: a reference, an integer, a float or a constant; `Value::downcast` asks for a type.
//! * `Weak<T>` does not keep its target alive, says whether it is dead, and may have a callback. `Finalize` runs once before an object dies and may save it.
//! * Collections are due by generations: poll `Heap::collection_pending` where your program may run finalizers and call `Heap::collect_pending`; or call
//!   `Heap::collect`.
//! * `Config::limit` bounds the bytes of all objects, `Buffer`s and `Charge`s. An allocation beyond it collects, then returns `OutOfMemory`.
//! * `Heap::stats`, `census`, `areas`, `referrers`, `referents` and `edges` answer questions; while a ledger is kept (`keep_ledger`), the heap knows where each block was asked for; `freeze` takes what is old out of the collector's sight.
//! * Runtimes whose classes are objects use `ClassPayload`, `Heap::alloc`, value slots and `Hooks`; others can pass these by.
//!
//! ```
//! use taipan_heap::{Buffer, Config, Heap, OutOfMemory, Payload, Value};
//! use std::cell::RefCell;
//!
//! #[derive(Payload)]
//! struct List {
//!     items: RefCell<Buffer<Value>>,
//! }
//!
//! let heap = Heap::new(Config { limit: Some(1 << 20), ..Config::default() });
//! // Garbage in cycles never reaches the limit, …
//! for n in 0..100_000 {
//!     let list = heap.make(List { items: RefCell::default() })?;
//!     list.items.borrow_mut().push(&heap, Value::small_int(n))?;
//!     list.items.borrow_mut().push(&heap, list.to_value())?;
//! }
//! // … but what is kept does, and the program goes on.
//! let mut kept = Vec::new();
//! let error = loop {
//!     match heap.make(List { items: RefCell::default() }) {
//!         Ok(list) => kept.push(list),
//!         Err(error) => break error,
//!     }
//! };
//! assert_eq!(error, OutOfMemory);
//! assert!(heap.census()["List"].bytes <= 1 << 20);
//! # Ok::<(), OutOfMemory>(())
//! ```
//!
//! # Where things are
//! `heap` holds the allocator and the collector; the essays are at the top of its `page` and `collect`. `value` is the tagged word, `reference` the
//! owned pointer, `handle` the weak one, `slot` and `buffer` the places a payload keeps values in, `kind` what the heap knows of a class, `trace` how it sees references,
//! `weak` the lists of weak references.
//!
//! # Unsafe code
//! Every unsafe block names the invariant that it relies on. They are numbered where they are stated: H (`header`), K (`kind`), V (`value`),
//! R (`reference`), B (`buffer`), LT (`late`), W (`weak`), G (`heap`), O (`heap::os`), A (`heap::arena`), S (`heap::shelf`), P (`heap::page`), L (`heap::alloc`), D (`heap::dealloc`), T
//! (`heap::trial`), C (`heap::trash`), LC (`heap::limit`).
//!
//! Safe code cannot break them: what would, does not compile (a `Drop` beside references, a field that cannot be traversed), panics (a weak node outside of its owner)
//! or is harmless (heaps that refer to each other, handles and buffers that outlive their heap, cells that are being written while a collection runs, callbacks that
//! free what is being walked over). One rule is left to runtimes whose classes are objects: do not look through a `&Kind` while `Heap::change_class` takes its last
//! instance away.
#![allow(unsafe_code)]

extern crate self as taipan_heap;

mod buffer;
mod handle;
mod header;
mod heap;
mod kind;
mod late;
#[cfg(doctest)]
mod misuse;
mod reference;
mod slot;
mod trace;
mod value;
mod weak;

/// The examples of the read-me file.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadMe;

pub use buffer::Buffer;
pub use handle::Weak;
pub use header::{Header, IMMORTAL_COUNT, bits};
pub use heap::{
    Areas, AsKind, Census, Charge, Collected, Config, Debug, Heap, Hooks, OutOfMemory, Sites, Stats, Unmade, Watch,
    block_size, release, slots_of,
};
pub use kind::{ClassPayload, Finalize, Kind, Payload, PayloadInfo, Retire, Tail, TailElem, TailField, flags};
pub use late::Late;
pub use reference::{Obj, Ref, header_class};
pub use slot::{Edge, RefSlot, Slot};
pub use taipan_macros::{Payload, Traverse};
pub use trace::{Label, Traverse, Visit, Visitor};
pub use value::{MAX_INT, MIN_INT, Value};
pub use weak::WeakNode;
