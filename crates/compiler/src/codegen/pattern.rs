//! `match`: patterns test the subject without consuming it and leave what they take out of it in temporaries;
//! names are bound when the whole pattern has matched. A test that fails jumps to a label for the number of
//! temporaries then live, where a chain of instructions clears them one by one.

use ruff_python_ast::name::Name;
use ruff_python_ast::{self as ast, Pattern, Singleton};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::{CONSUME_A, CONSUME_B, CONSUME_C, Const, NEGATE, Op};

use super::unit::{Label, Operand};
use super::{Compiler, Step};

/// A pattern being compiled.
struct Matching {
    /// The first temporary that it uses.
    base: u16,
    /// Where to jump on failure, by the number of temporaries from `base` up.
    fails: Vec<Label>,
    /// Names to bind, and the registers that hold their values.
    captures: Vec<(Name, u16, TextRange)>,
    /// Whether a pattern that matches anything may stand here.
    may_match_all: bool,
}

impl<'a> Compiler<'a> {
    pub(super) fn match_statement(&mut self, s: &'a ast::StmtMatch) -> Step {
        let end = self.unit().new_label();
        let subject = self.temporary(&s.subject)?;
        let last = s.cases.len().saturating_sub(1);
        let mut open = true;
        for (n, case) in s.cases.iter().enumerate() {
            let mut m = self.new_matching(n == last || case.guard.is_some());
            self.pattern(&case.pattern, subject.reg, &mut m)?;
            self.at(&case.pattern);
            self.bind_captures(&mut m)?;
            if let Some(guard) = &case.guard {
                let fail = self.fail_label(&mut m);
                self.jump_if(guard, fail, false)?;
            }
            open = !m.fails.is_empty();
            self.at(&case.pattern);
            self.unit().emit(Op::Clear, subject.reg, 0, 0);
            self.conditional_body(&case.body)?;
            self.unit().jump(end);
            self.nowhere();
            self.bind_fails(m);
        }
        if open {
            self.unit().emit(Op::Clear, subject.reg, 0, 0);
        }
        self.unit().free(subject);
        self.unit().bind(end);
        Ok(())
    }

    fn new_matching(&self, may_match_all: bool) -> Matching {
        Matching { base: self.unit_ref().top(), fails: Vec::new(), captures: Vec::new(), may_match_all }
    }

    /// A pattern within another, which may match anything.
    fn subpattern(&mut self, pattern: &'a Pattern, subject: u16, m: &mut Matching) -> Step {
        let outer = std::mem::replace(&mut m.may_match_all, true);
        let result = self.pattern(pattern, subject, m);
        m.may_match_all = outer;
        result
    }

    /// The label to jump to on failure, all temporaries allocated since the beginning being live.
    fn fail_label(&mut self, m: &mut Matching) -> Label {
        let live = usize::from(self.unit_ref().top() - m.base);
        while m.fails.len() <= live {
            let label = self.unit().new_label();
            m.fails.push(label);
        }
        m.fails[live]
    }

    /// The chain of clearing code; ends where all temporaries of the pattern are dead.
    fn bind_fails(&mut self, m: Matching) {
        for (live, label) in m.fails.iter().enumerate().rev() {
            self.unit().bind(*label);
            if live > 0 {
                self.unit().emit(Op::Clear, m.base + live as u16 - 1, 0, 0);
            }
        }
    }

    /// Binds the captured names, in the order of the source, and clears the temporaries.
    fn bind_captures(&mut self, m: &mut Matching) -> Step {
        for (name, reg, range) in std::mem::take(&mut m.captures) {
            self.forbid_debug(&name, range)?;
            self.store_name(&name, Operand::borrowed(reg));
        }
        self.clear_matching(m);
        Ok(())
    }

    fn clear_matching(&mut self, m: &Matching) {
        let live = self.unit_ref().top() - m.base;
        match live {
            0 => {}
            1 => self.unit().emit(Op::Clear, m.base, 0, 0),
            n => self.unit().emit(Op::ClearRange, m.base, 0, n),
        }
        self.unit().free_run(live.into());
    }

    fn capture(&mut self, m: &mut Matching, name: &ast::Identifier, reg: u16, range: TextRange) -> Step {
        if m.captures.iter().any(|(known, ..)| *known == name.id) {
            return self.error(range, format!("multiple assignments to name '{name}' in pattern"));
        }
        m.captures.push((name.id.clone(), reg, range));
        Ok(())
    }

