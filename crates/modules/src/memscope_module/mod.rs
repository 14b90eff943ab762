//! `_memscope`: the native half of `memscope`. Answers are worked out as plain data first; only then are the objects made that show them, by the
//! classes of the Python half.
//!
//! Invariant: between the look at the heap and the end of its analysis no Python code runs and no object is made.

mod answers;
mod brief;
mod language;
mod snapshot;

pub use module::spec;

use answers::Answer;
use language::Python;
use taipan_heap::{OutOfMemory, Value};
use taipan_memscope::{Edge, EdgeName, Graph, Language};
use taipan_objects::native::IntoValue;
use taipan_objects::vm::{PyResult, Vm};

/// Raises MemoryError when the analysis had no memory.
fn memory<T>(vm: &Vm, result: Result<T, OutOfMemory>) -> PyResult<T> {
    result.map_err(|error| vm.out_of_memory(error))
}

/// An instance of a class of the Python half.
fn make(vm: &Vm, class: &str, fields: Vec<Answer>) -> PyResult<Value> {
    let module = taipan_interp::import::import_absolute(vm, "memscope")?;
    let class = vm.get_attr_text(&module, class)?;
    let fields = fields.into_iter().map(|field| field.into_value(vm)).collect::<PyResult<Vec<Value>>>()?;
    vm.call(&class, &fields)
}

/// An object of a graph in a few words.
fn describe(vm: &Vm, graph: &Graph, id: u32) -> String {
    let mut text = String::new();
    vm.heap().with_object(graph.addresses[id as usize], |object| {
        object.with_value(|object| brief::described(vm, object, 40, &mut text));
    });
    text
}

/// The edges from one object to another: what they are and their names.
fn edges_between(vm: &Vm, graph: &Graph, from: u32, to: usize, limit: usize) -> PyResult<Vec<(Edge, String)>> {
    let mut found = Vec::new();
    let python = Python { vm };
    let looked = vm.heap().with_object(graph.addresses[from as usize], |owner| {
        vm.heap().try_edges(owner, &mut |target, label| {
            if target.address() != to || found.len() == limit {
                return;
            }
            python.edge(owner, graph.area[from as usize], label, &mut |edge, name| {
                let text = match name {
                    EdgeName::Index(index) => index.to_string(),
                    EdgeName::Text(text) => text.to_owned(),
                    EdgeName::Field(field) => field.to_owned(),
                    EdgeName::Object(object) => object.with_value(|object| {
                        let mut text = String::new();
                        match edge {
                            Edge::Value => brief::brief(vm, object, 60, &mut text),
                            _ => brief::title(vm, object, 60, &mut text),
                        }
                        text
                    }),
                };
                if found.len() < limit {
                    found.push((edge, text));
                }
            });
        })
    });
    memory(vm, looked.unwrap_or(Ok(())))?;
    Ok(found)
}

/// The native half of memscope.
#[taipan_macros::pymodule(name = "_memscope", types(SnapshotObject))]
mod module {
    use super::answers::{self, Answer};
    use super::language::Python;
    use super::snapshot::{self, SnapshotObject};
    use super::{make, memory};
    use taipan_heap::{Ref, Value};
    use taipan_memscope::{Dominators, Graph, groups, retained_by_class};
    use taipan_objects::vm::{PyResult, Vm};

    /// Where the bytes of the heap are, by area.
    ///
    /// Returns an Areas: rows (area, part, count, bytes) for code, variables, heap, free and
    /// stack, and the sums they add up to. Everything is in bytes. Two equations hold:
    ///     code + variables + heap + native == in_use
    ///     in_use - charged + free + overhead == committed
    #[function]
    fn areas(vm: &Vm) -> PyResult<Value> {
        let fields = answers::areas(vm)?;
        make(vm, "Areas", fields)
    }

