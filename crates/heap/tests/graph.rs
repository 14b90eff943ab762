//! Random object graphs against a model: exactly what is unreachable dies, once, at once where counts say so, whatever collections, weak handles, finalizers,
//! frozen objects and limits there are.

use proptest::prelude::*;

mod model;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(miri) { 2 } else { 400 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]
    #[test]
    fn random_graphs(steps in prop::collection::vec(any::<[u8; 3]>(), 0..if cfg!(miri) { 40 } else { 250 })) {
        model::run(steps);
    }
}
