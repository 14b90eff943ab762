//! Classes: the payload `Type`, attribute lookup along the MRO, and how builtin and Python classes are made.
//!
//! * `slots` – the native function table of a class; `special` – special methods ⇄ slots; `slot_wrapper` – native slots as methods;
//!   `slot_calls` – slots that call Python methods; `slot_update` – which function stands in which slot;
//! * `class` – making builtin classes; `bases` – changing the bases of a class; `class_new`, `class_slots`, `layout`, `mro` – making Python classes; `type_methods` – what `type` offers;
//! * `builtin` – the table of builtin types and their bootstrap;
//! * `attribute` – generic attribute access; `instance`, `shape` – where instance attributes live;
//! * `finalize` – what the heap calls back.
//!
//! Invariant T1: whatever changes a class's namespace, bases or slots calls `Type::modified`, which takes the versions of the class and of all
//! its subclasses away; a version, once given, is never given again.

pub mod attribute;
mod bases;
mod builtin;
pub mod call;
pub mod class;
pub mod class_new;
mod class_slots;
pub mod finalize;
pub mod instance;
pub(crate) mod layout;
pub mod mro;
pub mod operators;
pub mod shape;
pub mod slot_calls;
mod slot_update;
pub mod slot_wrapper;
mod slots;
pub(crate) mod special;
mod type_methods;
pub mod walk;

pub use builtin::Types;
pub use class::ClassHooks;
pub use operators::item_at_hand;
pub use slots::*;

use crate::builtins::dict::Dict;
use crate::builtins::str::{Str, is_interned};
use crate::vm::Vm;
use shape::{ShapeId, ShapeTree};
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use taipan_heap::{Charge, Header, Kind, Obj, Payload, Ref, Slot, Traverse, Value, slots_of};

/// `Type::flags`.
pub mod type_flags {
    /// Python classes may derive from it.
    pub const BASETYPE: u32 = 1;
    /// Made by Python code (a heap type in CPython's words).
    pub const PYTHON_CLASS: u32 = 1 << 1;
    /// Its attributes cannot be set.
    pub const IMMUTABLE: u32 = 1 << 2;
    /// Instances cannot be made by calling it.
    pub const DISALLOW_INSTANTIATION: u32 = 1 << 3;
    /// Matches sequence patterns.
    pub const SEQUENCE: u32 = 1 << 4;
    /// Matches mapping patterns.
    pub const MAPPING: u32 = 1 << 5;
    /// A single positional class pattern matches the subject itself (`int(x)`).
    pub const MATCH_SELF: u32 = 1 << 6;
    /// Abstract methods remain (`__abstractmethods__` is not empty).
    pub const ABSTRACT: u32 = 1 << 7;
    /// Instances are descriptors that behave like functions when looked up as methods.
    pub const METHOD_DESCRIPTOR: u32 = 1 << 8;
    /// Instances have a `__dict__`.
    pub const HAS_DICT: u32 = 1 << 9;
    /// Filling `compare` does not make the type unhashable.
    pub const UNHASHABLE: u32 = 1 << 10;
    /// The class or a base defines `__del__`.
    pub const HAS_DEL: u32 = 1 << 11;
    /// `getattr` is the generic one, so lookups may be cached by shape.
    pub const PLAIN_GETATTR: u32 = 1 << 12;
    /// `setattr` is the generic one.
    pub const PLAIN_SETATTR: u32 = 1 << 13;
    /// Instances of this type of a native module cannot be weakly referenced.
    pub const NO_WEAK: u32 = 1 << 20;
    /// Attributes of the class that are no objects (counters, flags) have been replaced by others: that does not take its version away
    /// any more, so such values stand in no cache that goes by versions, only their places do.
    pub const CHANGING: u32 = 1 << 21;
    /// The class's own methods do not tell how many attributes instances will have: the first one gets some room, the second as much as
    /// the first has used, or what the bases have announced.
    pub const LEARNING: u32 = 1 << 22;
    /// It was called, and the two flags below have been found out.
    pub const CALLED: u32 = 1 << 23;
    /// Calling this native class is calling its `new` slot and no more.
    pub const MADE_BY_NEW: u32 = 1 << 24;
    /// Called with one number or text, it converts that (`types::call::convert`).
    pub const CONVERTS: u32 = 1 << 25;
    /// Its instances are called by its `call` slot, and no quicker way is to be looked for.
    pub const CALLED_BY_SLOT: u32 = 1 << 26;
}

