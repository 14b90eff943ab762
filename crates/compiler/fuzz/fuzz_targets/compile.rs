//! Feeds bytes to parser and compiler in every mode; see `check` for what must hold.
//!
//! Invariant: the target keeps no state between inputs.

#![no_main]

#[path = "../../tests/mutated/check.rs"]
mod check;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check::check(bytes));
