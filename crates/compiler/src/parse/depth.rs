//! Depth of syntax trees and the stack they need: whatever recurses over a tree runs on a stack segment sized for the
//! tree's depth, so that nesting in the source is bounded by memory and not by the thread's stack.

use ruff_python_ast::visitor::source_order::{SourceOrderVisitor, TraversalSignal};
use ruff_python_ast::{AnyNodeRef, Mod};

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

/// The number of nodes on the longest path from the root.
pub(super) fn measure(tree: &Mod) -> u32 {
    let mut meter = Meter { current: 0, deepest: 0 };
    meter.visit_mod(tree);
    meter.deepest
}

struct Meter {
    current: u32,
    deepest: u32,
}

impl<'a> SourceOrderVisitor<'a> for Meter {
    fn enter_node(&mut self, _node: AnyNodeRef<'a>) -> TraversalSignal {
        self.current += 1;
        self.deepest = self.deepest.max(self.current);
        TraversalSignal::Traverse
    }

    fn leave_node(&mut self, _node: AnyNodeRef<'a>) {
        self.current -= 1;
    }
}
