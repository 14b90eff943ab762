//! Depth of syntax trees and the stack they need: whatever recurses over a tree runs on a stack segment sized for the
//! tree's depth, so that nesting in the source is bounded by memory and not by the thread's stack.

/// Trees up to this depth are safe to walk recursively on an ordinary thread's stack.
pub const DEEP_TREE: u32 = 400;

/// Stack for one level of recursion: generous for drop glue and tree walks of up to three frames a level.
const BYTES_PER_LEVEL: usize = 1024;
const MINIMUM_STACK: usize = 512 * 1024;

/// Runs `work`, which recurses over a tree of the given depth, on a stack large enough for it.
pub fn on_deep_stack<T>(depth: u32, work: impl FnOnce() -> T) -> T {
    if depth <= DEEP_TREE {
        return work();
    }
    let size = (depth as usize).saturating_mul(BYTES_PER_LEVEL).max(MINIMUM_STACK);
    stacker::maybe_grow(size, size, work)
}
