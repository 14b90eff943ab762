//! The views `dict.keys()`, `dict.values()` and `dict.items()`. Three Python types, one payload.
//!
//! Invariant: a view has no state beyond its dict; the set operations build sets and leave the dict alone.

use super::{Dict, DictIterator};
use crate::builtins::list::List;
use crate::builtins::mapping_proxy::MappingProxy;
use crate::builtins::sequence::not_comparable;
use crate::builtins::set::{Set, as_set};
use crate::builtins::str::Str;
use crate::builtins::str::StrBuilder;
use crate::builtins::tuple::Tuple;
use crate::builtins::{NOT_IMPLEMENTED, boolean};
use crate::native::TypeSpec;
use crate::types::{CompareOp, Type};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;

/// What of the entries a view or iterator shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewKind {
    /// The keys.
    Keys,
    /// The values.
    Values,
    /// `(key, value)` tuples.
    Items,
}

impl ViewKind {
    /// What is shown of one entry.
    #[inline]
    pub fn pick(self, vm: &Vm, (key, value): (Value, Value)) -> PyResult<Value> {
        match self {
            ViewKind::Keys => Ok(key),
            ViewKind::Values => Ok(value),
            ViewKind::Items => Ok(Tuple::pair(vm, key, value)?.into()),
        }
    }
}

/// A view of a dict.
#[derive(Payload)]
#[payload(name = "dict_keys")]
pub struct DictView {
    dict: Ref<Dict>,
    kind: ViewKind,
}

/// A description that differs from `spec` in its name alone.
pub fn renamed(spec: &TypeSpec, name: &'static str) -> TypeSpec {
    TypeSpec {
        name,
        module: spec.module,
        doc: spec.doc,
        payload: spec.payload,
        methods: spec.methods,
        getsets: spec.getsets,
        fill_slots: spec.fill_slots,
        flags: spec.flags,
        ready: spec.ready,
    }
}

impl DictView {
    /// A view of `dict`.
    pub fn over(vm: &Vm, dict: &Obj<Dict>, kind: ViewKind) -> PyResult<Value> {
        let types = vm.types();
        let class = match kind {
            ViewKind::Keys => &types.dict_keys,
            ViewKind::Values => &types.dict_values,
            ViewKind::Items => &types.dict_items,
        };
        Ok(vm.alloc(&**class, DictView { dict: dict.to_ref(), kind })?.into())
    }

    /// A view that is an instance of `class`, of a dict or what derives from it.
    pub fn of_class(vm: &Vm, class: &Obj<Type>, dict: &Value, kind: ViewKind) -> PyResult<Value> {
        match dict.clone().downcast_into::<Dict>() {
            Ok(dict) => Ok(vm.alloc(class, DictView { dict, kind })?.into()),
            Err(_) => Err(vm.system_error("a view of what is no dict")),
        }
    }

    /// The dict.
    pub fn dict(&self) -> &Obj<Dict> {
        &self.dict
    }

    /// What it shows.
    pub fn kind(&self) -> ViewKind {
        self.kind
    }

    fn iterate(&self, vm: &Vm, backwards: bool) -> PyResult<Value> {
        DictIterator::over(vm, &self.dict, self.kind, backwards)
    }

    fn shown(vm: &Vm, this: &Value) -> PyResult<Value> {
        let shown = vm.repr_once(this, || {
            let mut text = StrBuilder::new();
            text.push_str(&vm.type_name(this));
            text.push_str("(");
            text.push_repr(vm, &List::from_values(vm, vm.collect(this)?)?.into())?;
            text.push_str(")");
            Ok(text.finish(vm)?.into())
        })?;
        shown.map_or_else(|| Ok(Str::new(vm, "...")?.into()), Ok)
    }

    /// Whether the view (of keys or items) has `item`.
    fn has(&self, vm: &Vm, item: &Value) -> PyResult<bool> {
        if self.kind == ViewKind::Keys {
            return self.dict.contains(vm, item);
        }
        let Some(pair) = item.downcast::<Tuple>() else { return Ok(false) };
        let [key, value] = pair.items() else { return Ok(false) };
        match self.dict.get(vm, key)? {
            Some(found) => vm.is_equal(&found, value),
            None => Ok(false),
        }
    }
}

/// A view of keys or items.
fn set_like(value: &Value) -> Option<&Obj<DictView>> {
    value.downcast::<DictView>().filter(|view| view.kind != ViewKind::Values)
}

/// A set (no frozenset) of no subclass.
fn exact_set<'a>(vm: &Vm, value: &'a Value) -> Option<&'a Obj<Set>> {
    as_set(value).filter(|_| vm.class_of(value).is_same(&vm.types().set))
}

/// Walks over the smaller of a view and a set or another view; over anything else that stands beside a view.
fn intersection(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
    let (view, other) = if set_like(left).is_some() { (left, right) } else { (right, left) };
    let Some(mut view) = set_like(view) else { return Ok(NOT_IMPLEMENTED) };
    let mut other = other;
    if let Some(set) = exact_set(vm, other)
        && view.dict.len() <= set.len()
    {
        return vm.call_method(other, &*vm.intern("intersection")?, &[view.to_value()]);
    }
    let this = view.to_value();
    if let Some(larger) = set_like(other).filter(|other| other.dict.len() > view.dict.len()) {
        (view, other) = (larger, &this);
    }
    let made = Set::new(vm)?;
    let iterator = vm.iter(other)?;
    while let Some(item) = vm.next(&iterator)? {
        if view.has(vm, &item)? {
            made.add(vm, &item)?;
        }
    }
    Ok(made.into())
}

