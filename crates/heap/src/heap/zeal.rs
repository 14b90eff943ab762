//! Tests of the heap by itself: poisoned memory, and a recount of all edges against all counts.

use super::Heap;
use super::page::{LARGE, Place, Sort};
use super::trial::traverse_object;
use crate::header::{Header, bits};
use crate::trace::Visitor;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ptr::NonNull;

/// What freed memory is filled with: as a value it is a float, as a pointer it is misaligned.
const POISON: u8 = 0xdb;

/// Hashes addresses: a recount makes one entry per object, so most of its time would go into a hash that withstands attacks.
#[derive(Default)]
struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_usize(byte.into());
        }
    }

    fn write_usize(&mut self, address: usize) {
        self.0 = (self.0 ^ address as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// Fills a freed block behind its two words.
///
/// # Safety
/// The block is free and has `size` bytes.
pub(super) unsafe fn poison(block: NonNull<u8>, size: usize) {
    if size > 16 {
        // SAFETY: the caller's promise.
        unsafe { block.add(16).write_bytes(POISON, size - 16) };
    }
}

impl Heap {
    /// The `notify` of a page that has nothing to say about a free.
    pub(super) fn quiet_notify(&self) -> u32 {
        if self.zeal.get() != 0 || self.ledger.is_on() { u32::MAX } else { 0 }
    }

    pub(super) fn update_notify(&self) {
        let notify = self.quiet_notify();
        self.for_each_page(|page| {
            if page.class != LARGE && page.place.get() != Place::Full {
                page.notify.set(notify);
            }
        });
    }

    /// Recounts all references between objects and compares them with the counts. Panics when an object has fewer
    /// counts than references, when a reference leads to a block that is free, or when scratch bits are left over.
    pub fn verify(&self) {
        let mut edges: HashMap<usize, u32, BuildHasherDefault<AddressHasher>> = HashMap::default();
        self.for_each_object_page(|page| {
            debug_assert!(page.sort == Sort::Object);
            page.walk(|object| {
                // SAFETY: the walk yields live objects.
                let header = unsafe { object.as_ref() };
                if self.is_torn(header) {
                    return;
                }
                let mut edge = |target: NonNull<Header>| {
                    // SAFETY: pages are not given back while something refers into them, so the word can be read.
                    let live = unsafe { target.as_ref() }.is_alive();
                    assert!(live, "{} refers to a freed block at {:#x}", describe(header), target.addr());
                    *edges.entry(target.addr().get()).or_default() += 1;
                };
                // SAFETY: the object is live.
                unsafe { traverse_object(object, &mut Visitor::new(&mut edge)) };
            });
        });
        self.for_each_object_page(|page| {
            page.walk(|object| {
                // SAFETY: the walk yields live objects.
                let header = unsafe { object.as_ref() };
                let found = edges.get(&object.addr().get()).copied().unwrap_or(0);
                assert!(
                    found <= header.count(),
                    "{} has a count of {} but {found} references",
                    describe(header),
                    header.count()
                );
                if !self.is_collecting() {
                    let scratch = header.word.get() >> bits::SCRATCH_SHIFT;
                    assert!(scratch == 0, "{} has scratch bits left over", describe(header));
                }
            });
        });
    }
}

fn describe(header: &Header) -> String {
    format!("{} object at {:#x}", header.kind().info().name, header.address())
}
