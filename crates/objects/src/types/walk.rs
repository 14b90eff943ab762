//! `Walk`: the items of an iterable, one after the other, for native code that takes them all. No iterator is made for lists, tuples,
//! ranges and strs.
//!
//! Invariant: a list is asked for its length before each item, as Python code may change it between two; what a native iterator's `next` slot is
//! does not change while it is walked, as only classes of programs can change theirs.

use crate::builtins::list::List;
use crate::builtins::range::Range;
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::types::{NextFn, Take, type_flags};
use crate::vm::{PyResult, Vm};
use taipan_heap::{Obj, Value};

enum Source<'a> {
    List(&'a Obj<List>, usize),
    Tuple(&'a [Value]),
    Str(&'a Obj<Str>, usize),
    /// The next item, the distance between two, and how many there are.
    Range(i64, i64, usize),
    Native(Value, NextFn),
    Any(Value),
}

/// See the module's head.
pub struct Walk<'a>(Source<'a>);

impl Vm {
    /// Begins to walk over an iterable.
    #[inline]
    pub fn walk<'a>(&self, iterable: &'a Value) -> PyResult<Walk<'a>> {
        if let Some(list) = iterable.downcast_exact::<List>() {
            return Ok(Walk(Source::List(list, 0)));
        }
        if let Some(tuple) = iterable.downcast_exact::<Tuple>() {
            return Ok(Walk(Source::Tuple(tuple.items())));
        }
        if let Some(range) = iterable.downcast_exact::<Range>().and_then(|range| range.small()) {
            return Ok(Walk(Source::Range(range.start, range.step, range.len as usize)));
        }
        if let Some(text) = iterable.downcast_exact::<Str>() {
            return Ok(Walk(Source::Str(text, 0)));
        }
        Ok(self.walk_iterator(self.iter(iterable)?))
    }

    /// Walks over what an iterator still has.
    #[inline]
    pub fn walk_iterator(&self, iterator: Value) -> Walk<'static> {
        let class = self.class_of(&iterator);
        match class.slots.next.get().filter(|_| !class.has(type_flags::PYTHON_CLASS)) {
            Some(next) => Walk(Source::Native(iterator, next)),
            None => Walk(Source::Any(iterator)),
        }
    }
}

impl Walk<'_> {
    /// Gives items to `take`, which may give one back; that one, or the next, is returned, and `None` at the end. Generators run on between two items
    /// without being suspended, so `take` runs no Python code and ends no object.
    #[inline]
    pub fn drive(&mut self, vm: &Vm, take: &mut Take<'_>) -> PyResult<Option<Value>> {
        if let Source::Native(iterator, _) = &self.0
            && let Some(drive) = vm.class_of(iterator).slots.drive.get()
        {
            return drive(vm, iterator, take);
        }
        while let Some(item) = self.next(vm)? {
            if let Some(item) = take(item) {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    /// The next item; `None` at the end.
    #[inline]
    pub fn next(&mut self, vm: &Vm) -> PyResult<Option<Value>> {
        match &mut self.0 {
            Source::List(list, index) => {
                let item = list.get(*index);
                *index += 1;
                Ok(item)
            }
            Source::Tuple(items) => match items.split_first() {
                Some((first, rest)) => {
                    *items = rest;
                    Ok(Some(first.clone()))
                }
                None => Ok(None),
            },
            Source::Str(text, index) => {
                if *index >= text.len() {
                    return Ok(None);
                }
                let character = Str::character(vm, text.point(*index))?;
                *index += 1;
                Ok(Some(character.into()))
            }
            Source::Range(next, step, left) => {
                if *left == 0 {
                    return Ok(None);
                }
                let item = *next;
                *left -= 1;
                *next = next.wrapping_add(*step);
                crate::builtins::int::from_i64(vm, item).map(Some)
            }
            Source::Native(iterator, next) => match next(vm, iterator) {
                Ok(item) => Ok(item),
                Err(raised) => vm.catch(Err(raised), &vm.types().stop_iteration),
            },
            Source::Any(iterator) => vm.next(iterator),
        }
    }
}
