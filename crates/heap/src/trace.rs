//! `Traverse`: how the heap sees the references inside a payload.
//!
//! Traversal is mandatory: `#[derive(Traverse)]` visits every field, and a field whose type does not implement `Traverse` does not
//! compile. Types without references implement it with an empty body, here or through `no_references!`.

use crate::header::{Header, bits};
use crate::heap::{Heap, MarkStack};
use crate::kind::{Payload, PayloadInfo};
use crate::reference::Ref;
use crate::value::Value;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ptr::NonNull;
use std::rc::Rc;

/// What is done at each reference an object owns. The collector's walks are visitors of their own, so that visiting is inlined into traversal.
pub trait Visit {
    /// One owned reference.
    fn visit(&mut self, header: &Header);
}

/// A visitor that `PayloadInfo` has a traversal for.
pub(crate) trait Walk: Visit {
    /// Visits the references of an object's payload and tail.
    ///
    /// # Safety
    /// The object is live, and its payload is what `info` says.
    unsafe fn payload(&mut self, info: &PayloadInfo, object: NonNull<Header>);
}

/// Adds one to the scratch count of each target that is in the set looked at.
pub(crate) struct Counting {
    pub(crate) set: Set,
}

impl Visit for Counting {
    #[inline]
    fn visit(&mut self, header: &Header) {
        if self.set.has(header) {
            count_edge(header);
        }
    }
}

impl Walk for Counting {
    #[inline]
    unsafe fn payload(&mut self, info: &PayloadInfo, object: NonNull<Header>) {
        // SAFETY: the caller's promise.
        unsafe { (info.count)(object, self) }
    }
}

/// Marks each target in the set as reachable; those that the running walk does not meet later are pushed.
pub(crate) struct Marking<'a> {
    pub(crate) set: Set,
    pub(crate) cursor: usize,
    pub(crate) stack: &'a mut MarkStack,
}

impl Visit for Marking<'_> {
    #[inline]
    fn visit(&mut self, header: &Header) {
        if self.set.has(header) {
            self.set.mark(header);
            if header.address() <= self.cursor {
                self.stack.push(NonNull::from(header));
            }
        }
    }
}

impl Walk for Marking<'_> {
    #[inline]
    unsafe fn payload(&mut self, info: &PayloadInfo, object: NonNull<Header>) {
        // SAFETY: the caller's promise.
        unsafe { (info.mark)(object, self) }
    }
}

/// Asks the processor for the headers that a walk will come to soon.
struct Fetching;

impl Visit for Fetching {
    #[inline]
    fn visit(&mut self, header: &Header) {
        fetch(std::ptr::from_ref(header).cast());
    }
}

/// Asks the processor for the memory at an address, which need not be a valid one.
#[inline]
pub(crate) fn fetch(address: *const u8) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    // SAFETY: a prefetch reads nothing that the program could see, and faults nowhere.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(address.cast());
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    let _ = address;
}

/// How many elements ahead of the one visited a header is asked for.
const AHEAD: usize = 12;

/// Visits the references of elements that stand side by side.
#[inline(always)]
pub(crate) fn traverse_elements<T: Traverse, V: Visit>(elements: &[T], visitor: &mut V) {
    if elements.len() > AHEAD && !T::OWNS_MEMORY {
        return traverse_many(elements, visitor);
    }
    for element in elements {
        element.traverse(visitor);
    }
}

#[inline(never)]
fn traverse_many<T: Traverse, V: Visit>(elements: &[T], visitor: &mut V) {
    for (element, later) in elements.iter().zip(&elements[AHEAD..]) {
        later.traverse(&mut Fetching);
        element.traverse(visitor);
    }
    for element in &elements[elements.len() - AHEAD..] {
        element.traverse(visitor);
    }
}

