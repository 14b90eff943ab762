//! What the heap must know of an object's class: `Kind` (one per class) and `PayloadInfo` (one per Rust payload type).
//!
//! Invariant K1: a `Kind` never moves: it is either `'static` or the first field of the payload of a heap object (a *class
//! object*), whose header then stands 16 bytes before it.
//! Invariant K2: `PayloadInfo` is a `static`, one address per payload type, so that comparing addresses compares types.

use crate::header::Header;
use crate::heap::Heap;
use crate::reference::{Obj, Ref};
use crate::slot::{Edge, Slot};
use crate::trace::{Counting, Marking, Traverse, Visit, Visitor};
use crate::value::Value;
use std::cell::Cell;
use std::marker::PhantomData;
use std::mem::{align_of, needs_drop, size_of};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

/// Flags of a `Kind`.
pub mod flags {
    /// Objects of this kind are tracked by the collector when they are made.
    pub const TRACKED: u32 = 1;
    /// Objects of this kind have a finalizer: the heap calls `Hooks::finalize` before they die.
    pub const FINALIZER: u32 = 1 << 1;
    /// The kind lives in a counted class object; instances own a reference to it.
    pub const COUNTED: u32 = 1 << 2;
    /// Blocks of this kind end in value slots (instance attributes) that are traversed and dropped.
    pub const SLOTS: u32 = 1 << 3;
    /// Weak references to objects of this kind are allowed.
    pub const WEAKLY_REFERENCEABLE: u32 = 1 << 4;
    /// The kind is a builtin class itself, not a subclass with the same payload.
    pub const EXACT: u32 = 1 << 5;
    /// Collections stop tracking objects of this kind whose references are all to objects that can never be in a cycle.
    pub const MAY_UNTRACK: u32 = 1 << 6;
    /// Objects of this kind are finalized in the order they were made when they end up in one piece of cyclic trash. May be set at any
    /// time, but is never cleared.
    pub const ORDERED: u32 = 1 << 7;
    /// Dead objects of this kind may be kept on a shelf for the next one (`Retire`). Follows from the payload type and `EXACT`.
    pub const RETIRES: u32 = 1 << 8;
    /// Objects of this kind are nothing but slots behind a payload that has nothing to drop and no tail. Follows from the payload type and `SLOTS`.
    pub const PLAIN: u32 = 1 << 9;
    /// Objects of this kind own nothing but the values of their tail. Follows from the payload type and `SLOTS`.
    pub const ROW: u32 = 1 << 10;
    /// First bit free for the embedder.
    pub const USER_SHIFT: u32 = 11;
}

/// A class as the heap sees it.
#[repr(C)]
pub struct Kind {
    info: &'static PayloadInfo,
    /// `info` again when the flag `EXACT` is set: one comparison tells a builtin class itself. Atomic, as are the flags, because heaps of several
    /// threads may share a static kind; relaxed accesses cost no more than plain ones.
    exact: AtomicPtr<PayloadInfo>,
    flags: AtomicU32,
}

impl Kind {
    /// A kind for objects with payload `T`; `extra` are `flags` beyond those the payload type implies.
    pub const fn new(info: &'static PayloadInfo, extra: u32) -> Kind {
        let tracked = if info.tracked { flags::TRACKED } else { 0 };
        let exact = if extra & flags::EXACT != 0 { std::ptr::from_ref(info).cast_mut() } else { std::ptr::null_mut() };
        Kind { info, exact: AtomicPtr::new(exact), flags: AtomicU32::new(with_implied(tracked | extra, info)) }
    }

