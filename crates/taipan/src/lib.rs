//! Taipan: a Python 3.14 runtime built around its memory manager. This crate is the program and the embedding API.
//!
//! * `Runtime` – an interpreter ready to run Python code: heap, builtins, `sys`, imports;
//! * `program` – the command line; `prompt` – the interactive prompt.
//!
//! Invariant: interpreters share nothing; a `Runtime` may be made on any thread and stays there.

mod command_line;
mod environment;
mod importing;
pub mod program;
mod prompt;
mod runtime;
mod shutdown;
mod sources;

pub use runtime::{Failure, Runtime, RuntimeConfig};
pub use taipan_modules::sys::Flags;
