//! `with` and `async with`. Two temporaries hold the exit, as `LoadSpecial` leaves it, while the body runs.

use ruff_python_ast::{self as ast, WithItem};
use ruff_text_size::Ranged;
use taipan_bytecode::{CONSUME_A, Const, HAS_SELF, Op, RESTORE};

use super::unit::{Block, Operand};
use super::{Compiler, Step};

impl<'a> Compiler<'a> {
    pub(super) fn with(&mut self, s: &'a ast::StmtWith) -> Step {
        if s.is_async {
            self.check_await(s.range, "'async with'", "'async with' outside async function")?;
        }
        self.with_items(s, &s.items)
    }

    fn with_items(&mut self, s: &'a ast::StmtWith, items: &'a [WithItem]) -> Step {
        let Some((item, rest)) = items.split_first() else { return self.conditional_body(&s.body) };
        let end = self.unit().new_label();
        let exit = self.unit().alloc_run(2);
        let entered = self.enter_context(item, exit, s.is_async)?;
        let location = self.unit_ref().location;

        let unit = self.unit();
        let outer = unit.handler;
        let (saved, exc) = (exit + 2, exit + 3);
        let (handler, caught) = unit.new_handler(exc, saved);
        unit.handler = handler;
        let block = Block::With { exit, is_async: s.is_async, location };
        self.enter_block_outside(block, outer, item.context_expr.range())?;
        match &item.optional_vars {
            Some(target) => self.assign_to(target, entered)?,
            None => self.drop_operand(entered),
        }
        self.with_items(s, rest)?;
        self.leave_block();

        self.unit().handler = outer;
        self.unit().location = location;
        if self.unit_ref().falls_through() {
            for n in 2..5 {
                let reg = self.unit().alloc();
                debug_assert_eq!(reg, exit + n);
                self.unit().load_const(reg, Const::None);
            }
            self.finish_exit(exit, s.is_async);
            self.unit().free_run(3);
            self.unit().jump(end);
        }
        self.unit().bind(caught);
        self.exceptional_exit(exit, s.is_async, end);
        self.unit().free_run(2);
        self.unit().bind(end);
        Ok(())
    }

    /// Evaluates the context manager, loads its exit into `exit`, and enters it; the result is a new temporary.
    fn enter_context(&mut self, item: &'a WithItem, exit: u16, is_async: bool) -> Step<Operand> {
        let base = self.unit().alloc_run(2);
        let manager = self.operand_in(&item.context_expr, Some(base))?;
        self.at(&item.context_expr.range());
        let (enter_which, exit_which) = if is_async { (2, 3) } else { (0, 1) };
        let unit = self.unit();
        unit.emit(Op::LoadSpecial, exit, manager.reg, exit_which);
        unit.push(Op::LoadSpecial, Self::consume_b(manager), base, manager.reg, enter_which);
        unit.push(Op::Call, HAS_SELF, base, base, 0);
        unit.free_run(1);
        if is_async {
            self.await_value(Operand { reg: base, consume: true, owned: true }, 1, base);
            let reg = self.unit().alloc();
            debug_assert_eq!(reg, base);
        }
        Ok(Operand { reg: base, consume: true, owned: true })
    }

    /// The way out of an exception: the exit decides whether it goes on.
    fn exceptional_exit(&mut self, exit: u16, is_async: bool, end: u32) {
        let unit = self.unit();
        let saved = unit.alloc_run(2);
        let exc = saved + 1;
        let outer = unit.handler;
        let (cleaning, cleanup) = unit.new_handler(exc, exc);
        unit.handler = cleaning;
        unit.emit(Op::PushExc, saved, exc, 0);
        let result = unit.alloc();
        unit.emit(Op::WithExceptStart, result, exit, exc);
        if is_async {
            self.await_value(Operand { reg: result, consume: true, owned: true }, 2, result);
            self.unit().alloc();
        }
        let unit = self.unit();
        let suppress = unit.new_label();
        unit.emit_jump(Op::JumpIfTrue, CONSUME_A, result, 0, 0, suppress);
        unit.free_run(1);
        unit.push(Op::Reraise, CONSUME_A | RESTORE, exc, 0, 0);
        unit.bind(suppress);
        unit.emit(Op::Clear, exc, 0, 0);
        unit.handler = outer;
        unit.emit(Op::PopExc, saved, 0, 0);
        unit.emit(Op::ClearRange, exit, 0, 2);
        unit.jump(end);
        self.handler_cleanup(cleanup, outer, saved);
    }
}