/// A class.
#[derive(Payload)]
#[repr(C)]
#[payload(name = "type", class)]
pub struct Type {
    pub(crate) kind: Kind,
    flags: Cell<u32>,
    version: Cell<u32>,
    /// The shapes of instances.
    shapes: ShapeTree,
    /// How many attributes instances are expected to have inline.
    expected: Cell<u16>,
    /// How many the first instance has, while the class is `LEARNING`; `NO_INSTANCE` before there is one.
    seen: Cell<u16>,
    /// Slots taken by `__slots__` members, before the attribute word.
    pub(crate) members: Cell<u16>,
    /// The native functions.
    pub slots: Slots,
    name: RefCell<Rc<str>>,
    /// `__qualname__`
    pub qualname: Slot,
    /// The class that decides the layout of instances.
    pub base: RefCell<Option<Ref<Type>>>,
    /// `__bases__`, a tuple.
    pub bases: Slot,
    mro: RefCell<Mro>,
    mro_charge: RefCell<Option<Charge>>,
    dict: OnceCell<Ref<Dict>>,
    subclasses: RefCell<Vec<SubclassLink>>,
    /// Classes that have this one in their MRO because their metaclass's `mro()` says so.
    strangers: RefCell<Vec<SubclassLink>>,
    spec: Cell<Option<&'static crate::native::TypeSpec>>,
}

/// The method resolution order. Clones on the native stack keep the slice alive.
#[derive(Traverse)]
struct Mro(Rc<[Ref<Type>]>);

/// A weak link from a class to one of its subclasses: the subclass object, unlinked when it dies.
#[derive(Traverse)]
struct SubclassLink(Ref<crate::builtins::weakref::WeakReference>);

taipan_heap::no_references!(Slots);

/// Where a class attribute was found.
#[derive(Debug, Clone, Copy)]
struct Found {
    /// Index in the MRO.
    class: u16,
    /// Index of the entry in that class's namespace.
    entry: u32,
}

const NO_INSTANCE: u16 = u16::MAX;
/// Room for attributes of the first instance of a class that nothing is known of.
const FIRST_ROOM: u16 = 6;
/// As `class_slots` gives to others.
const LEAST_ROOM: u16 = class_slots::LEAST_ATTRIBUTES as u16;

const CACHE_BITS: u32 = 12;

/// Results of class attribute lookups, by class version and name. Holds no references: an entry says where to look.
pub struct MethodCache {
    entries: Box<[Cell<CacheEntry>]>,
}

#[derive(Clone, Copy)]
struct CacheEntry {
    version: u32,
    class: u16,
    present: bool,
    entry: u32,
    name: usize,
}

impl CacheEntry {
    const EMPTY: CacheEntry = CacheEntry { version: 0, class: 0, present: false, entry: 0, name: 0 };
}

impl MethodCache {
    pub(crate) fn new() -> MethodCache {
        MethodCache { entries: vec![Cell::new(CacheEntry::EMPTY); 1 << CACHE_BITS].into() }
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        self.entries.iter().for_each(|entry| entry.set(CacheEntry::EMPTY));
    }

    fn place(&self, version: u32, name: usize) -> &Cell<CacheEntry> {
        let hash = (version as usize).wrapping_mul(0x9e37_79b9) ^ (name >> 3);
        &self.entries[hash & ((1 << CACHE_BITS) - 1)]
    }
}

