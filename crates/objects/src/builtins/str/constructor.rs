//! `str(...)`: text of any object, or decoded bytes.
//!
//! Invariant: an instance of a subclass gets a copy of the text that the exact class would have given.

use super::Str;
use crate::builtins::buffer;
use crate::native::Args;
use crate::native::unexpected_keyword;
use crate::types::Type;
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Ref, Value};

fn text_argument<'a>(vm: &Vm, value: &'a Value, name: &str) -> PyResult<&'a Obj<Str>> {
    value.downcast::<Str>().ok_or_else(|| {
        let given = vm.type_name(value);
        vm.type_error(format!("str() argument '{name}' must be str, not {given}"))
    })
}

/// `class(object='', encoding, errors)`
pub(super) fn construct(vm: &Vm, class: &Obj<Type>, args: Args<'_>) -> PyResult<Value> {
    const NAMES: [&str; 3] = ["object", "encoding", "errors"];
    let positionals = args.positionals();
    if positionals.len() > 3 {
        let given = positionals.len();
        return Err(vm.type_error(format!("str expected at most 3 arguments, got {given}")));
    }
    let mut given = [None; 3];
    for (slot, value) in given.iter_mut().zip(positionals) {
        *slot = Some(value);
    }
    if args.values.len() > 3 {
        let given = args.values.len();
        return Err(vm.type_error(format!("str() takes at most 3 arguments ({given} given)")));
    }
    for (name, value) in args.keywords() {
        let Some(index) = NAMES.iter().position(|known| Str::is_text(name, known)) else {
            return Err(unexpected_keyword(vm, "str", name, &NAMES));
        };
        if given[index].replace(value).is_some() {
            let (name, at) = (NAMES[index], index + 1);
            return Err(vm.type_error(format!("argument for str() given by name ('{name}') and position ({at})")));
        }
    }
    let [object, encoding, errors] = given;
    let text = match object {
        None => Str::empty(vm)?,
        Some(object) if encoding.is_none() && errors.is_none() => vm.str(object)?,
        Some(object) => decoded(vm, object, encoding, errors)?,
    };
    if class.is_same(&*vm.types().str) {
        return Ok(text.into());
    }
    Ok(Str::new_subclass(vm, class, &text)?.into())
}

fn decoded(vm: &Vm, object: &Value, encoding: Option<&Value>, errors: Option<&Value>) -> PyResult<Ref<Str>> {
    let encoding = match encoding {
        Some(encoding) => text_argument(vm, encoding, "encoding")?.to_lossy().into_owned(),
        None => "utf-8".to_owned(),
    };
    let errors = match errors {
        Some(errors) => text_argument(vm, errors, "errors")?.to_lossy().into_owned(),
        None => "strict".to_owned(),
    };
    if object.downcast::<Str>().is_some() {
        return Err(vm.type_error("decoding str is not supported"));
    }
    if !buffer::is_buffer(vm, object) {
        let given = vm.type_name(object);
        return Err(vm.type_error(format!("decoding to str: need a bytes-like object, {given} found")));
    }
    crate::codecs::decode(vm, object, &encoding, &errors)
}
