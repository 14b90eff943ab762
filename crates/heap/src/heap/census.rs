//! Reports on the heap from outside: all objects, their sizes and edges, and where the bytes are. Nothing here allocates in the
//! heap, takes references or collects.

use super::Heap;
use super::dealloc::block_size;
use super::page::Sort;
use crate::header::Header;
use crate::trace::{Label, Visitor};
use std::collections::BTreeMap;
use std::ptr::NonNull;

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

    /// The bytes of an object's block: header, payload, tail and slots. Its buffers are not counted.
    pub fn size_of(&self, object: &Header) -> usize {
        block_size(object)
    }

    /// Calls `f` with every reference an object owns and where it stands. What loses its last reference meanwhile dies afterwards.
    pub fn edges(&self, object: &Header, f: &mut dyn FnMut(&Header, Label)) {
        // `f` may change what is traversed, so all edges are gathered first.
        let mut found = self.edges.take();
        let kind = object.kind();
        if let Some(class) = kind.class_object() {
            found.push((NonNull::from(class), Label::item("class", None)));
        }
        for (index, slot) in super::slots_of(object).iter().enumerate() {
            slot.with_borrowed(|value| {
                if let Some(target) = value.and_then(|value| value.header()) {
                    found.push((NonNull::from(target), Label::item("slot", Some(index))));
                }
            });
        }
        let mut add = |target: &Header, label| found.push((NonNull::from(target), label));
        // SAFETY: the object is live for the time of the borrow.
        unsafe { (kind.info().edges)(NonNull::from(object), &mut Visitor::with_labels(&mut add)) };
        self.undisturbed(|| {
            for (target, label) in found.drain(..) {
                // SAFETY: the object owned a reference to it, and nothing is freed before this ends.
                f(unsafe { target.as_ref() }, label);
            }
        });
        self.edges.set(found);
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
                Sort::Raw => areas.buffers += used,
            }
            areas.free_blocks += free;
            areas.metadata += page.span.get() - used - free;
        });
        let arenas = self.arenas.borrow();
        areas.free_pages = arenas.idle_bytes();
        areas.reserved = arenas.reserved_bytes();
        areas
    }
}
