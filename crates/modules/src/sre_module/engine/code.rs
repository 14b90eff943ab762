//! The words that the library's `re` compiles patterns to: operations, positions, categories, limits.
//!
//! Invariant: the numbers are those of `re/_constants.py` for `MAGIC`, which the library compares when it is imported.

/// Which numbering of operations this is.
pub const MAGIC: u32 = 20230612;
/// Bytes of a code word.
pub const CODESIZE: usize = size_of::<u32>();
/// A repetition without an upper bound.
pub const MAXREPEAT: u32 = u32::MAX;
/// The largest number of groups.
pub const MAXGROUPS: usize = i32::MAX as usize / 2;

/// Flag of the INFO block: the pattern begins with literals.
pub const INFO_PREFIX: u32 = 1;
/// Flag of the INFO block: the pattern is nothing but these literals.
pub const INFO_LITERAL: u32 = 2;
/// Flag of the INFO block: the pattern begins with a character of a set.
pub const INFO_CHARSET: u32 = 4;

/// Makes an enum whose variants are numbered in order, and the way back from a number.
macro_rules! numbered {
    ($(#[$doc:meta])* $name:ident: $($variant:ident)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u32)]
        #[allow(missing_docs)]
        pub enum $name { $($variant),* }

        impl $name {
            const ALL: &[$name] = &[$($name::$variant),*];

            /// What the word `code` stands for.
            pub fn from_word(code: u32) -> Option<$name> {
                Self::ALL.get(code as usize).copied()
            }
        }
    };
}

numbered! {
    /// An operation.
    Op:
    Failure Success
    Any AnyAll
    Assert AssertNot
    At
    Branch
    Category
    Charset BigCharset
    GroupRef GroupRefExists
    In
    Info
    Jump
    Literal
    Mark
    MaxUntil
    MinUntil
    NotLiteral
    Negate
    Range
    Repeat
    RepeatOne
    Subpattern
    MinRepeatOne
    AtomicGroup
    PossessiveRepeat
    PossessiveRepeatOne
    GroupRefIgnore
    InIgnore
    LiteralIgnore
    NotLiteralIgnore
    GroupRefLocIgnore
    InLocIgnore
    LiteralLocIgnore
    NotLiteralLocIgnore
    GroupRefUniIgnore
    InUniIgnore
    LiteralUniIgnore
    NotLiteralUniIgnore
    RangeUniIgnore
}

numbered! {
    /// A position between characters.
    At:
    Beginning BeginningLine BeginningString
    Boundary NonBoundary
    End EndLine EndString
    LocBoundary LocNonBoundary
    UniBoundary UniNonBoundary
}

numbered! {
    /// A class of characters.
    Category:
    Digit NotDigit
    Space NotSpace
    Word NotWord
    LineBreak NotLineBreak
    LocWord LocNotWord
    UniDigit UniNotDigit
    UniSpace UniNotSpace
    UniWord UniNotWord
    UniLineBreak UniNotLineBreak
}
