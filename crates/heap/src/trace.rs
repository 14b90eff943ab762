//! `Traverse`: how the heap sees the references inside a payload.
//!
//! Traversal is mandatory: `#[derive(Traverse)]` visits every field, and a field whose type does not implement `Traverse` does not
//! compile. Types without references implement it with an empty body, here or through `no_references!`.

use crate::header::Header;
use crate::kind::Payload;
use crate::reference::Ref;
use crate::value::Value;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ptr::NonNull;

/// Walks the references of one object; what happens at each is the visitor's business.
pub struct Visitor<'a> {
    pub(crate) edge: &'a mut dyn FnMut(NonNull<Header>),
}

impl<'a> Visitor<'a> {
    /// A visitor that calls `edge` for every reference.
    pub fn new(edge: &'a mut dyn FnMut(NonNull<Header>)) -> Visitor<'a> {
        Visitor { edge }
    }

    /// Reports one owned reference.
    #[inline]
    pub fn visit(&mut self, header: &Header) {
        (self.edge)(NonNull::from(header));
    }
}

/// A type whose owned references can be enumerated.
pub trait Traverse {
    /// Whether values of the type can hold references at all.
    const HOLDS_REFERENCES: bool;
    /// Visits each owned reference exactly once.
    fn traverse(&self, visitor: &mut Visitor<'_>);
}

impl Traverse for Value {
    const HOLDS_REFERENCES: bool = true;
    #[inline]
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        if let Some(header) = self.header() {
            visitor.visit(header);
        }
    }
}

impl<T: Payload> Traverse for Ref<T> {
    const HOLDS_REFERENCES: bool = true;
    #[inline]
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        visitor.visit(self.header());
    }
}

/// Declares that types hold no references.
#[macro_export]
macro_rules! no_references {
    ($($type:ty),* $(,)?) => {
        $(impl $crate::Traverse for $type {
            const HOLDS_REFERENCES: bool = false;
            #[inline]
            fn traverse(&self, _: &mut $crate::Visitor<'_>) {}
        })*
    };
}

no_references!(
    (),
    bool,
    char,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    i8,
    i16,
    i32,
    i64,
    i128,
    isize,
    f32,
    f64,
    String,
    str,
    Box<str>,
    std::rc::Rc<str>,
    std::sync::Arc<str>,
    crate::kind::Kind,
    std::time::Instant,
    std::time::Duration
);

impl<T: ?Sized> Traverse for &'static T {
    const HOLDS_REFERENCES: bool = false;
    #[inline]
    fn traverse(&self, _: &mut Visitor<'_>) {}
}

macro_rules! transparent {
    ($([$($generics:tt)*] $type:ty, |$this:ident, $visitor:ident| $body:expr;)*) => {
        $(impl<$($generics)*> Traverse for $type {
            const HOLDS_REFERENCES: bool = T::HOLDS_REFERENCES;
            #[inline]
            fn traverse(&self, $visitor: &mut Visitor<'_>) {
                if Self::HOLDS_REFERENCES {
                    let $this = self;
                    $body
                }
            }
        })*
    };
}

transparent! {
    [T: Traverse] Option<T>, |this, visitor| if let Some(inside) = this { inside.traverse(visitor) };
    [T: Traverse] Vec<T>, |this, visitor| for inside in this { inside.traverse(visitor) };
    [T: Traverse] VecDeque<T>, |this, visitor| for inside in this { inside.traverse(visitor) };
    [T: Traverse] Box<T>, |this, visitor| (**this).traverse(visitor);
    [T: Traverse] Box<[T]>, |this, visitor| for inside in this.iter() { inside.traverse(visitor) };
    [T: Traverse, const N: usize] [T; N], |this, visitor| for inside in this { inside.traverse(visitor) };
    [T: Traverse] OnceCell<T>, |this, visitor| if let Some(inside) = this.get() { inside.traverse(visitor) };
    // SAFETY: a collection runs no code that could write the cell while its contents are read.
    [T: Traverse] RefCell<T>, |this, visitor| unsafe { (*this.as_ptr()).traverse(visitor) };
    // SAFETY: as for `RefCell`.
    [T: Traverse] Cell<T>, |this, visitor| unsafe { (*this.as_ptr()).traverse(visitor) };
}

impl<K: Traverse, T: Traverse, S> Traverse for HashMap<K, T, S> {
    const HOLDS_REFERENCES: bool = K::HOLDS_REFERENCES || T::HOLDS_REFERENCES;
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        for (key, inside) in self {
            key.traverse(visitor);
            inside.traverse(visitor);
        }
    }
}

impl<K: Traverse, T: Traverse> Traverse for BTreeMap<K, T> {
    const HOLDS_REFERENCES: bool = K::HOLDS_REFERENCES || T::HOLDS_REFERENCES;
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        for (key, inside) in self {
            key.traverse(visitor);
            inside.traverse(visitor);
        }
    }
}

macro_rules! tuples {
    ($(($($name:ident),*))*) => {
        $(impl<$($name: Traverse),*> Traverse for ($($name,)*) {
            const HOLDS_REFERENCES: bool = $($name::HOLDS_REFERENCES)||*;
            #[inline]
            #[allow(non_snake_case)]
            fn traverse(&self, visitor: &mut Visitor<'_>) {
                let ($($name,)*) = self;
                $($name.traverse(visitor);)*
            }
        })*
    };
}

tuples! { (A) (A, B) (A, B, C) (A, B, C, D) }
