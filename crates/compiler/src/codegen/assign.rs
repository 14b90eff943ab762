//! Assignment: to names, attributes, items, and by unpacking; augmented assignment. Where the target is a plain
//! variable, the value's last instruction writes it directly.

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::Ranged;
use taipan_bytecode::{CONSUME_A, CONSUME_B, CONSUME_C, INPLACE, Op};

use super::subscript::Index;
use super::unit::{Operand, UnitKind};
use super::{Compiler, Step};

/// Parallel assignments up to this length use no tuple.
const MAX_PARALLEL: usize = 30;

impl<'a> Compiler<'a> {
    pub(super) fn assign(&mut self, s: &'a ast::StmtAssign) -> Step {
        let Some((first, rest)) = s.targets.split_first() else { return Ok(()) };
        if rest.is_empty() {
            return self.assign_value(first, &s.value);
        }
        if let Expr::Name(name) = first
            && name.id.as_str() != "__debug__"
            && let Some(reg) = self.target_register(&name.id)
        {
            self.expr_to(&s.value, reg)?;
            // The variable may change while later targets are assigned, so the value is held apart if they could see that.
            if rest.iter().all(Expr::is_name_expr) {
                return rest.iter().try_for_each(|target| self.assign_to(target, Operand::borrowed(reg)));
            }
            let kept = self.unit().alloc();
            self.unit().emit(Op::Move, kept, reg, 0);
            return self.assign_all(rest, Operand { reg: kept, consume: true, owned: true });
        }
        let value = self.temporary(&s.value)?;
        self.assign_all(&s.targets, value)
    }

    fn assign_all(&mut self, targets: &'a [Expr], value: Operand) -> Step {
        let Some((last, init)) = targets.split_last() else { return Ok(()) };
        for target in init {
            self.assign_to(target, Operand::borrowed(value.reg))?;
        }
        self.assign_to(last, value)
    }

    /// `target = value`.
    pub(super) fn assign_value(&mut self, target: &'a Expr, value: &'a Expr) -> Step {
        match target {
            Expr::Name(name) => {
                self.forbid_debug(&name.id, name.range)?;
                if let Some(reg) = self.target_register(&name.id) {
                    return self.expr_to(value, reg);
                }
                let value = self.operand(value)?;
                self.at(name);
                self.store_name(&name.id, value);
                Ok(())
            }
            Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => {
                if let Some(values) = parallel(elts, value) {
                    return self.parallel_assign(elts, values, value.is_tuple_expr());
                }
                let value = self.operand(value)?;
                self.assign_to(target, value)
            }
            Expr::Attribute(e) => {
                let value = self.early_operand(value, &[&e.value], None)?;
                self.assign_to(target, value)
            }
            Expr::Subscript(e) => {
                let value = self.early_operand(value, &[&e.value, &e.slice], None)?;
                self.assign_to(target, value)
            }
            _ => {
                let value = self.operand(value)?;
                self.assign_to(target, value)
            }
        }
    }

    /// `a, b = b, a`: all values first, then the targets from left to right, but two or three variables from right to left.
    fn parallel_assign(&mut self, targets: &'a [Expr], values: &'a [Expr], as_tuple: bool) -> Step {
        let first = self.unit().top();
        for value in values {
            self.temporary(value)?;
        }
        let plain = !as_tuple || values.iter().all(|value| self.constant(value).is_some());
        let backwards = !plain && self.assigns_backwards(targets);
        for n in 0..targets.len() {
            let n = if backwards { targets.len() - 1 - n } else { n };
            self.assign_to(&targets[n], Operand { reg: first + n as u16, consume: true, owned: false })?;
        }
        self.unit().free_run(values.len() as u32);
        Ok(())
    }

    /// CPython takes so few values from its stack as they lie there, where the targets are different variables of one line: what the last one held
    /// dies first.
    fn assigns_backwards(&mut self, targets: &[Expr]) -> bool {
        let variable = |target: &Expr| self.target_register(&target.as_name_expr()?.id);
        let Some(registers) = targets.iter().map(variable).collect::<Option<Vec<u16>>>() else { return false };
        let distinct = registers.iter().enumerate().all(|(n, register)| !registers[..n].contains(register));
        let line = |target: &Expr| self.locate(target.range()).line;
        matches!(targets.len(), 2 | 3) && distinct && targets.iter().all(|target| line(target) == line(&targets[0]))
    }

