//! Calls: blocks of registers, methods without bound methods, keywords, unpacked arguments, and `super()`.

use ruff_python_ast::{self as ast, Expr, Keyword};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::{CONSUME_A, CONSUME_B, CONSUME_C, Const, HAS_KWARGS, HAS_SELF, NEGATE, Op, TWO_ARGS};

use super::unit::Operand;
use super::{Compiler, Step};

/// Calls with more arguments than this pass them in a tuple and a dict.
const MAX_BLOCK: usize = 30;

/// Builtins whose call with a generator expression is a loop in place; their numbers are those of `LoadCommonConstant`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fold {
    Tuple = 2,
    All = 3,
    Any = 4,
}

impl Fold {
    fn of(name: &str) -> Option<Fold> {
        Some(match name {
            "tuple" => Fold::Tuple,
            "all" => Fold::All,
            "any" => Fold::Any,
            _ => return None,
        })
    }
}

impl<'a> Compiler<'a> {
    pub(super) fn call(&mut self, e: &'a ast::ExprCall, dst: u16) -> Step {
        self.check_callable(&e.func);
        let (args, keywords) = (&e.arguments.args, &e.arguments.keywords);
        self.check_keywords(keywords)?;
        if let (Expr::Name(name), [Expr::Generator(_)], []) = (&*e.func, &**args, &**keywords)
            && let Some(fold) = Fold::of(&name.id)
        {
            return self.call_folding(e, &args[0], fold, dst);
        }
        if needs_unpacking(args, keywords) {
            return self.call_unpacking(e, dst);
        }
        let base = self.unit().top();
        let mut flags = 0;
        match &*e.func {
            Expr::Attribute(attribute) => {
                self.load_method(attribute, base)?;
                flags = HAS_SELF;
            }
            func => {
                self.unit().alloc();
                self.expr_to(func, base)?;
                self.unit().alloc();
            }
        }
        self.finish_call(base, flags, args, keywords, dst, |c| match &*e.func {
            Expr::Attribute(attribute) => c.at_attribute(attribute, e.range()),
            _ => c.at(e),
        })
    }

    /// `any`, `all` or `tuple` of a generator expression: a loop over that, if the name means the builtin.
    fn call_folding(&mut self, e: &'a ast::ExprCall, generator: &'a Expr, fold: Fold, dst: u16) -> Step {
        let base = self.unit().alloc_run(3);
        self.expr_to(&e.func, base)?;
        let [plain, body, next, found, end] = std::array::from_fn(|_| self.unit().new_label());
        self.expr_to(generator, base + 2)?;
        self.at(&*e.func);
        self.unit().emit(Op::LoadCommonConstant, base + 1, 0, fold as u16);
        self.unit().emit_jump(Op::JumpIs, NEGATE | CONSUME_C, 0, base, base + 1, plain);
        self.unit().push(Op::Move, CONSUME_B, base, base + 2, 0);
        let list = self.unit().alloc_run(2);
        let item = list + 1;
        if fold == Fold::Tuple {
            self.unit().emit(Op::BuildList, list, list, 0);
        }
        self.unit().emit_jump(Op::ForPrep, CONSUME_B, base, base, 0, next);
        self.unit().bind(body);
        match fold {
            Fold::Any => self.unit().emit_jump(Op::JumpIfTrue, CONSUME_A, item, 0, 0, found),
            Fold::All => self.unit().emit_jump(Op::JumpIfFalse, CONSUME_A, item, 0, 0, found),
            Fold::Tuple => {
                self.unit().push(Op::ListAppend, CONSUME_B, list, item, 0);
            }
        }
        self.unit().bind(next);
        self.unit().emit_jump(Op::ForNext, 0, item, base, 0, body);
        match fold {
            Fold::Any => self.unit().load_const(dst, Const::Bool(false)),
            Fold::All => self.unit().load_const(dst, Const::Bool(true)),
            Fold::Tuple => {
                self.unit().push(Op::ListToTuple, CONSUME_B, dst, list, 0);
            }
        }
        self.unit().jump(end);
        self.unit().free_run(2);
        self.unit().bind(found);
        if fold != Fold::Tuple {
            self.unit().emit(Op::ClearRange, base, 0, 3);
            self.unit().load_const(dst, if fold == Fold::Any { Const::Bool(true) } else { Const::Bool(false) });
            self.unit().jump(end);
        }
        self.unit().bind(plain);
        self.at(e);
        self.unit().push(Op::Call, 0, dst, base, 1);
        self.unit().bind(end);
        self.unit().free_run(3);
        Ok(())
    }

