//! Statements: the dispatch by kind of node, and the simple ones.

use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::Ranged;
use taipan_bytecode::{CONSUME_B, Const, Intrinsic1, Op};

use super::unit::UnitKind;
use super::{Compiler, Step};

impl<'a> Compiler<'a> {
    pub(super) fn body(&mut self, body: &'a [Stmt]) -> Step {
        body.iter().try_for_each(|s| self.statement(s))
    }

    /// A statement of interactive mode that is an expression: its value is displayed.
    fn displayed(&mut self, s: &'a ast::StmtExpr) -> Step {
        let value = self.operand(&s.value)?;
        self.at(s);
        self.unit().push(Op::Intrinsic1, Self::consume_b(value), value.reg, value.reg, Intrinsic1::Print as u16);
        self.drop_operand(value);
        Ok(())
    }

    /// Statements that may not run: annotations in them are conditional.
    pub(super) fn conditional_body(&mut self, body: &'a [Stmt]) -> Step {
        self.unit().conditional_depth += 1;
        self.body(body)?;
        self.unit().conditional_depth -= 1;
        Ok(())
    }

    pub(super) fn statement(&mut self, stmt: &'a Stmt) -> Step {
        match stmt {
            Stmt::Expr(s) if self.interactive && self.units.len() == 1 => self.displayed(s),
            Stmt::Expr(s) => {
                self.at(s);
                if self.constant(&s.value).is_some() {
                    self.unit().emit(Op::Nop, 0, 0, 0);
                    return Ok(());
                }
                let before = self.unit_ref().code.len();
                self.effect(&s.value)?;
                if self.unit_ref().code.len() == before {
                    self.unit().emit(Op::Nop, 0, 0, 0);
                }
                Ok(())
            }
            Stmt::Assign(s) => self.assign(s),
            Stmt::AugAssign(s) => self.augmented_assign(s),
            Stmt::AnnAssign(s) => self.annotated_assign(s),
            Stmt::Delete(s) => s.targets.iter().try_for_each(|t| self.delete(t)),
            Stmt::Return(s) => self.return_statement(s),
            Stmt::If(s) => self.if_statement(s),
            Stmt::While(s) => self.while_loop(s),
            Stmt::For(s) if s.is_async => self.async_for(s),
            Stmt::For(s) => self.for_loop(s),
            Stmt::Break(s) => self.break_statement(s),
            Stmt::Continue(s) => self.continue_statement(s),
            Stmt::Pass(s) => {
                self.at(s);
                self.unit().emit(Op::Nop, 0, 0, 0);
                Ok(())
            }
            Stmt::Raise(s) => self.raise(s),
            Stmt::Try(s) => self.try_statement(s),
            Stmt::With(s) => self.with(s),
            Stmt::Assert(s) => self.assert(s),
            Stmt::Import(s) => self.import(s),
            Stmt::ImportFrom(s) => self.import_from(s),
            Stmt::FunctionDef(s) => self.function_def(s),
            Stmt::ClassDef(s) => self.class_def(s),
            Stmt::TypeAlias(s) => self.type_alias(s),
            Stmt::Match(s) => self.match_statement(s),
            Stmt::Global(_) | Stmt::Nonlocal(_) => Ok(()),
            Stmt::IpyEscapeCommand(s) => self.error(s.range, "invalid syntax"),
        }
    }

    fn return_statement(&mut self, s: &'a ast::StmtReturn) -> Step {
        let kind = self.unit_ref().kind;
        if !matches!(kind, UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Lambda) {
            return self.error(s.range, "'return' outside function");
        }
        self.check_star_handler(s.value.as_ref().map_or(s.range, |value| value.range()), "'return'")?;
        let constant = s.value.as_ref().map_or(Some(Const::None), |value| self.constant(value));
        if let Some(value) = constant {
            return self.unwind_all(s.range, None, |c| c.return_const(value));
        }
        let Some(value) = &s.value else { return Ok(()) };
        if self.unit_ref().blocks.is_empty() {
            return self.return_value(s, value);
        }
        let value = if self.must_keep_value() { self.temporary(value)? } else { self.operand(value)? };
        let kept = value.consume.then_some(value.reg);
        self.unwind_all(s.range, kept, |c| c.emit_return(value))
    }

