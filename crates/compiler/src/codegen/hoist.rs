//! Constants of loops: what the outermost loop of a unit uses as operands again and again is loaded once, before it begins.
//!
//! Invariant: the registers lie below all other temporaries of the loop, so that no handler within it empties them, and are empty behind it.

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{self as ast, CmpOp, Expr, Operator, Stmt};
use taipan_bytecode::{Const, LASTING, Op};

use super::unit::Operand;
use super::{Compiler, operators};

/// More than these many stay where they are used: loading them would cost a loop that is left at once too much.
const MAX_HOISTED: usize = 8;

/// The registers that hold constants for a loop.
#[derive(Clone, Copy)]
pub(super) struct Hoisted {
    pub first: u16,
    pub count: u16,
}

impl<'a> Compiler<'a> {
    /// Loads the constants of a loop that is about to begin. Loops within it use those too.
    pub(super) fn hoist(&mut self, test: Option<&'a Expr>, body: &'a [Stmt]) -> Hoisted {
        let first = self.unit().top();
        if !self.unit_ref().hoisted.is_empty() {
            return Hoisted { first, count: 0 };
        }
        let mut finder = Finder { compiler: self, found: Vec::new() };
        if let Some(test) = test {
            finder.visit_expr(test);
        }
        finder.visit_body(body);
        let mut found = finder.found;
        found.truncate(MAX_HOISTED);
        for value in found {
            let reg = self.unit().alloc();
            let unit = self.unit();
            unit.load_const(reg, value.clone());
            unit.code.last_mut().into_iter().for_each(|load| load.flags |= LASTING);
            unit.hoisted.push((value, reg));
        }
        Hoisted { first, count: self.unit_ref().hoisted.len() as u16 }
    }

    /// Gives the registers up where the loop has ended.
    pub(super) fn forget_hoisted(&mut self, constants: Hoisted) {
        if constants.count == 0 {
            return;
        }
        self.unit().emit(Op::ClearRange, constants.first, 0, constants.count);
        self.unit().free_run(constants.count.into());
        self.unit().hoisted.clear();
    }

    /// The register of a constant that is loaded already.
    pub(super) fn hoisted_operand(&self, expr: &Expr) -> Option<Operand> {
        let hoisted = &self.unit_ref().hoisted;
        if hoisted.is_empty() {
            return None;
        }
        let value = self.constant(expr)?;
        hoisted.iter().find(|(known, _)| *known == value).map(|(_, reg)| Operand::borrowed(*reg))
    }
}

/// Collects the constant operands of a loop, but not those of functions, classes and comprehensions in it.
struct Finder<'c, 'a> {
    compiler: &'c Compiler<'a>,
    found: Vec<Const>,
}

impl Finder<'_, '_> {
    fn add(&mut self, value: Const) {
        if !self.found.contains(&value) {
            self.found.push(value);
        }
    }

    /// An operand of an arithmetic operation. Those that have a place in the instruction are no registers.
    fn number(&mut self, operand: &Expr, in_place: bool) {
        match self.compiler.constant(operand) {
            Some(Const::Int(n)) if in_place && i16::try_from(n).is_ok() => {}
            Some(value @ (Const::Int(_) | Const::Float(_))) => self.add(value),
            _ => {}
        }
    }

    fn operation(&mut self, op: Operator, right: &Expr) {
        self.number(right, operators::immediate_op(op).is_some());
    }
}

impl<'e> Visitor<'e> for Finder<'_, '_> {
    fn visit_stmt(&mut self, stmt: &'e Stmt) {
        match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {}
            Stmt::AugAssign(s) => {
                self.operation(s.op, &s.value);
                walk_stmt(self, stmt);
            }
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'e Expr) {
        match expr {
            Expr::Lambda(_) | Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => return,
            Expr::BinOp(_) if self.compiler.constant(expr).is_some() => return,
            Expr::BinOp(e) => {
                self.number(&e.left, false);
                self.operation(e.op, &e.right);
            }
            Expr::Compare(e) => self.comparison(e),
            Expr::Subscript(e) => {
                if let Some(value @ Const::Str(_)) = self.compiler.constant(&e.slice) {
                    self.add(value);
                }
            }
            _ => {}
        }
        walk_expr(self, expr);
    }
}

impl Finder<'_, '_> {
    fn comparison(&mut self, e: &ast::ExprCompare) {
        self.number(&e.left, false);
        for (op, right) in e.ops.iter().zip(&e.comparators) {
            self.number(right, !matches!(op, CmpOp::Is | CmpOp::IsNot));
            if let Some(value @ Const::Str(_)) = self.compiler.constant(right) {
                self.add(value);
            }
        }
    }
}
