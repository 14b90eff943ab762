//! The answers of `_memscope` as plain data: numbers, texts and lists of them.
//!
//! Invariant: an `Answer` holds no object, so making one leaves the heap as it is.

use super::brief::described;
use super::language::Python;
use super::{describe, edges_between, memory};
use std::collections::HashMap;
use taipan_heap::{Header, Value};
use taipan_interp::eval::{held, sites, threads};
use taipan_interp::function::Function;
use taipan_memscope::{Area, Graph, Group, Kept, Language, Path, Root, Row, paths_to};
use taipan_objects::builtins::{NONE, float, int, str::Str, tuple::Tuple};
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Vm};

/// Plain data to be shown as Python objects.
pub(super) enum Answer {
    /// None.
    Nothing,
    /// An int.
    Number(u64),
    /// An int that may be below zero.
    Signed(i64),
    /// A float.
    Seconds(f64),
    /// A str.
    Text(String),
    /// A tuple.
    List(Vec<Answer>),
}

impl IntoValue for Answer {
    fn into_value(self, vm: &Vm) -> PyResult<Value> {
        match self {
            Answer::Nothing => Ok(NONE),
            Answer::Number(number) => int::from_i128(vm, number.into()),
            Answer::Signed(number) => int::from_i64(vm, number),
            Answer::Seconds(seconds) => float::new(vm, seconds),
            Answer::Text(text) => Ok(Str::new(vm, &text)?.into()),
            Answer::List(answers) => {
                let values =
                    answers.into_iter().map(|answer| answer.into_value(vm)).collect::<PyResult<Vec<Value>>>()?;
                Ok(Tuple::from_values(vm, values)?.into())
            }
        }
    }
}

fn number(number: impl TryInto<u64>) -> Answer {
    Answer::Number(number.try_into().unwrap_or(u64::MAX))
}

fn text(text: impl Into<String>) -> Answer {
    Answer::Text(text.into())
}

/// What native code holds at this moment that belongs to no object.
fn native_bytes(vm: &Vm, graph: &Graph) -> i64 {
    vm.heap().bytes_in_use() as i64 - graph.bytes.iter().sum::<u64>() as i64
}

/// The fields of an `Areas`.
pub(super) fn areas(vm: &Vm) -> PyResult<Vec<Answer>> {
    let graph = memory(vm, Graph::of_objects(vm.heap(), &Python { vm }))?;
    let heap = vm.heap().areas();
    let in_use = vm.heap().bytes_in_use();
    let mut sums = [(0u64, 0u64); Area::ALL.len()];
    for (area, bytes) in graph.area.iter().zip(&graph.bytes) {
        let sum = &mut sums[*area as usize];
        *sum = (sum.0 + 1, sum.1 + bytes);
    }
    let instance = &mut sums[Area::Instance as usize];
    *instance = (instance.0 + graph.own_named, instance.1 + graph.own_names);
    let other = &mut sums[Area::Heap as usize];
    other.1 = other.1.saturating_sub(graph.own_names);
    let (mut frames, mut registers, mut stack) = (0, 0, 0);
    threads::each(vm, |_, thread| {
        let (more_frames, more_registers, bytes) = held::extent(thread)?;
        frames += more_frames;
        registers += more_registers;
        stack += bytes;
        Ok(())
    })?;
    let row = |area: &str, part: &str, count: u64, bytes: u64| {
        Answer::List(vec![text(area), text(part), Answer::Number(count), Answer::Number(bytes)])
    };
    let of = |area: &str, part: &str, which: Area| {
        let (count, bytes) = sums[which as usize];
        row(area, part, count, bytes)
    };
    let register_bytes = registers * size_of::<Value>();
    let rows = vec![
        of("code", "code objects", Area::Code),
        of("variables", "module namespaces", Area::Module),
        of("variables", "class namespaces", Area::Class),
        of("variables", "instance attributes", Area::Instance),
        of("variables", "cells", Area::Cell),
        of("heap", "other objects", Area::Heap),
        row("free", "free blocks", heap.free_count as u64, heap.free_blocks as u64),
        row("free", "idle memory", 0, heap.free_pages as u64),
        row("stack", "frames", frames as u64, (stack - register_bytes) as u64),
        row("stack", "registers", registers as u64, register_bytes as u64),
    ];
    let charged = in_use.saturating_sub(heap.objects + heap.buffers);
    Ok(vec![
        Answer::List(rows),
        number(in_use),
        Answer::Signed(native_bytes(vm, &graph)),
        number(charged),
        number(heap.metadata),
        number(heap.committed),
        number(heap.reserved),
        number(heap.sparse),
        number(heap.peak),
        vm.heap().limit().map_or(Answer::Nothing, number),
    ])
}

