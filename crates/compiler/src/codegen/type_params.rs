//! Type parameters (PEP 695): the implicit function around a generic definition, type aliases, and the functions
//! that evaluate bounds, constraints and defaults when asked.

use std::sync::Arc;

use ruff_python_ast::name::Name;
use ruff_python_ast::{self as ast, Expr, TypeParam, TypeParams};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::{CONSUME_B, CONSUME_C, Code, Const, Intrinsic1, Intrinsic2, Op};

use super::unit::{Operand, Unit, UnitKind};
use super::{Compiler, Step};
use crate::symtable::{ScopeId, ScopeKind};

impl<'a> Compiler<'a> {
    /// Enters the implicit function around the generic definition of `name`.
    fn enter_type_params(&mut self, params: &'a TypeParams, name: &str, parameters: &[Name], first_line: u32) {
        let id = self.scope_of(params, ScopeKind::TypeParameters);
        let table = self.table.clone();
        let title = format!("<generic parameters of {name}>");
        let mut unit = Unit::new(UnitKind::TypeParameters, id, &table.scopes[id], &title, parameters, first_line);
        unit.arg_count = parameters.len() as u32;
        unit.flags = self.function_flags(id);
        let location = self.unit_ref().location;
        self.enter_unit(unit);
        self.unit().location = location;
        self.start_unit();
    }

    /// Makes the type parameters, stores them under their names, and leaves their tuple in a new temporary.
    fn type_params(&mut self, params: &'a TypeParams) -> Step<u16> {
        let first = self.unit().top();
        let mut default_seen = false;
        for param in &params.type_params {
            let has_default = param.default().is_some();
            if default_seen && !has_default {
                let message = format!("non-default type parameter '{}' follows default type parameter", param.name());
                return self.error(param.range(), message);
            }
            default_seen |= has_default;
            let reg = self.type_param(param)?;
            self.at(param);
            self.store_name(param.name(), Operand::borrowed(reg));
        }
        self.at(params);
        let count = params.type_params.len() as u32;
        self.unit().emit(Op::BuildTuple, first, first, count as u16);
        self.unit().free_run(count - 1);
        Ok(first)
    }

    fn type_param(&mut self, param: &'a TypeParam) -> Step<u16> {
        self.forbid_debug(param.name(), param.range())?;
        self.at(param);
        let reg = self.unit().alloc();
        self.unit().load_const(reg, Const::Str(param.name().as_str().into()));
        let (kind, bound, default) = match param {
            TypeParam::TypeVar(p) => (Intrinsic1::TypeVar, p.bound.as_deref(), p.default.as_deref()),
            TypeParam::ParamSpec(p) => (Intrinsic1::ParamSpec, None, p.default.as_deref()),
            TypeParam::TypeVarTuple(p) => (Intrinsic1::TypeVarTuple, None, p.default.as_deref()),
        };
        match bound {
            Some(bound) => {
                let evaluator = self.evaluator(bound, param.name())?;
                let what = if bound.is_tuple_expr() {
                    Intrinsic2::TypeVarWithConstraints
                } else {
                    Intrinsic2::TypeVarWithBound
                };
                self.at(param);
                self.intrinsic2(what, reg, reg, evaluator);
                self.unit().free_run(1);
            }
            None => {
                self.unit().push(Op::Intrinsic1, CONSUME_B, reg, reg, kind as u16);
            }
        }
        if let Some(default) = default {
            let evaluator = self.evaluator(default, param.name())?;
            self.at(param);
            self.intrinsic2(Intrinsic2::SetTypeparamDefault, reg, reg, evaluator);
            self.unit().free_run(1);
        }
        Ok(reg)
    }

    fn intrinsic2(&mut self, what: Intrinsic2, dst: u16, left: u16, right: u16) {
        self.unit().push(Op::Intrinsic2, CONSUME_B | CONSUME_C, dst, left, right).extra = what as u64;
    }

    /// The function that evaluates a bound, constraints or default, in a new temporary.
    fn evaluator(&mut self, expr: &'a Expr, name: &str) -> Step<u16> {
        let id = self.scope_of(expr, ScopeKind::TypeVariable);
        self.at(expr);
        self.evaluator_function(expr, id, name)
    }

    fn evaluator_function(&mut self, expr: &'a Expr, id: ScopeId, name: &str) -> Step<u16> {
        // The defaults of an evaluator: `format` is 1 unless asked otherwise.
        let dst = self.unit().alloc();
        let defaults = self.unit().alloc();
        self.unit().load_const(defaults, Const::Tuple([Const::Int(1)].into()));
        let location = self.unit_ref().location;
        let code = self.evaluator_code(expr, id, name)?;
        self.unit().location = location;
        self.make_closure(code, id, dst);
        self.set_attribute(dst, taipan_bytecode::FunctionAttribute::Defaults, defaults);
        Ok(dst)
    }

