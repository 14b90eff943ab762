//! Pages: a head with the page's bookkeeping, then blocks of one size.
//!
//! # Goals
//! An allocation or a free is a handful of instructions; an object pays nothing beyond its 16-byte header; from any block the
//! heap, the block's size and its generation are found by masking the address; and all objects can be walked in address order
//! without a list of them.
//!
//! # How
//! A page is 32 KiB at a multiple of 32 KiB. Blocks of one page have one size: multiples of 8 up to 512 bytes, then eight steps
//! per doubling up to 4 KiB. Anything larger is a span of several granules with a page head of its own and one block. Pages for
//! objects and pages for raw buffers are separate: object pages are walked by the collector, raw ones never.
//!
//! A free block has a count of zero in its first word and the link to the next free block in its second, so a walk over all blocks
//! below `bump` tells live objects from free blocks by the count alone, and a double use shows up at once in zeal mode. Fresh pages are
//! not threaded whole: `extend` adds a few kilobytes of blocks to the free list at a time, in address order, so untouched
//! memory stays untouched and objects made one after the other are neighbours.
//!
//! Generations are bitmaps behind the head, a bit per block: *young*, *middle*, and *trash* for a running collection; neither
//! young nor middle is old. Promotion is then an `or` of words instead of a write to every header, and a young collection
//! looks only at pages on the young list. A stale bit (its block was freed since) is harmless: every use of a bit looks at the header.
//!
//! # Which page next
//! Each class has one current page. When it has no block left, the fullest of the first few available pages takes over; a page
//! becomes available when a block of a full one is freed, and then goes to the front. Sparse pages thus sink to the back,
//! drain, and go back to the arena.
//!
//! # Rejected
//! A free list per thread (the interpreter has one lock); link fields in front of every object (16 bytes each, CPython's way);
//! bitmaps with a bit per 8 bytes (no division, but a young collection scans six times the words); moving objects (identity is
//! the address, and native code holds pointers).
//!
//! # Invariants
//! P1: a page head is written before its span is used, and stays until the span is given back; its `heap` outlives it.
//! P2: blocks begin at `first + k * block` with `k * block < bump - first`; each is live or on the page's free list, once, or
//! on its way between the two in the allocator's hands, with a count of zero.
//! P3: `live` is the number of blocks not on the free list.
//! P4: a page is current for its class, or in its class's list of available pages, or full and in neither; large ones in none.
//! P5: a page with a young bit set is on the heap's young list; one with a middle bit set on its middle list.

use super::Heap;
use super::arena::PAGE;
use crate::header::Header;
use std::cell::Cell;
use std::ptr::NonNull;

/// The largest block of a page of small blocks.
pub(crate) const MAX_SMALL: usize = if cfg!(miri) { 1024 } else { 4096 };
const FINE: usize = 512;
/// Blocks of up to this size are as large as asked for, in multiples of 8.
pub(crate) const EXACT: usize = FINE;
/// The number of size classes.
pub(crate) const CLASSES: usize = class_of(MAX_SMALL) + 1;
/// The class byte of spans.
pub(crate) const LARGE: u8 = 255;

/// The size class of a block of `size` bytes, at most `MAX_SMALL`.
#[inline]
pub(crate) const fn class_of(size: usize) -> usize {
    if size <= FINE {
        size.div_ceil(8)
    } else {
        let below = size - 1;
        let power = below.ilog2() as usize;
        FINE / 8 + 1 + (power - 9) * 8 + ((below >> (power - 3)) & 7)
    }
}

/// The block size of a class.
#[inline]
pub(crate) const fn class_size(class: usize) -> usize {
    if class <= FINE / 8 {
        class * 8
    } else {
        let step = class - FINE / 8 - 1;
        (8 + (step & 7) + 1) << (step / 8 + 6)
    }
}

/// What a page's blocks are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Sort {
    /// Objects with headers.
    Object = 0,
    /// Buffers.
    Raw = 1,
}

/// Where a page stands (P4).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Current,
    Available,
    Full,
}

/// A free block.
#[repr(C)]
pub(crate) struct FreeBlock {
    zero: u64,
    next: Option<NonNull<FreeBlock>>,
}

/// Marks a page as being on no list.
pub(crate) const UNLISTED: u32 = u32::MAX;

