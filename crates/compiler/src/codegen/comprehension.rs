//! Comprehensions: list, set and dict comprehensions in place, generator expressions (and all comprehensions in
//! annotation scopes) as functions of their own.
//!
//! A comprehension in place keeps its variables in temporaries, so that unwinding drops them and they cannot be
//! confused with the function's. A captured variable gets a fresh cell each time the comprehension runs.

use ruff_python_ast::name::Name;
use ruff_python_ast::{Comprehension, Expr};
use ruff_text_size::{Ranged, TextRange, TextSize};
use taipan_bytecode::{CodeFlags, Const, ITERATOR, Op};

use super::unit::{InlinedScope, InlinedVariable, NamedSpan, Operand, Unit, UnitKind};
use super::{Compiler, Step};
use crate::symtable::{ComprehensionKind, Resolution, ScopeId, ScopeKind};

/// What a comprehension does with each element.
#[derive(Clone, Copy)]
struct Element<'a> {
    kind: ComprehensionKind,
    key: Option<&'a Expr>,
    value: &'a Expr,
    /// The list, set or dict that grows.
    result: u16,
    /// The whole comprehension.
    range: TextRange,
}

impl<'a> Compiler<'a> {
    pub(super) fn comprehension(&mut self, expr: &'a Expr, dst: u16) -> Step {
        use ComprehensionKind::*;
        let (kind, generators, key, value, scope) = match expr {
            Expr::ListComp(e) => (List, &e.generators, None, &*e.elt, self.scope_of(e, ScopeKind::Comprehension(List))),
            Expr::SetComp(e) => (Set, &e.generators, None, &*e.elt, self.scope_of(e, ScopeKind::Comprehension(Set))),
            Expr::DictComp(e) => {
                (Dict, &e.generators, e.key.as_deref(), &*e.value, self.scope_of(e, ScopeKind::Comprehension(Dict)))
            }
            Expr::Generator(e) => {
                (Generator, &e.generators, None, &*e.elt, self.scope_of(e, ScopeKind::Comprehension(Generator)))
            }
            _ => return Ok(()),
        };
        if let Some(starred) = [key, Some(value)].into_iter().flatten().find(|e| e.is_starred_expr()) {
            return self.error(starred.range(), "iterable unpacking cannot be used in comprehension");
        }
        let range = self.comprehension_range(expr);
        let element = Element { kind, key, value, result: dst, range };
        if self.table.scopes[scope].inlined {
            return self.through_temporary(dst, |c, dst| {
                c.comprehension_in_place(range, generators, Element { result: dst, ..element }, scope)
            });
        }
        self.comprehension_function(range, generators, element, scope, dst)
    }

    fn comprehension_in_place(
        &mut self,
        range: TextRange,
        generators: &'a [Comprehension],
        element: Element<'a>,
        scope: ScopeId,
    ) -> Step {
        let Some(first) = generators.first() else { return Ok(()) };
        let variables = self.inlined_variables(scope);
        let count = variables.len() as u32;
        self.unit().alloc_run(count);
        let start = self.unit().code.len();
        // The iterable is evaluated outside of the comprehension's scope, but belongs to its first loop.
        let state_size = if first.is_async { 1 } else { 3 };
        let state = self.unit().alloc_run(state_size);
        // Right behind the iterable, the loop may do without it (a call of `range`). Over several lines, somebody may be told of each.
        let whole = self.locate(range);
        let at_once = whole.line == whole.end_line;
        if at_once {
            self.begin_comprehension(range, first, element, &variables);
        }
        let iterable = if first.is_async {
            self.operand_in(&first.iter, Some(state))?
        } else {
            self.iterable_in(&first.iter, state)?
        };
        if !at_once {
            self.begin_comprehension(range, first, element, &variables);
        }
        let first_reg = variables.first().map(|v| v.reg);
        self.unit().inlined.push(InlinedScope { scope, variables });
        self.loops(generators, 0, Some((state, iterable)), element)?;
        self.unit().free_run(state_size);
        let inlined = self.unit().inlined.pop();
        if let Some(reg) = first_reg {
            self.unit().emit(Op::ClearRange, reg, 0, count as u16);
        }
        let unit = self.unit();
        unit.free_run(count);
        let end = unit.code.len();
        let spans = inlined.into_iter().flat_map(|i| i.variables);
        unit.named_spans.extend(spans.map(|v| NamedSpan { name: v.name, reg: v.reg, is_cell: v.is_cell, start, end }));
        Ok(())
    }