    fn evaluator_code(&mut self, expr: &'a Expr, id: ScopeId, name: &str) -> Step<Arc<Code>> {
        self.enter_annotation_unit(id, name);
        let value = match expr {
            // `*Ts` as a default evaluates to its unpacked element.
            Expr::Starred(starred) => {
                let value = self.temporary(&starred.value)?;
                self.unit().push(Op::UnpackSequence, CONSUME_B, value.reg, value.reg, 1);
                value
            }
            expr => self.operand(expr)?,
        };
        self.at(expr);
        self.emit_return(value);
        self.finish_unit()
    }

    pub(super) fn generic_function(
        &mut self,
        s: &'a ast::StmtFunctionDef,
        params: &'a TypeParams,
        dst: u16,
        first_line: u32,
        range: TextRange,
    ) -> Step {
        let base = self.unit().alloc_run(2);
        let mut parameters = Vec::new();
        if self.defaults(&s.parameters)?.is_some() {
            parameters.push(Name::new_static(".defaults"));
        }
        if self.keyword_defaults(&s.parameters)?.is_some() {
            parameters.push(Name::new_static(".kwdefaults"));
        }
        self.at(&range);
        self.enter_type_params(params, &s.name, &parameters, first_line);
        let tuple = self.type_params(params)?;
        let function = self.unit().alloc();
        let mut moved = [None, None];
        for (n, slot) in moved.iter_mut().enumerate() {
            let name = if n == 0 { ".defaults" } else { ".kwdefaults" };
            if let Some(at) = parameters.iter().position(|p| p.as_str() == name) {
                let reg = self.unit().alloc();
                self.unit().emit(Op::Move, reg, at as u16, 0);
                *slot = Some(reg);
            }
        }
        self.function_object(s, function, moved[0], moved[1], first_line, range)?;
        self.intrinsic2(Intrinsic2::SetFunctionTypeParams, function, function, tuple);
        self.unit().free_run(1);
        self.emit_return(Operand { reg: function, consume: true, owned: false });
        let code = self.finish_unit()?;
        self.at(&range);
        self.call_generic(code, params, base, parameters.len() as u16, dst);
        Ok(())
    }

    /// Calls the implicit function at `base`; its arguments are in place.
    fn call_generic(&mut self, code: Arc<Code>, params: &'a TypeParams, base: u16, count: u16, dst: u16) {
        let scope = self.scope_of(params, ScopeKind::TypeParameters);
        self.make_closure(code, scope, base);
        self.call_block(base, 0, count, dst);
    }

    pub(super) fn generic_class(
        &mut self,
        s: &'a ast::StmtClassDef,
        params: &'a TypeParams,
        dst: u16,
        first_line: u32,
        range: TextRange,
    ) -> Step {
        let base = self.unit().alloc_run(2);
        self.at(&range);
        self.enter_type_params(params, &s.name, &[], first_line);
        let tuple = self.type_params(params)?;
        self.generic_class_object(s, tuple, first_line, range)?;
        let code = self.finish_unit()?;
        self.at(&range);
        self.call_generic(code, params, base, 0, dst);
        Ok(())
    }

    pub(super) fn type_alias(&mut self, s: &'a ast::StmtTypeAlias) -> Step {
        let Expr::Name(name) = &*s.name else { return self.error(s.name.range(), "invalid syntax") };
        self.forbid_debug(&name.id, name.range)?;
        let line = self.locate(s.range).line;
        self.at(s);
        match &s.type_params {
            None => {
                let alias = self.type_alias_object(s, name, None)?;
                self.store_name(&name.id, alias);
            }
            Some(params) => {
                let base = self.unit().alloc_run(2);
                self.enter_type_params(params, &name.id, &[], line);
                let tuple = self.type_params(params)?;
                let alias = self.type_alias_object(s, name, Some(tuple))?;
                self.emit_return(alias);
                let code = self.finish_unit()?;
                self.at(s);
                self.call_generic(code, params, base, 0, base);
                let reg = self.unit().alloc();
                self.store_name(&name.id, Operand { reg, consume: true, owned: true });
            }
        }
        Ok(())
    }

    /// The alias, in a new temporary.
    fn type_alias_object(
        &mut self,
        s: &'a ast::StmtTypeAlias,
        name: &ast::ExprName,
        params: Option<u16>,
    ) -> Step<Operand> {
        self.at(s);
        let first = self.unit().alloc_run(2);
        self.unit().load_const(first, Const::Str(name.id.as_str().into()));
        match params {
            Some(tuple) => {
                self.unit().push(Op::Move, CONSUME_B, first + 1, tuple, 0);
            }
            None => self.unit().load_const(first + 1, Const::None),
        }
        let scope = self.scope_of(s, ScopeKind::TypeAlias);
        self.evaluator_function(&s.value, scope, &name.id)?;
        self.at(s);
        self.unit().emit(Op::BuildTuple, first, first, 3);
        self.unit().push(Op::Intrinsic1, CONSUME_B, first, first, Intrinsic1::TypeAlias as u16);
        self.unit().free_run(2);
        Ok(Operand { reg: first, consume: true, owned: true })
    }
}
