//! Random operations on buffers against `Vec`.

use proptest::prelude::*;
use taipan_heap::{Buffer, Config, Heap};

#[derive(Clone, Debug)]
enum Step {
    Push(u64),
    Extend(usize),
    Insert(usize, u64),
    Remove(usize),
    Drain(usize, usize),
    Shrink,
    Reserve(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let most = if cfg!(miri) { 40 } else { 30_000usize };
    prop_oneof![
        any::<u64>().prop_map(Step::Push),
        (0..most).prop_map(Step::Extend),
        (any::<usize>(), any::<u64>()).prop_map(|(at, n)| Step::Insert(at, n)),
        any::<usize>().prop_map(Step::Remove),
        (any::<usize>(), any::<usize>()).prop_map(|(from, to)| Step::Drain(from, to)),
        Just(Step::Shrink),
        (0..most * 2).prop_map(Step::Reserve),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(miri) { 2 } else { 100 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]
    #[test]
    fn like_a_vector(steps in prop::collection::vec((0..3usize, step()), 0..60)) {
        let heap = Heap::new(Config::default());
        {
            let mut buffers: [Buffer<u64>; 3] = Default::default();
            let mut models: [Vec<u64>; 3] = Default::default();
            for (which, step) in steps {
                let (buffer, model) = (&mut buffers[which], &mut models[which]);
                let len = model.len();
                match step {
                    Step::Push(n) => {
                        buffer.push(&heap, n).unwrap();
                        model.push(n);
                    }
                    Step::Extend(more) => {
                        let more: Vec<u64> = (0..more as u64).collect();
                        buffer.extend(&heap, more.iter().copied()).unwrap();
                        model.extend(more);
                    }
                    Step::Insert(at, n) => {
                        buffer.insert(&heap, at % (len + 1), n).unwrap();
                        model.insert(at % (len + 1), n);
                    }
                    Step::Remove(at) if len > 0 => prop_assert_eq!(buffer.remove(at % len), model.remove(at % len)),
                    Step::Drain(from, to) if len > 0 => {
                        let (from, to) = (from % len, to % len);
                        let range = from.min(to)..from.max(to);
                        let drained: Vec<u64> = model.drain(range.clone()).collect();
                        prop_assert_eq!(buffer.drain_to_vec(range), drained);
                    }
                    Step::Shrink => buffer.shrink_to_fit(&heap),
                    Step::Reserve(more) => buffer.reserve(&heap, more).unwrap(),
                    _ => {}
                }
                for (buffer, model) in buffers.iter().zip(&models) {
                    prop_assert_eq!(&**buffer, model.as_slice());
                }
            }
        }
        prop_assert_eq!(heap.bytes_in_use(), 0);
    }
}
