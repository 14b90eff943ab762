//! Functions and lambdas: defaults, decorators, closures, and the unit of the body.

use std::sync::Arc;

use ruff_python_ast::name::Name;
use ruff_python_ast::{self as ast, Decorator, Expr, Parameters, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};
use taipan_bytecode::{CONSUME_B, Code, CodeFlags, Const, FunctionAttribute, Op};

use super::unit::{Operand, Unit, UnitKind};
use super::{Compiler, Step, literal};
use crate::symtable::{Resolution, ScopeId, ScopeKind, def};

impl<'a> Compiler<'a> {
    /// Puts a unit on the stack; its qualified name follows from the units around it.
    pub(super) fn enter_unit(&mut self, mut unit: Unit<'a>) {
        unit.qualname = self.qualname(unit.kind, &unit.name);
        self.units.push(unit);
    }

    /// The qualified name of a function, class or the like of this name defined in the current unit.
    pub(super) fn qualname(&self, kind: UnitKind, name: &Arc<str>) -> Arc<str> {
        let mut around = self.units.iter().rev();
        let Some(mut parent) = around.next() else { return name.clone() };
        if matches!(parent.kind, UnitKind::TypeParameters | UnitKind::Evaluator) {
            match around.next() {
                Some(grandparent) => parent = grandparent,
                None => return name.clone(),
            }
        }
        if matches!(kind, UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Class) {
            let mangled = self.table.scopes[parent.scope].mangled(name);
            let symbol = self.table.scopes[parent.scope].get(&mangled);
            if symbol.is_some_and(|s| s.resolution == Resolution::GlobalExplicit) {
                return name.clone();
            }
        }
        match parent.kind {
            UnitKind::Module => name.clone(),
            UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Lambda => {
                format!("{}.<locals>.{name}", parent.qualname).into()
            }
            _ => format!("{}.{name}", parent.qualname).into(),
        }
    }

    /// `co_flags` that follow from a function's scope.
    pub(super) fn function_flags(&self, id: ScopeId) -> u32 {
        let scope = &self.table.scopes[id];
        let mut flags = CodeFlags::OPTIMIZED | CodeFlags::NEWLOCALS;
        if scope.nested {
            flags |= CodeFlags::NESTED;
        }
        flags |= match (scope.generator, scope.coroutine) {
            (true, true) => CodeFlags::ASYNC_GENERATOR,
            (true, false) => CodeFlags::GENERATOR,
            (false, true) => CodeFlags::COROUTINE,
            (false, false) => 0,
        };
        let parent = scope.parent.map(|p| &self.table.scopes[p]);
        let is_function = matches!(scope.kind, ScopeKind::Function | ScopeKind::Lambda | ScopeKind::Comprehension(_));
        if is_function && parent.is_some_and(|p| p.kind == ScopeKind::Class) {
            flags |= CodeFlags::METHOD;
        }
        flags
    }

    /// Names that code of this scope takes from outside, in the order of its free variables.
    fn free_names(&self, id: ScopeId) -> Vec<Name> {
        let free = self.table.scopes[id].symbols.iter();
        let free = free.filter(|s| s.resolution == Resolution::Free || s.flags & def::FREE_CLASS != 0);
        let mut names: Vec<Name> = free.map(|s| s.name.clone()).collect();
        names.sort();
        names
    }

    /// Makes a function of `code` in the temporary or variable `dst`, closing over what its scope needs.
    pub(super) fn make_closure(&mut self, code: Arc<Code>, scope: ScopeId, dst: u16) {
        let free = self.free_names(scope);
        let closure = self.closure_for(&free);
        let index = self.unit().constant(Const::Code(Arc::new(code.into())));
        self.unit().emit_wide(Op::MakeFunction, dst, index);
        if let Some(closure) = closure {
            self.set_attribute(dst, FunctionAttribute::Closure, closure);
        }
    }

    /// Sets a function's attribute from the last temporary, which is freed.
    pub(super) fn set_attribute(&mut self, function: u16, attribute: FunctionAttribute, value: u16) {
        self.unit().push(Op::SetFunctionAttribute, CONSUME_B, function, value, attribute as u16);
        self.unit().free_run(1);
    }

    /// Evaluates decorators into the beginnings of call blocks; returns the register of the decorated object.
    pub(super) fn decorators(&mut self, decorators: &'a [Decorator]) -> Step<u16> {
        for decorator in decorators {
            let reg = self.unit().alloc();
            self.expr_to(&decorator.expression, reg)?;
            self.unit().alloc();
        }
        Ok(self.unit().alloc())
    }

