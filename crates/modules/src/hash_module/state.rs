//! The states of all hash functions behind one type.
//!
//! Invariant: `finish` works on a copy, so a state can be fed further.

use sha3::digest::{Digest, ExtendableOutput, Update, XofReader};

macro_rules! states {
    ($($variant:ident($ty:ty) $name:literal $block:literal;)*) => {
        /// A hash function that has been fed.
        #[derive(Clone)]
        pub enum State {
            $(#[doc = $name] $variant(Box<$ty>),)*
            /// shake_128
            Shake128(Box<sha3::Shake128>),
            /// shake_256
            Shake256(Box<sha3::Shake256>),
            /// blake2b
            Blake2b(Box<blake2b_simd::State>, usize),
            /// blake2s
            Blake2s(Box<blake2s_simd::State>, usize),
        }

        impl State {
            /// The function of this name, not fed yet.
            pub fn named(name: &str) -> Option<State> {
                match name {
                    $($name => Some(State::$variant(Box::default())),)*
                    "shake_128" => Some(State::Shake128(Box::default())),
                    "shake_256" => Some(State::Shake256(Box::default())),
                    "blake2b" => Some(State::Blake2b(Box::new(blake2b_simd::State::new()), 64)),
                    "blake2s" => Some(State::Blake2s(Box::new(blake2s_simd::State::new()), 32)),
                    _ => None,
                }
            }

            /// Its name.
            pub fn name(&self) -> &'static str {
                match self {
                    $(State::$variant(_) => $name,)*
                    State::Shake128(_) => "shake_128",
                    State::Shake256(_) => "shake_256",
                    State::Blake2b(..) => "blake2b",
                    State::Blake2s(..) => "blake2s",
                }
            }

            /// Bytes that it takes beside itself.
            pub fn bytes(&self) -> usize {
                match self {
                    $(State::$variant(state) => size_of_val(&**state),)*
                    State::Shake128(state) => size_of_val(&**state),
                    State::Shake256(state) => size_of_val(&**state),
                    State::Blake2b(state, _) => size_of_val(&**state),
                    State::Blake2s(state, _) => size_of_val(&**state),
                }
            }

            /// Bytes that it works on at once.
            pub fn block_size(&self) -> usize {
                match self {
                    $(State::$variant(_) => $block,)*
                    State::Shake128(_) => 168,
                    State::Shake256(_) => 136,
                    State::Blake2b(..) => 128,
                    State::Blake2s(..) => 64,
                }
            }

            /// Bytes of the digest; 0 where the caller says how many.
            pub fn digest_size(&self) -> usize {
                match self {
                    $(State::$variant(_) => <$ty>::output_size(),)*
                    State::Shake128(_) | State::Shake256(_) => 0,
                    State::Blake2b(_, size) | State::Blake2s(_, size) => *size,
                }
            }

            /// Feeds it.
            pub fn update(&mut self, bytes: &[u8]) {
                match self {
                    $(State::$variant(state) => Digest::update(&mut **state, bytes),)*
                    State::Shake128(state) => Update::update(&mut **state, bytes),
                    State::Shake256(state) => Update::update(&mut **state, bytes),
                    State::Blake2b(state, _) => drop(state.update(bytes)),
                    State::Blake2s(state, _) => drop(state.update(bytes)),
                }
            }

            /// The digest, in `room`, which is as long as the digest (or as wanted of one without a length).
            pub fn finish(&self, room: &mut [u8]) {
                match self {
                    $(State::$variant(state) => room.copy_from_slice(&<$ty as Digest>::finalize((**state).clone())),)*
                    State::Shake128(state) => (**state).clone().finalize_xof().read(room),
                    State::Shake256(state) => (**state).clone().finalize_xof().read(room),
                    State::Blake2b(state, _) => room.copy_from_slice(state.finalize().as_bytes()),
                    State::Blake2s(state, _) => room.copy_from_slice(state.finalize().as_bytes()),
                }
            }
        }
    };
}

states! {
    Md5(md5::Md5) "md5" 64;
    Sha1(sha1::Sha1) "sha1" 64;
    Sha224(sha2::Sha224) "sha224" 64;
    Sha256(sha2::Sha256) "sha256" 64;
    Sha384(sha2::Sha384) "sha384" 128;
    Sha512(sha2::Sha512) "sha512" 128;
    Sha3_224(sha3::Sha3_224) "sha3_224" 144;
    Sha3_256(sha3::Sha3_256) "sha3_256" 136;
    Sha3_384(sha3::Sha3_384) "sha3_384" 104;
    Sha3_512(sha3::Sha3_512) "sha3_512" 72;
}

taipan_heap::no_references!(State);

impl State {
    /// The digest as bytes.
    pub fn digest(&self) -> Vec<u8> {
        let mut room = vec![0; self.digest_size()];
        self.finish(&mut room);
        room
    }
}

/// The key that HMAC mixes in, before and after.
#[derive(Clone)]
pub struct Hmac {
    inner: State,
    outer: State,
}
taipan_heap::no_references!(Hmac);

impl Hmac {
    /// Bytes that it takes beside itself.
    pub fn bytes(&self) -> usize {
        self.inner.bytes() + self.outer.bytes()
    }

    /// An HMAC over `state`, which has not been fed.
    pub fn new(state: &State, key: &[u8]) -> Hmac {
        let mut block = vec![0; state.block_size()];
        if key.len() > block.len() {
            let mut hash = state.clone();
            hash.update(key);
            let digest = hash.digest();
            block[..digest.len()].copy_from_slice(&digest);
        } else {
            block[..key.len()].copy_from_slice(key);
        }
        let (mut inner, mut outer) = (state.clone(), state.clone());
        inner.update(&block.iter().map(|byte| byte ^ 0x36).collect::<Vec<u8>>());
        outer.update(&block.iter().map(|byte| byte ^ 0x5c).collect::<Vec<u8>>());
        Hmac { inner, outer }
    }

    /// The hash function.
    pub fn hash(&self) -> &State {
        &self.inner
    }

    /// Feeds it.
    pub fn update(&mut self, bytes: &[u8]) {
        self.inner.update(bytes);
    }

    /// The code.
    pub fn digest(&self) -> Vec<u8> {
        let mut outer = self.outer.clone();
        outer.update(&self.inner.digest());
        outer.digest()
    }
}

/// PBKDF2 over HMAC.
pub fn pbkdf2(state: &State, password: &[u8], salt: &[u8], iterations: u64, room: &mut [u8]) {
    let keyed = Hmac::new(state, password);
    for (number, part) in room.chunks_mut(state.digest_size()).enumerate() {
        let mut first = keyed.clone();
        first.update(salt);
        first.update(&(number as u32 + 1).to_be_bytes());
        let mut last = first.digest();
        let mut sum = last.clone();
        for _ in 1..iterations {
            let mut next = keyed.clone();
            next.update(&last);
            last = next.digest();
            sum.iter_mut().zip(&last).for_each(|(sum, byte)| *sum ^= byte);
        }
        part.copy_from_slice(&sum[..part.len()]);
    }
}
