//! The table of operations: name, operands, extra words, whether it can raise, and what it does. The enum, the operand
//! decoder, the disassembler and the verifier all come from this one table, so that an operation's effects on registers
//! are written down exactly once.
//!
//! A row reads `Name(a, b, c) [extra words] raises|safe`, with the doc comment as its specification. Operand kinds are
//! those of [`Kind`]; extra words those of [`Extra`].

/// What an operand field means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The field is unused (or the upper half of a 32-bit operand).
    No,
    /// A register that is written.
    Dst,
    /// Two registers from here are written; the second may be left absent.
    Dst2,
    /// Three registers from here are written.
    Dst3,
    /// `c` registers from here are written.
    DstN,
    /// `(c & 0xff) + 1 + (c >> 8)` registers from here are written.
    DstEx,
    /// A register that is read; it is used up if the `CONSUME` flag of this field is set.
    Src,
    /// A register that is read and stays live.
    Keep,
    /// A register that is read by jumping and dropped by falling through.
    KeepIfJump,
    /// A variable's register that holds a cell.
    Cell,
    /// A variable's register that is checked, made into a cell, or deleted.
    Var,
    /// A register that is emptied: its value, if any, is dropped.
    Clear,
    /// `c` registers from here are emptied, the last one first.
    ClearN,
    /// Three registers of `for` state that stay live.
    Iter,
    /// Two registers `[callable, self or absent]` that stay live.
    Pair,
    /// `c` registers from here are used up.
    Block,
    /// Two registers from here are used up.
    Block2,
    /// Three registers from here are used up.
    Block3,
    /// `2 * c` registers from here are used up: key, value, key, value …
    Pairs,
    /// A call block `[callable, self or unused, arguments × c]`, used up.
    Call,
    /// A call block `[callable, unused, arguments, keywords if HAS_KWARGS]`, used up.
    CallEx,
    /// Two registers `[value, str]`, and a third `[spec]` if `HAS_SPEC`, used up.
    Interp,
    /// 32-bit index of a constant.
    Const,
    /// 16-bit index of a name.
    Name,
    /// 16-bit signed immediate.
    Imm16,
    /// 32-bit signed immediate.
    Imm32,
    /// 32-bit jump offset in words, relative to the next instruction.
    Jump,
    /// 16-bit jump offset in words, relative to the next instruction.
    Jump16,
    /// A number of registers or items.
    Count,
    /// A small number that selects a variant; its meaning is in the operation's doc.
    Which,
}

/// What an extra word after an instruction holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extra {
    /// Room for the interpreter's inline cache; zero in fresh code.
    Cache,
    /// The low 32 bits are a jump offset in words, relative to the next instruction; the high 32 bits are cache room.
    Jump,
    /// The low 32 bits are the index of a constant; the high 32 bits are cache room.
    Const,
    /// The low 32 bits are a count, the high 32 bits the index of a constant.
    CountConst,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct OpInfo {
    /// The operation's name.
    pub name: &'static str,
    /// The kinds of the operands `a`, `b` and `c`.
    pub operands: [Kind; 3],
    /// The words that follow the instruction.
    pub extra: &'static [Extra],
    /// Whether executing it can raise an exception (or run code that does).
    pub raises: bool,
    /// Whether it never continues with the next instruction.
    pub ends_block: bool,
    /// What it does.
    pub doc: &'static str,
}

