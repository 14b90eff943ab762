//! The heap as a graph of flat arrays: nodes in the order of their addresses, edges in one array.
//!
//! Invariant: `targets[starts[n]..starts[n + 1]]` are the objects that object `n` refers to, as often as it does, except to immortal classes.

use crate::address::AddressIndex;
use crate::flat::{filled, push, small};
use crate::labels::Labels;
use crate::language::{Area, Facts, Kept, Language, Root};
use std::collections::HashMap;
use std::rc::Rc;
use taipan_heap::{Header, Heap, Label, OutOfMemory, bits};

/// See the module's head.
#[derive(Default)]
pub struct Graph {
    /// Where each object is.
    pub addresses: Vec<usize>,
    /// Its class, a number in `classes`.
    pub class: Vec<u32>,
    /// Bytes of its block and of what it owns beside it; left out of lean graphs.
    pub bytes: Vec<u64>,
    /// Its reference count.
    pub counts: Vec<u32>,
    /// Generation 0 to 2, 3 when frozen, 4 when not tracked; left out of lean graphs.
    pub generation: Vec<u8>,
    /// What its bytes are for.
    pub area: Vec<Area>,
    /// Bytes of its block that are the place of attributes.
    pub own_names: u64,
    /// How many objects have such.
    pub own_named: u64,
    /// References from other objects.
    pub inner: Vec<u32>,
    /// The classes.
    pub classes: Vec<Facts>,
    /// References from outside that are known: object and what it is, in the embedder's order.
    pub roots: Vec<(u32, Root)>,
    pub(crate) starts: Vec<u32>,
    pub(crate) targets: Vec<u32>,
    pub(crate) index: Option<Rc<AddressIndex>>,
}

/// The generation of objects that the collector does not look at.
pub(crate) const UNTRACKED: u8 = 4;

struct Rows<'a> {
    language: &'a dyn Language,
    by_kind: HashMap<usize, u32>,
    last: (usize, u32),
    /// Namespaces of objects: their addresses and what they are for.
    namespaces: Vec<(usize, Area)>,
}

impl Rows<'_> {
    fn of(&mut self, object: &Header, classes: &mut Vec<Facts>) -> Result<u32, OutOfMemory> {
        let kind = std::ptr::from_ref(object.kind()).addr();
        if kind == self.last.0 {
            return Ok(self.last.1);
        }
        let row = match self.by_kind.get(&kind) {
            Some(&row) => row,
            None => {
                let row = small(classes.len())?;
                self.by_kind.try_reserve(1).map_err(|_| OutOfMemory)?;
                push(classes, self.language.class(object))?;
                self.by_kind.insert(kind, row);
                row
            }
        };
        self.last = (kind, row);
        Ok(row)
    }
}

impl Graph {
    /// The objects without their edges: enough for a census and the areas.
    pub fn of_objects(heap: &Heap, language: &dyn Language) -> Result<Graph, OutOfMemory> {
        Graph::nodes(heap, language, true)
    }

    fn nodes(heap: &Heap, language: &dyn Language, sizes: bool) -> Result<Graph, OutOfMemory> {
        let mut graph = Graph::default();
        let mut rows = Rows { language, by_kind: HashMap::new(), last: (0, 0), namespaces: Vec::new() };
        let mut result = Ok(());
        heap.for_each_object(&mut |object| {
            if result.is_ok() {
                result = graph.add(heap, object, &mut rows, sizes);
            }
        });
        result?;
        small(graph.addresses.len())?;
        graph.index = Some(Rc::new(AddressIndex::new(&graph.addresses)?));
        for &(address, area) in &rows.namespaces {
            if let Some(namespace) = graph.find(address) {
                graph.area[namespace as usize] = area;
            }
        }
        Ok(graph)
    }

    fn add(&mut self, heap: &Heap, object: &Header, rows: &mut Rows<'_>, sizes: bool) -> Result<(), OutOfMemory> {
        let row = rows.of(object, &mut self.classes)?;
        push(&mut self.addresses, object.address())?;
        push(&mut self.class, row)?;
        push(&mut self.counts, object.count())?;
        let class = &self.classes[row as usize];
        push(&mut self.area, class.area)?;
        if class.has_namespaces {
            let (language, found) = (rows.language, &mut rows.namespaces);
            let mut result = Ok(());
            let own = language.namespaces(object, &mut |namespace, area| {
                if result.is_ok() {
                    result = push(found, (namespace.address(), area));
                }
            });
            result?;
            self.own_names += own as u64;
            self.own_named += u64::from(own != 0);
        }
        if sizes {
            push(&mut self.bytes, (heap.size_of(object) + heap.owned_by(object)) as u64)?;
            let looked_at = object.is_tracked() || object.has(bits::FROZEN);
            push(&mut self.generation, if looked_at { object.generation() } else { UNTRACKED })?;
        }
        Ok(())
    }

    /// The graph without sizes and generations: enough for paths and balances.
    pub fn lean(heap: &Heap, language: &dyn Language) -> Result<Graph, OutOfMemory> {
        let mut graph = Graph::nodes(heap, language, false)?;
        graph.add_edges(heap, &mut |object, found| heap.references(object, found))?;
        graph.add_roots(language)?;
        Ok(graph)
    }

    /// The whole graph.
    pub fn of(heap: &Heap, language: &dyn Language) -> Result<Graph, OutOfMemory> {
        let mut graph = Graph::of_objects(heap, language)?;
        graph.add_edges(heap, &mut |object, found| heap.references(object, found))?;
        graph.add_roots(language)?;
        Ok(graph)
    }