    fn pattern(&mut self, pattern: &'a Pattern, subject: u16, m: &mut Matching) -> Step {
        match pattern {
            Pattern::MatchValue(p) => self.value_pattern(p, subject, m),
            Pattern::MatchSingleton(p) => {
                self.at(p);
                let fail = self.fail_label(m);
                let value = match p.value {
                    Singleton::None => {
                        self.unit().emit_jump(Op::JumpIfNotNone, 0, subject, 0, 0, fail);
                        return Ok(());
                    }
                    Singleton::True => Const::Bool(true),
                    Singleton::False => Const::Bool(false),
                };
                let reg = self.unit().alloc();
                self.unit().load_const(reg, value);
                self.unit().emit_jump(Op::JumpIs, NEGATE | CONSUME_C, 0, subject, reg, fail);
                self.unit().free_run(1);
                Ok(())
            }
            Pattern::MatchSequence(p) => self.sequence_pattern(p, subject, m),
            Pattern::MatchMapping(p) => self.mapping_pattern(p, subject, m),
            Pattern::MatchClass(p) => self.class_pattern(p, subject, m),
            Pattern::MatchStar(p) => self.error(p.range, "can't use starred expression here"),
            Pattern::MatchAs(p) => {
                match &p.pattern {
                    Some(inner) => self.pattern(inner, subject, m)?,
                    None if m.may_match_all => {}
                    None => {
                        let message = match &p.name {
                            Some(name) => format!("name capture '{name}' makes remaining patterns unreachable"),
                            None => "wildcard makes remaining patterns unreachable".to_string(),
                        };
                        return self.error(p.range, message);
                    }
                }
                match &p.name {
                    Some(name) => self.capture(m, name, subject, p.range),
                    None => Ok(()),
                }
            }
            Pattern::MatchOr(p) => self.or_pattern(p, subject, m),
        }
    }

    fn value_pattern(&mut self, p: &'a ast::PatternMatchValue, subject: u16, m: &mut Matching) -> Step {
        if matches!(&*p.value, ast::Expr::FString(_) | ast::Expr::TString(_)) {
            return self.error(p.range, "patterns may only match literals and attribute lookups");
        }
        if let Some(n) = self.immediate(&p.value) {
            self.at(p);
            let fail = self.fail_label(m);
            self.unit().emit_jump(Op::JumpEqImm, NEGATE, 0, subject, n as u16, fail);
            return Ok(());
        }
        let fail = self.fail_label(m);
        let value = self.operand(&p.value)?;
        self.at(p);
        self.unit().emit_jump(Op::JumpEq, NEGATE | Self::consume_c(value), 0, subject, value.reg, fail);
        self.unit().free(value);
        Ok(())
    }

    /// Fails unless the test, which writes a bool, holds.
    fn require(&mut self, op: Op, subject: u16, m: &mut Matching) {
        let fail = self.fail_label(m);
        let reg = self.unit().alloc();
        self.unit().emit(op, reg, subject, 0);
        self.unit().emit_jump(Op::JumpIfFalse, CONSUME_A, reg, 0, 0, fail);
        self.unit().free_run(1);
    }

    /// Fails unless the subject's length compares so with `n`.
    fn require_length(&mut self, op: Op, n: usize, subject: u16, m: &mut Matching) {
        let fail = self.fail_label(m);
        let reg = self.unit().alloc();
        self.unit().emit(Op::GetLen, reg, subject, 0);
        self.unit().emit_jump(op, NEGATE | CONSUME_B, 0, reg, n as u16, fail);
        self.unit().free_run(1);
    }

    fn sequence_pattern(&mut self, p: &'a ast::PatternMatchSequence, subject: u16, m: &mut Matching) -> Step {
        let stars = p.patterns.iter().filter(|p| p.is_match_star()).count();
        if stars > 1 {
            return self.error(p.range, "multiple starred names in sequence pattern");
        }
        let count = p.patterns.len();
        if count > 250 {
            return self.error(p.range, "too many expressions in star-unpacking sequence pattern");
        }
        let star = p.patterns.iter().position(|p| p.is_match_star());
        self.at(p);
        self.require(Op::MatchSequence, subject, m);
        match star {
            None => self.require_length(Op::JumpEqImm, count, subject, m),
            Some(_) if count > 1 => self.require_length(Op::JumpGeImm, count - 1, subject, m),
            Some(_) => {}
        }
        let only_wildcards = p.patterns.iter().all(|p| match p {
            Pattern::MatchStar(star) => star.name.is_none(),
            p => is_wildcard(p),
        });
        if only_wildcards {
            return Ok(());
        }
        if let Some(at) = star
            && matches!(&p.patterns[at], Pattern::MatchStar(star) if star.name.is_none())
        {
            return self.sequence_by_index(p, at, subject, m);
        }
        let first = self.unit().alloc_run(count as u32);
        match star {
            Some(at) => self.unit().emit(Op::UnpackEx, first, subject, (at | (count - at - 1) << 8) as u16),
            None => self.unit().emit(Op::UnpackSequence, first, subject, count as u16),
        }
        for (n, pattern) in p.patterns.iter().enumerate() {
            let reg = first + n as u16;
            match pattern {
                Pattern::MatchStar(star) => {
                    if let Some(name) = &star.name {
                        self.capture(m, name, reg, star.range)?;
                    }
                }
                pattern => self.subpattern(pattern, reg, m)?,
            }
        }
        Ok(())
    }

