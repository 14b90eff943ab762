//! `_random`: the Mersenne Twister, with CPython's sequence for every seed.
//!
//! Invariant: `index` is between 0 and 624; at 624 the words are made anew before the next one is taken.

pub use module::spec;

use std::cell::{Cell, RefCell};
use taipan_heap::{Charge, Obj, Payload, Ref, Value};
use taipan_macros::{pymodule, pytype};
use taipan_numeric::{BigInt, Sign};
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{int, is_none};
use taipan_objects::native::{Args, IntoValue};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

const SIZE: usize = 624;
const MIDDLE: usize = 397;

/// `_random.Random`
#[derive(Payload)]
#[payload(name = "Random")]
pub struct Random {
    words: RefCell<Vec<u32>>,
    _charge: Charge,
    index: Cell<usize>,
}

impl Random {
    fn seed_number(&self, seed: u32) {
        let mut words = self.words.borrow_mut();
        words.clear();
        words.reserve_exact(SIZE);
        let mut word = seed;
        words.push(word);
        for at in 1..SIZE as u32 {
            word = 1_812_433_253u32.wrapping_mul(word ^ (word >> 30)).wrapping_add(at);
            words.push(word);
        }
        self.index.set(SIZE);
    }

    fn seed_words(&self, key: &[u32]) {
        self.seed_number(19_650_218);
        let mut words = self.words.borrow_mut();
        let (mut i, mut j) = (1, 0);
        for _ in 0..SIZE.max(key.len()) {
            let previous = words[i - 1];
            let mixed = words[i] ^ (previous ^ (previous >> 30)).wrapping_mul(1_664_525);
            words[i] = mixed.wrapping_add(key[j]).wrapping_add(j as u32);
            i += 1;
            j = (j + 1) % key.len();
            if i >= SIZE {
                words[0] = words[SIZE - 1];
                i = 1;
            }
        }
        for _ in 1..SIZE {
            let previous = words[i - 1];
            let mixed = words[i] ^ (previous ^ (previous >> 30)).wrapping_mul(1_566_083_941);
            words[i] = mixed.wrapping_sub(i as u32);
            i += 1;
            if i >= SIZE {
                words[0] = words[SIZE - 1];
                i = 1;
            }
        }
        words[0] = 0x8000_0000;
    }

    fn refill(&self) {
        let mut words = self.words.borrow_mut();
        for at in 0..SIZE {
            let mixed = (words[at] & 0x8000_0000) | (words[(at + 1) % SIZE] & 0x7fff_ffff);
            let turned = (mixed >> 1) ^ if mixed & 1 == 1 { 0x9908_b0df } else { 0 };
            words[at] = words[(at + MIDDLE) % SIZE] ^ turned;
        }
        self.index.set(0);
    }

    #[inline]
    fn word(&self) -> u32 {
        if self.index.get() >= SIZE {
            self.refill();
        }
        let mut word = self.words.borrow()[self.index.get()];
        self.index.set(self.index.get() + 1);
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }

    fn reseed(&self, vm: &Vm, seed: Option<&Value>) -> PyResult<()> {
        let magnitude = match seed.filter(|seed| !is_none(seed)) {
            None => {
                let mut key = [0u32; 8];
                for (at, word) in key.iter_mut().enumerate() {
                    *word = entropy(at as u64);
                }
                self.seed_words(&key);
                return Ok(());
            }
            Some(seed) if int::is_int(seed) => int::as_big(seed).map(|big| big.magnitude().clone()),
            Some(seed) => {
                let hash = vm.hash(seed)?;
                BigInt::from(hash as u64).to_biguint()
            }
        };
        let key = magnitude.map(|magnitude| magnitude.to_u32_digits()).filter(|key| !key.is_empty());
        self.seed_words(&key.unwrap_or_else(|| vec![0]));
        Ok(())
    }
}

/// A word of the process's randomness.
fn entropy(at: u64) -> u32 {
    use std::hash::{BuildHasher, Hasher};
    let mut hasher = std::collections::hash_map::RandomState::new().build_hasher();
    hasher.write_u64(at);
    hasher.write_i64(taipan_host::clock::time_ns());
    hasher.finish() as u32
}

