//! Address space from the operating system: reserving, giving back, moving.
//!
//! Invariant O1: a region handed out is readable and writable, aligned to `PAGE`, reads as zero or as last written, belongs to
//! the caller alone, and its provenance is exposed, so that a pointer into it can be made from an address.

use super::arena::PAGE;
use std::ptr::NonNull;

/// A fresh mapping of `len` bytes, if the system likes at the address `wished`.
#[cfg(not(miri))]
fn map(wished: usize, len: usize, access: i32) -> Option<*mut u8> {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    // SAFETY: a fresh anonymous mapping touches no existing memory, as the address is a wish only.
    let raw = unsafe { libc::mmap(std::ptr::without_provenance_mut(wished), len, access, flags, -1, 0) };
    (raw != libc::MAP_FAILED).then_some(raw.cast())
}

#[cfg(not(miri))]
const USABLE: i32 = libc::PROT_READ | libc::PROT_WRITE;

/// Reserves `len` bytes at a multiple of `PAGE`; nothing is resident before it is touched.
#[cfg(not(miri))]
pub(crate) fn reserve(len: usize) -> Option<NonNull<u8>> {
    let start = map(0, len.checked_add(PAGE)?, USABLE)?;
    let before = start.addr().next_multiple_of(PAGE) - start.addr();
    let after = PAGE - before;
    // SAFETY: O1: the parts cut off before and behind belong to the mapping just made and are not used.
    unsafe {
        if before != 0 {
            libc::munmap(start.cast(), before);
        }
        if after != 0 {
            libc::munmap(start.add(before + len).cast(), after);
        }
        let base = start.add(before);
        base.expose_provenance();
        NonNull::new(base)
    }
}

/// Reserves `len` bytes at the address `at`, a multiple of `PAGE`, or says that the system has them elsewhere only.
#[cfg(not(miri))]
pub(crate) fn reserve_at(at: usize, len: usize) -> Option<NonNull<u8>> {
    let base = map(at, len, USABLE)?;
    if base.addr() != at {
        // SAFETY: the mapping was made just now and is not used.
        unsafe { libc::munmap(base.cast(), len) };
        return None;
    }
    base.expose_provenance();
    NonNull::new(base)
}

/// An address, a multiple of `PAGE`, behind which `len` bytes are free for the moment.
#[cfg(not(miri))]
pub(crate) fn find_room(len: usize) -> Option<usize> {
    let base = map(0, len + PAGE, libc::PROT_NONE)?;
    // SAFETY: the mapping was made just now and is not used.
    unsafe { libc::munmap(base.cast(), len + PAGE) };
    Some(base.addr().next_multiple_of(PAGE))
}

/// Gives a whole region back.
///
/// # Safety
/// The region came from `reserve` or `remap` with `len` bytes and is not used any more.
#[cfg(not(miri))]
pub(crate) unsafe fn unmap(base: NonNull<u8>, len: usize) {
    // SAFETY: the caller's promise.
    unsafe { libc::munmap(base.as_ptr().cast(), len) };
}

/// Gives the memory behind a part of a region back but keeps the addresses.
///
/// # Safety
/// The part lies in a region of ours and holds nothing that is still needed.
#[cfg(not(miri))]
pub(crate) unsafe fn discard(base: NonNull<u8>, len: usize) {
    // SAFETY: the caller's promise.
    unsafe { libc::madvise(base.as_ptr().cast(), len, libc::MADV_DONTNEED) };
}

/// Changes a region's length, moving its pages (not its bytes) if it must move.
///
/// # Safety
/// The region came from `reserve` or `remap` with `old` bytes; on success it is replaced by the result.
#[cfg(target_os = "linux")]
#[cfg(not(miri))]
pub(crate) unsafe fn remap(base: NonNull<u8>, old: usize, new: usize) -> Option<NonNull<u8>> {
    // SAFETY: the caller's promise; the target of a move was reserved just now.
    unsafe {
        if libc::mremap(base.as_ptr().cast(), old, new, 0) != libc::MAP_FAILED {
            return Some(base);
        }
        let target = reserve(new)?;
        let flags = libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED;
        let moved = libc::mremap(base.as_ptr().cast(), old, new, flags, target.as_ptr());
        if moved == libc::MAP_FAILED {
            unmap(target, new);
            return None;
        }
        moved.cast::<u8>().expose_provenance();
        Some(target)
    }
}

/// Changing a region's length is not possible here; the caller copies.
///
/// # Safety
/// None is needed.
#[cfg(any(miri, not(target_os = "linux")))]
pub(crate) unsafe fn remap(_: NonNull<u8>, _: usize, _: usize) -> Option<NonNull<u8>> {
    None
}

#[cfg(miri)]
fn layout(len: usize) -> std::alloc::Layout {
    std::alloc::Layout::from_size_align(len, PAGE).expect("regions are smaller than the address space")
}

/// Reserves `len` bytes at a multiple of `PAGE`.
#[cfg(miri)]
pub(crate) fn reserve(len: usize) -> Option<NonNull<u8>> {
    // SAFETY: regions are never empty.
    let base = NonNull::new(unsafe { std::alloc::alloc_zeroed(layout(len)) })?;
    base.as_ptr().expose_provenance();
    Some(base)
}

/// Nothing is known of addresses in this build.
#[cfg(miri)]
pub(crate) fn reserve_at(_: usize, _: usize) -> Option<NonNull<u8>> {
    None
}

/// As above.
#[cfg(miri)]
pub(crate) fn find_room(_: usize) -> Option<usize> {
    None
}

/// Gives a whole region back.
///
/// # Safety
/// The region came from `reserve` with `len` bytes and is not used any more.
#[cfg(miri)]
pub(crate) unsafe fn unmap(base: NonNull<u8>, len: usize) {
    // SAFETY: the caller's promise.
    unsafe { std::alloc::dealloc(base.as_ptr(), layout(len)) };
}

/// Does nothing: the interpreter of this build has no pages.
///
/// # Safety
/// None is needed.
#[cfg(miri)]
pub(crate) unsafe fn discard(_: NonNull<u8>, _: usize) {}
