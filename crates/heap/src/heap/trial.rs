//! Trial deletion: which objects of a set are referred to from within the set only.
//!
//! Three walks over the set. The first traverses each object and adds one to the scratch count of each target in the set. An
//! object whose count is greater than that has references from outside: it is a root. The second walk marks what
//! roots reach. The third sorts the marked from the rest and leaves every scratch count at zero, as it found them.
//!
//! A full collection begins with a walk that counts nothing: it marks what the roots that the embedder names reach, which is nearly all that is
//! alive, and notes the pages on which it passed objects that were not marked yet. Those that the stack brought up later are taken off; if none are left,
//! that was all. Otherwise the three walks follow, over the noted pages and the objects left on them. The mark is a bit whose meaning changes with every full
//! collection, so there is nothing to clear.
//!
//! The second walk goes by address. A target ahead of it is only marked, since the walk will come to it; a target behind it goes
//! onto a stack. A list of three million younger objects thus needs no stack at all. The stack is bounded: when it is full (or the
//! system gives no memory for it) the target's page is noted instead, and noted pages are walked again until none is left.
//!
//! Immortal objects are always roots: their counts say nothing. A scratch count that has reached its greatest value makes a
//! root too, which errs on the safe side.
//!
//! Invariant T1: between collections every scratch count is zero, `CANDIDATE` and `REACHABLE` are clear, and all tracked objects
//! that are not frozen have the heap's `unmarked` as their `MARK`. (One that has not would merely count as outside.)
//! Invariant T2: no code but the heap's own runs during the walks, so that pages and objects stay what they are.

use super::Heap;
use super::page::{Bits, PageRef};
use crate::header::{Header, bits};
use crate::kind::flags;
use crate::trace::{Counting, FLAGS, Home, Marking, SATURATED, Set, Visitor, Walk};
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
    /// All objects on the pages that a full collection has noted.
    Suspects,
    /// All objects found to be trash.
    Trash,
}

const IN_SET: u32 = bits::CANDIDATE | bits::REACHABLE;
const LISTED: u32 = bits::TRACKED | bits::FROZEN;

/// Objects that are reachable but whose references are not followed yet.
#[derive(Default)]
pub(crate) struct MarkStack {
    objects: Vec<NonNull<Header>>,
    /// How many objects were ever pushed.
    pushed: usize,
    overflowed: bool,
}

const STACK_LIMIT: usize = if cfg!(miri) { 4 } else { 1 << 16 };
const STACK_CHUNK: usize = if cfg!(miri) { 4 } else { 1 << 10 };

