//! Reports on the heap from outside: all objects, their sizes and edges, and where the bytes are. Nothing here allocates in the
//! heap, takes references or collects.

use super::dealloc::block_size;
use super::page::{PageRef, Sort};
use super::trial::traverse_object;
use super::{Heap, OutOfMemory};
use crate::header::Header;
use crate::trace::{Label, Visitor};
use std::collections::BTreeMap;
use std::ptr::NonNull;

/// Room for so many edges is kept.
const GATHERED: usize = 4096;

/// Where the heap's bytes are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Areas {
    /// Blocks of live objects.
    pub objects: usize,
    /// Blocks of buffers.
    pub buffers: usize,
    /// Free blocks in pages in use.
    pub free_blocks: usize,
    /// Resident pages that nothing uses.
    pub free_pages: usize,
    /// Page heads and what is left over at the ends of pages.
    pub metadata: usize,
    /// Address space reserved from the system; much of it may not be resident.
    pub reserved: usize,
    /// How many blocks of buffers there are.
    pub buffer_count: usize,
    /// How many free blocks there are in pages in use.
    pub free_count: usize,
    /// How many bytes of free blocks lie in pages less than half full.
    pub sparse: usize,
    /// How many pages are in use.
    pub pages: usize,
    /// Bytes taken from the system and not given back: pages in use and idle granules, as the arenas count them.
    pub committed: usize,
    /// The most that ever was.
    pub peak: usize,
}

/// What there is of one payload type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Census {
    /// Objects.
    pub objects: usize,
    /// Bytes of their blocks; their buffers are not counted.
    pub bytes: usize,
}

impl Heap {
    /// Calls `f` with every live object, tracked or not, in address order. What loses its last reference meanwhile dies afterwards; what is made meanwhile may be
    /// left out.
    pub fn for_each_object(&self, f: &mut dyn FnMut(&Header)) {
        self.clear_shelves();
        self.undisturbed(|| {
            self.for_each_object_page(|page| {
                page.walk(|object| {
                    // SAFETY: the walk yields live objects.
                    let header = unsafe { object.as_ref() };
                    if !self.is_torn(header) {
                        f(header);
                    }
                });
            });
        });
    }

    /// How many live objects there are of each payload type, by its name, and the bytes of their blocks.
    pub fn census(&self) -> BTreeMap<&'static str, Census> {
        let mut census: BTreeMap<&str, Census> = BTreeMap::new();
        self.for_each_object(&mut |object| {
            let row = census.entry(object.kind().info().name).or_default();
            row.objects += 1;
            row.bytes += block_size(object);
        });
        census
    }

    /// Calls `f` with the live object at an address, if there is one. What loses its last reference meanwhile dies afterwards.
    pub fn with_object<R>(&self, address: usize, f: impl FnOnce(&Header) -> R) -> Option<R> {
        let span = self.arenas.borrow().span_around(address)?;
        // SAFETY: A1: a span begins with a page head.
        let page = unsafe { PageRef::at(span) };
        let object = page.live_object(address)?;
        // SAFETY: the page says that a live object begins there.
        let header = unsafe { object.as_ref() };
        (!self.is_torn(header)).then(|| self.undisturbed(|| f(header)))
    }

    /// The bytes of an object's block: header, payload, tail and slots. Its buffers are not counted.
    pub fn size_of(&self, object: &Header) -> usize {
        block_size(object)
    }

    /// The bytes of what an object owns beside its block: its buffers, and what it holds a `Charge` for.
    pub fn owned_by(&self, object: &Header) -> usize {
        // SAFETY: the object is live for the time of the borrow.
        object.kind().info().memory.map_or(0, |memory| unsafe { memory(NonNull::from(object)) })
    }

    /// Appends the addresses of what an object refers to, its slots and its class included unless that is immortal; faster than `edges`, which says where the
    /// references stand.
    pub fn references(&self, object: &Header, found: &mut Vec<usize>) -> Result<(), OutOfMemory> {
        let mut result = Ok(());
        let mut add = |target: NonNull<Header>| {
            if found.len() < found.capacity() || found.try_reserve(1).is_ok() {
                found.push(target.addr().get());
            } else {
                result = Err(OutOfMemory);
            }
        };
        // SAFETY: the object is live for the time of the borrow.
        unsafe { traverse_object(NonNull::from(object), &mut Visitor::new(&mut add)) };
        result
    }

    /// Calls `f` with every reference an object owns and where it stands. What loses its last reference meanwhile dies afterwards. Aborts if there is no
    /// memory for a list of them; `try_edges` does not.
    pub fn edges(&self, object: &Header, f: &mut dyn FnMut(&Header, Label)) {
        if self.try_edges(object, f).is_err() {
            std::alloc::handle_alloc_error(std::alloc::Layout::new::<(NonNull<Header>, Label)>());
        }
    }

    /// The same; fails, before the first call of `f`, if there is no memory for a list of the references.
    pub fn try_edges(&self, object: &Header, f: &mut dyn FnMut(&Header, Label)) -> Result<(), OutOfMemory> {
        // `f` may change what is traversed, so all edges are gathered first.
        let mut found = self.edges.take();
        let mut result = Ok(());
        let mut add = |target: &Header, label| match found.try_reserve(1) {
            Ok(()) => found.push((NonNull::from(target), label)),
            Err(_) => result = Err(OutOfMemory),
        };
        let kind = object.kind();
        if let Some(class) = kind.class_object() {
            add(class, Label::item(Label::CLASS, None));
        }
        for (index, slot) in super::slots_of(object).iter().enumerate() {
            slot.with_borrowed(|value| {
                if let Some(target) = value.and_then(|value| value.header()) {
                    add(target, Label::item(Label::SLOT, Some(index)));
                }
            });
        }
        // SAFETY: the object is live for the time of the borrow.
        unsafe { (kind.info().edges)(NonNull::from(object), &mut Visitor::with_labels(&mut add)) };
        result?;
        self.undisturbed(|| {
            for (target, label) in found.drain(..) {
                // SAFETY: the object owned a reference to it, and nothing is freed before this ends.
                f(unsafe { target.as_ref() }, label);
            }
        });
        if found.capacity() <= GATHERED {
            self.edges.set(found);
        }
        Ok(())
    }

    /// Where the heap's bytes are.
    pub fn areas(&self) -> Areas {
        self.clear_shelves();
        let mut areas = Areas::default();
        self.for_each_page(|page| {
            let used = page.live.get() as usize * page.block.get();
            let free = page.free_bytes();
            match page.sort {
                Sort::Object => areas.objects += used,
                Sort::Raw => {
                    areas.buffers += used;
                    areas.buffer_count += page.live.get() as usize;
                }
            }
            areas.free_blocks += free;
            areas.free_count += free / page.block.get();
            areas.metadata += page.span.get() - used - free;
            areas.pages += 1;
            if free > used {
                areas.sparse += free;
            }
        });
        let arenas = self.arenas.borrow();
        areas.free_pages = arenas.idle_bytes();
        areas.reserved = arenas.reserved_bytes();
        (areas.committed, areas.peak) = arenas.committed_bytes();
        areas
    }
}
