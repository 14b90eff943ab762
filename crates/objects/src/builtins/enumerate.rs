//! `enumerate`: the items of an iterable with their numbers.
//!
//! Invariant: the number is an exact int of any size, one more with each item.

use crate::builtins::generic_alias::GenericAlias;
use crate::builtins::int;
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::native::Args;
use crate::types::Type;
use crate::vm::{PyResult, Vm};
use taipan_heap::{Edge, Obj, Payload, Ref, Slot, Value};
use taipan_macros::pytype;

/// `enumerate`
#[derive(Payload)]
#[payload(name = "enumerate")]
pub struct Enumerate {
    iterator: Value,
    number: Slot,
    /// The pair that was given last, to be used again when nobody else has it.
    result: Edge<Tuple>,
}

/// enumerate(iterable, start=0)
/// --
///
/// Return an enumerate object.
///
///   iterable
///     an object supporting iteration
///
/// The enumerate object yields pairs containing a count (from start, which
/// defaults to zero) and a value yielded by the iterable argument.
///
/// enumerate is useful for obtaining an indexed list:
///     (0, seq[0]), (1, seq[1]), (2, seq[2]), ...
#[pytype(name = "enumerate", flags = BASETYPE)]
impl Enumerate {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let (iterable, start) = arguments(vm, args)?;
        let number = match start {
            None => Value::small_int(0),
            Some(start) => {
                let start = int::index(vm, start)?;
                match int::as_small(&start) {
                    Some(small) => int::from_i64(vm, small)?,
                    None => start,
                }
            }
        };
        let payload =
            Enumerate { iterator: vm.iter(iterable)?, number: Slot::new(Some(number)), result: Edge::default() };
        Ok(vm.alloc_instance(class, payload)?.into())
    }

    /// The iterator whose items it numbers.
    pub fn iterator(&self) -> &Value {
        &self.iterator
    }

    /// The next number, if it is a small one.
    pub fn small_number(&self) -> Option<i64> {
        self.number.get()?.as_int()
    }

    /// The next number and item; `None` at the end.
    #[inline]
    pub fn advance(&self, vm: &Vm) -> PyResult<Option<(Value, Value)>> {
        let Some(item) = vm.next(&self.iterator)? else { return Ok(None) };
        let number = self.number.get().unwrap_or(Value::small_int(0));
        let next = match number.as_int() {
            Some(small) => int::from_i64(vm, small + 1)?,
            None => match int::as_big(&number) {
                Some(big) => int::from_big(vm, big.into_owned() + 1)?,
                None => Value::small_int(0),
            },
        };
        self.number.set(Some(next));
        Ok(Some((number, item)))
    }

    #[slot]
    fn next(this: &Obj<Enumerate>, vm: &Vm) -> PyResult<Option<Value>> {
        match this.advance(vm)? {
            Some((number, item)) => Ok(Some(Tuple::again(vm, &this.result, [number, item])?.into())),
            None => Ok(None),
        }
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    /// See PEP 585
    #[classmethod(sig = "object, /")]
    fn __class_getitem__(class: &Obj<Type>, vm: &Vm, object: &Value) -> PyResult<Value> {
        GenericAlias::make(vm, &class.to_value(), object)
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<Enumerate>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let number = this.number.get().unwrap_or(Value::small_int(0));
        let arguments = Tuple::pair(vm, this.iterator.clone(), number)?;
        Tuple::pair(vm, vm.class_of(&this.to_value()).to_value(), arguments.into())
    }
}

fn arguments<'a>(vm: &Vm, args: Args<'a>) -> PyResult<(&'a Value, Option<&'a Value>)> {
    let given = args.values.len();
    if given > 2 {
        return Err(vm.type_error(format!("enumerate() takes at most 2 arguments ({given} given)")));
    }
    let positional = args.positionals();
    let (mut iterable, mut start) = (positional.first(), positional.get(1));
    for (name, value) in args.keywords() {
        let place = if Str::is_text(name, "iterable") {
            &mut iterable
        } else if Str::is_text(name, "start") {
            &mut start
        } else {
            let name = Str::display(name);
            return Err(vm.type_error(format!("'{name}' is an invalid keyword argument for enumerate()")));
        };
        if place.replace(value).is_some() {
            let name = Str::display(name);
            return Err(vm.type_error(format!("'{name}' is an invalid keyword argument for enumerate()")));
        }
    }
    match iterable {
        Some(iterable) => Ok((iterable, start)),
        None => Err(vm.type_error("enumerate() missing required argument 'iterable'")),
    }
}
