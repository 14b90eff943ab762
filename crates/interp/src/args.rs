//! Binding the arguments of a call to the parameters of a Python function, with CPython's messages.
//!
//! Invariant: on success every parameter has a value; on failure nothing was kept.

use crate::code::CodeObject;
use crate::function::Function;
use taipan_heap::{Obj, Ref, Value};
use taipan_objects::builtins::str::{Str, is_interned};
use taipan_objects::builtins::{dict::Dict, tuple::Tuple};
use taipan_objects::native::unexpected_keyword;
use taipan_objects::vm::{PyResult, Raised, Vm};

/// Values for the parameters of `function`, in register order. `values` are the positional arguments, then those named by `names`.
pub fn bind(
    vm: &Vm,
    function: &Obj<Function>,
    code: &CodeObject,
    mut values: Vec<Value>,
    names: &[Value],
) -> PyResult<Vec<Value>> {
    let shape = code.shape();
    let keywords: Vec<Value> = values.split_off(values.len() - names.len());
    let given = values.len();
    let positional = shape.positional as usize;
    let plain = positional + shape.keyword_only as usize;
    let mut bound: Vec<Option<Value>> = Vec::with_capacity(plain + 2);
    let rest = if given > positional { values.split_off(positional) } else { Vec::new() };
    bound.extend(values.into_iter().map(Some));
    bound.resize_with(plain, || None);
    let extra_keywords = if shape.varkeywords { Some(Dict::new(vm)?) } else { None };
    for (name, value) in names.iter().zip(keywords) {
        bind_keyword(vm, function, code, &mut bound, extra_keywords.as_deref(), names, (name, value))?;
    }
    if given > positional && !shape.varargs {
        return Err(too_many(vm, function, code, given, &bound));
    }
    fill_defaults(vm, function, code, given, &mut bound)?;
    if shape.varargs {
        bound.push(Some(Tuple::new(vm, rest.into_iter())?.into()));
    }
    if let Some(keywords) = extra_keywords {
        bound.push(Some(keywords.into()));
    }
    Ok(bound.into_iter().flatten().collect())
}

fn bind_keyword(
    vm: &Vm,
    function: &Obj<Function>,
    code: &CodeObject,
    bound: &mut [Option<Value>],
    extra: Option<&Obj<Dict>>,
    names: &[Value],
    (name, value): (&Value, Value),
) -> PyResult<()> {
    let shape = code.shape();
    let Some(text) = name.downcast::<Str>() else {
        return Err(vm.type_error(format!("{}() keywords must be strings", function.qualname_text())));
    };
    let parameters = &code.variables[..bound.len()];
    let first = shape.positional_only as usize;
    // Parameters' names are interned, and so are nearly all keywords.
    let interned = is_interned(text);
    let found = parameters[first..].iter().position(|own| own.is(name) || !interned && own.same_text(text));
    let Some(index) = found.map(|index| index + first) else {
        let Some(extra) = extra else { return Err(unexpected(vm, function, code, names, name)) };
        return extra.set(vm, name, value);
    };
    if bound[index].is_some() {
        let (function, name) = (function.qualname_text(), text.to_lossy());
        return Err(vm.type_error(format!("{function}() got multiple values for argument '{name}'")));
    }
    bound[index] = Some(value);
    Ok(())
}

