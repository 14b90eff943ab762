//! Lists, dicts and sets behave like simple models of them under long random sequences of operations, and stay as small as promised.

use std::rc::Rc;
use taipan_heap::{Header, Value};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::set::Set;
use taipan_objects::builtins::str::Str;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::vm::{Interp, InterpConfig, PyResult, Vm};

fn started() -> Rc<Vm> {
    Interp::new(InterpConfig::default()).unwrap_or_else(|_| panic!("the builtin types are made"))
}

struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

fn key(vm: &Vm, n: u64) -> PyResult<Value> {
    if n.is_multiple_of(2) { Ok(Value::small_int(n as i32)) } else { Ok(Str::new(vm, &format!("k{n}"))?.into()) }
}

#[test]
fn dicts_behave_like_their_model() -> PyResult<()> {
    let vm = started();
    let _entered = Vm::enter(&vm);
    for keys in [3, 9, 30, 400] {
        let dict = Dict::new(&vm)?;
        let mut model: Vec<(u64, u64)> = Vec::new();
        let mut random = Random(0x9e37_79b9_7f4a_7c15 + keys);
        for step in 0..6000u64 {
            let n = random.below(keys);
            let place = model.iter().position(|(own, _)| *own == n);
            match random.below(8) {
                0..=3 => {
                    dict.set(&vm, &key(&vm, n)?, Value::small_int(step as i32))?;
                    match place {
                        Some(place) => model[place].1 = step,
                        None => model.push((n, step)),
                    }
                }
                4..=5 => {
                    let removed = dict.remove(&vm, &key(&vm, n)?)?;
                    assert_eq!(removed.is_some(), place.is_some());
                    if let Some(place) = place {
                        model.remove(place);
                    }
                }
                6 => {
                    let popped = dict.pop_last().and_then(|(_, value)| value.as_int());
                    assert_eq!(popped, model.pop().map(|(_, value)| value as i64));
                }
                _ => {
                    let found = dict.get(&vm, &key(&vm, n)?)?.and_then(|value| value.as_int());
                    assert_eq!(found, place.map(|place| model[place].1 as i64));
                }
            }
            assert_eq!(dict.len(), model.len());
        }
        let values: Vec<_> = dict.copy(&vm)?.snapshot().iter().map(|(_, value)| value.as_int()).collect();
        let expected: Vec<_> = model.iter().map(|(_, value)| Some(*value as i64)).collect();
        assert_eq!(values, expected);
    }
    Ok(())
}

#[test]
fn sets_behave_like_their_model() -> PyResult<()> {
    let vm = started();
    let _entered = Vm::enter(&vm);
    for keys in [5, 40, 700] {
        let set = Set::new(&vm)?;
        let mut model = std::collections::BTreeSet::new();
        let mut random = Random(77 + keys);
        for _ in 0..5000 {
            let n = random.below(keys);
            match random.below(5) {
                0..=2 => {
                    set.add(&vm, &key(&vm, n)?)?;
                    model.insert(n);
                }
                3 => assert_eq!(set.discard(&vm, &key(&vm, n)?)?, model.remove(&n)),
                _ => assert_eq!(set.contains(&vm, &key(&vm, n)?)?, model.contains(&n)),
            }
            assert_eq!(set.len(), model.len());
        }
        let mut left = 0;
        while set.pop().is_some() {
            left += 1;
        }
        assert_eq!(left, model.len());
    }
    Ok(())
}

#[test]
fn sorting_is_right_and_stable() -> PyResult<()> {
    let vm = started();
    let _entered = Vm::enter(&vm);
    for len in [0u64, 1, 2, 63, 64, 65, 300, 1500] {
        for shape in 0..4u64 {
            let mut random = Random(len + 1 + shape * 1000);
            let numbers: Vec<u64> = (0..len)
                .map(|i| match shape {
                    0 => random.below(len + 1),
                    1 => i / 3,
                    2 => (len - i) / 7,
                    _ => (i * 7) % 100 + random.below(2),
                })
                .collect();
            for reverse in [false, true] {
                let mut expected: Vec<(u64, u64)> = numbers.iter().copied().zip(0..).collect();
                expected.sort_by(|a, b| if reverse { b.0.cmp(&a.0) } else { a.0.cmp(&b.0) });
                // Lists of one number are sorted by the general merge sort.
                let mut items = Vec::new();
                for (n, at) in numbers.iter().zip(0..) {
                    let inside = List::new(&vm, [Value::small_int(*n as i32)].into_iter())?;
                    inside.push(&vm, Value::small_int(0))?;
                    items.push((inside, at));
                }
                let list = List::new(&vm, items.iter().map(|(inside, _)| inside.to_value()))?;
                list.sort(&vm, None, reverse)?;
                let order: Vec<u64> = list
                    .snapshot()
                    .iter()
                    .filter_map(|item| items.iter().find(|(inside, _)| inside.is(item)).map(|(_, at)| *at))
                    .collect();
                assert_eq!(order, expected.iter().map(|(_, at)| *at).collect::<Vec<u64>>());
                let plain = List::new(&vm, numbers.iter().map(|n| Value::small_int(*n as i32)))?;
                plain.sort(&vm, None, reverse)?;
                let sorted: Vec<_> = plain.snapshot().iter().filter_map(Value::as_int).collect();
                assert_eq!(sorted, expected.iter().map(|(n, _)| *n as i64).collect::<Vec<_>>());
            }
        }
    }
    Ok(())
}

#[test]
fn containers_are_small() {
    let header = size_of::<Header>();
    assert!(header + size_of::<List>() <= 40);
    assert!(header + size_of::<Dict>() <= 56);
    assert!(header + size_of::<Tuple>() + 3 * 8 <= 48);
    assert!(header + size_of::<Set>() <= 64);
}
