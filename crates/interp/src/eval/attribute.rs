//! Inline caches of attribute and global access, in the words after an instruction.
//!
//! `LoadAttr`, `LoadMethod`, `StoreAttr`: word 0 holds the class version (low half) and a way of access with a byte offset (high half);
//! word 1 the attribute word (shape) that the instance must have; word 2 a borrowed value found on the class,
//! or the attribute word after an attribute was added. `LoadGlobal`: word 0 the versions
//! of the global and builtin namespaces (the latter 0 for a global), word 1 the address of the value.
//!
//! Behind the instructions' caches stands one table per thread, `Recall`, that keeps what they held for each class and name: an instruction
//! that sees several classes in turn takes its cache from there instead of looking everything up again.
//!
//! Invariant C1: a class version that matches proves that lookups on the class give what they gave when the cache was written (T1), so the
//! borrowed value of word 2 is alive: the class holds it.

use crate::code::CodeObject;
use crate::eval::frame::{Frame, Stack};
use crate::eval::here::Here;
use crate::eval::recall::{Access, Recall};
use crate::eval::window::Window;
use crate::eval::{class_attribute, dict_attribute, special};
use crate::function::Function;
use std::cell::Cell;
use std::hint::cold_path;
use std::ptr::NonNull;
use taipan_bytecode::CONSUME_B;
use taipan_heap::{Header, Ref, Slot, Value, block_size, slots_of};
use taipan_objects::builtins::descriptor::{ClassMethod, MemberDescriptor, Property, StaticMethod};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::function::GetSetDescriptor;
use taipan_objects::builtins::module::Module;
use taipan_objects::builtins::str::Str;
use taipan_objects::types::{Type, TypeObject, attribute, slot_calls, type_flags};
use taipan_objects::vm::{PyResult, Vm};

/// Ways of access. The most frequent is told by its sign.
const INLINE: u32 = 0x80 << 24;
const CLASS_VALUE: u32 = 2 << 24;
const METHOD: u32 = 3 << 24;
const MEMBER: u32 = 4 << 24;
/// A class value on instances that cannot have attributes of their own.
const BARE_CLASS_VALUE: u32 = 5 << 24;
const BARE_METHOD: u32 = 6 << 24;
/// A store of an attribute that the instance does not have yet: word 2 is the attribute word to come.
const ADD: u32 = 7 << 24;
/// A property: word 2 is the property.
const PROPERTY: u32 = 8 << 24;
/// An attribute that native code gets: word 2 is its descriptor.
const GETSET: u32 = 9 << 24;
/// An attribute of a class object, found on that class: word 1 is the class's own version, word 2 the value.
pub(super) const OWN: u32 = 10 << 24;
/// The same for a call: word 2 is a function, or the static or class method it is in.
pub(super) const OWN_METHOD: u32 = 11 << 24;
/// A method of a class object that its metaclass has and the class, whose version is word 1, has not.
pub(super) const META_METHOD: u32 = 12 << 24;
/// As `OWN`, of a value that may change while the versions stand: word 2 is its place.
pub(super) const OWN_PLACE: u32 = 14 << 24;
/// An attribute whose data descriptor, word 2, has a `__get__` written in Python.
const DESCRIPTOR: u32 = 13 << 24;
/// An attribute in a module's namespace: word 1 is the namespace's version, word 2 the place of the value.
const MODULE: u32 = 15 << 24;
/// What classes with a `__getattr__` and generic lookup give for a name that neither they nor the instance have: word 2 is that function.
const HOOK: u32 = 18 << 24;
/// As `OWN` or `OWN_METHOD`, of a value that is the attribute itself for as long as the versions stand.
pub(super) const OWN_PLAIN: u32 = 20 << 24;
/// A static or class method, word 2, of which an instance is asked for a call.
const WRAPPED: u32 = 22 << 24;
const BARE_WRAPPED: u32 = 23 << 24;
/// `__class__` as every object has it.
const CLASS_ITSELF: u32 = 19 << 24;
pub(super) const WAY: u32 = 0xff << 24;

pub(super) type Cache = *const Cell<u64>;

#[inline(always)]
pub(super) unsafe fn class_of(header: &Header) -> &Type {
    // SAFETY: every object of an interpreter has a class object, whose payload begins with its kind.
    unsafe { NonNull::from(header.kind()).cast::<Type>().as_ref() }
}

#[inline(always)]
pub(super) unsafe fn slot_at(header: &Header, offset: u32) -> &Slot {
    // SAFETY: the offset was taken from an instance of the same class and shape (C1).
    unsafe { NonNull::from(header).cast::<u8>().add(offset as usize).cast::<Slot>().as_ref() }
}

