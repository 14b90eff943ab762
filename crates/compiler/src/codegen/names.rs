//! Loading, storing and deleting names: how a name resolves in the unit at hand, inlined comprehensions included.

use ruff_python_ast::name::Name;
use taipan_bytecode::{CONSUME_B, CONSUME_C, FRESH, Op, VariableKind};

use super::Compiler;
use super::unit::{Operand, UnitKind};
use crate::symtable::{Resolution, ScopeId, ScopeKind};

/// Where a name lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// A register that holds the value.
    Register(u16),
    /// A register that holds a cell.
    Cell(u16),
    /// A class body's free variable: the class's namespace first, then the cell.
    ClassCell(u16),
    /// An annotation scope's free variable: the class's namespace (in the cell `__classdict__`) first.
    ClassDictCell(u16),
    /// An annotation scope's global: the class's namespace first.
    ClassDictGlobal,
    /// Global, then builtin.
    Global,
    /// The frame's locals mapping, then global, then builtin.
    Name,
}

impl<'a> Compiler<'a> {
    /// Where the (mangled) name lives.
    pub(super) fn place(&self, name: &str) -> Place {
        let unit = self.unit_ref();
        let mut from_comprehension = false;
        for inlined in unit.inlined.iter().rev() {
            if let Some(variable) = inlined.variables.iter().find(|v| v.name == *name) {
                return if variable.is_cell { Place::Cell(variable.reg) } else { Place::Register(variable.reg) };
            }
            if from_comprehension {
                continue;
            }
            match self.table.scopes[inlined.scope].get(name).map(|s| s.resolution) {
                Some(Resolution::Free) => from_comprehension = true,
                Some(Resolution::GlobalExplicit) => return Place::Global,
                Some(Resolution::GlobalImplicit) if unit.kind == UnitKind::Module => return Place::Name,
                Some(Resolution::GlobalImplicit) => return Place::Global,
                _ => {}
            }
        }
        if from_comprehension && let Some(&reg) = unit.variable_index.get(name) {
            return match unit.variables[reg as usize].kind {
                VariableKind::Local => Place::Register(reg),
                _ => Place::Cell(reg),
            };
        }
        self.unit_place(unit.scope, name)
    }

    fn unit_place(&self, id: ScopeId, name: &str) -> Place {
        let unit = self.unit_ref();
        let scope = &self.table.scopes[id];
        let register = unit.variable_index.get(name).copied();
        let sees_class = scope.can_see_class_scope && !name.starts_with("__classdict__");
        let resolution = scope.get(name).map_or(Resolution::GlobalImplicit, |s| s.resolution);
        if !scope.is_function_like() {
            return match (resolution, register) {
                (Resolution::GlobalExplicit, _) => Place::Global,
                (Resolution::Cell, Some(reg)) => Place::Cell(reg),
                (Resolution::Free, Some(reg)) => Place::ClassCell(reg),
                (_, Some(reg)) if scope.get(name).is_none() => Place::Cell(reg),
                _ => Place::Name,
            };
        }
        match (resolution, register) {
            (Resolution::Local, Some(reg)) => Place::Register(reg),
            (Resolution::Cell, Some(reg)) => Place::Cell(reg),
            (Resolution::Free, Some(reg)) if sees_class => Place::ClassDictCell(reg),
            (Resolution::Free, Some(reg)) => Place::Cell(reg),
            (Resolution::GlobalImplicit, _) if sees_class => Place::ClassDictGlobal,
            _ => Place::Global,
        }
    }

    /// The register of the name if it is a plain variable, with a check that it is bound.
    pub(super) fn local_register(&mut self, name: &str) -> Option<u16> {
        let mangled = self.mangled(name);
        let Place::Register(reg) = self.place(&mangled) else { return None };
        self.check_bound(&mangled, reg);
        Some(reg)
    }

