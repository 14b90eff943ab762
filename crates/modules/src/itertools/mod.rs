//! `itertools`: iterators that build on iterators.
//!
//! Invariant: no borrow of an iterator's state lasts across a call that may run Python code, so an iterator that is asked for an item by
//! its own callback finds a consistent state.

mod combine;
mod endless;
mod group;
mod select;
mod tee;

pub use module::spec;

use taipan_heap::Slot;
use taipan_heap::Value;
use taipan_macros::pymodule;
use taipan_objects::types::item_at_hand;
use taipan_objects::vm::{PyResult, Vm};

/// The next item of the iterator in `slot`, which is emptied at its end.
#[inline]
fn advance(vm: &Vm, slot: &Slot) -> PyResult<Option<Value>> {
    match slot.lend(item_at_hand).flatten() {
        None => advance_slowly(vm, slot),
        item => Ok(item),
    }
}

#[inline(never)]
fn advance_slowly(vm: &Vm, slot: &Slot) -> PyResult<Option<Value>> {
    let Some(iterator) = slot.get() else { return Ok(None) };
    let item = vm.next(&iterator)?;
    if item.is_none() {
        slot.set(None);
    }
    Ok(item)
}

/// Functional tools for creating and using iterators.
///
/// Infinite iterators:
/// count(start=0, step=1) --> start, start+step, start+2*step, ...
/// cycle(p) --> p0, p1, ... plast, p0, p1, ...
/// repeat(elem [,n]) --> elem, elem, elem, ... endlessly or up to n times
///
/// Iterators terminating on the shortest input sequence:
/// accumulate(p[, func]) --> p0, p0+p1, p0+p1+p2
/// batched(p, n) --> [p0, p1, ..., p_n-1], [p_n, p_n+1, ..., p_2n-1], ...
/// chain(p, q, ...) --> p0, p1, ... plast, q0, q1, ...
/// chain.from_iterable([p, q, ...]) --> p0, p1, ... plast, q0, q1, ...
/// compress(data, selectors) --> (d[0] if s[0]), (d[1] if s[1]), ...
/// dropwhile(predicate, seq) --> seq[n], seq[n+1], starting when predicate fails
/// groupby(iterable[, keyfunc]) --> sub-iterators grouped by value of keyfunc(v)
/// filterfalse(predicate, seq) --> elements of seq where pred(elem) is False
/// islice(seq, [start,] stop [, step]) --> elements from
///        seq[start:stop:step]
/// pairwise(s) --> (s[0],s[1]), (s[1],s[2]), (s[2], s[3]), ...
/// starmap(fun, seq) --> fun(*seq[0]), fun(*seq[1]), ...
/// tee(it, n=2) --> (it1, it2 , ... itn) splits one iterator into n
/// takewhile(predicate, seq) --> seq[0], seq[1], until predicate fails
/// zip_longest(p, q, ...) --> (p[0], q[0]), (p[1], q[1]), ...
///
/// Combinatoric generators:
/// product(p, q, ... [repeat=1]) --> cartesian product
/// permutations(p[, r])
/// combinations(p, r)
/// combinations_with_replacement(p, r)
#[pymodule(
    name = "itertools",
    types(
        endless::Count,
        endless::Cycle,
        endless::Repeat,
        select::Chain,
        select::Compress,
        select::DropWhile,
        select::TakeWhile,
        select::FilterFalse,
        select::StarMap,
        select::ISlice,
        group::Accumulate,
        group::Pairwise,
        group::Batched,
        group::GroupBy,
        group::Grouper,
        group::ZipLongest,
        combine::Product,
        combine::Permutations,
        combine::Combinations,
        combine::CombinationsWithReplacement,
        tee::Tee,
        tee::TeeData
    )
)]
mod module {
    use super::*;
    use taipan_heap::Ref;
    use taipan_objects::builtins::tuple::Tuple;

    /// Returns a tuple of n independent iterators.
    #[function(sig = "iterable, n=2, /")]
    fn tee(vm: &Vm, iterable: &Value, n: isize) -> PyResult<Ref<Tuple>> {
        tee::split(vm, iterable, n)
    }
}
