//! The code generator: syntax tree and symbol table to code objects. [`Compiler`] walks the tree once; the unit
//! at the top of its stack is the code object being made. Each topic (expressions, calls, loops, `try`, …) is an
//! `impl` block in a file of its own.
//!
//! Expressions are compiled towards a destination: `expr_to(e, dst)` writes `dst` in the last instruction that it
//! executes on any path, so `dst` may be a variable that the expression itself reads. `operand(e)` gives a
//! register to read: a variable's own, borrowed, or a fresh temporary that the reader consumes.

mod annotations;
mod assemble;
mod assign;
mod call;
mod class;
mod comprehension;
mod coroutine;
mod display;
mod expr;
mod flow;
mod fold;
mod fstring;
mod function;
mod hoist;
mod import;
mod literal;
mod loops;
mod names;
mod operators;
mod pattern;
mod statement;
mod subscript;
mod try_statement;
mod type_params;
mod unit;
mod unparse;
mod unwind;
mod warn;
mod with;

pub(crate) use fstring::{interpolation_text, without_comments};
pub(crate) use literal::{join, number, string_part};

use std::sync::Arc;

use ruff_python_ast::name::Name;
use ruff_python_ast::{Mod, Stmt};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::{Code, CodeFlags, Const, Location, Op};

use crate::Options;
use crate::parse::{Mode, SyntaxError, SyntaxWarning};
use crate::source::Source;
use crate::symtable::{ScopeId, ScopeKey, ScopeKind, SymbolTable};
use unit::{Operand, Unit, UnitKind};

/// Result of a step of compilation.
pub(crate) type Step<T = ()> = Result<T, Box<SyntaxError>>;

/// How many statements may be nested in one another in one code object.
const MAX_BLOCKS: usize = 21;

/// Generates the code object of a module, expression or interactive statement.
pub(crate) fn generate(
    source: &Source,
    tree: &Mod,
    mode: Mode,
    table: SymbolTable,
    options: &Options,
) -> Step<(Arc<Code>, Vec<SyntaxWarning>)> {
    let filename: Arc<str> = source.filename().into();
    let mut c = Compiler {
        source,
        table: Arc::new(table),
        units: Vec::new(),
        options,
        filename,
        warnings: Vec::new(),
        interactive: false,
    };
    let unit = Unit::new(UnitKind::Module, 0, &c.table.scopes[0], "<module>", &[], 1);
    c.units.push(unit);
    c.unit().location = Location { line: 1, end_line: 1, col: 0, end_col: 0 };
    if options.top_level_await && c.table.scopes[0].coroutine {
        c.unit().flags |= CodeFlags::COROUTINE;
    }
    match tree {
        Mod::Module(module) => c.module(&module.body, mode == Mode::Single)?,
        Mod::Expression(expression) => {
            c.start_unit();
            let value = c.operand(&expression.body)?;
            c.emit_return(value);
        }
    }
    let code = c.finish_unit()?;
    Ok((code, c.warnings))
}

pub(crate) struct Compiler<'a> {
    source: &'a Source,
    table: Arc<SymbolTable>,
    /// The values of expression statements outside of functions and classes are displayed.
    interactive: bool,
    units: Vec<Unit<'a>>,
    options: &'a Options,
    filename: Arc<str>,
    warnings: Vec<SyntaxWarning>,
}

