//! Annotations (PEP 649 and 749): the `__annotate__` functions of functions, classes and modules, and the strings of
//! `from __future__ import annotations`.

use ruff_python_ast::name::Name;
use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::TextRange;
use taipan_bytecode::{CONSUME_B, CONSUME_C, Const, FunctionAttribute, Location, NEGATE, Op};

use super::unit::{Operand, Unit, UnitKind};
use super::{Compiler, Step, unparse};
use crate::symtable::{ScopeId, ScopeKind};

/// The format that evaluates with stand-ins for globals: no function written by the compiler offers more.
const VALUE_WITH_FAKE_GLOBALS: u16 = 2;

const CONDITIONAL: &str = "__conditional_annotations__";

impl<'a> Compiler<'a> {
    /// Enters the unit of an annotation scope, which refuses formats it does not know.
    pub(super) fn enter_annotation_unit(&mut self, id: ScopeId, name: &str) {
        let table = self.table.clone();
        let location = self.unit_ref().location;
        let parameters = [Name::new_static(".format")];
        let kind = if name == "__annotate__" { UnitKind::Annotation } else { UnitKind::Evaluator };
        let mut unit = Unit::new(kind, id, &table.scopes[id], name, &parameters, location.line);
        if let Some(format) = unit.variables.first_mut().filter(|_| name == "__annotate__") {
            format.name = "format".into();
        }
        unit.arg_count = 1;
        unit.posonly_arg_count = 1;
        unit.flags = self.function_flags(id);
        self.enter_unit(unit);
        self.unit().location = location;
        self.start_unit();
        self.unit().location = location;
        let unit = self.unit();
        let known = unit.new_label();
        let format = unit.alloc();
        // The parameter may be a cell where an annotation's own scope captures it.
        if unit.variables.first().is_some_and(|v| v.kind == taipan_bytecode::VariableKind::Cell) {
            unit.emit(Op::LoadCell, format, 0, 0);
        } else {
            unit.emit(Op::Move, format, 0, 0);
        }
        let flags = NEGATE | CONSUME_B;
        unit.emit_jump(Op::JumpGtImm, flags, 0, format, VALUE_WITH_FAKE_GLOBALS, known);
        unit.emit(Op::LoadCommonConstant, format, 0, 1);
        unit.push(Op::Raise, CONSUME_B, 0, format, 0);
        unit.free_run(1);
        unit.bind(known);
    }