fn fill_defaults(
    vm: &Vm,
    function: &Obj<Function>,
    code: &CodeObject,
    given: usize,
    bound: &mut [Option<Value>],
) -> PyResult<()> {
    let positional = code.shape().positional as usize;
    if bound[..positional].iter().any(Option::is_none) {
        let defaults = function.defaults.get().and_then(|value| value.downcast_into::<Tuple>().ok());
        let defaults: &[Value] = defaults.as_ref().map_or(&[], |tuple| tuple.items());
        let first = positional.saturating_sub(defaults.len());
        let skipped = defaults.len().saturating_sub(positional);
        if bound[..first].iter().any(Option::is_none) {
            return Err(missing(vm, function, code, "positional", bound[..first].iter()));
        }
        for (slot, default) in bound[first..positional].iter_mut().zip(&defaults[skipped..]) {
            slot.get_or_insert_with(|| default.clone());
        }
    }
    let _ = given;
    if bound[positional..].iter().all(Option::is_some) {
        return Ok(());
    }
    if let Some(defaults) = function.kwdefaults().and_then(|value| value.downcast_into::<Dict>().ok()) {
        for (slot, name) in bound[positional..].iter_mut().zip(&code.variables[positional..]) {
            if slot.is_none() {
                *slot = defaults.get_name(vm, name)?;
            }
        }
    }
    if bound[positional..].iter().any(Option::is_none) {
        return Err(missing(vm, function, code, "keyword-only", bound.iter()));
    }
    Ok(())
}

#[cold]
fn missing<'a>(
    vm: &Vm,
    function: &Obj<Function>,
    code: &CodeObject,
    kind: &str,
    bound: impl Iterator<Item = &'a Option<Value>>,
) -> Raised {
    let skip = if kind == "positional" { 0 } else { code.shape().positional as usize };
    let names: Vec<String> = bound
        .zip(code.variables.iter())
        .skip(skip)
        .filter(|(slot, _)| slot.is_none())
        .map(|(_, name)| format!("'{}'", name.to_lossy()))
        .collect();
    let plural = if names.len() == 1 { "" } else { "s" };
    let listed = match &names[..] {
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [some @ .., last] => format!("{}, and {last}", some.join(", ")),
        [] => String::new(),
    };
    let (function, count) = (function.qualname_text(), names.len());
    vm.type_error(format!("{function}() missing {count} required {kind} argument{plural}: {listed}"))
}

#[cold]
fn too_many(vm: &Vm, function: &Obj<Function>, code: &CodeObject, given: usize, bound: &[Option<Value>]) -> Raised {
    let positional = code.shape().positional as usize;
    let defaults = function.defaults.get().and_then(|d| d.downcast_into::<Tuple>().ok()).map_or(0, |d| d.items().len());
    let takes = if defaults > 0 {
        format!("from {} to {positional}", positional.saturating_sub(defaults))
    } else {
        positional.to_string()
    };
    let plural = if defaults > 0 || positional != 1 { "s" } else { "" };
    let keyword_only = bound[positional..].iter().filter(|slot| slot.is_some()).count();
    let were = if keyword_only > 0 {
        let (first, second) = (if given == 1 { "" } else { "s" }, if keyword_only == 1 { "" } else { "s" });
        format!("{given} positional argument{first} (and {keyword_only} keyword-only argument{second}) were given")
    } else {
        format!("{given} {} given", if given == 1 { "was" } else { "were" })
    };
    let function = function.qualname_text();
    vm.type_error(format!("{function}() takes {takes} positional argument{plural} but {were}"))
}

#[cold]
fn unexpected(vm: &Vm, function: &Obj<Function>, code: &CodeObject, names: &[Value], name: &Value) -> Raised {
    let (only, rest) = code.variables.split_at(code.shape().positional_only as usize);
    let named = |own: &&Ref<Str>| names.iter().filter_map(Value::downcast::<Str>).any(|name| own.same_text(name));
    let given: Vec<String> = only.iter().filter(named).map(|own| own.to_lossy().into_owned()).collect();
    let function = function.qualname_text();
    if !given.is_empty() {
        let given = given.join(", ");
        return vm.type_error(format!(
            "{function}() got some positional-only arguments passed as keyword arguments: '{given}'"
        ));
    }
    let takes = (code.shape().positional + code.shape().keyword_only - code.shape().positional_only) as usize;
    let known: Vec<String> = rest[..takes].iter().map(|own| own.to_lossy().into_owned()).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    unexpected_keyword(vm, &function, name, &known)
}