    /// Loads `[function, self]` for a method call into `base`, the next two temporaries, which are left allocated.
    fn load_method(&mut self, e: &'a ast::ExprAttribute, base: u16) -> Step {
        if let Some((block, flags)) = self.super_block(&e.value)? {
            self.at_attribute(e, e.range());
            let name = self.name_index(&e.attr);
            self.unit().push(Op::LoadSuperMethod, flags, base, block, name);
            self.unit().free_run(1);
            return Ok(());
        }
        self.unit().alloc_run(2);
        let object = self.operand_in(&e.value, Some(base))?;
        self.at_attribute(e, e.range());
        let name = self.name_index(&e.attr);
        self.unit().push(Op::LoadMethod, Self::consume_b(object), base, object.reg, name);
        Ok(())
    }

    /// Evaluates arguments after the two registers of a call block, calls, and frees the block.
    pub(super) fn finish_call(
        &mut self,
        base: u16,
        flags: u8,
        args: &'a [Expr],
        keywords: &'a [Keyword],
        dst: u16,
        locate: impl FnOnce(&mut Self),
    ) -> Step {
        for arg in args.iter().chain(keywords.iter().map(|k| &k.value)) {
            let reg = self.unit().alloc();
            self.expr_to(arg, reg)?;
        }
        locate(self);
        let count = (args.len() + keywords.len()) as u16;
        self.emit_call(base, flags, count, keywords, dst);
        self.unit().free_run(u32::from(count) + 2);
        Ok(())
    }

    fn emit_call(&mut self, base: u16, flags: u8, count: u16, keywords: &[Keyword], dst: u16) {
        if keywords.is_empty() {
            self.unit().push(Op::Call, flags, dst, base, count);
            return;
        }
        let names = keywords.iter().filter_map(|k| k.arg.as_ref());
        let names: Vec<Const> = names.map(|n| Const::Str(n.as_str().into())).collect();
        let index = self.unit().constant(Const::Tuple(names.into()));
        self.unit().push(Op::CallKw, flags, dst, base, count).extra = index.into();
    }

    /// `super()` or `super(type, object)` where the name means the builtin: loads `[super, class, object]` into
    /// the next three temporaries.
    pub(super) fn super_block(&mut self, value: &'a Expr) -> Step<Option<(u16, u8)>> {
        let Expr::Call(call) = value else { return Ok(None) };
        let Expr::Name(name) = &*call.func else { return Ok(None) };
        let arguments = &call.arguments;
        if name.id.as_str() != "super" || !arguments.keywords.is_empty() || !self.is_implicit_global("super") {
            return Ok(None);
        }
        match &*arguments.args {
            [] => {
                let Some((class, first)) = self.super_arguments() else { return Ok(None) };
                if !self.unit_ref().inlined.is_empty() {
                    return Ok(None);
                }
                let base = self.unit().alloc_run(3);
                self.at(&*call.func);
                self.load_name_to("super", base);
                self.at(call);
                self.load_place(class, base + 1);
                self.load_place(first, base + 2);
                Ok(Some((base, 0)))
            }
            [class, object] if !class.is_starred_expr() && !object.is_starred_expr() => {
                let base = self.unit().alloc();
                self.at(&*call.func);
                self.load_name_to("super", base);
                self.temporary(class)?;
                self.temporary(object)?;
                Ok(Some((base, TWO_ARGS)))
            }
            _ => Ok(None),
        }
    }

    fn call_unpacking(&mut self, e: &'a ast::ExprCall, dst: u16) -> Step {
        let base = self.unit().alloc();
        self.expr_to(&e.func, base)?;
        self.unit().alloc();
        self.call_ex(base, &[], &e.arguments.args, &e.arguments.keywords, dst, |c| match &*e.func {
            Expr::Attribute(attribute) => c.at_attribute(attribute, e.range()),
            _ => c.at(e),
        })
    }

    /// Calls `R[base]` with `given` values, already in temporaries after the block's first two registers, then `args` and `keywords`
    /// with whatever they unpack. Frees the block.
    pub(super) fn call_ex(
        &mut self,
        base: u16,
        given: &[u16],
        args: &'a [Expr],
        keywords: &'a [Keyword],
        dst: u16,
        locate: impl FnOnce(&mut Self),
    ) -> Step {
        let list = base + 2;
        match args {
            [Expr::Starred(starred)] if given.is_empty() => {
                let reg = self.unit().alloc();
                self.expr_to(&starred.value, reg)?;
            }
            _ => {
                if given.is_empty() {
                    self.unit().alloc();
                    if args.iter().any(Expr::is_starred_expr) || args.len() > MAX_BLOCK {
                        self.sequence_of(args, list, Op::BuildList)?;
                        self.unit().push(Op::ListToTuple, taipan_bytecode::CONSUME_B, list, list, 0);
                    } else {
                        self.block_of(args, list, Op::BuildTuple)?;
                    }
                } else {
                    self.unit().emit(Op::BuildList, list, list, given.len() as u16);
                    self.unit().free_run(given.len() as u32 - 1);
                    self.append_all(args, list, Op::BuildList)?;
                    self.unit().push(Op::ListToTuple, taipan_bytecode::CONSUME_B, list, list, 0);
                }
            }
        }
        self.finish_call_ex(base, keywords, dst, locate)
    }

