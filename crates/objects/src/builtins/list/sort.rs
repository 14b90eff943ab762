//! `list.sort`: the order of a list's items, found on an array of positions and applied to the items at the end.
//!
//! Lists of ints, of floats and of strs are sorted by their machine values; everything else by `__lt__` alone, with a stable merge sort that
//! takes existing runs as they are, merges them in the order of powersort and gallops through one-sided merges.
//! Invariant: while Python code may run, the list is empty and the items belong to the sort; an exception leaves them in their old order.

use super::List;
use crate::builtins::is_not_implemented;
use crate::builtins::sequence;
use crate::builtins::str::Str;
use crate::builtins::tuple::Tuple;
use crate::native::Args;
use crate::types::call::call_at_once;
use crate::types::{CallFn, CompareOp, Type, TypeObject, type_flags};
use crate::vm::{PyResult, Vm};
use std::cmp::Ordering;
use taipan_heap::{OutOfMemory, Ref, Value};
use taipan_text::Slice;

impl List {
    /// Sorts in place.
    pub fn sort(&self, vm: &Vm, key: Option<&Value>, reverse: bool) -> PyResult<()> {
        let mut items = self.cell().take();
        let result = sort_items(vm, &mut items, key, reverse);
        let intruder = self.cell().replace(items);
        let modified = intruder.capacity() > 0;
        drop(intruder);
        result?;
        if modified { Err(vm.value_error("list modified during sort")) } else { Ok(()) }
    }
}

fn sort_items(vm: &Vm, items: &mut [Value], key: Option<&Value>, reverse: bool) -> PyResult<()> {
    let Some(key) = key else {
        if items.iter().all(Value::is_int) {
            // Identical ints are indistinguishable: stability is no concern, and the words order as the numbers do.
            items.sort_unstable_by_key(|item| item.bits() as i64);
            if reverse {
                items.reverse();
            }
            return Ok(());
        }
        let order = order_of(vm, items, reverse)?;
        permute(items, order);
        return Ok(());
    };
    let mut keys = Vec::new();
    keys.try_reserve_exact(items.len()).map_err(|_| vm.out_of_memory(OutOfMemory))?;
    for item in items.iter() {
        keys.push(call_at_once(vm, key, std::slice::from_ref(item))?);
    }
    let order = order_of(vm, &keys, reverse)?;
    permute(items, order);
    Ok(())
}

/// Moves the item at `order[i]` to position `i`, for all `i`.
fn permute(items: &mut [Value], mut order: Vec<u32>) {
    for start in 0..order.len() {
        let mut at = start;
        loop {
            let from = std::mem::replace(&mut order[at], at as u32) as usize;
            if from == start {
                break;
            }
            items.swap(at, from);
            at = from;
        }
    }
}

/// The positions of `keys` in sorted order.
fn order_of(vm: &Vm, keys: &[Value], reverse: bool) -> PyResult<Vec<u32>> {
    let mut order: Vec<u32> = Vec::new();
    order.try_reserve_exact(keys.len()).map_err(|_| vm.out_of_memory(OutOfMemory))?;
    order.extend(0..keys.len() as u32);
    if reverse {
        // Reversed before and after, equal items keep their order.
        order.reverse();
    }
    if !sort_by_machine_values(keys, &mut order) {
        if keys.iter().all(|key| key.downcast_exact::<Tuple>().is_some()) {
            let items = |at: u32| keys[at as usize].downcast_exact::<Tuple>().map_or(&[][..], |key| key.items());
            let less = |a: u32, b: u32| {
                vm.check_stack(" in comparison")?;
                sequence::fixed_holds(vm, CompareOp::Lt, items(a), items(b))
            };
            MergeSort { order: &mut order, less, scratch: Vec::new(), runs: Vec::new() }.sort()?;
            return Ok(turned(order, reverse));
        }
        if let Some(own) = OwnOrder::of(vm, keys) {
            let less = |a: u32, b: u32| own.less(vm, &keys[a as usize], &keys[b as usize]);
            MergeSort { order: &mut order, less, scratch: Vec::new(), runs: Vec::new() }.sort()?;
            return Ok(turned(order, reverse));
        }
        let less = |a: u32, b: u32| vm.compare_bool(CompareOp::Lt, &keys[a as usize], &keys[b as usize]);
        MergeSort { order: &mut order, less, scratch: Vec::new(), runs: Vec::new() }.sort()?;
    }
    Ok(turned(order, reverse))
}

/// The `__lt__` of the class that all keys have, looked up once.
struct OwnOrder {
    class: Ref<Type>,
    version: u32,
    method: Value,
    call: CallFn,
}