    fn check_bound(&mut self, name: &str, reg: u16) {
        let unit = self.unit();
        if unit.is_temp(reg) {
            let known = unit.inlined.iter().rev().flat_map(|i| &i.variables).find(|v| v.name == *name);
            if known.is_some_and(|v| !v.assigned) {
                unit.emit(Op::CheckLocal, reg, 0, 0);
            }
        } else if reg >= unit.parameters || unit.deleted.contains(&reg) {
            unit.emit(Op::CheckLocal, reg, 0, 0);
        }
    }

    /// Loads a name into `dst`.
    pub(super) fn load_name_to(&mut self, name: &str, dst: u16) {
        let mangled = self.mangled(name);
        self.load_mangled_to(&mangled, dst);
    }

    pub(super) fn load_mangled_to(&mut self, name: &Name, dst: u16) {
        match self.place(name) {
            Place::Register(reg) => {
                self.check_bound(name, reg);
                if reg != dst {
                    self.unit().emit(Op::Move, dst, reg, 0);
                }
            }
            Place::Cell(reg) => self.unit().emit(Op::LoadCell, dst, reg, 0),
            Place::ClassCell(reg) => {
                let unit = self.unit();
                let locals = unit.alloc();
                unit.emit(Op::LoadLocals, locals, 0, 0);
                unit.push(Op::LoadFromDictOrCell, CONSUME_B, dst, locals, reg);
                unit.free_run(1);
            }
            Place::ClassDictCell(reg) => {
                let dict = self.load_classdict();
                self.unit().push(Op::LoadFromDictOrCell, CONSUME_B, dst, dict, reg);
                self.unit().free_run(1);
            }
            Place::ClassDictGlobal => {
                let dict = self.load_classdict();
                let index = self.unit().name(name);
                self.unit().push(Op::LoadFromDictOrGlobals, CONSUME_B, dst, dict, index);
                self.unit().free_run(1);
            }
            Place::Global => {
                let index = self.unit().name(name);
                self.unit().emit(Op::LoadGlobal, dst, 0, index);
            }
            Place::Name => {
                let index = self.unit().name(name);
                self.unit().emit(Op::LoadName, dst, 0, index);
            }
        }
    }

    fn load_classdict(&mut self) -> u16 {
        let dict = self.unit().alloc();
        self.load_mangled_to(&Name::new_static("__classdict__"), dict);
        dict
    }

    /// Stores a value, which is used up if it is a temporary; frees the operand.
    pub(super) fn store_name(&mut self, name: &str, value: Operand) {
        let mangled = self.mangled(name);
        self.store_mangled(&mangled, value);
    }

    pub(super) fn store_mangled(&mut self, name: &Name, value: Operand) {
        let flags = if value.consume { CONSUME_B } else { 0 };
        match self.place(name) {
            Place::Register(reg) => {
                if reg != value.reg {
                    self.unit().push(Op::Move, flags, reg, value.reg, 0);
                }
                self.note_assigned(name);
            }
            Place::Cell(reg) | Place::ClassCell(reg) | Place::ClassDictCell(reg) => {
                self.unit().push(Op::StoreCell, flags, reg, value.reg, 0);
            }
            Place::Global | Place::ClassDictGlobal => {
                let index = self.unit().name(name);
                self.unit().push(Op::StoreGlobal, flags, 0, value.reg, index);
            }
            Place::Name => {
                let index = self.unit().name(name);
                self.unit().push(Op::StoreName, flags, 0, value.reg, index);
            }
        }
        self.unit().free(value);
    }

    /// A comprehension's variable has been assigned: from here on it needs no checks.
    pub(super) fn note_assigned(&mut self, name: &str) {
        let variables = self.unit().inlined.iter_mut().rev().flat_map(|i| &mut i.variables);
        for variable in variables {
            if variable.name == *name {
                variable.assigned = true;
                return;
            }
        }
    }