impl Type {
    /// The parts of a new class; `name` is `__name__`. Namespace, MRO and slots follow.
    fn blank(name: &str, info: &'static taipan_heap::PayloadInfo, kind_flags: u32, flags: u32) -> Type {
        Type {
            kind: Kind::new(info, kind_flags | taipan_heap::flags::COUNTED),
            flags: Cell::new(flags),
            version: Cell::new(0),
            shapes: ShapeTree::default(),
            expected: Cell::new(0),
            seen: Cell::new(NO_INSTANCE),
            members: Cell::new(0),
            slots: Slots::default(),
            name: RefCell::new(Rc::from(name)),
            qualname: Slot::default(),
            base: RefCell::new(None),
            bases: Slot::default(),
            mro: RefCell::new(Mro(Rc::from(Vec::new()))),
            mro_charge: RefCell::default(),
            dict: OnceCell::new(),
            subclasses: RefCell::default(),
            strangers: RefCell::default(),
            spec: Cell::new(None),
        }
    }

    /// The payload type of instances.
    pub fn kind_info(&self) -> &'static taipan_heap::PayloadInfo {
        self.kind.info()
    }

    /// `__name__`
    pub fn name(&self) -> Rc<str> {
        self.name.borrow().clone()
    }

    /// The name for messages: of native types of modules with the module before it.
    pub fn tp_name(&self) -> Rc<str> {
        match self.spec.get() {
            Some(spec)
                if !matches!(spec.module, "builtins" | "_sitebuiltins") && !self.has(type_flags::PYTHON_CLASS) =>
            {
                Rc::from(format!("{}.{}", spec.module, spec.name))
            }
            _ => self.name(),
        }
    }

    /// Changes `__name__`.
    pub fn set_name(&self, name: &str) {
        *self.name.borrow_mut() = Rc::from(name);
    }

    /// `type_flags` bits.
    #[inline]
    pub fn flags(&self) -> u32 {
        self.flags.get()
    }

    /// Whether all of `mask` is set.
    #[inline]
    pub fn has(&self, mask: u32) -> bool {
        self.flags.get() & mask == mask
    }

    /// Sets or clears flags.
    pub fn set_flags(&self, mask: u32, on: bool) {
        let flags = self.flags.get();
        self.flags.set(if on { flags | mask } else { flags & !mask });
    }

    /// The namespace; none in the first steps of start-up.
    pub fn namespace(&self) -> Option<&Ref<Dict>> {
        self.dict.get()
    }

    /// The namespace.
    #[inline]
    pub fn dict(&self) -> &Ref<Dict> {
        match self.dict.get() {
            Some(dict) => dict,
            None => unreachable!("a class gets its namespace when it is made"),
        }
    }

    /// The method resolution order, the class itself first.
    #[inline]
    pub fn mro(&self) -> Rc<[Ref<Type>]> {
        self.mro.borrow().0.clone()
    }

    /// Whether a class along the MRO is `CHANGING`.
    pub fn has_changing_values(&self) -> bool {
        self.mro.borrow().0.iter().any(|class| class.has(type_flags::CHANGING))
    }

    /// Which class along the MRO has the name, and under which entry of its namespace.
    pub fn place_of(&self, name: &Obj<Str>) -> Option<(usize, usize)> {
        let mro = self.mro.borrow();
        mro.0.iter().enumerate().find_map(|(index, class)| Some((index, class.dict().find_interned_entry(name)?)))
    }

    /// The value at such a place.
    #[inline]
    pub fn value_in(&self, class: usize, entry: usize) -> Option<Value> {
        self.mro.borrow().0.get(class)?.dict().value_at(entry)
    }

    /// The builtin description it was made from.
    pub fn native_spec(&self) -> Option<&'static crate::native::TypeSpec> {
        self.spec.get()
    }

    /// The version under which lookups may be cached; taken anew when it was taken away. 0: none is left, and nothing may be cached.
    #[inline]
    pub fn version(&self, vm: &Vm) -> u32 {
        match self.version.get() {
            0 => self.take_version(vm),
            version => version,
        }
    }

    /// A class with a version has only bases with one, so that a change of a base reaches it.
    #[cold]
    fn take_version(&self, vm: &Vm) -> u32 {
        // First its own: an MRO may lead back to the class.
        self.version.set(vm.interp().fresh_version());
        if self.mro().iter().skip(1).any(|base| base.version(vm) == 0) {
            self.version.set(0);
        }
        self.version.get()
    }

    /// The version as it is: 0 when lookups are not cached at present.
    #[inline]
    pub fn current_version(&self) -> u32 {
        self.version.get()
    }

    /// Number of value slots that a new instance needs behind its payload.
    #[inline]
    pub fn instance_slots(&self) -> usize {
        self.new_slots().0
    }

    /// That number, and the slot that holds something from the beginning: the attribute word.
    #[inline(always)]
    pub(crate) fn new_slots(&self) -> (usize, Option<(usize, Value)>) {
        let (members, flags) = (self.members.get() as usize, self.flags.get());
        if flags & type_flags::HAS_DICT != 0 {
            if flags & type_flags::LEARNING != 0 {
                self.learn();
            }
            (members + 1 + self.expected.get() as usize, Some((members, ShapeId::EMPTY.to_value())))
        } else {
            (members, None)
        }
    }

    /// An instance of a class that is `LEARNING` is about to be made.
    #[cold]
    fn learn(&self) {
        match self.seen.get() {
            NO_INSTANCE => {
                let announced = self.expected.get();
                self.seen.set(announced);
                self.expected.set(announced.max(FIRST_ROOM));
            }
            seen => {
                let outgrown = self.expected.get() > FIRST_ROOM;
                self.expected.set(if outgrown { self.expected.get() } else { seen.max(LEAST_ROOM) });
                self.set_flags(type_flags::LEARNING, false);
            }
        }
    }

    /// An instance has so many attributes.
    #[inline]
    pub(crate) fn has_seen(&self, count: usize) {
        if self.has(type_flags::LEARNING) && self.seen.get() != NO_INSTANCE {
            self.seen.set(self.seen.get().max(count as u16));
        }
    }

    /// Gives instances `count` more slots before the attribute word; for a class without instances.
    pub fn reserve_members(&self, count: usize) {
        if count > 0 {
            self.members.set(self.members.get() + count as u16);
            self.kind.set(taipan_heap::flags::SLOTS | taipan_heap::flags::TRACKED, true);
        }
    }

    /// Index of the attribute word among the slots of an instance.
    #[inline]
    pub fn attribute_slot(&self) -> usize {
        self.members.get() as usize
    }

    /// The shape that an instance has with one attribute more than in `id`; `None` if it is not worth one.
    pub fn shape_after(&self, vm: &Vm, id: ShapeId, name: &Obj<Str>) -> Option<ShapeId> {
        let from = if id == ShapeId::EMPTY { self.shapes.root(vm) } else { id };
        vm.interp().shapes.extended(from, name)
    }

    /// Raises the expected number of inline attributes (bounded).
    pub(crate) fn expect_attributes(&self, count: usize) {
        let bounded = count.min(24) as u16;
        if bounded > self.expected.get() {
            self.expected.set(bounded);
        }
    }
}

