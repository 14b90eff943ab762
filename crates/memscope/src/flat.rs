//! Growing plain arrays without aborting.
//!
//! Invariant: no function here allocates in any other way than `try_reserve`.

use taipan_heap::OutOfMemory;

/// An array of `len` times `value`.
pub(crate) fn filled<T: Clone>(len: usize, value: T) -> Result<Vec<T>, OutOfMemory> {
    let mut made = Vec::new();
    made.try_reserve_exact(len).map_err(|_| OutOfMemory)?;
    made.resize(len, value);
    Ok(made)
}

/// The first `len` numbers.
pub(crate) fn ascending(len: usize) -> Result<Vec<u32>, OutOfMemory> {
    let mut made = filled(len, 0)?;
    for (number, place) in made.iter_mut().enumerate() {
        *place = number as u32;
    }
    Ok(made)
}

/// Appends a value.
#[inline]
pub(crate) fn push<T>(to: &mut Vec<T>, value: T) -> Result<(), OutOfMemory> {
    if to.len() == to.capacity() {
        to.try_reserve(1).map_err(|_| OutOfMemory)?;
    }
    to.push(value);
    Ok(())
}

/// The number as 32 bits; graphs of more nodes or edges than that are not made.
pub(crate) fn small(number: usize) -> Result<u32, OutOfMemory> {
    u32::try_from(number).ok().filter(|&number| number != u32::MAX).ok_or(OutOfMemory)
}
