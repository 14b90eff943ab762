//! The exception table: which handler an instruction's exception goes to. Entries are disjoint and sorted by `start`,
//! so the one that covers an offset is unique.

/// One entry of the exception table. Offsets are in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExceptionEntry {
    /// First word covered.
    pub start: u32,
    /// First word not covered.
    pub end: u32,
    /// The handler's first instruction.
    pub target: u32,
    /// The register that receives the exception.
    pub exc_reg: u16,
    /// Temporaries from here up are dropped, the last one first, before `exc_reg` is written.
    pub clear_from: u16,
}

/// The entry that covers `offset`, by binary search.
pub(crate) fn find(entries: &[ExceptionEntry], offset: u32) -> Option<&ExceptionEntry> {
    let after = entries.partition_point(|e| e.start <= offset);
    entries[..after].last().filter(|e| offset < e.end)
}