impl Type {
    /// The name for messages: of Python classes without the module.
    pub fn type_name(&self, vm: &Vm) -> String {
        if self.has(type_flags::PYTHON_CLASS) { self.name().to_string() } else { self.full_name(vm) }
    }

    /// As `full_name`, without the module `__main__` too.
    pub fn qualified_name(&self, vm: &Vm) -> String {
        let name = self.full_name(vm);
        name.strip_prefix("__main__.").map_or_else(|| name.clone(), str::to_owned)
    }

    /// `module.qualname`, without the module for builtins.
    pub fn full_name(&self, vm: &Vm) -> String {
        let qualname = self.qualname.get().map_or_else(|| self.name().to_string(), |name| Str::display(&name));
        let module = self.dict.get().and_then(|dict| dict.get_name(vm, &vm.names().__module__).ok().flatten());
        match (module, self.spec.get()) {
            (Some(module), _) if !Str::is_text(&module, "builtins") && module.downcast::<Str>().is_some() => {
                format!("{}.{qualname}", Str::display(&module))
            }
            (None, Some(spec)) if spec.module != "builtins" => format!("{}.{qualname}", spec.module),
            _ => qualname,
        }
    }
}

/// Methods that need the object around the payload.
pub trait TypeObject {
    /// Whether the class is `other` or derives from it.
    fn is_subclass(&self, other: &Obj<Type>) -> bool;
    /// Looks `name` up in the namespaces along the MRO.
    fn lookup(&self, vm: &Vm, name: &Obj<Str>) -> Option<Value>;
    /// Whether what `lookup` finds is an attribute of `object`, and of no class before it.
    fn has_of_object(&self, vm: &Vm, name: &Ref<Str>) -> bool;
    /// Writes the attribute word of a new instance.
    fn init_instance(&self, vm: &Vm, instance: &Header);
    /// Takes the versions of the class and its subclasses away.
    fn modified(&self);
    /// The living direct subclasses.
    fn subclasses(&self) -> Vec<Ref<Type>>;
}

