//! `re.Match`: what a pattern matched.
//!
//! Invariant: `spans` holds the whole match and then each group of the pattern.

use super::pattern::Pattern;
use super::subject::{self, Hit};
use super::substitute;
use taipan_heap::{Charge, Obj, OutOfMemory, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::generic_alias::GenericAlias;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::builtins::{NONE, int};
use taipan_objects::native::{IntoValue, Rest};
use taipan_objects::types::Type;
use taipan_objects::vm::{PyResult, Vm};

/// A match.
#[derive(Payload)]
#[payload(name = "Match")]
pub struct Match {
    /// The pattern.
    pub pattern: Ref<Pattern>,
    /// What was searched.
    pub string: Value,
    pos: usize,
    endpos: usize,
    last_group: usize,
    spans: Box<[Option<(usize, usize)>]>,
    _charge: Charge,
}

impl Match {
    /// The match that the engine found.
    pub fn make(
        vm: &Vm,
        pattern: &Obj<Pattern>,
        string: &Value,
        pos: usize,
        endpos: usize,
        hit: &Hit,
    ) -> PyResult<Ref<Match>> {
        let charge = vm.charge((pattern.group_count() + 1) * size_of::<Option<(usize, usize)>>())?;
        let mut spans = Vec::new();
        spans.try_reserve_exact(pattern.group_count() + 1).map_err(|_| vm.out_of_memory(OutOfMemory))?;
        spans.extend((0..=pattern.group_count()).map(|index| hit.group(index)));
        let payload = Match {
            pattern: pattern.to_ref(),
            string: string.clone(),
            pos,
            endpos,
            last_group: hit.last_group,
            spans: spans.into(),
            _charge: charge,
        };
        vm.alloc(&*vm.native_type(Match::spec())?, payload)
    }

    /// The text of group `index`; `absent` if it took no part.
    pub fn group_text(&self, vm: &Vm, index: usize, absent: &Value) -> PyResult<Value> {
        match self.spans.get(index) {
            None => Err(vm.index_error("no such group")),
            Some(None) => Ok(absent.clone()),
            Some(&Some((start, end))) => subject::part(vm, &self.string, start, end),
        }
    }

    /// The number of the group that `key` names.
    fn index_of(&self, vm: &Vm, key: &Value) -> PyResult<usize> {
        let number = if int::is_int(key) || vm.class_of(key).slots.index.get().is_some() {
            int::index_i64(vm, key)?
        } else {
            self.pattern.group_index.get(vm, key)?.and_then(|number| number.as_int())
        };
        number
            .and_then(|number| usize::try_from(number).ok())
            .filter(|&number| number < self.spans.len())
            .ok_or_else(|| vm.index_error("no such group"))
    }

    fn span_of(&self, vm: &Vm, group: Option<&Value>) -> PyResult<(i64, i64)> {
        let index = group.map_or(Ok(0), |group| self.index_of(vm, group))?;
        Ok(self.spans[index].map_or((-1, -1), |(start, end)| (start as i64, end as i64)))
    }

    fn pair(vm: &Vm, (start, end): (i64, i64)) -> PyResult<Value> {
        Ok(Tuple::pair(vm, start.into_value(vm)?, end.into_value(vm)?)?.into())
    }
}

/// Groups can be asked for as items, but there is nothing to iterate over.
fn ready(_vm: &Vm, class: &Obj<Type>) -> PyResult<()> {
    class.slots.iter.set(Some(|vm, value| {
        let given = vm.type_name(value);
        Err(vm.type_error(format!("'{given}' object is not iterable")))
    }));
    Ok(())
}

/// The result of re.match() and re.search().
/// Match objects always have a boolean value of True.
#[pytype(name = "Match", module = "re", flags = DISALLOW_INSTANTIATION, ready = ready)]
impl Match {
    /// group([group1, ...]) -> str or tuple.
    ///     Return subgroup(s) of the match by indices or names.
    ///     For 0 returns the entire match.
    #[method]
    fn group(this: &Obj<Match>, vm: &Vm, groups: Rest<'_>) -> PyResult<Value> {
        let one = |key: &Value| this.group_text(vm, this.index_of(vm, key)?, &NONE);
        match groups.0 {
            [] => this.group_text(vm, 0, &NONE),
            [key] => one(key),
            keys => Ok(Tuple::from_values(vm, keys.iter().map(one).collect::<PyResult<_>>()?)?.into()),
        }
    }

    /// Return a tuple containing all the subgroups of the match, from 1.
    ///
    ///   default
    ///     Is used for groups that did not participate in the match.
    #[method(sig = "default=None")]
    fn groups(this: &Obj<Match>, vm: &Vm, default: Option<&Value>) -> PyResult<Ref<Tuple>> {
        let absent = default.cloned().unwrap_or(NONE);
        let texts = (1..this.spans.len()).map(|index| this.group_text(vm, index, &absent));
        Tuple::from_values(vm, texts.collect::<PyResult<_>>()?)
    }

    /// Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name.
    ///
    ///   default
    ///     Is used for groups that did not participate in the match.
    #[method(sig = "default=None")]
    fn groupdict(this: &Obj<Match>, vm: &Vm, default: Option<&Value>) -> PyResult<Ref<Dict>> {
        let made = Dict::new(vm)?;
        for (name, _) in this.pattern.group_index.snapshot() {
            let text = this.group_text(vm, this.index_of(vm, &name)?, default.unwrap_or(&NONE))?;
            made.set(vm, &name, text)?;
        }
        Ok(made)
    }

    /// Return index of the start of the substring matched by group.
    #[method(sig = "group=0, /")]
    fn start(this: &Obj<Match>, vm: &Vm, group: Option<&Value>) -> PyResult<i64> {
        Ok(this.span_of(vm, group)?.0)
    }

    /// Return index of the end of the substring matched by group.
    #[method(sig = "group=0, /")]
    fn end(this: &Obj<Match>, vm: &Vm, group: Option<&Value>) -> PyResult<i64> {
        Ok(this.span_of(vm, group)?.1)
    }

    /// For match object m, return the 2-tuple (m.start(group), m.end(group)).
    #[method(sig = "group=0, /")]
    fn span(this: &Obj<Match>, vm: &Vm, group: Option<&Value>) -> PyResult<Value> {
        Match::pair(vm, this.span_of(vm, group)?)
    }

    /// Return the string obtained by doing backslash substitution on the string template, as done by the sub() method.
    #[method(sig = "template")]
    fn expand(this: &Obj<Match>, vm: &Vm, template: &Value) -> PyResult<Value> {
        let template = substitute::compile_template(vm, &this.pattern, template)?;
        template.expand(vm, this)
    }

    #[method]
    fn __copy__(this: &Obj<Match>) -> Value {
        this.to_value()
    }

    #[method(sig = "memo, /")]
    fn __deepcopy__(this: &Obj<Match>, _memo: &Value) -> Value {
        this.to_value()
    }

    /// Matches are generic over the type of string which was matched (str or bytes)
    #[classmethod(sig = "object, /")]
    fn __class_getitem__(class: &Value, vm: &Vm, object: &Value) -> PyResult<Value> {
        GenericAlias::make(vm, class, object)
    }

    /// The string passed to match() or search().
    #[getter]
    fn string(this: &Obj<Match>) -> Value {
        this.string.clone()
    }

    /// The regular expression object.
    #[getter]
    fn re(this: &Obj<Match>) -> Value {
        this.pattern.to_value()
    }

    /// The index into the string at which the RE engine started looking for a match.
    #[getter]
    fn pos(this: &Obj<Match>) -> usize {
        this.pos
    }

    /// The index into the string beyond which the RE engine will not go.
    #[getter]
    fn endpos(this: &Obj<Match>) -> usize {
        this.endpos
    }

    /// The integer index of the last matched capturing group.
    #[getter]
    fn lastindex(this: &Obj<Match>) -> Option<usize> {
        Some(this.last_group).filter(|&group| group > 0)
    }

    /// The name of the last matched capturing group.
    #[getter]
    fn lastgroup(this: &Obj<Match>) -> Value {
        let name = this.pattern.index_group.items().get(this.last_group).filter(|_| this.last_group > 0);
        name.cloned().unwrap_or(NONE)
    }

    #[getter]
    fn regs(this: &Obj<Match>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let pairs = this
            .spans
            .iter()
            .map(|span| Match::pair(vm, span.map_or((-1, -1), |(start, end)| (start as i64, end as i64))));
        Tuple::from_values(vm, pairs.collect::<PyResult<_>>()?)
    }

    #[slot]
    fn getitem(this: &Obj<Match>, vm: &Vm, key: &Value) -> PyResult<Value> {
        this.group_text(vm, this.index_of(vm, key)?, &NONE)
    }

    #[slot]
    fn repr(this: &Obj<Match>, vm: &Vm) -> PyResult<String> {
        let text = vm.repr(&this.group_text(vm, 0, &NONE)?)?;
        let shown: String = text.to_lossy().chars().take(50).collect();
        let (start, end) = this.span_of(vm, None)?;
        Ok(format!("<re.Match object; span=({start}, {end}), match={shown}>"))
    }
}