/// The head of a page.
#[repr(C)]
pub(crate) struct Page {
    heap: Cell<*const Heap>,
    free: Cell<Option<NonNull<FreeBlock>>>,
    pub(crate) live: Cell<u32>,
    /// A free that leaves at most this many live blocks takes the slow path.
    pub(crate) notify: Cell<u32>,
    pub(crate) block: Cell<usize>,
    first: u32,
    bump: Cell<u32>,
    end: u32,
    reciprocal: u32,
    pub(crate) class: u8,
    pub(crate) sort: Sort,
    pub(crate) place: Cell<Place>,
    pub(crate) in_trash_chain: Cell<bool>,
    pub(crate) rescan: Cell<bool>,
    /// A full collection passed objects here that were not marked yet.
    pub(crate) suspect: Cell<bool>,
    words: u16,
    pub(crate) next: Cell<Option<PageRef>>,
    pub(crate) previous: Cell<Option<PageRef>>,
    pub(crate) trash_next: Cell<Option<PageRef>>,
    pub(crate) young_index: Cell<u32>,
    pub(crate) middle_index: Cell<u32>,
    /// Bytes of the whole span.
    pub(crate) span: Cell<usize>,
}

const HEAD: usize = size_of::<Page>();

/// One of the three bitmaps of an object page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bits {
    Young = 0,
    Middle = 1,
    Trash = 2,
}

/// A pointer to a page head that is valid while the page lives (P1).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageRef(NonNull<Page>);

impl std::ops::Deref for PageRef {
    type Target = Page;
    #[inline]
    fn deref(&self) -> &Page {
        // SAFETY: P1.
        unsafe { self.0.as_ref() }
    }
}

impl PageRef {
    /// The page around a block.
    ///
    /// # Safety
    /// `block` is the address of a block of a heap.
    #[inline]
    pub(crate) unsafe fn of<T>(block: NonNull<T>) -> PageRef {
        let head = std::ptr::with_exposed_provenance_mut::<Page>(block.addr().get() & !(PAGE - 1));
        // SAFETY: P1, O1: the head is at the block's address rounded down, and its region's provenance is exposed.
        PageRef(unsafe { NonNull::new_unchecked(head) })
    }

    /// The page head at the start of a span.
    ///
    /// # Safety
    /// `span` holds a page head.
    pub(crate) unsafe fn at(span: NonNull<u8>) -> PageRef {
        PageRef(span.cast())
    }

    /// The head of no page: never has a block to give.
    pub(crate) fn nowhere(head: &Page) -> PageRef {
        PageRef(NonNull::from(head))
    }

    /// Writes the head of a page of small blocks into a fresh span of one granule.
    ///
    /// # Safety
    /// The span is the caller's alone.
    pub(crate) unsafe fn make_small(span: NonNull<u8>, heap: *const Heap, sort: Sort, class: usize) -> PageRef {
        let block = class_size(class);
        let words = if sort == Sort::Object { ((PAGE - HEAD) / block).div_ceil(64) } else { 0 };
        let first = (HEAD + words * 24).next_multiple_of(16);
        let end = first + (PAGE - first) / block * block;
        let mut head = Page::blank(heap, sort);
        head.block.set(block);
        head.first = first as u32;
        head.bump.set(first as u32);
        head.end = end as u32;
        head.reciprocal = ((1u64 << 32).div_ceil(block as u64)) as u32;
        head.class = class as u8;
        head.words = words as u16;
        head.span.set(PAGE);
        // SAFETY: the caller's promise; head and bitmaps fit the span.
        unsafe { PageRef::write(span, head) }
    }

    /// Writes the head of a span with one large block, which counts as live.
    ///
    /// # Safety
    /// The span has `len` bytes, enough for head and block, and is the caller's alone.
    pub(crate) unsafe fn make_large(
        span: NonNull<u8>,
        heap: *const Heap,
        sort: Sort,
        block: usize,
        len: usize,
    ) -> PageRef {
        let mut head = Page::blank(heap, sort);
        head.block.set(block);
        head.first = LARGE_FIRST as u32;
        head.bump.set(LARGE_FIRST as u32 + 1);
        head.end = LARGE_FIRST as u32;
        head.class = LARGE;
        head.words = 1;
        head.span.set(len);
        head.live.set(1);
        head.notify.set(u32::MAX);
        // SAFETY: as above.
        unsafe { PageRef::write(span, head) }
    }

    unsafe fn write(span: NonNull<u8>, head: Page) -> PageRef {
        let words = head.words as usize * 3;
        let page = span.cast::<Page>();
        // SAFETY: the caller's promise.
        unsafe {
            page.write(head);
            page.add(1).cast::<u64>().write_bytes(0, words);
        }
        PageRef(page)
    }

