//! Inline caches of attribute and global access, in the words after an instruction.
//!
//! `LoadAttr`, `LoadMethod`, `StoreAttr`: word 0 holds the class version (low half) and two offsets into the instance, in words: of the word that
//! tells whether it is laid out as the cache knows, and of the value; word 1 what the telling word must be, with the way of access in its
//! highest byte; word 2 a borrowed value found on the class, or the attribute word after an attribute was added. What tells is the
//! attribute word (shape), or the instance's class where that says it all; neither has anything in its highest byte, so the way that is
//! 0 there, the usual one, is known by comparing the two words. `LoadGlobal`: word 0 the versions
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
use crate::eval::{calls, class_attribute, dict_attribute, shortcut, special};
use crate::function::Function;
use std::cell::Cell;
use std::ptr::NonNull;
use taipan_bytecode::{CONSUME_B, Op};
use taipan_heap::{Header, Ref, Slot, Value, block_size, slots_of};
use taipan_objects::builtins::descriptor::{ClassMethod, MemberDescriptor, Property, StaticMethod};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::function::GetSetDescriptor;
use taipan_objects::builtins::module::Module;
use taipan_objects::builtins::str::Str;
use taipan_objects::types::{Type, TypeObject, attribute, slot_calls, type_flags};
use taipan_objects::vm::{PyResult, Vm};

/// A way of access.
pub(super) type Way = u8;

/// The usual way: for a load or store, of an attribute in the instance; for a call, of a method that word 2 has.
const STRAIGHT: Way = 0;
/// For a call: an attribute in the instance.
const INSIDE: Way = 1;
const CLASS_VALUE: Way = 2;
/// A class value on instances that cannot have attributes of their own.
const BARE_CLASS_VALUE: Way = 5;
/// A store of an attribute that the instance does not have yet: word 2 is the attribute word to come.
const ADD: Way = 7;
/// A property: word 2 is the property.
const PROPERTY: Way = 8;
/// An attribute that native code gets: word 2 is its descriptor.
const GETSET: Way = 9;
/// An attribute of a class object, found on that class: word 1 is the class's own version, word 2 the value.
pub(super) const OWN: Way = 10;
/// The same for a call: word 2 is a function, or the static or class method it is in.
pub(super) const OWN_METHOD: Way = 11;
/// A method of a class object that its metaclass has and the class, whose version is word 1, has not.
pub(super) const META_METHOD: Way = 12;
/// An attribute whose data descriptor, word 2, has a `__get__` written in Python.
const DESCRIPTOR: Way = 13;
/// As `OWN`, of a value that may change while the versions stand: word 2 is its place.
pub(super) const OWN_PLACE: Way = 14;
/// An attribute in a module's namespace: word 1 is the namespace's version, word 2 the place of the value.
const MODULE: Way = 15;
/// What classes with a `__getattr__` and generic lookup give for a name that neither they nor the instance have: word 2 is that function.
const HOOK: Way = 18;
/// `__class__` as every object has it.
const CLASS_ITSELF: Way = 19;
/// As `OWN` or `OWN_METHOD`, of a value that is the attribute itself for as long as the versions stand.
pub(super) const OWN_PLAIN: Way = 20;
/// A static or class method, word 2, of which an instance is asked for a call.
const WRAPPED: Way = 22;
const BARE_WRAPPED: Way = 23;

/// The lowest bit of the way in word 1.
const WAY_SHIFT: u32 = 56;

/// Offset of the word that every object has its class in: what tells where the class says it all.
pub(super) const CLASS_WORD: u16 = 1;

pub(super) type Cache = *const Cell<u64>;

/// Words of a cache.
pub(super) const WORDS: usize = 3;

#[inline(always)]
pub(super) unsafe fn class_of(header: &Header) -> &Type {
    // SAFETY: every object of an interpreter has a class object, whose payload begins with its kind.
    unsafe { NonNull::from(header.kind()).cast::<Type>().as_ref() }
}

/// The word of an object at an offset in words.
#[inline(always)]
pub(super) unsafe fn word_at(header: &Header, offset: u16) -> *const u64 {
    // SAFETY: the offset was taken from an instance of the same class (C1).
    unsafe { NonNull::from(header).cast::<u64>().add(offset as usize).as_ptr() }
}