/// What a `Visitor` does at each reference.
enum Mode<'a> {
    Call(&'a mut dyn FnMut(NonNull<Header>)),
    /// Also calls for values that are not objects.
    Values(&'a mut dyn FnMut(&Value)),
    Label {
        label: Label,
        depth: u32,
        call: &'a mut dyn FnMut(&Header, Label),
    },
}

/// Which objects a collection looks at: those with `flags & mask == want`; turning the bit `mark` over takes one out.
#[derive(Clone, Copy)]
pub(crate) struct Set {
    pub(crate) mask: u32,
    pub(crate) want: u32,
    pub(crate) mark: u32,
}

impl Set {
    #[inline]
    pub(crate) fn has(self, header: &Header) -> bool {
        header.word.get() & self.mask == self.want
    }

    /// Whether an object was in the set and has been marked since.
    #[inline]
    pub(crate) fn has_marked(self, header: &Header) -> bool {
        header.word.get() & self.mask == self.want ^ self.mark
    }

    /// Takes an object that is in the set out of it; its scratch count has served.
    #[inline]
    pub(crate) fn mark(self, header: &Header) {
        header.word.set((header.word.get() ^ self.mark) & FLAGS);
    }
}

/// The heap whose objects a collection looks at, if there are others whose objects its own might refer to.
#[derive(Clone, Copy)]
pub(crate) struct Home(pub(crate) Option<NonNull<Heap>>);

impl Home {
    #[inline]
    pub(crate) fn has(self, header: &Header) -> bool {
        self.0.is_none_or(|home| std::ptr::eq(home.as_ptr(), crate::heap::heap_of(header)))
    }
}

/// Where in its owner a reference stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Label {
    /// The field of the payload; `CLASS`, `SLOT` and `items` for what is not a field.
    pub field: &'static str,
    /// The position within the field.
    pub index: Option<usize>,
    /// The field of the struct that stands there.
    pub part: Option<&'static str>,
}

impl Label {
    /// What stands for a field where an object refers to its class.
    pub const CLASS: &'static str = "(class)";
    /// The same for its slots.
    pub const SLOT: &'static str = "(slot)";

    /// The label of a place outside the payload's fields.
    pub(crate) fn item(field: &'static str, index: Option<usize>) -> Label {
        Label { field, index, part: None }
    }
}

/// A visitor that calls a closure at each reference; for reports and tests.
pub struct Visitor<'a> {
    mode: Mode<'a>,
}

