//! `Heap`: its parts, its configuration, and what it asks of its embedder.
//!
//! `alloc` makes objects in pages (`page`, `arena`, `os`), `dealloc` ends them, `shelf` keeps a few of the dead,
//! `collect` and `trial` find cyclic trash, `trash`
//! ends that, `births` keeps the order of finalizers, `generations` is the interface a `gc` module needs, `limit` keeps the byte limit, `zeal` tests, `census` reports,
//! `made` tells new objects from old ones while somebody asks for it, `ledger` notes where each block was asked for.

mod alloc;
mod arena;
mod births;
mod census;
mod collect;
mod dealloc;
mod generations;
mod ledger;
mod limit;
mod made;
mod os;
mod page;
mod shelf;
mod trash;
mod trial;
mod zeal;

pub use alloc::Unmade;
pub(crate) use alloc::{raw_block_size, release_raw};
pub use census::{Areas, Census};
pub use collect::{Collected, Debug, Stats};
pub(crate) use dealloc::end_row;
pub use dealloc::{block_size, release, slots_of};
pub(crate) use generations::{generation_of, heap_of};
pub use ledger::Sites;
pub use limit::Charge;
pub use made::Watch;
pub(crate) use shelf::retire_quietly;
pub(crate) use trial::MarkStack;

use crate::header::Header;
use crate::kind::{ClassPayload, Kind};
use crate::reference::Obj;
use crate::trace::Label;
use crate::value::Value;
use crate::weak::WeakTable;
use arena::Arenas;
use births::Births;
use collect::Collector;
use ledger::Ledger;
use made::Made;
use page::{CLASSES, Page, PageRef, Sort};
use shelf::Shelves;
use std::cell::{Cell, RefCell};
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::ptr::NonNull;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The heap has reached its byte limit (or the system has no more), and a collection did not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfMemory;

impl std::fmt::Display for OutOfMemory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the heap's byte limit is reached")
    }
}

impl std::error::Error for OutOfMemory {}

/// How a heap is to behave.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Bytes that objects and their buffers may take together; `None` for no limit.
    pub limit: Option<usize>,
    /// Collect at every n-th allocation, poison freed blocks, recount edges. 0 is off.
    pub zeal: u32,
    /// The n-th allocation fails, once; 0 is off. For tests of what happens then.
    pub fail_allocation: u64,
}

/// What the heap asks of its embedder. Called with the heap in a consistent state; may allocate, release and resurrect.
pub trait Hooks {
    /// Runs the finalizer of `object`, once in its life.
    fn finalize(&self, object: &Value);
    /// The target of weak reference object `owner`, which has a callback, is gone.
    fn weak_callback(&self, owner: Value);
    /// A collection of `generation` begins, or ends with what it did.
    fn collection(&self, generation: u8, end: Option<&Collected>);
    /// A collection is due: `Heap::collect_pending` should be called soon. Called from within an allocation, so it may only set a flag.
    fn collection_requested(&self) {}
    /// Shows some values that are alive, in the order of one's choice: full collections mark from them first, so that what they reach is looked at once only.
    /// Showing none, or not all there are, is never wrong. Called within a collection: may neither allocate nor free.
    fn roots(&self, _root: &mut dyn FnMut(&Value)) {}
    /// A collection found `object` to be trash (only when `Debug::collectable` is set).
    fn collectable(&self, _object: &Value) {}
}

/// A class to make instances of: a class object, or a `'static` kind.
///
/// # Safety
/// The kind stays where it is for as long as instances live (invariant K1).
pub unsafe trait AsKind {
    /// The kind.
    fn as_kind(&self) -> &Kind;
}

// SAFETY: instances own a reference to the class object.
unsafe impl<C: ClassPayload> AsKind for Obj<C> {
    #[inline]
    fn as_kind(&self) -> &Kind {
        (**self).kind()
    }
}

// SAFETY: a static never moves.
unsafe impl AsKind for &'static Kind {
    #[inline]
    fn as_kind(&self) -> &Kind {
        assert!(!self.has(crate::kind::flags::COUNTED), "a static kind is not counted");
        self
    }
}

/// How many heaps there are in the process, those that live on unseen included.
static HEAPS: AtomicUsize = AtomicUsize::new(0);

fn are_several() -> bool {
    HEAPS.load(Ordering::Relaxed) > 1
}

type PerClass<T> = [[Cell<T>; CLASSES]; 2];