/// The fields of a `Census`.
pub(super) fn census(vm: &Vm, graph: &Graph, rows: &[Row], retained: Option<&[u64]>) -> Vec<Answer> {
    let of_row = |row: &Row| {
        let generation = if row.generation > 3 { Answer::Nothing } else { number(row.generation) };
        Answer::List(vec![
            text(graph.classes[row.class as usize].name.as_str()),
            generation,
            number(row.age),
            Answer::Number(row.count),
            Answer::Number(row.bytes),
            retained.map_or(Answer::Nothing, |retained| Answer::Number(retained[row.class as usize])),
        ])
    };
    let in_use = number(vm.heap().bytes_in_use());
    vec![Answer::List(rows.iter().map(of_row).collect()), in_use, Answer::Signed(native_bytes(vm, graph))]
}

/// What an object without owners is said to be.
fn unowned(vm: &Vm, object: &Value) -> Option<String> {
    let class = vm.type_name(object);
    match object.header() {
        None => Some(format!("an immediate {class}: it is the word itself wherever it stands, so nothing owns it")),
        Some(header) if header.is_immortal() => {
            Some(format!("an immortal {class}: it is never freed, so its references are not counted"))
        }
        Some(_) => None,
    }
}

fn subject(vm: &Vm, object: &Value) -> String {
    let mut shown = String::new();
    described(vm, object, 40, &mut shown);
    shown
}

/// Whether a root is the argument of the running call: a temporary of the calling frame.
fn is_argument(vm: &Vm, root: &Root, thread: u32, top: u32) -> bool {
    let temporary = || {
        let stack = taipan_interp::stack(vm).ok();
        let shape = stack.and_then(|stack| held::variables(stack, top as usize));
        shape.is_some_and(|variables| root.part >= held::place::REGISTERS + variables)
    };
    root.kept == Kept::Frame && root.place == thread && root.index == top && temporary()
}

fn path(vm: &Vm, graph: &Graph, path: &Path) -> PyResult<Answer> {
    let root = match path.root {
        Some(root) => Python { vm }.root_text(root),
        None if (graph.counts[path.first as usize] as i32) < 0 => "immortal".to_owned(),
        None => "a native handle without a name".to_owned(),
    };
    let mut steps = Vec::new();
    let mut closure = None;
    for step in &path.steps {
        let edges = edges_between(vm, graph, step.from, graph.addresses[step.to as usize], 1)?;
        let (mut kind, mut name) =
            edges.into_iter().next().map_or(("internal", String::new()), |(edge, name)| (edge.name(), name));
        // A place in the tuple of a function's cells is a variable.
        if let Some(variable) = closure.take().and_then(|function| cell_name(vm, graph, function, &name)) {
            (kind, name) = ("cell", variable);
        }
        closure = (name == "__closure__").then_some(step.from);
        steps.push(Answer::List(vec![text(kind), text(name), text(describe(vm, graph, step.from))]));
    }
    Ok(Answer::List(vec![text(root), Answer::List(steps)]))
}

/// The variable that a cell of a function's closure is for, by its place.
fn cell_name(vm: &Vm, graph: &Graph, function: u32, place: &str) -> Option<String> {
    let place: usize = place.parse().ok()?;
    let name = vm.heap().with_object(graph.addresses[function as usize], |function| {
        function.with_value(|function| {
            let code = function.downcast::<Function>()?.code();
            let variable = code.plain().variables.get(code.shape().first_free as usize + place)?;
            Some(variable.name.to_string())
        })
    });
    name.flatten()
}

/// The fields of a `Why`.
pub(super) fn why(vm: &Vm, object: &Value, limit: usize) -> PyResult<Vec<Answer>> {
    let shown = subject(vm, object);
    let note = unowned(vm, object).map_or(Answer::Nothing, text);
    let Some(header) = object.header() else {
        let none = || Answer::List(Vec::new());
        return Ok(vec![text(shown), note, none(), number(0u64), none()]);
    };
    let python = Python { vm };
    let mut graph = memory(vm, Graph::lean(vm.heap(), &python))?;
    let target = find(vm, &graph, header)?;
    // The argument itself is no answer.
    let (thread, top) = (python.own_thread(), own_top(vm));
    if let Some(at) = graph.roots.iter().rposition(|(id, root)| *id == target && is_argument(vm, root, thread, top)) {
        graph.roots.remove(at);
        if !header.is_immortal() {
            graph.counts[target as usize] -= 1;
        }
    }
    let (paths, total) = memory(vm, paths_to(&graph, target, limit))?;
    let paths = paths.iter().map(|found| path(vm, &graph, found)).collect::<PyResult<Vec<Answer>>>()?;
    Ok(vec![text(shown), note, Answer::List(paths), number(total), made_at(vm, header)])
}