macro_rules! opcodes {
    (@raises raises) => { (true, false) };
    (@raises safe) => { (false, false) };
    (@raises leaves) => { (true, true) };
    (@raises goes) => { (false, true) };
    ($( $(#[doc = $doc:literal])+ $name:ident ( $a:ident, $b:ident, $c:ident ) [ $($extra:ident),* ] $raises:ident ; )+) => {
        /// An operation. The doc of each variant is its specification.
        // As wide as an address: the loop looks it up in its table of jumps as it is.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u64)]
        pub enum Op { $( $(#[doc = $doc])+ $name, )+ }

        impl Op {
            /// All operations, in the order of their numbers.
            pub const ALL: &'static [Op] = &[ $( Op::$name, )+ ];

            /// Whether it jumps by a comparison with an immediate.
            #[inline]
            pub const fn compares_with_immediate(self) -> bool {
                (Op::JumpLtImm as u64 <= self as u64) && (self as u64 <= Op::JumpGeImm as u64)
            }

            /// The operation with the given number.
            #[inline]
            pub const fn from_u8(byte: u8) -> Option<Op> {
                $( if byte == Op::$name as u8 { return Some(Op::$name); } )+
                None
            }
        }

        static INFO: &[OpInfo] = &[ $( OpInfo {
            name: stringify!($name),
            operands: [Kind::$a, Kind::$b, Kind::$c],
            extra: &[ $( Extra::$extra ),* ],
            raises: opcodes!(@raises $raises).0,
            ends_block: opcodes!(@raises $raises).1,
            doc: concat!($($doc, "\n"),+),
        }, )+ ];
    };
}

opcodes! {
    // ---- moving values ------------------------------------------------------------------------------------------
    /// Does nothing.
    Nop(No, No, No) [] safe;
    /// Entry of a function, or the point after a resumption (`c`: 0 start, 1 after `yield`, 2 after `yield from`,
    /// 3 after `await`). Checks for signals, the collector and thread switches.
    Resume(No, No, Which) [] raises;
    /// `R[a] = R[b]`.
    Move(Dst, Src, No) [] safe;
    /// `R[c] = R[b+1]`, then `R[a] = R[b]`; both are used up.
    MovePair(Dst, Block2, Dst) [] safe;
    /// `R[a] = consts[bc]`.
    LoadConst(Dst, Const, No) [] safe;
    /// `R[a] = bc`, a small int.
    LoadInt(Dst, Imm32, No) [] safe;
    /// Empties `R[a]`, dropping its value.
    Clear(Clear, No, No) [] safe;
    /// Empties `R[a] … R[a+c-1]`, the last one first.
    ClearRange(ClearN, No, Count) [] safe;
    /// Raises UnboundLocalError, naming the variable, if `R[a]` is empty.
    CheckLocal(Var, No, No) [] raises;
    /// `del x` for a local: UnboundLocalError if `R[a]` is empty, else empties it.
    DeleteLocal(Var, No, No) [] raises;
    /// Puts a new cell into `R[a]` that holds what `R[a]` held: nothing, if that was empty or under the flag `FRESH`.
    MakeCell(Dst, No, No) [] safe;
    /// `R[a]` = contents of the cell `R[b]`; NameError or UnboundLocalError if it is empty.
    LoadCell(Dst, Cell, No) [] raises;
    /// Contents of the cell `R[a]` = `R[b]`.
    StoreCell(Cell, Src, No) [] safe;
    /// Empties the cell `R[a]`; NameError or UnboundLocalError if it is empty already.
    DeleteCell(Cell, No, No) [] raises;

    // ---- names --------------------------------------------------------------------------------------------------
    /// `R[a]` = global or builtin `names[c]`.
    LoadGlobal(Dst, No, Name) [Cache, Cache] raises;
    /// Global `names[c] = R[b]`.
    StoreGlobal(No, Src, Name) [] raises;
    /// `del` of global `names[c]`.
    DeleteGlobal(No, No, Name) [] raises;
    /// `R[a]` = `names[c]` looked up in the frame's locals mapping, then globals, then builtins.
    LoadName(Dst, No, Name) [Cache, Cache] raises;
    /// `names[c] = R[b]` in the frame's locals mapping.
    StoreName(No, Src, Name) [] raises;
    /// `del` of `names[c]` in the frame's locals mapping.
    DeleteName(No, No, Name) [] raises;
    /// `R[a]` = the frame's locals mapping; SystemError without one.
    LoadLocals(Dst, No, No) [] raises;
    /// `R[a]` = the mapping `R[b]`'s entry for the name of the cell variable in register `c`, else the contents of that cell.
    LoadFromDictOrCell(Dst, Src, Cell) [] raises;
    /// `R[a]` = the mapping `R[b]`'s entry `names[c]`, else global, else builtin.
    LoadFromDictOrGlobals(Dst, Src, Name) [] raises;
    /// `R[a]` = `__build_class__` of the frame's builtins.
    LoadBuildClass(Dst, No, No) [] raises;
    /// `R[a]` = a fixed object: `c` is 0 AssertionError, 1 NotImplementedError, 2 tuple, 3 all, 4 any.
    LoadCommonConstant(Dst, No, Which) [] safe;
    /// Makes sure that the frame's locals mapping has `__annotations__`.
    SetupAnnotations(No, No, No) [] raises;

    // ---- attributes and items -----------------------------------------------------------------------------------
    /// `R[a] = R[b].names[c]`.
    LoadAttr(Dst, Src, Name) [Cache, Cache, Cache] raises;
    /// `LoadAttr` whose value the next instruction, an `Add`, uses up. Under `STORES`, and with those that follow, a `StoreAttr` uses up what that gives.
    LoadAttrAdd(Dst, Src, Name) [Cache, Cache, Cache] raises;
    /// The same before a `Sub`.
    LoadAttrSub(Dst, Src, Name) [Cache, Cache, Cache] raises;
    /// The same before an `AddImm`, `SubImm` or `MulImm`.
    LoadAttrImm(Dst, Src, Name) [Cache, Cache, Cache] raises;
    /// `LoadAttr` whose value the next instruction, a jump by comparison with an immediate, uses up.
    LoadAttrCompare(Dst, Src, Name) [Cache, Cache, Cache] raises;
    /// The same before a `JumpIfNone` or `JumpIfNotNone`.
    LoadAttrNone(Dst, Src, Name) [Cache, Cache, Cache] raises;
    /// The same before a `LoadAttr`.
    LoadAttrAttr(Dst, Src, Name) [Cache, Cache, Cache] raises;
    /// The same before a `LoadMethod`.
    LoadAttrMethod(Dst, Src, Name) [Cache, Cache, Cache] raises;
    /// `R[a].names[c] = R[b]`.
    StoreAttr(Src, Src, Name) [Cache, Cache, Cache] raises;
    /// `del R[a].names[c]`.
    DeleteAttr(Src, No, Name) [] raises;
    /// Looks up the method `R[b].names[c]` for a call: `R[a]` = function and `R[a+1]` = the object, or
    /// `R[a]` = the attribute and `R[a+1]` absent.
    LoadMethod(Dst2, Src, Name) [Cache, Cache, Cache] raises;
    /// `R[a] = super(…).names[c]`; block `[super, class, object]`. With `TWO_ARGS` the arguments were written out;
    /// without it they were implied and `super()` is called so if the global is not the builtin type.
    LoadSuperAttr(Dst, Block3, Name) [Cache, Cache] raises;
    /// As `LoadSuperAttr`, leaving `[function, object or absent]` for a call.
    LoadSuperMethod(Dst2, Block3, Name) [Cache, Cache] raises;
    /// Looks up a special method on the type: `c` is 0 `__enter__`, 1 `__exit__`, 2 `__aenter__`, 3 `__aexit__`;
    /// leaves `[function, object or absent]`. TypeError, worded for `with`, if there is none.
    LoadSpecial(Dst2, Src, Which) [] raises;
    /// `R[a] = R[b][R[c]]`.
    LoadItem(Dst, Src, Src) [] raises;
    /// `R[a] = R[b][c]` for a small int.
    LoadItemImm(Dst, Src, Imm16) [] raises;
    /// `R[a][R[b]] = R[c]`.
    StoreItem(Src, Src, Src) [] raises;
    /// `R[a][imm] = R[b]`.
    StoreItemImm(Src, Src, Imm16) [] raises;
    /// `del R[a][R[b]]`.
    DeleteItem(Src, Src, No) [] raises;
    /// `R[a] = x[start:stop:step]`; block of `c` registers: `[x, start, stop, step]` or `[x, start, stop]`.
    LoadSlice(Dst, Block, Count) [] raises;
    /// `x[start:stop] = R[a]`; block `[x, start, stop]`.
    StoreSlice(Src, Block3, No) [] raises;

    // ---- arithmetic: a = b op c; INPLACE asks for the in-place method first ----------------------------------------
    /// `R[a] = R[b] + R[c]`.
    Add(Dst, Src, Src) [] raises;
    /// `R[a] = R[b] - R[c]`.
    Sub(Dst, Src, Src) [] raises;
    /// `R[a] = R[b] * R[c]`.
    Mul(Dst, Src, Src) [] raises;
    /// `R[a] = R[b] / R[c]`.
    TrueDiv(Dst, Src, Src) [] raises;
    /// `Mul` whose product the next instruction, an `Add`, uses up.
    MulAdd(Dst, Src, Src) [] raises;
    /// `Mul` whose product the next instruction, a `Sub`, uses up as its left operand.
    MulSub(Dst, Src, Src) [] raises;
    /// `Mul` whose product the next instruction, a `Sub`, uses up as its right operand.
    SubMul(Dst, Src, Src) [] raises;
    /// `R[a] = R[b] // R[c]`.
    FloorDiv(Dst, Src, Src) [] raises;
    /// `R[a] = R[b] % R[c]`.
    Mod(Dst, Src, Src) [] raises;
    /// `R[a] = R[b] ** R[c]`.
    Pow(Dst, Src, Src) [] raises;
    /// `R[a] = R[b] @ R[c]`.
    MatMul(Dst, Src, Src) [] raises;
    /// `R[a] = R[b] << R[c]`.
    LShift(Dst, Src, Src) [] raises;
    /// `R[a] = R[b] >> R[c]`.
    RShift(Dst, Src, Src) [] raises;
    /// `R[a] = R[b] & R[c]`.
    And(Dst, Src, Src) [] raises;
    /// `R[a] = R[b] | R[c]`.
    Or(Dst, Src, Src) [] raises;
    /// `R[a] = R[b] ^ R[c]`.
    Xor(Dst, Src, Src) [] raises;
    /// `R[a] = R[b] + c`.
    AddImm(Dst, Src, Imm16) [] raises;
    /// `R[a] = R[b] - c`.
    SubImm(Dst, Src, Imm16) [] raises;
    /// `R[a] = R[b] * c`.
    MulImm(Dst, Src, Imm16) [] raises;
    /// `R[a] = R[b] // c`.
    FloorDivImm(Dst, Src, Imm16) [] raises;
    /// `R[a] = R[b] % c`.
    ModImm(Dst, Src, Imm16) [] raises;
    /// `R[a] = R[b] & c`.
    AndImm(Dst, Src, Imm16) [] raises;
    /// `R[a] = R[b] >> c`.
    RShiftImm(Dst, Src, Imm16) [] raises;
    /// `R[a] = -R[b]`.
    Neg(Dst, Src, No) [] raises;
    /// `R[a] = +R[b]`.
    Pos(Dst, Src, No) [] raises;
    /// `R[a] = ~R[b]`.
    Invert(Dst, Src, No) [] raises;
    /// `R[a] = not R[b]`.
    Not(Dst, Src, No) [] raises;
    /// `R[a] = R[b] < R[c]`.
    Lt(Dst, Src, Src) [] raises;
    /// `R[a] = R[b] <= R[c]`.
    Le(Dst, Src, Src) [] raises;
    /// `R[a] = R[b] == R[c]`.
    Eq(Dst, Src, Src) [] raises;
    /// `R[a] = R[b] != R[c]`.
    Ne(Dst, Src, Src) [] raises;
    /// `R[a] = R[b] > R[c]`.
    Gt(Dst, Src, Src) [] raises;
    /// `R[a] = R[b] >= R[c]`.
    Ge(Dst, Src, Src) [] raises;
    /// `R[a] = R[b] is R[c]`.
    Is(Dst, Src, Src) [] safe;
    /// `R[a] = R[b] is not R[c]`.
    IsNot(Dst, Src, Src) [] safe;
    /// `R[a] = R[b] in R[c]`.
    In(Dst, Src, Src) [] raises;
    /// `R[a] = R[b] not in R[c]`.
    NotIn(Dst, Src, Src) [] raises;

    // ---- jumps --------------------------------------------------------------------------------------------------
    /// Jumps. A backward jump checks for signals, the collector and thread switches, as every backward jump below does.
    Jump(No, Jump, No) [] leaves;
    /// Jumps if `R[a]` is true.
    JumpIfTrue(Src, Jump, No) [] raises;
    /// Jumps if `R[a]` is false.
    JumpIfFalse(Src, Jump, No) [] raises;
    /// Jumps, keeping `R[a]`, if it is true; else drops it.
    JumpIfTrueOrPop(KeepIfJump, Jump, No) [] raises;
    /// Jumps, keeping `R[a]`, if it is false; else drops it.
    JumpIfFalseOrPop(KeepIfJump, Jump, No) [] raises;
    /// Jumps if `R[a] is None`.
    JumpIfNone(Src, Jump, No) [] raises;
    /// Jumps if `R[a] is not None`.
    JumpIfNotNone(Src, Jump, No) [] raises;
    /// Jumps if `R[b] < R[c]`, under `NEGATE` if not so; likewise the other fused comparisons.
    JumpLt(Jump16, Src, Src) [] raises;
    /// Jumps if `R[b] <= R[c]`.
    JumpLe(Jump16, Src, Src) [] raises;
    /// Jumps if `R[b] == R[c]`.
    JumpEq(Jump16, Src, Src) [] raises;
    /// Jumps if `R[b] != R[c]`.
    JumpNe(Jump16, Src, Src) [] raises;
    /// Jumps if `R[b] > R[c]`.
    JumpGt(Jump16, Src, Src) [] raises;
    /// Jumps if `R[b] >= R[c]`.
    JumpGe(Jump16, Src, Src) [] raises;
    /// Jumps if `R[b] is R[c]`.
    JumpIs(Jump16, Src, Src) [] raises;
    /// Jumps if `R[b] in R[c]`.
    JumpIn(Jump16, Src, Src) [] raises;
    /// Jumps if `R[b] < c`.
    JumpLtImm(Jump16, Src, Imm16) [] raises;
    /// Jumps if `R[b] <= c`.
    JumpLeImm(Jump16, Src, Imm16) [] raises;
    /// Jumps if `R[b] == c`.
    JumpEqImm(Jump16, Src, Imm16) [] raises;
    /// Jumps if `R[b] != c`.
    JumpNeImm(Jump16, Src, Imm16) [] raises;
    /// Jumps if `R[b] > c`.
    JumpGtImm(Jump16, Src, Imm16) [] raises;
    /// Jumps if `R[b] >= c`.
    JumpGeImm(Jump16, Src, Imm16) [] raises;

    // ---- iteration ----------------------------------------------------------------------------------------------
    /// `R[a] = iter(R[b])`.
    GetIter(Dst, Src, No) [] raises;
    /// Begins a `for` over `R[b]`: fills the three registers of state from `R[a]` and jumps to the loop's `ForNext`.
    ForPrep(Dst3, Src, No) [Jump] leaves;
    /// Next item of the state at `R[b]`: `R[a] = item` and jumps (back to the body); when exhausted, empties the state
    /// and `R[a]` stays as it is, and falls through.
    ForNext(Dst, Iter, No) [Jump] raises;
    /// `R[a] … = *R[b]`, exactly `c` items.
    UnpackSequence(DstN, Src, Count) [] raises;
    /// `R[a] …` = `c & 0xff` items, a list of the middle ones, `c >> 8` items.
    UnpackEx(DstEx, Src, Which) [] raises;

    // ---- builders -----------------------------------------------------------------------------------------------
    /// `R[a] = [block]`.
    BuildList(Dst, Block, Count) [] raises;
    /// `R[a] = (block)`.
    BuildTuple(Dst, Block, Count) [] raises;
    /// `R[a] = {block}`.
    BuildSet(Dst, Block, Count) [] raises;
    /// `R[a] = {key: value, …}` of `c` pairs.
    BuildMap(Dst, Pairs, Count) [] raises;
    /// `R[a]` = the `c` strings of the block joined.
    BuildString(Dst, Block, Count) [] raises;
    /// `R[a] = slice(block)`, `c` is 2 or 3.
    BuildSlice(Dst, Block, Count) [] raises;
    /// Appends `R[b]` to the list `R[a]`.
    ListAppend(Keep, Src, No) [] raises;
    /// Adds `R[b]` to the set `R[a]`.
    SetAdd(Keep, Src, No) [] raises;
    /// `R[a][R[b]] = R[c]` for a dict that is being built.
    MapAdd(Keep, Src, Src) [] raises;
    /// Extends the list `R[a]` by the iterable `R[b]`; `c` is 1 if it stands in a call's arguments (for the error's wording).
    ListExtend(Keep, Src, Which) [] raises;
    /// Updates the set `R[a]` by the iterable `R[b]`.
    SetUpdate(Keep, Src, No) [] raises;
    /// Updates the dict `R[a]` by the mapping `R[b]`.
    DictUpdate(Keep, Src, No) [] raises;
    /// Updates the dict `R[a]` of keyword arguments by the mapping `R[b]`, refusing duplicates; `R[c]` is the callable.
    DictMerge(Keep, Src, Keep) [] raises;
    /// `R[a] = tuple(R[b])`, `R[b]` being a list.
    ListToTuple(Dst, Src, No) [] raises;
    /// `R[a] = format(R[b], "")` after the conversion `c` (see `Conversion`).
    FormatValue(Dst, Src, Which) [] raises;
    /// `R[a] = format(R[b], R[c])` after the conversion in the flags.
    FormatWithSpec(Dst, Src, Src) [] raises;
    /// `R[a]` = an Interpolation; block `[value, str]` and, if `HAS_SPEC`, the format specification; the conversion is in the flags.
    BuildInterpolation(Dst, Interp, No) [] raises;
    /// `R[a]` = a Template; block `[tuple of strings, tuple of interpolations]`.
    BuildTemplate(Dst, Block2, No) [] raises;

    // ---- functions and calls ------------------------------------------------------------------------------------
    /// `R[a]` = a function of the code object `consts[bc]`.
    MakeFunction(Dst, Const, No) [] raises;
    /// Sets an attribute of the function `R[a]` that is being made: `c` is a `FunctionAttribute`.
    SetFunctionAttribute(Keep, Src, Which) [] safe;
    /// Calls the block at `b` with `c` arguments.
    Call(Dst, Call, Count) [Cache, Cache] raises;
    /// As `Call`; the last arguments are keyword values, their names the tuple `consts[extra]`.
    CallKw(Dst, Call, Count) [Const] raises;
    /// Calls with a tuple (or any iterable) of arguments and, if `HAS_KWARGS`, a dict of keywords.
    CallEx(Dst, CallEx, No) [] raises;
    /// Returns `R[a]`.
    Return(Src, No, No) [] goes;
    /// Returns `consts[bc]`.
    ReturnConst(No, Const, No) [] goes;

    // ---- generators and coroutines ------------------------------------------------------------------------------
    /// Prologue of generators, coroutines and async generators: makes the object from the running frame and returns
    /// it to the caller; resumption continues with the next instruction.
    ReturnGenerator(No, No, No) [] raises;
    /// Suspends with the value `R[b]`; on resumption `R[a]` = the value sent, or the exception thrown is raised here.
    /// With `DELEGATE`, `R[c]` is the iterator that `throw` and `close` go to first.
    Yield(Dst, Src, No) [] raises;
    /// `R[a]` = the iterator for `yield from R[b]`.
    GetYieldFromIter(Dst, Src, No) [] raises;
    /// `R[a]` = the iterator for `await R[b]`; `c`: 0 plain, 1 `__aenter__`'s result, 2 `__aexit__`'s (for the error's wording).
    GetAwaitable(Dst, Src, Which) [] raises;
    /// Sends `R[c]` to `R[b]`: `R[a]` = what it yields, and falls through; when it returns, `R[a]` = its return value, and jumps.
    Send(Dst, Keep, Src) [Jump] raises;
    /// After an exception `R[b]` thrown into a delegating `Yield`: for StopIteration `R[a]` = its value, else reraises.
    CleanupThrow(Dst, Src, No) [] raises;
    /// `R[a] = aiter(R[b])`.
    GetAIter(Dst, Src, No) [] raises;
    /// `R[a]` = the awaitable of `anext(R[b])`, ready for `Send`.
    GetANext(Dst, Keep, No) [] raises;
    /// The exception `R[a]` left an `async for` over `R[b]`: drops both if it is StopAsyncIteration, else reraises.
    EndAsyncFor(Src, Src, No) [] raises;

    // ---- exceptions ---------------------------------------------------------------------------------------------
    /// `raise` on its own.
    RaiseActive(No, No, No) [] leaves;
    /// `raise R[b]`.
    Raise(No, Src, No) [] leaves;
    /// `raise R[b] from R[c]`.
    RaiseFrom(No, Src, Src) [] leaves;
    /// Raises `R[a]` again: no context is set and no traceback entry added for this frame.
    Reraise(Src, No, No) [] leaves;
    /// Saves the exception being handled (None if there is none) in `R[a]`, then makes `R[b]` the one being handled.
    PushExc(Dst, Keep, No) [] safe;
    /// Makes `R[a]`, as saved by `PushExc`, the exception being handled again, and empties `R[a]`.
    PopExc(Clear, No, No) [] safe;
    /// `R[a]` = whether the exception `R[b]` matches `R[c]`, a class or tuple of classes.
    ExcMatch(Dst, Keep, Src) [] raises;
    /// Splits the exception `R[b]` by `R[c]`: `R[a]` = the rest or None, `R[a+1]` = the matching group or None;
    /// a match becomes the exception being handled.
    ExcGroupMatch(Dst2, Src, Src) [] raises;
    /// `R[a]` = what `except*` raises at its end, or None: `R[b]` the original exception, `R[c]` the list of those raised and left over.
    PrepReraiseStar(Dst, Src, Src) [] raises;
    /// `R[a] = exit(type(e), e, e.__traceback__)` for `e = R[c]`; `R[b], R[b+1]` as left by `LoadSpecial`.
    WithExceptStart(Dst, Pair, Keep) [] raises;

    // ---- imports ------------------------------------------------------------------------------------------------
    /// `R[a] = __import__(names[c], globals, locals, fromlist, level)`; block `[level, fromlist]`.
    ImportName(Dst, Block2, Name) [] raises;
    /// `R[a]` = attribute or submodule `names[c]` of the module `R[b]`.
    ImportFrom(Dst, Keep, Name) [] raises;
    /// Copies all public names of the module `R[a]` into the frame's locals.
    ImportStar(Src, No, No) [] raises;

    // ---- pattern matching ---------------------------------------------------------------------------------------
    /// `R[a]` = whether `R[b]` is a mapping.
    MatchMapping(Dst, Keep, No) [] safe;
    /// `R[a]` = whether `R[b]` is a sequence.
    MatchSequence(Dst, Keep, No) [] safe;
    /// `R[a]` = tuple of the values of `R[b]` for the keys in the tuple `R[c]`, or None.
    MatchKeys(Dst, Keep, Keep) [] raises;
    /// `R[a]` = tuple of the attributes of `R[b]` if it is an instance of `R[c]`, or None; the extra word has the
    /// number of positional patterns and the tuple of keyword names.
    MatchClass(Dst, Keep, Src) [CountConst] raises;
    /// `R[a] = len(R[b])`.
    GetLen(Dst, Keep, No) [] raises;

    // ---- rare things --------------------------------------------------------------------------------------------
    /// `R[a]` = the `Intrinsic1` numbered `c`, applied to `R[b]`.
    Intrinsic1(Dst, Src, Which) [] raises;
    /// `R[a]` = the `Intrinsic2` in the extra word, applied to `R[b]` and `R[c]`.
    Intrinsic2(Dst, Src, Src) [CountConst] raises;

    // ---- quickened: written by the interpreter over the operations above, never emitted by the compiler ---------
    /// Stands over another instruction: the thread is to look whether somebody listens, and then carry that one out.
    Break(No, No, No) [] safe;
    /// `LoadGlobal`, an argument and `Call`, which are carried out at once where native code has a form for that.
    CallGlobal1(Dst, No, Name) [Cache, Cache] raises;
    /// The same with two arguments.
    CallGlobal2(Dst, No, Name) [Cache, Cache] raises;
    /// `LoadMethod` and `Call`.
    CallMethod0(Dst2, Src, Name) [Cache, Cache, Cache] raises;
    /// `LoadMethod`, an argument and `Call`.
    CallMethod1(Dst2, Src, Name) [Cache, Cache, Cache] raises;
    /// The same with two arguments.
    CallMethod2(Dst2, Src, Name) [Cache, Cache, Cache] raises;
}

impl Op {
    /// This operation's row of the table.
    #[inline]
    pub fn info(self) -> &'static OpInfo {
        &INFO[self as usize]
    }

    /// Words of this instruction and the extra ones after it.
    #[inline]
    pub fn words(self) -> usize {
        1 + self.info().extra.len()
    }
}

/// Conversions of a formatted value (`!s`, `!r`, `!a`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Conversion {
    /// None written.
    None = 0,
    /// `!s`
    Str = 1,
    /// `!r`
    Repr = 2,
    /// `!a`
    Ascii = 3,
}

impl Conversion {
    /// The conversion with the given number (only the low two bits count).
    pub const fn from_u8(n: u8) -> Conversion {
        match n & 3 {
            0 => Conversion::None,
            1 => Conversion::Str,
            2 => Conversion::Repr,
            _ => Conversion::Ascii,
        }
    }
}

macro_rules! numbered {
    ($(#[doc = $top:literal])+ $name:ident { $( $(#[doc = $doc:literal])+ $variant:ident ),+ $(,)? }) => {
        $(#[doc = $top])+
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum $name { $( $(#[doc = $doc])+ $variant ),+ }

        impl $name {
            /// The variant with the given number.
            pub const fn from_u16(n: u16) -> Option<$name> {
                $( if n == $name::$variant as u16 { return Some($name::$variant); } )+
                None
            }

            /// The variant's name.
            pub const fn name(self) -> &'static str {
                match self { $( $name::$variant => stringify!($variant) ),+ }
            }
        }
    };
}

numbered! {
    /// What `SetFunctionAttribute` sets.
    FunctionAttribute {
        /// `__defaults__`, a tuple.
        Defaults,
        /// `__kwdefaults__`, a dict.
        KwDefaults,
        /// The tuple of cells for the free variables.
        Closure,
        /// `__annotate__`, a function.
        Annotate,
    }
}

numbered! {
    /// Operations of `Intrinsic1`.
    Intrinsic1 {
        /// `sys.displayhook(x)`: an expression statement in interactive mode; returns None.
        Print,
        /// An exception that leaves a generator's frame: StopIteration (StopAsyncIteration) becomes RuntimeError.
        StopIterationError,
        /// Wraps a value that an async generator yields.
        AsyncGenWrap,
        /// `TypeVar(name)`, variance inferred.
        TypeVar,
        /// `ParamSpec(name)`, variance inferred.
        ParamSpec,
        /// `TypeVarTuple(name)`.
        TypeVarTuple,
        /// `Generic[x]` for a tuple of type parameters.
        SubscriptGeneric,
        /// `TypeAliasType` from the tuple `(name, type parameters, function of the value)`.
        TypeAlias,
    }
}

numbered! {
    /// Operations of `Intrinsic2`.
    Intrinsic2 {
        /// `TypeVar(name)` with a function that evaluates the bound.
        TypeVarWithBound,
        /// `TypeVar(name)` with a function that evaluates the constraints.
        TypeVarWithConstraints,
        /// `function.__type_params__ = tuple`; returns the function.
        SetFunctionTypeParams,
        /// Gives the type parameter a function that evaluates its default; returns the type parameter.
        SetTypeparamDefault,
    }
}
