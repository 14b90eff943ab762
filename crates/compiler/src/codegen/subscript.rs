//! Subscripts and slices.

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::Ranged;
use taipan_bytecode::{Const, Op};

use super::{Compiler, Step};

/// What stands between the brackets.
pub(super) enum Index<'a> {
    /// A slice whose parts are not all constant, to be passed without an object.
    Range(&'a ast::ExprSlice),
    Imm(i16),
    Other(&'a Expr),
}

impl<'a> Compiler<'a> {
    pub(super) fn index(&mut self, slice: &'a Expr) -> Index<'a> {
        match slice {
            Expr::Slice(s) if self.constant_slice(s).is_none() => Index::Range(s),
            other => match self.immediate(other) {
                Some(n) => Index::Imm(n),
                None => Index::Other(other),
            },
        }
    }

    /// The slice as a constant, if its parts are; a step of its own makes no difference.
    fn constant_slice(&self, e: &ast::ExprSlice) -> Option<Const> {
        let part = |part: &Option<Box<Expr>>| match part {
            Some(expr) => self.constant(expr),
            None => Some(Const::None),
        };
        let parts = [part(&e.lower)?, part(&e.upper)?, part(&e.step)?];
        let numbers = parts.iter().all(|p| matches!(p, Const::None | Const::Int(_)));
        numbers.then(|| Const::Slice(parts.into()))
    }

    pub(super) fn slice(&mut self, e: &'a ast::ExprSlice, dst: u16) -> Step {
        if let Some(value) = self.constant_slice(e) {
            self.at(e);
            self.unit().load_const(dst, value);
            return Ok(());
        }
        let first = self.unit().top();
        let count = self.slice_parts(e)?;
        self.at(e);
        self.unit().emit(Op::BuildSlice, dst, first, count);
        self.unit().free_run(count.into());
        Ok(())
    }

    /// Evaluates start, stop and, where there is one, step into new temporaries; how many.
    pub(super) fn slice_parts(&mut self, e: &'a ast::ExprSlice) -> Step<u16> {
        for bound in [&e.lower, &e.upper] {
            match bound {
                Some(bound) => {
                    self.temporary(bound)?;
                }
                None => {
                    self.at(e);
                    let reg = self.unit().alloc();
                    self.unit().load_const(reg, Const::None);
                }
            }
        }
        let Some(step) = &e.step else { return Ok(2) };
        self.temporary(step)?;
        Ok(3)
    }

    pub(super) fn subscript(&mut self, e: &'a ast::ExprSubscript, dst: u16) -> Step {
        self.check_subscript(e);
        match self.index(&e.slice) {
            Index::Range(slice) => {
                let base = self.unit().alloc();
                self.expr_to(&e.value, base)?;
                let count = 1 + self.slice_parts(slice)?;
                self.at(e);
                self.unit().emit(Op::LoadSlice, dst, base, count);
                self.unit().free_run(count.into());
            }
            Index::Imm(n) => {
                let hint = self.hint(dst);
                let value = self.operand_in(&e.value, hint)?;
                self.at(e);
                self.unit().push(Op::LoadItemImm, Self::consume_b(value), dst, value.reg, n as u16);
                self.unit().free(value);
            }
            Index::Other(index) => {
                let hint = self.hint(dst);
                let value = self.early_operand(&e.value, &[index], hint)?;
                let index = self.operand(index)?;
                self.at(e);
                self.unit().push(Op::LoadItem, Self::consume_flags(value, index), dst, value.reg, index.reg);
                self.unit().free(index);
                self.unit().free(value);
            }
        }
        Ok(())
    }

    /// Range of a subscript expression, for its stores and deletions.
    pub(super) fn at_subscript(&mut self, e: &ast::ExprSubscript) {
        self.at(&e.range());
    }
}
