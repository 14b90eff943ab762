//! `str.translate` and `str.maketrans`.
//!
//! Invariant: the table is asked once for each different Latin-1 character and each time for any other.

use super::{Str, StrBuilder};
use crate::builtins::dict::Dict;
use crate::builtins::{NONE, int, is_none};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Ref, Value, flags};

/// What a character becomes.
enum Mapped {
    Same,
    Point(u32),
    Text(Ref<Str>),
}

fn look_up(vm: &Vm, table: &Value, point: u32) -> PyResult<Mapped> {
    let key = Value::small_int(point as i32);
    let found = match table.downcast::<Dict>().filter(|table| table.header().kind().has(flags::EXACT)) {
        Some(table) => table.get(vm, &key)?,
        None => vm.catch(vm.get_item(table, &key), &vm.types().lookup_error)?,
    };
    let Some(found) = found else { return Ok(Mapped::Same) };
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

/// What the table says of the Latin-1 characters that were asked for.
struct Known {
    /// The character that each becomes, or one of the two below.
    points: [u32; 256],
    texts: Vec<(u32, Ref<Str>)>,
}

const UNKNOWN: u32 = u32::MAX;
/// Becomes a text: it stands in `texts`.
const TEXT: u32 = u32::MAX - 1;
/// Becomes nothing.
const NOTHING: u32 = u32::MAX - 2;
/// How many Latin-1 characters are gathered before they are added to the result.
const RUN: usize = 4096;

impl Known {
    fn keep(&mut self, point: u32, mapped: &Mapped) {
        let Some(place) = self.points.get_mut(point as usize) else { return };
        *place = match mapped {
            Mapped::Same => point,
            Mapped::Point(other) => *other,
            Mapped::Text(text) if text.is_empty() => NOTHING,
            Mapped::Text(text) => {
                self.texts.push((point, text.clone()));
                TEXT
            }
        };
    }
}

/// `text.translate(table)`
pub(super) fn translate(vm: &Vm, text: &Obj<Str>, table: &Value) -> PyResult<Ref<Str>> {
    let mut known = Known { points: [UNKNOWN; 256], texts: Vec::new() };
    let (mut out, mut run) = (StrBuilder::new(), Vec::new());
    for point in text.points() {
        let mut becomes = known.points.get(point as usize).copied().unwrap_or(UNKNOWN);
        let mut made = None;
        if becomes == UNKNOWN {
            let mapped = look_up(vm, table, point)?;
            known.keep(point, &mapped);
            becomes = match mapped {
                Mapped::Same => point,
                Mapped::Point(other) => other,
                Mapped::Text(text) if text.is_empty() => NOTHING,
                Mapped::Text(text) => {
                    made = Some(text);
                    TEXT
                }
            };
        }
        match u8::try_from(becomes) {
            Ok(byte) if run.len() < RUN => {
                run.push(byte);
                continue;
            }
            _ if becomes == NOTHING => continue,
            _ => {}
        }
        out.push_latin1(&run);
        run.clear();
        if becomes != TEXT {
            out.push_point(becomes);
            continue;
        }
        let kept = known.texts.iter().find(|(of, _)| *of == point).map(|(_, text)| text);
        if let Some(text) = made.as_ref().or(kept) {
            push_text(vm, &mut out, text)?;
        }
    }
    out.push_latin1(&run);
    out.finish(vm)
}

fn push_text(vm: &Vm, out: &mut StrBuilder, text: &Str) -> PyResult<()> {
    if text.len() > 1 && out.len() + text.len() > vm.text_room() {
        return Err(vm.out_of_memory(taipan_heap::OutOfMemory));
    }
    out.push(text);
    Ok(())
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
