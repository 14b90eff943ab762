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

/// Lets go of the pages that hold the program's constants, and of those with its code. What was needed once is no longer resident then; what is needed
/// again comes back from the system's cache of files, for some microseconds each 64 KiB. In debug builds nothing happens: a debugger's breakpoints would be lost.
pub fn let_go_of_program() {
    if !cfg!(debug_assertions) {
        sys::unmap_program(true);
    }
}

/// The same for the constants alone.
pub fn let_go_of_constants() {
    if !cfg!(debug_assertions) {
        sys::unmap_program(false);
    }
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// Kilobytes resident of what is mapped of this program with these permissions, beginning with the first letters.
    fn resident_of_program(permissions: &str) -> u64 {
        let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
        let program = std::env::current_exe().unwrap();
        let mut wanted = false;
        let mut sum = 0;
        for line in maps.lines() {
            let mut words = line.split_ascii_whitespace();
            let (first, second) = (words.next().unwrap(), words.next().unwrap_or_default());
            if !first.ends_with(':') {
                wanted = second.starts_with(permissions) && line.ends_with(&*program.to_string_lossy());
            } else if wanted && first == "Rss:" {
                sum += second.parse::<u64>().unwrap();
            }
        }
        sum
    }

    #[test]
    fn what_is_let_go_of_the_program_is_resident_no_more() {
        let before = resident_of_program("r-xp");
        sys::unmap_program(true);
        let after = resident_of_program("r-xp");
        assert!(after < before, "{after} of {before} KiB");
        // It comes back where it is needed: the assertion above was code, and this text is a constant.
        assert_eq!(format!("{:?}", std::hint::black_box("still here")), "\"still here\"");
    }
}