#[inline(always)]
pub(super) unsafe fn slot_at(header: &Header, offset: u16) -> &Slot {
    // SAFETY: the offset was taken from an instance of the same class and shape (C1).
    unsafe { &*word_at(header, offset).cast::<Slot>() }
}

#[inline(always)]
unsafe fn version_in(cache: Cache) -> u32 {
    // SAFETY: the cache words follow the instruction; their parts are those of `write`.
    unsafe { *cache.cast::<u32>().add(if cfg!(target_endian = "little") { 0 } else { 1 }) }
}

/// Offset of the word that tells.
#[inline(always)]
pub(super) unsafe fn telling(cache: Cache) -> u16 {
    // SAFETY: as `version_in`.
    unsafe { *cache.cast::<u16>().add(if cfg!(target_endian = "little") { 2 } else { 1 }) }
}

/// Offset of the value.
#[inline(always)]
unsafe fn place_in(cache: Cache) -> u16 {
    // SAFETY: as `version_in`.
    unsafe { *cache.cast::<u16>().add(if cfg!(target_endian = "little") { 3 } else { 0 }) }
}

/// The way of access, in a cache that has been written.
#[inline(always)]
unsafe fn way_in(cache: Cache) -> Way {
    // SAFETY: as `version_in`.
    unsafe { ((*cache.add(1)).get() >> WAY_SHIFT) as Way }
}

/// Word 1 without the way.
#[inline(always)]
pub(super) unsafe fn told(cache: Cache) -> u64 {
    // SAFETY: as `version_in`.
    unsafe { (*cache.add(1)).get() & ((1 << WAY_SHIFT) - 1) }
}

/// The object, if the cache is for its class and layout and the usual way. An empty cache has 0 where no object has: in its first word.
#[inline(always)]
unsafe fn straight(object: &Value, cache: Cache) -> Option<&Header> {
    let header = object.header()?;
    // SAFETY: the cache words follow the instruction; C1.
    unsafe {
        let is_it = class_of(header).current_version() == version_in(cache)
            && *word_at(header, telling(cache)) == (*cache.add(1)).get();
        is_it.then_some(header)
    }
}

/// The way for `object`, if the cache is for its class; with its header.
#[inline(always)]
pub(super) unsafe fn hit(object: &Value, cache: Cache) -> Option<(&Header, Way)> {
    let header = object.header()?;
    // SAFETY: the cache words follow the instruction.
    unsafe {
        let version = version_in(cache);
        (version != 0 && class_of(header).current_version() == version).then_some((header, way_in(cache)))
    }
}

/// The offset of the attribute word and what that must be, if a cache is for instances of one shape.
#[inline]
pub(super) unsafe fn wanted_shape(cache: Cache) -> Option<(u16, u64)> {
    // SAFETY: the cache words follow the instruction.
    unsafe {
        let shaped = telling(cache) != CLASS_WORD
            && version_in(cache) != 0
            && matches!(way_in(cache), STRAIGHT | INSIDE | CLASS_VALUE | ADD | HOOK | WRAPPED);
        shaped.then(|| (telling(cache), told(cache)))
    }
}

