//! `unicodedata`: the properties of characters.
//!
//! Invariant: everything comes from the tables of the text crate, whose version is `unidata_version`.

pub use module::spec;

use taipan_heap::{Obj, Ref, Value};
use taipan_macros::pymodule;
use taipan_objects::builtins::str::{Str, written};
use taipan_objects::vm::{PyResult, Vm};
use taipan_text::unicode;
use taipan_text::unicode::NormalForm;

/// The character that an argument of `function` is.
pub(crate) fn character(vm: &Vm, value: &Value, function: &str, only: bool) -> PyResult<u32> {
    let argument = if only { "argument" } else { "argument 1" };
    match value.downcast::<Str>() {
        Some(text) if text.len() == 1 => Ok(text.point(0)),
        Some(text) => {
            let len = text.len();
            Err(vm.type_error(format!(
                "{function}(): {argument} must be a unicode character, not a string of length {len}"
            )))
        }
        None => {
            let given = vm.type_name(value);
            Err(vm.type_error(format!("{function}() {argument} must be a unicode character, not {given}")))
        }
    }
}

pub(crate) fn form(vm: &Vm, form: &Obj<Str>) -> PyResult<NormalForm> {
    NormalForm::from_name(&form.to_lossy()).ok_or_else(|| vm.value_error("invalid normalization form"))
}

fn normalized(vm: &Vm, form: NormalForm, text: &Obj<Str>) -> PyResult<Ref<Str>> {
    if text.is_ascii() {
        return Str::plain(text, vm);
    }
    written(vm, |out| {
        unicode::normalize(form, &**text, out);
        Ok(())
    })
}

/// The sequences that have names of their own, and aliases, are not looked up.
fn by_name(name: &str) -> Option<u32> {
    let found = unicode::lookup(name)?;
    // Names that end in a code point are taken in one spelling only.
    let numbered = name.rsplit_once('-').is_some_and(|(_, number)| u32::from_str_radix(number, 16).is_ok());
    let exact = || unicode::name(found).is_some_and(|known| known.eq_ignore_ascii_case(name));
    (!numbered || exact()).then_some(found)
}

pub(crate) fn or_default(
    default: Option<&Value>,
    error: impl FnOnce() -> taipan_objects::vm::Raised,
) -> PyResult<Value> {
    default.cloned().ok_or_else(error)
}

/// The character of a name, if it is one of those that are known.
pub(crate) fn look_up(vm: &Vm, name: &Value, known: impl Fn(u32) -> bool) -> PyResult<Ref<Str>> {
    let name = match name.downcast::<Str>() {
        Some(name) => name.to_lossy().into_owned(),
        None => {
            let bytes = taipan_objects::builtins::buffer::to_vec(vm, name)?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
    };
    match by_name(&name).filter(|&point| known(point)) {
        Some(point) => Str::character(vm, point),
        None => {
            let message = Str::new(vm, &format!("undefined character name '{name}'"))?;
            Err(vm.key_error(&message.into()))
        }
    }
}

/// The properties of characters in the Unicode Character Database.
#[pymodule(name = "unicodedata", types(OldDatabase))]
mod module {
    use super::*;
    use crate::unicodedata_old::OldDatabase;

    #[constant]
    fn ucd_3_2_0(vm: &Vm) -> PyResult<Value> {
        OldDatabase::make(vm)
    }

    #[constant(name = "unidata_version")]
    fn version() -> &'static str {
        unicode::UNICODE_VERSION
    }

    /// Look a character up by name.
    #[function(sig = "name, /")]
    fn lookup(vm: &Vm, name: &Value) -> PyResult<Ref<Str>> {
        look_up(vm, name, |_| true)
    }

    /// Return the name assigned to the character, or default.
    #[function(sig = "chr, default=None, /")]
    fn name(vm: &Vm, chr: &Value, default: Option<&Value>) -> PyResult<Value> {
        match unicode::name(character(vm, chr, "name", false)?) {
            Some(name) => Ok(Str::new(vm, &name)?.into()),
            None => or_default(default, || vm.value_error("no such name")),
        }
    }

    /// Return the value of a decimal digit, or default.
    #[function(sig = "chr, default=None, /")]
    fn decimal(vm: &Vm, chr: &Value, default: Option<&Value>) -> PyResult<Value> {
        match unicode::decimal_value(character(vm, chr, "decimal", false)?) {
            Some(digit) => Ok(Value::small_int(i32::from(digit))),
            None => or_default(default, || vm.value_error("not a decimal")),
        }
    }

    /// Return the value of a digit, or default.
    #[function(sig = "chr, default=None, /")]
    fn digit(vm: &Vm, chr: &Value, default: Option<&Value>) -> PyResult<Value> {
        match unicode::digit_value(character(vm, chr, "digit", false)?) {
            Some(digit) => Ok(Value::small_int(i32::from(digit))),
            None => or_default(default, || vm.value_error("not a digit")),
        }
    }

    /// Return the numeric value of a character as a float, or default.
    #[function(sig = "chr, default=None, /")]
    fn numeric(vm: &Vm, chr: &Value, default: Option<&Value>) -> PyResult<Value> {
        match unicode::numeric(character(vm, chr, "numeric", false)?) {
            Some(number) => taipan_objects::builtins::float::new(vm, number),
            None => or_default(default, || vm.value_error("not a numeric character")),
        }
    }

    /// Return the general category of a character.
    #[function(sig = "chr, /")]
    fn category(vm: &Vm, chr: &Value) -> PyResult<&'static str> {
        Ok(unicode::category(character(vm, chr, "category", true)?))
    }

    /// Return the bidirectional class of a character, or an empty str.
    #[function(sig = "chr, /")]
    fn bidirectional(vm: &Vm, chr: &Value) -> PyResult<&'static str> {
        Ok(unicode::bidirectional(character(vm, chr, "bidirectional", true)?))
    }

    /// Return the canonical combining class of a character, 0 if it has none.
    #[function(sig = "chr, /")]
    fn combining(vm: &Vm, chr: &Value) -> PyResult<u8> {
        Ok(unicode::combining(character(vm, chr, "combining", true)?))
    }

    /// Return 1 if a character is mirrored in text from right to left, 0 otherwise.
    #[function(sig = "chr, /")]
    fn mirrored(vm: &Vm, chr: &Value) -> PyResult<u8> {
        Ok(u8::from(unicode::mirrored(character(vm, chr, "mirrored", true)?)))
    }

    /// Return the East Asian width of a character.
    #[function(sig = "chr, /")]
    fn east_asian_width(vm: &Vm, chr: &Value) -> PyResult<&'static str> {
        Ok(unicode::east_asian_width(character(vm, chr, "east_asian_width", true)?))
    }

    /// Return the decomposition mapping of a character, or an empty str.
    #[function(sig = "chr, /")]
    fn decomposition(vm: &Vm, chr: &Value) -> PyResult<String> {
        Ok(unicode::decomposition(character(vm, chr, "decomposition", true)?))
    }

    /// Return a normal form of a str: NFC, NFKC, NFD or NFKD.
    #[function(sig = "form, unistr, /")]
    fn normalize(vm: &Vm, form: &Obj<Str>, unistr: &Obj<Str>) -> PyResult<Ref<Str>> {
        normalized(vm, super::form(vm, form)?, unistr)
    }

    /// Return whether a str is in a normal form.
    #[function(sig = "form, unistr, /")]
    fn is_normalized(vm: &Vm, form: &Obj<Str>, unistr: &Obj<Str>) -> PyResult<bool> {
        Ok(normalized(vm, super::form(vm, form)?, unistr)?.same_text(unistr))
    }
}
