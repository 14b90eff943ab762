//! The walk that collects scopes and symbols from statements. Every scope that the code generator will ask for is
//! entered here under the same key; every name is recorded as the scope that sees it will spell it (mangled).

use std::collections::HashMap;

use ruff_python_ast::name::Name;
use ruff_python_ast::{self as ast, Expr, Identifier, Mod, Pattern, Stmt};
use ruff_text_size::TextRange;

use super::{Scope, ScopeId, ScopeKey, ScopeKind, SymbolTable, analyze, def};

/// Result of a step: an error is a range and a message.
pub(super) type Step<T = ()> = Result<T, (TextRange, String)>;

/// Builds the symbol table of a module or expression.
pub fn build(tree: &Mod, future_annotations: bool, top_level_await: bool) -> Step<SymbolTable> {
    let table = SymbolTable { scopes: Vec::new(), keys: HashMap::new(), future_annotations };
    let mut c = Collector { table, current: 0, top_level_await, conditional: 0 };
    match tree {
        Mod::Module(module) => {
            c.enter(ScopeKey::new(module, ScopeKind::Module), ScopeKind::Module, "top");
            c.body(&module.body)?;
        }
        Mod::Expression(expression) => {
            c.enter(ScopeKey::new(expression, ScopeKind::Module), ScopeKind::Module, "top");
            c.expr(&expression.body)?;
        }
    }
    analyze::analyze(&mut c.table)?;
    Ok(c.table)
}

pub(super) struct Collector {
    pub(super) table: SymbolTable,
    pub(super) current: ScopeId,
    pub(super) top_level_await: bool,
    conditional: u32,
}

impl Collector {
    pub(super) fn scope(&mut self) -> &mut Scope {
        &mut self.table.scopes[self.current]
    }

    /// Opens a scope inside the current one; returns the current one for `leave`.
    pub(super) fn enter(&mut self, key: ScopeKey, kind: ScopeKind, name: &str) -> ScopeId {
        let id = self.table.scopes.len();
        let outer = self.current;
        let parent = (id > 0).then_some(outer);
        let nested = parent.is_some_and(|p| self.table.scopes[p].nested || self.table.scopes[p].is_function_like());
        let in_comp_iter = parent.map_or(0, |p| self.table.scopes[p].in_comp_iter);
        let private = parent.and_then(|p| self.table.scopes[p].private.clone());
        let mangled_only = parent.and_then(|p| self.table.scopes[p].mangled_only.clone());
        self.table.scopes.push(Scope {
            kind,
            name: Name::new(name),
            parent,
            range: TextRange::default(),
            children: Vec::new(),
            symbols: Vec::new(),
            index: HashMap::new(),
            nested,
            is_async_def: false,
            generator: false,
            coroutine: false,
            inlined: false,
            can_see_class_scope: false,
            needs_class_closure: false,
            needs_classdict: false,
            conditional_annotations: false,
            has_annotations: false,
            returns_value: None,
            private,
            mangled_only,
            directives: Vec::new(),
            described: "",
            annotations: None,
            in_comp_iter,
            in_comp_target: false,
        });
        if let Some(parent) = parent {
            self.table.scopes[parent].children.push(id);
        }
        self.table.keys.insert(key, id);
        self.current = id;
        outer
    }

    pub(super) fn leave(&mut self, outer: ScopeId) {
        self.current = outer;
    }

    pub(super) fn mangled(&self, name: &str) -> Name {
        self.table.scopes[self.current].mangled(name)
    }

    pub(super) fn add(&mut self, name: &str, flags: u16, range: TextRange) -> Step {
        let mangled = self.mangled(name);
        self.add_to(self.current, &mangled, flags, range)
    }