    /// The empty result, and variables that have no value yet.
    fn begin_comprehension(
        &mut self,
        range: TextRange,
        first: &'a Comprehension,
        element: Element<'a>,
        variables: &[InlinedVariable],
    ) {
        self.at(&range);
        let build = match element.kind {
            ComprehensionKind::Set => Op::BuildSet,
            ComprehensionKind::Dict => Op::BuildMap,
            _ => Op::BuildList,
        };
        self.unit().emit(build, element.result, element.result, 0);
        let assigned_first = names_in(&first.target);
        for variable in variables {
            if variable.is_cell {
                self.fresh_cell(variable.reg);
            } else if !assigned_first.iter().any(|n| **n == variable.name) {
                self.unit().emit(Op::Clear, variable.reg, 0, 0);
            }
        }
    }

    /// Range of a comprehension. A generator expression that is a call's only argument includes the call's parentheses.
    fn comprehension_range(&self, expr: &Expr) -> TextRange {
        let range = expr.range();
        if !matches!(expr, Expr::Generator(e) if !e.parenthesized) {
            return range;
        }
        let text = self.source.text();
        let before = text.get(..range.start().into()).and_then(|t| t.rfind('('));
        let after = text.get(range.end().into()..).and_then(|t| t.find(')')).map(|n| usize::from(range.end()) + n + 1);
        match (before, after) {
            (Some(start), Some(end)) => TextRange::new(TextSize::new(start as u32), TextSize::new(end as u32)),
            _ => range,
        }
    }

    /// As `operand_in`, for something that is only iterated over.
    fn iterable_in(&mut self, expr: &'a Expr, reg: u16) -> Step<Operand> {
        let folded = match expr {
            Expr::List(e) => self.constants(&e.elts).map(|items| Const::Tuple(items.into())),
            Expr::Set(e) => self.constants(&e.elts).map(super::fold::frozenset),
            _ => None,
        };
        let Some(value) = folded else { return self.operand_in(expr, Some(reg)) };
        self.at(expr);
        self.unit().load_const(reg, value);
        Ok(Operand { reg, consume: true, owned: false })
    }

    /// The comprehension's own variables, in the next temporaries.
    fn inlined_variables(&self, scope: ScopeId) -> Vec<InlinedVariable> {
        let top = self.unit_ref().top();
        let own = self.table.scopes[scope]
            .symbols
            .iter()
            .filter(|s| matches!(s.resolution, Resolution::Local | Resolution::Cell) && s.name.as_str() != ".0");
        own.enumerate()
            .map(|(n, s)| InlinedVariable {
                name: s.name.clone(),
                reg: top + n as u16,
                is_cell: s.resolution == Resolution::Cell,
                assigned: false,
            })
            .collect()
    }