impl OwnOrder {
    fn of(vm: &Vm, keys: &[Value]) -> Option<OwnOrder> {
        let class = vm.class_of(keys.first()?);
        if !class.has(type_flags::PYTHON_CLASS) || !keys.iter().all(|key| vm.class_of(key).is_same(class)) {
            return None;
        }
        let method = class.lookup(vm, &vm.names().__lt__)?;
        let kind = vm.class_of(&method);
        let call = kind.slots.call.get().filter(|_| kind.has(type_flags::METHOD_DESCRIPTOR))?;
        Some(OwnOrder { version: class.version(vm), class: class.to_ref(), method, call })
    }

    fn less(&self, vm: &Vm, left: &Value, right: &Value) -> PyResult<bool> {
        let same = |key: &Value| vm.class_of(key).is_same(&*self.class);
        if self.version == 0 || self.class.current_version() != self.version || !same(left) || !same(right) {
            return vm.compare_bool(CompareOp::Lt, left, right);
        }
        vm.check_stack(" in comparison")?;
        let result = (self.call)(vm, &self.method, Args::positional(&[left.clone(), right.clone()]))?;
        if is_not_implemented(&result) {
            return vm.is_true(&vm.compare_rest(CompareOp::Lt, left, right)?);
        }
        vm.is_true(&result)
    }
}

fn turned(mut order: Vec<u32>, reverse: bool) -> Vec<u32> {
    if reverse {
        order.reverse();
    }
    order
}

fn sort_by_machine_values(keys: &[Value], order: &mut [u32]) -> bool {
    match keys.first() {
        None => true,
        Some(first) if first.is_int() => {
            let Some(numbers) = all_of(keys, Value::as_int) else { return false };
            sort_numbers(&numbers, order, i64::cmp);
            true
        }
        Some(first) if first.is_float() => {
            let number = |key: &Value| key.as_float().filter(|x| !x.is_nan());
            let Some(numbers) = all_of(keys, number) else { return false };
            sort_numbers(&numbers, order, |a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
            true
        }
        Some(_) => sort_texts(keys, order),
    }
}

/// What `number` makes of each key; `None` if it makes nothing of one, or there is no memory for so many.
fn all_of<T>(keys: &[Value], number: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    let mut numbers = Vec::new();
    numbers.try_reserve_exact(keys.len()).ok()?;
    for key in keys {
        numbers.push(number(key)?);
    }
    Some(numbers)
}

/// A text of one byte a character: how it begins, its length as far as that is short, and its position.
#[derive(Clone, Copy, Default)]
struct Beginning {
    bytes: u64,
    len: u32,
    at: u32,
}

/// So many bytes of a text are in its beginning.
const BEGINNING: usize = size_of::<u64>();

/// As many texts are sorted without asking for memory.
const FEW: usize = 24;

/// Sorts strs; `false` if something else is among the keys. Their beginnings, compared as numbers, decide most comparisons.
fn sort_texts(keys: &[Value], order: &mut [u32]) -> bool {
    let mut few = [Beginning::default(); FEW];
    let mut many = Vec::new();
    let beginnings = match few.get_mut(..keys.len()) {
        Some(few) => few,
        None => {
            many.resize(keys.len(), Beginning::default());
            &mut many[..]
        }
    };
    for (beginning, &at) in beginnings.iter_mut().zip(order.iter()) {
        let Some(text) = keys[at as usize].downcast_exact::<Str>() else { return false };
        let Slice::U1(units) = text.units() else {
            return sort_wide_texts(keys, order);
        };
        let mut bytes = [0; BEGINNING];
        match units.first_chunk() {
            Some(first) => bytes = *first,
            None => bytes.iter_mut().zip(units).for_each(|(to, unit)| *to = *unit),
        }
        *beginning = Beginning { bytes: u64::from_be_bytes(bytes), len: units.len().min(BEGINNING + 1) as u32, at };
    }
    let text = |beginning: &Beginning| match keys[beginning.at as usize].downcast::<Str>().map(|text| text.units()) {
        Some(Slice::U1(units)) => units,
        _ => &[],
    };
    beginnings.sort_by(|a, b| {
        a.bytes.cmp(&b.bytes).then_with(|| match a.len.min(b.len) as usize > BEGINNING {
            true => text(a).cmp(text(b)),
            false => a.len.cmp(&b.len),
        })
    });
    for (at, beginning) in order.iter_mut().zip(beginnings) {
        *at = beginning.at;
    }
    true
}

#[cold]
fn sort_wide_texts(keys: &[Value], order: &mut [u32]) -> bool {
    let Some(texts) = keys.iter().map(|key| key.downcast_exact::<Str>()).collect::<Option<Vec<_>>>() else {
        return false;
    };
    order.sort_by(|&a, &b| texts[a as usize].order(texts[b as usize]));
    true
}

fn sort_numbers<T: Copy>(numbers: &[T], order: &mut [u32], compare: impl Fn(&T, &T) -> Ordering) {
    let mut pairs: Vec<(T, u32)> = order.iter().map(|&at| (numbers[at as usize], at)).collect();
    pairs.sort_by(|a, b| compare(&a.0, &b.0));
    for (at, pair) in order.iter_mut().zip(pairs) {
        *at = pair.1;
    }
}

/// A run of sorted positions, and the power of the boundary behind it.
struct Run {
    start: usize,
    len: usize,
    power: u32,
}

struct MergeSort<'a, F> {
    order: &'a mut [u32],
    less: F,
    scratch: Vec<u32>,
    runs: Vec<Run>,
}

