//! One code object in the making: its instructions with symbolic labels, its registers, constants and names, and the
//! stacks of handlers and of statement blocks. The invariant: temporaries are allocated and freed as a
//! stack, and every temporary above `depth` is dead.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use ruff_python_ast::name::Name;
use ruff_python_ast::{self as ast, Stmt};
use taipan_bytecode::{Const, Location, Op, Variable, VariableKind};

use super::hoist::Hoisted;
use crate::symtable::{Resolution, Scope, ScopeId, ScopeKind, def};

/// A jump target; its number in `Unit::labels`.
pub(super) type Label = u32;

/// No label, no handler.
pub(super) const NONE: u32 = u32::MAX;

/// An instruction before assembly.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ins {
    pub op: Op,
    pub flags: u8,
    pub a: u16,
    pub b: u16,
    pub c: u16,
    pub extra: u64,
    pub target: Label,
    pub handler: u32,
    pub location: Location,
}

/// An exception handler: where it starts, and the fields of its exception entries.
#[derive(Clone, Copy, Debug)]
pub(super) struct Handler {
    pub label: Label,
    pub exc_reg: u16,
    pub clear_from: u16,
}

/// A value's register while an expression is compiled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operand {
    pub reg: u16,
    /// A temporary that its reader uses up.
    pub consume: bool,
    /// It was allocated for this operand and is to be freed with it.
    pub owned: bool,
}

impl Operand {
    pub fn borrowed(reg: u16) -> Operand {
        Operand { reg, consume: false, owned: false }
    }
}

/// A statement that `return`, `break` and `continue` have to leave properly.
#[derive(Clone, Copy)]
pub(super) enum Block<'a> {
    While {
        top: Label,
        exit: Label,
        constants: Hoisted,
    },
    For {
        top: Label,
        exit: Label,
        state: u16,
        constants: Hoisted,
    },
    AsyncFor {
        top: Label,
        exit: Label,
        iterator: u16,
    },
    /// Protected by `except` clauses only: nothing to do on leaving.
    Try,
    /// Protected by a `finally` body.
    Finally {
        body: &'a [Stmt],
    },
    /// Inside a `finally` body that runs because of `return`: the value to return.
    Value {
        reg: u16,
    },
    /// Inside a `finally` body that runs because of an exception.
    FinallyEnd {
        saved: u16,
        exc: u16,
    },
    With {
        exit: u16,
        is_async: bool,
        location: Location,
    },
    /// Inside an `except` clause.
    Handler {
        saved: u16,
        name: Option<&'a ast::Identifier>,
    },
    /// Inside an `except*` clause.
    StarHandler,
}

/// A block with the handler that is in force outside of it.
#[derive(Clone, Copy)]
pub(super) struct BlockEntry<'a> {
    pub block: Block<'a>,
    pub outer_handler: u32,
}

/// The variables of a comprehension that is being compiled in place.
pub(super) struct InlinedScope {
    pub scope: ScopeId,
    pub variables: Vec<InlinedVariable>,
}

pub(super) struct InlinedVariable {
    pub name: Name,
    pub reg: u16,
    pub is_cell: bool,
    pub assigned: bool,
}

/// The span of instructions over which a temporary bears a name.
pub(super) struct NamedSpan {
    pub name: Name,
    pub reg: u16,
    pub is_cell: bool,
    pub start: usize,
    pub end: usize,
}

/// What kind of code object this is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum UnitKind {
    Module,
    Class,
    Function,
    AsyncFunction,
    Lambda,
    Comprehension,
    TypeParameters,
    /// An `__annotate__` function.
    Annotation,
    /// The function that evaluates a type alias, or a bound, constraints or default.
    Evaluator,
}