    /// Returns a value from where nothing has to be undone; both branches of a conditional return at once.
    fn return_value(&mut self, s: &'a ast::StmtReturn, value: &'a Expr) -> Step {
        let Expr::If(e) = value else {
            let value = self.operand(value)?;
            self.at(s);
            self.emit_return(value);
            return Ok(());
        };
        let otherwise = self.unit().new_label();
        self.jump_if(&e.test, otherwise, false)?;
        self.return_value(s, &e.body)?;
        self.unit().bind(otherwise);
        self.return_value(s, &e.orelse)
    }

    fn if_statement(&mut self, s: &'a ast::StmtIf) -> Step {
        let end = self.unit().new_label();
        let mut next = self.unit().new_label();
        let first = std::iter::once((Some(&*s.test), &s.body[..]));
        let clauses = s.elif_else_clauses.iter().map(|c| (c.test.as_ref(), &c.body[..]));
        let count = s.elif_else_clauses.len();
        for (n, (test, body)) in first.chain(clauses).enumerate() {
            if let Some(test) = test {
                if self.constant(test).is_some() {
                    self.at(test);
                    self.unit().emit(Op::Nop, 0, 0, 0);
                }
                self.jump_if(test, next, false)?;
            }
            self.conditional_body(body)?;
            if n < count {
                self.jump_past(end);
            }
            self.unit().bind(next);
            next = self.unit().new_label();
        }
        self.unit().bind(next);
        self.unit().bind(end);
        Ok(())
    }

    fn raise(&mut self, s: &'a ast::StmtRaise) -> Step {
        match (&s.exc, &s.cause) {
            (None, _) => {
                self.at(s);
                self.unit().emit(Op::RaiseActive, 0, 0, 0);
            }
            (Some(exc), None) => {
                let exc = self.operand(exc)?;
                self.at(s);
                self.unit().push(Op::Raise, Self::consume_b(exc), 0, exc.reg, 0);
                self.unit().free(exc);
            }
            (Some(exc), Some(cause)) => {
                let exc = self.early_operand(exc, &[cause], None)?;
                let cause = self.operand(cause)?;
                self.at(s);
                self.unit().push(Op::RaiseFrom, Self::consume_flags(exc, cause), 0, exc.reg, cause.reg);
                self.unit().free(cause);
                self.unit().free(exc);
            }
        }
        Ok(())
    }

    fn assert(&mut self, s: &'a ast::StmtAssert) -> Step {
        self.check_assert(s);
        if self.options.optimize > 0 {
            return Ok(());
        }
        let end = self.unit().new_label();
        self.jump_if(&s.test, end, true)?;
        self.at(s);
        let exc = self.unit().alloc_run(2);
        self.unit().emit(Op::LoadCommonConstant, exc, 0, 0);
        if let Some(msg) = &s.msg {
            self.temporary(msg)?;
            self.at(s);
            self.unit().emit(Op::Call, exc, exc, 1);
            self.unit().free_run(1);
        }
        self.at(&*s.test);
        self.unit().push(Op::Raise, CONSUME_B, 0, exc, 0);
        self.unit().free_run(2);
        self.unit().bind(end);
        Ok(())
    }

    fn delete(&mut self, target: &'a Expr) -> Step {
        match target {
            Expr::Name(e) => {
                if e.id.as_str() == "__debug__" {
                    return self.error(e.range, "cannot delete __debug__");
                }
                self.at(e);
                self.delete_name(&e.id);
                Ok(())
            }
            Expr::Attribute(e) => {
                if e.attr.as_str() == "__debug__" {
                    return self.error(e.range, "cannot delete __debug__");
                }
                let object = self.operand(&e.value)?;
                self.at_attribute(e, e.range());
                let name = self.name_index(&e.attr);
                let flags = if object.consume { taipan_bytecode::CONSUME_A } else { 0 };
                self.unit().push(Op::DeleteAttr, flags, object.reg, 0, name);
                self.unit().free(object);
                Ok(())
            }
            Expr::Subscript(e) => {
                let object = self.early_operand(&e.value, &[&e.slice], None)?;
                let index = self.operand(&e.slice)?;
                self.at_subscript(e);
                let flags = if object.consume { taipan_bytecode::CONSUME_A } else { 0 } | Self::consume_b(index);
                self.unit().push(Op::DeleteItem, flags, object.reg, index.reg, 0);
                self.unit().free(index);
                self.unit().free(object);
                Ok(())
            }
            Expr::Tuple(e) => e.elts.iter().try_for_each(|t| self.delete(t)),
            Expr::List(e) => e.elts.iter().try_for_each(|t| self.delete(t)),
            other => self.error(other.range(), "cannot delete expression"),
        }
    }
}
