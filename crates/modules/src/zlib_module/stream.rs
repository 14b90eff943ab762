//! Streams of deflate: compressing and decompressing piece by piece.
//!
//! Invariant: a stream that can be copied knows all it was fed since its start; copying feeds it to a new one.

use super::fail;
use taipan_heap::Charge;
use taipan_objects::vm::{PyResult, Vm};
use zlib_rs::{Deflate, DeflateConfig, DeflateFlush, Inflate, InflateError, InflateFlush, Status};

/// Bytes of output made at once.
const STEP: usize = 16 << 10;
/// Bytes of input that are remembered for copying.
const REMEMBERED: usize = 1 << 20;
/// What a stream takes from the system.
const STATE: usize = 300 << 10;

/// What was fed, as long as it is not too much.
struct History<T> {
    pieces: Option<Vec<T>>,
    bytes: usize,
    charge: Charge,
}

impl<T> History<T> {
    fn new(vm: &Vm) -> PyResult<History<T>> {
        let charge = Charge::new(vm.heap(), STATE).map_err(|error| vm.out_of_memory(error))?;
        Ok(History { pieces: Some(Vec::new()), bytes: 0, charge })
    }

    fn add(&mut self, piece: T, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > REMEMBERED || self.charge.resize(STATE + self.bytes).is_err() {
            self.pieces = None;
            let _ = self.charge.resize(STATE);
        }
        if let Some(pieces) = &mut self.pieces {
            pieces.push(piece);
        }
    }

    fn all(&self, vm: &Vm) -> PyResult<&[T]> {
        match &self.pieces {
            Some(pieces) => Ok(pieces),
            None => Err(vm.not_implemented_error("copy of a zlib stream that has taken more than a megabyte")),
        }
    }
}

/// Makes more room for output.
fn grow(vm: &Vm, out: &mut Vec<u8>, by: usize) -> PyResult<usize> {
    let start = out.len();
    vm.check_room(start + by)?;
    if out.try_reserve(by).is_err() {
        return Err(vm.out_of_memory(taipan_heap::OutOfMemory));
    }
    out.resize(start + by, 0);
    Ok(start)
}

/// A compressing stream.
pub struct Compressor {
    deflate: Deflate,
    config: DeflateConfig,
    dictionary: Vec<u8>,
    history: History<(Vec<u8>, DeflateFlush)>,
}
taipan_heap::no_references!(Compressor);

impl Compressor {
    /// A stream; the configuration has been checked.
    pub fn new(vm: &Vm, config: DeflateConfig, dictionary: Vec<u8>) -> PyResult<Compressor> {
        let history = History::new(vm)?;
        let mut deflate = Deflate::new_with_config(config);
        if !dictionary.is_empty() && deflate.set_dictionary(&dictionary).is_err() {
            return Err(vm.value_error("Invalid dictionary"));
        }
        Ok(Compressor { deflate, config, dictionary, history })
    }

    fn run(&mut self, vm: &Vm, input: &[u8], flush: DeflateFlush) -> PyResult<Vec<u8>> {
        let (mut out, mut read) = (Vec::new(), 0);
        loop {
            let start = grow(vm, &mut out, STEP)?;
            let (before_in, before_out) = (self.deflate.total_in(), self.deflate.total_out());
            let status = self.deflate.compress(&input[read..], &mut out[start..], flush);
            read += (self.deflate.total_in() - before_in) as usize;
            let made = (self.deflate.total_out() - before_out) as usize;
            out.truncate(start + made);
            match status {
                Ok(Status::StreamEnd) => return Ok(out),
                Ok(_) if made < STEP && read == input.len() => return Ok(out),
                Ok(_) if made == 0 && status == Ok(Status::BufError) => return Ok(out),
                Ok(_) => {}
                Err(error) => return Err(fail(vm, error as i32, "while compressing data", None)),
            }
        }
    }

    /// Feeds input.
    pub fn compress(&mut self, vm: &Vm, input: &[u8], flush: DeflateFlush) -> PyResult<Vec<u8>> {
        let out = self.run(vm, input, flush)?;
        self.history.add((input.to_vec(), flush), input.len() + 32);
        Ok(out)
    }

