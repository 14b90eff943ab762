//! List, tuple, set and dict displays, with unpacking, and in pieces where they are long.

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::Ranged;
use taipan_bytecode::{CONSUME_B, CONSUME_C, Const, Op};

use super::{Compiler, Step};

/// Displays up to this length are built at once from a block of registers; in longer ones each element is added as it is made, and dies as
/// early as CPython lets it die.
const MAX_BLOCK: usize = 30;

impl<'a> Compiler<'a> {
    /// The values of all expressions, if every one is a constant.
    pub(super) fn constants(&self, exprs: &[Expr]) -> Option<Vec<Const>> {
        exprs.iter().map(|e| self.constant(e)).collect()
    }

    pub(super) fn list(&mut self, e: &'a ast::ExprList, dst: u16) -> Step {
        if e.elts.len() > 3
            && let Some(items) = self.constants(&e.elts)
        {
            return self.through_temporary(dst, |c, dst| {
                c.at(e);
                let unit = c.unit();
                unit.emit(Op::BuildList, dst, dst, 0);
                let items_reg = unit.alloc();
                unit.load_const(items_reg, Const::Tuple(items.into()));
                unit.push(Op::ListExtend, CONSUME_B, dst, items_reg, 0);
                unit.free_run(1);
                Ok(())
            });
        }
        self.located_sequence(e, &e.elts, dst, Op::BuildList)
    }

    pub(super) fn set(&mut self, e: &'a ast::ExprSet, dst: u16) -> Step {
        self.located_sequence(e, &e.elts, dst, Op::BuildSet)
    }

    pub(super) fn tuple(&mut self, e: &'a ast::ExprTuple, dst: u16) -> Step {
        if simple_block(&e.elts) {
            return self.located_sequence(e, &e.elts, dst, Op::BuildTuple);
        }
        self.through_temporary(dst, |c, dst| {
            c.located_sequence(e, &e.elts, dst, Op::BuildList)?;
            c.at(e);
            c.unit().push(Op::ListToTuple, CONSUME_B, dst, dst, 0);
            Ok(())
        })
    }

    fn located_sequence(&mut self, node: &impl Ranged, elts: &'a [Expr], dst: u16, build: Op) -> Step {
        if simple_block(elts) {
            let first = self.unit().top();
            for element in elts {
                self.temporary(element)?;
            }
            self.at(node);
            self.unit().emit(build, dst, first, elts.len() as u16);
            self.unit().free_run(elts.len() as u32);
            return Ok(());
        }
        self.through_temporary(dst, |c, dst| {
            c.at(node);
            c.sequence_of(elts, dst, build)
        })
    }

    /// Builds a list or set with unpacking or too many elements for a block, in the temporary `dst`.
    pub(super) fn sequence_of(&mut self, elts: &'a [Expr], dst: u16, build: Op) -> Step {
        let plain = elts.iter().take_while(|e| !e.is_starred_expr()).count();
        let plain = if elts.len() > MAX_BLOCK { 0 } else { plain };
        let location = self.unit_ref().location;
        self.block_of(&elts[..plain], dst, build)?;
        self.unit().location = location;
        self.append_all(&elts[plain..], dst, build)
    }

    /// Builds from a block of plain elements.
    pub(super) fn block_of(&mut self, elts: &'a [Expr], dst: u16, build: Op) -> Step {
        let location = self.unit_ref().location;
        let first = self.unit().top();
        for element in elts {
            self.temporary(element)?;
        }
        self.unit().location = location;
        self.unit().emit(build, dst, first, elts.len() as u16);
        self.unit().free_run(elts.len() as u32);
        Ok(())
    }

    /// Adds elements to the list or set in `dst`.
    pub(super) fn append_all(&mut self, elts: &'a [Expr], dst: u16, build: Op) -> Step {
        let location = self.unit_ref().location;
        let (one, many) = match build {
            Op::BuildSet => (Op::SetAdd, Op::SetUpdate),
            _ => (Op::ListAppend, Op::ListExtend),
        };
        for element in elts {
            let (op, value) = match element {
                Expr::Starred(starred) => (many, &*starred.value),
                plain => (one, plain),
            };
            let value = self.operand(value)?;
            self.unit().location = location;
            self.unit().push(op, Self::consume_b(value), dst, value.reg, 0);
            self.unit().free(value);
        }
        Ok(())
    }

    pub(super) fn dict(&mut self, e: &'a ast::ExprDict, dst: u16) -> Step {
        let plain = e.items.iter().take_while(|item| item.key.is_some()).count();
        let plain = if e.items.len() > MAX_BLOCK / 2 { 0 } else { plain };
        if plain == e.items.len() {
            return self.dict_block(e, &e.items, dst);
        }
        self.through_temporary(dst, |c, dst| {
            c.dict_block(e, &e.items[..plain], dst)?;
            for item in &e.items[plain..] {
                match &item.key {
                    Some(key) => {
                        let key = c.early_operand(key, &[&item.value], None)?;
                        let value = c.operand(&item.value)?;
                        c.at(e);
                        let flags = if key.consume { CONSUME_B } else { 0 } | if value.consume { CONSUME_C } else { 0 };
                        c.unit().push(Op::MapAdd, flags, dst, key.reg, value.reg);
                        c.unit().free(value);
                        c.unit().free(key);
                    }
                    None => {
                        let value = c.operand(&item.value)?;
                        c.at(&item.value);
                        c.unit().push(Op::DictUpdate, Self::consume_b(value), dst, value.reg, 0);
                        c.unit().free(value);
                    }
                }
            }
            Ok(())
        })
    }

    fn dict_block(&mut self, e: &'a ast::ExprDict, items: &'a [ast::DictItem], dst: u16) -> Step {
        let first = self.unit().top();
        for item in items {
            if let Some(key) = &item.key {
                self.temporary(key)?;
                self.temporary(&item.value)?;
            }
        }
        self.at(e);
        self.unit().emit(Op::BuildMap, dst, first, items.len() as u16);
        self.unit().free_run(2 * items.len() as u32);
        Ok(())
    }
}

fn simple_block(elts: &[Expr]) -> bool {
    elts.len() <= MAX_BLOCK && !elts.iter().any(Expr::is_starred_expr)
}
