//! memscope on a heap of a small language: sums add up, names appear, snapshots know objects again, and nothing is disturbed.
//!
//! Invariant: after every look, counts, objects and bytes are what they were before.

use std::sync::LazyLock;
use taipan_heap::{Buffer, Config, Header, Heap, Kind, Label, Payload, Ref, Value};
use taipan_memscope::{
    Area, Dominators, Edge, EdgeName, Facts, Format, Graph, Kept, Language, Root, Series, export, groups, paths_to,
};

#[derive(Payload)]
struct Node {
    edges: std::cell::RefCell<Buffer<Value>>,
}

static NODE: LazyLock<Kind> = LazyLock::new(|| Kind::new(Node::info(), 0));

impl Node {
    fn new(heap: &Heap) -> Ref<Node> {
        heap.alloc(&&*NODE, Node { edges: Default::default() }).unwrap()
    }

    fn push(&self, heap: &Heap, node: &Ref<Node>) {
        self.edges.borrow_mut().push(heap, node.to_value()).unwrap();
    }
}

#[derive(Default)]
struct Small {
    variables: Vec<Ref<Node>>,
}

impl Language for Small {
    fn class(&self, _: &Header) -> Facts {
        Facts { name: "node".to_owned(), ..Facts::default() }
    }
    fn namespaces(&self, _: &Header, _: &mut dyn FnMut(&Header, Area)) -> usize {
        0
    }
    fn roots(&self, root: &mut dyn FnMut(&Header, Root)) {
        for (index, variable) in self.variables.iter().enumerate() {
            root(variable.header(), Root { kept: Kept::Frame, place: 0, index: index as u32, part: 0 });
        }
    }
    fn root_text(&self, root: Root) -> String {
        format!("variable {}", root.index)
    }
    fn edge(&self, _: &Header, _: Area, label: Label, name: &mut dyn FnMut(Edge, EdgeName<'_>)) {
        name(Edge::Index, EdgeName::Index(label.index.unwrap_or(0)));
    }
    fn brief(&self, _: &Header, _: usize, out: &mut String) {
        out.push_str("a \"node\"\n");
    }
}

fn state(heap: &Heap) -> Vec<(usize, u32)> {
    let mut all = vec![(heap.bytes_in_use(), 0)];
    heap.for_each_object(&mut |object| all.push((object.address(), object.count())));
    all
}

/// A list of nodes that a variable holds, and two dead cycles.
fn world(heap: &Heap) -> Small {
    let top = Node::new(heap);
    for _ in 0..100 {
        let (a, b) = (Node::new(heap), Node::new(heap));
        a.push(heap, &b);
        top.push(heap, &a);
    }
    for _ in 0..2 {
        let (a, b) = (Node::new(heap), Node::new(heap));
        a.push(heap, &b);
        b.push(heap, &a);
    }
    Small { variables: vec![top] }
}

#[test]
fn looking_changes_nothing_and_sums_add_up() {
    let heap = Heap::new(Config::default());
    let small = world(&heap);
    let before = state(&heap);
    let graph = Graph::of(&heap, &small).unwrap();
    assert_eq!(graph.len(), 205);
    assert_eq!(graph.bytes.iter().sum::<u64>(), heap.bytes_in_use() as u64);
    assert_eq!(graph.census(|_| 0).unwrap().iter().map(|row| row.bytes).sum::<u64>(), heap.bytes_in_use() as u64);
    let areas = heap.areas();
    assert_eq!(areas.objects + areas.buffers + areas.free_blocks + areas.metadata + areas.free_pages, areas.committed);
    let tree = Dominators::of(&graph).unwrap();
    let top = graph.find(small.variables[0].header().address()).unwrap();
    let garbage = groups(&graph).unwrap();
    assert_eq!(garbage.iter().map(|group| group.members.len()).collect::<Vec<usize>>(), [2, 2]);
    let dead: u64 = garbage.iter().map(|group| group.bytes).sum();
    assert_eq!(tree.retained[top as usize] + dead, heap.bytes_in_use() as u64);
    let leaf = graph.edges(graph.edges(top)[7])[0];
    let (paths, total) = paths_to(&graph, leaf, 3).unwrap();
    assert_eq!((paths.len(), total, paths[0].steps.len(), paths[0].first), (1, 1, 2, top));
    assert!(paths[0].root.is_some_and(|root| small.root_text(root) == "variable 0"));
    assert_eq!(state(&heap), before);
    drop(small);
    heap.collect(2);
    assert_eq!(heap.bytes_in_use(), 0);
}

#[test]
fn snapshots_know_objects_again_at_reused_addresses() {
    let heap = Heap::new(Config::default());
    let mut small = world(&heap);
    let series = Series::default();
    let first = series.take(&heap, &small).unwrap();
    let before = state(&heap);
    let second = series.take(&heap, &small).unwrap();
    assert_eq!(state(&heap), before);
    assert_eq!(second.since(&first).unwrap(), (vec![], vec![]));
    // Every round takes the addresses of the one before.
    let old = small.variables[0].header().address();
    small.variables.clear();
    let mut addresses = Vec::new();
    for _ in 0..3 {
        small.variables = vec![Node::new(&heap)];
        addresses.push(small.variables[0].header().address());
        small.variables.clear();
    }
    assert_eq!(addresses, [old; 3], "the allocator reuses addresses");
    small.variables = vec![Node::new(&heap)];
    let third = series.take(&heap, &small).unwrap();
    assert_eq!(small.variables[0].header().address(), old);
    let (changes, came) = third.since(&first).unwrap();
    assert_eq!((changes[0].made, changes[0].gone, came.len()), (1, 201, 1));
    let new = third.graph.find(small.variables[0].header().address()).unwrap();
    assert_eq!(came, [new]);
    assert!(third.serial(new) > (0..205).map(|id| first.serial(id)).max().unwrap());
    assert_eq!(first.find(&heap, small.variables[0].header()), Ok(None));
    assert_eq!(third.find(&heap, small.variables[0].header()), Ok(Some(new)));
    let graph = Graph::of_objects(&heap, &small).unwrap();
    let ages = series.ages(&heap, &graph).unwrap();
    assert_eq!((ages[new as usize], ages.iter().max()), (1, Some(&3)));
    // When the last snapshot goes, allocations are fast again, and a new series begins.
    drop((first, second, third));
    let made = Node::new(&heap);
    let again = series.take(&heap, &small).unwrap();
    assert_eq!(again.number, 0);
    drop((made, again, small));
    heap.collect(2);
    assert_eq!(heap.bytes_in_use(), 0);
}

#[test]
fn exports_have_the_form_that_their_heads_say() {
    let heap = Heap::new(Config::default());
    let small = world(&heap);
    let snapshot = Series::default().take(&heap, &small).unwrap();
    for format in [Format::HeapSnapshot, Format::Lines] {
        let mut text = String::new();
        let mut sink = |piece: &str| {
            text.push_str(piece);
            Ok::<(), ()>(())
        };
        export(&snapshot, format, &mut sink).unwrap();
        match format {
            Format::Lines => assert_eq!(text.lines().count(), 1 + 205 + 1),
            Format::HeapSnapshot => {
                let part = |name: &str| {
                    let from = text.find(name).unwrap() + name.len();
                    let list = &text[from..from + text[from..].find(']').unwrap()];
                    list.split(',').map(|number| number.trim().parse().unwrap()).collect::<Vec<usize>>()
                };
                let (nodes, edges) = (part("\"nodes\":["), part("\"edges\":["));
                assert_eq!(nodes.len(), (205 + 5) * 7);
                assert_eq!(edges.len() / 3, nodes.chunks(7).map(|node| node[4]).sum::<usize>());
                assert!(edges.chunks(3).all(|edge| edge[2] % 7 == 0 && edge[2] < nodes.len()));
                assert!(text.contains("\"a \\\"node\\\"\\n\"") || text.contains("\"node\""));
            }
        }
    }
}
