//! From an object's address to its number, without a table entry per object.
//!
//! Addresses come in ascending order. Each 32 KiB of address space that has any gets a bitmap with a bit per 8 bytes and the
//! number of bits before each word: a look-up is a probe for the granule, one popcount and an addition, and the index takes a fiftieth of the heap.
//!
//! Invariant A1: bit `b` of granule `g` is set exactly when an object begins at `g * 32 KiB + 8 b`; numbers ascend with addresses.

use crate::flat::{filled, push, small};
use taipan_heap::OutOfMemory;

const SHIFT: u32 = 15;
const WORDS: usize = 1 << (SHIFT - 9);
const EMPTY: u32 = u32::MAX;

struct Granule {
    number: usize,
    first: u32,
    before: [u16; WORDS],
    bits: [u64; WORDS],
}

/// See the module's head.
pub struct AddressIndex {
    granules: Vec<Granule>,
    /// Open addressing over the numbers of granules.
    table: Vec<u32>,
    shift: u32,
}

impl AddressIndex {
    /// The index of addresses in ascending order, all multiples of 8.
    pub fn new(addresses: &[usize]) -> Result<AddressIndex, OutOfMemory> {
        let mut granules: Vec<Granule> = Vec::new();
        for (id, &address) in addresses.iter().enumerate() {
            let number = address >> SHIFT;
            if granules.last().is_none_or(|last| last.number != number) {
                push(&mut granules, Granule { number, first: small(id)?, before: [0; WORDS], bits: [0; WORDS] })?;
            }
            let bit = (address & ((1 << SHIFT) - 1)) >> 3;
            if let Some(last) = granules.last_mut() {
                last.bits[bit / 64] |= 1 << (bit % 64);
            }
        }
        for granule in &mut granules {
            let mut sum = 0;
            for (before, bits) in granule.before.iter_mut().zip(&granule.bits) {
                *before = sum;
                sum += bits.count_ones() as u16;
            }
        }
        let power = (granules.len() * 2).next_power_of_two().max(2);
        let mut index = AddressIndex { granules, table: filled(power, EMPTY)?, shift: 64 - power.ilog2() };
        for at in 0..index.granules.len() {
            let mut place = index.place(index.granules[at].number);
            while index.table[place] != EMPTY {
                place = (place + 1) & (power - 1);
            }
            index.table[place] = at as u32;
        }
        Ok(index)
    }

    fn place(&self, number: usize) -> usize {
        ((number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize
    }

    /// The number of the object that begins at an address.
    #[inline]
    pub fn get(&self, address: usize) -> Option<u32> {
        let number = address >> SHIFT;
        let mut place = self.place(number);
        let granule = loop {
            let granule = self.granules.get(*self.table.get(place)? as usize)?;
            if granule.number == number {
                break granule;
            }
            place = (place + 1) & (self.table.len() - 1);
        };
        let bit = (address & ((1 << SHIFT) - 1)) >> 3;
        let word = granule.bits[bit / 64];
        if word >> (bit % 64) & 1 == 0 || address & 7 != 0 {
            return None;
        }
        let below = (word & ((1 << (bit % 64)) - 1)).count_ones();
        Some(granule.first + u32::from(granule.before[bit / 64]) + below)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_has_its_number_and_no_other_has_one() {
        let mut addresses: Vec<usize> = (0..5000usize).map(|n| 0x7f00_0000_0000 + n * n * 24 + (n % 3) * 8).collect();
        addresses.sort_unstable();
        addresses.dedup();
        let index = AddressIndex::new(&addresses).unwrap();
        for (id, &address) in addresses.iter().enumerate() {
            assert_eq!(index.get(address), Some(id as u32));
            for near in [address - 8, address + 8, address + 4, address + (1 << 20)] {
                let expected = addresses.binary_search(&near).ok().map(|id| id as u32);
                assert_eq!(index.get(near), expected);
            }
        }
        assert_eq!(AddressIndex::new(&[]).unwrap().get(64), None);
    }
}