    /// The loops from generator `n` on. The first one's state and iterable are given.
    fn loops(
        &mut self,
        generators: &'a [Comprehension],
        n: usize,
        given: Option<(u16, Operand)>,
        element: Element<'a>,
    ) -> Step {
        let Some(generator) = generators.get(n) else { return self.element(element) };
        if generator.is_async {
            return self.async_loop(generators, n, given, element);
        }
        if given.is_none()
            && let Some(single) = single_element(&generator.iter)
        {
            return self.assignment_loop(generators, n, single, element);
        }
        let (state, iterable) = match given {
            Some(given) => given,
            None => {
                let state = self.unit().alloc_run(3);
                (state, self.iterable_in(&generator.iter, state)?)
            }
        };
        self.at(&generator.iter);
        let (body, next) = (self.unit().new_label(), self.unit().new_label());
        let unit = self.unit();
        // The parameter of a comprehension's function.
        let is_iterator = unit.kind == UnitKind::Comprehension && iterable.reg == 0;
        let flags = if is_iterator { ITERATOR } else { Self::consume_b(iterable) };
        unit.emit_jump(Op::ForPrep, flags, state, iterable.reg, 0, next);
        self.unit().bind(body);
        let item = self.loop_target(&generator.target)?;
        for condition in &generator.ifs {
            self.jump_if(condition, next, false)?;
        }
        self.loops(generators, n + 1, None, element)?;
        self.unit().bind(next);
        self.at(&generator.iter);
        self.unit().emit_jump(Op::ForNext, 0, item, state, 0, body);
        if given.is_none() {
            self.unit().free_run(3);
        }
        Ok(())
    }

    /// `for x in [value]` is an assignment.
    fn assignment_loop(
        &mut self,
        generators: &'a [Comprehension],
        n: usize,
        value: &'a Expr,
        element: Element<'a>,
    ) -> Step {
        let generator = &generators[n];
        let value = self.temporary(value)?;
        self.assign_to(&generator.target, value)?;
        let skip = self.unit().new_label();
        for condition in &generator.ifs {
            self.jump_if(condition, skip, false)?;
        }
        self.loops(generators, n + 1, None, element)?;
        self.unit().bind(skip);
        Ok(())
    }

    fn async_loop(
        &mut self,
        generators: &'a [Comprehension],
        n: usize,
        given: Option<(u16, Operand)>,
        element: Element<'a>,
    ) -> Step {
        let generator = &generators[n];
        let (iterator, iterable) = match given {
            Some(given) => given,
            None => {
                let reg = self.unit().alloc();
                (reg, self.operand_in(&generator.iter, Some(reg))?)
            }
        };
        self.at(&generator.iter);
        if !self.is_iterator_parameter(given) {
            self.unit().push(Op::GetAIter, Self::consume_b(iterable), iterator, iterable.reg, 0);
        }
        let (top, outer, end) =
            self.async_next(iterator, element.range, |c, item| c.assign_to(&generator.target, item))?;
        for condition in &generator.ifs {
            self.jump_if(condition, top, false)?;
        }
        self.loops(generators, n + 1, None, element)?;
        self.unit().jump(top);
        self.async_end(iterator, outer, end, &generator.iter);
        if given.is_none() {
            self.unit().free_run(1);
        }
        Ok(())
    }

    /// In a generator expression's function the parameter is an asynchronous iterator already.
    fn is_iterator_parameter(&self, given: Option<(u16, Operand)>) -> bool {
        given.is_some_and(|(iterator, operand)| iterator == operand.reg && !operand.consume)
    }

    fn element(&mut self, element: Element<'a>) -> Step {
        match element.kind {
            ComprehensionKind::Dict => {
                let Some(key) = element.key else { return Ok(()) };
                let key = self.early_operand(key, &[element.value], None)?;
                let value = self.operand(element.value)?;
                self.at(element.value);
                self.unit().push(Op::MapAdd, Self::consume_flags(key, value), element.result, key.reg, value.reg);
                self.unit().free(value);
                self.unit().free(key);
            }
            ComprehensionKind::Generator => {
                let value = self.operand(element.value)?;
                self.at(element.value);
                let sent = if value.owned { value.reg } else { self.unit().alloc() };
                self.emit_yield(Operand { owned: false, ..value }, sent);
                self.unit().emit(Op::Clear, sent, 0, 0);
                self.unit().free_run(1);
            }
            kind => {
                let op = if kind == ComprehensionKind::Set { Op::SetAdd } else { Op::ListAppend };
                let value = self.operand(element.value)?;
                self.at(element.value);
                self.unit().push(op, Self::consume_b(value), element.result, value.reg, 0);
                self.unit().free(value);
            }
        }
        Ok(())
    }

