//! The collectors as the workloads see them: a node with a number and two optional children, a handle, and a way to collect.
//!
//! Invariant: every peer has the node its users would write: `Edge`s with this heap, `RefCell<Option<…>>` with the others.

use std::cell::RefCell;

/// A reference-counted or rooted collector.
pub trait Peer {
    /// A handle to a node.
    type Handle: Clone;
    /// Whether there is a collector at all.
    const COLLECTS: bool = true;
    /// Whether nothing is freed before a collection.
    const TRACES: bool = false;
    /// Whether collections come by themselves.
    const TRIGGERS: bool = false;
    /// Before anything else; `own` says whether collections may come by themselves, if they can.
    fn start(_own: bool) {}
    /// A node without children.
    fn node(value: u64) -> Self::Handle;
    /// Changes the first child.
    fn set_a(node: &Self::Handle, child: Option<Self::Handle>);
    /// Changes the second child.
    fn set_b(node: &Self::Handle, child: Option<Self::Handle>);
    /// The number.
    fn value(node: &Self::Handle) -> u64;
    /// A full collection.
    fn collect() {}
    /// Between two steps of a program.
    fn safe_point() {}
}

macro_rules! peer {
    ($module:ident, $name:ident, $handle:ident, $node:item, { $($more:tt)* }) => {
        mod $module {
            use super::*;
            #[allow(unused_imports)]
            use crate::peers::imports::$module::*;
            $node
            pub struct $name;
            impl Peer for $name {
                type Handle = $handle<Node>;
                #[inline]
                fn node(value: u64) -> $handle<Node> {
                    $handle::new(Node { value, a: RefCell::new(None), b: RefCell::new(None) })
                }
                #[inline]
                fn set_a(node: &$handle<Node>, child: Option<$handle<Node>>) {
                    drop(node.a.replace(child));
                }
                #[inline]
                fn set_b(node: &$handle<Node>, child: Option<$handle<Node>>) {
                    drop(node.b.replace(child));
                }
                #[inline]
                fn value(node: &$handle<Node>) -> u64 {
                    node.value
                }
                $($more)*
            }
        }
        pub use $module::$name;
    };
}

mod imports {
    pub mod rc {
        pub use std::rc::Rc;
    }
    pub mod dumped {
        pub use dumpster::Trace;
        pub use dumpster::unsync::Gc;
    }
    pub mod counted {
        pub use gcmodule::Cc;
    }
    pub mod jrsonnet {
        pub use jrsonnet_gcmodule::Cc;
    }
    pub mod bacon {
        pub use bacon_rajan_cc::Cc;
    }
}

peer!(
    rc,
    StdRc,
    Rc,
    pub struct Node {
        pub value: u64,
        pub a: RefCell<Option<Rc<Node>>>,
        pub b: RefCell<Option<Rc<Node>>>,
    },
    {
        const COLLECTS: bool = false;
    }
);

peer!(
    dumped,
    Dumpster,
    Gc,
    #[derive(Trace)]
    pub struct Node {
        pub value: u64,
        pub a: RefCell<Option<Gc<Node>>>,
        pub b: RefCell<Option<Gc<Node>>>,
    },
    {
        const TRIGGERS: bool = true;
        fn start(own: bool) {
            if !own {
                dumpster::unsync::set_collect_condition(|_| false);
            }
        }
        fn collect() {
            dumpster::unsync::collect();
        }
    }
);

peer!(
    counted,
    Gcmodule,
    Cc,
    pub struct Node {
        pub value: u64,
        pub a: RefCell<Option<Cc<Node>>>,
        pub b: RefCell<Option<Cc<Node>>>,
    },
    {
        fn collect() {
            gcmodule::collect_thread_cycles();
        }
    }
);

peer!(
    jrsonnet,
    Jrsonnet,
    Cc,
    pub struct Node {
        pub value: u64,
        pub a: RefCell<Option<Cc<Node>>>,
        pub b: RefCell<Option<Cc<Node>>>,
    },
    {
        fn collect() {
            let _ = jrsonnet_gcmodule::collect_thread_cycles();
        }
    }
);

