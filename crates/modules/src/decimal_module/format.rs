//! `Decimal.__format__`.
//!
//! Invariant: specifications beyond the common form are left to the library's `_pydecimal`, whose refusals are reported in one way.

use super::context::PyContext;
use super::current::current;
use super::object::PyDecimal;
use super::state::state;
use taipan_heap::{Obj, OutOfMemory, Value};
use taipan_interp::import::import_absolute;
use taipan_numeric::decimal::{self as numbers, FormatError, Layout, parse_layout};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::int;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::str::Str;
use taipan_objects::native::Args;
use taipan_objects::types::call::call;
use taipan_objects::vm::{PyResult, Vm};

/// `number.__format__(spec, override)`
pub fn format(vm: &Vm, this: &Obj<PyDecimal>, spec: &Value, overrides: Option<&Value>) -> PyResult<Value> {
    let state = state(vm)?;
    let context = current(vm, &state)?;
    let Some(text) = spec.downcast::<Str>() else { return Err(vm.type_error("format arg must be str")) };
    let overrides = match overrides {
        None => None,
        Some(value) => match value.downcast::<Dict>() {
            Some(dict) => Some(dict),
            None => return Err(vm.type_error("optional argument must be a dict")),
        },
    };
    if text.is_empty() && overrides.is_none() {
        return Ok(vm.str(&this.to_value())?.into());
    }
    let characters: Option<Vec<char>> = text.points().map(char::from_u32).collect();
    let layout = characters.as_deref().and_then(|spec| parse_layout(spec, context.capitals()));
    let Some(mut layout) = layout else { return patiently(vm, this, &context, spec) };
    if layout.localized {
        if characters.as_deref().is_some_and(|spec| spec.last() == Some(&'N')) {
            vm.warn_deprecated("Format specifier 'N' is deprecated and slated for removal in Python 3.18")?;
        }
        let module = import_absolute(vm, "_locale")?;
        let conventions = vm.call_method(&module, &*vm.intern("localeconv")?, &[])?;
        if let Some(conventions) = conventions.downcast::<Dict>() {
            change(vm, &mut layout, conventions)?;
        }
    }
    if let Some(overrides) = overrides {
        change(vm, &mut layout, overrides)?;
        let long = |text: &str| text.len() > 4;
        let invalid = layout.point.is_empty() || long(&layout.point) || long(&layout.separator);
        let lone = !layout.separator.is_empty() && layout.grouping.is_empty();
        if invalid || lone || layout.grouping.iter().any(|&size| size > 127) {
            return Err(vm.value_error("invalid override dict"));
        }
    }
    let arithmetic = context.arithmetic(vm);
    let room = vm.text_room();
    match numbers::format(this.number(), &layout, &arithmetic, room) {
        Ok(shown) => Ok(Str::new(vm, &shown)?.into()),
        Err(FormatError::Memory) => Err(vm.out_of_memory(OutOfMemory)),
        Err(FormatError::Limits) => Err(vm.value_error("format specification exceeds internal limits of _decimal")),
    }
}

/// Takes over how a locale writes numbers.
fn change(vm: &Vm, layout: &mut Layout, conventions: &Obj<Dict>) -> PyResult<()> {
    let text = |name: &str| -> PyResult<Option<Value>> { conventions.get_text(vm, name) };
    let wrong = || vm.type_error("bad argument type for built-in operation");
    if let Some(point) = text("decimal_point")? {
        layout.point = point.downcast::<Str>().ok_or_else(wrong)?.to_lossy().into_owned();
    }
    if let Some(separator) = text("thousands_sep")? {
        layout.separator = separator.downcast::<Str>().ok_or_else(wrong)?.to_lossy().into_owned();
    }
    let Some(grouping) = text("grouping")? else { return Ok(()) };
    if let Some(sizes) = grouping.downcast::<Str>() {
        layout.grouping = sizes.points().map(|size| u8::try_from(size).unwrap_or(u8::MAX)).collect();
    } else if let Some(sizes) = grouping.downcast::<List>() {
        let sizes = sizes.snapshot();
        layout.grouping = sizes.iter().map(|size| int::as_small(size).map_or(127, |size| size as u8)).collect();
    }
    Ok(())
}

/// The rare forms, through the library.
#[cold]
fn patiently(vm: &Vm, this: &Obj<PyDecimal>, context: &PyContext, spec: &Value) -> PyResult<Value> {
    if let Some(text) = spec.downcast::<Str>()
        && text.to_utf8().is_none()
    {
        vm.call_method(spec, &*vm.intern("encode")?, &[])?;
    }
    let library = import_absolute(vm, "_pydecimal")?;
    let settings = context.settings();
    let wide = |n: i64| int::from_i64(vm, n);
    let values = [
        wide(settings.prec)?,
        vm.intern(settings.rounding.name())?.into(),
        wide(settings.emin)?,
        wide(settings.emax)?,
        wide(settings.capitals.into())?,
        wide(settings.clamp.into())?,
    ];
    let own = vm.call(&vm.get_attr_text(&library, "Context")?, &values)?;
    let number = vm.call(&vm.get_attr_text(&library, "Decimal")?, &[vm.str(&this.to_value())?.into()])?;
    let method = vm.get_attr_text(&number, "__format__")?;
    let names = [vm.intern("context")?.into()];
    let result = call(vm, &method, Args { values: &[spec.clone(), own], names: &names });
    match vm.catch(result, &vm.types().value_error)? {
        Some(shown) => Ok(shown),
        None => Err(vm.value_error("invalid format string")),
    }
}