/// The way and offset for `object`, if the cache is for its class; with its header.
#[inline(always)]
pub(super) unsafe fn hit(object: &Value, cache: Cache) -> Option<(&Header, u32)> {
    let header = object.header()?;
    // SAFETY: the cache words follow the instruction.
    unsafe {
        let word = (*cache).get();
        let version = word as u32;
        (version != 0 && class_of(header).current_version() == version).then_some((header, (word >> 32) as u32))
    }
}

/// The offset of the attribute word and what that must be, if a cache is for instances of one shape.
#[inline]
pub(super) unsafe fn wanted_shape(cache: Cache) -> Option<(usize, u64)> {
    // SAFETY: the cache words follow the instruction.
    unsafe {
        let way = ((*cache).get() >> 32) as u32;
        let shaped = way >= INLINE || matches!(way & WAY, CLASS_VALUE | METHOD | ADD | HOOK | WRAPPED);
        shaped.then(|| ((way >> 12 & 0xfff) as usize * 8, (*cache.add(1)).get()))
    }
}

#[inline(always)]
unsafe fn shape_matches(header: &Header, way: u32, cache: Cache) -> bool {
    // SAFETY: bits 12–23 hold the offset of the attribute word in units of 8 bytes.
    unsafe {
        let offset = (way >> 12 & 0xfff) * 8;
        let word = NonNull::from(header).cast::<u8>().add(offset as usize).cast::<u64>().read();
        word == (*cache.add(1)).get()
    }
}

/// A new reference to the value that `lend` left in a cache word.
#[inline(always)]
pub(super) unsafe fn borrowed(word: Cache) -> Value {
    // SAFETY: C1: the word is that of a live value; cloning it takes a reference.
    unsafe {
        let value = std::mem::ManuallyDrop::new(Value::from_raw(NonNull::new_unchecked(
            std::ptr::with_exposed_provenance_mut((*word).get() as usize),
        )));
        (*value).clone()
    }
}

/// Leaves a value that a class holds in a cache word, uncounted.
pub(super) unsafe fn lend(word: Cache, value: &Value) {
    if let Some(header) = value.header() {
        let _ = NonNull::from(header).expose_provenance();
    }
    // SAFETY: the word is a cache's.
    unsafe { (*word).set(value.bits()) };
}

/// The attribute, if the cache has it.
#[inline(always)]
pub(super) unsafe fn cached(object: &Value, cache: Cache) -> Option<Value> {
    // SAFETY: C1.
    unsafe {
        let (header, way) = hit(object, cache)?;
        if way >= INLINE {
            return if shape_matches(header, way, cache) { slot_at(header, (way & 0xfff) * 8).get() } else { None };
        }
        cold_path();
        match way & WAY {
            CLASS_VALUE if shape_matches(header, way, cache) => Some(borrowed(cache.add(2))),
            MEMBER => slot_at(header, (way & 0xfff) * 8).get(),
            BARE_CLASS_VALUE => Some(borrowed(cache.add(2))),
            dict_attribute::IN_DICT => dict_attribute::entry(header, way, cache),
            OWN_PLAIN => class_attribute::constant(header, cache),
            CLASS_ITSELF => taipan_heap::header_class::<Type>(header).map(|class| class.to_value()),
            _ => None,
        }
    }
}

/// The attribute of a module, if the cache has it.
#[inline]
unsafe fn cached_in_module(object: &Value, cache: Cache) -> Option<Value> {
    // SAFETY: C1: the offset is that of the attribute word of a module; while the namespace's version stands, the entry is where it was.
    unsafe {
        let (header, way) = hit(object, cache)?;
        if way & WAY != MODULE {
            return None;
        }
        let word = std::ptr::from_ref(slot_at(header, (way & 0xfff) * 8)).cast::<Option<Value>>();
        let namespace = (*word).as_ref()?.downcast_exact::<Dict>()?;
        if u64::from(namespace.current_version()) != (*cache.add(1)).get() {
            return None;
        }
        (*std::ptr::with_exposed_provenance::<Option<Value>>((*cache.add(2)).get() as usize)).clone()
    }
}