    /// Makes the page a full one of another heap, in none of its lists.
    pub(crate) fn move_to(self, heap: &Heap) {
        self.heap.set(heap);
        self.place.set(Place::Full);
        self.notify.set(u32::MAX);
        self.next.set(None);
        self.previous.set(None);
        self.trash_next.set(None);
        self.in_trash_chain.set(false);
        self.young_index.set(UNLISTED);
        self.middle_index.set(UNLISTED);
        for bits in [Bits::Young, Bits::Middle, Bits::Trash] {
            self.move_bits(bits, None);
        }
    }

    /// The page's first byte.
    pub(crate) fn start(self) -> NonNull<u8> {
        self.0.cast()
    }

    #[inline]
    fn byte(self, offset: usize) -> NonNull<u8> {
        let address = self.0.addr().get() + offset;
        let pointer = std::ptr::with_exposed_provenance_mut::<u8>(address);
        // SAFETY: an address inside a page is not null.
        unsafe { NonNull::new_unchecked(pointer) }
    }

    /// The large block of a span.
    pub(crate) fn large_block(self) -> NonNull<u8> {
        self.byte(LARGE_FIRST)
    }

    /// Takes a block off the free list.
    #[inline]
    pub(crate) fn pop(self) -> Option<NonNull<u8>> {
        let block = self.free.get()?;
        // SAFETY: P2: a block on the free list holds a link.
        self.free.set(unsafe { (*block.as_ptr()).next });
        self.live.set(self.live.get() + 1);
        Some(block.cast())
    }

    /// Puts a block on the free list; says whether the slow path must look at the page.
    ///
    /// # Safety
    /// The block is this page's, and is given up.
    #[inline]
    pub(crate) unsafe fn push(self, block: NonNull<u8>) -> bool {
        let block = block.cast::<FreeBlock>();
        // SAFETY: the caller's promise.
        unsafe { block.write(FreeBlock { zero: 0, next: self.free.get() }) };
        self.free.set(Some(block));
        let live = self.live.get() - 1;
        self.live.set(live);
        live <= self.notify.get()
    }

    /// Threads some more never-used blocks onto the (empty) free list; false when the page has none.
    pub(crate) fn extend(self) -> bool {
        let (block, bump) = (self.block.get(), self.bump.get() as usize);
        let left = (self.end as usize - bump) / block;
        if left == 0 {
            return false;
        }
        let count = (CARVE / block).clamp(1, left);
        let mut next = self.free.get();
        for index in (0..count).rev() {
            let free = self.byte(bump + index * block).cast::<FreeBlock>();
            // SAFETY: P2: blocks behind `bump` were never used.
            unsafe { free.write(FreeBlock { zero: 0, next }) };
            next = Some(free);
        }
        self.free.set(next);
        self.bump.set((bump + count * block) as u32);
        true
    }

    /// The number of a block within its page.
    #[inline]
    pub(crate) fn index_of<T>(self, block: NonNull<T>) -> usize {
        let offset = (block.addr().get() & (PAGE - 1)) - self.first as usize;
        ((offset as u64 * self.reciprocal as u64) >> 32) as usize
    }

    #[inline]
    fn word(self, bits: Bits, word: usize) -> NonNull<u64> {
        debug_assert!(word < self.words as usize);
        self.byte(HEAD + (bits as usize * self.words as usize + word) * 8).cast()
    }

    #[inline]
    fn bits_at(self, bits: Bits, word: usize) -> u64 {
        // SAFETY: P1: bitmaps are initialised with the head.
        unsafe { self.word(bits, word).read() }
    }

    /// Sets a block's bit.
    #[inline]
    pub(crate) fn set_bit(self, bits: Bits, index: usize) {
        let word = self.word(bits, index / 64);
        // SAFETY: P1, as above.
        unsafe { word.write(word.read() | 1 << (index % 64)) };
    }

    /// Clears a block's bit.
    pub(crate) fn clear_bit(self, bits: Bits, index: usize) {
        let word = self.word(bits, index / 64);
        // SAFETY: P1, as above.
        unsafe { word.write(word.read() & !(1 << (index % 64))) };
    }

    /// Whether a block's bit is set.
    pub(crate) fn bit(self, bits: Bits, index: usize) -> bool {
        self.bits_at(bits, index / 64) >> (index % 64) & 1 != 0
    }

    /// Moves all bits of one bitmap to another; says whether there were any.
    pub(crate) fn move_bits(self, from: Bits, to: Option<Bits>) -> bool {
        let mut any = 0;
        for word in 0..self.words as usize {
            let moved = self.bits_at(from, word);
            any |= moved;
            // SAFETY: P1, as above.
            unsafe {
                self.word(from, word).write(0);
                if let Some(to) = to {
                    let target = self.word(to, word);
                    target.write(target.read() | moved);
                }
            }
        }
        any != 0
    }

