//! Trees of nodes from what the compiler crate makes of a source.
//!
//! Invariant: nodes get exactly the fields of their class and, where it has them, the four positions; nodes without fields are shared.

use super::grammar;
use std::collections::HashMap;
use taipan_compiler::source::Position;
use taipan_compiler::tree::{Field, Node};
use taipan_heap::{Ref, Value};
use taipan_interp::code::constant_value;
use taipan_objects::builtins::NONE;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::object::Plain;
use taipan_objects::builtins::str::Str;
use taipan_objects::native::IntoValue;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// The node as an object.
pub fn object(vm: &Vm, node: &Node) -> PyResult<Value> {
    let module = taipan_interp::import::import_absolute(vm, "_ast")?;
    let intern = |name: &str| vm.intern(name);
    let positions = [intern("lineno")?, intern("col_offset")?, intern("end_lineno")?, intern("end_col_offset")?];
    Maker { vm, module, classes: HashMap::new(), positions }.node(node)
}

/// A class and the names of its fields.
struct Known {
    class: Ref<Type>,
    fields: Vec<Ref<Str>>,
    /// The one node of a class without fields.
    only: Option<Value>,
}

struct Maker<'a> {
    vm: &'a Vm,
    module: Value,
    classes: HashMap<&'static str, Known>,
    positions: [Ref<Str>; 4],
}

impl Maker<'_> {
    fn learn(&mut self, name: &'static str) -> PyResult<()> {
        if self.classes.is_empty() {
            for class in grammar::classes() {
                let object = self.vm.get_attr_text(&self.module, class.name)?;
                let Ok(object) = object.downcast_into::<Type>() else { continue };
                let fields = class.fields.iter().map(|field| self.vm.intern(field.name)).collect::<PyResult<_>>()?;
                self.classes.insert(class.name, Known { class: object, fields, only: None });
            }
        }
        match self.classes.contains_key(name) {
            true => Ok(()),
            false => Err(self.vm.system_error(format!("no class for nodes {name}"))),
        }
    }

    fn node(&mut self, node: &Node) -> PyResult<Value> {
        self.vm.check_stack(" during ast construction")?;
        self.learn(node.class)?;
        let known = &self.classes[node.class];
        if let Some(only) = &known.only {
            return Ok(only.clone());
        }
        let (class, names) = (known.class.clone(), known.fields.clone());
        let made: Value = self.vm.alloc_instance(&class, Plain {})?.into();
        for (name, field) in names.iter().zip(&node.fields) {
            let value = self.field(field)?;
            self.vm.set_attr(&made, name, value)?;
        }
        match node.place {
            Some((start, end)) => self.place(&made, start, end)?,
            None if node.fields.is_empty() => {
                if let Some(known) = self.classes.get_mut(node.class) {
                    known.only = Some(made.clone());
                }
            }
            None => {}
        }
        Ok(made)
    }

    fn place(&self, made: &Value, start: Position, end: Position) -> PyResult<()> {
        let numbers = [start.line, start.column, end.line, end.column];
        for (name, number) in self.positions.iter().zip(numbers) {
            self.vm.set_attr(made, name, number.into_value(self.vm)?)?;
        }
        Ok(())
    }

    fn field(&mut self, field: &Field) -> PyResult<Value> {
        match field {
            Field::None => Ok(NONE),
            Field::Node(node) => self.node(node),
            Field::Name(name) => Ok(self.vm.intern(name)?.into()),
            Field::Int(number) => number.into_value(self.vm),
            Field::Const(value) => constant_value(self.vm, value),
            Field::List(items) => {
                let items = items.iter().map(|item| self.field(item)).collect::<PyResult<_>>()?;
                Ok(List::from_values(self.vm, items)?.into())
            }
        }
    }
}
