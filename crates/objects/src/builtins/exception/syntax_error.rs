//! `SyntaxError` and its place in the source.
//!
//! Invariant: fields that were not given are empty and read as None.

use super::fields::base;
use super::{BaseException, Extended, add_fields, value_fields};
use crate::builtins::str::Str;
use crate::builtins::{NONE, int};
use crate::native::{Args, IntoValue};
use crate::types::Type;
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Payload, Slot, Value};
use taipan_macros::pytype;

macro_rules! fields {
    ($($(#[doc = $doc:literal])* $field:ident $python:literal,)*) => {
        /// SyntaxError.
        #[derive(Payload)]
        #[repr(C)]
        #[payload(name = "SyntaxError", base = BaseException)]
        pub struct SyntaxError {
            /// What all exceptions have.
            pub base: BaseException,
            $($(#[doc = $doc])* pub $field: Slot,)*
        }

        impl Extended for SyntaxError {
            fn from_base(base: BaseException) -> SyntaxError {
                SyntaxError { base, $($field: Slot::default(),)* }
            }
        }

        value_fields!(FIELDS, SyntaxError: $($python => $field),*);
    };
}

fields! {
    /// The message.
    msg "msg",
    /// The file's name.
    filename "filename",
    /// First line.
    lineno "lineno",
    /// First column, from 1.
    offset "offset",
    /// The source line.
    text "text",
    /// Last line.
    end_lineno "end_lineno",
    /// Column behind the last character, from 1.
    end_offset "end_offset",
    /// Whether file and line are shown with the exception.
    print_file_and_line "print_file_and_line",
    /// Where the parser stopped, for keyword suggestions.
    metadata "_metadata",
}

impl SyntaxError {
    fn set_details(this: &Obj<SyntaxError>, vm: &Vm, details: &Value) -> PyResult<()> {
        let details = vm.collect(details)?;
        if details.len() < 4 || details.len() > 7 {
            let (word, bound) = if details.len() < 4 { ("least", 4) } else { ("most", 7) };
            let given = details.len();
            return Err(vm.type_error(format!("function takes at {word} {bound} arguments ({given} given)")));
        }
        if details.len() == 5 {
            return Err(vm.type_error("end_offset must be provided when end_lineno is provided"));
        }
        let fields = [
            &this.filename,
            &this.lineno,
            &this.offset,
            &this.text,
            &this.end_lineno,
            &this.end_offset,
            &this.metadata,
        ];
        for (index, field) in fields.into_iter().enumerate() {
            field.set(details.get(index).cloned());
        }
        Ok(())
    }
}

/// Invalid syntax.
#[pytype(name = "SyntaxError", flags = BASETYPE | HAS_DICT, ready = Self::ready)]
impl SyntaxError {
    fn ready(vm: &Vm, class: &Obj<Type>) -> PyResult<()> {
        add_fields(vm, class, FIELDS)
    }

    #[slot]
    fn init(this: &Obj<SyntaxError>, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        BaseException::init(&base(this), vm, args)?;
        if let Some(msg) = args.values.first() {
            this.msg.set(Some(msg.clone()));
        }
        match args.values {
            [_, details] => SyntaxError::set_details(this, vm, details),
            _ => Ok(()),
        }
    }

    #[slot]
    fn str(this: &Obj<SyntaxError>, vm: &Vm) -> PyResult<String> {
        let msg = vm.str(&this.msg.get().unwrap_or(NONE))?.to_lossy().into_owned();
        let filename = this.filename.get().filter(|name| name.downcast::<Str>().is_some()).map(|name| {
            let name = Str::display(&name);
            name.rsplit('/').next().unwrap_or_default().to_owned()
        });
        let line =
            this.lineno.get().filter(int::is_int).map(|line| int::as_big(&line).map_or(0.into(), |n| n.into_owned()));
        Ok(match (filename, line) {
            (Some(filename), Some(line)) => format!("{msg} ({filename}, line {line})"),
            (Some(filename), None) => format!("{msg} ({filename})"),
            (None, Some(line)) => format!("{msg} (line {line})"),
            (None, None) => msg,
        })
    }
}

/// What a compiler knows of a syntax error.
#[derive(Debug, Clone, Default)]
pub struct SyntaxDetails {
    /// The message.
    pub message: String,
    /// The file's name.
    pub filename: String,
    /// First line.
    pub line: u32,
    /// First column, from 1, in code points.
    pub column: u32,
    /// The source line.
    pub text: Option<String>,
    /// Last line.
    pub end_line: u32,
    /// Column behind the last character, from 1; 0 for unknown.
    pub end_column: u32,
}

impl Vm {
    /// Raises the SyntaxError class `class` with its place in the source.
    #[cold]
    pub fn syntax_error(&self, class: &Obj<Type>, details: &SyntaxDetails) -> crate::vm::Raised {
        let make = || {
            let text = details.text.as_deref().into_value(self)?;
            let number = |n: u32| n.into_value(self);
            let place = [
                details.filename.as_str().into_value(self)?,
                number(details.line)?,
                number(details.column)?,
                text,
                number(details.end_line)?,
                number(details.end_column)?,
            ];
            let place = crate::builtins::tuple::Tuple::new(self, place.into_iter())?;
            self.new_exception(class, &[details.message.as_str().into_value(self)?, place.into()])
        };
        match make() {
            Ok(exception) => self.raise(exception),
            Err(raised) => raised,
        }
    }
}