    /// A sequence whose star takes nothing: the items are fetched one by one.
    fn sequence_by_index(
        &mut self,
        p: &'a ast::PatternMatchSequence,
        star: usize,
        subject: u16,
        m: &mut Matching,
    ) -> Step {
        let count = p.patterns.len();
        for (n, pattern) in p.patterns.iter().enumerate() {
            if n == star || is_wildcard(pattern) {
                continue;
            }
            self.at(p);
            let reg = self.unit().alloc();
            if n < star {
                self.unit().emit(Op::LoadItemImm, reg, subject, n as u16);
            } else {
                self.unit().emit(Op::GetLen, reg, subject, 0);
                self.unit().push(Op::SubImm, CONSUME_B, reg, reg, (count - n) as u16);
                self.unit().push(Op::LoadItem, CONSUME_C, reg, subject, reg);
            }
            self.subpattern(pattern, reg, m)?;
        }
        Ok(())
    }

    fn mapping_pattern(&mut self, p: &'a ast::PatternMatchMapping, subject: u16, m: &mut Matching) -> Step {
        self.at(p);
        self.require(Op::MatchMapping, subject, m);
        let count = p.keys.len();
        if count == 0 && p.rest.is_none() {
            return Ok(());
        }
        if count > 0 {
            self.require_length(Op::JumpGeImm, count, subject, m);
        }
        let keys = self.mapping_keys(p)?;
        self.at(p);
        let values = self.unit().alloc();
        self.unit().emit(Op::MatchKeys, values, subject, keys);
        let fail = self.fail_label(m);
        self.unit().emit_jump(Op::JumpIfNone, 0, values, 0, 0, fail);
        let first = self.unit().alloc_run(count as u32);
        self.unit().emit(Op::UnpackSequence, first, values, count as u16);
        for (n, pattern) in p.patterns.iter().enumerate() {
            self.subpattern(pattern, first + n as u16, m)?;
        }
        let Some(rest) = &p.rest else { return Ok(()) };
        self.at(p);
        let dict = self.unit().alloc();
        self.unit().emit(Op::BuildMap, dict, dict, 0);
        self.unit().emit(Op::DictUpdate, dict, subject, 0);
        let first = self.unit().alloc_run(count as u32);
        self.unit().emit(Op::UnpackSequence, first, keys, count as u16);
        for n in 0..count as u16 {
            self.unit().push(Op::DeleteItem, CONSUME_B, dict, first + n, 0);
        }
        self.unit().free_run(count as u32);
        self.capture(m, rest, dict, p.range)
    }

    /// The tuple of a mapping pattern's keys, in a new temporary.
    fn mapping_keys(&mut self, p: &'a ast::PatternMatchMapping) -> Step<u16> {
        let mut seen: Vec<Const> = Vec::new();
        for key in &p.keys {
            if matches!(key, ast::Expr::FString(_) | ast::Expr::TString(_)) {
                return self.error(p.range, "mapping pattern keys may only match literals and attribute lookups");
            }
            if let Some(value) = self.constant(key) {
                if seen.iter().any(|known| super::fold::equal(known, &value)) {
                    let text = super::unparse::unparse(key, self.source);
                    return self.error(p.range, format!("mapping pattern checks duplicate key ({text})"));
                }
                seen.push(value);
            }
        }
        let keys = self.unit().top();
        for key in &p.keys {
            self.temporary(key)?;
        }
        self.at(p);
        let count = p.keys.len() as u32;
        if count == 0 {
            self.unit().alloc();
        } else {
            self.unit().free_run(count - 1);
        }
        self.unit().emit(Op::BuildTuple, keys, keys, count as u16);
        Ok(keys)
    }

