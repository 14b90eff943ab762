//! `typing.Union` (`int | str`): a set of alternative types.
//!
//! Invariant: `args` has at least two members, flat (no unions inside) and without repetitions.

use crate::builtins::generic_alias::{GenericAlias, collect_parameters, substitute};
use crate::builtins::set::Set;
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::builtins::{NONE, NOT_IMPLEMENTED, boolean, is_none};
use crate::types::{CompareOp, Type};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;

/// Alternative types.
#[derive(Payload)]
#[payload(name = "Union")]
pub struct Union {
    /// `__args__`
    pub args: Ref<Tuple>,
    /// How many of them could not be hashed when the union was made.
    unhashable: usize,
}

/// Represent a union type
///
/// E.g. for int | str
#[pytype(name = "Union", module = "typing", flags = DISALLOW_INSTANTIATION, ready = ready)]
impl Union {
    #[slot]
    fn repr(this: &Obj<Union>, vm: &Vm) -> PyResult<String> {
        let shown: Vec<String> = this
            .args
            .items()
            .iter()
            .map(|arg| crate::builtins::generic_alias::show(vm, arg))
            .collect::<PyResult<_>>()?;
        Ok(shown.join(" | "))
    }

    #[slot]
    fn hash(this: &Obj<Union>, vm: &Vm) -> PyResult<i64> {
        // Order does not matter.
        let mut hash = 0i64;
        for arg in this.args.items() {
            let own = vm.hash(arg)?;
            hash ^= own.wrapping_mul(0x5bd1_e995).rotate_left(17);
        }
        if this.unhashable > 0 {
            let (count, plural) = (this.unhashable, if this.unhashable == 1 { "" } else { "s" });
            return Err(vm.type_error(format!("union contains {count} unhashable element{plural}")));
        }
        Ok(if hash == -1 { -2 } else { hash })
    }

    #[slot]
    fn compare(this: &Obj<Union>, vm: &Vm, other: &Value, op: CompareOp) -> PyResult<Value> {
        let Some(other) = other.downcast::<Union>() else { return Ok(NOT_IMPLEMENTED) };
        let (a, b) = (this.args.items(), other.args.items());
        let mut equal = a.len() == b.len();
        for arg in a.iter().filter(|_| a.len() == b.len()) {
            equal = equal && holds(vm, b, arg)?;
        }
        Ok(match op {
            CompareOp::Eq => boolean(equal),
            CompareOp::Ne => boolean(!equal),
            _ => NOT_IMPLEMENTED,
        })
    }

    #[slot(binary(Or))]
    fn union_or(left: &Value, right: &Value, vm: &Vm) -> PyResult<Value> {
        let operand = |value: &Value| match value.downcast::<Str>() {
            Some(_) => checked(vm, value),
            None => Ok(value.clone()),
        };
        make(vm, &[operand(left)?, operand(right)?])
    }

    #[slot]
    fn getitem(this: &Obj<Union>, vm: &Vm, item: &Value) -> PyResult<Value> {
        let args = substitute(vm, &this.to_value(), this.args.items(), item)?;
        let mut result: Option<Value> = None;
        for arg in args {
            result = Some(match result {
                None => arg,
                Some(before) => vm.binary(crate::types::BinaryOp::Or, &before, &arg)?,
            });
        }
        Ok(result.unwrap_or(NONE))
    }

    #[getter(member)]
    fn __args__(this: &Obj<Union>) -> Value {
        this.args.to_value()
    }

    #[getter]
    fn __parameters__(this: &Obj<Union>, vm: &Vm) -> PyResult<Value> {
        Ok(collect_parameters(vm, this.args.items())?.into())
    }

    #[getter]
    fn __origin__(_this: &Obj<Union>, vm: &Vm) -> Value {
        vm.types().union.to_value()
    }

    #[method]
    fn __mro_entries__(this: &Obj<Union>, vm: &Vm, _bases: &Value) -> PyResult<Value> {
        let shown = vm.repr(&this.to_value())?;
        Err(vm.type_error(format!("Cannot subclass {}", shown.to_lossy())))
    }