/// A code object in the making.
pub(super) struct Unit<'a> {
    pub kind: UnitKind,
    pub scope: ScopeId,
    pub name: Arc<str>,
    pub qualname: Arc<str>,
    pub first_line: u32,
    pub flags: u32,
    pub arg_count: u32,
    pub posonly_arg_count: u32,
    pub kwonly_arg_count: u32,
    pub variables: Vec<Variable>,
    pub variable_index: HashMap<Name, u16>,
    /// Variables that `del` or a comprehension may empty, so that even parameters need checks.
    pub deleted: BTreeSet<u16>,
    pub parameters: u16,
    pub depth: u32,
    pub max_depth: u32,
    pub code: Vec<Ins>,
    pub labels: Vec<usize>,
    pub handlers: Vec<Handler>,
    pub handler: u32,
    pub blocks: Vec<BlockEntry<'a>>,
    pub inlined: Vec<InlinedScope>,
    pub named_spans: Vec<NamedSpan>,
    pub consts: Vec<Const>,
    pub const_index: HashMap<Const, u32>,
    pub names: Vec<Arc<str>>,
    pub name_index: HashMap<Name, u16>,
    pub location: Location,
    pub static_attributes: BTreeSet<Name>,
    pub annotations: Vec<(&'a ast::StmtAnnAssign, Option<u32>)>,
    pub conditional_annotations: u32,
    pub conditional_depth: u32,
    pub has_walrus: bool,
    /// The constants that the outermost loop holds in registers.
    pub hoisted: Vec<(Const, u16)>,
}

impl<'a> Unit<'a> {
    /// A unit for `scope`, its variables laid out: `parameters` first, then locals, cells and free variables.
    pub fn new(kind: UnitKind, id: ScopeId, scope: &Scope, name: &str, parameters: &[Name], first_line: u32) -> Self {
        let mut unit = Unit {
            kind,
            scope: id,
            name: name.into(),
            qualname: name.into(),
            first_line,
            flags: 0,
            arg_count: 0,
            posonly_arg_count: 0,
            kwonly_arg_count: 0,
            variables: Vec::new(),
            variable_index: HashMap::new(),
            deleted: BTreeSet::new(),
            parameters: parameters.len() as u16,
            depth: 0,
            max_depth: 0,
            code: Vec::new(),
            labels: Vec::new(),
            handlers: Vec::new(),
            handler: NONE,
            blocks: Vec::new(),
            inlined: Vec::new(),
            named_spans: Vec::new(),
            consts: Vec::new(),
            const_index: HashMap::new(),
            names: Vec::new(),
            name_index: HashMap::new(),
            location: Location::line_only(first_line),
            static_attributes: BTreeSet::new(),
            annotations: Vec::new(),
            conditional_annotations: 0,
            conditional_depth: 0,
            hoisted: Vec::new(),
            has_walrus: scope.symbols.iter().any(|s| s.flags & def::WALRUS != 0),
        };
        unit.lay_out(scope, parameters);
        let deleted = scope.symbols.iter().filter(|s| s.flags & def::DELETE != 0);
        unit.deleted = deleted.filter_map(|s| unit.variable_index.get(&s.name).copied()).collect();
        unit
    }

    fn lay_out(&mut self, scope: &Scope, parameters: &[Name]) {
        let is_cell = |name: &Name| scope.get(name).is_some_and(|s| s.resolution == Resolution::Cell);
        for name in parameters {
            let kind = if is_cell(name) { VariableKind::Cell } else { VariableKind::Local };
            self.add_variable(name, kind);
        }
        let mut cells: Vec<Name> = Vec::new();
        let mut free: Vec<Name> = Vec::new();
        for symbol in &scope.symbols {
            if symbol.resolution == Resolution::Free || symbol.flags & def::FREE_CLASS != 0 {
                free.push(symbol.name.clone());
            } else if self.variable_index.contains_key(&symbol.name) || !scope.is_function_like() {
                continue;
            } else if symbol.resolution == Resolution::Local {
                self.add_variable(&symbol.name, VariableKind::Local);
            } else if symbol.resolution == Resolution::Cell {
                cells.push(symbol.name.clone());
            }
        }
        if scope.kind == ScopeKind::Class {
            for (needed, name) in [
                (scope.needs_class_closure, "__class__"),
                (scope.needs_classdict, "__classdict__"),
                (scope.conditional_annotations, "__conditional_annotations__"),
            ] {
                if needed {
                    cells.push(Name::new_static(name));
                }
            }
        }
        cells.sort();
        free.sort();
        cells.iter().for_each(|name| self.add_variable(name, VariableKind::Cell));
        free.iter().for_each(|name| self.add_variable(name, VariableKind::Free));
    }