    fn comprehension_function(
        &mut self,
        range: TextRange,
        generators: &'a [Comprehension],
        element: Element<'a>,
        scope: ScopeId,
        dst: u16,
    ) -> Step {
        let Some(first) = generators.first() else { return Ok(()) };
        let code = self.comprehension_code(range, generators, element, scope)?;
        let is_coroutine = code.flags.has(CodeFlags::COROUTINE);
        let base = self.unit().alloc_run(2);
        self.at(&range);
        self.make_closure(code, scope, base);
        let argument = self.unit().alloc();
        self.expr_to(&first.iter, argument)?;
        self.at(&range);
        let get = if first.is_async { Op::GetAIter } else { Op::GetIter };
        self.unit().push(get, taipan_bytecode::CONSUME_B, argument, argument, 0);
        if is_coroutine && element.kind != ComprehensionKind::Generator {
            let value = self.call_block(base, 0, 1, base);
            let reg = self.unit().alloc();
            debug_assert_eq!(reg, base);
            self.await_value(Operand { owned: true, ..value }, 0, dst);
            return Ok(());
        }
        self.call_block(base, 0, 1, dst);
        Ok(())
    }

    fn comprehension_code(
        &mut self,
        range: TextRange,
        generators: &'a [Comprehension],
        element: Element<'a>,
        id: ScopeId,
    ) -> Step<std::sync::Arc<taipan_bytecode::Code>> {
        let location = self.locate(range);
        let parameters = [Name::new_static(".0")];
        let scope = &self.table.clone().scopes[id];
        let mut unit = Unit::new(UnitKind::Comprehension, id, scope, &scope.name, &parameters, location.line);
        unit.arg_count = 1;
        unit.flags = self.function_flags(id);
        self.enter_unit(unit);
        self.unit().location = location;
        self.start_unit();
        self.unit().location = location;
        let result = match element.kind {
            ComprehensionKind::Generator => 0,
            kind => {
                let result = self.unit().alloc();
                let build = match kind {
                    ComprehensionKind::Set => Op::BuildSet,
                    ComprehensionKind::Dict => Op::BuildMap,
                    _ => Op::BuildList,
                };
                self.unit().emit(build, result, result, 0);
                result
            }
        };
        let element = Element { result, ..element };
        let is_async = generators.first().is_some_and(|g| g.is_async);
        let state = self.unit().alloc_run(if is_async { 1 } else { 3 });
        if is_async {
            self.unit().emit(Op::Move, state, 0, 0);
            self.loops(generators, 0, Some((state, Operand::borrowed(state))), element)?;
        } else {
            self.loops(generators, 0, Some((state, Operand::borrowed(0))), element)?;
        }
        self.at(&range);
        if element.kind == ComprehensionKind::Generator {
            self.return_const(Const::None);
        } else {
            self.emit_return(Operand { reg: result, consume: true, owned: false });
        }
        self.finish_unit()
    }
}

/// The only element of a list or tuple display.
fn single_element(iter: &Expr) -> Option<&Expr> {
    let elts = match iter {
        Expr::List(e) => &e.elts,
        Expr::Tuple(e) => &e.elts,
        _ => return None,
    };
    match &elts[..] {
        [single] if !single.is_starred_expr() => Some(single),
        _ => None,
    }
}

/// The names that a target assigns for sure.
fn names_in(target: &Expr) -> Vec<&Name> {
    match target {
        Expr::Name(e) => vec![&e.id],
        Expr::Tuple(e) => e.elts.iter().flat_map(names_in).collect(),
        Expr::List(e) => e.elts.iter().flat_map(names_in).collect(),
        Expr::Starred(e) => names_in(&e.value),
        _ => Vec::new(),
    }
}
