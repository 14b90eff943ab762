//! Expressions: the dispatch by kind of node, operands, and the expressions that choose between others.

use ruff_python_ast::{self as ast, BoolOp, Expr, UnaryOp};
use ruff_text_size::Ranged;
use taipan_bytecode::{CONSUME_B, Const, Op};

use super::names::Place;
use super::unit::{Label, Operand};
use super::{Compiler, Step, fold, literal};

impl<'a> Compiler<'a> {
    /// Compiles `expr` so that its value can be read: in its own register if it is a plain variable, else in a temporary.
    pub(super) fn operand(&mut self, expr: &'a Expr) -> Step<Operand> {
        self.operand_in(expr, None)
    }

    /// As `operand`, with a dead temporary that may be used.
    pub(super) fn operand_in(&mut self, expr: &'a Expr, hint: Option<u16>) -> Step<Operand> {
        if let Expr::Name(name) = expr
            && !is_debug(expr)
        {
            self.at(name);
            if let Some(reg) = self.local_register(&name.id) {
                return Ok(Operand::borrowed(reg));
            }
        }
        if let Expr::Named(named) = expr
            && let Expr::Name(target) = &*named.target
            && let Some(reg) = self.target_register(&target.id)
        {
            self.named(named, reg)?;
            return Ok(Operand::borrowed(reg));
        }
        if let Some(constant) = self.hoisted_operand(expr) {
            return Ok(constant);
        }
        match hint {
            Some(reg) => {
                self.expr_to(expr, reg)?;
                Ok(Operand { reg, consume: true, owned: false })
            }
            None => self.temporary(expr),
        }
    }

    /// As `operand_in`, for one that is read after `later` have been evaluated: they may assign to the variable.
    pub(super) fn early_operand(&mut self, expr: &'a Expr, later: &[&Expr], hint: Option<u16>) -> Step<Operand> {
        let risky = (expr.is_name_expr() || expr.is_named_expr())
            && self.unit_ref().has_walrus
            && !later.iter().all(|e| fold::is_simple(e));
        match hint {
            _ if !risky => self.operand_in(expr, hint),
            Some(reg) => {
                self.expr_to(expr, reg)?;
                Ok(Operand { reg, consume: true, owned: false })
            }
            None => self.temporary(expr),
        }
    }

    /// Compiles `expr` into a new temporary.
    pub(super) fn temporary(&mut self, expr: &'a Expr) -> Step<Operand> {
        let reg = self.unit().alloc();
        self.expr_to(expr, reg)?;
        Ok(Operand { reg, consume: true, owned: true })
    }

    /// The destination as a temporary that operands may use, if it is one.
    pub(super) fn hint(&self, dst: u16) -> Option<u16> {
        self.unit_ref().is_temp(dst).then_some(dst)
    }

    /// Compiles `expr` for its effects.
    pub(super) fn effect(&mut self, expr: &'a Expr) -> Step {
        if self.constant(expr).is_some() {
            return Ok(());
        }
        let value = self.operand(expr)?;
        self.drop_operand(value);
        Ok(())
    }

    /// Drops a value that nothing reads.
    pub(super) fn drop_operand(&mut self, value: Operand) {
        if value.consume {
            self.unit().emit(Op::Clear, value.reg, 0, 0);
        }
        self.unit().free(value);
    }

    /// Runs `write` with a temporary, which then moves to `dst` if that is a variable.
    pub(super) fn through_temporary(&mut self, dst: u16, write: impl FnOnce(&mut Self, u16) -> Step) -> Step {
        if self.unit_ref().is_temp(dst) {
            return write(self, dst);
        }
        let reg = self.unit().alloc();
        write(self, reg)?;
        self.unit().push(Op::Move, CONSUME_B, dst, reg, 0);
        self.unit().free_run(1);
        Ok(())
    }