    /// The live object that begins at an address, if one does.
    pub(crate) fn live_object(self, address: usize) -> Option<NonNull<Header>> {
        let offset = address.checked_sub(self.0.addr().get() + self.first as usize)?;
        let begun = offset < (self.bump.get() - self.first) as usize && offset.is_multiple_of(self.block.get());
        let object = (self.sort == Sort::Object && begun).then(|| self.byte(self.first as usize + offset))?;
        // SAFETY: P2: every block below `bump` begins with a count.
        unsafe { object.cast::<Header>().as_ref() }.is_alive().then(|| object.cast())
    }

    /// Calls `f` with every live object of the page, in address order.
    #[inline]
    pub(crate) fn walk(self, mut f: impl FnMut(NonNull<Header>)) {
        let block = self.block.get();
        let (mut at, end) = (self.first as usize, self.bump.get() as usize);
        while at < end {
            let object = self.byte(at).cast::<Header>();
            crate::trace::fetch(object.as_ptr().cast::<u8>().wrapping_add(FETCHED));
            // SAFETY: P2: every block below `bump` begins with a count.
            if unsafe { object.as_ref() }.is_alive() {
                f(object);
            }
            at += block;
        }
    }

    /// Calls `f` with every live object whose bit is set, in address order.
    #[inline]
    pub(crate) fn walk_bits(self, bits: Bits, mut f: impl FnMut(NonNull<Header>)) {
        self.walk_marked(bits, |object| {
            // SAFETY: P2: a block with a bit begins with a count.
            if unsafe { object.as_ref() }.is_alive() {
                f(object);
            }
        });
    }

    /// Calls `f` with every block whose bit is set, in address order.
    #[inline]
    pub(crate) fn walk_marked(self, bits: Bits, mut f: impl FnMut(NonNull<Header>)) {
        for word in 0..self.words as usize {
            let mut left = self.bits_at(bits, word);
            while left != 0 {
                let index = word * 64 + left.trailing_zeros() as usize;
                left &= left - 1;
                f(self.byte(self.first as usize + index * self.block.get()).cast::<Header>());
            }
        }
    }
}

/// How far ahead a walk asks for memory: the processor's own reading ahead ends with each page of the system.
const FETCHED: usize = 1024;

/// Where the block of a span begins.
pub(crate) const LARGE_FIRST: usize = (HEAD + 24).next_multiple_of(16);
const CARVE: usize = if cfg!(miri) { 512 } else { 4096 };

impl Page {
    /// A head without blocks.
    pub(crate) const fn blank(heap: *const Heap, sort: Sort) -> Page {
        Page {
            heap: Cell::new(heap),
            free: Cell::new(None),
            live: Cell::new(0),
            notify: Cell::new(0),
            block: Cell::new(8),
            first: 0,
            bump: Cell::new(0),
            end: 0,
            reciprocal: 0,
            class: 0,
            sort,
            place: Cell::new(Place::Full),
            in_trash_chain: Cell::new(false),
            rescan: Cell::new(false),
            suspect: Cell::new(false),
            words: 0,
            next: Cell::new(None),
            previous: Cell::new(None),
            trash_next: Cell::new(None),
            young_index: Cell::new(UNLISTED),
            middle_index: Cell::new(UNLISTED),
            span: Cell::new(0),
        }
    }

    /// The heap the page belongs to.
    #[inline]
    pub(crate) fn heap<'a>(&self) -> &'a Heap {
        // SAFETY: P1.
        unsafe { &*self.heap.get() }
    }

    /// Bytes of free blocks in the page, threaded or not.
    pub(crate) fn free_bytes(&self) -> usize {
        if self.class == LARGE {
            return 0;
        }
        let blocks = (self.end as usize - self.first as usize) / self.block.get();
        (blocks - self.live.get() as usize) * self.block.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_fit_and_waste_little() {
        for size in 16..=MAX_SMALL {
            let class = class_of(size);
            let block = class_size(class);
            assert!(block >= size && class < CLASSES, "{size} in {block}");
            assert!(size <= FINE && block - size < 8 || (block - size) * 8 < size, "{size} in {block}");
            assert!(class == 0 || class_size(class - 1) < size);
        }
    }

    #[test]
    fn a_block_knows_its_number() {
        for class in 2..CLASSES {
            let block = class_size(class);
            let reciprocal = (1u64 << 32).div_ceil(block as u64);
            for index in 0..PAGE / block {
                assert_eq!(((index * block) as u64 * reciprocal) >> 32, index as u64);
            }
        }
    }
}
