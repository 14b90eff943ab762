//! Leaving statements early: `return`, `break` and `continue` undo what the statements around them have set up, from
//! the inside out, each piece under the handler that was in force outside of that statement.

use ruff_python_ast as ast;
use ruff_text_size::TextRange;
use taipan_bytecode::{Const, Location, Op};

use super::unit::{Block, BlockEntry, Operand};
use super::{Compiler, MAX_BLOCKS, Step};

impl<'a> Compiler<'a> {
    /// Enters a block; the handler in force is the one outside of it.
    pub(super) fn enter_block(&mut self, block: Block<'a>, range: TextRange) -> Step {
        let handler = self.unit_ref().handler;
        self.enter_block_outside(block, handler, range)
    }

    /// Enters a block whose own handler is in force already.
    pub(super) fn enter_block_outside(&mut self, block: Block<'a>, outer_handler: u32, range: TextRange) -> Step {
        if self.unit_ref().blocks.len() >= MAX_BLOCKS {
            return self.error(range, "too many statically nested blocks");
        }
        self.unit().blocks.push(BlockEntry { block, outer_handler });
        Ok(())
    }

    pub(super) fn leave_block(&mut self) {
        self.unit().blocks.pop();
    }

    /// Whether leaving the function runs code that could change a variable to be returned.
    pub(super) fn must_keep_value(&self) -> bool {
        self.unit_ref().blocks.iter().any(|b| {
            matches!(b.block, Block::Finally { .. } | Block::With { .. } | Block::Handler { name: Some(_), .. })
        })
    }

    /// `break`, `continue` and `return` may not leave an `except*` clause.
    pub(super) fn check_star_handler(&mut self, range: TextRange, what: &str) -> Step {
        let blocks = &self.unit_ref().blocks;
        let stop = blocks.iter().rposition(|b| {
            what != "'return'" && matches!(b.block, Block::While { .. } | Block::For { .. } | Block::AsyncFor { .. })
        });
        let inside = &blocks[stop.unwrap_or(0)..];
        if inside.iter().any(|b| matches!(b.block, Block::StarHandler)) {
            return self.error(range, "'break', 'continue' and 'return' cannot appear in an except* block");
        }
        Ok(())
    }

    /// Undoes all blocks, for `return`; `leave` returns. The temporary `kept` holds the value meanwhile.
    pub(super) fn unwind_all(&mut self, range: TextRange, kept: Option<u16>, leave: impl FnOnce(&mut Self)) -> Step {
        self.unwind_to(0, range, kept, leave)
    }

    /// Undoes the blocks from the innermost down to `depth`, then lets `leave` jump away. The handler and the blocks
    /// are as before afterwards.
    fn unwind_to(&mut self, depth: usize, range: TextRange, kept: Option<u16>, leave: impl FnOnce(&mut Self)) -> Step {
        let handler = self.unit_ref().handler;
        let blocks = self.unit_ref().blocks.clone();
        let hoisted = self.unit_ref().hoisted.clone();
        let mut location = self.locate(range);
        let runs = |b: &BlockEntry<'_>| matches!(b.block, Block::Finally { .. } | Block::With { .. });
        let others = blocks.get(depth..).is_some_and(|blocks| blocks.iter().any(runs));
        if others {
            // The statement's own line comes before those of what it leaves.
            self.unit().location = location;
            self.unit().emit(Op::Nop, 0, 0, 0);
        }
        self.unit().location = location;
        while self.unit_ref().blocks.len() > depth {
            let Some(entry) = self.unit().blocks.pop() else { break };
            self.unit().handler = entry.outer_handler;
            let ran = runs(&entry);
            self.undo(entry, kept)?;
            if ran {
                // What is left to undo belongs to no line: the statement's own came first.
                location = Location::NONE;
            }
            self.unit().location = location;
        }
        self.unit().location = location;
        leave(self);
        self.unit().handler = handler;
        self.unit().blocks = blocks;
        self.unit().hoisted = hoisted;
        Ok(())
    }