    /// Calls the decorators, innermost first; the result is a temporary.
    pub(super) fn apply_decorators(&mut self, decorators: &'a [Decorator], object: u16) -> Operand {
        let mut reg = object;
        for decorator in decorators.iter().rev() {
            self.at(&decorator.expression);
            let base = reg - 2;
            self.unit().emit(Op::Call, base, base, 1);
            self.unit().free_run(2);
            reg = base;
        }
        Operand { reg, consume: true, owned: true }
    }

    /// First line of a definition, decorators included, and the range from its keyword on.
    pub(super) fn definition_range(&self, decorators: &[Decorator], range: TextRange) -> (u32, TextRange) {
        let Some(last) = decorators.last() else { return (self.locate(range).line, range) };
        let first_line = decorators.first().map_or(0, |d| self.locate(d.range).line);
        if self.source.tree().is_some() {
            return (first_line, range);
        }
        let text = self.source.text();
        let mut at = usize::from(last.range.end());
        // Blank lines and comments may stand between the last decorator and the keyword.
        while let Some(c) = text.get(at..).and_then(|t| t.chars().next()) {
            if c == '#' {
                at += text[at..].find('\n').unwrap_or(text.len() - at);
            } else if c.is_whitespace() || c == '\\' || c == ';' {
                at += c.len_utf8();
            } else {
                break;
            }
        }
        let start = TextSize::try_from(at).unwrap_or(range.start()).min(range.end());
        (first_line, TextRange::new(start, range.end()))
    }

    pub(super) fn function_def(&mut self, s: &'a ast::StmtFunctionDef) -> Step {
        self.forbid_debug(&s.name, s.range)?;
        let (first_line, range) = self.definition_range(&s.decorator_list, s.range);
        let function = self.decorators(&s.decorator_list)?;
        self.at(&range);
        match &s.type_params {
            Some(params) => self.generic_function(s, params, function, first_line, range)?,
            None => {
                let defaults = self.defaults(&s.parameters)?;
                let kwdefaults = self.keyword_defaults(&s.parameters)?;
                self.at(&range);
                self.function_object(s, function, defaults, kwdefaults, first_line, range)?;
            }
        }
        let value = self.apply_decorators(&s.decorator_list, function);
        self.at(&range);
        self.store_name(&s.name, value);
        Ok(())
    }

    /// Evaluates defaults of positional parameters into a tuple in a new temporary.
    pub(super) fn defaults(&mut self, p: &'a Parameters) -> Step<Option<u16>> {
        let defaults = p.posonlyargs.iter().chain(&p.args).filter_map(|p| p.default.as_deref());
        let defaults: Vec<&'a Expr> = defaults.collect();
        if defaults.is_empty() {
            return Ok(None);
        }
        let constants: Option<Vec<Const>> = defaults.iter().map(|e| self.constant(e)).collect();
        let first = self.unit().top();
        if let Some(values) = constants {
            let reg = self.unit().alloc();
            self.unit().load_const(reg, Const::Tuple(values.into()));
            return Ok(Some(reg));
        }
        for default in &defaults {
            self.temporary(default)?;
        }
        let count = defaults.len();
        self.unit().emit(Op::BuildTuple, first, first, count as u16);
        self.unit().free_run(count as u32 - 1);
        Ok(Some(first))
    }

    /// Evaluates defaults of keyword-only parameters into a dict in a new temporary.
    pub(super) fn keyword_defaults(&mut self, p: &'a Parameters) -> Step<Option<u16>> {
        let first = self.unit().top();
        let mut count = 0u16;
        for parameter in &p.kwonlyargs {
            let Some(default) = &parameter.default else { continue };
            let name = self.mangled(&parameter.parameter.name);
            let key = self.unit().alloc();
            self.unit().load_const(key, Const::Str(name.as_str().into()));
            self.temporary(default)?;
            count += 1;
        }
        if count == 0 {
            return Ok(None);
        }
        self.unit().emit(Op::BuildMap, first, first, count);
        self.unit().free_run(2 * u32::from(count) - 1);
        Ok(Some(first))
    }

