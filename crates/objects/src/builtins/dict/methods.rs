//! What Python sees of `dict`: its methods and operators.
//!
//! Invariant: a subclass's `__missing__` is asked by `d[key]` only; every other method works on the table directly.

use super::update::copy_of;
use super::{Dict, DictIterator, DictView, ViewKind, update_from};
use crate::builtins::generic_alias::GenericAlias;
use crate::builtins::sequence::not_comparable;
use crate::builtins::set::Set;
use crate::builtins::str::Str;
use crate::builtins::str::StrBuilder;
use crate::builtins::tuple::Tuple;
use crate::builtins::{NONE, NOT_IMPLEMENTED, boolean};
use crate::native::{Args, FuncArgs};
use crate::types::{CompareOp, Type};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Ref, Value, flags};
use taipan_macros::pytype;

/// dict() -> new empty dictionary
/// dict(mapping) -> new dictionary initialized from a mapping object's
///     (key, value) pairs
/// dict(iterable) -> new dictionary initialized as if via:
///     d = {}
///     for k, v in iterable:
///         d[k] = v
/// dict(**kwargs) -> new dictionary initialized with the name=value pairs
///     in the keyword argument list.  For example:  dict(one=1, two=2)
#[pytype(name = "dict", flags = BASETYPE | MAPPING | MATCH_SELF)]
impl Dict {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let _ = args;
        Ok(Dict::new_instance(vm, class)?.into())
    }

    #[slot]
    fn init(this: &Obj<Dict>, vm: &Vm, args: Args<'_>) -> PyResult<()> {
        update_with(vm, this, args, "dict")
    }

    /// Create a new dictionary with keys from iterable and values set to value.
    #[classmethod(sig = "iterable, value=None, /")]
    fn fromkeys(class: &Obj<Type>, vm: &Vm, iterable: &Value, value: Option<&Value>) -> PyResult<Value> {
        let value = value.cloned().unwrap_or(NONE);
        let made =
            if class.is_same(&*vm.types().dict) { Dict::new(vm)?.into() } else { vm.call(&class.to_value(), &[])? };
        let plain = made.downcast::<Dict>().filter(|dict| dict.header().kind().has(flags::EXACT));
        if let Some(dict) = plain
            && fill_hashed(vm, dict, iterable, &value)?
        {
            return Ok(made);
        }
        let iterator = vm.iter(iterable)?;
        while let Some(key) = vm.next(&iterator)? {
            match plain {
                Some(dict) => dict.set(vm, &key, value.clone())?,
                None => vm.set_item(&made, &key, Some(&value))?,
            }
        }
        Ok(made)
    }

    /// Return the value for key if key is in the dictionary, else default.
    #[method(name = "get", sig = "key, default=None, /", fixed)]
    fn get_method(this: &Obj<Dict>, vm: &Vm, key: &Value, default: Option<&Value>) -> PyResult<Value> {
        Ok(this.get(vm, key)?.unwrap_or_else(|| default.cloned().unwrap_or(NONE)))
    }

    /// Insert key with a value of default if key is not in the dictionary.
    ///
    /// Return the value for key if key is in the dictionary, else default.
    #[method(sig = "key, default=None, /", fixed)]
    fn setdefault(this: &Obj<Dict>, vm: &Vm, key: &Value, default: Option<&Value>) -> PyResult<Value> {
        this.set_default(vm, key, default.cloned().unwrap_or(NONE))
    }

    /// D.pop(k[,d]) -> v, remove specified key and return the corresponding value.
    ///
    /// If the key is not found, return the default if given; otherwise,
    /// raise a KeyError.
    #[method(sig = "key, default=<unrepresentable>, /", fixed)]
    fn pop(this: &Obj<Dict>, vm: &Vm, key: &Value, default: Option<&Value>) -> PyResult<Value> {
        // The key of an empty dict is not hashed.
        let found = if this.is_empty() { None } else { this.remove(vm, key)? };
        match (found, default) {
            (Some(value), _) => Ok(value),
            (None, Some(default)) => Ok(default.clone()),
            (None, None) => Err(vm.key_error(key)),
        }
    }

    /// Remove and return a (key, value) pair as a 2-tuple.
    ///
    /// Pairs are returned in LIFO (last-in, first-out) order.
    /// Raises KeyError if the dict is empty.
    #[method]
    fn popitem(this: &Obj<Dict>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        match this.pop_last() {
            Some((key, value)) => Tuple::pair(vm, key, value),
            None => Err(vm.raise_new(&vm.types().key_error, "popitem(): dictionary is empty")),
        }
    }

    /// D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F.
    /// If E is present and has a .keys() method, then does:  for k in E.keys(): D[k] = E[k]
    /// If E is present and lacks a .keys() method, then does:  for k, v in E: D[k] = v
    /// In either case, this is followed by: for k in F:  D[k] = F[k]
    #[method]
    fn update(this: &Obj<Dict>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<()> {
        update_with(vm, this, args.0, "update")
    }

    /// Remove all items from the dict.
    #[method(name = "clear", fixed)]
    fn clear_method(this: &Obj<Dict>) {
        this.clear();
    }

    /// Return a shallow copy of the dict.
    #[method(name = "copy", fixed)]
    fn copy_method(this: &Obj<Dict>, vm: &Vm) -> PyResult<Ref<Dict>> {
        copy_of(vm, this)
    }

    /// Return a set-like object providing a view on the dict's keys.
    #[method(name = "keys", fixed)]
    fn keys_method(this: &Obj<Dict>, vm: &Vm) -> PyResult<Value> {
        DictView::over(vm, this, ViewKind::Keys)
    }

    /// Return an object providing a view on the dict's values.
    #[method(fixed)]
    fn values(this: &Obj<Dict>, vm: &Vm) -> PyResult<Value> {
        DictView::over(vm, this, ViewKind::Values)
    }

    /// Return a set-like object providing a view on the dict's items.
    #[method(fixed)]
    fn items(this: &Obj<Dict>, vm: &Vm) -> PyResult<Value> {
        DictView::over(vm, this, ViewKind::Items)
    }

    /// See PEP 585
    #[classmethod(sig = "object, /")]
    fn __class_getitem__(class: &Obj<Type>, vm: &Vm, object: &Value) -> PyResult<Value> {
        GenericAlias::make(vm, &class.to_value(), object)
    }

    /// Return a reverse iterator over the dict keys.
    #[method]
    fn __reversed__(this: &Obj<Dict>, vm: &Vm) -> PyResult<Value> {
        DictIterator::over(vm, this, ViewKind::Keys, true)
    }

    /// Return the size of the dict in memory, in bytes.
    #[method]
    fn __sizeof__(this: &Obj<Dict>) -> usize {
        crate::builtins::list::sequence_size(this, 0) + this.table_bytes()
    }

    #[slot]
    fn repr(this: &Obj<Dict>, vm: &Vm) -> PyResult<Value> {
        let shown = vm.repr_once(&this.to_value(), || {
            let mut text = StrBuilder::starting("{");
            let (mut position, mut first) = (0, true);
            while let Some((key, value)) = this.next_entry(&mut position) {
                if !std::mem::take(&mut first) {
                    text.push_str(", ");
                }
                text.push_repr(vm, &key)?;
                text.push_str(": ");
                text.push_repr(vm, &value)?;
            }
            text.push_str("}");
            Ok(text.finish(vm)?.into())
        })?;
        shown.map_or_else(|| Ok(Str::new(vm, "{...}")?.into()), Ok)
    }

    #[slot]
    fn iter(this: &Obj<Dict>, vm: &Vm) -> PyResult<Value> {
        DictIterator::over(vm, this, ViewKind::Keys, false)
    }

    #[slot(len)]
    fn length(this: &Obj<Dict>) -> PyResult<usize> {
        Ok(this.len())
    }

    /// Return self[key].
    #[method(sig = "key, /")]
    fn __getitem__(this: &Obj<Dict>, vm: &Vm, key: &Value) -> PyResult<Value> {
        Self::getitem(this, vm, key)
    }

    #[slot]
    fn getitem(this: &Obj<Dict>, vm: &Vm, key: &Value) -> PyResult<Value> {
        if let Some(value) = this.get(vm, key)? {
            return Ok(value);
        }
        if !this.header().kind().has(flags::EXACT)
            && let Some(value) =
                vm.call_special(&this.to_value(), &vm.names().__missing__, std::slice::from_ref(key))?
        {
            return Ok(value);
        }
        Err(vm.key_error(key))
    }

    #[slot]
    fn setitem(this: &Obj<Dict>, vm: &Vm, key: &Value, value: Option<&Value>) -> PyResult<()> {
        match value {
            Some(value) => this.set(vm, key, value.clone()),
            None => match this.remove_entry(vm, key)? {
                Some(_) => Ok(()),
                None => Err(vm.key_error(key)),
            },
        }
    }

    /// True if the dictionary has the specified key, else False.
    #[method(sig = "key, /")]
    fn __contains__(this: &Obj<Dict>, vm: &Vm, key: &Value) -> PyResult<bool> {
        this.contains(vm, key)
    }

    #[slot(contains)]
    fn contains_slot(this: &Obj<Dict>, vm: &Vm, key: &Value) -> PyResult<bool> {
        this.contains(vm, key)
    }

    #[slot(binary(Or))]
    fn or(left: &Value, vm: &Vm, right: &Value) -> PyResult<Value> {
        let (Some(own), Some(_)) = (left.downcast::<Dict>(), right.downcast::<Dict>()) else {
            return Ok(NOT_IMPLEMENTED);
        };
        let made = copy_of(vm, own)?;
        update_from(vm, &made, right)?;
        Ok(made.into())
    }

    #[slot(inplace(Or))]
    fn or_inplace(this: &Obj<Dict>, vm: &Vm, other: &Value) -> PyResult<Value> {
        update_from(vm, this, other)?;
        Ok(this.to_value())
    }

    #[slot]
    fn compare(this: &Obj<Dict>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        match (other.downcast::<Dict>(), op) {
            (Some(other), CompareOp::Eq) => Ok(boolean(equal(vm, this, other)?)),
            (Some(other), CompareOp::Ne) => Ok(boolean(!equal(vm, this, other)?)),
            _ => not_comparable(),
        }
    }
}