    fn add_variable(&mut self, name: &Name, kind: VariableKind) {
        self.variable_index.insert(name.clone(), self.variables.len() as u16);
        self.variables.push(Variable { name: name.as_str().into(), kind });
    }

    /// The register of the first temporary.
    pub fn first_temp(&self) -> u32 {
        self.variables.len() as u32
    }

    pub fn is_temp(&self, reg: u16) -> bool {
        u32::from(reg) >= self.first_temp()
    }

    /// The next register to be allocated.
    pub fn top(&self) -> u16 {
        (self.first_temp() + self.depth).min(u32::from(u16::MAX)) as u16
    }

    /// Allocates `n` adjacent temporaries and returns the first.
    pub fn alloc_run(&mut self, n: u32) -> u16 {
        let reg = self.top();
        self.depth += n;
        self.max_depth = self.max_depth.max(self.depth);
        reg
    }

    pub fn alloc(&mut self) -> u16 {
        self.alloc_run(1)
    }

    /// Frees the `n` temporaries allocated last.
    pub fn free_run(&mut self, n: u32) {
        self.depth -= n.min(self.depth);
    }

    pub fn free(&mut self, operand: Operand) {
        if operand.owned {
            // The register saturates where there are too many, which assembly reports.
            let last = operand.reg == u16::MAX || u32::from(operand.reg) + 1 == self.first_temp() + self.depth;
            debug_assert!(last, "temporaries are a stack");
            self.free_run(1);
        }
    }

    pub fn new_label(&mut self) -> Label {
        self.labels.push(usize::MAX);
        self.labels.len() as u32 - 1
    }

    /// The label stands for the next instruction.
    pub fn bind(&mut self, label: Label) {
        self.labels[label as usize] = self.code.len();
    }

    pub fn push(&mut self, op: Op, flags: u8, a: u16, b: u16, c: u16) -> &mut Ins {
        self.code.push(Ins {
            op,
            flags,
            a,
            b,
            c,
            extra: 0,
            target: NONE,
            handler: self.handler,
            location: self.location,
        });
        let last = self.code.len() - 1;
        &mut self.code[last]
    }

    pub fn emit(&mut self, op: Op, a: u16, b: u16, c: u16) {
        self.push(op, 0, a, b, c);
    }

    pub fn emit_wide(&mut self, op: Op, a: u16, bc: u32) {
        self.push(op, 0, a, bc as u16, (bc >> 16) as u16);
    }

    pub fn jump(&mut self, target: Label) {
        self.push(Op::Jump, 0, 0, 0, 0).target = target;
    }

    pub fn emit_jump(&mut self, op: Op, flags: u8, a: u16, b: u16, c: u16, target: Label) {
        self.push(op, flags, a, b, c).target = target;
    }

    /// A new handler that clears temporaries from `clear_from` up.
    pub fn new_handler(&mut self, exc_reg: u16, clear_from: u16) -> (u32, Label) {
        let label = self.new_label();
        self.handlers.push(Handler { label, exc_reg, clear_from });
        (self.handlers.len() as u32 - 1, label)
    }

    pub fn constant(&mut self, value: Const) -> u32 {
        if let Some(&n) = self.const_index.get(&value) {
            return n;
        }
        let n = self.consts.len() as u32;
        self.consts.push(value.clone());
        self.const_index.insert(value, n);
        n
    }

    /// Loads a constant into a register.
    pub fn load_const(&mut self, dst: u16, value: Const) {
        match value {
            Const::Int(n) if i32::try_from(n).is_ok() => self.emit_wide(Op::LoadInt, dst, n as i32 as u32),
            value => {
                let index = self.constant(value);
                self.emit_wide(Op::LoadConst, dst, index);
            }
        }
    }

    /// The index of a name in `co_names`; it saturates where there are too many, which assembly reports.
    pub fn name(&mut self, name: &str) -> u16 {
        if let Some(&n) = self.name_index.get(name) {
            return n;
        }
        let n = self.names.len().min(u16::MAX as usize) as u16;
        self.names.push(name.into());
        self.name_index.insert(Name::new(name), n);
        n
    }

    /// Whether the next instruction can be reached by falling through.
    pub fn falls_through(&self) -> bool {
        self.code.last().is_none_or(|i| !i.op.info().ends_block) || self.labels.contains(&self.code.len())
    }
}
