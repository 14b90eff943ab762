//! Where the attributes of an instance live: inline, in the order of its shape, until the `__dict__` is asked for or outgrows the block.
//!
//! Invariant: the attribute word (slot `Type::attribute_slot`) of an instance whose class has `HAS_DICT` is either an immediate integer
//! (a shape; values follow inline) or a dict, which then holds all the attributes while the inline slots are empty.

use crate::builtins::dict::Dict;
use crate::builtins::str::{Str, is_interned};
use crate::types::shape::ShapeId;
use crate::types::{Type, type_flags};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Header, Obj, Ref, Slot, Value, header_class, slots_of};

enum Storage<'a> {
    None,
    Inline(&'a Slot, ShapeId, &'a [Slot]),
    Dict(Ref<Dict>),
}

fn storage(header: &Header) -> Storage<'_> {
    let Some(class) = header_class::<Type>(header) else { return Storage::None };
    if !class.has(type_flags::HAS_DICT) {
        return Storage::None;
    }
    let slots = slots_of(header);
    let Some((word, inline)) = slots.get(class.attribute_slot()..).and_then(<[Slot]>::split_first) else {
        return Storage::None;
    };
    match word.get() {
        Some(value) => match value.as_int() {
            Some(id) => Storage::Inline(word, ShapeId(id as u32), inline),
            None => value.downcast_into::<Dict>().map_or(Storage::None, Storage::Dict),
        },
        None => Storage::Inline(word, ShapeId::EMPTY, inline),
    }
}