/// Writes the cache for an attribute of a module, where its lookup is the usual one.
#[inline(never)]
unsafe fn remember_in_module(vm: &Vm, object: &Value, cache: Cache, name: &Ref<Str>) -> bool {
    let Some(header) = object.header() else { return false };
    let class = vm.class_of(object);
    if class.lookup(vm, name).is_some_and(|found| attribute::descr_set(vm, &found).is_some()) {
        return false;
    }
    let Some(slot) = slots_of(header).get(class.attribute_slot()) else { return false };
    let (Some(offset), Some(namespace)) = (offset_of(header, slot), slot.get()) else { return false };
    let Some(namespace) = namespace.downcast_exact::<Dict>() else { return false };
    let Some(place) = namespace.find_interned_entry(name).and_then(|entry| namespace.value_place(entry)) else {
        return false;
    };
    // SAFETY: the cache is the instruction's.
    unsafe {
        write(cache, class.version(vm), MODULE | offset, u64::from(namespace.version(vm)), None);
        (*cache.add(2)).set(place.expose_provenance() as u64);
    }
    true
}

/// The descriptor that gets the attribute, if the cache holds one for this way of access.
#[inline(always)]
unsafe fn cached_descriptor(object: &Value, cache: Cache, wanted: u32) -> Option<Value> {
    // SAFETY: C1.
    unsafe {
        let (_, way) = hit(object, cache)?;
        (way & WAY == wanted).then(|| borrowed(cache.add(2)))
    }
}

/// A function that runs when an attribute is got.
pub(super) enum Getter {
    /// Of a property: called with the object.
    Property(Ref<Function>),
    /// `__get__` of the descriptor: called with that, the object and its class.
    Descriptor(Ref<Function>, Value),
    /// `__getattr__`: called with the object and the name.
    Hook(Ref<Function>),
}

/// Whether the cache is for a property, of whatever class.
#[inline(always)]
pub(super) unsafe fn is_for_property(cache: Cache) -> bool {
    // SAFETY: the cache words follow the instruction.
    unsafe { ((*cache).get() >> 32) as u32 & WAY == PROPERTY }
}

/// What runs when the attribute is got, if the cache knows it as one that Python code gets.
#[inline]
pub(super) unsafe fn cached_getter(vm: &Vm, stack: &Stack, object: &Value, cache: Cache) -> Option<Getter> {
    // SAFETY: C1.
    unsafe {
        let (header, way) = hit(object, cache)?;
        match way & WAY {
            PROPERTY => {
                let property = &*cache.add(2).cast::<Value>();
                let getter = property.downcast_exact::<Property>()?.getter.get()?;
                Some(Getter::Property(getter.downcast_into::<Function>().ok()?))
            }
            DESCRIPTOR => {
                let descriptor = borrowed(cache.add(2));
                attribute::descr_set(vm, &descriptor)?;
                let get = special::find(vm, stack, vm.class_of(&descriptor), special::GET)?;
                Some(Getter::Descriptor(get, descriptor))
            }
            HOOK if shape_matches(header, way, cache) => {
                Some(Getter::Hook(borrowed(cache.add(2)).downcast_into::<Function>().ok()?))
            }
            _ => None,
        }
    }
}

/// The attribute, if the cache knows it as one that native code gets.
unsafe fn cached_getset(vm: &Vm, object: &Value, cache: Cache) -> Option<PyResult<Value>> {
    // SAFETY: C1.
    let descriptor = unsafe { cached_descriptor(object, cache, GETSET)? };
    if let Some(getset) = descriptor.downcast_exact::<GetSetDescriptor>() {
        return Some((getset.def.0.get)(vm, object));
    }
    let get = vm.class_of(&descriptor).slots.descr_get.get()?;
    Some(get(vm, &descriptor, Some(object), vm.class_of(object)))
}

/// The function, if the cache knows the attribute as a method.
#[inline(always)]
pub(super) unsafe fn cached_method(object: &Value, cache: Cache) -> Option<Value> {
    // SAFETY: C1.
    unsafe { cached_method_word(object, cache).map(|word| borrowed(word)) }
}

/// The word that holds the function, if the cache knows the attribute as a method.
#[inline(always)]
pub(super) unsafe fn cached_method_word(object: &Value, cache: Cache) -> Option<Cache> {
    // SAFETY: C1.
    unsafe {
        let (header, way) = hit(object, cache)?;
        match way & WAY {
            METHOD if shape_matches(header, way, cache) => Some(cache.add(2)),
            BARE_METHOD => Some(cache.add(2)),
            _ => None,
        }
    }
}

/// What to call and what to pass it first, if the cache knows the attribute as a static or class method.
#[inline]
unsafe fn cached_wrapped(object: &Value, cache: Cache) -> Option<(Value, Option<Value>)> {
    // SAFETY: C1.
    unsafe {
        let (header, way) = hit(object, cache)?;
        match way & WAY {
            WRAPPED if shape_matches(header, way, cache) => {}
            BARE_WRAPPED => {}
            _ => return None,
        }
        unwrapped(&borrowed(cache.add(2)), &taipan_heap::header_class::<Type>(header)?.to_value())
    }
}