impl MarkStack {
    #[inline]
    pub(crate) fn push(&mut self, object: NonNull<Header>) {
        self.pushed += 1;
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
    fn set_of(&self, scope: Scope) -> Set {
        if matches!(scope, Scope::All | Scope::Suspects) {
            let want = bits::TRACKED | self.unmarked.get();
            Set { mask: LISTED | bits::MARK, want, mark: bits::MARK }
        } else {
            Set { mask: IN_SET, want: bits::CANDIDATE, mark: bits::REACHABLE }
        }
    }

    /// What tells this heap's objects from others', where there may be others.
    pub(super) fn home(&self) -> Home {
        Home(super::are_several().then(|| NonNull::from(self)))
    }

    /// Splits a scope: what is reachable is handed to `survivor` (unmarked again), the rest becomes or stays `CANDIDATE` and
    /// is handed to `trash`. `root` may name further objects to keep.
    pub(super) fn deduce(
        &self,
        scope: Scope,
        root: impl Fn(&Header) -> bool,
        mut survivor: impl FnMut(NonNull<Header>),
        mut trash: impl FnMut(PageRef, NonNull<Header>),
    ) {
        let set = self.set_of(scope);
        if matches!(scope, Scope::Young | Scope::Middle) {
            self.walk_scope(scope, |_, object| {
                // SAFETY: T2: the walk yields live objects.
                let header = unsafe { object.as_ref() };
                header.set(bits::CANDIDATE, header.word.get() & LISTED == bits::TRACKED);
            });
        }
        self.count_internal(scope, set);
        self.mark_reachable(scope, set, root);
        self.walk_scope(scope, |page, object| {
            // SAFETY: T2.
            let header = unsafe { object.as_ref() };
            let word = header.word.get();
            if word & bits::CANDIDATE == 0 {
                return;
            }
            if word & bits::REACHABLE != 0 {
                header.word.set(word & FLAGS & !IN_SET);
                survivor(object);
            } else {
                header.word.set(word & FLAGS);
                trash(page, object);
            }
        });
    }

    /// Splits the whole heap, like `deduce`, and says how many objects survive; `survivor` is called for most of them.
    pub(super) fn deduce_all(
        &self,
        survivor: impl Fn(NonNull<Header>),
        mut trash: impl FnMut(PageRef, NonNull<Header>),
    ) -> usize {
        let set = self.set_of(Scope::All);
        let (mut survivors, mut suspects);
        if self.mark_roots(set) {
            (survivors, suspects) = self.mark_in_order(set, |_| false, survivor);
            if suspects != 0 {
                self.count_suspects(set);
                let found = self.mark_reachable(Scope::Suspects, set, |_| false);
                survivors += found;
                suspects -= found;
            }
        } else {
            self.count_internal(Scope::All, set);
            (survivors, suspects) = self.mark_in_order(set, has_outside_reference, survivor);
        }
        self.unmarked.set(self.unmarked.get() ^ bits::MARK);
        if suspects != 0 {
            self.walk_scope(Scope::Suspects, |page, object| {
                // SAFETY: T2.
                let header = unsafe { object.as_ref() };
                if set.has(header) {
                    header.word.set((header.word.get() ^ bits::MARK) & FLAGS | bits::CANDIDATE);
                    trash(page, object);
                }
            });
        }
        self.for_each_object_page(|page| page.suspect.set(false));
        survivors
    }

    /// Marks the roots that the embedder names; says whether there was any.
    fn mark_roots(&self, set: Set) -> bool {
        let hooks = self.hooks.borrow().clone();
        let mut any = false;
        if let Some(hooks) = hooks {
            hooks.roots(&mut |value| {
                if let Some(header) = value.header().filter(|header| set.has(header) && self.home().has(header)) {
                    set.mark(header);
                    any = true;
                }
            });
        }
        any
    }

    fn count_internal(&self, scope: Scope, set: Set) {
        let mut visitor = Counting { set };
        let home = self.home();
        self.walk_scope(scope, |_, object| {
            // SAFETY: T2.
            unsafe {
                if set.has(object.as_ref()) {
                    traverse_own(object, home, &mut visitor);
                }
            }
        });
    }

    /// The same for the suspects, which are taken off the pages where all have been marked since.
    fn count_suspects(&self, set: Set) {
        let mut visitor = Counting { set };
        let home = self.home();
        self.for_each_object_page(|page| {
            if !page.suspect.replace(false) {
                return;
            }
            page.walk(|object| {
                // SAFETY: T2.
                unsafe {
                    if set.has(object.as_ref()) {
                        page.suspect.set(true);
                        traverse_own(object, home, &mut visitor);
                    }
                }
            });
        });
    }

    /// Marks what is referred to from outside the scope, what `root` names, and what they reach; says how many objects that is.
    fn mark_reachable(&self, scope: Scope, set: Set, root: impl Fn(&Header) -> bool) -> usize {
        let mut stack = MarkStack::default();
        let home = self.home();
        self.walk_scope(scope, |_, object| {
            // SAFETY: T2.
            let header = unsafe { object.as_ref() };
            if set.has(header) && (has_outside_reference(header) || root(header)) {
                set.mark(header);
                stack.push(object);
                propagate(home, &mut Marking { set, cursor: usize::MAX, stack: &mut stack });
            }
        });
        self.follow_overflow(set, &mut stack);
        stack.pushed
    }

    /// Follows marks by address, taking objects that `root` names for marked, and notes the pages on which it passed objects that were not. How many
    /// objects are marked then, and how many are not.
    fn mark_in_order(
        &self,
        set: Set,
        root: impl Fn(&Header) -> bool,
        survivor: impl Fn(NonNull<Header>),
    ) -> (usize, usize) {
        let mut stack = MarkStack::default();
        let home = self.home();
        let (mut survivors, mut passed) = (0, 0);
        let mut marking = Marking { set, cursor: 0, stack: &mut stack };
        self.for_each_object_page(|page| {
            let mut suspect = false;
            page.walk(|object| {
                // SAFETY: T2.
                let header = unsafe { object.as_ref() };
                if header.word.get() & LISTED != bits::TRACKED {
                    return;
                }
                if set.has(header) {
                    if !root(header) {
                        suspect = true;
                        passed += 1;
                        return;
                    }
                    set.mark(header);
                }
                survivors += 1;
                survivor(object);
                marking.cursor = header.address();
                // SAFETY: T2.
                unsafe { traverse_own(object, home, &mut marking) };
                propagate(home, &mut marking);
            });
            page.suspect.set(suspect);
        });
        self.follow_overflow(set, &mut stack);
        (survivors + stack.pushed, passed - stack.pushed)
    }

    /// Follows what was marked on noted pages. What overflows meanwhile notes its page again.
    fn follow_overflow(&self, set: Set, stack: &mut MarkStack) {
        let home = self.home();
        while std::mem::take(&mut stack.overflowed) {
            self.for_each_object_page(|page| {
                if !page.rescan.replace(false) {
                    return;
                }
                page.walk(|object| {
                    // SAFETY: T2.
                    unsafe {
                        if set.has_marked(object.as_ref()) {
                            let mut marking = Marking { set, cursor: usize::MAX, stack };
                            traverse_own(object, home, &mut marking);
                            propagate(home, &mut marking);
                        }
                    }
                });
            });
        }
    }

    /// Calls `f` with every live object of a scope; for all but `Young` and `Middle` in address order.
    #[inline]
    pub(super) fn walk_scope(&self, scope: Scope, mut f: impl FnMut(PageRef, NonNull<Header>)) {
        match scope {
            Scope::All | Scope::Suspects => self.for_each_object_page(|page| {
                if scope == Scope::All || page.suspect.get() {
                    page.walk(|object| f(page, object));
                }
            }),
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

/// Whether more refers to the object than the first walk has counted.
#[inline]
fn has_outside_reference(header: &Header) -> bool {
    let internal = header.word.get() >> bits::SCRATCH_SHIFT;
    header.count() != internal || internal == SATURATED
}

/// Follows what is on the stack.
#[inline(always)]
fn propagate(home: Home, marking: &mut Marking<'_>) {
    while let Some(object) = marking.stack.objects.pop() {
        // SAFETY: T2: objects on the stack are live.
        unsafe { traverse_own(object, home, marking) };
    }
}

/// Visits the references of an object to objects of its own heap.
///
/// # Safety
/// The object is live, its contents whole.
#[inline(always)]
pub(super) unsafe fn traverse_own(object: NonNull<Header>, home: Home, visitor: &mut impl Walk) {
    // SAFETY: the caller's promise.
    unsafe {
        if home.0.is_some() { traverse_among_several(object, home, visitor) } else { traverse_object(object, visitor) }
    }
}

/// The same where there are several heaps. Those who have one pay for this only that there is a question.
#[cold]
#[inline(never)]
unsafe fn traverse_among_several(object: NonNull<Header>, home: Home, visitor: &mut impl Walk) {
    let mut edge = |target: NonNull<Header>| {
        // SAFETY: references lead to live objects.
        let target = unsafe { target.as_ref() };
        if home.has(target) {
            visitor.visit(target);
        }
    };
    // SAFETY: the caller's promise.
    unsafe { traverse_object(object, &mut Visitor::new(&mut edge)) }
}

/// Visits all references of an object: its class unless that is immortal, its payload with the tail, its slots.
///
/// # Safety
/// The object is live, its contents whole.
#[inline(always)]
pub(super) unsafe fn traverse_object(object: NonNull<Header>, visitor: &mut impl Walk) {
    // SAFETY: the caller's promise.
    unsafe {
        let header = object.as_ref();
        let kind = header.kind();
        if let Some(class) = kind.class_object()
            && !class.is_immortal()
        {
            visitor.visit(class);
        }
        visitor.payload(kind.info(), object);
        if kind.has(flags::SLOTS) {
            for slot in super::slots_of(header) {
                crate::trace::Traverse::traverse(slot, visitor);
            }
        }
    }
}
