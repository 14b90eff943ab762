//! CPython's hash functions: numbers, tuples, frozensets, and SipHash-1-3 for text and bytes.
//!
//! Numbers that compare equal hash equal whatever their type, because every number is reduced
//! modulo the same prime. No function here returns -1, which CPython keeps as its error value.

use crate::int_float::decompose;
use num_bigint::{BigInt, Sign};

/// The prime `2 ** 61 - 1`.
pub const MODULUS: u64 = (1 << 61) - 1;
/// The hash of a float infinity; negated for minus infinity.
pub const INFINITY: i64 = 314_159;
/// The factor of the imaginary part of a complex hash.
pub const IMAG: u64 = 1_000_003;

#[inline]
fn never_minus_one(hash: i64) -> i64 {
    if hash == -1 { -2 } else { hash }
}

/// The hash of a small integer.
#[must_use]
#[inline]
pub fn hash_small(value: i64) -> i64 {
    if value.unsigned_abs() < MODULUS {
        return never_minus_one(value);
    }
    let rest = (value.unsigned_abs() % MODULUS) as i64;
    never_minus_one(if value < 0 { -rest } else { rest })
}

/// The hash of an integer of up to 128 bits.
#[must_use]
#[inline]
pub fn hash_wide(value: i128) -> i64 {
    // 2**64 is 8 modulo the prime.
    let magnitude = value.unsigned_abs();
    let sum = u128::from((magnitude >> 64) as u64) * 8 + u128::from(magnitude as u64);
    let folded = (sum & u128::from(MODULUS)) as u64 + (sum >> 61) as u64;
    let rest = (folded % MODULUS) as i64;
    never_minus_one(if value < 0 { -rest } else { rest })
}

/// The hash of a big integer.
#[must_use]
pub fn hash_big(value: &BigInt) -> i64 {
    // 2**64 is 8 modulo the prime.
    let rest = value.magnitude().to_u64_digits().iter().rev().fold(0u64, |rest, digit| {
        let wide = u128::from(rest) * 8 + u128::from(*digit);
        (wide % u128::from(MODULUS)) as u64
    }) as i64;
    never_minus_one(if value.sign() == Sign::Minus { -rest } else { rest })
}

/// The hash of a float; `None` for NaN, which hashes by identity.
#[must_use]
pub fn hash_float(value: f64) -> Option<i64> {
    if value.is_nan() {
        return None;
    }
    if value.is_infinite() {
        return Some(if value > 0.0 { INFINITY } else { -INFINITY });
    }
    let (mantissa, exponent) = decompose(value);
    // Multiplying by a power of two modulo 2**61 - 1 is a rotation of 61 bits.
    let turn = exponent.rem_euclid(61) as u32;
    let m = mantissa.unsigned_abs();
    let rest = if turn == 0 { m } else { ((m << turn) & MODULUS) | (m >> (61 - turn)) } as i64;
    Some(never_minus_one(if mantissa < 0 { -rest } else { rest }))
}

/// The hash of a complex from the hashes of its parts.
#[must_use]
pub fn hash_complex(real: i64, imag: i64) -> i64 {
    never_minus_one((real as u64).wrapping_add(IMAG.wrapping_mul(imag as u64)) as i64)
}

/// The hash of an object's identity: the low bits of an address, always zero, go to the top.
#[must_use]
pub fn hash_identity(address: u64) -> i64 {
    never_minus_one(address.rotate_right(4) as i64)
}

/// The running hash of a tuple.
#[derive(Clone, Copy, Debug)]
pub struct TupleHash {
    acc: u64,
}

const XX_PRIME_1: u64 = 11_400_714_785_074_694_791;
const XX_PRIME_2: u64 = 14_029_467_366_897_019_727;
const XX_PRIME_5: u64 = 2_870_177_450_012_600_261;

impl Default for TupleHash {
    fn default() -> Self {
        Self::new()
    }
}

impl TupleHash {
    /// The hash of no items yet.
    #[must_use]
    pub fn new() -> Self {
        Self { acc: XX_PRIME_5 }
    }

    /// Adds the hash of the next item.
    #[inline]
    pub fn add(&mut self, item: i64) {
        self.acc =
            self.acc.wrapping_add((item as u64).wrapping_mul(XX_PRIME_2)).rotate_left(31).wrapping_mul(XX_PRIME_1);
    }

    /// The hash of something with a fixed number of parts (a slice), into which the number does not enter.
    #[must_use]
    pub fn finish_parts(self) -> i64 {
        let hash = self.acc as i64;
        if hash == -1 { 1_546_275_796 } else { hash }
    }

    /// The hash of a tuple of `len` items.
    #[must_use]
    pub fn finish(self, len: usize) -> i64 {
        let hash = self.acc.wrapping_add(len as u64 ^ (XX_PRIME_5 ^ 3_527_539)) as i64;
        if hash == -1 { 1_546_275_796 } else { hash }
    }
}

