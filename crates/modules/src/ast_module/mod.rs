//! `_ast`: the classes of syntax tree nodes, and trees made of them. `compile` does not take trees yet.
//!
//! Invariant: every class has `_fields`, `_attributes`, `__match_args__` and `_field_types`, and derives from `AST`, whose constructor reads them.

mod grammar;
mod make;

pub use make::object;
pub use module::spec;

use grammar::{Class, Count};
use std::collections::HashMap;
use taipan_heap::{Obj, Ref, Value};
use taipan_macros::{pymodule, pytype};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::generic_alias::GenericAlias;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::object::Plain;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::union::{self, Union};
use taipan_objects::builtins::{NONE, is_none};
use taipan_objects::native::{Args, IntoValue};
use taipan_objects::types::{Type, TypeObject};
use taipan_objects::vm::{PyResult, Vm};

/// Issues a DeprecationWarning.
fn warn(vm: &Vm, text: &str) -> PyResult<()> {
    match taipan_interp::hooks(vm).warn.get() {
        Some(warn) => warn(vm, &vm.types().deprecation_warning, text),
        None => Ok(()),
    }
}

fn names(vm: &Vm, class: &Obj<Type>, attribute: &str) -> PyResult<Vec<Value>> {
    let found = vm.find_attr(&class.to_value(), &*vm.intern(attribute)?)?;
    found.map_or(Ok(Vec::new()), |found| vm.collect(&found))
}

fn holds(vm: &Vm, names: &[Value], wanted: &Value) -> PyResult<bool> {
    for name in names {
        if vm.is_equal(name, wanted)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The class's name as messages have it.
fn shown_name(vm: &Vm, class: &Obj<Type>) -> PyResult<String> {
    let root = vm.native_type(Node::spec())?;
    Ok(if class.is_same(&*root) { "ast.AST".to_owned() } else { class.name().to_string() })
}

/// Gives a field that no argument was given for its default.
fn complete(vm: &Vm, this: &Value, class: &Obj<Type>, types: &Obj<Dict>, field: &Value) -> PyResult<()> {
    let Some(of) = types.get(vm, field)? else { return Ok(()) };
    let Some(name) = field.downcast::<Str>() else { return Ok(()) };
    if of.downcast::<Union>().is_some() {
        // The class has None for it.
        return Ok(());
    }
    if of.downcast::<GenericAlias>().is_some() {
        return vm.set_attr(this, name, List::new(vm, std::iter::empty())?.into());
    }
    if let Some(kind) = of.downcast::<Type>()
        && &*kind.name() == "expr_context"
        && let Some(load) = kind.subclasses().iter().find(|class| &*class.name() == "Load")
    {
        let load = vm.call(&load.to_value(), &[])?;
        return vm.set_attr(this, name, load);
    }
    let class = shown_name(vm, class)?;
    warn(
        vm,
        &format!(
            "{class}.__init__ missing 1 required positional argument: '{}'. This will become an error in Python 3.15.",
            name.to_lossy()
        ),
    )
}

/// Names the block of the class `AST`.
pub struct Node;

#[pytype(name = "AST", module = "ast", payload = Plain, flags = BASETYPE | HAS_DICT, ready = ready)]
impl Node {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = args;
        Ok(vm.alloc_instance(class, Plain {})?.into())
    }

    #[slot]
    fn init(this: &Value, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        let class = vm.class_of(this).to_ref();
        let fields = names(vm, &class, "_fields")?;
        let (positional, most) = (args.positionals(), fields.len());
        if positional.len() > most {
            let (name, plural) = (class.name(), if most == 1 { "" } else { "s" });
            return Err(vm.type_error(format!("{name} constructor takes at most {most} positional argument{plural}")));
        }
        let mut missing = fields.clone();
        for (field, value) in fields.iter().zip(positional) {
            let Some(name) = field.downcast::<Str>() else { return Err(vm.type_error("_fields must be strings")) };
            vm.set_attr(this, name, value.clone())?;
            missing.retain(|field| !Str::is_text(field, &name.to_lossy()));
        }
        for (key, value) in args.keywords() {
            let Some(name) = key.downcast::<Str>() else { continue };
            if holds(vm, &fields, key)? {
                if !holds(vm, &missing, key)? {
                    let (class, key) = (class.name(), vm.repr(key)?);
                    let message = format!("{class} got multiple values for argument {}", key.to_lossy());
                    return Err(vm.type_error(message));
                }
                missing.retain(|field| !Str::is_text(field, &name.to_lossy()));
            } else if !holds(vm, &names(vm, &class, "_attributes")?, key)? {
                let class = shown_name(vm, &class)?;
                warn(
                    vm,
                    &format!(
                        "{class}.__init__ got an unexpected keyword argument '{}'. Support for arbitrary keyword \
                         arguments is deprecated and will be removed in Python 3.15.",
                        name.to_lossy()
                    ),
                )?;
            }
            vm.set_attr(this, name, value.clone())?;
        }
        let types = vm.find_attr(&class.to_value(), &*vm.intern("_field_types")?)?;
        let Some(types) = types.as_ref().and_then(|types| types.downcast::<Dict>()) else { return Ok(()) };
        missing.iter().try_for_each(|field| complete(vm, this, &class, types, field))
    }

    #[slot]
    fn repr(this: &Value, vm: &Vm) -> PyResult<Value> {
        match vm.repr_once(this, || shown(vm, this).and_then(|text| text.into_value(vm)))? {
            Some(text) => Ok(text),
            None => format!("{}(...)", vm.type_name(this)).into_value(vm),
        }
    }
}

/// A node's repr: its class and its fields; of long lists the first and the last item.
fn shown(vm: &Vm, this: &Value) -> PyResult<String> {
    let class = vm.class_of(this).to_ref();
    let mut parts = Vec::new();
    for field in names(vm, &class, "_fields")? {
        let Some(name) = field.downcast::<Str>() else { continue };
        let value = vm.get_attr(this, name)?;
        let text = match value.downcast::<List>().map(|list| list.snapshot()).filter(|items| items.len() > 2) {
            Some(items) => {
                let (first, last) = (vm.repr(&items[0])?, vm.repr(&items[items.len() - 1])?);
                format!("[{}, ..., {}]", first.to_lossy(), last.to_lossy())
            }
            None => vm.repr(&value)?.to_lossy().into_owned(),
        };
        parts.push(format!("{}={text}", name.to_lossy()));
    }
    let root = vm.native_type(Node::spec())?;
    let name = if class.is_same(&*root) { "ast.AST".to_owned() } else { class.name().to_string() };
    Ok(format!("{name}({})", parts.join(", ")))
}

fn ready(vm: &Vm, class: &Obj<Type>) -> PyResult<()> {
    let empty: Value = Tuple::new(vm, std::iter::empty())?.into();
    for name in ["_fields", "_attributes", "__match_args__"] {
        class.dict().set_text(vm, name, empty.clone())?;
    }
    Ok(())
}

fn name_tuple<'a>(vm: &Vm, names: impl Iterator<Item = &'a str>) -> PyResult<Value> {
    let names: Vec<Value> = names.map(|name| Ok(vm.intern(name)?.into())).collect::<PyResult<_>>()?;
    Ok(Tuple::from_values(vm, names)?.into())
}

