//! `posix`: what the operating system offers to programs.
//!
//! Invariant: errors of the system become OSError with its number and the paths that were given.

mod path;
mod waiting;

pub use path::{PathArgument, descriptor, fspath, given, path_text, system_bytes, system_text, system_value};
pub use waiting::{blocking, retry};
