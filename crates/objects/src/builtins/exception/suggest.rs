//! "Did you mean": the name closest to a wrong one.
//!
//! Invariant: computing a suggestion never raises; what fails on the way means that there is none.

use super::{AttributeError, BaseException, ImportError, NameError};
use crate::builtins::str::Str;
use crate::builtins::traceback::Traceback;
use crate::builtins::{NONE, is_none};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Ref, Value};

const MOVE_COST: usize = 2;
const CASE_COST: usize = 1;
const MOST_CANDIDATES: usize = 750;
const LONGEST_NAME: usize = 40;

fn substitution(a: char, b: char) -> usize {
    if a == b {
        0
    } else if a.eq_ignore_ascii_case(&b) {
        CASE_COST
    } else {
        MOVE_COST
    }
}

/// The edit distance, or a number above `most`.
fn distance(a: &[char], b: &[char], most: usize) -> usize {
    let prefix = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[prefix..], &b[prefix..]);
    let suffix = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - suffix], &b[..b.len() - suffix]);
    if a.is_empty() || b.is_empty() {
        return MOVE_COST * (a.len() + b.len());
    }
    let (short, long) = if b.len() < a.len() { (b, a) } else { (a, b) };
    if long.len() > LONGEST_NAME || (long.len() - short.len()) * MOVE_COST > most {
        return most + 1;
    }
    let mut row: Vec<usize> = (1..=short.len()).map(|n| n * MOVE_COST).collect();
    let mut result = 0;
    for (index, &c) in long.iter().enumerate() {
        let mut diagonal = index * MOVE_COST;
        result = diagonal;
        let mut least = usize::MAX;
        for (cell, &other) in row.iter_mut().zip(short) {
            let substitute = diagonal + substitution(c, other);
            diagonal = *cell;
            result = (result.min(diagonal) + MOVE_COST).min(substitute);
            *cell = result;
            least = least.min(result);
        }
        if least > most {
            return most + 1;
        }
    }
    result
}

/// The one of `candidates` that `wrong` was probably meant to be.
pub fn closest(wrong: &str, candidates: &[String]) -> Option<String> {
    closest_within(wrong, candidates, wrong.chars().count())
}

/// The parameter that keyword `wrong` was probably meant to be; here short names may differ in more.
pub fn closest_parameter(wrong: &str, candidates: &[String]) -> Option<String> {
    closest_within(wrong, candidates, usize::MAX)
}

fn closest_within(wrong: &str, candidates: &[String], mut best_distance: usize) -> Option<String> {
    let wrong: Vec<char> = wrong.chars().collect();
    if candidates.len() >= MOST_CANDIDATES || wrong.len() > LONGEST_NAME {
        return None;
    }
    let mut best = None;
    for candidate in candidates {
        let other: Vec<char> = candidate.chars().collect();
        if other == wrong {
            continue;
        }
        let most = ((other.len() + wrong.len() + 3) * MOVE_COST / 6).min(best_distance.saturating_sub(1));
        let found = distance(&wrong, &other, most);
        if found <= most && (best.is_none() || found < best_distance) {
            best = Some(candidate.clone());
            best_distance = found;
        }
    }
    best
}

fn strings(values: &[Value]) -> Vec<String> {
    values.iter().filter(|value| value.downcast::<Str>().is_some()).map(Str::display).collect()
}

/// `sorted(object.__dir__())`
fn names_of(vm: &Vm, object: &Value) -> PyResult<Vec<String>> {
    let listed = vm.get_attr_text(object, "__dir__")?;
    let listed = if object.downcast::<crate::types::Type>().is_some() {
        let class = vm.class_of(object).to_value();
        let unbound = vm.get_attr_text(&class, "__dir__")?;
        vm.call(&unbound, std::slice::from_ref(object))?
    } else {
        vm.call(&listed, &[])?
    };
    let mut names = strings(&vm.collect(&listed)?);
    names.sort();
    Ok(names)
}

/// The frame in which the exception was raised.
fn last_frame(exception: &Obj<BaseException>) -> Option<Value> {
    let mut entry: Ref<Traceback> = exception.traceback.get()?.downcast_into::<Traceback>().ok()?;
    while let Some(next) = entry.next_entry() {
        entry = next;
    }
    Some(entry.frame())
}

fn local_self(vm: &Vm, frame: &Value) -> PyResult<Option<Value>> {
    let locals = vm.get_attr_text(frame, "f_locals")?;
    let name: Value = vm.intern("self")?.into();
    if !vm.contains(&locals, &name)? {
        return Ok(None);
    }
    vm.get_item(&locals, &name).map(Some)
}