/// What slot number `index` of an instance is, for reports: `f` is told the attribute's name, or that it is the whole `__dict__`.
pub fn look_at_slot(vm: &Vm, header: &Header, index: usize, f: impl FnOnce(SlotUse<'_>)) {
    let Some(class) = header_class::<Type>(header) else { return f(SlotUse::Other) };
    let Some(behind) = index.checked_sub(class.attribute_slot()) else { return f(SlotUse::Member(index)) };
    match storage(header) {
        Storage::Inline(_, id, _) if behind > 0 => match vm.interp().shapes.get(id) {
            Some(shape) => {
                f(shape.names().get(behind - 1).map_or(SlotUse::Other, |name| SlotUse::Attribute(name.header())))
            }
            None => f(SlotUse::Other),
        },
        Storage::Dict(_) if behind == 0 => f(SlotUse::Dict),
        _ => f(SlotUse::Other),
    }
}

/// See `look_at_slot`.
pub enum SlotUse<'a> {
    /// A member of `__slots__`, by its index.
    Member(usize),
    /// An attribute, by its name.
    Attribute(&'a Header),
    /// The namespace.
    Dict,
    /// None of these.
    Other,
}

/// Calls `f` with the dict of an instance, if it has got one, and says how many bytes of its block are the place of attributes.
pub fn look_at_dict(header: &Header, f: impl FnOnce(&Header)) -> usize {
    if let Storage::Dict(dict) = storage(header) {
        f(dict.header());
    }
    size_of_val(slots_of(header))
}

/// The instance attribute `name`, without looking at the class.
pub fn get(vm: &Vm, header: &Header, name: &Obj<Str>) -> PyResult<Option<Value>> {
    match storage(header) {
        Storage::None => Ok(None),
        Storage::Inline(_, id, inline) => Ok(get_inline(vm, id, inline, name)),
        Storage::Dict(dict) => dict.get_name(vm, name),
    }
}

/// The names and values of the attributes of an instance as they are now; `None` if it has no place for any.
pub fn attributes(vm: &Vm, header: &Header) -> Option<Vec<(Value, Value)>> {
    match storage(header) {
        Storage::None => None,
        Storage::Dict(dict) => Some(dict.snapshot()),
        Storage::Inline(_, id, inline) => {
            let shape = vm.interp().shapes.get(id)?;
            let pairs = shape.names().iter().zip(inline);
            Some(pairs.filter_map(|(name, slot)| Some((name.to_value(), slot.get()?))).collect())
        }
    }
}

fn get_inline(vm: &Vm, id: ShapeId, inline: &[Slot], name: &Obj<Str>) -> Option<Value> {
    let shapes = &vm.interp().shapes;
    let place = if is_interned(name) {
        shapes.place(id, name)?
    } else {
        shapes.place(id, &*vm.interp().find_interned(vm, name)?)?
    };
    inline.get(place.ok()?)?.get()
}

/// Sets (`Some`) or deletes (`None`) the instance attribute `name`. `Ok(false)`: there is no place for it, or nothing to delete.
pub fn set(vm: &Vm, header: &Header, name: &Obj<Str>, value: Option<&Value>) -> PyResult<bool> {
    match storage(header) {
        Storage::None => Ok(false),
        Storage::Dict(dict) => match value {
            Some(value) => dict.set(vm, &name.to_value(), value.clone()).map(|()| true),
            None => Ok(dict.remove(vm, &name.to_value())?.is_some()),
        },
        Storage::Inline(word, id, inline) if is_interned(name) => {
            set_inline(vm, header, (word, id, inline), name, value)
        }
        Storage::Inline(word, id, inline) => {
            let name = vm.interp().intern_str(vm, &name.to_ref());
            set_inline(vm, header, (word, id, inline), &name, value)
        }
    }
}

fn set_inline(
    vm: &Vm,
    header: &Header,
    (word, id, inline): (&Slot, ShapeId, &[Slot]),
    name: &Obj<Str>,
    value: Option<&Value>,
) -> PyResult<bool> {
    let Some(place) = vm.interp().shapes.place(id, name) else { return Ok(false) };
    match (place, value) {
        (Ok(index), Some(value)) => {
            inline[index].set(Some(value.clone()));
            Ok(true)
        }
        (Err(count), Some(value)) => add_inline(vm, header, (word, id, inline), count, name, value),
        (Ok(index), None) if inline[index].is_empty() => Ok(false),
        (Ok(index), None) if remove_inline(vm, header, (word, id, inline), index) => Ok(true),
        (Ok(_), None) => Ok(materialize(vm, header)?.remove(vm, &name.to_value())?.is_some()),
        (Err(_), None) => Ok(false),
    }
}

fn add_inline(
    vm: &Vm,
    header: &Header,
    (word, id, inline): (&Slot, ShapeId, &[Slot]),
    count: usize,
    name: &Obj<Str>,
    value: &Value,
) -> PyResult<bool> {
    let Some(class) = header_class::<Type>(header) else { return Ok(false) };
    if count >= inline.len() {
        class.expect_attributes(count + 1);
        materialize(vm, header)?.set(vm, &name.to_value(), value.clone())?;
        return Ok(true);
    }
    let Some(next) = class.shape_after(vm, id, name) else {
        materialize(vm, header)?.set(vm, &name.to_value(), value.clone())?;
        return Ok(true);
    };
    class.has_seen(count + 1);
    word.set(Some(next.to_value()));
    inline[count].set(Some(value.clone()));
    Ok(true)
}

/// Attributes of an instance that one is taken away from without a dict, at most: each way to do it may need a shape for every name that is left.
const FEW: usize = 8;

/// Deletes the attribute in inline slot `index`; those behind it move up. `false`: that is for a dict to do.
fn remove_inline(vm: &Vm, header: &Header, (word, id, inline): (&Slot, ShapeId, &[Slot]), index: usize) -> bool {
    let Some(class) = header_class::<Type>(header) else { return false };
    let shapes = &vm.interp().shapes;
    let Some(count) = shapes.count(id).filter(|&count| count <= FEW) else { return false };
    let Some(id) = shapes.reduced(id, index, |id, name| class.shape_after(vm, id, name)) else { return false };
    let removed = inline[index].take();
    for at in index + 1..count {
        inline[at - 1].set(inline[at].take());
    }
    word.set(Some(id.to_value()));
    drop(removed);
    true
}

/// The instance's `__dict__`, moving its attributes there if they are inline. Fails only for lack of memory or of a place for one.
pub fn materialize(vm: &Vm, header: &Header) -> PyResult<Ref<Dict>> {
    match storage(header) {
        Storage::Dict(dict) => Ok(dict),
        Storage::None => Err(vm.attribute_error("object has no attribute '__dict__'")),
        Storage::Inline(word, id, inline) => {
            let dict = Dict::new(vm)?;
            if let Some(shape) = vm.interp().shapes.get(id) {
                for (name, slot) in shape.names().iter().zip(inline) {
                    if let Some(value) = slot.get() {
                        dict.set(vm, &name.to_value(), value)?;
                    }
                }
            }
            word.set(Some(dict.to_value()));
            for slot in inline {
                slot.set(None);
            }
            Ok(dict)
        }
    }
}

/// Replaces the `__dict__`. `Ok(false)`: the instance has none.
pub fn replace_dict(vm: &Vm, header: &Header, dict: Ref<Dict>) -> PyResult<bool> {
    if matches!(storage(header), Storage::None) {
        return Ok(false);
    }
    materialize(vm, header)?;
    if let Some(class) = header_class::<Type>(header) {
        slots_of(header)[class.attribute_slot()].set(Some(dict.into()));
    }
    Ok(true)
}

/// Whether the instance has attributes of its own at all.
pub fn has_dict(header: &Header) -> bool {
    !matches!(storage(header), Storage::None)
}
