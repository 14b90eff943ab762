//! Binary operators and comparisons: with immediate operands, in place, chained, and fused with jumps.

use ruff_python_ast::{self as ast, CmpOp, Expr, Operator};
use taipan_bytecode::{CONSUME_A, CONSUME_B, CONSUME_C, Const, INPLACE, NEGATE, Op};

use super::unit::{Label, Operand};
use super::{Compiler, Step};

/// The operation of a binary operator.
pub(super) fn binary_op(operator: Operator) -> Op {
    match operator {
        Operator::Add => Op::Add,
        Operator::Sub => Op::Sub,
        Operator::Mult => Op::Mul,
        Operator::MatMult => Op::MatMul,
        Operator::Div => Op::TrueDiv,
        Operator::Mod => Op::Mod,
        Operator::Pow => Op::Pow,
        Operator::LShift => Op::LShift,
        Operator::RShift => Op::RShift,
        Operator::BitOr => Op::Or,
        Operator::BitXor => Op::Xor,
        Operator::BitAnd => Op::And,
        Operator::FloorDiv => Op::FloorDiv,
    }
}

fn compare_op(op: CmpOp) -> Op {
    match op {
        CmpOp::Eq => Op::Eq,
        CmpOp::NotEq => Op::Ne,
        CmpOp::Lt => Op::Lt,
        CmpOp::LtE => Op::Le,
        CmpOp::Gt => Op::Gt,
        CmpOp::GtE => Op::Ge,
        CmpOp::Is => Op::Is,
        CmpOp::IsNot => Op::IsNot,
        CmpOp::In => Op::In,
        CmpOp::NotIn => Op::NotIn,
    }
}

/// The form of an operation with an immediate operand.
pub(super) fn immediate_op(op: Operator) -> Option<Op> {
    Some(match op {
        Operator::Add => Op::AddImm,
        Operator::Sub => Op::SubImm,
        Operator::Mult => Op::MulImm,
        Operator::FloorDiv => Op::FloorDivImm,
        Operator::Mod => Op::ModImm,
        Operator::BitAnd => Op::AndImm,
        Operator::RShift => Op::RShiftImm,
        _ => return None,
    })
}

/// The fused form of a comparison, its form with an immediate operand, and whether it is the negated one.
fn jump_op(op: CmpOp) -> (Op, Option<Op>, bool) {
    match op {
        CmpOp::Eq => (Op::JumpEq, Some(Op::JumpEqImm), false),
        CmpOp::NotEq => (Op::JumpNe, Some(Op::JumpNeImm), false),
        CmpOp::Lt => (Op::JumpLt, Some(Op::JumpLtImm), false),
        CmpOp::LtE => (Op::JumpLe, Some(Op::JumpLeImm), false),
        CmpOp::Gt => (Op::JumpGt, Some(Op::JumpGtImm), false),
        CmpOp::GtE => (Op::JumpGe, Some(Op::JumpGeImm), false),
        CmpOp::Is => (Op::JumpIs, None, false),
        CmpOp::IsNot => (Op::JumpIs, None, true),
        CmpOp::In => (Op::JumpIn, None, false),
        CmpOp::NotIn => (Op::JumpIn, None, true),
    }
}

impl<'a> Compiler<'a> {
    pub(super) fn binary(&mut self, e: &'a ast::ExprBinOp, dst: u16) -> Step {
        if e.op == Operator::Mod
            && let Some(done) = self.percent(e, dst)
        {
            return done;
        }
        let hint = self.hint(dst);
        let left = self.early_operand(&e.left, &[&e.right], hint)?;
        self.binary_with(e.op, left, &e.right, dst, 0, e)
    }

    /// `dst = left op right`, the left operand given; `flags` is `INPLACE` for augmented assignment.
    pub(super) fn binary_with(
        &mut self,
        operator: Operator,
        left: Operand,
        right: &'a Expr,
        dst: u16,
        flags: u8,
        node: &impl ruff_text_size::Ranged,
    ) -> Step {
        debug_assert!(flags & !INPLACE == 0);
        let immediate = immediate_op(operator).and_then(|op| Some((op, self.immediate(right)?)));
        if let Some((op, n)) = immediate {
            self.at(node);
            self.unit().push(op, flags | Self::consume_b(left), dst, left.reg, n as u16);
        } else {
            let right = self.operand(right)?;
            self.at(node);
            let op = binary_op(operator);
            self.unit().push(op, flags | Self::consume_flags(left, right), dst, left.reg, right.reg);
            self.unit().free(right);
        }
        self.unit().free(left);
        Ok(())
    }

