//! `try`: `except`, `except*`, `else` and `finally`. A `finally` body is compiled once for each way out.
//!
//! Handlers keep two temporaries: the exception that was being handled before (`saved`), and the one caught (`exc`).
//! While a handler runs, a cleanup handler restores the former and lets the new exception go on.

use ruff_python_ast::{self as ast, ExceptHandler, Stmt};
use ruff_text_size::TextRange;
use taipan_bytecode::{CONSUME_A, CONSUME_B, CONSUME_C, Op, RESTORE};

use super::unit::{Block, Label, Operand};
use super::{Compiler, Step};

type Clause = ast::ExceptHandlerExceptHandler;

impl<'a> Compiler<'a> {
    pub(super) fn try_statement(&mut self, s: &'a ast::StmtTry) -> Step {
        self.check_finally(s);
        self.unit().conditional_depth += 1;
        if s.finalbody.is_empty() { self.try_clauses(s) } else { self.try_finally(s) }?;
        self.unit().conditional_depth -= 1;
        Ok(())
    }

    fn try_clauses(&mut self, s: &'a ast::StmtTry) -> Step {
        match (&s.handlers[..], s.is_star) {
            ([], _) => {
                self.body(&s.body)?;
                self.body(&s.orelse)
            }
            (_, true) => self.try_star(s),
            (_, false) => self.try_except(s),
        }
    }

    fn try_finally(&mut self, s: &'a ast::StmtTry) -> Step {
        let exit = self.unit().new_label();
        let unit = self.unit();
        let saved = unit.top();
        let exc = saved + 1;
        let outer = unit.handler;
        let (handler, caught) = unit.new_handler(exc, saved);
        unit.handler = handler;
        self.enter_block_outside(Block::Finally { body: &s.finalbody }, outer, s.range)?;
        self.at(s);
        self.unit().emit(Op::Nop, 0, 0, 0);
        self.try_clauses(s)?;
        self.leave_block();
        self.unit().handler = outer;
        self.body(&s.finalbody)?;
        self.jump_past(exit);
        self.unit().bind(caught);
        self.finally_end(&s.finalbody, saved, s.range)?;
        self.unit().bind(exit);
        Ok(())
    }

    /// The `finally` body on the way of an exception.
    fn finally_end(&mut self, body: &'a [Stmt], saved: u16, range: TextRange) -> Step {
        self.nowhere();
        let exc = saved + 1;
        let unit = self.unit();
        let outer = unit.handler;
        unit.alloc_run(2);
        let (handler, cleanup) = unit.new_handler(exc, exc);
        unit.handler = handler;
        unit.emit(Op::PushExc, saved, exc, 0);
        self.enter_block_outside(Block::FinallyEnd { saved, exc }, outer, range)?;
        self.body(body)?;
        self.leave_block();
        self.nowhere();
        self.unit().push(Op::Reraise, CONSUME_A, exc, 0, 0);
        self.handler_cleanup(cleanup, outer, saved);
        Ok(())
    }

    /// Restores the exception handled before and lets the new one go on; frees the two temporaries.
    pub(super) fn handler_cleanup(&mut self, cleanup: Label, outer: u32, saved: u16) {
        self.nowhere();
        let unit = self.unit();
        unit.handler = outer;
        unit.bind(cleanup);
        unit.emit(Op::PopExc, saved, 0, 0);
        unit.push(Op::Reraise, CONSUME_A | RESTORE, saved + 1, 0, 0);
        unit.free_run(2);
    }

    fn try_except(&mut self, s: &'a ast::StmtTry) -> Step {
        let end = self.unit().new_label();
        let unit = self.unit();
        let saved = unit.top();
        let exc = saved + 1;
        let outer = unit.handler;
        let (handler, caught) = unit.new_handler(exc, saved);
        unit.handler = handler;
        self.enter_block_outside(Block::Try, outer, s.range)?;
        self.at(s);
        self.unit().emit(Op::Nop, 0, 0, 0);
        self.body(&s.body)?;
        self.leave_block();
        self.unit().handler = outer;
        self.body(&s.orelse)?;
        self.jump_past(end);

        self.nowhere();
        let unit = self.unit();
        unit.bind(caught);
        unit.alloc_run(2);
        let (cleaning, cleanup) = unit.new_handler(exc, exc);
        unit.handler = cleaning;
        unit.emit(Op::PushExc, saved, exc, 0);
        let last = s.handlers.len() - 1;
        for (n, ExceptHandler::ExceptHandler(clause)) in s.handlers.iter().enumerate() {
            if clause.type_.is_none() && n < last {
                return self.error(self.clause_range(clause), "default 'except:' must be last");
            }
            self.except_clause(clause, saved, outer, cleaning, end)?;
        }
        self.nowhere();
        if let Some(kind) = s.handlers.last().and_then(|ExceptHandler::ExceptHandler(clause)| clause.type_.as_deref()) {
            self.at(kind);
        }
        self.unit().push(Op::Reraise, CONSUME_A, exc, 0, 0);
        self.handler_cleanup(cleanup, outer, saved);
        self.unit().bind(end);
        Ok(())
    }

    /// Range of a clause's head and body, as CPython counts it.
    fn clause_range(&self, clause: &Clause) -> TextRange {
        clause.range
    }

