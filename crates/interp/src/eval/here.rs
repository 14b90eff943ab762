//! `Here`: an instruction where it stands. Its fields are read from memory one at a time, which is cheaper than
//! loading the word and taking it apart, and leaves a register of the loop free.
//!
//! Invariant H1: the address is that of an instruction of verified code that outlives the value.

use std::cell::Cell;
use taipan_bytecode::Op;

/// The address of an instruction; see `taipan_bytecode::Inst` for the fields.
#[derive(Clone, Copy)]
pub(super) struct Here(*const Cell<u64>);

impl Here {
    /// # Safety
    /// H1.
    #[inline(always)]
    pub unsafe fn new(at: *const Cell<u64>) -> Here {
        Here(at)
    }

    /// The 16-bit field `n` of the word, counted from its low end.
    #[inline(always)]
    fn field(self, n: usize) -> u16 {
        let n = if cfg!(target_endian = "little") { n } else { 3 - n };
        // SAFETY: H1; a word has four fields.
        unsafe { self.0.cast::<u16>().add(n).read() }
    }

    #[inline(always)]
    fn byte(self, n: usize) -> u8 {
        let n = if cfg!(target_endian = "little") { n } else { 7 - n };
        // SAFETY: H1; a word has eight bytes.
        unsafe { self.0.cast::<u8>().add(n).read() }
    }

    #[inline(always)]
    pub fn op(self) -> Op {
        // SAFETY: code is verified: the low byte names an operation.
        unsafe { std::mem::transmute::<u64, Op>(self.byte(0) as u64) }
    }

    #[inline(always)]
    pub fn flags(self) -> u8 {
        self.byte(1)
    }

    /// Whether any of the bits of `flag` is set.
    #[inline(always)]
    pub fn has(self, flag: u8) -> bool {
        self.flags() & flag != 0
    }

    #[inline(always)]
    pub fn a(self) -> u16 {
        self.field(1)
    }

    #[inline(always)]
    pub fn b(self) -> u16 {
        self.field(2)
    }

    #[inline(always)]
    pub fn c(self) -> u16 {
        self.field(3)
    }

    #[inline(always)]
    pub fn jump_a(self) -> i16 {
        self.a() as i16
    }

    #[inline(always)]
    pub fn imm_c(self) -> i16 {
        self.c() as i16
    }

    #[inline(always)]
    pub fn bc(self) -> u32 {
        let n = if cfg!(target_endian = "little") { 1 } else { 0 };
        // SAFETY: H1; a word has two halves.
        unsafe { self.0.cast::<u32>().add(n).read() }
    }

    #[inline(always)]
    pub fn bc_signed(self) -> i32 {
        self.bc() as i32
    }

    /// The word behind the instruction, where it has one.
    #[inline(always)]
    pub fn extra(self) -> u64 {
        // SAFETY: H1: such an instruction is followed by its extra word.
        unsafe { (*self.0.add(1)).get() }
    }

    /// The words behind the instruction.
    #[inline(always)]
    pub unsafe fn extra_words(self) -> *const Cell<u64> {
        // SAFETY: H1: the end of the code is one word further at most.
        unsafe { self.0.add(1) }
    }

    /// Of `ForNext`: where the loop's body begins.
    #[inline(always)]
    pub fn body(self) -> Here {
        // SAFETY: H1: verified code jumps to instructions of its own.
        unsafe { Here(self.0.add(2).offset(self.extra() as i32 as isize)) }
    }
}

/// The operation at `at`, which then is behind it.
///
/// The loop holds one address and reads fields before it. The compiler must not know that they are the same: it keeps both otherwise, and
/// copies one for every instruction; nor that the operation was a byte, or it widens it once more.
///
/// # Safety
/// H1 of `at`.
#[expect(clippy::pointers_in_nomem_asm_block, reason = "there is nothing in it")]
#[inline(always)]
pub(super) unsafe fn fetch(at: &mut *const Cell<u64>) -> Op {
    // SAFETY: H1; one word further is at most the end of the code. The assembly has no instructions.
    unsafe {
        let mut operation = Here(*at).byte(0) as u64;
        let mut behind = at.add(1);
        std::arch::asm!(
            "/* {0} {1} */",
            inout(reg) behind,
            inout(reg) operation,
            options(pure, nomem, nostack, preserves_flags)
        );
        *at = behind;
        std::mem::transmute::<u64, Op>(operation)
    }
}

/// The same address, which the compiler takes for another one.
#[expect(clippy::pointers_in_nomem_asm_block, reason = "there is nothing in it")]
#[inline(always)]
pub(super) fn apart(at: *const Cell<u64>) -> *const Cell<u64> {
    let mut at = at;
    // SAFETY: there are no instructions.
    unsafe { std::arch::asm!("/* {0} */", inout(reg) at, options(pure, nomem, nostack, preserves_flags)) }
    at
}