impl<'a> Compiler<'a> {
    /// The unit being compiled.
    fn unit(&mut self) -> &mut Unit<'a> {
        let last = self.units.len() - 1;
        &mut self.units[last]
    }

    fn unit_ref(&self) -> &Unit<'a> {
        &self.units[self.units.len() - 1]
    }

    fn error<T>(&self, range: TextRange, message: impl Into<String>) -> Step<T> {
        Err(Box::new(crate::error_at(self.source, range, message)))
    }

    fn locate(&self, range: TextRange) -> Location {
        let start = self.source.position(range.start().into());
        let end = self.source.position(range.end().into());
        Location { line: start.line, end_line: end.line, col: start.column, end_col: end.column }
    }

    /// The following instructions belong to `node`.
    fn at(&mut self, node: &impl Ranged) {
        let location = self.locate(node.range());
        self.unit().location = location;
    }

    /// The scope that `node` opened in the symbol table.
    fn scope_of<T>(&self, node: &T, kind: ScopeKind) -> ScopeId {
        let scope = self.table.scope_of(ScopeKey::new(node, kind));
        debug_assert!(scope.is_some(), "the symbol table knows every scope");
        scope.unwrap_or(0)
    }

    fn mangled(&self, name: &str) -> Name {
        self.table.scopes[self.unit_ref().scope].mangled(name)
    }

    /// Index in `co_names` of an attribute's or name's mangled spelling.
    fn name_index(&mut self, name: &str) -> u16 {
        let mangled = self.mangled(name);
        self.unit().name(&mangled)
    }

    fn emit_return(&mut self, value: Operand) {
        let flags = if value.consume { taipan_bytecode::CONSUME_A } else { 0 };
        self.unit().push(Op::Return, flags, value.reg, 0, 0);
        self.unit().free(value);
    }

    fn return_const(&mut self, value: Const) {
        let index = self.unit().constant(value);
        self.unit().emit_wide(Op::ReturnConst, 0, index);
    }

    /// Prologue: cells, the generator's creation, the entry check.
    fn start_unit(&mut self) {
        let unit = self.unit();
        let location = std::mem::replace(&mut unit.location, Location::NONE);
        for (reg, variable) in unit.variables.clone().iter().enumerate() {
            if variable.kind == taipan_bytecode::VariableKind::Cell {
                unit.emit(Op::MakeCell, reg as u16, 0, 0);
            }
        }
        unit.location = Location::line_only(unit.first_line);
        if unit.flags & (CodeFlags::GENERATOR | CodeFlags::COROUTINE | CodeFlags::ASYNC_GENERATOR) != 0 {
            unit.emit(Op::ReturnGenerator, 0, 0, 0);
            let top = unit.top();
            unit.handler = unit.new_handler(top, top).0;
        }
        unit.emit(Op::Resume, 0, 0, 0);
        unit.location = location;
    }

    /// Makes the code object of the top unit, and takes the unit off the stack.
    fn finish_unit(&mut self) -> Step<Arc<Code>> {
        self.end_generator();
        let Some(unit) = self.units.pop() else {
            return self.error(TextRange::default(), "no code to finish");
        };
        match assemble::assemble(unit, &self.filename, self.future_flags()) {
            Ok(code) => Ok(Arc::new(code)),
            Err(message) => self.error(TextRange::default(), message),
        }
    }

    fn future_flags(&self) -> u32 {
        let annotations = if self.table.future_annotations { taipan_bytecode::future::ANNOTATIONS } else { 0 };
        self.options.future_flags & taipan_bytecode::future::MASK | annotations
    }

    /// A generator's body is protected as a whole: StopIteration must not leave it.
    fn end_generator(&mut self) {
        let unit = self.unit();
        if unit.flags & (CodeFlags::GENERATOR | CodeFlags::COROUTINE | CodeFlags::ASYNC_GENERATOR) == 0 {
            return;
        }
        let Some(handler) = unit.handlers.first().copied() else { return };
        unit.handler = unit::NONE;
        unit.bind(handler.label);
        unit.location = Location::NONE;
        let exc = handler.exc_reg;
        unit.max_depth = unit.max_depth.max(1);
        let what = taipan_bytecode::Intrinsic1::StopIterationError as u16;
        unit.push(Op::Intrinsic1, taipan_bytecode::CONSUME_B, exc, exc, what);
        unit.push(Op::Reraise, taipan_bytecode::CONSUME_A, exc, 0, 0);
    }

    fn module(&mut self, body: &'a [Stmt], interactive: bool) -> Step {
        self.start_unit();
        if let Some(first) = body.first() {
            self.at(first);
        }
        let beginning = self.unit_ref().location;
        self.set_up_annotations();
        let body = self.docstring(body, interactive)?;
        self.interactive = interactive;
        self.body(body)?;
        self.module_annotations(beginning)?;
        if self.unit_ref().falls_through() {
            // No line: the end belongs to what ran before it.
            self.unit().location = Location::NONE;
            self.return_const(Const::None);
        }
        Ok(())
    }

    /// Stores a module's or class's docstring; returns the rest of the body.
    fn docstring(&mut self, body: &'a [Stmt], interactive: bool) -> Step<&'a [Stmt]> {
        let Some(doc) = (!interactive).then(|| literal::docstring_of(body)).flatten() else { return Ok(body) };
        let rest = &body[1..];
        if self.options.optimize >= 2 {
            return Ok(rest);
        }
        let value = literal::clean_docstring(self.string_literal(doc));
        self.at(doc);
        let reg = self.unit().alloc();
        self.unit().load_const(reg, value);
        let operand = Operand { reg, consume: true, owned: true };
        self.store_name("__doc__", operand);
        Ok(rest)
    }
}
