//! `Weak<T>`: a handle that does not keep its target alive, and can be asked whether that lives.
//!
//! Invariant: the target of a `Weak<T>`'s link has payload `T`, or had it when it lived.

use crate::heap::{Heap, OutOfMemory};
use crate::kind::Payload;
use crate::reference::{Obj, Ref};
use crate::trace::{Traverse, Visit};
use crate::weak::WeakNode;
use std::cell::Cell;
use std::marker::PhantomData;
use taipan_macros::Payload;

/// The object behind weak handles.
#[derive(Payload)]
#[payload(name = "weak reference")]
pub(crate) struct Link {
    node: WeakNode,
    callback: Callback,
}

struct Callback(Cell<Option<Box<dyn FnOnce(&Heap)>>>);

crate::no_references!(Callback);

impl Link {
    /// The target is gone.
    pub(crate) fn call_back(&self, heap: &Heap) {
        if let Some(callback) = self.callback.0.take() {
            heap.at_level(0, || callback(heap));
        }
    }
}

/// A weak handle: it does not keep its target alive. Clones share one callback.
///
/// ```
/// use std::{cell::Cell, rc::Rc};
/// use taipan_heap::{Config, Heap, OutOfMemory, Payload, Weak};
///
/// #[derive(Payload)]
/// struct Image {
///     pixels: Vec<u8>,
/// }
///
/// let heap = Heap::new(Config::default());
/// let image = heap.make(Image { pixels: vec![0; 64] })?;
/// let evicted = Rc::new(Cell::new(false));
/// let told = evicted.clone();
/// let cached = Weak::with_callback(&heap, &image, move |_| told.set(true))?;
/// assert_eq!(cached.upgrade().map(|image| image.pixels.len()), Some(64));
/// drop(image);
/// assert!(cached.is_dead() && cached.upgrade().is_none() && evicted.get());
/// # Ok::<(), OutOfMemory>(())
/// ```
pub struct Weak<T: Payload> {
    link: Ref<Link>,
    target: PhantomData<fn() -> Ref<T>>,
}

impl<T: Payload> Weak<T> {
    /// A handle for `target`. It takes an object of `heap`, so it can fail.
    pub fn new(heap: &Heap, target: &Obj<T>) -> Result<Weak<T>, OutOfMemory> {
        Weak::link(heap, target, None)
    }

    /// The same with something to call when the target is gone, if a clone of the handle is left then that does not die together with the target. What the closure
    /// refers to is kept alive by it, whatever that refers to.
    pub fn with_callback(
        heap: &Heap,
        target: &Obj<T>,
        callback: impl FnOnce(&Heap) + 'static,
    ) -> Result<Weak<T>, OutOfMemory> {
        Weak::link(heap, target, Some(Box::new(callback)))
    }

    fn link(heap: &Heap, target: &Obj<T>, callback: Option<Box<dyn FnOnce(&Heap)>>) -> Result<Weak<T>, OutOfMemory> {
        let called = callback.is_some();
        let link = heap.make(Link { node: WeakNode::new(), callback: Callback(Cell::new(callback)) })?;
        heap.link_weak(&link, |link| &link.node, target.header(), called);
        Ok(Weak { link, target: PhantomData })
    }

    /// The target, while it lives. From the moment on at which it is known to be trash, before its finalizer runs, there is none.
    #[inline]
    pub fn upgrade(&self) -> Option<Ref<T>> {
        self.link.node.target()?.downcast_into().ok()
    }

    /// Whether the target is gone.
    #[inline]
    pub fn is_dead(&self) -> bool {
        self.link.node.is_dead()
    }
}

impl<T: Payload> Clone for Weak<T> {
    fn clone(&self) -> Weak<T> {
        Weak { link: self.link.clone(), target: PhantomData }
    }
}

// SAFETY: the reference to the link is owned, and visited once.
unsafe impl<T: Payload> Traverse for Weak<T> {
    const HOLDS_REFERENCES: bool = true;
    #[inline]
    fn traverse<V: Visit>(&self, visitor: &mut V) {
        self.link.traverse(visitor);
    }
}
