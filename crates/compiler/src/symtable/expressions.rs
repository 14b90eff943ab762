//! The walk that collects symbols from expressions: uses, assignment expressions, comprehensions, lambdas, and the
//! scopes of type parameters.

use ruff_python_ast::name::Name;
use ruff_python_ast::{
    self as ast, Comprehension, Expr, ExprContext, InterpolatedStringElement, InterpolatedStringElements, TypeParam,
};
use ruff_text_size::{Ranged, TextRange};

use super::collect::{Collector, Step};
use super::{ComprehensionKind, ScopeId, ScopeKey, ScopeKind, def};

impl Collector {
    pub(super) fn expr(&mut self, expr: &Expr) -> Step {
        match expr {
            Expr::BoolOp(e) => self.exprs(&e.values),
            Expr::Named(e) => self.named(e),
            Expr::BinOp(e) => {
                self.expr(&e.left)?;
                self.expr(&e.right)
            }
            Expr::UnaryOp(e) => self.expr(&e.operand),
            Expr::Lambda(e) => self.lambda(e),
            Expr::If(e) => {
                self.expr(&e.test)?;
                self.expr(&e.body)?;
                self.expr(&e.orelse)
            }
            Expr::Dict(e) => e.items.iter().try_for_each(|item| {
                self.optional(item.key.as_ref())?;
                self.expr(&item.value)
            }),
            Expr::Set(e) => self.exprs(&e.elts),
            Expr::ListComp(e) => self.comprehension(e, ComprehensionKind::List, &e.generators, None, &e.elt, e.range),
            Expr::SetComp(e) => self.comprehension(e, ComprehensionKind::Set, &e.generators, None, &e.elt, e.range),
            Expr::DictComp(e) => {
                self.comprehension(e, ComprehensionKind::Dict, &e.generators, e.key.as_deref(), &e.value, e.range)
            }
            Expr::Generator(e) => {
                self.comprehension(e, ComprehensionKind::Generator, &e.generators, None, &e.elt, e.range)
            }
            Expr::Await(e) => {
                self.forbid_in_annotation("await expression", e.range)?;
                self.expr(&e.value)?;
                self.scope().coroutine = true;
                Ok(())
            }
            Expr::Yield(e) => {
                self.forbid_in_annotation("yield expression", e.range)?;
                self.optional(e.value.as_deref())?;
                self.note_yield(e.range)
            }
            Expr::YieldFrom(e) => {
                self.forbid_in_annotation("yield expression", e.range)?;
                self.expr(&e.value)?;
                self.note_yield(e.range)
            }
            Expr::Compare(e) => {
                self.expr(&e.left)?;
                self.exprs(&e.comparators)
            }
            Expr::Call(e) => {
                self.expr(&e.func)?;
                self.exprs(&e.arguments.args)?;
                e.arguments.keywords.iter().try_for_each(|k| self.expr(&k.value))
            }
            Expr::FString(e) => e.value.elements().try_for_each(|element| self.element(element)),
            Expr::TString(e) => e.value.elements().try_for_each(|element| self.element(element)),
            Expr::Attribute(e) => self.expr(&e.value),
            Expr::Subscript(e) => {
                self.expr(&e.value)?;
                self.expr(&e.slice)
            }
            Expr::Starred(e) => self.expr(&e.value),
            Expr::Name(e) => self.name(e),
            Expr::List(e) => self.exprs(&e.elts),
            Expr::Tuple(e) => self.exprs(&e.elts),
            Expr::Slice(e) => {
                self.optional(e.lower.as_deref())?;
                self.optional(e.upper.as_deref())?;
                self.optional(e.step.as_deref())
            }
            Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_)
            | Expr::IpyEscapeCommand(_) => Ok(()),
        }
    }

    fn name(&mut self, e: &ast::ExprName) -> Step {
        let flag = match e.ctx {
            ExprContext::Load | ExprContext::Invalid => def::USE,
            ExprContext::Store => def::LOCAL,
            ExprContext::Del => def::LOCAL | def::DELETE,
        };
        self.add(&e.id, flag, e.range)?;
        let kind = self.scope().kind;
        if flag == def::USE
            && e.id.as_str() == "super"
            && matches!(kind, ScopeKind::Function | ScopeKind::Lambda | ScopeKind::Comprehension(_))
        {
            self.add("__class__", def::USE, e.range)?;
        }
        Ok(())
    }

    fn element(&mut self, element: &InterpolatedStringElement) -> Step {
        let InterpolatedStringElement::Interpolation(e) = element else { return Ok(()) };
        self.expr(&e.expression)?;
        let elements: Option<&InterpolatedStringElements> = e.format_spec.as_ref().map(|spec| &spec.elements);
        elements.into_iter().flatten().try_for_each(|element| self.element(element))
    }

    fn note_yield(&mut self, range: TextRange) -> Step {
        let scope = self.scope();
        scope.generator = true;
        match scope.kind {
            ScopeKind::Comprehension(kind) => Err((range, format!("'yield' inside {}", kind.described()))),
            _ => Ok(()),
        }
    }

    fn forbid_in_annotation(&mut self, what: &str, range: TextRange) -> Step {
        let scope = self.scope();
        if !scope.is_annotation_scope() {
            return Ok(());
        }
        let place = scope.described;
        Err((range, format!("{what} cannot be used within {place}")))
    }

    fn named(&mut self, e: &ast::ExprNamed) -> Step {
        self.forbid_in_annotation("named expression", e.range)?;
        if self.scope().in_comp_iter > 0 {
            return Err((
                e.range,
                "assignment expression cannot be used in a comprehension iterable expression".into(),
            ));
        }
        if let Expr::Name(target) = &*e.target {
            if matches!(self.scope().kind, ScopeKind::Comprehension(_)) {
                self.extend_named_scope(target)?;
            } else {
                self.add(&target.id, def::WALRUS, target.range)?;
            }
        }
        self.expr(&e.value)?;
        self.expr(&e.target)
    }

    /// The target of an assignment expression in a comprehension belongs to the nearest scope that is none.
    fn extend_named_scope(&mut self, target: &ast::ExprName) -> Step {
        let name = self.mangled(&target.id);
        let mut id = self.current;
        loop {
            let scope = &self.table.scopes[id];
            match scope.kind {
                ScopeKind::Comprehension(_) => {
                    if scope.flags(&name) & def::COMP_ITER != 0 {
                        let message = format!(
                            "assignment expression cannot rebind comprehension iteration variable '{}'",
                            target.id
                        );
                        return Err((target.range, message));
                    }
                }
                ScopeKind::Function | ScopeKind::Lambda => {
                    let global = scope.flags(&name) & def::GLOBAL != 0;
                    let here = if global { def::GLOBAL } else { def::NONLOCAL };
                    self.add_to(self.current, &name, here, target.range)?;
                    self.directive(name.clone(), target.range);
                    return self.add_walrus(id, &name, if global { 0 } else { def::LOCAL });
                }
                ScopeKind::Module => {
                    self.add_to(self.current, &name, def::GLOBAL, target.range)?;
                    self.directive(name.clone(), target.range);
                    return self.add_walrus(id, &name, def::GLOBAL);
                }
                ScopeKind::Class => {
                    let message = "assignment expression within a comprehension cannot be used in a class body";
                    return Err((target.range, message.into()));
                }
                _ => {
                    let message = format!(
                        "assignment expression within a comprehension cannot be used within {}",
                        scope.described
                    );
                    return Err((target.range, message));
                }
            }
            let Some(parent) = self.table.scopes[id].parent else { return Ok(()) };
            id = parent;
        }
    }

    fn add_walrus(&mut self, id: ScopeId, name: &Name, flags: u16) -> Step {
        self.table.scopes[id].add_flags(name, flags | def::WALRUS);
        Ok(())
    }

    fn lambda(&mut self, e: &ast::ExprLambda) -> Step {
        if let Some(parameters) = &e.parameters {
            self.defaults(parameters)?;
        }
        let outer = self.enter(ScopeKey::new(e, ScopeKind::Lambda), ScopeKind::Lambda, "<lambda>");
        self.scope().range = e.range;
        if let Some(parameters) = &e.parameters {
            self.parameters(parameters)?;
        }
        self.expr(&e.body)?;
        self.leave(outer);
        Ok(())
    }

    fn comprehension<T>(
        &mut self,
        node: &T,
        kind: ComprehensionKind,
        generators: &[Comprehension],
        key: Option<&Expr>,
        element: &Expr,
        range: TextRange,
    ) -> Step {
        let Some((first, rest)) = generators.split_first() else { return Ok(()) };
        self.comprehension_iter(&first.iter)?;
        let scope_kind = ScopeKind::Comprehension(kind);
        let outer = self.enter(ScopeKey::new(node, scope_kind), scope_kind, kind.code_name());
        self.scope().range = range;
        self.scope().coroutine = first.is_async;
        self.add(".0", def::PARAM, range)?;
        self.generator(first)?;
        for generator in rest {
            self.scope().coroutine |= generator.is_async;
            self.comprehension_iter(&generator.iter)?;
            self.generator(generator)?;
        }
        self.optional(key)?;
        self.expr(element)?;
        let is_async = self.scope().coroutine && kind != ComprehensionKind::Generator;
        self.scope().generator = kind == ComprehensionKind::Generator;
        self.leave(outer);
        if is_async {
            let top = self.top_level_await && self.scope().kind == ScopeKind::Module;
            let scope = self.scope();
            if !scope.is_async_def && !matches!(scope.kind, ScopeKind::Comprehension(_)) && !top {
                return Err((range, "asynchronous comprehension outside of an asynchronous function".into()));
            }
            scope.coroutine = true;
        }
        Ok(())
    }

    fn comprehension_iter(&mut self, iter: &Expr) -> Step {
        self.scope().in_comp_iter += 1;
        let result = self.expr(iter);
        self.scope().in_comp_iter -= 1;
        result
    }

    fn generator(&mut self, generator: &Comprehension) -> Step {
        self.scope().in_comp_target = true;
        self.expr(&generator.target)?;
        self.scope().in_comp_target = false;
        self.exprs(&generator.ifs)
    }

    pub(super) fn type_alias(&mut self, s: &ast::StmtTypeAlias) -> Step {
        let name = s.name.as_name_expr().map_or("", |n| n.id.as_str());
        self.expr(&s.name)?;
        let in_class = self.scope().kind == ScopeKind::Class;
        let generic = match &s.type_params {
            Some(params) => {
                let outer = self.enter_type_params(params, name, false, false, false)?;
                Some(outer)
            }
            None => None,
        };
        let outer = self.enter(ScopeKey::new(s, ScopeKind::TypeAlias), ScopeKind::TypeAlias, name);
        self.scope().range = s.range;
        self.scope().described = "a type alias";
        self.evaluator_scope(outer)?;
        debug_assert!(!in_class || self.scope().can_see_class_scope);
        self.expr(&s.value)?;
        self.leave(outer);
        if let Some(outer) = generic {
            self.leave(outer);
        }
        Ok(())
    }

    fn evaluator_scope(&mut self, outer: ScopeId) -> Step {
        self.add(".format", def::PARAM, TextRange::default())?;
        self.add(".format", def::USE, TextRange::default())?;
        self.see_class_of(outer)
    }

    /// Opens the scope of type parameters and visits them; returns the scope outside.
    pub(super) fn enter_type_params(
        &mut self,
        params: &ast::TypeParams,
        name: &str,
        defaults: bool,
        kwdefaults: bool,
        for_class: bool,
    ) -> Step<ScopeId> {
        let key = ScopeKey::new(params, ScopeKind::TypeParameters);
        let outer = self.enter(key, ScopeKind::TypeParameters, name);
        self.scope().range = params.range;
        self.scope().described = "the definition of a generic";
        self.see_class_of(outer)?;
        let nowhere = TextRange::default();
        if for_class {
            self.scope().private = Some(Name::new(name));
            self.scope().mangled_only = Some(params.type_params.iter().map(|param| param.name().id.clone()).collect());
            self.add(".type_params", def::LOCAL, nowhere)?;
            self.add(".type_params", def::USE, nowhere)?;
            self.add(".generic_base", def::LOCAL, nowhere)?;
            self.add(".generic_base", def::USE, nowhere)?;
        }
        if defaults {
            self.add(".defaults", def::PARAM, nowhere)?;
        }
        if kwdefaults {
            self.add(".kwdefaults", def::PARAM, nowhere)?;
        }
        params.type_params.iter().try_for_each(|p| self.type_param(p))?;
        Ok(outer)
    }

    fn type_param(&mut self, param: &TypeParam) -> Step {
        let name = param.name();
        self.add(name, def::TYPE_PARAM | def::LOCAL, param.range())?;
        let (bound, default, described) = match param {
            TypeParam::TypeVar(p) => (p.bound.as_deref(), p.default.as_deref(), "a TypeVar default"),
            TypeParam::ParamSpec(p) => (None, p.default.as_deref(), "a ParamSpec default"),
            TypeParam::TypeVarTuple(p) => (None, p.default.as_deref(), "a TypeVarTuple default"),
        };
        if let Some(bound) = bound {
            let what = if bound.is_tuple_expr() { "a TypeVar constraint" } else { "a TypeVar bound" };
            self.type_variable_scope(bound, name, what)?;
        }
        default.map_or(Ok(()), |default| self.type_variable_scope(default, name, described))
    }

    fn type_variable_scope(&mut self, expr: &Expr, name: &str, described: &'static str) -> Step {
        let outer = self.enter(ScopeKey::new(expr, ScopeKind::TypeVariable), ScopeKind::TypeVariable, name);
        self.scope().range = ruff_text_size::Ranged::range(expr);
        self.scope().described = described;
        self.evaluator_scope(outer)?;
        self.expr(expr)?;
        self.leave(outer);
        Ok(())
    }
}
