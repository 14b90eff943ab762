//! Class definitions: the body's unit, the call of `__build_class__`, generic classes.

use std::sync::Arc;

use ruff_python_ast::name::Name;
use ruff_python_ast::{self as ast, Expr, Keyword};
use ruff_text_size::TextRange;
use taipan_bytecode::{Code, Const, Intrinsic1, Location, Op};

use super::call::needs_unpacking;
use super::unit::{Operand, Unit, UnitKind};
use super::{Compiler, Step};
use crate::symtable::ScopeKind;

impl<'a> Compiler<'a> {
    pub(super) fn class_def(&mut self, s: &'a ast::StmtClassDef) -> Step {
        self.forbid_debug(&s.name, s.range)?;
        let (first_line, range) = self.definition_range(&s.decorator_list, s.range);
        let dst = self.decorators(&s.decorator_list)?;
        match &s.type_params {
            Some(params) => self.generic_class(s, params, dst, first_line, range)?,
            None => {
                let code = self.class_code(s, first_line)?;
                self.at(&range);
                self.build_class(s, code, dst, range, None)?;
            }
        }
        let value = self.apply_decorators(&s.decorator_list, dst);
        self.at(&range);
        self.store_name(&s.name, value);
        Ok(())
    }

    /// Calls `__build_class__(body, name, *bases, **keywords)`; a generic class has one more base.
    pub(super) fn build_class(
        &mut self,
        s: &'a ast::StmtClassDef,
        code: Arc<Code>,
        dst: u16,
        range: TextRange,
        generic_base: Option<&str>,
    ) -> Step {
        let scope = self.scope_of(s, ScopeKind::Class);
        let base = self.unit().alloc_run(2);
        self.unit().emit(Op::LoadBuildClass, base, 0, 0);
        let body = self.unit().alloc();
        self.make_closure(code, scope, body);
        let name = self.unit().alloc();
        self.unit().load_const(name, Const::Str(s.name.as_str().into()));
        let (args, keywords): (&'a [Expr], &'a [Keyword]) = match &s.arguments {
            Some(arguments) => (&arguments.args, &arguments.keywords),
            None => (&[], &[]),
        };
        self.check_keywords(keywords)?;
        if needs_unpacking(args, keywords) {
            return self.build_class_unpacking(base, args, keywords, dst, range, generic_base);
        }
        for arg in args {
            self.temporary(arg)?;
        }
        if let Some(generic_base) = generic_base {
            let reg = self.unit().alloc();
            self.load_mangled_to(&Name::new(generic_base), reg);
        }
        let extra = 2 + args.len() + usize::from(generic_base.is_some());
        for keyword in keywords {
            self.temporary(&keyword.value)?;
        }
        self.at(&range);
        let count = (extra + keywords.len()) as u16;
        if keywords.is_empty() {
            self.unit().emit(Op::Call, dst, base, count);
        } else {
            let names = keywords.iter().filter_map(|k| k.arg.as_ref());
            let names: Vec<Const> = names.map(|n| Const::Str(n.as_str().into())).collect();
            let index = self.unit().constant(Const::Tuple(names.into()));
            self.unit().push(Op::CallKw, 0, dst, base, count).extra = index.into();
        }
        self.unit().free_run(u32::from(count) + 2);
        Ok(())
    }

    fn build_class_unpacking(
        &mut self,
        base: u16,
        args: &'a [Expr],
        keywords: &'a [Keyword],
        dst: u16,
        range: TextRange,
        generic_base: Option<&str>,
    ) -> Step {
        let given = [base + 2, base + 3];
        let Some(generic_base) = generic_base else {
            return self.call_ex(base, &given, args, keywords, dst, |c| c.at(&range));
        };
        // The generic base stands after the written ones: the list is finished here, and passed on as it is.
        let list = base + 2;
        self.unit().emit(Op::BuildList, list, list, 2);
        self.unit().free_run(1);
        self.append_all(args, list, Op::BuildList)?;
        let reg = self.unit().alloc();
        self.load_mangled_to(&Name::new(generic_base), reg);
        self.unit().push(Op::ListAppend, taipan_bytecode::CONSUME_B, list, reg, 0);
        self.unit().free_run(1);
        self.call_ex_with_list(base, keywords, dst, |c| c.at(&range))
    }

