//! Replacement templates, and `sub`.
//!
//! Invariant: a template's items are a literal, then pairs of a group's number and a literal.

use super::match_object::Match;
use super::pattern::{Matches, Pattern};
use super::subject::Mode;
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::buffer;
use taipan_objects::builtins::bytes::Bytes;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, int, is_none};
use taipan_objects::vm::{PyResult, Vm};

/// A compiled replacement template.
#[derive(Payload)]
#[payload(name = "SRE_Template")]
pub struct Template {
    literal: Value,
    /// Groups and the literals that follow them, in turn.
    chunks: Ref<Tuple>,
}

#[pytype(name = "SRE_Template", module = "_sre", flags = DISALLOW_INSTANTIATION)]
impl Template {
    /// The template that `re` parsed into `items`.
    pub fn make(vm: &Vm, items: &[Value]) -> PyResult<Value> {
        let Some((literal, chunks)) = items.split_first().filter(|_| items.len() % 2 == 1) else {
            return Err(vm.type_error("invalid template"));
        };
        for group in chunks.iter().step_by(2) {
            if !int::is_int(group) {
                return Err(vm.type_error("an integer is required"));
            }
            match int::index_i64(vm, group)? {
                Some(0..) => {}
                Some(_) => return Err(vm.type_error("invalid template")),
                None => return Err(vm.overflow_error("Python int too large to convert to C ssize_t")),
            }
        }
        let payload = Template { literal: literal.clone(), chunks: Tuple::new(vm, chunks.iter().cloned())? };
        Ok(vm.alloc(&*vm.native_type(Template::spec())?, payload)?.into())
    }

    /// The literal text, if there are no groups.
    fn as_literal(&self) -> Option<&Value> {
        Some(&self.literal).filter(|_| self.chunks.items().is_empty())
    }

    /// The template with the groups of a match filled in.
    pub fn expand(&self, vm: &Vm, found: &Obj<Match>) -> PyResult<Value> {
        if let Some(literal) = self.as_literal() {
            return Ok(literal.clone());
        }
        let mut parts = vec![self.literal.clone()];
        for chunk in self.chunks.items().chunks(2) {
            let group = chunk[0].as_int().and_then(|group| usize::try_from(group).ok()).unwrap_or(usize::MAX);
            let text = found.group_text(vm, group, &NONE)?;
            if !is_none(&text) {
                parts.push(text);
            }
            parts.extend(chunk.get(1).cloned());
        }
        join(vm, &self.literal, parts)
    }
}

/// The parts joined by an empty str or bytes, whichever `like` is.
fn join(vm: &Vm, like: &Value, parts: Vec<Value>) -> PyResult<Value> {
    let empty: Value =
        if like.downcast::<Str>().is_some() { Str::empty(vm)?.into() } else { Bytes::new(vm, &[])?.into() };
    if parts.is_empty() {
        return Ok(empty);
    }
    let parts = List::from_values(vm, parts)?;
    vm.call_method(&empty, &vm.names().join, &[parts.into()])
}

/// The template that `re` makes of `template`.
pub fn compile_template(vm: &Vm, pattern: &Obj<Pattern>, template: &Value) -> PyResult<Ref<Template>> {
    let re = taipan_interp::import::import_absolute(vm, "re")?;
    let compile = vm.get_attr_text(&re, "_compile_template")?;
    let call = |template: &Value| vm.call(&compile, &[pattern.to_value(), template.clone()]);
    let mut made = call(template);
    if made.is_err() && vm.raised_is(&vm.types().type_error) {
        // What has no hash, such as a bytearray, is not cached as it is.
        let waiting = vm.swap_exception(None);
        let hashable = vm.hash(template).is_ok();
        drop(vm.swap_exception(waiting));
        if !hashable && buffer::is_buffer(vm, template) {
            drop(vm.swap_exception(None));
            made = call(&Bytes::new(vm, &buffer::bytes_of(vm, template)?)?.into());
        }
    }
    made?.downcast_into::<Template>().map_err(|other| {
        let given = vm.type_name(&other);
        vm.type_error(format!("the result of compiling a replacement string is _sre.SRE_Template, not {given}"))
    })
}

/// What a match is replaced by.
enum Replacement {
    Literal(Value),
    Template(Ref<Template>),
    Function(Value),
}

impl Replacement {
    fn new(vm: &Vm, pattern: &Obj<Pattern>, given: &Value) -> PyResult<Replacement> {
        if vm.class_of(given).slots.call.get().is_some() {
            return Ok(Replacement::Function(given.clone()));
        }
        let plain = match given.downcast::<Str>() {
            Some(text) => text.points().all(|point| point != u32::from('\\')),
            None => buffer::is_buffer(vm, given) && buffer::with_bytes(vm, given, |bytes| !bytes.contains(&b'\\'))?,
        };
        if plain {
            return Ok(Replacement::Literal(given.clone()));
        }
        let template = compile_template(vm, pattern, given)?;
        Ok(match template.as_literal() {
            Some(literal) => Replacement::Literal(literal.clone()),
            None => Replacement::Template(template),
        })
    }
}

/// `string` with up to `count` matches replaced, and how many were.
pub fn substitute(
    vm: &Vm,
    pattern: &Obj<Pattern>,
    replacement: &Value,
    string: &Value,
    count: isize,
) -> PyResult<(Value, usize)> {
    let replacement = Replacement::new(vm, pattern, replacement)?;
    let mut matches = Matches::new(vm, pattern, string, 0, None)?;
    let (mut parts, mut last, mut done) = (Vec::new(), 0, 0);
    while count == 0 || (done as isize) < count {
        let start = matches.start;
        let Some(hit) = matches.next(vm, pattern, Mode::Search)? else { break };
        if last < hit.start {
            parts.push(matches.subject.part(vm, last, hit.start)?);
        }
        let found = || Match::make(vm, pattern, string, start, matches.end, &hit);
        let new = match &replacement {
            Replacement::Literal(literal) => literal.clone(),
            Replacement::Template(template) => template.expand(vm, &*found()?)?,
            Replacement::Function(function) => vm.call(function, &[found()?.into()])?,
        };
        if !is_none(&new) {
            parts.push(new);
        }
        last = hit.end;
        done += 1;
    }
    if last < matches.end {
        parts.push(matches.subject.part(vm, last, matches.end)?);
    }
    Ok((join(vm, string, parts)?, done))
}