    pub(super) fn add_to(&mut self, id: ScopeId, name: &Name, mut flags: u16, range: TextRange) -> Step {
        let scope = &mut self.table.scopes[id];
        let known = scope.flags(name);
        if flags & known & def::PARAM != 0 {
            return Err((range, format!("duplicate argument '{name}' in function definition")));
        }
        if flags & known & def::TYPE_PARAM != 0 {
            return Err((range, format!("duplicate type parameter '{name}'")));
        }
        if scope.in_comp_target && flags & def::LOCAL != 0 {
            if known & (def::GLOBAL | def::NONLOCAL) != 0 {
                return Err((
                    range,
                    format!("comprehension inner loop cannot rebind assignment expression target '{name}'"),
                ));
            }
            flags |= def::COMP_ITER;
        }
        scope.add_flags(name, flags);
        if flags & def::GLOBAL != 0 && id != 0 {
            self.table.scopes[0].add_flags(name, def::GLOBAL);
        }
        Ok(())
    }

    /// Records that the directive at `range` names `name`, so that an error about it can point there.
    pub(super) fn directive(&mut self, name: Name, range: TextRange) {
        self.scope().directives.push((name, range));
    }

    pub(super) fn flags(&self, name: &str) -> u16 {
        self.table.scopes[self.current].flags(&self.mangled(name))
    }

    pub(super) fn body(&mut self, body: &[Stmt]) -> Step {
        body.iter().try_for_each(|s| self.stmt(s))
    }

    fn conditional_body(&mut self, body: &[Stmt]) -> Step {
        self.conditional += 1;
        self.body(body)?;
        self.conditional -= 1;
        Ok(())
    }

    /// An asynchronous statement of a module makes it a coroutine, where that is allowed.
    fn note_await(&mut self, is_async: bool) {
        if is_async && self.top_level_await && self.scope().kind == ScopeKind::Module {
            self.scope().coroutine = true;
        }
    }

    fn stmt(&mut self, stmt: &Stmt) -> Step {
        match stmt {
            Stmt::FunctionDef(s) => self.function(s),
            Stmt::ClassDef(s) => self.class(s),
            Stmt::TypeAlias(s) => self.type_alias(s),
            Stmt::Return(s) => {
                if let Some(value) = &s.value {
                    self.expr(value)?;
                    self.scope().returns_value = Some(s.range);
                }
                Ok(())
            }
            Stmt::Delete(s) => self.exprs(&s.targets),
            Stmt::Assign(s) => {
                // The order in which names are stored is that of the local variables.
                self.expr(&s.value)?;
                self.exprs(&s.targets)
            }
            Stmt::AugAssign(s) => {
                self.expr(&s.target)?;
                self.use_if_name(&s.target)?;
                self.expr(&s.value)
            }
            Stmt::AnnAssign(s) => self.annotated_assignment(s),
            Stmt::For(s) => {
                self.note_await(s.is_async);
                self.expr(&s.iter)?;
                self.expr(&s.target)?;
                self.conditional_body(&s.body)?;
                self.conditional_body(&s.orelse)
            }
            Stmt::While(s) => {
                self.expr(&s.test)?;
                self.conditional_body(&s.body)?;
                self.conditional_body(&s.orelse)
            }
            Stmt::If(s) => {
                self.expr(&s.test)?;
                self.conditional_body(&s.body)?;
                for clause in &s.elif_else_clauses {
                    clause.test.iter().try_for_each(|t| self.expr(t))?;
                    self.conditional_body(&clause.body)?;
                }
                Ok(())
            }
            Stmt::With(s) => {
                self.note_await(s.is_async);
                for item in &s.items {
                    self.expr(&item.context_expr)?;
                    self.optional(item.optional_vars.as_deref())?;
                }
                self.conditional_body(&s.body)
            }
            Stmt::Match(s) => {
                self.expr(&s.subject)?;
                for case in &s.cases {
                    self.pattern(&case.pattern)?;
                    self.optional(case.guard.as_deref())?;
                    self.conditional_body(&case.body)?;
                }
                Ok(())
            }
            Stmt::Raise(s) => {
                self.optional(s.exc.as_deref())?;
                self.optional(s.cause.as_deref())
            }
            Stmt::Try(s) => self.try_statement(s),
            Stmt::Assert(s) => {
                self.expr(&s.test)?;
                self.optional(s.msg.as_deref())
            }
            Stmt::Import(s) => s.names.iter().try_for_each(|alias| {
                let name = alias.asname.as_ref().unwrap_or(&alias.name);
                let bound = name.split('.').next().unwrap_or(name);
                self.add(bound, def::IMPORT, alias.range)
            }),
            Stmt::ImportFrom(s) => s.names.iter().try_for_each(|alias| {
                let name = alias.asname.as_ref().unwrap_or(&alias.name);
                if name.as_str() == "*" {
                    return match self.scope().kind {
                        ScopeKind::Module => Ok(()),
                        _ => Err((alias.range, "import * only allowed at module level".into())),
                    };
                }
                self.add(name, def::IMPORT, alias.range)
            }),
            Stmt::Global(s) => self.scope_statement(&s.names, def::GLOBAL, s.range),
            Stmt::Nonlocal(s) => self.scope_statement(&s.names, def::NONLOCAL, s.range),
            Stmt::Expr(s) => self.expr(&s.value),
            Stmt::Pass(_) | Stmt::Break(_) | Stmt::Continue(_) | Stmt::IpyEscapeCommand(_) => Ok(()),
        }
    }