    pub(super) fn class_code(&mut self, s: &'a ast::StmtClassDef, first_line: u32) -> Step<Arc<Code>> {
        let id = self.scope_of(s, ScopeKind::Class);
        let table = self.table.clone();
        let scope = &table.scopes[id];
        let unit = Unit::new(UnitKind::Class, id, scope, &s.name, &[], first_line);
        self.enter_unit(unit);
        self.start_unit();
        let start = Location { line: first_line, end_line: first_line, col: 0, end_col: 0 };
        self.unit().location = start;
        self.class_prologue(s, first_line);
        if scope.needs_classdict {
            let reg = self.unit().alloc();
            self.unit().emit(Op::LoadLocals, reg, 0, 0);
            self.store_cell("__classdict__", reg);
        }
        self.set_up_annotations();
        let body = self.docstring(&s.body, false)?;
        self.body(body)?;
        self.class_annotations(start)?;
        self.class_epilogue(scope.needs_classdict, scope.needs_class_closure);
        self.finish_unit()
    }

    fn class_prologue(&mut self, s: &ast::StmtClassDef, first_line: u32) {
        let reg = self.unit().alloc();
        let temporary = Operand { reg, consume: true, owned: false };
        self.load_name_to("__name__", reg);
        self.store_name("__module__", temporary);
        let qualname = self.unit_ref().qualname.clone();
        self.unit().load_const(reg, Const::Str(qualname));
        self.store_name("__qualname__", temporary);
        self.unit().load_const(reg, Const::Int(first_line.into()));
        self.store_name("__firstlineno__", temporary);
        if s.type_params.is_some() {
            self.load_mangled_to(&Name::new_static(".type_params"), reg);
            self.store_name("__type_params__", temporary);
        }
        self.unit().free_run(1);
    }

    fn class_epilogue(&mut self, classdict: bool, class_closure: bool) {
        self.nowhere();
        let attributes = std::mem::take(&mut self.unit().static_attributes);
        let names = attributes.iter().map(|n| Const::Str(n.as_str().into()));
        let value = Const::Tuple(names.collect());
        self.unit().static_attributes = attributes;
        let reg = self.unit().alloc();
        let temporary = Operand { reg, consume: true, owned: false };
        self.unit().load_const(reg, value);
        self.store_name("__static_attributes__", temporary);
        if classdict && let Some(cell) = self.unit_ref().variable_index.get("__classdict__").copied() {
            self.unit().emit(Op::Move, reg, cell, 0);
            self.store_name("__classdictcell__", temporary);
        }
        if class_closure && let Some(cell) = self.unit_ref().variable_index.get("__class__").copied() {
            self.unit().emit(Op::Move, reg, cell, 0);
            self.store_name("__classcell__", Operand { consume: false, ..temporary });
            self.emit_return(temporary);
        } else {
            self.unit().location = taipan_bytecode::Location::NONE;
            self.return_const(Const::None);
        }
        self.unit().free_run(1);
    }

    /// Stores the last temporary into one of the class's own cells, and frees it.
    pub(super) fn store_cell(&mut self, name: &str, reg: u16) {
        if let Some(cell) = self.unit_ref().variable_index.get(name).copied() {
            self.unit().push(Op::StoreCell, taipan_bytecode::CONSUME_B, cell, reg, 0);
        }
        self.unit().free_run(1);
    }

    /// Inside the scope of type parameters: the class itself, with `Generic[…]` as its last base.
    pub(super) fn generic_class_object(
        &mut self,
        s: &'a ast::StmtClassDef,
        params: u16,
        first_line: u32,
        range: TextRange,
    ) -> Step {
        let type_params = Name::new_static(".type_params");
        let generic_base = Name::new_static(".generic_base");
        self.store_mangled(&type_params, Operand { reg: params, consume: true, owned: true });
        let code = self.class_code(s, first_line)?;
        self.at(&range);
        let reg = self.unit().alloc();
        self.load_mangled_to(&type_params, reg);
        let what = Intrinsic1::SubscriptGeneric as u16;
        self.unit().push(Op::Intrinsic1, taipan_bytecode::CONSUME_B, reg, reg, what);
        self.store_mangled(&generic_base, Operand { reg, consume: true, owned: true });
        let dst = self.unit().alloc();
        self.build_class(s, code, dst, range, Some(".generic_base"))?;
        self.emit_return(Operand { reg: dst, consume: true, owned: true });
        Ok(())
    }
}