    /// Assigns a value, which is used up if it is a temporary, and frees it.
    pub(super) fn assign_to(&mut self, target: &'a Expr, value: Operand) -> Step {
        match target {
            Expr::Name(e) => {
                self.forbid_debug(&e.id, e.range)?;
                self.at(e);
                self.store_name(&e.id, value);
                Ok(())
            }
            Expr::Attribute(e) => {
                self.forbid_debug(&e.attr, e.range)?;
                self.note_static_attribute(e);
                let object = self.operand(&e.value)?;
                self.at_attribute(e, e.range());
                let name = self.name_index(&e.attr);
                let flags = if object.consume { CONSUME_A } else { 0 } | Self::consume_b(value);
                self.unit().push(Op::StoreAttr, flags, object.reg, value.reg, name);
                self.unit().free(object);
                self.unit().free(value);
                Ok(())
            }
            Expr::Subscript(e) => self.store_item(e, value),
            Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => {
                self.unpack(target, elts, value)
            }
            Expr::Starred(e) => self.error(e.range, "starred assignment target must be in a list or tuple"),
            other => self.error(other.range(), "cannot assign to expression"),
        }
    }

    fn store_item(&mut self, e: &'a ast::ExprSubscript, value: Operand) -> Step {
        self.check_subscript(e);
        if let Index::Range(slice) = self.index(&e.slice)
            && slice.step.is_none()
        {
            let base = self.unit().alloc();
            self.expr_to(&e.value, base)?;
            self.slice_parts(slice)?;
            self.at_subscript(e);
            let flags = if value.consume { CONSUME_A } else { 0 };
            self.unit().push(Op::StoreSlice, flags, value.reg, base, 0);
            self.unit().free_run(3);
        } else if let Index::Imm(n) = self.index(&e.slice) {
            let object = self.operand(&e.value)?;
            self.at_subscript(e);
            self.store_item_imm(object, n, value);
            self.unit().free(object);
        } else {
            let object = self.early_operand(&e.value, &[&e.slice], None)?;
            let index = self.operand(&e.slice)?;
            self.at_subscript(e);
            let flags = if object.consume { CONSUME_A } else { 0 }
                | Self::consume_b(index)
                | if value.consume { CONSUME_C } else { 0 };
            self.unit().push(Op::StoreItem, flags, object.reg, index.reg, value.reg);
            self.unit().free(index);
            self.unit().free(object);
        }
        self.unit().free(value);
        Ok(())
    }

    fn store_item_imm(&mut self, object: Operand, index: i16, value: Operand) {
        let flags = if object.consume { CONSUME_A } else { 0 } | Self::consume_b(value);
        self.unit().push(Op::StoreItemImm, flags, object.reg, value.reg, index as u16);
    }

    /// The first register of variables that stand in a row, in the order of the targets.
    fn consecutive(&mut self, targets: &'a [Expr]) -> Step<Option<u16>> {
        let mut first = None;
        for (n, target) in targets.iter().enumerate() {
            let Expr::Name(name) = target else { return Ok(None) };
            self.forbid_debug(&name.id, name.range)?;
            let register = self.target_register(&name.id);
            let expected = first.get_or_insert(register);
            if register.is_none() || register != expected.and_then(|first| first.checked_add(n as u16)) {
                return Ok(None);
            }
        }
        Ok(first.flatten())
    }

    fn unpack(&mut self, target: &'a Expr, elts: &'a [Expr], value: Operand) -> Step {
        let starred = elts.iter().position(Expr::is_starred_expr);
        let count = elts.len() as u32;
        if elts.iter().filter(|e| e.is_starred_expr()).count() > 1 {
            return self.error(target.range(), "multiple starred expressions in assignment");
        }
        if starred.is_some_and(|at| at >= 256 || elts.len() - at > 256) {
            return self.error(target.range(), "too many expressions in star-unpacking assignment");
        }
        if let Some(first) = self.consecutive(elts)? {
            self.at(target);
            self.unit().push(Op::UnpackSequence, Self::consume_b(value), first, value.reg, count as u16);
            self.unit().free(value);
            return Ok(());
        }
        self.at(target);
        let first = self.unit().alloc_run(count);
        let flags = Self::consume_b(value);
        match starred {
            Some(at) => {
                let after = elts.len() - at - 1;
                self.unit().push(Op::UnpackEx, flags, first, value.reg, (at | after << 8) as u16);
            }
            None => {
                self.unit().push(Op::UnpackSequence, flags, first, value.reg, count as u16);
            }
        }
        for (n, element) in elts.iter().enumerate() {
            let target = match element {
                Expr::Starred(starred) => &*starred.value,
                plain => plain,
            };
            self.assign_to(target, Operand { reg: first + n as u16, consume: true, owned: false })?;
        }
        self.unit().free_run(count);
        self.unit().free(value);
        Ok(())
    }