    fn use_if_name(&mut self, target: &Expr) -> Step {
        match target {
            Expr::Name(n) => self.add(&n.id, def::USE, n.range),
            _ => Ok(()),
        }
    }

    fn try_statement(&mut self, s: &ast::StmtTry) -> Step {
        self.conditional_body(&s.body)?;
        for ast::ExceptHandler::ExceptHandler(handler) in &s.handlers {
            self.optional(handler.type_.as_deref())?;
            if let Some(name) = &handler.name {
                self.add(name, def::LOCAL | def::DELETE, handler.range)?;
            }
            self.conditional_body(&handler.body)?;
        }
        self.conditional_body(&s.orelse)?;
        self.conditional_body(&s.finalbody)
    }

    fn scope_statement(&mut self, names: &[Identifier], flag: u16, range: TextRange) -> Step {
        let word = if flag == def::GLOBAL { "global" } else { "nonlocal" };
        for name in names {
            let known = self.flags(name);
            let message = if known & def::PARAM != 0 {
                format!("name '{name}' is parameter and {word}")
            } else if known & def::USE != 0 && known & (def::LOCAL | def::ANNOT) == 0 {
                format!("name '{name}' is used prior to {word} declaration")
            } else if known & def::ANNOT != 0 {
                format!("annotated name '{name}' can't be {word}")
            } else if known & (def::LOCAL | def::USE) != 0 {
                format!("name '{name}' is assigned to before {word} declaration")
            } else {
                self.add(name, flag, range)?;
                let mangled = self.mangled(name);
                self.directive(mangled, range);
                continue;
            };
            return Err((range, message));
        }
        Ok(())
    }

    fn function(&mut self, s: &ast::StmtFunctionDef) -> Step {
        self.add(&s.name, def::LOCAL, s.range)?;
        self.defaults(&s.parameters)?;
        s.decorator_list.iter().try_for_each(|d| self.expr(&d.expression))?;
        let generic = match &s.type_params {
            Some(params) => {
                let has = |kwonly: bool| {
                    if kwonly {
                        s.parameters.kwonlyargs.iter().any(|p| p.default.is_some())
                    } else {
                        s.parameters.posonlyargs.iter().chain(&s.parameters.args).any(|p| p.default.is_some())
                    }
                };
                Some(self.enter_type_params(params, &s.name, has(false), has(true), false)?)
            }
            None => None,
        };
        self.function_annotations(s)?;
        let outer = self.enter(ScopeKey::new(s, ScopeKind::Function), ScopeKind::Function, &s.name);
        self.scope().range = s.name.range;
        self.scope().is_async_def = s.is_async;
        self.scope().coroutine = s.is_async;
        self.parameters(&s.parameters)?;
        let conditional = std::mem::take(&mut self.conditional);
        self.body(&s.body)?;
        self.conditional = conditional;
        let scope = self.scope();
        if let (true, true, Some(range)) = (scope.is_async_def, scope.generator, scope.returns_value) {
            return Err((range, "'return' with value in async generator".into()));
        }
        self.leave(outer);
        if let Some(outer) = generic {
            self.leave(outer);
        }
        Ok(())
    }

