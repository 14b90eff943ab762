//! `Late`: a boxed slice that is empty until it is filled.
//!
//! Invariant LT1: a slice that is not empty is never replaced, so a borrow of its elements lasts as long as the `Late`.

use crate::trace::{Traverse, Visit, Visitor, label_items};
use std::cell::UnsafeCell;
use std::ops::Deref;

/// A boxed slice that is empty until it is filled, once.
pub struct Late<T> {
    items: UnsafeCell<Box<[T]>>,
}

impl<T> Late<T> {
    /// Puts the elements in. `false`: there are some already, and nothing was changed.
    pub fn fill(&self, items: Box<[T]>) -> bool {
        if !self.is_empty() {
            return false;
        }
        // SAFETY: LT1: what is replaced has no elements that could be borrowed.
        unsafe { *self.items.get() = items };
        true
    }
}

impl<T> Default for Late<T> {
    fn default() -> Late<T> {
        Late { items: UnsafeCell::new(Box::default()) }
    }
}

impl<T> Deref for Late<T> {
    type Target = [T];
    #[inline]
    fn deref(&self) -> &[T] {
        // SAFETY: LT1; `fill` runs no code while it holds the box.
        unsafe { &*self.items.get() }
    }
}

// SAFETY: what is visited is owned, and visited once.
unsafe impl<T: Traverse> Traverse for Late<T> {
    const HOLDS_REFERENCES: bool = T::HOLDS_REFERENCES;
    #[inline]
    fn traverse<V: Visit>(&self, visitor: &mut V) {
        if Self::HOLDS_REFERENCES {
            self.iter().for_each(|item| item.traverse(visitor));
        }
    }
    fn traverse_labelled(&self, visitor: &mut Visitor<'_>) {
        if Self::HOLDS_REFERENCES {
            label_items(self.iter(), visitor);
        }
    }
    const OWNS_MEMORY: bool = T::OWNS_MEMORY;
    fn memory(&self) -> usize {
        self.iter().map(T::memory).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::Late;

    #[test]
    fn it_is_filled_once() {
        let late: Late<String> = Late::default();
        let before: &[String] = &late;
        assert!(late.fill(Box::default()));
        assert!(late.fill(vec!["a".to_owned()].into()));
        let filled: &[String] = &late;
        assert!(!late.fill(vec!["b".to_owned()].into()));
        assert_eq!((before.len(), filled, &late[0]), (0, &["a".to_owned()][..], &"a".to_owned()));
    }
}
