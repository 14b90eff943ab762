//! `Window`: the registers of a frame, a raw view into the thread's register stack.
//!
//! Invariants:
//! * E1: registers below the frame's count are allocated for as long as the frame is on the stack, and never move.
//! * E2: a register is empty, holds an immediate (perhaps stale), or owns one reference. Reading code knows from the compiler which
//!   registers are live.
//! * E3: only the thread that owns the stack touches it, and only while it holds the interpreter's lock.

use std::ptr::NonNull;
use taipan_heap::{Header, Slot, Value};

/// The registers of one frame.
#[derive(Clone, Copy)]
pub struct Window(pub *mut Option<Value>);

// Every function here is `unsafe` with one contract: the register is within the frame (E1), and the borrow ends before the register is written.
#[allow(clippy::missing_safety_doc)]
impl Window {
    /// The place of a register.
    #[inline(always)]
    pub unsafe fn at(self, register: u16) -> *mut Option<Value> {
        // SAFETY: E1.
        unsafe { self.0.add(register as usize) }
    }

    /// A live register's value.
    #[inline(always)]
    pub unsafe fn get<'a>(self, register: u16) -> &'a Value {
        // SAFETY: E1; the compiler guarantees that the register is not empty.
        unsafe {
            debug_assert!((*self.at(register)).is_some(), "register {register} is empty");
            (*self.at(register)).as_ref().unwrap_unchecked()
        }
    }

    /// A register's value, unless it is empty.
    #[inline(always)]
    pub unsafe fn peek<'a>(self, register: u16) -> Option<&'a Value> {
        // SAFETY: E1.
        unsafe { (*self.at(register)).as_ref() }
    }

    /// The word in a register; 0 when it is empty.
    #[inline(always)]
    pub unsafe fn bits(self, register: u16) -> u64 {
        // SAFETY: E1; an optional value is one word.
        unsafe { *self.at(register).cast::<u64>() }
    }

    /// Moves a value out, leaving the register empty.
    #[inline(always)]
    pub unsafe fn take(self, register: u16) -> Option<Value> {
        // SAFETY: E1.
        unsafe { self.at(register).replace(None) }
    }

    /// A live register's value: itself, or a new reference. What is moved out leaves the register empty; immediates may stay.
    #[inline(always)]
    pub unsafe fn move_or_clone(self, register: u16, moved: bool) -> Value {
        // SAFETY: as `get`.
        unsafe {
            if moved && self.get(register).is_object() {
                return self.take(register).unwrap_unchecked();
            }
            self.get(register).clone()
        }
    }

    /// Writes a register and drops what it held.
    #[inline(always)]
    pub unsafe fn set(self, register: u16, value: Value) {
        // SAFETY: E1, E2: the word that stood there is owned and goes away here.
        unsafe {
            let old = self.bits(register);
            self.at(register).write(Some(value));
            drop_word(old);
        }
    }

    /// Writes a register that is dead: what stands there owns nothing.
    #[inline(always)]
    pub unsafe fn begin(self, register: u16, value: Value) {
        // SAFETY: E1.
        unsafe {
            debug_assert!(!owns(self.bits(register)), "register {register} is alive");
            self.at(register).write(Some(value));
        }
    }

    /// Writes a register; the word that stood there, which the caller owns.
    #[inline(always)]
    pub unsafe fn exchange(self, register: u16, value: Option<Value>) -> u64 {
        // SAFETY: E1.
        unsafe {
            let old = self.bits(register);
            self.at(register).write(value);
            old
        }
    }

    /// Puts a live register's value, as `move_or_clone` gives it, into a place elsewhere; the word that stood there, which the caller owns.
    #[inline(always)]
    pub unsafe fn move_word(self, place: *mut Value, register: u16, moved: bool) -> u64 {
        // SAFETY: as `get`.
        unsafe {
            let old = *place.cast::<u64>();
            place.write(self.move_or_clone(register, moved));
            old
        }
    }

    /// As `set`, of what another register held, if anything.
    #[inline(always)]
    pub unsafe fn put(self, register: u16, value: Option<Value>) {
        // SAFETY: as `set`.
        unsafe {
            let old = self.bits(register);
            self.at(register).write(value);
            drop_word(old);
        }
    }

