//! Types, slots, attribute lookup, exceptions and the builtin types of Taipan.
//!
//! * `vm` – the thread state and interpreter that everything is given;
//! * `native` – how native functions are described and called;
//! * `types` – classes and the operations of the language;
//! * `builtins` – the builtin types, one file or folder each.
//!
//! Invariant: nothing here knows bytecode; code that runs bytecode enters through the slots of the types it registers.

extern crate self as taipan_objects;

pub mod builtins;
pub mod codecs;
pub mod native;
pub mod types;
pub mod vm;