impl<'a> Visitor<'a> {
    /// A visitor that calls `edge` for every reference.
    pub fn new(edge: &'a mut dyn FnMut(NonNull<Header>)) -> Visitor<'a> {
        Visitor { mode: Mode::Call(edge) }
    }

    /// A visitor for `Traverse::traverse_labelled` that also says where each reference stands.
    pub fn with_labels(call: &'a mut dyn FnMut(&Header, Label)) -> Visitor<'a> {
        Visitor { mode: Mode::Label { label: Label::default(), depth: 0, call } }
    }

    /// A visitor for `Traverse::traverse_labelled` that calls `call` for every value, immediate ones included.
    pub fn with_values(call: &'a mut dyn FnMut(&Value)) -> Visitor<'a> {
        Visitor { mode: Mode::Values(call) }
    }

    /// Names the field whose references `f` visits; for the `Traverse` derive.
    pub fn field(&mut self, name: &'static str, f: impl FnOnce(&mut Self)) {
        self.enter(name, 1);
        f(self);
        self.enter(name, -1);
    }

    fn enter(&mut self, name: &'static str, by: i32) {
        if let Mode::Label { label, depth, .. } = &mut self.mode {
            match (*depth, by) {
                (0, _) => *label = Label::item(name, None),
                (_, 1) => label.part = Some(name),
                _ => label.part = None,
            }
            *depth = depth.saturating_add_signed(by);
        }
    }

    /// Numbers the references visited next within the field named last.
    pub fn index(&mut self, index: usize) {
        if let Mode::Label { label, .. } = &mut self.mode {
            label.index = Some(index);
        }
    }
}

impl Visit for Visitor<'_> {
    fn visit(&mut self, header: &Header) {
        match &mut self.mode {
            Mode::Call(edge) => edge(NonNull::from(header)),
            Mode::Values(call) => {
                // SAFETY: the header is that of a live object; the reference is only lent.
                let value = unsafe { std::mem::ManuallyDrop::new(Value::from_owned(NonNull::from(header))) };
                call(&value);
            }
            Mode::Label { label, call, .. } => call(header, *label),
        }
    }
}

impl Walk for Visitor<'_> {
    unsafe fn payload(&mut self, info: &PayloadInfo, object: NonNull<Header>) {
        // SAFETY: the caller's promise.
        unsafe { (info.traverse)(object, self) }
    }
}

/// Adds one to the scratch count; it stays at its greatest value once it got there.
#[inline]
fn count_edge(header: &Header) {
    let word = header.word.get();
    if word < SATURATED << bits::SCRATCH_SHIFT {
        header.word.set(word + (1 << bits::SCRATCH_SHIFT));
    }
}

/// All of the collector word but the scratch count.
pub(crate) const FLAGS: u32 = (1 << bits::SCRATCH_SHIFT) - 1;

/// The greatest scratch count: what reaches it is taken to be referred to from outside.
pub(crate) const SATURATED: u32 = u32::MAX >> bits::SCRATCH_SHIFT;

/// A type whose owned references can be enumerated.
///
/// A field that cannot be traversed does not compile:
///
/// ```compile_fail
/// struct Opaque(taipan_heap::Value);
/// #[derive(taipan_heap::Traverse)]
/// struct Holder {
///     opaque: Opaque,
/// }
/// ```
///
/// ```
/// #[derive(taipan_heap::Traverse)]
/// struct Open(taipan_heap::Value);
/// #[derive(taipan_heap::Traverse)]
/// struct Holder {
///     open: Option<Open>,
/// }
/// # fn main() {}
/// ```
///
/// A type with a `Drop` of its own cannot derive it (see `Payload`), unless it says `#[traverse(unsafe_drop)]`, which is a promise that its `Drop` looks at
/// nothing behind its references. A field that is marked `#[traverse(skip)]` is passed over; what it refers to counts as referred to from outside.
///
/// ```compile_fail
/// #[derive(taipan_heap::Traverse)]
/// struct Nosy(taipan_heap::Value);
/// impl Drop for Nosy {
///     fn drop(&mut self) {
///         println!("{:?}", self.0.header().map(|header| header.count()));
///     }
/// }
/// ```
///
/// # Safety
/// `traverse` visits nothing but references that the value owns, each at most once (those it passes over keep their targets alive for ever), and does not
/// change anything; the type's `Drop`, if it has one, does not look at what its references lead to.
pub unsafe trait Traverse {
    /// Whether values of the type can hold references at all.
    const HOLDS_REFERENCES: bool;
    /// Visits each owned reference once.
    fn traverse<V: Visit>(&self, visitor: &mut V);
    /// The same, telling the visitor where each reference stands; for reports, not for collections.
    fn traverse_labelled(&self, visitor: &mut Visitor<'_>) {
        self.traverse(visitor);
    }
    /// Whether values of the type can own memory beside their block: buffers, or what they hold a `Charge` for.
    const OWNS_MEMORY: bool = false;
    /// The bytes of such memory that this value owns; for reports.
    fn memory(&self) -> usize {
        0
    }
}

// SAFETY: a value owns the reference that it is.
unsafe impl Traverse for Value {
    const HOLDS_REFERENCES: bool = true;
    #[inline]
    fn traverse<V: Visit>(&self, visitor: &mut V) {
        if let Some(header) = self.header() {
            visitor.visit(header);
        }
    }
    fn traverse_labelled(&self, visitor: &mut Visitor<'_>) {
        match (self.header(), &mut visitor.mode) {
            (Some(header), _) => visitor.visit(header),
            (None, Mode::Values(call)) => call(self),
            (None, _) => {}
        }
    }
}

// SAFETY: as above.
unsafe impl<T: Payload> Traverse for Ref<T> {
    const HOLDS_REFERENCES: bool = true;
    #[inline]
    fn traverse<V: Visit>(&self, visitor: &mut V) {
        visitor.visit(self.header());
    }
}

/// Declares that types hold no references that the collector should know of. Those that they hold all the same count as coming from outside: what they lead
/// to lives as long as they do.
#[macro_export]
macro_rules! no_references {
    ($($type:ty),* $(,)?) => {
        $(#[allow(unsafe_code)]
        // SAFETY: nothing is visited.
        unsafe impl $crate::Traverse for $type {
            const HOLDS_REFERENCES: bool = false;
            #[inline]
            fn traverse<V: $crate::Visit>(&self, _: &mut V) {}
        })*
    };
}

no_references!(
    (),
    bool,
    char,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    i8,
    i16,
    i32,
    i64,
    i128,
    isize,
    f32,
    f64,
    String,
    str,
    Box<str>,
    std::rc::Rc<str>,
    std::sync::Arc<str>,
    crate::kind::Kind,
    std::time::Instant,
    std::time::Duration
);

// SAFETY: nothing is visited.
unsafe impl<T: ?Sized> Traverse for &'static T {
    const HOLDS_REFERENCES: bool = false;
    #[inline]
    fn traverse<V: Visit>(&self, _: &mut V) {}
}

