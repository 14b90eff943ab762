//! Trees of Python objects read back for compilation.
//!
//! Invariant: what is returned has, for every node, the fields of its class in the order of the grammar, each of the type that the grammar says;
//! whether the tree makes sense is judged later.

use super::grammar::{self, Class, Count};
use std::collections::HashMap;
use taipan_bytecode::Const;
use taipan_compiler::source::Position;
use taipan_compiler::tree::{Field, Node};
use taipan_heap::Value;
use taipan_interp::code::{CodeObject, constant_of};
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::{FALSE, TRUE, int, is_none};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// Whether the value is a node.
pub fn is_node(vm: &Vm, value: &Value) -> PyResult<bool> {
    let root = vm.native_type(super::Node::spec())?;
    Ok(vm.is_instance(value, &root))
}

/// The tree whose root, of class `wanted`, is `root`, and how deep it is.
pub fn read(vm: &Vm, root: &Value, wanted: &str) -> PyResult<(Node, u32)> {
    let module = taipan_interp::import::import_absolute(vm, "_ast")?;
    let classes = grammar::classes();
    let mut objects = HashMap::new();
    let mut known = HashMap::new();
    for (index, class) in classes.iter().enumerate() {
        if let Ok(object) = vm.get_attr_text(&module, class.name)?.downcast_into::<Type>() {
            known.insert(object.header().address(), index);
            objects.insert(class.name, object);
        }
    }
    let fits = objects.get(wanted).is_some_and(|class| vm.is_instance(root, class));
    if !fits {
        let given = vm.type_name(root);
        return Err(vm.type_error(format!("expected {wanted} node, got {given}")));
    }
    let mut reader = Reader { vm, classes, known, depth: 0, deepest: 0 };
    let sum = "mod";
    match reader.node(sum, root)? {
        Some(node) => Ok((node, reader.deepest)),
        None => Err(vm.type_error(format!("expected {wanted} node, got NoneType"))),
    }
}

struct Reader<'a> {
    vm: &'a Vm,
    classes: Vec<Class>,
    /// Indexes into `classes`, by the address of the class object.
    known: HashMap<usize, usize>,
    depth: u32,
    deepest: u32,
}

/// What of a field is read from an object.
enum Found {
    Missing,
    Value(Value),
}