    fn function_annotations(&mut self, s: &ast::StmtFunctionDef) -> Step {
        let p = &*s.parameters;
        let annotations = p.iter().filter_map(|p| p.annotation()).chain(s.returns.as_deref());
        let annotations: Vec<&Expr> = annotations.collect();
        self.in_annotation_scope(ScopeKey::new(p, ScopeKind::Annotation), |c| {
            annotations.into_iter().try_for_each(|a| c.expr(a))
        })
    }

    /// Runs `visit` in a new scope of an `__annotate__` function. Under the `annotations` future nothing is evaluated,
    /// so the scope is replaced by an empty one after its errors have been found.
    fn in_annotation_scope(&mut self, key: ScopeKey, visit: impl FnOnce(&mut Self) -> Step) -> Step {
        let scopes = self.table.scopes.len();
        let outer = self.enter(key, ScopeKind::Annotation, "__annotate__");
        self.open_annotation_scope(outer)?;
        visit(self)?;
        self.leave(outer);
        if self.table.future_annotations {
            self.forget_scopes(scopes);
            let outer = self.enter(key, ScopeKind::Annotation, "__annotate__");
            self.add(".format", def::PARAM, TextRange::default())?;
            self.leave(outer);
        }
        Ok(())
    }

    fn forget_scopes(&mut self, from: usize) {
        self.table.scopes.truncate(from);
        self.table.keys.retain(|_, id| *id < from);
        self.scope().children.retain(|id| *id < from);
    }

    fn open_annotation_scope(&mut self, outer: ScopeId) -> Step {
        self.scope().described = "an annotation";
        self.see_class_of(outer)?;
        self.add(".format", def::PARAM, TextRange::default())?;
        self.add(".format", def::USE, TextRange::default())
    }

    /// Marks the current annotation scope as one that sees the names of the class it stands in.
    pub(super) fn see_class_of(&mut self, outer: ScopeId) -> Step {
        let outer = &self.table.scopes[outer];
        if outer.kind == ScopeKind::Class || outer.can_see_class_scope {
            self.scope().can_see_class_scope = true;
            self.add("__classdict__", def::USE, TextRange::default())?;
        }
        Ok(())
    }

    fn annotated_assignment(&mut self, s: &ast::StmtAnnAssign) -> Step {
        if let Expr::Name(target) = &*s.target {
            let known = self.flags(&target.id);
            let is_module = self.scope().kind == ScopeKind::Module;
            if s.simple && known & (def::GLOBAL | def::NONLOCAL) != 0 && !(is_module && known & def::NONLOCAL == 0) {
                let word = if known & def::GLOBAL != 0 { "global" } else { "nonlocal" };
                return Err((s.range, format!("annotated name '{}' can't be {word}", target.id)));
            }
            if s.simple {
                self.add(&target.id, def::ANNOT | def::LOCAL, target.range)?;
            } else if s.value.is_some() {
                self.add(&target.id, def::LOCAL, target.range)?;
            }
        } else {
            self.expr(&s.target)?;
        }
        self.assigned_annotation(&s.annotation, s.simple && s.target.is_name_expr())?;
        self.optional(s.value.as_deref())
    }

    /// The annotation of an assignment: all those of names in a module or class share one scope; others are never
    /// evaluated.
    fn assigned_annotation(&mut self, annotation: &Expr, deferred: bool) -> Step {
        let scopes = self.table.scopes.len();
        let kind = self.scope().kind;
        let in_body = matches!(kind, ScopeKind::Module | ScopeKind::Class);
        let outer = self.current;
        let lasting = in_body && deferred && !self.table.future_annotations;
        self.scope().has_annotations |= deferred;
        if lasting && (kind == ScopeKind::Module || self.conditional > 0) {
            self.scope().conditional_annotations = true;
            let local = if kind == ScopeKind::Module { def::LOCAL } else { 0 };
            self.add("__conditional_annotations__", def::USE | local, TextRange::default())?;
        }
        match self.scope().annotations {
            Some(id) if lasting => self.current = id,
            _ => {
                let key = ScopeKey::new(annotation, ScopeKind::Annotation);
                self.enter(key, ScopeKind::Annotation, "__annotate__");
                self.open_annotation_scope(outer)?;
                if lasting {
                    self.table.scopes[outer].annotations = Some(self.current);
                }
            }
        }
        if lasting && self.table.scopes[outer].conditional_annotations {
            self.add("__conditional_annotations__", def::USE, TextRange::default())?;
        }
        self.expr(annotation)?;
        self.leave(outer);
        if !lasting {
            self.forget_scopes(scopes);
        }
        Ok(())
    }

