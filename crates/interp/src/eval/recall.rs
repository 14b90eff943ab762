//! `Recall`: what attribute caches held, by class and name, for instructions that see several classes in turn.
//!
//! What holds for one shape of the instances is kept a second time under that, for instances of one class whose attributes came in different orders.
//!
//! Invariant: the class's version is part of the key, so what is kept is as good as the cache that it was taken from (C1).

use crate::eval::attribute::{self, Cache, class_of};
use std::cell::Cell;
use taipan_heap::{Header, Ref, Value};
use taipan_objects::builtins::str::Str;

/// What an instruction is after; part of the key of `Recall`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Load = 1,
    Method = 2,
    Store = 3,
    /// Of a class object: the key has that class's own version, not its class's.
    LoadOfClass = 4,
    MethodOfClass = 5,
}

#[derive(Default)]
struct Recalled {
    version: Cell<u32>,
    access: Cell<u32>,
    name: Cell<usize>,
    words: [Cell<u64>; WORDS],
}

const WORDS: usize = 3;
const RECALLED: usize = 512;
/// Of so many times that something is found here, one fills the instruction's cache with it: which class it sees most is for time to tell.
const FILLING: u32 = 16;

/// The contents of attribute caches by class version, name and access.
pub struct Recall {
    table: Box<[Recalled]>,
    found: Cell<u32>,
}

impl Default for Recall {
    fn default() -> Recall {
        Recall { table: (0..RECALLED).map(|_| Recalled::default()).collect(), found: Cell::new(0) }
    }
}

impl Recall {
    #[inline]
    fn place(&self, version: u32, name: usize, access: Access) -> &Recalled {
        let key = (version as usize).wrapping_mul(0x9e37_79b1) ^ (name >> 4) ^ ((access as usize) << 7);
        &self.table[key % RECALLED]
    }

    /// What a cache held for the class of `object`, if that has been seen with this name; none if the instruction's own cache is for that class.
    #[inline(always)]
    pub(super) unsafe fn find(&self, object: &Value, cache: Cache, name: &Ref<Str>, access: Access) -> Option<Cache> {
        let header = object.header()?;
        // SAFETY: C1: the version is part of the key; the cache words follow the instruction.
        let (version, own) = unsafe { (class_of(header).current_version(), (*cache).get() as u32) };
        if version == 0 {
            return None;
        }
        if own == version {
            // SAFETY: as above.
            let shaped = unsafe { attribute::wanted_shape(cache) }?;
            // SAFETY: C1: the cache is for this class, so its instances have their attribute words at that offset.
            return unsafe { self.find_shaped(header, version, shaped, name, access) };
        }
        self.find_for(version, name, access)
    }

    /// The same for a class with this version.
    #[inline(always)]
    pub(super) fn find_for(&self, version: u32, name: &Ref<Str>, access: Access) -> Option<Cache> {
        let name = name.header().address();
        let known = self.place(version, name, access);
        let is_it = known.version.get() == version && known.name.get() == name && known.access.get() == access as u32;
        is_it.then_some(known.words.as_ptr())
    }

    /// What a cache held for instances of the same class with the shape that this one has, where the instruction's cache is for another shape.
    #[inline(never)]
    unsafe fn find_shaped(
        &self,
        header: &Header,
        version: u32,
        (offset, wanted): (u16, u64),
        name: &Ref<Str>,
        access: Access,
    ) -> Option<Cache> {
        // SAFETY: the caller has made sure of the offset.
        let shape = unsafe { *attribute::word_at(header, offset) };
        if shape == wanted {
            return None;
        }
        let name = name.header().address();
        let known = self.shaped(version, name, access, shape);
        let is_it = known.version.get() == version
            && known.name.get() == name
            && known.access.get() == access as u32
            // SAFETY: what is kept are the words of a cache.
            && unsafe { attribute::told(known.words.as_ptr()) } == shape;
        is_it.then_some(known.words.as_ptr())
    }

    /// Where what was found for one shape among several stands.
    #[inline]
    fn shaped(&self, version: u32, name: usize, access: Access, shape: u64) -> &Recalled {
        self.place(version ^ (shape as u32).wrapping_mul(0x85eb_ca6b) ^ 1, name, access)
    }

    /// Whether what has been found is to fill the instruction's cache this time.
    #[inline(always)]
    pub(super) fn fills(&self) -> bool {
        let found = self.found.get().wrapping_add(1);
        self.found.set(found);
        found.is_multiple_of(FILLING)
    }

    /// Fills an instruction's cache.
    #[inline]
    pub(super) unsafe fn fill(cache: Cache, words: Cache) {
        for n in 0..WORDS {
            // SAFETY: both have that many words.
            unsafe { (*cache.add(n)).set((*words.add(n)).get()) };
        }
    }

    /// Keeps what an instruction's cache holds, if it was written for the class object with this version.
    pub(super) unsafe fn keep_of_class(&self, version: u32, cache: Cache, name: &Ref<Str>, access: Access) {
        // SAFETY: as `find`.
        unsafe {
            if version != 0 && attribute::told(cache) == u64::from(version) {
                self.write(self.place(version, name.header().address(), access), version, cache, name, access);
            }
        }
    }

    unsafe fn write(&self, place: &Recalled, version: u32, cache: Cache, name: &Ref<Str>, access: Access) {
        // SAFETY: the cache words follow the instruction.
        unsafe {
            place.version.set(version);
            place.access.set(access as u32);
            place.name.set(name.header().address());
            Recall::fill(place.words.as_ptr(), cache);
        }
    }

    /// Keeps what an instruction's cache holds, if it was written for the class of `object`.
    pub(super) unsafe fn keep(&self, object: &Value, cache: Cache, name: &Ref<Str>, access: Access) {
        let Some(header) = object.header() else { return };
        // SAFETY: as `find`.
        unsafe {
            let version = class_of(header).current_version();
            if version == 0 || (*cache).get() as u32 != version {
                return;
            }
            self.write(self.place(version, name.header().address(), access), version, cache, name, access);
            if let Some((_, shape)) = attribute::wanted_shape(cache) {
                let place = self.shaped(version, name.header().address(), access, shape);
                self.write(place, version, cache, name, access);
            }
        }
    }
}