impl TypeObject for Obj<Type> {
    #[inline]
    fn is_subclass(&self, other: &Obj<Type>) -> bool {
        self.is_same(other) || self.mro.borrow().0.iter().any(|class| class.is_same(other))
    }

    fn lookup(&self, vm: &Vm, name: &Obj<Str>) -> Option<Value> {
        if !is_interned(name) {
            let interned = vm.interp().find_interned(vm, name)?;
            return self.lookup(vm, &interned);
        }
        let version = self.version(vm);
        let place = vm.interp().method_cache.place(version, name.header().address());
        let cached = place.get();
        if version != 0 && cached.version == version && cached.name == name.header().address() {
            if !cached.present {
                return None;
            }
            if let Some(class) = self.mro.borrow().0.get(cached.class as usize)
                && let Some(value) = class.dict().value_at(cached.entry as usize)
            {
                return Some(value);
            }
        }
        let found = self.find(name);
        if version != 0 && self.current_version() == version {
            let (class, entry, present) = found.as_ref().map_or((0, 0, false), |(f, _)| (f.class, f.entry, true));
            place.set(CacheEntry { version, class, present, entry, name: name.header().address() });
        }
        found.map(|(_, value)| value)
    }

    fn has_of_object(&self, vm: &Vm, name: &Ref<Str>) -> bool {
        let (version, name_at) = (self.current_version(), name.header().address());
        let cached = vm.interp().method_cache.place(version, name_at).get();
        if version != 0 && cached.version == version && cached.name == name_at {
            let mro = &self.mro.borrow().0;
            return cached.present
                && mro.get(cached.class as usize).is_some_and(|class| class.is_same(&*vm.types().object));
        }
        match (self.lookup(vm, name), vm.types().object.lookup(vm, name)) {
            (Some(found), Some(usual)) => found.is(&usual),
            _ => false,
        }
    }

    #[inline]
    fn init_instance(&self, _: &Vm, instance: &Header) {
        if self.flags.get() & type_flags::HAS_DICT != 0
            && let Some(word) = slots_of(instance).get(self.attribute_slot())
        {
            word.set(Some(ShapeId::EMPTY.to_value()));
        }
    }

    fn modified(&self) {
        // A class without a version has none of its subclasses cached either.
        if self.version.replace(0) == 0 {
            return;
        }
        for class in linked(&self.subclasses).into_iter().chain(linked(&self.strangers)) {
            class.modified();
        }
    }

    fn subclasses(&self) -> Vec<Ref<Type>> {
        linked(&self.subclasses)
    }
}

/// The living classes among those that are linked.
fn linked(links: &RefCell<Vec<SubclassLink>>) -> Vec<Ref<Type>> {
    let links: Vec<_> = links.borrow().iter().map(|link| link.0.clone()).collect();
    links.iter().filter_map(|link| link.target()?.downcast_into::<Type>().ok()).collect()
}

impl Type {
    fn find(&self, name: &Obj<Str>) -> Option<(Found, Value)> {
        let mro = self.mro();
        mro.iter().enumerate().find_map(|(class, ty)| {
            let entry = ty.dict.get()?.find_interned_entry(name)?;
            let value = ty.dict().value_at(entry)?;
            Some((Found { class: class as u16, entry: entry as u32 }, value))
        })
    }
}
