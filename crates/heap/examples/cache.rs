//! A graph of documents with parents, children and a cache that keeps nothing alive, and the questions one asks of a heap.
//!
//! Run with `cargo run -p taipan-heap --example cache`. Parents and children refer to each other, so whole libraries are cycles; the cache is told when a
//! document goes; every document says goodbye while its neighbours are still there.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use taipan_heap::{Buffer, Config, Edge, Finalize, Heap, Obj, OutOfMemory, Payload, Ref, Value, Weak};

#[derive(Payload)]
#[payload(finalize)]
struct Document {
    title: String,
    parent: Edge<Document>,
    children: RefCell<Buffer<Value>>,
}

impl Finalize for Document {
    fn finalize(this: &Obj<Document>, _: &Heap) {
        if this.title.is_empty() {
            return;
        }
        let parent = this.parent.get().map_or("nothing".to_owned(), |parent| parent.title.clone());
        println!("  goodbye, {}, part of {parent} with {} children", this.title, this.children.borrow().len());
    }
}

/// Documents by title, as long as somebody else keeps them.
#[derive(Clone, Default)]
struct Cache {
    entries: Rc<RefCell<BTreeMap<String, Weak<Document>>>>,
}

impl Cache {
    fn add(&self, heap: &Heap, document: &Obj<Document>) -> Result<(), OutOfMemory> {
        let title = document.title.clone();
        let entries = Rc::downgrade(&self.entries);
        let gone = title.clone();
        let weak = Weak::with_callback(heap, document, move |_| {
            let entry = entries.upgrade().and_then(|entries| entries.borrow_mut().remove(&gone));
            println!("  evicted: {gone}");
            drop(entry);
        })?;
        self.entries.borrow_mut().insert(title, weak);
        Ok(())
    }

    fn get(&self, title: &str) -> Option<Ref<Document>> {
        self.entries.borrow().get(title)?.upgrade()
    }
}

fn document(
    heap: &Heap,
    cache: &Cache,
    title: &str,
    parent: Option<&Ref<Document>>,
) -> Result<Ref<Document>, OutOfMemory> {
    let document =
        Document { title: title.to_owned(), parent: Edge::new(parent.cloned()), children: RefCell::default() };
    let made = heap.make(document)?;
    if let Some(parent) = parent {
        parent.children.borrow_mut().push(heap, made.to_value())?;
    }
    cache.add(heap, &made)?;
    Ok(made)
}

fn census(heap: &Heap) {
    for (name, row) in heap.census() {
        println!("  {:>3} {name}, {} bytes", row.objects, row.bytes);
    }
    let areas = heap.areas();
    println!("  {} bytes of objects, {} of buffers, {} free in pages", areas.objects, areas.buffers, areas.free_blocks);
}

fn main() -> Result<(), OutOfMemory> {
    let heap = Heap::new(Config { limit: Some(1 << 20), ..Config::default() });
    let cache = Cache::default();
    let library = document(&heap, &cache, "library", None)?;
    for title in ["heap", "pages", "arenas"] {
        document(&heap, &cache, title, Some(&library))?;
    }
    println!("alive:");
    census(&heap);

    println!("who refers to the library?");
    for referrer in heap.referrers(&[library.to_value()]) {
        let Some(document) = referrer.downcast::<Document>() else { continue };
        heap.edges(document.header(), &mut |target, label| {
            if target.address() == library.header().address() {
                println!("  {} by its {}", document.title, label.field);
            }
        });
    }

    println!("a document leaves the library, and dies at once when the last handle goes:");
    let popped = library.children.borrow_mut().pop();
    drop(popped);
    assert!(cache.get("arenas").is_none());

    println!("the library itself is a cycle, and waits for the collector:");
    drop(library);
    assert!(cache.get("library").is_some_and(|library| library.children.borrow().len() == 2));
    let done = heap.collect(2);
    println!("  {} of {} objects collected in {:?}", done.collected, done.candidates, done.duration);
    assert!(cache.entries.borrow().is_empty());

    println!("under a limit of a mebibyte, a program that keeps everything is told so, and goes on:");
    let mut kept = Vec::new();
    let error = loop {
        match heap.make(Document { title: String::new(), parent: Edge::default(), children: RefCell::default() }) {
            Ok(document) => kept.push(document),
            Err(error) => break error,
        }
    };
    println!("  {error} after {} documents", kept.len());
    kept.truncate(1);
    println!("  after all but one have gone, {} bytes are in use", heap.bytes_in_use());
    Ok(())
}