    /// `self.x = …` in a method tells the class about an attribute of its instances.
    fn note_static_attribute(&mut self, e: &ast::ExprAttribute) {
        if !matches!(&*e.value, Expr::Name(name) if name.id.as_str() == "self") {
            return;
        }
        let class = self.units.iter_mut().rev().skip(1).find(|u| u.kind == UnitKind::Class);
        if let Some(class) = class {
            class.static_attributes.insert(e.attr.id.clone());
        }
    }

    pub(super) fn augmented_assign(&mut self, s: &'a ast::StmtAugAssign) -> Step {
        match &*s.target {
            Expr::Name(name) => {
                self.forbid_debug(&name.id, name.range)?;
                self.at(name);
                if let Some(reg) = self.local_register(&name.id) {
                    let left = self.early_operand(&s.target, &[&s.value], None)?;
                    return self.binary_with(s.op, left, &s.value, reg, INPLACE, s);
                }
                let reg = self.unit().alloc();
                self.load_name_to(&name.id, reg);
                let left = Operand { reg, consume: true, owned: false };
                self.binary_with(s.op, left, &s.value, reg, INPLACE, s)?;
                self.at(name);
                self.store_name(&name.id, Operand { reg, consume: true, owned: true });
                Ok(())
            }
            Expr::Attribute(e) => {
                self.forbid_debug(&e.attr, e.range)?;
                let object = self.early_operand(&e.value, &[&s.value], None)?;
                let name = self.name_index(&e.attr);
                let reg = self.unit().alloc();
                self.at_attribute(e, e.range());
                self.unit().emit(Op::LoadAttr, reg, object.reg, name);
                let left = Operand { reg, consume: true, owned: false };
                self.binary_with(s.op, left, &s.value, reg, INPLACE, s)?;
                self.at_attribute(e, e.range());
                self.note_static_attribute(e);
                let flags = CONSUME_B | if object.consume { CONSUME_A } else { 0 };
                self.unit().push(Op::StoreAttr, flags, object.reg, reg, name);
                self.unit().free_run(1);
                self.unit().free(object);
                Ok(())
            }
            Expr::Subscript(e) => self.augmented_item(s, e),
            other => self.error(other.range(), "illegal expression for augmented assignment"),
        }
    }

    fn augmented_item(&mut self, s: &'a ast::StmtAugAssign, e: &'a ast::ExprSubscript) -> Step {
        let object = self.early_operand(&e.value, &[&e.slice, &s.value], None)?;
        if let Index::Imm(n) = self.index(&e.slice) {
            let reg = self.unit().alloc();
            self.at_subscript(e);
            self.unit().push(Op::LoadItemImm, 0, reg, object.reg, n as u16);
            let left = Operand { reg, consume: true, owned: false };
            self.binary_with(s.op, left, &s.value, reg, INPLACE, s)?;
            self.at_subscript(e);
            self.store_item_imm(object, n, left);
            self.unit().free_run(1);
            self.unit().free(object);
            return Ok(());
        }
        let index = self.early_operand(&e.slice, &[&s.value], None)?;
        let reg = self.unit().alloc();
        self.at_subscript(e);
        self.unit().emit(Op::LoadItem, reg, object.reg, index.reg);
        let left = Operand { reg, consume: true, owned: false };
        self.binary_with(s.op, left, &s.value, reg, INPLACE, s)?;
        self.at_subscript(e);
        let flags = CONSUME_C | Self::consume_b(index) | if object.consume { CONSUME_A } else { 0 };
        self.unit().push(Op::StoreItem, flags, object.reg, index.reg, reg);
        self.unit().free_run(1);
        self.unit().free(index);
        self.unit().free(object);
        Ok(())
    }
}

/// The values of a display that is unpacked at once into as many plain targets.
fn parallel<'a>(targets: &[Expr], value: &'a Expr) -> Option<&'a [Expr]> {
    let values = match value {
        Expr::Tuple(e) => &e.elts,
        Expr::List(e) => &e.elts,
        _ => return None,
    };
    let plain = values.len() == targets.len()
        && values.len() <= MAX_PARALLEL
        && !values.iter().chain(targets).any(Expr::is_starred_expr);
    plain.then_some(&values[..])
}
