//! Iterators over dicts: keys, values or items, forwards and backwards. Six Python types, one payload.
//!
//! Invariant: an iterator that was exhausted or has raised lets go of its dict or stays in the error, whatever happens to the dict.

use super::{Dict, ViewKind};
use crate::builtins::iterator::reduce_iterator;
use crate::builtins::list::List;
use crate::builtins::tuple::Tuple;
use crate::native::TypeSpec;
use crate::types::{Take, Type};
use crate::vm::{PyResult, Vm};
use std::cell::Cell;
use std::sync::LazyLock;
use taipan_heap::{Edge, Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;

/// An iterator over a dict.
#[derive(Payload)]
#[payload(name = "dict_keyiterator")]
pub struct DictIterator {
    dict: Slot,
    position: Cell<usize>,
    /// The dict's length at the start; `usize::MAX` once it was found to have changed.
    expected: Cell<usize>,
    left: Cell<usize>,
    kind: ViewKind,
    backwards: bool,
    /// The first item that was given, to be used again when nobody else has it.
    result: Edge<Tuple>,
}

taipan_heap::no_references!(ViewKind);

macro_rules! renamed {
    ($($(#[doc = $doc:literal])* $function:ident $name:literal;)*) => {
        impl DictIterator {
            $($(#[doc = $doc])*
            pub fn $function() -> &'static TypeSpec {
                static SPEC: LazyLock<TypeSpec> = LazyLock::new(|| super::views::renamed(DictIterator::spec(), $name));
                &SPEC
            })*
        }
    };
}

renamed! {
    /// `dict_valueiterator`
    value_spec "dict_valueiterator";
    /// `dict_itemiterator`
    item_spec "dict_itemiterator";
    /// `dict_reversekeyiterator`
    reverse_key_spec "dict_reversekeyiterator";
    /// `dict_reversevalueiterator`
    reverse_value_spec "dict_reversevalueiterator";
    /// `dict_reverseitemiterator`
    reverse_item_spec "dict_reverseitemiterator";
}

/// What `__reduce__` of an iterator over entries answers: a list of those that `next` still gives.
pub fn reduce_entries(
    vm: &Vm,
    kind: ViewKind,
    mut next: impl FnMut() -> PyResult<Option<(Value, Value)>>,
) -> PyResult<Ref<Tuple>> {
    let mut rest = Vec::new();
    while let Some(entry) = next()? {
        rest.push(kind.pick(vm, entry)?);
    }
    reduce_iterator(vm, "iter", List::from_values(vm, rest)?.into(), None)
}

/// The `drive` slot of iterators over keys and values, forwards.
pub fn drive_all(vm: &Vm, this: &Value, take: &mut Take<'_>) -> PyResult<Option<Value>> {
    let Some(this) = this.downcast::<DictIterator>() else { return vm.next(this) };
    let held = this.dict.get();
    let Some(dict) = held.as_ref().and_then(Value::downcast::<Dict>) else { return Ok(None) };
    let (mut position, mut left) = (this.position.get(), this.left.get());
    let mut given = None;
    // The end, and a dict that has changed, are left to `next`.
    while left > 0 && given.is_none() && dict.len() == this.expected.get() {
        let item = match this.kind {
            ViewKind::Values => dict.pick_next(&mut position, |_, value| value.clone()),
            _ => dict.pick_next(&mut position, |key, _| key.clone()),
        };
        let Some(item) = item else { break };
        left -= 1;
        given = take(item);
    }
    this.position.set(position);
    this.left.set(left);
    if given.is_some() { Ok(given) } else { DictIterator::next(this, vm) }
}

#[pytype(name = "dict_keyiterator")]
impl DictIterator {
    /// An iterator over `dict`.
    pub fn over(vm: &Vm, dict: &Obj<Dict>, kind: ViewKind, backwards: bool) -> PyResult<Value> {
        let len = dict.len();
        let payload = DictIterator {
            dict: Slot::new(Some(dict.to_value())),
            position: Cell::new(if backwards { dict.end() } else { 0 }),
            expected: Cell::new(len),
            left: Cell::new(len),
            kind,
            backwards,
            result: Edge::default(),
        };
        Ok(vm.alloc(DictIterator::class(vm, kind, backwards), payload)?.into())
    }

    fn class(vm: &Vm, kind: ViewKind, backwards: bool) -> &Obj<Type> {
        let types = vm.types();
        match (kind, backwards) {
            (ViewKind::Keys, false) => &types.dict_key_iterator,
            (ViewKind::Values, false) => &types.dict_value_iterator,
            (ViewKind::Items, false) => &types.dict_item_iterator,
            (ViewKind::Keys, true) => &types.dict_reverse_key_iterator,
            (ViewKind::Values, true) => &types.dict_reverse_value_iterator,
            (ViewKind::Items, true) => &types.dict_reverse_item_iterator,
        }
    }

    /// The next entry; `None` at the end.
    #[inline]
    pub fn advance(&self, vm: &Vm) -> PyResult<Option<(Value, Value)>> {
        self.step(vm, |key, value| (key.clone(), value.clone()))
    }

    /// What `pick` takes from the next entry.
    #[inline(always)]
    fn step<R>(&self, vm: &Vm, pick: impl Fn(&Value, &Value) -> R) -> PyResult<Option<R>> {
        let mut position = self.position.get();
        let step = self.dict.lend(|dict| match dict.downcast::<Dict>()? {
            dict if dict.len() != self.expected.get() => Some(Err(())),
            dict if self.backwards => {
                Some(Ok(dict.previous_entry(&mut position).map(|(key, value)| pick(&key, &value))))
            }
            dict => Some(Ok(dict.pick_next(&mut position, &pick))),
        });
        let Some(step) = step.flatten() else { return Ok(None) };
        let Ok(found) = step else {
            self.expected.set(usize::MAX);
            return Err(vm.runtime_error("dictionary changed size during iteration"));
        };
        self.position.set(position);
        if found.is_none() {
            self.dict.set(None);
            return Ok(None);
        }
        match self.left.get().checked_sub(1) {
            Some(left) => {
                self.left.set(left);
                Ok(found)
            }
            None => {
                self.dict.set(None);
                Err(vm.runtime_error("dictionary keys changed during iteration"))
            }
        }
    }

    /// Keys, values or items.
    pub fn kind(&self) -> ViewKind {
        self.kind
    }

    #[slot]
    fn next(this: &Obj<DictIterator>, vm: &Vm) -> PyResult<Option<Value>> {
        match this.kind {
            ViewKind::Keys => this.step(vm, |key, _| key.clone()),
            ViewKind::Values => this.step(vm, |_, value| value.clone()),
            ViewKind::Items => match this.advance(vm)? {
                Some((key, value)) => Ok(Some(Tuple::again(vm, &this.result, [key, value])?.into())),
                None => Ok(None),
            },
        }
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    /// Private method returning an estimate of len(list(it)).
    #[method]
    fn __length_hint__(this: &Obj<DictIterator>) -> usize {
        match this.dict.get().and_then(|dict| dict.downcast_into::<Dict>().ok()) {
            Some(dict) if dict.len() == this.expected.get() => this.left.get(),
            _ => 0,
        }
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<DictIterator>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let copy = DictIterator {
            dict: Slot::new(this.dict.get()),
            position: this.position.clone(),
            expected: this.expected.clone(),
            left: this.left.clone(),
            kind: this.kind,
            backwards: this.backwards,
            result: Edge::default(),
        };
        reduce_entries(vm, this.kind, || copy.advance(vm))
    }
}