    /// Makes the function in `dst`; defaults, if any, are the temporaries allocated last, which are freed.
    pub(super) fn function_object(
        &mut self,
        s: &'a ast::StmtFunctionDef,
        dst: u16,
        defaults: Option<u16>,
        kwdefaults: Option<u16>,
        first_line: u32,
        range: TextRange,
    ) -> Step {
        let annotations = self.function_annotations(s, range)?;
        let code = self.function_code(s, first_line)?;
        self.at(&range);
        let scope = self.scope_of(s, ScopeKind::Function);
        self.make_closure(code, scope, dst);
        if let Some((reg, attribute)) = annotations {
            self.set_attribute(dst, attribute, reg);
        }
        if let Some(reg) = kwdefaults {
            self.set_attribute(dst, FunctionAttribute::KwDefaults, reg);
        }
        if let Some(reg) = defaults {
            self.set_attribute(dst, FunctionAttribute::Defaults, reg);
        }
        Ok(())
    }

    fn function_code(&mut self, s: &'a ast::StmtFunctionDef, first_line: u32) -> Step<Arc<Code>> {
        let kind = if s.is_async { UnitKind::AsyncFunction } else { UnitKind::Function };
        let scope = self.scope_of(s, ScopeKind::Function);
        self.enter_function(kind, scope, &s.name, Some(&s.parameters), first_line)?;
        let mut body: &'a [Stmt] = &s.body;
        if let Some(doc) = literal::docstring_of(body) {
            body = &body[1..];
            if self.options.optimize < 2 {
                let value = literal::clean_docstring(self.string_literal(doc));
                self.unit().constant(value);
                self.unit().flags |= CodeFlags::HAS_DOCSTRING;
            }
        }
        self.start_unit();
        self.body(body)?;
        if self.unit_ref().falls_through() {
            // No line: the end belongs to what ran before it.
            self.unit().location = taipan_bytecode::Location::NONE;
            self.return_const(Const::None);
        }
        self.finish_unit()
    }

    /// Enters the unit of a function or lambda with these parameters.
    fn enter_function(
        &mut self,
        kind: UnitKind,
        id: ScopeId,
        name: &str,
        parameters: Option<&'a Parameters>,
        first_line: u32,
    ) -> Step {
        let mut names: Vec<Name> = Vec::new();
        if let Some(p) = parameters {
            let plain = p.posonlyargs.iter().chain(&p.args).chain(&p.kwonlyargs).map(|p| &p.parameter);
            for parameter in plain.chain(p.vararg.as_deref()).chain(p.kwarg.as_deref()) {
                let range = TextRange::new(parameter.name.range.start(), parameter.range.end());
                self.forbid_debug(&parameter.name, range)?;
                names.push(self.mangled(&parameter.name));
            }
        }
        let table = self.table.clone();
        let mut unit = Unit::new(kind, id, &table.scopes[id], name, &names, first_line);
        unit.flags = self.function_flags(id);
        if let Some(p) = parameters {
            unit.posonly_arg_count = p.posonlyargs.len() as u32;
            unit.arg_count = (p.posonlyargs.len() + p.args.len()) as u32;
            unit.kwonly_arg_count = p.kwonlyargs.len() as u32;
            unit.flags |= if p.vararg.is_some() { CodeFlags::VARARGS } else { 0 };
            unit.flags |= if p.kwarg.is_some() { CodeFlags::VARKEYWORDS } else { 0 };
        }
        self.enter_unit(unit);
        Ok(())
    }

    pub(super) fn lambda(&mut self, e: &'a ast::ExprLambda, dst: u16) -> Step {
        self.at(e);
        let parameters = e.parameters.as_deref();
        let defaults = parameters.map_or(Ok(None), |p| self.defaults(p))?;
        let kwdefaults = parameters.map_or(Ok(None), |p| self.keyword_defaults(p))?;
        let line = self.locate(e.range()).line;
        let scope = self.scope_of(e, ScopeKind::Lambda);
        self.enter_function(UnitKind::Lambda, scope, "<lambda>", parameters, line)?;
        self.at(&*e.body);
        self.start_unit();
        let value = self.operand(&e.body)?;
        self.at(&*e.body);
        self.emit_return(value);
        let code = self.finish_unit()?;
        self.at(e);
        self.through_temporary(dst, |c, dst| {
            c.make_closure(code, scope, dst);
            Ok(())
        })?;
        for (reg, attribute) in [(kwdefaults, FunctionAttribute::KwDefaults), (defaults, FunctionAttribute::Defaults)] {
            if let Some(reg) = reg {
                self.set_attribute(dst, attribute, reg);
            }
        }
        Ok(())
    }
}
