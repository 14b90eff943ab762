//! CPython's pure-Python standard library, packed into the binary.
//!
//! The build script lays every file of the library, compressed on its own, into one archive and writes two sorted
//! tables beside it. So looking a module up is a binary search that decompresses nothing, and loading one module
//! decompresses that module alone. What a file yields is byte for byte what the package holds. The bytecode of each module, compiled
//! when the crate was built, lies in a second archive, whose form is small by itself: it is read where it lies, as far as it is needed.
//!
//! What does not live here: native modules and the import system.

use std::fmt;
use std::ops::Range;

/// A module or package of the standard library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Module {
    /// The dotted name, such as `json.decoder`.
    pub name: &'static str,
    /// The path of its source below the library's root, such as `json/decoder.py`.
    pub path: &'static str,
    /// Whether it is a package, so that `path` ends in `__init__.py`.
    pub is_package: bool,
}

/// Where a file lies in the archive.
struct Entry {
    path: &'static str,
    text: Span,
    /// Where in the second archive its bytecode lies.
    code: Range<usize>,
}

/// A compressed run of an archive, and its size when decompressed.
struct Span {
    start: usize,
    end: usize,
    size: usize,
}

include!(concat!(env!("OUT_DIR"), "/index.rs"));

static ARCHIVE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/archive.bin"));

static CODE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/code.bin"));

/// The path under which the archive keeps the licence of the library.
const LICENCE_PATH: &str = "PSF-LICENSE";

/// Why a module's source could not be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceError {
    /// The archive holds no file of this path.
    Missing(&'static str),
    /// The file's bytes do not decompress: the binary is damaged.
    Damaged(&'static str),
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(f, "the standard library has no file {path}"),
            Self::Damaged(path) => write!(f, "the standard library's file {path} is damaged"),
        }
    }
}

impl std::error::Error for SourceError {}

/// Finds a module by its dotted name.
pub fn find(name: &str) -> Option<Module> {
    let row = MODULES.binary_search_by(|module| module.name.cmp(name)).ok()?;
    MODULES.get(row).copied()
}

/// The source of a module.
///
/// # Errors
/// When the module was not found here, or the archive in the binary is damaged.
pub fn source(module: &Module) -> Result<Vec<u8>, SourceError> {
    let entry = entry(module.path).ok_or(SourceError::Missing(module.path))?;
    unpack(ARCHIVE, &entry.text).ok_or(SourceError::Damaged(module.path))
}

/// The bytecode of a module in its binary form, compiled without optimisation under the file name `<stdlib>/PATH`; `None` if it does not compile.
pub fn code(module: &Module) -> Option<&'static [u8]> {
    CODE.get(entry(module.path)?.code.clone()).filter(|code| !code.is_empty())
}

/// The contents of any file, data files included, by its path below the library's root.
pub fn file(path: &str) -> Option<Vec<u8>> {
    unpack(ARCHIVE, &entry(path)?.text)
}

/// The size in bytes of a file, without decompressing it.
pub fn file_size(path: &str) -> Option<usize> {
    entry(path).map(|entry| entry.text.size)
}

/// All modules, ordered by name.
pub fn modules() -> impl Iterator<Item = Module> + Clone {
    MODULES.iter().copied()
}

/// The paths of all files, ordered.
pub fn files() -> impl Iterator<Item = &'static str> + Clone {
    FILES.iter().map(|entry| entry.path)
}

/// The direct submodules of a package, ordered by name; of the whole library when `package` is empty.
pub fn children(package: &str) -> impl Iterator<Item = Module> + Clone {
    let prefix = if package.is_empty() { String::new() } else { format!("{package}.") };
    let first = MODULES.partition_point(|module| module.name < prefix.as_str());
    let rest = MODULES.get(first..).unwrap_or_default();
    let length = rest.partition_point(|module| module.name.starts_with(&prefix));
    let depth = prefix.len();
    rest.iter().take(length).filter(move |module| !module.name[depth..].contains('.')).copied()
}

/// The licence under which the library's files are distributed.
pub fn licence() -> String {
    file(LICENCE_PATH).map(|text| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default()
}

fn entry(path: &str) -> Option<&'static Entry> {
    let row = FILES.binary_search_by(|entry| entry.path.cmp(path)).ok()?;
    FILES.get(row)
}

fn unpack(archive: &[u8], span: &Span) -> Option<Vec<u8>> {
    let packed = archive.get(span.start..span.end)?;
    let contents = lz4_flex::block::decompress(packed, span.size).ok()?;
    (contents.len() == span.size).then_some(contents)
}
