//! `_ast`: the classes of syntax tree nodes, and trees made of them and read back from them.
//!
//! Invariant: every class has `_fields`, `_attributes`, `__match_args__` and `_field_types`, and derives from `AST`, whose constructor reads them.

mod grammar;
mod make;
mod read;

pub use make::object;
pub use module::spec;
pub use read::{is_node, read};

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
use taipan_objects::native::{Args, FuncArgs, IntoValue};
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
    let Some(of) = types.get(vm, field)? else {
        let (class, field) = (shown_name(vm, class)?, vm.repr(field)?);
        return warn(
            vm,
            &format!(
                "Field {} is missing from {class}._field_types. This will become an error in Python 3.15.",
                field.to_lossy()
            ),
        );
    };
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
            let Some(name) = key.downcast::<Str>() else { return Err(vm.type_error("keywords must be strings")) };
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
        shown(vm, this, SHOWN_DEPTH)?.into_value(vm)
    }

    /// What pickling and copying make the node of: its class, its first fields, its attributes.
    #[method]
    fn __reduce__(this: &Value, vm: &Vm) -> PyResult<Value> {
        let class = vm.class_of(this).to_ref();
        let state = vm.find_attr(this, &*vm.intern("__dict__")?)?;
        let Some(state) = state.as_ref().and_then(|state| state.downcast::<Dict>()) else {
            let empty = Tuple::new(vm, std::iter::empty())?;
            return Ok(Tuple::new(vm, [class.to_value(), empty.into()].into_iter())?.into());
        };
        let state = state.copy(vm)?;
        let mut arguments = Vec::new();
        for field in names(vm, &class, "_fields")? {
            match state.get(vm, &field)? {
                // A place only: what is in a cycle cannot be there before the node is. The state has the values.
                Some(_) => arguments.push(NONE),
                None => break,
            }
        }
        let arguments = Tuple::from_values(vm, arguments)?;
        Ok(Tuple::new(vm, [class.to_value(), arguments.into(), state.into()].into_iter())?.into())
    }

    /// Return a copy of the AST node with new values for the specified fields.
    #[method]
    fn __replace__(this: &Value, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        let given = args.0.positionals().len();
        if given != 0 {
            return Err(vm.type_error(format!("__replace__() takes at most 0 positional arguments ({given} given)")));
        }
        let class = vm.class_of(this).to_ref();
        let (fields, attributes) = (names(vm, &class, "_fields")?, names(vm, &class, "_attributes")?);
        let state = vm.find_attr(this, &*vm.intern("__dict__")?)?;
        let state = state.as_ref().and_then(|state| state.downcast::<Dict>());
        let payload = Dict::new(vm)?;
        if let Some(state) = state {
            for name in fields.iter().chain(&attributes) {
                if let Some(value) = state.get(vm, name)? {
                    payload.set(vm, name, value)?;
                }
            }
        }
        for (key, value) in args.0.keywords() {
            let Some(name) = key.downcast::<Str>() else { return Err(vm.type_error("keywords must be strings")) };
            if !holds(vm, &fields, key)? && !holds(vm, &attributes, key)? {
                let (class, name) = (shown_name(vm, &class)?, name.to_lossy());
                let message = format!("{class}.__replace__ got an unexpected keyword argument '{name}'.");
                return Err(vm.type_error(message));
            }
            payload.set(vm, key, value.clone())?;
        }
        let types = vm.find_attr(&class.to_value(), &*vm.intern("_field_types")?)?;
        let types = types.as_ref().and_then(|types| types.downcast::<Dict>());
        let mut missing = Vec::new();
        for field in &fields {
            let Some(name) = field.downcast::<Str>() else { continue };
            let defaulted = match types.map(|types| types.get(vm, field)).transpose()?.flatten() {
                Some(of) => of.downcast::<Union>().is_some() || of.downcast::<GenericAlias>().is_some(),
                None => false,
            };
            if !defaulted && !payload.contains(vm, field)? && class.lookup(vm, name).is_none() {
                missing.push(vm.repr(field)?.to_lossy().into_owned());
            }
        }
        if !missing.is_empty() {
            let (class, count) = (shown_name(vm, &class)?, missing.len());
            let plural = if count == 1 { "" } else { "s" };
            let list = missing.join(", ");
            return Err(vm.type_error(format!("{class}.__replace__ missing {count} keyword argument{plural}: {list}.")));
        }
        let (keys, values): (Vec<Value>, Vec<Value>) = payload.snapshot().into_iter().unzip();
        taipan_objects::types::call::call(vm, &class.to_value(), Args { values: &values, names: &keys })
    }
}

/// How many levels of nodes a repr shows.
const SHOWN_DEPTH: u32 = 3;

/// A node's repr: its class and its fields, so many levels deep; of long lists the first and the last item.
fn shown(vm: &Vm, this: &Value, depth: u32) -> PyResult<String> {
    let class = vm.class_of(this).to_ref();
    let name = shown_name(vm, &class)?;
    let fields = names(vm, &class, "_fields")?;
    if depth == 0 {
        return Ok(format!("{name}(...)"));
    }
    let mut parts = Vec::new();
    for field in fields {
        let Some(name) = field.downcast::<Str>() else { continue };
        let value = vm.get_attr(this, name)?;
        let items = match (value.downcast::<List>(), value.downcast::<Tuple>()) {
            (Some(list), _) => Some((list.snapshot(), ["[", "]"])),
            (None, Some(tuple)) => Some((tuple.items().to_vec(), ["(", ")"])),
            (None, None) => None,
        };
        let text = match items {
            Some((items, [open, close])) => {
                let mut shown = Vec::new();
                for item in items.first().into_iter().chain(items.get(1..).and_then(<[Value]>::last)) {
                    shown.push(part(vm, item, depth)?);
                }
                let between = if items.len() > 2 { ", ..., " } else { ", " };
                format!("{open}{}{close}", shown.join(between))
            }
            None => part(vm, &value, depth)?,
        };
        parts.push(format!("{}={text}", name.to_lossy()));
    }
    Ok(format!("{name}({})", parts.join(", ")))
}

fn part(vm: &Vm, value: &Value, depth: u32) -> PyResult<String> {
    if is_node(vm, value)? {
        return shown(vm, value, depth - 1);
    }
    Ok(vm.repr(value)?.to_lossy().into_owned())
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