/// The place to store to, if the cache knows it, and whether the attribute is a new one: then the place is empty.
#[inline(always)]
pub(super) unsafe fn cached_store(object: &Value, cache: Cache) -> Option<(*const Slot, bool)> {
    // SAFETY: C1.
    unsafe {
        let (header, way) = hit(object, cache)?;
        if way >= INLINE {
            let slot = slot_at(header, (way & 0xfff) * 8);
            return shape_matches(header, way, cache).then_some((std::ptr::from_ref(slot), false));
        }
        cold_path();
        match way & WAY {
            MEMBER => Some((slot_at(header, (way & 0xfff) * 8), false)),
            // Instances made before the class knew of so many attributes have smaller blocks.
            ADD if shape_matches(header, way, cache) && ((way & 0xfff) as usize) * 8 < block_size(header) => {
                // The old word is an immediate's, as the new one is: nothing is to be dropped.
                let word = std::ptr::from_ref(slot_at(header, (way >> 12 & 0xfff) * 8));
                (*word.cast::<Cell<u64>>()).set((*cache.add(2)).get());
                Some((slot_at(header, (way & 0xfff) * 8), true))
            }
            _ => None,
        }
    }
}

pub(super) unsafe fn write(cache: Cache, version: u32, way: u32, shape: u64, value: Option<&Value>) {
    // SAFETY: the cache words follow the instruction.
    unsafe {
        (*cache).set(version as u64 | (way as u64) << 32);
        (*cache.add(1)).set(shape);
        if let Some(value) = value {
            lend(cache.add(2), value);
        }
    }
}

/// Offset of the attribute word in units of 8 bytes, shifted into place, with the word itself.
fn attribute_word(header: &Header, class: &Type) -> Option<(u32, u64)> {
    if !class.has(type_flags::HAS_DICT) {
        return None;
    }
    let slot = slots_of(header).get(class.attribute_slot())?;
    let offset = std::ptr::from_ref(slot).addr() - header.address();
    let word = slot.get().filter(Value::is_int)?.bits();
    (offset / 8 < 0x1000).then_some((((offset / 8) as u32) << 12, word))
}

fn offset_of(header: &Header, slot: &Slot) -> Option<u32> {
    let offset = (std::ptr::from_ref(slot).addr() - header.address()) / 8;
    (offset < 0x1000).then_some(offset as u32)
}

/// Whether a value may become a descriptor without its owner's knowledge.
fn may_change(vm: &Vm, value: &Value) -> bool {
    vm.class_of(value).has(type_flags::PYTHON_CLASS)
}

/// That offset, of an instance that keeps its attributes in a dict.
fn dict_offset(header: &Header, class: &Type) -> Option<u32> {
    let offset = offset_of(header, slots_of(header).get(class.attribute_slot())?)?;
    Some(offset << 12)
}

/// Whether instances of a class always have their slots at the same offsets: their payload has no tail.
fn fixed_layout(header: &Header) -> bool {
    header.kind().info().size.is_multiple_of(8) && !header.kind().info().has_tail()
}

/// How the attributes that a descriptor gets by itself are accessed.
pub(super) fn descriptor_way(vm: &Vm, object: &Value, found: &Value) -> Option<u32> {
    if found.downcast_exact::<Property>().is_some() {
        return Some(PROPERTY);
    }
    let getset = found.downcast_exact::<GetSetDescriptor>()?;
    if getset.class.is_same(&*vm.types().object) && getset.def.0.name == "__class__" {
        return Some(CLASS_ITSELF);
    }
    vm.is_instance(object, &getset.class).then_some(GETSET)
}

