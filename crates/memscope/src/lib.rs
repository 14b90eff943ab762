//! Answers about a heap from outside it: who keeps an object alive, what is garbage, what grew, and where the bytes are.
//!
//! Nothing here takes references, collects or allocates in the heap looked at. The objects become a graph of flat arrays in memory of the
//! system (`graph`), and all questions are asked of that: `paths` from the roots, `dominators` and retained sizes, `groups` of garbage,
//! the `census`, `snapshot`s with their differences, and `export`. What only the embedder knows, the names of classes and edges and the
//! references that lie outside the heap, comes from its `Language`.
//!
//! Invariant G1: between the first look at the heap and the last, nothing is allocated in it or freed; an answer is plain data.
//! Invariant G2: memory for the analysis may run out at any place: that ends in `OutOfMemory`, never in an abort.

mod address;
mod census;
mod dominators;
mod export;
mod flat;
mod graph;
mod groups;
mod labels;
mod language;
mod paths;
mod snapshot;

pub use address::AddressIndex;
pub use census::{Row, retained_by_class};
pub use dominators::{Dominators, NONE};
pub use export::{Failure, Format, export};
pub use graph::Graph;
pub use groups::{Group, groups};
pub use labels::{Labels, Name};
pub use language::{Area, Edge, EdgeName, Facts, Kept, Language, Root};
pub use paths::{Path, Step, paths_to};
pub use snapshot::{Change, Series, Snapshot};
pub use taipan_heap::OutOfMemory;
