//! From the compiler's `SyntaxError` to Python's.
//!
//! Invariant: the exception has the fields that CPython's parser gives it; what has no place in the source has no fields but the message.

use taipan_compiler::{ErrorKind, SyntaxError};
use taipan_heap::{Ref, Value};
use taipan_objects::builtins::{NONE, tuple::Tuple};
use taipan_objects::native::IntoValue;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Raised, Vm};

fn class_of(vm: &Vm, kind: ErrorKind) -> Ref<Type> {
    let types = vm.types();
    match kind {
        ErrorKind::SyntaxError => &types.syntax_error,
        ErrorKind::IndentationError => &types.indentation_error,
        ErrorKind::TabError => &types.tab_error,
        ErrorKind::MemoryError => &types.memory_error,
        ErrorKind::IncompleteInputError => &types.incomplete_input_error,
        ErrorKind::RecursionError => &types.recursion_error,
    }
    .clone()
}

fn make(vm: &Vm, error: &SyntaxError, filename: &str, source: Option<&str>) -> PyResult<Raised> {
    let class = class_of(vm, error.kind);
    let message = error.message.as_str().into_value(vm)?;
    let plain = matches!(error.kind, ErrorKind::MemoryError | ErrorKind::RecursionError);
    if plain || error.line.is_none() {
        let arguments = if error.message.is_empty() { vec![] } else { vec![message] };
        return Ok(vm.raise(vm.new_exception(&class, &arguments)?));
    }
    let number = |n: Option<i32>| n.into_value(vm);
    let place: Vec<Value> = vec![
        filename.into_value(vm)?,
        number(error.line)?,
        number(error.offset)?,
        error.text.as_deref().into_value(vm)?,
        number(error.end_line)?,
        number(error.end_offset)?,
    ];
    let place = Tuple::from_values(vm, place)?;
    let exception = vm.new_exception(&class, &[message, place.into()])?;
    if error.has_metadata {
        let source = match source {
            Some(source) if source.ends_with('\n') => source.into_value(vm)?,
            Some(source) => format!("{source}\n").into_value(vm)?,
            None => NONE,
        };
        let metadata = [Value::small_int(0), Value::small_int(0), source];
        let metadata = Tuple::new(vm, metadata.into_iter())?.into();
        vm.set_attr(&exception.to_value(), &*vm.intern("_metadata")?, metadata)?;
    }
    Ok(vm.raise(exception))
}

/// Raises the compiler's error as a Python exception. `source` is the text that was compiled, for errors that keep it.
pub fn syntax_error(vm: &Vm, error: &SyntaxError, filename: &str, source: Option<&str>) -> Raised {
    match make(vm, error, filename, source) {
        Ok(raised) | Err(raised) => raised,
    }
}