unsafe fn remember(vm: &Vm, code: &CodeObject, object: &Value, cache: Cache, name: u16, for_method: bool) {
    let Some(header) = object.header() else { return };
    let class = vm.class_of(object);
    // What instances that cannot have attributes find on their class does not depend on how they are laid out.
    let bare = !class.has(type_flags::HAS_DICT);
    let hook = if class.has(type_flags::PLAIN_GETATTR) { None } else { slot_calls::generic_hook(vm, class) };
    let plain_getattr = class.has(type_flags::PLAIN_GETATTR);
    if !(plain_getattr || hook.is_some()) || !(bare || fixed_layout(header)) {
        return;
    }
    let name = &code.names[name as usize];
    let version = class.version(vm);
    let found = class.lookup(vm, name);
    if let Some(found) = &found {
        if let Some(member) = found.downcast::<MemberDescriptor>() {
            if !for_method
                && fixed_layout(header)
                && member.class.is_same(class)
                && let Some(index) = member.index()
                && let Some(offset) = slots_of(header).get(index).and_then(|slot| offset_of(header, slot))
            {
                // SAFETY: the cache is the instruction's.
                unsafe { write(cache, version, MEMBER | offset, 0, None) };
            }
            return;
        }
        // What a descriptor raises may be for `__getattr__`, but of what every object has that is not to be feared.
        if hook.is_some() && !name.equals("__class__") && attribute::descr_set(vm, found).is_some() {
            return;
        }
        if (hook.is_none() || name.equals("__class__"))
            && let Some(way) = descriptor_way(vm, object, found)
            && (!for_method || way == CLASS_ITSELF)
        {
            // SAFETY: the cache is the instruction's; the class holds `found` for as long as its version stands (C1).
            unsafe { write(cache, version, way, 0, Some(found)) };
            return;
        }
        if attribute::descr_set(vm, found).is_some() {
            if !for_method {
                let way = if vm.class_of(found).has(type_flags::PYTHON_CLASS) { DESCRIPTOR } else { GETSET };
                // SAFETY: as above.
                unsafe { write(cache, version, way, 0, Some(found)) };
            }
            return;
        }
    }
    let word = attribute_word(header, class);
    if let Some((shape_offset, shape)) = word
        && let Some(id) = slots_of(header)[class.attribute_slot()].get().and_then(|word| word.as_int())
        && let Some(shape_object) = vm.interp().shapes.get(taipan_objects::types::shape::ShapeId(id as u32))
        && let Some(index) = shape_object.index_of(name)
    {
        let slot = slots_of(header).get(class.attribute_slot() + 1 + index);
        if let Some(offset) = slot.and_then(|slot| offset_of(header, slot)) {
            // SAFETY: the cache is the instruction's.
            unsafe { write(cache, version, INLINE | shape_offset | offset, shape, None) };
        }
        return;
    }
    let in_dict = if word.is_none() && !bare { dict_offset(header, class) } else { None };
    // What the class has of a class made by Python code may become a descriptor, and come before the dict or not be the attribute itself.
    let in_dict = in_dict.filter(|_| found.as_ref().is_none_or(|found| !may_change(vm, found)));
    if let Some(offset) = in_dict
        // SAFETY: the cache is the instruction's.
        && unsafe { dict_attribute::remember(header, cache, version, offset, name) }
    {
        return;
    }
    let Some(found) = found else {
        if let (Some(hook), Some((offset, shape))) = (hook, word)
            && !for_method
            && hook.downcast_exact::<Function>().is_some()
        {
            // SAFETY: as above.
            unsafe { write(cache, version, HOOK | offset, shape, Some(&hook)) };
        }
        return;
    };
    if found.header().is_none() && class.has_changing_values() {
        return;
    }
    let is_method = vm.class_of(&found).has(type_flags::METHOD_DESCRIPTOR);
    let plain = attribute::descr_get(vm, &found).is_none();
    let wrapped = found.downcast_exact::<StaticMethod>().is_some() || found.downcast_exact::<ClassMethod>().is_some();
    let (way, shape) = match (word, bare) {
        (_, true) if for_method && wrapped => (BARE_WRAPPED, 0),
        (Some((offset, shape)), _) if for_method && wrapped => (WRAPPED | offset, shape),
        (_, true) if for_method && is_method => (BARE_METHOD, 0),
        (_, true) if !for_method && plain => (BARE_CLASS_VALUE, 0),
        (Some((offset, shape)), _) if for_method && is_method => (METHOD | offset, shape),
        (Some((offset, shape)), _) if !for_method && plain => (CLASS_VALUE | offset, shape),
        (None, _) => match in_dict {
            Some(offset) if for_method && is_method => (dict_attribute::DICT_METHOD | offset, 0),
            Some(offset) if !for_method && plain => (dict_attribute::DICT_CLASS_VALUE | offset, 0),
            _ => return,
        },
        _ => return,
    };
    // SAFETY: the cache is the instruction's; the class holds `found` for as long as its version stands (C1).
    unsafe { write(cache, version, way, shape, Some(&found)) };
}

/// What `read` finds with the words that an instruction's cache held when it last saw the class of `object`. The instruction keeps its cache, which
/// another class matches that it may see as often, but now and then, where it has none yet, and where the words are for one of the other ways.
#[inline(always)]
unsafe fn recalled<T>(
    stack: &Stack,
    object: &Value,
    cache: Cache,
    name: u16,
    access: Access,
    read: impl FnOnce(&Value, Cache) -> Option<T>,
) -> Option<T> {
    // SAFETY: the cache is the instruction's, which runs in the topmost frame.
    unsafe {
        let text = &(*stack.running()).code.names[name as usize];
        let words = stack.recall.find(object, cache, text, access)?;
        let found = read(object, words);
        if found.is_none() || (*cache).get() == 0 || stack.recall.fills() {
            Recall::fill(cache, words);
        }
        found
    }
}

