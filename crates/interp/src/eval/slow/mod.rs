//! Operations that the loop does not do inline, by topic. Nothing here touches registers but through borrowed values, except unpacking.
//!
//! Invariant: each function is given live operands and leaves it to the loop to consume them.

mod building;
mod exceptions;
mod functions;
mod generators;
mod imports;
mod intrinsics;
mod items;
mod members;
mod numbers;
mod operators;
mod patterns;
mod unpacking;
mod variables;

pub(super) use building::*;
pub(super) use exceptions::*;
pub(super) use functions::*;
pub(super) use generators::*;
pub use imports::import_from;
pub(super) use imports::*;
pub(super) use intrinsics::*;
pub(super) use items::*;
pub(super) use members::*;
pub(super) use numbers::*;
pub(super) use operators::*;
pub(super) use patterns::*;
pub(super) use unpacking::*;
pub(super) use variables::*;