    /// As `call_ex`, for arguments already in a list after the block's first two registers.
    pub(super) fn call_ex_with_list(
        &mut self,
        base: u16,
        keywords: &'a [Keyword],
        dst: u16,
        locate: impl FnOnce(&mut Self),
    ) -> Step {
        self.unit().push(Op::ListToTuple, taipan_bytecode::CONSUME_B, base + 2, base + 2, 0);
        self.finish_call_ex(base, keywords, dst, locate)
    }

    fn finish_call_ex(&mut self, base: u16, keywords: &'a [Keyword], dst: u16, locate: impl FnOnce(&mut Self)) -> Step {
        let mut flags = 0;
        if !keywords.is_empty() {
            let dict = self.unit().alloc();
            self.keyword_dict(keywords, dict, base)?;
            flags = HAS_KWARGS;
        }
        locate(self);
        self.unit().push(Op::CallEx, flags, dst, base, 0);
        self.unit().free_run(if keywords.is_empty() { 3 } else { 4 });
        Ok(())
    }

    /// The dict of keyword arguments, in `dict`; `callable` is named by errors about duplicates.
    fn keyword_dict(&mut self, keywords: &'a [Keyword], dict: u16, callable: u16) -> Step {
        let mut rest = keywords;
        let plain = rest.iter().take_while(|k| k.arg.is_some()).count().min(MAX_BLOCK);
        let first = self.unit().top();
        for keyword in &rest[..plain] {
            self.keyword_pair(keyword)?;
        }
        self.unit().emit(Op::BuildMap, dict, first, plain as u16);
        self.unit().free_run(2 * plain as u32);
        rest = &rest[plain..];
        for keyword in rest {
            if keyword.arg.is_some() {
                // Later plain keywords are merged too, so that duplicates are refused.
                let first = self.unit().top();
                self.keyword_pair(keyword)?;
                self.unit().emit(Op::BuildMap, first, first, 1);
                self.unit().push(Op::DictMerge, taipan_bytecode::CONSUME_B, dict, first, callable);
                self.unit().free_run(2);
            } else {
                let mapping = self.operand(&keyword.value)?;
                self.at(&keyword.value);
                self.unit().push(Op::DictMerge, Self::consume_b(mapping), dict, mapping.reg, callable);
                self.unit().free(mapping);
            }
        }
        Ok(())
    }

    fn keyword_pair(&mut self, keyword: &'a Keyword) -> Step {
        let name = keyword.arg.as_ref().map(|name| name.as_str());
        self.at(keyword);
        let key = self.unit().alloc();
        self.unit().load_const(key, Const::Str(name.unwrap_or_default().into()));
        self.temporary(&keyword.value)?;
        Ok(())
    }

    pub(super) fn check_keywords(&mut self, keywords: &[Keyword]) -> Step {
        for (n, keyword) in keywords.iter().enumerate() {
            let Some(name) = &keyword.arg else { continue };
            self.forbid_debug(name, keyword.range)?;
            if keywords[..n].iter().any(|k| k.arg.as_ref().is_some_and(|k| k.id == name.id)) {
                return self.error(keyword.range, format!("keyword argument repeated: {name}"));
            }
        }
        Ok(())
    }

    /// `del`, assignment and parameters may not name `__debug__`.
    pub(super) fn forbid_debug(&self, name: &str, range: TextRange) -> Step {
        if name == "__debug__" { self.error(range, "cannot assign to __debug__") } else { Ok(()) }
    }

    /// Calls `R[base]`, a block of `count` positional arguments already in place; the block is freed.
    pub(super) fn call_block(&mut self, base: u16, flags: u8, count: u16, dst: u16) -> Operand {
        self.unit().push(Op::Call, flags, dst, base, count);
        self.unit().free_run(u32::from(count) + 2);
        Operand { reg: dst, consume: true, owned: false }
    }
}

/// Whether the arguments have to be passed in a tuple and a dict.
pub(super) fn needs_unpacking(args: &[Expr], keywords: &[Keyword]) -> bool {
    args.iter().any(Expr::is_starred_expr)
        || keywords.iter().any(|k| k.arg.is_none())
        || args.len() + keywords.len() > MAX_BLOCK
}
