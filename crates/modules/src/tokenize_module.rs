//! `_tokenize`: the tokens of Python source, for `tokenize`.
//!
//! Invariant: all lines are read when the first token is asked for; an error in the source is raised behind the tokens before it.

pub use module::spec;

use crate::builtins_module::syntax_error;
use std::cell::RefCell;
use std::ops::Range;
use taipan_compiler::SyntaxError;
use taipan_compiler::parse::{Lexeme, lexemes};
use taipan_compiler::source::Source;
use taipan_heap::{Charge, Obj, Payload, Slot, Value};
use taipan_macros::{pymodule, pytype};
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::is_none;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::codecs;
use taipan_objects::native::IntoValue;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// The iterator over tokens.
#[derive(Payload)]
#[payload(name = "TokenizerIter")]
pub struct TokenizerIter {
    readline: Value,
    encoding: Value,
    extra: bool,
    state: State,
    /// The last token's line, which the next often shares.
    line: Slot,
}

/// What was read.
struct Read {
    text: String,
    tokens: std::vec::IntoIter<Lexeme>,
    error: Option<SyntaxError>,
    line: Range<usize>,
    _charge: Charge,
}

struct State(RefCell<Option<Read>>);
taipan_heap::no_references!(State);

const NEWLINE: u8 = 4;
const INDENT: u8 = 5;
const DEDENT: u8 = 6;
const OP: u8 = 55;
const COMMENT: u8 = 65;

/// The operators in the order of their numbers, from 7 on.
const OPERATORS: [&str; 48] = [
    "(", ")", "[", "]", ":", ",", ";", "+", "-", "*", "/", "|", "&", "<", ">", "=", ".", "%", "{", "}", "==", "!=",
    "<=", ">=", "~", "^", "<<", ">>", "**", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "**=", "//",
    "//=", "@", "@=", "->", "...", ":=", "!",
];

impl TokenizerIter {
    /// Reads all lines.
    fn source(&self, vm: &Vm, charge: &Charge) -> PyResult<String> {
        let mut text = String::new();
        loop {
            let line = vm.call(&self.readline, &[]);
            let Some(line) = vm.catch(line, &vm.types().stop_iteration)? else { return Ok(text) };
            let line = if is_none(&self.encoding) {
                line.downcast_into::<Str>().map_err(|_| vm.type_error("readline() returned a non-string object"))?
            } else {
                if line.downcast::<Bytes>().is_none() {
                    return Err(vm.type_error("readline() returned a non-bytes object"));
                }
                let encoding = Str::display(&self.encoding);
                codecs::decode(vm, &line, &encoding, "replace")?
            };
            if line.is_empty() {
                return Ok(text);
            }
            let line = line.to_lossy();
            if text.capacity() - text.len() < line.len() {
                vm.recharge(charge, 2 * (text.len() + line.len()))?;
            }
            text.push_str(&line);
        }
    }

    fn read(&self, vm: &Vm) -> PyResult<Read> {
        let charge = vm.charge(0)?;
        let text = self.source(vm, &charge)?;
        vm.recharge(&charge, text.len() * (2 + size_of::<Lexeme>()))?;
        let source =
            Source::from_text("<string>", &text).map_err(|error| syntax_error(vm, &error, "<string>", Some(&text)))?;
        let (tokens, error) = lexemes(&source);
        vm.recharge(&charge, text.len() + tokens.capacity() * size_of::<Lexeme>())?;
        Ok(Read { text: source.text().to_owned(), tokens: tokens.into_iter(), error, line: 0..0, _charge: charge })
    }

    fn tuple(&self, vm: &Vm, token: &Lexeme, text: &str, line: Value) -> PyResult<Value> {
        let (mut kind, mut text, mut start, mut end) = (token.kind, text, token.start, token.end);
        let mut column = i64::from(start.1);
        let mut end_column = i64::from(end.1);
        if !self.extra {
            match kind {
                OP => {
                    let exact = OPERATORS.iter().position(|operator| *operator == text);
                    kind = exact.map_or(if text == "<>" { 28 } else { OP }, |at| at as u8 + 7);
                }
                NEWLINE => (text, end, end_column) = ("", start, column),
                INDENT | DEDENT => {
                    (text, start, column, end_column) = ("", end, -1, -1);
                }
                _ => {}
            }
        }
        let place = |line: u32, column: i64| Tuple::pair(vm, line.into_value(vm)?, column.into_value(vm)?);
        let parts = [
            kind.into_value(vm)?,
            text.into_value(vm)?,
            place(start.0, column)?.into(),
            place(end.0, end_column)?.into(),
            line,
        ];
        Ok(Tuple::new(vm, parts.into_iter())?.into())
    }
}

#[pytype(name = "TokenizerIter", module = "_tokenize")]
impl TokenizerIter {
    #[slot(sig = "readline, /, *, encoding=None, extra_tokens=False")]
    fn new(
        class: &Obj<Type>,
        vm: &Vm,
        readline: &Value,
        encoding: Option<&Value>,
        extra_tokens: bool,
    ) -> PyResult<Value> {
        let encoding = encoding.cloned().unwrap_or(taipan_objects::builtins::NONE);
        let payload = TokenizerIter {
            readline: readline.clone(),
            encoding,
            extra: extra_tokens,
            state: State(RefCell::new(None)),
            line: Slot::default(),
        };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn iter(this: &Obj<TokenizerIter>) -> Value {
        this.to_value()
    }

    #[slot]
    fn next(this: &Obj<TokenizerIter>, vm: &Vm) -> PyResult<Option<Value>> {
        if this.state.0.borrow().is_none() {
            let read = this.read(vm)?;
            this.state.0.replace(Some(read));
        }
        let (token, text, new_line) = {
            let mut state = this.state.0.borrow_mut();
            let Some(read) = state.as_mut() else { return Ok(None) };
            let token = read.tokens.find(|token| this.extra || token.kind < COMMENT);
            let Some(token) = token else {
                let error = read.error.take();
                let text = read.text.clone();
                drop(state);
                return match error {
                    Some(error) => Err(syntax_error(vm, &error, "<string>", Some(&text))),
                    None => Ok(None),
                };
            };
            let part = |range: &Range<usize>| {
                let end = range.end.min(read.text.len());
                read.text.get(range.start.min(end)..end).unwrap_or("").to_owned()
            };
            let text = part(&token.text);
            let new_line = (token.lines != read.line || token.lines.is_empty()).then(|| part(&token.lines));
            read.line = token.lines.clone();
            (token, text, new_line)
        };
        if let Some(line) = new_line {
            this.line.set(Some(line.into_value(vm)?));
        }
        let line = this.line.get().unwrap_or(taipan_objects::builtins::NONE);
        this.tuple(vm, &token, &text, line).map(Some)
    }
}

#[pymodule(name = "_tokenize", types(TokenizerIter))]
mod module {
    use super::*;
}