/// `LoadAttr`, for a class that its cache is not for.
#[inline(never)]
pub(super) unsafe fn recalled_attribute(stack: &Stack, object: &Value, cache: Cache, name: u16) -> Option<Value> {
    // SAFETY: C1.
    unsafe { recalled(stack, object, cache, name, Access::Load, |object, words| cached(object, words)) }
}

/// `LoadMethod`, for a class that its cache is not for.
#[inline(never)]
pub(super) unsafe fn recalled_method(stack: &Stack, object: &Value, cache: Cache, name: u16) -> Option<Value> {
    // SAFETY: C1.
    unsafe { recalled(stack, object, cache, name, Access::Method, |object, words| cached_method(object, words)) }
}

/// `StoreAttr`, for a class that its cache is not for.
#[inline(never)]
pub(super) unsafe fn recalled_store(
    stack: &Stack,
    object: &Value,
    cache: Cache,
    name: u16,
) -> Option<(*const Slot, bool)> {
    // SAFETY: C1.
    unsafe { recalled(stack, object, cache, name, Access::Store, |object, words| cached_store(object, words)) }
}

/// `LoadAttr` without a matching cache.
#[inline(never)]
pub(super) unsafe fn load(vm: &Vm, stack: &Stack, object: &Value, cache: Cache, name: u16) -> PyResult<Value> {
    // SAFETY: the cache is the instruction's.
    unsafe {
        if let Some(value) = cached_in_module(object, cache) {
            return Ok(value);
        }
        if let Some(value) = class_attribute::cached(vm, object, cache) {
            return Ok(value);
        }
        if let Some(result) = cached_getset(vm, object, cache) {
            return result;
        }
        let code = &(*stack.running()).code;
        let text = &code.names[name as usize];
        if object.downcast_exact::<Module>().is_some()
            && remember_in_module(vm, object, cache, text)
            && let Some(value) = cached_in_module(object, cache)
        {
            return Ok(value);
        }
        if let Some(value) = dict_attribute::of_class(vm, object, cache, text, dict_attribute::DICT_CLASS_VALUE)? {
            return Ok(value);
        }
        if let Some(own) = object.downcast::<Type>() {
            let text = text.clone();
            if let Some(words) = stack.recall.find_for(own.current_version(), &text, Access::LoadOfClass)
                && let Some(value) = class_attribute::cached(vm, object, words)
            {
                if stack.recall.fills() {
                    Recall::fill(cache, words);
                }
                return Ok(value);
            }
            class_attribute::remember(vm, vm.class_of(object), own, cache, &text, false);
            stack.recall.keep_of_class(own.current_version(), cache, &text, Access::LoadOfClass);
            return match class_attribute::cached(vm, object, cache) {
                Some(value) => Ok(value),
                None => vm.get_attr(object, &text),
            };
        }
        let code = code.clone();
        let value = vm.get_attr(object, text)?;
        remember(vm, &code, object, cache, name, false);
        stack.recall.keep(object, cache, &code.names[name as usize], Access::Load);
        Ok(value)
    }
}

/// `LoadMethod` without a matching cache.
#[inline(never)]
pub(super) unsafe fn load_method(vm: &Vm, stack: &Stack, w: Window, inst: Here, cache: Cache) -> PyResult<()> {
    // SAFETY: the registers are the instruction's, and so is the cache.
    unsafe {
        let (callable, this) = find_method(vm, stack, w.get(inst.b()), cache, inst.c())?;
        if inst.has(CONSUME_B) {
            w.clear(inst.b());
        }
        w.set(inst.a(), callable);
        w.put(inst.a() + 1, this);
        Ok(())
    }
}

