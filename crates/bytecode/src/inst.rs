//! One instruction word and its fields. An instruction is a `u64`: operation in bits 0–7, flags in 8–15, then the
//! 16-bit operands `a`, `b` and `c`; `b` and `c` join into the 32-bit operand `bc`. The invariant of this file is that
//! packing and unpacking are exact inverses, so an instruction may be rewritten in place field by field.

use crate::op::Op;

/// Operand `b` is a temporary that this instruction uses up.
pub const CONSUME_B: u8 = 1;
/// Operand `c` is a temporary that this instruction uses up.
pub const CONSUME_C: u8 = 2;
/// Operand `a`, where it is a source, is a temporary that this instruction uses up.
pub const CONSUME_A: u8 = 4;
/// Arithmetic: the in-place form (`+=`).
pub const INPLACE: u8 = 8;
/// Calls: the second register of the block may hold `self`, as `LoadMethod` left it.
pub const HAS_SELF: u8 = 8;
/// `Call`: the callable's load and one word for each argument stand right before it.
pub const SIMPLE_ARGS: u8 = 16;
/// The same, but the last argument is a `LoadGlobal`.
pub const GLOBAL_ARG: u8 = 32;
/// Fused compare-and-branch: jump when the comparison is false.
pub const NEGATE: u8 = 8;
/// `CallEx`: the block's fourth register holds the keyword mapping.
pub const HAS_KWARGS: u8 = 8;
/// `Yield`: `c` is the register of the iterator that is being delegated to (`yield from`, `await`).
pub const DELEGATE: u8 = 8;
/// `LoadSuperAttr`, `LoadSuperMethod`: the source had both arguments, `super(type, obj)`.
pub const TWO_ARGS: u8 = 8;
/// `MakeCell`: the cell starts empty, whatever the register holds.
pub const FRESH: u8 = 8;
/// `Reraise`: the frame is where the exception was raised that its handler caught last, not here.
pub const RESTORE: u8 = 8;
/// `ForPrep`: operand `b` is an iterator already.
pub const ITERATOR: u8 = 8;
/// `LoadConst`, `LoadInt`: the constant stays in its register while a loop runs.
pub const LASTING: u8 = 8;
/// `LoadAttrAdd`, `LoadAttrSub`, `LoadAttrImm`: the instruction after the next is a `StoreAttr` that uses up what the next gives.
pub const STORES: u8 = 16;
/// `BuildInterpolation`: the block's third register holds the format specification.
pub const HAS_SPEC: u8 = 8;
/// `FormatWithSpec`, `BuildInterpolation`: the conversion sits in these two bits (see `Conversion`).
pub const CONVERSION_SHIFT: u8 = 4;

/// An instruction word.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(transparent)]
pub struct Inst(pub u64);

impl Inst {
    /// An instruction with three 16-bit operands.
    #[inline]
    pub const fn new(op: Op, flags: u8, a: u16, b: u16, c: u16) -> Inst {
        Inst(op as u8 as u64 | (flags as u64) << 8 | (a as u64) << 16 | (b as u64) << 32 | (c as u64) << 48)
    }

    /// An instruction whose second operand is 32 bits wide.
    #[inline]
    pub const fn wide(op: Op, flags: u8, a: u16, bc: u32) -> Inst {
        Inst(op as u8 as u64 | (flags as u64) << 8 | (a as u64) << 16 | (bc as u64) << 32)
    }

    /// The operation, or `None` if the byte names none.
    #[inline]
    pub const fn op(self) -> Option<Op> {
        Op::from_u8(self.0 as u8)
    }

    /// The operation's byte.
    #[inline]
    pub const fn op_byte(self) -> u8 {
        self.0 as u8
    }

    /// The flag bits.
    #[inline]
    pub const fn flags(self) -> u8 {
        (self.0 >> 8) as u8
    }

    /// Whether any of the bits of `flag` is set.
    #[inline]
    pub const fn has(self, flag: u8) -> bool {
        self.flags() & flag != 0
    }

    /// Operand `a`.
    #[inline]
    pub const fn a(self) -> u16 {
        (self.0 >> 16) as u16
    }

    /// Operand `b`.
    #[inline]
    pub const fn b(self) -> u16 {
        (self.0 >> 32) as u16
    }

    /// Operand `c`.
    #[inline]
    pub const fn c(self) -> u16 {
        (self.0 >> 48) as u16
    }

    /// Operand `a` as a signed 16-bit jump offset.
    #[inline]
    pub const fn jump_a(self) -> i16 {
        self.a() as i16
    }

    /// Operand `c` as a signed 16-bit immediate.
    #[inline]
    pub const fn imm_c(self) -> i16 {
        self.c() as i16
    }

    /// Operands `b` and `c` as an unsigned 32-bit index.
    #[inline]
    pub const fn bc(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// Operands `b` and `c` as a signed 32-bit immediate or jump offset.
    #[inline]
    pub const fn bc_signed(self) -> i32 {
        (self.0 >> 32) as i32
    }

    /// The same operands under another operation.
    #[inline]
    pub const fn with_op(self, op: Op) -> Inst {
        Inst(self.0 & !0xff | op as u8 as u64)
    }

    /// The same instruction with other flags.
    #[inline]
    pub const fn with_flags(self, flags: u8) -> Inst {
        Inst(self.0 & !0xff00 | (flags as u64) << 8)
    }

    /// The same instruction with another operand `a`.
    #[inline]
    pub const fn with_a(self, a: u16) -> Inst {
        Inst(self.0 & !0xffff_0000 | (a as u64) << 16)
    }

    /// The same instruction with other operands `b` and `c`.
    #[inline]
    pub const fn with_bc(self, bc: u32) -> Inst {
        Inst(self.0 & 0xffff_ffff | (bc as u64) << 32)
    }
}

impl std::fmt::Debug for Inst {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.op() {
            Some(op) => write!(f, "{op:?}[{:#x}] {} {} {}", self.flags(), self.a(), self.b(), self.c()),
            None => write!(f, "Inst({:#018x})", self.0),
        }
    }
}