    #[getter(name = "__name__")]
    fn name(_this: &Obj<Union>) -> &'static str {
        "Union"
    }

    #[getter(name = "__qualname__")]
    fn qualname(_this: &Obj<Union>) -> &'static str {
        "Union"
    }

    #[classmethod]
    fn __class_getitem__(_class: &Value, vm: &Vm, item: &Value) -> PyResult<Value> {
        let items = item.downcast::<Tuple>().map_or(std::slice::from_ref(item), |items| items.items());
        let checked: Vec<Value> = items.iter().map(|item| checked(vm, item)).collect::<PyResult<_>>()?;
        make(vm, &checked)
    }
}

/// Items can be asked for, but there is nothing to iterate over.
fn ready(_vm: &Vm, class: &Obj<Type>) -> PyResult<()> {
    class.slots.iter.set(Some(|vm, value| {
        let given = vm.type_name(value);
        Err(vm.type_error(format!("'{given}' object is not iterable")))
    }));
    Ok(())
}

fn holds(vm: &Vm, args: &[Value], wanted: &Value) -> PyResult<bool> {
    for arg in args {
        if vm.is_equal(arg, wanted)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether `value` may stand beside `|` between types.
fn is_unionable(vm: &Vm, value: &Value) -> bool {
    is_none(value)
        || value.downcast::<Type>().is_some()
        || value.downcast::<GenericAlias>().is_some()
        || value.downcast::<Union>().is_some()
        || &*vm.type_name(value) == "typing.TypeAliasType"
}

/// A member of `Union[...]`: what is no type for sure, `typing` has to accept; it makes forward references of strs.
fn checked(vm: &Vm, item: &Value) -> PyResult<Value> {
    if is_unionable(vm, item) {
        return Ok(item.clone());
    }
    let message = "Union[arg, ...]: each arg must be a type.";
    let typing = match vm.interp().modules.get() {
        Some(modules) => modules.get_text(vm, "typing")?,
        None => None,
    };
    match typing {
        Some(typing) => {
            let check = vm.get_attr(&typing, &*vm.intern("_type_check")?)?;
            vm.call(&check, &[item.clone(), Str::new(vm, message)?.into()])
        }
        None => Err(vm.type_error(format!("{message} Got {}.", vm.repr(item)?.to_lossy()))),
    }
}

/// `left | right` of types.
pub fn or(vm: &Vm, left: &Value, right: &Value) -> PyResult<Value> {
    if !is_unionable(vm, left) || !is_unionable(vm, right) {
        return Ok(NOT_IMPLEMENTED);
    }
    make(vm, &[left.clone(), right.clone()])
}

/// The union of `items`; the item itself if only one remains.
pub fn make(vm: &Vm, items: &[Value]) -> PyResult<Value> {
    let mut args: Vec<Value> = Vec::new();
    // Equality alone does not make two members the same: stand-ins for names not yet known are equal to anything.
    // Those that cannot be hashed are compared among themselves only.
    let (hashable, mut unhashable) = (Set::new(vm)?, Vec::new());
    for item in items {
        let own = std::slice::from_ref(item);
        for arg in item.downcast::<Union>().map_or(own, |union| union.args.items()) {
            let arg = if is_none(arg) { vm.types().none.to_value() } else { arg.clone() };
            let hashed = vm.hash(&arg);
            let new = match vm.catch(hashed, &vm.types().type_error)? {
                Some(_) if hashable.contains(vm, &arg)? => false,
                Some(_) => {
                    hashable.add(vm, &arg)?;
                    true
                }
                None if holds(vm, &unhashable, &arg)? => false,
                None => {
                    unhashable.push(arg.clone());
                    true
                }
            };
            if new {
                args.push(arg);
            }
        }
    }
    if args.is_empty() {
        return Err(vm.type_error("Cannot take a Union of no types."));
    }
    if args.len() == 1 {
        return Ok(args.swap_remove(0));
    }
    let args = Tuple::new(vm, args.into_iter())?;
    Ok(vm.alloc(&*vm.types().union, Union { args, unhashable: unhashable.len() })?.into())
}