/// The frames in which an object was made, if that was noted.
fn made_at(vm: &Vm, object: &Header) -> Answer {
    let site = vm.heap().site_of(object).map(|number| sites::site(vm, number));
    let frames = site.into_iter().flat_map(|site| site.frames);
    Answer::List(frames.map(|(file, line)| text(format!("{file}:{line}"))).collect())
}

fn own_top(vm: &Vm) -> u32 {
    taipan_interp::stack(vm).map_or(0, |stack| stack.depth().saturating_sub(1) as u32)
}

fn find(vm: &Vm, graph: &Graph, object: &Header) -> PyResult<u32> {
    graph.find(object.address()).ok_or_else(|| vm.system_error("the object is being torn down"))
}

/// The fields of a `Balance`.
pub(super) fn balance(vm: &Vm, object: &Value, limit: usize) -> PyResult<Vec<Answer>> {
    let shown = subject(vm, object);
    let note = unowned(vm, object).map_or(Answer::Nothing, text);
    let Some(header) = object.header() else {
        let none = || Answer::List(Vec::new());
        let zero = || number(0u64);
        return Ok(vec![
            text(shown),
            note,
            Answer::Nothing,
            zero(),
            none(),
            zero(),
            none(),
            zero(),
            none(),
            Answer::Nothing,
        ]);
    };
    let python = Python { vm };
    let graph = memory(vm, Graph::lean(vm.heap(), &python))?;
    let target = find(vm, &graph, header)?;
    let (thread, top) = (python.own_thread(), own_top(vm));
    let (mut edges, mut edge_count) = (Vec::new(), 0usize);
    for id in 0..graph.len() as u32 {
        let own = graph.edges(id).iter().filter(|&&to| to == target).count();
        edge_count += own;
        if own == 0 || edges.len() >= limit {
            continue;
        }
        let owner = describe(vm, &graph, id);
        for (edge, name) in edges_between(vm, &graph, id, header.address(), limit - edges.len())? {
            edges.push(Answer::List(vec![text(edge.name()), text(name), text(owner.as_str())]));
        }
    }
    let (mut frames, mut frame_count, mut handles, mut handle_count) = (Vec::new(), 0usize, Vec::new(), 0usize);
    for (_, root) in graph.roots.iter().filter(|(id, root)| *id == target && root.kept != Kept::Name) {
        let (list, count) = match root.kept {
            Kept::Frame => (&mut frames, &mut frame_count),
            _ => (&mut handles, &mut handle_count),
        };
        *count += 1;
        if list.len() < limit {
            list.push(text(match is_argument(vm, root, thread, top) {
                true => "the argument of this call".to_owned(),
                false => python.root_text(*root),
            }));
        }
    }
    let count = graph.counts[target as usize];
    let immortal = (count as i32) < 0;
    let residue = i64::from(count) - (edge_count + frame_count + handle_count) as i64;
    Ok(vec![
        text(shown),
        note,
        if immortal { Answer::Nothing } else { number(count) },
        number(edge_count),
        Answer::List(edges),
        number(frame_count),
        Answer::List(frames),
        number(handle_count),
        Answer::List(handles),
        if immortal { Answer::Nothing } else { Answer::Signed(residue) },
    ])
}

/// The fields of a `Garbage`.
pub(super) fn garbage(vm: &Vm, graph: &Graph, groups: &[Group], limit: usize) -> PyResult<Vec<Answer>> {
    const SAMPLE: usize = 5;
    let mut rows = Vec::new();
    for group in groups.iter().take(limit) {
        let mut types: HashMap<u32, (u64, u64)> = HashMap::new();
        for &id in &group.members {
            let sum = types.entry(graph.class[id as usize]).or_default();
            *sum = (sum.0 + 1, sum.1 + graph.bytes[id as usize]);
        }
        let mut types: Vec<(u32, (u64, u64))> = types.into_iter().collect();
        types.sort_by_key(|&(class, (_, bytes))| (std::cmp::Reverse(bytes), class));
        let types = types.into_iter().map(|(class, (count, bytes))| {
            let name = graph.classes[class as usize].name.as_str();
            Answer::List(vec![text(name), Answer::Number(count), Answer::Number(bytes)])
        });
        let sample = group.members.iter().take(SAMPLE).map(|&id| text(describe(vm, graph, id)));
        rows.push(Answer::List(vec![
            number(group.members.len()),
            Answer::Number(group.bytes),
            Answer::List(types.collect()),
            Answer::List(sample.collect()),
        ]));
    }
    let count: usize = groups.iter().map(|group| group.members.len()).sum();
    let bytes: u64 = groups.iter().map(|group| group.bytes).sum();
    Ok(vec![Answer::List(rows), number(groups.len()), number(count), Answer::Number(bytes)])
}
