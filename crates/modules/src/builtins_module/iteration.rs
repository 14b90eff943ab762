//! `aiter`, `all`, `anext`, `any`, `iter`, `max`, `min`, `next`, `sorted`, and the awaitable of `anext` with a default.
//!
//! Invariant: iterators are advanced through their slots; an exhausted one answers `None` without an exception being made.

use taipan_heap::{Obj, Payload, Ref, Slot, Value};
use taipan_interp::generator::Generator;
use taipan_macros::{pymodule, pytype};
use taipan_objects::builtins::{FALSE, TRUE, is_none, iterator, list::List, str::Str};
use taipan_objects::native::unexpected_keyword;
use taipan_objects::native::{Args, FuncArgs};
use taipan_objects::types::CompareOp;
use taipan_objects::types::call::call;
use taipan_objects::vm::{PyResult, Vm};

/// Functions on iterables.
#[pymodule(name = "builtins")]
pub mod functions {
    use super::*;

    /// Return an AsyncIterator for an AsyncIterable object.
    #[function(sig = "async_iterable, /")]
    pub fn aiter(vm: &Vm, async_iterable: &Value) -> PyResult<Value> {
        let Some(function) = vm.class_of(async_iterable).slots.aiter.get() else {
            let given = vm.type_name(async_iterable);
            return Err(vm.type_error(format!("'{given}' object is not an async iterable")));
        };
        let result = function(vm, async_iterable)?;
        if vm.class_of(&result).slots.anext.get().is_none() {
            let given = vm.type_name(&result);
            return Err(vm.type_error(format!("aiter() returned not an async iterator of type '{given}'")));
        }
        Ok(result)
    }