    /// The register to write if `name` is a plain variable, so that a result can land in it directly.
    pub(super) fn target_register(&mut self, name: &str) -> Option<u16> {
        let mangled = self.mangled(name);
        match self.place(&mangled) {
            Place::Register(reg) => {
                self.note_assigned(&mangled);
                Some(reg)
            }
            _ => None,
        }
    }

    pub(super) fn delete_name(&mut self, name: &str) {
        let mangled = self.mangled(name);
        match self.place(&mangled) {
            Place::Register(reg) => self.unit().emit(Op::DeleteLocal, reg, 0, 0),
            Place::Cell(reg) | Place::ClassCell(reg) | Place::ClassDictCell(reg) => {
                self.unit().emit(Op::DeleteCell, reg, 0, 0);
            }
            Place::Global | Place::ClassDictGlobal => {
                let index = self.unit().name(&mangled);
                self.unit().emit(Op::DeleteGlobal, 0, 0, index);
            }
            Place::Name => {
                let index = self.unit().name(&mangled);
                self.unit().emit(Op::DeleteName, 0, 0, index);
            }
        }
    }

    /// The tuple of cells that code of `scope` closes over, in a new temporary; `None` if it closes over nothing.
    pub(super) fn closure_for(&mut self, free: &[Name]) -> Option<u16> {
        if free.is_empty() {
            return None;
        }
        let unit = self.unit();
        let first = unit.alloc_run(free.len() as u32);
        for (n, name) in free.iter().enumerate() {
            let reg = self.cell_register(name);
            self.unit().emit(Op::Move, first + n as u16, reg, 0);
        }
        let unit = self.unit();
        unit.emit(Op::BuildTuple, first, first, free.len() as u16);
        unit.free_run(free.len() as u32 - 1);
        Some(first)
    }

    /// The register that holds the cell of a captured name.
    fn cell_register(&self, name: &Name) -> u16 {
        let unit = self.unit_ref();
        for inlined in unit.inlined.iter().rev() {
            if let Some(variable) = inlined.variables.iter().find(|v| v.name == *name && v.is_cell) {
                return variable.reg;
            }
        }
        let reg = unit.variable_index.get(name).copied();
        debug_assert!(reg.is_some(), "captured name {name} is a cell or free in {}", unit.qualname);
        reg.unwrap_or(0)
    }

    /// Makes a fresh, empty cell in a comprehension's register.
    pub(super) fn fresh_cell(&mut self, reg: u16) {
        self.unit().push(Op::MakeCell, FRESH, reg, 0, 0);
    }

    /// Whether zero-argument `super()` works here: a function with a parameter, inside a class.
    pub(super) fn super_arguments(&self) -> Option<(Place, Place)> {
        let unit = self.unit_ref();
        if unit.arg_count == 0 || !matches!(unit.kind, UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Lambda)
        {
            return None;
        }
        let class = Name::new_static("__class__");
        let class = match unit.variable_index.get(&class) {
            Some(&reg) if unit.variables[reg as usize].kind == VariableKind::Free => Place::Cell(reg),
            _ => return None,
        };
        let first = match unit.variables.first()?.kind {
            VariableKind::Cell => Place::Cell(0),
            _ => Place::Register(0),
        };
        Some((class, first))
    }

    /// Whether the name is the builtin unless a global shadows it.
    pub(super) fn is_implicit_global(&self, name: &str) -> bool {
        let unit = self.unit_ref();
        let scope = unit.inlined.last().map_or(unit.scope, |i| i.scope);
        self.table.scopes[scope].kind != ScopeKind::Module
            && self.place(name) == Place::Global
            && self.table.scopes[scope].get(name).is_some_and(|s| s.resolution == Resolution::GlobalImplicit)
            && self.table.scopes[0].get(name).is_none_or(|s| s.resolution == Resolution::GlobalImplicit)
    }

    pub(super) fn consume_flags(left: Operand, right: Operand) -> u8 {
        (if left.consume { CONSUME_B } else { 0 }) | if right.consume { CONSUME_C } else { 0 }
    }
}
