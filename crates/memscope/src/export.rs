//! Snapshots as text for other programs: V8's `.heapsnapshot`, which Chrome's developer tools load, and a line of JSON per object.
//!
//! Invariant: a node's number in a `.heapsnapshot` is its place times the number of node fields, edges come in the order of the nodes they start
//! from, and each node's edge count says how many are its own.

use crate::dominators::NONE;
use crate::flat::push;
use crate::labels::Name;
use crate::language::{Edge, Kept};
use crate::snapshot::Snapshot;
use std::fmt::Write as _;
use taipan_heap::OutOfMemory;

/// A form of export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// V8's heap snapshot.
    HeapSnapshot,
    /// A line of JSON for the snapshot, for each object, and for each reference from outside.
    Lines,
}

const CHUNK: usize = 1 << 18;
/// Synthetic nodes before the objects: the root, the roots' group, frames, native handles, the rest.
const SYNTHETIC: usize = 5;
const NODE_FIELDS: usize = 7;
const OBJECT: u32 = 3;
const STRING: u32 = 2;
const CODE: u32 = 4;
const SYNTHETIC_TYPE: u32 = 9;
const META: &str = r#"{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count","trace_node_id","detachedness"],"node_types":[["hidden","array","string","object","code","closure","regexp","number","native","synthetic","concatenated string","sliced string","symbol","bigint","object shape"],"string","number","number","number","number","number"],"edge_fields":["type","name_or_index","to_node"],"edge_types":[["context","element","property","internal","hidden","shortcut","weak"],"string_or_number","node"],"trace_function_info_fields":["function_id","name","script_name","script_id","line","column"],"trace_node_fields":["id","function_info_index","count","size","children"],"sample_fields":["timestamp_us","last_assigned_id"],"location_fields":["object_index","script_id","line","column"]}"#;

/// Why an export ended early.
#[derive(Debug)]
pub enum Failure<E> {
    /// There is no memory for it.
    Memory,
    /// What took the text failed.
    Sink(E),
}

impl<E> From<OutOfMemory> for Failure<E> {
    fn from(_: OutOfMemory) -> Failure<E> {
        Failure::Memory
    }
}

struct Out<'a, E> {
    text: String,
    sink: &'a mut dyn FnMut(&str) -> Result<(), E>,
}

impl<E> Out<'_, E> {
    fn flush(&mut self, at: usize) -> Result<(), Failure<E>> {
        if self.text.len() >= at.max(1) {
            (self.sink)(&self.text).map_err(Failure::Sink)?;
            self.text.clear();
        }
        Ok(())
    }

    fn put(&mut self, arguments: std::fmt::Arguments<'_>) -> Result<(), Failure<E>> {
        // Writing to a string does not fail.
        let _ = self.text.write_fmt(arguments);
        self.flush(CHUNK)
    }
}

/// A text as a JSON string.
struct Quoted<'a>(&'a str);

impl std::fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                '\n' => f.write_str("\\n")?,
                c if c < ' ' || c == '\u{7f}' => write!(f, "\\u{:04x}", c as u32)?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}

/// Writes a snapshot in pieces to `sink`.
pub fn export<E>(
    snapshot: &Snapshot,
    format: Format,
    sink: &mut dyn FnMut(&str) -> Result<(), E>,
) -> Result<(), Failure<E>> {
    let mut text = String::new();
    text.try_reserve(CHUNK * 2).map_err(|_| Failure::Memory)?;
    let mut out = Out { text, sink };
    match format {
        Format::HeapSnapshot => heap_snapshot(snapshot, &mut out)?,
        Format::Lines => lines(snapshot, &mut out)?,
    }
    out.flush(1)
}

/// The strings of a `.heapsnapshot`, in the order of their numbers.
#[derive(Default)]
struct Strings<'a> {
    list: Vec<&'a str>,
    numbers: std::collections::HashMap<&'a str, u32>,
}

impl<'a> Strings<'a> {
    fn number(&mut self, text: &'a str) -> Result<u32, OutOfMemory> {
        if let Some(&known) = self.numbers.get(text) {
            return Ok(known);
        }
        self.numbers.try_reserve(1).map_err(|_| OutOfMemory)?;
        push(&mut self.list, text)?;
        let number = self.list.len() as u32 - 1;
        self.numbers.insert(text, number);
        Ok(number)
    }
}

/// The edges from the synthetic nodes: for each group the roots' numbers (or objects of no name) and targets.
fn root_edges(snapshot: &Snapshot) -> Result<[Vec<(&str, u32)>; 3], OutOfMemory> {
    let graph = &snapshot.graph;
    let named = graph.named()?;
    let mut groups: [Vec<(&str, u32)>; 3] = Default::default();
    for (n, &(id, root)) in graph.roots.iter().enumerate() {
        match root.kept {
            Kept::Frame => push(&mut groups[0], (snapshot.labels.root(n), id))?,
            Kept::Handle => push(&mut groups[1], (snapshot.labels.root(n), id))?,
            Kept::Name => {}
        }
    }
    for id in (0..graph.len() as u32).filter(|&id| graph.is_root(id)) {
        let (count, inner) = (graph.counts[id as usize], graph.inner[id as usize]);
        if (count as i32) < 0 {
            push(&mut groups[2], ("immortal", id))?;
        } else if count > inner.saturating_add(named[id as usize]) {
            push(&mut groups[2], ("native handle", id))?;
        }
    }
    Ok(groups)
}