    /// The payload type of instances.
    #[inline]
    pub fn info(&self) -> &'static PayloadInfo {
        self.info
    }

    /// The kind's flags.
    #[inline]
    pub fn flags(&self) -> u32 {
        self.flags.load(Ordering::Relaxed)
    }

    /// Whether all of `mask`'s flags are set.
    #[inline]
    pub fn has(&self, mask: u32) -> bool {
        self.flags() & mask == mask
    }

    /// Whether this is the builtin class itself whose instances have payload `info`.
    #[inline(always)]
    pub fn is_exactly(&self, info: &'static PayloadInfo) -> bool {
        std::ptr::eq(self.exact.load(Ordering::Relaxed), info)
    }

    /// Sets or clears flags. `SLOTS` should not change once instances exist: those made before have fewer slots, those with filled slots lose them.
    pub fn set(&self, mask: u32, on: bool) {
        assert!(mask & flags::COUNTED == 0, "where a kind lives does not change");
        let old = self.flags();
        self.flags.store(with_implied(if on { old | mask } else { old & !mask }, self.info()), Ordering::Relaxed);
        let exact =
            if self.has(flags::EXACT) { std::ptr::from_ref(self.info).cast_mut() } else { std::ptr::null_mut() };
        self.exact.store(exact, Ordering::Relaxed);
    }

    /// The class object around this kind, when it is counted.
    #[inline]
    pub(crate) fn class_object(&self) -> Option<&Header> {
        if self.flags() & flags::COUNTED == 0 {
            return None;
        }
        // SAFETY: K1: objects are made of counted kinds only where those are class objects, and there a kind is the first field of a payload, so a header stands right before it.
        Some(unsafe { NonNull::from(self).cast::<Header>().sub(1).as_ref() })
    }
}

/// The flags with those that follow from others and the payload type.
const fn with_implied(flags: u32, info: &PayloadInfo) -> u32 {
    let retires = flags & flags::EXACT != 0 && info.retire.is_some();
    let plain = flags & flags::SLOTS != 0 && info.drop.is_none() && info.tail_bytes.is_none();
    let row = flags & flags::SLOTS == 0 && info.end_row.is_some();
    let implied = if retires { flags::RETIRES } else { 0 }
        | if plain { flags::PLAIN } else { 0 }
        | if row { flags::ROW } else { 0 };
    flags & !(flags::RETIRES | flags::PLAIN | flags::ROW) | implied
}