    /// What a function's annotations become, in a new temporary: an `__annotate__` function, or a tuple of strings.
    pub(super) fn function_annotations(
        &mut self,
        s: &'a ast::StmtFunctionDef,
        range: TextRange,
    ) -> Step<Option<(u16, FunctionAttribute)>> {
        let p = &*s.parameters;
        let plain = p.posonlyargs.iter().chain(&p.args).map(|p| &p.parameter);
        let all = plain.chain(p.vararg.as_deref()).chain(p.kwonlyargs.iter().map(|p| &p.parameter));
        let all = all.chain(p.kwarg.as_deref());
        let named = all.filter_map(|p| p.annotation.as_deref().map(|a| (p.name.as_str(), a)));
        let named = named.chain(s.returns.as_deref().map(|a| ("return", a)));
        let named: Vec<(&str, &'a Expr)> = named.collect();
        if named.is_empty() {
            return Ok(None);
        }
        let dst = self.unit().alloc();
        let id = self.scope_of(p, ScopeKind::Annotation);
        let owner = self.qualname(UnitKind::Function, &s.name.as_str().into());
        self.at(&range);
        self.enter_annotation_unit(id, "__annotate__");
        self.unit().qualname = format!("{owner}.__annotate__").into();
        let first = self.unit().top();
        for (name, annotation) in &named {
            let name = self.mangled(name);
            let key = self.unit().alloc();
            self.unit().load_const(key, Const::Str(name.as_str().into()));
            if self.table.future_annotations {
                let text = unparse::unparse(annotation, self.source);
                let value = self.unit().alloc();
                self.unit().load_const(value, Const::Str(text.into()));
            } else {
                self.annotation_value(annotation)?;
            }
        }
        self.at(&range);
        let count = named.len();
        self.unit().emit(Op::BuildMap, first, first, count as u16);
        self.unit().free_run(2 * count as u32 - 1);
        self.emit_return(Operand { reg: first, consume: true, owned: true });
        let code = self.finish_unit()?;
        self.at(&range);
        self.make_closure(code, id, dst);
        Ok(Some((dst, FunctionAttribute::Annotate)))
    }

    /// The value of an annotation in a new temporary; `*args: *Ts` takes the one element of what is unpacked.
    fn annotation_value(&mut self, annotation: &'a Expr) -> Step<Operand> {
        let Expr::Starred(starred) = annotation else { return self.temporary(annotation) };
        let value = self.temporary(&starred.value)?;
        self.at(annotation);
        self.unit().push(Op::UnpackSequence, CONSUME_B, value.reg, value.reg, 1);
        Ok(value)
    }

    /// At the start of a module or class body: what its annotations need.
    pub(super) fn set_up_annotations(&mut self) {
        let scope = &self.table.scopes[self.unit_ref().scope];
        if self.table.future_annotations {
            if scope.has_annotations {
                self.unit().emit(Op::SetupAnnotations, 0, 0, 0);
            }
        } else if scope.conditional_annotations {
            let class = scope.kind == ScopeKind::Class;
            let reg = self.unit().alloc();
            self.unit().emit(Op::BuildSet, reg, reg, 0);
            if class {
                self.store_cell(CONDITIONAL, reg);
            } else {
                self.store_mangled(&Name::new_static(CONDITIONAL), Operand { reg, consume: true, owned: true });
            }
        }
    }

    pub(super) fn annotated_assign(&mut self, s: &'a ast::StmtAnnAssign) -> Step {
        if let Some(value) = &s.value {
            self.assign_value(&s.target, value)?;
        }
        let in_body = matches!(self.unit_ref().kind, UnitKind::Module | UnitKind::Class);
        match &*s.target {
            Expr::Name(name) => {
                self.forbid_debug(&name.id, name.range)?;
                if s.simple && in_body {
                    return self.record_annotation(s, name);
                }
            }
            Expr::Attribute(e) if s.value.is_none() => {
                self.forbid_debug(&e.attr, e.range)?;
                self.effect(&e.value)?;
            }
            Expr::Subscript(e) if s.value.is_none() => {
                self.effect(&e.value)?;
                self.effect(&e.slice)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn record_annotation(&mut self, s: &'a ast::StmtAnnAssign, name: &ast::ExprName) -> Step {
        self.at(s);
        let mangled = self.mangled(&name.id);
        if self.table.future_annotations {
            let text = unparse::unparse(&s.annotation, self.source);
            let unit = self.unit();
            let value = unit.alloc();
            unit.load_const(value, Const::Str(text.into()));
            let dict = unit.alloc();
            let key = unit.alloc();
            let index = unit.name("__annotations__");
            unit.emit(Op::LoadName, dict, 0, index);
            unit.load_const(key, Const::Str(mangled.as_str().into()));
            let flags = taipan_bytecode::CONSUME_A | CONSUME_B | CONSUME_C;
            unit.push(Op::StoreItem, flags, dict, key, value);
            unit.free_run(3);
            return Ok(());
        }
        let unit = self.unit();
        let conditional = unit.kind == UnitKind::Module || unit.conditional_depth > 0;
        let index = conditional.then_some(unit.conditional_annotations);
        unit.conditional_annotations += u32::from(conditional);
        unit.annotations.push((s, index));
        if let Some(index) = index {
            let set = self.unit().alloc();
            self.load_conditional_set(set);
            let unit = self.unit();
            let number = unit.alloc();
            unit.load_const(number, Const::Int(index.into()));
            unit.push(Op::SetAdd, CONSUME_B, set, number, 0);
            unit.emit(Op::Clear, set, 0, 0);
            unit.free_run(2);
        }
        Ok(())
    }

    fn load_conditional_set(&mut self, dst: u16) {
        let cell = self.unit_ref().variable_index.get(CONDITIONAL).copied();
        match cell {
            Some(cell) => self.unit().emit(Op::LoadCell, dst, cell, 0),
            None => self.load_mangled_to(&Name::new_static(CONDITIONAL), dst),
        }
    }

    /// At the end of a class body: its `__annotate__` function.
    pub(super) fn class_annotations(&mut self, beginning: Location) -> Step {
        if self.unit_ref().annotations.is_empty() {
            return Ok(());
        }
        self.unit().location = beginning;
        self.deferred_annotations("__annotate_func__")
    }

    /// The module's `__annotate__` function. It is made at the end of the body, moved to its start when the module
    /// is assembled, so that a module whose execution fails half-way has it.
    pub(super) fn module_annotations(&mut self, beginning: Location) -> Step {
        let start = self.unit_ref().code.len();
        let end = std::mem::replace(&mut self.unit().location, beginning);
        self.deferred_annotations("__annotate__")?;
        self.unit().location = end;
        self.move_to_prologue(start);
        Ok(())
    }

    /// Moves the straight-line code from `start` on to right after the entry check.
    fn move_to_prologue(&mut self, start: usize) {
        let unit = self.unit();
        let count = unit.code.len() - start;
        if count == 0 {
            return;
        }
        let at = unit.code.iter().position(|i| i.op == Op::Resume).map_or(0, |n| n + 1);
        let moved: Vec<_> = unit.code.drain(start..).collect();
        unit.code.splice(at..at, moved);
        for label in unit.labels.iter_mut().filter(|l| **l != usize::MAX && **l >= at) {
            *label += count;
        }
        for span in &mut unit.named_spans {
            span.start += count;
            span.end += count;
        }
        // Labels at the very end stood for what follows the moved code.
        let length = unit.code.len();
        unit.labels.iter_mut().filter(|l| **l != usize::MAX && **l > length).for_each(|l| *l = length);
    }

    fn deferred_annotations(&mut self, stored_as: &str) -> Step {
        let annotations = std::mem::take(&mut self.unit().annotations);
        if annotations.is_empty() {
            return Ok(());
        }
        let Some(id) = self.table.scopes[self.unit_ref().scope].annotations else { return Ok(()) };
        let location = self.unit_ref().location;
        let function = self.unit().alloc();
        self.enter_annotation_unit(id, "__annotate__");
        let dict = self.unit().alloc();
        self.unit().emit(Op::BuildMap, dict, dict, 0);
        for (s, index) in annotations {
            self.deferred_annotation(s, index, dict)?;
        }
        self.emit_return(Operand { reg: dict, consume: true, owned: true });
        let code = self.finish_unit()?;
        self.unit().location = location;
        self.make_closure(code, id, function);
        self.store_name(stored_as, Operand { reg: function, consume: true, owned: true });
        Ok(())
    }

    fn deferred_annotation(&mut self, s: &'a ast::StmtAnnAssign, index: Option<u32>, dict: u16) -> Step {
        let Expr::Name(name) = &*s.target else { return Ok(()) };
        let skip = self.unit().new_label();
        let location = self.unit_ref().location;
        if let Some(index) = index {
            let number = self.unit().alloc();
            self.unit().load_const(number, Const::Int(index.into()));
            let set = self.unit().alloc();
            self.load_conditional_set(set);
            let flags = CONSUME_B | CONSUME_C | NEGATE;
            self.unit().emit_jump(Op::JumpIn, flags, 0, number, set, skip);
            self.unit().free_run(2);
        }
        let name = self.mangled(&name.id);
        let value = self.annotation_value(&s.annotation)?;
        self.unit().location = location;
        let key = self.unit().alloc();
        self.unit().load_const(key, Const::Str(name.as_str().into()));
        self.unit().push(Op::StoreItem, CONSUME_B | CONSUME_C, dict, key, value.reg);
        self.unit().free_run(1);
        self.unit().free(value);
        self.unit().bind(skip);
        Ok(())
    }
}