/// What to call and what to pass it first.
#[inline]
unsafe fn find_method(
    vm: &Vm,
    stack: &Stack,
    object: &Value,
    cache: Cache,
    name: u16,
) -> PyResult<(Value, Option<Value>)> {
    // SAFETY: the cache is the instruction's, and one of an attribute in the instance serves calls too.
    let code = unsafe {
        if let Some(value) = cached_in_module(object, cache) {
            return Ok((value, None));
        }
        if let Some(value) = cached(object, cache) {
            return Ok((value, None));
        }
        if let Some(found) = class_attribute::cached_method(vm, stack, object, cache) {
            return Ok(found);
        }
        if let Some(found) = cached_wrapped(object, cache) {
            return Ok(found);
        }
        let code = (*stack.running()).code.clone();
        let text = &code.names[name as usize];
        if object.downcast_exact::<Module>().is_some()
            && remember_in_module(vm, object, cache, text)
            && let Some(value) = cached_in_module(object, cache)
        {
            return Ok((value, None));
        }
        if let Some(found) = dict_attribute::of_class(vm, object, cache, text, dict_attribute::DICT_METHOD)? {
            return Ok((found, Some(object.clone())));
        }
        if let Some(own) = object.downcast::<Type>() {
            if let Some(words) = stack.recall.find_for(own.current_version(), text, Access::MethodOfClass)
                && let Some(found) = class_attribute::cached_method(vm, stack, object, words)
            {
                if stack.recall.fills() {
                    Recall::fill(cache, words);
                }
                return Ok(found);
            }
            class_attribute::remember(vm, vm.class_of(object), own, cache, text, true);
            stack.recall.keep_of_class(own.current_version(), cache, text, Access::MethodOfClass);
            if let Some(found) = class_attribute::cached_method(vm, stack, object, cache) {
                return Ok(found);
            }
        } else {
            remember(vm, &code, object, cache, name, true);
            stack.recall.keep(object, cache, text, Access::Method);
        }
        code
    };
    let text = &code.names[name as usize];
    let class = vm.class_of(object).to_ref();
    if (class.has(type_flags::PLAIN_GETATTR) || slot_calls::generic_hook(vm, &class).is_some())
        && let Some(found) = class.lookup(vm, text)
    {
        let method = vm.class_of(&found).has(type_flags::METHOD_DESCRIPTOR);
        let unwrapped = if method { None } else { unwrapped(&found, &class.to_value()) };
        if method || unwrapped.is_some() {
            let own = match object.header() {
                Some(header) => taipan_objects::types::instance::get(vm, header, text)?,
                None => None,
            };
            return Ok(match (own, unwrapped) {
                (Some(own), _) => (own, None),
                (None, Some(unwrapped)) => unwrapped,
                (None, None) => (found, Some(object.clone())),
            });
        }
    }
    Ok((vm.get_attr(object, text)?, None))
}

/// The callable in a static or class method, and what it is passed first.
pub(super) fn unwrapped(found: &Value, class: &Value) -> Option<(Value, Option<Value>)> {
    if let Some(method) = found.downcast_exact::<StaticMethod>() {
        return Some((method.function.get()?, None));
    }
    let method = found.downcast_exact::<ClassMethod>()?;
    Some((method.function.get()?, Some(class.clone())))
}

/// `StoreAttr` without a matching cache.
#[inline(never)]
pub(super) unsafe fn store(
    vm: &Vm,
    stack: &Stack,
    object: &Value,
    value: &Value,
    cache: Cache,
    name: u16,
) -> PyResult<()> {
    // SAFETY: the cache is the instruction's.
    unsafe {
        if dict_attribute::store(object, value, cache) {
            return Ok(());
        }
        let class = object.downcast::<Type>();
        if class.is_some() && class_attribute::store(object, value, cache) {
            return Ok(());
        }
        let code = (*stack.running()).code.clone();
        let text = &code.names[name as usize];
        if let Some(class) = class {
            vm.assign_attr(object, text, Some(value))?;
            class_attribute::remember_store(vm, class, cache, text);
            return Ok(());
        }
        assign(vm, object, value, cache, text)?;
        stack.recall.keep(object, cache, text, Access::Store);
        Ok(())
    }
}

