//! Encoding and decoding by mappings that are Python objects.
//!
//! Invariant: a mapping without an entry (LookupError) and one to None both mean undefined.

use taipan_heap::{Obj, Value};
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::{int, is_none};
use taipan_objects::vm::{PyResult, Raised, Vm};
use taipan_text::codecs::{DecodeHandler, Failure, Problem};
use taipan_text::{CodePoints, Sink, TextBuffer};

const UNDEFINED: u32 = 0xFFFE;

/// The mapping that encodes what `map` decodes.
pub fn build(vm: &Vm, map: &Obj<Str>) -> PyResult<Value> {
    let table = Dict::new(vm)?;
    for (byte, point) in map.points().enumerate().take(256) {
        if point != UNDEFINED {
            table.set(vm, &Value::small_int(point as i32), Value::small_int(byte as i32))?;
        }
    }
    Ok(table.into())
}

fn look_up(vm: &Vm, mapping: &Value, key: u32) -> PyResult<Option<Value>> {
    let found = vm.get_item(mapping, &Value::small_int(key as i32));
    Ok(vm.catch(found, &vm.types().lookup_error)?.filter(|found| !is_none(found)))
}

/// Appends the bytes of a character; `false` when it has none.
pub fn encode_one(vm: &Vm, mapping: &Value, point: u32, out: &mut Vec<u8>) -> PyResult<bool> {
    let Some(found) = look_up(vm, mapping, point)? else { return Ok(false) };
    if let Some(bytes) = found.downcast::<Bytes>() {
        out.extend_from_slice(bytes.bytes());
        return Ok(true);
    }
    if !int::is_int(&found) {
        let given = vm.type_name(&found);
        return Err(vm.type_error(format!("character mapping must return integer, bytes or None, not {given}")));
    }
    match int::as_small(&found).map(u8::try_from) {
        Some(Ok(byte)) => {
            out.push(byte);
            Ok(true)
        }
        _ => Err(vm.type_error("character mapping must be in range(256)")),
    }
}

fn decode_one(vm: &Vm, mapping: &Value, byte: u8, out: &mut TextBuffer) -> PyResult<bool> {
    let Some(found) = look_up(vm, mapping, u32::from(byte))? else { return Ok(false) };
    if let Some(text) = found.downcast::<Str>() {
        if text.len() == 1 && text.point(0) == UNDEFINED {
            return Ok(false);
        }
        out.push_range(&**text, 0..text.len());
        return Ok(true);
    }
    if !int::is_int(&found) {
        return Err(vm.type_error("character mapping must return integer, None or str"));
    }
    match int::as_small(&found).and_then(|point| u32::try_from(point).ok()) {
        Some(UNDEFINED) => Ok(false),
        Some(point @ 0..=0x10_FFFF) => {
            out.push(point);
            Ok(true)
        }
        _ => Err(vm.type_error("character mapping must be in range(0x110000)")),
    }
}

/// Decodes bytes by a mapping to code points or text.
pub fn decode(
    vm: &Vm,
    input: &[u8],
    mapping: &Value,
    handler: DecodeHandler<'_, Raised>,
    out: &mut TextBuffer,
) -> Result<(), Failure<Raised>> {
    let mut at = 0;
    while let Some(&byte) = input.get(at) {
        if decode_one(vm, mapping, byte, out).map_err(Failure::Handler)? {
            at += 1;
            continue;
        }
        let reason = "character maps to <undefined>".into();
        let problem = Problem { encoding: "charmap", start: at, end: at + 1, reason };
        match handler(&problem).map_err(Failure::Handler)? {
            Some(fix) => {
                out.push_range(&fix.text, 0..CodePoints::len(&fix.text));
                at = fix.resume;
            }
            None => return Err(Failure::Problem(problem)),
        }
    }
    Ok(())
}