#[inline(always)]
unsafe fn shape_matches(header: &Header, cache: Cache) -> bool {
    // SAFETY: C1.
    unsafe { *word_at(header, telling(cache)) == told(cache) }
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

/// The attribute, if the cache is for the object and the usual way, and there is one.
#[inline(always)]
pub(super) unsafe fn cached(object: &Value, cache: Cache) -> Option<&Value> {
    // SAFETY: C1: a slot is an optional value, which nobody writes before that has been used.
    unsafe {
        let slot = std::ptr::from_ref(slot_at(straight(object, cache)?, place_in(cache)));
        (*slot.cast::<Option<Value>>()).as_ref()
    }
}

/// The attribute, if the cache knows another way for the object.
#[inline(always)]
pub(super) unsafe fn cached_otherwise(object: &Value, cache: Cache) -> Option<Value> {
    // SAFETY: C1.
    unsafe {
        let (header, way) = hit(object, cache)?;
        match way {
            CLASS_VALUE if shape_matches(header, cache) => Some(borrowed(cache.add(2))),
            BARE_CLASS_VALUE => Some(borrowed(cache.add(2))),
            dict_attribute::IN_DICT => dict_attribute::entry(header, cache),
            OWN_PLAIN => class_attribute::constant(header, cache),
            CLASS_ITSELF => taipan_heap::header_class::<Type>(header).map(|class| class.to_value()),
            _ => None,
        }
    }
}

/// The attribute of a module, if the cache has it.
#[inline]
unsafe fn cached_in_module(header: &Header, cache: Cache) -> Option<Value> {
    // SAFETY: C1: the offset is that of the attribute word of a module; while the namespace's version stands, the entry is where it was.
    unsafe {
        let word = word_at(header, telling(cache)).cast::<Option<Value>>();
        let namespace = (*word).as_ref()?.downcast_exact::<Dict>()?;
        if u64::from(namespace.current_version()) != told(cache) {
            return None;
        }
        (*std::ptr::with_exposed_provenance::<Option<Value>>((*cache.add(2)).get() as usize)).clone()
    }
}

/// The attribute of a module, where its lookup is the usual one; writes the cache for it.
#[inline(never)]
unsafe fn load_of_module(vm: &Vm, object: &Value, cache: Cache, name: &Ref<Str>) -> Option<Value> {
    let header = object.downcast_exact::<Module>()?.header();
    let class = vm.class_of(object);
    if class.lookup(vm, name).is_some_and(|found| attribute::descr_set(vm, &found).is_some()) {
        return None;
    }
    let slot = slots_of(header).get(class.attribute_slot())?;
    let (offset, namespace) = (offset_of(header, slot)?, slot.get()?);
    let namespace = namespace.downcast_exact::<Dict>()?;
    let entry = namespace.find_interned_entry(name)?;
    let place = namespace.value_place(entry)?;
    // SAFETY: the cache is the instruction's.
    unsafe {
        write(cache, class.version(vm), MODULE, (offset, u64::from(namespace.version(vm))), 0, None);
        (*cache.add(2)).set(place.expose_provenance() as u64);
    }
    namespace.value_at(entry)
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

/// Whether the cache is for one of the ways that `load_known` and `find_method` know, of whatever class.
#[inline(always)]
pub(super) unsafe fn is_out_of_line(cache: Cache) -> bool {
    const WAYS: u32 = 1 << PROPERTY
        | 1 << GETSET
        | 1 << OWN
        | 1 << OWN_METHOD
        | 1 << META_METHOD
        | 1 << DESCRIPTOR
        | 1 << OWN_PLACE
        | 1 << MODULE
        | 1 << OWN_PLAIN;
    // SAFETY: the cache words follow the instruction.
    unsafe { WAYS >> way_in(cache) & 1 != 0 }
}

/// How `load_attribute` goes on where the cache is for the object's class.
pub(super) enum Known {
    Value(PyResult<Value>),
    /// Python code gets it.
    Getter(Getter),
}

/// The attribute, if the cache knows it by a way that takes more than a look.
#[inline]
pub(super) unsafe fn load_known(vm: &Vm, stack: &Stack, object: &Value, cache: Cache) -> Option<Known> {
    // SAFETY: C1.
    unsafe {
        let (header, way) = hit(object, cache)?;
        match way {
            GETSET => cached_getset(vm, object, cache).map(Known::Value),
            MODULE => cached_in_module(header, cache).map(|value| Known::Value(Ok(value))),
            OWN | OWN_PLACE => class_attribute::cached(vm, object, cache).map(|value| Known::Value(Ok(value))),
            PROPERTY | DESCRIPTOR | HOOK => cached_getter(vm, stack, header, way, cache).map(Known::Getter),
            _ => None,
        }
    }
}

/// What runs when the attribute is got, if the cache knows it as one that Python code gets.
#[inline]
unsafe fn cached_getter(vm: &Vm, stack: &Stack, header: &Header, way: Way, cache: Cache) -> Option<Getter> {
    // SAFETY: C1.
    unsafe {
        match way {
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
            HOOK if shape_matches(header, cache) => {
                Some(Getter::Hook(borrowed(cache.add(2)).downcast_into::<Function>().ok()?))
            }
            _ => None,
        }
    }
}

/// The attribute, which the cache knows as one that native code gets.
unsafe fn cached_getset(vm: &Vm, object: &Value, cache: Cache) -> Option<PyResult<Value>> {
    // SAFETY: C1.
    let descriptor = unsafe { borrowed(cache.add(2)) };
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
    unsafe { straight(object, cache).map(|_| cache.add(2)) }
}

/// What to call and what to pass it first, if the cache knows that.
#[inline]
unsafe fn cached_call(vm: &Vm, stack: &Stack, object: &Value, cache: Cache) -> Option<(Value, Option<Value>)> {
    // SAFETY: C1.
    unsafe {
        let (header, way) = hit(object, cache)?;
        let value = match way {
            MODULE => cached_in_module(header, cache)?,
            INSIDE if shape_matches(header, cache) => slot_at(header, place_in(cache)).get()?,
            OWN | OWN_METHOD | META_METHOD | OWN_PLACE | OWN_PLAIN => {
                return class_attribute::cached_method(vm, stack, object, cache);
            }
            WRAPPED if !shape_matches(header, cache) => return None,
            WRAPPED | BARE_WRAPPED => {
                return unwrapped(&borrowed(cache.add(2)), &taipan_heap::header_class::<Type>(header)?.to_value());
            }
            dict_attribute::IN_DICT => dict_attribute::entry(header, cache)?,
            CLASS_ITSELF => taipan_heap::header_class::<Type>(header)?.to_value(),
            _ => return None,
        };
        Some((value, None))
    }
}

/// The place of an attribute that the instance has or, where its class says which, may have, if the cache knows it.
#[inline(always)]
pub(super) unsafe fn cached_place(object: &Value, cache: Cache) -> Option<*const Slot> {
    // SAFETY: C1.
    unsafe { straight(object, cache).map(|header| std::ptr::from_ref(slot_at(header, place_in(cache)))) }
}

/// The place to store to, if the cache knows it, and whether the attribute is a new one: then the place is empty.
#[inline(always)]
pub(super) unsafe fn cached_store(object: &Value, cache: Cache) -> Option<(*const Slot, bool)> {
    // SAFETY: C1.
    unsafe {
        let (header, way) = hit(object, cache)?;
        let place = place_in(cache);
        if !shape_matches(header, cache) {
            return None;
        }
        match way {
            STRAIGHT => Some((slot_at(header, place), false)),
            // Instances made before the class knew of so many attributes have smaller blocks.
            ADD if place as usize * 8 < block_size(header) => {
                // The old word is an immediate's, as the new one is: nothing is to be dropped.
                (*word_at(header, telling(cache)).cast::<Cell<u64>>()).set((*cache.add(2)).get());
                Some((slot_at(header, place), true))
            }
            _ => None,
        }
    }
}

/// Writes a cache for the class with this version, if it and what else the way goes by have one. `tells`: the offset of the word that tells, and
/// what that must be, or what else word 1 is to hold under this way.
pub(super) unsafe fn write(cache: Cache, version: u32, way: Way, tells: (u16, u64), place: u16, value: Option<&Value>) {
    const BY_VERSION: u32 =
        1 << MODULE | 1 << OWN | 1 << OWN_METHOD | 1 << META_METHOD | 1 << OWN_PLACE | 1 << OWN_PLAIN;
    let unversioned = version == 0 || tells.1 == 0 && BY_VERSION >> way & 1 != 0;
    // SAFETY: the cache words follow the instruction.
    unsafe {
        if unversioned || tells.1 >> WAY_SHIFT != 0 {
            // The caller may write word 2: nothing must be left that gives it a meaning.
            (*cache).set(0);
            (*cache.add(1)).set(0);
            return;
        }
        (*cache).set(u64::from(version) | u64::from(tells.0) << 32 | u64::from(place) << 48);
        (*cache.add(1)).set(tells.1 | u64::from(way) << WAY_SHIFT);
        if let Some(value) = value {
            lend(cache.add(2), value);
        }
    }
}

/// What tells where the class of the object says it all.
fn class_tells(header: &Header) -> (u16, u64) {
    (CLASS_WORD, NonNull::from(header.kind()).expose_provenance().get() as u64)
}

/// Where word 1 is not compared with a word of the object.
pub(super) const NOTHING_TELLS: (u16, u64) = (CLASS_WORD, 0);

/// Offset of the attribute word, with the word itself.
fn attribute_word(header: &Header, class: &Type) -> Option<(u16, u64)> {
    if !class.has(type_flags::HAS_DICT) {
        return None;
    }
    let slot = slots_of(header).get(class.attribute_slot())?;
    let word = slot.get().filter(Value::is_int)?.bits();
    Some((offset_of(header, slot)?, word))
}

/// Offset of a slot in words.
pub(super) fn offset_of(header: &Header, slot: &Slot) -> Option<u16> {
    u16::try_from((std::ptr::from_ref(slot).addr() - header.address()) / 8).ok()
}

/// Whether a value may become a descriptor without its owner's knowledge.
fn may_change(vm: &Vm, value: &Value) -> bool {
    vm.class_of(value).has(type_flags::PYTHON_CLASS)
}

/// That offset, of an instance that keeps its attributes in a dict.
fn dict_offset(header: &Header, class: &Type) -> Option<u16> {
    offset_of(header, slots_of(header).get(class.attribute_slot())?)
}

/// Whether instances of a class always have their slots at the same offsets: their payload has no tail.
fn fixed_layout(header: &Header) -> bool {
    header.kind().info().size.is_multiple_of(8) && !header.kind().info().has_tail()
}

/// How the attributes that a descriptor gets by itself are accessed.
pub(super) fn descriptor_way(vm: &Vm, object: &Value, found: &Value) -> Option<Way> {
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
                unsafe { write(cache, version, STRAIGHT, class_tells(header), offset, None) };
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
            unsafe { write(cache, version, way, NOTHING_TELLS, 0, Some(found)) };
            return;
        }
        if attribute::descr_set(vm, found).is_some() {
            if !for_method {
                let way = if vm.class_of(found).has(type_flags::PYTHON_CLASS) { DESCRIPTOR } else { GETSET };
                // SAFETY: as above.
                unsafe { write(cache, version, way, NOTHING_TELLS, 0, Some(found)) };
            }
            return;
        }
    }
    let word = attribute_word(header, class);
    if let Some(shape) = word
        && let Some(id) = slots_of(header)[class.attribute_slot()].get().and_then(|word| word.as_int())
        && let Some(shape_object) = vm.interp().shapes.get(taipan_objects::types::shape::ShapeId(id as u32))
        && let Some(index) = shape_object.index_of(name)
    {
        let slot = slots_of(header).get(class.attribute_slot() + 1 + index);
        if let Some(offset) = slot.and_then(|slot| offset_of(header, slot)) {
            let way = if for_method { INSIDE } else { STRAIGHT };
            // SAFETY: the cache is the instruction's.
            unsafe { write(cache, version, way, shape, offset, None) };
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
        if let (Some(hook), Some(shape)) = (hook, word)
            && !for_method
            && hook.downcast_exact::<Function>().is_some()
        {
            // SAFETY: as above.
            unsafe { write(cache, version, HOOK, shape, 0, Some(&hook)) };
        }
        return;
    };
    if found.header().is_none() && class.has_changing_values() {
        return;
    }
    let is_method = vm.class_of(&found).has(type_flags::METHOD_DESCRIPTOR);
    let plain = attribute::descr_get(vm, &found).is_none();
    let wrapped = found.downcast_exact::<StaticMethod>().is_some() || found.downcast_exact::<ClassMethod>().is_some();
    let (way, tells) = match (word, bare) {
        (_, true) if for_method && wrapped => (BARE_WRAPPED, NOTHING_TELLS),
        (Some(shape), _) if for_method && wrapped => (WRAPPED, shape),
        (_, true) if for_method && is_method => (STRAIGHT, class_tells(header)),
        (_, true) if !for_method && plain => (BARE_CLASS_VALUE, NOTHING_TELLS),
        (Some(shape), _) if for_method && is_method => (STRAIGHT, shape),
        (Some(shape), _) if !for_method && plain => (CLASS_VALUE, shape),
        (None, _) => match in_dict {
            Some(offset) if for_method && is_method => (dict_attribute::DICT_METHOD, (offset, 0)),
            Some(offset) if !for_method && plain => (dict_attribute::DICT_CLASS_VALUE, (offset, 0)),
            _ => return,
        },
        _ => return,
    };
    // SAFETY: the cache is the instruction's; the class holds `found` for as long as its version stands (C1).
    unsafe { write(cache, version, way, tells, 0, Some(&found)) };
}

/// What `read` finds with the words that an instruction's cache held when it last saw the class of `object`. The instruction keeps its cache, which
/// another class matches that it may see as often, but now and then, where it has none yet, and where the words are for one of the other ways.
#[inline(always)]
unsafe fn recalled<T>(
    stack: &Stack,
    code: &CodeObject,
    object: &Value,
    cache: Cache,
    name: u16,
    access: Access,
    read: impl FnOnce(&Value, Cache) -> Option<T>,
) -> Option<T> {
    // SAFETY: the cache is an instruction's of the code.
    unsafe {
        let text = &code.names[name as usize];
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
pub(super) unsafe fn recalled_attribute(
    stack: &Stack,
    code: &CodeObject,
    object: &Value,
    cache: Cache,
    name: u16,
) -> Option<Value> {
    // SAFETY: C1.
    unsafe {
        recalled(stack, code, object, cache, name, Access::Load, |object, words| {
            cached(object, words).cloned().or_else(|| cached_otherwise(object, words))
        })
    }
}

/// Whether a cache is for a property, of whatever class.
#[inline(always)]
pub(super) unsafe fn is_property(cache: Cache) -> bool {
    // SAFETY: the cache words follow the instruction.
    unsafe { way_in(cache) == PROPERTY }
}

/// The Python function that gets the property, if a cache that is for one is for the object's class.
#[inline(always)]
pub(super) unsafe fn property_getter(object: &Value, cache: Cache) -> Option<Ref<Function>> {
    // SAFETY: C1: the class holds what its cache has, a property.
    unsafe {
        hit(object, cache)?;
        let property = (*cache.add(2).cast::<Value>()).downcast_exact::<Property>()?;
        property.getter.get()?.downcast_into::<Function>().ok()
    }
}

/// Makes a plain `LoadAttr` of one that hands its value on.
pub(super) unsafe fn load_plainly(at: *const Cell<u64>) {
    // SAFETY: the caller's instruction is one of running code; the operands are the same.
    unsafe {
        // Who was told of an attribute may have put a break there.
        if Here::new(at).op() != Op::Break {
            shortcut::write_op(at, Op::LoadAttr);
        }
    }
}

/// Whether a cache has been written, and for another than the usual way.
pub(super) unsafe fn is_otherwise(cache: Cache) -> bool {
    // SAFETY: the cache words follow the instruction.
    unsafe { version_in(cache) != 0 && way_in(cache) != STRAIGHT }
}

/// `LoadMethod`, for a class that its cache is not for.
#[inline(never)]
pub(super) unsafe fn recalled_method(stack: &Stack, object: &Value, cache: Cache, name: u16) -> Option<Value> {
    // SAFETY: C1.
    unsafe {
        recalled(stack, &(*stack.running()).code, object, cache, name, Access::Method, |object, words| {
            cached_method(object, words)
        })
    }
}

/// `StoreAttr`, for a class that its cache is not for.
#[inline(never)]
pub(super) unsafe fn recalled_store(
    stack: &Stack,
    code: &CodeObject,
    object: &Value,
    cache: Cache,
    name: u16,
) -> Option<(*const Slot, bool)> {
    // SAFETY: C1.
    unsafe { recalled(stack, code, object, cache, name, Access::Store, |object, words| cached_store(object, words)) }
}

/// `LoadAttr` without a matching cache.
#[inline(never)]
pub(super) unsafe fn load(vm: &Vm, stack: &Stack, object: &Value, cache: Cache, name: u16) -> PyResult<Value> {
    // SAFETY: the cache is the instruction's.
    unsafe {
        let code = &(*stack.running()).code;
        let text = &code.names[name as usize];
        if let Some(value) = load_of_module(vm, object, cache, text) {
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
        if let Some(function) = calls::exactly::<Function>(&callable)
            && cached_method(w.get(inst.b()), cache).is_some()
        {
            shortcut::foresee(vm, cache.sub(1), function);
        }
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
        if let Some(found) = cached_call(vm, stack, object, cache) {
            return Ok(found);
        }
        if is_out_of_line(cache)
            && let Some(function) = recalled_method(stack, object, cache, name)
        {
            return Ok((function, Some(object.clone())));
        }
        let code = (*stack.running()).code.clone();
        let text = &code.names[name as usize];
        if let Some(value) = load_of_module(vm, object, cache, text) {
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
                unsafe { write(cache, version, STRAIGHT, class_tells(header), offset, None) };
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
    if let Some((telling, shape)) = word
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
                    write(cache, version, ADD, (telling, before), offset, None);
                    (*cache.add(2)).set(shape);
                }
                _ => write(cache, version, STRAIGHT, (telling, shape), offset, None),
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
        let (globals, builtins) = (globals.version(vm), builtins.version(vm));
        // A zero in the upper half would be a global's.
        write(if builtins == 0 { 0 } else { u64::from(globals) | u64::from(builtins) << 32 }, place);
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