    /// A stream in the same state.
    pub fn copy(&self, vm: &Vm) -> PyResult<Compressor> {
        let mut copy = Compressor::new(vm, self.config, self.dictionary.clone())?;
        for (input, flush) in self.history.all(vm)? {
            copy.compress(vm, input, *flush)?;
        }
        Ok(copy)
    }
}

/// A decompressing stream.
pub struct Decompressor {
    inflate: Inflate,
    bits: i32,
    dictionary: Option<Vec<u8>>,
    history: History<Vec<u8>>,
    /// Whether the end of the compressed data was reached.
    pub ended: bool,
}
taipan_heap::no_references!(Decompressor);

/// How a piece was taken.
pub struct Taken {
    /// What came out.
    pub out: Vec<u8>,
    /// How much of the input went in.
    pub read: usize,
}

fn fresh(bits: i32) -> Inflate {
    Inflate::new(bits >= 0, bits.unsigned_abs() as u8)
}

impl Decompressor {
    /// A stream; `bits` have been checked.
    pub fn new(vm: &Vm, bits: i32, dictionary: Option<Vec<u8>>) -> PyResult<Decompressor> {
        let history = History::new(vm)?;
        let mut stream = Decompressor { inflate: fresh(bits), bits, dictionary, history, ended: false };
        if bits < 0 {
            stream.use_dictionary(vm)?;
        }
        Ok(stream)
    }

    fn use_dictionary(&mut self, vm: &Vm) -> PyResult<bool> {
        let Some(dictionary) = &self.dictionary else { return Ok(false) };
        match self.inflate.set_dictionary(dictionary) {
            Ok(_) => Ok(true),
            Err(error) => Err(fail(vm, number(error), "while setting zdict", None)),
        }
    }

    /// Feeds input until it, or the `most` bytes of output, are used up, or the end comes.
    pub fn decompress(&mut self, vm: &Vm, input: &[u8], most: usize, flush: InflateFlush) -> PyResult<Taken> {
        let (mut out, mut read) = (Vec::new(), 0);
        while !self.ended {
            let room = STEP.max(out.len().min(1 << 20)).min(most - out.len());
            if room == 0 {
                break;
            }
            let start = grow(vm, &mut out, room)?;
            let (before_in, before_out) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self.inflate.decompress(&input[read..], &mut out[start..], flush);
            read += (self.inflate.total_in() - before_in) as usize;
            let made = (self.inflate.total_out() - before_out) as usize;
            out.truncate(start + made);
            match status {
                Ok(Status::StreamEnd) => self.ended = true,
                Ok(_) if made < room && read == input.len() => break,
                Ok(Status::BufError) if made == 0 => break,
                Ok(_) => {}
                Err(InflateError::NeedDict { .. }) if self.dictionary.is_some() => {
                    self.use_dictionary(vm)?;
                }
                Err(error) => {
                    let message = self.inflate.error_message();
                    return Err(fail(vm, number(error), "while decompressing data", message));
                }
            }
        }
        if read > 0 {
            self.history.add(input[..read].to_vec(), read + 32);
        }
        Ok(Taken { out, read })
    }

    /// A stream in the same state.
    pub fn copy(&self, vm: &Vm) -> PyResult<Decompressor> {
        let mut copy = Decompressor::new(vm, self.bits, self.dictionary.clone())?;
        let mut left = self.inflate.total_out() as usize;
        for input in self.history.all(vm)? {
            let mut read = 0;
            while read < input.len() {
                let taken = copy.decompress(vm, &input[read..], left.max(1), InflateFlush::SyncFlush)?;
                left = left.saturating_sub(taken.out.len());
                if taken.read == 0 && taken.out.is_empty() {
                    break;
                }
                read += taken.read;
            }
        }
        Ok(copy)
    }
}

/// The number of an error in the C library.
pub fn number(error: InflateError) -> i32 {
    match error {
        InflateError::NeedDict { .. } => 2,
        InflateError::StreamError => -2,
        InflateError::DataError => -3,
        InflateError::MemError => -4,
    }
}
