//! `Recall`: what attribute caches held, by class and name, for instructions that see several classes in turn.
//!
//! Invariant: the class's version is part of the key, so what is kept is as good as the cache that it was taken from (C1).

use crate::eval::attribute::{Cache, class_of};
use std::cell::Cell;
use taipan_heap::{Ref, Value};
use taipan_objects::builtins::str::Str;

/// What an instruction is after; part of the key of `Recall`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Load = 1,
    Method = 2,
    Store = 3,
}

#[derive(Clone, Copy)]
struct Recalled {
    version: u32,
    access: u32,
    name: usize,
    words: [u64; 3],
}

const RECALLED: usize = 512;

/// The contents of attribute caches by class version, name and access.
pub struct Recall(Box<[Cell<Recalled>]>);

impl Default for Recall {
    fn default() -> Recall {
        let empty = Recalled { version: 0, access: 0, name: 0, words: [0; 3] };
        Recall(vec![Cell::new(empty); RECALLED].into())
    }
}

impl Recall {
    #[inline]
    fn place(&self, version: u32, name: usize, access: Access) -> &Cell<Recalled> {
        let key = (version as usize).wrapping_mul(0x9e37_79b1) ^ (name >> 4) ^ ((access as usize) << 7);
        &self.0[key % RECALLED]
    }

    /// Fills an instruction's cache for the class of `object`, if that has been seen with this name.
    #[inline(always)]
    pub(super) unsafe fn fill(&self, object: &Value, cache: Cache, name: &Ref<Str>, access: Access) -> bool {
        let Some(header) = object.header() else { return false };
        // SAFETY: C1: the version is part of the key; the cache words follow the instruction.
        unsafe {
            let version = class_of(header).current_version();
            let name = name.header().address();
            let known = self.place(version, name, access).get();
            if version == 0 || known.version != version || known.name != name || known.access != access as u32 {
                return false;
            }
            for (n, word) in known.words.into_iter().enumerate() {
                (*cache.add(n)).set(word);
            }
            true
        }
    }

    /// Keeps what an instruction's cache holds, if it was written for the class of `object`.
    pub(super) unsafe fn keep(&self, object: &Value, cache: Cache, name: &Ref<Str>, access: Access) {
        let Some(header) = object.header() else { return };
        // SAFETY: as `fill`.
        unsafe {
            let version = class_of(header).current_version();
            if version != 0 && (*cache).get() as u32 == version {
                let name = name.header().address();
                let words = [(*cache).get(), (*cache.add(1)).get(), (*cache.add(2)).get()];
                self.place(version, name, access).set(Recalled { version, access: access as u32, name, words });
            }
        }
    }
}
