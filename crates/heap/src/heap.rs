//! `Heap`: allocation, release, and the interface of the collector.

use crate::header::{Header, bits};
use crate::kind::{ClassPayload, Kind, Payload, Tail, flags, tail_offset};
use crate::reference::{Obj, Ref};
use crate::slot::Slot;
use crate::value::Value;
use crate::weak::WeakNode;
use std::alloc::Layout;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

/// The heap has reached its byte limit (or the system has no more), and a collection did not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfMemory;

/// How a heap is to behave.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Bytes that objects and their buffers may take together; `None` for no limit.
    pub limit: Option<usize>,
    /// Collect at every n-th allocation, poison freed blocks, recount edges. 0 is off.
    pub zeal: u32,
}

/// What the heap asks of its embedder. Called with the heap in a consistent state; may allocate, release and resurrect.
pub trait Hooks {
    /// Runs the finalizer of `object`, once in its life.
    fn finalize(&self, object: &Value);
    /// The target of weak reference object `owner`, which has a callback, is gone.
    fn weak_callback(&self, owner: Value);
    /// A collection of `generation` begins, or ends with what it did.
    fn collection(&self, generation: u8, end: Option<&Collected>);
}

/// What one collection did.
#[derive(Debug, Clone, Copy, Default)]
pub struct Collected {
    /// Objects found unreachable and freed.
    pub collected: usize,
    /// Unreachable objects that could not be freed.
    pub uncollectable: usize,
    /// Objects looked at.
    pub candidates: usize,
}

/// A class to make instances of: a class object, or a `'static` kind.
///
/// # Safety
/// The kind stays where it is for as long as instances live (invariant K1).
pub unsafe trait AsKind {
    /// The kind.
    fn as_kind(&self) -> &Kind;
}

// SAFETY: instances own a reference to the class object.
unsafe impl<C: ClassPayload> AsKind for Obj<C> {
    #[inline]
    fn as_kind(&self) -> &Kind {
        (**self).kind()
    }
}

// SAFETY: a static never moves.
unsafe impl AsKind for &'static Kind {
    #[inline]
    fn as_kind(&self) -> &Kind {
        self
    }
}

/// A heap of objects. One thread at a time may use it.
pub struct Heap {
    hooks: RefCell<Option<std::rc::Rc<dyn Hooks>>>,
    weak: RefCell<HashMap<usize, NonNull<WeakNode>>>,
    bytes: Cell<usize>,
}

const PREFIX: usize = 16;

impl Heap {
    /// A new, empty heap at an address of its own.
    pub fn new(_config: Config) -> Box<Heap> {
        Box::new(Heap { hooks: RefCell::new(None), weak: RefCell::default(), bytes: Cell::new(0) })
    }

    /// Installs the embedder's hooks.
    pub fn set_hooks(&self, hooks: Option<std::rc::Rc<dyn Hooks>>) {
        *self.hooks.borrow_mut() = hooks;
    }

    fn block(&self, size: usize) -> Result<NonNull<u8>, OutOfMemory> {
        let layout = Layout::from_size_align(size + PREFIX, 16).map_err(|_| OutOfMemory)?;
        // SAFETY: the layout's size is not zero.
        let raw = NonNull::new(unsafe { std::alloc::alloc_zeroed(layout) }).ok_or(OutOfMemory)?;
        // SAFETY: the prefix was allocated just now.
        unsafe {
            raw.cast::<*const Heap>().write(self);
            raw.cast::<usize>().add(1).write(size);
            self.bytes.set(self.bytes.get() + size);
            Ok(raw.add(PREFIX))
        }
    }

    fn alloc_block(&self, kind: &Kind, size: usize) -> Result<NonNull<Header>, OutOfMemory> {
        let header = self.block(size)?.cast::<Header>();
        if let Some(class) = kind.class_object() {
            class.increment();
        }
        let word = if kind.has(flags::TRACKED) { bits::TRACKED } else { 0 };
        // SAFETY: the block is large enough and not in use.
        unsafe {
            header.write(Header { count: Cell::new(1), word: Cell::new(word), kind: Cell::new(NonNull::from(kind)) })
        };
        Ok(header)
    }