    fn except_clause(&mut self, clause: &'a Clause, saved: u16, outer: u32, cleaning: u32, end: Label) -> Step {
        let exc = saved + 1;
        let next = self.unit().new_label();
        self.at(clause);
        if let Some(kind) = &clause.type_ {
            let kind_value = self.operand(kind)?;
            self.at(&**kind);
            let matched = if kind_value.owned { kind_value.reg } else { self.unit().alloc() };
            self.unit().push(Op::ExcMatch, Self::consume_c(kind_value), matched, exc, kind_value.reg);
            self.unit().emit_jump(Op::JumpIfFalse, CONSUME_A, matched, 0, 0, next);
            self.unit().free_run(1);
        }
        self.at(clause);
        match &clause.name {
            Some(name) => {
                self.forbid_debug(name, clause.range)?;
                self.store_name(name, Operand { reg: exc, consume: true, owned: false });
                let unit = self.unit();
                let (naming, forget) = unit.new_handler(exc, exc);
                unit.handler = naming;
                self.enter_block_outside(Block::Handler { saved, name: Some(name) }, outer, clause.range)?;
                self.body(&clause.body)?;
                self.leave_block();
                self.nowhere();
                self.unit().handler = outer;
                self.unit().emit(Op::PopExc, saved, 0, 0);
                self.forget_exception(name);
                self.unit().jump(end);
                self.nowhere();
                let unit = self.unit();
                unit.handler = cleaning;
                unit.bind(forget);
                self.forget_exception(name);
                self.unit().push(Op::Reraise, CONSUME_A | RESTORE, exc, 0, 0);
            }
            None => {
                self.unit().emit(Op::Clear, exc, 0, 0);
                self.enter_block_outside(Block::Handler { saved, name: None }, outer, clause.range)?;
                self.body(&clause.body)?;
                self.leave_block();
                self.nowhere();
                self.unit().handler = outer;
                self.unit().emit(Op::PopExc, saved, 0, 0);
                self.unit().jump(end);
                self.unit().handler = cleaning;
            }
        }
        self.unit().bind(next);
        Ok(())
    }

    /// `except*`: four temporaries after `saved` and the remaining group: the original exception, the list of
    /// what clauses raised and left over, the match, and work space.
    fn try_star(&mut self, s: &'a ast::StmtTry) -> Step {
        let end = self.unit().new_label();
        let unit = self.unit();
        let saved = unit.top();
        let rest = saved + 1;
        let outer = unit.handler;
        let (handler, caught) = unit.new_handler(rest, saved);
        unit.handler = handler;
        self.enter_block_outside(Block::Try, outer, s.range)?;
        self.at(s);
        self.unit().emit(Op::Nop, 0, 0, 0);
        self.body(&s.body)?;
        self.leave_block();
        self.unit().handler = outer;
        self.body(&s.orelse)?;
        self.jump_past(end);

        self.nowhere();
        let unit = self.unit();
        unit.bind(caught);
        unit.alloc_run(2);
        let (cleaning, cleanup) = unit.new_handler(rest, rest);
        unit.handler = cleaning;
        unit.emit(Op::PushExc, saved, rest, 0);
        let original = unit.alloc_run(2);
        let raised = original + 1;
        unit.emit(Op::Move, original, rest, 0);
        unit.emit(Op::BuildList, raised, raised, 0);
        for ExceptHandler::ExceptHandler(clause) in &s.handlers {
            self.star_clause(clause, rest, raised, cleaning)?;
        }
        self.nowhere();
        let unit = self.unit();
        unit.push(Op::ListAppend, CONSUME_B, raised, rest, 0);
        unit.push(Op::PrepReraiseStar, CONSUME_B | CONSUME_C, rest, original, raised);
        let reraise = unit.new_label();
        unit.emit_jump(Op::JumpIfNotNone, 0, rest, 0, 0, reraise);
        unit.emit(Op::Clear, rest, 0, 0);
        unit.handler = outer;
        unit.emit(Op::PopExc, saved, 0, 0);
        unit.jump(end);
        unit.handler = cleaning;
        unit.bind(reraise);
        unit.push(Op::Reraise, CONSUME_A, rest, 0, 0);
        unit.free_run(2);
        self.handler_cleanup(cleanup, outer, saved);
        self.unit().bind(end);
        Ok(())
    }

    fn star_clause(&mut self, clause: &'a Clause, rest: u16, raised: u16, cleaning: u32) -> Step {
        let (next, no_match) = (self.unit().new_label(), self.unit().new_label());
        self.at(clause);
        let pair = self.unit().alloc_run(2);
        let matched = pair + 1;
        if let Some(kind) = &clause.type_ {
            let kind_value = self.operand(kind)?;
            self.at(&**kind);
            let flags = CONSUME_B | Self::consume_c(kind_value);
            self.unit().push(Op::ExcGroupMatch, flags, pair, rest, kind_value.reg);
            self.unit().free(kind_value);
        }
        self.unit().push(Op::Move, CONSUME_B, rest, pair, 0);
        self.unit().emit_jump(Op::JumpIfNone, 0, matched, 0, 0, no_match);
        self.at(clause);
        match &clause.name {
            Some(name) => {
                self.forbid_debug(name, clause.range)?;
                self.store_name(name, Operand { reg: matched, consume: true, owned: false });
            }
            None => self.unit().emit(Op::Clear, matched, 0, 0),
        }
        let (handler, failed) = self.unit().new_handler(pair, pair);
        self.unit().handler = handler;
        self.enter_block_outside(Block::StarHandler, cleaning, clause.range)?;
        self.body(&clause.body)?;
        self.leave_block();
        self.nowhere();
        self.unit().handler = cleaning;
        if let Some(name) = &clause.name {
            self.forget_exception(name);
        }
        self.unit().jump(next);
        self.unit().bind(failed);
        if let Some(name) = &clause.name {
            self.forget_exception(name);
        }
        let unit = self.unit();
        unit.push(Op::ListAppend, CONSUME_B, raised, pair, 0);
        unit.jump(next);
        unit.bind(no_match);
        unit.emit(Op::Clear, matched, 0, 0);
        unit.bind(next);
        unit.free_run(2);
        Ok(())
    }
}
