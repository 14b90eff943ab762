//! Trial deletion: which objects of a set are referred to from within the set only.
//!
//! Three walks over the set. The first traverses each object and adds one to the scratch count of each target in the set. An
//! object whose count is greater than that has references from outside: it is a root. The second walk marks what
//! roots reach. The third sorts the marked from the rest and leaves every scratch count at zero, as it found them.
//!
//! The second walk goes by address. A target ahead of it is only marked, since the walk will come to it; a target behind it goes
//! onto a stack. A list of three million younger objects thus needs no stack at all. The stack is bounded: when it is full (or the
//! system gives no memory for it) the target's page is noted instead, and noted pages are walked again until none is left.
//!
//! Immortal objects are always roots: their counts say nothing. A scratch count that has reached its greatest value makes a
//! root too, which errs on the safe side.
//!
//! Invariant T1: between collections every scratch count is zero, and `CANDIDATE` and `REACHABLE` are clear.
//! Invariant T2: no code but the heap's own runs during the walks, so that pages and objects stay what they are.

use super::Heap;
use super::page::{Bits, PageRef};
use crate::header::{Header, bits};
use crate::trace::{SATURATED, Set, Visitor};
use std::ptr::NonNull;

/// Which objects a trial looks at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// All objects with the young bit.
    Young,
    /// All objects with the middle bit.
    Middle,
    /// All tracked objects that are not frozen.
    All,
    /// All objects found to be trash.
    Trash,
}

const IN_SET: u32 = bits::CANDIDATE | bits::REACHABLE;
const FLAGS: u32 = (1 << bits::SCRATCH_SHIFT) - 1;

impl Scope {
    fn set(self) -> Set {
        if self == Scope::All {
            Set { mask: bits::TRACKED | bits::FROZEN | bits::REACHABLE, want: bits::TRACKED }
        } else {
            Set { mask: IN_SET, want: bits::CANDIDATE }
        }
    }
}

/// Objects that are reachable but whose references are not followed yet.
#[derive(Default)]
pub(crate) struct MarkStack {
    objects: Vec<NonNull<Header>>,
    overflowed: bool,
}

const STACK_LIMIT: usize = if cfg!(miri) { 4 } else { 1 << 16 };
const STACK_CHUNK: usize = if cfg!(miri) { 4 } else { 1 << 10 };

impl MarkStack {
    #[inline]
    pub(crate) fn push(&mut self, object: NonNull<Header>) {
        if self.objects.len() == self.objects.capacity() && !self.grow() {
            self.overflowed = true;
            // SAFETY: H1: a header stands in a page.
            unsafe { PageRef::of(object) }.rescan.set(true);
            return;
        }
        self.objects.push(object);
    }

    #[cold]
    fn grow(&mut self) -> bool {
        let len = self.objects.len();
        len < STACK_LIMIT && self.objects.try_reserve(len.max(STACK_CHUNK)).is_ok()
    }
}

impl Heap {
    /// Splits a scope: what is reachable is handed to `survivor` (unmarked again), the rest becomes or stays `CANDIDATE` and
    /// is handed to `trash`. `root` may name further objects to keep.
    pub(super) fn deduce(
        &self,
        scope: Scope,
        root: impl Fn(&Header) -> bool,
        survivor: impl FnMut(NonNull<Header>),
        trash: impl FnMut(PageRef, NonNull<Header>),
    ) {
        let set = scope.set();
        if matches!(scope, Scope::Young | Scope::Middle) {
            self.walk_scope(scope, |_, object| {
                // SAFETY: T2: the walk yields live objects.
                let header = unsafe { object.as_ref() };
                header.set(bits::CANDIDATE, header.word.get() & (bits::TRACKED | bits::FROZEN) == bits::TRACKED);
            });
        }
        self.count_internal(scope, set);
        self.mark_reachable(scope, set, root);
        self.split(scope, survivor, trash);
    }

    fn count_internal(&self, scope: Scope, set: Set) {
        let mut visitor = Visitor::count(set);
        self.walk_scope(scope, |_, object| {
            // SAFETY: T2.
            unsafe {
                if set.has(object.as_ref()) {
                    traverse_object(object, &mut visitor);
                }
            }
        });
    }

