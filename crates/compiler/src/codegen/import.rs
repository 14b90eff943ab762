//! `import` and `from … import`.

use ruff_python_ast as ast;
use ruff_text_size::Ranged;
use taipan_bytecode::{CONSUME_A, CONSUME_B, Const, Op};

use super::unit::Operand;
use super::{Compiler, Step};

impl<'a> Compiler<'a> {
    pub(super) fn import(&mut self, s: &'a ast::StmtImport) -> Step {
        self.at(s);
        for alias in &s.names {
            let top = alias.name.split('.').next().unwrap_or(&alias.name).to_string();
            self.forbid_debug(alias.asname.as_ref().map_or(&top, |n| n.as_str()), alias.range)?;
            let module = self.import_name(&alias.name, 0, Const::None);
            let Some(asname) = &alias.asname else {
                self.store_name(&top, module);
                continue;
            };
            // `import a.b.c as d` binds the innermost module: each further one comes from its parent.
            for part in alias.name.split('.').skip(1) {
                let name = self.unit().name(part);
                let reg = self.unit().alloc();
                self.unit().emit(Op::ImportFrom, reg, module.reg, name);
                self.unit().push(Op::Move, CONSUME_B, module.reg, reg, 0);
                self.unit().free_run(1);
            }
            self.store_name(asname, module);
        }
        Ok(())
    }

    /// Imports a module into a new temporary.
    fn import_name(&mut self, name: &str, level: u32, from: Const) -> Operand {
        let index = self.unit().name(name);
        let unit = self.unit();
        let base = unit.alloc_run(2);
        unit.load_const(base, Const::Int(level.into()));
        unit.load_const(base + 1, from);
        unit.emit(Op::ImportName, base, base, index);
        unit.free_run(1);
        Operand { reg: base, consume: true, owned: true }
    }

    pub(super) fn import_from(&mut self, s: &'a ast::StmtImportFrom) -> Step {
        self.at(s);
        let names = s.names.iter().map(|alias| Const::Str(alias.name.as_str().into()));
        let from = Const::Tuple(names.collect());
        let module = s.module.as_ref().map_or("", |m| m.as_str());
        let module = self.import_name(module, s.level, from);
        for alias in &s.names {
            if alias.name.as_str() == "*" {
                self.unit().push(Op::ImportStar, CONSUME_A, module.reg, 0, 0);
                self.unit().free(module);
                return Ok(());
            }
            let bound = alias.asname.as_ref().unwrap_or(&alias.name);
            self.forbid_debug(bound, alias.range())?;
            let name = self.unit().name(&alias.name);
            let reg = match self.target_register(bound) {
                Some(reg) => {
                    self.unit().emit(Op::ImportFrom, reg, module.reg, name);
                    continue;
                }
                None => self.unit().alloc(),
            };
            self.unit().emit(Op::ImportFrom, reg, module.reg, name);
            self.store_name(bound, Operand { reg, consume: true, owned: true });
        }
        self.drop_operand(module);
        Ok(())
    }
}
