//! `zlib`: compression by deflate, and its checksums.
//!
//! * `stream` – streams over the algorithm; `objects` – Python's objects.
//!
//! Invariant: options are checked before the algorithm, which panics at bad ones, sees them.

mod objects;
mod stream;

pub use module::spec;

use objects::{Compress, Decompress, ZlibDecompressor};
use std::cell::OnceCell;
use stream::{Compressor, Decompressor};
use taipan_heap::{Obj, Ref, Value};
use taipan_macros::pymodule;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::{buffer, bytes::Bytes, int, str::Str};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Raised, Vm};
use zlib_rs::{DeflateConfig, DeflateFlush, InflateFlush, Method, Strategy};

#[derive(Default)]
struct Error(OnceCell<Ref<Type>>);

fn error_class(vm: &Vm) -> PyResult<Ref<Type>> {
    let state = vm.interp().state(Error::default);
    if let Some(class) = state.0.get() {
        return Ok(class.clone());
    }
    let class = crate::exception_class::exception_class(vm, "zlib", "error", &vm.types().exception)?;
    Ok(state.0.get_or_init(|| class).clone())
}

#[cold]
fn error(vm: &Vm, message: &str) -> Raised {
    match error_class(vm) {
        Ok(class) => vm.raise_new(&class, message),
        Err(raised) => raised,
    }
}

/// Raises `zlib.error` for an error of the algorithm.
#[cold]
pub fn fail(vm: &Vm, number: i32, what: &str, message: Option<&str>) -> Raised {
    let message = message.or(match number {
        -5 => Some("incomplete or truncated stream"),
        -2 => Some("inconsistent stream state"),
        -3 => Some("invalid input data"),
        _ => None,
    });
    match message {
        Some(message) if number != 2 => error(vm, &format!("Error {number} {what}: {message}")),
        _ => error(vm, &format!("Error {number} {what}")),
    }
}

/// Window bits that decompressing takes.
pub fn checked_bits(bits: i32) -> Option<i32> {
    matches!(bits, 0 | 8..=15 | 24..=31 | 40..=47 | -15..=-8).then_some(bits)
}

/// The modes of flushing.
pub fn flush_mode(mode: i32) -> Option<DeflateFlush> {
    Some(match mode {
        0 => DeflateFlush::NoFlush,
        1 => DeflateFlush::PartialFlush,
        2 => DeflateFlush::SyncFlush,
        3 => DeflateFlush::FullFlush,
        4 => DeflateFlush::Finish,
        5 => DeflateFlush::Block,
        _ => return None,
    })
}

fn config(level: i32, method: i32, bits: i32, memory: i32, strategy: i32) -> Option<DeflateConfig> {
    let good = (-1..=9).contains(&level)
        && method == 8
        && matches!(bits, 8..=15 | 24..=31 | -15..=-9)
        && (1..=9).contains(&memory);
    let strategy = Strategy::try_from(strategy).ok()?;
    // A window of 2^8 is rounded up, as everywhere.
    let bits = if matches!(bits, 8 | 24) { bits + 1 } else { bits };
    good.then_some(DeflateConfig { level, method: Method::Deflated, window_bits: bits, mem_level: memory, strategy })
}

/// The low 32 bits of an int.
fn word(vm: &Vm, value: Option<&Value>, default: u32) -> PyResult<u32> {
    let Some(value) = value else { return Ok(default) };
    let value = int::index(vm, value)?;
    let low = int::as_big(&value).map(|big| big.as_ref() & taipan_numeric::BigInt::from(u32::MAX));
    Ok(low.and_then(|low| u32::try_from(low).ok()).unwrap_or(0))
}

/// The functions in this module allow compression and decompression using the
/// zlib library, which is based on GNU zip.
#[pymodule(name = "zlib", types(ZlibDecompressor), init = fill)]
mod module {
    use super::*;

