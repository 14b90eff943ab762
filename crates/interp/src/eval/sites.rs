//! Where the program is, as numbers for the heap's ledger: each stands for a traceback of file names and lines. `tracemalloc` shows them.
//!
//! A traceback is kept once, however many blocks were asked for there. The line of an instruction is found out once. All of it lies outside the heap, and nothing
//! keeps an object alive or code from being forgotten.
//!
//! Invariant ST1: `numbers` leads to every row; a row is never changed, and forgotten only together with all entries of the ledger. Row 0 is what is not known.
//! Invariant ST2: the address of code that a line is known of is not used again, as a weak reference to it is kept.

use super::frame::{Frame, Stack};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::rc::Rc;
use std::sync::{Arc, Weak};
use taipan_bytecode::{Code, Op};
use taipan_objects::vm::Vm;

/// Code whose lines are known.
const CODES: usize = 4096;
/// The place of a frame that Python does not see.
const HIDDEN: u64 = u64::MAX;
/// The greatest limit of frames, and what their number is counted to.
pub const MOST: u32 = 65535;

/// Mixes words with one multiplication each.
#[derive(Default)]
struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, word: u64) {
        let mixed = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ mixed >> 32;
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }
}

type Map<K, V> = HashMap<K, V, BuildHasherDefault<Mixer>>;

fn hash(words: &[u64]) -> u64 {
    let mut mixer = Mixer::default();
    words.iter().for_each(|&word| mixer.write_u64(word));
    mixer.finish()
}

/// A traceback: its words in `Tables::words`, and the next one with the same hash.
#[derive(Clone, Copy)]
struct Row {
    start: usize,
    len: usize,
    next: Option<u32>,
}

/// The words of a traceback are how many frames there were and, for each that is shown, the number of its file's name and its line.
#[derive(Default)]
struct Tables {
    names: Vec<Arc<str>>,
    by_name: HashMap<Arc<str>, u32>,
    /// File and line by code and offset.
    places: Map<(usize, u32), u64>,
    codes: Map<usize, Weak<Code>>,
    words: Vec<u64>,
    rows: Vec<Row>,
    numbers: Map<u64, u32>,
    gathered: Vec<u64>,
}

fn word(name: u32, line: u32) -> u64 {
    u64::from(name) << 32 | u64::from(line)
}

impl Tables {
    /// The number of the traceback of a thread; `None` if there was no memory.
    fn number(&mut self, stack: &Stack, limit: usize) -> Option<u32> {
        if self.rows.is_empty() {
            let unknown = self.name(&Arc::from("<unknown>"))?;
            self.row(&[1, word(unknown, 0)])?;
        }
        let mut gathered = std::mem::take(&mut self.gathered);
        let found = self.gather(stack, limit, &mut gathered).and_then(|()| match gathered.len() {
            0 | 1 => Some(0),
            _ => self.row(&gathered),
        });
        self.gathered = gathered;
        found
    }

    /// Writes the words of a thread's traceback.
    fn gather(&mut self, stack: &Stack, limit: usize, words: &mut Vec<u64>) -> Option<()> {
        words.clear();
        words.try_reserve(limit.min(stack.depth()) + 1).ok()?;
        words.push(0);
        let mut total = 0;
        for frame in (0..stack.depth()).rev().filter_map(|index| stack.frame(index)) {
            // SAFETY: frames below the depth are on the stack, and nothing runs while they are looked at.
            let frame = unsafe { &*frame };
            if words.len() <= limit {
                let place = self.place(frame)?;
                if place != HIDDEN {
                    words.push(place);
                    total += 1;
                }
            } else if !is_leaving(frame, offset(frame)) {
                total += 1;
            }
        }
        words[0] = total.min(u64::from(MOST));
        Some(())
    }

    /// The file and line a frame is at.
    fn place(&mut self, frame: &Frame) -> Option<u64> {
        if frame.next.is_null() {
            return Some(HIDDEN);
        }
        let (code, offset) = (frame.code.plain(), offset(frame));
        let address = Arc::as_ptr(code).addr();
        if let Some(&place) = self.places.get(&(address, offset)) {
            return Some(place);
        }
        let place = match is_leaving(frame, offset) || is_incomplete(code, offset) {
            true => HIDDEN,
            false => word(self.name(&code.filename)?, code.line_at(offset)),
        };
        if self.codes.len() >= CODES {
            self.places.clear();
            self.codes.clear();
        }
        self.places.try_reserve(1).ok()?;
        self.codes.try_reserve(1).ok()?;
        self.codes.entry(address).or_insert_with(|| Arc::downgrade(code));
        self.places.insert((address, offset), place);
        Some(place)
    }

    fn name(&mut self, name: &Arc<str>) -> Option<u32> {
        if let Some(&number) = self.by_name.get(name) {
            return Some(number);
        }
        let number = u32::try_from(self.names.len()).ok()?;
        self.names.try_reserve(1).ok()?;
        self.by_name.try_reserve(1).ok()?;
        self.names.push(name.clone());
        self.by_name.insert(name.clone(), number);
        Some(number)
    }