    pub(super) fn consume_b(operand: Operand) -> u8 {
        if operand.consume { CONSUME_B } else { 0 }
    }

    /// The value of an int constant that fits an immediate operand.
    pub(super) fn immediate(&mut self, expr: &Expr) -> Option<i16> {
        match self.constant(expr)? {
            Const::Int(n) => i16::try_from(n).ok(),
            _ => None,
        }
    }

    /// The right side of `in`: a display of constants becomes a constant.
    fn container(&mut self, op: CmpOp, right: &'a Expr) -> Step<Operand> {
        if matches!(op, CmpOp::In | CmpOp::NotIn) {
            return self.iterable(right);
        }
        self.operand(right)
    }

    /// A display that is only iterated over or searched: a list or set of constants becomes a constant.
    pub(super) fn iterable(&mut self, expr: &'a Expr) -> Step<Operand> {
        let folded = match expr {
            Expr::List(e) => self.constants(&e.elts).map(|items| Const::Tuple(items.into())),
            Expr::Set(e) => self.constants(&e.elts).map(super::fold::frozenset),
            _ => None,
        };
        let Some(value) = folded else { return self.operand(expr) };
        self.at(expr);
        let reg = self.unit().alloc();
        self.unit().load_const(reg, value);
        Ok(Operand { reg, consume: true, owned: true })
    }

    pub(super) fn compare(&mut self, e: &'a ast::ExprCompare, dst: u16) -> Step {
        self.check_comparison(e);
        if e.ops.len() > 1 {
            return self.through_temporary(dst, |c, dst| c.chain(e, dst));
        }
        let (Some(&op), Some(right)) = (e.ops.first(), e.comparators.first()) else { return Ok(()) };
        let hint = self.hint(dst);
        let left = self.early_operand(&e.left, &[right], hint)?;
        let right = self.container(op, right)?;
        self.at(e);
        self.unit().push(compare_op(op), Self::consume_flags(left, right), dst, left.reg, right.reg);
        self.unit().free(right);
        self.unit().free(left);
        Ok(())
    }

    /// `a < b < c`: the middle values are evaluated once, and kept for the next comparison.
    fn chain(&mut self, e: &'a ast::ExprCompare, dst: u16) -> Step {
        let (end, cleanup) = (self.unit().new_label(), self.unit().new_label());
        let last = e.ops.len() - 1;
        let later: Vec<&Expr> = e.comparators.iter().collect();
        let middle = self.unit().alloc_run(2);
        // The two registers take turns: one holds the left operand, the other receives the right one.
        let mut left = self.early_operand(&e.left, &later, Some(middle))?;
        let mut used_cleanup = false;
        for (n, (op, right)) in e.ops.iter().zip(&e.comparators).enumerate() {
            if n == last {
                let right = self.container(*op, right)?;
                self.at(e);
                self.unit().push(compare_op(*op), Self::consume_flags(left, right), dst, left.reg, right.reg);
                self.unit().free(right);
                break;
            }
            let free = if left.reg == middle { middle + 1 } else { middle };
            let right = self.early_operand(right, &later[n + 1..], Some(free))?;
            self.at(e);
            let flags = Self::consume_b(left);
            self.unit().push(compare_op(*op), flags, dst, left.reg, right.reg);
            if right.consume {
                // On the way out the kept operand must be dropped; move it to the register that the exit expects.
                if right.reg != middle {
                    self.unit().push(Op::Move, CONSUME_B, middle, right.reg, 0);
                }
                self.unit().emit_jump(Op::JumpIfFalseOrPop, 0, dst, 0, 0, cleanup);
                used_cleanup = true;
                left = Operand { reg: middle, ..right };
            } else {
                self.unit().emit_jump(Op::JumpIfFalseOrPop, 0, dst, 0, 0, end);
                left = right;
            }
        }
        if used_cleanup {
            self.unit().jump(end);
            self.unit().bind(cleanup);
            self.unit().emit(Op::Clear, middle, 0, 0);
        }
        self.unit().bind(end);
        self.unit().free_run(2);
        Ok(())
    }