peer!(
    bacon,
    BaconRajan,
    Cc,
    pub struct Node {
        pub value: u64,
        pub a: RefCell<Option<Cc<Node>>>,
        pub b: RefCell<Option<Cc<Node>>>,
    },
    {
        fn collect() {
            bacon_rajan_cc::collect_cycles();
        }
    }
);

// What these two derive asks its own type whether it is to be tracked, without end.
impl gcmodule::Trace for counted::Node {
    fn trace(&self, tracer: &mut gcmodule::Tracer) {
        gcmodule::Trace::trace(&self.a, tracer);
        gcmodule::Trace::trace(&self.b, tracer);
    }
    fn is_type_tracked() -> bool {
        true
    }
}

impl jrsonnet_gcmodule::Trace for jrsonnet::Node {
    fn trace(&self, tracer: &mut jrsonnet_gcmodule::Tracer<'_>) {
        jrsonnet_gcmodule::Trace::trace(&self.a, tracer);
        jrsonnet_gcmodule::Trace::trace(&self.b, tracer);
    }
    fn is_type_tracked() -> bool {
        true
    }
}

impl bacon_rajan_cc::Trace for bacon::Node {
    fn trace(&self, tracer: &mut bacon_rajan_cc::Tracer) {
        bacon_rajan_cc::Trace::trace(&self.a, tracer);
        bacon_rajan_cc::Trace::trace(&self.b, tracer);
    }
}

/// `gc`, whose cells are its own.
pub mod rust_gc {
    #![allow(non_local_definitions)]
    use super::Peer;
    use gc::{Finalize, Gc, GcCell, Trace};

    /// The node.
    #[derive(Trace, Finalize)]
    pub struct Node {
        value: u64,
        a: GcCell<Option<Gc<Node>>>,
        b: GcCell<Option<Gc<Node>>>,
    }

    /// The crate `gc`.
    pub struct RustGc;

    impl Peer for RustGc {
        type Handle = Gc<Node>;
        const TRACES: bool = true;
        const TRIGGERS: bool = true;
        #[inline]
        fn node(value: u64) -> Gc<Node> {
            Gc::new(Node { value, a: GcCell::new(None), b: GcCell::new(None) })
        }
        #[inline]
        fn set_a(node: &Gc<Node>, child: Option<Gc<Node>>) {
            *node.a.borrow_mut() = child;
        }
        #[inline]
        fn set_b(node: &Gc<Node>, child: Option<Gc<Node>>) {
            *node.b.borrow_mut() = child;
        }
        #[inline]
        fn value(node: &Gc<Node>) -> u64 {
            node.value
        }
        fn collect() {
            gc::force_collect();
        }
    }
}

/// The heap of this project.
pub mod taipan {
    use super::Peer;
    use taipan_heap::{Config, Edge, Heap, Payload, Ref};

    /// The node.
    #[derive(Payload)]
    pub struct Node {
        value: u64,
        a: Edge<Node>,
        b: Edge<Node>,
    }

    thread_local! {
        static HEAP: &'static Heap = Box::leak(Box::new(Heap::new(Config::default())));
    }

    /// The crate `taipan-heap`.
    pub struct Taipan;

    #[inline]
    fn with<R>(f: impl FnOnce(&Heap) -> R) -> R {
        HEAP.with(|heap| f(heap))
    }

    impl Peer for Taipan {
        type Handle = Ref<Node>;
        const TRIGGERS: bool = true;
        fn start(own: bool) {
            with(|heap| if own { heap.enable() } else { heap.disable() });
        }
        #[inline]
        fn node(value: u64) -> Ref<Node> {
            with(|heap| heap.make(Node { value, a: Edge::new(None), b: Edge::new(None) })).expect("no limit is set")
        }
        #[inline]
        fn set_a(node: &Ref<Node>, child: Option<Ref<Node>>) {
            node.a.set(child);
        }
        #[inline]
        fn set_b(node: &Ref<Node>, child: Option<Ref<Node>>) {
            node.b.set(child);
        }
        #[inline]
        fn value(node: &Ref<Node>) -> u64 {
            node.value
        }
        fn collect() {
            with(|heap| heap.collect(2));
        }
        #[inline]
        fn safe_point() {
            with(|heap| {
                if heap.collection_pending() {
                    heap.collect_pending();
                }
            });
        }
    }
}