/// The hash of a tuple from the hashes of its items.
pub fn hash_tuple(items: impl IntoIterator<Item = i64>) -> i64 {
    let mut hash = TupleHash::new();
    let mut len = 0;
    for item in items {
        hash.add(item);
        len += 1;
    }
    hash.finish(len)
}

/// The hash of a frozenset from the hashes of its items, in any order.
pub fn hash_frozenset(items: impl IntoIterator<Item = i64>) -> i64 {
    let mut hash = 0u64;
    let mut len = 0u64;
    for item in items {
        let item = item as u64;
        hash ^= ((item ^ 89_869_747) ^ (item << 16)).wrapping_mul(3_644_798_167);
        len += 1;
    }
    hash ^= (len + 1).wrapping_mul(1_927_868_237);
    hash ^= (hash >> 11) ^ (hash >> 25);
    hash = hash.wrapping_mul(69_069).wrapping_add(907_133_923);
    if hash as i64 == -1 { 590_923_713 } else { hash as i64 }
}

/// The key of text and bytes hashing, one per interpreter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HashKey {
    /// The first half of the SipHash key.
    pub k0: u64,
    /// The second half.
    pub k1: u64,
}

impl HashKey {
    /// The key that `PYTHONHASHSEED=seed` gives; 0 switches randomisation off.
    #[must_use]
    pub fn from_seed(seed: u32) -> Self {
        let mut bytes = [0u8; 16];
        if seed != 0 {
            let mut x = seed;
            for byte in &mut bytes {
                x = x.wrapping_mul(214_013).wrapping_add(2_531_011);
                *byte = (x >> 16) as u8;
            }
        }
        Self::from_random(bytes)
    }

    /// A key from 16 random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        let [a0, a1, a2, a3, a4, a5, a6, a7, b @ ..] = bytes;
        Self { k0: u64::from_le_bytes([a0, a1, a2, a3, a4, a5, a6, a7]), k1: u64::from_le_bytes(b) }
    }

    /// The hash of a bytes object, or of a str's code units in the machine's (little-endian) order.
    #[must_use]
    pub fn hash_bytes(self, data: &[u8]) -> i64 {
        if data.is_empty() {
            return 0;
        }
        never_minus_one(self.siphash13(data) as i64)
    }

    /// The hash of a str stored in two-byte units.
    #[must_use]
    pub fn hash_u16(self, units: &[u16]) -> i64 {
        let (words, tail) = units.as_chunks::<4>();
        let join = |units: &[u16]| units.iter().rev().fold(0u64, |word, unit| word << 16 | u64::from(*unit));
        never_minus_one(self.sip(words.iter().map(|w| join(w)), join(tail), 2 * units.len()) as i64)
    }

    /// The hash of a str stored in four-byte units.
    #[must_use]
    pub fn hash_u32(self, units: &[u32]) -> i64 {
        let (words, tail) = units.as_chunks::<2>();
        let join = |units: &[u32]| units.iter().rev().fold(0u64, |word, unit| word << 32 | u64::from(*unit));
        never_minus_one(self.sip(words.iter().map(|w| join(w)), join(tail), 4 * units.len()) as i64)
    }

    /// SipHash-1-3 of `data`.
    #[must_use]
    pub fn siphash13(self, data: &[u8]) -> u64 {
        let (words, tail) = data.as_chunks::<8>();
        let tail = tail.iter().rev().fold(0u64, |word, byte| word << 8 | u64::from(*byte));
        self.sip(words.iter().map(|word| u64::from_le_bytes(*word)), tail, data.len())
    }

    fn sip(self, words: impl Iterator<Item = u64>, tail: u64, len: usize) -> u64 {
        let mut v = [
            self.k0 ^ 0x736f_6d65_7073_6575,
            self.k1 ^ 0x646f_7261_6e64_6f6d,
            self.k0 ^ 0x6c79_6765_6e65_7261,
            self.k1 ^ 0x7465_6462_7974_6573,
        ];
        let last = (len as u64) << 56 | tail;
        for word in words.chain(std::iter::once(last)) {
            v[3] ^= word;
            sip_round(&mut v);
            v[0] ^= word;
        }
        v[2] ^= 0xff;
        sip_round(&mut v);
        sip_round(&mut v);
        sip_round(&mut v);
        v[0] ^ v[1] ^ v[2] ^ v[3]
    }
}

#[inline(always)]
fn sip_round(v: &mut [u64; 4]) {
    v[0] = v[0].wrapping_add(v[1]);
    v[2] = v[2].wrapping_add(v[3]);
    v[1] = v[1].rotate_left(13) ^ v[0];
    v[3] = v[3].rotate_left(16) ^ v[2];
    v[0] = v[0].rotate_left(32);
    v[2] = v[2].wrapping_add(v[1]);
    v[0] = v[0].wrapping_add(v[3]);
    v[1] = v[1].rotate_left(17) ^ v[2];
    v[3] = v[3].rotate_left(21) ^ v[0];
    v[2] = v[2].rotate_left(32);
}