macro_rules! transparent {
    ($([$($generics:tt)*] $type:ty, |$this:ident, $visitor:ident| $body:expr, $labelled:expr, $memory:expr;)*) => {
        // SAFETY: each visits what it owns, once.
        $(unsafe impl<$($generics)*> Traverse for $type {
            const HOLDS_REFERENCES: bool = T::HOLDS_REFERENCES;
            #[inline]
            fn traverse<V: Visit>(&self, $visitor: &mut V) {
                if Self::HOLDS_REFERENCES {
                    let $this = self;
                    $body
                }
            }
            fn traverse_labelled(&self, $visitor: &mut Visitor<'_>) {
                if Self::HOLDS_REFERENCES {
                    let $this = self;
                    $labelled
                }
            }
            const OWNS_MEMORY: bool = T::OWNS_MEMORY;
            fn memory(&self) -> usize {
                let $this = self;
                if Self::OWNS_MEMORY { $memory } else { 0 }
            }
        })*
    };
}

/// Visits numbered elements with their labels.
pub(crate) fn label_items<'a, T: Traverse + 'a>(items: impl IntoIterator<Item = &'a T>, visitor: &mut Visitor<'_>) {
    for (index, item) in items.into_iter().enumerate() {
        visitor.index(index);
        item.traverse_labelled(visitor);
    }
}

fn is_sole<T: ?Sized>(shared: &Rc<T>) -> bool {
    Rc::strong_count(shared) == 1 && Rc::weak_count(shared) == 0
}