    /// Makes an object.
    #[inline]
    pub fn alloc<T: Payload>(&self, class: &(impl AsKind + ?Sized), payload: T) -> Result<Ref<T>, OutOfMemory> {
        self.alloc_with_slots(class, payload, 0)
    }

    /// Makes an object with room for at least `slots` values after the payload, all empty.
    pub fn alloc_with_slots<T: Payload>(
        &self,
        class: &(impl AsKind + ?Sized),
        payload: T,
        slots: usize,
    ) -> Result<Ref<T>, OutOfMemory> {
        let size = tail_offset::<T>() + slots * 8;
        let object = self.alloc_block(class.as_kind(), size)?.cast::<Obj<T>>();
        // SAFETY: the block has room for the payload, which is uninitialised so far.
        unsafe {
            (&raw mut (*object.as_ptr()).payload).write(ManuallyDrop::new(payload));
            Ok(Ref::from_raw(object))
        }
    }

    /// Makes an object with a tail: `payload` gets the tail's length field, `fill` yields exactly `len` elements.
    pub fn alloc_with_tail<T: Payload>(
        &self,
        class: &(impl AsKind + ?Sized),
        len: usize,
        meta: u8,
        slots: usize,
        payload: impl FnOnce(Tail<T::Elem>) -> T,
        fill: impl IntoIterator<Item = T::Elem>,
    ) -> Result<Ref<T>, OutOfMemory> {
        let bytes = len.checked_mul(size_of::<T::Elem>()).ok_or(OutOfMemory)?;
        let size = tail_offset::<T>() + bytes.next_multiple_of(8) + slots * 8;
        let object = self.alloc_block(class.as_kind(), size)?.cast::<Obj<T>>();
        // SAFETY: the block has room for payload and tail; `fill` is checked to yield `len` elements before the tail's length is told.
        unsafe {
            let tail = object.cast::<u8>().add(tail_offset::<T>()).cast::<T::Elem>();
            let mut count = 0;
            for element in fill.into_iter().take(len) {
                tail.add(count).write(element);
                count += 1;
            }
            assert!(count == len, "the tail is filled");
            (&raw mut (*object.as_ptr()).payload).write(ManuallyDrop::new(payload(Tail::new(len, meta))));
            if let Some(field) = T::tail(&(*object.as_ptr()).payload) {
                field.place(tail.cast());
            }
            Ok(Ref::from_raw(object))
        }
    }

    /// Makes an object with a tail of bytes that `fill` writes in place (they are zero before).
    pub fn alloc_with_bytes<T: Payload<Elem = u8>>(
        &self,
        class: &(impl AsKind + ?Sized),
        len: usize,
        meta: u8,
        slots: usize,
        payload: impl FnOnce(Tail<u8>) -> T,
        fill: impl FnOnce(&mut [u8]),
    ) -> Result<Ref<T>, OutOfMemory> {
        let size = tail_offset::<T>() + len.checked_next_multiple_of(8).ok_or(OutOfMemory)? + slots * 8;
        let object = self.alloc_block(class.as_kind(), size)?.cast::<Obj<T>>();
        // SAFETY: the block has room for payload and tail.
        unsafe {
            let tail = object.cast::<u8>().add(tail_offset::<T>());
            tail.write_bytes(0, len);
            fill(std::slice::from_raw_parts_mut(tail.as_ptr(), len));
            (&raw mut (*object.as_ptr()).payload).write(ManuallyDrop::new(payload(Tail::new(len, meta))));
            if let Some(field) = T::tail(&(*object.as_ptr()).payload) {
                field.place(tail.cast());
            }
            Ok(Ref::from_raw(object))
        }
    }