    pub(super) fn jump_if_compare(&mut self, e: &'a ast::ExprCompare, target: Label, when: bool) -> Step {
        if e.ops.len() > 1 {
            return self.jump_if_chain(e, target, when);
        }
        self.check_comparison(e);
        let (Some(&op), Some(right)) = (e.ops.first(), e.comparators.first()) else { return Ok(()) };
        if let (CmpOp::Is | CmpOp::IsNot, Expr::NoneLiteral(_)) = (op, right) {
            let value = self.operand(&e.left)?;
            self.at(e);
            let jump = if (op == CmpOp::Is) == when { Op::JumpIfNone } else { Op::JumpIfNotNone };
            self.unit().emit_jump(jump, if value.consume { CONSUME_A } else { 0 }, value.reg, 0, 0, target);
            self.unit().free(value);
            return Ok(());
        }
        let left = self.early_operand(&e.left, &[right], None)?;
        let (fused, with_immediate, negated) = jump_op(op);
        let negate = if when != negated { 0 } else { NEGATE };
        if let (Some(fused), Some(n)) = (with_immediate, self.immediate(right)) {
            self.at(e);
            self.unit().emit_jump(fused, negate | Self::consume_b(left), 0, left.reg, n as u16, target);
        } else {
            let right = self.container(op, right)?;
            self.at(e);
            self.unit().emit_jump(fused, negate | Self::consume_flags(left, right), 0, left.reg, right.reg, target);
            self.unit().free(right);
        }
        self.unit().free(left);
        Ok(())
    }

    /// A chained comparison as a condition: each comparison but the last leaves when it is false.
    fn jump_if_chain(&mut self, e: &'a ast::ExprCompare, target: Label, when: bool) -> Step {
        self.check_comparison(e);
        let (fail, cleanup) = (self.unit().new_label(), self.unit().new_label());
        let last = e.ops.len() - 1;
        let later: Vec<&Expr> = e.comparators.iter().collect();
        let kept = self.unit().alloc();
        let mut left = self.early_operand(&e.left, &later, Some(kept))?;
        let mut used_cleanup = false;
        for (n, (op, right)) in e.ops.iter().zip(&e.comparators).enumerate() {
            let (fused, with_immediate, negated) = jump_op(*op);
            if n == last {
                let negate = if when != negated { 0 } else { NEGATE };
                if let (Some(fused), Some(n)) = (with_immediate, self.immediate(right)) {
                    self.at(e);
                    self.unit().emit_jump(fused, negate | Self::consume_b(left), 0, left.reg, n as u16, target);
                    break;
                }
                let right = self.container(*op, right)?;
                self.at(e);
                let flags = negate | Self::consume_flags(left, right);
                self.unit().emit_jump(fused, flags, 0, left.reg, right.reg, target);
                self.unit().free(right);
                break;
            }
            let right = self.early_operand(right, &later[n + 1..], None)?;
            self.at(e);
            let negate = if negated { 0 } else { NEGATE };
            if right.consume {
                // The operand must survive in `kept`, which the left one may occupy: compare first, then move.
                let truth = self.unit().alloc();
                self.unit().push(compare_op(*op), Self::consume_b(left), truth, left.reg, right.reg);
                self.unit().push(Op::Move, CONSUME_B, kept, right.reg, 0);
                self.unit().emit_jump(Op::JumpIfFalse, CONSUME_A, truth, 0, 0, cleanup);
                self.unit().free_run(1);
                self.unit().free(right);
                used_cleanup = true;
                left = Operand { reg: kept, consume: true, owned: false };
            } else {
                let flags = negate | Self::consume_b(left);
                self.unit().emit_jump(fused, flags, 0, left.reg, right.reg, if when { fail } else { target });
                left = right;
            }
        }
        if used_cleanup {
            self.unit().jump(fail);
            self.unit().bind(cleanup);
            self.unit().emit(Op::Clear, kept, 0, 0);
            if !when {
                self.unit().jump(target);
            }
        }
        self.unit().bind(fail);
        self.unit().free_run(1);
        Ok(())
    }

    /// `CONSUME_C` if the operand is used up.
    pub(super) fn consume_c(operand: Operand) -> u8 {
        if operand.consume { CONSUME_C } else { 0 }
    }
}