    fn class_pattern(&mut self, p: &'a ast::PatternMatchClass, subject: u16, m: &mut Matching) -> Step {
        let (positional, keywords) = (&p.arguments.patterns, &p.arguments.keywords);
        for (n, keyword) in keywords.iter().enumerate() {
            if keywords[..n].iter().any(|k| k.attr.id == keyword.attr.id) {
                let message = format!("attribute name repeated in class pattern: {}", keyword.attr);
                return self.error(keyword.pattern.range(), message);
            }
        }
        for keyword in keywords {
            self.forbid_debug(&keyword.attr, p.range)?;
        }
        let class = self.operand(&p.cls)?;
        self.at(p);
        let names = keywords.iter().map(|k| Const::Str(k.attr.as_str().into()));
        let names = Const::Tuple(names.collect());
        let index = self.unit().constant(names);
        let values = if class.owned { class.reg } else { self.unit().alloc() };
        let count = positional.len() + keywords.len();
        let extra = positional.len() as u64 | u64::from(index) << 32;
        self.unit().push(Op::MatchClass, Self::consume_c(class), values, subject, class.reg).extra = extra;
        let fail = self.fail_label(m);
        self.unit().emit_jump(Op::JumpIfNone, 0, values, 0, 0, fail);
        let first = self.unit().alloc_run(count as u32);
        self.unit().emit(Op::UnpackSequence, first, values, count as u16);
        for (n, pattern) in positional.iter().chain(keywords.iter().map(|k| &k.pattern)).enumerate() {
            self.subpattern(pattern, first + n as u16, m)?;
        }
        Ok(())
    }

    /// Alternatives leave what they capture in the same registers.
    fn or_pattern(&mut self, p: &'a ast::PatternMatchOr, subject: u16, m: &mut Matching) -> Step {
        let matched = self.unit().new_label();
        let mut names = Vec::new();
        if let Some(first) = p.patterns.first() {
            names_of(first, &mut names);
        }
        let outer_fail = self.fail_label(m);
        let targets = self.unit().alloc_run(names.len() as u32);
        let last = p.patterns.len() - 1;
        for (n, alternative) in p.patterns.iter().enumerate() {
            let mut inner = self.new_matching(n == last && m.may_match_all);
            self.pattern(alternative, subject, &mut inner)?;
            let same = inner.captures.len() == names.len() && inner.captures.iter().all(|c| names.contains(&c.0));
            if !same {
                return self.error(p.range, "alternative patterns bind different names");
            }
            self.at(p);
            for (name, reg, _) in std::mem::take(&mut inner.captures) {
                let at = names.iter().position(|n| *n == name).unwrap_or(0);
                self.unit().emit(Op::Move, targets + at as u16, reg, 0);
            }
            self.clear_matching(&inner);
            self.unit().jump(matched);
            self.bind_fails(inner);
        }
        self.unit().jump(outer_fail);
        self.unit().bind(matched);
        for (n, name) in names.into_iter().enumerate() {
            let name = ast::Identifier::new(name, p.range);
            self.capture(m, &name, targets + n as u16, p.range)?;
        }
        Ok(())
    }
}

fn is_wildcard(pattern: &Pattern) -> bool {
    matches!(pattern, Pattern::MatchAs(p) if p.pattern.is_none() && p.name.is_none())
}

/// The names that a pattern captures.
fn names_of(pattern: &Pattern, names: &mut Vec<Name>) {
    match pattern {
        Pattern::MatchValue(_) | Pattern::MatchSingleton(_) => {}
        Pattern::MatchSequence(p) => p.patterns.iter().for_each(|p| names_of(p, names)),
        Pattern::MatchMapping(p) => {
            p.patterns.iter().for_each(|p| names_of(p, names));
            names.extend(p.rest.as_ref().map(|n| n.id.clone()));
        }
        Pattern::MatchClass(p) => {
            p.arguments.patterns.iter().for_each(|p| names_of(p, names));
            p.arguments.keywords.iter().for_each(|k| names_of(&k.pattern, names));
        }
        Pattern::MatchStar(p) => names.extend(p.name.as_ref().map(|n| n.id.clone())),
        Pattern::MatchAs(p) => {
            p.pattern.iter().for_each(|p| names_of(p, names));
            names.extend(p.name.as_ref().map(|n| n.id.clone()));
        }
        Pattern::MatchOr(p) => p.patterns.first().into_iter().for_each(|p| names_of(p, names)),
    }
}
