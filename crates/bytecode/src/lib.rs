//! The opcode table, code objects, exception and location tables, disassembler and verifier of Taipan.
//!
//! # The machine
//! A frame is a window of 64-bit values `R[0..nregs]`. First come the variables, one register each: parameters in the
//! order positional-only, positional, keyword-only, `*args`, `**kwargs`; the other locals; the free variables, which
//! the interpreter fills from the closure tuple at entry. The register of a cell variable holds a cell object once
//! `MakeCell` has run in the prologue. After the variables come the temporaries, used as a stack. At entry everything but
//! parameters and free variables is empty (absent).
//!
//! **Borrowing.** Operands are borrowed from their registers. A temporary that is used for the last time is *consumed*:
//! the flags `CONSUME_A`, `CONSUME_B`, `CONSUME_C` say so. A consumed operand is dropped after the operation has completed,
//! left before right (comparisons: right before left), before the result is written; what the destination held is dropped last. An operation that raises
//! drops its consumed operands too and leaves the destination untouched. Blocks of registers (builders,
//! calls) are always consumed. A temporary that is not live holds no counted reference: it is empty, or holds a
//! stale immediate that no later instruction reads. Writing a register drops what it held.
//!
//! **Calls.** A block is `[callable, self or unused, arguments …]`. Under `HAS_SELF` the second register was written by
//! `LoadMethod`, `LoadSuperMethod` or `LoadSpecial` and holds `self` or is absent; without it nothing was written there.
//!
//! **Jumps** are relative to the next instruction (after extra words), in words. Any backward jump is a point
//! where the interpreter checks for signals, the collector and other threads. Loops are laid out with the test
//! at the end: `ForPrep` jumps forward to `ForNext`, which jumps back to the body while there are items.
//!
//! **Exceptions.** [`Code::exceptions`] holds disjoint entries. When an instruction raises and an entry covers it, the
//! temporaries from `clear_from` up are dropped from the top down, `R[exc_reg]` receives the exception, and execution
//! continues at `target`. A handler begins with `PushExc saved, exc`; every way out of it goes through `PopExc saved`.
//!
//! **Comprehensions** that are compiled into their function keep their variables in temporaries; [`Code::scoped_names`]
//! tells which name such a register has over which instructions.

mod code;
mod dis;
mod exception;
mod held;
mod inst;
mod lazy;
mod location;
mod op;
mod serial;
mod verify;

pub use code::{Code, CodeFlags, Const, ScopedName, Variable, VariableKind, VariableSet, future};
pub use dis::{disassemble, disassemble_all};
pub use exception::ExceptionEntry;
pub use held::{Held, held};
pub use inst::*;
pub use lazy::{Head, LazyCode};
pub use location::{Location, LocationBuilder, LocationIter};
pub use op::{Conversion, Extra, FunctionAttribute, Intrinsic1, Intrinsic2, Kind, Op, OpInfo};
pub use serial::{FORMAT_VERSION, FormatError};
pub use verify::{Violation, verify, verify_one};