    const NUMBERS: &[(&str, i32)] = &[
        ("DEFLATED", 8),
        ("DEF_BUF_SIZE", 16_384),
        ("DEF_MEM_LEVEL", 8),
        ("MAX_WBITS", 15),
        ("Z_BEST_COMPRESSION", 9),
        ("Z_BEST_SPEED", 1),
        ("Z_BLOCK", 5),
        ("Z_DEFAULT_COMPRESSION", -1),
        ("Z_DEFAULT_STRATEGY", 0),
        ("Z_FILTERED", 1),
        ("Z_FINISH", 4),
        ("Z_FIXED", 4),
        ("Z_FULL_FLUSH", 3),
        ("Z_HUFFMAN_ONLY", 2),
        ("Z_NO_COMPRESSION", 0),
        ("Z_NO_FLUSH", 0),
        ("Z_PARTIAL_FLUSH", 1),
        ("Z_RLE", 3),
        ("Z_SYNC_FLUSH", 2),
        ("Z_TREES", 6),
    ];

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        for (name, number) in NUMBERS {
            module.set_attr(vm, name, Value::small_int(*number))?;
        }
        for name in ["ZLIB_VERSION", "ZLIB_RUNTIME_VERSION"] {
            module.set_attr(vm, name, Str::new(vm, "1.3.1")?.into())?;
        }
        module.set_attr(vm, "error", error_class(vm)?.into())
    }

    /// Compute an Adler-32 checksum of data.
    ///
    ///   value
    ///     Starting value of the checksum.
    ///
    /// The returned checksum is an integer.
    #[function(sig = "data, value=1, /")]
    fn adler32(vm: &Vm, data: &Value, value: Option<&Value>) -> PyResult<u32> {
        let start = word(vm, value, 1)?;
        buffer::with_bytes(vm, data, |bytes| zlib_rs::adler32::adler32(start, bytes))
    }

    /// Compute a CRC-32 checksum of data.
    ///
    ///   value
    ///     Starting value of the checksum.
    ///
    /// The returned checksum is an integer.
    #[function(sig = "data, value=0, /")]
    fn crc32(vm: &Vm, data: &Value, value: Option<&Value>) -> PyResult<u32> {
        let start = word(vm, value, 0)?;
        buffer::with_bytes(vm, data, |bytes| zlib_rs::crc32::crc32(start, bytes))
    }

    /// Returns a bytes object containing compressed data.
    ///
    ///   data
    ///     Binary data to be compressed.
    ///   level
    ///     Compression level, in 0-9 or -1.
    ///   wbits
    ///     The window buffer size and container format.
    #[function(sig = "data, /, level=Z_DEFAULT_COMPRESSION, wbits=MAX_WBITS")]
    fn compress(vm: &Vm, data: &Value, level: Option<i32>, wbits: Option<i32>) -> PyResult<Ref<Bytes>> {
        let data = buffer::to_vec(vm, data)?;
        let Some(config) = config(level.unwrap_or(-1), 8, wbits.unwrap_or(15), 8, 0) else {
            return Err(error(vm, "Bad compression level"));
        };
        let out = Compressor::new(vm, config, Vec::new())?.compress(vm, &data, DeflateFlush::Finish)?;
        Bytes::new(vm, &out)
    }

    /// Returns a bytes object containing the uncompressed data.
    ///
    ///   data
    ///     Compressed data.
    ///   wbits
    ///     The window buffer size and container format.
    ///   bufsize
    ///     The initial output buffer size.
    #[function(sig = "data, /, wbits=MAX_WBITS, bufsize=DEF_BUF_SIZE")]
    fn decompress(vm: &Vm, data: &Value, wbits: Option<i32>, bufsize: Option<isize>) -> PyResult<Ref<Bytes>> {
        let data = buffer::to_vec(vm, data)?;
        if bufsize.is_some_and(|size| size < 0) {
            return Err(vm.value_error("bufsize must be non-negative"));
        }
        let Some(bits) = checked_bits(wbits.unwrap_or(15)) else {
            return Err(fail(vm, -2, "while preparing to decompress data", None));
        };
        let mut stream = Decompressor::new(vm, bits, None)?;
        let taken = stream.decompress(vm, &data, usize::MAX, InflateFlush::SyncFlush)?;
        if !stream.ended {
            return Err(fail(vm, -5, "while decompressing data", None));
        }
        Bytes::new(vm, &taken.out)
    }

    /// Return a compressor object.
    ///
    ///   level
    ///     The compression level (an integer in the range 0-9 or -1; default is
    ///     currently equivalent to 6).  Higher compression levels are slower,
    ///     but produce smaller results.
    ///   method
    ///     The compression algorithm.  If given, this must be DEFLATED.
    ///   wbits
    ///     The window buffer size and container format.
    ///   memLevel
    ///     Controls the amount of memory used for internal compression state.
    ///   strategy
    ///     Used to tune the compression algorithm.
    ///   zdict
    ///     The predefined compression dictionary.
    #[function(
        sig = "level=Z_DEFAULT_COMPRESSION, method=DEFLATED, wbits=MAX_WBITS, memLevel=DEF_MEM_LEVEL, strategy=Z_DEFAULT_STRATEGY, zdict=<unrepresentable>"
    )]
    fn compressobj(
        vm: &Vm,
        level: Option<i32>,
        method: Option<i32>,
        wbits: Option<i32>,
        memory: Option<i32>,
        strategy: Option<i32>,
        zdict: Option<&Value>,
    ) -> PyResult<Value> {
        let dictionary = zdict.map_or(Ok(Vec::new()), |zdict| buffer::to_vec(vm, zdict))?;
        let (method, bits) = (method.unwrap_or(8), wbits.unwrap_or(15));
        let (memory, strategy) = (memory.unwrap_or(8), strategy.unwrap_or(0));
        match config(level.unwrap_or(-1), method, bits, memory, strategy) {
            Some(config) => Compress::make(vm, Compressor::new(vm, config, dictionary)?),
            None => Err(vm.value_error("Invalid initialization option")),
        }
    }

    /// Return a decompressor object.
    ///
    ///   wbits
    ///     The window buffer size and container format.
    ///   zdict
    ///     The predefined compression dictionary.  This must be the same
    ///     dictionary as used by the compressor that produced the input data.
    #[function(sig = "wbits=MAX_WBITS, zdict=b''")]
    fn decompressobj(vm: &Vm, wbits: Option<i32>, zdict: Option<&Value>) -> PyResult<Value> {
        if zdict.is_some_and(|zdict| !buffer::is_buffer(vm, zdict)) {
            return Err(vm.type_error("zdict argument must support the buffer protocol"));
        }
        let Some(bits) = checked_bits(wbits.unwrap_or(15)) else {
            return Err(vm.value_error("Invalid initialization option"));
        };
        let dictionary = zdict.map(|zdict| buffer::to_vec(vm, zdict)).transpose()?;
        let dictionary = dictionary.filter(|dictionary| !dictionary.is_empty());
        Decompress::make(vm, Decompressor::new(vm, bits, dictionary)?, Vec::new(), Vec::new())
    }
}