    /// The row with these words.
    fn row(&mut self, words: &[u64]) -> Option<u32> {
        let hash = hash(words);
        let first = self.numbers.get(&hash).copied();
        let mut next = first;
        while let Some(number) = next {
            if self.words_of(number)? == words {
                return Some(number);
            }
            next = self.rows[number as usize].next;
        }
        let number = u32::try_from(self.rows.len()).ok()?;
        self.words.try_reserve(words.len()).ok()?;
        self.rows.try_reserve(1).ok()?;
        self.numbers.try_reserve(1).ok()?;
        self.rows.push(Row { start: self.words.len(), len: words.len(), next: first });
        self.words.extend_from_slice(words);
        self.numbers.insert(hash, number);
        Some(number)
    }

    fn words_of(&self, number: u32) -> Option<&[u64]> {
        let row = self.rows.get(number as usize)?;
        self.words.get(row.start..row.start + row.len)
    }

    /// The bytes that the tables take, about.
    fn memory(&self) -> usize {
        // A table keeps an eighth of its places empty, and a byte for each.
        let map = |capacity: usize, entry: usize| (capacity + capacity / 7) * (entry + 1);
        let names =
            self.names.capacity() * size_of::<Arc<str>>() + self.names.iter().map(|name| name.len()).sum::<usize>();
        names
            + map(self.by_name.capacity(), size_of::<(Arc<str>, u32)>())
            + map(self.places.capacity(), size_of::<((usize, u32), u64)>())
            + map(self.codes.capacity(), size_of::<(usize, Weak<Code>)>())
            + map(self.numbers.capacity(), size_of::<(u64, u32)>())
            + (self.words.capacity() + self.gathered.capacity()) * size_of::<u64>()
            + self.rows.capacity() * size_of::<Row>()
    }
}

/// Offset of the instruction that a frame carries out.
fn offset(frame: &Frame) -> u32 {
    let start = frame.code.words.0.as_ptr().addr();
    frame.at.addr().checked_sub(start).and_then(|bytes| u32::try_from(bytes / 8).ok()).unwrap_or(u32::MAX)
}

/// Whether a frame has returned and only drops its variables.
fn is_leaving(frame: &Frame, offset: u32) -> bool {
    let op = frame.code.plain().inst(offset as usize).op();
    frame.next.is_null() || matches!(op, Some(Op::Return | Op::ReturnConst))
}

/// Whether a function has not begun yet: its cells, or its generator, are being made.
fn is_incomplete(code: &Code, offset: u32) -> bool {
    match code.inst(offset as usize).op() {
        Some(Op::ReturnGenerator) => true,
        Some(Op::MakeCell) => {
            let mut before = code.instructions().take_while(|(at, _)| *at < offset as usize);
            !before.any(|(_, inst)| inst.op() == Some(Op::Resume))
        }
        _ => false,
    }
}

/// The tracebacks of an interpreter's allocations.
#[derive(Default)]
struct Sites {
    /// Frames of each traceback; 0 if that was never said.
    limit: Cell<u32>,
    tables: RefCell<Tables>,
}

impl Sites {
    fn of(vm: &Vm) -> Rc<Sites> {
        vm.interp().state(Sites::default)
    }

    fn here(&self, vm: &Vm) -> u32 {
        let Some(stack) = vm.extension::<Stack>() else { return 0 };
        let Ok(mut tables) = self.tables.try_borrow_mut() else { return 0 };
        tables.number(stack, self.limit.get() as usize).unwrap_or(0)
    }
}

/// A traceback, the innermost frame first.
pub struct Site {
    /// File names and lines.
    pub frames: Vec<(Arc<str>, u32)>,
    /// Frames there were, shown or not.
    pub total: u64,
}

/// Keeps the heap's ledger from now on, with tracebacks of at most `limit` frames, unless it is kept already.
pub fn start(vm: &Vm, limit: u32) {
    if vm.heap().keeps_ledger() {
        return;
    }
    let sites = Sites::of(vm);
    sites.limit.set(limit);
    let interp = Arc::as_ptr(vm.interp());
    vm.heap().keep_ledger(Rc::new(move || Vm::entered(interp).map_or(0, |vm| sites.here(&vm))));
}

/// Keeps it no longer.
pub fn stop(vm: &Vm) {
    vm.heap().end_ledger();
    Sites::of(vm).tables.take();
}

/// Forgets all entries.
pub fn clear(vm: &Vm) {
    vm.heap().clear_ledger();
    Sites::of(vm).tables.take();
}

/// Frames of each traceback.
pub fn limit(vm: &Vm) -> u32 {
    Sites::of(vm).limit.get().max(1)
}

/// The bytes that ledger and tracebacks take.
pub fn memory(vm: &Vm) -> usize {
    vm.heap().ledger_memory() + Sites::of(vm).tables.borrow().memory()
}

/// What a number of the ledger stands for.
pub fn site(vm: &Vm, number: u32) -> Site {
    let sites = Sites::of(vm);
    let tables = sites.tables.borrow();
    let Some((total, frames)) = tables.words_of(number).and_then(<[u64]>::split_first) else {
        return Site { frames: vec![(Arc::from("<unknown>"), 0)], total: 1 };
    };
    let frame = |word: &u64| Some((tables.names.get((word >> 32) as usize)?.clone(), *word as u32));
    Site { frames: frames.iter().filter_map(frame).collect(), total: *total }
}
