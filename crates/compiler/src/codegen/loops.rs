//! `while` and `for`. The test stands at the end, so that an iteration takes one conditional jump back.

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::TextRange;
use taipan_bytecode::{CONSUME_A, CONSUME_B, Op};

use super::unit::{Block, Label, Operand};
use super::{Compiler, Step, fold};

impl<'a> Compiler<'a> {
    pub(super) fn while_loop(&mut self, s: &'a ast::StmtWhile) -> Step {
        let (body, top, exit) = (self.unit().new_label(), self.unit().new_label(), self.unit().new_label());
        let constant = self.constant(&s.test).map(|v| fold::truth(&v));
        self.at(&*s.test);
        let constants = self.hoist(Some(&s.test), &s.body);
        if constant == Some(false) {
            self.unit().emit(Op::Nop, 0, 0, 0);
        }
        if constant == Some(true) {
            // Stands for the line of the loop: who listens is told of it each time the loop begins again.
            self.unit().emit(Op::Nop, 0, 0, 0);
        } else {
            self.unit().jump(top);
        }
        self.unit().bind(body);
        self.enter_block(Block::While { top, exit, constants }, s.range)?;
        self.conditional_body(&s.body)?;
        self.leave_block();
        self.unit().bind(top);
        if constant == Some(true) {
            // The place of the body's last statement is kept: it is where an interrupted loop is said to be.
            self.unit().jump(body);
        } else {
            self.jump_if(&s.test, body, true)?;
        }
        self.forget_hoisted(constants);
        self.conditional_body(&s.orelse)?;
        self.unit().bind(exit);
        Ok(())
    }

    pub(super) fn for_loop(&mut self, s: &'a ast::StmtFor) -> Step {
        let (body, top, exit) = (self.unit().new_label(), self.unit().new_label(), self.unit().new_label());
        self.at(&*s.iter);
        let constants = self.hoist(None, &s.body);
        let state = self.unit().top();
        let iterable = self.for_iterable(&s.iter)?;
        if iterable.owned {
            self.unit().free(iterable);
        }
        self.unit().alloc_run(3);
        self.at(&*s.iter);
        self.unit().emit_jump(Op::ForPrep, Self::consume_b(iterable), state, iterable.reg, 0, top);
        self.unit().bind(body);
        self.enter_block(Block::For { top, exit, state, constants }, s.range)?;
        let item = self.loop_target(&s.target)?;
        self.conditional_body(&s.body)?;
        self.leave_block();
        self.unit().bind(top);
        self.at(&*s.iter);
        self.unit().emit_jump(Op::ForNext, 0, item, state, 0, body);
        self.unit().free_run(3);
        self.forget_hoisted(constants);
        self.conditional_body(&s.orelse)?;
        self.unit().bind(exit);
        Ok(())
    }

    fn for_iterable(&mut self, iter: &'a Expr) -> Step<Operand> {
        match iter {
            Expr::List(_) | Expr::Set(_) => self.iterable(iter),
            _ => self.operand(iter),
        }
    }

    /// At the start of a loop's body: the register that `ForNext` writes, after code that assigns it to any
    /// other target.
    pub(super) fn loop_target(&mut self, target: &'a Expr) -> Step<u16> {
        if let Expr::Name(name) = target {
            self.forbid_debug(&name.id, name.range)?;
            if let Some(reg) = self.target_register(&name.id) {
                return Ok(reg);
            }
        }
        let reg = self.unit().alloc();
        self.assign_to(target, Operand { reg, consume: true, owned: true })?;
        Ok(reg)
    }

    pub(super) fn async_for(&mut self, s: &'a ast::StmtFor) -> Step {
        self.check_await(s.range, "'async for'", "'async for' outside async function")?;
        let exit = self.unit().new_label();
        let iterator = self.unit().alloc();
        let iterable = self.operand_in(&s.iter, Some(iterator))?;
        self.at(&*s.iter);
        self.unit().push(Op::GetAIter, Self::consume_b(iterable), iterator, iterable.reg, 0);
        let (top, outer, end) = self.async_next(iterator, s.range, |c, item| c.assign_to(&s.target, item))?;
        self.enter_block(Block::AsyncFor { top, exit, iterator }, s.range)?;
        self.conditional_body(&s.body)?;
        self.leave_block();
        // Otherwise the last line would seem to run once more, as a `break` that was not taken.
        self.nowhere();
        self.unit().jump(top);
        self.async_end(iterator, outer, end, &s.iter);
        self.unit().free_run(1);
        self.conditional_body(&s.orelse)?;
        self.unit().bind(exit);
        Ok(())
    }

    /// The head of an asynchronous loop: awaits the next item and assigns it. Returns the label of the head, the
    /// handler outside, and the label of the end, where the exception that stops the loop arrives.
    pub(super) fn async_next(
        &mut self,
        iterator: u16,
        range: TextRange,
        assign: impl FnOnce(&mut Self, Operand) -> Step,
    ) -> Step<(Label, u32, Label)> {
        let top = self.unit().new_label();
        self.unit().bind(top);
        self.at(&range);
        let unit = self.unit();
        let outer = unit.handler;
        let item = unit.alloc();
        let (handler, end) = unit.new_handler(item, item);
        unit.handler = handler;
        let awaitable = unit.alloc();
        unit.emit(Op::GetANext, awaitable, iterator, 0);
        self.delegate(awaitable, item);
        self.unit().handler = outer;
        assign(self, Operand { reg: item, consume: true, owned: true })?;
        Ok((top, outer, end))
    }

    /// The end of an asynchronous loop.
    pub(super) fn async_end(&mut self, iterator: u16, outer: u32, end: Label, iter: &'a Expr) {
        self.at(iter);
        let unit = self.unit();
        unit.handler = outer;
        unit.bind(end);
        unit.push(Op::EndAsyncFor, CONSUME_A | CONSUME_B, iterator + 1, iterator, 0);
    }
}