/// A heap of objects. One thread at a time may use it.
///
/// Dropping it drops all objects without finalizers. If references from outside or buffers are left then, the objects stay instead, and die as ever when their last
/// reference goes; no collection looks at them any more. A heap must not be dropped by code that it calls: a finalizer, a callback, a `Drop`. That ends the process.
///
/// Objects of one heap may refer to objects of another: these references count as coming from outside.
///
/// Invariant G1: a heap stays at one address (`new` hands it out boxed, pages point to it) and is only changed through cells.
pub struct Heap {
    /// Bytes that may still be allocated before a slow path must decide; `total - left` bytes are in use.
    left: Cell<isize>,
    total: Cell<isize>,
    depth: Cell<u32>,
    /// How deep hooks, finalizers and callbacks have nested.
    called: Cell<u32>,
    /// How many finalizers are running, but those of ordered kinds.
    nested_finalizers: Cell<u32>,
    zeal: Cell<u32>,
    quiet: Cell<bool>,
    /// The value of `MARK` in objects that the next full collection has not found reachable yet.
    unmarked: Cell<u32>,
    /// Trash is being torn down: what is `CANDIDATE` must not be looked at.
    tearing: Cell<bool>,
    current: PerClass<PageRef>,
    available: PerClass<Option<PageRef>>,
    queue: Cell<Option<NonNull<Header>>>,
    deferred: Cell<Option<NonNull<Header>>>,
    collector: Collector,
    limit: limit::Limit,
    hooks: RefCell<Option<Rc<dyn Hooks>>>,
    pub(crate) weak: RefCell<WeakTable>,
    births: Births,
    made: Made,
    ledger: Ledger,
    shelves: Shelves,
    /// What `edges` gathers, empty between its calls.
    edges: Cell<Vec<(NonNull<Header>, Label)>>,
    young_pages: RefCell<Vec<PageRef>>,
    middle_pages: RefCell<Vec<PageRef>>,
    object_pages: Cell<usize>,
    arenas: RefCell<Arenas>,
    this: Cell<*const Heap>,
    _pinned: PhantomPinned,
}

struct Nowhere(Page);
// SAFETY: the head of no page is never written: it has no blocks to give and none are freed to it.
unsafe impl Sync for Nowhere {}
static NOWHERE: Nowhere = Nowhere(Page::blank(std::ptr::null(), Sort::Object));

fn nowhere() -> PageRef {
    PageRef::nowhere(&NOWHERE.0)
}

fn per_class<T: Copy>(value: T) -> PerClass<T> {
    std::array::from_fn(|_| std::array::from_fn(|_| Cell::new(value)))
}

impl Heap {
    /// A new, empty heap at an address of its own, from which it cannot be moved: its pages know it.
    pub fn new(config: Config) -> Pin<Box<Heap>> {
        HEAPS.fetch_add(1, Ordering::Relaxed);
        let heap = Box::new(Heap {
            left: Cell::new(limit::UNLIMITED),
            total: Cell::new(limit::UNLIMITED),
            depth: Cell::new(0),
            called: Cell::new(0),
            nested_finalizers: Cell::new(0),
            zeal: Cell::new(0),
            quiet: Cell::new(false),
            unmarked: Cell::new(0),
            tearing: Cell::new(false),
            current: per_class(nowhere()),
            available: per_class(None),
            queue: Cell::new(None),
            deferred: Cell::new(None),
            collector: Collector::new(),
            limit: limit::Limit::default(),
            hooks: RefCell::new(None),
            weak: RefCell::default(),
            births: Births::default(),
            made: Made::default(),
            ledger: Ledger::default(),
            shelves: Shelves::default(),
            edges: Cell::default(),
            young_pages: RefCell::default(),
            middle_pages: RefCell::default(),
            object_pages: Cell::new(0),
            arenas: RefCell::new(Arenas::new()),
            this: Cell::new(std::ptr::null()),
            _pinned: PhantomPinned,
        });
        let raw = Box::into_raw(heap);
        // SAFETY: the pointer came from a box just now; G1: it stays valid until the box is dropped.
        let heap = unsafe {
            (*raw).this.set(raw);
            Box::from_raw(raw)
        };
        heap.limit.know(&heap);
        heap.set_zeal(config.zeal);
        heap.set_limit(config.limit);
        heap.fail_allocation(config.fail_allocation);
        Box::into_pin(heap)
    }

    /// Installs the embedder's hooks.
    pub fn set_hooks(&self, hooks: Option<Rc<dyn Hooks>>) {
        let old = self.hooks.replace(hooks);
        drop(old);
    }

    fn has_hooks(&self) -> bool {
        self.hooks.borrow().is_some()
    }

    /// Bytes in use by objects and buffers.
    pub fn bytes_in_use(&self) -> usize {
        self.clear_shelves();
        (self.total.get() - self.left.get()) as usize
    }

    fn is_nowhere(&self, page: PageRef) -> bool {
        page == nowhere()
    }

    /// Calls `f` with every page, in address order. `f` must not allocate or free.
    fn for_each_page(&self, mut f: impl FnMut(PageRef)) {
        let mut at = (0, 0);
        loop {
            let next = self.arenas.borrow().next_span(at);
            let Some((span, behind)) = next else { return };
            at = behind;
            // SAFETY: A1: a span begins with a page head.
            f(unsafe { PageRef::at(span) });
        }
    }

    fn for_each_object_page(&self, mut f: impl FnMut(PageRef)) {
        self.for_each_page(|page| {
            if page.sort == Sort::Object {
                f(page);
            }
        });
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        self.set_hooks(None);
        self.end_ledger();
        self.drop_everything();
        self.limit.forget();
        HEAPS.fetch_sub(1, Ordering::Relaxed);
    }
}