fn contains_all(vm: &Vm, container: &Value, items: &Value) -> PyResult<bool> {
    let iterator = vm.iter(items)?;
    while let Some(item) = vm.next(&iterator)? {
        if !vm.contains(container, &item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn compare_sets(vm: &Vm, this: &Obj<DictView>, other: &Value, op: CompareOp) -> PyResult<Value> {
    let other_len = match (as_set(other), set_like(other)) {
        (Some(set), _) => set.len(),
        (None, Some(view)) => view.dict.len(),
        (None, None) => return not_comparable(),
    };
    let (len, this) = (this.dict.len(), &this.to_value());
    let result = match op {
        CompareOp::Eq => len == other_len && contains_all(vm, other, this)?,
        CompareOp::Ne => !(len == other_len && contains_all(vm, other, this)?),
        CompareOp::Lt => len < other_len && contains_all(vm, other, this)?,
        CompareOp::Le => len <= other_len && contains_all(vm, other, this)?,
        CompareOp::Gt => len > other_len && contains_all(vm, this, other)?,
        CompareOp::Ge => len >= other_len && contains_all(vm, this, other)?,
    };
    Ok(boolean(result))
}

/// `dict_values`
pub struct DictValues;

#[pytype(name = "dict_values", payload = DictView)]
impl DictValues {
    #[slot]
    fn iter(this: &Obj<DictView>, vm: &Vm) -> PyResult<Value> {
        this.iterate(vm, false)
    }

    #[slot(len)]
    fn length(this: &Obj<DictView>) -> PyResult<usize> {
        Ok(this.dict.len())
    }

    #[slot]
    fn repr(this: &Obj<DictView>, vm: &Vm) -> PyResult<Value> {
        DictView::shown(vm, &this.to_value())
    }

    /// dictionary that this view refers to
    #[getter]
    fn mapping(this: &Obj<DictView>, vm: &Vm) -> PyResult<Value> {
        MappingProxy::make(vm, this.dict.to_value())
    }

    /// Return a reverse iterator over the dict values.
    #[method]
    fn __reversed__(this: &Obj<DictView>, vm: &Vm) -> PyResult<Value> {
        this.iterate(vm, true)
    }
}

/// `dict_keys`
pub struct DictKeys;

/// `dict_items`
pub struct DictItems;

impl DictItems {
    /// The type's description: that of `dict_keys` under another name, as the payload knows what it shows.
    pub fn spec() -> &'static TypeSpec {
        static SPEC: std::sync::LazyLock<TypeSpec> =
            std::sync::LazyLock::new(|| renamed(DictKeys::spec(), "dict_items"));
        &SPEC
    }
}

#[pytype(name = "dict_keys", payload = DictView)]
impl DictKeys {
    #[slot]
    fn iter(this: &Obj<DictView>, vm: &Vm) -> PyResult<Value> {
        this.iterate(vm, false)
    }

    #[slot(len)]
    fn length(this: &Obj<DictView>) -> PyResult<usize> {
        Ok(this.dict.len())
    }

    #[slot]
    fn repr(this: &Obj<DictView>, vm: &Vm) -> PyResult<Value> {
        DictView::shown(vm, &this.to_value())
    }

    #[slot]
    fn contains(this: &Obj<DictView>, vm: &Vm, item: &Value) -> PyResult<bool> {
        this.has(vm, item)
    }

    #[slot]
    fn compare(this: &Obj<DictView>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        compare_sets(vm, this, other, op)
    }

    #[slot(binary(And))]
    fn and(left: &Value, vm: &Vm, right: &Value) -> PyResult<Value> {
        intersection(vm, left, right)
    }

    #[slot(binary(Or))]
    fn or(left: &Value, vm: &Vm, right: &Value) -> PyResult<Value> {
        let made = Set::from_iterable(vm, left)?;
        made.update(vm, right)?;
        Ok(made.into())
    }

    #[slot(binary(Sub))]
    fn sub(left: &Value, vm: &Vm, right: &Value) -> PyResult<Value> {
        let made = Set::from_iterable(vm, left)?;
        made.difference_update(vm, right)?;
        Ok(made.into())
    }

    #[slot(binary(Xor))]
    fn xor(left: &Value, vm: &Vm, right: &Value) -> PyResult<Value> {
        let made = Set::from_iterable(vm, left)?;
        made.symmetric_difference_update(vm, right)?;
        Ok(made.into())
    }

    /// Return True if the view and the given iterable have a null intersection.
    #[method(sig = "other, /")]
    fn isdisjoint(this: &Obj<DictView>, vm: &Vm, other: &Value) -> PyResult<bool> {
        let this = &this.to_value();
        if this.is(other) {
            return Ok(vm.len(this)? == 0);
        }
        let sized = as_set(other).is_some() || set_like(other).is_some();
        let swap = sized && vm.len(other)? > vm.len(this)?;
        let (container, items) = if swap { (other, this) } else { (this, other) };
        let iterator = vm.iter(items)?;
        while let Some(item) = vm.next(&iterator)? {
            if vm.contains(container, &item)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// dictionary that this view refers to
    #[getter]
    fn mapping(this: &Obj<DictView>, vm: &Vm) -> PyResult<Value> {
        MappingProxy::make(vm, this.dict.to_value())
    }

    /// Return a reverse iterator over the dict's keys or items.
    #[method]
    fn __reversed__(this: &Obj<DictView>, vm: &Vm) -> PyResult<Value> {
        this.iterate(vm, true)
    }
}