    /// The whole graph and the names of its edges and objects.
    pub fn with_labels(heap: &Heap, language: &dyn Language) -> Result<(Graph, Labels), OutOfMemory> {
        let mut graph = Graph::of_objects(heap, language)?;
        let mut labels = Labels::new(graph.len())?;
        let Some(index) = graph.index.clone() else { return Err(OutOfMemory) };
        let area = std::mem::take(&mut graph.area);
        graph.add_edges(heap, &mut |object, found| {
            let own = index.get(object.address()).and_then(|id| area.get(id as usize)).copied().unwrap_or_default();
            let mut result = Ok(());
            heap.try_edges(object, &mut |target, label| {
                let counts = !(label.field == Label::CLASS && target.is_immortal());
                if counts && index.get(target.address()).is_some() && result.is_ok() {
                    result =
                        labels.add(language, &index, object, own, label).and_then(|()| push(found, target.address()));
                }
            })?;
            result
        })?;
        graph.area = area;
        for (id, &address) in graph.addresses.iter().enumerate() {
            heap.with_object(address, |object| labels.add_title(language, id as u32, object)).transpose()?;
        }
        graph.add_roots(language)?;
        for &(_, root) in &graph.roots {
            labels.add_root(&language.root_text(root))?;
        }
        Ok((graph, labels))
    }

    fn add_edges(
        &mut self,
        heap: &Heap,
        walk: &mut dyn FnMut(&Header, &mut Vec<usize>) -> Result<(), OutOfMemory>,
    ) -> Result<(), OutOfMemory> {
        let len = self.addresses.len();
        self.starts.try_reserve_exact(len + 1).map_err(|_| OutOfMemory)?;
        self.targets.try_reserve(len * 2).map_err(|_| OutOfMemory)?;
        self.inner = filled(len, 0)?;
        let Graph { starts, targets, inner, index, .. } = self;
        let Some(index) = index else { return Err(OutOfMemory) };
        let mut found = Vec::new();
        let mut result = Ok(());
        heap.for_each_object(&mut |object| {
            if result.is_err() {
                return;
            }
            starts.push(targets.len() as u32);
            result = walk(object, &mut found)
                .and_then(|()| targets.try_reserve(found.len()).map_err(|_| OutOfMemory))
                .map(|()| {
                    for id in found.drain(..).filter_map(|address| index.get(address)) {
                        inner[id as usize] = inner[id as usize].saturating_add(1);
                        targets.push(id);
                    }
                });
        });
        result?;
        starts.push(small(targets.len())?);
        Ok(())
    }

    fn add_roots(&mut self, language: &dyn Language) -> Result<(), OutOfMemory> {
        let Graph { roots, index, .. } = self;
        let Some(index) = index else { return Err(OutOfMemory) };
        let mut result = Ok(());
        language.roots(&mut |object, root| {
            if let Some(id) = index.get(object.address())
                && result.is_ok()
            {
                result = push(roots, (id, root));
            }
        });
        result
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.addresses.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.addresses.is_empty()
    }

    /// The number of the object at an address.
    pub fn find(&self, address: usize) -> Option<u32> {
        self.index.as_ref()?.get(address)
    }

    /// The objects that an object refers to.
    pub fn edges(&self, id: u32) -> &[u32] {
        let ends = self.starts.get(id as usize).zip(self.starts.get(id as usize + 1));
        ends.and_then(|(&start, &end)| self.targets.get(start as usize..end as usize)).unwrap_or_default()
    }

    /// How many references there are.
    pub fn edge_count(&self) -> usize {
        self.targets.len()
    }

    /// Whether more than other objects keeps an object alive: it is immortal, or counts references that are not in the heap.
    pub fn is_root(&self, id: u32) -> bool {
        let (count, inner) = (self.counts[id as usize], self.inner[id as usize]);
        (count as i32) < 0 || count > inner
    }

    /// The name of an object's class.
    pub fn class_name(&self, id: u32) -> &str {
        &self.classes[self.class[id as usize] as usize].name
    }

    /// How many references the embedder named of those that are not in the heap, for each object.
    pub fn named(&self) -> Result<Vec<u32>, OutOfMemory> {
        let mut named = filled(self.len(), 0u32)?;
        for (id, _) in self.roots.iter().filter(|(_, root)| root.kept != Kept::Name) {
            named[*id as usize] += 1;
        }
        Ok(named)
    }

    /// A graph from lists of edges, for tests: `outside` says how many references from outside each node has.
    pub fn from_lists(lists: &[Vec<u32>], outside: &[u32]) -> Result<Graph, OutOfMemory> {
        let mut graph = Graph { inner: filled(lists.len(), 0)?, ..Graph::default() };
        for list in lists {
            push(&mut graph.starts, small(graph.targets.len())?)?;
            for &target in list {
                push(&mut graph.targets, target)?;
                graph.inner[target as usize] += 1;
            }
        }
        push(&mut graph.starts, small(graph.targets.len())?)?;
        graph.addresses = (1..=lists.len()).map(|n| n * 16).collect();
        graph.counts = graph.inner.iter().zip(outside).map(|(inner, outside)| inner + outside).collect();
        graph.bytes = filled(lists.len(), 1)?;
        graph.class = filled(lists.len(), 0)?;
        graph.generation = filled(lists.len(), 0)?;
        graph.area = filled(lists.len(), Area::Heap)?;
        push(&mut graph.classes, Facts { name: "node".to_owned(), ..Facts::default() })?;
        graph.index = Some(Rc::new(AddressIndex::new(&graph.addresses)?));
        Ok(graph)
    }
}