fn update_with(vm: &Vm, dict: &Obj<Dict>, args: Args<'_>, function: &str) -> PyResult<()> {
    let positional = Args::positional(args.positionals()).expect(vm, function, 0, 1)?;
    if let Some(source) = positional.first() {
        update_from(vm, dict, source)?;
    }
    for (name, value) in args.keywords() {
        dict.set(vm, name, value.clone())?;
    }
    Ok(())
}

fn equal(vm: &Vm, left: &Dict, right: &Dict) -> PyResult<bool> {
    if left.len() != right.len() {
        return Ok(false);
    }
    let mut position = 0;
    while let Some((hash, key, value)) = left.next_hashed(&mut position) {
        match right.get_hashed(vm, &key, hash)? {
            Some(other) if vm.is_equal(&value, &other)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// Adds the keys of an exact set, frozenset or dict with the hashes it knows; false for anything else.
fn fill_hashed(vm: &Vm, dict: &Obj<Dict>, keys: &Value, value: &Value) -> PyResult<bool> {
    let mut position = 0;
    if let Some(set) = keys.downcast_exact::<Set>() {
        while let Some((hash, key)) = set.next_element(&mut position) {
            dict.set_hashed(vm, &key, hash, value.clone())?;
        }
        return Ok(true);
    }
    let Some(other) = keys.downcast_exact::<Dict>() else { return Ok(false) };
    while let Some((hash, key, _)) = other.next_hashed(&mut position) {
        dict.set_hashed(vm, &key, hash, value.clone())?;
    }
    Ok(true)
}