/// Stores the attribute, and how to do so again in the cache.
unsafe fn assign(vm: &Vm, object: &Value, value: &Value, cache: Cache, text: &Ref<Str>) -> PyResult<()> {
    let before = object.header().and_then(|header| attribute_word(header, vm.class_of(object)));
    vm.assign_attr(object, text, Some(value))?;
    let Some(header) = object.header() else { return Ok(()) };
    let class = vm.class_of(object);
    if !class.has(type_flags::PLAIN_SETATTR) || !fixed_layout(header) {
        return Ok(());
    }
    let version = class.version(vm);
    let in_dict = if class.has(type_flags::HAS_DICT) { dict_offset(header, class) } else { None };
    let on_class = class.lookup(vm, text);
    let in_dict = in_dict.filter(|_| on_class.as_ref().is_none_or(|found| !may_change(vm, found)));
    match on_class {
        Some(found) if attribute::descr_set(vm, &found).is_some() => {
            if let Some(member) = found.downcast::<MemberDescriptor>()
                && member.class.is_same(class)
                && let Some(index) = member.index()
                && let Some(offset) = slots_of(header).get(index).and_then(|slot| offset_of(header, slot))
            {
                // SAFETY: the cache is the instruction's.
                unsafe { write(cache, version, MEMBER | offset, 0, None) };
            }
            return Ok(());
        }
        _ => {}
    }
    let word = attribute_word(header, class);
    if let (None, Some(offset)) = (word, in_dict) {
        // SAFETY: the cache is the instruction's.
        unsafe { dict_attribute::remember(header, cache, version, offset, text) };
        return Ok(());
    }
    if let Some((shape_offset, shape)) = word
        && let Some(id) = slots_of(header)[class.attribute_slot()].get().and_then(|word| word.as_int())
        && let Some(shape_object) = vm.interp().shapes.get(taipan_objects::types::shape::ShapeId(id as u32))
        && let Some(index) = shape_object.index_of(text)
        && let Some(slot) = slots_of(header).get(class.attribute_slot() + 1 + index)
        && let Some(offset) = offset_of(header, slot)
    {
        // SAFETY: the cache is the instruction's.
        unsafe {
            match before {
                Some((_, before)) if before != shape => {
                    write(cache, version, ADD | shape_offset | offset, before, None);
                    (*cache.add(2)).set(shape);
                }
                _ => write(cache, version, INLINE | shape_offset | offset, shape, None),
            }
        }
    }
    Ok(())
}

// ---- globals -------------------------------------------------------------------------------------------------------

/// The global or builtin, if the cache has it.
#[inline(always)]
pub(super) unsafe fn cached_global(frame: &Frame, cache: Cache) -> Option<Value> {
    // SAFETY: nothing has run since the namespace was found to be as it was.
    unsafe { cached_global_place(frame, cache).map(|place| (*place).clone()) }
}

/// Where the global or builtin is, if the cache knows: that holds until something runs.
#[inline(always)]
pub(super) unsafe fn cached_global_place(frame: &Frame, cache: Cache) -> Option<*const Value> {
    // SAFETY: the cache words follow the instruction.
    let (versions, place) = unsafe { ((*cache).get(), (*cache.add(1)).get()) };
    let globals = frame.globals();
    if versions as u32 == 0 || globals.current_version() != versions as u32 {
        return None;
    }
    let of_builtins = (versions >> 32) as u32;
    if of_builtins != 0 && frame.builtins().current_version() != of_builtins {
        return None;
    }
    // The version stands, so the entry is where it was when the cache was written, and not empty. An optional value is one word.
    Some(std::ptr::with_exposed_provenance::<Value>(place as usize))
}

/// `LoadGlobal` without a matching cache.
#[inline(never)]
pub(super) unsafe fn load_global(vm: &Vm, frame: &Frame, cache: Cache, name: u16) -> PyResult<Value> {
    let text = &frame.code.names[name as usize];
    let (globals, builtins) = (frame.globals(), frame.builtins());
    if !globals.header().kind().has(taipan_heap::flags::EXACT) {
        return super::slow::global_or_builtin(vm, globals, builtins, text);
    }
    // SAFETY: the cache words follow the instruction.
    let write = |versions: u64, place: *const Option<Value>| unsafe {
        (*cache).set(versions);
        (*cache.add(1)).set(place.expose_provenance() as u64);
    };
    if let Some(entry) = globals.find_interned_entry(text)
        && let (Some(value), Some(place)) = (globals.value_at(entry), globals.value_place(entry))
    {
        write(globals.version(vm) as u64, place);
        return Ok(value);
    }
    if let Some(entry) = builtins.find_interned_entry(text)
        && let (Some(value), Some(place)) = (builtins.value_at(entry), builtins.value_place(entry))
    {
        write(globals.version(vm) as u64 | (builtins.version(vm) as u64) << 32, place);
        return Ok(value);
    }
    super::slow::global_or_builtin(vm, globals, builtins, text)
}

/// `LoadName`.
#[inline(never)]
pub(super) unsafe fn load_name(vm: &Vm, frame: &Frame, cache: Cache, name: u16) -> PyResult<Value> {
    let text = &frame.code.names[name as usize];
    if let Some(locals) = &frame.locals {
        let found = match locals.downcast::<Dict>() {
            Some(dict) if locals.header().is_some_and(|h| h.kind().has(taipan_heap::flags::EXACT)) => {
                dict.get_name(vm, text)?
            }
            _ => super::slow::mapping_get(vm, locals, &text.to_value())?,
        };
        if let Some(value) = found {
            return Ok(value);
        }
    }
    // SAFETY: as for `load_global`.
    unsafe { load_global(vm, frame, cache, name) }
}
