//! `zip` and `map`: several iterables in step.
//!
//! Invariant: the iterators are asked in order; when one ends, those before it have given an item that is lost, unless the lengths are
//! required to be equal, which is then checked.

use crate::builtins::TRUE;
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::native::Args;
use crate::native::unexpected_keyword;
use crate::types::call::call_at_once;
use crate::types::{Take, Type};
use crate::vm::{PyResult, Raised, Vm};
use std::cell::Cell;
use taipan_heap::{Edge, Obj, Payload, Ref, Value};
use taipan_macros::pytype;

/// `zip`
#[derive(Payload)]
#[payload(name = "zip")]
pub struct Zip {
    iterators: Ref<Tuple>,
    strict: Cell<bool>,
    /// The tuple that was given first, to be used again when nobody else has it.
    result: Edge<Tuple>,
}

/// `map`
#[derive(Payload)]
#[payload(name = "map")]
pub struct Map {
    function: Value,
    iterators: Ref<Tuple>,
    strict: Cell<bool>,
}

/// The keyword `strict`, the only one that `function` takes.
fn read_strict(vm: &Vm, args: Args<'_>, function: &str) -> PyResult<bool> {
    let given = args.names.len();
    if given > 1 {
        return Err(vm.type_error(format!("{function}() takes at most 1 keyword argument ({given} given)")));
    }
    let mut strict = false;
    for (name, value) in args.keywords() {
        if !Str::is_text(name, "strict") {
            return Err(unexpected_keyword(vm, function, name, &["strict"]));
        }
        strict = vm.is_true(value)?;
    }
    Ok(strict)
}

fn iterators(vm: &Vm, iterables: &[Value]) -> PyResult<Ref<Tuple>> {
    match iterables {
        [only] => Tuple::of(vm, [vm.iter(only)?]),
        [first, second] => Tuple::of(vm, [vm.iter(first)?, vm.iter(second)?]),
        _ => {
            let iterators = iterables.iter().map(|iterable| vm.iter(iterable)).collect::<PyResult<Vec<Value>>>()?;
            Tuple::from_values(vm, iterators)
        }
    }
}

#[cold]
fn unequal(vm: &Vm, function: &str, index: usize, how: &str) -> Raised {
    let (number, before) = (index + 1, if index == 1 { " " } else { "s 1-" });
    vm.value_error(format!("{function}() argument {number} is {how} than argument{before}{index}"))
}

/// Iterator number `at` has ended: an error, if all were to end together and others have not.
fn ended(vm: &Vm, iterators: &[Value], at: usize, strict: bool, function: &str) -> PyResult<()> {
    if !strict {
        return Ok(());
    }
    if at > 0 {
        return Err(unequal(vm, function, at, "shorter"));
    }
    for (index, iterator) in iterators.iter().enumerate().skip(1) {
        if vm.next(iterator)?.is_some() {
            return Err(unequal(vm, function, index, "longer"));
        }
    }
    Ok(())
}

/// The next item of each iterator; `None` when one has ended.
fn step(vm: &Vm, iterators: &[Value], strict: bool, function: &str) -> PyResult<Option<Vec<Value>>> {
    let mut items = Vec::with_capacity(iterators.len());
    for (at, iterator) in iterators.iter().enumerate() {
        match vm.next(iterator)? {
            Some(item) => items.push(item),
            None => return ended(vm, iterators, at, strict, function).map(|()| None),
        }
    }
    Ok(Some(items))
}

/// The next items of the iterators in a tuple, which is the one in `kept` again if nobody else has that; `None` when one has ended.
fn next_tuple(vm: &Vm, kept: &Edge<Tuple>, iterators: &[Value], strict: bool) -> PyResult<Option<Value>> {
    if let Some(mut tuple) = kept.take() {
        if tuple.tail_mut().is_some() {
            let filled = refill(vm, &mut tuple, iterators, strict);
            let given = tuple.clone();
            kept.set(Some(tuple));
            return Ok(filled?.then(|| given.into()));
        }
        kept.set(Some(tuple));
    }
    let tuple = match (iterators, strict) {
        ([first, second], false) => {
            let Some(first) = vm.next(first)? else { return Ok(None) };
            let Some(second) = vm.next(second)? else { return Ok(None) };
            Tuple::of(vm, [first, second])?
        }
        ([first, second, third], false) => {
            let Some(first) = vm.next(first)? else { return Ok(None) };
            let Some(second) = vm.next(second)? else { return Ok(None) };
            let Some(third) = vm.next(third)? else { return Ok(None) };
            Tuple::of(vm, [first, second, third])?
        }
        _ => match step(vm, iterators, strict, "zip")? {
            Some(items) => Tuple::from_values(vm, items)?,
            None => return Ok(None),
        },
    };
    if kept.is_empty() {
        kept.set(Some(tuple.clone()));
    }
    Ok(Some(tuple.into()))
}

/// Puts the next item of each iterator into a tuple; `false` when one has ended.
fn refill(vm: &Vm, tuple: &mut Ref<Tuple>, iterators: &[Value], strict: bool) -> PyResult<bool> {
    for (at, iterator) in iterators.iter().enumerate() {
        match vm.next(iterator)? {
            Some(item) => Tuple::put(vm, tuple, at, item)?,
            None => return ended(vm, iterators, at, strict, "zip").map(|()| false),
        }
    }
    Ok(true)
}