    /// Every object, counted by type, generation and age.
    ///
    /// Returns a Census of rows (type, generation, age, count, bytes, retained). The generation
    /// is 0, 1 or 2, 3 for frozen objects, None for objects that the collector need not look at;
    /// the age says how many snapshots have seen the objects. Bytes are those of the objects'
    /// blocks and buffers; the sum over all rows plus `native` is the bytes in use. With
    /// retained=True each type is given the bytes that only its objects keep alive.
    #[function(sig = "*, retained=False")]
    fn census(vm: &Vm, retained: bool) -> PyResult<Value> {
        let python = Python { vm };
        let made = match retained {
            true => Graph::of(vm.heap(), &python),
            false => Graph::of_objects(vm.heap(), &python),
        };
        let graph = memory(vm, made)?;
        let ages = memory(vm, snapshot::series(vm).ages(vm.heap(), &graph))?;
        let rows = memory(vm, graph.census(|id| ages[id as usize]))?;
        let retained = match retained {
            true => Some(memory(vm, Dominators::of(&graph).and_then(|tree| retained_by_class(&graph, &tree)))?),
            false => None,
        };
        let fields = answers::census(vm, &graph, &rows, retained.as_deref());
        make(vm, "Census", fields)
    }

    /// Why an object is alive: shortest paths from the roots to it, one for each owner.
    ///
    /// Returns a Why. A path is (root, steps); a step is (kind, name, owner), where the kind is
    /// attribute, index, key, value, cell, local, global, class or internal. At most `limit`
    /// paths are given; `total` says how many owners and roots there are. While tracemalloc
    /// traces, `made` says where the object was made.
    #[function(sig = "object, /, limit=5")]
    fn why(vm: &Vm, object: &Value, limit: isize) -> PyResult<Value> {
        let limit = usize::try_from(limit).map_err(|_| vm.value_error("limit must not be negative"))?;
        let fields = answers::why(vm, object, limit)?;
        make(vm, "Why", fields)
    }

    /// An object's reference count, accounted for.
    ///
    /// Returns a Balance: count == edges + frames + handles + residue. Edges are references from
    /// other objects (kind, name, owner), frames those of variables and temporaries of running
    /// functions, handles those of native code that have a name. A residue is held by native
    /// code without one. At most `limit` references of each sort are listed; the sums are exact.
    #[function(sig = "object, /, limit=1000")]
    fn balance(vm: &Vm, object: &Value, limit: isize) -> PyResult<Value> {
        let limit = usize::try_from(limit).map_err(|_| vm.value_error("limit must not be negative"))?;
        let fields = answers::balance(vm, object, limit)?;
        make(vm, "Balance", fields)
    }

    /// What nothing outside the heap reaches any more and no collection has freed yet.
    ///
    /// Returns a Garbage of groups (count, bytes, types, sample), the largest first, at most
    /// `limit` of them; objects in different groups do not refer to each other. Nothing is
    /// collected.
    #[function(sig = "limit=20")]
    fn garbage(vm: &Vm, limit: isize) -> PyResult<Value> {
        let limit = usize::try_from(limit).map_err(|_| vm.value_error("limit must not be negative"))?;
        let graph = memory(vm, Graph::of(vm.heap(), &Python { vm }))?;
        let groups = memory(vm, groups(&graph))?;
        let fields = answers::garbage(vm, &graph, &groups, limit)?;
        make(vm, "Garbage", fields)
    }

    /// All objects and references of this moment, as a Snapshot.
    #[function]
    fn snapshot(vm: &Vm) -> PyResult<Ref<SnapshotObject>> {
        SnapshotObject::take(vm)
    }

    /// Gives free memory back to the system now; returns by how many bytes the process shrank.
    #[function]
    fn trim(vm: &Vm) -> u64 {
        let before = taipan_host::memory::resident_bytes().unwrap_or(0);
        vm.heap().trim();
        taipan_host::memory::trim_allocator();
        before.saturating_sub(taipan_host::memory::resident_bytes().unwrap_or(0))
    }

    /// What the collector did so far: for each generation (collections, collected, seconds, longest), and the peaks of the heap and of the process in bytes.
    #[function]
    fn collector(vm: &Vm) -> PyResult<Value> {
        let mut rows = Vec::new();
        for stats in vm.heap().stats() {
            rows.push(Answer::List(vec![
                Answer::Number(stats.collections as u64),
                Answer::Number(stats.collected as u64),
                Answer::Seconds(stats.duration.as_secs_f64()),
                Answer::Seconds(stats.longest.as_secs_f64()),
            ]));
        }
        let peak = Answer::Number(vm.heap().areas().peak as u64);
        let resident = Answer::Number(taipan_host::memory::peak_resident_bytes().unwrap_or(0));
        taipan_objects::native::IntoValue::into_value(Answer::List(vec![Answer::List(rows), peak, resident]), vm)
    }
}