/// After so many wins of one side in a row, a merge looks for the end of the streak by galloping.
const STREAK: usize = 7;

impl<F: FnMut(u32, u32) -> PyResult<bool>> MergeSort<'_, F> {
    fn sort(mut self) -> PyResult<()> {
        let len = self.order.len();
        let least = least_run(len);
        let mut start = 0;
        while start < len {
            let mut run = self.count_run(start)?;
            if run < least {
                let forced = least.min(len - start);
                self.insert_sorted(start, run, forced)?;
                run = forced;
            }
            self.found_run(start, run)?;
            start += run;
        }
        while self.runs.len() > 1 {
            self.merge_at(self.runs.len() - 2)?;
        }
        Ok(())
    }

    /// Length of the run at `start`; a strictly descending one is reversed.
    fn count_run(&mut self, start: usize) -> PyResult<usize> {
        let len = self.order.len();
        let mut end = start + 1;
        if end == len {
            return Ok(1);
        }
        let descending = (self.less)(self.order[end], self.order[start])?;
        end += 1;
        while end < len && (self.less)(self.order[end], self.order[end - 1])? == descending {
            end += 1;
        }
        if descending {
            self.order[start..end].reverse();
        }
        Ok(end - start)
    }

    /// Extends the sorted `run` at `start` to `total` positions by binary insertion.
    fn insert_sorted(&mut self, start: usize, run: usize, total: usize) -> PyResult<()> {
        for at in start + run..start + total {
            let pivot = self.order[at];
            let (mut low, mut high) = (start, at);
            while low < high {
                let middle = low + (high - low) / 2;
                if (self.less)(pivot, self.order[middle])? {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            self.order[low..=at].rotate_right(1);
        }
        Ok(())
    }

    /// Merges earlier runs as long as their boundary is deeper than the new one, then puts the new run on the stack.
    fn found_run(&mut self, start: usize, len: usize) -> PyResult<()> {
        if let Some(last) = self.runs.last() {
            let power = boundary_power(last.start, last.len, len, self.order.len());
            while let [.., before, _] = self.runs.as_slice()
                && before.power > power
            {
                self.merge_at(self.runs.len() - 2)?;
            }
            if let Some(last) = self.runs.last_mut() {
                last.power = power;
            }
        }
        self.runs.push(Run { start, len, power: 0 });
        Ok(())
    }

    /// Merges run `index` with the one behind it.
    fn merge_at(&mut self, index: usize) -> PyResult<()> {
        let second = self.runs.remove(index + 1);
        let first = &mut self.runs[index];
        let (mut start, middle, mut end) = (first.start, second.start, second.start + second.len);
        first.len += second.len;
        first.power = second.power;
        let Self { order, less, .. } = self;
        let (head, tail) = (order[middle], order[middle - 1]);
        start += gallop(middle - start, |i| less(head, order[start + i]).map(|after| !after))?;
        if start == middle {
            return Ok(());
        }
        end = middle + gallop_back(end - middle, |i| less(order[middle + i], tail))?;
        if end == middle {
            return Ok(());
        }
        if middle - start <= end - middle {
            self.merge_low(start, middle, end)
        } else {
            self.merge_high(start, middle, end)
        }
    }

    /// Merges from the front; the first run goes to the scratch space.
    fn merge_low(&mut self, start: usize, middle: usize, end: usize) -> PyResult<()> {
        let Self { order, less, scratch, .. } = self;
        scratch.clear();
        scratch.extend_from_slice(&order[start..middle]);
        let (mut left, mut right, mut to, mut streak) = (0, middle, start, 0isize);
        while left < scratch.len() && right < end {
            if less(order[right], scratch[left])? {
                order[to] = order[right];
                (right, to, streak) = (right + 1, to + 1, streak.max(0) + 1);
            } else {
                order[to] = scratch[left];
                (left, to, streak) = (left + 1, to + 1, streak.min(0) - 1);
            }
            if streak.unsigned_abs() < STREAK || left == scratch.len() || right == end {
                continue;
            }
            if streak > 0 {
                let pivot = scratch[left];
                let count = gallop(end - right, |i| less(order[right + i], pivot))?;
                order.copy_within(right..right + count, to);
                (right, to) = (right + count, to + count);
            } else {
                let pivot = order[right];
                let count = gallop(scratch.len() - left, |i| less(pivot, scratch[left + i]).map(|after| !after))?;
                order[to..to + count].copy_from_slice(&scratch[left..left + count]);
                (left, to) = (left + count, to + count);
            }
            streak = 0;
        }
        let rest = &scratch[left..];
        order[to..to + rest.len()].copy_from_slice(rest);
        Ok(())
    }

    /// Merges from the back; the second run goes to the scratch space.
    fn merge_high(&mut self, start: usize, middle: usize, end: usize) -> PyResult<()> {
        let Self { order, less, scratch, .. } = self;
        scratch.clear();
        scratch.extend_from_slice(&order[middle..end]);
        let (mut left, mut right, mut to, mut streak) = (middle, scratch.len(), end, 0isize);
        while left > start && right > 0 {
            to -= 1;
            if less(scratch[right - 1], order[left - 1])? {
                order[to] = order[left - 1];
                (left, streak) = (left - 1, streak.max(0) + 1);
            } else {
                order[to] = scratch[right - 1];
                (right, streak) = (right - 1, streak.min(0) - 1);
            }
            if streak.unsigned_abs() < STREAK || left == start || right == 0 {
                continue;
            }
            if streak > 0 {
                let pivot = scratch[right - 1];
                let kept = gallop_back(left - start, |i| less(pivot, order[start + i]).map(|after| !after))?;
                let count = left - start - kept;
                order.copy_within(left - count..left, to - count);
                (left, to) = (left - count, to - count);
            } else {
                let pivot = order[left - 1];
                let kept = gallop_back(right, |i| less(scratch[i], pivot))?;
                let count = right - kept;
                order[to - count..to].copy_from_slice(&scratch[kept..right]);
                (right, to) = (kept, to - count);
            }
            streak = 0;
        }
        let rest = &scratch[..right];
        order[to - rest.len()..to].copy_from_slice(rest);
        Ok(())
    }
}

/// The shortest run worth merging: between 32 and 64, such that their number is close to a power of two.
fn least_run(mut len: usize) -> usize {
    let mut odd = 0;
    while len >= 64 {
        odd |= len & 1;
        len >>= 1;
    }
    len + odd
}

/// How deep the boundary between two neighbouring runs stands in a perfectly balanced merge tree.
fn boundary_power(start: usize, first: usize, second: usize, total: usize) -> u32 {
    let mut a = 2 * start + first;
    let mut b = a + first + second;
    let mut power = 0;
    loop {
        power += 1;
        if a >= total {
            a -= total;
            b -= total;
        } else if b >= total {
            return power;
        }
        a <<= 1;
        b <<= 1;
    }
}

/// Number of leading positions below `len` for which `holds` (it holds up to some position only), probing from the front.
fn gallop(len: usize, mut holds: impl FnMut(usize) -> PyResult<bool>) -> PyResult<usize> {
    let (mut low, mut step) = (0, 1);
    let mut high = len;
    while low < len {
        let at = (low + step - 1).min(len - 1);
        if !holds(at)? {
            high = at;
            break;
        }
        low = at + 1;
        step *= 2;
    }
    bisect(low, high, holds)
}

/// As `gallop`, probing from the back.
fn gallop_back(len: usize, mut holds: impl FnMut(usize) -> PyResult<bool>) -> PyResult<usize> {
    let (mut high, mut step) = (len, 1);
    let mut low = 0;
    while high > 0 {
        let at = high.saturating_sub(step);
        if holds(at)? {
            low = at + 1;
            break;
        }
        high = at;
        step *= 2;
    }
    bisect(low, high, holds)
}

fn bisect(mut low: usize, mut high: usize, mut holds: impl FnMut(usize) -> PyResult<bool>) -> PyResult<usize> {
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle)? {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}