impl Reader<'_> {
    fn attribute(&self, object: &Value, name: &str) -> PyResult<Found> {
        let name = self.vm.intern(name)?;
        Ok(self.vm.find_attr(object, &name)?.map_or(Found::Missing, Found::Value))
    }

    fn unexpected<T>(&self, kind: &str, object: &Value) -> PyResult<T> {
        let shown = self.vm.repr(object)?;
        Err(self.vm.type_error(format!("expected some sort of {kind}, but got {}", shown.to_lossy())))
    }

    /// The node of a sum or product type; `None` for None.
    fn node(&mut self, kind: &'static str, object: &Value) -> PyResult<Option<Node>> {
        if is_none(object) {
            return Ok(None);
        }
        self.vm.check_stack(&format!(" while traversing '{kind}' node"))?;
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        let node = self.present(kind, object);
        self.depth -= 1;
        node.map(Some)
    }

    fn present(&mut self, kind: &'static str, object: &Value) -> PyResult<Node> {
        let vm = self.vm;
        let family = self.classes.iter().position(|class| class.name == kind);
        let Some(family) = family else { return self.unexpected(kind, object) };
        let is_sum = self.classes.iter().any(|class| class.base == Some(kind));
        let attributes = self.classes[family].attributes.clone().unwrap_or_default();
        let place = if attributes.is_empty() { None } else { Some(self.place(kind, object, attributes[2].1)?) };
        let index = if is_sum {
            let mro = vm.class_of(object).mro();
            mro.iter().find_map(|class| self.known.get(&class.header().address())).copied()
        } else {
            Some(family)
        };
        let index = index.filter(|&index| !is_sum || self.classes[index].base == Some(kind));
        let Some(index) = index else { return self.unexpected(kind, object) };
        let (class, fields) = (self.classes[index].name, self.classes[index].fields.clone());
        let mut values = Vec::with_capacity(fields.len());
        for field in &fields {
            values.push(self.field(class, field, object)?);
        }
        Ok(Node { class, place, fields: values })
    }

    fn place(&mut self, kind: &str, object: &Value, optional_end: bool) -> PyResult<(Position, Position)> {
        let vm = self.vm;
        let number = |reader: &Self, name: &str, default: Option<i64>| match reader.attribute(object, name)? {
            Found::Value(value) if !(is_none(&value) && default.is_some()) => reader.int(&value),
            Found::Value(_) | Found::Missing => match default {
                Some(default) => Ok(default),
                None => Err(vm.type_error(format!("required field \"{name}\" missing from {kind}"))),
            },
        };
        let line = number(self, "lineno", None)?;
        let column = number(self, "col_offset", None)?;
        let end_line = number(self, "end_lineno", optional_end.then_some(line))?;
        let end_column = number(self, "end_col_offset", optional_end.then_some(column))?;
        if line > end_line {
            return Err(vm.value_error(format!("AST node line range ({line}, {end_line}) is not valid")));
        }
        if line < 0 && end_line != line || column < 0 && column != end_column {
            return Err(vm.value_error(format!(
                "AST node column range ({column}, {end_column}) for line range ({line}, {end_line}) is not valid"
            )));
        }
        if line == end_line && column > end_column {
            return Err(vm.value_error(format!("line {line}, column {column}-{end_column} is not a valid range")));
        }
        let position = |line: i64, column: i64| Position {
            line: u32::try_from(line).unwrap_or(0),
            column: u32::try_from(column).unwrap_or(0),
        };
        Ok((position(line, column), position(end_line, end_column)))
    }

    fn int(&self, value: &Value) -> PyResult<i64> {
        let is_int = self.vm.is_instance(value, &self.vm.types().int);
        match is_int.then(|| value.as_int().or_else(|| int::as_big(value).and_then(|big| i64::try_from(&*big).ok()))) {
            Some(Some(number)) if i32::try_from(number).is_ok() => Ok(number),
            Some(_) => Err(self.vm.overflow_error("Python int too large to convert to C int")),
            None if value.is(&TRUE) => Ok(1),
            None if value.is(&FALSE) => Ok(0),
            None => {
                let shown = self.vm.repr(value)?;
                Err(self.vm.value_error(format!("invalid integer value: {}", shown.to_lossy())))
            }
        }
    }

    fn field(&mut self, class: &'static str, field: &grammar::Field, object: &Value) -> PyResult<Field> {
        let vm = self.vm;
        let found = self.attribute(object, field.name)?;
        let value = match (found, field.count) {
            (Found::Value(value), _) => value,
            (Found::Missing, Count::List) => return Ok(Field::List(Vec::new())),
            (Found::Missing, Count::Optional) => return Ok(Field::None),
            (Found::Missing, Count::One) => {
                let name = field.name;
                return Err(vm.type_error(format!("required field \"{name}\" missing from {class}")));
            }
        };
        if field.count != Count::List {
            let read = self.one(field.type_name, &value)?;
            if matches!(read, Field::None) && field.count == Count::One && field.type_name != "constant" {
                let name = field.name;
                return Err(vm.value_error(format!("field '{name}' is required for {class}")));
            }
            return Ok(read);
        }
        let Some(items) = value.downcast::<List>() else {
            let (name, given) = (field.name, vm.type_name(&value));
            return Err(vm.type_error(format!("{class} field \"{name}\" must be a list, not a {given}")));
        };
        let items = items.snapshot();
        let count = items.len();
        let mut read = Vec::with_capacity(count);
        for item in items {
            read.push(self.one(field.type_name, &item)?);
            if value.downcast::<List>().is_none_or(|list| list.len() != count) {
                let name = field.name;
                return Err(vm.runtime_error(format!("{class} field \"{name}\" changed size during iteration")));
            }
        }
        Ok(Field::List(read))
    }

    fn one(&mut self, type_name: &'static str, value: &Value) -> PyResult<Field> {
        let vm = self.vm;
        Ok(match type_name {
            "identifier" | "string" if is_none(value) => Field::None,
            "identifier" | "string" => {
                let exact = vm.class_of(value).is_same(&*vm.types().str);
                match value.downcast::<Str>().filter(|_| exact) {
                    Some(text) => Field::Name(text.to_lossy().into_owned()),
                    None => return Err(vm.type_error(format!("AST {type_name} must be of type str"))),
                }
            }
            "int" if is_none(value) => Field::None,
            "int" => Field::Int(self.int(value)?),
            "constant" => Field::Const(self.constant(value)?),
            kind => match self.node(kind, value)? {
                Some(node) => Field::Node(Box::new(node)),
                None => Field::None,
            },
        })
    }

    fn constant(&self, value: &Value) -> PyResult<Const> {
        if value.downcast::<CodeObject>().is_some() {
            return Err(self.vm.type_error("got an invalid type in Constant: code"));
        }
        constant_of(self.vm, value)
    }
}
