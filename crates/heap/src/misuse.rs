//! What must not compile, each beside what differs from it in one thing and does. Only doctests see this.
//!
//! Invariant: a `compile_fail` block fails for the reason its heading gives; the block behind it shows that nothing else is wrong.
//!
//! # A payload with a `Drop`
//! ```compile_fail,E0119
//! #[derive(taipan_heap::Payload)]
//! struct Node(taipan_heap::Slot);
//! impl Drop for Node {
//!     fn drop(&mut self) {}
//! }
//! ```
//! ```
//! #[derive(taipan_heap::Payload)]
//! struct Node(taipan_heap::Slot);
//! ```
//!
//! # A part that holds references and has a `Drop`
//! ```compile_fail,E0119
//! #[derive(taipan_heap::Traverse)]
//! struct Part(taipan_heap::Slot);
//! impl Drop for Part {
//!     fn drop(&mut self) {}
//! }
//! #[derive(taipan_heap::Payload)]
//! struct Node(Part);
//! ```
//! ```
//! struct File(u32);
//! impl Drop for File {
//!     fn drop(&mut self) {}
//! }
//! taipan_heap::no_references!(File);
//! #[derive(taipan_heap::Payload)]
//! struct Node(File, taipan_heap::Slot);
//! ```
//!
//! # A field that the collector cannot see into
//! ```compile_fail,E0277
//! struct Opaque(taipan_heap::Slot);
//! #[derive(taipan_heap::Payload)]
//! struct Node(Opaque);
//! ```
//! ```
//! #[derive(taipan_heap::Traverse)]
//! struct Open(taipan_heap::Slot);
//! #[derive(taipan_heap::Payload)]
//! struct Node(Open);
//! ```
//!
//! # Traversal by hand without a promise
//! ```compile_fail,E0200
//! struct Own(taipan_heap::Value);
//! impl taipan_heap::Traverse for Own {
//!     const HOLDS_REFERENCES: bool = true;
//!     fn traverse<V: taipan_heap::Visit>(&self, visitor: &mut V) {
//!         self.0.traverse(visitor);
//!         self.0.traverse(visitor);
//!     }
//! }
//! ```
//!
//! # Handles and heaps on other threads
//! ```compile_fail,E0277
//! let heap = taipan_heap::Heap::new(Default::default());
//! std::thread::spawn(move || heap.collect(2));
//! ```
//! ```compile_fail,E0277
//! #[derive(taipan_heap::Payload)]
//! struct Node(u64);
//! let heap = taipan_heap::Heap::new(Default::default());
//! let node = heap.make(Node(1)).unwrap();
//! std::thread::spawn(move || node.0);
//! ```
//! ```
//! let made = std::thread::spawn(|| taipan_heap::Heap::new(Default::default()).collect(2).collected);
//! assert_eq!(made.join().unwrap(), 0);
//! ```
//!
//! # A heap that is moved
//! ```compile_fail,E0507
//! let moved = *taipan_heap::Heap::new(Default::default());
//! ```
//! ```compile_fail,E0277
//! let mut heap = taipan_heap::Heap::new(Default::default());
//! std::mem::swap(&mut *heap, &mut *taipan_heap::Heap::new(Default::default()));
//! ```
//! ```
//! let heap = taipan_heap::Heap::new(Default::default());
//! let moved = heap;
//! assert_eq!(moved.collect(2).collected, 0);
//! ```
//!
//! # A payload that is changed through a handle
//! ```compile_fail,E0594
//! #[derive(taipan_heap::Payload)]
//! struct Node(u64);
//! let heap = taipan_heap::Heap::new(Default::default());
//! let node = heap.make(Node(1)).unwrap();
//! let object: &taipan_heap::Obj<Node> = &node;
//! object.0 = 2;
//! ```
//!
//! # A base that is not the first field
//! ```compile_fail
//! #[derive(taipan_heap::Payload)]
//! struct Base(u64);
//! #[derive(taipan_heap::Payload)]
//! #[payload(base = Base)]
//! #[repr(C)]
//! struct Node(u64, Base);
//! ```
//! ```
//! #[derive(taipan_heap::Payload)]
//! struct Base(u64);
//! #[derive(taipan_heap::Payload)]
//! #[payload(base = Base)]
//! #[repr(C)]
//! struct Node(Base, u64);
//! ```
//!
//! # `#[payload(finalize)]` without a finalizer
//! ```compile_fail,E0277
//! #[derive(taipan_heap::Payload)]
//! #[payload(finalize)]
//! struct Node(u64);
//! ```