    /// Writes an immediate's word and drops what the register held.
    #[inline(always)]
    pub unsafe fn set_word(self, register: u16, word: u64) {
        // SAFETY: the caller passes the word of an immediate.
        unsafe { self.set(register, immediate(word)) }
    }

    /// Empties a register, dropping its value.
    #[inline(always)]
    pub unsafe fn clear(self, register: u16) {
        // SAFETY: as `set`.
        unsafe {
            let old = self.bits(register);
            self.at(register).cast::<u64>().write(0);
            drop_word(old);
        }
    }

    /// Empties `count` registers from `first` up, the last one first. By their numbers: with `clear_block`'s pointers the loop's head
    /// computed, for every instruction, an address that few need.
    #[inline]
    pub unsafe fn clear_range(self, first: u16, count: u16) {
        for register in (first..first + count).rev() {
            // SAFETY: the caller's contract.
            unsafe { self.clear(register) }
        }
    }

    /// As `clear_range`, inlined, of at least one register.
    #[inline(always)]
    pub unsafe fn clear_block(self, first: u16, count: u16) {
        // SAFETY: the caller's contract.
        unsafe {
            let first = self.at(first).cast::<u64>();
            let mut register = first.add(count as usize);
            while register != first {
                register = register.sub(1);
                let old = *register;
                *register = 0;
                drop_word(old);
            }
        }
    }

    /// Drops the first `count` registers, the last one first. They are dead afterwards, though immediates stay in them.
    #[inline(always)]
    pub unsafe fn leave(self, count: u16) {
        // SAFETY: E1, E2.
        unsafe {
            let mut register = self.at(count);
            while register != self.0 {
                register = register.sub(1);
                let word = *register.cast::<u64>();
                if owns(word) {
                    register.cast::<u64>().write(0);
                    taipan_heap::release(NonNull::new_unchecked(std::ptr::with_exposed_provenance_mut(word as usize)));
                }
            }
        }
    }

    /// Live registers as a slice.
    #[inline(always)]
    pub unsafe fn slice<'a>(self, first: u16, count: usize) -> &'a [Value] {
        // SAFETY: E1; a live `Option<Value>` has the layout of its value.
        unsafe { std::slice::from_raw_parts(self.at(first).cast::<Value>(), count) }
    }
}

// As above.
#[allow(clippy::missing_safety_doc)]
impl Window {
    /// A block of registers, to be emptied.
    #[inline(always)]
    pub unsafe fn block<'a>(self, first: u16, count: usize) -> &'a mut [Option<Value>] {
        // SAFETY: E1, E3.
        unsafe { std::slice::from_raw_parts_mut(self.at(first), count) }
    }
}

/// Gives up what the word of a register or slot owned. Most registers hold nothing or an immediate when they are written.
#[inline(always)]
pub unsafe fn drop_word(word: u64) {
    if owns(word)
        && let Some(object) = NonNull::new(std::ptr::with_exposed_provenance_mut::<Header>(word as usize))
    {
        std::hint::cold_path();
        // SAFETY: E2: the caller gives up the register's reference.
        unsafe { taipan_heap::release(object) }
    }
}

/// Whether the word of a register or slot is a reference.
#[inline(always)]
pub fn owns(word: u64) -> bool {
    word & 7 == 0 && apart(word) != 0
}

/// The same word, about which the compiler knows nothing: it would make one test of two otherwise, that takes longer than the first and jumps no less.
#[inline(always)]
fn apart(word: u64) -> u64 {
    let mut word = word;
    // SAFETY: there are no instructions.
    unsafe { std::arch::asm!("/* {0} */", inout(reg) word, options(pure, nomem, nostack, preserves_flags)) }
    word
}

/// Writes a slot; the word that stood there, which the caller owns.
#[inline(always)]
pub unsafe fn exchange(slot: *const Slot, value: Value) -> u64 {
    // SAFETY: the slot is an object's, and a word; the old one is read before the new one is written.
    unsafe {
        let old = *slot.cast::<u64>();
        slot.cast_mut().cast::<Option<Value>>().write(Some(value));
        old
    }
}

/// A value from the word of an immediate.
#[inline(always)]
pub unsafe fn immediate(word: u64) -> Value {
    // SAFETY: the caller passes the non-zero word of an immediate, which owns nothing.
    unsafe { Value::from_raw(NonNull::new_unchecked(std::ptr::without_provenance_mut(word as usize))) }
}
