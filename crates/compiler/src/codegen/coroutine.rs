//! `yield`, `yield from` and `await`: suspension, and delegation to another iterator.

use ruff_python_ast as ast;
use ruff_text_size::TextRange;
use taipan_bytecode::{CONSUME_B, CONSUME_C, CodeFlags, Const, DELEGATE, Intrinsic1, Op};

use super::unit::{Operand, UnitKind};
use super::{Compiler, Step};

impl<'a> Compiler<'a> {
    fn check_yield(&mut self, range: TextRange, what: &str) -> Step {
        let unit = self.unit_ref();
        match unit.kind {
            UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Lambda => Ok(()),
            _ => self.error(range, format!("'{what}' outside function")),
        }
    }

    pub(super) fn yield_expr(&mut self, e: &'a ast::ExprYield, dst: u16) -> Step {
        self.check_yield(e.range, "yield")?;
        let value = match &e.value {
            Some(value) => self.operand(value)?,
            None => {
                self.at(e);
                let reg = self.unit().alloc();
                self.unit().load_const(reg, Const::None);
                Operand { reg, consume: true, owned: true }
            }
        };
        self.at(e);
        self.emit_yield(value, dst);
        Ok(())
    }

    /// Yields a value; what is sent arrives in `dst`.
    pub(super) fn emit_yield(&mut self, mut value: Operand, dst: u16) {
        let unit = self.unit();
        if unit.flags & CodeFlags::ASYNC_GENERATOR != 0 {
            let wrapped = if value.owned { value.reg } else { unit.alloc() };
            let flags = if value.consume { CONSUME_B } else { 0 };
            unit.push(Op::Intrinsic1, flags, wrapped, value.reg, Intrinsic1::AsyncGenWrap as u16);
            value = Operand { reg: wrapped, consume: true, owned: true };
        }
        let flags = if value.consume { CONSUME_B } else { 0 };
        unit.push(Op::Yield, flags, dst, value.reg, 0);
        unit.free(value);
    }

    pub(super) fn yield_from(&mut self, e: &'a ast::ExprYieldFrom, dst: u16) -> Step {
        self.check_yield(e.range, "yield from")?;
        if self.unit_ref().kind == UnitKind::AsyncFunction {
            return self.error(e.range, "'yield from' inside async function");
        }
        let value = self.operand(&e.value)?;
        self.at(e);
        let receiver = self.receiver(value);
        self.unit().push(Op::GetYieldFromIter, Self::consume_b(value), receiver, value.reg, 0);
        self.delegate(receiver, dst);
        Ok(())
    }

    pub(super) fn await_expr(&mut self, e: &'a ast::ExprAwait, dst: u16) -> Step {
        self.check_await(e.range, "'await'", "'await' outside function")?;
        let value = self.operand(&e.value)?;
        self.at(e);
        self.await_value(value, 0, dst);
        Ok(())
    }

    /// Whether `await` and its like may stand here.
    pub(super) fn check_await(&mut self, range: TextRange, what: &str, outside: &str) -> Step {
        let unit = self.unit_ref();
        if self.options.top_level_await && unit.kind == UnitKind::Module {
            return Ok(());
        }
        match unit.kind {
            UnitKind::AsyncFunction | UnitKind::Comprehension => Ok(()),
            UnitKind::Function | UnitKind::Lambda => self.error(range, format!("{what} outside async function")),
            _ => self.error(range, outside),
        }
    }

    /// Awaits a value, which is used up; `kind` is `GetAwaitable`'s.
    pub(super) fn await_value(&mut self, value: Operand, kind: u16, dst: u16) {
        let receiver = self.receiver(value);
        self.unit().push(Op::GetAwaitable, Self::consume_b(value), receiver, value.reg, kind);
        self.delegate(receiver, dst);
    }

    /// The register for an iterator made from `value`: the value's own, if it is the last temporary.
    fn receiver(&mut self, value: Operand) -> u16 {
        if value.owned { value.reg } else { self.unit().alloc() }
    }

    /// Runs the iterator in `receiver`, the last temporary, to its end; its result goes to `dst` and it is freed.
    pub(super) fn delegate(&mut self, receiver: u16, dst: u16) {
        let unit = self.unit();
        let value = unit.alloc();
        unit.load_const(value, Const::None);
        let (again, done) = (unit.new_label(), unit.new_label());
        unit.bind(again);
        unit.emit_jump(Op::Send, CONSUME_C, value, receiver, value, done);
        let outer = unit.handler;
        let (handler, thrown) = unit.new_handler(value, value);
        unit.handler = handler;
        unit.push(Op::Yield, CONSUME_B | DELEGATE, value, value, receiver);
        unit.handler = outer;
        unit.jump(again);
        unit.bind(thrown);
        unit.push(Op::CleanupThrow, CONSUME_B, value, value, 0);
        unit.bind(done);
        unit.emit(Op::Clear, receiver, 0, 0);
        unit.push(Op::Move, CONSUME_B, dst, value, 0);
        unit.free_run(2);
    }
}
