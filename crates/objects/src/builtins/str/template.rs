//! `str.format` and `str.format_map`: replacement fields looked up, converted and formatted.
//!
//! Invariant: specifications nest two deep; automatic numbers run through nested specifications.

use super::{Str, StrBuilder, StrData};
use crate::builtins::int;
use crate::native::Args;
use crate::vm::{PyResult, Vm};
use std::ops::Range;
use taipan_heap::{Obj, Ref, Value};
use taipan_text::template::{self, Accessor, AutoNumber, Conversion, Field, First, Piece};
use taipan_text::{CodePoints, Slice, search};

/// Where fields take their values from.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// The arguments of `format`.
    Arguments(Args<'a>),
    /// The mapping of `format_map`.
    Mapping(&'a Value),
}

/// A template, with its text as the parsers read it.
struct Template<'a, S: ?Sized> {
    text: &'a Obj<Str>,
    units: &'a S,
    source: Source<'a>,
}

/// Formats a template.
pub(super) fn format(vm: &Vm, text: &Obj<Str>, source: Source<'_>) -> PyResult<Ref<Str>> {
    let mut out = StrBuilder::new();
    let mut numbers = AutoNumber::default();
    let range = 0..text.len();
    match text.units() {
        Slice::U1(units) => Template { text, units, source }.render(vm, range, &mut numbers, 2, &mut out)?,
        units => Template { text, units: &units, source }.render(vm, range, &mut numbers, 2, &mut out)?,
    }
    out.finish(vm)
}

impl<S: CodePoints + ?Sized> Template<'_, S> {
    fn render(
        &self,
        vm: &Vm,
        range: Range<usize>,
        numbers: &mut AutoNumber,
        depth: u32,
        out: &mut StrBuilder,
    ) -> PyResult<()> {
        for piece in template::pieces(self.units, range) {
            match piece.map_err(|error| vm.text_error(error))? {
                Piece::Literal(range) => out.push_part(self.text, range),
                Piece::Field(field) => {
                    let value = field_value(vm, self, &field, numbers)?;
                    if !field.nested
                        && let StrData::Ascii(units) = self.text.data()
                        && let Some(made) = vm.format_builtin(&value, &units[field.spec.clone()])?
                    {
                        out.push(&made);
                        continue;
                    }
                    let spec = if field.nested {
                        if depth < 2 {
                            return Err(vm.text_error(template::too_deep()));
                        }
                        let mut spec = StrBuilder::new();
                        self.render(vm, field.spec.clone(), numbers, depth - 1, &mut spec)?;
                        spec.finish(vm)?
                    } else {
                        Str::part(vm, self.text, field.spec.clone())?
                    };
                    out.push(&*vm.format(&value, &spec)?);
                }
            }
        }
        Ok(())
    }
}

fn field_value<S: CodePoints + ?Sized>(
    vm: &Vm,
    template: &Template<'_, S>,
    field: &Field,
    numbers: &mut AutoNumber,
) -> PyResult<Value> {
    let Template { text, units, source } = *template;
    let parsed = template::field_name(units, &field.name, numbers);
    let (first, accessors) = parsed.map_err(|error| vm.text_error(error))?;
    let mut value = first_value(vm, text, first, source)?;
    for accessor in accessors {
        value = match accessor.map_err(|error| vm.text_error(error))? {
            Accessor::Attribute(range) => vm.get_attr(&value, &*Str::part(vm, text, range)?)?,
            Accessor::Index(index) => vm.get_item(&value, &int::from_i64(vm, index as i64)?)?,
            Accessor::Key(range) => vm.get_item(&value, &Str::part(vm, text, range)?.into())?,
        };
    }
    let Some(conversion) = field.conversion else { return Ok(value) };
    match Conversion::from_code(conversion).map_err(|error| vm.text_error(error))? {
        Conversion::Str => Ok(vm.str(&value)?.into()),
        Conversion::Repr => Ok(vm.repr(&value)?.into()),
        Conversion::Ascii => Ok(super::ascii(vm, &value)?.into()),
    }
}

fn first_value(vm: &Vm, text: &Obj<Str>, first: First, source: Source<'_>) -> PyResult<Value> {
    match (first, source) {
        (First::Index(index), Source::Arguments(args)) => {
            args.positionals().get(index).cloned().ok_or_else(|| {
                vm.index_error(format!("Replacement index {index} out of range for positional args tuple"))
            })
        }
        (First::Index(_), Source::Mapping(_)) => Err(vm.value_error("Format string contains positional fields")),
        (First::Name(range), Source::Mapping(mapping)) => vm.get_item(mapping, &Str::part(vm, text, range)?.into()),
        (First::Name(range), Source::Arguments(args)) => {
            let name = text.units().slice(range.clone());
            let same = |key: &Value| key.downcast::<Str>().is_some_and(|key| search::equal(key.units(), name));
            match args.keywords().find(|(key, _)| same(key)) {
                Some((_, value)) => Ok(value.clone()),
                None => Err(vm.key_error(&Str::part(vm, text, range)?.into())),
            }
        }
    }
}