transparent! {
    [T: Traverse] Option<T>,
        |this, visitor| if let Some(inside) = this { inside.traverse(visitor) },
        if let Some(inside) = this { inside.traverse_labelled(visitor) },
        this.as_ref().map_or(0, T::memory);
    [T: Traverse] Vec<T>, |this, visitor| traverse_elements(this, visitor), label_items(this, visitor),
        this.iter().map(T::memory).sum();
    [T: Traverse] VecDeque<T>, |this, visitor| for inside in this { inside.traverse(visitor) }, label_items(this, visitor),
        this.iter().map(T::memory).sum();
    [T: Traverse] Box<T>, |this, visitor| (**this).traverse(visitor), (**this).traverse_labelled(visitor), (**this).memory();
    [T: Traverse] Box<[T]>, |this, visitor| traverse_elements(this, visitor), label_items(this, visitor),
        this.iter().map(T::memory).sum();
    [T: Traverse, const N: usize] [T; N], |this, visitor| for inside in this { inside.traverse(visitor) }, label_items(this, visitor),
        this.iter().map(T::memory).sum();
    [T: Traverse] OnceCell<T>,
        |this, visitor| if let Some(inside) = this.get() { inside.traverse(visitor) },
        if let Some(inside) = this.get() { inside.traverse_labelled(visitor) },
        this.get().map_or(0, T::memory);
    // SAFETY: a collection runs no code that could write the cell. While somebody has borrowed it to write, its references are passed over, and what they
    // lead to counts as referred to from outside.
    [T: Traverse] RefCell<T>, |this, visitor| if let Ok(inside) = unsafe { this.try_borrow_unguarded() } { inside.traverse(visitor) },
        // SAFETY: as above; a report runs no such code either.
        if let Ok(inside) = unsafe { this.try_borrow_unguarded() } { inside.traverse_labelled(visitor) },
        this.try_borrow().map_or(0, |inside| inside.memory());
    // What several own is visited by none of them.
    [T: Traverse] Rc<T>, |this, visitor| if is_sole(this) { (**this).traverse(visitor) },
        if is_sole(this) { (**this).traverse_labelled(visitor) },
        if is_sole(this) { (**this).memory() } else { 0 };
    [T: Traverse] Rc<[T]>, |this, visitor| if is_sole(this) { for inside in this.iter() { inside.traverse(visitor) } },
        if is_sole(this) { label_items(this.iter(), visitor) },
        if is_sole(this) { this.iter().map(T::memory).sum() } else { 0 };
    // SAFETY: as for `RefCell`; nobody can borrow what is inside.
    [T: Traverse] Cell<T>, |this, visitor| unsafe { (*this.as_ptr()).traverse(visitor) },
        // SAFETY: as for `RefCell`.
        unsafe { (*this.as_ptr()).traverse_labelled(visitor) },
        // SAFETY: as for `RefCell`.
        unsafe { (*this.as_ptr()).memory() };
}

macro_rules! map_traverse {
    ($(impl[$($parameters:tt)*] $map:ty;)*) => {$(
        // SAFETY: keys and values are owned, and visited once.
        unsafe impl<$($parameters)*> Traverse for $map {
            const HOLDS_REFERENCES: bool = K::HOLDS_REFERENCES || T::HOLDS_REFERENCES;
            fn traverse<V: Visit>(&self, visitor: &mut V) {
                for (key, inside) in self {
                    key.traverse(visitor);
                    inside.traverse(visitor);
                }
            }
            fn traverse_labelled(&self, visitor: &mut Visitor<'_>) {
                for (index, (key, inside)) in self.iter().enumerate() {
                    visitor.index(index);
                    visitor.field("key", |visitor| key.traverse_labelled(visitor));
                    visitor.field("value", |visitor| inside.traverse_labelled(visitor));
                }
            }
            const OWNS_MEMORY: bool = K::OWNS_MEMORY || T::OWNS_MEMORY;
            fn memory(&self) -> usize {
                match Self::OWNS_MEMORY {
                    true => self.iter().map(|(key, inside)| key.memory() + inside.memory()).sum(),
                    false => 0,
                }
            }
        }
    )*};
}

map_traverse! {
    impl[K: Traverse, T: Traverse, S] HashMap<K, T, S>;
    impl[K: Traverse, T: Traverse] BTreeMap<K, T>;
}

macro_rules! tuples {
    ($(($($name:ident),*))*) => {
        // SAFETY: all parts are owned, and visited once.
        $(unsafe impl<$($name: Traverse),*> Traverse for ($($name,)*) {
            const HOLDS_REFERENCES: bool = $($name::HOLDS_REFERENCES)||*;
            #[inline]
            #[allow(non_snake_case)]
            fn traverse<V: Visit>(&self, visitor: &mut V) {
                let ($($name,)*) = self;
                $($name.traverse(visitor);)*
            }
            #[allow(non_snake_case)]
            fn traverse_labelled(&self, visitor: &mut Visitor<'_>) {
                let ($($name,)*) = self;
                $($name.traverse_labelled(visitor);)*
            }
            const OWNS_MEMORY: bool = $($name::OWNS_MEMORY)||*;
            #[allow(non_snake_case)]
            fn memory(&self) -> usize {
                let ($($name,)*) = self;
                0 $(+ $name.memory())*
            }
        })*
    };
}

tuples! { (A) (A, B) (A, B, C) (A, B, C, D) }