fn heap_snapshot<E>(snapshot: &Snapshot, out: &mut Out<'_, E>) -> Result<(), Failure<E>> {
    let (graph, labels) = (&snapshot.graph, &snapshot.labels);
    let groups = root_edges(snapshot)?;
    let mut strings = Strings::default();
    let synthetic =
        [("", 1), ("(GC roots)", 3), ("(frames)", 0), ("(native handles)", 0), ("(held without a name)", 0)];
    let edges = graph.edge_count() + 4 + groups.iter().map(Vec::len).sum::<usize>();
    let nodes = graph.len() + SYNTHETIC;
    out.put(format_args!(
        "{META},\"node_count\":{nodes},\"edge_count\":{edges},\"trace_function_count\":0}},\n\"nodes\":["
    ))?;
    for (at, (name, count)) in synthetic.iter().enumerate() {
        let count = at.checked_sub(2).map_or(*count, |group| groups[group].len());
        let (comma, name, id) = (if at == 0 { "" } else { ",\n" }, strings.number(name)?, at * 2 + 1);
        out.put(format_args!("{comma}{SYNTHETIC_TYPE},{name},{id},0,{count},0,0"))?;
    }
    for id in 0..graph.len() as u32 {
        let class = &graph.classes[graph.class[id as usize] as usize];
        let (kind, name) = match () {
            () if class.is_text => (STRING, labels.title(id)),
            () if class.area == crate::Area::Code => (CODE, labels.title(id)),
            () => (OBJECT, class.name.as_str()),
        };
        let (name, number) = (strings.number(name)?, snapshot.serial(id) * 2 + 2 * SYNTHETIC as u64 + 1);
        let (bytes, edges) = (graph.bytes[id as usize], graph.edges(id).len());
        out.put(format_args!(",\n{kind},{name},{number},{bytes},{edges},0,0"))?;
    }
    out.put(format_args!("],\n\"edges\":["))?;
    out.put(format_args!("1,1,{NODE_FIELDS}"))?;
    for group in 0..3 {
        out.put(format_args!(",\n1,{},{}", group + 1, (group + 2) * NODE_FIELDS))?;
    }
    for (name, id) in groups.iter().flatten() {
        let (name, to) = (strings.number(name)?, (*id as usize + SYNTHETIC) * NODE_FIELDS);
        out.put(format_args!(",\n2,{name},{to}"))?;
    }
    for (at, &to) in graph.targets.iter().enumerate() {
        let (edge, name) = labels.edge(at);
        let to = (to as usize + SYNTHETIC) * NODE_FIELDS;
        let (kind, name) = match (edge, name) {
            (_, Name::Index(index)) => (1, index as u32),
            (Edge::Cell | Edge::Local, Name::Text(text)) => (0, strings.number(text)?),
            (Edge::Internal | Edge::Class, Name::Text(text)) => (3, strings.number(text)?),
            (_, Name::Text(text)) => (2, strings.number(text)?),
        };
        out.put(format_args!(",\n{kind},{name},{to}"))?;
    }
    out.put(format_args!(
        "],\n\"trace_function_infos\":[],\n\"trace_tree\":[],\n\"samples\":[],\n\"locations\":[],\n\"strings\":["
    ))?;
    for (at, text) in strings.list.iter().enumerate() {
        out.put(format_args!("{}{}", if at == 0 { "" } else { ",\n" }, Quoted(text)))?;
    }
    out.put(format_args!("]}}\n"))
}

fn lines<E>(snapshot: &Snapshot, out: &mut Out<'_, E>) -> Result<(), Failure<E>> {
    let (graph, labels, dominators) = (&snapshot.graph, &snapshot.labels, snapshot.dominators()?);
    out.put(format_args!(
        "{{\"snapshot\":{},\"objects\":{},\"edges\":{},\"bytes\":{}}}\n",
        snapshot.number,
        graph.len(),
        graph.edge_count(),
        graph.bytes.iter().sum::<u64>()
    ))?;
    let mut edge = 0;
    for id in 0..graph.len() as u32 {
        let at = id as usize;
        let generation = match graph.generation[at] {
            generation @ 0..=2 => generation.to_string(),
            3 => "\"frozen\"".to_owned(),
            _ => "null".to_owned(),
        };
        let immortal = (graph.counts[at] as i32) < 0;
        out.put(format_args!(
            "{{\"id\":{},\"address\":{},\"class\":{},\"title\":{},\"bytes\":{},\"retained\":{},\"count\":{},\"generation\":{generation},\"reachable\":{},\"dominator\":",
            snapshot.serial(id),
            graph.addresses[at],
            Quoted(graph.class_name(id)),
            Quoted(labels.title(id)),
            graph.bytes[at],
            dominators.retained[at],
            if immortal { "null".to_owned() } else { graph.counts[at].to_string() },
            dominators.is_reachable(id),
        ))?;
        match dominators.of[at] {
            NONE => out.put(format_args!("null,\"edges\":["))?,
            over => out.put(format_args!("{},\"edges\":[", snapshot.serial(over)))?,
        }
        for (n, &to) in graph.edges(id).iter().enumerate() {
            let (kind, name) = labels.edge(edge);
            edge += 1;
            out.put(format_args!("{}[\"{}\",", if n == 0 { "" } else { "," }, kind.name()))?;
            match name {
                Name::Index(index) => out.put(format_args!("{index}"))?,
                Name::Text(text) => out.put(format_args!("{}", Quoted(text)))?,
            }
            out.put(format_args!(",{}]", snapshot.serial(to)))?;
        }
        out.put(format_args!("]}}\n"))?;
    }
    for (kept, edges) in ["frame", "handle", "other"].into_iter().zip(root_edges(snapshot)?) {
        for (name, id) in edges {
            let to = snapshot.serial(id);
            out.put(format_args!("{{\"root\":\"{kept}\",\"name\":{},\"to\":{to}}}\n", Quoted(name)))?;
        }
    }
    Ok(())
}
