//! Figures about the process's memory, and the system's source of random bytes.
//!
//! The figures come from the system and count everything in the process, the managed heap being only one part.

use std::io;

use crate::sys;

/// Bytes of the process that are in memory now.
///
/// # Errors
/// The system's.
pub fn resident_bytes() -> io::Result<u64> {
    let text = std::fs::read_to_string("/proc/self/statm")?;
    let pages = text.split_ascii_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok());
    pages.map(|pages| pages * page_size() as u64).ok_or_else(|| io::Error::from_raw_os_error(libc::EIO))
}

/// The most bytes of the process that were in memory at one time.
///
/// # Errors
/// The system's.
pub fn peak_resident_bytes() -> io::Result<u64> {
    sys::resource_usage().map(|usage| u64::try_from(usage.ru_maxrss).unwrap_or(0) * 1024)
}

/// Has the C library give back what it keeps of memory freed, where it knows how to.
pub fn trim_allocator() {
    sys::malloc_trim();
}

/// Bytes of a page.
pub fn page_size() -> usize {
    let size = sys::sysconf(libc::_SC_PAGESIZE).ok().flatten();
    size.and_then(|size| usize::try_from(size).ok()).unwrap_or(4096)
}

/// Fills the buffer with random bytes fit for keys.
///
/// # Errors
/// The system's.
pub fn random_bytes(buffer: &mut [u8]) -> io::Result<()> {
    let mut rest = buffer;
    while !rest.is_empty() {
        match sys::getrandom(rest, 0) {
            Ok(count) => rest = rest.split_at_mut(count).1,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
