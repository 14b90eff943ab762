//! `_json`: what makes `json` fast.
//!
//! * `scan` – reading; `encode` – writing.
//!
//! Invariant: the results are those of the library's own functions in Python.

mod encode;
mod scan;

pub use module::spec;

use encode::Encoder;
use scan::Scanner;
use taipan_heap::{Obj, Ref, Value};
use taipan_macros::pymodule;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::str::{Str, StrBuilder};
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::native::IntoValue;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

fn text_of<'a>(vm: &Vm, value: &'a Value) -> PyResult<&'a Obj<Str>> {
    match value.downcast::<Str>() {
        Some(text) => Ok(text),
        None => {
            let given = vm.type_name(value);
            Err(vm.type_error(format!("first argument must be a string, not {given}")))
        }
    }
}

fn quoted(vm: &Vm, object: &Value, ascii: bool) -> PyResult<Ref<Str>> {
    let mut out = StrBuilder::new();
    encode::quote(&mut out, text_of(vm, object)?, ascii);
    out.finish(vm)
}

/// json speedups
#[pymodule(name = "_json", init = fill)]
mod module {
    use super::*;

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        let classes: [(&str, Ref<Type>); 2] =
            [("make_scanner", vm.native_type(Scanner::spec())?), ("make_encoder", vm.native_type(Encoder::spec())?)];
        for (name, class) in classes {
            module.set_attr(vm, name, class.into())?;
        }
        Ok(())
    }

    /// scanstring(string, end, strict=True) -> (string, end)
    ///
    /// Scan the string s for a JSON string. End is the index of the
    /// character in s after the quote that started the JSON string.
    /// Unescapes all valid JSON string escape sequences and raises ValueError
    /// on attempt to decode an invalid string. If strict is False then literal
    /// control characters are allowed in the string.
    ///
    /// Returns a tuple of the decoded string and the index of the character in s
    /// after the end quote.
    #[function]
    fn scanstring(vm: &Vm, string: &Value, end: isize, strict: Option<bool>) -> PyResult<Ref<Tuple>> {
        let text = text_of(vm, string)?;
        let Some(start) = usize::try_from(end).ok().filter(|&start| start <= text.len() && start > 0) else {
            return Err(vm.value_error("end is out of bounds"));
        };
        let (value, end) = scan::string(vm, text, start, strict.unwrap_or(true))?;
        Tuple::pair(vm, value.into(), end.into_value(vm)?)
    }

    /// Return an ASCII-only JSON representation of a Python string
    #[function(sig = "object, /")]
    fn encode_basestring_ascii(vm: &Vm, object: &Value) -> PyResult<Ref<Str>> {
        quoted(vm, object, true)
    }

    /// Return a JSON representation of a Python string
    #[function(sig = "object, /")]
    fn encode_basestring(vm: &Vm, object: &Value) -> PyResult<Ref<Str>> {
        quoted(vm, object, false)
    }
}