fn for_attribute(
    vm: &Vm,
    exception: &Obj<BaseException>,
    error: &AttributeError,
    wrong: &str,
) -> PyResult<Vec<String>> {
    let object = error.object.get().unwrap_or(NONE);
    let mut names = names_of(vm, &object)?;
    let mut hide = !wrong.starts_with('_');
    if hide
        && let Some(frame) = last_frame(exception)
        && local_self(vm, &frame)?.is_some_and(|own| own.is(&object))
    {
        hide = false;
    }
    names.retain(|name| !hide || !name.starts_with('_'));
    Ok(names)
}

fn for_import(vm: &Vm, error: &ImportError, wrong: &str) -> PyResult<Vec<String>> {
    let name = error.name.get().unwrap_or(NONE);
    let module = vm.interp().modules.get().map(|modules| modules.get(vm, &name)).transpose()?.flatten();
    let Some(module) = module else { return Ok(Vec::new()) };
    let mut names = names_of(vm, &module)?;
    names.retain(|name| wrong.starts_with('_') || !name.starts_with('_'));
    Ok(names)
}

fn for_name(vm: &Vm, exception: &Obj<BaseException>, wrong: &str) -> PyResult<Option<String>> {
    let Some(frame) = last_frame(exception) else { return Ok(None) };
    let mut names = Vec::new();
    for attribute in ["f_locals", "f_globals", "f_builtins"] {
        let scope = vm.get_attr_text(&frame, attribute)?;
        names.extend(strings(&vm.collect(&scope)?));
    }
    if let Some(own) = local_self(vm, &frame)? {
        let wrong_name = vm.intern(wrong)?;
        if vm.find_attr(&own, &wrong_name)?.is_some() {
            return Ok(Some(format!("self.{wrong}")));
        }
    }
    Ok(closest(wrong, &names))
}

/// What is added to the message of an exception: the suggestion, and the module that was probably not imported.
pub(super) fn hint(vm: &Vm, exception: &Obj<BaseException>) -> String {
    match compute(vm, exception) {
        Ok(hint) => hint,
        Err(raised) => {
            drop(vm.take_exception(raised));
            String::new()
        }
    }
}

fn compute(vm: &Vm, exception: &Obj<BaseException>) -> PyResult<String> {
    let mean = |found: Option<String>| found.map(|name| format!(". Did you mean: '{name}'?")).unwrap_or_default();
    let text = |value: Option<Value>| {
        value.filter(|value| !is_none(value) && value.downcast::<Str>().is_some()).map(|value| Str::display(&value))
    };
    if let Some(error) = exception.downcast::<AttributeError>() {
        let Some(wrong) = text(error.name.get()) else { return Ok(String::new()) };
        return Ok(mean(closest(&wrong, &for_attribute(vm, exception, error, &wrong)?)));
    }
    if let Some(error) = exception.downcast::<ImportError>() {
        let Some(wrong) = text(error.name_from.get()) else { return Ok(String::new()) };
        return Ok(mean(closest(&wrong, &for_import(vm, error, &wrong)?)));
    }
    let Some(error) = exception.downcast::<NameError>() else { return Ok(String::new()) };
    let Some(wrong) = text(error.name.get()) else { return Ok(String::new()) };
    let found = for_name(vm, exception, &wrong)?;
    let import = if is_stdlib_module(vm, &wrong)? {
        let start = if found.is_some() { " Or did" } else { ". Did" };
        format!("{start} you forget to import '{wrong}'?")
    } else {
        String::new()
    };
    Ok(mean(found) + &import)
}

fn is_stdlib_module(vm: &Vm, name: &str) -> PyResult<bool> {
    let Some(modules) = vm.interp().modules.get() else { return Ok(false) };
    let Some(sys) = modules.get_text(vm, "sys")? else { return Ok(false) };
    let attribute = vm.intern("stdlib_module_names")?;
    match vm.find_attr(&sys, &attribute)? {
        Some(names) => {
            let name: Value = vm.intern(name)?.into();
            vm.contains(&names, &name)
        }
        None => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn suggests_what_cpython_suggests() {
        let cases: &[(&str, &[&str], Option<&str>)] = &[
            ("lenght", &["length", "len"], Some("length")),
            ("Foo", &["foo"], Some("foo")),
            ("x", &["y"], None),
            ("abc", &["xyz"], None),
            ("appendd", &["append", "extend"], Some("append")),
        ];
        for (wrong, names, wanted) in cases {
            let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(closest(wrong, &names).as_deref(), *wanted, "{wrong}");
        }
    }
}