    /// Compiles `expr` so that its value ends up in `dst`, which is written last.
    pub(super) fn expr_to(&mut self, expr: &'a Expr, dst: u16) -> Step {
        if let Some(value) = self.constant(expr) {
            self.at(expr);
            self.unit().load_const(dst, value);
            return Ok(());
        }
        match expr {
            Expr::Name(e) => {
                self.at(e);
                self.load_name_to(&e.id, dst);
                Ok(())
            }
            Expr::BoolOp(e) => self.through_temporary(dst, |c, dst| c.bool_op(e, dst)),
            Expr::Named(e) => self.named(e, dst),
            Expr::BinOp(e) => self.binary(e, dst),
            Expr::UnaryOp(e) => self.unary(e, dst),
            Expr::Lambda(e) => self.lambda(e, dst),
            Expr::If(e) => self.conditional(e, dst),
            Expr::Dict(e) => self.dict(e, dst),
            Expr::Set(e) => self.set(e, dst),
            Expr::List(e) => self.list(e, dst),
            Expr::Tuple(e) => self.tuple(e, dst),
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                self.comprehension(expr, dst)
            }
            Expr::Await(e) => self.await_expr(e, dst),
            Expr::Yield(e) => self.yield_expr(e, dst),
            Expr::YieldFrom(e) => self.yield_from(e, dst),
            Expr::Compare(e) => self.compare(e, dst),
            Expr::Call(e) => self.call(e, dst),
            Expr::FString(e) => self.fstring(e, dst),
            Expr::TString(e) => self.tstring(e, dst),
            Expr::Attribute(e) => self.attribute(e, dst),
            Expr::Subscript(e) => self.subscript(e, dst),
            Expr::Slice(e) => self.slice(e, dst),
            Expr::Starred(e) => self.error(e.range, "can't use starred expression here"),
            Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_) => {
                let value = self.literal(expr).unwrap_or(Const::None);
                self.at(expr);
                self.unit().load_const(dst, value);
                Ok(())
            }
            Expr::IpyEscapeCommand(e) => match self.literal(expr) {
                Some(value) => {
                    self.at(e);
                    self.unit().load_const(dst, value);
                    Ok(())
                }
                None => self.error(e.range, "invalid syntax"),
            },
        }
    }

    fn bool_op(&mut self, e: &'a ast::ExprBoolOp, dst: u16) -> Step {
        let op = if e.op == BoolOp::And { Op::JumpIfFalseOrPop } else { Op::JumpIfTrueOrPop };
        let end = self.unit().new_label();
        let Some((last, init)) = e.values.split_last() else { return Ok(()) };
        for value in init {
            self.expr_to(value, dst)?;
            self.at(e);
            self.unit().emit_jump(op, 0, dst, 0, 0, end);
        }
        self.expr_to(last, dst)?;
        self.unit().bind(end);
        Ok(())
    }

    fn conditional(&mut self, e: &'a ast::ExprIf, dst: u16) -> Step {
        let (otherwise, end) = (self.unit().new_label(), self.unit().new_label());
        self.jump_if(&e.test, otherwise, false)?;
        self.expr_to(&e.body, dst)?;
        self.unit().jump(end);
        self.unit().bind(otherwise);
        self.expr_to(&e.orelse, dst)?;
        self.unit().bind(end);
        Ok(())
    }

    fn named(&mut self, e: &'a ast::ExprNamed, dst: u16) -> Step {
        let Expr::Name(target) = &*e.target else { return self.error(e.target.range(), "invalid syntax") };
        self.forbid_debug(&target.id, target.range)?;
        if let Some(reg) = self.target_register(&target.id) {
            self.expr_to(&e.value, reg)?;
            self.at(e);
            if reg != dst {
                self.unit().emit(Op::Move, dst, reg, 0);
            }
            return Ok(());
        }
        self.through_temporary(dst, |c, dst| {
            c.expr_to(&e.value, dst)?;
            c.at(target);
            c.store_name(&target.id, Operand::borrowed(dst));
            Ok(())
        })
    }

    fn unary(&mut self, e: &'a ast::ExprUnaryOp, dst: u16) -> Step {
        let hint = self.hint(dst);
        let value = self.operand_in(&e.operand, hint)?;
        let op = match e.op {
            UnaryOp::Invert => Op::Invert,
            UnaryOp::Not => Op::Not,
            UnaryOp::UAdd => Op::Pos,
            UnaryOp::USub => Op::Neg,
        };
        self.at(e);
        self.unit().push(op, if value.consume { CONSUME_B } else { 0 }, dst, value.reg, 0);
        self.unit().free(value);
        Ok(())
    }

    fn attribute(&mut self, e: &'a ast::ExprAttribute, dst: u16) -> Step {
        if let Some(block) = self.super_block(&e.value)? {
            return self.super_attribute(e, block, dst);
        }
        let hint = self.hint(dst);
        let value = self.operand_in(&e.value, hint)?;
        self.at_attribute(e, e.range());
        let name = self.name_index(&e.attr);
        self.unit().push(Op::LoadAttr, if value.consume { CONSUME_B } else { 0 }, dst, value.reg, name);
        self.unit().free(value);
        Ok(())
    }

    fn super_attribute(&mut self, e: &'a ast::ExprAttribute, block: (u16, u8), dst: u16) -> Step {
        self.at_attribute(e, e.range());
        let name = self.name_index(&e.attr);
        let (base, flags) = block;
        self.unit().push(Op::LoadSuperAttr, flags, dst, base, name);
        self.unit().free_run(3);
        Ok(())
    }

    /// Locates what follows at `range`, but from the attribute's own line if the expression spans several.
    pub(super) fn at_attribute(&mut self, e: &ast::ExprAttribute, range: ruff_text_size::TextRange) {
        let mut location = self.locate(range);
        let attr = self.locate(e.range);
        if location.line != attr.end_line {
            location.line = attr.end_line;
            let length = e.attr.chars().count() as u32;
            if length <= attr.end_col {
                location.col = attr.end_col - length;
                if location.end_line < location.line
                    || location.end_line == attr.end_line && location.end_col < location.col
                {
                    location.end_col = attr.end_col;
                }
            }
        }
        self.unit().location = location;
    }

    /// Jumps to `target` if the truth of `expr` is `when`; falls through otherwise.
    pub(super) fn jump_if(&mut self, expr: &'a Expr, target: Label, when: bool) -> Step {
        if let Some(value) = self.constant(expr) {
            if fold::truth(&value) == when {
                self.at(expr);
                self.unit().jump(target);
            }
            return Ok(());
        }
        match expr {
            Expr::UnaryOp(e) if e.op == UnaryOp::Not => self.jump_if(&e.operand, target, !when),
            Expr::BoolOp(e) => self.jump_if_bool_op(e, target, when),
            Expr::If(e) => {
                let (otherwise, end) = (self.unit().new_label(), self.unit().new_label());
                self.jump_if(&e.test, otherwise, false)?;
                self.jump_if(&e.body, target, when)?;
                self.unit().jump(end);
                self.unit().bind(otherwise);
                self.jump_if(&e.orelse, target, when)?;
                self.unit().bind(end);
                Ok(())
            }
            Expr::Compare(e) => self.jump_if_compare(e, target, when),
            _ => {
                let value = self.operand(expr)?;
                self.at(expr);
                self.jump_on(value, target, when);
                Ok(())
            }
        }
    }

    /// Jumps on the truth of a value, which is used up.
    pub(super) fn jump_on(&mut self, value: Operand, target: Label, when: bool) {
        let op = if when { Op::JumpIfTrue } else { Op::JumpIfFalse };
        let flags = if value.consume { taipan_bytecode::CONSUME_A } else { 0 };
        self.unit().emit_jump(op, flags, value.reg, 0, 0, target);
        self.unit().free(value);
    }

    fn jump_if_bool_op(&mut self, e: &'a ast::ExprBoolOp, target: Label, when: bool) -> Step {
        // `a or b` jumping on true, `a and b` jumping on false: every value jumps to the target.
        let decisive = e.op == BoolOp::Or;
        let Some((last, init)) = e.values.split_last() else { return Ok(()) };
        let skip = self.unit().new_label();
        for value in init {
            self.jump_if(value, if decisive == when { target } else { skip }, decisive)?;
        }
        self.jump_if(last, target, when)?;
        self.unit().bind(skip);
        Ok(())
    }

    /// Loads the value of a place into `dst`.
    pub(super) fn load_place(&mut self, place: Place, dst: u16) {
        match place {
            Place::Cell(reg) => self.unit().emit(Op::LoadCell, dst, reg, 0),
            Place::Register(reg) => {
                self.unit().emit(Op::CheckLocal, reg, 0, 0);
                self.unit().emit(Op::Move, dst, reg, 0);
            }
            _ => {}
        }
    }

    /// The value of a literal node.
    pub(super) fn literal(&self, expr: &Expr) -> Option<Const> {
        Some(match expr {
            Expr::StringLiteral(e) => self.string_literal(e),
            Expr::BytesLiteral(e) => Const::Bytes(e.value.bytes().collect::<Vec<u8>>().into()),
            Expr::NumberLiteral(e) => literal::number(&e.value),
            Expr::BooleanLiteral(e) => Const::Bool(e.value),
            Expr::NoneLiteral(_) => Const::None,
            Expr::EllipsisLiteral(_) => Const::Ellipsis,
            Expr::Name(e) if is_debug(expr) => {
                let _ = e;
                Const::Bool(self.options.optimize == 0)
            }
            Expr::IpyEscapeCommand(e) => crate::tree::lower::constant_of(self.source, e)?,
            _ => return None,
        })
    }
}

/// Whether the expression is the name `__debug__`, a constant.
fn is_debug(expr: &Expr) -> bool {
    matches!(expr, Expr::Name(e) if e.id.as_str() == "__debug__")
}
