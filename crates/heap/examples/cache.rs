//! A graph of documents with parents, children and a weak cache, and the questions one asks of a heap.
//!
//! Run with `cargo run -p taipan-heap --example cache`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::LazyLock;
use taipan_heap::{
    Buffer, Collected, Config, Heap, Hooks, Kind, OutOfMemory, Payload, Ref, Slot, Value, WeakNode, flags,
};

#[derive(Payload)]
struct Document {
    title: String,
    parent: Slot,
    children: RefCell<Buffer<Value>>,
}

/// What the cache holds: a way to the document, but no reference to it.
#[derive(Payload)]
struct Link {
    node: WeakNode,
}

static DOCUMENT: LazyLock<Kind> = LazyLock::new(|| Kind::new(Document::info(), flags::FINALIZER));
static LINK: LazyLock<Kind> = LazyLock::new(|| Kind::new(Link::info(), 0));

struct Reporter;

impl Hooks for Reporter {
    fn finalize(&self, object: &Value) {
        if let Some(document) = object.downcast::<Document>() {
            println!("  goodbye, {}", document.title);
        }
    }

    fn weak_callback(&self, _: Value) {
        println!("  a cached document is gone");
    }

    fn collection(&self, generation: u8, end: Option<&Collected>) {
        if let Some(done) = end {
            println!("  collected generation {generation}: {} of {} objects", done.collected, done.candidates);
        }
    }
}

fn document(heap: &Heap, title: &str, parent: Option<&Ref<Document>>) -> Result<Ref<Document>, OutOfMemory> {
    let slot = Slot::new(parent.map(|parent| parent.to_value()));
    let made =
        heap.alloc(&&*DOCUMENT, Document { title: title.to_owned(), parent: slot, children: RefCell::default() })?;
    if let Some(parent) = parent {
        parent.children.borrow_mut().push(heap, made.to_value())?;
    }
    Ok(made)
}

fn census(heap: &Heap) {
    let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    heap.for_each_object(&mut |object| {
        let entry = kinds.entry(object.kind().info().name).or_default();
        entry.0 += 1;
        entry.1 += heap.size_of(object);
    });
    println!("  {kinds:?}");
    println!("  {:?}", heap.areas());
}

fn main() -> Result<(), OutOfMemory> {
    let heap = Heap::new(Config::default());
    heap.set_hooks(Some(Rc::new(Reporter)));
    let mut cache = Vec::new();
    let library = document(&heap, "library", None)?;
    for title in ["heap", "pages", "arenas"] {
        let made = document(&heap, title, Some(&library))?;
        let link = heap.alloc(&&*LINK, Link { node: WeakNode::new() })?;
        heap.link_weak(&link, |link| &link.node, made.header(), true);
        cache.push(link);
    }
    println!("alive:");
    census(&heap);
    println!("who refers to the library?");
    for referrer in heap.referrers(&[library.to_value()]) {
        if let Some(document) = referrer.downcast::<Document>() {
            heap.edges(document.header(), &mut |target, label| {
                if library.header().address() == target.address() {
                    println!("  {} by its {}", document.title, label.field);
                }
            });
        }
    }
    println!("after the last reference from outside, parents and children keep each other alive until the collection:");
    drop(library);
    assert!(cache.iter().all(|link| link.node.target().is_some()));
    heap.collect(2);
    assert!(cache.iter().all(|link| link.node.is_dead()));
    census(&heap);
    Ok(())
}