/// What the heap knows of a Rust payload type.
pub struct PayloadInfo {
    /// The type's name, for reports.
    pub name: &'static str,
    /// The payload type this one extends (its first field), if any.
    pub base: Option<fn() -> &'static PayloadInfo>,
    /// Size of the fixed payload in bytes.
    pub size: u32,
    /// Where in a block the fixed payload ends.
    pub(crate) end: u32,
    /// Whether objects can hold references, and so are tracked.
    pub tracked: bool,
    pub(crate) traverse: unsafe fn(NonNull<Header>, &mut Visitor<'_>),
    pub(crate) count: unsafe fn(NonNull<Header>, &mut Counting),
    pub(crate) mark: unsafe fn(NonNull<Header>, &mut Marking<'_>),
    pub(crate) edges: unsafe fn(NonNull<Header>, &mut Visitor<'_>),
    /// `None` when there is nothing to drop.
    pub(crate) drop: Option<unsafe fn(NonNull<Header>)>,
    /// `None` when objects have no tail.
    pub(crate) tail_bytes: Option<unsafe fn(NonNull<Header>) -> usize>,
    /// The memory an object owns beside its block; `None` when that is never any.
    pub(crate) memory: Option<unsafe fn(NonNull<Header>) -> usize>,
    /// Ends an object that owns nothing but the values of its tail.
    pub(crate) end_row: Option<unsafe fn(NonNull<Header>)>,
    /// For payloads that `Retire`.
    pub(crate) retire: Option<Retirement>,
    /// For payloads that `Finalize`.
    pub(crate) finalize: Option<unsafe fn(NonNull<Header>, &Heap)>,
}

/// How objects of a payload type retire.
#[derive(Clone, Copy)]
pub(crate) struct Retirement {
    pub(crate) shelf: usize,
    pub(crate) retire: unsafe fn(NonNull<Header>) -> bool,
    /// Ends an object whose death is a plain one.
    pub(crate) end: unsafe fn(NonNull<Header>),
}

impl PayloadInfo {
    /// The description of payload type `T`; for the `Payload` derive.
    pub const fn of<T: Payload>(
        name: &'static str,
        base: Option<fn() -> &'static PayloadInfo>,
        tracked: bool,
    ) -> PayloadInfo {
        assert!(align_of::<T>() <= 8, "payloads are aligned to 8 bytes at most");
        assert!(size_of::<T>() < 1 << 16, "payloads are small");
        assert!(align_of::<T::Elem>() <= 8, "tails are aligned to 8 bytes at most");
        PayloadInfo {
            name,
            base,
            size: size_of::<T>() as u32,
            end: tail_offset::<T>() as u32,
            tracked,
            traverse: show_payload::<T>,
            count: traverse_payload::<T, Counting>,
            mark: mark_payload::<T>,
            edges: label_payload::<T>,
            drop: if needs_drop::<T>() || needs_drop::<T::Elem>() { Some(drop_payload::<T>) } else { None },
            tail_bytes: if T::TAILED { Some(payload_tail_bytes::<T>) } else { None },
            memory: if T::OWNS_MEMORY { Some(payload_memory::<T>) } else { None },
            end_row: if T::TAILED && T::Elem::LETS_GO && !needs_drop::<T>() {
                Some(crate::heap::end_row::<T>)
            } else {
                None
            },
            retire: None,
            finalize: None,
        }
    }

    /// The same for a payload type that finalizes.
    pub const fn finalizing<T: Finalize>(self) -> PayloadInfo {
        PayloadInfo { finalize: Some(finalize_payload::<T>), ..self }
    }

    /// The same for a payload type that retires.
    pub const fn retiring<T: Retire>(self) -> PayloadInfo {
        assert!(T::SHELF < SHELVES, "there are as many shelves");
        assert!(!T::TAILED, "objects on a shelf are of one size");
        let retirement =
            Retirement { shelf: T::SHELF, retire: retire_payload::<T>, end: crate::heap::retire_quietly::<T> };
        PayloadInfo { retire: Some(retirement), ..self }
    }

    /// Whether objects have a tail, and so no fixed size.
    pub fn has_tail(&self) -> bool {
        self.tail_bytes.is_some()
    }

    /// Whether this payload type is `other` or extends it.
    #[inline]
    pub fn is_a(&'static self, other: &'static PayloadInfo) -> bool {
        if std::ptr::eq(self, other) {
            return true;
        }
        let mut info = self;
        while let Some(base) = info.base {
            info = base();
            if std::ptr::eq(info, other) {
                return true;
            }
        }
        false
    }
}

/// A Rust type that can be the payload of an object. Implemented by `#[derive(Payload)]` only.
///
/// A payload has no `Drop` of its own, and neither has a part of it that holds references (the derives see to that): in cyclic trash all contents are
/// dropped, in no particular order, so such a `Drop` could look at neighbours that are gone already. What is to be done at the end of an object while its
/// neighbours are whole belongs into `Finalize`; parts without references, such as open files, may have their `Drop`.
///
/// # Safety
/// `info` describes exactly this type and always returns the same static; a declared base is the first field under `repr(C)`; a
/// declared tail is the field that `tail` returns; `CLASS` says whether the type is a `ClassPayload`; `static_kind` is for objects of this type and not
/// `COUNTED`.
pub unsafe trait Payload: Traverse + Sized + 'static {
    /// The elements that follow the payload in its block; `NoTail` for none.
    type Elem: TailElem;
    /// Whether the payload has a tail field.
    const TAILED: bool = true;
    /// Whether objects of the type are class objects.
    const CLASS: bool = false;
    /// The type's description.
    fn info() -> &'static PayloadInfo;
    /// The kind of objects of this type that belong to no class: what `Heap::make` uses.
    fn static_kind() -> &'static Kind;
    /// The payload's tail field, if it has one.
    fn tail(&self) -> Option<&Tail<Self::Elem>>;
}

/// How many shelves a heap has.
pub(crate) const SHELVES: usize = 5;

/// A payload whose dead objects are worth keeping, with the buffers they own, for the next object of the kind: `#[payload(retire)]`.
///
/// Only objects of the exact kind retire, and each payload type has a shelf to itself.
pub trait Retire: Payload {
    /// The number of the type's shelf; no other type has it.
    const SHELF: usize;
    /// Called in place of dropping when an object dies: lets go of all references and says whether the object is worth keeping. If it is not, it is
    /// dropped and freed as ever.
    fn retire(&self) -> bool;
    /// The same without ending another object: lets go of references for as long as none is an object's last. Says whether all are gone and the object
    /// is worth keeping; if not, `retire` is called.
    fn retire_quietly(&self) -> bool {
        false
    }
}

/// A payload with a finalizer: `#[payload(finalize)]`.
///
/// ```
/// use taipan_heap::{Config, Finalize, Heap, Obj, OutOfMemory, Payload, Slot};
///
/// #[derive(Payload)]
/// #[payload(finalize)]
/// struct Session {
///     name: String,
///     peer: Slot,
/// }
///
/// impl Finalize for Session {
///     fn finalize(this: &Obj<Session>, _: &Heap) {
///         // Even in a dead cycle the neighbours are whole here.
///         let peer = this.peer.get();
///         let peer = peer.as_ref().and_then(|peer| peer.downcast::<Session>());
///         println!("{} leaves {:?}", this.name, peer.map(|peer| &peer.name));
///     }
/// }
///
/// let heap = Heap::new(Config::default());
/// let a = heap.make(Session { name: "a".into(), peer: Slot::new(None) })?;
/// let b = heap.make(Session { name: "b".into(), peer: Slot::new(Some(a.to_value())) })?;
/// a.peer.set(Some(b.to_value()));
/// drop((a, b));
/// assert_eq!(heap.collect(2).collected, 2);
/// # Ok::<(), OutOfMemory>(())
/// ```
pub trait Finalize: Payload {
    /// Called once in an object's life, when nothing refers to it any more from outside of what dies with it, and before anything of it is dropped. Whatever
    /// it refers to is alive and whole, weak references to it are dead already. Storing a reference to it where something living sees it keeps
    /// it alive, and everything that it refers to. Runs neither within an allocation nor at the end of the heap.
    fn finalize(this: &Obj<Self>, heap: &Heap);
}

/// A payload whose first field is a `Kind`: instances of a class object of this payload can be made.
///
/// # Safety
/// The type is `repr(C)` and its first field is a `Kind`.
pub unsafe trait ClassPayload: Payload {
    /// The kind in the payload.
    #[inline]
    fn kind(&self) -> &Kind {
        // SAFETY: the trait's contract: the kind is the first field.
        unsafe { NonNull::from(self).cast::<Kind>().as_ref() }
    }
}

/// What may stand in a tail.
pub trait TailElem: Traverse + Sized + 'static {
    /// Whether `let_go` may give something up.
    const LETS_GO: bool = false;
    /// Gives up what the elements own, from the last to the first, for as long as that ends no object. Says whether all is given up.
    fn let_go(_elements: &mut [Self]) -> bool {
        false
    }
}

impl TailElem for Value {
    const LETS_GO: bool = true;
    #[inline(always)]
    fn let_go(elements: &mut [Value]) -> bool {
        Value::let_go_all(elements)
    }
}

impl TailElem for Slot {}
impl<T: Payload> TailElem for Ref<T> {}
impl<T: Payload> TailElem for Edge<T> {}
impl TailElem for u8 {}
impl TailElem for u16 {}
impl TailElem for u32 {}
impl TailElem for u64 {}
impl TailElem for i64 {}
impl TailElem for f64 {}

/// The tail of an object: its length, one byte of the owner's choice, and where it begins.
///
/// Only the allocator makes one, and tells it its distance to the elements once both are in place. Invariant K3: a non-zero
/// distance leads from the field's own address to `len` initialised elements in the same block.
pub struct Tail<E: TailElem> {
    /// Length in the low 40 bits, then 16 bits of distance in units of 8 bytes, then the owner's byte.
    packed: Cell<u64>,
    elem: PhantomData<E>,
}

const TAIL_LEN_BITS: u32 = 40;

impl<E: TailElem> Tail<E> {
    pub(crate) const fn new(len: usize, meta: u8) -> Tail<E> {
        assert!(len < 1 << TAIL_LEN_BITS, "tails are shorter than 2^40");
        Tail { packed: Cell::new(len as u64 | (meta as u64) << 56), elem: PhantomData }
    }

