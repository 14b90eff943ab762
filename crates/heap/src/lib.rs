//! A reference-counted heap with a generational cycle collector.
//!
//! Objects die at once when their count reaches zero; cycles die in collections. See `heap` for the allocator and collector,
//! `value` for the tagged word, `kind` for how the heap learns of a class, `trace` for how it sees references.
#![allow(unsafe_code)]

extern crate self as taipan_heap;

mod buffer;
mod header;
mod heap;
mod kind;
mod reference;
mod slot;
mod trace;
mod value;
mod weak;

pub use buffer::Buffer;
pub use header::{Header, IMMORTAL_COUNT, bits};
pub use heap::{Areas, AsKind, Collected, Config, Debug, Heap, Hooks, OutOfMemory, Stats, release, slots_of};
pub use kind::{ClassPayload, Kind, Payload, PayloadInfo, Tail, TailElem, TailField, flags};
pub use reference::{Obj, Ref, header_class};
pub use slot::Slot;
pub use taipan_macros::{Payload, Traverse};
pub use trace::{Label, Traverse, Visitor};
pub use value::{MAX_INT, MIN_INT, Value};
pub use weak::WeakNode;