    /// Makes the class object that is its own class.
    pub fn alloc_root_class<C: ClassPayload>(&self, payload: C) -> Result<Ref<C>, OutOfMemory> {
        let object = self.block(tail_offset::<C>())?.cast::<Obj<C>>();
        // SAFETY: the block has room; the kind is the payload's first field.
        unsafe {
            (&raw mut (*object.as_ptr()).payload).write(ManuallyDrop::new(payload));
            let kind = NonNull::from(ClassPayload::kind(&*(*object.as_ptr()).payload));
            object.cast::<Header>().write(Header {
                count: Cell::new(1),
                word: Cell::new(bits::TRACKED),
                kind: Cell::new(kind),
            });
            Ok(Ref::from_raw(object))
        }
    }

    /// Changes the class of an object to one with the same layout.
    pub fn set_class<T: Payload, C: ClassPayload>(&self, object: &Obj<T>, class: &Obj<C>) {
        assert!(std::ptr::eq(object.header().kind().info(), class.as_kind().info()), "same payload type");
        class.header().increment();
        let old = object.header().kind.replace(NonNull::from(class.as_kind()));
        // SAFETY: H3: the object owned a reference to its old class.
        unsafe {
            if old.as_ref().has(flags::COUNTED) {
                release(old.cast::<Header>().sub(1));
            }
        }
    }

    /// Grows, shrinks, makes (`None`) or frees (`new` 0) a raw block.
    ///
    /// # Safety
    /// `block` came from this function on this heap with `old` bytes.
    pub unsafe fn resize_raw(
        &self,
        block: Option<NonNull<u8>>,
        old: usize,
        new: usize,
    ) -> Result<Option<NonNull<u8>>, OutOfMemory> {
        let fresh = if new == 0 { None } else { Some(self.block(new)?) };
        if let Some(block) = block {
            // SAFETY: the caller's promise.
            unsafe {
                if let Some(fresh) = fresh {
                    fresh.copy_from_nonoverlapping(block, old.min(new));
                }
                release_raw(block, old);
            }
        }
        Ok(fresh)
    }

    /// Links `node`, which is part of `owner`, to `target`.
    pub fn link_weak<T: Payload>(
        &self,
        owner: &Obj<T>,
        node: fn(&T) -> &WeakNode,
        target: &Header,
        has_callback: bool,
    ) {
        let node = node(owner);
        node.owner.set(Some(NonNull::from(owner.header())));
        node.target.set(Some(NonNull::from(target)));
        node.has_callback.set(has_callback);
        let mut table = self.weak.borrow_mut();
        let head = table.insert(target.address(), NonNull::from(node));
        node.next.set(head);
        if let Some(head) = head {
            // SAFETY: W1.
            unsafe { head.as_ref().previous.set(Some(NonNull::from(node))) };
        }
        target.set(bits::WEAKLY_REFERENCED, true);
    }

    /// The weak reference objects that refer to `target`, newest first.
    pub fn weak_references(&self, target: &Header) -> Vec<Value> {
        let mut found = Vec::new();
        let mut next = self.weak.borrow().get(&target.address()).copied();
        while let Some(node) = next {
            // SAFETY: W1: nodes in the list are live, and so is each one's owner.
            unsafe {
                next = node.as_ref().next.get();
                if let Some(owner) = node.as_ref().owner.get()
                    && owner.as_ref().count() > 0
                {
                    owner.as_ref().increment();
                    found.push(Value::from_owned(owner));
                }
            }
        }
        found
    }

    /// Bytes in use by objects and buffers.
    pub fn bytes_in_use(&self) -> usize {
        self.bytes.get()
    }

    /// Collects `generation` and all younger ones.
    pub fn collect(&self, _generation: u8) -> Collected {
        Collected::default()
    }
}

unsafe fn heap_of<'a>(block: NonNull<u8>) -> &'a Heap {
    // SAFETY: the caller passes a block of a heap.
    unsafe { &*block.sub(PREFIX).cast::<*const Heap>().read() }
}

/// Gives up one reference; at zero the object dies.
///
/// # Safety
/// The caller owns the reference.
#[inline]
pub unsafe fn release(object: NonNull<Header>) {
    // SAFETY: H2.
    unsafe {
        if object.as_ref().decrement() {
            dealloc(object);
        }
    }
}