/// The documentation of a class: its line, or for a sum all its alternatives.
fn documentation(classes: &[Class], class: &Class) -> String {
    let alternatives: Vec<&str> =
        classes.iter().filter(|other| other.base == Some(class.name)).map(|other| other.text).collect();
    if alternatives.is_empty() {
        return class.text.to_owned();
    }
    let plain = alternatives.iter().all(|text| !text.contains('('));
    let separator = if plain { " | ".to_owned() } else { format!("\n{}| ", " ".repeat(class.name.len() + 1)) };
    format!("{} = {}", class.name, alternatives.join(&separator))
}

/// Makes the class, without the types of its fields.
fn make_class(vm: &Vm, class: &Class, base: &Value, doc: &str) -> PyResult<Value> {
    let namespace = Dict::new(vm)?;
    let fields = name_tuple(vm, class.fields.iter().map(|field| field.name))?;
    namespace.set_text(vm, "_fields", fields.clone())?;
    namespace.set_text(vm, "__match_args__", fields)?;
    namespace.set_text(vm, "__module__", vm.intern("ast")?.into())?;
    namespace.set_text(vm, "__doc__", doc.into_value(vm)?)?;
    for field in class.fields.iter().filter(|field| field.count == Count::Optional) {
        namespace.set_text(vm, field.name, NONE)?;
    }
    if let Some(attributes) = &class.attributes {
        namespace.set_text(vm, "_attributes", name_tuple(vm, attributes.iter().map(|&(name, _)| name))?)?;
        for (name, _) in attributes.iter().filter(|(_, optional)| *optional) {
            namespace.set_text(vm, name, NONE)?;
        }
    }
    let bases = Tuple::new(vm, [base.clone()].into_iter())?;
    vm.call(&vm.types().type_.to_value(), &[vm.intern(class.name)?.into(), bases.into(), namespace.into()])
}

/// What `_field_types` has for a field.
fn field_type(vm: &Vm, made: &HashMap<&str, Value>, field: &grammar::Field) -> PyResult<Value> {
    let types = vm.types();
    let plain = match field.type_name {
        "identifier" | "string" => types.str.to_value(),
        "int" => types.int.to_value(),
        "constant" => types.object.to_value(),
        name => made.get(name).cloned().unwrap_or(NONE),
    };
    match field.count {
        Count::One => Ok(plain),
        Count::Optional => union::make(vm, &[plain, NONE]),
        Count::List => GenericAlias::make(vm, &types.list.to_value(), &plain),
    }
}

fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
    let root = vm.native_type(Node::spec())?.to_value();
    let classes = grammar::classes();
    let mut made: HashMap<&str, Value> = HashMap::new();
    for class in &classes {
        let base = class.base.and_then(|base| made.get(base)).unwrap_or(&root);
        let object = make_class(vm, class, base, &documentation(&classes, class))?;
        module.set_attr(vm, class.name, object.clone())?;
        made.insert(class.name, object);
    }
    for class in &classes {
        let types = Dict::new(vm)?;
        for field in &class.fields {
            types.set_text(vm, field.name, field_type(vm, &made, field)?)?;
        }
        let Some(object) = made.get(class.name).filter(|object| !is_none(object)) else { continue };
        if class.fields.is_empty() && class.base.is_none() {
            continue;
        }
        let types: Value = Ref::into(types);
        vm.set_attr(object, &*vm.intern("_field_types")?, types.clone())?;
        vm.set_attr(object, &*vm.intern("__annotations__")?, types)?;
    }
    Ok(())
}

#[pymodule(name = "_ast", types(Node), init = fill)]
mod module {
    use super::*;

    #[constant(name = "PyCF_ONLY_AST")]
    const ONLY_AST: i64 = 0x400;
    #[constant(name = "PyCF_TYPE_COMMENTS")]
    const TYPE_COMMENTS: i64 = 0x1000;
    #[constant(name = "PyCF_ALLOW_TOP_LEVEL_AWAIT")]
    const ALLOW_TOP_LEVEL_AWAIT: i64 = 0x2000;
    #[constant(name = "PyCF_OPTIMIZED_AST")]
    const OPTIMIZED_AST: i64 = 0x8000 | ONLY_AST;
}
