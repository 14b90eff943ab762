//! `unicodedata.UCD`: the functions of `unicodedata` as methods, for the database of Unicode 3.2.
//!
//! Invariant: there is one instance, `ucd_3_2_0`; it holds nothing.

use crate::unicodedata::{character, form, or_default};
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::str::{Str, written};
use taipan_objects::vm::{PyResult, Vm};
use taipan_text::unicode::old;

/// A database other than today's.
#[derive(Payload)]
#[payload(name = "UCD")]
pub struct OldDatabase;

fn normalized(vm: &Vm, wanted: &Obj<Str>, text: &Obj<Str>) -> PyResult<Ref<Str>> {
    let form = form(vm, wanted)?;
    if text.is_ascii() {
        return Str::plain(text, vm);
    }
    written(vm, |out| {
        old::normalize(form, &**text, out);
        Ok(())
    })
}

/// The properties of characters in an older Unicode Character Database.
#[pytype(name = "UCD", module = "unicodedata", flags = DISALLOW_INSTANTIATION)]
impl OldDatabase {
    /// The instance.
    pub fn make(vm: &Vm) -> PyResult<Value> {
        Ok(vm.alloc(&*vm.native_type(OldDatabase::spec())?, OldDatabase)?.into())
    }

    #[getter(member)]
    fn unidata_version(_this: &Obj<OldDatabase>) -> &'static str {
        old::VERSION
    }

    /// Look a character up by name.
    #[method(sig = "name, /")]
    fn lookup(_this: &Obj<OldDatabase>, vm: &Vm, name: &Value) -> PyResult<Ref<Str>> {
        crate::unicodedata::look_up(vm, name, |point| !old::is_unassigned(point))
    }

    /// Return the name assigned to the character, or default.
    #[method(sig = "chr, default=None, /")]
    fn name(_this: &Obj<OldDatabase>, vm: &Vm, chr: &Value, default: Option<&Value>) -> PyResult<Value> {
        match old::name(character(vm, chr, "name", false)?) {
            Some(name) => Ok(Str::new(vm, &name)?.into()),
            None => or_default(default, || vm.value_error("no such name")),
        }
    }

    /// Return the value of a decimal digit, or default.
    #[method(sig = "chr, default=None, /")]
    fn decimal(_this: &Obj<OldDatabase>, vm: &Vm, chr: &Value, default: Option<&Value>) -> PyResult<Value> {
        match old::decimal_value(character(vm, chr, "decimal", false)?) {
            Some(digit) => Ok(Value::small_int(i32::from(digit))),
            None => or_default(default, || vm.value_error("not a decimal")),
        }
    }

    /// Return the value of a digit, or default.
    #[method(sig = "chr, default=None, /")]
    fn digit(_this: &Obj<OldDatabase>, vm: &Vm, chr: &Value, default: Option<&Value>) -> PyResult<Value> {
        match old::digit_value(character(vm, chr, "digit", false)?) {
            Some(digit) => Ok(Value::small_int(i32::from(digit))),
            None => or_default(default, || vm.value_error("not a digit")),
        }
    }

    /// Return the numeric value of a character as a float, or default.
    #[method(sig = "chr, default=None, /")]
    fn numeric(_this: &Obj<OldDatabase>, vm: &Vm, chr: &Value, default: Option<&Value>) -> PyResult<Value> {
        match old::numeric(character(vm, chr, "numeric", false)?) {
            Some(number) => taipan_objects::builtins::float::new(vm, number),
            None => or_default(default, || vm.value_error("not a numeric character")),
        }
    }

    /// Return the general category of a character.
    #[method(sig = "chr, /")]
    fn category(_this: &Obj<OldDatabase>, vm: &Vm, chr: &Value) -> PyResult<&'static str> {
        Ok(old::category(character(vm, chr, "category", true)?))
    }

    /// Return the bidirectional class of a character, or an empty str.
    #[method(sig = "chr, /")]
    fn bidirectional(_this: &Obj<OldDatabase>, vm: &Vm, chr: &Value) -> PyResult<&'static str> {
        Ok(old::bidirectional(character(vm, chr, "bidirectional", true)?))
    }

    /// Return the canonical combining class of a character, 0 if it has none.
    #[method(sig = "chr, /")]
    fn combining(_this: &Obj<OldDatabase>, vm: &Vm, chr: &Value) -> PyResult<u8> {
        Ok(old::combining(character(vm, chr, "combining", true)?))
    }

    /// Return 1 if a character is mirrored in text from right to left, 0 otherwise.
    #[method(sig = "chr, /")]
    fn mirrored(_this: &Obj<OldDatabase>, vm: &Vm, chr: &Value) -> PyResult<u8> {
        Ok(u8::from(old::mirrored(character(vm, chr, "mirrored", true)?)))
    }

    /// Return the East Asian width of a character.
    #[method(sig = "chr, /")]
    fn east_asian_width(_this: &Obj<OldDatabase>, vm: &Vm, chr: &Value) -> PyResult<&'static str> {
        Ok(old::east_asian_width(character(vm, chr, "east_asian_width", true)?))
    }

    /// Return the decomposition mapping of a character, or an empty str.
    #[method(sig = "chr, /")]
    fn decomposition(_this: &Obj<OldDatabase>, vm: &Vm, chr: &Value) -> PyResult<String> {
        Ok(old::decomposition(character(vm, chr, "decomposition", true)?))
    }

    /// Return a normal form of a str: NFC, NFKC, NFD or NFKD.
    #[method(sig = "form, unistr, /")]
    fn normalize(_this: &Obj<OldDatabase>, vm: &Vm, form: &Obj<Str>, unistr: &Obj<Str>) -> PyResult<Ref<Str>> {
        normalized(vm, form, unistr)
    }

    /// Return whether a str is in a normal form.
    #[method(sig = "form, unistr, /")]
    fn is_normalized(_this: &Obj<OldDatabase>, vm: &Vm, form: &Obj<Str>, unistr: &Obj<Str>) -> PyResult<bool> {
        Ok(normalized(vm, form, unistr)?.same_text(unistr))
    }
}
