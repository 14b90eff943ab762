//! The matching engine of regular expressions: programs of code words, run on texts by backtracking.
//!
//! * `code` – the numbers of the code words; `charset` – sets of characters; `program` – code words become instructions;
//! * `text` – characters of three widths and scans over them; `backtrack` – what a match remembers; `matcher` – the machine;
//! * `search` – finds where a match can begin.
//!
//! Invariant: no program and no text makes it recurse, panic or take memory that the heap does not count.

pub mod backtrack;
pub mod charset;
pub mod code;
pub mod matcher;
pub mod program;
pub mod search;
pub mod text;

#[cfg(test)]
mod tests;
