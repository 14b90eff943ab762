//! Bytes are steps of a program on the heap; see `model` for the steps and what must hold after each.
//!
//! Invariant: the target keeps no state between inputs.

#![no_main]

#[path = "../../tests/model/mod.rs"]
mod model;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| model::run(bytes.chunks_exact(3).map(|step| [step[0], step[1], step[2]])));