    fn class(&mut self, s: &ast::StmtClassDef) -> Step {
        self.add(&s.name, def::LOCAL, s.range)?;
        s.decorator_list.iter().try_for_each(|d| self.expr(&d.expression))?;
        let generic = match &s.type_params {
            Some(params) => Some(self.enter_type_params(params, &s.name, false, false, true)?),
            None => None,
        };
        if let Some(arguments) = &s.arguments {
            self.exprs(&arguments.args)?;
            arguments.keywords.iter().try_for_each(|k| self.expr(&k.value))?;
        }
        let outer = self.enter(ScopeKey::new(s, ScopeKind::Class), ScopeKind::Class, &s.name);
        self.scope().range = s.name.range;
        self.scope().private = Some(s.name.id.clone());
        self.scope().mangled_only = None;
        if generic.is_some() {
            self.add("__type_params__", def::LOCAL, s.range)?;
            self.add(".type_params", def::USE, s.range)?;
        }
        let conditional = std::mem::take(&mut self.conditional);
        self.body(&s.body)?;
        self.conditional = conditional;
        self.leave(outer);
        if let Some(outer) = generic {
            self.leave(outer);
        }
        Ok(())
    }

    fn pattern(&mut self, pattern: &Pattern) -> Step {
        match pattern {
            Pattern::MatchValue(p) => self.expr(&p.value),
            Pattern::MatchSingleton(_) => Ok(()),
            Pattern::MatchSequence(p) => p.patterns.iter().try_for_each(|p| self.pattern(p)),
            Pattern::MatchMapping(p) => {
                self.exprs(&p.keys)?;
                p.patterns.iter().try_for_each(|p| self.pattern(p))?;
                p.rest.iter().try_for_each(|n| self.add(n, def::LOCAL, p.range))
            }
            Pattern::MatchClass(p) => {
                self.expr(&p.cls)?;
                p.arguments.patterns.iter().try_for_each(|p| self.pattern(p))?;
                p.arguments.keywords.iter().try_for_each(|k| self.pattern(&k.pattern))
            }
            Pattern::MatchStar(p) => p.name.iter().try_for_each(|n| self.add(n, def::LOCAL, p.range)),
            Pattern::MatchAs(p) => {
                p.pattern.iter().try_for_each(|p| self.pattern(p))?;
                p.name.iter().try_for_each(|n| self.add(n, def::LOCAL, p.range))
            }
            Pattern::MatchOr(p) => p.patterns.iter().try_for_each(|p| self.pattern(p)),
        }
    }

    pub(super) fn defaults(&mut self, p: &ast::Parameters) -> Step {
        p.iter_non_variadic_params().try_for_each(|p| self.optional(p.default.as_deref()))
    }

    pub(super) fn parameters(&mut self, p: &ast::Parameters) -> Step {
        for param in p.posonlyargs.iter().chain(&p.args).chain(&p.kwonlyargs) {
            self.add(&param.parameter.name, def::PARAM, param.parameter.range)?;
        }
        for param in p.vararg.iter().chain(&p.kwarg) {
            // The node begins at the star.
            let range = TextRange::new(param.name.range.start(), param.range.end());
            self.add(&param.name, def::PARAM, range)?;
        }
        Ok(())
    }

    pub(super) fn exprs(&mut self, exprs: &[Expr]) -> Step {
        exprs.iter().try_for_each(|e| self.expr(e))
    }

    pub(super) fn optional(&mut self, expr: Option<&Expr>) -> Step {
        expr.map_or(Ok(()), |e| self.expr(e))
    }
}
