//! `str.translate` and `str.maketrans`.
//!
//! Invariant: the table is asked once for each different Latin-1 character and each time for any other.

use super::{Str, StrBuilder};
use crate::builtins::dict::Dict;
use crate::builtins::{NONE, int, is_none};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Ref, Value};

/// What a character becomes.
#[derive(Clone)]
enum Mapped {
    Same,
    Point(u32),
    Text(Ref<Str>),
}

fn look_up(vm: &Vm, table: &Value, point: u32) -> PyResult<Mapped> {
    let found = vm.get_item(table, &Value::small_int(point as i32));
    let Some(found) = vm.catch(found, &vm.types().lookup_error)? else { return Ok(Mapped::Same) };
    if is_none(&found) {
        return Ok(Mapped::Text(Str::empty(vm)?));
    }
    if int::is_int(&found) {
        return match int::as_small(&found).and_then(|n| u32::try_from(n).ok()) {
            Some(point @ 0..=0x10_ffff) => Ok(Mapped::Point(point)),
            _ => Err(vm.value_error("character mapping must be in range(0x110000)")),
        };
    }
    match found.downcast_into::<Str>() {
        Ok(text) => Ok(Mapped::Text(text)),
        Err(_) => Err(vm.type_error("character mapping must return integer, None or str")),
    }
}

/// `text.translate(table)`
pub(super) fn translate(vm: &Vm, text: &Obj<Str>, table: &Value) -> PyResult<Ref<Str>> {
    let mut cache: Vec<Option<Mapped>> = vec![None; 256];
    let mut out = StrBuilder::new();
    for point in text.points() {
        let known = cache.get(point as usize).cloned().flatten();
        let mapped = match known {
            Some(mapped) => mapped,
            None => {
                let mapped = look_up(vm, table, point)?;
                if let Some(place) = cache.get_mut(point as usize) {
                    *place = Some(mapped.clone());
                }
                mapped
            }
        };
        match &mapped {
            Mapped::Same => out.push_point(point),
            Mapped::Point(point) => out.push_point(*point),
            Mapped::Text(text) => out.push(text),
        }
        if out.len() > vm.text_room() {
            return Err(vm.out_of_memory(taipan_heap::OutOfMemory));
        }
    }
    out.finish(vm)
}

/// `str.maketrans`
pub(super) fn maketrans(vm: &Vm, x: &Value, y: Option<&Obj<Str>>, z: Option<&Obj<Str>>) -> PyResult<Ref<Dict>> {
    let table = Dict::new(vm)?;
    let Some(y) = y else {
        let Some(given) = x.downcast::<Dict>() else {
            return Err(vm.type_error("if you give only one argument to maketrans it must be a dict"));
        };
        copy_table(vm, given, &table)?;
        return Ok(table);
    };
    let Some(x) = x.downcast::<Str>() else {
        return Err(vm.type_error("first maketrans argument must be a string if there is a second argument"));
    };
    if x.len() != y.len() {
        return Err(vm.value_error("the first two maketrans arguments must have equal length"));
    }
    for (from, to) in x.points().zip(y.points()) {
        table.set(vm, &Value::small_int(from as i32), Value::small_int(to as i32))?;
    }
    for point in z.iter().flat_map(|z| z.points()) {
        table.set(vm, &Value::small_int(point as i32), NONE)?;
    }
    Ok(table)
}

fn copy_table(vm: &Vm, given: &Obj<Dict>, table: &Dict) -> PyResult<()> {
    for (key, value) in given.snapshot() {
        if int::is_int(&key) {
            table.set(vm, &key, value)?;
            continue;
        }
        let Some(text) = key.downcast::<Str>() else {
            return Err(vm.type_error("keys in translate table mustbe strings or integers"));
        };
        if text.len() != 1 {
            return Err(vm.value_error("string keys in translatetable must be of length 1"));
        }
        table.set(vm, &Value::small_int(text.point(0) as i32), value)?;
    }
    Ok(())
}