    /// Whether this is a tail field as the allocator made it for `len` elements, and not in its place yet.
    pub(crate) fn is_new(&self, len: usize, meta: u8) -> bool {
        self.packed.get() == Tail::<E>::new(len, meta).packed.get()
    }

    /// Tells the field where the elements begin.
    pub(crate) fn place(&self, elements: NonNull<u8>) {
        let distance = (elements.addr().get() - NonNull::from(self).addr().get()) as u64 / 8;
        self.packed.set(self.packed.get() | distance << TAIL_LEN_BITS);
    }

    /// More elements stand behind the others.
    pub(crate) fn grow(&self, by: usize) {
        self.packed.set(self.packed.get() + by as u64);
    }

    /// Number of elements.
    #[inline]
    pub fn len(&self) -> usize {
        (self.packed.get() & ((1 << TAIL_LEN_BITS) - 1)) as usize
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The byte given when the object was made.
    #[inline]
    pub fn meta(&self) -> u8 {
        (self.packed.get() >> 56) as u8
    }

    /// The elements.
    #[inline]
    pub fn elements(&self) -> &[E] {
        let distance = (self.packed.get() >> TAIL_LEN_BITS) as usize & 0xffff;
        if distance == 0 {
            return &[];
        }
        // SAFETY: K3.
        unsafe {
            let first = NonNull::from(self).cast::<u8>().add(distance * 8).cast::<E>();
            std::slice::from_raw_parts(first.as_ptr(), self.len())
        }
    }
}

// SAFETY: the elements are visited by whoever visits the object.
unsafe impl<E: TailElem> Traverse for Tail<E> {
    const HOLDS_REFERENCES: bool = E::HOLDS_REFERENCES;
    #[inline]
    fn traverse<V: Visit>(&self, _: &mut V) {}
}

/// Where the tail of an object with payload `T` begins: right after the payload, at a multiple of 8.
pub(crate) const fn tail_offset<T>() -> usize {
    size_of::<Header>() + size_of::<T>().next_multiple_of(8)
}

#[inline]
unsafe fn traverse_payload<T: Payload, V: Visit>(object: NonNull<Header>, visitor: &mut V) {
    // SAFETY: the caller passes a live object whose kind has this payload type.
    let object = unsafe { object.cast::<Obj<T>>().as_ref() };
    T::traverse(object, visitor);
    if <T::Elem as Traverse>::HOLDS_REFERENCES {
        crate::trace::traverse_elements(object.tail_elements(), visitor);
    }
}

unsafe fn show_payload<T: Payload>(object: NonNull<Header>, visitor: &mut Visitor<'_>) {
    // SAFETY: the caller's promise.
    unsafe { traverse_payload::<T, _>(object, visitor) }
}

unsafe fn mark_payload<T: Payload>(object: NonNull<Header>, visitor: &mut Marking<'_>) {
    // SAFETY: the caller's promise.
    unsafe { traverse_payload::<T, _>(object, visitor) }
}

unsafe fn label_payload<T: Payload>(object: NonNull<Header>, visitor: &mut Visitor<'_>) {
    // SAFETY: as above.
    let object = unsafe { object.cast::<Obj<T>>().as_ref() };
    T::traverse_labelled(object, visitor);
    if <T::Elem as Traverse>::HOLDS_REFERENCES {
        for (index, element) in object.tail_elements().iter().enumerate() {
            visitor.field("items", |visitor| {
                visitor.index(index);
                element.traverse_labelled(visitor);
            });
        }
    }
}

unsafe fn drop_payload<T: Payload>(object: NonNull<Header>) {
    // SAFETY: the caller passes an object whose payload is live and never touched again.
    unsafe {
        let typed = object.cast::<Obj<T>>();
        let tail: *mut [T::Elem] =
            std::ptr::slice_from_raw_parts_mut(typed.as_ref().tail_pointer(), typed.as_ref().tail_elements().len());
        if needs_drop::<T::Elem>() {
            // From the last to the first, as CPython's tuples die.
            for element in (*tail).iter_mut().rev() {
                std::ptr::drop_in_place(element);
            }
        }
        std::ptr::drop_in_place((&raw mut (*typed.as_ptr()).payload).cast::<T>());
    }
}

unsafe fn retire_payload<T: Retire>(object: NonNull<Header>) -> bool {
    // SAFETY: the caller passes an object whose payload is live.
    unsafe { object.cast::<Obj<T>>().as_ref() }.retire()
}

unsafe fn finalize_payload<T: Finalize>(object: NonNull<Header>, heap: &Heap) {
    // SAFETY: the caller passes a live object of this payload type.
    T::finalize(unsafe { object.cast::<Obj<T>>().as_ref() }, heap)
}

unsafe fn payload_memory<T: Payload>(object: NonNull<Header>) -> usize {
    // SAFETY: the caller passes a live object of this payload type.
    T::memory(unsafe { object.cast::<Obj<T>>().as_ref() })
}

unsafe fn payload_tail_bytes<T: Payload>(object: NonNull<Header>) -> usize {
    // SAFETY: the caller passes a live object of this payload type.
    let object = unsafe { object.cast::<Obj<T>>().as_ref() };
    size_of_val(object.tail_elements())
}

/// Names the element type of a tail field; for the `Payload` derive.
pub trait TailField {
    /// The element type.
    type Elem: TailElem;
}

impl<E: TailElem> TailField for Tail<E> {
    type Elem = E;
}