fn reduce(vm: &Vm, this: &Value, arguments: Ref<Tuple>, strict: bool) -> PyResult<Ref<Tuple>> {
    let class = vm.class_of(this).to_value();
    if strict {
        return Tuple::new(vm, [class, arguments.into(), TRUE].into_iter());
    }
    Tuple::pair(vm, class, arguments.into())
}

/// The zip object yields n-length tuples, where n is the number of iterables
/// passed as positional arguments to zip().  The i-th element in every tuple
/// comes from the i-th iterable argument to zip().  This continues until the
/// shortest argument is exhausted.
///
/// If strict is true and one of the arguments is exhausted before the others,
/// raise a ValueError.
#[pytype(name = "zip", flags = BASETYPE)]
impl Zip {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let strict = Cell::new(read_strict(vm, args, "zip")?);
        let iterators = iterators(vm, args.positionals())?;
        Ok(vm.alloc_instance(class, Zip { iterators, strict, result: Edge::default() })?.into())
    }

    /// Whether it zips two iterables and does not ask for equal lengths: `advance` serves it then.
    #[inline]
    pub fn yields_pairs(&self) -> bool {
        self.iterators.items().len() == 2 && !self.strict.get()
    }

    /// The two iterators of a zip that yields pairs, if nobody else has the tuple of them.
    pub fn pair(&self) -> Option<(&Value, &Value)> {
        match self.iterators.items() {
            [first, second] if !self.strict.get() && self.iterators.header().count() == 1 => Some((first, second)),
            _ => None,
        }
    }

    /// The next pair; `None` at the end.
    #[inline]
    pub fn advance(&self, vm: &Vm) -> PyResult<Option<(Value, Value)>> {
        let [first, second] = self.iterators.items() else { return Ok(None) };
        let Some(first) = vm.next(first)? else { return Ok(None) };
        Ok(vm.next(second)?.map(|second| (first, second)))
    }

    #[slot]
    fn next(this: &Obj<Zip>, vm: &Vm) -> PyResult<Option<Value>> {
        match this.iterators.items() {
            [] => Ok(None),
            iterators => next_tuple(vm, &this.result, iterators, this.strict.get()),
        }
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<Zip>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        reduce(vm, &this.to_value(), this.iterators.clone(), this.strict.get())
    }

    /// Set state information for unpickling.
    #[method(sig = "state, /")]
    fn __setstate__(this: &Obj<Zip>, vm: &Vm, state: &Value) -> PyResult<()> {
        this.strict.set(vm.is_true(state)?);
        Ok(())
    }
}

/// The `drive` slot of `map`.
pub fn map_all(vm: &Vm, this: &Value, take: &mut Take<'_>) -> PyResult<Option<Value>> {
    let Some(map) = this.downcast::<Map>() else { return vm.next(this) };
    loop {
        match Map::next(map, vm) {
            Ok(Some(item)) => {
                if let Some(item) = take(item) {
                    return Ok(Some(item));
                }
            }
            Ok(None) => return Ok(None),
            Err(raised) => return vm.catch(Err(raised), &vm.types().stop_iteration),
        }
    }
}

/// map(function, iterable, /, *iterables, strict=False)
/// --
///
/// Make an iterator that computes the function using arguments from
/// each of the iterables.  Stops when the shortest iterable is exhausted.
///
/// If strict is true and one of the arguments is exhausted before the others,
/// raise a ValueError.
#[pytype(name = "map", flags = BASETYPE)]
impl Map {
    #[slot(new)]
    fn make(class: &Obj<Type>, vm: &Vm, args: Args<'_>) -> PyResult<Value> {
        let strict = Cell::new(read_strict(vm, args, "map")?);
        let Some((function, iterables @ [_, ..])) = args.positionals().split_first() else {
            return Err(vm.type_error("map() must have at least two arguments."));
        };
        let iterators = iterators(vm, iterables)?;
        Ok(vm.alloc_instance(class, Map { function: function.clone(), iterators, strict })?.into())
    }

    #[slot]
    #[inline]
    fn next(this: &Obj<Map>, vm: &Vm) -> PyResult<Option<Value>> {
        if let [single] = this.iterators.items() {
            let Some(item) = vm.next(single)? else { return Ok(None) };
            return call_at_once(vm, &this.function, &[item]).map(Some);
        }
        if let ([first, second], false) = (this.iterators.items(), this.strict.get()) {
            let Some(first) = vm.next(first)? else { return Ok(None) };
            let Some(second) = vm.next(second)? else { return Ok(None) };
            return vm.call(&this.function, &[first, second]).map(Some);
        }
        match step(vm, this.iterators.items(), this.strict.get(), "map")? {
            Some(items) => vm.call(&this.function, &items).map(Some),
            None => Ok(None),
        }
    }

    #[slot]
    fn iter(this: &Value) -> PyResult<Value> {
        Ok(this.clone())
    }

    /// Return state information for pickling.
    #[method]
    fn __reduce__(this: &Obj<Map>, vm: &Vm) -> PyResult<Ref<Tuple>> {
        let arguments = std::iter::once(&this.function).chain(this.iterators.items()).cloned().collect();
        reduce(vm, &this.to_value(), Tuple::from_values(vm, arguments)?, this.strict.get())
    }

    /// Set state information for unpickling.
    #[method(sig = "state, /")]
    fn __setstate__(this: &Obj<Map>, vm: &Vm, state: &Value) -> PyResult<()> {
        this.strict.set(vm.is_true(state)?);
        Ok(())
    }
}