/// Random() -> create a random number generator with its own internal state.
#[pytype(name = "Random", module = "_random", flags = BASETYPE)]
impl Random {
    #[slot]
    fn new(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let charge = vm.charge(SIZE * size_of::<u32>())?;
        let made =
            vm.alloc_instance(class, Random { words: RefCell::default(), index: Cell::new(SIZE), _charge: charge })?;
        made.reseed(vm, args.positionals().first())?;
        Ok(made.into())
    }

    #[slot]
    fn init(this: &Obj<Random>, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        let seed = args.expect(vm, "Random", 0, 1)?.first();
        this.reseed(vm, seed)
    }

    /// random() -> x in the interval [0, 1).
    #[method]
    fn random(this: &Obj<Random>) -> f64 {
        let (a, b) = (this.word() >> 5, this.word() >> 6);
        (f64::from(a) * 67_108_864.0 + f64::from(b)) * (1.0 / 9_007_199_254_740_992.0)
    }

    /// seed([n]) -> None.
    ///
    /// Defaults to use urandom and falls back to a combination
    /// of the current time and the process identifier.
    #[method(sig = "n=None, /")]
    fn seed(this: &Obj<Random>, vm: &Vm, n: Option<&Value>) -> PyResult<()> {
        this.reseed(vm, n)
    }

    /// getstate() -> tuple containing the current state.
    #[method]
    fn getstate(this: &Obj<Random>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let words = this.words.borrow().clone();
        let mut items = Vec::with_capacity(SIZE + 1);
        for word in words {
            items.push(word.into_value(vm)?);
        }
        items.push(this.index.get().into_value(vm)?);
        Tuple::from_values(vm, items)
    }

    /// setstate(state) -> None.  Restores generator state.
    #[method(sig = "state, /")]
    fn setstate(this: &Obj<Random>, vm: &Vm, state: &Value) -> PyResult<()> {
        let Some(state) = state.downcast::<Tuple>() else {
            return Err(vm.type_error("state vector must be a tuple"));
        };
        if state.items().len() != SIZE + 1 {
            return Err(vm.value_error("state vector is the wrong size"));
        }
        let mut words = Vec::with_capacity(SIZE);
        for item in &state.items()[..SIZE] {
            match int::index_i64(vm, item)? {
                Some(word) => words.push(word as u32),
                None => return Err(vm.overflow_error("Python int too large to convert to C unsigned long")),
            }
        }
        let index = int::index_i64(vm, &state.items()[SIZE])?.and_then(|index| usize::try_from(index).ok());
        let Some(index) = index.filter(|&index| index <= SIZE) else {
            return Err(vm.value_error("invalid state"));
        };
        *this.words.borrow_mut() = words;
        this.index.set(index);
        Ok(())
    }

    /// getrandbits(k) -> x.  Generates an int with k random bits.
    #[method(sig = "k, /")]
    fn getrandbits(this: &Obj<Random>, vm: &Vm, k: &Value) -> PyResult<Value> {
        let bits = match int::index_i64(vm, k)? {
            Some(bits) if bits < 0 => return Err(vm.value_error("number of bits must be non-negative")),
            Some(bits) => bits as u64,
            None if int::as_big(&int::index(vm, k)?).is_some_and(|big| big.sign() == Sign::Minus) => {
                return Err(vm.value_error("Cannot convert negative int"));
            }
            None => return Err(vm.overflow_error("Python int too large to convert to C int")),
        };
        if bits <= 32 {
            return if bits == 0 { Ok(Value::small_int(0)) } else { (this.word() >> (32 - bits)).into_value(vm) };
        }
        if bits > int::max_bits(vm) {
            return Err(vm.out_of_memory(taipan_heap::OutOfMemory));
        }
        let count = bits.div_ceil(32) as usize;
        let mut words = Vec::with_capacity(count);
        for at in 0..count {
            let word = this.word();
            let spare = if at + 1 == count { (count as u64 * 32 - bits) as u32 } else { 0 };
            words.push(word >> spare);
        }
        int::from_big(vm, BigInt::from_slice(Sign::Plus, &words))
    }
}

/// Module implements the Mersenne Twister random number generator.
#[pymodule(name = "_random", types(Random))]
mod module {
    use super::*;
}
