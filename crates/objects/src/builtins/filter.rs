//! `filter`: the items of an iterable for which a predicate is true.
//!
//! Invariant: None and `bool` as predicates stand for the item's own truth, which is asked without a call.

use crate::builtins::is_none;
use crate::builtins::tuple::Tuple;
use crate::native::Args;
use crate::types::Type;
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Payload, Ref, Value};
use taipan_macros::pytype;

/// `filter`
#[derive(Payload)]
#[payload(name = "filter")]
pub struct Filter {
    predicate: Value,
    iterator: Value,
}

/// filter(function, iterable, /)
/// --
///
/// Return an iterator yielding those items of iterable for which function(item)
/// is true. If function is None, return the items that are true.
#[pytype(name = "filter", flags = BASETYPE)]
impl Filter {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let exact = class.is_same(&*vm.types().filter);
        let args = if exact { args } else { Args::positional(args.positionals()) };
        let args = args.expect(vm, "filter", 2, 2)?;
        let payload = Filter { predicate: args[0].clone(), iterator: vm.iter(&args[1])? };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    #[slot]
    fn next(this: &Obj<Filter>, vm: &Vm) -> PyResult<Option<Value>> {
        let own_truth = is_none(&this.predicate) || vm.types().bool.is(&this.predicate);
        while let Some(item) = vm.next(&this.iterator)? {
            let good = if own_truth {
                vm.is_true(&item)?
            } else {
                let answer = vm.call(&this.predicate, std::slice::from_ref(&item))?;
                vm.is_true(&answer)?
            };
            if good {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<Filter>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let arguments = Tuple::pair(vm, this.predicate.clone(), this.iterator.clone())?;
        Tuple::pair(vm, vm.class_of(&this.to_value()).to_value(), arguments.into())
    }
}
