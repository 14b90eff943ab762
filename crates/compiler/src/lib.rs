//! Python 3.14 source to Taipan register bytecode.
//!
//! The front half, [`source`] and [`parse`], turns bytes or text into a syntax tree or into the
//! `SyntaxError` that CPython 3.14 would raise for them. The back half resolves names (`symtable`) and generates code
//! objects (`codegen`). [`compile`] does all of it.
//!
//! ```
//! let source = taipan_compiler::Input::Text("print(1 + 1)");
//! let compiled = taipan_compiler::compile(source, "<example>", taipan_compiler::Mode::Exec, &Default::default())?;
//! assert_eq!(&*compiled.code.name, "<module>");
//! # Ok::<(), Box<taipan_compiler::SyntaxError>>(())
//! ```

mod codegen;
mod future;
pub mod parse;
pub mod source;
pub mod symbols;
mod symtable;
pub mod tree;

use std::sync::Arc;

use ruff_python_ast::Mod;
use ruff_text_size::TextRange;
use taipan_bytecode::{Code, future as features};

pub use parse::{ErrorKind, Mode, SyntaxError, SyntaxWarning};
use parse::{Flags, Parsed};
use source::{Origin, Source};

/// Trees deeper than this are refused, as CPython refuses what would exhaust its stack.
const MAX_DEPTH: u32 = 10_000;

/// Stack that one level of the tree may need while it is compiled.
const STACK_PER_LEVEL: usize = 12 * 1024;

/// What to compile.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// Text, as given to `compile` or `exec`.
    Text(&'a str),
    /// Bytes in memory, decoded by their coding cookie.
    Bytes(&'a [u8]),
    /// The bytes of a file.
    File(&'a [u8]),
}

/// How to compile.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// `-O` level: 1 drops assertions, 2 docstrings too.
    pub optimize: u8,
    /// `__future__` features in force from outside, as `co_flags` bits.
    pub future_flags: u32,
    /// `PyCF_ALLOW_TOP_LEVEL_AWAIT`.
    pub top_level_await: bool,
    /// `PyCF_ALLOW_INCOMPLETE_INPUT`.
    pub allow_incomplete_input: bool,
    /// `PyCF_DONT_IMPLY_DEDENT`.
    pub dont_imply_dedent: bool,
}

/// A compiled source.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The code object.
    pub code: Arc<Code>,
    /// Warnings, in the order in which CPython issues them.
    pub warnings: Vec<SyntaxWarning>,
}

/// Compiles a source.
pub fn compile(input: Input<'_>, filename: &str, mode: Mode, options: &Options) -> Result<Compiled, Box<SyntaxError>> {
    let source = match input {
        Input::Text(text) => Source::from_text(filename, text),
        Input::Bytes(bytes) => Source::from_bytes(filename, bytes, Origin::String),
        Input::File(bytes) => Source::from_bytes(filename, bytes, Origin::File),
    }?;
    let flags = Flags {
        allow_top_level_await: options.top_level_await,
        allow_incomplete_input: options.allow_incomplete_input,
        dont_imply_dedent: options.dont_imply_dedent,
        barry_as_flufl: options.future_flags & features::BARRY_AS_BDFL != 0,
        digit_limit: 0,
    };
    let parsed = parse::parse(&source, mode, flags)?;
    compile_parsed(&source, &parsed, mode, options)
}

/// Compiles what has been parsed.
pub fn compile_parsed(
    source: &Source,
    parsed: &Parsed,
    mode: Mode,
    options: &Options,
) -> Result<Compiled, Box<SyntaxError>> {
    let depth = parsed.depth();
    if depth > MAX_DEPTH {
        let message = "maximum recursion depth exceeded during compilation";
        return Err(Box::new(SyntaxError::unlocated(ErrorKind::RecursionError, message)));
    }
    let stack = (depth as usize + 64) * STACK_PER_LEVEL;
    let (code, warnings) = stacker::maybe_grow(stack, stack, || generate(source, parsed.tree(), mode, options))?;
    let warnings = parsed.warnings().iter().cloned().chain(warnings).collect();
    Ok(Compiled { code, warnings })
}

/// An error found after parsing. Its text is the line of the file: there is none if the name is no file's. Its columns count bytes, as
/// CPython's do that late.
pub(crate) fn error_at(source: &Source, range: TextRange, message: impl Into<String>) -> SyntaxError {
    let mut error = SyntaxError::at(source, range, message);
    let column = |at: u32| source.position(at).column.cast_signed().saturating_add(1);
    error.offset = Some(column(range.start().into()));
    error.end_offset = Some(column(range.end().into()));
    if source.filename().starts_with('<') && source.filename().ends_with('>') {
        error.text = None;
    }
    error
}

fn generate(
    source: &Source,
    tree: &Mod,
    mode: Mode,
    options: &Options,
) -> Result<(Arc<Code>, Vec<SyntaxWarning>), Box<SyntaxError>> {
    let located = |(range, message): (_, String)| Box::new(error_at(source, range, message));
    let mut options = *options;
    options.future_flags |= future::features(tree).map_err(located)?;
    let annotations = options.future_flags & features::ANNOTATIONS != 0;
    let table = symtable::build(tree, annotations, options.top_level_await).map_err(located)?;
    codegen::generate(source, tree, mode, table, &options)
}
