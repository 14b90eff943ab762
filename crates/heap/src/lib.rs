//! A reference-counted heap with a generational cycle collector.
//!
//! For runtimes of languages whose objects die at once when nobody refers to them, and whose cycles must die too. Each object
//! has a 16-byte header and nothing else. Deep structures die without recursion; a byte limit ends in an error that can be
//! handled; finalizers, weak references and resurrection behave as CPython's; all objects, edges and bytes can be asked for.
//!
//! ```
//! use std::sync::LazyLock;
//! use taipan_heap::{Config, Heap, Kind, Payload, Slot};
//!
//! #[derive(Payload)]
//! struct Node {
//!     next: Slot,
//! }
//!
//! static NODE: LazyLock<Kind> = LazyLock::new(|| Kind::new(Node::info(), 0));
//!
//! let heap = Heap::new(Config::default());
//! let a = heap.alloc(&&*NODE, Node { next: Slot::new(None) })?;
//! let b = heap.alloc(&&*NODE, Node { next: Slot::new(Some(a.to_value())) })?;
//! a.next.set(Some(b.to_value()));
//! drop((a, b));
//! assert_eq!(heap.collect(2).collected, 2);
//! # Ok::<(), taipan_heap::OutOfMemory>(())
//! ```
//!
//! # Where things are
//! `heap` holds the allocator and the collector; the essays are at the top of its `page` and `collect`. `value` is the tagged word, `reference` the
//! owned pointer, `slot` and `buffer` the places a payload keeps values in, `kind` what the heap knows of a class, `trace` how it sees references,
//! `weak` weak references.
//!
//! # Unsafe code
//! Every unsafe block names the invariant that it relies on. They are numbered where they are stated: H (`header`), K (`kind`), V (`value`),
//! R (`reference`), B (`buffer`), LT (`late`), W (`weak`), G (`heap`), O (`heap::os`), A (`heap::arena`), S (`heap::shelf`), P (`heap::page`), L (`heap::alloc`), D (`heap::dealloc`), T
//! (`heap::trial`), C (`heap::trash`). The embedder has one rule to keep: a payload's own `Drop` must not look through references.
#![allow(unsafe_code)]

extern crate self as taipan_heap;

mod buffer;
mod handle;
mod header;
mod heap;
mod kind;
mod late;
mod reference;
mod slot;
mod trace;
mod value;
mod weak;

pub use buffer::Buffer;
pub use handle::Weak;
pub use header::{Header, IMMORTAL_COUNT, bits};
pub use heap::{
    Areas, AsKind, Census, Charge, Collected, Config, Debug, Heap, Hooks, OutOfMemory, Stats, Watch, block_size,
    release, slots_of,
};
pub use kind::{ClassPayload, Finalize, Kind, Payload, PayloadInfo, Retire, Tail, TailElem, TailField, flags};
pub use late::Late;
pub use reference::{Obj, Ref, header_class};
pub use slot::{Edge, RefSlot, Slot};
pub use taipan_macros::{Payload, Traverse};
pub use trace::{Label, Traverse, Visit, Visitor};
pub use value::{MAX_INT, MIN_INT, Value};
pub use weak::WeakNode;
