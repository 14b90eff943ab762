//! The views of `OrderedDict` and the iterator over it.
//!
//! Invariant: an iterator whose OrderedDict has changed otherwise than by new values raises RuntimeError, and gives no item from then on.

use super::ordered_dict::{NOWHERE, OrderedDict};
use std::cell::Cell;
use std::sync::LazyLock;
use taipan_heap::{Edge, Obj, Payload, Ref, Value};
use taipan_macros::pytype;
use taipan_objects::builtins::dict::{DictView, ViewKind, reduce_entries, renamed};
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::native::TypeSpec;
use taipan_objects::vm::{PyResult, Vm};

/// A view of what `kind` says.
pub(super) fn view_of(vm: &Vm, dict: &Obj<OrderedDict>, kind: ViewKind) -> PyResult<Value> {
    static VALUES: LazyLock<TypeSpec> = LazyLock::new(|| renamed(OrderedView::spec(), "odict_values"));
    static ITEMS: LazyLock<TypeSpec> = LazyLock::new(|| renamed(OrderedView::spec(), "odict_items"));
    let types = vm.types();
    let class = match kind {
        ViewKind::Keys => vm.native_subtype(OrderedView::spec(), &types.dict_keys)?,
        ViewKind::Values => vm.native_subtype(&VALUES, &types.dict_values)?,
        ViewKind::Items => vm.native_subtype(&ITEMS, &types.dict_items)?,
    };
    DictView::of_class(vm, &class, &dict.to_value(), kind)
}

fn iterate(vm: &Vm, view: &Obj<DictView>, backwards: bool) -> PyResult<Value> {
    let dict = view.dict().to_value();
    match dict.downcast::<OrderedDict>() {
        Some(dict) => OrderedIterator::over(vm, dict, view.kind(), backwards),
        None => Err(vm.system_error("a view of an OrderedDict has none")),
    }
}

/// `odict_keys`, and under other names the views of values and items.
struct OrderedView;

#[pytype(name = "odict_keys", payload = DictView, flags = DISALLOW_INSTANTIATION)]
impl OrderedView {
    #[slot]
    fn iter(this: &Obj<DictView>, vm: &Vm) -> PyResult<Value> {
        iterate(vm, this, false)
    }

    #[method]
    fn __reversed__(this: &Obj<DictView>, vm: &Vm) -> PyResult<Value> {
        iterate(vm, this, true)
    }
}

/// `odict_iterator`
#[derive(Payload)]
#[payload(name = "odict_iterator")]
pub(super) struct OrderedIterator {
    dict: Edge<OrderedDict>,
    /// The number of the next link.
    at: Cell<u32>,
    changes: u64,
    /// The dict's length at the start; `usize::MAX` once it was found to have changed.
    expected: Cell<usize>,
    kind: ViewKind,
    backwards: bool,
    /// The first pair that was given, to be used again when nobody else has it.
    result: Edge<Tuple>,
}

impl OrderedIterator {
    fn advance(&self, vm: &Vm) -> PyResult<Option<(Value, Value)>> {
        let Some(dict) = self.dict.get() else { return Ok(None) };
        if self.at.get() == NOWHERE {
            self.dict.set(None);
            return Ok(None);
        }
        if dict.changes() != self.changes {
            self.dict.set(None);
            return Err(vm.runtime_error("OrderedDict mutated during iteration"));
        }
        if dict.dict().len() != self.expected.get() {
            self.expected.set(usize::MAX);
            return Err(vm.runtime_error("OrderedDict changed size during iteration"));
        }
        let Some((key, _, next)) = dict.link(self.at.get(), self.backwards) else { return Ok(None) };
        self.at.set(next);
        match dict.dict().get(vm, &key)? {
            Some(value) => Ok(Some((key, value))),
            None => {
                self.at.set(NOWHERE);
                Err(vm.key_error(&key))
            }
        }
    }
}

#[pytype(name = "odict_iterator", flags = DISALLOW_INSTANTIATION | NO_WEAK)]
impl OrderedIterator {
    pub(super) fn over(vm: &Vm, dict: &Obj<OrderedDict>, kind: ViewKind, backwards: bool) -> PyResult<Value> {
        let payload = OrderedIterator {
            dict: Edge::new(Some(dict.to_ref())),
            at: Cell::new(dict.end(backwards)),
            changes: dict.changes(),
            expected: Cell::new(dict.dict().len()),
            kind,
            backwards,
            result: Edge::default(),
        };
        Ok(vm.alloc(&*vm.native_type(OrderedIterator::spec())?, payload)?.into())
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    #[slot]
    fn next(this: &Obj<OrderedIterator>, vm: &Vm) -> PyResult<Option<Value>> {
        let Some((key, value)) = this.advance(vm)? else { return Ok(None) };
        Ok(Some(match this.kind {
            ViewKind::Keys => key,
            ViewKind::Values => value,
            ViewKind::Items => Tuple::again(vm, &this.result, [key, value])?.into(),
        }))
    }

    /// Return state information for pickling
    #[method]
    fn __reduce__(this: &Obj<OrderedIterator>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let copy = OrderedIterator {
            dict: Edge::new(this.dict.get()),
            at: this.at.clone(),
            changes: this.changes,
            expected: this.expected.clone(),
            kind: this.kind,
            backwards: this.backwards,
            result: Edge::default(),
        };
        reduce_entries(vm, this.kind, || copy.advance(vm))
    }
}
