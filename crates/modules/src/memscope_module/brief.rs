//! A few words on an object, read without running Python code: what `repr` would say of plain values, lengths and names of the others.
//!
//! Invariant: what is written is not much longer than the room given, whatever the object is.

use taipan_heap::Value;
use taipan_interp::code::CodeObject;
use taipan_interp::function::Function;
use taipan_interp::generator::Generator;
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::function::NativeFunction;
use taipan_objects::builtins::{dict::Dict, list::List, module::Module, set::Set, str::Str, tuple::Tuple};
use taipan_objects::builtins::{float, int, is_none};
use taipan_objects::types::{Type, instance};
use taipan_objects::vm::Vm;

/// The beginning of a text, with dots if that is not all.
fn cut(text: &Str, room: usize, out: &mut String) {
    for (count, point) in text.points().enumerate() {
        if count == room {
            return out.push('…');
        }
        out.push(char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER));
    }
}

/// The name of a module, by the `__name__` in its namespace.
fn module_name(module: &Value, out: &mut String) {
    let Some(header) = module.header() else { return };
    instance::look_at_dict(header, |dict| {
        dict.with_value(|dict| {
            let Some(dict) = dict.downcast::<Dict>() else { return };
            for entry in 0..dict.entries_len() {
                dict.look_at(entry, |key, value| {
                    if Str::is_text(key, "__name__") && out.is_empty() {
                        out.push_str(&Str::display(value));
                    }
                });
            }
        });
    });
}

fn items(count: usize, what: &str, out: &mut String) {
    out.push_str(&format!("{count} {what}{}", if count == 1 { "" } else { "s" }));
}

/// A title of an object: its text, name or length; nothing if its class says all there is to say.
pub(super) fn title(vm: &Vm, value: &Value, room: usize, out: &mut String) {
    if let Some(text) = value.downcast::<Str>() {
        cut(text, room, out);
    } else if let Some(list) = value.downcast::<List>() {
        items(list.len(), "item", out);
    } else if let Some(tuple) = value.downcast::<Tuple>() {
        items(tuple.items().len(), "item", out);
    } else if let Some(dict) = value.downcast::<Dict>() {
        items(dict.len(), "key", out);
    } else if let Some(set) = value.downcast::<Set>() {
        items(set.len(), "item", out);
    } else if let Some(bytes) = value.downcast::<Bytes>() {
        items(bytes.bytes().len(), "byte", out);
    } else if let Some(class) = value.downcast::<Type>() {
        out.push_str(&class.qualified_name(vm));
    } else if let Some(function) = value.downcast::<Function>() {
        out.push_str(&function.qualname_text());
    } else if let Some(code) = value.downcast::<CodeObject>() {
        out.push_str(&code.qualname_text());
        // Code that was not run yet is not read either.
        if !code.shape().unread {
            let plain = code.plain();
            out.push_str(&format!(", {}:{}", plain.filename, plain.first_line));
        }
    } else if let Some(generator) = value.downcast::<Generator>() {
        out.push_str(&generator.code.qualname_text());
    } else if let Some(function) = value.downcast::<NativeFunction>() {
        out.push_str(function.def.0.name);
    } else if value.downcast::<Module>().is_some() {
        module_name(value, out);
    }
}

/// A value in few characters, as an element or a key is shown.
pub(super) fn brief(vm: &Vm, value: &Value, room: usize, out: &mut String) {
    if is_none(value) {
        out.push_str("None");
    } else if let Some(small) = int::as_small(value) {
        match value.as_int() {
            Some(_) => out.push_str(&small.to_string()),
            None => out.push_str(if small == 1 { "True" } else { "False" }),
        }
    } else if let Some(number) = float::get(value) {
        out.push_str(&taipan_numeric::float_repr(number));
    } else if value.downcast::<Str>().is_some() {
        out.push('\'');
        title(vm, value, room, out);
        out.push('\'');
    } else if value.header().is_none() {
        out.push_str(&vm.type_name(value));
    } else {
        described(vm, value, room, out);
    }
}

/// An object as reports name it: its class, its address, its title.
pub(super) fn described(vm: &Vm, value: &Value, room: usize, out: &mut String) {
    let Some(header) = value.header() else { return brief(vm, value, room, out) };
    out.push_str(&vm.class_of(value).qualified_name(vm));
    let mut text = String::new();
    title(vm, value, room, &mut text);
    if value.downcast::<Str>().is_some() {
        text = format!("'{text}'");
    }
    if text.is_empty() {
        out.push_str(&format!(" at {:#x}", header.address()));
    } else {
        out.push_str(&format!(" {text} at {:#x}", header.address()));
    }
}
