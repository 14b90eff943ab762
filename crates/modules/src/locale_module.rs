//! `_locale`: the C library's locale.
//!
//! Invariant: the locale is the whole process's; texts from it are decoded as UTF-8 with `surrogateescape`.

pub use module::spec;

use crate::posix_module::{given, system_bytes, system_text};
use std::cell::OnceCell;
use std::ffi::CString;
use taipan_heap::{Obj, Ref, Value};
use taipan_host::descriptors as host;
use taipan_macros::pymodule;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::module::{Module, ModuleObject};
use taipan_objects::builtins::str::Str;
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Raised, Vm};

#[derive(Default)]
struct Error(OnceCell<Ref<Type>>);

fn error_class(vm: &Vm) -> PyResult<Ref<Type>> {
    let state = vm.interp().state(Error::default);
    if let Some(class) = state.0.get() {
        return Ok(class.clone());
    }
    let class = crate::exception_class::exception_class(vm, "locale", "Error", &vm.types().exception)?;
    Ok(state.0.get_or_init(|| class).clone())
}

#[cold]
fn fail(vm: &Vm, message: &str) -> Raised {
    match error_class(vm) {
        Ok(class) => vm.raise_new(&class, message),
        Err(raised) => raised,
    }
}

fn c_text(vm: &Vm, value: &Value) -> PyResult<CString> {
    if value.downcast::<Str>().is_none() {
        let given = vm.type_name(value);
        return Err(vm.type_error(format!("argument must be str, not {given}")));
    }
    CString::new(system_bytes(vm, value)?).map_err(|_| vm.value_error("embedded null character"))
}

/// Support for POSIX locales.
#[pymodule(name = "_locale", init = fill)]
mod module {
    use super::*;

    #[rustfmt::skip]
    const NUMBERS: &[(&str, i32)] = &[
        ("ABDAY_1", 131_072), ("ABDAY_2", 131_073), ("ABDAY_3", 131_074), ("ABDAY_4", 131_075),
        ("ABDAY_5", 131_076), ("ABDAY_6", 131_077), ("ABDAY_7", 131_078), ("ABMON_1", 131_086),
        ("ABMON_10", 131_095), ("ABMON_11", 131_096), ("ABMON_12", 131_097), ("ABMON_2", 131_087),
        ("ABMON_3", 131_088), ("ABMON_4", 131_089), ("ABMON_5", 131_090), ("ABMON_6", 131_091),
        ("ABMON_7", 131_092), ("ABMON_8", 131_093), ("ABMON_9", 131_094), ("ALT_DIGITS", 131_119),
        ("AM_STR", 131_110), ("CHAR_MAX", 127), ("CODESET", 14), ("CRNCYSTR", 262_159), ("DAY_1", 131_079),
        ("DAY_2", 131_080), ("DAY_3", 131_081), ("DAY_4", 131_082), ("DAY_5", 131_083), ("DAY_6", 131_084),
        ("DAY_7", 131_085), ("D_FMT", 131_113), ("D_T_FMT", 131_112), ("ERA", 131_116), ("ERA_D_FMT", 131_118),
        ("ERA_D_T_FMT", 131_120), ("ERA_T_FMT", 131_121), ("LC_ALL", 6), ("LC_COLLATE", 3), ("LC_CTYPE", 0),
        ("LC_MESSAGES", 5), ("LC_MONETARY", 4), ("LC_NUMERIC", 1), ("LC_TIME", 2), ("MON_1", 131_098),
        ("MON_10", 131_107), ("MON_11", 131_108), ("MON_12", 131_109), ("MON_2", 131_099), ("MON_3", 131_100),
        ("MON_4", 131_101), ("MON_5", 131_102), ("MON_6", 131_103), ("MON_7", 131_104), ("MON_8", 131_105),
        ("MON_9", 131_106), ("NOEXPR", 327_681), ("PM_STR", 131_111), ("RADIXCHAR", 65_536),
        ("THOUSEP", 65_537), ("T_FMT", 131_114), ("T_FMT_AMPM", 131_115), ("YESEXPR", 327_680),
        ("_DATE_FMT", 131_180),
    ];

    fn fill(vm: &Vm, module: &Obj<Module>) -> PyResult<()> {
        for (name, number) in NUMBERS {
            module.set_attr(vm, name, Value::small_int(*number))?;
        }
        module.set_attr(vm, "Error", error_class(vm)?.into())
    }

    /// Activates/queries locale processing.
    #[function(sig = "category, locale=None, /")]
    fn setlocale(vm: &Vm, category: i32, locale: Option<&Value>) -> PyResult<Ref<Str>> {
        let name = given(locale).map(|name| c_text(vm, name)).transpose()?;
        match host::setlocale(category, name.as_deref()) {
            Some(answer) => system_text(vm, &answer),
            None if name.is_some() => Err(fail(vm, "unsupported locale setting")),
            None => Err(fail(vm, "locale query failed")),
        }
    }

    /// Returns numeric and monetary locale-specific parameters.
    #[function]
    fn localeconv(vm: &Vm) -> PyResult<Ref<Dict>> {
        const TEXTS: [&str; 10] = [
            "decimal_point",
            "thousands_sep",
            "grouping",
            "int_curr_symbol",
            "currency_symbol",
            "mon_decimal_point",
            "mon_thousands_sep",
            "mon_grouping",
            "positive_sign",
            "negative_sign",
        ];
        const INTEGERS: [&str; 8] = [
            "int_frac_digits",
            "frac_digits",
            "p_cs_precedes",
            "p_sep_by_space",
            "n_cs_precedes",
            "n_sep_by_space",
            "p_sign_posn",
            "n_sign_posn",
        ];
        let (texts, integers) = host::localeconv();
        let dict = Dict::new(vm)?;
        for (name, text) in TEXTS.into_iter().zip(&texts) {
            let value: Value = if name.ends_with("grouping") {
                let mut numbers: Vec<Value> = text.iter().map(|&number| Value::small_int(number.into())).collect();
                // The last number repeats, unless the text says otherwise.
                if !numbers.is_empty() && text.last() != Some(&127) {
                    numbers.push(Value::small_int(0));
                }
                List::from_values(vm, numbers)?.into()
            } else {
                system_text(vm, text)?.into()
            };
            dict.set_text(vm, name, value)?;
        }
        for (name, number) in INTEGERS.into_iter().zip(&integers) {
            dict.set_text(vm, name, Value::small_int((*number).into()))?;
        }
        Ok(dict)
    }

    /// Return the value for the locale information associated with key.
    #[function(sig = "key, /")]
    fn nl_langinfo(vm: &Vm, key: i32) -> PyResult<Ref<Str>> {
        if !NUMBERS.iter().any(|(name, number)| *number == key && !name.starts_with("LC_")) {
            return Err(vm.value_error("unsupported langinfo constant"));
        }
        system_text(vm, &host::nl_langinfo(key))
    }

    /// Compares two strings according to the locale.
    #[function(sig = "os1, os2, /")]
    fn strcoll(vm: &Vm, os1: &Value, os2: &Value) -> PyResult<i32> {
        Ok(host::strcoll(&c_text(vm, os1)?, &c_text(vm, os2)?).signum())
    }

    /// Return a string that can be used as a key for locale-aware comparisons.
    #[function(sig = "string, /")]
    fn strxfrm(vm: &Vm, string: &Value) -> PyResult<Ref<Str>> {
        let key = host::strxfrm(&c_text(vm, string)?);
        system_text(vm, &key)
    }

    /// Get the current locale encoding.
    #[function]
    fn getencoding() -> &'static str {
        "UTF-8"
    }
}