#[cold]
unsafe fn dealloc(object: NonNull<Header>) {
    // SAFETY: the count is zero: nobody else refers to the object.
    unsafe {
        let header = object.as_ref();
        let heap = heap_of(object.cast());
        let kind = header.kind.get();
        let hooks = heap.hooks.borrow().clone();
        if let Some(hooks) = &hooks
            && kind.as_ref().has(flags::FINALIZER)
            && !header.has(bits::FINALIZED)
        {
            header.set(bits::FINALIZED, true);
            header.increment();
            let value = ManuallyDrop::new(Value::from_owned(object));
            hooks.finalize(&value);
            if !header.decrement() {
                return;
            }
        }
        clear_weak(heap, header, hooks.as_deref());
        (kind.as_ref().info().drop)(object);
        for slot in slots_of(header) {
            slot.set(None);
        }
        free_block(object.cast());
        if kind.as_ref().has(flags::COUNTED) {
            release(kind.cast::<Header>().sub(1));
        }
    }
}

fn clear_weak(heap: &Heap, header: &Header, hooks: Option<&dyn Hooks>) {
    if !header.has(bits::WEAKLY_REFERENCED) {
        return;
    }
    header.set(bits::WEAKLY_REFERENCED, false);
    let mut next = heap.weak.borrow_mut().remove(&header.address());
    let mut owners = Vec::new();
    while let Some(node) = next {
        // SAFETY: W1.
        unsafe {
            let node = node.as_ref();
            next = node.next.take();
            node.previous.set(None);
            node.target.set(None);
            if node.has_callback.get()
                && let Some(owner) = node.owner.get()
                && owner.as_ref().count() > 0
            {
                owner.as_ref().increment();
                owners.push(Value::from_owned(owner));
            }
        }
    }
    if let Some(hooks) = hooks {
        for owner in owners {
            hooks.weak_callback(owner);
        }
    }
}

pub(crate) fn unlink_weak(node: &WeakNode) {
    let Some(target) = node.target.take() else { return };
    // SAFETY: W1: target and neighbours are live.
    unsafe {
        let heap = heap_of(target.cast());
        if let Some(next) = node.next.get() {
            next.as_ref().previous.set(node.previous.get());
        }
        if let Some(previous) = node.previous.get() {
            previous.as_ref().next.set(node.next.get());
        } else if let Some(next) = node.next.get() {
            heap.weak.borrow_mut().insert(target.as_ref().address(), next);
        } else {
            heap.weak.borrow_mut().remove(&target.as_ref().address());
            target.as_ref().set(bits::WEAKLY_REFERENCED, false);
        }
    }
}

unsafe fn free_block(block: NonNull<u8>) {
    // SAFETY: the caller gives the block up.
    unsafe {
        let raw = block.sub(PREFIX);
        let heap = heap_of(block);
        let size = raw.cast::<usize>().add(1).read();
        heap.bytes.set(heap.bytes.get() - size);
        std::alloc::dealloc(raw.as_ptr(), Layout::from_size_align_unchecked(size + PREFIX, 16));
    }
}

/// Frees a raw block of `size` bytes.
///
/// # Safety
/// `block` came from `Heap::resize_raw` with `size` bytes.
pub(crate) unsafe fn release_raw(block: NonNull<u8>, _size: usize) {
    // SAFETY: the caller's promise.
    unsafe { free_block(block) }
}

/// The value slots at the end of an object's block.
pub fn slots_of(header: &Header) -> &[Slot] {
    if !header.kind().has(flags::SLOTS) {
        return &[];
    }
    // SAFETY: the block is at least `start` bytes long, zeroed behind the payload and tail when it was made.
    unsafe {
        let object = NonNull::from(header);
        let info = header.kind().info();
        let start = size_of::<Header>()
            + (info.size as usize).next_multiple_of(8)
            + (info.tail_bytes)(object).next_multiple_of(8);
        let size = object.cast::<u8>().sub(8).cast::<usize>().read();
        std::slice::from_raw_parts(object.cast::<u8>().add(start).cast().as_ptr(), (size - start) / 8)
    }
}
