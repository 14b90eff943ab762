//! How exceptions are chained as they are raised.
//!
//! Invariant: following `__context__` from an exception that was raised never comes back to it.

use crate::builtins::exception::BaseException;
use taipan_heap::{Obj, Ref, Value};

fn context_of(exception: &Obj<BaseException>) -> Option<Ref<BaseException>> {
    exception.context.get().and_then(|context| context.downcast_into::<BaseException>().ok())
}

impl BaseException {
    /// Makes `handled` the context of `raised`, cutting the chain where it would lead back to `raised`.
    pub fn chain(raised: &Obj<BaseException>, handled: &Value) {
        let Some(start) = handled.downcast::<BaseException>().filter(|handled| !handled.is_same(raised)) else {
            return;
        };
        let mut at = start.to_ref();
        // A second walker at half the speed meets the first one in a cycle that does not pass through `raised`.
        let mut slow = start.to_ref();
        let mut step = false;
        while let Some(next) = context_of(&at) {
            if next.is_same(raised) {
                at.context.set(None);
                break;
            }
            at = next;
            if at.is_same(&slow) {
                break;
            }
            if step && let Some(next) = context_of(&slow) {
                slow = next;
            }
            step = !step;
        }
        raised.context.set(Some(handled.clone()));
    }
}