    /// Return True if bool(x) is True for all values x in the iterable.
    ///
    /// If the iterable is empty, return True.
    #[function(sig = "iterable, /", fixed)]
    pub fn all(vm: &Vm, iterable: &Value) -> PyResult<bool> {
        let mut items = vm.walk(iterable)?;
        while let Some(item) = items.drive(vm, &mut |item| Some(item).filter(|item| plain_truth(item) != Some(true)))? {
            if !vm.is_true(&item)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Return the next item from the async iterator.
    ///
    /// If default is given and the async iterator is exhausted,
    /// it is returned instead of raising StopAsyncIteration.
    #[function(sig = "aiterator, default=<unrepresentable>, /")]
    pub fn anext(vm: &Vm, aiterator: &Value, default: Option<&Value>) -> PyResult<Value> {
        let Some(function) = vm.class_of(aiterator).slots.anext.get() else {
            let given = vm.type_name(aiterator);
            return Err(vm.type_error(format!("'{given}' object is not an async iterator")));
        };
        let awaitable = function(vm, aiterator)?;
        match default {
            None => Ok(awaitable),
            Some(default) => {
                let class = vm.native_type(AnextAwaitable::spec())?;
                let payload =
                    AnextAwaitable { wrapped: awaitable, default: default.clone(), iterator: Slot::default() };
                Ok(vm.alloc(&*class, payload)?.into())
            }
        }
    }

    /// Return True if bool(x) is True for any x in the iterable.
    ///
    /// If the iterable is empty, return False.
    #[function(sig = "iterable, /", fixed)]
    pub fn any(vm: &Vm, iterable: &Value) -> PyResult<bool> {
        let mut items = vm.walk(iterable)?;
        while let Some(item) =
            items.drive(vm, &mut |item| Some(item).filter(|item| plain_truth(item) != Some(false)))?
        {
            if vm.is_true(&item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// iter(iterable) -> iterator
    /// iter(callable, sentinel) -> iterator
    ///
    /// Get an iterator from an object.
    /// In the first form, the argument must supply its own iterator, or be a sequence.
    /// In the second form, the callable is called until it returns the sentinel.
    #[function(fixed)]
    pub fn iter(vm: &Vm, object: &Value, sentinel: Option<&Value>) -> PyResult<Value> {
        match sentinel {
            None => vm.iter(object),
            Some(_) if vm.class_of(object).slots.call.get().is_none() => {
                Err(vm.type_error("iter(v, w): v must be callable"))
            }
            Some(sentinel) => iterator::callable_iterator(vm, object.clone(), sentinel.clone()),
        }
    }

    /// max(iterable, *[, default=obj, key=func]) -> value
    /// max(arg1, arg2, *args, *[, key=func]) -> value
    ///
    /// With a single iterable argument, return its biggest item. The
    /// default keyword-only argument specifies an object to return if
    /// the provided iterable is empty.
    /// With two or more positional arguments, return the largest argument.
    #[function]
    pub fn max(vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        Extreme { vm, name: "max", op: CompareOp::Gt }.of(args.0)
    }

    /// min(iterable, *[, default=obj, key=func]) -> value
    /// min(arg1, arg2, *args, *[, key=func]) -> value
    ///
    /// With a single iterable argument, return its smallest item. The
    /// default keyword-only argument specifies an object to return if
    /// the provided iterable is empty.
    /// With two or more positional arguments, return the smallest argument.
    #[function]
    pub fn min(vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        Extreme { vm, name: "min", op: CompareOp::Lt }.of(args.0)
    }

    /// next(iterator[, default])
    ///
    /// Return the next item from the iterator. If default is given and the iterator
    /// is exhausted, it is returned instead of raising StopIteration.
    #[function(fixed)]
    pub fn next(vm: &Vm, iterator: &Value, default: Option<&Value>) -> PyResult<Value> {
        let Some(function) = vm.class_of(iterator).slots.next.get() else {
            let given = vm.type_name(iterator);
            return Err(vm.type_error(format!("'{given}' object is not an iterator")));
        };
        match (function(vm, iterator), default) {
            (Ok(Some(item)), _) => Ok(item),
            (Ok(None), None) => Err(vm.stop_iteration(None)),
            (Ok(None), Some(default)) => Ok(default.clone()),
            (Err(raised), None) => Err(raised),
            (Err(raised), Some(default)) => {
                let caught = vm.catch(Err(raised), &vm.types().stop_iteration)?;
                Ok(caught.unwrap_or_else(|| default.clone()))
            }
        }
    }

    /// Return a new list containing all items from the iterable in ascending order.
    ///
    /// A custom key function can be supplied to customize the sort order, and the
    /// reverse flag can be set to request the result in descending order.
    #[function]
    pub fn sorted(vm: &Vm, args: FuncArgs<'_>) -> PyResult<Ref<List>> {
        let args = args.0;
        let [iterable] = args.positionals() else {
            let given = args.positionals().len();
            return Err(vm.type_error(format!("sorted expected 1 argument, got {given}")));
        };
        let list = List::from_iterable(vm, iterable)?;
        if args.names.is_empty() {
            list.sort(vm, None, false)?;
            return Ok(list);
        }
        if let ([name], [_, value]) = (args.names, args.values)
            && Str::is_text(name, "key")
        {
            list.sort(vm, Some(value).filter(|key| !is_none(key)), false)?;
            return Ok(list);
        }
        let sort = vm.get_attr_text(&list.to_value(), "sort")?;
        call(vm, &sort, args.rest())?;
        Ok(list)
    }
}

/// `max` or `min`.
struct Extreme<'a> {
    vm: &'a Vm,
    name: &'static str,
    op: CompareOp,
}

impl Extreme<'_> {
    fn of(&self, args: Args<'_>) -> PyResult<Value> {
        let (vm, name, positional) = (self.vm, self.name, args.positionals());
        if positional.is_empty() {
            return Err(vm.type_error(format!("{name} expected at least 1 argument, got 0")));
        }
        let (mut key, mut default) = (None, None);
        for (keyword, value) in args.keywords() {
            match &*Str::display(keyword) {
                "key" => key = Some(value).filter(|key| !is_none(key)),
                "default" => default = Some(value),
                _ => return Err(unexpected_keyword(vm, name, keyword, &["key", "default"])),
            }
        }
        if positional.len() > 1 {
            if default.is_some() {
                let message = format!("Cannot specify a default for {name}() with multiple positional arguments");
                return Err(vm.type_error(message));
            }
            if let ([first, second], None) = (positional, key) {
                let wins = vm.compare_bool(self.op, second, first)?;
                return Ok(if wins { second.clone() } else { first.clone() });
            }
            let mut items = positional.iter().cloned();
            return self.best(|| Ok(items.next()), key).map(|best| best.unwrap_or(positional[0].clone()));
        }
        let mut items = vm.walk(&positional[0])?;
        match (self.best(|| items.next(vm), key)?, default) {
            (Some(best), _) => Ok(best),
            (None, Some(default)) => Ok(default.clone()),
            (None, None) => Err(vm.value_error(format!("{name}() iterable argument is empty"))),
        }
    }

    fn best(&self, mut next: impl FnMut() -> PyResult<Option<Value>>, key: Option<&Value>) -> PyResult<Option<Value>> {
        let Some(key) = key else {
            let Some(mut best) = next()? else { return Ok(None) };
            while let Some(item) = next()? {
                if self.vm.compare_bool(self.op, &item, &best)? {
                    best = item;
                }
            }
            return Ok(Some(best));
        };
        let mut best: Option<(Value, Value)> = None;
        while let Some(item) = next()? {
            let rank = self.vm.call(key, std::slice::from_ref(&item))?;
            let wins = match &best {
                Some((_, champion)) => self.vm.compare_bool(self.op, &rank, champion)?,
                None => true,
            };
            if wins {
                best = Some((item, rank));
            }
        }
        Ok(best.map(|(item, _)| item))
    }
}

/// The truth of a value that is no object.
fn plain_truth(value: &Value) -> Option<bool> {
    match value.as_int() {
        Some(n) => Some(n != 0),
        None if value.is(&TRUE) => Some(true),
        None if value.is(&FALSE) || is_none(value) => Some(false),
        None => None,
    }
}

/// What `anext` with a default returns.
#[derive(Payload)]
#[payload(name = "anext_awaitable")]
pub struct AnextAwaitable {
    wrapped: Value,
    default: Value,
    iterator: Slot,
}

impl AnextAwaitable {
    /// The iterator that awaiting the wrapped awaitable goes through, made on first use.
    fn started(&self, vm: &Vm) -> PyResult<Value> {
        if let Some(iterator) = self.iterator.get() {
            return Ok(iterator);
        }
        let made = match vm.class_of(&self.wrapped).slots.await_.get() {
            Some(function) => function(vm, &self.wrapped)?,
            None if self.wrapped.downcast::<Generator>().is_some_and(|generator| generator.is_coroutine()) => {
                self.wrapped.clone()
            }
            None => {
                let given = vm.type_name(&self.wrapped);
                return Err(vm.type_error(format!("'{given}' object can't be awaited")));
            }
        };
        if vm.class_of(&made).slots.next.get().is_none() {
            let given = vm.type_name(&made);
            return Err(vm.type_error(format!("__await__() returned non-iterator of type '{given}'")));
        }
        self.iterator.set(Some(made.clone()));
        Ok(made)
    }

    fn or_default<T>(&self, vm: &Vm, result: PyResult<T>) -> PyResult<T> {
        match result {
            Err(raised) if vm.raised_is(&vm.types().stop_async_iteration) => {
                drop(vm.take_exception(raised));
                Err(vm.stop_iteration(Some(self.default.clone())))
            }
            result => result,
        }
    }

    fn delegate(&self, vm: &Vm, method: &str, args: Args<'_>) -> PyResult<Value> {
        let iterator = self.started(vm)?;
        let method = vm.get_attr_text(&iterator, method)?;
        self.or_default(vm, call(vm, &method, args))
    }
}

/// The awaitable of an async iterator's next item, with a default for when there is none.
#[pytype(name = "anext_awaitable", flags = DISALLOW_INSTANTIATION)]
impl AnextAwaitable {
    #[slot(iter, await_)]
    fn itself(this: &Obj<AnextAwaitable>) -> Value {
        this.to_value()
    }

    #[slot]
    fn next(this: &Obj<AnextAwaitable>, vm: &Vm) -> PyResult<Option<Value>> {
        let iterator = this.started(vm)?;
        let Some(function) = vm.class_of(&iterator).slots.next.get() else { return Ok(None) };
        this.or_default(vm, function(vm, &iterator))
    }

    /// send(arg) -> send 'arg' into the wrapped iterator, return next yielded value or raise StopIteration.
    #[method]
    fn send(this: &Obj<AnextAwaitable>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        this.delegate(vm, "send", args.0)
    }

    /// throw(value) -> raise an exception in the wrapped iterator, return next yielded value or raise StopIteration.
    #[method]
    fn throw(this: &Obj<AnextAwaitable>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        this.delegate(vm, "throw", args.0)
    }

    /// close() -> raise GeneratorExit inside the wrapped iterator.
    #[method]
    fn close(this: &Obj<AnextAwaitable>, vm: &Vm, args: FuncArgs<'_>) -> PyResult<Value> {
        this.delegate(vm, "close", args.0)
    }
}