    fn mark_reachable(&self, scope: Scope, set: Set, root: impl Fn(&Header) -> bool) {
        let mut stack = MarkStack::default();
        let ordered = scope == Scope::All;
        self.walk_scope(scope, |_, object| {
            // SAFETY: T2.
            let header = unsafe { object.as_ref() };
            let reachable = if set.has(header) {
                let internal = header.word.get() >> bits::SCRATCH_SHIFT;
                let live = header.count() != internal || internal == SATURATED || header.is_immortal() || root(header);
                if live {
                    header.set(bits::REACHABLE, true);
                }
                live
            } else {
                // Marked from an object before it in address order, and left for this walk to follow.
                ordered && header.has(bits::REACHABLE)
            };
            if reachable {
                let cursor = if ordered { header.address() } else { usize::MAX };
                // SAFETY: T2.
                unsafe { traverse_object(object, &mut Visitor::reach(set, cursor, &mut stack)) };
                propagate(set, cursor, &mut stack);
            }
        });
        while std::mem::take(&mut stack.overflowed) {
            self.rescan(set, &mut stack);
        }
    }

    /// Follows what was marked on noted pages. What overflows meanwhile notes its page again.
    #[cold]
    fn rescan(&self, set: Set, stack: &mut MarkStack) {
        self.for_each_object_page(|page| {
            if !page.rescan.replace(false) {
                return;
            }
            page.walk(|object| {
                // SAFETY: T2.
                unsafe {
                    if object.as_ref().has(bits::REACHABLE) {
                        traverse_object(object, &mut Visitor::reach(set, usize::MAX, stack));
                        propagate(set, usize::MAX, stack);
                    }
                }
            });
        });
    }

    fn split(
        &self,
        scope: Scope,
        mut survivor: impl FnMut(NonNull<Header>),
        mut trash: impl FnMut(PageRef, NonNull<Header>),
    ) {
        let wanted = if scope == Scope::All { bits::TRACKED | bits::FROZEN } else { bits::CANDIDATE };
        let want = wanted & !bits::FROZEN;
        self.walk_scope(scope, |page, object| {
            // SAFETY: T2.
            let header = unsafe { object.as_ref() };
            let word = header.word.get();
            if word & wanted != want {
                return;
            }
            if word & bits::REACHABLE != 0 {
                header.word.set(word & FLAGS & !IN_SET);
                survivor(object);
            } else {
                header.word.set(word & FLAGS | bits::CANDIDATE);
                trash(page, object);
            }
        });
    }

    /// Calls `f` with every live object of a scope; for `All` and `Trash` in address order.
    #[inline]
    pub(super) fn walk_scope(&self, scope: Scope, mut f: impl FnMut(PageRef, NonNull<Header>)) {
        match scope {
            Scope::All => self.for_each_object_page(|page| page.walk(|object| f(page, object))),
            Scope::Young => {
                for page in self.young_pages.borrow().iter() {
                    page.walk_bits(Bits::Young, |object| f(*page, object));
                }
            }
            Scope::Middle => {
                for page in self.middle_pages.borrow().iter() {
                    page.walk_bits(Bits::Middle, |object| f(*page, object));
                }
            }
            Scope::Trash => self.walk_trash(f),
        }
    }
}

/// Follows what is on the stack.
fn propagate(set: Set, cursor: usize, stack: &mut MarkStack) {
    while let Some(object) = stack.objects.pop() {
        // SAFETY: T2: objects on the stack are live.
        unsafe { traverse_object(object, &mut Visitor::reach(set, cursor, stack)) };
    }
}

/// Visits all references of an object: its class, its payload with the tail, its slots.
///
/// # Safety
/// The object is live, its contents whole.
#[inline]
pub(super) unsafe fn traverse_object(object: NonNull<Header>, visitor: &mut Visitor<'_>) {
    // SAFETY: the caller's promise.
    unsafe {
        let header = object.as_ref();
        let kind = header.kind();
        if let Some(class) = kind.class_object() {
            visitor.visit(class);
        }
        (kind.info().traverse)(object, visitor);
        for slot in super::slots_of(header) {
            crate::trace::Traverse::traverse(slot, visitor);
        }
    }
}