    fn undo(&mut self, entry: BlockEntry<'a>, kept: Option<u16>) -> Step {
        match entry.block {
            Block::Try | Block::StarHandler => {}
            Block::While { constants, .. } if constants.count == 0 => {}
            Block::While { constants, .. } => {
                self.unit().emit(Op::ClearRange, constants.first, 0, constants.count);
                self.unit().hoisted.clear();
            }
            // The constants lie right below the state.
            Block::For { state, constants, .. } => {
                self.unit().emit(Op::ClearRange, state - constants.count, 0, constants.count + 3);
                if constants.count > 0 {
                    self.unit().hoisted.clear();
                }
            }
            Block::AsyncFor { iterator: reg, .. } | Block::Value { reg } => self.unit().emit(Op::Clear, reg, 0, 0),
            Block::Finally { body } => {
                let depth = self.unit_ref().blocks.len();
                if let Some(reg) = kept {
                    // The body may leave in its turn, and then the value is given up.
                    self.unit().blocks.push(BlockEntry { block: Block::Value { reg }, ..entry });
                }
                self.body(body)?;
                self.unit().blocks.truncate(depth);
            }
            Block::FinallyEnd { saved, exc } => {
                self.unit().emit(Op::Clear, exc, 0, 0);
                self.unit().emit(Op::PopExc, saved, 0, 0);
            }
            Block::With { exit, is_async, location } => {
                self.unit().location = location;
                self.call_exit(exit, is_async);
            }
            Block::Handler { saved, name } => {
                self.unit().emit(Op::PopExc, saved, 0, 0);
                if let Some(name) = name {
                    self.forget_exception(name);
                }
            }
        }
        Ok(())
    }

    /// `name = None; del name` at the end of an `except` clause.
    pub(super) fn forget_exception(&mut self, name: &'a ast::Identifier) {
        if let Some(reg) = self.target_register(name) {
            return self.unit().emit(Op::Clear, reg, 0, 0);
        }
        let reg = self.unit().alloc();
        self.unit().load_const(reg, Const::None);
        self.store_name(name, Operand { reg, consume: true, owned: true });
        self.delete_name(name);
    }

    /// Calls a context manager's exit without an exception, and drops the result.
    pub(super) fn call_exit(&mut self, exit: u16, is_async: bool) {
        let base = self.unit().alloc_run(5);
        for n in 0..2 {
            self.unit().push(Op::Move, taipan_bytecode::CONSUME_B, base + n, exit + n, 0);
        }
        for n in 2..5 {
            self.unit().load_const(base + n, Const::None);
        }
        self.finish_exit(base, is_async);
        self.unit().free_run(5);
    }

    /// Calls the exit whose block is complete at `base`, and drops the result.
    pub(super) fn finish_exit(&mut self, base: u16, is_async: bool) {
        self.unit().push(Op::Call, taipan_bytecode::HAS_SELF, base, base, 3);
        if is_async {
            let value = Operand { reg: base, consume: true, owned: false };
            let result = self.unit().alloc();
            self.await_value(value, 2, result);
            self.unit().emit(Op::Clear, result, 0, 0);
            self.unit().free_run(1);
        } else {
            self.unit().emit(Op::Clear, base, 0, 0);
        }
    }

    pub(super) fn break_statement(&mut self, s: &'a ast::StmtBreak) -> Step {
        self.check_star_handler(s.range, "'break'")?;
        let Some((at, _, exit)) = self.innermost_loop() else {
            return self.error(s.range, "'break' outside loop");
        };
        self.at(s);
        self.unwind_to(at, s.range, None, |c| c.unit().jump(exit))
    }

    pub(super) fn continue_statement(&mut self, s: &'a ast::StmtContinue) -> Step {
        self.check_star_handler(s.range, "'continue'")?;
        let Some((at, top, _)) = self.innermost_loop() else {
            return self.error(s.range, "'continue' not properly in loop");
        };
        self.at(s);
        self.unwind_to(at + 1, s.range, None, |c| c.unit().jump(top))
    }

    /// The innermost loop: its place among the blocks, its head and its exit.
    fn innermost_loop(&self) -> Option<(usize, u32, u32)> {
        self.unit_ref().blocks.iter().enumerate().rev().find_map(|(at, b)| match b.block {
            Block::While { top, exit, .. } | Block::For { top, exit, .. } | Block::AsyncFor { top, exit, .. } => {
                Some((at, top, exit))
            }
            _ => None,
        })
    }

    /// Jumps on from the end of a branch: the jump belongs to no line.
    pub(super) fn jump_past(&mut self, label: super::unit::Label) {
        let location = self.unit_ref().location;
        self.nowhere();
        self.unit().jump(label);
        self.unit().location = location;
    }

    /// The following instructions belong to no line of the source.
    pub(super) fn nowhere(&mut self) {
        self.unit().location = Location::NONE;
    }
}
